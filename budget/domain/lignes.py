"""Lines of the budget: written, changed by two people at once, taken away; never in a closed exercice."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum

from budget.domain.exercices import exercice_ouvert
from budget.models import Achat, BesoinFormation, Financement, LigneBudget
from budget.rules.lignes import CHANGE, defauts_de_la_ligne, empechement_depasser
from plans.models import Action
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.fusion import Conflit, fusionner
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class SaisieLigne:
    """`action`, `achat` and `formation` are keys."""

    exercice: int
    annee_scolaire: str
    intitule: str
    section: str
    levier: str
    payeur: str
    prevu: Decimal = ZERO
    engage: Decimal = ZERO
    paye: Decimal = ZERO
    service: str = ""
    activite: str = ""
    compte: str = ""
    action: int | None = None
    achat: int | None = None
    formation: int | None = None
    note: str = ""


def lire_ligne(ligne: LigneBudget) -> SaisieLigne:
    valeurs = {champ.name: getattr(ligne, champ.name) for champ in fields(SaisieLigne)}
    liens = {"action": ligne.action_id, "achat": ligne.achat_id, "formation": ligne.formation_id}
    return SaisieLigne(**(valeurs | liens))


def creer_ligne(
    *,
    etablissement: Etablissement,
    saisie: SaisieLigne,
    cle: uuid.UUID,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
    origine: str = LigneBudget.Origine.SAISIE,
) -> LigneBudget:
    """A form sent twice (same `cle`) makes one line. Raises Empeche."""
    with acte("creer_ligne_budget", auteur):
        exercice_ouvert(etablissement, saisie.exercice, maintenant)
        verifier_ligne(etablissement, saisie)
        deja = LigneBudget.objects.filter(etablissement=etablissement, cle=cle).first()
        if deja is not None:
            return deja
        return LigneBudget.objects.create(
            etablissement=etablissement,
            cle=cle,
            cree_par=auteur,
            cree_le=maintenant,
            origine=origine,
            **_valeurs(saisie),
        )


def modifier_ligne(
    *, ligne: LigneBudget, base: SaisieLigne, saisie: SaisieLigne, auteur: Utilisateur, maintenant: datetime.datetime
) -> Mapping[str, Conflit]:
    """`base` is what the form showed; what two people changed alike is given back and nothing is written. Raises
    Empeche.
    """
    etablissement = ligne.etablissement
    with acte("modifier_ligne_budget", auteur):
        tenue = LigneBudget.objects.vivants().filter(pk=ligne.pk).select_for_update(no_key=True).first()
        if tenue is None:
            raise Empeche(CHANGE)
        actuel = asdict(lire_ligne(tenue))
        fusion = fusionner(asdict(base), asdict(saisie), actuel)
        if not fusion.possible or fusion.valeurs == actuel:
            return fusion.conflits
        voulu = SaisieLigne(**fusion.valeurs)
        for annee in sorted({tenue.exercice, voulu.exercice}):
            exercice_ouvert(etablissement, annee, maintenant)
        verifier_ligne(etablissement, voulu)
        _verifier_aides(tenue, voulu.prevu)
        LigneBudget.objects.filter(pk=tenue.pk).update(version=F("version") + 1, **_valeurs(voulu))
    ligne.refresh_from_db()
    return {}


def verifier_ligne(etablissement: Etablissement, saisie: SaisieLigne) -> None:
    """Raises Empeche with the first thing that is wrong; what it is linked to is the school's own."""
    refuser(next(iter(defauts_de_la_ligne(etablissement, saisie).values()), None))
    for modele, cle, nom in (
        (Action, saisie.action, "Cette action"),
        (Achat, saisie.achat, "Cet achat"),
        (BesoinFormation, saisie.formation, "Cette formation"),
    ):
        if cle is not None and not modele.objects.vivants().filter(etablissement=etablissement, pk=cle).exists():
            raise Empeche(f"{nom} n'est pas, ou n'est plus, à l'établissement.")


def _verifier_aides(ligne: LigneBudget, prevu: Decimal) -> None:
    """A line is not planned below what others grant for it."""
    accorde = Financement.objects.vivants().filter(ligne=ligne).aggregate(total=Sum("accorde"))["total"] or ZERO
    refuser(empechement_depasser("accordé", accorde, prevu))


def _valeurs(saisie: SaisieLigne) -> dict[str, Any]:
    liens = {"action": "action_id", "achat": "achat_id", "formation": "formation_id"}
    return {liens.get(nom, nom): valeur for nom, valeur in asdict(saisie).items()}
