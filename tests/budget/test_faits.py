"""What the equipment knows travels up: readings of the plan, kept each month; facts beside the diagnostic's words."""

import datetime
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models.signals import post_save
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from lxml import html

from budget.domain.equipements import Tenant, changer_etat_en_lot, preter
from budget.interfaces.faits import OFFERTS, faits_de_l_equipement
from budget.models import DeclarationUsage, Equipement, Incident, MesureDebit, Raccordement, Salle, ServiceReseau
from budget.queries.mesures import MESURES
from plans.domain.indicateurs import lire_saisie, modifier_indicateur
from plans.domain.releves import enregistrer_releve_calcule, relever_les_mesures
from plans.interfaces.taches import premier_du_mois_suivant, programmer_les_releves, relever_a_l_heure
from plans.models import IndicateurSuivi, Releve
from plans.queries.indicateurs import Lecteur, mesures_de
from plans.queries.mesures import Point, Registre
from strategie.socle.droits import GRILLE_DES_DROITS, Droit, Role
from strategie.socle.interfaces.faits import OFFREURS
from tests.budget.parc import des_equipements, referent_de, un_lot, une_salle
from tests.plans.plans import un_indicateur, une_action

JOUR = datetime.date(2026, 11, 26)
MIDI = datetime.datetime(2026, 11, 26, 12, tzinfo=datetime.UTC)
CHEF = GRILLE_DES_DROITS[Role.CHEF]
UN_JOUR = datetime.timedelta(days=1)


def le(texte: str) -> datetime.date:
    return datetime.date.fromisoformat(texte)


def lire(etablissement, code: str, jour: datetime.date = JOUR) -> list[Point]:
    mesure = next(mesure for mesure in MESURES if mesure.code == code)
    return mesure.lire(Registre(etablissement, jour))


def valeurs(points: list[Point]) -> list[tuple]:
    return [(point.date, point.valeur) for point in points]


@pytest.fixture
def college(monde):
    monde.college.effectif = 640
    monde.college.save()
    monde.college.droits = CHEF
    return monde.college


def mettre(college, nombre=1, categorie="portable", achete="2024-09-01", **champs) -> list[Equipement]:
    achete_le = le(achete) if achete else None
    return des_equipements(college, categorie=categorie, nombre=nombre, achete_le=achete_le, maintenant=MIDI, **champs)


def mettre_en_etat(college, lignes, etat, **champs) -> None:
    changer_etat_en_lot(
        etablissement=college,
        cles=[ligne.pk for ligne in lignes],
        etat=etat,
        tenant=Tenant(referent_de(college)),
        maintenant=MIDI,
        **champs,
    )


def un_incident(college, ouvert: str, clos: str | None = None, cle: str = "1", **champs) -> Incident:
    valeurs = {"constat": "Ne s'allume plus", "cle": f"00000000-0000-0000-0000-{cle:0>12}"}
    valeurs |= {"clos_le": le(clos), "issue": "repare"} if clos else {}
    return Incident.objects.create(
        etablissement=college, ouvert_le=le(ouvert), ouvert_par=referent_de(college), **(valeurs | champs)
    )


def une_mesure(college, instant: str, descendant: str, raccordement: Raccordement | None = None) -> Raccordement:
    raccordement = raccordement or Raccordement.objects.create(etablissement=college, intitule="Fibre")
    MesureDebit.objects.create(
        raccordement=raccordement,
        mesure_le=datetime.datetime.fromisoformat(instant),
        descendant=Decimal(descendant),
        mesure_par=referent_de(college),
    )
    return raccordement


def une_declaration(college, intitule: str, frequence: str, **champs) -> None:
    lot = un_lot(college, intitule, frequence_prevue="hebdomadaire")
    mettre(college, 10, "tablette", lot=lot.pk)
    DeclarationUsage.objects.create(
        lot=lot,
        annee_scolaire="2026-2027",
        trimestre=1,
        frequence=frequence,
        declare_par=referent_de(college),
        declare_le=MIDI,
        **({"comme_prevu": True} | champs),
    )


