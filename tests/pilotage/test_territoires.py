"""Dashboards of territories: who reads them, what they say, what a browser keeps of them."""

from django.urls import reverse
from lxml import html

from tests.pilotage.territoires import des_ecoles, recompter, signer_pour


def texte(reponse) -> str:
    return " ".join(html.fromstring(reponse.content).find(".//main").text_content().split())


def du_district(monde) -> str:
    return reverse("tableau_territoire", args=["district", monde.district.pk])


def test_un_district_au_matin(client, dossier):
    for ecole in des_ecoles(dossier.monde, 8):
        signer_pour(ecole, dossier)
    recompter()
    client.force_login(dossier.monde.animatrice)
    reponse = client.get(du_district(dossier.monde))
    assert "8 établissements sur 10 ont signé leur diagnostic" in texte(reponse)
