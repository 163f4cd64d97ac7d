"""Opening a survey with the keyboard alone, and the pages that follow it."""

import datetime

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from diagnostic.domain.codes import en_paquets
from diagnostic.domain.enquetes import QuestionPropre
from diagnostic.models import Enquete
from tests.enquetes import une_enquete
from tests.navigateur.conftest import aller_au_clavier, controler, entrer


def test_ouvrir_une_enquete_au_clavier(ouvrir, monde):
    page = ouvrir(monde.chef)
    page.goto(reverse("enquetes", args=[monde.college.uai]))
    lien = page.get_by_role("link", name="Ouvrir une enquête")
    aller_au_clavier(page, lien)
    entrer(page)
    expect(page).to_have_title("Ouvrir une enquête · Collège du Test · Paliers")
    passer_les_dates(page)
    aller_au_clavier(page, page.get_by_role("button", name="Ouvrir l'enquête"))
    entrer(page)
    refus = page.get_by_role("link", name="Enseignants")
    expect(refus).to_be_visible()
    aller_au_clavier(page, refus)
    entrer(page)
    expect(page.locator("#id_enseignants")).to_be_focused()
    page.keyboard.type("32")
    aller_au_clavier(page, page.get_by_text("Ajouter des questions"))
    entrer(page)
    aller_au_clavier(page, page.locator("#id_q1-enonce"))
    page.keyboard.type("Le chariot de tablettes est-il utile ?")
    aller_au_clavier(page, page.locator("#id_q1-type"))
    page.keyboard.type("Oui")
    aller_au_clavier(page, page.get_by_role("button", name="Ouvrir l'enquête"))
    entrer(page)
    expect(page.get_by_role("status").first).to_contain_text("L'enquête est ouverte.")
    enquete = Enquete.objects.get()
    assert enquete.questions["propres"] == [
        {
            "numero": 1,
            "enonce": "Le chariot de tablettes est-il utile ?",
            "type": "oui_non",
            "options": ["Oui", "Non"],
        }
    ]
    assert page.get_by_label("Lien à partager").input_value().endswith(f"/enquete/#{en_paquets(enquete.code)}")


def passer_les_dates(page: Page) -> None:
    """Two dates, each of four stops; on its last one, Chromium's own button, a date no longer says it has the focus."""
    aller_au_clavier(page, page.get_by_text("Les questions qui seront posées"))
    for _ in range(8):
        page.keyboard.press("Tab")


def test_pages_accessibles(ouvrir, monde):
    """The survey's page with all that it may hold; then the questions to the head."""
    enquete = une_enquete(
        monde.college, monde.chef, timezone.now(), propres=[QuestionPropre("Utile ?", "choix", ("Oui", "Un peu"))]
    )
    page = ouvrir(monde.chef)
    fautes = {}
    for nom in ("enquete", "enquete_direction"):
        page.goto(reverse(nom, args=[monde.college.uai, enquete.pk]))
        fautes[nom] = controler(page)
    page.goto(reverse("enquetes", args=[monde.college.uai]))
    fautes["enquetes"] = controler(page)
    assert fautes == {"enquete": [], "enquete_direction": [], "enquetes": []}


def test_copier_le_message(ouvrir, monde):
    une_enquete(monde.college, monde.chef, timezone.now())
    page = ouvrir(monde.chef, permissions=["clipboard-read", "clipboard-write"])
    page.goto(reverse("enquete", args=[monde.college.uai, Enquete.objects.get().pk]))
    page.get_by_role("button", name="Copier le message").click()
    expect(page.locator("[data-copie]")).to_have_text("Copié.")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#message").input_value()


def test_un_double_clic_tire_une_planche(ouvrir, monde):
    """Without this, the browser would drop the first file for the second."""
    enquete = une_enquete(monde.college, monde.chef, timezone.now() - datetime.timedelta(days=1), acces="coupons")
    page = ouvrir(monde.chef)
    page.goto(reverse("enquete_coupons", args=[monde.college.uai, enquete.pk]))
    demandes = []
    page.on("request", lambda demande: demandes.append(demande) if demande.method == "POST" else None)
    with page.expect_download() as fichier:
        page.get_by_role("button", name="Tirer 48").dblclick()
    assert fichier.value.suggested_filename == f"coupons-enquete-{monde.college.uai}.pdf"
    assert (len(demandes), enquete.coupons.count()) == (1, 48)
    assert controler(page) == []
