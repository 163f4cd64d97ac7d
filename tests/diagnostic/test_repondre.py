"""Answering a survey, without account nor trace: what is asked, what is refused, and what is not said."""

import datetime
import logging
import re
from collections.abc import Mapping

import pytest
from django.db import connection
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from lxml import html

from diagnostic.domain import urne
from diagnostic.domain.bulletins import LIBELLES_ECHELLE, Bulletin, Groupe
from diagnostic.domain.designations import designations
from diagnostic.domain.enquetes import QuestionPropre, annuler_enquete, tirer_coupons
from diagnostic.domain.urne import depouiller_enquete
from diagnostic.interfaces.repondre import AUCUNE_REPONSE, AUTRE_PAGE, HORS_LISTE, PAGE_INCOMPLETE
from diagnostic.models import BulletinScelle, Enquete
from diagnostic.rules import PORTE_CLOSE, PORTE_FUTURE, PORTE_INCONNUE, URNE_PLEINE
from strategie.socle.models import Affectation
from strategie.socle.rules import date_en_phrase
from tests.enquetes import remplir, une_enquete, une_enquete_depouillee

ENTREE, QUESTIONS, ENVOYER, MERCI, ANONYMAT = (
    f"/enquete/{suite}" for suite in ("", "questions/", "envoyer/", "merci/", "anonymat/")
)
CLE = "0123456789abcdef" * 2
NOMS = [("Claire", "Petit"), ("Rémi", "Lefèvre-Roux"), ("Thi", "Le"), ("Éloïse", "D'Hondt")]
PROPRES = (
    QuestionPropre("Les tablettes servent-elles ?", "oui_non"),
    QuestionPropre("Quel créneau ?", "choix", ("Midi", "Soir", "Mercredi")),
)


@pytest.fixture
def enquete(monde) -> Enquete:
    return une_enquete(monde.college, monde.chef, timezone.now())


@pytest.fixture
def coupons(monde) -> tuple[Enquete, list[str]]:
    enquete = une_enquete(monde.college, monde.chef, timezone.now(), acces="coupons")
    return enquete, des_coupons(enquete, monde)


def des_coupons(enquete: Enquete, monde) -> list[str]:
    return tirer_coupons(enquete=enquete, nombre=48, secours=False, auteur=monde.chef, maintenant=timezone.now())


def champs(client, code: str, groupe: str = "enseignants") -> dict[str, str]:
    """The hidden fields of the page of questions, as a browser would send them."""
    page = lire(client.post(QUESTIONS, {"code": code, "groupe": groupe}))
    return {entree.get("name"): entree.get("value") for entree in page.xpath("//form//input[@type='hidden']")}


def lire(reponse) -> html.HtmlElement:
    return html.fromstring(reponse.content.decode())


def mots(element) -> str:
    """Its text, spaces brought to one, no-break spaces kept."""
    return re.sub(r"[ \n]+", " ", element.text_content()).strip()


def ecrit(page) -> str:
    """What the text area holds: a browser drops the first line end."""
    return page.xpath("//textarea")[0].text.removeprefix("\n")


def dans_l_urne(enquete: Enquete) -> list[Bulletin]:
    return urne._ouvrir(Enquete.objects.get(pk=enquete.pk))


def sommaire(reponse) -> list[tuple[str | None, str]]:
    """Where each line of the summary of errors leads, and what it says."""
    page = lire(reponse)
    lignes = [(ligne.find("a"), mots(ligne)) for ligne in page.xpath("//*[@id='erreurs']//li")]
    for lien, _ in lignes:
        assert lien is None or page.get_element_by_id(lien.get("href")[1:]) is not None
    return [(lien if lien is None else lien.get("href"), dit) for lien, dit in lignes]


