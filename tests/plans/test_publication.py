"""Leaving draft: nothing is published without its five columns, the four questions and a path to a fact."""

from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from plans.domain.actions import publier_action
from plans.domain.corbeille import mettre_a_la_corbeille
from plans.domain.examens import Avis, lire_avis, repondre_aux_questions
from plans.models import Action, Besoin, Constat, Examen, Suivi, Vision
from plans.queries.actions import action_a_publier
from plans.rules.actions import (
    ActionAPublier,
    AxeServi,
    BesoinVise,
    IndicateurPrevu,
    empechement_publier,
    manques_pour_publier,
)
from strategie.socle.domain.empechement import Empeche
from strategie.socle.domain.fusion import Conflit
from tests.plans.plans import (
    des_avis,
    un_axe,
    un_axe_adosse,
    un_besoin,
    un_constat,
    un_indicateur,
    une_action,
    une_action_publiee,
)
from tests.plans.test_actions import adresse, champs_du_formulaire, erreurs, mots

OUI = dict.fromkeys(Examen.Question.values, True)
ADOSSE = BesoinVise("Un réseau qui tient", constats={1: "Il coupe"})
PRETE = ActionAPublier(
    intitule="Poser des bornes",
    porteur=True,
    quand=True,
    axes=[AxeServi("Fiabiliser", [ADOSSE])],
    indicateurs=[IndicateurPrevu("Coupures", ())],
    avis=OUI,
)
SANS_FAIT = (
    "Le besoin «\u00a0Un souhait\u00a0» ne repose sur aucun constat, aucune condition du diagnostic, aucun écart."
)


@pytest.fixture
def chef(client, monde):
    client.force_login(monde.chef)
    return client


def phrases(action: ActionAPublier) -> list[str]:
    return [manque.phrase for manque in manques_pour_publier(action)]


# --- The rule, pure -----------------------------------------------------------------------------------------
def test_rien_ne_manque():
    assert (phrases(PRETE), empechement_publier(PRETE)) == ([], None)


@pytest.mark.parametrize("origine", ["indicateur", "question", "ecart", "formation"])
def test_une_mesure_de_l_ecole_suffit(origine):
    assert phrases(replace(PRETE, axes=[AxeServi("Fiabiliser", [BesoinVise("Un souhait", origine)])])) == []


def test_un_seul_chemin_suffit():
    nus = AxeServi("Vide", []), AxeServi("Nu", [BesoinVise("Un souhait")])
    assert phrases(replace(PRETE, axes=[*nus, AxeServi("Fiabiliser", [BesoinVise("Autre"), ADOSSE])])) == []


@pytest.mark.parametrize(
    ("axes", "attendues"),
    [
        ([], ["Quoi\u00a0: aucun axe ne la justifie."]),
        ([AxeServi("Fiabiliser", [])], ["L'axe «\u00a0Fiabiliser\u00a0» ne répond à aucun besoin."]),
        ([AxeServi("Fiabiliser", [BesoinVise("Un souhait")])], [SANS_FAIT]),
        ([AxeServi("Fiabiliser", [BesoinVise("Un souhait", "constat")])], [SANS_FAIT]),
        (
            [AxeServi("Vide", []), AxeServi("Nu", [BesoinVise("Un souhait")])],
            ["L'axe «\u00a0Vide\u00a0» ne répond à aucun besoin.", SANS_FAIT],
        ),
    ],
)
def test_le_refus_nomme_le_maillon_qui_manque(axes, attendues):
    assert phrases(replace(PRETE, axes=axes)) == attendues
    assert empechement_publier(replace(PRETE, axes=axes)) == " ".join(["L'action reste en brouillon.", *attendues])


def test_chaque_colonne_se_demande_dans_l_ordre_du_plan():
    vide = ActionAPublier(intitule="", porteur=False, quand=False, axes=[], indicateurs=[], avis={"realiste": False})
    assert [(m.code, m.phrase, m.page, m.ancre) for m in manques_pour_publier(vide)] == [
        ("axe", "Quoi\u00a0: aucun axe ne la justifie.", "action_modifier", "quoi"),
        ("comment", "Comment\u00a0: dites ce qui sera fait.", "action_modifier", "id_intitule"),
        ("qui", "Qui\u00a0: personne ne la porte. Nommez une personne ou une fonction.", "action_modifier", "qui"),
        ("quand", "Quand\u00a0: dites l'année scolaire.", "action_modifier", "quand"),
        ("indicateur", "Indicateurs\u00a0: aucun ne dira si elle réussit.", "indicateur_ajouter", ""),
        ("necessaire", "«\u00a0Nécessaire\u00a0»\u00a0: personne n'a encore répondu.", "action_examen", "necessaire"),
        ("realiste", "«\u00a0Réaliste\u00a0»\u00a0: la réponse est non.", "action_examen", "realiste"),
        ("realisable", "«\u00a0Réalisable\u00a0»\u00a0: personne n'a encore répondu.", "action_examen", "realisable"),
        (
            "coherent",
            "«\u00a0Cohérent avec la vision\u00a0»\u00a0: personne n'a encore répondu.",
            "action_examen",
            "coherent",
        ),
    ]


