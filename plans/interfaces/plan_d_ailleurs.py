"""A plan made elsewhere: where its table stands, which column is what, and what each row becomes. Saves nothing.

Everything lands in draft. What has no place of its own is kept in the description of its action, under the heading of
its column, and the person is told; nothing is lost in silence.
"""

from __future__ import annotations

import datetime
import json
import re
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from plans.domain.actions import SaisieAction
from plans.domain.axes import SaisieAxe
from plans.domain.facteurs import SaisieFacteur
from plans.domain.import_du_plan import (
    ActionDemandee,
    AxeDemande,
    Demande,
    FacteurDemande,
    IndicateurDemande,
    LigneRefusee,
    Repere,
)
from plans.domain.indicateurs import SaisieIndicateur
from plans.interfaces.feuilles_du_plan import ETATS, GROUPES, Mots, lire_jour, sans_casse, texte_libre
from plans.interfaces.lecture_du_plan import ESPACE, Lecture, LigneNouvelle
from plans.models import Action, IndicateurSuivi, Theme
from plans.queries.echanges import PlanTenu
from plans.rules.actions import LONGUEURS, derniere_annee_possible
from plans.rules.axes import QUOI_MAX
from plans.rules.besoins import est_une_annee
from plans.rules.indicateurs import INDICATEURS_MAX, TEXTE_MAX
from plans.rules.indicateurs import LONGUEURS as LONGUEURS_INDICATEUR
from strategie.socle.domain.calendrier import annee_scolaire, trimestre
from strategie.socle.interfaces.classeurs import ENTETE_AVANT, Feuille, lettres
from strategie.socle.interfaces.imports import FichierRefuse, Refus, ValeurRefusee, clef, refus
from strategie.socle.models import Etablissement

# What a column may be; the others go to the description, or are left out on purpose.
CIBLES = {
    "description": "Description, sous le titre de la colonne",
    "texte": "Description, telle quelle",
    "theme": "Thème",
    "quoi": "Quoi\u00a0: l'axe",
    "comment": "Comment\u00a0: l'action",
    "sous_action": "Sous-action",
    "qui": "Qui\u00a0: le porteur, puis les contributeurs",
    "contributeurs": "Contributeurs",
    "concernes": "Personnes concernées",
    "debut": "Quand\u00a0: début",
    "fin": "Quand\u00a0: fin",
    "quand": "Quand\u00a0: période en mots",
    "etat": "État",
    "indicateurs": "Indicateurs",
    "facteurs": "Facteurs de réussite",
    "rien": "Ne pas reprendre cette colonne",
}
UNE_SEULE = ("theme", "quoi", "comment", "sous_action", "debut", "fin", "quand", "etat")
# By the start of a heading, without accents or case; the first that fits.
DEVINES: Sequence[tuple[str, str]] = (
    (r"(titre_de_la_)?sous_action", "sous_action"),
    (r"(titre_de_l_|titre_de_la_fiche_|intitule_de_l_)?(action|actions)(_a_mener.*|_comment)?$", "comment"),
    (r"titre_de_la_fiche_action|titre_de_l_action|intitule|comment$|comment_|que_faire", "comment"),
    (r"(axe|axes)(_x|_strategique.*|_d_amelioration.*|s_d_amelioration.*)?$|quoi|objectif_strategique", "quoi"),
    (r"thematique(_principale|_concernee.*)?$|theme", "theme"),
    (r"descriptif|description", "texte"),
    (r"personne(_|s_)pilote|pilote|porteur|responsable|qui$|qui_|referent", "qui"),
    (r"acteurs_mobilises|contributeur|partenaire|structure_pilote|direction_ou_service|service_dep", "contributeurs"),
    (r"cibles?$|public|beneficiaire|groupes?_concerne|personnes_concernees", "concernes"),
    (r"date_de_debut|debut", "debut"),
    (r"date_de_fin|fin$|echeance", "fin"),
    (r"quand|temporalite|calendrier|periode|annee_scolaire", "quand"),
    (r"statut|etat|avancement", "etat"),
    (r"facteurs?_(cles?_)?de_reussite", "facteurs"),
    (r"indicateur", "indicateurs"),
)  # fmt: skip
STATUTS = {
    "a_venir": Action.Etat.A_VENIR,
    "a_faire": Action.Etat.A_VENIR,
    "prevu": Action.Etat.A_VENIR,
    "a_discuter": Action.Etat.BROUILLON,
    "brouillon": Action.Etat.BROUILLON,
    "en_cours": Action.Etat.EN_COURS,
    "demarre": Action.Etat.EN_COURS,
    "en_retard": Action.Etat.EN_COURS,
    "realise": Action.Etat.REALISEE,
    "fait": Action.Etat.REALISEE,
    "termine": Action.Etat.REALISEE,
    "acheve": Action.Etat.REALISEE,
    "en_pause": Action.Etat.EN_PAUSE,
    "suspendu": Action.Etat.EN_PAUSE,
    "bloque": Action.Etat.BLOQUEE,
    "abandonne": Action.Etat.ABANDONNEE,
    "annule": Action.Etat.ABANDONNEE,
}
AIDE = re.compile(
    r"^champ (texte|num[ée]rique|date|liste|binaire)|caract[èe]res maximum|➔|saisissez |choisissez |renseignez |"
    r"reseignez |pr[ée]sentez |indiquez d'abord|^indiquer si|exemple\s*:|sous la forme",
    re.IGNORECASE,
)
CONSIGNE = re.compile(
    r"^\s*➔|ne sera pas intégré lors de l'importation|devront être saisies directement sur la plateforme", re.IGNORECASE
)
PUCE = re.compile(r"^[\s\-–—•▶►*·➔]+|[\s;,]+$")
APERCU, EXEMPLE_MAX = 5, 80
# Where a refusal of the acts is shown.
COLONNES_DES_CHAMPS = {
    "axes": "quoi",
    "parent": "sous_action",
    "porteur": "qui",
    "contributeurs": "contributeurs",
    "annee_scolaire": "debut",
    "annee_fin": "fin",
    "trimestre_fin": "fin",
    "echeance": "fin",
}


