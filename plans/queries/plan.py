"""A school's plan of one year, whole: what its table, its other views, its exports and its print show.

Five reads whatever the number of actions: axes, actions, what hangs on them, indicators with their last reading, names
of people.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, NamedTuple, cast

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Value

from plans.models import Action, Axe, Contribution, FacteurReussite, IndicateurSuivi, Participation, Releve, Theme
from plans.models.action import ActionQuerySet
from plans.rules.plan import est_silencieuse
from plans.rules.tour import annee_qui_finit
from strategie.socle.domain.calendrier import annee_scolaire, annee_suivante, bornes_du_trimestre
from strategie.socle.models import Etablissement, Utilisateur
from strategie.socle.queries.preparees import preparee

RANG_DES_THEMES = {theme: rang for rang, theme in enumerate(Theme.values)}


class IndicateurLu(NamedTuple):
    """An indicator, and the last value read, if any."""

    cle: int
    action: int
    intitule: str
    unite: str
    depart: Decimal | None
    cible: Decimal | None
    cadence: str
    mesure: str
    valeur: Decimal | None
    date: datetime.date | None


class ActionLue(NamedTuple):
    """The columns of an action that the views of a plan show: three hundred of them are read in the time that Django
    takes for a hundred instances. What is computed is `Action`'s.
    """

    id: int
    version: int
    parent_id: int | None
    levier: str
    intitule: str
    porteur_id: int | None
    fonction_porteuse: str
    autres_contributeurs: str
    groupes: list[str]
    autres_concernes: str
    annee_scolaire: str
    trimestre: int | None
    annee_fin: str
    trimestre_fin: int | None
    echeance: datetime.date | None
    etat: str
    raison: str
    derniere_nouvelle: datetime.date
    modifiee_le: datetime.datetime
    etablissement_id: int
    justifiee: bool
    intitule_du_parent: str | None

    @property
    def pk(self) -> int:
        return self.id

    @property
    def publiee(self) -> bool:
        return self.etat != Action.Etat.BROUILLON.value

    @property
    def finie(self) -> bool:
        return self.etat in FINIES

    @property
    def debut_prevu(self) -> datetime.date:
        return bornes_du_trimestre(self.annee_scolaire, self.trimestre)[0]

    @property
    def fin_prevue(self) -> datetime.date:
        return self.echeance or bornes_du_trimestre(self.annee_fin, self.trimestre_fin)[1]

    def en_retard(self, jour: datetime.date) -> bool:
        return self.publiee and not self.finie and self.fin_prevue < jour

    @property
    def get_etat_display(self) -> str:
        return ETATS[self.etat]


ETATS = dict(Action.Etat.choices)
FINIES = frozenset(etat.value for etat in Action.FINIES)
COLONNES = tuple(nom for nom in ActionLue._fields if nom not in ("justifiee", "intitule_du_parent"))


@dataclass(slots=True)
class LigneDuPlan:
    """An action with all that the seed's table says of it; the axes of a sub-action are its parent's."""

    action: ActionLue
    porteur: str
    contributeurs: list[str]
    cles_contributeurs: list[int]
    axes: list[Axe]
    indicateurs: list[IndicateurLu]
    facteurs: list[str]
    justifiee: bool
    en_retard: bool
    silencieuse: bool
    parent: str
    sous_actions: list[LigneDuPlan] = field(default_factory=list)

    @property
    def qui(self) -> str:
        """The person or the function that carries it."""
        return self.porteur or self.action.fonction_porteuse

    def est_a(self, personne: int) -> bool:
        """Whether this person carries it or contributes to it."""
        return personne == self.action.porteur_id or personne in self.cles_contributeurs


@dataclass(frozen=True)
class Plan:
    """`lignes`: every action and sub-action, each once; `racines`: those that have a row of their own, a sub-action
    among them only when its action is not there.
    """

    annee: str
    axes: Sequence[Axe]
    lignes: Sequence[LigneDuPlan]
    racines: Sequence[LigneDuPlan]


def lire_plan(etablissement: Etablissement, annee: str, jour: datetime.date, *, brouillons: bool) -> Plan:
    """The plan of `annee` as it is on `jour`; without drafts for those who read what is published only."""
    axes = axes_du_plan(etablissement)
    lues = (_actions if brouillons else _actions_publiees)(etablissement=etablissement.pk, annee=annee)
    lignes = _lignes(lues, axes, jour)
    return Plan(annee, axes, lignes, emboiter(lignes))


def sans_brouillons(plan: Plan) -> Plan:
    """What is published of a plan already read."""
    lignes = [replace(ligne, sous_actions=[]) for ligne in plan.lignes if ligne.action.publiee]
    return replace(plan, lignes=lignes, racines=emboiter(lignes))


def mes_actions(etablissement: Etablissement, personne: Utilisateur, jour: datetime.date) -> list[LigneDuPlan]:
    """Those that a person carries or contributes to, whatever the year, until the end of the one they finish in."""
    siennes = Action.objects.vivants().filter(
        Q(porteur=personne) | Exists(Participation.objects.filter(action=OuterRef("pk"), utilisateur=personne)),
        ~Q(etat__in=Action.FINIES) | Q(annee_fin__gte=annee_scolaire(jour)),
        etablissement=etablissement,
    )
    return lignes_du_plan(siennes, axes_du_plan(etablissement), jour)


def axes_du_plan(etablissement: Etablissement) -> list[Axe]:
    """The school's axes of every year, by theme then as they were opened."""
    return sorted(_axes(etablissement=etablissement.pk), key=lambda axe: RANG_DES_THEMES[axe.theme])


