"""The eight attacks on the anonymity of the survey (61 to 68), mounted: why each fails is said by the model `enquete`.

First what is published, by whoever reads it; then what the server writes, by whoever has its database or its disk.
"""

import datetime
import json
import logging
import re
import uuid
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from fractions import Fraction
from functools import partial
from hashlib import sha256
from itertools import combinations, pairwise, product
from random import Random
from typing import NamedTuple

import pytest
from django.core import mail
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.bindings import crypto_box_SEALBYTES

from diagnostic import urls
from diagnostic.domain.anonymat import Participation, participation, publier
from diagnostic.domain.bulletins import TAILLE, Bulletin, Groupe
from diagnostic.domain.codes import ALPHABET, LONGUEUR_DU_COUPON, empreinte_du_coupon
from diagnostic.domain.depouillement import depouiller
from diagnostic.domain.enquetes import ReglagesEnquete, changer_les_dates, ouvrir_enquete, tirer_coupons
from diagnostic.domain.urne import Depot, deposer, depouiller_enquete
from diagnostic.models import BulletinScelle, Enquete, Expression
from diagnostic.queries.enquetes import porte_au_code
from diagnostic.queries.questions_equipes import questions_des_equipes
from diagnostic.queries.territoire import Releve, Releves, composer
from strategie.socle.domain.empechement import Empeche
from tests.client import ClientSimple, ClientStrict
from tests.diagnostic.auditeur import (
    Combinaisons,
    Monde,
    Publie,
    ajouter,
    certitudes,
    lire_item,
    naivement,
    recenser,
    retrouves,
    valeur_de,
)
from tests.diagnostic.courses import ensemble
from tests.diagnostic.releves import cherche, colonnes, differences, le_disque, relever_la_base, sans_jetons
from tests.enquetes import porte_de, un_bulletin, une_enquete, une_enquete_depouillee

GROUPES = tuple(Groupe)
TAILLE_SCELLEE = TAILLE + crypto_box_SEALBYTES
K = 5


# --- 61: over time --------------------------------------------------------------------------------------
def test_61_lire_apres_chaque_reponse_n_apprend_rien_de_plus_que_le_passage_de_k_reponses():
    """Five thousand schools, each page read after each ballot."""
    alea = Random(61)
    for _ in range(5000):
        invites, k = alea.randint(5, 120), alea.randint(3, 10)
        vus: list[Participation] = []
        dernier = 0
        for recus in range(min(invites + 10, 70)):
            vu = participation(recus, invites, k)
            if vus and vu != vus[-1]:
                assert recus - dernier >= k, "what is displayed moved for fewer than k people"
                dernier = recus
            assert recus >= k or vu == Participation(k, atteint=False, taux=None, depasse=False)
            assert vu.taux is None or vu.taux % 5 == 0
            vus.append(vu)


def test_61_l_attaquant_ne_devine_ni_le_groupe_ni_la_reponse_mieux_qu_au_hasard():
    """He notes what is displayed before and after each ballot, and learns from half of the schools what it tells.

    Then he guesses the group and the answer of each ballot of the other half: his advantage is what he guesses better
    than by always saying the commonest.
    """
    alea = Random(2026)
    lecons: dict[object, Counter[object]] = defaultdict(Counter)
    priori: Counter[object] = Counter()
    devines = Counter()
    for ecole in range(4000):
        recus = Counter(alea.choices(GROUPES[:3], (5, 2, 1), k=1))
        for rang in range(alea.randint(6, 30)):
            secret = (*alea.choices(GROUPES[:3], (5, 2, 1)), *alea.choices(range(6), (1, 1, 2, 3, 4, 2)))
            recus[secret[0]] += 1
            vu = (participation(rang, 30, K), participation(rang + 1, 30, K))
            if ecole % 2:
                lecons[vu][secret] += 1
                priori[secret] += 1
            else:
                devines["total"] += 1
                devines["lu"] += lecons[vu].most_common(1)[0][0] == secret if lecons[vu] else 0
                devines["priori"] += bool(priori) and priori.most_common(1)[0][0] == secret
    assert abs(devines["lu"] - devines["priori"]) / devines["total"] <= 0.01


# --- 62: by subtraction ----------------------------------------------------------------------------------
QUESTIONS = {
    "items": [
        {"numero": 1, "enonces": dict.fromkeys(GROUPES, "…")},
        {"numero": 2, "enonces": dict.fromkeys(GROUPES[:3], "…")},
        {"numero": 3, "enonces": {Groupe.ENSEIGNANTS: "…", Groupe.PARENTS: "…"}},  # not put to everybody
    ],
    "propres": [],
    "formation": [],
}
NUMEROS = (1, 2, 3)
INVITES = dict.fromkeys(map(str, GROUPES), 40)


def une_ecole(alea: Random, tailles: dict[Groupe, int]) -> list[Bulletin]:
    """Some questions divide people, others do not: both what is shown and what is held back happen."""
    poids = {numero: alea.choice([(1, 1, 1, 1, 1, 1), (1, 0, 0, 1, 6, 6), (0, 2, 0, 9, 1, 0)]) for numero in NUMEROS}
    return [
        Bulletin(groupe, {numero: alea.choices(range(6), poids[numero])[0] for numero in NUMEROS})
        for groupe, nombre in tailles.items()
        for _ in range(nombre)
    ]


