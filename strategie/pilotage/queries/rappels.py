"""Whom a reminder would reach and why, what the log says, and what is wanted of it all."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from diagnostic.models import Campagne, Diagnostic
from diagnostic.queries.suivi import LigneSuivie, etablissements_suivis, lignes_suivies
from strategie.pilotage.models import ArretDeCourriel, Rappel, ReglagesRappels, SorteDeCourriel
from strategie.pilotage.models.rappel import jours_par_defaut
from strategie.pilotage.rules.rappels import SANS_RELANCE, Situation, empechement_de_l_ecole, empechement_relancer
from strategie.socle.droits import Droit, Role, roles_ayant
from strategie.socle.models import Academie, Affectation, District, Etablissement, Utilisateur
from strategie.socle.queries.etablissements import chercher
from strategie.socle.rules import date_en_phrase, nom_lu

RESPONSABLES = (Role.CHEF, Role.REFERENT)
TAILLE_PAGE = 50


# --- Where a person chases ---------------------------------------------------------------------------------------
def academies_a_relancer(personne: Utilisateur) -> QuerySet[Academie]:
    """Those in which the person may chase some school, by name."""
    actives = Affectation.objects.actives().filter(utilisateur=personne, role__in=roles_ayant(Droit.RELANCER))
    return Academie.objects.filter(
        Q(pk__in=actives.filter(academie__isnull=False).values("academie"))
        | Q(departements__in=actives.filter(departement__isnull=False).values("departement"))
        | Q(districts__in=actives.filter(district__isnull=False).values("district"))
    ).distinct()


def campagnes_en_cours(academies: Iterable[Academie], maintenant: datetime.datetime) -> list[Campagne]:
    """Those in which somebody may still sign, the extended ones included."""
    campagnes = (
        Campagne.objects.filter(academie__in=academies)
        .select_related("academie", "referentiel")
        .annotate(derniere=Coalesce(Max("prolongations__date_cloture"), F("date_cloture")))
        .order_by("academie__nom", "-annee_scolaire")
    )
    return [c for c in campagnes if c.jour_local(maintenant) <= max(c.derniere, c.date_cloture)]


def etablissements_a_relancer(
    campagne: Campagne, personne: Utilisateur, *, texte: str = "", etat: str = "", district: str = ""
) -> QuerySet[Any]:
    """The schools of the follow-up list that the person may chase, as its filters keep them."""
    suivis = etablissements_suivis(campagne, texte=texte, etat=etat, district=district)
    return suivis.filter(pk__in=Etablissement.objects.allowed_to(personne, Droit.RELANCER).values("pk"))


def districts_a_relancer(campagne: Campagne, personne: Utilisateur) -> QuerySet[District]:
    siens = Etablissement.objects.allowed_to(personne, Droit.RELANCER).filter(district__isnull=False)
    return campagne.academie.districts.filter(pk__in=siens.values("district"))


# --- Whom a reminder would reach -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Candidat:
    """A person in charge of a school, and why they are left out (None: they are written to)."""

    etablissement: Any
    personne: Utilisateur
    role: str
    situation: Situation

    @property
    def cle(self) -> str:
        return f"{self.etablissement.pk}:{self.personne.pk}"


def cloture_de(etablissement: Any, campagne: Campagne) -> datetime.date:
    cloture: datetime.date | None = etablissement.cloture_suivie
    return cloture or campagne.date_cloture


def candidats(
    campagne: Campagne,
    etablissements: Sequence[Any],
    sorte: str,
    maintenant: datetime.datetime,
    *,
    sauf: int | None = None,
) -> list[Candidat]:
    """Chef and référent of each school as the follow-up annotates it, once each, in the order of the schools.

    `sauf`: a message that is about to leave, which is no reason not to send it; those that still wait are not either.
    """
    responsables = _responsables([e.pk for e in etablissements], campagne.jour_local(maintenant))
    personnes = {personne.pk for siens in responsables.values() for personne, _ in siens}
    arretes = set(
        ArretDeCourriel.objects.filter(utilisateur__in=personnes, sorte=sorte).values_list("utilisateur", flat=True)
    )
    rappeles = _rappeles(responsables.keys(), maintenant, sauf) if sorte == SorteDeCourriel.RELANCE else {}
    return [
        Candidat(
            etablissement,
            personne,
            role,
            Situation(
                etat=etablissement.etat_suivi,
                cloture=cloture_de(etablissement, campagne),
                arrete=personne.pk in arretes,
                rappele_le=_jour(rappeles.get((etablissement.pk, personne.pk)), campagne),
            ),
        )
        for etablissement in etablissements
        for personne, role in responsables.get(etablissement.pk, [])
    ]


def _responsables(etablissements: Collection[int], jour: datetime.date) -> dict[int, list[tuple[Utilisateur, str]]]:
    """By school: chef first; somebody who is both is there once, as chef."""
    affectations = (
        Affectation.objects.actives(jour)
        .filter(etablissement__in=etablissements, role__in=RESPONSABLES, utilisateur__is_active=True)
        .select_related("utilisateur")
        .order_by("role", "utilisateur__last_name", "utilisateur__first_name", "pk")  # chef comes before référent
    )
    trouves: dict[int, dict[int, tuple[Utilisateur, str]]] = {}
    for affectation in affectations:
        siens = trouves.setdefault(affectation.etablissement_id or 0, {})
        siens.setdefault(affectation.utilisateur_id, (affectation.utilisateur, affectation.role))
    return {ecole: list(siens.values()) for ecole, siens in trouves.items()}


def _rappeles(
    etablissements: Collection[int], maintenant: datetime.datetime, sauf: int | None
) -> dict[tuple[int, int], datetime.datetime]:
    """When each person was last reminded of each school, in the last days; what waits to leave counts as today's."""
    depuis = maintenant - SANS_RELANCE
    partis = Q(etat__in=Rappel.PARTIS, pris_le__gt=depuis)
    attendent = Q(etat=Rappel.Etat.A_ENVOYER) | Q(etat=Rappel.Etat.ECHEC, reessayer_le__isnull=False)
    lus: QuerySet[Rappel] = Rappel.objects.filter(
        partis if sauf else partis | attendent,
        etablissement__in=etablissements,
        sorte__in=[SorteDeCourriel.ECHEANCE, SorteDeCourriel.RELANCE],
    )
    dernieres = (
        lus.exclude(pk=sauf or 0)
        .values("etablissement", "destinataire")
        .annotate(derniere=Max(Coalesce("pris_le", "cree_le")))
    )
    return {
        (ligne["etablissement"], ligne["destinataire"]): ligne["derniere"]
        for ligne in dernieres.order_by().values("etablissement", "destinataire", "derniere")
    }


