"""The act: written by several people, voted once and for ever, then dated."""

import datetime
import json
import uuid
from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction

from plans.domain.indicateurs import SaisieRefusee
from strategie.pilotage.domain.conseil import Voix
from strategie.pilotage.domain.deliberations import (
    AUTRE_VOTE,
    RELIRE,
    SaisieDates,
    SaisieVote,
    lire_dates,
    lire_deliberation,
    modifier_deliberation,
    noter_dates,
    preparer_deliberation,
    retirer_deliberation,
)
from strategie.pilotage.domain.regles_du_conseil import SaisieRegles, fixer_regles, lire_regles, regles_communes
from strategie.pilotage.models import Deliberation, Dossier, ReglesConseil
from strategie.pilotage.queries.deliberations import acte_en_clair, projet_d_acte
from strategie.pilotage.queries.regles_du_conseil import regles_de
from strategie.pilotage.rules.deliberations import DEJA_VOTEE, EGALITE
from strategie.socle.domain.empechement import Empeche
from strategie.socle.models import Etablissement
from tests.budget.budgets import chef_de
from tests.diagnostic.courses import ensemble
from tests.personnages import creer_monde
from tests.pilotage.conseils import (
    MAINTENANT,
    SEANCE,
    VOTE,
    un_dossier,
    une_deliberation,
    une_saisie,
    une_seance,
    voter,
)


@pytest.fixture
def acte(monde):
    return une_deliberation(monde.college, une_seance(monde.college, SEANCE, MAINTENANT))


@pytest.fixture
def ecole(monde):
    Etablissement.objects.filter(pk=monde.college.pk).update(type="ecole")
    monde.college.refresh_from_db()
    return monde.college


# --- Writing it ------------------------------------------------------------------------------------------------
def test_un_formulaire_envoye_deux_fois_fait_un_acte(monde):
    saisie = une_saisie(une_seance(monde.college, SEANCE, MAINTENANT), dossier=un_dossier(monde.college).pk)
    envoi = {"etablissement": monde.college, "saisie": saisie, "cle": uuid.uuid4(), "auteur": monde.chef}
    premier = preparer_deliberation(**envoi, maintenant=MAINTENANT)
    assert preparer_deliberation(**envoi, maintenant=MAINTENANT) == premier
    assert lire_deliberation(Deliberation.objects.get()) == saisie


@pytest.mark.parametrize(
    ("champs", "champ", "phrase"),
    [
        ({"objet": ""}, "objet", "Dites en quelques mots"),
        ({"decision": ""}, "decision", "Écrivez ce que le conseil décide."),
        ({"decision": "a" * 20_000}, "decision", "dépasse 4\u202f000\u00a0caractères (il en a 20\u202f000)"),
        ({"expose": "a" * 20_000}, "expose", "dépasse 4\u202f000\u00a0caractères"),
        ({"visas": ("Vu le code ;", "a" * 401)}, "visas", "La ligne 2 dépasse 400\u00a0caractères"),
        ({"visas": ("Vu ;",) * 21}, "visas", "20\u00a0textes au plus\u00a0: il y en a 21"),
        ({"famille": "autre"}, "famille", "Choisissez la famille"),
        ({"seance": 0}, "seance", "n'est pas une séance de l'établissement"),
        ({"dossier": 12345678}, "dossier", "n'est pas un dossier de l'établissement"),
    ],
)
def test_ce_qu_un_acte_ne_peut_pas_dire(monde, champs, champ, phrase):
    saisie = replace(une_saisie(une_seance(monde.college, SEANCE, MAINTENANT)), **champs)
    with pytest.raises(SaisieRefusee) as refus:
        preparer_deliberation(
            etablissement=monde.college, saisie=saisie, cle=uuid.uuid4(), auteur=monde.chef, maintenant=MAINTENANT
        )
    assert list(refus.value.defauts) == [champ]
    assert phrase in refus.value.defauts[champ]


