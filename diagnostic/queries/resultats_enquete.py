"""What a counted survey says, in figures and in words: a reading of its frozen JSON, and of nothing else.

Only the school's own palier, read from a signed diagnostic, stands beside it. Groups that are never added up (teams,
parents, élèves) are read apart, as `Section`s.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from typing import Any

from diagnostic.domain.anonymat import ECARTES, SEUIL_TEXTES
from diagnostic.domain.bulletins import LIBELLES_ECHELLE, LIBELLES_FAMILLES, LIBELLES_GROUPES
from diagnostic.domain.statistiques import Resume, arrondi, ensemble, interpretable
from diagnostic.models import Enquete
from diagnostic.queries.copies import copies_de
from diagnostic.queries.mesures_enquete import (
    COTES,
    LARGEMENT,
    MOYENNE_FAIBLE,
    Intervalle,
    Mesure,
    decimal,
    ecart_certain,
    points,
    pour_cent,
    reponses,
)
from strategie.socle.domain.calendrier import annee_precedente
from strategie.socle.models import Etablissement

EQUIPES = "equipes"
TAUX_PRUDENT = Fraction(1, 2)
MOYENNE_FAVORABLE = Fraction(7, 2)
PALIER_HAUT = 2
NON_INTERPRETABLE = "différence non interprétable"


# --- Who answered -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Part:
    """A group, or small groups put together; `reponses` is None under the threshold."""

    code: str
    libelle: str
    groupes: tuple[str, ...]
    invites: int
    reponses: int | None

    @property
    def taux(self) -> str:
        return "" if self.reponses is None else pour_cent(Fraction(self.reponses, self.invites))

    @property
    def prudence(self) -> bool:
        return self.reponses is not None and Fraction(self.reponses, self.invites) < TAUX_PRUDENT

    @property
    def depasse(self) -> bool:
        return self.reponses is not None and self.reponses > self.invites


@dataclass(frozen=True)
class Famille(Part):
    parts: tuple[Part, ...]

    @property
    def distingue(self) -> bool:
        return len(self.parts) > 1


# --- Questions ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Item:
    """A question as one family was asked it. `mesure` is None where fewer than the threshold answered it, or too much
    alike; `parts` is empty where groups may not be told apart.
    """

    numero: int
    enonce: str
    autres_enonces: tuple[tuple[str, str], ...]
    enonce_direction: str
    mesure: Mesure | None
    parts: Mapping[str, Mesure]
    direction: int | None

    @property
    def reference(self) -> str:
        return f"E{self.numero:02d}"

    @property
    def faible(self) -> bool:
        return self.mesure is not None and self.mesure.faible

    @property
    def besoin(self) -> str:
        """Alone in a list of needs, « Je trouve le temps » would read as if all were well."""
        return f"À améliorer\u00a0: {_a_la_suite(self.enonce)}"

    @property
    def constat(self) -> str:
        """Where a need drawn from a weak question comes from."""
        return "" if self.mesure is None else f"Les équipes le disent\u00a0: {self.mesure.en_mots}."


@dataclass(frozen=True)
class Champ:
    """The questions of a champ as one; `palier` is the school's own, which they never correct."""

    code: str
    libelle: str
    items: tuple[Item, ...]
    palier: int | None

    @cached_property
    def mesures(self) -> tuple[Mesure, ...]:
        return tuple(item.mesure for item in self.items if item.mesure)

    @cached_property
    def resume(self) -> Resume | None:
        return ensemble([mesure.resume for mesure in self.mesures])

    @property
    def approche(self) -> str:
        """« ≈ » before figures in which a band counts."""
        return "≈\u00a0" if any(mesure.bande for mesure in self.mesures) else ""

    @property
    def moyenne(self) -> str:
        return self.approche + decimal(self.resume.moyenne) if self.resume else ""

    @property
    def part_accord(self) -> str:
        return self.approche + pour_cent(self.resume.part_accord) if self.resume else ""

    @property
    def effectif(self) -> str:
        """« 18 réponses », « de 15 à 18 réponses »."""
        nombres = [mesure.n for mesure in self.mesures]
        if not nombres:
            return ""
        bas, haut = min(nombres), max(nombres)
        return reponses(haut) if bas == haut else f"de {bas} à {reponses(haut)}"

    @property
    def bornes(self) -> Intervalle:
        bornes = [mesure.bornes for mesure in self.mesures]
        return _moyenne(bas for bas, _ in bornes), _moyenne(haut for _, haut in bornes)

    @property
    def face_au_palier(self) -> str:
        """The diagnostic and the teams side by side, in words: neither corrects the other."""
        if self.palier is None or self.resume is None:
            return ""
        haut, moyenne = self.palier >= PALIER_HAUT, self.resume.moyenne
        if MOYENNE_FAIBLE <= moyenne < MOYENNE_FAVORABLE:
            return "Équipes partagées."
        if haut == (moyenne >= MOYENNE_FAVORABLE):
            return "Diagnostic et équipes dans le même sens."
        return "Diagnostic plus favorable que les équipes." if haut else "Équipes plus favorables que le diagnostic."


