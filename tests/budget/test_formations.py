"""Trainings: written, asked for, granted or not, given up and taken up again, evaluated; what a purchase waits for."""

import datetime
import uuid
from dataclasses import asdict, replace

import pytest
from django.utils import timezone

from budget.domain.formations import (
    accorder,
    annuler,
    creer_formation,
    demander,
    evaluer,
    lire_formation,
    modifier_formation,
    realiser,
    refuser_formation,
    reprendre,
)
from budget.domain.reglages_formation import SaisieReglages, lire_reglages, regler_formation
from budget.domain.seances import annuler_seance
from budget.models import BesoinFormation
from budget.queries.formations import etat_de_formation_pour_achat
from budget.rules.formations import (
    actes_possibles,
    avertissement_preavis,
    fin_du_trimestre_suivant,
)
from plans.domain.corbeille import mettre_a_la_corbeille, restaurer
from strategie.socle.domain.empechement import Empeche, SaisieRefusee
from strategie.socle.domain.fusion import Conflit
from tests.budget.formations import (
    MAINTENANT,
    D,
    accordee,
    demandee,
    des_heures,
    une_formation,
    une_saisie,
    une_seance,
    une_seance_tenue,
)
from tests.plans.plans import un_besoin, une_action


def etat(formation: BesoinFormation) -> str:
    return BesoinFormation.objects.get(pk=formation.pk).etat


# --- Writing one -----------------------------------------------------------------------------------------------
def test_une_formation_s_ecrit_une_fois(monde):
    cle = uuid.uuid4()
    ecrites = [
        creer_formation(
            etablissement=monde.college, saisie=une_saisie(), cle=cle, auteur=monde.referent, maintenant=MAINTENANT
        )
        for _ in range(2)
    ]
    assert ecrites[0] == ecrites[1]
    formation = BesoinFormation.objects.get()
    assert asdict(lire_formation(formation)) == asdict(une_saisie())
    assert (formation.etat, formation.origine, formation.reference) == ("exprime", "saisi", "")
    assert (formation.cree_par, formation.cree_le, formation.version) == (monde.referent, MAINTENANT, 1)


@pytest.mark.parametrize(
    ("champs", "champ", "phrase"),
    [
        ({"intitule": ""}, "intitule", "Dites en quelques mots"),
        ({"intitule": "x" * 201}, "intitule", "dépasse 200\u00a0caractères"),
        ({"constat": "x" * 601}, "constat", "dépasse 600\u00a0caractères"),
        ({"equipes": frozenset()}, "equipes", "cochez au moins une équipe"),
        ({"equipes": frozenset({"parents"})}, "equipes", "cochez au moins une équipe"),
        ({"effectif": 0}, "effectif", "de 1 à 2\u202f000 personnes"),
        ({"effectif": 2001}, "effectif", "de 1 à 2\u202f000 personnes"),
        ({"heures": D("0")}, "heures", "à 400\u00a0heures"),
        ({"heures": D("-3")}, "heures", "à 400\u00a0heures"),
        ({"heures": D("400.01")}, "heures", "à 400\u00a0heures"),
        ({"heures_formateur": D("-1")}, "heures_formateur", "vont de 0"),
        ({"heures_formateur": D("5000.01")}, "heures_formateur", "vont de 0"),
        ({"trimestre": 4}, "trimestre", "de 1 à 3"),
        ({"annee_scolaire": "2030-2032"}, "annee_scolaire", "deux années qui se suivent"),
        ({"annee_scolaire": "2036-2037"}, "annee_scolaire", "de 2025-2026 à 2035-2036"),
        ({"annee_scolaire": "2024-2025"}, "annee_scolaire", "de 2025-2026 à 2035-2036"),
        ({"modalite": "webinaire"}, "modalite", "dans la liste"),
        ({"indicateur": 999_999}, "indicateur", "Cet indicateur n'est pas"),
        ({"action": 999_999}, "action", "Cette action n'est pas"),
        ({"besoin": 999_999}, "besoin", "Ce besoin n'est pas"),
    ],
)
def test_une_mauvaise_saisie_est_refusee_a_son_champ(monde, champs, champ, phrase):
    with pytest.raises(SaisieRefusee) as refus:
        une_formation(monde.college, **({"intitule": "Une formation"} | champs))
    assert list(refus.value.defauts) == [champ]
    assert phrase in refus.value.defauts[champ]
    assert not BesoinFormation.objects.exists()


