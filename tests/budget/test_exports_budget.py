"""The budget that leaves: the same totals on screen, in the workbook, in the CSV and on paper, in every view."""

import csv
import io
import re
from decimal import Decimal
from urllib.parse import urlencode

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html
from pypdf import PdfReader

from budget.domain.argent import euros, lire_montant, total
from budget.domain.exercices import clore_exercice
from budget.models import LigneBudget
from tests.bancs.banc_budget import quatre_sommes, remplir
from tests.budget.budgets import un_financement, une_ligne
from tests.pdf import feuilles, texte_de

D = Decimal
REQUETES = 6


@pytest.fixture
def annee() -> int:
    return timezone.localdate().year


@pytest.fixture
def budget(monde, annee):
    """Two exercices, two school years, both sections, three levers, two funders, cents that do not round."""
    ecole, autre = monde.college, {"annee_scolaire": f"{annee - 1}-{annee}"}
    tablettes = une_ligne(
        ecole, annee, "Tablettes", section="investissement", prevu=D("12345.67"), engage=D("9999.99"), paye=D("0.01"),
    )  # fmt: skip
    une_ligne(ecole, annee, "Licences", prevu=D("1234.50"), service="AP", activite="0BUS", compte="06181", **autre)
    une_ligne(ecole, annee, "Formateurs", levier="formation", prevu=D("300.10"), engage=D("300.10"), payeur="etat")
    une_ligne(ecole, annee, "=1+1", levier="budget", prevu=D("0.29"))
    une_ligne(ecole, annee + 1, "Tablettes, suite", prevu=D("777.77"), annee_scolaire=f"{annee}-{annee + 1}")
    un_financement(ecole, annee, ligne=tablettes.pk, demande=D("8000.00"), accorde=D("7000.33"), recu=D("100.02"))
    un_financement(ecole, annee, "Territoires numériques", source="tne", demande=D("1500.05"), **autre)
    return tablettes


def des_choix(annee: int) -> list[dict]:
    return [
        {"exercice": annee},
        {"exercice": annee + 1},
        {"annee": f"{annee}-{annee + 1}"},
        {"annee": f"{annee - 1}-{annee}"},
        {"exercice": annee, "levier": "equipement"},
        {"annee": f"{annee}-{annee + 1}", "levier": "formation"},
        {"exercice": annee, "financeur": "dotation_collectivite"},
        {"exercice": annee, "financeur": "tne"},
        {"exercice": annee, "section": "investissement"},
    ]


def lire(client, page: str, uai: str, choix: dict) -> bytes:
    reponse = client.get(f"{reverse(page, args=[uai])}?{urlencode(choix)}")
    assert reponse.status_code == 200
    return b"".join(reponse.streaming_content) if reponse.streaming else reponse.content


def classeur(octets: bytes) -> dict[str, list[dict]]:
    lu = openpyxl.load_workbook(io.BytesIO(octets), data_only=False)
    feuilles = {}
    for feuille in lu:
        entetes, *rangees = feuille.iter_rows(values_only=True)
        feuilles[feuille.title] = [dict(zip(entetes, rangee, strict=True)) for rangee in rangees]
    return feuilles


def au_centime(valeur: object) -> Decimal:
    return D(str(valeur)).quantize(D("0.01"))


def texte_du_papier(octets: bytes) -> str:
    """Of what would be laid out (`sans_mise_en_page`): a blank between two cells, as on paper."""
    return plat(" ".join(html.fromstring(octets.decode()).itertext()))


def plat(texte: str) -> str:
    return re.sub(r"\s+", " ", texte)


@pytest.mark.parametrize("rang", range(9))
def test_les_totaux_sont_les_memes_a_l_ecran_en_classeur_en_csv_et_sur_papier(
    client, monde, annee, budget, rang, sans_mise_en_page
):
    choix = des_choix(annee)[rang]
    client.force_login(monde.chef)
    reponse = client.get(f"{reverse('budget', args=[monde.college.uai])}?{urlencode(choix)}")
    lu, ecran = reponse.context["lu"], plat(reponse.content.decode())
    montants = (lu.montants.prevu, lu.montants.engage, lu.montants.paye)
    aides = (lu.aides.demande, lu.aides.accorde, lu.aides.recu)

    feuilles = classeur(lire(client, "budget_xlsx", monde.college.uai, choix))
    sommes = tuple(total(au_centime(ligne[nom]) for ligne in feuilles["Lignes"]) for nom in ("Prévu", "Engagé", "Payé"))
    ensemble, des_aides = (une for une in feuilles["Totaux"] if une["Vue"] == "Ensemble")
    assert sommes == montants == tuple(au_centime(ensemble[nom]) for nom in ("Prévu", "Engagé", "Payé"))
    assert aides == tuple(au_centime(des_aides[nom]) for nom in ("Demandé", "Accordé", "Reçu"))
    assert aides == tuple(
        total(au_centime(aide[nom]) for aide in feuilles["Financements"]) for nom in ("Demandé", "Accordé", "Reçu")
    )
    for vue in ("Exercice", "Année scolaire", "Section", "Moyen", "Payeur", "Service"):
        assert montants[0] == total(au_centime(une["Prévu"]) for une in feuilles["Totaux"] if une["Vue"] == vue), vue

    texte_csv = lire(client, "budget_csv", monde.college.uai, choix).decode("utf-8-sig")
    lignes_csv = list(csv.DictReader(io.StringIO(texte_csv), delimiter=";"))
    assert montants == tuple(
        total(lire_montant(ligne[nom]) for ligne in lignes_csv) for nom in ("Prévu", "Engagé", "Payé")
    )

    papier = texte_du_papier(lire(client, "budget_pdf", monde.college.uai, choix))
    if lu.lignes:
        assert plat(f"Total du budget {' '.join(map(euros, montants))}") in papier
        assert all(plat(euros(montant)) in ecran for montant in montants)
    if lu.financements:
        assert plat(f"Total des financements {' '.join(map(euros, aides))}") in papier
        assert all(plat(euros(aide)) in ecran for aide in aides)
    for vue in ("levier", "section"):
        for montants_de_la_part in lu.par(vue).values():
            assert plat(euros(montants_de_la_part.prevu)) in papier
            assert plat(euros(montants_de_la_part.prevu)) in ecran


