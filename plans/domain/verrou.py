"""One act at a time on what a school's plan counts."""

from strategie.socle.models import Etablissement


def verrouiller_le_plan(etablissement: Etablissement) -> None:
    """Until the end of the transaction; asked again inside it, it is held already."""
    list(Etablissement.objects.select_for_update(no_key=True).filter(pk=etablissement.pk).values_list("pk"))
