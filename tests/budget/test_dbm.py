"""Corrections of the budget: numbered in order, adopted once, whole or not at all."""

import datetime
import uuid
from dataclasses import replace
from decimal import Decimal as D

import pytest
from django.utils import timezone

from budget.domain.dbm import (
    DBMChangee,
    SaisieDBM,
    adopter_dbm,
    creer_dbm,
    fixer_mouvement,
    lire_dbm,
    modifier_dbm,
    rejeter_dbm,
)
from budget.domain.exercices import clore_exercice, rouvrir_exercice
from budget.domain.lignes import lire_ligne, modifier_ligne
from budget.models import DecisionModificative, LigneBudget
from budget.queries.dbm import effets_de
from strategie.socle.domain.empechement import Empeche
from tests.budget.budgets import chef_de, un_financement, une_ligne
from tests.diagnostic.courses import ensemble
from tests.personnages import creer_monde


def cette_annee() -> int:
    return timezone.localdate().year


def une_dbm(etablissement, mouvements=None, cle=None, exercice=None, **champs) -> DecisionModificative:
    return creer_dbm(
        etablissement=etablissement,
        exercice=exercice or cette_annee(),
        saisie=SaisieDBM(**({"genre": "vote", "objet": "Un virement vers la formation", "code": "31"} | champs)),
        cle=cle or uuid.uuid4(),
        auteur=chef_de(etablissement),
        maintenant=timezone.now(),
        mouvements=mouvements or {},
    )


def adopter(decision: DecisionModificative, **options) -> None:
    valeurs = {"version": decision.version, "adoptee_le": timezone.localdate(), "maintenant": timezone.now()}
    adopter_dbm(decision=decision, auteur=chef_de(decision.etablissement), **(valeurs | options))


def prevus() -> dict[str, D]:
    return dict(LigneBudget.objects.values_list("intitule", "prevu"))


@pytest.fixture
def licences(monde) -> LigneBudget:
    return une_ligne(monde.college, cette_annee(), "Licences", prevu=D("500.00"))


@pytest.fixture
def formation(monde) -> LigneBudget:
    return une_ligne(monde.college, cette_annee(), "Formation", prevu=D("100.00"))


def test_les_numeros_se_suivent_dans_chaque_exercice(monde):
    autre = cette_annee() + 1
    for exercice in (cette_annee(), cette_annee(), autre, cette_annee()):
        une_dbm(monde.college, exercice=exercice)
    assert list(DecisionModificative.objects.values_list("exercice", "numero")) == [
        (cette_annee(), 1),
        (cette_annee(), 2),
        (cette_annee(), 3),
        (autre, 1),
    ]


def test_envoyee_deux_fois_elle_n_est_la_qu_une_fois(monde, licences):
    cle = uuid.uuid4()
    premiere = une_dbm(monde.college, {licences.pk: D(40)}, cle)
    assert une_dbm(monde.college, {licences.pk: D(40)}, cle) == premiere
    assert list(premiere.mouvements.values_list("ligne", "montant")) == [(licences.pk, D("40.00"))]


def test_adoptee_elle_change_les_lignes_une_seule_fois(monde, licences, formation):
    decision = une_dbm(monde.college, {licences.pk: D("-80.50"), formation.pk: D("80.50")})
    assert prevus() == {"Licences": D("500.00"), "Formation": D("100.00")}
    adopter(decision)
    adopter(decision, version=1)
    assert prevus() == {"Licences": D("419.50"), "Formation": D("180.50")}
    assert (decision.etat, decision.adoptee_le) == ("adoptee", timezone.localdate())
    assert list(LigneBudget.objects.values_list("version", flat=True)) == [2, 2]


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"objet": ""}, "ce que la décision change"),
        ({"genre": "autre"}, "pour information ou pour vote"),
        ({"code": "x"}, "en chiffres"),
        ({"mouvements": {10**9: D(1)}}, "n'est pas, ou n'est plus"),
        ({"exercice": 1999}, "n'est pas possible"),
    ],
)
def test_une_decision_mal_dite_n_ecrit_rien(monde, champs, phrase):
    with pytest.raises(Empeche, match=phrase):
        une_dbm(monde.college, **champs)
    assert not DecisionModificative.objects.exists()


