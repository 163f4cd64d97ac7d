"""The pieces that pages are made of: stairs, gauge, loop, typography, tables, typeface."""

import datetime
import re

import django_tables2 as tables
import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.forms import CharField, ChoiceField, Form, RadioSelect
from django.template import engines
from django.test import RequestFactory
from fontTools.ttLib import TTFont

from strategie.socle.droits import Droit, Role, droits_de
from strategie.socle.interfaces.charts import hachures, marches
from strategie.socle.interfaces.statiques import empreinte
from strategie.socle.queries.personnes import fonction_affichee
from strategie.socle.templatetags.paliers import (
    compte,
    date_et_heure,
    date_longue,
    date_simple,
    jour_et_mois,
    nom_palier,
    nombre,
)
from tests.pages import Page, defauts, texte
from tests.personnages import Monde, affecter


def rendre(gabarit: str, **contexte) -> str:
    return engines["django"].from_string(gabarit).render(contexte)


# --- Stairs -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("palier", "non_etabli", "etats", "dit"),
    [
        (0, False, ["suivante", "vide", "vide"], "Avant le palier 1"),
        (1, False, ["atteinte", "suivante", "vide"], "Palier 1 sur 3"),
        (2, False, ["atteinte", "atteinte", "suivante"], "Palier 2 sur 3"),
        (3, False, ["atteinte", "atteinte", "atteinte"], "Palier 3 sur 3"),
        (0, True, ["non-etablie", "vide", "vide"], "Avant le palier 1, palier 1 non établi"),
        (1, True, ["atteinte", "non-etablie", "vide"], "Palier 1 sur 3, palier 2 non établi"),
    ],
)
def test_escalier(palier, non_etabli, etats, dit):
    assert [m.etat for m in marches(palier, non_etabli)] == etats
    svg = rendre("{% escalier palier non_etabli=non_etabli %}", palier=palier, non_etabli=non_etabli)
    assert defauts(svg) == []
    assert re.search(r"<title>(.*)</title>", svg)[1].replace("\xa0", " ") == dit
    assert svg.count("<rect") == 3
    assert svg.count("<path") == etats.count("suivante")
    assert "style" not in svg and " id=" not in svg


def test_escalier_avec_legende_ne_se_lit_qu_une_fois():
    page = Page(rendre("{% escalier 2 legende=True %}"))
    [svg] = page.tous("svg")
    assert svg.get("aria-hidden") == "true"
    assert [texte(e).replace("\xa0", " ") for e in page.tous("figcaption")] == ["Palier 2 sur 3"]


def test_les_hachures_ne_sortent_pas_de_leur_marche():
    points = re.findall(r"[ML](\d+) (\d+)", hachures(38, 14, 32, 26))
    assert len(points) == 18
    assert all(38 <= int(x) <= 70 and 14 <= int(y) <= 40 for x, y in points)


# --- Gauge and loop -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("valeur", "maximum", "largeur"), [(51, 82, "62"), (0, 82, "0"), (82, 82, "100"), (90, 82, "100"), (0, 0, "0")]
)
def test_jauge(valeur, maximum, largeur):
    svg = rendre("{% jauge valeur=v maximum=m libelle='51 réponses sur 82' %}", v=valeur, m=maximum)
    assert defauts(svg) == []
    assert re.search(r'class="niveau" width="(\d+)"', svg)[1] == largeur
    assert "<title>51 réponses sur 82</title>" in svg


def test_jauge_echappe_ses_mots():
    assert "<title>&lt;b&gt;</title>" in rendre("{% jauge valeur=1 maximum=2 libelle=mots %}", mots="<b>")


def boucle(etablissement, roles, **contexte) -> Page:
    etablissement.droits = droits_de(roles)
    html = rendre("{% boucle %}", etablissement=etablissement, **contexte)
    assert defauts(html) == []
    return Page(html)


def test_la_boucle_montre_ou_l_on_est_et_ou_l_on_va(monde: Monde):
    page = boucle(monde.college, [Role.CHEF], etape="diagnostic")
    assert [texte(e) for e in page.tous("li")] == [
        "Pourquoi",
        "Diagnostic",
        "Cap",
        "Moyens",
        "Évaluation",
    ]
    assert [(lien.get("href"), lien.get("aria-current")) for lien in page.tous("a")] == [
        ("/etablissements/0980001U/vision/", None),
        ("/etablissements/0980001U/diagnostic/", "page"),
        ("/etablissements/0980001U/besoins/", None),
        ("/etablissements/0980001U/plan/", None),
        ("/etablissements/0980001U/dossiers/", None),
    ]


