"""Experiments: tried, evaluated, then decided, in that order; each refusal names what lacks."""

import datetime
import re
from dataclasses import asdict, replace

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from plans.domain.corbeille import mettre_a_la_corbeille
from plans.domain.experimentations import (
    DEJA_UNE,
    DEJA_UNE_EN_CORBEILLE,
    SaisieDecision,
    SaisieExperimentation,
    decider_experimentation,
    evaluer_experimentation,
    lire_experimentation,
    modifier_experimentation,
    ouvrir_experimentation,
    retirer_experimentation,
)
from plans.domain.indicateurs import VersionDepassee
from plans.interfaces.experimentations import EtatExperimentation, etat_de
from plans.models import Experimentation
from plans.rules.experimentations import (
    defauts_de_l_experimentation,
    defauts_de_la_decision,
    empechement_decider,
    empechement_evaluer,
    manques_pour_decider,
)
from strategie.socle.domain.empechement import Empeche, SaisieRefusee
from strategie.socle.rules import date_en_phrase
from tests.plans.plans import un_indicateur, une_action, une_action_publiee

UN_JOUR = datetime.timedelta(days=1)
JOUR = datetime.date(2026, 11, 26)
SAISIE = SaisieExperimentation(
    question="Les tablettes font-elles écrire davantage\u00a0?",
    perimetre="Deux classes de 6e",
    debut=datetime.date(2026, 10, 1),
    fin=datetime.date(2027, 3, 31),
    decision_le=datetime.date(2027, 4, 15),
)
GENERALISER = SaisieDecision(
    "generaliser", perimetre_suivant="Toutes les classes de 6e", formation_le=datetime.date(2027, 9, 2)
)
DECIDEE = "Cette expérimentation est décidée\u00a0: elle ne change plus. Une suite s'écrit dans une autre action."
SANS_EVALUATION = "Il manque l'évaluation\u00a0: déposez-la, puis décidez."


@pytest.fixture
def jour(monde) -> datetime.date:
    return timezone.localdate(timezone=monde.academie.zone)


@pytest.fixture
def saisie(jour) -> SaisieExperimentation:
    return replace(SAISIE, debut=jour - 90 * UN_JOUR, fin=jour + 5 * UN_JOUR, decision_le=jour + 20 * UN_JOUR)


@pytest.fixture
def experimentation(monde, saisie) -> Experimentation:
    action = une_action(monde.college)
    return ouvrir_experimentation(action=action, saisie=saisie, auteur=monde.chef, maintenant=timezone.now())


def evaluer(experimentation, auteur, evaluation="Elles écrivent un tiers de plus.", version=1):
    return evaluer_experimentation(
        experimentation=experimentation,
        version=version,
        evaluation=evaluation,
        auteur=auteur,
        maintenant=timezone.now(),
    )


def decider(experimentation, auteur, saisie, version=2):
    return decider_experimentation(
        experimentation=experimentation, version=version, saisie=saisie, auteur=auteur, maintenant=timezone.now()
    )


# --- Rules, pure ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "champs"),
    [
        ({}, set()),
        ({"question": ""}, {"question"}),
        ({"perimetre": "", "question": "q" * 301}, {"perimetre", "question"}),
        ({"fin": datetime.date(2026, 9, 30)}, {"fin"}),
        ({"fin": datetime.date(2026, 10, 1)}, set()),
        ({"decision_le": datetime.date(2027, 3, 30)}, {"decision_le"}),
        ({"decision_le": datetime.date(2027, 3, 31)}, set()),
        ({"decision_le": datetime.date(2032, 1, 1)}, {"decision_le"}),
        ({"debut": datetime.date(2020, 12, 31)}, {"debut"}),
    ],
)
def test_des_dates_dans_l_ordre_une_question_un_perimetre(change, champs):
    assert set(defauts_de_l_experimentation(replace(SAISIE, **change), JOUR)) == champs


def test_generaliser_nomme_tout_ce_qui_manque():
    assert set(manques_pour_decider(SaisieDecision(""))) == {"decision"}
    assert set(manques_pour_decider(SaisieDecision("autre"))) == {"decision"}
    assert manques_pour_decider(SaisieDecision("generaliser")) == {
        "perimetre_suivant": "Pour généraliser, il manque le périmètre suivant\u00a0: où, avec qui.",
        "formation_le": "Pour généraliser, il manque la date de la formation des enseignants de ce périmètre\u00a0: "
        "sans elle, l'outil arrive avant ceux qui s'en serviront.",
    }
    assert set(manques_pour_decider(replace(GENERALISER, formation_le=None))) == {"formation_le"}
    assert [set(manques_pour_decider(SaisieDecision(d))) for d in ("adapter", "arreter")] == [{"motif"}, {"motif"}]
    assert manques_pour_decider(GENERALISER) == {}


