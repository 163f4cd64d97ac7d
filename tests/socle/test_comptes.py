"""Accounts and sessions: signing in, rate limits, passwords, one's own page."""

import re
import time
from html import unescape

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from strategie.socle.models import Affectation, Utilisateur
from tests.client import ClientStrict
from tests.personnages import un_compte

SECRET = "quatre petits paliers verts"
CONNEXION, OUBLI, CHANGER = "/connexion/", "/mot-de-passe/oublie/", "/compte/mot-de-passe/"


@pytest.fixture
def compte(monde) -> Utilisateur:
    monde.chef.set_password(SECRET)
    monde.chef.save()
    return monde.chef


def connecter(client, email: str, mot_de_passe: str = SECRET):
    return client.post(CONNEXION, {"login": email, "password": mot_de_passe})


def neutre(reponse) -> str:
    """The page without what changes at each request or echoes what was typed."""
    html = re.sub(r'csrfmiddlewaretoken" value="\w+"', "", reponse.content.decode())
    return re.sub(r"[\w.]+@exemple\.invalid", "ADRESSE", html)


def faire_les_taches() -> None:
    """What the worker does, without closing the connection that the test's transaction is in."""
    for attendue in DBTaskResult.objects.ready():
        attendue.task.call(*attendue.args_kwargs["args"])


def lien_recu() -> str:
    return re.search(r"http://testserver(/mot-de-passe/nouveau/\S+)", mail.outbox[-1].body)[1]


# --- Signing in ---------------------------------------------------------------------------------------
def test_se_connecter_change_la_session(compte, client):
    session = client.session
    session["posee_avant"] = True
    session.save()
    avant = session.session_key
    assert connecter(client, compte.email.upper()).url == reverse("accueil")
    assert get_user(client) == compte
    assert client.session.session_key != avant
    assert client.cookies["sessionid"]["max-age"] == ""  # until the browser closes
    assert client.cookies["sessionid"]["httponly"]


def test_compte_inconnu_ferme_ou_mauvais_mot_de_passe_la_meme_reponse(compte, client):
    un_compte("Fatou", "Fermée", is_active=False)
    Utilisateur.objects.filter(first_name="Fatou").update(email="fatou@exemple.invalid", password=compte.password)
    reponses = [
        connecter(client, "personne@exemple.invalid"),
        connecter(client, compte.email, "un mauvais mot de passe"),
        connecter(client, "fatou@exemple.invalid"),
    ]
    assert [reponse.status_code for reponse in reponses] == [200, 200, 200]
    assert len({neutre(reponse) for reponse in reponses}) == 1
    assert not get_user(client).is_authenticated


def test_une_classe_entiere_se_connecte_derriere_une_seule_adresse(compte, monde):
    for n in range(25):
        un_compte("Prof", f"N{n}", password=compte.password)
    debut = time.monotonic()
    statuts = [connecter(ClientStrict(), f"prof.n{n}@exemple.invalid").status_code for n in range(25)]
    assert statuts == [302] * 25
    assert time.monotonic() - debut < 60  # within the window of the limits


def test_les_erreurs_des_uns_ne_bloquent_pas_les_autres(compte, monde):
    for n in range(12):
        connecter(ClientStrict(), f"distrait{n}@exemple.invalid", "un mauvais mot de passe")
    assert connecter(ClientStrict(), compte.email).status_code == 302


def test_un_compte_attaque_est_protege_meme_du_bon_mot_de_passe(compte, client):
    reponses = [connecter(client, compte.email, f"essai numéro {n}") for n in range(6)]
    assert "Trop de tentatives" in unescape(reponses[5].content.decode())
    assert "Trop de tentatives" not in unescape(reponses[4].content.decode())
    assert connecter(client, compte.email).status_code == 200
    assert not get_user(client).is_authenticated
    inconnu = [connecter(client, "personne@exemple.invalid", f"essai numéro {n}") for n in range(6)]
    assert neutre(inconnu[5]) == neutre(reponses[5])


def test_un_compte_desactive_est_coupe_a_la_demande_suivante(compte, client):
    connecter(client, compte.email)
    assert client.get("/compte/").status_code == 200
    Utilisateur.objects.filter(pk=compte.pk).update(is_active=False)
    assert client.get("/compte/").url == "/connexion/?next=/compte/"


def test_se_deconnecter_par_post_seulement(compte, client):
    connecter(client, compte.email)
    client.get("/deconnexion/")
    assert get_user(client) == compte
    client.post("/deconnexion/")
    assert not get_user(client).is_authenticated


def test_la_suite_reste_sur_le_site(compte, client):
    reponse = client.post(f"{CONNEXION}?next=https://ailleurs.invalid/", {"login": compte.email, "password": SECRET})
    assert reponse.url == reverse("accueil")


def test_personne_ne_s_inscrit_seul(client, db):
    assert client.get("/inscription/").status_code in (302, 404)
    with pytest.raises(Exception, match="account_signup"):
        reverse("account_signup")


# --- Passwords ----------------------------------------------------------------------------------------
def test_changer_de_mot_de_passe_garde_cette_session_et_ferme_les_autres(compte, client):
    autre = ClientStrict()
    connecter(client, compte.email)
    connecter(autre, compte.email)
    nouveau = "six grands paliers bleus"
    reponse = client.post(CHANGER, {"oldpassword": SECRET, "password1": nouveau, "password2": nouveau})
    assert reponse.url == reverse("compte")
    assert get_user(client) == compte
    assert not get_user(autre).is_authenticated
    compte.refresh_from_db()
    assert compte.check_password(nouveau)


