"""Inventories that come in from a file: what is read, refused, changed, left alone; and again, nothing."""

import datetime
import io
import json
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from budget.domain.equipements import Tenant, deplacer, regrouper
from budget.domain.import_equipements import REFUS_MAX, importer_equipements
from budget.interfaces.classeur_inventaire import ecrire_inventaire
from budget.interfaces.colonnes import COLONNES
from budget.interfaces.correspondance_d_inventaire import correspondance_du_fichier
from budget.interfaces.dates_de_tableau import lire_date, ordre_de, preuve
from budget.interfaces.fichiers_d_inventaire import deviner_la_categorie, nomment_des_gens
from budget.interfaces.import_d_inventaire import Repetition
from budget.interfaces.lecture_d_inventaire import LECTEURS, LectureInventaire, deviner
from budget.interfaces.modele_d_import import modele_csv, modele_xlsx
from budget.interfaces.sources_d_inventaire import ouvrir_source, rassembler
from budget.models import CorrespondanceImport, Equipement, Lot, Salle
from plans.domain.corbeille import mettre_a_la_corbeille
from plans.models import Depot
from strategie.socle.domain.empechement import Empeche
from strategie.socle.interfaces.classeurs import TROP_GRAND
from strategie.socle.interfaces.csv_en_sql import lignes_en_sql
from strategie.socle.interfaces.imports import ABIME, FichierRefuse, ValeurRefusee
from tests.budget.parc import des_equipements, un_lot, une_salle
from tests.tableurs import archive, archive_ods, en_csv, en_ods, en_xlsx, lire_xlsx

MAINTENANT = datetime.datetime(2031, 3, 3, 10, 0, tzinfo=datetime.UTC)
JOUR = MAINTENANT.date()
SNIPE = ["Name", "Asset Tag", "Serial", "Category", "Manufacturer", "Model", "Purchase Date", "Purchase Cost"]
GLPI_FR = ["Nom", "Entité", "Statut", "Fabricant", "Numéro de série", "Type", "Modèle", "Lieu", "Dernière modification"]


def importer(monde, contenu: bytes | list, *, entetes=("Désignation", "Numéro de série"), dates="", **options) -> dict:
    """The outcome as the pages say it; a list is the rows of a CSV under `entetes`."""
    lignes = contenu if isinstance(contenu, bytes) else en_csv([list(entetes), *contenu])
    source = ouvrir_source(lignes)
    correspondance = correspondance_du_fichier(source, monde.college) or deviner(source)
    lecture = LectureInventaire(source, correspondance.avec_dates(dates), JOUR)
    resultat = importer_equipements(
        etablissement=monde.college,
        lecture=lecture,
        tenant=options.pop("tenant", Tenant(monde.referent)),
        maintenant=options.pop("maintenant", MAINTENANT),
        **options,
    )
    return Repetition.de(lecture, resultat)


def comptes(repetition: Repetition) -> tuple[int, int, int, int]:
    assert repetition.lus == (
        repetition.crees + repetition.modifies + repetition.inchanges + repetition.lignes_refusees
    )
    return repetition.crees, repetition.modifies, repetition.inchanges, repetition.lignes_refusees


def refus(repetition: Repetition) -> list[tuple[int, str, str, str]]:
    return [(un.ligne, un.colonne, un.valeur, un.raison) for un in repetition.refuses]


def valeurs(*champs: str) -> list:
    return list(Equipement.objects.order_by("pk").values_list(*champs, flat=len(champs) == 1))


# --- Known by its number ------------------------------------------------------------------------------
def test_ce_qui_arrive_est_ecrit_puis_ne_change_plus(monde):
    lignes = [["Tablette", "A1"], ["Portable", "A2"]]
    assert comptes(importer(monde, lignes)) == (2, 0, 0, 0)
    assert comptes(importer(monde, lignes)) == (0, 0, 2, 0)
    assert valeurs("designation", "numero_serie", "etat", "nombre", "source", "version") == [
        ("Tablette", "A1", "reutilisable", 1, "tableur", 1),
        ("Portable", "A2", "reutilisable", 1, "tableur", 1),
    ]
    assert set(valeurs("academie")) == {monde.academie.pk}


def test_un_numero_se_reconnait_quelle_que_soit_sa_casse_et_une_etiquette_a_defaut(monde):
    des_equipements(monde.college, series=["AB1"])
    des_equipements(monde.college, etiquettes=["E-7"])
    entetes = ["Désignation", "Numéro de série", "Étiquette"]
    fait = importer(monde, [["Tablette", "ab1", ""], ["Tablette", "", "e-7"]], entetes=entetes)
    assert comptes(fait) == (0, 2, 0, 0)
    assert valeurs("designation", "numero_serie", "etiquette", "version") == [
        ("Tablette", "ab1", "", 2),
        ("Tablette", "", "e-7", 2),
    ]


def test_une_etiquette_connue_recoit_le_numero_qui_lui_manquait(monde):
    des_equipements(monde.college, "Tablette", etiquettes=["E1"])
    entetes = ["Désignation", "Numéro de série", "Étiquette"]
    assert comptes(importer(monde, [["Tablette", "S1", "E1"]], entetes=entetes)) == (0, 1, 0, 0)
    assert valeurs("numero_serie", "etiquette") == [("S1", "E1")]


def test_une_case_vide_n_efface_rien_et_ce_qui_est_devine_ne_contredit_pas(monde):
    salle = une_salle(monde.college, "B12")
    des_equipements(
        monde.college, "Mon nom", series=["A1"], categorie="hybride", marque="Acme", salle=salle.pk, note="Rayée"
    )
    lignes = [["", "A1", "Laptop", "", "", ""]]
    entetes = ["Désignation", "Numéro de série", "Catégorie", "Marque", "Salle", "Note"]
    assert comptes(importer(monde, lignes, entetes=entetes)) == (0, 0, 1, 0)
    assert valeurs("designation", "categorie", "marque", "salle", "note") == [
        ("Mon nom", "hybride", "Acme", salle.pk, "Rayée")
    ]


def test_chaque_case_changee_est_dite_avant_et_apres(monde):
    une_salle(monde.college, "B12")
    des_equipements(monde.college, "Tablette", series=["A1"], prix=Decimal("10.00"))
    entetes = ["Désignation", "Numéro de série", "Catégorie", "Salle", "Acheté le", "Prix unitaire", "Propriétaire"]
    lignes = [["Tablette", "A1", "Ordinateur portable", "CDI", "2030-09-01", "1\u202f234,50 €", "Département"]]
    fait = importer(monde, lignes, entetes=entetes, simulation=True)
    assert fait.changees_montrees == [
        {"ligne": 2, "designation": "Tablette", "colonne": nom, "avant": avant, "apres": apres}
        for nom, avant, apres in [
            ("Catégorie", "Tablette", "Ordinateur portable"),
            ("Prix unitaire", "10,00\u00a0€", "1\u202f234,50\u00a0€"),
            ("Propriétaire", "", "Département"),
            ("Acheté le", "", "01/09/2030"),
            ("Salle", "", "CDI"),
        ]
    ]
    assert (fait.cases, fait.autres_changees) == (5, 0)
    assert fait.remarques[0] == "À créer parmi les salles : « CDI »."


