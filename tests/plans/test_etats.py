"""Where an action stands: who says it, what it asks, and the trail that only grows."""

import datetime
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from plans.domain.actions import ETAT_CHANGE, changer_etat, lire_saisie, modifier_action
from plans.models import Action, Suivi
from plans.rules.actions import empechement_changer_etat
from strategie.socle.domain.calendrier import bornes
from strategie.socle.domain.empechement import Empeche
from tests.plans.plans import une_action, une_action_publiee
from tests.plans.test_actions import adresse, champs_du_formulaire, erreurs, mots


# --- The rule, pure -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("avant", [etat for etat in Action.Etat if etat != Action.Etat.BROUILLON])
@pytest.mark.parametrize("etat", [etat for etat in Action.Etat if etat != Action.Etat.BROUILLON])
def test_tout_etat_mene_a_tout_autre(avant, etat):
    assert empechement_changer_etat(avant, etat, "Une raison") is None


@pytest.mark.parametrize(
    ("avant", "etat", "raison", "phrase"),
    [
        ("en_cours", "bloquee", "", "Pour bloquer une action, dites pourquoi."),
        ("en_cours", "en_pause", "", "Pour mettre en pause une action, dites pourquoi."),
        ("en_cours", "abandonnee", "", "Pour abandonner une action, dites pourquoi."),
        ("en_cours", "en_cours", "", "Rien n'a changé\u00a0: choisissez un autre état, ou écrivez une note."),
        ("brouillon", "en_cours", "Une raison", "Cette action est en brouillon\u00a0: publiez-la d'abord."),
        (
            "en_cours",
            "brouillon",
            "Une raison",
            "Une action publiée ne redevient pas un brouillon\u00a0: abandonnez-la, ou mettez-la à la corbeille.",
        ),
        ("en_cours", "finie", "", "Choisissez un état dans la liste."),
        ("en_cours", "realisee", "x" * 1001, "Ce texte dépasse 1000\u00a0caractères\u00a0: raccourcissez-le."),
    ],
)
def test_ce_que_demande_un_etat(avant, etat, raison, phrase):
    assert empechement_changer_etat(avant, etat, raison) == phrase


def test_une_action_n_est_pas_realisee_avant_ses_parts():
    assert empechement_changer_etat("en_cours", "realisee", "", ouvertes=["Câbler"]) == (
        "L'action n'est pas encore réalisée\u00a0: sa sous-action n'est pas finie («\u00a0Câbler\u00a0»)."
    )
    assert empechement_changer_etat("en_cours", "realisee", "", ouvertes=["Câbler", "Tester"]) == (
        "L'action n'est pas encore réalisée\u00a0: ses sous-actions ne sont pas finies («\u00a0Câbler\u00a0», "
        "«\u00a0Tester\u00a0»)."
    )


# --- The act --------------------------------------------------------------------------------------------------
def changer(action, etat, auteur, raison="", **suite):
    suite.setdefault("maintenant", timezone.now())
    changer_etat(action=action, etat=etat, raison=raison, auteur=auteur, **suite)


def test_chaque_changement_laisse_sa_ligne(monde):
    action = une_action_publiee(monde.college)
    le = datetime.datetime(2030, 1, 9, 23, 30, tzinfo=datetime.UTC)  # the tenth, in Paris
    changer(action, "en_cours", monde.chef, maintenant=le)
    changer(action, "bloquee", monde.referent, "Câbles en retard", maintenant=le)
    changer(action, "bloquee", monde.referent, "Livrés lundi", maintenant=le)
    action.refresh_from_db()
    assert (action.etat, action.raison, action.derniere_nouvelle, action.version) == (
        "bloquee", "Livrés lundi", datetime.date(2030, 1, 10), 5,
    )  # fmt: skip
    changer(action, "en_cours", monde.referent, maintenant=le)
    action.refresh_from_db()
    assert (action.etat, action.raison) == ("en_cours", "")
    changer(action, "en_cours", monde.chef, "Une borne sur deux", maintenant=le)
    lignes = list(action.suivis.values_list("etat_avant", "etat", "note", "note_par__first_name"))
    assert lignes == [
        ("brouillon", "a_venir", "", "Claire"),
        ("a_venir", "en_cours", "", "Claire"),
        ("en_cours", "bloquee", "Câbles en retard", "Rémi"),
        ("bloquee", "bloquee", "Livrés lundi", "Rémi"),
        ("bloquee", "en_cours", "", "Rémi"),
        ("en_cours", "en_cours", "Une borne sur deux", "Claire"),
    ]
    assert Action.objects.get().raison == ""


def test_un_refus_ne_laisse_rien(monde):
    action = une_action_publiee(monde.college)
    avant = Action.objects.values().get()
    with pytest.raises(Empeche):
        changer(action, "bloquee", monde.chef)
    assert (Action.objects.values().get(), Suivi.objects.count()) == (avant, 1)


def test_le_suivi_ne_se_recrit_pas(monde):
    une_action_publiee(monde.college)
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        Suivi.objects.update(note="Autrement dit")
    with pytest.raises(IntegrityError, match="action_raison"), transaction.atomic():
        Action.objects.update(etat="abandonnee", raison="")


def test_les_parts_d_abord(monde):
    haut = une_action_publiee(monde.college, "Haut")
    un = une_action_publiee(monde.college, "Un", parent=haut)
    une_action_publiee(monde.college, "Deux", parent=haut)
    changer(un, "realisee", monde.chef)
    with pytest.raises(Empeche, match="sa sous-action n'est pas finie \\(«\u00a0Deux\u00a0»\\)"):
        changer(haut, "realisee", monde.chef)
    changer(Action.objects.get(intitule="Deux"), "abandonnee", monde.chef, "Inutile")
    changer(haut, "realisee", monde.chef)
    assert set(Action.objects.values_list("etat", flat=True)) == {"realisee", "abandonnee"}


