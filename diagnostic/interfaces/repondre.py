"""The questionnaire of a survey: its page, and what comes back from it.

What is sent is read by hand: forty fields of a form class would take longer than sealing the ballot.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby
from math import ceil
from typing import Any

from django.http import QueryDict

from diagnostic.domain.bulletins import (
    ECHELLE,
    EQUIPES,
    LIBELLES_ECHELLE,
    LIBELLES_GROUPES,
    SANS_AVIS,
    TEXTE_MAX,
    Bulletin,
    Groupe,
)
from diagnostic.models import Enquete
from diagnostic.queries.enquetes import Porte

CLE = re.compile(r"[0-9a-f]{32}")
MINUTES_PAR_QUESTION = 0.3
VALEURS = {str(valeur): valeur for valeur in (*ECHELLE, SANS_AVIS)}
LIBELLES_VALEURS = (*zip(map(str, ECHELLE), LIBELLES_ECHELLE, strict=True), (str(SANS_AVIS), "Sans avis"))
SANS_REPONSE = ("", "Sans avis")  # to an own question
# Composing accents takes a time that grows as the square of how many follow each other: a longer text is not composed.
SIGNES_MAX = 4 * TEXTE_MAX
INVISIBLES = frozenset({"Cc", "Cf", "Cs"})  # controls, marks of direction, halves of characters

CHOISIR_UN_GROUPE = "Choisissez votre groupe dans la liste."
AUTRE_PAGE = (
    "Cette page n'est pas celle de cette enquête\u00a0: rien n'est envoyé. Relisez vos réponses ci-dessous, puis "
    "envoyez-les de nouveau."
)
PAGE_INCOMPLETE = (
    "Cette page est arrivée incomplète\u00a0: rien n'est envoyé. Relisez vos réponses ci-dessous, puis envoyez-les "
    "de nouveau."
)
HORS_LISTE = "Choisissez une des réponses proposées."
AUCUNE_REPONSE = "Vous n'avez encore répondu à rien\u00a0: répondez à une question au moins avant d'envoyer."
TEXTE_TROP_LOURD = "Votre texte prend trop de place\u00a0: raccourcissez-le."


# --- Before the questions -----------------------------------------------------------------------------------
def groupes_invites(porte: Porte) -> list[tuple[str, str]]:
    """Code and label, in the order of the questionnaire."""
    return [(groupe, LIBELLES_GROUPES[groupe]) for groupe in Groupe if porte.invites.get(groupe)]


def groupe_choisi(porte: Porte, envoye: QueryDict) -> Groupe | None:
    """None when it is not one of those invited."""
    groupe = envoye.get("groupe", "")
    return Groupe(groupe) if groupe in Groupe and porte.invites.get(groupe) else None


def minutes(porte: Porte) -> int:
    """6 for twenty questions, 3 for eight."""
    return ceil(MINUTES_PAR_QUESTION * (len(porte.questions["items"]) + len(porte.questions["propres"])))


# --- What was sent ------------------------------------------------------------------------------------------
@dataclass
class Envoi:
    """A ballot as it came. `erreurs`: name of the field ("" for the whole page) → sentence; `designations`: what the
    text says of somebody, when it was not confirmed.
    """

    groupe: Groupe
    cle: str
    reponses: dict[int, int] = field(default_factory=dict)
    propres: dict[int, int] = field(default_factory=dict)
    formation: frozenset[int] = frozenset()
    texte: str = ""
    confirme: bool = False
    erreurs: dict[str, str] = field(default_factory=dict)
    designations: list[str] = field(default_factory=list)

    @property
    def refuse(self) -> bool:
        return bool(self.erreurs or self.designations)

    @property
    def texte_a_verifier(self) -> bool:
        return bool(self.texte) and not self.confirme and not self.erreurs

    @property
    def bulletin(self) -> Bulletin:
        return Bulletin(self.groupe, self.reponses, self.propres, self.formation, self.texte)


def lire_envoi(porte: Porte, groupe: Groupe, envoye: QueryDict) -> Envoi:
    """Only what this survey asks of this group; anything else is an error of the page or of its field."""
    envoi = Envoi(groupe, envoye.get("cle", ""), confirme="quand_meme" in envoye)
    envoi.texte = _lire_texte(envoi, envoye.get("texte", ""))
    if not CLE.fullmatch(envoi.cle):
        envoi.erreurs[""] = PAGE_INCOMPLETE
    _lire_reponses(envoi, porte, envoye)
    if envoye.get("items") != items_de(porte, groupe):
        envoi.erreurs[""] = AUTRE_PAGE
    if not (envoi.erreurs or envoi.reponses or envoi.propres or envoi.formation or envoi.texte):
        envoi.erreurs[""] = AUCUNE_REPONSE
    return envoi


def items_de(porte: Porte, groupe: Groupe) -> str:
    """The numbers of the questions of a page, which it sends back: those of another form are not taken for these."""
    return ".".join(str(item["numero"]) for item in _items(porte, groupe))


def secret_de(porte: Porte, envoi: Envoi) -> str:
    """What makes the mark of the ballot: a slip serves once; through the shared link, a page does."""
    return porte.code if porte.acces == Enquete.Acces.COUPONS else envoi.cle


def _lire_reponses(envoi: Envoi, porte: Porte, envoye: QueryDict) -> None:
    numeros = {f"q-{item['numero']}": item["numero"] for item in _items(porte, envoi.groupe)}
    propres = {f"p-{question['numero']}": question for question in porte.questions["propres"]}
    for nom, valeur in envoye.items():
        if nom in numeros:
            if valeur in VALEURS:
                envoi.reponses[numeros[nom]] = VALEURS[valeur]
            else:
                envoi.erreurs[nom] = HORS_LISTE
        elif nom in propres:
            rangs = {str(rang): rang for rang in range(len(propres[nom]["options"]))}
            if valeur in rangs:
                envoi.propres[propres[nom]["numero"]] = rangs[valeur]
            elif valeur:
                envoi.erreurs[nom] = HORS_LISTE
        elif nom.startswith(("q-", "p-")):
            envoi.erreurs[""] = AUTRE_PAGE
    themes = {str(rang): rang for rang in range(len(_themes(porte, envoi.groupe)))}
    if choisis := envoye.getlist("f"):
        envoi.formation = frozenset(themes[rang] for rang in choisis if rang in themes)
        if not themes.keys() >= set(choisis):
            envoi.erreurs[""] = AUTRE_PAGE


def _lire_texte(envoi: Envoi, saisie: str) -> str:
    """Line ends of one kind, composed accents, nothing that cannot be seen."""
    lignes = saisie.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    texte = "".join(c for c in lignes if c == "\n" or unicodedata.category(c) not in INVISIBLES).strip()
    if len(texte) <= SIGNES_MAX:
        texte = unicodedata.normalize("NFC", texte).strip()
    if len(texte) > TEXTE_MAX:
        nombre = f"{len(texte):,}".replace(",", "\u202f")
        envoi.erreurs["texte"] = f"Votre texte compte {nombre} caractères\u00a0: {TEXTE_MAX} au plus."
    return texte


def _items(porte: Porte, groupe: Groupe) -> list[Mapping[str, Any]]:
    return [item for item in porte.questions["items"] if groupe in item["enonces"]]


def _themes(porte: Porte, groupe: Groupe) -> list[str]:
    return porte.questions["formation"] if groupe in EQUIPES else []


# --- The page -----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Choix:
    valeur: str
    libelle: str
    coche: bool


@dataclass(frozen=True)
class Question:
    nom: str
    enonce: str
    choix: list[Choix]
    erreur: str


@dataclass(frozen=True)
class PageQuestions:
    """`erreurs`: field to go to ("" for none), what it is, sentence; `brouillon`: under what name a device keeps it."""

    porte: Porte
    groupe: Groupe
    cle: str
    items: str
    brouillon: str
    domaines: list[tuple[str, list[Question]]]
    propres: list[Question]
    formation: list[Choix]
    texte: str = ""
    erreur_du_texte: str = ""
    designations: tuple[str, ...] = ()
    erreurs: tuple[tuple[str, str, str], ...] = ()
    texte_max: int = TEXTE_MAX

    @property
    def total(self) -> int:
        return sum(len(questions) for _, questions in self.domaines) + len(self.propres)

    @property
    def libelle_du_groupe(self) -> str:
        return LIBELLES_GROUPES[self.groupe]


def page_des_questions(porte: Porte, groupe: Groupe, envoye: QueryDict, envoi: Envoi | None = None) -> PageQuestions:
    """The questions put to a group; `envoi`: what was refused, shown again as it was typed."""
    erreurs = envoi.erreurs if envoi else {}
    posees = [
        (item["domaine"], _question(f"q-{item['numero']}", item["enonces"][groupe], LIBELLES_VALEURS, envoye, erreurs))
        for item in _items(porte, groupe)
    ]
    propres = [
        _question(f"p-{question['numero']}", question["enonce"], _options(question), envoye, erreurs)
        for question in porte.questions["propres"]
    ]
    choisis = envoye.getlist("f")
    par_nom = {question.nom: question for question in (*(question for _, question in posees), *propres)}
    return PageQuestions(
        porte=porte,
        groupe=groupe,
        cle=envoi.cle if envoi and CLE.fullmatch(envoi.cle) else secrets.token_hex(16),
        items=items_de(porte, groupe),
        brouillon=sha256(b"paliers.brouillon" + porte.code.encode()).hexdigest()[:32],
        domaines=[(nom, [q for _, q in suite]) for nom, suite in groupby(posees, key=lambda posee: posee[0])],
        propres=propres,
        formation=[Choix(str(n), theme, str(n) in choisis) for n, theme in enumerate(_themes(porte, groupe))],
        texte=envoi.texte if envoi else "",
        erreur_du_texte=erreurs.get("texte", ""),
        designations=tuple(envoi.designations) if envoi else (),
        erreurs=tuple(_sommaire(erreurs, par_nom)),
    )


def _question(
    nom: str, enonce: str, libelles: tuple[tuple[str, str], ...], envoye: QueryDict, erreurs: Mapping[str, str]
) -> Question:
    donne = envoye.get(nom)
    choix = [Choix(valeur, libelle, valeur == donne) for valeur, libelle in libelles]
    return Question(nom, enonce, choix, erreurs.get(nom, ""))


def _options(question: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return (*((str(rang), option) for rang, option in enumerate(question["options"])), SANS_REPONSE)


def _sommaire(erreurs: Mapping[str, str], questions: Mapping[str, Question]) -> Iterator[tuple[str, str, str]]:
    for nom, phrase in erreurs.items():
        if nom in questions:
            yield f"{nom}-{questions[nom].choix[0].valeur}", questions[nom].enonce, phrase
        else:
            yield nom, "Votre texte" if nom else "", phrase
