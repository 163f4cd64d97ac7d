"""The pages of the board: what they say, what they refuse, nothing typed lost."""

import datetime
import html
import io
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from docx import Document

from strategie.pilotage.domain.deliberations import lire_deliberation
from strategie.pilotage.domain.regles_du_conseil import lire_regles, regles_communes
from strategie.pilotage.domain.seances import lire_seance
from strategie.pilotage.models import Deliberation, Dossier, ReglesConseil, SeanceDuConseil
from strategie.socle.models import Etablissement
from tests.budget.budgets import une_ligne
from tests.pilotage.conseils import (
    VOTE,
    d_hier,
    hier,
    un_dossier,
    une_deliberation,
    une_saisie,
    une_seance,
    voter,
)
from tests.plans.plans import une_action_publiee


@pytest.fixture
def cliente(client, monde):
    client.force_login(monde.chef)
    return client


@pytest.fixture
def impression(monkeypatch):
    """Without laying out a PDF: its own tests do."""
    monkeypatch.setattr("strategie.pilotage.views.deliberations.imprimer_dossier", lambda contenu, numero: (b"%PDF", 1))


def envoi_d_une_seance(**champs) -> dict:
    valeurs = {
        "date": hier().isoformat(),
        "convoquee_le": (hier() - datetime.timedelta(days=8)).isoformat(),
        "membres_en_exercice": "24",
        "presents": "15",
        "cle": str(uuid.uuid4()),
    }
    return valeurs | champs


def copies(reponse) -> dict:
    """The hidden inputs with which a form goes."""
    return dict(reponse.context["formulaire"].copies)


def texte(reponse) -> str:
    """What a page says; its no-break spaces stay."""
    return re.sub(r"[ \n]+", " ", html.unescape(re.sub(r"<[^>]+>", " ", reponse.content.decode())))


# --- Meetings --------------------------------------------------------------------------------------------------
def test_noter_une_seance_puis_la_lire(cliente, monde):
    page = cliente.get(reverse("conseil_seance_ajouter", args=[monde.college.uai]))
    assert "Au moins 8\u00a0jours avant la séance, 1\u00a0jour en cas d'urgence." in texte(page)
    reponse = cliente.post(page.request["PATH_INFO"], envoi_d_une_seance(), follow=True)
    assert "La séance est notée." in texte(reponse)
    assert "15 sur 24" in texte(reponse)
    assert lire_seance(SeanceDuConseil.objects.get()) == d_hier()


def test_un_delai_trop_court_est_averti_avec_sa_regle_et_note(cliente, monde):
    adresse = reverse("conseil_seance_ajouter", args=[monde.college.uai])
    reponse = cliente.post(adresse, envoi_d_une_seance(convoquee_le=hier().isoformat()), follow=True)
    assert "La convocation est partie 0\u00a0jour avant la séance\u00a0: il en faut 8." in texte(reponse)
    assert "articles R. 421-25" in texte(reponse)
    assert SeanceDuConseil.objects.count() == 1


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"presents": "25"}, "Il y a 25 présents pour 24 membres en exercice"),
        ({"presents": "-3"}, "Ce nombre ne peut pas être négatif."),
        ({"presents": "quinze"}, "Donnez un nombre entier."),
        ({"membres_en_exercice": "9" * 40}, "Le conseil a de 1 à 100\u00a0membres en exercice."),
        ({"date": ""}, "Donnez une date."),
        ({"date": "31/02/2031"}, "Écrivez cette date sous la forme jj/mm/aaaa."),
        ({"date": "0203-01-05"}, "La séance serait en 203\u00a0: vérifiez l'année."),
    ],
)
def test_une_seance_mal_ecrite_garde_tout(cliente, monde, champs, phrase):
    envoi = envoi_d_une_seance(**champs)
    reponse = cliente.post(reverse("conseil_seance_ajouter", args=[monde.college.uai]), envoi)
    assert (reponse.status_code, SeanceDuConseil.objects.count()) == (422, 0)
    assert phrase in texte(reponse)
    assert all(reponse.context["formulaire"][nom].value() == valeur for nom, valeur in envoi.items())


