"""A school's board files, for the tests of this app: a school with something of everything, and a cheap PDF."""

from decimal import Decimal
from typing import Any

from budget.domain.achats import SaisiePoste
from strategie.pilotage.domain.dossiers import faire_dossier
from strategie.pilotage.models import Dossier
from strategie.pilotage.rules.dossiers import SECTIONS
from strategie.socle.models import Etablissement
from tests.budget.achats import EXERCICE, un_achat
from tests.budget.budgets import un_financement, une_ligne
from tests.budget.formations import ANNEE, JOUR, MAINTENANT, une_formation
from tests.plans.plans import un_axe_adosse, une_action, une_action_publiee

__all__ = ["ANNEE", "EXERCICE", "JOUR", "MAINTENANT"]
D = Decimal


def pdf_de_poche(contenu: dict[str, Any], numero: str) -> tuple[bytes, int]:
    """Laid out by nobody: the numbering and the freezing are what is tried."""
    return f"%PDF-1.7 {numero} {contenu['etablissement']['uai']}".encode(), 1


def un_dossier(etablissement: Etablissement, *, rendre_pdf=pdf_de_poche, **champs) -> Dossier:
    valeurs = {
        "sections": list(SECTIONS),
        "annee": ANNEE,
        "exercice": EXERCICE,
        "auteur": None,
        "maintenant": MAINTENANT,
    }
    return faire_dossier(etablissement=etablissement, rendre_pdf=rendre_pdf, **(valeurs | champs))


def une_ecole_pleine(etablissement: Etablissement, nombre: int = 2) -> None:
    """An axe, its actions with their lines, a draft that nobody may see, trainings, purchases, aids."""
    axe = un_axe_adosse(etablissement, "Fiabiliser le réseau", annee_scolaire=ANNEE)
    dates = {"annee_scolaire": ANNEE, "annee_fin": ANNEE, "maintenant": MAINTENANT}
    postes = (SaisiePoste("maintenance", D("400.00"), 1, 5),)
    for rang in range(nombre):
        action = une_action_publiee(etablissement, f"Installer la borne {rang}", axes=[axe], **dates)
        montants = {"prevu": D("1234.50") * (rang + 1), "engage": D("100.00")}
        une_ligne(etablissement, EXERCICE, f"Borne {rang}", action=action.pk, **montants)
        une_formation(etablissement, f"Se servir du Wi-Fi {rang}")
        un_financement(etablissement, EXERCICE, f"Dotation {rang}", demande=D("600.00"), accorde=D("400.00"))
        un_achat(etablissement, f"Chariot {rang}", postes)
    une_action(etablissement, "Brouillon que personne ne voit", axes=[axe], **dates)
