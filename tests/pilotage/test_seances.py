"""Meetings of the board: what they may say, several people who write them, what a vote fixes."""

import datetime
import uuid
from dataclasses import replace

import pytest

from strategie.pilotage.domain.seances import lire_seance, modifier_seance, noter_seance, retirer_seance
from strategie.pilotage.models import SeanceDuConseil
from strategie.pilotage.rules.seances import VOTEE
from strategie.socle.domain.empechement import Empeche, SaisieRefusee
from tests.pilotage.conseils import MAINTENANT, SEANCE, une_deliberation, une_seance, voter


def test_un_formulaire_envoye_deux_fois_fait_une_seance(monde):
    envoi = {"etablissement": monde.college, "saisie": SEANCE, "cle": uuid.uuid4(), "auteur": monde.chef}
    premiere = noter_seance(**envoi, maintenant=MAINTENANT)
    assert noter_seance(**envoi, maintenant=MAINTENANT) == premiere
    seance = SeanceDuConseil.objects.get()
    assert (lire_seance(seance), seance.creee_par, seance.version) == (SEANCE, monde.chef, 1)


@pytest.mark.parametrize(
    ("champs", "champ", "phrase"),
    [
        (
            {"date": datetime.date(2301, 1, 5), "presents": None},
            "date",
            "La séance serait en 2301\u00a0: vérifiez l'année.",
        ),
        ({"date": datetime.date(203, 12, 16)}, "date", "La séance serait en 203\u00a0: vérifiez l'année."),
        ({"convoquee_le": datetime.date(2031, 12, 17)}, "convoquee_le", "La convocation part avant la séance"),
        ({"convoquee_le": datetime.date(2021, 12, 8)}, "convoquee_le", "plus d'un an avant"),
        ({"membres_en_exercice": 0}, "membres_en_exercice", "de 1 à 100\u00a0membres"),
        ({"membres_en_exercice": -24}, "membres_en_exercice", "de 1 à 100\u00a0membres"),
        ({"membres_en_exercice": 101}, "membres_en_exercice", "de 1 à 100\u00a0membres"),
        ({"presents": -1}, "presents", "Ce nombre ne peut pas être négatif."),
        ({"presents": 25}, "presents", "Il y a 25 présents pour 24 membres en exercice"),
        ({"membres_en_exercice": None}, "membres_en_exercice", "Dites aussi combien de membres sont en exercice."),
        ({"date": datetime.date(2031, 12, 18)}, "presents", "La séance n'a pas encore eu lieu"),
    ],
)
def test_ce_qu_une_seance_ne_peut_pas_dire(monde, champs, champ, phrase):
    with pytest.raises(SaisieRefusee) as refus:
        une_seance(monde.college, replace(SEANCE, **champs), MAINTENANT)
    assert list(refus.value.defauts) == [champ]
    assert phrase in refus.value.defauts[champ]
    assert not SeanceDuConseil.objects.exists()


def test_un_delai_trop_court_ou_un_quorum_manque_se_notent_quand_meme(monde):
    saisie = replace(SEANCE, convoquee_le=SEANCE.date, presents=5)
    assert lire_seance(une_seance(monde.college, saisie, MAINTENANT)) == saisie


def test_deux_personnes_ecrivent_la_meme_seance(monde):
    seance = une_seance(monde.college, replace(SEANCE, presents=None), MAINTENANT)
    base = lire_seance(seance)

    def modifier(saisie, auteur):
        return modifier_seance(seance=seance, base=base, saisie=saisie, auteur=auteur, maintenant=MAINTENANT)

    assert modifier(replace(base, presents=15), monde.chef) == {}
    assert modifier(replace(base, urgente=True), monde.referent) == {}
    assert (lire_seance(seance), seance.version) == (replace(base, presents=15, urgente=True), 3)
    (conflit,) = modifier(replace(base, presents=14), monde.referent).items()
    assert (conflit[0], conflit[1].mien, conflit[1].actuel, seance.version) == ("presents", 14, 15, 3)


def test_ce_qui_est_juste_a_part_et_faux_ensemble_est_refuse(monde):
    seance = une_seance(monde.college, replace(SEANCE, presents=None), MAINTENANT)
    base = lire_seance(seance)
    envoi = {"seance": seance, "base": base, "auteur": monde.chef, "maintenant": MAINTENANT}
    modifier_seance(**envoi, saisie=replace(base, presents=20))
    with pytest.raises(SaisieRefusee):
        modifier_seance(**envoi, saisie=replace(base, membres_en_exercice=18))
    seance.refresh_from_db()
    assert (seance.membres_en_exercice, seance.presents) == (24, 20)


def test_une_seance_dont_un_vote_est_enregistre_ne_change_plus(monde):
    seance = une_seance(monde.college, SEANCE, MAINTENANT)
    voter(une_deliberation(monde.college, seance), maintenant=MAINTENANT)
    base = lire_seance(seance)
    with pytest.raises(Empeche, match=VOTEE):
        modifier_seance(
            seance=seance,
            base=base,
            saisie=replace(base, presents=20),
            auteur=monde.chef,
            maintenant=MAINTENANT,
        )
    seance.refresh_from_db()
    assert lire_seance(seance) == base


def test_une_seance_sans_acte_se_retire(monde):
    seance = une_seance(monde.college)
    retirer_seance(seance=seance, version=seance.version, auteur=monde.chef)
    assert not SeanceDuConseil.objects.exists()
    with pytest.raises(Empeche, match="un collègue l'a retirée"):
        retirer_seance(seance=seance, version=seance.version, auteur=monde.chef)


def test_une_seance_qui_a_un_acte_ou_qui_a_change_reste(monde):
    seance = une_seance(monde.college)
    acte = une_deliberation(monde.college, seance)
    with pytest.raises(Empeche, match="Un acte est préparé"):
        retirer_seance(seance=seance, version=1, auteur=monde.chef)
    voter(acte)
    with pytest.raises(Empeche, match="elle reste"):
        retirer_seance(seance=seance, version=1, auteur=monde.chef)
    autre = une_seance(monde.college, replace(SEANCE, presents=None), MAINTENANT)
    base = lire_seance(autre)
    saisie = replace(base, presents=15)
    modifier_seance(seance=autre, base=base, saisie=saisie, auteur=monde.referent, maintenant=MAINTENANT)
    with pytest.raises(Empeche, match="relisez-la"):
        retirer_seance(seance=autre, version=1, auteur=monde.chef)
    assert SeanceDuConseil.objects.count() == 2
