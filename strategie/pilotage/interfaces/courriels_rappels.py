"""Reminders as e-mails: written, signed with the link that stops them, and handed to the mail server one by one."""

from __future__ import annotations

import datetime
import email.policy
import logging
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import Policy
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives, mailers
from django.urls import reverse

from diagnostic.queries.suivi import LigneSuivie
from strategie.pilotage.domain.rappels import (
    Prise,
    noter_l_echec,
    noter_l_envoi,
    noter_l_incertitude,
    prendre,
)
from strategie.pilotage.models import Rappel, Relance, SorteDeCourriel
from strategie.pilotage.queries.rappels import Candidat, a_envoyer
from strategie.socle.interfaces.courriels import composer
from strategie.socle.models import Utilisateur
from strategie.socle.templatetags.paliers import compte

journal = logging.getLogger(__name__)
SEL = "strategie.pilotage.arret-de-courriel"
EN_LOCAL = "http://127.0.0.1:8000"
GABARITS = {
    SorteDeCourriel.ECHEANCE: "courriels/rappel",
    SorteDeCourriel.RELANCE: "courriels/rappel",
    SorteDeCourriel.RECAPITULATIF: "courriels/recapitulatif",
}


# --- The link that stops them -------------------------------------------------------------------------------------
def jeton_d_arret(personne: int, sorte: str) -> str:
    """Signed: it says for whom and of what, and is good for as long as the account is."""
    return signing.dumps([personne, sorte], salt=SEL)


def lire_le_jeton(jeton: str) -> tuple[int, SorteDeCourriel] | None:
    try:
        personne, sorte = signing.loads(jeton, salt=SEL)
        return int(personne), SorteDeCourriel(sorte)
    except (signing.BadSignature, ValueError, TypeError):
        return None


# --- The message ----------------------------------------------------------------------------------------------------
def racine_du_site(racine: str = "") -> str:
    """The public address where there is one; else the one that a page was asked by."""
    return (settings.ADRESSE or racine or EN_LOCAL).rstrip("/")


def courriel_de(prise: Prise, racine: str, jour: datetime.date) -> EmailMultiAlternatives:
    rappel = prise.rappel
    contexte = contexte_du_message(rappel, racine, jour)
    if prise.recapitulatif is not None:
        contexte["attendu"] = prise.recapitulatif
    if prise.suivie is not None:
        contexte["avancement"] = avancement(prise.suivie)
    ecrit = composer(GABARITS[SorteDeCourriel(rappel.sorte)], rappel.adresse, **contexte)
    entetes = {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "Auto-Submitted": "auto-generated"}
    return CourrielQuiSArrete(
        ecrit.subject,
        ecrit.body,
        to=ecrit.to,
        alternatives=ecrit.alternatives,
        headers=entetes,
        arret=contexte["arret"],
    )


class EnteteEntier(str):
    """A header that a program reads: folded as others are, its long address would become encoded words (RFC 2047)
    that no program may decode there.
    """

    name = "List-Unsubscribe"

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


