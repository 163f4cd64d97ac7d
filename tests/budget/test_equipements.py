"""Keeping the inventory: each act, and what it refuses."""

import datetime
import uuid
from dataclasses import replace

import pytest

from budget.domain.equipements import (
    SaisieEquipement,
    SaisieModifiee,
    Tenant,
    ajouter_equipements,
    changer_etat_en_lot,
    constater,
    deplacer,
    detacher,
    lire_equipement,
    modifier_equipement,
    preter,
    regrouper,
    rendre,
)
from budget.domain.etiquettes import numeroter
from budget.domain.incidents import Cloture, SaisieIncident, clore_incident, ouvrir_incident, rouvrir_incident
from budget.models import Equipement, Incident, Salle
from strategie.socle.domain.empechement import Empeche

MAINTENANT = datetime.datetime(2031, 3, 3, 10, 0, tzinfo=datetime.UTC)
JOUR = MAINTENANT.date()
TABLETTES = SaisieEquipement(
    "Tablette 10 pouces", "tablette", proprietaire="departement", achete_le=datetime.date(2030, 9, 1)
)


def ajouter(monde, saisie=TABLETTES, nombre=1, series=(), etiquettes=(), cle=None, tenant=None):
    return ajouter_equipements(
        etablissement=monde.college,
        saisie=saisie,
        nombre=nombre,
        series=series,
        etiquettes=etiquettes,
        cle=cle or uuid.uuid4(),
        tenant=tenant or Tenant(monde.referent),
        maintenant=MAINTENANT,
    )


def numeros() -> list[str]:
    return list(Equipement.objects.order_by("pk").values_list("numero_serie", flat=True))


def test_trente_choses_sont_une_ligne_ou_trente_numeros(monde):
    ajouter(monde, nombre=30)
    ajouter(monde, nombre=2, series=["A1", "A2"])
    assert list(Equipement.objects.order_by("pk").values_list("nombre", "numero_serie")) == [
        (30, ""),
        (1, "A1"),
        (1, "A2"),
    ]
    assert {ligne.academie_id for ligne in Equipement.objects.all()} == {monde.academie.pk}


def test_un_envoi_recu_deux_fois_n_ajoute_qu_une_fois(monde):
    cle = uuid.uuid4()
    premiers = ajouter(monde, series=["A1", "A2"], cle=cle)
    assert ajouter(monde, series=["A1", "A2"], cle=cle) == premiers
    assert numeros() == ["A1", "A2"]


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"nombre": 0}, "de 1 à 10\u202f000"),
        ({"series": ["A1", "a1"]}, "donné deux fois"),
        ({"series": ["A1"], "etiquettes": ["E1", "E2"]}, "donnez-en autant"),
        ({"series": [str(n) for n in range(501)]}, "500 numéros à la fois"),
    ],
)
def test_une_entree_en_nombre_se_verifie(monde, champs, phrase):
    with pytest.raises(Empeche, match=phrase):
        ajouter(monde, **champs)
    assert not Equipement.objects.exists()


def test_un_numero_deja_la_est_nomme_et_rien_n_entre(monde):
    ajouter(monde, series=["SN-1"])
    with pytest.raises(Empeche, match="SN-1"):
        ajouter(monde, series=["sn-2", "sn-1"])
    assert numeros() == ["SN-1"]


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"achete_le": JOUR + datetime.timedelta(days=1)}, "pas encore passée"),
        ({"achete_le": datetime.date(1950, 1, 1)}, "antérieure à 1980"),
        ({"achete_le": JOUR, "garanti_jusqu_au": JOUR - datetime.timedelta(days=1)}, "précéder l'achat"),
        ({"prevu_jusqu_au": datetime.date(2099, 1, 1)}, "plus de 30 ans"),
    ],
)
def test_des_dates_absurdes_sont_refusees(monde, champs, phrase):
    with pytest.raises(Empeche, match=phrase):
        ajouter(monde, SaisieEquipement("Tablette", "tablette", **champs))


