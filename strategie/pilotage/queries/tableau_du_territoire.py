"""What a territory's dashboard says: its summary rows, read at once, then put in order without any further query."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from budget.domain.cycle import HORIZON, pour_cent_eleves
from budget.models import CapaciteFormateurs, Categorie
from diagnostic.models import Campagne, Indicateur
from diagnostic.queries.questionnaire import Questionnaire, questionnaire
from plans.models import Action
from strategie.pilotage.models import Niveau, SyntheseEtablissement, SyntheseTerritoire
from strategie.pilotage.queries.territoires import Territoire, districts_du_departement
from strategie.pilotage.rules.soustraction import (
    Croisements,
    departements_montrables,
    districts_montrables,
    ensemble_montrable,
)
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.droits import Droit
from strategie.socle.models import Academie, Departement, District
from strategie.socle.queries.preparees import preparee

# Under so many schools that have signed, a distribution would describe schools rather than a territory.
SEUIL_DES_REPARTITIONS = 8
SEUIL_DES_BUDGETS = 5
ACADEMIES_MINIMUM = 3
SANS_DISTRICT = 0  # among the keys of districts
MANQUES_MONTRES = 10
PALIERS = (0, 1, 2, 3)
ANNEES_D_ACHAT = 10
AVANT, INCONNUE = "avant", "inconnue"
SECTIONS = ("investissement", "fonctionnement")
DIAGNOSTICS = ("a_commencer", "brouillon", "signe")

Mesures = Mapping[str, int]


@dataclass(frozen=True)
class Participation:
    a_commencer: int = 0
    brouillon: int = 0
    signe: int = 0

    @property
    def attendus(self) -> int:
        return self.a_commencer + self.brouillon + self.signe


@dataclass(frozen=True)
class ChampDuTerritoire:
    """Schools that have signed, by palier reached (0 to 3) and by what has changed since the year before."""

    code: str
    libelle: str
    effectifs: tuple[int, ...]
    hausse: int
    stable: int
    baisse: int

    @property
    def signes(self) -> int:
        return sum(self.effectifs)

    @property
    def compares(self) -> int:
        return self.hausse + self.stable + self.baisse


@dataclass(frozen=True)
class Manque:
    """A condition of the next palier that `nombre` schools miss."""

    code: str
    enonce: str
    champ: str
    palier: int | None
    nombre: int


@dataclass(frozen=True)
class Formation:
    """Minutes, all of them; `capacite` is None when no district has said its hours, `muets` how many have not."""

    besoins: int
    personnes: int
    minutes: int
    demandees: int
    accordees: int
    capacite: int | None
    muets: int

    @property
    def restantes(self) -> int | None:
        return None if self.capacite is None else self.capacite - self.accordees


@dataclass(frozen=True)
class FinDeVie:
    """Things whose planned life ends in a civil year (None: nobody knows), and cents for those that have a price."""

    annee: int | None
    nombre: int
    centimes: int
    sans_prix: int


@dataclass(frozen=True)
class Parc:
    """`achats`: terminals by year of purchase, oldest last (a year, « avant » the oldest shown, unknown)."""

    total: int
    terminaux: int
    pour_eleves: int
    eleves: int
    ecoles_connues: int
    ecoles: int
    categories: tuple[tuple[str, str, int], ...]
    achats: tuple[tuple[str, str, int], ...]
    depassees: FinDeVie
    fins: tuple[FinDeVie, ...]
    inconnues: FinDeVie

    @property
    def pour_cent_eleves(self) -> Decimal | None:
        """Terminals for pupils per 100 pupils, over the schools whose headcount is known."""
        return pour_cent_eleves(self.pour_eleves, self.eleves)


@dataclass(frozen=True)
class Argent:
    """Cents of one exercice: planned, engaged, paid, by section; `ecoles`: schools that have lines. Without any amount
    where they are too few, a sum would be theirs, or where `par_soustraction` it would give that of too few.
    """

    exercice: int
    ecoles: int
    sections: tuple[tuple[str, tuple[int, int, int]], ...]
    par_soustraction: bool = False


@dataclass(frozen=True)
class Actions:
    par_etat: tuple[tuple[str, str, int], ...]
    en_retard: int

    @property
    def total(self) -> int:
        return sum(nombre for _, _, nombre in self.par_etat)


@dataclass(frozen=True)
class Partie:
    """A territory inside this one."""

    niveau: str
    cle: int
    nom: str
    participation: Participation


@dataclass(frozen=True)
class Tableau:
    """`annees`: the school years that had a campaign, newest first; `campagne`: that of `annee`, where there is one.

    A block that the reader may not read, or that has nothing to say, is None; `tus`: those of the nation that fewer
    than three académies have figures for.
    """

    territoire: Territoire
    annee: str
    annees: tuple[str, ...]
    jour: datetime.date
    campagne: Campagne | None
    ecoles: int
    participation: Participation | None
    champs: tuple[ChampDuTerritoire, ...]
    manques: tuple[Manque, ...]
    formation: Formation | None
    parc: Parc | None
    argent: tuple[Argent, ...]
    actions: Actions | None
    tus: frozenset[str]
    parties: tuple[Partie, ...]

    @property
    def signes(self) -> int:
        return self.participation.signe if self.participation else 0

    @property
    def blocs_lisibles(self) -> bool:
        """Whether there is anything at all to read."""
        parc, actions = self.parc, self.actions
        return bool(self.ecoles or self.participation or (actions and actions.total) or (parc and parc.total))


# --- Reading -------------------------------------------------------------------------------------------------------
@preparee
def _mesures(niveau: str, cle: int, annee: str) -> QuerySet[SyntheseTerritoire, tuple[str, int]]:
    """The index alone answers."""
    lus = SyntheseTerritoire.objects.filter(niveau=niveau, cle=cle)
    return lus.filter(Q(annee_scolaire="") | Q(annee_scolaire=annee)).values_list("mesure", "valeur")


def lire_tableau(territoire: Territoire, annee_voulue: str, jour: datetime.date) -> Tableau:
    """`annee_voulue`: a year that had a campaign; else the current year, or the last that had one."""
    campagnes = _campagnes(territoire)
    annees = tuple(dict.fromkeys(campagne.annee_scolaire for campagne in campagnes))
    annee = choisir_l_annee(annee_voulue, annees, jour)
    lues = _mesures(niveau=territoire.niveau, cle=territoire.cle, annee=annee)
    mesures: Mesures = dict(cast("Iterable[tuple[str, int]]", lues))
    campagne = next((c for c in campagnes if c.annee_scolaire == annee), None)
    return Tableau(
        territoire=territoire,
        annee=annee,
        annees=annees,
        jour=jour,
        campagne=campagne if territoire.detaille else None,
        **_blocs(territoire, annee, campagne, mesures, jour),
        parties=_parties(territoire, annee),
    )


def choisir_l_annee(voulue: str, annees: Sequence[str], jour: datetime.date) -> str:
    courante = annee_scolaire(jour)
    if voulue in annees:
        return voulue
    return courante if courante in annees or not annees else annees[0]


def annee_lue(
    territoire: Territoire, voulue: str, jour: datetime.date
) -> tuple[str, tuple[str, ...], Questionnaire | None]:
    """The year that a page of the territory reads, those that it may, and the référentiel of that year's campaign."""
    campagnes = _campagnes(territoire)
    annees = tuple(dict.fromkeys(campagne.annee_scolaire for campagne in campagnes))
    annee = choisir_l_annee(voulue, annees, jour)
    campagne = next((c for c in campagnes if c.annee_scolaire == annee), None)
    return annee, annees, questionnaire(campagne.referentiel) if campagne else None


