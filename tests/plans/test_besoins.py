"""Needs: kept in one click from what shows them, put on the commission's agenda, taken away."""

import datetime
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from lxml import html

from diagnostic.domain.cotation import Valeur
from diagnostic.models import Diagnostic
from plans.domain.besoins import (
    BesoinEcrit,
    SaisieBesoin,
    ajouter_besoin,
    lire_besoin,
    mettre_a_l_ordre_du_jour,
    modifier_besoin,
    retenir_besoin,
    retirer_besoin,
)
from plans.domain.corbeille import mettre_a_la_corbeille, restaurer
from plans.models import Besoin, Constat
from plans.queries.besoins import EnqueteSource, Reponse, besoins_retenus, enquetes_sources
from plans.rules.besoins import (
    CONSTAT_ABSENT,
    ORIGINE_INCONNUE,
    empechement_designer,
    empechement_retenir,
    est_une_annee,
)
from strategie.socle.domain.calendrier import annee_precedente, annee_scolaire, annee_suivante
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from tests.dossier import commencer, repondre_partout, signer
from tests.enquetes import une_enquete_depouillee
from tests.plans.plans import un_axe, un_besoin, un_constat, une_action, une_action_publiee

HORS_D_UNE_ANNEE = "Un besoin se retient pour une année scolaire passée, celle-ci ou la prochaine."


@pytest.fixture
def annee(monde) -> str:
    return annee_scolaire(timezone.localdate(timezone=monde.academie.zone))


@pytest.fixture
def chef(client, monde):
    client.force_login(monde.chef)
    return client


def envoi(annee: str, **champs) -> dict[str, object]:
    return {
        "annee": annee,
        "origine": "question",
        "reference": "E07",
        "intitule": "Du temps pour se former",
        "constat": "Les équipes le disent\u00a0: moyenne 2,4 sur\u00a05.",
        "effectif": "",
        "retour": "",
    } | champs


def retenir(monde, annee: str, **champs) -> Besoin:
    valeurs = {
        "annee_scolaire": annee,
        "origine": "question",
        "reference": "E07",
        "intitule": "Du temps pour se former",
        "constat": "Les équipes le disent.",
        "effectif": None,
    } | champs
    return retenir_besoin(
        etablissement=monde.college, saisie=SaisieBesoin(**valeurs), auteur=monde.chef, maintenant=timezone.now()
    )[0]


def adresse(nom: str, *suite: object) -> str:
    return reverse(nom, args=["0980001U", *suite])


def mots(reponse) -> str:
    """All the words of a page, on one line."""
    return " ".join(html.fromstring(reponse.content.decode()).text_content().split())


# --- Rules, pure ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("origine", "reference"),
    [
        *(("indicateur", "PIL-1-2"), ("indicateur", "EQ-3-12"), ("question", "E07"), ("ecart", "E20")),
        *(("formation", "F3"), ("constat", "C12")),
    ],
)
def test_les_references_admises(origine, reference):
    assert empechement_designer(origine, reference) is None


@pytest.mark.parametrize(
    ("origine", "reference"),
    [
        *(("indicateur", "E07"), ("indicateur", "PIL-4-2"), ("indicateur", "pil-1-2"), ("indicateur", "PIL-1-2\n")),
        *(("question", "PIL-1-2"), ("question", "E7"), ("question", "E٠٧"), ("ecart", ""), ("formation", "F")),
        *(("formation", "E07"), ("autre", "E07"), ("", "E07")),
        *(("constat", "C"), ("constat", "12"), ("constat", "C" + "1" * 13), ("saisi", ""), ("saisi", "E07")),
    ],
)
def test_les_references_refusees(origine, reference):
    assert empechement_designer(origine, reference) == ORIGINE_INCONNUE


def test_une_annee_scolaire_se_suit():
    assert est_une_annee("2026-2027")
    assert [a for a in ("2026-2028", "2026", "2026-2027 ", "٢٠٢٦-٢٠٢٧", "1999-2000") if est_une_annee(a)] == []


def test_quand_un_besoin_se_retient():
    jour = datetime.date(2026, 11, 25)
    refus = [empechement_retenir(annee, jour) for annee in ("2019-2020", "2026-2027", "2027-2028", "2028-2029")]
    assert refus == [None, None, None, HORS_D_UNE_ANNEE]


