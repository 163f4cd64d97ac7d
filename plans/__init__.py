"""Plans: constats, besoins, axes, actions and their indicators. Built on diagnostic."""