def _campagnes(territoire: Territoire) -> list[Campagne]:
    """Newest first; of the nation, one a year: its référentiel says the words."""
    if Droit.LIRE_TABLEAUX not in territoire.droits:
        return []
    if territoire.academie:
        return _campagnes_de(academie=territoire.academie.pk)
    toutes: QuerySet[Campagne] = Campagne.objects.select_related("referentiel")
    return list(toutes.distinct("annee_scolaire").order_by("-annee_scolaire", "-referentiel__version", "pk"))


@preparee
def _campagnes_de(academie: int) -> QuerySet[Campagne]:
    return Campagne.objects.select_related("referentiel").filter(academie=academie)


def _capacite(territoire: Territoire, annee: str) -> tuple[int | None, int]:
    """Minutes of the trainers of the districts inside, and how many of these districts have said nothing."""
    districts = _districts_de(territoire)
    if districts is None:
        return None, 0
    dites = CapaciteFormateurs.objects.filter(district=OuterRef("pk"), annee_scolaire=annee).values("heures")
    lues: dict[str, Any] = districts.annotate(dites=Subquery(dites)).aggregate(
        heures=Sum("dites"),
        muets=Count("pk", filter=Q(dites__isnull=True)),
        academies=Count("academie", filter=Q(dites__isnull=False), distinct=True),
    )
    tue = territoire.niveau == Niveau.NATION and lues["academies"] < ACADEMIES_MINIMUM
    return (None if lues["heures"] is None or tue else int(lues["heures"] * 60)), lues["muets"]


