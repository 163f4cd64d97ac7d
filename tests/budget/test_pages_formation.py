"""Pages of trainings: the list, the sheet, forms and acts; needs that facts show; sessions; settings; hours."""

import datetime
import re
import uuid
from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from budget.domain.formations import accorder, annuler, demander, evaluer, lire_formation, modifier_formation, realiser
from budget.domain.reglages_formation import lire_reglages, regler_formation
from budget.interfaces.demande_de_formation import rendre_demande_pdf
from budget.models import Achat, BesoinFormation, CapaciteFormateurs, Seance
from budget.queries.besoins_detectes import besoins_detectes, competences, detectes_par_l_enquete
from budget.queries.reglages_formation import reglages_de
from diagnostic.domain.bulletins import Groupe
from diagnostic.domain.cotation import Valeur
from diagnostic.domain.urne import depouiller_enquete
from diagnostic.queries.questions_equipes import questions_des_equipes
from plans.models import Releve
from strategie.socle.domain.calendrier import bornes
from strategie.socle.queries.equipe import chefs
from tests.budget.formations import (
    D,
    cette_annee,
    des_heures,
    effectifs,
    presences,
    une_formation,
    une_saisie,
    une_seance,
)
from tests.enquetes import remplir, une_enquete, une_enquete_depouillee
from tests.pdf import feuilles
from tests.plans.offres import un_diagnostic_signe
from tests.plans.plans import une_action, une_action_publiee

pytestmark = pytest.mark.django_db


def ecrite(ecole, intitule="Prendre en main l'ENT", **champs) -> BesoinFormation:
    """Of this school year, now."""
    return une_formation(ecole, intitule, maintenant=timezone.now(), annee_scolaire=cette_annee(ecole), **champs)


def du_present(acte, formation, auteur, **champs):
    return acte(formation=formation, version=formation.version, auteur=auteur, maintenant=timezone.now(), **champs)


def accordee(ecole, auteur, intitule="Prendre en main l'ENT", **champs) -> BesoinFormation:
    return du_present(accorder, du_present(demander, ecrite(ecole, intitule, **champs), auteur), auteur)


def hier(ecole) -> datetime.date:
    """A day of this school year that has come: the first one until there is another."""
    return max(bornes(cette_annee(ecole))[0], timezone.localdate() - datetime.timedelta(days=1))


def page(client, nom, *arguments, **query):
    reponse = client.get(reverse(nom, args=arguments, query=query))
    assert reponse.status_code == 200
    return reponse


def texte(reponse) -> str:
    """What is read of a page, tags making way for spaces."""
    (principal,) = html.fromstring(reponse.content.decode()).xpath("//main")
    return re.sub(r"[\s\u00a0\u202f]+", " ", " ".join(principal.itertext()))


def champs_de(reponse) -> dict:
    """What the page's form would send, untouched."""
    champs: dict[str, list[str]] = {}
    for nom, valeur in html.fromstring(reponse.content.decode()).xpath("//main//form")[0].form_values():
        champs.setdefault(nom, []).append(valeur)
    return champs


def envoi(**champs) -> dict:
    """What the form of a new training sends."""
    valeurs = {
        "cle": str(uuid.uuid4()),
        "intitule": "Prendre en main l'ENT",
        "equipes": ["enseignants", "aesh"],
        "effectif": "12",
        "modalite": "locale",
        "trimestre": "2",
        "heures": "6",
        "heures_formateur": "",
    }
    return valeurs | champs


# --- The list --------------------------------------------------------------------------------------------------
def test_la_liste_vide_dit_quoi_faire(client, monde):
    client.force_login(monde.chef)
    assert "Aucun besoin de formation n'est écrit" in texte(page(client, "formations", monde.college.uai))


def test_la_liste_range_par_etat_et_se_filtre(client, monde):
    ecrite(monde.college, "À écrire")
    accordee(monde.college, monde.chef, "Accordée")
    passee = ecrite(monde.college, "Abandonnée")
    annuler(formation=passee, version=1, raison="Plus de temps", auteur=monde.chef)
    client.force_login(monde.lectrice)
    lue = texte(page(client, "formations", monde.college.uai))
    assert [lue.index(titre) for titre in ("À demander", "Accordées", "Annulées")] == sorted(
        lue.index(titre) for titre in ("À demander", "Accordées", "Annulées")
    )
    assert "Pourquoi : Plus de temps" in lue
    assert "Écrire un besoin" not in lue
    filtree = texte(page(client, "formations", monde.college.uai, etat="accorde"))
    assert "1 formation répond au filtre" in filtree
    assert "À écrire" not in filtree
    assert "À écrire" in texte(page(client, "formations", monde.college.uai, etat="n'importe quoi"))