def test_la_boucle_ne_mene_pas_a_une_page_interdite(monde: Monde):
    assert Droit.LIRE_DIAGNOSTIC not in droits_de([Role.COLLECTIVITE])
    page = boucle(monde.college, [Role.COLLECTIVITE])
    assert [(texte(lien), lien.get("href")) for lien in page.tous("a")] == [
        ("Moyens", "/etablissements/0980001U/equipements/")  # what it owns
    ]
    assert texte(page.tous("li")[1]) == "Diagnostic"
    animateur = boucle(monde.college, [Role.ANIMATEUR])
    assert [texte(lien) for lien in animateur.tous("a")] == ["Pourquoi", "Diagnostic", "Cap", "Moyens"]
    assert animateur.tous("a")[2].get("href") == "/etablissements/0980001U/axes/"  # its needs are the school's own


def test_fonction_affichee(monde: Monde, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert fonction_affichee(monde.chef, monde.college) == "Principale"
    assert fonction_affichee(monde.referent) == "Référent numérique"
    assert fonction_affichee(monde.sans_affectation) == "Inès Inconnue"
    affecter(monde.chef, Role.CHEF, fonction="Principale adjointe", etablissement=monde.voisin_college)
    assert fonction_affichee(monde.chef, monde.voisin_college) == "Principale adjointe"
    assert fonction_affichee(monde.chef) == "Claire Chef"


# --- Typography ---------------------------------------------------------------------------------------------
def test_typographie_francaise():
    assert [nom_palier(n) for n in range(4)] == ["Avant le palier\xa01", "Palier\xa01", "Palier\xa02", "Palier\xa03"]
    assert date_longue(datetime.date(2026, 11, 3)) == "mardi\xa03\xa0novembre 2026"
    assert date_longue(datetime.date(2026, 12, 1)) == "mardi\xa01er\xa0décembre 2026"
    assert jour_et_mois(datetime.date(2026, 12, 1)) == "1er\xa0décembre"
    minuit_passe = datetime.datetime(2026, 11, 30, 23, 30, tzinfo=datetime.UTC)
    assert date_longue(minuit_passe) == "mardi\xa01er\xa0décembre 2026"
    assert date_longue(None) == ""
    assert date_simple(datetime.date(2026, 12, 1)) == date_simple(minuit_passe) == "1er\xa0décembre 2026"
    assert date_simple(None) == ""
    midi = datetime.datetime(2026, 11, 3, 13, 2, tzinfo=datetime.UTC)
    assert date_et_heure(midi) == "3 novembre 2026 à 14\xa0h\xa002"
    assert date_et_heure(None) == ""
    assert [nombre(n) for n in (0, 999, 1234567, None)] == ["0", "999", "1\u202f234\u202f567", ""]
    assert [compte(n, "réponse,réponses") for n in (0, 1, 2, 1200)] == [
        "0\xa0réponse",
        "1\xa0réponse",
        "2\xa0réponses",
        "1\u202f200\xa0réponses",
    ]


# --- Forms ---------------------------------------------------------------------------------------------------
class Exemple(Form):
    nom = CharField(label="Nom")
    surnom = CharField(label="Surnom", required=False)
    sens = ChoiceField(label="Sens", choices=[("haut", "En haut"), ("bas", "En bas")], widget=RadioSelect)

    def clean(self):
        self.add_error(None, "Ces deux champs se contredisent.")


def test_le_resume_des_erreurs_dit_tout_une_fois():
    html = rendre("{% load crispy_forms_filters %}<form>{{ form|crispy }}</form>", form=Exemple({"nom": ""}))
    page = Page(html)
    resume = page.par_id["erreurs"]
    assert [texte(p) for p in resume.iter("p")] == ["Ces deux champs se contredisent."]
    liens = [a.get("href") for a in resume.iter("a")]
    assert liens == ["#id_nom", "#id_sens_0"]  # a group of buttons is reached by its first one
    assert all(lien.removeprefix("#") in page.par_id for lien in liens)
    assert html.count("se contredisent") == 1


def test_sans_erreur_pas_de_resume():
    assert 'id="erreurs"' not in rendre("{% load crispy_forms_filters %}{{ form|crispy }}", form=Exemple())


# --- Tables -------------------------------------------------------------------------------------------------
class Tableau(tables.Table):
    nom = tables.Column(verbose_name="Nom")
    effectif = tables.Column(verbose_name="Élèves", attrs={"th": {"class": "nombre"}, "td": {"class": "nombre"}})
    caption = "Établissements"

    class Meta:
        template_name = "tableaux/tableau.html"
        empty_text = "Aucun établissement."


def tableau(lignes: list[dict], adresse: str = "/") -> str:
    requete = RequestFactory().get(adresse)
    requete.user = AnonymousUser()
    objet = Tableau(lignes)
    tables.RequestConfig(requete, paginate={"per_page": 2}).configure(objet)
    return objet.as_html(requete)


def test_tableau_trie_et_pagine():
    html = tableau([{"nom": nom, "effectif": 1} for nom in "cab"], "/?sort=nom&q=x")
    page = Page(html)
    assert defauts(html) == []
    assert [texte(e) for e in page.tous("caption")] == ["Établissements"]
    assert [(e.get("scope"), e.get("aria-sort"), texte(e)) for e in page.tous("th")] == [
        ("col", "ascending", "Nom"),
        ("col", None, "Élèves"),
        ("row", None, "a"),
        ("row", None, "b"),
    ]
    assert [(a.get("rel"), a.get("href")) for a in page.tous("a")][2:] == [("next", "?sort=nom&q=x&page=2")]
    assert "Page 1 sur 2" in html


def test_tableau_vide():
    html = tableau([])
    assert defauts(html) == []
    assert [texte(e) for e in Page(html).tous("td")] == ["Aucun établissement."]


# --- Style and typeface -------------------------------------------------------------------------------------
CSS = (settings.BASE_DIR / "static" / "css" / "paliers.css").read_text()


def test_la_police_porte_notre_nom_et_sa_licence():
    dossier = settings.BASE_DIR / "static" / "fonts"
    police = TTFont(dossier / "paliers-sans.woff2")
    noms = {e.nameID: e.toUnicode() for e in police["name"].names}
    assert {noms[i] for i in (1, 4, 16)} == {"Paliers Sans"}
    assert not [i for i, nom in noms.items() if "Source" in nom and i not in (0, 7)]
    assert "SIL Open Font License" in noms[13]
    assert "Reserved Font Name 'Source'" in (dossier / "LICENSE-OFL.txt").read_text()
    assert set(map(ord, "éèçàùœŒŸ«»–’…€✓←→\u202f\xa0")) <= set(police.getBestCmap())
    assert (dossier / "paliers-sans.woff2").stat().st_size < 25_000


def test_la_police_est_demandee_a_une_seule_adresse():
    """The page preloads the very address that the style asks for, and both change with the file."""
    attendu = f"paliers-sans.woff2?v={empreinte('fonts/paliers-sans.woff2')}"
    assert re.findall(r"paliers-sans\.woff2[^\")]*", CSS) == [attendu]
    assert attendu in rendre('{% load static %}{% static "fonts/paliers-sans.woff2" %}')


def luminance(couleur: str) -> float:
    canaux = [int(couleur[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, v, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in canaux)
    return 0.2126 * r + 0.7152 * v + 0.0722 * b


def contraste(une: str, autre: str) -> float:
    clair, sombre = sorted((luminance(une), luminance(autre)), reverse=True)
    return (clair + 0.05) / (sombre + 0.05)


JETONS = {
    nom: (clair, sombre) for nom, clair, sombre in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);", CSS)
}
TEXTES = [
    *[(encre, sol) for encre in ("encre", "encre-2", "pin", "pin-fonce") for sol in ("papier", "fond", "pin-pale")],
    *[("encre", sol) for sol in ("p0", "ocre-pale", "brique-pale")],
    *[("ocre", "papier"), ("ocre", "ocre-pale"), ("brique", "papier"), ("brique", "fond"), ("brique", "brique-pale")],
    *[("papier", sol) for sol in ("pin", "pin-fonce", "brique", "p3")],
]


@pytest.mark.parametrize("mode", [0, 1], ids=["clair", "sombre"])
@pytest.mark.parametrize(("encre", "sol"), TEXTES)
def test_contraste_du_texte(encre, sol, mode):
    """WCAG 2.1, 1.4.3: 4.5:1."""
    assert contraste(JETONS[encre][mode], JETONS[sol][mode]) >= 4.5


@pytest.mark.parametrize("mode", [0, 1], ids=["clair", "sombre"])
@pytest.mark.parametrize(("trait", "sol"), [("bord", "papier"), ("bord", "fond"), ("p3", "papier"), ("ocre", "fond")])
def test_contraste_des_bords(trait, sol, mode):
    """WCAG 2.1, 1.4.11: 3:1 for the edges of controls, the drawing's steps and the focus."""
    assert contraste(JETONS[trait][mode], JETONS[sol][mode]) >= 3


def test_le_style_n_appelle_personne():
    assert "@import" not in CSS
    assert re.findall(r"url\(\"?(?:https?:)?//", CSS) == []
