"""Axes: opened under a cap of three a year, changed by several people, closed, taken away."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from lxml import html

from plans.domain.axes import SaisieAxe, clore_axe, lire_axe, modifier_axe, ouvrir_axe, retirer_axe, rouvrir_axe
from plans.domain.besoins import retirer_besoin
from plans.domain.corbeille import mettre_a_la_corbeille, restaurer
from plans.models import Action, Axe
from plans.queries.axes import actions_a_justifier_sans, actions_justifiees
from plans.rules.axes import (
    BESOIN_ABSENT,
    empechement_annee_de_l_axe,
    empechement_axe_de_plus,
    empechement_retirer_axe,
)
from strategie.socle.domain.calendrier import annee_precedente
from strategie.socle.domain.empechement import Empeche
from strategie.socle.models import Etablissement
from tests.plans.plans import (
    cette_annee,
    un_axe,
    un_axe_adosse,
    un_besoin,
    un_constat,
    une_action,
    une_action_publiee,
)

pytestmark = pytest.mark.usefixtures("apres_la_rentree")

NOVEMBRE = datetime.datetime(2026, 11, 25, 10, tzinfo=datetime.UTC)
ANNEE = "2026-2027"
DE_PLUS = (
    "Au-delà de trois axes nouveaux en 2026-2027, dites pourquoi il en faut un de plus. Le conseil d'administration "
    "lira cette raison."
)


@pytest.fixture
def college(monde) -> Etablissement:
    return monde.college


@pytest.fixture
def chef(client, monde):
    client.force_login(monde.chef)
    return client


def adresse(nom: str, *suite: object) -> str:
    return reverse(nom, args=["0980001U", *suite])


def page(reponse) -> html.HtmlElement:
    return html.fromstring(reponse.content.decode())


def mots(reponse) -> str:
    return " ".join(page(reponse).text_content().split())


def ouvrir(monde, intitule="Fiabiliser le réseau", *, annee=ANNEE, maintenant=NOVEMBRE, **champs) -> tuple[Axe, bool]:
    saisie = SaisieAxe(**({"theme": "acces", "intitule": intitule} | champs))
    return ouvrir_axe(etablissement=monde.college, annee=annee, saisie=saisie, auteur=monde.chef, maintenant=maintenant)


# --- Rules, pure ---------------------------------------------------------------------------------------------
def test_le_quatrieme_axe_de_l_annee_demande_une_raison():
    college, ecole = Etablissement(type="college"), Etablissement(type="ecole")
    assert [empechement_axe_de_plus(college, ANNEE, deja, "") for deja in (0, 1, 2)] == [None] * 3
    assert [empechement_axe_de_plus(college, ANNEE, deja, " \n") for deja in (3, 7)] == [DE_PLUS] * 2
    assert empechement_axe_de_plus(college, ANNEE, 3, "Une crue a noyé le local réseau.") is None
    assert "Le conseil d'école lira cette raison." in empechement_axe_de_plus(ecole, ANNEE, 3, "")


def test_pour_quelle_annee_un_axe_s_ouvre():
    jour = datetime.date(2026, 11, 25)
    phrase = "Un axe s'ouvre pour une année scolaire passée, celle-ci ou la prochaine."
    annees = ("2021-2022", "2026-2027", "2027-2028", "2028-2029", "2026-2028", "")
    assert [empechement_annee_de_l_axe(annee, jour) for annee in annees] == [None] * 3 + [phrase] * 3


def test_le_refus_de_retirer_nomme_les_actions():
    assert empechement_retirer_axe([]) is None
    assert empechement_retirer_axe(["Former"]) == (
        "L'action publiée «\u00a0Former\u00a0» ne sert que cet axe\u00a0: rattachez-la d'abord à un autre. Vous pouvez "
        "aussi clore cet axe sans le retirer\u00a0: il reste lisible."
    )
    assert empechement_retirer_axe(["Former", "Équiper"]).startswith(
        "Les actions publiées «\u00a0Former\u00a0», «\u00a0Équiper\u00a0» ne servent que cet axe\u00a0: rattachez-les"
    )


# --- Opening ---------------------------------------------------------------------------------------------------
def test_ouvrir_un_axe(monde, college):
    besoin = un_besoin(college)
    axe, nouveau = ouvrir(monde, precision="Partout.", besoins=frozenset({besoin.pk}), raison_de_plus="Pas la peine")
    assert (nouveau, axe.annee_scolaire, axe.theme, axe.cree_par, axe.cree_le) == (
        True,
        ANNEE,
        "acces",
        monde.chef,
        NOVEMBRE,
    )
    attendue = SaisieAxe("acces", "Fiabiliser le réseau", "Partout.", "", frozenset({besoin.pk}))
    assert lire_axe(axe) == attendue  # among the first three, a reason is nobody's business
    assert [e.pgh_context["acte"] for e in axe.evenements.all()] == ["ouvrir_axe"]


def test_ouvert_deux_fois_dans_les_memes_mots_il_n_y_en_a_qu_un(monde):
    axe, _ = ouvrir(monde)
    assert ouvrir(monde) == (axe, False)
    assert ouvrir(monde, annee="2027-2028")[1] is True
    assert Axe.objects.count() == 2


def test_le_quatrieme_s_ouvre_avec_sa_raison(monde):
    for mot in ("un", "deux", "trois"):
        ouvrir(monde, mot)
    with pytest.raises(Empeche) as refus:
        ouvrir(monde, "quatre")
    assert str(refus.value) == DE_PLUS
    assert ouvrir(monde, "quatre", raison_de_plus="Une crue.")[0].raison_de_plus == "Une crue."
    assert ouvrir(monde, "autre année", annee="2027-2028")[0].raison_de_plus == ""
    assert Axe.objects.count() == 5


def test_un_axe_clos_compte_un_axe_a_la_corbeille_non(monde):
    un, deux, _ = (ouvrir(monde, mot)[0] for mot in ("un", "deux", "trois"))
    clore_axe(axe=un, auteur=monde.chef, maintenant=NOVEMBRE)
    with pytest.raises(Empeche):
        ouvrir(monde, "quatre")
    retirer_axe(axe=deux, auteur=monde.chef, maintenant=NOVEMBRE)
    assert ouvrir(monde, "quatre")[1] is True


@pytest.mark.django_db(transaction=True)
def test_deux_ouvertures_au_meme_instant_se_comptent(monde):
    """The last place among three: one of eight gets it."""
    for mot in ("un", "deux"):
        ouvrir(monde, mot)

    def une(rang: int) -> str:
        try:
            ouvrir(monde, f"Au même instant {rang}")
        except Empeche as refus:
            return str(refus)
        finally:
            connection.close()
        return "ouvert"

    with ThreadPoolExecutor(8) as executeur:
        dits = sorted(executeur.map(une, range(8)))
    assert dits == [DE_PLUS] * 7 + ["ouvert"]
    assert Axe.objects.count() == 3


def test_ce_qu_ouvrir_refuse(monde, college):
    d_ailleurs = un_besoin(monde.voisin_college)
    parti = un_besoin(college)
    retirer_besoin(besoin=parti, auteur=monde.chef, maintenant=NOVEMBRE)
    for besoin in (d_ailleurs, parti):
        with pytest.raises(Empeche) as refus:
            ouvrir(monde, besoins=frozenset({besoin.pk}))
        assert str(refus.value) == BESOIN_ABSENT
    with pytest.raises(Empeche):
        ouvrir(monde, annee="2030-2031")
    assert not Axe.objects.exists()


# --- Changing --------------------------------------------------------------------------------------------------
def test_deux_personnes_changent_deux_choses(monde, college):
    un, deux, trois = (un_besoin(college, mot) for mot in ("un", "deux", "trois"))
    axe = un_axe(college, besoins=[un, deux])
    base = lire_axe(axe)
    sienne = SaisieAxe("acces", "Fiabiliser", "", "", frozenset({un.pk, trois.pk}))  # drops « deux », adds « trois »
    mienne = SaisieAxe("acces", "Fiabiliser le réseau", "Partout.", "", frozenset({deux.pk}))  # drops « un »
    assert modifier_axe(axe=axe, base=base, saisie=sienne, auteur=monde.chef) == {}
    assert modifier_axe(axe=axe, base=base, saisie=mienne, auteur=monde.referent) == {}
    axe.refresh_from_db()
    assert lire_axe(axe) == SaisieAxe("acces", "Fiabiliser", "Partout.", "", frozenset({trois.pk}))
    assert axe.version == 3


def test_deux_personnes_changent_la_meme_chose(monde, college):
    axe = un_axe(college)
    base = lire_axe(axe)
    modifier_axe(axe=axe, base=base, saisie=SaisieAxe("acces", "Le sien"), auteur=monde.chef)
    conflits = modifier_axe(axe=axe, base=base, saisie=SaisieAxe("enseigner", "Le mien"), auteur=monde.referent)
    assert {nom: (c.base, c.mien, c.actuel) for nom, c in conflits.items()} == {
        "intitule": ("Fiabiliser le réseau", "Le mien", "Le sien")
    }
    assert lire_axe(Axe.objects.get()) == SaisieAxe("acces", "Le sien")  # nothing of mine was written, not even apart


def test_un_lien_vers_un_besoin_a_la_corbeille_reste(monde, college):
    parti, reste = un_besoin(college, "parti"), un_besoin(college, "reste")
    axe = un_axe(college, besoins=[parti, reste])
    retirer_besoin(besoin=parti, auteur=monde.chef, maintenant=NOVEMBRE)
    vue = SaisieAxe("acces", "Fiabiliser le réseau", besoins=frozenset({reste.pk}))  # what the form may show
    modifier_axe(axe=axe, base=vue, saisie=SaisieAxe("acces", "Autrement"), auteur=monde.chef)
    assert lire_axe(Axe.objects.get()) == SaisieAxe("acces", "Autrement", besoins=frozenset({parti.pk}))


def test_enregistrer_sans_rien_changer_n_ecrit_rien(monde, college):
    axe = un_axe(college)
    modifier_axe(axe=axe, base=lire_axe(axe), saisie=lire_axe(axe), auteur=monde.chef)
    axe.refresh_from_db()
    assert (axe.version, axe.evenements.count()) == (1, 1)


def test_un_axe_a_la_corbeille_ne_se_modifie_pas(monde, college):
    axe = un_axe(college)
    retirer_axe(axe=axe, auteur=monde.chef, maintenant=NOVEMBRE)
    with pytest.raises(Empeche, match="à la corbeille"):
        modifier_axe(axe=axe, base=lire_axe(axe), saisie=SaisieAxe("acces", "Autre"), auteur=monde.chef)


# --- Closing, taking away -----------------------------------------------------------------------------------------
def test_clore_puis_rouvrir(monde, college):
    axe = un_axe(college)
    for _ in range(2):
        clore_axe(axe=axe, auteur=monde.chef, maintenant=NOVEMBRE)
    axe.refresh_from_db()
    assert (axe.clos_le, axe.version) == (NOVEMBRE, 2)
    for _ in range(2):
        rouvrir_axe(axe=axe, auteur=monde.chef)
    axe.refresh_from_db()
    assert (axe.clos_le, axe.version) == (None, 3)
    assert [e.pgh_context["acte"] for e in axe.evenements.order_by("pgh_id")[1:]] == ["clore_axe", "rouvrir_axe"]


def test_un_axe_dont_une_action_publiee_depend_ne_se_retire_pas(monde, college):
    axe, autre = un_axe_adosse(college), un_axe(college, "Un autre axe")
    une_action(college, "En brouillon", axes=[axe])
    partagee = une_action_publiee(college, "Partagée", axes=[axe, autre])
    seule = une_action_publiee(college, "Sur lui seul", axes=[axe])
    with pytest.raises(Empeche, match="L'action publiée «\u00a0Sur lui seul\u00a0» ne sert que cet axe"):
        retirer_axe(axe=axe, auteur=monde.chef, maintenant=NOVEMBRE)
    mettre_a_la_corbeille(objet=autre, auteur=monde.chef, maintenant=NOVEMBRE)
    with pytest.raises(Empeche, match="«\u00a0Partagée\u00a0», «\u00a0Sur lui seul\u00a0»"):
        retirer_axe(axe=axe, auteur=monde.chef, maintenant=NOVEMBRE)
    for action in (partagee, seule):
        mettre_a_la_corbeille(objet=action, auteur=monde.chef, maintenant=NOVEMBRE)
    retirer_axe(axe=axe, auteur=monde.chef, maintenant=NOVEMBRE)
    axe.refresh_from_db()
    assert (axe.supprime_le, axe.supprime_par) == (NOVEMBRE, monde.chef)


def test_restaurer_un_axe_ne_passe_pas_le_plafond(monde):
    axe = ouvrir(monde, "zéro")[0]
    retirer_axe(axe=axe, auteur=monde.chef, maintenant=NOVEMBRE)
    for mot in ("un", "deux", "trois"):
        ouvrir(monde, mot)
    with pytest.raises(Empeche, match="3\u00a0axes sont déjà ouverts en 2026-2027, et celui-ci n'a pas de raison"):
        restaurer(objet=axe, auteur=monde.chef, maintenant=NOVEMBRE)
    retirer_axe(axe=Axe.objects.get(intitule="un"), auteur=monde.chef, maintenant=NOVEMBRE)
    restaurer(objet=axe, auteur=monde.chef, maintenant=NOVEMBRE)
    assert Axe.objects.vivants().count() == 3


# --- What justifies what ----------------------------------------------------------------------------------------
def test_ce_qui_ne_serait_plus_justifie(monde, college):
    adosse = un_besoin(college, "adossé", constats=[un_constat(college)])
    autre = un_besoin(college, "un écart", origine="ecart", reference="E05")
    sans_fait = un_besoin(college, "sans fait")
    axe, solide = un_axe(college, "A", besoins=[adosse, sans_fait]), un_axe(college, "B", besoins=[adosse, autre])
    fragile = une_action_publiee(college, "Fragile", axes=[axe])
    dessous = une_action_publiee(college, "Sa partie", parent=fragile)
    tenue = une_action_publiee(college, "Tenue", axes=[axe, solide])
    une_action(college, "En brouillon", axes=[axe])
    assert set(actions_a_justifier_sans(adosse)) == {fragile, dessous}
    assert actions_a_justifier_sans(autre) == actions_a_justifier_sans(sans_fait) == []
    assert set(actions_justifiees(college)) == {fragile, dessous, tenue}
    retirer_besoin(besoin=adosse, auteur=monde.chef, maintenant=NOVEMBRE)
    assert actions_justifiees(college) == [tenue]


# --- Pages -------------------------------------------------------------------------------------------------------
def test_la_liste_va_par_annee_les_ouverts_d_abord(chef, client, monde, college):
    annee = cette_annee(college)
    un_axe(college, "D'avant", annee_scolaire=annee_precedente(annee))
    un_axe(college, "Fini", clos_le=timezone.now())
    axe = un_axe(college, "Vivant", besoins=[un_besoin(college), un_besoin(college, "Autre")])
    mettre_a_la_corbeille(objet=un_axe(college, "Jeté"), auteur=monde.chef, maintenant=timezone.now())
    une_action_publiee(college, axes=[axe, un_axe_adosse(monde.college, "De plus", raison_de_plus="Une crue.")])
    une_action(college, "Brouillon", axes=[axe])
    lue = page(chef.get(adresse("axes")))
    assert [
        (section.findtext("h2"), [" ".join(h3.text_content().split()) for h3 in section.iter("h3")])
        for section in lue.xpath("//section[h2]")
    ] == [
        (f"Ouverts en {annee}", ["Vivant", "De plus axe de plus", "Fini clos"]),
        (f"Ouverts en {annee_precedente(annee)}", ["D'avant"]),
    ]
    [ligne] = lue.xpath(f"//li[@id='axe-{axe.pk}']")
    assert " ".join(ligne.findtext("p").split()) == (
        "Garantir un égal accès au numérique pour tous · répond à 2 besoins · 2 actions"
    )
    assert "le prochain demandera une raison écrite, que le conseil d'administration lira" in mots(
        chef.get(adresse("axes"))
    )
    client.force_login(monde.animatrice)
    vue = chef.get(adresse("axes"))
    [ligne] = page(vue).xpath(f"//li[@id='axe-{axe.pk}']")
    assert " ".join(ligne.findtext("p").split()).endswith("pour tous · 1 action")
    assert "Ouvrir un axe" not in mots(vue)


def test_sans_axe_la_page_dit_d_ou_partir(chef):
    assert "Aucun axe n'est ouvert Partez des besoins retenus" in mots(chef.get(adresse("axes")))


def test_ouvrir_par_la_page(chef, college):
    annee, besoin = cette_annee(college), un_besoin(college, theme="responsable")
    formulaire = chef.get(adresse("axe_ouvrir"), {"annee": annee, "besoin": besoin.pk})
    assert "raison_de_plus" not in formulaire.content.decode()
    [propose] = [f.form_values() for f in page(formulaire).forms if "intitule" in f.fields]
    assert {("theme", "responsable"), ("besoins", str(besoin.pk))} <= set(propose)
    reponse = chef.post(
        adresse("axe_ouvrir") + f"?annee={annee}",
        {"intitule": " Trier\n les outils ", "theme": "responsable", "precision": "a\r\nb", "besoins": [besoin.pk]},
    )
    axe = Axe.objects.get()
    assert reponse["Location"] == adresse("axe", axe.pk)
    assert lire_axe(axe) == SaisieAxe("responsable", "Trier les outils", "a\nb", "", frozenset({besoin.pk}))
    vue = chef.get(adresse("axe", axe.pk))
    assert "L'axe est ouvert. Ajoutez maintenant les actions qui le servent." in mots(vue)
    assert f"{adresse('action_creer')}?axe={axe.pk}" in page(vue).xpath("//a/@href")


def test_la_page_demande_la_raison_du_quatrieme(chef, college):
    for mot in ("un", "deux", "trois"):
        un_axe(college, mot)
    vue = chef.get(adresse("axe_ouvrir"))
    assert "Au-delà de trois axes nouveaux" in mots(vue)
    envoi = {"intitule": "quatre", "theme": "acces", "precision": "", "raison_de_plus": "  "}
    refus = chef.post(adresse("axe_ouvrir"), envoi)
    assert refus.status_code == 422
    assert "Pourquoi un axe de plus : Au-delà" in mots(refus)
    assert [f.fields["intitule"].strip() for f in page(refus).forms if "intitule" in f.fields] == ["quatre"]
    assert chef.post(adresse("axe_ouvrir"), envoi | {"raison_de_plus": "Une crue."}).status_code == 302
    axe = Axe.objects.get(intitule="quatre")
    assert "Pourquoi un axe de plus : Une crue." in mots(chef.get(adresse("axe", axe.pk)))
    modifie = chef.get(adresse("axe_modifier", axe.pk))
    assert "Une crue." in mots(modifie)


def test_le_troisieme_pris_par_un_autre_la_raison_est_demandee_et_rien_ne_se_perd(chef, college, monkeypatch):
    """The form was shown with two axes; the act counts three."""
    for mot in ("un", "deux"):
        un_axe(college, mot)
    monkeypatch.setattr("plans.views.axes.ouvrir_axe", doubler(ouvrir_axe, college))
    reponse = chef.post(adresse("axe_ouvrir"), {"intitule": "Le mien", "theme": "acces", "precision": "Mot à mot"})
    assert reponse.status_code == 422
    [champs] = [f.fields for f in page(reponse).forms if "intitule" in f.fields]
    assert (champs["intitule"].strip(), champs["precision"].strip(), champs["raison_de_plus"].strip()) == (
        "Le mien",
        "Mot à mot",
        "",
    )
    assert Axe.objects.count() == 3


def doubler(acte, college):
    """The act, just after a colleague's."""

    def apres_un_autre(**arguments):
        un_axe(college, "Celui d'un collègue")
        return acte(**arguments)

    return apres_un_autre


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"intitule": " \n "}, "Dites en une phrase ce que l'établissement veut améliorer."),
        ({"intitule": "x" * 251}, "L'axe dépasse 250 caractères"),
        ({"theme": ""}, "Choisissez un des cinq thèmes."),
        ({"theme": "autre"}, "Choisissez un des cinq thèmes."),
        ({"precision": "x" * 2001}, "La précision dépasse 2 000 caractères"),
        ({"besoins": ["999999"]}, "Un des besoins choisis n'est plus dans la liste"),
        ({"besoins": ["x"]}, "Un des besoins choisis n'est plus dans la liste"),
    ],
)
def test_ce_que_la_page_refuse_se_dit_au_champ(chef, champs, phrase):
    reponse = chef.post(adresse("axe_ouvrir"), {"intitule": "Un axe", "theme": "acces", "precision": ""} | champs)
    assert reponse.status_code == 422
    assert phrase in mots(reponse)
    assert not Axe.objects.exists()


