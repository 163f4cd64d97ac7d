"""Similar schools: nothing under eight, then three rounded figures, from which no school can be told.

By hand, for EQU (13 indicators for a collège). Paliers of the eight: 0 1 1 1 2 2 2 3. The first quartile is at 1,75
ranks from the first: between 1 and 1, 1; median (1 + 2)/2 = 1,5; third quartile, between 2 and 2, 2.
« Oui » among the 13: 2 4 5 6 7 9 10 12. First quartile (4 + 0,75 × 1)/13 = 36,5 → 35 %; median 6,5/13 = 50 %; third
quartile (9 + 0,25 × 1)/13 = 71,2 → 70 %.
"""

import json
from fractions import Fraction
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from diagnostic.domain.bulletins import Groupe
from diagnostic.domain.contenu import empreinte, json_canonique
from diagnostic.domain.cotation import Valeur
from diagnostic.domain.statistiques import quartiles
from diagnostic.models import CopieSignee
from diagnostic.queries import semblables
from diagnostic.queries.semblables import (
    MOYENNE,
    PALIER,
    PART,
    Obstacle,
    diagnostics_semblables,
    nombre_en_bande,
    obstacle,
    tranche_de,
)
from strategie.socle.domain.calendrier import annee_precedente, annee_scolaire
from strategie.socle.models import Academie, Etablissement
from tests.dossier import commencer, repondre_partout, signer
from tests.enquetes import une_enquete_depouillee
from tests.personnages import un_etablissement

PALIERS = (0, 1, 1, 1, 2, 2, 2, 3)
OUI = (2, 4, 5, 6, 7, 9, 10, 12)
EQU = "Équipement"


@pytest.fixture
def annee(monde, maintenant) -> str:
    return annee_scolaire(maintenant.astimezone(monde.academie.zone).date())


@pytest.fixture
def ouverte(monde) -> None:
    """The académie has opened the comparison; the chef's collège has 400 pupils."""
    Academie.objects.filter(pk=monde.academie.pk).update(compare_les_semblables=True)
    Etablissement.objects.filter(pk=monde.college.pk).update(effectif=400)
    monde.college.refresh_from_db()


@pytest.fixture
def modele(monde, referentiel, maintenant, annee) -> CopieSignee:
    """The chef's own signed copy: all « oui », palier 3 everywhere."""
    diagnostic = commencer(monde.college, annee, referentiel, monde.chef, maintenant)
    repondre_partout(diagnostic, Valeur.oui, monde.chef, maintenant)
    return signer(diagnostic, monde.chef, maintenant)


def copier(modele: CopieSignee, etablissement: Etablissement, annee: str, palier: int, oui: int, version: int = 1):
    """A signed copy like the model's, with `oui` « oui » among the 13 of EQU, the others « non »."""
    contenu = json.loads(modele.contenu)
    champ = contenu["champs"][5]
    champ["resultat"]["palier"] = palier
    for rang, indicateur in enumerate(champ["indicateurs"]):
        indicateur["valeur"] = "oui" if rang < oui else "non"
    siens = etablissement.diagnostics.filter(campagne__annee_scolaire=annee)
    referentiel, auteur = modele.diagnostic.referentiel, modele.signataire
    diagnostic = siens.first() or commencer(etablissement, annee, referentiel, auteur, modele.signee_le)
    texte = json_canonique(contenu)
    return CopieSignee.objects.create(
        diagnostic=diagnostic,
        version=version,
        signataire=modele.signataire,
        nom_signataire="Une cheffe",
        fonction_signataire="Principale",
        signee_le=modele.signee_le,
        contenu=texte,
        sha256_contenu=empreinte(texte),
        pdf=b"",
        sha256_pdf="",
    )


def une_ecole(monde, numero: int, **champs) -> Etablissement:
    departement = champs.pop("departement", monde.college.departement)
    return un_etablissement(
        f"09811{numero:02d}A", f"Collège caché {numero}", departement, **({"effectif": 350} | champs)
    )


