"""The second look: beside what was signed, never over it, and never on what is still being prepared."""

import datetime
import json

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from diagnostic.domain.cotation import Valeur
from diagnostic.domain.referentiel import charger_referentiel
from diagnostic.domain.regards import RELIRE, SaisieRegard, enregistrer_regards
from diagnostic.domain.reponses import IndicateurInconnu, Saisie, enregistrer_reponse
from diagnostic.domain.signature import rouvrir_diagnostic
from diagnostic.models import Campagne, Champ, CopieSignee, Diagnostic, Indicateur, Referentiel, Reponse, SecondRegard
from diagnostic.queries.questionnaire import questionnaire
from diagnostic.queries.regards import ChampRegarde, Regards, VisAVis, regards_sur
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Role
from strategie.socle.models import Etablissement, Utilisateur
from tests.diagnostic.test_courses import ensemble
from tests.dossier import REFERENTIEL, signer
from tests.personnages import affecter, un_compte

PAS_SIGNE = "Ce diagnostic n'est pas encore signé\u00a0: un second regard se donne sur des réponses signées."


@pytest.fixture
def signe(monde, brouillon, tout_repondre, maintenant) -> Diagnostic:
    """« Oui » everywhere, but « non » to PIL-1-2; signed."""
    tout_repondre(brouillon, sauf={"PIL-1-2": Valeur.non})
    signer(brouillon, monde.chef, maintenant)
    return relu(brouillon)


@pytest.fixture
def second_animateur(monde) -> Utilisateur:
    return affecter(un_compte("Bruno", "Binôme"), Role.ANIMATEUR, district=monde.district)


@pytest.fixture
def adresse(brouillon):
    """`adresse("regard_champ", "PIL")`: an address of the chef's diagnostic."""

    def adresse(nom: str, *suite: str) -> str:
        return reverse(nom, args=[brouillon.etablissement.uai, brouillon.campagne.annee_scolaire, *suite])

    return adresse


@pytest.fixture
def animatrice(client, monde):
    client.force_login(monde.animatrice)
    return client


def relu(diagnostic: Diagnostic) -> Diagnostic:
    """As a request finds it."""
    chemins = ("etablissement__academie", "etablissement__departement", "campagne__academie", "referentiel")
    return Diagnostic.objects.select_related(*chemins).get(pk=diagnostic.pk)


def regarder(diagnostic: Diagnostic, auteur: Utilisateur, *saisies: SaisieRegard, copie: int = 1):
    return enregistrer_regards(
        diagnostic=diagnostic, copie=copie, saisies=saisies, auteur=auteur, maintenant=timezone.now()
    )


def gardes() -> list[tuple]:
    champs = ("indicateur__code", "valeur", "commentaire", "version", "modifie_par__first_name")
    return list(SecondRegard.objects.order_by("indicateur__ordre", "pk").values_list(*champs))


def rouvrir(diagnostic: Diagnostic, monde) -> Diagnostic:
    rouvrir_diagnostic(
        diagnostic=diagnostic, motif="Une erreur de lecture.", auteur=monde.chef, maintenant=timezone.now()
    )
    return relu(diagnostic)


def texte(reponse) -> str:
    return " ".join(html.fromstring(reponse.content).text_content().split())


def bloc(reponse, code: str) -> str:
    return " ".join(html.fromstring(reponse.content).get_element_by_id(code).text_content().split())


def renvoi(reponse) -> dict[str, str]:
    """What the page's form says when it is sent as it stands; lxml takes an empty value for « on »."""
    formulaire = next(f for f in html.fromstring(reponse.content).forms if "copie" in f.fields)
    return {nom: "" if valeur == "on" else valeur for nom, valeur in formulaire.form_values()}


# --- Keeping a second look ------------------------------------------------------------------------------------
def test_un_second_regard_se_garde_et_se_reprend(monde, signe):
    assert regarder(signe, monde.animatrice, SaisieRegard("PIL-1-1", "non", "Pas vu", 0)) == {}
    assert gardes() == [("PIL-1-1", "non", "Pas vu", 1, "Anne")]
    regarder(signe, monde.animatrice, SaisieRegard("PIL-1-1", "non", "Pas vu", 0))  # sent twice
    assert gardes() == [("PIL-1-1", "non", "Pas vu", 1, "Anne")]
    regarder(signe, monde.animatrice, SaisieRegard("PIL-1-1", "", "Vu depuis", 1))
    assert gardes() == [("PIL-1-1", "", "Vu depuis", 2, "Anne")]


