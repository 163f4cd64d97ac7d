"""Counting the ballots: from what each person answered to the figures that may be shown, and nothing else. Pure.

`questions`, frozen when the survey opens:
`{"version": 1, "items": [{"numero", "champ", "domaine", "enonces": {groupe: énoncé}}], "champs": {code: libellé},
"propres": [{"numero", "enonce", "type", "options": [...]}], "formation": [thème, …]}`.
An item has no énoncé for a group that it is not put to.

A `total` that is None was answered by fewer than `k` people, or too much alike to be shown: it is not said which.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from diagnostic.domain.anonymat import ECARTES, SEUIL_TEXTES, Chiffres, Publication, fusionner, publier
from diagnostic.domain.bulletins import ECHELLE, EQUIPES, FAMILLES, SANS_AVIS, Bulletin

type Comptes = tuple[list[int], int]  # how many gave each answer, and how many gave none


def depouiller(
    bulletins: Sequence[Bulletin], questions: Mapping[str, Any], invites: Mapping[str, int], k: int
) -> tuple[dict[str, Any], list[str]]:
    """The figures to keep (shape of the frozen results), and the free texts in an order drawn at random.

    Free texts are kept where ten or more of their family answered; below, they are lost, on purpose. A ballot of a
    group that was not invited counts nowhere: counted in one figure only, it could be had by subtraction.
    """
    bulletins = [bulletin for bulletin in bulletins if invites.get(bulletin.groupe)]
    familles = [_famille(code, groupes, bulletins, invites, k) for code, groupes in FAMILLES.items()]
    presentes = [famille for famille in familles if famille is not None]
    montrees = [famille for famille in presentes if famille["reponses"] is not None]
    textes = _textes(bulletins)
    return {
        "familles": presentes,
        "items": [_item(item, montrees, bulletins, k) for item in questions["items"]],
        "propres": [_question_propre(question, montrees, bulletins, k) for question in questions["propres"]],
        "formation": _formation(questions["formation"], bulletins, k),
        "textes": len(textes),
    }, textes


def _famille(
    code: str, groupes: Sequence[str], bulletins: Sequence[Bulletin], invites: Mapping[str, int], k: int
) -> dict[str, Any] | None:
    """None when nobody of it was invited; under the threshold, it says nothing of how many answered."""
    convies = [groupe for groupe in groupes if invites.get(groupe)]
    if not convies:
        return None
    recus = {str(groupe): sum(bulletin.groupe == groupe for bulletin in bulletins) for groupe in convies}
    parts = fusionner(recus, k)
    return {
        "code": code,
        "invites": sum(invites[groupe] for groupe in convies),
        "reponses": sum(recus.values()) if parts else None,
        "parts": [
            {
                "code": "+".join(part),
                "groupes": list(part),
                "invites": sum(invites[groupe] for groupe in part),
                "reponses": sum(recus[groupe] for groupe in part),
            }
            for part in parts
        ],
    }


def _item(
    item: Mapping[str, Any], familles: Sequence[Mapping[str, Any]], bulletins: Sequence[Bulletin], k: int
) -> dict[str, Any]:
    """Of the parts to which it was put as a whole: n of some of its groups would give n of the others."""
    numero, poses = item["numero"], set(item["enonces"])
    publies = {}
    for famille in familles:
        parts = {
            part["code"]: _compter(
                [b.reponses.get(numero, SANS_AVIS) for b in bulletins if b.groupe in part["groupes"]], ECHELLE
            )
            for part in famille["parts"]
            if set(part["groupes"]) <= poses
        }
        if any(poses & set(part["groupes"]) for part in famille["parts"]):
            publies[famille["code"]] = _publication(publier(parts, k))
    return {"numero": numero, "familles": publies}


def _compter(reponses: Sequence[int | None], valeurs: Iterable[int]) -> Comptes:
    """Whatever is not one of `valeurs` is no answer."""
    effectifs = [reponses.count(valeur) for valeur in valeurs]
    return effectifs, len(reponses) - sum(effectifs)


def _question_propre(
    question: Mapping[str, Any], familles: Sequence[Mapping[str, Any]], bulletins: Sequence[Bulletin], k: int
) -> dict[str, Any]:
    """Of each family as a whole: the school's own questions are not told apart by group."""
    numero, rangs, publies = question["numero"], range(len(question["options"])), {}
    echelle = question["type"] == "echelle"
    for famille in familles:
        groupes = {groupe for part in famille["parts"] for groupe in part["groupes"]}
        comptes = _compter(
            [bulletin.propres.get(numero) for bulletin in bulletins if bulletin.groupe in groupes], rangs
        )
        publies[famille["code"]] = _publication(publier({"": comptes}, k, distinguer=False, echelle=echelle))
    return {"numero": numero, "familles": publies}


def _formation(themes: Sequence[str], bulletins: Sequence[Bulletin], k: int) -> dict[str, Any] | None:
    """How many of the teams wish for each theme; None stands for « moins de k ».

    « All but two » also stands for all, and for all but one, who would otherwise know what the others wish.
    """
    equipes = [bulletin for bulletin in bulletins if bulletin.groupe in EQUIPES]
    au_plus = len(equipes) - ECARTES
    if au_plus < k:
        return None
    souhaits = [sum(rang in bulletin.formation for bulletin in equipes) for rang in range(len(themes))]
    return {
        "reponses": len(equipes),
        "effectifs": [min(nombre, au_plus) if nombre >= k else None for nombre in souhaits],
    }


def _textes(bulletins: Sequence[Bulletin]) -> list[str]:
    nombreuses = [
        groupes
        for groupes in FAMILLES.values()
        if sum(bulletin.groupe in groupes for bulletin in bulletins) >= SEUIL_TEXTES
    ]
    textes = [b.texte for b in bulletins if b.texte and any(b.groupe in groupes for groupes in nombreuses)]
    secrets.SystemRandom().shuffle(textes)
    return textes


def _publication(publication: Publication) -> dict[str, Any]:
    parts = publication.parts
    return {
        "total": _ecrits(publication.total),
        "parts": None if parts is None else {code: _ecrits(chiffres) for code, chiffres in parts.items()},
    }


def _ecrits(chiffres: Chiffres | None) -> dict[str, Any] | None:
    return None if chiffres is None else asdict(chiffres)