# --- The first screens --------------------------------------------------------------------------------------
def test_l_entree_demande_un_code_et_rien_d_autre(client, db):
    reponse = client.get(ENTREE)
    assert (reponse.status_code, reponse.requetes) == (200, [])
    (champ,) = lire(reponse).xpath("//form//input")
    attendus = {"name": "code", "autocapitalize": "off", "autocomplete": "off", "spellcheck": "false"}
    assert {nom: champ.get(nom) for nom in attendus} == attendus
    assert client.get(f"{ENTREE}?code=ABCDEFGHJKMN").content == reponse.content


def test_avant_de_commencer_dit_ce_qui_est_enregistre(client, enquete):
    reponse = client.post(ENTREE, {"code": f" {enquete.code[:4].lower()}-{enquete.code[4:]} "})
    assert (reponse.status_code, len(reponse.requetes)) == (200, 1)
    texte = mots(lire(reponse).find(".//main"))
    for dit in (
        "Collège du Test vous demande votre avis",
        "Comptez 6 minutes",
        f"{date_en_phrase(enquete.date_cloture)} inclus".replace("\u00a0", " "),
        "ni adresse sur le réseau, ni appareil, ni navigateur, ni cookie",
        "Des chiffres portant sur 5 personnes ou plus, rien d'autre",
        "rien n'empêche de répondre deux fois",
    ):
        assert dit in texte.replace("\u00a0", " "), dit
    boutons = lire(reponse).xpath("//input[@type='radio']")
    assert [bouton.get("value") for bouton in boutons] == ["enseignants", "vie_scolaire", "aesh_agents"]


def test_un_seul_groupe_ne_se_choisit_pas(client, monde):
    enquete = une_enquete(monde.college, monde.chef, timezone.now(), forme="pouls", invites={"vie_scolaire": 9})
    page = lire(client.post(ENTREE, {"code": enquete.code}))
    assert not page.xpath("//input[@type='radio']")
    assert page.xpath("//input[@name='groupe']")[0].get("value") == "vie_scolaire"
    assert "Comptez 3\u00a0minutes" in page.text_content()


@pytest.mark.parametrize("groupe", ["", "parents", "direction", "enseignants "])
@pytest.mark.parametrize("adresse", [QUESTIONS, ENVOYER])
def test_un_groupe_qui_n_est_pas_invite_est_redemande(client, enquete, adresse, groupe):
    reponse = client.post(adresse, {"code": enquete.code, "groupe": groupe})
    assert reponse.status_code == 422
    assert sommaire(reponse) == [("#groupe-enseignants", "Votre groupe\u00a0: Choisissez votre groupe dans la liste.")]


def codes_qui_n_ouvrent_rien(monde) -> dict[str, tuple[int, str]]:
    """Code → what is answered, for every way in which a survey is not open."""
    maintenant, jour = timezone.now(), datetime.timedelta(days=1)
    future = une_enquete(monde.college, monde.chef, maintenant + 3 * jour)
    annulee = une_enquete(monde.voisin_college, monde.chef, maintenant)
    annuler_enquete(enquete=annulee, auteur=monde.chef, maintenant=maintenant)
    passee = une_enquete(monde.lointain, monde.chef, maintenant - 40 * jour)
    depouillee = une_enquete_depouillee(monde.ailleurs, monde.chef, maintenant)
    return {
        future.code: (403, PORTE_FUTURE),
        annulee.code: (410, PORTE_CLOSE),
        passee.code: (410, PORTE_CLOSE),
        depouillee.code: (410, PORTE_CLOSE),
        "ABCDEFGHJKMN": (404, PORTE_INCONNUE),
        "0" * 26: (404, PORTE_INCONNUE),
        "\x00": (404, PORTE_INCONNUE),
        "A" * 100_000: (404, PORTE_INCONNUE),
        "": (404, PORTE_INCONNUE),
    }


