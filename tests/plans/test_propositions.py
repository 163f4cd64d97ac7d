"""Proposals: the file whole, what a school is offered, taken up or declined, worded by an académie."""

import copy
import datetime
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from lxml import html

from diagnostic.domain.cotation import Valeur
from plans.domain.actions import changer_etat, lire_saisie
from plans.domain.adaptations import adapter_proposition, revenir_au_texte_national
from plans.domain.propositions import (
    Acceptation,
    SaisieRefus,
    accepter_proposition,
    decliner_proposition,
    reprendre_proposition,
)
from plans.interfaces.propositions import description
from plans.models import (
    Action,
    Besoin,
    FacteurReussite,
    IndicateurSuivi,
    Justification,
    PropositionAdaptee,
    PropositionDeclinee,
)
from plans.queries.adaptations import historique_de_l_adaptation
from plans.queries.offre import Etat
from plans.queries.propositions import (
    FICHIER,
    FichierInvalide,
    lire_propositions,
    propositions_de,
    propositions_nationales,
)
from plans.rules.propositions import (
    TexteDeProposition,
    cout_en_mots,
    defauts_du_refus,
    defauts_du_texte,
    effort_en_mots,
)
from strategie.socle.domain.calendrier import annee_precedente
from strategie.socle.domain.empechement import Empeche, SaisieRefusee
from strategie.socle.domain.fusion import Conflit
from tests.dossier import REFERENTIEL, commencer, repondre_partout
from tests.plans.offres import l_offre, la_proposition, un_diagnostic_signe
from tests.plans.plans import cette_annee, un_axe, un_besoin, une_cle, une_saisie

MAINTENANT = datetime.datetime(2031, 3, 3, 10, 0, tzinfo=datetime.UTC)
ANNEE = "2030-2031"
DONNEES = json.loads(FICHIER.read_text(encoding="utf-8"))
CODES = [
    ligne["code"]
    for champ in json.loads(REFERENTIEL.read_text(encoding="utf-8"))["champs"]
    for ligne in champ["indicateurs"]
]
TEXTE = TexteDeProposition("Un besoin", "Une action", "Une raison", ("Une étape",), 1, 2, 0, 500, "organisation")
NON = Valeur.non


# --- The file ---
def test_chaque_indicateur_du_referentiel_a_sa_proposition():
    assert list(propositions_nationales()) == CODES
    assert len(CODES) == 82


def test_une_proposition_est_lue_en_entier():
    proposition = la_proposition("PIL-1-2")
    assert (proposition.theme, proposition.levier, proposition.acteur, proposition.prerequis) == (
        "gouvernance",
        "organisation",
        "etablissement",
        (),
    )
    assert (proposition.indicateur.depart, proposition.indicateur.cible) == (Decimal(0), Decimal(2))
    assert (proposition.effort, proposition.cout, proposition.moyen, proposition.adaptee) == (
        "de 1 à 3\u00a0jours de travail",
        "sans dépense",
        "Organisation",
        False,
    )


def test_ce_qui_est_propose_entre_dans_un_besoin_et_une_action():
    propositions = propositions_nationales().values()
    assert max(len(proposition.besoin) for proposition in propositions) <= 400
    assert max(len(description(proposition)) for proposition in propositions) <= 4000
    assert [proposition.code for proposition in propositions if defauts_du_texte(proposition.texte)] == []


@pytest.mark.parametrize(
    ("code", "champ", "valeur", "phrase"),
    [
        ("PIL-1-1", "theme", "autre", "PIL-1-1, theme\u00a0: «\u00a0autre\u00a0» n'est pas un de acces, "),
        ("PIL-1-1", "acteur", "maire", "PIL-1-1, acteur\u00a0: «\u00a0maire\u00a0» n'est pas un de etablissement, "),
        ("PIL-1-1", "levier", "magie", "PIL-1-1, levier\u00a0: Choisissez le moyen"),
        ("PIL-1-1", "titre", "", "PIL-1-1, titre\u00a0: Ce texte ne peut pas rester vide."),
        ("PIL-1-1", "titre", "a" * 251, "PIL-1-1, titre\u00a0: Ce texte dépasse 250"),
        ("PIL-1-1", "comment", [], "PIL-1-1, comment\u00a0: Décrivez au moins une étape."),
        ("PIL-1-1", "effort_jours", [3, 1], "PIL-1-1, effort_max\u00a0: Une fourchette va du plus petit"),
        ("PIL-1-1", "cout_euros", [-1, 1], "PIL-1-1, cout_min\u00a0: De 0 à"),
        ("PIL-1-1", "porteur", "a" * 81, "PIL-1-1, porteur\u00a0: de 1 à 80"),
        ("PIL-1-1", "facteur", "", "PIL-1-1, facteur\u00a0: de 1 à 300"),
        ("PIL-1-1", "prerequis", ["PIL-9-9"], "PIL-1-1, prerequis\u00a0: PIL-9-9 n'y est pas."),
        ("PIL-1-1", "prerequis", ["PIL-1-4"], "Des prérequis tournent en rond\u00a0: "),
        ("PIL-1-2", "code", "PIL-1-1", "En double\u00a0: PIL-1-1."),
    ],
)
def test_un_fichier_faux_s_arrete_en_disant_pourquoi(code, champ, valeur, phrase):
    donnees = copy.deepcopy(DONNEES)
    next(ligne for ligne in donnees["propositions"] if ligne["code"] == code)[champ] = valeur
    with pytest.raises(FichierInvalide) as refus:
        lire_propositions(donnees)
    assert phrase in str(refus.value)


