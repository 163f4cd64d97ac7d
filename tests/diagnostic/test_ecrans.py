"""The diagnostic's pages, as their readers meet them. The client itself checks every page's HTML."""

import hashlib
import io
import json

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from lxml import html

from diagnostic.domain.cotation import Valeur
from diagnostic.models import CopieSignee, Delegation, Diagnostic, Preuve, Reponse
from strategie.socle.models import Affectation
from tests.diagnostic.test_signature import lu


def texte(reponse) -> str:
    return " ".join(html.fromstring(reponse.content).text_content().split())


def bloc(reponse, code: str):
    return html.fromstring(reponse.content).get_element_by_id(code)


# --- Beginning and coming back ----------------------------------------------------------------------------
def test_du_premier_clic_a_la_premiere_question(connectee, monde, campagne):
    entree = reverse("diagnostic", args=[monde.college.uai])
    assert "Le diagnostic n'est pas commencé." in texte(connectee.get(entree))
    reponse = connectee.post(reverse("diagnostic_commencer", args=[monde.college.uai]), follow=True)
    assert reponse.redirect_chain[-1][0].endswith("/champs/PIL/#PIL-1-1")
    assert Diagnostic.objects.commences().get().etablissement == monde.college


def test_sans_campagne_la_page_dit_quoi_attendre(connectee, monde, referentiel):
    page = connectee.get(reverse("diagnostic", args=[monde.college.uai]))
    assert "L'académie n'a pas encore ouvert de campagne" in texte(page)
    reponse = connectee.post(reverse("diagnostic_commencer", args=[monde.college.uai]), follow=True)
    assert "L'académie n'a pas encore ouvert de campagne" in texte(reponse)
    assert Diagnostic.objects.count() == 0


def test_reprendre_ouvre_la_premiere_question_sans_reponse(connectee, brouillon, tout_repondre, adresse):
    tout_repondre(brouillon)
    assert connectee.get(adresse("diagnostic_reprendre")).url == adresse("diagnostic_verifier")
    Reponse.objects.filter(indicateur__code="RES-2-3").update(valeur="")
    reponse = connectee.get(adresse("diagnostic_reprendre"))
    assert reponse.url == adresse("diagnostic_champ", "RES") + "#RES-2-3"


# --- One answer at a time -----------------------------------------------------------------------------------
def test_une_reponse_enregistree_seule(connectee, adresse, monde):
    chemin = adresse("diagnostic_reponse", "PIL-1-1")
    reponse = connectee.post(chemin, {"valeur": "oui", "motif": "", "commentaire": "Voir l'ENT", "version": "0"})
    assert (reponse.status_code, reponse.json()["version"]) == (200, 1)
    assert reponse.json()["message"].startswith("Enregistré à ")
    gardee = Reponse.objects.get()
    assert (gardee.valeur, gardee.commentaire, gardee.modifiee_par) == ("oui", "Voir l'ENT", monde.chef)
    assert len(reponse.requetes) <= 4, reponse.requetes


def test_le_conflit_rend_les_deux_reponses(connectee, adresse, monde, client):
    chemin = adresse("diagnostic_reponse", "PIL-1-1")
    connectee.post(chemin, {"valeur": "oui", "commentaire": "de la chef", "version": "0"})
    client.force_login(monde.referent)
    reponse = client.post(chemin, {"valeur": "non", "commentaire": "du référent", "version": "0"})
    assert reponse.status_code == 409
    assert {k: v for k, v in reponse.json().items() if k != "heure"} == {
        "version": 1,
        "valeur": "oui",
        "libelle": "Oui",
        "motif": "",
        "commentaire": "de la chef",
        "a_reconfirmer": False,
        "auteur": "Claire Chef",
    }
    assert Reponse.objects.get().commentaire == "de la chef"


