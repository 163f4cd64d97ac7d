"""The pages of indicators, of their readings and of success factors."""

import datetime
import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from plans.domain.facteurs import SaisieFacteur, ajouter_facteur
from plans.domain.releves import SaisieReleve, enregistrer_releve
from plans.interfaces.courbe import courbe
from plans.models import FacteurReussite, IndicateurSuivi, Releve
from plans.queries.indicateurs import Lecteur
from plans.rules.indicateurs import empechement_relever
from strategie.socle.droits import GRILLE_DES_DROITS, Role
from strategie.socle.interfaces.nombres import ILLISIBLE
from strategie.socle.rules import date_en_phrase
from tests.plans.plans import un_indicateur, une_action, une_action_publiee

pytestmark = pytest.mark.usefixtures("apres_la_rentree")

UN_JOUR = datetime.timedelta(days=1)


@pytest.fixture
def jour(monde) -> datetime.date:
    return timezone.localdate(timezone=monde.academie.zone)


@pytest.fixture
def chef(client, monde):
    client.force_login(monde.chef)
    return client


@pytest.fixture
def indicateur(monde) -> IndicateurSuivi:
    return une_action_publiee(monde.college).indicateurs.get()


def relever(indicateur, auteur, date, valeur, note="") -> Releve:
    return enregistrer_releve(
        indicateur=indicateur,
        saisie=SaisieReleve(date, Decimal(valeur), note),
        remplace=None,
        auteur=auteur,
        maintenant=timezone.now(),
    ).releve


def adresse(nom: str, *suite: object) -> str:
    return reverse(nom, args=["0980001U", *suite])


def mots(reponse) -> str:
    """All the words of a page, on one line; no-break spaces stay."""
    return re.sub(r"[ \n]+", " ", html.fromstring(reponse.content.decode()).find(".//main").text_content())


def un_formulaire(reponse, champ: str):
    """The form of the page that has this field."""
    return next(f for f in html.fromstring(reponse.content.decode()).forms if champ in f.fields)


def erreur_de(reponse, champ: str) -> str:
    """What is said at a field."""
    [dit] = html.fromstring(reponse.content.decode()).xpath(f"//*[@id='id_{champ}_error']//text()[normalize-space()]")
    return dit.strip()


# --- An indicator -----------------------------------------------------------------------------------------
def envoi(jour, **champs) -> dict[str, object]:
    return {
        "intitule": "Enseignants formés",
        "mesure": "",
        "unite": "%",
        "sens": "hausse",
        "depart": "4,5 %",
        "depart_le": f"{jour - 30 * UN_JOUR}",
        "cible": "1\u202f234,25",
        "cible_le": f"{jour + 200 * UN_JOUR}",
        "source": "Émargements",
        "responsable": "Le référent",
        "cadence": "mensuelle",
        "agregation": "somme",
    } | champs


def test_ajouter_un_indicateur_avec_des_nombres_a_la_francaise(chef, monde, referentiel, jour):
    action = une_action(monde.college)
    reponse = chef.post(adresse("indicateur_ajouter", action.pk), envoi(jour), follow=True)
    ajoute = IndicateurSuivi.objects.get()
    assert reponse.redirect_chain == [(adresse("indicateur", ajoute.pk), 302)]
    assert (ajoute.depart, ajoute.cible, ajoute.unite) == (Decimal("4.5"), Decimal("1234.25"), "%")
    dit = mots(reponse)
    assert "L'indicateur est ajouté." in dit
    assert "il manque" not in dit
    assert f"Cible1\u202f234,25, pour le {date_en_phrase(jour + 200 * UN_JOUR)}" in dit


def test_sans_cible_il_s_enregistre_et_dit_ce_qui_manque(chef, monde, referentiel, jour):
    action = une_action(monde.college)
    reponse = chef.post(
        adresse("indicateur_ajouter", action.pk), envoi(jour, cible="", cible_le="", source=""), follow=True
    )
    manque = "la cible, la date où l'atteindre, la source de la valeur"
    assert f"Pour que l'action se publie, il manque encore\u00a0: {manque}." in mots(reponse)
    assert f"Il manque\u00a0: {manque}." in mots(chef.get(adresse("action", action.pk)))


