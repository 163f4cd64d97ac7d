"""Reading the requests of a school."""

from __future__ import annotations

from plans.models import Demande
from strategie.socle.models import Etablissement


def demandes_de(etablissement: Etablissement) -> list[Demande]:
    """Those that wait first, the soonest due at the top; then the answered ones, newest first."""
    siennes = Demande.objects.filter(etablissement=etablissement).select_related("faite_par")
    en_attente = [demande for demande in siennes if not demande.suite]
    repondues = [demande for demande in siennes if demande.repondue_le]
    return en_attente + sorted(repondues, key=lambda demande: (demande.repondue_le, demande.pk), reverse=True)


def demande_de(etablissement: Etablissement, cle: int) -> Demande | None:
    demande = Demande.objects.filter(etablissement=etablissement, pk=cle).select_related("faite_par").first()
    if demande is not None:
        demande.etablissement = etablissement
    return demande
