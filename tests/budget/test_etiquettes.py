"""Labels: numbers that follow one another, sheets that print where they are stuck, squares that open the right page."""

import io
import re
from itertools import pairwise

import pikepdf
import pytest
import segno
from django.urls import reverse
from django.utils import timezone
from lxml import html

from budget.domain.equipements import Tenant, changer_etat_en_lot, constater
from budget.domain.etiquettes import numeroter
from budget.interfaces.etiquettes import rendre_etiquettes_pdf
from budget.models import Equipement
from budget.rules.etiquettes import PLANCHES, numeros_suivants
from diagnostic.interfaces.pdf_enquete import MARGE
from plans.domain.corbeille import mettre_a_la_corbeille
from tests.budget.parc import des_equipements, un_lot, une_salle
from tests.pdf import elements, feuilles, manquements


def adresse(monde, nom="etiquettes", *suite, **parametres) -> str:
    return reverse(nom, args=[monde.college.uai, *suite], query=parametres or None)


def texte(reponse) -> str:
    return " ".join(html.fromstring(reponse.content).find(".//main").text_content().split())


def etiquettes() -> list[str]:
    return list(Equipement.objects.order_by("pk").values_list("etiquette", flat=True))


def rendre(monde, choses, planche="24", premiere=1) -> bytes:
    return rendre_etiquettes_pdf(monde.college, choses, PLANCHES[planche], premiere, lambda e: f"https://ex.fr/{e}")


# --- Numbers ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("donnes", "suivants"),
    [
        ([], ["P-0001", "P-0002"]),
        (["P-0007", "p-12", "X-99", "P-3b", ""], ["P-0013", "P-0014"]),
        (["P-9999"], ["P-10000", "P-10001"]),
    ],
)
def test_le_numero_suit_le_plus_grand(donnes, suivants):
    suite = numeros_suivants(donnes)
    assert [next(suite), next(suite)] == suivants


def test_numeroter_les_choses_seules_et_sans_etiquette(monde):
    (collee,) = des_equipements(monde.college, etiquettes=["P-0004"])
    (alike,) = des_equipements(monde.college, nombre=30)
    b, a = (des_equipements(monde.college, nom)[0] for nom in ("Borne", "Ancien portable"))
    (partie,) = des_equipements(monde.college)
    changer_etat_en_lot(
        etablissement=monde.college, cles=[partie.pk], etat="sorti", destination="deee",
        tenant=Tenant(monde.chef), maintenant=timezone.now(),
    )  # fmt: skip
    cles = [ligne.pk for ligne in (collee, alike, b, a, partie)]
    faites = numeroter(etablissement=monde.college, cles=cles, tenant=Tenant(monde.referent))
    assert [(ligne.designation, ligne.etiquette) for ligne in faites] == [
        ("Ancien portable", "P-0005"),
        ("Borne", "P-0006"),
    ]
    assert etiquettes() == ["P-0004", "", "P-0006", "P-0005", ""]
    assert set(Equipement.objects.filter(pk__in=[a.pk, b.pk]).values_list("version", flat=True)) == {2}
    assert numeroter(etablissement=monde.college, cles=cles, tenant=Tenant(monde.referent)) == []


def test_un_numero_a_la_corbeille_n_est_pas_redonne(monde):
    (jetee,) = des_equipements(monde.college, etiquettes=["P-0010"])
    mettre_a_la_corbeille(objet=jetee, auteur=monde.referent, maintenant=timezone.now())
    (autre,) = des_equipements(monde.college)
    (faite,) = numeroter(etablissement=monde.college, cles=[autre.pk], tenant=Tenant(monde.referent))
    assert faite.etiquette == "P-0011"


def test_une_collectivite_ne_numerote_que_ses_biens(monde):
    lignes = [des_equipements(monde.college, proprietaire=qui)[0] for qui in ("departement", "eple")]
    agent = Tenant(monde.collectivite_agent, "departement")
    assert len(numeroter(etablissement=monde.college, cles=[ligne.pk for ligne in lignes], tenant=agent)) == 1
    assert etiquettes() == ["P-0001", ""]


# --- Sheets -------------------------------------------------------------------------------------------------
def test_une_planche_commencee(monde):
    monde.college.nom = "Collège <b>Jean</b> & Marie, des Trois Rivières et du Bas-Pays de la Haute-Vallée"
    choses = des_equipements(monde.college, "Tablette <i>10</i>", etiquettes=[f"P-{n:04d}" for n in range(1, 26)])
    pdf = rendre(monde, choses, premiere=23)
    assert manquements(pdf) == []
    lues = feuilles(pdf)
    assert [re.findall(r"P-\d{4}", lue) for lue in lues] == [
        ["P-0001", "P-0002"],
        [f"P-{n:04d}" for n in range(3, 26)],
    ]
    assert "Tablette <i>10</i>" in lues[0]
    assert [nature for nature, *_ in elements(pdf)].count("/Figure") == 25
    with pikepdf.open(io.BytesIO(pdf)) as ouvert:
        assert str(ouvert.docinfo["/Title"]) == f"Étiquettes · {monde.college.nom}"