# --- Where the table stands ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ColonneLue:
    place: int
    entete: str
    cible: str
    exemple: str
    double: bool = False

    @property
    def lettre(self) -> str:
        return lettres(self.place)

    @property
    def nom(self) -> str:
        """Its heading, with its letter when others have the same."""
        if not self.entete:
            return f"Colonne {self.lettre}"
        return f"{self.entete} (colonne {self.lettre})" if self.double else self.entete


@dataclass(frozen=True)
class Esquisse:
    """A table found in a file: its header, what its columns look like, the rows that are only there to help."""

    feuille: str
    feuilles: Sequence[str]
    entete: int
    colonnes: Sequence[ColonneLue]
    lignes: Sequence[tuple[int, list[str]]]
    aides: Sequence[int]
    bandeau: Sequence[str]

    @property
    def apercu(self) -> list[tuple[int, list[str]]]:
        return [(numero, [_abrege(cellule) for cellule in cellules]) for numero, cellules in self.lignes[:APERCU]]


def esquisser(feuilles: Sequence[Feuille], nom: str = "", ligne: int = 0) -> Esquisse:
    """The sheet and the header asked for, else those that look most like a plan. Raises FichierRefuse."""
    pleines = [feuille for feuille in feuilles if feuille.lignes]
    if not pleines:
        raise FichierRefuse("Ce fichier est vide.")
    feuille = next((une for une in pleines if une.nom == nom), None) or max(pleines, key=_ressemblance)
    rang = next(
        (rang for rang, (numero, _) in enumerate(feuille.lignes) if numero == ligne), _rang_de_l_entete(feuille)
    )
    numero, entetes = feuille.lignes[rang]
    lignes = _etendre(feuille, rang)
    aides = _aides(lignes)
    reste = [(autre, cellules) for autre, cellules in lignes if autre not in aides]
    cibles = _deviner(entetes)
    largeur = max(len(cellules) for _, cellules in feuille.lignes)
    noms = Counter(_un(entetes, place) for place in range(largeur))
    return Esquisse(
        feuille=feuille.nom,
        feuilles=[une.nom for une in pleines],
        entete=numero,
        colonnes=[
            ColonneLue(
                place,
                _un(entetes, place),
                cibles.get(place, "description"),
                _exemple(reste, place),
                double=noms[_un(entetes, place)] > 1,
            )
            for place in range(largeur)
            if _un(entetes, place) or _exemple(reste, place)
        ],
        lignes=reste,
        aides=aides,
        bandeau=[cellule.strip() for _, cellules in feuille.lignes[:rang] for cellule in cellules if cellule.strip()],
    )