def test_un_changement_se_lit_dans_l_historique_d_un_seul_acte(monde):
    des_equipements(monde.college, "Tablette", series=["A1", "A2"])
    importer(monde, [["Ardoise", "A1"], ["Ardoise", "A2"]])
    evenements = Equipement.pgh_event_model.objects.all()
    assert {evenement.pgh_context["acte"] for evenement in evenements} == {"importer_equipements"}
    assert {evenement.pgh_context["auteur"] for evenement in evenements} == {monde.referent.pk}
    assert evenements.count() == 2


# --- Without a number ---------------------------------------------------------------------------------
SANS_NUMERO = ("Désignation", "Nombre", "Marque", "Salle")


def test_une_ligne_sans_numero_arrive_une_fois(monde):
    lignes = [["Chaise", "30", "", "B12"], ["Souris", "", "Acme", ""], ["Souris", "", "Acme", ""]]
    assert comptes(importer(monde, lignes, entetes=SANS_NUMERO)) == (3, 0, 0, 0)
    assert comptes(importer(monde, lignes, entetes=SANS_NUMERO)) == (0, 0, 3, 0)
    assert comptes(importer(monde, [*lignes, lignes[1]], entetes=SANS_NUMERO)) == (1, 0, 3, 0)
    assert valeurs("designation", "nombre") == [("Chaise", 30), ("Souris", 1), ("Souris", 1), ("Souris", 1)]


def test_ce_que_l_etablissement_en_a_fait_depuis_reste(monde):
    lignes = [["Souris", "3", "Acme", ""]]
    importer(monde, lignes, entetes=SANS_NUMERO)
    souris = Equipement.objects.get()
    salle = une_salle(monde.college)
    deplacer(etablissement=monde.college, cles=[souris.pk], salle=salle, tenant=Tenant(monde.referent))
    assert comptes(importer(monde, lignes, entetes=SANS_NUMERO)) == (0, 0, 1, 0)
    assert valeurs("salle") == [salle.pk]


def test_ce_qui_etait_deja_saisi_a_l_ecran_n_arrive_pas_deux_fois(monde):
    salle = une_salle(monde.college, "B12")
    des_equipements(monde.college, "Chaise", nombre=30, salle=salle.pk, categorie="autre")
    des_equipements(monde.voisin_college, "Table", nombre=4, categorie="autre", tenant=Tenant(monde.voisin))
    lignes = [["Chaise", "30", "", "B12"], ["Table", "4", "", ""]]
    assert comptes(importer(monde, lignes, entetes=SANS_NUMERO)) == (1, 0, 1, 0)


def test_des_lignes_regroupees_n_arrivent_pas_deux_fois(monde):
    lignes = [["Souris", "2", "Acme", ""]] * 3
    importer(monde, lignes, entetes=SANS_NUMERO)
    cles = Equipement.objects.values_list("pk", flat=True)
    regrouper(etablissement=monde.college, cles=cles, tenant=Tenant(monde.referent), maintenant=MAINTENANT)
    assert comptes(importer(monde, lignes, entetes=SANS_NUMERO)) == (0, 0, 3, 0)
    assert comptes(importer(monde, [*lignes, lignes[0]], entetes=SANS_NUMERO)) == (1, 0, 3, 0)
    assert sorted(valeurs("nombre")) == [2, 6]


def test_une_ligne_a_la_corbeille_n_en_ressort_pas(monde):
    importer(monde, [["Souris", "3", "Acme", ""]], entetes=SANS_NUMERO)
    mettre_a_la_corbeille(objet=Equipement.objects.get(), auteur=monde.referent, maintenant=timezone.now())
    assert comptes(importer(monde, [["Souris", "3", "Acme", ""]], entetes=SANS_NUMERO)) == (0, 0, 1, 0)
    assert not Equipement.objects.vivants().exists()


# --- Refused ------------------------------------------------------------------------------------------
def test_un_numero_deux_fois_dans_le_fichier_est_refuse_aux_deux_lignes(monde):
    fait = importer(monde, [["Un", "A1"], ["Deux", "B2"], ["Trois", "a1"]])
    assert comptes(fait) == (1, 0, 0, 2)
    phrase = "ce numéro de série est aussi à la ligne {} : gardez une seule de ces lignes."
    assert refus(fait) == [
        (2, "Numéro de série", "A1", phrase.format(4)),
        (4, "Numéro de série", "a1", phrase.format(2)),
    ]
    assert valeurs("designation") == ["Deux"]


def test_une_etiquette_d_un_autre_est_refusee_par_son_nom(monde):
    des_equipements(monde.college, series=["S1"], etiquettes=["E1"])
    des_equipements(monde.college, series=["S2"], etiquettes=["E2"])
    entetes = ["Désignation", "Numéro de série", "Étiquette"]
    fait = importer(monde, [["Un", "S1", "E2"], ["Neuf", "S3", "E1"]], entetes=entetes)
    assert [(un[0], un[2], un[3]) for un in refus(fait)] == [
        (2, "E2", "cette étiquette est déjà celle d'un autre équipement de l'établissement, dont le numéro de série "
                  "est S2."),
        (3, "E1", "cette étiquette est déjà celle d'un autre équipement de l'établissement, dont le numéro de série "
                  "est S1."),
    ]  # fmt: skip


def test_deux_lignes_du_meme_equipement_sont_refusees(monde):
    des_equipements(monde.college, series=["S1"], etiquettes=["E1"])
    entetes = ["Désignation", "Numéro de série", "Étiquette"]
    fait = importer(monde, [["Un", "S1", ""], ["Deux", "", "E1"]], entetes=entetes)
    assert [(un[0], un[3]) for un in refus(fait)] == [
        (2, "cette ligne désigne le même équipement que la ligne 3 : gardez une seule de ces lignes."),
        (3, "cette ligne désigne le même équipement que la ligne 2 : gardez une seule de ces lignes."),
    ]


