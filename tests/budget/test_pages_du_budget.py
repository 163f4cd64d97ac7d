"""The pages of the budget: what they say, what they refuse without losing it, what two people see of one another."""

import dataclasses
import datetime
import uuid
from decimal import Decimal as D

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from budget.domain.exercices import clore_exercice
from budget.domain.lignes import lire_ligne, modifier_ligne
from budget.interfaces.lignes import annee_proposee
from budget.models import DecisionModificative, Exercice, Financement, LigneBudget
from strategie.socle.models import Etablissement
from tests.budget.budgets import un_financement, une_ligne
from tests.budget.test_dbm import adopter, une_dbm
from tests.budget.test_synthese import des_lignes_en_base
from tests.plans.plans import une_action


@pytest.fixture
def annee() -> int:
    return timezone.localdate().year


@pytest.fixture
def lire(client, monde):
    """`lire("budget", exercice=2026)`: the text of a page, as the head reads it."""

    def lire(nom: str, *cles: int, qui=None, etablissement=None, **adresse) -> str:
        client.force_login(qui or monde.chef)
        chemin = reverse(nom, args=[(etablissement or monde.college).uai, *cles], query=adresse)
        return texte(client.get(chemin))

    return lire


def texte(reponse) -> str:
    """Its main content, spaces as a reader sees them."""
    contenu = " ".join(html.fromstring(reponse.content).find(".//main").itertext())
    return " ".join(contenu.replace("\u202f", " ").replace("\u00a0", " ").split())


def envoyer(client, monde, nom: str, *cles: int, qui=None, **corps):
    client.force_login(qui or monde.chef)
    return client.post(reverse(nom, args=[monde.college.uai, *cles]), corps)


def une_ecole(monde) -> Etablissement:
    monde.voisin_college.type = Etablissement.Type.ECOLE
    monde.voisin_college.save()
    return monde.voisin_college


def ligne_envoyee(annee: int, **champs) -> dict[str, str]:
    return {
        "cle": str(uuid.uuid4()),
        "intitule": "Licences",
        "exercice": str(annee),
        "annee_scolaire": f"{annee}-{annee + 1}",
        "section": "fonctionnement",
        "levier": "equipement",
        "payeur": "eple",
        "prevu": "1\u202f234,50",
        "engage": "",
        "paye": "",
        "service": "ALO",
        "activite": "0NUM",
        "compte": "",
        "note": "",
    } | champs


# --- The budget ------------------------------------------------------------------------------------------------
def test_un_budget_vide_dit_par_quoi_commencer(lire, monde):
    assert "Commencez par ce qui revient chaque année" in lire("budget")
    assert "Le chef d'établissement ou le gestionnaire écrit le budget." in lire("budget", qui=monde.referent)


def test_la_page_dit_les_trois_chiffres_et_les_ressources(lire, monde, annee):
    ligne = une_ligne(monde.college, annee, "Licences", prevu=D("1234.50"), engage=D(1300), paye=D(10))
    une_ligne(monde.college, annee, "Tablettes", section="investissement", prevu=D("0.50"))
    une_ligne(monde.college, annee + 1, "L'an prochain", prevu=D(77))
    un_financement(monde.college, annee, "Part de l'État", source="tne", ligne=ligne.pk, demande=D(300), accorde=D(200))
    un_financement(monde.college, annee, "Rallonge", demande=D(90))
    lue = lire("budget")
    for mots in (
        "Prévu 1 235,00 €",
        "Engagé 1 300,00 €",
        "Payé 10,00 €",
        "Accordé par les financeurs 200,00 €",
        "Demandé, sans réponse 90,00 €",
        "Licences : 1 300,00 € engagés, 1 234,50 € prévus",
        "engagé au-delà du prévu, de 65,50 €",
        "pour Licences",
    ):
        assert mots in lue, mots
    assert "L'an prochain" not in lue
    assert "77,00 €" in lire("budget", exercice=annee + 1)


def test_une_annee_scolaire_prend_dans_deux_exercices(lire, monde, annee):
    une_ligne(monde.college, annee, "À l'automne", prevu=D("10.01"))
    une_ligne(monde.college, annee + 1, "Au printemps", annee_scolaire=f"{annee}-{annee + 1}", prevu=D("20.02"))
    lue = lire("budget", annee=f"{annee}-{annee + 1}")
    assert "Prévu 30,03 €" in lue
    assert f"Au printemps Équipement {annee + 1} 20,02 €" in lue


