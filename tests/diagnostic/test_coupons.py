"""Slips and poster: drawn once, kept nowhere, printed so that anybody can use them."""

import datetime
import io
import re
import uuid

import pikepdf
import pytest
import segno
from django.db import connection
from django.urls import reverse
from lxml import html

from diagnostic.domain.bulletins import Groupe
from diagnostic.domain.codes import LONGUEUR_DU_COUPON, code_de, empreinte_du_coupon, en_paquets, normaliser
from diagnostic.domain.enquetes import tirer_coupons
from diagnostic.domain.urne import depouiller_enquete
from diagnostic.interfaces.pdf_enquete import MARGE, carre_a_viser, rendre_coupons_pdf
from diagnostic.models import Coupon, Enquete
from diagnostic.queries.enquetes import porte_au_code
from strategie.socle.domain.empechement import Empeche
from strategie.socle.models import Etablissement
from tests.enquetes import une_enquete
from tests.pdf import elements, feuilles, manquements
from tests.personnages import Monde

JOUR = datetime.timedelta(days=1)
CODE = re.compile(r"(?:[0-9A-Z]{4}-){6}[0-9A-Z]{2}")
CLE = uuid.UUID("00000000-0000-4000-8000-000000000001")
DEJA = (
    "L'enquête est ouverte\u00a0: des coupons de la première planche ont pu servir, elle ne se refait plus. Vous "
    "pouvez tirer quelques coupons de secours."
)
PAS_ENCORE = "Les coupons de secours se tirent une fois la planche tirée et l'enquête ouverte."


@pytest.fixture
def enquete(monde: Monde, maintenant: datetime.datetime) -> Enquete:
    """Forty-eight people, slips, open since today."""
    return une_enquete(monde.college, monde.chef, maintenant, acces="coupons")


@pytest.fixture
def tirer(monde: Monde, maintenant: datetime.datetime):
    def tirer(enquete: Enquete, nombre: int = 48, *, secours: bool = False, quand=maintenant, **options) -> list[str]:
        return tirer_coupons(
            enquete=enquete, nombre=nombre, secours=secours, auteur=monde.chef, maintenant=quand, **options
        )

    return tirer


def adresse(enquete: Enquete, nom: str = "enquete_coupons") -> str:
    return reverse(nom, args=[enquete.etablissement.uai, enquete.pk])


def codes_de(texte: str) -> list[str]:
    return [normaliser(code) for code in CODE.findall(texte)]


def texte(reponse) -> str:
    return " ".join(html.fromstring(reponse.content).find(".//main").text_content().split())


# --- Codes --------------------------------------------------------------------------------------------------
def test_un_code_epele_ses_octets():
    assert code_de(bytes(32), 26) == "0" * 26
    assert code_de(b"\xff" * 32, 26) == "Z" * 26
    assert code_de((1 + 31 * 32).to_bytes(32), 3) == "1Z0"


def test_la_planche_ouvre_la_porte_et_n_est_ecrite_nulle_part(enquete, tirer):
    codes = tirer(enquete)
    assert len(set(codes)) == 48
    assert {len(code) for code in codes} == {LONGUEUR_DU_COUPON}
    assert {porte_au_code(en_paquets(code)).enquete for code in codes} == {enquete.pk}
    assert set(Coupon.objects.values_list("pk", flat=True)) == {empreinte_du_coupon(code) for code in codes}
    for table in connection.introspection.table_names():
        with connection.cursor() as curseur:
            curseur.execute(f"SELECT string_agg(t::text, '') FROM \"{table}\" t")  # noqa: S608
            (tout,) = curseur.fetchone()
        assert not any(code in (tout or "") for code in codes), table


def test_la_meme_page_redonne_la_meme_planche(enquete, tirer, maintenant):
    """A double click, or a download that failed: nothing is lost, nothing is drawn twice."""
    codes = tirer(enquete, cle=CLE)
    assert tirer(enquete, cle=CLE) == codes
    assert Coupon.objects.count() == 48
    with pytest.raises(Empeche) as refus:
        tirer(enquete, cle=uuid.uuid4())
    assert str(refus.value) == DEJA
    apres = maintenant + 30 * JOUR
    depouiller_enquete(enquete=enquete, maintenant=apres)
    with pytest.raises(Empeche, match="elle ne change plus"):  # the survey's half of the key is gone
        tirer(Enquete.objects.get(), cle=CLE, quand=apres)


