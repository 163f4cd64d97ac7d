"""Two people of a rectorat at the same moment: one wins, the other reads a sentence."""

import datetime
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from diagnostic.domain.campagnes import (
    Reglages,
    modifier_campagne,
    ouvrir_campagne,
    prolonger_campagne,
    retirer_prolongation,
)
from diagnostic.models import Campagne, Diagnostic, Prolongation
from tests.diagnostic.test_courses import ensemble

pytestmark = pytest.mark.django_db(transaction=True)

MAINTENANT = datetime.datetime(2026, 11, 3, 12, tzinfo=datetime.UTC)


def dit(acte: Callable[[], object]) -> Callable[[], object]:
    """The act, with the sentences that refuse it as its result."""

    def agir() -> object:
        try:
            return acte()
        except ValidationError as refus:
            return refus.messages

    return agir


def ouverture(monde, referentiel, jours: int) -> Callable[[], object]:
    return dit(
        lambda: ouvrir_campagne(
            academie=monde.academie,
            annee_scolaire="2026-2027",
            referentiel=referentiel,
            date_ouverture=datetime.date(2026, 9, 15),
            date_cloture=datetime.date(2026, 12, 18),
            jours_de_correction=jours,
            auteur=monde.rectorat,
            maintenant=MAINTENANT,
        )
    )


def test_deux_ouvertures_differentes_n_en_font_qu_une(monde, referentiel):
    resultats = ensemble(*(ouverture(monde, referentiel, jours) for jours in range(8)))
    campagne = Campagne.objects.get()
    refuses = [resultat for resultat in resultats if resultat != campagne]
    assert refuses == [["Cette académie a déjà une campagne pour cette année scolaire."]] * 7
    assert Diagnostic.objects.count() == 3


def test_un_double_clic_donne_la_meme_campagne(monde, referentiel):
    assert ensemble(*[ouverture(monde, referentiel, 15)] * 8) == [Campagne.objects.get()] * 8
    assert Diagnostic.objects.count() == 3


@pytest.fixture
def campagne(monde, referentiel) -> Campagne:
    return ouverture(monde, referentiel, 15)()


def test_deux_modifications_ensemble_une_seule_est_gardee(monde, campagne):
    actuels = Reglages.de(campagne)

    def modifier(quantieme: int) -> Callable[[], object]:
        return dit(
            lambda: modifier_campagne(
                campagne=campagne,
                voulus=Reglages(actuels.date_ouverture, datetime.date(2026, 12, quantieme), 15),
                vu=str(actuels),
                auteur=monde.rectorat,
                maintenant=MAINTENANT,
            )
        )

    resultats = ensemble(*(modifier(quantieme) for quantieme in (20, 21, 22)))
    campagne.refresh_from_db()
    refuses = [resultat for resultat in resultats if resultat != 3]
    assert [phrases[0].startswith("Une autre personne vient de changer cette campagne") for phrases in refuses] == [
        True,
        True,
    ]
    assert set(Diagnostic.objects.values_list("date_cloture", flat=True)) == {campagne.date_cloture}


def test_prolonger_ensemble_garde_la_plus_longue_ou_la_derniere(monde, campagne):
    def prolonger(quantieme: int) -> Callable[[], object]:
        return dit(
            lambda: prolonger_campagne(
                campagne=campagne,
                district=monde.district,
                date_cloture=datetime.date(2027, 1, quantieme),
                motif="Crue",
                auteur=monde.rectorat,
                maintenant=MAINTENANT,
            )
        )

    resultats = ensemble(*(prolonger(quantieme) for quantieme in (10, 20, 30)))
    assert Prolongation.objects.get().date_cloture == datetime.date(2027, 1, 30)
    assert all(resultat == 2 or "a déjà jusqu'au" in resultat[0] for resultat in resultats)
    siens = Diagnostic.objects.filter(etablissement__district=monde.district)
    assert set(siens.values_list("date_cloture", flat=True)) == {datetime.date(2027, 1, 30)}


def test_prolonger_modifier_et_retirer_ensemble_laissent_des_dates_justes(monde, campagne):
    """Whatever the order, each school has the later of its campaign's and its district's."""
    accordee = Prolongation.objects.create(
        campagne=campagne,
        district=monde.autre_district,
        date_cloture=datetime.date(2027, 1, 10),
        motif="Crue",
        accordee_par=monde.rectorat,
        accordee_le=timezone.now(),
    )
    voulus = Reglages(campagne.date_ouverture, datetime.date(2026, 12, 22), 15)
    vu = str(Reglages.de(campagne))
    acteur = {"auteur": monde.rectorat, "maintenant": MAINTENANT}
    ensemble(
        dit(lambda: modifier_campagne(campagne=campagne, voulus=voulus, vu=vu, **acteur)),
        dit(
            lambda: prolonger_campagne(
                campagne=campagne,
                district=monde.district,
                date_cloture=datetime.date(2027, 1, 20),
                motif="Crue",
                **acteur,
            )
        ),
        dit(lambda: retirer_prolongation(prolongation=accordee, **acteur)),
    )
    dates = dict(Diagnostic.objects.values_list("etablissement__nom", "date_cloture"))
    assert dates == {
        "Collège du Test": datetime.date(2027, 1, 20),
        "Collège voisin": datetime.date(2027, 1, 20),
        "Collège lointain": datetime.date(2026, 12, 22),
    }
