"""The follow-up of a campaign: who has not begun, who has answered how much, who has signed; never an answer."""

import csv
import datetime
import io

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from diagnostic.domain.campagnes import ouvrir_campagne
from diagnostic.domain.cotation import Valeur
from diagnostic.domain.reponses import Saisie, commencer_diagnostic, enregistrer_champ
from diagnostic.domain.signature import rouvrir_diagnostic
from diagnostic.models import Campagne, Diagnostic, Reponse
from diagnostic.queries.etat import etat_du_diagnostic
from diagnostic.queries.questionnaire import questionnaire
from diagnostic.queries.suivi import SANS_DISTRICT, Totaux, etablissements_suivis, lignes_suivies, totaux
from strategie.socle.domain.calendrier import bornes
from strategie.socle.models import Etablissement
from strategie.socle.queries import etablissements
from strategie.socle.rules import date_en_phrase
from tests.dossier import repondre_partout, signer
from tests.personnages import un_etablissement


@pytest.fixture
def suivie(monde, campagne, maintenant) -> Campagne:
    """One school at each state: the chef's draft of two answers, the neighbour's signed, the far one opened again;
    a school of each other kind has not begun.
    """
    ici = monde.college.departement
    un_etablissement("0980020P", "École Neuve", ici, courriel="neuve@exemple.invalid", commune="=1+1")
    un_etablissement("0980021R", "Centre d'information", ici, type="autre")
    un_etablissement("0980022S", "Collège fermé", ici, etat="ferme")
    brouillon = commencer(campagne, monde.college, monde.chef, maintenant)
    codes = [i.code for i in questionnaire(brouillon.referentiel).concernes(monde.college)][:2]
    saisies = [Saisie(code, "non", "", "Une phrase que le rectorat ne lit pas.", 0) for code in codes]
    enregistrer_champ(diagnostic=brouillon, saisies=saisies, auteur=monde.chef, maintenant=maintenant)
    for ecole in (monde.voisin_college, monde.lointain):
        diagnostic = commencer(campagne, ecole, monde.voisin, maintenant)
        repondre_partout(diagnostic, Valeur.oui, monde.voisin, maintenant)
        signer(diagnostic, monde.voisin, maintenant)
    diagnostic = Diagnostic.objects.get(etablissement=monde.lointain)
    rouvrir_diagnostic(diagnostic=diagnostic, motif="Une erreur", auteur=monde.voisin, maintenant=maintenant)
    return campagne


def commencer(campagne, ecole, auteur, maintenant) -> Diagnostic:
    return commencer_diagnostic(etablissement=ecole, campagne=campagne, auteur=auteur, maintenant=maintenant)


def page(client, monde, campagne, **filtres):
    client.force_login(monde.rectorat)
    return client.get(reverse("campagne", args=[campagne.pk]), filtres)


def lignes(reponse) -> list[list[str]]:
    """School, commune, district, diagnostic."""
    corps = html.fromstring(reponse.content).xpath("//section[@id='etablissements']//tbody/tr")
    return [[" ".join(cellule.text_content().split()) for cellule in ligne] for ligne in corps]


def noms(reponse) -> list[str]:
    return html.fromstring(reponse.content).xpath("//section[@id='etablissements']//tbody/tr/th/a/text()")


def test_chaque_ecole_et_ou_elle_en_est(client, monde, suivie, maintenant):
    jour = date_en_phrase(timezone.localdate(maintenant)).replace("\u00a0", " ")
    assert lignes(page(client, monde, suivie)) == [
        ["Collège du Test 0980001U", "Saint-Exemple", "District 1", "brouillon 2 réponses sur 82"],
        [
            "Collège lointain 0980003W",
            "Saint-Exemple",
            "District 2",
            f"rouvert 82 réponses sur 82, version 1 signée le {jour}",
        ],
        ["Collège voisin 0980002V", "Saint-Exemple", "District 1", f"signé le {jour} version 1"],
        ["École Neuve 0980020P", "=1+1", "", "à commencer"],
    ]


def test_les_totaux_disent_leur_denominateur(client, monde, suivie):
    assert totaux(suivie) == Totaux(a_commencer=1, brouillon=1, soumis=1, rouvert=1)
    reponse = page(client, monde, suivie)
    etats = html.fromstring(reponse.content).xpath("//section[@aria-labelledby='avancement']//tbody/tr")
    assert [[cellule.text_content() for cellule in ligne] for ligne in etats] == [
        ["À commencer", "1 sur 4"],
        ["Brouillon", "1 sur 4"],
        ["Signé", "1 sur 4"],
        ["Rouvert", "1 sur 4"],
    ]
    assert "2 sur 4 établissements ont signé au moins une fois." in " ".join(
        html.fromstring(reponse.content).text_content().split()
    )


