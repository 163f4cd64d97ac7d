"""A school's team: who sees it, who may put an access to an end, and the last chef who stays."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from strategie.socle.domain import comptes
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Role
from strategie.socle.models import Affectation, Etablissement, Invitation
from strategie.socle.queries import equipe
from tests.personnages import affecter, creer_monde, un_compte

DERNIER = "C'est le seul chef de l'établissement\u00a0: invitez d'abord la personne qui lui succède."


def page(etablissement) -> str:
    return reverse("equipe", args=[etablissement.uai])


def retirer(etablissement, personne) -> str:
    affectation = Affectation.objects.get(utilisateur=personne)
    return reverse("retirer_acces", args=[etablissement.uai, affectation.pk])


def lire(client, adresse: str) -> str:
    return unescape(client.get(adresse).content.decode())


@pytest.mark.parametrize(
    ("qui", "attendu", "formulaire", "retrait"),
    [
        ("chef", 200, True, True),
        ("rectorat", 200, True, True),
        ("animatrice", 200, False, False),  # the school has its chef
        ("referent", 200, False, False),
        ("gestionnaire", 200, False, False),
        ("lectrice", 200, False, False),
        ("collectivite_agent", 403, False, False),
        ("voisin", 404, False, False),
        ("animateur_lointain", 404, False, False),
        ("rectorat_ailleurs", 404, False, False),
        ("sans_affectation", 404, False, False),
        ("technique", 404, False, False),
    ],
)
def test_qui_voit_l_equipe_et_ce_qu_il_peut_y_faire(monde, client, qui, attendu, formulaire, retrait):
    client.force_login(getattr(monde, qui))
    reponse = client.get(page(monde.college))
    html = unescape(reponse.content.decode())
    assert reponse.status_code == attendu
    assert ("Claire Chef" in html) is (attendu == 200)
    assert ('name="email"' in html) is formulaire
    assert ("Retirer l'accès" in html) is retrait


def test_sans_connexion(monde, client):
    reponse = client.get(page(monde.college))
    assert reponse.url == f"/connexion/?next={page(monde.college)}"


def test_la_liste(monde, client):
    client.force_login(monde.lectrice)
    html = " ".join(lire(client, page(monde.college)).split())
    rangs = [html.index(nom) for nom in ("Claire Chef", "Rémi Référent", "Gaëlle Gestion", "Line Lectrice")]
    assert rangs == sorted(rangs)
    for attendu in ("Principale", "Chef d'établissement", "depuis le 1er septembre 2020", "4 accès ouverts"):
        assert attendu in html.replace("\xa0", " ")
    for absent in ("Victor Voisin", "Anne Animatrice", "Rose Rectorat"):
        assert absent not in html


def test_une_affectation_finie_ou_un_compte_ferme_ne_sont_plus_de_l_equipe(monde):
    hier = timezone.localdate() - datetime.timedelta(days=1)
    Affectation.objects.filter(utilisateur=monde.referent).update(fin=hier)
    monde.lectrice.is_active = False
    monde.lectrice.save()
    assert [str(m.affectation.utilisateur) for m in equipe.equipe(monde.college, timezone.localdate())] == [
        "Claire Chef",
        "Gaëlle Gestion",
    ]


def test_l_animatrice_voit_pourquoi_elle_n_invite_pas(monde, client):
    client.force_login(monde.animatrice)
    assert "Cet établissement a déjà un chef" in lire(client, page(monde.college))
    Affectation.objects.filter(utilisateur=monde.chef).delete()
    html = lire(client, page(monde.college))
    assert 'name="email"' in html
    assert "référent numérique" not in html.split("Inviter une personne")[1].lower()


@pytest.mark.parametrize("qui", ["referent", "gestionnaire", "lectrice", "collectivite_agent"])
def test_poster_une_invitation_sans_le_droit(monde, client, qui):
    client.force_login(getattr(monde, qui))
    assert client.post(page(monde.college), {"email": "a@b.invalid", "role": "membre"}).status_code == 403
    assert not Invitation.objects.exists()


def test_les_invitations_en_attente_ne_se_montrent_qu_a_qui_peut_inviter(monde, client):
    maintenant = timezone.now()
    for adresse, passe in (("attendue@exemple.invalid", 0), ("perimee@exemple.invalid", 15)):
        comptes.inviter(
            etablissement=monde.college, email=adresse, role=Role.MEMBRE, auteur=monde.chef,
            maintenant=maintenant - datetime.timedelta(days=passe),
        )  # fmt: skip
    vu = {}
    for qui in ("chef", "rectorat", "animatrice", "referent"):
        client.force_login(getattr(monde, qui))
        html = lire(client, page(monde.college))
        vu[qui] = [nom for nom in ("attendue", "perimee") if f"{nom}@exemple.invalid" in html]
    assert vu == {"chef": ["attendue"], "rectorat": ["attendue"], "animatrice": [], "referent": []}


def test_la_page_coute_pareil_avec_plus_de_monde(monde, client):
    client.force_login(monde.chef)
    client.get(page(monde.college))
    avant = len(client.get(page(monde.college)).requetes)
    for n in range(5):
        affecter(un_compte("Personne", f"Numéro{n}"), Role.MEMBRE, etablissement=monde.college)
        comptes.inviter(
            etablissement=monde.college, email=f"p{n}@exemple.invalid", role=Role.MEMBRE, auteur=monde.chef,
            maintenant=timezone.now(),
        )  # fmt: skip
    assert len(client.get(page(monde.college)).requetes) == avant
    assert avant <= 7


# --- Putting an access to an end ----------------------------------------------------------------------
def test_retirer_un_acces_coupe_tout_de_suite(monde, client):
    client.force_login(monde.chef)
    adresse = retirer(monde.college, monde.referent)
    assert "Rémi Référent" in lire(client, adresse)
    assert Affectation.objects.actives().filter(utilisateur=monde.referent).exists()
    reponse = client.post(adresse)
    assert reponse.url == page(monde.college)
    fin = Affectation.objects.get(utilisateur=monde.referent).fin
    assert fin == timezone.localdate() - datetime.timedelta(days=1)
    assert "L'accès de Rémi Référent (référent numérique) est retiré." in lire(client, reponse.url)
    assert client.post(adresse).status_code == 404
    client.force_login(monde.referent)
    assert client.get(page(monde.college)).status_code == 404


def test_retirer_ce_qui_a_commence_aujourd_hui(monde):
    maintenant = timezone.now()
    personne = affecter(
        un_compte("Née", "Dujour"), Role.MEMBRE, etablissement=monde.college, debut=timezone.localdate()
    )
    affectation = Affectation.objects.select_related("etablissement").get(utilisateur=personne)
    comptes.retirer_acces(affectation=affectation, auteur=monde.chef, maintenant=maintenant)
    assert not Affectation.objects.filter(utilisateur=personne).exists()
    assert not Etablissement.objects.visible_to(personne).exists()
    comptes.retirer_acces(affectation=affectation, auteur=monde.chef, maintenant=maintenant)


def test_le_dernier_chef_reste(monde, client):
    client.force_login(monde.rectorat)
    html = lire(client, page(monde.college))
    assert DERNIER in html
    assert retirer(monde.college, monde.chef) not in html
    reponse = client.post(retirer(monde.college, monde.chef))
    assert DERNIER in lire(client, reponse.url)
    assert Affectation.objects.get(utilisateur=monde.chef).fin is None


def test_deux_chefs_l_un_peut_partir_pas_l_autre(monde, client):
    adjoint = affecter(un_compte("Adam", "Adjoint"), Role.CHEF, etablissement=monde.college)
    client.force_login(monde.chef)
    html = lire(client, retirer(monde.college, monde.chef))
    assert "Retirer votre accès" in html
    assert client.post(retirer(monde.college, monde.chef)).url == reverse("accueil")
    assert not Etablissement.objects.visible_to(monde.chef).exists()
    with pytest.raises(Empeche, match="seul chef"):
        comptes.retirer_acces(
            affectation=Affectation.objects.get(utilisateur=adjoint), auteur=monde.rectorat, maintenant=timezone.now()
        )


def test_un_chef_au_compte_ferme_ne_compte_pas(monde):
    affecter(un_compte("Adam", "Adjoint", is_active=False), Role.CHEF, etablissement=monde.college)
    with pytest.raises(Empeche, match="seul chef"):
        comptes.retirer_acces(
            affectation=Affectation.objects.get(utilisateur=monde.chef),
            auteur=monde.rectorat,
            maintenant=timezone.now(),
        )


@pytest.mark.django_db(transaction=True)
def test_deux_chefs_qui_se_retirent_au_meme_moment_en_laissent_un():
    monde = creer_monde()
    adjoint = affecter(un_compte("Adam", "Adjoint"), Role.CHEF, etablissement=monde.college)
    retraits = [(monde.chef, adjoint), (adjoint, monde.chef)]
    depart = Barrier(2)

    def retirer_l_autre(auteur, autre) -> str:
        try:
            affectation = Affectation.objects.select_related("etablissement").get(utilisateur=autre)
            depart.wait()
            comptes.retirer_acces(affectation=affectation, auteur=auteur, maintenant=timezone.now())
        except Empeche as refus:
            return str(refus)
        finally:
            connection.close()
        return "retiré"

    with ThreadPoolExecutor(2) as fils:
        issues = list(fils.map(lambda paire: retirer_l_autre(*paire), retraits))
    assert sorted(issues) == sorted(["retiré", DERNIER])
    assert equipe.chefs(monde.college, timezone.localdate()).count() == 1


def test_ses_invitations_tombent_avec_l_acces(monde):
    maintenant = timezone.now()
    adjoint = affecter(un_compte("Adam", "Adjoint"), Role.CHEF, etablissement=monde.college)
    for auteur, adresse in ((adjoint, "a@exemple.invalid"), (monde.chef, "b@exemple.invalid")):
        comptes.inviter(
            etablissement=monde.college, email=adresse, role=Role.MEMBRE, auteur=auteur, maintenant=maintenant
        )
    comptes.retirer_acces(
        affectation=Affectation.objects.get(utilisateur=adjoint), auteur=monde.chef, maintenant=maintenant
    )
    assert dict(Invitation.objects.values_list("email", "annulee_le")) == {
        "a@exemple.invalid": maintenant,
        "b@exemple.invalid": None,
    }


@pytest.mark.parametrize(
    ("qui", "attendu"),
    [("referent", 403), ("lectrice", 403), ("animatrice", 403), ("collectivite_agent", 403), ("voisin", 404),
     ("rectorat_ailleurs", 404), ("technique", 404)],
)  # fmt: skip
def test_qui_ne_peut_pas_retirer(monde, client, qui, attendu):
    client.force_login(getattr(monde, qui))
    adresse = retirer(monde.college, monde.gestionnaire)
    assert [client.get(adresse).status_code, client.post(adresse).status_code] == [attendu, attendu]
    assert Affectation.objects.get(utilisateur=monde.gestionnaire).fin is None


def test_retirer_par_l_adresse_d_un_autre_etablissement(monde, client):
    client.force_login(monde.voisin)
    affectation = Affectation.objects.get(utilisateur=monde.gestionnaire)
    reponse = client.post(reverse("retirer_acces", args=[monde.voisin_college.uai, affectation.pk]))
    assert reponse.status_code == 404
    client.force_login(monde.rectorat)  # the animatrice's own affectation is not the school's
    animation = Affectation.objects.get(utilisateur=monde.animatrice)
    assert client.post(reverse("retirer_acces", args=[monde.college.uai, animation.pk])).status_code == 404
    assert not Affectation.objects.exclude(fin=None).exists()


def test_un_role_de_territoire_ne_se_retire_pas_d_un_etablissement(monde):
    with pytest.raises(PermissionDenied):
        comptes.retirer_acces(
            affectation=Affectation.objects.get(utilisateur=monde.animatrice),
            auteur=monde.rectorat,
            maintenant=timezone.now(),
        )


def test_un_nom_plein_de_balises_est_montre_tel_quel(monde, client):
    comptes.renommer(compte=monde.lectrice, prenom="<script>alert(1)</script>", nom="\u202eesrever")
    client.force_login(monde.chef)
    brut = client.get(page(monde.college)).content.decode()
    assert "<script>alert" not in brut
    assert "&lt;script&gt;alert(1)&lt;/script&gt; \u202eesrever</bdi>" in brut