def test_une_formation_ne_precede_pas_l_essai():
    avant = replace(GENERALISER, formation_le=datetime.date(2026, 9, 30))
    loin = replace(GENERALISER, formation_le=datetime.date(2032, 1, 1))
    refus = [set(defauts_de_la_decision(saisie, SAISIE.debut, JOUR)) for saisie in (avant, loin, GENERALISER)]
    assert refus == [{"formation_le"}, {"formation_le"}, set()]


def test_on_n_evalue_pas_ce_qui_n_a_pas_commence():
    a_venir = Experimentation(**asdict(SAISIE))
    assert empechement_evaluer(a_venir, SAISIE.debut - UN_JOUR) == (
        "L'expérimentation ne commence que le 1er\u00a0octobre 2026\u00a0: rien n'est à évaluer."
    )
    assert empechement_evaluer(a_venir, SAISIE.debut) is None
    assert empechement_decider(a_venir) == SANS_EVALUATION


@pytest.mark.parametrize(
    ("jour", "change", "attendu"),
    [
        (SAISIE.debut - UN_JOUR, {}, ("", "À venir")),
        (SAISIE.debut, {}, ("", "En cours")),
        (SAISIE.fin + UN_JOUR, {}, ("attention", "À évaluer")),
        (SAISIE.fin, {"evaluation": "Oui."}, ("attention", "Évaluée, à décider")),
        (SAISIE.decision_le, {"evaluation": "Oui."}, ("attention", "Évaluée, à décider")),
        (SAISIE.decision_le + UN_JOUR, {}, ("retard", "Décision attendue depuis le 15\u00a0avril 2027")),
        (SAISIE.decision_le + UN_JOUR, {"decision": "arreter"}, ("fait", "Décidée\u00a0: arrêter")),
    ],
)
def test_ou_elle_en_est(jour, change, attendu):
    assert etat_de(Experimentation(**asdict(SAISIE) | change), jour) == EtatExperimentation(*attendu)


# --- Acts -------------------------------------------------------------------------------------------------
def test_une_par_action_meme_envoyee_deux_fois(monde, experimentation, saisie):
    ouvre = {"action": experimentation.action, "auteur": monde.chef, "maintenant": timezone.now()}
    assert ouvrir_experimentation(saisie=saisie, **ouvre) == experimentation
    with pytest.raises(Empeche, match=DEJA_UNE):
        ouvrir_experimentation(saisie=replace(saisie, question="Une autre\u00a0?"), **ouvre)
    mettre_a_la_corbeille(objet=experimentation, auteur=monde.chef, maintenant=timezone.now())
    with pytest.raises(Empeche) as refus:
        ouvrir_experimentation(saisie=saisie, **ouvre)
    assert str(refus.value) == DEJA_UNE_EN_CORBEILLE


def test_des_dates_qui_se_croisent_n_ouvrent_rien(monde, saisie):
    with pytest.raises(SaisieRefusee) as refus:
        ouvrir_experimentation(
            action=une_action(monde.college),
            saisie=replace(saisie, fin=saisie.debut - UN_JOUR),
            auteur=monde.chef,
            maintenant=timezone.now(),
        )
    assert refus.value.defauts == {"fin": "L'expérimentation ne peut pas finir avant d'avoir commencé."}
    assert not Experimentation.objects.exists()


def test_generaliser_attend_l_evaluation_puis_la_formation(monde, experimentation, jour):
    suite = replace(GENERALISER, formation_le=jour + 100 * UN_JOUR)
    with pytest.raises(Empeche) as refus:
        decider(experimentation, monde.chef, suite, version=1)
    assert str(refus.value) == SANS_EVALUATION
    evaluer(experimentation, monde.referent)
    with pytest.raises(SaisieRefusee) as refus:
        decider(experimentation, monde.chef, replace(suite, formation_le=None))
    assert set(refus.value.defauts) == {"formation_le"}
    maintenant = timezone.now()
    decider_experimentation(
        experimentation=experimentation, version=2, saisie=suite, auteur=monde.chef, maintenant=maintenant
    )
    experimentation.refresh_from_db()
    assert (
        experimentation.evaluation,
        experimentation.evaluee_par,
        experimentation.decision,
        experimentation.perimetre_suivant,
        experimentation.formation_le,
        experimentation.decidee_par,
        experimentation.decidee_le,
        experimentation.version,
    ) == (
        "Elles écrivent un tiers de plus.",
        monde.referent,
        "generaliser",
        "Toutes les classes de 6e",
        jour + 100 * UN_JOUR,
        monde.chef,
        maintenant,
        3,
    )


