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
from plans.domain.besoins import SaisieBesoin, mettre_a_l_ordre_du_jour, retenir_besoin
from plans.models import Besoin
from plans.queries.besoins import EnqueteSource, enquetes_sources
from plans.rules.besoins import ORIGINE_INCONNUE, empechement_designer, empechement_retenir, est_une_annee
from strategie.socle.domain.calendrier import annee_precedente, annee_scolaire, annee_suivante
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement
from tests.dossier import commencer, repondre_partout, signer
from tests.enquetes import une_enquete_depouillee

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
    [("indicateur", "PIL-1-2"), ("indicateur", "EQ-3-12"), ("question", "E07"), ("ecart", "E20"), ("formation", "F3")],
)
def test_les_references_admises(origine, reference):
    assert empechement_designer(origine, reference) is None


@pytest.mark.parametrize(
    ("origine", "reference"),
    [
        *(("indicateur", "E07"), ("indicateur", "PIL-4-2"), ("indicateur", "pil-1-2"), ("indicateur", "PIL-1-2\n")),
        *(("question", "PIL-1-2"), ("question", "E7"), ("question", "E٠٧"), ("ecart", ""), ("formation", "F")),
        *(("formation", "E07"), ("autre", "E07"), ("", "E07")),
    ],
)
def test_les_references_refusees(origine, reference):
    assert empechement_designer(origine, reference) == ORIGINE_INCONNUE


def test_une_annee_scolaire_se_suit():
    assert est_une_annee("2026-2027")
    assert [a for a in ("2026-2028", "2026", "2026-2027 ", "٢٠٢٦-٢٠٢٧", "1999-2000") if est_une_annee(a)] == []


def test_quand_un_besoin_se_retient():
    jour = datetime.date(2026, 11, 25)
    ouvert = Etablissement(etat="ouvert")
    refus = [empechement_retenir(ouvert, annee, jour) for annee in ("2019-2020", "2026-2027", "2027-2028", "2028-2029")]
    assert refus == [None, None, None, HORS_D_UNE_ANNEE]
    assert empechement_retenir(Etablissement(etat="ferme"), "2026-2027", jour) == (
        "Cet établissement est fermé\u00a0: il ne retient plus de besoin."
    )


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


def test_un_etablissement_ferme_ne_retient_rien(chef, monde, annee):
    Etablissement.objects.filter(pk=monde.college.pk).update(etat="ferme")
    reponse = chef.post(adresse("besoin_retenir"), envoi(annee))
    assert (reponse.status_code, Besoin.objects.count()) == (422, 0)
    assert "Cet établissement est fermé : il ne retient plus de besoin." in mots(reponse)


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


def test_le_bouton_ne_deborde_pas_ce_qu_un_besoin_peut_dire(rf, monde, annee):
    monde.college.droits = frozenset({Droit.RETENIR_BESOINS})
    valeurs = {"etablissement": monde.college, "annee": annee, "origine": "formation", "reference": "F1"}
    textes = {"intitule": "é" * 900, "constat": "c" * 900, "effectif": 0, "retour": "/aide/"}
    rendu = render_to_string("composants/retenir.html", valeurs | textes, request=rf.get("/"))
    [intitule] = re.findall(r'name="intitule" value="(é+…)"', rendu)
    assert (len(intitule), 'name="effectif" value="0"' in rendu) == (400, True)