def test_une_ecole_arrivee_apres_l_ouverture_est_attendue_une_fermee_qui_a_signe_reste(monde, suivie):
    un_etablissement("0980023T", "Zest", monde.college.departement)
    fermees = Etablissement.objects.exclude(uai__in=["0980020P", "0980021R", "0980023T"])
    fermees.update(etat="ferme")
    assert totaux(suivie) == Totaux(a_commencer=2, soumis=1, rouvert=1)
    fermees.update(ferme_le=bornes(suivie.annee_scolaire)[1] + datetime.timedelta(days=1))
    assert totaux(suivie) == Totaux(a_commencer=3, brouillon=1, soumis=1, rouvert=1)  # the year was over


def test_le_rectorat_ne_lit_aucune_reponse(client, monde, suivie):
    client.force_login(monde.rectorat)
    for nom in ("campagne", "campagne_export"):
        reponse = client.get(reverse(nom, args=[suivie.pk]))
        contenu = (reponse.getvalue() if reponse.streaming else reponse.content).decode()
        assert "2" in contenu
        assert "Une phrase" not in contenu


@pytest.mark.parametrize(
    ("filtres", "attendus"),
    [
        ({"etat": "a_commencer"}, ["École Neuve"]),
        ({"etat": "brouillon"}, ["Collège du Test"]),
        ({"etat": "soumis"}, ["Collège voisin"]),
        ({"etat": "rouvert"}, ["Collège lointain"]),
        ({"district": "D1"}, ["Collège du Test", "Collège voisin"]),
        ({"district": SANS_DISTRICT}, ["École Neuve"]),
        ({"district": "D1", "etat": "soumis"}, ["Collège voisin"]),
        ({"q": "ECOLE"}, ["École Neuve"]),
        ({"q": "0980002"}, ["Collège voisin"]),
        ({"q": "lycée"}, []),
        (
            {"etat": "inconnu", "district": "999999", "q": "\x00"},
            ["Collège du Test", "Collège lointain", "Collège voisin", "École Neuve"],
        ),
    ],
)
def test_les_filtres_se_combinent_et_l_incomprehensible_garde_tout(client, monde, suivie, filtres, attendus):
    filtres = {nom: str(monde.district.pk) if valeur == "D1" else valeur for nom, valeur in filtres.items()}
    assert noms(page(client, monde, suivie, **filtres)) == attendus


def test_un_filtre_sans_resultat_le_dit(client, monde, suivie):
    assert lignes(page(client, monde, suivie, q="lycée")) == [
        ["Aucun établissement ne répond à ces choix. Élargissez-les pour en voir davantage."]
    ]


def test_les_pages_se_suivent_en_gardant_les_filtres(client, monde, suivie, monkeypatch):
    monkeypatch.setattr(etablissements, "TAILLE_PAGE", 1)
    client.force_login(monde.rectorat)
    vus, adresse = [], "?q=college"
    while adresse:
        reponse = client.get(reverse("campagne", args=[suivie.pk]) + adresse)
        vus += noms(reponse)
        suites = html.fromstring(reponse.content).xpath("//a[@rel='next']/@href")
        adresse = suites[0].partition("#")[0] if suites else None
    assert vus == ["Collège du Test", "Collège lointain", "Collège voisin"]


def test_la_date_prolongee_est_dite(client, monde, suivie, maintenant):
    cloture = suivie.date_cloture + datetime.timedelta(days=1)
    suivie.prolongations.create(
        district=monde.district,
        date_cloture=cloture,
        motif="Crue",
        accordee_par=monde.rectorat,
        accordee_le=maintenant,
    )
    Diagnostic.objects.filter(etablissement__district=monde.district).update(date_cloture=cloture)
    dits = [ligne[-1] for ligne in lignes(page(client, monde, suivie, q="college"))]
    phrase = f"prolongé jusqu'au {date_en_phrase(cloture)}".replace("\u00a0", " ")
    assert [phrase in dit for dit in dits] == [True, False, True]


# --- The count of answers -----------------------------------------------------------------------------
SITUATIONS = [
    {"type": "ecole"},
    {"type": "lycee", "internat": True},
    {"type": "lycee", "internat": False},
    {"type": "erea", "education_prioritaire": "REP"},
]


