"""The demonstration tells the truth: one school at each palier, in a district of twelve."""

import datetime
import json

import pytest
from django.core.management import call_command
from django.urls import reverse

from diagnostic.models import Campagne, CopieSignee, Correspondance, Diagnostic, Referentiel, SecondRegard
from diagnostic.queries.etat import etat_du_diagnostic
from diagnostic.queries.referentiels import defauts_de_publication, suite_de
from strategie.pilotage.domain.demonstration import COMPTES, MOT_DE_PASSE, installer_demonstration
from strategie.socle.models import District, Etablissement, Utilisateur
from strategie.socle.rules import lettre_uai


def installer(referentiel, maintenant):
    return installer_demonstration(
        referentiel=referentiel, maintenant=maintenant, rendre_pdf=lambda contenu, empreinte: b"%PDF-1.7\n"
    )


@pytest.fixture
def maintenant():
    return datetime.datetime(2026, 11, 22, 9, 0, tzinfo=datetime.UTC)


@pytest.fixture
def demonstration(referentiel, maintenant):
    assert installer(referentiel, maintenant) is True


def paliers(uai: str, annee: str) -> list[int]:
    copie = CopieSignee.objects.get(diagnostic__etablissement__uai=uai, diagnostic__campagne__annee_scolaire=annee)
    return [champ["resultat"]["palier"] for champ in json.loads(copie.contenu)["champs"]]


def test_un_etablissement_a_chaque_palier(demonstration):
    assert paliers("0990001N", "2025-2026") == [1] * 6
    assert paliers("0990002P", "2026-2027") == [2] * 6
    assert paliers("0990003R", "2026-2027") == [3] * 6
    assert paliers("0990003R", "2025-2026") == [3, 2, 3, 2, 3, 2]


def test_un_district_de_douze_dont_chaque_lettre_est_juste(demonstration):
    uais = list(Etablissement.objects.filter(district=District.objects.get()).values_list("uai", flat=True))
    assert len(uais) == 12
    assert all(uai[7] == lettre_uai(uai[:7]) for uai in uais)


def test_le_premier_etablissement_a_un_brouillon_a_finir(demonstration):
    brouillon = Diagnostic.objects.select_related("etablissement", "campagne", "referentiel").get(
        etablissement__uai="0990001N", etat="brouillon"
    )
    etat = etat_du_diagnostic(brouillon)
    assert [champ.champ.code for champ in etat.champs_a_finir] == ["INF", "EQU"]


def test_la_pratique_de_l_annee_se_voit(demonstration):
    """Champs confided, answers to confirm, a meeting, pieces taken over, a second look, the draft of a version."""
    brouillon = Diagnostic.objects.select_related("etablissement", "campagne", "referentiel").get(
        etablissement__uai="0990001N", etat="brouillon"
    )
    etat = etat_du_diagnostic(brouillon)
    assert {e.indicateur.champ.code for e in etat.a_reconfirmer} == {"INF", "EQU"}
    assert [(d.champ, d.utilisateur.first_name) for d in brouillon.delegations.select_related("utilisateur")] == [
        ("EQU", "Gaëlle"),
        ("INF", "Rémi"),
    ]
    assert [(v.indicateur.code, v.oui) for v in brouillon.votes.select_related("indicateur")] == [("PED-1-1", 9)]
    jour = datetime.date(2026, 11, 22)
    assert [p.de_plus_de_deux_ans(jour) for p in brouillon.preuves.order_by("date_piece")] == [True, False]
    ecarts = SecondRegard.objects.filter(valeur="en_partie").values_list("indicateur__code", flat=True)
    assert sorted(ecarts) == ["INF-1-4", "PIL-3-1"]
    suivante = Referentiel.objects.get(version=2)
    assert (suivante.publie, suivante.academie.code, defauts_de_publication(suite_de(suivante))) == (False, "99", [])
    natures = set(suivante.correspondances.values_list("nature", flat=True))
    assert natures == set(Correspondance.Nature)


def test_une_seconde_installation_ne_change_rien(demonstration, referentiel, maintenant):
    avant = (Diagnostic.objects.count(), CopieSignee.objects.count(), Utilisateur.objects.count())
    assert installer(referentiel, maintenant + datetime.timedelta(days=400)) is False
    assert (Diagnostic.objects.count(), CopieSignee.objects.count(), Utilisateur.objects.count()) == avant


def test_chaque_compte_se_connecte_et_arrive_quelque_part(demonstration, client):
    for compte in COMPTES:
        utilisateur = Utilisateur.objects.get(email=compte.email)
        assert utilisateur.check_password(MOT_DE_PASSE)
        client.force_login(utilisateur)
        assert client.get(reverse("accueil"), follow=True).status_code == 200, compte


@pytest.mark.parametrize(
    "jour", [(2026, 8, 14), (2026, 8, 15), (2026, 9, 1), (2026, 12, 31), (2027, 2, 28), (2027, 8, 10)]
)
def test_la_campagne_est_ouverte_le_jour_de_l_installation(referentiel, jour):
    instant = datetime.datetime(*jour, 10, 0, tzinfo=datetime.UTC)
    installer(referentiel, instant)
    campagne = Campagne.objects.order_by("annee_scolaire").last()
    assert campagne.date_ouverture <= campagne.jour_local(instant) <= campagne.date_cloture
    assert paliers("0990003R", campagne.annee_scolaire) == [3] * 6


def test_jamais_sur_un_site_ouvert_au_public(referentiel, settings, capsys):
    settings.DEPLOIEMENT = True
    call_command("installer_demonstration")
    assert "Pas de démonstration" in capsys.readouterr().out
    assert Etablissement.objects.count() == 0
