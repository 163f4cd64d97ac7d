"""The demonstration tells the truth: one school at each palier, in a district of twenty-two."""

import datetime
import io
import json
from collections import Counter
from decimal import Decimal

import pypdf
import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import call_command
from django.db import transaction
from django.db.models import Sum
from django.urls import reverse

from budget.models import (
    Achat,
    BesoinFormation,
    DecisionUsage,
    Equipement,
    Exercice,
    Incident,
    LigneBudget,
    MesureDebit,
)
from diagnostic.models import (
    BulletinScelle,
    Campagne,
    CopieSignee,
    Correspondance,
    Coupon,
    Diagnostic,
    Enquete,
    Instantane,
    Referentiel,
    ResultatEnquete,
    SecondRegard,
)
from diagnostic.queries.enquetes import participation_de, resultat_de
from diagnostic.queries.etat import etat_du_diagnostic
from diagnostic.queries.referentiels import defauts_de_publication, suite_de
from diagnostic.queries.resultats_enquete import lire_resultat
from plans.models import Besoin
from strategie.pilotage.domain.demonstration import COMPTES, MOT_DE_PASSE, installer_demonstration
from strategie.pilotage.domain.demonstration_district import SANS_MISE_EN_PAGE
from strategie.pilotage.domain.syntheses import tout_replier
from strategie.pilotage.models import Deliberation, SyntheseTerritoire
from strategie.socle.models import Academie, District, Etablissement, Utilisateur
from strategie.socle.rules import lettre_uai
from tests.dossier import charger, deja_lu
from tests.moules import mouler
from tests.pilotage.conseils import imprimer


def installer(referentiel, maintenant):
    return installer_demonstration(
        referentiel=referentiel,
        maintenant=maintenant,
        rendre_pdf=lambda contenu, empreinte: b"%PDF-1.7\n",
        rendre_dossier=imprimer,
    )


MAINTENANT = datetime.datetime(2026, 11, 22, 9, 0, tzinfo=datetime.UTC)


@pytest.fixture
def maintenant():
    return MAINTENANT


def installer_le_22_novembre() -> Referentiel:
    referentiel = charger()
    assert installer(referentiel, MAINTENANT) is True
    return referentiel


