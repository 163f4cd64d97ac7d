"""Lots: what came together, for which use."""

import datetime
import uuid
from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from budget.domain.equipements import SaisieEquipement, Tenant
from budget.domain.lots import SaisieLot, creer_lot, lire_lot, modifier_lot, recevoir
from budget.models import DeclarationUsage, Equipement, Incident, Lot
from plans.domain.corbeille import mettre_a_la_corbeille
from strategie.socle.domain.empechement import Empeche
from strategie.socle.rules import FERME
from tests.budget.parc import des_equipements, un_lot, une_salle
from tests.budget.test_salles import adresse, envoi_de, erreurs, mots
from tests.plans.plans import une_action

MAINTENANT = datetime.datetime(2031, 3, 3, 10, 0, tzinfo=datetime.UTC)
TABLETTES = SaisieEquipement("Tablette 10 pouces", "tablette")


def creer(monde, saisie, etablissement=None):
    return creer_lot(
        etablissement=etablissement or monde.college, saisie=saisie, auteur=monde.referent, maintenant=MAINTENANT
    )


def arriver(monde, nouveau_lot, *, nombre=30, cle=None, saisie=TABLETTES, **quoi):
    return recevoir(
        etablissement=monde.college,
        saisie=saisie,
        nouveau_lot=nouveau_lot,
        nombre=nombre,
        cle=cle or uuid.uuid4(),
        tenant=Tenant(monde.referent),
        maintenant=MAINTENANT,
        **quoi,
    )


# --- Acts ---------------------------------------------------------------------------------------------------
def test_un_lot_se_cree_puis_se_modifie(monde):
    action = une_action(monde.college)
    saisie = SaisieLot("Classe mobile", "s'enregistrer", "les 5e", "hebdomadaire", action.pk)
    lot = creer(monde, saisie)
    assert (lire_lot(lot), lot.cree_par, lot.cree_le, lot.version) == (saisie, monde.referent, MAINTENANT, 1)
    voulue = replace(saisie, public="les 4e", action=None)
    assert modifier_lot(lot=lot, base=saisie, saisie=voulue, auteur=monde.chef) == {}
    lot.refresh_from_db()
    assert (lire_lot(lot), lot.version) == (voulue, 2)


def test_deux_personnes_modifient_un_lot(monde):
    lot = creer(monde, base := SaisieLot("Classe mobile"))
    modifier_lot(lot=lot, base=base, saisie=replace(base, public="les 5e"), auteur=monde.chef)
    conflits = modifier_lot(lot=lot, base=base, saisie=replace(base, public="les 4e"), auteur=monde.referent)
    assert [(nom, conflit.mien, conflit.actuel) for nom, conflit in conflits.items()] == [
        ("public", "les 4e", "les 5e")
    ]
    assert modifier_lot(lot=lot, base=base, saisie=replace(base, usage_prevu="lire"), auteur=monde.referent) == {}
    lot.refresh_from_db()
    assert lire_lot(lot) == SaisieLot("Classe mobile", "lire", "les 5e")


def test_un_nom_de_lot_ne_se_prend_qu_une_fois(monde):
    un_lot(monde.college, "Classe mobile")
    autre = un_lot(monde.college, "Autre")
    creer(monde, SaisieLot("Classe mobile"), monde.voisin_college)
    with pytest.raises(Empeche, match="déjà un lot de ce nom"):
        creer(monde, SaisieLot("CLASSE mobile"))
    with pytest.raises(Empeche, match="déjà un lot de ce nom"):
        modifier_lot(lot=autre, base=lire_lot(autre), saisie=SaisieLot("classe mobile"), auteur=monde.chef)


def test_un_lot_ne_sert_que_le_plan_de_son_etablissement(monde):
    ailleurs = une_action(monde.voisin_college)
    jetee = une_action(monde.college)
    mettre_a_la_corbeille(objet=jetee, auteur=monde.chef, maintenant=MAINTENANT)
    lot = un_lot(monde.college)
    for action in (ailleurs, jetee):
        with pytest.raises(Empeche, match="dans le plan de l'établissement"):
            creer(monde, SaisieLot("Autre", action=action.pk))
        with pytest.raises(Empeche, match="dans le plan de l'établissement"):
            modifier_lot(
                lot=lot, base=lire_lot(lot), saisie=replace(lire_lot(lot), action=action.pk), auteur=monde.chef
            )


