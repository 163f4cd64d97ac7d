"""The whole year of a school's equipment, as a new référent lives it: through its pages, from one form to the next."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from budget.models import Equipement, Incident, Salle
from tests.client import ClientStrict

SERIES = [f"SN2031{rang:03d}" for rang in range(1, 31)]
PRETEE, CASSEE, DEPLACEE = SERIES[4], SERIES[9], SERIES[19]


class Ecran:
    """A browser without its pictures: opens a page, fills its form, follows what it answers."""

    def __init__(self, client: ClientStrict, uai: str) -> None:
        self.client, self.uai = client, uai

    def ouvrir(self, nom: str, *suite, **parametres) -> str:
        self.recevoir(self.client.get(reverse(nom, args=[self.uai, *suite], query=parametres or None)))
        return self.texte

    def recevoir(self, reponse) -> None:
        assert reponse.status_code == 200
        self.page, self.chemin = html.fromstring(reponse.content), reponse.request
        self.texte = " ".join(self.page.find(".//main").text_content().split())

    def envoyer(self, *, avec: str = "", **dit) -> str:
        """The form whose button is `avec`, or the only one; what is not said stays as the page shows it."""
        formes = [f for f in self.page.find(".//main").forms if avec in " ".join(f.xpath(".//button//text()"))]
        champs: dict[str, list] = {}
        for nom, valeur in formes[0].form_values():
            champs.setdefault(nom, []).append(valeur.lstrip("\n"))
        dit = {nom.replace("__", "-"): valeur for nom, valeur in dit.items()}
        adresse = formes[0].action or f"{self.chemin['PATH_INFO']}?{self.chemin['QUERY_STRING']}"
        self.recevoir(self.client.post(adresse, champs | dit, follow=True))
        return self.texte


@pytest.fixture
def au(client, monde, monkeypatch):
    """The référent opens Paliers on that day, at ten."""

    def au(annee: int, mois: int, jour: int) -> Ecran:
        instant = datetime.datetime(annee, mois, jour, 10, 0, tzinfo=datetime.UTC)
        monkeypatch.setattr(timezone, "now", lambda: instant)
        client.force_login(monde.referent)
        return Ecran(client, monde.college.uai)

    return au


def une(serie: str) -> Equipement:
    return Equipement.objects.get(numero_serie=serie)


def test_l_annee_de_trente_tablettes(au, monde):
    # They arrive: two rooms, thirty serial numbers pasted from a scanner, tags to stick.
    rentree = au(2031, 9, 8)
    rentree.ouvrir("salle_ajouter")
    rentree.envoyer(noms="Chariot 2\nB12")
    chariot, b12 = Salle.objects.get(nom="Chariot 2"), Salle.objects.get(nom="B12")
    rentree.ouvrir("equipement_ajouter")
    rentree.envoyer(
        designation="Tablette 10 pouces",
        categorie="tablette",
        series="\r\n".join(SERIES),
        salle=chariot.pk,
        nouveau_lot="30 tablettes, 2031",
    )
    assert Equipement.objects.filter(nombre=1, salle=chariot, lot__intitule="30 tablettes, 2031").count() == 30
    rentree.ouvrir("etiquettes", salle=chariot.pk)
    assert "de P-0001 à P-0030" in rentree.envoyer(avec="Numéroter")
    assert "0 vu sur 30" in rentree.ouvrir("controle")

    # One is lent.
    octobre = au(2031, 10, 6)
    octobre.ouvrir("equipement_preter", une(PRETEE).pk)
    octobre.envoyer(a="eleve", jusqu_au="2032-06-18")

    # The check, room by room: one is broken, one is found in another room.
    mars = au(2032, 3, 15)
    assert "0 vu sur 29, reste 29. 1 chose d'ici est prêtée" in mars.ouvrir("controle_salle", chariot.pk)
    presentes = [une(serie) for serie in SERIES if serie not in (PRETEE, DEPLACEE)]
    mars.envoyer(avec="Enregistrer", vu=[chose.pk for chose in presentes], **{f"etat-{une(CASSEE).pk}": "a_reparer"})
    assert "28 vus sur 29, reste 1." in mars.texte
    assert DEPLACEE in mars.ouvrir("controle_non_vus")
    mars.ouvrir("controle_salle", b12.pk)
    assert "1 rangé ici." in mars.envoyer(avec="Enregistrer", numeros=DEPLACEE)
    assert "Rien à chercher" in mars.ouvrir("controle_non_vus")
    assert "29 vus sur 29" in mars.ouvrir("controle")

    # What is broken is sent to be mended.
    mars.ouvrir("incident_ouvrir", equipement=une(CASSEE).pk)
    mars.envoyer(constat="Ne charge plus", envoye_a="departement")
    assert Incident.objects.get().equipement == une(CASSEE)

    # In summer the loan comes back, late; scanned twice, it is said.
    ete = au(2032, 6, 28)
    assert "en retard de 10 jours" in ete.ouvrir("retours")
    ete.envoyer(avec="Recevoir", numeros="p-0005")
    assert "Rien n'est prêté" in ete.texte
    assert "1 chose n'était pas prêtée" in ete.envoyer(avec="Recevoir", numeros=PRETEE)
    assert "30 vus sur 30" in ete.ouvrir("controle")

    # Three leave, through the list.
    retirees = [une(serie).pk for serie in (CASSEE, SERIES[0], SERIES[1])]
    ete.ouvrir("equipements_agir", acte="sortir", cles=retirees)
    ete.envoyer(destination="deee")
    assert "27 vus sur 27" in ete.ouvrir("controle")
    assert "27 équipements" in ete.ouvrir("inventaire")

    # What is left, and where.
    fins = {("reutilisable", "", None, "B12"), ("reutilisable", "", None, "Chariot 2")}
    fins.add(("sorti", "deee", datetime.date(2032, 6, 28), "Chariot 2"))
    assert set(Equipement.objects.values_list("etat", "destination", "sorti_le", "salle__nom")) == fins
    assert (Equipement.objects.count(), Equipement.objects.exclude(etat="sorti").count()) == (30, 27)
    assert set(Equipement.objects.values_list("vu_le", flat=True)) == {
        datetime.date(2032, 3, 15),
        datetime.date(2032, 6, 28),
    }

    # The next year begins anew, from 15 August.
    assert "0 vu sur 27" in au(2032, 8, 16).ouvrir("controle")