def test_toutes_les_cases_fausses_sont_dites_d_un_coup(monde):
    entetes = ["Désignation", "Numéro de série", "Nombre", "Acheté le", "Prix unitaire", "État", "Propriétaire"]
    lignes = [
        ["Un", "A1", "0", "2032-01-01", "-5", "Perdue", "Tonton"],
        ["Deux", "A2", "1", "31/02/2030", "douze", "", ""],
        ["Trois", "A3", "1", "1979-12-31", "1 000 001", "", ""],
        ["Quatre", "A4", "", "01/09/2030", "12,345", "sorti", ""],
        ["Cinq", "A5", "2", "", "", "", ""],
        ["x" * 121, "A6", "", "", "", "", ""],
        ["Sept", "1,23E+11", "", "", "", "", ""],
        ["Huit", "A8", "", "", "", "", "Région"],
    ]
    fait = importer(monde, lignes, entetes=entetes)
    assert comptes(fait) == (1, 0, 0, 7)
    assert [(un[0], un[1], un[3]) for un in refus(fait)] == [
        (2, "Nombre", "un nombre de 1 à 10\u202f000 est attendu."),
        (2, "Acheté le", "Cette date n'est pas encore passée."),
        (2, "Prix unitaire", "Un prix ne peut pas être négatif."),
        (2, "État", "une de ces valeurs est attendue : Réutilisable, À réparer, Réformable, Sorti."),
        (2, "Propriétaire", "une de ces valeurs est attendue : État, Commune, Département, Région, Établissement, "
                            "Coopérative ou association, Don."),
        (3, "Acheté le", "cette date n'existe pas."),
        (3, "Prix unitaire", "un montant en euros était attendu, comme 1\u202f234,56."),
        (4, "Acheté le", "Cette date est antérieure à 1980."),
        (4, "Prix unitaire", "Ce prix unitaire dépasse un million d'euros."),
        (5, "Prix unitaire", "le montant est ambigu\u00a0: écrivez-le avec ses centimes, comme 1234,00."),
        (6, "Nombre", "une ligne qui a un numéro de série ou une étiquette compte une seule chose."),
        (7, "Désignation", "120 caractères au plus sont attendus ; la valeur en compte 121."),
        (8, "Numéro de série", "un tableur a abîmé ce numéro : mettez sa colonne au format texte, puis retapez-le."),
    ]  # fmt: skip
    assert valeurs("designation") == ["Huit"]


def test_ce_que_fichier_et_inventaire_disent_ensemble_est_verifie(monde):
    des_equipements(monde.college, series=["A1"], garanti_jusqu_au=datetime.date(2030, 1, 1))
    entetes = ["Désignation", "Numéro de série", "Acheté le", "État", "Destination", "Sorti le"]
    lignes = [
        ["Un", "A1", "2030-06-01", "", "", ""],
        ["Deux", "A2", "", "Sorti", "", ""],
        ["Trois", "A3", "2030-06-01", "Sorti", "Don ou réemploi", "2030-05-01"],
        ["Quatre", "A4", "", "", "Perdu ou volé", ""],
        ["Cinq", "A5", "2030-06-01", "Sorti", "Don ou réemploi", ""],
    ]
    fait = importer(monde, lignes, entetes=entetes)
    assert [(un[0], un[1], un[3]) for un in refus(fait)] == [
        (2, "Garanti jusqu'au", "aucune date ne peut précéder l'achat."),
        (3, "Destination", "il manque où va ce qui sort de l'inventaire (don, DEEE, rendu, perdu)."),
        (4, "Sorti le", "aucune date ne peut précéder l'achat."),
        (5, "Destination", "cela ne se dit que de ce qui est sorti."),
    ]
    assert valeurs("designation", "etat", "destination", "sorti_le") == [
        ("Tablette 10 pouces", "reutilisable", "", None),
        ("Cinq", "sorti", "don", JOUR),
    ]


def test_un_fichier_ou_presque_tout_est_faux_n_est_pas_un_inventaire(monde):
    lignes = [["Tablette", "x" * 81]] * (REFUS_MAX + 1)
    with pytest.raises(FichierRefuse, match="mal choisies"):
        importer(monde, lignes)
    with pytest.raises(Empeche, match="mal choisies"):
        importer(monde, [["Tablette", "A1"]] * (REFUS_MAX + 1))
    assert not Equipement.objects.exists()


def test_un_etablissement_ferme_ne_recoit_plus_rien(monde):
    monde.college.etat = "ferme"
    with pytest.raises(Empeche, match="fermé"):
        importer(monde, [["Tablette", "A1"]])


# --- Simulated, confirmed -----------------------------------------------------------------------------
def test_une_simulation_n_ecrit_rien(monde):
    entetes = ["Désignation", "Numéro de série", "Salle", "Lot"]
    fait = importer(monde, [["Tablette", "A1", "B12", "2031"]], entetes=entetes, simulation=True)
    assert comptes(fait) == (1, 0, 0, 0)
    assert not (Equipement.objects.exists() or Salle.objects.exists() or Lot.objects.exists())


def test_rien_d_autre_que_ce_qui_a_ete_montre_n_est_ecrit(monde):
    des_equipements(monde.college, "Tablette", series=["A1"])
    lignes = [["Ardoise", "A1"], ["Neuve", "A2"]]
    montre = importer(monde, lignes, simulation=True)
    Equipement.objects.update(designation="Changée entre-temps")
    importer(monde, lignes, attendu=montre.empreinte)
    assert valeurs("designation") == ["Changée entre-temps"]
    montre = importer(monde, lignes, simulation=True)
    importer(monde, lignes, attendu=montre.empreinte)
    assert valeurs("designation") == ["Ardoise", "Neuve"]


# --- Rooms, lots, owners ------------------------------------------------------------------------------
def test_salles_et_lots_se_trouvent_par_leur_nom_ou_se_creent(monde):
    b12, ferme = une_salle(monde.college, "B12"), une_salle(monde.college, "C3", archivee_le=timezone.now())
    une_salle(monde.voisin_college, "Salle du lycée")
    lot = un_lot(monde.college, "Classe mobile")
    entetes = ["Désignation", "Numéro de série", "Salle", "Lot"]
    lignes = [
        ["Un", "A1", "b12", "CLASSE MOBILE"],
        ["Deux", "A2", "C3", "Tablettes 2031"],
        ["Trois", "A3", "Salle du lycée", ""],
    ]
    fait = importer(monde, lignes, entetes=entetes)
    assert fait.remarques[:3] == [
        "À créer parmi les salles : « Salle du lycée ».",
        "À rouvrir parmi les salles archivées : « C3 ».",
        "À créer parmi les lots : « Tablettes 2031 ».",
    ]
    neuve, neuf = Salle.objects.get(etablissement=monde.college, nom="Salle du lycée"), Lot.objects.latest("pk")
    assert valeurs("salle", "lot") == [(b12.pk, lot.pk), (ferme.pk, neuf.pk), (neuve.pk, None)]
    assert (neuf.intitule, neuf.cree_par, neuf.etablissement) == ("Tablettes 2031", monde.referent, monde.college)
    assert Salle.objects.get(pk=ferme.pk).archivee_le is None
    assert comptes(importer(monde, lignes, entetes=entetes)) == (0, 0, 3, 0)


def test_une_collectivite_n_importe_que_ce_qui_est_a_elle(monde):
    des_equipements(monde.college, series=["A1"], proprietaire="eple")
    entetes = ["Désignation", "Numéro de série", "Propriétaire", "Salle"]
    lignes = [
        ["Un", "A1", "", ""],
        ["Deux", "A2", "Commune", ""],
        ["Trois", "A3", "", "B12"],
        ["Quatre", "A4", "Département", ""],
    ]
    tenant = Tenant(monde.collectivite_agent, "departement")
    fait = importer(monde, lignes, entetes=entetes, tenant=tenant)
    assert comptes(fait) == (2, 0, 0, 2)
    assert {(un[0], un[3]) for un in refus(fait)} == {
        (ligne, "Cet équipement n'appartient pas à votre collectivité\u00a0: l'établissement seul le modifie.")
        for ligne in (2, 3)
    }
    assert valeurs("numero_serie", "proprietaire") == [
        ("A1", "eple"), ("A3", "departement"), ("A4", "departement")
    ]  # fmt: skip
    assert not Salle.objects.exists()
    assert "« B12 »" in fait.remarques[0]


