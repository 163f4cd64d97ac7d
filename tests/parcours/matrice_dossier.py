"""Lines of the matrix: the board's files, and the public page that checks one."""

import datetime

from django.utils import timezone

from strategie.pilotage.domain.dossiers import figer_dossier
from strategie.pilotage.queries.contenu_du_dossier import contenu_du_dossier
from tests.dossier import Dossier
from tests.parcours.lignes import ECOLE, Ligne, ecole, tous, uai

PREPARENT = ("chef", "referent")
CORPS = {"sections": "plan", "rapport": "", "exercice": "2026", "lu-sections": "plan", "lu-rapport": ""}


def du_dossier(dossier: Dossier) -> tuple:
    """Frozen without laying out a PDF: its own tests do."""
    college = dossier.monde.college
    jour = datetime.date(2026, 11, 26)
    contenu = contenu_du_dossier(college, sections=["rapport"], annee="2026-2027", exercice=2026, jour=jour)
    fait = figer_dossier(
        etablissement=college,
        contenu=contenu,
        vote=False,
        auteur=dossier.monde.chef,
        maintenant=timezone.now(),
        rendre_pdf=lambda contenu, numero: (b"%PDF-1.7\n", 1),
    )
    return (*uai(dossier), fait.numero)


LIGNES_DOSSIER: list[Ligne] = [
    Ligne("evaluation", ecole(200, *ECOLE), arguments=uai),
    Ligne("dossier_preparer", ecole(200, *PREPARENT), arguments=uai),
    Ligne("dossier_preparer", ecole(302, *PREPARENT), "POST", uai, CORPS),
    Ligne("dossier_faire", ecole(422, *PREPARENT), "POST", uai, CORPS | {"sections": "rien"}),
    Ligne("dossier", ecole(200, *ECOLE), arguments=du_dossier),
    Ligne("dossier_pdf", ecole(200, *ECOLE), arguments=du_dossier),
    Ligne("dossier_xlsx", ecole(200, *ECOLE), arguments=du_dossier),
    Ligne("dossier_docx", ecole(200, *ECOLE), arguments=du_dossier),
    Ligne("verifier_dossier", tous(200)),
    Ligne("verifier_dossier", tous(422), "POST"),
]
