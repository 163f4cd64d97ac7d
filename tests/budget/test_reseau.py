"""The infrastructure: lines, what they give, services, the Wi-Fi of rooms; acts and pages."""

import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from budget.domain.debits import Resume, resumer
from budget.domain.reseau import (
    SaisieMesure,
    SaisieRaccordement,
    SaisieService,
    ajouter_raccordement,
    constater_wifi,
    dire_service,
    lire_raccordement,
    lire_service,
    modifier_raccordement,
    noter_mesure,
    retablir_raccordement,
    retirer_mesure,
    retirer_raccordement,
)
from budget.interfaces import reseau as interfaces
from budget.models import MesureDebit, Raccordement, Salle, ServiceReseau
from strategie.socle.domain.empechement import Empeche, SaisieRefusee
from tests.budget.parc import une_salle
from tests.diagnostic.courses import ensemble
from tests.personnages import creer_monde

MAINTENANT = datetime.datetime(2031, 3, 20, 10, 0, tzinfo=datetime.UTC)
JOUR = MAINTENANT.date()
UNE_HEURE, UN_JOUR = datetime.timedelta(hours=1), datetime.timedelta(days=1)
FIBRE = SaisieRaccordement(
    "Fibre du département", "fibre", "pedagogique", Decimal(1000), Decimal(200), "departement", "departement", JOUR
)


def une_ligne(monde, saisie=FIBRE) -> Raccordement:
    return ajouter_raccordement(
        etablissement=monde.college, saisie=saisie, auteur=monde.referent, maintenant=MAINTENANT
    )


def mesurer(monde, ligne, descendant="450", *, le=MAINTENANT - UNE_HEURE, maintenant=MAINTENANT, **champs):
    return noter_mesure(
        raccordement=ligne,
        saisie=SaisieMesure(le, Decimal(descendant), **champs),
        auteur=monde.referent,
        maintenant=maintenant,
    )


# --- What measures say together ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("debits", "prevu", "attendu"),
    [
        ([], "1000", None),
        (["450"], "1000", Resume(1, Decimal(450), Decimal(450), 45)),
        (["450", "120.5", "700"], "1000", Resume(3, Decimal(450), Decimal("120.5"), 45)),
        (["100", "101"], "1000", Resume(2, Decimal("100.5"), Decimal(100), 10)),
        (["5"], "1000", Resume(1, Decimal(5), Decimal(5), 1)),  # 0.5 % rounds up
        (["0"], "8", Resume(1, Decimal(0), Decimal(0), 0)),
        (["900"], "500", Resume(1, Decimal(900), Decimal(900), 180)),
        (["900"], None, Resume(1, Decimal(900), Decimal(900), None)),
    ],
)
def test_mediane_plus_bas_et_part_du_prevu(debits, prevu, attendu):
    assert resumer([Decimal(d) for d in debits], Decimal(prevu) if prevu else None) == attendu


# --- Lines --------------------------------------------------------------------------------------------------
def test_une_ligne_envoyee_deux_fois_n_est_ajoutee_qu_une_fois(monde):
    ligne = une_ligne(monde)
    assert une_ligne(monde) == ligne
    assert lire_raccordement(Raccordement.objects.get()) == FIBRE


@pytest.mark.parametrize(
    ("champs", "faute"),
    [
        ({"intitule": ""}, "intitule"),
        ({"intitule": "x" * 81}, "intitule"),
        ({"descendant": Decimal(0)}, "descendant"),
        ({"descendant": Decimal(100_001)}, "descendant"),
        ({"montant": Decimal(-1)}, "montant"),
        ({"contrat_jusqu_au": datetime.date(1950, 1, 1)}, "contrat_jusqu_au"),
        ({"contrat_jusqu_au": datetime.date(2099, 1, 1)}, "contrat_jusqu_au"),
    ],
)
def test_une_ligne_mal_dite_est_refusee_a_son_champ(monde, champs, faute):
    with pytest.raises(SaisieRefusee) as refus:
        une_ligne(monde, SaisieRaccordement(**(vars(FIBRE) | champs)))
    assert list(refus.value.defauts) == [faute]
    assert not Raccordement.objects.exists()