def lignes_du_plan(actions: ActionQuerySet, axes: Sequence[Axe], jour: datetime.date) -> list[LigneDuPlan]:
    """These actions of one school with all that is said of them, in the order of the plan."""
    return _lignes(_pour_le_plan(actions), axes, jour)


def _lignes(colonnes: Iterable[tuple[Any, ...]], axes: Sequence[Axe], jour: datetime.date) -> list[LigneDuPlan]:
    lues = [ActionLue._make(valeurs) for valeurs in colonnes]
    if not lues:
        return []
    attaches, indicateurs = _attaches_par_action(lues), _indicateurs_par_action(lues)
    participants = attaches[CONTRIBUTEUR]
    noms = _noms({cle for lue in lues for cle in (lue.porteur_id, *participants[lue.id]) if cle})
    rangs = {axe.pk: rang for rang, axe in enumerate(axes)}

    def ligne(lue: ActionLue) -> LigneDuPlan:
        contributeurs = participants[lue.id]
        servis = sorted(rangs[cle] for cle in attaches[AXE][lue.parent_id or lue.id] if cle in rangs)
        return LigneDuPlan(
            action=lue,
            porteur=noms[lue.porteur_id] if lue.porteur_id else "",
            contributeurs=[noms[cle] for cle in contributeurs],
            cles_contributeurs=contributeurs,
            axes=[axes[rang] for rang in servis],
            indicateurs=indicateurs[lue.id],
            facteurs=attaches[FACTEUR][lue.id],
            justifiee=lue.justifiee,
            en_retard=lue.en_retard(jour),
            silencieuse=est_silencieuse(lue, jour),
            parent=lue.intitule_du_parent or "",
        )

    return [ligne(lue) for lue in lues]


def emboiter(lignes: Sequence[LigneDuPlan]) -> list[LigneDuPlan]:
    """Puts each sub-action in its action's; gives back those that are in none."""
    par_cle = {ligne.action.id: ligne for ligne in lignes}
    racines: list[LigneDuPlan] = []
    for ligne in lignes:
        mere = par_cle.get(ligne.action.parent_id) if ligne.action.parent_id else None
        (mere.sous_actions if mere else racines).append(ligne)
    return racines


@dataclass(frozen=True)
class Etendue:
    """The school years that have actions, newest first; how many are to be decided at the year's turn."""

    annees: Sequence[str]
    a_tourner: int


def etendue_du_plan(etablissement: Etablissement, jour: datetime.date, *, brouillons: bool) -> Etendue:
    lire = _etendue if brouillons else _etendue_publiee
    lue = lire(etablissement=etablissement.pk, annee=annee_qui_finit(jour))
    if not lue:
        return Etendue((), 0)
    [(annee, derniere, a_tourner)] = lue
    annees = [annee]
    while annees[-1] < derniere:
        annees.append(annee_suivante(annees[-1]))
    return Etendue(annees[::-1], a_tourner)


def a_decider(annee: str) -> Q:
    """Neither done nor given up, although it was to end by that school year."""
    return ~Q(etat__in=Action.FINIES) & Q(annee_fin__lte=annee)


# --- The reads that every view of the plan makes: their SQL is written once a process ---------------------------
AXE, CONTRIBUTEUR, FACTEUR = "axe", "contributeur", "facteur"
Attaches = dict[str, dict[int, list[Any]]]


