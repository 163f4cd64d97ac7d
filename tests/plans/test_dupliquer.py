"""A plan copied into another year or another school: as drafts, once, and nobody named elsewhere."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from plans.domain.dupliquer import Choix, Copie, dupliquer_plan
from plans.interfaces.dupliquer import phrase_de_la_copie
from plans.models import Action, Axe, IndicateurSuivi
from plans.rules.dupliquer import RIEN_DE_CHOISI
from strategie.socle.domain.calendrier import annee_precedente, annee_suivante
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Role
from tests.personnages import affecter, un_compte
from tests.plans.plans import cette_annee, un_axe, un_besoin, un_indicateur, une_action


@pytest.fixture
def annee(monde) -> str:
    return cette_annee(monde.college)


def copier(monde, annee, annee_cible, axes=(), actions=(), cible=None, raison="") -> Copie:
    return dupliquer_plan(
        source=monde.college,
        annee=annee,
        cible=cible or monde.college,
        annee_cible=annee_cible,
        choix=Choix(frozenset(axe.pk for axe in axes), frozenset(action.pk for action in actions), raison),
        auteur=monde.chef,
        maintenant=timezone.now(),
    )


def une_action_complete(monde, annee: str, axe: Axe, **champs) -> Action:
    """With everything that a copy takes, and everything that it must not."""
    action = une_action(
        monde.college,
        "Poser deux bornes",
        axes=[axe],
        description="Au deuxième étage",
        porteur=monde.referent.pk,
        contributeurs=frozenset({monde.gestionnaire.pk}),
        autres_contributeurs="M. Dupont, de la mairie",
        autres_concernes="Les parents de la FCPE",
        groupes=("eleves", "enseignants"),
        trimestre=2,
        trimestre_fin=3,
        **champs,
    )
    Action.objects.filter(pk=action.pk).update(etat="bloquee", raison="En attente", version=4)
    indicateur = un_indicateur(action, agregation="somme")
    indicateur.releves.create(date=datetime.date(2026, 10, 1), valeur=8, releve_le=timezone.now())
    action.facteurs.create(texte="Les équipes s'en servent", atteint="oui", preuve="Enquête")
    une_action(monde.college, "Choisir le lieu", parent=action, fonction_porteuse="Gestionnaire")
    action.refresh_from_db()
    return action


def lue(action: Action) -> dict[str, object]:
    champs = (
        *("intitule", "description", "levier", "etat", "raison", "porteur_id", "fonction_porteuse", "version"),
        *("autres_contributeurs", "autres_concernes", "groupes", "annee_scolaire", "trimestre", "annee_fin"),
        *("trimestre_fin", "echeance"),
    )
    return {champ: getattr(action, champ) for champ in champs} | {
        "contributeurs": set(action.participations.values_list("utilisateur", flat=True)),
        "axes": set(action.axes.values_list("intitule", "annee_scolaire")),
        "suivis": action.suivis.count(),
        "facteurs": list(action.facteurs.values_list("texte", "atteint", "preuve")),
        "indicateurs": [
            (i.intitule, i.unite, i.depart, i.depart_le, i.cible, i.cible_le, i.sens, i.responsable, i.releves.count())
            for i in action.indicateurs.all()
        ],
        "sous_actions": list(action.sous_actions.values_list("intitule", "fonction_porteuse", "etat")),
    }


def test_dans_l_annee_suivante_tout_est_repris_en_brouillon(monde, annee):
    besoin = un_besoin(monde.college)
    axe = un_axe(monde.college, "Fiabiliser", besoins=[besoin])
    action = une_action_complete(monde, annee, axe)
    suivante = annee_suivante(annee)
    assert copier(monde, annee, suivante, [axe], [action]) == Copie(axes=1, actions=1, sous_actions=1)
    copie = Action.objects.get(intitule="Poser deux bornes", annee_scolaire=suivante)
    assert lue(copie) == {
        "intitule": "Poser deux bornes",
        "description": "Au deuxième étage",
        "levier": "infrastructure",
        "etat": "brouillon",
        "raison": "",
        "porteur_id": monde.referent.pk,
        "fonction_porteuse": "",
        "version": 1,
        "autres_contributeurs": "M. Dupont, de la mairie",
        "autres_concernes": "Les parents de la FCPE",
        "groupes": ["eleves", "enseignants"],
        "annee_scolaire": suivante,
        "trimestre": 2,
        "annee_fin": suivante,
        "trimestre_fin": 3,
        "echeance": None,
        "contributeurs": {monde.gestionnaire.pk},
        "axes": {("Fiabiliser", suivante)},
        "suivis": 0,
        "facteurs": [("Les équipes s'en servent", "", "")],
        "indicateurs": [
            ("Coupures par semaine", "coupures", None, None, 1, None, "baisse", "Le référent numérique", 0)
        ],
        "sous_actions": [("Choisir le lieu", "Gestionnaire", "brouillon")],
    }
    assert list(Axe.objects.get(annee_scolaire=suivante).besoins.all()) == [besoin]
    action.refresh_from_db()
    assert (action.etat, action.version) == ("bloquee", 4)


def test_dans_une_autre_ecole_personne_n_est_nomme(monde, annee):
    affecter(monde.chef, Role.CHEF, etablissement=monde.voisin_college)
    affecter(monde.referent, Role.REFERENT, etablissement=monde.voisin_college)  # even there, she is to be chosen again
    axe = un_axe(monde.college, "Fiabiliser", besoins=[un_besoin(monde.college)])
    action = une_action_complete(monde, annee, axe)
    une_action(monde.college, "Former", parent=action, porteur=monde.referent.pk)
    copie = copier(monde, annee, annee, [axe], [action], monde.voisin_college)
    assert copie == Copie(
        axes=1,
        actions=1,
        sous_actions=2,
        personnes_laissees={monde.referent.pk, monde.gestionnaire.pk},
        autre_etablissement=True,
    )
    posee = Action.objects.get(etablissement=monde.voisin_college, intitule="Poser deux bornes")
    ecrite = lue(posee)
    assert {
        nom: ecrite[nom] for nom in ("porteur_id", "contributeurs", "autres_contributeurs", "autres_concernes")
    } == {
        "porteur_id": None,
        "contributeurs": set(),
        "autres_contributeurs": "",
        "autres_concernes": "",
    }
    assert ecrite["sous_actions"] == [("Choisir le lieu", "Gestionnaire", "brouillon"), ("Former", "", "brouillon")]
    assert [indicateur[7] for indicateur in ecrite["indicateurs"]] == [""]
    assert not Axe.objects.get(etablissement=monde.voisin_college).besoins.exists()


def test_envoye_deux_fois_le_plan_se_copie_une_fois(monde, annee):
    axe = un_axe(monde.college, "Fiabiliser")
    action, libre = une_action_complete(monde, annee, axe), une_action(monde.college, "Sans axe")
    suivante = annee_suivante(annee)
    premiere = copier(monde, annee, suivante, [axe], [action, libre])
    combien = (Axe.objects.count(), Action.objects.count(), IndicateurSuivi.objects.count())
    assert copier(monde, annee, suivante, [axe], [action, libre]) == Copie(deja_la=2)
    assert (Axe.objects.count(), Action.objects.count(), IndicateurSuivi.objects.count()) == combien
    assert premiere == Copie(axes=1, actions=2, sous_actions=1, sans_axe=1)


def test_un_axe_qui_continue_sert_sans_etre_copie(monde, annee):
    ouvert, clos = un_axe(monde.college, "Ouvert"), un_axe(monde.college, "Clos", clos_le=timezone.now())
    action = une_action(monde.college, "Poser deux bornes", axes=[ouvert])
    action.contributions.create(axe=clos)
    suivante = annee_suivante(annee)
    copier(monde, annee, suivante, [], [action])
    copie = Action.objects.get(annee_scolaire=suivante)
    assert list(copie.axes.all()) == [ouvert]


def test_une_personne_partie_n_est_plus_nommee(monde, annee):
    partie = affecter(un_compte("Paule", "Partie"), Role.MEMBRE, etablissement=monde.college)
    action = une_action(monde.college, porteur=partie.pk)
    hier = timezone.localdate(timezone=monde.academie.zone) - datetime.timedelta(days=1)
    partie.affectations.update(fin=hier)
    copie = copier(monde, annee, annee_suivante(annee), [], [action])
    assert copie == Copie(actions=1, personnes_laissees={partie.pk}, sans_axe=1)
    assert Action.objects.get(annee_scolaire=annee_suivante(annee)).porteur is None


def une_action_sur_trois_ans(monde, annee) -> Action:
    action = une_action(monde.college)
    Action.objects.filter(pk=action.pk).update(
        annee_scolaire=annee_precedente(annee), trimestre=3, annee_fin=annee_suivante(annee), trimestre_fin=1
    )
    return action


def test_ce_qui_a_commence_avant_commence_avec_la_copie(monde, annee):
    suivante = annee_suivante(annee)
    copier(monde, annee, suivante, [], [une_action_sur_trois_ans(monde, annee)], monde.voisin_college)
    copie = Action.objects.get(etablissement=monde.voisin_college)
    assert (copie.annee_scolaire, copie.trimestre, copie.annee_fin, copie.trimestre_fin) == (
        suivante,
        None,
        annee_suivante(suivante),
        1,
    )


def test_ce_qui_continue_n_est_pas_double(monde, annee):
    action = une_action_sur_trois_ans(monde, annee)
    assert copier(monde, annee, annee_suivante(annee), [], [action]) == Copie(deja_la=1)


def test_plus_de_trois_axes_demandent_une_raison(monde, annee):
    axes = [un_axe(monde.college, f"Axe {numero}") for numero in range(4)]
    suivante = annee_suivante(annee)
    with pytest.raises(Empeche, match="dites pourquoi il en faut un de plus"):
        copier(monde, annee, suivante, axes)
    assert Axe.objects.count() == 4
    copier(monde, annee, suivante, axes, raison="Un par salle")
    assert list(Axe.objects.filter(annee_scolaire=suivante).values_list("raison_de_plus", flat=True)) == [
        "",
        "",
        "",
        "Un par salle",
    ]


def test_les_copies_refusees(monde, annee):
    axe = un_axe(monde.college)
    ailleurs = un_axe(monde.voisin_college, "Chez le voisin")
    refus = []
    for cible, annee_cible, choisis in (
        (monde.college, annee, [axe]),
        (monde.college, annee_precedente(annee), [axe]),
        (monde.college, "2099-2100", [axe]),
        (monde.college, "demain", [axe]),
        (monde.college, annee_suivante(annee), []),
        (monde.college, annee_suivante(annee), [ailleurs]),
    ):
        with pytest.raises(Empeche) as empechement:
            copier(monde, annee, annee_cible, choisis, cible=cible)
        refus.append(str(empechement.value))
    hors_d_une_annee = "Un plan se copie dans l'année scolaire en cours ou la prochaine."
    assert refus == [
        "Choisissez une autre année scolaire, ou un autre établissement.",
        *[hors_d_une_annee] * 3,
        *[RIEN_DE_CHOISI] * 2,
    ]
    assert Axe.objects.count() == 2


def test_ce_qui_est_copie_et_ce_qui_est_laisse_se_dit():
    assert phrase_de_la_copie(
        Copie(axes=2, actions=1, sous_actions=0, deja_la=1, personnes_laissees={1, 2}, sans_axe=1)
    ) == (
        "Copié, en brouillon\u00a0: 2\u00a0axes, 1\u00a0action. 1\u00a0action y était déjà. 2\u00a0personnes ne "
        "sont pas nommées car elles ne sont plus de l'équipe\u00a0: désignez un porteur. 1\u00a0action sans "
        "axe\u00a0: rattachez-la à un axe."
    )
    assert phrase_de_la_copie(Copie(deja_la=3)) == "Rien à copier\u00a0: tout y était déjà."


# --- The page -------------------------------------------------------------------------------------------------
def page_de(client, monde, **parametres):
    adresse = reverse("plan_dupliquer", args=[monde.college.uai], query=parametres or None)
    return client.get(adresse), adresse


def cases(page) -> dict[str, bool]:
    arbre = html.fromstring(page.content)
    return {case.get("name"): "checked" in case.attrib for case in arbre.xpath("//input[@type='checkbox']")}


def mots(page) -> str:
    return re.sub(r"\s+", " ", html.fromstring(page.content).text_content())


def test_choisir_puis_copier(client, monde, annee):
    client.force_login(monde.chef)
    ouvert, clos = un_axe(monde.college, "Ouvert"), un_axe(monde.college, "Clos", clos_le=timezone.now())
    action = une_action(monde.college, "Former", axes=[ouvert])
    une_action(monde.college, "Sous-former", parent=action)
    page, adresse = page_de(client, monde)
    assert cases(page) == {f"axe-{ouvert.pk}": False, f"action-{action.pk}": True, f"axe-{clos.pk}": True}
    assert "et 1 sous-action" in mots(page)
    fait = client.post(adresse, {f"action-{action.pk}": "on"})
    suivante = annee_suivante(annee)
    assert (fait.status_code, fait["Location"]) == (
        302,
        f"{reverse('moyens', args=[monde.college.uai])}?annee={suivante}",
    )
    assert "Copié, en brouillon" in mots(client.get(fait["Location"]))
    rien = client.post(adresse, {})
    assert rien.status_code == 422
    assert RIEN_DE_CHOISI in rien.content.decode().replace("&#x27;", "'")


def test_ce_qui_est_fini_n_est_pas_propose(client, monde, annee):
    affecter(monde.chef, Role.CHEF, etablissement=monde.voisin_college)
    client.force_login(monde.chef)
    faite, laissee = une_action(monde.college, "Faite"), une_action(monde.college, "Laissée")
    Action.objects.filter(pk=faite.pk).update(etat="realisee")
    Action.objects.filter(pk=laissee.pk).update(etat="abandonnee", raison="x")
    assert cases(page_de(client, monde)[0]) == {f"action-{faite.pk}": False, f"action-{laissee.pk}": False}
    ailleurs, _ = page_de(client, monde, vers=monde.voisin_college.uai, annee_cible=annee)
    assert cases(ailleurs) == {f"action-{faite.pk}": True, f"action-{laissee.pk}": False}


def test_une_cite_scolaire_copie_d_une_ecole_a_l_autre(client, monde, annee):
    affecter(monde.chef, Role.CHEF, etablissement=monde.voisin_college)
    client.force_login(monde.chef)
    axe = un_axe(monde.college, "Ouvert")
    page, adresse = page_de(client, monde, vers=monde.voisin_college.uai, annee_cible=annee)
    assert cases(page) == {f"axe-{axe.pk}": True}
    assert "les personnes nommées" in mots(page)
    assert client.post(adresse, {f"axe-{axe.pk}": "on"}).status_code == 302
    assert Axe.objects.get(etablissement=monde.voisin_college).intitule == "Ouvert"


def test_on_ne_copie_que_la_ou_l_on_ecrit(client, monde):
    affecter(monde.chef, Role.MEMBRE, etablissement=monde.lointain)
    client.force_login(monde.chef)
    un_axe(monde.college)
    for vers in (monde.voisin_college.uai, monde.lointain.uai, "0000000A", "\x00"):
        assert page_de(client, monde, vers=vers)[0].status_code == 404
    assert page_de(client, monde, annee="1789-1790")[0].status_code == 404


@pytest.mark.parametrize("envoi", [{"axe-x": "on"}, {"action-99999999999999": "on"}, {"axe-\u0663": "on"}])
def test_un_envoi_hostile_ne_copie_rien(client, monde, envoi):
    client.force_login(monde.chef)
    un_axe(monde.college)
    assert client.post(reverse("plan_dupliquer", args=[monde.college.uai]), envoi).status_code == 422
    assert Axe.objects.count() == 1


def test_la_page_coute_autant_pour_trois_actions(client, monde):
    client.force_login(monde.chef)
    une_action(monde.college, "Une", axes=[un_axe(monde.college)], porteur=monde.referent.pk)
    assert len(page_de(client, monde)[0].requetes) == 11
    for numero in (2, 3):
        une_action(monde.college, f"Action {numero}", axes=[un_axe(monde.college, f"Axe {numero}")])
    assert len(page_de(client, monde)[0].requetes) == 11


def test_copier_trois_actions_ne_lit_pas_ligne_a_ligne(client, monde):
    client.force_login(monde.chef)
    axes = [un_axe(monde.college, f"Axe {numero}", besoins=[un_besoin(monde.college)]) for numero in range(3)]
    envoi = {f"axe-{axe.pk}": "on" for axe in axes}
    for axe in axes:
        action = une_action(monde.college, f"Action de {axe}", axes=[axe], contributeurs=frozenset({monde.chef.pk}))
        un_indicateur(action)
        envoi[f"action-{action.pk}"] = "on"
    assert client.post(reverse("plan_dupliquer", args=[monde.college.uai]), envoi).status_code == 302
