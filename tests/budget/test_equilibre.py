"""Resources against charges, what comes back, other choices that change nothing, the cliff, and row 92."""

import datetime
from dataclasses import replace
from decimal import Decimal as D

import pytest
from django.conf import settings
from django.urls import reverse

from budget.domain.achats import SaisiePoste
from budget.domain.exercices import clore_exercice
from budget.domain.lignes import lire_ligne, modifier_ligne
from budget.domain.scenarios import Ajout, ScenarioChange, fixer_scenario
from budget.interfaces.equilibre import LIBRES, LIGNES_PAR_PAGE
from budget.models import Exercice, LigneBudget, LigneDeScenario
from budget.queries.equilibre import empreinte, lire_equilibre, obstacle_de_l_argent
from budget.queries.falaise import lire_falaise
from budget.rules.scenarios import AJOUTS_MAX
from plans.models import Action
from plans.queries.realisable import obstacles_au_realisable
from strategie.socle.domain.empechement import Empeche
from tests.budget.achats import VINGT_MILLE, un_achat
from tests.budget.budgets import un_financement, une_ligne
from tests.budget.formations import MAINTENANT
from tests.budget.parc import des_equipements
from tests.budget.test_pages_du_budget import texte
from tests.plans.plans import une_action

E = 2031


def equilibre(monde, exercice: int = E):
    return lire_equilibre(monde.college, exercice, E)


def un_budget(monde) -> LigneBudget:
    """Charges 1 300,00 that the school pays, 400,00 that the département pays; 900,00 granted, 300,00 asked."""
    licences = une_ligne(monde.college, E, "Licences", prevu=D("1000.00"))
    une_ligne(monde.college, E, "Écran", section="investissement", prevu=D("300.00"))
    autrui = une_ligne(monde.college, E, "Bornes", section="investissement", payeur="departement", prevu=D("400.00"))
    un_financement(monde.college, E, "Dotation", accorde=D("800.00"), demande=D("900.00"))
    un_financement(monde.college, E, "Région", section="investissement", accorde=D("100.00"))
    un_financement(monde.college, E, "Rallonge", demande=D("300.00"))
    un_financement(monde.college, E, "Du département", ligne=autrui.pk, accorde=D("400.00"))
    return licences


# --- The balance -----------------------------------------------------------------------------------------------
def test_ressources_contre_charges_par_section(monde):
    un_budget(monde)
    annee = equilibre(monde).annee
    cotes = {nom: (c.accorde, c.attendu, c.charges, c.d_autrui, c.solde) for nom, c in annee.sections.items()}
    assert cotes == {
        "investissement": (D("100.00"), D("0.00"), D("300.00"), D("400.00"), D("-200.00")),
        "fonctionnement": (D("800.00"), D("300.00"), D("1000.00"), D("0.00"), D("-200.00")),
    }
    assert (annee.ensemble.solde, annee.ensemble.solde_si_tout) == (D("-400.00"), D("-100.00"))


def test_pour_une_ecole_tout_ce_qui_est_paye_pour_elle_compte(monde):
    monde.college.type = "ecole"
    monde.college.save()
    une_ligne(monde.college, E, payeur="commune", prevu=D("500.00"))
    cote = equilibre(monde).annee.ensemble
    assert (cote.charges, cote.d_autrui) == (D("500.00"), D("0.00"))


def test_ce_qui_revient_chaque_annee(monde):
    une_ligne(monde.college, E, "Licences", prevu=D("1000.00"))
    une_ligne(monde.college, E, "Écran", section="investissement", prevu=D("300.00"))
    une_ligne(monde.college, E + 1, "Licences", prevu=D("1000.00"))
    achat = un_achat(monde.college, postes=VINGT_MILLE)
    une_ligne(monde.college, E, achat=achat.pk, prevu=D("4000.00"))
    annees = equilibre(monde).a_venir
    assert [(a.exercice, a.courant, a.achats, a.prevu, a.manque) for a in annees] == [
        (2032, D("1000.00"), D("4000.00"), D("1000.00"), D("4000.00")),
        (2033, D("1000.00"), D("4000.00"), D("0.00"), D("5000.00")),
        (2034, D("1000.00"), D("4000.00"), D("0.00"), D("5000.00")),
        (2035, D("1000.00"), D("4000.00"), D("0.00"), D("5000.00")),
        (2036, D("1000.00"), D("0.00"), D("0.00"), D("1000.00")),
    ]
    assert equilibre(monde).dette == D("16000.00")