# --- Readings -------------------------------------------------------------------------------------------
def test_les_codes_tiennent_dans_leur_colonne_et_sont_uniques(monde, referentiel):
    codes = [mesure.code for mesure in MESURES]
    assert len(set(codes)) == len(codes) == 10
    assert set(codes) <= set(mesures_de(monde.college))
    colonnes = {champ.name: champ.max_length for champ in IndicateurSuivi._meta.concrete_fields}
    for mesure in MESURES:
        for nom, dit in (("mesure", mesure.code), ("unite", mesure.unite), ("source", mesure.source)):
            assert len(dit) <= colonnes[nom]


@pytest.mark.parametrize("mesure", MESURES, ids=lambda mesure: mesure.code)
def test_ou_rien_n_est_ecrit_rien_n_est_lu(monde, mesure):
    """A blank is never a zero."""
    assert mesure.lire(Registre(monde.college, JOUR)) == []


def test_les_terminaux_pour_cent_eleves(college):
    mettre(college, 120)
    mettre(college, 30, domaine="administratif")
    [lu] = lire(college, "terminaux-pour-100-eleves")
    assert lu == Point(
        JOUR, Decimal("18.8"), "Inventaire\u00a0: 120 terminaux pédagogiques pour 640 élèves, à ce jour."
    )
    college.effectif = None
    assert lire(college, "terminaux-pour-100-eleves") == []


def test_les_parts_disent_ce_qui_manque(college):
    mettre(college, 6, achete="2021-11-26")
    mettre(college, 2, achete="2015-01-15")
    mettre(college, 2, achete=None)
    mettre_en_etat(college, mettre(college, 5, "borne", achete="2025-01-15"), "reformable")
    [age] = lire(college, "terminaux-cinq-ans")
    assert (age.valeur, age.source) == (
        100,
        "8 sur 8 ordinateurs et tablettes datés\u00a0; 2 sans date d'achat, à ce jour.",
    )
    [au_dela] = lire(college, "parc-au-dela")
    assert (au_dela.valeur, au_dela.source) == (
        15,
        "2 sur 13 équipements pédagogiques datés\u00a0; 2 sans date, à ce jour.",
    )
    assert valeurs(lire(college, "parc-a-reprendre")) == [(JOUR, 33)]
    Equipement.objects.filter(categorie="borne").update(vu_le=le("2026-09-10"))
    assert valeurs(lire(college, "parc-vu")) == [(JOUR, 33)]


def test_le_wifi_ne_compte_que_les_salles_ou_quelqu_un_l_a_constate(college):
    for rang, wifi in enumerate(["bon", "bon", "partiel", "", ""]):
        une_salle(college, f"B{rang}", wifi=wifi)
    une_salle(college, "Ancienne", wifi="absent", archivee_le=MIDI)
    [lu] = lire(college, "salles-bon-wifi")
    assert (lu.valeur, lu.source) == (
        67,
        "2 sur 3 salles où il a été constaté\u00a0; 2 où personne ne l'a essayé, à ce jour.",
    )


def test_le_debit_a_un_point_par_jour_de_mesure(college):
    """The median of the day, the day being the school's; neither a retired line nor the administration's."""
    ligne = une_mesure(college, "2026-10-05T08:00+00:00", "80")
    for instant, debit in (("2026-10-05T10:00+00:00", "96.5"), ("2026-10-05T23:30+00:00", "40")):
        une_mesure(college, instant, debit, ligne)
    for champs in ({"usage": "administratif"}, {"retire_le": MIDI}):
        autre = Raccordement.objects.create(etablissement=college, intitule="Autre", **champs)
        une_mesure(college, "2026-10-05T08:00+00:00", "1000", autre)
    assert valeurs(lire(college, "debit-median")) == [(le("2026-10-05"), Decimal("88.25")), (le("2026-10-06"), 40)]
    assert valeurs(lire(college, "debit-pour-100-eleves")) == [
        (le("2026-10-05"), Decimal("13.8")),
        (le("2026-10-06"), Decimal("6.3")),
    ]


def test_les_journees_hors_service_se_comptent_depuis_la_rentree(college):
    un_incident(college, "2026-08-20", "2026-09-03", hors_service=2)
    assert valeurs(lire(college, "jours-hors-service")) == [(JOUR, 4)]
    un_incident(college, "2026-11-24", cle="2", hors_service=3)
    assert valeurs(lire(college, "jours-hors-service")) == [(JOUR, 10)]


