"""What no browser sends by itself: it is refused with a page, and reaches nothing."""

import pytest
from django.core.cache import cache
from django.urls import reverse

UTF_16 = "application/x-www-form-urlencoded; charset=utf-16"


@pytest.mark.parametrize(
    "suite", ["", "equipe/", "diagnostic/", "diagnostic/2026-2027/verifier/", "diagnostic/2026-2027/champs/PIL/"]
)
@pytest.mark.parametrize("uai", ["%00", "0980001U%00", "%ff", "0980001u", "٠980001U", "0980001UU", "a" * 3000])
def test_ce_qui_n_est_pas_un_uai_n_est_pas_une_adresse(client, monde, uai, suite):
    client.force_login(monde.chef)
    assert client.get(f"/etablissements/{uai}/{suite}").status_code == 404


def test_un_formulaire_illisible_est_refuse_par_une_page(client_csrf):
    client_csrf.get(reverse("account_login"))
    reponse = client_csrf.post(reverse("account_login"), b"login=a", content_type=UTF_16)
    assert (reponse.status_code, "n'a pas pu être comprise" in reponse.content.decode()) == (400, True)


def test_ce_qu_une_personne_lit_n_est_garde_nulle_part(client, dossier):
    client.force_login(dossier.monde.chef)
    college, annee = dossier.monde.college.uai, dossier.copie.diagnostic.campagne.annee_scolaire
    lus = [
        reverse("aide"),
        reverse("compte"),
        reverse("etablissement", args=[college]),
        reverse("diagnostic_resultats", args=[college, annee]),
        reverse("diagnostic_pdf", args=[college, annee, 1]),
        reverse("preuve_fichier", args=[college, dossier.annee, dossier.preuve.cle]),
        "/rien-ici/",
    ]
    for adresse in lus:
        reponse = client.get(adresse)
        assert reponse.getvalue()  # to its end: a file is open until then
        assert (adresse, reponse.headers["Cache-Control"]) == (adresse, "private, no-store")
    client.logout()
    assert "Cache-Control" not in client.get(reverse("aide")).headers


@pytest.mark.django_db
def test_un_flot_d_adresses_n_efface_pas_les_tentatives_comptees(client):
    """The counts are kept in the cache, whose default size a few hundred made-up addresses fill."""
    essai = {"login": "claire.chef@exemple.invalid", "password": "faux"}
    for _ in range(5):
        assert "Trop de tentatives" not in client.post(reverse("account_login"), essai).content.decode()
    for rang in range(400):
        cache.set(f"zz-une-autre-adresse-{rang}", 1)
    assert "Trop de tentatives" in client.post(reverse("account_login"), essai).content.decode()