# --- Scenarios -------------------------------------------------------------------------------------------------
def etat_du_budget() -> tuple:
    return (
        list(LigneBudget.objects.order_by("pk").values()),
        list(Action.objects.order_by("pk").values()),
        list(Exercice.objects.order_by("pk").values()),
    )


def fixer(monde, scenario: str, montants, ajouts=(), lu: str | None = None) -> None:
    ecarts = LigneDeScenario.objects.filter(etablissement=monde.college)
    fixer_scenario(
        etablissement=monde.college,
        exercice=E,
        scenario=scenario,
        lu=empreinte(ecarts, scenario) if lu is None else lu,
        montants=montants,
        ajouts=ajouts,
        auteur=monde.chef,
    )


def test_trois_scenarios_cote_a_cote_ne_changent_rien(monde):
    licences = un_budget(monde)
    une_action(monde.college, "Former à l'ENT")
    avant = etat_du_budget()
    fixer(monde, "sobre", {licences.pk: D("0.00")})
    fixer(monde, "ambitieux", {licences.pk: D("1000.00")}, [Ajout("Robots", "investissement", D("2000.50"))])
    assert etat_du_budget() == avant
    dits = [(s.nom, s.investissement, s.fonctionnement, s.total, s.solde) for s in equilibre(monde).scenarios]
    assert dits == [
        ("Sobre", D("300.00"), D("0.00"), D("300.00"), D("600.00")),
        ("Prévu", D("300.00"), D("1000.00"), D("1300.00"), D("-400.00")),
        ("Ambitieux", D("2300.50"), D("1000.00"), D("3300.50"), D("-2400.50")),
    ]
    ambitieux = LigneDeScenario.objects.filter(scenario="ambitieux").values_list("ligne", "intitule", "montant")
    assert list(ambitieux) == [(None, "Robots", D("2000.50"))]  # what costs as planned follows the budget


def test_un_scenario_change_par_un_autre_entre_temps(monde):
    licences = un_budget(monde)
    lu = empreinte([], "sobre")
    fixer(monde, "sobre", {licences.pk: D("10.00")}, lu=lu)
    with pytest.raises(ScenarioChange):
        fixer(monde, "sobre", {licences.pk: D("20.00")}, lu=lu)
    assert LigneDeScenario.objects.get().montant == D("10.00")


def test_ce_qu_une_page_ne_dit_pas_reste_tel_quel(monde):
    une, autre, derniere = (une_ligne(monde.college, E, nom, prevu=D("100.00")) for nom in ("Une", "Autre", "Dernière"))
    fixer(monde, "sobre", {une.pk: D("10.00"), autre.pk: D("20.00")})
    fixer(monde, "sobre", {autre.pk: D("100.00"), derniere.pk: D("30.00")})
    assert equilibre(monde).ecarts_de("sobre") == {une.pk: D("10.00"), derniere.pk: D("30.00")}


def test_une_ligne_qui_change_d_exercice_emmene_ses_scenarios(monde):
    ligne = une_ligne(monde.college, E, prevu=D("100.00"))
    fixer(monde, "sobre", {ligne.pk: D("10.00")})
    lue = lire_ligne(ligne)
    modifier_ligne(
        ligne=ligne,
        base=lue,
        saisie=replace(lue, exercice=E + 1, annee_scolaire=f"{E + 1}-{E + 2}"),
        auteur=monde.chef,
        maintenant=MAINTENANT,
    )
    assert (equilibre(monde).ecarts, equilibre(monde, E + 1).ecarts_de("sobre")) == ([], {ligne.pk: D("10.00")})


def test_un_scenario_impossible(monde):
    licences = un_budget(monde)
    ailleurs = une_ligne(monde.voisin_college, E)
    for montants, ajouts in (
        ({licences.pk: D("-1.00")}, ()),
        ({ailleurs.pk: D("1.00")}, ()),
        ({}, [Ajout("", "investissement", D("1.00"))]),
    ):
        with pytest.raises(Empeche):
            fixer(monde, "sobre", montants, ajouts)
    assert not LigneDeScenario.objects.exists()


