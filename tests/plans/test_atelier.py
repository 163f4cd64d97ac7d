"""A workshop replayed from the seed's own content (`001_0a849699af4ebb51.txt`), typed as a school would in November
2021: return of experience, projections, plan. It ends in the seed's tables, on screen and in a workbook, equal cell by
cell.
"""

import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from plans.domain.actions import SaisieAction, creer_action, publier_action
from plans.domain.axes import SaisieAxe, ouvrir_axe
from plans.domain.examens import Avis, lire_avis, repondre_aux_questions
from plans.domain.facteurs import SaisieFacteur, ajouter_facteur
from plans.domain.indicateurs import SaisieIndicateur, ajouter_indicateur
from plans.domain.matrice import SaisieLiens, relier
from plans.domain.retex import SaisieConstat, noter_constat
from plans.models import Besoin
from tests.personnages import Monde
from tests.plans.classeurs import RIEN, exporter, faits, importer
from tests.tableurs import lire_xlsx

ANNEE, SUIVANTE = "2021-2022", "2022-2023"
ATELIER = datetime.datetime(2021, 11, 15, 14, 0, tzinfo=datetime.UTC)
THEME = "gouvernance"
BLOCS = ("ul", "li", "p", "br", "td", "th")

# Sheet 1: what was lived.
POINTS_FORTS = (
    "Construire une réponse sur mesure : un travail en direct avec les chefs d'établissement",
    "Accompagnement des familles et début de synergie dans les actions d'éducation au numérique",
    "Gouvernance horizontale",
)
IRRITANTS = (
    "Maintenance des matériels",
    "Difficulté de coordination des acteurs",
    "Risque de sursollicitation de certaines familles au détriment des autres",
)
# Sheet 2: irritants, needs, axes; two rows.
PROJECTIONS = (
    (
        (
            "Multiplicité des outils dont l'utilisation n'est pas cadrée dans l'établissement",
            "Temps d'appropriation nécessaire",
            "Difficulté à fédérer toute une équipe autour d'un même outil",
            "Manque de formation des parents",
            "Manque de formation des enseignants",
            "Manque de formation des élèves",
        ),
        (
            "Anticiper pour éviter de subir",
            "Se connaître entre acteurs et mieux communiquer sur les outils institutionnels à partager.",
        ),
        (
            "Installer un code déontologique : respect de la sphère personnelle dans laquelle le numérique s'est "
            "imposé pour les enseignants",
            "Dialogue avec les parents pour définir les temps de travail",
            "Création d'une instance qui pourrait conseiller ensuite le Conseil d'administration en EPLE.",
            "Associer et informer les familles",
            "Accompagner et former (stratégies de communication avec des formats adaptés à chaque cible visée)",
            "Privilégier des moments forts (arrivée dans l'académie, arrivée dans un établissement, accueil spécifique "
            "des contractuels qui bénéficient le moins de formation)",
            "Mutualisation des usages",
        ),
    ),
    (
        ("Peu d'usage parfois",),
        ("Prendre en compte les besoins réels des utilisateurs",),
        (
            "Associer les utilisateurs dans la définition des stratégies de déploiement des équipements et des "
            "services numériques (plans numériques, renouvellement des ENT...)",
            "Travailler avec la filière edtech",
        ),
    ),
)
# Sheet 3: quoi, comment, qui, quand, indicateurs; two rows.
CADRE = "Définir un cadre de communication interne à l'établissement"
REELS = "Prendre en compte les besoins réels (matériel sur projet et non généralisé à tout un territoire)"
ACTIONS_DU_CADRE = (
    ("Intégrer le cadre de communication au projet d'établissement / d'école", "Personnels d'encadrement", ""),
    ("Instaurer un comité de pilotage stratégique départemental régulier", "Elus", "Personnels d'encadrement"),
    (
        "Instaurer un comité de pilotage du numérique en établissement",
        "Personnels d'encadrement",
        "Enseignants en général, RUPN en particulier, Représentant des parents d'élèves",
    ),
    (
        "S'appuyer sur les formations de proximité et les formations par les pairs (réseaux RUPN/AAN/IAN)",
        "Réseaux de formateurs",
        "animateurs académiques au numérique (accompagnent un réseau d'une vingtaine de RUPN en bassin) et "
        "Interlocuteurs académiques du numérique",
    ),
)
INDICATEURS_DU_CADRE = {
    0: "Nombre de projets d'établissement intégrant un cadre de communication numérique",
    2: "Nombre d'établissements avec un comité de pilotage numérique fonctionnel",
}
EVITER_LA_FRACTURE = (
    "Eviter la fracture numérique en dotant tous les élèves des mêmes outils (créés par l'Etat) et disponibles au même "
    "endroit (ENT)"
)
USAGES = "Usages en hausse des outils et services déployés sur le territoire"


