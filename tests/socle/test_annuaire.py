"""`manage.py importer_annuaire`: the register of schools, good and bad, whole reports compared."""

import csv
import datetime
import gzip
import io
import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from hypothesis import given
from hypothesis import settings as reglages
from hypothesis import strategies as st

from strategie.socle.domain.annuaire import importer_annuaire
from strategie.socle.domain.territoires import territoires
from strategie.socle.interfaces.annuaire import LectureAnnuaire
from strategie.socle.models import Academie, Departement, Etablissement
from strategie.socle.rules import lettre_uai

pytestmark = pytest.mark.django_db

ANNUAIRE = settings.BASE_DIR.parent / "shared" / "data" / "annuaire"
TOULOUSE = ANNUAIRE / "annuaire_academie-toulouse_2022-12.csv"
ILLE_ET_VILAINE = ANNUAIRE / "annuaire_ille-et-vilaine_2023-06.csv"
NATIONALE = ANNUAIRE / "DERIVED_national_union_shared-sources.csv.gz"
avec_les_vrais_fichiers = pytest.mark.skipif(not ANNUAIRE.is_dir(), reason=f"{ANNUAIRE} est absent")

COLLEGE = {
    "Identifiant_de_l_etablissement": "0350001L",
    "Nom_etablissement": "Collège du Test",
    "Type_etablissement": "Collège",
    "Statut_public_prive": "Public",
    "Adresse_1": "1 rue du Test",
    "Adresse_2": "BP 1",
    "Adresse_3": "35000 RENNES",
    "Code postal": "35000",
    "Code_commune": "35238",
    "Nom_commune": "Rennes",
    "Code_departement": "035",
    "Code_academie": "14",
    "Hebergement": "1",
    "Telephone": "02 99 00 00 00",
    "Web": "https://college.exemple.invalid",
    "Mail": "ce.0350001L@exemple.invalid",
    "Appartenance_Education_Prioritaire": "REP+",
    "Nombre_d_eleves": "512",
    "nom_circonscription": "Circonscription d'inspection du 1er degré de Rennes Nord",
    "libelle_bassin_formation": "RENNES",
    "latitude": "48.1",
    "longitude": "-1.67",
    "date_maj_ligne": "2023-06-08",
    "etat": "OUVERT",
    "code_nature": "340",
}
LISTE = {
    "uai": "0350001L",
    "nom": "COLLEGE DU TEST",
    "type": "Collège",
    "academie": "RENNES",
    "departement": "035",
    "commune": "RENNES",
    "insee": "35238",
    "secteur": "public",
    "effectifs": "500",
    "lat": "",
    "lon": "",
    "source": "ips2022",
}


def uai(numero, departement="035"):
    chiffres = f"{departement}{numero:04}"
    return chiffres + lettre_uai(chiffres)


def college(numero=1, **champs):
    """A line of the register; the keys are its columns."""
    return COLLEGE | {"Identifiant_de_l_etablissement": uai(numero), "Nom_etablissement": f"Collège {numero}"} | champs


def fichier(*lignes):
    tampon = io.StringIO(newline="")
    tableau = csv.DictWriter(tampon, fieldnames=lignes[0], delimiter=";", lineterminator="\n")
    tableau.writeheader()
    tableau.writerows(lignes)
    return tampon.getvalue()


def importer(contenu, *options):
    """The report of the command as an object, and its exit code. `contenu` is a path, text, bytes or lines."""
    if isinstance(contenu, Path):
        return lancer(contenu, *options)
    if isinstance(contenu, list):
        contenu = fichier(*contenu)
    with tempfile.TemporaryDirectory() as dossier:
        chemin = Path(dossier) / "annuaire.csv"
        chemin.write_bytes(contenu.encode() if isinstance(contenu, str) else contenu)
        return lancer(chemin, *options)


def lancer(chemin, *options):
    sortie, code = io.StringIO(), 0
    try:
        call_command("importer_annuaire", str(chemin), "--json", *options, stdout=sortie)
    except SystemExit as fin:
        code = fin.code
    bilan = json.loads(sortie.getvalue())
    if bilan["lus"]:
        assert bilan["lus"] == bilan["crees"] + bilan["modifies"] + bilan["inchanges"] + len(bilan["refuses"])
    return bilan, code


