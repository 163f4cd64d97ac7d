"""Results of a counted survey: figures redone by hand here, from frozen JSON; then on screen, on paper, in a file."""

import csv
import datetime
import io
import json
import logging
import re
import uuid
from fractions import Fraction

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from diagnostic.domain.bulletins import Bulletin, Groupe
from diagnostic.domain.contenu import empreinte, json_canonique
from diagnostic.domain.depouillement import depouiller
from diagnostic.domain.enquetes import QuestionPropre
from diagnostic.interfaces.resultats_enquete import (
    calculs,
    colonnes_de_l_export,
    contexte_pdf_enquete,
    lignes_a_exporter,
    rendre_pdf_enquete,
)
from diagnostic.models import Enquete, Expression, ResultatEnquete
from diagnostic.queries.resultats_enquete import PaliersSignes, lire_resultat
from strategie.socle.interfaces import charts
from strategie.socle.interfaces.exports import lignes_csv
from tests.enquetes import une_enquete, une_enquete_depouillee
from tests.pdf import feuilles, manquements

NBSP = "\u00a0"
PUBLIE = datetime.datetime(2026, 11, 17, 6, 0, tzinfo=datetime.UTC)
PROPRES = [
    {"numero": 1, "enonce": "La charte aide-t-elle ?", "type": "oui_non", "options": ["Oui", "Non"]},
    {"numero": 2, "enonce": "Je me sens écouté.", "type": "echelle", "options": ["A", "B", "C", "D", "E"]},
    {"numero": 3, "enonce": "Quel jour ?", "type": "choix", "options": ["Lu", "Ma", "Me", "Je", "Ve"]},
]
PALIERS = PaliersSignes("2026-2027", 2, {"PIL": 1, "FOR": 2, "INF": 3})


def chiffres(effectifs, sans_avis=0):
    return {"n": sum(effectifs), "effectifs": effectifs, "sans_avis": sans_avis, "bande": None}


def bande(cote, n):
    return {"n": n, "effectifs": None, "sans_avis": 0, "bande": cote}


def equipes(total, parts=None):
    return {"equipes": {"total": total, "parts": parts}}


AUTRES = "vie_scolaire+aesh_agents"
ITEMS = {
    1: equipes(chiffres([0, 1, 3, 4, 6])),
    4: equipes(chiffres([1, 2, 3, 4, 2], 2)),
    5: equipes(chiffres([0, 3, 6, 3, 0], 2)),
    6: equipes(bande("accord", 13)),
    7: equipes(None),
    15: {"eleves": {"total": bande("desaccord", 6), "parts": None}},
    17: equipes(
        chiffres([5, 3, 3, 2, 0], 1),
        {"enseignants": chiffres([4, 1, 2, 1, 0]), AUTRES: chiffres([1, 2, 1, 1, 0], 1)},
    ),
    18: equipes(
        chiffres([3, 2, 3, 2, 4]), {"enseignants": chiffres([0, 1, 1, 2, 4]), AUTRES: chiffres([3, 1, 2, 0, 0])}
    ),
}
CHAMPS = {1: "PIL", 4: "FOR", 5: "FOR", 6: "FOR", 7: "FOR", 15: "PED", 17: "INF", 18: "INF"}
PARTS = [
    {"code": "enseignants", "groupes": ["enseignants"], "invites": 20, "reponses": 8},
    {"code": AUTRES, "groupes": ["vie_scolaire", "aesh_agents"], "invites": 10, "reponses": 6},
]


def enonces(numero):
    if numero == 15:
        return {"eleves": "Nos règles sont claires."}
    equipes = dict.fromkeys(("enseignants", "vie_scolaire", "aesh_agents"), f"Question {chr(64 + numero)} des équipes.")
    if numero == 17:
        return equipes | {"vie_scolaire": "Question Q de la vie scolaire.", "direction": "Question Q du chef."}
    return equipes


def fait_main(**autres):
    """Frozen JSON of 14 answers out of 30 in the teams, 6 pupils out of 10, too few parents."""
    propres = [
        {"equipes": {"total": total, "parts": None}, "eleves": {"total": None, "parts": None}}
        for total in (chiffres([9, 4], 1), bande("accord", 13), bande("1", 12))
    ]
    eleves = {"code": "eleves", "groupes": ["eleves"], "invites": 10, "reponses": 6}
    contenu = {
        "format": "paliers-enquete/1",
        "etablissement": {"uai": "0980001U", "nom": "Collège du Test"},
        "annee": "2026-2027",
        "forme": "longue",
        "acces": "lien",
        "ouverture": "2026-11-02",
        "cloture": "2026-11-16",
        "seuil": 5,
        "questions": {
            "version": 1,
            "champs": {"PIL": "Pilotage", "FOR": "Formation", "PED": "Pratiques", "INF": "Réseau"},
            "items": [
                {"numero": n, "champ": champ, "domaine": "D", "enonces": enonces(n)} for n, champ in CHAMPS.items()
            ],
            "propres": PROPRES,
            "formation": [f"Thème {rang}" for rang in range(1, 9)],
        },
        "direction": {"1": 4, "4": 5, "5": 3, "6": 4, "7": 5, "17": 4},
        "familles": [
            {"code": "equipes", "invites": 30, "reponses": 14, "parts": PARTS},
            {"code": "parents", "invites": 40, "reponses": None, "parts": []},
            {"code": "eleves", "invites": 10, "reponses": 6, "parts": [eleves]},
        ],
        "items": [{"numero": numero, "familles": familles} for numero, familles in ITEMS.items()],
        "propres": [{"numero": n, "familles": familles} for n, familles in enumerate(propres, start=1)],
        "formation": {"reponses": 14, "effectifs": [None, 5, None, 7, None, None, None, 12]},
        "textes": 2,
    }
    # As it comes back from the database: keys sorted.
    return json.loads(json_canonique(contenu | autres))


