"""Answering: what is kept, what is refused, what meets somebody else's answer."""

import datetime
import threading

import pytest
from django.db import IntegrityError, connections, transaction

from diagnostic.domain.reponses import (
    Conflit,
    Enregistree,
    IndicateurInconnu,
    Saisie,
    commencer_diagnostic,
    enregistrer_champ,
    enregistrer_reponse,
)
from diagnostic.models import Diagnostic, Reponse
from diagnostic.queries.etat import etat_du_diagnostic
from strategie.socle.domain.empechement import Empeche
from strategie.socle.models import Etablissement


def repondre(diagnostic, auteur, maintenant, code="PIL-1-1", valeur="oui", motif="", commentaire="", version=0):
    saisie = Saisie(code, valeur, motif, commentaire, version)
    return enregistrer_reponse(diagnostic=diagnostic, saisie=saisie, auteur=auteur, maintenant=maintenant)


def gardees(diagnostic):
    return list(
        Reponse.objects.filter(diagnostic=diagnostic)
        .order_by("indicateur__code")
        .values_list("indicateur__code", "valeur", "motif", "commentaire", "version", "modifiee_par__last_name")
    )


def test_une_reponse_puis_sa_correction(monde, brouillon, maintenant):
    assert repondre(brouillon, monde.chef, maintenant) == Enregistree("PIL-1-1", 1)
    suite = repondre(brouillon, monde.referent, maintenant, valeur="non", commentaire=" À revoir ", version=1)
    assert suite == Enregistree("PIL-1-1", 2)
    assert gardees(brouillon) == [("PIL-1-1", "non", "", " À revoir ", 2, "Référent")]


def test_une_version_perimee_n_ecrase_rien(monde, brouillon, maintenant):
    repondre(brouillon, monde.chef, maintenant, valeur="oui", commentaire="de la chef")
    resultat = repondre(brouillon, monde.referent, maintenant, valeur="non", version=0)
    assert isinstance(resultat, Conflit)
    assert resultat.saisie.valeur == "non"
    assert (resultat.actuelle.valeur, resultat.actuelle.commentaire) == ("oui", "de la chef")
    assert resultat.actuelle.modifiee_par == monde.chef
    assert gardees(brouillon) == [("PIL-1-1", "oui", "", "de la chef", 1, "Chef")]


def test_la_meme_saisie_deux_fois_compte_une_fois(monde, brouillon, maintenant):
    repondre(brouillon, monde.chef, maintenant)
    assert repondre(brouillon, monde.chef, maintenant) == Enregistree("PIL-1-1", 1)
    assert gardees(brouillon) == [("PIL-1-1", "oui", "", "", 1, "Chef")]


def test_un_code_inconnu_est_refuse(monde, brouillon, maintenant):
    with pytest.raises(IndicateurInconnu):
        repondre(brouillon, monde.chef, maintenant, code="PIL-9-9")
    assert gardees(brouillon) == []


def test_un_indicateur_hors_de_la_portee_est_refuse(monde, brouillon, maintenant):
    """PIL-2-3 is asked to collèges and lycées only."""
    Etablissement.objects.filter(pk=monde.college.pk).update(type="ecole")
    brouillon.etablissement.refresh_from_db()
    with pytest.raises(IndicateurInconnu):
        repondre(brouillon, monde.chef, maintenant, code="PIL-2-3")
    assert etat_du_diagnostic(brouillon).concernes == 79


def test_apres_la_cloture_locale_rien_ne_s_ecrit(monde, brouillon, maintenant):
    """« Jusqu'au 18 » means until midnight where the académie is."""
    academie = brouillon.campagne.academie
    academie.fuseau = "Indian/Reunion"
    academie.save()
    cloture = brouillon.campagne.date_cloture
    minuit = datetime.datetime.combine(cloture, datetime.time(23, 59), tzinfo=academie.zone)
    assert repondre(brouillon, monde.chef, minuit) == Enregistree("PIL-1-1", 1)
    with pytest.raises(Empeche, match="La campagne s'est terminée le"):
        repondre(brouillon, monde.chef, minuit + datetime.timedelta(minutes=1), valeur="non", version=1)
    assert gardees(brouillon) == [("PIL-1-1", "oui", "", "", 1, "Chef")]


def test_un_diagnostic_signe_entre_temps_ne_prend_plus_de_reponse(monde, brouillon, maintenant):
    """The page was open on a draft; the signature came first."""
    Diagnostic.objects.filter(pk=brouillon.pk).update(etat=Diagnostic.Etat.SOUMIS)
    with pytest.raises(Empeche, match="Ce diagnostic est signé"):
        repondre(brouillon, monde.chef, maintenant)
    assert gardees(brouillon) == []