def test_la_seance_et_le_dossier_d_un_voisin_ne_sont_pas_les_siens(monde):
    seance = une_seance(monde.voisin_college, SEANCE, MAINTENANT)
    saisie = une_saisie(seance, dossier=un_dossier(monde.voisin_college).pk)
    with pytest.raises(SaisieRefusee) as refus:
        preparer_deliberation(
            etablissement=monde.college, saisie=saisie, cle=uuid.uuid4(), auteur=monde.chef, maintenant=MAINTENANT
        )
    assert set(refus.value.defauts) == {"seance", "dossier"}


def test_deux_personnes_ecrivent_le_meme_acte(monde, acte):
    base = lire_deliberation(acte)
    envoi = {"deliberation": acte, "base": base}
    assert modifier_deliberation(**envoi, saisie=replace(base, expose="Le besoin."), auteur=monde.chef) == {}
    assert modifier_deliberation(**envoi, saisie=replace(base, visas=("Vu ;",)), auteur=monde.referent) == {}
    assert (lire_deliberation(acte), acte.version) == (replace(base, expose="Le besoin.", visas=("Vu ;",)), 3)
    (conflit,) = modifier_deliberation(**envoi, saisie=replace(base, expose="Autre."), auteur=monde.referent).values()
    assert (conflit.mien, conflit.actuel, acte.version) == ("Autre.", "Le besoin.", 3)


# --- Its vote --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("saisie", "resultat", "president"),
    [
        (VOTE, "adoptee", False),
        (SaisieVote("1", Voix(5, 9, 1)), "rejetee", False),
        (SaisieVote("1", Voix(7, 7, 1), president=True), "adoptee", True),
        (SaisieVote("1", Voix(7, 7, 1), president=False), "rejetee", True),
        (SaisieVote("1", Voix(12, 1), president=False), "adoptee", False),  # asked for nothing: not a tie
    ],
)
def test_un_vote_fige_l_acte_et_son_dossier(monde, acte, saisie, resultat, president):
    vote = voter(acte, saisie, maintenant=MAINTENANT)
    acte = Deliberation.objects.get()
    assert (acte.resultat, acte.voix_du_president, acte.numero) == (resultat, president, saisie.numero)
    assert (acte.pour, acte.contre, acte.abstentions, acte.refus_de_vote) == (
        saisie.voix.pour,
        saisie.voix.contre,
        saisie.voix.abstentions,
        0,
    )
    assert (acte.votee_par, acte.votee_le, acte.version) == (monde.chef, MAINTENANT, 2)
    assert acte.dossier_vote == vote.dossier_vote == Dossier.objects.get()
    assert acte.dossier_vote.vote is (resultat == "adoptee")


def test_le_dossier_vote_est_celui_qui_etait_sur_la_table_avec_le_resultat(monde):
    presente = un_dossier(monde.college, maintenant=MAINTENANT)
    acte = une_deliberation(monde.college, une_seance(monde.college, SEANCE, MAINTENANT), dossier=presente.pk)
    acte = voter(acte, maintenant=MAINTENANT)
    avant, apres = (json.loads(dossier.contenu) for dossier in (acte.dossier, acte.dossier_vote))
    assert apres.pop("deliberation") == acte_en_clair(acte, monde.college, regles_de(monde.college))
    assert avant.pop("deliberation")["resultat"] == ""
    assert (apres, acte.dossier_vote.vote, acte.dossier.vote) == (avant, True, False)


def test_le_conseil_renvoie_le_texte_sans_compter_les_voix(acte):
    acte = voter(acte, SaisieVote("1", modifications=True), maintenant=MAINTENANT)
    assert (acte.resultat, acte.pour, acte.dossier_vote, Dossier.objects.count()) == ("modifications", 0, None, 0)


@pytest.mark.parametrize(
    ("saisie", "champ", "phrase"),
    [
        (replace(VOTE, numero=""), "numero", "Donnez le numéro de l'acte."),
        (replace(VOTE, numero="1" * 21), "numero", "dépasse 20\u00a0caractères"),
        (replace(VOTE, voix=Voix(-1, 2)), "pour", "de 0 à 100"),
        (replace(VOTE, voix=Voix(7, 7)), "president", EGALITE),
    ],
)
def test_un_vote_mal_ecrit_se_dit_au_champ(acte, saisie, champ, phrase):
    with pytest.raises(SaisieRefusee) as refus:
        voter(acte, saisie, maintenant=MAINTENANT)
    assert list(refus.value.defauts) == [champ]
    assert phrase in refus.value.defauts[champ]
    acte.refresh_from_db()
    assert not acte.votee