def item_de(lecture, numero):
    return next(item for section in lecture.sections for item in section.items if item.numero == numero)


# --- Figures, redone by hand ----------------------------------------------------------------------------
def test_une_question_se_refait_a_la_main():
    """1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 5, 5: sum 40 over 12, 3.33; six answers of 4 or 5 out of 12; the squares of the
    distances are 49/9 + 2 × 16/9 + 3 × 1/9 + 4 × 4/9 + 2 × 25/9 = 150/9, over 12: 1.389, whose root is 1.18.
    """
    mesure = item_de(lire_resultat(fait_main()), 4).mesure
    assert (mesure.n, mesure.moyenne, mesure.part_accord) == (12, "3,3", f"50{NBSP}%")
    assert (mesure.ecart_type, mesure.dispersion, mesure.sans_avis) == ("1,2", "avis partagés", 2)
    parts = [f"{part}{NBSP}%" for part in (8, 17, 25, 33, 17)]
    assert mesure.repartition == tuple(zip((1, 2, 3, 4, 2), parts, strict=True))
    assert mesure.faible is False
    # 2, 2, 2, six 3, 4, 4, 4: mean 3, spread √(6/12) = 0.71, a quarter in agreement.
    autre = item_de(lire_resultat(fait_main()), 5)
    assert (autre.mesure.moyenne, autre.mesure.ecart_type, autre.mesure.dispersion) == ("3,0", "0,7", "avis proches")
    assert (autre.mesure.part_accord, autre.faible) == (f"25{NBSP}%", True)


def test_une_bande_ne_dit_aucun_chiffre_exact():
    mesure = item_de(lire_resultat(fait_main()), 6).mesure
    assert mesure.en_mots == f"moyenne ≈{NBSP}4,5 sur{NBSP}5, 80{NBSP}% et plus d'accord, 13{NBSP}réponses"
    assert (mesure.part_accord, mesure.ecart_type, mesure.repartition) == (f"80{NBSP}% et plus", "", ())
    assert mesure.dispersion == f"80{NBSP}% et plus d'accord"
    contre = item_de(lire_resultat(fait_main()), 15)
    assert (contre.mesure.part_accord, contre.mesure.moyenne) == (f"20{NBSP}% et moins", f"≈{NBSP}1,5")
    assert contre.faible is True
    # All but one or two are there: 13 people, from (4 × 11 + 2) ÷ 13 to 5; 6 people, from 1 to (2 × 5 + 5) ÷ 6.
    assert mesure.bornes == (Fraction(46, 13), Fraction(5))
    assert contre.mesure.bornes == (Fraction(1), Fraction(15, 6))


def test_moins_de_cinq_reponses_ne_montrent_rien():
    lecture = lire_resultat(fait_main())
    assert (item_de(lecture, 7).mesure, item_de(lecture, 7).constat, item_de(lecture, 7).faible) == (None, "", False)
    assert [(f.libelle, f.reponses, f.taux) for f in lecture.familles] == [
        ("Équipes", 14, f"47{NBSP}%"),
        ("Parents", None, ""),
        ("Élèves", 6, f"60{NBSP}%"),
    ]
    assert [section.famille.code for section in lecture.sections] == ["equipes", "eleves"]


def test_le_taux_s_arrondit_au_plus_pres_et_previent_sous_la_moitie():
    equipes = lire_resultat(fait_main()).equipes.famille
    # 14 / 30 = 46.7; 8 / 20 = 40; 6 / 10 = 60.
    assert (equipes.taux, equipes.prudence, equipes.depasse) == (f"47{NBSP}%", True, False)
    assert [(p.libelle, p.taux, p.prudence) for p in equipes.parts] == [
        ("Enseignants", f"40{NBSP}%", True),
        ("Vie scolaire + AESH et agents", f"60{NBSP}%", False),
    ]
    contenu = fait_main()
    contenu["familles"][0] |= {"invites": 16}  # 14 / 16 = 87.5, half up
    assert lire_resultat(contenu).equipes.famille.taux == f"88{NBSP}%"
    contenu["familles"][0] |= {"invites": 28}  # half is not under half
    assert lire_resultat(contenu).equipes.famille.prudence is False
    contenu["familles"][0] |= {"invites": 8}
    depasse = lire_resultat(contenu)
    assert (depasse.equipes.famille.taux, depasse.equipes.famille.depasse) == (f"175{NBSP}%", True)
    assert depasse.phrases[-1].startswith("Il y a plus de réponses que de personnes invitées")


