"""The real schools of the country, imported in one run: what dashboards count is what the file says."""

import csv
import gzip
import re
import unicodedata
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from lxml import html

from diagnostic.queries import suivi
from strategie.pilotage.domain.syntheses import tout_replier
from strategie.pilotage.models import SyntheseTerritoire
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.droits import Role
from strategie.socle.models import Academie, Departement, District, Etablissement
from tests.dossier import campagne_ouverte
from tests.personnages import affecter, un_compte

UNION = (
    Path(__file__).resolve().parents[2].parent
    / "shared"
    / "data"
    / "annuaire"
    / "DERIVED_national_union_shared-sources.csv.gz"
)
TYPES = {"Ecole": "ecole", "Collège": "college", "Lycée": "lycee", "EREA": "erea"}
DISTRICTS = 12

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not UNION.exists(), reason="the file of 43,090 schools is absent"),
]


def lignes() -> list[dict[str, str]]:
    with gzip.open(UNION, "rt", encoding="utf-8", newline="") as fichier:
        return list(csv.DictReader(fichier, delimiter=";"))


def totaux(niveau: str) -> dict[int, Counter[str]]:
    """By key of territory, of every measure that does not depend on the year."""
    dits: dict[int, Counter[str]] = {}
    figures = SyntheseTerritoire.objects.filter(niveau=niveau, annee_scolaire="")
    for cle, mesure, valeur in figures.values_list("cle", "mesure", "valeur"):
        dits.setdefault(cle, Counter())[mesure] = valeur
    return dits


def compte(ecoles: list[dict[str, str]]) -> Counter[str]:
    comptees = [ecole for ecole in ecoles if ecole["type"] in TYPES]
    dit = Counter({"etablissements": len(comptees)})
    for ecole in comptees:
        dit[f"etablissements.{TYPES[ecole['type']]}"] += 1
        if ecole["effectifs"]:
            dit["eleves.connus"] += 1
            dit["eleves"] += int(ecole["effectifs"])
    return dit


def clef(nom: str) -> str:
    """« Nouvelle-Calédonie » and « NOUVELLE CALEDONIE » are one name."""
    sans_accent = unicodedata.normalize("NFD", nom).encode("ascii", "ignore").decode()
    return sans_accent.upper().replace("-", " ")


def par(ecoles: list[dict[str, str]], colonne: str) -> dict[str, Counter[str]]:
    groupes: dict[str, list[dict[str, str]]] = {}
    for ecole in ecoles:
        groupes.setdefault(clef(ecole[colonne]), []).append(ecole)
    return {groupe: compte(siennes) for groupe, siennes in groupes.items()}


def dessiner_des_districts(ecoles: list[dict[str, str]]) -> dict[int, Counter[str]]:
    """One for each of the communes that have most schools; what each should count."""
    attendus = {}
    communes = Counter(ecole["insee"] for ecole in ecoles if ecole["insee"]).most_common(DISTRICTS)
    for insee, _ in communes:
        siennes = [ecole for ecole in ecoles if ecole["insee"] == insee]
        reelles = Etablissement.objects.filter(uai__in=[ecole["uai"] for ecole in siennes])
        district = District.objects.create(academie=reelles.first().academie, nom=insee)
        reelles.update(district=district)
        attendus[district.pk] = compte(siennes)
    return attendus


def attendus_de(client, niveau: str, cle: int) -> int:
    """« 0 établissement sur 3 465 »: how many schools its dashboard says are awaited."""
    page = html.fromstring(client.get(reverse("tableau_territoire", args=[niveau, cle])).content)
    [dit] = re.findall(r" sur ([\d\u202f]+)", page.xpath("string(//p[@class='chapo'])"))
    return int(dit.replace("\u202f", ""))


def test_les_totaux_sont_ceux_du_fichier(client, referentiel):
    ecoles = lignes()
    assert len(ecoles) == len({ecole["uai"] for ecole in ecoles}) == 43_090
    call_command("importer_annuaire", str(UNION), stdout=StringIO())
    districts = dessiner_des_districts(ecoles)
    annee = annee_scolaire(timezone.localdate())
    campagnes = [
        campagne_ouverte(academie, annee, referentiel, timezone.now())
        for academie in Academie.objects.filter(etablissements__isnull=False).distinct()
    ]
    tout_replier(maintenant=timezone.now())
    assert totaux("nation") == {0: compte(ecoles)}
    academies = {cle: clef(nom) for cle, nom in Academie.objects.values_list("pk", "nom")}
    assert {academies[cle]: dit for cle, dit in totaux("academie").items()} == par(ecoles, "academie")
    codes = {clef(nom): code for code, nom in Departement.objects.values_list("code", "nom")}
    for ecole in ecoles:
        ecole["departement"] = codes.get(clef(ecole["departement"]), ecole["departement"])
    departements = dict(Departement.objects.values_list("pk", "code"))
    assert {departements[cle]: dit for cle, dit in totaux("departement").items()} == par(ecoles, "departement")
    assert totaux("district") == districts
    assert len(districts) == DISTRICTS

    lectrice = un_compte("Rose", "Nationale")
    for academie in academies:
        affecter(lectrice, Role.RECTORAT, academie_id=academie)
    client.force_login(lectrice)
    attendus = {nom: dit["etablissements"] for nom, dit in par(ecoles, "academie").items()}
    assert {academies[cle]: attendus_de(client, "academie", cle) for cle in totaux("academie")} == attendus
    assert {academies[c.academie_id]: suivi.totaux(c).a_commencer for c in campagnes} == attendus
    plus_grande = max(campagnes, key=lambda campagne: attendus[academies[campagne.academie_id]])
    assert client.get(reverse("campagne", args=[plus_grande.pk])).status_code == 200
    assert {cle: attendus_de(client, "district", cle) for cle in districts} == {
        cle: dit["etablissements"] for cle, dit in districts.items()
    }
