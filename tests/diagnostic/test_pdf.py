"""The printed diagnostic, from frozen content alone: no test here has a database."""

import io
import json
import logging
import re
from fractions import Fraction
from pathlib import Path

import pikepdf
import pypdf
import pytest

from diagnostic.domain.cotation import IndicateurCote, Valeur, coter_champ
from diagnostic.interfaces.pdf import (
    adresse_web,
    contexte_pdf,
    date_en_toutes_lettres,
    en_cours_de_phrase,
    phrase_de_bilan,
    rendre_pdf_diagnostic,
)
from tests.pdf import elements, feuilles, manquements

FICHIER = Path(__file__).resolve().parents[2] / "diagnostic" / "donnees" / "referentiel-paliers-v1.json"
EMPREINTE = "0123456789abcdef" * 4
PREUVES = {
    nom: {"intitule": "", "lien": "", "fichier": "", "date": "", "ancienne": False, "sha256": ""} | preuve
    for nom, preuve in {
        "lien": {"intitule": "Lettre", "lien": "https://ent.example.fr/l.pdf"},
        "fichier": {"intitule": "Relevé", "fichier": "cr.pdf", "date": "2026-10-01", "sha256": "ab" * 32},
        "ancienne": {"intitule": "Charte", "fichier": "charte.pdf", "date": "2024-10-01", "ancienne": True},
        "piege": {"intitule": "Piège", "lien": "javascript:alert(1)"},
    }.items()
}
VOTE = {"oui": 8, "en_partie": 2, "non": 1, "ne_sait_pas": 0, "desaccord": "", "le": "2026-11-01"}
CONTRADICTIONS = [
    {
        "regle": "P02",
        "bloquante": False,
        "phrase": "Un plan de formation découle de besoins recueillis : relisez FOR-1-1.",
        "indicateurs": ["FOR-3-1", "FOR-1-1"],
    }
]


def contenu_signe(
    repondre, *, champs_lus=None, non_demandes=None, commentaires=None, preuves=None, votes=None, **autres
) -> dict:
    """Frozen content of a collège where `repondre(indicateur)` gives each answer, from the first champs of the real
    référentiel, or all; `non_demandes` gives the rule of what is not asked.
    """
    source = json.loads(FICHIER.read_text(encoding="utf-8"))
    champs = [
        {
            "code": champ["code"],
            "libelle": champ["libelle"],
            "indicateurs": [
                {
                    "code": indicateur["code"],
                    "palier": indicateur["palier"],
                    "enonce": indicateur["enonce"],
                    "preuve_attendue": indicateur["preuve"],
                    "bloquant": indicateur["bloquant"],
                    "levier": indicateur["levier"],
                    "concerne": indicateur["code"] not in (non_demandes or {}),
                    "regle": (non_demandes or {}).get(indicateur["code"], ""),
                    "reunion": (votes or {}).get(indicateur["code"]),
                    "valeur": repondre(indicateur),
                    "motif": "Pas d'internat." if repondre(indicateur) == "sans_objet" else "",
                    "commentaire": (commentaires or {}).get(indicateur["code"], ""),
                    "preuves": (preuves or {}).get(indicateur["code"], []),
                }
                for indicateur in champ["indicateurs"]
            ],
        }
        for champ in source["champs"][:champs_lus]
    ]
    for champ in champs:
        champ["resultat"] = resultat(champ["indicateurs"])
    concernes = [i for champ in champs for i in champ["indicateurs"] if i["concerne"]]
    return {
        "format": "paliers-diagnostic/2",
        "etablissement": {
            "uai": "0990001N",
            "nom": "Collège des Trois Rivières",
            "type": "college",
            "libelle_type": "Collège",
            "commune": "Saint-Exemple",
            "departement": "Exemple",
            "academie": "Exemple",
        },
        "annee_scolaire": "2026-2027",
        "version": 1,
        "motif_reouverture": "",
        "signature": {
            "nom": "Claire Martin",
            "fonction": "Principale",
            "date": "2026-11-12T13:02:05.123456+00:00",
            "date_locale": "2026-11-12",
            "fuseau": "Europe/Paris",
        },
        "referentiel": {
            "code": source["code"],
            "version": source["version"],
            "titre": source["titre"],
            "seuil": "4/5",
            "part_inconnue_max": "3/10",
            "paliers": source["paliers"],
        },
        "champs": champs,
        "compte": {
            "concernes": len(concernes),
            "repondus": sum(i["valeur"] != "" for i in concernes),
            "inconnus": sum(i["valeur"] in ("", "ne_sait_pas") for i in concernes),
            "bloquants_sans_reponse": sum(i["bloquant"] and i["valeur"] == "" for i in concernes),
        },
        "contradictions": [],
    } | autres