def test_les_champs_dans_l_ordre_du_referentiel_a_cote_du_palier():
    """FOR: 10/3, 3 and the centre of the band, 4.5, make 10.83 over 3 = 3.61; 0.5, 0.25 and 0.9 make 55 %.
    INF: 28/13 and 44/14, 2.65; 2/13 and 6/14, 29 %.
    """
    champs = lire_resultat(fait_main(), PALIERS).equipes.champs
    assert [(c.code, c.moyenne, c.part_accord, len(c.mesures), c.effectif, c.palier) for c in champs] == [
        ("PIL", "4,1", f"71{NBSP}%", 1, f"14{NBSP}réponses", 1),
        ("FOR", f"≈{NBSP}3,6", f"≈{NBSP}55{NBSP}%", 3, f"de 12 à 13{NBSP}réponses", 2),
        ("INF", "2,6", f"29{NBSP}%", 2, f"de 13 à 14{NBSP}réponses", 3),
    ]
    assert [champ.face_au_palier for champ in champs] == [
        "Équipes plus favorables que le diagnostic.",
        "Diagnostic et équipes dans le même sens.",
        "Diagnostic plus favorable que les équipes.",
    ]
    assert [champ.face_au_palier for champ in lire_resultat(fait_main()).equipes.champs] == ["", "", ""]
    sans_for = fait_main(
        items=[{"numero": n, "familles": equipes(None) if n in (4, 5, 6) else f} for n, f in ITEMS.items()]
    )
    vide = lire_resultat(sans_for, PALIERS).equipes.champs[1]
    assert (vide.moyenne, vide.part_accord, vide.effectif, vide.face_au_palier) == ("", "", "", "")


def test_les_ecarts_du_plus_grand_au_plus_petit():
    """17: 4 − 28/13 = 1.85. 4: 5 − 3.33. 6: a band, in which 4 may well be the mean. 1: 57/14 − 4 = 0.07."""
    ecarts = lire_resultat(fait_main()).ecarts
    assert [(e.item.numero, e.taille, e.interpretable, e.qui) for e in ecarts] == [
        (17, "1,8", True, "la direction est plus favorable"),
        (4, "1,7", True, "la direction est plus favorable"),
        (6, f"≈{NBSP}0,5", False, "les équipes sont plus favorables"),
        (1, "0,1", False, "les équipes sont plus favorables"),
        (5, "0,0", False, "même réponse"),
    ]
    assert ecarts[0].phrase == (
        f"La direction répond 4 («{NBSP}Plutôt d'accord{NBSP}»), les équipes 2,2 en moyenne (13{NBSP}réponses){NBSP}: "
        f"la direction est plus favorable, de 1,8{NBSP}point."
    )
    assert ecarts[1].sens == f"la direction est plus favorable, de 1,7{NBSP}point"
    assert ecarts[2].sens == f"les équipes sont plus favorables, de ≈{NBSP}0,5{NBSP}point"
    # A band on the other side is interpretable whatever it hides: 1 against 3.54 at least, × 13 ÷ 4.
    inverse = lire_resultat(fait_main(direction={"6": 1})).ecarts
    assert [(e.item.numero, e.interpretable) for e in inverse] == [(6, True)]


def test_les_groupes_cote_a_cote():
    """17: 16/8 and 12/5, 0.4 × 5 ÷ 4 = half a person. 18: 33/8 = 4.13 and 11/6 = 1.83, 2.29 × 6 ÷ 4 = 3.4."""
    lecture = lire_resultat(fait_main())
    assert [(ligne.item.numero, [m.moyenne for m in ligne.mesures], ligne.difference) for ligne in lecture.groupes] == [
        (17, ["2,0", "2,4"], "différence non interprétable"),
        (
            18,
            ["4,1", "1,8"],
            f"2,3{NBSP}points de plus pour «{NBSP}Enseignants{NBSP}» que pour «{NBSP}Vie scolaire + AESH et "
            f"agents{NBSP}»",
        ),
    ]
    assert lecture.non_distingues == 5
    assert item_de(lecture, 17).autres_enonces == (("Vie scolaire", "Question Q de la vie scolaire."),)


def test_questions_de_l_etablissement_et_formation():
    lecture = lire_resultat(fait_main())
    charte, ecoute, jour = lecture.equipes.propres
    assert charte.lignes == (("Oui", 9, f"69{NBSP}%"), ("Non", 4, f"31{NBSP}%"))
    assert (ecoute.lignes, ecoute.bande) == ((), f"80{NBSP}% et plus d'accord")
    assert jour.bande == f"80{NBSP}% et plus{NBSP}: «{NBSP}Ma{NBSP}»"
    assert [question.n for question in lecture.autres[0].propres] == [None, None, None]
    souhaits = lecture.formation.souhaits
    assert [(s.reference, s.effectif) for s in souhaits[:4]] == [("F8", 12), ("F4", 7), ("F2", 5), ("F1", None)]
    # 12 of 14: all, or all but one, are said so too.
    assert [(s.nombre, s.part) for s in souhaits[:2]] == [("12 ou plus", f"86{NBSP}% et plus"), ("7", f"50{NBSP}%")]
    assert souhaits[1].constat == f"7 personnes des équipes le souhaitent, soit 50{NBSP}% des réponses à l'enquête."


def test_les_questions_faibles_les_plus_faibles_d_abord():
    faibles = lire_resultat(fait_main()).faibles
    assert [item.reference for item in faibles] == ["E17", "E05"]
    assert faibles[0].constat == (
        f"Les équipes le disent{NBSP}: moyenne 2,2 sur{NBSP}5, 15{NBSP}% d'accord, 13{NBSP}réponses."
    )