# --- Keeping ----------------------------------------------------------------------------------------------
def test_retenir_revient_a_la_page_et_le_dit(chef, monde, annee):
    retour = f"{adresse('diagnostic')}?a=1#manque"
    reponse = chef.post(
        adresse("besoin_retenir"), envoi(annee, intitule=" Du temps\r\n pour se former ", effectif="12", retour=retour)
    )
    assert (reponse.status_code, reponse["Location"]) == (302, retour)
    besoin = Besoin.objects.get()
    assert (besoin.etablissement, besoin.annee_scolaire, besoin.origine, besoin.reference) == (
        monde.college,
        annee,
        "question",
        "E07",
    )
    assert (besoin.intitule, besoin.constat, besoin.effectif, besoin.retenu_par, besoin.a_l_ordre_du_jour) == (
        "Du temps pour se former",
        "Les équipes le disent\u00a0: moyenne 2,4 sur\u00a05.",
        12,
        monde.chef,
        False,
    )
    page = chef.get(adresse("diagnostic"))
    assert "Le besoin est retenu. Annuler" in mots(page)
    assert html.fromstring(page.content.decode()).xpath("//a[text()='Annuler']/@href") == [
        adresse("besoin_retirer", besoin.pk)
    ]


def test_retenu_deux_fois_il_n_y_en_a_qu_un(chef, monde, annee):
    premier = retenir(monde, annee)
    reponse = chef.post(adresse("besoin_retenir"), envoi(annee, intitule="Autrement dit"), follow=True)
    assert reponse.redirect_chain == [(f"{adresse('besoins')}?annee={annee}#question-E07", 302)]
    assert "Ce besoin était déjà retenu. Le voir dans la liste" in mots(reponse)
    [besoin] = Besoin.objects.all()
    assert (besoin.pk, besoin.intitule) == (premier.pk, "Du temps pour se former")
    retenir(monde, annee, origine="ecart")
    retenir(monde, annee_precedente(annee))
    assert Besoin.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_retenu_au_meme_instant_il_n_y_en_a_qu_un(monde, annee):
    def un(_rang: int) -> int:
        try:
            return retenir(monde, annee).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as executeur:
        cles = set(executeur.map(un, range(8)))
    assert cles == {Besoin.objects.get().pk}
    assert Besoin.objects.get().evenements.count() == 1


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"intitule": " \n "}, "Dites en quelques mots quel est ce besoin."),
        ({"intitule": "x" * 401}, "Le besoin dépasse 400 caractères\u00a0: raccourcissez-le."),
        ({"constat": "x" * 401}, "Le constat dépasse 400 caractères\u00a0: raccourcissez-le."),
        ({"effectif": "-1"}, "Ce nombre ne peut pas être négatif."),
        ({"effectif": "Mme Martin"}, "Donnez un nombre entier."),
        ({"effectif": "99999999999"}, "100000"),
        ({"origine": "rumeur"}, ORIGINE_INCONNUE),
        ({"reference": "PIL-1-2"}, ORIGINE_INCONNUE),
        ({"reference": "E07" * 40}, ORIGINE_INCONNUE),
        ({"annee": ""}, ORIGINE_INCONNUE),
        ({"annee": "2026-2028"}, HORS_D_UNE_ANNEE),
        ({"annee": "2098-2099"}, HORS_D_UNE_ANNEE),
    ],
)
def test_ce_qui_est_refuse_se_dit_et_rien_ne_se_perd(chef, annee, champs, phrase):
    envoye = envoi(annee, constat="Un constat écrit à la main", retour="/aide/") | champs
    reponse = chef.post(adresse("besoin_retenir"), envoye)
    assert reponse.status_code == 422
    assert " ".join(phrase.split()) in mots(reponse)
    page = html.fromstring(reponse.content.decode())
    formulaire = next(f for f in page.forms if f.action == adresse("besoin_retenir"))
    rendus = {nom: (formulaire.fields[nom] or "").strip() for nom in envoye}
    assert rendus == {nom: str(valeur).strip() for nom, valeur in envoye.items()}
    assert not Besoin.objects.exists()


@pytest.mark.parametrize(
    "retour", ["https://ailleurs.invalid/", "//ailleurs.invalid/", "/\\ailleurs.invalid", "javascript:alert(1)", "x"]
)
def test_le_retour_reste_ici(chef, annee, retour):
    reponse = chef.post(adresse("besoin_retenir"), envoi(annee, retour=retour))
    assert reponse["Location"] == f"{adresse('besoins')}?annee={annee}#question-E07"