def _districts_de(territoire: Territoire) -> QuerySet[District] | None:
    """Those whose trainers serve this territory and no other."""
    match territoire.niveau:
        case Niveau.DISTRICT:
            return District.objects.filter(pk=territoire.cle)
        case Niveau.ACADEMIE:
            return District.objects.filter(academie=territoire.cle)
        case Niveau.DEPARTEMENT:
            return districts_du_departement(territoire.cle)
        case Niveau.NATION:
            return District.objects.all()
        case _:
            return None


def _parties(territoire: Territoire, annee: str) -> tuple[Partie, ...]:
    """By name, never by result; none of the nation."""
    if territoire.niveau != Niveau.ACADEMIE or Droit.LIRE_TABLEAUX not in territoire.droits:
        return ()
    noms: list[tuple[str, int, str]] = [
        (Niveau.DISTRICT, district.pk, district.nom) for district in District.objects.filter(academie=territoire.cle)
    ]
    noms += [(Niveau.DEPARTEMENT, d.pk, str(d)) for d in Departement.objects.filter(academie=territoire.cle)]
    par_niveau: dict[str, list[int]] = defaultdict(list)
    for niveau, cle, _ in noms:
        par_niveau[niveau].append(cle)
    choix = Q(niveau=Niveau.SANS_DISTRICT, cle=territoire.cle)
    for niveau, cles in par_niveau.items():
        choix |= Q(niveau=niveau, cle__in=cles)
    lues: dict[tuple[str, int], dict[str, int]] = defaultdict(dict)
    mesures = [f"diagnostic.{etat}" for etat in DIAGNOSTICS]
    lignes = SyntheseTerritoire.objects.filter(choix, annee_scolaire=annee, mesure__in=mesures)
    for niveau, cle, mesure, valeur in lignes.values_list("niveau", "cle", "mesure", "valeur"):
        lues[niveau, cle][mesure] = valeur
    if (Niveau.SANS_DISTRICT, territoire.cle) in lues:
        noms.append((Niveau.SANS_DISTRICT, territoire.cle, "Sans district"))
    return tuple(Partie(n, cle, nom, _participation(lues[n, cle])) for n, cle, nom in noms)


# --- From measures to blocks ---------------------------------------------------------------------------------------
# What the nation's figures are made of, by block: nothing of one of them is shown under three académies.
FAMILLES: Mapping[str, tuple[str, ...]] = {
    "ecoles": ("etablissements",),
    "diagnostic": ("diagnostic.",),
    "paliers": ("diagnostic.signe",),
    "evolution": ("hausse.", "stable.", "baisse."),
    "formation": ("formation.",),
    "parc": ("parc.",),
    "argent": ("budget.",),
    "actions": ("actions.",),
}


