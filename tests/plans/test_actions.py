"""Actions: written, merged, tied to one another, taken away; their page and their form."""

import datetime
import uuid
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from plans.domain.actions import (
    DEJA_CREEE,
    creer_action,
    lire_saisie,
    modifier_action,
    rattacher_action,
    retirer_action,
)
from plans.domain.corbeille import restaurer
from plans.models import Action, Axe, Constat
from plans.rules.actions import EN_CORBEILLE, Cadre, defauts_de_la_saisie, derniere_annee_possible, empechement_parent
from strategie.socle.domain.calendrier import annee_suivante
from strategie.socle.domain.empechement import Empeche, SaisieRefusee
from strategie.socle.domain.fusion import Conflit
from tests.plans.plans import (
    cette_annee,
    un_axe,
    un_axe_adosse,
    un_besoin,
    un_constat,
    une_action,
    une_action_publiee,
    une_saisie,
)

CADRE = Cadre(equipe=frozenset({1, 2}), axes=frozenset({10}), derniere_annee="2031-2032")
ORDRE = "La fin d'une action ne peut pas précéder son début."


@pytest.fixture
def chef(client, monde):
    client.force_login(monde.chef)
    return client


def adresse(nom: str, *suite: object) -> str:
    return reverse(nom, args=["0980001U", *suite])


def mots(reponse) -> str:
    """All the words of a page, on one line."""
    return " ".join(html.fromstring(reponse.content.decode()).text_content().split())


def champs_du_formulaire(reponse, vers: str = "") -> dict[str, list[str]]:
    """What a browser would send of the page's only form, or of the one that goes to `vers`, as it stands."""
    formulaires = html.fromstring(reponse.content.decode()).xpath("//main//form")
    [formulaire] = [un for un in formulaires if not vers or un.get("action") == vers]
    envoi: dict[str, list[str]] = {}
    for champ in formulaire.xpath(".//input[@name] | .//select[@name] | .//textarea[@name]"):
        if champ.get("type") in ("radio", "checkbox"):
            valeur = champ.get("value") if champ.checked else None
        else:
            valeur = champ.value or ""
        if valeur is not None:
            envoi.setdefault(champ.get("name"), []).append(valeur)
    return envoi


def erreurs(reponse) -> dict[str, str]:
    """The sentence at each field."""
    page = html.fromstring(reponse.content.decode())
    boites = page.xpath("//*[contains(@class,'invalid-feedback')]")
    return {
        b.get("id").removeprefix("id_").removesuffix("_error").removesuffix("_1"): b.text_content().strip()
        for b in boites
    }


# --- Rules, pure ------------------------------------------------------------------------------------------
def dite(**champs):
    """What a form says, as the rule reads it."""
    valeurs = {
        "levier": "budget", "intitule": "Acheter", "description": "", "axes": frozenset(), "porteur": None,
        "fonction_porteuse": "", "contributeurs": frozenset(), "autres_contributeurs": "", "groupes": (),
        "autres_concernes": "", "annee_scolaire": "2026-2027", "trimestre": None, "annee_fin": "2026-2027",
        "trimestre_fin": None, "echeance": None,
    }  # fmt: skip
    return SimpleNamespace(**(valeurs | champs))


@pytest.mark.parametrize(
    "champs",
    [
        {},
        {"axes": frozenset({10}), "porteur": 1, "contributeurs": frozenset({2})},
        {"fonction_porteuse": "x" * 80, "intitule": "x" * 250, "description": "x" * 4000},
        {"trimestre": 1, "trimestre_fin": 1, "echeance": datetime.date(2026, 9, 1)},
        {"trimestre": 1, "trimestre_fin": 1, "echeance": datetime.date(2026, 12, 31)},
        {"trimestre": 3, "annee_fin": "2031-2032", "trimestre_fin": 1},
        {"annee_scolaire": "2020-2021"},
        {"trimestre": 3, "trimestre_fin": None},
    ],
)
def test_une_saisie_sans_defaut(champs):
    assert defauts_de_la_saisie(dite(**champs), CADRE) == {}