def test_une_annee_impossible(chef, monde):
    assert chef.get(adresse("axe_ouvrir"), {"annee": "2026-2028"}).status_code == 404
    assert "Un axe s'ouvre pour une année scolaire passée" in mots(
        chef.get(adresse("axe_ouvrir"), {"annee": "2098-2099"})
    )


def test_la_page_d_un_axe_montre_les_deux_sens(chef, client, monde, college):
    besoin, parti = un_besoin(college, constats=[un_constat(college)]), un_besoin(college, "Parti")
    nu = un_besoin(college, "Sans fait")
    axe = un_axe(college, besoins=[besoin, parti, nu])
    annee = cette_annee(college)
    action = une_action_publiee(
        college, axes=[axe], annee_scolaire=annee_precedente(annee), annee_fin=annee_precedente(annee)
    )
    part = une_action_publiee(college, "Poser les câbles", parent=action)
    une_action(college, "En brouillon", axes=[axe])
    retirer_besoin(besoin=parti, auteur=monde.chef, maintenant=timezone.now())
    lue = chef.get(adresse("axe", axe.pk))
    texte = mots(lue)
    assert "Parti à la corbeille Retiré le" in texte
    assert "Sans fait sans fait qui le montre" in texte
    assert "Installer deux bornes Wi-Fi À venir en retard Référent numérique" in texte
    assert "En brouillon Brouillon à justifier" not in texte
    liens = page(lue).xpath("//section[@aria-labelledby='comment']//li//a/@href")
    assert set(liens) >= {adresse("action", action.pk), adresse("action", part.pk)}
    retirer_besoin(besoin=besoin, auteur=monde.chef, maintenant=timezone.now())
    assert "Installer deux bornes Wi-Fi À venir en retard à justifier" in mots(chef.get(adresse("axe", axe.pk)))
    client.force_login(monde.animatrice)
    vue = mots(chef.get(adresse("axe", axe.pk)))
    assert ("Installer deux bornes" in vue, "En brouillon" in vue, "Sans fait" in vue) == (True, False, False)