def test_chaque_indicateur_est_complet():
    incomplet = IndicateurPrevu("Coupures", ("la cible", "la source"))
    assert phrases(replace(PRETE, indicateurs=[incomplet])) == [
        "L'indicateur «\u00a0Coupures\u00a0» est incomplet\u00a0: la cible, la source."
    ]
    assert len(phrases(replace(PRETE, indicateurs=[incomplet, IndicateurPrevu("Débit", ())]))) == 1
    assert phrases(replace(PRETE, indicateurs=[IndicateurPrevu("Débit", ())])) == []


def test_une_sous_action_herite_du_reste():
    nue = replace(PRETE, axes=[], indicateurs=[], avis={}, parent="Haut", parent_publie=True)
    assert phrases(nue) == []
    assert phrases(replace(nue, porteur=False)) == [
        "Qui\u00a0: personne ne la porte. Nommez une personne ou une fonction."
    ]
    assert phrases(replace(nue, parent_publie=False)) == [
        "L'action «\u00a0Haut\u00a0», dont elle fait partie, est encore en brouillon."
    ]


# --- What the database says of it -----------------------------------------------------------------------------
def test_ce_qui_est_lu_d_une_action(monde):
    constat = un_constat(monde.college, "Il coupe")
    jete = un_constat(monde.college, "Jeté", supprime_le=timezone.now(), supprime_par=monde.chef)
    un = un_besoin(monde.college, "Un", constats=[constat, jete])
    deux = un_besoin(monde.college, "Deux", constats=[jete])
    retire = un_besoin(monde.college, "Retiré", constats=[constat], supprime_le=timezone.now(), supprime_par=monde.chef)
    axe = un_axe(monde.college, "Fiabiliser", besoins=[un, deux, retire])
    vide = un_axe(monde.college, "Vide", besoins=[retire])
    mort = un_axe(monde.college, "Jeté", besoins=[un])
    action = une_action(monde.college, "Poser", axes=[axe, vide, mort], porteur=monde.referent.pk)
    mort.supprime_le, mort.supprime_par = timezone.now(), monde.chef
    mort.save()
    un_indicateur(action, "Coupures", source="", cible=None)
    un_indicateur(action, "Jeté", supprime_le=timezone.now(), supprime_par=monde.chef)
    action.examens.create(
        question="realiste", favorable=False, reponse="Non.", repondu_par=monde.chef, repondu_le=timezone.now()
    )
    annee = action.annee_scolaire
    lue = action_a_publier(Action.objects.get())
    assert lue == ActionAPublier(
        intitule="Poser",
        porteur=True,
        quand=True,
        axes=[
            AxeServi(
                "Fiabiliser",
                [
                    BesoinVise("Un", "saisi", {constat.pk: "Il coupe"}, un.pk, "", annee),
                    BesoinVise("Deux", "saisi", {}, deux.pk, "", annee),
                ],
                axe.pk,
            ),
            AxeServi("Vide", [], vide.pk),
        ],
        indicateurs=[IndicateurPrevu("Coupures", ["la cible", "la source de la valeur"])],
        avis={"realiste": False},
    )


# --- The act --------------------------------------------------------------------------------------------------
def publier(monde, action):
    publier_action(action=action, auteur=monde.chef, maintenant=timezone.now())


def test_publier_laisse_une_ligne_et_ne_se_fait_qu_une_fois(monde):
    action = une_action(monde.college, axes=[un_axe_adosse(monde.college)], porteur=monde.referent.pk)
    with pytest.raises(Empeche, match="aucun ne dira si elle réussit"):
        publier(monde, action)
    un_indicateur(action)
    with pytest.raises(Empeche, match="Réalisable"):
        publier(monde, action)
    des_avis(action)
    publier(monde, action)
    publier(monde, action)
    action.refresh_from_db()
    assert (action.etat, action.version) == ("a_venir", 2)
    assert list(Suivi.objects.values_list("action", "etat_avant", "etat", "note", "note_par")) == [
        (action.pk, "brouillon", "a_venir", "", monde.chef.pk)
    ]