def auditer(ecoles: dict[str, list[Bulletin]], *, naif: bool = False) -> list[object]:
    """Every number published of a district, and the sums of its schools; what an attacker gets out of them."""
    trouves: list[object] = []
    contenus = {nom: depouiller(bulletins, QUESTIONS, INVITES, K)[0] for nom, bulletins in ecoles.items()}
    for item in QUESTIONS["items"]:
        atomes, publies = {}, []
        for nom, bulletins in ecoles.items():
            siens = recenser(nom, bulletins, item["numero"], INVITES)
            atomes |= siens
            publies += (
                naivement(nom, siens, K) if naif else lire_item(nom, contenus[nom], item["numero"], item["enonces"])
            )
        publies.append(ajouter(publies))
        # What the auditor believes to be published is what was published.
        assert [publie.valeur for publie in publies] == [valeur_de(publie.forme, atomes) for publie in publies]
        trouves += retrouves(publies, atomes, K)
    return trouves


def un_district(graine: int) -> dict[str, list[Bulletin]]:
    alea = Random(graine)
    return {
        f"école {rang:02}": une_ecole(
            alea, {groupe: alea.choice((alea.randint(3, 4), *[alea.randint(3, 40)] * 3)) for groupe in GROUPES}
        )
        for rang in range(12)
    }


@pytest.mark.parametrize("graine", range(8))
def test_62_douze_ecoles_aucune_combinaison_ne_donne_un_groupe_sous_k(graine):
    district = un_district(graine)
    personnes = Counter((nom, b.groupe) for nom, bulletins in district.items() for b in bulletins)
    assert sum(nombre < K for nombre in personnes.values()) >= 10, "there is something to find"
    assert auditer(district) == []
    assert auditer(district, naif=True) != [], "hiding the small groups and giving the total"


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.lists(st.tuples(*[st.integers(0, 9)] * 5), min_size=1, max_size=3))
def test_62_quelles_que_soient_les_tailles(graine, ecoles):
    alea = Random(graine)
    assert (
        auditer(
            {
                f"école {rang}": une_ecole(alea, dict(zip(GROUPES, tailles, strict=True)))
                for rang, tailles in enumerate(ecoles)
            }
        )
        == []
    )


def test_62_l_auditeur_sait_trouver():
    """By hand: 12 and 3 people; « 12 » and « 15 » are published, and 15 − 12 = 3. Then two schools, 4 people in all."""
    tailles = {Groupe.ENSEIGNANTS: 12, Groupe.VIE_SCOLAIRE: 3}
    bulletins = une_ecole(Random(1), tailles)
    atomes = recenser("A", bulletins, 1, tailles)
    naifs = naivement("A", atomes, K)
    assert {atome[:2] for trouve in retrouves(naifs, atomes, K) for atome in trouve} == {("A", "vie_scolaire")}
    assert retrouves(naifs[:6], atomes, K) == [], "the total alone gives nobody"

    deux = atomes | recenser("B", une_ecole(Random(2), {Groupe.PARENTS: 1}), 1, [Groupe.PARENTS])
    ensemble = {atome: 1 for atome in deux if atome[1] != Groupe.ENSEIGNANTS}
    trouves = retrouves([Publie(ensemble, valeur_de(ensemble, deux))], deux, K)
    assert [{atome[:2] for atome in trouve} for trouve in trouves] == [{("A", "vie_scolaire"), ("B", "parents")}]


def test_62_le_territoire_lu_apres_chaque_depouillement_ne_donne_pas_moins_de_cinq_ecoles():
    """An académie where schools are counted one after the other; every figure of every day is kept and combined.

    The mean of a school is a power of two here, so that a figure says which schools are in it.
    """
    champ = next(iter(questions_des_equipes()["champs"]))
    for graine in range(20):
        alea = Random(graine)
        ecoles = [(f"{rang:02}", str(alea.randrange(3))) for rang in range(alea.randint(10, 17))]
        lus: set[int] = set()
        for jour in range(len(ecoles) + 1):
            comptees = {
                ecole: Releve(district, Fraction(2 ** int(ecole)), Fraction(0), approche=False)
                for ecole, district in ecoles[:jour]
            }
            releves = Releves(champs={champ: comptees}, souhaits={})
            territoire = composer(None, "", noms={"0": "A", "1": "B", "2": "C"}, participations={}, releves=releves)
            champs = [c for partie in (territoire, *territoire.parts) for c in partie.champs if c.resume]
            lus |= {int(c.resume.moyenne * c.resume.etablissements) for c in champs}
        formes = [{(ecole, "", 0): 1 for ecole, _ in ecoles if lu >> int(ecole) & 1} for lu in lus]
        assert any(len(forme) < len(ecoles) for forme in formes), "something is shown before the end"
        combinaisons = Combinaisons(formes)
        for nombre in range(1, 5):
            for groupe in combinations([ecole for ecole, _ in ecoles], nombre):
                assert {(ecole, "", 0): 1 for ecole in groupe} not in combinaisons


