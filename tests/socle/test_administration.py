"""Django's admin: for the technical administrator only, in French, and wide enough for the nation."""

import re
from html import unescape

import pytest
from django.contrib import admin
from django.contrib.auth import get_user
from django.core import mail
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from strategie.socle.models import Affectation, District, Etablissement, Utilisateur
from tests.personnages import Monde, un_etablissement

RACINE = "/administration/"
LISTES = sorted(
    reverse(f"admin:{modele._meta.app_label}_{modele._meta.model_name}_changelist")
    for modele in admin.site._registry
    if modele.__module__.split(".")[0] in ("strategie", "diagnostic")
)
SANS_EFFECTIF = ("chef", "referent", "animatrice", "rectorat", "sans_affectation")


def formulaire_compte(**champs: object) -> dict:
    """The account page as the browser sends it, with one affectation to add."""
    return {
        "email": "rita.rectorat@exemple.invalid",
        "first_name": "Rita",
        "last_name": "Rectorat",
        "is_active": "on",
        "affectations-TOTAL_FORMS": "1",
        "affectations-INITIAL_FORMS": "0",
        "affectations-0-debut": "2026-09-01",
        "affectations-0-role": "rectorat",
    } | champs


@pytest.fixture
def administration(monde, client):
    client.force_login(monde.technique)
    return client


def test_les_tables_prevues_y_sont_et_elles_seules():
    assert sorted(modele.__name__ for modele in admin.site._registry) == sorted(
        [
            "Academie", "Affectation", "Campagne", "Champ", "Collectivite", "CopieSignee", "Departement", "Diagnostic",
            "District", "Enquete", "Etablissement", "Indicateur", "Invitation", "Palier", "Referentiel", "Reponse",
            "ResultatEnquete", "Utilisateur",
        ]
    )  # fmt: skip


@pytest.mark.parametrize("adresse", [RACINE, *LISTES])
def test_chaque_page_pour_l_administration_technique(administration, adresse):
    reponse = administration.get(adresse)
    assert reponse.status_code == 200
    html = unescape(reponse.content.decode())
    assert "Administration technique de Paliers" in html
    assert not re.search(r"\b(Add|Delete|Change|Search|Filter|Home)\b", re.sub(r"<[^>]+>", " ", html))
    recherche = administration.get(adresse, {"q": "é'%\\ x"})
    assert recherche.status_code in (200, 302)  # a list without search drops the question


@pytest.mark.parametrize("qui", SANS_EFFECTIF)
@pytest.mark.parametrize("adresse", [RACINE, LISTES[0], f"{RACINE}autocomplete/"])
def test_personne_d_autre_n_entre(monde, client, qui, adresse):
    client.force_login(getattr(monde, qui))
    reponse = client.get(adresse)
    assert reponse.status_code == 302
    assert client.get(reponse.url).status_code == 403


def test_etre_du_personnel_ne_suffit_pas(monde, client):
    monde.chef.is_staff = True
    monde.chef.save()
    client.force_login(monde.chef)
    assert client.get(client.get(LISTES[0]).url).status_code == 403


def test_sans_connexion_on_passe_par_la_page_de_connexion(monde, client):
    monde.technique.email = "theo@exemple.invalid"  # without an accent, which the sign-in page refuses
    monde.technique.set_password("quatre petits paliers verts")
    monde.technique.save()
    assert client.get(RACINE).url == f"/administration/login/?next={RACINE}"
    assert client.get(f"/administration/login/?next={RACINE}").url == f"/connexion/?next={RACINE}"
    porte = client.get(LISTES[0])
    assert porte.url == f"/connexion/?next={LISTES[0]}"
    essai = client.post("/administration/login/", {"username": monde.technique.email, "password": "quatre"})
    assert essai.status_code == 302
    assert not get_user(client).is_authenticated
    suite = client.post(porte.url, {"login": monde.technique.email, "password": "quatre petits paliers verts"})
    assert (suite.status_code, suite.url) == (302, LISTES[0])


