"""Every kind of PDF that the product makes keeps PDF/UA-1, and PDF/A-3a where it is kept for good; its tag tree is read
back: one title, headings in order, header cells, alternatives, language.
"""

import io
import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pikepdf
import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from diagnostic.domain.enquetes import tirer_coupons
from diagnostic.interfaces.papier import rendre_formulaire_pdf
from diagnostic.interfaces.pdf import rendre_pdf_diagnostic
from diagnostic.interfaces.pdf_enquete import rendre_coupons_pdf
from diagnostic.interfaces.resultats_enquete import rendre_pdf_enquete
from diagnostic.queries.etat import etat_du_diagnostic
from diagnostic.queries.resultats_enquete import lire_resultat
from strategie.pilotage.interfaces.dossier import imprimer_dossier
from strategie.pilotage.queries.contenu_du_dossier import contenu_du_dossier
from strategie.pilotage.rules.dossiers import SECTIONS
from strategie.socle.models import Etablissement
from tests.budget.budgets import une_ligne
from tests.budget.formations import demandee
from tests.budget.parc import des_equipements
from tests.budget.test_plan_formation import ecrire_un_plan
from tests.diagnostic.test_pdf import contenu_signe, melange
from tests.diagnostic.test_resultats_enquete import PALIERS, PUBLIE, fait_main
from tests.dossier import Dossier
from tests.enquetes import une_enquete
from tests.pdf import arbre, manquements, manquements_de_l_archive
from tests.pilotage.dossiers import ANNEE, EXERCICE, JOUR, une_ecole_pleine
from tests.pilotage.territoires import recompter
from tests.plans.test_demandes import faire


def telecharger(client, monde, nom: str, *suite, **parametres) -> bytes:
    client.force_login(monde.chef)
    return client.get(reverse(nom, args=[monde.college.uai, *suite], query=parametres)).content


# --- One of each kind ----------------------------------------------------------------------------------------------
def un_dossier(client, dossier: Dossier) -> bytes:
    une_ecole_pleine(dossier.monde.college)
    sections = {"sections": SECTIONS, "annee": ANNEE, "exercice": EXERCICE, "jour": JOUR}
    return imprimer_dossier(contenu_du_dossier(dossier.monde.college, **sections), "2031-7")[0]


def un_diagnostic_signe(client, dossier: Dossier) -> bytes:
    return rendre_pdf_diagnostic(contenu_signe(melange, champs_lus=1), "0123456789abcdef" * 4)


def un_formulaire(client, dossier: Dossier) -> bytes:
    """Of one champ, answered."""
    etat = etat_du_diagnostic(dossier.brouillon)
    return rendre_formulaire_pdf(replace(etat, champs=etat.champs[:1]), rempli=True)


def une_affiche(client, dossier: Dossier) -> bytes:
    monde = dossier.monde
    return telecharger(client, monde, "enquete_affiche", une_enquete(monde.college, monde.chef, timezone.now()).pk)


def des_coupons(client, dossier: Dossier) -> bytes:
    monde, maintenant = dossier.monde, timezone.now()
    enquete = une_enquete(monde.college, monde.chef, maintenant, acces="coupons")
    tires = {"nombre": 12, "secours": False, "auteur": monde.chef, "maintenant": maintenant}
    return rendre_coupons_pdf(enquete, tirer_coupons(enquete=enquete, **tires), "https://exemple.invalid")


def des_resultats(client, dossier: Dossier) -> bytes:
    return rendre_pdf_enquete(lire_resultat(fait_main(), PALIERS), sha256="ab" * 32, publie_le=PUBLIE, secours=2)


def une_lettre(client, dossier: Dossier) -> bytes:
    return telecharger(client, dossier.monde, "demande_pdf", faire(dossier.monde).pk)


def un_budget(client, dossier: Dossier) -> bytes:
    for rang in range(3):
        une_ligne(dossier.monde.college, EXERCICE, f"Ligne {rang}", prevu=Decimal("1234.50"))
    return telecharger(client, dossier.monde, "budget_pdf", exercice=EXERCICE)


def un_plan_de_formation(client, dossier: Dossier) -> bytes:
    ecrire_un_plan(dossier.monde.college)
    return telecharger(client, dossier.monde, "plan_formation_pdf")


def une_demande_de_formation(client, dossier: Dossier) -> bytes:
    return telecharger(client, dossier.monde, "formation_demande_pdf", demandee(dossier.monde.college).pk)


def des_etiquettes(client, dossier: Dossier) -> bytes:
    des_equipements(dossier.monde.college, etiquettes=["P-0001", "P-0002"])
    return telecharger(client, dossier.monde, "etiquettes_pdf")