@preparee
def _axes(etablissement: int) -> QuerySet[Axe]:
    return Axe.objects.vivants().filter(etablissement=etablissement).order_by("cree_le", "pk")


@preparee
def _actions(etablissement: int, annee: str) -> QuerySet[Action, tuple[Any, ...]]:
    return _pour_le_plan(_vivantes(etablissement).de_l_annee(annee))


@preparee
def _actions_publiees(etablissement: int, annee: str) -> QuerySet[Action, tuple[Any, ...]]:
    return _pour_le_plan(_vivantes(etablissement).de_l_annee(annee).publiees())


@preparee
def _etendue(etablissement: int, annee: str) -> QuerySet[Action, Any]:
    return _bornes(_vivantes(etablissement), annee)


@preparee
def _etendue_publiee(etablissement: int, annee: str) -> QuerySet[Action, Any]:
    return _bornes(_vivantes(etablissement).publiees(), annee)


@preparee
def _attaches(etablissement: int) -> QuerySet[Any, tuple[str, int, int, str, int]]:
    """By kind: keys of axes, keys of contributors, texts of factors; one statement, each in its order."""
    bras = (
        Contribution.objects.values_list(Value(AXE), "action", F("axe"), Value(""), "pk"),
        Participation.objects.values_list(Value(CONTRIBUTEUR), "action", F("utilisateur"), Value(""), "pk"),
        FacteurReussite.objects.values_list(Value(FACTEUR), "action", Value(0), "texte", "pk"),
    )
    premier, *autres = (un.filter(action__etablissement=etablissement).order_by() for un in bras)
    return premier.union(*autres, all=True).order_by("pk")


@preparee
def _indicateurs(etablissement: int, premiere: str, derniere: str) -> QuerySet[IndicateurSuivi, tuple[Any, ...]]:
    """Those of the actions that these years hold: hundreds of keys would cost more to send than a few rows more."""
    releves = Releve.objects.filter(indicateur=OuterRef("pk")).order_by("-date")[:1]
    suivis = IndicateurSuivi.objects.vivants().filter(
        action__etablissement=etablissement, action__annee_fin__gte=premiere, action__annee_scolaire__lte=derniere
    )
    return suivis.values_list(
        *("pk", "action", "intitule", "unite", "depart", "cible", "cadence", "mesure"),
        Subquery(releves.values("valeur")),
        Subquery(releves.values("date")),
    )


def _vivantes(etablissement: int) -> ActionQuerySet:
    return Action.objects.vivants().filter(etablissement=etablissement)


def _pour_le_plan(actions: ActionQuerySet) -> QuerySet[Action, tuple[Any, ...]]:
    """As `ActionLue` has them."""
    return actions.avec_justification().values_list(*COLONNES, "justifiee", F("parent__intitule"))


def _bornes(actions: ActionQuerySet, annee: str) -> QuerySet[Action, Any]:
    """The first year, the last one, and how many actions wait for the turn of `annee`."""
    comptees = (
        actions.order_by()
        .values("etablissement")
        .annotate(
            premiere=Min("annee_scolaire"),
            derniere=Max("annee_fin"),
            a_tourner=Count("pk", filter=a_decider(annee)),
        )
    )
    return cast("QuerySet[Action, Any]", comptees.values_list("premiere", "derniere", "a_tourner"))


def _attaches_par_action(lues: Sequence[ActionLue]) -> Attaches:
    par_sorte: Attaches = {sorte: defaultdict(list) for sorte in (AXE, CONTRIBUTEUR, FACTEUR)}
    for sorte, action, cle, texte, _ in _attaches(etablissement=lues[0].etablissement_id):
        par_sorte[sorte][action].append(texte if sorte == FACTEUR else cle)
    return par_sorte


def _indicateurs_par_action(lues: Sequence[ActionLue]) -> dict[int, list[IndicateurLu]]:
    lus = _indicateurs(
        etablissement=lues[0].etablissement_id,
        premiere=min(lue.annee_fin for lue in lues),
        derniere=max(lue.annee_scolaire for lue in lues),
    )
    par_action: dict[int, list[IndicateurLu]] = defaultdict(list)
    for indicateur in map(IndicateurLu._make, lus):
        par_action[indicateur.action].append(indicateur)
    return par_action


def _noms(cles: set[int]) -> dict[int, str]:
    personnes = Utilisateur.objects.filter(pk__in=cles).order_by("pk")
    return {
        cle: f"{prenom} {nom}".strip() or email
        for cle, prenom, nom, email in personnes.values_list("pk", "first_name", "last_name", "email")
    }
