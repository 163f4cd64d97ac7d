"""Workbooks that people send: read whatever wrote them, and refused before they can harm."""

import datetime
import io
import resource
import struct
import time
import zipfile
from dataclasses import replace

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from strategie.socle.interfaces import classeurs
from strategie.socle.interfaces.classeurs import (
    Feuille,
    Tableau,
    controler_archive,
    lettres,
    lire_feuille,
    lire_feuilles,
    lire_tableau,
)
from strategie.socle.interfaces.imports import Colonne, FichierRefuse, Format, LigneRefusee, Refus, entier, texte
from strategie.socle.interfaces.lecture_classeur import en_texte
from tests.tableurs import archive, archive_ods, contenu_ods, en_csv, en_ods, en_xlsx

PRETS = Format(
    nom="prêts",
    cle="objet",
    composer=lambda valeurs: (
        (valeurs["ligne"], valeurs["objet"], valeurs.get("quantite")) if valeurs["objet"] else None
    ),
    colonnes=(
        Colonne("objet", "nom_de_l_objet objet", texte(12), obligatoire=True),
        Colonne("quantite", "quantite nombre", entier),
    ),
)
JOUR = datetime.date(2026, 4, 3)
TYPEES = [["Objet", "Quantité"], [None, None], ["Tablette", 3.0], [True, 1], [JOUR, 3.5], ["  é\u00a0\n=1+1 ", None]]
LUES = [
    (1, ["Objet", "Quantité"]),
    (3, ["Tablette", "3"]),
    (4, ["VRAI", "1"]),
    (5, ["03/04/2026", "3,5"]),
    (6, ["  é\u00a0\n=1+1 ", ""]),
]


def raison(contenu: bytes) -> str:
    with pytest.raises(FichierRefuse) as refuse:
        lire_feuilles(contenu)
    return str(refuse.value)


# --- Reading ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("ecrire", [en_xlsx, en_ods])
def test_chaque_type_devient_un_texte_et_garde_sa_ligne(ecrire):
    assert lire_feuilles(ecrire({"Prêts": TYPEES, "Vide": []})) == [Feuille("Prêts", LUES), Feuille("Vide", [])]


@pytest.mark.parametrize(
    ("valeur", "lu"),
    [
        (True, "VRAI"),
        (False, "FAUX"),
        (1.0, "1"),
        (0.1, "0,1"),
        (7.5e6, "7500000"),
        (float("inf"), "inf"),
        (datetime.datetime(2026, 1, 2, 14, 5), "02/01/2026 14:05"),  # noqa: DTZ001 (a cell knows no time zone)
        (datetime.date(2026, 1, 2), "02/01/2026"),
        (datetime.time(8, 30), "08:30:00"),
        ("=1+1", "=1+1"),
    ],
)
def test_une_cellule_se_lit_comme_on_la_taperait(valeur, lu):
    assert en_texte(valeur) == lu


