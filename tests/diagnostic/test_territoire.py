"""What surveys say of an académie: figures redone by hand, five schools at least, nothing by subtraction."""

import csv
import datetime
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from diagnostic.domain.bulletins import Groupe
from diagnostic.domain.enquetes import QuestionPropre
from diagnostic.domain.territoire import ouvrir_la_comparaison
from diagnostic.domain.urne import depouiller_enquete
from diagnostic.models import Enquete
from diagnostic.queries.questions_equipes import questions_des_equipes
from diagnostic.queries.territoire import (
    Participation,
    Releve,
    Releves,
    SouhaitsReleves,
    Territoire,
    composer,
    par_lots,
    territoire_de,
)
from strategie.socle.domain.calendrier import annee_precedente, annee_scolaire
from strategie.socle.droits import Role
from strategie.socle.models import Academie, Etablissement
from tests.enquetes import remplir, une_enquete, une_enquete_depouillee
from tests.personnages import affecter, un_etablissement

ANNEE = "2026-2027"
ENSEIGNANTS = {Groupe.ENSEIGNANTS: 30}
# Of five teachers: means 3, 3.4, 2.6, 3.2 and 3.2; shares of 4 and 5: 2, 3, 2, 2 and 3 out of 5.
CINQ = ([1, 2, 3, 4, 5], [2, 2, 4, 4, 5], [1, 1, 2, 4, 5], [1, 3, 5, 5, 2], [2, 4, 4, 5, 1])


def adresse(**demande: str) -> str:
    return reverse("enquetes_territoire", query=demande or None)


def mots(reponse) -> str:
    return " ".join(html.fromstring(reponse.content.decode()).text_content().split())


# --- What is published, pure ----------------------------------------------------------------------------------
def territoire(ecoles: Sequence[str], *, sans: Mapping[str, Iterable[int]] | None = None) -> Territoire:
    """`ecoles`: the district of each school, in the order of countings; `sans`: the schools that show nothing of a
    champ. The mean of school i is 2**i, so that a sum says which schools are in it.
    """
    champs: dict[str, dict[int, Releve]] = defaultdict(dict)
    for champ in ("PIL", "FOR"):
        for rang, district in enumerate(ecoles):
            if rang not in (sans or {}).get(champ, ()):
                champs[champ][rang] = Releve(district, Fraction(2**rang), Fraction(1, 2), approche=False)
    districts = sorted(set(ecoles))
    return composer(
        Academie(nom="Exemple"),
        ANNEE,
        noms={district: f"District {district}" for district in districts},
        participations={district: Participation(20, ecoles.count(district)) for district in districts},
        releves=Releves(champs=champs, souhaits={}),
    )


def publies(lu: Territoire, champ: str = "PIL") -> list[set[int]]:
    """Of each published figure of a champ, the schools that it is made of: the whole, then the parts."""
    ensembles = []
    for champs in (lu.champs, *(part.champs for part in lu.parts)):
        resume = next(c.resume for c in champs if c.code == champ)
        somme = int(resume.moyenne * resume.etablissements) if resume else 0
        ensembles.append({rang for rang in range(somme.bit_length()) if somme >> rang & 1})
        assert resume is None or len(ensembles[-1]) == resume.etablissements
    return ensembles


def atomes(ensembles: Iterable[set[int]]) -> list[int]:
    """How many schools no published figure tells apart: whatever one adds or takes away is made of these."""
    ensembles = list(ensembles)
    signatures = defaultdict(int)
    for ecole in set().union(*ensembles):
        signatures[tuple(ecole in ensemble for ensemble in ensembles)] += 1
    return sorted(signatures.values())


def test_a_quatre_rien_a_cinq_tout():
    quatre, cinq = territoire("AAAA"), territoire("AAAAA")
    assert (quatre.montres, quatre.parts, quatre.phrases) == ((), (), ())
    assert quatre.participation == Participation(20, 4)
    assert publies(cinq) == [{0, 1, 2, 3, 4}]
    assert [champ.code for champ in cinq.montres] == ["PIL", "FOR"]


def test_un_district_de_quatre_et_un_de_huit_ne_se_distinguent_pas():
    lu = territoire("ABBABBABBABB")
    assert lu.parts == ()
    assert publies(lu) == [set(range(10))]  # two lots of five; the two last wait
    assert lu.participation == Participation(40, 12)