def test_le_conflit_se_voit_et_rien_ne_se_perd(chef, monde, college):
    axe = un_axe(college)
    [formulaire] = [f for f in page(chef.get(adresse("axe_modifier", axe.pk))).forms if "intitule" in f.fields]
    envoi = dict(formulaire.form_values()) | {"intitule": "Le mien"}
    modifier_axe(axe=axe, base=lire_axe(axe), saisie=SaisieAxe("acces", "Le sien"), auteur=monde.referent)
    refus = chef.post(adresse("axe_modifier", axe.pk), envoi)
    assert refus.status_code == 409
    assert "changé pendant que vous écriviez : « Le sien »" in mots(refus)
    [formulaire] = [f for f in page(refus).forms if "intitule" in f.fields]
    encore = dict(formulaire.form_values())
    assert (encore["intitule"].strip(), encore["lu-intitule"]) == ("Le mien", "Le sien")
    assert chef.post(adresse("axe_modifier", axe.pk), encore)["Location"] == adresse("axe", axe.pk)
    assert lire_axe(Axe.objects.get()) == SaisieAxe("acces", "Le mien")


def test_sans_ce_que_la_page_montrait_rien_ne_s_ecrit(chef, college):
    axe = un_axe(college)
    refus = chef.post(adresse("axe_modifier", axe.pk), {"intitule": "Autre", "theme": "acces", "precision": ""})
    assert refus.status_code == 422
    assert "Cette page est incomplète : rechargez-la." in mots(refus)
    assert Axe.objects.get().intitule == "Fiabiliser le réseau"


