"""Counting the ballots: from what each person answered to the figures that may be shown, and nothing else. Pure.

`questions`, frozen when the survey opens:
`{"version": 1, "items": [{"numero", "champ", "domaine", "enonces": {groupe: énoncé}}], "champs": {code: libellé},
"propres": [{"numero", "enonce", "type", "options": [...]}], "formation": [thème, …]}`.
An item has no énoncé for a group that it is not put to.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from diagnostic.domain.anonymat import SEUIL_TEXTES, Chiffres, Publication, fusionner, publier
from diagnostic.domain.bulletins import ECHELLE, EQUIPES, FAMILLES, SANS_AVIS, Bulletin

type Comptes = tuple[list[int], int]  # how many gave each answer, and how many gave none


def depouiller(
    bulletins: Sequence[Bulletin], questions: Mapping[str, Any], invites: Mapping[str, int], k: int
) -> tuple[dict[str, Any], list[str]]:
    """The figures to keep (shape of the frozen results), and the free texts in an order drawn at random.

    Free texts are kept from ten answers of the teams on; below, they are lost, on purpose.
    """
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
    numero, poses = item["numero"], set(item["enonces"])
    publies = {}
    for famille in familles:
        parts = {
            part["code"]: _compter(
                [
                    b.reponses.get(numero, SANS_AVIS)
                    for b in bulletins
                    if b.groupe in part["groupes"] and b.groupe in poses
                ]
            )
            for part in famille["parts"]
            if poses & set(part["groupes"])
        }
        if parts:
            publies[famille["code"]] = _publication(publier(parts, k))
    return {"numero": numero, "familles": publies}


def _compter(reponses: Sequence[int]) -> Comptes:
    return [reponses.count(valeur) for valeur in ECHELLE], reponses.count(SANS_AVIS)


def _question_propre(
    question: Mapping[str, Any], familles: Sequence[Mapping[str, Any]], bulletins: Sequence[Bulletin], k: int
) -> dict[str, Any]:
    """Of each family as a whole: the school's own questions are not told apart by group."""
    numero, publies = question["numero"], {}
    for famille in familles:
        groupes = {groupe for part in famille["parts"] for groupe in part["groupes"]}
        rangs = [bulletin.propres.get(numero) for bulletin in bulletins if bulletin.groupe in groupes]
        comptes = [rangs.count(rang) for rang in range(len(question["options"]))], rangs.count(None)
        publies[famille["code"]] = _publication(publier({"": comptes}, k, distinguer=False))
    return {"numero": numero, "familles": publies}


def _formation(themes: Sequence[str], bulletins: Sequence[Bulletin], k: int) -> dict[str, Any] | None:
    """How many of the teams wish for each theme; None stands for « moins de k »."""
    equipes = [bulletin for bulletin in bulletins if bulletin.groupe in EQUIPES]
    if len(equipes) < k:
        return None
    souhaits = [sum(rang in bulletin.formation for bulletin in equipes) for rang in range(len(themes))]
    return {"reponses": len(equipes), "effectifs": [nombre if nombre >= k else None for nombre in souhaits]}


def _textes(bulletins: Sequence[Bulletin]) -> list[str]:
    if sum(bulletin.groupe in EQUIPES for bulletin in bulletins) < SEUIL_TEXTES:
        return []
    textes = [bulletin.texte for bulletin in bulletins if bulletin.texte]
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
