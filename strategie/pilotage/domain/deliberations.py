"""The act that the board is asked for: written, voted with the file that was on the table, then sent and published."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from diagnostic.domain.contenu import json_canonique
from strategie.pilotage.domain.conseil import Regles, Voix, adoptee, empechement_deliberer, empechement_voter
from strategie.pilotage.domain.dossiers import RenduPdf, figer_dossier
from strategie.pilotage.domain.seances import jour_de, verrouiller_seance
from strategie.pilotage.models import Deliberation, Dossier, SeanceDuConseil
from strategie.pilotage.queries.contenu_du_dossier import choix_de, contenu_du_dossier, sections_choisies
from strategie.pilotage.queries.deliberations import acte_en_clair, tenue_de
from strategie.pilotage.queries.regles_du_conseil import regles_de
from strategie.pilotage.rules.deliberations import (
    ADOPTEE,
    EGALITE,
    MODIFICATIONS,
    REJETEE,
    defauts_de_la_deliberation,
    defauts_des_dates,
    defauts_du_vote,
    empechement_avant_la_seance,
    empechement_dater,
    empechement_modifier,
    empechement_retirer,
)
from strategie.pilotage.rules.dossiers import dans_l_ordre
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.domain.empechement import Empeche, SaisieRefusee, refuser
from strategie.socle.domain.fusion import Conflit, fusionner
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur
from strategie.socle.rules import empechement_ecrire

AUTRE_VOTE = "Le vote de cet acte est déjà enregistré, avec d'autres nombres\u00a0: il ne change plus."
RELIRE = (
    "L'acte a changé pendant que vous écriviez, sans doute par un collègue. Relisez-le, puis enregistrez de nouveau."
)
SEANCE_ABSENTE = "Cette séance n'est pas une séance de l'établissement."
DOSSIER_ABSENT = "Ce dossier n'est pas un dossier de l'établissement."


@dataclass(frozen=True)
class SaisieDeliberation:
    """`seance` and `dossier` are keys."""

    seance: int
    objet: str
    decision: str
    visas: tuple[str, ...] = ()
    expose: str = ""
    famille: str = Deliberation.Famille.ACTION_EDUCATRICE
    dossier: int | None = None


@dataclass(frozen=True)
class SaisieVote:
    """`modifications`: the board asked for changes instead of deciding; `president`: when the voices are equal, whether
    the president was for.
    """

    numero: str
    voix: Voix = field(default_factory=lambda: Voix(0, 0))
    modifications: bool = False
    president: bool | None = None


@dataclass(frozen=True)
class SaisieDates:
    transmise_le: datetime.date | None = None
    publiee_le: datetime.date | None = None


CHAMPS = tuple(champ.name for champ in fields(SaisieDeliberation))
LIENS = {"seance": "seance_id", "dossier": "dossier_id"}


def lire_deliberation(deliberation: Deliberation) -> SaisieDeliberation:
    valeurs = {nom: getattr(deliberation, LIENS.get(nom, nom)) for nom in CHAMPS}
    return SaisieDeliberation(**valeurs | {"visas": tuple(deliberation.visas)})


def lire_dates(deliberation: Deliberation) -> SaisieDates:
    return SaisieDates(deliberation.transmise_le, deliberation.publiee_le)


# --- Writing it ------------------------------------------------------------------------------------------------
def preparer_deliberation(
    *,
    etablissement: Etablissement,
    saisie: SaisieDeliberation,
    cle: uuid.UUID,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Deliberation:
    """A form sent twice (same `cle`) makes one. Raises Empeche; SaisieRefusee says which fields are wrong."""
    refuser(empechement_ecrire(etablissement))
    with acte("preparer_deliberation", auteur):
        deja = Deliberation.objects.filter(etablissement=etablissement, cle=cle).first()
        if deja is not None:
            return deja
        _verifier(etablissement, saisie)
        deliberation, _ = Deliberation.objects.get_or_create(
            cle=cle,
            defaults=_valeurs(saisie) | {"etablissement": etablissement, "creee_par": auteur, "creee_le": maintenant},
        )
        return deliberation


def modifier_deliberation(
    *, deliberation: Deliberation, base: SaisieDeliberation, saisie: SaisieDeliberation, auteur: Utilisateur
) -> Mapping[str, Conflit]:
    """`base` is what the form showed; what two people changed alike is given back and nothing is written. Raises
    Empeche; SaisieRefusee says which fields are wrong.
    """
    with acte("modifier_deliberation", auteur):
        tenue = _verrouiller(deliberation.pk)
        refuser(empechement_modifier(tenue.votee))
        actuelle = asdict(lire_deliberation(tenue))
        fusion = fusionner(asdict(base), asdict(saisie), actuelle)
        if fusion.possible and fusion.valeurs != actuelle:
            voulue = SaisieDeliberation(**fusion.valeurs)
            _verifier(tenue.etablissement, voulue)
            _ecrire(tenue, **_valeurs(voulue))
    deliberation.refresh_from_db()
    return fusion.conflits


def _verifier(etablissement: Etablissement, saisie: SaisieDeliberation) -> None:
    defauts = defauts_de_la_deliberation(saisie, Deliberation.Famille.values)
    if not SeanceDuConseil.objects.filter(etablissement=etablissement, pk=saisie.seance).exists():
        defauts["seance"] = SEANCE_ABSENTE
    if saisie.dossier and not Dossier.objects.filter(etablissement=etablissement, pk=saisie.dossier).exists():
        defauts["dossier"] = DOSSIER_ABSENT
    if defauts:
        raise SaisieRefusee(defauts)


def _valeurs(saisie: SaisieDeliberation) -> dict[str, Any]:
    valeurs = {LIENS.get(nom, nom): valeur for nom, valeur in asdict(saisie).items()}
    return valeurs | {"visas": list(saisie.visas)}


# --- Its vote --------------------------------------------------------------------------------------------------
def enregistrer_vote(
    *,
    deliberation: Deliberation,
    version: int,
    saisie: SaisieVote,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
    rendre_pdf: RenduPdf,
) -> Deliberation:
    """What the board decided, for ever: the act, its voices, and the file voted, in one transaction. The same vote
    recorded twice is once; `version` is that of the act that was read. Raises Empeche; SaisieRefusee says which fields
    are wrong.

    The file is laid out before the school is locked, from what would be recorded; whatever moved meanwhile, the whole
    act is tried again. A board that asks for changes has voted no file: what was on the table stays a project.
    """
    imprimes: dict[tuple[str, str], tuple[bytes, int]] = {}

    def deja_imprime(contenu: dict[str, Any], numero: str) -> tuple[bytes, int]:
        if (cle := (numero, json_canonique(contenu))) not in imprimes:
            raise _AImprimer(contenu, numero)
        return imprimes[cle]

    while True:
        try:
            return _enregistrer(deliberation, version, saisie, auteur, maintenant, deja_imprime)
        except _AImprimer as manque:
            pdf = rendre_pdf(manque.contenu, manque.numero)
            imprimes[manque.numero, json_canonique(manque.contenu)] = pdf


class _AImprimer(Exception):
    """Nothing is recorded yet: the file has first to be laid out, which takes seconds, with nobody held meanwhile."""

    def __init__(self, contenu: dict[str, Any], numero: str) -> None:
        super().__init__(numero)
        self.contenu, self.numero = contenu, numero


def _enregistrer(
    deliberation: Deliberation,
    version: int,
    saisie: SaisieVote,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
    rendre_pdf: RenduPdf,
) -> Deliberation:
    with acte("enregistrer_vote", auteur):
        # One recording at a time in a school: two acts never take the same number.
        list(Etablissement.objects.select_for_update(no_key=True).filter(pk=deliberation.etablissement_id))
        tenue = _verrouiller(deliberation.pk)
        tenue.seance = verrouiller_seance(tenue.seance_id)
        if tenue.votee:
            refuser(None if _est_ce_vote(tenue, saisie) else AUTRE_VOTE)
            return tenue
        if tenue.version != version:
            raise Empeche(RELIRE)
        resultat = _resultat(tenue, saisie, maintenant)
        _ecrire(tenue, **_du_vote(saisie, resultat), votee_par=auteur, votee_le=maintenant)
        if resultat != MODIFICATIONS:
            tenue.dossier_vote = _figer(tenue, auteur, maintenant, rendre_pdf)
            tenue.save(update_fields=["dossier_vote"])
    return tenue


def _resultat(tenue: Deliberation, saisie: SaisieVote, maintenant: datetime.datetime) -> str:
    """What these voices decide. Raises Empeche, or SaisieRefusee."""
    etablissement = tenue.etablissement
    refuser(empechement_avant_la_seance(tenue.seance.date, jour_de(etablissement, maintenant)))
    defauts = defauts_du_vote(saisie)
    if Deliberation.objects.filter(etablissement=etablissement, numero=saisie.numero).exclude(numero="").exists():
        defauts["numero"] = f"L'établissement a déjà un acte numéro {saisie.numero}\u00a0: donnez-en un autre."
    if defauts:
        raise SaisieRefusee(defauts)
    if refus := _empechement(regles_de(etablissement), tenue.seance, saisie):
        raise Empeche(refus)
    if saisie.modifications:
        return MODIFICATIONS
    pour = adoptee(saisie.voix, president=saisie.president)
    if pour is None:
        raise SaisieRefusee({"president": EGALITE})
    return ADOPTEE if pour else REJETEE


def _figer(tenue: Deliberation, auteur: Utilisateur, maintenant: datetime.datetime, rendre_pdf: RenduPdf) -> Dossier:
    """What was on the table, with the act as it was voted; what the school is today when no file was put there. A file
    that the board rejected is kept too, but is not a voted one.
    """
    contenu = _sur_la_table(tenue, jour_de(tenue.etablissement, maintenant))
    acte_vote = acte_en_clair(tenue, tenue.etablissement, regles_de(tenue.etablissement))
    return figer_dossier(
        etablissement=tenue.etablissement,
        contenu=contenu | {"deliberation": acte_vote, "sections": dans_l_ordre({*contenu["sections"], "deliberation"})},
        vote=tenue.resultat == ADOPTEE,
        auteur=auteur,
        maintenant=maintenant,
        rendre_pdf=rendre_pdf,
    )


def _sur_la_table(tenue: Deliberation, jour: datetime.date) -> dict[str, Any]:
    if tenue.dossier_id:
        [texte] = Dossier.objects.filter(pk=tenue.dossier_id).values_list("contenu", flat=True)
        presente: dict[str, Any] = json.loads(texte)
        return presente
    return contenu_du_dossier(
        tenue.etablissement,
        sections=sections_choisies(choix_de(tenue.etablissement)),
        annee=annee_scolaire(jour),
        exercice=jour.year,
        jour=jour,
    )


def _empechement(regles: Regles, seance: SeanceDuConseil, saisie: SaisieVote) -> str | None:
    """A board may send a text back without counting voices."""
    if saisie.modifications and not saisie.voix.total:
        return empechement_deliberer(regles, tenue_de(seance))
    return empechement_voter(regles, tenue_de(seance), saisie.voix)


def _du_vote(saisie: SaisieVote, resultat: str) -> dict[str, Any]:
    voix = saisie.voix
    return {
        "numero": saisie.numero,
        "pour": voix.pour,
        "contre": voix.contre,
        "abstentions": voix.abstentions,
        "refus_de_vote": voix.refus,
        "resultat": resultat,
        "voix_du_president": resultat != MODIFICATIONS and voix.pour == voix.contre,
    }


def _est_ce_vote(tenue: Deliberation, saisie: SaisieVote) -> bool:
    if saisie.modifications:
        resultat = MODIFICATIONS
    else:
        resultat = ADOPTEE if adoptee(saisie.voix, president=saisie.president) else REJETEE
    return all(getattr(tenue, nom) == valeur for nom, valeur in _du_vote(saisie, resultat).items())


# --- What comes after ------------------------------------------------------------------------------------------
def noter_dates(
    *,
    deliberation: Deliberation,
    base: SaisieDates,
    saisie: SaisieDates,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Mapping[str, Conflit]:
    """When the act was sent, when it was published. Raises Empeche; SaisieRefusee says which fields are wrong."""
    with acte("dater_deliberation", auteur):
        tenue = _verrouiller(deliberation.pk)
        refuser(empechement_dater(tenue.resultat))
        actuelles = asdict(lire_dates(tenue))
        fusion = fusionner(asdict(base), asdict(saisie), actuelles)
        if fusion.possible and fusion.valeurs != actuelles:
            aujourd_hui = jour_de(tenue.etablissement, maintenant)
            if defauts := defauts_des_dates(SaisieDates(**fusion.valeurs), tenue.seance.date, aujourd_hui):
                raise SaisieRefusee(defauts)
            _ecrire(tenue, **fusion.valeurs)
    deliberation.refresh_from_db()
    return fusion.conflits


# --- Taking it away ------------------------------------------------------------------------------------------------
def retirer_deliberation(*, deliberation: Deliberation, version: int, auteur: Utilisateur) -> None:
    """A draft, for good; its history stays, and says who. Raises Empeche: a recorded vote never goes."""
    with acte("retirer_deliberation", auteur):
        tenue = _verrouiller(deliberation.pk)
        refuser(empechement_retirer(tenue.votee))
        refuser(None if tenue.version == version else RELIRE)
        _ecrire(tenue)
        tenue.delete()


# --- What every act shares -------------------------------------------------------------------------------------
def _verrouiller(cle: int) -> Deliberation:
    """As it is kept, held until the end of the act. Raises Empeche."""
    tenue: Deliberation | None = (
        Deliberation.objects.select_for_update(no_key=True, of=("self",))
        .select_related("seance", "etablissement__academie")
        .filter(pk=cle)
        .first()
    )
    if tenue is None:
        raise Empeche("Cet acte n'est plus là\u00a0: un collègue l'a retiré.")
    refuser(empechement_ecrire(tenue.etablissement))
    return tenue


def _ecrire(tenue: Deliberation, **valeurs: Any) -> None:
    for nom, valeur in valeurs.items():
        setattr(tenue, nom, valeur)
    tenue.version += 1
    tenue.save()
