"""The pages of files made in number: what they ask, what they say, the zip read back."""

import csv
import datetime
import hashlib
import io
import json
import uuid
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone

from strategie.pilotage import views
from strategie.pilotage.interfaces.lots import reste_en_mots
from strategie.pilotage.interfaces.taches_des_lots import en_file
from strategie.pilotage.models import Dossier, DossierDuLot, LotDeDossiers
from strategie.pilotage.queries.lots import Territoire
from strategie.pilotage.rules.lots import SANS_DIAGNOSTIC, SILENCE
from strategie.socle.models import Etablissement
from tests.personnages import un_etablissement
from tests.pilotage.lots import avancer, diagnostic_signe, un_lot

HOSTILE = "=cmd|' /C calc'!A0 \"; ../../etc/passwd\r\n"


@pytest.fixture
def deux(dossier, referentiel):
    """Two schools of the district have signed, a third has not."""
    diagnostic_signe(dossier.monde.voisin_college, referentiel, dossier.monde.chef)
    monde = dossier.monde
    un_etablissement("0980005Y", "Collège sans", monde.college.departement, district=monde.district)
    return monde


@pytest.fixture
def animatrice(client, deux):
    client.force_login(deux.animatrice)
    return client


def texte(reponse) -> str:
    return reponse.content.decode().replace("&nbsp;", "\u00a0").replace("&#x27;", "'")


def archive_de(reponse) -> zipfile.ZipFile:
    octets = b"".join(reponse)
    assert len(octets) == int(reponse["Content-Length"])
    archive = zipfile.ZipFile(io.BytesIO(octets))
    assert archive.testzip() is None
    return archive


# --- Opening -----------------------------------------------------------------------------------------------------
def test_la_page_propose_les_territoires_et_l_exercice(animatrice, deux):
    page = texte(animatrice.get(reverse("lot_de_dossiers_ouvrir")))
    assert f'<option value="district-{deux.district.pk}">District\u00a0: District 1</option>' in page
    assert page.count("<option") == 1
    assert f'value="{timezone.localdate().year}"' in page


def test_on_lit_combien_de_dossiers_avant_de_confirmer(animatrice, deux):
    demande = {"territoire": f"district-{deux.district.pk}", "exercice": "2031"}
    page = texte(animatrice.get(reverse("lot_de_dossiers_ouvrir"), demande))
    assert "Faire 2\u00a0dossiers\u00a0?" in page
    assert "1\u00a0établissement n'a pas de diagnostic signé" in page
    assert not LotDeDossiers.objects.exists()


@pytest.mark.parametrize(
    "champs, dit",
    [
        ({"exercice": ""}, "Donnez une année."),
        ({"exercice": "deux mille"}, "Donnez une année, en quatre chiffres."),
        ({"exercice": "1999"}, "Donnez une année, de 2000 à 2100."),
        ({"exercice": "99999999999999999999"}, "Donnez une année, de 2000 à 2100."),
        ({"territoire": ""}, "Choisissez un territoire."),
        ({"territoire": "academie-1"}, "Choisissez un des territoires proposés."),
        ({"territoire": "\x00'"}, "Choisissez un des territoires proposés."),
    ],
)
@pytest.mark.parametrize("methode", ["get", "post"])
def test_ce_qui_est_mal_demande_est_dit_au_champ(animatrice, deux, champs, dit, methode):
    demande = {"territoire": f"district-{deux.district.pk}", "exercice": "2031"} | champs
    reponse = getattr(animatrice, methode)(reverse("lot_de_dossiers_ouvrir"), demande)
    assert (reponse.status_code, dit in texte(reponse)) == (422, True)
    assert not LotDeDossiers.objects.exists()


def test_ouvrir_met_le_lot_en_file_une_fois(animatrice, deux, django_capture_on_commit_callbacks):
    envoi = {"territoire": f"district-{deux.district.pk}", "exercice": "2031", "cle": str(uuid.uuid4())}
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            reponse = animatrice.post(reverse("lot_de_dossiers_ouvrir"), envoi)
        lot = LotDeDossiers.objects.get()
        assert (reponse.status_code, reponse["Location"]) == (302, f"/dossiers-en-nombre/{lot.pk}/?suivre=oui")
        assert en_file(lot.pk).count() == 2
    assert (lot.exercice, lot.demande_par, lot.district) == (2031, deux.animatrice, deux.district)


