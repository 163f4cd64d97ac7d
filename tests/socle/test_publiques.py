"""Pages open to everybody, sign-in, and the pages of errors."""

import datetime
import re
from fractions import Fraction

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings
from django.urls import reverse
from django.views import defaults
from django_tasks_db.models import DBTaskResult

from diagnostic.domain.cotation import IndicateurCote, Valeur, coter_champ, pour_cent
from strategie.socle.droits import GRILLE_DES_DROITS, Droit, Role
from strategie.socle.interfaces.statiques import empreinte
from strategie.socle.models import Affectation
from strategie.socle.urls import pages_publiques
from strategie.socle.views.erreurs import jeton_refuse
from tests.client import ClientStrict
from tests.pages import Page, defauts, texte
from tests.personnages import MOT_DE_PASSE, Monde

TITRES = {
    "accueil": "Savoir où en est le numérique de l'établissement, et décider de la suite",
    "accessibilite": "Déclaration d'accessibilité",
    "mentions_legales": "Mentions légales",
    "donnees_personnelles": "Données personnelles",
    "aide": "Aide",
    "account_login": "Se connecter",
    "account_reset_password": "Mot de passe oublié",
    "account_reset_password_done": "Regardez vos messages",
    "account_reset_password_from_key_done": "Votre mot de passe est changé",
    "account_inactive": "Ce compte est fermé",
}


def h1(html: str) -> list[str]:
    return [texte(e) for e in Page(html).tous("h1")]


def lire(client: ClientStrict, adresse: str) -> str:
    reponse = client.get(adresse)
    assert reponse.status_code == 200
    return reponse.content.decode()


# --- Public pages -------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(("nom", "titre"), TITRES.items())
def test_page_ouverte_a_tous(client, nom, titre):
    html = lire(client, reverse(nom))
    assert h1(html) == [titre]
    assert re.search(r"<title>\S.* · Paliers</title>", html)
    assert "Accessibilité&nbsp;: non conforme" in html


def test_la_liste_des_pages_publiques_est_celle_qu_on_essaie():
    essayees = {nom for nom in TITRES if not nom.startswith("account_")}
    assert {page.name for page in pages_publiques if page.name} == essayees | {"apparence"}


@pytest.mark.django_db
def test_sans_les_reglages_les_mentions_legales_disent_qu_elles_manquent(client):
    assert "Aucun éditeur n'a encore été indiqué" in lire(client, reverse("mentions_legales"))


@pytest.mark.django_db
@override_settings(EDITEUR="Lycée d'Exemple", HEBERGEUR="Hôte & Fils", CONTACT="contact@exemple.invalid")
def test_les_reglages_nomment_qui_repond(client):
    html = lire(client, reverse("mentions_legales"))
    assert "Lycée d&#x27;Exemple" in html
    assert "Hôte &amp; Fils" in html
    assert '<a href="mailto:contact@exemple.invalid">' in html
    assert "Aucun" not in html


@pytest.mark.django_db
def test_la_declaration_d_accessibilite_a_les_sections_imposees(client):
    page = Page(lire(client, reverse("accessibilite")))
    assert [texte(e) for e in page.tous("h2")] == [
        "Engagement",
        "État de conformité",
        "Résultats des tests",
        "Contenus non accessibles",
        "Établissement de cette déclaration",
        "Retour d'information et contact",
        "Voies de recours",
    ]
    assert "Libre réponse 71120, 75342 Paris CEDEX 07" in page.html


def tableau(page: Page, titre: str) -> list[list[str]]:
    table = next(t for t in page.tous("table") if texte(t.find("caption")) == titre)
    return [[" ".join(texte(case).split()) for case in ligne] for ligne in table.iter("tr")]


@pytest.mark.django_db
def test_la_grille_imprimee_est_celle_du_code(client):
    page = Page(lire(client, reverse("aide")))
    dire = {True: "oui", False: "non"}
    attendu = [["Droit", *Role.labels]] + [
        [droit.value, *(dire[droit in GRILLE_DES_DROITS[role]] for role in Role)] for droit in Droit
    ]
    assert tableau(page, "Ce que permet chaque rôle") == attendu