@pytest.mark.parametrize(
    ("champs", "attendus"),
    [
        ({"intitule": ""}, {"intitule": "Dites en une phrase ce qui sera fait."}),
        ({"levier": "magie"}, {"levier": "Choisissez le moyen dans la liste."}),
        (
            {"axes": frozenset({10, 11})},
            {"axes": "Cet axe n'est pas, ou n'est plus, un axe ouvert de l'établissement."},
        ),
        ({"intitule": "x" * 251}, {"intitule": "Ce texte dépasse 250\u00a0caractères\u00a0: raccourcissez-le."}),
        ({"porteur": 3}, {"porteur": "Cette personne n'est pas dans l'équipe de l'établissement."}),
        (
            {"porteur": 1, "fonction_porteuse": "Le gestionnaire"},
            {"fonction_porteuse": "Choisissez une personne, ou écrivez une fonction, pas les deux."},
        ),
        (
            {"contributeurs": frozenset({2, 3})},
            {
                "contributeurs": "Un contributeur est une personne de l'équipe\u00a0; écrivez les autres en toutes "
                "lettres."
            },
        ),
        (
            {"porteur": 1, "contributeurs": frozenset({1})},
            {"contributeurs": "Le porteur de l'action n'a pas à figurer aussi parmi les contributeurs."},
        ),
        (
            {"annee_scolaire": "2026-2028"},
            {"annee_scolaire": "Une année scolaire s'écrit sur deux années qui se suivent, comme 2026-2027."},
        ),
        (
            {"annee_fin": "2032-2033"},
            {"annee_fin": "Une action ne va pas au-delà de l'année scolaire 2031-2032."},
        ),
        ({"annee_fin": "2025-2026"}, {"annee_fin": ORDRE}),
        ({"trimestre": 2, "trimestre_fin": 1}, {"trimestre_fin": ORDRE}),
        ({"trimestre": 4}, {"trimestre": "Un trimestre va de 1 à 3."}),
        (
            {"trimestre_fin": 2, "echeance": datetime.date(2027, 4, 1)},
            {
                "echeance": "L'échéance précise tombe entre le début et la fin de l'action\u00a0: du "
                "1er\u00a0septembre 2026 au 31\u00a0mars 2027."
            },
        ),
        (
            {"intitule": "", "porteur": 3, "annee_fin": "2025-2026"},
            {
                "intitule": "Dites en une phrase ce qui sera fait.",
                "porteur": "Cette personne n'est pas dans l'équipe de l'établissement.",
                "annee_fin": ORDRE,
            },
        ),
    ],
)
def test_chaque_defaut_se_dit_a_son_champ(champs, attendus):
    assert defauts_de_la_saisie(dite(**champs), CADRE) == attendus


def test_une_sous_action_ne_choisit_pas_d_axe():
    assert defauts_de_la_saisie(dite(axes=frozenset({10})), replace(CADRE, sous_action=True)) == {
        "axes": "Une sous-action sert les axes de l'action dont elle fait partie\u00a0: n'en choisissez pas."
    }


def test_cinq_annees_d_avance_au_plus():
    assert derniere_annee_possible(datetime.date(2026, 11, 25)) == "2031-2032"
    assert derniere_annee_possible(datetime.date(2026, 8, 14)) == "2030-2031"


def test_un_niveau_de_sous_actions_et_pas_de_cercle():
    haut = Action(pk=1, intitule="Haut")
    bas = Action(pk=2, intitule="Bas", parent=haut)
    jetee = Action(pk=3, intitule="Jetée", supprime_le=timezone.now())
    assert empechement_parent(None, action=1) is None
    assert empechement_parent(haut, action=4) is None
    assert empechement_parent(haut, action=1) == "Une action ne peut pas faire partie d'elle-même."
    assert empechement_parent(bas, action=1) == (
        "«\u00a0Bas\u00a0» fait partie de cette action\u00a0: elle ne peut pas aussi la contenir."
    )
    assert (
        empechement_parent(bas) == "«\u00a0Bas\u00a0» est déjà une sous-action\u00a0: il n'y a pas de troisième niveau."
    )
    assert empechement_parent(haut, action=4, a_des_sous_actions=True) == (
        "Cette action a elle-même des sous-actions\u00a0: elle ne peut pas en devenir une."
    )
    assert empechement_parent(jetee) == (
        "L'action «\u00a0Jetée\u00a0» est à la corbeille\u00a0: elle ne reçoit pas de sous-action."
    )


