"""Dashboards of territories: who reads them, what they say, what a browser keeps of them."""

import csv
import datetime
import io
from decimal import Decimal

import openpyxl
import pypdf
import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import caches
from django.urls import reverse
from django.utils import timezone
from lxml import html

from diagnostic.domain.cotation import Valeur
from strategie.pilotage.interfaces.tableau_du_territoire import PageDuTableau
from strategie.pilotage.models import FaitChange, Niveau, SyntheseTerritoire, VersionDeSynthese
from strategie.pilotage.queries.tableau_du_territoire import lire_tableau
from strategie.pilotage.queries.territoires import Territoire, lire_territoire, territoires_de
from strategie.socle.domain.calendrier import annee_precedente
from strategie.socle.droits import Role
from strategie.socle.models import Academie, Affectation, Departement, District, Etablissement
from tests.dossier import campagne_ouverte
from tests.personnages import affecter, un_compte, un_etablissement
from tests.pilotage.territoires import des_budgets, des_ecoles, ecrire, recompter, replier, signer_pour

JOUR = datetime.date(2026, 11, 26)
PAGES = ("tableau_territoire", "tableau_territoire_csv", "tableau_territoire_xlsx", "carte_de_chaleur")
LISTES = ("etablissements_du_territoire", "etablissements_du_territoire_csv", "etablissements_du_territoire_xlsx")


def texte(reponse) -> str:
    return " ".join(html.fromstring(reponse.content).find(".//main").text_content().split())


def du_district(monde, page: str = "tableau_territoire") -> str:
    return reverse(page, args=["district", monde.district.pk])


def lu_par(utilisateur, niveau: str, cle: int) -> Territoire:
    territoire = lire_territoire(niveau, cle, utilisateur.pk, timezone.localdate())
    assert territoire is not None
    return territoire


def chiffres(utilisateur, niveau: str, cle: int, annee: str = "", jour: datetime.date = JOUR) -> dict[str, list]:
    """Every figure of a page: « bloc · table first words · line » → its values."""
    page = PageDuTableau(lire_tableau(lu_par(utilisateur, niveau, cle), annee, jour))
    return {
        f"{bloc.code} · {ligne.libelle}": [cellule.valeur for cellule in ligne.cellules]
        for bloc in page.blocs
        for table in bloc.tables
        for ligne in table.lignes
    }


# --- What a page says, against rows written by hand -----------------------------------------------------------------
@pytest.fixture
def a_la_main(dossier):
    """A district whose figures are known; the campaigns of 2025-2026 and 2026-2027 exist in its académie."""
    monde = dossier.monde
    campagne_ouverte(monde.academie, "2026-2027", dossier.brouillon.referentiel, timezone.now())
    recompter()
    ecrire(
        "district", monde.district.pk, "2026-2027",
        diagnostic__a_commencer=60, diagnostic__brouillon=15, diagnostic__signe=37,
        champ__PIL__0=4, champ__PIL__1=20, champ__PIL__2=10, champ__PIL__3=3,
        hausse__PIL=12, stable__PIL=7, baisse__PIL=2, hausse__FOR=1,
        **{"manque__PIL-1-1": 21, "manque__FOR-1-1": 28, "manque__ZZZ-9": 1},
        formation__besoins=5, formation__effectif=90, formation__minutes=32430,
        formation__formateurs_demandes=1500, formation__formateurs_accordes=600,
    )  # fmt: skip
    ecrire(
        "district", monde.district.pk, "",
        etablissements=112, eleves=1000, eleves__connus=100,
        parc__portable=30, parc__ecran=5, parc__terminaux=30, parc__pour_eleves=25,
        parc__achat__2026=10, parc__achat__2015=15, parc__achat__inconnue=5,
        parc__fin__2024=7, parc__fin__2026=4, parc__fin__2030=2, parc__fin__2040=1, parc__fin__inconnue=6,
        parc__fin_cout__2026=123456, parc__fin_sans_prix__2026=1, parc__fin_cout__2024=100,
        actions__en_cours=3, actions__realisee=2,
        **{"actions__echeance__2026-11-25": 1, "actions__echeance__2026-11-26": 1, "actions__echeance__2025-01-31": 1},
        budget__2026__investissement__prevu=1000001, budget__2026__fonctionnement__prevu=250,
        budget__2026__fonctionnement__paye=199, budget__2026__etablissements=5,
        budget__2025__fonctionnement__prevu=999999, budget__2025__etablissements=4,
    )  # fmt: skip
    des_budgets(monde.district, monde.college.departement, 5)
    return monde