@pytest.mark.parametrize(
    ("seance", "voix", "phrase"),
    [
        ({"presents": 12}, Voix(12, 0), "Le quorum n'est pas atteint"),
        ({}, Voix(14, 1, 1), "Il y a 16 voix pour 15 présents"),
        ({"presents": None}, Voix(1, 0), "Dites combien de membres étaient présents."),
        ({"membres_en_exercice": None, "presents": None}, Voix(1, 0), "Dites combien de membres sont en exercice."),
        ({"date": datetime.date(2031, 12, 18), "presents": None}, Voix(1, 0), "une fois qu'elle a eu lieu"),
    ],
)
def test_un_vote_qui_ne_tient_pas_ne_laisse_rien(monde, seance, voix, phrase):
    acte = une_deliberation(monde.college, une_seance(monde.college, replace(SEANCE, **seance), MAINTENANT))
    with pytest.raises(Empeche, match=phrase):
        voter(acte, replace(VOTE, voix=voix), maintenant=MAINTENANT)
    acte.refresh_from_db()
    assert (acte.votee, acte.version, Dossier.objects.count()) == (False, 1, 0)


def test_la_seconde_convocation_vote_sans_quorum(monde):
    seance = une_seance(monde.college, replace(SEANCE, presents=5, seconde=True), MAINTENANT)
    assert voter(une_deliberation(monde.college, seance), replace(VOTE, voix=Voix(5, 0)), maintenant=MAINTENANT).votee


def test_un_numero_ne_sert_qu_une_fois_par_etablissement(monde, acte):
    voter(acte, maintenant=MAINTENANT)
    autre = une_deliberation(monde.college, acte.seance)
    with pytest.raises(SaisieRefusee, match="déjà un acte numéro 2031-12"):
        voter(autre, maintenant=MAINTENANT)
    voisin = une_deliberation(monde.voisin_college, une_seance(monde.voisin_college, SEANCE, MAINTENANT))
    assert voter(voisin, maintenant=MAINTENANT).numero == "2031-12"


def test_enregistrer_deux_fois_le_meme_vote_n_en_fait_qu_un(acte):
    voter(acte, maintenant=MAINTENANT)
    assert voter(acte, maintenant=MAINTENANT + datetime.timedelta(hours=1)).votee_le == MAINTENANT
    assert Dossier.objects.count() == 1
    for autre in (replace(VOTE, voix=Voix(11, 1, 2)), replace(VOTE, numero="9"), replace(VOTE, modifications=True)):
        with pytest.raises(Empeche, match=AUTRE_VOTE):
            voter(acte, autre, maintenant=MAINTENANT)


def test_on_ne_vote_que_l_acte_que_l_on_a_lu(monde, acte):
    lue, base = acte.version, lire_deliberation(acte)
    modifier_deliberation(
        deliberation=acte, base=base, saisie=replace(base, decision="Autre chose."), auteur=monde.referent
    )
    with pytest.raises(Empeche, match=RELIRE):
        voter(acte, version=lue, maintenant=MAINTENANT)


def test_un_dossier_qui_ne_se_fait_pas_laisse_l_acte_en_projet(acte):
    def echoue(contenu, numero):
        raise OSError("disque plein")

    with pytest.raises(OSError, match="disque plein"):
        voter(acte, maintenant=MAINTENANT, rendre_pdf=echoue)
    acte.refresh_from_db()
    assert (acte.votee, acte.numero) == (False, "")