def test_une_ecole_n_en_a_pas(monde):
    monde.college.type = "ecole"
    assert monde.college.premier_degre
    with pytest.raises(Empeche, match="pas de budget propre"):
        une_dbm(monde.college)


@pytest.mark.parametrize(
    ("engage", "accorde", "mouvement", "phrase"),
    [
        (0, 0, "-500.01", "sous zéro"),
        (200, 0, "-300.01", "moins que ce qui est engagé"),
        (0, 350, "-150.01", "moins que ce qui lui est accordé"),
    ],
)
def test_une_ligne_ne_descend_pas_sous_ce_qui_la_tient(monde, formation, engage, accorde, mouvement, phrase):
    ligne = une_ligne(monde.college, cette_annee(), "Licences", prevu=D(500), engage=D(engage))
    if accorde:
        un_financement(monde.college, cette_annee(), ligne=ligne.pk, accorde=D(accorde))
    decision = une_dbm(monde.college, {formation.pk: D(10), ligne.pk: D(mouvement)})
    assert phrase in effets_de(decision).empechements[0]
    with pytest.raises(Empeche, match=phrase):
        adopter(decision)
    assert prevus() == {"Licences": D("500.00"), "Formation": D("100.00")}
    decision.refresh_from_db()
    assert decision.etat == "projet"


def test_un_mouvement_se_remplace_puis_s_enleve(monde, licences):
    decision = une_dbm(monde.college)
    agir = {"decision": decision, "ligne": licences.pk, "auteur": monde.gestionnaire, "maintenant": timezone.now()}
    fixer_mouvement(montant=D("-20.00"), version=decision.version, **agir)
    fixer_mouvement(montant=D("-30.00"), version=decision.version, **agir)
    assert list(decision.mouvements.values_list("montant", flat=True)) == [D("-30.00")]
    with pytest.raises(DBMChangee, match="relisez-la"):
        fixer_mouvement(montant=D("-90.00"), version=1, **agir)
    fixer_mouvement(montant=D(0), version=decision.version, **agir)
    assert (decision.mouvements.count(), decision.version) == (0, 4)
    with pytest.raises(Empeche, match="ajoutez-lui un mouvement"):
        adopter(decision)


def test_une_ligne_d_un_autre_exercice_n_est_pas_corrigee(monde):
    ailleurs = une_ligne(monde.college, cette_annee() + 1, prevu=D(10))
    du_voisin = une_ligne(monde.voisin_college, cette_annee(), prevu=D(10))
    for ligne in (ailleurs, du_voisin):
        with pytest.raises(Empeche, match="dans l'exercice de la décision"):
            une_dbm(monde.college, {ligne.pk: D(5)})


def test_ce_qui_a_ete_lu_est_ce_qui_est_adopte(monde, licences):
    decision = une_dbm(monde.college, {licences.pk: D("-20.00")})
    lue = decision.version
    fixer_mouvement(
        decision=decision,
        version=lue,
        ligne=licences.pk,
        montant=D("-400.00"),
        auteur=monde.gestionnaire,
        maintenant=timezone.now(),
    )
    with pytest.raises(DBMChangee):
        adopter(decision, version=lue)
    assert prevus() == {"Licences": D("500.00")}


def test_rejetee_elle_ne_change_rien_et_garde_son_numero(monde, licences):
    decision = une_dbm(monde.college, {licences.pk: D("-20.00")})
    rejeter_dbm(decision=decision, version=decision.version, auteur=monde.chef, maintenant=timezone.now())
    assert (prevus(), decision.etat) == ({"Licences": D("500.00")}, "rejetee")
    with pytest.raises(Empeche, match="est rejetée"):
        adopter(decision)
    assert une_dbm(monde.college).numero == 2


