"""When an act on the plan is possible: French sentences that say why not, or None. One file a subject."""