@pytest.mark.parametrize(("planche", "par_feuille"), [("24", 24), ("21", 21)])
def test_une_feuille_pleine_tient_sur_une_page(monde, planche, par_feuille):
    """Whatever is written on them: long names, long tags, serial numbers."""
    long = "Anticonstitutionnellement " * 4
    choses = des_equipements(
        monde.college,
        long.strip(),
        etiquettes=[f"INVENTAIRE-DU-DEPARTEMENT-{n:04d}" for n in range(par_feuille + 1)],
        series=[f"SERIE-{n}-" + "9" * 60 for n in range(par_feuille + 1)],
    )
    pdf = rendre(monde, choses, planche)
    assert manquements(pdf) == []
    assert [len(re.findall(r"DEPARTEMENT-\d{4}", lue)) for lue in feuilles(pdf)] == [par_feuille, 1]


def test_le_carre_dessine_l_adresse_de_la_chose(client, monde):
    """The modules that are drawn are those of the absolute address, and this address answers."""
    client.force_login(monde.referent)
    (chose,) = des_equipements(monde.college, etiquettes=["P/1 é?#"])
    scan = "http://testserver" + adresse(monde, "equipement_scan", chose.etiquette)
    modules = [list(ligne) for ligne in segno.make(scan, error="m", micro=False).matrix]
    reponse = client.get(adresse(monde, "etiquettes_pdf"))
    assert reponse["Content-Disposition"] == 'attachment; filename="etiquettes-0980001U.pdf"'
    dessines = [[0] * len(modules) for _ in modules]
    for colonne, ligne, fin in traits(reponse.content):
        dessines[ligne - MARGE][colonne - MARGE : fin - MARGE] = [1] * (fin - colonne)
    assert dessines == modules
    assert client.get(scan.removeprefix("http://testserver")).status_code == 200


def traits(pdf: bytes) -> list[tuple[int, int, int]]:
    """The horizontal strokes of the only page, in the square's own units: from where, on which row, up to where."""
    with pikepdf.open(io.BytesIO(pdf)) as ouvert:
        flux = [ouvert.pages[0], *(o for o in ouvert.objects if isinstance(o, pikepdf.Stream) and "/BBox" in o)]
        operations = [(str(nom), [float(n) for n in valeurs]) for f in flux for valeurs, nom in lire_flux(f)]
    return [
        (int(depart[0]), int(depart[1] - 0.5), int(arrivee[0]))
        for (nom, depart), (suivant, arrivee) in pairwise(operations)
        if (nom, suivant) == ("m", "l") and depart[1] == arrivee[1] and depart[1] % 1 == 0.5
    ]


def lire_flux(flux) -> list[tuple[list, str]]:
    """The moves and lines of a stream."""
    return [(list(i.operands), str(i.operator)) for i in pikepdf.parse_content_stream(flux) if str(i.operator) in "ml"]


# --- Pages --------------------------------------------------------------------------------------------------
def imprimees(reponse) -> list[str | None]:
    """The number on each label of what would be laid out (`sans_mise_en_page`); none on one that is gone."""
    lues = html.fromstring(reponse.content.decode()).find_class("eti")
    return [etiquette.findtext(".//strong") for etiquette in lues]


def test_choisir_numeroter_imprimer(client, monde, sans_mise_en_page):
    client.force_login(monde.gestionnaire)
    salle, lot = une_salle(monde.college), un_lot(monde.college)
    des_equipements(monde.college, etiquettes=["P-0001"], salle=salle.pk, lot=lot.pk)
    des_equipements(monde.college, salle=salle.pk)
    des_equipements(monde.college, "Borne", nombre=4, categorie="borne")
    lue = texte(client.get(adresse(monde, salle=salle.pk)))
    assert "1 étiquette à imprimer ; 1 chose n'a pas encore de numéro." in lue
    assert "1 ligne compte plusieurs choses à la fois" in texte(client.get(adresse(monde, categorie="borne")))
    reponse = client.post(adresse(monde, salle=salle.pk), follow=True)
    assert reponse.redirect_chain == [(adresse(monde, salle=salle.pk), 302)]
    assert "C'est numéroté : P-0002." in texte(reponse)
    choisies = {"salle": salle.pk, "planche": "21", "premiere": 2}
    assert imprimees(client.get(adresse(monde, "etiquettes_pdf", **choisies))) == [None, "P-0001", "P-0002"]
    assert imprimees(client.get(adresse(monde, "etiquettes_pdf", lot=lot.pk))) == ["P-0001"]