@pytest.mark.parametrize("adresse", [{"exercice": "douze"}, {"exercice": "99999"}, {"annee": "2026-2028"}])
def test_une_periode_qui_n_existe_pas(client, monde, adresse):
    client.force_login(monde.chef)
    assert client.get(reverse("budget", args=[monde.college.uai], query=adresse)).status_code == 404


def test_les_filtres_se_composent_et_se_comptent(client, monde, annee):
    action = une_action(monde.college, "Former à l'ENT")
    formation = une_ligne(monde.college, annee, "Formateur", levier="formation", action=action.pk, prevu=D(5))
    une_ligne(monde.college, annee, "Livres", levier="formation", payeur="etat", prevu=D(7))
    une_ligne(monde.college, annee, "Tablettes", payeur="etat", prevu=D(11))
    un_financement(monde.college, annee, "Pour le formateur", ligne=formation.pk, accorde=D(2))
    un_financement(monde.college, annee, "Pour l'exercice", accorde=D(50))
    client.force_login(monde.chef)

    def choisir(**choix):
        reponse = client.get(reverse("budget", args=[monde.college.uai], query=choix))
        lu = reponse.context["lu"]
        return [ligne.intitule for ligne in lu.lignes], lu.aides.accorde, texte(reponse)

    assert choisir(levier="formation")[:2] == (["Formateur", "Livres"], D(2))
    assert choisir(levier="formation", payeur="etat")[:2] == (["Livres"], D(0))
    assert choisir(action=str(action.pk))[:2] == (["Formateur"], D(2))
    assert choisir(financeur="dotation_collectivite")[:2] == (["Formateur"], D(52))
    assert choisir(service="XX", levier="' OR 1=1")[0] == ["Formateur", "Livres", "Tablettes"]
    mots = choisir(levier="formation")[2]
    assert "2 lignes répondent au filtre : Retirer le filtre Formation et accompagnement" in mots
    assert "État 1" in mots  # of the two trainings, the State pays one
    assert "Formation et accompagnement 2 Équipement 1" in mots
    assert "Ce qui est accordé à l'exercice entier ne répond à aucun de ces choix." in mots


@pytest.mark.parametrize("nombre", [10, 1000])
def test_autant_de_requetes_pour_dix_lignes_que_pour_mille(client, monde, annee, nombre):
    des_lignes_en_base(monde, annee, nombre)
    un_financement(monde.college, annee, accorde=D(1))
    client.force_login(monde.chef)
    reponse = client.get(reverse("budget", args=[monde.college.uai]))
    assert len(reponse.context["lu"].lignes) == nombre
    assert len(reponse.requetes) == 7


def test_une_ecole_voit_les_parts_de_la_commune_et_de_l_etat(lire, monde, annee):
    ecole = une_ecole(monde)
    une_ligne(ecole, annee, "Ordinateurs", payeur="commune", prevu=D(4200))
    une_ligne(ecole, annee, "Ressources", payeur="etat", levier="organisation", prevu=D(300))
    lue = lire("budget", qui=monde.voisin, etablissement=ecole)
    assert "à présenter au conseil d'école" in lue
    assert "Moyen Commune État Ensemble Équipement 4 200,00 € 0,00 € 4 200,00 €" in lue
    assert "Ensemble 4 200,00 € 300,00 € 4 500,00 €" in lue
    assert "Décisions modificatives" not in lue
    assert "Service" not in lire("ligne_ajouter", qui=monde.voisin, etablissement=ecole)


def test_une_ecole_n_a_pas_de_decision_modificative(client, monde):
    client.force_login(monde.voisin)
    assert client.get(reverse("dbm", args=[une_ecole(monde).uai])).status_code == 404


def test_la_collectivite_lit_sa_part_et_rien_d_autre(lire, client, monde, annee):
    une_ligne(monde.college, annee, "Bornes Wi-Fi", payeur="departement", prevu=D(80))
    licences = une_ligne(monde.college, annee, "Une ligne à nous", prevu=D(7))
    un_financement(monde.college, annee, "Rallonge demandée", demande=D(50), ligne=None)
    un_financement(monde.college, annee, "Aide à la ligne", accorde=D(5), ligne=licences.pk)
    un_financement(monde.college, annee, "Crédits de l'État", source="tne", accorde=D(3))
    lue = lire("budget_partage", qui=monde.collectivite_agent)
    for mots in ("Bornes Wi-Fi", "Prévu 80,00 €", "Rallonge demandée", "Aide à la ligne"):
        assert mots in lue, mots
    for tu in ("Une ligne à nous", "Crédits de l'État", "Modifier"):
        assert tu not in lue, tu