def test_la_participation_les_paliers_et_ce_qui_manque(a_la_main):
    lus = chiffres(a_la_main.rectorat, "district", a_la_main.district.pk, "2026-2027")
    attendus = {
        "participation · Signé": [37, Decimal(33)],
        "participation · Brouillon": [15, Decimal(13)],
        "participation · À commencer": [60, Decimal(54)],
        "participation · Attendus": [112, 100],
        "paliers · Pilotage, impulsion et organisation": [4, 20, 10, 3, 37],
        "evolution · Pilotage, impulsion et organisation": [12, 7, 2, 21],
    }
    assert {nom: lus[nom] for nom in attendus} == attendus
    assert "evolution · Formation" not in lus  # one school only is compared
    manques = [valeurs for nom, valeurs in lus.items() if nom.startswith("manques")]
    assert manques == [[28, 37, Decimal(76)], [21, 37, Decimal(57)], [1, 37, Decimal(3)]]
    assert "manques · ZZZ-9" in lus  # a code of another version has no words, and is not lost


def test_la_formation_l_equipement_et_le_renouvellement(a_la_main):
    lus = chiffres(a_la_main.rectorat, "district", a_la_main.district.pk, "2026-2027")
    attendus = {
        "formation · Besoins écrits": [5],
        "formation · Personnes à former": [90],
        "formation · Heures, toutes personnes ensemble": [Decimal("540.50")],
        "formation · Disponibles": [None],
        "formation · Accordées": [Decimal("10.00")],
        "formation · Restantes": [None],
        "formation · Demandées, sans réponse encore": [Decimal("25.00")],
        "equipement · Ordinateur portable": [30],
        "equipement · Ensemble": [35],
        "equipement · 2026": [10],
        "equipement · Avant 2017": [15],
        "equipement · Sans date": [5],
        "renouvellement · Déjà dépassée": [7, Decimal("1.00"), 0],
        "renouvellement · 2026": [4, Decimal("1234.56"), 1],
        "renouvellement · 2030": [2, Decimal("0.00"), 0],
        "renouvellement · 2033": [0, Decimal("0.00"), 0],
        "renouvellement · Sans date": [6, Decimal("0.00"), 0],
    }
    assert {nom: lus[nom] for nom in attendus} == attendus
    assert "renouvellement · 2040" not in lus
    page = PageDuTableau(lire_tableau(lu_par(a_la_main.rectorat, "district", a_la_main.district.pk), "", JOUR))
    assert page.tableau.parc.pour_cent_eleves == Decimal("2.5")


def test_l_argent_ne_s_additionne_qu_a_partir_de_cinq(a_la_main):
    lus = chiffres(a_la_main.rectorat, "district", a_la_main.district.pk)
    argent = {nom: valeurs for nom, valeurs in lus.items() if nom.startswith("argent")}
    assert argent == {
        "argent · Investissement": [Decimal("10000.01"), Decimal("0.00"), Decimal("0.00")],
        "argent · Fonctionnement (revient chaque année)": [Decimal("2.50"), Decimal("0.00"), Decimal("1.99")],
        "argent · Ensemble": [Decimal("10002.51"), Decimal("0.00"), Decimal("1.99")],
    }
    animatrice = chiffres(a_la_main.animatrice, "district", a_la_main.district.pk)
    assert not [nom for nom in animatrice if nom.startswith("argent")]
    assert set(lus) - set(animatrice) == set(argent)


