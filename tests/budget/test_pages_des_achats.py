"""The pages of purchases: what they say, what they refuse without losing it."""

import uuid
from decimal import Decimal as D

import pytest
from django.urls import reverse

from budget.models import Achat, LigneBudget
from tests.budget.achats import VINGT_MILLE, approuver, lire, un_achat, un_achat_complet
from tests.budget.budgets import un_financement, une_ligne
from tests.budget.test_achats import TABLETTES
from tests.budget.test_pages_du_budget import texte


@pytest.fixture
def voir(client, monde):
    def voir(nom: str, *cles: int, qui=None) -> str:
        client.force_login(qui or monde.chef)
        return texte(client.get(reverse(nom, args=[monde.college.uai, *cles])))

    return voir


@pytest.fixture
def envoyer(client, monde):
    def envoyer(nom: str, *cles: int, qui=None, **corps):
        client.force_login(qui or monde.chef)
        return client.post(reverse(nom, args=[monde.college.uai, *cles]), corps)

    return envoyer


def test_sans_achat_la_page_dit_par_quoi_commencer(voir, monde):
    assert "Écrivez ce que vous pensez acheter" in voir("achats")
    assert "Le chef d'établissement ou le gestionnaire les écrit." in voir("achats", qui=monde.referent)


def test_la_liste_dit_les_totaux_et_la_dette(voir, monde):
    achat = un_achat(monde.college, postes=VINGT_MILLE)
    for annee in (2031, 2032, 2033):
        une_ligne(monde.college, annee, achat=achat.pk, prevu=D(4000))
    un_achat(monde.college, "Tablettes", postes=TABLETTES)
    lue = voir("achats")
    assert "Coût complet 36 624,49 €" in lue
    assert "Dette de fonctionnement 12 447,49 €" in lue
    assert "Classe mobile × 30 2031 à 2035 en projet 20 000,00 € 4 000,00 € 0,00 € 20 000,00 € 8 000,00 €" in lue


def test_la_page_d_un_achat_dit_tout_avant_de_decider(voir, monde):
    monde.college.effectif = 412
    monde.college.save()
    achat = un_achat(monde.college, postes=TABLETTES)
    un_financement(monde.college, 2031, achat=achat.pk, accorde=D(8000))
    for page in ("achat", "achat_approuver"):
        lue = voir(page, achat.pk)
        for mots in (
            "Sur 5 ans 16 624,49 €",
            "Par an 3 324,90 €",
            "Par élève et par an 8,07 €",
            "Aides accordées 8 000,00 €",
            "Reste à payer 8 624,49 €",
            "2033 année 3 0,00 € 1 480,49 € 1 480,49 € 0,00 € 1 480,49 €",
            "Ensemble 12 177,00 € 4 447,49 € 16 624,49 € 0,00 € 4 447,49 €",
            "Aucune formation n'est prévue",
            "5 années de fonctionnement ne sont pas couvertes",
            "Prévoir les lignes manquantes",
            "Comment c'est calculé",
        ):
            assert mots in lue, (page, mots)


def test_ecrire_un_achat_puis_ses_couts(envoyer, monde):
    corps = {
        "cle": str(uuid.uuid4()),
        "intitule": "Classe mobile",
        "categorie": "tablette",
        "quantite": "30",
        "exercice": "2027",
        "duree": "5",
        "livraison": "",
    }
    refus = envoyer("achat_ajouter", **corps | {"duree": "0", "livraison": "2026-12-31"})
    assert refus.status_code == 422
    assert "Une durée de service va de 1 à 30 ans." in texte(refus)
    assert "tombe avant l'exercice 2027" in texte(refus)
    assert 'value="Classe mobile"' in refus.content.decode()
    reponse = envoyer("achat_ajouter", **corps)
    achat = Achat.objects.get()
    assert reponse.url == reverse("achat_couts", args=[monde.college.uai, achat.pk])
    couts = {"version": "1", "nombre": "2"} | cout(0, "achat", "11\u202f697,00", 1, 1, investissement="on")
    refus = envoyer("achat_couts", achat.pk, **couts, **cout(1, "licences", "370,50", 1, 6))
    assert refus.status_code == 422
    assert "L'achat sert 5 ans : ses années vont de 1 à 5." in texte(refus)
    assert not achat.postes.exists()
    envoyer("achat_couts", achat.pk, **couts, **cout(1, "licences", "370,50", 1, 5))
    assert (lire(achat).cout.investissement, lire(achat).cout.fonctionnement) == (D("11697.00"), D("1852.50"))


def cout(rang: int, famille: str, montant: str, de: int, a: int, **autres: str) -> dict[str, str]:
    champs = {"famille": famille, "montant": montant, "de": str(de), "a": str(a), "intitule": ""} | autres
    return {f"cout{rang}-{nom}": valeur for nom, valeur in champs.items()}


