"""What was entered by mistake waits in the school's bin, with what its plan threw away; its past is told."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

import budget.domain
from budget.domain.corbeille import retirer_equipement
from budget.domain.equipements import Tenant, changer_etat_en_lot, deplacer, lire_equipement, modifier_equipement
from budget.models import Equipement, Incident, Lot
from plans.domain.corbeille import Purge, mettre_a_la_corbeille, purger_corbeille, restaurer
from plans.interfaces.historique import PHRASES
from strategie.socle.domain.empechement import Empeche
from tests.budget.parc import des_equipements, un_lot, une_salle
from tests.budget.test_salles import adresse, mots
from tests.plans.plans import un_constat
from tests.plans.test_historique import actes_ecrits, raconte

MIDI = datetime.datetime(2031, 3, 3, 12, 0, tzinfo=datetime.UTC)
TRENTE_JOURS = datetime.timedelta(days=30)


def jeter(monde, ligne, tenant=None, le=MIDI) -> None:
    retirer_equipement(equipement=ligne, tenant=tenant or Tenant(monde.referent), maintenant=le)


def un_incident(monde, **sur) -> Incident:
    return Incident.objects.create(
        etablissement=monde.college,
        constat="Écran cassé",
        ouvert_le=MIDI.date(),
        cle=uuid.uuid4(),
        ouvert_par=monde.referent,
        **sur,
    )


# --- Acts ---------------------------------------------------------------------------------------------------
def test_une_ligne_entree_par_erreur_part_et_revient(monde):
    (ligne,) = des_equipements(monde.college, series=["A1"])
    jeter(monde, ligne)
    jeter(monde, ligne)
    assert (ligne.version, ligne.supprime_le, ligne.supprime_par) == (2, MIDI, monde.referent)
    assert not Equipement.objects.vivants().exists()
    restaurer(objet=ligne, auteur=monde.chef, maintenant=MIDI)
    assert list(Equipement.objects.vivants()) == [ligne]


def test_un_numero_repris_entre_temps_ne_revient_pas(monde):
    (ligne,) = des_equipements(monde.college, series=["A1"])
    jeter(monde, ligne)
    des_equipements(monde.college, series=["a1"])
    with pytest.raises(Empeche, match="le même existe de nouveau"):
        restaurer(objet=ligne, auteur=monde.chef, maintenant=MIDI)


def test_la_collectivite_ne_jette_que_ce_qui_est_a_elle(monde):
    siens = Tenant(monde.collectivite_agent, "departement")
    (ligne,) = des_equipements(monde.college)
    with pytest.raises(Empeche, match="n'appartient pas à votre collectivité"):
        jeter(monde, ligne, siens)
    (sienne,) = des_equipements(monde.college, proprietaire="departement")
    jeter(monde, sienne, siens)
    assert list(Equipement.objects.vivants()) == [ligne]


def test_ce_qui_a_servi_sort_de_l_inventaire_au_lieu_d_etre_jete(monde):
    lot = un_lot(monde.college)
    (ligne,) = des_equipements(monde.college, nombre=30, lot=lot.pk)
    with pytest.raises(Empeche, match="30 équipements sont encore dans ce lot"):
        mettre_a_la_corbeille(objet=lot, auteur=monde.chef, maintenant=MIDI)
    un_incident(monde, equipement=ligne)
    with pytest.raises(Empeche, match="sortez plutôt cet équipement"):
        jeter(monde, ligne)
    vide = un_lot(monde.college, "Vide")
    un_incident(monde, lot=vide)
    with pytest.raises(Empeche, match="Un incident parle de ce lot"):
        mettre_a_la_corbeille(objet=vide, auteur=monde.chef, maintenant=MIDI)


def test_une_ligne_ne_revient_ni_sans_son_lot_ni_dans_une_salle_archivee(monde):
    lot, salle = un_lot(monde.college), une_salle(monde.college)
    (ligne,) = des_equipements(monde.college, lot=lot.pk, salle=salle.pk)
    jeter(monde, ligne)
    mettre_a_la_corbeille(objet=lot, auteur=monde.chef, maintenant=MIDI)
    salle.archivee_le = MIDI
    salle.save()
    with pytest.raises(Empeche, match="Restaurez d'abord le lot «\u00a0Classe mobile\u00a0»"):
        restaurer(objet=ligne, auteur=monde.chef, maintenant=MIDI)
    restaurer(objet=lot, auteur=monde.chef, maintenant=MIDI)
    with pytest.raises(Empeche, match="Rétablissez d'abord la salle «\u00a0B12\u00a0»"):
        restaurer(objet=ligne, auteur=monde.chef, maintenant=MIDI)


def test_la_purge_detruit_la_ligne_puis_son_lot(monde):
    lot = un_lot(monde.college)
    (ligne,) = des_equipements(monde.college, lot=lot.pk)
    jeter(monde, ligne)
    mettre_a_la_corbeille(objet=lot, auteur=monde.chef, maintenant=MIDI)
    purge = purger_corbeille(etablissement=monde.college.pk, maintenant=MIDI + TRENTE_JOURS)
    assert purge == Purge(2, ())
    assert not Equipement.objects.exists()
    assert not Lot.objects.exists()


def test_la_purge_garde_ce_dont_un_incident_parle(monde):
    """It was opened as the line was being thrown away."""
    lot = un_lot(monde.college)
    (ligne,) = des_equipements(monde.college, lot=lot.pk)
    jeter(monde, ligne)
    mettre_a_la_corbeille(objet=lot, auteur=monde.chef, maintenant=MIDI)
    incident = un_incident(monde, equipement=ligne)
    purge = purger_corbeille(etablissement=monde.college.pk, maintenant=MIDI + TRENTE_JOURS)
    assert purge == Purge(
        0,
        (
            f"equipement {ligne.pk}, dont dépend\u00a0: incident {incident.pk}",
            f"lot {lot.pk}, dont dépend\u00a0: équipement {ligne.pk}",
        ),
    )


# --- Pages --------------------------------------------------------------------------------------------------
def test_la_corbeille_montre_le_parc_avec_le_plan(client, monde):
    client.force_login(monde.chef)
    (ligne,) = des_equipements(monde.college)
    jeter(monde, ligne)
    mettre_a_la_corbeille(objet=un_lot(monde.college), auteur=monde.referent, maintenant=MIDI)
    mettre_a_la_corbeille(objet=un_constat(monde.college), auteur=monde.chef, maintenant=MIDI)
    arbre = html.fromstring(client.get(adresse("corbeille", monde)).content)
    assert sorted(mots(sorte).split(" ·")[0] for sorte in arbre.xpath("//ul[@class='besoins']/li/p")) == [
        "Constat",
        "Lot",
        "Équipement",
    ]
    reponse = client.post(adresse("corbeille_restaurer", monde, "equipement", ligne.pk), follow=True)
    assert "Équipement «\u00a0Tablette 10 pouces\u00a0»\u00a0: de retour" in reponse.content.decode()
    assert list(Equipement.objects.vivants()) == [ligne]


def test_une_ligne_se_jette_par_sa_page(client, monde):
    client.force_login(monde.gestionnaire)
    (ligne,) = des_equipements(monde.college)
    page = adresse("equipement_retirer", monde, ligne.pk)
    assert "Sortez-le plutôt de l'inventaire" in client.get(page).content.decode()
    assert client.post(page).url == adresse("inventaire", monde)
    assert client.get(adresse("equipement", monde, ligne.pk)).status_code == 404


def test_un_refus_de_jeter_se_lit_sur_la_page(client, monde):
    client.force_login(monde.referent)
    lot = un_lot(monde.college)
    (ligne,) = des_equipements(monde.college, lot=lot.pk)
    un_incident(monde, equipement=ligne)
    for nom, cle, phrase in (
        ("equipement_retirer", ligne.pk, "Un incident en parle"),
        ("lot_retirer", lot.pk, "1 équipement est encore dans ce lot"),
    ):
        for reponse, statut in (
            (client.get(adresse(nom, monde, cle)), 200),
            (client.post(adresse(nom, monde, cle)), 422),
        ):
            assert reponse.status_code == statut
            assert phrase in reponse.content.decode()


def test_un_lot_vide_se_jette_par_sa_page(client, monde):
    client.force_login(monde.referent)
    lot = un_lot(monde.college)
    assert client.post(adresse("lot_retirer", monde, lot.pk)).url == adresse("lots", monde)
    assert not Lot.objects.vivants().exists()


# --- The past of a line -------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_une_ligne_raconte_ce_qu_elle_etait_avant_chaque_changement(monde):
    """Nothing is written when it enters: its first values are known from the first change."""
    salle = une_salle(monde.college)
    ligne, autre = des_equipements(monde.college, series=["A1", "A2"], prix=Decimal("320.50"))
    tenant = Tenant(monde.referent)
    deplacer(etablissement=monde.college, cles=[ligne.pk, autre.pk], salle=salle, tenant=tenant)
    ligne.refresh_from_db()
    base = lire_equipement(ligne)
    voulu = type(base)(type(base.description)("Ardoise", "tablette", prix=Decimal("299.90"), salle=salle.pk), "A1", "")
    modifier_equipement(equipement=ligne, base=base, saisie=voulu, tenant=tenant, maintenant=timezone.now())
    changer_etat_en_lot(
        etablissement=monde.college,
        cles=[ligne.pk],
        etat="sorti",
        destination="don",
        sorti_le=timezone.localdate(),
        tenant=Tenant(monde.chef),
        maintenant=timezone.now(),
    )
    sorti, modifie, deplace = raconte("equipement", ligne)
    assert sorti[:2] == ("Claire Chef", "a changé l'état de l'équipement")
    assert sorti[3][0][2][:2] == [("État", "Réutilisable", "Sorti"), ("Destination", "vide", "Don ou réemploi")]
    assert modifie[3] == [
        (
            "",
            "",
            [
                ("Désignation", "Tablette 10 pouces", "Ardoise"),
                ("Prix unitaire", "320,50\u00a0€", "299,90\u00a0€"),
            ],
        )
    ]
    assert deplace == (
        "Rémi Référent",
        "a déplacé l'équipement",
        "",
        [("", "", [("Salle", "vide", "B12")])],
    )


def test_chaque_acte_des_leviers_se_dit_en_francais():
    assert {"deplacer_equipements", "archiver_salle", "creer_lot"} <= actes_ecrits(budget.domain)
    sans_phrase = actes_ecrits(budget.domain) - PHRASES.keys()
    assert not sans_phrase, f"add to PHRASES of budget/interfaces/historique*.py: {sorted(sans_phrase)}"


@pytest.mark.parametrize("qui", ["collectivite_agent", "animatrice"])
def test_l_historique_d_une_ligne_se_lit_sur_sa_fiche(client, monde, qui):
    """Its own page is the school's, the sheet is for all who read the inventory."""
    (ligne,) = des_equipements(monde.college, proprietaire="departement")
    client.force_login(getattr(monde, qui))
    assert client.get(reverse("historique", args=[monde.college.uai, "equipement", ligne.pk])).status_code == 403
    assert "Entré dans l'inventaire" in client.get(adresse("equipement", monde, ligne.pk)).content.decode()
