"""How long a collectivité means each category to serve: chosen, changed by two at once, given up, told."""

import datetime

import pytest
from django.urls import reverse
from lxml import html

from budget.domain.cycle import REPERES
from budget.domain.durees import fixer_durees, lire_durees
from budget.models import Categorie, DureeDeVie
from budget.queries.durees import durees_de
from strategie.socle.domain.empechement import Empeche
from strategie.socle.domain.fusion import Conflit
from strategie.socle.droits import Role
from strategie.socle.models import Collectivite
from tests.personnages import affecter

MIDI = datetime.datetime(2026, 11, 26, 12, tzinfo=datetime.UTC)
AUCUNE = dict.fromkeys(Categorie.values)
PAGE = "/durees-de-vie/"


def fixer(monde, saisie: dict, base: dict | None = None, auteur=None, maintenant=MIDI):
    return fixer_durees(
        collectivite=monde.collectivite,
        base=AUCUNE | (base or {}),
        saisie=AUCUNE | saisie,
        auteur=auteur or monde.collectivite_agent,
        maintenant=maintenant,
    )


def tenues(monde) -> dict:
    return {categorie: annees for categorie, annees in lire_durees(monde.collectivite).items() if annees is not None}


# --- The act --------------------------------------------------------------------------------------------
def test_une_duree_choisie_vaut_pour_ses_etablissements_seulement(monde):
    assert fixer(monde, {"tablette": 4, "tableau": 10}) == {}
    assert durees_de(monde.college) == {**REPERES, "tablette": 4, "tableau": 10}
    assert durees_de(monde.voisin_college) == REPERES
    [duree] = DureeDeVie.objects.filter(categorie="tablette")
    assert (duree.annees, duree.fixee_par, duree.fixee_le) == (4, monde.collectivite_agent, MIDI)


def test_une_case_videe_revient_au_repere(monde):
    fixer(monde, {"tablette": 4, "fixe": 7})
    assert fixer(monde, {"fixe": 7}, base={"tablette": 4, "fixe": 7}) == {}
    assert tenues(monde) == {"fixe": 7}
    assert durees_de(monde.college)["tablette"] == REPERES["tablette"]


def test_ce_qui_ne_change_pas_ne_s_ecrit_pas(monde):
    fixer(monde, {"tablette": 4})
    fixer(monde, {"tablette": 4}, base={"tablette": 4}, maintenant=MIDI + datetime.timedelta(days=1))
    assert DureeDeVie.objects.get().fixee_le == MIDI
    assert DureeDeVie.evenements.rel.related_model.objects.count() == 1


def test_deux_personnes_a_la_fois(monde):
    """Apart, both are kept; alike, the second sees the first's and nothing is written."""
    fixer(monde, {"tablette": 4})
    assert fixer(monde, {"fixe": 7}) == {}
    assert tenues(monde) == {"tablette": 4, "fixe": 7}
    assert fixer(monde, {"tablette": 6, "ecran": 9}) == {"tablette": Conflit(None, 6, 4)}
    assert tenues(monde) == {"tablette": 4, "fixe": 7}


@pytest.mark.parametrize("annees", [0, -1, 31])
def test_une_duree_absurde_est_refusee(monde, annees):
    with pytest.raises(Empeche, match="de 1 à 30"):
        fixer(monde, {"tablette": annees})
    assert tenues(monde) == {}


# --- The page -------------------------------------------------------------------------------------------
def corps(saisie: dict | None = None, lues: dict | None = None) -> dict[str, str]:
    dites = dict.fromkeys(Categorie.values, "") | {nom: str(valeur) for nom, valeur in (saisie or {}).items()}
    return dites | {f"lu-{nom}": str((lues or {}).get(nom, "")) for nom in Categorie.values}


def ligne(page, categorie: str) -> str:
    [entree] = html.fromstring(page.content).xpath(f"//input[@name='{categorie}']/ancestor::tr")
    return " ".join(entree.text_content().split())