def test_arreter_ne_garde_ni_perimetre_ni_formation(monde, experimentation, jour):
    evaluer(experimentation, monde.referent)
    arret = SaisieDecision("arreter", "Trop lourd.", "Tout le collège", jour)
    decider(experimentation, monde.chef, arret)
    experimentation.refresh_from_db()
    assert (experimentation.decision, experimentation.motif) == ("arreter", "Trop lourd.")
    assert (experimentation.perimetre_suivant, experimentation.formation_le) == ("", None)


def test_decidee_elle_ne_change_plus(monde, experimentation, saisie):
    evaluer(experimentation, monde.referent)
    arret = SaisieDecision("arreter", "Trop lourd.")
    decider(experimentation, monde.chef, arret)
    decider(experimentation, monde.chef, arret)  # sent twice
    actes = (
        lambda: decider(experimentation, monde.chef, SaisieDecision("adapter", "Non, plutôt."), version=3),
        lambda: evaluer(experimentation, monde.chef, "Autre chose.", version=3),
        lambda: modifier_experimentation(
            experimentation=experimentation,
            version=3,
            saisie=replace(saisie, question="Autre\u00a0?"),
            auteur=monde.chef,
            maintenant=timezone.now(),
        ),
        lambda: retirer_experimentation(experimentation=experimentation, auteur=monde.chef, maintenant=timezone.now()),
    )
    for acte in actes:
        with pytest.raises(Empeche) as refus:
            acte()
        assert str(refus.value) == DECIDEE
    experimentation.refresh_from_db()
    assert (experimentation.decision, experimentation.version, experimentation.supprime_le) == ("arreter", 3, None)


def test_deux_personnes_ecrivent_la_seconde_voit_les_deux(monde, experimentation, saisie):
    evaluer(experimentation, monde.referent)
    with pytest.raises(VersionDepassee) as change:
        evaluer(experimentation, monde.chef, "Rien de net.")
    assert change.value.actuel.evaluation == "Elles écrivent un tiers de plus."
    with pytest.raises(VersionDepassee):
        decider(experimentation, monde.chef, SaisieDecision("arreter", "Trop lourd."), version=1)
    with pytest.raises(VersionDepassee):
        modifier_experimentation(
            experimentation=experimentation,
            version=1,
            saisie=replace(saisie, perimetre="Une classe"),
            auteur=monde.chef,
            maintenant=timezone.now(),
        )
    experimentation.refresh_from_db()
    assert (experimentation.version, lire_experimentation(experimentation), experimentation.decision) == (2, saisie, "")


# --- Pages ------------------------------------------------------------------------------------------------
@pytest.fixture
def chef(client, monde):
    client.force_login(monde.chef)
    return client


def adresse(nom: str, *suite: object) -> str:
    return reverse(nom, args=["0980001U", *suite])


def mots(reponse) -> str:
    """All the words of a page, on one line; no-break spaces stay."""
    return re.sub(r"[ \n]+", " ", html.fromstring(reponse.content.decode()).find(".//main").text_content())


def un_formulaire(reponse, champ: str):
    """The form of the page that has this field."""
    return next(f for f in html.fromstring(reponse.content.decode()).forms if champ in f.fields)


