"""Indicators of an action: three at most, complete once it is published, written by several people."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import timezone

from plans.domain.corbeille import mettre_a_la_corbeille
from plans.domain.indicateurs import (
    MESURE_INCONNUE,
    SaisieIndicateur,
    ajouter_indicateur,
    lire_saisie,
    modifier_indicateur,
    retirer_indicateur,
)
from plans.models import Action, IndicateurSuivi
from plans.rules.actions import EN_CORBEILLE
from plans.rules.indicateurs import (
    defauts_de_l_indicateur,
    empechement_un_indicateur_de_plus,
    manques_de_l_indicateur,
    premier_jour_des_releves,
)
from strategie.socle.domain.empechement import Empeche, SaisieRefusee
from strategie.socle.domain.fusion import Conflit
from tests.plans.plans import un_indicateur, une_action, une_action_publiee

pytestmark = pytest.mark.usefixtures("apres_la_rentree")

JOUR = datetime.date(2026, 11, 26)
TROIS = (
    "Cette action suit déjà trois indicateurs, le plus qu'elle peut suivre\u00a0: retirez-en un, ou dites le reste en "
    "mots, comme facteur de réussite."
)
COMPLET = SaisieIndicateur(
    intitule="Enseignants formés",
    unite="enseignants",
    depart=Decimal(4),
    depart_le=datetime.date(2026, 9, 3),
    cible=Decimal(20),
    cible_le=datetime.date(2027, 6, 30),
    sens="hausse",
    source="Feuilles d'émargement",
    responsable="Le référent numérique",
    cadence="trimestrielle",
    agregation="somme",
    mesure="",
)


@pytest.fixture
def maintenant() -> datetime.datetime:
    return timezone.now()


@pytest.fixture
def action(monde) -> Action:
    return une_action(monde.college)


def complet(**champs) -> SaisieIndicateur:
    """Dates that go with today's clock."""
    jour = timezone.localdate()
    dates = {"depart_le": jour - datetime.timedelta(days=60), "cible_le": jour + datetime.timedelta(days=200)}
    return replace(COMPLET, **(dates | champs))


# --- Rules, pure ------------------------------------------------------------------------------------------
def test_ce_qui_manque_pour_publier():
    assert manques_de_l_indicateur(COMPLET) == []
    vide = replace(COMPLET, unite="", depart=None, depart_le=None, cible=None, cible_le=None, source="", responsable="")
    assert manques_de_l_indicateur(vide) == [
        "l'unité",
        "la valeur de départ",
        "la date de la valeur de départ",
        "la cible",
        "la date où l'atteindre",
        "la source de la valeur",
        "qui la relève",
    ]


def test_un_zero_est_une_valeur():
    assert manques_de_l_indicateur(replace(COMPLET, depart=Decimal(0), cible=Decimal(0))) == []


def test_le_quatrieme_se_refuse_en_mots():
    assert [empechement_un_indicateur_de_plus(suivis) for suivis in range(5)] == [None, None, None, TROIS, TROIS]


@pytest.mark.parametrize(
    ("change", "attendu"),
    [
        ({}, {}),
        ({"intitule": ""}, {"intitule": "Dites en quelques mots ce qui est mesuré."}),
        ({"unite": "u" * 41}, {"unite": "Ce texte dépasse 40\u00a0caractères\u00a0: raccourcissez-le."}),
        (
            {"depart_le": datetime.date(2026, 11, 27)},
            {
                "depart_le": "Cette date n'est pas encore passée\u00a0: une valeur se relève le jour même, ou après "
                "coup."
            },
        ),
        (
            {"depart_le": datetime.date(2016, 11, 25)},
            {"depart_le": "Une valeur se relève à partir du 26\u00a0novembre 2016, dix ans en arrière."},
        ),
        (
            {"cible_le": datetime.date(2026, 9, 3)},
            {"cible_le": "La cible s'atteint après le jour de la valeur de départ."},
        ),
        (
            {"cible_le": datetime.date(2037, 1, 1)},
            {"cible_le": "Cette date est trop lointaine\u00a0: dix ans au plus."},
        ),
        (
            {"cible_le": datetime.date(1, 1, 1), "depart_le": None},
            {"cible_le": "Cette date est trop ancienne\u00a0: dix ans au plus."},
        ),
        (
            {"cible": Decimal(3)},
            {"cible": "La cible est sous la valeur de départ, alors que plus c'est élevé, mieux c'est."},
        ),
        (
            {"sens": "baisse"},
            {"cible": "La cible est au-dessus de la valeur de départ, alors que plus c'est bas, mieux c'est."},
        ),
        ({"cible": Decimal(4)}, {}),
        ({"cible": None, "sens": "baisse"}, {}),
    ],
)
def test_ce_qui_ne_va_pas_est_dit_a_son_champ(change, attendu):
    assert defauts_de_l_indicateur(replace(COMPLET, **change), JOUR) == attendu


