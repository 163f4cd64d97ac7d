"""The year's turn: each action decided, all of them at once or none."""

import datetime
import re
from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from lxml import html

from plans.domain.corbeille import purger_a_l_heure
from plans.domain.tour import DecisionsRefusees, PageChangee, PageTournee, tourner_la_page
from plans.interfaces.tour import phrase_du_tour
from plans.models import Action, Axe, Suivi
from plans.queries.plan import etendue_du_plan
from plans.rules.corbeille import purge_le
from plans.rules.tour import (
    A_DECIDER,
    CHANGEE,
    PAGE_CHANGEE,
    Decision,
    annee_qui_finit,
    est_le_moment,
)
from strategie.socle.models import Etablissement
from tests.plans.plans import un_axe, une_action

JUIN = datetime.datetime(2027, 6, 20, 9, tzinfo=datetime.UTC)
ANNEE, SUIVANTE = "2026-2027", "2027-2028"


def une_action_de(etablissement, intitule="Poser deux bornes", etat="en_cours", annee=ANNEE, **champs) -> Action:
    """Of the year that ends, whatever the day of the test; in this state, without the path to it."""
    action = une_action(etablissement, intitule, **champs)
    raison = "Le fournisseur ne répond pas" if etat in Action.A_RAISON else ""
    Action.objects.filter(pk=action.pk).update(annee_scolaire=annee, annee_fin=annee, etat=etat, raison=raison)
    action.refresh_from_db()
    return action


def decider(action: Action, suite: str, **champs) -> Decision:
    valeurs = {"annee_fin": SUIVANTE if suite == "reporter" else ""} | champs
    return Decision(action.pk, action.version, suite, **valeurs)


def tourner(monde, decisions, axes=(), maintenant=JUIN) -> PageTournee:
    return tourner_la_page(
        etablissement=monde.college,
        annee=ANNEE,
        decisions=decisions,
        axes_a_clore=axes,
        auteur=monde.chef,
        maintenant=maintenant,
    )


def etat_de(action: Action) -> tuple:
    action.refresh_from_db()
    return (action.etat, action.annee_fin, action.trimestre_fin, action.echeance, action.raison, action.version)


def suivis(action: Action) -> list[tuple]:
    return list(action.suivis.values_list("etat_avant", "etat", "note", "note_par", "note_le"))


# --- When ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("jour", "annee", "moment"),
    [
        (datetime.date(2027, 5, 31), ANNEE, False),
        (datetime.date(2027, 6, 1), ANNEE, True),
        (datetime.date(2027, 8, 20), ANNEE, True),
        (datetime.date(2027, 12, 31), ANNEE, True),
        (datetime.date(2028, 1, 1), SUIVANTE, False),
    ],
)
def test_le_moment_de_tourner_la_page(jour, annee, moment):
    assert (annee_qui_finit(jour), est_le_moment(jour)) == (annee, moment)


def test_ce_qui_attend_une_decision_se_compte(monde):
    """Drafts too; not what is finished, nor what goes on."""
    for etat in ("en_cours", "bloquee", "brouillon", "realisee", "abandonnee"):
        une_action_de(monde.college, etat, etat)
    une_action_de(monde.college, "Continue", annee=SUIVANTE)
    une_action_de(monde.college, "D'avant", annee="2025-2026")
    etendue = etendue_du_plan(monde.college, JUIN.date(), brouillons=True)
    assert (etendue.a_tourner, etendue.annees) == (4, [SUIVANTE, ANNEE, "2025-2026"])


