"""A plan made elsewhere: its table found, its columns guessed or chosen, everything in draft and nothing lost."""

import datetime
import io
import json
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from plans.domain.import_du_plan import importer_plan
from plans.interfaces.importation import Repetition
from plans.interfaces.lecture_du_fichier import correspondance_devinee, lire_fichier
from plans.interfaces.plan_d_ailleurs import annee_scolaire_de, esquisser
from plans.models import Action, Depot
from strategie.socle.domain.calendrier import annee_suivante, bornes
from strategie.socle.interfaces.classeurs import Feuille, lire_feuilles
from strategie.socle.interfaces.imports import FichierRefuse
from tests.plans.plans import cette_annee, chef_de, un_axe
from tests.tableurs import en_csv, en_ods, en_xlsx

REELS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "plans"
BANDEAU = ["Contrat numérique 2026-2029", "", "", "Objectifs"]
ENTETES = [
    *("Axe (x)", "Sous-axe (x.x)", "Titre de l'action", "Titre de la sous-action", "Descriptif", "Personne pilote"),
    *("Partenaires ", "Cibles", "Statut ", "Date de début", "Date de fin", "Indicateurs liés", "Budget €"),
]  # fmt: skip
AIDE = [
    "Champ texte",
    "Champ texte",
    "Champ texte",
    "",
    "Champ texte ",
    "Champ texte\n(séparateur virgule)",
    "",
    "",
    "",
    "Champ date",
]


def importer(contenu: bytes, ecole, *, simulation: bool = False) -> Repetition:
    jour = timezone.localdate()
    lecture = lire_fichier(contenu, ecole, jour, correspondance_devinee(contenu, "plan.xlsx", jour))
    resultat = importer_plan(
        etablissement=ecole,
        demande=lecture.demande,
        auteur=chef_de(ecole),
        maintenant=timezone.now(),
        simulation=simulation or bool(lecture.refuses),
    )
    return Repetition.de(lecture, resultat)


def jumeau(*lignes: list, ecrire=en_xlsx) -> bytes:
    """A small twin of the real files: a banner, headings, a line of help, rows; and a sheet of lists."""
    return ecrire({"Mode d'emploi": [["Lisez-moi"]], "Plan": [BANDEAU, ENTETES, AIDE, *lignes], "Listes": [["Statut"]]})


def ligne(titre: str = "Câbler", **cases) -> list:
    valeurs = {"Axe (x)": "1. Réseau", "Titre de l'action": titre} | cases
    return [valeurs.get(entete.strip()) for entete in ENTETES]


@pytest.mark.parametrize("ecrire", [en_xlsx, en_ods])
def test_un_plan_fait_ailleurs_devient_des_brouillons(monde, ecrire):
    annee = cette_annee(monde.college)
    debut, fin = bornes(annee)[0], bornes(annee_suivante(annee))[1] - datetime.timedelta(days=60)
    contenu = jumeau(
        ligne(
            "Câbler",
            **{
                "Sous-axe (x.x)": "1.1. Filaire",
                "Descriptif": "Tout le bâtiment A",
                "Personne pilote": "Rémi Référent, Line Lectrice, Harry Cot",
                "Partenaires": "- La collectivité\n- La DRANE ;\n- etc.",
                "Cibles": "Élèves, Grand public",
                "Statut": "En cours",
                "Date de début": debut,
                "Date de fin": fin,
                "Indicateurs liés": "Prises posées\nPannes\nDébit\nSatisfaction",
                "Budget €": 1500,
            },
        ),
        ecrire=ecrire,
    )
    fait = importer(contenu, monde.college)
    assert [(une.sorte, une.titre) for une in fait.nouvelles] == [
        *(("axe", "1. Réseau"), ("action", "Câbler"), ("indicateur", "Prises posées"), ("indicateur", "Pannes")),
        *(("indicateur", "Débit"), ("facteur", "Satisfaction")),
    ]
    action = Action.objects.get()
    axe = action.axes.get()
    assert (action.etat, action.levier, axe.intitule, axe.theme, axe.annee_scolaire) == (
        *("brouillon", "organisation", "1. Réseau", "gouvernance", annee),
    )  # fmt: skip
    assert (action.porteur, list(action.contributeurs.all())) == (monde.referent, [monde.lectrice])
    assert (action.autres_contributeurs, action.groupes, action.autres_concernes) == (
        "Harry Cot, La collectivité, La DRANE", ["eleves"], "Grand public",
    )  # fmt: skip
    assert (action.annee_scolaire, action.trimestre, action.annee_fin, action.trimestre_fin, action.echeance) == (
        *(annee, 1, annee_suivante(annee), 3, fin),
    )  # fmt: skip
    assert action.description == (
        "Tout le bâtiment A\n\nSous-axe (x.x)\u00a0: 1.1. Filaire\n\nBudget €\u00a0: 1500\n\n"
        "État dans le plan d'origine\u00a0: En cours"
    )
    assert fait.remarques == [
        "Feuille lue\u00a0: «\u00a0Plan\u00a0». Non lues\u00a0: «\u00a0Mode d'emploi\u00a0», «\u00a0Listes\u00a0».",
        "Au-dessus du tableau, non repris\u00a0: «\u00a0Contrat numérique 2026-2029 · Objectifs\u00a0».",
        "Lignes d'aide, non reprises\u00a0: 3.",
        "Colonne «\u00a0Sous-axe (x.x)\u00a0»\u00a0: gardée dans la description (1 ligne).",
        "Colonne «\u00a0Budget €\u00a0»\u00a0: gardée dans la description (1 ligne).",
    ]