# --- Creating ---------------------------------------------------------------------------------------------
def test_une_action_nait_en_brouillon(monde):
    maintenant = datetime.datetime(2026, 9, 1, 23, 30, tzinfo=datetime.UTC)  # the second, in Paris
    axe = un_axe(monde.college)
    saisie = une_saisie(
        monde.college,
        axes=frozenset({axe.pk}),
        porteur=monde.referent.pk,
        contributeurs=frozenset({monde.lectrice.pk, monde.gestionnaire.pk}),
        groupes=("eleves", "familles"),
        autres_contributeurs="Le département",
    )
    action = creer_action(
        etablissement=monde.college, saisie=saisie, auteur=monde.chef, maintenant=maintenant, modele="PIL-1-2"
    )
    action = Action.objects.get(pk=action.pk)
    assert lire_saisie(action) == saisie
    assert (action.etablissement, action.etat, action.version, action.modele, action.parent) == (
        monde.college, "brouillon", 1, "PIL-1-2", None,
    )  # fmt: skip
    assert (action.cree_par, action.cree_le, action.derniere_nouvelle) == (
        monde.chef, maintenant, datetime.date(2026, 9, 2),
    )  # fmt: skip
    evenement = action.evenements.get()
    assert (evenement.pgh_label, evenement.pgh_context["acte"], evenement.pgh_context["auteur"]) == (
        "insert", "creer_action", monde.chef.pk,
    )  # fmt: skip


@pytest.mark.parametrize("qui", ["voisin", "animatrice", "sans_affectation"])
def test_un_porteur_est_de_l_etablissement(monde, qui):
    with pytest.raises(SaisieRefusee) as refus:
        une_action(monde.college, porteur=getattr(monde, qui).pk)
    assert refus.value.defauts == {"porteur": "Cette personne n'est pas dans l'équipe de l'établissement."}
    assert not Action.objects.exists()


def test_un_axe_d_ailleurs_clos_ou_jete_ne_se_sert_pas(monde):
    clos = un_axe(monde.college, clos_le=timezone.now())
    jete = un_axe(monde.college, supprime_le=timezone.now(), supprime_par=monde.chef)
    for axe in (un_axe(monde.voisin_college), clos, jete):
        with pytest.raises(SaisieRefusee):
            une_action(monde.college, axes=[axe])


def test_un_double_clic_ne_cree_qu_une_action(monde):
    cle = uuid.uuid4()
    saisie = une_saisie(monde.college, contributeurs=frozenset({monde.lectrice.pk}))
    cree = {"etablissement": monde.college, "auteur": monde.chef, "maintenant": timezone.now(), "cle": cle}
    assert creer_action(saisie=saisie, **cree) == creer_action(saisie=saisie, **cree)
    with pytest.raises(Empeche, match=DEJA_CREEE):
        creer_action(saisie=replace(saisie, intitule="Autre chose"), **cree)
    with pytest.raises(Empeche, match=DEJA_CREEE):
        creer_action(saisie=saisie, **cree | {"auteur": monde.referent})
    [action] = Action.objects.all()
    assert (lire_saisie(action), action.version) == (saisie, 1)


def test_une_sous_action(monde):
    haut = une_action(monde.college, "Haut")
    bas = une_action(monde.college, "Bas", parent=haut)
    with pytest.raises(Empeche, match="troisième niveau"):
        une_action(monde.college, "Plus bas", parent=bas)
    with pytest.raises(SaisieRefusee, match="sert les axes"):
        une_action(monde.college, "Autre", parent=haut, axes=[un_axe(monde.college)])
    assert [a.intitule for a in haut.sous_actions.all()] == ["Bas"]


