"""Values that the system already holds: from signed diagnostics, counted surveys and the plan, and nothing else."""

import datetime
import json
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from diagnostic.domain.bulletins import Groupe
from diagnostic.domain.cotation import Valeur
from diagnostic.domain.enquetes import annuler_enquete
from diagnostic.domain.signature import rouvrir_diagnostic
from diagnostic.models import Diagnostic, Reponse
from diagnostic.queries.enquetes import resultat_de
from diagnostic.queries.resultats_enquete import lire_resultat
from plans.domain.actions import changer_etat
from plans.domain.releves import enregistrer_releve_calcule
from plans.models import Action, IndicateurSuivi
from plans.queries.indicateurs import Lecteur, mesures_de
from plans.queries.mesures import AJOUTEES, Point, Registre, mesures_tenues
from strategie.socle.domain.calendrier import annee_precedente
from strategie.socle.droits import GRILLE_DES_DROITS, Role
from strategie.socle.rules import date_en_phrase
from tests.dossier import signer
from tests.enquetes import une_enquete, une_enquete_depouillee
from tests.plans.plans import un_axe_adosse, un_indicateur, une_action, une_action_publiee

UN_JOUR = datetime.timedelta(days=1)
CODES_DES_CHAMPS = ("PIL", "FOR", "RES", "PED", "INF", "EQU")


@pytest.fixture
def jour(monde) -> datetime.date:
    return timezone.localdate(timezone=monde.academie.zone)


def lire(etablissement, code: str, jour: datetime.date) -> list[Point]:
    return mesures_de(etablissement)[code].lire(Registre(etablissement, jour))


def valeurs(points: list[Point]) -> list[tuple]:
    return [(point.date, point.valeur) for point in points]


# --- The list ---------------------------------------------------------------------------------------------
def test_les_valeurs_tenues(monde, referentiel):
    assert list(mesures_de(monde.college)) == [
        *(f"palier-{code}" for code in CODES_DES_CHAMPS),
        *(f"conditions-{code}" for code in CODES_DES_CHAMPS),
        "participation",
        *(f"moyenne-{code}" for code in CODES_DES_CHAMPS),
        "actions-realisees",
        "actions-en-retard",
        "besoins-repondus",
        *(mesure.code for mesure in AJOUTEES),
    ]


def test_chaque_code_tient_dans_sa_colonne_et_chaque_champ_dans_la_sienne(monde, referentiel):
    colonnes = {champ.name: champ for champ in IndicateurSuivi._meta.get_fields()}
    for mesure in mesures_tenues({"ABCDEFGH": "Un libellé de champ " * 4}).values():
        for nom, dit in (("mesure", mesure.code), ("intitule", mesure.libelle), ("unite", mesure.unite)):
            assert len(dit) <= colonnes[nom].max_length
        assert mesure.cadence in IndicateurSuivi.Cadence.values
        assert mesure.sens in IndicateurSuivi.Sens.values


# --- Diagnostics ------------------------------------------------------------------------------------------
def test_un_palier_se_lit_dans_les_diagnostics_signes_seulement(dossier, jour):
    """The year's draft, « en partie » everywhere, is not read."""
    college = dossier.monde.college
    annee = annee_precedente(dossier.annee)
    source = f"Diagnostic {annee}, signé le {date_en_phrase(jour)}."
    assert lire(college, "palier-PIL", jour) == [Point(jour, Decimal(3), source)]
    assert lire(college, "conditions-PIL", jour) == [Point(jour, Decimal(100), source)]
    assert lire(dossier.monde.voisin_college, "palier-PIL", jour) == []


def test_de_chaque_annee_la_version_en_vigueur(dossier, jour):
    monde, maintenant = dossier.monde, timezone.now()
    passe = Diagnostic.objects.get(pk=dossier.copie.diagnostic_id)
    rouvrir_diagnostic(diagnostic=passe, motif="Une erreur.", auteur=monde.chef, maintenant=maintenant)
    reponses = Reponse.objects.filter(diagnostic=passe, indicateur__champ__code="PIL")
    concernees = reponses.count()
    une, autre = reponses.order_by("indicateur__ordre")[:2]
    Reponse.objects.filter(pk=une.pk).update(valeur=Valeur.non)
    Reponse.objects.filter(pk=autre.pk).update(valeur=Valeur.sans_objet, motif="Pas d'internat.")
    signer(Diagnostic.objects.get(pk=passe.pk), monde.chef, maintenant)
    part = Decimal(int(100 * (concernees - 2) / (concernees - 1) + 0.5))
    assert valeurs(lire(monde.college, "conditions-PIL", jour)) == [(jour, part)]
    signer(dossier.brouillon, monde.chef, maintenant)
    assert valeurs(lire(monde.college, "conditions-PIL", jour)) == [(jour, part), (jour, Decimal(0))]