def resultat(indicateurs: list[dict]) -> dict:
    concernes = [i for i in indicateurs if i["concerne"]]
    cote = coter_champ(
        [IndicateurCote(i["code"], i["palier"], i["bloquant"]) for i in concernes],
        {i["code"]: Valeur(i["valeur"]) for i in concernes if i["valeur"]},
    )
    scores = {str(palier): None if score is None else str(score) for palier, score in cote.scores.items()}
    return {
        "palier": cote.palier,
        "non_etabli": cote.non_etabli,
        "scores": scores,
        "manquants": list(cote.manquants),
    }


def melange(indicateur: dict) -> str:
    """Palier 1 reached in five champs out of six, the rest of every kind."""
    if indicateur["code"] == "INF-1-1":
        return "non"
    if indicateur["palier"] == 1:
        return "oui"
    return ("oui", "en_partie", "non", "sans_objet", "ne_sait_pas", "")[int(indicateur["code"][-1]) % 6]


COMMENTAIRE = "Réuni en septembre avec le conseil pédagogique ; compte rendu affiché."
MELANGE = contenu_signe(
    melange,
    non_demandes={"PIL-1-3": "R02", "PIL-2-3": "R01", "PED-3-5": "R03"},
    commentaires={"PIL-1-1": COMMENTAIRE, "FOR-2-1": "Ligne une.\nLigne deux."},
    preuves={"PIL-1-1": [PREUVES["lien"], PREUVES["fichier"], PREUVES["ancienne"]], "PIL-1-2": [PREUVES["piege"]]},
    votes={
        "PIL-1-1": VOTE,
        "PIL-1-2": VOTE | {"oui": 0, "en_partie": 0, "non": 0, "desaccord": "Deux voix\npour non."},
    },
    contradictions=CONTRADICTIONS,
)
TOUT_OUI = contenu_signe(lambda _: "oui")
RIEN = contenu_signe(lambda _: "")
BAVARD = contenu_signe(
    melange,
    commentaires={i["code"]: COMMENTAIRE for champ in RIEN["champs"] for i in champ["indicateurs"]},
    version=2,
    motif_reouverture="Une réponse du champ Formation était fausse.\nElle est corrigée.",
)
HOSTILES = (
    "<img src=http://127.0.0.1:9/x> <b>gras</b> <style>@import url(file:///etc/passwd)</style>",
    '=1+1 @SUM(A1) "; DROP TABLE',
    "\u202eesrever\u202c avant \u200f après",
    "mot" * 1_700,
    "Interminable, sans fin. " * 400,
)
HOSTILE = contenu_signe(
    melange,
    champs_lus=1,
    commentaires=dict(zip(("PIL-1-1", "PIL-1-2", "PIL-1-4", "PIL-2-1", "PIL-3-4"), HOSTILES, strict=True)),
    signature=RIEN["signature"] | {"nom": "<b>Claire</b> \u202eMartin", "fonction": "IEN & cie"},
    etablissement=RIEN["etablissement"] | {"nom": "Lycée <i>polyvalent</i> & " + "d'Exemple " * 18},
)
CAS = {"mélange": MELANGE, "tout oui": TOUT_OUI, "rien": RIEN, "bavard": BAVARD, "hostile": HOSTILE}


@pytest.fixture(scope="module")
def pdfs() -> dict[str, bytes]:
    return {nom: rendre_pdf_diagnostic(contenu, EMPREINTE) for nom, contenu in CAS.items()}


def sans_blancs(texte: str) -> str:
    return re.sub(r"[\s\u200b]+", "", texte)


@pytest.mark.parametrize("nom", CAS)
def test_conforme_a_pdf_ua(pdfs, nom):
    assert manquements(pdfs[nom]) == []


def test_leger_et_court(pdfs):
    assert max(len(pdf) for pdf in pdfs.values()) < 400_000
    assert [len(feuilles(pdfs[nom])) <= 12 for nom in ("mélange", "tout oui", "rien", "bavard")] == [True] * 4


def test_memes_octets_quand_on_recommence_sans_un_avertissement(pdfs, caplog):
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        assert rendre_pdf_diagnostic(MELANGE, EMPREINTE) == pdfs["mélange"]
    assert [trace.getMessage() for trace in caplog.records] == []


