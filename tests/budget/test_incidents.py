"""Incidents: opened, sent, closed; how long things could not serve; their pages."""

import datetime
import html
import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from budget.domain.equipements import Tenant, changer_etat_en_lot
from budget.domain.incidents import (
    Cloture,
    IncidentChange,
    SaisieIncident,
    clore_incident,
    lire_incident,
    modifier_incident,
    ouvrir_incident,
    rouvrir_incident,
)
from budget.domain.pannes import Panne, jours_hors_service
from budget.models import Equipement, Incident
from budget.queries.incidents import (
    jours_hors_service_des_lots,
    jours_hors_service_du_lot,
)
from strategie.socle.domain.empechement import Empeche, SaisieRefusee
from tests.budget.parc import des_equipements, un_lot
from tests.diagnostic.courses import ensemble
from tests.personnages import creer_monde

MAINTENANT = datetime.datetime(2031, 3, 20, 10, 0, tzinfo=datetime.UTC)
JOUR = MAINTENANT.date()
UN_JOUR = datetime.timedelta(days=1)
LUNDI = datetime.date(2031, 3, 3)


def jour_de_mars(quantieme: int) -> datetime.date:
    return datetime.date(2031, 3, quantieme)


def ouvrir(monde, *, qui=None, cle=None, equipement=None, lot=None, **champs) -> Incident:
    valeurs = {"constat": "Ne s'allume plus", "hors_service": 1, "ouvert_le": LUNDI}
    return ouvrir_incident(
        etablissement=monde.college,
        saisie=SaisieIncident(**(valeurs | champs)),
        cle=cle or uuid.uuid4(),
        tenant=qui or Tenant(monde.referent),
        maintenant=MAINTENANT,
        equipement=equipement,
        lot=lot,
    )


def clore(monde, incident, issue="repare", *, le=JOUR, conclusion="", version=None, qui=None) -> Incident:
    return clore_incident(
        incident=incident,
        version=version or incident.version,
        cloture=Cloture(issue, le, conclusion),
        tenant=qui or Tenant(monde.referent),
        maintenant=MAINTENANT,
    )


def etat(ligne: Equipement) -> str:
    return Equipement.objects.get(pk=ligne.pk).etat


# --- How many days: the pure rule ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("pannes", "attendu"),
    [
        ([], 0),
        ([Panne(1, 1, jour_de_mars(3), jour_de_mars(5))], 2),
        ([Panne(1, 1, jour_de_mars(3), jour_de_mars(3))], 0),
        ([Panne(1, 1, jour_de_mars(3))], 17),  # until the eve of today, the 20th
        ([Panne(1, 1, jour_de_mars(20))], 0),
        ([Panne(1, 4, jour_de_mars(3), jour_de_mars(5))], 8),
        # twice the same thing, then two things
        ([Panne(1, 1, jour_de_mars(3), jour_de_mars(10)), Panne(1, 1, jour_de_mars(5), jour_de_mars(12))], 9),
        ([Panne(1, 1, jour_de_mars(3), jour_de_mars(10)), Panne(2, 1, jour_de_mars(5), jour_de_mars(12))], 14),
        ([Panne(1, 3, jour_de_mars(3), jour_de_mars(10)), Panne(1, 2, jour_de_mars(5), jour_de_mars(12))], 25),
        # no line is named: they add up
        ([Panne(None, 1, jour_de_mars(3), jour_de_mars(5)), Panne(None, 2, jour_de_mars(4), jour_de_mars(6))], 6),
        # begun before the year, and not over
        ([Panne(1, 1, datetime.date(2029, 1, 1))], (JOUR - datetime.date(2030, 9, 1)).days),
        ([Panne(1, 1, datetime.date(2029, 1, 1), datetime.date(2030, 9, 1))], 0),
    ],
)
def test_les_jours_hors_service_se_comptent_a_la_main(pannes, attendu):
    debut, fin = datetime.date(2030, 9, 1), datetime.date(2031, 8, 31)
    assert jours_hors_service(pannes, debut, fin, JOUR) == attendu


def test_un_lot_ne_compte_pas_plus_de_choses_qu_il_n_en_a():
    pannes = [Panne(None, 30, jour_de_mars(3), jour_de_mars(5)), Panne(1, 1, jour_de_mars(4), jour_de_mars(6))]
    annee = (datetime.date(2030, 9, 1), datetime.date(2031, 8, 31))
    assert jours_hors_service(pannes, *annee, JOUR, au_plus=30) == 61
    assert jours_hors_service(pannes, *annee, JOUR) == 62


