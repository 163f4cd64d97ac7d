"""Purchases: what they commit to, what they wait for, what becomes of them."""

import dataclasses
import datetime
import uuid
from decimal import Decimal as D

import pytest

from budget.domain.achats import (
    AchatChange,
    Bloque,
    SaisiePoste,
    abandonner_achat,
    creer_achat,
    fixer_postes,
    lire_poste,
    lire_saisie_achat,
    livrer_achat,
    modifier_achat,
    remettre_en_projet,
    retirer_achat,
)
from budget.domain.corbeille_du_budget import retirer_ligne
from budget.domain.exercices import clore_exercice
from budget.domain.formations import annuler, reprendre
from budget.models import Achat, LigneBudget
from budget.queries.achats import achats_de, dette_de
from plans.domain.corbeille import restaurer
from strategie.socle.domain.empechement import Empeche, SaisieRefusee
from tests.budget.achats import (
    EXERCICE,
    VINGT_MILLE,
    approuver,
    lire,
    prevoir,
    un_achat,
    un_achat_complet,
    une_saisie,
)
from tests.budget.budgets import un_financement, une_ligne
from tests.budget.formations import MAINTENANT

# The thirty tablets of test_cout_complet.py: 16 624,49 € in all, 12 177,00 € of it an investment.
TABLETTES = (
    SaisiePoste("achat", D("11697.00"), 1, 1, investissement=True),
    SaisiePoste("installation", D("480.00"), 1, 1, investissement=True),
    SaisiePoste("accessoires", D("735.00"), 1, 1),
    SaisiePoste("licences", D("370.50"), 1, 5),
    SaisiePoste("assurance", D("210.00"), 1, 4),
    SaisiePoste("maintenance", D("899.99"), 3, 3, intitule="Batteries"),
    SaisiePoste("fin_de_vie", D("120.00"), 5, 5),
)


# --- Writing one -----------------------------------------------------------------------------------------------
def test_un_formulaire_envoye_deux_fois_fait_un_achat(monde):
    cle = uuid.uuid4()
    envoi = {"etablissement": monde.college, "saisie": une_saisie(), "cle": cle, "auteur": monde.chef}
    premier = creer_achat(**envoi, maintenant=MAINTENANT)
    assert creer_achat(**envoi, maintenant=MAINTENANT) == premier
    assert lire_saisie_achat(Achat.objects.get()) == une_saisie()


@pytest.mark.parametrize(
    ("champs", "champ", "phrase"),
    [
        ({"intitule": ""}, "intitule", "Dites en quelques mots ce qui sera acheté."),
        ({"duree": 0}, "duree", "Une durée de service va de 1 à 30\u00a0ans."),
        ({"duree": 31}, "duree", "Une durée de service va de 1 à 30\u00a0ans."),
        (
            {"duree": 12},
            "duree",
            "Le budget s'écrit jusqu'à l'exercice 2041\u00a0: un achat de 2031 se prévoit pour 11\u00a0ans au plus.",
        ),
        ({"quantite": 0}, "quantite", "On en achète de 1 à 10\u202f000."),
        (
            {"livraison": datetime.date(2030, 12, 31)},
            "livraison",
            "La livraison, le 31\u00a0décembre 2030, tombe avant l'exercice 2031.",
        ),
        ({"categorie": "fusee"}, "categorie", "Choisissez la catégorie dans la liste."),
        (
            {"accessibilite": "adaptation"},
            "accessibilite_note",
            "Dites quelle adaptation est prévue.",
        ),
        ({"formation": 999_999}, "formation", "Cette formation n'est pas, ou n'est plus, à l'établissement."),
    ],
)
def test_ce_qui_ne_va_pas_est_dit_au_champ(monde, champs, champ, phrase):
    with pytest.raises(SaisieRefusee) as refus:
        un_achat(monde.college, **champs)
    assert refus.value.defauts == {champ: phrase}
    assert not Achat.objects.exists()


def test_deux_personnes_changent_un_achat(monde):
    achat = un_achat(monde.college)
    base = lire_saisie_achat(achat)
    envoi = {"achat": achat, "base": base, "auteur": monde.chef, "maintenant": MAINTENANT}
    assert modifier_achat(**envoi, saisie=dataclasses.replace(base, usage="Lire")) == {}
    assert modifier_achat(**envoi, saisie=dataclasses.replace(base, public="Les sixièmes")) == {}
    assert lire_saisie_achat(achat) == dataclasses.replace(base, usage="Lire", public="Les sixièmes")
    conflits = modifier_achat(**envoi, saisie=dataclasses.replace(base, usage="Compter"))
    assert {nom: un.actuel for nom, un in conflits.items()} == {"usage": "Lire"}