@pytest.mark.parametrize(
    ("donnees", "phrase"),
    [
        ({"valeur": "peut-etre", "version": "0"}, "Cette réponse n'est pas dans la liste proposée."),
        ({"valeur": "oui"}, "Cette page est incomplète\u00a0: rechargez-la."),
        ({"valeur": "oui", "version": "x"}, "Cette page est incomplète\u00a0: rechargez-la."),
        (
            {"valeur": "oui", "commentaire": "é" * 10_001, "version": "0"},
            "Le commentaire dépasse 10 000 caractères\u00a0: raccourcissez-le.",
        ),
        ({"valeur": "oui", "commentaire": "a\x00b", "version": "0"}, "Le caractère nul n’est pas autorisé."),
    ],
)
def test_une_saisie_impossible_dit_pourquoi(connectee, adresse, donnees, phrase):
    reponse = connectee.post(adresse("diagnostic_reponse", "PIL-1-1"), donnees)
    assert (reponse.status_code, reponse.json()["message"]) == (422, phrase)
    assert Reponse.objects.count() == 0


def test_un_indicateur_inconnu_n_existe_pas(connectee, adresse):
    assert connectee.post(adresse("diagnostic_reponse", "PIL-9-9"), {"version": "0"}).status_code == 404
    assert connectee.get(adresse("diagnostic_champ", "XXX")).status_code == 404
    assert connectee.get(adresse("diagnostic_preuves", "PIL-9-9")).status_code == 404


# --- A whole page, without JavaScript -------------------------------------------------------------------------
def test_la_page_entiere_s_enregistre_et_continue(connectee, adresse):
    donnees = {"PIL-1-1-valeur": "oui", "PIL-1-1-version": "0", "PIL-1-2-valeur": "", "PIL-1-2-version": "0"}
    reponse = connectee.post(adresse("diagnostic_champ", "PIL"), donnees | {"continuer": "1"})
    assert reponse.url == adresse("diagnostic_champ", "FOR") + "#haut"
    assert list(Reponse.objects.values_list("indicateur__code", "valeur", "version")) == [("PIL-1-1", "oui", 1)]
    connectee.post(adresse("diagnostic_champ", "PIL"), donnees | {"PIL-1-1-version": "1"})
    assert Reponse.objects.get().version == 1  # nothing had changed
    dernier = connectee.post(adresse("diagnostic_champ", "EQU"), {"continuer": "1"})
    assert dernier.url == adresse("diagnostic_verifier") + "#haut"


def test_la_page_en_conflit_garde_ce_qui_a_ete_tape(connectee, adresse, monde, client):
    connectee.post(adresse("diagnostic_reponse", "PIL-1-1"), {"valeur": "oui", "commentaire": "A", "version": "0"})
    client.force_login(monde.referent)
    donnees = {
        "PIL-1-1-valeur": "non",
        "PIL-1-1-commentaire": "B",
        "PIL-1-1-version": "0",
        "PIL-1-2-valeur": "oui",
        "PIL-1-2-version": "0",
    }
    page = client.post(adresse("diagnostic_champ", "PIL"), donnees)
    assert page.status_code == 409
    question = bloc(page, "PIL-1-1")
    assert question.xpath(".//input[@type='radio'][@checked]/@value") == ["non"]
    assert question.xpath("string(.//textarea[@id='PIL-1-1-commentaire'])").strip() == "B"
    assert "Claire Chef a répondu « Oui »" in " ".join(question.text_content().split())
    version = question.xpath("string(.//input[@name='PIL-1-1-version']/@value)")
    client.post(adresse("diagnostic_champ", "PIL"), donnees | {"PIL-1-1-version": version})
    assert dict(Reponse.objects.values_list("indicateur__code", "commentaire")) == {"PIL-1-1": "B", "PIL-1-2": ""}


def test_une_page_fausse_ne_perd_rien_et_n_enregistre_rien(connectee, adresse):
    page = connectee.post(
        adresse("diagnostic_champ", "PIL"),
        {
            "PIL-1-1-valeur": "oui",
            "PIL-1-1-commentaire": "gardé",
            "PIL-1-1-version": "0",
            "PIL-1-2-valeur": "bidon",
            "PIL-1-2-version": "0",
        },
    )
    assert page.status_code == 422
    assert Reponse.objects.count() == 0
    assert bloc(page, "PIL-1-1").xpath("string(.//textarea[@id='PIL-1-1-commentaire'])").strip() == "gardé"
    assert "Rien n'a été enregistré" in texte(page)