def test_l_annee_finie_compte_son_dernier_jour():
    panne, apres = Panne(1, 1, datetime.date(2031, 8, 30)), datetime.date(2032, 5, 1)
    assert jours_hors_service([panne], datetime.date(2030, 9, 1), datetime.date(2031, 8, 31), apres) == 2


UNE_PANNE = st.builds(
    lambda chose, nombre, debut, duree: Panne(
        chose, nombre, LUNDI + debut * UN_JOUR, None if duree is None else LUNDI + (debut + duree) * UN_JOUR
    ),
    st.sampled_from([None, 1, 2]),
    st.integers(1, 4),
    st.integers(0, 20),
    st.none() | st.integers(0, 20),
)


def jour_par_jour(pannes, debut, fin, jour, au_plus):
    """The rule again, one day after the other."""
    total, date = 0, debut
    while date <= fin and date < jour:
        en_cours = [p for p in pannes if p.debut <= date and (p.fin is None or date < p.fin)]
        par_ligne = sum(max((p.nombre for p in en_cours if p.chose == chose), default=0) for chose in (1, 2))
        en_tout = par_ligne + sum(p.nombre for p in en_cours if p.chose is None)
        total += en_tout if au_plus is None else min(en_tout, au_plus)
        date += UN_JOUR
    return total


@given(st.lists(UNE_PANNE, max_size=6), st.integers(0, 45), st.none() | st.integers(1, 6))
def test_compter_par_periodes_ou_jour_par_jour_donne_pareil(pannes, jour, au_plus):
    bornes = (LUNDI + 2 * UN_JOUR, LUNDI + 30 * UN_JOUR, LUNDI + jour * UN_JOUR)
    assert jours_hors_service(pannes, *bornes, au_plus) == jour_par_jour(pannes, *bornes, au_plus)


# --- Opening ----------------------------------------------------------------------------------------------------
def test_ouvrir_sur_une_chose_la_dit_a_reparer(monde):
    lot = un_lot(monde.college)
    (ligne,) = des_equipements(monde.college, lot=lot.pk, maintenant=MAINTENANT)
    incident = ouvrir(monde, equipement=ligne, envoye_a="departement", envoye_le=LUNDI + UN_JOUR)
    assert lire_incident(incident) == SaisieIncident("Ne s'allume plus", 1, LUNDI, "departement", LUNDI + UN_JOUR)
    assert (incident.equipement_id, incident.lot_id, incident.ouvert_par) == (ligne.pk, lot.pk, monde.referent)
    assert etat(ligne) == "a_reparer"


def test_trois_de_trente_qui_cassent_deviennent_une_ligne_a_reparer(monde):
    (ligne,) = des_equipements(monde.college, nombre=30, maintenant=MAINTENANT)
    incident = ouvrir(monde, equipement=ligne, hors_service=3)
    lignes = Equipement.objects.order_by("pk").values_list("pk", "nombre", "etat")
    assert list(lignes) == [(ligne.pk, 27, "reutilisable"), (incident.equipement_id, 3, "a_reparer")]
    with pytest.raises(SaisieRefusee, match="de 1 à 27"):
        ouvrir(monde, equipement=ligne, hors_service=28)


def test_ce_qui_est_a_reformer_le_reste(monde):
    (ligne,) = des_equipements(monde.college, maintenant=MAINTENANT)
    changer_etat_en_lot(
        etablissement=monde.college,
        cles=[ligne.pk],
        etat="reformable",
        tenant=Tenant(monde.chef),
        maintenant=MAINTENANT,
    )
    incident = ouvrir(monde, equipement=ligne)
    assert etat(ligne) == "reformable"
    clore(monde, incident, "repare")
    assert etat(ligne) == "reformable"


def test_un_incident_envoye_deux_fois_s_ouvre_une_fois(monde):
    (ligne,) = des_equipements(monde.college, nombre=30, maintenant=MAINTENANT)
    cle = uuid.uuid4()
    premier = ouvrir(monde, equipement=ligne, hors_service=3, cle=cle)
    assert ouvrir(monde, equipement=ligne, hors_service=3, cle=cle) == premier
    assert sorted(Equipement.objects.values_list("nombre", flat=True)) == [3, 27]


