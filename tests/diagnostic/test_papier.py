"""The workbook to fill in and its way back: the same answers as typed on screen, all of them or none."""

import dataclasses
import datetime
import io
import shutil
import subprocess
import tempfile
import unicodedata
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from django.apps import apps
from django.db import transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from diagnostic.domain.papier import ReponsesChangees, importer_reponses
from diagnostic.domain.reponses import Saisie, enregistrer_champ, enregistrer_reponse
from diagnostic.interfaces.classeur_a_remplir import ecrire_classeur
from diagnostic.interfaces.classeur_rempli import depouiller, refus_du_conflit
from diagnostic.interfaces.papier import Origine, origine_de, verifier_origine
from diagnostic.models import Delegation, Diagnostic, Reponse
from diagnostic.queries.contenu import contenu_du_diagnostic
from diagnostic.queries.etat import etat_du_diagnostic
from strategie.socle.interfaces.imports import FichierRefuse
from strategie.socle.models import Etablissement
from tests.dossier import commencer
from tests.tableurs import Feuilles, en_csv, en_ods, en_xlsx, lire_xlsx

REFERENCE = "Formulaire Paliers 1 · Collège du Test · 0980001U · {annee} · référentiel paliers, version 1"
ENTETES = ["Code", "Champ", "Palier", "Indicateur", "Réponse", "Raison (si « Sans objet »)", "Commentaire", "Version"]
REPONSE, RAISON, COMMENTAIRE, VERSION = 4, 5, 6, 7
HOSTILE = '=1+1;"guillemets"\n@SUM(A1)\n\u202eesrever\u202c é\u00a0l’œuf 😀 ＝2'
CODES_ECARTES = ["PIL-2-3", "PED-1-2", "INF-2-3"]  # they speak of collèges and lycées


def frais(diagnostic: Diagnostic) -> Diagnostic:
    """As a page finds it."""
    return Diagnostic.objects.select_related(
        "etablissement__academie", "etablissement__departement", "campagne__academie", "referentiel"
    ).get(pk=diagnostic.pk)


def etat(diagnostic: Diagnostic):
    return etat_du_diagnostic(frais(diagnostic))


def adresse(nom: str, diagnostic: Diagnostic) -> str:
    return reverse(nom, args=[diagnostic.etablissement.uai, diagnostic.campagne.annee_scolaire])


def telecharger(client, diagnostic: Diagnostic) -> bytes:
    return client.get(adresse("papier_classeur", diagnostic)).content


def renvoyer(client, diagnostic: Diagnostic, octets: bytes, nom: str = "réponses.xlsx", **champs):
    fichier = io.BytesIO(octets)
    fichier.name = nom
    return client.post(adresse("diagnostic_papier", diagnostic), {"fichier": fichier} | champs)


def contenu(diagnostic: Diagnostic) -> dict:
    """What a signature would freeze."""
    return contenu_du_diagnostic(etat(diagnostic), datetime.date(2026, 11, 1))


def rangees(diagnostic: Diagnostic) -> list[dict]:
    """The answers kept, whole, but for the instant."""
    champs = ("valeur", "motif", "commentaire", "a_reconfirmer", "version", "modifiee_par")
    return list(diagnostic.reponses.order_by("indicateur__ordre").values("indicateur__code", *champs))


def remplir(classeur: bytes, reponses: dict[str, dict[int, object]]) -> Feuilles:
    """The workbook as read, with these cells typed: `{"PIL-1-1": {REPONSE: "Oui"}}`."""
    feuilles = lire_xlsx(classeur)
    for ligne in feuilles["Réponses"]:
        for colonne, valeur in reponses.get(ligne[0], {}).items():
            ligne[colonne] = valeur
    return feuilles


def oui(*codes: str, **autres: str) -> dict[str, dict[int, object]]:
    return {code: {REPONSE: "Oui"} for code in codes} | autres


def dits(reponse) -> list[tuple[str, str, str, str]]:
    """The table of errors as the page shows it."""
    page = html.fromstring(reponse.content)
    lignes = page.xpath("//table[caption[contains(., 'à corriger')]]/tbody/tr")
    return [tuple(" ".join(c.text_content().split()) for c in ligne) for ligne in lignes]


def texte(reponse) -> str:
    return " ".join(html.fromstring(reponse.content).find(".//main").text_content().split())


@pytest.fixture
def chef(client, monde, brouillon):
    client.force_login(monde.chef)
    return client


@pytest.fixture
def ecole_primaire(monde) -> Etablissement:
    """The chef's school as an école: three indicators do not concern it."""
    Etablissement.objects.filter(pk=monde.college.pk).update(type=Etablissement.Type.ECOLE)
    return Etablissement.objects.get(pk=monde.college.pk)