@pytest.mark.django_db
def test_l_exemple_de_cotation_se_recalcule(client):
    """The help page's worked example, read back from the page and given to the rule itself."""
    page = Page(lire(client, reverse("aide")))
    valeurs = {
        "Oui": "oui",
        "En partie": "en_partie",
        "Non": "non",
        "Sans objet": "sans_objet",
        "Ne sait pas": "ne_sait_pas",
    }
    indicateurs, reponses = [], {}
    for nom, palier, reponse, _ in tableau(page, "Les réponses d'un champ à ses deux premiers paliers")[1:]:
        indicateurs.append(IndicateurCote(nom[0], int(palier), bloquant="indispensable" in nom))
        reponses[nom[0]] = Valeur(valeurs[reponse])
    resultat = coter_champ(indicateurs, reponses)
    assert (resultat.palier, resultat.non_etabli, resultat.manquants) == (1, False, ("G",))
    assert resultat.scores == {1: Fraction(5, 6), 2: Fraction(2, 3), 3: None}
    lisible = page.html.replace("&nbsp;", " ")
    assert f"(1 + 1 + 0,5) ÷ 3 = {pour_cent(Fraction(5, 6))} %" in lisible
    assert f"(1 + 1 + 0) ÷ 3 = {pour_cent(Fraction(2, 3))} %" in lisible
    inconnus = reponses | {"C": Valeur.ne_sait_pas}
    assert coter_champ(indicateurs, inconnus).non_etabli


@pytest.mark.django_db
def test_favicon(client):
    reponse = client.get("/favicon.ico")
    assert (reponse.status_code, reponse.headers["Location"]) == (
        301,
        f"/static/img/paliers.svg?v={empreinte('img/paliers.svg')}",
    )


# --- Where one arrives --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("personne", "arrivee"),
    [
        ("chef", "/etablissements/0980001U/"),
        ("referent", "/etablissements/0980001U/"),
        ("animatrice", "/territoires/"),
        ("rectorat", "/territoires/"),
        ("collectivite_agent", "/etablissements/"),
    ],
)
def test_accueil_d_une_personne_connectee(client, monde: Monde, personne, arrivee):
    client.force_login(getattr(monde, personne))
    reponse = client.get("/")
    assert (reponse.status_code, reponse.headers["Location"]) == (302, arrivee)


def test_deux_roles_dans_le_meme_etablissement_restent_un_etablissement(client, monde: Monde):
    Affectation.objects.create(
        utilisateur=monde.chef, role=Role.REFERENT, etablissement=monde.college, debut=datetime.date(2020, 9, 1)
    )
    client.force_login(monde.chef)
    assert client.get("/").headers["Location"] == "/etablissements/0980001U/"


def test_chef_de_deux_etablissements(client, monde: Monde):
    Affectation.objects.create(
        utilisateur=monde.chef, role=Role.CHEF, etablissement=monde.voisin_college, debut=datetime.date(2020, 9, 1)
    )
    client.force_login(monde.chef)
    assert client.get("/").headers["Location"] == "/etablissements/"


def test_sans_role_la_page_dit_a_qui_demander(client, monde: Monde):
    client.force_login(monde.sans_affectation)
    html = lire(client, "/")
    assert h1(html) == ["Aucun établissement ne vous est confié"]
    assert "demandez une invitation au chef d'établissement" in html
    assert "administration technique" not in html


def test_un_role_fini_ne_compte_plus(client, monde: Monde):
    monde.chef.affectations.update(fin=datetime.date(2021, 8, 31))
    client.force_login(monde.chef)
    assert h1(lire(client, "/")) == ["Aucun établissement ne vous est confié"]


# --- Light and dark -----------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("choix", "attribut"), [("clair", ' data-apparence="clair"'), ("sombre", ' data-apparence="sombre"')]
)
def test_apparence_choisie(client, choix, attribut):
    reponse = client.post("/apparence/", {"apparence": choix, "suite": "/aide/?a=1"})
    assert (reponse.status_code, reponse.headers["Location"]) == (302, "/aide/?a=1")
    temoin = reponse.cookies["apparence"]
    assert (temoin.value, temoin["httponly"], temoin["samesite"]) == (choix, True, "Lax")
    assert f'<html lang="fr"{attribut}>' in lire(client, "/aide/")


@pytest.mark.django_db
@pytest.mark.parametrize("choix", ["auto", "", "violet", '"><script>'])
def test_apparence_automatique_efface_le_choix(client, choix):
    client.cookies["apparence"] = "sombre"
    reponse = client.post("/apparence/", {"apparence": choix, "suite": "/aide/"})
    assert (reponse.cookies["apparence"].value, reponse.cookies["apparence"]["max-age"]) == ("", 0)
    assert '<html lang="fr">' in lire(client, "/aide/")


