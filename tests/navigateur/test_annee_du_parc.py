"""The equipment on a phone: the year of thirty tablets as a new référent lives it, and each of its pages under axe."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from budget.domain.equipements import Tenant, constater, preter
from budget.models import Equipement, Incident
from tests.budget.parc import des_equipements, une_salle
from tests.navigateur.conftest import SANS_LES_COULEURS, aller_au_clavier, controler, deborde, entrer, violations_axe

TELEPHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SERIES = [f"SN2031{rang:03d}" for rang in range(1, 31)]
PRETEE, CASSEE, DEPLACEE = SERIES[4], SERIES[9], SERIES[19]


def adresse(nom: str, *suite, **parametres) -> str:
    return reverse(nom, args=["0980001U", *suite], query=parametres or None)


def une(serie: str) -> Equipement:
    return Equipement.objects.get(numero_serie=serie)


@pytest.fixture
def au(ouvrir, monde, monkeypatch):
    """The référent takes out her phone on that day, at ten."""

    def au(annee: int, mois: int, jour: int) -> Page:
        instant = datetime.datetime(annee, mois, jour, 10, 0, tzinfo=datetime.UTC)
        monkeypatch.setattr(timezone, "now", lambda: instant)
        return ouvrir(monde.referent, **TELEPHONE)

    return au


def sur_un_telephone(page: Page) -> None:
    """What is in front of her holds in its width, is named, and each thing to touch is large enough."""
    assert deborde(page) == []
    assert violations_axe(page, SANS_LES_COULEURS) == []
    petits = page.locator("main").evaluate(
        """(main) => [...main.querySelectorAll("button, select, input:not([type=hidden]), label.vu")]
          .filter((e) => e.offsetParent && !e.closest("details:not([open])"))
          .map((e) => (e.type === "checkbox" || e.type === "radio") && e.closest("label") || e)
          .filter((e) => e.type !== "checkbox" && e.type !== "radio" && e.getBoundingClientRect().height < 43.5)
          .map((e) => e.outerHTML.slice(0, 100))"""
    )
    assert petits == []


def test_l_annee_de_trente_tablettes(au, monde):
    # They arrive.
    page = au(2031, 9, 8)
    page.goto(adresse("salle_ajouter"))
    page.get_by_label("Noms des salles").fill("Chariot 2\nB12")
    page.get_by_role("button", name="Ajouter").click()
    page.goto(adresse("equipement_ajouter"))
    page.get_by_label("Désignation").fill("Tablette 10 pouces")
    page.get_by_label("Catégorie").select_option("tablette")
    page.get_by_label("Numéros de série (facultatif)").fill("\n".join(SERIES))
    page.get_by_label("Salle", exact=True).select_option("Chariot 2")
    page.get_by_role("button", name="Ajouter", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("30")
    page.goto(adresse("etiquettes"))
    sur_un_telephone(page)
    page.get_by_role("button", name=re.compile("^Numéroter")).click()
    expect(page.get_by_role("status")).to_contain_text("de P-0001 à P-0030")
    with page.expect_download() as feuille:
        page.get_by_role("button", name="Télécharger les étiquettes (PDF)").click()
    assert feuille.value.suggested_filename == "etiquettes-0980001U.pdf"

    # One is lent.
    page = au(2031, 10, 6)
    page.goto(adresse("equipement_preter", une(PRETEE).pk))
    sur_un_telephone(page)
    page.get_by_label("Un élève").check()
    page.get_by_label("À rendre le").fill("2032-06-18")
    page.get_by_role("button", name="Enregistrer le prêt").click()

    # The check: everything is ticked, then what is missing is not; one is broken.
    page = au(2032, 3, 15)
    page.goto(adresse("inventaire"))
    page.get_by_role("link", name="Contrôle", exact=True).click()
    sur_un_telephone(page)
    page.get_by_role("link", name="Chariot 2").click()
    page.get_by_role("button", name=re.compile("tout cocher")).click()
    absente = page.get_by_role("checkbox", name=re.compile(DEPLACEE))
    expect(absente).to_be_checked()
    absente.uncheck()
    page.get_by_label(re.compile(f"État de .*{CASSEE}")).select_option("À réparer")
    sur_un_telephone(page)
    enregistrer = page.get_by_role("button", name="Enregistrer", exact=True)
    expect(enregistrer).to_be_in_viewport()
    enregistrer.click()
    expect(page.get_by_role("status")).to_contain_text("28\u00a0vus, 1\u00a0change d'état")
    expect(page.locator("main")).to_contain_text("28\u00a0vus sur 29, reste 1.")

    # The other room: the missing one is there.
    page.get_by_role("link", name="Toutes les salles").click()
    page.get_by_role("link", name="Non vus cette année").click()
    sur_un_telephone(page)
    expect(page.locator(".chose")).to_have_count(1)
    page.goto(adresse("controle"))
    page.get_by_role("link", name="B12").click()
    page.get_by_label("Trouvé ici, rangé ailleurs").fill(DEPLACEE)
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("1\u00a0rangé ici.")
    page.get_by_role("link", name="Toutes les salles").click()
    expect(page.locator("main")).to_contain_text("Tout ce qui était attendu a été vu.")

    # The broken one, by its label: the sheet, then an incident.
    page.goto(adresse("equipement_scan", une(CASSEE).etiquette))
    page.get_by_role("link", name="Signaler un incident").click()
    page.get_by_label("Ce qui ne va pas").fill("Ne charge plus")
    page.locator("main").get_by_role("button").last.click()
    expect(page.get_by_role("status")).to_be_visible()
    assert Incident.objects.get().equipement == une(CASSEE)

    # Summer: the scanner types a number, then Enter.
    page = au(2032, 6, 28)
    page.goto(adresse("retours"))
    expect(page.locator("main")).to_contain_text("en retard de 10\u00a0jours")
    expect(page.get_by_label("Étiquette ou numéro de série")).to_be_focused()
    sur_un_telephone(page)
    page.keyboard.type(PRETEE)
    entrer(page)
    expect(page.locator(".pile > li").first).to_contain_text("Était prêté à un élève.")
    page.get_by_role("button", name=re.compile("^À réparer")).click()
    expect(page.get_by_role("status")).to_contain_text("à réparer")
    sur_un_telephone(page)
    page.get_by_role("button", name=re.compile("^Réutilisable")).click()
    expect(page.locator("main")).to_contain_text("Rien n'est prêté")

    # Three leave.
    page.goto(adresse("equipements_agir", acte="sortir", cles=[une(s).pk for s in (CASSEE, SERIES[0], SERIES[1])]))
    page.get_by_label("Où cela va-t-il").select_option(label="Filière des déchets électriques (DEEE)")
    page.locator("main").get_by_role("button", name="Sortir de l'inventaire").click()
    expect(page.get_by_role("status")).to_contain_text("3")

    # What is left.
    page.goto(adresse("controle"))
    expect(page.locator("main")).to_contain_text("27\u00a0vus sur 27")
    page.goto(adresse("inventaire"))
    expect(page.locator("main")).to_contain_text("27\u00a0équipements")
    assert list(Equipement.objects.order_by("etat", "destination").values_list("etat", "destination").distinct()) == [
        ("reutilisable", ""),
        ("sorti", "deee"),
    ]
    assert Equipement.objects.filter(etat="sorti", sorti_le=datetime.date(2032, 6, 28)).count() == 3
    assert Equipement.objects.exclude(etat="sorti").count() == 27


# --- Each page at every width ---------------------------------------------------------------------------------
@pytest.fixture
def parc(monde) -> dict[str, int]:
    salle = une_salle(monde.college, batiment="Bâtiment B")
    commun = {"etablissement": monde.college, "tenant": Tenant(monde.referent), "maintenant": timezone.now()}
    vue, _ = des_equipements(monde.college, "Écran", etiquettes=["E-1", "E-2"], salle=salle.pk)
    des_equipements(monde.college, "Anticonstitutionnellement" * 4, nombre=30, salle=salle.pk)
    (pretee,) = des_equipements(monde.college, etiquettes=["T-1"], series=["S" * 60])
    (revenue,) = des_equipements(monde.college, etiquettes=["T-2"])
    constater(cles=[vue.pk], **commun)
    preter(cles=[pretee.pk, revenue.pk], a="eleve", jusqu_au=None, **commun)
    return {"salle": salle.pk, "vue": vue.pk, "pretee": pretee.pk}


@pytest.mark.parametrize(
    ("nom", "cle"),
    [
        ("controle", ""),
        ("controle_salle", "salle"),
        ("controle_non_vus", ""),
        ("retours", ""),
        ("equipement_preter", "vue"),
        ("equipement_rendre", "pretee"),
        ("etiquettes", ""),
        ("equipement_scan", "E-2"),
    ],
)
def test_page_accessible(ouvrir, monde, parc, nom, cle):
    page = ouvrir(monde.referent)
    page.goto(adresse(nom, *([parc.get(cle, cle)] if cle else [])))
    if nom == "retours":
        page.get_by_label("Étiquette ou numéro de série").fill("T-2")
        entrer(page)
        page.get_by_text("Coller une liste de numéros").click()
    assert controler(page) == []


def test_un_lecteur_plus_rapide_que_le_reseau(ouvrir, monde, parc):
    """Numbers follow one another without a look at the screen; one is unknown."""
    page = ouvrir(monde.referent)
    page.goto(adresse("retours"))
    for numero in ("T-1", "INCONNU", "T-2"):
        page.keyboard.type(numero)
        entrer(page)
    expect(page.locator("main")).to_contain_text("Rien n'est prêté")
    expect(page.locator(".pile > li")).to_have_count(2)
    assert not Equipement.objects.exclude(prete_a="").exists()
    page.keyboard.type("AUTRE")
    entrer(page)
    expect(page.get_by_role("status")).to_contain_text("ne porte «\u00a0AUTRE\u00a0»")
    expect(page.get_by_label("Étiquette ou numéro de série")).to_be_focused()
    assert controler(page) == []


def test_sans_reseau_le_numero_attend_dans_la_liste(ouvrir, monde, parc):
    page = ouvrir(monde.referent)
    page.goto(adresse("retours"))
    page.route("**/retours/", lambda route: route.abort())
    page.keyboard.type("T-1")
    entrer(page)
    expect(page.get_by_role("status")).to_contain_text("n'est pas enregistré")
    expect(page.get_by_label("Numéros, un par ligne")).to_have_value("T-1")
    page.unroute("**/retours/")
    page.get_by_role("button", name="Recevoir la liste").click()
    expect(page.locator(".pile > li").first).to_contain_text("T-1")


def test_sans_script_un_numero_par_page(ouvrir, monde, parc):
    page = ouvrir(monde.referent, java_script_enabled=False)
    page.goto(adresse("retours"))
    page.get_by_label("Étiquette ou numéro de série").fill("T-1")
    entrer(page)
    expect(page.locator(".pile > li").first).to_contain_text("T-1")


def test_une_salle_refusee_reste_accessible(ouvrir, monde, parc):
    page = ouvrir(monde.referent)
    page.goto(adresse("controle_salle", parc["salle"]))
    page.get_by_label("S'il en manque, combien sont là").fill("31")
    page.get_by_label("Trouvé ici, rangé ailleurs").fill("INCONNU")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator("main")).to_contain_text("Cette ligne compte 30 choses")
    expect(page.get_by_label("Trouvé ici, rangé ailleurs")).to_have_value("INCONNU")
    assert controler(page) == []


def test_une_salle_au_clavier_et_sur_papier(ouvrir, monde, parc):
    page = ouvrir(monde.referent)
    page.goto(adresse("controle_salle", parc["salle"]))
    case = page.get_by_role("checkbox", name=re.compile("E-2"))
    aller_au_clavier(page, case)
    page.keyboard.press("Space")
    entrer(page)
    expect(page.get_by_role("status")).to_contain_text("C'est enregistré")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Enregistrer", exact=True)).to_be_hidden()
    expect(case).to_be_visible()
