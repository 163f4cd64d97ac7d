"""The year's loop on a school's dashboard: its five steps, what comes next, the days to come, its figures."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from budget.domain.equipements import Tenant
from budget.models import Equipement
from plans.domain.actions import changer_etat
from plans.models import Vision
from strategie.pilotage.queries.en_bref import ActionEnBref, Date, en_bref
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.models import Etablissement
from tests.budget.budgets import une_ligne
from tests.budget.formations import accordee
from tests.budget.formations import une_seance as une_formation_prevue
from tests.budget.parc import des_equipements
from tests.dossier import signer
from tests.pilotage.conseils import d_hier, un_dossier, une_deliberation, une_seance, voter
from tests.plans.plans import chef_de, un_axe_adosse, une_action, une_action_publiee

pytestmark = pytest.mark.usefixtures("apres_la_rentree")


@pytest.fixture
def jour() -> datetime.date:
    return timezone.localdate()


def pas(jours: int) -> datetime.timedelta:
    return datetime.timedelta(days=jours)


def en_mots(element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def page(client, qui, etablissement):
    client.force_login(qui)
    reponse = client.get(reverse("etablissement", args=[etablissement.uai]))
    return html.fromstring(reponse.content).find(".//main")


def etapes(arbre) -> list[str]:
    return [en_mots(etape) for etape in arbre.xpath("//section[contains(@class, 'annee')]//li")]


def suite(arbre) -> list[str]:
    return [en_mots(titre) for titre in arbre.xpath(".//section[contains(@class, 'suite')]/h2")]


def a_venir(arbre) -> list[str]:
    return [en_mots(ligne) for ligne in arbre.xpath("//ul[contains(@class, 'a-venir')]/li")]


def vision(etablissement: Etablissement, chef) -> None:
    Vision.objects.create(etablissement=etablissement, modifiee_par=chef, modifiee_le=timezone.now())


# --- The figures ------------------------------------------------------------------------------------------------
def test_une_ecole_ou_rien_n_est_fait(monde, jour):
    lu = en_bref(monde.college, jour)
    assert (lu.vision, lu.objectifs, lu.besoins, lu.axes, lu.actions) == (False, 0, 0, 0, ())
    assert (lu.prevu, lu.engage, lu.terminaux, lu.a_reparer, lu.incidents) == (Decimal(0), Decimal(0), 0, 0, 0)
    assert (lu.vote_le, lu.seance, lu.echeances, lu.terminaux_pour_cent_eleves) == (None, None, [], None)


def test_les_chiffres_d_une_ecole_et_d_elle_seule(monde, jour):
    Etablissement.objects.filter(pk=monde.college.pk).update(effectif=400)
    monde.college.refresh_from_db()
    for ecole, fois in ((monde.college, 1), (monde.voisin_college, 3)):
        tenant = Tenant(chef_de(ecole))
        vision(ecole, monde.chef)
        axe = un_axe_adosse(ecole)
        un_axe_adosse(ecole, "Clos", clos_le=timezone.now())
        une_action_publiee(ecole, "Poser les bornes", axes=[axe], echeance=jour)
        une_action(ecole, "Brouillon", axes=[axe])
        une_ligne(ecole, jour.year, prevu=Decimal("100.10") * fois, engage=Decimal("40.05") * fois)
        une_ligne(ecole, jour.year + 1, prevu=Decimal("9000"), engage=Decimal("9000"))
        des_equipements(ecole, nombre=10 * fois, categorie="tablette", tenant=tenant)
        [portables] = des_equipements(ecole, nombre=2 * fois, categorie="portable", tenant=tenant)
        Equipement.objects.filter(pk=portables.pk).update(etat="a_reparer")
        des_equipements(ecole, nombre=7, categorie="portable", domaine="administratif", tenant=tenant)
    lu = en_bref(monde.college, jour)
    action = monde.college.actions.get(intitule="Poser les bornes")
    assert lu.actions == (ActionEnBref(action.pk, "Poser les bornes", "a_venir", jour),)
    assert (lu.vision, lu.besoins, lu.axes) == (True, 2, 1)
    assert (lu.prevu, lu.engage) == (Decimal("100.10"), Decimal("40.05"))
    assert (lu.terminaux, lu.a_reparer, lu.terminaux_pour_cent_eleves) == (12, 2, Decimal("3.0"))
    assert lu.echeances == [Date(jour, "action", action.pk, "Poser les bornes")]


def test_une_action_est_en_retard_le_lendemain_de_son_echeance(monde, jour):
    une_action_publiee(monde.college, echeance=jour)
    assert en_bref(monde.college, jour).en_retard == []
    tardive = en_bref(monde.college, jour + pas(1))
    assert [action.intitule for action in tardive.en_retard] == ["Installer deux bornes Wi-Fi"]
    assert tardive.echeances == []


def test_les_jours_a_venir_dans_l_ordre(monde, jour):
    une_action_publiee(monde.college, "Le troisième", echeance=jour + pas(3))
    annee = annee_scolaire(jour)
    une_formation_prevue(accordee(monde.college, "Le deuxième", annee_scolaire=annee), jour=jour + pas(2))
    une_seance(monde.college, d_hier(date=jour + pas(1), convoquee_le=jour, presents=None))
    une_seance(monde.college)
    lues = en_bref(monde.college, jour).echeances
    assert [(date.jour - jour, date.sorte, date.intitule) for date in lues] == [
        (pas(1), "conseil", ""),
        (pas(2), "formation", "Le deuxième"),
        (pas(3), "action", "Le troisième"),
    ]


# --- The page -----------------------------------------------------------------------------------------------------
def test_les_cinq_etapes_disent_ou_elles_en_sont(client, dossier):
    monde = dossier.monde
    assert etapes(page(client, monde.chef, monde.college)) == [
        "1 Pourquoi vision à écrire",
        "2 Diagnostic 82 réponses sur 82",
        "3 Cap axes à choisir",
        "4 Moyens plan à écrire",
        "5 Évaluation rien n'est encore voté",
    ]
    vision(monde.college, monde.chef)
    signer(dossier.brouillon, monde.chef, timezone.now())
    une_action_publiee(monde.college, echeance=timezone.localdate() - pas(1))
    assert etapes(page(client, monde.chef, monde.college)) == [
        "✓ Pourquoi fait : vision écrite",
        "✓ Diagnostic fait : signé",
        "✓ Cap fait : 1 besoin retenu, 1 axe",
        "✓ Moyens fait : 1 action, 1 en retard",
        "5 Évaluation rien n'est encore voté",
    ]


def test_le_conseil_d_une_ecole_donne_un_avis(client, monde, jour):
    Etablissement.objects.filter(pk=monde.college.pk).update(type="ecole")
    ecole = Etablissement.objects.get(pk=monde.college.pk)
    assert etapes(page(client, monde.chef, ecole))[-1] == "5 Évaluation pas encore d'avis"
    seance = une_seance(ecole, d_hier(date=jour, convoquee_le=jour - pas(8)))
    voter(une_deliberation(ecole, seance, dossier=un_dossier(ecole).pk))
    assert etapes(page(client, monde.chef, ecole))[-1].startswith("✓ Évaluation fait : avis favorable le ")


def test_l_animatrice_ne_lit_que_ce_qui_la_regarde(client, dossier):
    arbre = page(client, dossier.monde.animatrice, dossier.monde.college)
    assert etapes(arbre) == [
        "1 Pourquoi vision à écrire",
        "2 Diagnostic pas encore signé",
        "3 Cap axes à choisir",
        "4 Moyens plan à écrire",
        "5 Évaluation",
    ]


def test_la_collectivite_n_a_ni_etapes_ni_campagne(client, dossier):
    arbre = page(client, dossier.monde.collectivite_agent, dossier.monde.college)
    assert (etapes(arbre), a_venir(arbre)) == ([], [])


def test_la_suite_mene_d_une_etape_a_l_autre(client, dossier):
    monde, jour = dossier.monde, timezone.localdate()
    signer(dossier.brouillon, monde.chef, timezone.now())
    vues = [suite(page(client, monde.chef, monde.college))]
    axe = un_axe_adosse(monde.college)
    vues.append(suite(page(client, monde.chef, monde.college)))
    vision(monde.college, monde.chef)
    vues.append(suite(page(client, monde.chef, monde.college)))
    action = une_action_publiee(monde.college, axes=[axe], echeance=jour - pas(1))
    vues.append(suite(page(client, monde.chef, monde.college)))
    changer_etat(action=action, etat="realisee", raison="", auteur=monde.chef, maintenant=timezone.now())
    vues.append(suite(page(client, monde.chef, monde.college)))
    seance = une_seance(monde.college, d_hier(date=jour, convoquee_le=jour - pas(8)))
    voter(une_deliberation(monde.college, seance, dossier=un_dossier(monde.college).pk))
    vues.append(suite(page(client, monde.chef, monde.college)))
    assert vues == [
        ["La suite : faire connaître le diagnostic"],
        ["La suite : écrire la vision"],
        ["La suite : écrire le plan d'action"],
        ["La suite : donner des nouvelles du plan"],
        ["La suite : préparer le dossier du conseil d'administration"],
        [],
    ]


def test_qui_n_ecrit_pas_le_plan_n_est_pas_envoye_l_ecrire(client, dossier):
    signer(dossier.brouillon, dossier.monde.chef, timezone.now())
    un_axe_adosse(dossier.monde.college)
    assert suite(page(client, dossier.monde.lectrice, dossier.monde.college)) == [
        "La suite : faire connaître le diagnostic"
    ]


def test_un_jour_a_venir_se_lit_selon_ses_droits(client, dossier):
    monde, jour = dossier.monde, timezone.localdate()
    une_seance(monde.college, d_hier(date=jour + pas(1), convoquee_le=jour, presents=None))
    conseils = [
        any("Conseil d'administration" in ligne for ligne in a_venir(page(client, qui, monde.college)))
        for qui in (monde.chef, monde.lectrice, monde.animatrice)
    ]
    assert conseils == [True, True, False]