@dataclass(frozen=True)
class QuestionPropre:
    """A question of the school's own; `lignes`: option, how many, share."""

    numero: int
    enonce: str
    n: int | None
    sans_avis: int
    lignes: tuple[tuple[str, int, str], ...]
    bande: str


@dataclass(frozen=True)
class Section:
    """All that one family said."""

    famille: Famille
    champs: tuple[Champ, ...]
    propres: tuple[QuestionPropre, ...]

    @cached_property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for champ in self.champs for item in champ.items)

    @property
    def premier_groupe(self) -> str:
        """The one whose wording is shown."""
        return LIBELLES_GROUPES[self.famille.groupes[0]]

    @property
    def montres(self) -> tuple[Champ, ...]:
        return tuple(champ for champ in self.champs if champ.mesures)


# --- Differences --------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Ecart:
    """What the head answered, and the teams' mean."""

    item: Item
    direction: int
    mesure: Mesure

    @property
    def valeur(self) -> Fraction:
        """Between the figures that are shown: what a reader finds again by subtracting."""
        return self.direction - arrondi(self.mesure.resume.moyenne, 1)

    @property
    def interpretable(self) -> bool:
        certain = ecart_certain((Fraction(self.direction), Fraction(self.direction)), self.mesure.bornes)
        return interpretable(certain, self.mesure.n)

    @property
    def taille(self) -> str:
        return f"{'≈\u00a0' if self.mesure.bande else ''}{decimal(abs(self.valeur))}"

    @property
    def qui(self) -> str:
        """Who is more favourable."""
        if not self.valeur:
            return "même réponse"
        return "la direction est plus favorable" if self.valeur > 0 else "les équipes sont plus favorables"

    @property
    def sens(self) -> str:
        signe = "≈\u00a0" if self.mesure.bande else ""
        return f"{self.qui}, de {signe}{points(abs(self.valeur))}" if self.valeur else self.qui

    @property
    def besoin(self) -> str:
        return f"Comprendre l'écart\u00a0: {_a_la_suite(self.item.enonce)}"

    @property
    def phrase(self) -> str:
        return (
            f"La direction répond {self.direction} («\u00a0{LIBELLES_ECHELLE[self.direction - 1]}\u00a0»), les équipes "
            f"{self.mesure.moyenne} en moyenne ({reponses(self.mesure.n)})\u00a0: {self.sens}."
        )


@dataclass(frozen=True)
class LigneGroupes:
    """A question in the groups that may be told apart: `mesures` in the order of the family's parts."""

    item: Item
    mesures: tuple[Mesure | None, ...]
    difference: str


