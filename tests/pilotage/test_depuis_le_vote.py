"""One euro changed after the vote: the old file still verifies, the plan says it, the next file lists it."""

import datetime
import hashlib
import json
from dataclasses import replace
from decimal import Decimal as D

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from lxml import html

from budget.domain.lignes import lire_ligne, modifier_ligne
from budget.models import LigneBudget
from diagnostic.domain.contenu import empreinte
from strategie.pilotage.domain.conseil import Voix
from strategie.pilotage.domain.deliberations import SaisieVote
from strategie.pilotage.interfaces.dossier import imprimer_dossier
from strategie.pilotage.queries.depuis_le_vote import depuis_le_vote
from strategie.socle.domain.calendrier import annee_precedente, annee_scolaire, annee_suivante
from strategie.socle.models import Etablissement
from strategie.socle.rules import date_en_phrase
from tests.budget.budgets import une_ligne
from tests.pilotage.conseils import hier, un_dossier, une_deliberation, voter
from tests.plans.plans import une_action, une_action_publiee

SECTIONS = ("changements", "plan", "budget", "deliberation")


def aujourd_hui() -> datetime.date:
    return timezone.localdate()


def ajouter_un_euro(ligne: LigneBudget, auteur) -> None:
    base = lire_ligne(ligne)
    saisie = replace(base, prevu=base.prevu + D(1))
    modifier_ligne(ligne=ligne, base=base, saisie=saisie, auteur=auteur, maintenant=timezone.now())


def test_un_euro_apres_le_vote(client, monde):
    college = monde.college
    action = une_action_publiee(college, "Former à l'ENT")
    ligne = une_ligne(college, aujourd_hui().year, "Formateur", action=action.pk, prevu=D(1200))
    presente = un_dossier(college, SECTIONS, rendre_pdf=imprimer_dossier)
    acte = voter(une_deliberation(college, dossier=presente.pk), rendre_pdf=imprimer_dossier)
    vote = acte.dossier_vote
    vote.refresh_from_db()
    assert depuis_le_vote(college, aujourd_hui()).changements == []
    client.force_login(monde.chef)
    intact = f"Tel que le conseil d'administration l'a voté le {date_en_phrase(hier())}."
    assert " ".join(intact.split()) in du_plan(client, college)

    ajouter_un_euro(ligne, monde.chef)

    # The file voted is what it was: its bytes, its content, and what the page that verifies says of it.
    octets = bytes(vote.pdf)
    assert (hashlib.sha256(octets).hexdigest(), empreinte(vote.contenu)) == (vote.sha256_pdf, vote.sha256_contenu)
    envoi = {"fichier": SimpleUploadedFile("dossier.pdf", octets, "application/pdf")}
    assert f"n°&nbsp;{vote.numero}" in client.post(reverse("verifier_dossier"), envoi).content.decode()
    # The plan says that it has changed, and of what.
    attendus = [("action", "cout", "1200.00", "1201.00"), ("ligne", "prevu", "1200.00", "1201.00")]
    depuis = depuis_le_vote(college, aujourd_hui())
    assert (depuis.le, depuis.numero) == (hier(), vote.numero)
    assert [(un.objet, un.champ, un.avant, un.apres) for un in depuis.changements] == attendus
    for nom in ("moyens", "plan_par_etat", "plan_frise"):
        dit = du_plan(client, college, nom)
        assert "modifié depuis le vote Le conseil d'administration a voté ce plan et son budget le" in dit
        assert "il y a 2 différences depuis. Voir ce qui a changé" in dit
    page = client.get(reverse("evaluation", args=[college.uai])).content.decode()
    assert "Le plan a changé depuis la délibération du" in page
    assert page.count("1\u202f201,00\u00a0€") == 2
    # The next file lists it.
    suivant = json.loads(un_dossier(college, SECTIONS).contenu)
    assert [(un["objet"], un["champ"], un["avant"], un["apres"]) for un in suivant["changements"]] == attendus