def _blocs(
    territoire: Territoire, annee: str, campagne: Campagne | None, mesures: Mesures, jour: datetime.date
) -> dict[str, Any]:
    """What the reader may read, and what enough académies have figures for."""
    tus = _tus(annee, mesures) if territoire.niveau == Niveau.NATION else frozenset()
    lit = Droit.LIRE_TABLEAUX in territoire.droits
    questions = questionnaire(campagne.referentiel) if campagne else None

    def montre(famille: str) -> bool:
        return lit and famille not in tus

    participation = _participation(mesures)
    return {
        "ecoles": 0 if "ecoles" in tus else mesures.get("etablissements", 0),
        "participation": participation if montre("diagnostic") and participation.attendus else None,
        "champs": _champs(mesures, questions, evolution=montre("evolution")) if montre("paliers") else (),
        "manques": _manques(mesures, questions) if montre("paliers") else (),
        "formation": _formation(territoire, annee, mesures) if montre("formation") else None,
        "parc": None if "parc" in tus else _parc(mesures, jour),
        "argent": _argent(territoire, mesures, jour) if _lit_l_argent(territoire) and montre("argent") else (),
        "actions": _actions(mesures, jour) if montre("actions") else None,
        "tus": tus,
    }


def _lit_l_argent(territoire: Territoire) -> bool:
    return Droit.LIRE_BUDGETS_ADDITIONNES in territoire.droits


def _tus(annee: str, mesures: Mesures) -> frozenset[str]:
    """The families of the nation's figures that fewer than three académies make."""
    siennes = {f: [m for m in mesures if m.startswith(debuts)] for f, debuts in FAMILLES.items()}
    lignes = SyntheseTerritoire.objects.filter(
        niveau=Niveau.ACADEMIE, cle__in=Academie.objects.values("pk"), annee_scolaire__in=["", annee]
    )
    comptes = lignes.aggregate(
        **{f: Count("cle", filter=Q(mesure__in=mesures_), distinct=True) for f, mesures_ in siennes.items()}
    )
    tus = {famille for famille, academies in comptes.items() if academies < ACADEMIES_MINIMUM}
    signes = _effectifs_des_academies(annee, ["diagnostic.signe"])["diagnostic.signe"]
    if not ensemble_montrable(signes, SEUIL_DES_REPARTITIONS):
        tus |= {"paliers", "evolution"}
    return frozenset(tus)


def _participation(mesures: Mesures) -> Participation:
    return Participation(**{etat: mesures.get(f"diagnostic.{etat}", 0) for etat in DIAGNOSTICS})


def _champs(mesures: Mesures, questions: Questionnaire | None, *, evolution: bool) -> tuple[ChampDuTerritoire, ...]:
    def change(sens: str, code: str) -> int:
        return mesures.get(f"{sens}.{code}", 0) if evolution else 0

    return tuple(
        ChampDuTerritoire(
            code=champ.code,
            libelle=champ.libelle,
            effectifs=tuple(mesures.get(f"champ.{champ.code}.{palier}", 0) for palier in PALIERS),
            hausse=change("hausse", champ.code),
            stable=change("stable", champ.code),
            baisse=change("baisse", champ.code),
        )
        for champ, _ in (questions.champs if questions else ())
    )


def _manques(mesures: Mesures, questions: Questionnaire | None) -> tuple[Manque, ...]:
    """The most frequent first, then in the order of the référentiel."""
    connus = questions.par_code if questions else {}
    rangs = {code: rang for rang, code in enumerate(connus)}
    lus = [(mesure.removeprefix("manque."), n) for mesure, n in mesures.items() if mesure.startswith("manque.")]
    lus.sort(key=lambda lu: (-lu[1], rangs.get(lu[0], len(rangs)), lu[0]))
    return tuple(_manque(code, nombre, connus.get(code)) for code, nombre in lus)


def _manque(code: str, nombre: int, indicateur: Indicateur | None) -> Manque:
    """A code of another version of the référentiel stays without its words."""
    if indicateur is None:
        return Manque(code, "", "", None, nombre)
    return Manque(code, indicateur.enonce, indicateur.champ.libelle, indicateur.palier, nombre)


