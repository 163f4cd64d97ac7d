"""Keeping needs: in one click from what shows them, then on the commission's agenda, or taken away."""

import datetime
from dataclasses import asdict, dataclass

from plans.models import Besoin
from plans.rules.besoins import empechement_designer, empechement_retenir
from strategie.socle.domain.empechement import refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur


@dataclass(frozen=True)
class SaisieBesoin:
    """What the button of a page says of a need; `effectif` is a number of people, never names."""

    annee_scolaire: str
    origine: str
    reference: str
    intitule: str
    constat: str
    effectif: int | None


def retenir_besoin(
    *, etablissement: Etablissement, saisie: SaisieBesoin, auteur: Utilisateur, maintenant: datetime.datetime
) -> tuple[Besoin, bool]:
    """The need, and whether it was not there yet: kept twice, even at once, it stays as it was first. Raises
    Empeche.
    """
    jour = maintenant.astimezone(etablissement.academie.zone).date()
    refuser(empechement_retenir(etablissement, saisie.annee_scolaire, jour))
    refuser(empechement_designer(saisie.origine, saisie.reference))
    with acte("retenir_besoin", auteur):
        return Besoin.objects.get_or_create(
            etablissement=etablissement,
            annee_scolaire=saisie.annee_scolaire,
            origine=saisie.origine,
            reference=saisie.reference,
            defaults=asdict(saisie) | {"retenu_par": auteur, "retenu_le": maintenant},
        )


def retirer_besoin(*, besoin: Besoin, auteur: Utilisateur) -> None:
    """It may be kept again."""
    with acte("retirer_besoin", auteur):
        besoin.delete()


def mettre_a_l_ordre_du_jour(*, besoin: Besoin, inscrit: bool, auteur: Utilisateur) -> None:
    """On the next agenda of the commission numérique, or off it; asked twice, it is done once."""
    with acte("mettre_a_l_ordre_du_jour", auteur):
        Besoin.objects.filter(pk=besoin.pk).exclude(a_l_ordre_du_jour=inscrit).update(a_l_ordre_du_jour=inscrit)