# --- The reading in words -------------------------------------------------------------------------------
def test_la_lecture_en_mots():
    assert lire_resultat(fait_main()).phrases == (
        f"14 personnes des équipes ont répondu, sur 30 invitées{NBSP}: 47{NBSP}%.",
        f"Le champ le mieux perçu est «{NBSP}Pilotage{NBSP}»{NBSP}: 4,1 sur{NBSP}5 en moyenne, 71{NBSP}% d'accord.",
        f"Le moins bien perçu est «{NBSP}Réseau{NBSP}»{NBSP}: 2,6 sur{NBSP}5 en moyenne, 29{NBSP}% d'accord.",
        f"L'écart le plus net porte sur «{NBSP}Question Q des équipes{NBSP}»{NBSP}: la direction est plus favorable, "
        f"de 1,8{NBSP}point.",
        f"Moins d'une personne invitée sur deux a répondu{NBSP}: à lire avec prudence, ces chiffres disent l'avis de "
        "celles qui ont répondu.",
    )


@pytest.mark.parametrize(
    "autres, phrase",
    [
        ({"direction": {}}, f"La direction n'a pas répondu à ces questions{NBSP}: il n'y a pas d'écart à lire."),
        (
            {"direction": {"7": 5}},
            "Les questions auxquelles la direction a répondu n'ont pas reçu assez de réponses des équipes.",
        ),
        (
            {"direction": {"1": 4}},
            "Aucun écart entre la direction et les équipes n'est assez net pour être interprété, avec ce nombre de "
            "réponses.",
        ),
        (
            {"items": [{"numero": n, "familles": equipes(chiffres([1, 2, 4, 4, 2]))} for n in ITEMS]},
            f"Aucun champ ne se détache{NBSP}: les moyennes vont de 3,3 à 3,3 sur{NBSP}5, une différence qui pourrait "
            "tenir à moins de trois personnes.",
        ),
        (
            {
                "items": [
                    {"numero": n, "familles": equipes(ITEMS[1]["equipes"]["total"] if n == 1 else None)} for n in ITEMS
                ]
            },
            f"Un seul champ est montré, «{NBSP}Pilotage{NBSP}»{NBSP}: 4,1 sur{NBSP}5 en moyenne, 71{NBSP}% d'accord.",
        ),
        (
            {"items": [{"numero": n, "familles": equipes(None)} for n in ITEMS]},
            "Aucune question n'a reçu assez de réponses pour être montrée.",
        ),
    ],
    ids=["silence", "trop peu", "rien de net", "egaux", "un champ", "aucun"],
)
def test_la_lecture_selon_les_cas(autres, phrase):
    contenu = fait_main(**autres)
    for item in contenu["questions"]["items"]:
        item["enonces"] |= dict.fromkeys(("enseignants", "vie_scolaire", "aesh_agents"), "Une question.")
    lecture = lire_resultat(contenu)
    assert phrase in lecture.phrases
    assert 3 <= len(lecture.phrases) <= 5


def test_sans_assez_de_reponses_la_lecture_dit_pourquoi():
    contenu = fait_main(formation=None, textes=0)
    contenu["familles"] = [{"code": "equipes", "invites": 30, "reponses": None, "parts": []}]
    lecture = lire_resultat(contenu)
    assert lecture.phrases[0] == (
        f"Moins de 5{NBSP}personnes des équipes ont répondu, sur 30 invitées{NBSP}: rien n'est montré."
    )
    assert (lecture.ecarts, lecture.groupes, lecture.faibles, lecture.formation) == ((), (), (), None)
    assert (len(lecture.phrases), lecture.textes_possibles) == (3, False)


# --- For any ballots ------------------------------------------------------------------------------------
BULLETINS = st.lists(
    st.builds(
        Bulletin,
        groupe=st.sampled_from([Groupe.ENSEIGNANTS, Groupe.VIE_SCOLAIRE, Groupe.AESH_AGENTS, Groupe.ELEVES]),
        reponses=st.fixed_dictionaries({n: st.sampled_from([0, 1, 4, 5, 5, 5]) for n in (1, 6, 17)}),
        propres=st.fixed_dictionaries({1: st.sampled_from([0, 1]), 2: st.sampled_from([0, 4])}),
        formation=st.frozensets(st.integers(0, 7), max_size=3),
        texte=st.just("PHRASE-SECRETE"),
    ),
    max_size=25,
)
CHIFFRES_D_UNE_BANDE = {"80", "20", "4,5", "3,0", "1,5", "5", "4", "40"}