def test_ce_qui_n_ouvre_pas_dit_une_phrase_et_rien_de_plus(client, monde, caplog):
    for code, (statut, phrase) in codes_qui_n_ouvrent_rien(monde).items():
        pages = set()
        for adresse in (ENTREE, QUESTIONS, ENVOYER):
            reponse = client.post(adresse, {"code": code, "groupe": "enseignants", "cle": CLE, "q-1": "4"})
            assert (reponse.status_code, len(reponse.requetes) <= 1) == (statut, True), (code[:20], adresse)
            pages.add(reponse.content)
        (page,) = pages
        assert mots(html.fromstring(page.decode()).find(".//main")) == f"{phrase} Saisir un code"
        assert not code or code.encode() not in page
    assert BulletinScelle.objects.count() == 0
    assert caplog.records == []


def test_un_coupon_detruit_n_ouvre_plus_rien(client, coupons):
    enquete, codes = coupons
    plus_tard = timezone.now() + datetime.timedelta(days=40)
    depouiller_enquete(enquete=enquete, maintenant=plus_tard)
    assert client.post(ENTREE, {"code": codes[0]}).status_code == 404


@pytest.mark.parametrize("adresse", [QUESTIONS, ENVOYER])
def test_une_adresse_tapee_repart_du_code(client, db, adresse):
    assert client.get(adresse)["Location"] == ENTREE
    assert client.put(adresse).status_code == 405


def test_les_pages_fixes_ne_dependent_de_personne(client, monde):
    for adresse in (MERCI, ANONYMAT):
        page = client.get(adresse)
        client.force_login(monde.chef)
        assert (page.status_code, page.requetes, client.get(adresse).content) == (200, [], page.content)
        client.logout()
    texte = lire(client.get(ANONYMAT)).text_content().replace("\u00a0", " ")
    for dit in ("secret du serveur et une copie de la base", "80 % et plus", "6 heures", "10 personnes", "5 personnes"):
        assert dit in texte, dit
    with override_settings(SEUIL_ANONYMAT=7, CONTACT="aide@exemple.invalid"):
        texte = lire(client.get(ANONYMAT)).text_content().replace("\u00a0", " ")
    assert "groupe de moins de 7 personnes" in texte
    assert "écrivez à aide@exemple.invalid" in texte


# --- The questions ------------------------------------------------------------------------------------------
def test_toutes_les_questions_sur_une_page(client, monde):
    enquete = une_enquete(monde.college, monde.chef, timezone.now(), propres=PROPRES)
    reponse = client.post(QUESTIONS, {"code": enquete.code, "groupe": "aesh_agents"})
    assert (reponse.status_code, len(reponse.requetes)) == (200, 1)
    page = lire(reponse)
    questions = page.xpath("//fieldset[@data-question]")
    assert len(questions) == 22
    assert len({mots(question.find("legend")) for question in questions}) == 22
    assert [mots(e) for e in questions[0].xpath(".//label")] == [*LIBELLES_ECHELLE, "Sans avis"]
    assert [e.get("value") for e in questions[0].xpath(".//input")] == ["1", "2", "3", "4", "5", "0"]
    assert [mots(e) for e in questions[21].xpath(".//label")] == ["Midi", "Soir", "Mercredi", "Sans avis"]
    assert [mots(titre) for titre in page.xpath("//h2")][-3:] == [
        "Questions de votre établissement",
        "Vos souhaits de formation",
        "Une chose à ajouter",
    ]
    assert len(page.xpath("//input[@name='f']")) == 8
    assert page.xpath("//textarea")[0].get("maxlength") == "400"
    assert not page.xpath("//input[@checked]")


