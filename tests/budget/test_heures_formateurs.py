"""A district's hours of trainers: how many, engaged, asked, left; what an action may count on (row 92)."""

import datetime
from decimal import Decimal

import pytest

from budget.domain.formateurs import CapaciteChangee, fixer_capacite
from budget.domain.formations import accorder, annuler
from budget.models import CapaciteFormateurs
from budget.queries.formateurs import heures_d_une_action, lire_heures
from plans.domain.examens import PAS_DIT, Avis, Irrealisable, lire_avis, repondre_aux_questions
from strategie.socle.domain.empechement import Empeche
from tests.budget.formations import (
    ANNEE,
    MAINTENANT,
    D,
    accordee,
    demandee,
    des_heures,
    une_formation,
)
from tests.diagnostic.courses import ensemble
from tests.personnages import creer_monde
from tests.plans.plans import une_action


def chiffres(district, annee=ANNEE):
    (lue,) = lire_heures(district, [annee])
    capacite = lue.capacite.heures if lue.capacite else None
    return capacite, lue.engagees, lue.demandees, lue.restantes, lue.si_tout_est_accorde


def test_les_heures_d_un_district(monde):
    assert chiffres(monde.district) == (None, 0, 0, None, None)
    des_heures(monde.district, 100)
    demandee(monde.college, heures_formateur=D("24.5"))
    accordee(monde.voisin_college, heures_formateur=D("30"))
    une_formation(monde.college, heures_formateur=D("50"))  # not asked yet
    accordee(monde.college, "Sans formateur")
    abandonnee = accordee(monde.college, "Abandonnée", heures_formateur=D("7"))
    annuler(formation=abandonnee, version=abandonnee.version, raison="Report", auteur=monde.chef)
    demandee(monde.college, heures_formateur=D("40"), annee_scolaire="2031-2032")
    assert chiffres(monde.district) == (D("100"), D("30"), D("24.5"), D("70"), D("45.5"))
    assert chiffres(monde.district, "2031-2032") == (None, 0, D("40"), None, None)
    assert chiffres(monde.autre_district) == (None, 0, 0, None, None)


def test_on_n_accorde_pas_plus_d_heures_qu_il_n_en_reste(monde):
    des_heures(monde.district, 20)
    accordee(monde.college, heures_formateur=D("12"))
    juste = demandee(monde.college, "Juste", heures_formateur=D("8"))
    trop = demandee(monde.voisin_college, "Trop", heures_formateur=D("8.5"))
    with pytest.raises(Empeche) as refus:
        accorder(formation=trop, version=trop.version, auteur=monde.animatrice, maintenant=MAINTENANT)
    assert str(refus.value) == (
        "Cette formation prend 8,5\u00a0heures de formateurs, il en reste 8 en 2030-2031 dans «\u00a0District "
        "1\u00a0». Augmentez les heures du district, ou refusez en disant pourquoi."
    )
    accorder(formation=juste, version=juste.version, auteur=monde.animatrice, maintenant=MAINTENANT)
    assert chiffres(monde.district)[3] == 0


def test_sans_capacite_dite_rien_n_est_refuse(monde):
    assert accordee(monde.college, heures_formateur=D("500")).etat == "accorde"


@pytest.mark.django_db(transaction=True)
def test_deux_accords_en_meme_temps_comptent_tous_les_deux():
    monde = creer_monde()
    des_heures(monde.district, 20)
    formations = [demandee(ecole, heures_formateur=D("15")) for ecole in (monde.college, monde.voisin_college)]

    def accorder_une(formation):
        return lambda: (
            accorder(
                formation=formation, version=formation.version, auteur=monde.animatrice, maintenant=MAINTENANT
            ).etat
        )

    faits = sorted(ensemble(*map(accorder_une, formations)), key=len)
    assert faits[0] == "accorde"
    assert "il en reste 5 en 2030-2031" in faits[1]


