"""Days and hours as they are where the school is, not on the server's clock."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from diagnostic.domain.cotation import Valeur
from diagnostic.models import Diagnostic, Reponse
from strategie.pilotage.interfaces.tables import TableEtablissements
from strategie.pilotage.queries.etablissements import page_d_etablissements
from strategie.socle.droits import Role
from strategie.socle.models import Utilisateur
from tests.dossier import commencer, repondre_partout, signer
from tests.personnages import affecter, un_compte

SOIR = datetime.datetime(2026, 11, 1, 22, 30, tzinfo=datetime.UTC)  # 23 h 30 in Paris, the 2nd in La Réunion
RENTREE = datetime.datetime(2026, 8, 14, 22, 30, tzinfo=datetime.UTC)  # the 15th in Paris: a new school year
TROIS_HEURES = datetime.timedelta(hours=3)


@pytest.fixture
def proviseure(monde) -> Utilisateur:
    return affecter(un_compte("Prune", "Proviseure"), Role.CHEF, etablissement=monde.ailleurs)


@pytest.fixture
def diagnostic_ailleurs(monde, referentiel, proviseure) -> Diagnostic:
    diagnostic = commencer(monde.ailleurs, "2026-2027", referentiel, proviseure, SOIR)
    repondre_partout(diagnostic, Valeur.oui, proviseure, SOIR)
    return diagnostic


def etats(lecteur: Utilisateur, maintenant: datetime.datetime) -> list[str]:
    page = page_d_etablissements(lecteur=lecteur, texte="", apres="", maintenant=maintenant)
    return [ligne.get_cell("etat_diagnostic") for ligne in TableEtablissements(page.etablissements).rows]


def test_la_liste_dit_le_jour_de_la_signature_la_ou_elle_a_eu_lieu(monde, diagnostic_ailleurs, proviseure):
    signer(diagnostic_ailleurs, proviseure, SOIR)
    assert etats(monde.rectorat_ailleurs, SOIR) == ['<span class="etiquette fait">signé le 2\xa0novembre 2026</span>']


def test_l_annee_de_la_liste_change_a_minuit_et_non_deux_heures_apres(monde, diagnostic_ailleurs):
    assert [etats(monde.rectorat_ailleurs, RENTREE - ecart) for ecart in (datetime.timedelta(), TROIS_HEURES)] == [
        ['<span class="etiquette attention">brouillon</span>'],
        ['<span class="etiquette">à commencer</span>'],
    ]


def test_une_reponse_est_enregistree_a_l_heure_de_l_etablissement(client, monde, referentiel, proviseure):
    commencer(monde.ailleurs, "2026-2027", referentiel, proviseure, timezone.now())
    client.force_login(proviseure)
    adresse = reverse("diagnostic_reponse", args=[monde.ailleurs.uai, "2026-2027", "PIL-1-1"])
    dit = client.post(adresse, {"valeur": "non", "version": 0}).json()
    gardee = Reponse.objects.get(indicateur__code="PIL-1-1").modifiee_le.astimezone(ZoneInfo("Indian/Reunion"))
    assert dit == {"version": 1, "message": f"Enregistré à {gardee.hour} h {gardee.minute:02}", "alertes": []}


@pytest.mark.parametrize("recherche", ["²²²²²²²", "²²²²²²²A", "٠٩٧٠٠٠١", "0970001", "\ud7ff", "%", "a" * 100])
def test_une_recherche_etrange_ne_trouve_que_ce_qui_est(client, monde, recherche):
    client.force_login(monde.rectorat_ailleurs)
    trouve = monde.ailleurs.uai in client.get(reverse("etablissements"), {"q": recherche}).content.decode()
    assert trouve == (recherche == "0970001")


def test_une_page_dit_l_heure_de_son_etablissement_et_la_suivante_la_sienne(
    client, monde, diagnostic_ailleurs, proviseure
):
    signer(diagnostic_ailleurs, proviseure, SOIR)
    client.force_login(proviseure)
    resultats = client.get(reverse("diagnostic_resultats", args=[monde.ailleurs.uai, "2026-2027"])).content.decode()
    assert "lundi\xa02\xa0novembre 2026" in resultats
    assert "2 novembre 2026 à 2\xa0h\xa030" in resultats
    assert timezone.get_current_timezone_name() == "Europe/Paris"
