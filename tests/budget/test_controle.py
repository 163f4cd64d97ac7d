"""The yearly check of a room: what is said of each thing, by one person or by two at once."""

import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from budget.domain.controle import Bilan, Constat, annuler_constats, controler_salle
from budget.domain.equipements import Tenant, changer_etat_en_lot, constater, deplacer, preter
from budget.models import Equipement, Salle
from budget.queries.controle import lire_controle, non_vus
from budget.rules.controle import debut_du_controle
from strategie.socle.domain.empechement import Empeche
from tests.budget.parc import des_equipements, une_salle

UTC = datetime.UTC
MAINTENANT = datetime.datetime(2031, 3, 3, 10, 0, tzinfo=UTC)
L_AN_DERNIER = datetime.datetime(2030, 3, 4, 10, 0, tzinfo=UTC)
JOUR, AVANT = MAINTENANT.date(), L_AN_DERNIER.date()
DEBUT = datetime.date(2030, 8, 15)
CLE = uuid.UUID("00000000-0000-4000-8000-000000000006")


def cles(lignes) -> list[int]:
    return [ligne.pk for ligne in lignes]


def dit(ligne: Equipement, **champs) -> Constat:
    """What a page that shows the line as it is now would send."""
    valeurs = {
        "cle": ligne.pk,
        "designation": ligne.designation,
        "deja": False,
        "etat_lu": ligne.etat,
        "etat": ligne.etat,
        "sur": ligne.nombre,
        "trouves": ligne.nombre,
    }
    return Constat(**(valeurs | champs))


def controler(monde, salle, *constats, cle=CLE, quand=MAINTENANT, tenant=None, **options) -> Bilan:
    return controler_salle(
        etablissement=monde.college,
        salle=salle,
        constats=constats,
        cle=cle,
        tenant=tenant or Tenant(monde.referent),
        maintenant=quand,
        **options,
    )


def parc(*champs: str) -> list[tuple]:
    return list(Equipement.objects.order_by("pk").values_list(*champs))


@pytest.mark.parametrize(("annee", "jour"), [("2030-2031", DEBUT), ("2026-2027", datetime.date(2026, 8, 15))])
def test_ce_qui_compte_commence_quand_l_annee_change_de_nom(annee, jour):
    assert debut_du_controle(annee) == jour


# --- One person -------------------------------------------------------------------------------------------
def test_ce_qui_est_coche_est_vu_le_reste_ne_bouge_pas(monde):
    b12 = une_salle(monde.college)
    une, deux = des_equipements(monde.college, etiquettes=["E1", "E2"], salle=b12.pk)
    assert controler(monde, b12, dit(une), dit(deux, trouves=0)) == Bilan(vus=1)
    assert parc("etiquette", "vu_le", "version") == [("E1", JOUR, 2), ("E2", None, 1)]


def test_renvoye_le_formulaire_ne_change_rien(monde):
    b12 = une_salle(monde.college)
    (tablettes,) = des_equipements(monde.college, nombre=30, salle=b12.pk)
    (ordinateur,) = des_equipements(monde.college, "Ordinateur", salle=b12.pk)
    envoi = (dit(tablettes, trouves=28, etat="a_reparer", combien=2), dit(ordinateur, etat="reformable"))
    premier = controler(monde, b12, *envoi)
    fait = parc("designation", "nombre", "etat", "vu_le", "version")
    assert premier == Bilan(vus=29, changes=3)
    assert fait == [
        ("Tablette 10 pouces", 26, "reutilisable", JOUR, 4),
        ("Ordinateur", 1, "reformable", JOUR, 3),
        ("Tablette 10 pouces", 2, "reutilisable", None, 1),
        ("Tablette 10 pouces", 2, "a_reparer", JOUR, 3),
    ]
    assert controler(monde, b12, *envoi).ecarts == []
    assert parc("designation", "nombre", "etat", "vu_le", "version") == fait


def test_ce_qui_manque_d_une_ligne_devient_une_ligne_non_vue(monde):
    b12 = une_salle(monde.college)
    (tablettes,) = des_equipements(monde.college, nombre=30, salle=b12.pk)
    constater(etablissement=monde.college, cles=[tablettes.pk], tenant=Tenant(monde.chef), maintenant=L_AN_DERNIER)
    tablettes.refresh_from_db()
    controler(monde, b12, dit(tablettes, trouves=28))
    assert parc("nombre", "vu_le", "salle") == [(28, JOUR, b12.pk), (2, AVANT, b12.pk)]
    assert [(ligne.nombre, ligne.salle) for ligne in non_vus(monde.college, DEBUT)] == [(2, b12)]