def test_une_autre_enquete_en_donne_d_autres(monde, enquete, tirer, maintenant):
    autre = une_enquete(monde.voisin_college, monde.voisin, maintenant, acces="coupons")
    assert not set(tirer(enquete, cle=CLE)) & set(tirer(autre, cle=CLE))


def test_avant_l_ouverture_la_planche_se_refait(monde, tirer, maintenant):
    future = une_enquete(monde.college, monde.chef, maintenant + 5 * JOUR, acces="coupons")
    perdus, nouveaux = tirer(future), tirer(future)
    assert not set(perdus) & set(nouveaux)
    assert porte_au_code(perdus[0]) is None
    assert porte_au_code(nouveaux[0]).enquete == future.pk
    with pytest.raises(Empeche) as refus:
        tirer(future, 1, secours=True)
    assert str(refus.value) == PAS_ENCORE


def test_les_coupons_de_secours_sont_comptes(enquete, tirer):
    with pytest.raises(Empeche) as refus:
        tirer(enquete, 1, secours=True)
    assert str(refus.value) == PAS_ENCORE
    tirer(enquete)
    assert len(tirer(enquete, 3, secours=True)) == 3  # one for ten people: four in all
    for nombre, phrase in ((2, "Il reste 1 coupon de secours à tirer."), (0, "Il reste 1 coupon de secours à tirer.")):
        with pytest.raises(Empeche) as refus:
            tirer(enquete, nombre, secours=True)
        assert str(refus.value) == phrase
    tirer(enquete, 1, secours=True)
    assert (Coupon.objects.count(), Enquete.objects.get().coupons_de_secours) == (52, 4)
    with pytest.raises(Empeche, match="Il reste 0 coupon"):
        tirer(enquete, 1, secours=True)


def test_un_lien_partage_n_a_pas_de_coupons(monde, tirer, maintenant):
    with pytest.raises(Empeche, match="elle n'a pas de coupons"):
        tirer(une_enquete(monde.college, monde.chef, maintenant))


# --- The page -----------------------------------------------------------------------------------------------
def test_tirer_par_la_page(client, monde, maintenant, sans_mise_en_page):
    enquete = une_enquete(monde.college, monde.chef, maintenant, acces="coupons", invites={Groupe.ENSEIGNANTS: 12})
    client.force_login(monde.chef)
    avant = client.get(adresse(enquete))
    assert "Aucun coupon n'est encore tiré. La planche en compte 12" in texte(avant)
    assert "Gardez bien le fichier" in texte(avant)
    (planche,) = html.fromstring(avant.content).find(".//main").forms
    reponse = client.post(adresse(enquete), dict(planche.fields))
    assert reponse["Content-Type"] == "application/pdf"
    assert "no-store" in reponse["Cache-Control"]
    assert reponse["Content-Disposition"] == 'attachment; filename="coupons-enquete-0980001U.pdf"'
    assert {empreinte_du_coupon(code) for code in codes_de(reponse.content.decode())} == set(
        Coupon.objects.values_list("pk", flat=True)
    )
    assert client.post(adresse(enquete), dict(planche.fields)).content == reponse.content
    apres = client.get(adresse(enquete))
    assert "12 coupons sont tirés pour 12 personnes invitées. Rien ne dit lesquels ont servi." in texte(apres)
    assert " ".join(DEJA.split()) in texte(apres)
    assert "Il en reste 2 à tirer." in texte(apres)
    secours = client.post(adresse(enquete), {"nombre": "2"})
    assert len(codes_de(secours.content.decode())) == 2
    suivi = client.get(reverse("enquete", args=[monde.college.uai, enquete.pk]))
    assert "14 coupons sont tirés, dont 2 de secours." in texte(suivi)


@pytest.mark.parametrize(
    ("demande", "phrase"),
    [
        ({}, "Cette page est incomplète : rechargez-la."),
        ({"cle": "autre"}, "Cette page est incomplète : rechargez-la."),
        ({"cle": f"{CLE}"}, " ".join(DEJA.split())),
        ({"nombre": "9"}, "Il reste 4 coupons de secours à tirer."),
        ({"nombre": "0"}, "Assurez-vous que cette valeur est supérieure ou égale à 1."),
        ({"nombre": "deux"}, "Saisissez un nombre entier."),
    ],
)
def test_un_tirage_refuse(client, monde, enquete, tirer, demande, phrase):
    tirer(enquete)
    client.force_login(monde.chef)
    reponse = client.post(adresse(enquete), demande)
    assert reponse.status_code == 422
    assert phrase in texte(reponse)
    assert Coupon.objects.count() == 48