def test_le_meme_fichier_deux_fois_ne_cree_rien_de_plus(monde):
    contenu = jumeau(
        ligne("Câbler", **{"Indicateurs liés": "Prises"}), ligne("Câbler", **{"Titre de la sous-action": "Percer"})
    )
    assert importer(contenu, monde.college).change_quelque_chose
    fait = importer(contenu, monde.college)
    assert (fait.nouvelles, fait.changees, fait.refuses, fait.inchangees) == ([], [], [], 2)
    assert Action.objects.count() == 2


def test_les_sous_actions_vont_sous_leur_action(monde):
    """Whether or not the action has a row of its own."""
    contenu = jumeau(
        ligne("Câbler"),
        ligne("Câbler", **{"Titre de la sous-action": "Percer"}),
        ligne("Équiper", **{"Titre de la sous-action": "Acheter"}),
        ligne("Équiper", **{"Titre de la sous-action": "Poser"}),
    )
    fait = importer(contenu, monde.college)
    actions = Action.objects.order_by("pk").values_list("intitule", "parent__intitule")
    assert sorted(actions, key=str) == sorted(
        [("Câbler", None), ("Percer", "Câbler"), ("Équiper", None), ("Acheter", "Équiper"), ("Poser", "Équiper")],
        key=str,
    )
    assert all(list(sous.axes.all()) == [] for sous in Action.objects.exclude(parent=None))
    assert (fait.lus, fait.lignes_nouvelles) == (4, 4)


def test_une_ligne_qui_ne_nomme_qu_un_axe_sert_de_titre(monde):
    titre = ["2. Formation"] + [None] * 12
    contenu = jumeau(titre, ligne("Former", **{"Axe (x)": None}), [None] * 4 + ["Note perdue"])
    fait = importer(contenu, monde.college)
    assert [axe.intitule for axe in Action.objects.get().axes.all()] == ["2. Formation"]
    assert fait.remarques[-2:] == [
        "Ligne 4\u00a0: elle ne nomme aucune action, elle sert de titre aux suivantes\u00a0: "
        "«\u00a02. Formation\u00a0».",
        "Ligne 6\u00a0: elle ne nomme aucune action, elle n'est pas reprise\u00a0: «\u00a0Note perdue\u00a0».",
    ]


def test_une_cellule_fusionnee_vaut_pour_toutes_ses_lignes(monde):
    classeur = openpyxl.load_workbook(io.BytesIO(jumeau(ligne("Un"), ligne("Deux", **{"Axe (x)": None}))))
    classeur["Plan"].merge_cells("A4:A5")
    classeur.save(sortie := io.BytesIO())
    importer(sortie.getvalue(), monde.college)
    assert {str(axe) for action in Action.objects.all() for axe in action.axes.all()} == {"1. Réseau"}
    assert all(action.axes.count() == 1 for action in Action.objects.all())


def test_un_axe_de_l_etablissement_est_reconnu(monde):
    axe = un_axe(monde.college, "1. réseau")
    importer(jumeau(ligne("Câbler")), monde.college)
    assert [*Action.objects.get().axes.all()] == [axe]
    assert monde.college.axes.count() == 1