# --- The act ------------------------------------------------------------------------------------------------
def test_chaque_action_devient_ce_qui_est_decide(monde):
    reportee = une_action_de(monde.college, "À reporter", "bloquee")
    Action.objects.filter(pk=reportee.pk).update(echeance=datetime.date(2027, 5, 3))
    realisee, abandonnee = une_action_de(monde.college, "Faite"), une_action_de(monde.college, "Sans objet", "a_venir")
    brouillon = une_action_de(monde.college, "Brouillon", "brouillon")
    axe, autre = un_axe(monde.college, "Qui finit"), un_axe(monde.college, "Qui continue")
    fait = tourner(
        monde,
        [
            decider(reportee, "reporter", trimestre_fin=2, raison="Livraison en retard."),
            decider(realisee, "realiser", raison="Oublié ici"),
            decider(abandonnee, "abandonner", raison="La collectivité s'en charge."),
            decider(brouillon, "retirer"),
        ],
        [axe.pk],
    )
    assert fait == PageTournee(reportees=1, realisees=1, abandonnees=1, retirees=1, axes_clos=1)
    assert etat_de(reportee) == ("bloquee", SUIVANTE, 2, None, "Le fournisseur ne répond pas", 2)
    assert etat_de(realisee) == ("realisee", ANNEE, None, None, "", 2)
    assert etat_de(abandonnee) == ("abandonnee", ANNEE, None, None, "La collectivité s'en charge.", 2)
    brouillon.refresh_from_db()
    assert (brouillon.supprime_le, brouillon.supprime_par, brouillon.etat) == (JUIN, monde.chef, "brouillon")
    assert suivis(reportee) == [
        (
            "bloquee",
            "bloquee",
            "Reportée\u00a0: fin 2026-2027, désormais 2027-2028, trimestre\u00a02 "
            "(échéance du 3\u00a0mai 2027 retirée). Livraison en retard.",
            monde.chef.pk,
            JUIN,
        )
    ]
    assert suivis(realisee) == [("en_cours", "realisee", "Oublié ici", monde.chef.pk, JUIN)]
    assert suivis(abandonnee) == [("a_venir", "abandonnee", "La collectivité s'en charge.", monde.chef.pk, JUIN)]
    assert reportee.derniere_nouvelle == JUIN.date()
    assert dict(Axe.objects.values_list("pk", "clos_le")) == {axe.pk: JUIN, autre.pk: None}


def test_ce_qui_part_a_la_corbeille_y_sera_detruit(monde, django_capture_on_commit_callbacks):
    brouillon = une_action_de(monde.college, "Brouillon", "brouillon")
    with django_capture_on_commit_callbacks(execute=True):
        tourner(monde, [decider(brouillon, "retirer")])
    purge = DBTaskResult.objects.get(task_path=purger_a_l_heure.module_path)
    assert (purge.args_kwargs["args"], purge.run_after) == ([monde.college.pk], purge_le(JUIN))


def test_envoyee_deux_fois_la_page_se_tourne_une_fois(monde):
    actions = [une_action_de(monde.college, "Une"), une_action_de(monde.college, "Deux", "brouillon")]
    axe = un_axe(monde.college)
    decisions = [decider(actions[0], "reporter"), decider(actions[1], "retirer")]
    premiere = tourner(monde, decisions, [axe.pk])
    apres = [etat_de(action) for action in actions]
    assert tourner(monde, decisions, [axe.pk], JUIN + datetime.timedelta(minutes=1)) == premiere
    assert [etat_de(action) for action in actions] == apres
    axe.refresh_from_db()
    assert (Suivi.objects.count(), axe.clos_le, axe.version) == (2, JUIN, 2)


def test_une_seule_ligne_fausse_et_rien_n_est_ecrit(monde):
    bonne, fausse = une_action_de(monde.college, "Bonne"), une_action_de(monde.college, "Fausse")
    axe = un_axe(monde.college)
    with pytest.raises(DecisionsRefusees) as refus:
        tourner(monde, [decider(bonne, "realiser"), decider(fausse, "abandonner")], [axe.pk])
    assert refus.value.lignes == {fausse.pk: "Pour abandonner une action, dites pourquoi."}
    axe.refresh_from_db()
    assert (etat_de(bonne)[0], Suivi.objects.count(), axe.clos_le) == ("en_cours", 0, None)


def changer(monde, action: Action) -> None:
    Action.objects.filter(pk=action.pk).update(version=action.version + 1, intitule="Changée par une collègue")


def ajouter(monde, action: Action) -> None:
    une_action_de(monde.college, "Arrivée entre-temps")


def finir(monde, action: Action) -> None:
    Action.objects.filter(pk=action.pk).update(etat="realisee", version=action.version + 5)


@pytest.mark.parametrize(
    ("evenement", "signalees"),
    [(changer, ["Changée par une collègue"]), (ajouter, ["Arrivée entre-temps"]), (finir, [])],
)
def test_ce_qui_a_change_entre_temps_se_revoit(monde, evenement, signalees):
    action, autre = une_action_de(monde.college, "Une"), une_action_de(monde.college, "Autre")
    decisions = [decider(action, "reporter"), decider(autre, "reporter")]
    evenement(monde, action)
    with pytest.raises(PageChangee) as refus:
        tourner(monde, decisions)
    vues = Action.objects.in_bulk(refus.value.lignes)
    assert (str(refus.value), sorted(a.intitule for a in vues.values())) == (PAGE_CHANGEE, signalees)
    assert set(refus.value.lignes.values()) <= {CHANGEE}
    assert etat_de(autre)[1] == ANNEE