def bilan(lus=0, crees=0, modifies=0, inchanges=0, fermes=0, refuses=()):
    cles = ("ligne", "colonne", "valeur", "raison")
    return {
        "lus": lus,
        "crees": crees,
        "modifies": modifies,
        "inchanges": inchanges,
        "fermes": fermes,
        "refuses": [dict(zip(cles, refus, strict=True)) for refus in refuses],
    }


def base():
    """Everything that an import may write."""
    return list(Etablissement.objects.order_by("uai").values_list("uai", "nom", "etat", "effectif", "source"))


@contextmanager
def base_vide():
    """What happens inside is taken back: a property starts each example from nothing."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# --- Real files ---------------------------------------------------------------------------------------


@avec_les_vrais_fichiers
def test_les_vrais_fichiers_deux_fois():
    attendus = {
        TOULOUSE: bilan(lus=3417, crees=3415, inchanges=2),
        ILLE_ET_VILAINE: bilan(lus=996, crees=993, inchanges=3),
        NATIONALE: bilan(lus=43090, crees=38682, modifies=7, inchanges=4401),
    }
    for chemin, attendu in attendus.items():
        assert importer(chemin) == (attendu, 0)
    avant = base()
    for chemin, attendu in attendus.items():
        assert importer(chemin) == (bilan(lus=attendu["lus"], inchanges=attendu["lus"]), 0)
    assert base() == avant
    assert (Academie.objects.count(), Departement.objects.count()) == (34, 106)
    assert dict(
        Etablissement.objects.filter(uai__regex="^(620|720)").values_list("departement__code", "academie__nom")
    ) == {
        "02A": "Corse",
        "02B": "Corse",
    }
    assert set(Etablissement.objects.filter(uai="0342580V").values_list("nom", "type", "effectif")) == {
        ("Collège (Maraussan)", "college", None)
    }


@avec_les_vrais_fichiers
def test_l_ordre_des_vrais_fichiers_ne_change_rien():
    """A register that comes after the merged list outranks it all the same."""
    importer(TOULOUSE)
    seul = Etablissement.objects.get(uai="0460054J")
    Etablissement.objects.all().delete()
    liste = [LISTE | {"uai": seul.uai, "departement": "LOT", "academie": "TOULOUSE"}]
    assert importer(liste) == (bilan(lus=1, crees=1), 0)
    assert importer(TOULOUSE) == (bilan(lus=3417, crees=3414, modifies=1, inchanges=2), 0)
    assert importer(liste) == (bilan(lus=1, inchanges=1), 0)
    ensuite = Etablissement.objects.get(uai="0460054J")
    assert (ensuite.nom, ensuite.effectif, ensuite.source) == ("Collège Les Castors", 642, "registre")
    assert (seul.nom, seul.effectif, seul.commune) == (ensuite.nom, ensuite.effectif, ensuite.commune)


@avec_les_vrais_fichiers
def test_liste_saisie_a_la_main():
    """A list that is not the register: the refusal says what it lacks and what it has."""
    refus = (
        1,
        "",
        "Départements, COMMUNE, Code UAI, Collèges, Label",
        "L'en-tête n'a pas les colonnes attendues :"
        " identifiant_de_l_etablissement, nom_etablissement, etat, code_departement.",
    )
    assert importer(ANNUAIRE / "saisie-manuelle" / "college-rep.csv") == (bilan(refuses=[refus]), 1)


# --- One line -----------------------------------------------------------------------------------------


def test_une_ligne_entiere():
    assert importer([COLLEGE]) == (bilan(lus=1, crees=1), 0)
    etablissement = Etablissement.objects.select_related("academie", "departement").get()
    lu = {champ.name: getattr(etablissement, champ.name) for champ in Etablissement._meta.concrete_fields}
    assert (str(lu.pop("academie")), str(lu.pop("departement"))) == ("Rennes", "Ille-et-Vilaine (035)")
    assert etablissement.academie.fuseau == "Europe/Paris"
    for propre_a_la_base in ("id", "cree_le", "recherche"):
        lu.pop(propre_a_la_base)
    assert lu == {
        "uai": "0350001L",
        "nom": "Collège du Test",
        "type": "college",
        "nature": "340",
        "secteur": "public",
        "etat": "ouvert",
        "ferme_le": None,
        "district": None,
        "collectivite": None,
        "adresse": "1 rue du Test, BP 1",
        "code_postal": "35000",
        "commune": "Rennes",
        "code_commune": "35238",
        "telephone": "02 99 00 00 00",
        "courriel": "ce.0350001L@exemple.invalid",
        "site": "https://college.exemple.invalid",
        "effectif": 512,
        "internat": True,
        "education_prioritaire": "REP+",
        "circonscription": "Circonscription d'inspection du 1er degré de Rennes Nord",
        "bassin": "RENNES",
        "latitude": 48.1,
        "longitude": -1.67,
        "source": "registre",
        "date_annuaire": datetime.date(2023, 6, 8),
    }


def test_toutes_les_editions_disent_la_meme_chose():
    """Field names, labels, code of the état, columns gone: the school is the same."""
    libelles = {
        "Identifiant de l'établissement": "350001l",  # a spreadsheet ate the zero
        "Appellation officielle": "Collège du Test",
        "Code état établissement": "1",
        "Code département": "35",
        "Académie": "RENNES",
        "Code nature": "340",
        "Code_postal": "35000",
        "Nombre d’élèves": "512",
    }
    importer([COLLEGE])
    assert importer([libelles]) == (bilan(lus=1, inchanges=1), 0)
    Etablissement.objects.all().delete()
    assert importer([libelles]) == (bilan(lus=1, crees=1), 0)
    lu = Etablissement.objects.values(
        "uai", "nom", "etat", "type", "departement__code", "code_postal", "effectif"
    ).get()
    assert lu == {
        "uai": "0350001L",
        "nom": "Collège du Test",
        "etat": "ouvert",
        "type": "college",
        "departement__code": "035",
        "code_postal": "35000",
        "effectif": 512,
    }


@pytest.mark.parametrize(
    ("libelle", "nature", "attendu"),
    [
        ("Ecole", "151", "ecole"),
        ("EREA", "370", "erea"),
        ("Médico-social", "240", "autre"),
        ("Lycée", "400", "lycee"),
        ("", "101", "ecole"),
        ("", "340", "college"),
        ("", "320", "lycee"),
        ("", "334", "lycee"),
        ("", "370", "erea"),
        ("", "400", "autre"),
        ("Autre", "380", "autre"),
        ("Jamais vu", "340", "college"),
        ("", "", "autre"),
    ],
)
def test_type(libelle, nature, attendu):
    importer([college(Type_etablissement=libelle, code_nature=nature)])
    assert Etablissement.objects.get().type == attendu


def test_ce_qui_peut_manquer():
    blancs = dict.fromkeys(
        ["Nombre_d_eleves", "Type_etablissement", "latitude", "longitude", "Hebergement", "Mail"], ""
    )
    assert importer([college(**blancs)]) == (bilan(lus=1, crees=1), 0)
    lu = Etablissement.objects.values_list("type", "effectif", "latitude", "longitude", "internat", "courriel").get()
    assert lu == ("college", None, None, None, None, "")


def test_un_etablissement_sans_nom_en_recoit_un_en_attendant():
    sans_nom = LISTE | {"nom": "", "commune": "Maraussan"}
    assert importer([sans_nom]) == (bilan(lus=1, crees=1), 0)
    assert Etablissement.objects.get().nom == "Collège (Maraussan)"
    assert importer([LISTE | {"commune": "Maraussan"}]) == (bilan(lus=1, modifies=1), 0)
    assert importer([sans_nom]) == (bilan(lus=1, inchanges=1), 0)
    assert Etablissement.objects.get().nom == "COLLEGE DU TEST"


@pytest.mark.parametrize("nom", ["=1+1", "@SUM(A1)", "<script>alert(1)</script>", "-2+3", "\u202eegèlloc", "＝1"])
def test_un_nom_reste_tel_que_saisi(nom):
    assert importer([college(Nom_etablissement=nom)]) == (bilan(lus=1, crees=1), 0)
    assert Etablissement.objects.get().nom == nom


@pytest.mark.parametrize(
    ("code_uai", "departement", "academie", "attendu"),
    [
        (uai(1, "620"), "02A", "27", ("02A", "Corse", "Europe/Paris")),
        (uai(1, "720"), "720", "Corse", ("02B", "Corse", "Europe/Paris")),
        (uai(1, "974"), "974", "REUNION", ("974", "La Réunion", "Indian/Reunion")),
        (uai(1, "971"), "977", "32", ("977", "Guadeloupe", "America/Guadeloupe")),
        (uai(1, "983"), "988", "Nouvelle Calédonie", ("988", "Nouvelle-Calédonie", "Pacific/Noumea")),
        (uai(1, "984"), "984", "", ("987", "Polynésie française", "Pacific/Tahiti")),
        (uai(1, "975"), "975", "44", ("975", "Saint-Pierre-et-Miquelon", "America/Miquelon")),
        (uai(1, "014"), "14", "5", ("014", "Normandie", "Europe/Paris")),
        (uai(1, "076"), "SEINE MARITIME", "Rouen", ("076", "Normandie", "Europe/Paris")),
    ],
)
def test_territoires(code_uai, departement, academie, attendu):
    ligne = COLLEGE | {
        "Identifiant_de_l_etablissement": code_uai,
        "Code_departement": departement,
        "Code_academie": academie,
    }
    assert importer([ligne]) == (bilan(lus=1, crees=1), 0)
    assert Etablissement.objects.values_list("departement__code", "academie__nom", "academie__fuseau").get() == attendu


def test_table_des_territoires():
    """101 départements and the six other overseas territories; each time zone exists."""
    assert len(territoires()) == 107
    assert len({territoire.code_academie for territoire in territoires().values()}) == 34
    assert all(Academie(fuseau=territoire.fuseau).zone for territoire in territoires().values())


# --- Refusals -----------------------------------------------------------------------------------------

UN_UAI = "un UAI est attendu : sept chiffres et une lettre."
UN_DEPARTEMENT = "un département est attendu : son code de trois caractères (035, 02A, 974) ou son nom."
ENTIER = "un nombre entier, positif ou nul, est attendu."
ETAT = "OUVERT, A OUVRIR, A FERMER ou FERME est attendu."
MAUVAISES_VALEURS = [
    ("Identifiant_de_l_etablissement", "0350001A", "la lettre de contrôle n'est pas A : 0350001L est attendu."),
    ("Identifiant_de_l_etablissement", "0350001", "il manque la lettre de contrôle : 0350001L est attendu."),
    ("Identifiant_de_l_etablissement", "", UN_UAI),
    ("Identifiant_de_l_etablissement", "3,50E+05", UN_UAI),
    ("Identifiant_de_l_etablissement", "00350001L", UN_UAI),
    ("Identifiant_de_l_etablissement", "٠350001L", UN_UAI),
    ("Nom_etablissement", "x" * 201, "200 caractères au plus sont attendus ; la valeur en compte 201."),
    (
        "Nom_etablissement",
        "CollÃ¨ge",
        "les accents sont abîmés : l'encodage de cette valeur n'est pas celui du fichier.",
    ),
    ("Nom_etablissement", "a\0b", "la valeur contient un caractère nul."),
    ("etat", "", ETAT),
    ("etat", "EN TRAVAUX", ETAT),
    ("Code_departement", "", UN_DEPARTEMENT),
    ("Code_departement", "099", UN_DEPARTEMENT),
    ("Code_academie", "99", "une académie est attendue : son code de deux chiffres ou son nom."),
    ("Code_academie", "16", "le département 035 relève de l'académie 14 (Rennes)."),
    ("Statut_public_prive", "Mixte", "Public ou Privé est attendu."),
    ("Nombre_d_eleves", "-1", ENTIER),
    ("Nombre_d_eleves", "12,5", ENTIER),
    ("Nombre_d_eleves", "beaucoup", ENTIER),
    ("latitude", "91", "un nombre compris entre -90 et 90 est attendu."),
    ("latitude", "nord", "un nombre décimal est attendu."),
    ("latitude", "", "latitude et longitude vont ensemble."),
    ("longitude", "-180.5", "un nombre compris entre -180 et 180 est attendu."),
    ("Hebergement", "peut-être", "1 ou 0 est attendu."),
    ("date_maj_ligne", "hier", "une date AAAA-MM-JJ ou JJ/MM/AAAA est attendue."),
    ("Code postal", "350000", "5 caractères au plus sont attendus ; la valeur en compte 6."),
    ("Adresse_1", "y" * 248, "250 caractères au plus sont attendus ; la valeur en compte 254."),
]


def test_toutes_les_erreurs_a_la_fois():
    """Each wrong cell is told with its line, and the good lines around them are kept."""
    mauvaises = [COLLEGE | {colonne: valeur} for colonne, valeur, _ in MAUVAISES_VALEURS]
    attendus = [
        (ligne, colonne, valeur if len(valeur) <= 200 else valeur[:199] + "…", raison)
        for ligne, (colonne, valeur, raison) in enumerate(MAUVAISES_VALEURS, start=3)
    ]
    lignes = [college(1), *mauvaises, college(2)]
    assert importer(lignes) == (bilan(lus=len(lignes), crees=2, refuses=attendus), 0)
    assert base() == [
        (uai(1), "Collège 1", "ouvert", 512, "registre"),
        (uai(2), "Collège 2", "ouvert", 512, "registre"),
    ]
    assert importer(lignes) == (bilan(lus=len(lignes), inchanges=2, refuses=attendus), 1)


def test_fichier_tronque():
    contenu = fichier(college(1), college(2))
    coupe = contenu[: contenu.rindex(";Rennes")]
    debut = coupe.splitlines()[-1]
    raison = "25 colonnes sont attendues, 9 sont là : ligne coupée ou guillemet mal fermé."
    assert importer(coupe) == (bilan(lus=2, crees=1, refuses=[(3, "", debut, raison)]), 0)


@pytest.mark.parametrize(
    ("contenu", "refus"),
    [
        (b"", (0, "", "", "Le fichier est vide.")),
        (bytes(range(256)), (0, "", "", "Ce fichier n'est pas un fichier texte.")),
        (b"\x1f\x8b\x08", (0, "", "", "L'archive gzip est incomplète ou abîmée.")),
        (
            b"uai;nom\n0350001L;Test\n",
            (
                1,
                "",
                "uai, nom",
                "L'en-tête n'a pas les colonnes attendues : nom_etablissement, etat, code_departement.",
            ),
        ),
    ],
)
def test_fichier_refuse_en_entier(contenu, refus):
    assert importer(contenu) == (bilan(refuses=[refus]), 1)
    assert base() == []


def test_un_en_tete_seul():
    assert importer(fichier(COLLEGE).splitlines()[0]) == (bilan(), 0)


# --- Which line wins ----------------------------------------------------------------------------------


def test_un_uai_sur_deux_lignes():
    """The main site is kept, whatever the order; the annexe counts as unchanged."""
    site, annexe = college(1, Nom_etablissement="Lycée Z"), college(1, Nom_etablissement="Lycée A - annexe")
    for lignes in ([site, annexe], [annexe, site]):
        with base_vide():
            assert importer(lignes) == (bilan(lus=2, crees=1, inchanges=1), 0)
            assert Etablissement.objects.get().nom == "Lycée Z"
            assert importer(lignes) == (bilan(lus=2, inchanges=2), 0)


def test_une_edition_plus_ancienne_ne_change_rien():
    ancienne = COLLEGE | {"date_maj_ligne": "2022-12-14", "Nombre_d_eleves": "400", "Nom_etablissement": "Ancien"}
    nouvelle = COLLEGE | {"date_maj_ligne": "2024-01-01", "Nombre_d_eleves": "600"}
    assert importer([COLLEGE]) == (bilan(lus=1, crees=1), 0)
    assert importer([ancienne]) == (bilan(lus=1, inchanges=1), 0)
    assert importer([nouvelle]) == (bilan(lus=1, modifies=1), 0)
    assert importer([COLLEGE]) == (bilan(lus=1, inchanges=1), 0)
    assert base() == [("0350001L", "Collège du Test", "ouvert", 600, "registre")]


def test_la_liste_ne_comble_que_les_blancs():
    incomplet = COLLEGE | {"Nombre_d_eleves": "", "Statut_public_prive": ""}
    liste = LISTE | {"secteur": "privé sous contrat", "lat": "1", "lon": "2"}
    assert importer([incomplet]) == (bilan(lus=1, crees=1), 0)
    assert importer([liste]) == (bilan(lus=1, modifies=1), 0)
    lu = Etablissement.objects.values_list("nom", "secteur", "effectif", "latitude", "source").get()
    assert lu == ("Collège du Test", "prive", 500, 48.1, "registre")
    for lignes in ([incomplet], [liste]):
        assert importer(lignes) == (bilan(lus=1, inchanges=1), 0)


def test_un_blanc_n_efface_rien_sauf_l_education_prioritaire():
    importer([COLLEGE])
    assert importer([COLLEGE | {"Nombre_d_eleves": "", "Mail": ""}]) == (bilan(lus=1, inchanges=1), 0)
    assert importer([COLLEGE | {"Appartenance_Education_Prioritaire": ""}]) == (bilan(lus=1, modifies=1), 0)
    lu = Etablissement.objects.values_list("effectif", "courriel", "education_prioritaire").get()
    assert lu == (512, "ce.0350001L@exemple.invalid", "")


def test_une_colonne_absente_n_est_pas_touchee():
    importer([COLLEGE])
    sans = {cle: valeur for cle, valeur in COLLEGE.items() if cle not in ("Appartenance_Education_Prioritaire", "Web")}
    assert importer([sans | {"Telephone": "01"}]) == (bilan(lus=1, modifies=1), 0)
    assert Etablissement.objects.values_list("telephone", "education_prioritaire", "site").get() == (
        "01",
        "REP+",
        "https://college.exemple.invalid",
    )


def test_la_demonstration_n_est_jamais_touchee():
    importer([COLLEGE, college(2)])
    Etablissement.objects.filter(uai=uai(1)).update(source="demonstration", nom="Démonstration", effectif=None)
    assert importer([COLLEGE | {"Nom_etablissement": "Autre"}]) == (bilan(lus=1, inchanges=1), 0)
    assert importer([LISTE]) == (bilan(lus=1, inchanges=1), 0)
    assert importer([college(2)], "--complet") == (bilan(lus=1, inchanges=1), 0)
    assert Etablissement.objects.values_list("nom", "effectif", "etat").get(uai=uai(1)) == (
        "Démonstration",
        None,
        "ouvert",
    )


@given(st.permutations(range(8)))
@reglages(max_examples=8)
def test_l_ordre_des_lignes_ne_compte_pas(ordre):
    lignes = [
        *(college(numero) for numero in range(1, 4)),
        college(1, Nom_etablissement="Annexe du 1"),
        college(2, Nom_etablissement="Autre 2", Telephone="1"),
        college(2, Nom_etablissement="Autre 2", Telephone="2"),
        college(2, Nom_etablissement=""),
        college(3, etat="?"),
    ]
    with base_vide():
        rapport, _ = importer([lignes[rang] for rang in ordre])
        lus = sorted(Etablissement.objects.values_list("uai", "nom", "telephone"))
    assert (rapport["crees"], rapport["inchanges"], len(rapport["refuses"])) == (3, 4, 1)
    attendus = [("Collège 1", "02 99 00 00 00"), ("Autre 2", "1"), ("Collège 3", "02 99 00 00 00")]
    assert lus == [(uai(numero), *attendu) for numero, attendu in enumerate(attendus, start=1)]


VALEURS = st.fixed_dictionaries(
    {
        "Identifiant_de_l_etablissement": st.sampled_from([uai(1), uai(2), uai(3), "0350001A", "", "x"]),
        "Nom_etablissement": st.sampled_from(["A", "annexe", "", "=1", "é"]),
        "etat": st.sampled_from(["OUVERT", "A FERMER", "FERME", "", "?"]),
        "Nombre_d_eleves": st.sampled_from(["", "0", "12", "-1"]),
        "date_maj_ligne": st.sampled_from(["", "2022-01-01", "2023-01-01"]),
        "Appartenance_Education_Prioritaire": st.sampled_from(["", "REP"]),
    }
)


@given(st.lists(st.lists(VALEURS, min_size=1, max_size=5), min_size=1, max_size=3), st.booleans())
@reglages(max_examples=25)
def test_chaque_fichier_deux_fois_ne_change_rien(fichiers, complet):
    """Whatever the files: counts add up (see `lancer`), and the second time changes nothing."""
    options = ["--complet"] if complet else []
    with base_vide():
        for lignes in fichiers:
            contenu = fichier(*(COLLEGE | ligne for ligne in lignes))
            premier, _ = importer(contenu, *options)
            avant = base()
            second, code = importer(contenu, *options)
            assert second == premier | {"crees": 0, "modifies": 0, "fermes": 0} | {
                "inchanges": premier["lus"] - len(premier["refuses"])
            }
            assert code == (1 if premier["refuses"] else 0)
            assert base() == avant


# --- Opening and closing ------------------------------------------------------------------------------


def etats():
    return dict(Etablissement.objects.values_list("uai", "etat"))


@pytest.mark.parametrize(
    ("ecrit", "attendu"),
    [
        ("OUVERT", "ouvert"),
        ("A FERMER", "a_fermer"),
        ("À ouvrir", "a_ouvrir"),
        ("FERME", "ferme"),
        ("FERMEE", "ferme"),
        ("2", "a_fermer"),
    ],
)
def test_etat(ecrit, attendu):
    importer([college(etat=ecrit)])
    assert Etablissement.objects.values_list("etat", "ferme_le").get() == (attendu, None)


def lire_et_importer(lignes, jour, **options):
    lecture = LectureAnnuaire(io.StringIO(fichier(*lignes)))
    return importer_annuaire(lecture, jour=jour, **options)


def test_complet_ferme_les_absents_du_departement():
    voisin = COLLEGE | {
        "Identifiant_de_l_etablissement": uai(1, "031"),
        "Code_departement": "031",
        "Code_academie": "16",
    }
    tous = [college(1), college(2), college(3), voisin]
    importer(tous)
    jour = datetime.date(2026, 9, 1)
    assert lire_et_importer([college(1)], jour).fermes == 0
    comptes = lire_et_importer([college(1)], jour, complet=True)
    assert (comptes.fermes, comptes.inchanges) == (2, 1)
    lus = dict(Etablissement.objects.order_by("uai").values_list("uai", "ferme_le"))
    assert lus == {uai(1, "031"): None, uai(1): None, uai(2): jour, uai(3): jour}
    assert lire_et_importer([college(1)], datetime.date(2026, 9, 2), complet=True).fermes == 0
    assert dict(Etablissement.objects.values_list("uai", "ferme_le")) == lus
    assert importer(tous) == (bilan(lus=4, modifies=2, inchanges=2), 0)
    assert set(Etablissement.objects.values_list("etat", "ferme_le")) == {("ouvert", None)}


def test_complet_epargne_les_lignes_refusees():
    importer([college(1), college(2), college(3)])
    mauvaise_lettre = college(2) | {"Identifiant_de_l_etablissement": "0350002A"}
    rapport, code = importer([college(1), mauvaise_lettre], "--complet")
    assert (rapport["fermes"], len(rapport["refuses"]), code) == (1, 1, 0)
    assert etats() == {uai(1): "ouvert", uai(2): "ouvert", uai(3): "ferme"}


@pytest.mark.parametrize("abime", ["0350", "illisible;x\n"])
def test_complet_ne_ferme_rien_si_le_fichier_est_coupe(abime, capsys, tmp_path):
    """A broken line may have taken others with it, and an unreadable UAI may be any school's."""
    importer([college(1), college(2)])
    chemin = tmp_path / "coupe.csv"
    chemin.write_text(fichier(college(1)) + abime)
    assert lancer(chemin, "--complet")[0]["fermes"] == 0
    with pytest.raises(SystemExit):
        call_command("importer_annuaire", str(chemin), "--complet")
    assert "Aucune fermeture" in capsys.readouterr().out