def test_ce_qui_est_d_un_autre_etablissement_est_refuse(monde):
    action, besoin = une_action(monde.voisin_college), un_besoin(monde.voisin_college)
    with pytest.raises(SaisieRefusee) as refus:
        une_formation(monde.college, action=action.pk, besoin=besoin.pk)
    assert sorted(refus.value.defauts) == ["action", "besoin"]


@pytest.mark.parametrize(("origine", "reference"), [("enquete", "Z9"), ("saisi", "E07"), ("", ""), ("action", "A")])
def test_une_origine_inventee_est_refusee(monde, origine, reference):
    with pytest.raises(Empeche, match="écrivez-le vous-même"):
        creer_formation(
            etablissement=monde.college,
            saisie=une_saisie(),
            cle=uuid.uuid4(),
            auteur=monde.chef,
            maintenant=MAINTENANT,
            origine=origine,
            reference=reference,
        )


# --- Changing one, by two people -------------------------------------------------------------------------------
def modifier(monde, formation, base, **champs):
    return modifier_formation(
        formation=formation,
        base=base,
        saisie=replace(base, **champs),
        auteur=monde.referent,
        maintenant=MAINTENANT,
    )


def test_deux_personnes_changent_chacune_leur_champ(monde):
    formation = une_formation(monde.college)
    base = lire_formation(formation)
    assert modifier(monde, formation, base, effectif=25) == {}
    assert modifier(monde, formation, base, objectif="Écrire aux familles.") == {}
    assert lire_formation(formation) == replace(base, effectif=25, objectif="Écrire aux familles.")
    assert formation.version == 3


def test_ce_que_deux_personnes_changent_de_meme_est_rendu(monde):
    formation = une_formation(monde.college)
    base = lire_formation(formation)
    modifier(monde, formation, base, effectif=25)
    assert modifier(monde, formation, base, effectif=30) == {"effectif": Conflit(20, 30, 25)}
    assert (formation.effectif, formation.version) == (25, 2)


def test_ce_qui_est_accorde_ne_change_plus(monde):
    formation = accordee(monde.college, heures_formateur=D("12"))
    base = lire_formation(formation)
    with pytest.raises(SaisieRefusee) as refus:
        modifier(monde, formation, base, heures_formateur=D("40"), modalite="paf", annee_scolaire="2031-2032")
    assert sorted(refus.value.defauts) == ["annee_scolaire", "heures_formateur", "modalite"]
    assert modifier(monde, formation, base, suite="Un atelier par mois.") == {}


def test_une_formation_arretee_se_reprend_avant_de_changer(monde):
    formation = une_formation(monde.college)
    annuler(formation=formation, version=1, raison="Plus de temps", auteur=monde.chef)
    with pytest.raises(Empeche, match="annulée\u00a0: reprenez-la d'abord"):
        modifier(monde, formation, lire_formation(formation), effectif=12)


def test_l_effectif_et_l_annee_tiennent_compte_des_seances(monde):
    formation = accordee(monde.college)
    une_seance_tenue(formation, presents={"enseignants": 14})
    with pytest.raises(SaisieRefusee) as refus:
        modifier(monde, formation, lire_formation(formation), effectif=13)
    assert refus.value.defauts == {
        "effectif": "14 personnes étaient présentes le 10\u00a0mars 2031\u00a0: la formation en compte au moins autant."
    }
    autre = une_formation(monde.college, "Autre")
    une_seance(autre)
    with pytest.raises(SaisieRefusee) as refus:
        modifier(monde, autre, lire_formation(autre), annee_scolaire="2031-2032")
    assert "Une séance est datée du 10\u00a0mars 2031" in refus.value.defauts["annee_scolaire"]