@dataclass(frozen=True)
class Souhait:
    """A theme of training; `effectif` is None under the threshold, and all but two stand for all."""

    rang: int
    theme: str
    effectif: int | None
    total: int

    @property
    def plafonne(self) -> bool:
        return self.effectif == self.total - ECARTES

    @property
    def nombre(self) -> str:
        return f"{self.effectif}{' ou plus' if self.plafonne else ''}"

    @property
    def part(self) -> str:
        part = pour_cent(Fraction(self.effectif or 0, self.total))
        return f"{part} et plus" if self.plafonne else part

    @property
    def reference(self) -> str:
        return f"F{self.rang}"

    @property
    def constat(self) -> str:
        return f"{self.nombre} personnes des équipes le souhaitent, soit {self.part} des réponses à l'enquête."


@dataclass(frozen=True)
class Formation:
    reponses: int
    souhaits: tuple[Souhait, ...]


# --- The whole ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class PaliersSignes:
    """The school's own paliers, from the signed diagnostic nearest to the survey."""

    annee: str
    version: int
    paliers: Mapping[str, int]


@dataclass(frozen=True)
class Lecture:
    """A counted survey, ready for a screen, a PDF or a file."""

    etablissement: str
    uai: str
    annee: str
    forme: str
    ouverture: datetime.date
    cloture: datetime.date
    seuil: int
    version_des_questions: int
    familles: tuple[Famille, ...]
    sections: tuple[Section, ...]
    formation: Formation | None
    textes: int
    paliers: PaliersSignes | None

    @cached_property
    def equipes(self) -> Section | None:
        return next((section for section in self.sections if section.famille.code == EQUIPES), None)

    @property
    def autres(self) -> tuple[Section, ...]:
        return tuple(section for section in self.sections if section.famille.code != EQUIPES)

    @property
    def invites_des_equipes(self) -> int:
        return sum(famille.invites for famille in self.familles if famille.code == EQUIPES)

    @cached_property
    def faibles(self) -> tuple[Item, ...]:
        """The teams' weak questions, the weakest first."""
        faibles = [item for item in self.equipes.items if item.faible] if self.equipes else []
        return tuple(sorted(faibles, key=lambda item: (_moyenne_de(item), item.numero)))

    @property
    def direction_a_repondu(self) -> bool:
        return any(item.direction for section in self.sections for item in section.items)

    @cached_property
    def ecarts(self) -> tuple[Ecart, ...]:
        """The widest first."""
        if self.equipes is None:
            return ()
        ecarts = [Ecart(i, i.direction, i.mesure) for i in self.equipes.items if i.direction and i.mesure]
        return tuple(sorted(ecarts, key=lambda e: (-abs(e.direction - e.mesure.resume.moyenne), e.item.numero)))

    @property
    def ecarts_nets(self) -> tuple[Ecart, ...]:
        return tuple(ecart for ecart in self.ecarts if ecart.interpretable)

    @property
    def ecarts_incertains(self) -> tuple[Ecart, ...]:
        return tuple(ecart for ecart in self.ecarts if not ecart.interpretable)

    @cached_property
    def groupes(self) -> tuple[LigneGroupes, ...]:
        if self.equipes is None:
            return ()
        parts = self.equipes.famille.parts
        return tuple(_ligne_groupes(item, parts) for item in self.equipes.items if item.parts)

    @property
    def non_distingues(self) -> int:
        """How many of the teams' questions are shown for all together only."""
        return sum(1 for item in self.equipes.items if not item.parts) if self.equipes else 0

    @property
    def textes_possibles(self) -> bool:
        return any((famille.reponses or 0) >= SEUIL_TEXTES for famille in self.familles)

    @cached_property
    def phrases(self) -> tuple[str, ...]:
        """Three to five sentences to begin with, by rules that do not change."""
        if self.equipes is None:
            return (
                f"Moins de {self.seuil}\u00a0personnes des équipes ont répondu, sur {self.invites_des_equipes} "
                "invitées\u00a0: rien n'est montré.",
                "À si peu, des moyennes laisseraient deviner qui a répondu quoi.",
                "Une nouvelle enquête, annoncée en réunion, peut réunir plus de réponses.",
            )
        famille = self.equipes.famille
        trouvees = [_phrase_de_participation(famille), *_phrases_des_champs(self.equipes.montres)]
        return (*trouvees, *self._phrase_d_ecart(), *_phrases_de_prudence(famille))

    def _phrase_d_ecart(self) -> list[str]:
        if not self.ecarts and self.direction_a_repondu:
            return ["Les questions auxquelles la direction a répondu n'ont pas reçu assez de réponses des équipes."]
        if not self.ecarts:
            return ["La direction n'a pas répondu à ces questions\u00a0: il n'y a pas d'écart à lire."]
        if not self.ecarts_nets:
            return [
                "Aucun écart entre la direction et les équipes n'est assez net pour être interprété, avec ce nombre de "
                "réponses."
            ]
        net = self.ecarts_nets[0]
        return [f"L'écart le plus net porte sur «\u00a0{net.item.enonce.removesuffix('.')}\u00a0»\u00a0: {net.sens}."]