def test_une_salle_d_un_autre_etablissement_n_existe_pas(monde):
    ailleurs = Salle.objects.create(etablissement=monde.voisin_college, nom="B12")
    with pytest.raises(Empeche, match="pas, ou n'est plus, une salle"):
        ajouter(monde, SaisieEquipement("Tablette", "tablette", salle=ailleurs.pk))
    (ligne,) = ajouter(monde)
    with pytest.raises(Empeche, match="pas, ou n'est plus, une salle"):
        deplacer(etablissement=monde.college, cles=[ligne.pk], salle=ailleurs, tenant=Tenant(monde.chef))


def test_une_collectivite_ne_tient_que_ses_biens(monde):
    agent = Tenant(monde.collectivite_agent, "departement")
    (sienne,) = ajouter(monde, tenant=agent)
    (autre,) = ajouter(monde, SaisieEquipement("Borne", "borne", proprietaire="eple"))
    with pytest.raises(Empeche, match="n'appartient pas à votre collectivité"):
        ajouter(monde, SaisieEquipement("Borne", "borne", proprietaire="eple"), tenant=agent)
    with pytest.raises(Empeche, match="n'appartient pas à votre collectivité"):
        constater(etablissement=monde.college, cles=[sienne.pk, autre.pk], tenant=agent, maintenant=MAINTENANT)
    assert constater(etablissement=monde.college, cles=[sienne.pk], tenant=agent, maintenant=MAINTENANT) == 1


def test_une_collectivite_ne_donne_pas_ses_biens_a_un_autre(monde):
    agent = Tenant(monde.collectivite_agent, "departement")
    (sienne,) = ajouter(monde, tenant=agent)
    lue = lire_equipement(sienne)
    voulue = SaisieModifiee(SaisieEquipement("Tablette", "tablette", proprietaire="eple"), "", "")
    with pytest.raises(Empeche, match="n'appartient pas"):
        modifier_equipement(equipement=sienne, base=lue, saisie=voulue, tenant=agent, maintenant=MAINTENANT)


def test_deux_personnes_modifient_la_meme_ligne(monde):
    (ligne,) = ajouter(monde)
    lue = lire_equipement(ligne)
    elle = SaisieModifiee(SaisieEquipement(**(lue.description.__dict__ | {"marque": "A"})), "SN1", "")
    moi = SaisieModifiee(SaisieEquipement(**(lue.description.__dict__ | {"note": "Écran fêlé"})), "SN2", "")
    tenant = Tenant(monde.chef)
    assert not modifier_equipement(equipement=ligne, base=lue, saisie=elle, tenant=tenant, maintenant=MAINTENANT)
    conflits = modifier_equipement(equipement=ligne, base=lue, saisie=moi, tenant=tenant, maintenant=MAINTENANT)
    assert {nom: (c.mien, c.actuel) for nom, c in conflits.items()} == {"numero_serie": ("SN2", "SN1")}
    ligne.refresh_from_db()
    assert (ligne.marque, ligne.note, ligne.numero_serie, ligne.version) == ("A", "", "SN1", 2)


def test_sortir_dit_ou_et_quand(monde):
    (ligne,) = ajouter(monde)
    sortir = {"etablissement": monde.college, "cles": [ligne.pk], "etat": "sorti", "tenant": Tenant(monde.chef)}
    with pytest.raises(Empeche, match="où va"):
        changer_etat_en_lot(**sortir, maintenant=MAINTENANT)
    with pytest.raises(Empeche, match="avant d'y être entré"):
        changer_etat_en_lot(**sortir, destination="don", sorti_le=datetime.date(2030, 1, 1), maintenant=MAINTENANT)
    preter(
        etablissement=monde.college,
        cles=[ligne.pk],
        a="eleve",
        jusqu_au=None,
        tenant=Tenant(monde.chef),
        maintenant=MAINTENANT,
    )
    assert changer_etat_en_lot(**sortir, destination="deee", maintenant=MAINTENANT) == 1
    ligne.refresh_from_db()
    assert (ligne.etat, ligne.destination, ligne.sorti_le, ligne.prete_a) == ("sorti", "deee", JOUR, "")