def test_le_pouls_demande_huit_questions_et_les_parents_ne_disent_pas_leurs_formations(client, monde):
    invites = {"enseignants": 20, "parents": 50}
    enquete = une_enquete(
        monde.college, monde.chef, timezone.now(), forme="pouls", invites=invites, propres=PROPRES[:1]
    )
    equipes = lire(client.post(QUESTIONS, {"code": enquete.code, "groupe": "enseignants"}))
    assert len(equipes.xpath("//fieldset[@data-question]")) == 9
    parents = lire(client.post(QUESTIONS, {"code": enquete.code, "groupe": "parents"}))
    noms = [champ.get("name") for champ in parents.xpath("//input[@type='radio' or @name='f']")]
    assert list(dict.fromkeys(noms)) == ["q-3", "q-6", "q-8", "q-11", "q-15", "q-20", "p-1"]  # not their formations


# --- The sending --------------------------------------------------------------------------------------------
def test_un_bulletin_arrive_entier_dans_l_urne(client, monde):
    enquete = une_enquete(monde.college, monde.chef, timezone.now(), propres=PROPRES)
    envoi = champs(client, enquete.code) | {"q-1": "5", "q-2": "0", "q-20": "1", "p-1": "1", "p-2": ""}
    reponse = client.post(
        ENVOYER, envoi | {"f": ["0", "7"], "texte": "  Le\u0301 re\u0000\u202eseau\tlent\r\nsouvent "}
    )
    assert (reponse.status_code, reponse["Location"], reponse.content) == (303, MERCI, b"")
    assert len(reponse.requetes) == 3  # with a text, the names of those it should not carry
    attendu = Bulletin(
        Groupe.ENSEIGNANTS, {1: 5, 2: 0, 20: 1}, {1: 1}, frozenset({0, 7}), "L\u00e9 reseau lent\nsouvent"
    )
    assert dans_l_urne(enquete) == [attendu]


def test_sans_texte_deux_requetes_suffisent(client, enquete):
    reponse = client.post(ENVOYER, champs(client, enquete.code) | {"q-3": "2"})
    assert (reponse.status_code, len(reponse.requetes)) == (303, 2)
    assert dans_l_urne(enquete) == [Bulletin(Groupe.ENSEIGNANTS, {3: 2})]


REFUS = [
    ({"q-21": "4"}, [(None, AUTRE_PAGE)]),
    ({"q-": "4"}, [(None, AUTRE_PAGE)]),
    ({"q-01": "4"}, [(None, AUTRE_PAGE)]),
    ({"p-1": "0"}, [(None, AUTRE_PAGE)]),
    ({"f": ["0", "8"]}, [(None, AUTRE_PAGE)]),
    ({"items": "3.4.6.8.11.15.17.20"}, [(None, AUTRE_PAGE)]),
    ({"items": ""}, [(None, AUTRE_PAGE)]),
    ({"cle": CLE.upper()}, [(None, PAGE_INCOMPLETE)]),
    ({"cle": CLE + "0"}, [(None, PAGE_INCOMPLETE)]),
    ({"cle": ""}, [(None, PAGE_INCOMPLETE)]),
    *(({"q-2": valeur}, [("#q-2-1", HORS_LISTE)]) for valeur in ("6", "-1", "", "4.0", "04", "\u0664", "quatre")),
    ({"texte": "é" * 401}, [("#texte", "Votre texte compte 401 caractères\u00a0: 400 au plus.")]),
    ({"texte": "a" * 100_000}, [("#texte", "Votre texte compte 100\u202f000 caractères\u00a0: 400 au plus.")]),
]