@pytest.mark.django_db
def test_un_temoin_falsifie_est_ignore(client):
    client.cookies["apparence"] = 'violet" onload="x'
    assert '<html lang="fr">' in lire(client, "/aide/")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "suite",
    [
        "https://ailleurs.invalid/",
        "//ailleurs.invalid/",
        "/\\ailleurs.invalid",
        "javascript:alert(1)",
        "",
        "\thttps://a.invalid",
    ],
)
def test_apparence_ne_renvoie_pas_ailleurs(client, suite):
    reponse = client.post("/apparence/", {"apparence": "clair", "suite": suite})
    assert (reponse.status_code, reponse.headers["Location"]) == (302, "/")


@pytest.mark.django_db
def test_apparence_ne_change_pas_par_un_lien(client):
    assert client.get("/apparence/?apparence=sombre").status_code == 405


# --- Sign-in ------------------------------------------------------------------------------------------------
@pytest.fixture
def chef(monde: Monde):
    monde.chef.set_password(MOT_DE_PASSE)
    monde.chef.save()
    return monde.chef


def test_connexion(client, chef):
    reponse = client.post("/connexion/", {"login": "Claire.Chef@exemple.invalid", "password": MOT_DE_PASSE})
    assert (reponse.status_code, reponse.headers["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(chef.pk)


def test_la_connexion_ramene_a_la_page_demandee(client, chef):
    demande = client.get("/compte/mot-de-passe/")
    assert demande.headers["Location"] == "/connexion/?next=/compte/mot-de-passe/"
    assert '<input type="hidden" name="next" value="/compte/mot-de-passe/"' in lire(client, demande.headers["Location"])
    envoi = {"login": chef.email, "password": MOT_DE_PASSE, "next": "/compte/mot-de-passe/"}
    assert client.post("/connexion/", envoi).headers["Location"] == "/compte/mot-de-passe/"


def test_mauvais_mot_de_passe_et_compte_inconnu_donnent_la_meme_page(client, chef):
    pages = []
    for adresse in (chef.email, "inconnu@exemple.invalid"):
        reponse = client.post("/connexion/", {"login": adresse, "password": "pas le bon mot de passe"})
        assert reponse.status_code == 200
        html = reponse.content.decode().replace(adresse, "ADRESSE")
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html))
    assert pages[0] == pages[1]
    assert "L&#x27;adresse électronique ou le mot de passe est inexact." in pages[0]
    assert "_auth_user_id" not in client.session


def test_le_resume_des_erreurs_mene_aux_champs(client, chef):
    page = Page(client.post("/connexion/", {"login": "", "password": ""}).content.decode())
    resume = page.par_id["erreurs"]
    assert resume.get("role") == "alert"
    assert [(lien.get("href"), texte(lien)) for lien in resume.iter("a")] == [
        ("#id_login", "Adresse électronique"),
        ("#id_password", "Mot de passe"),
    ]


def test_trop_d_essais(client, chef):
    for _ in range(5):
        client.post("/connexion/", {"login": chef.email, "password": "pas le bon mot de passe"})
    reponse = client.post("/connexion/", {"login": chef.email, "password": MOT_DE_PASSE})
    assert "Trop de tentatives de connexion" in reponse.content.decode()
    assert "_auth_user_id" not in client.session


def test_deconnexion_demande_confirmation(client, chef):
    client.force_login(chef)
    assert h1(lire(client, "/deconnexion/")) == ["Se déconnecter"]
    assert "_auth_user_id" in client.session
    reponse = client.post("/deconnexion/")
    assert (reponse.status_code, reponse.headers["Location"]) == (302, "/")
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
@pytest.mark.parametrize("adresse", ["/inscription/", "/signup/", "/accounts/signup/", "/connexion/inscription/"])
def test_personne_ne_s_inscrit_seul(client, adresse):
    assert client.get(adresse).status_code == 404


def travaux_de_fond() -> None:
    """Does what the background worker would."""
    for travail in DBTaskResult.objects.all():
        travail.task.call(*travail.args_kwargs["args"], **travail.args_kwargs["kwargs"])


def demander_un_lien(client: ClientStrict, adresse: str, a_la_validation) -> None:
    with a_la_validation(execute=True):
        reponse = client.post("/mot-de-passe/oublie/", {"email": adresse})
    assert reponse.headers["Location"] == "/mot-de-passe/oublie/envoye/"
    travaux_de_fond()