# --- 63: unanimity -----------------------------------------------------------------------------------------
def comme_publie(monde: Monde, options: int, *, echelle: bool = True) -> object:
    comptes = {
        str(rang): ([part.count(valeur) for valeur in range(1, options + 1)], part.count(0))
        for rang, part in enumerate(monde)
    }
    publication = publier(comptes, K, distinguer=echelle, echelle=echelle)
    return publication.total, tuple((publication.parts or {}).values())


@pytest.mark.parametrize(
    ("tailles", "valeurs"),
    [
        *(((nombre,), range(6)) for nombre in (5, 7, 9)),
        ((11,), range(1, 6)),
        ((5, 6), range(1, 6)),
        ((5, 5), (0, 1, 3, 4, 5)),
        ((5, 11), (1, 3, 5)),
        ((7, 8), (1, 3, 4)),
        ((5, 5, 5), (1, 3, 5)),
    ],
)
def test_63_chacun_garde_deux_reponses_possibles_meme_pour_un_collegue(tailles, valeurs):
    """Every way to answer is tried: whatever is published, and whoever reads, nobody else's answer is certain."""
    publications, trouves = certitudes(tailles, valeurs, lambda monde: comme_publie(monde, 5))
    assert trouves == []
    assert publications > 20, "something is published"


@pytest.mark.parametrize(("nombre", "options"), [(5, 2), (7, 2), (9, 3), (10, 2), (12, 3), (10, 5)])
def test_63_ni_aux_questions_de_l_ecole(nombre, options):
    _, trouves = certitudes((nombre,), range(options + 1), lambda monde: comme_publie(monde, options, echelle=False))
    assert trouves == []


@pytest.mark.parametrize("nombre", [5, 6, 7, 8, 12])
def test_63_ni_aux_souhaits_de_formation(nombre):
    def publication(monde: Monde) -> object:
        bulletins = [Bulletin(Groupe.ENSEIGNANTS, {}, formation=frozenset(range(veut))) for veut in monde[0]]
        questions = {"items": [], "propres": [], "formation": ["Un thème"]}
        formation = depouiller(bulletins, questions, {"enseignants": 20}, K)[0]["formation"]
        return formation and formation["effectifs"][0]

    publications, trouves = certitudes((nombre,), range(2), publication)
    assert trouves == []
    assert publications == (1 if nombre < 7 else nombre - 5), "seven answers at least, then: under five, five, six…"


def test_63_l_auditeur_sait_trouver():
    """Exact figures tell a colleague what the five others said, and a band of « all but one » too."""
    _, exacts = certitudes((6,), range(1, 6), lambda monde: tuple(monde[0]))
    assert len({publie for publie, *_ in exacts}) == 5 + 20, "all six alike, or five alike and one other"

    def bande_trop_precise(monde: Monde) -> object:
        plus, nombre = Counter(monde[0]).most_common(1)[0]
        return plus if nombre >= 5 else monde

    _, trouves = certitudes((6,), range(1, 3), bande_trop_precise)
    assert trouves == [(1, ((0, 2),), 0, {1}), (2, ((0, 1),), 0, {2})], "whoever said otherwise knows all the others"


def test_63_trois_collegues_qui_s_entendent_en_savent_davantage():
    """What is left, and is said: three people of a small group who tell each other what they answered."""
    _, trouves = certitudes((5,), (1, 5), lambda monde: comme_publie(monde, 5), complices=3)
    assert trouves != []


# --- 61 and 64, on the pages ------------------------------------------------------------------------------
ROLES = ("chef", "gestionnaire", "lectrice", "animatrice", "rectorat", "voisin")
# Their figures are the survey's settings; laying them out takes a second each.
SANS_CHIFFRE = {"enquete_affiche"}


def adresses(enquete: Enquete) -> list[str]:
    """Every page about surveys, and those that say how a school is doing."""
    uai = enquete.etablissement.uai
    d_une_ecole = (*urls.enquetes_d_un_etablissement, *urls.comparaisons_d_un_etablissement)
    toutes = [reverse("etablissements"), reverse("etablissement", args=[uai])]
    for page in (page for page in (*d_une_ecole, *urls.enquetes_d_un_territoire) if page.name not in SANS_CHIFFRE):
        parametres = {"uai": uai, "cle": enquete.pk} if "cle" in page.pattern.converters else {"uai": uai}
        toutes.append(reverse(page.name, kwargs=parametres if page in d_une_ecole else {}))
    return toutes


def tout_lire(personne, adresses: Sequence[str]) -> dict[str, tuple[int, str]]:
    client = ClientSimple()
    client.force_login(personne)
    reponses = {adresse: client.get(adresse) for adresse in adresses}
    return {adresse: (r.status_code, sans_jetons(r.getvalue())) for adresse, r in reponses.items()}


def formulaire(enquete: Enquete, code: str, **champs: str) -> dict[str, str]:
    """What a phone sends: every question put to the group."""
    groupe = champs.get("groupe", "enseignants")
    numeros = [item["numero"] for item in enquete.questions["items"] if groupe in item["enonces"]]
    envoi = {"code": code, "groupe": groupe, "cle": uuid.uuid4().hex, "items": ".".join(map(str, numeros))}
    return envoi | {f"q-{numero}": "4" for numero in numeros} | champs


