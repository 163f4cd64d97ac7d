"""Invitations by link: who may give what, what the link is worth, and what it never tells."""

import datetime
import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from threading import Barrier

import pytest
from django.contrib.auth import get_user
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from strategie.socle.domain import comptes
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Role
from strategie.socle.models import Affectation, Invitation, Utilisateur
from strategie.socle.rules import LIEN_INVALIDE
from tests.personnages import Monde, affecter, creer_monde

ADRESSE = "nadia.nouvelle@exemple.invalid"
SECRET = "quatre petits paliers verts"
NOUVELLE = {"prenom": "Nadia", "nom": "Nouvelle", "mot_de_passe": SECRET}
INVALIDE = "<h1>Ce lien d'invitation n'est pas ou n'est plus valable</h1>"


@pytest.fixture
def maintenant() -> datetime.datetime:
    return timezone.now()


def inviter(monde: Monde, maintenant, **champs):
    valeurs = {"etablissement": monde.college, "email": ADRESSE, "role": Role.REFERENT, "auteur": monde.chef}
    return comptes.inviter(maintenant=maintenant, **(valeurs | champs))


def page_equipe(monde: Monde) -> str:
    return reverse("equipe", args=[monde.college.uai])


def lien_montre(reponse) -> str:
    return re.search(r'value="http://testserver(/invitation/[^"]+)"', reponse.content.decode())[1]


def roles_de(email: str) -> list[tuple]:
    return list(
        Affectation.objects.actives().filter(utilisateur__email=email).values_list("role", "etablissement__uai")
    )


# --- Inviting -----------------------------------------------------------------------------------------
def test_de_l_invitation_au_premier_acces(monde, client, maintenant):
    client.force_login(monde.chef)
    envoi = client.post(page_equipe(monde), {"email": " Nadia.Nouvelle@Exemple.invalid ", "role": "referent"})
    assert envoi.status_code == 200
    lien = lien_montre(envoi)
    jeton = lien.split("/")[2]
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role, invitation.invite_par) == (ADRESSE, "referent", monde.chef)
    assert invitation.empreinte == hashlib.sha256(jeton.encode()).hexdigest()
    assert len(jeton) == 43  # 256 bits in base 64
    assert invitation.expire_le - invitation.cree_le == datetime.timedelta(days=14)

    client.logout()
    page = client.get(lien)
    assert page.status_code == 200
    for attendu in ("Claire Chef", "Collège du Test", "0980001U", "référent numérique", ADRESSE):
        assert attendu in unescape(page.content.decode())
    suite = client.post(lien, NOUVELLE)
    assert (suite.status_code, suite.url) == (302, reverse("accueil"))
    compte = Utilisateur.objects.get(email=ADRESSE)
    assert get_user(client) == compte
    assert (str(compte), compte.is_active, compte.check_password(SECRET)) == ("Nadia Nouvelle", True, True)
    assert roles_de(ADRESSE) == [("referent", monde.college.uai)]
    invitation.refresh_from_db()
    assert invitation.acceptee_le is not None


def test_le_courriel(monde, client):
    client.force_login(monde.chef)
    lien = lien_montre(
        client.post(page_equipe(monde), {"email": ADRESSE, "role": "membre", "fonction": "CPE <b>d'internat</b>"})
    )
    (courriel,) = mail.outbox
    assert courriel.to == [ADRESSE]
    assert courriel.subject == "Claire Chef vous invite dans Paliers : Collège du Test"
    assert f"\n\nhttp://testserver{lien}\n\n" in courriel.body
    assert "comme membre de la commission numérique (CPE <b>d'internat</b>)." in courriel.body
    assert "&" not in courriel.body
    html, sorte = courriel.alternatives[0]
    assert sorte == "text/html"
    assert f'href="http://testserver{lien}"' in html
    assert "<b>" not in html


def test_le_secret_n_est_nulle_part_dans_la_base(monde, client):
    client.force_login(monde.chef)
    jeton = lien_montre(client.post(page_equipe(monde), {"email": ADRESSE, "role": "membre"})).split("/")[2]
    with connection.cursor() as curseur:
        curseur.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        tables = [ligne[0] for ligne in curseur.fetchall()]
        trouve = []
        for table in tables:
            curseur.execute(f'SELECT count(*) FROM "{table}" AS t WHERE t::text LIKE %s', [f"%{jeton}%"])  # noqa: S608
            trouve += [table] if curseur.fetchone()[0] else []
    assert "socle_invitation" in tables
    assert trouve == []


