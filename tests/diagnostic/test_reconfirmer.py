"""Answers brought from last year or from another version: shown, never counted until somebody confirms them."""

import json
from collections.abc import Callable

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from diagnostic.domain.cotation import Valeur
from diagnostic.domain.referentiel import charger_referentiel
from diagnostic.domain.reponses import Conflit, Enregistree, Saisie, commencer_diagnostic, enregistrer_reponse
from diagnostic.domain.reprises import (
    commencer_depuis_l_an_dernier,
    passer_a_la_version,
    reprendre_l_an_dernier,
)
from diagnostic.interfaces.saisie import a_change
from diagnostic.models import Campagne, Diagnostic, Indicateur, Referentiel, Reponse
from diagnostic.queries.contenu import contenu_du_diagnostic
from diagnostic.queries.etat import EtatIndicateur, etat_du_diagnostic, valeur_qui_compte
from diagnostic.queries.questionnaire import questionnaire
from strategie.socle.domain.calendrier import annee_precedente
from strategie.socle.domain.empechement import Empeche
from tests.diagnostic.test_ecrans import bloc, texte
from tests.dossier import REFERENTIEL, commencer, repondre_partout, signer


@pytest.fixture
def an_dernier(monde, campagne, referentiel, maintenant) -> Diagnostic:
    """Last year's, signed: « oui » everywhere, but « non » to PIL-1-4 with a comment."""
    passe = commencer(monde.college, annee_precedente(campagne.annee_scolaire), referentiel, monde.chef, maintenant)
    repondre_partout(passe, Valeur.oui, monde.chef, maintenant, {"PIL-1-4": Valeur.non})
    repondre(passe, monde.chef, maintenant, "PIL-1-4", "non", commentaire="Charte à revoir", version=1)
    signer(passe, monde.chef, maintenant)
    return passe


@pytest.fixture
def repris(monde, campagne, an_dernier, maintenant) -> Diagnostic:
    return commencer_depuis_l_an_dernier(
        etablissement=monde.college, campagne=campagne, auteur=monde.chef, maintenant=maintenant
    )


@pytest.fixture
def version_2(referentiel, maintenant) -> Referentiel:
    """PIL-1-1 is worded otherwise, everything else is kept."""
    donnees = json.loads(REFERENTIEL.read_text())
    codes = [indicateur["code"] for champ in donnees["champs"] for indicateur in champ["indicateurs"]]
    donnees["champs"][0]["indicateurs"][0]["enonce"] = "Un référent numérique est désigné, et son temps est dégagé."
    suite = [
        {"nature": "reformule" if code == "PIL-1-1" else "conserve", "ancien": code, "nouveaux": [code]}
        for code in codes
    ]
    donnees |= {"version": 2, "precedent": 1, "correspondances": suite}
    version = charger_referentiel(donnees=donnees, maintenant=maintenant)[0]
    questionnaire(version)  # read once by this process, as a server's processes have
    return version


def repondre(diagnostic, auteur, maintenant, code="PIL-1-1", valeur="oui", commentaire="", version=0):
    saisie = Saisie(code, valeur, "", commentaire, version)
    return enregistrer_reponse(diagnostic=diagnostic, saisie=saisie, auteur=auteur, maintenant=maintenant)


def gardee(diagnostic, code="PIL-1-4"):
    champs = ("valeur", "commentaire", "a_reconfirmer", "annee_reprise")
    siennes = Reponse.objects.filter(diagnostic=diagnostic, indicateur__referentiel=diagnostic.referentiel_id)
    return siennes.values_list(*champs).get(indicateur__code=code)


# --- Starting from last year ------------------------------------------------------------------------------
def test_les_reponses_de_l_an_dernier_viennent_et_ne_comptent_pas(an_dernier, repris):
    annee = an_dernier.campagne.annee_scolaire
    assert gardee(repris) == ("non", "Charte à revoir", True, annee)
    etat = etat_du_diagnostic(repris)
    assert (repris.etat, etat.repondus, len(etat.a_reconfirmer), etat.questions_changees) == ("brouillon", 0, 82, ())
    assert [champ.resultat.palier for champ in etat.champs] == [0] * 6