def test_une_vie_plus_courte_que_ses_couts_est_refusee(monde):
    achat = un_achat(monde.college, postes=TABLETTES)
    base = lire_saisie_achat(achat)
    with pytest.raises(SaisieRefusee) as refus:
        modifier_achat(
            achat=achat,
            base=base,
            saisie=dataclasses.replace(base, duree=4),
            auteur=monde.chef,
            maintenant=MAINTENANT,
        )
    assert refus.value.defauts == {
        "duree": "Un coût est écrit pour l'année 5 de l'achat\u00a0: changez d'abord les coûts."
    }


# --- What it costs ---------------------------------------------------------------------------------------------
def test_les_tablettes_au_centime(monde):
    achat = un_achat(monde.college, postes=TABLETTES)
    un_financement(monde.college, EXERCICE, achat=achat.pk, demande=D(9000), accorde=D(8000))
    lu = lire(achat)
    assert (lu.cout.total, lu.aides, lu.cout.reste_a_charge) == (D("16624.49"), D("8000.00"), D("8624.49"))
    assert lu.cout.par_an == D("3324.90")
    assert sorted(map(lire_poste, lu.postes), key=str) == sorted(TABLETTES, key=str)


def test_fixer_de_nouveau_ne_change_que_ce_qui_change(monde):
    achat = un_achat(monde.college, postes=TABLETTES)
    avant = dict(achat.postes.values_list("famille", "pk"))
    autres = (*TABLETTES[:-1], SaisiePoste("fin_de_vie", D("130.00"), 5, 5))
    fixer_postes(achat=achat, version=achat.version, postes=autres, auteur=monde.chef)
    apres = dict(achat.postes.values_list("famille", "pk"))
    assert {famille for famille in avant if apres[famille] != avant[famille]} == {"fin_de_vie"}
    version = achat.version
    fixer_postes(achat=achat, version=version, postes=autres, auteur=monde.chef)
    assert achat.version == version


@pytest.mark.parametrize(
    ("poste", "phrase"),
    [
        (SaisiePoste("achat", D("-1.00"), 1, 1), "Un coût est positif ou nul."),
        (SaisiePoste("achat", D("1.00"), 1, 6), "L'achat sert 5\u00a0ans\u00a0: ses années vont de 1 à 5."),
        (SaisiePoste("achat", D("1.00"), 0, 1), "L'achat sert 5\u00a0ans\u00a0: ses années vont de 1 à 5."),
        (SaisiePoste("achat", D("1.00"), 3, 2), "La dernière année ne vient pas avant la première."),
        (SaisiePoste("autre", D("1.00"), 1, 1), "Choisissez de quel coût il s'agit."),
    ],
)
def test_un_cout_impossible_est_refuse(monde, poste, phrase):
    achat = un_achat(monde.college)
    with pytest.raises(Empeche, match=phrase):
        fixer_postes(achat=achat, version=achat.version, postes=[poste], auteur=monde.chef)
    assert not achat.postes.exists()


def test_une_aide_ne_depasse_pas_le_cout_meme_ensuite(monde):
    achat = un_achat(monde.college, postes=VINGT_MILLE)
    with pytest.raises(Empeche, match="dépasse le coût"):
        un_financement(monde.college, EXERCICE, achat=achat.pk, accorde=D("20000.01"))
    un_financement(monde.college, EXERCICE, achat=achat.pk, accorde=D(20_000))
    with pytest.raises(Empeche, match="dépasse le coût"):
        fixer_postes(achat=achat, version=achat.version, postes=[SaisiePoste("achat", D(100), 1, 1)], auteur=monde.chef)
    assert lire(achat).cout.total == D("20000.00")


def test_des_couts_changes_par_un_autre_entre_temps(monde):
    achat = un_achat(monde.college, postes=VINGT_MILLE)
    with pytest.raises(AchatChange):
        fixer_postes(achat=achat, version=achat.version - 1, postes=TABLETTES, auteur=monde.chef)
    assert lire(achat).cout.total == D("20000.00")


# --- Row 98 ----------------------------------------------------------------------------------------------------
def test_vingt_mille_euros_sur_cinq_ans_et_trois_lignes(monde):
    achat = un_achat(monde.college, postes=VINGT_MILLE)
    for annee in (2031, 2032, 2033):
        une_ligne(monde.college, annee, achat=achat.pk, prevu=D("4000.00"))
    lu = lire(achat)
    assert lu.cout.total == D("20000.00")
    assert [(annee.exercice, annee.manque) for annee in lu.dette.annees] == [(2034, D("4000.00")), (2035, D("4000.00"))]
    assert lu.obstacles["lignes"] == (
        "2 années de fonctionnement ne sont pas couvertes par le budget (2034, 2035)\u00a0: il y manque "
        "8\u202f000,00\u00a0€."
    )