def test_deux_personnes_modifient_la_meme_ligne(monde):
    ligne = une_ligne(monde)

    def modifier(**champs):
        saisie = SaisieRaccordement(**(vars(FIBRE) | champs))
        return modifier_raccordement(
            raccordement=ligne, base=FIBRE, saisie=saisie, auteur=monde.chef, maintenant=MAINTENANT
        )

    assert not modifier(exploitant="etat", descendant=Decimal(500))
    conflits = modifier(descendant=Decimal(300), payeur="region")
    assert {nom: (c.mien, c.actuel) for nom, c in conflits.items()} == {"descendant": (Decimal(300), Decimal(500))}
    assert not modifier(payeur="region")
    tenue = Raccordement.objects.get()
    assert (tenue.exploitant, tenue.descendant, tenue.payeur, tenue.version) == ("etat", Decimal(500), "region", 3)


def test_une_ligne_retiree_revient_avec_ses_mesures(monde):
    ligne = une_ligne(monde)
    mesurer(monde, ligne)
    for _ in range(2):
        retirer_raccordement(raccordement=ligne, auteur=monde.chef, maintenant=MAINTENANT)
    assert Raccordement.objects.values_list("retire_le", "version").get() == (MAINTENANT, 2)
    with pytest.raises(Empeche, match="est retiré"):
        mesurer(monde, ligne, le=MAINTENANT)
    with pytest.raises(Empeche, match="est retiré"):
        modifier_raccordement(raccordement=ligne, base=FIBRE, saisie=FIBRE, auteur=monde.chef, maintenant=MAINTENANT)
    retablir_raccordement(raccordement=ligne, auteur=monde.chef)
    assert Raccordement.objects.get().retire_le is None
    assert ligne.mesures.count() == 1


def test_un_etablissement_ferme_n_ecrit_plus(monde):
    monde.college.etat = "ferme"
    with pytest.raises(Empeche, match="est fermé"):
        une_ligne(monde)


# --- Measures ---------------------------------------------------------------------------------------------------
def test_une_mesure_envoyee_deux_fois_est_notee_une_fois(monde):
    ligne = une_ligne(monde)
    mesure = mesurer(monde, ligne, montant=Decimal("90.5"), lieu="Salle B12, câble")
    assert mesurer(monde, ligne, montant=Decimal("90.5"), lieu="Salle B12, câble") == mesure
    with pytest.raises(SaisieRefusee, match="porte cette date et cette heure"):
        mesurer(monde, ligne, "451")
    gardee = MesureDebit.objects.get()
    assert (gardee.mesure_le, gardee.descendant, gardee.montant, gardee.lieu, gardee.mesure_par) == (
        MAINTENANT - UNE_HEURE,
        Decimal(450),
        Decimal("90.5"),
        "Salle B12, câble",
        monde.referent,
    )
    retirer_mesure(mesure=gardee, auteur=monde.chef)
    assert not MesureDebit.objects.exists()


@pytest.mark.parametrize(
    ("descendant", "champs", "faute"),
    [
        ("-1", {}, "descendant"),
        ("100001", {}, "descendant"),
        ("1", {"montant": Decimal(-1)}, "montant"),
        ("1", {"lieu": "x" * 81}, "lieu"),
        ("1", {"le": MAINTENANT + datetime.timedelta(minutes=1)}, "heure"),
        ("1", {"le": datetime.datetime(2020, 12, 31, tzinfo=datetime.UTC)}, "jour"),
    ],
)
def test_une_mesure_absurde_est_refusee_a_son_champ(monde, descendant, champs, faute):
    ligne = une_ligne(monde)
    with pytest.raises(SaisieRefusee) as refus:
        mesurer(monde, ligne, descendant, **champs)
    assert list(refus.value.defauts) == [faute]
    assert not MesureDebit.objects.exists()


# --- Services, Wi-Fi --------------------------------------------------------------------------------------------
def dire(monde, base=None, sorte="filtrage", **champs):
    return dire_service(
        etablissement=monde.college,
        sorte=sorte,
        base=base or SaisieService(),
        saisie=SaisieService(**champs),
        auteur=monde.referent,
        maintenant=MAINTENANT,
    )