def test_un_pret_se_rend(monde):
    (ligne,) = ajouter(monde)
    commun = {"etablissement": monde.college, "cles": [ligne.pk], "tenant": Tenant(monde.chef)}
    with pytest.raises(Empeche, match="déjà passée"):
        preter(**commun, a="eleve", jusqu_au=JOUR - datetime.timedelta(days=1), maintenant=MAINTENANT)
    preter(**commun, a="eleve", jusqu_au=JOUR, maintenant=MAINTENANT)
    ligne.refresh_from_db()
    assert (ligne.prete_a, ligne.prete_le, ligne.pret_jusqu_au) == ("eleve", JOUR, JOUR)
    assert rendre(**commun, etat="a_reparer", maintenant=MAINTENANT) == 1
    assert rendre(**commun, maintenant=MAINTENANT) == 0
    ligne.refresh_from_db()
    assert (ligne.prete_a, ligne.etat, ligne.vu_le) == ("", "a_reparer", JOUR)


def test_trois_sur_trente_deviennent_une_ligne(monde):
    (ligne,) = ajouter(monde, nombre=30)
    trois = detacher(equipement=ligne, nombre=3, tenant=Tenant(monde.chef))
    ligne.refresh_from_db()
    assert (ligne.nombre, trois.nombre, trois.pk == ligne.pk) == (27, 3, False)
    assert trois.designation == ligne.designation
    assert detacher(equipement=ligne, nombre=27, tenant=Tenant(monde.chef)).pk == ligne.pk
    for absurde in (0, 28, -1):
        with pytest.raises(Empeche, match="de 1 à 27"):
            detacher(equipement=ligne, nombre=absurde, tenant=Tenant(monde.chef))


# --- Put together again -------------------------------------------------------------------------------------
def separees(monde) -> tuple[Equipement, Equipement]:
    """28 tablets, and the two that the check did not find."""
    (ligne,) = ajouter(monde, nombre=30)
    deux = detacher(equipement=ligne, nombre=2, tenant=Tenant(monde.chef))
    ligne.refresh_from_db()
    return ligne, deux


def ensemble(monde, *lignes: Equipement, tenant: Tenant | None = None) -> Equipement:
    return regrouper(
        etablissement=monde.college,
        cles=[ligne.pk for ligne in lignes],
        tenant=tenant or Tenant(monde.chef),
        maintenant=MAINTENANT,
    )


def en_panne(monde, ligne: Equipement) -> Incident:
    return ouvrir_incident(
        etablissement=monde.college,
        saisie=SaisieIncident("Batterie", ligne.nombre, JOUR),
        cle=uuid.uuid4(),
        tenant=Tenant(monde.chef),
        maintenant=MAINTENANT,
        equipement=ligne,
    )


def reparer(monde, incident: Incident) -> None:
    incident.refresh_from_db()
    clore_incident(
        incident=incident,
        version=incident.version,
        cloture=Cloture("repare", JOUR),
        tenant=Tenant(monde.chef),
        maintenant=MAINTENANT,
    )


def test_des_lignes_pareilles_n_en_font_plus_qu_une(monde):
    ligne, deux = separees(monde)
    reparer(monde, incident := en_panne(monde, deux))
    constater(etablissement=monde.college, cles=[ligne.pk, deux.pk], tenant=Tenant(monde.chef), maintenant=MAINTENANT)
    Equipement.objects.filter(pk=ligne.pk).update(vu_le=datetime.date(2030, 11, 4))
    gardee = ensemble(monde, deux, ligne)
    incident.refresh_from_db()
    assert list(Equipement.objects.values_list("pk", "nombre", "vu_le", "cle")) == [
        (ligne.pk, 30, datetime.date(2030, 11, 4), ligne.cle)
    ]
    assert (gardee.pk, incident.equipement_id) == (ligne.pk, ligne.pk)
    rouvrir_incident(incident=incident, version=incident.version, tenant=Tenant(monde.chef))
    parts = Equipement.objects.order_by("pk").values_list("nombre", "etat", "incidents")
    assert list(parts) == [(28, "reutilisable", None), (2, "a_reparer", incident.pk)]