def test_la_dette_de_l_ecole_est_celle_de_ses_achats_tenus(monde):
    un_achat(monde.college, postes=VINGT_MILLE)
    autre = un_achat(monde.college, "Écran", postes=TABLETTES)
    une_ligne(monde.college, 2031, achat=autre.pk, prevu=D("9999.00"))  # what it has in excess does not pay for 2032
    perdu = un_achat(monde.college, "Robots", postes=VINGT_MILLE)
    abandonner_achat(achat=perdu, version=perdu.version, raison="Trop cher", auteur=monde.chef)
    un_achat(monde.voisin_college, postes=VINGT_MILLE)
    lus = achats_de(monde.college)
    assert [lu.dette.total for lu in lus] == [D("20000.00"), D("0.00"), D("3131.99")]
    assert dette_de(lus) == D("23131.99")


# --- The lines that it wants -----------------------------------------------------------------------------------
def test_prevoir_les_lignes_manquantes_une_seule_fois(monde):
    achat = un_achat(monde.college, postes=TABLETTES)
    une_ligne(monde.college, 2032, achat=achat.pk, prevu=D("500.00"))
    prevues = prevoir(achat)
    assert [(ligne.exercice, ligne.section, ligne.prevu) for ligne in prevues.creees] == [
        (2031, "investissement", D("12177.00")),
        (2031, "fonctionnement", D("1315.50")),
        (2032, "fonctionnement", D("80.50")),
        (2033, "fonctionnement", D("1480.49")),
        (2034, "fonctionnement", D("580.50")),
        (2035, "fonctionnement", D("490.50")),
    ]
    assert {(ligne.origine, ligne.payeur, ligne.achat_id) for ligne in prevues.creees} == {("achat", "eple", achat.pk)}
    assert prevoir(achat).creees == ()
    lu = lire(achat)
    assert (lu.prevu, lu.dette.total) == (D("16624.49"), D("0.00"))


def test_rien_n_est_prevu_dans_un_exercice_clos(monde):
    achat = un_achat(monde.college, postes=VINGT_MILLE)
    clore_exercice(etablissement=monde.college, annee=2031, auteur=monde.chef, maintenant=MAINTENANT)
    prevues = prevoir(achat)
    assert ([ligne.exercice for ligne in prevues.creees], prevues.clos) == ([2032, 2033, 2034, 2035], (2031,))
    assert LigneBudget.objects.filter(exercice=2031).count() == 0


def test_une_ecole_ne_paie_pas_par_un_budget_qu_elle_n_a_pas(monde):
    monde.college.type = "ecole"
    monde.college.save()
    achat = un_achat(monde.college, postes=VINGT_MILLE)
    with pytest.raises(Empeche, match="Une école n'a pas de budget propre"):
        prevoir(achat, "eple")
    assert not LigneBudget.objects.exists()
    assert len(prevoir(achat, "commune").creees) == 5


# --- Approving it (row 93) -------------------------------------------------------------------------------------
def test_tout_ce_qui_manque_est_dit_a_la_fois(monde):
    achat = un_achat(monde.college, usage="", public="", accessibilite="")
    with pytest.raises(Bloque) as refus:
        approuver(achat)
    assert refus.value.phrases == (
        "L'usage pédagogique n'est pas dit\u00a0: à quoi servira-t-il en classe\u00a0?",
        "On ne sait pas pour qui\u00a0: dites quelles classes ou quelles équipes s'en serviront.",
        "Aucune formation n'est prévue pour ceux qui s'en serviront\u00a0: choisissez-en une, ou écrivez-la.",
        "On n'a pas vérifié s'il convient aux élèves et aux personnels en situation de handicap\u00a0: répondez.",
        "Ce qu'il coûte n'est pas écrit\u00a0: dites au moins son prix.",
    )
    achat.refresh_from_db()
    assert (achat.etat, achat.approuve_par) == ("projet", None)


def test_un_achat_complet_est_approuve_une_fois(monde):
    achat = approuver(un_achat_complet(monde.college))
    assert (achat.etat, achat.approuve_par, achat.approuve_le) == ("approuve", monde.chef, MAINTENANT)
    assert approuver(achat).version == achat.version


def test_une_ligne_retiree_et_l_achat_ne_peut_plus_etre_approuve(monde):
    achat = un_achat_complet(monde.college)
    retirer_ligne(ligne=LigneBudget.objects.get(exercice=2035), auteur=monde.chef, maintenant=MAINTENANT)
    with pytest.raises(Bloque, match=r"Une année de fonctionnement n'est pas couverte par le budget \(2035\)"):
        approuver(achat)