@pytest.fixture
def repondre(monde, brouillon, maintenant) -> Callable[..., None]:
    """`repondre("PIL-1-1", "non", motif, commentaire, qui=…)`: as on screen, over whatever is kept."""

    def repondre(code: str, valeur: str, motif: str = "", commentaire: str = "", qui=None) -> None:
        gardee = brouillon.reponses.filter(indicateur__code=code).first()
        saisie = Saisie(code, valeur, motif, commentaire, gardee.version if gardee else 0)
        enregistrer_reponse(diagnostic=frais(brouillon), saisie=saisie, auteur=qui or monde.chef, maintenant=maintenant)

    return repondre


# --- The workbook -------------------------------------------------------------------------------------
def test_le_classeur_dit_tout(chef, brouillon, ecole_primaire, repondre):
    repondre("PIL-1-1", "sans_objet", "=1+1", HOSTILE)
    repondre("PIL-1-2", "en_partie")
    feuilles = lire_xlsx(telecharger(chef, brouillon))
    annee = brouillon.campagne.annee_scolaire
    assert list(feuilles) == ["Réponses", "Mode d'emploi", "Fiche"]
    lignes = feuilles["Réponses"]
    assert lignes[0] == [REFERENCE.format(annee=annee)] + [None] * 7
    assert lignes[1] == ENTETES
    kept = {"PIL-1-1": ["Sans objet", "=1+1", HOSTILE, 1], "PIL-1-2": ["En partie", None, None, 1]}
    attendues = [
        [
            ligne.indicateur.code,
            champ.champ.libelle,
            ligne.indicateur.palier,
            ("Indispensable. " if ligne.indicateur.bloquant else "") + ligne.indicateur.enonce,
            *(
                ["non concerné (règle R01)", None, None, 0]
                if ligne.indicateur.code in CODES_ECARTES
                else kept.get(ligne.indicateur.code, [None, None, None, 0])
            ),
        ]
        for champ in etat(brouillon).champs
        for ligne in champ.indicateurs
    ]
    assert lignes[2:] == attendues
    assert len(attendues) == 82
    assert feuilles["Fiche"] == [
        ["Référence", REFERENCE.format(annee=annee)],
        ["Établissement", "Collège du Test"],
        ["UAI", "0980001U"],
        ["Académie", "Exemple"],
        ["Campagne", f"Exemple, {annee}"],
        ["Année scolaire", annee],
        ["Référentiel", "Paliers de maturité numérique (paliers)"],
        ["Version du référentiel", "1"],
    ]
    assert feuilles["Mode d'emploi"][0] == ["Répondre au diagnostic dans ce classeur"]


def test_seules_les_cases_a_remplir_sont_ouvertes(chef, brouillon, ecole_primaire):
    feuille = openpyxl.load_workbook(io.BytesIO(telecharger(chef, brouillon)))["Réponses"]
    ouvertes = {cellule.coordinate for ligne in feuille for cellule in ligne if not cellule.protection.locked}
    attendues = {
        f"{colonne}{rang}"
        for rang in range(3, 85)
        for colonne in "EFG"
        if feuille[f"A{rang}"].value not in CODES_ECARTES
    }
    assert ouvertes == attendues
    assert {feuille[case].number_format for case in ouvertes} == {"@"}, "what is typed stays a text"
    assert (feuille.protection.sheet, feuille.protection.password) == (True, None)
    (validation,) = feuille.data_validations.dataValidation
    assert (str(validation.sqref), validation.formula1) == ("E3:E84", '"Oui,En partie,Non,Sans objet,Ne sait pas"')
    assert "À laisser telle quelle" in feuille["H2"].comment.text
    assert feuille.row_dimensions[3].height == 45, "three lines of text, of which two at most are free"
    assert (feuille.freeze_panes, feuille.print_title_rows) == ("B3", "$1:$2")
    assert (feuille.page_setup.orientation, feuille.page_setup.paperSize) == ("landscape", 9)


def test_les_memes_reponses_donnent_les_memes_octets(chef, brouillon):
    assert telecharger(chef, brouillon) == telecharger(chef, brouillon)


