"""Incidents, network, use of lots and reuse: on a phone, without JavaScript, by the keyboard, in print."""

import datetime
import uuid
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from budget.domain.equipements import Tenant
from budget.domain.incidents import SaisieIncident, ouvrir_incident
from budget.domain.reseau import SaisieMesure, SaisieRaccordement, ajouter_raccordement, noter_mesure
from budget.domain.usages import SaisieUsage, declarer_usage
from budget.models import DecisionUsage, DeclarationUsage, Incident, MesureDebit, Salle
from budget.queries.usages import terme_du_jour
from strategie.socle.domain.calendrier import bornes_du_trimestre
from tests.budget.parc import des_equipements, un_lot, une_salle
from tests.navigateur.conftest import aller_au_clavier, controler, deborde

UN_JOUR = datetime.timedelta(days=1)
TELEPHONE = {"viewport": {"width": 390, "height": 800}, "has_touch": True}
# Smaller than a thumb: what is pressed in the page itself, links in sentences apart.
TROP_PETITS = """() => [...document.querySelectorAll(
    "main .btn, main select, main input:not([type=hidden]), main .reponse")]
  .filter((e) => e.offsetParent && e.type !== "radio" && e.type !== "checkbox")
  .filter((e) => e.getBoundingClientRect().height < 44).map((e) => e.outerHTML.slice(0, 100))"""


def adresse(monde, nom, *args, **quoi) -> str:
    return reverse(nom, args=[monde.college.uai, *args], query=quoi or None)


def un_incident(monde, **champs) -> Incident:
    jour = timezone.localdate()
    valeurs = {"constat": "Image verte", "hors_service": 1, "ouvert_le": jour - 3 * UN_JOUR}
    (ligne,) = des_equipements(monde.college, "Vidéoprojecteur", mainteneur="departement", **champs)
    return ouvrir_incident(
        etablissement=monde.college,
        saisie=SaisieIncident(**valeurs, envoye_a="departement", envoye_le=jour),
        cle=uuid.uuid4(),
        tenant=Tenant(monde.referent),
        maintenant=timezone.now(),
        equipement=ligne,
    )


def un_lot_en_echec(monde, intitule="Classe mobile", **champs):
    lot = un_lot(monde.college, intitule, usage_prevu="Écrire à plusieurs", frequence_prevue="hebdomadaire")
    des_equipements(monde.college, nombre=30, lot=lot.pk, **champs)
    terme = terme_du_jour(timezone.localdate()).precedent
    avant = datetime.datetime.combine(
        bornes_du_trimestre(terme.annee, terme.trimestre)[0], datetime.time(12), datetime.UTC
    )
    declarer_usage(lot=lot, saisie=SaisieUsage("rare"), version=0, auteur=monde.referent, maintenant=avant)
    return lot


def test_un_incident_sur_un_telephone_sans_javascript(ouvrir, monde):
    (ligne,) = des_equipements(monde.college, "Tablette 10 pouces", nombre=30, mainteneur="departement")
    page = ouvrir(monde.referent, java_script_enabled=False, **TELEPHONE)
    page.goto(adresse(monde, "incident_ouvrir", equipement=ligne.pk))
    page.get_by_label("Ce qui ne va pas").fill("Ne charge plus")
    page.get_by_label("Combien ne servent plus").fill("3")
    expect(page.get_by_label("Envoyé à")).to_have_value("departement")
    page.get_by_role("button", name="Ouvrir l'incident").click()
    expect(page.get_by_role("status")).to_contain_text("«\u00a0à réparer\u00a0»")
    page.get_by_role("link", name="Clore l'incident").click()
    page.get_by_role("button", name="Clore l'incident").click()
    expect(page.get_by_text("Dites comment l'incident finit").first).to_be_visible()
    page.get_by_role("radio", name="Réparé").check()
    page.get_by_role("button", name="Clore l'incident").click()
    expect(page.get_by_role("status")).to_contain_text("«\u00a0réutilisable\u00a0»")
    assert Incident.objects.get().issue == "repare"


def test_les_pages_des_incidents_se_lisent_par_tous(ouvrir, monde):
    lot = un_lot(monde.college)
    incident = un_incident(monde, lot=lot.pk)
    page = ouvrir(monde.chef)
    page.goto(adresse(monde, "incidents"))
    page.get_by_text("Comment c'est calculé").click()
    assert controler(page) == []
    page.reload()
    aller_au_clavier(page, page.get_by_role("link", name="Clore"))
    for chemin in (
        adresse(monde, "incident", incident.pk),
        adresse(monde, "incident_ouvrir", equipement=incident.equipement_id),
        adresse(monde, "incident_modifier", incident.pk),
        adresse(monde, "incident_clore", incident.pk),
    ):
        page.goto(chemin)
        assert controler(page) == []
    page.get_by_role("button", name="Clore l'incident").click()
    expect(page.get_by_text("Dites comment l'incident finit").first).to_be_visible()
    assert controler(page) == []