def test_un_territoire_sans_diagnostic_signe_dit_pourquoi(client, monde):
    client.force_login(monde.animatrice)
    demande = {"territoire": f"district-{monde.district.pk}", "exercice": "2031"}
    adresse = reverse("lot_de_dossiers_ouvrir")
    for reponse, statut in ((client.get(adresse, demande), 200), (client.post(adresse, demande), 422)):
        assert (reponse.status_code, "n'a de diagnostic signé" in texte(reponse)) == (statut, True)


# --- Following ---------------------------------------------------------------------------------------------------
def test_la_liste_dit_ou_en_sont_les_lots(animatrice, deux):
    assert "Aucun lot n'est ouvert." in texte(animatrice.get(reverse("lots_de_dossiers")))
    for fait in (False, True):
        lot = un_lot(deux)
        if fait:
            avancer(lot)
    page = texte(animatrice.get(reverse("lots_de_dossiers")))
    assert ("0 sur 3" in page, "2 sur 3" in page, "en cours" in page, "terminé" in page) == (True,) * 4


def test_la_page_d_un_lot_dit_ce_qui_reste_et_pourquoi(animatrice, deux):
    lot = un_lot(deux)
    avancer(lot, pendant=datetime.timedelta(0))
    adresse = reverse("lot_de_dossiers", args=[lot.pk])
    page = texte(animatrice.get(adresse))
    assert "1\u00a0dossier fait</strong> sur 3\u00a0établissements, 1 sans dossier, <strong>1 à faire" in page
    assert SANS_DIAGNOSTIC.replace("'", "'") in page
    assert ("Arrêter</button>" in page, "Reprendre</button>" in page) == (True, False)
    assert "Refresh" not in animatrice.get(adresse).headers
    assert animatrice.get(adresse, {"suivre": "oui"})["Refresh"] == "10"
    avancer(lot)
    finie = animatrice.get(adresse, {"suivre": "oui"})
    assert ("Refresh" in finie.headers, "Arrêter<" in texte(finie), "Reprendre<" in texte(finie)) == (
        False,
        False,
        True,
    )


def test_un_lot_qui_n_avance_plus_se_voit(animatrice, deux):
    lot = un_lot(deux, maintenant=timezone.now() - SILENCE - datetime.timedelta(minutes=1))
    page = texte(animatrice.get(reverse("lot_de_dossiers", args=[lot.pk])))
    assert ("Ce lot n'avance plus." in page, "Reprendre</button>" in page) == (True, True)


def test_arreter_puis_reprendre(animatrice, deux, django_capture_on_commit_callbacks):
    lot = un_lot(deux)
    page = texte(animatrice.post(reverse("lot_de_dossiers_arreter", args=[lot.pk]), follow=True))
    assert ("Le lot est arrêté." in page, "arrêté</span>" in page) == (True, True)
    assert "Ce lot est déjà arrêté." in texte(
        animatrice.post(reverse("lot_de_dossiers_arreter", args=[lot.pk]), follow=True)
    )
    with django_capture_on_commit_callbacks(execute=True):
        page = texte(animatrice.post(reverse("lot_de_dossiers_reprendre", args=[lot.pk]), follow=True))
    assert ("Le lot reprend" in page, en_file(lot.pk).count()) == (True, 3)


@pytest.mark.parametrize(
    "secondes, dits",
    [
        (None, ""),
        (20, "moins d'une minute"),
        (70, "environ 1\u00a0minute"),
        (240, "environ 4\u00a0minutes"),
        (9000, "environ 2\u00a0heures"),
    ],
)
def test_le_temps_qui_reste_est_dit_en_gros(secondes, dits):
    assert reste_en_mots(None if secondes is None else datetime.timedelta(seconds=secondes)) == dits


def test_autant_de_requetes_pour_un_lot_que_pour_trois(animatrice, deux):
    comptes = []
    for _ in range(2):
        lot = un_lot(deux)
        avancer(lot)
        comptes.append(
            [
                len(animatrice.get(reverse("lots_de_dossiers")).requetes),
                len(animatrice.get(reverse("lot_de_dossiers", args=[lot.pk])).requetes),
            ]
        )
        un_lot(deux)
        un_etablissement(f"098000{6 + len(comptes)}Z", "Un de plus", deux.college.departement, district=deux.district)
    assert comptes[0] == comptes[1]


