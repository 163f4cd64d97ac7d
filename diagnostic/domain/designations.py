"""What in a free text says who somebody is. Pure Python.

It warns before sending and forbids nothing: « petit » is a name and an adjective, and the writer knows which.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

COURRIEL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# Nine digits or more, however they are spaced, after a zero or a plus.
TELEPHONE = re.compile(r"(?<!\w)(?:\+|0)\d(?:[ .()/-]{0,2}\d){7,13}(?!\w)")
CIVILITES = "m|mr|mm|mme|mmes|mlle|mlles|monsieur|messieurs|madame|mesdames|mademoiselle"
PERSONNE = re.compile(rf"(?<!\w)(?i:{CIVILITES})\b\.?\s{{1,3}}[^\W\d_a-zà-öø-ÿ][\w'’-]*")
MOT = re.compile(r"[^\W\d_]+")
LETTRES_D_UN_NOM = 3  # « Le » and « Da » are names too: alone, they would be seen in every sentence

type Nom = tuple[str, str]  # first name, last name


def designations(texte: str, noms: Iterable[Nom]) -> list[str]:
    """E-mail addresses, telephone numbers and names found in the text, each as it is written there, once.

    A last name counts however it is written; a first name alone, only with a capital: « claire » is an adjective.
    """
    lu = unicodedata.normalize("NFKC", texte)
    trouves = [trouve.group() for motif in (COURRIEL, TELEPHONE, PERSONNE) for trouve in motif.finditer(lu)]
    trouves += _noms(lu, noms)
    return list(dict.fromkeys(trouves))


def _noms(texte: str, noms: Iterable[Nom]) -> Iterator[str]:
    mots = [(_sans_accent(mot.group()), mot.start(), mot.end()) for mot in MOT.finditer(texte)]
    for prenom, nom in noms:
        entier, famille, seul = _mots(f"{prenom} {nom}"), _mots(nom), _mots(prenom)
        complets = list(_suites(texte, mots, entier))
        yield from complets
        if complets:
            continue
        if len("".join(famille)) >= LETTRES_D_UN_NOM:
            yield from _suites(texte, mots, famille)
        if len("".join(seul)) >= LETTRES_D_UN_NOM:
            yield from (trouve for trouve in _suites(texte, mots, seul) if trouve[0].isupper())


def _suites(texte: str, mots: list[tuple[str, int, int]], cherches: list[str]) -> Iterator[str]:
    """Where these words follow each other, as the text writes them."""
    for debut in range(len(mots) - len(cherches) + 1 if cherches else 0):
        fin = debut + len(cherches)
        if [mot for mot, _, _ in mots[debut:fin]] == cherches:
            yield texte[mots[debut][1] : mots[fin - 1][2]]


def _mots(nom: str) -> list[str]:
    return [_sans_accent(mot) for mot in MOT.findall(unicodedata.normalize("NFKC", nom))]


def _sans_accent(mot: str) -> str:
    lettres = unicodedata.normalize("NFD", mot.casefold())
    return "".join(lettre for lettre in lettres if not unicodedata.combining(lettre))