@pytest.mark.parametrize(
    ("champ", "valeur", "phrase"),
    [
        ("depart", "douze", ILLISIBLE),
        ("cible", "2", "La cible est sous la valeur de départ, alors que plus c'est élevé, mieux c'est."),
        ("cible", "20,125", "Deux chiffres au plus après la virgule."),
        ("depart_le", "32/13/2026", "Écrivez une date complète\u00a0: jour, mois, année."),
        ("intitule", "", "Dites en quelques mots ce qui est mesuré."),
        ("mesure", "inconnue", "Cette réponse n'est pas dans la liste proposée."),
        ("cadence", "chaque nuit", "Cette réponse n'est pas dans la liste proposée."),
        ("unite", "u" * 41, "Ce texte dépasse 40\u00a0caractères\u00a0: raccourcissez-le."),
    ],
)
def test_une_erreur_est_dite_a_son_champ_et_rien_ne_se_perd(chef, monde, referentiel, jour, champ, valeur, phrase):
    action = une_action(monde.college)
    reponse = chef.post(adresse("indicateur_ajouter", action.pk), envoi(jour, **{champ: valeur}))
    assert (reponse.status_code, erreur_de(reponse, champ).startswith(phrase)) == (422, True)
    champs = dict(un_formulaire(reponse, "intitule").form_values())
    attendus = {
        nom: str(dit) for nom, dit in envoi(jour, **{champ: valeur}).items() if nom not in ("mesure", "cadence")
    }
    assert {nom: champs.get(nom, "") for nom in attendus} == attendus
    assert not IndicateurSuivi.objects.exists()


def test_le_quatrieme_ne_se_propose_plus(chef, monde, indicateur):
    un_indicateur(indicateur.action, "Deux")
    un_indicateur(indicateur.action, "Trois")
    for page in (adresse("action", indicateur.action_id), adresse("indicateur_ajouter", indicateur.action_id)):
        assert "Cette action suit déjà trois indicateurs" in mots(chef.get(page))


def test_modifier_deux_a_la_fois(chef, client, monde, referentiel, indicateur):
    page = adresse("indicateur_modifier", indicateur.pk)
    ouverte = dict(un_formulaire(chef.get(page), "intitule").form_values())
    IndicateurSuivi.objects.update(source="Journal du Wi-Fi", cible=2)
    fusionne = chef.post(page, ouverte | {"responsable": "La gestionnaire"})
    assert fusionne.status_code == 302
    indicateur.refresh_from_db()
    assert (indicateur.source, indicateur.cible, indicateur.responsable) == ("Journal du Wi-Fi", 2, "La gestionnaire")
    conflit = chef.post(page, ouverte | {"cible": "3", "responsable": "La gestionnaire"})
    assert conflit.status_code == 409
    assert "Un collègue l'a modifié en même temps que vous" in mots(conflit)
    assert "«\u00a02\u00a0»" in erreur_de(conflit, "cible")
    encore = dict(un_formulaire(conflit, "intitule").form_values())
    assert encore["cible"] == "3"
    assert chef.post(page, encore).status_code == 302
    indicateur.refresh_from_db()
    assert indicateur.cible == 3


def test_retirer_le_dernier_se_refuse_puis_un_autre_part(chef, monde, indicateur):
    page = adresse("indicateur_retirer", indicateur.pk)
    assert "seul indicateur d'une action publiée" in mots(chef.get(page))
    assert chef.post(page).status_code == 422
    un_indicateur(indicateur.action, "Deux")
    reponse = chef.post(page, follow=True)
    assert "à la corbeille, avec ses relevés, pour trente jours" in mots(reponse)
    assert chef.get(adresse("indicateur", indicateur.pk)).status_code == 404


# --- Readings ---------------------------------------------------------------------------------------------
def test_relever_depuis_l_action_y_revient(chef, monde, indicateur, jour):
    page = adresse("action", indicateur.action_id)
    formulaire = un_formulaire(chef.get(page), "valeur")
    assert formulaire.action == adresse("releve_ajouter", indicateur.pk)
    champs = dict(formulaire.form_values())
    assert champs["date"] == f"{jour}"
    reponse = chef.post(formulaire.action, champs | {"valeur": "4,5 coupures"}, follow=True)
    assert reponse.redirect_chain == [(page, 302)]
    dit = mots(reponse)
    assert f"4,5\u00a0coupures le {date_en_phrase(jour)}, c'est enregistré." in dit
    assert (
        f"4,5\u00a0coupures le {date_en_phrase(jour)}, pour une cible de 1\u00a0coupures\u00a0: plus de la moitié du "
        "chemin."
    ) in dit