def test_modifier_une_seance_a_deux(cliente, monde):
    seance = une_seance(monde.college)
    adresse = reverse("conseil_seance_modifier", args=[monde.college.uai, seance.pk])
    lus = copies(cliente.get(adresse))
    envoi = {nom.removeprefix("lu-"): valeur for nom, valeur in lus.items()}
    assert cliente.post(adresse, lus | envoi | {"presents": "16"}).status_code == 302
    reponse = cliente.post(adresse, lus | envoi | {"presents": "17"})
    assert reponse.status_code == 409
    assert "Quelqu'un d'autre l'a changé pendant que vous écriviez\u00a0: «\u00a016\u00a0»" in texte(reponse)
    seance.refresh_from_db()
    assert (seance.presents, seance.urgente) == (16, False)


# --- The act ---------------------------------------------------------------------------------------------------
def envoi_d_un_acte(seance, **champs) -> dict:
    saisie = une_saisie(seance)
    valeurs = {
        "seance": str(seance.pk),
        "dossier": "",
        "famille": "action_educatrice",
        "objet": saisie.objet,
        "visas": "\r\n".join(saisie.visas),
        "expose": saisie.expose,
        "decision": saisie.decision,
        "cle": str(uuid.uuid4()),
    }
    return valeurs | champs


def test_sans_seance_la_page_dit_d_en_noter_une(cliente, monde):
    reponse = cliente.get(reverse("deliberation_ajouter", args=[monde.college.uai]))
    assert "Un acte se présente à une séance\u00a0: notez-la d'abord." in texte(reponse)


def test_un_texte_est_propose_puis_lu_tel_qu_il_sera(cliente, monde):
    ancienne = une_seance(monde.college, d_hier(date=hier() - datetime.timedelta(days=90), convoquee_le=None))
    derniere, dossier = une_seance(monde.college), un_dossier(monde.college)
    adresse = reverse("deliberation_ajouter", args=[monde.college.uai])
    propose = cliente.get(adresse).context["formulaire"]
    assert (propose["seance"].value(), propose["dossier"].value()) == (derniere.pk, dossier.pk)
    assert propose["visas"].value().count("\n") == 2
    assert cliente.get(f"{adresse}?seance={ancienne.pk}").context["formulaire"]["seance"].value() == ancienne.pk
    reponse = cliente.post(adresse, envoi_d_un_acte(derniere), follow=True)
    assert lire_deliberation(Deliberation.objects.get()) == une_saisie(derniere)
    lu = texte(reponse)
    for dit in ("Projet de délibération", "Vu le projet d", "Considérant\u00a0:", "décide\u00a0:", "quorum atteint"):
        assert dit in lu


def test_vingt_mille_caracteres_sont_refuses_au_champ_et_gardes(cliente, monde):
    seance = une_seance(monde.college)
    envoi = envoi_d_un_acte(seance, decision="é" * 20_000, visas="<b>" * 200)
    reponse = cliente.post(reverse("deliberation_ajouter", args=[monde.college.uai]), envoi)
    assert reponse.status_code == 422
    assert "dépasse 4\u202f000\u00a0caractères (il en a 20\u202f000)" in texte(reponse)
    assert "La ligne 1 dépasse 400\u00a0caractères" in texte(reponse)
    assert reponse.context["formulaire"]["decision"].value() == envoi["decision"]


def test_modifier_un_acte_puis_plus_une_fois_vote(cliente, monde):
    acte = une_deliberation(monde.college)
    adresse = reverse("deliberation_modifier", args=[monde.college.uai, acte.pk])
    lus = copies(cliente.get(adresse))
    envoi = {nom.removeprefix("lu-"): valeur for nom, valeur in lus.items()}
    assert cliente.post(adresse, lus | envoi | {"objet": "La charte"}).status_code == 302
    acte.refresh_from_db()
    assert (acte.objet, acte.version) == ("La charte", 2)
    voter(acte)
    assert "cet acte ne change plus" in texte(cliente.get(adresse))
    assert cliente.post(adresse, lus | envoi | {"objet": "Autre"}).status_code == 422