def test_ce_qui_est_sorti_ne_tombe_plus_en_panne(monde):
    (ligne,) = des_equipements(monde.college, maintenant=MAINTENANT)
    changer_etat_en_lot(
        etablissement=monde.college,
        cles=[ligne.pk],
        etat="sorti",
        destination="don",
        tenant=Tenant(monde.chef),
        maintenant=MAINTENANT,
    )
    with pytest.raises(Empeche, match="est sorti de l'inventaire"):
        ouvrir(monde, equipement=ligne)
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    ("champs", "faute"),
    [
        ({"constat": ""}, {"constat"}),
        ({"constat": "x" * 301}, {"constat"}),
        ({"hors_service": 0}, {"hors_service"}),
        ({"hors_service": 10_001}, {"hors_service"}),
        ({"ouvert_le": JOUR + UN_JOUR}, {"ouvert_le"}),
        ({"ouvert_le": datetime.date(2025, 1, 1)}, {"ouvert_le"}),
        ({"envoye_a": "departement"}, {"envoye_le"}),
        ({"envoye_le": LUNDI}, {"envoye_a"}),
        ({"envoye_a": "departement", "envoye_le": LUNDI - UN_JOUR}, {"envoye_le"}),
        ({"envoye_a": "departement", "envoye_le": JOUR + UN_JOUR}, {"envoye_le"}),
    ],
)
def test_un_incident_mal_dit_est_refuse_a_son_champ(monde, champs, faute):
    with pytest.raises(SaisieRefusee) as refus:
        ouvrir(monde, **champs)
    assert refus.value.defauts.keys() == faute
    assert not Incident.objects.exists()


def test_une_collectivite_ecrit_sur_ses_biens_seulement(monde):
    agent = Tenant(monde.collectivite_agent, "departement")
    lot, mele = un_lot(monde.college), un_lot(monde.college, "Fonds mêlé")
    (sienne,) = des_equipements(monde.college, proprietaire="departement", lot=lot.pk, maintenant=MAINTENANT)
    (autre,) = des_equipements(monde.college, proprietaire="eple", lot=mele.pk, maintenant=MAINTENANT)
    des_equipements(monde.college, proprietaire="departement", lot=mele.pk, maintenant=MAINTENANT)
    for ailleurs in ({"equipement": autre}, {"lot": mele}, {}):
        with pytest.raises(Empeche, match="n'appartient pas à votre collectivité"):
            ouvrir(monde, qui=agent, **ailleurs)
    du_lot = ouvrir(monde, qui=agent, lot=lot)
    assert clore(monde, du_lot, qui=agent).issue == "repare"
    assert clore(monde, ouvrir(monde, qui=agent, equipement=sienne), qui=agent).issue == "repare"
    for incident in (ouvrir(monde, equipement=autre), ouvrir(monde)):
        with pytest.raises(Empeche, match="n'appartient pas à votre collectivité"):
            clore(monde, incident, qui=agent)


# --- Changing, closing, opening again ---------------------------------------------------------------------------
def modifier(monde, incident, base, **champs):
    return modifier_incident(
        incident=incident,
        base=base,
        saisie=SaisieIncident(**(vars(base) | champs)),
        tenant=Tenant(monde.referent),
        maintenant=MAINTENANT,
    )


def test_deux_personnes_modifient_le_meme_incident(monde):
    incident = ouvrir(monde)
    lu = lire_incident(incident)
    assert not modifier(monde, incident, lu, envoye_a="departement", envoye_le=JOUR, constat="Écran noir")
    conflits = modifier(monde, incident, lu, constat="Ne charge plus", hors_service=2)
    assert {nom: (c.mien, c.actuel) for nom, c in conflits.items()} == {"constat": ("Ne charge plus", "Écran noir")}
    assert not modifier(monde, incident, lu, hors_service=2)
    tenu = Incident.objects.get()
    assert lire_incident(tenu) == SaisieIncident("Écran noir", 2, LUNDI, "departement", JOUR)
    assert tenu.version == 3


@pytest.mark.parametrize(
    ("issue", "apres"),
    [
        ("repare", "reutilisable"),
        ("remplace", "reutilisable"),
        ("reforme", "reformable"),
        ("sans_suite", "a_reparer"),
    ],
)
def test_la_cloture_dit_ce_que_la_chose_devient(monde, issue, apres):
    (ligne,) = des_equipements(monde.college, maintenant=MAINTENANT)
    clos = clore(monde, ouvrir(monde, equipement=ligne), issue, conclusion="Batterie changée")
    assert (clos.issue, clos.clos_le, clos.conclusion) == (issue, JOUR, "Batterie changée")
    assert etat(ligne) == apres


