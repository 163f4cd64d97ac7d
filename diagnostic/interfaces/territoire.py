"""The figures of a territory, as rows for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from diagnostic.queries.territoire import ChampDuTerritoire, Participation, Souhait, Territoire
from strategie.socle.interfaces.exports import Colonne


@dataclass(frozen=True)
class LigneExport:
    """A champ in a part of the territory, or a theme of training in the whole."""

    partie: str
    participation: Participation
    champ: ChampDuTerritoire | None = None
    souhait: Souhait | None = None

    @property
    def comptes(self) -> int | None:
        if self.souhait:
            return self.souhait.etablissements
        return self.champ.resume.etablissements if self.champ and self.champ.resume else None


COLONNES: tuple[Colonne[LigneExport], ...] = (
    Colonne("Territoire", lambda ligne: ligne.partie),
    Colonne("Établissements", lambda ligne: ligne.participation.etablissements),
    Colonne("Enquêtes dépouillées (établissements)", lambda ligne: ligne.participation.depouillees),
    Colonne("Champ", lambda ligne: ligne.champ and ligne.champ.libelle),
    Colonne("Formation souhaitée", lambda ligne: ligne.souhait and ligne.souhait.theme),
    Colonne("Établissements comptés", lambda ligne: ligne.comptes),
    Colonne("Moyenne (1 à 5)", lambda ligne: ligne.champ and ligne.champ.moyenne),
    Colonne("Part d'accord", lambda ligne: ligne.champ and ligne.champ.part_accord),
    Colonne("Personnes", lambda ligne: ligne.souhait and ligne.souhait.personnes),
    Colonne("Réponses", lambda ligne: ligne.souhait and ligne.souhait.reponses),
)


def lignes_du_territoire(territoire: Territoire) -> Iterator[LigneExport]:
    """The whole first, then its districts, then the wishes; what is not shown on the page is not here either."""
    tout = f"Académie\u00a0: {territoire.academie.nom}"
    for champ in territoire.champs:
        yield LigneExport(tout, territoire.participation, champ=champ)
    for part in territoire.parts:
        for champ in part.champs:
            yield LigneExport(part.libelle, part.participation, champ=champ)
    for souhait in territoire.souhaits:
        yield LigneExport(tout, territoire.participation, souhait=souhait)