@pytest.mark.parametrize(
    ("decision", "phrase"),
    [
        ({"suite": ""}, A_DECIDER),
        ({"suite": "retirer"}, A_DECIDER),  # published: not to be binned from here
        ({"suite": "n'importe quoi"}, A_DECIDER),
        (
            {"suite": "reporter", "annee_fin": ANNEE},
            "Une action se reporte à une année scolaire après 2026-2027, jusqu'à 2031-2032.",
        ),
        (
            {"suite": "reporter", "annee_fin": "2032-2033"},
            "Une action se reporte à une année scolaire après 2026-2027, jusqu'à 2031-2032.",
        ),
        (
            {"suite": "reporter", "annee_fin": "demain"},
            "Une action se reporte à une année scolaire après 2026-2027, jusqu'à 2031-2032.",
        ),
        ({"suite": "reporter", "annee_fin": SUIVANTE, "trimestre_fin": 4}, "Un trimestre va de 1 à 3."),
        (
            {"suite": "abandonner", "raison": "x" * 1001},
            "La raison dépasse 1000\u00a0caractères\u00a0: raccourcissez-la.",
        ),
    ],
)
def test_les_decisions_refusees(monde, decision, phrase):
    action = une_action_de(monde.college)
    with pytest.raises(DecisionsRefusees) as refus:
        tourner(monde, [replace(Decision(action.pk, action.version, ""), **decision)])
    assert refus.value.lignes == {action.pk: phrase}


def test_une_action_ne_finit_pas_avant_ses_sous_actions(monde):
    mere = une_action_de(monde.college, "Mère")
    fille = une_action_de(monde.college, "Fille", parent=mere)
    with pytest.raises(DecisionsRefusees) as refus:
        tourner(monde, [decider(mere, "realiser"), decider(fille, "reporter")])
    assert refus.value.lignes == {mere.pk: "Une de ses sous-actions est reportée\u00a0: reportez-la aussi."}
    Action.objects.filter(pk=fille.pk).update(annee_fin=SUIVANTE)
    with pytest.raises(DecisionsRefusees) as refus:
        tourner(monde, [decider(mere, "realiser")])
    assert refus.value.lignes == {
        mere.pk: "Elle a une suite après cette année («\u00a0Fille\u00a0»)\u00a0: reportez-la aussi."
    }
    assert tourner(monde, [decider(mere, "reporter")]).reportees == 1


def test_l_action_d_une_autre_ecole_ne_bouge_pas(monde):
    leur = une_action_de(monde.voisin_college, auteur=monde.voisin)
    with pytest.raises(PageChangee):
        tourner(monde, [decider(leur, "realiser")])
    assert etat_de(leur)[0] == "en_cours"


def test_l_acte_se_lit_dans_l_historique(monde):
    action = une_action_de(monde.college)
    tourner(monde, [decider(action, "realiser")])
    assert action.evenements.latest("pgh_id").pgh_context["acte"] == "tourner_la_page"


def test_ce_qui_est_fait_se_dit():
    assert phrase_du_tour(PageTournee(2, 1, 0, 1, 1)) == (
        "La page est tournée (actions\u00a0: 2\u00a0reportées, 1\u00a0réalisée, 1\u00a0à la corbeille\u00a0; "
        "1\u00a0axe clos)."
    )
    assert phrase_du_tour(PageTournee(0, 0, 0, 0, 0)) == "La page est tournée."


# --- The pages ------------------------------------------------------------------------------------------------
@pytest.fixture
def annee(monde) -> str:
    return annee_qui_finit(timezone.localdate(timezone=monde.academie.zone))


@pytest.fixture
def chef(client, monde):
    client.force_login(monde.chef)
    return client


def adresse(etablissement: Etablissement) -> str:
    return reverse("plan_tourner", args=[etablissement.uai])


def champs(page, etape: str) -> dict[str, str]:
    """What the form of a page would send as it is shown."""
    formulaire = next(
        f for f in html.fromstring(page.content).forms if f.method == "POST" and f.xpath(".//button[@name='etape']")
    )
    return dict(formulaire.form_values()) | {"etape": etape}


def mots(page) -> str:
    return re.sub(r"\s+", " ", html.fromstring(page.content).text_content())