# --- What must be shown: as typed on screen -----------------------------------------------------------
DICTEES = {
    "PIL-1-1": ("oui", "", "2026"),
    "PIL-1-2": ("en_partie", "", "03/04/2026"),
    "PIL-1-3": ("non", "", HOSTILE),
    "PIL-2-1": ("sans_objet", "Pas de commission.", "Voir l'an prochain ; « à suivre »"),
    "FOR-1-1": ("ne_sait_pas", "", ""),
    "FOR-1-2": ("oui", "", "Ligne une\n\nLigne trois"),
    "RES-1-1": ("non", "", ""),
    "PED-1-1": ("oui", "", "3,5"),
    "INF-1-1": ("en_partie", "", "_x0041_"),
    "EQU-1-1": ("sans_objet", "=SANS(1)", ""),
}
# The same, as a spreadsheet changes them while one types.
TAPEES: dict[str, dict[int, object]] = {
    "PIL-1-1": {REPONSE: True, COMMENTAIRE: 2026.0},
    "PIL-1-2": {REPONSE: " EN  PARTIE\u00a0", COMMENTAIRE: datetime.date(2026, 4, 3)},
    "PIL-1-3": {REPONSE: False, COMMENTAIRE: HOSTILE},
    "PIL-2-1": {REPONSE: "S.O.", RAISON: "Pas de commission.", COMMENTAIRE: "Voir l'an prochain ; « à suivre »"},
    "FOR-1-1": {REPONSE: "nsp"},
    "FOR-1-2": {REPONSE: "OUI", COMMENTAIRE: "Ligne une\n\nLigne trois"},
    "RES-1-1": {REPONSE: "non"},
    "PED-1-1": {REPONSE: "oui", COMMENTAIRE: 3.5},
    "INF-1-1": {REPONSE: "En partie", COMMENTAIRE: "_x0041_"},
    "EQU-1-1": {REPONSE: "SANS OBJET", RAISON: "=SANS(1)"},
}


def dicter_a_l_ecran(client, diagnostic: Diagnostic) -> None:
    """Page by page, as a browser sends them."""
    for champ in etat(diagnostic).champs:
        donnees = {}
        for code in (ligne.indicateur.code for ligne in champ.concernes):
            valeur, motif, commentaire = DICTEES.get(code, ("", "", ""))
            donnees |= {f"{code}-valeur": valeur, f"{code}-motif": motif, f"{code}-version": "0"}
            donnees[f"{code}-commentaire"] = commentaire.replace("\n", "\r\n")
        uai, annee = diagnostic.etablissement.uai, diagnostic.campagne.annee_scolaire
        reponse = client.post(reverse("diagnostic_champ", args=[uai, annee, champ.champ.code]), donnees)
        assert reponse.status_code == 302


def tout_bouger(feuilles: Feuilles) -> Feuilles:
    """What people do to a sheet: columns moved, dropped, added; rows left blank; sheets renamed; floats."""
    lignes = feuilles["Réponses"]
    ordre = [COMMENTAIRE, 0, VERSION, REPONSE, RAISON]
    deplacees = [
        [f" {ligne[0].lower()}\u00a0" if colonne == 0 else ligne[colonne] for colonne in ordre] for ligne in lignes[2:]
    ]
    for ligne in deplacees:
        ligne[2] = float(ligne[2])
        ligne.append("noté par Rémi")
    entete = [ENTETES[colonne].upper() for colonne in ordre] + ["À moi"]
    vide: list[object] = [None] * 6
    return {
        "Brouillon": [["Réunion du 3 avril"], ["Rien ici"]],
        "Feuille 2": [["Nos réponses"], vide, [lignes[0][0]], entete, *deplacees[:20], vide, *deplacees[20:], vide],
    }


def par_libreoffice(feuilles: Feuilles) -> bytes:
    """The real one, twice over: to ODS, then back to XLSX."""
    octets = en_xlsx(feuilles)
    for format_, nom in (("ods", "a.xlsx"), ("xlsx", "a.ods")):
        octets = convertir(octets, nom, format_)
    return octets


def convertir(octets: bytes, nom: str, format_: str) -> bytes:
    with tempfile.TemporaryDirectory() as dossier:
        entree = Path(dossier) / nom
        entree.write_bytes(octets)
        ordre = ["soffice", f"-env:UserInstallation=file://{dossier}/profil", "--headless", "--convert-to", format_]
        subprocess.run([*ordre, "--outdir", dossier, str(entree)], check=True, capture_output=True, timeout=120)
        return entree.with_suffix(f".{format_}").read_bytes()


SANS_LIBREOFFICE = pytest.mark.skipif(shutil.which("localc") is None, reason="LibreOffice Calc is not installed here")
TABLEURS = [
    pytest.param(lambda feuilles: en_xlsx(feuilles), "réponses.xlsx", id="xlsx"),
    pytest.param(lambda feuilles: en_xlsx(tout_bouger(feuilles)), "Copie de réponses (2).xlsx", id="xlsx-moved"),
    pytest.param(lambda feuilles: en_ods(feuilles), "réponses.ods", id="ods"),
    pytest.param(lambda feuilles: en_ods(tout_bouger(feuilles)), "réponses.ods", id="ods-moved"),
    pytest.param(lambda feuilles: en_csv(en_csv_de(feuilles)), "réponses.csv", id="csv"),
    pytest.param(lambda feuilles: en_csv(en_csv_de(tout_bouger(feuilles)), separateur=","), "r.csv", id="csv-moved"),
    pytest.param(
        lambda feuilles: par_libreoffice(tout_bouger(feuilles)), "r.xlsx", id="soffice", marks=SANS_LIBREOFFICE
    ),
]