def test_une_cible_du_mauvais_cote_est_refusee():
    donnees = copy.deepcopy(DONNEES)
    ligne = next(ligne for ligne in donnees["propositions"] if ligne["code"] == "PIL-1-2")
    ligne["indicateur"] |= {"depart": 5, "cible": 2, "sens": "hausse"}
    with pytest.raises(FichierInvalide, match=r"^PIL-1-2, indicateur.*bon côté"):
        lire_propositions(donnees)


def test_les_fourchettes_se_disent_en_francais():
    assert [effort_en_mots(1, 1), effort_en_mots(2, 2), effort_en_mots(0, 1)] == [
        "1\u00a0jour de travail",
        "2\u00a0jours de travail",
        "de 0 à 1\u00a0jour de travail",
    ]
    assert [cout_en_mots(0, 0), cout_en_mots(0, 500), cout_en_mots(500, 500), cout_en_mots(1500, 25000)] == [
        "sans dépense",
        "de 0 à 500\u00a0€",
        "500\u00a0€",
        "de 1\u202f500 à 25\u202f000\u00a0€",
    ]


# --- What is offered ---
def test_seules_les_conditions_qui_manquent_sont_offertes(monde, referentiel):
    un_diagnostic_signe(
        monde, referentiel, {"PIL-1-4": NON, "PIL-3-1": Valeur.en_partie, "FOR-1-1": Valeur.ne_sait_pas}
    )
    offre = l_offre(monde.college)
    assert (offre.annee, offre.source.annee, offre.source.signee) == (
        cette_annee(monde.college),
        cette_annee(monde.college),
        True,
    )
    assert [(c.code, c.palier, c.reponse, c.etat) for c in offre.conditions] == [
        ("PIL-1-4", 1, "non", Etat.PROPOSEE),
        ("PIL-3-1", 3, "en partie", Etat.PROPOSEE),
        ("FOR-1-1", 1, "ne sait pas", Etat.PROPOSEE),
    ]
    assert [champ.palier for champ in offre.champs[:2]] == [0, 0]


def test_ce_qui_est_sans_objet_ou_n_est_pas_demande_n_est_pas_offert(monde, referentiel):
    monde.college.type = "ecole"  # PIL-2-3 is not asked of a school of the first degree
    monde.college.save()
    maintenant = timezone.now()
    brouillon = commencer(monde.college, cette_annee(monde.college), referentiel, monde.chef, maintenant)
    sauf = dict.fromkeys(("PIL-1-1", "PIL-1-2"), Valeur.sans_objet) | {"PIL-2-2": NON, "PIL-3-1": NON}
    repondre_partout(brouillon, Valeur.oui, monde.chef, maintenant, sauf=sauf)
    brouillon.reponses.filter(indicateur__code="PIL-1-1").update(motif="Pas chez nous.")  # the other says no reason
    assert [(c.code, c.reponse) for c in l_offre(monde.college).conditions] == [
        ("PIL-1-2", "sans réponse"),
        ("PIL-2-2", "non"),
        ("PIL-3-1", "non"),
    ]


def test_un_prerequis_qui_n_est_pas_demande_ne_se_dit_pas(monde, referentiel):
    monde.college.type = "ecole"
    monde.college.save()
    un_diagnostic_signe(monde, referentiel, {"PED-3-4": NON, "INF-2-3": NON})
    offre = l_offre(monde.college)
    assert [c.code for c in offre.conditions] == ["PED-3-4"]


def test_les_prerequis_disent_s_ils_sont_remplis(monde, referentiel):
    un_diagnostic_signe(monde, referentiel, {"PIL-2-1": NON, "PIL-1-2": NON})
    condition = l_offre(monde.college).condition("PIL-2-1")
    assert [(avant.code, avant.rempli) for avant in condition.prerequis] == [("PIL-1-1", True), ("PIL-1-2", False)]
    assert [avant.code for avant in condition.d_abord] == ["PIL-1-2"]


def test_sans_signature_le_brouillon_sert_a_qui_peut_le_lire(monde, referentiel):
    maintenant = timezone.now()
    brouillon = commencer(monde.college, cette_annee(monde.college), referentiel, monde.chef, maintenant)
    repondre_partout(brouillon, Valeur.oui, monde.chef, maintenant, sauf={"PIL-1-1": NON})
    offre = l_offre(monde.college)
    assert (offre.source.signee, [c.code for c in offre.conditions]) == (False, ["PIL-1-1"])
    assert l_offre(monde.college, brouillon=False).source is None