def test_les_neuf_familles_sont_proposees(voir, monde):
    achat = un_achat(monde.college, postes=[VINGT_MILLE[0]])
    lue = voir("achat_couts", achat.pk)
    for famille in (
        "Achat",
        "Installation et câblage",
        "Accessoires et protection",
        "Licences et gestion de flotte",
        "Assurance",
        "Maintenance et réparation",
        "Consommables et énergie",
        "Formation et accompagnement",
        "Fin de vie : effacement, réemploi, recyclage",
        "Autre coût",
    ):
        assert famille in lue


@pytest.mark.parametrize("montant", ["douze", "-5", "1,234"])
def test_un_montant_illisible_est_dit_et_rien_n_est_perdu(envoyer, monde, montant):
    achat = un_achat(monde.college, postes=TABLETTES)
    couts = {"version": str(achat.version), "nombre": "1"} | cout(
        0, "achat", montant, 1, 1, intitule="Trente tablettes"
    )
    refus = envoyer("achat_couts", achat.pk, **couts)
    assert refus.status_code == 422
    assert f'value="{montant}"' in refus.content.decode()
    assert 'value="Trente tablettes"' in refus.content.decode()
    assert lire(achat).cout.total == D("16624.49")


def test_des_couts_ecrits_a_deux(envoyer, monde):
    achat = un_achat(monde.college, postes=VINGT_MILLE)
    refus = envoyer("achat_couts", achat.pk, version="1", nombre="1", **cout(0, "achat", "12,00", 1, 1))
    assert refus.status_code == 409
    lue = texte(refus)
    assert "Maintenance et réparation : 4 000,00 €, années 1 à 5" in lue
    assert 'value="12,00"' in refus.content.decode()
    assert f'name="version" value="{achat.version}"' in refus.content.decode()
    assert (
        envoyer(
            "achat_couts", achat.pk, version=str(achat.version), nombre="1", **cout(0, "achat", "12,00", 1, 1)
        ).status_code
        == 302
    )
    assert lire(achat).cout.total == D("12.00")


def test_approuver_sans_tout_dit_tout_ce_qui_manque(envoyer, monde):
    achat = un_achat(monde.college, usage="", postes=VINGT_MILLE)
    refus = envoyer("achat_approuver", achat.pk, version=str(achat.version))
    assert refus.status_code == 422
    for mots in ("L'usage pédagogique n'est pas dit", "Aucune formation", "5 années de fonctionnement"):
        assert mots in texte(refus)


def test_prevoir_approuver_livrer_abandonner(envoyer, voir, monde):
    achat = un_achat_complet(monde.college)
    LigneBudget.objects.filter(exercice__gte=2033).delete()
    assert "2033 Fonctionnement 4 000,00 €" in voir("achat_lignes", achat.pk)
    envoyer("achat_lignes", achat.pk, payeur="eple")
    assert "3 lignes sont prévues au budget." in voir("achat", achat.pk)
    envoyer("achat_lignes", achat.pk, payeur="eple")
    assert "Aucune ligne ne manquait." in voir("achat", achat.pk)
    assert LigneBudget.objects.count() == 5
    achat.refresh_from_db()
    envoyer("achat_approuver", achat.pk, version=str(achat.version))
    assert "approuvé Tablette × 30" in voir("achat", achat.pk)
    refus = envoyer("achat_livrer", achat.pk, version=str(achat.version + 1), jour="2031-03-15")
    assert "cette date est à venir" in texte(refus)
    perime = envoyer("achat_abandonner", achat.pk, version=str(achat.version), raison="Trop cher")
    assert perime.status_code == 409
    envoyer("achat_abandonner", achat.pk, version=str(achat.version + 1), raison="Trop cher")
    lue = voir("achat", achat.pk)
    assert "Achat abandonné Trop cher Ses lignes restent dans le budget" in lue


def test_un_achat_bloque_le_dit_partout(voir, monde):
    achat = approuver(un_achat_complet(monde.college))
    achat.formation.seances.all().delete()
    for page in (voir("achats"), voir("achat", achat.pk)):
        assert "n'a pas de séance datée : prévoyez-en une." in page
        assert "bloqué" in page


def test_l_histoire_se_lit_en_mots(client, monde):
    achat = approuver(un_achat_complet(monde.college))
    client.force_login(monde.chef)
    lue = texte(client.get(reverse("historique", args=[monde.college.uai, "achat", achat.pk])))
    for mots in ("a approuvé l'achat", "a dit ce que l'achat coûte", "a écrit l'achat", "4 000,00 €"):
        assert mots in lue


@pytest.mark.parametrize("nombre", [1, 3])
def test_un_achat_ou_trois_autant_de_requetes(client, monde, nombre):
    for rang in range(nombre):
        un_achat_complet(monde.college, f"Achat {rang}")
    client.force_login(monde.chef)
    assert len(client.get(reverse("achats", args=[monde.college.uai])).requetes) == 9