def test_ce_qui_differe_reste_a_part(monde):
    ligne, deux = separees(monde)
    numerotees = ajouter(monde, series=["A1", "A2"])
    refus = {"Aucune autre ligne": [ligne], "numéro de série": numerotees}
    for phrase, lignes in refus.items():
        with pytest.raises(Empeche, match=phrase):
            ensemble(monde, *lignes)
    Equipement.objects.filter(pk=deux.pk).update(vu_le=JOUR, etat="a_reparer", note="Rayée")
    with pytest.raises(Empeche, match="la même chose\u00a0: état, note, vu cette année"):
        ensemble(monde, ligne, deux)
    with pytest.raises(Empeche, match="n'appartient pas"):
        ensemble(monde, ligne, deux, tenant=Tenant(monde.collectivite_agent, "commune"))
    assert Equipement.objects.count() == 4


def test_les_incidents_gardent_leurs_lignes(monde):
    ligne, deux = separees(monde)
    premier = en_panne(monde, deux)
    Equipement.objects.update(etat="reutilisable")
    with pytest.raises(Empeche, match="est ouvert sur l'une"):
        ensemble(monde, ligne, deux)
    reparer(monde, premier)
    reparer(monde, en_panne(monde, ligne))
    with pytest.raises(Empeche, match="parlent de plusieurs"):
        ensemble(monde, ligne, deux)


def test_dix_mille_au_plus_sur_une_ligne(monde):
    with pytest.raises(Empeche, match="compte 10\u202f000 choses"):
        ensemble(monde, *ajouter(monde, nombre=9_999), *ajouter(monde, nombre=2))


# --- Refused whatever the act -------------------------------------------------------------------------------
def test_l_inventaire_d_un_etablissement_ferme_ne_change_plus(monde):
    (ligne,) = ajouter(monde)
    monde.college.etat = "ferme"
    commun = {"etablissement": monde.college, "cles": [ligne.pk], "tenant": Tenant(monde.chef)}
    actes = [
        lambda: deplacer(**commun, salle=None),
        lambda: changer_etat_en_lot(**commun, etat="reformable", maintenant=MAINTENANT),
        lambda: constater(**commun, maintenant=MAINTENANT),
        lambda: numeroter(**commun),
    ]
    for acte in actes:
        with pytest.raises(Empeche, match="fermé"):
            acte()
    ligne.refresh_from_db()
    assert ligne.version == 1


def test_ce_qui_est_sorti_a_ete_achete_avant(monde):
    (ligne,) = ajouter(monde)
    Equipement.objects.update(etat="sorti", destination="don", sorti_le=datetime.date(2031, 1, 6))
    lue = lire_equipement(ligne)
    voulue = replace(lue, description=replace(lue.description, achete_le=datetime.date(2031, 2, 1)))
    with pytest.raises(Empeche, match="sorti de l'inventaire le 6\u00a0janvier 2031"):
        modifier_equipement(equipement=ligne, base=lue, saisie=voulue, tenant=Tenant(monde.chef), maintenant=MAINTENANT)


def test_une_ligne_cochee_qui_n_est_plus_la_arrete_tout(monde):
    (ligne,) = ajouter(monde)
    with pytest.raises(Empeche, match="a changé ou n'est plus là"):
        constater(
            etablissement=monde.college, cles=[ligne.pk, 999_999], tenant=Tenant(monde.chef), maintenant=MAINTENANT
        )
    with pytest.raises(Empeche, match="au moins une ligne"):
        constater(etablissement=monde.college, cles=[], tenant=Tenant(monde.chef), maintenant=MAINTENANT)
    ligne.refresh_from_db()
    assert ligne.vu_le is None
