"""A budget that comes in from a file: refused by name, never doubled, and the second time nothing changes."""

import contextlib
import csv
import datetime
import io
import json
import uuid
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from budget.domain.dbm import SaisieDBM, adopter_dbm, creer_dbm
from budget.domain.exercices import clore_exercice
from budget.domain.import_lignes import importer_lignes
from budget.domain.lignes import lire_ligne, modifier_ligne
from budget.interfaces.lecture_de_budget import LectureBudget, deviner, ouvrir_budget, reconnaitre
from budget.models import Exercice, LigneBudget
from strategie.socle.domain.empechement import Empeche
from tests.budget.budgets import un_financement, une_ligne

D = Decimal
REELS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "budget"
OPALE = """Service;Domaine;Activité;Compte;Libellé;Crédits ouverts;Engagé;Mandaté
AP;PEDA;0BUS;06181;Licences pédagogiques;1 234,50;1000;200
ALO;VIAB;0MAI;6156;Maintenance des postes;2 000,00;0;0
OPC;INV;2TAB;2183;Tablettes;10 000,00;;
"""


@pytest.fixture
def annee() -> int:
    return timezone.localdate().year


@pytest.fixture
def importer(monde, tmp_path):
    def importer(contenu: str | bytes, *options: str, nom: str = "budget.csv") -> dict:
        fichier, sortie = tmp_path / nom, io.StringIO()
        fichier.write_bytes(contenu if isinstance(contenu, bytes) else contenu.encode())
        with contextlib.suppress(SystemExit):  # something is refused, nothing is written
            call_command("importer_budget", str(fichier), "--uai", monde.college.uai, "--json", *options, stdout=sortie)
        bilan = json.loads(sortie.getvalue())
        refusees = {refus["ligne"] for refus in bilan["refuses"]}
        if bilan["lus"]:
            assert bilan["lus"] == bilan["crees"] + bilan["modifies"] + bilan["inchanges"] + len(refusees)
        return bilan

    return importer


def comptes(bilan: dict) -> tuple[int, ...]:
    return tuple(bilan[nom] for nom in ("lus", "crees", "modifies", "inchanges"))


def raisons(bilan: dict) -> list[tuple[int, str, str]]:
    return [(refus["ligne"], refus["colonne"], refus["raison"]) for refus in bilan["refuses"]]


def prevu() -> Decimal:
    return LigneBudget.objects.vivants().aggregate(total=Sum("prevu"))["total"] or D("0.00")


# --- Op@le, and any table -------------------------------------------------------------------------------
def test_un_export_d_opale_arrive_avec_ses_codes_puis_ne_change_rien(importer, annee):
    assert comptes(importer(OPALE, "--exercice", str(annee), "--simulation")) == (3, 3, 0, 0)
    assert not LigneBudget.objects.exists() and not Exercice.objects.exists()
    assert comptes(importer(OPALE, "--exercice", str(annee))) == (3, 3, 0, 0)
    assert comptes(importer(OPALE, "--exercice", str(annee))) == (3, 0, 0, 3)
    assert prevu() == D("13234.50")
    licences = LigneBudget.objects.get(activite="0BUS")
    dites = ("exercice", "annee_scolaire", "intitule", "section", "levier", "service", "compte", "payeur", "reference")
    assert [getattr(licences, champ) for champ in dites] == [
        annee, f"{annee}-{annee + 1}", "Licences pédagogiques", "fonctionnement", "budget", "AP", "06181", "eple",
        "AP / PEDA / 0BUS / 06181",
    ]  # fmt: skip
    assert (licences.prevu, licences.engage, licences.paye) == (D("1234.50"), D("1000.00"), D("200.00"))
    tablettes = LigneBudget.objects.get(activite="2TAB")
    assert (tablettes.section, tablettes.levier, tablettes.origine) == ("investissement", "equipement", "tableur")