def _phrase_de_participation(famille: Famille) -> str:
    return (
        f"{famille.reponses} personnes des équipes ont répondu, sur {famille.invites} invitées\u00a0: {famille.taux}."
    )


def _phrases_des_champs(champs: Sequence[Champ]) -> list[str]:
    """The strongest and the weakest, where the difference could not come from fewer than three people."""
    classes = sorted(champs, key=lambda champ: -(_resume(champ).moyenne))
    if not classes:
        return ["Aucune question n'a reçu assez de réponses pour être montrée."]
    fort, faible = classes[0], classes[-1]
    if len(classes) == 1:
        return [f"Un seul champ est montré, «\u00a0{fort.libelle}\u00a0»\u00a0: {_champ_en_mots(fort)}."]
    if not interpretable(ecart_certain(fort.bornes, faible.bornes), min(_resume(fort).n, _resume(faible).n)):
        return [
            f"Aucun champ ne se détache\u00a0: les moyennes vont de {faible.moyenne} à {fort.moyenne} sur\u00a05, une "
            "différence qui pourrait tenir à moins de trois personnes."
        ]
    return [
        f"Le champ le mieux perçu est «\u00a0{fort.libelle}\u00a0»\u00a0: {_champ_en_mots(fort)}.",
        f"Le moins bien perçu est «\u00a0{faible.libelle}\u00a0»\u00a0: {_champ_en_mots(faible)}.",
    ]


def _champ_en_mots(champ: Champ) -> str:
    return f"{champ.moyenne} sur\u00a05 en moyenne, {champ.part_accord} d'accord"


def _phrases_de_prudence(famille: Famille) -> list[str]:
    if famille.depasse:
        return [
            "Il y a plus de réponses que de personnes invitées\u00a0: le lien a pu circuler plus loin, ou servir "
            "plusieurs fois à la même personne. À lire avec prudence."
        ]
    if famille.prudence:
        return [
            "Moins d'une personne invitée sur deux a répondu\u00a0: à lire avec prudence, ces chiffres disent l'avis "
            "de celles qui ont répondu."
        ]
    return []


# --- Reading the frozen JSON --------------------------------------------------------------------------------
def lire_resultat(contenu: Mapping[str, Any], paliers: PaliersSignes | None = None) -> Lecture:
    """A pure function of the frozen JSON, and of the paliers to put beside it."""
    familles = tuple(_famille(famille) for famille in contenu["familles"])
    return Lecture(
        etablissement=contenu["etablissement"]["nom"],
        uai=contenu["etablissement"]["uai"],
        annee=contenu["annee"],
        forme=str(Enquete.Forme(contenu["forme"]).label),
        ouverture=datetime.date.fromisoformat(contenu["ouverture"]),
        cloture=datetime.date.fromisoformat(contenu["cloture"]),
        seuil=contenu["seuil"],
        version_des_questions=contenu["questions"]["version"],
        familles=familles,
        sections=tuple(_section(contenu, famille, paliers) for famille in familles if famille.reponses is not None),
        formation=_formation(contenu),
        textes=contenu["textes"],
        paliers=paliers,
    )