def test_une_page_fausse_ne_fait_pas_oublier_le_changement_d_un_collegue(connectee, adresse, monde, client):
    """Corrected and sent again, the page still meets the answer that came meanwhile."""
    chemin = adresse("diagnostic_champ", "PIL")
    donnees = {"PIL-1-1-valeur": "oui", "PIL-1-1-version": "0", "PIL-1-2-valeur": "bidon", "PIL-1-2-version": "0"}
    client.force_login(monde.referent)
    client.post(adresse("diagnostic_reponse", "PIL-1-1"), {"valeur": "non", "version": "0"})
    client.force_login(monde.chef)
    fausse = client.post(chemin, donnees)
    version = bloc(fausse, "PIL-1-1").xpath("string(.//input[@name='PIL-1-1-version']/@value)")
    corrigee = client.post(chemin, donnees | {"PIL-1-1-version": version, "PIL-1-2-valeur": "oui"})
    assert corrigee.status_code == 409
    assert dict(Reponse.objects.values_list("indicateur__code", "valeur")) == {"PIL-1-1": "non", "PIL-1-2": "oui"}


def test_apres_un_conflit_le_reste_de_la_page_continue_de_s_enregistrer(connectee, adresse, monde, client):
    chemin = adresse("diagnostic_champ", "PIL")
    client.force_login(monde.referent)
    client.post(adresse("diagnostic_reponse", "PIL-1-1"), {"valeur": "non", "version": "0"})
    client.force_login(monde.chef)
    donnees = {"PIL-1-1-valeur": "oui", "PIL-1-1-version": "0", "PIL-1-2-valeur": "oui", "PIL-1-2-version": "0"}
    page = client.post(chemin, donnees)
    versions = {
        f"{code}-version": bloc(page, code).xpath(f"string(.//input[@name='{code}-version']/@value)")
        for code in ("PIL-1-1", "PIL-1-2")
    }
    suite = client.post(chemin, donnees | versions | {"PIL-1-2-valeur": "en_partie"})
    assert suite.status_code == 302
    gardees = dict(Reponse.objects.values_list("indicateur__code", "valeur"))
    assert gardees == {"PIL-1-1": "oui", "PIL-1-2": "en_partie"}


def test_effacer_une_reponse(connectee, adresse):
    connectee.post(adresse("diagnostic_reponse", "PIL-1-1"), {"valeur": "oui", "commentaire": "A", "version": "0"})
    donnees = {"PIL-1-1-valeur": "oui", "PIL-1-1-commentaire": "A", "PIL-1-1-version": "1", "effacer": "PIL-1-1"}
    reponse = connectee.post(adresse("diagnostic_champ", "PIL"), donnees)
    assert reponse.url == adresse("diagnostic_champ", "PIL") + "#PIL-1-1"
    assert list(Reponse.objects.values_list("valeur", "commentaire", "version")) == [("", "A", 2)]


def test_qui_ne_repond_pas_lit_seulement(client, adresse, monde):
    client.force_login(monde.gestionnaire)
    page = client.get(adresse("diagnostic_champ", "PIL"))
    assert all(bloc.get("disabled") is not None for bloc in html.fromstring(page.content).iter("fieldset"))
    assert "Vous pouvez lire ces réponses." in texte(page)
    assert client.post(adresse("diagnostic_champ", "PIL"), {"PIL-1-1-version": "0"}).status_code == 403


# --- Checking and signing --------------------------------------------------------------------------------------
@pytest.fixture
def formulaire(brouillon):
    """What the check page posts to sign."""
    return lambda: {
        "nom": "Claire Chef",
        "fonction": "Principale",
        "confirme": "on",
        "version": "1",
        "lu": lu(brouillon),
    }