def test_le_dossier_s_imprime_avant_que_rien_ne_soit_tenu(monde, acte):
    """What somebody writes meanwhile is not lost: the vote that was read is no longer the one recorded."""
    vus = []

    def imprime_lentement(contenu, numero):
        tenue = Deliberation.objects.get(pk=acte.pk)
        vus.append((tenue.votee, tenue.numero, Dossier.objects.count(), contenu["deliberation"]["voix"]["pour"]))
        if len(vus) == 1:
            base = lire_deliberation(tenue)
            saisie = replace(base, decision="Autre chose.")
            modifier_deliberation(deliberation=tenue, base=base, saisie=saisie, auteur=monde.referent)
        return b"%PDF", 1

    with pytest.raises(Empeche, match=RELIRE):
        voter(acte, maintenant=MAINTENANT, rendre_pdf=imprime_lentement)
    acte.refresh_from_db()
    assert voter(acte, maintenant=MAINTENANT, rendre_pdf=imprime_lentement).votee
    assert vus == [(False, "", 0, 12)] * 2
    assert json.loads(Dossier.objects.get().contenu)["deliberation"]["decision"] == "Autre chose."


def test_un_numero_de_dossier_pris_pendant_l_impression_refait_le_pdf(monde, acte):
    numeros = []

    def imprime(contenu, numero):
        if not numeros:
            un_dossier(monde.college, ("rapport",), MAINTENANT)
        numeros.append(numero)
        return numero.encode(), 1

    vote = voter(acte, maintenant=MAINTENANT, rendre_pdf=imprime).dossier_vote
    assert (numeros, vote.numero, bytes(vote.pdf)) == (["2031-1", "2031-2"], "2031-2", b"2031-2")


def test_un_projet_se_retire_un_vote_jamais(monde, acte):
    retirer_deliberation(deliberation=acte, version=acte.version, auteur=monde.referent)
    assert not Deliberation.objects.exists()
    with pytest.raises(Empeche, match="un collègue l'a retiré"):
        retirer_deliberation(deliberation=acte, version=1, auteur=monde.referent)
    autre = une_deliberation(monde.college, acte.seance)
    with pytest.raises(Empeche, match=RELIRE):
        retirer_deliberation(deliberation=autre, version=7, auteur=monde.referent)
    voter(autre, maintenant=MAINTENANT)
    with pytest.raises(Empeche, match="il reste"):
        retirer_deliberation(deliberation=autre, version=autre.version, auteur=monde.referent)
    assert Deliberation.objects.get().votee


@pytest.mark.django_db(transaction=True)
def test_deux_personnes_enregistrent_le_vote_en_meme_temps():
    monde = creer_monde()
    for tour in range(4):
        acte = une_deliberation(monde.college, une_seance(monde.college, SEANCE, MAINTENANT))
        saisie = replace(VOTE, numero=f"A{tour}")
        issues = ensemble(
            *[lambda c=acte.pk, s=saisie: voter(Deliberation.objects.get(pk=c), s, maintenant=MAINTENANT).resultat] * 2
        )
        assert issues == ["adoptee", "adoptee"]
        assert Dossier.objects.filter(vote_de=acte).count() == 1
        assert Dossier.objects.count() == tour + 1


@pytest.mark.django_db(transaction=True)
def test_deux_actes_ne_prennent_pas_ensemble_le_meme_numero():
    monde = creer_monde()
    seance = une_seance(monde.college, SEANCE, MAINTENANT)
    actes = [une_deliberation(monde.college, seance) for _ in range(2)]
    issues = ensemble(*[lambda a=a: voter(a, maintenant=MAINTENANT).resultat for a in actes])
    assert sorted(issues) == [
        "L'établissement a déjà un acte numéro 2031-12\u00a0: donnez-en un autre.",
        "adoptee",
    ]
    assert Deliberation.objects.filter(numero="2031-12").count() == 1


# --- Once recorded ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("champ", ["objet", "decision", "pour", "numero", "resultat", "votee_le", "seance"])
def test_la_base_refuse_de_changer_un_vote(monde, acte, champ):
    voter(acte, maintenant=MAINTENANT)
    autre = {"seance": une_seance(monde.college).pk, "votee_le": MAINTENANT + datetime.timedelta(1), "pour": 11}
    with pytest.raises(DatabaseError, match="cet acte ne change plus"), transaction.atomic():
        Deliberation.objects.filter(pk=acte.pk).update(**{champ: autre.get(champ, "rejetee")})