def du_plan(client, etablissement, nom="moyens", **parametres) -> str:
    reponse = client.get(reverse(nom, args=[etablissement.uai], query=parametres))
    return " ".join(html.fromstring(reponse.content).find(".//main").text_content().split())


def test_le_plan_dit_le_vote_en_deux_requetes_a_qui_lit_les_dossiers(client, monde):
    """Drafts change nothing; a year that was not voted says so; the page of a year before says nothing."""
    college, annee = monde.college, annee_scolaire(aujourd_hui())
    une_action_publiee(college, "Former à l'ENT")
    client.force_login(monde.chef)
    adresse = reverse("moyens", args=[college.uai])
    sans_vote = len(client.get(adresse).requetes)
    voter(une_deliberation(college, dossier=un_dossier(college, SECTIONS).pk))
    une_action(college, "Brouillon")
    reponse = client.get(adresse)
    assert len(reponse.requetes) == sans_vote + 1
    assert "Tel que le conseil d'administration l'a voté" in du_plan(client, college)
    suivant = du_plan(client, college, annee=annee_suivante(annee))
    assert f"Le conseil d'administration a voté le plan {annee}, le" in suivant
    assert "pas encore celui-ci" in suivant
    assert "conseil d'administration" not in du_plan(client, college, annee=annee_precedente(annee))
    client.force_login(monde.animatrice)
    assert "conseil d'administration" not in du_plan(client, college)


def test_une_ecole_lit_l_avis_de_son_conseil(client, monde):
    Etablissement.objects.filter(pk=monde.college.pk).update(type="ecole")
    monde.college.refresh_from_db()
    une_action_publiee(monde.college, "Former à l'ENT")
    voter(une_deliberation(monde.college, dossier=un_dossier(monde.college, SECTIONS).pk))
    client.force_login(monde.chef)
    assert "Tel que le conseil d'école l'a lu le" in du_plan(client, monde.college)
    une_action_publiee(monde.college, "Une autre")
    dit = du_plan(client, monde.college)
    assert "modifié depuis l'avis Le conseil d'école a lu ce plan" in dit
    assert "il y a 2 différences depuis" in dit  # the action, and its axe


def test_rien_n_est_compare_avant_une_adoption(monde):
    une_action_publiee(monde.college, "Former à l'ENT")
    une_deliberation(monde.college)
    assert depuis_le_vote(monde.college, aujourd_hui()) is None
    presente = un_dossier(monde.college, SECTIONS)
    voter(une_deliberation(monde.college, dossier=presente.pk), SaisieVote("1", Voix(1, 9)))  # rejected
    assert depuis_le_vote(monde.college, aujourd_hui()) is None


def test_c_est_a_la_derniere_adoption_que_l_on_compare(monde):
    ligne = une_ligne(monde.college, aujourd_hui().year, "Formateur", prevu=D(1200))
    for rang in range(2):
        presente = un_dossier(monde.college, SECTIONS)
        voter(une_deliberation(monde.college, dossier=presente.pk), SaisieVote(str(rang), Voix(12, 1)))
        ligne.refresh_from_db()
        ajouter_un_euro(ligne, monde.chef)
    (change,) = depuis_le_vote(monde.college, aujourd_hui()).changements
    assert (change.avant, change.apres) == ("1201.00", "1202.00")


def test_un_plan_d_une_autre_annee_ne_cache_pas_celui_qui_a_ete_vote(monde):
    """The plan voted is read in its own year, the budget in its own exercice."""
    une_ligne(monde.college, aujourd_hui().year, "Formateur", prevu=D(1200))
    presente = un_dossier(monde.college, SECTIONS)
    voter(une_deliberation(monde.college, dossier=presente.pk))
    une_ligne(monde.college, aujourd_hui().year + 1, "De l'an prochain", prevu=D(5))
    assert depuis_le_vote(monde.college, aujourd_hui() + datetime.timedelta(days=400)).changements == []