def test_verifier_dit_ce_qui_manque_et_ce_que_cela_donne(connectee, brouillon, tout_repondre, adresse):
    tout_repondre(brouillon, sauf={"PIL-1-4": Valeur.non})
    Reponse.objects.filter(indicateur__code="INF-1-2").update(valeur="")
    page = texte(connectee.get(adresse("diagnostic_verifier")))
    assert "81 réponses sur 82" in page.replace("\xa0", " ")
    assert "1 indicateur indispensable sans réponse : INF-1-2" in page.replace("\xa0", " ")
    assert "Avant le palier 1" in page.replace("\xa0", " ")


def test_signer_puis_lire_puis_telecharger(connectee, brouillon, tout_repondre, adresse, formulaire):
    tout_repondre(brouillon)
    reponse = connectee.post(adresse("diagnostic_verifier"), formulaire())
    assert reponse.url == adresse("diagnostic_resultats") + "#haut"
    encore = connectee.post(adresse("diagnostic_verifier"), formulaire())
    assert encore.url == reponse.url
    copie = CopieSignee.objects.get()
    assert texte(connectee.get(reponse.url)).count("les trois paliers sont atteints") == 6
    pdf = connectee.get(adresse("diagnostic_pdf", 1))
    nom = f"diagnostic-{brouillon.etablissement.uai}-{brouillon.campagne.annee_scolaire}-v1.pdf"
    assert pdf["Content-Disposition"] == f'attachment; filename="{nom}"'
    assert hashlib.sha256(pdf.content).hexdigest() == copie.sha256_pdf
    with pikepdf.open(io.BytesIO(pdf.content)) as document:
        assert str(document.Root.Lang) == "fr"
    contenu = connectee.get(adresse("diagnostic_json", 1))
    assert hashlib.sha256(contenu.content).hexdigest() == copie.sha256_contenu
    assert json.loads(contenu.content)["signature"]["nom"] == "Claire Chef"


def test_signer_sans_cocher_ne_signe_pas(connectee, brouillon, tout_repondre, adresse, formulaire):
    tout_repondre(brouillon)
    donnees = formulaire()
    del donnees["confirme"]
    page = connectee.post(adresse("diagnostic_verifier"), donnees)
    assert (page.status_code, CopieSignee.objects.count()) == (422, 0)
    assert "Cochez cette case pour signer." in texte(page)


def test_le_referent_verifie_mais_ne_signe_pas(client, monde, brouillon, tout_repondre, adresse, formulaire):
    tout_repondre(brouillon)
    client.force_login(monde.referent)
    assert "Le chef d'établissement signe le diagnostic." in texte(client.get(adresse("diagnostic_verifier")))
    assert client.post(adresse("diagnostic_verifier"), formulaire()).status_code == 403
    assert CopieSignee.objects.count() == 0


def test_rouvrir_demande_un_motif(connectee, brouillon, tout_repondre, adresse, formulaire, sans_mise_en_page):
    tout_repondre(brouillon)
    connectee.post(adresse("diagnostic_verifier"), formulaire())
    assert connectee.post(adresse("diagnostic_rouvrir"), {"motif": ""}).status_code == 422
    reponse = connectee.post(adresse("diagnostic_rouvrir"), {"motif": "Erreur sur PIL-1-1"}, follow=True)
    assert "Le diagnostic est rouvert" in texte(reponse)
    resultats = texte(connectee.get(adresse("diagnostic_resultats")))
    assert "Ce diagnostic est rouvert. Les résultats ci-dessous sont ceux de la version 1" in resultats


def test_un_motif_tape_quand_les_corrections_s_arretent_reste_sous_les_yeux(
    connectee, brouillon, tout_repondre, adresse, formulaire, sans_mise_en_page
):
    tout_repondre(brouillon)
    connectee.post(adresse("diagnostic_verifier"), formulaire())
    Diagnostic.objects.filter(pk=brouillon.pk).update(date_cloture="2020-01-01")
    reponse = connectee.post(adresse("diagnostic_rouvrir"), {"motif": "Erreur sur PIL-1-1"})
    assert (reponse.status_code, "Erreur sur PIL-1-1</textarea>" in reponse.content.decode()) == (422, True)
    assert "La campagne s'est terminée le" in texte(reponse)