def en_csv_de(feuilles: Feuilles) -> list[list[object]]:
    """The sheet of answers alone, dates and numbers as a French spreadsheet shows them."""
    lignes = feuilles.get("Réponses") or feuilles["Feuille 2"]
    return [[montree(cellule) for cellule in ligne] for ligne in lignes]


def montree(cellule: object) -> object:
    if isinstance(cellule, datetime.date):
        return cellule.strftime("%d/%m/%Y")
    if isinstance(cellule, float):
        return f"{cellule:g}".replace(".", ",")
    return cellule


@pytest.mark.parametrize(("enregistrer", "nom"), TABLEURS)
def test_le_classeur_donne_les_memes_reponses_que_l_ecran(chef, brouillon, enregistrer, nom):
    with transaction.atomic():
        dicter_a_l_ecran(chef, brouillon)
        ecran = (rangees(brouillon), contenu(brouillon))
        transaction.set_rollback(True)
    assert rangees(brouillon) == []
    rempli = enregistrer(remplir(telecharger(chef, brouillon), TAPEES))
    reponse = renvoyer(chef, brouillon, rempli, nom)
    assert reponse.status_code == 200, dits(reponse)
    assert (rangees(brouillon), contenu(brouillon)) == ecran
    assert {r["indicateur__code"]: (r["valeur"], r["motif"], r["commentaire"]) for r in ecran[0]} == DICTEES
    assert f"« {nom} » : 10 réponses nouvelles, 0 réponse changée, 72 lignes sans changement." in texte(reponse)
    # The same file again changes nothing, though its versions are those of before.
    reponse = renvoyer(chef, brouillon, rempli, nom)
    assert "0 changement" in texte(reponse)
    assert (rangees(brouillon), contenu(brouillon)) == ecran


# As the screen keeps them: composed, and never blank.
TEXTES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\r"), max_size=60).map(
    lambda t: unicodedata.normalize("NFC", t) if t.strip() else ""
)
VALEURS = st.sampled_from(["oui", "en_partie", "non", "ne_sait_pas", "sans_objet"])


@settings(max_examples=15)
@given(st.dictionaries(st.sampled_from(list(DICTEES)), st.tuples(VALEURS, TEXTES, TEXTES), max_size=4))
def test_un_classeur_rendu_tel_quel_ne_change_rien(brouillon, monde, maintenant, reponses):
    """Whatever was typed: what is written is read back word for word."""
    with transaction.atomic():
        saisies = [Saisie(code, *dite, 0) for code, dite in reponses.items()]
        enregistrer_champ(diagnostic=brouillon, saisies=saisies, auteur=monde.chef, maintenant=maintenant)
        lu = depouiller(ecrire_classeur(etat(brouillon)), etat(brouillon), lambda champ: True)
        transaction.set_rollback(True)
    assert (lu.saisies, lu.inchangees, lu.refuses) == ([], 82, [])


# --- Refusals -----------------------------------------------------------------------------------------
ABIMES = "les accents sont abîmés : l'encodage de cette valeur n'est pas celui du fichier."
CONTROLE = "le texte contient un caractère de contrôle invisible : tapez-le de nouveau."
ATTENDUES = "Oui, En partie, Non, Sans objet ou Ne sait pas est attendu."


def test_toutes_les_erreurs_a_la_fois_et_rien_d_ecrit(chef, brouillon, ecole_primaire):
    feuilles = remplir(
        telecharger(chef, brouillon),
        {
            "PIL-1-1": {REPONSE: "Oui"},
            "PIL-1-2": {REPONSE: "peut-être", VERSION: "x"},
            "PIL-1-3": {REPONSE: "Sans objet"},
            "PIL-1-4": {REPONSE: 1.0},
            "PIL-1-5": {COMMENTAIRE: "a" * 10_001},
            "PIL-2-1": {COMMENTAIRE: "Ã©crit ailleurs"},
            "PIL-2-2": {COMMENTAIRE: "cloche \x7f"},
            "PIL-2-3": {REPONSE: "Oui"},
            "PIL-2-4": {REPONSE: "?"},
        },
    )
    lignes = feuilles["Réponses"]
    lignes += [
        ["XXX-9-9", None, None, None, "Oui"],
        list(lignes[2]),
        [None, None, None, None, "Non"],
        ["", "", "", "Total"],
    ]
    reponse = renvoyer(chef, brouillon, en_xlsx(feuilles), "fini.xlsx")
    assert reponse.status_code == 422
    assert dits(reponse) == [
        ("4", "Réponse", "peut-être", ATTENDUES),
        ("4", "Version", "x", "le nombre écrit au téléchargement est attendu : cette colonne ne se remplit pas."),
        ("5", "Raison (si « Sans objet »)", "(vide)", "« Sans objet » demande sa raison, dans cette colonne."),
        ("6", "Réponse", "1", ATTENDUES),
        ("7", "Commentaire", "a" * 199 + "…", "10000 caractères au plus sont attendus ; la valeur en compte 10001."),
        ("8", "Commentaire", "Ã©crit ailleurs", ABIMES),
        ("9", "Commentaire", "cloche ·", CONTROLE),
        ("10", "Réponse", "Oui", "non concerné (règle R01) : cet indicateur ne se remplit pas."),
        ("11", "Réponse", "?", ATTENDUES),
        ("85", "Code", "XXX-9-9", "ce code n'est pas dans cette version du référentiel."),
        ("86", "Code", "PIL-1-1", "déjà à la ligne 3 : gardez une seule de ces lignes."),
        ("87", "Code", "(vide)", "le code de l'indicateur est attendu."),
    ]  # fmt: skip
    assert "Rien n'est enregistré : 12 erreurs Corrigez ces lignes dans « fini.xlsx », puis renvoyez-le." in texte(
        reponse
    )
    assert rangees(brouillon) == []