def test_dans_un_exercice_clos_rien_ne_s_adopte(monde, licences):
    decision = une_dbm(monde.college, {licences.pk: D("-20.00")})
    commun = {"etablissement": monde.college, "annee": cette_annee(), "auteur": monde.chef}
    clore_exercice(maintenant=timezone.now(), **commun)
    with pytest.raises(Empeche, match="Le chef d'établissement peut le rouvrir"):
        adopter(decision)
    with pytest.raises(Empeche, match="est clos"):
        une_dbm(monde.college)
    rouvrir_exercice(raison="Le conseil se réunit", maintenant=timezone.now(), **commun)
    adopter(decision)
    assert prevus() == {"Licences": D("480.00")}


@pytest.mark.parametrize(("jours", "phrase"), [(1, "à venir"), (-3 * 366, "trop ancienne")])
def test_une_adoption_a_son_jour(monde, licences, jours, phrase):
    decision = une_dbm(monde.college, {licences.pk: D(1)})
    with pytest.raises(Empeche, match=phrase):
        adopter(decision, adoptee_le=timezone.localdate() + datetime.timedelta(days=jours))


def test_deux_personnes_reprennent_ses_mots(monde):
    decision = une_dbm(monde.college)
    base = lire_dbm(decision)
    commun = {"decision": decision, "base": base, "maintenant": timezone.now()}
    assert not modifier_dbm(saisie=SaisieDBM("vote", "Autre objet", "31"), auteur=monde.chef, **commun)
    assert not modifier_dbm(saisie=SaisieDBM("information", base.objet, "31"), auteur=monde.gestionnaire, **commun)
    conflits = modifier_dbm(saisie=SaisieDBM("vote", "Un troisième", "31"), auteur=monde.gestionnaire, **commun)
    assert set(conflits) == {"objet"}
    assert lire_dbm(DecisionModificative.objects.get()) == SaisieDBM("information", "Autre objet", "31")


def test_un_virement_qui_ne_s_equilibre_pas_se_dit(monde, licences, formation):
    decision = une_dbm(monde.college, {licences.pk: D("-20.00"), formation.pk: D("19.99")})
    effets = effets_de(decision)
    assert (effets.total, effets.desequilibre("31"), effets.desequilibre("33")) == (D("-0.01"), True, False)


# --- At the same time ------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_deux_adoptions_ensemble_changent_les_lignes_une_fois():
    monde = creer_monde()
    for tour in range(5):
        ligne = une_ligne(monde.college, cette_annee(), f"Licences {tour}", prevu=D(500))
        decision = une_dbm(monde.college, {ligne.pk: D("-80.00")})
        issues = ensemble(*[lambda cle=decision.pk: adopter(DecisionModificative.objects.get(pk=cle))] * 2)
        ligne.refresh_from_db()
        assert (issues, ligne.prevu, ligne.version) == ([None, None], D("420.00"), 2)


@pytest.mark.django_db(transaction=True)
def test_adopter_et_ecrire_ensemble_n_oublient_rien_et_ne_s_attendent_pas():
    """The line ends with both changes, or the editor is told; no deadlock whatever the order."""
    monde = creer_monde()
    for tour in range(5):
        ligne = une_ligne(monde.college, cette_annee(), f"Licences {tour}", prevu=D(500))
        decision = une_dbm(monde.college, {ligne.pk: D("-80.00")})

        def ecrire(cle=ligne.pk):
            lue = LigneBudget.objects.get(pk=cle)
            base = lire_ligne(lue)
            saisie = replace(base, note="devis reçu")
            return modifier_ligne(ligne=lue, base=base, saisie=saisie, auteur=monde.chef, maintenant=timezone.now())

        def payer(cle=ligne.pk):
            return un_financement(monde.college, cette_annee(), ligne=cle, accorde=D(100)).accorde

        issues = ensemble(lambda cle=decision.pk: adopter(DecisionModificative.objects.get(pk=cle)), ecrire, payer)
        ligne.refresh_from_db()
        assert (issues, ligne.prevu, ligne.note) == ([None, {}, D(100)], D("420.00"), "devis reçu")