def test_reprendre_deux_fois_ne_reprend_qu_une_fois(monde, campagne, repris, maintenant):
    repondre(repris, monde.chef, maintenant, "PIL-1-4", "", version=2)
    encore = commencer_depuis_l_an_dernier(
        etablissement=monde.college, campagne=campagne, auteur=monde.referent, maintenant=maintenant
    )
    assert (encore, encore.commence_par) == (repris, monde.chef)
    assert Reponse.objects.filter(diagnostic=repris, modifiee_par=monde.referent).count() == 0


def test_une_reponse_de_l_annee_empeche_de_reprendre(monde, brouillon, an_dernier, maintenant):
    repondre(brouillon, monde.chef, maintenant)
    with pytest.raises(Empeche, match="Des réponses sont déjà données"):
        reprendre_l_an_dernier(diagnostic=brouillon, auteur=monde.chef, maintenant=maintenant)
    assert brouillon.reponses.count() == 1


def test_sans_diagnostic_signe_rien_ne_commence(monde, campagne, maintenant):
    with pytest.raises(Empeche, match="Aucun diagnostic signé d'une autre année ne peut être repris"):
        commencer_depuis_l_an_dernier(
            etablissement=monde.college, campagne=campagne, auteur=monde.chef, maintenant=maintenant
        )
    assert Diagnostic.objects.commences().count() == 0


def test_apres_la_cloture_rien_ne_se_reprend(monde, brouillon, an_dernier, maintenant):
    hier = maintenant.date().replace(year=2001)
    Campagne.objects.filter(pk=brouillon.campagne_id).update(date_ouverture=hier, date_cloture=hier)
    Diagnostic.objects.filter(pk=brouillon.pk).update(date_cloture=hier)
    with pytest.raises(Empeche, match="La campagne s'est terminée"):
        reprendre_l_an_dernier(diagnostic=brouillon, auteur=monde.chef, maintenant=maintenant)
    assert brouillon.reponses.count() == 0


def test_une_question_changee_se_dit_changee_et_non_de_l_an_dernier(monde, an_dernier, campagne, version_2, maintenant):
    Campagne.objects.filter(pk=campagne.pk).update(referentiel=version_2)
    Diagnostic.objects.filter(campagne=campagne).update(referentiel=version_2)
    campagne.refresh_from_db()
    repris = commencer_depuis_l_an_dernier(
        etablissement=monde.college, campagne=campagne, auteur=monde.chef, maintenant=maintenant
    )
    assert gardee(repris, "PIL-1-1") == ("oui", "", True, "")
    assert gardee(repris, "PIL-1-2") == ("oui", "", True, an_dernier.campagne.annee_scolaire)


def test_changer_de_version_ne_demande_que_ce_qui_a_change(monde, brouillon, tout_repondre, version_2, maintenant):
    tout_repondre(brouillon)
    brouillon.refresh_from_db()
    passer_a_la_version([brouillon], version_2, monde.rectorat, maintenant)
    assert gardee(brouillon, "PIL-1-1") == ("oui", "", True, "")
    assert gardee(brouillon, "PIL-1-2") == ("oui", "", False, "")
    etat = etat_du_diagnostic(brouillon)
    assert [e.indicateur.code for e in etat.questions_changees] == ["PIL-1-1"]


# --- Confirming ---------------------------------------------------------------------------------------------
def test_redire_la_meme_chose_confirme(monde, repris, maintenant):
    version = Reponse.objects.get(diagnostic=repris, indicateur__code="PIL-1-1").version
    assert repondre(repris, monde.chef, maintenant, version=version) == Enregistree("PIL-1-1", version + 1)
    assert gardee(repris, "PIL-1-1")[2] is False
    assert etat_du_diagnostic(repris).repondus == 1
    assert repondre(repris, monde.referent, maintenant, version=version) == Enregistree("PIL-1-1", version + 1)


def test_confirmer_d_une_page_perimee_est_un_conflit(monde, repris, maintenant):
    """The page was empty when it was opened; last year's answers came meanwhile."""
    resultat = repondre(repris, monde.chef, maintenant, version=0)
    assert isinstance(resultat, Conflit)
    assert resultat.actuelle.a_reconfirmer
    assert gardee(repris, "PIL-1-1")[2] is True


