"""Budget: the levers (equipment, training, budget lines, conventions). Built on plans."""