@pytest.mark.parametrize("combien", [1, 3])
def test_la_liste_et_la_fiche_coutent_autant_pour_une_et_pour_trois(client, monde, combien):
    action = une_action_publiee(monde.college)
    for rang in range(combien):
        formation = accordee(monde.college, monde.chef, f"Formation {rang}", action=action.pk)
        for _ in range(combien):
            une_seance(formation, hier(monde.college))
    client.force_login(monde.chef)
    assert len(page(client, "formations", monde.college.uai).requetes) == 7
    assert len(page(client, "formation", monde.college.uai, formation.pk).requetes) == 10
    client.force_login(monde.animatrice)
    assert len(page(client, "heures_formateurs", monde.district.pk).requetes) == 6


# --- Writing one -----------------------------------------------------------------------------------------------
def test_ecrire_un_besoin(client, monde):
    client.force_login(monde.referent)
    adresse, annee = reverse("formation_ajouter", args=[monde.college.uai]), cette_annee(monde.college)
    reponse = client.post(adresse, envoi(annee_scolaire=annee, heures_formateur="1,5"))
    formation = BesoinFormation.objects.get()
    assert reponse.headers["Location"] == reverse("formation", args=[monde.college.uai, formation.pk])
    attendu = une_saisie(
        annee_scolaire=annee,
        equipes=frozenset({"enseignants", "aesh"}),
        effectif=12,
        heures_formateur=D("1.50"),
        constat="",
        objectif="",
    )
    assert lire_formation(formation) == attendu


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"effectif": "0"}, "de 1 à 2 000 personnes"),
        ({"heures": "-2"}, "La durée pour une personne va"),
        ({"heures": "douze"}, "Écrivez un nombre seul"),
        ({"heures": ""}, "Donnez une durée en heures"),
        ({"equipes": []}, "cochez au moins une équipe"),
        ({"action": "999"}, "Cette action n'est pas"),
        ({"annee_scolaire": "1999-2000"}, "pas dans la liste"),
    ],
)
def test_une_mauvaise_saisie_revient_avec_tout_ce_qui_est_ecrit(client, monde, champs, phrase):
    client.force_login(monde.referent)
    corps = envoi(annee_scolaire=cette_annee(monde.college), constat="Le constat d'avant") | champs
    reponse = client.post(reverse("formation_ajouter", args=[monde.college.uai]), corps)
    assert reponse.status_code == 422
    assert phrase in texte(reponse)
    assert "Le constat d'avant" in reponse.content.decode().replace("&#x27;", "'")
    assert not BesoinFormation.objects.exists()


def test_deux_personnes_modifient_la_meme_formation(client, monde):
    formation = ecrite(monde.college)
    client.force_login(monde.referent)
    adresse = reverse("formation_modifier", args=[monde.college.uai, formation.pk])
    champs = champs_de(client.get(adresse))
    base = lire_formation(formation)
    modifier_formation(
        formation=formation,
        base=base,
        saisie=replace(base, effectif=15, equipes=frozenset({"aesh"})),
        auteur=monde.chef,
        maintenant=timezone.now(),
    )
    reponse = client.post(adresse, champs | {"effectif": "25", "objectif": "Mieux écrire", "equipes": ["agents"]})
    assert reponse.status_code == 409
    lue = texte(reponse)
    assert "« 15 »" in lue
    assert "« AESH »" in lue
    assert client.post(adresse, champs_de(reponse)).status_code == 302
    formation.refresh_from_db()
    assert (formation.effectif, formation.equipes, formation.objectif) == (25, ["agents"], "Mieux écrire")


# --- Acts ------------------------------------------------------------------------------------------------------
def agir(client, formation, acte, **champs):
    adresse = reverse("formation_etat", args=[formation.etablissement.uai, formation.pk], query={"acte": acte})
    version = BesoinFormation.objects.get(pk=formation.pk).version
    return client.post(adresse, {"version": version} | champs)