textes = st.text(max_size=5)
reponses = st.builds(
    Reponse,
    valeur=st.sampled_from(["", *Valeur]),
    motif=textes,
    commentaire=textes,
    a_reconfirmer=st.booleans(),
)


@given(reponses)
def test_ce_qui_est_a_reconfirmer_ne_vaut_rien(reponse):
    sans_raison = reponse.valeur == Valeur.sans_objet and not reponse.motif.strip()
    rien = reponse.a_reconfirmer or not reponse.valeur or sans_raison
    assert valeur_qui_compte(reponse) == (None if rien else reponse.valeur)


@given(reponses)
def test_renvoyer_une_page_sans_y_toucher_ne_confirme_rien(reponse):
    etat = EtatIndicateur(indicateur=Indicateur(code="X"), regle=None, reponse=reponse, preuves=(), vote=None)
    telle_quelle = Saisie("X", reponse.valeur, reponse.motif, reponse.commentaire, 1)
    assert not a_change(telle_quelle, etat)
    assert a_change(Saisie("X", reponse.valeur, reponse.motif, reponse.commentaire + "!", 1), etat)


@pytest.mark.parametrize("valeur", list(Valeur))
def test_ajouter_une_reponse_a_reconfirmer_ne_change_aucun_resultat(
    monde, brouillon, tout_repondre, valeur, maintenant
):
    tout_repondre(brouillon)
    Reponse.objects.filter(indicateur__code__in=["PIL-1-1", "INF-1-4"]).delete()
    jour = brouillon.campagne.jour_local(maintenant)
    avant = contenu_du_diagnostic(etat_du_diagnostic(brouillon), jour)
    for code in ("PIL-1-1", "INF-1-4"):
        Reponse.objects.create(
            diagnostic=brouillon,
            indicateur=Indicateur.objects.get(code=code, referentiel=brouillon.referentiel),
            valeur=valeur,
            motif="Parce que.",
            commentaire="D'avant.",
            a_reconfirmer=True,
            modifiee_par=monde.chef,
            modifiee_le=maintenant,
        )
    assert contenu_du_diagnostic(etat_du_diagnostic(brouillon), jour) == avant


# --- Screens ------------------------------------------------------------------------------------------------
def boutons(page, formulaire: str = "//main//button") -> list[str]:
    return [" ".join(bouton.text_content().split()) for bouton in html.fromstring(page.content).xpath(formulaire)]


def envoyer(page) -> dict[str, str]:
    """What a browser posts of the page, its buttons aside."""
    formulaire = html.fromstring(page.content).get_element_by_id("reponses")
    return dict(formulaire.form_values())


def test_l_entree_propose_les_deux_departs(connectee, monde, campagne, an_dernier):
    entree = reverse("diagnostic", args=[monde.college.uai])
    page = connectee.get(entree)
    assert boutons(page) == [
        f"Repartir des réponses de {an_dernier.campagne.annee_scolaire}",
        "Commencer à blanc",
    ]
    reponse = connectee.post(reverse("diagnostic_commencer", args=[monde.college.uai]), {"reprendre": "1"})
    assert reponse.url == reverse("diagnostic_reprendre", args=[monde.college.uai, campagne.annee_scolaire])
    assert connectee.get(reponse.url).url.endswith("/champs/PIL/#PIL-1-1")
    assert "0 réponse sur 82, et 82 à reconfirmer." in texte(connectee.get(entree)).replace("\xa0", " ")


def test_commence_a_blanc_l_an_dernier_reste_possible_tant_que_rien_n_est_dit(connectee, monde, an_dernier, adresse):
    entree = reverse("diagnostic", args=[monde.college.uai])
    phrase = f"repartir des réponses de {an_dernier.campagne.annee_scolaire}"
    assert boutons(connectee.get(entree)) == [phrase]
    connectee.post(adresse("diagnostic_reponse", "PIL-1-1"), {"valeur": "oui", "version": "0"})
    assert boutons(connectee.get(entree)) == []
    refus = connectee.post(reverse("diagnostic_commencer", args=[monde.college.uai]), {"reprendre": "1"}, follow=True)
    assert "Des réponses sont déjà données : celles de l'an dernier" in texte(refus).replace("\xa0", " ")