def test_rien_de_ce_que_l_etablissement_a_dit_ne_change(monde, signe):
    def dit():
        reponses = Reponse.objects.order_by("pk").values_list("pk", "valeur", "version", "modifiee_le")
        return list(reponses), list(CopieSignee.objects.values_list("contenu", "sha256_pdf")), relu(signe).etat

    avant = dit()
    regarder(signe, monde.animatrice, *(SaisieRegard(f"PIL-1-{n}", "non", "", 0) for n in (1, 2, 3)))
    assert (dit(), len(gardes())) == (avant, 3)


def test_deux_animateurs_en_desaccord_voient_leurs_deux_avis(monde, signe, second_animateur):
    regarder(signe, monde.animatrice, SaisieRegard("PIL-1-1", "non", "Pas vu", 0))
    conflits = regarder(
        signe, second_animateur, SaisieRegard("PIL-1-1", "oui", "Vu", 0), SaisieRegard("PIL-1-2", "oui", "", 0)
    )
    assert {code: (r.valeur, r.commentaire, r.version) for code, r in conflits.items()} == {
        "PIL-1-1": ("non", "Pas vu", 1)
    }
    assert gardes() == [("PIL-1-1", "non", "Pas vu", 1, "Anne"), ("PIL-1-2", "oui", "", 1, "Bruno")]


def test_le_meme_avis_de_deux_animateurs_n_est_pas_un_conflit(monde, signe, second_animateur):
    for auteur in (monde.animatrice, second_animateur):
        assert regarder(signe, auteur, SaisieRegard("PIL-1-1", "non", "", 0)) == {}
    assert gardes() == [("PIL-1-1", "non", "", 1, "Anne")]


def test_sans_signature_pas_de_second_regard(monde, brouillon, tout_repondre):
    tout_repondre(brouillon)
    with pytest.raises(Empeche) as refus:
        regarder(brouillon, monde.animatrice, SaisieRegard("PIL-1-1", "non", "", 0))
    assert (str(refus.value), gardes()) == (PAS_SIGNE, [])


@pytest.mark.parametrize("code", ["PIL-9-9", "PIL-2-3"])  # unknown, and not for an école
def test_un_indicateur_qui_n_est_pas_pose_n_a_pas_de_regard(monde, brouillon, tout_repondre, maintenant, code):
    monde.college.type = Etablissement.Type.ECOLE
    monde.college.save()
    tout_repondre(brouillon)
    signer(brouillon, monde.chef, maintenant)
    signe = relu(brouillon)
    assert "PIL-2-3" not in regards_sur(signe, signe.copies.get()).par_code
    with pytest.raises(IndicateurInconnu):
        regarder(signe, monde.animatrice, SaisieRegard("PIL-1-1", "non", "", 0), SaisieRegard(code, "non", "", 0))
    assert gardes() == []


def test_une_nouvelle_signature_fait_relire(monde, signe, maintenant):
    signer(rouvrir(signe, monde), monde.chef, maintenant)
    with pytest.raises(Empeche) as refus:
        regarder(signe, monde.animatrice, SaisieRegard("PIL-1-1", "non", "", 0), copie=1)
    assert (str(refus.value), gardes()) == (RELIRE, [])
    assert regarder(signe, monde.animatrice, SaisieRegard("PIL-1-1", "non", "", 0), copie=2) == {}


def test_la_fin_de_la_campagne_n_empeche_pas_de_regarder(monde, signe):
    hier = timezone.now().date() - datetime.timedelta(days=20)
    Diagnostic.objects.update(date_cloture=hier)
    Campagne.objects.update(date_cloture=hier)
    assert regarder(relu(signe), monde.animatrice, SaisieRegard("PIL-1-1", "non", "", 0)) == {}
    assert gardes() == [("PIL-1-1", "non", "", 1, "Anne")]


# --- Comparing -----------------------------------------------------------------------------------------------
def comptes(regards: Regards) -> tuple[int, int, int]:
    return regards.identiques, regards.ecarts, regards.sans_avis