def des_semblables(monde, modele, annee, combien: int = 8) -> list[CopieSignee]:
    return [copier(modele, une_ecole(monde, rang), annee, PALIERS[rang % 8], OUI[rang % 8]) for rang in range(combien)]


def lire(reponse) -> str:
    return unescape(reponse.content.decode()).replace("\u00a0", " ")


def page_seule(reponse) -> str:
    """Without the header, whose forms carry a token drawn for each page."""
    html = lire(reponse)
    return html[html.index("<main") : html.index("</main>")]


def ligne(html: str, section: str, champ: str) -> list[str]:
    """The cells of a champ's row in one of the tables."""
    debut = html.index(f'<th scope="row">{champ}', html.index(f'aria-label="Tableau des {section}"'))
    rangee = html[debut : html.index("</tr>", debut)]
    return [cellule.split(">")[-1] for cellule in rangee.split("</td>")[:-1]]


def reperes_de(monde, annee) -> tuple[Fraction, ...]:
    trouve = next(r for r in diagnostics_semblables(monde.college, annee).reperes["part"] if r.code == "EQU")
    return trouve.q1.valeur, trouve.mediane.valeur, trouve.q3.valeur


def test_a_sept_rien_n_est_dit_a_huit_les_figures_faites_a_la_main(monde, ouverte, modele, annee, connectee):
    adresse = reverse("semblables", args=[monde.college.uai])
    des_semblables(monde, modele, annee, 7)
    html = lire(connectee.get(adresse))
    assert "Moins de 8 établissements semblables ont signé un diagnostic" in html
    assert "Tableau des paliers" not in html
    assert "7 établissements" not in html
    copier(modele, une_ecole(monde, 7), annee, PALIERS[7], OUI[7])
    reponse = connectee.get(adresse)
    html = lire(reponse)
    assert "De 8 à 11 établissements semblables." in html
    assert ligne(html, "paliers", EQU) == ["3", "1", "1,5", "2"]
    assert ligne(html, "parts de points", EQU) == ["100 %", "35 %", "50 %", "70 %"]
    # all are alike elsewhere: an end of the scale is never said
    assert ligne(html, "paliers", "Formation") == ["3", *["2,5 et plus"] * 3]
    assert ligne(html, "parts de points", "Formation") == ["100 %", *["95 % et plus"] * 3]
    assert "Collège caché" not in html
    assert "dans la moitié centrale des établissements semblables pour 5 champs sur 6." in html
    assert "Au-dessus : Équipement." in html
    assert len(reponse.requetes) <= 9


def test_ne_comptent_que_les_semblables_de_l_annee_et_leur_derniere_version(monde, ouverte, modele, annee):
    copies = des_semblables(monde, modele, annee)
    attendu = (35, 50, 70)
    assert reperes_de(monde, annee) == attendu
    precedente = annee_precedente(annee)
    autres = [
        une_ecole(monde, 20, effectif=299),
        une_ecole(monde, 21, effectif=500),
        une_ecole(monde, 22, effectif=None),
        une_ecole(monde, 23, education_prioritaire="REP"),
        une_ecole(monde, 24, type="lycee"),
        un_etablissement("0971125A", "Ailleurs", monde.ailleurs.departement, effectif=350),
    ]
    for autre in autres:
        copier(modele, autre, annee, 3, 13)
    copier(modele, une_ecole(monde, 26), precedente, 3, 13)
    assert reperes_de(monde, annee) == attendu
    # signed again: 12 « oui » become 9, the eight are 2 4 5 6 7 9 9 10; third quartile 9/13 = 69,2 → 70 %
    copier(modele, copies[7].diagnostic.etablissement, annee, 2, 9, version=2)
    assert reperes_de(monde, annee) == (35, 50, 70)
    # 2 « oui » become 13: 4 5 6 7 9 9 10 13; (5 + 0,75)/13 = 44,2 → 45; 8/13 = 61,5 → 60; (9 + 0,25)/13 → 70
    copier(modele, copies[0].diagnostic.etablissement, annee, 2, 13, version=2)
    assert reperes_de(monde, annee) == (45, 60, 70)