def test_qui_ne_repond_pas_ne_se_voit_rien_proposer(client, monde, campagne, an_dernier):
    client.force_login(monde.gestionnaire)
    assert boutons(client.get(reverse("diagnostic", args=[monde.college.uai]))) == []


def test_une_campagne_a_venir_se_prepare(connectee, monde, campagne, maintenant):
    Campagne.objects.filter(pk=campagne.pk).update(date_ouverture=campagne.date_cloture)
    for nom in ("diagnostic", "etablissement"):
        page = texte(connectee.get(reverse(nom, args=[monde.college.uai]))).replace("\xa0", " ")
        assert "ouvre le" in page
        assert "; vous pouvez préparer vos réponses." in page


def test_la_page_dit_d_ou_vient_chaque_reponse(connectee, repris, an_dernier, adresse_de):
    Reponse.objects.filter(diagnostic=repris, indicateur__code="PIL-1-2").update(annee_reprise="")
    page = connectee.get(adresse_de(repris, "diagnostic_champ", "PIL"))
    dits = [
        " ".join(bloc(page, code).find_class("reprise")[0].text_content().split()) for code in ("PIL-1-4", "PIL-1-2")
    ]
    annee = an_dernier.campagne.annee_scolaire
    assert dits == [
        f"à reconfirmer Réponse de {annee}. Toujours vrai : confirmer la réponse à PIL-1-4",
        "à reconfirmer La question a changé depuis cette réponse. Toujours vrai : confirmer la réponse à PIL-1-2",
    ]
    assert bloc(page, "PIL-1-4").xpath(".//input[@type='radio'][@checked]/@value") == ["non"]
    nombre = len(bloc(page, "reponses").find_class("reprise"))
    assert f"{nombre} réponses de ce champ attendent votre accord" in texte(page).replace("\xa0", " ")


@pytest.fixture
def adresse_de() -> Callable[..., str]:
    def adresse(diagnostic: Diagnostic, nom: str, *suite: str) -> str:
        return reverse(nom, args=[diagnostic.etablissement.uai, diagnostic.campagne.annee_scolaire, *suite])

    return adresse


def a_confirmer(diagnostic: Diagnostic, champ: str = "PIL") -> int:
    return Reponse.objects.filter(diagnostic=diagnostic, indicateur__champ__code=champ, a_reconfirmer=True).count()


def test_enregistrer_sans_toucher_ne_confirme_rien_et_changer_confirme(connectee, repris, adresse_de):
    chemin = adresse_de(repris, "diagnostic_champ", "PIL")
    donnees, en_tout = envoyer(connectee.get(chemin)), a_confirmer(repris)
    connectee.post(chemin, donnees | {"enregistrer": "1"})
    assert a_confirmer(repris) == en_tout
    reponse = connectee.post(chemin, donnees | {"PIL-1-4-valeur": "oui", "continuer": "1"})
    assert reponse.status_code == 302
    assert (a_confirmer(repris), gardee(repris)[:3]) == (en_tout - 1, ("oui", "Charte à revoir", False))


def test_toujours_vrai_confirme_celle_la_seule(connectee, repris, adresse_de):
    chemin = adresse_de(repris, "diagnostic_champ", "PIL")
    donnees, en_tout = envoyer(connectee.get(chemin)), a_confirmer(repris)
    reponse = connectee.post(chemin, donnees | {"confirmer": "PIL-1-4"})
    assert reponse.url == chemin + "#PIL-1-4"
    assert (a_confirmer(repris), gardee(repris)[:3]) == (en_tout - 1, ("non", "Charte à revoir", False))
    assert "Votre réponse est confirmée." in texte(connectee.get(chemin))
    assert bloc(connectee.get(chemin), "PIL-1-4").find_class("reprise") == []