def test_l_ecart_se_compte_par_champ(monde, signe):
    regarder(
        signe,
        monde.animatrice,
        SaisieRegard("PIL-1-1", "oui", "", 0),
        SaisieRegard("PIL-1-2", "oui", "Je l'ai vue", 0),
        SaisieRegard("FOR-1-1", "", "À voir ensemble", 0),
    )
    regards = regards_sur(signe, signe.copies.get())
    poses = signe.reponses.count()
    assert comptes(regards) == (1, 1, poses - 2)
    assert [(c.code, [e.code for e in c.ecarts], [r.code for r in c.remarques]) for c in regards.champs[:2]] == [
        ("PIL", ["PIL-1-2"], []),
        ("FOR", [], ["FOR-1-1"]),
    ]
    assert list(regards.par_code) == list(
        signe.reponses.order_by("indicateur__ordre").values_list("indicateur__code", flat=True)
    )


VALEURS = st.sampled_from(["", *(valeur.value for valeur in Valeur)])


@given(st.lists(st.tuples(VALEURS, st.none() | VALEURS), max_size=12))
def test_chaque_indicateur_compte_une_fois(reponses):
    lignes = tuple(
        VisAVis(
            Indicateur(code=f"X-{rang}"),
            {"valeur": ecole},
            None if regard is None else SecondRegard(valeur=regard),
            avant_la_copie=False,
        )
        for rang, (ecole, regard) in enumerate(reponses)
    )
    champ = ChampRegarde("X", "Champ", lignes)
    assert champ.identiques + len(champ.ecarts) + champ.sans_avis == len(reponses)
    assert [(e.signe["valeur"], e.valeur) for e in champ.ecarts] == [
        (ecole, regard) for ecole, regard in reponses if regard and regard != ecole
    ]


def test_une_copie_de_l_ancien_format_se_lit(monde, signe):
    regarder(signe, monde.animatrice, SaisieRegard("PIL-1-1", "non", "", 0))
    copie = signe.copies.get()
    contenu = json.loads(copie.contenu)
    contenu["format"] = "paliers-diagnostic/1"
    del contenu["contradictions"]
    for indicateur in (i for champ in contenu["champs"] for i in champ["indicateurs"]):
        del indicateur["regle"], indicateur["reunion"]
    ancienne = CopieSignee(diagnostic=signe, version=1, signee_le=copie.signee_le, contenu=json.dumps(contenu))
    assert comptes(regards_sur(signe, ancienne)) == comptes(regards_sur(signe, copie))


# --- Another version of the référentiel --------------------------------------------------------------------------
def une_version_suivante(maintenant) -> Referentiel:
    """Version 2: PIL-1-1 is reworded, everything else is kept."""
    donnees = json.loads(REFERENTIEL.read_text()) | {"version": 2, "precedent": 1}
    codes = [ligne["code"] for champ in donnees["champs"] for ligne in champ["indicateurs"]]
    donnees["champs"][0]["indicateurs"][0]["enonce"] = "Une phrase nouvelle."
    donnees["correspondances"] = [
        {"nature": "reformule" if code == "PIL-1-1" else "conserve", "ancien": code, "nouveaux": [code]}
        for code in codes
    ]
    suivante = charger_referentiel(donnees=donnees, maintenant=maintenant)[0]
    questionnaire(suivante)  # read once by this process, as a server's processes have
    return suivante


def une_version_de_l_academie(academie, referentiel: Referentiel) -> None:
    """It has the code and the number of the common one, and other words."""
    sien = Referentiel.objects.create(academie=academie, code=referentiel.code, version=1, titre="Un autre")
    champ = Champ.objects.create(referentiel=sien, code="PIL", libelle="Pilotage", ordre=1)
    modele = Indicateur.objects.get(referentiel=referentiel, code="PIL-1-1")
    modele.pk, modele.referentiel, modele.champ, modele.enonce = None, sien, champ, "Une phrase de l'académie."
    modele.save()