def test_les_deux_extremes_ne_changent_rien_a_la_page(monde, ouverte, modele, annee, connectee):
    """The least and the most are in no figure: whatever they become, the page is the same to the letter."""
    copies = des_semblables(monde, modele, annee)
    adresse = reverse("semblables", args=[monde.college.uai])
    avant = page_seule(connectee.get(adresse))
    copier(modele, copies[0].diagnostic.etablissement, annee, 0, 0, version=2)
    copier(modele, copies[7].diagnostic.etablissement, annee, 3, 13, version=2)
    assert page_seule(connectee.get(adresse)) == avant


@pytest.mark.parametrize("echelle", [PALIER, PART, MOYENNE])
@given(donnees=st.data())
def test_aucune_figure_n_est_celle_d_une_ecole(echelle, donnees):
    """Eight schools or more: the figures are on steps, in order, never at an end; moving the least or the most of them
    further out changes none.
    """
    valeurs = sorted(donnees.draw(st.lists(st.fractions(echelle.bas, echelle.haut), min_size=8, max_size=12)))
    dites = [echelle.dire(quartile).valeur for quartile in quartiles(valeurs)]
    assert dites == sorted(dites)
    for dite in dites:
        assert ((dite - echelle.bas) / echelle.pas).denominator == 1
        assert echelle.bas < dite < echelle.haut
    ecartees = [echelle.bas, *valeurs[1:-1], echelle.haut]
    assert [echelle.dire(quartile).valeur for quartile in quartiles(ecartees)] == dites


def test_le_nombre_est_dit_par_tranches():
    dits = {nombre: nombre_en_bande(nombre) for nombre in (0, 7, 8, 9, 11, 12, 19, 20, 99, 100, 6000)}
    assert dits == {
        0: "",
        7: "",
        **dict.fromkeys((8, 9, 11), "de 8 à 11"),
        **dict.fromkeys((12, 19), "de 12 à 19"),
        20: "de 20 à 49",
        99: "de 50 à 99",
        **dict.fromkeys((100, 6000), "au moins 100"),
    }


@pytest.mark.parametrize(
    ("type_", "effectif", "libelle"),
    [
        ("ecole", 0, "moins de 100 élèves"),
        ("ecole", 199, "de 100 à 199 élèves"),
        ("ecole", 200, "200 élèves et plus"),
        ("college", 299, "moins de 300 élèves"),
        ("college", 300, "de 300 à 499 élèves"),
        ("college", 699, "de 500 à 699 élèves"),
        ("lycee", 1000, "1000 élèves et plus"),
        ("erea", None, "toutes les tailles"),
    ],
)
def test_les_tailles(type_, effectif, libelle):
    assert tranche_de(Etablissement(type=type_, effectif=effectif)).libelle.replace("\u00a0", " ") == libelle


@pytest.mark.parametrize(
    ("compare", "type_", "effectif", "attendu"),
    [
        (False, "college", 400, Obstacle.FERMEE),
        (True, "autre", 400, Obstacle.TYPE),
        (True, "college", None, Obstacle.EFFECTIF),
        (True, "erea", None, None),
        (True, "college", 400, None),
    ],
)
def test_ce_qui_empeche(compare, type_, effectif, attendu):
    ecole = Etablissement(type=type_, effectif=effectif, academie=Academie(compare_les_semblables=compare))
    assert obstacle(ecole) == attendu


def test_l_academie_n_a_pas_ouvert_ou_l_effectif_manque(monde, modele, annee, connectee):
    adresse = reverse("semblables", args=[monde.college.uai])
    des_semblables(monde, modele, annee)
    html = lire(connectee.get(adresse))
    assert "Votre académie n'a pas ouvert cette comparaison" in html
    assert "Tableau" not in html
    Academie.objects.filter(pk=monde.academie.pk).update(compare_les_semblables=True)
    assert "Votre nombre d'élèves n'est pas connu" in lire(connectee.get(adresse))


