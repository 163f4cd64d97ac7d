"""Real files of inventory: those of Snipe-IT and of GLPI's agent, imported, then imported again."""

import csv
import datetime
import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse

from budget.models import Equipement, Salle

DONNEES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "inventaires"
pytestmark = pytest.mark.skipif(
    not DONNEES.is_dir(), reason="the real inventories (../shared/data/inventaires) are not on this machine"
)
SNIPE_IT = DONNEES / "snipe-it_assets-sample.csv"
AGENTS = DONNEES / "glpi-inventory"


def importer(monde, fichier: Path, *options: str) -> dict:
    sortie = io.StringIO()
    call_command("importer_equipements", str(fichier), "--uai", monde.college.uai, "--json", *options, stdout=sortie)
    return json.loads(sortie.getvalue())


def bilan(lus: int, crees: int = 0, inchanges: int = 0, refuses: list | None = None) -> dict:
    return {
        "lus": lus,
        "crees": crees,
        "modifies": 0,
        "inchanges": inchanges,
        "fermes": 0,
        "refuses": refuses or [],
    }


def test_l_export_de_snipe_it_arrive_puis_ne_change_rien(monde):
    assert importer(monde, SNIPE_IT, "--simulation") == bilan(22, crees=22)
    assert not Equipement.objects.exists()
    assert importer(monde, SNIPE_IT) == bilan(22, crees=22)
    assert importer(monde, SNIPE_IT) == bilan(22, inchanges=22)
    premier = Equipement.objects.get(etiquette="ICC-2065556")
    assert (premier.designation, premier.modele, premier.categorie) == ("Backhoe", 'Macbook Pro 13"', "portable")
    assert (premier.prix, premier.source, premier.salle.nom) == (
        Decimal("2266.13"), "snipe_it", "Wilkinson, Waters and Kerluke",
    )  # fmt: skip
    # 10/27/28 in one column, 1/23/23 in the other: both are American, and of this century.
    assert (premier.achete_le, premier.prevu_jusqu_au) == (datetime.date(2023, 1, 23), datetime.date(2028, 10, 27))
    # Where it was given out, not where it lives.
    assert Equipement.objects.get(etiquette="EJS-7488052").salle.nom == "McGlynn, Hagenes and Bruen"
    assert Equipement.objects.filter(prete_a="personnel").count() == 9


def test_aucun_nom_du_fichier_n_est_garde_ni_montre(monde, client):
    with SNIPE_IT.open(encoding="utf-8-sig", newline="") as flux:
        lignes = list(csv.DictReader(flux))
    gens = {
        ligne[f"Checked Out To: {quoi}"]
        for ligne in lignes
        for quoi in ("Username", "First Name", "Last Name", "Email")
        if ligne[f"Checked Out To: {quoi}"]
    }
    assert len(gens) > 20
    client.force_login(monde.referent)
    with SNIPE_IT.open("rb") as flux:
        adresse = client.post(reverse("equipements_importer", args=[monde.college.uai]), {"fichier": flux})["Location"]
    montre = client.get(adresse).content.decode() + client.get(f"{adresse}colonnes/").content.decode()
    client.post(adresse)
    garde = json.dumps([list(map(str, ligne)) for ligne in Equipement.objects.values_list()])
    assert Equipement.objects.count() == 22
    assert {nom for nom in gens if nom in montre or nom in garde} == set()


def test_les_lignes_refusees_du_fichier_sont_nommees(monde, tmp_path):
    """The real file, with what goes wrong in real life."""
    contenu = SNIPE_IT.read_text(encoding="utf-8-sig")
    contenu = (
        contenu.replace("2266.13", "-2266.13").replace("WBH-2841795", "NNH-3656031").replace("11/2/22", "11/32/22")
    )
    (fichier := tmp_path / "assets.csv").write_text(contenu)
    deux = "cette étiquette est aussi à la ligne {} : gardez une seule de ces lignes."
    refuses = [
        {"ligne": 2, "colonne": "Purchase Cost", "valeur": "-2266.13", "raison": "Un prix ne peut pas être négatif."},
        {"ligne": 3, "colonne": "Asset Tag", "valeur": "NNH-3656031", "raison": deux.format(4)},
        {"ligne": 4, "colonne": "Asset Tag", "valeur": "NNH-3656031", "raison": deux.format(3)},
        {"ligne": 17, "colonne": "Purchase Date", "valeur": "11/32/22", "raison": "cette date n'existe pas."},
    ]
    assert importer(monde, fichier) == bilan(22, crees=18, refuses=refuses)
    assert importer(monde, SNIPE_IT) == bilan(22, crees=4, inchanges=18)


def test_les_machines_de_l_agent_de_glpi_arrivent_puis_ne_changent_rien(monde, tmp_path):
    assert importer(monde, AGENTS) == bilan(4, crees=4)
    champs = ("designation", "categorie", "marque", "modele", "numero_serie", "etiquette")
    assert list(Equipement.objects.order_by("pk").values_list(*champs)) == [
        ("COMP1", "portable", "Dell Inc.", "XPS 13 9350", "2FAGP34", "COMP1"),
        ("Xiaomi Mi 9T Pro", "autre", "Xiaomi", "Mi 9T Pro", "af8d8fcfa6fa4794", ""),
        ("NPIF2BE10", "imprimante", "Hewlett-Packard", "HP LaserJet M507", "PHCVN191TG", ""),
        ("MX5970", "imprimante", "Canon", "Canon MX 5970", "SDFSDF9874", ""),
    ]
    with zipfile.ZipFile(tmp_path / "agents.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for fichier in sorted(AGENTS.glob("*.json")):
            archive.write(fichier, fichier.name)
    assert importer(monde, tmp_path / "agents.zip") == bilan(4, inchanges=4)
    assert importer(monde, AGENTS / "computer_2.json") == bilan(1, inchanges=1)
    assert not Salle.objects.exists()