def test_la_base_refuse_de_supprimer_un_vote_ou_d_en_changer_le_dossier(monde, acte):
    voter(acte, maintenant=MAINTENANT)
    sien = Deliberation.objects.filter(pk=acte.pk)
    for changer in (
        lambda: sien._raw_delete("default"),  # what hangs from it is not looked at first
        lambda: sien.update(dossier_vote=None),
        lambda: sien.update(dossier_vote=un_dossier(monde.college)),
    ):
        with pytest.raises(DatabaseError, match="cet acte ne change plus"), transaction.atomic():
            changer()


def test_un_acte_vote_ne_se_reecrit_pas(monde, acte):
    voter(acte, maintenant=MAINTENANT)
    base = lire_deliberation(acte)
    with pytest.raises(Empeche, match=DEJA_VOTEE):
        modifier_deliberation(deliberation=acte, base=base, saisie=replace(base, objet="Autre"), auteur=monde.chef)


def dater(acte, saisie, base=None):
    return noter_dates(
        deliberation=acte,
        base=base or lire_dates(acte),
        saisie=saisie,
        auteur=chef_de(acte.etablissement),
        maintenant=MAINTENANT + datetime.timedelta(days=3),
    )


def test_les_dates_viennent_apres_et_disent_quand_l_acte_est_executoire(monde, acte):
    acte = voter(acte, maintenant=MAINTENANT)
    assert dater(acte, SaisieDates(publiee_le=datetime.date(2031, 12, 18))) == {}
    assert dates_dites(acte) == ("2031-12-18", None)
    assert dater(acte, SaisieDates(datetime.date(2031, 12, 19), datetime.date(2031, 12, 18))) == {}
    assert dates_dites(acte) == ("2032-01-03", "2031-12-19")
    assert dater(acte, SaisieDates(datetime.date(2031, 12, 17)), base=SaisieDates()).keys() == {"transmise_le"}


def dates_dites(acte):
    dates = acte_en_clair(acte, acte.etablissement, regles_de(acte.etablissement))["dates"]
    return dates["executoire_le"], dates["transmise_le"]


def test_un_acte_budgetaire_est_executoire_plus_tard(monde):
    acte = une_deliberation(monde.college, une_seance(monde.college, SEANCE, MAINTENANT), famille="budget")
    acte = voter(acte, maintenant=MAINTENANT)
    dater(acte, SaisieDates(datetime.date(2031, 12, 19)))
    assert dates_dites(acte) == ("2032-01-18", "2031-12-19")


@pytest.mark.parametrize(
    ("saisie", "champ", "phrase"),
    [
        (SaisieDates(datetime.date(2031, 12, 15)), "transmise_le", "cette date vient après"),
        (SaisieDates(publiee_le=datetime.date(2131, 12, 18)), "publiee_le", "Cette date est à venir"),
    ],
)
def test_une_date_absurde_se_dit_au_champ(acte, saisie, champ, phrase):
    acte = voter(acte, maintenant=MAINTENANT)
    with pytest.raises(SaisieRefusee) as refus:
        dater(acte, saisie)
    assert list(refus.value.defauts) == [champ]
    assert phrase in refus.value.defauts[champ]


def test_pas_de_date_avant_le_vote_ni_pour_un_texte_renvoye(acte):
    with pytest.raises(Empeche, match=r"Enregistrez d'abord le vote\."):
        dater(acte, SaisieDates(datetime.date(2031, 12, 18)))
    acte = voter(acte, SaisieVote("1", modifications=True), maintenant=MAINTENANT)
    with pytest.raises(Empeche, match="pas d'acte à transmettre"):
        dater(acte, SaisieDates(datetime.date(2031, 12, 18)))