def test_le_formulaire_d_un_scenario(client, monde):
    licences = un_budget(monde)
    client.force_login(monde.chef)
    adresse = reverse("scenario_modifier", args=[monde.college.uai, "sobre"], query={"exercice": E})
    assert "Licences 1 000,00 € prévus" in texte(client.get(adresse))
    corps = {"lu": empreinte([], "sobre"), "nombre": "1", "ajout0-section": "fonctionnement"}
    corps |= {f"ligne{licences.pk}-montant": "beaucoup", "ajout0-intitule": "Papier"}
    refus = client.post(adresse, corps)
    assert refus.status_code == 422
    assert 'value="beaucoup"' in refus.content.decode()
    corps |= {f"ligne{licences.pk}-montant": "1000", f"ligne{licences.pk}-sans": "on", "ajout0-montant": "12,50"}
    assert client.post(adresse, corps).status_code == 302
    assert [s.total for s in equilibre(monde).scenarios] == [D("312.50"), D("1300.00"), D("1300.00")]
    assert client.post(adresse, corps).status_code == 409


def test_les_lignes_d_un_scenario_se_suivent_page_a_page(client, monde, monkeypatch):
    """As many as a budget has: no page sends more fields than Django takes."""
    assert 2 * LIGNES_PAR_PAGE + 3 * (AJOUTS_MAX + LIBRES) + 10 < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    monkeypatch.setattr("budget.interfaces.equilibre.LIGNES_PAR_PAGE", 2)
    lignes = [une_ligne(monde.college, E, f"Ligne {rang}", prevu=D("100.00")) for rang in range(3)]
    client.force_login(monde.chef)
    adresse = reverse("scenario_modifier", args=[monde.college.uai, "sobre"])
    lue = client.get(adresse, {"exercice": E, "page": 2}).content.decode()
    assert ["Ligne 2" in lue, "Ligne 1" in lue, "les lignes précédentes" in lue] == [True, False, True]
    corps = {f"ligne{ligne.pk}-montant": "100" for ligne in lignes[:2]} | {"lu": empreinte([], "sobre"), "page": "2"}
    corps[f"ligne{lignes[0].pk}-montant"] = "40"
    reponse = client.post(f"{adresse}?exercice={E}", corps)
    assert reponse["Location"] == f"{adresse}?exercice={E}&page=2"
    assert equilibre(monde).ecarts_de("sobre") == {lignes[0].pk: D("40.00")}


# --- The page --------------------------------------------------------------------------------------------------
def test_la_page_dit_l_equilibre_et_la_dette(client, monde):
    un_budget(monde)
    un_achat(monde.college, postes=VINGT_MILLE)
    client.force_login(monde.chef)
    lue = texte(client.get(reverse("equilibre", args=[monde.college.uai], query={"exercice": E})))
    for mots in (
        "Accordé 900,00 €",
        "Charges prévues 1 300,00 €",
        "Solde −400,00 €",
        "il manque de l'argent",
        "Demandé, sans réponse 300,00 € Solde si tout est accordé : −100,00 €",
        "20 000,00 € de fonctionnement que les achats coûteront",
        "Classe mobile : 20 000,00 €, 5 années à découvert (2031, 2032, 2033, 2034, 2035)",
        "Ensemble 900,00 € 1 300,00 € −400,00 € 300,00 € 400,00 €",
        "Prévu 300,00 € 1 000,00 € 1 300,00 € −400,00 €",
    ):
        assert mots in lue, mots


@pytest.mark.parametrize("nombre", [1, 3])
def test_une_ligne_ou_trois_autant_de_requetes(client, monde, nombre):
    for rang in range(nombre):
        achat = un_achat(monde.college, f"Achat {rang}", postes=VINGT_MILLE)
        ligne = une_ligne(monde.college, E, f"Ligne {rang}", achat=achat.pk, prevu=D(10))
        un_financement(monde.college, E, ligne=ligne.pk, accorde=D(5))
        fixer(monde, "sobre", {ligne.pk: D("1.00")})
    client.force_login(monde.chef)
    pages = {"equilibre": 10, "falaise": 9}
    for nom, requetes in pages.items():
        reponse = client.get(reverse(nom, args=[monde.college.uai], query={"exercice": E}))
        assert (nom, len(reponse.requetes)) == (nom, requetes)