def test_publier_refuse_tant_qu_un_maillon_manque(monde):
    axe = un_axe(monde.college, "Fiabiliser")
    action = une_action(monde.college, axes=[axe], porteur=monde.referent.pk)
    un_indicateur(action)
    des_avis(action)
    with pytest.raises(Empeche, match="L'axe «\u00a0Fiabiliser\u00a0» ne répond à aucun besoin"):
        publier(monde, action)
    besoin = un_besoin(monde.college, "Un souhait")
    axe.besoins.add(besoin)
    with pytest.raises(Empeche, match=SANS_FAIT):
        publier(monde, action)
    besoin.retours.add(un_constat(monde.college))
    publier(monde, action)


def test_une_sous_action_attend_celle_du_dessus(monde):
    haut = une_action(monde.college, "Haut")
    bas = une_action(monde.college, "Bas", parent=haut, fonction_porteuse="Le gestionnaire")
    with pytest.raises(Empeche, match="est encore en brouillon"):
        publier(monde, bas)
    publiee = une_action_publiee(monde.college, "Publiée")
    sous = une_action(monde.college, "Sous", parent=publiee)
    with pytest.raises(Empeche, match="personne ne la porte"):
        publier(monde, sous)
    Action.objects.filter(pk=sous.pk).update(fonction_porteuse="Le gestionnaire")
    publier(monde, sous)
    assert Action.objects.get(pk=sous.pk).etat == "a_venir"


@pytest.mark.parametrize("perdu", [Constat, Besoin])
def test_un_fait_jete_rend_l_action_a_justifier_puis_revient(monde, perdu):
    action = une_action_publiee(monde.college)
    sous = une_action_publiee(monde.college, "Sous", parent=action)
    objet = perdu.objects.get()
    mettre_a_la_corbeille(objet=objet, auteur=monde.chef, maintenant=timezone.now())
    justifiees = Action.objects.avec_justification().filter(justifiee=True)
    assert (justifiees.count(), set(Action.objects.values_list("etat", flat=True))) == (0, {"a_venir"})
    perdu.objects.update(supprime_le=None)
    assert set(justifiees) == {action, sous}


# --- The four questions -----------------------------------------------------------------------------------------
def repondre(action, auteur, base, **avis):
    return repondre_aux_questions(action=action, base=base, avis=base | avis, auteur=auteur, maintenant=timezone.now())


def test_chaque_reponse_garde_son_auteur(monde):
    action = une_action(monde.college)
    base = lire_avis(action)
    assert base == dict.fromkeys(Examen.Question.values, Avis())
    assert repondre(action, monde.chef, base, necessaire=Avis(True, "Oui, car.")) == {}
    assert repondre(action, monde.referent, base, realiste=Avis(False, "Trop tôt.")) == {}
    assert list(action.examens.order_by("question").values_list("question", "favorable", "reponse", "repondu_par")) == [
        ("necessaire", True, "Oui, car.", monde.chef.pk),
        ("realiste", False, "Trop tôt.", monde.referent.pk),
    ]
    assert repondre(action, monde.referent, base, necessaire=Avis(False, "Non.")) == {
        "necessaire": Conflit(Avis(), Avis(False, "Non."), Avis(True, "Oui, car."))
    }
    assert lire_avis(action)["necessaire"] == Avis(True, "Oui, car.")
    actuels = lire_avis(action)
    assert repondre(action, monde.chef, actuels, realiste=Avis()) == {}
    assert list(action.examens.values_list("question", "repondu_par")) == [("necessaire", monde.chef.pk)]


@pytest.mark.parametrize(
    ("avis", "phrase"),
    [(Avis(True, ""), "Dites en une phrase"), (Avis(None, "Peut-être"), "oui ou non"), (Avis(True, "x" * 401), "400")],
)
def test_une_reponse_se_dit_et_s_explique(monde, avis, phrase):
    action = une_action(monde.college)
    with pytest.raises(Empeche, match=phrase):
        repondre(action, monde.chef, lire_avis(action), coherent=avis)
    assert not Examen.objects.exists()


