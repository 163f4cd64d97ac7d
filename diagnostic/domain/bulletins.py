"""What a member of the teams answers, and how it is written down to be sealed. Pure Python.

Every ballot takes the same number of bytes, whatever it says: nothing can be read from its length.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

TAILLE = 1856  # sealed, with its mark, it still fits where PostgreSQL keeps short rows (2,032 bytes)
TEXTE_MAX = 400  # characters
SANS_AVIS = 0
ECHELLE = (1, 2, 3, 4, 5)
LIBELLES_ECHELLE = (
    "Pas du tout d'accord",
    "Plutôt pas d'accord",
    "Ni d'accord ni pas d'accord",
    "Plutôt d'accord",
    "Tout à fait d'accord",
)


class Groupe(StrEnum):
    ENSEIGNANTS = "enseignants"
    VIE_SCOLAIRE = "vie_scolaire"
    AESH_AGENTS = "aesh_agents"
    PARENTS = "parents"
    ELEVES = "eleves"


# Groups are only ever added up inside a family: what parents say is never mixed with what teams say.
EQUIPES = (Groupe.ENSEIGNANTS, Groupe.VIE_SCOLAIRE, Groupe.AESH_AGENTS)
FAMILLES: Mapping[str, tuple[Groupe, ...]] = MappingProxyType(
    {"equipes": EQUIPES, "parents": (Groupe.PARENTS,), "eleves": (Groupe.ELEVES,)}
)
LIBELLES_GROUPES: Mapping[str, str] = MappingProxyType(
    {
        "direction": "Direction",
        Groupe.ENSEIGNANTS: "Enseignants",
        Groupe.VIE_SCOLAIRE: "Vie scolaire",
        Groupe.AESH_AGENTS: "AESH et agents",
        Groupe.PARENTS: "Parents",
        Groupe.ELEVES: "Élèves",
    }
)
LIBELLES_FAMILLES: Mapping[str, str] = MappingProxyType(
    {"equipes": "Équipes", "parents": "Parents", "eleves": "Élèves"}
)


class BulletinTropLong(Exception):
    """The text takes more room than a ballot has."""


@dataclass(frozen=True)
class Bulletin:
    """`reponses`: number of the item → 0 (sans avis) to 5; `propres`: number of the school's own question → rank of
    the option, from 0; `formation`: ranks of the themes wished for.
    """

    groupe: Groupe
    reponses: Mapping[int, int]
    propres: Mapping[int, int] = field(default_factory=dict)
    formation: frozenset[int] = frozenset()
    texte: str = ""


def ecrire(bulletin: Bulletin) -> bytes:
    """Exactly `TAILLE` bytes. Raises BulletinTropLong."""
    contenu = {
        "g": bulletin.groupe,
        "r": dict(bulletin.reponses),
        "p": dict(bulletin.propres),
        "f": sorted(bulletin.formation),
        "t": bulletin.texte,
    }
    octets = json.dumps(contenu, ensure_ascii=False, separators=(",", ":")).encode()
    if len(octets) > TAILLE:
        raise BulletinTropLong
    return octets.ljust(TAILLE)


def lire(octets: bytes) -> Bulletin:
    """The contrary of `ecrire`."""
    contenu = json.loads(octets)
    return Bulletin(
        groupe=Groupe(contenu["g"]),
        reponses={int(numero): valeur for numero, valeur in contenu["r"].items()},
        propres={int(numero): rang for numero, rang in contenu["p"].items()},
        formation=frozenset(contenu["f"]),
        texte=contenu["t"],
    )