def test_l_argent_qui_en_dirait_un_autre_par_soustraction_se_tait(a_la_main):
    """The neighbour has two schools with lines: the académie's total less this one would be theirs."""
    rectorat, cle, departement = a_la_main.rectorat, a_la_main.district.pk, a_la_main.college.departement
    des_budgets(a_la_main.autre_district, departement, 2)
    ecrire("district", a_la_main.autre_district.pk, budget__2026__etablissements=2)
    page = PageDuTableau(lire_tableau(lu_par(rectorat, "district", cle), "", JOUR))
    [bloc] = [bloc for bloc in page.blocs if bloc.code == "argent"]
    assert (bloc.tables, len(bloc.phrases)) == ((), 2)
    assert "bien que 5 établissements aient des lignes. Par soustraction" in bloc.phrases[0].replace("\xa0", " ")
    mesures = {"budget__2026__fonctionnement__prevu": 500, "budget__2026__etablissements": 7}
    for niveau, sienne in (("academie", a_la_main.academie.pk), ("departement", departement.pk)):
        ecrire(niveau, sienne, "", etablissements=7, **mesures)
        assert chiffres(rectorat, niveau, sienne)["argent · Ensemble"][0] == Decimal("5.00")


def test_la_nation_se_tait_quand_les_autres_academies_ont_trop_peu(dossier):
    for code, signes in (("91", 90), ("92", 3), ("93", 3)):
        academie = une_academie(code, etablissements=100, budget__2026__etablissements=signes)
        ecrire("academie", academie.pk, dossier.annee, diagnostic__signe=signes, champ__PIL__1=signes)
    ecrire("nation", 0, "", etablissements=300, budget__2026__etablissements=96)
    ecrire("nation", 0, dossier.annee, diagnostic__signe=96, champ__PIL__1=96)
    lus = chiffres(dossier.monde.rectorat, "nation", 0, dossier.annee)
    assert lus["participation · Signé"][0] == 96
    assert not [nom for nom in lus if nom.startswith("paliers")]
    assert "argent · Ensemble" in lus  # six schools elsewhere
    SyntheseTerritoire.objects.filter(mesure="budget.2026.etablissements", valeur=3).update(valeur=2)
    assert "argent · Ensemble" not in chiffres(dossier.monde.rectorat, "nation", 0, dossier.annee)


@pytest.mark.parametrize(("jour", "retard"), [("2026-11-25", 1), ("2026-11-26", 2), ("2026-11-27", 3)])
def test_une_action_est_en_retard_le_lendemain_de_son_echeance(a_la_main, jour, retard):
    district = a_la_main.district.pk
    lus = chiffres(a_la_main.animatrice, "district", district, jour=datetime.date.fromisoformat(jour))
    assert lus["actions · En retard (échéance passée, à faire encore)"] == [retard]
    assert (lus["actions · En cours"], lus["actions · Publiées"]) == ([3], [5])


@pytest.mark.parametrize(("signes", "montree"), [(7, False), (8, True)])
def test_sous_huit_signatures_pas_de_repartition(client, dossier, signes, montree):
    campagne_ouverte(dossier.monde.academie, "2026-2027", dossier.brouillon.referentiel, timezone.now())
    district = dossier.monde.district.pk
    ecrire("district", district, "2026-2027", diagnostic__signe=signes, champ__PIL__1=signes)
    ecrire("district", district, "", etablissements=10)
    client.force_login(dossier.monde.animatrice)
    reponse = client.get(du_district(dossier.monde) + "?annee=2026-2027")
    assert ("Moins de 8 établissements ont signé" in texte(reponse)) is not montree
    assert ("par palier atteint" in texte(reponse)) is montree


# --- From facts -----------------------------------------------------------------------------------------------------
@pytest.fixture
def district(dossier):
    """Nine schools that have signed, one draft, one that waits."""
    for rang, ecole in enumerate(des_ecoles(dossier.monde, 9, effectif=400)):
        signer_pour(ecole, dossier, Valeur.oui if rang % 2 else Valeur.non)
    recompter()
    return dossier.monde


def test_le_matin_de_l_animatrice(client, district):
    client.force_login(district.animatrice)
    reponse = client.get(du_district(district))
    assert "9 établissements sur 11 ont signé leur diagnostic" in texte(reponse)
    [carte] = html.fromstring(reponse.content).xpath("//ul[@class='reperes']/li[h2='Reste à signer']")
    assert next(p.text_content() for p in carte.iter("p")) == "2 établissements"
    [rappel] = carte.xpath(".//a[.='Préparer un rappel']/@href")
    assert client.get(rappel).status_code == 200
    assert "À jour le" in texte(reponse)
    assert "Argent" not in texte(reponse)