@settings(max_examples=25)
@given(bulletins=BULLETINS)
def test_tout_ce_qui_se_montre_vient_du_resultat_fige(bulletins):
    """Whatever the ballots: no exact figure for a band, no free text, in the screen, the PDF or the file; and two
    readings of the same frozen JSON are the same words.
    """
    questions = fait_main()["questions"]
    depouille, _ = depouiller(bulletins, questions, dict.fromkeys(Groupe, 10), 5)
    contenu = json.loads(json_canonique(fait_main() | depouille))
    rendus = [rendre(lire_resultat(contenu)), rendre(lire_resultat(contenu))]
    assert rendus[0] == rendus[1]
    ecran, imprime, lignes = rendus[0]
    assert "PHRASE-SECRETE" not in ecran + imprime + "".join(lignes)
    lecture = lire_resultat(contenu)
    articles = {a.get("id"): a for a in html.fromstring(ecran).xpath("//article[@id]")}
    for section in lecture.sections:
        for item in section.items:
            if item.mesure is None or item.mesure.bande is None:
                continue
            dit = articles[f"{section.famille.code}-{item.reference}"].text_content().replace(item.reference, "")
            assert set(re.findall(r"\d+(?:,\d+)?", dit)) <= CHIFFRES_D_UNE_BANDE | {str(item.mesure.n)}
            exactes = [ligne for ligne in lignes_lues(lignes) if ligne["Question"] == item.reference]
            vides = {
                ligne[f"Réponses {v}"]
                for ligne in exactes
                for v in range(1, 6)
                if ligne["Groupe"] == "Ensemble" and ligne["Famille"] == section.famille.libelle
            }
            assert vides == {""}


def rendre(lecture):
    contexte = contexte_pdf_enquete(lecture, "ab" * 32, PUBLIE, 0)
    ecran = "".join(
        render_to_string("diagnostic/enquetes/_resultat_champs.html", contexte | {"section": section})
        + render_to_string(
            "diagnostic/enquetes/_resultat_propres.html", contexte | {"propres": section.propres, "titre": "h3"}
        )
        for section in lecture.sections
    )
    imprime = render_to_string("diagnostic/pdf/enquete.html", contexte | {"titre": "T", "auteur": "A", "date_pdf": ""})
    return f"<div>{ecran}</div>", imprime, list(lignes_csv(colonnes_de_l_export(lecture), lignes_a_exporter(lecture)))


def lignes_lues(lignes):
    return list(csv.DictReader(io.StringIO("".join(lignes).removeprefix("\ufeff")), delimiter=";"))


# --- The file -------------------------------------------------------------------------------------------
def test_le_tableau_ligne_a_ligne():
    lecture = lire_resultat(fait_main())
    entete, *lignes = [
        ligne.rstrip("\r\n") for ligne in lignes_csv(colonnes_de_l_export(lecture), lignes_a_exporter(lecture))
    ]
    assert entete == (
        "\ufeffÉtablissement;Année scolaire;Clôture;Question;Énoncé;Champ;Famille;Groupe;Réponses;Réponses 1;"
        "Réponses 2;Réponses 3;Réponses 4;Réponses 5;Sans avis;Moyenne;Part d'accord (%);Écart-type;En une phrase;"
        "Réponse de la direction"
    )
    debut = "0980001U;2026-2027;2026-11-16;"
    assert all(ligne.startswith(debut) for ligne in lignes)
    suites = {
        (ligne.split(";")[3], ligne.split(";")[6], ligne.split(";")[7]): ligne.split(";", 8)[8] for ligne in lignes
    }
    autres = "Vie scolaire + AESH et agents"
    assert suites == {
        ("E01", "Équipes", "Ensemble"): "14;0;1;3;4;6;0;4,1;71;1,0;;4",
        ("E04", "Équipes", "Ensemble"): "12;1;2;3;4;2;2;3,3;50;1,2;;5",
        ("E05", "Équipes", "Ensemble"): "12;0;3;6;3;0;2;3,0;25;0,7;;3",
        ("E06", "Équipes", "Ensemble"): f"13;;;;;;;;;;80{NBSP}% et plus d'accord;4",
        ("E07", "Équipes", "Ensemble"): "non montré;;;;;;;;;;;5",
        ("E17", "Équipes", "Ensemble"): "13;5;3;3;2;0;1;2,2;15;1,1;;4",
        ("E17", "Équipes", "Enseignants"): "8;4;1;2;1;0;0;2,0;13;1,1;;",
        ("E17", "Équipes", autres): "5;1;2;1;1;0;1;2,4;20;1,0;;",
        ("E18", "Équipes", "Ensemble"): "14;3;2;3;2;4;0;3,1;43;1,5;;",
        ("E18", "Équipes", "Enseignants"): "8;0;1;1;2;4;0;4,1;75;1,1;;",
        ("E18", "Équipes", autres): "6;3;1;2;0;0;0;1,8;0;0,9;;",
        ("E15", "Élèves", "Ensemble"): f"6;;;;;;;;;;80{NBSP}% et plus pas d'accord;",
    }


# --- On paper -------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def imprime():
    return rendre_pdf_enquete(lire_resultat(fait_main(), PALIERS), sha256="ab" * 32, publie_le=PUBLIE, secours=2)


def test_le_pdf_se_relit(imprime):
    assert manquements(imprime) == []
    assert 3 <= len(feuilles(imprime)) <= 6
    texte = " ".join(feuilles(imprime))
    for dit in (
        "14 personnes des équipes ont répondu, sur 30 invitées : 47 %.",
        "Équipes 30 14 47 % à lire avec prudence",
        "Parents 40 moins de 5 – rien n'est montré",
        "Équipes plus favorables que le diagnostic.",
        "2 coupons de secours ont été tirés en plus",
        "80 % et plus d'accord 13 ≈ 4,5",
        "12 3,3 50 % avis partagés",
        "4 2,2 13 1,8 La direction est plus favorable",
        "2,0 (8) 2,4 (5) Différence non interprétable",
        "4,1 (8) 1,8 (6) 2,3 points de plus pour « Enseignants »",
        "5 questions ne distinguent pas les groupes",
        "6 réponses, jamais mêlées à celles des équipes.",
        "ab" * 32,
    ):
        assert dit.replace(" ", "") in texte.replace(NBSP, "").replace(" ", "").replace("\u200b", ""), dit