def test_l_animatrice_ne_lit_que_ce_qui_est_signe(
    client, monde, brouillon, tout_repondre, adresse, connectee, formulaire, sans_mise_en_page
):
    tout_repondre(brouillon)
    client.force_login(monde.animatrice)
    assert client.get(adresse("diagnostic_verifier")).status_code == 403
    assert client.get(adresse("diagnostic_resultats")).status_code == 404
    client.force_login(monde.chef)
    client.post(adresse("diagnostic_verifier"), formulaire())
    client.force_login(monde.animatrice)
    assert client.get(adresse("diagnostic_resultats")).status_code == 200
    assert client.get(adresse("diagnostic_pdf", 1)).status_code == 200


def test_une_affectation_finie_ferme_la_porte(connectee, monde, adresse, maintenant):
    assert connectee.get(adresse("diagnostic_verifier")).status_code == 200
    Affectation.objects.filter(utilisateur=monde.chef).update(fin=maintenant.date().replace(year=2021))
    assert connectee.get(adresse("diagnostic_verifier")).status_code == 404


def test_une_copie_de_l_ancien_format_se_lit_encore(
    connectee, brouillon, tout_repondre, adresse, formulaire, sans_mise_en_page
):
    """Format 1 had no rule, no meeting and no contradiction."""
    tout_repondre(brouillon)
    connectee.post(adresse("diagnostic_verifier"), formulaire())
    copie = CopieSignee.objects.get()
    ancien = json.loads(copie.contenu) | {"format": "paliers-diagnostic/1"}
    del ancien["contradictions"]
    for champ in ancien["champs"]:
        for indicateur in champ["indicateurs"]:
            del indicateur["regle"], indicateur["reunion"]
    copie.pk, copie.version, copie.contenu = None, 2, json.dumps(ancien)
    copie.save(force_insert=True)
    page = texte(connectee.get(adresse("diagnostic_resultats"))).replace("\xa0", " ")
    assert "(version 2)" in page
    assert "Référentiel « Paliers de maturité numérique », version 1." in page
    assert json.loads(connectee.get(adresse("diagnostic_json", 2)).content)["format"] == "paliers-diagnostic/1"


# --- One's own part -----------------------------------------------------------------------------------------------
@pytest.fixture
def sa_part(client, monde, brouillon, maintenant):
    """Formation is confided to the gestionnaire, who is signed in."""
    Delegation.objects.create(
        diagnostic=brouillon,
        champ="FOR",
        utilisateur=monde.gestionnaire,
        confiee_par=monde.chef,
        confiee_le=maintenant,
    )
    client.force_login(monde.gestionnaire)
    return client


def primaires(page) -> list[str]:
    return [" ".join(lien.text_content().split()) for lien in html.fromstring(page.content).find_class("btn-primary")]


def test_l_entree_et_le_tableau_de_bord_menent_a_sa_part(sa_part, monde, adresse):
    for nom in ("diagnostic", "etablissement"):
        assert primaires(sa_part.get(reverse(nom, args=[monde.college.uai]))) == ["Répondre à votre part"]
    assert "Votre part : Formation (0/13)." in texte(
        sa_part.get(reverse("diagnostic", args=[monde.college.uai]))
    ).replace("\xa0", " ")
    assert sa_part.get(adresse("diagnostic_reprendre")).url == adresse("diagnostic_champ", "FOR") + "#FOR-1-1"


def test_sa_part_finie_mene_a_la_verification(sa_part, brouillon, tout_repondre, adresse):
    tout_repondre(brouillon)
    Reponse.objects.filter(indicateur__code="PIL-1-1").update(valeur="")
    assert sa_part.get(adresse("diagnostic_reprendre")).url == adresse("diagnostic_verifier")
    verification = html.fromstring(sa_part.get(adresse("diagnostic_verifier")).content)
    changer = verification.xpath("//td/a/@href")
    assert len(changer) == 13
    assert all(lien.startswith(adresse("diagnostic_champ", "FOR")) for lien in changer)