def test_ce_qui_est_signe_l_emporte_sur_le_brouillon(monde, referentiel):
    un_diagnostic_signe(monde, referentiel, {"PIL-1-1": NON}, annee_precedente(cette_annee(monde.college)))
    maintenant = timezone.now()
    brouillon = commencer(monde.college, cette_annee(monde.college), referentiel, monde.chef, maintenant)
    repondre_partout(brouillon, NON, monde.chef, maintenant)
    offre = l_offre(monde.college)
    assert [c.code for c in offre.conditions] == ["PIL-1-1"]
    assert (offre.source.annee, offre.annee) == (
        annee_precedente(cette_annee(monde.college)),
        cette_annee(monde.college),
    )


def test_sans_diagnostic_rien_n_est_offert(monde, referentiel):
    offre = l_offre(monde.college)
    assert (offre.source, offre.conditions) == (None, [])


def test_un_besoin_garde_l_an_dernier_repond_encore(monde, referentiel):
    avant = annee_precedente(cette_annee(monde.college))
    un_diagnostic_signe(monde, referentiel, {"PIL-1-1": NON, "PIL-1-2": NON}, avant)
    un_besoin(monde.college, origine="indicateur", reference="PIL-1-1", annee_scolaire=avant)
    un_besoin(monde.college, origine="indicateur", reference="PIL-1-2", annee_scolaire=annee_precedente(avant))
    assert [c.etat for c in l_offre(monde.college).conditions] == [Etat.RETENUE, Etat.PROPOSEE]


# --- Taking one up ---
def accepter(monde, code="PIL-1-2", *, cle=None, auteur=None, seul=False, de_l_action=(), **champs):
    """`seul`: the need alone; `de_l_action`: fields of the action that are not the plain ones."""
    saisie = une_saisie(
        monde.college,
        intitule="Une commission deux fois par an",
        levier="organisation",
        annee_scolaire=ANNEE,
        annee_fin=ANNEE,
        **dict(de_l_action),
    )
    valeurs = {
        "annee": ANNEE,
        "depuis": ANNEE,
        "besoin": "Décider ensemble",
        "constat": "Condition du palier 1.",
        "action": None if seul else saisie,
        "indicateur": True,
        "facteur": True,
    }
    return accepter_proposition(
        etablissement=monde.college,
        proposition=la_proposition(code),
        saisie=Acceptation(**(valeurs | champs)),
        cle=cle or une_cle(),
        auteur=auteur or monde.chef,
        maintenant=MAINTENANT,
    )


def test_accepter_cree_tout_en_une_fois(monde):
    axe = un_axe(monde.college)
    besoin, action = accepter(monde, de_l_action={"axes": frozenset({axe.pk}), "fonction_porteuse": "La principale"})
    assert (besoin.origine, besoin.reference, besoin.intitule, besoin.constat, besoin.theme, besoin.annee_scolaire) == (
        "indicateur",
        "PIL-1-2",
        "Décider ensemble",
        "Condition du palier 1.",
        "gouvernance",
        ANNEE,
    )
    assert (besoin.retenu_par, besoin.retenu_le) == (monde.chef, MAINTENANT)
    assert (action.etat, action.modele, action.intitule, action.fonction_porteuse) == (
        "brouillon",
        "PIL-1-2",
        "Une commission deux fois par an",
        "La principale",
    )
    indicateur = IndicateurSuivi.objects.get()
    assert (indicateur.action, indicateur.intitule, indicateur.unite, indicateur.depart, indicateur.cible) == (
        action,
        "Nombre de réunions tenues avec un relevé de conclusions diffusé",
        "réunions par an",
        Decimal(0),
        Decimal(2),
    )
    assert FacteurReussite.objects.get().texte == la_proposition("PIL-1-2").facteur
    assert Justification.objects.values_list("axe", "besoin").get() == (axe.pk, besoin.pk)


def test_ce_qui_n_est_pas_coche_n_est_pas_suivi(monde):
    accepter(monde, indicateur=False, facteur=False)
    assert (Action.objects.count(), IndicateurSuivi.objects.count(), FacteurReussite.objects.count()) == (1, 0, 0)


def test_un_double_envoi_cree_une_seule_fois(monde):
    cle = une_cle()
    premier, second = accepter(monde, cle=cle), accepter(monde, cle=cle)
    assert premier == second
    comptes = [modele.objects.count() for modele in (Besoin, Action, IndicateurSuivi, FacteurReussite)]
    assert comptes == [1, 1, 1, 1]


def test_le_besoin_seul_puis_l_action(monde):
    besoin, rien = accepter(monde, seul=True)
    assert (rien, Action.objects.count()) == (None, 0)
    meme, action = accepter(monde, besoin="D'autres mots, pour le même besoin")
    assert (meme, action.modele, besoin.intitule) == (besoin, "PIL-1-2", "Décider ensemble")