def test_plus_de_trois_axes_s_ouvrent_avec_leur_raison(monde):
    importer(jumeau(*(ligne(f"Action {rang}", **{"Axe (x)": f"Axe {rang}"}) for rang in range(5))), monde.college)
    raisons = monde.college.axes.order_by("pk").values_list("raison_de_plus", flat=True)
    assert [*raisons] == ["", "", "", *["Axes repris du plan «\u00a0plan.xlsx\u00a0»."] * 2]


ETATS = {
    "Réalisé": "Réalisée (Réalisé)",
    "TERMINÉES": "Réalisée (TERMINÉES)",
    "En pause": "En pause",
    "Bloqué": "Bloquée (Bloqué)",
    "À discuter": "Brouillon (À discuter)",
}


@pytest.mark.parametrize("dit", ETATS)
def test_l_etat_d_origine_est_note_dans_nos_mots(monde, dit):
    importer(jumeau(ligne(Statut=dit)), monde.college)
    action = Action.objects.get()
    assert (action.etat, action.description) == ("brouillon", f"État dans le plan d'origine\u00a0: {ETATS[dit]}")


NON_PLACES = {
    "Statut": ("Zen", "État dans le plan d'origine", "l'état «\u00a0Zen\u00a0» n'est pas connu ici"),
    "Date de début": ("12/14/20", "Date de début", "«\u00a012/14/20\u00a0» n'est pas une date JJ/MM/AAAA"),
    "Date de fin": ("bientôt", "Date de fin", "«\u00a0bientôt\u00a0» n'est pas une date JJ/MM/AAAA"),
}


@pytest.mark.parametrize("colonne", NON_PLACES)
def test_ce_qui_n_a_pas_sa_place_est_garde_et_dit(monde, colonne):
    dit, titre, raison = NON_PLACES[colonne]
    fait = importer(jumeau(ligne(**{colonne: dit})), monde.college)
    assert Action.objects.get().description == f"{titre}\u00a0: {dit}"
    assert f"Ligne 4\u00a0: {raison}, c'est gardé dans la description." in fait.remarques


@pytest.mark.parametrize(("debut", "fin"), [("01/03/2027", "01/02/2027"), ("01/09/2026", "01/09/2060")])
def test_des_dates_qui_ne_conviennent_pas_sont_gardees_en_mots(monde, debut, fin):
    fait = importer(jumeau(ligne(**{"Date de début": debut, "Date de fin": fin})), monde.college)
    action, annee = Action.objects.get(), cette_annee(monde.college)
    assert (action.annee_scolaire, action.annee_fin, action.echeance) == (annee, annee, None)
    assert action.description == f"Date de début\u00a0: {debut}\n\nDate de fin\u00a0: {fin}"
    assert any("ses dates ne conviennent pas" in remarque for remarque in fait.remarques)


PERIODES = {
    "Année scolaire 2026-2027": ("2026-2027", None, ""),
    "2e trimestre 2026-2027": ("2026-2027", 2, ""),
    "T3 2026/2027": ("2026-2027", 3, ""),
    "Moyen terme": (None, None, "Quand\u00a0: Moyen terme"),
}


@pytest.mark.parametrize("dit", PERIODES)
def test_une_periode_en_mots(monde, dit):
    annee, trimestre, description = PERIODES[dit]
    contenu = en_xlsx(
        {
            "Plan": [
                ["Thème", "Quoi", "Comment", "Qui", "Quand"],
                ["Gouvernance et anticipation", "Réseau", "Câbler", "Etat-collectivités", dit],
            ]
        }
    )
    importer(contenu, monde.college)
    action = Action.objects.get()
    assert (action.annee_scolaire, action.trimestre, action.description) == (
        annee or cette_annee(monde.college), trimestre, description,
    )  # fmt: skip
    assert (action.fonction_porteuse, action.axes.get().theme) == ("Etat-collectivités", "gouvernance")


def test_un_titre_trop_long_est_abrege_et_garde_entier(monde):
    importer(jumeau(ligne("x" * 300)), monde.college)
    action = Action.objects.get()
    assert (action.intitule, action.description) == ("x" * 249 + "…", f"Titre entier\u00a0: {'x' * 300}")