def test_la_page_des_questions(chef, monde):
    action = une_action(monde.college)
    chemin = adresse("action_examen", action.pk)
    assert "n'a pas encore écrit sa vision" in mots(chef.get(chemin))
    Vision.objects.create(
        etablissement=monde.college, valeurs="La réussite de tous", modifiee_par=monde.chef, modifiee_le=timezone.now()
    )
    page = chef.get(chemin)
    assert "La réussite de tous" in mots(page)
    envoi = champs_du_formulaire(page) | {
        "necessaire-favorable": "oui", "necessaire-reponse": "Il le faut.", "realiste-favorable": "oui",
    }  # fmt: skip
    reponse = chef.post(chemin, envoi)
    assert (reponse.status_code, erreurs(reponse)) == (
        422,
        {"realiste-reponse": "Dites en une phrase ce qui vous le fait dire."},
    )
    envoi = champs_du_formulaire(reponse) | {"realiste-reponse": "Vu ailleurs."}
    assert chef.post(chemin, envoi).status_code == 302
    assert lire_avis(action) == dict.fromkeys(Examen.Question.values, Avis()) | {
        "necessaire": Avis(True, "Il le faut."), "realiste": Avis(True, "Vu ailleurs."),
    }  # fmt: skip
    assert "Répondu par Claire Chef" in mots(chef.get(chemin))
    assert "Nécessaire : ouiIl le faut. – Claire Chef" in mots(chef.get(adresse("action", action.pk)))


def test_deux_reponses_a_la_fois_se_lisent_l_une_a_cote_de_l_autre(chef, monde):
    action = une_action(monde.college)
    chemin = adresse("action_examen", action.pk)
    envoi = champs_du_formulaire(chef.get(chemin)) | {
        "necessaire-favorable": "oui", "necessaire-reponse": "La mienne.",
        "realiste-favorable": "oui", "realiste-reponse": "Vu ailleurs.",
    }  # fmt: skip
    repondre(action, monde.referent, lire_avis(action), necessaire=Avis(False, "La sienne."))
    reponse = chef.post(chemin, envoi)
    dit = mots(reponse)
    assert (reponse.status_code, "Rémi Référent" in dit, "La sienne." in dit, "La mienne." in dit) == (
        409, True, True, True,
    )  # fmt: skip
    assert lire_avis(action)["realiste"] == Avis()
    assert chef.post(chemin, champs_du_formulaire(reponse)).status_code == 302
    assert lire_avis(action) == dict.fromkeys(Examen.Question.values, Avis()) | {
        "necessaire": Avis(True, "La mienne."), "realiste": Avis(True, "Vu ailleurs."),
    }  # fmt: skip


# --- The page ----------------------------------------------------------------------------------------------------
def test_la_page_mene_a_ce_qui_manque_puis_publie(chef, monde):
    axe = un_axe(monde.college, "Fiabiliser")
    action = une_action(monde.college, axes=[axe])
    page = html.fromstring(chef.get(adresse("action", action.pk)).content.decode())
    liens = {a.text: a.get("href") for a in page.xpath("//*[@class='manquants']//a")}
    assert liens == {
        "L'axe «\u00a0Fiabiliser\u00a0» ne répond à aucun besoin.": reverse("matrice", args=["0980001U"]),
        "Qui\u00a0: personne ne la porte. Nommez une personne ou une fonction.": (
            f"{adresse('action_modifier', action.pk)}#qui"
        ),
        "Indicateurs\u00a0: aucun ne dira si elle réussit.": adresse("indicateur_ajouter", action.pk),
        **{
            f"«\u00a0{question.label}\u00a0»\u00a0: personne n'a encore répondu.": (
                f"{adresse('action_examen', action.pk)}#{question}"
            )
            for question in Examen.Question
        },
    }
    assert page.xpath('//button[contains(., "Publier l\'action")]') == []
    reponse = chef.post(adresse("action_publier", action.pk), follow=True)
    assert "L'action reste en brouillon. L'axe « Fiabiliser » ne répond à aucun besoin." in mots(reponse)
    axe.besoins.add(un_besoin(monde.college, constats=[un_constat(monde.college)]))
    un_indicateur(action)
    des_avis(action)
    Action.objects.filter(pk=action.pk).update(porteur=monde.referent)
    assert "Rien ne lui manque" in mots(chef.get(adresse("action", action.pk)))
    reponse = chef.post(adresse("action_publier", action.pk), follow=True)
    assert "L'action est publiée : elle est à venir." in mots(reponse)
    assert Action.objects.get().etat == "a_venir"