def test_de_la_demande_a_l_evaluation_par_l_ecran(client, monde):
    formation = ecrite(monde.college)
    client.force_login(monde.chef)
    assert agir(client, formation, "demander").status_code == 302
    assert agir(client, formation, "accorder").status_code == 403  # the district answers for a local training
    client.force_login(monde.animatrice)
    assert "Accorder" in texte(page(client, "formation", monde.college.uai, formation.pk))
    assert agir(client, formation, "accorder").status_code == 302
    seance = une_seance(formation, hier(monde.college))
    client.force_login(monde.referent)
    adresse = reverse("seance_presents", args=[monde.college.uai, seance.pk])
    assert client.post(adresse, {"version": 1, "enseignants": "9", "aesh": ""}).status_code == 302
    assert agir(client, formation, "realiser").status_code == 302
    vide = agir(client, formation, "evaluer", bilan="")
    assert (vide.status_code, "Dites ce que la formation a changé" in texte(vide)) == (422, True)
    assert agir(client, formation, "evaluer", bilan="Tout le monde s'en sert.").status_code == 302
    lue = texte(page(client, "formation", monde.college.uai, formation.pk))
    assert "Tout le monde s'en sert." in lue
    assert "9 personnes présentes : Enseignants 9" in lue


def test_un_groupe_trop_petit_se_lit_avant_et_apres_la_demande(client, monde):
    formation = ecrite(monde.college, effectif=4)
    client.force_login(monde.chef)
    assert "qu'à partir de 10 personnes, et celle-ci en compte 4" in texte(
        page(client, "formation", monde.college.uai, formation.pk)
    )
    reponse = agir(client, formation, "demander")
    assert (reponse.status_code, "Joignez-vous à un autre établissement" in texte(reponse)) == (422, True)


def test_une_page_depassee_dit_ce_que_la_formation_est_devenue(client, monde):
    formation = ecrite(monde.college)
    client.force_login(monde.chef)
    adresse = reverse("formation_etat", args=[monde.college.uai, formation.pk], query={"acte": "annuler"})
    assert client.get(adresse).status_code == 200
    du_present(demander, formation, monde.referent)
    reponse = client.post(adresse, {"version": 1, "raison": "Trop tard"})
    assert reponse.status_code == 422
    assert "elle est maintenant demandée" in texte(reponse)
    assert "Trop tard" in reponse.content.decode()
    assert 'name="version" value="2"' in reponse.content.decode()


def test_un_acte_impossible_dit_pourquoi(client, monde):
    formation = ecrite(monde.college)
    client.force_login(monde.chef)
    reponse = page(client, "formation_etat", monde.college.uai, formation.pk, acte="evaluer")
    assert "maintenant au stade du besoin" in texte(reponse)
    assert agir(client, formation, "evaluer", bilan="Bien").status_code == 422


def test_retirer_met_a_la_corbeille(client, monde):
    formation = ecrite(monde.college)
    client.force_login(monde.chef)
    assert client.post(reverse("formation_retirer", args=[monde.college.uai, formation.pk])).status_code == 302
    assert "Prendre en main" in texte(page(client, "corbeille", monde.college.uai))
    tenue = accordee(monde.college, monde.chef, "Accordée")
    reponse = client.post(reverse("formation_retirer", args=[monde.college.uai, tenue.pk]))
    assert (reponse.status_code, "annulez-la plutôt" in texte(reponse)) == (422, True)


def test_l_histoire_se_lit_en_mots(client, monde):
    formation = accordee(monde.college, monde.chef)
    seance = une_seance(formation, hier(monde.college))
    client.force_login(monde.chef)
    client.post(reverse("seance_presents", args=[monde.college.uai, seance.pk]), {"version": 1, "enseignants": "9"})
    lue = texte(page(client, "historique", monde.college.uai, "formation", formation.pk))
    for phrase in (
        "Claire Chef a écrit le besoin de formation",
        "a demandé la formation",
        "a accordé la formation",
        "a ajouté une séance",
        "a compté les présents d'une séance",
        "Nombre de présents ajouté : Enseignants Présents 9",
    ):
        assert phrase in lue


# --- Who sees what ---------------------------------------------------------------------------------------------
def test_une_action_en_brouillon_ne_sort_pas_de_l_ecole(client, monde, sans_mise_en_page):
    action = une_action(monde.college, "Une action secrète")
    formation = accordee(monde.college, monde.chef, action=action.pk)
    for qui, attendu in ((monde.lectrice, True), (monde.animatrice, False)):
        client.force_login(qui)
        for nom, arguments in (("formation", [formation.pk]), ("plan_formation", [])):
            reponse = page(client, nom, monde.college.uai, *arguments)
            assert ("Une action secrète" in texte(reponse)) is attendu
    lettre = rendre_demande_pdf(formation, reglages_de(monde.academie), None, timezone.localdate()).decode()
    assert (formation.intitule in html.fromstring(lettre).text_content(), "secrète" in lettre) == (True, False)