def test_deux_cents_erreurs_sont_montrees_les_autres_comptees(chef, brouillon):
    feuilles = remplir(telecharger(chef, brouillon), {})
    feuilles["Réponses"] += [[f"X-{rang}"] for rang in range(214)]
    reponse = renvoyer(chef, brouillon, en_xlsx(feuilles))
    assert len(dits(reponse)) == 200
    assert "Rien n'est enregistré : 214 erreurs" in texte(reponse)
    assert "… et 14 autres." in texte(reponse)


@pytest.mark.parametrize(
    ("octets", "dit"),
    [
        (b"<html>", "« f.xlsx » : Ce fichier est une page web (HTML ou XML) renommée : enregistrez-le"),
        (b"%PDF-1.7", "« f.xlsx » : Ce fichier est un PDF : c'est le classeur rempli qui est attendu."),
        (
            en_xlsx({"A": [["Code", "Réponse"], ["PIL-1-1", "Oui"]]}),
            "« f.xlsx » : Ce fichier ne dit pas de quel établissement il vient : sa première ligne "
            "(« Formulaire Paliers… ») et sa feuille « Fiche » manquent. "
            "Repartez du classeur à télécharger sur cette page.",
        ),
        (
            en_xlsx({"A": [["Formulaire Paliers 2 · École · 0980001U · 2026-2027 · référentiel paliers, version 1"]]}),
            "« f.xlsx » : Ce classeur vient d'un autre Paliers : repartez de celui de cette page.",
        ),
        (b"", "Ce fichier est vide."),
        (
            f"Formulaire Paliers {'9' * 5000} · x · 0980001U · 2026-2027 · référentiel paliers, version 1".encode(),
            "« f.xlsx » : Ce fichier ne dit pas de quel établissement il vient",
        ),
        (
            en_xlsx({"A": [[f"Formulaire Paliers 1 · x · 0980001U · 2026-2027 · référentiel p, version {'9' * 900}"]]}),
            "« f.xlsx » : Ce classeur est celui de « x » (0980001U), année 2026-2027, version 999999999",
        ),
    ],
)  # fmt: skip
def test_un_fichier_entier_est_refuse_par_une_phrase(chef, brouillon, octets, dit):
    reponse = renvoyer(chef, brouillon, octets, "f.xlsx")
    assert reponse.status_code == 422
    assert dit in texte(reponse)


def test_une_reference_repetee_sans_fin_ne_prend_pas_des_heures(brouillon):
    """Searched for in every cell, it takes the square of a cell's length."""
    with pytest.raises(FichierRefuse, match="ne dit pas de quel établissement"):
        verifier_origine(["Formulaire Paliers 1 · " * 400_000], origine_de(brouillon))


def test_sans_fichier(chef, brouillon):
    reponse = chef.post(adresse("diagnostic_papier", brouillon), {"simulation": "on"})
    assert reponse.status_code == 422
    assert "Choisissez le classeur à renvoyer." in texte(reponse)
    assert html.fromstring(reponse.content).xpath("//input[@name='simulation' and @checked]")


def test_le_classeur_d_ailleurs_dit_de_qui_il_est(chef, monde, brouillon, referentiel, maintenant):
    """Another school's, another year's, another version's: each says which."""
    annee = brouillon.campagne.annee_scolaire
    voisin = commencer(monde.voisin_college, annee, referentiel, monde.voisin, maintenant)
    passe = commencer(monde.college, "2019-2020", referentiel, monde.chef, maintenant)
    ici = f"« Collège du Test » (0980001U), année {annee}, version 1 du référentiel « paliers »."
    for diagnostic, dit in (
        (voisin, f"« Collège voisin » (0980002V), année {annee}, version 1 du référentiel « paliers »"),
        (passe, "« Collège du Test » (0980001U), année 2019-2020, version 1 du référentiel « paliers »"),
    ):
        reponse = renvoyer(chef, brouillon, ecrire_classeur(etat(diagnostic)))
        assert reponse.status_code == 422
        assert f"Ce classeur est celui de {dit} ; cette page attend celui de {ici}" in texte(reponse)
    autre = en_xlsx({"A": [[dataclasses.replace(origine_de(frais(brouillon)), version=2).reference]]})
    reponse = renvoyer(chef, brouillon, autre)
    assert f"année {annee}, version 2 du référentiel « paliers » ; cette page attend celui de {ici}" in texte(reponse)
    assert rangees(brouillon) == []


