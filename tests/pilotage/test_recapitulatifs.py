"""The monthly digest: one e-mail a person, of what awaits her everywhere; nothing when nothing does."""

import datetime

import pytest
from django.core import mail

from budget.models import BesoinFormation
from diagnostic.models import Campagne, Delegation, Diagnostic
from plans.models import Action, IndicateurSuivi
from strategie.pilotage.domain.rappels import inscrire_recapitulatifs
from strategie.pilotage.domain.reglages_rappels import SaisieReglages, arreter_un_courriel, regler_les_rappels
from strategie.pilotage.interfaces.courriels_rappels import envoyer_ce_qui_attend
from strategie.pilotage.models import Deliberation, MoisRecapitule, Rappel, SorteDeCourriel
from strategie.pilotage.queries.recapitulatifs import recapitulatifs
from strategie.socle.droits import Role
from tests.budget.formations import accordee, demandee
from tests.dossier import signer
from tests.personnages import affecter, un_compte
from tests.pilotage.campagnes import la_campagne
from tests.pilotage.conseils import une_deliberation
from tests.plans.plans import un_indicateur, une_action, une_action_publiee

JOUR = datetime.date(2031, 3, 1)
OUVERTURE, CLOTURE = datetime.date(2031, 1, 15), datetime.date(2031, 3, 31)


@pytest.fixture
def campagne(dossier):
    campagne = la_campagne(dossier)
    Campagne.objects.filter(pk=campagne.pk).update(date_ouverture=OUVERTURE, date_cloture=CLOTURE)
    Diagnostic.objects.filter(campagne=campagne).update(date_cloture=CLOTURE)
    campagne.refresh_from_db()
    return campagne


def matin(jour: datetime.date = JOUR) -> datetime.datetime:
    return datetime.datetime.combine(jour, datetime.time(7), datetime.UTC)


def attendu(personne, jour=JOUR):
    return recapitulatifs([personne.pk], jour)[personne.pk]


def inscrire(monde, jour=JOUR):
    return inscrire_recapitulatifs(academie=monde.academie, maintenant=matin(jour))


def envoyer(jour=JOUR):
    return envoyer_ce_qui_attend(limite=100, racine="https://paliers.exemple", horloge=lambda: matin(jour))


def recus() -> list[str]:
    return sorted(message.to[0] for message in mail.outbox)


def a_finir(action: Action, jour: datetime.date, etat: str = "en_cours") -> Action:
    Action.objects.filter(pk=action.pk).update(
        etat=etat, echeance=jour, annee_scolaire="2030-2031", annee_fin="2030-2031", trimestre=1, trimestre_fin=None
    )
    return action


# --- In a school ----------------------------------------------------------------------------------------------
def test_le_diagnostic_attend_le_chef_le_referent_et_ceux_a_qui_il_est_confie(monde, dossier, campagne):
    Delegation.objects.create(
        diagnostic=dossier.brouillon, champ="PIL", utilisateur=monde.gestionnaire, confiee_par=monde.chef,
        confiee_le=matin(),
    )  # fmt: skip
    lus = {
        qui: [
            (d.etablissement, d.commence, d.cloture, d.part, d.signe) for d in attendu(getattr(monde, qui)).diagnostics
        ]
        for qui in ("chef", "referent", "gestionnaire", "lectrice", "voisin")
    }
    assert lus == {
        "chef": [(monde.college, True, CLOTURE, False, True)],
        "referent": [(monde.college, True, CLOTURE, False, False)],
        "gestionnaire": [(monde.college, True, CLOTURE, True, False)],
        "lectrice": [],
        "voisin": [(monde.voisin_college, False, CLOTURE, False, True)],
    }


def test_ni_avant_l_ouverture_ni_apres_la_cloture_ni_signe(monde, dossier, campagne):
    for jour in (OUVERTURE - datetime.timedelta(days=1), CLOTURE + datetime.timedelta(days=1)):
        assert attendu(monde.chef, jour).vide
    signer(dossier.brouillon, monde.chef, matin())
    assert attendu(monde.chef).vide


