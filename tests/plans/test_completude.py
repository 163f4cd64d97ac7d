"""What a plan lacks, what is late or silent: counted by the database as the models say it."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from plans.domain.actions import changer_etat
from plans.models import Action, Constat
from plans.queries.completude import FILTRES, Rappel, filtrer, rappels
from tests.plans.plans import un_indicateur, une_action, une_action_publiee

pytestmark = pytest.mark.usefixtures("apres_la_rentree")


@pytest.fixture
def jour(monde) -> datetime.date:
    return timezone.localdate(timezone=monde.academie.zone)


def placer(action: Action, **colonnes) -> None:
    Action.objects.filter(pk=action.pk).update(**colonnes)


def trouvees(filtre: str, jour: datetime.date) -> list[str]:
    return sorted(action.intitule for action in filtrer(Action.objects.vivants(), filtre, jour))


def test_ce_qui_manque_se_compte_et_se_retrouve(monde, jour):
    chef = monde.chef
    sans_rien = une_action(monde.college, "Sans rien")
    portee = une_action(monde.college, "Portée, sans indicateur", porteur=monde.referent.pk)
    mesuree = une_action(monde.college, "Mesurée, sans porteur")
    un_indicateur(mesuree)
    retiree = une_action(monde.college, "À la corbeille")
    placer(retiree, supprime_le=timezone.now(), supprime_par=chef)
    abandonnee = une_action(monde.college, "Abandonnée")
    placer(abandonnee, etat="abandonnee", raison="Trop cher", derniere_nouvelle=datetime.date(2020, 1, 1))
    publiee = une_action_publiee(monde.college, "Publiée")
    sous = une_action_publiee(monde.college, "Sous-action", parent=publiee)
    assert {filtre: trouvees(filtre, jour) for filtre in FILTRES} == {
        "sans_porteur": ["Mesurée, sans porteur", "Sans rien"],
        "sans_indicateur": ["Portée, sans indicateur", "Sans rien"],
        "silencieuses": [],
        "en_retard": [],
        "a_justifier": [],
    }
    placer(publiee, derniere_nouvelle=jour - datetime.timedelta(days=91))
    placer(sous, derniere_nouvelle=jour - datetime.timedelta(days=90), echeance=jour - datetime.timedelta(days=1))
    Constat.objects.update(supprime_le=timezone.now())
    assert rappels(Action.objects.vivants(), jour) == [
        Rappel("sans_porteur", 2, "sans porteur"),
        Rappel("sans_indicateur", 2, "sans indicateur"),
        Rappel("silencieuses", 1, "sans nouvelle depuis 90\u00a0jours"),
        Rappel("en_retard", 1, "en retard"),
        Rappel("a_justifier", 2, "à justifier"),
    ]
    assert (trouvees("silencieuses", jour), trouvees("en_retard", jour)) == (["Publiée"], ["Sous-action"])
    changer_etat(action=sous, etat="realisee", raison="", auteur=chef, maintenant=timezone.now())
    assert (trouvees("en_retard", jour), trouvees("a_justifier", jour)) == ([], ["Publiée"])
    assert {sans_rien.etat, portee.etat} == {"brouillon"}


def test_une_action_pas_encore_due_ne_dit_rien_sans_etre_silencieuse(monde):
    jour = datetime.date(2026, 12, 31)
    placer(une_action(monde.college, "Au deuxième trimestre"), etat="a_venir", annee_scolaire="2026-2027", trimestre=2,
           annee_fin="2026-2027", trimestre_fin=None, derniere_nouvelle=datetime.date(2026, 9, 1))  # fmt: skip
    assert trouvees("silencieuses", jour) == []
    assert trouvees("silencieuses", datetime.date(2027, 1, 1)) == ["Au deuxième trimestre"]
    placer(Action.objects.get(), etat="en_cours")
    assert trouvees("silencieuses", jour) == ["Au deuxième trimestre"]


def test_le_retard_compte_en_base_est_celui_du_modele(monde):
    """Every end that a plan may have, on the days around each change of term."""
    modele = une_action(monde.college)
    fins = [(annee, trimestre) for annee in ("2025-2026", "2026-2027") for trimestre in (None, 1, 2, 3)]
    for annee, trimestre in fins:
        for echeance in (None, datetime.date(2026, 9, 15)):
            Action.objects.create(
                etablissement=monde.college, levier="budget", intitule=f"{annee} {trimestre} {echeance}",
                annee_scolaire=annee, annee_fin=annee, trimestre_fin=trimestre, echeance=echeance, etat="en_cours",
                derniere_nouvelle=datetime.date(2026, 9, 1), cree_par=monde.chef, cree_le=modele.cree_le,
                modifiee_le=modele.cree_le,
            )  # fmt: skip
    jours = [
        datetime.date.fromisoformat(jour)
        for jour in (
            *("2025-12-31", "2026-01-01", "2026-03-31", "2026-04-01", "2026-08-20", "2026-08-31"),
            *("2026-09-01", "2026-09-15", "2026-09-16", "2027-01-01", "2027-09-01"),
        )
    ]
    comptes = []
    for jour in jours:
        attendues = sorted(action.intitule for action in Action.objects.all() if action.en_retard(jour))
        assert trouvees("en_retard", jour) == attendues, jour
        comptes.append(len(attendues))
    assert (comptes[0], comptes[-1]) == (0, 16)
    assert len(set(comptes)) > 5


def test_les_rappels_coutent_une_requete(monde, jour):
    for rang in range(3):
        une_action(monde.college, f"Action {rang}")
        with CaptureQueriesContext(
            connection,
        ) as vues:
            assert rappels(Action.objects.vivants(), jour)[0].nombre == rang + 1
        assert len(vues) == 1
