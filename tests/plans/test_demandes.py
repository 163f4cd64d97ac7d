"""Requests: what is not in the school's hands, asked with the day an answer is due, and the letter."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from diagnostic.domain.cotation import Valeur
from plans.domain.demandes import (
    DemandeChangee,
    SaisieDemande,
    SaisieReponse,
    faire_demande,
    lire_demande,
    modifier_demande,
    repondre_demande,
)
from plans.interfaces.demandes import rendre_lettre_pdf
from plans.models import Demande
from plans.rules.demandes import defauts_de_la_demande, defauts_de_la_reponse, retard_en_mots
from strategie.socle.domain.empechement import Empeche, SaisieRefusee
from tests.pdf import feuilles
from tests.plans.offres import la_proposition, un_diagnostic_signe

MAINTENANT = datetime.datetime(2031, 3, 3, 10, 0, tzinfo=datetime.UTC)
JOUR = datetime.date(2031, 3, 3)
ANNEE = "2030-2031"
SAISIE = SaisieDemande("collectivite", "Raccorder les salles", "Madame, Monsieur,\n\nMerci.", datetime.date(2031, 4, 2))
REPONSE = SaisieReponse("en_partie", "Six salles en juillet", JOUR)


def faire(monde, saisie=SAISIE, auteur=None, **champs):
    valeurs = {"code": "INF-1-1", "annee": ANNEE, "maintenant": MAINTENANT} | champs
    return faire_demande(etablissement=monde.college, saisie=saisie, auteur=auteur or monde.chef, **valeurs)


def repondre(monde, demande, saisie=REPONSE, version=1, auteur=None):
    return repondre_demande(
        demande=demande, version=version, saisie=saisie, auteur=auteur or monde.chef, maintenant=MAINTENANT
    )


def modifier(monde, demande, saisie, version=1):
    return modifier_demande(
        demande=demande, version=version, saisie=saisie, auteur=monde.referent, maintenant=MAINTENANT
    )


# --- Acts -------------------------------------------------------------------------------------------------
def test_une_demande_garde_qui_quand_et_pour_quand(monde):
    demande = faire(monde)
    demande.refresh_from_db()
    assert lire_demande(demande) == SAISIE
    assert (demande.code, demande.annee_scolaire, demande.faite_par, demande.faite_le, demande.suite) == (
        "INF-1-1",
        ANNEE,
        monde.chef,
        MAINTENANT,
        "",
    )


def test_envoyee_deux_fois_elle_est_faite_une_fois(monde):
    assert faire(monde) == faire(monde)
    with pytest.raises(Empeche, match=r"attend déjà une réponse.*Raccorder les salles.*2\u00a0avril 2031"):
        faire(monde, SaisieDemande("collectivite", "Autrement", "Merci.", SAISIE.reponse_attendue_le))
    faire(monde, SaisieDemande("etat", "À l'État aussi", "Merci.", SAISIE.reponse_attendue_le))
    assert Demande.objects.count() == 2


def test_une_fois_repondue_elle_peut_etre_refaite(monde):
    repondre(monde, faire(monde))
    faire(monde)
    assert sorted(Demande.objects.values_list("suite", flat=True)) == ["", "en_partie"]


@pytest.mark.parametrize(
    ("champs", "fautes"),
    [
        ({}, []),
        ({"destinataire": "region"}, ["destinataire"]),
        ({"objet": ""}, ["objet"]),
        ({"objet": "a" * 251}, ["objet"]),
        ({"texte": ""}, ["texte"]),
        ({"texte": "a" * 3001}, ["texte"]),
        ({"attendue_le": JOUR}, ["reponse_attendue_le"]),
        ({"attendue_le": JOUR + datetime.timedelta(days=1)}, []),
        ({"attendue_le": JOUR + datetime.timedelta(days=365)}, []),
        ({"attendue_le": JOUR + datetime.timedelta(days=366)}, ["reponse_attendue_le"]),
    ],
)
def test_ce_qu_une_demande_doit_dire(champs, fautes):
    valeurs = {
        "destinataire": "etat",
        "objet": "Objet",
        "texte": "Texte",
        "attendue_le": datetime.date(2031, 4, 2),
        "jour": JOUR,
    }
    assert list(defauts_de_la_demande(**(valeurs | champs))) == fautes


@pytest.mark.parametrize(
    ("champs", "fautes"),
    [
        ({}, []),
        ({"suite": ""}, ["suite"]),
        ({"reponse": "a" * 2001}, ["reponse"]),
        ({"repondue_le": JOUR + datetime.timedelta(days=1)}, ["repondue_le"]),
        ({"repondue_le": datetime.date(2031, 2, 28)}, ["repondue_le"]),
    ],
)
def test_ce_qu_une_reponse_doit_dire(champs, fautes):
    valeurs = {
        "suite": "refusee",
        "reponse": "",
        "repondue_le": JOUR,
        "faite_le": datetime.date(2031, 3, 1),
        "jour": JOUR,
    }
    assert list(defauts_de_la_reponse(**(valeurs | champs))) == fautes


def test_le_retard_se_dit_en_mots():
    jours = [retard_en_mots(JOUR, JOUR + datetime.timedelta(days=retard)) for retard in (-1, 0, 1, 12)]
    assert jours == ["", "", "en retard d'un jour", "en retard de 12\u00a0jours"]


def test_une_reponse_se_note_et_se_corrige(monde):
    demande = faire(monde)
    repondre(monde, demande)
    assert repondre(monde, demande).version == 2  # a double click
    repondre(monde, demande, SaisieReponse("accordee", "Toutes les salles", JOUR), version=2)
    demande.refresh_from_db()
    assert (demande.suite, demande.reponse, demande.repondue_le, demande.version) == (
        "accordee",
        "Toutes les salles",
        JOUR,
        3,
    )


def test_deux_reponses_a_la_fois_ne_s_ecrasent_pas(monde):
    demande = faire(monde)
    repondre(monde, demande)
    with pytest.raises(DemandeChangee) as change:
        repondre(monde, demande, SaisieReponse("refusee", "", JOUR), auteur=monde.referent)
    assert change.value.actuelle.suite == "en_partie"
    assert Demande.objects.get().suite == "en_partie"


def test_une_reponse_avant_la_demande_est_refusee(monde):
    with pytest.raises(SaisieRefusee, match="La demande est du 3\u00a0mars 2031"):
        repondre(monde, faire(monde), SaisieReponse("accordee", "", datetime.date(2031, 3, 2)))
    assert Demande.objects.get().suite == ""


def test_une_demande_se_modifie_tant_qu_elle_attend(monde):
    demande = faire(monde)
    autre = SaisieDemande("collectivite", "Raccorder trois salles", "Merci.", datetime.date(2031, 5, 2))
    assert modifier(monde, demande, autre).version == 2
    demande.refresh_from_db()
    assert lire_demande(demande) == autre
    with pytest.raises(DemandeChangee):
        modifier(monde, demande, SAISIE, version=1)
    with pytest.raises(SaisieRefusee):
        modifier(monde, demande, SaisieDemande("collectivite", "", "Merci.", autre.reponse_attendue_le), version=2)
    repondre(monde, demande, version=2)
    with pytest.raises(Empeche, match="a sa réponse"):
        modifier(monde, demande, SAISIE, version=3)


def test_une_echeance_passee_peut_rester_quand_les_mots_changent(monde):
    demande = faire(monde)
    Demande.objects.update(reponse_attendue_le=datetime.date(2031, 3, 1))
    mots_seuls = SaisieDemande("collectivite", "Raccorder vite", "Merci.", datetime.date(2031, 3, 1))
    assert modifier(monde, demande, mots_seuls).objet == "Raccorder vite"


# --- Pages ----------------------------------------------------------------------------------------------------
def adresse(nom, *suite):
    return reverse(nom, args=["0980001U", *suite])


def mots(reponse):
    return " ".join(html.fromstring(reponse.content.decode()).text_content().split())


@pytest.fixture
def chef(client, monde):
    client.force_login(monde.chef)
    return client


@pytest.fixture
def diagnostic(monde, referentiel):
    return un_diagnostic_signe(
        monde, referentiel, {"INF-1-1": Valeur.non, "FOR-1-4": Valeur.non, "PIL-1-1": Valeur.non}
    )


def envoi(lue, /, **champs):
    """What a browser would send of the page's form."""
    page = html.fromstring(lue.content.decode())
    formulaire = next(f for f in page.forms if f.get("method") == "post" and f.get("action") is None)
    return {nom: valeur.removeprefix("\n") for nom, valeur in formulaire.form_values()} | champs