def voter(client, enquete: Enquete, code: str = "", **champs: str):
    reponse = client.post(reverse("enquete_envoyer"), formulaire(enquete, code or enquete.code, **champs))
    assert (reponse.status_code, reponse.headers["Location"]) == (303, reverse("enquete_merci"))
    return reponse


def test_61_64_aucune_page_ne_bouge_avant_que_k_personnes_aient_repondu(client, monde, maintenant):
    """Each role reads the survey's page after each ballot, and some read every page: none says that somebody answered,
    nor who; results are nowhere."""
    enquete = une_enquete(monde.college, monde.chef, maintenant)
    liste, suivi = (
        reverse("enquetes", args=[monde.college.uai]),
        reverse("enquete", args=[monde.college.uai, enquete.pk]),
    )
    lire = partial(tout_lire, adresses=(liste, suivi))
    lectures = [{role: lire(getattr(monde, role)) for role in ROLES}]
    vide = [tout_lire(personne, adresses(enquete)) for personne in (monde.chef, monde.rectorat)]
    assert {lecture[suivi][0] for lecture in lectures[0].values()} == {200, 403, 404}
    alea = Random(64)
    for recus in range(1, 12):
        voter(client, enquete, groupe=alea.choice(GROUPES[:3]), texte="Un mot" * (recus % 2))
        lectures.append({role: lire(getattr(monde, role)) for role in ROLES})
        if recus in (4, 11):
            plein = [tout_lire(personne, adresses(enquete)) for personne in (monde.chef, monde.rectorat)]
            changees = {a for lu, relu in zip(vide, plein, strict=True) for a in lu if lu[a] != relu[a]}
            assert changees <= (set() if recus == 4 else {liste, suivi})
            for nom in ("enquete_resultats", "enquete_pdf", "enquete_export", "enquete_expressions"):
                lues = [lecture[reverse(nom, args=[monde.college.uai, enquete.pk])] for lecture in plein]
                assert {statut for statut, _ in lues} <= {302, 403, 404, 409}
                assert not any("Un mot" in corps for _, corps in lues)
    for role in ROLES:
        changements = [recus for recus in range(1, 12) if lectures[recus][role] != lectures[recus - 1][role]]
        assert changements in ([5, 10], []), role
    dits = ["Au moins 5\u00a0personnes ont répondu" in lecture["chef"][suivi][1] for lecture in lectures]
    assert dits == [False] * 5 + [True] * 7


def test_64_un_coupon_qui_a_servi_et_un_neuf_recoivent_la_meme_reponse(client, monde, maintenant, caplog):
    """Same bytes but the code itself, same queries; used again, it is thanked again. Nobody is written to."""
    caplog.set_level(logging.DEBUG, logger="django.request")
    enquete = une_enquete(monde.college, monde.chef, maintenant, acces="coupons")
    code, neuf, autre = des_coupons(enquete, monde, 3)
    avant = relever_la_base()["diagnostic_coupon"]
    premier = voter(client, enquete, code)
    assert relever_la_base()["diagnostic_coupon"] == avant, "rows of slips are where and as they were"
    for nom in ("enquete_entree", "enquete_questions"):
        servi, pas_servi = (
            client.post(reverse(nom), {"code": lettres, "groupe": "enseignants"}) for lettres in (code, neuf)
        )
        assert servi.status_code == 200
        assert servi.requetes == pas_servi.requetes
        assert servi.headers.items() == pas_servi.headers.items()
        pages = [sans_tirage(reponse, lettres) for reponse, lettres in ((servi, code), (pas_servi, neuf))]
        assert pages[0] == pages[1]
    encore, nouveau = (voter(client, enquete, lettres, groupe="vie_scolaire") for lettres in (code, autre))
    for reponse in (encore, nouveau):
        assert (reponse.content, reponse.requetes) == (premier.content, premier.requetes)
        assert reponse.headers.items() == premier.headers.items()
    assert BulletinScelle.objects.count() == 2
    assert (mail.outbox, [ligne.getMessage() for ligne in caplog.records if "enquete" in ligne.getMessage()]) == (
        [],
        [],
    )


def sans_tirage(reponse, code: str) -> str:
    return re.sub(r"[0-9a-f]{32}", "…", sans_jetons(reponse.content)).replace(code, "CODE")


def des_coupons(enquete: Enquete, monde, nombre: int) -> list[str]:
    return tirer_coupons(enquete=enquete, nombre=nombre, secours=False, auteur=monde.chef, maintenant=timezone.now())


# --- 65: the database's administrator ------------------------------------------------------------------------
def test_65_les_colonnes_du_bulletin_et_du_coupon_sont_celles_ci(db):
    """Whoever adds one has to think about it here."""
    assert colonnes("diagnostic_bulletinscelle") == {"enquete_id": "bigint", "marque": "bytea", "scelle": "bytea"}
    assert colonnes("diagnostic_coupon") == {"empreinte": "character varying", "enquete_id": "bigint"}
    assert set(colonnes("diagnostic_expression")) == {"cle", "enquete_id", "texte", "masquee"}
    secretes = ("diagnostic_bulletinscelle", "diagnostic_coupon", "diagnostic_expression")
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgrelid::regclass::text = ANY(%s)",
            [list(secretes)],
        )
        assert curseur.fetchone() == (0,), "neither history nor any other trigger"
        curseur.execute("SELECT count(*) FROM pg_class WHERE relkind = 'S' AND relname ~ 'bulletin|coupon|expression'")
        assert curseur.fetchone() == (0,), "no number is given in order"
        curseur.execute(
            "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND confrelid::regclass::text = ANY(%s)",
            [list(secretes)],
        )
        assert curseur.fetchone() == (0,), "nothing points to them"
    assert not {"sel", "cle_publique", "code"} & set(colonnes("diagnostic_enqueteevent"))