def test_dix_ans_avant_un_29_fevrier():
    assert premier_jour_des_releves(datetime.date(2028, 2, 29)) == datetime.date(2018, 2, 28)


# --- Adding -----------------------------------------------------------------------------------------------
def test_ajouter_garde_tout_ce_qui_est_dit(monde, action, maintenant):
    saisie = complet()
    indicateur = ajouter_indicateur(action=action, saisie=saisie, auteur=monde.chef, maintenant=maintenant)
    garde = IndicateurSuivi.objects.get()
    assert (garde, garde.action, garde.version, lire_saisie(garde)) == (indicateur, action, 1, saisie)


def test_incomplet_il_s_ajoute_a_un_brouillon(monde, action, maintenant):
    saisie = complet(cible=None, depart=None, unite="", source="")
    ajoute = ajouter_indicateur(action=action, saisie=saisie, auteur=monde.chef, maintenant=maintenant)
    assert manques_de_l_indicateur(ajoute) == [
        "l'unité",
        "la valeur de départ",
        "la cible",
        "la source de la valeur",
    ]


def test_une_action_publiee_ne_recoit_que_des_indicateurs_complets(monde, maintenant):
    publiee = une_action_publiee(monde.college)
    with pytest.raises(Empeche) as refus:
        ajouter_indicateur(action=publiee, saisie=complet(cible=None), auteur=monde.chef, maintenant=maintenant)
    assert str(refus.value) == "L'action est publiée, ses indicateurs sont donc complets\u00a0: il manque la cible."
    ajouter_indicateur(action=publiee, saisie=complet(), auteur=monde.chef, maintenant=maintenant)
    assert publiee.indicateurs.count() == 2


def test_envoye_deux_fois_il_n_y_en_a_qu_un(monde, action, maintenant):
    saisie = complet()
    premier, second = (
        ajouter_indicateur(action=action, saisie=saisie, auteur=monde.chef, maintenant=maintenant) for _ in range(2)
    )
    assert premier == second
    assert IndicateurSuivi.objects.count() == 1


def test_trois_au_plus_sans_compter_la_corbeille(monde, action, maintenant):
    for rang in range(3):
        dernier = ajouter_indicateur(
            action=action, saisie=complet(intitule=f"I{rang}"), auteur=monde.chef, maintenant=maintenant
        )
    with pytest.raises(Empeche) as refus:
        ajouter_indicateur(action=action, saisie=complet(), auteur=monde.chef, maintenant=maintenant)
    assert str(refus.value) == TROIS
    retirer_indicateur(indicateur=dernier, auteur=monde.chef, maintenant=maintenant)
    ajouter_indicateur(action=action, saisie=complet(), auteur=monde.chef, maintenant=maintenant)
    assert action.indicateurs.vivants().count() == 3


def test_une_action_a_la_corbeille_ne_recoit_rien(monde, action, maintenant):
    mettre_a_la_corbeille(objet=action, auteur=monde.chef, maintenant=maintenant)
    with pytest.raises(Empeche) as refus:
        ajouter_indicateur(action=action, saisie=complet(), auteur=monde.chef, maintenant=maintenant)
    assert str(refus.value) == EN_CORBEILLE


def test_une_valeur_que_personne_ne_tient_se_refuse(monde, referentiel, action, maintenant):
    with pytest.raises(SaisieRefusee) as refus:
        ajouter_indicateur(action=action, saisie=complet(mesure="age"), auteur=monde.chef, maintenant=maintenant)
    assert refus.value.defauts == {"mesure": MESURE_INCONNUE}


def test_une_valeur_tenue_par_paliers_remplit_ce_qu_elle_sait(monde, referentiel, action, maintenant):
    saisie = complet(intitule="", mesure="moyenne-PIL", depart=Decimal(2), cible=Decimal(4))
    ajoute = ajouter_indicateur(action=action, saisie=saisie, auteur=monde.chef, maintenant=maintenant)
    assert lire_saisie(ajoute) == replace(
        saisie,
        intitule="Moyenne des équipes, champ «\u00a0Pilotage, impulsion et organisation\u00a0»",
        unite="sur\u00a05",
        sens="hausse",
        source="Enquêtes complètes dépouillées",
        cadence="annuelle",
        responsable="Paliers",
        agregation="aucune",  # a survey's figures are not added up from here
    )
    assert manques_de_l_indicateur(ajoute) == []


# --- Changing ---------------------------------------------------------------------------------------------
@pytest.fixture
def indicateur(monde, action, maintenant) -> IndicateurSuivi:
    return ajouter_indicateur(action=action, saisie=complet(), auteur=monde.chef, maintenant=maintenant)


def modifier(indicateur, auteur, saisie, base=None):
    return modifier_indicateur(
        indicateur=indicateur, base=base or complet(), saisie=saisie, auteur=auteur, maintenant=timezone.now()
    )


