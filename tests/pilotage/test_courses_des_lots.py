"""Files made at the same moment by several processes, and by workers that are killed: none lost, none twice."""

import itertools
import time
from collections import Counter

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from strategie.pilotage.domain import lots
from strategie.pilotage.interfaces.taches_des_lots import mettre_en_file
from strategie.pilotage.models import Dossier, DossierDuLot, LotDeDossiers
from strategie.pilotage.queries.lots import Territoire
from strategie.pilotage.rules.dossiers import SECTIONS
from strategie.pilotage.rules.lots import TENTATIVES_MAX
from strategie.socle.models import Etablissement
from tests.diagnostic.courses import PATIENCE, ensemble
from tests.pilotage.dossiers import un_dossier
from tests.pilotage.lots import avancer, des_ecoles_signees, un_lot
from tests.pilotage.ouvrier import un_ouvrier

pytestmark = pytest.mark.django_db(transaction=True)
ECOLES, UN_DOSSIER = 8, 0.15  # seconds


def finis(lot: LotDeDossiers) -> int:
    return lot.dossiers.filter(fini_le__isnull=False).count()


TENUES = """
SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database
WHERE locktype = 'advisory' AND datname = current_database()
"""


def attendre_que_sa_mort_soit_vue() -> None:
    """By PostgreSQL, which then gives back the school that the worker had."""
    fin = time.monotonic() + PATIENCE
    with connection.cursor() as curseur:
        while curseur.execute(TENUES) or curseur.fetchone() != (0,):
            assert time.monotonic() < fin, "a dead worker keeps its school"
            time.sleep(0.02)


def tout_est_fait_une_fois(lot: LotDeDossiers, combien: int, tentatives: int = 1) -> None:
    """One file a school, each of a number of its own, and none that the batch does not know."""
    lignes = list(DossierDuLot.objects.filter(lot=lot).select_related("dossier"))
    assert [ligne.erreur for ligne in lignes if ligne.dossier is None] == []
    assert len(lignes) == combien
    assert {ligne.dossier.etablissement_id for ligne in lignes} == {ligne.etablissement_id for ligne in lignes}
    par_ecole = Counter(Dossier.objects.values_list("etablissement", flat=True))
    assert set(par_ecole.values()) == {1}
    assert max(ligne.tentatives for ligne in lignes) <= tentatives


@pytest.fixture
def ecoles(monde, referentiel):
    Etablissement.objects.update(etat=Etablissement.Etat.FERME)
    return des_ecoles_signees(monde, referentiel, ECOLES)


def test_les_numeros_se_suivent_quoi_que_fassent_plusieurs_personnes(monde):
    """Eight files of one school that differ, asked for at once: eight numbers, no hole."""
    choix = list(itertools.combinations(SECTIONS, 2))[:8]
    faits = ensemble(*[lambda s=sections: un_dossier(monde.college, sections=s) for sections in choix])
    assert sorted(fait.numero for fait in faits) == [f"2031-{rang}" for rang in range(1, 9)]
    assert Dossier.objects.count() == 8


def test_le_meme_dossier_demande_ensemble_est_fait_une_fois(monde):
    faits = ensemble(*[lambda: un_dossier(monde.college, sections=["plan"])] * 4)
    assert len(set(faits)) == Dossier.objects.count() == 1


def test_deux_fils_se_partagent_un_lot(monde, ecoles):
    lot = un_lot(monde)
    assert sum(ensemble(*[lambda: avancer(lot)] * 3)) == ECOLES
    tout_est_fait_une_fois(lot, ECOLES)


def test_deux_lots_des_memes_ecoles_se_font_ensemble(monde, ecoles):
    deux = [un_lot(monde), un_lot(monde, Territoire(monde.academie, departement=ecoles[0].departement))]
    ensemble(*[lambda lot=lot: avancer(lot) for lot in deux for _ in range(2)])
    for lot in deux:
        tout_est_fait_une_fois(lot, ECOLES)


def test_une_ecole_prise_n_est_ni_faite_ni_comptee_par_un_autre(monde, referentiel):
    """Between the moment a worker counts a school and the one it makes its file, too."""
    Etablissement.objects.update(etat=Etablissement.Etat.FERME)
    des_ecoles_signees(monde, referentiel, 1)
    lot = un_lot(monde)
    with lots._prise(lot.pk, timezone.now()):
        assert ensemble(*[lambda: avancer(lot)] * 3) == [0, 0, 0]
    assert list(lot.dossiers.values_list("tentatives", "fini_le")) == [(1, None)]
    assert avancer(lot) == 1


def test_un_ouvrier_qui_ne_peut_compter_une_ecole_ne_la_garde_pas(monde, ecoles, monkeypatch):
    """His connection lives on: nobody would make that file until it dies."""

    def verrou_trop_long(*_) -> bool:
        raise OperationalError("canceling statement due to lock timeout")

    lot = un_lot(monde)
    with monkeypatch.context() as remplace:
        remplace.setattr(lots, "_compter", verrou_trop_long)
        with pytest.raises(OperationalError):
            avancer(lot)
    assert ensemble(lambda: avancer(lot)) == [ECOLES]


def test_deux_processus_se_partagent_un_lot(monde, ecoles):
    lot = un_lot(monde)
    mettre_en_file(lot.pk)
    ouvriers = [un_ouvrier(UN_DOSSIER) for _ in range(2)]
    assert [ouvrier.wait(PATIENCE) for ouvrier in ouvriers] == [0, 0]
    tout_est_fait_une_fois(lot, ECOLES)


def test_tue_au_milieu_rien_n_est_perdu_ni_fait_deux_fois(monde, ecoles):
    """Killed twice in a file; a worker that starts takes up what is left by itself."""
    lot = un_lot(monde)
    mettre_en_file(lot.pk)
    for faits in (2, 4):
        assert un_ouvrier(0, meurt_au=3).wait(PATIENCE) == -9
        attendre_que_sa_mort_soit_vue()
        assert finis(lot) == Dossier.objects.count() == faits
    assert DBTaskResult.objects.filter(status="RUNNING").count() == 2
    assert un_ouvrier(0).wait(PATIENCE) == 0
    tout_est_fait_une_fois(lot, ECOLES, TENTATIVES_MAX)
    assert lot.dossiers.filter(fini_le__lte=timezone.now()).count() == ECOLES