@pytest.mark.django_db(transaction=True)
def test_65_donner_un_bulletin_n_ecrit_qu_une_ligne_et_rien_n_est_lisible(monde):
    """Through the page itself. The row of the survey only says that a transaction looked at it, as all do."""
    tables_neuves()
    client = ClientStrict()
    enquete = une_enquete(monde.college, monde.chef, timezone.now(), acces="coupons")
    codes = des_coupons(enquete, monde, 4)
    voter(client, enquete, codes[0], texte="Le premier mot")
    with le_disque() as disque:
        debut, avant = disque.position(), relever_la_base()
        voter(client, enquete, codes[1], texte="Unmotquinesertqu'ici", groupe="aesh_agents")
        apres = relever_la_base()
        voter(client, enquete, codes[2], groupe="vie_scolaire", **{"q-3": "0"})
        fin = disque.position()
        ecrits, bruts = disque.enregistrements(debut, fin), disque.octets_bruts(debut, fin)
    change = differences(avant, apres)
    assert set(change) == {"diagnostic_bulletinscelle", "diagnostic_enquete"}
    assert [len(lignes) for lignes in change["diagnostic_bulletinscelle"]] == [0, 1]
    ((place, etait),), ((meme_place, est),) = change["diagnostic_enquete"]
    assert place == meme_place
    assert (etait.split(" ")[0], etait.split("(")[1]) == (est.split(" ")[0], est.split("(")[1]), "only xmax"

    transactions = list(dict.fromkeys(ecrit.transaction for ecrit in ecrits if ecrit.transaction != HORS_TRANSACTION))
    longs, courts = ([e.description for e in ecrits if e.transaction == transaction] for transaction in transactions)
    assert longs == courts, "two ballots that differ are logged alike"
    marques = [bytes(bulletin.marque) for bulletin in BulletinScelle.objects.all()]
    assert {len(bytes(b.scelle)) for b in BulletinScelle.objects.all()} == {TAILLE_SCELLEE}
    journal = b"".join(ecrit.octets for ecrit in ecrits)
    assert sum(marque in journal for marque in marques) == 2, "the log is read where the ballots are"
    clairs = [b"Unmotquinesertqu'ici", *(code.encode() for code in codes), b'{"g":', b'"r":{', b"aesh_agents"]
    assert cherche(clairs, journal) == []
    assert cherche(clairs[:5], bruts) == [], "nor on the disk"
    base = str(relever_la_base()).encode()
    assert cherche(clairs[:5], base) == []
    assert cherche([sha256(code.encode()).hexdigest().encode() for code in codes], base) == []


def test_65_ni_coupon_ni_bulletin_ni_expression_ne_se_relient(monde, maintenant, monkeypatch):
    """Somebody has the printed sheet, and every table before and after the counting, but not the server's secret.

    He sets the rows in every order that he can see side by side.
    """
    tables_neuves()
    alea = Random(65)
    invites = {Groupe.ENSEIGNANTS: 250}
    enquete = une_enquete(monde.college, monde.chef, maintenant, acces="coupons", invites=invites)
    codes = des_coupons(enquete, monde, 250)
    arrivee = alea.sample(codes, 200)
    for rang, code in enumerate(arrivee):
        bulletin = un_bulletin(valeur=1 + rang % 5, texte=f"Texte {rang:03}")
        assert deposer(porte=porte_au_code(code), secret=code, bulletin=bulletin) is Depot.RECU
    coupons, bulletins = des_tables("diagnostic_coupon"), des_tables("diagnostic_bulletinscelle")
    assert len({ligne[2] for ligne in coupons}) == 250

    # What can be worked out of a code without the secret is nowhere in a ballot.
    vus = {bytes(octets) for ligne in bulletins for octets in ligne[2:4] if not isinstance(octets, int)}
    for code in codes:
        essais = (code, empreinte_du_coupon(code), "paliers.coupon" + code, "paliers.marques" + code)
        assert not {sha256(essai.encode()).digest() for essai in essais} & vus

    # No order of the slips (printed, on the disk, of their fingerprints) is that of the ballots (on the disk, where
    # they lie as they came, and of their marks).
    par_empreinte = {empreinte_du_coupon(code): code for code in arrivee}
    ordres_des_coupons = [
        [code for code in codes if code in set(arrivee)],
        [par_empreinte[ligne[2]] for ligne in coupons if ligne[2] in par_empreinte],
        [par_empreinte[empreinte] for empreinte in sorted(par_empreinte)],
    ]
    marques = [bytes(ligne[2]) for ligne in bulletins]
    ordres_des_bulletins = [arrivee, [code for _, code in sorted(zip(marques, arrivee, strict=True))]]
    for des_coupons_vus, des_bulletins_vus in product(ordres_des_coupons, ordres_des_bulletins):
        assert not se_reconnaissent(des_coupons_vus, des_bulletins_vus)

    def depouiller_sous_les_yeux(sortis: Sequence[Bulletin], *suite: object) -> object:
        contenu, textes = depouiller(sortis, *suite)
        etapes.extend(([bulletin.texte for bulletin in sortis], textes))
        return contenu, textes

    etapes: list[list[str]] = []
    monkeypatch.setattr("diagnostic.domain.urne.depouiller", depouiller_sous_les_yeux)
    depouiller_enquete(enquete=enquete, maintenant=enquete.resultats_a_partir_de)
    assert (des_tables("diagnostic_coupon"), des_tables("diagnostic_bulletinscelle")) == ([], [])
    ecrits = [f"Texte {rang:03}" for rang in range(200)]
    sortis, tires = etapes
    gardes = [ligne[-1] for ligne in des_tables("diagnostic_expression")]
    montres = list(Expression.objects.values_list("texte", flat=True))
    assert not se_reconnaissent(sortis, ecrits), "ballots leave the urn in the order in which they came"
    assert not se_reconnaissent(tires, sortis), "texts are kept in the order of the ballots"
    for ordre in (gardes, montres):
        assert not se_reconnaissent(ordre, ecrits)
        assert not se_reconnaissent(ordre, sortis)
    assert not se_reconnaissent(montres, gardes), "texts are shown as they lie on the disk"
    base = str(relever_la_base()).encode()
    assert cherche([bytes(enquete.sel).hex().encode(), *(code.encode() for code in codes)], base) == []