def test_on_ne_sait_pas_est_une_reponse(monde):
    assert not dire(monde, en_place="ne_sait_pas")
    service = ServiceReseau.objects.get()
    assert (service.en_place, service.dit_par, service.dit_le, service.version) == (
        "ne_sait_pas",
        monde.referent,
        MAINTENANT,
        1,
    )
    assert not dire(monde, base=lire_service(service), en_place="oui", precision="Portail", verifie_le=JOUR)
    service.refresh_from_db()
    assert (lire_service(service), service.version) == (SaisieService("oui", "Portail", "", JOUR), 2)


def test_deux_personnes_repondent_du_meme_service(monde):
    assert not dire(monde, en_place="oui")
    assert not dire(monde, en_place="oui")  # they agree
    assert {nom: (c.mien, c.actuel) for nom, c in dire(monde, en_place="non").items()} == {"en_place": ("non", "oui")}
    assert ServiceReseau.objects.values_list("en_place", "version").get() == ("oui", 1)


@pytest.mark.parametrize(
    ("champs", "faute"),
    [
        ({}, "en_place"),
        ({"en_place": "oui", "precision": "x" * 301}, "precision"),
        ({"en_place": "oui", "verifie_le": JOUR + UN_JOUR}, "verifie_le"),
        ({"en_place": "oui", "verifie_le": datetime.date(2015, 1, 1)}, "verifie_le"),
    ],
)
def test_un_service_mal_dit_est_refuse_a_son_champ(monde, champs, faute):
    with pytest.raises(SaisieRefusee) as refus:
        dire(monde, **champs)
    assert list(refus.value.defauts) == [faute]
    assert not ServiceReseau.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_deux_premieres_reponses_en_meme_temps_n_en_font_qu_une():
    monde = creer_monde()
    sortes = list(ServiceReseau.Sorte)[:3]
    for sorte in sortes:
        faits = ensemble(
            lambda sorte=sorte: dire(monde, sorte=sorte, en_place="oui"),
            lambda sorte=sorte: dire(monde, sorte=sorte, en_place="non"),
        )
        assert sorted(len(conflits) for conflits in faits) == [0, 1]
    assert ServiceReseau.objects.count() == len(sortes)


def constater(monde, lus, dits, *, tour=False):
    return constater_wifi(
        etablissement=monde.college,
        lus={salle.pk: wifi for salle, wifi in lus.items()},
        dits={salle.pk: wifi for salle, wifi in dits.items()},
        tour=tour,
        auteur=monde.referent,
        maintenant=MAINTENANT,
    )


def test_le_tour_du_wifi_date_ce_qui_est_constate(monde):
    avant = JOUR - 30 * UN_JOUR
    b12, cdi = une_salle(monde.college, "B12", wifi="bon", wifi_le=avant), une_salle(monde.college, "CDI")
    gym = une_salle(monde.college, "Gymnase")
    fait = constater(monde, {b12: "bon", cdi: "", gym: ""}, {b12: "bon", cdi: "partiel", gym: ""})
    assert (fait.constatees, fait.disputees) == (1, [])
    assert list(Salle.objects.order_by("pk").values_list("wifi", "wifi_le")) == [
        ("bon", avant),
        ("partiel", JOUR),
        ("", None),
    ]
    assert constater(monde, {b12: "bon"}, {b12: "bon", gym: ""}, tour=True).constatees == 1
    b12.refresh_from_db()
    assert (b12.wifi, b12.wifi_le) == ("bon", JOUR)
    constater(monde, {b12: "bon"}, {b12: ""})
    b12.refresh_from_db()
    assert (b12.wifi, b12.wifi_le) == ("", None)


def test_une_salle_constatee_par_un_autre_n_est_pas_ecrasee(monde):
    b12 = une_salle(monde.college, "B12", wifi="absent", wifi_le=JOUR)
    fait = constater(monde, {b12: ""}, {b12: "bon"}, tour=True)
    assert (fait.constatees, fait.disputees) == (0, [b12])
    assert Salle.objects.get().wifi == "absent"