# --- A line ------------------------------------------------------------------------------------------------------
def test_une_ligne_s_ajoute_telle_qu_on_l_ecrit(client, monde, annee):
    action = une_action(monde.college)
    corps = ligne_envoyee(annee, action=str(action.pk))
    reponse = envoyer(client, monde, "ligne_ajouter", **corps)
    envoyer(client, monde, "ligne_ajouter", **corps)
    ligne = LigneBudget.objects.get()
    assert reponse.url == reverse("ligne", args=[monde.college.uai, ligne.pk])
    assert (ligne.prevu, ligne.engage, ligne.service, ligne.activite) == (D("1234.50"), 0, "ALO", "0NUM")
    assert (ligne.action_id, ligne.cree_par, ligne.origine) == (action.pk, monde.chef, "saisie")


@pytest.mark.parametrize(
    ("champs", "champ", "phrase"),
    [
        ({"prevu": "douze cents"}, "prevu", "Un montant en euros était attendu"),
        ({"prevu": "1,234"}, "prevu", "Le montant est ambigu"),
        ({"prevu": "9" * 60}, "prevu", "démesuré"),
        ({"prevu": "-5"}, "prevu", "positif ou nul"),
        ({"exercice": ""}, "exercice", "Donnez l'année civile"),
        ({"exercice": "1850"}, "annee_scolaire", "ne touche pas l'exercice 1850"),
        ({"annee_scolaire": ""}, "annee_scolaire", "Choisissez une réponse"),
        ({"intitule": "  "}, "intitule", "ce qui sera payé"),
        ({"intitule": "x" * 201}, "intitule", "dépasse 200"),
        ({"engage": "10", "paye": "10,01"}, "paye", "On ne paie pas plus que ce qui est engagé"),
        ({"service": "OPC"}, "service", "opérations en capital"),
        ({"action": "999999"}, None, ""),
    ],
)
def test_une_ligne_mal_ecrite_garde_ce_qui_est_tape(client, monde, annee, champs, champ, phrase):
    une_action(monde.college)
    corps = ligne_envoyee(annee, note="À garder", **champs)
    reponse = envoyer(client, monde, "ligne_ajouter", **corps)
    assert reponse.status_code == 422
    erreurs = reponse.context["formulaire"].errors
    assert phrase.replace(" ", "") in str(erreurs.get(champ, "") if champ else erreurs).replace("&#x27;", "'").replace(
        "\u00a0", ""
    ).replace(" ", "")
    assert champ is None or champ in erreurs
    assert "À garder" in reponse.content.decode()
    assert not LigneBudget.objects.exists()


@pytest.mark.parametrize(
    ("exercice", "jour", "annee_dite"),
    [
        (2026, (2026, 3, 1), "2025-2026"),
        (2026, (2026, 11, 26), "2026-2027"),
        (2027, (2026, 11, 26), "2026-2027"),
        (2028, (2026, 11, 26), "2028-2029"),
        (2024, (2026, 11, 26), "2024-2025"),
    ],
)
def test_l_annee_proposee_touche_l_exercice(exercice, jour, annee_dite):
    assert annee_proposee(exercice, datetime.date(*jour)) == annee_dite


def copies(reponse) -> dict[str, str]:
    """What the form would send, as a browser does."""
    formulaire = max(html.fromstring(reponse.content).forms, key=lambda f: len(f.fields))
    return {nom: valeur or "" for nom, valeur in formulaire.form_values() if nom != "csrfmiddlewaretoken"}