def test_la_collectivite_choisit_ses_durees(client, monde):
    client.force_login(monde.collectivite_agent)
    page = client.get(PAGE)
    assert "dans l'établissement qui vous est rattaché" in html.fromstring(page.content).text_content().replace(
        "’", "'"
    )
    envoi = client.post(PAGE, corps({"tablette": "4"}), follow=True)
    assert "Les durées sont enregistrées" in envoi.content.decode()
    assert tenues(monde) == {"tablette": 4}
    assert "Repère" in envoi.content.decode()
    assert "5\u00a0ans" in html.fromstring(envoi.content).xpath("//input[@name='tablette']/ancestor::tr/td")[0].text
    assert "Colas Collectivité, le" in ligne(envoi, "tablette")
    assert "Revenir au repère" not in ligne(envoi, "fixe")


def test_revenir_au_repere_ne_vide_que_sa_ligne(client, monde):
    fixer(monde, {"tablette": 4, "fixe": 7})
    client.force_login(monde.collectivite_agent)
    deja = {"tablette": 4, "fixe": 7}
    client.post(PAGE, corps(deja, deja) | {"revenir": "tablette"})
    assert tenues(monde) == {"fixe": 7}


@pytest.mark.parametrize("valeur", ["0", "31", "six", "4,5", "9" * 400])
def test_une_case_illisible_se_dit_a_sa_ligne_et_rien_ne_se_perd(client, monde, valeur):
    client.force_login(monde.collectivite_agent)
    page = client.post(PAGE, corps({"tablette": valeur, "fixe": "7"}))
    assert page.status_code == 422
    assert "Écrivez un nombre d'années entier, de 1 à 30" in ligne(page, "tablette")
    assert html.fromstring(page.content).xpath("//input[@name='fixe']/@value") == ["7"]
    assert tenues(monde) == {}


def test_le_second_voit_ce_que_le_premier_a_choisi(client, monde):
    fixer(monde, {"tablette": 4})
    client.force_login(monde.collectivite_agent)
    page = client.post(PAGE, corps({"tablette": 6}))
    assert page.status_code == 409
    assert "«\u00a04 ans\u00a0»" in html.fromstring(page.content).text_content()
    assert html.fromstring(page.content).xpath("//input[@name='tablette']/@value") == ["6"]
    client.post(PAGE, corps({"tablette": 6}, {"tablette": 4}))
    assert tenues(monde) == {"tablette": 6}


def test_une_autre_collectivite_n_existe_pas(client, monde):
    autre = Collectivite.objects.create(nom="Région d'Exemple", niveau="region")
    client.force_login(monde.collectivite_agent)
    assert client.get(PAGE, {"collectivite": autre.pk}).status_code == 404
    affecter(monde.collectivite_agent, Role.COLLECTIVITE, collectivite=autre)
    client.post(f"{PAGE}?collectivite={autre.pk}", corps({"tablette": 3}))
    assert (lire_durees(autre)["tablette"], tenues(monde)) == (3, {})


def test_l_historique_dit_qui_et_quoi(client, monde):
    fixer(monde, {"tablette": 4})
    fixer(monde, {}, base={"tablette": 4})
    client.force_login(monde.collectivite_agent)
    texte = " ".join(html.fromstring(client.get(reverse("durees_de_vie_historique")).content).text_content().split())
    assert texte.count("Colas Collectivité a changé des durées de vie") == 2
    assert "Durée retirée" in texte and "Tablette" in texte


def test_autant_de_requetes_pour_une_duree_que_pour_trois(client, monde, django_assert_num_queries):
    client.force_login(monde.collectivite_agent)
    for choisies in ({"tablette": 4}, {"tablette": 4, "fixe": 7, "ecran": 9}):
        fixer(monde, choisies, base=tenues(monde))
        with django_assert_num_queries(7):
            client.get(PAGE)