def _formation(territoire: Territoire, annee: str, mesures: Mesures) -> Formation:
    capacite, muets = _capacite(territoire, annee)
    return Formation(
        besoins=mesures.get("formation.besoins", 0),
        personnes=mesures.get("formation.effectif", 0),
        minutes=mesures.get("formation.minutes", 0),
        demandees=mesures.get("formation.formateurs_demandes", 0),
        accordees=mesures.get("formation.formateurs_accordes", 0),
        capacite=capacite,
        muets=muets,
    )


def _parc(mesures: Mesures, jour: datetime.date) -> Parc:
    """Years are civil ones: those of budgets."""
    categories = [(str(c.value), str(c.label), mesures.get(f"parc.{c.value}", 0)) for c in Categorie]
    return Parc(
        total=sum(nombre for _, _, nombre in categories),
        terminaux=mesures.get("parc.terminaux", 0),
        pour_eleves=mesures.get("parc.pour_eleves", 0),
        eleves=mesures.get("eleves", 0),
        ecoles_connues=mesures.get("eleves.connus", 0),
        ecoles=mesures.get("etablissements", 0),
        categories=tuple(categorie for categorie in categories if categorie[2]),
        achats=_achats(mesures, jour.year),
        depassees=_fin(mesures, None, [str(an) for an in _annees(mesures, "parc.fin.") if an < jour.year]),
        fins=tuple(_fin(mesures, an, [str(an)]) for an in range(jour.year, jour.year + HORIZON)),
        inconnues=_fin(mesures, None, [INCONNUE]),
    )


def _annees(mesures: Mesures, debut: str) -> list[int]:
    suites = (mesure.removeprefix(debut) for mesure in mesures if mesure.startswith(debut))
    return sorted(int(suite) for suite in suites if suite.isdecimal())


def _achats(mesures: Mesures, cette_annee: int) -> tuple[tuple[str, str, int], ...]:
    """By year of purchase, the newest first; what is older is one line, as what nobody dated."""
    premiere = cette_annee - ANNEES_D_ACHAT + 1
    lus = [(str(an), str(an), mesures.get(f"parc.achat.{an}", 0)) for an in range(cette_annee, premiere - 1, -1)]
    avant = sum(mesures[f"parc.achat.{an}"] for an in _annees(mesures, "parc.achat.") if an < premiere)
    inconnus = mesures.get(f"parc.achat.{INCONNUE}", 0)
    return (*lus, (AVANT, f"Avant {premiere}", avant), (INCONNUE, "Sans date", inconnus))


def _fin(mesures: Mesures, annee: int | None, suites: Sequence[str]) -> FinDeVie:
    def somme(sorte: str) -> int:
        return sum(mesures.get(f"parc.{sorte}.{suite}", 0) for suite in suites)

    return FinDeVie(annee, somme("fin"), somme("fin_cout"), somme("fin_sans_prix"))


def _argent(territoire: Territoire, mesures: Mesures, jour: datetime.date) -> tuple[Argent, ...]:
    """This exercice, the next and the last, where there are lines; the newest first."""
    ecoles = {annee: mesures.get(_ecoles_de(annee), 0) for annee in (jour.year + 1, jour.year, jour.year - 1)}
    assez = [exercice for exercice, nombre in ecoles.items() if nombre >= SEUIL_DES_BUDGETS]
    montres = _exercices_montrables(territoire, assez)
    return tuple(
        Argent(
            exercice,
            nombre,
            sections=_sections(mesures, exercice) if exercice in montres else (),
            par_soustraction=exercice in assez and exercice not in montres,
        )
        for exercice, nombre in ecoles.items()
        if nombre
    )


def _ecoles_de(exercice: int) -> str:
    """The measure that counts the schools with lines."""
    return f"budget.{exercice}.etablissements"


def _sections(mesures: Mesures, exercice: int) -> tuple[tuple[str, tuple[int, int, int]], ...]:
    def montants(section: str) -> tuple[int, int, int]:
        prevu, engage, paye = (mesures.get(f"budget.{exercice}.{section}.{s}", 0) for s in ("prevu", "engage", "paye"))
        return prevu, engage, paye

    return tuple((section, montants(section)) for section in SECTIONS)