def test_le_pdf_a_toujours_les_memes_octets(imprime, caplog):
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        encore = rendre_pdf_enquete(lire_resultat(fait_main(), PALIERS), sha256="ab" * 32, publie_le=PUBLIE, secours=2)
    assert encore == imprime
    assert [trace.getMessage() for trace in caplog.records] == []


def test_une_enquete_sans_assez_de_reponses_s_imprime():
    contenu = fait_main(formation=None, textes=0)
    contenu["familles"] = [{"code": "equipes", "invites": 30, "reponses": None, "parts": []}]
    octets = rendre_pdf_enquete(lire_resultat(contenu), sha256="ab" * 32, publie_le=PUBLIE, secours=0)
    assert "rien n'est montré" in feuilles(octets)[0]


# --- Drawings -------------------------------------------------------------------------------------------
def test_la_barre_des_reponses_est_coupee_en_proportion():
    tranches = charts.repartition([2, 0, 1, 0, 5])
    assert [(t.rang, t.nombre, t.x, t.largeur, bool(t.hachures)) for t in tranches] == [
        (1, 2, 0, 100, True),
        (3, 1, 100, 50, False),
        (5, 5, 150, 250, False),
    ]
    assert [t.nombre_ecrit for t in charts.repartition([1, 99, 0, 0, 0])] == [False, True]


def test_les_moyennes_partent_de_un_et_les_approchees_sont_hachurees():
    dessin = charts.moyennes(
        [
            charts.BarreMoyenne("A", 1.0, "1,0", approche=False),
            charts.BarreMoyenne("B", 4.5, "≈ 4,5", approche=True),
        ]
    )
    assert [(b.y, b.largeur, bool(b.hachures)) for b in dessin.barres] == [(22, 0, False), (58, 217, True)]
    assert (dessin.hauteur, dessin.reperes[0], dessin.reperes[-1]) == (94, (1, 300), (5, 548))


def test_chaque_chiffre_dit_comment_il_est_fait():
    faits = calculs(lire_resultat(fait_main()))
    assert faits["questions"].compris == f"Questions montrées{NBSP}: 6, dont 1 sans chiffre exact."
    assert faits["champs"].exclus == f"Questions non montrées (moins de 5 réponses, ou trop semblables){NBSP}: 1."
    assert faits["ecarts"].compris == f"Écarts{NBSP}: 5, dont 2 interprétables."
    assert faits["questions"].exclus.startswith(
        f"«{NBSP}Sans avis{NBSP}» et réponses laissées vides, où les chiffres sont exacts{NBSP}: 5."
    )
    assert {ancre for calcul in faits.values() for ancre, _ in calcul.ancres} == {
        *("taux", "seuil", "moyenne", "part-d-accord", "dispersion", "unanimite", "ecart", "prudence", "palier")
    }


# --- The pages ------------------------------------------------------------------------------------------
def figer(enquete, contenu):
    """What the counting would have written, with figures made by hand."""
    texte = json_canonique(contenu)
    Enquete.objects.filter(pk=enquete.pk).update(etat=Enquete.Etat.DEPOUILLEE, sel=b"")
    ResultatEnquete.objects.create(enquete=enquete, contenu=texte, sha256=empreinte(texte), publie_le=timezone.now())
    return Enquete.objects.get(pk=enquete.pk)


@pytest.fixture
def enquete(monde, maintenant):
    return figer(une_enquete(monde.college, monde.chef, maintenant - datetime.timedelta(days=30)), fait_main())


def ouvrir(client, nom, enquete, qui=None):
    if qui is not None:
        client.force_login(qui)
    return client.get(reverse(nom, args=[enquete.etablissement.uai, enquete.pk]))


def texte(reponse):
    return " ".join(" ".join(html.fromstring(reponse.content).xpath("//main")[0].itertext()).split())


def test_la_page_dit_les_memes_chiffres(client, monde, enquete):
    reponse = ouvrir(client, "enquete_resultats", enquete, monde.chef)
    dit = texte(reponse)
    for attendu in (
        "14 personnes des équipes ont répondu, sur 30 invitées : 47 %.",
        "Équipes 30 14 47 % à lire avec prudence",
        "Parents 40 Moins de 5 réponses : rien n'est montré.",
        "Pilotage 4,1 71 % 1 14 réponses",
        "E04 1 (8 %) 2 (17 %) 3 (25 %) 4 (33 %) 2 (17 %) 2 12 3,3 50 % avis partagés (1,2)",
        "E06 80 % et plus d'accord : pas de chiffre exact 13 ≈ 4,5 80 % et plus –",
        "E07 Moins de 5 réponses, ou trop semblables",
        "3 écarts non interprétables",
        "Pour la direction : Question Q du chef.",
        "12 ou plus 86 % et plus",
        "Pour « Vie scolaire » : Question Q de la vie scolaire.",
        "5 questions ne distinguent pas les groupes",
        "Non 4 31 %",
        "80 % et plus : « Ma » (12 réponses)",
        "il n'y a pas de palier à mettre à côté",
        "Lire les textes libres (2)",
        ResultatEnquete.objects.get().sha256,
    ):
        assert attendu in dit.replace(NBSP, " "), attendu
    liens = {lien.get("href") for lien in html.fromstring(reponse.content).xpath("//details//a")}
    assert f"{reverse('calculs')}#unanimite" in liens
    svg = html.fromstring(reponse.content).xpath("//*[local-name()='svg'][contains(@class,'repartition')]")
    assert len(svg) == 5  # the band and the question held back have no drawing