def test_un_besoin_deja_retenu_garde_ses_mots(monde):
    besoin = un_besoin(monde.college, "Déjà dit", origine="indicateur", reference="PIL-1-2", annee_scolaire=ANNEE)
    assert accepter(monde)[0] == besoin
    assert Besoin.objects.get().intitule == "Déjà dit"


def test_une_seule_action_par_proposition(monde):
    _, action = accepter(monde)
    with pytest.raises(Empeche, match="Une action est déjà née de cette proposition"):
        accepter(monde, auteur=monde.referent)
    changer_etat_abandonnee(action, monde)
    _, seconde = accepter(monde, auteur=monde.referent)
    assert seconde != action
    assert Besoin.objects.count() == 1


def changer_etat_abandonnee(action, monde):
    action.etat, action.raison = "a_venir", ""
    action.save()
    changer_etat(action=action, etat="abandonnee", raison="Faute de temps", auteur=monde.chef, maintenant=MAINTENANT)


@pytest.mark.django_db(transaction=True)
def test_huit_acceptations_a_la_fois_font_une_action(monde):
    """Four of them are a double click on the page of the chef, each of the others has its own page."""
    cle = une_cle()

    def une(rang):
        try:
            return accepter(monde, cle=cle if rang % 2 else None, auteur=monde.chef)[1].pk
        except Empeche as refus:
            return str(refus)[:31]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as executeur:
        reponses = set(executeur.map(une, range(8)))
    assert reponses == {Action.objects.get().pk, "Une action est déjà née de cett"}
    assert (Besoin.objects.count(), IndicateurSuivi.objects.count(), FacteurReussite.objects.count()) == (1, 1, 1)


def test_un_axe_d_ailleurs_est_refuse_et_rien_n_est_ecrit(monde):
    axe = un_axe(monde.voisin_college, auteur=monde.voisin)
    with pytest.raises(SaisieRefusee) as refus:
        accepter(monde, de_l_action={"axes": frozenset({axe.pk})})
    assert list(refus.value.defauts) == ["axes"]
    assert (Besoin.objects.count(), Action.objects.count()) == (0, 0)


# --- Declining one ---
def decliner(monde, raison="deja_fait", competence="", commentaire="", auteur=None):
    return decliner_proposition(
        etablissement=monde.college,
        proposition=la_proposition("PIL-1-2"),
        annee=ANNEE,
        depuis=ANNEE,
        saisie=SaisieRefus(raison, competence, commentaire),
        auteur=auteur or monde.chef,
        maintenant=MAINTENANT,
    )


def test_decliner_garde_la_raison_la_personne_et_la_date(monde):
    decliner(monde, "hors_competence", "etat", "Voir le rectorat")
    declinee = PropositionDeclinee.objects.get()
    assert (declinee.code, declinee.annee_scolaire, declinee.raison, declinee.competence, declinee.commentaire) == (
        "PIL-1-2",
        ANNEE,
        "hors_competence",
        "etat",
        "Voir le rectorat",
    )
    assert (declinee.declinee_par, declinee.declinee_le) == (monde.chef, MAINTENANT)


def test_decliner_deux_fois_c_est_une_fois_et_personne_n_ecrase_un_autre(monde):
    assert decliner(monde) == decliner(monde)
    with pytest.raises(Empeche, match=r"déjà été déclinée \(par Claire Chef, le 3\u00a0mars 2031\)"):
        decliner(monde, "non_prioritaire", auteur=monde.referent)
    assert PropositionDeclinee.objects.get().raison == "deja_fait"


def test_reprendre_la_rend_a_nouveau(monde):
    decliner(monde)
    with pytest.raises(Empeche, match="est déclinée"):
        accepter(monde)
    for _ in range(2):
        reprendre_proposition(etablissement=monde.college, annee=ANNEE, code="PIL-1-2", auteur=monde.referent)
    assert accepter(monde)[1] is not None
    with pytest.raises(Empeche, match="ne se décline plus"):
        decliner(monde)


@pytest.mark.parametrize(
    ("raison", "competence", "commentaire", "champs"),
    [
        ("deja_fait", "", "", []),
        ("hors_competence", "collectivite", "a" * 400, []),
        ("", "", "", ["raison"]),
        ("autre", "", "", ["raison"]),
        ("hors_competence", "", "", ["competence"]),
        ("hors_competence", "region", "", ["competence"]),
        ("non_prioritaire", "etat", "", ["competence"]),
        ("deja_fait", "", "a" * 401, ["commentaire"]),
    ],
)
def test_une_raison_complete(raison, competence, commentaire, champs):
    assert list(defauts_du_refus(raison, competence, commentaire)) == champs


def test_une_raison_incomplete_n_ecrit_rien(monde):
    with pytest.raises(SaisieRefusee, match="la collectivité ou l'État"):
        decliner(monde, "hors_competence")
    assert not PropositionDeclinee.objects.exists()


