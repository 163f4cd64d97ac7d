"""Every address × every character: 404 outside the perimeter, 403 inside without the right, and nobody unlisted.

The table is compared with the URLconf: an address that is not in it fails, a line without an address too.
"""

import datetime
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import batched
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils import timezone
from django.utils.html import escape
from lxml import html

from diagnostic.domain.versions import preparer_version
from diagnostic.domain.visites import SaisieVisite, noter_visite
from diagnostic.models import Referentiel
from strategie.socle.domain.comptes import inviter
from strategie.socle.droits import Role
from strategie.socle.models import Etablissement
from strategie.socle.rules import FERME
from tests.dossier import Dossier
from tests.enquetes import une_enquete, une_enquete_depouillee
from tests.parcours.lignes import (
    CONNEXION,
    ECOLE,
    ENCADREMENT,
    PERSONNAGES,
    Ligne,
    connectes,
    du_rectorat,
    ecole,
    rectorats,
    tous,
    uai,
)
from tests.parcours.matrice_achats import LIGNES_ACHATS
from tests.parcours.matrice_actions import LIGNES_ACTIONS
from tests.parcours.matrice_besoins import LIGNES_BESOINS
from tests.parcours.matrice_bilan import LIGNES_BILAN
from tests.parcours.matrice_budget import LIGNES_BUDGET
from tests.parcours.matrice_carte import LIGNES_CARTE
from tests.parcours.matrice_cascade import LIGNES_CASCADE
from tests.parcours.matrice_deliberation import LIGNES_DELIBERATION
from tests.parcours.matrice_districts import LIGNES_DISTRICTS
from tests.parcours.matrice_dossier import LIGNES_DOSSIER
from tests.parcours.matrice_echanges import LIGNES_ECHANGES
from tests.parcours.matrice_echanges_budget import LIGNES_ECHANGES_BUDGET
from tests.parcours.matrice_equipement_chiffres import LIGNES_EQUIPEMENT_CHIFFRES
from tests.parcours.matrice_equipement_imports import LIGNES_EQUIPEMENT_IMPORTS
from tests.parcours.matrice_equipement_inventaire import LIGNES_EQUIPEMENT_INVENTAIRE
from tests.parcours.matrice_equipement_liste import LIGNES_EQUIPEMENT_LISTE
from tests.parcours.matrice_equipement_reseau import LIGNES_EQUIPEMENT_RESEAU
from tests.parcours.matrice_equipement_telephone import LIGNES_EQUIPEMENT_TELEPHONE
from tests.parcours.matrice_equipement_usages import LIGNES_EQUIPEMENT_USAGES
from tests.parcours.matrice_formation import LIGNES_FORMATION
from tests.parcours.matrice_formation_plan import LIGNES_FORMATION_PLAN
from tests.parcours.matrice_historique import LIGNES_HISTORIQUE
from tests.parcours.matrice_indicateurs import LIGNES_INDICATEURS
from tests.parcours.matrice_lots import LIGNES_LOTS
from tests.parcours.matrice_propositions import LIGNES_PROPOSITIONS
from tests.parcours.matrice_rappels import LIGNES_RAPPELS
from tests.parcours.matrice_tableaux import LIGNES_TABLEAUX
from tests.parcours.matrice_vision import LIGNES_VISION
from tests.parcours.matrice_vues import LIGNES_VUES

LIGNES_PAR_DOSSIER = 8
EXEMPLES = ("exemple", "1", "0980001U", "2026-2027", "district", "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee")
JETON = {"csrfmiddlewaretoken": "checked elsewhere"}  # a browser's form is never empty


def annee(dossier: Dossier) -> tuple:
    return (dossier.monde.college.uai, dossier.annee)


def signee(dossier: Dossier) -> tuple:
    return (dossier.monde.college.uai, dossier.copie.diagnostic.campagne.annee_scolaire)


def champ(dossier: Dossier) -> tuple:
    return (*annee(dossier), dossier.preuve.indicateur.champ.code)


def indicateur(dossier: Dossier) -> tuple:
    return (*annee(dossier), dossier.preuve.indicateur.code)


def preuve(dossier: Dossier) -> tuple:
    return (*annee(dossier), dossier.preuve.cle)