def test_les_petits_districts_se_reunissent():
    lu = territoire("AAAAABBBCCCDDDDDDD")
    assert [(part.libelle, part.participation) for part in lu.parts] == [
        ("District A", Participation(20, 5)),
        ("District D", Participation(20, 7)),
        ("District B + District C", Participation(40, 6)),
    ]
    assert publies(lu) == [
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15},
        {0, 1, 2, 3, 4},
        {11, 12, 13, 14, 15},
        {5, 6, 7, 8, 9},
    ]


def test_un_champ_que_peu_d_ecoles_montrent_ne_se_soustrait_pas():
    lu = territoire("AAAAAABBBBBB", sans={"FOR": (0, 1)})
    assert publies(lu, "PIL") == [{0, 1, 2, 3, 4, 6, 7, 8, 9, 10}, {0, 1, 2, 3, 4}, {6, 7, 8, 9, 10}]
    assert publies(lu, "FOR") == [{6, 7, 8, 9, 10}, set(), {6, 7, 8, 9, 10}]
    [part, _] = lu.parts
    assert [(c.moyenne, c.part_accord) for c in part.champs if c.code == "FOR"] == [("", "")]


def test_aucune_soustraction_n_isole_moins_de_cinq_ecoles_ni_d_un_jour_a_l_autre():
    debut = "AAAAABBBBBBCCCDD"  # A and B stand alone, C and D together
    jours = [debut + suite for suite in ("", "A", "AB", "ABB", "ABBAB", "ABBABAAA", "ABBABAAABB", "ABBABAAABBAB")]
    lus = [territoire(jour, sans={"FOR": (0, 7, 11)}) for jour in jours]
    assert {tuple(part.noms for part in lu.parts) for lu in lus} == {
        (("District A",), ("District B",), ("District C", "District D"))
    }
    for champ in ("PIL", "FOR"):
        ensembles = [ensemble for lu in lus for ensemble in publies(lu, champ) if ensemble]
        assert min(atomes(ensembles)) >= 5, champ
    assert len({frozenset(publies(lu)[0]) for lu in lus}) > 1


@pytest.mark.parametrize(("nombre", "entrent"), [(0, 0), (4, 0), (5, 5), (9, 5), (10, 10)])
def test_par_lots_de_cinq(nombre, entrent):
    assert list(par_lots(range(nombre))) == list(range(entrent))


def test_les_souhaits_s_additionnent_par_lots():
    releves = {
        "Un thème": [SouhaitsReleves(5 + rang, 20) for rang in range(7)],
        "Un autre": [SouhaitsReleves(9, 9)] * 4,
    }
    lu = composer(
        Academie(nom="Exemple"),
        ANNEE,
        noms={"A": "District A"},
        participations={"A": Participation(9, 7)},
        releves=Releves(champs={}, souhaits=releves),
    )
    [souhait] = lu.souhaits
    assert (souhait.theme, souhait.personnes, souhait.reponses, souhait.etablissements) == ("Un thème", 35, 100, 5)


def test_les_mots_ne_commentent_pas_une_petite_difference():
    def phrases(pil: Fraction, fo: Fraction) -> tuple[str, ...]:
        champs = {
            code: {rang: Releve("A", moyenne, Fraction(1, 2), approche=False) for rang in range(5)}
            for code, moyenne in (("PIL", pil), ("FOR", fo))
        }
        return composer(
            Academie(nom="Exemple"),
            ANNEE,
            noms={"A": "District A"},
            participations={"A": Participation(9, 5)},
            releves=Releves(champs=champs, souhaits={}),
        ).phrases

    assert phrases(Fraction(3), Fraction(16, 5)) == (
        "Aucun champ ne se détache\u00a0: de 3,0 à 3,2 sur\u00a05 en moyenne.",
    )
    assert phrases(Fraction(3), Fraction(33, 10)) == (
        "Le champ le mieux perçu par les équipes est «\u00a0Formation\u00a0»\u00a0: 3,3 sur\u00a05 en moyenne, "
        "50\u00a0% d'accord, 5 établissements.",
        "Le moins bien perçu est «\u00a0Pilotage, impulsion et organisation\u00a0»\u00a0: 3,0 sur\u00a05 en moyenne, "
        "50\u00a0% d'accord, 5 établissements.",
    )


