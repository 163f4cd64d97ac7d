"""Reuse first: the net need, what counts and what does not."""

import datetime
import html
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from budget.domain.equipements import Tenant, changer_etat_en_lot, detacher, preter
from budget.domain.reemploi import BesoinNet
from budget.domain.usages import SaisieUsage, declarer_usage
from budget.interfaces.reemploi import NOMS, en_nombre
from budget.models import Categorie, Equipement
from budget.queries.reemploi import Dormants, ParcDUneCategorie, dormants_du_district, parc_d_une_categorie
from budget.queries.usages import terme_du_jour
from tests.budget.parc import des_equipements, un_lot
from tests.personnages import affecter, un_compte

T1 = datetime.datetime(2030, 11, 5, 10, 0, tzinfo=datetime.UTC)
T2 = datetime.datetime(2031, 2, 5, 10, 0, tzinfo=datetime.UTC)
T3 = datetime.datetime(2031, 5, 5, 10, 0, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("besoin", "net", "en_trop"),
    [
        (BesoinNet(30, 12), 18, 0),
        (BesoinNet(30, 11), 19, 0),
        (BesoinNet(30, 12, 6), 12, 0),
        (BesoinNet(30, 30), 0, 0),
        (BesoinNet(10, 12, 1), 0, 3),
    ],
)
def test_le_besoin_net(besoin, net, en_trop):
    assert (besoin.net, besoin.en_trop) == (net, en_trop)


def test_chaque_categorie_se_dit_en_nombre():
    assert set(NOMS) == set(Categorie.values)
    assert (en_nombre(1, "tablette"), en_nombre(18, "fixe")) == ("1\u00a0tablette", "18\u00a0ordinateurs fixes")


def mettre(monde, ligne, etat, **champs):
    tenant = Tenant(monde.chef)
    changer_etat_en_lot(etablissement=monde.college, cles=[ligne.pk], etat=etat, tenant=tenant, maintenant=T2, **champs)


@pytest.fixture
def quinze_tablettes(monde):
    """Twelve reusable and three to retire."""
    (libres,) = des_equipements(monde.college, nombre=12, maintenant=T1)
    (vieilles,) = des_equipements(monde.college, nombre=3, maintenant=T1)
    mettre(monde, vieilles, "reformable")
    return libres


def test_chaque_chose_compte_a_une_seule_place(monde, quinze_tablettes):
    (pretee,) = des_equipements(monde.college, nombre=2, maintenant=T1)
    preter(
        etablissement=monde.college,
        cles=[pretee.pk],
        a="eleve",
        jusqu_au=None,
        tenant=Tenant(monde.chef),
        maintenant=T2,
    )
    des_equipements(monde.college, nombre=5, domaine="administratif", maintenant=T1)
    (cassee,) = des_equipements(monde.college, nombre=4, maintenant=T1)
    mettre(monde, cassee, "a_reparer")
    (sortie,) = des_equipements(monde.college, nombre=50, maintenant=T1)
    mettre(monde, sortie, "sorti", destination="don")
    (jetee,) = des_equipements(monde.college, nombre=60, maintenant=T1)
    Equipement.objects.filter(pk=jetee.pk).update(supprime_le=T2, supprime_par=monde.chef)
    des_equipements(monde.college, nombre=70, categorie="fixe", maintenant=T1)
    lu = parc_d_une_categorie(monde.college, "tablette")
    assert lu == ParcDUneCategorie(libres=12, pretes=2, administratifs=5, a_reparer=4, reformables=3)
    assert lu.en_tout == 26
    assert parc_d_une_categorie(monde.college, "borne").en_tout == 0


def declarer(lot, quand, frequence, auteur):
    declarer_usage(lot=lot, saisie=SaisieUsage(frequence), version=0, auteur=auteur, maintenant=quand)