# --- Asking: the smallest group --------------------------------------------------------------------------------
def regler(monde, **champs) -> None:
    base = lire_reglages(monde.academie)
    regler_formation(
        academie=monde.academie,
        base=base,
        saisie=replace(base, **champs),
        auteur=monde.rectorat,
        maintenant=MAINTENANT,
    )


def test_demander_une_formation(monde):
    formation = demandee(monde.college)
    assert (formation.etat, formation.demande_le) == ("demande", MAINTENANT.date())
    repete = demander(formation=formation, version=1, auteur=monde.chef, maintenant=MAINTENANT)
    assert (repete.etat, repete.version) == ("demande", 2)


def test_un_groupe_trop_petit_est_refuse_avec_la_suite(monde):
    regler(monde, sigle="FIT", effectif_minimum=12)
    petite = une_formation(monde.college, effectif=11)
    with pytest.raises(Empeche) as refus:
        demander(formation=petite, version=1, auteur=monde.chef, maintenant=MAINTENANT)
    assert str(refus.value) == (
        "L'académie n'ouvre une FIT qu'à partir de 12 personnes, et celle-ci en compte 11. Joignez-vous à un autre "
        "établissement et comptez ses participants, ou choisissez une autre modalité\u00a0: le programme académique, "
        "le pair à pair, l'autoformation."
    )
    assert etat(petite) == "exprime"
    assert demandee(monde.college, effectif=12).etat == "demande"
    assert demandee(monde.college, effectif=3, modalite="paf").etat == "demande"


def test_une_demande_dit_ses_raisons(monde):
    formation = une_formation(monde.college, objectif="")
    with pytest.raises(Empeche, match="le constat de départ et l'objectif professionnel"):
        demander(formation=formation, version=1, auteur=monde.chef, maintenant=MAINTENANT)


def test_un_preavis_court_est_dit_sans_rien_refuser():
    jour = datetime.date(2030, 12, 1)
    assert avertissement_preavis(jour, "2030-2031", 2, 8) == (
        "L'académie demande 8 semaines de préavis\u00a0: pour une formation dès le 1er\u00a0janvier 2031, la demande "
        "se fait avant le 6\u00a0novembre 2030. Elle part quand même\u00a0; prévoyez une date plus tardive."
    )
    assert avertissement_preavis(datetime.date(2030, 11, 6), "2030-2031", 2, 8) is None
    assert avertissement_preavis(jour, "2030-2031", 3, 8) is None
    assert avertissement_preavis(jour, "2030-2031", None, 8) is None


# --- What becomes of it ----------------------------------------------------------------------------------------
def test_du_besoin_a_l_evaluation(monde):
    formation = accordee(monde.college)
    assert (formation.etat, formation.reponse_le) == ("accorde", MAINTENANT.date())
    with pytest.raises(Empeche, match="Aucune séance ne s'est tenue"):
        realiser(formation=formation, version=formation.version, auteur=monde.chef)
    une_seance_tenue(formation)
    prevue = une_seance(formation, datetime.date(2031, 4, 2))
    with pytest.raises(Empeche, match="encore prévue le 2\u00a0avril 2031"):
        realiser(formation=formation, version=formation.version, auteur=monde.chef)
    annuler_seance(seance=prevue, version=1, raison="Grève", auteur=monde.chef)
    formation = realiser(formation=formation, version=formation.version, auteur=monde.chef)
    with pytest.raises(Empeche, match="Dites ce que la formation a changé"):
        evaluer(formation=formation, version=formation.version, bilan="", auteur=monde.chef, maintenant=MAINTENANT)
    formation = evaluer(
        formation=formation,
        version=formation.version,
        bilan="Le cahier de textes est rempli.",
        auteur=monde.chef,
        maintenant=MAINTENANT,
    )
    assert (formation.etat, formation.bilan) == ("evalue", "Le cahier de textes est rempli.")
    assert formation.evalue_le == MAINTENANT.date()


