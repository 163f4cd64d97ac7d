"""When a line of the matrix may be written: a French sentence that says why not, or None."""

LIGNES_MAX = 20
AXE_ABSENT = (
    "Un des axes choisis n'est plus dans la liste\u00a0: il a été retiré entre-temps. Vérifiez votre choix, puis "
    "enregistrez de nouveau."
)


def empechement_relier(nombre_de_besoins: int) -> str | None:
    if not nombre_de_besoins:
        return "Choisissez ou écrivez au moins un besoin\u00a0: c'est lui qui relie un irritant à un axe."
    return None