def test_la_demande_est_preremplie_de_la_proposition(chef, monde, diagnostic):
    aujourd_hui = timezone.localdate(timezone=monde.academie.zone)
    propose = envoi(chef.get(adresse("demande_faire", "INF-1-1")))
    proposition = la_proposition("INF-1-1")
    assert (propose["destinataire"], propose["objet"], propose["reponse_attendue_le"]) == (
        "collectivite",
        proposition.titre,
        (aujourd_hui + datetime.timedelta(days=30)).isoformat(),
    )
    assert f"– {proposition.comment[0]}" in propose["texte"]
    assert "(INF-1-1)" in propose["texte"]
    assert envoi(chef.get(adresse("demande_faire", "FOR-1-4")))["destinataire"] == "etat"
    assert len(propose["texte"]) <= 3000


def test_chaque_lettre_proposee_tient_dans_ce_qu_une_demande_accepte(chef, monde, referentiel):
    """The longest proposals."""
    codes = ("INF-3-1", "EQU-2-4", "INF-2-3")
    un_diagnostic_signe(monde, referentiel, dict.fromkeys(codes, Valeur.non))
    for code in codes:
        reponse = chef.post(adresse("demande_faire", code), envoi(chef.get(adresse("demande_faire", code))))
        assert reponse.status_code == 302