@pytest.mark.parametrize(("change", "erreurs"), REFUS, ids=lambda valeur: str(valeur)[:30])
def test_un_envoi_mal_forme_est_refuse_et_rien_n_est_perdu(client, enquete, change: Mapping[str, object], erreurs):
    saisi = {"q-1": "4", "q-3": "0", "f": ["2"], "texte": "Du réseau & du <b>temps</b>"} | change
    reponse = client.post(ENVOYER, champs(client, enquete.code) | saisi)
    assert (reponse.status_code, BulletinScelle.objects.count()) == (422, 0)
    dits = sommaire(reponse)
    assert [ou for ou, _ in dits] == [ou for ou, _ in erreurs]
    assert all(dit.endswith(phrase) for (_, dit), (_, phrase) in zip(dits, erreurs, strict=True))
    page = lire(reponse)
    coches = {entree.get("id") for entree in page.xpath("//input[@checked]")}
    assert coches >= {"q-1-4", "q-3-0"}
    assert ecrit(page) == saisi["texte"]
    gardes = {entree.get("name"): entree.get("value") for entree in page.xpath("//form//input[@type='hidden']")}
    bons = {"q-1": "4", "texte": "Du réseau"}
    assert client.post(ENVOYER, gardes | bons).status_code == 303
    assert dans_l_urne(enquete) == [Bulletin(Groupe.ENSEIGNANTS, {1: 4}, texte="Du réseau")]


def test_une_question_propre_hors_liste_est_montree_a_sa_place(client, monde):
    enquete = une_enquete(monde.college, monde.chef, timezone.now(), propres=PROPRES)
    reponse = client.post(ENVOYER, champs(client, enquete.code) | {"p-2": "3"})
    assert (reponse.status_code, sommaire(reponse)) == (422, [("#p-2-0", f"Quel créneau ?\u00a0: {HORS_LISTE}")])
    assert mots(lire(reponse).xpath("//*[@id='p-2-erreur']")[0]) == HORS_LISTE


@pytest.mark.parametrize("vide", [{}, {"texte": " \u200b\r\n"}, {"quand_meme": "oui"}])
def test_un_envoi_sans_aucune_reponse_est_refuse(client, enquete, vide):
    reponse = client.post(ENVOYER, champs(client, enquete.code) | vide)
    assert (reponse.status_code, sommaire(reponse)) == (422, [(None, AUCUNE_REPONSE)])
    assert BulletinScelle.objects.count() == 0


def test_un_texte_qui_tient_en_caracteres_et_non_en_octets(client, monde):
    """Five questions of the school's own leave room for any text; the ballot is bounded all the same."""
    enquete = une_enquete(monde.college, monde.chef, timezone.now())
    enquete.questions["propres"] = [
        {"numero": n, "enonce": f"Question {n}\u00a0?", "type": "oui_non", "options": ["Oui", "Non"]}
        for n in range(1, 61)
    ]
    enquete.save(update_fields=["questions"])
    envoi = champs(client, enquete.code) | {f"p-{n}": "1" for n in range(1, 61)} | {"texte": "😀" * 400}
    reponse = client.post(ENVOYER, envoi)
    assert (reponse.status_code, sommaire(reponse)) == (
        422,
        [("#texte", "Votre texte\u00a0: Votre texte prend trop de place\u00a0: raccourcissez-le.")],
    )
    assert BulletinScelle.objects.count() == 0


# --- A text that says who somebody is -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("texte", "trouves"),
    [
        ("Écrire à jean.petit+ent@ac-exemple.fr.", ["jean.petit+ent@ac-exemple.fr", "petit"]),
        ("Appelez le 06 12 34 56 78 ou le +262 692.12.34.56", ["06 12 34 56 78", "+262 692.12.34.56"]),
        ("Au 0612345678, poste 12", ["0612345678"]),
        ("M. Durand, mme Ève et Monsieur Ñu", ["M. Durand", "mme Ève", "Monsieur Ñu"]),
        ("M Durand", ["M Durand"]),
        ("Ｍme Durand", ["Mme Durand"]),
        ("madame la principale, et M. le gestionnaire", []),
        ("LEFEVRE ROUX décide seul", ["LEFEVRE ROUX"]),
        ("remi lefèvre-roux décide seul", ["remi lefèvre-roux"]),
        ("L'avis d'hondt", ["d'hondt"]),
        ("Claire aide, Rémi aussi", ["Claire", "Rémi"]),
        ("La règle n'est pas claire, et le budget petit", ["petit"]),
        ("Le réseau le plus lent", []),
        ("thi le aide", ["thi le"]),
        ("Le 01/09/2026, salle 0102, 400 élèves, 2026-2027", []),
        ("numéro 0a123456789012345678901234567890", []),
        ("petite, appétit, clairement", []),
        ("", []),
    ],
)
def test_ce_qui_designe_quelqu_un_est_vu(texte, trouves):
    assert designations(texte, NOMS) == trouves