def test_les_achats_se_lisent_avec_leur_etat(client, monde, monkeypatch):
    formation = accordee(monde.college, monde.chef)
    Achat.objects.create(
        etablissement=monde.college,
        intitule="Une classe mobile",
        categorie="tablette",
        quantite=12,
        exercice=2030,
        duree=5,
        formation=formation,
        cle=uuid.uuid4(),
        cree_par=monde.chef,
        cree_le=timezone.now(),
    )
    client.force_login(monde.chef)
    lue = texte(page(client, "formation", monde.college.uai, formation.pk))
    assert "Une classe mobile En projet Bloqué La formation « Prendre en main l'ENT » n'a pas de séance datée" in lue
    client.force_login(monde.animatrice)
    assert "Une classe mobile" not in texte(page(client, "formation", monde.college.uai, formation.pk))


def test_l_effet_se_lit_avant_et_apres(client, monde):
    action = une_action_publiee(monde.college)
    indicateur = action.indicateurs.get()
    jour = hier(monde.college)
    formation = accordee(monde.college, monde.chef, indicateur=indicateur.pk)
    seance = une_seance(formation, jour)
    Releve.objects.create(
        indicateur=indicateur, date=jour - datetime.timedelta(days=9), valeur=8, releve_le=timezone.now()
    )
    Releve.objects.create(
        indicateur=indicateur, date=jour + datetime.timedelta(days=1), valeur=3, releve_le=timezone.now()
    )
    client.force_login(monde.chef)
    client.post(reverse("seance_presents", args=[monde.college.uai, seance.pk]), {"version": 1, "enseignants": "9"})
    lue = texte(page(client, "formation", monde.college.uai, formation.pk))
    assert "Avant la première séance 8 coupures" in lue
    assert "Depuis la dernière séance 3 coupures" in lue


# --- The written request ---------------------------------------------------------------------------------------
@pytest.fixture
def demande(monde) -> bytes:
    action = une_action_publiee(monde.college, "Former toute l'équipe", levier="formation")
    formation = ecrite(
        monde.college,
        "Prendre en main l'ENT <et> plus",
        action=action.pk,
        equipes=frozenset({"vie_scolaire", "enseignants"}),
        suite="Un atelier par mois",
        heures_formateur=D("12"),
    )
    formation.etablissement = monde.college
    chef = chefs(monde.college, timezone.localdate()).get()
    return rendre_demande_pdf(formation, reglages_de(monde.academie), chef, datetime.date(2031, 3, 3))


def test_la_demande_ecrite_tient_sur_une_page_et_dit_tout(demande):
    [lue] = feuilles(demande)
    for attendu in (
        "École académique de la formation continue",
        "District : District 1",
        "le 3 mars 2031",
        "Prendre en main l'ENT <et> plus",
        "Formation d'initiative locale (FIL)",
        "Enseignants, vie scolaire : 20 personnes",
        "6 heures par personne",
        "12 heures de formateurs du district",
        "Former toute l'équipe",
        "Un atelier par mois",
        "Claire Chef Principale",
    ):
        assert attendu in lue


# --- Sessions --------------------------------------------------------------------------------------------------
def test_ajouter_une_seance_par_l_ecran(client, monde):
    formation = ecrite(monde.college)
    client.force_login(monde.referent)
    adresse = reverse("seance_ajouter", args=[monde.college.uai, formation.pk])
    corps = {"cle": str(uuid.uuid4()), "jour": hier(monde.college).isoformat(), "heures": "3", "intervenant": "eafc"}
    refusee = client.post(adresse, corps | {"cout": "beaucoup"})
    assert (refusee.status_code, "un montant en euros était attendu" in texte(refusee).lower()) == (422, True)
    ailleurs = client.post(adresse, corps | {"jour": "2019-03-01"})
    assert "hors de l'année scolaire" in texte(ailleurs)
    for _ in range(2):
        assert client.post(adresse, corps | {"cout": "1 450,50"}).status_code == 302
    seance = Seance.objects.get()
    assert (seance.cout, seance.heures, seance.intervenant) == (D("1450.50"), D("3.00"), "eafc")
    lue = texte(page(client, "formation", monde.college.uai, formation.pk))
    assert "Coût des séances, hors celles qui sont annulées : 1 450,50 €" in lue


