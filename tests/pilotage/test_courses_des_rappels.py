"""Reminders sent at the same moment by several processes, and by one that is killed: none twice."""

import datetime
import uuid
from pathlib import Path

import pytest
from django.utils import timezone

from strategie.pilotage.domain.rappels import BAIL, abandonner_les_prises, inscrire_rappels, prendre
from strategie.pilotage.domain.relances import relancer
from strategie.pilotage.models import Rappel, Relance
from strategie.pilotage.queries.rappels import a_envoyer
from strategie.socle.droits import Role
from tests.diagnostic.courses import PATIENCE, ensemble
from tests.dossier import campagne_ouverte
from tests.personnages import affecter, un_compte, un_etablissement
from tests.pilotage.campagnes import avant
from tests.pilotage.expediteur import un_expediteur

pytestmark = pytest.mark.django_db(transaction=True)
ECOLES = 10


@pytest.fixture
def campagne(monde, referentiel):
    """Ten schools with their head, beside the three of `monde`."""
    ici = monde.college.departement
    for n in range(ECOLES):
        ecole = un_etablissement(f"09801{n:02}A", f"Collège {n}", ici, district=monde.district)
        affecter(un_compte("Chef", f"Numéro{n}"), Role.CHEF, etablissement=ecole)
    return campagne_ouverte(monde.academie, "2031-2032", referentiel, timezone.now())


def courriers(dossier: Path) -> list[str]:
    return sorted(fichier.name.split("-")[0] for fichier in dossier.iterdir() if "Diagnostic" in fichier.read_text())


def test_deux_processus_a_la_fois_n_envoient_rien_deux_fois(campagne, tmp_path):
    jour = avant(campagne, 7).date().isoformat()
    processus = [un_expediteur(jour, tmp_path, processus=2) for _ in range(2)]
    assert [p.wait(PATIENCE) for p in processus] == [0, 0]
    recus = courriers(tmp_path)
    assert (len(recus), len(set(recus))) == (ECOLES + 3, ECOLES + 3)
    etats = set(Rappel.objects.filter(sorte="echeance").values_list("etat", flat=True))
    assert (Rappel.objects.filter(sorte="echeance").count(), etats) == (ECOLES + 3, {"envoye"})


def test_tue_au_milieu_un_message_est_incertain_et_les_autres_partent(campagne, tmp_path):
    jour = avant(campagne, 7).date().isoformat()
    assert un_expediteur(jour, tmp_path, meurt_au=3).wait(PATIENCE) == -9
    assert len(courriers(tmp_path)) == 2
    assert Rappel.objects.filter(etat="en_cours").count() == 1
    Rappel.objects.filter(etat="en_cours").update(pris_le=timezone.now() - datetime.timedelta(days=300))
    assert un_expediteur(jour, tmp_path).wait(PATIENCE) == 0
    recus = courriers(tmp_path)
    perdu = Rappel.objects.get(etat="incertain")
    assert (len(recus), len(set(recus))) == (ECOLES + 2, ECOLES + 2)
    assert perdu.destinataire.email not in recus


def test_deux_fils_inscrivent_et_prennent_ensemble(monde, campagne):
    maintenant = avant(campagne, 7)
    ensemble(*[lambda: inscrire_rappels(academie=monde.academie, maintenant=maintenant)] * 4)
    assert Rappel.objects.count() == ECOLES + 3

    def tout_prendre() -> int:
        return sum(prendre(cle=cle, maintenant=maintenant) is not None for cle in a_envoyer(maintenant, 100))

    assert sum(ensemble(*[tout_prendre] * 4)) == ECOLES + 3
    assert abandonner_les_prises(maintenant=maintenant + BAIL * 2) == ECOLES + 3


def test_un_double_clic_n_est_qu_une_relance(monde, campagne):
    cle = uuid.uuid4()

    def relance() -> Relance:
        return relancer(
            campagne=campagne, choisis={f"{monde.college.pk}:{monde.chef.pk}"}, mot="", adresse_du_site="",
            cle=cle, auteur=monde.animatrice, maintenant=timezone.now(),
        )  # fmt: skip

    faites = ensemble(*[relance] * 4)
    assert (len({faite.pk for faite in faites}), Relance.objects.count(), Rappel.objects.count()) == (1, 1, 1)
    assert Rappel.objects.get().destinataire == monde.chef


def test_deux_relances_prises_ensemble_n_ecrivent_qu_une_fois(monde, campagne):
    """Written apart, each for the same person; taken at the same instant by two workers."""
    maintenant = timezone.now()
    choisis = {f"{monde.college.pk}:{monde.chef.pk}"}
    for auteur in (monde.animatrice, monde.rectorat):
        relancer(
            campagne=campagne, choisis=choisis, mot="", adresse_du_site="", cle=uuid.uuid4(), auteur=auteur,
            maintenant=maintenant,
        )  # fmt: skip
        Rappel.objects.update(etat="ecarte", motif="mise de côté")
    Rappel.objects.update(etat="a_envoyer", motif="")
    cles = list(Rappel.objects.values_list("pk", flat=True))
    prises = ensemble(*[lambda cle=cle: prendre(cle=cle, maintenant=maintenant) for cle in cles])
    assert [prise is not None for prise in prises].count(True) == 1