# --- Surveys ----------------------------------------------------------------------------------------------
def test_une_enquete_ne_se_lit_qu_une_fois_comptee(monde, referentiel, jour):
    ouverte = une_enquete(monde.college, monde.chef, timezone.now())
    assert [lire(monde.college, code, jour) for code in ("participation", "moyenne-PIL")] == [[], []]
    annuler_enquete(enquete=ouverte, auteur=monde.chef, maintenant=timezone.now())
    assert lire(monde.college, "participation", jour) == []


def test_une_enquete_comptee_donne_ce_qu_elle_publie(monde, referentiel, jour):
    enquete = une_enquete_depouillee(monde.college, monde.chef, timezone.now())
    lecture = lire_resultat(resultat_de(enquete).contenu)
    clos = f"Enquête complète close le {date_en_phrase(enquete.date_cloture)}"
    assert lire(monde.college, "participation", jour) == [
        Point(enquete.date_cloture, Decimal(38), f"{clos}\u00a0: 18 réponses, 48 personnes invitées.")
    ]
    [publie] = [champ for champ in lecture.equipes.champs if champ.code == "PIL"]
    [lu] = lire(monde.college, "moyenne-PIL", jour)
    assert str(lu.valeur).replace(".", ",") == publie.moyenne
    assert (lu.date, lu.source) == (enquete.date_cloture, f"{clos}\u00a0: {publie.effectif}.")


def test_sous_le_seuil_rien_ne_se_lit(monde, referentiel, jour):
    une_enquete_depouillee(monde.college, monde.chef, timezone.now(), {Groupe.ENSEIGNANTS: [3, 4, 5, 2]})
    assert [lire(monde.college, code, jour) for code in ("participation", "moyenne-PIL")] == [[], []]


def test_l_unanimite_donne_une_valeur_dite_approchee(monde, referentiel, jour):
    une_enquete_depouillee(monde.college, monde.chef, timezone.now(), {Groupe.ENSEIGNANTS: [5] * 12})
    [lu] = lire(monde.college, "moyenne-PIL", jour)
    assert (lu.valeur, lu.source.endswith("presque toutes les réponses se ressemblent.")) == (Decimal("4.5"), True)


def test_un_pouls_compte_pour_la_participation_et_pas_pour_les_moyennes(monde, referentiel, jour):
    pouls = une_enquete_depouillee(monde.college, monde.chef, timezone.now(), forme="pouls")
    [lu] = lire(monde.college, "participation", jour)
    assert lu.source.startswith(f"Pouls clos le {date_en_phrase(pouls.date_cloture)}")
    assert lire(monde.college, "moyenne-PIL", jour) == []


# --- The plan ---------------------------------------------------------------------------------------------
def test_les_actions_realisees_de_l_annee(monde, jour):
    faite, _en_cours = une_action_publiee(monde.college), une_action_publiee(monde.college, "Une autre")
    une_action(monde.college, "Un brouillon")
    assert valeurs(lire_sans_champs(monde.college, "actions-realisees", jour)) == [(jour, 0)]
    changer_etat(action=faite, etat="realisee", raison="", auteur=monde.chef, maintenant=timezone.now())
    assert valeurs(lire_sans_champs(monde.college, "actions-realisees", jour)) == [(jour, 1)]
    dans_deux_ans = jour.replace(year=jour.year + 2, day=1)
    assert valeurs(lire_sans_champs(monde.college, "actions-realisees", dans_deux_ans)) == [(dans_deux_ans, 0)]


def test_les_actions_en_retard(monde, jour):
    publiee = une_action_publiee(monde.college)
    une_action(monde.college, "Un brouillon", axes=[])
    assert valeurs(lire_sans_champs(monde.college, "actions-en-retard", jour)) == [(jour, 0)]
    apres = publiee.fin_prevue + UN_JOUR
    assert valeurs(lire_sans_champs(monde.college, "actions-en-retard", apres)) == [(apres, 1)]
    Action.objects.filter(pk=publiee.pk).update(etat="abandonnee", raison="Faute de temps.")
    assert valeurs(lire_sans_champs(monde.college, "actions-en-retard", apres)) == [(apres, 0)]


def test_les_besoins_auxquels_une_action_publiee_repond(monde, jour):
    axe = un_axe_adosse(monde.college)
    une_action(monde.college, "Un brouillon", axes=[axe])
    assert valeurs(lire_sans_champs(monde.college, "besoins-repondus", jour)) == [(jour, 0)]
    une_action_publiee(monde.college, axes=[axe])
    une_action_publiee(monde.college, "Une autre", axes=[axe])
    assert valeurs(lire_sans_champs(monde.college, "besoins-repondus", jour)) == [(jour, 1)]