def _jour(instant: datetime.datetime | None, campagne: Campagne) -> datetime.date | None:
    return campagne.jour_local(instant) if instant else None


# --- The preview ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class LigneApercu:
    """`raison`: why this person is written to, or is not."""

    candidat: Candidat
    raison: str


@dataclass(frozen=True)
class Apercu:
    """`sans_personne`: schools to chase where nobody is in charge."""

    destinataires: Sequence[Candidat]
    ecartes: Sequence[LigneApercu]
    sans_personne: Sequence[Any]

    @property
    def etablissements(self) -> int:
        return len({candidat.etablissement.pk for candidat in self.destinataires})

    @property
    def brouillons(self) -> int:
        """The schools that have begun."""
        return len({c.etablissement.pk for c in self.destinataires if c.situation.etat == Diagnostic.Etat.BROUILLON})

    @property
    def par_raison(self) -> Sequence[tuple[str, int]]:
        """Why people are left out, the most frequent first."""
        return Counter(ligne.raison for ligne in self.ecartes).most_common()


def apercu_de(campagne: Campagne, etablissements: Iterable[Any], maintenant: datetime.datetime) -> Apercu:
    ecoles, jour = list(etablissements), campagne.jour_local(maintenant)
    tous = candidats(campagne, ecoles, SorteDeCourriel.RELANCE, maintenant)
    gardes, ecartes = [], []
    for candidat in tous:
        empechement = empechement_relancer(candidat.situation, jour)
        if empechement:
            ecartes.append(LigneApercu(candidat, empechement))
        else:
            gardes.append(candidat)
    tenues = {candidat.etablissement.pk for candidat in tous}
    return Apercu(
        destinataires=gardes,
        ecartes=ecartes,
        sans_personne=[
            e
            for e in ecoles
            if e.pk not in tenues
            and not empechement_de_l_ecole(e.etat_suivi, cloture=cloture_de(e, campagne), jour=jour)
        ],
    )


def trouver(destinataires: Sequence[Candidat], texte: str) -> Sequence[Candidat]:
    """Those whose name, or whose school's name, commune or UAI, holds each word, accents and case apart."""
    mots = nom_lu(texte).split()
    return [c for c in destinataires if all(mot in nom_lu(_mots_de(c)) for mot in mots)] if mots else destinataires


def _mots_de(candidat: Candidat) -> str:
    ecole = candidat.etablissement
    return f"{candidat.personne} {ecole.nom} {ecole.commune} {ecole.uai}"


def suivies_de(campagne: Campagne, etablissements: Sequence[Any], *, comptes: bool) -> dict[int, LigneSuivie]:
    """How far each school has got, with or without the number of its answers."""
    uniques = list({e.pk: e for e in etablissements}.values())
    if comptes:
        return {suivie.etablissement.pk: suivie for suivie in lignes_suivies(campagne, uniques)}
    return {e.pk: LigneSuivie(e, e.etat_suivi, None, None, None, None, None) for e in uniques}


def raisons_de(campagne: Campagne, etablissements: Sequence[Any]) -> dict[int, str]:
    """« brouillon, clôture le 18 décembre 2026 », by school: what the log keeps, for whoever may read it."""
    suivies = suivies_de(campagne, etablissements, comptes=False)
    return {pk: raison_de(suivie, campagne) for pk, suivie in suivies.items()}


