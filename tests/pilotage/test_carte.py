"""The map of a territory: where schools stand, one by one or by places, and what is said of those it cannot show."""

import re
from itertools import pairwise

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from strategie.pilotage.interfaces.carte import FICHIER, HORS_DE_L_ACADEMIE, SANS_COORDONNEES, contours
from strategie.socle.interfaces.cartes import (
    CELLULES_MAX,
    HAUTEUR_MAX,
    LARGEUR,
    SEULS_MAX,
    Boite,
    Lieu,
    Projection,
    boite_lue,
    dessiner_carte,
)
from strategie.socle.models import Academie, Etablissement
from strategie.socle.rules import lettre_uai

RENNES = Boite(-5.2, 47.2, -1.0, 49.0)


def lieu(longitude, latitude, etat="signe", commune="Ville"):
    return Lieu(longitude, latitude, etat, "Collège", commune, "/x/")


# --- Geometry ---------------------------------------------------------------------------------------------------------
def test_chaque_academie_du_fichier_est_la_ou_elle_est():
    """One point of each, by heart."""
    assert contours()["01"].boite.contient(2.35, 48.86)
    assert contours()["28"].boite.contient(55.5, -21.1)
    assert contours()["70"].boite.contient(-0.36, 49.18)
    assert contours()["44"].boite.contient(-56.2, 46.8)
    assert contours()["70"].boite.ouest > -3  # Saint-Pierre-et-Miquelon is not drawn with Normandie
    assert len(contours()) == 31
    for contour in contours().values():
        assert all(len(anneau) > 3 for anneau in contour.anneaux)


def test_le_fichier_des_contours_reste_leger():
    assert FICHIER.stat().st_size < 60_000
    assert "Licence Ouverte 2.0" in FICHIER.read_text(encoding="utf-8")


@given(st.floats(-5, -1), st.floats(47.2, 49))
def test_la_projection_revient_sur_ses_pas(longitude, latitude):
    projection = Projection(RENNES)
    x, y = projection.point(longitude, latitude)
    assert 0 <= x <= LARGEUR
    assert 0 <= y <= projection.hauteur <= HAUTEUR_MAX
    retour = projection.degres(x, y)
    assert abs(retour[0] - longitude) < 0.01
    assert abs(retour[1] - latitude) < 0.01


def test_le_nord_est_en_haut_et_l_est_a_droite():
    projection = Projection(RENNES)
    (ouest, nord), (est, sud) = projection.point(-4.5, 48.4), projection.point(-1.7, 47.5)
    assert ouest < est
    assert nord < sud


@given(st.lists(st.tuples(st.floats(-4.9, -1.1), st.floats(47.3, 48.9)), max_size=700))
def test_aucun_etablissement_ne_se_perd(places):
    carte = dessiner_carte([lieu(x, y) for x, y in places], None, plein="signe")
    assert len(carte.marques) + sum(cellule.nombre for cellule in carte.cellules) == len(places)
    assert not (carte.marques and carte.cellules)
    assert len(carte.marques) <= SEULS_MAX
    assert len(carte.cellules) <= CELLULES_MAX
    for cellule in carte.cellules:
        assert 0 <= cellule.x <= LARGEUR
        assert cellule.part == 1


def test_au_meme_endroit_les_marques_ne_se_cachent_pas():
    carte = dessiner_carte([lieu(-2, 48)] * 30, None)
    places = {(marque.x, marque.y) for marque in carte.marques}
    assert len(places) == 30
    proches = [abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in pairwise(sorted(places))]
    assert min(proches) > 2