def test_demander_puis_lire_la_liste(chef, monde, diagnostic):
    page = adresse("demande_faire", "INF-1-1")
    reponse = chef.post(page, envoi(chef.get(page), objet="Raccorder les salles"), follow=True)
    dits = mots(reponse)
    assert "téléchargez la lettre (PDF)" in dits
    assert "1 demande attend une réponse" in dits
    assert "Raccorder les salles" in dits
    Demande.objects.update(reponse_attendue_le=timezone.localdate() - datetime.timedelta(days=3))
    dits = mots(chef.get(adresse("demandes")))
    assert "1 demande attend une réponse, dont 1 en retard" in dits
    assert "en retard de 3 jours" in dits


def test_une_demande_fausse_se_dit_au_champ(chef, monde, diagnostic):
    page = adresse("demande_faire", "INF-1-1")
    for champs, phrase in (
        ({"reponse_attendue_le": timezone.localdate().isoformat()}, "La réponse s'attend à une date à venir."),
        ({"reponse_attendue_le": "demain"}, "sous la forme jj/mm/aaaa"),
        ({"objet": " "}, "Dites en une phrase ce que vous demandez."),
        ({"texte": "a" * 3001}, "La demande dépasse 3\u202f000"),
        ({"destinataire": "maire"}, "Choisissez à qui la demande s'adresse."),
    ):
        reponse = chef.post(page, envoi(chef.get(page), **champs))
        assert reponse.status_code == 422
        assert phrase.replace("\u202f", " ") in mots(reponse)
    assert not Demande.objects.exists()
    assert chef.get(adresse("demande_faire", "PIL-1-2")).status_code == 404


