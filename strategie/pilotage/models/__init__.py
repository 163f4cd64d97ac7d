from strategie.pilotage.models.bilan import ModeleDeBilan, MotDuBilan
from strategie.pilotage.models.conseil import ReglesConseil, SeanceDuConseil
from strategie.pilotage.models.dossier import Deliberation, Dossier, DossierDuLot, LotDeDossiers, SectionsChoisies
from strategie.pilotage.models.synthese import (
    FaitChange,
    Niveau,
    SyntheseEtablissement,
    SyntheseTerritoire,
    VersionDeSynthese,
)

__all__ = [
    "Deliberation",
    "Dossier",
    "DossierDuLot",
    "FaitChange",
    "LotDeDossiers",
    "ModeleDeBilan",
    "MotDuBilan",
    "Niveau",
    "ReglesConseil",
    "SeanceDuConseil",
    "SectionsChoisies",
    "SyntheseEtablissement",
    "SyntheseTerritoire",
    "VersionDeSynthese",
]