def test_trop_de_presents_revient_avec_les_nombres(client, monde):
    formation = accordee(monde.college, monde.chef, effectif=15)
    seance = une_seance(formation, hier(monde.college))
    client.force_login(monde.referent)
    adresse = reverse("seance_presents", args=[monde.college.uai, seance.pk])
    reponse = client.post(adresse, {"version": 1, "enseignants": "14", "aesh": "2"})
    assert reponse.status_code == 422
    assert "16 présents, et la formation est prévue pour 15" in texte(reponse)
    assert 'value="14"' in reponse.content.decode()
    assert presences(seance) == {}
    assert client.post(adresse, {"version": 1, "enseignants": "quatorze"}).status_code == 422


def test_annuler_et_modifier_une_seance_par_l_ecran(client, monde):
    formation = ecrite(monde.college)
    seance = une_seance(formation, hier(monde.college))
    client.force_login(monde.referent)
    adresse = reverse("seance_modifier", args=[monde.college.uai, seance.pk])
    champs = champs_de(client.get(adresse))
    assert client.post(adresse, champs | {"heures": "4,5"}).status_code == 302
    seance.refresh_from_db()
    assert seance.heures == D("4.50")
    conflit = client.post(adresse, champs | {"heures": "2"})
    assert (conflit.status_code, "« 4,5 »" in texte(conflit)) == (409, True)
    annulation = reverse("seance_annuler", args=[monde.college.uai, seance.pk])
    assert "Dites pourquoi" in texte(client.post(annulation, {"version": 2, "raison": ""}))
    assert client.post(annulation, {"version": 2, "raison": "Grève"}).status_code == 302
    assert "Grève" in texte(page(client, "formation", monde.college.uai, formation.pk))


# --- Needs that facts show (row 49) ----------------------------------------------------------------------------
def test_les_questions_etiquetees_existent():
    numeros = {item["numero"] for item in questions_des_equipes()["items"]}
    assert competences()["version_des_questions"] == questions_des_equipes()["version"]
    assert {int(numero) for numero in competences()["items"]} <= numeros
    for item in competences()["items"].values():
        assert all(item[cle] for cle in ("domaine", "intitule", "objectif"))


def une_enquete_faible(monde):
    """Twelve teachers, of whom seven are not d'accord with anything; all wish for the theme of rank 2."""
    valeurs = {Groupe.ENSEIGNANTS: [1, 2, 2, 1, 2, 1, 2, 4, 5, 4, 3, 3], Groupe.VIE_SCOLAIRE: [2, 1, 2, 3, 4, 2]}
    maintenant = timezone.now()
    enquete = une_enquete(monde.college, monde.chef, maintenant - datetime.timedelta(days=100))
    remplir(enquete, valeurs, formation=frozenset({1}))
    depouiller_enquete(enquete=enquete, maintenant=maintenant)
    return enquete


def test_l_enquete_montre_des_besoins_comptes_et_sans_nom(monde, referentiel):
    une_enquete_faible(monde)
    detectes = {un.reference: un for un in detectes_par_l_enquete(monde.college)}
    questions = [reference for reference in detectes if reference.startswith("E")]
    assert set(questions) <= {f"E{int(numero):02d}" for numero in competences()["items"]}
    assert "E06" in questions
    assert detectes["E06"].effectif == 11  # seven teachers and four of vie scolaire answered 1 or 2
    assert detectes["E06"].intitule == competences()["items"]["6"]["intitule"]
    assert detectes["E06"].equipes >= {"enseignants", "vie_scolaire"}
    souhaits = [un for reference, un in detectes.items() if reference.startswith("F")]
    assert [un.effectif for un in souhaits]


def test_sans_enquete_publiee_rien_ne_vient_d_elle(monde, referentiel):
    une_enquete_depouillee(monde.college, monde.chef, timezone.now(), {Groupe.ENSEIGNANTS: [1, 1, 1]})
    assert detectes_par_l_enquete(monde.college) == []