def test_rattacher_sans_cercle(monde):
    axe, maintenant = un_axe(monde.college), timezone.now()
    a, b, c = (une_action(monde.college, nom, axes=[axe]) for nom in "ABC")

    def rattacher(action, parent):
        rattacher_action(action=action, parent=parent, auteur=monde.chef, maintenant=maintenant)

    rattacher(b, a)
    b.refresh_from_db()
    assert (b.parent, b.version, list(b.axes.all())) == (a, 2, [])
    for action, parent, phrase in [
        (a, b, "la contenir"),
        (c, b, "troisième niveau"),
        (a, c, "a elle-même"),
        (a, a, "elle-même"),
    ]:
        with pytest.raises(Empeche, match=phrase):
            rattacher(action, parent)
    rattacher(b, None)
    rattacher(a, b)
    assert list(Action.objects.order_by("intitule").values_list("intitule", "parent__intitule")) == [
        ("A", "B"), ("B", None), ("C", None),
    ]  # fmt: skip


# --- Two people at once -------------------------------------------------------------------------------------
def modifier(monde, action, base, **champs):
    return modifier_action(
        action=action, base=base, saisie=replace(base, **champs), auteur=monde.chef, maintenant=timezone.now()
    )


def test_des_changements_disjoints_se_fusionnent(monde):
    un, deux = un_axe(monde.college, "Un"), un_axe(monde.college, "Deux")
    action = une_action(monde.college, axes=[un], groupes=("eleves",))
    base = lire_saisie(action)
    modifier(
        monde, action, base, intitule="Poser des bornes", axes=base.axes | {deux.pk}, groupes=("eleves", "familles")
    )
    faite = modifier(monde, action, base, description="Au printemps", axes=frozenset(), groupes=("eleves", "agents"))
    assert faite.conflits == {}
    action = Action.objects.get()
    assert lire_saisie(action) == replace(
        base,
        intitule="Poser des bornes",
        description="Au printemps",
        axes=frozenset({deux.pk}),
        groupes=("eleves", "familles", "agents"),
    )
    assert action.version == 3


def test_le_meme_changement_deux_fois_n_en_fait_qu_un(monde):
    action = une_action(monde.college)
    base = lire_saisie(action)
    for _ in range(2):
        assert modifier(monde, action, base, intitule="Poser").conflits == {}
    action.refresh_from_db()
    assert (action.intitule, action.version) == ("Poser", 2)


def test_un_conflit_n_ecrit_rien(monde):
    action = une_action(monde.college)
    base = lire_saisie(action)
    modifier(monde, action, base, intitule="Le sien")
    avant = Action.objects.values().get()
    faite = modifier(monde, action, base, intitule="Le mien", description="Perdue\u00a0?")
    assert faite.conflits == {"intitule": Conflit(base.intitule, "Le mien", "Le sien")}
    assert Action.objects.values().get() == avant


def test_ce_qui_n_est_faux_qu_ensemble_est_un_conflit(monde):
    """One names a person, the other a function; one begins later, the other ends sooner."""
    action = une_action(monde.college)
    base = lire_saisie(action)
    modifier(monde, action, base, porteur=monde.referent.pk)
    faite = modifier(monde, action, base, fonction_porteuse="Le gestionnaire")
    assert faite.conflits == {
        "porteur": Conflit(None, None, monde.referent.pk),
        "fonction_porteuse": Conflit("", "Le gestionnaire", ""),
    }
    modifier(monde, action, base, trimestre=3)
    faite = modifier(monde, action, base, trimestre_fin=1)
    assert faite.conflits == {"trimestre": Conflit(None, None, 3), "trimestre_fin": Conflit(None, 1, None)}
    assert lire_saisie(Action.objects.get()) == replace(base, porteur=monde.referent.pk, trimestre=3)