def test_une_cellule_s_ouvre_sur_les_siens():
    """Closer and closer, until each is drawn by itself."""
    lieux = [lieu(-4 + n % 40 / 20, 47.5 + n // 40 / 40, commune=f"Ville {n % 7}") for n in range(1200)]
    carte = dessiner_carte(lieux, None)
    for cellule in carte.cellules:
        pres = dessiner_carte(lieux, None, cadre=cellule.cadre)
        assert len(pres.marques) + sum(c.nombre for c in pres.cellules) >= cellule.nombre
    cellule = max(carte.cellules, key=lambda c: c.nombre)
    assert dessiner_carte(lieux, None, cadre=cellule.cadre).marques


@pytest.mark.parametrize(
    "texte", ["", "1,2,3", "a,b,c,d", "3,1,2,4", "0,0,nan,1", "0,0,1,inf", "-200,0,1,1", "1e999,1,2,3"]
)
def test_un_cadre_qui_n_en_est_pas_un(texte):
    assert boite_lue(texte) is None


def test_un_cadre_se_relit():
    assert boite_lue(str(RENNES)) == RENNES


def test_sans_rien_la_carte_est_vide():
    assert dessiner_carte([], None).vide
    paris = dessiner_carte([], contours()["01"], entier=True)
    assert paris.vide
    assert paris.contour.startswith("M")


# --- The page ---------------------------------------------------------------------------------------------------------
def placer(ecole, latitude, longitude):
    Etablissement.objects.filter(pk=ecole.pk).update(latitude=latitude, longitude=longitude)


def situer(monde):
    placer(monde.college, 48.11, -1.67)
    placer(monde.voisin_college, 48.2, -1.5)


def de_la_carte(page):
    return html.fromstring(page.content.decode()).xpath("//svg[@class='geo']")[0]


def test_la_carte_dit_chaque_etablissement(client, dossier):
    monde = dossier.monde
    situer(monde)
    client.force_login(monde.animatrice)
    page = client.get(reverse("carte_du_territoire", args=["district", monde.district.pk]))
    liens = de_la_carte(page).xpath(".//a")
    assert [lien.get("href") for lien in liens] == [
        reverse("etablissement", args=[uai]) for uai in ("0980001U", "0980002V")
    ]
    assert [lien.xpath("./title")[0].text.split("\u00a0")[0] for lien in liens] == [
        "Collège du Test, Saint-Exemple",
        "Collège voisin, Saint-Exemple",
    ]
    lignes = html.fromstring(page.content.decode()).xpath("//section[@id='tableau-de-la-carte']//tbody/tr")
    assert len(lignes) == 2


def test_ceux_que_la_carte_ne_montre_pas_sont_dits(client, monde):
    """No coordinates, or coordinates out of the académie: by name, with the reason."""
    Academie.objects.filter(pk=monde.academie.pk).update(code="14")
    placer(monde.college, 48.11, -1.67)
    placer(monde.voisin_college, 0, 0)
    client.force_login(monde.rectorat)
    page = client.get(reverse("carte_du_territoire", args=["academie", monde.academie.pk]))
    dit = page.content.decode()
    assert f"Collège voisin</a>, Saint-Exemple&nbsp;: {HORS_DE_L_ACADEMIE}".replace("'", "&#x27;") in dit
    assert f"Collège lointain</a>, Saint-Exemple&nbsp;: {SANS_COORDONNEES}".replace("'", "&#x27;") in dit
    assert "Licence Ouverte 2.0" in dit
    assert de_la_carte(page).xpath(".//path[@class='contour']")


def test_un_district_sans_etablissement_a_sa_page(client, monde):
    vide = monde.academie.districts.create(nom="Vide")
    client.force_login(monde.rectorat)
    page = client.get(reverse("carte_du_territoire", args=["district", vide.pk]))
    assert "Aucun établissement n'est rattaché à ce territoire." in page.content.decode()


def test_ce_qui_n_existe_pas_est_ignore_et_dit(client, dossier):
    situer(dossier.monde)
    client.force_login(dossier.monde.animatrice)
    adresse = reverse("carte_du_territoire", args=["district", dossier.monde.district.pk])
    for demande in ({"champ": "ZZZ"}, {"cadre": "0,0"}, {"etat": "xyz"}, {"annee": "1900-1901"}):
        page = client.get(adresse, demande)
        assert page.status_code == 200
        assert "il est ignoré" in page.content.decode()
    assert "il est ignoré" not in client.get(adresse, {"champ": "PIL"}).content.decode()


def des_ecoles(monde, combien):
    """Spread over the académie, some in each commune."""
    ici = monde.college.departement
    Etablissement.objects.bulk_create(
        Etablissement(
            uai=f"{(n := f'098{numero:04}')}{lettre_uai(n)}",
            nom=f"École {numero}",
            type="ecole",
            source="registre",
            departement=ici,
            academie=ici.academie,
            district=monde.district,
            commune=f"Commune {numero % 400}",
            latitude=47.5 + numero % 97 / 80,
            longitude=-4 + numero % 89 / 40,
        )
        for numero in range(1000, 1000 + combien)
    )


def test_six_mille_etablissements_tiennent_en_une_page_legere(client, monde):
    des_ecoles(monde, 6000)
    client.force_login(monde.rectorat)
    adresse = reverse("carte_du_territoire", args=["academie", monde.academie.pk])
    client.get(adresse)
    page = client.get(adresse)
    assert len(page.content) < 100_000
    liens = de_la_carte(page).xpath(".//a")
    assert 20 < len(liens) <= CELLULES_MAX
    assert sum(int(lien.xpath("./text")[0].text) for lien in liens) == 6000
    plus_pres = client.get(adresse + liens[0].get("href"))
    assert plus_pres.status_code == 200
    assert "Toute la carte" in plus_pres.content.decode()


def test_autant_de_requetes_pour_six_cents_que_pour_deux(client, monde):
    situer(monde)
    client.force_login(monde.rectorat)
    adresse = reverse("carte_du_territoire", args=["academie", monde.academie.pk])
    peu = len(client.get(adresse).requetes)
    des_ecoles(monde, 600)
    assert len(client.get(adresse).requetes) == peu == 6


def test_la_carte_en_fichier_se_lit_seule(client, dossier):
    """Its title, what it shows, its legend; nothing that it would fetch, whatever a name holds."""
    monde = dossier.monde
    placer(monde.college, 48.11, -1.67)
    Etablissement.objects.filter(pk=monde.college.pk).update(nom="<script>&nbsp;\x0b")
    client.force_login(monde.animatrice)
    adresse = reverse("carte_du_territoire_svg", args=["district", monde.district.pk])
    reponse = client.get(adresse, {"champ": "FOR", "annee": dossier.annee, "q": "saint-exemple"})
    assert reponse["Content-Disposition"].startswith('attachment; filename="carte-district-1-')
    dessin = etree.fromstring(reponse.content)
    liens = {valeur for noeud in dessin.iter() for nom, valeur in noeud.attrib.items() if nom.endswith(("href", "src"))}
    assert {lien[:3] for lien in liens} == {"#m-"}
    dit = " ".join(" ".join(dessin.itertext()).split())
    for mots in (
        "Carte des établissements · District · District 1",
        f"2 établissements : Formation, palier de la dernière copie signée {dossier.annee}.",
        "Seulement : « saint-exemple ».",
        "<script>&nbsp;?, Saint-Exemple : non signé",
        "Non signé : 2",
        "1 établissement sans place sur la carte.",
    ):
        assert mots in dit, mots
    hors = [texte for texte in dessin.iter("{*}text") if float(texte.get("y")) > float(dessin.get("height"))]
    assert hors == []


def test_une_commune_seule_mene_a_sa_liste(client, monde):
    des_ecoles(monde, 400)
    Etablissement.objects.filter(source="registre").update(latitude=48, longitude=-2, commune="L'Unique & Cie")
    client.force_login(monde.rectorat)
    adresse = reverse("carte_du_territoire", args=["academie", monde.academie.pk])
    [lien] = de_la_carte(client.get(adresse)).xpath(".//a")
    liste = client.get(lien.get("href"))
    assert liste.status_code == 200
    assert re.search(r"40[0-9]\u00a0établissements", liste.content.decode())