def test_une_adresse_d_ailleurs_ne_ramene_pas(chef, indicateur, jour):
    envoye = {"valeur": "4", "date": f"{jour}", "retour": "//ailleurs.exemple/"}
    reponse = chef.post(adresse("releve_ajouter", indicateur.pk), envoye)
    assert reponse["Location"] == adresse("indicateur", indicateur.pk)


@pytest.mark.parametrize(
    ("valeur", "decalage", "phrase"),
    [("", 0, "Écrivez la valeur relevée."), ("beaucoup", 0, ILLISIBLE), ("4", 1, "Cette date n'est pas encore passée")],
)
def test_un_releve_refuse_dit_pourquoi_et_garde_la_note(chef, indicateur, jour, valeur, decalage, phrase):
    envoye = {"valeur": valeur, "date": f"{jour + decalage * UN_JOUR}", "note": "Avant les vacances"}
    reponse = chef.post(adresse("releve_ajouter", indicateur.pk), envoye)
    assert (reponse.status_code, phrase in mots(reponse)) == (422, True)
    champs = dict(un_formulaire(reponse, "valeur").form_values())
    assert (champs.get("valeur", ""), champs["note"]) == (valeur, "Avant les vacances")
    assert not Releve.objects.exists()


def test_le_meme_jour_les_deux_valeurs_se_montrent_puis_l_ancienne_est_dite(chef, monde, indicateur, jour):
    relever(indicateur, monde.referent, jour, "12", "Deux absents")
    page = chef.post(adresse("releve_ajouter", indicateur.pk), {"valeur": "15", "date": f"{jour}"})
    assert page.status_code == 409
    dit = mots(page)
    assert "Rémi Référent a relevé 12 («\u00a0Deux absents\u00a0»). Vous avez écrit 15." in dit
    assert "Remplacer 12" in dit
    formulaire = un_formulaire(page, "valeur")
    reponse = chef.post(formulaire.action, dict(formulaire.form_values()), follow=True)
    assert "est corrigé, 15\u00a0coupures au lieu de 12\u00a0coupures." in mots(reponse)
    assert Releve.objects.get().valeur == 15


def test_corriger_part_de_la_valeur_tenue(chef, monde, indicateur, jour):
    relever(indicateur, monde.chef, jour - UN_JOUR, "1200.5")
    page = chef.get(f"{adresse('releve_ajouter', indicateur.pk)}?date={jour - UN_JOUR}")
    formulaire = un_formulaire(page, "valeur")
    assert formulaire.fields["valeur"] == "1\u202f200,5"
    champs = dict(formulaire.form_values()) | {"valeur": "1200"}
    assert chef.post(formulaire.action, champs).status_code == 302
    assert Releve.objects.get().valeur == 1200


def test_une_date_qui_n_en_est_pas_une_ouvre_une_page_vide(chef, indicateur):
    page = chef.get(f"{adresse('releve_ajouter', indicateur.pk)}?date=hier")
    assert un_formulaire(page, "valeur").fields["valeur"] in ("", None)


def test_supprimer_demande_puis_le_dit(chef, monde, indicateur, jour):
    releve = relever(indicateur, monde.chef, jour, "12")
    page = adresse("releve_supprimer", releve.pk)
    champs = dict(un_formulaire(chef.get(page), "lu").form_values())
    Releve.objects.update(valeur=13, releve_le=timezone.now())
    change = chef.post(page, champs)
    assert (change.status_code, "rien n'est supprimé" in mots(change)) == (409, True)
    reponse = chef.post(page, dict(un_formulaire(change, "lu").form_values()), follow=True)
    assert f"Le relevé du {date_en_phrase(jour)} est supprimé." in mots(reponse)
    assert not Releve.objects.exists()