def test_un_diagnostic_rouvert_attend_jusqu_a_la_fin_des_corrections(monde, dossier, campagne):
    Diagnostic.objects.filter(pk=dossier.brouillon.pk).update(etat="rouvert", version=2, motif_reouverture="Erreur")
    fin = CLOTURE + datetime.timedelta(days=campagne.jours_de_correction)
    lus = [[d.cloture for d in attendu(monde.chef, jour).diagnostics] for jour in (fin, fin + datetime.timedelta(1))]
    assert lus == [[fin], []]


def test_les_actions_en_retard_et_du_mois_sont_a_leur_porteur(monde, campagne):
    retard = a_finir(une_action(monde.college, "En retard", porteur=monde.lectrice.pk), JOUR - datetime.timedelta(2))
    du_mois = a_finir(une_action(monde.college, "Du mois", porteur=monde.lectrice.pk), datetime.date(2031, 3, 31))
    a_finir(une_action(monde.college, "Du mois suivant", porteur=monde.lectrice.pk), datetime.date(2031, 4, 1))
    a_finir(une_action(monde.college, "Faite", porteur=monde.lectrice.pk), JOUR, etat="realisee")
    a_finir(une_action(monde.college, "Brouillon", porteur=monde.lectrice.pk), JOUR, etat="brouillon")
    a_finir(une_action(monde.college, "À une autre", porteur=monde.referent.pk), JOUR)
    binee = a_finir(une_action(monde.college, "Jetée", porteur=monde.lectrice.pk), JOUR)
    Action.objects.filter(pk=binee.pk).update(supprime_le=matin(), supprime_par=monde.chef)
    lues = attendu(monde.lectrice).actions
    assert [(due.action, due.en_retard) for due in lues] == [(retard, True), (du_mois, False)]


def test_ce_que_l_on_portait_dans_une_ecole_quittee_n_attend_plus(monde, campagne):
    a_finir(une_action(monde.college, "En retard", porteur=monde.lectrice.pk), JOUR)
    monde.lectrice.affectations.update(fin=JOUR - datetime.timedelta(days=1))
    assert attendu(monde.lectrice).vide


def test_les_indicateurs_a_relever(monde, campagne):
    action = a_finir(une_action(monde.college, "Longue", porteur=monde.lectrice.pk), datetime.date(2031, 6, 30))
    jamais, ancien, recent, calcule = (un_indicateur(action, nom) for nom in ("Jamais", "Ancien", "Récent", "Calculé"))
    IndicateurSuivi.objects.filter(action=action).update(depart_le=None, cadence="trimestrielle", mesure="")
    for indicateur, jour in ((ancien, datetime.date(2030, 12, 31)), (recent, datetime.date(2031, 2, 1))):
        indicateur.releves.create(date=jour, valeur=1, releve_le=matin())
    IndicateurSuivi.objects.filter(pk=calcule.pk).update(mesure="parc")
    lus = [(du.indicateur, du.attendu_le) for du in attendu(monde.lectrice).releves]
    assert lus == [(jamais, None), (ancien, datetime.date(2031, 3, 31))]


def test_les_votes_a_enregistrer_sont_au_chef(monde, campagne):
    acte = une_deliberation(monde.college)
    acte.seance.date = JOUR - datetime.timedelta(days=3)
    acte.seance.convoquee_le = None
    acte.seance.save()
    assert (attendu(monde.chef).votes, attendu(monde.referent).votes) == ([acte], [])
    acte.seance.date = JOUR
    acte.seance.save()
    assert attendu(monde.chef).votes == []
    assert Deliberation.objects.count() == 1