class MessageriePerdue(EmailBackend):
    def send_messages(self, messages):
        raise ConnectionRefusedError("no server")


def test_sans_messagerie_le_lien_reste_a_transmettre(monde, client, settings, caplog):
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.MessageriePerdue"}}
    client.force_login(monde.chef)
    reponse = client.post(page_equipe(monde), {"email": ADRESSE, "role": "membre"})
    assert "le courriel n'est pas parti" in unescape(reponse.content.decode())
    jeton = lien_montre(reponse).split("/")[2]
    assert "was not sent" in caplog.text
    assert jeton not in caplog.text
    client.logout()
    assert client.post(f"/invitation/{jeton}/", NOUVELLE).status_code == 302
    assert roles_de(ADRESSE) == [("membre", monde.college.uai)]


def test_la_meme_reponse_que_l_adresse_ait_un_compte_ou_non(monde, client):
    client.force_login(monde.chef)
    pages = [
        client.post(page_equipe(monde), {"email": adresse, "role": "membre"})
        for adresse in (ADRESSE, monde.voisin.email)
    ]
    neutres = [
        re.sub(r"/invitation/[^/]+/|csrf\w+\" value=\"\w+|\d+ h \d+", "", page.content.decode()).replace(
            adresse, "ADRESSE"
        )
        for page, adresse in zip(pages, (ADRESSE, monde.voisin.email), strict=True)
    ]
    assert neutres[0] == neutres[1]
    assert [page.status_code for page in pages] == [200, 200]


def test_reinviter_remplace(monde, maintenant):
    premiere, ancien = inviter(monde, maintenant)
    _, neuf = inviter(monde, maintenant, email=ADRESSE.upper())
    premiere.refresh_from_db()
    assert premiere.annulee_le == maintenant
    with pytest.raises(Empeche, match="plus valable"):
        comptes.creer_compte_invite(jeton=ancien, prenom="N", nom="N", mot_de_passe=SECRET, maintenant=maintenant)
    comptes.creer_compte_invite(jeton=neuf, prenom="N", nom="N", mot_de_passe=SECRET, maintenant=maintenant)
    assert roles_de(ADRESSE) == [("referent", monde.college.uai)]


@pytest.mark.parametrize(
    ("qui", "role", "refus"),
    [
        ("chef", Role.CHEF, None),
        ("chef", Role.GESTIONNAIRE, None),
        ("rectorat", Role.CHEF, None),
        ("rectorat", Role.MEMBRE, None),
        ("animatrice", Role.CHEF, Empeche),  # there is one already
        ("animatrice", Role.REFERENT, PermissionDenied),
        ("chef", Role.RECTORAT, PermissionDenied),
        ("rectorat", Role.RECTORAT, PermissionDenied),
        ("rectorat", Role.ANIMATEUR, PermissionDenied),
        ("chef", "technique", PermissionDenied),
        ("referent", Role.MEMBRE, PermissionDenied),
        ("gestionnaire", Role.MEMBRE, PermissionDenied),
        ("collectivite_agent", Role.MEMBRE, PermissionDenied),
        ("voisin", Role.MEMBRE, PermissionDenied),
        ("animateur_lointain", Role.CHEF, PermissionDenied),
        ("rectorat_ailleurs", Role.MEMBRE, PermissionDenied),
        ("technique", Role.MEMBRE, PermissionDenied),
    ],
)
def test_qui_peut_inviter_a_quel_role(monde, maintenant, qui, role, refus):
    if refus is None:
        invitation, _ = inviter(monde, maintenant, auteur=getattr(monde, qui), role=role)
        assert (invitation.role, invitation.etablissement) == (role, monde.college)
        return
    with pytest.raises(refus):
        inviter(monde, maintenant, auteur=getattr(monde, qui), role=role)
    assert not Invitation.objects.exists()


