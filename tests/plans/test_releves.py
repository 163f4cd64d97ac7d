"""Readings: one a day, corrected knowingly, never overwritten unseen."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from plans.domain.indicateurs import A_LA_CORBEILLE, retirer_indicateur
from plans.domain.releves import (
    DejaReleve,
    SaisieReleve,
    enregistrer_releve,
    enregistrer_releve_calcule,
    supprimer_releve,
)
from plans.models import Action, IndicateurSuivi, Releve
from plans.queries.indicateurs import Lecteur
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import GRILLE_DES_DROITS, Role
from strategie.socle.rules import date_en_phrase
from tests.plans.plans import un_indicateur, une_action

UN_JOUR = datetime.timedelta(days=1)


@pytest.fixture
def indicateur(monde) -> IndicateurSuivi:
    return un_indicateur(une_action(monde.college))


@pytest.fixture
def jour(monde) -> datetime.date:
    return timezone.localdate(timezone=monde.academie.zone)


def relever(indicateur, auteur, date, valeur="12", note="", remplace=None, maintenant=None):
    return enregistrer_releve(
        indicateur=indicateur,
        saisie=SaisieReleve(date, Decimal(valeur), note),
        remplace=remplace,
        auteur=auteur,
        maintenant=maintenant or timezone.now(),
    )


def gardes(indicateur) -> list[tuple]:
    champs = ("date", "valeur", "note", "origine", "releve_par")
    return list(indicateur.releves.values_list(*champs))


# --- Adding -----------------------------------------------------------------------------------------------
def test_un_releve_se_garde_entier(monde, indicateur, jour):
    maintenant = timezone.now()
    fait = relever(indicateur, monde.referent, jour, "12.5", "Après la réunion", maintenant=maintenant)
    assert fait.avant is None
    assert gardes(indicateur) == [(jour, Decimal("12.5"), "Après la réunion", "saisie", monde.referent.pk)]
    assert fait.releve.releve_le == maintenant


def test_un_releve_donne_des_nouvelles_de_l_action(monde, indicateur, jour):
    Action.objects.update(derniere_nouvelle=jour - 100 * UN_JOUR)
    relever(indicateur, monde.referent, jour - 30 * UN_JOUR)
    assert Action.objects.get().derniere_nouvelle == jour


def test_ni_demain_ni_avant_dix_ans(monde, indicateur, jour):
    passe = jour.replace(year=jour.year - 10)
    for date, phrase in ((jour + UN_JOUR, "n'est pas encore passée"), (passe - UN_JOUR, "dix ans en arrière")):
        with pytest.raises(Empeche, match=phrase):
            relever(indicateur, monde.chef, date)
    relever(indicateur, monde.chef, jour)
    relever(indicateur, monde.chef, passe)
    assert [date for date, *_ in gardes(indicateur)] == [passe, jour]


def test_aujourd_hui_est_celui_de_l_academie(monde, referentiel):
    """At 21:00 UTC it is already tomorrow in La Réunion."""
    action = une_action(monde.ailleurs, auteur=monde.rectorat_ailleurs)
    la_bas = un_indicateur(action)
    soir = datetime.datetime.combine(timezone.now().date(), datetime.time(21), datetime.UTC)
    demain = soir.date() + UN_JOUR
    relever(la_bas, monde.rectorat_ailleurs, demain, maintenant=soir)
    assert [date for date, *_ in gardes(la_bas)] == [demain]


def test_un_indicateur_calcule_ne_se_saisit_pas(monde, indicateur, jour):
    IndicateurSuivi.objects.update(mesure="participation")
    with pytest.raises(Empeche, match="Paliers calcule cet indicateur lui-même"):
        relever(indicateur, monde.chef, jour)


def test_un_indicateur_a_la_corbeille_ne_se_releve_pas(monde, indicateur, jour):
    retirer_indicateur(indicateur=indicateur, auteur=monde.chef, maintenant=timezone.now())
    with pytest.raises(Empeche) as refus:
        relever(indicateur, monde.chef, jour)
    assert str(refus.value) == A_LA_CORBEILLE


# --- The same day twice -----------------------------------------------------------------------------------
def test_envoye_deux_fois_il_ne_s_ecrit_qu_une(monde, indicateur, jour):
    premier = relever(indicateur, monde.chef, jour).releve
    second = relever(indicateur, monde.chef, jour)
    assert (second.releve, second.avant, second.releve.releve_le) == (premier, None, premier.releve_le)


def test_sans_l_avoir_vue_une_valeur_ne_se_remplace_pas(monde, indicateur, jour):
    relever(indicateur, monde.chef, jour, "12")
    with pytest.raises(DejaReleve) as deja:
        relever(indicateur, monde.referent, jour, "15")
    assert (deja.value.tenu.valeur, deja.value.tenu.releve_par) == (12, monde.chef)
    assert gardes(indicateur) == [(jour, 12, "", "saisie", monde.chef.pk)]


def test_vue_elle_se_corrige_et_l_ancienne_est_dite(monde, indicateur, jour):
    vu = relever(indicateur, monde.chef, jour, "12").releve.releve_le
    fait = relever(indicateur, monde.referent, jour, "15", "Deux absents", remplace=vu)
    assert fait.avant == 12
    assert gardes(indicateur) == [(jour, 15, "Deux absents", "saisie", monde.referent.pk)]
    evenements = Releve.objects.get().evenements.order_by("pgh_id").values_list("pgh_label", "valeur")
    assert list(evenements) == [("insert", 12), ("update", 15)]


def test_corrigee_entre_temps_elle_se_montre_de_nouveau(monde, indicateur, jour):
    vu = relever(indicateur, monde.chef, jour, "12").releve.releve_le
    relever(indicateur, monde.referent, jour, "15", remplace=vu)
    with pytest.raises(DejaReleve) as deja:
        relever(indicateur, monde.chef, jour, "18", remplace=vu)
    assert deja.value.tenu.valeur == 15


@pytest.mark.django_db(transaction=True)
def test_deux_personnes_au_meme_instant_aucune_valeur_ne_se_perd(monde, jour):
    indicateur, depart = un_indicateur(une_action(monde.college)), Barrier(2)

    def agir(auteur, valeur) -> str:
        try:
            depart.wait(timeout=30)
            relever(indicateur, auteur, jour, valeur)
            return valeur
        except DejaReleve as deja:
            return f"vu {deja.tenu.valeur:f}"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as fils:
        dits = list(fils.map(agir, (monde.chef, monde.referent), ("12", "15")))
    assert dits in (["12", "vu 12.00"], ["vu 15.00", "15"])
    assert indicateur.releves.count() == 1


# --- Taking away ------------------------------------------------------------------------------------------
def test_supprimer_ce_que_l_on_a_vu(monde, indicateur, jour):
    releve = relever(indicateur, monde.chef, jour).releve
    for lu in (None, releve.releve_le - UN_JOUR):
        with pytest.raises(DejaReleve) as change:
            supprimer_releve(releve=releve, lu=lu, auteur=monde.chef)
        assert change.value.tenu == releve
    supprimer_releve(releve=releve, lu=releve.releve_le, auteur=monde.chef)
    assert gardes(indicateur) == []
    with pytest.raises(DejaReleve) as parti:
        supprimer_releve(releve=releve, lu=releve.releve_le, auteur=monde.chef)
    assert parti.value.tenu is None


# --- Pushed by another floor --------------------------------------------------------------------------------
def calculer(indicateur, date, valeur="30", maintenant=None):
    return enregistrer_releve_calcule(
        indicateur=indicateur,
        date=date,
        valeur=Decimal(valeur),
        note="120 terminaux, 400 élèves.",
        maintenant=maintenant or timezone.now(),
    )


def test_une_valeur_calculee_s_ecrit_une_fois_et_se_recalcule(indicateur, jour):
    premier = calculer(indicateur, jour)
    assert calculer(indicateur, jour).releve_le == premier.releve_le
    assert Releve.objects.get().evenements.count() == 1
    calculer(indicateur, jour, "31")
    assert gardes(indicateur) == [(jour, 31, "120 terminaux, 400 élèves.", "paliers", None)]


def test_une_valeur_calculee_n_ecrase_pas_celle_qu_on_a_saisie(monde, indicateur, jour):
    relever(indicateur, monde.chef, jour, "12")
    calculer(indicateur, jour, "31")
    assert gardes(indicateur) == [(jour, 12, "", "saisie", monde.chef.pk)]


# --- Reading ----------------------------------------------------------------------------------------------
def lire(indicateur, jour):
    etablissement = indicateur.action.etablissement
    return Lecteur(etablissement, jour, GRILLE_DES_DROITS[Role.CHEF]).un(indicateur)


def test_la_phrase_dit_ou_l_on_en_est(monde, indicateur, jour):
    assert lire(indicateur, jour).phrase == "Aucun relevé pour l'instant."
    IndicateurSuivi.objects.update(cible_le=jour + UN_JOUR)
    indicateur.refresh_from_db()
    hier = jour - UN_JOUR
    relever(indicateur, monde.chef, hier, "4")
    phrase = lire(indicateur, jour).phrase
    assert phrase.startswith("4\u00a0coupures le ")
    assert phrase.endswith(", pour une cible de 1\u00a0coupures\u00a0: plus de la moitié du chemin.")
    assert lire(indicateur, jour + 3 * UN_JOUR).phrase.endswith(
        f"du chemin. La cible était visée pour le {date_en_phrase(jour + UN_JOUR)}."
    )
    relever(indicateur, monde.chef, jour, "1")
    lecture = lire(indicateur, jour + 3 * UN_JOUR)
    assert (lecture.atteinte, lecture.phrase.endswith("\u00a0: la cible est atteinte.")) == (True, True)


def test_sans_cible_rien_ne_dit_si_c_est_assez(monde, indicateur, jour):
    IndicateurSuivi.objects.update(cible=None)
    indicateur.refresh_from_db()
    relever(indicateur, monde.chef, jour, "4")
    lecture = lire(indicateur, jour)
    assert lecture.phrase.endswith(". Sans cible, rien ne dit si c'est assez.")
    assert (lecture.atteinte, lecture.avancement) == (None, "")


def test_une_valeur_vieillit(monde, indicateur, jour):
    IndicateurSuivi.objects.update(cadence="mensuelle")
    indicateur.refresh_from_db()
    relever(indicateur, monde.chef, jour, "4")
    assert [lire(indicateur, jour + n * UN_JOUR).ancienne for n in (0, 43, 47)] == [False, False, True]
    vieillie = lire(indicateur, jour + 47 * UN_JOUR)
    assert vieillie.locale.perimee is True
    assert vieillie.phrase.endswith("plus de la moitié du chemin. Depuis, rien ne dit où l'on en est.")


def test_la_liste_et_la_page_disent_la_meme_derniere_valeur(monde, indicateur, jour):
    for age in (0, 5, 2):
        relever(indicateur, monde.chef, jour - age * UN_JOUR, str(age))
    lecteur = Lecteur(monde.college, jour, GRILLE_DES_DROITS[Role.CHEF])
    [dans_la_liste] = lecteur.des_actions([indicateur.action_id])[indicateur.action_id]
    assert [v.valeur for v in lire(indicateur, jour).valeurs] == [5, 2, 0]
    assert [v.valeur for v in dans_la_liste.valeurs] == [0]
    assert dans_la_liste.phrase == lire(indicateur, jour).phrase