def test_ce_qui_est_sorti_entre_temps_ne_revient_pas(monde):
    (ligne,) = des_equipements(monde.college, maintenant=MAINTENANT)
    incident = ouvrir(monde, equipement=ligne)
    changer_etat_en_lot(
        etablissement=monde.college,
        cles=[ligne.pk],
        etat="sorti",
        destination="deee",
        tenant=Tenant(monde.chef),
        maintenant=MAINTENANT,
    )
    clore(monde, incident, "repare")
    assert etat(ligne) == "sorti"


def test_tant_qu_un_autre_incident_est_ouvert_la_chose_ne_sert_pas(monde):
    (ligne,) = des_equipements(monde.college, maintenant=MAINTENANT)
    premier, second = ouvrir(monde, equipement=ligne), ouvrir(monde, equipement=ligne, constat="Écran fêlé")
    clore(monde, premier)
    assert etat(ligne) == "a_reparer"
    clore(monde, second)
    assert etat(ligne) == "reutilisable"


@pytest.mark.parametrize(
    ("champs", "faute"),
    [
        ({"issue": ""}, {"issue"}),
        ({"issue": "sans_suite"}, {"conclusion"}),
        ({"conclusion": "x" * 301}, {"conclusion"}),
        ({"le": JOUR + UN_JOUR}, {"clos_le"}),
        ({"le": LUNDI - UN_JOUR}, {"clos_le"}),
    ],
)
def test_une_cloture_mal_dite_est_refusee_a_son_champ(monde, champs, faute):
    incident = ouvrir(monde)
    with pytest.raises(SaisieRefusee) as refus:
        clore(monde, incident, **champs)
    assert refus.value.defauts.keys() == faute
    assert Incident.objects.get().clos_le is None


def test_clore_deux_fois(monde):
    incident = ouvrir(monde)
    clore(monde, incident, "repare", conclusion="Fait", version=1)
    assert clore(monde, incident, "repare", conclusion="Fait", version=1).version == 2
    with pytest.raises(IncidentChange) as refus:
        clore(monde, incident, "remplace", version=1)
    assert (refus.value.actuel.issue, refus.value.actuel.conclusion) == ("repare", "Fait")


def test_rouvrir_efface_la_cloture(monde):
    (ligne,) = des_equipements(monde.college, maintenant=MAINTENANT)
    incident = clore(monde, ouvrir(monde, equipement=ligne), "repare", conclusion="Fait")
    rouvert = rouvrir_incident(incident=incident, version=2, tenant=Tenant(monde.chef))
    assert (rouvert.clos_le, rouvert.issue, rouvert.conclusion, rouvert.version) == (None, "", "", 3)
    assert etat(ligne) == "a_reparer"
    with pytest.raises(Empeche, match="déjà ouvert"):
        rouvrir_incident(incident=incident, version=3, tenant=Tenant(monde.chef))
    # the browser's « back » sends the first closing again
    with pytest.raises(IncidentChange):
        clore(monde, incident, "repare", conclusion="Fait", version=1)


@pytest.mark.django_db(transaction=True)
def test_deux_clotures_en_meme_temps_n_en_font_qu_une():
    monde = creer_monde()
    for _ in range(5):
        (ligne,) = des_equipements(monde.college, maintenant=MAINTENANT)
        incident = ouvrir(monde, equipement=ligne)
        faits = ensemble(
            lambda incident=incident: clore(monde, incident, "repare", version=1).issue,
            lambda incident=incident: clore(monde, incident, "reforme", version=1).issue,
        )
        tenu = Incident.objects.get(pk=incident.pk)
        assert tenu.version == 2
        assert sorted(len(str(fait)) > 20 for fait in faits) == [False, True]  # one outcome, one refusal in words
        assert tenu.issue in faits
        assert etat(ligne) == {"repare": "reutilisable", "reforme": "reformable"}[tenu.issue]