def test_deux_personnes_modifient_une_ligne(client, monde, annee):
    ligne = une_ligne(monde.college, annee, "Licences", prevu=D(100))
    client.force_login(monde.chef)
    lu = copies(client.get(reverse("ligne_modifier", args=[monde.college.uai, ligne.pk])))
    base = lire_ligne(ligne)
    modifier_ligne(
        ligne=ligne,
        base=base,
        saisie=dataclasses.replace(base, prevu=D(150), note="devis reçu"),
        auteur=monde.gestionnaire,
        maintenant=timezone.now(),
    )
    assert lu["prevu"] == "100,00"
    reponse = envoyer(client, monde, "ligne_modifier", ligne.pk, **(lu | {"prevu": "170", "compte": "6068"}))
    assert reponse.status_code == 409
    assert "Quelqu'un d'autre l'a changé pendant que vous écriviez : « 150,00 € »" in texte(reponse)
    ligne.refresh_from_db()
    assert (ligne.prevu, ligne.compte) == (D(150), "")
    encore = copies(reponse)
    assert (encore["prevu"], encore["lu-prevu"]) == ("170", "150.00")
    assert envoyer(client, monde, "ligne_modifier", ligne.pk, **encore).status_code == 302
    ligne.refresh_from_db()
    assert (ligne.prevu, ligne.compte, ligne.note) == (D(170), "6068", "devis reçu")


def test_la_fiche_mene_a_l_action_aux_aides_et_aux_corrections(lire, client, monde, annee):
    action = une_action(monde.college, "Former à l'ENT")
    ligne = une_ligne(monde.college, annee, "Formateur", action=action.pk, prevu=D(100))
    un_financement(monde.college, annee, "Part du département", ligne=ligne.pk, demande=D(60), accorde=D(40))
    decision = une_dbm(monde.college, {ligne.pk: D("20.00")})
    lue = lire("ligne", ligne.pk)
    for mots in ("Former à l'ENT", "Part du département", "DBM 1 de", "+20,00 € en projet", "Prévu 100,00 €"):
        assert mots in lue, mots
    adopter(decision)
    assert "Prévu 120,00 € 100,00 € avant les décisions modificatives" in lire("ligne", ligne.pk)
    client.force_login(monde.chef)
    assert "budget" not in texte(client.get(reverse("action", args=[monde.college.uai, action.pk]))).lower()


def test_une_ligne_se_retire_apres_confirmation(client, lire, monde, annee):
    ligne = une_ligne(monde.college, annee, "Licences", prevu=D(100))
    assert "avec 100,00 € prévus" in lire("ligne_retirer", ligne.pk)
    reponse = envoyer(client, monde, "ligne_retirer", ligne.pk)
    assert reponse.url == f"{reverse('budget', args=[monde.college.uai])}?exercice={annee}"
    assert not LigneBudget.objects.vivants().exists()


def test_une_ligne_financee_dit_pourquoi_elle_reste(client, monde, annee):
    ligne = une_ligne(monde.college, annee, prevu=D(100))
    un_financement(monde.college, annee, ligne=ligne.pk)
    reponse = envoyer(client, monde, "ligne_retirer", ligne.pk)
    assert (reponse.status_code, LigneBudget.objects.vivants().count()) == (422, 1)
    assert "Un financement paie cette ligne" in texte(reponse)


# --- What pays -----------------------------------------------------------------------------------------------------
def test_un_financement_se_note_pour_une_ligne(client, monde, annee):
    ligne = une_ligne(monde.college, annee, prevu=D(100))
    client.force_login(monde.chef)
    adresse = reverse("financement_ajouter", args=[monde.college.uai], query={"ligne": ligne.pk})
    lu = copies(client.get(adresse))
    assert lu["pour"] == f"ligne-{ligne.pk}"
    trop = client.post(adresse, lu | {"source": "tne", "intitule": "Part de l'État", "accorde": "100,01"})
    assert trop.status_code == 422
    assert "Le total accordé (100,01 €) dépasse le coût (100,00 €)" in texte(trop)
    reponse = client.post(adresse, lu | {"source": "tne", "intitule": "Part de l'État", "accorde": "100"})
    assert reponse.url == reverse("ligne", args=[monde.college.uai, ligne.pk])
    aide = Financement.objects.get()
    assert (aide.ligne_id, aide.exercice, aide.accorde) == (ligne.pk, annee, 100)


def test_les_financeurs_d_un_college_et_d_une_ecole(lire, monde):
    assert "DETR" not in lire("financement_ajouter")
    lue = lire("financement_ajouter", qui=monde.voisin, etablissement=une_ecole(monde))
    assert "DETR" in lue
    assert "fonds de roulement" not in lue