def test_refuser_et_demander_encore(monde):
    formation = demandee(monde.college)
    with pytest.raises(Empeche, match="Dites pourquoi"):
        refuser_formation(
            formation=formation, version=formation.version, raison="", auteur=monde.animatrice, maintenant=MAINTENANT
        )
    formation = refuser_formation(
        formation=formation,
        version=formation.version,
        raison="Plus de formateur",
        auteur=monde.animatrice,
        maintenant=MAINTENANT,
    )
    assert (formation.etat, formation.raison, formation.etat_avant_arret) == ("refuse", "Plus de formateur", "demande")
    formation = reprendre(formation=formation, version=formation.version, auteur=monde.chef, maintenant=MAINTENANT)
    assert (formation.etat, formation.raison, formation.reponse_le) == ("demande", "", None)


@pytest.mark.parametrize("faire", [une_formation, demandee, accordee])
def test_annuler_et_reprendre_ou_elle_en_etait(monde, faire):
    formation = faire(monde.college)
    avant = formation.etat
    formation = annuler(formation=formation, version=formation.version, raison="Report", auteur=monde.chef)
    assert (formation.etat, formation.raison, formation.etat_avant_arret) == ("annule", "Report", avant)
    formation = reprendre(formation=formation, version=formation.version, auteur=monde.chef, maintenant=MAINTENANT)
    assert (formation.etat, formation.raison, formation.etat_avant_arret) == (avant, "", "")


def test_une_seance_tenue_ne_se_refuse_ni_ne_s_annule(monde):
    formation = accordee(monde.college)
    une_seance_tenue(formation)
    with pytest.raises(Empeche, match="dites plutôt la formation réalisée"):
        annuler(formation=formation, version=formation.version, raison="Report", auteur=monde.chef)
    with pytest.raises(Empeche, match="trop tard pour refuser"):
        refuser_formation(
            formation=formation,
            version=formation.version,
            raison="Non",
            auteur=monde.animatrice,
            maintenant=MAINTENANT,
        )


def test_un_acte_impossible_depuis_cet_etat(monde):
    formation = une_formation(monde.college)
    with pytest.raises(Empeche, match="maintenant au stade du besoin"):
        accorder(formation=formation, version=1, auteur=monde.animatrice, maintenant=MAINTENANT)
    with pytest.raises(Empeche, match="maintenant au stade du besoin"):
        realiser(formation=formation, version=1, auteur=monde.chef)


def test_le_second_a_agir_voit_ce_qu_elle_est_devenue(monde):
    formation = demandee(monde.college)
    accorder(formation=formation, version=2, auteur=monde.animatrice, maintenant=MAINTENANT)
    with pytest.raises(Empeche, match="elle est maintenant accordée"):
        refuser_formation(
            formation=formation, version=2, raison="Complet", auteur=monde.rectorat, maintenant=MAINTENANT
        )
    assert etat(formation) == "accorde"