def test_de_l_ouverture_a_la_decision_par_les_pages(chef, monde, jour):
    action = une_action_publiee(monde.college)
    assert "Aucune expérimentation" in mots(chef.get(adresse("experimentations")))
    ouvrir = f"{adresse('experimentation_ouvrir')}?action={action.pk}"
    assert un_formulaire(chef.get(ouvrir), "question").fields["action"] == str(action.pk)
    envoi = {
        "action": action.pk,
        "question": SAISIE.question,
        "perimetre": "Deux classes",
        "debut": f"{jour - 10 * UN_JOUR}",
        "fin": f"{jour - 20 * UN_JOUR}",
        "decision_le": f"{jour}",
    }
    refus = chef.post(ouvrir, envoi)
    assert (refus.status_code, "ne peut pas finir avant d'avoir commencé" in mots(refus)) == (422, True)
    chef.post(ouvrir, envoi | {"fin": f"{jour}"})
    experimentation = Experimentation.objects.get()
    page = chef.get(adresse("experimentation", experimentation.pk))
    assert "Coupures par semaineAucun relevé pour l'instant." in mots(page)
    assert SANS_EVALUATION in mots(page)
    assert SANS_EVALUATION in mots(chef.get(adresse("experimentation_decider", experimentation.pk)))
    chef.post(
        adresse("experimentation_evaluer", experimentation.pk), {"version": 1, "evaluation": "Elles\r\nécrivent."}
    )
    decider = adresse("experimentation_decider", experimentation.pk)
    refus = chef.post(decider, {"version": 2, "decision": "generaliser"})
    assert refus.status_code == 422
    assert "il manque le périmètre suivant" in mots(refus)
    assert "il manque la date de la formation" in mots(refus)
    suite = {"perimetre_suivant": "Tout le collège", "formation_le": f"{jour + 30 * UN_JOUR}"}
    reponse = chef.post(decider, {"version": 2, "decision": "generaliser"} | suite, follow=True)
    dit = mots(reponse)
    assert "La décision est enregistrée" in dit
    assert f"Généraliser, le {date_en_phrase(jour)}, par Claire Chef." in dit
    assert "Tout le collège" in dit
    assert "Modifier" not in dit and "Mettre à la corbeille" not in dit
    experimentation.refresh_from_db()
    assert experimentation.evaluation == "Elles\nécrivent."
    for nom in ("experimentation_modifier", "experimentation_evaluer", "experimentation_decider"):
        assert DECIDEE in mots(chef.get(adresse(nom, experimentation.pk)))
    assert DECIDEE in mots(chef.post(adresse("experimentation_retirer", experimentation.pk)))


def test_un_conflit_montre_ce_qui_est_enregistre_et_garde_ce_qui_est_tape(chef, monde, experimentation):
    evaluer(experimentation, monde.referent)
    page = chef.post(adresse("experimentation_evaluer", experimentation.pk), {"version": 1, "evaluation": "Non."})
    assert page.status_code == 409
    assert "Elles écrivent un tiers de plus." in mots(page)
    formulaire = un_formulaire(page, "evaluation")
    assert (formulaire.fields["evaluation"].strip(), formulaire.fields["version"]) == ("Non.", "2")
    chef.post(adresse("experimentation_evaluer", experimentation.pk), dict(formulaire.fields))
    experimentation.refresh_from_db()
    assert (experimentation.evaluation, experimentation.version) == ("Non.", 3)


def test_une_decision_attendue_se_voit_dans_la_liste(chef, monde, experimentation, jour):
    Experimentation.objects.update(fin=jour - 3 * UN_JOUR, decision_le=jour - 2 * UN_JOUR)
    attendue = f"Décision attendue depuis le {date_en_phrase(jour - 2 * UN_JOUR)}"
    assert attendue in mots(chef.get(adresse("experimentations")))
    assert attendue in mots(chef.get(adresse("experimentation", experimentation.pk)))


def test_retirer_puis_corbeille(chef, experimentation):
    assert "quittent la liste" in mots(chef.get(adresse("experimentation_retirer", experimentation.pk)))
    reponse = chef.post(adresse("experimentation_retirer", experimentation.pk), follow=True)
    assert "à la corbeille pour trente jours" in mots(reponse)
    assert chef.get(adresse("experimentation", experimentation.pk)).status_code == 404


def test_autant_de_requetes_pour_trois_que_pour_une(chef, monde, experimentation, saisie):
    un_indicateur(experimentation.action)
    liste, page = adresse("experimentations"), adresse("experimentation", experimentation.pk)
    avant = len(chef.get(liste).requetes), len(chef.get(page).requetes)
    for rang in range(2):
        un_indicateur(experimentation.action, f"I{rang}")
        ouvrir_experimentation(
            action=une_action(monde.college, f"Action {rang}"),
            saisie=saisie,
            auteur=monde.chef,
            maintenant=timezone.now(),
        )
    assert (avant, (len(chef.get(liste).requetes), len(chef.get(page).requetes))) == ((5, 7), (5, 7))
