"""Meeting mode: hands counted, an answer agreed on, dissent kept; never a silent overwrite, never a name."""

import datetime
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from diagnostic.domain.cotation import Valeur
from diagnostic.domain.reponses import IndicateurInconnu, Saisie, enregistrer_reponse
from diagnostic.domain.reprises import changer_la_version
from diagnostic.domain.reunion import COMMENTAIRE_SANS_REPONSE, ConflitReunion, Votes, noter_en_reunion
from diagnostic.interfaces.reunion import phrase_des_votes
from diagnostic.models import Delegation, Diagnostic, Referentiel, ReglePlausibilite, Reponse, VoteReunion
from diagnostic.queries.etat import etat_du_diagnostic
from diagnostic.queries.questionnaire import oublier_les_questionnaires, questionnaire
from diagnostic.queries.reunion import bilan
from strategie.socle.domain.empechement import Empeche
from tests.diagnostic.courses import PATIENCE, attendre_un_verrou
from tests.diagnostic.versions import REFORMULE, version_suivante
from tests.dossier import signer

CODE = "PIL-1-1"
SIGNE = "Ce diagnostic est signé\u00a0: ses réponses ne changent plus. Le chef d'établissement peut le rouvrir."


def noter(diagnostic, auteur, maintenant, *, votes=Votes(), desaccord="", version_vote=0, code=CODE, **saisie):  # noqa: B008
    dite = {"valeur": "", "motif": "", "commentaire": "", "version": 0} | saisie
    return noter_en_reunion(
        diagnostic=diagnostic,
        saisie=Saisie(code, **dite),
        votes=votes,
        desaccord=desaccord,
        version_vote=version_vote,
        auteur=auteur,
        maintenant=maintenant,
    )


def reponses():
    return list(
        Reponse.objects.order_by("indicateur__ordre").values_list(
            "indicateur__code", "valeur", "motif", "commentaire", "version", "a_reconfirmer"
        )
    )


def votes():
    return list(
        VoteReunion.objects.order_by("indicateur__ordre").values_list(
            "indicateur__code", "oui", "en_partie", "non", "ne_sait_pas", "desaccord", "version", "note_par__last_name"
        )
    )


# --- What the hands say ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("mains", "suggestion", "phrase"),
    [
        (Votes(), None, ""),
        (Votes(oui=1), Valeur.oui, "La majorité dit «\u00a0Oui\u00a0» (1 sur 1)."),
        (Votes(oui=5, non=5), None, "Pas de majorité sur 10 mains levées."),
        (Votes(oui=5, en_partie=3, non=2), None, "Pas de majorité sur 10 mains levées."),
        (Votes(oui=2, en_partie=7, non=3), Valeur.en_partie, "La majorité dit «\u00a0En partie\u00a0» (7 sur 12)."),
        (Votes(oui=1, ne_sait_pas=2), Valeur.ne_sait_pas, "La majorité dit «\u00a0Ne sait pas\u00a0» (2 sur 3)."),
    ],
)
def test_la_majorite_est_suggeree(mains, suggestion, phrase):
    assert (mains.suggestion, phrase_des_votes(mains)) == (suggestion, phrase)


COMPTE = st.integers(min_value=0, max_value=1000)


@given(COMPTE, COMPTE, COMPTE, COMPTE)
def test_une_suggestion_a_plus_de_mains_que_toutes_les_autres_ensemble(oui, en_partie, non, ne_sait_pas):
    mains = Votes(oui, en_partie, non, ne_sait_pas)
    comptes = {"oui": oui, "en_partie": en_partie, "non": non, "ne_sait_pas": ne_sait_pas}
    attendues = [valeur for valeur, n in comptes.items() if n > sum(comptes.values()) - n]
    assert [mains.suggestion] == (attendues or [None])