def test_la_porte_ne_renvoie_que_vers_l_administration(db, client):
    reponse = client.get("/administration/login/", {"next": "https://ailleurs.invalid/"})
    assert reponse.url == "/connexion/?next=/administration/login/"


def test_l_administration_technique_ne_voit_aucun_etablissement(monde, administration):
    assert not Etablissement.objects.visible_to(monde.technique).exists()
    assert administration.get(reverse("equipe", args=[monde.college.uai])).status_code == 404


# --- Accounts -----------------------------------------------------------------------------------------
def test_creer_le_premier_compte_du_rectorat(monde: Monde, administration):
    reponse = administration.post(
        reverse("admin:socle_utilisateur_add"),
        formulaire_compte(**{"email": " Rita.Rectorat@Exemple.invalid", "affectations-0-academie": monde.academie.pk}),
    )
    assert reponse.status_code == 302
    compte = Utilisateur.objects.get(email="rita.rectorat@exemple.invalid")
    assert (compte.has_usable_password(), compte.is_active, compte.is_superuser) == (False, True, False)
    affectation = Affectation.objects.get(utilisateur=compte)
    assert (affectation.role, affectation.territoire) == ("rectorat", monde.academie)
    contexte = affectation.evenements.get().pgh_context
    assert (contexte["acte"], contexte["auteur"]) == ("administrer", monde.technique.pk)


def test_le_mot_de_passe_ne_se_tape_pas_ici(monde, administration):
    adresse = reverse("admin:socle_utilisateur_change", args=[monde.chef.pk])
    html = administration.get(adresse).content.decode()
    assert 'type="password"' not in html
    assert monde.chef.password not in html or not monde.chef.password
    inline = {"affectations-TOTAL_FORMS": "0", "affectations-INITIAL_FORMS": "0"}
    avant = monde.chef.password
    administration.post(adresse, formulaire_compte(email=monde.chef.email, password="intrus", **inline))
    monde.chef.refresh_from_db()
    assert (monde.chef.password, monde.chef.first_name) == (avant, "Rita")


def test_un_role_sur_le_mauvais_territoire_est_refuse_en_francais(monde, administration):
    reponse = administration.post(
        reverse("admin:socle_utilisateur_add"),
        formulaire_compte(**{"affectations-0-etablissement": monde.college.pk}),
    )
    assert "Ce rôle demande un territoire, et un seul, de son niveau." in unescape(reponse.content.decode())
    assert not Utilisateur.objects.filter(first_name="Rita").exists()


def test_une_adresse_deja_prise_est_refusee(monde, administration):
    reponse = administration.post(
        reverse("admin:socle_utilisateur_add"),
        formulaire_compte(**{"email": monde.chef.email.upper(), "affectations-0-academie": monde.academie.pk}),
    )
    assert reponse.status_code == 200
    assert Utilisateur.objects.filter(email__iexact=monde.chef.email).count() == 1


def test_envoyer_un_lien_de_mot_de_passe(monde, administration, django_capture_on_commit_callbacks):
    Utilisateur.objects.filter(pk=monde.voisin.pk).update(is_active=False)
    choisis = [monde.chef.pk, monde.voisin.pk]
    with django_capture_on_commit_callbacks(execute=True):
        administration.post(
            reverse("admin:socle_utilisateur_changelist"), {"action": "envoyer_lien", "_selected_action": choisis}
        )
    (tache,) = DBTaskResult.objects.all()
    tache.task.call(*tache.args_kwargs["args"])
    assert [courriel.to for courriel in mail.outbox] == [[monde.chef.email]]


def test_on_ne_se_ferme_pas_la_porte_et_on_n_efface_personne(monde, administration):
    adresse = reverse("admin:socle_utilisateur_change", args=[monde.technique.pk])
    inline = {"affectations-TOTAL_FORMS": "0", "affectations-INITIAL_FORMS": "0"}
    sans_cases = formulaire_compte(email=monde.technique.email, **inline)
    del sans_cases["is_active"]
    administration.post(adresse, sans_cases)
    monde.technique.refresh_from_db()
    assert (monde.technique.is_active, monde.technique.is_superuser) == (True, True)
    assert administration.post(reverse("admin:socle_utilisateur_delete", args=[monde.chef.pk])).status_code == 403
    assert Utilisateur.objects.filter(pk=monde.chef.pk).exists()