def test_un_lot_a_la_corbeille_ou_d_un_etablissement_ferme_ne_change_plus(monde):
    lot = un_lot(monde.college)
    base = lire_lot(lot)
    mettre_a_la_corbeille(objet=lot, auteur=monde.chef, maintenant=MAINTENANT)
    with pytest.raises(Empeche, match="corbeille entre-temps"):
        modifier_lot(lot=lot, base=base, saisie=replace(base, public="x"), auteur=monde.chef)
    monde.college.etat = "ferme"
    with pytest.raises(Empeche, match=FERME):
        creer(monde, SaisieLot("Autre"))


def test_ce_qui_arrive_nomme_son_lot_ou_rejoint_celui_de_ce_nom(monde):
    cle = uuid.uuid4()
    premieres = arriver(monde, "30 tablettes, 2031", cle=cle)
    assert arriver(monde, "30 tablettes, 2031", cle=cle) == premieres
    arriver(monde, "30 TABLETTES, 2031", nombre=2)
    lot = Lot.objects.get()
    assert list(Equipement.objects.order_by("pk").values_list("lot", "nombre")) == [(lot.pk, 30), (lot.pk, 2)]


def test_un_lot_ne_reste_pas_quand_rien_n_entre(monde):
    with pytest.raises(Empeche, match="antérieure à 1980"):
        arriver(monde, "Jamais", saisie=replace(TABLETTES, achete_le=datetime.date(1979, 1, 1)))
    assert not Lot.objects.exists()


# --- Pages --------------------------------------------------------------------------------------------------
def test_les_lots_disent_leurs_etats_et_leur_usage(client, monde):
    client.force_login(monde.lectrice)
    lot = un_lot(monde.college, usage_prevu="s'enregistrer", public="les 5e")
    des_equipements(monde.college, nombre=27, lot=lot.pk)
    (casse,) = des_equipements(monde.college, nombre=2, lot=lot.pk)
    (parti,) = des_equipements(monde.college, lot=lot.pk)
    Equipement.objects.filter(pk=casse.pk).update(etat="a_reparer")
    Equipement.objects.filter(pk=parti.pk).update(etat="sorti", destination="don", sorti_le=MAINTENANT.date())
    des_equipements(monde.college, nombre=4)
    arbre = html.fromstring(client.get(adresse("lots", monde)).content)
    (ligne,) = map(mots, arbre.xpath("//main//section//li"))
    assert ligne == "Classe mobile 27 réutilisables 2 à réparer 1 sorti s'enregistrer · pour les 5e"
    assert "4 équipements ne sont dans aucun lot" in mots(arbre)
    assert "Créer un lot" not in arbre.text_content()


@pytest.mark.parametrize("nombre", [1, 3])
def test_autant_de_requetes_pour_un_lot_que_pour_trois(client, monde, nombre):
    client.force_login(monde.chef)
    for numero in range(nombre):
        lot = un_lot(monde.college, f"Lot {numero}")
        des_equipements(monde.college, series=[f"{numero}-{n}" for n in range(nombre)], lot=lot.pk)
        DeclarationUsage.objects.create(
            lot=lot,
            annee_scolaire="2030-2031",
            trimestre=numero + 1,
            frequence="rare",
            comme_prevu=True,
            declare_par=monde.referent,
            declare_le=MAINTENANT,
        )
    assert len(client.get(adresse("lots", monde)).requetes) == 6
    assert len(client.get(adresse("lot", monde, lot.pk)).requetes) == 10


def test_sans_lot_la_page_dit_quoi_faire(client, monde):
    client.force_login(monde.referent)
    texte = client.get(adresse("lots", monde)).content.decode()
    assert "Aucun lot pour l'instant" in texte
    assert adresse("equipement_ajouter", monde) in texte