def test_une_salle_d_ailleurs_ou_archivee_ne_change_pas(monde):
    ailleurs = une_salle(monde.voisin_college)
    archivee = une_salle(monde.college, "Ancienne", archivee_le=MAINTENANT)
    assert constater(monde, {}, {ailleurs: "bon", archivee: "bon"}).constatees == 0
    assert set(Salle.objects.values_list("wifi", flat=True)) == {""}


# --- Pages ------------------------------------------------------------------------------------------------------
def page(client, monde, nom, *args, qui=None, **donnees):
    client.force_login(qui or monde.referent)
    return client.get(reverse(nom, args=[monde.college.uai, *args]), donnees)


def envoyer(client, monde, nom, *args, suivre=True, **champs):
    client.force_login(monde.referent)
    return client.post(reverse(nom, args=[monde.college.uai, *args]), champs, follow=suivre)


def texte(reponse) -> str:
    return " ".join(reponse.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ").split())


def test_la_page_du_reseau_dit_tout(client, monde):
    maintenant = timezone.now()
    ligne = une_ligne(monde)
    for rang, debit in enumerate(("400", "500", "120")):
        mesurer(monde, ligne, debit, le=maintenant - (rang + 1) * UN_JOUR, maintenant=maintenant)
    mesurer(monde, ligne, "5", le=maintenant - 400 * UN_JOUR, maintenant=maintenant)
    une_salle(monde.college, "B12", wifi="bon", wifi_le=JOUR)
    une_salle(monde.college, "CDI")
    dire(monde, en_place="ne_sait_pas")
    dire(monde, sorte="serveur", en_place="oui", exploitant="eple")
    dit = texte(page(client, monde, "reseau"))
    assert "400 Mbit/s</strong> en médiane de 3 mesures sur douze mois, soit <strong>40 %</strong> du prévu" in dit
    assert "au plus bas, 120." in dit
    assert "<title>Débit descendant mesuré, Fibre du département</title>" in dit
    assert "Bon : 1 sur 2" in dit
    assert "Non constaté : 1 sur 2" in dit
    assert "À qui demander :</strong> Département d'Exemple, ou la délégation académique" in dit.replace("&#x27;", "'")
    assert "S'en occupe : Établissement." in dit.replace("&#x27;", "'")


def test_celui_qui_lit_n_a_rien_a_presser(client, monde):
    une_ligne(monde)
    for qui in (monde.lectrice, monde.collectivite_agent):
        dit = texte(page(client, monde, "reseau", qui=qui))
        assert "Fibre du département" in dit
        assert "Mesurer" not in dit
        assert "Ajouter une ligne" not in dit


def test_une_mesure_est_lue_a_l_heure_de_l_etablissement(client, monde):
    monde.academie.fuseau = "Indian/Reunion"
    monde.academie.save()
    ligne = une_ligne(monde)
    hier = timezone.localdate(timezone=ZoneInfo("Indian/Reunion")) - UN_JOUR
    reponse = envoyer(client, monde, "mesure_ajouter", ligne.pk, descendant="450,5 Mbit/s", jour=hier, heure="10:15")
    assert "La mesure est notée" in texte(reponse)
    mesure = MesureDebit.objects.get()
    assert mesure.descendant == Decimal("450.5")
    assert mesure.mesure_le.astimezone(ZoneInfo("Indian/Reunion")).time() == datetime.time(10, 15)
    assert ">10 h 15<" in texte(reponse)


def test_une_heure_qui_n_a_pas_existe_est_refusee(client, monde):
    ligne = une_ligne(monde)
    champs = {"descendant": "450", "jour": "2025-03-30", "heure": "02:30"}
    reponse = envoyer(client, monde, "mesure_ajouter", ligne.pk, **champs)
    assert reponse.status_code == 422
    assert "passé à l'heure d'été" in texte(reponse).replace("&#x27;", "'")
    assert "450" in texte(reponse)
    assert not MesureDebit.objects.exists()


def test_modifier_a_deux_montre_les_deux_valeurs(client, monde):
    ligne = une_ligne(monde)
    formulaire = page(client, monde, "raccordement_modifier", ligne.pk).context["formulaire"]
    lu = dict(formulaire.copies)
    Raccordement.objects.update(intitule="Fibre de la région")
    mien = {nom.removeprefix("lu-"): valeur for nom, valeur in lu.items()} | {"intitule": "Fibre des classes"}
    reponse = envoyer(client, monde, "raccordement_modifier", ligne.pk, **lu, **mien)
    assert reponse.status_code == 409
    assert "Fibre de la région" in texte(reponse)
    assert "Fibre des classes" in texte(reponse)
    assert Raccordement.objects.get().intitule == "Fibre de la région"


def test_retirer_et_retablir_une_ligne(client, monde):
    ligne = une_ligne(monde)
    assert "Le rétablir" in texte(envoyer(client, monde, "raccordement_retirer", ligne.pk))
    assert Raccordement.objects.get().retire_le
    assert "Lignes retirées" not in texte(envoyer(client, monde, "raccordement_retablir", ligne.pk))
    assert Raccordement.objects.get().retire_le is None


def test_un_service_mene_au_suivant(client, monde):
    dire(monde, sorte="pare_feu", en_place="oui")
    lu = dict.fromkeys(("lu-en_place", "lu-precision", "lu-exploitant", "lu-verifie_le"), "")
    reponse = envoyer(client, monde, "service_reseau", "filtrage", suivre=False, en_place="non", **lu)
    assert reponse.url == reverse("service_reseau", args=[monde.college.uai, "comptes"])
    assert envoyer(client, monde, "service_reseau", "comptes", **lu).status_code == 422
    reponse = envoyer(client, monde, "service_reseau", "wifi", suivre=False, en_place="ne_sait_pas", **lu)
    assert reponse.url == reverse("reseau", args=[monde.college.uai]) + "#services"
    assert set(ServiceReseau.objects.values_list("sorte", "en_place")) == {
        ("pare_feu", "oui"),
        ("filtrage", "non"),
        ("wifi", "ne_sait_pas"),
    }


def test_le_tour_des_salles_se_fait_en_une_fois(client, monde):
    b12, cdi = une_salle(monde.college, "B12"), une_salle(monde.college, "CDI", wifi="bon", wifi_le=JOUR)
    champs = {f"salle-{b12.pk}": "absent", f"lu-{b12.pk}": "", f"salle-{cdi.pk}": "partiel", f"lu-{cdi.pk}": ""}
    dit = texte(envoyer(client, monde, "reseau_wifi", **champs))
    assert "1 salle est constatée" in dit
    assert "CDI : quelqu'un d'autre vient d'y constater « Bon »" in dit.replace("&#x27;", "'")
    assert dict(Salle.objects.values_list("nom", "wifi")) == {"B12": "absent", "CDI": "bon"}


def test_un_grand_tour_se_fait_page_apres_page_sans_rien_perdre(client, monde, monkeypatch):
    """A room that a colleague adds meanwhile pushes those that were shown to the next page: they are kept as well."""
    monkeypatch.setattr(interfaces, "SALLES_PAR_PAGE", 2)
    salles = [une_salle(monde.college, nom) for nom in ("B1", "B2", "B3")]
    client.force_login(monde.referent)
    adresse = reverse("reseau_wifi", args=[monde.college.uai])
    assert "Salles 1 à 2 sur 3" in texte(client.get(adresse))
    une_salle(monde.college, "A1")
    champs = {f"{nom}-{salle.pk}": wifi for salle in salles[:2] for nom, wifi in (("salle", "bon"), ("lu", ""))}
    assert client.post(adresse, champs).url == f"{adresse}?page=2"
    assert set(Salle.objects.filter(wifi="bon").values_list("nom", flat=True)) == {"B1", "B2"}
    assert client.post(f"{adresse}?page=2", {}).url.endswith("#wifi")


@pytest.mark.parametrize("nombre", [1, 3])
def test_la_page_coute_le_meme_nombre_de_requetes(client, monde, nombre):
    maintenant = timezone.now()
    for rang in range(nombre):
        ligne = une_ligne(monde, SaisieRaccordement(f"Ligne {rang}"))
        for heures in range(1, nombre + 2):
            mesurer(monde, ligne, le=maintenant - heures * UNE_HEURE, maintenant=maintenant)
        une_salle(monde.college, f"B{rang}")
        dire(monde, sorte=list(ServiceReseau.Sorte)[rang], en_place="oui")
    assert len(page(client, monde, "reseau").requetes) == 8