def test_les_reponses_aux_demandes_de_formation(monde, campagne):
    formation = accordee(monde.college)
    for jour, dites in ((datetime.date(2031, 2, 1), 1), (datetime.date(2031, 1, 31), 0)):
        BesoinFormation.objects.filter(pk=formation.pk).update(reponse_le=jour)
        lues = [len(attendu(getattr(monde, qui)).formations) for qui in ("chef", "referent", "gestionnaire", "voisin")]
        assert lues == [dites, dites, 0, 0]


# --- In a territory -------------------------------------------------------------------------------------------
def test_la_participation_de_chaque_territoire(monde, dossier, campagne):
    signer(dossier.brouillon, monde.chef, matin())
    lus = {
        qui: [
            (p.territoire, p.totaux.ont_signe, p.totaux.etablissements, [e.uai for e in p.exemples])
            for p in attendu(getattr(monde, qui)).participations
        ]
        for qui in ("animatrice", "animateur_lointain", "rectorat", "rectorat_ailleurs", "chef")
    }
    assert lus == {
        "animatrice": [("District 1", 1, 2, ["0980002V"])],
        "animateur_lointain": [("District 2", 0, 1, ["0980003W"])],
        "rectorat": [("Exemple", 1, 3, [])],
        "rectorat_ailleurs": [],
        "chef": [],
    }


def test_quand_tous_ont_signe_rien_n_attend_l_animatrice(monde, campagne):
    Diagnostic.objects.filter(campagne=campagne, etablissement__district=monde.district).update(
        etat="soumis", commence_le=matin(), commence_par=monde.chef
    )
    assert attendu(monde.animatrice).participations == []


def test_les_demandes_de_formation_attendent_l_animatrice(monde, campagne):
    demandee(monde.college)
    lus = [(d.district, d.nombre) for d in attendu(monde.animatrice).demandes]
    assert (lus, attendu(monde.rectorat).demandes) == ([(monde.district.pk, 1)], [])


# --- One a person, none when empty ------------------------------------------------------------------------------
def test_un_message_par_personne_et_rien_pour_qui_rien_n_attend(monde, campagne):
    affecter(monde.chef, Role.CHEF, etablissement=monde.lointain)
    affecter(monde.chef, Role.ANIMATEUR, district=monde.district)
    inscrire(monde)
    envoyer()
    personnes = ("chef", "referent", "voisin", "animatrice", "animateur_lointain", "rectorat")
    assert recus() == sorted(getattr(monde, qui).email for qui in personnes)
    [lu] = [m for m in mail.outbox if m.to == [monde.chef.email]]
    assert lu.subject == "Ce qui vous attend en mars 2031"
    assert "Collège du Test" in lu.body and "Collège lointain" in lu.body and "District 1" in lu.body


def test_le_mois_est_ecrit_une_fois(monde, campagne):
    assert [len(inscrire(monde, jour)) for jour in (JOUR, JOUR, JOUR.replace(day=5))] == [6, 0, 0]
    envoyer()
    envoyer()
    assert (len(mail.outbox), MoisRecapitule.objects.count()) == (6, 1)


def test_le_mois_suivant_a_le_sien(monde, campagne):
    inscrire(monde, datetime.date(2031, 2, 1))
    assert len(inscrire(monde)) == 6


def test_un_ouvrier_absent_le_premier_se_rattrape_puis_renonce(monde, campagne):
    assert len(inscrire(monde, JOUR.replace(day=11))) == 0
    assert len(inscrire(monde, JOUR.replace(day=10))) == 6


def test_interrompue_l_inscription_reprend_sans_doublon(monde, campagne):
    inscrire(monde)
    MoisRecapitule.objects.all().delete()
    Rappel.objects.filter(destinataire=monde.voisin).delete()
    assert [r.destinataire_id for r in inscrire(monde)] == [monde.voisin.pk]