def test_un_lot_ne_compte_pas_plus_de_journees_qu_il_n_a_de_choses(college):
    lot = un_lot(college)
    mettre(college, 2, lot=lot.pk)
    for cle in ("1", "2"):
        un_incident(college, "2026-11-24", cle=cle, hors_service=2, lot=lot)
    assert valeurs(lire(college, "jours-hors-service")) == [(JOUR, 4)]


def test_les_lots_en_echec_sont_rapportes_a_ceux_dont_on_parle(college):
    une_declaration(college, "A", "hebdomadaire")
    une_declaration(college, "B", "jamais")
    une_declaration(college, "C", "quotidienne", comme_prevu=False)
    mettre(college, 3, lot=un_lot(college, "Dont personne ne parle").pk)
    [lu] = lire(college, "lots-en-echec")
    assert (lu.valeur, lu.source) == (67, "2 sur 3 lots dont l'usage est déclaré, à ce jour.")


def test_toutes_les_mesures_ensemble_lisent_chaque_source_une_fois(college):
    lus = []
    for nombre in (1, 3):
        for rang in range(nombre):
            une_declaration(college, f"{nombre}-{rang}", "jamais")
            une_salle(college, f"S{nombre}-{rang}", wifi="bon")
            un_incident(college, "2026-10-01", cle=f"{nombre}{rang}")
            une_mesure(college, f"2026-10-0{nombre}T0{rang}:00+00:00", "50")
        registre = Registre(college, JOUR)
        with CaptureQueriesContext(connection) as requetes:
            assert all(mesure.lire(registre) for mesure in MESURES)
        lus.append(len(requetes))
    assert lus == [7, 7]


# --- Kept each month ------------------------------------------------------------------------------------
def suivre(college, code="terminaux-pour-100-eleves", **champs) -> IndicateurSuivi:
    return un_indicateur(une_action(college), code, mesure=code, sens="hausse", **champs)


def gardes(indicateur: IndicateurSuivi) -> list[tuple]:
    return list(indicateur.releves.order_by("date").values_list("date", "valeur", "origine", "releve_par"))


def test_ce_qui_etait_vrai_reste_quand_l_inventaire_change(college, referentiel):
    indicateur = suivre(college)
    mettre(college, 64)
    octobre = MIDI - 40 * UN_JOUR
    assert relever_les_mesures(maintenant=octobre) == 1
    mettre(college, 64)
    lecture = Lecteur(college, JOUR, CHEF).un(indicateur)
    assert [(lue.date, lue.valeur, lue.origine) for lue in lecture.valeurs] == [
        (octobre.date(), 10, "paliers"),
        (JOUR, 20, "paliers"),
    ]
    assert gardes(indicateur) == [(octobre.date(), 10, "paliers", None)]


def test_une_valeur_par_mois_et_pas_deux(college, referentiel):
    indicateur = suivre(college)
    mettre(college, 64)
    assert [relever_les_mesures(maintenant=MIDI - n * UN_JOUR) for n in (20, 10, 0)] == [1, 0, 0]
    assert relever_les_mesures(maintenant=MIDI + 10 * UN_JOUR) == 1
    assert [date for date, *_ in gardes(indicateur)] == [JOUR - 20 * UN_JOUR, JOUR + 10 * UN_JOUR]


def test_ce_qui_a_deja_son_passe_n_est_pas_garde(college, referentiel):
    """Measures of throughput are dated by themselves; what nobody knows is not kept either."""
    une_mesure(college, "2026-10-05T08:00+00:00", "80")
    indicateurs = [suivre(college, "debit-median"), suivre(college, "salles-bon-wifi"), suivre(college, "palier-EQU")]
    assert relever_les_mesures(maintenant=MIDI) == 0
    assert [gardes(indicateur) for indicateur in indicateurs] == [[], [], []]
    assert len(Lecteur(college, JOUR, CHEF).un(indicateurs[0]).valeurs) == 1