def test_l_animatrice_invite_le_premier_chef_seulement(monde, maintenant):
    Affectation.objects.filter(utilisateur=monde.chef).update(fin=datetime.date(2021, 8, 31))
    _, un = inviter(monde, maintenant, auteur=monde.animatrice, role=Role.CHEF)
    _, autre = inviter(monde, maintenant, auteur=monde.animatrice, role=Role.CHEF, email="autre@exemple.invalid")
    comptes.creer_compte_invite(jeton=un, prenom="N", nom="N", mot_de_passe=SECRET, maintenant=maintenant)
    with pytest.raises(Empeche, match="déjà un chef"):
        comptes.creer_compte_invite(jeton=autre, prenom="A", nom="A", mot_de_passe=SECRET, maintenant=maintenant)
    assert roles_de(ADRESSE) == [("chef", monde.college.uai)]
    assert not Utilisateur.objects.filter(email="autre@exemple.invalid").exists()


def test_inviter_qui_a_deja_ce_role(monde, client):
    client.force_login(monde.chef)
    reponse = client.post(page_equipe(monde), {"email": monde.lectrice.email.upper(), "role": "membre"})
    assert "Cette personne a déjà ce rôle dans l'établissement." in unescape(reponse.content.decode())
    assert not Invitation.objects.exists()
    assert mail.outbox == []


def test_un_autre_role_s_ajoute(monde, maintenant):
    _, jeton = inviter(monde, maintenant, email=monde.referent.email, role=Role.MEMBRE)
    comptes.accepter_invitation(jeton=jeton, compte=monde.referent, maintenant=maintenant)
    assert sorted(roles_de(monde.referent.email)) == [("membre", monde.college.uai), ("referent", monde.college.uai)]


@pytest.mark.parametrize(
    ("champs", "erreur"),
    [
        ({"role": "rectorat"}, "rectorat"),
        ({"role": ""}, "obligatoire"),
        ({"role": "membre", "email": "pas une adresse"}, "adresse"),
        ({"role": "membre", "fonction": "f" * 61}, "60"),
    ],
)
def test_une_invitation_mal_remplie(monde, client, champs, erreur):
    client.force_login(monde.chef)
    reponse = client.post(page_equipe(monde), {"email": ADRESSE} | champs)
    assert reponse.status_code == 422
    assert erreur in unescape(reponse.content.decode()).split('id="erreurs"')[1].split("</ul>")[0]
    assert not Invitation.objects.exists()


def test_des_champs_en_trop_ne_changent_rien(monde, client):
    client.force_login(monde.chef)
    en_trop = {"etablissement": monde.voisin_college.pk, "invite_par": monde.voisin.pk, "expire_le": "2099-01-01"}
    lien = lien_montre(client.post(page_equipe(monde), {"email": ADRESSE, "role": "membre"} | en_trop))
    invitation = Invitation.objects.get()
    assert (invitation.etablissement, invitation.invite_par) == (monde.college, monde.chef)
    assert invitation.expire_le.year < 2099
    client.logout()
    client.post(lien, NOUVELLE | {"is_staff": "on", "is_superuser": "on", "email": "a@b.invalid", "role": "chef"})
    compte = Utilisateur.objects.get(email=ADRESSE)
    assert (compte.is_staff, compte.is_superuser) == (False, False)
    assert roles_de(ADRESSE) == [("membre", monde.college.uai)]


# --- The link -----------------------------------------------------------------------------------------
def rendre_invalide(monde, etat: str, maintenant) -> str:
    invitation, jeton = inviter(monde, maintenant)
    if etat == "inconnu":
        return "A" * 43
    if etat == "expire":
        Invitation.objects.update(expire_le=maintenant - datetime.timedelta(seconds=1))
    if etat == "annule":
        comptes.annuler_invitation(invitation=invitation, auteur=monde.chef, maintenant=maintenant)
    if etat == "servi":
        comptes.creer_compte_invite(jeton=jeton, prenom="N", nom="N", mot_de_passe=SECRET, maintenant=maintenant)
    return invitation.empreinte if etat == "empreinte" else jeton


ETATS = ("inconnu", "expire", "annule", "servi", "empreinte")