# --- Dates, amounts -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("valeur", "ordre", "lue"),
    [
        ("2030-09-01", "jma", "2030-09-01"),
        ("2030-09-01 14:30:00", "mja", "2030-09-01"),
        ("01/09/2030", "jma", "2030-09-01"),
        ("1/9/30", "jma", "2030-09-01"),
        ("01-09-2030 08:15", "jma", "2030-09-01"),
        ("09/01/2030", "mja", "2030-09-01"),
        ("10/27/28", "mja", "2028-10-27"),
        ("5/5/99", "mja", "1999-05-05"),
        ("31/12/61", "jma", "2061-12-31"),
        ("31/12/62", "jma", "1962-12-31"),
        ("0000-00-00", "jma", None),
        ("27/10/2028", "melees", "2028-10-27"),
        ("10/27/2028", "melees", "2028-10-27"),
    ],
)
def test_une_date_se_lit_dans_l_ordre_de_sa_colonne(valeur, ordre, lue):
    date = lire_date(valeur, ordre, 2031)
    assert (date and date.isoformat()) == lue


@pytest.mark.parametrize(
    ("valeur", "ordre", "dit"),
    [
        ("hier", "jma", "une date est attendue"),
        ("45000", "jma", "une date est attendue"),
        ("31/02/2030", "jma", "n'existe pas"),
        ("13/14/2030", "mja", "n'existe pas"),
        ("03/04/2030", "melees", "03/04/2030 ou 04/03/2030"),
    ],
)
def test_une_date_illisible_est_dite(valeur, ordre, dit):
    with pytest.raises(ValeurRefusee, match=dit):
        lire_date(valeur, ordre, 2031)


def test_une_colonne_prouve_son_ordre():
    assert ordre_de(filter(None, map(preuve, ["1/2/23", "10/27/28"]))) == "mja"
    assert ordre_de(filter(None, map(preuve, ["27/10/28", "1/2/23"]))) == "jma"
    assert ordre_de(filter(None, map(preuve, ["27/10/28", "10/27/28"]))) == "melees"
    assert ordre_de(filter(None, map(preuve, ["1/2/23", "2023-12-31"]))) is None


def dates_lues(monde, entetes: list[str], *lignes: list[str], dates: str = "") -> list[datetime.date]:
    importer(
        monde,
        [[f"Objet {rang}", f"S{rang}", *ligne] for rang, ligne in enumerate(lignes)],
        entetes=entetes,
        dates=dates,
    )
    return valeurs("achete_le")


NOMMES = ["Désignation", "Numéro de série", "Acheté le"]


def test_sans_preuve_un_tableau_est_francais_et_snipe_it_americain(monde):
    ambigue = [["Tablette", "A1", "03/04/2030"]]
    fait = importer(monde, ambigue, entetes=NOMMES, simulation=True)
    assert fait.remarques == [
        "Colonne « Acheté le » : rien ne dit si le jour ou le mois vient d'abord (« 03/04/2030 »). Les dates y sont "
        "lues jour/mois/année."
    ]
    assert dates_lues(monde, NOMMES, ["03/04/2030"]) == [datetime.date(2030, 4, 3)]
    entetes = ["Name", "Serial", "Purchase Date", "Asset Tag", "Purchase Cost"]
    importer(monde, [["iPad", "Z1", "3/4/30", "T1", "$12.58"]], entetes=entetes)
    assert Equipement.objects.filter(source="snipe_it").values_list("achete_le", "prix", "categorie").get() == (
        datetime.date(2030, 3, 4),
        Decimal("12.58"),
        "tablette",
    )


def test_les_vraies_dates_d_un_classeur_ne_se_discutent_pas(monde):
    """Snipe-IT writes the month first; a cell that is a date for the workbook is told day first, and needs no guess."""
    lignes = [["Name", "Serial", "Asset Tag", "Purchase Date", "Purchase Cost"]]
    lignes += [["iPad", "Z1", "T1", datetime.date(2030, 4, 3), 12.5]]
    fait = importer(monde, en_xlsx({"Assets": lignes}))
    assert (valeurs("achete_le", "prix"), fait.remarques) == ([(datetime.date(2030, 4, 3), Decimal("12.50"))], [])


def test_la_preuve_d_une_autre_colonne_vaut_et_un_choix_l_emporte(monde):
    entetes = [*NOMMES, "Garanti jusqu'au"]
    assert dates_lues(monde, entetes, ["03/04/2030", "10/27/2032"]) == [datetime.date(2030, 3, 4)]
    Equipement.objects.all().delete()
    assert dates_lues(monde, NOMMES, ["03/04/2030"], dates="mja") == [datetime.date(2030, 3, 4)]


@pytest.mark.parametrize(
    ("ecrit", "lu"),
    [
        ("1 234,56 €", "1234.56"),
        ("1\u202f234,56\u00a0€", "1234.56"),
        ("1,234.56", "1234.56"),
        ("$12.58", "12.58"),
        ("1234", "1234.00"),
        ("", None),
    ],
)
def test_un_prix_se_lit_comme_on_l_ecrit(monde, ecrit, lu):
    importer(monde, [["Tablette", "A1", ecrit]], entetes=["Désignation", "Numéro de série", "Prix unitaire"])
    assert valeurs("prix") == [lu and Decimal(lu)]


def test_une_garantie_sans_fin_est_refusee():
    assert LECTEURS["garantie_mois"]("36 mois") == 36
    with pytest.raises(ValeurRefusee, match="30 ans"):
        LECTEURS["garantie_mois"]("999")


# --- Kinds of files -----------------------------------------------------------------------------------
def test_snipe_it_prend_le_materiel_jamais_les_gens(monde):
    entetes = [
        *SNIPE, "Location", "Warranty", "Status", "Checkout Type", "Checked Out To: Username",
        "Checked Out To: First Name", "Checked Out To: Last Name", "Checked Out To: Location",
    ]  # fmt: skip
    lignes = [
        ["", "T1", "", "Laptops", "Apple", "MacBook Air", "10/27/2029", "1,199.00", "Réserve", "36", "Deployed", "User",
         "lmartin", "Léa", "Martin", ""],
        ["Écran du hall", "T2", "Default string", "Monitors", "Dell", "U2723Q", "", "", "Réserve", "", "Out for Repair",
         "Location", "", "", "", "Hall"],
        ["Perdu", "T3", "S3", "Truc", "", "", "", "", "", "", "Lost/Stolen", "", "", "", "", ""],
    ]  # fmt: skip
    fait = importer(monde, lignes, entetes=entetes)
    champs = ("designation", "categorie", "numero_serie", "etat", "salle__nom", "prete_a", "prete_le", "destination")
    assert valeurs(*champs) == [
        ("Apple MacBook Air", "portable", "", "reutilisable", "Réserve", "personnel", JOUR, ""),
        ("Écran du hall", "ecran", "", "a_reparer", "Hall", "", None, ""),
        ("Perdu", "autre", "S3", "sorti", None, "", None, "perdu"),
    ]
    assert Equipement.objects.get(etiquette="T1").garanti_jusqu_au == datetime.date(2032, 10, 27)
    assert fait.modele == "Snipe-IT"
    assert fait.remarques == [
        "À créer parmi les salles : « Hall », « Réserve ».",
        "Ce qui nomme des personnes n'est jamais lu : l'inventaire ne garde aucun nom.",
        "1 ligne remise à une personne : notée prêtée à un personnel, sans dire à qui.",
        "Catégorie inconnue, notée « Autre » si elle est nouvelle : « Truc ».",
    ]
    assert "Martin" not in json.dumps(fait.to_json())
    assert comptes(importer(monde, lignes, entetes=entetes)) == (0, 0, 3, 0)