def test_ce_qui_est_a_la_corbeille_n_est_plus_releve(college, referentiel):
    mettre(college, 64)
    jete, orphelin = suivre(college), suivre(college)
    IndicateurSuivi.objects.filter(pk=jete.pk).update(supprime_le=MIDI)
    type(orphelin.action).objects.filter(pk=orphelin.action_id).update(supprime_le=MIDI)
    assert relever_les_mesures(maintenant=MIDI) == 0


def test_ce_qui_est_jete_entre_temps_n_arrete_pas_les_autres(college, referentiel):
    """The second goes to the bin while the first is written."""
    mettre(college, 64)
    premier, jete, dernier = (suivre(college) for _ in range(3))

    def jeter(**_: object) -> None:
        IndicateurSuivi.objects.filter(pk=jete.pk).update(supprime_le=MIDI)

    post_save.connect(jeter, sender=Releve)
    try:
        assert relever_les_mesures(maintenant=MIDI) == 2
    finally:
        post_save.disconnect(jeter, sender=Releve)
    assert [len(gardes(indicateur)) for indicateur in (premier, jete, dernier)] == [1, 0, 1]


def test_changer_de_mesure_ote_ce_qui_etait_garde_de_l_autre(monde, college, referentiel):
    indicateur = suivre(college, depart=0, cible=30)
    mettre(college, 64)
    relever_les_mesures(maintenant=MIDI)
    base = lire_saisie(indicateur)
    autre = lire_saisie(suivre(college, "parc-vu", depart=0, cible=100))
    modifier_indicateur(indicateur=indicateur, base=base, saisie=autre, auteur=monde.chef, maintenant=MIDI)
    assert gardes(indicateur) == []
    assert Releve.evenements.rel.related_model.objects.filter(pgh_label="delete").count() == 1


def test_le_travail_de_fond_revient_chaque_mois_une_seule_fois(college, referentiel):
    suivre(college)
    mettre(college, 64)
    for _ in range(2):
        programmer_les_releves()
    tache = DBTaskResult.objects.get()
    assert tache.run_after == premier_du_mois_suivant(timezone.now())
    relever_a_l_heure.call()
    assert (DBTaskResult.objects.count(), Releve.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("maintenant", "attendu"),
    [
        ("2026-11-26T12:00+00:00", "2026-12-01T11:00+00:00"),
        ("2026-12-31T23:59+00:00", "2027-01-01T11:00+00:00"),
        ("2027-01-31T00:00+11:00", "2027-02-01T11:00+00:00"),
        ("2027-02-01T11:00+00:00", "2027-03-01T11:00+00:00"),
    ],
)
def test_le_premier_du_mois_suivant(maintenant, attendu):
    lu = premier_du_mois_suivant(datetime.datetime.fromisoformat(maintenant))
    assert lu == datetime.datetime.fromisoformat(attendu)


def test_la_commande_dit_ce_qu_elle_garde(college, referentiel, capsys):
    suivre(college)
    mettre(college, 64)
    for dit in ("1 relevé gardé.", "0 relevé gardé."):
        call_command("relever_mesures")
        assert capsys.readouterr().out.strip() == dit
    assert DBTaskResult.objects.count() == 1


def test_choisir_une_mesure_a_l_ecran_programme_ses_releves(client, monde, college, referentiel):
    client.force_login(monde.chef)
    action = une_action(college)
    corps = dict.fromkeys(["unite", "depart", "depart_le", "cible", "cible_le", "source", "responsable"], "")
    corps |= {"intitule": "", "mesure": "parc-vu", "sens": "hausse", "cadence": "mensuelle", "agregation": "aucune"}
    page = client.post(reverse("indicateur_ajouter", args=[college.uai, action.pk]), corps)
    assert page.status_code == 302
    indicateur = IndicateurSuivi.objects.get()
    assert (indicateur.unite, indicateur.source, indicateur.responsable) == (
        "%",
        "Inventaire de l'établissement",
        "Paliers",
    )
    assert DBTaskResult.objects.count() == 1


def test_un_releve_saisi_ce_jour_la_reste(monde, college, referentiel):
    indicateur = suivre(college)
    Releve.objects.create(indicateur=indicateur, date=JOUR, valeur=5, releve_par=monde.chef, releve_le=MIDI)
    enregistrer_releve_calcule(indicateur=indicateur, date=JOUR, valeur=Decimal(10), note="", maintenant=MIDI)
    assert gardes(indicateur) == [(JOUR, 5, "saisie", monde.chef.pk)]