def test_une_correction_importee_deux_fois_ne_double_rien(importer, annee):
    importer(OPALE, "--exercice", str(annee))
    corrige = OPALE.replace("2 000,00;0;0", "2 500,10;300;").replace("Maintenance des postes", "Maintenance")
    assert comptes(importer(corrige, "--exercice", str(annee))) == (3, 0, 1, 2)
    assert comptes(importer(corrige, "--exercice", str(annee))) == (3, 0, 0, 3)
    assert prevu() == D("13734.60") and LigneBudget.objects.count() == 3
    assert LigneBudget.objects.get(activite="0MAI").intitule == "Maintenance"


def test_une_case_vide_n_efface_rien(importer, annee):
    importer(OPALE, "--exercice", str(annee))
    vide = "Service;Domaine;Activité;Compte;Libellé;Crédits ouverts\nAP;PEDA;0BUS;06181;;\n"
    assert comptes(importer(vide, "--exercice", str(annee))) == (1, 0, 0, 1)


def test_deux_encodages_disent_les_memes_lignes(importer, annee):
    assert comptes(importer(OPALE.encode("cp1252"), "--exercice", str(annee))) == (3, 3, 0, 0)
    assert comptes(importer(OPALE.encode("utf-8-sig"), "--exercice", str(annee))) == (3, 0, 0, 3)


def test_les_espaces_autour_d_un_code_ne_font_pas_une_autre_ligne(importer, annee):
    importer(OPALE, "--exercice", str(annee))
    assert comptes(importer(OPALE.replace("0BUS;06181", "0BUS  ; 06181 "), "--exercice", str(annee))) == (3, 0, 0, 3)


def test_une_ligne_ne_change_pas_d_exercice_vers_sa_pareille(importer, monde, annee):
    importer(OPALE, "--exercice", str(annee))
    importer(OPALE, "--exercice", str(annee + 1))
    ligne = LigneBudget.objects.get(exercice=annee, activite="0BUS")
    base = lire_ligne(ligne)
    saisie = replace(base, exercice=annee + 1, annee_scolaire=f"{annee + 1}-{annee + 2}")
    with pytest.raises(Empeche, match="a déjà une ligne de référence"):
        modifier_ligne(ligne=ligne, base=base, saisie=saisie, auteur=monde.chef, maintenant=timezone.now())


# --- What is refused ------------------------------------------------------------------------------------
def test_ce_qui_ne_va_pas_est_dit_par_ligne_et_par_colonne(importer, annee):
    contenu = f"""Référence;Exercice;Année scolaire;Libellé;Service;Prévu;Engagé;Payé;Sens
A;{annee};;Licences;AP;mille euros;;;
B;;;Sans exercice;AP;10;;;
C;{annee};;Négatif;AP;-5;;;
D;{annee};;Trop payé;AP;10;5;6;
E;{annee};;Internat;SRH;10;;;
F;{annee};{annee + 3}-{annee + 4};Plus tard;AP;10;;;
G;{annee};;Subvention;AP;10;;;R
H;1999;;Ancien;AP;10;;;
I;{annee};;;AP;10;;;
J;{annee};;Bonne;AP;10;;;D
K;l'an prochain;;Floue;AP;10;;;
L;{annee};;En capital;OPC;10;;;
"""
    bilan = importer(contenu)
    assert comptes(bilan) == (12, 2, 0, 0)
    lues = {ligne: (colonne, raison) for ligne, colonne, raison in raisons(bilan)}
    attendues = {
        2: ("Prévu", "montant en euros"),
        3: ("Exercice", "ne dit pas son exercice"),
        4: ("Prévu", "positif ou nul"),
        5: ("Payé", "On ne paie pas plus que ce qui est engagé"),
        6: ("Service", "une de ces valeurs"),
        7: ("Année scolaire", "ne touche pas l'exercice"),
        8: ("Sens", "parmi les financements"),
        9: ("Exercice", "n'est pas possible"),
        10: ("Libellé", "Dites en quelques mots"),
        12: ("Exercice", "année civile"),
    }
    assert lues.keys() == attendues.keys()
    for ligne, (colonne, raison) in attendues.items():
        assert lues[ligne][0] == colonne and raison in lues[ligne][1], lues[ligne]
    assert prevu() == D("20.00")