def test_complet_avec_un_uai_illisible():
    importer([college(1), college(2)])
    rapport, _ = importer([college(1), COLLEGE | {"Identifiant_de_l_etablissement": "?"}], "--complet")
    assert (rapport["fermes"], etats()) == (0, {uai(1): "ouvert", uai(2): "ouvert"})


def test_complet_d_une_edition_ancienne():
    """It does not know the schools that opened since."""
    importer([college(1), college(2, date_maj_ligne="2024-01-01")])
    assert importer([college(1)], "--complet") == (bilan(lus=1, inchanges=1), 0)


def test_ferme_par_le_registre_reste_ferme_pour_la_liste():
    liste = [LISTE, LISTE | {"uai": uai(2)}]
    importer(liste)
    assert importer([college(1)], "--complet") == (bilan(lus=1, modifies=1, fermes=1), 0)
    assert importer(liste) == (bilan(lus=2, inchanges=2), 0)
    assert etats() == {uai(1): "ouvert", uai(2): "ferme"}


def test_ferme_par_la_liste_revient_avec_elle():
    importer([LISTE, LISTE | {"uai": uai(2)}])
    assert importer([LISTE], "--complet") == (bilan(lus=1, inchanges=1, fermes=1), 0)
    assert importer([LISTE, LISTE | {"uai": uai(2)}]) == (bilan(lus=2, modifies=1, inchanges=1), 0)
    assert etats() == {uai(1): "ouvert", uai(2): "ouvert"}


