"""The messages that leave by themselves, and the way of any message from its row to the mail server.

Writing is idempotent (a unique key), taking is exclusive (a row lock, then a committed « en cours »), sending is at
most once: what a dead process had taken is « incertain », shown, and never sent again by itself.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import batched

from django.db import transaction
from django.db.models import DateField, Q, Value
from django.db.models.functions import Cast, Coalesce

from diagnostic.models import Campagne, Diagnostic
from diagnostic.queries.suivi import LigneSuivie, etablissements_suivis, lignes_suivies
from strategie.pilotage.models import (
    ArretDeCourriel,
    MoisRecapitule,
    Rappel,
    ReglagesRappels,
    Relance,
    SorteDeCourriel,
)
from strategie.pilotage.queries.rappels import Candidat, candidats, jour_de, raisons_de, reglages_de
from strategie.pilotage.queries.recapitulatifs import Recapitulatif, ouvertes_le, recapitulatifs
from strategie.pilotage.rules.rappels import (
    clotures_visees,
    empechement_rappeler,
    empechement_relancer,
    etape_due,
    mois_a_recapituler,
)
from strategie.socle.domain.historique import acte
from strategie.socle.droits import Role
from strategie.socle.models import Academie, Affectation, Utilisateur

PAR_LOT = 500
BAIL = datetime.timedelta(minutes=10)
ESSAIS = (datetime.timedelta(minutes=10), datetime.timedelta(hours=1), datetime.timedelta(hours=6))
CONSERVATION_MOIS = 13
PERDU = "le serveur de courriel n'a pas répondu avant l'arrêt du travail en arrière-plan"


# --- Written ---------------------------------------------------------------------------------------------------
def inscrire_rappels(*, academie: Academie, maintenant: datetime.datetime, simulation: bool = False) -> list[Rappel]:
    """A message for each person in charge of a school whose deadline is near and that has not signed; those that are
    already written are not written again. With `simulation`, says which and writes nothing.
    """
    reglages = reglages_de(academie)
    if not reglages.actifs:
        return []
    inscrits: list[Rappel] = []
    for messages in _messages_dus(academie, reglages, maintenant):
        nouveaux = _sans_les_connus(messages)
        if not simulation:
            Rappel.objects.bulk_create(nouveaux, ignore_conflicts=True)
        inscrits += nouveaux
    return inscrits


def _messages_dus(
    academie: Academie, reglages: ReglagesRappels, maintenant: datetime.datetime
) -> Iterator[list[Rappel]]:
    jour = jour_de(academie, maintenant)
    for campagne in ouvertes_le(academie.pk, jour):
        cloture = Cast(Value(campagne.date_cloture), DateField())
        ecoles = (
            etablissements_suivis(campagne)
            .annotate(cloture=Coalesce("cloture_suivie", cloture))
            .filter(cloture__in=clotures_visees(jour, reglages.jours))
            .filter(etat_suivi__in=[Diagnostic.Etat.A_COMMENCER, Diagnostic.Etat.BROUILLON])
            .order_by("pk")
        )
        for lot in batched(ecoles.iterator(chunk_size=PAR_LOT), PAR_LOT, strict=False):
            raisons = raisons_de(campagne, lot)
            yield [
                _rappel_d_echeance(candidat, etape, raisons[candidat.etablissement.pk], campagne.pk, maintenant)
                for candidat in candidats(campagne, lot, SorteDeCourriel.ECHEANCE, maintenant)
                if (etape := etape_due((candidat.situation.cloture - jour).days, reglages.jours)) is not None
                and not candidat.situation.arrete
            ]


def _rappel_d_echeance(
    candidat: Candidat, etape: int, raison: str, campagne: int, maintenant: datetime.datetime
) -> Rappel:
    return Rappel(
        sorte=SorteDeCourriel.ECHEANCE,
        etablissement=candidat.etablissement,
        campagne_id=campagne,
        destinataire=candidat.personne,
        role=candidat.role,
        echeance=candidat.situation.cloture,
        etape=etape,
        raison=raison,
        cree_le=maintenant,
    )


def _sans_les_connus(messages: Sequence[Rappel]) -> list[Rappel]:
    connus = set(
        Rappel.objects.filter(
            sorte=SorteDeCourriel.ECHEANCE, etablissement__in={message.etablissement_id for message in messages}
        ).values_list("etablissement", "destinataire", "echeance", "etape")
    )
    return [m for m in messages if (m.etablissement_id, m.destinataire_id, m.echeance, m.etape) not in connus]


def inscrire_recapitulatifs(
    *, academie: Academie, maintenant: datetime.datetime, simulation: bool = False
) -> list[Rappel]:
    """This month's digest for each person of the académie whom something awaits: one a person, wherever she works."""
    jour = jour_de(academie, maintenant)
    mois = mois_a_recapituler(jour)
    if mois is None or not reglages_de(academie).recapitulatif:
        return []
    if MoisRecapitule.objects.filter(academie=academie, mois=mois).exists():
        return []
    inscrits: list[Rappel] = []
    for lot in batched(_personnes_a_recapituler(academie, jour, mois), PAR_LOT, strict=False):
        attendus = recapitulatifs(lot, jour)
        nouveaux = [
            Rappel(
                sorte=SorteDeCourriel.RECAPITULATIF,
                destinataire_id=personne,
                echeance=mois,
                raison="ce qui attend la personne ce mois-ci",
                cree_le=maintenant,
            )
            for personne, attendu in attendus.items()
            if not attendu.vide
        ]
        if not simulation:
            Rappel.objects.bulk_create(nouveaux, ignore_conflicts=True)
        inscrits += nouveaux
    if not simulation:
        MoisRecapitule.objects.get_or_create(academie=academie, mois=mois, defaults={"fait_le": maintenant})
    return inscrits