def test_la_copie_garde_ses_indicateurs_quand_le_diagnostic_change_de_version(
    animatrice, monde, campagne, signe, adresse, maintenant, referentiel
):
    regarder(signe, monde.animatrice, SaisieRegard("PIL-1-1", "non", "", 0), SaisieRegard("PIL-1-2", "oui", "", 0))
    une_version_de_l_academie(monde.academie, referentiel)
    suivante = une_version_suivante(maintenant)
    Campagne.objects.update(referentiel=suivante)
    rouvert = rouvrir(signe, monde)
    assert rouvert.referentiel == suivante
    page = animatrice.get(adresse("regard_champ", "PIL"))
    assert "Une phrase nouvelle." not in texte(page)
    assert len(page.requetes) == 7  # one more: the indicators of the version before
    reponse = animatrice.post(
        adresse("regard_champ", "PIL"), {"copie": "1", "PIL-1-3-valeur": "non", "PIL-1-3-version": "0"}
    )
    assert reponse.status_code == 302
    assert set(SecondRegard.objects.values_list("indicateur__referentiel", flat=True)) == {referentiel.pk}

    signer(rouvert, monde.chef, maintenant)
    page = animatrice.get(adresse("regard_champ", "PIL"))
    choisis = html.fromstring(page.content).xpath("//input[@type='radio'][@checked]")
    assert [(e.get("name"), e.get("value")) for e in choisis][:4] == [
        ("PIL-1-1-valeur", ""),  # asked otherwise: what was said of the old question is not said of this one
        ("PIL-1-2-valeur", "oui"),
        ("PIL-1-3-valeur", "non"),
        ("PIL-1-4-valeur", ""),
    ]
    regarder(relu(signe), monde.animatrice, SaisieRegard("PIL-1-2", "en_partie", "", 0), copie=2)
    assert regards_sur(relu(signe), signe.copies.get(version=2)).par_code["PIL-1-2"].valeur == "en_partie"
    assert len(gardes()) == 4


# --- Pages ---------------------------------------------------------------------------------------------------
def test_le_brouillon_ne_se_voit_jamais(animatrice, monde, signe, adresse):
    rouvert = rouvrir(signe, monde)
    for code, valeur in (("PIL-1-1", "non"), ("PIL-1-2", "oui")):
        saisie = Saisie(code, valeur, "", "Un secret du brouillon", 1)
        enregistrer_reponse(diagnostic=rouvert, saisie=saisie, auteur=monde.chef, maintenant=timezone.now())
    regarder(rouvert, monde.animatrice, SaisieRegard("PIL-1-2", "oui", "", 0), SaisieRegard("PIL-1-1", "oui", "", 0))
    champ = animatrice.get(adresse("regard_champ", "PIL"))
    assert "L'établissement a répondu Oui" in bloc(champ, "PIL-1-1")
    assert "L'établissement a répondu Non" in bloc(champ, "PIL-1-2")
    ensemble_ = animatrice.get(adresse("diagnostic_regard"))
    assert "1 réponse diffère" in texte(ensemble_)
    for page in (champ, ensemble_):
        assert "secret" not in page.content.decode()


def test_avant_la_signature_ces_pages_n_existent_pas(client, monde, brouillon, adresse):
    for qui in (monde.chef, monde.animatrice):
        client.force_login(qui)
        assert client.get(adresse("diagnostic_regard")).status_code == 404
    assert client.get(adresse("regard_champ", "PIL")).status_code == 404
    assert client.post(adresse("regard_champ", "PIL"), {"copie": "1"}).status_code == 404


def test_un_champ_inconnu_n_existe_pas(animatrice, signe, adresse):
    assert animatrice.get(adresse("regard_champ", "XXX")).status_code == 404


@pytest.mark.parametrize(
    ("champ", "bouton", "arrivee"),
    [
        ("PIL", "continuer", ("regard_champ", "FOR")),
        ("EQU", "continuer", ("diagnostic_regard",)),
        ("PIL", "enregistrer", ("regard_champ", "PIL")),
    ],
)
def test_la_page_entiere_s_enregistre_et_continue(animatrice, signe, adresse, champ, bouton, arrivee):
    code = f"{champ}-1-1"
    donnees = {"copie": "1", f"{code}-valeur": "non", f"{code}-commentaire": " Pas vu\r\n", f"{code}-version": "0"}
    reponse = animatrice.post(adresse("regard_champ", champ), donnees | {bouton: "1"})
    assert reponse.url == adresse(*arrivee) + "#haut"
    assert gardes() == [(code, "non", " Pas vu\n", 1, "Anne")]


@pytest.mark.parametrize(
    ("donnees", "phrase"),
    [
        ({"PIL-1-1-valeur": "peut-etre"}, "Cette réponse n'est pas dans la liste proposée."),
        ({"PIL-1-1-commentaire": "é" * 10_001}, "Le commentaire dépasse 10 000 caractères\u00a0: raccourcissez-le."),
        ({"PIL-1-1-version": "x"}, "Cette page est incomplète\u00a0: rechargez-la."),
        ({"copie": ""}, "Cette page est incomplète\u00a0: rechargez-la."),
        ({"copie": "9"}, RELIRE),
    ],
)
def test_une_page_refusee_ne_perd_rien(animatrice, signe, adresse, donnees, phrase):
    page = {"copie": "1", "PIL-1-1-version": "0", "PIL-1-2-valeur": "oui", "PIL-1-2-version": "0"}
    page |= {"PIL-1-2-commentaire": "Je l'ai vue"}
    reponse = animatrice.post(adresse("regard_champ", "PIL"), page | donnees)
    assert (reponse.status_code, gardes()) == (422, [])
    assert " ".join(phrase.split()) in texte(reponse)
    document = html.fromstring(reponse.content)
    assert document.get_element_by_id("PIL-1-2-commentaire").text == "Je l'ai vue"
    assert document.get_element_by_id("PIL-1-2-oui").get("checked") is not None