def test_le_palier_de_l_annee_ou_de_l_annee_d_avant(client, monde, dossier, maintenant):
    enquete = figer(une_enquete(monde.college, monde.chef, maintenant), fait_main(annee=dossier.annee))
    dit = texte(ouvrir(client, "enquete_resultats", enquete, monde.chef)).replace(NBSP, " ")
    avant = dossier.copie.diagnostic.campagne.annee_scolaire
    assert f"palier du diagnostic {avant} (version 1)" in dit
    assert f"Aucun diagnostic de {dossier.annee} n'est signé : ce palier est celui de {avant}." in dit
    assert "Réseau 2,6 29 % 2 de 13 à 14 réponses Palier 3 Diagnostic plus favorable que les équipes." in dit


def test_une_enquete_vide_et_une_enquete_unanime(client, monde, maintenant):
    vide = une_enquete_depouillee(monde.college, monde.chef, maintenant, {Groupe.ENSEIGNANTS: [4, 4]}, il_y_a=200)
    dit = texte(ouvrir(client, "enquete_resultats", vide, monde.chef)).replace(NBSP, " ")
    assert "Moins de 5 personnes des équipes ont répondu, sur 48 invitées : rien n'est montré." in dit
    assert "Écarts" not in dit
    unanime = une_enquete_depouillee(
        monde.college,
        monde.chef,
        maintenant,
        {Groupe.ENSEIGNANTS: [5] * 12},
        forme="pouls",
        propres=[QuestionPropre("Et la charte ?", "oui_non")],
    )
    reponse = ouvrir(client, "enquete_resultats", unanime)
    dit = texte(reponse).replace(NBSP, " ")
    assert dit.count("Moyenne ≈ 4,5 sur 5, 80 % et plus d'accord, 12 réponses.") == 8
    assert "repartition" not in reponse.content.decode()


def test_autant_de_demandes_pour_une_enquete_que_pour_trois(client, monde, maintenant):
    demandes = []
    for il_y_a in (400, 300, 200):
        enquete = une_enquete_depouillee(
            monde.college, monde.chef, maintenant, {Groupe.ENSEIGNANTS: [3] * 5}, il_y_a=il_y_a, forme="pouls"
        )
        demandes.append(len(ouvrir(client, "enquete_resultats", enquete, monde.chef).requetes))
    assert demandes[0] == demandes[2] <= 12


@pytest.mark.parametrize("nom", ["enquete_resultats", "enquete_pdf", "enquete_export", "enquete_expressions"])
def test_qui_lit_et_qui_ne_lit_pas(client, monde, enquete, maintenant, nom):
    lisent = ("chef", "referent", "lectrice") if nom != "enquete_pdf" else ()  # laying out takes seconds
    for qui in lisent:
        assert ouvrir(client, nom, enquete, getattr(monde, qui)).status_code == 200
    refus = {
        qui: ouvrir(client, nom, enquete, getattr(monde, qui)).status_code
        for qui in ("gestionnaire", "animatrice", "rectorat", "collectivite_agent", "voisin")
    }
    assert refus == {"gestionnaire": 403, "animatrice": 403, "rectorat": 403, "collectivite_agent": 403, "voisin": 404}
    ouverte = une_enquete(monde.voisin_college, monde.voisin, maintenant)
    reponse = ouvrir(client, nom, ouverte, monde.voisin)
    suivi = reverse("enquete", args=[monde.voisin_college.uai, ouverte.pk])
    assert (reponse.status_code, reponse["Location"]) == (302, suivi)


def test_le_pdf_et_le_tableau_se_telechargent_sans_texte_libre(client, monde, enquete, sans_mise_en_page):
    Expression.objects.create(enquete=enquete, texte="PHRASE-SECRETE")
    pdf = ouvrir(client, "enquete_pdf", enquete, monde.lectrice)
    nom = f"enquete-{monde.college.uai}-{enquete.date_cloture.isoformat()}"
    assert (pdf["Content-Type"], pdf["Content-Disposition"]) == ("application/pdf", f'attachment; filename="{nom}.pdf"')
    assert (monde.college.nom in pdf.content.decode(), b"SECRETE" in pdf.content) == (True, False)
    tableau = ouvrir(client, "enquete_export", enquete)
    assert tableau["Content-Disposition"] == f'attachment; filename="{nom}.csv"'
    lu = b"".join(tableau.streaming_content).decode()
    assert (lu.count("\r\n"), "SECRETE" in lu) == (13, False)