def test_une_personne_partie_reste_nommee_sans_pouvoir_l_etre_ailleurs(monde):
    action = une_action(monde.college, porteur=monde.referent.pk, contributeurs=frozenset({monde.lectrice.pk}))
    for qui in (monde.referent, monde.lectrice):
        qui.affectations.update(fin=datetime.date(2021, 1, 1))
    base = lire_saisie(action)
    assert modifier(monde, action, base, intitule="Poser").conflits == {}
    assert lire_saisie(Action.objects.get()) == replace(base, intitule="Poser")
    with pytest.raises(SaisieRefusee, match="pas dans l'équipe"):
        une_action(monde.college, porteur=monde.referent.pk)


def test_une_action_jetee_ne_s_ecrit_plus(monde):
    action = une_action(monde.college)
    base = lire_saisie(action)
    retirer_action(action=action, avec_sous_actions=False, auteur=monde.chef, maintenant=timezone.now())
    with pytest.raises(Empeche, match=EN_CORBEILLE):
        modifier(monde, action, base, intitule="Poser")


def test_retirer_dit_ce_qui_part_avec(monde):
    haut = une_action(monde.college, "Haut")
    bas = une_action(monde.college, "Bas", parent=haut)
    retire = {"action": haut, "auteur": monde.chef, "maintenant": timezone.now()}
    with pytest.raises(Empeche, match="a des sous-actions"):
        retirer_action(avec_sous_actions=False, **retire)
    assert Action.objects.vivants().count() == 2
    retirer_action(avec_sous_actions=True, **retire)
    assert set(Action.objects.en_corbeille()) == {haut, bas}
    restaurer(objet=haut, auteur=monde.chef, maintenant=timezone.now())
    assert set(Action.objects.vivants()) == {haut, bas}


# --- The form -----------------------------------------------------------------------------------------------
def test_creer_une_action_par_la_page(chef, monde):
    axe = un_axe(monde.college, "Fiabiliser")
    page = chef.get(f"{adresse('action_creer')}?axe={axe.pk}")
    envoi = champs_du_formulaire(page)
    assert (envoi["axes"], envoi["annee_scolaire"]) == ([str(axe.pk)], [cette_annee(monde.college)])
    envoi |= {
        "intitule": " Poser\r\n deux bornes ", "levier": "infrastructure", "description": "D'abord\r\nle hall",
        "porteur": monde.referent.pk, "contributeurs": [monde.lectrice.pk], "groupes": ["eleves"], "trimestre_fin": "2",
    }  # fmt: skip
    reponse = chef.post(adresse("action_creer"), envoi)
    [action] = Action.objects.all()
    assert (reponse.status_code, reponse["Location"]) == (302, adresse("action", action.pk))
    assert lire_saisie(action) == une_saisie(
        monde.college, intitule="Poser deux bornes", levier="infrastructure", description="D'abord\nle hall",
        axes=frozenset({axe.pk}), porteur=monde.referent.pk, contributeurs=frozenset({monde.lectrice.pk}),
        groupes=("eleves",), trimestre_fin=2,
    )  # fmt: skip
    chef.post(adresse("action_creer"), envoi)  # a double click
    assert Action.objects.count() == 1
    reponse = chef.post(adresse("action_creer"), envoi | {"intitule": "Autre chose"})
    assert (reponse.status_code, Action.objects.count()) == (422, 1)
    assert "Une action a déjà été créée depuis cette page" in mots(reponse)
    chef.post(adresse("action_creer"), champs_du_formulaire(reponse))
    assert set(Action.objects.values_list("intitule", flat=True)) == {"Poser deux bornes", "Autre chose"}


