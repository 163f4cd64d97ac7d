"""The engine of imports: encodings, separators, headers, precise refusals. No database."""

import csv
import gzip
import io
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strategie.socle.interfaces import imports
from strategie.socle.interfaces.imports import (
    Bilan,
    Colonne,
    FichierRefuse,
    Format,
    Refus,
    Table,
    ValeurRefusee,
    clef,
    decimal,
    entier,
    jour,
    ouvrir,
    parmi,
    texte,
)

PRETS = Format(
    nom="prêts",
    cle="objet",
    composer=lambda valeurs: (valeurs["objet"], valeurs.get("quantite")),
    colonnes=(
        Colonne("objet", "nom_de_l_objet objet", texte(12), obligatoire=True),
        Colonne("quantite", "quantite nombre", entier),
    ),
)


def lire(chemin):
    """Rows, refusals, and whether the table is whole."""
    with ouvrir(chemin) as flux:
        table = Table(flux, PRETS)
        return list(table), table.refuses, table.entiere


def lire_octets(octets):
    with tempfile.TemporaryDirectory() as dossier:
        chemin = Path(dossier) / "fichier.csv"
        chemin.write_bytes(octets)
        return lire(chemin)


def raison_du_refus(octets):
    with pytest.raises(FichierRefuse) as refuse:
        lire_octets(octets)
    return refuse.value.refus


ELEVE = "Objet;Quantité\nÉlève à Nîmes;3\nŒuvre d’été;1\n"


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("fin", ["\n", "\r\n", "\r"])
def test_encodages_et_fins_de_ligne(encodage, fin):
    texte_du_fichier = ELEVE.replace("Élève à Nîmes", "Élève").replace("\n", fin)
    assert lire_octets(texte_du_fichier.encode(encodage)) == ([("Élève", 3), ("Œuvre d’été", 1)], [], True)


def test_deux_encodages_dans_un_fichier():
    """The few lines of another encoding are refused; nothing is stored askew."""
    octets = "objet\nété\nhiver\nthéâtre\n".encode() + "zébré\n".encode("cp1252")
    refuse = Refus(
        5, "objet", "z�br�", "les accents sont abîmés : l'encodage de cette valeur n'est pas celui du fichier."
    )
    assert lire_octets(octets) == ([("été", None), ("hiver", None), ("théâtre", None)], [refuse], True)


def test_deux_encodages_le_reste_en_windows():
    octets = "objet\nété\nhivér\n".encode("cp1252") + "zébré\n".encode()
    lignes, refuses, _ = lire_octets(octets)
    assert lignes == [("été", None), ("hivér", None)]
    assert [(refus.ligne, refus.valeur) for refus in refuses] == [(4, "zÃ©brÃ©")]


@pytest.mark.parametrize("abime", ["CollÃ¨ge", "dâ€™ici", "Coll‚ge", "Â«ici", "perdu \ufffd"])
def test_texte_deja_abime(abime):
    lignes, refuses, _ = lire_octets(f"objet\n{abime}\n".encode())
    assert (lignes, [refus.valeur for refus in refuses]) == ([], [abime])


@pytest.mark.parametrize("sain", ["Château", "SÃO", "« ÉTÉ »", "Île-à-Â", "KOŠICE", "l’œuf…", "Ÿ", "ﬁn", "日本"])
def test_texte_sain(sain):
    assert lire_octets(f"objet\n{sain}\n".encode()) == ([(sain, None)], [], True)


@pytest.mark.parametrize("separateur", [";", ",", "\t", "|"])
@pytest.mark.parametrize("annonce", [False, True])
def test_separateurs(separateur, annonce):
    tete = f"sep={separateur}\n" if annonce else ""
    contenu = f"{tete}objet{separateur}nombre{separateur}\n=1+1{separateur}2{separateur}\n"
    assert lire_octets(contenu.encode()) == ([("=1+1", 2)], [], True)


def test_lignes_numerotees_comme_dans_un_editeur():
    contenu = 'objet;nombre\n"deux\nlignes";x\n\n;;\nun;-1\n'
    _, refuses, _ = lire_octets(contenu.encode())
    attendue = "un nombre entier, positif ou nul, est attendu."
    assert refuses == [Refus(2, "nombre", "x", attendue), Refus(6, "nombre", "-1", attendue)]


def test_colonnes_deplacees_ajoutees_renommees():
    contenu = "Fax;NOMBRE ;Nom de l'objet\n;3;Tablette\n"
    assert lire_octets(contenu.encode()) == ([("Tablette", 3)], [], True)


def test_ligne_coupee_ligne_trop_longue():
    contenu = "objet;nombre\nun;1\ndeux;2;;\ntrois;3;4\nqua"
    lignes, refuses, entiere = lire_octets(contenu.encode())
    raison = "2 colonnes sont attendues, {} sont là : ligne coupée ou guillemet mal fermé."
    assert lignes == [("un", 1), ("deux", 2)]
    assert refuses == [Refus(4, "", "trois;3;4", raison.format(3)), Refus(5, "", "qua", raison.format(1))]
    assert entiere is False