# --- Beside the diagnostic's questions --------------------------------------------------------------------
def faits(college, *codes: str, jour=JOUR) -> dict[str, str]:
    return {code: fait.phrase for code, fait in faits_de_l_equipement(college, codes or list(OFFERTS), jour)}


def test_ou_rien_n_est_ecrit_rien_n_est_dit(college):
    assert faits(college) == {}


def test_chaque_code_est_un_indicateur_du_referentiel(referentiel):
    assert set(OFFERTS) <= set(referentiel.indicateurs.values_list("code", flat=True))


def test_l_inventaire_dit_ses_nombres_exacts(college):
    salle, vide = une_salle(college), une_salle(college, "B13")
    mettre(college, 20, salle=salle.pk, proprietaire="departement")
    mettre(college, 1, "videoprojecteur", salle=salle.pk)
    mettre(college, 1, "videoprojecteur", salle=vide.pk)
    mettre(college, 8, "fixe", achete="2016-01-15")
    mettre(college, 30, "tablette", achete=None)
    mettre(college, 2, "mobile", achete="2025-01-15")
    mettre(college, 3, "accessibilite", achete="2025-01-15")
    mettre_en_etat(college, mettre(college, 3), "sorti", destination="don")
    mettre_en_etat(college, mettre(college, 5), "sorti", destination="deee")
    tablettes = Equipement.objects.get(categorie="tablette")
    preter(
        etablissement=college, cles=[tablettes.pk], a="eleve", jusqu_au=None,
        tenant=Tenant(referent_de(college)), maintenant=MIDI,
    )  # fmt: skip
    Equipement.objects.filter(categorie="fixe").update(vu_le=JOUR)
    assert faits(college) == {
        "EQU-1-1": "avec un affichage et un ordinateur ou une tablette en état de servir, 1\u00a0salle sur 2 "
        "(50\u00a0%).",
        "EQU-1-2": "vus à leur place depuis le 15\u00a0août, 8\u00a0équipements sur 35 (23\u00a0%), prêts mis à "
        "part\u00a0; sans date d'achat, 30\u00a0; sans propriétaire, 45.",
        "EQU-1-3": "58\u00a0terminaux pédagogiques dans tout l'établissement, soit 9,1 pour 100\u00a0élèves.",
        "EQU-1-4": "30\u00a0ordinateurs et tablettes prêtés à des élèves.",
        "EQU-2-1": "2\u00a0chariots et valises mobiles, 30\u00a0tablettes, 20\u00a0ordinateurs portables, au domaine "
        "pédagogique.",
        "EQU-2-2": "au-delà de la durée prévue, 8\u00a0équipements pédagogiques sur 35 (23\u00a0%)\u00a0; sans "
        "date, 30.",
        "EQU-2-4": "3\u00a0matériels adaptés au handicap.",
        "EQU-3-4": "sortis pour un don ou un réemploi, 3\u00a0équipements sur 8 (38\u00a0%).",
    }