def test_qui_la_lit(monde, ouverte, client):
    adresse = reverse("semblables", args=[monde.college.uai])
    for personne, statut in (
        (monde.referent, 200),
        (monde.gestionnaire, 200),
        (monde.lectrice, 200),
        (monde.animatrice, 403),
        (monde.rectorat, 403),
        (monde.collectivite_agent, 403),
        (monde.voisin, 404),
    ):
        client.force_login(personne)
        reponse = client.get(adresse)
        assert reponse.status_code == statut, personne
        if statut == 200:
            assert ("Enquêtes complètes" in lire(reponse)) == (personne != monde.gestionnaire)


def test_les_enquetes_des_semblables(monde, ouverte, maintenant, connectee):
    """Eight answers a school, of sums 24 to 31: means 3 to 3,875 by eighths. Quartiles at 1,75, 3,5 and 5,25 ranks:
    3,219 → 3,25; 3,4375 → 3,50; 3,656 → 3,75. The school's own, of sum 24: 3,00.
    """
    base = [2, 4, 2, 4, 3, 3, 2, 4]

    def enqueter(ecole: Etablissement, rang: int) -> None:
        valeurs = [valeur + (place < rang) for place, valeur in enumerate(base)]
        une_enquete_depouillee(ecole, monde.chef, maintenant, {Groupe.ENSEIGNANTS: valeurs}, il_y_a=30)

    enqueter(monde.college, 0)
    adresse = reverse("semblables", args=[monde.college.uai])
    for rang in range(7):
        enqueter(une_ecole(monde, rang), rang)
    assert "ont une enquête complète dépouillée et montrable cette année-là : rien" in lire(connectee.get(adresse))
    enqueter(une_ecole(monde, 7), 7)
    html = lire(connectee.get(adresse))
    assert ligne(html, "moyennes des équipes", "Formation") == ["3,00", "3,25", "3,50", "3,75"]
    champs = html[html.index('aria-label="Tableau des moyennes') :]
    noms = ["Pilotage", "Formation", "Ressources", "Pratiques", "Infrastructures", "Équipement"]
    assert [champs.index(f'<th scope="row">{nom}') for nom in noms] == sorted(
        champs.index(f'<th scope="row">{nom}') for nom in noms
    )


def test_ce_qui_est_signe_ne_se_lit_qu_une_fois(monde, ouverte, modele, annee, monkeypatch):
    """Two queries for one school or three; one when this process has read them all."""
    monkeypatch.setattr(semblables, "_GARDEES", {})  # another test may have read a copy of the same text

    def requetes() -> int:
        with CaptureQueriesContext(connection) as requetes:
            diagnostics_semblables(monde.college, annee)
        return len(requetes)

    des_semblables(monde, modele, annee, 1)
    avec_une = requetes()
    for rang in (1, 2):
        copier(modele, une_ecole(monde, rang), annee, 1, 5 + rang)
    assert (avec_une, requetes(), requetes()) == (2, 2, 1)


def test_un_sans_objet_sans_raison_compte_et_un_inconnu_vaut_zero(monde, ouverte, referentiel, maintenant, annee):
    """EQU, 13 indicators: one « sans objet » with its reason goes. Of 12, 9 « oui », one « en partie », one « sans
    objet » without a reason, one unknown: 9,5/12.
    """
    diagnostic = commencer(monde.college, annee, referentiel, monde.chef, maintenant)
    sauf = {
        "EQU-1-3": Valeur.sans_objet,
        "EQU-1-4": Valeur.sans_objet,
        "EQU-2-3": Valeur.en_partie,
        "EQU-2-4": Valeur.ne_sait_pas,
    }
    repondre_partout(diagnostic, Valeur.oui, monde.chef, maintenant, sauf)
    diagnostic.reponses.filter(indicateur__code="EQU-1-3").update(motif="Pas ici.")
    diagnostic.reponses.filter(indicateur__code="EQU-1-4").update(motif=" ")
    modele = signer(diagnostic, monde.chef, maintenant)
    des_semblables(monde, modele, annee)
    repere = next(r for r in diagnostics_semblables(monde.college, annee).reperes["part"] if r.code == "EQU")
    assert repere.sien == Fraction(950, 12)