def test_guillemet_jamais_referme():
    contenu = 'objet\nun\n"deux\n' + "x" * 200_000 + "\ntrois\n"
    lignes, refuses, entiere = lire_octets(contenu.encode())
    assert lignes == [("un", None), ("trois", None)]
    assert [(refus.ligne, refus.raison) for refus in refuses] == [(3, "un guillemet ouvert n'est jamais refermé.")]
    assert entiere is False


def test_caractere_nul():
    lignes, refuses, _ = lire_octets(b"objet\nun\ndeux\0\n")
    assert lignes == [("un", None)]
    assert refuses == [Refus(3, "objet", "deux\0", "la valeur contient un caractère nul.")]


def test_valeur_trop_longue_abregee():
    _, refuses, _ = lire_octets(b"objet\n" + b"a" * 10_000)
    assert refuses[0].raison == "12 caractères au plus sont attendus ; la valeur en compte 10000."
    assert refuses[0].valeur == "a" * 199 + "…"


ENTETE = "L'en-tête n'a pas les colonnes attendues : nom_de_l_objet."
CLASSEUR = "Ce fichier est un classeur ou une archive : enregistrez-le au format CSV."
LIGNE_SANS_FIN = "Une ligne dépasse un mégaoctet : ce fichier n'est pas un tableau CSV."


@pytest.mark.parametrize(
    ("octets", "refus"),
    [
        (b"", Refus(0, "", "", "Le fichier est vide.")),
        (b" \n\r\n ", Refus(0, "", "", "Le fichier est vide.")),
        (b"\xef\xbb\xbf", Refus(0, "", "", "Le fichier est vide.")),
        (b"nom;nombre\nx;1\n", Refus(1, "", "nom, nombre", ENTETE)),
        (b"\nObjet;objet\nx;1\n", Refus(2, "", "Objet, objet", "Deux colonnes portent le même nom : Objet.")),
        (b"PK\x03\x04rien", Refus(0, "", "", CLASSEUR)),
        (bytes(range(256)) * 4, Refus(0, "", "", "Ce fichier n'est pas un fichier texte.")),
        (b"objet\n" + b"x" * 1_100_000, Refus(0, "", "", LIGNE_SANS_FIN)),
        (gzip.compress(b"objet\nun\n" * 500)[:-20], Refus(0, "", "", "L'archive gzip est incomplète ou abîmée.")),
        (b"\x1f\x8b" + b"abime" * 9, Refus(0, "", "", "L'archive gzip est incomplète ou abîmée.")),
        (gzip.compress(gzip.compress(b"objet\n" * 99)), Refus(0, "", "", "Ce fichier n'est pas un fichier texte.")),
    ],
    ids=lambda valeur: valeur.raison[:30] if isinstance(valeur, Refus) else "",
)  # fmt: skip
def test_fichiers_refuses_en_entier(octets, refus):
    assert raison_du_refus(octets) == refus


def test_bombe_gzip():
    """20 MB in 20 kB: refused by its ratio, before it is inflated whole."""
    bombe = gzip.compress(b"objet\n" + (b"a" * 999 + b"\n") * 20_000)
    assert len(bombe) < 60_000
    plafond = 200 * len(bombe) // 1024**2
    assert (
        raison_du_refus(bombe).raison
        == f"Le fichier, une fois décompressé, est trop gros : {plafond} Mo au plus sont lus."
    )


def test_fichier_trop_gros(monkeypatch):
    monkeypatch.setattr(imports, "PLAFOND", 2 * 1024**2)
    raison = "Le fichier, une fois décompressé, est trop gros : 2 Mo au plus sont lus."
    assert raison_du_refus(b"objet\n" + b"mot\n" * 600_000).raison == raison


def test_fichier_absent_ou_dossier(tmp_path):
    for chemin in (tmp_path / "absent.csv", tmp_path):
        with pytest.raises(FichierRefuse, match="n'existe pas"):
            lire(chemin)


@given(st.binary(max_size=400), st.sampled_from([b"", b"objet;nombre\n", b"\xff\xfeo\0b\0j\0e\0t\0\n\0", b"\x1f\x8b"]))
@settings(max_examples=150)
def test_octets_hostiles(octets, tete):
    """Whatever the bytes: rows and refusals, or one French sentence."""
    try:
        lignes, refuses, _ = lire_octets(tete + octets)
    except FichierRefuse as refuse:
        assert refuse.refus.raison.endswith(".")
    else:
        assert all(len(objet) <= 12 and "\0" not in objet and "\ufffd" not in objet for objet, _ in lignes)
        assert all(refus.ligne > 1 and refus.raison for refus in refuses)