def test_le_diagnostic_et_le_plan_montrent_des_besoins(monde, referentiel):
    un_diagnostic_signe(monde, referentiel, {"FOR-2-1": Valeur.non, "EQU-1-1": Valeur.non})
    seule = une_action_publiee(monde.college, "Former les équipes", levier="formation", groupes=("aesh",))
    servie = une_action_publiee(monde.college, "Former encore", levier="formation")
    ecrite(monde.college, action=servie.pk)
    une_action(monde.college, "Un brouillon", levier="formation")
    detectes = besoins_detectes(monde.college, timezone.localdate())
    assert [(un.origine, un.reference) for un in detectes] == [("indicateur", "FOR-2-1"), ("action", f"A{seule.pk}")]
    assert detectes[1].equipes == {"aesh"}
    assert "non au diagnostic" in detectes[0].constat


def test_un_clic_ecrit_la_formation(client, monde, referentiel):
    une_enquete_faible(monde)
    client.force_login(monde.referent)
    lue = page(client, "besoins_detectes", monde.college.uai)
    lien = html.fromstring(lue.content.decode()).xpath("//a[contains(@href, 'reference=E06')]/@href")[0]
    champs = champs_de(client.get(lien))
    assert champs["effectif"] == ["11"]
    assert client.post(lien, champs | {"heures": "6"}).status_code == 302
    formation = BesoinFormation.objects.get()
    assert (formation.origine, formation.reference, formation.effectif) == ("enquete", "E06", 11)
    assert "Déjà écrit" in texte(page(client, "besoins_detectes", monde.college.uai))
    invente = reverse("formation_ajouter", args=[monde.college.uai], query={"origine": "enquete", "reference": "E01"})
    assert client.get(invente).status_code == 404


@pytest.mark.parametrize("combien", [1, 3])
def test_les_besoins_detectes_coutent_autant_pour_un_et_pour_trois(client, monde, referentiel, combien):
    une_enquete_faible(monde)
    un_diagnostic_signe(monde, referentiel, dict.fromkeys(["FOR-2-1", "FOR-1-2", "FOR-2-5"][:combien], Valeur.non))
    for rang in range(combien):
        une_action_publiee(monde.college, f"Former {rang}", levier="formation")
        ecrite(monde.college, f"Déjà {rang}")
    client.force_login(monde.chef)
    assert len(page(client, "besoins_detectes", monde.college.uai).requetes) == 11


# --- The académie's settings, the district's hours ---------------------------------------------------------------
def test_le_rectorat_regle_le_nom_et_le_groupe(client, monde):
    client.force_login(monde.rectorat)
    adresse = reverse("reglages_formation")
    champs = champs_de(client.get(adresse))
    refuse = client.post(adresse, champs | {"effectif_minimum": "0"})
    assert (refuse.status_code, "de 1 à 100 personnes" in texte(refuse)) == (422, True)
    nouveaux = {"sigle": "FIT", "nom_local": "Formation d'initiative territoriale", "effectif_minimum": "12"}
    assert client.post(adresse, champs | nouveaux).status_code == 302
    regles = lire_reglages(monde.academie)
    assert (regles.sigle, regles.effectif_minimum, regles.semaines_avant) == ("FIT", 12, 8)
    client.force_login(monde.chef)
    lue = texte(page(client, "formation_ajouter", monde.college.uai))
    assert "Formation d'initiative territoriale (FIT), à partir de 12 personnes" in lue
    client.force_login(monde.rectorat)
    ailleurs = reverse("reglages_formation", query={"academie": monde.autre_academie.pk})
    assert client.get(ailleurs).status_code == 404


def test_deux_personnes_reglent_par_l_ecran(client, monde):
    client.force_login(monde.rectorat)
    adresse = reverse("reglages_formation")
    champs = champs_de(client.get(adresse))
    base = lire_reglages(monde.academie)
    regler_formation(
        academie=monde.academie,
        base=base,
        saisie=replace(base, sigle="FIT"),
        auteur=monde.rectorat,
        maintenant=timezone.now(),
    )
    reponse = client.post(adresse, champs | {"sigle": "FIP"})
    assert (reponse.status_code, "« FIT »" in texte(reponse)) == (409, True)