@pytest.mark.parametrize(
    ("etat", "modalite", "heures", "ecole", "pilote", "attendus"),
    [
        ("exprime", "locale", 0, True, False, ("demander", "annuler")),
        ("exprime", "locale", 0, False, True, ()),
        ("exprime", "pairs", 0, True, False, ("accorder", "annuler")),
        ("exprime", "pairs", 6, True, False, ("demander", "annuler")),
        ("demande", "locale", 0, True, False, ("annuler",)),
        ("demande", "locale", 0, False, True, ("accorder", "refuser")),
        ("demande", "paf", 0, True, False, ("accorder", "refuser", "annuler")),
        ("demande", "paf", 6, True, False, ("annuler",)),
        ("accorde", "locale", 0, True, False, ("realiser", "annuler")),
        ("accorde", "locale", 0, False, True, ("refuser",)),
        ("refuse", "locale", 0, True, False, ("reprendre",)),
        ("refuse", "locale", 0, False, True, ("reprendre",)),
        ("annule", "locale", 0, False, True, ()),
        ("realise", "locale", 0, True, False, ("evaluer",)),
        ("evalue", "locale", 0, True, False, ("evaluer",)),
        ("realise", "locale", 0, False, False, ()),
    ],
)
def test_qui_peut_quoi(etat, modalite, heures, ecole, pilote, attendus):
    assert actes_possibles(etat, modalite, D(heures), ecole=ecole, pilote=pilote) == attendus


# --- The académie's settings -----------------------------------------------------------------------------------
def test_les_reglages_ont_des_valeurs_avant_d_etre_fixes(monde):
    attendu = SaisieReglages("FIL", "Formation d'initiative locale", 10, 8)
    assert lire_reglages(monde.academie) == attendu
    regler(monde, effectif_minimum=12)
    assert lire_reglages(monde.academie) == replace(attendu, effectif_minimum=12)
    assert lire_reglages(monde.autre_academie) == attendu


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"sigle": ""}, "sigle"),
        ({"sigle": "x" * 13}, "sigle"),
        ({"nom_local": ""}, "nom_local"),
        ({"effectif_minimum": 0}, "effectif_minimum"),
        ({"effectif_minimum": 101}, "effectif_minimum"),
        ({"semaines_avant": 53}, "semaines_avant"),
    ],
)
def test_des_reglages_faux_sont_refuses(monde, champs, champ):
    with pytest.raises(SaisieRefusee) as refus:
        regler(monde, **champs)
    assert list(refus.value.defauts) == [champ]


def test_deux_personnes_du_rectorat_reglent_en_meme_temps(monde):
    base = lire_reglages(monde.academie)
    regler(monde, sigle="FIT")
    conflits = regler_formation(
        academie=monde.academie,
        base=base,
        saisie=replace(base, sigle="FIP", semaines_avant=6),
        auteur=monde.rectorat,
        maintenant=MAINTENANT,
    )
    assert conflits == {"sigle": Conflit("FIL", "FIP", "FIT")}
    assert lire_reglages(monde.academie) == replace(base, sigle="FIT")


# --- The bin ---------------------------------------------------------------------------------------------------
def test_un_besoin_va_a_la_corbeille_et_en_revient(monde):
    formation = une_formation(monde.college)
    mettre_a_la_corbeille(objet=formation, auteur=monde.chef, maintenant=timezone.now())
    assert not BesoinFormation.objects.vivants().exists()
    with pytest.raises(Empeche, match="n'est plus là"):
        demander(formation=formation, version=1, auteur=monde.chef, maintenant=MAINTENANT)
    restaurer(objet=formation, auteur=monde.chef, maintenant=timezone.now())
    assert BesoinFormation.objects.vivants().get() == formation


def test_ce_qui_est_accorde_s_annule_plutot(monde):
    formation = accordee(monde.college)
    with pytest.raises(Empeche, match="annulez-la plutôt"):
        mettre_a_la_corbeille(objet=formation, auteur=monde.chef, maintenant=timezone.now())


# --- What a purchase waits for (row 93) ------------------------------------------------------------------------
LIVRAISON = datetime.date(2030, 10, 15)