def test_un_texte_hostile_reste_du_texte(chef, annee):
    mechant = "<script>alert(1)</script>\u202e\"'><img src=x onerror=alert(2)>"
    chef.post(adresse("besoin_retenir"), envoi(annee, intitule=mechant, constat=mechant))
    besoin = Besoin.objects.get()
    for page in (chef.get(adresse("besoins")), chef.get(adresse("besoin_retirer", besoin.pk))):
        arbre = html.fromstring(page.content.decode())
        assert arbre.xpath("//script[contains(., 'alert')] | //img[@onerror]") == []
        assert mechant in {bdi.text_content() for bdi in arbre.xpath("//bdi")}


def test_l_acte_refuse_ce_que_le_formulaire_refuse(monde, annee):
    with pytest.raises(Empeche, match="Ce besoin ne vient ni"):
        retenir(monde, annee, reference="PIL-1-2")
    with pytest.raises(Empeche, match="année scolaire passée"):
        retenir(monde, annee_suivante(annee_suivante(annee)))
    assert not Besoin.objects.exists()


# --- The list ---------------------------------------------------------------------------------------------
def test_la_liste_dit_d_ou_vient_chaque_besoin(chef, monde, annee):
    enquete = une_enquete_depouillee(monde.college, monde.chef, timezone.now(), il_y_a=30)
    annee = enquete.annee_scolaire
    retenir(monde, annee, origine="formation", reference="F3", effectif=12, intitule="Faire produire les élèves")
    retenir(monde, annee, origine="ecart", reference="E05", intitule="Le rythme des formations")
    retenir(monde, annee)
    retenir(monde, annee, origine="indicateur", reference="PIL-1-2", intitule="Réunir la commission")
    page = html.fromstring(chef.get(adresse("besoins"), {"annee": annee}).content.decode())
    resultats = adresse("enquete_resultats", enquete.pk)
    assert [
        (section.findtext("h2"), section.xpath(".//li/@id"), section.xpath(".//li/p[@class='discret mb-1']/a/@href"))
        for section in page.xpath("//section[.//ul[@class='besoins']]")
    ] == [
        (
            "Conditions qui manquent au diagnostic",
            ["indicateur-PIL-1-2"],
            [adresse("diagnostic_champ", annee, "PIL") + "#PIL-1-2"],
        ),
        ("Questions faibles de l'enquête", ["question-E07"], [f"{resultats}#equipes-E07"]),
        ("Écarts entre la direction et les équipes", ["ecart-E05"], [f"{resultats}#ecarts"]),
        ("Souhaits de formation", ["formation-F3"], [f"{resultats}#formation"]),
    ]
    formation = page.xpath("//li[@id='formation-F3']")[0].text_content()
    assert "12\u00a0personnes" in formation
    assert "par Claire Chef" in formation


def test_le_nombre_de_requetes_ne_suit_pas_celui_des_besoins(chef, monde, annee):
    retenir(monde, annee)
    un = len(chef.get(adresse("besoins")).requetes)
    for rang in (1, 2, 3):
        retenir(monde, annee, origine="ecart", reference=f"E0{rang}")
    assert len(chef.get(adresse("besoins")).requetes) == un == 9


def test_chaque_annee_a_sa_liste(chef, monde, annee):
    retenir(monde, annee_precedente(annee), intitule="Celui de l'an dernier")
    page = chef.get(adresse("besoins"))
    assert "Celui de l'an dernier" not in mots(page)
    assert f"Aucun besoin n'est retenu en {annee}" in mots(page)
    assert "une question faible de l'enquête" in mots(page)
    liens = html.fromstring(page.content.decode()).xpath("//nav[@aria-label='Années scolaires']//a/@href")
    assert liens == [f"{adresse('besoins')}?annee={a}" for a in (annee, annee_precedente(annee))]
    assert "Celui de l'an dernier" in mots(chef.get(liens[1]))
    assert chef.get(adresse("besoins"), {"annee": "2026-2028"}).status_code == 404


def test_une_enquete_qui_ne_pose_pas_la_question_n_en_est_pas_la_source(monde):
    pouls = une_enquete_depouillee(monde.college, monde.chef, timezone.now(), forme="pouls", il_y_a=30)
    sources = enquetes_sources(monde.college, pouls.annee_scolaire)
    assert sources == [EnqueteSource(pouls.pk, frozenset({3, 4, 6, 8, 11, 15, 17, 20}))]