@pytest.mark.parametrize("etat", ETATS)
def test_un_lien_qui_ne_vaut_rien(monde, client, maintenant, etat):
    jeton = rendre_invalide(monde, etat, maintenant)
    comptes_avant = Utilisateur.objects.count()
    reponses = [
        client.get(f"/invitation/{jeton}/"),
        client.post(f"/invitation/{jeton}/", NOUVELLE | {"mot_de_passe": "un tout autre secret"}),
    ]
    assert [reponse.status_code for reponse in reponses] == [404, 404]
    assert all(INVALIDE in reponse.content.decode() for reponse in reponses)
    assert ADRESSE not in reponses[0].content.decode()
    assert (Utilisateur.objects.count(), get_user(client).is_authenticated) == (comptes_avant, False)
    client.force_login(monde.sans_affectation)
    assert client.get(f"/invitation/{jeton}/").status_code == 404


def test_les_liens_sans_valeur_donnent_la_meme_page(monde, client, maintenant):
    pages = set()
    for etat in ETATS[:4]:
        Invitation.objects.all().delete()
        Utilisateur.objects.filter(email=ADRESSE).delete()
        jeton = rendre_invalide(monde, etat, maintenant)
        html = client.get(f"/invitation/{jeton}/").content.decode().replace(jeton, "JETON")
        pages.add(re.sub(r'csrfmiddlewaretoken" value="\w+"', "", html))
    assert len(pages) == 1


def test_la_page_du_lien_ne_fuit_pas(monde, client, maintenant):
    _, jeton = inviter(monde, maintenant)
    reponse = client.get(f"/invitation/{jeton}/")
    assert reponse.headers["Referrer-Policy"] == "same-origin"
    assert reponse.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in reponse.headers["Cache-Control"]
    assert len(reponse.requetes) <= 4


def test_un_double_clic_ne_cree_qu_un_acces(monde, client, maintenant):
    _, jeton = inviter(monde, maintenant)
    onglet = type(client)()
    assert client.post(f"/invitation/{jeton}/", NOUVELLE).status_code == 302
    assert onglet.post(f"/invitation/{jeton}/", NOUVELLE).url == f"/invitation/{jeton}/"
    assert onglet.get(f"/invitation/{jeton}/").url == reverse("accueil")
    assert get_user(onglet).email == ADRESSE
    assert Utilisateur.objects.filter(email=ADRESSE).count() == 1
    assert roles_de(ADRESSE) == [("referent", monde.college.uai)]


@pytest.mark.django_db(transaction=True)
def test_le_meme_lien_ouvert_deux_fois_au_meme_moment(maintenant):
    _, jeton = inviter(creer_monde(), maintenant)
    depart = Barrier(2)

    def creer(prenom: str) -> str:
        try:
            depart.wait()
            compte, _ = comptes.creer_compte_invite(
                jeton=jeton, prenom=prenom, nom="Nouvelle", mot_de_passe=SECRET, maintenant=maintenant
            )
        except Empeche as refus:
            return str(refus)
        finally:
            connection.close()
        return compte.first_name

    with ThreadPoolExecutor(2) as fils:
        issues = set(fils.map(creer, ("Nadia", "Nadine")))
    personne = Utilisateur.objects.get(email=ADRESSE)
    assert issues == {personne.first_name, LIEN_INVALIDE}
    assert Affectation.objects.filter(utilisateur=personne).count() == 1


def test_deux_ecoles_invitent_la_meme_adresse_au_meme_moment(monde, maintenant, monkeypatch):
    """The other school's link makes the account after this one has read that there is none."""
    _, jeton = inviter(monde, maintenant)

    def aucun_puis_un(email: str) -> None:
        Utilisateur.objects.create_user(email, SECRET)

    monkeypatch.setattr(comptes.equipe, "compte_de", aucun_puis_un)
    with pytest.raises(Empeche, match=LIEN_INVALIDE):
        comptes.creer_compte_invite(jeton=jeton, prenom="N", nom="N", mot_de_passe=SECRET, maintenant=maintenant)
    assert Invitation.objects.get().acceptee_le is None