def test_un_exercice_clos_ne_change_plus_et_le_dit(importer, monde, annee):
    importer(OPALE, "--exercice", str(annee))
    clore_exercice(etablissement=monde.college, annee=annee, auteur=monde.chef, maintenant=timezone.now())
    bilan = importer(OPALE.replace("2 000,00", "9 999,00"), "--exercice", str(annee))
    assert comptes(bilan) == (3, 0, 0, 0)
    assert all("chef d'établissement peut le rouvrir" in raison for _, _, raison in raisons(bilan))
    assert prevu() == D("13234.50")


def test_deux_lignes_de_meme_reference_sont_refusees_toutes_les_deux(importer, annee):
    bilan = importer(f"{OPALE}AP;PEDA;0BUS;06181;Licences encore;1,00;;\n", "--exercice", str(annee))
    assert comptes(bilan) == (4, 2, 0, 0)
    assert [ligne for ligne, _, _ in raisons(bilan)] == [2, 5]
    assert "ligne 5 est la même" in raisons(bilan)[0][2]


def test_de_deux_votes_le_dernier_l_emporte_sans_s_additionner(importer, annee):
    votes = f"""Exercice;Date vote;Activité;Compte;Libellé;Prévu
{annee};14/04/{annee};0BUS;6181;Licences;120,00
{annee};30/01/{annee};0BUS;6181;Licences;100,00
{annee};30/01/{annee};0MAI;6156;Maintenance;50,00
"""
    bilan = importer(votes)
    assert comptes(bilan) == (3, 2, 0, 0) and prevu() == D("170.00")
    assert raisons(bilan) == [
        (3, "Référence", f"le vote du 14/04/{annee} la remplace (ligne 2)\u00a0: elle est laissée.")
    ]
    assert comptes(importer(votes)) == (3, 0, 0, 2) and prevu() == D("170.00")


def test_une_ligne_ne_descend_pas_sous_ce_qui_lui_est_accorde(importer, monde, annee):
    ligne = une_ligne(monde.college, annee, "Tablettes", prevu=D(100))
    un_financement(monde.college, annee, ligne=ligne.pk, demande=D(80), accorde=D(80))
    bilan = importer(f"Référence;Exercice;Intitulé;Prévu\nPALIERS-{ligne.pk};{annee};Tablettes;79,99\n")
    assert comptes(bilan) == (1, 0, 0, 0) and "dépasse le coût" in raisons(bilan)[0][2]
    assert prevu() == D("100.00")


def test_la_reference_d_un_autre_etablissement_n_ouvre_pas_sa_ligne(importer, monde, annee):
    ligne = une_ligne(monde.lointain, annee, "Ailleurs", prevu=D(100)) if monde.lointain.affectations.exists() else None
    cle = ligne.pk if ligne else 999_999
    importer(f"Référence;Exercice;Intitulé;Prévu\nPALIERS-{cle};{annee};Ici;5\n")
    assert list(LigneBudget.objects.filter(etablissement=monde.college).values_list("intitule", "prevu")) == [
        ("Ici", D("5.00"))
    ]


def test_une_ecole_dit_qui_paie(importer, monde, annee):
    monde.college.type = "ecole"
    monde.college.save()
    contenu = f"Exercice;Intitulé;Prévu;Qui paie\n{annee};Tablettes;100;Mairie\n{annee};Formation;50;\n"
    bilan = importer(contenu)
    assert comptes(bilan) == (2, 1, 0, 0)
    assert "dites qui paie" in raisons(bilan)[0][2]
    assert LigneBudget.objects.get().payeur == "commune"