# --- Agenda, taking away ------------------------------------------------------------------------------------
def test_un_clic_met_a_l_ordre_du_jour_un_autre_l_ote(chef, monde, annee):
    besoin, autre = retenir(monde, annee), retenir(monde, annee, reference="E08", intitule="Un autre besoin")
    ou = adresse("besoin_ordre_du_jour", besoin.pk)
    for _ in range(2):
        reponse = chef.post(ou, {"inscrit": "oui"})
        assert reponse["Location"] == f"{adresse('besoins')}?annee={annee}#question-E07"
    page = chef.get(adresse("besoins"))
    assert "2 besoins retenus" in mots(page)
    assert "dont 1 à l'ordre du jour" in mots(page)
    assert (
        len(html.fromstring(page.content.decode()).xpath("//li[@id='question-E07']//span[@class='etiquette fait']"))
        == 1
    )
    ordre = chef.get(adresse("besoins"), {"annee": annee, "ordre": "1"})
    assert "Ordre du jour de la commission numérique" in mots(ordre)
    assert ("Du temps pour se former" in mots(ordre), "Un autre besoin" in mots(ordre)) == (True, False)
    assert [e.pgh_context["acte"] for e in besoin.evenements.order_by("pgh_id")] == [
        "retenir_besoin",
        "mettre_a_l_ordre_du_jour",
    ]
    chef.post(ou, {"inscrit": "non"})
    assert set(Besoin.objects.values_list("pk", "a_l_ordre_du_jour")) == {(besoin.pk, False), (autre.pk, False)}
    assert "Rien n'est à l'ordre du jour" in mots(chef.get(adresse("besoins"), {"ordre": "1"}))


def test_retirer_demande_d_abord(chef, monde, annee):
    besoin = retenir(monde, annee)
    mettre_a_l_ordre_du_jour(besoin=besoin, inscrit=True, auteur=monde.chef)
    ou = adresse("besoin_retirer", besoin.pk)
    assert "Retirer ce besoin ? « Du temps pour se former »" in mots(chef.get(ou))
    assert "ni à l'ordre du jour" in mots(chef.get(ou))
    assert Besoin.objects.vivants().exists()
    reponse = chef.post(ou)
    assert reponse["Location"] == f"{adresse('besoins')}?annee={annee}"
    [gardee] = Besoin.objects.en_corbeille()
    assert (gardee.pk, gardee.supprime_par, gardee.version) == (besoin.pk, monde.chef, 3)
    assert "Ce besoin n'est plus dans la liste." in mots(chef.post(ou, follow=True))
    assert chef.get(ou).status_code == 404
    assert retenir(monde, annee).pk != besoin.pk


# --- Who ----------------------------------------------------------------------------------------------------
def test_qui_lit_et_qui_retient(client, monde, annee):
    besoin = retenir(monde, annee)
    adresses = {
        "lire": ("get", adresse("besoins"), {}),
        "retenir": ("post", adresse("besoin_retenir"), envoi(annee, reference="E09")),
        "ordre": ("post", adresse("besoin_ordre_du_jour", besoin.pk), {"inscrit": "oui"}),
        "retirer": ("get", adresse("besoin_retirer", besoin.pk), {}),
    }
    attendus = {
        monde.chef: [200, 302, 302, 200],
        monde.referent: [200, 302, 302, 200],
        monde.gestionnaire: [200, 403, 403, 403],
        monde.lectrice: [200, 403, 403, 403],
        monde.animatrice: [403, 403, 403, 403],
        monde.rectorat: [403, 403, 403, 403],
        monde.collectivite_agent: [403, 403, 403, 403],
        monde.voisin: [404, 404, 404, 404],
        monde.rectorat_ailleurs: [404, 404, 404, 404],
    }
    for qui, statuts in attendus.items():
        client.force_login(qui)
        assert [getattr(client, m)(ou, corps).status_code for m, ou, corps in adresses.values()] == statuts, qui
    client.force_login(monde.lectrice)
    page = client.get(adresse("besoins"))
    assert "Mettre à l'ordre du jour" not in mots(page)
    assert client.get(adresse("besoin_retenir")).status_code == 405


def test_un_besoin_d_ailleurs_ne_se_touche_pas(client, monde, annee):
    besoin = retenir(monde, annee)
    client.force_login(monde.voisin)
    for nom in ("besoin_ordre_du_jour", "besoin_retirer"):
        client.post(reverse(nom, args=["0980002V", besoin.pk]), {"inscrit": "oui"})
    besoin.refresh_from_db()
    assert besoin.a_l_ordre_du_jour is False
    assert client.get(reverse("besoin_retirer", args=["0980002V", besoin.pk])).status_code == 404