def test_accepter_deux_fois_avec_un_compte(monde, client, maintenant):
    _, jeton = inviter(monde, maintenant, email=monde.sans_affectation.email)
    client.force_login(monde.sans_affectation)
    assert "Rejoindre l'établissement" in unescape(client.get(f"/invitation/{jeton}/").content.decode())
    for _ in range(2):
        reponse = client.post(f"/invitation/{jeton}/")
        assert (reponse.status_code, reponse.url) == (302, reverse("accueil"))
    comptes.accepter_invitation(jeton=jeton, compte=monde.sans_affectation, maintenant=maintenant)
    assert roles_de(monde.sans_affectation.email) == [("referent", monde.college.uai)]


def test_qui_a_un_compte_se_connecte_puis_revient(monde, client, maintenant):
    monde.voisin.set_password(SECRET)
    monde.voisin.save()
    _, jeton = inviter(monde, maintenant, email=monde.voisin.email)
    page = client.get(f"/invitation/{jeton}/").content.decode()
    assert "Vous avez déjà un compte" in page
    assert 'name="mot_de_passe"' not in page
    assert f"/connexion/?next=/invitation/{jeton}/" in page
    connexion = client.post(f"/connexion/?next=/invitation/{jeton}/", {"login": monde.voisin.email, "password": SECRET})
    assert (connexion.status_code, connexion.url) == (302, f"/invitation/{jeton}/")
    client.post(connexion.url)
    assert sorted(roles_de(monde.voisin.email)) == [
        ("chef", monde.voisin_college.uai),
        ("referent", monde.college.uai),
    ]


def test_poster_le_formulaire_d_une_nouvelle_personne_n_ecrase_pas_un_compte(monde, client, maintenant):
    monde.sans_affectation.set_password(SECRET)
    monde.sans_affectation.save()
    _, jeton = inviter(monde, maintenant, email=monde.sans_affectation.email)
    reponse = client.post(f"/invitation/{jeton}/", NOUVELLE | {"mot_de_passe": "le secret d'un intrus"})
    assert "Vous avez déjà un compte" in reponse.content.decode()
    monde.sans_affectation.refresh_from_db()
    assert monde.sans_affectation.check_password(SECRET)
    assert not get_user(client).is_authenticated
    assert roles_de(monde.sans_affectation.email) == []


def test_une_autre_personne_ne_peut_pas_se_servir_du_lien(monde, client, maintenant):
    _, jeton = inviter(monde, maintenant)
    client.force_login(monde.voisin)
    for reponse in (client.get(f"/invitation/{jeton}/"), client.post(f"/invitation/{jeton}/", NOUVELLE)):
        assert "Cette invitation est pour une autre adresse" in reponse.content.decode()
    with pytest.raises(Empeche, match="plus valable"):
        comptes.accepter_invitation(jeton=jeton, compte=monde.voisin, maintenant=maintenant)
    assert roles_de(monde.voisin.email) == [("chef", monde.voisin_college.uai)]
    assert not Utilisateur.objects.filter(email=ADRESSE).exists()


@pytest.mark.parametrize("comment", ["affectation finie", "compte désactivé", "passé référent"])
def test_un_lien_ne_donne_que_ce_que_son_auteur_peut_encore_donner(monde, client, maintenant, comment):
    _, jeton = inviter(monde, maintenant)
    if comment == "affectation finie":
        Affectation.objects.filter(utilisateur=monde.chef).update(fin=datetime.date(2021, 8, 31))
    elif comment == "compte désactivé":
        Utilisateur.objects.filter(pk=monde.chef.pk).update(is_active=False)
    else:
        Affectation.objects.filter(utilisateur=monde.chef).update(role=Role.REFERENT)
    reponse = client.post(f"/invitation/{jeton}/", NOUVELLE)
    assert "plus valable" in reponse.content.decode()
    assert not Utilisateur.objects.filter(email=ADRESSE).exists()


@pytest.mark.parametrize(
    ("mot_de_passe", "refus"),
    [
        ("court", "trop court"),
        ("123456789012345", "entièrement numérique"),
        ("nadia.nouvelle", "trop semblable"),
        ("", "obligatoire"),
    ],
)
def test_un_mot_de_passe_faible_est_refuse_en_francais(monde, client, maintenant, mot_de_passe, refus):
    _, jeton = inviter(monde, maintenant)
    reponse = client.post(f"/invitation/{jeton}/", NOUVELLE | {"mot_de_passe": mot_de_passe})
    assert reponse.status_code == 422
    page = unescape(reponse.content.decode())
    assert refus in page
    assert 'value="Nadia"' in page
    assert not Utilisateur.objects.filter(email=ADRESSE).exists()