# --- Noting ---------------------------------------------------------------------------------------------
def test_votes_et_reponse_en_un_acte(monde, brouillon, maintenant):
    assert (
        noter(
            brouillon,
            monde.chef,
            maintenant,
            valeur="en_partie",
            commentaire="Au conseil",
            votes=Votes(oui=3, en_partie=9, non=1),
            desaccord="Une voix demande une lettre.",
        )
        is None
    )
    assert reponses() == [(CODE, "en_partie", "", "Au conseil", 1, False)]
    assert votes() == [(CODE, 3, 9, 1, 0, "Une voix demande une lettre.", 1, "Chef")]


def test_les_votes_seuls_laissent_la_decision_a_plus_tard(monde, brouillon, maintenant):
    noter(brouillon, monde.chef, maintenant, votes=Votes(oui=4, non=4))
    assert (reponses(), votes()) == ([], [(CODE, 4, 0, 4, 0, "", 1, "Chef")])


def test_un_consensus_n_a_pas_besoin_de_votes(monde, brouillon, maintenant):
    noter(brouillon, monde.chef, maintenant, valeur="oui")
    assert (reponses(), votes()) == ([(CODE, "oui", "", "", 1, False)], [])


def test_la_meme_note_deux_fois_compte_une_fois(monde, brouillon, maintenant):
    for _ in range(2):
        assert noter(brouillon, monde.chef, maintenant, valeur="oui", votes=Votes(oui=4), desaccord="Non") is None
    assert (reponses(), votes()) == ([(CODE, "oui", "", "", 1, False)], [(CODE, 4, 0, 0, 0, "Non", 1, "Chef")])


def test_corriger_des_votes_garde_la_reponse_d_un_collegue(monde, brouillon, maintenant):
    noter(brouillon, monde.chef, maintenant, votes=Votes(oui=4))
    repondre(brouillon, monde.referent, maintenant, "non")
    assert noter(brouillon, monde.chef, maintenant, votes=Votes(oui=5), version_vote=1) is None
    assert reponses() == [(CODE, "non", "", "", 1, False)]
    assert votes() == [(CODE, 5, 0, 0, 0, "", 2, "Chef")]


def repondre(diagnostic, auteur, maintenant, valeur, commentaire="", version=0):
    saisie = Saisie(CODE, valeur, "", commentaire, version)
    enregistrer_reponse(diagnostic=diagnostic, saisie=saisie, auteur=auteur, maintenant=maintenant)


def test_une_reponse_changee_entre_temps_n_est_pas_ecrasee(monde, brouillon, maintenant):
    repondre(brouillon, monde.referent, maintenant, "non", "Vu au conseil")
    conflit = noter(brouillon, monde.chef, maintenant, valeur="oui", votes=Votes(oui=9), desaccord="Une voix")
    assert isinstance(conflit, ConflitReunion)
    assert (conflit.reponse.saisie.valeur, conflit.reponse.actuelle.valeur, conflit.vote) == ("oui", "non", None)
    assert reponses() == [(CODE, "non", "", "Vu au conseil", 1, False)]
    assert votes() == []


def test_des_votes_changes_entre_temps_ne_sont_pas_ecrases(monde, brouillon, maintenant):
    noter(brouillon, monde.referent, maintenant, votes=Votes(non=2))
    conflit = noter(brouillon, monde.chef, maintenant, valeur="oui", votes=Votes(oui=9))
    assert (conflit.reponse, conflit.vote.non, conflit.vote.note_par) == (None, 2, monde.referent)
    assert reponses() == []
    assert votes() == [(CODE, 0, 0, 2, 0, "", 1, "Référent")]


def test_decider_plus_tard_garde_le_commentaire_et_la_reponse(monde, brouillon, maintenant):
    noter(brouillon, monde.chef, maintenant, commentaire="À vérifier")
    assert reponses() == [(CODE, "", "", "À vérifier", 1, False)]
    repondre(brouillon, monde.chef, maintenant, "oui", "À vérifier", version=1)
    noter(brouillon, monde.chef, maintenant, commentaire="À vérifier", version=2)
    assert reponses() == [(CODE, "oui", "", "À vérifier", 2, False)]
    noter(brouillon, monde.chef, maintenant, commentaire="Vérifié", version=2)
    assert reponses() == [(CODE, "oui", "", "Vérifié", 3, False)]
    noter(brouillon, monde.chef, maintenant, version=3)
    assert reponses() == [(CODE, "oui", "", "", 4, False)]


