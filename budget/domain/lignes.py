"""Lines of the budget: written, changed by two people at once, taken away; never in a closed exercice."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum

from budget.domain.exercices import exercice_ouvert, tenir_exercices
from budget.models import Achat, BesoinFormation, Financement, LigneBudget, LigneDeScenario
from budget.queries.lignes import decisions_sur, reference_prise
from budget.rules.exercices import empechement_ecrire_exercice
from budget.rules.lignes import (
    CHANGE,
    defauts_de_la_ligne,
    empechement_changer_d_exercice,
    empechement_depasser,
    empechement_prendre_la_reference,
)
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
        deja = LigneBudget.objects.filter(etablissement=etablissement, cle=cle).first()
        if deja is not None:
            return deja
        exercice_ouvert(etablissement, saisie.exercice, maintenant)
        verifier_ligne(etablissement, saisie)
        return LigneBudget.objects.create(
            etablissement=etablissement,
            cle=cle,
            cree_par=auteur,
            cree_le=maintenant,
            origine=origine,
            **valeurs_de_la_saisie(saisie),
        )


def modifier_ligne(
    *, ligne: LigneBudget, base: SaisieLigne, saisie: SaisieLigne, auteur: Utilisateur, maintenant: datetime.datetime
) -> Mapping[str, Conflit]:
    """`base` is what the form showed; what two people changed alike is given back and nothing is written. Raises
    Empeche.
    """
    etablissement = ligne.etablissement
    with acte("modifier_ligne_budget", auteur):
        exercices = tenir_exercices(etablissement, {ligne.exercice, saisie.exercice}, maintenant)
        tenue = LigneBudget.objects.vivants().filter(pk=ligne.pk).select_for_update(no_key=True).first()
        if tenue is None or tenue.exercice not in exercices:
            raise Empeche(CHANGE)
        actuelle = lire_ligne(tenue)
        fusion = fusionner(asdict(base), asdict(saisie), asdict(actuelle))
        if not fusion.possible or fusion.valeurs == asdict(actuelle):
            return fusion.conflits
        voulue = SaisieLigne(**fusion.valeurs)
        for annee in sorted({actuelle.exercice, voulue.exercice}):
            refuser(empechement_ecrire_exercice(exercices[annee]))
        verifier_ligne(etablissement, voulue, actuelle)
        if voulue.exercice != actuelle.exercice:
            refuser(empechement_changer_d_exercice([str(decision) for decision in decisions_sur(tenue)]))
            prise = reference_prise(tenue, voulue.exercice)
            refuser(empechement_prendre_la_reference(tenue, voulue.exercice, prise=prise))
        _verifier_aides(tenue, voulue.prevu)
        LigneBudget.objects.filter(pk=tenue.pk).update(version=F("version") + 1, **valeurs_de_la_saisie(voulue))
        suivre_la_ligne(tenue, actuelle, voulue)
    ligne.refresh_from_db()
    return {}


def verifier_ligne(etablissement: Etablissement, saisie: SaisieLigne, actuelle: SaisieLigne | None = None) -> None:
    """Raises Empeche with the first thing that is wrong. What it is newly linked to is the school's own, and not in the
    bin; an old link stays when what it leads to goes there, for it may come back.
    """
    refuser(next(iter(defauts_de_la_ligne(etablissement, saisie).values()), None))
    for champ, modele, nom in (
        ("action", Action, "Cette action"),
        ("achat", Achat, "Cet achat"),
        ("formation", BesoinFormation, "Cette formation"),
    ):
        cle = getattr(saisie, champ)
        if cle is None or (actuelle is not None and getattr(actuelle, champ) == cle):
            continue
        if not modele.objects.vivants().filter(etablissement=etablissement, pk=cle).exists():
            raise Empeche(f"{nom} n'est pas, ou n'est plus, à l'établissement.")


def suivre_la_ligne(ligne: LigneBudget, actuelle: SaisieLigne, voulue: SaisieLigne) -> None:
    """What pays for a line is of its exercice, of its school year and of its section, in the bin too; scenarios follow
    it to its exercice.
    """
    communs = ("exercice", "annee_scolaire", "section")
    change = {champ: getattr(voulue, champ) for champ in communs if getattr(voulue, champ) != getattr(actuelle, champ)}
    if change:
        Financement.objects.filter(ligne=ligne).update(version=F("version") + 1, **change)
    if "exercice" in change:
        LigneDeScenario.objects.filter(ligne=ligne).update(exercice=voulue.exercice)


def _verifier_aides(ligne: LigneBudget, prevu: Decimal) -> None:
    """A line is not planned below what others grant for it."""
    accorde = Financement.objects.vivants().filter(ligne=ligne).aggregate(total=Sum("accorde"))["total"] or ZERO
    refuser(empechement_depasser("accordé", accorde, prevu))


def valeurs_de_la_saisie(saisie: SaisieLigne) -> dict[str, Any]:
    liens = {"action": "action_id", "achat": "achat_id", "formation": "formation_id"}
    return {liens.get(nom, nom): valeur for nom, valeur in asdict(saisie).items()}