@pytest.mark.parametrize(
    "entetes",
    [
        [*GLPI_FR, "Usager", "Numéro d'inventaire", "Informations financières et administratives - Date d'achat"],
        ["Name", "Entity", "Status", "Manufacturer", "Serial number", "Type", "Model", "Location", "Last update",
         "User", "Inventory number", "Financial and administrative information - Date of purchase"],
    ],
)  # fmt: skip
def test_glpi_en_francais_et_en_anglais(monde, entetes):
    lignes = [
        ["PC-B12-01", "Collège", "En service", "Dell Inc.", "2FAGP34", "Desktop", "OptiPlex 3080", "Collège > A > 12",
         "26-11-2030 10:00", "Léa Martin", "INV-1", "13-09-2029"],
        ["PC-2", "Collège", "En panne", "HP", "5CG1", "Laptop", "ProBook", "Collège > B > 12", "", "", "INV-2", ""],
        ["IMP", "Collège", "Au rebut", "HP", "PH1", "", "LaserJet M507", "Collège > CDI", "", "", "", ""],
    ]  # fmt: skip
    # As GLPI exports it: every line ends with a separator.
    contenu = "\ufeff" + "\n".join(
        ";".join(f'"{cellule}"' for cellule in [*ligne]) + ";" for ligne in [entetes, *lignes]
    )
    fait = importer(monde, contenu.encode())
    assert fait.modele == "GLPI"
    assert valeurs("designation", "categorie", "numero_serie", "etiquette", "etat", "salle__nom", "achete_le") == [
        ("PC-B12-01", "fixe", "2FAGP34", "INV-1", "reutilisable", "Collège > A > 12", datetime.date(2029, 9, 13)),
        ("PC-2", "portable", "5CG1", "INV-2", "a_reparer", "Collège > B > 12", None),
        ("IMP", "imprimante", "PH1", "", "reformable", "CDI", None),
    ]
    assert "Martin" not in json.dumps(fait.to_json())
    assert comptes(importer(monde, contenu.encode())) == (0, 0, 3, 0)


def test_un_classeur_trop_long_mene_au_csv(monkeypatch):
    def trop_grand(*_args, **_options):
        raise FichierRefuse(TROP_GRAND)

    monkeypatch.setattr("budget.interfaces.sources_d_inventaire.lire_feuilles", trop_grand)
    with pytest.raises(FichierRefuse, match=r"5.000 lignes et 100 colonnes au plus .* enregistrez-le au format \.csv"):
        ouvrir_source(b"PK")


def agent(nom: str, serie: str, **contenu) -> bytes:
    bios = {"ssn": serie, "smanufacturer": "Dell Inc.", "smodel": "Latitude 5420", "assettag": "Default string"}
    materiel = {"name": nom, "chassis_type": "Notebook", "lastloggeduser": "lmartin"}
    return json.dumps({"itemtype": "Computer", "content": {"bios": bios, "hardware": materiel} | contenu}).encode()


def test_plusieurs_machines_de_l_agent_a_la_fois(monde):
    fichiers = [
        ("a.json", agent("PC-1", "S1")),
        ("b.json", b"{oups"),
        ("c.json", json.dumps([{"content": {"bios": {"ssn": "S2", "smodel": "iPad 9", "smanufacturer": "Apple"},
                                            "hardware": {"name": "iPad de Léa Martin"}}}]).encode()),
        ("d.json", b'{"content": []}'),
    ]  # fmt: skip
    fait = importer(monde, rassembler(fichiers))
    assert comptes(fait) == (2, 0, 0, 2)
    raison = "ce n'est pas l'inventaire d'une machine par l'agent de GLPI."
    assert refus(fait) == [(2, "", "b.json", raison), (4, "", "d.json", raison)]
    assert valeurs("designation", "categorie", "numero_serie", "etiquette", "source") == [
        ("PC-1", "portable", "S1", "", "glpi"),
        ("Apple iPad 9", "tablette", "S2", "", "glpi"),
    ]
    assert comptes(importer(monde, rassembler(fichiers))) == (0, 0, 2, 2)


@pytest.mark.parametrize(
    "contenu",
    [b"{oups", b'{"a": 1}', b"[1, 2]", b"[" * 100_000, archive({"a.json": b"[]"}), b'{"content": {"bios": 3}}'],
)
def test_un_json_qui_n_est_pas_une_machine_est_refuse(contenu):
    with pytest.raises(FichierRefuse, match=r"agent de GLPI|pas un classeur|JSON"):
        ouvrir_source(contenu)


def test_une_archive_de_json_demesuree_n_est_pas_lue():
    with pytest.raises(FichierRefuse, match="démesurée"):
        ouvrir_source(archive({"a.json": b" " * (6 * 1024**2)}))


def test_plusieurs_fichiers_a_la_fois_sont_des_machines():
    with pytest.raises(FichierRefuse, match="envoyez-le seul"):
        rassembler([("a.json", b"{}"), ("b.csv", b"Nom;Lieu")])


@pytest.mark.parametrize(
    ("mots", "categorie"),
    [
        (("Laptop", "", ""), "portable"),
        (("Ordinateurs portables", "", ""), "portable"),
        (("", "iPad 9", ""), "tablette"),
        (("Truc", "", "Vidéoprojecteur Epson"), "videoprojecteur"),
        (("Imprimante 3D", "", ""), "fabrication"),
        (("Téléphone portable", "", ""), "autre"),
        (("Écran interactif", "", ""), "tableau"),
        (("Access point", "", ""), "borne"),
        (("Tourne-disque", "", ""), ""),
    ],
)
def test_une_categorie_se_devine_a_ses_mots(mots, categorie):
    assert deviner_la_categorie(*mots) == categorie


def test_les_colonnes_qui_nomment_des_gens_se_reconnaissent():
    gens = ["Utilisateur", "Checked Out To: Last Name", "E-mail", "Prénom", "Nom", "Affecté à", "Usager"]
    autres = ["Checked Out To: Location", "Numéro de série", "Professionnel", "Nombre", "Fabricant"]
    assert nomment_des_gens([*gens, *autres]) == [True] * len(gens) + [False] * len(autres)
    assert nomment_des_gens(["Nom", "Marque"]) == [False, False]


