"""Who sees what, cell by cell."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from strategie.socle.droits import Droit, Role
from strategie.socle.models import Affectation, Etablissement
from tests.personnages import affecter


def noms(requete):
    return sorted(requete.values_list("nom", flat=True))


def test_chacun_voit_ses_etablissements(monde):
    attendu = {
        "chef": ["Collège du Test"],
        "lectrice": ["Collège du Test"],
        "voisin": ["Collège voisin"],
        "animatrice": ["Collège du Test", "Collège voisin"],
        "rectorat": ["Collège du Test", "Collège lointain", "Collège voisin"],
        "rectorat_ailleurs": ["Lycée d'ailleurs"],
        "collectivite_agent": ["Collège du Test"],
        "sans_affectation": [],
        "technique": [],
    }
    vu = {qui: noms(Etablissement.objects.visible_to(getattr(monde, qui))) for qui in attendu}
    assert vu == attendu


def test_deux_roles_ne_font_pas_deux_lignes(monde):
    affecter(monde.chef, Role.REFERENT, etablissement=monde.college)
    affecter(monde.chef, Role.RECTORAT, academie=monde.academie)
    assert noms(Etablissement.objects.visible_to(monde.chef)) == [
        "Collège du Test",
        "Collège lointain",
        "Collège voisin",
    ]
    college = Etablissement.objects.avec_roles(monde.chef).get(pk=monde.college.pk)
    assert sorted(college.mes_roles) == ["chef", "rectorat", "referent"]
    assert noms(Etablissement.objects.allowed_to(monde.chef, Droit.SIGNER)) == ["Collège du Test"]


def test_une_affectation_finie_ou_a_venir_ne_donne_rien(monde):
    jour = datetime.date(2026, 11, 22)
    Affectation.objects.filter(utilisateur=monde.chef).update(fin=jour)
    assert Affectation.objects.actives(jour).filter(utilisateur=monde.chef).exists()
    assert not Affectation.objects.actives(jour + datetime.timedelta(days=1)).filter(utilisateur=monde.chef).exists()
    Affectation.objects.filter(utilisateur=monde.voisin).update(debut=jour + datetime.timedelta(days=1))
    assert not Affectation.objects.actives(jour).filter(utilisateur=monde.voisin).exists()


@pytest.mark.parametrize(
    ("role", "niveaux"),
    [
        (Role.CHEF, ["district"]),
        (Role.ANIMATEUR, ["etablissement"]),
        (Role.RECTORAT, ["etablissement", "academie"]),
        (Role.CHEF, []),
    ],
)
def test_la_base_refuse_un_territoire_qui_ne_va_pas_au_role(monde, role, niveaux):
    territoires = {"etablissement": monde.college, "district": monde.district, "academie": monde.academie}
    with pytest.raises(IntegrityError), transaction.atomic():
        Affectation.objects.create(
            utilisateur=monde.sans_affectation, role=role, **{niveau: territoires[niveau] for niveau in niveaux}
        )