def test_un_autre_format_est_refuse():
    with pytest.raises(ValueError, match="paliers-diagnostic/3"):
        rendre_pdf_diagnostic(MELANGE | {"format": "paliers-diagnostic/3"})


def test_couverture_et_titre(pdfs):
    assert feuilles(pdfs["mélange"])[0] == (
        "Collège des Trois Rivières Diagnostic numérique 2026-2027 "
        "Signé par Claire Martin, principale, le 12 novembre 2026. "
        "UAI 0990001N · Saint-Exemple · académie : Exemple "
        "Référentiel « Paliers de maturité numérique », version 1"
    )
    with pikepdf.open(io.BytesIO(pdfs["mélange"])) as pdf:
        informations = {cle: str(pdf.docinfo[cle]) for cle in ("/Title", "/Author", "/CreationDate")}
    assert informations == {
        "/Title": "Diagnostic numérique 2026-2027 · Collège des Trois Rivières (0990001N)",
        "/Author": "Collège des Trois Rivières",
        "/CreationDate": "D:20261112130205+00'00",
    }


def test_chaque_page_porte_son_pied(pdfs):
    suite = feuilles(pdfs["mélange"])
    for numero, feuille in enumerate(suite[1:], start=2):
        assert "Paliers · diagnostic 2026-2027 · version 1" in feuille
        assert f"{numero} / {len(suite)}" in feuille


def test_signets(pdfs):
    champs = [champ["libelle"] for champ in MELANGE["champs"]]
    with pikepdf.open(io.BytesIO(pdfs["mélange"])).open_outline() as plan:
        lu = [
            (titre.title, [(partie.title, [champ.title for champ in partie.children]) for partie in titre.children])
            for titre in plan.root
        ]
    assert lu == [
        (
            "Diagnostic numérique 2026-2027",
            [
                ("Où en est l'établissement", []),
                ("Ce qui manque pour aller plus loin", champs),
                ("Toutes les réponses", champs),
                ("Comment ce résultat est calculé", ["Ce qui a été répondu", "Réponses à relire", "Ce document"]),
            ],
        )
    ]


def test_profil(pdfs):
    profil = feuilles(pdfs["mélange"])[1]
    assert "Sur les six champs du diagnostic, cinq sont au palier 1 et un n'a pas encore atteint le palier 1." in profil
    for champ in MELANGE["champs"]:
        premier = next(i for i in champ["indicateurs"] if i["code"] == champ["resultat"]["manquants"][0])
        assert sans_blancs(premier["enonce"]) in sans_blancs(profil)
    assert figures(pdfs["mélange"]) == (
        ["Trois marches, une par palier"]
        + ["Palier 1 atteint, sur 3"] * 4
        + ["Aucun des trois paliers n'est atteint", "Palier 1 atteint, sur 3"]
    )


def figures(pdf: bytes) -> list[str]:
    """Alternatives of the drawings, in reading order."""
    return [alternative for nature, alternative, _ in elements(pdf) if nature == "/Figure"]


def test_chaque_cellule_connait_ses_entetes(pdfs):
    """Row and column headers; the last table, of two columns, has rows only."""
    natures = elements(pdfs["mélange"])
    entetes = [nombre for nature, _, nombre in natures if nature == "/TD"]
    assert set(entetes) == {1, 2}
    assert entetes.count(1) == 5, "établissement, référentiel, signature, version, empreinte"
    legendes = sum(nature == "/Caption" for nature, *_ in natures)
    assert legendes == 1 + 6 + 18 + 2, "profile, missing lists, answers, scores and signature"


def partie(pdf: bytes, titre: str, suivant: str) -> str:
    """Text of a part, running heads and feet included."""
    return sans_blancs("".join(f for f in feuilles(pdf) if titre in f and suivant not in f))


@pytest.mark.parametrize("nom", ["mélange", "rien"])
def test_tout_ce_qui_manque_est_liste_les_indispensables_d_abord(pdfs, nom):
    manque = partie(pdfs[nom], "Ce qui manque pour aller plus loin", "Comment ce résultat est calculé")
    for champ in CAS[nom]["champs"]:
        connus = {i["code"]: i for i in champ["indicateurs"]}
        manquants = champ["resultat"]["manquants"]
        assert manquants
        assert [connus[code]["bloquant"] for code in manquants] == sorted(
            (connus[code]["bloquant"] for code in manquants), reverse=True
        )
        places = [
            manque.index(code + sans_blancs(("Indispensable." if i["bloquant"] else "") + i["enonce"]))
            for code in manquants
            for i in [connus[code]]
        ]
        assert places == sorted(places)