def version(dossier: Dossier) -> tuple:
    return (*signee(dossier), dossier.copie.version)


def champ_signe(dossier: Dossier) -> tuple:
    return (*signee(dossier), "PIL")


def visite(dossier: Dossier) -> tuple:
    """A line of the journal that the animatrice wrote."""
    ligne = noter_visite(
        etablissement=dossier.monde.college,
        saisie=SaisieVisite(date=datetime.date(2020, 9, 1), forme="document", objet="Rentrée", conseil=""),
        cle=uuid.uuid4(),
        auteur=dossier.monde.animatrice,
        maintenant=timezone.now(),
    )
    return (*uai(dossier), ligne.pk)


def jeton(dossier: Dossier) -> tuple:
    return (
        inviter(
            etablissement=dossier.monde.college,
            email="nouvelle@exemple.invalid",
            role=Role.MEMBRE,
            auteur=dossier.monde.chef,
            maintenant=timezone.now(),
        )[1],
    )


def invitation(dossier: Dossier) -> tuple:
    jeton(dossier)
    return (*uai(dossier), dossier.monde.college.invitations.latest("pk").pk)


def affectation(dossier: Dossier) -> tuple:
    return (*uai(dossier), dossier.monde.lectrice.affectations.get().pk)


def depouillee(dossier: Dossier) -> tuple:
    """Last year's survey, counted."""
    monde = dossier.monde
    faite = monde.college.enquetes.filter(etat="depouillee").first() or une_enquete_depouillee(
        monde.college, monde.chef, timezone.now(), il_y_a=400
    )
    return (*uai(dossier), faite.pk)


def enquete(dossier: Dossier, acces: str = "coupons") -> tuple:
    """This year's, that is open."""
    monde = dossier.monde
    depouillee(dossier)  # a later survey would prevent it
    ouverte = monde.college.enquetes.filter(etat="ouverte").first() or une_enquete(
        monde.college, monde.chef, timezone.now(), acces=acces
    )
    return (*uai(dossier), ouverte.pk)


def instantane(dossier: Dossier) -> tuple:
    nomme = dossier.monde.college.instantanes.first() or dossier.monde.college.instantanes.create(
        nom="Avant le conseil", copie=dossier.copie, cree_par=dossier.monde.chef, cree_le=timezone.now()
    )
    return (*uai(dossier), nomme.pk)


def besoin(dossier: Dossier) -> tuple:
    retenu, _ = dossier.monde.college.besoins.get_or_create(
        annee_scolaire=dossier.annee,
        origine="indicateur",
        reference="PIL-1-1",
        defaults={
            "intitule": "Écrire une lettre de mission",
            "constat": "Condition qui manque",
            "retenu_par": dossier.monde.chef,
            "retenu_le": timezone.now(),
        },
    )
    return (*uai(dossier), retenu.pk)


def campagne(dossier: Dossier) -> tuple:
    return (dossier.brouillon.campagne_id,)


def prolongation(dossier: Dossier) -> tuple:
    accordee, _ = dossier.brouillon.campagne.prolongations.get_or_create(
        district=dossier.monde.district,
        defaults={
            "date_cloture": dossier.brouillon.date_cloture + timedelta(days=1),
            "motif": "Crue",
            "accordee_par": dossier.monde.rectorat,
            "accordee_le": timezone.now(),
        },
    )
    return (*campagne(dossier), accordee.pk)


def version_suivante(dossier: Dossier) -> Referentiel:
    monde, precedent = dossier.monde, dossier.brouillon.referentiel
    return preparer_version(precedent=precedent, academie=monde.academie, auteur=monde.rectorat)


def du_brouillon(dossier: Dossier) -> tuple:
    return (version_suivante(dossier).pk,)


def indicateur_du_brouillon(dossier: Dossier) -> tuple:
    return (*du_brouillon(dossier), "PIL-1-1")


def champ_du_brouillon(dossier: Dossier) -> tuple:
    return (*du_brouillon(dossier), "PIL")


def regle_du_brouillon(dossier: Dossier) -> tuple:
    return (*du_brouillon(dossier), "P01")