def test_les_erreurs_se_disent_aux_champs_et_rien_ne_se_perd(chef, monde):
    envoi = champs_du_formulaire(chef.get(adresse("action_creer")))
    reponse = chef.post(adresse("action_creer"), envoi | {"intitule": "", "levier": "", "porteur": monde.voisin.pk})
    assert reponse.status_code == 422
    assert erreurs(reponse) == {
        "intitule": "Dites en une phrase ce qui sera fait.",
        "levier": "Dites de quel moyen il s'agit.",
        "porteur": "Cette personne n'est pas dans l'équipe de l'établissement.",
    }
    justes = {"intitule": "Poser des bornes", "levier": "budget"}
    faux = {
        "trimestre": "3", "trimestre_fin": "1", "porteur": str(monde.referent.pk), "axes": [],
        "fonction_porteuse": "Le gestionnaire",
    }  # fmt: skip
    reponse = chef.post(adresse("action_creer"), envoi | justes | faux)
    assert reponse.status_code == 422
    assert erreurs(reponse) == {
        "fonction_porteuse": "Choisissez une personne, ou écrivez une fonction, pas les deux.",
        "trimestre_fin": ORDRE,
    }
    garde = champs_du_formulaire(reponse)
    assert {nom: garde.get(nom, []) for nom in faux} == {
        nom: valeur if isinstance(valeur, list) else [valeur] for nom, valeur in faux.items()
    }
    assert not Action.objects.exists()


def test_un_axe_d_une_autre_ecole_n_est_pas_propose(chef, monde):
    ailleurs = un_axe(monde.voisin_college, "Secret du voisin")
    page = chef.get(f"{adresse('action_creer')}?axe={ailleurs.pk}")
    assert "Secret du voisin" not in mots(page)
    envoi = champs_du_formulaire(page) | {"intitule": "Poser", "levier": "budget", "axes": [ailleurs.pk]}
    reponse = chef.post(adresse("action_creer"), envoi)
    assert erreurs(reponse) == {"axes": "Cet axe n'est pas, ou n'est plus, un axe ouvert de l'établissement."}


def test_une_sous_action_par_la_page(chef, monde):
    haut = une_action(monde.college, "Haut", trimestre=2, trimestre_fin=2)
    bas = une_action(monde.college, "Bas", parent=haut)
    page = chef.get(f"{adresse('action_creer')}?parent={haut.pk}")
    envoi = champs_du_formulaire(page)
    assert ("axes" in envoi, envoi["trimestre"], envoi["levier"]) == (False, ["2"], ["infrastructure"])
    reponse = chef.post(f"{adresse('action_creer')}?parent={haut.pk}", envoi | {"intitule": "Autre part"})
    assert reponse.status_code == 302
    assert set(haut.sous_actions.values_list("intitule", flat=True)) == {"Bas", "Autre part"}
    assert "il n'y a pas de troisième niveau" in mots(chef.get(f"{adresse('action_creer')}?parent={bas.pk}"))
    assert chef.get(f"{adresse('action_creer')}?parent={une_action(monde.voisin_college).pk}").status_code == 404


def test_un_axe_jete_garde_sa_case(chef, monde):
    """Restored, the axe finds the action that serves it."""
    axe = un_axe(monde.college, "Vieil axe")
    action = une_action(monde.college, axes=[axe])
    Axe.objects.update(supprime_le=timezone.now(), supprime_par=monde.chef)
    page = chef.get(adresse("action_modifier", action.pk))
    assert "Vieil axe (à la corbeille)" in mots(page)
    chef.post(adresse("action_modifier", action.pk), champs_du_formulaire(page) | {"intitule": "Poser"})
    action.refresh_from_db()
    assert (action.intitule, list(action.axes.all())) == ("Poser", [axe])


def test_une_page_incomplete_ne_change_rien(chef, monde):
    action = une_action(monde.college)
    envoi = champs_du_formulaire(chef.get(adresse("action_modifier", action.pk)))
    sans = {nom: valeur for nom, valeur in envoi.items() if nom != "lu-intitule"} | {"intitule": "Poser"}
    for tronque in (sans, envoi | {"lu-porteur": "abc", "intitule": "Poser"}, {}):
        reponse = chef.post(adresse("action_modifier", action.pk), tronque)
        assert (reponse.status_code, "Cette page est incomplète" in mots(reponse)) == (422, True)
    action.refresh_from_db()
    assert (action.intitule, action.version) == ("Installer deux bornes Wi-Fi", 1)