def test_ce_qui_ne_convient_pas_a_certains_n_est_pas_approuve(monde):
    achat = un_achat_complet(monde.college)
    Achat.objects.filter(pk=achat.pk).update(accessibilite="ne_convient_pas")
    with pytest.raises(Bloque, match="Il ne convient pas à certains"):
        approuver(achat)


def test_une_formation_annulee_bloque_l_achat_et_le_libere_quand_elle_reprend(monde):
    achat = approuver(un_achat_complet(monde.college))
    assert lire(achat).bloque is None
    formation = achat.formation
    formation.refresh_from_db()
    formation = annuler(formation=formation, version=formation.version, raison="Salle prise", auteur=monde.chef)
    assert lire(achat).bloque == (
        "La formation «\u00a0Se servir de : Classe mobile\u00a0» est annulée\u00a0: reprenez-la, ou choisissez-en une "
        "autre."
    )
    livraison = {"achat": achat, "jour": MAINTENANT.date(), "auteur": monde.chef, "maintenant": MAINTENANT}
    with pytest.raises(Empeche, match="Cet achat est bloqué"):
        livrer_achat(**livraison, version=achat.version)
    reprendre(formation=formation, version=formation.version, auteur=monde.chef, maintenant=MAINTENANT)
    assert lire(achat).bloque is None
    assert livrer_achat(**livraison, version=achat.version).etat == "livre"


def test_ce_qui_est_approuve_garde_son_cout(monde):
    achat = approuver(un_achat_complet(monde.college))
    with pytest.raises(Empeche, match="remettez-le d'abord en projet"):
        fixer_postes(achat=achat, version=achat.version, postes=TABLETTES, auteur=monde.chef)
    base = lire_saisie_achat(achat)
    with pytest.raises(SaisieRefusee) as refus:
        modifier_achat(
            achat=achat,
            base=base,
            saisie=dataclasses.replace(base, quantite=60),
            auteur=monde.chef,
            maintenant=MAINTENANT,
        )
    assert refus.value.defauts.keys() == {"quantite"}
    repris = remettre_en_projet(achat=achat, version=achat.version, auteur=monde.chef)
    assert (repris.etat, repris.approuve_par, repris.approuve_le) == ("projet", None, None)


# --- What becomes of it ----------------------------------------------------------------------------------------
def test_une_livraison_a_venir_est_refusee(monde):
    achat = approuver(un_achat_complet(monde.college))
    demain = MAINTENANT.date() + datetime.timedelta(days=1)
    with pytest.raises(Empeche, match="cette date est à venir"):
        livrer_achat(achat=achat, version=achat.version, jour=demain, auteur=monde.chef, maintenant=MAINTENANT)


def test_abandonner_dit_pourquoi(monde):
    achat = un_achat(monde.college)
    with pytest.raises(Empeche, match="Dites pourquoi"):
        abandonner_achat(achat=achat, version=achat.version, raison="", auteur=monde.chef)
    abandonne = abandonner_achat(achat=achat, version=achat.version, raison="Trop cher", auteur=monde.chef)
    assert (abandonne.etat, abandonne.raison) == ("abandonne", "Trop cher")


def test_la_corbeille_et_retour(monde):
    achat = un_achat(monde.college, postes=VINGT_MILLE)
    ligne = une_ligne(monde.college, 2031, achat=achat.pk, prevu=D("4000.00"))
    with pytest.raises(Empeche, match="Une ligne du budget le paie"):
        retirer_achat(achat=achat, auteur=monde.chef, maintenant=MAINTENANT)
    retirer_ligne(ligne=ligne, auteur=monde.chef, maintenant=MAINTENANT)
    retirer_achat(achat=achat, auteur=monde.chef, maintenant=MAINTENANT)
    assert achats_de(monde.college) == []
    restaurer(objet=achat, auteur=monde.chef, maintenant=MAINTENANT)
    assert lire(achat).cout.total == D("20000.00")


def test_un_achat_approuve_ne_va_pas_a_la_corbeille(monde):
    achat = approuver(un_achat_complet(monde.college))
    with pytest.raises(Empeche, match="il reste, pour l'histoire"):
        retirer_achat(achat=achat, auteur=monde.chef, maintenant=MAINTENANT)


def test_les_aides_des_lignes_comptent_une_fois(monde):
    achat = un_achat(monde.college, postes=VINGT_MILLE)
    ligne = une_ligne(monde.college, 2031, achat=achat.pk, prevu=D("4000.00"))
    un_financement(monde.college, 2031, ligne=ligne.pk, accorde=D("1000.01"))
    un_financement(monde.college, 2031, achat=achat.pk, accorde=D("2000.02"))
    assert lire(achat).aides == D("3000.03")
    assert [lu.aides for lu in achats_de(monde.college)] == [D("3000.03")]
