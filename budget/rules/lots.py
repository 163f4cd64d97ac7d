"""What a lot of an inventory may be."""

INTITULE_MAX = 120
DEJA = "L'établissement a déjà un lot de ce nom."
DISPARU = "Ce lot a été mis à la corbeille entre-temps\u00a0: restaurez-le pour le modifier."
ACTION_D_AILLEURS = "Cette action n'est pas, ou n'est plus, dans le plan de l'établissement."