def _personnes_a_recapituler(academie: Academie, jour: datetime.date, mois: datetime.date) -> list[int]:
    """Those who work there, who want it and to whom it is not written yet."""
    la = (
        Q(academie=academie)
        | Q(departement__academie=academie)
        | Q(district__academie=academie)
        | Q(etablissement__academie=academie)
    )
    deja = Rappel.objects.filter(sorte=SorteDeCourriel.RECAPITULATIF, echeance=mois)
    arretes = ArretDeCourriel.objects.filter(sorte=SorteDeCourriel.RECAPITULATIF)
    return list(
        Affectation.objects.actives(jour)
        .filter(la, utilisateur__is_active=True)
        .exclude(role=Role.COLLECTIVITE)
        .exclude(utilisateur__in=deja.values("destinataire"))
        .exclude(utilisateur__in=arretes.values("utilisateur"))
        .order_by("utilisateur")
        .values_list("utilisateur", flat=True)
        .distinct()
    )


# --- Taken, sent -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Prise:
    """A message that this process, and no other, is about to send: what it says, as things are now."""

    rappel: Rappel
    suivie: LigneSuivie | None = None
    recapitulatif: Recapitulatif | None = None


def prendre(*, cle: int, maintenant: datetime.datetime) -> Prise | None:
    """None when somebody else has it, or when it is left out after all: everything is checked again here."""
    with transaction.atomic():
        # One message at a time for a person: two sendings that cross see each other.
        sien = Rappel.objects.filter(pk=cle).values("destinataire")
        Utilisateur.objects.select_for_update(no_key=True).filter(pk__in=sien).first()
        rappel = (
            Rappel.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("destinataire", "etablissement__academie", "campagne__academie", "campagne__referentiel")
            .select_related("relance")
            .filter(Q(etat=Rappel.Etat.A_ENVOYER) | Q(etat=Rappel.Etat.ECHEC, reessayer_le__lte=maintenant), pk=cle)
            .first()
        )
        if rappel is None:
            return None
        prise, motif = _examiner(rappel, maintenant)
        if motif:
            rappel.etat, rappel.motif, rappel.reessayer_le = Rappel.Etat.ECARTE, motif[:200], None
        else:
            rappel.etat, rappel.motif, rappel.reessayer_le = Rappel.Etat.EN_COURS, "", None
            rappel.pris_le, rappel.adresse = maintenant, rappel.destinataire.email
            rappel.tentatives += 1
        rappel.save(update_fields=["etat", "motif", "reessayer_le", "pris_le", "adresse", "tentatives"])
    return None if motif else prise


def _examiner(rappel: Rappel, maintenant: datetime.datetime) -> tuple[Prise, str | None]:
    if not rappel.destinataire.is_active:
        return Prise(rappel), "ce compte est fermé"
    campagne = rappel.campagne
    if campagne is None:
        return _examiner_le_recapitulatif(rappel, maintenant)
    ecole = etablissements_suivis(campagne).filter(pk=rappel.etablissement_id).first()
    if ecole is None:
        return Prise(rappel), "la campagne n'attend plus cet établissement"
    trouves = candidats(campagne, [ecole], rappel.sorte, maintenant, sauf=rappel.pk)
    sien = next((c for c in trouves if c.personne.pk == rappel.destinataire_id), None)
    if sien is None:
        return Prise(rappel), "n'est plus chef ni référent de cet établissement"
    [suivie] = lignes_suivies(campagne, [ecole])
    return Prise(rappel, suivie=suivie), _empechement(rappel, campagne, sien, maintenant)


