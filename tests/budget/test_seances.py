"""Sessions: planned, held with how many of each team were there, given up."""

import datetime
import uuid
from dataclasses import replace

import pytest

from budget.domain.formations import annuler, evaluer, realiser
from budget.domain.seances import (
    SaisieSeance,
    ajouter_seance,
    annuler_seance,
    lire_seance,
    modifier_seance,
    tenir_seance,
)
from budget.models import Seance
from strategie.socle.domain.empechement import Empeche, SaisieRefusee
from strategie.socle.domain.fusion import Conflit
from tests.budget.formations import (
    JOUR,
    MAINTENANT,
    D,
    accordee,
    des_effectifs,
    presences,
    une_formation,
    une_seance,
    une_seance_tenue,
)


def tenir(monde, seance: Seance, *, version=None, **presents: int) -> Seance:
    return tenir_seance(
        seance=seance,
        version=version or seance.version,
        presents=presents,
        auteur=monde.referent,
        maintenant=MAINTENANT,
    )


def test_une_seance_s_ajoute_une_fois(monde):
    formation, cle = une_formation(monde.college), uuid.uuid4()
    saisie = SaisieSeance(JOUR, D("3.00"), "prestataire", "Atelier 12", D("450.00"), "Salle 4")
    for _ in range(2):
        ajouter_seance(formation=formation, saisie=saisie, cle=cle, auteur=monde.referent)
    seance = Seance.objects.get()
    assert lire_seance(seance) == saisie
    assert (seance.etat, seance.version) == ("prevue", 1)


@pytest.mark.parametrize(
    ("champs", "champ", "phrase"),
    [
        ({"heures": D("0")}, "heures", "à 100\u00a0heures"),
        ({"heures": D("-2")}, "heures", "à 100\u00a0heures"),
        ({"heures": D("100.01")}, "heures", "à 100\u00a0heures"),
        ({"cout": D("-1")}, "cout", "positif ou nul"),
        ({"intervenant": "magicien"}, "intervenant", "dans la liste"),
        ({"organisme": "x" * 121}, "organisme", "dépasse 120"),
        ({"jour": datetime.date(2030, 8, 31)}, "jour", "hors de l'année scolaire 2030-2031"),
        ({"jour": datetime.date(2031, 9, 1)}, "jour", "du 1er\u00a0septembre 2030 au 31\u00a0août 2031"),
    ],
)
def test_une_mauvaise_seance_est_refusee(monde, champs, champ, phrase):
    formation = une_formation(monde.college)
    with pytest.raises(SaisieRefusee) as refus:
        une_seance(formation, **champs)
    assert list(refus.value.defauts) == [champ]
    assert phrase in refus.value.defauts[champ]


def test_une_formation_annulee_n_a_plus_de_seance(monde):
    formation = une_formation(monde.college)
    annuler(formation=formation, version=1, raison="Report", auteur=monde.chef)
    with pytest.raises(Empeche, match="annulée\u00a0: reprenez-la d'abord"):
        une_seance(formation)


# --- Held ------------------------------------------------------------------------------------------------------
def test_les_presents_se_comptent_par_equipe_et_se_corrigent(monde):
    seance = une_seance(accordee(monde.college))
    tenue = tenir(monde, seance, enseignants=12, aesh=3, agents=0)
    assert (tenue.etat, tenue.version, presences(tenue)) == ("tenue", 2, {"enseignants": 12, "aesh": 3})
    assert tenir(monde, tenue, version=1, enseignants=12, aesh=3).version == 2  # sent twice
    corrigee = tenir(monde, tenue, enseignants=11, vie_scolaire=2)
    assert presences(corrigee) == {"enseignants": 11, "vie_scolaire": 2}


def test_plus_de_presents_que_la_formation_n_en_attend(monde):
    seance = une_seance(accordee(monde.college, effectif=15))
    with pytest.raises(SaisieRefusee) as refus:
        tenir(monde, seance, enseignants=12, aesh=4)
    assert refus.value.defauts == {
        "total": (
            "16 présents, et la formation est prévue pour 15\u00a0: corrigez les présents, ou le nombre de personnes "
            "de la formation."
        )
    }
    assert presences(seance) == {}
    assert presences(tenir(monde, seance, enseignants=12, aesh=3)) == {"enseignants": 12, "aesh": 3}