@pytest.mark.django_db(transaction=True)
def test_un_lot_dit_tout_de_lui(client, monde):
    client.force_login(monde.chef)
    salle, action = une_salle(monde.college), une_action(monde.college, "Parler en 5e")
    lot = creer(monde, SaisieLot("Classe mobile", "s'enregistrer", "les 5e", "hebdomadaire", action.pk))
    des_equipements(monde.college, nombre=29, lot=lot.pk, salle=salle.pk)
    hier = timezone.localdate() - datetime.timedelta(days=1)
    Incident.objects.create(
        etablissement=monde.college,
        lot=lot,
        constat="Chariot en panne",
        ouvert_le=hier,
        cle=uuid.uuid4(),
        ouvert_par=monde.referent,
    )
    DeclarationUsage.objects.create(
        lot=lot,
        annee_scolaire="2030-2031",
        trimestre=2,
        frequence="rare",
        comme_prevu=False,
        frein="pannes",
        note="Batteries",
        declare_par=monde.referent,
        declare_le=MAINTENANT,
    )
    arbre = html.fromstring(client.get(adresse("lot", monde, lot.pk)).content)
    texte = mots(arbre.xpath("//main")[0])
    for dit in (
        "Usage prévu s'enregistrer Pour qui les 5e Fréquence prévue Chaque semaine Action du plan Parler en 5e",
        "Deuxième trimestre 2030-2031 : Sous-exploité moins d'une fois par mois, mais pas pour l'usage prévu"
        " · Pannes, batteries, lenteur",
        "par Rémi Référent : Batteries",
        "Tablette 10 pouces × 29 Réutilisable B12",
    ):
        assert dit in texte
    assert arbre.xpath(f"//a[@href='{adresse('inventaire', monde)}?lot={lot.pk}']")
    histoire = client.get(reverse("historique", args=[monde.college.uai, "lot", lot.pk])).content
    assert [mots(titre) for titre in html.fromstring(histoire).xpath("//ol//h2")] == [
        "Paliers a modifié",  # the declaration above
        "Rémi Référent a créé le lot",
    ]


def test_un_lot_se_cree_par_sa_page(client, monde):
    client.force_login(monde.gestionnaire)
    action = une_action(monde.college)
    envoi = {"intitule": " Classe\tmobile ", "usage_prevu": "lire", "public": "", "frequence_prevue": "rare"}
    reponse = client.post(adresse("lot_creer", monde), envoi | {"action": str(action.pk)})
    lot = Lot.objects.get()
    assert (reponse.status_code, reponse.url) == (302, adresse("lot", monde, lot.pk))
    assert lire_lot(lot) == SaisieLot("Classe mobile", "lire", "", "rare", action.pk)


def test_ce_qu_un_lot_ne_peut_pas_dire_se_lit_au_champ(client, monde):
    client.force_login(monde.referent)
    un_lot(monde.college, "Classe mobile")
    envoi = {"intitule": "classe mobile", "usage_prevu": "x" * 301, "frequence_prevue": "jamais-vu", "action": "9999"}
    reponse = client.post(adresse("lot_creer", monde), envoi)
    assert reponse.status_code == 422
    assert erreurs(reponse) == {
        "intitule": ["L'établissement a déjà un lot de ce nom."],
        "usage_prevu": ["Ce texte dépasse 300\u00a0caractères\u00a0: raccourcissez-le."],
        "frequence_prevue": ["Cette réponse n'est pas dans la liste proposée."],
        "action": ["Cette action n'est pas, ou n'est plus, dans le plan de l'établissement."],
    }
    assert "x" * 301 in reponse.content.decode()


def test_un_lot_se_modifie_a_deux(client, monde):
    client.force_login(monde.referent)
    lot = un_lot(monde.college)
    page = adresse("lot_modifier", monde, lot.pk)
    envoi = envoi_de(client, page)
    assert client.post(page, envoi | {"public": "les 5e", "frequence_prevue": "rare"}).status_code == 302
    reponse = client.post(page, envoi | {"public": "les 4e"})
    assert reponse.status_code == 409
    assert list(erreurs(reponse)) == ["public"]
    suite = html.fromstring(reponse.content).xpath("//main//form[@method='post']")[0]
    client.post(page, dict(suite.form_values()))
    lot.refresh_from_db()
    assert (lot.public, lot.frequence_prevue) == ("les 4e", "rare")


def test_la_collectivite_ne_tient_pas_les_lots(client, monde):
    client.force_login(monde.collectivite_agent)
    lot = un_lot(monde.college, action=une_action(monde.college, "Un brouillon"))
    for nom, cles in (("lot_creer", ()), ("lot_modifier", (lot.pk,)), ("lot_retirer", (lot.pk,))):
        assert client.get(adresse(nom, monde, *cles)).status_code == 403
    page = client.get(adresse("lot", monde, lot.pk)).content.decode()
    assert "Un brouillon" not in page  # the plan is not hers to read
    assert "Modifier le lot" not in page


@pytest.mark.parametrize("nom", ["lot", "lot_modifier", "lot_retirer"])
def test_le_lot_d_un_autre_n_existe_pas(client, monde, nom):
    client.force_login(monde.chef)
    ailleurs = un_lot(monde.voisin_college, cree_par=monde.voisin)
    assert client.get(adresse(nom, monde, ailleurs.pk)).status_code == 404