def test_l_etat_change_entre_temps_ne_s_ecrase_pas(monde):
    action = une_action_publiee(monde.college)
    lue = action.version
    base = lire_saisie(action)
    modifier_action(
        action=action,
        base=base,
        saisie=replace(base, intitule="Autrement"),
        auteur=monde.referent,
        maintenant=timezone.now(),
    )
    changer(action, "en_cours", monde.chef, version=lue)  # something else has changed: the state has not
    with pytest.raises(Empeche) as refus:
        changer(action, "bloquee", monde.referent, "Câbles", version=lue)
    assert str(refus.value) == ETAT_CHANGE.format(etat="En cours")
    assert Action.objects.get().etat == "en_cours"
    changer(action, "en_pause", monde.referent, "Vacances", version=Action.objects.get().version)
    with pytest.raises(Empeche):
        changer(action, "en_cours", monde.chef, version=99)


def test_le_retard_se_calcule(monde):
    action = une_action_publiee(monde.college, trimestre_fin=1)
    fin = bornes(action.annee_fin)[0].replace(month=12, day=31)
    demain = fin + datetime.timedelta(days=1)
    assert (action.en_retard(fin), action.en_retard(demain)) == (False, True)
    changer(action, "realisee", monde.chef)
    action.refresh_from_db()
    assert not action.en_retard(demain)
    assert not une_action(monde.college, trimestre_fin=1).en_retard(demain)


# --- The page ----------------------------------------------------------------------------------------------------
def test_changer_l_etat_par_la_page(client, monde):
    action = une_action_publiee(monde.college)
    client.force_login(monde.chef)
    chemin = adresse("action_etat", action.pk)
    envoi = champs_du_formulaire(client.get(chemin))
    reponse = client.post(chemin, envoi | {"etat": "bloquee", "raison": "  "})
    assert (reponse.status_code, "Pour bloquer une action, dites pourquoi." in mots(reponse)) == (422, True)
    assert champs_du_formulaire(reponse)["etat"] == ["bloquee"]
    reponse = client.post(chemin, champs_du_formulaire(reponse) | {"raison": "Câbles\r\nen retard"})
    assert (reponse.status_code, reponse["Location"]) == (302, adresse("action", action.pk))
    dit = mots(client.get(adresse("action", action.pk)))
    assert "Bloquée" in dit and "Pourquoi : Câbles en retard" in dit
    assert "À venir →puis Bloquée – Claire Chef, le " in dit
    reponse = client.post(chemin, envoi | {"etat": "finie"})
    assert erreurs(reponse) == {"etat": "Choisissez un état dans la liste."}
    reponse = client.post(chemin, {})
    assert (reponse.status_code, "Cette page est incomplète" in mots(reponse)) == (422, True)


def test_le_formulaire_rapide_revient_d_ou_il_vient(client, monde):
    action = une_action_publiee(monde.college)
    client.force_login(monde.chef)
    plan = f"{adresse('moyens')}?etat=a_venir"
    envoi = {"etat": "en_cours", "raison": "", "version": action.version}
    assert client.post(adresse("action_etat", action.pk), envoi | {"retour": plan})["Location"] == plan
    envoi = {"etat": "en_cours", "raison": "Une note", "version": Action.objects.get().version}
    reponse = client.post(adresse("action_etat", action.pk), envoi | {"retour": "https://exemple.invalid/"})
    assert reponse["Location"] == adresse("action", action.pk)


def test_qui_suit_une_action(client, monde):
    """Whoever carries it changes its state; who contributes notes; the others of the school read."""
    action = une_action_publiee(
        monde.college, porteur=monde.gestionnaire.pk, contributeurs=frozenset({monde.lectrice.pk})
    )
    chemin = adresse("action_etat", action.pk)
    client.force_login(monde.gestionnaire)
    envoi = champs_du_formulaire(client.get(chemin))
    assert client.post(chemin, envoi | {"etat": "en_cours"}).status_code == 302
    client.force_login(monde.lectrice)
    page = client.get(chemin)
    envoi = champs_du_formulaire(page)
    assert ("Ajouter une note" in mots(page), envoi["etat"]) == (True, ["en_cours"])
    assert client.post(chemin, envoi | {"raison": "Une borne posée"}).status_code == 302
    assert client.post(chemin, envoi | {"etat": "realisee"}).status_code == 422
    assert Action.objects.get().etat == "en_cours"
    assert list(action.suivis.values_list("etat", "note", "note_par"))[-1] == (
        "en_cours", "Une borne posée", monde.lectrice.pk,
    )  # fmt: skip
    autre = une_action_publiee(monde.college, "Autre")
    assert client.get(adresse("action_etat", autre.pk)).status_code == 403
    assert client.post(adresse("action_etat", autre.pk), {"etat": "en_cours"}).status_code == 403
    assert "Dire où elle en est" not in mots(client.get(adresse("action", autre.pk)))


def test_un_brouillon_ne_recoit_qu_une_note(client, monde):
    action = une_action(monde.college)
    client.force_login(monde.chef)
    chemin = adresse("action_etat", action.pk)
    envoi = champs_du_formulaire(client.get(chemin))
    assert envoi["etat"] == ["brouillon"]
    assert client.post(chemin, envoi | {"raison": "Demander un devis"}).status_code == 302
    assert list(action.suivis.values_list("etat_avant", "etat", "note")) == [
        ("brouillon", "brouillon", "Demander un devis")
    ]