# --- The cliff -------------------------------------------------------------------------------------------------
def test_la_falaise_compte_l_inventaire_et_les_achats_une_fois(monde):
    jour = datetime.date(2031, 6, 1)
    des_equipements(
        monde.college, categorie="portable", nombre=10, prix=D("500.00"), prevu_jusqu_au=datetime.date(2033, 5, 1)
    )
    des_equipements(monde.college, categorie="portable", nombre=2, prix=None, prevu_jusqu_au=datetime.date(2033, 5, 1))
    des_equipements(
        monde.college, categorie="ecran", nombre=1, prix=D("99.50"), prevu_jusqu_au=datetime.date(2030, 5, 1)
    )
    un_achat(monde.college, duree=2, postes=[SaisiePoste("achat", D("1000.00"), 1, 1, investissement=True)])
    une_ligne(monde.college, 2033, section="investissement", prevu=D("1500.00"))
    une_ligne(monde.college, 2034, section="investissement", prevu=D("700.00"))
    falaise = lire_falaise(monde.college, jour)
    annees = {a.annee: (a.inventaire.nombre, a.total, a.prevu, a.manque) for a in falaise.annees if a.total or a.prevu}
    assert annees == {
        2033: (12, D("6000.00"), D("1500.00"), D("4500.00")),
        2034: (0, D("0.00"), D("700.00"), D("0.00")),
    }
    assert (falaise.total, falaise.manque, falaise.sans_prix) == (D("6099.50"), D("4599.50"), 2)


# --- Row 92 ----------------------------------------------------------------------------------------------------
def test_une_action_qui_demande_plus_que_ce_qui_reste(monde):
    action = une_action(monde.college, "Équiper les salles")
    une_ligne(monde.college, E, "Son écran", action=action.pk, prevu=D("8000.00"))
    une_ligne(monde.college, E, "Autre", prevu=D("15000.00"))
    une_ligne(monde.college, E, "D'autrui", payeur="departement", prevu=D("50000.00"))
    assert obstacle_de_l_argent(action) is None  # nobody has noted a resource
    un_financement(monde.college, E, accorde=D("20000.00"), demande=D("20000.00"))
    phrase = (
        "Les lignes de cette action demandent 8\u202f000,00\u00a0€ en 2031, il en reste 5\u202f000,00\u00a0€\u00a0: "
        "20\u202f000,00\u00a0€ sont accordés, les autres lignes en prennent 15\u202f000,00\u00a0€."
    )
    assert obstacles_au_realisable(action) == [phrase]
    un_financement(monde.college, E, "Rallonge", accorde=D("3000.00"))
    assert obstacles_au_realisable(action) == []


def test_ni_une_ecole_ni_un_exercice_clos_n_arretent_une_action(monde):
    action = une_action(monde.college, "Équiper les salles")
    une_ligne(monde.college, E, action=action.pk, prevu=D("8000.00"))
    un_financement(monde.college, E, accorde=D("1.00"))
    assert obstacle_de_l_argent(action) is not None
    clore_exercice(etablissement=monde.college, annee=E, auteur=monde.chef, maintenant=MAINTENANT)
    assert obstacle_de_l_argent(action) is None
    Exercice.objects.update(clos_le=None, clos_par=None)
    action.etablissement.type = "ecole"
    assert obstacle_de_l_argent(action) is None


def test_l_examen_dit_ce_qui_manque_en_peu_de_requetes(client, monde):
    action = une_action(monde.college, "Équiper les salles")
    for rang in range(3):
        une_ligne(monde.college, E + rang, action=action.pk, prevu=D("8000.00"))
        un_financement(monde.college, E + rang, accorde=D("1.00"))
    client.force_login(monde.chef)
    reponse = client.get(reverse("action_examen", args=[monde.college.uai, action.pk]))
    lue = texte(reponse)
    for exercice in (2031, 2032, 2033):
        assert f"demandent 8 000,00 € en {exercice}, il en reste 1,00 €" in lue
    assert len(reponse.requetes) <= 11