def test_relire_puis_enregistrer_de_nouveau(animatrice, monde, signe, adresse, maintenant):
    """The page that is sent back speaks of the new version: the same page passes then."""
    signer(rouvrir(signe, monde), monde.chef, maintenant)
    donnees = {"copie": "1", "PIL-1-1-valeur": "non", "PIL-1-1-commentaire": "Pas vu", "PIL-1-1-version": "0"}
    refusee = animatrice.post(adresse("regard_champ", "PIL"), donnees)
    assert (refusee.status_code, renvoi(refusee)["copie"]) == (422, "2")
    assert animatrice.post(adresse("regard_champ", "PIL"), renvoi(refusee)).status_code == 302
    assert gardes() == [("PIL-1-1", "non", "Pas vu", 1, "Anne")]


def test_une_page_en_conflit_garde_les_deux_avis_puis_l_on_choisit(
    animatrice, client, monde, signe, adresse, second_animateur
):
    regarder(signe, monde.animatrice, SaisieRegard("PIL-1-1", "non", "Pas vu", 0))
    client.force_login(second_animateur)
    donnees = {"copie": "1", "PIL-1-1-valeur": "oui", "PIL-1-1-commentaire": "Vu en juin", "PIL-1-1-version": "0"}
    reponse = client.post(adresse("regard_champ", "PIL"), donnees | {"PIL-1-2-valeur": "oui", "PIL-1-2-version": "0"})
    assert reponse.status_code == 409
    question = bloc(reponse, "PIL-1-1")
    assert "Anne Animatrice a donné l'avis « Non »" in question.replace("\xa0", " ")
    assert "Son commentaire : Pas vu" in question.replace("\xa0", " ")
    assert gardes() == [("PIL-1-1", "non", "Pas vu", 1, "Anne"), ("PIL-1-2", "oui", "", 1, "Bruno")]
    assert client.post(adresse("regard_champ", "PIL"), renvoi(reponse)).status_code == 302
    assert gardes() == [("PIL-1-1", "oui", "Vu en juin", 2, "Bruno"), ("PIL-1-2", "oui", "", 1, "Bruno")]


def test_l_ecole_lit_l_ecart_et_decide(client, monde, signe, adresse):
    regarder(signe, monde.animatrice, SaisieRegard("PIL-1-2", "en_partie", "Une charte en projet", 0))
    client.force_login(monde.chef)
    page = client.get(adresse("diagnostic_regard"))
    dit = texte(page)
    for phrase in ("1 réponse diffère", "ni une correction ni une sanction", "Une charte en projet", "En partie"):
        assert phrase in dit.replace("\xa0", " ")
    liens = {lien.get("href") for lien in html.fromstring(page.content).iter("a")}
    assert adresse("diagnostic_rouvrir") in liens
    assert adresse("regard_champ", "PIL") not in liens
    client.force_login(monde.referent)
    page = client.get(adresse("diagnostic_regard"))
    assert adresse("diagnostic_rouvrir") not in {lien.get("href") for lien in html.fromstring(page.content).iter("a")}
    assert client.post(adresse("diagnostic_regard"), {"valeur": "oui"}).status_code == 405


def test_ce_qui_a_ete_dit_avant_une_signature_le_dit(client, monde, signe, adresse):
    regarder(signe, monde.animatrice, SaisieRegard("PIL-1-2", "oui", "", 0))
    signer(rouvrir(signe, monde), monde.chef, timezone.now())
    client.force_login(monde.chef)
    assert "avant la signature de la version 2" in texte(client.get(adresse("diagnostic_regard")))
    regarder(relu(signe), monde.animatrice, SaisieRegard("PIL-1-2", "en_partie", "", 1), copie=2)
    assert "avant la signature" not in texte(client.get(adresse("diagnostic_regard")))


