"""Files made in number: what a territory may read, none lost, none twice, whatever stops a worker."""

import datetime
import json
import uuid

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from strategie.pilotage.domain.lots import arreter_lot, avancer_lot, reprendre_lot
from strategie.pilotage.interfaces import taches_des_lots
from strategie.pilotage.interfaces.dossier import imprimer_dossier
from strategie.pilotage.interfaces.tableaux_du_dossier import pieces_jointes
from strategie.pilotage.interfaces.taches_des_lots import ENSEMBLE, en_file, mettre_en_file, reprendre_les_lots
from strategie.pilotage.interfaces.taches_des_lots import avancer as tache
from strategie.pilotage.models import Dossier, DossierDuLot, LotDeDossiers
from strategie.pilotage.queries.contenu_du_territoire import SECTIONS_DU_TERRITOIRE, contenu_du_territoire
from strategie.pilotage.queries.deliberations import dossiers_presentables
from strategie.pilotage.queries.lots import (
    Avancement,
    Territoire,
    cadence_du_lot,
    comptes_du_territoire,
    lots_confies,
    territoires_confies,
)
from strategie.pilotage.rules.lots import INATTENDUE, INTERROMPU, SANS_DIAGNOSTIC, SILENCE, TENTATIVES_MAX
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import GRILLE_DES_DROITS, Droit, Role, roles_ayant
from strategie.socle.models import Departement
from tests.pdf import manquements_de_l_archive, texte_de
from tests.personnages import affecter, un_compte, un_etablissement
from tests.pilotage.dossiers import ANNEE, EXERCICE, JOUR, pdf_de_poche, un_dossier, une_ecole_pleine
from tests.pilotage.lots import avancer, diagnostic_signe, issues, un_lot
from tests.pilotage.textes import serre


@pytest.fixture
def signees(dossier, referentiel):
    """Three schools of the chef's district have signed, a fourth has not."""
    monde = dossier.monde
    autres = [monde.voisin_college]
    autres.append(un_etablissement("0980004X", "Collège quatre", monde.college.departement, district=monde.district))
    for ecole in autres:
        diagnostic_signe(ecole, referentiel, monde.chef)
    un_etablissement("0980005Y", "Collège sans", monde.college.departement, district=monde.district)
    return monde


FAITS = {"0980001U", "0980002V", "0980004X"}


# --- Who, where --------------------------------------------------------------------------------------------------
def test_qui_fait_en_nombre_lit_chaque_partie_du_dossier():
    assert roles_ayant(Droit.LANCER_LOT) == [Role.ANIMATEUR, Role.RECTORAT]
    for role in roles_ayant(Droit.LANCER_LOT):
        assert set(SECTIONS_DU_TERRITOIRE.values()) <= GRILLE_DES_DROITS[role]


def test_chacun_a_les_territoires_que_ses_affectations_couvrent(monde):
    departement = monde.college.departement
    gpi = affecter(un_compte("Denis", "Départemental"), Role.RECTORAT, departement=departement)

    def dits(qui):
        return [str(un) for un in territoires_confies(qui)]

    assert dits(monde.rectorat) == [
        "Académie\u00a0: Exemple",
        "Département\u00a0: Exemple (098)",
        "District\u00a0: District 1",
        "District\u00a0: District 2",
    ]
    assert dits(gpi) == ["Département\u00a0: Exemple (098)"]
    assert dits(monde.animatrice) == ["District\u00a0: District 1"]
    assert dits(monde.chef) == dits(monde.collectivite_agent) == dits(monde.sans_affectation) == []


def test_un_lot_se_lit_de_qui_couvre_son_territoire(signees):
    monde = signees
    departement = Departement.objects.get(code="098")
    gpi = affecter(un_compte("Denis", "Départemental"), Role.RECTORAT, departement=departement)
    du_district = un_lot(monde)
    du_departement = un_lot(monde, Territoire(monde.academie, departement=departement))
    de_l_academie = un_lot(monde, Territoire(monde.academie))
    assert set(lots_confies(monde.rectorat)) == {du_district, du_departement, de_l_academie}
    assert set(lots_confies(gpi)) == {du_departement}
    assert set(lots_confies(monde.animatrice)) == {du_district}
    for autre in (monde.animateur_lointain, monde.rectorat_ailleurs, monde.chef):
        assert not lots_confies(autre)


