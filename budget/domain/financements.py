"""What pays: asked, granted, received."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum

from budget.domain.argent import total
from budget.domain.exercices import exercice_ouvert, tenir_exercices
from budget.domain.financeurs import financeurs_pour
from budget.models import Achat, Financement, LigneBudget
from budget.rules.exercices import empechement_ecrire_exercice
from budget.rules.lignes import CHANGE, FINANCEMENT_CHANGE, defauts_du_financement, empechement_depasser
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.fusion import Conflit, fusionner
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class SaisieFinancement:
    """`ligne` and `achat` are keys: one of them at most, none for the exercice as a whole."""

    exercice: int
    annee_scolaire: str
    source: str
    intitule: str
    section: str
    ligne: int | None = None
    achat: int | None = None
    demande: Decimal = ZERO
    accorde: Decimal = ZERO
    recu: Decimal = ZERO
    demande_le: datetime.date | None = None
    accorde_le: datetime.date | None = None
    refuse: bool = False
    note: str = ""


def lire_financement(financement: Financement) -> SaisieFinancement:
    valeurs = {champ.name: getattr(financement, champ.name) for champ in fields(SaisieFinancement)}
    return SaisieFinancement(**(valeurs | {"ligne": financement.ligne_id, "achat": financement.achat_id}))


def creer_financement(
    *,
    etablissement: Etablissement,
    saisie: SaisieFinancement,
    cle: uuid.UUID,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Financement:
    """A form sent twice (same `cle`) makes one. What pays for a line is of its exercice, of its school year and of its
    section, whatever `saisie` says of them. Raises Empeche.
    """
    with acte("creer_financement", auteur):
        deja = Financement.objects.filter(etablissement=etablissement, cle=cle).first()
        if deja is not None:
            return deja
        saisie = _comme_sa_ligne(etablissement, saisie)
        exercice_ouvert(etablissement, saisie.exercice, maintenant)
        _verifier(etablissement, saisie)
        _verifier_cout(etablissement, saisie, sauf=None)
        return Financement.objects.create(
            etablissement=etablissement, cle=cle, cree_par=auteur, cree_le=maintenant, **_valeurs(saisie)
        )


def modifier_financement(
    *,
    financement: Financement,
    base: SaisieFinancement,
    saisie: SaisieFinancement,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Mapping[str, Conflit]:
    """As `modifier_ligne` does. Raises Empeche."""
    etablissement = financement.etablissement
    with acte("modifier_financement", auteur):
        saisie = _comme_sa_ligne(etablissement, saisie)
        exercices = tenir_exercices(etablissement, {financement.exercice, saisie.exercice}, maintenant)
        tenu = Financement.objects.vivants().filter(pk=financement.pk).select_for_update(no_key=True).first()
        if tenu is None or tenu.exercice not in exercices:
            raise Empeche(FINANCEMENT_CHANGE)
        actuel = asdict(lire_financement(tenu))
        fusion = fusionner(asdict(base), asdict(saisie), actuel)
        if not fusion.possible or fusion.valeurs == actuel:
            return fusion.conflits
        voulu = _comme_sa_ligne(etablissement, SaisieFinancement(**fusion.valeurs))
        if voulu.exercice not in exercices:
            raise Empeche(FINANCEMENT_CHANGE)
        for annee in sorted({tenu.exercice, voulu.exercice}):
            refuser(empechement_ecrire_exercice(exercices[annee]))
        _verifier(etablissement, voulu)
        _verifier_cout(etablissement, voulu, sauf=tenu.pk)
        Financement.objects.filter(pk=tenu.pk).update(version=F("version") + 1, **_valeurs(voulu))
    financement.refresh_from_db()
    return {}


def _comme_sa_ligne(etablissement: Etablissement, saisie: SaisieFinancement) -> SaisieFinancement:
    if saisie.ligne is None:
        return saisie
    ligne = LigneBudget.objects.vivants().filter(etablissement=etablissement, pk=saisie.ligne).first()
    if ligne is None:
        raise Empeche(CHANGE)
    return replace(saisie, exercice=ligne.exercice, annee_scolaire=ligne.annee_scolaire, section=ligne.section)


def _verifier(etablissement: Etablissement, saisie: SaisieFinancement) -> None:
    possibles = {financeur.code for financeur in financeurs_pour(premier_degre=etablissement.premier_degre)}
    refuser(None if saisie.source in possibles else "Choisissez le financeur dans la liste.")
    refuser(next(iter(defauts_du_financement(saisie).values()), None))


def _verifier_cout(etablissement: Etablissement, saisie: SaisieFinancement, *, sauf: int | None) -> None:
    """What is granted for a line, or for a purchase, stays within its cost; its row is held, so that two grants
    entered at once are both counted.
    """
    if saisie.ligne is not None:
        lignes = LigneBudget.objects.vivants().filter(etablissement=etablissement, pk=saisie.ligne)
        ligne = lignes.select_for_update(no_key=True).first()
        if ligne is None or ligne.exercice != saisie.exercice:
            raise Empeche(CHANGE)
        _comparer(Financement.objects.vivants().filter(ligne=ligne), saisie, ligne.prevu, sauf)
    if saisie.achat is not None:
        achats = Achat.objects.vivants().filter(etablissement=etablissement, pk=saisie.achat)
        achat = achats.select_for_update(no_key=True).first()
        if achat is None:
            raise Empeche("Cet achat n'est pas, ou n'est plus, à l'établissement.")
        _comparer(Financement.objects.vivants().filter(achat=achat), saisie, cout_de_l_achat(achat), sauf)


def cout_de_l_achat(achat: Achat) -> Decimal:
    """All that it costs, over its whole life."""
    return total(poste.montant * (poste.a_l_annee - poste.de_l_annee + 1) for poste in achat.postes.all())


def _comparer(autres: Any, saisie: SaisieFinancement, cout: Decimal, sauf: int | None) -> None:
    deja = autres.exclude(pk=sauf).aggregate(demande=Sum("demande"), accorde=Sum("accorde"))
    refuser(empechement_depasser("accordé", (deja["accorde"] or ZERO) + saisie.accorde, cout))
    refuser("Cette aide dépasse le coût de ce qu'elle paie." if saisie.demande > cout else None)


def _valeurs(saisie: SaisieFinancement) -> dict[str, Any]:
    liens = {"ligne": "ligne_id", "achat": "achat_id"}
    return {liens.get(nom, nom): valeur for nom, valeur in asdict(saisie).items()}