# --- As it is read ---------------------------------------------------------------------------------------------
def test_l_acte_vote_en_clair(monde, acte):
    acte = voter(acte, maintenant=MAINTENANT)
    source = regles_de(monde.college).source
    assert acte_en_clair(acte, monde.college, regles_de(monde.college)) == {
        "sorte": "délibération",
        "instance": "conseil d'administration",
        "objet": "Stratégie numérique de l'établissement",
        "famille": "Contenu et organisation de l'action éducatrice",
        "numero": "2031-12",
        "visas": acte.visas,
        "expose": "Le diagnostic signé en juin.",
        "decision": acte.decision,
        "seance": {"date": "2031-12-16", "convoquee_le": "2031-12-08", "urgente": False, "seconde": False},
        "membres": 24,
        "presents": 15,
        "quorum": 13,
        "voix": {"pour": 12, "contre": 1, "abstentions": 2, "refus": 0},
        "resultat": "adoptee",
        "resultat_libelle": "Adoptée",
        "voix_du_president": False,
        "dates": {"transmise_le": None, "publiee_le": None, "executoire_le": None},
        "source": source,
    }


def test_sans_acte_chacun_en_a_un_de_propose(monde):
    propose = projet_d_acte(monde.college)
    assert propose["decision"].startswith("La stratégie numérique de l'établissement")
    assert propose["visas"][0].startswith("Vu le code de l'éducation")
    assert (propose["seance"], propose["voix"], propose["quorum"]) == (None, None, None)


def test_l_acte_propose_est_le_dernier_en_projet(monde, acte):
    voter(acte, maintenant=MAINTENANT)
    une_deliberation(monde.college, acte.seance, objet="Le suivant")
    assert projet_d_acte(monde.college)["objet"] == "Le suivant"


def test_une_ecole_donne_un_avis_sans_quorum_ni_effet(ecole):
    seance = une_seance(ecole, replace(SEANCE, presents=2), MAINTENANT)
    acte = voter(une_deliberation(ecole, seance), replace(VOTE, voix=Voix(2, 0)), maintenant=MAINTENANT)
    dater(acte, SaisieDates(publiee_le=datetime.date(2031, 12, 18)))
    dit = acte_en_clair(acte, ecole, regles_de(ecole))
    assert (dit["sorte"], dit["instance"], dit["resultat_libelle"]) == ("avis", "conseil d'école", "Avis favorable")
    assert (dit["quorum"], dit["famille"], dit["dates"]["executoire_le"]) == (None, "", None)


# --- What an académie says otherwise -----------------------------------------------------------------------------
def test_une_academie_dit_ses_delais_puis_revient_aux_communs(monde):
    def fixer(saisie, base=None):
        return fixer_regles(
            academie=monde.academie,
            base=base or lire_regles(monde.academie),
            saisie=saisie,
            auteur=monde.rectorat,
            maintenant=MAINTENANT,
        )

    communes = lire_regles(monde.academie)
    siennes = SaisieRegles(10, 3, 15, 30, "Note du rectorat")
    assert fixer(siennes) == {}
    assert regles_de(monde.college).convocation_jours == 10
    assert regles_de(monde.ailleurs).convocation_jours == 8
    conflits = fixer(replace(communes, urgence_jours=4, source="Autre note"), base=communes)
    assert conflits.keys() == {"urgence_jours", "source"}
    assert fixer(regles_communes()) == {}
    assert (lire_regles(monde.academie), ReglesConseil.objects.count()) == (communes, 0)


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"convocation_jours": 61}, "convocation_jours"),
        ({"urgence_jours": 9}, "urgence_jours"),
        ({"executoire_jours": -1}, "executoire_jours"),
        ({"source": ""}, "source"),
        ({"source": "a" * 301}, "source"),
    ],
)
def test_ce_qu_une_academie_ne_peut_pas_dire(monde, champs, champ):
    with pytest.raises(SaisieRefusee) as refus:
        fixer_regles(
            academie=monde.academie,
            base=regles_communes(),
            saisie=replace(regles_communes(), **champs),
            auteur=monde.rectorat,
            maintenant=MAINTENANT,
        )
    assert list(refus.value.defauts) == [champ]