HORS_TRANSACTION = "0"  # what the server does of itself
SUITE_PAR_CHANCE, VOISINS_PAR_CHANCE = 40, 8  # of two hundred: by chance 25 and 1; more, once in a million times


def se_reconnaissent(un_ordre: Sequence[str], autre: Sequence[str]) -> bool:
    """Whether enough of one order is left in the other, read from either end, for one to tell something of the other.

    Places tell nothing: one row moved shifts all those after it. What is left is a run of rows that come one after the
    other in both, and rows that are neighbours in both.
    """
    place = {element: rang for rang, element in enumerate(autre)}
    rangs = [place[element] for element in un_ordre]
    assert sorted(rangs) == list(range(len(autre))), "the two orders are of the same things"
    return any(
        plus_longue_suite(lus) > SUITE_PAR_CHANCE or voisins(lus) > VOISINS_PAR_CHANCE for lus in (rangs, rangs[::-1])
    )


def plus_longue_suite(rangs: Sequence[int]) -> int:
    """How many ranks, at most, can be kept so that they rise (patience sorting)."""
    piles: list[int] = []
    for rang in rangs:
        piles[(ou := bisect_left(piles, rang)) : ou + 1] = [rang]
    return len(piles)


def voisins(rangs: Sequence[int]) -> int:
    return sum(suivant == rang + 1 for rang, suivant in pairwise(rangs))


A_LA_SUITE = [f"Texte {rang:03}" for rang in range(200)]
PAQUETS = [A_LA_SUITE[debut : debut + 10] for debut in range(0, 200, 10)]


@pytest.mark.parametrize(
    "ordre",
    [
        A_LA_SUITE,
        A_LA_SUITE[::-1],
        [*A_LA_SUITE[1:], A_LA_SUITE[0]],
        [*A_LA_SUITE[-2::-1], A_LA_SUITE[-1]],
        [*A_LA_SUITE[3:150], *A_LA_SUITE[:3], *A_LA_SUITE[150:]],
        sorted(A_LA_SUITE, key=lambda texte: int(texte[-1]) % 5),
        [texte for paquet in Random(65).sample(PAQUETS, 20) for texte in paquet],
        [texte for paquet in PAQUETS for texte in Random(65).sample(paquet, 10)],
    ],
    ids=["même", "renversé", "décalé", "renversé et décalé", "trois déplacés", "par sorte", "paquets", "par paquets"],
)
def test_65_l_auditeur_sait_trouver(ordre):
    """« Par sorte »: as they come among the ballots of one answer out of five."""
    assert se_reconnaissent(ordre, A_LA_SUITE)
    assert se_reconnaissent(A_LA_SUITE, ordre)


def test_65_l_auditeur_ne_trouve_rien_au_hasard():
    alea = Random(65)
    assert not any(se_reconnaissent(alea.sample(A_LA_SUITE, 200), A_LA_SUITE) for _ in range(1000))


def tables_neuves() -> None:
    """Rows lie as they come only where none has been: the room of dead ones is given again."""
    with connection.cursor() as curseur:
        curseur.execute("TRUNCATE diagnostic_bulletinscelle, diagnostic_coupon, diagnostic_expression")


def des_tables(table: str) -> list[tuple]:
    """The rows as they lie on the disk: place, transaction, then their columns.

    `ORDER BY ctid` alone would order by the text of the first column, where (0,10) comes before (0,2).
    """
    suite = {"diagnostic_coupon": "empreinte", "diagnostic_bulletinscelle": "marque, scelle"}
    with connection.cursor() as curseur:
        curseur.execute(
            f"SELECT ctid::text, xmin::text, {suite.get(table, 'texte')} FROM {table} ORDER BY {table}.ctid"  # noqa: S608
        )
        return curseur.fetchall()


