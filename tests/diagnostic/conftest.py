"""A campaign in the small world, and the chef's draft."""

import datetime
import json
from pathlib import Path

import pytest
from django.utils import timezone

from diagnostic.domain.campagnes import ouvrir_campagne
from diagnostic.domain.cotation import Valeur
from diagnostic.domain.referentiel import charger_referentiel
from diagnostic.domain.reponses import Saisie, commencer_diagnostic, enregistrer_champ
from diagnostic.models import Campagne, Diagnostic, Referentiel
from diagnostic.queries.etat import etat_du_diagnostic
from strategie.socle.domain.calendrier import annee_scolaire
from tests.personnages import Monde

FICHIER = Path(__file__).resolve().parents[2] / "diagnostic" / "donnees" / "referentiel-paliers-v1.json"


@pytest.fixture
def donnees_referentiel() -> dict:
    return json.loads(FICHIER.read_text(encoding="utf-8"))


@pytest.fixture
def maintenant() -> datetime.datetime:
    return timezone.now()


@pytest.fixture
def referentiel(db, donnees_referentiel, maintenant) -> Referentiel:
    return charger_referentiel(donnees=donnees_referentiel, maintenant=maintenant)[0]


@pytest.fixture
def campagne(monde: Monde, referentiel: Referentiel, maintenant) -> Campagne:
    """Open for a month before and after the day of the test."""
    jour = maintenant.astimezone(monde.academie.zone).date()
    return ouvrir_campagne(
        academie=monde.academie,
        annee_scolaire=annee_scolaire(jour),
        referentiel=referentiel,
        date_ouverture=jour - datetime.timedelta(days=30),
        date_cloture=jour + datetime.timedelta(days=30),
        auteur=monde.rectorat,
    )


@pytest.fixture
def brouillon(monde: Monde, campagne: Campagne, maintenant) -> Diagnostic:
    return commencer_diagnostic(
        etablissement=monde.college, campagne=campagne, auteur=monde.chef, maintenant=maintenant
    )


@pytest.fixture
def tout_repondre(monde: Monde, maintenant):
    """`tout_repondre(diagnostic, valeur, sauf={"PIL-1-1": Valeur.non})` answers every indicator at once."""

    def repondre(diagnostic: Diagnostic, valeur: Valeur = Valeur.oui, sauf: dict[str, Valeur] | None = None) -> None:
        saisies = [
            Saisie(etat.indicateur.code, (sauf or {}).get(etat.indicateur.code, valeur).value, "", "", 0)
            for champ in etat_du_diagnostic(diagnostic).champs
            for etat in champ.concernes
        ]
        conflits = enregistrer_champ(diagnostic=diagnostic, saisies=saisies, auteur=monde.chef, maintenant=maintenant)
        assert conflits == []

    return repondre