def test_decocher_rend_la_date_d_avant(monde):
    b12 = une_salle(monde.college)
    vieille, neuve = des_equipements(monde.college, etiquettes=["E1", "E2"], salle=b12.pk)
    constater(etablissement=monde.college, cles=[vieille.pk], tenant=Tenant(monde.chef), maintenant=L_AN_DERNIER)
    controler(monde, b12, dit(vieille), dit(neuve))
    bilan = controler(monde, b12, dit(vieille, deja=True, trouves=0), dit(neuve, deja=True, trouves=0))
    assert bilan == Bilan(plus_vus=2)
    assert parc("vu_le") == [(AVANT,), (None,)]


def test_en_retrouver_moins_rend_les_absents_non_vus(monde):
    b12 = une_salle(monde.college)
    (tablettes,) = des_equipements(monde.college, nombre=30, salle=b12.pk)
    controler(monde, b12, dit(tablettes))
    assert controler(monde, b12, dit(tablettes, deja=True, trouves=29)) == Bilan(plus_vus=1)
    assert parc("nombre", "vu_le") == [(29, JOUR), (1, None)]


def test_ce_qui_est_trouve_ici_y_est_range_et_rendu(monde):
    b12, cdi = une_salle(monde.college), une_salle(monde.college, "CDI")
    rangee, pretee = des_equipements(monde.college, etiquettes=["E1", "E2"], salle=cdi.pk)
    preter(
        etablissement=monde.college, cles=[pretee.pk], a="eleve", jusqu_au=None, tenant=Tenant(monde.chef),
        maintenant=L_AN_DERNIER,
    )  # fmt: skip
    assert controler(monde, b12, apportes=cles([rangee, pretee])) == Bilan(apportes=2)
    assert parc("salle", "vu_le", "prete_a") == [(b12.pk, JOUR, ""), (b12.pk, JOUR, "")]
    version = parc("version")
    controler(monde, b12, apportes=cles([rangee, pretee]))
    assert parc("version") == version


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"trouves": 31}, "Cette ligne compte 30 choses"),
        ({"trouves": 20, "etat": "a_reparer", "combien": 21}, "de 1 à 20"),
    ],
)
def test_un_compte_impossible_est_refuse(monde, champs, phrase):
    (tablettes,) = des_equipements(monde.college, nombre=30)
    with pytest.raises(Empeche, match=phrase):
        controler(monde, None, dit(tablettes, **champs))
    assert parc("nombre", "vu_le") == [(30, None)]


def test_une_collectivite_ne_controle_que_ses_biens(monde):
    (sienne,) = des_equipements(monde.college, proprietaire="departement")
    (autre,) = des_equipements(monde.college, proprietaire="eple")
    agent = Tenant(monde.collectivite_agent, "departement")
    assert controler(monde, None, dit(sienne), tenant=agent).vus == 1
    with pytest.raises(Empeche, match="n'appartient pas à votre collectivité"):
        controler(monde, None, dit(autre), tenant=agent)
    assert annuler_constats(etablissement=monde.college, cles=cles([sienne]), tenant=agent, maintenant=MAINTENANT) == 1
    assert parc("vu_le") == [(None,), (None,)]


# --- Two at once ----------------------------------------------------------------------------------------------
def test_deux_personnes_dans_la_meme_salle_s_ajoutent(monde):
    """Each page was loaded before either was sent: what the second does not tick stays as the first said."""
    b12 = une_salle(monde.college)
    une, deux = des_equipements(monde.college, etiquettes=["E1", "E2"], salle=b12.pk)
    premiere, seconde = (dit(une), dit(deux, trouves=0)), (dit(une, trouves=0), dit(deux))
    controler(monde, b12, *premiere)
    assert controler(monde, b12, *seconde, tenant=Tenant(monde.gestionnaire)) == Bilan(vus=1)
    assert parc("vu_le") == [(JOUR,), (JOUR,)]


def test_deux_comptes_differents_sont_dits_au_second(monde):
    (tablettes,) = des_equipements(monde.college, nombre=30)
    controler(monde, None, dit(tablettes, trouves=28))
    bilan = controler(monde, None, dit(tablettes, trouves=25), cle=uuid.uuid4())
    assert (bilan.vus, len(bilan.ecarts)) == (0, 1)
    assert "la ligne est maintenant de 28, vous en avez trouvé 25" in bilan.ecarts[0]
    assert parc("nombre", "vu_le") == [(28, JOUR), (2, None)]