# --- Files of all sorts -------------------------------------------------------------------------------
TABLE = [["Désignation", "Numéro de série", "Marque"], ["Tablette à élèves", "007", "Éole"], ["Ardoise", "A2", ""]]
LUES = [("Tablette à élèves", "007", "Éole"), ("Ardoise", "A2", "")]


@pytest.mark.parametrize(
    "contenu",
    [
        en_xlsx({"Feuille 1": TABLE}),
        en_ods({"Feuille 1": TABLE}),
        *(en_csv(TABLE, encodage=encodage) for encodage in ("utf-8-sig", "utf-16", "utf-16-le", "cp1252")),
        *(en_csv(TABLE, separateur=separateur) for separateur in ",\t|"),
        en_csv(TABLE).replace(b"\r\n", b"\r"),
        b"sep=;\r\n" + en_csv(TABLE),
        b"Mon inventaire\r\n\r\n" + en_csv(TABLE),
        en_xlsx({"Notes": [["Rien ici"]], "Inventaire": [["Collège"], [], *TABLE]}),
    ],
    ids=["xlsx", "ods", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "virgule", "tab", "barre", "mac", "sep", "titre",
         "feuilles"],
)  # fmt: skip
def test_le_meme_tableau_sous_toutes_ses_formes(monde, contenu):
    assert comptes(importer(monde, contenu)) == (2, 0, 0, 0)
    assert valeurs("designation", "numero_serie", "marque") == LUES


def avec_macro() -> bytes:
    entrees = {"xl/workbook.xml": b"<workbook/>", "xl/vbaProject.bin": b"x", "[Content_Types].xml": b"<Types/>"}
    return archive(entrees)


def formules_partout() -> bytes:
    classeur = openpyxl.Workbook()
    classeur.active.append(TABLE[0])
    for rang in (2, 3):
        classeur.active.append([f'=CONCATENATE("Ta","blette {rang}")', f'="A"&{rang}', "=1+1"])
    classeur.save(sortie := io.BytesIO())
    return sortie.getvalue()


@pytest.mark.parametrize(
    ("contenu", "dit"),
    [
        (b"", "vide"),
        (b"<html><table><tr><td>Nom</td></tr></table></html>", "page web"),
        (avec_macro(), "macros"),
        (archive({"xl/workbook.xml": b"0" * 3_000_000}), "démesuré"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, r"\.xls"),
        (b"%PDF-1.7", "PDF"),
        (b"\x00\x01\x02\x03" * 100, "pas un fichier texte"),
        (";".join(f"c{n}" for n in range(100_000)).encode() + b"\n" + b";" * 99_999, "colonnes"),
        (en_csv([["Truc", "Machin"], ["Tablette", "A1"]]), "Aucune colonne ne dit ce que sont"),
        (archive_ods("<oups"), "abîmé"),
    ],
    ids=["vide", "html", "macro", "bombe", "xls", "pdf", "binaire", "million", "inconnu", "abime"],
)  # fmt: skip
def test_ce_qui_n_est_pas_lu_est_refuse_par_son_nom(monde, contenu, dit):
    with pytest.raises(FichierRefuse, match=dit):
        importer(monde, contenu)
    assert not Equipement.objects.exists()


def test_un_guillemet_jamais_referme_est_refuse_a_sa_ligne(monde):
    fait = importer(monde, b'Designation;Marque\nUn;\n"Deux;3\n' + b"x" * 200_000)
    assert comptes(fait)[0] == 1
    assert refus(fait)[0] == (3, "", "", "un guillemet ouvert n'est jamais refermé.")


def test_une_formule_est_refusee_a_sa_case(monde):
    fait = importer(monde, formules_partout())
    raison = "cette case contient une formule : mettez à la place ce qu'elle affiche."
    assert [(un[0], un[1], un[3]) for un in refus(fait)] == [
        (ligne, colonne, raison) for ligne in (2, 3) for colonne in TABLE[0]
    ]


def test_les_dates_d_un_classeur_de_1904(monde):
    classeur = openpyxl.Workbook()
    classeur.epoch = CALENDAR_MAC_1904
    classeur.active.append(["Désignation", "Numéro de série", "Acheté le"])
    classeur.active.append(["Tablette", "A1", datetime.date(2029, 9, 13)])
    classeur.save(sortie := io.BytesIO())
    importer(monde, sortie.getvalue())
    assert valeurs("achete_le") == [datetime.date(2029, 9, 13)]


def test_des_zeros_de_tete_perdus_sont_dits(monde):
    fait = importer(monde, en_xlsx({"I": [TABLE[0], ["Tablette", 7, ""], ["Ardoise", "008", ""]]}))
    assert any("des cases sont des nombres" in dite and "zéros de tête" in dite for dite in fait.remarques)
    assert valeurs("numero_serie") == ["7", "008"]
    fait = importer(monde, en_xlsx({"I": [TABLE[0], ["Longue", 12345678901234567890, ""]]}))
    assert [un[3] for un in refus(fait)] == [
        "un tableur a abîmé ce numéro : mettez sa colonne au format texte, puis retapez-le."
    ]


def test_une_ligne_cassee_n_est_pas_montree(monde):
    entetes = "Désignation;Numéro de série;Utilisateur\n"
    fait = importer(monde, f"{entetes}Tablette;A1;Léa Martin\nArdoise;A2\n".encode())
    assert comptes(fait) == (1, 0, 0, 1)
    assert refus(fait) == [(3, "", "", "3 colonnes sont attendues, 2 sont là : ligne coupée ou guillemet mal fermé.")]
    assert "Martin" not in json.dumps(fait.to_json())


def test_ce_qui_ne_se_voit_pas_ne_reste_pas(monde):
    importer(monde, [["Tab\u200blette\u00a010\n pouces", "A1\t"]])
    assert valeurs("designation", "numero_serie") == [("Tablette\u00a010  pouces", "A1")]
    fait = importer(monde, [["Tab\u0007lette", "A2"]])
    assert [un[3] for un in refus(fait)] == ["la valeur contient un caractère de contrôle."]


# --- Our own template ---------------------------------------------------------------------------------
def test_le_modele_a_nos_colonnes_et_se_relit(monde):
    attendues = [colonne.entete for colonne in COLONNES if colonne.importable]
    feuilles = lire_xlsx(modele_xlsx())
    assert feuilles["Inventaire"][0] == attendues
    assert [ligne[0] for ligne in feuilles["Mode d'emploi"]][-len(attendues) :] == attendues
    assert modele_csv() == "\ufeff" + ";".join(attendues) + "\r\n"
    fait = importer(monde, modele_xlsx())
    assert (fait.modele, comptes(fait), fait.remarques) == ("Inventaire de Paliers", (0, 0, 0, 0), [])
    rempli = [attendues, ["Tablette"] + [""] * (len(attendues) - 1)]
    assert comptes(importer(monde, en_xlsx({"Inventaire": rempli}))) == (1, 0, 0, 0)


