"""Corrections of the budget in the course of its exercice (DBM): prepared, then adopted, once, or rejected."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from types import MappingProxyType

from django.db.models import F, Max

from budget.domain.exercices import exercice_ouvert, tenir_exercices
from budget.models import DecisionModificative, LigneBudget, MouvementBudget
from budget.queries.dbm import accordes_aux_lignes
from budget.rules.dbm import (
    CHANGEE,
    LIGNE_ABSENTE,
    defauts_de_la_dbm,
    empechement_adopter,
    empechement_date_d_adoption,
    empechement_dbm,
    empechement_ecrire_dbm,
    empechement_montant_du_mouvement,
    empechement_mouvement,
)
from budget.rules.exercices import empechement_ecrire_exercice
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.fusion import Conflit, fusionner
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur


@dataclass(frozen=True)
class SaisieDBM:
    genre: str
    objet: str
    code: str = ""


class DBMChangee(Empeche):
    """Somebody wrote in it since it was read; nothing was written. `actuelle`: the decision as it is now."""

    def __init__(self, actuelle: DecisionModificative) -> None:
        super().__init__(CHANGEE)
        self.actuelle = actuelle


def lire_dbm(decision: DecisionModificative) -> SaisieDBM:
    return SaisieDBM(decision.genre, decision.objet, decision.code)


def creer_dbm(
    *,
    etablissement: Etablissement,
    exercice: int,
    saisie: SaisieDBM,
    cle: uuid.UUID,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
    mouvements: Mapping[int, Decimal] = MappingProxyType({}),
) -> DecisionModificative:
    """Sent or imported twice (same `cle`), it is there once. `mouvements`: amounts, by the key of their line. Its
    number is the next of the exercice. Raises Empeche.
    """
    with acte("creer_dbm", auteur):
        deja = DecisionModificative.objects.filter(etablissement=etablissement, cle=cle).first()
        if deja is not None:
            return deja
        refuser(empechement_dbm(etablissement))
        exercice_ouvert(etablissement, exercice, maintenant)
        refuser(next(iter(defauts_de_la_dbm(saisie).values()), None))
        siennes = DecisionModificative.objects.filter(etablissement=etablissement, exercice=exercice)
        decision = DecisionModificative.objects.create(
            etablissement=etablissement,
            exercice=exercice,
            numero=(siennes.aggregate(dernier=Max("numero"))["dernier"] or 0) + 1,
            cle=cle,
            cree_par=auteur,
            cree_le=maintenant,
            **asdict(saisie),
        )
        for ligne, montant in mouvements.items():
            _fixer(decision, ligne, montant)
    return decision


def modifier_dbm(
    *,
    decision: DecisionModificative,
    base: SaisieDBM,
    saisie: SaisieDBM,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Mapping[str, Conflit]:
    """Its words. What two people changed alike is given back and nothing is written. Raises Empeche."""
    with acte("modifier_dbm", auteur):
        tenue = _a_ecrire(decision, maintenant)
        actuelle = asdict(lire_dbm(tenue))
        fusion = fusionner(asdict(base), asdict(saisie), actuelle)
        if not fusion.possible or fusion.valeurs == actuelle:
            return fusion.conflits
        voulue = SaisieDBM(**fusion.valeurs)
        refuser(next(iter(defauts_de_la_dbm(voulue).values()), None))
        _noter(tenue, **asdict(voulue))
    decision.refresh_from_db()
    return {}


def fixer_mouvement(
    *,
    decision: DecisionModificative,
    version: int,
    ligne: int,
    montant: Decimal,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> None:
    """What the decision adds to a line, or takes from it; nothing any more when it is zero. `version`: the one that was
    read. Raises Empeche, DBMChangee.
    """
    with acte("fixer_mouvement", auteur):
        tenue = _a_ecrire(decision, maintenant, version)
        _fixer(tenue, ligne, montant)
        _noter(tenue)
    decision.refresh_from_db()


def adopter_dbm(
    *,
    decision: DecisionModificative,
    version: int,
    adoptee_le: datetime.date,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> None:
    """The lines change, all of them or none; adopted twice, they change once. Raises Empeche, DBMChangee."""
    with acte("adopter_dbm", auteur):
        tenue, clos = _tenir(decision, maintenant)
        if tenue.etat != DecisionModificative.Etat.ADOPTEE:
            refuser(clos)
            mouvements = list(tenue.mouvements.order_by("ligne"))
            refuser(empechement_adopter(tenue, len(mouvements)))
            if tenue.version != version:
                raise DBMChangee(tenue)
            ici = maintenant.astimezone(decision.etablissement.academie.zone).date()
            refuser(empechement_date_d_adoption(tenue, adoptee_le, ici))
            _appliquer(tenue, mouvements)
            _noter(tenue, etat=DecisionModificative.Etat.ADOPTEE, adoptee_le=adoptee_le)
    decision.refresh_from_db()


def rejeter_dbm(
    *, decision: DecisionModificative, version: int, auteur: Utilisateur, maintenant: datetime.datetime
) -> None:
    """The lines stay as they are; it keeps its number. Raises Empeche, DBMChangee."""
    with acte("rejeter_dbm", auteur):
        _noter(_a_ecrire(decision, maintenant, version), etat=DecisionModificative.Etat.REJETEE)
    decision.refresh_from_db()


def _tenir(decision: DecisionModificative, maintenant: datetime.datetime) -> tuple[DecisionModificative, str | None]:
    """The decision as it is kept, held with its exercice; and why nothing is written there, when it is closed."""
    etablissement, annee = decision.etablissement, decision.exercice
    exercice = tenir_exercices(etablissement, [annee], maintenant)[annee]
    tenue = DecisionModificative.objects.select_for_update(no_key=True).get(pk=decision.pk)
    return tenue, empechement_ecrire_exercice(exercice)


def _a_ecrire(
    decision: DecisionModificative, maintenant: datetime.datetime, version: int | None = None
) -> DecisionModificative:
    tenue, clos = _tenir(decision, maintenant)
    refuser(clos)
    refuser(empechement_ecrire_dbm(tenue))
    if version not in (None, tenue.version):
        raise DBMChangee(tenue)
    return tenue


def _fixer(decision: DecisionModificative, cle: int, montant: Decimal) -> None:
    refuser(empechement_montant_du_mouvement(montant))
    siennes = LigneBudget.objects.vivants().filter(etablissement=decision.etablissement, exercice=decision.exercice)
    ligne = siennes.filter(pk=cle).first()
    tenu = MouvementBudget.objects.filter(decision=decision, ligne=cle)
    if montant == 0:
        tenu.delete()
    elif ligne is None:
        raise Empeche(LIGNE_ABSENTE)
    else:
        MouvementBudget.objects.update_or_create(decision=decision, ligne=ligne, defaults={"montant": montant})


def _appliquer(decision: DecisionModificative, mouvements: list[MouvementBudget]) -> None:
    cles = [mouvement.ligne_id for mouvement in mouvements]
    lignes = LigneBudget.objects.vivants().filter(pk__in=cles, exercice=decision.exercice).order_by("pk")
    tenues = {ligne.pk: ligne for ligne in lignes.select_for_update(no_key=True)}
    accordes = accordes_aux_lignes(cles)
    for mouvement in mouvements:
        ligne = tenues.get(mouvement.ligne_id)
        if ligne is None:
            raise Empeche(LIGNE_ABSENTE)
        refuser(empechement_mouvement(ligne, mouvement.montant, accordes[ligne.pk]))
        LigneBudget.objects.filter(pk=ligne.pk).update(version=F("version") + 1, prevu=F("prevu") + mouvement.montant)


def _noter(decision: DecisionModificative, **valeurs: object) -> None:
    DecisionModificative.objects.filter(pk=decision.pk).update(version=F("version") + 1, **valeurs)