def test_une_feuille_prise_ailleurs_est_vue_meme_a_cote_de_la_bonne_fiche(
    chef, monde, brouillon, referentiel, maintenant
):
    voisin = commencer(monde.voisin_college, brouillon.campagne.annee_scolaire, referentiel, monde.voisin, maintenant)
    feuilles = lire_xlsx(telecharger(chef, brouillon)) | {
        "Réponses": lire_xlsx(ecrire_classeur(etat(voisin)))["Réponses"]
    }
    assert "Collège voisin" in texte(renvoyer(chef, brouillon, en_xlsx(feuilles)))


def test_un_etablissement_qui_change_de_nom_garde_son_classeur(chef, monde, brouillon):
    octets = telecharger(chef, brouillon)
    Etablissement.objects.filter(pk=monde.college.pk).update(nom="Collège Ada · Lovelace")
    assert renvoyer(chef, brouillon, octets).status_code == 200
    assert renvoyer(chef, brouillon, telecharger(chef, brouillon)).status_code == 200


def test_le_referentiel_d_une_academie_n_est_pas_le_commun(monde, brouillon):
    diagnostic = frais(brouillon)
    commun = origine_de(diagnostic)
    diagnostic.referentiel.academie = monde.academie
    assert origine_de(diagnostic).referentiel == "paliers de l'académie 98"
    assert not origine_de(diagnostic).admet(commun)
    assert commun == Origine("Collège du Test", "0980001U", commun.annee, "paliers", 1)


# --- What changed meanwhile ---------------------------------------------------------------------------
def test_une_reponse_donnee_depuis_n_est_pas_ecrasee(chef, monde, brouillon, repondre, maintenant):
    repondre("PIL-1-2", "non")
    octets = telecharger(chef, brouillon)
    repondre("PIL-1-1", "non", qui=monde.referent)
    repondre("PIL-1-2", "en_partie", commentaire="Depuis hier", qui=monde.referent)
    avant = rangees(brouillon)
    reponse = renvoyer(chef, brouillon, en_xlsx(remplir(octets, oui("PIL-1-1", "PIL-1-2", "PIL-1-3"))))
    quand = maintenant.astimezone(monde.academie.zone)
    heure = f"{quand.hour} h {quand.minute:02}"
    conflits = dits(reponse)
    assert [(ligne, colonne, valeur) for ligne, colonne, valeur, _ in conflits] == [
        ("3", "Réponse", "Oui"),
        ("4", "Réponse", "Oui"),
    ]
    for (*_, dit), libelle in zip(conflits, ("Non", "En partie"), strict=True):
        assert dit.startswith(f"répondu « {libelle} » par Rémi Référent le ")
        assert dit.endswith(f" à {heure}, depuis que ce classeur a été fait.")
    assert rangees(brouillon) == avant


def test_une_ligne_que_personne_n_a_touchee_ne_gene_pas(chef, monde, brouillon, repondre):
    """Filled in when it was downloaded, changed on screen since, left alone in the workbook."""
    repondre("PIL-1-2", "non", commentaire="avant")
    octets = telecharger(chef, brouillon)
    repondre("PIL-1-2", "oui", commentaire="après", qui=monde.referent)
    reponse = renvoyer(chef, brouillon, en_xlsx(remplir(octets, oui("PIL-1-1"))))
    assert "1 réponse nouvelle, 0 réponse changée, 81 lignes sans changement." in texte(reponse)
    assert [(r["indicateur__code"], r["valeur"], r["commentaire"], r["version"]) for r in rangees(brouillon)] == [
        ("PIL-1-1", "oui", "", 1),
        ("PIL-1-2", "oui", "après", 2),
    ]


def test_une_reponse_du_classeur_se_change_et_garde_le_reste(chef, monde, brouillon, repondre):
    """An empty cell leaves what is kept: here the comment, and every other row."""
    repondre("PIL-1-1", "non", commentaire="gardé")
    octets = en_xlsx(remplir(telecharger(chef, brouillon), {"PIL-1-1": {REPONSE: "Oui", COMMENTAIRE: None}}))
    reponse = renvoyer(chef, brouillon, octets)
    assert "0 réponse nouvelle, 1 réponse changée, 81 lignes sans changement." in texte(reponse)
    assert [(r["valeur"], r["commentaire"], r["version"]) for r in rangees(brouillon)] == [("oui", "gardé", 2)]