def test_deux_etats_differents_sont_dits_au_second(monde):
    (ordinateur,) = des_equipements(monde.college, "Ordinateur")
    controler(monde, None, dit(ordinateur, etat="reformable"))
    bilan = controler(monde, None, dit(ordinateur, etat="a_reparer"), cle=uuid.uuid4())
    assert bilan.ecarts == [
        "Pendant ce temps, quelqu'un a noté «\u00a0Ordinateur\u00a0» «\u00a0Réformable\u00a0»\u00a0: votre réponse, "
        "«\u00a0À réparer\u00a0», n'est pas enregistrée. Redites-la si elle est juste."
    ]
    assert parc("etat") == [("reformable",)]


def test_ce_qui_est_parti_entre_temps_est_dit(monde):
    b12, cdi = une_salle(monde.college), une_salle(monde.college, "CDI")
    rangee, perdue = des_equipements(monde.college, etiquettes=["E1", "E2"], salle=b12.pk)
    commun = {"etablissement": monde.college, "tenant": Tenant(monde.chef)}
    deplacer(cles=[rangee.pk], salle=cdi, **commun)
    changer_etat_en_lot(cles=[perdue.pk], etat="sorti", destination="perdu", maintenant=MAINTENANT, **commun)
    bilan = controler(monde, b12, dit(rangee), dit(perdue))
    assert (bilan.vus, len(bilan.ecarts)) == (0, 2)
    assert "en «\u00a0CDI\u00a0»" in bilan.ecarts[0]
    assert "n'est plus dans l'inventaire" in bilan.ecarts[1]
    assert parc("vu_le", "etat") == [(None, "reutilisable"), (None, "sorti")]


# --- What is left ---------------------------------------------------------------------------------------------
def test_le_compte_par_salle(monde):
    b12, cdi = une_salle(monde.college, batiment="B"), une_salle(monde.college, "CDI")
    Salle.objects.create(etablissement=monde.voisin_college, nom="D1")
    (tablettes,) = des_equipements(monde.college, nombre=30, salle=b12.pk)
    une, _, pretee = des_equipements(monde.college, "Ordinateur", etiquettes=["E1", "E2", "E3"])
    commun = {"etablissement": monde.college, "tenant": Tenant(monde.chef), "maintenant": MAINTENANT}
    preter(cles=[pretee.pk], a="eleve", jusqu_au=None, **commun)
    constater(cles=[une.pk], **commun)
    controler(monde, b12, dit(tablettes, trouves=28))
    lu = lire_controle(monde.college, DEBUT)
    assert [(s.cle, s.nom, s.attendus, s.vus) for s in lu.toutes] == [
        (cdi.pk, "CDI", 0, 0),
        (b12.pk, "B12", 30, 28),
        (None, "Sans salle", 2, 1),
    ]
    assert (lu.attendus, lu.vus, lu.reste, lu.pretes, lu.en_mots) == (32, 29, 3, 1, "29\u00a0vus sur 32")
    assert lire_controle(monde.college, datetime.date(2031, 8, 15)).vus == 0


# --- The pages ------------------------------------------------------------------------------------------------
def adresse(monde, nom="controle", *suite, **parametres) -> str:
    return reverse(nom, args=[monde.college.uai, *suite], query=parametres or None)


def texte(reponse) -> str:
    return " ".join(html.fromstring(reponse.content).find(".//main").text_content().split())


def formulaire(reponse) -> dict[str, list[str]]:
    """What a browser would send of the room's form, nothing touched."""
    (forme,) = [f for f in html.fromstring(reponse.content).find(".//main").forms if f.method == "POST"]
    champs: dict[str, list[str]] = {}
    for nom, valeur in forme.form_values():
        champs.setdefault(nom, []).append(valeur.lstrip("\n"))  # a textarea begins after one
    return champs


@pytest.fixture
def b12(monde):
    return une_salle(monde.college)


def test_une_annee_sans_rien_dit_par_ou_commencer(client, monde):
    client.force_login(monde.referent)
    assert "Rien n'est attendu pour l'instant" in texte(client.get(adresse(monde)))