def test_une_page_entiere_garde_ce_qui_peut_l_etre(monde, brouillon, maintenant):
    repondre(brouillon, monde.referent, maintenant, code="PIL-1-2", valeur="non")
    conflits = enregistrer_champ(
        diagnostic=brouillon,
        saisies=[Saisie("PIL-1-1", "oui", "", "", 0), Saisie("PIL-1-2", "oui", "", "", 0)],
        auteur=monde.chef,
        maintenant=maintenant,
    )
    assert [conflit.code for conflit in conflits] == ["PIL-1-2"]
    assert gardees(brouillon) == [("PIL-1-1", "oui", "", "", 1, "Chef"), ("PIL-1-2", "non", "", "", 1, "Référent")]


def test_sans_objet_sans_raison_ne_compte_pas(monde, brouillon, maintenant):
    repondre(brouillon, monde.chef, maintenant, valeur="sans_objet", motif="  ")
    etat = etat_du_diagnostic(brouillon)
    assert (etat.repondus, [e.indicateur.code for e in etat.raisons_manquantes]) == (0, ["PIL-1-1"])
    repondre(brouillon, monde.chef, maintenant, valeur="sans_objet", motif="Pas de classe de lycée", version=1)
    etat = etat_du_diagnostic(brouillon)
    assert (etat.repondus, etat.raisons_manquantes) == (1, ())
    assert "PIL-1-1" not in etat.champs[0].resultat.manquants


def test_commencer_deux_fois_donne_le_meme_diagnostic(monde, brouillon, campagne, maintenant):
    encore = commencer_diagnostic(
        etablissement=monde.college, campagne=campagne, auteur=monde.referent, maintenant=maintenant
    )
    assert encore == brouillon
    assert encore.commence_par == monde.chef


@pytest.mark.parametrize(
    ("champs", "avec_campagne", "phrase"),
    [
        ({"type": "autre"}, True, "s'adresse aux écoles"),
        ({"etat": "ferme"}, True, "est fermé"),
        ({}, False, "n'a pas encore ouvert de campagne"),
    ],
)
def test_ce_qui_empeche_de_commencer(monde, campagne, maintenant, champs, avec_campagne, phrase):
    for nom, valeur in champs.items():
        setattr(monde.voisin_college, nom, valeur)
    with pytest.raises(Empeche, match=phrase):
        commencer_diagnostic(
            etablissement=monde.voisin_college,
            campagne=campagne if avec_campagne else None,
            auteur=monde.voisin,
            maintenant=maintenant,
        )
    assert Diagnostic.objects.commences().count() == 0


def test_apres_la_cloture_rien_ne_se_commence(monde, campagne, maintenant):
    trop_tard = maintenant + datetime.timedelta(days=31)
    with pytest.raises(Empeche, match="un diagnostic ne s'y commence plus"):
        commencer_diagnostic(etablissement=monde.college, campagne=campagne, auteur=monde.chef, maintenant=trop_tard)
    assert Diagnostic.objects.commences().count() == 0


def test_l_historique_dit_qui_quoi_et_quel_acte(monde, brouillon, maintenant):
    repondre(brouillon, monde.chef, maintenant)
    repondre(brouillon, monde.referent, maintenant, valeur="non", version=1)
    evenements = Reponse.evenements.rel.related_model.objects.order_by("pgh_id")
    assert [(e.valeur, e.pgh_context["acte"], e.pgh_context["auteur"]) for e in evenements] == [
        ("oui", "repondre", monde.chef.pk),
        ("non", "repondre", monde.referent.pk),
    ]


def test_une_reponse_coute_une_requete(monde, brouillon, maintenant, django_assert_num_queries):
    with django_assert_num_queries(3):  # the write, between the two ends of its transaction (here a savepoint)
        repondre(brouillon, monde.chef, maintenant)


@pytest.mark.django_db(transaction=True)
def test_vingt_saisies_simultanees_une_seule_gagne(monde, brouillon, maintenant):
    """Twenty people start from the same version: one answer is kept, nineteen are told of it."""
    resultats = []

    def saisir(rang):
        try:
            resultats.append(repondre(brouillon, monde.chef, maintenant, commentaire=f"saisie {rang}"))
        finally:
            connections.close_all()

    fils = [threading.Thread(target=saisir, args=(rang,)) for rang in range(20)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    gagnants = [r for r in resultats if isinstance(r, Enregistree)]
    perdants = [r for r in resultats if isinstance(r, Conflit)]
    assert (len(gagnants), len(perdants)) == (1, 19)
    reponse = Reponse.objects.get(diagnostic=brouillon)
    assert reponse.version == 1
    assert {perdant.actuelle.commentaire for perdant in perdants} == {reponse.commentaire}


def test_la_base_refuse_une_valeur_hors_de_la_liste(monde, brouillon, maintenant):
    with pytest.raises(IntegrityError), transaction.atomic():
        repondre(brouillon, monde.chef, maintenant, valeur="peut-être")
    assert gardees(brouillon) == []