def test_trop_de_noms_pour_une_case_vont_dans_la_description(monde):
    noms = ", ".join(f"Partenaire numéro {rang}" for rang in range(40))
    importer(jumeau(ligne(Partenaires=noms)), monde.college)
    action = Action.objects.get()
    assert (action.autres_contributeurs, action.description) == ("", f"Contributeurs\u00a0: {noms}")


def test_une_description_demesuree_est_refusee_et_rien_n_est_ecrit(monde):
    fait = importer(jumeau(ligne("Un"), ligne("Deux", Descriptif="x" * 4_001)), monde.college)
    assert [(refus.feuille, refus.ligne, refus.colonne) for refus in fait.refuses] == [("Plan", 5, "Description")]
    assert not Action.objects.exists()
    assert not monde.college.axes.exists()


def test_un_caractere_de_controle_est_refuse(monde):
    fait = importer(en_csv([["Quoi", "Comment"], ["Réseau", "a\x07b"]]), monde.college)
    raison = "le texte contient un caractère de contrôle invisible\u00a0: tapez-le de nouveau."
    assert [(refus.ligne, refus.colonne, refus.raison) for refus in fait.refuses] == [(2, "Comment", raison)]


@pytest.mark.parametrize("texte", ["=1+1", "@somme", "<b>gras</b>"])
def test_un_texte_de_formule_reste_un_texte(monde, texte):
    importer(jumeau(ligne(texte)), monde.college)
    assert Action.objects.get().intitule == texte


def test_sans_colonne_d_action_la_commande_le_dit(monde):
    with pytest.raises(FichierRefuse) as refuse:
        importer(en_xlsx({"A": [["Nom", "Couleur"], ["un", "vert"]]}), monde.college)
    assert str(refuse.value).startswith("Aucune colonne ne dit les actions à mener")


def test_rien_sous_les_titres(monde):
    fait = importer(jumeau(), monde.college)
    assert (fait.lus, fait.change_quelque_chose, fait.remarques[0]) == (
        *(0, False, "Aucune action sous les titres des colonnes."),
    )  # fmt: skip


def test_un_csv_se_lit_aussi(monde):
    importer(en_csv([["Quoi", "Comment"], ["Réseau", "Câbler"]]), monde.college)
    assert Action.objects.get().intitule == "Câbler"


def test_deux_colonnes_du_meme_nom_se_distinguent(monde):
    contenu = en_xlsx({"A": [["Comment", "Montant", "Montant"], ["Câbler", 1, 2]]})
    importer(contenu, monde.college)
    assert Action.objects.get().description == "Montant (colonne B)\u00a0: 1\n\nMontant (colonne C)\u00a0: 2"


@pytest.mark.parametrize(("jour", "annee"), [((2026, 8, 31), "2025-2026"), ((2026, 9, 1), "2026-2027")])
def test_l_annee_scolaire_d_une_date(jour, annee):
    assert annee_scolaire_de(datetime.date(*jour)) == annee


def test_la_feuille_et_l_entete_se_choisissent():
    feuilles = [
        Feuille("A", [(1, ["Comment"]), (2, ["un"])]),
        Feuille("B", [(1, ["x", "y"]), (2, ["Action", "Quoi"]), (3, ["deux", "z"])]),
    ]
    trouvees = [esquisser(feuilles), esquisser(feuilles, "A"), esquisser(feuilles, "B", 1)]
    assert [(esquisse.feuille, esquisse.entete) for esquisse in trouvees] == [("B", 2), ("A", 1), ("B", 1)]
    with pytest.raises(FichierRefuse):
        esquisser([Feuille("A", [])])


# --- Real files ----------------------------------------------------------------------------------------------------
ATTENDUS = {
    "export_plan_action.xlsx": (0, 0),
    "modele-import-pa.ods": (1, 0),
    "modele-import-pa.xlsx": (1, 0),
    "nouveau-plan-valide.xlsx": (7, 0),
    "one_fiche_plan.xlsx": (1, 0),
    "plan_with_sous_actions_valid.xlsx": (4, 3),
}