@pytest.mark.parametrize("separateur", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_un_csv_est_une_feuille(separateur, encodage):
    contenu = en_csv(
        [["Objet", "Quantité"], ['un "été"\nà deux', 3], ["=1,5;2", True]], separateur=separateur, encodage=encodage
    )
    lues = [(1, ["Objet", "Quantité"]), (2, ['un "été"\nà deux', "3"]), (4, ["=1,5;2", "VRAI"])]
    assert lire_feuilles(contenu) == [Feuille("", lues)]


def test_la_ligne_sep_d_excel():
    assert lire_feuilles(b"sep=,\r\na,b;c\r\n") == [Feuille("", [(2, ["a", "b;c"])])]


@pytest.mark.parametrize("debut", [b'sep="\r\n', b"sep=\r\n", b"sep=\r\r\n", b"sep=\n", b"sep=;;\n"])
def test_une_ligne_sep_qui_ne_separe_rien_n_est_qu_une_ligne(debut):
    (feuille,) = lire_feuilles(debut + b"a;b\n1;2\n")
    assert feuille.lignes[-2:] == [(feuille.lignes[-1][0] - 1, ["a", "b"]), (feuille.lignes[-1][0], ["1", "2"])]


def test_deux_encodages_se_voient_a_la_ligne():
    contenu = "objet;nombre\nété;1\nthéâtre;2\n".encode() + "zébré;3\n".encode("cp1252")
    tableau = lire_tableau(lire_feuilles(contenu), PRETS)
    assert tableau.lignes == [(2, "été", 1), (3, "théâtre", 2)]
    assert [(refus.ligne, refus.colonne, refus.valeur) for refus in tableau.refuses] == [(4, "objet", "z�br�")]


TEXTES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\ufffe\uffff"), max_size=40)


@settings(max_examples=12)
@given(st.lists(st.tuples(TEXTES, TEXTES), max_size=5))
def test_ce_qu_un_classeur_dit_se_relit_tel_quel(lignes):
    attendues = [(n, list(ligne)) for n, ligne in enumerate(lignes, start=1) if any(c.strip() for c in ligne)]
    sortie = io.BytesIO()
    with xlsxwriter.Workbook(sortie, {"strings_to_formulas": False}) as classeur:
        feuille = classeur.add_worksheet("A")
        for rang, ligne in enumerate(lignes):
            for colonne, valeur in enumerate(ligne):
                feuille.write_string(rang, colonne, valeur)
    lues = lire_feuilles(sortie.getvalue())[0].lignes
    assert [(n, [*ligne, "", ""][:2]) for n, ligne in lues] == attendues


# --- The table ----------------------------------------------------------------------------------------
def tableau(*feuilles: list[list[object]]) -> Tableau:
    return lire_tableau(lire_feuilles(en_xlsx({f"F{n}": lignes for n, lignes in enumerate(feuilles, 1)})), PRETS)


def test_la_feuille_et_son_en_tete_sont_cherches():
    """Renamed, moved, under a title, with columns of its own, in another order."""
    lu = tableau(
        [["Notes"], ["objet"]][:1],
        [
            ["Mes prêts", None],
            [None, None],
            ["Fax", "NOMBRE ", "Nom de l'objet"],
            ["x", 3, "Tablette"],
            [None, 4, None],
        ],
    )
    assert (lu.feuille, lu.lignes, lu.refuses) == ("F2", [(4, "Tablette", 3)], [])


def test_toutes_les_erreurs_d_un_coup():
    """Both bad cells of a row, and a key that comes twice; nothing hides the next."""
    lu = tableau(
        [["objet", "nombre"], ["un", "x"], ["beaucoup trop long", -1], ["deux", 2], ["deux", 3], ["trois", 3.5]]
    )
    attendu = "un nombre entier, positif ou nul, est attendu."
    assert lu.lignes == [(4, "deux", 2)]
    assert lu.refuses == [
        Refus(2, "nombre", "x", attendu),
        Refus(3, "objet", "beaucoup trop long", "12 caractères au plus sont attendus ; la valeur en compte 18."),
        Refus(3, "nombre", "-1", attendu),
        Refus(5, "objet", "deux", "déjà à la ligne 4 : gardez une seule de ces lignes."),
        Refus(6, "nombre", "3,5", attendu),
    ]


@pytest.mark.parametrize(
    ("feuilles", "dit"),
    [
        ([[["Couleur"], ["bleu"]]], "Aucune feuille n'a les colonnes attendues : « Nom_de_l_objet »."),
        (
            [[["objet"]], [["objet"]]],
            "Plusieurs feuilles ont les colonnes attendues (« F1 », « F2 ») : n'en gardez qu'une.",
        ),
        ([[["objet", "Objet"]]], "Deux colonnes portent le même nom : Objet, objet."),
    ],
)
def test_une_feuille_sans_les_colonnes_est_refusee(feuilles, dit):
    with pytest.raises(FichierRefuse) as refuse:
        tableau(*feuilles)
    assert str(refuse.value) in (dit, dit.replace("Objet, objet", "objet"))


# --- What is not a workbook ---------------------------------------------------------------------------
def xls(suite: bytes = b"") -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + suite


ENREGISTREZ = "enregistrez-le au format .xlsx ou .ods"
CHIFFRE = f"Ce classeur est protégé par un mot de passe : retirez le mot de passe, puis {ENREGISTREZ}."
MACROS = f"Ce classeur contient des macros : {ENREGISTREZ}, sans macro."
ABIME = "Ce classeur est abîmé ou trop grand : ouvrez-le dans un tableur, puis enregistrez-le de nouveau."
PAS_UN_CLASSEUR = "Ce fichier n'est pas un classeur .xlsx ou .ods : enregistrez-le au format .xlsx ou .ods."
PAGE_WEB = "Ce fichier est une page web (HTML ou XML) renommée : enregistrez-le au format .xlsx ou .ods."


def avec_une_entree(nom: str) -> bytes:
    sortie = io.BytesIO(en_xlsx({"A": [["objet"]]}))
    with zipfile.ZipFile(sortie, "a") as zip_:
        zip_.writestr(nom, b"x")
    return sortie.getvalue()


def chiffree() -> bytes:
    """The flag that every entry of an encrypted zip carries."""
    contenu = bytearray(en_xlsx({"A": [["objet"]]}))
    contenu[contenu.index(b"PK\x01\x02") + 8] |= 1
    return bytes(contenu)


def archive_lzma_abimee() -> bytes:
    """A compression that no spreadsheet uses, and that complains in its own way."""
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_LZMA) as fichier:
        fichier.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    contenu = bytearray(tampon.getvalue())
    contenu[45:60] = bytes(lettre ^ 0x55 for lettre in contenu[45:60])
    return bytes(contenu)


