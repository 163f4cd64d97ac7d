"""Writing the « pourquoi » of a school: its vision, and the paliers it aims at."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from plans.domain.verrou import verrouiller_le_plan
from plans.models import Objectif, Vision
from plans.rules.vision import empechement_fixer_objectif
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.domain.empechement import refuser
from strategie.socle.domain.fusion import Conflit, fusionner
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur


@dataclass(frozen=True)
class SaisieVision:
    """The four guided texts; each may stay empty."""

    valeurs: str
    eleves: str
    equipes: str
    limites: str


VIDE = SaisieVision("", "", "", "")


def lire_vision(vision: Vision | None) -> SaisieVision:
    return SaisieVision(**{champ: getattr(vision, champ) for champ in asdict(VIDE)}) if vision else VIDE


def ecrire_vision(
    *,
    etablissement: Etablissement,
    base: SaisieVision,
    saisie: SaisieVision,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Mapping[str, Conflit]:
    """`base` is what the form showed. Texts changed apart by two people are merged; what both changed is given back,
    and nothing is written. Raises Empeche.
    """
    with acte("ecrire_vision", auteur):
        verrouiller_le_plan(etablissement)
        vision = Vision.objects.filter(etablissement=etablissement).first()
        fusion = fusionner(asdict(base), asdict(saisie), asdict(lire_vision(vision)))
        if fusion.possible and fusion.valeurs != asdict(lire_vision(vision)):
            valeurs = {**fusion.valeurs, "modifiee_par": auteur, "modifiee_le": maintenant}
            version = vision.version + 1 if vision else 1
            Vision.objects.update_or_create(etablissement=etablissement, defaults=valeurs | {"version": version})
    return fusion.conflits


def fixer_objectif(
    *,
    etablissement: Etablissement,
    champ: str,
    annee: str,
    palier: int,
    raison: str,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Objectif:
    """The palier that a champ is to reach in `annee`; fixed again, it replaces the former. Raises Empeche."""
    jour = maintenant.astimezone(etablissement.academie.zone).date()
    with acte("fixer_objectif", auteur):
        verrouiller_le_plan(etablissement)
        a_venir = Objectif.objects.filter(etablissement=etablissement, annee_scolaire__gte=annee_scolaire(jour))
        autres = a_venir.exclude(champ=champ, annee_scolaire=annee).count()
        refuser(empechement_fixer_objectif(annee, autres, jour))
        objectif, _ = Objectif.objects.update_or_create(
            etablissement=etablissement,
            champ=champ,
            annee_scolaire=annee,
            defaults={"palier_vise": palier, "raison": raison, "fixe_par": auteur, "fixe_le": maintenant},
        )
    return objectif


def retirer_objectif(*, objectif: Objectif, auteur: Utilisateur) -> None:
    """The history keeps it. Raises Empeche."""
    with acte("retirer_objectif", auteur):
        verrouiller_le_plan(objectif.etablissement)
        objectif.delete()