def a_reconfirmer(brouillon, monde, maintenant):
    repondre(brouillon, monde.chef, maintenant, "oui", "L'an dernier")
    Reponse.objects.update(a_reconfirmer=True)


def test_une_reponse_a_reconfirmer_attend_qu_on_la_redise(monde, brouillon, maintenant):
    a_reconfirmer(brouillon, monde, maintenant)
    noter(brouillon, monde.chef, maintenant, commentaire="L'an dernier", version=1, votes=Votes(oui=1))
    assert reponses() == [(CODE, "oui", "", "L'an dernier", 1, True)]
    with pytest.raises(Empeche, match="à reconfirmer"):
        noter(brouillon, monde.chef, maintenant, commentaire="Autre", version=1, votes=Votes(oui=2), version_vote=1)
    assert votes() == [(CODE, 1, 0, 0, 0, "", 1, "Chef")]
    noter(brouillon, monde.chef, maintenant, valeur="oui", commentaire="L'an dernier", version=1, votes=Votes(oui=1))
    assert reponses()[0][4:] == (2, False)


def test_rien_ne_se_note_sur_un_diagnostic_signe(monde, brouillon, maintenant, tout_repondre):
    tout_repondre(brouillon)
    ancien = Diagnostic.objects.select_related("etablissement", "campagne", "referentiel").get(pk=brouillon.pk)
    signer(brouillon, monde.chef, maintenant)
    with pytest.raises(Empeche, match="Ce diagnostic est signé"):
        noter(ancien, monde.chef, maintenant, votes=Votes(oui=3))
    assert votes() == []


def test_rien_ne_se_note_apres_la_cloture(monde, brouillon, maintenant):
    apres = maintenant + datetime.timedelta(days=60)
    with pytest.raises(Empeche, match="La campagne s'est terminée le"):
        noter(brouillon, monde.chef, apres, votes=Votes(oui=3))


def en_parallele(*actes: Callable[[], object]) -> list[object]:
    """What each act returns or raises, each in its own thread and connection."""

    def tenter(acte: Callable[[], object]) -> object:
        try:
            return acte()
        except Empeche as refus:
            return str(refus)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(actes)) as fils:
        return list(fils.map(tenter, actes))


@pytest.mark.django_db(transaction=True)
def test_un_double_clic_ne_note_qu_une_fois(monde, brouillon, maintenant):
    def clic() -> object:
        lu = Diagnostic.objects.select_related("etablissement", "campagne", "referentiel").get(pk=brouillon.pk)
        return noter(lu, monde.chef, maintenant, valeur="oui", votes=Votes(oui=9), desaccord="Une voix")

    assert en_parallele(*[clic] * 6) == [None] * 6
    assert (reponses(), votes()) == (
        [(CODE, "oui", "", "", 1, False)],
        [(CODE, 9, 0, 0, 0, "Une voix", 1, "Chef")],
    )


@pytest.mark.django_db(transaction=True)
def test_une_note_attend_la_signature_puis_est_refusee(monde, brouillon, maintenant):
    tenu = threading.Event()

    def signature() -> None:
        with transaction.atomic():
            Diagnostic.objects.select_for_update().get(pk=brouillon.pk)
            tenu.set()
            attendre_un_verrou()
            Diagnostic.objects.filter(pk=brouillon.pk).update(etat=Diagnostic.Etat.SOUMIS)

    def note() -> object:
        assert tenu.wait(PATIENCE)
        return noter(brouillon, monde.chef, maintenant, votes=Votes(oui=9))

    assert en_parallele(signature, note) == [None, SIGNE]
    assert votes() == []


def test_un_changement_de_version_entre_temps_est_dit(monde, brouillon, maintenant):
    nouvelle = Referentiel.objects.create(code="suite", version=2, titre="Suite", precedent=brouillon.referentiel)
    Diagnostic.objects.filter(pk=brouillon.pk).update(referentiel=nouvelle)
    with pytest.raises(Empeche, match="vient de changer de version"):
        noter(brouillon, monde.chef, maintenant, valeur="oui", votes=Votes(oui=3))
    assert (reponses(), votes()) == ([], [])