# --- Territory ----------------------------------------------------------------------------------------
def test_l_identite_d_un_etablissement_vient_du_registre(monde, administration):
    adresse = reverse("admin:socle_etablissement_change", args=[monde.college.pk])
    administration.post(
        adresse,
        {"nom": "Autre nom", "uai": "0980009C", "district": monde.autre_district.pk, "collectivite": ""},
    )
    monde.college.refresh_from_db()
    assert (monde.college.nom, monde.college.uai) == ("Collège du Test", "0980001U")
    assert (monde.college.district, monde.college.collectivite) == (monde.autre_district, None)
    assert administration.get(reverse("admin:socle_etablissement_add")).status_code == 403
    assert administration.post(reverse("admin:socle_etablissement_delete", args=[monde.college.pk])).status_code == 403


def test_un_district_d_une_autre_academie_est_refuse(monde, administration):
    ailleurs = District.objects.create(academie=monde.autre_academie, nom="District d'ailleurs")
    adresse = reverse("admin:socle_etablissement_change", args=[monde.college.pk])
    reponse = administration.post(adresse, {"district": ailleurs.pk, "collectivite": ""})
    assert "Ce district est d'une autre académie" in unescape(reponse.content.decode())
    monde.college.refresh_from_db()
    assert monde.college.district == monde.district


@pytest.mark.parametrize(
    ("recherche", "attendu"),
    [
        ("college TEST", ["0980001U"]),
        ("COLLÈGE", ["0980001U", "0980002V", "0980003W"]),
        ("098000", ["0980001U", "0980002V", "0980003W"]),
        ("0970001z", ["0970001Z"]),
        ("% _", []),
    ],
)
def test_chercher_un_etablissement(monde, administration, recherche, attendu):
    html = administration.get(reverse("admin:socle_etablissement_changelist"), {"q": recherche}).content.decode()
    assert re.findall(r'field-uai"><a[^>]*>(\w+)</a>', html) == attendu


def test_les_pages_ne_portent_pas_la_liste_des_etablissements(monde, administration):
    for n in range(40):
        un_etablissement(f"098{n:04d}A", f"École de masse {n}", monde.college.departement)
    avec_choix = [
        reverse("admin:socle_utilisateur_change", args=[monde.chef.pk]),
        reverse("admin:socle_affectation_add"),
        reverse("admin:socle_etablissement_change", args=[monde.college.pk]),
    ]
    for adresse in avec_choix:
        reponse = administration.get(adresse)
        assert "École de masse" not in reponse.content.decode()
        assert len(reponse.requetes) <= 20


def test_une_liste_coute_pareil_avec_plus_de_lignes(monde, administration):
    adresse = reverse("admin:socle_affectation_changelist")
    administration.get(adresse)
    avant = len(administration.get(adresse).requetes)
    for _ in range(5):
        Affectation.objects.create(utilisateur=monde.lectrice, role="membre", etablissement=monde.voisin_college)
    assert len(administration.get(adresse).requetes) == avant


def test_ce_qui_est_signe_ou_invite_ne_se_change_pas(administration):
    for table in ("socle_invitation", "diagnostic_diagnostic", "diagnostic_reponse", "diagnostic_copiesignee",
                  "diagnostic_referentiel", "diagnostic_indicateur", "diagnostic_campagne"):  # fmt: skip
        assert administration.get(reverse(f"admin:{table}_add")).status_code == 403


def test_la_liste_des_copies_ne_lit_pas_les_pdf(administration):
    requetes = administration.get(reverse("admin:diagnostic_copiesignee_changelist")).requetes
    lecture = [sql for sql in requetes if '"diagnostic_copiesignee"."sha256_pdf"' in sql]
    assert lecture
    assert not any('"diagnostic_copiesignee"."pdf"' in sql or '."contenu"' in sql for sql in requetes)