LECTEURS = (*ECOLE, "animatrice", "rectorat")
LECTEURS_ENQUETE = ("chef", "referent", "lectrice")
MATRICE = [
    # Public pages
    Ligne("accueil", tous(302, sans_affectation=200, technique=200, anonyme=200)),
    Ligne("apparence", tous(302), "POST", corps={"apparence": "sombre"}),
    Ligne("accessibilite", tous(200)),
    Ligne("mentions_legales", tous(200)),
    Ligne("donnees_personnelles", tous(200)),
    Ligne("aide", tous(200)),
    # Accounts
    Ligne("account_login", tous(302, anonyme=200)),
    Ligne("account_login", tous(302, anonyme=200), "POST"),
    Ligne("account_logout", tous(200, anonyme=302)),
    Ligne("account_logout", tous(302), "POST"),
    Ligne("account_reset_password", tous(200)),
    Ligne("account_reset_password", tous(302), "POST", corps={"email": "personne@exemple.invalid"}),
    Ligne("account_reset_password_done", tous(200)),
    Ligne("account_reset_password_from_key", tous(200), arguments=lambda dossier: ("1", "clef-inconnue")),
    Ligne("account_reset_password_from_key_done", tous(200)),
    Ligne("account_inactive", tous(200)),
    Ligne("account_reauthenticate", connectes(200)),
    Ligne("account_change_password", connectes(200)),
    Ligne("account_change_password", connectes(200), "POST"),
    Ligne("compte", connectes(200)),
    Ligne("compte", connectes(422), "POST"),
    # Dashboards
    Ligne("etablissements", connectes(200)),
    Ligne("etablissement", ecole(200, *ECOLE, *ENCADREMENT), arguments=uai),
    Ligne("campagnes", rectorats(200)),
    Ligne("campagnes", rectorats(422), "POST"),
    Ligne("campagne", du_rectorat(200), arguments=campagne),
    Ligne("campagne_export", du_rectorat(200), arguments=campagne),
    Ligne("campagne_modifier", du_rectorat(200), arguments=campagne),
    Ligne("campagne_modifier", du_rectorat(422), "POST", campagne),
    Ligne("campagne_prolonger", du_rectorat(200), arguments=campagne),
    Ligne("campagne_prolonger", du_rectorat(422), "POST", campagne),
    Ligne("prolongation_retirer", du_rectorat(200), arguments=prolongation),
    Ligne("prolongation_retirer", du_rectorat(302), "POST", prolongation),
    Ligne("campagne_version", du_rectorat(200), arguments=lambda d: (d.brouillon.campagne_id,)),
    Ligne("campagne_version", du_rectorat(422), "POST", lambda d: (d.brouillon.campagne_id,)),
    # Versions of the référentiel
    Ligne("referentiels", rectorats(200)),
    Ligne("referentiel", rectorats(200), arguments=lambda d: (d.brouillon.referentiel_id,)),
    Ligne("referentiel", du_rectorat(200), arguments=du_brouillon),
    Ligne("referentiel_preparer", rectorats(302), "POST", lambda d: (d.brouillon.referentiel_id,)),
    Ligne("referentiel_comparer", du_rectorat(200), arguments=du_brouillon),
    Ligne("referentiel_publier", du_rectorat(200), arguments=du_brouillon),
    Ligne("referentiel_publier", du_rectorat(302), "POST", du_brouillon),
    Ligne("referentiel_supprimer", du_rectorat(200), arguments=du_brouillon),
    Ligne("referentiel_supprimer", du_rectorat(302), "POST", du_brouillon),
    Ligne("referentiel_reglages", du_rectorat(200), arguments=du_brouillon),
    Ligne("referentiel_reglages", du_rectorat(422), "POST", du_brouillon),
    Ligne("referentiel_regles", du_rectorat(200), arguments=du_brouillon),
    Ligne("referentiel_regles", du_rectorat(422), "POST", du_brouillon),
    Ligne("referentiel_regle_retirer", du_rectorat(302), "POST", regle_du_brouillon),
    Ligne("referentiel_ajouter", du_rectorat(200), arguments=champ_du_brouillon),
    Ligne("referentiel_ajouter", du_rectorat(422), "POST", champ_du_brouillon),
    Ligne("referentiel_fusionner", du_rectorat(200), arguments=champ_du_brouillon),
    Ligne("referentiel_fusionner", du_rectorat(422), "POST", champ_du_brouillon),
    Ligne("referentiel_indicateur", du_rectorat(200), arguments=indicateur_du_brouillon),
    Ligne("referentiel_indicateur", du_rectorat(422), "POST", indicateur_du_brouillon),
    Ligne("referentiel_deplacer", du_rectorat(302), "POST", indicateur_du_brouillon),
    Ligne("referentiel_retirer", du_rectorat(200), arguments=indicateur_du_brouillon),
    Ligne("referentiel_retirer", du_rectorat(422), "POST", indicateur_du_brouillon),
    Ligne("referentiel_scinder", du_rectorat(200), arguments=indicateur_du_brouillon),
    Ligne("referentiel_scinder", du_rectorat(422), "POST", indicateur_du_brouillon),
    Ligne("referentiel_correspondances", du_rectorat(200), arguments=du_brouillon),
    Ligne("referentiel_correspondance", du_rectorat(200), arguments=indicateur_du_brouillon),
    Ligne("referentiel_correspondance", du_rectorat(422), "POST", indicateur_du_brouillon),
    # People of a school
    Ligne("invitation", tous(200), arguments=jeton),
    Ligne("invitation", tous(200, anonyme=422), "POST", jeton),
    Ligne("equipe", ecole(200, *LECTEURS), arguments=uai),
    Ligne("equipe", ecole(422, "chef", "animatrice", "rectorat"), "POST", uai),
    Ligne("retirer_acces", ecole(200, "chef", "rectorat"), arguments=affectation),
    Ligne("retirer_acces", ecole(302, "chef", "rectorat"), "POST", affectation),
    # An animatrice invites a first chef only: other invitations are not hers to know of.
    Ligne("annuler_invitation", ecole(302, "chef", "rectorat") | {"animatrice": 404}, "POST", invitation),
    # The diagnostic
    Ligne("diagnostic", ecole(200, *LECTEURS), arguments=uai),
    Ligne("diagnostic_commencer", ecole(302, "chef", "referent"), "POST", uai),
    Ligne("diagnostic_reprendre", ecole(302, *ECOLE), arguments=annee),
    Ligne("diagnostic_champ", ecole(200, *ECOLE), arguments=champ),
    Ligne("diagnostic_champ", ecole(302, "chef", "referent"), "POST", champ),
    Ligne("diagnostic_reponse", ecole(422, "chef", "referent"), "POST", indicateur),
    Ligne("diagnostic_preuves", ecole(200, *ECOLE), arguments=indicateur),
    Ligne("diagnostic_preuves", ecole(422, "chef", "referent"), "POST", indicateur),
    Ligne("preuve_reprendre", ecole(302, "chef", "referent"), "POST", indicateur),
    Ligne("preuve_retirer", ecole(200, "chef", "referent"), arguments=preuve),
    Ligne("preuve_retirer", ecole(302, "chef", "referent"), "POST", preuve),
    Ligne("preuve_fichier", ecole(200, *ECOLE), arguments=preuve),
    Ligne("diagnostic_papier", ecole(200, *ECOLE), arguments=annee),
    Ligne("diagnostic_papier", ecole(422, "chef", "referent"), "POST", annee),
    # By its headers: laying it out takes seconds, and its own tests do.
    Ligne("papier_pdf", ecole(200, *ECOLE), "HEAD", annee),
    Ligne("papier_classeur", ecole(200, *ECOLE), arguments=annee),
    Ligne("diagnostic_reunion", ecole(302, "chef", "referent"), arguments=annee),
    Ligne("reunion_indicateur", ecole(200, "chef", "referent"), arguments=indicateur),
    Ligne("reunion_indicateur", ecole(422, "chef", "referent"), "POST", indicateur),
    Ligne("reunion_bilan", ecole(200, *ECOLE), arguments=annee),
    Ligne("diagnostic_confier", ecole(200, *ECOLE), arguments=annee),
    Ligne("diagnostic_confier", ecole(302, "chef"), "POST", annee),
    Ligne("diagnostic_verifier", ecole(200, *ECOLE), arguments=annee),
    Ligne("diagnostic_verifier", ecole(422, "chef"), "POST", annee),
    Ligne("diagnostic_rouvrir", ecole(200, "chef"), arguments=signee),
    Ligne("diagnostic_rouvrir", ecole(302, "chef"), "POST", signee, {"motif": "Une erreur de lecture."}),
    Ligne("diagnostic_resultats", ecole(200, *LECTEURS), arguments=signee),
    Ligne("diagnostic_pdf", ecole(200, *LECTEURS), arguments=version),
    Ligne("diagnostic_json", ecole(200, *LECTEURS), arguments=version),
    # The second look and the journal
    Ligne("diagnostic_regard", ecole(200, *LECTEURS), arguments=signee),
    Ligne("regard_champ", ecole(200, "animatrice"), arguments=champ_signe),
    Ligne("regard_champ", ecole(302, "animatrice"), "POST", champ_signe, {"copie": "1"}),
    Ligne("journal", ecole(200, *LECTEURS), arguments=uai),
    Ligne("journal", ecole(422, "animatrice"), "POST", uai),
    Ligne("journal_modifier", ecole(200, "animatrice"), arguments=visite),
    Ligne("journal_modifier", ecole(422, "animatrice"), "POST", visite),
    Ligne("journal_retirer", ecole(200, "animatrice"), arguments=visite),
    Ligne("journal_retirer", ecole(302, "animatrice"), "POST", visite),
    # Surveys of the teams
    Ligne("enquetes", ecole(200, *LECTEURS_ENQUETE), arguments=uai),
    Ligne("enquete_ouvrir", ecole(200, "chef", "referent"), arguments=uai),
    Ligne("enquete_ouvrir", ecole(422, "chef", "referent"), "POST", uai),
    Ligne("enquete", ecole(200, *LECTEURS_ENQUETE), arguments=enquete),
    Ligne("enquete_modifier", ecole(200, "chef", "referent"), arguments=enquete),
    Ligne("enquete_modifier", ecole(422, "chef", "referent"), "POST", enquete),
    Ligne("enquete_annuler", ecole(200, "chef", "referent"), arguments=enquete),
    Ligne("enquete_annuler", ecole(302, "chef", "referent"), "POST", enquete),
    Ligne("enquete_affiche", ecole(200, "chef", "referent"), "HEAD", partial(enquete, acces="lien")),
    Ligne("enquete_coupons", ecole(200, "chef", "referent"), arguments=enquete),
    Ligne("enquete_coupons", ecole(422, "chef", "referent"), "POST", enquete, {"secours": "99"}),
    Ligne("enquete_direction", ecole(200, "chef"), arguments=enquete),
    Ligne("enquete_direction", ecole(302, "chef"), "POST", enquete),
    Ligne("enquete_qui_a_repondu", ecole(200, *LECTEURS_ENQUETE), arguments=enquete),
    Ligne("enquete_depouiller", ecole(302, "chef", "referent"), "POST", enquete),
    Ligne("enquete_resultats", ecole(200, *LECTEURS_ENQUETE), arguments=depouillee),
    Ligne("enquete_pdf", ecole(200, *LECTEURS_ENQUETE), "HEAD", depouillee),
    Ligne("enquete_export", ecole(200, *LECTEURS_ENQUETE), arguments=depouillee),
    Ligne("enquete_expressions", ecole(200, *LECTEURS_ENQUETE), arguments=depouillee),
    Ligne("enquete_expressions", ecole(422, "chef", "referent"), "POST", depouillee),
    Ligne("enquetes_territoire", rectorats(200)),
    Ligne("enquetes_territoire_export", rectorats(200)),
    Ligne("comparaison_ouverte", rectorats(302), "POST"),
    # Answering one: nobody is known there, and a session changes nothing
    Ligne("enquete_entree", tous(200)),
    Ligne("enquete_entree", tous(404), "POST"),
    Ligne("enquete_questions", tous(302)),
    Ligne("enquete_questions", tous(404), "POST"),
    Ligne("enquete_envoyer", tous(302)),
    Ligne("enquete_envoyer", tous(404), "POST"),
    Ligne("enquete_merci", tous(200)),
    Ligne("enquete_anonymat", tous(200)),
    # Comparing
    Ligne("comparer", ecole(200, *LECTEURS), arguments=uai),
    Ligne("semblables", ecole(200, *ECOLE), arguments=uai),
    Ligne("instantane_nommer", ecole(200, "chef", "referent"), arguments=uai),
    Ligne("instantane_nommer", ecole(422, "chef", "referent"), "POST", uai),
    Ligne("instantane_retirer", ecole(200, "chef", "referent"), arguments=instantane),
    Ligne("instantane_retirer", ecole(302, "chef", "referent"), "POST", instantane),
    Ligne("diagnostic_et_si", ecole(200, *ECOLE), arguments=annee),
    Ligne("calculs", tous(200)),
    # Needs
    Ligne("besoins", ecole(200, *ECOLE), arguments=uai),
    Ligne("besoin_retenir", ecole(422, "chef", "referent"), "POST", uai),
    Ligne("besoin_retirer", ecole(200, "chef", "referent"), arguments=besoin),
    Ligne("besoin_retirer", ecole(302, "chef", "referent"), "POST", besoin),
    Ligne("besoin_ordre_du_jour", ecole(302, "chef", "referent"), "POST", besoin),
    # The plan, from vision to exchanges
    *LIGNES_VISION,
    *LIGNES_BESOINS,
    *LIGNES_PROPOSITIONS,
    *LIGNES_ACTIONS,
    *LIGNES_INDICATEURS,
    *LIGNES_VUES,
    *LIGNES_ECHANGES,
    *LIGNES_HISTORIQUE,
    *LIGNES_CASCADE,
    # The inventory
    *LIGNES_EQUIPEMENT_INVENTAIRE,
    *LIGNES_EQUIPEMENT_LISTE,
    *LIGNES_EQUIPEMENT_IMPORTS,
    *LIGNES_EQUIPEMENT_TELEPHONE,
    *LIGNES_EQUIPEMENT_CHIFFRES,
    *LIGNES_EQUIPEMENT_RESEAU,
    *LIGNES_EQUIPEMENT_USAGES,
    # Training and money
    *LIGNES_FORMATION,
    *LIGNES_FORMATION_PLAN,
    *LIGNES_BUDGET,
    *LIGNES_ACHATS,
    *LIGNES_ECHANGES_BUDGET,
    # The board
    *LIGNES_DOSSIER,
    *LIGNES_DELIBERATION,
    *LIGNES_BILAN,
    *LIGNES_LOTS,
    # Territories
    *LIGNES_TABLEAUX,
    *LIGNES_CARTE,
    *LIGNES_DISTRICTS,
    *LIGNES_RAPPELS,
]
ADRESSES_PUBLIQUES_DU_PLAN = {"agenda_ics"}  # the calendar feed: its link is the secret
PUBLIQUES = {
    *("accueil", "apparence", "accessibilite", "mentions_legales", "donnees_personnelles", "aide"),
    *("account_login", "account_logout", "account_inactive"),
    *("account_reset_password", "account_reset_password_done"),
    *("account_reset_password_from_key", "account_reset_password_from_key_done", "invitation"),
    *ADRESSES_PUBLIQUES_DU_PLAN,
    *("verifier_dossier", "arreter_rappels"),
    *("calculs", "enquete_entree", "enquete_questions", "enquete_envoyer", "enquete_merci", "enquete_anonymat"),
}
# No cookie comes with the survey's, hence nothing that another site could ride on; the link that stops an e-mail is
# signed, and is its only right: a mail program asks for it by POST, without a page of ours (RFC 8058).
SANS_JETON = {"enquete_entree", "enquete_questions", "enquete_envoyer", "arreter_rappels"}


