"""Pages of the inventory's lines: arriving, the sheet, changing one, acting on several."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.utils import timezone
from lxml import html

from budget.domain.equipements import Tenant, lire_equipement
from budget.models import Equipement, Incident, Lot
from strategie.socle.models import Etablissement
from tests.budget.parc import des_equipements, un_lot, une_salle
from tests.budget.test_salles import adresse, envoi_de, erreurs, mots

UN_JOUR = datetime.timedelta(days=1)


@pytest.fixture
def jour():
    return timezone.localdate()


def arrivee(**champs) -> dict[str, str]:
    """What the form sends, little filled."""
    vide = dict.fromkeys(
        ["marque", "modele", "salle", "lot", "nouveau_lot", "proprietaire", "payeur", "mainteneur", "prix", "note"], ""
    )
    vide |= dict.fromkeys(["achete_le", "garanti_jusqu_au", "suivi_jusqu_au", "prevu_jusqu_au"], "")
    vide |= {"nombre": "", "series": "", "etiquettes": "", "cle": str(uuid.uuid4())}
    return vide | {"designation": "Tablette", "categorie": "tablette", "domaine": "pedagogique"} | champs


def ajouter(client, monde, **champs):
    return client.post(adresse("equipement_ajouter", monde), arrivee(**champs))


def lignes() -> list[tuple]:
    return list(Equipement.objects.order_by("pk").values_list("nombre", "numero_serie", "etiquette"))


# --- Arriving -----------------------------------------------------------------------------------------------
def test_trente_pareilles_sont_une_ligne(client, monde, jour):
    client.force_login(monde.gestionnaire)
    salle = une_salle(monde.college)
    reponse = ajouter(
        client,
        monde,
        nombre="30",
        salle=str(salle.pk),
        nouveau_lot="30 tablettes",
        proprietaire="departement",
        payeur="region",
        mainteneur="eple",
        achete_le=jour.isoformat(),
        garanti_jusqu_au=(jour + UN_JOUR).isoformat(),
        prix="1\u202f234,50 €",
        note="Housse bleue",
    )
    ligne = Equipement.objects.get()
    assert (reponse.status_code, reponse.url) == (302, adresse("equipement", monde, ligne.pk))
    saisie = lire_equipement(ligne).description
    assert (saisie.salle, saisie.lot, saisie.prix) == (salle.pk, Lot.objects.get().pk, Decimal("1234.50"))
    assert (saisie.proprietaire, saisie.payeur, saisie.mainteneur) == ("departement", "region", "eple")
    assert (saisie.achete_le, saisie.garanti_jusqu_au, ligne.nombre) == (jour, jour + UN_JOUR, 30)


def test_des_numeros_passes_a_la_douchette_sont_une_ligne_chacun(client, monde):
    client.force_login(monde.referent)
    lot = un_lot(monde.college)
    reponse = ajouter(client, monde, series="A1\tE1\r\n\r\n A2 ;E2\nA3;E3\n", nombre="3", lot=str(lot.pk))
    assert (reponse.status_code, reponse.url) == (302, adresse("lot", monde, lot.pk))
    assert lignes() == [(1, "A1", "E1"), (1, "A2", "E2"), (1, "A3", "E3")]


@pytest.mark.parametrize(
    ("champs", "attendues"),
    [
        ({"etiquettes": "E1\nE2"}, [(1, "", "E1"), (1, "", "E2")]),
        ({"series": "A1\nA2", "etiquettes": "E1\nE2"}, [(1, "A1", "E1"), (1, "A2", "E2")]),
        ({"series": "A\x1d1;E\x1f1"}, [(1, "A1", "E1")]),  # signs that a scanner sends and nobody sees
    ],
)
def test_series_ou_etiquettes_ou_les_deux(client, monde, champs, attendues):
    client.force_login(monde.referent)
    assert ajouter(client, monde, **champs).status_code == 302
    assert lignes() == attendues


def test_un_envoi_recu_deux_fois_n_ajoute_qu_une_fois(client, monde):
    client.force_login(monde.referent)
    envoi = arrivee(series="A1\nA2", nouveau_lot="Deux tablettes")
    for _ in range(2):
        assert client.post(adresse("equipement_ajouter", monde), envoi).status_code == 302
    assert lignes() == [(1, "A1", ""), (1, "A2", "")]
    assert Lot.objects.count() == 1


@pytest.mark.parametrize(
    ("champs", "attendues"),
    [
        ({}, {"nombre": ["Dites combien, ou donnez les numéros."]}),
        ({"nombre": "0"}, {"nombre": ["Assurez-vous que cette valeur est supérieure ou égale à 1."]}),
        ({"nombre": "dix"}, {"nombre": ["Donnez un nombre entier."]}),
        (
            {"nombre": "3", "series": "A1\nA2"},
            {"nombre": ["Vous en annoncez 3, et 2 numéros sont donnés\u00a0: vérifiez."]},
        ),
        ({"series": "A1\na1"}, {"series": ["Donné deux fois\u00a0: A1, a1."]}),
        ({"series": "deja\nA2"}, {"series": ["Déjà dans l'inventaire\u00a0: DEJA (Tablette 10 pouces, B12)."]}),
        ({"etiquettes": "e-deja"}, {"etiquettes": ["Déjà dans l'inventaire\u00a0: E-DEJA (Tablette 10 pouces, B12)."]}),
        ({"series": "A1;E1\n;E2"}, {"series": ["Il manque le numéro de série\u00a0: ligne 2."]}),
        (
            {"series": "A1;E1\nA2"},
            {"series": ["Il y a 2 numéros de série et 1 étiquettes\u00a0: donnez-en autant."]},
        ),
        (
            {"series": "A1\nA2", "etiquettes": "E1"},
            {"etiquettes": ["Il y a 2 numéros de série et 1 étiquettes\u00a0: donnez-en autant."]},
        ),
        (
            {"series": "A1;E1", "etiquettes": "E2"},
            {"etiquettes": ["Ces étiquettes sont déjà données à côté des numéros de série."]},
        ),
        ({"series": "A" * 81}, {"series": [f"«\u00a0{'A' * 30}…\u00a0» dépasse 80 caractères."]}),
        (
            {"series": "\n".join(f"S{n}" for n in range(501))},
            {"series": ["Ajoutez 500 numéros à la fois, au plus\u00a0: il y en a 501."]},
        ),
        ({"nombre": "1", "prix": "-5"}, {"prix": ["Un prix ne peut pas être négatif."]}),
        ({"nombre": "1", "prix": "1000000,01"}, {"prix": ["Ce prix unitaire dépasse un million d'euros."]}),
        ({"nombre": "1", "prix": "beaucoup"}, {"prix": ["Un montant en euros était attendu, comme 1\u202f234,56."]}),
        ({"nombre": "1", "achete_le": "hier"}, {"achete_le": ["Écrivez cette date sous la forme jj/mm/aaaa."]}),
        ({"nombre": "1", "achete_le": "0001-01-01"}, {"achete_le": ["Cette date est antérieure à 1980."]}),
        ({"nombre": "1", "achete_le": "9999-01-01"}, {"achete_le": ["Cette date n'est pas encore passée."]}),
        ({"nombre": "1", "prevu_jusqu_au": "9999-01-01"}, {"prevu_jusqu_au": ["Cette date est à plus de 30 ans."]}),
        (
            {"nombre": "1", "achete_le": "2020-09-01", "garanti_jusqu_au": "2020-08-31"},
            {"garanti_jusqu_au": ["Aucune date ne peut précéder l'achat."]},
        ),
        (
            {"nombre": "1", "salle": "9" * 5000, "lot": "x"},
            {
                "salle": ["Cette salle n'est pas, ou n'est plus, une salle de l'établissement."],
                "lot": ["Ce lot n'est pas, ou n'est plus, à l'établissement."],
            },
        ),
        (
            {"nombre": "1", "designation": "", "categorie": "", "domaine": "autre", "payeur": "x"},
            {
                "designation": ["Dites en quelques mots ce que c'est."],
                "categorie": ["Choisissez une réponse."],
                "domaine": ["Cette réponse n'est pas dans la liste proposée."],
                "payeur": ["Cette réponse n'est pas dans la liste proposée."],
            },
        ),
        ({"nombre": "1", "cle": "x"}, {"cle": ["Cette page est incomplète\u00a0: rechargez-la."]}),
    ],
)  # fmt: skip
def test_chaque_erreur_se_lit_a_son_champ(client, monde, champs, attendues):
    client.force_login(monde.referent)
    des_equipements(monde.college, series=["DEJA"], etiquettes=["E-DEJA"], salle=une_salle(monde.college).pk)
    reponse = ajouter(client, monde, note="Gardé tel quel", **champs)
    assert (reponse.status_code, erreurs(reponse)) == (422, attendues)
    assert "Gardé tel quel" in reponse.content.decode()
    assert Equipement.objects.count() == 1


def test_ce_qui_peut_attendre_est_replie_sauf_a_corriger(client, monde):
    client.force_login(monde.referent)
    page = html.fromstring(client.get(adresse("equipement_ajouter", monde)).content)
    assert page.xpath("//main//details[@open]") == []
    assert len(page.xpath("//main//details")) == 3
    page = html.fromstring(ajouter(client, monde, nombre="1", prix="-5").content)
    assert [mots(titre) for titre in page.xpath("//main//details[@open]/summary/h2")] == ["Dates et prix"]


def test_un_lot_existe_ou_se_nomme_pas_les_deux(client, monde):
    client.force_login(monde.referent)
    lot = un_lot(monde.college)
    reponse = ajouter(client, monde, nombre="1", lot=str(lot.pk), nouveau_lot="Autre")
    assert list(erreurs(reponse)) == ["nouveau_lot"]
    assert not Equipement.objects.exists()


def test_l_adresse_dit_ou_ranger(client, monde):
    client.force_login(monde.referent)
    salle, lot = une_salle(monde.college), un_lot(monde.college)
    page = client.get(adresse("equipement_ajouter", monde), {"salle": salle.pk, "lot": lot.pk})
    choisis = html.fromstring(page.content).xpath("//main//option[@selected]/text()")
    assert {"B12", "Classe mobile"} <= set(choisis)


def test_la_collectivite_n_ajoute_que_ce_qui_est_a_elle(client, monde):
    client.force_login(monde.collectivite_agent)
    page = html.fromstring(client.get(adresse("equipement_ajouter", monde)).content)
    assert page.xpath("//select[@name='proprietaire']/option/@value") == ["departement"]
    reponse = ajouter(client, monde, nombre="1", proprietaire="eple")
    assert list(erreurs(reponse)) == ["proprietaire"]
    assert ajouter(client, monde, nombre="1", proprietaire="departement").status_code == 302
    assert Equipement.objects.get().proprietaire == "departement"


def test_un_etablissement_ferme_n_ajoute_rien(client, monde):
    client.force_login(monde.referent)
    Etablissement.objects.filter(pk=monde.college.pk).update(etat="ferme")
    assert ajouter(client, monde, nombre="1").status_code == 403
    assert not Equipement.objects.exists()


# --- The sheet ----------------------------------------------------------------------------------------------
def test_la_fiche_dit_tout(client, monde, jour):
    client.force_login(monde.lectrice)
    salle, lot = une_salle(monde.college), un_lot(monde.college)
    (ligne,) = des_equipements(
        monde.college,
        "Tablette <b>10</b> pouces",
        nombre=3,
        salle=salle.pk,
        lot=lot.pk,
        marque="Marque",
        proprietaire="departement",
        achete_le=datetime.date(2012, 9, 1),
        garanti_jusqu_au=datetime.date(2015, 9, 1),
        prix=Decimal("300.00"),
    )
    Equipement.objects.filter(pk=ligne.pk).update(
        prete_a="eleve", prete_le=jour - 9 * UN_JOUR, pret_jusqu_au=jour - UN_JOUR, vu_le=jour
    )
    Incident.objects.create(
        etablissement=monde.college,
        equipement=ligne,
        constat="Écran cassé",
        ouvert_le=jour,
        cle=uuid.uuid4(),
        ouvert_par=monde.referent,
    )
    arbre = html.fromstring(client.get(adresse("equipement", monde, ligne.pk)).content)
    texte = mots(arbre.xpath("//main")[0])
    for dit in (
        "Tablette <b>10</b> pouces",
        "Réutilisable 3 pareils prêté",
        "Salle B12",
        "Lot Classe mobile",
        "Prêté à un élève, depuis le",
        "en retard",
        "Propriétaire Département",
        "Payé par on ne sait pas",
        "Garanti jusqu'au 1er septembre 2015 garantie finie",
        "durée prévue dépassée",
        "Prix unitaire 300,00 €, 900,00 € en tout",
        "Écran cassé",
        "Entré dans l'inventaire",
    ):
        assert dit in texte
    assert "Modifier" not in texte  # she reads


@pytest.mark.parametrize("nombre", [1, 3])
def test_autant_de_requetes_pour_un_passe_que_pour_trois(client, monde, nombre):
    client.force_login(monde.collectivite_agent)
    (ligne,) = des_equipements(monde.college, proprietaire="departement", lot=un_lot(monde.college).pk)
    for numero in range(nombre):
        Equipement.objects.filter(pk=ligne.pk).update(
            salle=une_salle(monde.college, f"S{numero}"), lot=un_lot(monde.college, f"L{numero}")
        )
        Incident.objects.create(
            etablissement=monde.college,
            equipement=ligne,
            constat="Panne",
            ouvert_le=timezone.localdate(),
            cle=uuid.uuid4(),
            ouvert_par=monde.referent,
        )
    assert len(client.get(adresse("equipement", monde, ligne.pk)).requetes) == 12


@pytest.mark.parametrize("nom", ["equipement", "equipement_modifier", "equipement_retirer"])
def test_la_ligne_d_un_autre_n_existe_pas(client, monde, nom):
    client.force_login(monde.chef)
    (ligne,) = des_equipements(monde.voisin_college, tenant=Tenant(monde.voisin))
    assert client.get(adresse(nom, monde, ligne.pk)).status_code == 404


# --- Changing one -------------------------------------------------------------------------------------------
def test_une_ligne_se_modifie_a_deux(client, monde):
    client.force_login(monde.referent)
    salle = une_salle(monde.college)
    (ligne,) = des_equipements(monde.college, series=["A1"], prix=Decimal("320.50"))
    page = adresse("equipement_modifier", monde, ligne.pk)
    envoi = envoi_de(client, page)
    assert client.post(page, envoi | {"marque": "Une", "prix": "99,90", "salle": str(salle.pk)}).status_code == 302
    reponse = client.post(page, envoi | {"marque": "Deux", "etiquette": "E1"})
    assert reponse.status_code == 409
    assert erreurs(reponse) == {
        "marque": [
            "Quelqu'un d'autre l'a changé pendant que vous écriviez\u00a0: «\u00a0Une\u00a0». Votre réponse est encore "
            "là\u00a0: gardez-la ou reprenez l'autre, puis enregistrez."
        ]
    }
    suite = html.fromstring(reponse.content).xpath("//main//form[@method='post']")[0]
    assert client.post(page, dict(suite.form_values())).status_code == 302
    ligne.refresh_from_db()
    assert (ligne.marque, ligne.etiquette, ligne.prix, ligne.salle) == ("Deux", "E1", Decimal("99.90"), salle)


def test_un_conflit_de_prix_ou_de_date_se_dit_en_francais(client, monde):
    client.force_login(monde.referent)
    (ligne,) = des_equipements(monde.college)
    page = adresse("equipement_modifier", monde, ligne.pk)
    envoi = envoi_de(client, page)
    client.post(page, envoi | {"prix": "1234,50", "achete_le": "2020-09-01"})
    dites = erreurs(client.post(page, envoi | {"prix": "5", "achete_le": "2021-09-01"}))
    assert "«\u00a01\u202f234,50\u00a0€\u00a0»" in dites["prix"][0]
    assert "«\u00a01er\u00a0septembre 2020\u00a0»" in dites["achete_le"][0]


def test_ne_rien_changer_n_ecrit_rien(client, monde):
    client.force_login(monde.referent)
    (ligne,) = des_equipements(
        monde.college, series=["A1"], prix=Decimal("1320.50"), achete_le=datetime.date(2020, 9, 1), note="x"
    )
    page = adresse("equipement_modifier", monde, ligne.pk)
    assert client.post(page, envoi_de(client, page)).status_code == 302
    ligne.refresh_from_db()
    assert ligne.version == 1


def test_un_numero_pris_se_dit_au_champ(client, monde):
    client.force_login(monde.referent)
    ligne, _ = des_equipements(monde.college, series=["A1", "A2"])
    page = adresse("equipement_modifier", monde, ligne.pk)
    reponse = client.post(page, envoi_de(client, page) | {"numero_serie": "a2"})
    assert (reponse.status_code, erreurs(reponse)) == (
        422,
        {"numero_serie": ["Déjà dans l'inventaire\u00a0: A2 (Tablette 10 pouces)."]},
    )


def test_trente_pareilles_n_ont_pas_de_numero(client, monde):
    client.force_login(monde.referent)
    (ligne,) = des_equipements(monde.college, nombre=30)
    page = adresse("equipement_modifier", monde, ligne.pk)
    envoi = envoi_de(client, page)
    assert "numero_serie" not in envoi
    assert client.post(page, envoi | {"designation": "Ardoise", "numero_serie": "A1"}).status_code == 302
    ligne.refresh_from_db()
    assert (ligne.designation, ligne.numero_serie) == ("Ardoise", "")


def test_la_collectivite_ne_modifie_que_ce_qui_est_a_elle(client, monde):
    client.force_login(monde.collectivite_agent)
    (autre,) = des_equipements(monde.college, proprietaire="eple")
    (sienne,) = des_equipements(monde.college, proprietaire="departement")
    assert client.get(adresse("equipement_modifier", monde, autre.pk)).status_code == 403
    assert client.get(adresse("equipement_retirer", monde, autre.pk)).status_code == 403
    assert "Changer de salle" not in client.get(adresse("equipement", monde, autre.pk)).content.decode()
    assert "Changer de salle" in client.get(adresse("equipement", monde, sienne.pk)).content.decode()
    page = adresse("equipement_modifier", monde, sienne.pk)
    assert client.post(page, envoi_de(client, page) | {"note": "Vue"}).status_code == 302
    sienne.refresh_from_db()
    assert sienne.note == "Vue"


# --- One act on several -------------------------------------------------------------------------------------
def agir(client, monde, acte, lignes, confirme=True, **champs):
    envoi = {"acte": acte, "cles": [ligne.pk for ligne in lignes]} | champs
    return client.post(adresse("equipements_agir", monde), envoi | ({"confirme": "oui"} if confirme else {}))


def etats() -> list[tuple]:
    return list(Equipement.objects.order_by("pk").values_list("nombre", "etat", "destination"))


def test_la_page_montre_ce_qui_va_changer_et_n_ecrit_rien(client, monde):
    client.force_login(monde.referent)
    deux = [*des_equipements(monde.college, nombre=30), *des_equipements(monde.college, "Écran", series=["A1"])]
    reponse = agir(client, monde, "sortir", deux, confirme=False, destination="don")
    arbre = html.fromstring(reponse.content)
    assert reponse.status_code == 200
    assert mots(arbre.xpath("//h2")[0]) == "31 équipements sur 2 lignes"
    assert arbre.xpath("//input[@name='cles']/@value") == [str(deux[1].pk), str(deux[0].pk)]
    assert etats() == [(30, "reutilisable", ""), (1, "reutilisable", "")]
    assert not arbre.xpath("//input[@name='nombre']")  # part of a line is of one line


@pytest.mark.parametrize(
    ("acte", "champs", "attendu"),
    [
        ("a_reparer", {}, {"etat": "a_reparer"}),
        ("reformable", {}, {"etat": "reformable"}),
        ("reutilisable", {}, {"etat": "reutilisable"}),
        ("constater", {}, {"vu_le": "jour"}),
        ("preter", {"a": "eleve"}, {"prete_a": "eleve", "prete_le": "jour"}),
        (
            "sortir",
            {"destination": "deee", "sorti_le": "jour"},
            {"etat": "sorti", "destination": "deee", "sorti_le": "jour"},
        ),
        ("deplacer", {"salle": ""}, {"salle": None}),
    ],
)  # fmt: skip
def test_chaque_acte_s_ecrit_sur_toutes_les_lignes(client, monde, jour, acte, champs, attendu):
    client.force_login(monde.gestionnaire)
    deux = des_equipements(monde.college, series=["A1", "A2"], salle=une_salle(monde.college).pk)
    Equipement.objects.update(etat="a_reparer" if acte == "reutilisable" else "reutilisable")
    reponse = agir(
        client, monde, acte, deux, **{nom: jour.isoformat() if v == "jour" else v for nom, v in champs.items()}
    )
    assert (reponse.status_code, reponse.url) == (302, adresse("inventaire", monde))
    for ligne in Equipement.objects.all():
        assert {nom: getattr(ligne, nom) for nom in attendu} == {
            nom: jour if valeur == "jour" else valeur for nom, valeur in attendu.items()
        }


def test_des_lignes_changent_de_salle(client, monde):
    client.force_login(monde.referent)
    salle = une_salle(monde.college)
    deux = des_equipements(monde.college, series=["A1", "A2"])
    retour = adresse("lots", monde) + "?x=1"
    assert agir(client, monde, "deplacer", deux, salle=str(salle.pk), retour=retour).url == retour
    assert {ligne.salle for ligne in Equipement.objects.select_related("salle")} == {salle}


@pytest.mark.parametrize("retour", ["https://ailleurs.invalid/", "//ailleurs.invalid/", "/" + "x" * 2001])
def test_on_ne_revient_que_sur_ce_site(client, monde, retour):
    client.force_login(monde.referent)
    deux = des_equipements(monde.college, series=["A1", "A2"])
    assert agir(client, monde, "a_reparer", deux, retour=retour).url == adresse("inventaire", monde)


def test_trois_sur_trente_partent(client, monde, jour):
    client.force_login(monde.referent)
    (ligne,) = des_equipements(monde.college, nombre=30)
    page = client.get(adresse("equipements_agir", monde), {"acte": "sortir", "cles": ligne.pk})
    envoi = dict(html.fromstring(page.content).xpath("//main//form[@method='post']")[0].form_values())
    assert (envoi["nombre"], envoi["sorti_le"]) == ("30", jour.isoformat())
    reponse = client.post(adresse("equipements_agir", monde), envoi | {"nombre": "3", "destination": "deee"})
    nouvelle = Equipement.objects.exclude(pk=ligne.pk).get()
    assert reponse.url == adresse("equipement", monde, nouvelle.pk)
    assert etats() == [(27, "reutilisable", ""), (3, "sorti", "deee")]


def test_une_part_envoyee_deux_fois_ne_part_qu_une_fois(client, monde, jour):
    client.force_login(monde.referent)
    (ligne,) = des_equipements(monde.college, nombre=30)
    envoi = {"nombre": "3", "sur": "30", "destination": "don", "sorti_le": jour.isoformat()}
    assert agir(client, monde, "sortir", [ligne], **envoi).status_code == 302
    assert agir(client, monde, "sortir", [ligne], **envoi).status_code == 422
    assert etats() == [(27, "reutilisable", ""), (3, "sorti", "don")]


def test_une_fiche_se_regroupe_avec_ses_pareilles(client, monde):
    client.force_login(monde.referent)
    une, autre = (des_equipements(monde.college, nombre=nombre)[0] for nombre in (28, 2))
    des_equipements(monde.college, nombre=5, note="Rayées")
    page = client.get(adresse("equipements_agir", monde), {"acte": "regrouper", "cles": autre.pk})
    envoi = html.fromstring(page.content).xpath("//main//form[@method='post']")[0]
    assert envoi.xpath(".//input[@name='cles']/@value") == [str(autre.pk), str(une.pk)]
    assert agir(client, monde, "regrouper", [une, autre]).url == adresse("equipement", monde, une.pk)
    assert etats() == [(30, "reutilisable", ""), (5, "reutilisable", "")]
    fiche = mots(html.fromstring(client.get(adresse("equipement", monde, une.pk)).content).xpath("//main")[0])
    assert "a regroupé des lignes pareilles" in fiche


def test_une_partie_se_met_a_part(client, monde):
    client.force_login(monde.referent)
    (ligne,) = des_equipements(monde.college, nombre=30)
    agir(client, monde, "separer", [ligne], nombre="1")
    assert etats() == [(29, "reutilisable", ""), (1, "reutilisable", "")]


@pytest.mark.parametrize(
    ("acte", "champs", "attendues"),
    [
        ("sortir", {"nombre": "30"}, {"destination": ["Choisissez une réponse."], "sorti_le": ["Donnez une date."]}),
        (
            "sortir",
            {"nombre": "31", "destination": "don", "sorti_le": "2999-01-01"},
            {
                "nombre": ["Cette ligne compte 30 choses\u00a0: dites combien, de 1 à 30."],
                "sorti_le": ["Cette date n'est pas encore passée."],
            },
        ),
        ("sortir", {"nombre": "", "destination": "x", "sorti_le": "x"}, {
            "nombre": ["Dites combien."],
            "destination": ["Cette réponse n'est pas dans la liste proposée."],
            "sorti_le": ["Écrivez cette date sous la forme jj/mm/aaaa."],
        }),
        ("preter", {"nombre": "1", "a": "Jean", "jusqu_au": "2020-01-01"}, {
            "a": ["Cette réponse n'est pas dans la liste proposée."],
            "jusqu_au": ["Cette date est déjà passée."],
        }),
        ("deplacer", {"nombre": "1", "salle": "999"}, {
            "salle": ["Cette salle n'est pas, ou n'est plus, une salle de l'établissement."],
        }),
    ],
)  # fmt: skip
def test_chaque_erreur_d_un_acte_se_lit_a_son_champ(client, monde, acte, champs, attendues):
    client.force_login(monde.referent)
    (ligne,) = des_equipements(monde.college, nombre=30)
    reponse = agir(client, monde, acte, [ligne], **champs)
    assert (reponse.status_code, erreurs(reponse)) == (422, attendues)
    assert etats() == [(30, "reutilisable", "")]


def test_un_refus_garde_les_lignes_cochees(client, monde):
    """Bought after the day on which it would leave."""
    client.force_login(monde.referent)
    deux = des_equipements(monde.college, series=["A1", "A2"], achete_le=datetime.date(2020, 9, 1))
    reponse = agir(client, monde, "sortir", deux, destination="don", sorti_le="2020-08-31")
    assert reponse.status_code == 422
    assert erreurs(reponse) == {
        "__all__": ["Rien ne sort de l'inventaire avant d'y être entré\u00a0: voyez la date d'achat."]
    }
    assert len(html.fromstring(reponse.content).xpath("//input[@name='cles']")) == 2


@pytest.mark.parametrize("envoi", [{}, {"acte": "a_reparer"}, {"acte": "repeindre", "cles": "1"}, {"cles": "x"}])
def test_sans_ligne_ou_sans_acte_la_liste_le_dit(client, monde, envoi):
    client.force_login(monde.referent)
    reponse = client.post(adresse("equipements_agir", monde), envoi)
    assert reponse.status_code == 302
    salles = client.get(adresse("salles", monde)).content.decode()
    assert "Cochez au moins une ligne" in salles


def test_trop_de_lignes_a_la_fois(client, monde):
    client.force_login(monde.referent)
    client.post(adresse("equipements_agir", monde), {"acte": "a_reparer", "cles": [str(n) for n in range(501)]})
    assert "500 lignes à la fois" in client.get(adresse("salles", monde)).content.decode()


def test_on_n_agit_pas_sur_les_lignes_d_un_autre(client, monde):
    client.force_login(monde.chef)
    (ligne,) = des_equipements(monde.voisin_college, tenant=Tenant(monde.voisin))
    assert agir(client, monde, "a_reparer", [ligne]).status_code == 302
    ligne.refresh_from_db()
    assert ligne.etat == "reutilisable"


def test_la_collectivite_n_agit_que_sur_ce_qui_est_a_elle(client, monde):
    client.force_login(monde.collectivite_agent)
    (autre,) = des_equipements(monde.college, proprietaire="eple")
    (sienne,) = des_equipements(monde.college, proprietaire="departement")
    page = agir(client, monde, "a_reparer", [autre, sienne], confirme=False)
    assert "n'appartient pas à votre collectivité" in mots(html.fromstring(page.content))
    assert agir(client, monde, "a_reparer", [autre, sienne]).status_code == 422
    assert agir(client, monde, "a_reparer", [sienne]).status_code == 302
    assert [etat for _, etat, _ in etats()] == ["reutilisable", "a_reparer"]


@pytest.mark.parametrize("nombre", [1, 3])
def test_autant_de_requetes_pour_une_ligne_que_pour_trois(client, monde, nombre):
    client.force_login(monde.chef)
    cles = [des_equipements(monde.college, salle=une_salle(monde.college, f"S{n}").pk)[0].pk for n in range(nombre)]
    page = client.get(adresse("equipements_agir", monde), {"acte": "constater", "cles": cles})
    assert len(page.requetes) == 5