class CourrielQuiSArrete(EmailMultiAlternatives):
    """RFC 8058: the mail program shows one button, that asks by POST, without a cookie."""

    def __init__(self, *args: Any, arret: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.arret = arret

    def message(self, *, policy: Policy = email.policy.default) -> EmailMessage:
        message = super().message(policy=policy)
        message["List-Unsubscribe"] = EnteteEntier(f"<{self.arret}>")
        return message


def contexte_du_message(rappel: Rappel, racine: str, jour: datetime.date) -> dict[str, Any]:
    arret = reverse("arreter_rappels", args=[jeton_d_arret(rappel.destinataire_id, rappel.sorte)])
    contexte: dict[str, Any] = {
        "rappel": rappel,
        "personne": rappel.destinataire,
        "racine": racine,
        "arret": f"{racine}{arret}",
        "preferences": f"{racine}{reverse('mes_courriels')}",
    }
    if rappel.etablissement is not None:
        lien = reverse("diagnostic", args=[rappel.etablissement.uai])
        restants = (rappel.echeance - jour).days
        contexte |= {"lien": f"{racine}{lien}", "restants": restants, "delai": delai(restants)}
    return contexte


def delai(restants: int) -> str:
    return {0: "c'est aujourd'hui", 1: "c'est demain"}.get(restants, f"dans {restants}\u00a0jours")


def avancement(suivie: LigneSuivie) -> str:
    if suivie.etat != "brouillon":
        return "à commencer"
    if not suivie.concernes:
        return "brouillon"
    return f"brouillon, {compte(suivie.repondus or 0, 'réponse,réponses')} sur {suivie.concernes}"


def apercu_du_courriel(
    candidat: Candidat, relance: Relance, suivie: LigneSuivie, racine: str, jour: datetime.date
) -> tuple[EmailMultiAlternatives, dict[str, Any]]:
    """The message as the first of its readers would have it; nothing is kept, and its stopping link stops nothing."""
    rappel = Rappel(
        sorte=SorteDeCourriel.RELANCE,
        etablissement=candidat.etablissement,
        campagne=relance.campagne,
        relance=relance,
        destinataire=candidat.personne,
        role=candidat.role,
        echeance=candidat.situation.cloture,
        adresse=candidat.personne.email,
    )
    contexte = contexte_du_message(rappel, racine, jour)
    contexte |= {"avancement": avancement(suivie), "arret": f"{racine}{reverse('mes_courriels')}"}
    return composer(GABARITS[SorteDeCourriel.RELANCE], rappel.adresse, **contexte), contexte


# --- Sending ----------------------------------------------------------------------------------------------------------
@dataclass
class Envois:
    """What became of the messages that were due."""

    vus: int = 0
    envoyes: int = 0
    echecs: int = 0
    incertains: int = 0

    @property
    def ecartes(self) -> int:
        """Left out when they were taken, or taken by somebody else."""
        return self.vus - self.envoyes - self.echecs - self.incertains


def envoyer_ce_qui_attend(*, limite: int, racine: str, horloge: Callable[[], datetime.datetime]) -> Envois:
    """Up to `limite` messages, over one connection; what becomes of one changes nothing for the next."""
    envois = Envois()
    guichet = Guichet()
    try:
        for cle in a_envoyer(horloge(), limite):
            envois.vus += 1
            prise = prendre(cle=cle, maintenant=horloge())
            if prise is not None:
                issue = _envoyer(prise, guichet, racine, horloge())
                setattr(envois, issue, getattr(envois, issue) + 1)
    finally:
        guichet.fermer()
    return envois


def _envoyer(prise: Prise, guichet: Guichet, racine: str, maintenant: datetime.datetime) -> str:
    rappel = prise.rappel
    try:
        message = courriel_de(prise, racine, _jour(rappel, maintenant))
    except Exception:
        journal.exception("Reminder %s could not be written.", rappel.pk)
        noter_l_echec(rappel=rappel, motif="message impossible à écrire", definitif=True, maintenant=maintenant)
        return "echecs"
    try:
        guichet.remettre(message)
    except Refus as refus:
        noter_l_echec(rappel=rappel, motif=str(refus), definitif=refus.definitif, maintenant=maintenant)
        return "echecs"
    except OSError as coupure:  # smtplib's errors are of this kind
        journal.warning("Reminder %s: nobody knows whether it left (%s).", rappel.pk, type(coupure).__name__)
        noter_l_incertitude(rappel=rappel, motif="la connexion au serveur de courriel s'est coupée pendant l'envoi")
        return "incertains"
    noter_l_envoi(rappel=rappel, maintenant=maintenant)
    return "envoyes"


def _jour(rappel: Rappel, maintenant: datetime.datetime) -> datetime.date:
    return rappel.campagne.jour_local(maintenant) if rappel.campagne else maintenant.date()


class Refus(Exception):
    """The mail server did not take the message; `definitif`: nor will it."""

    def __init__(self, motif: str, *, definitif: bool = False) -> None:
        super().__init__(motif)
        self.definitif = definitif


class Guichet:
    """One connection to the mail server, opened when it is needed and left after an error."""

    def __init__(self) -> None:
        self.connexion: Any = None

    def remettre(self, message: EmailMultiAlternatives) -> None:
        """Raises Refus where the message is certainly not taken, another OSError where nobody knows."""
        self._ouvrir()
        try:
            self.connexion.send_messages([message])
        except smtplib.SMTPRecipientsRefused as refus:
            codes = [code for code, _ in refus.recipients.values()]
            self.fermer()
            raise Refus("adresse refusée par le serveur de courriel", definitif=min(codes, default=0) >= 500) from refus
        except smtplib.SMTPResponseException as refus:
            self.fermer()
            motif = f"refusé par le serveur de courriel (code {refus.smtp_code})"
            raise Refus(motif, definitif=refus.smtp_code >= 550) from refus
        except OSError:
            self.fermer()
            raise

    def _ouvrir(self) -> None:
        if self.connexion is not None:
            return
        connexion = mailers.default
        try:
            connexion.open()
        except OSError as panne:
            raise Refus("le serveur de courriel ne répond pas") from panne
        self.connexion = connexion

    def fermer(self) -> None:
        connexion, self.connexion = self.connexion, None
        if connexion is not None:
            try:
                connexion.close()
            except OSError:
                journal.warning("The mail server had already closed the connection.")


def destinataire_du_jeton(jeton: str) -> tuple[Utilisateur, SorteDeCourriel] | None:
    """Who may stop what by this link; None for any link that is not ours."""
    lu = lire_le_jeton(jeton)
    personne = Utilisateur.objects.filter(pk=lu[0], is_active=True).first() if lu else None
    return (personne, lu[1]) if lu and personne else None