# --- What is printed ----------------------------------------------------------------------------------------
@pytest.fixture
def etablissement(monde: Monde) -> Etablissement:
    monde.college.nom = "Collège <b>Jean</b> & Marie, des Trois Rivières et du Bas-Pays de la Haute-Vallée"
    return monde.college


def test_l_affiche(client, monde, etablissement, maintenant):
    etablissement.save()
    enquete = une_enquete(etablissement, monde.chef, maintenant, forme="pouls", seuil=7)
    client.force_login(monde.referent)
    reponse = client.get(adresse(enquete, "enquete_affiche"), secure=True)
    assert reponse["Content-Disposition"] == 'attachment; filename="affiche-enquete-0980001U.pdf"'
    pdf = reponse.content
    assert manquements(pdf) == []
    (lue,) = feuilles(pdf)
    for attendu in (
        etablissement.nom,
        "3 minutes, sur téléphone ou ordinateur, sans compte.",
        "testserver/enquete/",
        en_paquets(enquete.code),
        "Ni nom, ni compte, ni adresse, ni heure ne sont enregistrés.",
        "un groupe de moins de 7 personnes",
    ):
        assert attendu in lue
    assert "https" not in lue
    with pikepdf.open(io.BytesIO(pdf)) as ouvert:
        assert str(ouvert.docinfo["/Title"]) == f"Affiche de l'enquête · {etablissement.nom}"
    assert [nature for nature, *_ in elements(pdf)].count("/Figure") == 1
    assert client.head(adresse(enquete, "enquete_affiche")).status_code == 200


@pytest.mark.parametrize(("acces", "il_y_a"), [("coupons", 0), ("lien", 30)])
def test_pas_d_affiche_sans_lien_ni_apres_la_cloture(client, monde, maintenant, acces, il_y_a):
    client.force_login(monde.chef)
    enquete = une_enquete(monde.college, monde.chef, maintenant - il_y_a * JOUR, acces=acces)
    reponse = client.get(adresse(enquete, "enquete_affiche"), follow=True)
    assert reponse.redirect_chain == [(reverse("enquete", args=[monde.college.uai, enquete.pk]), 302)]
    assert "L'affiche sert tant que l'enquête reçoit des réponses par un lien partagé." in texte(reponse)


def test_dix_coupons_par_page(enquete, etablissement):
    enquete.etablissement = etablissement
    codes = [code_de(bytes([rang]) * 32, 26) for rang in range(1, 24)]
    pdf = rendre_coupons_pdf(enquete, codes, "http://localhost:8000/")
    assert manquements(pdf) == []
    mode_d_emploi, *planches = feuilles(pdf)
    assert "23 coupons" in mode_d_emploi
    assert "nulle part ailleurs" in mode_d_emploi
    assert [len(CODE.findall(planche)) for planche in planches] == [10, 10, 3]
    assert codes_de(" ".join(planches)) == codes
    assert [nature for nature, *_ in elements(pdf)].count("/Figure") == 23
    lue = planches[2]
    assert lue.count("http://localhost:8000/enquete/") == lue.count("Une seule réponse.") == 3
    assert lue.count("rien ne dit s'il a servi") == 3


def test_le_carre_se_lit(enquete):
    """The path draws the very modules of the code, with its white margin."""
    lien = "https://paliers.exemple.invalid/enquete/#7K2M-9QXA-B4TD"
    carre = carre_a_viser(lien)
    modules = [list(ligne) for ligne in segno.make(lien, error="m", micro=False).matrix]
    dessines = [[0] * len(modules) for _ in modules]
    for colonne, ligne, longueur in re.findall(r"M(\d+) (\d+)\.5h(\d+)", carre["trace"]):
        for pas in range(int(longueur)):
            dessines[int(ligne) - MARGE][int(colonne) - MARGE + pas] = 1
    assert dessines == modules
    assert carre["cote"] == len(modules) + 8