# --- 66: stuffing --------------------------------------------------------------------------------------------
def test_66_personne_ne_devine_un_coupon():
    assert len(set(ALPHABET)) ** LONGUEUR_DU_COUPON >= 2**128


@pytest.mark.django_db(transaction=True)
def test_66_mille_envois_du_meme_coupon_par_huit_fils_font_un_bulletin_et_la_meme_page(monde):
    enquete = une_enquete(monde.college, monde.chef, timezone.now(), acces="coupons")
    code = des_coupons(enquete, monde, 1)[0]

    def envoyer() -> list[tuple[object, ...]]:
        client = ClientSimple()
        return [
            (reponse.status_code, tuple(sorted(reponse.headers.items())), reponse.content)
            for rang in range(125)
            for reponse in [client.post("/enquete/envoyer/", formulaire(enquete, code, **{"q-1": str(rang % 5)}))]
        ]

    recues = [reponse for fil in ensemble(*[envoyer] * 8) for reponse in fil]
    assert (len(recues), len(set(recues)), recues[0][0]) == (1000, 1, 303)
    assert BulletinScelle.objects.count() == 1
    contenu = json.loads(depouiller_enquete(enquete=enquete, maintenant=enquete.resultats_a_partir_de).contenu)
    assert contenu["familles"][0]["reponses"] is None, "one answer: nothing is shown of it"


def test_66_le_coupon_d_une_autre_enquete_ne_compte_que_dans_la_sienne(client, monde, maintenant):
    ici = une_enquete(monde.college, monde.chef, maintenant, acces="coupons")
    ailleurs = une_enquete(monde.voisin_college, monde.voisin, maintenant, acces="coupons", forme="pouls")
    (code,) = des_coupons(ailleurs, monde, 1)
    reponse = client.post(reverse("enquete_envoyer"), formulaire(ici, code))  # the page of one, the slip of the other
    assert (reponse.status_code, BulletinScelle.objects.count()) == (422, 0)
    voter(client, ailleurs, code)
    assert (ici.bulletins.count(), ailleurs.bulletins.count()) == (0, 1)


# --- 67: free texts ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("reponses", "gardes"), [(9, 0), (10, 10)])
def test_67_les_textes_ne_sont_gardes_qu_a_partir_de_dix_reponses(monde, maintenant, reponses, gardes):
    enquete = une_enquete(monde.college, monde.chef, maintenant)
    porte = porte_de(enquete)
    for rang in range(reponses):
        bulletin = un_bulletin(valeur=1 + rang % 5, texte=f"Texte {rang}")
        deposer(porte=porte, secret=uuid.uuid4().hex, bulletin=bulletin)
    resultat = depouiller_enquete(enquete=enquete, maintenant=enquete.resultats_a_partir_de)
    assert json.loads(resultat.contenu)["textes"] == Expression.objects.count() == gardes
    assert "Texte" not in resultat.contenu
    assert cherche([b"Texte "], str(relever_la_base()).encode()) == ([b"Texte "] if gardes else [])
    assert len({expression.cle for expression in Expression.objects.all()}) == gardes
    assert all(expression.cle.version == 4 for expression in Expression.objects.all())


# --- 68: traffic ---------------------------------------------------------------------------------------------
def test_68_tous_les_bulletins_ont_la_meme_taille_et_la_meme_reponse(client, monde, maintenant):
    enquete = une_enquete(monde.college, monde.chef, maintenant)
    envois = [{}, {"texte": "é" * 400}, {"q-1": "0", "groupe": "aesh_agents"}, {"texte": "mot", "f": "1"}]
    reponses = [voter(client, enquete, **envoi) for envoi in envois]
    assert len({(reponse.content, str(sorted(reponse.headers.items()))) for reponse in reponses}) == 1
    assert {len(bytes(b.scelle)) for b in BulletinScelle.objects.all()} == {TAILLE_SCELLEE}
    assert BulletinScelle.objects.count() == 4
    assert len({client.get(reverse("enquete_merci")).content for _ in range(4)}) == 1


# --- Two surveys that differ by one person --------------------------------------------------------------------
@contextmanager
def un_monde_possible() -> Iterator[None]:
    """What is done inside leaves nothing."""
    with suppress(Refaire), transaction.atomic():
        yield
        raise Refaire


class Refaire(Exception):
    pass


class Personne(NamedTuple):
    reponses: dict[int, int]
    texte: str


SECRET_DE_LA_PERSONNE = "c" * 32
MONDES = {
    "absente": None,
    "d'un avis": Personne({1: 1, 2: 5, 3: 2}, "Un avis"),
    "d'un autre": Personne({1: 5, 2: 2}, "Un autre"),
}