def test_cocher_enregistrer_et_finir_une_salle(client, monde, b12):
    client.force_login(monde.gestionnaire)
    une, deux = des_equipements(monde.college, etiquettes=["E1", "E2"], salle=b12.pk)
    page = client.get(adresse(monde, "controle_salle", b12.pk))
    assert "0 vu sur 2, reste 2." in texte(page)
    envoi = formulaire(page)
    assert "vu" not in envoi
    reponse = client.post(
        adresse(monde, "controle_salle", b12.pk), envoi | {"vu": [une.pk], f"etat-{deux.pk}": "a_reparer"}, follow=True
    )
    assert reponse.redirect_chain == [(adresse(monde, "controle_salle", b12.pk), 302)]
    assert "C'est enregistré : 2 vus, 1 change d'état." in texte(reponse)
    jour = timezone.localdate(timezone=monde.academie.zone)
    assert parc("etiquette", "vu_le", "etat") == [("E1", jour, "reutilisable"), ("E2", jour, "a_reparer")]
    assert formulaire(reponse)["vu"] == [str(une.pk), str(deux.pk)]
    assert "2 vus sur 2 Tout ce qui était attendu a été vu." in texte(client.get(adresse(monde)))


def test_tout_cocher_n_ecrit_rien_et_garde_ce_qui_est_tape(client, monde, b12):
    client.force_login(monde.referent)
    (une,) = des_equipements(monde.college, "Ordinateur", salle=b12.pk)
    (tablettes,) = des_equipements(monde.college, nombre=30, salle=b12.pk)
    envoi = formulaire(client.get(adresse(monde, "controle_salle", b12.pk)))
    reponse = client.post(
        adresse(monde, "controle_salle", b12.pk),
        envoi | {"tout": "1", f"trouves-{tablettes.pk}": "28", "numeros": "X1", f"etat-{une.pk}": "reformable"},
    )
    assert reponse.status_code == 200
    assert parc("vu_le") == [(None,), (None,)]
    garde = formulaire(reponse)
    assert (garde["vu"], garde["cle"], garde["numeros"]) == ([str(une.pk)], envoi["cle"], ["X1"])
    assert (garde[f"trouves-{tablettes.pk}"], garde[f"etat-{une.pk}"]) == (["28"], ["reformable"])


def test_trouve_ici_par_une_etiquette_scannee(client, monde, b12):
    client.force_login(monde.referent)
    cdi = une_salle(monde.college, "CDI")
    des_equipements(monde.college, etiquettes=["P-0001"], salle=cdi.pk)
    des_equipements(monde.college, series=["SN 2"], salle=cdi.pk)
    page = client.get(adresse(monde, "controle_salle", b12.pk))
    scan = "http://testserver" + reverse("equipement_scan", args=[monde.college.uai, "P-0001"])
    reponse = client.post(
        adresse(monde, "controle_salle", b12.pk), formulaire(page) | {"numeros": f"{scan}\r\nsn 2\r\n"}, follow=True
    )
    assert "2 rangés ici." in texte(reponse)
    assert {salle for (salle,) in parc("salle")} == {b12.pk}


@pytest.mark.parametrize(
    ("champs", "phrases"),
    [
        ({"numeros": "INCONNU"}, ["Aucun équipement de l'établissement ne porte « INCONNU »."]),
        ({"numeros": "PERDU"}, ["est sorti de l'inventaire le", "perdu ou volé", "rendez-lui d'abord un état"]),
        ({"trouves": "trente"}, ["Dites en chiffres combien sont là."]),
        ({"trouves": "31"}, ["Cette ligne compte 30 choses", "Rien n'est perdu."]),
        ({"cle": ""}, ["Cette page est incomplète"]),
        ({"lu": "0 0 0"}, ["Cette page est incomplète"]),
        ({"numeros": "x" * 81}, ["dépasse 80 caractères"]),
    ],
)
def test_un_envoi_refuse_ne_perd_rien(client, monde, b12, champs, phrases):
    client.force_login(monde.referent)
    (perdue,) = des_equipements(monde.college, etiquettes=["PERDU"])
    (tablettes,) = des_equipements(monde.college, nombre=30, salle=b12.pk)
    changer_etat_en_lot(
        etablissement=monde.college, cles=[perdue.pk], etat="sorti", destination="perdu",
        tenant=Tenant(monde.chef), maintenant=timezone.now(),
    )  # fmt: skip
    envoi = formulaire(client.get(adresse(monde, "controle_salle", b12.pk))) | {f"etat-{tablettes.pk}": ["reformable"]}
    envoi |= {f"trouves-{tablettes.pk}" if nom == "trouves" else nom: valeur for nom, valeur in champs.items()}
    reponse = client.post(adresse(monde, "controle_salle", b12.pk), envoi)
    assert reponse.status_code == 422
    for phrase in phrases:
        assert phrase in texte(reponse)
    assert parc("vu_le", "nombre") == [(None, 1), (None, 30)]
    if "lu" not in champs:
        rendu = formulaire(reponse)
        assert rendu[f"etat-{tablettes.pk}"] == ["reformable"]
        assert rendu["numeros"] == [champs.get("numeros", "")]


