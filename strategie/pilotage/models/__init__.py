from strategie.pilotage.models.bilan import ModeleDeBilan, MotDuBilan
from strategie.pilotage.models.conseil import ReglesConseil, SeanceDuConseil
from strategie.pilotage.models.dossier import Deliberation, Dossier, DossierDuLot, LotDeDossiers, SectionsChoisies
from strategie.pilotage.models.rappel import (
    ArretDeCourriel,
    MoisRecapitule,
    Rappel,
    ReglagesRappels,
    Relance,
    SorteDeCourriel,
)
from strategie.pilotage.models.synthese import (
    FaitChange,
    Niveau,
    SyntheseEtablissement,
    SyntheseTerritoire,
    VersionDeSynthese,
)

__all__ = [
    "ArretDeCourriel",
    "Deliberation",
    "Dossier",
    "DossierDuLot",
    "FaitChange",
    "LotDeDossiers",
    "ModeleDeBilan",
    "MoisRecapitule",
    "MotDuBilan",
    "Niveau",
    "Rappel",
    "ReglagesRappels",
    "ReglesConseil",
    "Relance",
    "SeanceDuConseil",
    "SectionsChoisies",
    "SorteDeCourriel",
    "SyntheseEtablissement",
    "SyntheseTerritoire",
    "VersionDeSynthese",
]