def test_chaque_chiffre_ouvre_la_liste_qui_le_fait(client, district):
    """Each link of the page leads to as many schools as it says; people, hours, things are of those schools."""
    client.force_login(district.rectorat)
    page = html.fromstring(client.get(du_district(district)).content)
    liens = [
        (int(lien.text_content().replace("\u202f", "")), lien.get("href"))
        for section in page.xpath("//section[contains(@class, 'bloc-')]")
        if not {"bloc-formation", "bloc-equipement"} & set(section.get("class").split())
        for lien in section.xpath(".//td/a")
    ]
    assert len(liens) > 20
    for nombre, adresse in liens[::3]:
        liste = client.get(adresse)
        assert f"{nombre} établissement" in texte(liste).replace("\xa0", " "), adresse
        assert "ignoré" not in texte(liste)


def test_une_ecole_fermee_reste_dans_les_listes_des_annees_ou_elle_compte(client, dossier):
    monde, passee = dossier.monde, annee_precedente(dossier.annee)
    Etablissement.objects.filter(pk=monde.college.pk).update(etat="ferme")
    recompter()
    assert chiffres(monde.rectorat, "district", monde.district.pk, passee)["participation · Attendus"][0] == 2
    client.force_login(monde.rectorat)
    liste = du_district(monde, "etablissements_du_territoire")
    dits = {annee: texte(client.get(f"{liste}?annee={annee}")) for annee in (passee, dossier.annee)}
    assert [monde.college.nom in dit for dit in dits.values()] == [True, False]
    assert ", fermé" in dits[passee]


def test_une_figure_de_plus_de_lignes_ne_coute_pas_une_requete_de_plus(client, dossier):
    monde = dossier.monde
    signer_pour(*des_ecoles(monde, 1), dossier)
    recompter()
    client.force_login(monde.rectorat)
    adresses = [reverse("tableau_territoire", args=["academie", monde.academie.pk]), du_district(monde)]
    adresses += [du_district(monde, page) for page in ("carte_de_chaleur", "etablissements_du_territoire")]
    assert [len(client.get(adresse).requetes) for adresse in adresses] == [10, 7, 6, 7]
    for ecole in des_ecoles(monde, 2, a_partir_de=200):
        signer_pour(ecole, dossier)
    District.objects.create(academie=monde.academie, nom="District 3")
    recompter()
    assert [len(client.get(adresse).requetes) for adresse in adresses] == [10, 7, 6, 7]


def test_l_academie_montre_ses_parties_par_nom_et_leur_somme(client, district):
    client.force_login(district.rectorat)
    lus = chiffres(district.rectorat, "academie", district.academie.pk, jour=timezone.localdate())
    parties = {nom: valeurs[:4] for nom, valeurs in lus.items() if nom.startswith("parties")}
    assert parties == {
        "parties · District 1": [9, 1, 1, 11],
        "parties · District 2": [0, 0, 1, 1],
        "parties · Exemple (098)": [9, 1, 2, 12],
    }
    assert lus["participation · Attendus"][0] == 12
    reponse = client.get(reverse("tableau_territoire", args=["academie", district.academie.pk]))
    assert "ce tableau n'est pas un classement" in texte(reponse)


# --- The perimeter ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("page", [*PAGES, *LISTES])
def test_rien_d_une_academie_ne_se_lit_d_une_autre(client, district, page):
    monde = district
    ailleurs = [
        ("academie", monde.academie.pk),
        ("departement", monde.college.departement_id),
        ("district", monde.district.pk),
        ("sans_district", monde.academie.pk),
        ("collectivite", monde.collectivite.pk),
        ("district", 10**18),
        ("academie", 10**25),
    ]
    client.force_login(monde.rectorat_ailleurs)
    for niveau, cle in ailleurs:
        for suite in ("", "?q=Collège", "?etat=signe&annee=2026-2027", "?palier=PIL.3"):
            assert client.get(reverse(page, args=[niveau, cle]) + suite).status_code == 404, (niveau, suite)


def test_la_recherche_et_les_filtres_restent_dans_le_perimetre(client, district):
    """The school of another académie has everything that the filters ask for."""
    autre = un_etablissement("0970002A", "Collège 100", district.ailleurs.departement, commune="Saint-Exemple")
    recompter()
    client.force_login(district.rectorat)
    for page in LISTES[:2]:
        for suite in ("", "?q=Collège+100", f"?q={autre.uai[:7]}", "?etat=a_commencer", "?type=college"):
            reponse = client.get(reverse(page, args=["academie", district.academie.pk]) + suite)
            contenu = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
            assert (reponse.status_code, autre.uai in contenu.decode()) == (200, False), suite


