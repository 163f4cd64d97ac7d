"""Filters of a plan that are links: what is chosen is in the address, composes, is counted, and is taken away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from plans.models import Action, Theme
from plans.queries.completude import FILTRES
from plans.queries.plan import ActionLue, LigneDuPlan, Plan
from plans.rules.plan import TERMES, terme

TRIMESTRES = {"1": "1er\u00a0trimestre", "2": "2e\u00a0trimestre", "3": "3e\u00a0trimestre"}
# What a plan lacks or lets go, as `queries.completude` counts it: each is a filter that is on, or off.
REPERES = {
    "en_retard": "En retard",
    "silencieuses": "Sans nouvelle depuis 90\u00a0jours",
    "sans_porteur": "Sans porteur",
    "sans_indicateur": "Sans indicateur",
    "a_justifier": "À justifier par un besoin",
}
REPERES_PUBLICS = ("en_retard",)
GROUPES = {
    "etat": "État",
    "theme": "Thème",
    "levier": "Moyen",
    "porteur": "Porteur",
    "trimestre": "Trimestre",
    "terme": "Durée",
    "repere": "À regarder",
}
LIBELLES: dict[str, Mapping[str, str]] = {
    "etat": dict(Action.Etat.choices),
    "theme": dict(Theme.choices),
    "levier": dict(Action.Levier.choices),
    "trimestre": TRIMESTRES,
    "terme": TERMES,
    **{repere: {"1": libelle} for repere, libelle in REPERES.items()},
}
Facettes = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Lien:
    """A filter to set, or (`actif`) to take away; `nombre`: the actions that it would show."""

    libelle: str
    nombre: int
    adresse: str
    actif: bool


@dataclass(frozen=True)
class GroupeDeLiens:
    libelle: str
    liens: Sequence[Lien]


@dataclass(frozen=True)
class Selection:
    """The actions that answer to every filter chosen, and the links to other choices."""

    plan: Plan
    choisis: Mapping[str, str]
    lignes: Sequence[LigneDuPlan]
    groupes: Sequence[GroupeDeLiens]
    actifs: Sequence[Lien]
    adresse_nue: str

    @property
    def racines(self) -> list[LigneDuPlan]:
        """The rows to show: an action whose sub-action answers is shown with it."""
        retenues = {id(ligne) for ligne in self.lignes}
        return [
            racine
            for racine in self.plan.racines
            if id(racine) in retenues or any(id(sous) in retenues for sous in racine.sous_actions)
        ]


@dataclass(frozen=True)
class Bilan:
    """« 12 actions, dont 3 sous-actions : 5 en cours, 2 en retard, 3 réalisées », then « 4 sans porteur… »: each part
    is a filter.
    """

    actions: int
    sous_actions: int
    parts: Sequence[tuple[str, str]]
    rappels: Sequence[tuple[str, str]]


PARTS = (
    ("etat", "en_cours", "en\u00a0cours", "en\u00a0cours"),
    ("en_retard", "1", "en\u00a0retard", "en\u00a0retard"),
    ("etat", "bloquee", "bloquée", "bloquées"),
    ("etat", "en_pause", "en\u00a0pause", "en\u00a0pause"),
    ("etat", "a_venir", "à\u00a0venir", "à\u00a0venir"),
    ("etat", "realisee", "réalisée", "réalisées"),
    ("etat", "abandonnee", "abandonnée", "abandonnées"),
    ("etat", "brouillon", "en\u00a0brouillon", "en\u00a0brouillon"),
)


def bilan(plan: Plan, chemin: str, *, entier: bool) -> Bilan:
    """`chemin`: the address of the plan's table; what the plan lacks is said to those who read it whole."""
    nombres = Counter(("etat", ligne.action.etat) for ligne in plan.lignes)
    nombres["en_retard", "1"] = sum(ligne.en_retard for ligne in plan.lignes)
    parts = [
        (f"{nombre}\u00a0{un if nombre == 1 else plusieurs}", _adresse(chemin, {"annee": plan.annee, nom: valeur}))
        for nom, valeur, un, plusieurs in PARTS
        if (nombre := nombres[nom, valeur])
    ]
    manques = Counter(repere for ligne in plan.lignes for repere, vrai in _reperes(ligne).items() if vrai)
    rappels = [
        (f"{manques[filtre]}\u00a0{libelle}", _adresse(chemin, {"annee": plan.annee, filtre: "1"}))
        for filtre, libelle in FILTRES.items()
        if entier and filtre != "en_retard" and manques[filtre]
    ]
    sous_actions = sum(ligne.action.parent_id is not None for ligne in plan.lignes)
    return Bilan(len(plan.lignes), sous_actions, parts, rappels)