@pytest.mark.parametrize("version", [1, 2_147_483_647, 10**30])
def test_un_vote_parti_avec_l_ancienne_question_ne_se_corrige_pas(client, monde, brouillon, version):
    client.force_login(monde.chef)
    reponse = poster(client, brouillon, valeur="oui", oui="3", desaccord="À garder", version_vote=str(version))
    page = reponse.content.decode()
    assert (reponse.status_code, "vient de changer de version" in page, "À garder" in page) == (422, True, True)
    assert (reponses(), votes()) == ([], [])


def test_une_page_ouverte_avant_le_changement_de_version_est_relue(client, monde, brouillon, maintenant):
    """PIL-1-2 is reworded: what the room answered was another question."""
    client.force_login(monde.chef)
    page = html.fromstring(client.get(adresse(brouillon, "reunion_indicateur", REFORMULE)).content.decode())
    (lu,) = page.xpath("//input[@name='referentiel']/@value")
    nouvelle = version_suivante(brouillon.referentiel, monde.academie, monde.rectorat, maintenant)
    changer_la_version(campagne=brouillon.campagne, referentiel=nouvelle, auteur=monde.rectorat, maintenant=maintenant)
    champs = {"valeur": "oui", "oui": "9", "desaccord": "Une voix"}
    reponse = poster(client, brouillon, REFORMULE, **champs, referentiel=lu)
    page = html.fromstring(reponse.content.decode())
    assert (reponse.status_code, reponses(), votes()) == (422, [], [])
    assert "vient de changer de version" in page.text_content()
    assert (page.xpath("string(//h1)"), page.xpath("string(//textarea[@name='desaccord'])").strip()) == (
        "Le volet numérique du projet est écrit, voté et affiché.",
        "Une voix",
    )
    (relu,) = page.xpath("//input[@name='referentiel']/@value")
    assert poster(client, brouillon, REFORMULE, **champs, referentiel=relu).status_code == 302
    assert reponses() == [(REFORMULE, "oui", "", "", 1, False)]


@pytest.mark.parametrize("code", ["ZZZ-9-9", ""])
def test_un_indicateur_inconnu_est_refuse(monde, brouillon, maintenant, code):
    with pytest.raises(IndicateurInconnu):
        noter(brouillon, monde.chef, maintenant, votes=Votes(oui=3), code=code)


def test_un_indicateur_d_une_autre_sorte_d_etablissement_est_refuse(monde, brouillon, maintenant):
    with pytest.raises(IndicateurInconnu):
        noter(brouillon, monde.chef, maintenant, votes=Votes(oui=3), code=pas_pose(brouillon))


def pas_pose(brouillon) -> str:
    """An indicator that the collège is no longer asked, once it has become an école."""
    brouillon.etablissement.type = "ecole"
    brouillon.etablissement.save()
    poses = {i.code for i in questionnaire(brouillon.referentiel).concernes(brouillon.etablissement)}
    return next(i.code for i in questionnaire(brouillon.referentiel) if i.code not in poses)


# --- The pages ------------------------------------------------------------------------------------------
def adresse(brouillon, nom="reunion_indicateur", *suite):
    return reverse(nom, args=[brouillon.etablissement.uai, brouillon.campagne.annee_scolaire, *suite])


def poster(client, brouillon, code=CODE, **champs):
    vide = {"version": "0", "version_vote": "0", "continuer": "1"}
    return client.post(adresse(brouillon, "reunion_indicateur", code), vide | champs)


@pytest.fixture
def codes(brouillon):
    return [i.code for i in questionnaire(brouillon.referentiel).concernes(brouillon.etablissement)]