# --- The page of conflicts ------------------------------------------------------------------------------------
@pytest.fixture
def conflit(client, monde):
    """The référent has saved another title and another end; the head sends hers, and a description."""
    action = une_action(monde.college)
    client.force_login(monde.chef)
    envoi = champs_du_formulaire(client.get(adresse("action_modifier", action.pk)))
    base = lire_saisie(action)
    sien = replace(base, intitule="Le sien", annee_fin=annee_suivante(base.annee_fin), autres_concernes="Les parents")
    modifier_action(action=action, base=base, saisie=sien, auteur=monde.referent, maintenant=timezone.now())
    mien = {"intitule": "Le mien", "description": "À moi\nseule", "trimestre_fin": "2"}
    reponse = client.post(adresse("action_modifier", action.pk), envoi | mien)
    return client, action, sien, reponse


def test_la_page_montre_les_deux_valeurs(conflit):
    sien, reponse = conflit[2:]
    assert reponse.status_code == 409
    dit = mots(reponse)
    assert "Ce que vous avez écrit" in dit and "Le mien" in dit
    assert "Ce qui est enregistré par Rémi Référent, le " in dit and "Le sien" in dit
    assert html.fromstring(reponse.content.decode()).xpath("//main//legend/text()") == ["Ce qui sera fait"]
    assert lire_saisie(Action.objects.get()) == sien


@pytest.mark.parametrize(("choix", "intitule"), [("mien", "Le mien"), ("tenu", "Le sien")])
def test_le_choix_s_enregistre_avec_le_reste(conflit, choix, intitule):
    client, action, sien, reponse = conflit
    envoi = champs_du_formulaire(reponse) | {"choix-intitule": choix}
    assert client.post(adresse("action_modifier", action.pk), envoi).status_code == 302
    assert lire_saisie(Action.objects.get()) == replace(
        sien, intitule=intitule, description="À moi\nseule", trimestre_fin=2
    )


def test_sans_choix_la_page_revient(conflit):
    client, action, _, reponse = conflit
    reponse = client.post(adresse("action_modifier", action.pk), champs_du_formulaire(reponse))
    assert (reponse.status_code, "Il reste un choix à faire" in mots(reponse)) == (409, True)
    envoi = champs_du_formulaire(reponse) | {"choix-intitule": "mien"}
    assert client.post(adresse("action_modifier", action.pk), envoi).status_code == 302
    assert Action.objects.get().intitule == "Le mien"


def test_change_encore_pendant_le_choix_il_revient(conflit, monde):
    """What is chosen is chosen against what was shown: a third value is shown in its turn."""
    client, action, sien, reponse = conflit
    envoi = champs_du_formulaire(reponse) | {"choix-intitule": "mien"}
    troisieme = replace(sien, intitule="Un troisième")
    modifier_action(action=action, base=sien, saisie=troisieme, auteur=monde.referent, maintenant=timezone.now())
    reponse = client.post(adresse("action_modifier", action.pk), envoi)
    assert (reponse.status_code, "Un troisième" in mots(reponse), "Le mien" in mots(reponse)) == (409, True, True)
    assert lire_saisie(Action.objects.get()) == troisieme


# --- The page of an action ------------------------------------------------------------------------------------
def test_la_page_dit_ce_qui_justifie_dans_les_deux_sens(chef, monde):
    constat = un_constat(monde.college, "Le réseau coupe à dix heures")
    mesure = un_besoin(monde.college, "Une lettre de mission", origine="indicateur", reference="PIL-1-2")
    tape = un_besoin(monde.college, "Un réseau qui tient", constats=[constat])
    nu = un_besoin(monde.college, "Un souhait nu")
    axe = un_axe(monde.college, "Fiabiliser", besoins=[mesure, tape, nu])
    sans = un_axe(monde.college, "Axe sans besoin")
    action = une_action_publiee(monde.college, axes=[axe, sans])
    page = chef.get(adresse("action", action.pk))
    annee = cette_annee(monde.college)
    liens = {a.text_content().strip(): a.get("href") for a in html.fromstring(page.content.decode()).xpath("//main//a")}
    assert liens["Fiabiliser"] == adresse("axe", axe.pk)
    assert liens["Une lettre de mission"] == f"{adresse('besoins')}?annee={annee}#indicateur-PIL-1-2"
    assert liens["Indicateur PIL-1-2 du diagnostic"] == f"{adresse('diagnostic_champ', annee, 'PIL')}#PIL-1-2"
    assert liens["Le réseau coupe à dix heures"] == f"{adresse('retex')}#constat-{constat.pk}"
    dit = mots(page)
    assert "Sans fait Rien ne montre encore ce besoin." in dit
    assert "Sans besoin Cet axe ne répond encore à aucun besoin." in dit
    assert "À justifier" not in dit
    Constat.objects.update(supprime_le=timezone.now())
    mesure.axes.clear()
    dit = mots(chef.get(adresse("action", action.pk)))
    assert "À venir À justifier" in dit
    assert "Le réseau coupe à dix heures" not in dit