def choisir(plan: Plan, donnees: QueryDict, chemin: str, *, entier: bool) -> Selection:
    """`entier`: the reader sees the whole plan, and what it lacks. What is not a filter of this plan is left aside."""
    reperes = tuple(REPERES) if entier else REPERES_PUBLICS
    facettes = [_facettes(ligne, plan.annee, reperes) for ligne in plan.lignes]
    porteurs = _porteurs(plan.lignes)
    libelles = {**LIBELLES, "porteur": porteurs}
    noms = [*(nom for nom in GROUPES if nom != "repere"), *reperes]
    choisis = {nom: valeur for nom in noms if (valeur := donnees.get(nom, "")) in libelles[nom]}
    nombres, retenues = _compter(facettes, choisis)
    annee = {"annee": plan.annee} if "annee" in donnees else {}

    def lien(nom: str, valeur: str) -> Lien:
        actif = choisis.get(nom) == valeur
        autres = {cle: v for cle, v in choisis.items() if cle != nom} | ({} if actif else {nom: valeur})
        return Lien(libelles[nom][valeur], nombres[nom, valeur], _adresse(chemin, annee | autres), actif)

    par_nom = {nom: [lien(nom, v) for v in libelles[nom] if nombres[nom, v] or choisis.get(nom) == v] for nom in noms}
    par_nom["repere"] = [trouve for repere in reperes for trouve in par_nom[repere]]
    return Selection(
        plan=plan,
        choisis=choisis,
        lignes=[ligne for ligne, gardee in zip(plan.lignes, retenues, strict=True) if gardee],
        groupes=[GroupeDeLiens(libelle, par_nom[nom]) for nom, libelle in GROUPES.items() if par_nom[nom]],
        actifs=[lien(nom, valeur) for nom, valeur in choisis.items()],
        adresse_nue=_adresse(chemin, annee),
    )


def _adresse(chemin: str, choix: Mapping[str, str]) -> str:
    return f"{chemin}?{urlencode(choix)}" if choix else chemin


def _facettes(ligne: LigneDuPlan, annee: str, reperes: Sequence[str]) -> Facettes:
    action, vrais = ligne.action, _reperes(ligne)
    return {
        "etat": (action.etat,),
        "theme": tuple({axe.theme for axe in ligne.axes}),
        "levier": (action.levier,),
        "porteur": (_porteur(ligne),) if ligne.qui else (),
        "terme": (terme(action.annee_scolaire, action.annee_fin),),
        "trimestre": tuple(_trimestres(action, annee)),
        **{repere: ("1",) if vrais[repere] else () for repere in reperes},
    }


def _reperes(ligne: LigneDuPlan) -> dict[str, bool]:
    action = ligne.action
    return {
        "en_retard": ligne.en_retard,
        "silencieuses": ligne.silencieuse,
        "sans_porteur": not action.finie and not ligne.qui,
        "sans_indicateur": not action.finie and not ligne.indicateurs and action.parent_id is None,
        "a_justifier": action.publiee and not action.finie and not ligne.justifiee,
    }


def _trimestres(action: ActionLue, annee: str) -> Iterator[str]:
    """Those of the year during which it goes on."""
    debut = (action.trimestre or 1) if action.annee_scolaire == annee else 1
    fin = (action.trimestre_fin or 3) if action.annee_fin == annee else 3
    return (str(rang) for rang in range(debut, fin + 1))


def _porteur(ligne: LigneDuPlan) -> str:
    return str(ligne.action.porteur_id or ligne.action.fonction_porteuse)


def _porteurs(lignes: Sequence[LigneDuPlan]) -> dict[str, str]:
    return dict(sorted(((_porteur(ligne), ligne.qui) for ligne in lignes if ligne.qui), key=lambda couple: couple[1]))


def _compter(facettes: Sequence[Facettes], choisis: Mapping[str, str]) -> tuple[Counter[tuple[str, str]], list[bool]]:
    """How many actions each choice would show, the other choices kept; and which ones are shown now.

    An action that answers to every choice but one counts for the other values of that one only.
    """
    nombres: Counter[tuple[str, str]] = Counter()
    retenues = []
    for facette in facettes:
        manques = [nom for nom, valeur in choisis.items() if valeur not in facette[nom]]
        retenues.append(not manques)
        if not manques:
            nombres.update((nom, valeur) for nom, valeurs in facette.items() for valeur in valeurs)
        elif len(manques) == 1:
            nombres.update((manques[0], valeur) for valeur in facette[manques[0]])
    return nombres, retenues
