"""The fold: what schools count for, carried to their territories."""

import datetime

import pytest
from django.utils import timezone

from strategie.pilotage.domain.syntheses import replier, tout_replier
from strategie.pilotage.models import FaitChange, SyntheseEtablissement, SyntheseTerritoire
from strategie.socle.domain.calendrier import annee_precedente

pytestmark = pytest.mark.django_db
CHAMPS = ("EQU", "FOR", "INF", "PED", "PIL", "RES")


def replie() -> int:
    return tout_replier(maintenant=timezone.now())


def comptes_de(etablissement, annee: str = "") -> dict[str, int]:
    return SyntheseEtablissement.objects.get(etablissement=etablissement, annee_scolaire=annee).comptes


def totaux(niveau: str, cle: int, annee: str = "") -> dict[str, int]:
    lignes = SyntheseTerritoire.objects.filter(niveau=niveau, cle=cle, annee_scolaire=annee)
    return dict(lignes.values_list("mesure", "valeur"))


def test_une_ecole_qui_a_signe_compte_dans_chacun_de_ses_territoires(dossier):
    monde, passee = dossier.monde, annee_precedente(dossier.annee)
    assert replie() == 4
    signe = {f"champ.{champ}.3": 1 for champ in CHAMPS} | {"diagnostic.signe": 1}
    ligne = SyntheseEtablissement.objects.get(etablissement=monde.college, annee_scolaire=passee)
    assert (ligne.diagnostic, ligne.comptes) == ("signe", signe)
    assert ligne.paliers == dict.fromkeys(CHAMPS, 3)
    assert ligne.signe_le == datetime.date.fromisoformat(dossier.copie.signee_le.date().isoformat())
    assert comptes_de(monde.college, dossier.annee) == {"diagnostic.brouillon": 1}
    assert comptes_de(monde.ailleurs) == {"etablissements": 1, "etablissements.lycee": 1}
    assert totaux("district", monde.district.pk, passee) == signe | {"diagnostic.a_commencer": 1}
    assert totaux("academie", monde.academie.pk, passee) == signe | {"diagnostic.a_commencer": 2}
    assert totaux("departement", monde.college.departement_id, passee) == totaux("nation", 0, passee)
    assert totaux("collectivite", monde.collectivite.pk, passee) == signe
    assert totaux("sans_district", monde.autre_academie.pk) == {"etablissements": 1, "etablissements.lycee": 1}
    assert (replie(), FaitChange.objects.count()) == (0, 0)


def test_replier_prend_peu_a_la_fois(monde):
    lignes = FaitChange.objects.count()
    assert [replier(maintenant=timezone.now(), maximum=lignes - 1) > 0, replie()] == [True, 1]
    assert totaux("nation", 0)["etablissements"] == 4