# --- The command --------------------------------------------------------------------------------------


def test_simulation():
    importer([college(1), college(2)])
    avant = base(), Academie.objects.count()
    lignes = [college(1, Nombre_d_eleves="1"), college(3), college(4, etat="")]
    refus = [(4, "etat", "", ETAT)]
    attendu = bilan(lus=3, crees=1, modifies=1, fermes=1, refuses=refus)
    assert importer(lignes, "--complet", "--simulation") == (attendu, 1)
    assert (base(), Academie.objects.count()) == avant
    assert importer(lignes, "--complet") == (attendu, 0)


def test_bilan_lisible(tmp_path, capsys):
    chemin = tmp_path / "annuaire.csv"
    chemin.write_text(fichier(college(1), college(1, Nom_etablissement="annexe"), college(2, etat="?")))
    call_command("importer_annuaire", str(chemin))
    assert capsys.readouterr().out.splitlines() == [
        "Lignes : 3 lues · 1 création · 0 modification · 1 inchangée · 0 fermeture · 1 refusée",
        "Lignes en double pour un même UAI (site principal et annexe), comptées inchangées : 1.",
        f"Refusé : ligne 4, colonne etat, « ? » : {ETAT}",
    ]


def test_la_commande_pour_de_bon(tmp_path):
    """In a process of its own: one object on standard output, nothing else, no traceback, exit code 1."""
    fait = subprocess.run(
        [sys.executable, "-m", "django", "importer_annuaire", str(tmp_path / "absent.csv"), "--json"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"PYTHONPATH": str(settings.BASE_DIR)},
        capture_output=True,
        text=True,
        check=False,
    )
    raison = f"Le fichier « {tmp_path / 'absent.csv'} » n'existe pas."
    assert json.loads(fait.stdout) == bilan(refuses=[(0, "", "", raison)])
    assert (fait.returncode, fait.stderr) == (1, "")