def test_un_departement_lit_ce_qui_est_tout_entier_chez_lui(client, district):
    autre = Departement.objects.create(code="096", nom="Autre", academie=district.academie)
    un_etablissement("0960001E", "Collège d'à côté", autre, district=district.autre_district)
    qui = affecter(un_compte("Dora", "Département"), Role.RECTORAT, departement=district.college.departement)
    client.force_login(qui)
    lisibles = {
        (niveau, cle): client.get(reverse("tableau_territoire", args=[niveau, cle])).status_code
        for niveau, cle in (
            ("departement", district.college.departement_id),
            ("departement", autre.pk),
            ("district", district.district.pk),
            ("district", district.autre_district.pk),  # it has a school elsewhere
            ("academie", district.academie.pk),
        )
    }
    assert list(lisibles.values()) == [200, 404, 200, 404, 404]


def test_la_collectivite_ne_lit_que_l_equipement(client, district):
    client.force_login(district.collectivite_agent)
    cle = district.collectivite.pk
    assert client.get(reverse("territoires")).url == reverse("tableau_territoire", args=["collectivite", cle])
    reponse = client.get(reverse("tableau_territoire", args=["collectivite", cle]))
    dit = texte(reponse)
    assert "Équipement" in dit
    assert not [mot for mot in ("igné", "palier", "Action", "Formation", "Argent", "Carte de chaleur") if mot in dit]
    liste = client.get(reverse("etablissements_du_territoire", args=["collectivite", cle]) + "?etat=a_commencer")
    assert "Collège du Test" in texte(liste)
    assert "etat=a_commencer" in texte(liste)  # ignored, and said
    assert "Diagnostic" not in texte(liste)
    assert client.get(reverse("carte_de_chaleur", args=["collectivite", cle])).status_code == 403
    export = client.get(reverse("etablissements_du_territoire_csv", args=["collectivite", cle]))
    assert b"".join(export.streaming_content).decode().splitlines()[0].count(";") == 6


def une_academie(code: str, **mesures) -> Academie:
    academie = Academie.objects.create(code=code, nom=f"Académie {code}")
    ecrire("academie", academie.pk, "", **mesures)
    return academie


def test_la_nation_ne_dit_rien_sous_trois_academies(client, dossier):
    ecrire("nation", 0, "", etablissements=900, parc__portable=555, parc__terminaux=555, actions__en_cours=777)
    une_academie("91", etablissements=400, parc__portable=25, actions__en_cours=1)
    une_academie("92", etablissements=300, parc__portable=25, actions__en_cours=1)
    client.force_login(dossier.monde.animatrice)
    nation = reverse("tableau_territoire", args=["nation", 0])
    dit = texte(client.get(nation))
    assert "Il faut que trois académies au moins aient des chiffres" in dit
    assert not [nombre for nombre in ("900", "777", "555") if nombre in dit]
    une_academie("93", etablissements=200, actions__en_cours=775)
    caches["memoire"].clear()  # written by hand: no fold has raised the version
    reponse = client.get(nation)
    dit = texte(reponse)
    assert "777" in dit  # three académies have actions
    assert "Ordinateur portable" not in dit  # only two have equipment
    assert "Académie 9" not in dit
    assert "etablissements/" not in reponse.content.decode().replace(reverse("etablissements"), "")


def test_la_nation_n_existe_que_pour_qui_lit_des_tableaux(client, monde):
    client.force_login(monde.chef)
    assert client.get(reverse("tableau_territoire", args=["nation", 0])).status_code == 404
    client.force_login(monde.animatrice)
    assert client.get(reverse("tableau_territoire", args=["nation", 1])).status_code == 404


def test_une_affectation_finie_ne_donne_plus_rien(client, monde):
    Affectation.objects.filter(utilisateur=monde.animatrice).update(fin=datetime.date(2021, 1, 1))
    client.force_login(monde.animatrice)
    assert client.get(du_district(monde)).status_code == 404
    assert client.get(reverse("territoires")).status_code == 403