@pytest.mark.parametrize(
    ("qui", "regarde", "lit"), [("animatrice", 1, 1), ("chef", 0, 1), ("rectorat", 0, 1), ("collectivite_agent", 0, 0)]
)
def test_la_fiche_de_l_etablissement_y_mene_ceux_qui_le_peuvent(client, monde, signe, adresse, qui, regarde, lit):
    client.force_login(getattr(monde, qui))
    page = html.fromstring(client.get(reverse("etablissement", args=[monde.college.uai])).content)
    vers = [" ".join(a.text_content().split()) for a in page.iter("a") if a.get("href") == adresse("diagnostic_regard")]
    assert (vers.count("Donner un second regard"), len(vers)) == (regarde, lit)
    journal = [a for a in page.iter("a") if a.get("href") == reverse("journal", args=[monde.college.uai])]
    assert len(journal) == min(lit, 1)


def test_les_preuves_de_la_copie_sont_nommees(animatrice, monde, brouillon, tout_repondre, adresse, maintenant):
    tout_repondre(brouillon)
    reponse = brouillon.reponses.get(indicateur__code="PIL-1-1")
    for intitule, lien in (("Charte votée", "https://exemple.invalid/charte"), ("Avis <b>du conseil</b>", "")):
        brouillon.preuves.create(
            indicateur=reponse.indicateur,
            intitule=intitule,
            lien=lien,
            fichier="" if lien else "preuves/x",
            deposee_par=monde.chef,
            deposee_le=maintenant,
        )
    signer(brouillon, monde.chef, maintenant)
    brouillon.preuves.all().delete()
    assert "Preuves : Charte votée · Avis <b>du conseil</b>" in bloc(
        animatrice.get(adresse("regard_champ", "PIL")), "PIL-1-1"
    ).replace("\xa0", " ")


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script><img src=x onerror=alert(2)>",
        '"><svg/onload=alert(1)>',
        "\u202eDCBA\u202c",
        " a\n\n b",
    ],
)
def test_un_texte_hostile_est_garde_tel_quel_et_montre_sans_danger(animatrice, client, monde, signe, adresse, hostile):
    donnees = {"copie": "1", "PIL-1-1-valeur": "non", "PIL-1-1-commentaire": hostile, "PIL-1-1-version": "0"}
    assert animatrice.post(adresse("regard_champ", "PIL"), donnees).status_code == 302
    assert gardes()[0][2] == hostile
    champ = html.fromstring(animatrice.get(adresse("regard_champ", "PIL")).content)
    assert champ.get_element_by_id("PIL-1-1-commentaire").text == hostile
    client.force_login(monde.chef)
    page = html.fromstring(client.get(adresse("diagnostic_regard")).content)
    assert hostile in [e.text_content() for e in page.find_class("saisi")]
    assert not page.xpath("//script[not(@src)] | //img[@onerror] | //svg[@onload]")


# --- Acts that meet ------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_deux_animateurs_ensemble(monde, signe, second_animateur):
    """On each indicator one of the two is kept, and the other is told; no word is lost in silence."""
    codes = [f"PIL-1-{rang}" for rang in (1, 2, 3, 4)]

    def donner(auteur: Utilisateur, valeur: str):
        saisies = [SaisieRegard(code, valeur, str(auteur), 0) for code in codes]
        return lambda: regarder(relu(signe), auteur, *saisies)

    a_dit, b_dit = ensemble(donner(monde.animatrice, "en_partie"), donner(second_animateur, "ne_sait_pas"))
    assert sorted([*a_dit, *b_dit]) == codes
    perdant, gagnant = (monde.animatrice, second_animateur) if a_dit else (second_animateur, monde.animatrice)
    assert {r.modifie_par for r in (a_dit or b_dit).values()} == {gagnant} != {perdant}
    assert [(code, version, qui) for code, _, _, version, qui in gardes()] == [
        (code, 1, gagnant.first_name) for code in codes
    ]


@pytest.mark.django_db(transaction=True)
def test_un_regard_et_une_signature_ensemble(monde, signe):
    """Either the look came first, on what was signed then, or it is refused and its author reads again."""
    rouvert = rouvrir(signe, monde)
    dit, copie = ensemble(
        lambda: regarder(relu(signe), monde.animatrice, SaisieRegard("PIL-1-1", "non", "", 0)),
        lambda: signer(rouvert, monde.chef, timezone.now()),
    )
    assert copie.version == 2
    assert (dit, gardes()) in [({}, [("PIL-1-1", "non", "", 1, "Anne")]), (RELIRE, [])]