def _exercices_montrables(territoire: Territoire, exercices: Sequence[int]) -> frozenset[int]:
    """Those of which no subtraction, with what other territories show, gives the total of too few schools."""
    if not exercices or territoire.niveau == Niveau.ACADEMIE:
        return frozenset(exercices)
    if territoire.niveau == Niveau.NATION:
        par_academie = _effectifs_des_academies("", [_ecoles_de(exercice) for exercice in exercices])
        return frozenset(
            exercice
            for exercice in exercices
            if ensemble_montrable(par_academie[_ecoles_de(exercice)], SEUIL_DES_BUDGETS)
        )
    if territoire.niveau == Niveau.DEPARTEMENT:
        croisements = _croisements(territoire, exercices)
        return frozenset(
            e for e in exercices if territoire.cle in departements_montrables(croisements[e], SEUIL_DES_BUDGETS)
        )
    effectifs = _effectifs_des_districts(territoire, exercices)
    cle = SANS_DISTRICT if territoire.niveau == Niveau.SANS_DISTRICT else territoire.cle
    return frozenset(e for e in exercices if cle in districts_montrables(effectifs[e], SEUIL_DES_BUDGETS))


def _effectifs_des_academies(annee: str, mesures: Sequence[str]) -> Mapping[str, Mapping[int, int]]:
    """Of each measure, how much each académie has."""
    lus: dict[str, dict[int, int]] = {mesure: {} for mesure in mesures}
    lignes = SyntheseTerritoire.objects.filter(niveau=Niveau.ACADEMIE, annee_scolaire=annee, mesure__in=mesures)
    for cle, mesure, valeur in lignes.values_list("cle", "mesure", "valeur"):
        lus[mesure][cle] = valeur
    return lus


def _effectifs_des_districts(territoire: Territoire, exercices: Sequence[int]) -> Mapping[int, Mapping[int, int]]:
    """Of each exercice, the schools of each district of the académie that have lines."""
    academie = cast("Academie", territoire.academie)
    mesures = {_ecoles_de(exercice): exercice for exercice in exercices}
    comptes = SyntheseTerritoire.objects.filter(annee_scolaire="", mesure__in=mesures)
    districts = comptes.filter(niveau=Niveau.DISTRICT, cle__in=District.objects.filter(academie=academie).values("pk"))
    lignes = districts.union(comptes.filter(niveau=Niveau.SANS_DISTRICT, cle=academie.pk), all=True)
    lus: dict[int, dict[int, int]] = {exercice: {} for exercice in exercices}
    for niveau, cle, mesure, valeur in lignes.values_list("niveau", "cle", "mesure", "valeur"):
        lus[mesures[mesure]][cle if niveau == Niveau.DISTRICT else SANS_DISTRICT] = valeur
    return lus


def _croisements(territoire: Territoire, exercices: Sequence[int]) -> Mapping[int, Croisements]:
    """Of each exercice, the schools of the académie that have lines, by district and département."""
    comptes = {f"en_{exercice}": Count("pk", filter=Q(comptes__has_key=_ecoles_de(exercice))) for exercice in exercices}
    ecoles = SyntheseEtablissement.objects.filter(academie=territoire.academie, annee_scolaire="").order_by()
    lignes = ecoles.values("district", "departement").annotate(**comptes)
    lus: dict[int, dict[tuple[int, int], int]] = {exercice: {} for exercice in exercices}
    for district, departement, *nombres in lignes.values_list("district", "departement", *comptes):
        for exercice, nombre in zip(exercices, nombres, strict=True):
            lus[exercice][district or SANS_DISTRICT, departement] = nombre
    return lus


def _actions(mesures: Mesures, jour: datetime.date) -> Actions:
    etats = [(str(e.value), str(e.label)) for e in Action.Etat if e != Action.Etat.BROUILLON]
    debut, limite = "actions.echeance.", jour.isoformat()
    return Actions(
        par_etat=tuple((etat, libelle, mesures.get(f"actions.{etat}", 0)) for etat, libelle in etats),
        en_retard=sum(n for m, n in mesures.items() if m.startswith(debut) and m.removeprefix(debut) < limite),
    )