def test_qui_suit_deux_territoires_choisit(client, monde):
    affecter(monde.animatrice, Role.ANIMATEUR, district=monde.autre_district)
    assert [t.titre for t in territoires_de(monde.animatrice)] == ["District · District 1", "District · District 2"]
    client.force_login(monde.animatrice)
    assert "District · District 2" in texte(client.get(reverse("territoires")))


# --- What a browser keeps ---------------------------------------------------------------------------------------------
@pytest.fixture
def copie(client, district):
    """What the animatrice's browser has kept: the address and its ETag."""
    client.force_login(district.animatrice)
    client.get(du_district(district))  # the first answer brings the token of its forms
    reponse = client.get(du_district(district))
    assert reponse.headers["Cache-Control"] == "private, no-cache"
    return du_district(district), reponse.headers["ETag"]


def revenir(client, copie, **options):
    adresse, etag = copie
    return client.get(adresse, headers={"if-none-match": etag}, **options)


def test_une_page_deja_vue_ne_coute_presque_rien(client, copie):
    reponse = revenir(client, copie)
    assert (reponse.status_code, reponse.content, len(reponse.requetes)) == (304, b"", 3)
    assert reponse.headers["Cache-Control"] == "private, no-cache"


def test_un_fait_nouveau_se_dit_puis_se_lit(client, copie, district):
    FaitChange.objects.create(etablissement_id=district.college.pk)
    attendue = revenir(client, copie)
    assert attendue.status_code == 200
    assert "les chiffres suivent dans quelques secondes" in texte(attendue)
    district.college.effectif = 512
    district.college.save()
    replier()
    lue = revenir(client, (copie[0], attendue.headers["ETag"]))
    assert lue.status_code == 200
    assert "quelques secondes" not in texte(lue)
    assert revenir(client, (copie[0], lue.headers["ETag"])).status_code == 304


def test_les_faits_d_ailleurs_ne_changent_rien(client, copie, district):
    FaitChange.objects.create(etablissement_id=district.ailleurs.pk)
    assert revenir(client, copie).status_code == 304


def test_une_copie_n_est_que_pour_qui_l_a_lue(client, copie, district):
    client.force_login(affecter(un_compte("Autre", "Animatrice"), Role.ANIMATEUR, district=district.district))
    client.force_login(
        Affectation.objects.get(utilisateur__last_name="Animatrice", utilisateur__first_name="Autre").utilisateur
    )
    assert revenir(client, copie).status_code == 200


def test_un_droit_de_plus_fait_une_autre_page(client, copie, district):
    affecter(district.animatrice, Role.RECTORAT, academie=district.academie)
    reponse = revenir(client, copie)
    assert reponse.status_code == 200
    assert "Argent" in texte(reponse)


def test_demain_est_un_autre_jour(client, copie, monkeypatch):
    demain = timezone.localdate() + datetime.timedelta(days=1)
    monkeypatch.setattr("strategie.pilotage.interfaces.conditionnel.timezone.localdate", lambda: demain)
    assert revenir(client, copie).status_code == 200


@pytest.mark.parametrize(("nom", "valeur"), [("apparence", "sombre"), ("csrftoken", "a" * 32)])
def test_l_apparence_et_le_jeton_font_partie_de_la_page(client, copie, nom, valeur):
    client.cookies[nom] = valeur
    assert revenir(client, copie).status_code == 200


def test_une_autre_annee_est_une_autre_page(client, copie):
    adresse, etag = copie
    assert client.get(f"{adresse}?annee=2025-2026", headers={"if-none-match": etag}).status_code == 200


def test_un_message_n_est_jamais_garde(client, copie, rf):
    client.cookies["messages"] = CookieStorage(rf.get("/"))._encode([Message(constants.SUCCESS, "C'est fait.")])
    reponse = revenir(client, copie)
    assert "C'est fait." in texte(reponse)
    assert "ETag" not in reponse.headers


@pytest.mark.parametrize("change", ["heures", "nom"])
def test_ce_que_la_page_dit_sans_compter_la_change_aussi(client, dossier, change):
    """Trainers' hours and names of districts are read beside the summaries."""
    monde = dossier.monde
    recompter()
    client.force_login(monde.rectorat)
    adresse = reverse("tableau_territoire", args=["academie", monde.academie.pk])
    client.get(adresse)
    etag = client.get(adresse).headers["ETag"]
    assert revenir(client, (adresse, etag)).status_code == 304
    if change == "heures":
        monde.district.capacites_formateurs.create(
            annee_scolaire=dossier.annee, heures=80, fixee_par=monde.rectorat, fixee_le=timezone.now()
        )
    else:
        District.objects.create(academie=monde.academie, nom="Un nouveau")
    assert revenir(client, (adresse, etag)).status_code == 200