@pytest.mark.django_db(transaction=True)
def test_un_envoi_double_en_meme_temps_n_ouvre_qu_un_incident():
    monde = creer_monde()
    (ligne,) = des_equipements(monde.college, nombre=10, maintenant=MAINTENANT)
    cle = uuid.uuid4()
    faits = ensemble(*[lambda: ouvrir(monde, equipement=ligne, hors_service=2, cle=cle).pk] * 3)
    assert len(set(faits)) == 1
    assert sorted(Equipement.objects.values_list("nombre", flat=True)) == [2, 8]


# --- Days out of use, from the tables -------------------------------------------------------------------------
def test_les_jours_hors_service_d_un_lot(monde):
    lot, autre = un_lot(monde.college), un_lot(monde.college, "Vidéoprojecteurs")
    une, deux = des_equipements(monde.college, series=["A1", "A2"], lot=lot.pk, maintenant=MAINTENANT)
    clore(monde, ouvrir(monde, equipement=une), le=jour_de_mars(10))  # 7 days
    clore(monde, ouvrir(monde, equipement=une, ouvert_le=jour_de_mars(5)), le=jour_de_mars(12))  # 2 days more
    ouvrir(monde, equipement=deux, ouvert_le=jour_de_mars(18))  # 2 days
    des_equipements(monde.college, lot=autre.pk, maintenant=MAINTENANT)
    ouvrir(monde, lot=autre, ouvert_le=datetime.date(2030, 8, 30))  # 200 days since 1 September
    ouvrir(monde)
    assert jours_hors_service_des_lots(monde.college, "2030-2031", JOUR) == {lot.pk: 11, autre.pk: 200}
    assert jours_hors_service_des_lots(monde.college, "2029-2030", JOUR) == {autre.pk: 2}
    assert jours_hors_service_du_lot(lot, "2030-2031", JOUR) == 11
    assert jours_hors_service_du_lot(lot, "2028-2029", JOUR) == 0


# --- Pages ------------------------------------------------------------------------------------------------------
def page(client, monde, nom, *args, qui=None, **donnees):
    client.force_login(qui or monde.referent)
    return client.get(reverse(nom, args=[monde.college.uai, *args]), donnees)


def envoyer(client, monde, nom, *args, qui=None, dans="", **champs):
    client.force_login(qui or monde.referent)
    return client.post(reverse(nom, args=[monde.college.uai, *args]) + dans, champs, follow=True)


def texte(reponse) -> str:
    return " ".join(html.unescape(reponse.content.decode()).replace("\u00a0", " ").split())


def il_y_a(jours: int) -> datetime.date:
    return timezone.localdate() - jours * UN_JOUR


def ouvert_depuis(monde, jours: int, **champs) -> Incident:
    """Today by the clock, not in 2031."""
    valeurs = {"constat": "Ne s'allume plus", "hors_service": 1, "ouvert_le": il_y_a(jours)}
    dont = {nom: champs.pop(nom) for nom in ("equipement", "lot") if nom in champs}
    return ouvrir_incident(
        etablissement=monde.college,
        saisie=SaisieIncident(**(valeurs | champs)),
        cle=uuid.uuid4(),
        tenant=Tenant(monde.referent),
        maintenant=timezone.now(),
        **dont,
    )


def clos_aujourd_hui(monde, incident, issue="repare") -> Incident:
    return clore_incident(
        incident=incident,
        version=1,
        cloture=Cloture(issue, timezone.localdate()),
        tenant=Tenant(monde.referent),
        maintenant=timezone.now(),
    )


def test_de_la_fiche_a_la_cloture(client, monde):
    (ligne,) = des_equipements(monde.college, "Vidéoprojecteur salle 12", mainteneur="departement")
    dans = f"?equipement={ligne.pk}"
    dit = texte(page(client, monde, "incident_ouvrir", equipement=ligne.pk))
    assert "Il sera dit « à réparer »" in dit
    assert re.search(r'value="departement" selected', dit)
    assert "qui entretient" in dit
    champs = {"cle": str(uuid.uuid4()), "constat": "Image verte", "hors_service": "1"}
    champs |= {"ouvert_le": il_y_a(3).isoformat(), "envoye_a": "departement", "envoye_le": il_y_a(2).isoformat()}
    for _ in range(2):
        dit = texte(envoyer(client, monde, "incident_ouvrir", dans=dans, **champs))
        assert "L'équipement est dit « à réparer »" in dit
    incident = Incident.objects.get()
    assert "Hors service depuis 3 jours" in dit
    assert "Déjà signalé" in texte(page(client, monde, "incident_ouvrir", equipement=ligne.pk))
    champs = {"version": "1", "issue": "repare", "conclusion": "Lampe changée", "clos_le": il_y_a(0).isoformat()}
    dit = texte(envoyer(client, monde, "incident_clore", incident.pk, **champs))
    assert "l'équipement est dit « réutilisable »" in dit
    assert "après 3 jours" in dit
    assert "Lampe changée" in dit
    dit = texte(envoyer(client, monde, "incident_rouvrir", incident.pk, version="2"))
    assert "de nouveau ouvert" in dit
    assert etat(ligne) == "a_reparer"


