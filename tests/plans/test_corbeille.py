"""The bin: thirty days, taken back by the head, destroyed in the right order."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from lxml import html

from plans.domain.corbeille import (
    DETRUIT,
    Purge,
    mettre_a_la_corbeille,
    purger_a_l_heure,
    purger_corbeille,
    purger_corbeilles,
    restaurer,
)
from plans.models import Action, AxeDistrict, Besoin, Constat, Experimentation, IndicateurSuivi, Rattachement
from plans.queries.corbeille import SORTES, EnCorbeille, corbeille_de
from plans.rules.corbeille import purge_le
from strategie.socle.domain.empechement import Empeche
from strategie.socle.models import Utilisateur
from tests.plans.plans import (
    cette_annee,
    chef_de,
    un_axe,
    un_besoin,
    un_constat,
    un_indicateur,
    une_action,
)

MIDI = datetime.datetime(2026, 11, 3, 12, tzinfo=datetime.UTC)
TRENTE_JOURS = datetime.timedelta(days=30)
UNE_SECONDE = datetime.timedelta(seconds=1)


def jeter(*objets, auteur=None, le: datetime.datetime = MIDI) -> None:
    for objet in objets:
        mettre_a_la_corbeille(objet=objet, auteur=auteur or objet_chef(objet), maintenant=le)


def objet_chef(objet) -> Utilisateur:
    return chef_de(objet.etablissement if hasattr(objet, "etablissement") else objet.action.etablissement)


def une_experimentation(action: Action) -> Experimentation:
    jour = MIDI.date()
    return Experimentation.objects.create(
        action=action, question="Est-ce que cela aide ?", perimetre="La 6e A", debut=jour, fin=jour, decision_le=jour
    )


def rattacher(monde, axe) -> Rattachement:
    demande = AxeDistrict.objects.create(
        district=monde.district,
        annee_scolaire=axe.annee_scolaire,
        theme="acces",
        intitule="Un réseau partout",
        fixe_par=monde.animatrice,
        fixe_le=MIDI,
    )
    return demande.rattachements.create(
        etablissement=monde.college, reponse="servi", axe=axe, dit_par=monde.chef, dit_le=MIDI
    )


def evenements(sorte) -> int:
    return sorte.evenements.rel.related_model.objects.count()


# --- There and back -----------------------------------------------------------------------------------------
def test_mis_a_la_corbeille_une_seule_fois(monde):
    besoin = un_besoin(monde.college)
    mettre_a_la_corbeille(objet=besoin, auteur=monde.referent, maintenant=MIDI)
    mettre_a_la_corbeille(objet=besoin, auteur=monde.chef, maintenant=MIDI + UNE_SECONDE)
    assert (besoin.version, besoin.supprime_le, besoin.supprime_par) == (2, MIDI, monde.referent)
    assert list(Besoin.objects.vivants()) == []


def test_restaure_une_seule_fois(monde):
    besoin = un_besoin(monde.college)
    jeter(besoin)
    restaurer(objet=besoin, auteur=monde.chef, maintenant=MIDI)
    restaurer(objet=besoin, auteur=monde.chef, maintenant=MIDI)
    assert (besoin.version, besoin.supprime_le, besoin.supprime_par) == (3, None, None)


def test_ce_qui_part_ensemble_revient_ensemble(monde):
    action = une_action(monde.college)
    avant = une_action(monde.college, "Jetée avant", parent=action)
    avec = une_action(monde.college, "Jetée avec", parent=action)
    jeter(avant, le=MIDI - UNE_SECONDE)
    jeter(avec, action)
    restaurer(objet=action, auteur=monde.chef, maintenant=MIDI)
    assert set(Action.objects.vivants()) == {action, avec}
    assert Action.objects.get(pk=avec.pk).version == 3


def test_une_partie_ne_revient_pas_sans_son_tout(monde):
    action = une_action(monde.college, "Le Wi-Fi")
    partie = une_action(monde.college, "Une borne", parent=action)
    indicateur, essai = un_indicateur(action), une_experimentation(action)
    jeter(partie, indicateur, essai, action)
    attendus = {
        partie: "Restaurez d'abord l'action «\u00a0Le Wi-Fi\u00a0», dont celle-ci fait partie.",
        indicateur: "Restaurez d'abord l'action «\u00a0Le Wi-Fi\u00a0», que cet indicateur suit.",
        essai: "Restaurez d'abord l'action «\u00a0Le Wi-Fi\u00a0», qui fait cet essai.",
    }
    for objet, phrase in attendus.items():
        with pytest.raises(Empeche, match=phrase):
            restaurer(objet=objet, auteur=monde.chef, maintenant=MIDI)
        assert objet.supprime_le == MIDI


def test_un_quatrieme_indicateur_ne_revient_pas(monde):
    action = une_action(monde.college)
    jete = un_indicateur(action)
    jeter(jete)
    for numero in range(3):
        un_indicateur(action, f"Indicateur {numero}")
    with pytest.raises(Empeche, match="L'action a déjà trois indicateurs"):
        restaurer(objet=jete, auteur=monde.chef, maintenant=MIDI)


def test_un_besoin_retenu_de_nouveau_ne_revient_pas_en_double(monde):
    premier = un_besoin(monde.college, origine="indicateur", reference="PIL-1-1")
    jeter(premier)
    un_besoin(monde.college, origine="indicateur", reference="PIL-1-1")
    with pytest.raises(Empeche):
        restaurer(objet=premier, auteur=monde.chef, maintenant=MIDI)
    assert premier.supprime_le == MIDI


def test_ce_qui_est_detruit_ne_revient_pas(monde):
    constat = un_constat(monde.college)
    jeter(constat)
    Constat.objects.filter(pk=constat.pk).delete()
    for acte in (restaurer, mettre_a_la_corbeille):
        with pytest.raises(Empeche, match=DETRUIT):
            acte(objet=constat, auteur=monde.chef, maintenant=MIDI)


@pytest.mark.django_db(transaction=True)
def test_deux_personnes_qui_jettent_la_meme_chose_le_font_une_fois(monde):
    constat = un_constat(monde.college)

    def jeter_un(auteur):
        try:
            mettre_a_la_corbeille(objet=Constat.objects.get(pk=constat.pk), auteur=auteur, maintenant=MIDI)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as a_la_fois:
        list(a_la_fois.map(jeter_un, [monde.chef, monde.referent]))
    assert Constat.objects.get().version == 2


# --- Thirty days --------------------------------------------------------------------------------------------
def test_rien_n_est_detruit_avant_trente_jours(monde):
    constat = un_constat(monde.college)
    jeter(constat)
    presque = MIDI + TRENTE_JOURS - UNE_SECONDE
    assert purger_corbeille(etablissement=monde.college.pk, maintenant=presque) == Purge(0, ())
    assert purger_corbeille(etablissement=monde.college.pk, maintenant=MIDI + TRENTE_JOURS) == Purge(1, ())
    assert list(Constat.objects.all()) == []


def test_la_purge_detruit_les_parties_avant_le_tout(monde):
    """In one go: an action with its sub-action, its figure, its readings, its experiment, and the axe it serves."""
    axe = un_axe(
        monde.college, besoins=[besoin := un_besoin(monde.college, constats=[constat := un_constat(monde.college)])]
    )
    action = une_action(monde.college, axes=[axe])
    partie = une_action(monde.college, "Une borne", parent=action)
    indicateur = un_indicateur(action)
    indicateur.releves.create(date=MIDI.date(), valeur=3, releve_le=MIDI)
    essai = une_experimentation(action)
    jeter(constat, besoin, action, partie, indicateur, essai)
    jeter(axe)
    racontes = {sorte: evenements(sorte) for sorte in (Action, IndicateurSuivi, Experimentation, Constat)}
    purge = purger_corbeille(etablissement=monde.college.pk, maintenant=MIDI + TRENTE_JOURS)
    assert purge == Purge(7, ())
    assert [modele.objects.count() for modele in (Action, IndicateurSuivi, Experimentation, Constat, Besoin)] == [0] * 5
    assert {sorte: evenements(sorte) for sorte in racontes} == racontes


def test_une_action_part_avec_ses_indicateurs_restes_dehors(monde):
    action = une_action(monde.college)
    un_indicateur(action)
    une_experimentation(action)
    jeter(action)
    assert purger_corbeille(etablissement=monde.college.pk, maintenant=MIDI + TRENTE_JOURS) == Purge(1, ())
    assert IndicateurSuivi.objects.count() == Experimentation.objects.count() == 0


def test_ce_dont_on_depend_encore_est_garde_et_dit(monde):
    action = une_action(monde.college)
    indicateur = un_indicateur(action)
    partie = une_action(monde.college, "Une borne", parent=action)
    axe = un_axe(monde.college)
    lien = rattacher(monde, axe)
    jeter(action, axe)
    jeter(partie, le=MIDI + UNE_SECONDE)
    purge = purger_corbeille(etablissement=monde.college.pk, maintenant=MIDI + TRENTE_JOURS)
    assert purge == Purge(
        0,
        (
            f"action {action.pk}, dont dépend\u00a0: action {partie.pk}",
            f"axe {axe.pk}, dont dépend\u00a0: rattachement {lien.pk}",
        ),
    )
    assert list(IndicateurSuivi.objects.all()) == [indicateur]  # all of an action, or nothing
    suivante = purger_corbeille(etablissement=monde.college.pk, maintenant=MIDI + TRENTE_JOURS + UNE_SECONDE)
    assert (suivante.detruits, len(suivante.gardes)) == (2, 1)


def test_la_purge_d_un_etablissement_laisse_les_autres(monde):
    jeter(un_constat(monde.college), un_constat(monde.voisin_college))
    purger_corbeille(etablissement=monde.college.pk, maintenant=MIDI + TRENTE_JOURS)
    assert [constat.etablissement for constat in Constat.objects.all()] == [monde.voisin_college]


def test_toutes_les_corbeilles_une_fois(monde):
    jeter(un_constat(monde.college), un_indicateur(une_action(monde.voisin_college)))
    un_besoin(monde.lointain, auteur=monde.chef)
    ensemble = sorted([monde.college.pk, monde.voisin_college.pk])
    assert [*purger_corbeilles(maintenant=MIDI + TRENTE_JOURS)] == [(cle, Purge(1, ())) for cle in ensemble]
    assert [*purger_corbeilles(maintenant=MIDI + TRENTE_JOURS)] == []


def test_la_commande_compte_et_se_repete(monde):
    axe = un_axe(monde.college)
    rattacher(monde, axe)
    jeter(axe, un_constat(monde.college), le=timezone.now() - TRENTE_JOURS)
    dit, signale = StringIO(), StringIO()
    call_command("purger_corbeilles", stdout=dit, stderr=signale)
    call_command("purger_corbeilles", stdout=dit, stderr=signale)
    assert dit.getvalue() == "1 détruit, 1 gardé.\n0 détruit, 1 gardé.\n"
    assert signale.getvalue().count(f"gardé, axe {axe.pk}, dont dépend") == 2


@pytest.mark.django_db(transaction=True)
def test_la_purge_est_promise_des_la_mise_a_la_corbeille(monde):
    """The worker finds it thirty days later, were it stopped at the hour."""
    constat = un_constat(monde.college)
    jeter(constat)
    jeter(constat)
    (tache,) = DBTaskResult.objects.all()
    assert (tache.args_kwargs["args"], tache.run_after) == ([monde.college.pk], purge_le(MIDI))
    Constat.objects.update(supprime_le=timezone.now() - TRENTE_JOURS)
    purger_a_l_heure.call(monde.college.pk)
    assert list(Constat.objects.all()) == []


# --- Pages --------------------------------------------------------------------------------------------------
def page(client, monde, **parametres):
    return client.get(reverse("corbeille", args=[monde.college.uai]), parametres)


def lignes(reponse) -> list[list[str]]:
    """Of each thing: what, who and when, what may be done."""
    arbre = html.fromstring(reponse.content)
    return [[" ".join(part.text_content().split()) for part in un] for un in arbre.xpath("//ul[@class='besoins']/li")]


def test_la_page_dit_qui_a_jete_quoi_et_quand_ce_sera_detruit(client, monde):
    client.force_login(monde.chef)
    maintenant = timezone.now()
    jeter(
        un_axe(monde.college, "<i>Le réseau</i>"), auteur=monde.referent, le=maintenant - datetime.timedelta(days=28.5)
    )
    jeter(un_constat(monde.college, "Le Wi-Fi coupe"), le=maintenant)
    jeter(un_constat(monde.voisin_college, "Ailleurs"), le=maintenant)
    un_besoin(monde.college)
    constat, axe = lignes(page(client, monde))
    assert constat[0] == "Le Wi-Fi coupe"
    assert constat[1].endswith("par Claire Chef · détruit dans 30 jours")
    assert constat[2] == "Restaurer « Le Wi-Fi coupe » Historique de « Le Wi-Fi coupe »"
    assert axe[0] == "<i>Le réseau</i>"
    assert axe[1].startswith("Axe · retiré le ")
    assert axe[1].endswith("par Rémi Référent · détruit dans 2 jours")


def test_ce_qui_aurait_du_partir_le_dit(client, monde):
    client.force_login(monde.lectrice)
    jeter(un_constat(monde.college), le=timezone.now() - TRENTE_JOURS)
    ((_, dit, suites),) = lignes(page(client, monde))
    assert dit.endswith("détruit dès que plus rien n'en dépend")
    assert suites.startswith("Historique")  # she reads, and does not restore


def test_une_corbeille_vide_le_dit(client, monde):
    client.force_login(monde.chef)
    assert "La corbeille est vide" in page(client, monde).content.decode()


@pytest.mark.parametrize(
    ("avance", "jours"),
    [
        (datetime.timedelta(0), 30),
        (UNE_SECONDE, 30),
        (datetime.timedelta(days=1), 29),
        (TRENTE_JOURS - UNE_SECONDE, 1),
        (TRENTE_JOURS, 0),
        (2 * TRENTE_JOURS, 0),
    ],
)
def test_jours_restants(avance, jours):
    assert EnCorbeille("axe", 1, "", MIDI, "").jours_restants(MIDI + avance) == jours


def test_le_chef_restaure_par_la_page(client, monde):
    client.force_login(monde.chef)
    action = une_action(monde.college, "Le Wi-Fi")
    jeter(action)
    adresse = reverse("corbeille_restaurer", args=[monde.college.uai, "action", action.pk])
    reponse = client.post(adresse, follow=True)
    assert "Action «\u00a0Le Wi-Fi\u00a0»\u00a0: de retour hors de la corbeille." in reponse.content.decode()
    assert list(Action.objects.vivants()) == [action]


def test_un_refus_se_lit_sur_la_page(client, monde):
    client.force_login(monde.chef)
    action = une_action(monde.college, "Le Wi-Fi")
    indicateur = un_indicateur(action)
    jeter(indicateur, action)
    adresse = reverse("corbeille_restaurer", args=[monde.college.uai, "indicateur", indicateur.pk])
    reponse = client.post(adresse, follow=True)
    assert (
        "Rien n&#x27;a été restauré. Restaurez d&#x27;abord l&#x27;action «\u00a0Le Wi-Fi\u00a0»"
        in reponse.content.decode()
    )
    assert list(IndicateurSuivi.objects.vivants()) == []


@pytest.mark.parametrize(("sorte", "decalage"), [("constat", 1), ("commentaire", 0)])
def test_ce_qui_n_y_est_pas_ne_se_restaure_pas(client, monde, sorte, decalage):
    client.force_login(monde.chef)
    constat = un_constat(monde.college)
    jeter(constat)
    adresse = reverse("corbeille_restaurer", args=[monde.college.uai, sorte, constat.pk + decalage])
    assert client.post(adresse).status_code == 404


def test_la_corbeille_d_un_autre_ne_se_restaure_pas(client, monde):
    client.force_login(monde.chef)
    constat = un_constat(monde.voisin_college)
    jeter(constat)
    adresse = reverse("corbeille_restaurer", args=[monde.college.uai, "constat", constat.pk])
    assert client.post(adresse).status_code == 404
    assert list(Constat.objects.en_corbeille()) == [constat]


def test_cinquante_par_page(client, monde):
    client.force_login(monde.chef)
    Constat.objects.bulk_create(
        Constat(
            etablissement=monde.college,
            annee_scolaire=cette_annee(monde.college),
            sens="irritant",
            theme="acces",
            source="eleves",
            texte=f"Constat {numero}",
            cree_par=monde.chef,
            cree_le=MIDI,
            modifie_le=MIDI,
            supprime_par=monde.chef,
            supprime_le=MIDI,
        )
        for numero in range(51)
    )
    assert len(lignes(page(client, monde))) == 50
    assert len(lignes(page(client, monde, page=2))) == 1


@pytest.mark.parametrize("nombre", [1, 3])
def test_autant_de_requetes_pour_une_ligne_que_pour_trois(client, monde, nombre):
    client.force_login(monde.chef)
    for _ in range(nombre):
        jeter(un_constat(monde.college), un_axe(monde.college), une_action(monde.college))
    assert corbeille_de(monde.college, SORTES).count() == 3 * nombre
    assert len(page(client, monde).requetes) == 6