def test_deux_personnes_notent_une_reponse(client, monde, annee):
    ligne = une_ligne(monde.college, annee, prevu=D(100))
    aide = un_financement(monde.college, annee, "Rallonge", demande=D(60))
    client.force_login(monde.chef)
    lu = copies(client.get(reverse("financement_modifier", args=[monde.college.uai, aide.pk])))
    mienne = lu | {"accorde": "40", "refuse": ""}
    mienne.pop("refuse")
    premiere = envoyer(client, monde, "financement_modifier", aide.pk, **(mienne | {"pour": f"ligne-{ligne.pk}"}))
    assert premiere.url == reverse("ligne", args=[monde.college.uai, ligne.pk])
    seconde = envoyer(client, monde, "financement_modifier", aide.pk, **(mienne | {"accorde": "50"}))
    assert seconde.status_code == 409
    assert "« 40,00 € »" in texte(seconde)
    aide.refresh_from_db()
    assert (aide.accorde, aide.ligne_id) == (40, ligne.pk)
    forgee = envoyer(client, monde, "financement_modifier", aide.pk, **(mienne | {"lu-pour": "ligne-²"}))
    assert forgee.status_code == 302  # no page of ours wrote that: nothing was shown, nothing is taken away


# --- Exercices --------------------------------------------------------------------------------------------------------
def test_un_exercice_se_clot_puis_se_rouvre_par_le_chef(client, lire, monde, annee):
    ligne = une_ligne(monde.college, annee, "Licences", prevu=D(100))
    aide = un_financement(monde.college, annee, demande=D(10))
    assert "1 ligne : 100,00 € prévus" in lire("exercice_clore", annee)
    assert envoyer(client, monde, "exercice_clore", annee, qui=monde.gestionnaire).status_code == 302
    lue = lire("budget", qui=monde.gestionnaire)
    assert "Clos le" in lue
    assert "Le chef d'établissement peut le rouvrir, en disant pourquoi." in lue
    assert "Ajouter une ligne" not in lue
    assert "Modifier" not in lue
    for nom, cle in (("ligne_modifier", ligne.pk), ("ligne_retirer", ligne.pk), ("financement_retirer", aide.pk)):
        assert "rien n'y change plus" in lire(nom, cle), nom
    corps = ligne_envoyee(annee)
    refusee = envoyer(client, monde, "ligne_ajouter", **corps)
    assert (refusee.status_code, "est clos" in texte(refusee)) == (422, True)
    sans_raison = envoyer(client, monde, "exercice_rouvrir", annee)
    assert "Dites pourquoi l'exercice est rouvert." in texte(sans_raison)
    assert envoyer(client, monde, "exercice_rouvrir", annee, raison="Une facture est arrivée").status_code == 302
    assert Exercice.objects.get().clos_le is None
    assert "« Une facture est arrivée »" in lire("budget")
    histoire = lire("historique", "exercice", Exercice.objects.get().pk)
    assert "a clos l'exercice" in histoire
    assert "a rouvert l'exercice" in histoire


@pytest.mark.parametrize("annee_dite", [1234, 10**30])
def test_une_annee_qui_n_est_pas_un_exercice_ne_se_clot_pas(client, monde, annee_dite):
    reponse = envoyer(client, monde, "exercice_clore", annee_dite)
    assert reponse.status_code == 422
    assert "n'est pas possible" in texte(reponse)