# --- What such a file holds --------------------------------------------------------------------------------------
def test_le_dossier_du_territoire_ne_dit_ni_besoin_ni_budget_ni_rapport(dossier):
    college = dossier.monde.college
    une_ecole_pleine(college)
    contenu = contenu_du_territoire(college, annee=ANNEE, exercice=EXERCICE, jour=JOUR)
    tus = {nom: contenu[nom] for nom in ("rapport", "besoins", "vision", "budget", "deliberation", "changements")}
    assert tus == {"rapport": "", **dict.fromkeys(("besoins", "vision", "budget", "deliberation", "changements"))}
    texte = json.dumps(contenu, ensure_ascii=False) + "".join(str(piece.contenu) for piece in pieces_jointes(contenu))
    assert "Installer la borne 0" in texte
    for tu in ("Brouillon", "Dotation", "Chariot", "1234", "3703"):
        assert tu not in texte
    assert contenu["plan"]["cout"] is None
    assert all(axe["besoins"] == [] for axe in contenu["plan"]["axes"])


def test_son_pdf_n_a_ni_colonne_de_cout_ni_vote_demande(dossier):
    college = dossier.monde.college
    une_ecole_pleine(college)
    pdf, _ = imprimer_dossier(contenu_du_territoire(college, annee=ANNEE, exercice=EXERCICE, jour=JOUR), "2031-1")
    texte = serre(texte_de(pdf))
    assert serre("Extrait fait pour le suivi du territoire") in texte
    assert serre("Installer la borne 0") in texte
    assert serre("soumis au vote") not in texte and "Projet" not in texte
    assert "1234,50" not in texte and serre("Coût prévu au budget") not in texte
    assert manquements_de_l_archive(pdf) == []


def test_l_ecole_le_trouve_mais_ne_le_presente_pas_au_conseil(signees, client):
    avancer(un_lot(signees))
    sien = Dossier.objects.get(etablissement=signees.college)
    propre = un_dossier(signees.college, maintenant=timezone.now())
    assert list(dossiers_presentables(signees.college)) == [propre]
    client.force_login(signees.chef)
    page = client.get(f"/etablissements/{signees.college.uai}/dossiers/").content.decode()
    assert (page.count("pour le territoire"), sien.numero in page) == (1, True)
    assert client.get(f"/etablissements/{signees.college.uai}/dossiers/{sien.numero}/").status_code == 200
    classeur = client.get(f"/etablissements/{signees.college.uai}/dossiers/{sien.numero}/dossier.xlsx")
    assert b"".join(classeur).startswith(b"PK")


# --- Opening -----------------------------------------------------------------------------------------------------
def test_ouvrir_prend_chaque_ecole_du_territoire(signees):
    monde = signees
    un_etablissement("0980006Z", "Collège fermé", monde.college.departement, district=monde.district, etat="ferme")
    lot = un_lot(monde)
    assert issues(lot) == dict.fromkeys(FAITS, "") | {"0980005Y": SANS_DIAGNOSTIC}
    assert comptes_du_territoire(Territoire(monde.academie, district=monde.district)).a_faire == 3
    assert set(issues(un_lot(monde, Territoire(monde.academie)))) == {*issues(lot), monde.lointain.uai}


def test_demande_deux_fois_c_est_un_lot(signees):
    cle = uuid.uuid4()
    assert un_lot(signees, cle=cle) == un_lot(signees, cle=cle)
    assert (LotDeDossiers.objects.count(), DossierDuLot.objects.count()) == (1, 4)


def test_un_territoire_sans_diagnostic_signe_n_a_pas_de_lot(monde):
    with pytest.raises(Empeche, match="n'a de diagnostic signé"):
        un_lot(monde)
    assert not LotDeDossiers.objects.exists()


@pytest.mark.parametrize("exercice", [1999, 2101])
def test_un_exercice_impossible_est_refuse(signees, exercice):
    with pytest.raises(Empeche, match="de 2000 à 2100"):
        un_lot(signees, exercice=exercice)