# --- From the frozen results ----------------------------------------------------------------------------------
def des_colleges(monde, nombre: int, district=None) -> list[Etablissement]:
    deja = Etablissement.objects.filter(departement=monde.college.departement).count()
    return [
        un_etablissement(
            f"098{deja + rang + 1000:04d}A", f"Collège {rang}", monde.college.departement, district=district
        )
        for rang in range(nombre)
    ]


def depouillees(monde, ecoles: Iterable[Etablissement], reponses: Iterable[Sequence[int]], **options) -> list[Enquete]:
    maintenant = options.pop("maintenant", timezone.now())
    return [
        une_enquete_depouillee(
            ecole, monde.chef, maintenant, {Groupe.ENSEIGNANTS: valeurs}, invites=ENSEIGNANTS, il_y_a=30, **options
        )
        for ecole, valeurs in zip(ecoles, reponses, strict=False)
    ]


@pytest.fixture
def cinq(monde) -> list[Enquete]:
    """Five schools of the académie, two of them in the first district."""
    ecoles = [monde.college, monde.voisin_college, monde.lointain, *des_colleges(monde, 2, monde.autre_district)]
    return depouillees(monde, ecoles, CINQ)


@pytest.fixture
def rectorat(client, monde):
    client.force_login(monde.rectorat)
    return client


def test_les_chiffres_a_la_main(monde, cinq):
    lu = territoire_de(monde.academie, cinq[0].annee_scolaire)
    assert lu.participation == Participation(5, 5)
    assert [(c.code, c.resume.moyenne, c.resume.part_accord, c.resume.etablissements) for c in lu.montres] == [
        (code, Fraction(77, 25), Fraction(12, 25), 5) for code in ("PIL", "FOR", "RES", "PED", "INF", "EQU")
    ]
    assert (lu.champs[0].moyenne, lu.champs[0].part_accord) == ("3,1", "48\u00a0%")
    assert (lu.parts, lu.souhaits) == ((), ())


def test_seules_comptent_les_equipes_la_premiere_fois_et_ici(monde, cinq):
    annee = cinq[0].annee_scolaire
    attendu = territoire_de(monde.academie, annee).champs
    ailleurs = un_etablissement("0970009H", "Ailleurs", monde.ailleurs.departement)
    depouillees(monde, [ailleurs], [[5, 5, 5, 1, 1]])
    ouverte = une_enquete(des_colleges(monde, 1)[0], monde.chef, timezone.now(), invites=ENSEIGNANTS)
    remplir(ouverte, {Groupe.ENSEIGNANTS: [1] * 6})
    jadis = timezone.localdate() - datetime.timedelta(days=90)
    Enquete.objects.filter(pk=cinq[1].pk).update(date_ouverture=jadis, date_cloture=jadis)
    une_enquete_depouillee(  # a second survey of a school, and parents in it
        monde.voisin_college,
        monde.chef,
        timezone.now(),
        {Groupe.ENSEIGNANTS: [1] * 9, Groupe.PARENTS: [1] * 9},
        il_y_a=20,
        forme="pouls",
        invites={Groupe.ENSEIGNANTS: 30, Groupe.PARENTS: 30},
    )
    lu = territoire_de(monde.academie, annee)
    assert lu.champs == attendu
    assert lu.participation == Participation(6, 5)
    assert territoire_de(monde.academie, annee_precedente(annee)).montres == ()


def test_le_pouls_compte_les_questions_propres_jamais_une_bande_est_approchee(monde):
    propre = QuestionPropre(enonce="Le lundi vous convient-il ?", type="echelle")
    ecoles = [monde.college, monde.voisin_college, monde.lointain, *des_colleges(monde, 2)]
    reponses = [[4, 4, 5, 5, 5, 5, 4], *[[1, 2, 3, 4, 5]] * 4]
    premiere, *_ = [
        une_enquete_depouillee(
            ecole,
            monde.chef,
            timezone.now(),
            {Groupe.ENSEIGNANTS: valeurs},
            invites=ENSEIGNANTS,
            il_y_a=30,
            forme="pouls",
            propres=(propre,),
        )
        for ecole, valeurs in zip(ecoles, reponses, strict=True)
    ]
    lu = territoire_de(monde.academie, premiere.annee_scolaire)
    assert [champ.code for champ in lu.montres] == ["PIL", "FOR", "RES", "PED", "INF", "EQU"]
    assert {(c.resume.moyenne, c.resume.part_accord) for c in lu.montres} == {
        (Fraction(9, 2) / 5 + Fraction(12, 5), Fraction(9, 50) + Fraction(8, 25))
    }
    assert lu.champs[0].moyenne == "≈\u00a03,3"