def test_pas_encore_envoye_oublie_la_date(client, monde):
    champs = {"cle": str(uuid.uuid4()), "constat": "Coupure", "hors_service": "1", "envoye_a": ""}
    champs |= {"ouvert_le": il_y_a(0).isoformat(), "envoye_le": il_y_a(0).isoformat()}
    assert "pas encore envoyé" in texte(envoyer(client, monde, "incident_ouvrir", **champs)).lower()
    assert Incident.objects.values_list("envoye_a", "envoye_le").get() == ("", None)


def test_une_ouverture_refusee_ne_perd_rien(client, monde):
    champs = {"cle": str(uuid.uuid4()), "constat": "Coupure", "hors_service": "0", "ouvert_le": "2099-01-01"}
    reponse = envoyer(client, monde, "incident_ouvrir", **champs)
    dit = texte(reponse)
    assert reponse.status_code == 422
    assert "Un nombre de 1 à" in dit
    assert "pas encore passée" in dit
    assert 'value="Coupure"' in dit
    assert not Incident.objects.exists()


def test_un_lot_se_choisit_dans_la_page(client, monde):
    lot, ailleurs = un_lot(monde.college), un_lot(monde.voisin_college, cree_par=monde.voisin)
    champs = {"cle": str(uuid.uuid4()), "constat": "Coupure", "hors_service": "2", "ouvert_le": il_y_a(0).isoformat()}
    assert envoyer(client, monde, "incident_ouvrir", **champs, lot=str(ailleurs.pk)).status_code == 422
    assert envoyer(client, monde, "incident_ouvrir", **champs, lot=str(lot.pk)).status_code == 200
    assert Incident.objects.get().lot == lot


def test_une_chose_d_un_autre_etablissement_n_existe_pas(client, monde):
    (ailleurs,) = des_equipements(monde.voisin_college, tenant=Tenant(monde.voisin))
    assert page(client, monde, "incident_ouvrir", equipement=ailleurs.pk).status_code == 404


def test_une_collectivite_part_de_ses_biens(client, monde):
    (sienne,) = des_equipements(monde.college, proprietaire="departement")
    (autre,) = des_equipements(monde.college, proprietaire="eple")
    agent = monde.collectivite_agent
    for donnees in ({}, {"equipement": autre.pk}):
        assert "dont elle est propriétaire" in texte(page(client, monde, "incident_ouvrir", qui=agent, **donnees))
    assert "Ce qui ne va pas" in texte(page(client, monde, "incident_ouvrir", qui=agent, equipement=sienne.pk))
    sien, general = ouvert_depuis(monde, 1, equipement=sienne), ouvert_depuis(monde, 1, constat="Coupure générale")
    liste = texte(page(client, monde, "incidents", qui=agent))
    assert reverse("incident_clore", args=[monde.college.uai, sien.pk]) in liste
    assert "Coupure générale" in liste
    assert reverse("incident_clore", args=[monde.college.uai, general.pk]) not in liste
    champs = {"version": "1", "issue": "repare", "conclusion": "", "clos_le": il_y_a(0).isoformat()}
    refus = envoyer(client, monde, "incident_clore", general.pk, qui=agent, **champs)
    assert (refus.status_code, "n'appartient pas à votre collectivité" in texte(refus)) == (422, True)
    assert envoyer(client, monde, "incident_clore", sien.pk, qui=agent, **champs).status_code == 200


def test_clore_apres_un_autre_montre_ce_qu_il_a_dit(client, monde):
    incident = clos_aujourd_hui(monde, ouvert_depuis(monde, 2), "reforme")
    champs = {"version": "1", "issue": "repare", "conclusion": "Lampe", "clos_le": il_y_a(0).isoformat()}
    reponse = envoyer(client, monde, "incident_clore", incident.pk, **champs)
    dit = texte(reponse)
    assert reponse.status_code == 409
    assert "déjà clos : réformé" in dit
    assert 'value="Lampe"' in dit