@pytest.mark.parametrize(
    ("livraison", "limite"),
    [
        (datetime.date(2030, 9, 1), datetime.date(2031, 3, 31)),
        (datetime.date(2030, 12, 31), datetime.date(2031, 3, 31)),
        (datetime.date(2031, 1, 1), datetime.date(2031, 8, 31)),
        (datetime.date(2031, 4, 1), datetime.date(2031, 12, 31)),
        (datetime.date(2031, 8, 20), datetime.date(2031, 12, 31)),
        (datetime.date(2031, 8, 31), datetime.date(2031, 12, 31)),
    ],
)
def test_la_fin_du_trimestre_suivant(livraison, limite):
    assert fin_du_trimestre_suivant(livraison) == limite


def test_un_achat_attend_sa_formation(monde):
    assert "Aucune formation n'est prévue" in etat_de_formation_pour_achat(None, LIVRAISON)
    formation = une_formation(monde.college)
    assert "n'a pas de séance datée" in etat_de_formation_pour_achat(formation, LIVRAISON)
    seance = une_seance(formation, datetime.date(2031, 3, 31))
    assert etat_de_formation_pour_achat(formation, LIVRAISON) is None
    assert "La livraison n'est pas datée" in etat_de_formation_pour_achat(formation, None)
    assert etat_de_formation_pour_achat(formation, datetime.date(2032, 1, 1)) is None  # trained before it comes
    annuler_seance(seance=seance, version=1, raison="Grève", auteur=monde.chef)
    assert "n'a pas de séance datée" in etat_de_formation_pour_achat(formation, LIVRAISON)


def test_une_formation_trop_tardive_bloque_l_achat(monde):
    formation = une_formation(monde.college)
    une_seance(formation, datetime.date(2031, 4, 1))
    assert etat_de_formation_pour_achat(formation, LIVRAISON) == (
        "La formation «\u00a0Prendre en main l'ENT\u00a0» vient trop tard\u00a0: sa première séance est le "
        "1er\u00a0avril 2031. Pour une livraison le 15\u00a0octobre 2030, il en faut une avant, ou au plus tard le "
        "31\u00a0mars 2031, à la fin du trimestre suivant."
    )


def test_annulee_elle_bloque_et_reprise_elle_debloque(monde):
    formation = demandee(monde.college)
    une_seance(formation, datetime.date(2030, 11, 5))
    assert etat_de_formation_pour_achat(formation, LIVRAISON) is None
    annulee = annuler(formation=formation, version=formation.version, raison="Report", auteur=monde.chef)
    assert etat_de_formation_pour_achat(annulee, LIVRAISON) == (
        "La formation «\u00a0Prendre en main l'ENT\u00a0» est annulée\u00a0: reprenez-la, ou choisissez-en une autre."
    )
    reprise = reprendre(formation=annulee, version=annulee.version, auteur=monde.chef, maintenant=MAINTENANT)
    assert etat_de_formation_pour_achat(reprise, LIVRAISON) is None
    refusee = refuser_formation(
        formation=reprise, version=reprise.version, raison="Non", auteur=monde.animatrice, maintenant=MAINTENANT
    )
    assert "est refusée" in etat_de_formation_pour_achat(refusee, LIVRAISON)


def test_a_la_corbeille_elle_bloque_aussi(monde):
    formation = une_formation(monde.college)
    une_seance(formation, datetime.date(2030, 11, 5))
    mettre_a_la_corbeille(objet=formation, auteur=monde.chef, maintenant=timezone.now())
    assert "est à la corbeille" in etat_de_formation_pour_achat(formation, LIVRAISON)


def test_des_heures_de_formateurs_reprises_se_comptent(monde):
    des_heures(monde.district, 20)
    formation = accordee(monde.college, heures_formateur=D("15"))
    formation = annuler(formation=formation, version=formation.version, raison="Report", auteur=monde.chef)
    accordee(monde.voisin_college, heures_formateur=D("10"))
    with pytest.raises(Empeche, match="il en reste 10 en 2030-2031"):
        reprendre(formation=formation, version=formation.version, auteur=monde.chef, maintenant=MAINTENANT)