def test_la_reunion_ouvre_le_premier_a_decider(client, monde, brouillon, maintenant, codes, tout_repondre):
    client.force_login(monde.chef)
    entree = adresse(brouillon, "diagnostic_reunion")
    assert client.get(entree)["Location"] == adresse(brouillon, "reunion_indicateur", codes[0]) + "#votes"
    noter(brouillon, monde.chef, maintenant, valeur="oui", code=codes[0])
    assert client.get(entree)["Location"] == adresse(brouillon, "reunion_indicateur", codes[1]) + "#votes"
    saut = client.get(entree, {"indicateur": codes[5]})
    assert saut["Location"] == adresse(brouillon, "reunion_indicateur", codes[5]) + "#votes"
    Reponse.objects.update(a_reconfirmer=True)
    assert client.get(entree)["Location"] == adresse(brouillon, "reunion_indicateur", codes[0]) + "#votes"
    Reponse.objects.all().delete()
    tout_repondre(brouillon)
    assert client.get(entree)["Location"] == adresse(brouillon, "reunion_bilan")


def test_enregistrer_mene_au_suivant_puis_au_bilan(client, monde, brouillon, codes):
    client.force_login(monde.chef)
    reponse = poster(client, brouillon, valeur="oui", oui="7", non="2", desaccord="Deux voix\r\ncontre", commentaire="")
    assert (reponse.status_code, reponse["Location"]) == (
        302,
        adresse(brouillon, "reunion_indicateur", codes[1]) + "#votes",
    )
    assert reponses() == [(CODE, "oui", "", "", 1, False)]
    assert votes() == [(CODE, 7, 0, 2, 0, "Deux voix\ncontre", 1, "Chef")]
    derniere = poster(client, brouillon, codes[-1], valeur="non")
    assert (derniere.status_code, derniere["Location"]) == (302, adresse(brouillon, "reunion_bilan"))


def test_la_page_dit_ou_l_on_en_est(client, monde, brouillon, maintenant, codes):
    noter(brouillon, monde.chef, maintenant, valeur="oui", code=codes[1], votes=Votes(oui=8, non=1))
    client.force_login(monde.chef)
    page = client.get(adresse(brouillon, "reunion_indicateur", codes[1])).content.decode()
    assert f"<strong>2 / {len(codes)}</strong> <small>1\u00a0répondu</small>" in page
    assert "La majorité dit «\u00a0Oui\u00a0» (8 sur 9)." in page
    assert 'value="oui" checked' in page
    assert page.count("<option ") == len(codes)
    for voisin in (codes[0], codes[2]):
        assert adresse(brouillon, "reunion_indicateur", voisin) in page


def test_decider_plus_tard_ne_repond_pas(client, monde, brouillon):
    client.force_login(monde.chef)
    champs = {"version": "0", "version_vote": "0", "valeur": "oui", "oui": "4", "non": "4", "plus_tard": "1"}
    assert client.post(adresse(brouillon, "reunion_indicateur", CODE), champs).status_code == 302
    assert (reponses(), votes()) == ([], [(CODE, 4, 0, 4, 0, "", 1, "Chef")])


@pytest.mark.parametrize(
    ("champ", "valeur", "phrase"),
    [
        ("oui", "3,5", "Écrivez un nombre entier de mains levées, sans virgule."),
        ("oui", "trois", "Écrivez un nombre entier de mains levées, sans virgule."),
        ("non", "-1", "Un nombre de mains levées ne peut pas être négatif."),
        ("ne_sait_pas", "1001", "Ce nombre de mains levées dépasse 1\u202f000\u00a0: vérifiez-le."),
        ("en_partie", "9" * 5000, "Écrivez un nombre entier de mains levées, sans virgule."),
        ("valeur", "peut-être", "Cette réponse n&#x27;est pas dans la liste proposée."),
        (
            "valeur",
            "sans_objet",
            "Dites pourquoi «\u00a0sans objet\u00a0»\u00a0: sans raison, la réponse ne compte pas.",
        ),
        ("desaccord", "x" * 10_001, "Le désaccord dépasse 10 000 caractères\u00a0: raccourcissez-le."),
        ("version_vote", "", "Cette page est incomplète\u00a0: rechargez-la."),
    ],
)
def test_une_saisie_refusee_est_dite_a_son_champ_et_rien_ne_se_perd(client, monde, brouillon, champ, valeur, phrase):
    client.force_login(monde.chef)
    reponse = poster(client, brouillon, **({"commentaire": "Mot à garder", "oui": "6"} | {champ: valeur}))
    page = reponse.content.decode()
    assert reponse.status_code == 422
    assert phrase in page
    assert "Mot à garder" in page
    assert 'value="6"' in page or champ == "oui"
    assert (reponses(), votes()) == ([], [])


