"""The heat table and the lists behind figures: sorts, filters, pages by key, letters."""

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from lxml import html

from budget.models import Equipement
from diagnostic.domain.cotation import Valeur
from strategie.pilotage.interfaces import ecoles_du_territoire as papier
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


# --- On paper -----------------------------------------------------------------------------------------------------
def test_le_papier_dit_ses_filtres_et_son_ordre(client, quatre, monkeypatch):
    """The same schools in the same order, without laying out a page."""
    rendues = []

    def en_html(gabarit, contexte, **entete) -> bytes:
        rendues.append(render_to_string(gabarit, contexte | entete | {"date_pdf": ""}))
        return b""

    monkeypatch.setattr(papier, "rendre_pdf", en_html)
    client.force_login(quatre.animatrice)
    choix = "?etat=signe&q=college&tri=-FOR"
    for page in ("carte_de_chaleur_pdf", "etablissements_du_territoire_pdf"):
        assert client.get(adresse(quatre, page, choix)).status_code == 200
    chaleur, liste = (html.fromstring(rendue) for rendue in rendues)
    par_nom = ["Collège 100", "Collège 101", "Collège 102", "Collège 103"]
    for rendue, ordre in ((chaleur, [par_nom[rang] for rang in (0, 2, 1, 3)]), (liste, par_nom)):
        assert [th.text.strip() for th in rendue.xpath("//tbody//th")] == ordre
        assert "Seulement\u00a0: Signé, «\u00a0college\u00a0»." in rendue.text_content()
    assert "par Formation, du palier le plus haut au plus bas, puis par nom" in chaleur.findtext(".//caption")
    assert [td.text_content() for td in chaleur.xpath("//tbody/tr[4]/td")][:6] == ["01\u00a0non établi"] * 6


def test_au_dela_de_ce_qui_s_imprime_la_page_dit_quoi_faire(client, quatre, monkeypatch):
    monkeypatch.setattr(vues, "ECOLES_IMPRIMEES", 3)
    client.force_login(quatre.animatrice)
    refus = client.get(adresse(quatre, "carte_de_chaleur_pdf", "?etat=signe&tri=FOR"), follow=True)
    assert noms(refus) == ["Collège 101", "Collège 103", "Collège 100", "Collège 102"]
    assert "filtrez-le, choisissez un territoire plus petit, ou prenez le classeur (XLSX)" in refus.content.decode()


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
