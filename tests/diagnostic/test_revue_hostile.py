"""What a hostile reading of the surveys found: each defect, mounted again."""

import logging
import time

import pytest
from django.test import RequestFactory
from django.utils import timezone

from diagnostic.interfaces.repondre import SIGNES_MAX, lire_envoi
from diagnostic.models import BulletinScelle, Enquete
from diagnostic.views.repondre import ENVOI_ILLISIBLE, ENVOI_MAX, ENVOI_TROP_LOURD
from tests.enquetes import porte_de, une_enquete

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