def adresses(resolveur: URLResolver) -> Iterator[URLPattern]:
    """Every address but the administration, which is Django's own."""
    for motif in resolveur.url_patterns:
        if isinstance(motif, URLPattern):
            yield motif
        elif motif.namespace != "admin":
            yield from adresses(motif)


def nommees() -> dict[str, URLPattern]:
    return {motif.name: motif for motif in adresses(get_resolver()) if motif.name}


def ecarts(table: set[str], presentes: set[str]) -> dict[str, set[str]]:
    return {"unlisted": presentes - table, "gone": table - presentes}


def test_la_table_dit_toutes_les_adresses():
    assert ecarts({ligne.nom for ligne in MATRICE}, set(nommees())) == {"unlisted": set(), "gone": set()}
    assert [str(m.pattern) for m in adresses(get_resolver()) if not m.name] == ["favicon.ico"]


def test_une_adresse_oubliee_se_voit():
    assert ecarts({"a", "b"}, {"b", "c"}) == {"unlisted": {"c"}, "gone": {"a"}}


def test_les_pages_publiques_sont_une_liste_courte():
    ouvertes = {nom for nom, motif in nommees().items() if not getattr(motif.callback, "login_required", True)}
    assert ouvertes == PUBLIQUES


def test_seuls_l_enquete_et_l_arret_d_un_courriel_se_passent_du_jeton_des_formulaires():
    assert {m.name for m in adresses(get_resolver()) if getattr(m.callback, "csrf_exempt", False)} == SANS_JETON


