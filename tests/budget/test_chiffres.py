"""The figures of a school's equipment: what they count, what they leave out and say so, their files, their queries."""

import csv
import datetime
import io
import re
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from budget.domain.equipements import Tenant, changer_etat_en_lot
from budget.interfaces.barres import BARRE, Valeur, barres
from budget.interfaces.chiffres import PageDesChiffres
from budget.models import Categorie, Equipement
from budget.queries.chiffres import (
    FAMILLES,
    Age,
    Part,
    parc_de,
    part_a_reprendre,
    part_agee,
    part_depassee,
    part_vue,
    pyramide,
)
from tests.budget.parc import des_equipements, referent_de

JOUR = datetime.date(2026, 11, 26)
MIDI = datetime.datetime(2026, 11, 26, 12, tzinfo=datetime.UTC)


def le(texte: str) -> datetime.date:
    return datetime.date.fromisoformat(texte)


def mettre(monde, nombre: int, categorie: str = "portable", achete: str | None = None, **champs) -> list[Equipement]:
    achete_le = le(achete) if achete else None
    return des_equipements(
        monde.college, categorie=categorie, nombre=nombre, achete_le=achete_le, maintenant=MIDI, **champs
    )


def sortir(monde, lignes: list[Equipement], destination: str = "don") -> None:
    changer_etat(monde, lignes, "sorti", destination=destination)


def changer_etat(monde, lignes: list[Equipement], etat: str, **champs) -> None:
    changer_etat_en_lot(
        etablissement=monde.college,
        cles=[ligne.pk for ligne in lignes],
        etat=etat,
        tenant=Tenant(referent_de(monde.college)),
        maintenant=MIDI,
        **champs,
    )


@pytest.fixture
def parc(monde):
    """A small school's: 640 pupils, things of each kind, one gone, some without a date or a price."""
    monde.college.effectif = 640
    monde.college.save()
    mettre(monde, 30, "tablette", "2023-09-01", prix=Decimal("320.50"), proprietaire="departement")
    mettre(monde, 60, "portable", "2020-09-01", prix=Decimal("600"), proprietaire="departement")
    mettre(monde, 30, "fixe", None)
    mettre(monde, 4, "fixe", "2016-01-15", domaine="administratif", proprietaire="eple")
    changer_etat(monde, mettre(monde, 8, "videoprojecteur", "2020-01-15", prix=Decimal("450")), "a_reparer")
    sortir(monde, mettre(monde, 12, "portable", "2015-01-15"))
    return parc_de(monde.college, JOUR)


# --- What is counted ------------------------------------------------------------------------------------
def test_les_terminaux_pedagogiques_pour_cent_eleves(parc):
    """120 for 640 pupils; those of the administration and those that left are not counted."""
    assert parc.terminaux_pour_cent_eleves == Decimal("18.8")
    assert parc.ordinateurs_pour_cent_eleves == Decimal("14.1")
    assert parc.nombre == 132


@pytest.mark.parametrize("effectif", [None, 0])
def test_sans_nombre_d_eleves_rien_n_est_rapporte_a_cent(monde, parc, effectif):
    monde.college.effectif = effectif
    assert parc_de(monde.college, JOUR).terminaux_pour_cent_eleves is None


def test_les_parts_disent_ce_qu_elles_laissent(parc):
    """The 60 laptops of 2020 and the 4 fixed ones are past six years."""
    assert part_agee(parc.terminaux) == Part(64, 94, 30)
    assert part_depassee(parc.presentes) == Part(64, 102, 30)
    assert part_depassee(parc.pedagogiques) == Part(60, 98, 30)
    assert part_a_reprendre(parc.presentes) == Part(8, 132)
    assert part_vue(parc.presentes) == Part(0, 132)


def test_ce_qui_est_prete_n_est_pas_attendu_au_controle(monde, parc):
    Equipement.objects.filter(categorie="tablette").update(prete_a="eleve", prete_le=JOUR)
    Equipement.objects.filter(categorie="videoprojecteur").update(vu_le=le("2026-08-15"))
    Equipement.objects.filter(categorie="fixe").update(vu_le=le("2026-08-14"))
    assert part_vue(parc_de(monde.college, JOUR).presentes) == Part(8, 102)


def test_la_pyramide_met_chaque_chose_a_son_age(parc):
    ages = {age.age: age for age in pyramide(parc.presentes) if age.nombre}
    assert ages == {3: Age(3, 30, 0), 6: Age(6, 68, 60), 10: Age(10, 4, 4), None: Age(None, 30, 0)}
    assert [age.age for age in pyramide(parc.presentes)] == [*range(11), None]


def test_chaque_categorie_est_dans_une_famille_et_une_seule():
    rangees = [categorie for famille in FAMILLES for categorie in famille.categories]
    assert sorted(rangees) == sorted(Categorie.values)


def test_la_prevision_met_le_retard_a_part(parc):
    page = PageDesChiffres(parc)
    lues = {
        ligne.libelle: (
            ligne.echeance.nombre,
            ligne.terminaux,
            ligne.echeance.montant,
            ligne.echeance.sans_prix,
        )
        for ligne in page.echeances
        if ligne.echeance.nombre
    }
    assert lues == {
        "En retard": (64, 64, Decimal("36000.00"), 4),
        "2028": (38, 30, Decimal("13215.00"), 0),
        "Sans date": (30, 30, Decimal("0.00"), 30),
    }
    assert [ligne.libelle for ligne in page.echeances][1:9] == [str(annee) for annee in range(2026, 2034)]
    assert (page.a_l_horizon.echeance.nombre, page.total.echeance.nombre) == (102, 132)