def test_le_reseau_se_mesure_et_s_imprime(ouvrir, monde):
    maintenant = timezone.now()
    ligne = ajouter_raccordement(
        etablissement=monde.college,
        saisie=SaisieRaccordement("Fibre", "fibre", descendant=Decimal(1000)),
        auteur=monde.referent,
        maintenant=maintenant,
    )
    noter_mesure(
        raccordement=ligne,
        saisie=SaisieMesure(maintenant - 5 * UN_JOUR, Decimal(420), lieu="Salle B12"),
        auteur=monde.referent,
        maintenant=maintenant,
    )
    une_salle(monde.college)
    page = ouvrir(monde.referent)
    page.goto(adresse(monde, "reseau"))
    page.get_by_role("link", name="Mesurer Fibre").click()
    page.get_by_text("Comment mesurer").click()
    assert controler(page) == []
    page.get_by_label("Débit descendant").fill("380,5")
    page.get_by_role("button", name="Noter la mesure").click()
    expect(page.get_by_text("400,25\u00a0Mbit/s")).to_be_visible()
    assert MesureDebit.objects.count() == 2
    assert controler(page) == []
    expect(page.get_by_role("img", name="Débit descendant mesuré, Fibre")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("svg.debits")).to_be_visible()
    expect(page.get_by_role("link", name="Mesurer Fibre")).to_be_hidden()
    page.emulate_media(media="screen")
    for chemin in (
        adresse(monde, "raccordement", ligne.pk),
        adresse(monde, "raccordement_modifier", ligne.pk),
        adresse(monde, "service_reseau", "filtrage"),
    ):
        page.goto(chemin)
        assert controler(page) == []


def test_le_tour_du_wifi_sur_un_telephone(ouvrir, monde):
    for nom in ("B11", "B12", "CDI"):
        une_salle(monde.college, nom, batiment="Bâtiment B")
    page = ouvrir(monde.referent, java_script_enabled=False, **TELEPHONE)
    page.goto(adresse(monde, "reseau_wifi"))
    page.get_by_role("group", name="B12").get_by_role("radio", name="Absent").check()
    page.get_by_role("button", name="Enregistrer le tour").click()
    expect(page.get_by_role("status")).to_contain_text("1\u00a0salle est constatée")
    assert dict(Salle.objects.values_list("nom", "wifi")) == {"B11": "", "B12": "absent", "CDI": ""}
    autre = ouvrir(monde.referent)
    autre.goto(adresse(monde, "reseau_wifi"))
    assert controler(autre) == []


def test_declarer_deux_lots_en_une_minute(ouvrir, monde):
    un_lot_en_echec(monde)
    un_lot_en_echec(monde, "Vidéoprojecteurs")
    page = ouvrir(monde.referent, java_script_enabled=False, **TELEPHONE)
    page.goto(adresse(monde, "usages"))
    expect(page.get_by_text("Il reste 2\u00a0lots à déclarer")).to_be_visible()
    page.get_by_role("link", name="Déclarer Classe mobile").click()
    page.get_by_role("radio", name="Jamais").check()
    page.get_by_role("button", name="Déclarer").click()
    expect(page.get_by_role("status")).to_contain_text("une décision est à prendre")
    expect(page.get_by_role("heading", name="Vidéoprojecteurs", level=1)).to_be_visible()
    page.get_by_role("radio", name="Chaque semaine").check()
    page.get_by_role("radio", name="Oui").check()
    page.get_by_role("button", name="Déclarer").click()
    expect(page.get_by_text("Tous les lots sont déclarés")).to_be_visible()
    assert DeclarationUsage.objects.count() == 4
    assert DecisionUsage.objects.get().lot.intitule == "Classe mobile"


def test_les_pages_des_usages_se_lisent_par_tous(ouvrir, monde):
    lot = un_lot_en_echec(monde)
    un_lot_en_echec(monde, "Vidéoprojecteurs")
    page = ouvrir(monde.chef)
    page.goto(adresse(monde, "usage_declarer", lot.pk))
    assert controler(page) == []
    page.get_by_role("button", name="Déclarer").click()
    expect(page.get_by_text("Dites combien de fois").first).to_be_visible()
    assert controler(page) == []
    aller_au_clavier(page, page.get_by_role("radio", name="Jamais"))
    page.keyboard.press("Space")
    expect(page.get_by_role("radio", name="Oui")).to_be_hidden()
    page.get_by_role("button", name="Déclarer").click()
    page.goto(adresse(monde, "usages"))
    page.get_by_text("Comment c'est calculé").click()
    assert controler(page) == []
    page.get_by_role("link", name="Classe mobile").first.click()
    assert controler(page) == []
    page.get_by_role("radio", name="Former les").check()
    page.get_by_label("Pourquoi").fill("Personne n'y est formé")
    page.get_by_role("button", name="Enregistrer la décision").click()
    expect(page.get_by_role("link", name="Créer l'action de formation")).to_be_visible()
    assert controler(page) == []


def test_du_besoin_a_l_action_d_achat(ouvrir, monde):
    des_equipements(monde.college, nombre=12)
    page = ouvrir(monde.chef, java_script_enabled=False, **TELEPHONE)
    page.goto(adresse(monde, "reemploi"))
    page.get_by_label("Combien").fill("30")
    page.get_by_role("button", name="Calculer").click()
    page.get_by_role("link", name="Acheter 18\u00a0tablettes").click()
    expect(page.get_by_label("Ce qui sera fait")).to_have_value("Acheter 18 tablettes")
    autre = ouvrir(monde.chef)
    autre.goto(adresse(monde, "reemploi", categorie="tablette", besoin=30))
    assert controler(autre) == []


def test_un_pouce_ne_rate_rien(ouvrir, monde):
    lot, incident = un_lot_en_echec(monde), un_incident(monde)
    une_salle(monde.college)
    page = ouvrir(monde.referent, **TELEPHONE)
    for nom, args in (
        ("incidents", ()),
        ("incident_ouvrir", ()),
        ("incident_clore", (incident.pk,)),
        ("reseau", ()),
        ("reseau_wifi", ()),
        ("usages", ()),
        ("usage_declarer", (lot.pk,)),
        ("reemploi", ()),
    ):
        page.goto(adresse(monde, nom, *args))
        assert (nom, page.evaluate(TROP_PETITS), deborde(page)) == (nom, [], [])