def test_decider_relire_tourner(chef, monde, annee):
    suivante = f"{int(annee[:4]) + 1}-{int(annee[:4]) + 2}"
    reportee = une_action_de(monde.college, "À <b>reporter</b>", annee=annee)
    abandonnee = une_action_de(monde.college, "À abandonner", annee=annee)
    axe = un_axe(monde.college, "Un axe", annee_scolaire=annee)
    page = chef.get(adresse(monde.college))
    assert "2 actions devaient finir" in mots(page)
    envoi = champs(page, "verifier") | {
        f"suite-{reportee.pk}": "reporter",
        f"trimestre-{reportee.pk}": "1",
        f"suite-{abandonnee.pk}": "abandonner",
    }
    refusee = chef.post(adresse(monde.college), envoi)
    assert (refusee.status_code, refusee.context["page"].erreurs) == (
        422,
        {abandonnee.pk: "Pour abandonner une action, dites pourquoi."},
    )
    assert champs(refusee, "verifier")[f"suite-{reportee.pk}"] == "reporter"
    relue = chef.post(
        adresse(monde.college), envoi | {f"raison-{abandonnee.pk}": "Sans moyens", f"axe-{axe.pk}": "clore"}
    )
    assert relue.status_code == 200
    assert f"À <b>reporter</b> : jusqu'en {suivante}, trimestre 1" in mots(relue).replace("\u00a0", " ")
    assert not Suivi.objects.exists()
    corrigee = chef.post(adresse(monde.college), champs(relue, "corriger"))
    assert champs(corrigee, "")[f"raison-{abandonnee.pk}"] == "Sans moyens"
    for _ in range(2):
        fini = chef.post(adresse(monde.college), champs(relue, "tourner"))
        assert (fini.status_code, fini["Location"]) == (
            302,
            f"{reverse('moyens', args=[monde.college.uai])}?annee={suivante}",
        )
    assert etat_de(reportee)[:3] == ("en_cours", suivante, 1)
    assert etat_de(abandonnee)[0] == "abandonnee"
    assert Suivi.objects.count() == 2
    axe.refresh_from_db()
    assert axe.clos_le is not None


def test_une_page_depassee_revient_avec_ce_qui_etait_decide(chef, monde, annee):
    changee, autre = (
        une_action_de(monde.college, "Une", annee=annee),
        une_action_de(monde.college, "Autre", annee=annee),
    )
    envoi = champs(chef.get(adresse(monde.college)), "verifier") | {
        f"suite-{changee.pk}": "realiser",
        f"suite-{autre.pk}": "reporter",
    }
    relue = chef.post(adresse(monde.college), envoi)
    Action.objects.filter(pk=changee.pk).update(version=9)
    depassee = chef.post(adresse(monde.college), champs(relue, "tourner"))
    assert (depassee.status_code, depassee.context["page"].erreurs) == (409, {changee.pk: CHANGEE})
    assert etat_de(autre)[1] == annee
    revue = chef.post(adresse(monde.college), champs(depassee, "verifier"))
    assert chef.post(adresse(monde.college), champs(revue, "tourner")).status_code == 302
    assert (etat_de(changee)[0], etat_de(autre)[1] > annee) == ("realisee", True)


@pytest.mark.parametrize("etape", ["verifier", "corriger", "tourner", "autre", ""])
def test_un_envoi_hostile_ne_fait_rien(chef, monde, annee, etape):
    action = une_action_de(monde.college, annee=annee)
    envoi = {
        "etape": etape,
        f"version-{action.pk}": "9" * 30,
        f"suite-{action.pk}": "realiser",
        f"trimestre-{action.pk}": "\u0663",
        "version-x": "1",
        "version-99999999999999999999": "1",
        "axe-99999999999999999999": "clore",
        "axe-x": "clore",
    }
    assert chef.post(adresse(monde.college), envoi).status_code in (200, 409, 422)
    assert (etat_de(action)[0], Suivi.objects.count()) == ("en_cours", 0)


def test_rien_a_tourner_le_dit(chef, monde):
    assert "Rien n'attend une décision" in mots(chef.get(adresse(monde.college)))


def test_la_page_coute_autant_pour_trois_actions(chef, monde, annee):
    axe = un_axe(monde.college, annee_scolaire=annee)
    une_action_de(monde.college, "Une", annee=annee, axes=[axe], porteur=monde.referent.pk)
    assert len(chef.get(adresse(monde.college)).requetes) == 10
    mere = une_action_de(monde.college, "Deux", annee=annee, axes=[axe], porteur=monde.chef.pk)
    une_action_de(monde.college, "Trois", annee=annee, parent=mere)
    assert len(chef.get(adresse(monde.college)).requetes) == 10
