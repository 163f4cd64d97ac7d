"""Filters of the inventory that are links: what is chosen is in the address, composes, is counted, is taken away."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core import signing
from django.http import QueryDict

from budget.domain.cycle import HORIZON
from budget.interfaces.colonnes import COLONNES, PAR_CODE, PARTIES, ColonneInventaire
from budget.models import TERMINAUX, Categorie, Equipement
from budget.queries.chiffres import AGE_MAX, FAMILLES
from budget.queries.inventaire import AGE, APRES, FAMILLE, FIN, OUI, RETARD, SANS, Cle, Facette, Parc
from strategie.socle.domain.calendrier import annee_scolaire

GROUPES = {
    "etat": "État",
    "categorie": "Catégorie",
    "salle": "Salle",
    "lot": "Lot",
    "proprietaire": "Propriétaire",
    "domaine": "Domaine",
    "repere": "À regarder",
}
REPERES = ("non_vu", "prete")
# Reached from the figures, and taken away here.
NOMS_DERRIERE = {FAMILLE: "Famille", AGE: "Âge", FIN: "Durée prévue"}
PAR_DEFAUT = ("designation", "categorie", "numero_serie", "nombre", "salle", "etat", "proprietaire", "vu_le")
RECHERCHE_MAX = 200
SEL = "inventaire"


@dataclass(frozen=True)
class Lien:
    """A filter to set, or (`actif`) to take away; `nombre`: the things that it would show, where they are counted."""

    libelle: str
    nombre: int | None
    adresse: str
    actif: bool


@dataclass(frozen=True)
class GroupeDeLiens:
    libelle: str
    liens: Sequence[Lien]


@dataclass(frozen=True)
class Bilan:
    """« 340 équipements, dont 210 terminaux : 12 à réparer, 40 non vus… »: each part is a filter."""

    choses: int
    terminaux: int
    parts: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Selection:
    """What the address asks for, what it shows (None: too many to count), and the links to other choices."""

    texte: str
    choisis: Mapping[str, str]
    colonnes: Sequence[ColonneInventaire]
    avis: Sequence[str]
    bilan: Bilan | None
    lignes: int | None
    choses: int | None
    groupes: Sequence[GroupeDeLiens]
    actifs: Sequence[Lien]
    adresse_nue: str
    parametres: Sequence[tuple[str, str]]

    @property
    def autres_que(self) -> dict[str, list[tuple[str, str]]]:
        """What a form must send again: all but its own fields."""
        return {nom: [couple for couple in self.parametres if couple[0] != nom] for nom in ("q", "colonne")}


def mots_cherches(donnees: QueryDict) -> str:
    """What is typed in the search, without what no keyboard types."""
    texte = donnees.get("q", "")[:RECHERCHE_MAX]
    return " ".join("".join(c if c.isprintable() else " " for c in texte).split())


def colonnes_demandees(donnees: QueryDict) -> tuple[ColonneInventaire, ...]:
    """Those of the address, in the order of the list, the name always first; nothing when it asks for none."""
    codes = {code for code in donnees.getlist("colonne") if code in PAR_CODE}
    return tuple(c for c in COLONNES if c.code in codes or c.code == "designation") if codes else ()


def derriere(donnees: QueryDict, jour: datetime.date) -> dict[str, str]:
    """Which lines of a figure the address asks for."""
    libelles = _libelles_derriere(jour)
    return {nom: donnees[nom] for nom in libelles if donnees.get(nom, "") in libelles[nom]}


def choisir(parc: Parc, donnees: QueryDict, chemin: str, jour: datetime.date) -> Selection:
    texte, colonnes = mots_cherches(donnees), colonnes_demandees(donnees)
    libelles = _libelles(parc, jour)
    demandes = {nom: valeur for nom in libelles if (valeur := donnees.get(nom, ""))}
    choisis = {nom: valeur for nom, valeur in demandes.items() if valeur in libelles[nom]}
    codes = [("colonne", colonne.code) for colonne in colonnes]

    def adresse(choix: Mapping[str, str], q: str = texte) -> str:
        return _adresse(chemin, [*([("q", q)] if q else []), *choix.items(), *codes])

    nombres = _compter(parc.facettes or (), {nom: v for nom, v in choisis.items() if nom not in NOMS_DERRIERE})
    compte = parc.facettes is not None

    def lien(nom: str, valeur: str) -> Lien:
        actif = choisis.get(nom) == valeur
        choix = {cle: v for cle, v in choisis.items() if cle != nom} | ({} if actif else {nom: valeur})
        return Lien(libelles[nom][valeur], nombres[nom, valeur] if compte else None, adresse(choix), actif)

    par_nom = {
        nom: [lien(nom, v) for v in mots if not compte or nombres[nom, v] or choisis.get(nom) == v]
        for nom, mots in libelles.items()
    }
    par_nom["repere"] = [un for repere in REPERES for un in par_nom[repere]]
    cherche = [Lien(f"«\u00a0{texte}\u00a0»", None, adresse(choisis, ""), actif=True)] if texte else []
    return Selection(
        texte=texte,
        choisis=choisis,
        colonnes=colonnes or [PAR_CODE[code] for code in PAR_DEFAUT],
        avis=_avis(demandes, choisis, donnees),
        bilan=_bilan(parc.facettes, lambda choix: _adresse(chemin, [*choix.items(), *codes]), jour) if compte else None,
        lignes=nombres["lignes", ""] if compte else None,
        choses=nombres["choses", ""] if compte else None,
        groupes=[GroupeDeLiens(libelle, par_nom[nom]) for nom, libelle in GROUPES.items() if par_nom[nom]],
        actifs=[*cherche, *(lien(nom, valeur) for nom, valeur in choisis.items())],
        adresse_nue=_adresse(chemin, codes),
        parametres=[*([("q", texte)] if texte else []), *choisis.items(), *codes],
    )


def _libelles(parc: Parc, jour: datetime.date) -> dict[str, Mapping[str, str]]:
    return {
        "etat": dict(Equipement.Etat.choices),
        "categorie": dict(Categorie.choices),
        "salle": {**parc.salles, SANS: "Sans salle"},
        "lot": {**parc.lots, SANS: "Hors lot"},
        "proprietaire": {**PARTIES, SANS: "Non précisé"},
        "domaine": dict(Equipement.Domaine.choices),
        "non_vu": {OUI: f"Non vus en {annee_scolaire(jour)}"},
        "prete": {OUI: "Prêtés"},
        **_libelles_derriere(jour),
    }


def _libelles_derriere(jour: datetime.date) -> dict[str, Mapping[str, str]]:
    annees = range(jour.year, jour.year + HORIZON)
    return {
        FAMILLE: {famille.code: famille.libelle for famille in FAMILLES},
        AGE: {**{str(age): age_en_mots(age) for age in range(AGE_MAX + 1)}, SANS: "Sans date d'achat"},
        FIN: {
            RETARD: "Durée prévue passée",
            **{str(annee): f"À renouveler en {annee}" for annee in annees},
            APRES: f"À renouveler après {annees[-1]}",
            SANS: "Sans date de fin prévue",
        },
    }


def age_en_mots(age: int) -> str:
    if age == AGE_MAX:
        return f"{AGE_MAX}\u00a0ans et plus"
    return "Moins d'un an" if age == 0 else f"{age}\u00a0an{'s' if age > 1 else ''}"


def _avis(demandes: Mapping[str, str], choisis: Mapping[str, str], donnees: QueryDict) -> list[str]:
    """What the address asks for that is not, or is no longer, here."""
    perdus = [(GROUPES | NOMS_DERRIERE).get(nom, "À regarder") for nom in demandes if nom not in choisis]
    inconnues = [code for code in donnees.getlist("colonne") if code not in PAR_CODE]
    avis = []
    if perdus:
        avis.append(f"Cette adresse demande un choix qui n'existe pas ici ({', '.join(perdus)})\u00a0: il est ignoré.")
    if inconnues:
        avis.append("Cette adresse demande une colonne qui n'existe pas\u00a0: elle est ignorée.")
    return avis


def _compter(facettes: Sequence[Facette], choisis: Mapping[str, str]) -> Counter[tuple[str, str]]:
    """The things that each value would show, the other choices kept; then the lines and things shown now.

    A line that answers to every choice but one counts for the other values of that one only. What has left is shown
    when its state is asked for.
    """
    nombres: Counter[tuple[str, str]] = Counter()
    noms = [nom for nom in Facette._fields if nom not in ("trouve", "lignes", "choses")]
    for facette in facettes:
        if not facette.trouve:
            continue
        manques = [nom for nom, valeur in choisis.items() if getattr(facette, nom) != valeur]
        if "etat" not in choisis and facette.etat == Equipement.Etat.SORTI:
            manques.append("etat")
        if not manques:
            nombres["lignes", ""] += facette.lignes
            nombres["choses", ""] += facette.choses
        for nom in manques if len(manques) == 1 else () if manques else noms:
            nombres[nom, getattr(facette, nom)] += facette.choses
    return nombres


def _bilan(
    facettes: Sequence[Facette] | None, adresse: Callable[[Mapping[str, str]], str], jour: datetime.date
) -> Bilan:
    """Of the whole school, whatever is chosen."""
    presentes = [facette for facette in facettes or () if facette.etat != Equipement.Etat.SORTI]
    nombres: Counter[tuple[str, str]] = Counter()
    for facette in presentes:
        for nom in ("etat", "prete", "non_vu"):
            nombres[nom, getattr(facette, nom)] += facette.choses
    parts = (
        ("etat", "a_reparer", "à\u00a0réparer", "à\u00a0réparer"),
        ("etat", "reformable", "réformable", "réformables"),
        ("prete", OUI, "prêté", "prêtés"),
        ("non_vu", OUI, f"non vu en {annee_scolaire(jour)}", f"non vus en {annee_scolaire(jour)}"),
    )
    return Bilan(
        choses=sum(facette.choses for facette in presentes),
        terminaux=sum(facette.choses for facette in presentes if facette.categorie in TERMINAUX),
        parts=[
            (f"{nombre:,}\u00a0{un if nombre == 1 else plusieurs}".replace(",", "\u202f"), adresse({nom: valeur}))
            for nom, valeur, un, plusieurs in parts
            if (nombre := nombres[nom, valeur])
        ],
    )


def _adresse(chemin: str, parametres: Sequence[tuple[str, str]]) -> str:
    return f"{chemin}?{urlencode(parametres)}" if parametres else chemin


# --- Pages, each begun by a key that only this site makes ------------------------------------------------------------
def adresse_de_page(selection: Selection, chemin: str, sens: str, cle: Cle) -> str:
    return _adresse(chemin, [*selection.parametres, (sens, signing.dumps(cle, salt=SEL))])


def cle_demandee(donnees: QueryDict) -> tuple[str, Cle | None]:
    """« apres » or « avant », and the key; None with the sense of a key that cannot be read."""
    for sens in ("apres", "avant"):
        if sens in donnees:
            try:
                classement, cle = signing.loads(donnees[sens], salt=SEL)
            except signing.BadSignature:
                return sens, None
            return sens, (classement, cle)
    return "", None
