"""The plan leaves in a workbook: what its sheets hold, as texts that nothing runs, the same bytes each time."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from plans.domain.actions import changer_etat
from plans.domain.facteurs import SaisieFacteur, ajouter_facteur
from plans.domain.releves import SaisieReleve, enregistrer_releve
from strategie.socle.domain.calendrier import annee_suivante, bornes
from strategie.socle.interfaces.classeurs import lire_feuilles
from tests.plans.classeurs import RIEN, Classeur, exporter, faits, importer
from tests.plans.plans import cette_annee, un_axe, une_action, une_action_publiee
from tests.tableurs import lire_xlsx


def lignes(octets: bytes, feuille: str) -> list[list]:
    return lire_xlsx(octets)[feuille][2:]


def minuit(jour: datetime.date) -> datetime.datetime:
    """As a spreadsheet keeps a day."""
    return datetime.datetime.combine(jour, datetime.time())


@pytest.fixture
def plan(monde):
    """An action with all that may be said of it, and a sub-action of next year."""
    ecole, maintenant = monde.college, timezone.now()
    annee = cette_annee(ecole)
    action = une_action_publiee(
        ecole,
        porteur=monde.referent.pk,
        contributeurs=frozenset({monde.lectrice.pk, monde.gestionnaire.pk}),
        autres_contributeurs="Le service informatique",
        description="=HYPERLINK(1)\nDeux lignes",
        groupes=("familles", "eleves"),
        autres_concernes="Les voisins",
        trimestre=2,
        annee_fin=annee_suivante(annee),
        trimestre_fin=1,
        echeance=bornes(annee_suivante(annee))[0],
    )
    changer_etat(action=action, etat="bloquee", raison="Pas de prise", auteur=monde.chef, maintenant=maintenant)
    une_action(
        ecole, "+33 appels", parent=action, annee_scolaire=annee_suivante(annee), annee_fin=annee_suivante(annee)
    )
    indicateur = action.indicateurs.get()
    for passe, valeur in ((3, "4.50"), (1, "1234.5")):
        enregistrer_releve(
            indicateur=indicateur,
            saisie=SaisieReleve(
                timezone.localdate() - datetime.timedelta(days=passe), Decimal(valeur), "Lu au journal"
            ),
            remplace=None,
            auteur=monde.chef,
            maintenant=maintenant,
        )
    facteur = SaisieFacteur("Les élèves le disent", "oui", "Conseil de vie")
    ajouter_facteur(action=action, saisie=facteur, auteur=monde.chef, maintenant=maintenant)
    action.refresh_from_db()
    return action


def test_chaque_feuille_dit_ce_que_le_plan_dit(monde, plan):
    annee, hier = cette_annee(monde.college), timezone.localdate() - datetime.timedelta(days=1)
    suivante = annee_suivante(annee)
    sous, indicateur = plan.sous_actions.get(), plan.indicateurs.get()
    octets = exporter(monde.college)
    entetes, premiere, seconde = lignes(octets, "Plan")
    assert entetes == [
        *("Identifiant", "Sous-action de", "Thème", "Quoi", "Comment", "Description", "Moyen", "Porteur"),
        *("Contributeurs", "Autres contributeurs", "Groupes concernés", "Autres personnes concernées"),
        *("Année de début", "Trimestre de début", "Année de fin", "Trimestre de fin", "Échéance", "État", "Raison"),
        "Version",
    ]  # fmt: skip
    assert premiere == [
        *(f"A{plan.pk}", None, "Garantir un égal accès au numérique pour tous", "Fiabiliser le réseau"),
        *("Installer deux bornes Wi-Fi", "=HYPERLINK(1)\nDeux lignes", "Infrastructure", monde.referent.email),
        *(f"{monde.gestionnaire.email}\n{monde.lectrice.email}", "Le service informatique", "Familles\nÉlèves"),
        *("Les voisins", annee, 2, suivante, 1, minuit(bornes(suivante)[0])),
        *("Bloquée", "Pas de prise", plan.version),
    ]  # fmt: skip
    assert seconde == [
        *(f"A{sous.pk}", f"A{plan.pk}", None, None, "+33 appels", None, "Infrastructure", None, None, None, None, None),
        *(suivante, None, suivante, None, None, "Brouillon", None, 1),
    ]  # fmt: skip
    debut, fin = bornes(annee)[0], bornes(suivante)[1]
    assert lignes(octets, "Indicateurs")[1:] == [
        [
            *(f"I{indicateur.pk}", f"A{plan.pk}", "Installer deux bornes Wi-Fi", "Coupures par semaine", "coupures"),
            *(10, minuit(debut), 1, minuit(fin)),
            *("Plus c'est bas, mieux c'est", "Journal du référent", "Le référent numérique", "Chaque trimestre"),
            *("Ne s'agrège pas", None, 1234.5, minuit(hier), 1),
        ]
    ]  # fmt: skip
    assert [ligne[3:6] for ligne in lignes(octets, "Facteurs de réussite")[1:]] == [
        ["Les élèves le disent", "Oui", "Conseil de vie"]
    ]
    assert [(ligne[0], ligne[3], ligne[4], ligne[5]) for ligne in lignes(octets, "Relevés")[1:]] == [
        (f"I{indicateur.pk}", 4.5, "Lu au journal", "Saisie"),
        (f"I{indicateur.pk}", 1234.5, "Lu au journal", "Saisie"),
    ]


def test_le_meme_plan_donne_les_memes_octets(monde, plan):
    assert exporter(monde.college) == exporter(monde.college)


def test_apres_un_import_sans_changement_l_export_est_le_meme_a_l_octet_pres(monde, plan):
    octets = exporter(monde.college)
    assert faits(importer(octets, monde.college)) == RIEN
    assert exporter(monde.college) == octets


def test_rien_de_ce_qu_on_a_tape_n_est_une_formule(monde, plan):
    classeur = Classeur(exporter(monde.college)).classeur
    types = {cellule.data_type for feuille in classeur for ligne in feuille for cellule in ligne if cellule.value}
    assert types == {"s", "n", "d"}
    feuilles = lire_feuilles(exporter(monde.college), reperer=True)
    assert [(feuille.formules, feuille.fusions) for feuille in feuilles] == [((), ())] * 8


def test_les_listes_l_en_tete_fige_et_l_aide_sont_la(monde, plan):
    classeur = Classeur(exporter(monde.college)).classeur
    feuille = classeur["Plan"]
    assert feuille.freeze_panes == "B4"
    assert feuille["A1"].value == f"Plan Paliers 1 · {monde.college.uai} · Collège du Test · toutes les années"
    assert feuille["A2"].value.startswith("Une ligne par action ou sous-action.")
    assert "rien, ou N1, N2" in feuille["A3"].comment.text
    listes = {str(regle.sqref)[0]: regle.formula1 for regle in feuille.data_validations.dataValidation}
    assert listes == {"G": "Listes!$A$1:$A$5", "R": "Listes!$B$1:$B$7"}
    assert classeur["Listes"].sheet_state == "hidden"
    assert [classeur["Listes"].cell(rang, 2).value for rang in range(1, 8)][:2] == ["Brouillon", "À venir"]
    assert [nom for nom in classeur.sheetnames if classeur[nom].protection.sheet] == [
        "Tableau", "Matrice", "Mode d'emploi", "Listes",
    ]  # fmt: skip


def test_une_annee_ne_tient_que_ses_actions(monde, plan):
    annee = cette_annee(monde.college)
    suivante = annee_suivante(annee)
    noms = {cle: [ligne[4] for ligne in lignes(exporter(monde.college, cle), "Plan")[1:]] for cle in (annee, suivante)}
    assert noms == {
        annee: ["Installer deux bornes Wi-Fi"],
        suivante: ["Installer deux bornes Wi-Fi", "+33 appels"],
    }


def test_ce_qui_est_a_la_corbeille_ne_part_pas(monde, plan):
    plan.sous_actions.update(supprime_le=timezone.now(), supprime_par=monde.chef)
    plan.indicateurs.update(supprime_le=timezone.now(), supprime_par=monde.chef)
    octets = exporter(monde.college)
    assert [len(lignes(octets, nom)) for nom in ("Plan", "Indicateurs", "Relevés")] == [2, 1, 1]


def test_deux_axes_du_meme_nom_se_distinguent(monde):
    axes = [un_axe(monde.college, "Un axe"), un_axe(monde.college, "Un  axe")]
    action = une_action(monde.college, axes=axes)
    octets = exporter(monde.college)
    assert Classeur(octets).lire("Plan", f"A{action.pk}", "Quoi").splitlines() == [
        f"Un axe (axe {axe.pk})" for axe in axes
    ]
    assert faits(importer(octets, monde.college)) == RIEN


def test_un_texte_de_la_plus_grande_longueur_tient_dans_sa_case(monde):
    action = une_action(monde.college, description="é😀\n" * 1_000)
    octets = exporter(monde.college)
    assert Classeur(octets).lire("Plan", f"A{action.pk}", "Description") == "é😀\n" * 1_000
    assert faits(importer(octets, monde.college)) == RIEN


# --- The page ------------------------------------------------------------------------------------------------------
def adresse(monde, **demande) -> str:
    return reverse("plan_exporter", args=[monde.college.uai], query=demande or None)


def test_le_classeur_se_telecharge(client, monde, plan):
    client.force_login(monde.lectrice)
    annee = cette_annee(monde.college)
    reponse = client.get(adresse(monde))
    assert reponse["Content-Disposition"] == f'attachment; filename="plan-{monde.college.uai}-{annee}.xlsx"'
    assert lire_xlsx(reponse.content).keys() == {
        *("Plan", "Indicateurs", "Facteurs de réussite", "Relevés", "Tableau", "Matrice", "Mode d'emploi", "Listes")
    }
    toutes = client.get(adresse(monde, annee="toutes"))
    assert "toutes-les-annees" in toutes["Content-Disposition"]
    assert len(lignes(toutes.content, "Plan")) == 3
    assert client.head(adresse(monde)).content == b""


@pytest.mark.parametrize("annee", ["2026", "2026-2028", "x"])
def test_une_annee_qui_n_existe_pas(client, monde, annee):
    client.force_login(monde.chef)
    assert client.get(adresse(monde, annee=annee)).status_code == 404


def test_autant_de_requetes_pour_trois_actions_que_pour_une(client, monde):
    client.force_login(monde.chef)
    nombres = []
    for nombre in (1, 2):
        for _ in range(nombre):
            une_action_publiee(monde.college, porteur=monde.referent.pk)
        nombres.append(len(client.get(adresse(monde)).requetes))
    assert nombres[0] == nombres[1]