def test_un_texte_hostile_reste_du_texte(cliente, monde):
    hostile = '<img src=x onerror=alert(1)> &amp; "\u202e'
    acte = une_deliberation(monde.college, objet=hostile, expose=hostile, decision=hostile, visas=(hostile,))
    reponse = cliente.get(reverse("deliberation", args=[monde.college.uai, acte.pk]))
    assert "<img" not in reponse.content.decode()
    octets = cliente.get(reverse("deliberation_docx", args=[monde.college.uai, acte.pk])).content
    assert sum(hostile in paragraphe.text for paragraphe in Document(io.BytesIO(octets)).paragraphs) == 4


def test_retirer_un_projet_puis_sa_seance_apres_confirmation(cliente, monde):
    acte = une_deliberation(monde.college, objet="Une charte")
    page = texte(cliente.get(reverse("deliberation", args=[monde.college.uai, acte.pk])))
    assert "Retirer ce projet" in page
    seance = reverse("conseil_seance_retirer", args=[monde.college.uai, acte.seance_id])
    assert "Un acte est préparé pour cette séance" in texte(cliente.get(seance))
    adresse = reverse("deliberation_retirer", args=[monde.college.uai, acte.pk])
    assert "Une charte" in texte(cliente.get(adresse))
    for chemin, fait in ((adresse, "Le projet est retiré."), (seance, "La séance est retirée.")):
        assert fait in texte(cliente.post(chemin, {"version": "1"}, follow=True))
        assert cliente.post(chemin, {"version": "1"}).status_code == 404
    assert not SeanceDuConseil.objects.exists()


def test_un_acte_vote_ne_se_retire_pas(cliente, monde):
    acte = voter(une_deliberation(monde.college))
    adresse = reverse("deliberation_retirer", args=[monde.college.uai, acte.pk])
    assert "il reste" in texte(cliente.get(adresse))
    reponse = cliente.post(adresse, {"version": str(acte.version)})
    assert (reponse.status_code, "il reste" in texte(reponse)) == (422, True)
    assert "Retirer" not in texte(cliente.get(reverse("deliberation", args=[monde.college.uai, acte.pk])))


def test_la_liste_dit_le_sort_de_chaque_dossier(cliente, monde):
    """Presented, then rejected: the file that the vote froze says it too, also to who checks it."""
    presente = un_dossier(monde.college)
    acte = voter(une_deliberation(monde.college, dossier=presente.pk), type(VOTE)("2031-1", type(VOTE.voix)(1, 9)))
    un_dossier(monde.college, ("rapport",))
    page = html.unescape(cliente.get(reverse("evaluation", args=[monde.college.uai])).content.decode())
    assert re.findall(r'class="etiquette[^"]*">([^<]*)</span>\s*</th>', page) == ["projet", "rejeté", "projet présenté"]
    lu = texte(cliente.get(reverse("dossier", args=[monde.college.uai, acte.dossier_vote.numero])))
    assert "Version que le conseil a rejetée." in lu
    envoi = {"fichier": SimpleUploadedFile("d.pdf", bytes(acte.dossier_vote.pdf), "application/pdf")}
    assert "Version que le conseil a rejetée" in texte(cliente.post(reverse("verifier_dossier"), envoi))


# --- Its vote --------------------------------------------------------------------------------------------------
def envoi_d_un_vote(acte, **champs) -> dict:
    valeurs = {
        "version": str(acte.version),
        "numero": "2031-12",
        "pour": "12",
        "contre": "1",
        "abstentions": "2",
        "refus": "",
        "president": "",
        "confirme": "on",
    }
    return valeurs | champs


@pytest.mark.usefixtures("impression")
def test_la_page_dit_ce_qui_sera_fige_puis_le_fige(cliente, monde):
    dossier = un_dossier(monde.college)
    acte = une_deliberation(monde.college, dossier=dossier.pk)
    adresse = reverse("deliberation_voter", args=[monde.college.uai, acte.pk])
    assert f"le dossier n°\u00a0{dossier.numero}, présenté au conseil," in texte(cliente.get(adresse))
    reponse = cliente.post(adresse, envoi_d_un_vote(acte), follow=True)
    acte.refresh_from_db()
    assert (acte.resultat, acte.dossier_vote.vote) == ("adoptee", True)
    lu = texte(reponse)
    for dit in ("Résultat\u00a0: Adoptée", "Pas encore exécutoire\u00a0: 15\u00a0jours après", "R. 421-54", "Figé"):
        assert dit in lu
    assert cliente.post(adresse, envoi_d_un_vote(acte)).status_code == 302  # sent twice, it is recorded once
    assert Dossier.objects.filter(vote=True).count() == 1