@pytest.mark.parametrize("situation", SITUATIONS, ids=str)
def test_le_compte_est_celui_que_voit_l_ecole(monde, campagne, maintenant, situation):
    """Of what is asked of this school, what counts: confirmed, and « sans objet » with its reason."""
    ecole = un_etablissement("0980030B", "École", monde.college.departement, **situation)
    diagnostic = commencer(campagne, ecole, monde.chef, maintenant)
    repondre_partout(diagnostic, Valeur.oui, monde.chef, maintenant)
    reponses = list(Reponse.objects.filter(diagnostic=diagnostic).order_by("indicateur__ordre"))
    for rang, changement in enumerate(
        [
            {"valeur": ""},
            {"a_reconfirmer": True},
            {"valeur": "sans_objet", "motif": " \n"},
            {"valeur": "sans_objet", "motif": "Pas de cantine"},
            {"valeur": "ne_sait_pas"},
        ]
    ):
        Reponse.objects.filter(pk=reponses[rang].pk).update(**changement)
    hors = questionnaire(diagnostic.referentiel)
    ecarte = next((i for i in hors if i not in hors.concernes(ecole)), None)
    if ecarte:  # answered before the register said that it does not concern the school
        Reponse.objects.create(
            diagnostic=diagnostic, indicateur=ecarte, valeur="oui", modifiee_par=monde.chef, modifiee_le=maintenant
        )
    suivi = etablissements_suivis(campagne).filter(pk=ecole.pk)
    (ligne,) = lignes_suivies(campagne, list(suivi))
    etat = etat_du_diagnostic(diagnostic)
    assert (ligne.repondus, ligne.concernes) == (etat.repondus, etat.concernes) == (len(reponses) - 3, len(reponses))


# --- The file -----------------------------------------------------------------------------------------
def test_le_fichier_a_une_ligne_par_ecole_et_rien_ne_s_y_execute(client, monde, suivie, maintenant):
    client.force_login(monde.rectorat)
    reponse = client.get(reverse("campagne_export", args=[suivie.pk]))
    contenu = reponse.getvalue().decode()
    assert reponse["Content-Type"] == "text/csv; charset=utf-8"
    assert reponse["Content-Disposition"] == (f'attachment; filename="campagne-{suivie.annee_scolaire}-exemple.csv"')
    assert contenu.startswith("\ufeff")
    signe, fin = f"{timezone.localdate(maintenant):%d/%m/%Y}", f"{suivie.date_cloture:%d/%m/%Y}"
    college, commune = "Collège", "Saint-Exemple"
    assert list(csv.reader(io.StringIO(contenu[1:]), delimiter=";")) == [
        [
            *("Établissement", "UAI", "Type", "Commune", "District", "Courriel", "Diagnostic", "Réponses", "Questions"),
            *("Version signée", "Signé le", "Dernier jour pour signer"),
        ],
        ["Collège du Test", "0980001U", college, commune, "District 1", "", "Brouillon", "2", "82", "", "", fin],
        ["Collège lointain", "0980003W", college, commune, "District 2", "", "Rouvert", "82", "82", "1", signe, fin],
        ["Collège voisin", "0980002V", college, commune, "District 1", "", "Signé", "", "", "1", signe, fin],
        [
            *("École Neuve", "0980020P", college, "'=1+1", "", "neuve@exemple.invalid", "À commencer", "", "", "", ""),
            fin,
        ],
    ]


def test_le_fichier_suit_les_filtres(client, monde, suivie):
    client.force_login(monde.rectorat)
    reponse = client.get(reverse("campagne_export", args=[suivie.pk]), {"etat": "a_commencer", "q": "neuve"})
    assert [ligne.split(";")[0] for ligne in reponse.getvalue().decode()[1:].splitlines()] == [
        "Établissement",
        "École Neuve",
    ]


def test_la_campagne_d_ailleurs_n_existe_pas(client, monde, referentiel):
    campagne = ouvrir_campagne(
        academie=monde.autre_academie,
        annee_scolaire="2026-2027",
        referentiel=referentiel,
        date_ouverture=datetime.date(2026, 9, 15),
        date_cloture=datetime.date(2026, 12, 18),
        auteur=None,
    )
    for nom in ("campagne", "campagne_export", "campagne_modifier", "campagne_prolonger"):
        adresse = reverse(nom, args=[campagne.pk])
        vus = []
        for qui in ("rectorat", "rectorat_ailleurs", "chef", "animatrice"):
            client.force_login(getattr(monde, qui))
            vus.append(client.get(adresse).status_code)
        assert (nom, vus) == (nom, [404, 200, 403, 403])