def _empechement(rappel: Rappel, campagne: Campagne, candidat: Candidat, maintenant: datetime.datetime) -> str | None:
    jour = campagne.jour_local(maintenant)
    if rappel.sorte == SorteDeCourriel.RELANCE:
        motif = empechement_relancer(candidat.situation, jour)
        return "a signé entre-temps" if motif == "a déjà signé" else motif
    reglages = reglages_de(campagne.academie)
    return empechement_rappeler(
        candidat.situation,
        jour=jour,
        echeance=rappel.echeance,
        etape=rappel.etape,
        jours=reglages.jours if reglages.actifs else [],
    )


def _examiner_le_recapitulatif(rappel: Rappel, maintenant: datetime.datetime) -> tuple[Prise, str | None]:
    """As of the day it leaves; a month later it is not worth sending."""
    personne = rappel.destinataire_id
    if ArretDeCourriel.objects.filter(utilisateur=personne, sorte=rappel.sorte).exists():
        return Prise(rappel), "ne souhaite plus recevoir de récapitulatif"
    jour = maintenant.date()
    if (jour.year, jour.month) > (rappel.echeance.year, rappel.echeance.month):
        return Prise(rappel), "le mois est passé"
    attendu = recapitulatifs([personne], max(jour, rappel.echeance))[personne]
    return Prise(rappel, recapitulatif=attendu), "plus rien ne l'attend ce mois-ci" if attendu.vide else None


def noter_l_envoi(*, rappel: Rappel, maintenant: datetime.datetime) -> None:
    Rappel.objects.filter(pk=rappel.pk, etat__in=[Rappel.Etat.EN_COURS, Rappel.Etat.INCERTAIN]).update(
        etat=Rappel.Etat.ENVOYE, envoye_le=maintenant, motif=""
    )


def noter_l_echec(*, rappel: Rappel, motif: str, definitif: bool, maintenant: datetime.datetime) -> None:
    """The mail server said no, before it took anything: the message may be tried again, some time later."""
    reste = not definitif and rappel.tentatives <= len(ESSAIS)
    Rappel.objects.filter(pk=rappel.pk, etat=Rappel.Etat.EN_COURS).update(
        etat=Rappel.Etat.ECHEC,
        motif=motif[:200],
        reessayer_le=maintenant + ESSAIS[rappel.tentatives - 1] if reste else None,
    )


def noter_l_incertitude(*, rappel: Rappel, motif: str) -> None:
    """Nobody knows whether the mail server has it."""
    Rappel.objects.filter(pk=rappel.pk, etat=Rappel.Etat.EN_COURS).update(etat=Rappel.Etat.INCERTAIN, motif=motif[:200])


def abandonner_les_prises(*, maintenant: datetime.datetime) -> int:
    """What a process took and never spoke of again, for longer than any sending lasts."""
    prises = Rappel.objects.filter(etat=Rappel.Etat.EN_COURS, pris_le__lt=maintenant - BAIL)
    return prises.update(etat=Rappel.Etat.INCERTAIN, motif=PERDU)


def reessayer(*, rappel: Rappel, auteur: Utilisateur) -> bool:
    """Asked by a person, of a message that the server refused for good; an uncertain one is not sent again."""
    with acte("reessayer_rappel", auteur):
        return bool(
            Rappel.objects.filter(pk=rappel.pk, etat=Rappel.Etat.ECHEC).update(
                etat=Rappel.Etat.A_ENVOYER, motif="", reessayer_le=None, tentatives=0
            )
        )


def purger(*, maintenant: datetime.datetime) -> int:
    """What is older than thirteen months: addresses, names, reasons."""
    mois = maintenant.year * 12 + maintenant.month - 1 - CONSERVATION_MOIS
    limite = maintenant.replace(year=mois // 12, month=mois % 12 + 1, day=min(maintenant.day, 28))
    effaces, _ = Rappel.objects.filter(cree_le__lt=limite).delete()
    Relance.objects.filter(cree_le__lt=limite, rappels__isnull=True).delete()
    MoisRecapitule.objects.filter(mois__lt=limite.date()).delete()
    return effaces
