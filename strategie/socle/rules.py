"""When an act of the ground floor is possible, and the plain rules it rests on."""

LETTRES_UAI = "ABCDEFGHJKLMNPRSTUVWXYZ"


def lettre_uai(chiffres: str) -> str:
    """The check letter of a UAI's seven digits: their value modulo 23, in an alphabet without I, O, Q."""
    return LETTRES_UAI[int(chiffres) % 23]