def test_un_bouton_retient_un_ecart_une_question_ou_un_souhait(client, monde, enquete):
    """What each sends is the figure that the page shows; whoever keeps no need has no button."""
    boutons = formulaires(ouvrir(client, "enquete_resultats", enquete, monde.referent))
    assert [(b["origine"], b["reference"]) for b in boutons] == [
        *(("question", code) for code in ("E17", "E05")),
        *(("ecart", code) for code in ("E17", "E04", "E06", "E01", "E05")),
        *(("formation", code) for code in ("F8", "F4", "F2")),
    ]
    souhait = boutons[-2]
    assert (souhait["intitule"], souhait["effectif"], souhait["annee"]) == ("Thème 4", "7", enquete.annee_scolaire)
    assert boutons[2]["constat"].endswith(f"la direction est plus favorable, de 1,8{NBSP}point.")
    assert boutons[2]["effectif"] == ""
    assert [boutons[rang]["intitule"] for rang in (0, 2)] == [
        f"À améliorer{NBSP}: question Q des équipes.",
        f"Comprendre l'écart{NBSP}: question Q des équipes.",
    ]
    page = reverse("enquete_resultats", args=[monde.college.uai, enquete.pk])
    assert boutons[2]["retour"] == f"{page}#ecarts"
    reponse = client.post(reverse("besoin_retenir", args=[monde.college.uai]), souhait)
    assert (reponse.status_code, reponse["Location"]) == (302, f"{page}#formation")
    reste = formulaires(ouvrir(client, "enquete_resultats", enquete))
    assert [(b["origine"], b["reference"]) for b in boutons if b not in reste] == [("formation", "F4")]
    assert formulaires(ouvrir(client, "enquete_resultats", enquete, monde.lectrice)) == []


def formulaires(reponse):
    """What each button of « Retenir comme besoin » sends."""
    trouves = html.fromstring(reponse.content).xpath("//main//form[contains(@action, '/retenir/')]")
    return [
        {c.get("name"): c.get("value") for c in f.xpath(".//input") if c.get("name") != "csrfmiddlewaretoken"}
        for f in trouves
    ]


# --- Free texts -----------------------------------------------------------------------------------------
@pytest.fixture
def textes(enquete):
    cles = [uuid.UUID(int=rang << 100 | 4) for rang in (3, 1, 2)]
    return [Expression.objects.create(cle=cle, enquete=enquete, texte=f"Texte {cle.int >> 100}") for cle in cles]


def test_les_textes_dans_l_ordre_de_leurs_clefs_et_sans_attribut(client, monde, enquete, textes):
    reponse = ouvrir(client, "enquete_expressions", enquete, monde.lectrice)
    articles = html.fromstring(reponse.content).xpath("//main//article")
    assert [" ".join(article.text_content().split()) for article in articles] == ["Texte 1", "Texte 2", "Texte 3"]
    assert "no-cache" in reponse["Cache-Control"] and "no-store" in reponse["Cache-Control"]
    assert "Rien ne les relie aux autres réponses." in texte(reponse)
    assert "SECRETE" not in texte(ouvrir(client, "enquete_resultats", enquete))


def test_masquer_un_texte_puis_le_montrer(client, monde, enquete, textes):
    adresse = reverse("enquete_expressions", args=[monde.college.uai, enquete.pk])
    client.force_login(monde.lectrice)
    assert client.post(adresse, {"cle": textes[0].cle, "masquee": "oui"}).status_code == 403
    client.force_login(monde.referent)
    for masquee, message in (("oui", "Le texte est masqué."), ("non", "Le texte est de nouveau montré."), ("oui", "")):
        reponse = client.post(adresse, {"cle": textes[0].cle, "masquee": masquee}, follow=True)
        assert message in texte(reponse)
    assert "masqué Montrer" in texte(reponse)
    client.force_login(monde.lectrice)
    lu = texte(client.get(adresse)).replace(NBSP, " ")
    assert ("Texte 3" in lu, "Texte 1" in lu, "1 texte est masqué." in lu) == (False, True, True)
    assert "Masquer" not in lu


def test_ce_qui_ne_masque_rien(client, monde, enquete, textes, maintenant):
    adresse = reverse("enquete_expressions", args=[monde.college.uai, enquete.pk])
    client.force_login(monde.chef)
    for saisie in ({}, {"cle": "x", "masquee": "oui"}, {"cle": textes[0].cle, "masquee": "peut-être"}):
        reponse = client.post(adresse, saisie)
        assert reponse.status_code == 422
        assert "Ce texte n'a pas été reconnu" in texte(reponse)
    ailleurs = figer(une_enquete(monde.voisin_college, monde.voisin, maintenant), fait_main())
    autre = Expression.objects.create(enquete=ailleurs, texte="Chez le voisin")
    assert client.post(adresse, {"cle": autre.cle, "masquee": "oui"}).status_code == 404
    assert not Expression.objects.filter(masquee=True).exists()


@pytest.mark.parametrize(
    "reponses, masques, dit",
    [
        (9, 0, "Moins de 10 personnes de chaque famille ont répondu"),
        (13, 0, "Personne n'a écrit de texte."),
        (13, 1, "Tous les textes sont masqués."),
    ],
)
def test_pourquoi_il_n_y_a_aucun_texte(client, monde, maintenant, reponses, masques, dit):
    contenu = fait_main(textes=masques)
    contenu["familles"][0]["reponses"] = reponses
    enquete = figer(une_enquete(monde.college, monde.chef, maintenant), contenu)
    for _ in range(masques):
        Expression.objects.create(enquete=enquete, texte="Caché", masquee=True)
    assert dit in texte(ouvrir(client, "enquete_expressions", enquete, monde.lectrice)).replace(NBSP, " ")