def statut(client, demande: Ligne, chemin: str) -> int | str:
    """What the address answers; whatever it wrote is undone."""
    with transaction.atomic():
        reponse = client.generic(
            demande.methode, chemin, urlencode(JETON | demande.corps), content_type="application/x-www-form-urlencoded"
        )
        transaction.set_rollback(True)
    if reponse.streaming:
        reponse.getvalue()
    vers_connexion = reponse.status_code == 302 and reponse["Location"].startswith(reverse("account_login"))
    return CONNEXION if vers_connexion else reponse.status_code


@pytest.fixture
def presenter(client, dossier) -> Callable[[str], None]:
    """`presenter(qui)`: the client is now that character's, who signed in once for the whole test."""
    sessions = {}
    for qui in PERSONNAGES:
        client.cookies.clear()
        if qui != "anonyme":
            client.force_login(getattr(dossier.monde, qui))
            sessions[qui] = client.cookies[settings.SESSION_COOKIE_NAME].value

    def presenter(qui: str) -> None:
        client.cookies.clear()
        if qui != "anonyme":
            client.cookies[settings.SESSION_COOKIE_NAME] = sessions[qui]

    return presenter


@pytest.mark.parametrize(
    "lignes", list(batched(MATRICE, LIGNES_PAR_DOSSIER, strict=False)), ids=lambda ls: f"{ls[0]}…{ls[-1]}"
)
def test_chaque_personnage_a_chaque_adresse(client, dossier, presenter, lignes):
    """Several lines share a dossier, which takes longer to make than a line to try; each is undone before the next."""
    for ligne in lignes:
        with preparee(ligne, dossier) as chemin:
            vus = {}
            for qui in PERSONNAGES:
                presenter(qui)
                vus[qui] = statut(client, ligne, chemin)
            assert (str(ligne), vus) == (str(ligne), ligne.statuts)