PARTIES = st.sampled_from(["", "etat", "departement", "don"])
MOTS = st.text(st.characters(blacklist_categories=["Cc", "Cs", "Cf", "Zl", "Zp"], max_codepoint=0x24F), max_size=8)
JOURS = st.none() | st.dates(datetime.date(1995, 1, 1), datetime.date(2030, 12, 31))


@st.composite
def des_choses(draw) -> list[dict]:
    """Lines as screens let them be: trimmed, each with a number, a tag, or neither and then maybe many."""
    choses = []
    for rang in range(draw(st.integers(1, 6))):
        serie = draw(st.sampled_from(["", f"S{rang}", f"00{rang}", f"=S{rang}"]))
        etiquette = draw(st.sampled_from(["", f"E{rang}", f"+{rang}"]))
        achete, etat = draw(JOURS), draw(st.sampled_from(["reutilisable", "a_reparer", "reformable", "sorti"]))
        choses.append(
            {
                "designation": draw(MOTS.map(str.strip).filter(lambda mot: mot and not ABIME.search(mot))),
                "note": draw(st.sampled_from(["", "=1+1", "-", "deux ; trois", 'dit "oui"', "a, b"])),
                "categorie": draw(st.sampled_from(["tablette", "autre", "son_image"])),
                "numero_serie": serie,
                "etiquette": etiquette,
                "nombre": 1 if serie or etiquette else draw(st.sampled_from([1, 30])),
                "domaine": draw(st.sampled_from(["pedagogique", "administratif"])),
                "proprietaire": draw(PARTIES),
                "payeur": draw(PARTIES),
                "achete_le": achete,
                "prevu_jusqu_au": (achete or datetime.date(2030, 1, 1))
                + datetime.timedelta(days=draw(st.integers(0, 900))),
                "prix": draw(st.none() | st.decimals(0, 9999, places=2)),
                "etat": etat,
                "destination": "don" if etat == "sorti" else "",
                "sorti_le": datetime.date(2031, 1, 2) if etat == "sorti" else None,
            }
        )
    return choses


@settings(max_examples=40)
@given(des_choses())
def test_ce_qui_sort_rentre_sans_rien_changer(monde, choses):
    """Our own exports, both of them, brought back."""
    with transaction.atomic():
        salle, lot = une_salle(monde.college, "Salle n° 1"), un_lot(monde.college)
        for rang, chose in enumerate(choses):
            Equipement.objects.create(
                etablissement=monde.college,
                academie=monde.academie,
                salle=salle if rang % 2 else None,
                lot=lot if rang % 3 else None,
                **chose,
            )
        lignes = Equipement.objects.order_by("pk")
        en_base = lignes_en_sql([colonne.en_base for colonne in COLONNES], lignes)
        with ecrire_inventaire(COLONNES, lignes.values_list(*(colonne.valeur for colonne in COLONNES))) as classeur:
            contenus = ["".join(en_base).encode(), classeur.read()]
        for contenu in contenus:
            fait = importer(monde, contenu)
            assert (refus(fait), fait.changees, fait.creees) == ([], [], [])
            assert comptes(fait) == (0, 0, len(choses), 0)
            assert fait.modele == "Inventaire de Paliers"
        transaction.set_rollback(True)


def test_une_apostrophe_de_nos_exports_s_enleve(monde):
    importer(monde, [["'=1+1", "'-7", ""]], entetes=["Désignation", "Numéro de série", "Marque"])
    assert valeurs("designation", "numero_serie") == [("=1+1", "-7")]


# --- Any table ----------------------------------------------------------------------------------------
ENTETES_COURANTES = ["Désignation", "Numéro de série", "Étiquette", "Nombre", "Salle", "Acheté le", "Prix unitaire"]
CELLULES = [
    st.sampled_from(["", "Tablette", "Ardoise", "=1+1", "x" * 121])
    | st.text(st.characters(blacklist_categories=["Cc", "Cs"]), max_size=6),
    st.sampled_from(["", "A1", "a1", "B2", "C3"]),
    st.sampled_from(["", "", "E1", "e1"]),
    st.sampled_from(["", "", "1", "30", "0", "oups"]),
    st.sampled_from(["", "B12", "b12", "CDI"]),
    st.sampled_from(["", "2030-09-01", "01/02/2030", "13/02/2030", "hier"]),
    st.sampled_from(["", "10", "1 234,56 €", "-1", "12,345"]),
]


@settings(max_examples=60)
@given(st.lists(st.tuples(*CELLULES).map(list), max_size=8))
def test_tout_tableau_importe_deux_fois_ne_change_rien_la_seconde(monde, lignes):
    """Whatever the rows: every one is counted once, and once they are in, they are in."""
    with transaction.atomic():
        contenu = en_csv([ENTETES_COURANTES, *lignes])
        premiere = importer(monde, contenu, simulation=True)
        ecrite = importer(monde, contenu, attendu=premiere.empreinte)
        assert (comptes(ecrite), refus(ecrite)) == (comptes(premiere), refus(premiere))
        avant = valeurs("pk", "designation", "version")
        seconde = importer(monde, contenu)
        assert (seconde.crees, seconde.modifies) == (0, 0)
        assert (comptes(seconde)[3], refus(seconde)) == (comptes(premiere)[3], refus(premiere))
        assert valeurs("pk", "designation", "version") == avant
        transaction.set_rollback(True)


# --- The command --------------------------------------------------------------------------------------
def commander(monde, fichier, *options: str) -> str:
    sortie = io.StringIO()
    call_command("importer_equipements", str(fichier), "--uai", monde.college.uai, *options, stdout=sortie)
    return sortie.getvalue()


def test_la_commande_dit_son_bilan(monde, tmp_path):
    fichier = tmp_path / "inventaire.csv"
    fichier.write_bytes(en_csv([["Désignation", "Numéro de série"], ["Tablette", "A1"], ["Ardoise", "x" * 81]]))
    with pytest.raises(SystemExit):
        commander(monde, fichier, "--simulation")
    assert not Equipement.objects.exists()
    assert "2 lues · 1 création · 0 modification · 0 inchangée · 0 fermeture · 1 refusée" in commander(monde, fichier)
    assert valeurs("designation") == ["Tablette"]


@pytest.mark.parametrize(
    ("options", "dit"),
    [
        (["--compte", "personne@exemple.fr"], "n'est pas l'adresse de qui tient l'inventaire"),
        (["--uai", "0000000X"], "Aucun établissement"),
    ],
)
def test_la_commande_dit_pourquoi_elle_refuse(monde, tmp_path, capsys, options, dit):
    fichier = tmp_path / "inventaire.csv"
    fichier.write_bytes(en_csv(TABLE))
    with pytest.raises(SystemExit):
        call_command("importer_equipements", str(fichier), "--uai", monde.college.uai, *options)
    assert dit in capsys.readouterr().out