def test_deux_enquetes_qui_different_d_une_personne(client, monde, maintenant):
    """While it is open, nothing differs but her sealed ballot. Afterwards, only sums over five people or more."""
    enquete = une_enquete(monde.college, monde.chef, maintenant)
    alea, valeurs = Random(2), (1, 2, 3, 4, 4, 5, 5)
    autres = [
        Bulletin(
            (Groupe.ENSEIGNANTS, Groupe.VIE_SCOLAIRE)[rang % 3 == 2],
            {numero: alea.choice(valeurs) for numero in range(1, 21)},
            texte=f"Texte {rang}",
        )
        for rang in range(16)
    ]
    for rang, bulletin in enumerate(autres):
        deposer(porte=porte_de(enquete), secret=f"{rang:032x}", bulletin=bulletin)
    bases, pages, contenus, textes = {}, {}, {}, {}
    for nom, personne in MONDES.items():
        with un_monde_possible():
            if personne:
                reponses = {f"q-{numero}": str(personne.reponses.get(numero, 3)) for numero in range(1, 21)}
                voter(client, enquete, cle=SECRET_DE_LA_PERSONNE, texte=personne.texte, **reponses)
            bases[nom] = relever_la_base(lignes_systeme=False)
            pages[nom] = [tout_lire(getattr(monde, role), adresses(enquete)) for role in ("chef", "rectorat")]
            resultat = depouiller_enquete(enquete=enquete, maintenant=enquete.resultats_a_partir_de)
            contenus[nom] = json.loads(resultat.contenu)
            textes[nom] = set(Expression.objects.values_list("texte", flat=True))

    assert pages["absente"] == pages["d'un avis"] == pages["d'un autre"]
    for nom in ("d'un avis", "d'un autre"):
        ((rien, sien),) = [differences(bases["absente"], bases[nom])["diagnostic_bulletinscelle"]]
        assert set(differences(bases["absente"], bases[nom])) == {"diagnostic_bulletinscelle"}
        assert (len(rien), len(sien)) == (0, 1)
    absente = set(bases["absente"]["diagnostic_bulletinscelle"].values())
    scelles = [
        (set(bases[nom]["diagnostic_bulletinscelle"].values()) - absente).pop() for nom in ("d'un avis", "d'un autre")
    ]
    (marque, scelle, numero), (autre_marque, autre_scelle, autre_numero) = (ligne.split(",") for ligne in scelles)
    assert (marque, numero) == (autre_marque, autre_numero)
    assert scelle != autre_scelle
    assert len(scelles[0]) == len(scelles[1])

    un, autre = contenus["d'un avis"], contenus["d'un autre"]
    assert {cle for cle in un if un[cle] != autre[cle]} == {"items"}
    assert [famille["reponses"] for famille in un["familles"]] == [17]
    for publication in (p for contenu in (un, autre) for item in contenu["items"] for p in item["familles"].values()):
        montres = [publication["total"], *(publication["parts"] or {}).values()]
        assert all(chiffres is None or chiffres["n"] >= K for chiffres in montres)
    assert textes["d'un avis"] - textes["d'un autre"] == {"Un avis"}
    assert textes["d'un autre"] - textes["d'un avis"] == {"Un autre"}

    # Whoever sees one of the two only cannot tell what she answered: had she and a colleague answered the other way
    # round, the same would be published.
    avis = MONDES["d'un avis"].reponses
    elle = Bulletin(Groupe.ENSEIGNANTS, {numero: avis.get(numero, 3) for numero in range(1, 21)}, texte="Un avis")
    for numero in range(1, 21):
        possibles = {elle.reponses[numero]}
        for collegue in (b for b in autres if b.groupe is Groupe.ENSEIGNANTS):
            echanges = [b for b in autres if b is not collegue]
            echanges += [avec(collegue, numero, elle.reponses[numero]), avec(elle, numero, collegue.reponses[numero])]
            contenu, _ = depouiller(echanges, enquete.questions, enquete.invites, enquete.seuil)
            if json.loads(json.dumps(contenu["items"])) == un["items"]:
                possibles.add(collegue.reponses[numero])
        assert len(possibles) >= 2, numero


def avec(bulletin: Bulletin, numero: int, valeur: int) -> Bulletin:
    return replace(bulletin, reponses={**bulletin.reponses, numero: valeur})


def test_deux_enquetes_d_une_ecole_sont_a_deux_mois_l_une_de_l_autre(monde, maintenant):
    """So that the two worlds of the test above are never published side by side; moving the dates does not help."""
    premiere = une_enquete_depouillee(monde.college, monde.chef, maintenant, il_y_a=60)
    for jours, refusee in ((60, True), (61, False)):
        ouverture = premiere.date_cloture + datetime.timedelta(days=jours)
        reglages = ReglagesEnquete("pouls", "lien", ouverture, ouverture, {Groupe.ENSEIGNANTS: 30})
        ouvre = partial(
            ouvrir_enquete,
            etablissement=monde.college,
            reglages=reglages,
            seuil=5,
            cle=uuid.uuid4(),
            auteur=monde.chef,
            maintenant=maintenant,
        )
        if refusee:
            with pytest.raises(Empeche, match="Laissez 60 jours entre deux"):
                ouvre()
    seconde = ouvre()
    with pytest.raises(Empeche, match="Laissez 60 jours entre deux"):
        changer_les_dates(
            enquete=seconde,
            date_ouverture=ouverture - datetime.timedelta(days=1),
            date_cloture=ouverture,
            auteur=monde.chef,
            maintenant=maintenant,
        )