def lire_sans_champs(etablissement, code, jour) -> list[Point]:
    return mesures_tenues({})[code].lire(Registre(etablissement, jour))


# --- In an indicator --------------------------------------------------------------------------------------
def mesurer(action, code: str, **champs) -> IndicateurSuivi:
    return un_indicateur(action, code, mesure=code, sens="hausse", **champs)


def test_un_indicateur_se_lit_lui_meme(dossier, jour):
    monde = dossier.monde
    indicateur = mesurer(une_action(monde.college), "palier-PIL", depart=1, cible=3, unite="sur\u00a03")
    lecture = Lecteur(monde.college, jour, GRILLE_DES_DROITS[Role.CHEF]).un(indicateur)
    [lue] = lecture.valeurs
    assert (lue.date, lue.valeur, lue.origine, lue.releve) == (jour, 3, "paliers", None)
    dite = f"3\u00a0sur\u00a03 le {date_en_phrase(jour)}, pour une cible de 3\u00a0sur\u00a03"
    assert lecture.phrase == f"{dite}\u00a0: la cible est atteinte."
    assert (lecture.attendue_le, indicateur.releves.count()) == (None, 0)


@pytest.mark.parametrize(
    ("role", "lit"),
    [
        (Role.CHEF, True),
        (Role.REFERENT, True),
        (Role.MEMBRE, True),
        (Role.GESTIONNAIRE, False),
        (Role.ANIMATEUR, False),
        (Role.RECTORAT, False),
    ],
)
def test_les_chiffres_d_une_enquete_restent_a_ceux_qui_lisent_les_enquetes(monde, referentiel, jour, role, lit):
    une_enquete_depouillee(monde.college, monde.chef, timezone.now())
    action = une_action(monde.college)
    indicateurs = [mesurer(action, "participation"), mesurer(action, "moyenne-PIL")]
    lecteur = Lecteur(monde.college, jour, GRILLE_DES_DROITS[role])
    for lecture in [*map(lecteur.un, indicateurs), *lecteur.des_actions([action.pk])[action.pk]]:
        assert (bool(lecture.valeurs), lecture.masquee) == (lit, not lit)
        assert ("Ces valeurs viennent des enquêtes" in lecture.phrase) is not lit
        assert (lecture.locale.valeur is not None, lecture.atteinte is not None) == (lit, lit)


def test_une_valeur_poussee_d_un_autre_etage_se_lit_par_ses_releves(monde, referentiel, jour):
    indicateur = mesurer(une_action(monde.college), "terminaux")
    enregistrer_releve_calcule(
        indicateur=indicateur, date=jour, valeur=Decimal(30), note="120 terminaux", maintenant=timezone.now()
    )
    lecture = Lecteur(monde.college, jour, GRILLE_DES_DROITS[Role.CHEF]).un(indicateur)
    assert [(lue.valeur, lue.note, lue.origine) for lue in lecture.valeurs] == [(30, "120 terminaux", "paliers")]
    assert (lecture.calculee, lecture.attendue_le) == (True, None)


def test_chaque_source_ne_se_lit_qu_une_fois(dossier, jour):
    monde = dossier.monde
    une_enquete_depouillee(monde.college, monde.chef, timezone.now())
    codes = ("palier-PIL", "conditions-FOR", "participation", "moyenne-PIL", "actions-realisees", "besoins-repondus")
    lus = []
    for nombre in (1, 3):
        actions = [une_action(monde.college, f"A{nombre}-{rang}") for rang in range(nombre)]
        for action in actions:
            for code in codes:
                mesurer(action, code)
        lecteur = Lecteur(monde.college, jour, GRILLE_DES_DROITS[Role.CHEF])
        with CaptureQueriesContext(
            connection,
        ) as requetes:
            lectures = lecteur.des_actions([action.pk for action in actions])
        assert [len(siennes) for siennes in lectures.values()] == [6] * nombre
        lus.append(len(requetes))
    assert lus == [7, 7]


def test_ce_que_lit_une_copie_est_ce_qui_est_fige(dossier, jour):
    contenu = json.loads(dossier.copie.contenu)
    assert {champ["code"] for champ in contenu["champs"]} == set(CODES_DES_CHAMPS)
    for champ in contenu["champs"]:
        [lu] = lire(dossier.monde.college, f"palier-{champ['code']}", jour)
        assert lu.valeur == champ["resultat"]["palier"]