@pytest.fixture
def atelier(monde: Monde) -> Monde:
    """The three sheets, one after the other."""
    _retours(monde)
    _projections(monde)
    _plan(monde)
    return monde


def signe(monde: Monde, minute: int = 0) -> dict:
    return {"auteur": monde.chef, "maintenant": ATELIER + datetime.timedelta(minutes=minute)}


def _retours(monde: Monde) -> None:
    dits = [*(("irritant", texte) for texte in IRRITANTS), *(("point_fort", texte) for texte in POINTS_FORTS)]
    for minute, (sens, texte) in enumerate(dits):
        noter_constat(
            etablissement=monde.college,
            saisie=SaisieConstat(sens, THEME, "encadrement", texte, "", "non"),
            cle=uuid.uuid4(),
            **signe(monde, minute),
        )


def _projections(monde: Monde) -> None:
    for rang, (irritants, besoins, axes) in enumerate(PROJECTIONS):
        saisie = SaisieLiens(
            nouveaux_irritants=irritants,
            nouveaux_besoins=besoins,
            nouveaux_axes=axes,
            theme=THEME,
            source="professeurs",
            raison_de_plus="Tous viennent du même atelier.",
        )
        relier(etablissement=monde.college, annee=ANNEE, saisie=saisie, cle=uuid.uuid4(), **signe(monde, 10 + rang))


def _plan(monde: Monde) -> None:
    """The main axes are chosen from the projections; the first action of each is worked through, and published."""
    besoins = dict(Besoin.objects.values_list("intitule", "pk"))
    cadre = _axe(monde, CADRE, besoins["Anticiper pour éviter de subir"], 20)
    reels = _axe(monde, REELS, besoins["Prendre en compte les besoins réels des utilisateurs"], 21)
    for rang, (comment, porteur, avec) in enumerate(ACTIONS_DU_CADRE):
        action = _action(monde, cadre, comment, porteur, avec, ANNEE, 30 + rang)
        if intitule := INDICATEURS_DU_CADRE.get(rang):
            ajouter_indicateur(action=action, saisie=_indicateur(intitule, "établissements"), **signe(monde, 40 + rang))
    fracture = _action(monde, reels, EVITER_LA_FRACTURE, "Etat-collectivités", "", SUIVANTE, 34)
    ajouter_indicateur(action=fracture, saisie=_indicateur(USAGES, "%"), **signe(monde, 44))
    ajouter_facteur(action=fracture, saisie=SaisieFacteur("Les mêmes outils pour tous"), **signe(monde, 45))
    avis = {question: Avis(True, "L'atelier l'a dit.") for question in lire_avis(fracture)}
    repondre_aux_questions(action=fracture, base=lire_avis(fracture), avis=avis, **signe(monde, 46))
    publier_action(action=fracture, **signe(monde, 47))


def _axe(monde: Monde, intitule: str, besoin: int, minute: int) -> int:
    saisie = SaisieAxe(THEME, intitule, raison_de_plus="Axe principal de l'atelier.", besoins=frozenset({besoin}))
    return ouvrir_axe(etablissement=monde.college, annee=ANNEE, saisie=saisie, **signe(monde, minute))[0].pk


def _action(monde: Monde, axe: int, comment: str, porteur: str, avec: str, fin: str, minute: int):
    saisie = SaisieAction(
        levier="organisation",
        intitule=comment,
        description="",
        axes=frozenset({axe}),
        porteur=None,
        fonction_porteuse=porteur,
        contributeurs=frozenset(),
        autres_contributeurs=avec,
        groupes=(),
        autres_concernes="",
        annee_scolaire=ANNEE,
        trimestre=None,
        annee_fin=fin,
        trimestre_fin=None,
        echeance=None,
    )
    return creer_action(etablissement=monde.college, saisie=saisie, **signe(monde, minute))


def _indicateur(intitule: str, unite: str) -> SaisieIndicateur:
    return SaisieIndicateur(
        intitule=intitule,
        unite=unite,
        depart=0,
        depart_le=ATELIER.date(),
        cible=30,
        cible_le=datetime.date(2023, 6, 30),
        sens="hausse",
        source="Enquête annuelle",
        responsable="Le référent numérique",
        cadence="annuelle",
        agregation="aucune",
        mesure="",
    )