def test_non_etabli_est_explique_en_mots(pdfs):
    explication = sans_blancs("« Pas établi » veut dire que rien de connu n'empêche d'atteindre le palier")
    assert explication in sans_blancs(feuilles(pdfs["rien"])[2])
    assert sans_blancs("plus de 30 % de réponses inconnues") in sans_blancs(feuilles(pdfs["rien"])[2])
    assert "".join(feuilles(pdfs["rien"])).count("n'est pas établi, faute de réponses.") == 6
    assert explication not in sans_blancs("".join(feuilles(pdfs["tout oui"])))


def test_au_palier_3_rien_ne_manque(pdfs):
    suite = feuilles(pdfs["tout oui"])
    assert "Les six champs du diagnostic sont au palier 3." in suite[1]
    assert suite[2].count("Les trois paliers sont atteints : rien ne manque.") == 6


def test_toutes_les_reponses(pdfs):
    reponses = partie(pdfs["mélange"], "Toutes les réponses", "Ce qui manque")
    libelles = {
        "oui": "Oui", "en_partie": "En partie", "non": "Non", "sans_objet": "Sans objet",
        "ne_sait_pas": "Ne sait pas", "": "Sans réponse",
    }  # fmt: skip
    demandes = 0
    for champ in MELANGE["champs"]:
        for indicateur in champ["indicateurs"]:
            debut = indicateur["code"] + sans_blancs(
                ("Indispensable." if indicateur["bloquant"] else "") + indicateur["enonce"]
            )
            assert (debut in reponses) == indicateur["concerne"]
            if indicateur["concerne"]:
                demandes += 1
                suite = re.split(r"[A-Z]{3}-\d-\d|Palier\d,|CollègedesTrois", reponses.split(debut, 1)[1], maxsplit=1)[
                    0
                ]
                assert sans_blancs(libelles[indicateur["valeur"]]) in suite
    assert demandes == MELANGE["compte"]["concernes"] == 79


def test_commentaires_motifs_et_preuves(pdfs):
    reponses = partie(pdfs["mélange"], "Toutes les réponses", "Ce qui manque")
    for attendu in (
        "Commentaire : " + COMMENTAIRE,
        "Commentaire : Ligne une. Ligne deux.",
        "Raison du « sans objet » : Pas d'internat.",
        "Preuve : Lettre · https://ent.example.fr/l.pdf",
        "Preuve : Relevé · 1er octobre 2026 · cr.pdf · empreinte abababababababab…",
        "Preuve : Piège · javascript:alert(1)",
        "Preuve : Charte · 1er octobre 2024 (plus de 24 mois) · charte.pdf",
        "En réunion le 1er novembre 2026 : 8 oui, 2 en partie, 1 non.",
        "En réunion le 1er novembre 2026 : aucune main levée. Désaccord : Deux voix pour non.",
        "Non demandées à l'établissement : PIL-1-3 non concerné (règle R02), PIL-2-3 non concerné (règle R01).",
        "Non demandée à l'établissement : PED-3-5 non concerné (règle R03).",
    ):
        assert sans_blancs(attendu) in reponses


def test_seul_un_lien_du_web_se_suit(pdfs):
    annotations = [
        a for feuille in pypdf.PdfReader(io.BytesIO(pdfs["mélange"])).pages for a in feuille.annotations or []
    ]
    assert [(a.get_object()["/A"]["/URI"], "/StructParent" in a.get_object()) for a in annotations] == [
        ("https://ent.example.fr/l.pdf", True)
    ]


def test_derniere_page(pdfs):
    fin = sans_blancs(feuilles(pdfs["mélange"])[-1])
    compte = MELANGE["compte"]
    manquantes = compte["concernes"] - compte["repondus"]
    for attendu in (
        "son score est d'au moins 80 %",
        "30 % au plus de ses réponses sont inconnues",
        f"79 conditions concernent l'établissement ; {compte['repondus']} ont reçu une réponse, "
        f"{manquantes} sont restées sans réponse.",
        "3 conditions du référentiel ne concernent pas l'établissement et n'ont pas été demandées : "
        "règle R01, s'adresse à une autre sorte d'établissement ; règle R02, suppose un internat ; "
        "règle R03, suppose l'éducation prioritaire.",
        "Réponses à relire",
        "P02. Un plan de formation découle de besoins recueillis : relisez FOR-1-1.",
        "Claire Martin, principale, le 12 novembre 2026 à 14 h 02 (Europe/Paris)",
        "Collège des Trois Rivières (Collège, 0990001N), Saint-Exemple, département : Exemple, académie : Exemple",
        EMPREINTE,
    ):
        assert sans_blancs(attendu) in fin
    assert "Motifderéouverture" not in fin