def test_sans_droit_sur_les_enquetes_la_source_n_est_pas_un_lien(client, monde):
    enquete = une_enquete_depouillee(monde.college, monde.chef, timezone.now(), il_y_a=30)
    retenir(monde, enquete.annee_scolaire)
    liens = {}
    for qui in (monde.gestionnaire, monde.lectrice):
        client.force_login(qui)
        page = client.get(adresse("besoins"), {"annee": enquete.annee_scolaire})
        assert "Résultats de l'enquête" in mots(page)
        liens[qui] = html.fromstring(page.content.decode()).xpath("//li[@id='question-E07']//a/@href")
    assert liens == {
        monde.gestionnaire: [],
        monde.lectrice: [adresse("enquete_resultats", enquete.pk) + "#equipes-E07"],
    }


# --- From a constat -----------------------------------------------------------------------------------------
def test_un_constat_devient_un_besoin_en_un_clic(chef, monde, annee):
    constat = un_constat(monde.college, "Le Wi-Fi coupe", theme="responsable")
    voulu = envoi(
        annee, origine="constat", reference=constat.reference, intitule="Un réseau qui tient", constat="", retour=""
    )
    reponse = chef.post(adresse("besoin_retenir"), voulu)
    assert reponse["Location"] == f"{adresse('besoins')}?annee={annee}#constat-C{constat.pk}"
    besoin = Besoin.objects.get()
    assert (besoin.theme, list(besoin.retours.all())) == ("responsable", [constat])
    page = html.fromstring(chef.get(adresse("besoins")).content.decode())
    [section] = page.xpath("//section[.//ul[@class='besoins']]")
    assert section.findtext("h2") == "Retours d'expérience"
    assert f"{adresse('retex')}#constat-{constat.pk}" in section.xpath(".//a/@href")
    assert "Adossé à un fait Irritant : Le Wi-Fi coupe" in " ".join(section.text_content().split())


def test_le_constat_d_un_autre_ou_a_la_corbeille_ne_se_retient_pas(chef, monde, annee):
    parti = un_constat(monde.college)
    mettre_a_la_corbeille(objet=parti, auteur=monde.chef, maintenant=timezone.now())
    for constat in (parti, un_constat(monde.voisin_college)):
        reponse = chef.post(adresse("besoin_retenir"), envoi(annee, origine="constat", reference=constat.reference))
        assert reponse.status_code == 422
        assert ORIGINE_INCONNUE.replace("\u00a0", " ") in mots(reponse)
    assert not Besoin.objects.exists()


# --- Typed, changed -----------------------------------------------------------------------------------------
def ecrire(monde, annee: str, **champs) -> tuple[Besoin, bool]:
    return ajouter_besoin(
        etablissement=monde.college,
        annee=annee,
        saisie=BesoinEcrit(**({"intitule": "Se connaître entre acteurs"} | champs)),
        auteur=monde.chef,
        maintenant=timezone.now(),
    )


def test_un_besoin_s_ecrit(monde, annee):
    constat = un_constat(monde.college)
    ecrit = {"theme": "travailler", "effectif": 12, "constats": frozenset({constat.pk})}
    besoin, nouveau = ecrire(monde, annee, **ecrit)
    assert (nouveau, besoin.origine, besoin.reference, besoin.retenu_par) == (True, "saisi", "", monde.chef)
    assert lire_besoin(besoin) == BesoinEcrit("Se connaître entre acteurs", **ecrit)
    assert ecrire(monde, annee) == (besoin, False)
    assert ecrire(monde, annee, intitule="Un autre")[1] is True  # no reference makes them one
    with pytest.raises(Empeche, match="année scolaire passée"):
        ecrire(monde, annee_suivante(annee_suivante(annee)))
    with pytest.raises(Empeche) as refus:
        ecrire(monde, annee, intitule="Encore", constats=frozenset({un_constat(monde.voisin_college).pk}))
    assert str(refus.value) == CONSTAT_ABSENT
    assert Besoin.objects.count() == 2