# --- Worded by an académie ---
def adapter(monde, saisie=TEXTE, base=None, auteur=None):
    nationale = la_proposition("PIL-1-2")
    return adapter_proposition(
        academie=monde.academie,
        nationale=nationale,
        base=base or nationale.texte,
        saisie=saisie,
        auteur=auteur or monde.rectorat,
        maintenant=MAINTENANT,
    )


def test_le_texte_d_une_academie_n_est_lu_que_chez_elle(monde):
    assert adapter(monde) == {}
    ici, ailleurs = propositions_de(monde.academie)["PIL-1-2"], propositions_de(monde.autre_academie)["PIL-1-2"]
    assert (ici.texte, ici.adaptee, ici.prerequis) == (TEXTE, True, la_proposition("PIL-1-2").prerequis)
    assert ailleurs == la_proposition("PIL-1-2")


def test_deux_personnes_adaptent_a_part_ou_au_meme_endroit(monde):
    national = la_proposition("PIL-1-2").texte
    adapter(monde, replace(national, titre="Un titre"))
    assert adapter(monde, replace(national, besoin="Un besoin"), base=national) == {}
    assert propositions_de(monde.academie)["PIL-1-2"].texte == replace(national, titre="Un titre", besoin="Un besoin")
    assert adapter(monde, replace(national, titre="Un autre"), base=national) == {
        "titre": Conflit(base=national.titre, mien="Un autre", actuel="Un titre")
    }
    assert (PropositionAdaptee.objects.get().titre, PropositionAdaptee.objects.get().version) == ("Un titre", 2)


def test_deux_fourchettes_justes_et_fausses_ensemble_se_montrent(monde):
    national = la_proposition("PIL-1-2").texte  # 1 to 3 days
    adapter(monde, replace(national, effort_max=1))
    conflits = adapter(monde, replace(national, effort_min=3), base=national)
    assert conflits == {
        "effort_min": Conflit(base=1, mien=3, actuel=1),
        "effort_max": Conflit(base=3, mien=3, actuel=1),
    }
    assert PropositionAdaptee.objects.get().effort_min == 1


def test_revenir_au_texte_national_et_son_historique(monde):
    adapter(monde)
    for _ in range(2):
        revenir_au_texte_national(academie=monde.academie, code="PIL-1-2", auteur=monde.rectorat)
    assert propositions_de(monde.academie)["PIL-1-2"] == la_proposition("PIL-1-2")
    adapter(monde, replace(la_proposition("PIL-1-2").texte, titre="Encore"))
    page = historique_de_l_adaptation(monde.academie, "PIL-1-2", None)
    assert sorted(acte.nom for acte in page.actes) == [  # one transaction has one instant
        "adapter_proposition",
        "adapter_proposition",
        "revenir_au_texte_national",
    ]
    assert historique_de_l_adaptation(monde.autre_academie, "PIL-1-2", None).actes == ()


def test_ecrire_le_texte_national_n_est_pas_une_adaptation(monde):
    adapter(monde)
    adapter(monde, la_proposition("PIL-1-2").texte, base=TEXTE)
    assert not PropositionAdaptee.objects.exists()


@pytest.mark.parametrize(
    ("champs", "fautes"),
    [
        ({}, []),
        ({"besoin": ""}, ["besoin"]),
        ({"pourquoi": "a" * 1001}, ["pourquoi"]),
        ({"comment": ("a",) * 9}, ["comment"]),
        ({"comment": ("a" * 301,)}, ["comment"]),
        ({"effort_min": 3}, ["effort_max"]),
        ({"effort_max": 401}, ["effort_max"]),
        ({"cout_min": 501}, ["cout_max"]),
        ({"levier": "autre"}, ["levier"]),
    ],
)
def test_ce_qu_un_texte_doit_etre(champs, fautes):
    assert list(defauts_du_texte(replace(TEXTE, **champs))) == fautes


def test_un_texte_faux_n_est_pas_ecrit(monde):
    with pytest.raises(SaisieRefusee):
        adapter(monde, replace(TEXTE, titre=""))
    assert not PropositionAdaptee.objects.exists()


# --- Pages ---
def adresse(nom, *suite, **query):
    return reverse(nom, args=["0980001U", *suite], query=query or None)


def mots(reponse):
    return " ".join(html.fromstring(reponse.content.decode()).text_content().split())


@pytest.fixture
def chef(client, monde):
    client.force_login(monde.chef)
    return client


@pytest.fixture
def diagnostic(monde, referentiel):
    """PIL lacks two conditions of its next palier, and one of a further one; INF one, in the collectivité's hands."""
    return un_diagnostic_signe(
        monde, referentiel, {"PIL-1-1": NON, "PIL-1-2": Valeur.en_partie, "PIL-3-1": NON, "INF-1-1": NON}
    )


