"""What a hostile reading of the surveys found: each defect, mounted again."""

import datetime
import logging
import time
import uuid
from functools import partial

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from lxml import html

from diagnostic.domain import urne
from diagnostic.domain.bulletins import Groupe
from diagnostic.domain.enquetes import QuestionPropre, changer_les_dates, tirer_coupons
from diagnostic.interfaces.repondre import SIGNES_MAX, lire_envoi
from diagnostic.models import BulletinScelle, Coupon, Enquete
from diagnostic.rules import empechement_changer_les_dates
from diagnostic.views.repondre import ENVOI_ILLISIBLE, ENVOI_MAX, ENVOI_TROP_LOURD
from strategie.socle.domain.calendrier import annee_scolaire, annee_suivante, bornes
from strategie.socle.domain.empechement import Empeche
from tests.enquetes import porte_de, remplir, une_enquete

ENVOYER = "/enquete/envoyer/"
FORMULAIRE = "application/x-www-form-urlencoded"


@pytest.fixture
def enquete(monde) -> Enquete:
    return une_enquete(monde.college, monde.chef, timezone.now())


# --- A teacher who wants to break the page ------------------------------------------------------------------
def test_des_accents_par_milliers_ne_coutent_rien(enquete):
    """Composing them takes the square of their number: 450,000 of them would hold a process for half an hour."""
    accents = "a" + "\u0301" * 225_000 + "\u0316" * 225_000
    debut = time.monotonic()
    envoye = {"code": enquete.code, "groupe": "enseignants", "texte": accents}
    requete = RequestFactory().post(ENVOYER, envoye)
    envoi = lire_envoi(porte_de(enquete), "enseignants", requete.POST)
    assert time.monotonic() - debut < 5
    assert envoi.erreurs["texte"] == "Votre texte compte 450\u202f001 caractères\u00a0: 400 au plus."
    assert len(accents) > SIGNES_MAX


def test_un_texte_en_accents_separes_se_compte_compose(enquete):
    page = {"code": enquete.code, "groupe": "enseignants", "texte": "e\u0301" * 400, "cle": "0" * 32}
    envoi = lire_envoi(porte_de(enquete), "enseignants", RequestFactory().post(ENVOYER, page).POST)
    assert envoi.texte == "é" * 400
    assert "texte" not in envoi.erreurs


def fichiers(nombre: int) -> bytes:
    un = '--b\r\nContent-Disposition: form-data; name="f{}"; filename="a"\r\n\r\nx\r\n'
    return "".join(un.format(rang) for rang in range(nombre)).encode() + b"--b--\r\n"


@pytest.mark.parametrize(
    ("corps", "genre", "statut", "phrase"),
    [
        (b"x=1&" * 10_000, FORMULAIRE, 400, ENVOI_ILLISIBLE),
        (b"texte=" + b"a" * ENVOI_MAX, FORMULAIRE, 413, ENVOI_TROP_LOURD),
        (b"code=a", f"{FORMULAIRE}; charset=utf-16", 400, ENVOI_ILLISIBLE),
        (b"xx", "multipart/form-data", 400, ENVOI_ILLISIBLE),
        (fichiers(300), "multipart/form-data; boundary=b", 400, ENVOI_ILLISIBLE),
    ],
)
def test_un_envoi_illisible_est_refuse_sans_etre_note(client, db, caplog, corps, genre, statut, phrase):
    caplog.set_level(logging.DEBUG)
    reponse = client.post(ENVOYER, data=corps, content_type=genre)
    assert reponse.status_code == statut
    assert f"<h1>{phrase}</h1>".replace("'", "&#x27;") in reponse.content.decode()
    assert [trace.getMessage() for trace in caplog.records if trace.name.startswith("django")] == []


# --- A head who is in a hurry, or who has lost the key ------------------------------------------------------
def test_un_milliard_de_coupons_se_refuse_sans_en_faire_un(client, monde):
    enquete = une_enquete(monde.college, monde.chef, timezone.now(), acces="coupons")
    client.force_login(monde.chef)
    debut = time.monotonic()
    reponse = client.post(reverse("enquete_coupons", args=[monde.college.uai, enquete.pk]), {"nombre": str(10**9)})
    assert (reponse.status_code, Coupon.objects.count()) == (422, 0)
    assert time.monotonic() - debut < 5


def test_un_double_clic_tire_les_memes_coupons_de_secours(monde):
    enquete = une_enquete(monde.college, monde.chef, timezone.now(), acces="coupons")
    tire = partial(tirer_coupons, enquete=enquete, auteur=monde.chef, maintenant=timezone.now())
    tire(nombre=48, secours=False)
    cle = uuid.uuid4()
    premiers = tire(nombre=2, secours=True, cle=cle)
    assert tire(nombre=2, secours=True, cle=cle) == premiers
    assert tire(nombre=4, secours=True, cle=cle) == premiers  # never a code that opens nothing
    assert (Coupon.objects.count(), Enquete.objects.get().coupons_de_secours) == (50, 2)