def test_ecrire_un_besoin_par_la_page(chef, monde, annee):
    constat, autre = un_constat(monde.college), un_constat(monde.college, "Un point fort", sens="point_fort")
    page = chef.get(adresse("besoin_ajouter"), {"constat": constat.pk})
    [formulaire] = [f for f in html.fromstring(page.content.decode()).forms if "effectif" in f.fields]
    assert [v for n, v in formulaire.form_values() if n == "constats"] == [str(constat.pk)]
    assert "Point fort : Un point fort" in mots(page)
    voulu = {"intitule": " Mieux\n communiquer ", "theme": "", "effectif": "", "constats": [autre.pk]}
    reponse = chef.post(adresse("besoin_ajouter"), voulu, follow=True)
    besoin = Besoin.objects.get()
    assert reponse.redirect_chain == [(f"{adresse('besoins')}?annee={annee}#saisi-{besoin.pk}", 302)]
    assert lire_besoin(besoin) == BesoinEcrit("Mieux communiquer", constats=frozenset({autre.pk}))
    assert "Le besoin est ajouté." in mots(reponse)
    [section] = html.fromstring(reponse.content.decode()).xpath("//section[.//ul[@class='besoins']]")
    assert (section.findtext("h2"), section.xpath(".//li/@id")) == ("Besoins exprimés", [f"saisi-{besoin.pk}"])
    assert "Ce besoin était déjà dans la liste." in mots(chef.post(adresse("besoin_ajouter"), voulu, follow=True))


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"intitule": " \n "}, "Dites en quelques mots quel est ce besoin."),
        ({"intitule": "x" * 401}, "Le besoin dépasse 400 caractères : raccourcissez-le."),
        ({"theme": "autre"}, "Ce thème n'est pas dans la liste proposée."),
        ({"effectif": "douze"}, "Donnez un nombre entier."),
        ({"constats": ["999999"]}, "Un des constats choisis n'est plus parmi ceux de l'établissement"),
    ],
)
def test_ce_que_la_page_refuse_d_un_besoin_ecrit(chef, champs, phrase):
    voulu = {"intitule": "Un besoin", "theme": "", "effectif": ""} | champs
    reponse = chef.post(adresse("besoin_ajouter"), voulu)
    assert reponse.status_code == 422
    assert phrase in mots(reponse)
    assert not Besoin.objects.exists()


def test_deux_personnes_changent_un_besoin(monde):
    un, deux, trois = (un_constat(monde.college, mot) for mot in ("un", "deux", "trois"))
    besoin = un_besoin(monde.college, constats=[un, deux])
    base = lire_besoin(besoin)
    sien = BesoinEcrit("Le sien", "", None, frozenset({un.pk, trois.pk}))
    mien = BesoinEcrit("Un réseau qui tient", "acces", 30, frozenset({deux.pk}))
    assert modifier_besoin(besoin=besoin, base=base, saisie=sien, auteur=monde.chef) == {}
    assert modifier_besoin(besoin=besoin, base=base, saisie=mien, auteur=monde.referent) == {}
    besoin.refresh_from_db()
    assert lire_besoin(besoin) == BesoinEcrit("Le sien", "acces", 30, frozenset({trois.pk}))
    assert besoin.version == 3
    conflits = modifier_besoin(besoin=besoin, base=base, saisie=BesoinEcrit("Autre"), auteur=monde.referent)
    assert {nom: (c.base, c.mien, c.actuel) for nom, c in conflits.items()} == {
        "intitule": ("Un réseau qui tient", "Autre", "Le sien")
    }
    besoin.refresh_from_db()
    assert (besoin.intitule, besoin.version) == ("Le sien", 3)


def test_le_conflit_montre_les_deux_valeurs(chef, monde):
    besoin = un_besoin(monde.college, effectif=3)
    ou = adresse("besoin_modifier", besoin.pk)

    def champs(reponse) -> dict[str, str]:
        [formulaire] = [f for f in html.fromstring(reponse.content.decode()).forms if "effectif" in f.fields]
        return {nom: valeur.strip() for nom, valeur in formulaire.form_values()}

    mien = champs(chef.get(ou)) | {"effectif": "5", "theme": "acces"}
    sien = BesoinEcrit(besoin.intitule, "", None)
    modifier_besoin(besoin=besoin, base=lire_besoin(besoin), saisie=sien, auteur=monde.referent)
    refus = chef.post(ou, mien)
    assert refus.status_code == 409
    assert "Quelqu'un d'autre l'a changé pendant que vous écriviez : « (vide) »" in mots(refus)
    encore = champs(refus)
    assert (encore["effectif"], encore["lu-effectif"], encore["theme"]) == ("5", "", "acces")
    assert chef.post(ou, encore).status_code == 302
    besoin.refresh_from_db()
    assert lire_besoin(besoin) == BesoinEcrit(besoin.intitule, "acces", 5)


# --- Backed or not, and what answers -----------------------------------------------------------------------------
def fiche(chef, besoin: Besoin) -> html.HtmlElement:
    page = html.fromstring(chef.get(adresse("besoins")).content.decode())
    return page.xpath(f"//li[@id='{besoin.origine}-{besoin.reference or besoin.pk}']")[0]