# --- Corrections ------------------------------------------------------------------------------------------------------
def test_une_correction_du_projet_a_l_adoption(client, lire, monde, annee):
    ligne = une_ligne(monde.college, annee, "Licences", prevu=D(100), engage=D(90))
    assert "préparez ici la décision" in lire("dbm")
    corps = {"exercice": annee, "objet": "Moins de licences", "genre": "vote", "code": "31", "cle": str(uuid.uuid4())}
    envoyer(client, monde, "dbm_ajouter", **corps)
    decision = DecisionModificative.objects.get()

    def mouvement(montant: str, version: int | None = None):
        decision.refresh_from_db()
        corps = {"ligne": ligne.pk, "montant": montant, "version": version or decision.version}
        return envoyer(client, monde, "dbm_mouvement", decision.pk, **corps)

    assert mouvement("").status_code == 422
    assert mouvement("−20,00").status_code == 302
    assert "passerait à 80,00 €, moins que ce qui est engagé (90,00 €)" in lire("dbm_voir", decision.pk)
    decision.refresh_from_db()
    adoption = {"version": decision.version, "adoptee_le": timezone.localdate().isoformat()}
    refusee = envoyer(client, monde, "dbm_adopter", decision.pk, **adoption)
    assert (refusee.status_code, LigneBudget.objects.get().prevu) == (422, 100)
    assert mouvement("-10").status_code == 302
    perimee = envoyer(client, monde, "dbm_adopter", decision.pk, **adoption)
    assert perimee.status_code == 409
    assert "relisez-la ci-dessous" in texte(perimee)
    decision.refresh_from_db()
    assert copies(perimee)["version"] == str(decision.version)
    assert envoyer(client, monde, "dbm_adopter", decision.pk, **copies(perimee)).status_code == 302
    assert LigneBudget.objects.get().prevu == 90
    lue = lire("dbm_voir", decision.pk)
    assert "Ce que chaque ligne a reçu ou rendu" in lue
    assert "Enregistrer le mouvement" not in lue
    assert "DBM 1 de" in lire("dbm", qui=monde.referent)
    assert "est adoptée : elle ne change plus" in lire("dbm_modifier", decision.pk)


def test_un_mouvement_sur_une_version_perimee_se_dit(client, monde, annee):
    ligne = une_ligne(monde.college, annee, "Licences", prevu=D(100))
    decision = une_dbm(monde.college, {ligne.pk: D(5)})
    corps = {"ligne": ligne.pk, "montant": "7", "version": decision.version}
    assert envoyer(client, monde, "dbm_mouvement", decision.pk, **corps).status_code == 302
    reponse = envoyer(client, monde, "dbm_mouvement", decision.pk, **(corps | {"montant": "9"}))
    assert reponse.status_code == 409
    assert "a changé depuis que vous l'avez lue" in texte(reponse)
    assert copies(reponse)["montant"] == "9"
    assert decision.mouvements.get().montant == 7


@pytest.mark.parametrize("nombre", [1, 3])
def test_la_liste_des_corrections_coute_autant_pour_trois_que_pour_une(client, monde, annee, nombre):
    ligne = une_ligne(monde.college, annee, prevu=D(100))
    for _ in range(nombre):
        une_dbm(monde.college, {ligne.pk: D(5)})
    client.force_login(monde.chef)
    reponse = client.get(reverse("dbm", args=[monde.college.uai]))
    assert (len(reponse.context["decisions"]), len(reponse.requetes)) == (nombre, 5)


@pytest.mark.parametrize("nombre", [1, 3])
def test_une_fiche_et_une_correction_coutent_autant_pour_trois_lignes_que_pour_une(client, monde, annee, nombre):
    lignes = [une_ligne(monde.college, annee, prevu=D(100)) for _ in range(nombre)]
    for _ in range(nombre):
        un_financement(monde.college, annee, ligne=lignes[0].pk, accorde=D(1))
        une_dbm(monde.college, {ligne.pk: D(5) for ligne in lignes})
    client.force_login(monde.chef)
    fiche = client.get(reverse("ligne", args=[monde.college.uai, lignes[0].pk]))
    decision = client.get(reverse("dbm_voir", args=[monde.college.uai, DecisionModificative.objects.first().pk]))
    assert (len(fiche.requetes), len(decision.requetes)) == (8, 9)


def test_un_exercice_clos_se_dit_sur_ses_corrections(lire, monde, annee):
    ligne = une_ligne(monde.college, annee, prevu=D(100))
    decision = une_dbm(monde.college, {ligne.pk: D(5)})
    clore_exercice(etablissement=monde.college, annee=annee, auteur=monde.chef, maintenant=timezone.now())
    lue = lire("dbm_voir", decision.pk)
    assert "est clos : rien n'y change plus" in lue
    assert "Noter son adoption" not in lue


def test_une_correction_impossible_ne_se_propose_pas_a_l_adoption(lire, monde, annee):
    ligne = une_ligne(monde.college, annee, "Licences", prevu=D(100), engage=D(90))
    decision = une_dbm(monde.college, {ligne.pk: D("-20.00")})
    assert "Noter son adoption" not in lire("dbm_voir", decision.pk)
    lue = lire("dbm_adopter", decision.pk)
    assert "Changer les lignes" not in lue
    assert "pour corriger ses mouvements" in lue
