"""When an act on the levers is possible: French sentences that say why not, or None. One file a subject."""