def test_les_souhaits_de_formation_en_nombre_de_personnes(monde):
    ecoles = [monde.college, monde.voisin_college, monde.lointain, *des_colleges(monde, 2)]
    for rang, ecole in enumerate(ecoles):
        enquete = une_enquete(
            ecole, monde.chef, timezone.now() - datetime.timedelta(days=30), invites=ENSEIGNANTS, jours=14
        )
        remplir(enquete, {Groupe.ENSEIGNANTS: [1, 2, 3, 4, 5] + [3] * rang}, formation=frozenset({0}))
        remplir(enquete, {Groupe.ENSEIGNANTS: [1, 2, 4, 5]}, formation=frozenset({2} if rang else {2, 3}))
        depouiller_enquete(enquete=enquete, maintenant=timezone.now())
    [souhait] = territoire_de(monde.academie, enquete.annee_scolaire).souhaits
    # 5, 6, 7, 8 and 9 wish for the first theme; fewer than five, in each school, for the others.
    assert (souhait.personnes, souhait.reponses, souhait.etablissements) == (35, 55, 5)
    assert souhait.theme == questions_des_equipes()["formation"][0]


# --- The page ---------------------------------------------------------------------------------------------------
def test_la_page_et_le_fichier_disent_les_memes_chiffres(rectorat, monde, cinq):
    annee = cinq[0].annee_scolaire
    reponse = rectorat.get(adresse(annee=annee))
    page = html.fromstring(reponse.content.decode())
    assert "Une enquête a été dépouillée dans 5 établissements sur 5." in mots(reponse)
    [ligne] = page.xpath("//section[@aria-labelledby='champs']//tbody/tr[th='Formation']")
    assert [" ".join(case.text_content().split()) for case in ligne] == ["Formation", "3,1", "48 %", "5 sur 5"]
    assert "Les territoires ne se montrent pas séparément" in mots(reponse)
    [lien] = page.xpath("//a[contains(., 'CSV')]/@href")
    fichier = rectorat.get(lien)
    lignes = list(csv.reader(io.StringIO(b"".join(fichier.streaming_content).decode("utf-8-sig")), delimiter=";"))
    assert len(lignes) == 7
    assert lignes[2] == ["Académie\u00a0: Exemple", "5", "5", "Formation", "", "5", "3,1", "48\u00a0%", "", ""]


def test_a_quatre_etablissements_la_page_ne_dit_que_la_participation(rectorat, monde):
    enquetes = depouillees(monde, [monde.college, monde.voisin_college, monde.lointain, *des_colleges(monde, 1)], CINQ)
    reponse = rectorat.get(adresse(annee=enquetes[0].annee_scolaire))
    assert "Une enquête a été dépouillée dans 4 établissements sur 4." in mots(reponse)
    assert "Moins de 5 établissements ont des résultats à montrer" in mots(reponse)
    assert html.fromstring(reponse.content.decode()).xpath("//table | //a[contains(., 'CSV')]") == []


def test_les_districts_et_le_nombre_de_requetes(rectorat, monde, cinq):
    annee = cinq[0].annee_scolaire
    sans_districts = len(rectorat.get(adresse(annee=annee)).requetes)
    depouillees(monde, des_colleges(monde, 3, monde.district), [[1, 2, 3, 4, 5]] * 3)
    depouillees(monde, des_colleges(monde, 2, monde.autre_district), [[2, 2, 4, 4, 5]] * 2)
    reponse = rectorat.get(adresse(annee=annee))
    page = html.fromstring(reponse.content.decode())
    lignes = page.xpath("//section[@aria-labelledby='districts']//tbody/tr")
    assert [[" ".join(" ".join(case.itertext()).split()) for case in ligne[:3]] for ligne in lignes] == [
        ["District 1", "5 sur 5", "3,1 44 % (5)"],  # 3, 3.4, 3, 3 and 3; 2, 3, 2, 2 and 2 out of 5
        ["District 2", "5 sur 5", "3,2 52 % (5)"],  # 2.6, 3.2, 3.2, 3.4 and 3.4; 2, 2, 3, 3 and 3
    ]
    assert len(reponse.requetes) == sans_districts <= 10