def test_la_page_des_coupons_de_secours_porte_sa_clef(client, monde):
    enquete = une_enquete(monde.college, monde.chef, timezone.now(), acces="coupons")
    tirer_coupons(enquete=enquete, nombre=48, secours=False, auteur=monde.chef, maintenant=timezone.now())
    client.force_login(monde.chef)
    page = reverse("enquete_coupons", args=[monde.college.uai, enquete.pk])
    *_, secours = html.fromstring(client.get(page).content.decode()).find(".//main").forms
    champs = dict(secours.fields)
    assert {"nombre", "cle"} <= set(champs)
    for _ in range(2):
        assert client.post(page, champs)["Content-Type"] == "application/pdf"
    assert Enquete.objects.get().coupons_de_secours == 1


def test_changer_le_dernier_jour_change_l_annee_et_n_en_donne_pas_une_seconde(monde):
    """Past the end of a school year: the survey becomes that of the next one, and takes its place there."""
    annee = annee_scolaire(timezone.now().date())
    fin = timezone.make_aware(datetime.datetime.combine(bornes(annee)[1].replace(day=14), datetime.time(12)))
    enquete = une_enquete(monde.college, monde.chef, fin - datetime.timedelta(days=20), jours=10)
    assert enquete.annee_scolaire == annee
    change = partial(changer_les_dates, enquete=enquete, date_ouverture=enquete.date_ouverture, auteur=monde.chef)
    septembre = enquete.date_ouverture + datetime.timedelta(days=40)
    changee = change(date_cloture=septembre, maintenant=fin - datetime.timedelta(days=20))
    assert (changee.annee_scolaire, Enquete.objects.get().annee_scolaire) == (annee_suivante(annee),) * 2


def test_le_dernier_jour_ne_va_pas_dans_une_annee_qui_a_deja_sa_longue(monde):
    annee = annee_scolaire(timezone.now().date())
    fin = bornes(annee)[1].replace(day=14)  # from the 15th on, people mean the next year
    passee = Enquete(etablissement=monde.college, annee_scolaire=annee_suivante(annee), forme="longue", pk=1)
    passee.date_ouverture = passee.date_cloture = fin - datetime.timedelta(days=300)
    ici = Enquete(etablissement=monde.college, annee_scolaire=annee, forme="longue", pk=2)
    ici.date_ouverture, ici.date_cloture = fin - datetime.timedelta(days=20), fin
    midi = timezone.make_aware(datetime.datetime.combine(ici.date_ouverture, datetime.time(12)))
    refus = partial(empechement_changer_les_dates, ici, ici.date_ouverture, siennes=[passee, ici], maintenant=midi)
    assert refus(cloture=fin) is None
    assert refus(cloture=fin + datetime.timedelta(days=9)).startswith("L'enquête complète a déjà eu lieu cette année")


def test_une_clef_perdue_pour_de_bon_ne_bloque_pas_l_etablissement(client, monde, settings):
    maintenant = timezone.now()
    enquete = une_enquete(monde.college, monde.chef, maintenant - datetime.timedelta(days=30))
    remplir(enquete, {Groupe.ENSEIGNANTS: [4] * 6})
    client.force_login(monde.chef)
    annuler = reverse("enquete_annuler", args=[monde.college.uai, enquete.pk])
    suivi = reverse("enquete", args=[monde.college.uai, enquete.pk])
    assert client.post(annuler).status_code == 422
    assert annuler not in client.get(suivi).content.decode()
    settings.SECRET_KEY = "une autre clef secrète, assez longue pour être crédible, mais qui n'ouvre rien"
    urne._cles.cache_clear()
    client.force_login(monde.chef)
    assert annuler in client.get(suivi).content.decode()
    assert client.post(annuler).status_code == 302
    assert (Enquete.objects.get().etat, BulletinScelle.objects.count()) == ("annulee", 0)
    une_enquete(monde.college, monde.chef, maintenant)


@pytest.mark.parametrize(
    "question",
    [
        QuestionPropre("Votre avis ?", "libre"),
        QuestionPropre("Lequel ?", "choix", ("Un seul",)),
        QuestionPropre("", "oui_non"),
    ],
)
def test_une_question_qui_n_est_pas_fermee_n_est_pas_posee(monde, question):
    with pytest.raises(Empeche, match="question fermée"):
        une_enquete(monde.college, monde.chef, timezone.now(), propres=[question])
    assert not monde.college.enquetes.exists()