def test_mis_a_la_corbeille_pendant_qu_on_l_ecrit(chef, monde, college):
    axe = un_axe(college)
    [formulaire] = [f for f in page(chef.get(adresse("axe_modifier", axe.pk))).forms if "intitule" in f.fields]
    retirer_axe(axe=axe, auteur=monde.referent, maintenant=timezone.now())
    refus = chef.post(adresse("axe_modifier", axe.pk), dict(formulaire.form_values()) | {"intitule": "Mon texte"})
    assert refus.status_code == 422
    assert "Cet axe est à la corbeille : restaurez-le d'abord." in mots(refus)
    assert "Mon texte" in mots(refus)
    assert chef.get(adresse("axe_modifier", axe.pk)).status_code == 404


def test_clore_et_rouvrir_par_la_page(chef, college):
    axe = un_axe_adosse(college)
    une_action_publiee(college, axes=[axe])
    assert "Une action n'est pas finie" in mots(chef.get(adresse("axe_clore", axe.pk)))
    assert "Il reste lisible, avec ses actions." in mots(chef.post(adresse("axe_clore", axe.pk), follow=True))
    assert "est déjà clos" in mots(chef.get(adresse("axe_clore", axe.pk)))
    assert f"{adresse('action_creer')}?axe={axe.pk}" not in page(chef.get(adresse("axe", axe.pk))).xpath("//a/@href")
    assert "L'axe est rouvert." in mots(chef.post(adresse("axe_rouvrir", axe.pk), follow=True))