def test_un_conflit_montre_les_deux_puis_se_resout(client, monde, brouillon, maintenant):
    noter(brouillon, monde.referent, maintenant, valeur="non", commentaire="Vu au conseil", votes=Votes(non=2))
    client.force_login(monde.chef)
    champs = {"valeur": "oui", "oui": "9", "desaccord": "Une voix", "commentaire": "En salle"}
    reponse = poster(client, brouillon, **champs)
    page = reponse.content.decode()
    assert reponse.status_code == 409
    for morceau in (
        "Rémi Référent</strong> a répondu",
        "Vu au conseil",
        "non 2, ne sait pas 0",
        "En salle",
        "Une voix",
    ):
        assert morceau in page
    assert 'name="version" value="1"' in page
    assert 'name="version_vote" value="1"' in page
    assert "La majorité dit «\u00a0Oui\u00a0» (9 sur 9)." in page
    assert votes() == [(CODE, 0, 0, 2, 0, "", 1, "Référent")]
    assert poster(client, brouillon, **champs, version="1", version_vote="1").status_code == 302
    assert reponses() == [(CODE, "oui", "", "En salle", 2, False)]
    assert votes() == [(CODE, 9, 0, 0, 0, "Une voix", 2, "Chef")]


def test_une_reponse_a_reconfirmer_est_montree_mais_pas_choisie(client, monde, brouillon, maintenant):
    a_reconfirmer(brouillon, monde, maintenant)
    client.force_login(monde.chef)
    page = client.get(adresse(brouillon, "reunion_indicateur", CODE)).content.decode()
    assert "Réponse d'avant&nbsp;: <strong>Oui</strong>" in page
    assert " checked" not in page
    refus = poster(client, brouillon, version="1", commentaire="Autre")
    assert (refus.status_code, COMMENTAIRE_SANS_REPONSE in refus.content.decode()) == (422, True)
    assert "Autre</textarea>" in refus.content.decode()


def test_une_contradiction_nouvelle_se_voit_avant_de_continuer(client, monde, brouillon, codes):
    indicateurs = questionnaire(brouillon.referentiel).par_code
    ReglePlausibilite.objects.create(
        referentiel=brouillon.referentiel,
        code="P99",
        gravite="avertissement",
        phrase="Ces deux-là ne vont pas ensemble.",
        si=indicateurs[codes[0]],
        si_valeurs=["oui"],
        alors=indicateurs[codes[1]],
        alors_valeurs=["oui"],
    )
    oublier_les_questionnaires()
    client.force_login(monde.chef)
    ici, suivant = (adresse(brouillon, "reunion_indicateur", code) + "#votes" for code in (codes[1], codes[2]))
    poster(client, brouillon, codes[0], valeur="oui")
    assert poster(client, brouillon, codes[1], valeur="non")["Location"] == ici
    page = client.get(adresse(brouillon, "reunion_indicateur", codes[1])).content.decode()
    assert "Ces deux-là ne vont pas ensemble." in page
    assert f"?indicateur={codes[0]}" in page
    assert poster(client, brouillon, codes[1], valeur="non", version="1")["Location"] == suivant
    autre = client.get(adresse(brouillon, "reunion_indicateur", codes[2])).content.decode()
    assert "Ces deux-là" not in autre
    oublier_les_questionnaires()


