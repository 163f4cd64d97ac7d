"""Prepared querysets: the same rows as the ordinary ones, whatever the values, the day and the thread."""

from __future__ import annotations

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models import QuerySet, Value
from django.utils import timezone

from strategie.socle.models import Affectation, Etablissement
from strategie.socle.queries.preparees import preparee
from tests.personnages import Monde, creer_monde


@preparee
def roles_tenus(utilisateur: int, jour: datetime.date, uai: str) -> QuerySet[Etablissement]:
    return Etablissement.objects.avec_roles(utilisateur, jour).select_related("academie").filter(uai=uai).order_by()


def roles(monde: Monde, qui: str, jour: datetime.date) -> list[tuple[str, list[str]]]:
    trouves = roles_tenus(utilisateur=getattr(monde, qui).pk, jour=jour, uai=monde.college.uai)
    return [(etablissement.academie.nom, etablissement.mes_roles) for etablissement in trouves]


def test_chaque_appel_a_ses_valeurs(monde):
    jour = timezone.localdate()
    attendus = {"chef": ["chef"], "animatrice": ["animateur"], "rectorat": ["rectorat"], "voisin": []}
    assert {qui: roles(monde, qui, jour) for qui in attendus} == {
        qui: [("Exemple", noms)] for qui, noms in attendus.items()
    }
    assert roles_tenus(utilisateur=monde.chef.pk, jour=jour, uai="0000000A") == []


def test_le_jour_n_est_pas_celui_du_premier_appel(monde):
    jour = timezone.localdate()
    assert roles(monde, "chef", jour) == [("Exemple", ["chef"])]
    Affectation.objects.filter(utilisateur=monde.chef).update(fin=jour)
    assert roles(monde, "chef", jour + datetime.timedelta(days=1)) == [("Exemple", [])]


def test_une_seule_requete_et_rien_apres(monde, django_assert_num_queries):
    with django_assert_num_queries(1):
        (etablissement,) = roles_tenus(utilisateur=monde.chef.pk, jour=timezone.localdate(), uai=monde.college.uai)
        assert etablissement.academie == monde.academie


@pytest.mark.django_db(transaction=True)
def test_chaque_fil_lit_par_sa_connexion():
    monde, jour = creer_monde(), timezone.localdate()

    def lire(qui: str) -> list[tuple[str, list[str]]]:
        try:
            return roles(monde, qui, jour)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as fils:
        assert (
            list(fils.map(lire, ["chef", "referent"] * 10))
            == [
                [("Exemple", ["chef"])],
                [("Exemple", ["referent"])],
            ]
            * 10
        )


@preparee
def noms_et_roles(utilisateur: int, uai: str) -> QuerySet[Etablissement, tuple[str, str]]:
    """Tuples, of two querysets at once."""
    siens = Etablissement.objects.filter(affectations__utilisateur=utilisateur).values_list("nom", "affectations__role")
    autres = Etablissement.objects.filter(uai=uai).values_list("nom", Value("—"))
    return siens.union(autres, all=True).order_by("nom")


def test_des_tuples_se_preparent_aussi(monde):
    for qui, role in (("chef", "chef"), ("referent", "referent")):
        assert noms_et_roles(utilisateur=getattr(monde, qui).pk, uai="0980003W") == [
            ("Collège du Test", role),
            ("Collège lointain", "—"),
        ]


def test_une_valeur_qui_n_est_pas_dans_la_requete_se_voit():
    @preparee
    def oubli(uai: str, jour: datetime.date) -> QuerySet[Etablissement]:
        return Etablissement.objects.filter(uai=uai)

    with pytest.raises(TypeError, match="oubli: jour is not in the SQL"):
        oubli(uai="0980001U", jour=datetime.date(2026, 1, 1))