def test_un_indicateur_calcule_n_offre_aucune_saisie(chef, monde, dossier, jour):
    action = une_action_publiee(monde.college)
    action.indicateurs.update(mesure="palier-PIL", unite="sur\u00a03", sens="hausse", depart=1, cible=3)
    [calcule] = action.indicateurs.all()
    dit = mots(chef.get(adresse("indicateur", calcule.pk)))
    assert "3\u00a0sur\u00a03 le" in dit
    assert "Calculée par Paliers" in dit
    assert "Le palier du champ dans la version signée la plus récente de chaque année." in dit
    for page in (adresse("indicateur", calcule.pk), adresse("action", action.pk)):
        assert not [f for f in html.fromstring(chef.get(page).content).forms if "valeur" in f.fields]
    refus = chef.post(adresse("releve_ajouter", calcule.pk), {"valeur": "2", "date": f"{jour}"})
    assert (refus.status_code, empechement_relever("palier-PIL") in mots(refus)) == (422, True)


def test_une_valeur_ancienne_est_dite_en_mots(chef, monde, indicateur, jour):
    relever(indicateur, monde.chef, jour - 200 * UN_JOUR, "4")
    for page in (adresse("indicateur", indicateur.pk), adresse("action", indicateur.action_id)):
        assert "valeur ancienne" in mots(chef.get(page))


def test_qui_porte_l_action_releve_et_qui_ne_la_porte_pas_lit(client, monde, jour):
    action = une_action_publiee(monde.college, porteur=monde.gestionnaire.pk)
    indicateur = action.indicateurs.get()
    for qui, statut in ((monde.gestionnaire, 302), (monde.lectrice, 403)):
        client.force_login(qui)
        page = client.get(adresse("indicateur", indicateur.pk))
        assert bool([f for f in html.fromstring(page.content).forms if "valeur" in f.fields]) == (statut == 302)
        envoye = {"valeur": "4", "date": f"{jour}"}
        assert client.post(adresse("releve_ajouter", indicateur.pk), envoye).status_code == statut
        assert client.get(adresse("indicateur_modifier", indicateur.pk)).status_code == 403
    assert Releve.objects.get().releve_par == monde.gestionnaire


def test_un_brouillon_n_existe_pas_pour_qui_lit_ce_qui_est_publie(client, monde):
    brouillon = un_indicateur(une_action(monde.college))
    publie = une_action_publiee(monde.college).indicateurs.get()
    client.force_login(monde.animatrice)
    statuts = [client.get(adresse("indicateur", i.pk)).status_code for i in (brouillon, publie)]
    assert statuts == [404, 200]


# --- The curve --------------------------------------------------------------------------------------------
def dessiner(indicateur, jour):
    etablissement = indicateur.action.etablissement
    return courbe(Lecteur(etablissement, jour, GRILLE_DES_DROITS[Role.CHEF]).un(indicateur))


def test_sans_valeur_pas_de_courbe(indicateur, jour):
    assert dessiner(indicateur, jour) is None


def test_la_courbe_place_points_lignes_et_dates(monde, indicateur, jour):
    debut = jour - 100 * UN_JOUR
    IndicateurSuivi.objects.update(depart=10, depart_le=debut, cible=0, cible_le=jour + 100 * UN_JOUR)
    indicateur.refresh_from_db()
    for age, valeur in ((100, "10"), (50, "7.5"), (0, "5")):
        relever(indicateur, monde.chef, jour - age * UN_JOUR, valeur)
    dessin = dessiner(indicateur, jour)
    assert [(p.x, p.y, p.ecrite, p.ancre) for p in dessin.points] == [
        (64, 28, "10", "start"),
        (200, 86, "7,5", "middle"),
        (337, 145, "5", "middle"),
    ]
    assert [(r.sorte, r.y, r.mots) for r in dessin.reperes] == [("depart", 28, "Départ 10"), ("cible", 262, "Cible 0")]
    assert [mots for _, mots in dessin.graduations] == ["0", "5", "10"]
    assert (dessin.dates[0][0], dessin.dates[-1][0], len(dessin.dates)) == (64, 610, 5)
    assert dessin.trace == "M64 28L200 86L337 145"
    assert dessin.description.endswith("Départ\u00a0: 10\u00a0coupures. Cible\u00a0: 0\u00a0coupures.")


def test_une_seule_valeur_egale_au_depart_et_a_la_cible_se_dessine(monde, indicateur, jour):
    IndicateurSuivi.objects.update(depart=3, cible=3, depart_le=None, cible_le=None)
    indicateur.refresh_from_db()
    relever(indicateur, monde.chef, jour, "3")
    dessin = dessiner(indicateur, jour)
    [point] = dessin.points
    assert (64 < point.x < 610, 28 <= point.y <= 262) == (True, True)
    hautes = sorted(repere.y_mots for repere in dessin.reperes)
    assert hautes[1] - hautes[0] >= 15, "the two words lie one over the other"