@pytest.mark.usefixtures("impression")
@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"pour": "14"}, "Il y a 17 voix pour 15 présents"),
        ({"pour": "-1"}, "Un nombre de voix va de 0 à 100."),
        ({"pour": "7", "contre": "7", "abstentions": "0"}, "dites comment le président a voté"),
        ({"pour": "", "contre": ""}, "donnez les voix"),
        ({"numero": ""}, "Donnez le numéro de l'acte."),
        ({"confirme": ""}, "Cochez cette case"),
        ({"version": "7"}, "L'acte a changé pendant que vous écriviez"),
        ({"president": "autre"}, "pas dans la liste proposée"),
    ],
)
def test_un_vote_refuse_garde_tout(cliente, monde, champs, phrase):
    acte = une_deliberation(monde.college)
    envoi = envoi_d_un_vote(acte, **champs)
    reponse = cliente.post(reverse("deliberation_voter", args=[monde.college.uai, acte.pk]), envoi)
    assert reponse.status_code == 422
    assert phrase in texte(reponse)
    assert all(reponse.context["formulaire"][nom].value() == envoi[nom] for nom in ("numero", "pour", "contre"))
    acte.refresh_from_db()
    assert not acte.votee


def test_sans_quorum_la_page_dit_la_regle(cliente, monde):
    acte = une_deliberation(monde.college, une_seance(monde.college, d_hier(presents=12)))
    reponse = cliente.post(reverse("deliberation_voter", args=[monde.college.uai, acte.pk]), envoi_d_un_vote(acte))
    assert reponse.status_code == 422
    assert "Le quorum n'est pas atteint\u00a0: 12 présents, et il en faut 13 sur 24" in texte(reponse)


def test_une_seance_a_venir_ne_se_vote_pas_encore(cliente, monde):
    demain = timezone.localdate() + datetime.timedelta(days=1)
    seance = une_seance(monde.college, d_hier(date=demain, presents=None))
    acte = une_deliberation(monde.college, seance)
    for nom in ("deliberation", "deliberation_voter"):
        assert "une fois qu'elle a eu lieu" in texte(cliente.get(reverse(nom, args=[monde.college.uai, acte.pk])))


def test_les_dates_puis_le_jour_ou_l_acte_est_executoire(cliente, monde):
    acte = voter(une_deliberation(monde.college))
    adresse = reverse("deliberation_dates", args=[monde.college.uai, acte.pk])
    lus = copies(cliente.get(adresse))
    reponse = cliente.post(adresse, lus | {"transmise_le": hier().isoformat(), "publiee_le": ""}, follow=True)
    attendu = hier() + datetime.timedelta(days=15)
    assert f"Exécutoire le {'1er' if attendu.day == 1 else attendu.day}\u00a0" in texte(reponse)
    refus = cliente.post(adresse, copies(cliente.get(adresse)) | {"transmise_le": "2131-01-01", "publiee_le": ""})
    assert (refus.status_code, "Cette date est à venir" in texte(refus)) == (422, True)


# --- Its document ----------------------------------------------------------------------------------------------
def lire_docx(reponse) -> tuple[list[str], list[list[str]]]:
    document = Document(io.BytesIO(reponse.content))
    for tableau in document.tables:
        assert tableau.rows[0]._tr.trPr.xpath("w:tblHeader")
    return (
        [paragraphe.text for paragraphe in document.paragraphs if paragraphe.text],
        [[cellule.text for cellule in rangee.cells] for tableau in document.tables for rangee in tableau.rows],
    )