def test_gzip():
    assert importer(gzip.compress(fichier(college(1)).encode("utf-16"))) == (bilan(lus=1, crees=1), 0)


class LectureInterrompue(LectureAnnuaire):
    """The disk is pulled out after the first line."""

    def __iter__(self):
        yield next(super().__iter__())
        raise KeyboardInterrupt


def test_un_import_interrompu_ne_laisse_rien():
    lecture = LectureInterrompue(io.StringIO(fichier(college(1), college(2))))
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        importer_annuaire(lecture, jour=datetime.date(2026, 9, 1))
    assert (base(), Academie.objects.count()) == ([], 0)


def test_deux_imports_a_la_fois():
    autre = connection.copy()
    try:
        with autre.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('importer_annuaire'))")
        raison = "Un autre import de l'annuaire est en cours : recommencez quand il sera fini."
        assert importer([college(1)]) == (bilan(refuses=[(0, "", "", raison)]), 1)
    finally:
        autre.close()


def test_l_historique_dit_qui_a_change_quoi():
    importer([college(1), college(2)])
    importer([college(1, Nombre_d_eleves="513"), college(2)])
    evenement = Etablissement.evenements.rel.related_model.objects.get()
    assert (evenement.uai, evenement.effectif, evenement.pgh_label) == (uai(1), 513, "update")
    assert evenement.pgh_context["acte"] == "importer_annuaire"
    assert evenement.pgh_context["source"] == "import"