@pytest.mark.parametrize(
    ("contenu", "dit"),
    [
        ("Couleur;Taille\nrouge;12\n", "Aucune colonne ne dit ce qui est payé"),
        ('{"content": {"bios": {"ssn": "A1"}}}', "décrit des machines"),
        ("", "vide"),
    ],
)
def test_un_fichier_qui_n_est_pas_un_budget_le_dit(importer, contenu, dit):
    bilan = importer(contenu)
    assert comptes(bilan) == (0, 0, 0, 0) and dit in raisons(bilan)[0][2]


def test_une_formule_n_est_pas_un_montant(importer, annee):
    classeur, sortie = openpyxl.Workbook(), io.BytesIO()
    for rangee in (["Exercice", "Intitulé", "Prévu"], [annee, "Licences", "=1+1"], [annee, "Postes", 12.5]):
        classeur.active.append(rangee)
    classeur.save(sortie)
    bilan = importer(sortie.getvalue(), nom="budget.xlsx")
    assert comptes(bilan) == (2, 1, 0, 0) and "formule" in raisons(bilan)[0][2]
    assert prevu() == D("12.50")


# --- What leaves comes back without a change -----------------------------------------------------------------
def exporte(client, monde, forme: str, annee: int) -> bytes:
    client.force_login(monde.chef)
    reponse = client.get(reverse(f"budget_{forme}", args=[monde.college.uai]), {"exercice": annee})
    return b"".join(reponse.streaming_content)


@pytest.mark.parametrize("forme", ["xlsx", "csv"])
def test_ce_qui_sort_revient_sans_un_changement(client, importer, monde, annee, forme):
    importer(OPALE, "--exercice", str(annee))
    une_ligne(monde.college, annee, "=1+1", note='+33 ; "entre guillemets"', prevu=D("0.10"), service="AP")
    une_ligne(monde.college, annee, "Posée à l'écran", section="investissement", prevu=D("99999999.99"), payeur="etat")
    fichier = exporte(client, monde, forme, annee)
    assert comptes(importer(fichier, nom=f"budget.{forme}")) == (5, 0, 0, 5)


montants = st.decimals(0, 10**9, places=2)
mots = (
    st.text(
        st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"), exclude_characters="\u2028\u2029"),
        min_size=1,
        max_size=40,
    )
    .map(lambda mot: " ".join(mot.split()))
    .filter(bool)
)


@st.composite
def lignes_de_budget(draw) -> list[dict]:
    return draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "Référence": st.sampled_from([f"R{rang}" for rang in range(12)]),
                    "Exercice": st.sampled_from(["", "2019", "{annee}", "{suivante}", "demain"]),
                    "Intitulé": mots,
                    "Service": st.sampled_from(["", "AP", "VE", "SRH"]),
                    "Prévu": st.one_of(montants.map(str), st.sampled_from(["", "cent", "-1", "12,345"])),
                    "Engagé": st.one_of(st.just(""), montants.map(str)),
                }
            ),
            max_size=15,
        )
    )


def en_csv(lignes: list[dict], annee: int) -> bytes:
    sortie = io.StringIO()
    entetes = ["Référence", "Exercice", "Intitulé", "Service", "Prévu", "Engagé"]
    ecrivain = csv.DictWriter(sortie, entetes, delimiter=";")
    ecrivain.writeheader()
    for ligne in lignes:
        exercice = ligne["Exercice"].format(annee=annee, suivante=annee + 1)
        ecrivain.writerow(ligne | {"Exercice": exercice})
    return sortie.getvalue().encode()