def test_deux_personnes_changent_deux_champs(monde, indicateur):
    modifier(indicateur, monde.chef, complet(source="Listes du PAF"))
    fait = modifier(indicateur, monde.referent, complet(cible=Decimal(25)))
    assert fait.conflits == {}
    indicateur.refresh_from_db()
    assert (lire_saisie(indicateur), indicateur.version) == (complet(source="Listes du PAF", cible=Decimal(25)), 3)


def test_le_meme_champ_montre_les_deux_et_n_ecrit_rien(monde, indicateur):
    modifier(indicateur, monde.chef, complet(cible=Decimal(30)))
    fait = modifier(indicateur, monde.referent, complet(cible=Decimal(25), source="Autre"))
    assert fait.conflits == {"cible": Conflit(Decimal(20), Decimal(25), Decimal(30))}
    indicateur.refresh_from_db()
    assert (lire_saisie(indicateur), indicateur.version) == (complet(cible=Decimal(30)), 2)


def test_justes_a_part_et_faux_ensemble_c_est_un_conflit(monde, indicateur):
    """One lowers the target, the other raises the baseline above it."""
    modifier(indicateur, monde.chef, complet(cible=Decimal(10)))
    fait = modifier(indicateur, monde.referent, complet(depart=Decimal(12)))
    assert fait.conflits == {
        "depart": Conflit(Decimal(4), Decimal(12), Decimal(4)),
        "cible": Conflit(Decimal(20), Decimal(20), Decimal(10)),
    }
    indicateur.refresh_from_db()
    assert lire_saisie(indicateur) == complet(cible=Decimal(10))


def test_rien_de_change_n_ecrit_rien(monde, indicateur):
    modifier(indicateur, monde.chef, complet())
    indicateur.refresh_from_db()
    assert indicateur.version == 1


def test_une_action_publiee_garde_des_indicateurs_complets(monde):
    publiee = une_action_publiee(monde.college)
    seul = publiee.indicateurs.get()
    tel_quel = lire_saisie(seul)
    with pytest.raises(Empeche, match="il manque la source de la valeur"):
        modifier(seul, monde.chef, replace(tel_quel, source=""), base=tel_quel)


def test_des_releves_saisis_ne_deviennent_pas_calcules(monde, referentiel, indicateur):
    indicateur.releves.create(date=timezone.localdate(), valeur=5, releve_par=monde.chef, releve_le=timezone.now())
    with pytest.raises(Empeche, match="ne se mêlent pas à une valeur calculée"):
        modifier(indicateur, monde.chef, complet(mesure="participation"))
    indicateur.releves.all().delete()
    modifier(indicateur, monde.chef, complet(mesure="participation"))
    indicateur.refresh_from_db()
    assert (indicateur.mesure, indicateur.unite) == ("participation", "%")


def test_une_valeur_venue_d_un_autre_etage_reste_modifiable(monde, referentiel, indicateur):
    """The levers push theirs by a code that this floor does not know."""
    IndicateurSuivi.objects.update(mesure="terminaux")
    tel_quel = complet(mesure="terminaux")
    modifier(indicateur, monde.chef, replace(tel_quel, cible=Decimal(40)), base=tel_quel)
    indicateur.refresh_from_db()
    assert (indicateur.mesure, indicateur.cible) == ("terminaux", 40)


# --- Taking away ------------------------------------------------------------------------------------------
def test_le_dernier_d_une_action_publiee_reste(monde, maintenant):
    publiee = une_action_publiee(monde.college)
    seul = publiee.indicateurs.get()
    with pytest.raises(Empeche, match="seul indicateur d'une action publiée"):
        retirer_indicateur(indicateur=seul, auteur=monde.chef, maintenant=maintenant)
    un_indicateur(publiee, "Un autre")
    retirer_indicateur(indicateur=seul, auteur=monde.chef, maintenant=maintenant)
    seul.refresh_from_db()
    assert (seul.supprime_le, seul.supprime_par) == (maintenant, monde.chef)


def test_celui_d_une_sous_action_se_retire(monde, maintenant):
    sous_action = une_action_publiee(monde.college, "Câbler la salle 12", parent=une_action_publiee(monde.college))
    sien = un_indicateur(sous_action)
    retirer_indicateur(indicateur=sien, auteur=monde.chef, maintenant=maintenant)
    assert not sous_action.indicateurs.vivants().exists()


def test_chaque_acte_a_son_nom_dans_l_historique(monde, indicateur):
    modifier(indicateur, monde.referent, complet(cible=Decimal(30)))
    retirer_indicateur(indicateur=indicateur, auteur=monde.chef, maintenant=timezone.now())
    evenements = indicateur.evenements.order_by("pgh_id").values_list("pgh_context__acte", "pgh_context__auteur")
    assert list(evenements) == [
        ("ajouter_indicateur", monde.chef.pk),
        ("modifier_indicateur", monde.referent.pk),
        ("retirer_indicateur", monde.chef.pk),
    ]