def test_les_lignes_cochees_dans_la_liste(client, monde, sans_mise_en_page):
    client.force_login(monde.referent)
    une, _, trois = des_equipements(monde.college, etiquettes=["E1", "E2", "E3"])
    (ailleurs,) = des_equipements(monde.voisin_college, etiquettes=["V1"], tenant=Tenant(monde.voisin))
    cochees = {"cles": [une.pk, trois.pk, ailleurs.pk]}
    lue = texte(client.get(adresse(monde, **cochees)))
    assert "Vous avez coché 3 lignes" in lue
    assert ("E1" in lue, "E2" in lue, "E3" in lue, "V1" in lue) == (True, False, True, False)
    assert imprimees(client.get(adresse(monde, "etiquettes_pdf", **cochees))) == ["E1", "E3"]


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"premiere": "0"}, "se comptent à partir de 1"),
        ({"premiere": "25"}, "pas plus de 24 étiquettes"),
        ({"premiere": "24", "planche": "21"}, "Cette feuille a 21 étiquettes."),
        ({"premiere": "x"}, "Donnez un nombre entier."),
        ({"planche": "9"}, "pas dans la liste proposée"),
    ],
)
def test_une_demande_impossible(client, monde, champs, phrase):
    client.force_login(monde.referent)
    des_equipements(monde.college, etiquettes=["E1"])
    reponse = client.get(adresse(monde, "etiquettes_pdf", **champs))
    assert reponse.status_code == 422
    assert phrase in texte(reponse)


def test_sans_etiquette_le_pdf_ramene_au_choix(client, monde):
    client.force_login(monde.referent)
    reponse = client.get(adresse(monde, "etiquettes_pdf", categorie="borne"), follow=True)
    assert reponse.redirect_chain == [(adresse(monde, categorie="borne"), 302)]
    assert "Aucune étiquette à imprimer" in texte(reponse)


def test_au_dela_de_dix_feuilles_on_choisit_lesquelles(client, monde, monkeypatch, sans_mise_en_page):
    client.force_login(monde.referent)
    monkeypatch.setattr("budget.interfaces.etiquettes.PAR_FICHIER", 2)
    des_equipements(monde.college, etiquettes=["E1", "E2", "E3"])
    assert "De la 3e à la 3e" in texte(client.get(adresse(monde)))
    assert imprimees(client.get(adresse(monde, "etiquettes_pdf", partie=1))) == ["E3"]
    assert client.get(adresse(monde, "etiquettes_pdf", partie=2)).status_code == 422


@pytest.mark.parametrize("combien", [1, 3])
def test_la_page_ne_coute_pas_plus_pour_trois(client, monde, combien):
    client.force_login(monde.referent)
    for rang in range(combien):
        salle = une_salle(monde.college, f"B{rang}")
        des_equipements(monde.college, etiquettes=[f"E{rang}"], salle=salle.pk)
    assert len(client.get(adresse(monde)).requetes) == 9


# --- What a square opens ------------------------------------------------------------------------------------
def test_pas_encore_vu_on_propose_de_le_voir(client, monde):
    client.force_login(monde.referent)
    salle = une_salle(monde.college)
    (chose,) = des_equipements(monde.college, etiquettes=["P-0001"], salle=salle.pk)
    scan = adresse(monde, "equipement_scan", "p-0001")
    reponse = client.get(scan)
    liens = set(html.fromstring(reponse.content).xpath("//main//a/@href"))
    assert {adresse(monde, "controle_salle", salle.pk), adresse(monde, "equipement", chose.pk)} <= liens
    fiche = adresse(monde, "equipement", chose.pk)
    assert client.post(scan)["Location"] == fiche
    assert Equipement.objects.get().vu_le == timezone.localdate(timezone=monde.academie.zone)
    assert client.get(scan)["Location"] == fiche


def test_qui_ne_fait_que_lire_va_a_la_fiche(client, monde):
    client.force_login(monde.lectrice)
    (chose,) = des_equipements(monde.college, etiquettes=["P-0001"])
    scan = adresse(monde, "equipement_scan", "P-0001")
    assert client.get(scan)["Location"] == adresse(monde, "equipement", chose.pk)
    assert client.post(scan).status_code == 403


def test_une_etiquette_inconnue_est_dite_en_francais(client, monde):
    client.force_login(monde.referent)
    des_equipements(monde.voisin_college, etiquettes=["P-0001"], tenant=Tenant(monde.voisin))
    reponse = client.get(adresse(monde, "equipement_scan", "P-0001"))
    assert reponse.status_code == 404
    assert "Aucun équipement de l'établissement ne porte l'étiquette « P-0001 »." in texte(reponse)


def test_deja_vu_cette_annee_on_va_a_la_fiche(client, monde):
    client.force_login(monde.referent)
    (chose,) = des_equipements(monde.college, etiquettes=["P-0001"])
    constater(etablissement=monde.college, cles=[chose.pk], tenant=Tenant(monde.chef), maintenant=timezone.now())
    assert client.get(adresse(monde, "equipement_scan", "P-0001")).status_code == 302