def test_un_texte_qui_designe_est_relu_avant_de_partir(client, enquete, monde):
    Affectation.objects.filter(utilisateur=monde.lectrice).update(fin=datetime.date(2020, 12, 1))
    texte = "Gestion dit non à Line Lectrice, Voisin aussi\u00a0: 06 12 34 56 78 <b>"
    envoi = champs(client, enquete.code) | {"q-1": "2", "f": ["3"], "texte": texte}
    reponse = client.post(ENVOYER, envoi)
    assert (reponse.status_code, BulletinScelle.objects.count()) == (422, 0)
    page = lire(reponse)
    cites = [mots(cite) for cite in page.xpath("//*[@id='texte-avis']//bdi")]
    assert cites == ["06 12 34 56 78", "Gestion"]  # neither the school next door nor somebody who has left
    assert ecrit(page) == texte
    assert {entree.get("id") for entree in page.xpath("//input[@checked]")} == {"q-1-2", "f-3"}
    assert [ou for ou, _ in sommaire(reponse)] == ["#texte"]
    confirme = client.post(ENVOYER, envoi | {"quand_meme": "oui"})
    assert (confirme.status_code, len(confirme.requetes)) == (303, 2)
    assert [bulletin.texte for bulletin in dans_l_urne(enquete)] == [texte]


# --- One answer, and nothing that tells ---------------------------------------------------------------------
def test_vingt_envois_d_un_coupon_n_en_font_qu_un(client, coupons):
    enquete, codes = coupons
    envoi = champs(client, codes[0])
    reponses = [client.post(ENVOYER, envoi | {"q-1": str(n % 5 + 1), "cle": f"{n:032x}"}) for n in range(20)]
    assert {(r.status_code, r["Location"], r.content, len(r.requetes)) for r in reponses} == {(303, MERCI, b"", 2)}
    assert [bulletin.reponses for bulletin in dans_l_urne(enquete)] == [{1: 1}]


def test_vingt_envois_d_une_page_n_en_font_qu_un(client, enquete):
    envoi = champs(client, enquete.code) | {"q-1": "3"}
    assert {client.post(ENVOYER, envoi).status_code for _ in range(20)} == {303}
    assert client.post(ENVOYER, envoi | {"cle": CLE}).status_code == 303  # through the link, another page is another
    assert len(dans_l_urne(enquete)) == 2


def test_un_coupon_qui_a_servi_ne_se_distingue_pas(client, coupons, monde):
    _, codes = coupons

    def pages() -> list[tuple[int, int, str]]:
        """Every screen that the slip gives, but for the key drawn for each page."""
        demandes = [(ENTREE, {}), (QUESTIONS, {}), (ENVOYER, {}), (ENVOYER, {"q-9": "9", "items": "x"})]
        reponses = [
            client.post(adresse, {"code": codes[0], "groupe": "enseignants"} | corps) for adresse, corps in demandes
        ]
        return [
            (r.status_code, len(r.requetes), re.sub(r'name="cle" value="[0-9a-f]{32}"', "", r.content.decode()))
            for r in reponses
        ]

    avant = pages()
    assert [statut for statut, _, _ in avant] == [200, 200, 422, 422]
    assert client.post(ENVOYER, champs(client, codes[0]) | {"q-1": "4"}).status_code == 303
    assert pages() == avant