def raison_de(suivie: LigneSuivie, campagne: Campagne) -> str:
    dit = "brouillon" if suivie.etat == "brouillon" else "à commencer"
    if suivie.concernes:
        dit = f"{dit}, {suivie.repondus} réponse{'s' if (suivie.repondus or 0) > 1 else ''} sur {suivie.concernes}"
    return f"{dit}, clôture le {date_en_phrase(cloture_de(suivie.etablissement, campagne))}"


# --- The log -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class PageDuJournal:
    """Newest first; the key after which the next page begins (None: it is the last)."""

    lignes: Sequence[Rappel]
    suivante: int | None


def journal(
    personne: Utilisateur,
    *,
    texte: str = "",
    etat: str = "",
    sorte: str = "",
    district: str = "",
    relance: int | None = None,
) -> QuerySet[Rappel]:
    """Messages about the schools that the person may chase, each with `mes_roles`; digests are about no school."""
    lus = Rappel.objects.allowed_to(personne, Droit.RELANCER).avec_roles(personne)
    voulus: dict[str, Any] = {"etat": etat, "sorte": sorte, "relance": relance}
    lus = lus.filter(**{champ: valeur for champ, valeur in voulus.items() if valeur})
    if district:
        lus = lus.filter(etablissement__district=int(district))
    if texte:
        lus = lus.filter(etablissement__in=chercher(Etablissement.objects.all(), texte).values("pk"))
    return lus.select_related("etablissement__academie", "destinataire").order_by("-pk")


def page_du_journal(rappels: QuerySet[Rappel], apres: int | None) -> PageDuJournal:
    lus = list((rappels.filter(pk__lt=apres) if apres else rappels)[: TAILLE_PAGE + 1])
    montres = lus[:TAILLE_PAGE]
    return PageDuJournal(montres, montres[-1].pk if len(lus) > TAILLE_PAGE else None)


def comptes_par_etat(rappels: QuerySet[Rappel]) -> dict[str, int]:
    lus = rappels.order_by().values("etat").annotate(nombre=Count("pk"))
    return {ligne["etat"]: ligne["nombre"] for ligne in lus.values("etat", "nombre")}


def districts_du_journal(personne: Utilisateur) -> QuerySet[District]:
    siens = Etablissement.objects.allowed_to(personne, Droit.RELANCER).filter(district__isnull=False)
    return District.objects.filter(pk__in=siens.values("district"))


def derniers_recus(personne: Utilisateur) -> QuerySet[Rappel]:
    """What was sent to the person herself."""
    recus = Rappel.objects.filter(destinataire=personne, etat=Rappel.Etat.ENVOYE)
    return recus.select_related("etablissement").order_by("-envoye_le")[:20]


# --- What leaves -----------------------------------------------------------------------------------------------------
def a_envoyer(maintenant: datetime.datetime, limite: int) -> list[int]:
    """Messages that nobody has taken, and those that a refusal put off until now; the oldest first."""
    dus = Q(etat=Rappel.Etat.A_ENVOYER) | Q(etat=Rappel.Etat.ECHEC, reessayer_le__lte=maintenant)
    return list(Rappel.objects.filter(dus).order_by("pk").values_list("pk", flat=True)[:limite])


def prochain_essai() -> datetime.datetime | None:
    dus = Rappel.objects.filter(etat=Rappel.Etat.ECHEC, reessayer_le__isnull=False)
    return dus.order_by("reessayer_le").values_list("reessayer_le", flat=True).first()


# --- What is wanted --------------------------------------------------------------------------------------------------
def reglages_de(academie: Academie | int) -> ReglagesRappels:
    """Those that the académie has set, else the usual ones."""
    cle = academie if isinstance(academie, int) else academie.pk
    fixes = ReglagesRappels.objects.select_related("fixes_par").filter(academie=cle).first()
    return fixes or ReglagesRappels(academie_id=cle, jours=jours_par_defaut(), version=0)


def arrets_de(personne: Utilisateur) -> set[str]:
    return set(ArretDeCourriel.objects.filter(utilisateur=personne).values_list("sorte", flat=True))


def jour_de(academie: Academie, maintenant: datetime.datetime) -> datetime.date:
    return timezone.localdate(maintenant, academie.zone)


def signature_de(personne: Utilisateur, academie: Academie) -> str:
    """« Anne Leroy (animatrice, District 1) »: as whom the person chases in this académie."""
    actives = (
        Affectation.objects.actives()
        .filter(
            Q(academie=academie) | Q(departement__academie=academie) | Q(district__academie=academie),
            utilisateur=personne,
            role__in=roles_ayant(Droit.RELANCER),
        )
        .select_related("academie", "departement", "district")
        .order_by("role", "pk")
    )
    affectation = actives.first()
    if affectation is None:
        return str(personne)
    intitule, territoire = affectation.intitule, str(affectation.territoire)
    if not intitule[1:2].isupper():  # « DRANE » stays as it is
        intitule = intitule[:1].lower() + intitule[1:]
    return f"{personne} ({intitule}, {'académie\u00a0: ' if affectation.academie_id else ''}{territoire})"
