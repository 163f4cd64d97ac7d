"""The heat table and the lists behind figures: sorts, filters, pages by key, letters."""

import pytest
from django.urls import reverse
from lxml import html

from budget.models import Equipement
from diagnostic.domain.cotation import Valeur
from strategie.pilotage.views import territoires as vues
from strategie.socle.domain.calendrier import annee_precedente
from strategie.socle.models import Etablissement
from tests.pilotage.territoires import des_ecoles, recompter, signer_pour


def rangees(reponse) -> list[list[str]]:
    page = html.fromstring(reponse.content)
    return [[" ".join(c.text_content().split()) for c in ligne] for ligne in page.xpath("//main//table/tbody/tr")]


def noms(reponse) -> list[str]:
    page = html.fromstring(reponse.content)
    return [lien.text_content() for lien in page.xpath("//main//table/tbody/tr/th/a")]


def adresse(monde, page: str = "carte_de_chaleur", suite: str = "") -> str:
    return reverse(page, args=["district", monde.district.pk]) + suite


@pytest.fixture
def quatre(dossier):
    """Four schools that have signed: two at palier 3 everywhere, one before the first, one where nothing is known."""
    valeurs = (Valeur.oui, Valeur.non, Valeur.oui, Valeur.ne_sait_pas)
    for ecole, valeur in zip(des_ecoles(dossier.monde, 4), valeurs, strict=True):
        signer_pour(ecole, dossier, valeur)
    recompter()
    return dossier.monde


def test_les_paliers_sont_ecrits_et_ce_qui_n_est_pas_etabli_se_dit(client, quatre):
    client.force_login(quatre.animatrice)
    lignes = {ligne[0]: ligne[1:7] for ligne in rangees(client.get(adresse(quatre)))}
    assert lignes["Collège 100 Saint-Exemple"] == ["3"] * 6
    assert lignes["Collège 101 Saint-Exemple"] == ["0"] * 6
    assert lignes["Collège 103 Saint-Exemple"] == ["01 non établi"] * 6
    assert lignes["Collège voisin Saint-Exemple"] == ["–non signé"] * 6


@pytest.mark.parametrize(
    ("tri", "attendus"),
    [
        ("", ["Collège 100", "Collège 101", "Collège 102", "Collège 103", "Collège du Test", "Collège voisin"]),
        ("-FOR", ["Collège 100", "Collège 102", "Collège 101", "Collège 103", "Collège du Test", "Collège voisin"]),
        ("FOR", ["Collège 101", "Collège 103", "Collège 100", "Collège 102", "Collège du Test", "Collège voisin"]),
    ],
)
def test_trier_par_un_champ_puis_par_nom_les_non_signes_a_la_fin(client, quatre, tri, attendus):
    client.force_login(quatre.animatrice)
    reponse = client.get(adresse(quatre, suite=f"?tri={tri}"))
    assert noms(reponse) == attendus
    entetes = html.fromstring(reponse.content).xpath("//thead//th[@aria-sort]")
    trie = {"": ("Établissement", "ascending"), "-FOR": ("Formation", "descending"), "FOR": ("Formation", "ascending")}
    assert [(th.text_content(), th.get("aria-sort")) for th in entetes] == [trie[tri]]


@pytest.mark.parametrize("tri", ["", "-FOR", "FOR", "-PIL"])
def test_les_pages_se_suivent_sans_trou_ni_doublon(client, quatre, monkeypatch, tri):
    client.force_login(quatre.animatrice)
    entiere = noms(client.get(adresse(quatre, suite=f"?tri={tri}")))
    monkeypatch.setattr(vues, "TAILLE_CARTE", 2)
    lues, suite = [], f"?tri={tri}"
    for _ in range(3):
        reponse = client.get(adresse(quatre, suite=suite))
        lues.append(noms(reponse))
        [lien] = html.fromstring(reponse.content).xpath("//a[@rel='next']/@href") or [""]
        suite = lien
    assert (suite, [len(page) for page in lues]) == ("", [2, 2, 2])
    assert [nom for page in lues for nom in page] == entiere