def test_ceux_de_dehors_ne_lisent_que_ce_qui_est_publie(client, monde):
    haut = une_action_publiee(monde.college, "Publiée", contributeurs=frozenset({monde.lectrice.pk}))
    une_action(monde.college, "Part en brouillon", parent=haut)
    brouillon = une_action(monde.college, "Brouillon")
    haut.commentaires.create(texte="Entre nous", cle=uuid.uuid4(), auteur=monde.lectrice, ecrit_le=timezone.now())
    client.force_login(monde.animatrice)
    assert client.get(adresse("action", brouillon.pk)).status_code == 404
    dit = mots(client.get(adresse("action", haut.pk)))
    assert "Répond à 1\u00a0besoin de l'établissement." in dit.replace("1 besoin", "1\u00a0besoin")
    for tu in ("Part en brouillon", "Entre nous", "Le Wi-Fi coupe en salle 12", "Historique", "Commentaires"):
        assert tu not in dit
    client.force_login(monde.lectrice)
    dit = mots(client.get(adresse("action", haut.pk)))
    for lu in ("Part en brouillon", "Entre nous", "Le Wi-Fi coupe en salle 12", "Ajouter une note"):
        assert lu in dit


def test_autant_de_requetes_quoi_qu_il_y_ait(chef, monde):
    action = une_action_publiee(monde.college, contributeurs=frozenset({monde.lectrice.pk}))
    une_action(monde.college, "Part 1", parent=action)
    comptes = [len(chef.get(adresse("action", action.pk)).requetes)]
    for rang in (2, 3):
        une_action(monde.college, f"Part {rang}", parent=action)
        axe = un_axe_adosse(monde.college, f"Axe {rang}")
        action.axes.add(axe)
        axe.besoins.add(
            un_besoin(monde.college, f"Besoin {rang}", constats=[un_constat(monde.college, f"Fait {rang}")])
        )
        action.commentaires.create(texte=f"Dit {rang}", cle=uuid.uuid4(), auteur=monde.chef, ecrit_le=timezone.now())
    page = chef.get(adresse("action", action.pk))
    assert "Dit 3" in mots(page) and "Part 3" in mots(page) and "Fait 3" in mots(page)
    assert [*comptes, len(page.requetes)] == [10, 10]
    comptes = [len(chef.get(adresse("action_modifier", action.pk)).requetes)]
    un_axe(monde.college, "Encore un")
    assert [*comptes, len(chef.get(adresse("action_modifier", action.pk)).requetes)] == [10, 10]


def test_mettre_a_la_corbeille_par_la_page(chef, monde):
    haut = une_action_publiee(monde.college, "Haut")
    une_action(monde.college, "Bas", parent=haut)
    assert "Les mettre à la corbeille avec elle" in mots(chef.get(adresse("action_retirer", haut.pk)))
    reponse = chef.post(adresse("action_retirer", haut.pk))
    assert (reponse.status_code, "dites qu'elles vont à la corbeille" in mots(reponse)) == (422, True)
    reponse = chef.post(adresse("action_retirer", haut.pk), {"avec_sous_actions": "oui"})
    assert (reponse.status_code, reponse["Location"]) == (302, adresse("moyens"))
    assert Action.objects.vivants().count() == 0
    assert chef.get(adresse("action", haut.pk)).status_code == 404