def test_noter_la_reponse_et_ce_qui_se_passe_a_deux(chef, monde, diagnostic):
    demande = faire(monde, maintenant=timezone.now(), saisie=dans_un_mois())
    page = adresse("demande_repondre", demande.pk)
    ouverte = chef.get(page)
    assert chef.post(page, envoi(ouverte)).status_code == 422  # nothing is chosen
    chef.post(page, envoi(ouverte, suite="accordee", reponse="Oui"))
    conflit = chef.post(page, envoi(ouverte, suite="refusee", reponse="Non"))
    assert conflit.status_code == 409
    assert "«\u00a0Accordée\u00a0»" in conflit.content.decode()
    assert Demande.objects.get().suite == "accordee"
    assert chef.post(page, envoi(conflit)).status_code == 302
    dits = mots(chef.get(adresse("demandes")))
    assert "1 demande a sa réponse" in dits
    assert "refusée" in dits
    assert "Non" in dits


def dans_un_mois():
    return SaisieDemande("collectivite", "Raccorder", "Merci.", timezone.localdate() + datetime.timedelta(days=30))


def test_modifier_la_demande_puis_plus_une_fois_repondue(chef, monde, diagnostic):
    demande = faire(monde, maintenant=timezone.now(), saisie=dans_un_mois())
    page = adresse("demande_modifier", demande.pk)
    reponse = chef.post(page, envoi(chef.get(page), objet="Raccorder mieux"))
    assert reponse.status_code == 302
    assert Demande.objects.get().objet == "Raccorder mieux"
    Demande.objects.update(suite="refusee", repondue_le=timezone.localdate())
    assert "a sa réponse" in mots(chef.get(page))


def test_une_demande_d_ailleurs_n_existe_pas(client, monde):
    demande = faire(monde)
    client.force_login(monde.voisin)
    for nom in ("demande_repondre", "demande_modifier", "demande_pdf"):
        assert client.get(reverse(nom, args=[monde.voisin_college.uai, demande.pk])).status_code == 404


def test_les_demandes_coutent_autant_pour_une_que_pour_trois(chef, monde):
    faire(monde)
    une = chef.get(adresse("demandes"))
    faire(monde, code="INF-1-2", auteur=monde.referent)
    repondre(monde, faire(monde, code="INF-1-4"))
    trois = chef.get(adresse("demandes"))
    assert "2 demandes attendent une réponse" in mots(trois)
    assert (len(une.requetes), len(trois.requetes)) == (5, 5)


# --- The letter --------------------------------------------------------------------------------------------------
@pytest.fixture
def lettre(monde):
    monde.college.adresse, monde.college.code_postal = "3 rue du Moulin", "35000"
    texte = "Madame, Monsieur,\n\nNotre réseau coupe\u00a0:\n– salle 12\n– salle 14\n\nMerci.\n"
    demande = faire(monde, SaisieDemande("collectivite", "Raccorder <deux> salles", texte, datetime.date(2031, 4, 2)))
    demande.etablissement = monde.college
    return rendre_lettre_pdf(demande, monde.college, "Principale")


def test_la_lettre_tient_sur_une_page_et_dit_tout(lettre):
    [texte] = feuilles(lettre)
    for attendu in (
        "Collège du Test",
        "3 rue du Moulin",
        "Département d'Exemple",
        "Saint-Exemple, le 3 mars 2031",
        "Objet : Raccorder <deux> salles",
        "– salle 12 – salle 14",
        "Réponse attendue le 2 avril 2031.",
        "Claire Chef Principale",
    ):
        assert attendu in texte


def test_la_lettre_se_telecharge_par_toute_l_equipe(client, monde):
    demande = faire(monde)
    client.force_login(monde.lectrice)
    reponse = client.get(adresse("demande_pdf", demande.pk))
    assert (reponse["Content-Type"], reponse["Content-Disposition"]) == (
        "application/pdf",
        'attachment; filename="demande-0980001U-INF-1-1.pdf"',
    )
    assert reponse.content.startswith(b"%PDF-1.7")
