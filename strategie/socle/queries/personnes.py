"""What the pages say of the person who is signed in."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from strategie.socle.droits import Droit, roles_ayant
from strategie.socle.models import Affectation, Etablissement, Utilisateur
from strategie.socle.queries.preparees import preparee


def fonction_affichee(utilisateur: Utilisateur, etablissement: Etablissement | None = None) -> str:
    """Their function in this school when they have one there, else their only function, else their name."""
    actives = _affectations(utilisateur=utilisateur.pk, jour=timezone.localdate())
    ici = [a.intitule for a in actives if etablissement and a.etablissement_id == etablissement.pk]
    intitules = ici or list(dict.fromkeys(a.intitule for a in actives))
    return intitules[0] if len(intitules) == 1 or ici else str(utilisateur)


@preparee
def _affectations(utilisateur: int, jour: datetime.date) -> QuerySet[Affectation]:
    return Affectation.objects.actives(jour).filter(utilisateur=utilisateur)


@dataclass(frozen=True)
class EtablissementsConfies:
    """What a person finds on signing in: one school (its UAI), the dashboards of her territories, several schools, or
    nothing.
    """

    un_seul: str | None
    plusieurs: bool
    pilotes: bool


def etablissements_confies(utilisateur: Utilisateur) -> EtablissementsConfies:
    actives = list(Affectation.objects.actives().filter(utilisateur=utilisateur).select_related("etablissement"))
    uais = {a.etablissement.uai if a.etablissement else None for a in actives}
    return EtablissementsConfies(
        un_seul=uais.pop() if len(uais) == 1 else None,
        plusieurs=bool(actives),
        pilotes=bool(actives) and {a.role for a in actives} <= set(roles_ayant(Droit.LIRE_TABLEAUX)),
    )