def test_retirer_par_la_page(chef, college):
    axe = un_axe_adosse(college)
    action = une_action_publiee(college, axes=[axe])
    refus = chef.get(adresse("axe_retirer", axe.pk))
    assert "« Installer deux bornes Wi-Fi » ne sert que cet axe" in mots(refus)
    assert "btn-danger" not in refus.content.decode()
    assert chef.post(adresse("axe_retirer", axe.pk)).status_code == 422
    Action.objects.filter(pk=action.pk).update(etat="brouillon")
    assert "il vaut mieux le clore" in mots(chef.get(adresse("axe_retirer", axe.pk)))
    assert chef.post(adresse("axe_retirer", axe.pk))["Location"] == adresse("axes")
    assert Axe.objects.get().supprime_le is not None


@pytest.mark.parametrize("nom", ["axe", "axe_modifier", "axe_clore", "axe_retirer"])
def test_l_axe_d_un_autre_etablissement_n_existe_pas(chef, monde, nom):
    d_ailleurs = un_axe(monde.voisin_college)
    assert chef.get(adresse(nom, d_ailleurs.pk)).status_code == 404


def peupler(college: Etablissement, rang: int) -> Axe:
    besoins = [un_besoin(college, f"Besoin {rang}", constats=[un_constat(college, f"Constat {rang}")])]
    axe = un_axe(college, f"Axe {rang}", besoins=besoins)
    une_action_publiee(college, f"Action {rang}", axes=[axe])
    return axe