def test_ce_que_disent_les_voisins_change_la_page_de_qui_lit_l_argent(district):
    def marques():
        return [
            lu_par(qui, "district", district.district.pk).marque for qui in (district.rectorat, district.animatrice)
        ]

    avant = marques()
    VersionDeSynthese.objects.filter(niveau="academie", cle=district.academie.pk).update(version=99)
    assert [ici == la for ici, la in zip(marques(), avant, strict=True)] == [False, True]


# --- What a process keeps ---------------------------------------------------------------------------------------------
def test_une_autre_lectrice_des_memes_droits_lit_la_meme_page_sans_la_refaire(client, copie, district):
    avant = client.get(copie[0])
    caches["memoire"].clear()
    faite = client.get(copie[0])
    collegue = affecter(un_compte("Autre", "Animatrice"), Role.ANIMATEUR, district=district.district)
    client.force_login(collegue)
    gardee = client.get(copie[0])
    assert texte(avant) == texte(faite) == texte(gardee)
    assert (len(gardee.requetes), len(faite.requetes)) == (4, 7)


def test_d_autres_droits_ne_lisent_pas_ce_qui_est_garde(client, copie, district):
    assert "Argent" not in texte(client.get(copie[0]))
    client.force_login(district.rectorat)
    assert "Argent" in texte(client.get(copie[0]))
    client.force_login(district.animatrice)
    assert "Argent" not in texte(client.get(copie[0]))


# --- Files ------------------------------------------------------------------------------------------------------------
def lire_csv(reponse) -> list[list[str]]:
    contenu = b"".join(reponse.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(contenu), delimiter=";"))


def lire_xlsx(reponse) -> list[list]:
    classeur = openpyxl.load_workbook(io.BytesIO(b"".join(reponse.streaming_content)))
    return [list(ligne) for ligne in classeur.active.iter_rows(values_only=True)]


def test_les_memes_chiffres_a_l_ecran_dans_les_fichiers_et_sur_le_papier(client, a_la_main):
    """And on paper, from the page or from its PDF, the map."""
    Etablissement.objects.filter(pk=a_la_main.college.pk).update(latitude=48.11, longitude=-1.67)
    client.force_login(a_la_main.rectorat)
    suite = "?annee=2026-2027"
    lignes_csv = lire_csv(client.get(du_district(a_la_main, "tableau_territoire_csv") + suite))
    lignes_xlsx = lire_xlsx(client.get(du_district(a_la_main, "tableau_territoire_xlsx") + suite))
    assert [ligne[:4] for ligne in lignes_csv] == [ligne[:4] for ligne in lignes_xlsx]
    assert [_nombre(ligne[4]) for ligne in lignes_csv[1:]] == [_nombre(ligne[4]) for ligne in lignes_xlsx[1:]]
    page = html.fromstring(client.get(du_district(a_la_main) + suite).content)
    ecran = [cellule.text_content() for cellule in page.xpath("//section//td[@class='nombre']")]
    pdf = client.get(du_district(a_la_main, "tableau_territoire_pdf") + suite)
    feuilles = pypdf.PdfReader(io.BytesIO(pdf.content)).pages
    papier = _serre("".join(feuille.extract_text() for feuille in feuilles))
    assert page.xpath("//img[@class='geo']/@src") == [du_district(a_la_main, "carte_du_territoire_svg") + suite]
    assert _serre("1 établissement sans place sur la carte.") in papier
    assert len(ecran) == len(lignes_csv) - 1
    for dit, ligne in zip(ecran, lignes_csv[1:], strict=True):
        assert _nombre(dit) == _nombre(ligne[4]), ligne
        assert _serre(dit) in papier, ligne


def _serre(dit: str) -> str:
    return "".join(dit.split())


def _nombre(dit) -> Decimal | None:
    """« 1 234,56 € » and 1234.56 are the same figure."""
    garde = "".join(c for c in str(dit if dit is not None else "").replace(",", ".") if c.isdigit() or c == ".")
    return Decimal(garde) if garde.strip(".") else None