def test_une_salle_d_ailleurs_n_existe_pas(client, monde):
    client.force_login(monde.referent)
    ailleurs = Salle.objects.create(etablissement=monde.voisin_college, nom="D1")
    for cle in (ailleurs.pk, "autre", "²"):
        assert client.get(f"{adresse(monde)}{cle}/").status_code == 404
    assert client.get(adresse(monde, "controle_salle", "sans-salle")).status_code == 200


def test_les_ecarts_sont_dits_a_l_ecran(client, monde, b12):
    client.force_login(monde.referent)
    (ordinateur,) = des_equipements(monde.college, "Ordinateur", salle=b12.pk)
    envoi = formulaire(client.get(adresse(monde, "controle_salle", b12.pk)))
    deplacer(etablissement=monde.college, cles=[ordinateur.pk], salle=None, tenant=Tenant(monde.chef))
    reponse = client.post(adresse(monde, "controle_salle", b12.pk), envoi | {"vu": [ordinateur.pk]}, follow=True)
    assert "quelqu'un a rangé « Ordinateur » hors des salles" in texte(reponse)
    assert parc("vu_le") == [(None,)]


def test_les_non_vus_des_salles_commencees(client, monde, b12):
    client.force_login(monde.referent)
    cdi = une_salle(monde.college, "CDI")
    vue, cherchee = des_equipements(monde.college, etiquettes=["E1", "E2"], salle=b12.pk)
    des_equipements(monde.college, etiquettes=["E3"], salle=cdi.pk)
    assert "Rien à chercher" in texte(client.get(adresse(monde, "controle_non_vus")))
    constater(etablissement=monde.college, cles=[vue.pk], tenant=Tenant(monde.chef), maintenant=timezone.now())
    lu = texte(client.get(adresse(monde, "controle_non_vus")))
    assert ": 1 chose." in lu
    assert ("E2" in lu, "E1" in lu, "E3" in lu) == (True, False, False)
    assert "E3" in texte(client.get(adresse(monde, "controle_non_vus", toutes=1)))
    reponse = client.post(
        adresse(monde, "equipements_agir"), {"cles": [cherchee.pk], "acte": "sortir", "retour": adresse(monde)}
    )
    assert "Sortir de l'inventaire" in texte(reponse)


def test_la_collectivite_controle_ses_biens(client, monde, b12):
    client.force_login(monde.collectivite_agent)
    des_equipements(monde.college, "Borne", proprietaire="departement", salle=b12.pk)
    des_equipements(monde.college, "Tablette", proprietaire="eple", salle=b12.pk)
    lu = texte(client.get(adresse(monde, "controle_salle", b12.pk)))
    assert ("Borne" in lu, "Tablette" in lu, "0 vu sur 1" in lu) == (True, False, True)


@pytest.mark.parametrize(("nom", "requetes"), [("controle", 7), ("controle_salle", 9), ("controle_non_vus", 9)])
def test_une_page_ne_coute_pas_plus_pour_trois_lignes(client, monde, b12, nom, requetes):
    client.force_login(monde.referent)
    suite = [b12.pk] if nom == "controle_salle" else []
    for rang in (1, 2, 3):
        salle = b12 if rang == 1 else une_salle(monde.college, f"C{rang}")
        des_equipements(monde.college, etiquettes=[f"A{rang}"], salle=b12.pk)
        (vue, _) = des_equipements(monde.college, etiquettes=[f"E{rang}", f"F{rang}"], salle=salle.pk)
        constater(etablissement=monde.college, cles=[vue.pk], tenant=Tenant(monde.chef), maintenant=timezone.now())
        if rang != 2:
            assert len(client.get(adresse(monde, nom, *suite)).requetes) == requetes