@pytest.mark.parametrize(
    ("contenu", "dit"),
    [
        (b"", "Ce fichier est vide."),
        (b" \n\t", "Ce fichier est vide."),
        (b"a" * (10 * 1024**2 + 1), "Ce fichier dépasse 10 Mo."),
        (xls(), "L'ancien format .xls n'est pas lu : enregistrez-le au format .xlsx ou .ods."),
        (xls("EncryptedPackage".encode("utf-16-le")), CHIFFRE),
        (archive_ods("", chiffre=True), CHIFFRE),
        (chiffree(), CHIFFRE),
        (b"<html><table><tr><td>Code</td></tr></table></html>", PAGE_WEB),
        ("\ufeff \n<!DOCTYPE html>".encode(), PAGE_WEB),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', PAGE_WEB),
        (b"%PDF-1.7\n", "Ce fichier est un PDF : c'est le classeur rempli qui est attendu."),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "Ce fichier n'est pas un fichier texte."),
        (avec_une_entree("xl/vbaProject.bin"), MACROS),
        (avec_une_entree("Basic/Standard/Module1.xml"), MACROS),
        (archive({"word/document.xml": b"<x/>"}), PAS_UN_CLASSEUR),
        (archive({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"}), PAS_UN_CLASSEUR),
        (archive({"xl/workbook.bin": b"x"}), PAS_UN_CLASSEUR),
        (b"PK\x03\x04 n'importe quoi", ABIME),
        (en_xlsx({"A": [["objet"]]})[:-100], ABIME),
        (archive({"xl/workbook.xml": b"<pas du xml"}), ABIME),
        (archive_lzma_abimee(), ABIME),
        (b'objet;nombre\n"un;2\n', "Ce fichier CSV est cassé : un guillemet ouvert n'est jamais refermé."),
    ],
)  # fmt: skip
def test_ce_qui_n_est_pas_un_classeur_est_refuse_par_une_phrase(contenu, dit):
    assert raison(contenu) == dit


# --- Traps --------------------------------------------------------------------------------------------
DEMESURE = "Une fois ouvert, ce classeur serait démesuré : il n'est pas lu."
TROP_GRAND = "Ce fichier est trop grand : 5000 lignes et 100 colonnes au plus sont lues."


def bombe(taille: int, entrees: int = 1) -> bytes:
    """Zeros, a thousand times smaller once packed."""
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as zip_:
        for rang in range(entrees):
            with zip_.open("xl/workbook.xml" if rang == 0 else f"xl/{rang}.xml", "w") as entree:
                for _ in range(taille // 1024**2):
                    entree.write(bytes(1024**2))
    return sortie.getvalue()


def memoire_prise() -> int:
    """The most this process has ever held, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def test_une_bombe_est_refusee_sans_etre_ouverte():
    piege = bombe(90 * 1024**2, entrees=8)
    depart, avant = time.perf_counter(), memoire_prise()
    assert raison(piege) == DEMESURE
    assert time.perf_counter() - depart < 1
    assert memoire_prise() - avant < 20 * 1024**2


@pytest.mark.parametrize(("taille", "entrees"), [(101 * 1024**2, 1), (2 * 1024**2, 1)])
def test_une_entree_trop_grosse_ou_trop_bien_comprimee_est_refusee(taille, entrees):
    with pytest.raises(FichierRefuse, match=DEMESURE):
        controler_archive(bombe(taille, entrees))


def test_un_repertoire_interminable_est_refuse():
    piege = archive({f"xl/{rang}": b"" for rang in range(1_001)})
    assert raison(piege) == "Cette archive a plus de 1000 entrées : ce n'est pas un classeur."


def test_une_archive_qui_ment_sur_ses_tailles_ne_coute_rien():
    """Its directory says 100 bytes; what is unpacked is refused or bounded, and never in this process."""
    contenu = bytearray(bombe(90 * 1024**2))
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        debut = contenu.index(signature) + place
        contenu[debut : debut + 4] = struct.pack("<I", 100)
    avant = memoire_prise()
    assert raison(bytes(contenu)) == ABIME
    assert memoire_prise() - avant < 20 * 1024**2


def test_une_cellule_au_bout_du_monde_n_emporte_pas_le_serveur():
    """Five kilobytes for which calamine wants 512 GB: it ends its own process, not this one."""
    sortie = io.BytesIO()
    with xlsxwriter.Workbook(sortie) as classeur:
        feuille = classeur.add_worksheet()
        feuille.write_string(0, 0, "objet")
        feuille.write_string(1_048_575, 16_383, "fin")
    assert len(sortie.getvalue()) < 10_000
    depart = time.perf_counter()
    assert raison(sortie.getvalue()) == ABIME
    assert time.perf_counter() - depart < 2


def test_une_cellule_repetee_un_milliard_de_fois():
    xml = contenu_ods({"A": [["objet"]]})
    piege = xml.replace(
        "<table:table-row><table:table-cell ",
        '<table:table-row table:number-rows-repeated="1048576">'
        '<table:table-cell table:number-columns-repeated="16384" ',
        1,
    )
    assert xml != piege
    assert raison(archive_ods(piege)) in (ABIME, TROP_GRAND)


def test_les_entites_xml_ne_s_ouvrent_pas():
    """Neither a billion laughs nor a file of the server: an entity is no text of ours."""
    entites = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    xml = contenu_ods({"A": [["objet"], ["XX"]]})
    piege = xml.replace('encoding="UTF-8"?>', f'encoding="UTF-8"?>{entites}').replace("XX", "&b;&f;")
    try:
        lues = lire_feuilles(archive_ods(piege))
    except FichierRefuse as refuse:
        assert str(refuse) == ABIME
    else:
        assert "root:" not in str(lues)
        assert "haha" not in str(lues)


@pytest.mark.parametrize(
    "contenu",
    [
        en_xlsx({"A": [["a"]] * 5_001}),
        en_xlsx({"A": [["a"] * 101]}),
        en_csv([["a"]] * 5_001),
        en_csv([["a"] * 101]),
        en_xlsx({f"F{rang}": [["a"]] for rang in range(51)}),
    ],
)
def test_plus_de_lignes_ou_de_colonnes_qu_un_formulaire_n_en_a(contenu):
    assert raison(contenu) == TROP_GRAND


def test_autant_de_lignes_qu_il_en_est_admis():
    assert len(lire_feuilles(en_xlsx({"A": [["a"]] * 5_000}))[0].lignes) == 5_000


def test_une_lecture_qui_n_en_finit_pas_est_arretee(monkeypatch):
    monkeypatch.setattr(classeurs, "ATTENTE", 0.001)
    assert raison(en_xlsx({"A": [["a"]]})) == ABIME


def test_une_feuille_masquee_se_lit_aussi():
    classeur = openpyxl.load_workbook(io.BytesIO(en_xlsx({"A": [["a"]], "B": [["objet"], ["un"]]})))
    classeur["B"].sheet_state = "hidden"
    classeur["B"].row_dimensions[2].hidden = True
    classeur.save(sortie := io.BytesIO())
    assert lire_tableau(lire_feuilles(sortie.getvalue()), PRETS).lignes == [(2, "un", None)]


# --- What a cell does not say ---------------------------------------------------------------------------
def reperer(contenu: bytes) -> list[tuple[str, tuple, tuple]]:
    return [(feuille.nom, feuille.formules, feuille.fusions) for feuille in lire_feuilles(contenu, reperer=True)]


def test_formules_et_fusions_d_un_xlsx_sont_reperees():
    classeur = openpyxl.Workbook()
    classeur.active.title = "Vide & pleine"
    feuille = classeur.create_sheet("A")
    feuille.append(["objet", "quantité", None])
    feuille.append(["un", "=1+1", 3])
    feuille.merge_cells("AA4:AB6")
    feuille["A9"] = "fin"
    classeur.save(sortie := io.BytesIO())
    assert reperer(sortie.getvalue()) == [("Vide & pleine", (), ()), ("A", ((2, 1),), ((4, 26, 6, 27),))]


def test_formules_et_fusions_d_un_ods_sont_reperees():
    """After rows and cells that are repeated, whose numbers it does not write."""
    xml = contenu_ods({"A": [["objet"], ["un", "XX", "YY"]], "B": [["deux"]]})
    cellule = '<table:table-cell office:value-type="string" >'
    xml = xml.replace("<table:table-row>", '<table:table-row table:number-rows-repeated="3">', 1)
    xml = xml.replace(
        f"{cellule}<text:p>XX", f'<table:table-cell table:number-columns-repeated="2"/>{cellule}<text:p>XX'
    ).replace(cellule + "<text:p>XX", cellule.replace(" >", ' table:formula="of:=1">') + "<text:p>XX")
    xml = xml.replace(cellule + "<text:p>YY", cellule.replace(" >", ' table:number-rows-spanned="2">') + "<text:p>YY")
    assert reperer(archive_ods(xml)) == [("A", ((4, 3),), ((4, 4, 5, 4),)), ("B", (), ())]


def test_sans_reperage_rien_n_est_cherche():
    assert lire_feuilles(en_xlsx({"A": [["a"]]})) == [Feuille("A", [(1, ["a"])])]


def test_un_xlsx_qui_declare_des_entites_n_est_pas_repere():
    xlsx = en_xlsx({"A": [["a"]]})
    with zipfile.ZipFile(io.BytesIO(xlsx)) as lu:
        entrees = {nom: lu.read(nom) for nom in lu.namelist()}
    feuille = entrees["xl/worksheets/sheet1.xml"]
    entrees["xl/worksheets/sheet1.xml"] = b'<!DOCTYPE x [<!ENTITY a "ha">]>' + feuille
    with pytest.raises(FichierRefuse) as refuse:
        lire_feuilles(archive(entrees), reperer=True)
    assert str(refuse.value) == ABIME


# --- A sheet of which nothing is passed over ----------------------------------------------------------------
def test_chaque_colonne_de_trop_renommee_ou_double_est_nommee():
    lignes = [["Prêts"], ["Objet", "Quantites", "Couleur", "objet"], ["un", 1, "vert", "deux"]]
    tableau = lire_feuille(Feuille("A", list(enumerate(([str(c) for c in ligne] for ligne in lignes), start=1))), PRETS)
    assert tableau == Tableau(
        "A",
        [],
        [
            Refus(2, "Quantites", "", "cette colonne n'est pas attendue : son nom était-il « Quantite » ?", "A"),
            Refus(
                2,
                "Couleur",
                "",
                "cette colonne n'est pas attendue : retirez-la, ou notez ce qu'elle dit dans une autre.",
                "A",
            ),
            Refus(2, "objet", "", "deux colonnes portent ce nom : gardez-en une.", "A"),
        ],
    )


def test_une_colonne_obligatoire_absente_est_nommee():
    forme = replace(PRETS, colonnes=(*PRETS.colonnes, Colonne("lieu", "lieu", texte(9), obligatoire=True)))
    tableau = lire_feuille(Feuille("A", [(1, ["Objet", "Quantité"]), (2, ["un", "1"])]), forme)
    assert tableau.refuses == [Refus(1, "Lieu", "", "cette colonne manque.", "A")]


def test_ce_qui_est_a_cote_du_tableau_une_formule_une_fusion_sont_refuses_avec_le_reste():
    feuille = Feuille(
        "A",
        [(1, ["Objet", "Quantité", ""]), (2, ["un", "x", "note"]), (3, ["deux", "2"])],
        formules=((3, 1),),
        fusions=((2, 0, 3, 1),),
    )
    raisons = {(refus.ligne, refus.colonne): refus.raison for refus in lire_feuille(feuille, PRETS).refuses}
    assert raisons == {
        (2, "Quantité"): "un nombre entier, positif ou nul, est attendu.",
        (2, "C"): "cette case est hors du tableau : sa colonne n'a pas de nom.",
        (2, "Objet"): "les cases A2 à B3 sont fusionnées : défusionnez-les, et remplissez chacune.",
        (3, "Quantité"): "la case B3 contient une formule : mettez à la place ce qu'elle affiche.",
    }


def test_une_feuille_sans_en_tete_est_refusee():
    with pytest.raises(FichierRefuse) as refuse:
        lire_feuille(Feuille("A", [(1, ["un", "deux"])]), PRETS)
    assert str(refuse.value) == "La feuille « A » n'a pas les colonnes attendues : « Nom_de_l_objet »."


def test_plusieurs_cases_fausses_d_une_ligne_sont_toutes_dites():
    def composer(valeurs):
        raise LigneRefusee([("objet", "non."), ("quantite", "pas plus.")])

    feuille = Feuille("A", [(1, ["Objet", "Quantité"]), (2, ["un", "1"])])
    assert lire_feuille(feuille, replace(PRETS, composer=composer)).refuses == [
        Refus(2, "Objet", "un", "non.", "A"),
        Refus(2, "Quantité", "1", "pas plus.", "A"),
    ]


@pytest.mark.parametrize(("place", "nom"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_une_colonne_a_ses_lettres(place, nom):
    assert lettres(place) == nom