def test_la_liste_dit_d_ou_viennent_les_propositions(chef, monde, diagnostic):
    annee = cette_annee(monde.college)
    page = mots(chef.get(adresse("propositions")))
    assert f"3 propositions, nées des conditions qui manquent au diagnostic {annee} signé" in page
    assert la_proposition("PIL-1-1").titre in page
    assert la_proposition("PIL-3-1").titre not in page
    assert "Voir aussi les autres paliers (1 autre proposition)" in page
    toutes = mots(chef.get(adresse("propositions", paliers="tous")))
    assert la_proposition("PIL-3-1").titre in toutes
    assert "Revenir au palier suivant seulement" in toutes


def test_les_filtres_sont_des_liens_qui_se_composent(chef, diagnostic):
    page = html.fromstring(chef.get(adresse("propositions", acteur="etablissement")).content.decode())
    assert [h3.text_content().strip() for h3 in page.iter("h3")] == [
        la_proposition("PIL-1-1").titre,
        la_proposition("PIL-1-2").titre,
    ]
    liens = {a.text_content().strip(): a.get("href") for a in page.xpath("//details[contains(@class, 'filtres')]//a")}
    assert liens["Entre vos mains 2"] == adresse("propositions")
    assert liens["À demander à la collectivité 1"].endswith("?acteur=collectivite")
    assert liens["Organisation 2"].endswith("?acteur=etablissement&levier=organisation")
    assert "3 propositions, nées des conditions" in mots(chef.get(adresse("propositions", acteur="etablissement")))
    vide = mots(chef.get(adresse("propositions", acteur="collectivite", levier="formation")))
    assert "Aucune proposition ne répond à ces filtres" in vide
    assert "3 propositions" in mots(chef.get(adresse("propositions", acteur="nimporte", inconnu="1")))


def test_sans_diagnostic_la_page_dit_quoi_faire(chef, referentiel):
    for page in ("propositions", "chemin"):
        assert "Aucun diagnostic à partir duquel proposer" in mots(chef.get(adresse(page)))


def test_tout_est_rempli(chef, monde, referentiel):
    un_diagnostic_signe(monde, referentiel, {})
    assert "Toutes les conditions du diagnostic sont remplies." in mots(chef.get(adresse("propositions")))


def envoi(formulaire_lu, **champs):
    """What the browser would send of the page's form."""
    page = html.fromstring(formulaire_lu.content.decode())
    formulaire = next(f for f in page.forms if f.get("action") is None and "cle" in f.fields)
    return valeurs_de(formulaire) | champs


def valeurs_de(formulaire):
    """A browser drops the first line break of a textarea, and sends no button that is not pressed."""
    return {nom: valeur.removeprefix("\n") for nom, valeur in formulaire.form_values() if nom != "seulement"}


def test_accepter_tel_quel_dans_un_navigateur(chef, monde, diagnostic):
    axe = un_axe(monde.college)
    donnees = envoi(chef.get(adresse("proposition", "PIL-1-2")), axe=str(axe.pk), trimestre="2")
    reponse = chef.post(adresse("proposition", "PIL-1-2"), donnees)
    assert (reponse.status_code, reponse["Location"]) == (302, f"{adresse('propositions')}#PIL-1-2")
    action = Action.objects.get()
    proposition, annee = la_proposition("PIL-1-2"), cette_annee(monde.college)
    assert lire_saisie(action) == une_saisie(
        monde.college,
        levier="organisation",
        intitule=proposition.titre,
        description=description(proposition),
        axes=frozenset({axe.pk}),
        fonction_porteuse=proposition.porteur,
        trimestre=2,
    )
    besoin = Besoin.objects.get()
    assert (besoin.intitule, besoin.annee_scolaire) == (proposition.besoin, annee)
    champ = l_offre(monde.college).champs[0].libelle
    assert besoin.constat == f"Condition du palier\u00a01, champ «\u00a0{champ}\u00a0», au diagnostic {annee} signé."
    assert (IndicateurSuivi.objects.count(), FacteurReussite.objects.count()) == (1, 1)
    assert chef.post(adresse("proposition", "PIL-1-2"), donnees).status_code == 302  # a double click
    assert (Action.objects.count(), IndicateurSuivi.objects.count()) == (1, 1)
    suite = mots(chef.get(adresse("propositions")))
    assert "action créée" in suite
    assert "Le besoin est retenu et l'action est créée, en brouillon. La compléter" in suite
    detail = mots(chef.get(adresse("proposition", "PIL-1-2")))
    assert "Ce qui y répond déjà" in detail
    assert "Retenir le besoin et créer l'action" not in detail
    retour = chef.get(reverse("action", args=[monde.college.uai, action.pk])).content.decode()
    assert adresse("proposition", "PIL-1-2") in retour  # and back


def test_retenir_seulement_le_besoin_ne_lit_pas_l_action(chef, monde, diagnostic):
    donnees = envoi(chef.get(adresse("proposition", "PIL-1-2")), intitule="", seulement="besoin", besoin="Mes mots")
    assert chef.post(adresse("proposition", "PIL-1-2"), donnees).status_code == 302
    assert (Besoin.objects.get().intitule, Action.objects.count()) == ("Mes mots", 0)
    detail = mots(chef.get(adresse("proposition", "PIL-1-2")))
    assert "Besoin : Mes mots" in detail
    assert "Créer l'action" in detail