@settings(max_examples=40)
@given(lignes=lignes_de_budget())
def test_n_importe_quelle_table_importee_deux_fois_ne_change_rien(monde, annee, lignes):
    LigneBudget.objects.all().delete()
    contenu = en_csv(lignes, annee)

    def une_fois() -> tuple[int, ...]:
        source = ouvrir_budget(contenu)
        lecture = LectureBudget(source, reconnaitre(source) or deviner(source))
        resultat = importer_lignes(
            etablissement=monde.college, lecture=lecture, auteur=monde.chef, maintenant=timezone.now()
        )
        refusees = {refus.ligne for refus in lecture.dire(resultat.refuses)}
        assert lecture.lus == resultat.crees + resultat.modifies + resultat.inchanges + len(refusees)
        return resultat.crees, resultat.modifies, resultat.inchanges, len(refusees)

    crees, modifies, inchanges, refusees = une_fois()
    assert (modifies, inchanges) == (0, 0) and LigneBudget.objects.count() == crees
    somme = prevu()
    assert une_fois() == (0, 0, crees, refusees)
    assert prevu() == somme


# --- The pages -----------------------------------------------------------------------------------------------
def texte(reponse) -> str:
    return reponse.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def envoyer(client, monde, contenu: str, **champs):
    fichier = SimpleUploadedFile("budget.csv", contenu.encode())
    return client.post(reverse("budget_importer", args=[monde.college.uai]), {"fichier": fichier, **champs})


def test_le_parcours_montre_puis_ecrit_ce_qui_est_montre(client, monde, annee):
    client.force_login(monde.gestionnaire)
    page = client.get(reverse("budget_importer", args=[monde.college.uai]))
    assert "Comment une ligne se reconnaît" in page.content.decode()
    reponse = envoyer(client, monde, OPALE + "AP;PEDA;0XXX;6181;Floue;beaucoup;;\n", exercice=annee)
    assert reponse.status_code == 302 and not LigneBudget.objects.exists()
    verifier = reponse.url
    montre = texte(client.get(verifier))
    for dit in ("3 lignes à ajouter", "1 ligne refusée", "Licences pédagogiques", "Importer sans les lignes refusées"):
        assert dit in montre, dit
    erreurs = b"".join(client.get(f"{verifier}erreurs/").streaming_content).decode()
    assert "beaucoup" in erreurs and "Crédits ouverts" in erreurs
    assert client.post(verifier).url == reverse("budget", args=[monde.college.uai])
    assert prevu() == D("13234.50")
    assert client.post(verifier).status_code == 302 and prevu() == D("13234.50")


def test_ce_qui_a_change_depuis_est_montre_avant_d_etre_ecrit(client, monde, annee):
    client.force_login(monde.chef)
    verifier = envoyer(client, monde, OPALE, exercice=annee).url
    une_ligne(monde.college, annee, "Autre")
    LigneBudget.objects.update(reference="AP / PEDA / 0BUS / 06181")
    reponse = client.post(verifier)
    assert reponse.status_code == 422 and "a changé depuis" in reponse.content.decode()
    assert LigneBudget.objects.count() == 1
    assert client.post(verifier).status_code == 302 and LigneBudget.objects.count() == 3


def test_les_colonnes_d_un_autre_tableau_sont_demandees_puis_retenues(client, monde, annee):
    client.force_login(monde.chef)
    tableau = "Ce qu'on paie;Combien\nLicences;100,10\n"
    colonnes = envoyer(client, monde, tableau, exercice=annee).url
    assert f"exercice={annee}" in colonnes
    page = client.get(colonnes)
    assert f'value="{annee}"' in page.content.decode()
    manque = client.post(colonnes, {"colonne_0": "intitule", "colonne_1": "", "exercice": annee})
    assert manque.status_code == 422 and "Dites quelle colonne dit combien" in texte(manque)
    verifier = client.post(colonnes, {"colonne_0": "intitule", "colonne_1": "prevu", "exercice": annee}).url
    assert "1 ligne à ajouter" in texte(client.get(verifier))
    client.post(verifier)
    assert prevu() == D("100.10")
    # The next file with these headings is not asked again; its exercice is its own.
    suivant = envoyer(client, monde, tableau.replace("100,10", "7"), exercice=annee + 1).url
    assert "colonnes" not in suivant
    client.post(suivant)
    assert prevu() == D("107.10")