def test_une_personne_de_deux_academies_n_en_recoit_qu_un(monde, campagne):
    affecter(monde.rectorat_ailleurs, Role.RECTORAT, academie=monde.academie)
    inscrire(monde)
    inscrire_recapitulatifs(academie=monde.autre_academie, maintenant=matin())
    assert Rappel.objects.filter(destinataire=monde.rectorat_ailleurs).count() == 1


def test_ce_qui_n_attend_plus_a_l_envoi_ne_part_pas(monde, dossier, campagne):
    inscrire(monde)
    signer(dossier.brouillon, monde.chef, matin())
    envoyer()
    motifs = {r.destinataire_id: (r.etat, r.motif) for r in Rappel.objects.all()}
    assert motifs[monde.chef.pk] == ("ecarte", "plus rien ne l'attend ce mois-ci")
    assert monde.chef.email not in recus() and monde.animatrice.email in recus()


def test_arrete_avant_ou_apres_l_inscription(monde, campagne):
    arreter_un_courriel(personne=monde.chef, sorte=SorteDeCourriel.RECAPITULATIF, maintenant=matin())
    inscrire(monde)
    arreter_un_courriel(personne=monde.voisin, sorte=SorteDeCourriel.RECAPITULATIF, maintenant=matin())
    envoyer()
    assert not Rappel.objects.filter(destinataire=monde.chef).exists()
    assert Rappel.objects.get(destinataire=monde.voisin).motif == "ne souhaite plus recevoir de récapitulatif"


def test_une_academie_peut_s_en_passer(monde, campagne):
    base = SaisieReglages(actifs=True, jours=(30, 7, 1), recapitulatif=True)
    sans = SaisieReglages(actifs=True, jours=(30, 7, 1), recapitulatif=False)
    regler_les_rappels(academie=monde.academie, base=base, saisie=sans, auteur=monde.rectorat, maintenant=matin())
    assert inscrire(monde) == []


def test_le_mois_d_apres_un_recapitulatif_reste_en_file_ne_part_plus(monde, campagne):
    inscrire(monde)
    envoyer(datetime.date(2031, 4, 1))
    assert set(Rappel.objects.values_list("motif", flat=True)) == {"le mois est passé"}


def test_une_collectivite_n_a_pas_de_recapitulatif(monde, campagne):
    inscrire(monde)
    assert not Rappel.objects.filter(destinataire=monde.collectivite_agent).exists()


# --- What it says -----------------------------------------------------------------------------------------------
def test_le_message_dit_chaque_chose_et_y_mene(monde, dossier, campagne):
    a_finir(une_action_publiee(monde.college, "Poser <deux> bornes"), JOUR - datetime.timedelta(days=1))
    Action.objects.update(porteur=monde.chef, fonction_porteuse="")
    inscrire(monde)
    envoyer()
    [lu] = [m for m in mail.outbox if m.to == [monde.chef.email]]
    texte, riche = lu.body.replace("\u00a0", " "), lu.alternatives[0].content
    action = Action.objects.get()
    assert "- Collège du Test : à finir et à signer ; dernier jour pour signer : lundi 31 mars 2031" in texte
    assert "- En retard : Poser <deux> bornes (Collège du Test), attendue le vendredi 28 février 2031" in texte
    assert f"https://paliers.exemple/etablissements/0980001U/plan/actions/{action.pk}/" in texte
    assert "Poser &lt;deux&gt; bornes" in riche and "<deux>" not in riche
    assert "\n\n\n" not in lu.body
    assert lu.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_recapituler_coute_autant_pour_trois_personnes(monde, campagne, django_assert_num_queries):
    with django_assert_num_queries(7):
        recapitulatifs([monde.chef.pk], JOUR)
    une_autre = affecter(un_compte("Luc", "Loin"), Role.CHEF, etablissement=monde.lointain)
    with django_assert_num_queries(7):
        recapitulatifs([monde.chef.pk, monde.voisin.pk, une_autre.pk], JOUR)