def test_oubli_le_lien_est_fait_par_la_tache(compte, client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as apres:
        client.post(OUBLI, {"email": compte.email.upper()})
        assert not DBTaskResult.objects.exists()  # nothing before commit
    apres[0]()
    tache = DBTaskResult.objects.get()
    assert tache.args_kwargs == {"args": [compte.pk, "http://testserver/"], "kwargs": {}}
    assert mail.outbox == []
    faire_les_taches()
    (courriel,) = mail.outbox
    assert courriel.to == [compte.email]
    lien = lien_recu()
    assert lien.split("/")[3] not in str(DBTaskResult.objects.values())


@pytest.mark.django_db(transaction=True)
def test_oubli_de_bout_en_bout_y_compris_sans_mot_de_passe_utilisable(client):
    """As for the first rectorat account, made in the admin without a password."""
    personne = Utilisateur(email="rita@exemple.invalid", first_name="Rita", last_name="Rectorat")
    personne.set_unusable_password()
    personne.save()
    client.post(OUBLI, {"email": personne.email})
    call_command("db_worker", batch=True, interval=0, verbosity=0)
    assert DBTaskResult.objects.get(args_kwargs__args__0=personne.pk).status == "SUCCESSFUL"
    page = client.get(lien_recu())
    assert page.status_code == 302
    assert client.get(page.url).status_code == 200
    fait = client.post(page.url, {"password1": SECRET, "password2": SECRET})
    assert fait.url == reverse("account_reset_password_from_key_done")
    assert client.get(fait.url).status_code == 200
    assert connecter(client, personne.email).url == reverse("accueil")
    assert get_user(client) == personne
    rejoue = ClientStrict().get(lien_recu())
    assert rejoue.status_code == 200  # « ce lien ne vaut plus », no form
    assert 'name="password1"' not in rejoue.content.decode()
    assert not EmailAddress.objects.exists()  # the account's own address is the only one


def test_oubli_la_meme_reponse_pour_tous(compte, client):
    un_compte("Fatou", "Fermée", is_active=False)
    Utilisateur.objects.filter(first_name="Fatou").update(email="fatou@exemple.invalid")
    pages = set()
    for adresse in (compte.email, "personne@exemple.invalid", "fatou@exemple.invalid"):
        reponse = client.post(OUBLI, {"email": adresse})
        assert reponse.url == reverse("account_reset_password_done")
        pages.add(neutre(client.get(reponse.url)))
    assert len(pages) == 1


def test_oubli_rien_ne_part_pour_un_compte_ferme_entre_temps(compte, client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client.post(OUBLI, {"email": compte.email})
    Utilisateur.objects.filter(pk=compte.pk).update(is_active=False)
    faire_les_taches()
    assert mail.outbox == []


def test_l_ancienne_adresse_ne_vaut_plus_rien(compte, client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client.post(OUBLI, {"email": compte.email})
    faire_les_taches()
    ancienne, lien = compte.email, lien_recu()
    Utilisateur.objects.filter(pk=compte.pk).update(email="neuve@exemple.invalid")
    assert 'name="password1"' not in client.get(lien, follow=True).content.decode()
    assert connecter(client, ancienne).status_code == 200
    assert connecter(client, "neuve@exemple.invalid").status_code == 302


# --- One's own page -----------------------------------------------------------------------------------
def test_mon_compte(monde, client):
    Affectation.objects.filter(utilisateur=monde.animatrice).update(fin="2099-08-31", fonction="AAN")
    client.force_login(monde.animatrice)
    reponse = client.get("/compte/")
    html = unescape(reponse.content.decode())
    for attendu in ("anne.animatrice@exemple.invalid", "District 1", "Animateur", "AAN", "31\xa0août 2099", CHANGER):
        assert attendu in html
    assert len(reponse.requetes) <= 6


def test_mon_compte_sans_role(monde, client):
    client.force_login(monde.sans_affectation)
    assert "Vous n'avez aucun rôle en ce moment" in unescape(client.get("/compte/").content.decode())


def test_changer_son_nom_et_rien_d_autre(monde, client):
    client.force_login(monde.lectrice)
    en_trop = {"is_staff": "on", "is_superuser": "on", "is_active": "", "email": "a@b.invalid", "role": "rectorat"}
    assert client.post("/compte/", {"prenom": " Lina ", "nom": "Lecture"} | en_trop).url == "/compte/"
    avant = (monde.lectrice.email, False, False, True)
    monde.lectrice.refresh_from_db()
    apres = monde.lectrice
    assert str(apres) == "Lina Lecture"
    assert (apres.email, apres.is_staff, apres.is_superuser, apres.is_active) == avant
    assert [a.role for a in apres.affectations.all()] == ["membre"]
    assert apres.evenements.latest("pgh_id").pgh_context["acte"] == "renommer_compte"


@pytest.mark.parametrize("champs", [{"prenom": "", "nom": "Lecture"}, {"prenom": "L" * 81, "nom": "Lecture"}])
def test_un_nom_vide_ou_trop_long_est_refuse(monde, client, champs):
    client.force_login(monde.lectrice)
    reponse = client.post("/compte/", champs)
    assert reponse.status_code == 422
    assert 'value="Lecture"' in reponse.content.decode()
    monde.lectrice.refresh_from_db()
    assert str(monde.lectrice) == "Line Lectrice"