def test_aller_a_une_lettre(client, quatre, monkeypatch):
    des_ecoles(quatre, 1, a_partir_de=300)
    Etablissement.objects.filter(nom="Collège 300").update(nom="École Élégante")
    Etablissement.objects.filter(nom="Collège voisin").update(nom="Lycée voisin")
    monkeypatch.setattr(vues, "TAILLE_CARTE", 2)
    client.force_login(quatre.animatrice)
    reponse = client.get(adresse(quatre))
    lettres = html.fromstring(reponse.content).xpath("//nav[@aria-label='Aller à une lettre']//a")
    assert [lettre.text_content() for lettre in lettres] == ["C", "E", "L"]
    assert noms(client.get(adresse(quatre, suite=lettres[1].get("href")))) == ["École Élégante", "Lycée voisin"]


# --- Each filter leads to the schools that it says ----------------------------------------------------------------
@pytest.fixture
def varie(dossier):
    """A school for each filter, and the others that it must leave out."""
    monde = dossier.monde
    signee, baisse, equipee, _ = des_ecoles(monde, 4, effectif=100)
    signer_pour(signee, dossier, Valeur.oui)
    avant = annee_precedente(dossier.annee)
    signer_pour(baisse, dossier, Valeur.oui, annee=avant)
    signer_pour(baisse, dossier, Valeur.non)
    Equipement.objects.create(
        academie=monde.academie, etablissement=equipee, designation="Vieux", categorie="fixe", achete_le="2001-01-05"
    )
    Equipement.objects.create(academie=monde.academie, etablissement=equipee, designation="Écran", categorie="ecran")
    Etablissement.objects.filter(pk=equipee.pk).update(type="ecole")
    recompter()
    return monde


@pytest.mark.parametrize(
    ("suite", "attendus"),
    [
        ("etat=signe", ["Collège 100", "Collège 101"]),
        ("etat=brouillon", ["Collège du Test"]),
        ("etat=a_signer", ["Collège 102", "Collège 103", "Collège du Test", "Collège voisin"]),
        ("palier=PIL.3", ["Collège 100"]),
        ("palier=PIL.0", ["Collège 101"]),
        ("change=baisse.PIL", ["Collège 101"]),
        ("change=hausse.PIL", []),
        ("change=compares.PIL", ["Collège 101"]),
        ("manque=PIL-1-1", ["Collège 101"]),
        ("type=ecole", ["Collège 102"]),
        ("equipement=ecran", ["Collège 102"]),
        ("equipement=tout", ["Collège 102"]),
        ("achat=2001", ["Collège 102"]),
        ("achat=avant", ["Collège 102"]),
        ("achat=inconnue", []),
        ("fin=passee", ["Collège 102"]),
        ("fin=inconnue", ["Collège 102"]),
        ("fin=2090", []),
        ("formation=besoins", []),
        ("actions=retard", []),
        ("q=103", ["Collège 103"]),
        ("q=COLLEGE+voisin", ["Collège voisin"]),
        ("etat=signe&q=100", ["Collège 100"]),
        ("etat=signe&type=ecole", []),
    ],
)
def test_chaque_filtre(client, varie, suite, attendus):
    client.force_login(varie.animatrice)
    for page in ("etablissements_du_territoire", "carte_de_chaleur"):
        reponse = client.get(adresse(varie, page, f"?{suite}"))
        assert noms(reponse) == attendus, page
        assert "ignoré" not in reponse.content.decode()


def test_la_liste_reprend_apres_sa_cle(client, varie):
    client.force_login(varie.animatrice)
    liste = adresse(varie, "etablissements_du_territoire")
    tous = list(Etablissement.objects.filter(district=varie.district).order_by("recherche", "uai"))
    cle = f"0|{tous[1].recherche}|{tous[1].uai}"
    assert noms(client.get(liste, {"apres": cle})) == [ecole.nom for ecole in tous[2:]]