def test_la_session_change_en_acceptant(monde, client, maintenant):
    _, jeton = inviter(monde, maintenant)
    session = client.session
    session["posee_avant"] = True
    session.save()
    avant = session.session_key
    client.post(f"/invitation/{jeton}/", NOUVELLE)
    assert client.session.session_key != avant


def test_sans_jeton_de_formulaire_rien_ne_se_passe(monde, client_csrf, maintenant):
    _, jeton = inviter(monde, maintenant)
    assert client_csrf.post(f"/invitation/{jeton}/", NOUVELLE).status_code == 403
    assert not Utilisateur.objects.filter(email=ADRESSE).exists()


# --- Cancelling ---------------------------------------------------------------------------------------
def annuler(client, etablissement, invitation):
    return client.post(reverse("annuler_invitation", args=[etablissement.uai, invitation.pk]))


def test_annuler(monde, client, maintenant):
    invitation, jeton = inviter(monde, maintenant)
    client.force_login(monde.chef)
    assert annuler(client, monde.college, invitation).url == page_equipe(monde)
    invitation.refresh_from_db()
    premiere_fois = invitation.annulee_le
    annuler(client, monde.college, invitation)
    invitation.refresh_from_db()
    assert invitation.annulee_le == premiere_fois
    client.logout()
    assert client.get(f"/invitation/{jeton}/").status_code == 404


def test_annuler_une_invitation_deja_acceptee(monde, client, maintenant):
    invitation, jeton = inviter(monde, maintenant)
    comptes.creer_compte_invite(jeton=jeton, prenom="N", nom="N", mot_de_passe=SECRET, maintenant=maintenant)
    client.force_login(monde.chef)
    page = client.get(annuler(client, monde.college, invitation).url)
    assert "déjà été acceptée" in page.content.decode()
    invitation.refresh_from_db()
    assert invitation.annulee_le is None


@pytest.mark.parametrize(
    ("qui", "attendu"),
    [("referent", 403), ("lectrice", 403), ("collectivite_agent", 403), ("voisin", 404), ("rectorat_ailleurs", 404),
     ("animatrice", 404), ("technique", 404)],
)  # fmt: skip
def test_qui_ne_peut_pas_annuler(monde, client, maintenant, qui, attendu):
    invitation, _ = inviter(monde, maintenant)
    client.force_login(getattr(monde, qui))
    assert annuler(client, monde.college, invitation).status_code == attendu
    invitation.refresh_from_db()
    assert invitation.annulee_le is None


def test_annuler_par_l_adresse_d_un_autre_etablissement(monde, client, maintenant):
    invitation, _ = inviter(monde, maintenant)
    client.force_login(monde.voisin)
    assert annuler(client, monde.voisin_college, invitation).status_code == 404
    invitation.refresh_from_db()
    assert invitation.annulee_le is None


def test_l_histoire_dit_qui_a_accepte(monde, maintenant):
    _, jeton = inviter(monde, maintenant)
    compte, _ = comptes.creer_compte_invite(
        jeton=jeton, prenom="N", nom="N", mot_de_passe=SECRET, maintenant=maintenant
    )
    evenement = Affectation.objects.get(utilisateur=compte).evenements.get()
    assert evenement.pgh_context["acte"] == "accepter_invitation"
    assert evenement.pgh_context["auteur"] == compte.pk


def test_la_personne_affectee_ailleurs_garde_son_role(monde, maintenant):
    affecter(monde.sans_affectation, Role.MEMBRE, etablissement=monde.voisin_college)
    _, jeton = inviter(monde, maintenant, email=monde.sans_affectation.email)
    comptes.accepter_invitation(jeton=jeton, compte=monde.sans_affectation, maintenant=maintenant)
    assert sorted(roles_de(monde.sans_affectation.email)) == [
        ("membre", monde.voisin_college.uai),
        ("referent", monde.college.uai),
    ]