def test_des_blancs_perdus_en_route_ne_sont_pas_un_changement(chef, brouillon, repondre):
    """LibreOffice forgets the tabs of an ODS; others end lines in two characters."""
    repondre("PIL-1-1", "sans_objet", "a\tb", "un\tdeux\ntrois ")
    bouge = {"PIL-1-1": {RAISON: "ab", COMMENTAIRE: "undeux\r\ntrois"}}
    reponse = renvoyer(chef, brouillon, en_ods(remplir(telecharger(chef, brouillon), bouge)), "r.ods")
    assert "0 changement" in texte(reponse)
    assert [(r["motif"], r["commentaire"], r["version"]) for r in rangees(brouillon)] == [
        ("a\tb", "un\tdeux\ntrois ", 1)
    ]


def sans_version(feuilles: Feuilles) -> bytes:
    return en_xlsx({nom: [ligne[:VERSION] for ligne in lignes] for nom, lignes in feuilles.items()})


def test_sans_la_colonne_version_on_n_ecrit_que_la_ou_rien_n_est_garde(chef, brouillon, repondre):
    repondre("PIL-1-1", "oui", commentaire="déjà")
    repondre("PIL-1-2", "non")
    repondre("PIL-1-2", "")  # taken back on screen: nothing to lose
    octets = telecharger(chef, brouillon)
    reponse = renvoyer(chef, brouillon, sans_version(remplir(octets, oui("PIL-1-1", "PIL-1-2", "PIL-1-3"))))
    assert "1 réponse nouvelle, 1 réponse changée" in texte(reponse)
    repondre("PIL-1-1", "non")
    reponse = renvoyer(chef, brouillon, sans_version(remplir(octets, oui("PIL-1-1"))))
    ((_, _, valeur, dit),) = dits(reponse)
    assert valeur == "Oui"
    assert dit.endswith("; sans la colonne « Version », elle ne se remplace qu'à l'écran.")


def test_une_reponse_reprise_se_confirme_en_la_redonnant(chef, brouillon, repondre):
    repondre("PIL-1-1", "oui", commentaire="de l'an dernier")
    repondre("PIL-1-2", "non", commentaire="aussi")
    Reponse.objects.update(a_reconfirmer=True)
    octets = telecharger(chef, brouillon)
    lignes = {ligne[0]: ligne for ligne in lire_xlsx(octets)["Réponses"]}
    assert lignes["PIL-1-1"][3].endswith("\nRéponse reprise, à reconfirmer : Oui.")
    assert lignes["PIL-1-1"][4:] == [None, None, "de l'an dernier", 1]
    assert "0 changement" in texte(renvoyer(chef, brouillon, octets))
    assert [r["a_reconfirmer"] for r in rangees(brouillon)] == [True, True]
    reponse = renvoyer(chef, brouillon, en_xlsx(remplir(octets, {"PIL-1-2": {COMMENTAIRE: "change"}})))
    assert [ligne[3] for ligne in dits(reponse)] == [
        "cette réponse reprise est à reconfirmer : donnez-la avec le commentaire."
    ]
    renvoyer(chef, brouillon, en_xlsx(remplir(octets, oui("PIL-1-1"))))
    assert [(r["valeur"], r["commentaire"], r["a_reconfirmer"], r["version"]) for r in rangees(brouillon)] == [
        ("oui", "de l'an dernier", False, 2),
        ("non", "aussi", True, 1),
    ]


def test_une_reponse_d_un_indicateur_qui_ne_concerne_plus_reste(chef, brouillon, repondre, ecole_primaire):
    """Downloaded when it was asked, sent back once it is not: nothing to say while the row was left alone."""
    Etablissement.objects.update(type=Etablissement.Type.COLLEGE)
    repondre("PIL-2-3", "oui")
    octets = telecharger(chef, brouillon)
    Etablissement.objects.update(type=Etablissement.Type.ECOLE)
    assert "0 changement" in texte(renvoyer(chef, brouillon, octets))


def test_un_conflit_pendant_l_ecriture_annule_tout(monde, brouillon, repondre, maintenant):
    repondre("PIL-1-2", "non")
    saisies = [Saisie("PIL-1-1", "oui", "", "", 0), Saisie("PIL-1-2", "oui", "", "", 0)]
    avant = rangees(brouillon)
    with pytest.raises(ReponsesChangees) as changees:
        importer_reponses(diagnostic=frais(brouillon), saisies=saisies, auteur=monde.chef, maintenant=maintenant)
    (refus,) = map(refus_du_conflit, changees.value.conflits)
    assert (refus.ligne, refus.colonne, refus.valeur) == (0, "Code", "PIL-1-2")
    assert refus.raison.startswith("répondu « Non » par Claire Chef le ")
    assert rangees(brouillon) == avant