# --- Reading a table of a page -----------------------------------------------------------------------------------
def tableau_de_la_page(contenu: bytes, classe: str) -> list[tuple[str, ...]]:
    """Each row as texts, a line a block; a cell that spans rows is said on each of them."""
    [table] = html.fromstring(contenu).xpath(f'//table[contains(concat(" ", @class, " "), " {classe} ")]')
    rangees, portees = [], {}
    for rangee in table.xpath(".//tbody/tr"):
        cellules, restantes = [], list(rangee.xpath("./th|./td"))
        while restantes or len(cellules) in portees:
            if (place := len(cellules)) in portees:
                reste, texte = portees.pop(place)
                cellules.append(texte)
                if reste > 1:
                    portees[place] = (reste - 1, texte)
                continue
            cellule = restantes.pop(0)
            texte = "\n".join(lignes_de(cellule))
            cellules += [texte, *[""] * (int(cellule.get("colspan", 1)) - 1)]
            if int(cellule.get("rowspan", 1)) > 1:
                portees[place] = (int(cellule.get("rowspan")) - 1, texte)
        rangees.append(tuple(cellules))
    return rangees


def lignes_de(cellule: html.HtmlElement) -> list[str]:
    """What a reader sees in a cell."""
    morceaux: list[str] = []

    def lire(noeud: html.HtmlElement) -> None:
        classes = set(noeud.get("class", "").split())
        if not classes & {"visually-hidden", "d-print-none"}:
            coupe = noeud.tag in BLOCS or "etiquette" in classes
            morceaux.append("\n" if coupe else "")
            morceaux.append(noeud.text or "")
            for enfant in noeud:
                lire(enfant)
            morceaux.append("\n" if coupe else "")
        morceaux.append(noeud.tail or "" if noeud is not cellule else "")

    lire(cellule)
    return [propre for ligne in "".join(morceaux).split("\n") if (propre := ligne.strip(" "))]


def feuille(octets: bytes, nom: str) -> list[tuple[str, ...]]:
    return [tuple(cellule or "" for cellule in ligne) for ligne in lire_xlsx(octets)[nom][3:]]


# --- What it must show -------------------------------------------------------------------------------------------
def test_l_atelier_finit_par_son_tableau_a_l_ecran_et_dans_le_classeur(client, atelier):
    client.force_login(atelier.chef)
    page = client.get(reverse("moyens", args=[atelier.college.uai], query={"annee": ANNEE}))
    ecran = tableau_de_la_page(page.content, "plan")
    export = client.get(reverse("plan_exporter", args=[atelier.college.uai], query={"annee": ANNEE})).content
    assert feuille(export, "Tableau") == ecran
    vides = [axe for _, _, axes in PROJECTIONS for axe in axes]
    assert [(ligne[0], ligne[1], ligne[2].split("\n")[0]) for ligne in ecran] == [
        *(("Gouvernance et anticipation", axe, "Aucune action ne sert encore cet axe.") for axe in vides),
        *(("Gouvernance et anticipation", CADRE, comment) for comment, _, _ in sorted(ACTIONS_DU_CADRE)),
        ("Gouvernance et anticipation", REELS, EVITER_LA_FRACTURE),
    ]
    assert ecran[-1] == (
        "Gouvernance et anticipation",
        REELS,
        f"{EVITER_LA_FRACTURE}\nÀ venir\nEn retard\nOrganisation",
        "Etat-collectivités",
        "De 2021-2022 à la fin de 2022-2023\nMoyen terme",
        f"{USAGES}\u00a0: de 0 à 30\u00a0%\nFacteurs de réussite\nLes mêmes outils pour tous",
    )
    comite = next(ligne for ligne in ecran if ligne[2].startswith(ACTIONS_DU_CADRE[2][0]))
    assert comite[3:] == (
        "Personnels d'encadrement\nAvec Enseignants en général, RUPN en particulier, Représentant des parents d'élèves",
        "Année 2021-2022\nCourt terme",
        f"{INDICATEURS_DU_CADRE[2]}\u00a0: de 0 à 30\u00a0établissements",
    )


def test_la_matrice_de_l_atelier_a_l_ecran_et_dans_le_classeur(client, atelier):
    client.force_login(atelier.chef)
    page = client.get(reverse("matrice", args=[atelier.college.uai], query={"annee": ANNEE}))
    ecran = tableau_de_la_page(page.content, "matrice")
    attendue = [
        (
            "Gouvernance et anticipation",
            "\n".join(irritants),
            "\n".join(besoins),
            "\n".join([*axes, *([CADRE] if rang == 0 else [REELS])]),
        )
        for rang, (irritants, besoins, axes) in enumerate(PROJECTIONS)
    ]
    seuls = ("Gouvernance et anticipation", "\n".join(IRRITANTS), "Aucun besoin relié", "–")
    assert ecran == [*attendue, seuls]
    matrice = feuille(exporter(atelier.college, ANNEE), "Matrice")
    assert matrice == [*attendue, (*seuls[:2], "", "")]


def test_rien_de_l_atelier_ne_change_quand_son_classeur_revient(atelier):
    octets = exporter(atelier.college, ANNEE)
    assert faits(importer(octets, atelier.college)) == RIEN
    assert timezone.localdate() > ATELIER.date()