def test_trois_axes_coutent_autant_de_requetes_qu_un(chef, college):
    peupler(college, 1)
    une = len(chef.get(adresse("axes")).requetes)
    for rang in (2, 3):
        peupler(college, rang)
    assert len(chef.get(adresse("axes")).requetes) == une == 6


def test_un_axe_de_trois_actions_coute_autant_qu_un_d_une(chef, college):
    axe = peupler(college, 1)
    une = len(chef.get(adresse("axe", axe.pk)).requetes)
    for rang in (2, 3):
        axe.besoins.add(un_besoin(college, f"Besoin {rang}"))
        action = une_action_publiee(college, f"Action {rang}", axes=[axe])
        une_action_publiee(college, f"Partie {rang}", parent=action)
    assert len(chef.get(adresse("axe", axe.pk)).requetes) == une == 9


def test_ouvrir_et_modifier_coutent_autant_avec_trois_besoins(chef, college):
    axe = peupler(college, 1)
    adresses = [adresse("axe_ouvrir"), adresse("axe_modifier", axe.pk)]
    avant = [len(chef.get(ou).requetes) for ou in adresses]
    for rang in (2, 3):
        un_besoin(college, f"Besoin {rang}")
    assert [len(chef.get(ou).requetes) for ou in adresses] == avant == [6, 7]


# --- The pages of the step -----------------------------------------------------------------------------------------
def test_les_pages_du_cap_menent_les_unes_aux_autres_selon_les_droits(chef, client, monde, college):
    axe = un_axe(college)

    def liens(ou: str) -> list[tuple[str, str | None]]:
        [pages] = page(chef.get(ou)).xpath("//nav[@aria-label='Pages du cap']")
        return [(lien.text, lien.get("aria-current")) for lien in pages.iter("a")]

    noms = ["Retours d'expérience", "Besoins", "Matrice", "Axes", "Propositions", "Projet de district"]
    assert liens(adresse("besoins")) == [(nom, "page" if nom == "Besoins" else None) for nom in noms]
    assert liens(adresse("axes")) == [(nom, "page" if nom == "Axes" else None) for nom in noms]
    client.force_login(monde.animatrice)
    assert liens(adresse("axes")) == [("Axes", "page"), ("Projet de district", None)]
    assert "Pages du cap" not in chef.get(adresse("axe", axe.pk)).content.decode()