def test_une_saisie_fausse_se_dit_au_champ_et_rien_n_est_perdu(chef, diagnostic):
    donnees = envoi(chef.get(adresse("proposition", "PIL-1-2")), besoin=" ", intitule="a" * 251, description="Mes mots")
    reponse = chef.post(adresse("proposition", "PIL-1-2"), donnees)
    page = mots(reponse)
    assert reponse.status_code == 422
    assert "Dites en quelques mots quel est ce besoin." in page
    assert "L'action dépasse 250 caractères" in page
    assert "Mes mots" in reponse.content.decode()
    assert not Besoin.objects.exists()


def test_sans_la_cle_de_la_page_rien_ne_se_cree(chef, diagnostic):
    donnees = envoi(chef.get(adresse("proposition", "PIL-1-2")), cle="")
    reponse = chef.post(adresse("proposition", "PIL-1-2"), donnees)
    assert (reponse.status_code, Action.objects.count()) == (422, 0)
    assert "Cette page est incomplète" in mots(reponse)


def test_une_condition_remplie_n_attend_rien(chef, monde, diagnostic):
    page = mots(chef.get(adresse("proposition", "PIL-2-1")))
    assert "Cette condition ne manque pas au diagnostic" in page
    assert "Retenir le besoin" not in page
    reponse = chef.post(adresse("proposition", "PIL-2-1"), {"cle": str(une_cle())}, follow=True)
    assert "Cette condition ne manque pas" in mots(reponse)
    assert not Besoin.objects.exists()
    assert chef.get(adresse("proposition", "PIL-9-9")).status_code == 404
    assert chef.get(adresse("proposition_decliner", "PIL-2-1")).status_code == 404


def test_decliner_depuis_la_page_puis_reprendre(chef, monde, diagnostic):
    assert chef.post(adresse("proposition_decliner", "PIL-1-1"), {"raison": "hors_competence"}).status_code == 422
    corps = {"raison": "hors_competence", "competence": "collectivite", "commentaire": "Un mot"}
    reponse = chef.post(adresse("proposition_decliner", "PIL-1-1"), corps, follow=True)
    page = mots(reponse)
    assert "En faire la demande" in page
    assert "par Claire Chef : hors de notre compétence (Collectivité). Un mot" in page
    assert "Reprendre la proposition" in mots(chef.get(adresse("proposition", "PIL-1-1")))
    chef.post(adresse("proposition_reprendre", "PIL-1-1"))
    assert not PropositionDeclinee.objects.exists()


def test_une_lectrice_lit_sans_repondre(client, monde, diagnostic):
    client.force_login(monde.lectrice)
    liste, detail = mots(client.get(adresse("propositions"))), mots(client.get(adresse("proposition", "PIL-1-1")))
    assert "Accepter ou adapter" not in liste
    assert "L'accepter, dans vos mots" not in detail


def test_la_liste_coute_autant_pour_une_que_pour_toutes(chef, monde, referentiel):
    un_diagnostic_signe(monde, referentiel, {"PIL-1-2": NON}, annee_precedente(cette_annee(monde.college)))
    une = chef.get(adresse("propositions"))
    un_diagnostic_signe(monde, referentiel, dict.fromkeys(CODES, NON))
    for code in ("PIL-1-1", "PIL-1-2", "PIL-1-3"):
        un_besoin(monde.college, origine="indicateur", reference=code)
        PropositionDeclinee.objects.create(
            etablissement=monde.college,
            annee_scolaire=cette_annee(monde.college),
            code=code,
            raison="deja_fait",
            declinee_par=monde.chef,
            declinee_le=timezone.now(),
        )
    toutes = chef.get(adresse("propositions", paliers="tous"))
    assert (len(une.requetes), len(toutes.requetes)) == (8, 8)


def test_le_brouillon_coute_encore_peu(chef, monde, referentiel):
    maintenant = timezone.now()
    brouillon = commencer(monde.college, cette_annee(monde.college), referentiel, monde.chef, maintenant)
    repondre_partout(brouillon, NON, monde.chef, maintenant)
    reponse = chef.get(adresse("propositions", paliers="tous"))
    assert len(reponse.requetes) == 10
    assert "en cours" in mots(reponse)
    assert "pas encore signées" in mots(reponse)


def test_les_resultats_menent_a_la_proposition(chef, monde, diagnostic):
    annee = cette_annee(monde.college)
    page = html.fromstring(chef.get(adresse("diagnostic_resultats", annee)).content.decode())
    liens = [a.get("href") for a in page.iter("a") if a.text_content().startswith("Voir ce que Paliers propose")]
    assert liens == [adresse("proposition", code) for code in ("PIL-1-1", "PIL-1-2", "INF-1-1")]