def test_confirmer_tout_le_champ_et_lui_seul(connectee, repris, adresse_de):
    chemin = adresse_de(repris, "diagnostic_champ", "PIL")
    donnees, en_tout = envoyer(connectee.get(chemin)), a_confirmer(repris)
    reponse = connectee.post(chemin, donnees | {"confirmer_tout": "1"}, follow=True)
    assert f"{en_tout} réponses sont confirmées." in texte(reponse)
    assert (a_confirmer(repris), a_confirmer(repris, "FOR") > 0) == (0, True)
    assert "data-tout-reconfirmer" not in reponse.content.decode()


def test_confirmer_tout_montre_les_conflits_et_confirme_le_reste(connectee, repris, adresse_de, monde, maintenant):
    chemin = adresse_de(repris, "diagnostic_champ", "PIL")
    donnees = envoyer(connectee.get(chemin))
    version = int(donnees["PIL-1-4-version"])
    repondre(repris, monde.referent, maintenant, "PIL-1-4", "en_partie", version=version)
    page = connectee.post(chemin, donnees | {"confirmer_tout": "1"})
    assert page.status_code == 409
    assert "Rémi Référent a répondu « En partie »" in texte(page).replace("\xa0", " ")
    assert (a_confirmer(repris), gardee(repris)[0]) == (0, "en_partie")


def test_confirmer_ce_qui_n_est_pas_a_confirmer_ne_fait_rien(connectee, adresse):
    connectee.post(adresse("diagnostic_reponse", "PIL-1-1"), {"valeur": "oui", "version": "0"})
    donnees = {"PIL-1-1-valeur": "oui", "PIL-1-1-version": "1", "confirmer": "PIL-1-1", "confirmer_tout": "1"}
    assert connectee.post(adresse("diagnostic_champ", "PIL"), donnees | {"confirmer": "XXX"}).status_code == 302
    assert Reponse.objects.get().version == 1


def test_la_verification_ne_montre_pas_a_reconfirmer_comme_une_reponse(connectee, repris, an_dernier, adresse_de):
    Reponse.objects.filter(diagnostic=repris, indicateur__code="PIL-1-1").update(a_reconfirmer=False)
    page = connectee.get(adresse_de(repris, "diagnostic_verifier"))
    cellules = [" ".join(bloc(page, code).xpath("string(td[2])").split()) for code in ("PIL-1-1", "PIL-1-4")]
    assert cellules == ["Oui", f"À reconfirmer Non en {an_dernier.campagne.annee_scolaire}"]
    dit = texte(page).replace("\xa0", " ")
    assert "1 réponse sur 82, et 81 à reconfirmer." in dit
    assert "Référentiel « Paliers de maturité numérique », version 1." in dit


def test_apres_un_changement_de_version_l_entree_dit_ce_qui_se_passe(
    connectee, monde, brouillon, tout_repondre, version_2, maintenant
):
    tout_repondre(brouillon)
    brouillon.refresh_from_db()
    passer_a_la_version([brouillon], version_2, monde.rectorat, maintenant)
    page = texte(connectee.get(reverse("diagnostic", args=[monde.college.uai]))).replace("\xa0", " ")
    assert (
        "La campagne est passée à la version 2 du référentiel : 1 indicateur vous est de nouveau posé. "
        "Vos autres réponses sont gardées." in page
    )


def test_le_tableau_de_bord_dit_ce_qui_reste_a_reconfirmer(connectee, monde, repris):
    page = texte(connectee.get(reverse("etablissement", args=[monde.college.uai]))).replace("\xa0", " ")
    assert "0 réponse sur 82, et 82 à reconfirmer." in page


def test_l_entree_coute_au_plus_douze_requetes_meme_sans_reponse(connectee, monde, brouillon, an_dernier):
    page = connectee.get(reverse("diagnostic", args=[monde.college.uai]))
    assert len(page.requetes) == 11


def test_commencer_a_blanc_ne_reprend_rien(connectee, monde, campagne, an_dernier, maintenant):
    connectee.post(reverse("diagnostic_commencer", args=[monde.college.uai]))
    diagnostic = Diagnostic.objects.get(campagne=campagne, etablissement=monde.college)
    assert (diagnostic.etat, diagnostic.reponses.count()) == ("brouillon", 0)
    assert (
        commencer_diagnostic(etablissement=monde.college, campagne=campagne, auteur=monde.chef, maintenant=maintenant)
        == diagnostic
    )