@contextmanager
def preparee(ligne: Ligne, dossier: Dossier) -> Iterator[str]:
    """The line's address, and what it needs, for as long as it is tried: lines may name their things alike."""
    with transaction.atomic():
        yield reverse(ligne.nom, args=ligne.arguments(dossier))
        transaction.set_rollback(True)


def un_chemin(nom: str) -> str:
    """An address of that name, where nothing may be: enough for what is refused before anything is looked for."""
    resolveur = get_resolver()
    [(_, parametres)], _, _, convertisseurs = resolveur.reverse_dict[nom]
    chemin = reverse(nom, args=[exemple_pour(convertisseurs.get(parametre)) for parametre in parametres])
    assert resolve(chemin).url_name == nom
    return chemin


def exemple_pour(convertisseur) -> str:
    return next(e for e in EXEMPLES if convertisseur is None or re.fullmatch(convertisseur.regex, e))


# What a closed school still takes: who may read it changes, and so does a reader's own calendar.
ENCORE_ECRITS = {"equipe", "retirer_acces", "annuler_invitation", "agenda_lien"}


def test_dans_un_etablissement_ferme_rien_ne_s_ecrit(client, dossier, presenter):
    """Whoever could write there is told why she no longer can, before anything is looked for."""
    Etablissement.objects.filter(pk=dossier.monde.college.pk).update(etat="ferme")
    acceptes = {}
    for ligne in MATRICE:
        autorises = [qui for qui in (*ECOLE, *ENCADREMENT) if ligne.statuts[qui] not in (403, 404)]
        if ligne.methode != "POST" or not autorises or ligne.statuts["voisin"] != 404:
            continue
        presenter(autorises[0])
        du_diagnostic = ligne.arguments in (annee, signee, champ, champ_signe, indicateur, preuve)
        chemin = reverse(ligne.nom, args=ligne.arguments(dossier)) if du_diagnostic else un_chemin(ligne.nom)
        reponse = client.post(chemin, ligne.corps)
        if reponse.status_code != 403 or escape(FERME) not in reponse.content.decode():
            acceptes[ligne.nom] = reponse.status_code
    assert acceptes.keys() == ENCORE_ECRITS, acceptes