def test_le_sommaire_marque_sa_part_et_elle_seule_se_remplit(sa_part, adresse):
    page = sa_part.get(adresse("diagnostic_champ", "FOR"))
    marques = html.fromstring(page.content).xpath("//nav[@class='sommaire']//li[contains(., 'votre part')]")
    assert [" ".join(marque.text_content().split()) for marque in marques] == ["Formation votre part 0/13"]
    assert not bloc(page, "FOR-1-1").get("disabled")
    donnees = {"FOR-1-1-valeur": "oui", "FOR-1-1-version": "0"}
    assert sa_part.post(adresse("diagnostic_champ", "FOR"), donnees).status_code == 302
    refus = sa_part.post(adresse("diagnostic_champ", "PIL"), {"PIL-1-1-valeur": "oui", "PIL-1-1-version": "0"})
    assert (refus.status_code, Reponse.objects.count()) == (403, 1)


def test_sans_part_confiee_on_lit(client, monde, brouillon, adresse):
    client.force_login(monde.gestionnaire)
    entree = reverse("diagnostic", args=[monde.college.uai])
    assert primaires(client.get(entree)) == ["Lire toutes les réponses"]
    assert "Répondre autrement" not in texte(client.get(entree))
    assert client.get(adresse("diagnostic_reprendre")).url == adresse("diagnostic_verifier")


# --- Hostile text and files --------------------------------------------------------------------------------------
HOSTILES = [
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "=1+1\n@SUM(A1)",
    "\u202eDCBA\u202c \u2066x\u2069",
    '"><svg/onload=alert(1)>',
    "é" * 10_000,
    " lignes\n\n  gardées \n",
]


@pytest.mark.parametrize("hostile", HOSTILES)
def test_un_texte_hostile_est_garde_tel_quel_et_montre_sans_danger(connectee, adresse, hostile):
    saisie = {"valeur": "sans_objet", "motif": hostile, "commentaire": hostile, "version": "0"}
    assert connectee.post(adresse("diagnostic_reponse", "PIL-1-1"), saisie).status_code == 200
    gardee = Reponse.objects.get()
    assert (gardee.motif, gardee.commentaire) == (hostile, hostile)
    champ = html.fromstring(connectee.get(adresse("diagnostic_champ", "PIL")).content)
    assert champ.get_element_by_id("PIL-1-1-commentaire").text == hostile
    verification = html.fromstring(connectee.get(adresse("diagnostic_verifier")).content)
    montres = [e.text_content() for e in verification.get_element_by_id("PIL-1-1").find_class("saisi")]
    assert montres == [hostile, hostile]
    assert not verification.xpath("//script[not(@src)] | //img[@onerror] | //svg[@onload]")


def test_une_preuve_se_depose_et_se_telecharge_toujours(connectee, adresse, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    fichier = SimpleUploadedFile("charte\u202efdp.pdf", b"%PDF-1.7\n<script>alert(1)</script>", "text/html")
    envoi = {"intitule": "Charte <b>2026</b>", "fichier": fichier}
    reponse = connectee.post(adresse("diagnostic_preuves", "PIL-1-4"), envoi, follow=True)
    assert "Charte <b>2026</b>" in texte(reponse)
    preuve = Preuve.objects.get()
    telechargement = connectee.get(adresse("preuve_fichier", preuve.cle))
    assert telechargement["Content-Type"] == "application/octet-stream"
    assert telechargement["Content-Disposition"] == 'attachment; filename="chartefdp.pdf"'
    assert b"".join(telechargement.streaming_content) == b"%PDF-1.7\n<script>alert(1)</script>"
    retrait = connectee.post(adresse("preuve_retirer", preuve.cle), follow=True)
    assert "est retirée" in texte(retrait)
    assert Preuve.objects.count() == 0


def test_une_preuve_refusee_dit_pourquoi(connectee, adresse):
    fichier = SimpleUploadedFile("charte.pdf", b"MZ\x90\x00" + b"\x00" * 64, "application/pdf")
    page = connectee.post(adresse("diagnostic_preuves", "PIL-1-4"), {"intitule": "Charte", "fichier": fichier})
    assert page.status_code == 422
    assert "Ce fichier n'est pas d'un type admis" in texte(page)
    assert Preuve.objects.count() == 0
