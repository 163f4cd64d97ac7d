"""Trainings: needed, asked for, granted, held, evaluated; or refused or given up with a reason, and back."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any

from django.db.models import F

from budget.models import BesoinFormation, CapaciteFormateurs
from budget.queries.formateurs import heures_engagees
from budget.queries.formations import cadre_de_la_formation, seances_connues, tenues_et_prevues
from budget.queries.reglages_formation import reglages_de
from budget.rules.formations import (
    CHANGEE,
    EN_MOTS,
    ENGAGES,
    REFUSE,
    defauts_apres_l_accord,
    defauts_de_la_formation,
    defauts_envers_les_seances,
    empechement_annuler,
    empechement_demander,
    empechement_designer,
    empechement_engager,
    empechement_evaluer,
    empechement_modifier,
    empechement_passer,
    empechement_raison,
    empechement_realiser,
    empechement_refuser,
)
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.domain.empechement import Empeche, SaisieRefusee, refuser
from strategie.socle.domain.fusion import Conflit, fusionner
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur
from strategie.socle.rules import empechement_ecrire

Etat = BesoinFormation.Etat


@dataclass(frozen=True)
class SaisieFormation:
    """`equipes` are codes of `Equipe`; `indicateur`, `action`, `besoin` are keys. People are counted, never named."""

    annee_scolaire: str
    trimestre: int | None
    intitule: str
    equipes: frozenset[str]
    effectif: int
    modalite: str
    heures: Decimal
    heures_formateur: Decimal
    constat: str = ""
    objectif: str = ""
    personnes_ressources: str = ""
    suite: str = ""
    effet_attendu: str = ""
    indicateur: int | None = None
    action: int | None = None
    besoin: int | None = None


LIENS = {"indicateur": "indicateur_id", "action": "action_id", "besoin": "besoin_id"}


def lire_formation(formation: BesoinFormation) -> SaisieFormation:
    valeurs = {nom: getattr(formation, LIENS.get(nom, nom)) for nom in CHAMPS}
    return SaisieFormation(**(valeurs | {"equipes": frozenset(formation.equipes)}))


CHAMPS = tuple(champ.name for champ in fields(SaisieFormation))


def creer_formation(
    *,
    etablissement: Etablissement,
    saisie: SaisieFormation,
    cle: uuid.UUID,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
    origine: str = BesoinFormation.Origine.SAISI,
    reference: str = "",
) -> BesoinFormation:
    """A form sent twice (same `cle`) writes it once. Raises Empeche; SaisieRefusee says which fields are wrong."""
    refuser(empechement_designer(origine, reference))
    with acte("creer_formation", auteur):
        deja = BesoinFormation.objects.filter(etablissement=etablissement, cle=cle).first()
        if deja is not None:
            return deja
        refuser(empechement_ecrire(etablissement))
        _verifier(
            defauts_de_la_formation(saisie, cadre_de_la_formation(etablissement, _annee(etablissement, maintenant)))
        )
        formation, _ = BesoinFormation.objects.get_or_create(
            cle=cle,
            defaults=_valeurs(saisie)
            | {"etablissement": etablissement, "origine": origine, "reference": reference}
            | {"cree_par": auteur, "cree_le": maintenant},
        )
        return formation


def modifier_formation(
    *,
    formation: BesoinFormation,
    base: SaisieFormation,
    saisie: SaisieFormation,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Mapping[str, Conflit]:
    """`base` is what the form showed; what two people changed alike is given back and nothing is written. Raises
    Empeche; SaisieRefusee says which fields are wrong.
    """
    with acte("modifier_formation", auteur):
        tenue = _tenir(formation)
        refuser(empechement_modifier(tenue.etat))
        actuelle = lire_formation(tenue)
        fusion = fusionner(asdict(base), asdict(saisie), asdict(actuelle))
        if fusion.possible and fusion.valeurs != asdict(actuelle):
            voulue = SaisieFormation(**fusion.valeurs)
            cadre = cadre_de_la_formation(tenue.etablissement, _annee(tenue.etablissement, maintenant), tenue)
            defauts = defauts_envers_les_seances(voulue, seances_connues(tenue))
            defauts |= defauts_apres_l_accord(actuelle, voulue) if tenue.etat in ENGAGES else {}
            _verifier(defauts | defauts_de_la_formation(voulue, cadre))
            _ecrire(tenue, **_valeurs(voulue))
    formation.refresh_from_db()
    return fusion.conflits


# --- What becomes of it ----------------------------------------------------------------------------------------
def demander(
    *, formation: BesoinFormation, version: int, auteur: Utilisateur, maintenant: datetime.datetime
) -> BesoinFormation:
    """By the head, or the référent for her. Raises Empeche: a local training has a smallest group."""
    with acte("demander_formation", auteur):
        tenue = _a_passer(formation, version, "demander", Etat.DEMANDE)
        if tenue.etat == Etat.DEMANDE:
            return tenue
        reglages = reglages_de(tenue.etablissement.academie)
        refuser(
            empechement_demander(
                lire_formation(tenue), sigle=reglages.sigle, effectif_minimum=reglages.effectif_minimum
            )
        )
        return _ecrire(tenue, etat=Etat.DEMANDE, demande_le=_jour(tenue, maintenant), reponse_le=None)


def accorder(
    *, formation: BesoinFormation, version: int, auteur: Utilisateur, maintenant: datetime.datetime
) -> BesoinFormation:
    """Its hours of trainers are engaged: never more than the district has. Raises Empeche."""
    with acte("accorder_formation", auteur):
        tenue = _a_passer(formation, version, "accorder", Etat.ACCORDE)
        if tenue.etat == Etat.ACCORDE:
            return tenue
        _engager(tenue)
        return _ecrire(tenue, etat=Etat.ACCORDE, reponse_le=_jour(tenue, maintenant))


def refuser_formation(
    *, formation: BesoinFormation, version: int, raison: str, auteur: Utilisateur, maintenant: datetime.datetime
) -> BesoinFormation:
    """Asked again, it waits for an answer as before; of a school that is closed, its hours come back to the district.
    Raises Empeche.
    """
    refuser(empechement_raison(raison))
    with acte("refuser_formation", auteur):
        tenue = _a_passer(formation, version, "refuser", Etat.REFUSE, meme_fermee=True)
        if tenue.etat == Etat.REFUSE:
            return tenue
        refuser(empechement_refuser(tenues_et_prevues(tenue).tenues))
        suite = {"etat_avant_arret": Etat.DEMANDE, "raison": raison, "reponse_le": _jour(tenue, maintenant)}
        return _ecrire(tenue, etat=Etat.REFUSE, **suite)


def annuler(*, formation: BesoinFormation, version: int, raison: str, auteur: Utilisateur) -> BesoinFormation:
    """The school gives it up; it may take it up again where it was. Raises Empeche."""
    refuser(empechement_raison(raison))
    with acte("annuler_formation", auteur):
        tenue = _a_passer(formation, version, "annuler", Etat.ANNULE)
        if tenue.etat == Etat.ANNULE:
            return tenue
        refuser(empechement_annuler(tenues_et_prevues(tenue).tenues))
        return _ecrire(tenue, etat=Etat.ANNULE, etat_avant_arret=tenue.etat, raison=raison)


def reprendre(
    *, formation: BesoinFormation, version: int, auteur: Utilisateur, maintenant: datetime.datetime
) -> BesoinFormation:
    """Back where it was; one that was granted takes its hours again, if they are still there. Raises Empeche."""
    with acte("reprendre_formation", auteur):
        tenue = _tenir(formation)
        if not tenue.arretee:
            return tenue
        _a_jour(tenue, version)
        if tenue.etat_avant_arret == Etat.ACCORDE:
            _engager(tenue)
        reponse = {"reponse_le": None, "demande_le": _jour(tenue, maintenant)} if tenue.etat == REFUSE else {}
        return _ecrire(tenue, etat=tenue.etat_avant_arret, etat_avant_arret="", raison="", **reponse)


def realiser(*, formation: BesoinFormation, version: int, auteur: Utilisateur) -> BesoinFormation:
    """Once its sessions are held. Raises Empeche."""
    with acte("realiser_formation", auteur):
        tenue = _a_passer(formation, version, "realiser", Etat.REALISE)
        if tenue.etat == Etat.REALISE:
            return tenue
        seances = tenues_et_prevues(tenue)
        refuser(empechement_realiser(seances.tenues, seances.prevues))
        return _ecrire(tenue, etat=Etat.REALISE)


def evaluer(
    *, formation: BesoinFormation, version: int, bilan: str, auteur: Utilisateur, maintenant: datetime.datetime
) -> BesoinFormation:
    """What it changed, some months later; said again, it is corrected. Raises Empeche."""
    refuser(empechement_evaluer(bilan))
    with acte("evaluer_formation", auteur):
        tenue = _tenir(formation)
        if tenue.etat == Etat.EVALUE and tenue.bilan == bilan:
            return tenue
        _a_jour(tenue, version)
        refuser(empechement_passer("evaluer", tenue.etat, tenue.modalite, tenue.heures_formateur))
        return _ecrire(tenue, etat=Etat.EVALUE, bilan=bilan, evalue_le=_jour(tenue, maintenant))


# --- What every act shares -------------------------------------------------------------------------------------
def _tenir(formation: BesoinFormation, *, meme_fermee: bool = False) -> BesoinFormation:
    """As it is kept, held until the end of the act. Raises Empeche when it is in the bin, or the school closed."""
    vivantes = BesoinFormation.objects.vivants().select_related("etablissement__academie", "etablissement__district")
    tenue: BesoinFormation | None = (
        vivantes.filter(pk=formation.pk).select_for_update(no_key=True, of=("self",)).first()
    )
    if tenue is None:
        raise Empeche(CHANGEE)
    refuser(None if meme_fermee else empechement_ecrire(tenue.etablissement))
    return tenue


def _a_passer(
    formation: BesoinFormation, version: int, nom: str, vers: str, *, meme_fermee: bool = False
) -> BesoinFormation:
    """Held, and possible from the state it is in; what is there already is left as it is."""
    tenue = _tenir(formation, meme_fermee=meme_fermee)
    if tenue.etat != vers:
        _a_jour(tenue, version)
        refuser(empechement_passer(nom, tenue.etat, tenue.modalite, tenue.heures_formateur))
    return tenue


def _a_jour(tenue: BesoinFormation, version: int) -> None:
    if tenue.version != version:
        raise Empeche(
            f"La formation a changé pendant que vous écriviez\u00a0: elle est maintenant {EN_MOTS[tenue.etat]}. "
            "Vérifiez, puis recommencez."
        )


def _engager(tenue: BesoinFormation) -> None:
    """The district's row is held first, so that two grants made at once are both counted."""
    district = tenue.etablissement.district
    if district is None:
        return
    capacites = CapaciteFormateurs.objects.filter(district=district, annee_scolaire=tenue.annee_scolaire)
    capacite = capacites.select_for_update().first()
    refuser(
        empechement_engager(
            tenue.heures_formateur,
            capacite=capacite.heures if capacite else None,
            engagees=heures_engagees(district, tenue.annee_scolaire),
            district=str(district),
            annee=tenue.annee_scolaire,
        )
    )


def _verifier(defauts: Mapping[str, str]) -> None:
    if defauts:
        raise SaisieRefusee(defauts)


def _ecrire(tenue: BesoinFormation, **valeurs: Any) -> BesoinFormation:
    BesoinFormation.objects.filter(pk=tenue.pk).update(version=F("version") + 1, **valeurs)
    tenue.refresh_from_db()
    return tenue


def _valeurs(saisie: SaisieFormation) -> dict[str, Any]:
    valeurs = {LIENS.get(nom, nom): valeur for nom, valeur in asdict(saisie).items()}
    return valeurs | {"equipes": sorted(saisie.equipes)}


def _jour(tenue: BesoinFormation, maintenant: datetime.datetime) -> datetime.date:
    return maintenant.astimezone(tenue.etablissement.academie.zone).date()


def _annee(etablissement: Etablissement, maintenant: datetime.datetime) -> str:
    return annee_scolaire(maintenant.astimezone(etablissement.academie.zone).date())