def test_la_base_refuse_une_ecole_deux_fois_ou_finie_sans_raison(signees):
    lot = un_lot(signees)
    ligne = lot.dossiers.filter(fini_le__isnull=True).first()
    for changer in (
        lambda: lot.dossiers.create(etablissement=ligne.etablissement),
        lambda: lot.dossiers.filter(pk=ligne.pk).update(fini_le=timezone.now()),
        lambda: lot.dossiers.filter(pk=ligne.pk).update(erreur="Rien"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            changer()


# --- Doing -------------------------------------------------------------------------------------------------------
def test_chaque_ecole_a_son_dossier_fige(signees):
    lot = un_lot(signees)
    assert avancer(lot) == 3
    an = timezone.localdate().year
    assert issues(lot) == dict.fromkeys(FAITS, f"{an}-1") | {"0980005Y": SANS_DIAGNOSTIC}
    fait = Dossier.objects.get(etablissement=signees.college)
    assert (fait.vote, fait.exercice, fait.fait_par) == (False, EXERCICE, signees.rectorat)
    assert json.loads(fait.contenu)["destinataire"] == "territoire"
    assert avancer(lot) == 0


def test_le_temps_donne_borne_une_tranche(signees):
    lot, heure = un_lot(signees), [timezone.now()]

    def lente(contenu, numero):
        heure[0] += datetime.timedelta(seconds=4)
        return pdf_de_poche(contenu, numero)

    cinq_secondes = datetime.timedelta(seconds=5)
    assert [avancer(lot, lente, cinq_secondes, lambda: heure[0]) for _ in range(3)] == [2, 1, 0]


def test_une_ecole_qui_echoue_n_arrete_pas_les_autres(signees, caplog):
    lot = un_lot(signees)

    def rendre(contenu, numero):
        if contenu["etablissement"]["uai"] == signees.college.uai:
            raise ValueError("glyph")
        return pdf_de_poche(contenu, numero)

    assert avancer(lot, rendre) == 3
    an = timezone.localdate().year
    assert issues(lot) == dict.fromkeys(FAITS, f"{an}-1") | {
        "0980005Y": SANS_DIAGNOSTIC,
        signees.college.uai: INATTENDUE,
    }
    assert "glyph" in caplog.text
    assert not Dossier.objects.filter(etablissement=signees.college).exists()


def test_une_ecole_qui_tue_trois_fois_l_ouvrier_est_laissee(signees):
    """`KeyboardInterrupt` stands for what no `except Exception` sees: nothing of the school is written."""
    lot = un_lot(signees)

    def mortelle(contenu, numero):
        if contenu["etablissement"]["uai"] == signees.college.uai:
            raise KeyboardInterrupt
        return pdf_de_poche(contenu, numero)

    morts = 0
    for _ in range(10):
        try:
            avancer(lot, mortelle)
        except KeyboardInterrupt:
            morts += 1
    assert morts == TENTATIVES_MAX
    assert issues(lot)[signees.college.uai] == INTERROMPU
    assert sorted(issues(lot)) == sorted([*FAITS, "0980005Y"])
    assert Dossier.objects.count() == 2


def test_deux_lots_d_un_jour_partagent_le_meme_dossier(signees):
    premier, second = un_lot(signees), un_lot(signees, Territoire(signees.academie))
    avancer(premier)
    avancer(second)
    assert Dossier.objects.count() == 3
    assert {**issues(second)} == {**issues(premier), signees.lointain.uai: SANS_DIAGNOSTIC}


# --- Stopping, taking up again -----------------------------------------------------------------------------------
def test_arrete_un_lot_ne_fait_plus_rien_puis_reprend(signees):
    lot = un_lot(signees)
    avancer(lot, pendant=datetime.timedelta(0))
    arreter_lot(lot=lot, auteur=signees.rectorat, maintenant=timezone.now())
    assert avancer(lot) == 0
    with pytest.raises(Empeche, match="déjà arrêté"):
        arreter_lot(lot=lot, auteur=signees.rectorat, maintenant=timezone.now())
    reprendre_lot(lot=lot, auteur=signees.rectorat)
    assert avancer(lot) == 3  # two that were left, and the one that had not signed, which is told so again
    assert issues(lot)["0980005Y"] == SANS_DIAGNOSTIC


def test_reprendre_essaie_ce_qui_avait_echoue(signees, referentiel):
    lot = un_lot(signees)
    avancer(lot, lambda contenu, numero: 1 / 0)
    assert set(issues(lot).values()) == {INATTENDUE, SANS_DIAGNOSTIC}
    diagnostic_signe(lot.dossiers.get(erreur=SANS_DIAGNOSTIC).etablissement, referentiel, signees.chef)
    reprendre_lot(lot=lot, auteur=signees.rectorat)
    assert avancer(lot) == 4
    assert set(issues(lot).values()) == {f"{timezone.localdate().year}-1"}
    with pytest.raises(Empeche, match="sont faits"):
        reprendre_lot(lot=lot, auteur=signees.rectorat)
    with pytest.raises(Empeche, match="terminé"):
        arreter_lot(lot=lot, auteur=signees.rectorat, maintenant=timezone.now())


# --- How far -----------------------------------------------------------------------------------------------------
def test_l_avancement_dit_ce_qui_reste_et_pour_combien_de_temps(signees):
    lot, heure = un_lot(signees), [timezone.now()]

    def rendre(contenu, numero):
        heure[0] += datetime.timedelta(seconds=30)
        return pdf_de_poche(contenu, numero)

    for _ in range(2):
        avancer(lot, rendre, datetime.timedelta(0), lambda: heure[0])
    lu = lots_confies(signees.rectorat).get()
    etat = Avancement(lu, heure[0], cadence_du_lot(lu))
    assert (lu.total, lu.faits, lu.restants, etat.finis, etat.sans_dossier) == (4, 2, 1, 3, 1)
    assert (etat.en_cours, etat.muet, etat.reste) == (True, False, datetime.timedelta(seconds=30))
    plus_tard = Avancement(lu, heure[0] + SILENCE + datetime.timedelta(seconds=1), cadence_du_lot(lu))
    assert (plus_tard.muet, plus_tard.reste) == (True, None)


# --- In the background -------------------------------------------------------------------------------------------
@pytest.fixture
def de_poche(monkeypatch):
    monkeypatch.setattr(taches_des_lots, "imprimer_dossier", pdf_de_poche)
    monkeypatch.setattr("strategie.pilotage.management.commands.faire_lots.imprimer_dossier", pdf_de_poche)


def test_un_lot_a_autant_de_taches_que_d_ecoles_et_quatre_au_plus(signees):
    lot = un_lot(signees)
    for _ in range(2):
        mettre_en_file(lot.pk)
        assert en_file(lot.pk).count() == 3
    grand = un_lot(signees)
    ecoles = [un_etablissement(f"098010{n}A", f"Collège {n}", signees.college.departement) for n in range(ENSEMBLE)]
    DossierDuLot.objects.bulk_create(DossierDuLot(lot=grand, etablissement=ecole) for ecole in ecoles)
    mettre_en_file(grand.pk)
    assert en_file(grand.pk).count() == ENSEMBLE


def test_une_tache_passe_apres_les_autres_et_met_la_suivante_en_file(signees, de_poche, monkeypatch):
    monkeypatch.setattr(taches_des_lots, "TRANCHE", datetime.timedelta(0))
    lot = un_lot(signees)
    tache.call(lot.pk)
    [suivante] = en_file(lot.pk)
    assert (suivante.priority < 0, suivante.run_after > timezone.now() + datetime.timedelta(days=1)) == (True, True)
    monkeypatch.setattr(taches_des_lots, "TRANCHE", datetime.timedelta(minutes=1))
    tache.call(lot.pk)
    assert en_file(lot.pk).count() == 1  # no more after the last school
    assert not lot.dossiers.filter(fini_le__isnull=True).exists()


def test_un_ouvrier_qui_demarre_reprend_les_lots_inacheves(signees, de_poche):
    """As after a kill: a task that runs for ever, and none in the queue."""
    lot, arrete = un_lot(signees), un_lot(signees)
    arreter_lot(lot=arrete, auteur=signees.rectorat, maintenant=timezone.now())
    mettre_en_file(lot.pk)
    DBTaskResult.objects.update(status="RUNNING")
    reprendre_les_lots()
    assert (en_file(lot.pk).count(), en_file(arrete.pk).count()) == (3, 0)


def test_la_commande_finit_tout_ce_qui_est_inacheve(signees, de_poche, capsys):
    lot = un_lot(signees)
    call_command("faire_lots")
    assert not lot.dossiers.filter(fini_le__isnull=True).exists()
    assert "reste 0" in capsys.readouterr().out
    call_command("faire_lots")
    assert "Aucun lot n'est inachevé." in capsys.readouterr().out


def test_avancer_un_lot_inconnu_ne_fait_rien(db):
    assert avancer_lot(lot=0, pendant=SILENCE, horloge=timezone.now, rendre_pdf=pdf_de_poche) == 0