def test_une_reponse_partout_se_dit_sans_zero(pdfs):
    fin = feuilles(pdfs["tout oui"])[-1]
    assert "82 conditions concernent l'établissement ; toutes ont reçu une réponse. Ce document" in fin.replace(
        "• ", ""
    )
    assert "Sans score" not in fin
    assert "Sans score : aucune réponse connue à ce palier." in feuilles(pdfs["rien"])[-1]


def test_motif_de_reouverture_a_la_version_2(pdfs):
    suite = feuilles(pdfs["bavard"])
    assert suite[0].count("Version 2.") == 1
    assert "Motif de réouverture Une réponse du champ Formation était fausse. Elle est corrigée." in suite[-1]
    assert "Paliers · diagnostic 2026-2027 · version 2" in suite[-1]


def test_sans_empreinte_la_ligne_disparait(sans_mise_en_page):
    assert "Empreinte" in rendre_pdf_diagnostic(RIEN, EMPREINTE).decode()
    assert "Empreinte" not in rendre_pdf_diagnostic(RIEN).decode()


def test_scores_du_contexte():
    scores = {champ["code"]: champ["scores"] for champ in contexte_pdf(MELANGE)["champs"]}
    recalcules = {
        champ["code"]: [
            "" if score is None else f"{int(Fraction(score) * 100 + Fraction(1, 2))}\u00a0%"
            for score in champ["resultat"]["scores"].values()
        ]
        for champ in MELANGE["champs"]
    }
    assert scores == recalcules
    assert contexte_pdf(RIEN)["champs"][0]["scores"] == ["", "", ""]


def test_texte_hostile_imprime_tel_quel(pdfs):
    lu = sans_blancs("".join(feuilles(pdfs["hostile"])))
    for texte in HOSTILES[:2]:
        assert sans_blancs(texte) in lu
    assert lu.count("Interminable,") == 400
    assert lu.count("mot") >= 1_698, "a page may end within one"
    assert "Lycée<i>polyvalent</i>&" in lu
    assert "IEN&cie" in lu


@pytest.mark.parametrize(
    ("atteints", "phrase"),
    [
        (
            [2, 1, 0, 1, 1, 2],
            "Sur les six champs du diagnostic, deux sont au palier 2, trois sont au palier 1 "
            "et un n'a pas encore atteint le palier 1.",
        ),
        (
            [3, 2, 1, 0, 0, 0],
            "Sur les six champs du diagnostic, un est au palier 3, un est au palier 2, un est au palier 1 "
            "et trois n'ont pas encore atteint le palier 1.",
        ),
        ([0] * 6, "Les six champs du diagnostic n'ont pas encore atteint le palier 1."),
        ([2] * 12, "Les 12 champs du diagnostic sont au palier 2."),
    ],
)
def test_phrase_de_bilan(atteints, phrase):
    assert phrase_de_bilan(atteints).replace("\u00a0", " ") == phrase


@pytest.mark.parametrize(
    ("jour", "attendu"),
    [("2026-11-12", "12 novembre 2026"), ("2027-02-01", "1er février 2027"), ("2026-08-31", "31 août 2026")],
)
def test_date_en_toutes_lettres(jour, attendu):
    assert date_en_toutes_lettres(jour) == attendu.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("fonction", "attendue"),
    [("Principale", "principale"), ("IEN", "IEN"), ("Élue", "élue"), ("proviseur", "proviseur"), ("", "")],
)
def test_fonction_en_cours_de_phrase(fonction, attendue):
    assert en_cours_de_phrase(fonction) == attendue


@pytest.mark.parametrize(
    ("lien", "suivi"),
    [
        ("https://e.fr/a?b=c#d", True),
        ("http://e.fr", True),
        ("HTTPS://E.FR/", True),
        ("javascript:alert(1)", False),
        ("file:///etc/passwd", False),
        ("data:text/html,x", False),
        ("/etc/passwd", False),
        ("https:", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_adresse_web(lien, suivi):
    assert adresse_web(lien) == (lien if suivi else "")