def test_chaque_besoin_dit_ce_qui_le_montre_et_ce_qui_y_repond(chef, monde, annee):
    nu, mesure = un_besoin(monde.college, "Nu"), retenir(monde, annee)
    axe = un_axe(monde.college, besoins=[mesure])
    texte = " ".join(fiche(chef, nu).text_content().split())
    assert "Sans fait qui le montre Aucune action ne se publie sur lui seul." in texte
    assert "Aucun axe n'y répond encore." in texte
    liens = fiche(chef, nu).xpath(".//dl//a/@href")
    assert liens == [
        adresse("besoin_modifier", nu.pk),
        f"{adresse('axe_ouvrir')}?annee={annee}&besoin={nu.pk}",
    ]
    texte = " ".join(fiche(chef, mesure).text_content().split())
    assert "Adossé à un fait Résultats de l'enquête Ce qui y répond Fiabiliser le réseau" in texte
    assert adresse("axe", axe.pk) in fiche(chef, mesure).xpath(".//dl//a/@href")
    constat = un_constat(monde.college)
    nu.retours.add(constat)
    assert "Adossé à un fait" in fiche(chef, nu).text_content()
    mettre_a_la_corbeille(objet=constat, auteur=monde.chef, maintenant=timezone.now())
    assert "Sans fait qui le montre" in fiche(chef, nu).text_content()


# --- The bin ------------------------------------------------------------------------------------------------------
def test_un_besoin_a_la_corbeille_n_est_plus_nulle_part(chef, monde, annee):
    besoin = retenir(monde, annee)
    retirer_besoin(besoin=besoin, auteur=monde.chef, maintenant=timezone.now())
    assert besoins_retenus(monde.college, annee) == {}
    assert f"Aucun besoin n'est retenu en {annee}" in mots(chef.get(adresse("besoins")))
    for nom in ("besoin_modifier", "besoin_retirer"):
        assert chef.get(adresse(nom, besoin.pk)).status_code == 404
    assert chef.post(adresse("besoin_ordre_du_jour", besoin.pk), {"inscrit": "oui"}).status_code == 404


def test_restaurer_un_besoin_retenu_de_nouveau_se_refuse_en_mots(monde, annee):
    premier = retenir(monde, annee)
    retirer_besoin(besoin=premier, auteur=monde.chef, maintenant=timezone.now())
    second = retenir(monde, annee)
    with pytest.raises(Empeche, match=f"Ce besoin a été retenu de nouveau en {annee}"):
        restaurer(objet=premier, auteur=monde.chef, maintenant=timezone.now())
    retirer_besoin(besoin=second, auteur=monde.chef, maintenant=timezone.now())
    restaurer(objet=premier, auteur=monde.chef, maintenant=timezone.now())
    assert set(Besoin.objects.vivants()) == {premier}
    ecrits = [ecrire(monde, annee)[0]]
    retirer_besoin(besoin=ecrits[0], auteur=monde.chef, maintenant=timezone.now())
    ecrire(monde, annee)
    restaurer(objet=ecrits[0], auteur=monde.chef, maintenant=timezone.now())  # typed ones point at nothing


def test_retirer_dit_ce_qui_repose_sur_lui_et_ne_perd_rien(chef, monde):
    besoin = un_besoin(monde.college, constats=[un_constat(monde.college)])
    axe = un_axe(monde.college, besoins=[besoin])
    action = une_action_publiee(monde.college, "Poser des bornes", axes=[axe])
    une_action(monde.college, "En brouillon", axes=[axe])
    demande = chef.get(adresse("besoin_retirer", besoin.pk))
    assert (
        "Cet axe y répond. Il reste ouvert : Fiabiliser le réseau Cette action publiée n'aura plus de besoin qui la "
        "justifie. Elle reste dans le plan, marquée « à justifier » : Poser des bornes" in mots(demande)
    )
    assert "En brouillon" not in mots(demande)
    chef.post(adresse("besoin_retirer", besoin.pk))
    action.refresh_from_db()
    assert (action.etat, action.supprime_le, list(axe.besoins.all())) == ("a_venir", None, [besoin])
    restaurer(objet=besoin, auteur=monde.chef, maintenant=timezone.now())
    assert "Fiabiliser le réseau" in fiche(chef, besoin).text_content()


def test_mis_a_la_corbeille_pendant_qu_on_l_ecrit(chef, monde):
    besoin = un_besoin(monde.college)
    page = html.fromstring(chef.get(adresse("besoin_modifier", besoin.pk)).content.decode())
    [formulaire] = [f for f in page.forms if "effectif" in f.fields]
    retirer_besoin(besoin=besoin, auteur=monde.referent, maintenant=timezone.now())
    voulu = dict(formulaire.form_values()) | {"intitule": "Mon texte"}
    refus = chef.post(adresse("besoin_modifier", besoin.pk), voulu)
    assert refus.status_code == 422
    assert "Ce besoin est à la corbeille : restaurez-le d'abord." in mots(refus)
    assert "Mon texte" in mots(refus)