def test_l_animatrice_fixe_les_heures_et_voit_ce_qui_les_prend(client, monde):
    annee = cette_annee(monde.college)
    formation = du_present(demander, ecrite(monde.college, heures_formateur=D("30")), monde.chef)
    client.force_login(monde.animatrice)
    adresse = reverse("heures_formateurs", args=[monde.district.pk])
    prefixe = f"h{annee[:4]}"
    refuse = client.post(adresse, {"annee": annee, f"{prefixe}-heures": "beaucoup", f"{prefixe}-version": "0"})
    assert (refuse.status_code, "Écrivez un nombre seul" in texte(refuse)) == (422, True)
    envoye = {"annee": annee, f"{prefixe}-heures": "20", f"{prefixe}-version": "0"}
    assert client.post(adresse, envoye).status_code == 302
    lue = texte(client.get(adresse))
    assert "Prendre en main l'ENT 30 h Collège du Test" in lue
    assert "Tout ne pourra pas être accordé : il manquerait 10 heures. Il en reste 20." in lue
    conflit = client.post(adresse, envoye | {f"{prefixe}-heures": "50"})
    assert (conflit.status_code, "a fixé 20 heures pendant que vous écriviez" in texte(conflit)) == (422, True)
    assert CapaciteFormateurs.objects.get().heures == D("20")
    refus = agir(client, formation, "accorder")
    assert (refus.status_code, "il en reste 20" in texte(refus)) == (422, True)


def test_la_question_realisable_ne_se_coche_pas(client, monde):
    action = une_action(monde.college)
    des_heures(monde.district, 80, cette_annee(monde.college))
    ecrite(monde.college, heures_formateur=D("120"), action=action.pk)
    client.force_login(monde.chef)
    adresse = reverse("action_examen", args=[monde.college.uai, action.pk])
    dit = f"120 heures de formateurs sont demandées, il en reste 80 en {cette_annee(monde.college)}"
    assert dit in texte(client.get(adresse))
    champs = champs_de(client.get(adresse))
    corps = champs | {"realisable-favorable": "oui", "realisable-reponse": "On verra bien."}
    reponse = client.post(adresse, corps)
    assert reponse.status_code == 422
    assert "On verra bien." in reponse.content.decode()
    assert not action.examens.exists()


# --- Coverage ----------------------------------------------------------------------------------------------------
def test_la_couverture_et_les_effectifs_par_l_ecran(client, monde):
    annee = cette_annee(monde.college)
    client.force_login(monde.referent)
    assert "Aucune présence n'est comptée" in texte(page(client, "couverture", monde.college.uai))
    adresse = reverse("effectifs_equipes", args=[monde.college.uai], query={"annee": annee})
    champs = champs_de(client.get(adresse))
    assert client.post(adresse, champs | {"enseignants": "-3"}).status_code == 422
    assert client.post(adresse, champs | {"enseignants": "30", "aesh": "0"}).status_code == 302
    assert effectifs(monde.college, annee) == {"enseignants": 30, "aesh": 0}
    conflit = client.post(adresse, champs | {"enseignants": "31"})
    assert (conflit.status_code, "« 30 »" in texte(conflit)) == (409, True)
    for intitule, combien in (("Une", 12), ("Deux", 8)):
        seance = une_seance(accordee(monde.college, monde.chef, intitule), hier(monde.college))
        presents = reverse("seance_presents", args=[monde.college.uai, seance.pk])
        client.post(presents, {"version": 1, "enseignants": combien})
    lue = texte(page(client, "couverture", monde.college.uai))
    assert "de 40 à 67 %de 12 à 20 sur 30" in lue.replace("% de", "%de")
    assert "Enseignants 0 0 60 60 20" in lue.replace("0 0 60", "0 0 60")


@pytest.mark.parametrize("combien", [1, 3])
def test_la_couverture_coute_autant_pour_une_et_pour_trois(client, monde, combien):
    for rang in range(combien):
        seance = une_seance(accordee(monde.college, monde.chef, f"Formation {rang}"), hier(monde.college))
        seance.presences.create(equipe="enseignants", presents=3)
        Seance.objects.filter(pk=seance.pk).update(etat="tenue")
    client.force_login(monde.chef)
    assert len(page(client, "couverture", monde.college.uai).requetes) == 6


def test_evaluee_elle_garde_ses_etats(client, monde):
    formation = accordee(monde.college, monde.chef)
    seance = une_seance(formation, hier(monde.college))
    seance.presences.create(equipe="enseignants", presents=3)
    Seance.objects.filter(pk=seance.pk).update(etat="tenue")
    formation = realiser(formation=formation, version=formation.version, auteur=monde.chef)
    formation = du_present(evaluer, formation, monde.chef, bilan="Utile")
    client.force_login(monde.lectrice)
    assert "Évaluées" in texte(page(client, "formations", monde.college.uai))
