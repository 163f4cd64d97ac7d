"""The public page that says which file this is, and whether it is intact: nothing is kept, nothing more is said."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from lxml import html

from strategie.pilotage.models import Dossier
from tests.pilotage.dossiers import un_dossier
from tests.pilotage.lots import avancer, des_ecoles_signees, un_lot


def deposer(client, octets: bytes, nom: str = "dossier.pdf"):
    return client.post(reverse("verifier_dossier"), {"fichier": SimpleUploadedFile(nom, octets)})


def main(reponse) -> str:
    return " ".join(html.fromstring(reponse.content).find(".//main").text_content().split())


@pytest.fixture
def fait(monde) -> Dossier:
    return Dossier.objects.get(pk=un_dossier(monde.college).pk)


def test_un_fichier_intact_est_reconnu_sans_compte(client, monde, fait):
    reponse = deposer(client, bytes(fait.pdf), "autre-nom.bin")
    assert reponse.status_code == 200
    lu = main(reponse)
    for dit in ("Ce fichier est intact", monde.college.nom, fait.numero, "Projet, avant le vote"):
        assert dit in lu


def test_un_extrait_fait_en_nombre_n_est_pas_un_projet_de_vote(client, monde, referentiel):
    des_ecoles_signees(monde, referentiel, 1)
    avancer(un_lot(monde))
    lu = main(deposer(client, bytes(Dossier.objects.get().pdf)))
    assert "Extrait pour le suivi du territoire" in lu
    assert "Projet" not in lu


def test_un_octet_de_plus_et_il_ne_l_est_plus(client, monde, fait):
    lu = main(deposer(client, bytes(fait.pdf) + b" "))
    assert "n'est pas un dossier intact" in lu
    assert monde.college.nom not in lu


def test_rien_n_est_garde_ni_change(client, fait, django_assert_num_queries):
    avant = list(Dossier.objects.values())
    deposer(client, b"autre chose")
    assert list(Dossier.objects.values()) == avant


@pytest.mark.parametrize(
    ("envoi", "phrase"),
    [({}, "Choisissez un fichier."), ({"fichier": "texte"}, "Choisissez un fichier."),
     ({"fichier": SimpleUploadedFile("vide.pdf", b"")}, "Ce fichier est vide.")],
)  # fmt: skip
def test_ce_qui_n_est_pas_un_fichier_est_dit(client, db, envoi, phrase):
    reponse = client.post(reverse("verifier_dossier"), envoi)
    assert reponse.status_code == 422
    assert phrase in main(reponse)
