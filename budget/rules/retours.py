"""What comes back from a loan."""

A_CHANGE = "Ce prêt a changé depuis\u00a0: il n'y a plus rien à annuler."