def paliers_aupres_de(etablissement: Etablissement, annee: str) -> PaliersSignes | None:
    """From the latest diagnostic signed in `annee` or, without one, the year before: one query."""
    annees = [annee, annee_precedente(annee)]
    copie = copies_de(etablissement).filter(diagnostic__campagne__annee_scolaire__in=annees).first()
    if copie is None:
        return None
    champs = json.loads(copie.contenu)["champs"]
    return PaliersSignes(
        annee=copie.diagnostic.campagne.annee_scolaire,
        version=copie.version,
        paliers={champ["code"]: champ["resultat"]["palier"] for champ in champs},
    )


def _famille(famille: Mapping[str, Any]) -> Famille:
    return Famille(
        code=famille["code"],
        libelle=LIBELLES_FAMILLES[famille["code"]],
        groupes=tuple(groupe for part in famille["parts"] for groupe in part["groupes"]),
        invites=famille["invites"],
        reponses=famille["reponses"],
        parts=tuple(
            Part(
                code=part["code"],
                libelle=" + ".join(LIBELLES_GROUPES[groupe] for groupe in part["groupes"]),
                groupes=tuple(part["groupes"]),
                invites=part["invites"],
                reponses=part["reponses"],
            )
            for part in famille["parts"]
        ),
    )


def _section(contenu: Mapping[str, Any], famille: Famille, paliers: PaliersSignes | None) -> Section:
    questions, publies = contenu["questions"], {item["numero"]: item["familles"] for item in contenu["items"]}
    direction = contenu["direction"] if famille.code == EQUIPES else {}
    champs = []
    for code in dict.fromkeys(item["champ"] for item in questions["items"]):  # canonical JSON has sorted the keys
        items = tuple(
            _item(item, publies[item["numero"]][famille.code], famille, direction.get(str(item["numero"])))
            for item in questions["items"]
            if item["champ"] == code and famille.code in publies[item["numero"]]
        )
        palier = paliers.paliers.get(code) if paliers and famille.code == EQUIPES else None
        if items:
            champs.append(Champ(code=code, libelle=questions["champs"][code], items=items, palier=palier))
    return Section(famille=famille, champs=tuple(champs), propres=_propres(contenu, famille.code))


def _item(item: Mapping[str, Any], publie: Mapping[str, Any], famille: Famille, direction: int | None) -> Item:
    # A part is counted where all its groups were asked.
    comptees = [part for part in famille.parts if set(part.groupes) <= set(item["enonces"])]
    enonces = {groupe: item["enonces"][groupe] for part in comptees for groupe in part.groupes}
    premier = next(iter(enonces.values()))
    return Item(
        numero=item["numero"],
        enonce=premier,
        autres_enonces=tuple((LIBELLES_GROUPES[g], enonce) for g, enonce in enonces.items() if enonce != premier),
        enonce_direction=item["enonces"].get("direction", premier),
        mesure=_mesure(publie["total"]),
        parts={code: mesure for code, chiffres in (publie["parts"] or {}).items() if (mesure := _mesure(chiffres))},
        direction=direction,
    )


def _mesure(chiffres: Mapping[str, Any] | None) -> Mesure | None:
    if chiffres is None:
        return None
    effectifs = chiffres["effectifs"]
    return Mesure(
        n=chiffres["n"],
        effectifs=None if effectifs is None else tuple(effectifs),
        sans_avis=chiffres["sans_avis"],
        bande=chiffres["bande"],
    )


def _propres(contenu: Mapping[str, Any], famille: str) -> tuple[QuestionPropre, ...]:
    publies = {question["numero"]: question["familles"] for question in contenu["propres"]}
    return tuple(
        _question_propre(question, publies[question["numero"]][famille]["total"])
        for question in contenu["questions"]["propres"]
    )


