"""The yearly report: what its head says of the year, and the slides on which an académie's schools write it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from diagnostic.domain.contenu import empreinte
from strategie.pilotage.models import ModeleDeBilan, MotDuBilan
from strategie.pilotage.queries.bilan import mot_de
from strategie.pilotage.rules.bilan import defaut_du_mot
from strategie.socle.domain.empechement import SaisieRefusee, refuser
from strategie.socle.domain.fusion import Conflit, fusionner
from strategie.socle.domain.historique import acte
from strategie.socle.models import Academie, Etablissement, Utilisateur
from strategie.socle.rules import empechement_ecrire


def ecrire_mot(
    *,
    etablissement: Etablissement,
    annee: str,
    base: str,
    texte: str,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Mapping[str, Conflit]:
    """`base` is what the form showed; what two people wrote apart is given back, and nothing is written. Raises
    Empeche; SaisieRefusee.
    """
    refuser(empechement_ecrire(etablissement))
    if defaut := defaut_du_mot(texte):
        raise SaisieRefusee({"texte": defaut})
    with acte("ecrire_mot_du_bilan", auteur):
        Etablissement.objects.select_for_update(no_key=True).get(pk=etablissement.pk)
        tenu = mot_de(etablissement, annee) or MotDuBilan(etablissement=etablissement, annee_scolaire=annee, version=0)
        fusion = fusionner({"texte": base}, {"texte": texte}, {"texte": tenu.texte})
        if fusion.possible and fusion.valeurs["texte"] != tenu.texte:
            tenu.texte = fusion.valeurs["texte"]
            tenu.version += 1
            tenu.ecrit_par, tenu.ecrit_le = auteur, maintenant
            tenu.save()
    return fusion.conflits


# --- The slides of an académie -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Presentation:
    """A presentation that was checked: its bytes, the name to show."""

    contenu: bytes
    nom: str


def deposer_modele(
    *, academie: Academie, presentation: Presentation, auteur: Utilisateur, maintenant: datetime.datetime
) -> ModeleDeBilan:
    """In place of the one before, which is forgotten; the same file sent twice is deposited once."""
    with acte("deposer_modele_de_bilan", auteur):
        Academie.objects.select_for_update(no_key=True).get(pk=academie.pk)
        sha256 = empreinte(presentation.contenu)
        tenu: ModeleDeBilan | None = ModeleDeBilan.objects.filter(academie=academie, sha256=sha256).first()
        if tenu:
            return tenu
        modele, _ = ModeleDeBilan.objects.update_or_create(
            academie=academie,
            defaults={
                "nom": presentation.nom,
                "contenu": presentation.contenu,
                "sha256": sha256,
                "taille": len(presentation.contenu),
                "depose_par": auteur,
                "depose_le": maintenant,
            },
        )
    return modele


def revenir_au_modele_commun(*, academie: Academie, auteur: Utilisateur) -> None:
    with acte("retirer_modele_de_bilan", auteur):
        ModeleDeBilan.objects.filter(academie=academie).delete()
