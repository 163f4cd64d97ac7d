"""What the technical administration sees of surveys: their life, never an answer nor how many there are."""

from html import unescape

import pytest
from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from diagnostic.domain.bulletins import Groupe
from diagnostic.domain.codes import en_paquets
from diagnostic.models import BulletinScelle, Coupon, Enquete, Expression, ReponseDirection, ResultatEnquete
from tests.enquetes import remplir, une_enquete, une_enquete_depouillee


@pytest.fixture
def administration(monde, client):
    client.force_login(monde.technique)
    return client


def lire(client, adresse: str) -> str:
    reponse = client.get(adresse)
    assert reponse.status_code == 200
    return unescape(reponse.content.decode())


@pytest.mark.parametrize("modele", [BulletinScelle, Coupon, Expression, ReponseDirection])
def test_ni_bulletin_ni_coupon_ni_texte_ni_reponse_n_a_de_liste(modele):
    assert modele not in admin.site._registry
    with pytest.raises(NoReverseMatch):
        reverse(f"admin:diagnostic_{modele._meta.model_name}_changelist")


def test_une_enquete_ouverte_se_lit_sans_son_code_ni_son_nombre_de_reponses(administration, monde, maintenant):
    enquete = une_enquete(monde.college, monde.chef, maintenant)
    adresses = [
        reverse("admin:diagnostic_enquete_changelist"),
        reverse("admin:diagnostic_enquete_change", args=[enquete.pk]),
    ]
    vides = [lire(administration, adresse) for adresse in adresses]
    remplir(enquete, {Groupe.ENSEIGNANTS: [1] * 7})
    for adresse, vide in zip(adresses, vides, strict=True):
        page = lire(administration, adresse)
        assert "Collège du Test" in page
        assert sans_jeton(page) == sans_jeton(vide), "what has been answered moves nothing"
        for secret in (enquete.code, en_paquets(enquete.code), bytes(enquete.sel).hex(), str(enquete.cle)):
            assert secret not in page


def test_ce_qui_est_compte_se_voit_sans_les_chiffres(administration, monde, maintenant):
    enquete = une_enquete_depouillee(monde.college, monde.chef, maintenant)
    resultat = ResultatEnquete.objects.get(enquete=enquete)
    page = lire(administration, reverse("admin:diagnostic_resultatenquete_change", args=[resultat.pk]))
    assert resultat.sha256 in page
    assert "effectifs" not in page
    assert resultat.sha256 in lire(administration, reverse("admin:diagnostic_resultatenquete_changelist"))


@pytest.mark.parametrize("modele", [Enquete, ResultatEnquete])
def test_rien_ne_s_y_ecrit(administration, monde, maintenant, modele):
    objet = une_enquete_depouillee(monde.college, monde.chef, maintenant)
    nom = f"admin:diagnostic_{modele._meta.model_name}"
    assert administration.get(reverse(f"{nom}_add")).status_code == 403
    assert administration.post(reverse(f"{nom}_change", args=[objet.pk]), {"seuil": "3"}).status_code == 403
    assert administration.post(reverse(f"{nom}_delete", args=[objet.pk]), {"post": "yes"}).status_code == 403
    assert Enquete.objects.get().seuil == 5


def sans_jeton(page: str) -> str:
    """Without the token that differs from page to page."""
    return "".join(ligne for ligne in page.splitlines() if "csrfmiddlewaretoken" not in ligne)
