"""What a workbook filled elsewhere is compared with: answers as they once were, and who changed them since."""

from __future__ import annotations

from diagnostic.models import Diagnostic
from strategie.socle.models import Utilisateur

Passee = tuple[str, str, str]


def reponses_passees(diagnostic: Diagnostic) -> dict[tuple[int, int], Passee]:
    """Answer, reason and comment at each version, by indicator and version; one to confirm again had no answer yet."""
    evenements = diagnostic.reponses.values_list(
        "indicateur_id",
        "evenements_query__version",
        "evenements_query__a_reconfirmer",
        "evenements_query__valeur",
        "evenements_query__motif",
        "evenements_query__commentaire",
    )
    return {
        (indicateur, version): ("" if a_reconfirmer else valeur, motif, commentaire)
        for indicateur, version, a_reconfirmer, valeur, motif, commentaire in evenements
    }


def auteurs(diagnostic: Diagnostic) -> dict[int, str]:
    """Names of those who last changed its answers."""
    personnes = Utilisateur.objects.filter(pk__in=diagnostic.reponses.values("modifiee_par"))
    return {personne.pk: str(personne) for personne in personnes}