def _question_propre(question: Mapping[str, Any], chiffres: Mapping[str, Any] | None) -> QuestionPropre:
    effectifs = (chiffres or {}).get("effectifs") or []
    n = chiffres["n"] if chiffres else None
    return QuestionPropre(
        numero=question["numero"],
        enonce=question["enonce"],
        n=n,
        sans_avis=chiffres["sans_avis"] if chiffres else 0,
        lignes=tuple(
            (option, nombre, pour_cent(Fraction(nombre, sum(effectifs))))
            for option, nombre in zip(question["options"], effectifs, strict=bool(effectifs))
        ),
        bande=_bande_d_options(question, chiffres["bande"]) if chiffres and chiffres["bande"] else "",
    )


def _bande_d_options(question: Mapping[str, Any], bande: str) -> str:
    """« 80 % et plus : « Oui » »; on a scale, « 80 % et plus d'accord »."""
    if question["type"] == "echelle":
        return f"{LARGEMENT} {COTES[bande]}"
    return f"{LARGEMENT}\u00a0: «\u00a0{question['options'][int(bande)]}\u00a0»"


def _formation(contenu: Mapping[str, Any]) -> Formation | None:
    """The themes most wished for first; those under the threshold last, in the order they were asked."""
    publiee = contenu["formation"]
    if publiee is None:
        return None
    total = publiee["reponses"]
    souhaits = [
        Souhait(rang, theme, effectif, total)
        for rang, (theme, effectif) in enumerate(
            zip(contenu["questions"]["formation"], publiee["effectifs"], strict=True), start=1
        )
    ]
    return Formation(total, tuple(sorted(souhaits, key=lambda souhait: -(souhait.effectif or 0))))


def _ligne_groupes(item: Item, parts: Sequence[Part]) -> LigneGroupes:
    mesures = tuple(item.parts.get(part.code) for part in parts)
    return LigneGroupes(item=item, mesures=mesures, difference=_difference(item, parts))


def _difference(item: Item, parts: Sequence[Part]) -> str:
    """The widest difference that can be interpreted, or that none can."""
    montres = [part for part in parts if part.code in item.parts]
    lisibles = []
    for un, autre in combinations(montres, 2):
        haute, basse = sorted((un, autre), key=lambda part: -item.parts[part.code].resume.moyenne)
        moyennes = [item.parts[part.code].resume.moyenne for part in (haute, basse)]
        n = min(item.parts[part.code].n for part in (haute, basse))
        if interpretable(moyennes[0] - moyennes[1], n):
            ecart = arrondi(moyennes[0], 1) - arrondi(moyennes[1], 1)
            lisibles.append((ecart, _ecart_de_groupes(ecart, haute, basse)))
    return max(lisibles, key=lambda lisible: lisible[0])[1] if lisibles else NON_INTERPRETABLE


def _ecart_de_groupes(ecart: Fraction, haute: Part, basse: Part) -> str:
    return f"{points(ecart)} de plus pour «\u00a0{haute.libelle}\u00a0» que pour «\u00a0{basse.libelle}\u00a0»"


def _a_la_suite(phrase: str) -> str:
    """After a colon, without its capital; the one of an acronym stays."""
    return phrase if phrase[1:2].isupper() else phrase[:1].lower() + phrase[1:]


def _moyenne(valeurs: Iterable[Fraction]) -> Fraction:
    toutes = list(valeurs)
    return sum(toutes, Fraction(0)) / len(toutes)


def _resume(champ: Champ) -> Resume:
    resume = champ.resume
    assert resume is not None  # noqa: S101 - `montres` keeps only champs that have one
    return resume


def _moyenne_de(item: Item) -> Fraction:
    return item.mesure.resume.moyenne if item.mesure else MOYENNE_FAIBLE