@pytest.fixture(scope="module")
def moule(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        moule, _ = mouler(installer_le_22_novembre)
        transaction.set_rollback(True)
    return moule


@pytest.fixture
def demonstration(db, moule) -> Referentiel:
    return deja_lu(moule.couler())


def paliers(uai: str, annee: str) -> list[int]:
    copie = CopieSignee.objects.get(diagnostic__etablissement__uai=uai, diagnostic__campagne__annee_scolaire=annee)
    return [champ["resultat"]["palier"] for champ in json.loads(copie.contenu)["champs"]]


def test_un_etablissement_a_chaque_palier(demonstration):
    assert paliers("0990001N", "2025-2026") == [1] * 6
    assert paliers("0990002P", "2026-2027") == [2] * 6
    assert paliers("0990003R", "2026-2027") == [3] * 6
    assert paliers("0990003R", "2025-2026") == [3, 2, 3, 2, 3, 2]


def test_un_district_de_vingt_deux_dont_chaque_lettre_est_juste(demonstration):
    uais = list(Etablissement.objects.filter(district__nom="Valmont").values_list("uai", flat=True))
    assert (len(uais), Etablissement.objects.filter(district__nom="Plateau").count()) == (22, 4)
    assert all(uai[7] == lettre_uai(uai[:7]) for uai in uais)


def test_le_parc_du_premier_etablissement_a_vecu(demonstration):
    """Things of six ages, some lent, broken or gone; a lot that failed twice waits for its decision."""
    siens = Equipement.objects.filter(etablissement__uai="0990001N")
    assert siens.aggregate(Sum("nombre"))["nombre__sum"] == 94
    assert Counter(siens.values_list("etat", flat=True)) == {
        "reutilisable": 70,
        "reformable": 6,
        "sorti": 3,
        "a_reparer": 1,
    }
    assert Counter(siens.exclude(prete_a="").values_list("prete_a", flat=True)) == {"eleve": 2, "personnel": 1}
    assert [decision.lot.intitule for decision in DecisionUsage.objects.select_related("lot")] == ["Anciens portables"]
    assert Incident.objects.filter(clos_le__isnull=True).count() == 1
    assert MesureDebit.objects.count() == 4


def test_le_premier_etablissement_forme_et_finance(demonstration):
    """A training evaluated, one granted, one asked, one wished; a budget in course, one closed; two purchases."""
    formations = BesoinFormation.objects.filter(etablissement__uai="0990001N")
    assert Counter(formations.values_list("etat", flat=True)) == dict.fromkeys(
        ["evalue", "accorde", "demande", "exprime"], 1
    )
    siennes = LigneBudget.objects.filter(etablissement__uai="0990001N")
    assert siennes.filter(exercice=2026).aggregate(Sum("prevu"))["prevu__sum"] == Decimal("6339.20")
    assert [exercice.annee for exercice in Exercice.objects.filter(clos_le__isnull=False)] == [2025]
    assert dict(Achat.objects.values_list("intitule", "etat")) == {
        "Renouveler la classe mobile": "approuve",
        "Équiper deux salles d'un écran interactif": "projet",
    }


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


def lecture(enquete: Enquete):
    return lire_resultat(resultat_de(enquete).contenu)


def parts(uai: str) -> list[tuple[str, int, int]]:
    (enquete,) = Enquete.objects.filter(etablissement__uai=uai)
    return [(p.code, p.reponses, p.invites) for famille in lecture(enquete).familles for p in famille.parts]


def test_les_enquetes_et_ce_qui_en_vient(demonstration, maintenant):
    """In one test: an installation takes seconds."""
    _deux_comptees_et_une_en_cours(maintenant)
    _assez_pour_un_territoire_et_des_groupes_reunis()
    _de_l_enquete_aux_besoins()


def _deux_comptees_et_une_en_cours(maintenant):
    automne, printemps, en_cours = Enquete.objects.filter(etablissement__uai="0990001N").order_by("date_ouverture")
    assert [(e.forme, e.etat, e.annee_scolaire) for e in (automne, printemps, en_cours)] == [
        ("pouls", "depouillee", "2025-2026"),
        ("longue", "depouillee", "2025-2026"),
        ("longue", "ouverte", "2026-2027"),
    ]
    lue = lecture(printemps)
    assert [(p.code, p.reponses, p.invites) for p in lue.familles[0].parts] == [
        ("enseignants", 31, 38),  # as the diagnostic says
        ("vie_scolaire+aesh_agents", 10, 23),  # four of AESH and agents: not shown alone
    ]
    assert (lue.textes, printemps.expressions.count(), len(lue.equipes.propres)) == (9, 9, 1)
    assert (len(lue.ecarts), lue.faibles[0].reference) == (20, "E18")
    assert 5 <= (en_cours.date_cloture - maintenant.date()).days <= 11
    assert (participation_de(en_cours).taux, resultat_de(en_cours)) == (40, None)
    assert BulletinScelle.objects.count() == en_cours.bulletins.count() == 25
    assert en_cours.reponses_direction.count() == 0  # left for the head to do


def _assez_pour_un_territoire_et_des_groupes_reunis():
    assert Academie.objects.get().compare_les_semblables is True
    cet_automne = Enquete.objects.depouillees().filter(annee_scolaire="2026-2027")
    assert cet_automne.values("etablissement").distinct().count() == cet_automne.count() == 8
    assert parts("0990003R") == [("enseignants", 33, 42), ("vie_scolaire", 6, 8), ("aesh_agents", 7, 12)]
    assert parts("0990004S") == [("enseignants+aesh_agents", 11, 14), ("parents", 38, 140)]
    assert parts("0990010Y") == [("enseignants+aesh_agents", 6, 8)]  # both under five
    coupons = cet_automne.get(acces="coupons")
    assert (coupons.etablissement.uai, lecture(coupons).familles[0].reponses) == ("0990006U", 30)
    assert (ResultatEnquete.objects.count(), Coupon.objects.count()) == (10, 0)  # counted slips are destroyed


def _de_l_enquete_aux_besoins():
    """Kept as the results' buttons say them, in words that the figures hold; nobody is named."""
    siens = Besoin.objects.filter(etablissement__uai="0990001N", origine__in=Besoin.ORIGINES_MESUREES)
    siens = siens.order_by("origine")
    assert [(b.origine, b.reference, b.annee_scolaire, b.a_l_ordre_du_jour) for b in siens] == [
        ("ecart", "E16", "2025-2026", True),
        ("formation", "F7", "2025-2026", False),
        ("indicateur", "FOR-2-1", "2026-2027", False),
        ("question", "E18", "2025-2026", False),
    ]
    assert [b.effectif for b in siens] == [None, 20, None, None]
    assert "la direction est plus favorable" in siens[0].constat
    assert list(Instantane.objects.values_list("nom", "enquete__forme")) == [
        ("Avant le conseil pédagogique de juin", "longue")
    ]


def test_le_plan_du_premier_etablissement(demonstration, maintenant):
    """Each state but « en pause », something late, a need that no fact shows, what answers the district."""
    premier = Etablissement.objects.get(uai="0990001N")
    actions = {action.intitule: action for action in premier.actions.avec_justification()}
    etats = Counter(action.etat for action in actions.values())
    assert etats == {"a_venir": 2, "en_cours": 3, "bloquee": 1, "realisee": 2, "brouillon": 1}
    assert all(action.justifiee for action in actions.values())
    assert [axe.annee_scolaire for axe in premier.axes.all()] == ["2026-2027"] * 3
    assert list(Besoin.objects.exclude(pk__in=Besoin.objects.adosses()).values_list("origine", flat=True)) == ["saisi"]
    bornes = actions["Couvrir les quatre salles du premier étage en Wi-Fi"]
    assert [(str(r.date), r.valeur) for r in bornes.indicateurs.get().releves.all()] == [
        ("2026-09-17", 14),
        ("2026-10-18", 16),
        ("2026-11-16", 17),
    ]
    assert [suivi.etat for suivi in bornes.suivis.order_by("pk")][-2:] == ["en_cours", "bloquee"]
    assert premier.rattachements.count() == 2


def test_un_acte_adopte_en_juin_et_un_autre_qui_attend_sa_seance(demonstration, maintenant):
    adopte, projet = Deliberation.objects.select_related("seance", "dossier_vote", "etablissement").order_by("pk")
    assert (adopte.etablissement.uai, str(adopte.seance.date), adopte.resultat) == ("0990003R", "2026-06-25", "adoptee")
    assert (str(adopte.transmise_le), adopte.dossier_vote.vote) == ("2026-06-29", True)
    assert (projet.etablissement.uai, projet.votee, projet.seance.presents) == ("0990001N", False, None)
    assert 17 < (projet.seance.date - maintenant.date()).days <= 24


def test_une_seconde_installation_ne_change_rien(demonstration, maintenant):
    tables = (Diagnostic, CopieSignee, Utilisateur, Enquete, BulletinScelle, Besoin)
    avant = [table.objects.count() for table in tables]
    assert installer(demonstration, maintenant + datetime.timedelta(days=400)) is False
    assert [table.objects.count() for table in tables] == avant


def test_chaque_compte_se_connecte_et_arrive_quelque_part(demonstration, client):
    utilisateurs = {utilisateur.email: utilisateur for utilisateur in Utilisateur.objects.all()}
    [empreinte] = {utilisateur.password for utilisateur in utilisateurs.values()}
    assert check_password(MOT_DE_PASSE, empreinte)
    for compte in COMPTES:
        client.force_login(utilisateurs[compte.email])
        assert client.get(reverse("accueil"), follow=True).status_code == 200, compte


@pytest.mark.parametrize("jour", ["2026-08-14", "2026-08-15", "2026-09-01", "2026-12-31", "2027-01-02", "2027-07-10"])
def test_a_tout_moment_de_l_annee_la_campagne_et_l_enquete_sont_ouvertes(referentiel, jour):
    """Acts are dated back from today: none of them is refused on the last day of a year nor on its first."""
    instant = datetime.datetime.combine(datetime.date.fromisoformat(jour), datetime.time(10), tzinfo=datetime.UTC)
    assert installer(referentiel, instant) is True
    campagne = Campagne.objects.order_by("annee_scolaire").last()
    assert campagne.date_ouverture <= campagne.jour_local(instant) <= campagne.date_cloture
    assert paliers("0990003R", campagne.annee_scolaire) == [3] * 6
    enquete = Enquete.objects.get(etat="ouverte")
    assert enquete.date_ouverture <= enquete.jour_local(instant) <= enquete.date_cloture


def test_jamais_sur_un_site_ouvert_au_public(referentiel, settings, capsys):
    settings.DEPLOIEMENT = True
    call_command("installer_demonstration")
    assert "Pas de démonstration" in capsys.readouterr().out
    assert Etablissement.objects.count() == 0


def test_le_district_vaut_d_etre_regarde(demonstration, maintenant):
    """Enough signatures for distributions, in both years; a headcount that nobody knows; a place for each school."""
    tout_replier(maintenant=maintenant)
    district = District.objects.get(nom="Valmont")
    lus = dict(
        SyntheseTerritoire.objects.filter(niveau="district", cle=district.pk, annee_scolaire__in=["", "2026-2027"])
        .values_list("mesure", "valeur")
    )  # fmt: skip
    assert {nom: lus[f"diagnostic.{nom}"] for nom in ("signe", "brouillon", "a_commencer")} == {
        "signe": 13,
        "brouillon": 4,
        "a_commencer": 5,
    }
    assert sum(lus.get(f"{sens}.PIL", 0) for sens in ("hausse", "stable", "baisse")) == 9
    assert (lus["etablissements"], lus["eleves.connus"], lus["budget.2026.etablissements"]) == (22, 21, 7)
    assert not Etablissement.objects.filter(latitude__isnull=True).exists()
    places = set(Etablissement.objects.values_list("latitude", "longitude"))
    assert len(places) == Etablissement.objects.count()


def test_une_copie_sans_mise_en_page_reste_un_pdf():
    [feuille] = pypdf.PdfReader(io.BytesIO(SANS_MISE_EN_PAGE), strict=True).pages
    assert "n'a pas été mise en page" in feuille.extract_text()