def test_une_decision_que_le_fichier_remplace_est_dite(client, importer, monde, annee):
    ligne = une_ligne(monde.college, annee, "Licences", prevu=D(100))
    decision = creer_dbm(
        etablissement=monde.college,
        exercice=annee,
        saisie=SaisieDBM("vote", "Plus de licences"),
        cle=uuid.uuid4(),
        auteur=monde.chef,
        maintenant=timezone.now(),
        mouvements={ligne.pk: D(20)},
    )
    adopter_dbm(
        decision=decision, version=1, adoptee_le=timezone.localdate(), auteur=monde.chef, maintenant=timezone.now()
    )
    client.force_login(monde.chef)
    contenu = f"Référence;Exercice;Service;Compte;Activité;Libellé;Prévu\nPALIERS-{ligne.pk};{annee};;;;Licences;100\n"
    page = texte(client.get(envoyer(client, monde, contenu).url))
    assert "décision modificative adoptée avait changé" in page


# --- Real accounts -------------------------------------------------------------------------------------------
@pytest.mark.skipif(not REELS.is_dir(), reason="the real accounts (../shared/data/budget) are not on this machine")
class TestComptesReels:
    def lire(self, monde, nom: str, cibles: dict[str, str], maintenant: datetime.datetime):
        source = ouvrir_budget(REELS / nom)
        places = {source.entetes.index(entete): cible for entete, cible in cibles.items()}
        lecture = LectureBudget(source, deviner(source).__class__("Tableau", places))
        resultat = importer_lignes(
            etablissement=monde.college, lecture=lecture, auteur=monde.chef, maintenant=maintenant
        )
        refuses = lecture.dire(resultat.refuses)
        lignes = {refus.ligne for refus in refuses}
        assert lecture.lus == resultat.crees + resultat.modifies + resultat.inchanges + len(lignes)
        return lecture, resultat, refuses

    @pytest.mark.parametrize("vote", [2014, 2015])
    def test_la_gironde_arrive_sans_recettes_ni_doubles(self, monde, vote):
        cibles = {
            "Exercice": "exercice", "Date vote": "vote", "Dépense/Recette": "sens", "Article": "compte",
            "Investissement/Fonctionnement": "section", "Rubrique fonctionnelle": "domaine", "Libellé": "intitule",
            "Montant": "prevu",
        }  # fmt: skip
        nom, maintenant = f"gironde_cedi_{vote}_CA.csv.gz", timezone.now()
        _, premier, refuses = self.lire(monde, nom, cibles, maintenant)
        assert premier.crees > 500
        assert not [refus for refus in refuses if "accents" in refus.raison]
        # Padded codes are one: « R01     » is « R01 ».
        assert not LigneBudget.objects.filter(reference__contains="  ").exists()
        somme = prevu()
        _, second, _ = self.lire(monde, nom, cibles, maintenant)
        assert (second.crees, second.modifies, second.inchanges) == (0, 0, premier.crees)
        assert prevu() == somme > 0

    def test_montreuil_arrive_puis_ne_change_rien(self, monde):
        cibles = {
            "Exercice": "exercice", "Nature": "compte", "Fonction": "domaine", "CodRD": "sens", "CredOuv": "prevu",
            "MtReal": "paye",
        }  # fmt: skip
        _, premier, _ = self.lire(monde, "montreuil_ca-2018_lignes.csv", cibles, timezone.now())
        _, second, _ = self.lire(monde, "montreuil_ca-2018_lignes.csv", cibles, timezone.now())
        assert premier.crees > 300
        assert (second.crees, second.modifies, second.inchanges) == (0, 0, premier.crees)