def test_un_etablissement_ferme_se_lit_sans_ses_boutons(client, dossier):
    Etablissement.objects.filter(pk=dossier.monde.college.pk).update(etat="ferme")
    client.force_login(dossier.monde.chef)
    lues = [
        *("etablissement", "pourquoi", "retex", "besoins", "axes", "moyens", "corbeille", "diagnostic", "enquetes"),
        *("inventaire", "reseau", "formations", "budget", "achats", "evaluation", "bilan", "equipe"),
    ]
    ecrites = {ligne.nom for ligne in MATRICE if ligne.methode == "POST" and ligne.arguments is uai}
    lues_aussi = {"journal", "plan_importer"}  # read at the address that writes
    refusees = {reverse(nom, args=uai(dossier)) for nom in ecrites - ENCORE_ECRITS - lues_aussi}
    for nom in lues:
        reponse = client.get(reverse(nom, args=uai(dossier)))
        menent = {lien.partition("?")[0] for lien in html.fromstring(reponse.content).xpath("//@href | //@action")}
        assert (nom, reponse.status_code, menent & refusees) == (nom, 200, set())


def test_sans_jeton_ou_d_ailleurs_rien_ne_s_ecrit(client_csrf, monde):
    client_csrf.force_login(monde.chef)
    d_ailleurs = ("DELETE", un_chemin("apparence"), {"Origin": "https://ailleurs.exemple"})
    for methode, chemin, entetes in (
        d_ailleurs,
        *(("POST", un_chemin(nom), {}) for nom in nommees().keys() - SANS_JETON),
    ):
        reponse = client_csrf.generic(methode, chemin, headers=entetes)
        assert (methode, chemin, reponse.status_code) == (methode, chemin, 403)
        assert "erreurs/jeton.html" in [gabarit.name for gabarit in reponse.templates]