def test_un_diagnostic_signe_se_lit_sans_se_noter(client, monde, brouillon, maintenant, tout_repondre):
    tout_repondre(brouillon)
    signer(brouillon, monde.chef, maintenant)
    client.force_login(monde.chef)
    page = client.get(adresse(brouillon, "reunion_indicateur", CODE))
    assert SIGNE in page.content.decode().replace("&#x27;", "'")
    assert 'name="continuer"' not in page.content.decode()
    refus = poster(client, brouillon, oui="4", desaccord="Trop tard")
    assert refus.status_code == 422
    assert "Trop tard</textarea>" in refus.content.decode()
    assert votes() == []


def test_un_code_qui_n_est_pas_pose_n_existe_pas(client, monde, brouillon):
    client.force_login(monde.chef)
    for code in (pas_pose(brouillon), "ZZZ-9-9"):
        assert client.get(adresse(brouillon, "reunion_indicateur", code)).status_code == 404
        assert poster(client, brouillon, code, oui="3").status_code == 404


def test_la_gestionnaire_ne_parcourt_que_ce_qui_lui_est_confie(client, monde, brouillon, maintenant, codes):
    client.force_login(monde.gestionnaire)
    assert client.get(adresse(brouillon, "diagnostic_reunion")).status_code == 403
    Delegation.objects.create(
        diagnostic=brouillon, champ="EQU", utilisateur=monde.gestionnaire, confiee_par=monde.chef, confiee_le=maintenant
    )
    siens = [code for code in codes if code.startswith("EQU")]
    entree = client.get(adresse(brouillon, "diagnostic_reunion"))
    assert entree["Location"] == adresse(brouillon, "reunion_indicateur", siens[0]) + "#votes"
    page = client.get(adresse(brouillon, "reunion_indicateur", siens[0])).content.decode()
    assert f"<strong>1 / {len(siens)}</strong>" in page
    assert client.get(adresse(brouillon, "reunion_indicateur", CODE)).status_code == 403
    assert poster(client, brouillon, oui="3").status_code == 403
    assert poster(client, brouillon, siens[-1], oui="3")["Location"] == adresse(brouillon, "reunion_bilan")
    assert [vote[0] for vote in votes()] == [siens[-1]]


# --- What the meeting leaves ----------------------------------------------------------------------------
def test_le_bilan_dit_ce_qui_a_ete_decide_et_les_desaccords(client, monde, brouillon, maintenant, codes):
    noter(brouillon, monde.chef, maintenant, valeur="oui", votes=Votes(oui=7, non=2), desaccord="Deux voix contre")
    noter(brouillon, monde.chef, maintenant, votes=Votes(oui=3, non=3), code=codes[1])
    client.force_login(monde.lectrice)
    page = client.get(adresse(brouillon, "reunion_bilan")).content.decode()
    assert "1\u00a0réponse retenue ce jour-là, 1\u00a0désaccord gardé dans ce diagnostic." in page
    assert "Deux voix contre" in page
    assert '<span class="etiquette attention">à décider</span>' in page
    assert "Reprendre la réunion" not in page


def test_le_bilan_est_celui_d_un_jour_de_l_academie(monde, brouillon, maintenant, codes):
    zone = monde.academie.zone
    tard = maintenant.astimezone(zone).replace(hour=23, minute=30)
    lendemain = tard + datetime.timedelta(hours=1)
    noter(brouillon, monde.chef, tard, valeur="oui", votes=Votes(oui=1))
    noter(brouillon, monde.chef, lendemain, votes=Votes(non=1), code=codes[1])
    etat = etat_du_diagnostic(brouillon)

    def du_jour(jour):
        return [ligne.indicateur.code for ligne in bilan(etat, jour, maintenant).du_jour]

    assert bilan(etat, None, maintenant).jour == lendemain.date()
    assert (du_jour(tard.date()), du_jour(lendemain.date())) == ([CODE], [codes[1]])
    assert bilan(etat, tard.date(), maintenant).autres_seances == [lendemain.date()]


def test_un_bilan_vide_ou_d_un_jour_illisible_se_lit_aussi(client, monde, brouillon):
    client.force_login(monde.chef)
    for jour in ("", "2026-99-99", "hier"):
        page = client.get(adresse(brouillon, "reunion_bilan"), {"jour": jour})
        assert "Aucune réponse et aucun vote" in page.content.decode()