def test_rien_ne_dit_qui_demande(client, enquete, monde):
    """Signed in or not: the same pages, no cookie back, and no look at the session or the account."""
    demandes = [(ENTREE, {"code": enquete.code}), (QUESTIONS, {"code": enquete.code, "groupe": "enseignants"})]
    demandes += [(ENVOYER, champs(client, enquete.code) | {"q-1": "4", "cle": CLE}), (ENVOYER, {"code": enquete.code})]
    pages = []
    for connecte in (False, True):
        if connecte:
            client.force_login(monde.chef)
            client.cookies["apparence"] = "sombre"
        reponses = [client.post(adresse, corps) for adresse, corps in demandes]
        reponses += [client.get(adresse) for adresse in (ENTREE, MERCI, ANONYMAT, "/enquete/inconnue/")]
        for reponse in reponses:
            assert "Set-Cookie" not in str(reponse.serialize_headers())
            assert reponse["Cache-Control"] == "no-store"
            assert not reponse.wsgi_request.session.accessed or reponse.status_code == 404
            assert not any("django_session" in sql or "socle_utilisateur" in sql for sql in reponse.requetes)
        pages.append([(r.status_code, re.sub(r'value="(\w{32}|\w{64})"', "", r.content.decode())) for r in reponses])
    assert pages[0] == pages[1]


def test_l_urne_pleine_et_l_urne_fermee_le_disent(client, enquete):
    envoi = champs(client, enquete.code) | {"q-1": "4"}
    remplir(enquete, {Groupe.ENSEIGNANTS: [3] * (3 * enquete.total_invites)})
    pleine = client.post(ENVOYER, envoi)
    assert (pleine.status_code, mots(lire(pleine).find(".//h1"))) == (409, URNE_PLEINE)
    assert len(dans_l_urne(enquete)) == 144


def test_une_enquete_annulee_pendant_l_envoi_est_close(client, enquete, monde, caplog):
    """The survey is given up between the moment its code opens and that when the ballot comes."""
    envoi = champs(client, enquete.code) | {"q-1": "4"}

    def annuler(execute, sql, params, many, context):
        if str(sql).lstrip().startswith("WITH ouverte"):
            execute("UPDATE diagnostic_enquete SET etat = 'annulee', sel = ''", None, False, context)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(annuler):
        reponse = client.post(ENVOYER, envoi)
    assert (reponse.status_code, mots(lire(reponse).find(".//h1"))) == (410, PORTE_CLOSE)
    assert (BulletinScelle.objects.count(), caplog.records) == (0, [])


def test_le_journal_du_serveur_ne_dit_rien(client, enquete, caplog):
    """A refusal is not logged at all; a fault is, without the code nor what was answered."""
    caplog.set_level(logging.DEBUG)
    envoi = champs(client, enquete.code) | {"q-1": "4", "texte": "Un texte bien à moi", "cle": CLE}
    for refuse in ({"q-1": "9"}, {"texte": "M. Durand"}, {"code": "ABCDEFGHJKMN"}):
        assert client.post(ENVOYER, envoi | refuse).status_code in (404, 422)
    assert [ligne for ligne in caplog.records if ligne.name.startswith("django.request")] == []
    client.raise_request_exception = False
    with override_settings(SECRET_KEY="un autre secret " * 4):
        urne._cles.cache_clear()
        panne = client.post(ENVOYER, envoi)
    assert (panne.status_code, panne.wsgi_request.sensitive_post_parameters) == (500, "__ALL__")
    assert "ClePerdue" in caplog.text
    for secret in (enquete.code, CLE, "Un texte bien", "M. Durand", "ABCDEFGHJKMN"):
        assert secret not in caplog.text, secret


def test_les_adresses_sont_celles_du_prefixe_sans_trace():
    noms = ("entree", "questions", "envoyer", "merci", "anonymat")
    assert [reverse(f"enquete_{nom}") for nom in noms] == [ENTREE, QUESTIONS, ENVOYER, MERCI, ANONYMAT]