# --- Pages of the académie ---
@pytest.fixture
def rectorat(client, monde):
    client.force_login(monde.rectorat)
    return client


def test_la_liste_du_rectorat_se_cherche(rectorat, monde, referentiel):
    adapter(monde)
    page = mots(rectorat.get(reverse("propositions_academiques")))
    assert "82 propositions, dont 1 adaptée par l'académie." in page
    assert "Une action" in page
    trouvees = rectorat.get(reverse("propositions_academiques", query={"q": "pil-1-2"}))
    assert "1 proposition trouvée" in mots(trouvees)
    assert "1 proposition trouvée" in mots(rectorat.get(reverse("propositions_academiques", query={"adaptees": "1"})))
    champ = mots(rectorat.get(reverse("propositions_academiques", query={"champ": "INF"})))
    assert f"{sum(code.startswith('INF') for code in CODES)} propositions trouvées" in champ
    assert "Aucune proposition ne répond" in mots(rectorat.get(reverse("propositions_academiques", query={"q": "zzz"})))


def test_la_liste_du_rectorat_coute_autant_avec_trois_adaptees(rectorat, monde, referentiel):
    def requetes():
        return len(rectorat.get(reverse("propositions_academiques")).requetes)

    adapter(monde)
    une = requetes()
    for code in ("PIL-1-1", "INF-1-1"):
        adapter_proposition(
            academie=monde.academie,
            nationale=la_proposition(code),
            base=la_proposition(code).texte,
            saisie=TEXTE,
            auteur=monde.rectorat,
            maintenant=MAINTENANT,
        )
    assert (une, requetes()) == (6, 6)


def envoi_d_adaptation(reponse, **champs):
    page = html.fromstring(reponse.content.decode())
    formulaire = next(f for f in page.forms if "titre" in f.fields)
    return valeurs_de(formulaire) | champs


def test_adapter_dans_un_navigateur_et_deux_personnes_a_la_fois(rectorat, monde, diagnostic):
    page = reverse("proposition_adapter", args=["98", "PIL-1-2"])
    premiere = rectorat.get(page)
    seconde = envoi_d_adaptation(premiere, titre="Le titre de Ravi", comment="Une étape\n\n  Une  autre ")
    assert rectorat.post(page, envoi_d_adaptation(premiere, titre="Le titre de Rose")).status_code == 302
    conflit = rectorat.post(page, seconde)
    assert conflit.status_code == 409
    assert "«\u00a0Le titre de Rose\u00a0»" in conflit.content.decode()
    encore = envoi_d_adaptation(conflit)
    assert encore["titre"] == "Le titre de Ravi"
    assert rectorat.post(page, encore).status_code == 302
    adaptee = PropositionAdaptee.objects.get()
    assert (adaptee.titre, adaptee.comment, adaptee.version) == ("Le titre de Ravi", ["Une étape", "Une autre"], 2)
    historique = mots(rectorat.get(reverse("proposition_historique", args=["98", "PIL-1-2"])))
    assert "Rose Rectorat a adapté la proposition" in historique
    assert "Le titre de Ravi" in historique
    rectorat.force_login(monde.chef)
    assert "Le titre de Ravi" in mots(rectorat.get(adresse("propositions")))
    assert "texte de l'académie" in mots(rectorat.get(adresse("proposition", "PIL-1-2")))


def test_une_adaptation_fausse_se_dit_au_champ(rectorat, monde):
    page = reverse("proposition_adapter", args=["98", "PIL-1-2"])
    reponse = rectorat.post(
        page, envoi_d_adaptation(rectorat.get(page), effort_min="9", comment="\n", titre="Mon titre")
    )
    assert reponse.status_code == 422
    assert "Décrivez au moins une étape." in mots(reponse)
    reponse = rectorat.post(page, envoi_d_adaptation(rectorat.get(page), effort_min="9", titre="Mon titre"))
    assert reponse.status_code == 422
    assert "Une fourchette va du plus petit au plus grand." in mots(reponse)
    assert "Mon titre" in reponse.content.decode()


def test_revenir_demande_d_abord(rectorat, monde):
    adresse_revenir = reverse("proposition_revenir", args=["98", "PIL-1-2"])
    assert "déjà celle du texte national" in mots(rectorat.get(adresse_revenir, follow=True))
    adapter(monde)
    page = mots(rectorat.get(adresse_revenir))
    assert "Une action" in page
    assert la_proposition("PIL-1-2").titre in page
    rectorat.post(adresse_revenir)
    assert not PropositionAdaptee.objects.exists()


def test_une_academie_ne_touche_pas_au_texte_d_une_autre(client, monde):
    client.force_login(monde.rectorat_ailleurs)
    adapter(monde)
    for nom in ("proposition_adapter", "proposition_revenir", "proposition_historique"):
        assert client.get(reverse(nom, args=["98", "PIL-1-2"])).status_code == 404
    assert "Une action" not in mots(client.get(reverse("propositions_academiques")))