def test_qui_lit_le_territoire(client, monde, cinq):
    annee = cinq[0].annee_scolaire
    for qui in (monde.chef, monde.lectrice, monde.animatrice, monde.collectivite_agent, monde.technique):
        client.force_login(qui)
        assert client.get(adresse()).status_code == 403, qui
        assert client.get(reverse("enquetes_territoire_export")).status_code == 403
    client.force_login(monde.rectorat_ailleurs)
    reponse = client.get(adresse())
    assert "0 établissement sur 1." in mots(reponse)
    assert client.get(adresse(academie=monde.academie.code, annee=annee)).status_code == 404
    export = reverse("enquetes_territoire_export", query={"academie": monde.academie.code})
    assert client.get(export).status_code == 404


def test_deux_academies_une_a_la_fois(rectorat, monde, cinq):
    affecter(monde.rectorat, Role.RECTORAT, academie=monde.autre_academie)
    annee = cinq[0].annee_scolaire
    premiere = html.fromstring(rectorat.get(adresse(annee=annee)).content.decode())
    assert premiere.xpath("//nav[@aria-label='Académies']//a/text()") == ["Ailleurs", "Exemple"]
    assert premiere.xpath("//nav[@aria-label='Académies']//a[@aria-current]/text()") == ["Ailleurs"]
    assert premiere.xpath("//section[@aria-labelledby='champs']") == []
    seconde = rectorat.get(adresse(academie=monde.academie.code, annee=annee))
    assert "5 établissements sur 5" in mots(seconde)


def test_une_annee_inconnue_n_existe_pas(rectorat, monde):
    cette_annee = annee_scolaire(timezone.localdate(timezone=monde.academie.zone))
    assert "0 établissement sur 3" in mots(rectorat.get(adresse(annee=cette_annee)))
    for annee in (annee_precedente(cette_annee), "2026", "'--"):
        assert rectorat.get(adresse(annee=annee)).status_code == 404
    assert rectorat.get(reverse("etablissements")).content.decode().count(f'href="{adresse()}"') == 1


# --- Opening the comparison ---------------------------------------------------------------------------------------
def test_l_academie_ouvre_et_ferme_la_comparaison(rectorat, monde):
    for voulu, ouverte, fait in (
        ("oui", True, "La comparaison avec des établissements semblables est ouverte à chaque établissement."),
        ("oui", True, "La comparaison avec des établissements semblables est ouverte à chaque établissement."),
        ("non", False, "La comparaison avec des établissements semblables est fermée."),
    ):
        envoi = {"academie": monde.academie.code, "ouverte": voulu}
        reponse = rectorat.post(reverse("comparaison_ouverte"), envoi, follow=True)
        assert reponse.redirect_chain == [(adresse(academie=monde.academie.code) + "#comparaison", 302)]
        assert fait in mots(reponse)
        monde.academie.refresh_from_db()
        assert monde.academie.compare_les_semblables is ouverte
        bouton = "Fermer la comparaison" if ouverte else "Ouvrir la comparaison"
        assert bouton in mots(reponse)
    monde.autre_academie.refresh_from_db()
    assert monde.autre_academie.compare_les_semblables is False


def test_seul_son_rectorat_l_ouvre(client, monde):
    envoi = {"academie": monde.academie.code, "ouverte": "oui"}
    statuts = []
    for qui in (monde.chef, monde.animatrice, monde.rectorat_ailleurs):
        client.force_login(qui)
        statuts.append(client.post(reverse("comparaison_ouverte"), envoi).status_code)
    assert statuts == [403, 403, 404]
    assert client.get(reverse("comparaison_ouverte")).status_code == 405
    monde.academie.refresh_from_db()
    assert monde.academie.compare_les_semblables is False
    ouvrir_la_comparaison(academie=monde.academie, ouverte=True, auteur=monde.rectorat)
    monde.academie.refresh_from_db()
    assert monde.academie.compare_les_semblables is True