def _un(cellules: Sequence[str], place: int) -> str:
    return " ".join(cellules[place].split()) if place < len(cellules) else ""


def _exemple(lignes: Sequence[tuple[int, list[str]]], place: int) -> str:
    return next((_abrege(dit) for _, cellules in lignes if (dit := _un(cellules, place))), "")


def _abrege(texte: str) -> str:
    propre = " ".join(texte.split())
    return propre if len(propre) <= EXEMPLE_MAX else f"{propre[: EXEMPLE_MAX - 1]}…"


def _deviner(entetes: Sequence[str]) -> dict[int, str]:
    """What each heading looks like; a thing that is said once goes to the first that says it."""
    trouves: dict[int, str] = {}
    for place, entete in enumerate(entetes):
        cible = next((cible for forme, cible in DEVINES if re.match(forme, clef(entete))), None) if entete else None
        if cible and not (cible in UNE_SEULE and cible in trouves.values()):
            trouves[place] = cible
    return trouves


def _ressemblance(feuille: Feuille) -> tuple[bool, int]:
    _, entetes = feuille.lignes[_rang_de_l_entete(feuille)]
    cibles = set(_deviner(entetes).values())
    return "comment" in cibles, len(cibles)


def _rang_de_l_entete(feuille: Feuille) -> int:
    """The row that names most things; without any, the first that has several cells."""
    notes = [
        (("comment" in cibles) * 100 + len(cibles), -rang)
        for rang, (_, cellules) in enumerate(feuille.lignes[:ENTETE_AVANT])
        for cibles in [set(_deviner(cellules).values())]
    ]
    note, rang = max(notes)
    if note:
        return -rang
    return next((r for r, (_, cellules) in enumerate(feuille.lignes) if sum(map(bool, cellules)) > 1), 0)


def _etendre(feuille: Feuille, rang: int) -> list[tuple[int, list[str]]]:
    """The rows under the header; a cell merged over several rows says the same on each."""
    premiere = feuille.lignes[rang][0]
    lignes = {numero: list(cellules) for numero, cellules in feuille.lignes[rang + 1 :]}
    for haut, gauche, bas, _ in feuille.fusions:
        if haut > premiere and haut in lignes and gauche < len(lignes[haut]):
            for numero in range(haut + 1, bas + 1):
                if numero in lignes and gauche < len(lignes[numero]):
                    lignes[numero][gauche] = lignes[haut][gauche]
    return list(lignes.items())


def _aides(lignes: Sequence[tuple[int, list[str]]]) -> list[int]:
    """The rows just under the header that say how to fill it in."""
    trouvees = []
    for numero, cellules in lignes:
        dites = [cellule for cellule in cellules if cellule.strip()]
        if sum(bool(AIDE.search(cellule)) for cellule in dites) * 2 < len(dites):
            break
        trouvees.append(numero)
    return trouvees


# --- What the person chose ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Correspondance:
    """`cibles`: by place of a column; the rest is what the file does not say."""

    feuille: str
    entete: int
    cibles: Mapping[int, str]
    theme: str = Theme.GOUVERNANCE
    levier: str = Action.Levier.ORGANISATION
    annee: str = ""
    raison: str = ""

    @classmethod
    def devinee(cls, esquisse: Esquisse, annee: str, raison: str) -> Correspondance:
        cibles = {colonne.place: colonne.cible for colonne in esquisse.colonnes}
        if "comment" not in cibles.values():
            raise FichierRefuse(
                "Aucune colonne ne dit les actions à mener\u00a0: «\u00a0Comment\u00a0», «\u00a0Action\u00a0» ou "
                "«\u00a0Titre de l'action\u00a0» est attendu en tête d'une colonne."
            )
        return cls(esquisse.feuille, esquisse.entete, cibles, annee=annee, raison=raison)

    @classmethod
    def from_json(cls, objet: Mapping[str, Any]) -> Correspondance:
        return cls(**{**objet, "cibles": {int(place): cible for place, cible in objet["cibles"].items()}})

    def to_json(self) -> dict[str, Any]:
        return {
            "feuille": self.feuille,
            "entete": self.entete,
            "cibles": dict(self.cibles),
            "theme": self.theme,
            "levier": self.levier,
            "annee": self.annee,
            "raison": self.raison,
        }