# --- The capacity ----------------------------------------------------------------------------------------------
def fixer(monde, heures, version=0):
    return fixer_capacite(
        district=monde.district,
        annee=ANNEE,
        heures=D(heures),
        version=version,
        auteur=monde.animatrice,
        maintenant=MAINTENANT,
    )


def test_la_capacite_se_fixe_et_se_change(monde):
    assert fixer(monde, 80).version == 1
    assert fixer(monde, 80).version == 1  # sent twice
    assert (fixer(monde, 90, version=1).heures, CapaciteFormateurs.objects.get().version) == (D("90"), 2)


def test_deux_personnes_fixent_deux_capacites(monde):
    fixer(monde, 80)
    with pytest.raises(CapaciteChangee) as refus:
        fixer(monde, 60)
    assert refus.value.actuelle.heures == D("80")


@pytest.mark.parametrize("heures", ["-1", "99999.5"])
def test_une_capacite_fausse_est_refusee(monde, heures):
    with pytest.raises(Empeche, match="vont de 0 à 99\u202f999"):
        fixer(monde, heures)


# --- « Réalisable » (row 92) -----------------------------------------------------------------------------------
OUI = Avis(True, "Le temps est prévu.")


def repondre(monde, action, avis=OUI, base=None):
    return repondre_aux_questions(
        action=action,
        base=base or dict.fromkeys(lire_avis(action), PAS_DIT),
        avis=dict.fromkeys(lire_avis(action), PAS_DIT) | {"realisable": avis},
        auteur=monde.chef,
        maintenant=MAINTENANT,
    )


def test_120_heures_demandees_80_disponibles(monde):
    des_heures(monde.district, 100)
    accordee(monde.voisin_college, heures_formateur=D("20"))
    action = une_action(monde.college)
    une_formation(monde.college, "Premier groupe", heures_formateur=D("70"), action=action.pk)
    demandee(monde.college, "Second groupe", heures_formateur=D("50"), action=action.pk)
    with pytest.raises(Irrealisable) as refus:
        repondre(monde, action)
    assert str(refus.value) == (
        "120\u00a0heures de formateurs sont demandées, il en reste 80 en 2030-2031 dans «\u00a0District 1\u00a0»."
    )
    assert not action.examens.exists()
    assert repondre(monde, action, Avis(False, "Trop d'heures.")) == {}


def test_ce_qui_tient_dans_les_heures_se_coche(monde):
    des_heures(monde.district, 80)
    action = une_action(monde.college)
    une_formation(monde.college, heures_formateur=D("80"), action=action.pk)
    assert repondre(monde, action) == {}
    assert action.examens.get().favorable


def test_ce_qui_est_accorde_ne_se_demande_plus(monde):
    des_heures(monde.district, 80)
    action = une_action(monde.college)
    accordee(monde.college, heures_formateur=D("80"), action=action.pk)
    assert heures_d_une_action(action) == []
    assert repondre(monde, action) == {}


def test_une_reponse_deja_donnee_ne_bloque_pas_les_autres(monde):
    action = une_action(monde.college)
    repondre(monde, action)
    des_heures(monde.district, 10)
    une_formation(monde.college, heures_formateur=D("80"), action=action.pk)
    avant = lire_avis(action)
    repondre_aux_questions(
        action=action,
        base=avant,
        avis=avant | {"necessaire": Avis(True, "Les équipes le demandent.")},
        auteur=monde.chef,
        maintenant=MAINTENANT + datetime.timedelta(days=1),
    )
    assert action.examens.count() == 2


def test_une_capacite_inconnue_n_est_pas_un_obstacle(monde, client):
    action = une_action(monde.college)
    une_formation(monde.college, heures_formateur=Decimal("12"), action=action.pk)
    client.force_login(monde.chef)
    page = client.get(f"/etablissements/{monde.college.uai}/plan/actions/{action.pk}/examen/").content.decode()
    assert "demandent 12\u00a0heures de formateurs en 2030-2031" in page
    assert "On ne peut pas répondre oui" not in page
    assert repondre(monde, action) == {}