def test_avec_son_jeton_un_formulaire_passe(client_csrf, dossier):
    client_csrf.force_login(dossier.monde.chef)
    page = html.fromstring(client_csrf.get(reverse("accueil"), follow=True).content)
    champs = dict(next(f for f in page.forms if f.action == reverse("apparence")).form_values())
    assert client_csrf.post(reverse("apparence"), champs | {"apparence": "sombre"}).status_code == 302


def test_une_adresse_ne_repond_qu_aux_verbes_qu_elle_annonce(client, monde):
    client.force_login(monde.chef)
    annonces = {(ligne.nom, "GET" if ligne.methode == "HEAD" else ligne.methode) for ligne in MATRICE}
    for nom in nommees():
        if nom.startswith("account_"):  # allauth's own views
            continue
        for methode in ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"):
            if (nom, methode) not in annonces:
                assert (nom, methode, client.generic(methode, un_chemin(nom)).status_code) == (nom, methode, 405)


def test_chaque_page_a_son_titre_et_repond_a_une_sonde(client, dossier, presenter):
    """The title is what a tab, a history and a screen reader say first; monitors and link checkers ask HEAD first."""
    titres: dict[str, str] = {}
    for ligne in MATRICE:
        qui = "anonyme" if ligne.statuts["anonyme"] == 200 else "chef"
        if ligne.methode == "GET" and ligne.statuts[qui] == 200:
            with preparee(ligne, dossier) as chemin:
                presenter(qui)
                reponse = client.get(chemin)
                if reponse.streaming:
                    reponse.getvalue()
                if not ligne.nom.startswith("account_"):
                    assert (ligne.nom, statut(client, replace(ligne, methode="HEAD"), chemin)) == (ligne.nom, 200)
            if not reponse.streaming and reponse["Content-Type"].startswith("text/html"):
                titre = html.fromstring(reponse.content).findtext(".//title")
                assert titre not in titres, f"{ligne.nom} and {titres.get(titre)} are both « {titre} »"
                titres[titre] = ligne.nom
    assert len(titres) > 10