# --- What it leaves -----------------------------------------------------------------------------------
def test_verifier_seulement_n_ecrit_rien(chef, brouillon):
    octets = en_xlsx(remplir(telecharger(chef, brouillon), oui("PIL-1-1")))
    evenements = apps.get_model("diagnostic", "ReponseEvent").objects.count()
    reponse = renvoyer(chef, brouillon, octets, simulation="on")
    assert reponse.status_code == 200
    assert "Le fichier est bon : 1 changement" in texte(reponse)
    assert "Rien n'a été enregistré" in texte(reponse)
    assert rangees(brouillon) == []
    assert apps.get_model("diagnostic", "ReponseEvent").objects.count() == evenements
    assert "C'est enregistré : 1 changement" in texte(renvoyer(chef, brouillon, octets))
    assert len(rangees(brouillon)) == 1


@pytest.mark.parametrize("simulation", [{}, {"simulation": "on"}])
def test_les_contradictions_sont_dites(chef, brouillon, simulation):
    """As the form says them: P01 prevents the signature."""
    tapees = {"PIL-3-1": {REPONSE: "Oui"}, "PIL-2-2": {REPONSE: "Non"}}
    reponse = renvoyer(chef, brouillon, en_xlsx(remplir(telecharger(chef, brouillon), tapees)), **simulation)
    dit = texte(reponse)
    assert "Des réponses semblent se contredire" in dit
    assert "(P01, empêche de signer : PIL-3-1 et PIL-2-2)" in dit
    assert adresse("diagnostic_verifier", brouillon) in reponse.content.decode()


def test_l_histoire_dit_que_c_est_un_import(chef, monde, brouillon):
    renvoyer(chef, brouillon, en_xlsx(remplir(telecharger(chef, brouillon), oui("PIL-1-1"))))
    (evenement,) = apps.get_model("diagnostic", "ReponseEvent").objects.filter(diagnostic=brouillon)
    assert evenement.pgh_context == {"acte": "repondre", "auteur": monde.chef.pk, "source": "import"}


def test_une_fois_signe_le_classeur_ne_se_renvoie_plus(chef, brouillon):
    octets = en_xlsx(remplir(telecharger(chef, brouillon), oui("PIL-1-1")))
    Diagnostic.objects.filter(pk=brouillon.pk).update(etat=Diagnostic.Etat.SOUMIS)
    signe = "Ce diagnostic est signé : ses réponses ne changent plus."
    page = chef.get(adresse("diagnostic_papier", brouillon))
    assert signe in texte(page)
    assert not html.fromstring(page.content).xpath("//input[@type='file']")
    reponse = renvoyer(chef, brouillon, octets)
    assert (reponse.status_code, signe in texte(reponse), rangees(brouillon)) == (422, True, [])


def test_le_gestionnaire_ne_renvoie_que_ses_champs(client, monde, brouillon, repondre, maintenant):
    client.force_login(monde.gestionnaire)
    octets = telecharger(client, brouillon)
    rempli = en_xlsx(remplir(octets, oui("PIL-1-1", "FOR-1-1")))
    assert renvoyer(client, brouillon, rempli).status_code == 403
    Delegation.objects.create(
        diagnostic=brouillon, champ="FOR", utilisateur=monde.gestionnaire, confiee_par=monde.chef, confiee_le=maintenant
    )
    reponse = renvoyer(client, brouillon, rempli)
    assert dits(reponse) == [
        (
            "3", "Code", "PIL-1-1",
            "le champ « Pilotage, impulsion et organisation » ne vous est pas confié : "
            "laissez ses réponses telles quelles.",
        )
    ]  # fmt: skip
    assert rangees(brouillon) == []
    repondre("PIL-1-1", "oui")  # by the head: the row now says what is kept
    assert renvoyer(client, brouillon, rempli).status_code == 200
    assert [(r["indicateur__code"], r["modifiee_par"]) for r in rangees(brouillon)] == [
        ("PIL-1-1", monde.chef.pk),
        ("FOR-1-1", monde.gestionnaire.pk),
    ]


def test_autant_de_lectures_pour_une_ligne_que_pour_toutes(chef, brouillon, ecole_primaire):
    """Three statements an answer (its own, between two savepoints), and a constant number around them."""
    octets = telecharger(chef, brouillon)
    codes = [ligne.indicateur.code for champ in etat(brouillon).champs for ligne in champ.concernes]
    une = renvoyer(chef, brouillon, en_xlsx(remplir(octets, oui(codes[0]))))
    toutes = renvoyer(chef, brouillon, en_xlsx(remplir(octets, oui(*codes))))
    assert "78 réponses nouvelles, 0 réponse changée, 4 lignes sans changement." in texte(toutes)
    assert len(toutes.requetes) - len(une.requetes) == 77
    assert len(une.requetes) == 11
    assert len(chef.get(adresse("diagnostic_papier", brouillon)).requetes) == 7
    assert len(chef.get(adresse("papier_classeur", brouillon)).requetes) == 6
