"""The plan of training: the same totals on screen, on paper and in the workbook; accessible, landscape, repeated."""

import io
import re

import openpyxl
import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from budget.domain.formations import annuler
from budget.domain.seances import annuler_seance
from budget.interfaces.plan_formation import ecrire_plan_xlsx, rendre_plan_pdf
from budget.queries.plan_formation import PlanDeFormation, Totaux, lire_plan_formation, trois_annees
from budget.queries.reglages_formation import reglages_de
from strategie.socle.domain.calendrier import annee_precedente, annee_suivante, bornes
from tests.budget.formations import D, cette_annee, une_formation, une_seance
from tests.pdf import feuilles, manquements, texte_de


def ecrire_un_plan(ecole, combien: int = 3) -> None:
    """Trainings of this year and of the next two, with sessions that cost, one cancelled; one given up."""
    annees = trois_annees(cette_annee(ecole))
    for rang in range(combien):
        annee = annees[rang % 3]
        formation = une_formation(
            ecole,
            f"=Formation {rang} <b>",
            maintenant=timezone.now(),
            annee_scolaire=annee,
            effectif=11 + rang,
            heures=D("1.25"),
            heures_formateur=D("2.50"),
        )
        une_seance(formation, bornes(annee)[0], cout=D("1234.56"))
        perdue = une_seance(formation, bornes(annee)[0], cout=D("999.99"))
        annuler_seance(seance=perdue, version=1, raison="Grève", auteur=formation.cree_par)
    abandonnee = une_formation(
        ecole, "Abandonnée", maintenant=timezone.now(), annee_scolaire=annees[0], effectif=50, heures=D("9")
    )
    annuler(formation=abandonnee, version=1, raison="Report", auteur=abandonnee.cree_par)


def le_plan(ecole) -> PlanDeFormation:
    return lire_plan_formation(ecole, trois_annees(cette_annee(ecole)), brouillons=True)


def plat(texte: str) -> str:
    return re.sub(r"[\s\u00a0\u202f\u200b]+", " ", texte)


@pytest.fixture
def college(monde):
    ecrire_un_plan(monde.college)
    une_formation(  # of another year: not in it
        monde.college, "D'avant", maintenant=timezone.now(), annee_scolaire=annee_precedente(cette_annee(monde.college))
    )
    return monde.college


def test_les_totaux_du_plan(college):
    plan = le_plan(college)
    assert plan.total == Totaux(3, 11 + 12 + 13, D("1.25") * 36, D("7.50"), D("3703.68"))
    assert [annee.total for annee in plan.annees] == [
        Totaux(1, effectif, D("1.25") * effectif, D("2.50"), D("1234.56")) for effectif in (11, 12, 13)
    ]
    assert plan.arretees == 1


def test_l_ecran_le_papier_et_le_classeur_disent_les_memes_totaux(client, monde, college):
    client.force_login(monde.chef)
    arguments = {"args": [college.uai], "query": {"annee": cette_annee(college)}}
    ecran = html.fromstring(client.get(reverse("plan_formation", **arguments)).content.decode())
    papier = plat(texte_de(client.get(reverse("plan_formation_pdf", **arguments)).content))
    octets = client.get(reverse("plan_formation_xlsx", **arguments)).content
    classeur = openpyxl.load_workbook(io.BytesIO(octets)).active
    rangees = {rangee[0]: rangee for rangee in classeur.iter_rows(values_only=True) if rangee[0]}
    plan = le_plan(college)
    totaux_ecran = [plat(rangee.text_content()) for rangee in ecran.xpath("//tr[@class='total']")]
    for annee, dit in zip(plan.annees, totaux_ecran, strict=True):
        total = annee.total
        en_mots = f"Total {annee.annee}{total.personnes}{en_texte(total.heures)}2,5{euros_plats(total.cout)}"
        assert dit.replace(" ", "") == en_mots.replace(" ", "")
        assert en_mots.replace(" ", "") in papier.replace(" ", "")
        assert en_nombres(rangees[f"Total {annee.annee}"]) == nombres_de(total)
    total = plan.total
    en_mots = f"Total {plan.etendue}{total.personnes}{en_texte(total.heures)}7,5{euros_plats(total.cout)}"
    assert en_mots.replace(" ", "") in papier.replace(" ", "")
    assert en_nombres(rangees[f"Total {plan.etendue}"]) == nombres_de(total)
    faits = plat(ecran.xpath("//section[@aria-labelledby='total']")[0].text_content())
    for attendu in ("Personnes 36", "Heures en tout 45", "Heures de formateurs 7,5", "Coût 3 703,68 €"):
        assert attendu in faits


def en_texte(valeur) -> str:
    return f"{valeur.normalize():f}".replace(".", ",")


def euros_plats(montant) -> str:
    return f"{montant:,}".replace(",", " ").replace(".", ",") + " €"


def en_nombres(rangee) -> list:
    return [D(str(cellule)) for cellule in rangee if isinstance(cellule, int | float)]


def nombres_de(total: Totaux) -> list:
    return [D(total.personnes), total.heures, total.heures_formateur, total.cout]


def test_le_classeur_ecrit_des_textes_jamais_des_formules(college):
    octets = ecrire_plan_xlsx(le_plan(college), reglages_de(college.academie), college)
    feuille = openpyxl.load_workbook(io.BytesIO(octets)).active
    cellule = next(case for rangee in feuille.iter_rows() for case in rangee if str(case.value).startswith("=Form"))
    assert cellule.data_type == "s"
    assert octets == ecrire_plan_xlsx(le_plan(college), reglages_de(college.academie), college)


def test_le_papier_est_accessible_en_paysage_et_repete_ses_entetes(monde):
    ecrire_un_plan(monde.college, 20)
    pdf = rendre_plan_pdf(le_plan(monde.college), reglages_de(monde.academie), monde.college)
    assert manquements(pdf) == []
    assert len(feuilles(pdf)) > 1
    assert all("Heures de formateurs" in feuille for feuille in feuilles(pdf))
    assert all(page.mediabox.width > page.mediabox.height for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert "<b>" in feuilles(pdf)[0]


def test_un_plan_vide_se_dit(client, monde):
    client.force_login(monde.lectrice)
    page = plat(client.get(reverse("plan_formation", args=[monde.college.uai])).content.decode())
    assert "Rien n'est encore prévu" in page.replace("&#x27;", "'")
    vide = le_plan(monde.college)
    papier = rendre_plan_pdf(vide, reglages_de(monde.academie), monde.college)
    assert "Aucune formation" in feuilles(papier)[0]


def test_le_plan_part_de_l_annee_voulue(client, monde, college):
    client.force_login(monde.chef)
    suivante = annee_suivante(cette_annee(college))
    page = client.get(reverse("plan_formation", args=[college.uai], query={"annee": suivante})).content.decode()
    assert "Formation 1" in page
    assert "Formation 0" not in page
    assert client.get(reverse("plan_formation", args=[college.uai], query={"annee": "2026"})).status_code == 404


@pytest.mark.parametrize("combien", [1, 3])
def test_le_plan_coute_autant_pour_une_et_pour_trois(client, monde, combien):
    ecrire_un_plan(monde.college, combien)
    client.force_login(monde.chef)
    assert len(client.get(reverse("plan_formation", args=[monde.college.uai])).requetes) == 7