def test_une_autre_ecole_n_y_est_pas(monde, parc):
    assert parc_de(monde.voisin_college, JOUR).nombre == 0


# --- Drawings -------------------------------------------------------------------------------------------
def test_une_barre_dit_sa_part_et_ne_disparait_jamais():
    dessin = barres("Âges", [Valeur("a", 1000, "1 000", 250), Valeur("b", 1, "1"), Valeur("c", 0, "0")], 1000)
    lues = [(barre.pleine, barre.hachuree) for barre in dessin.barres]
    assert lues == [(BARRE - BARRE // 4, BARRE // 4), (2, 0), (0, 0)]
    assert dessin.description == "a, 1 000\u00a0; b, 1\u00a0; c, 0"
    assert dessin.barres[0].x_mots <= 250


# --- The page -------------------------------------------------------------------------------------------
def page_de(client, monde, qui=None) -> str:
    client.force_login(qui or monde.chef)
    return client.get(reverse("chiffres_du_parc", args=[monde.college.uai])).content.decode()


def texte(page: str) -> str:
    return " ".join(html.fromstring(page).text_content().split())


def test_la_page_dit_chaque_chiffre_et_son_repere(client, monde, parc):
    dite = texte(page_de(client, monde))
    assert "18,8 pour 100 élèves : 120 terminaux pédagogiques pour 640 élèves" in dite
    assert "en 2018-2019, dans le public, 33,8 ordinateurs pour 100 élèves dans les collèges" in dite
    assert "Un repère, pas une cible" in dite
    assert dite.count("Comment c'est calculé") == 5
    assert "Sans date" in dite and "n'ont pas de prix" in dite
    assert "En plus, 12 équipements sont sortis de l'inventaire" in dite


def test_chaque_nombre_mene_a_sa_liste(client, monde, parc):
    """The page's links, followed, say the same number as the figure that they carry."""
    arbre = html.fromstring(page_de(client, monde))
    liens = arbre.xpath("//td/a | //p[contains(@class, 'grand')]/a")
    assert len(liens) > 15
    for lien in liens:
        dit = int(re.sub(r"\D", "", lien.text_content().split("\u00a0")[0]))
        assert choses_de_la_liste(client.get(lien.get("href")).content) == dit, lien.get("href")


def choses_de_la_liste(page: bytes) -> int:
    """« 2 lignes (60 équipements) : … », « 1 ligne : … » when each counts one, else the whole inventory."""
    arbre = html.fromstring(page)
    actifs = " ".join(arbre.xpath("string(//p[@class='filtres-actifs'])").split())
    dits = re.search(r"\((\d+) équipement", actifs) or re.match(r"(\d+) ligne", actifs)
    return int(dits[1] if dits else arbre.xpath("string(//p[@class='chapo'])").split()[0])


@pytest.mark.parametrize("effectif", [None, 0])
def test_sans_nombre_d_eleves_la_page_dit_quoi_faire(client, monde, parc, effectif):
    monde.college.effectif = effectif
    monde.college.save()
    dite = texte(page_de(client, monde))
    assert "rien ne peut être rapporté à 100 élèves" in dite
    assert "annuaire de l'éducation : faites-le compléter" in dite
    assert "120 terminaux pédagogiques" in dite


def test_sans_aucune_date_la_part_est_dite_inconnue(client, monde):
    mettre(monde, 3)
    dite = texte(page_de(client, monde))
    assert "Rien n'est daté : cette part n'est pas connue" in dite
    assert "0 %" not in dite.split("États et propriétaires")[0]


def test_un_inventaire_vide_dit_par_ou_commencer(client, monde):
    dite = texte(page_de(client, monde))
    assert "Rien à compter pour l'instant" in dite and "Aller à l'inventaire" in dite


def test_autant_de_requetes_pour_une_ligne_que_pour_trois(client, monde, django_assert_num_queries):
    monde.college.effectif = 640
    monde.college.save()
    client.force_login(monde.chef)
    adresse = reverse("chiffres_du_parc", args=[monde.college.uai])
    for categorie in ("portable", "tablette", "tableau"):
        mettre(monde, 2, categorie, "2022-01-15", prix=Decimal("10"))
        with django_assert_num_queries(6):
            client.get(adresse)


# --- Files ----------------------------------------------------------------------------------------------
def test_les_fichiers_disent_les_nombres_de_la_page(client, monde, parc):
    client.force_login(monde.chef)
    page = PageDesChiffres(parc_de(monde.college, timezone.localdate()))
    attendues = [
        (ligne.libelle, ligne.echeance.nombre, ligne.terminaux, ligne.echeance.montant, ligne.echeance.sans_prix)
        for ligne in page.echeances
    ]
    envoi = client.get(reverse("chiffres_csv", args=[monde.college.uai]))
    lignes = list(csv.reader(io.StringIO(b"".join(envoi).decode("utf-8-sig")), delimiter=";"))
    assert [
        (nom, int(nombre), int(terminaux), Decimal(montant.replace(",", ".")), int(sans))
        for nom, nombre, terminaux, montant, sans in lignes[1:]
    ] == attendues
    envoi = client.get(reverse("chiffres_xlsx", args=[monde.college.uai]))
    feuille = openpyxl.load_workbook(io.BytesIO(envoi.content)).active
    lues = list(feuille.iter_rows(min_row=2, values_only=True))
    assert [(n, a, t, Decimal(str(m)).quantize(Decimal("0.01")), s) for n, a, t, m, s in lues] == attendues
    assert [cellule.value for cellule in feuille[1]] == lignes[0]
