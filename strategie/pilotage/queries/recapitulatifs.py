"""What awaits each person this month, in all her schools and territories at once."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from budget.models import BesoinFormation
from diagnostic.models import Campagne, Delegation, Diagnostic
from diagnostic.queries.suivi import Totaux, etablissements_suivis
from plans.domain.fraicheur import prochain_releve
from plans.models import Action, IndicateurSuivi
from strategie.pilotage.models import Deliberation
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.droits import Droit, Role, droits_de
from strategie.socle.models import Affectation, Etablissement

EXEMPLES = 10
A_SIGNER = (Diagnostic.Etat.A_COMMENCER, Diagnostic.Etat.BROUILLON, Diagnostic.Etat.ROUVERT)


@dataclass(frozen=True)
class DiagnosticAttendu:
    """`part`: only the champs that were confided to the person; `signe`: she is the one who signs."""

    etablissement: Etablissement
    annee: str
    commence: bool
    cloture: datetime.date
    part: bool
    signe: bool


@dataclass(frozen=True)
class ActionDue:
    action: Action
    en_retard: bool


@dataclass(frozen=True)
class ReleveDu:
    """`attendu_le`: None for an indicator that was never read."""

    indicateur: IndicateurSuivi
    attendu_le: datetime.date | None


@dataclass(frozen=True)
class Participation:
    """Of a territory: how many have signed, and the first of those that never began (by name, never a ranking)."""

    territoire: str
    campagne: Campagne
    totaux: Totaux
    exemples: Sequence[Etablissement]

    @property
    def autres(self) -> int:
        return self.totaux.a_commencer - len(self.exemples)


@dataclass(frozen=True)
class DemandesDuDistrict:
    """Trainings that schools ask for and that nobody has answered."""

    district: int
    territoire: str
    nombre: int


@dataclass
class Recapitulatif:
    """Each list has one section of the e-mail; with none of them, there is no e-mail."""

    diagnostics: list[DiagnosticAttendu] = field(default_factory=list)
    actions: list[ActionDue] = field(default_factory=list)
    releves: list[ReleveDu] = field(default_factory=list)
    votes: list[Deliberation] = field(default_factory=list)
    formations: list[BesoinFormation] = field(default_factory=list)
    participations: list[Participation] = field(default_factory=list)
    demandes: list[DemandesDuDistrict] = field(default_factory=list)

    @property
    def vide(self) -> bool:
        return not any(vars(self).values())


class _Roles:
    """What each of these people may do in which school."""

    def __init__(self, affectations: Iterable[Affectation]) -> None:
        roles: dict[tuple[int, int], set[str]] = {}
        for a in affectations:
            if a.etablissement and a.etablissement.etat != Etablissement.Etat.FERME:
                roles.setdefault((a.etablissement.pk, a.utilisateur_id), set()).add(a.role)
        self.droits = {cle: droits_de(siens) for cle, siens in roles.items()}
        self.par_ecole: dict[int, list[int]] = {}
        for ecole, personne in roles:
            self.par_ecole.setdefault(ecole, []).append(personne)
        self.ecoles = frozenset(self.par_ecole)

    def peut(self, personne: int, ecole: int, droit: Droit) -> bool:
        return droit in self.droits.get((ecole, personne), frozenset())

    def ayant(self, ecole: int, droit: Droit) -> list[int]:
        return [personne for personne in self.par_ecole.get(ecole, []) if self.peut(personne, ecole, droit)]


def recapitulatifs(personnes: Collection[int], jour: datetime.date) -> dict[int, Recapitulatif]:
    """By person; what is said of schools takes as many queries for one person as for hundreds."""
    affectations = list(
        Affectation.objects.actives(jour)
        .filter(utilisateur__in=personnes, utilisateur__is_active=True)
        .select_related("etablissement", "district", "departement", "academie")
        .order_by("pk")
    )
    lus = {personne: Recapitulatif() for personne in personnes}
    roles = _Roles(affectations)
    fin = jour.replace(day=calendar.monthrange(jour.year, jour.month)[1])
    if roles.ecoles:
        _diagnostics(lus, roles, jour)
        _actions(lus, roles, jour, fin)
        _releves(lus, roles, fin, jour)
        _votes(lus, roles, jour)
        _formations(lus, roles, jour)
    _territoires(lus, affectations, jour)
    return lus


# --- In schools --------------------------------------------------------------------------------------------------
def _diagnostics(lus: Mapping[int, Recapitulatif], roles: _Roles, jour: datetime.date) -> None:
    """What was opened again may be signed for some days after the deadline (`Diagnostic.dernier_jour`)."""
    attendus = Diagnostic.objects.filter(
        Q(date_cloture__gte=jour) | Q(etat=Diagnostic.Etat.ROUVERT),
        etablissement__in=roles.ecoles,
        etat__in=A_SIGNER,
        campagne__date_ouverture__lte=jour,
    )
    confies = Delegation.objects.filter(diagnostic__in=attendus, utilisateur__in=list(lus))
    parts: dict[int, set[int]] = {}
    for diagnostic, personne in confies.order_by().values_list("diagnostic", "utilisateur").distinct():
        parts.setdefault(diagnostic, set()).add(personne)
    for attendu in attendus.select_related("etablissement", "campagne").order_by("date_cloture", "etablissement__nom"):
        if attendu.dernier_jour < jour:
            continue
        for personne in roles.par_ecole[attendu.etablissement_id]:
            repond = roles.peut(personne, attendu.etablissement_id, Droit.REPONDRE)
            if repond or personne in parts.get(attendu.pk, ()):
                lus[personne].diagnostics.append(
                    DiagnosticAttendu(
                        etablissement=attendu.etablissement,
                        annee=attendu.campagne.annee_scolaire,
                        commence=attendu.commence,
                        cloture=attendu.dernier_jour,
                        part=not repond,
                        signe=roles.peut(personne, attendu.etablissement_id, Droit.SIGNER),
                    )
                )


def _portees(lus: Mapping[int, Recapitulatif], roles: _Roles, prefixe: str = "") -> Q:
    """Published and not finished, carried by one of these people in one of their schools."""
    champs: dict[str, Any] = {
        "porteur__in": list(lus),
        "etablissement__in": roles.ecoles,
        "supprime_le__isnull": True,
        "etat__in": [e for e in Action.Etat if e != Action.Etat.BROUILLON and e not in Action.FINIES],
    }
    return Q(**{f"{prefixe}{champ}": valeur for champ, valeur in champs.items()})


def _actions(lus: Mapping[int, Recapitulatif], roles: _Roles, jour: datetime.date, fin: datetime.date) -> None:
    annee = annee_scolaire(fin)
    portees = Action.objects.filter(_portees(lus, roles), Q(annee_fin__lte=annee) | Q(echeance__lte=fin))
    dues = [a for a in portees.select_related("etablissement") if a.fin_prevue <= fin]
    for action in sorted(dues, key=lambda a: (a.fin_prevue, a.pk)):
        porteur = action.porteur_id or 0
        if roles.peut(porteur, action.etablissement_id, Droit.SUIVRE_SES_ACTIONS):
            lus[porteur].actions.append(ActionDue(action, action.en_retard(jour)))


def _releves(lus: Mapping[int, Recapitulatif], roles: _Roles, fin: datetime.date, jour: datetime.date) -> None:
    """A value that the system reads waits for nobody; one never read waits as soon as its action runs."""
    suivis = (
        IndicateurSuivi.objects.vivants()
        .filter(_portees(lus, roles, "action__"), mesure="")
        .select_related("action__etablissement")
        .annotate(dernier=Max("releves__date"))
        .order_by("pk")
    )
    for indicateur in suivis:
        action, porteur = indicateur.action, indicateur.action.porteur_id or 0
        dernier = indicateur.dernier or indicateur.depart_le
        attendu = prochain_releve(dernier, indicateur.cadence) if dernier else None
        du = attendu <= fin if attendu else action.debut_prevu <= jour
        if du and roles.peut(porteur, action.etablissement_id, Droit.SUIVRE_SES_ACTIONS):
            lus[porteur].releves.append(ReleveDu(indicateur, attendu))


def _a_ceux_qui(
    lus: Mapping[int, Recapitulatif], roles: _Roles, droit: Droit, liste: str, choses: Iterable[Any]
) -> None:
    for chose in choses:
        for personne in roles.ayant(chose.etablissement_id, droit):
            getattr(lus[personne], liste).append(chose)


def _votes(lus: Mapping[int, Recapitulatif], roles: _Roles, jour: datetime.date) -> None:
    """The meeting was held, its vote is not written."""
    actes = Deliberation.objects.filter(etablissement__in=roles.ecoles, resultat="", seance__date__lt=jour)
    lues = actes.select_related("etablissement", "seance").order_by("seance__date", "pk")
    _a_ceux_qui(lus, roles, Droit.ENREGISTRER_VOTE, "votes", lues)


def _formations(lus: Mapping[int, Recapitulatif], roles: _Roles, jour: datetime.date) -> None:
    """Answered since the first of last month."""
    depuis = (jour.replace(day=1) - datetime.timedelta(days=1)).replace(day=1)
    repondues = BesoinFormation.objects.vivants().filter(
        etablissement__in=roles.ecoles,
        etat__in=[BesoinFormation.Etat.ACCORDE, BesoinFormation.Etat.REFUSE],
        reponse_le__range=(depuis, jour),
    )
    lues = repondues.select_related("etablissement").order_by("reponse_le", "pk")
    _a_ceux_qui(lus, roles, Droit.TENIR_FORMATION, "formations", lues)


# --- In territories ------------------------------------------------------------------------------------------------
def _territoires(lus: Mapping[int, Recapitulatif], affectations: Sequence[Affectation], jour: datetime.date) -> None:
    """Each territory is read once, however many follow it."""
    faits: dict[tuple[str, type, int], tuple[list[Participation], list[DemandesDuDistrict]]] = {}
    for affectation in affectations:
        if affectation.role not in (Role.ANIMATEUR, Role.RECTORAT):
            continue
        cle = (affectation.role, type(affectation.territoire), affectation.territoire.pk)
        if cle not in faits:
            faits[cle] = (list(_participations(affectation, jour)), list(_demandes(affectation)))
        lus[affectation.utilisateur_id].participations.extend(faits[cle][0])
        lus[affectation.utilisateur_id].demandes.extend(faits[cle][1])


def _participations(affectation: Affectation, jour: datetime.date) -> Iterator[Participation]:
    """Of the campaigns in which schools of the territory still have to sign."""
    territoire: Any = affectation.territoire
    academie = affectation.academie_id or territoire.academie_id
    for campagne in ouvertes_le(academie, jour):
        suivis = _dedans(etablissements_suivis(campagne), affectation)
        comptes = suivis.order_by().values("etat_suivi").annotate(nombre=Count("pk"))
        totaux = Totaux(**{compte["etat_suivi"]: compte["nombre"] for compte in comptes})
        if totaux.ont_signe < totaux.etablissements:
            jamais = suivis.filter(etat_suivi=Diagnostic.Etat.A_COMMENCER).order_by("recherche", "uai")
            exemples = list(jamais[:EXEMPLES]) if affectation.role == Role.ANIMATEUR else []
            yield Participation(str(territoire), campagne, totaux, exemples)


def _dedans(etablissements: QuerySet[Any], affectation: Affectation) -> QuerySet[Any]:
    if affectation.academie_id:
        return etablissements
    niveau = "district" if affectation.district_id else "departement"
    return etablissements.filter(**{niveau: affectation.territoire.pk})


def ouvertes_le(academie: int, jour: datetime.date) -> list[Campagne]:
    """Those in which some school may sign on `jour`, by an extension too."""
    ouvertes = Campagne.objects.filter(academie=academie, date_ouverture__lte=jour).filter(
        Q(date_cloture__gte=jour) | Q(prolongations__date_cloture__gte=jour)
    )
    return list(ouvertes.select_related("academie", "referentiel").order_by("pk").distinct())


def _demandes(affectation: Affectation) -> Iterator[DemandesDuDistrict]:
    """Of a district, for the one who answers them."""
    district = affectation.district
    if affectation.role != Role.ANIMATEUR or district is None:
        return
    demandes = BesoinFormation.objects.vivants().filter(
        etablissement__district=district, etat=BesoinFormation.Etat.DEMANDE
    )
    if nombre := demandes.count():
        yield DemandesDuDistrict(district.pk, str(district), nombre)