def test_la_commande_lit_un_dossier_ou_une_archive_de_machines(monde, tmp_path):
    for nom in ("a", "b"):
        (tmp_path / f"{nom}.json").write_bytes(agent(f"PC-{nom}", f"S-{nom}"))
    assert json.loads(commander(monde, tmp_path, "--json"))["crees"] == 2
    with zipfile.ZipFile(tmp_path / "tout.zip", "w") as zip_:
        zip_.write(tmp_path / "a.json", "a.json")
    assert json.loads(commander(monde, tmp_path / "tout.zip", "--json"))["inchanges"] == 1


# --- The pages ----------------------------------------------------------------------------------------
def page(monde, nom: str, *arguments) -> str:
    return reverse(nom, args=[monde.college.uai, *arguments])


def texte(reponse) -> str:
    return reponse.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ").replace("&#x27;", "'")


def envoyer(client, monde, *contenus: bytes, nom: str = "inventaire.csv"):
    fichiers = []
    for contenu in contenus:
        fichiers.append(io.BytesIO(contenu))
        fichiers[-1].name = nom
    return client.post(page(monde, "equipements_importer"), {"fichier": fichiers})


def test_un_fichier_reconnu_se_montre_puis_se_confirme(client, monde):
    client.force_login(monde.referent)
    des_equipements(monde.college, "Vieille tablette", series=["A1"])
    lignes = [["Désignation", "Numéro de série", "Salle"], ["Tablette", "A1", ""], ["Ardoise", "A2", "B12"],
              ["Trop longue", "x" * 81, ""]]  # fmt: skip
    reponse = envoyer(client, monde, en_csv(lignes))
    depot = Depot.objects.get()
    assert (reponse.status_code, reponse["Location"]) == (302, page(monde, "equipements_import", depot.cle))
    assert depot.objet == "inventaire"
    montre = texte(client.get(reponse["Location"]))
    for dit in ("1 ligne à ajouter", "1 ligne à changer", "Vieille tablette", "1 ligne refusée", "B12", "Ardoise",
                "Importer sans les lignes refusées", "80 caractères au plus"):  # fmt: skip
        assert dit in montre
    assert valeurs("designation") == ["Vieille tablette"]
    csv = client.get(page(monde, "equipements_import_erreurs", depot.cle)).getvalue().decode("utf-8-sig")
    assert csv.splitlines()[0] == "Ligne;Colonne;Ce qui est écrit;Ce qui ne va pas"
    assert csv.splitlines()[1].startswith("4;Numéro de série;xxxx")
    reponse = client.post(page(monde, "equipements_import", depot.cle), follow=True)
    assert "1 ligne ajoutée, 1 ligne changée, 1 refusée" in texte(reponse)
    assert valeurs("designation") == ["Tablette", "Ardoise"]
    assert not Depot.objects.exists()


def test_ce_qui_a_change_entre_temps_se_remontre(client, monde):
    client.force_login(monde.referent)
    des_equipements(monde.college, "Vieille", series=["A1"])
    adresse = envoyer(client, monde, en_csv([["Désignation", "Numéro de série", "Marque"], ["Neuve", "A1", ""]]))[
        "Location"
    ]
    Equipement.objects.update(designation="Autre")
    reponse = client.post(adresse)
    assert reponse.status_code == 422
    assert "a changé depuis cette vérification" in reponse.content.decode()
    assert valeurs("designation") == ["Autre"]
    assert client.post(adresse).status_code == 302
    assert valeurs("designation") == ["Neuve"]


def test_un_tableau_inconnu_demande_ses_colonnes_et_s_en_souvient(client, monde):
    client.force_login(monde.referent)
    contenu = en_csv([["Truc", "Num", "Élève", "Ordre"], ["Tablette", "A1", "Léa Martin", "7"]])
    reponse = envoyer(client, monde, contenu)
    adresse = reponse["Location"]
    assert adresse == page(monde, "equipements_import_colonnes", Depot.objects.get().cle)
    montre = client.get(adresse).content.decode()
    assert "Colonne A" in montre and "Colonne D" in montre
    assert "Martin" not in montre and "Élève" not in montre
    reponse = client.post(adresse, {"colonne_0": "", "colonne_1": "numero_serie", "colonne_3": "numero_serie"})
    assert reponse.status_code == 422
    montre = reponse.content.decode()
    assert "Dites quelle colonne dit ce que c" in montre and "Une seule colonne peut être" in montre
    reponse = client.post(adresse, {"colonne_0": "designation", "colonne_1": "numero_serie", "colonne_3": ""})
    assert client.post(reponse["Location"]).status_code == 302
    assert valeurs("designation", "numero_serie") == [("Tablette", "A1")]
    retenue = CorrespondanceImport.objects.get()
    assert (retenue.etablissement, retenue.choisie_par) == (monde.college, monde.referent)
    assert envoyer(client, monde, contenu)["Location"] == page(monde, "equipements_import", Depot.objects.get().cle)


def test_un_envoi_impossible_se_dit(client, monde):
    client.force_login(monde.referent)
    for contenus, dit in [
        ([], "Choisissez le fichier"),
        ([b"<html>"], "page web"),
        ([b"Nom;Lieu\n", b"{}"], "envoyez-le seul"),
        ([b""], "vide"),
    ]:
        reponse = envoyer(client, monde, *contenus)
        assert (reponse.status_code, dit in reponse.content.decode()) == (422, True), dit
    assert not Depot.objects.exists()


def test_plusieurs_machines_s_envoient_d_un_coup(client, monde):
    client.force_login(monde.referent)
    adresse = envoyer(client, monde, agent("PC-1", "S1"), agent("PC-2", "S2"), nom="m.json")["Location"]
    montre = client.get(adresse).content.decode()
    assert "2 fichiers" in montre and "PC-2" in montre and "lmartin" not in montre
    client.post(adresse)
    assert valeurs("designation") == ["PC-1", "PC-2"]


def test_un_agent_de_collectivite_importe_les_biens_de_son_niveau(client, monde):
    client.force_login(monde.collectivite_agent)
    client.post(
        envoyer(client, monde, en_csv([["Désignation", "Numéro de série", "Marque"], ["Tablette", "A1", ""]]))[
            "Location"
        ]
    )
    assert valeurs("proprietaire") == [monde.college.collectivite.niveau]


def test_un_fichier_depose_n_est_qu_a_celui_qui_l_a_depose(client, monde):
    client.force_login(monde.referent)
    adresse = envoyer(client, monde, en_csv(TABLE))["Location"]
    client.force_login(monde.chef)
    assert client.get(adresse)["Location"] == page(monde, "equipements_importer")
    assert client.post(adresse)["Location"] == page(monde, "equipements_importer")
    assert not Equipement.objects.exists()


def test_le_modele_se_telecharge(client, monde):
    client.force_login(monde.gestionnaire)
    assert "modele-inventaire.csv" in client.get(page(monde, "equipements_modele", "csv"))["Content-Disposition"]
    assert client.get(page(monde, "equipements_modele", "xlsx")).content.startswith(b"PK")
    assert client.get(page(monde, "equipements_modele", "docx")).status_code == 404
