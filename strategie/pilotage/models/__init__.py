from strategie.pilotage.models.conseil import ReglesConseil, SeanceDuConseil
from strategie.pilotage.models.dossier import Deliberation, Dossier, DossierDuLot, LotDeDossiers, SectionsChoisies

__all__ = [
    "Deliberation",
    "Dossier",
    "DossierDuLot",
    "LotDeDossiers",
    "ReglesConseil",
    "SeanceDuConseil",
    "SectionsChoisies",
]