@pytest.mark.parametrize(
    ("dites", "trouve"),
    [
        ([(T1, "jamais"), (T2, "jamais")], True),
        ([(T2, "jamais"), (T3, "jamais")], True),
        ([(T1, "jamais"), (T3, "jamais")], False),
        ([(T1, "jamais"), (T2, "rare")], False),
        ([(T3, "jamais")], False),
        ([], False),
    ],
)
def test_ce_qui_dort_dans_le_district(monde, dites, trouve):
    for ecole, referent in ((monde.voisin_college, "Voisine"), (monde.lointain, "Lointaine")):
        auteur = affecter(un_compte("Rita", referent), "referent", etablissement=ecole)
        lot = un_lot(ecole)
        des_equipements(ecole, nombre=24, lot=lot.pk, maintenant=T1)
        for quand, frequence in dites:
            declarer(lot, quand, frequence, auteur)
    sien = un_lot(monde.college)
    des_equipements(monde.college, nombre=9, lot=sien.pk, maintenant=T1)
    for quand in (T1, T2, T3):
        declarer(sien, quand, "jamais", monde.chef)
    terme = terme_du_jour(T3.date())
    assert dormants_du_district(monde.college, "tablette", terme) == (Dormants(1, 24) if trouve else Dormants(0, 0))
    assert dormants_du_district(monde.college, "fixe", terme) == Dormants(0, 0)
    monde.college.district = None
    assert dormants_du_district(monde.college, "tablette", terme) == Dormants(0, 0)


# --- The page -----------------------------------------------------------------------------------------------------
def page(client, monde, qui=None, **donnees):
    client.force_login(qui or monde.chef)
    return client.get(reverse("reemploi", args=[monde.college.uai]), donnees)


def texte(reponse) -> str:
    return " ".join(html.unescape(reponse.content.decode()).replace("\u00a0", " ").split())


def test_besoin_de_trente_douze_reutilisables_trois_reformables(client, monde, quinze_tablettes):
    dit = texte(page(client, monde, categorie="tablette", besoin=30))
    assert "Il manque 18 tablettes" in dit
    assert "Réutilisables et libres</a>" in dit
    assert "Réformables</a>" in dit
    achat = next(lien for lien in re.findall(r'href="([^"]+)"', dit) if lien.startswith("/") and "levier=" in lien)
    action = texte(client.get(achat))
    assert "Acheter 18 tablettes</textarea>" in action
    assert re.search(r'value="equipement" selected', action)
    une = detacher(equipement=quinze_tablettes, nombre=1, tenant=Tenant(monde.chef))
    mettre(monde, une, "reformable")
    assert "Il manque 19 tablettes" in texte(page(client, monde, categorie="tablette", besoin=30))


def test_ce_qui_est_promis_diminue_le_besoin(client, monde, quinze_tablettes):
    assert "Il manque 1 tablette<" in texte(page(client, monde, categorie="tablette", besoin=30, promis=17))
    dit = texte(page(client, monde, categorie="tablette", besoin=10))
    assert "Rien à acheter" in dit
    assert "2 de plus que le besoin" in dit
    assert "Créer l'action" not in dit


def test_qui_n_ecrit_pas_le_plan_ne_cree_pas_l_action(client, monde, quinze_tablettes):
    for qui in (monde.gestionnaire, monde.lectrice, monde.collectivite_agent):
        dit = texte(page(client, monde, qui=qui, categorie="tablette", besoin=30))
        assert "Il manque 18 tablettes" in dit
        assert "Créer l'action" not in dit


@pytest.mark.parametrize(
    "donnees",
    [
        {"categorie": "tablette", "besoin": ""},
        {"categorie": "tablette", "besoin": "0"},
        {"categorie": "tablette", "besoin": "10001"},
        {"categorie": "tablette", "besoin": "1e9"},
        {"categorie": "soucoupe", "besoin": "3"},
        {"categorie": "tablette", "besoin": "3", "promis": "-1"},
    ],
)
def test_une_question_absurde_est_dite_a_son_champ(client, monde, donnees):
    reponse = page(client, monde, **donnees)
    assert reponse.status_code == 422
    assert "invalid-feedback" in texte(reponse)


@pytest.mark.parametrize("nombre", [1, 3])
def test_la_page_coute_le_meme_nombre_de_requetes(client, monde, nombre):
    for rang in range(nombre):
        des_equipements(monde.college, f"Tablette {rang}", nombre=3)
        lot = un_lot(monde.college, f"Lot {rang}")
        declarer(lot, timezone.now(), "jamais", monde.chef)
    assert len(page(client, monde, categorie="tablette", besoin=30).requetes) == 6