def test_plus_de_presents_que_l_equipe_n_a_de_personnes(monde):
    des_effectifs(monde.college, aesh=3)
    des_effectifs(monde.college, "2029-2030", enseignants=2)  # of another year: nothing to do with it
    seance = une_seance(accordee(monde.college))
    with pytest.raises(SaisieRefusee) as refus:
        tenir(monde, seance, enseignants=12, aesh=4)
    assert refus.value.defauts == {
        "aesh": (
            "4 AESH présents, et l'établissement en compte 3 en 2030-2031\u00a0: corrigez les présents, ou l'effectif "
            "de l'équipe."
        )
    }


@pytest.mark.parametrize(
    ("presents", "cle"), [({"enseignants": 0}, "total"), ({"enseignants": -2, "aesh": 3}, "enseignants")]
)
def test_personne_ou_moins_que_personne(monde, presents, cle):
    seance = une_seance(accordee(monde.college))
    with pytest.raises(SaisieRefusee) as refus:
        tenir(monde, seance, **presents)
    assert list(refus.value.defauts) == [cle]


def test_les_presents_se_comptent_le_jour_venu(monde):
    seance = une_seance(accordee(monde.college), JOUR + datetime.timedelta(days=1))
    with pytest.raises(Empeche, match="se comptent le jour venu"):
        tenir(monde, seance, enseignants=3)


def test_une_seance_se_tient_apres_l_accord(monde):
    seance = une_seance(une_formation(monde.college))
    with pytest.raises(Empeche, match="pas encore accordée"):
        tenir(monde, seance, enseignants=3)


def test_deux_personnes_comptent_autrement(monde):
    seance = une_seance(accordee(monde.college))
    tenir(monde, seance, version=1, enseignants=12)
    with pytest.raises(Empeche, match="Quelqu'un d'autre a changé cette séance"):
        tenir(monde, seance, version=1, enseignants=9)
    assert presences(seance) == {"enseignants": 12}


# --- Changed, given up -----------------------------------------------------------------------------------------
def modifier(monde, seance, base, **champs):
    return modifier_seance(
        seance=seance, base=base, saisie=replace(base, **champs), auteur=monde.referent, maintenant=MAINTENANT
    )


def test_deux_personnes_changent_une_seance(monde):
    seance = une_seance(une_formation(monde.college))
    base = lire_seance(seance)
    assert modifier(monde, seance, base, cout=D("120.00")) == {}
    assert modifier(monde, seance, base, note="Salle 4") == {}
    assert modifier(monde, seance, base, cout=D("80.00")) == {"cout": Conflit(D("0.00"), D("80.00"), D("120.00"))}
    assert lire_seance(Seance.objects.get()) == replace(base, cout=D("120.00"), note="Salle 4")


def test_une_seance_tenue_n_est_pas_reportee(monde):
    seance = une_seance_tenue(accordee(monde.college))
    with pytest.raises(SaisieRefusee) as refus:
        modifier(monde, seance, lire_seance(seance), jour=JOUR + datetime.timedelta(days=5))
    assert list(refus.value.defauts) == ["jour"]


def test_annuler_une_seance_oublie_ses_presents(monde):
    seance = une_seance_tenue(accordee(monde.college))
    with pytest.raises(Empeche, match="Dites pourquoi"):
        annuler_seance(seance=seance, version=seance.version, raison="", auteur=monde.chef)
    annulee = annuler_seance(seance=seance, version=seance.version, raison="Erreur de saisie", auteur=monde.chef)
    assert (annulee.etat, annulee.raison, presences(annulee)) == ("annulee", "Erreur de saisie", {})
    with pytest.raises(Empeche, match="annulée\u00a0: ajoutez-en une autre"):
        tenir(monde, annulee, enseignants=2)
    with pytest.raises(Empeche, match="annulée\u00a0: ajoutez-en une autre"):
        modifier(monde, annulee, lire_seance(annulee), note="Non")


def test_une_formation_realisee_garde_ses_seances(monde):
    formation = accordee(monde.college)
    seance = une_seance_tenue(formation)
    formation = realiser(formation=formation, version=formation.version, auteur=monde.chef)
    with pytest.raises(Empeche, match="réalisée grâce à cette séance"):
        annuler_seance(seance=seance, version=seance.version, raison="Erreur", auteur=monde.chef)
    evaluer(formation=formation, version=formation.version, bilan="Utile", auteur=monde.chef, maintenant=MAINTENANT)
    assert presences(tenir(monde, seance, enseignants=10)) == {"enseignants": 10}
