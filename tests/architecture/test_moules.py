"""What is poured is what was made: every row of every table, and objects that belong to one test."""

import pytest
from django.db import transaction

from strategie.pilotage.models import FaitChange
from strategie.socle.models import Academie
from tests.dossier import Dossier, Moules, mouler_le_dossier
from tests.moules import empreintes, mouler
from tests.personnages import Monde, creer_monde


def test_toutes_les_lignes_reviennent_avec_leurs_cles_et_leur_histoire(db):
    with transaction.atomic():
        moules = mouler_le_dossier()
        faites = empreintes()
        transaction.set_rollback(True)
    assert empreintes() != faites
    moules.dossier.couler(monde=moules.monde.couler(), referentiel=moules.referentiel.couler())
    assert empreintes() == faites


def ecoles_notees() -> set[int]:
    return set(FaitChange.objects.values_list("etablissement_id", flat=True))


def test_les_ecoles_a_compter_de_nouveau_sont_notees(db):
    with transaction.atomic():
        moule, _ = mouler(creer_monde)
        notees = ecoles_notees()
        transaction.set_rollback(True)
    moule.couler()
    assert ecoles_notees() == notees != set()


def test_les_objets_sont_ceux_des_lignes(monde):
    for objet in vars(monde).values():
        relu = type(objet).objects.get(pk=objet.pk)
        for champ in objet._meta.concrete_fields:
            assert (str(objet), champ.name, champ.value_from_object(relu)) == (
                str(objet),
                champ.name,
                champ.value_from_object(objet),
            )


def test_le_dossier_est_celui_de_ce_monde(monde: Monde, dossier: Dossier):
    assert dossier.monde is monde
    assert dossier.brouillon.etablissement is monde.college


def test_chacun_a_les_siens(moules: Moules, db):
    """What a test changes of its objects stays its own."""
    with transaction.atomic():
        premier = moules.monde.couler()
        premier.college.nom = "Autre"
        premier.college.save()
        transaction.set_rollback(True)
    assert moules.monde.couler().college.nom == "Collège du Test"


def test_l_histoire_s_ecrit_de_nouveau_ensuite(monde: Monde):
    avant = monde.chef.evenements.count()
    monde.chef.first_name = "Clarisse"
    monde.chef.save()
    assert (avant, monde.chef.evenements.count()) == (1, 2)


def test_rien_ne_se_moule_par_dessus_ce_qui_est_la(monde: Monde):
    with pytest.raises(AssertionError, match="socle_academie"):
        mouler(lambda: Academie.objects.create(code="96", nom="Troisième"))