def test_nouveau_mot_de_passe_par_courriel(client, chef, django_capture_on_commit_callbacks):
    demander_un_lien(client, chef.email, django_capture_on_commit_callbacks)
    [message] = mail.outbox
    assert (message.subject, message.to) == ("Choisir un nouveau mot de passe", [chef.email])
    lien = re.search(r"http://testserver(/mot-de-passe/nouveau/\S+/)", message.body)[1]
    assert "Bonjour,\n\nQuelqu'un, vous sans doute, a demandé un nouveau mot de passe" in message.body
    assert lien in message.alternatives[0].content

    formulaire = client.get(lien, follow=True)
    assert h1(formulaire.content.decode()) == ["Nouveau mot de passe"]
    adresse = formulaire.redirect_chain[-1][0]
    trop_court = client.post(adresse, {"password1": "court", "password2": "court"})
    assert "12 caractères" in trop_court.content.decode()
    nouveau = "un tout autre mot de passe"
    fait = client.post(adresse, {"password1": nouveau, "password2": nouveau})
    assert fait.headers["Location"] == "/mot-de-passe/nouveau/fait/"
    chef.refresh_from_db()
    assert chef.check_password(nouveau)

    assert h1(ClientStrict().get(lien).content.decode()) == ["Ce lien ne sert plus"]


def test_mot_de_passe_oublie_d_un_inconnu_n_ecrit_a_personne(client, chef, django_capture_on_commit_callbacks):
    demander_un_lien(client, "inconnu@exemple.invalid", django_capture_on_commit_callbacks)
    assert mail.outbox == []


def test_changer_de_mot_de_passe(client, chef):
    client.force_login(chef)
    nouveau = "un tout autre mot de passe"
    envoi = {"oldpassword": "pas le bon", "password1": nouveau, "password2": nouveau}
    assert client.post("/compte/mot-de-passe/", envoi).status_code == 200
    client.post("/compte/mot-de-passe/", envoi | {"oldpassword": MOT_DE_PASSE})
    chef.refresh_from_db()
    assert chef.check_password(nouveau)


# --- Errors -------------------------------------------------------------------------------------------------
@pytest.fixture
def demande():
    requete = RequestFactory().get("/quelque-part/")
    requete.user = AnonymousUser()
    return requete


@pytest.mark.django_db
def test_page_introuvable(client):
    reponse = client.get("/nulle-part/")
    assert reponse.status_code == 404
    assert h1(reponse.content.decode()) == ["Cette page n'existe pas"]


@pytest.mark.parametrize(
    ("exception", "phrase"),
    [
        (PermissionDenied("Seul le chef d'établissement signe."), "Seul le chef d&#x27;établissement signe."),
        (PermissionDenied(), "Votre rôle ne permet pas cette action."),
        (PermissionDenied("<b>gras</b>"), "&lt;b&gt;gras&lt;/b&gt;"),
    ],
)
def test_acces_refuse_dit_pourquoi(demande, exception, phrase):
    reponse = defaults.permission_denied(demande, exception)
    assert reponse.status_code == 403
    assert f'<p class="chapo">{phrase}</p>' in reponse.content.decode()
    assert defauts(reponse.content.decode()) == []


def test_erreurs_sans_base_de_donnees(demande):
    """No database mark: any query would fail the test."""
    for vue, code, titre in [
        (defaults.server_error, 500, "Quelque chose n'a pas marché chez nous"),
        (lambda r: defaults.bad_request(r, None), 400, "Cette demande n'a pas pu être comprise"),
        (jeton_refuse, 403, "Le formulaire n'a pas été envoyé"),
    ]:
        reponse = vue(demande)
        html = reponse.content.decode()
        assert (reponse.status_code, h1(html), defauts(html)) == (code, [titre], [])


def test_trop_d_essais_a_sa_page(demande):
    html = render_to_string("429.html", {}, demande)
    assert (h1(html), defauts(html)) == (["Trop d'essais en peu de temps"], [])


@pytest.mark.django_db
def test_un_envoi_trop_gros_est_dit_trop_gros(client_csrf):
    reponse = client_csrf.post("/connexion/", {"login": "a" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE})
    assert reponse.status_code == 413
    assert h1(reponse.content.decode()) == ["Cet envoi est trop volumineux"]


@pytest.mark.django_db
def test_un_formulaire_sans_jeton_est_refuse_en_francais(client_csrf):
    reponse = client_csrf.post("/connexion/", {"login": "a@exemple.invalid", "password": "x"})
    assert reponse.status_code == 403
    assert h1(reponse.content.decode()) == ["Le formulaire n'a pas été envoyé"]