def un_bilan(client, dossier: Dossier) -> bytes:
    une_ecole_pleine(dossier.monde.college)
    return telecharger(client, dossier.monde, "bilan_pdf")


def de_l_academie(client, dossier: Dossier, nom: str) -> bytes:
    """Of the year of the signed copy; one school has a place on the map, another has none."""
    recompter()
    Etablissement.objects.filter(pk=dossier.monde.college.pk).update(latitude=48.11, longitude=-1.67)
    client.force_login(dossier.monde.rectorat)
    annee = {"annee": dossier.copie.diagnostic.campagne.annee_scolaire}
    return client.get(reverse(nom, args=["academie", dossier.monde.academie.pk], query=annee)).content


def un_tableau_de_territoire(client, dossier: Dossier) -> bytes:
    return de_l_academie(client, dossier, "tableau_territoire_pdf")


def une_liste_d_etablissements(client, dossier: Dossier) -> bytes:
    return de_l_academie(client, dossier, "etablissements_du_territoire_pdf")


def une_carte_de_chaleur(client, dossier: Dossier) -> bytes:
    return de_l_academie(client, dossier, "carte_de_chaleur_pdf")


def une_carte(client, dossier: Dossier) -> bytes:
    return de_l_academie(client, dossier, "carte_du_territoire_pdf")


SORTES: dict[str, Callable[..., bytes]] = {
    "budget/pdf/budget.html": un_budget,
    "budget/pdf/demande_de_formation.html": une_demande_de_formation,
    "budget/pdf/etiquettes.html": des_etiquettes,
    "budget/pdf/plan_formation.html": un_plan_de_formation,
    "diagnostic/pdf/affiche.html": une_affiche,
    "diagnostic/pdf/coupons.html": des_coupons,
    "diagnostic/pdf/diagnostic.html": un_diagnostic_signe,
    "diagnostic/pdf/enquete.html": des_resultats,
    "diagnostic/pdf/formulaire.html": un_formulaire,
    "pilotage/pdf/bilan.html": un_bilan,
    "pilotage/pdf/carte.html": une_carte,
    "pilotage/pdf/carte_de_chaleur.html": une_carte_de_chaleur,
    "pilotage/pdf/dossier.html": un_dossier,
    "pilotage/pdf/etablissements.html": une_liste_d_etablissements,
    "pilotage/pdf/territoire.html": un_tableau_de_territoire,
    "plans/pdf/demande.html": une_lettre,
}
ARCHIVEES = {"pilotage/pdf/bilan.html", "pilotage/pdf/dossier.html"}
SANS_TITRE = {"budget/pdf/etiquettes.html"}  # a sheet of labels is all labels


def test_toutes_les_sortes_sont_la():
    """Each template of a PDF has its line here."""
    gabarits = settings.BASE_DIR / "templates"
    imprimables = [un for un in gabarits.rglob("*.html") if '{% extends "pdf/base.html" %}' in un.read_text()]
    assert {str(un.relative_to(gabarits)) for un in imprimables} == set(SORTES)


# --- What each says of itself --------------------------------------------------------------------------------------
@pytest.mark.parametrize("gabarit", SORTES)
def test_chaque_sorte_de_pdf_est_accessible(client, dossier, gabarit):
    pdf = SORTES[gabarit](client, dossier)
    assert (manquements_de_l_archive if gabarit in ARCHIVEES else manquements)(pdf) == []
    with pikepdf.open(io.BytesIO(pdf)) as lu:
        assert str(lu.Root.Lang) == "fr"
        assert lu.Root.ViewerPreferences.DisplayDocTitle
        assert str(lu.docinfo["/Title"]).strip()
        noeuds = [*arbre(lu.Root.StructTreeRoot)]
        titres = [int(sorte[2:]) for sorte, _ in noeuds if re.fullmatch(r"/H[1-6]", sorte)]
        assert titres[:1] == ([] if gabarit in SANS_TITRE else [1])
        assert titres.count(1) <= 1
        assert all(apres <= avant + 1 for avant, apres in itertools.pairwise(titres))
        for sorte, noeud in noeuds:
            if sorte == "/Figure":
                assert str(noeud.Alt).strip()
            elif sorte == "/Table":
                assert cellules_sans_entete(noeud) == []


def cellules_sans_entete(table: pikepdf.Object) -> list[str]:
    """Its cells that name no header, or one that is not there."""
    noeuds = [*arbre(table)]
    entetes = {str(noeud.ID) for sorte, noeud in noeuds if sorte == "/TH"}
    noms = [set(map(str, noeud.A.get("/Headers", []))) for sorte, noeud in noeuds if sorte == "/TD"]
    return [str(siens) for siens in noms if not siens or siens - entetes]