def test_les_lots_qui_suivent_sont_a_la_page_suivante(animatrice, deux, monkeypatch):
    monkeypatch.setattr(views.lots, "LOTS_PAR_PAGE", 1)
    un_lot(deux)
    un_lot(deux)
    pages = [animatrice.get(reverse("lots_de_dossiers"), {"page": page}) for page in (1, 2)]
    assert "Page 1 sur 2" in texte(pages[0])
    assert [lot.pk for page in pages for lot, _, _ in page.context["lots"]] == [
        lot.pk for lot in LotDeDossiers.objects.order_by("-demande_le", "-pk")
    ]


# --- The zip -----------------------------------------------------------------------------------------------------
def test_l_archive_a_chaque_pdf_et_son_sommaire(animatrice, deux):
    lot = un_lot(deux)
    avancer(lot)
    reponse = animatrice.get(reverse("lot_de_dossiers_zip", args=[lot.pk]))
    assert reponse["Content-Disposition"].startswith('attachment; filename="dossiers-district-district-1-')
    archive = archive_de(reponse)
    faits = {f"dossier-{un.etablissement.uai}-{un.numero}.pdf": bytes(un.pdf) for un in Dossier.objects.all()}
    assert {nom: archive.read(nom) for nom in archive.namelist()[1:]} == faits
    lignes = list(csv.DictReader(io.StringIO(archive.read("sommaire.csv").decode("utf-8-sig")), delimiter=";"))
    assert [ligne["UAI"] for ligne in lignes] == ["0980001U", "0980005Y", "0980002V"]
    assert [ligne["Pourquoi il n'y a pas de dossier"] for ligne in lignes] == ["", SANS_DIAGNOSTIC, ""]
    for ligne in lignes:
        if ligne["Fichier"]:
            assert hashlib.sha256(faits[ligne["Fichier"]]).hexdigest() == ligne["Empreinte du PDF (SHA-256)"]


def test_l_archive_d_un_lot_en_cours_dit_ce_qui_est_a_faire(animatrice, deux):
    lot = un_lot(deux)
    archive = archive_de(animatrice.get(reverse("lot_de_dossiers_zip", args=[lot.pk])))
    assert archive.namelist() == ["sommaire.csv"]
    assert archive.read("sommaire.csv").decode().count("À faire") == 2


def test_le_nom_d_une_ecole_ne_sort_ni_de_l_archive_ni_de_sa_cellule(animatrice, deux):
    Etablissement.objects.filter(pk=deux.college.pk).update(nom=HOSTILE)
    deux.district.nom = HOSTILE
    deux.district.save()
    lot = un_lot(deux)
    avancer(lot)
    reponse = animatrice.get(reverse("lot_de_dossiers_zip", args=[lot.pk]))
    assert "\n" not in reponse["Content-Disposition"]
    archive = archive_de(reponse)
    assert all("/" not in nom for nom in archive.namelist())
    assert f'"\'{HOSTILE}"'.replace('A0 "', 'A0 ""') in archive.read("sommaire.csv").decode("utf-8-sig")


def test_l_ecole_qui_a_quitte_le_district_n_est_plus_lue(animatrice, deux):
    lot = un_lot(deux)
    avancer(lot)
    Etablissement.objects.filter(uai__in=["0980001U", "0980005Y"]).update(district=deux.autre_district)
    archive = archive_de(animatrice.get(reverse("lot_de_dossiers_zip", args=[lot.pk])))
    assert [nom[:16] for nom in archive.namelist()] == ["sommaire.csv", "dossier-0980002V"]
    assert "0980001U" not in archive.read("sommaire.csv").decode()
    assert "Collège sans" not in texte(animatrice.get(reverse("lot_de_dossiers", args=[lot.pk])))


def test_ce_qu_un_territoire_lit_n_a_jamais_de_brouillon_ni_de_montant(animatrice, deux):
    avancer(un_lot(deux, Territoire(deux.academie), auteur=deux.rectorat))
    for contenu in Dossier.objects.values_list("contenu", flat=True):
        lu = json.loads(contenu)
        assert (lu["budget"], lu["besoins"], lu["rapport"], lu["deliberation"]) == (None, None, "", None)
    assert DossierDuLot.objects.filter(dossier__isnull=False).count() == 2