def test_le_projet_se_telecharge_avec_ses_lignes_a_remplir(cliente, monde):
    acte = une_deliberation(monde.college, une_seance(monde.college, d_hier(presents=None)))
    reponse = cliente.get(reverse("deliberation_docx", args=[monde.college.uai, acte.pk]))
    assert f'filename="deliberation-{monde.college.uai}-{hier():%Y-%m-%d}.docx"' in reponse["Content-Disposition"]
    textes, rangees = lire_docx(reponse)
    assert "Projet de délibération du conseil d'administration" in textes
    assert [*acte.visas, acte.decision] == [une for une in textes if une in {*acte.visas, acte.decision}]
    assert ["Quorum", "13"] in rangees
    assert [valeur for nom, valeur in rangees if nom in ("Membres présents", "Pour", "Exécutoire le")] == ["………"] * 3


def test_l_acte_vote_se_telecharge_avec_ses_nombres(cliente, monde):
    acte = voter(une_deliberation(monde.college))
    textes, rangees = lire_docx(cliente.get(reverse("deliberation_docx", args=[monde.college.uai, acte.pk])))
    assert "Délibération du conseil d'administration" in textes
    assert {"Acte n°\u00a02031-12", "Résultat\u00a0: Adoptée"} <= set(textes)
    assert [rangee for rangee in rangees if rangee[0] in ("Pour", "Contre")] == [["Pour", "12"], ["Contre", "1"]]


# --- An école --------------------------------------------------------------------------------------------------
def test_une_ecole_lit_un_avis_sans_quorum_ni_transmission(cliente, monde):
    Etablissement.objects.filter(pk=monde.college.pk).update(type="ecole")
    monde.college.refresh_from_db()
    acte = voter(une_deliberation(monde.college, une_seance(monde.college, d_hier(presents=3))), VOTE_D_ECOLE)
    lu = texte(cliente.get(reverse("deliberation", args=[monde.college.uai, acte.pk])))
    assert "Avis du conseil d'école" in lu
    assert "donne l'avis suivant" in lu
    assert not any(mot in lu for mot in ("Quorum ", "Transmise", "Exécutoire", "délibération"))
    assert "avis favorable" in texte(cliente.get(reverse("evaluation", args=[monde.college.uai])))
    textes, _ = lire_docx(cliente.get(reverse("deliberation_docx", args=[monde.college.uai, acte.pk])))
    assert "Avis du conseil d'école" in textes


VOTE_D_ECOLE = type(VOTE)("1", type(VOTE.voix)(3, 0))


# --- What an académie says otherwise -----------------------------------------------------------------------------
def test_le_rectorat_fixe_les_delais_puis_y_revient(client, monde):
    client.force_login(monde.rectorat)
    adresse = reverse("regles_du_conseil")
    page = client.get(adresse)
    assert "Ce sont les délais communs" in texte(page)
    envoi = vars(regles_communes()) | {"convocation_jours": "10", "source": "Note du rectorat"}
    assert client.post(adresse, copies(page) | envoi).status_code == 302
    page = client.get(adresse)
    assert "Fixés par l'académie" in texte(page)
    assert lire_regles(monde.academie).convocation_jours == 10
    assert client.post(adresse, copies(page) | envoi | {"revenir": "1"}).status_code == 302
    assert ReglesConseil.objects.count() == 0
    refus = client.post(adresse, copies(client.get(adresse)) | envoi | {"urgence_jours": "12"})
    assert (refus.status_code, "n'est pas plus long" in texte(refus)) == (422, True)


# --- Whatever their number ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("nombre", [1, 3])
def test_l_evaluation_coute_autant_pour_une_seance_que_pour_trois(cliente, monde, nombre):
    for rang in range(nombre):
        action = une_action_publiee(monde.college, f"Action {rang}")
        une_ligne(monde.college, timezone.localdate().year, f"Ligne {rang}", action=action.pk)
        dossier = un_dossier(monde.college, sections=("plan", "budget", "deliberation"))
        voter(une_deliberation(monde.college, dossier=dossier.pk), type(VOTE)(f"N{rang}", VOTE.voix))
    assert len(cliente.get(reverse("evaluation", args=[monde.college.uai])).requetes) == 12