# --- Rows --------------------------------------------------------------------------------------------------------
def lire_plan_d_ailleurs(
    feuilles: Sequence[Feuille],
    correspondance: Correspondance,
    etablissement: Etablissement,
    plan: PlanTenu,
    jour: datetime.date,
) -> Lecture:
    esquisse = esquisser(feuilles, correspondance.feuille, correspondance.entete)
    return _Lecteur(esquisse, correspondance, etablissement, plan, jour).lire()


@dataclass
class _Ligne:
    """A row: its cells by target, and what of them goes to the description."""

    numero: int
    cellules: Mapping[str, list[tuple[str, str]]]
    restes: list[tuple[str, str]] = field(default_factory=list)

    def dit(self, cible: str) -> str:
        return "\n".join(texte for _, texte in self.cellules.get(cible, ()))

    def garder(self, titre: str, texte: str) -> None:
        if texte:
            self.restes.append((titre, texte))


class _Lecteur:
    def __init__(
        self,
        esquisse: Esquisse,
        correspondance: Correspondance,
        etablissement: Etablissement,
        plan: PlanTenu,
        jour: datetime.date,
    ) -> None:
        self.esquisse, self.choix = esquisse, correspondance
        self.etablissement, self.jour = etablissement, jour
        self.mots = Mots(plan)
        self.annee = correspondance.annee or annee_scolaire(jour)
        self.lecture = Lecture(dire_les_refus=self.dire_les_refus)
        self.axes: dict[str, AxeDemande] = {}
        self.actions: list[ActionDemandee] = []
        self.meres: dict[tuple[str, str], Repere] = {}
        self.rangs: defaultdict[str, int] = defaultdict(int)
        self.indicateurs: list[IndicateurDemande] = []
        self.facteurs: list[FacteurDemande] = []
        self.dans_la_description: Counter[str] = Counter()
        self.consignes: list[int] = []
        self.quoi = ""

    def lire(self) -> Lecture:
        for numero, cellules in self.esquisse.lignes:
            self._lire_une(self._ranger(numero, cellules))
        self.lecture.demande = Demande(
            axes=list(self.axes.values()),
            actions=self.actions,
            indicateurs=self.indicateurs,
            facteurs=self.facteurs,
        )
        self.lecture.remarques = [*self._remarques_du_fichier(), *self.lecture.remarques]
        return self.lecture

    def _ranger(self, numero: int, cellules: list[str]) -> _Ligne:
        rangees: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for colonne in self.esquisse.colonnes:
            brut = cellules[colonne.place] if colonne.place < len(cellules) else ""
            cible = self.choix.cibles.get(colonne.place, "description")
            if not brut.strip() or cible == "rien":
                continue
            if CONSIGNE.search(brut):
                self.consignes.append(numero)
                continue
            try:
                rangees[cible].append((colonne.nom, texte_libre(100_000)(brut)))
            except ValeurRefusee as refusee:
                self._refuser(numero, colonne.nom, brut, str(refusee))
        return _Ligne(numero, rangees)

    def _lire_une(self, ligne: _Ligne) -> None:
        comment, sous = ligne.dit("comment"), ligne.dit("sous_action")
        if not comment and not sous:
            self._titre_ou_rien(ligne)
            return
        self.lecture.lus += 1
        self.quoi = ligne.dit("quoi") or self.quoi
        for titre, dit in ligne.cellules.get("description", ()):
            ligne.garder(titre, dit)
            self.dans_la_description[titre] += 1
        parent: Repere | None = None
        if sous:
            parent = self._mere(ligne, comment)
        repere = self._action(ligne, sous or comment, parent)
        if not sous:
            self.meres.setdefault((sans_casse(self.quoi), sans_casse(comment)), repere)
        self._mesurer(ligne, repere)

    def _titre_ou_rien(self, ligne: _Ligne) -> None:
        """A row that names an axe alone is the heading of those that follow; any other is told."""
        dites = [texte for textes in ligne.cellules.values() for _, texte in textes]
        if not dites:
            return
        titre = bool(ligne.dit("quoi")) and len(dites) == 1
        self.quoi = ligne.dit("quoi") if titre else self.quoi
        suite = "elle sert de titre aux suivantes" if titre else "elle n'est pas reprise"
        self.lecture.remarques.append(
            f"Ligne {ligne.numero}\u00a0: elle ne nomme aucune action, {suite}\u00a0: "
            f"«\u00a0{_abrege(' · '.join(dites))}\u00a0»."
        )

    # --- An action ---
    def _mere(self, ligne: _Ligne, comment: str) -> Repere:
        """The action that a sub-action is part of: the row that names it, or one made of its name alone."""
        cle = (sans_casse(self.quoi), sans_casse(comment))
        if cle not in self.meres:
            titre = comment or "Action sans titre"
            self.meres[cle] = self._action(_Ligne(ligne.numero, {}), titre, None, mere=True)
        return self.meres[cle]

    def _action(self, ligne: _Ligne, titre: str, parent: Repere | None, *, mere: bool = False) -> Repere:
        repere = f"{'M' if mere else 'L'}{ligne.numero}"
        intitule = self._titre(ligne, titre)
        axes = frozenset[str]() if parent else self._axes(ligne)
        connus = frozenset(self.mots.axes_par_nom[nom] for nom in axes if nom in self.mots.axes_par_nom)
        saisie = SaisieAction(
            levier=self.choix.levier,
            intitule=intitule,
            axes=connus,
            **self._qui(ligne),
            **self._concernes(ligne),
            **self._quand(ligne),
            description="",
        )
        self._noter_l_etat(ligne)
        saisie = replace(saisie, description=self._description(ligne))
        self.actions.append(
            ActionDemandee(
                ligne=ligne.numero,
                repere=repere,
                saisie=saisie,
                base=None,
                parent=parent,
                parent_lu=None,
                etat=Action.Etat.BROUILLON,
                etat_lu=Action.Etat.BROUILLON,
                raison="",
                raison_lue="",
                cle=self._cle(saisie, axes, parent),
                axes=frozenset(nom for nom in axes if nom not in self.mots.axes_par_nom),
            )
        )
        detail = "sous-action" if parent else ""
        self.lecture.nouvelles.append(
            LigneNouvelle("action", repere, ligne.numero, self.esquisse.feuille, intitule, detail)
        )
        return repere

    def _titre(self, ligne: _Ligne, titre: str) -> str:
        propre = " ".join(titre.split())
        if len(propre) <= LONGUEURS["intitule"]:
            return propre
        ligne.garder("Titre entier", propre)
        self._dire(ligne.numero, "le titre est plus long que 250 caractères, il est gardé entier dans la description")
        return f"{propre[: LONGUEURS['intitule'] - 1].rstrip()}…"

    def _axes(self, ligne: _Ligne) -> frozenset[str]:
        """The axe that a row serves; one that the school does not have yet is to be opened."""
        propre = " ".join(self.quoi.split())
        theme = self._theme(ligne)
        if not propre:
            return frozenset()
        titre = propre if len(propre) <= QUOI_MAX else f"{propre[: QUOI_MAX - 1].rstrip()}…"
        nom = sans_casse(titre)
        if nom not in self.mots.axes_par_nom and nom not in self.axes:
            precision = propre if titre != propre else ""
            saisie = SaisieAxe(theme, titre, precision, self.choix.raison)
            self.axes[nom] = AxeDemande(ligne.numero, nom, self.annee, saisie)
            self.lecture.nouvelles.append(LigneNouvelle("axe", nom, ligne.numero, self.esquisse.feuille, titre))
        return frozenset([nom])

    def _theme(self, ligne: _Ligne) -> str:
        dit = ligne.dit("theme")
        trouve = next((theme for theme in Theme if clef(dit) and clef(dit) in (clef(theme.label), theme.value)), None)
        if dit and trouve is None:
            ligne.garder(self._nom("theme"), dit)
            self._dire(ligne.numero, f"le thème «\u00a0{_abrege(dit)}\u00a0» n'est pas l'un des cinq", garde=True)
        return trouve or self.choix.theme

    def _nom(self, cible: str) -> str:
        """The heading of the column that is this."""
        return next((c.nom for c in self.esquisse.colonnes if self.choix.cibles.get(c.place) == cible), "")

    # --- Who ---
    def _qui(self, ligne: _Ligne) -> dict[str, Any]:
        """The first is the carrier; a name of the team is that person, any other stays in words."""
        dits = _enumerer(ligne.dit("qui"))
        porteur, fonction = None, ""
        if dits:
            porteur = self.mots.personne(dits[0])
            if porteur is None and len(dits[0]) <= LONGUEURS["fonction_porteuse"]:
                fonction = dits[0]
            elif porteur is None:
                ligne.garder(self._nom("qui"), dits[0])
                self._dire(ligne.numero, "le porteur est trop long pour sa case", garde=True)
        autres = [*dits[1:], *(dit for _, texte in ligne.cellules.get("contributeurs", ()) for dit in _enumerer(texte))]
        trouves = {dit: self.mots.personne(dit) for dit in dict.fromkeys(autres)}
        reste = ", ".join(dit for dit, personne in trouves.items() if personne is None)
        if len(reste) > LONGUEURS["autres_contributeurs"]:
            ligne.garder("Contributeurs", reste)
            self._dire(ligne.numero, "les contributeurs sont trop nombreux pour leur case", garde=True)
            reste = ""
        return {
            "porteur": porteur,
            "fonction_porteuse": fonction,
            "contributeurs": frozenset(cle for cle in trouves.values() if cle is not None and cle != porteur),
            "autres_contributeurs": reste,
        }

    def _concernes(self, ligne: _Ligne) -> dict[str, Any]:
        connus = {clef(libelle): groupe for groupe, libelle in GROUPES.items()}
        dits = [dit for _, texte in ligne.cellules.get("concernes", ()) for dit in _enumerer(texte)]
        reste = ", ".join(dit for dit in dict.fromkeys(dits) if clef(dit) not in connus)
        if len(reste) > LONGUEURS["autres_concernes"]:
            ligne.garder(self._nom("concernes"), reste)
            self._dire(ligne.numero, "les personnes concernées sont trop nombreuses pour leur case", garde=True)
            reste = ""
        groupes = tuple(dict.fromkeys(connus[clef(dit)] for dit in dits if clef(dit) in connus))
        return {"groupes": groupes, "autres_concernes": reste}

    # --- When ---
    def _quand(self, ligne: _Ligne) -> dict[str, Any]:
        debut, fin = self._date(ligne, "debut"), self._date(ligne, "fin")
        periode = self._periode(ligne)
        if debut and fin and fin < debut:
            self._garder_les_dates(ligne, "la fin précède le début")
            debut = fin = None
        annee = annee_scolaire_de(debut) if debut else periode[0] if periode else None
        annee_fin = annee_scolaire_de(fin) if fin else periode[0] if periode else None
        annee = annee or min(self.annee, annee_fin or self.annee)
        annee_fin = annee_fin or annee
        if annee_fin > derniere_annee_possible(self.jour) or annee_fin < annee:
            self._garder_les_dates(ligne, f"une action ne va pas au-delà de {derniere_annee_possible(self.jour)}")
            debut = fin = periode = None
            annee = annee_fin = self.annee
        tiers = periode[1] if periode and not debut and not fin else None
        return {
            "annee_scolaire": annee,
            "trimestre": trimestre(debut) if debut else tiers,
            "annee_fin": annee_fin,
            "trimestre_fin": trimestre(fin) if fin else tiers,
            "echeance": fin,
        }

    def _garder_les_dates(self, ligne: _Ligne, pourquoi: str) -> None:
        for cible in ("debut", "fin", "quand"):
            ligne.garder(self._nom(cible), ligne.dit(cible))
        self._dire(ligne.numero, f"ses dates ne conviennent pas, {pourquoi}", garde=True)

    def _date(self, ligne: _Ligne, cible: str) -> datetime.date | None:
        dit = ligne.dit(cible)
        if not dit:
            return None
        try:
            lue = lire_jour(dit)
            if lue is not None and est_une_annee(annee_scolaire_de(lue)):
                return lue
        except ValeurRefusee:
            pass
        ligne.garder(self._nom(cible), dit)
        self._dire(ligne.numero, f"«\u00a0{_abrege(dit)}\u00a0» n'est pas une date JJ/MM/AAAA", garde=True)
        return None

    def _periode(self, ligne: _Ligne) -> tuple[str, int | None] | None:
        """« Année scolaire 2026-2027 », « 2e trimestre 2026-2027 »; anything else stays in words."""
        dit = ligne.dit("quand")
        if not dit:
            return None
        annees = [f"{un}-{deux}" for un, deux in re.findall(r"(20[0-9]{2})\s*[-/–]\s*(20[0-9]{2})", dit)]
        rangs = re.findall(r"([123])(?:er|e|ème|eme)?\s*trimestre|trimestre\s*([123])|\bT([123])\b", dit)
        if len(annees) == 1 and est_une_annee(annees[0]) and len(rangs) <= 1:
            if len(dit) > 40:
                ligne.garder(self._nom("quand"), dit)
            return annees[0], int("".join(rangs[0])) if rangs else None
        ligne.garder(self._nom("quand"), dit)
        self._dire(ligne.numero, f"«\u00a0{_abrege(dit)}\u00a0» ne dit pas une année scolaire", garde=True)
        return None

    # --- The rest ---
    def _noter_l_etat(self, ligne: _Ligne) -> None:
        """Everything lands in draft: the state that it had is told in the description."""
        dit = ligne.dit("etat")
        if not dit:
            return
        cle = re.sub("ees?$|e?s$", lambda fin: "e" if fin[0].startswith("e") else "", clef(dit))
        etat = STATUTS.get(clef(dit)) or STATUTS.get(cle)
        if etat is None:
            ligne.garder("État dans le plan d'origine", dit)
            self._dire(ligne.numero, f"l'état «\u00a0{_abrege(dit)}\u00a0» n'est pas connu ici", garde=True)
        else:
            ligne.garder(
                "État dans le plan d'origine",
                ETATS[etat] if clef(ETATS[etat]) == clef(dit) else f"{ETATS[etat]} ({dit})",
            )

    def _mesurer(self, ligne: _Ligne, repere: Repere) -> None:
        """An indicator a line, three at most; what is longer, or one more, is a factor in words."""
        dits = [dit for _, texte in ligne.cellules.get("indicateurs", ()) for dit in _lignes(texte)]
        courts = [dit for dit in dict.fromkeys(dits) if len(dit) <= LONGUEURS_INDICATEUR["intitule"]][:INDICATEURS_MAX]
        for rang, intitule in enumerate(courts):
            nom = f"{repere}-{rang}"
            self.indicateurs.append(IndicateurDemande(ligne.numero, nom, repere, _indicateur(intitule), None))
            self._annoncer("indicateur", nom, ligne, intitule)
        facteurs = [dit for _, texte in ligne.cellules.get("facteurs", ()) for dit in _lignes(texte)]
        for rang, facteur in enumerate(dict.fromkeys([*(dit for dit in dits if dit not in courts), *facteurs])):
            if len(facteur) > TEXTE_MAX:
                self._refuser(
                    ligne.numero,
                    self._nom("facteurs") or self._nom("indicateurs"),
                    facteur,
                    f"ce texte dépasse {TEXTE_MAX}\u00a0caractères\u00a0: raccourcissez-le, ou mettez la colonne "
                    "dans la description.",
                )
                continue
            nom = f"{repere}-f{rang}"
            self.facteurs.append(FacteurDemande(ligne.numero, nom, repere, SaisieFacteur(facteur), None))
            self._annoncer("facteur", nom, ligne, facteur)

    def _annoncer(self, sorte: str, repere: Repere, ligne: _Ligne, titre: str) -> None:
        self.lecture.nouvelles.append(LigneNouvelle(sorte, repere, ligne.numero, self.esquisse.feuille, titre))

    def _description(self, ligne: _Ligne) -> str:
        texte = "\n\n".join(
            filter(None, [ligne.dit("texte"), *(f"{titre}\u00a0: {dit}" for titre, dit in ligne.restes)])
        )
        if len(texte) > LONGUEURS["description"]:
            self._refuser(
                ligne.numero,
                "Description",
                texte,
                f"la description dépasserait {LONGUEURS['description']}\u00a0caractères\u00a0: raccourcissez les cases "
                "de cette ligne, ou ne reprenez pas toutes les colonnes.",
            )
        return texte

    def _cle(self, saisie: SaisieAction, axes: frozenset[str], parent: Repere | None) -> uuid.UUID:
        """The same row of the same file, imported again, is the same action."""
        mere = next((str(action.cle) for action in self.actions if action.repere == parent), "")
        champs = {nom: sorted(v) if isinstance(v, frozenset) else str(v) for nom, v in vars(saisie).items()}
        champs["axes"] = sorted(axes)
        mots = json.dumps([self.etablissement.pk, mere, champs], sort_keys=True)
        self.rangs[mots] += 1
        return uuid.uuid5(ESPACE, f"{mots}{self.rangs[mots]}")

    # --- What is said of it ---
    def _dire(self, numero: int, quoi: str, *, garde: bool = False) -> None:
        suite = ", c'est gardé dans la description" if garde else ""
        self.lecture.remarques.append(f"Ligne {numero}\u00a0: {quoi}{suite}.")

    def _refuser(self, numero: int, colonne: str, valeur: str, raison: str) -> None:
        rendu = refus(numero, colonne, valeur, raison)
        self.lecture.refuses.append(replace(rendu, feuille=self.esquisse.feuille))

    def dire_les_refus(self, refuses: Sequence[LigneRefusee]) -> list[Refus]:
        """At the column that said it; a row that could not be read is refused already."""
        deja = {refuse.ligne for refuse in self.lecture.refuses}
        rendus: dict[tuple[int, str], Refus] = {}
        for refuse in refuses:
            colonne = self._nom(COLONNES_DES_CHAMPS.get(refuse.champ, "comment"))
            rendu = replace(refus(refuse.ligne, colonne, "", refuse.raison), feuille=self.esquisse.feuille)
            if refuse.ligne not in deja:
                rendus.setdefault((rendu.ligne, rendu.raison), rendu)
        return list(rendus.values())

    def _remarques_du_fichier(self) -> Iterator[str]:
        esquisse = self.esquisse
        if not self.lecture.lus:
            yield "Aucune action sous les titres des colonnes."
        if len(esquisse.feuilles) > 1:
            autres = ", ".join(f"«\u00a0{nom}\u00a0»" for nom in esquisse.feuilles if nom != esquisse.feuille)
            yield f"Feuille lue\u00a0: «\u00a0{esquisse.feuille}\u00a0». Non lues\u00a0: {autres}."
        if esquisse.bandeau:
            yield f"Au-dessus du tableau, non repris\u00a0: «\u00a0{_abrege(' · '.join(esquisse.bandeau))}\u00a0»."
        if esquisse.aides:
            numeros = ", ".join(map(str, esquisse.aides))
            yield f"Lignes d'aide, non reprises\u00a0: {numeros}."
        if self.consignes:
            numeros = ", ".join(map(str, dict.fromkeys(self.consignes)))
            yield f"Consignes du modèle laissées dans des cases, non reprises\u00a0: lignes {numeros}."
        ecartees = [colonne.nom for colonne in esquisse.colonnes if self.choix.cibles.get(colonne.place) == "rien"]
        if ecartees:
            yield f"Colonnes que vous ne reprenez pas\u00a0: {', '.join(ecartees)}."
        for colonne, nombre in self.dans_la_description.items():
            lignes = f"{nombre} ligne{'s' if nombre > 1 else ''}"
            yield f"Colonne «\u00a0{colonne}\u00a0»\u00a0: gardée dans la description ({lignes})."


def annee_scolaire_de(jour: datetime.date) -> str:
    """The school year that holds a day: its last days of August are still of it."""
    debut = jour.year if jour.month >= 9 else jour.year - 1
    return f"{debut}-{debut + 1}"


def _enumerer(texte: str) -> list[str]:
    """The names of a cell, whatever parts them."""
    morceaux = (PUCE.sub("", morceau) for morceau in re.split(r"[\n;,]+", texte))
    return [" ".join(morceau.split()) for morceau in morceaux if morceau.strip() and clef(morceau) != "etc"]


def _lignes(texte: str) -> list[str]:
    return [" ".join(dit.split()) for ligne in texte.split("\n") if (dit := PUCE.sub("", ligne)).strip()]


def _indicateur(intitule: str) -> SaisieIndicateur:
    return SaisieIndicateur(
        intitule=intitule,
        unite="",
        depart=None,
        depart_le=None,
        cible=None,
        cible_le=None,
        sens=IndicateurSuivi.Sens.HAUSSE,
        source="",
        responsable="",
        cadence=IndicateurSuivi.Cadence.TRIMESTRIELLE,
        agregation=IndicateurSuivi.Agregation.AUCUNE,
        mesure="",
    )