def test_aucune_cellule_n_est_une_formule(client, monde, annee, budget):
    client.force_login(monde.chef)
    octets = lire(client, "budget_xlsx", monde.college.uai, {"exercice": annee})
    cellules = [
        cellule for feuille in openpyxl.load_workbook(io.BytesIO(octets)) for rangee in feuille for cellule in rangee
    ]
    assert not [cellule.value for cellule in cellules if cellule.data_type == "f"]
    assert "=1+1" in [cellule.value for cellule in cellules]
    texte = lire(client, "budget_csv", monde.college.uai, {"exercice": annee}).decode("utf-8-sig")
    assert ";'=1+1;" in texte and ";=1+1;" not in texte
    # Zeros that open a code are kept.
    assert ";06181;" in texte and "06181" in [cellule.value for cellule in cellules]


def test_le_papier_est_accessible_et_repete_ses_titres(client, monde, annee):
    for rang in range(60):
        une_ligne(monde.college, annee, f"Ligne {rang}", prevu=D("1.10"))
    client.force_login(monde.chef)
    pdf = lire(client, "budget_pdf", monde.college.uai, {"exercice": annee})
    lu = PdfReader(io.BytesIO(pdf))
    assert lu.trailer["/Root"]["/MarkInfo"]["/Marked"]
    pages = [feuille for feuille in feuilles(pdf) if "Ligne 1" in feuille or "Ligne 5" in feuille]
    assert len(pages) > 1 and all("Prévu" in page and "Qui paie" in page for page in pages)
    assert "66,00" in texte_de(pdf)


def test_l_ecole_lit_qui_paie_et_rien_d_un_budget_propre(client, monde, annee, sans_mise_en_page):
    monde.college.type = "ecole"
    monde.college.save()
    une_ligne(monde.college, annee, "Tablettes", payeur="commune", prevu=D("100.10"))
    une_ligne(monde.college, annee, "Formation", payeur="etat", levier="formation", prevu=D("50.05"))
    client.force_login(monde.chef)
    papier = texte_du_papier(lire(client, "budget_pdf", monde.college.uai, {"exercice": annee}))
    assert "Une école n'a pas de budget propre" in papier and "conseil d'école" in papier
    assert plat(f"Ensemble {euros(D('100.10'))} {euros(D('50.05'))} {euros(D('150.15'))}") in papier
    assert "Service" not in papier
    vues = {
        une["Vue"] for une in classeur(lire(client, "budget_xlsx", monde.college.uai, {"exercice": annee}))["Totaux"]
    }
    assert "Service" not in vues and "Payeur" in vues


def test_deux_mille_lignes_au_hasard_ont_la_meme_somme_partout(monde, annee, tmp_path):
    remplir(monde.college.pk, monde.chef.pk, annee, 2_000)
    sql, *autres = quatre_sommes(monde.college.pk, tmp_path, lambda dite: None)
    assert LigneBudget.objects.count() == 2_000 and sql["prevu"] > 0
    assert autres == [sql, sql, sql]


def test_un_budget_vide_ou_clos_s_exporte_et_le_dit(client, monde, annee, sans_mise_en_page):
    client.force_login(monde.chef)
    vide = texte_du_papier(lire(client, "budget_pdf", monde.college.uai, {"exercice": annee}))
    assert "Aucune ligne ne répond" in vide and "Exercice clos" not in vide
    feuilles = classeur(lire(client, "budget_xlsx", monde.college.uai, {"exercice": annee}))
    assert feuilles["Lignes"] == []
    une_ligne(monde.college, annee, prevu=D("1.00"))
    clore_exercice(etablissement=monde.college, annee=annee, auteur=monde.chef, maintenant=timezone.now())
    assert "Exercice clos le" in texte_du_papier(lire(client, "budget_pdf", monde.college.uai, {"exercice": annee}))


@pytest.mark.parametrize("page", ["budget_csv", "budget_xlsx", "budget_pdf"])
def test_autant_de_requetes_pour_une_ligne_que_pour_trente(
    client, monde, annee, page, django_assert_num_queries, sans_mise_en_page
):
    client.force_login(monde.chef)
    une_ligne(monde.college, annee)
    lire(client, page, monde.college.uai, {"exercice": annee})
    with django_assert_num_queries(REQUETES):
        lire(client, page, monde.college.uai, {"exercice": annee})
    for rang in range(29):
        une_ligne(monde.college, annee, f"Ligne {rang}")
    assert LigneBudget.objects.count() == 30
    with django_assert_num_queries(REQUETES):
        lire(client, page, monde.college.uai, {"exercice": annee})