CELLULES = st.text(st.characters(codec="cp1252", categories=["L", "N", "P", "S", "Zs"]), max_size=12).filter(
    lambda mot: mot == mot.strip() and mot and not imports.ABIME.search(mot)
)


@given(st.lists(CELLULES, min_size=1, max_size=8))
@settings(max_examples=60)
def test_tout_encodage_donne_les_memes_lignes(mots):
    tampon = io.StringIO(newline="")
    csv.writer(tampon, delimiter=";", quoting=csv.QUOTE_ALL).writerows([["objet"], *([mot] for mot in mots)])
    contenu = tampon.getvalue()
    attendu = [(mot, None) for mot in mots]
    for encodage in ("utf-8", "utf-8-sig", "utf-16"):
        assert lire_octets(contenu.encode(encodage))[0] == attendu
    try:
        contenu.encode("cp1252").decode()
    except UnicodeDecodeError:
        windows = contenu + '"é"\r\n"è"\r\n"à"\r\n"ù"\r\n"ê"\r\n"ï"\r\n"ô"\r\n"ç"\r\n'
        assert lire_octets(windows.encode("cp1252"))[0][: len(mots)] == attendu


@pytest.mark.parametrize(
    ("lecteur", "valeur", "attendu"),
    [
        (entier, "", None),
        (entier, "0", 0),
        (entier, "1 234", 1234),
        (entier, "1\u202f234", 1234),
        (entier, "12.5", "un nombre entier, positif ou nul, est attendu."),
        (entier, "-3", "un nombre entier, positif ou nul, est attendu."),
        (entier, "٣", "un nombre entier, positif ou nul, est attendu."),
        (entier, "2147483648", "un nombre entier, positif ou nul, est attendu."),
        (decimal(-90, 90), "", None),
        (decimal(-90, 90), "43,5", 43.5),
        (decimal(-90, 90), "-5.4E-4", -0.00054),
        (decimal(-90, 90), "90.1", "un nombre compris entre -90 et 90 est attendu."),
        (decimal(-90, 90), "nan", "un nombre décimal est attendu."),
        (decimal(-90, 90), "1_0", "un nombre décimal est attendu."),
        (jour, "", None),
        (jour, "2022-12-14T00:00:00+00:00", "2022-12-14"),
        (jour, "03/04/2026", "2026-04-03"),
        (jour, "2023-02-29", "cette date n'existe pas."),
        (jour, "14 décembre", "une date AAAA-MM-JJ ou JJ/MM/AAAA est attendue."),
        (parmi({"a_fermer": "fin"}, "A FERMER"), "À  fermer", "fin"),
        (parmi({"a_fermer": "fin"}, "A FERMER"), "OUVERT", "A FERMER est attendu."),
    ],
)
def test_lire_une_cellule(lecteur, valeur, attendu):
    try:
        lu = lecteur(valeur)
    except ValeurRefusee as refusee:
        lu = str(refusee)
    assert (lu.isoformat() if lecteur is jour and hasattr(lu, "isoformat") else lu) == attendu


def test_clef():
    assert {clef(nom) for nom in ("Type établissement", "Type_etablissement", " type_établissement ")} == {
        "type_etablissement"
    }


def test_bilan_en_json():
    bilan = Bilan(lus=2, crees=1, refuses=[Refus(3, "Objet", "é", "non.")], remarques=["à part"])
    assert json.loads(bilan.to_json()) == {
        "lus": 2,
        "crees": 1,
        "modifies": 0,
        "inchanges": 0,
        "fermes": 0,
        "refuses": [{"ligne": 3, "colonne": "Objet", "valeur": "é", "raison": "non."}],
    }


def test_bilan_en_francais():
    """Fifty refusals at most; nothing that a terminal would obey."""
    refuses = [Refus(0, "", "", "Le fichier est vide."), *(Refus(n, "Nom", "\x1b[2J", "non.") for n in range(1, 53))]
    lignes = Bilan(lus=54, crees=1, refuses=refuses, remarques=["Rien de plus."]).en_francais().splitlines()
    assert lignes[:4] == [
        "Lignes : 54 lues · 1 création · 0 modification · 0 inchangée · 0 fermeture · 53 refusées",
        "Rien de plus.",
        "Refusé : Le fichier est vide.",
        "Refusé : ligne 1, colonne Nom, « ·[2J » : non.",
    ]
    assert lignes[-1] == "… et 3 autres."
    assert len(lignes) == 53


def test_un_refus_dit_sa_feuille_quand_le_classeur_en_a_plusieurs():
    refuse = Refus(3, "Objet", "é", "non.", "Prêts")
    assert str(refuse) == "feuille Prêts, ligne 3, colonne Objet, « é » : non."
    assert json.loads(Bilan(refuses=[refuse]).to_json())["refuses"] == [
        {"ligne": 3, "colonne": "Objet", "valeur": "é", "raison": "non.", "feuille": "Prêts"}
    ]