def test_rien_de_ce_qu_on_ecrit_ne_s_execute_dans_un_tableur(client, district):
    district.college.nom = "=HYPERLINK(1)"
    district.college.save()
    client.force_login(district.animatrice)
    lignes = lire_csv(client.get(du_district(district, "etablissements_du_territoire_csv")))
    assert "'=HYPERLINK(1)" in [ligne[1] for ligne in lignes]
    assert len(lignes) == 12
    ecoles = lire_xlsx(client.get(du_district(district, "etablissements_du_territoire_xlsx") + "?etat=signe"))
    assert len(ecoles) == 10


# --- Bad input --------------------------------------------------------------------------------------------------------
def test_un_district_sans_etablissement(client, monde):
    vide = District.objects.create(academie=monde.academie, nom="Vide")
    client.force_login(monde.rectorat)
    for page in ("tableau_territoire", "carte_de_chaleur", "etablissements_du_territoire"):
        assert client.get(reverse(page, args=["district", vide.pk])).status_code == 200
    assert "Aucun établissement ici" in texte(client.get(reverse("tableau_territoire", args=["district", vide.pk])))


def test_sans_campagne_ni_reponse(client, monde):
    recompter()
    client.force_login(monde.animatrice)
    dit = texte(client.get(du_district(monde)))
    assert "Aucune campagne n'a encore été ouverte" in dit
    assert "Aucune campagne" in texte(client.get(du_district(monde, "carte_de_chaleur")))


def test_une_campagne_sans_reponse(client, dossier):
    """Before the first signature, the page says what is awaited."""
    recompter()
    client.force_login(dossier.monde.animatrice)
    dit = texte(client.get(du_district(dossier.monde)))
    assert f"Aucun diagnostic {dossier.annee} n'est signé" in dit
    assert "Reste à signer" in dit


SUITES = (
    *("?annee=1999-2000", "?annee=%00", "?tri=XYZ", "?palier=PIL.9", "?palier=XXX.1", "?etat=inconnu", "?manque='--"),
    *(
        "?apres=zzz",
        "?apres=1|2",
        "?apres=--1|a|b",
        "?lettre=%00",
        "?nimporte=quoi",
        "?change=hausse",
        "?fin=20267",
        "?exercice=2026",
    ),
    *(
        "?q=%00%25_\\",
        "?actions=brouillon",
        "?equipement=chat",
        "?achat=" + "9" * 300,
        "?type=autre",
        "?q=%F0%9F%92%A5",
    ),
)


@pytest.mark.parametrize("page", ["tableau_territoire", "etablissements_du_territoire", "carte_de_chaleur"])
def test_ce_que_l_adresse_ne_devrait_pas_demander_est_ignore(client, dossier, page):
    client.force_login(dossier.monde.animatrice)
    statuts = {suite: client.get(du_district(dossier.monde, page) + suite).status_code for suite in SUITES}
    assert statuts == dict.fromkeys(SUITES, 200)


def test_ce_qui_est_ignore_est_dit(client, dossier):
    client.force_login(dossier.monde.animatrice)
    dit = texte(client.get(du_district(dossier.monde, "carte_de_chaleur") + "?tri=XYZ&etat=inconnu&apres=zzz&n=3"))
    assert [ignore in dit for ignore in ("tri=XYZ", "etat=inconnu", "apres=zzz", "n=3")] == [True] * 4
    assert "1999-2000" in texte(client.get(du_district(dossier.monde) + "?annee=1999-2000"))


def test_chaque_niveau_se_nomme(monde):
    monde.academie.libelle_district = "bassin"
    monde.academie.save()
    dits = {
        niveau: lu_par(monde.rectorat, niveau, cle).titre
        for niveau, cle in (
            (Niveau.NATION, 0),
            (Niveau.ACADEMIE, monde.academie.pk),
            (Niveau.DEPARTEMENT, monde.college.departement_id),
            (Niveau.DISTRICT, monde.district.pk),
            (Niveau.SANS_DISTRICT, monde.academie.pk),
        )
    }
    assert list(dits.values()) == [
        "France",
        "Académie · Exemple",
        "Département · Exemple (098)",
        "Bassin · District 1",
        "Sans district · Exemple",
    ]