@pytest.mark.parametrize(
    ("depart", "cible", "valeurs"),
    [
        ("0", "0.05", ("0.01", "0.02")),
        ("-5", "5", ("-7.25", "12")),
        ("999999999999.99", "0", ("1", "999999999999.99")),
        ("0", "0", ("0", "0")),
    ],
)
def test_toute_echelle_tient_dans_le_dessin(monde, indicateur, jour, depart, cible, valeurs):
    IndicateurSuivi.objects.update(depart=Decimal(depart), cible=Decimal(cible))
    indicateur.refresh_from_db()
    for age, valeur in enumerate(valeurs):
        relever(indicateur, monde.chef, jour - age * UN_JOUR, valeur)
    dessin = dessiner(indicateur, jour)
    hauteurs = [*(p.y for p in dessin.points), *(r.y for r in dessin.reperes), *(y for y, _ in dessin.graduations)]
    assert all(28 <= y <= 262 for y in hauteurs)
    assert 3 <= len(dessin.graduations) <= 7


# --- Success factors --------------------------------------------------------------------------------------
def test_un_facteur_de_l_ajout_au_retrait(chef, monde, indicateur):
    action = adresse("action", indicateur.action_id)
    ajouter = adresse("facteur_ajouter", indicateur.action_id)
    refus = chef.post(ajouter, {"texte": "Les élèves rendent par l'ENT", "atteint": "oui", "preuve": ""})
    assert (refus.status_code, erreur_de(refus, "preuve").startswith("Dites ce qui le montre")) == (422, True)
    reponse = chef.post(ajouter, {"texte": "Les élèves rendent par l'ENT", "atteint": "", "preuve": ""}, follow=True)
    assert "Les élèves rendent par l'ENT on ne sait pas encore" in mots(reponse)
    facteur = FacteurReussite.objects.get()
    page = adresse("facteur_modifier", facteur.pk)
    champs = dict(un_formulaire(chef.get(page), "texte").form_values())
    chef.post(page, champs | {"atteint": "en_partie", "preuve": "Trois classes"})
    dit = mots(chef.get(action))
    assert "Les élèves rendent par l'ENT en partie" in dit
    assert "Ce qui le montre\u00a0: Trois classes" in dit
    retirer = adresse("facteur_retirer", facteur.pk)
    assert chef.post(retirer, {"version": 2}, follow=True).redirect_chain == [(f"{action}#indicateurs", 302)]
    assert not FacteurReussite.objects.exists()


def test_un_facteur_change_entre_temps_se_montre(chef, monde, indicateur):
    facteur = ajouter_facteur(
        action=indicateur.action,
        saisie=SaisieFacteur("Un usage"),
        auteur=monde.referent,
        maintenant=timezone.now(),
    )
    FacteurReussite.objects.update(texte="Un autre usage", version=2)
    page = adresse("facteur_modifier", facteur.pk)
    conflit = chef.post(page, {"texte": "Le mien", "atteint": "", "preuve": "", "version": 1})
    assert (conflit.status_code, "Il est enregistré\u00a0: «\u00a0Un autre usage\u00a0»" in mots(conflit)) == (
        409,
        True,
    )
    formulaire = un_formulaire(conflit, "texte")
    assert formulaire.fields["texte"] == "Le mien"
    encore = dict(formulaire.form_values()) | {"atteint": ""}  # lxml reads an empty value as « on »
    assert chef.post(page, encore).status_code == 302
    assert FacteurReussite.objects.get().texte == "Le mien"
    retrait = chef.post(adresse("facteur_retirer", facteur.pk), {"version": 1})
    assert (retrait.status_code, "rien n'est retiré" in mots(retrait)) == (409, True)


# --- Cost -------------------------------------------------------------------------------------------------
def test_autant_de_requetes_pour_trois_releves_que_pour_un(chef, monde, indicateur, jour):
    page = adresse("indicateur", indicateur.pk)
    comptes = []
    for age in range(3):
        relever(indicateur, monde.chef, jour - age * UN_JOUR, f"{age}")
        comptes.append(len(chef.get(page).requetes))
    assert comptes == [6, 6, 6]