def test_modifier_a_deux_montre_les_deux_valeurs(client, monde):
    incident = ouvert_depuis(monde, 2)
    lu = dict(page(client, monde, "incident_modifier", incident.pk).context["formulaire"].copies)
    Incident.objects.update(constat="Écran noir", version=2)
    mien = {nom.removeprefix("lu-"): valeur for nom, valeur in lu.items()} | {"constat": "Ne charge plus"}
    reponse = envoyer(client, monde, "incident_modifier", incident.pk, **lu, **mien)
    dit = texte(reponse)
    assert (reponse.status_code, "Écran noir" in dit, "Ne charge plus" in dit) == (409, True, True)
    mien |= {"envoye_a": "departement", "envoye_le": il_y_a(0).isoformat()}
    lu = dict(page(client, monde, "incident_modifier", incident.pk).context["formulaire"].copies)
    assert envoyer(client, monde, "incident_modifier", incident.pk, **lu, **mien).status_code == 200
    assert Incident.objects.values_list("constat", "envoye_a", "version").get() == ("Ne charge plus", "departement", 3)


def test_la_liste_se_filtre_par_des_liens(client, monde):
    lot = un_lot(monde.college)
    des_equipements(monde.college, nombre=4, lot=lot.pk)
    ouvert_depuis(monde, 5, constat="Du lot", lot=lot, envoye_a="departement", envoye_le=il_y_a(5))
    ouvert_depuis(monde, 3, constat="Sans rien")
    clos_aujourd_hui(monde, ouvert_depuis(monde, 4, constat="Fini"))
    vieux = ouvert_depuis(monde, 900, constat="Très vieux")
    Incident.objects.filter(pk=vieux.pk).update(clos_le=il_y_a(800), issue="repare")

    def constats(**donnees):
        lus = page(client, monde, "incidents", **donnees).context["groupes"]
        return [[ligne.incident.constat for ligne in lignes] for _, _, lignes in lus]

    assert constats() == [["Du lot", "Sans rien"], ["Fini"]]
    assert constats(etat="ouverts") == [["Du lot", "Sans rien"], []]
    assert constats(a="personne") == [["Sans rien"], ["Fini"]]
    assert constats(a="departement", lot=lot.pk) == [["Du lot"], []]
    assert constats(lot="0") == [["Sans rien"], ["Fini"]]
    assert constats(lot="999999", a="martien", etat="n'importe") == [["Du lot", "Sans rien"], ["Fini"]]
    choix = page(client, monde, "incidents", a="personne").context["filtres"]
    comptes = {(titre, f.libelle): f.nombre for titre, liens in choix.groupes for f in liens}
    assert comptes == {
        ("État", "Ouverts"): 1,
        ("État", "Clos cette année"): 1,
        ("Envoyé à", "Pas encore envoyé"): 2,
        ("Envoyé à", "Département"): 1,
    }
    assert (choix.nombre, [f.libelle for f in choix.actifs]) == (2, ["Pas encore envoyé"])
    dit = texte(page(client, monde, "incidents"))
    assert '<td class="nombre">5</td>' in dit


def test_au_dela_de_cinquante_la_liste_a_des_pages(client, monde):
    Incident.objects.bulk_create(
        Incident(
            etablissement=monde.college,
            constat=f"Incident {rang:02}",
            ouvert_le=il_y_a(100 - rang),
            cle=uuid.uuid4(),
            ouvert_par=monde.referent,
        )
        for rang in range(53)
    )
    assert "Page 1 sur 2" in texte(page(client, monde, "incidents"))
    reponse = page(client, monde, "incidents", page=2)
    assert [ligne.incident.constat for ligne in reponse.context["groupes"][0][2]] == [
        "Incident 50",
        "Incident 51",
        "Incident 52",
    ]


@pytest.mark.parametrize("nombre", [1, 3])
def test_la_page_coute_le_meme_nombre_de_requetes(client, monde, nombre):
    for rang in range(nombre):
        lot = un_lot(monde.college, f"Lot {rang}")
        (ligne,) = des_equipements(monde.college, lot=lot.pk)
        ouvert_depuis(monde, 3, equipement=ligne)
        clos_aujourd_hui(monde, ouvert_depuis(monde, 3, lot=lot))
    assert len(page(client, monde, "incidents").requetes) == 10