def test_le_reseau_les_incidents_et_les_usages_disent_les_leurs(college):
    for rang, wifi in enumerate(["bon", "partiel", ""]):
        une_salle(college, f"B{rang}", wifi=wifi)
    for sorte, en_place, verifie in (("filtrage", "oui", JOUR), ("sauvegarde", "ne_sait_pas", None)):
        ServiceReseau.objects.create(
            etablissement=college, sorte=sorte, en_place=en_place, verifie_le=verifie,
            dit_par=referent_de(college), dit_le=MIDI,
        )  # fmt: skip
    ligne = une_mesure(college, "2026-09-05T08:00+00:00", "10")
    for jour in ("2026-10-05", "2026-10-06", "2026-11-05"):
        une_mesure(college, f"{jour}T08:00+00:00", "96.50", ligne)
    un_incident(college, "2026-08-25", "2026-09-04")
    un_incident(college, "2026-10-01", "2026-10-04", cle="2")
    un_incident(college, "2026-11-01", cle="3")
    une_declaration(college, "A", "jamais")
    une_declaration(college, "B", "quotidienne")
    codes = ["EQU-3-2", *(code for code in OFFERTS if code.startswith("INF"))]
    assert faits(college, *codes) == {
        "EQU-3-2": "usage déclaré de 2\u00a0lots\u00a0; comme prévu, 1\u00a0; pas du tout, 1.",
        "INF-1-2": "«\u00a0Filtrage des contenus\u00a0», «\u00a0oui\u00a0», vérifié le 26\u00a0novembre 2026.",
        "INF-1-3": "2\u00a0incidents ouverts en 2026-2027.",
        "INF-1-4": "«\u00a0Sauvegardes\u00a0», «\u00a0on ne sait pas\u00a0», sans vérification.",
        "INF-2-1": "débit descendant mesuré, 96,5 Mbit/s le 5\u00a0octobre 2026, 96,5 Mbit/s le 6\u00a0octobre 2026, "
        "96,5 Mbit/s le 5\u00a0novembre 2026.",
        "INF-2-2": "bon Wi-Fi dans 1\u00a0salle sur 2 (50\u00a0%) où il a été constaté\u00a0; pas constaté dans 1.",
        "INF-2-4": "2\u00a0incidents clos en 2026-2027, la moitié en 6,5\u00a0jours au plus.",
    }


def test_qui_ne_lit_pas_l_inventaire_n_en_apprend_rien(college):
    mettre(college, 20)
    college.droits = CHEF - {Droit.LIRE_INVENTAIRE}
    assert faits(college) == {}


def test_la_page_du_champ_montre_le_fait_et_ne_repond_rien(client, dossier):
    monde = dossier.monde
    mettre(monde.college, 8, achete="2016-01-15")
    mettre(monde.college, 16, achete="2025-01-15")
    client.force_login(monde.chef)
    page = client.get(reverse("diagnostic_champ", args=[monde.college.uai, dossier.annee, "EQU"]))
    bloc = html.fromstring(page.content).get_element_by_id("EQU-2-2")
    dit = " ".join(bloc.text_content().split())
    assert "L'inventaire dit, le" in dit
    assert "au-delà de la durée prévue, 8 équipements pédagogiques sur 24 (33 %)." in dit
    [lien] = bloc.xpath(".//p[@class='fait']/a/@href")
    assert client.get(lien).status_code == 200
    assert bloc.xpath(".//input[@checked]/@value") == ["en_partie"]  # what the school had answered
    ailleurs = client.get(reverse("diagnostic_champ", args=[monde.college.uai, dossier.annee, "PIL"]))
    assert b'class="fait"' not in ailleurs.content


def test_les_questions_d_une_autre_annee_restent_seules(client, dossier, monkeypatch):
    """Today's figures beside last year's answers would mislead."""
    monde = dossier.monde
    mettre(monde.college, 8)
    client.force_login(monde.chef)
    passee = dossier.copie.diagnostic.campagne.annee_scolaire
    page = client.get(reverse("diagnostic_champ", args=[monde.college.uai, passee, "EQU"]))
    assert page.status_code == 200
    assert b'class="fait"' not in page.content


def test_la_page_du_champ_coute_autant_avec_un_equipement_qu_avec_trois(client, dossier, django_assert_num_queries):
    monde = dossier.monde
    client.force_login(monde.chef)
    for champ, requetes in (("EQU", 11), ("INF", 11)):
        adresse = reverse("diagnostic_champ", args=[monde.college.uai, dossier.annee, champ])
        for rang in range(3):
            une_declaration(monde.college, f"{champ}{rang}", "jamais")
            une_salle(monde.college, f"{champ}{rang}", wifi="bon")
            un_incident(monde.college, "2026-10-01", cle=f"{len(champ)}{rang}{ord(champ[0])}")
            with django_assert_num_queries(requetes):
                client.get(adresse)


def test_un_seul_offreur_par_etage():
    assert OFFREURS.count(faits_de_l_equipement) == 1


def test_les_salles_archivees_ne_comptent_pas(college):
    Salle.objects.create(etablissement=college, nom="Ancienne", wifi="bon", archivee_le=MIDI)
    assert faits(college, "INF-2-2") == {}