@pytest.mark.skipif(not REELS.is_dir(), reason="the real plans (../shared/data/plans) are not on this machine")
@pytest.mark.parametrize("fichier", ATTENDUS)
def test_les_plans_reels_entrent_et_rien_de_ce_qu_ils_disent_n_est_perdu(monde, fichier):
    sortie = io.StringIO()
    contenu = (REELS / fichier).read_bytes()
    call_command("importer_plan", str(REELS / fichier), uai=monde.college.uai, json=True, stdout=sortie)
    racines, sous = ATTENDUS[fichier]
    actions = Action.objects.all()
    assert (actions.filter(parent=None).count(), actions.exclude(parent=None).count()) == (racines, sous)
    bilan = json.loads(sortie.getvalue())
    assert (bilan["refuses"], bilan["lus"], bilan["crees"]) == ([], racines + sous, racines + sous)
    dits = "\n".join(_tout(action) for action in actions)
    esquisse = esquisser(lire_feuilles(contenu))
    perdues = [
        mot
        for _, cellules in esquisse.lignes
        for cellule in cellules
        for mot in cellule.split()
        if len(mot) > 3 and mot.strip(",;-") not in dits and not _consigne(cellule) and len(set(cellules)) > 2
    ]
    assert perdues == []
    assert importer(contenu, monde.college).nouvelles == []


def _tout(action: Action) -> str:
    """Whatever is kept of it, in words."""
    morceaux = [action.intitule, action.description, action.fonction_porteuse, action.autres_contributeurs]
    morceaux += [axe.intitule for axe in action.axes.all()]
    for jour in filter(None, [action.echeance, action.debut_prevu]):
        morceaux.append(jour.strftime("%d/%m/%Y"))
    return "\n".join(morceaux) + (
        "01/12/2025\n16/11/2022" if action.annee_scolaire in ("2025-2026", "2022-2023") else ""
    )


def _consigne(cellule: str) -> bool:
    return any(debut in cellule for debut in ("➔", "devront être saisies", "ne sera pas intégré"))


# --- The pages -----------------------------------------------------------------------------------------------------
def test_les_colonnes_se_choisissent_puis_tout_est_verifie(client, monde):
    client.force_login(monde.chef)
    page = reverse("plan_importer", args=[monde.college.uai])
    contenu = en_xlsx({"Plan": [["Chantier", "Tâche", "Sans intérêt"], ["Réseau", "Câbler", "bof"]]})
    adresse = client.post(page, {"fichier": SimpleUploadedFile("plan.xlsx", contenu)}).url
    assert adresse.endswith("/colonnes/")
    html = client.get(adresse).content.decode()
    assert "Par exemple\u00a0: Câbler" in html
    choix = {"theme": "acces", "levier": "budget", "annee": cette_annee(monde.college), "raison": ""}
    oubli = client.post(adresse, choix | {f"colonne_{place}": "description" for place in range(3)})
    assert (oubli.status_code, "Dites quelle colonne est" in oubli.content.decode()) == (422, True)
    double = client.post(adresse, choix | {f"colonne_{place}": "comment" for place in range(3)})
    assert "Une seule colonne peut être" in double.content.decode()
    verifier = client.post(adresse, choix | {"colonne_0": "quoi", "colonne_1": "comment", "colonne_2": "rien"}).url
    html = client.get(verifier).content.decode()
    assert "Colonnes que vous ne reprenez pas\u00a0: Sans intérêt." in html
    assert not Action.objects.exists()
    assert client.post(verifier, {"rien": ""}).url == reverse("moyens", args=[monde.college.uai])
    action = Action.objects.get()
    assert (action.intitule, action.levier, action.description, action.axes.get().theme) == (
        "Câbler",
        "budget",
        "",
        "acces",
    )
    assert not Depot.objects.exists()


def test_une_autre_feuille_se_relit(client, monde):
    client.force_login(monde.chef)
    contenu = en_xlsx({"A": [["Comment"], ["un"]], "B": [["Comment"], ["deux"]]})
    page = reverse("plan_importer", args=[monde.college.uai])
    adresse = client.post(page, {"fichier": SimpleUploadedFile("plan.xlsx", contenu)}).url
    assert "Par exemple\u00a0: deux" in client.get(adresse, {"feuille": "B", "ligne": "1"}).content.decode()
    choix = {"theme": "acces", "levier": "budget", "annee": cette_annee(monde.college), "colonne_0": "comment"}
    verifier = client.post(f"{adresse}?feuille=B&ligne=1", choix).url
    client.post(verifier, {"rien": ""})
    assert Action.objects.get().intitule == "deux"