def test_modifier_coute_autant_avec_trois_constats(chef, monde):
    besoin = un_besoin(monde.college, constats=[un_constat(monde.college)])
    ou = adresse("besoin_modifier", besoin.pk)
    un = len(chef.get(ou).requetes)
    besoin.retours.add(*(un_constat(monde.college, f"Constat {rang}") for rang in (2, 3)))
    assert Constat.objects.count() == 3
    assert len(chef.get(ou).requetes) == un == 7


# --- From the diagnostic ------------------------------------------------------------------------------------
@pytest.fixture
def signe(monde, referentiel, annee) -> Diagnostic:
    maintenant = timezone.now()
    diagnostic = commencer(monde.college, annee, referentiel, monde.chef, maintenant)
    repondre_partout(
        diagnostic, Valeur.oui, monde.chef, maintenant, sauf={"PIL-1-1": Valeur.non, "FOR-1-1": Valeur.non}
    )
    signer(diagnostic, monde.chef, maintenant)
    return diagnostic


def test_chaque_condition_qui_manque_se_retient(client, monde, signe, annee):
    resultats = adresse("diagnostic_resultats", annee)
    client.force_login(monde.chef)
    page = html.fromstring(client.get(resultats).content.decode())
    boutons = page.xpath("//section[@aria-labelledby='manque']//form")
    assert len(boutons) == len(page.xpath("//ul[@class='manquants']/li")) > 0
    formulaire = next(f for f in boutons if f.fields["reference"] == "PIL-1-1")
    assert formulaire.fields["constat"].startswith("Condition du palier\u00a01, champ «\u00a0Pilotage")
    envoye = {nom: valeur for nom, valeur in formulaire.form_values() if nom != "csrfmiddlewaretoken"}
    reponse = client.post(formulaire.action, envoye)
    assert reponse["Location"] == f"{resultats}#manque-PIL-1-1"
    reponse = client.get(resultats)
    page = html.fromstring(reponse.content.decode())
    assert "Besoin retenu" in page.xpath("//li[@id='manque-PIL-1-1']")[0].text_content()
    assert len(page.xpath("//section[@aria-labelledby='manque']//form")) == len(boutons) - 1
    assert sum("plans_besoin" in enonce for enonce in reponse.requetes) == 1
    for qui in (monde.lectrice, monde.rectorat):
        client.force_login(qui)
        reponse = client.get(resultats)
        assert "Retenir comme besoin" not in mots(reponse)
        assert not any("plans_besoin" in enonce for enonce in reponse.requetes)


def test_la_condition_qui_manque_montre_ce_qui_y_repond(chef, monde, signe, annee):
    besoin = retenir(monde, annee, origine="indicateur", reference="PIL-1-1", intitule="Une lettre de mission")
    premier, second = (un_axe(monde.college, mot, besoins=[besoin]) for mot in ("Premier axe", "Second axe"))
    parti = un_axe(monde.college, "Parti", besoins=[besoin])
    mettre_a_la_corbeille(objet=parti, auteur=monde.chef, maintenant=timezone.now())
    assert besoins_retenus(monde.college, annee) == {
        ("indicateur", "PIL-1-1"): (Reponse(premier.pk, "Premier axe"), Reponse(second.pk, "Second axe"))
    }
    reponse = chef.get(adresse("diagnostic_resultats", annee))
    [condition] = html.fromstring(reponse.content.decode()).xpath("//li[@id='manque-PIL-1-1']")
    assert {adresse("axe", axe.pk) for axe in (premier, second)} <= set(condition.xpath(".//a/@href"))
    assert "Parti" not in condition.text_content()
    assert sum("plans_besoin" in enonce for enonce in reponse.requetes) == 1


def test_le_bouton_ne_deborde_pas_ce_qu_un_besoin_peut_dire(rf, monde, annee):
    monde.college.droits = frozenset({Droit.RETENIR_BESOINS})
    valeurs = {"etablissement": monde.college, "annee": annee, "origine": "formation", "reference": "F1"}
    textes = {"intitule": "é" * 900, "constat": "c" * 900, "effectif": 0, "retour": "/aide/"}
    rendu = render_to_string("composants/retenir.html", valeurs | textes, request=rf.get("/"))
    [intitule] = re.findall(r'name="intitule" value="(é+…)"', rendu)
    assert (len(intitule), 'name="effectif" value="0"' in rendu) == (400, True)
