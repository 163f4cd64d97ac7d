"""Rooms: named once, put away with what is in them, and what their pages say."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from budget.domain.salles import SaisieSalle, ajouter_salles, archiver_salle, lire_salle, modifier_salle, retablir_salle
from budget.models import Equipement, Salle
from strategie.socle.domain.empechement import Empeche
from strategie.socle.rules import FERME
from tests.budget.parc import des_equipements, un_lot, une_salle

MAINTENANT = datetime.datetime(2031, 3, 3, 10, 0, tzinfo=datetime.UTC)
JOUR = MAINTENANT.date()


def modifier(salle, saisie, base=None, auteur=None):
    return modifier_salle(
        salle=salle,
        base=base or lire_salle(salle),
        saisie=saisie,
        auteur=auteur or salle.etablissement.affectations.first().utilisateur,
        maintenant=MAINTENANT,
    )


def adresse(nom: str, monde, *cles: int | str) -> str:
    return reverse(nom, args=[monde.college.uai, *cles])


def mots(element) -> str:
    """Its text, every space alike."""
    return " ".join(element.text_content().split())


def erreurs(reponse) -> dict[str, list[str]]:
    return {nom: list(dites) for nom, dites in reponse.context["formulaire"].errors.items()}


# --- Acts ---------------------------------------------------------------------------------------------------
def test_plusieurs_salles_d_un_coup(monde):
    ajouter_salles(etablissement=monde.college, noms=["B12", "CDI"], batiment="B", auteur=monde.referent)
    assert list(Salle.objects.values_list("etablissement", "nom", "batiment")) == [
        (monde.college.pk, "B12", "B"),
        (monde.college.pk, "CDI", "B"),
    ]


@pytest.mark.parametrize(
    ("noms", "phrase"),
    [
        ([], "Donnez au moins un nom"),
        (["B12", "b12"], "donné deux fois\u00a0: B12, b12"),
        (["x" * 61], "60 caractères au plus"),
        ([f"S{n}" for n in range(201)], "200 salles à la fois"),
        (["C1", "cdi"], "a déjà une salle de ce nom\u00a0: CDI"),
        (["vieille"], "Cette salle est archivée\u00a0: Vieille"),
    ],
)
def test_un_nom_ne_se_donne_qu_une_fois(monde, noms, phrase):
    une_salle(monde.college, "CDI")
    une_salle(monde.college, "Vieille", archivee_le=MAINTENANT)
    une_salle(monde.voisin_college, "C1")
    with pytest.raises(Empeche, match=phrase):
        ajouter_salles(etablissement=monde.college, noms=noms, batiment="", auteur=monde.referent)
    assert Salle.objects.filter(etablissement=monde.college).count() == 2


def test_un_etablissement_ferme_ne_change_plus_ses_salles(monde):
    salle = une_salle(monde.college)
    monde.college.etat = "ferme"
    for acte in (
        lambda: ajouter_salles(etablissement=monde.college, noms=["C1"], batiment="", auteur=monde.chef),
        lambda: modifier(salle, SaisieSalle("C1")),
        lambda: archiver_salle(salle=salle, auteur=monde.chef, maintenant=MAINTENANT),
        lambda: retablir_salle(salle=salle, auteur=monde.chef),
    ):
        with pytest.raises(Empeche, match=FERME):
            acte()


def test_le_wifi_se_date_du_jour_quand_on_ne_dit_pas_quand(monde):
    salle = une_salle(monde.college)
    modifier(salle, SaisieSalle("B12", wifi="partiel"))
    salle.refresh_from_db()
    assert lire_salle(salle) == SaisieSalle("B12", wifi="partiel", wifi_le=JOUR)
    hier = JOUR - datetime.timedelta(days=1)
    modifier(salle, SaisieSalle("B12", wifi="bon", wifi_le=hier))
    salle.refresh_from_db()
    assert (salle.wifi, salle.wifi_le) == ("bon", hier)
    modifier(salle, SaisieSalle("B12", wifi="absent", wifi_le=hier))  # another level, its date left as it was
    salle.refresh_from_db()
    assert (salle.wifi, salle.wifi_le) == ("absent", JOUR)


@pytest.mark.parametrize(
    ("saisie", "phrase"),
    [
        (SaisieSalle("B12", wifi_le=JOUR), "Dites ce que vous avez constaté"),
        (SaisieSalle("B12", wifi="bon", wifi_le=JOUR + datetime.timedelta(days=1)), "pas encore passée"),
        (SaisieSalle("B12", wifi="bon", wifi_le=datetime.date(1996, 1, 1)), "antérieure à 1997"),
        (SaisieSalle("cdi"), "déjà une salle de ce nom"),
    ],
)
def test_ce_qu_une_salle_ne_peut_pas_dire(monde, saisie, phrase):
    une_salle(monde.college, "CDI")
    salle = une_salle(monde.college)
    with pytest.raises(Empeche, match=phrase):
        modifier(salle, saisie)
    salle.refresh_from_db()
    assert lire_salle(salle) == SaisieSalle("B12")


def test_deux_personnes_modifient_une_salle(monde):
    salle = une_salle(monde.college)
    base = lire_salle(salle)
    modifier(salle, SaisieSalle("B12 bis"), base)
    assert modifier(salle, SaisieSalle("B12", batiment="B"), base) == {}
    conflits = modifier(salle, SaisieSalle("B13"), base)
    assert [(nom, conflit.mien, conflit.actuel) for nom, conflit in conflits.items()] == [("nom", "B13", "B12 bis")]
    salle.refresh_from_db()
    assert lire_salle(salle) == SaisieSalle("B12 bis", batiment="B")


def test_une_salle_pleine_s_archive_en_disant_ou_tout_va(monde):
    b12, cdi = une_salle(monde.college), une_salle(monde.college, "CDI")
    (la,) = des_equipements(monde.college, nombre=3, salle=b12.pk)
    (parti,) = des_equipements(monde.college, "Vieux", salle=b12.pk)
    Equipement.objects.filter(pk=parti.pk).update(etat="sorti", destination="deee", sorti_le=JOUR)
    with pytest.raises(Empeche, match="dites où il va"):
        archiver_salle(salle=b12, auteur=monde.chef, maintenant=MAINTENANT)
    with pytest.raises(Empeche, match="autre salle que celle"):
        archiver_salle(salle=b12, vers=b12, ou_aller_dit=True, auteur=monde.chef, maintenant=MAINTENANT)
    dites = {"vers": cdi, "ou_aller_dit": True}
    assert archiver_salle(salle=b12, **dites, auteur=monde.chef, maintenant=MAINTENANT) == 1
    assert archiver_salle(salle=b12, **dites, auteur=monde.chef, maintenant=timezone.now()) == 0
    assert dict(Equipement.objects.values_list("pk", "salle")) == {la.pk: cdi.pk, parti.pk: b12.pk}
    assert Equipement.objects.get(pk=la.pk).version == 2
    assert Salle.objects.get(pk=b12.pk).archivee_le == MAINTENANT
    with pytest.raises(Empeche, match="rétablissez-la"):
        modifier(b12, SaisieSalle("B13"))
    retablir_salle(salle=b12, auteur=monde.chef)
    assert Salle.objects.get(pk=b12.pk).archivee_le is None


def test_rien_ne_va_dans_la_salle_d_un_autre(monde):
    b12 = une_salle(monde.college)
    des_equipements(monde.college, salle=b12.pk)
    for vers in (une_salle(monde.voisin_college, "C1"), une_salle(monde.college, "Vieille", archivee_le=MAINTENANT)):
        with pytest.raises(Empeche, match="n'est pas, ou n'est plus, une salle"):
            archiver_salle(salle=b12, vers=vers, ou_aller_dit=True, auteur=monde.chef, maintenant=MAINTENANT)
    assert Salle.objects.get(pk=b12.pk).archivee_le is None


# --- Pages --------------------------------------------------------------------------------------------------
def test_les_salles_par_batiment_avec_ce_qui_y_est(client, monde):
    client.force_login(monde.lectrice)
    b12 = une_salle(monde.college, "B12", batiment="Bâtiment B", wifi="partiel", wifi_le=JOUR)
    une_salle(monde.college, "Vieille", archivee_le=MAINTENANT)
    des_equipements(monde.college, nombre=30, salle=b12.pk)
    (casse,) = des_equipements(monde.college, nombre=2, salle=b12.pk)
    Equipement.objects.filter(pk=casse.pk).update(etat="a_reparer")
    arbre = html.fromstring(client.get(adresse("salles", monde)).content)
    ligne = mots(arbre.xpath("//section//li")[0])
    assert ligne == "B12 32 équipements, dont 2 à réparer · Wi-Fi partiel, constaté le 3 mars 2031"
    assert mots(arbre.xpath("//details/summary")[0]) == "1 salle archivée"
    assert arbre.xpath("//a[contains(text(), 'Ajouter des salles')]") == []  # she reads
    assert "Bâtiment B" in arbre.xpath("string(//h2)")


def test_sans_salle_la_page_dit_quoi_faire(client, monde):
    client.force_login(monde.referent)
    texte = client.get(adresse("salles", monde)).content.decode()
    assert "Aucune salle pour l'instant" in texte
    assert adresse("salle_ajouter", monde) in texte


@pytest.mark.parametrize("nombre", [1, 3])
def test_autant_de_requetes_pour_une_salle_que_pour_trois(client, monde, nombre):
    client.force_login(monde.chef)
    for numero in range(nombre):
        salle = une_salle(monde.college, f"Salle {numero}")
        des_equipements(monde.college, series=[f"{numero}-{n}" for n in range(nombre)], salle=salle.pk)
    assert len(client.get(adresse("salles", monde)).requetes) == 6
    assert len(client.get(adresse("salle", monde, salle.pk)).requetes) == 7


def test_les_noms_se_collent_un_par_ligne(client, monde):
    client.force_login(monde.gestionnaire)
    reponse = client.post(adresse("salle_ajouter", monde), {"noms": " B12 \r\n\r\nSalle  des\tprofs\n", "batiment": ""})
    assert (reponse.status_code, reponse.url) == (302, adresse("salles", monde))
    assert list(Salle.objects.values_list("nom", flat=True)) == ["B12", "Salle des profs"]


def test_un_nom_deja_pris_se_dit_au_champ_sans_rien_perdre(client, monde):
    client.force_login(monde.referent)
    une_salle(monde.college, "CDI")
    envoi = {"noms": "C1\ncdi", "batiment": "B" * 61}
    reponse = client.post(adresse("salle_ajouter", monde), envoi)
    assert reponse.status_code == 422
    assert erreurs(reponse) == {
        "noms": ["L'établissement a déjà une salle de ce nom\u00a0: CDI."],
        "batiment": ["Ce texte dépasse 60\u00a0caractères\u00a0: raccourcissez-le."],
    }
    assert "C1\ncdi" in reponse.content.decode()
    assert Salle.objects.count() == 1


def test_une_salle_dit_ce_qui_y_est(client, monde):
    client.force_login(monde.chef)
    b12 = une_salle(monde.college)
    des_equipements(monde.college, nombre=30, salle=b12.pk, lot=un_lot(monde.college).pk)
    des_equipements(monde.college, "Vidéoprojecteur", categorie="videoprojecteur", series=["VP1"], salle=b12.pk)
    des_equipements(monde.college, "Ailleurs")
    arbre = html.fromstring(client.get(adresse("salle", monde, b12.pk)).content)
    section = arbre.xpath("//section[@aria-labelledby='contenu-salle']")[0]
    assert mots(section.xpath("h2")[0]) == "31 équipements"
    assert "Tablette : 30 · Vidéoprojecteur : 1" in mots(section)
    lignes = list(map(mots, section.xpath(".//li")))
    assert lignes == [
        "Tablette 10 pouces × 30 Réutilisable Classe mobile",
        "Vidéoprojecteur Réutilisable sans lot · n° VP1",
    ]


def envoi_de(client, adresse_du_formulaire: str) -> dict[str, str]:
    """What the form sends back when nothing is changed."""
    formulaire = html.fromstring(client.get(adresse_du_formulaire).content).xpath("//main//form[@method='post']")[0]
    return dict(formulaire.form_values())


def test_une_salle_se_modifie_a_deux(client, monde):
    client.force_login(monde.referent)
    b12 = une_salle(monde.college)
    page = adresse("salle_modifier", monde, b12.pk)
    envoi = envoi_de(client, page)
    assert client.post(page, envoi | {"nom": "B12 bis"}).status_code == 302
    reponse = client.post(page, envoi | {"nom": "B13", "wifi": "bon"})
    assert reponse.status_code == 409
    assert "Quelqu'un d'autre l'a changé" in erreurs(reponse)["nom"][0]
    assert 'value="B13"' in reponse.content.decode()
    suite = html.fromstring(reponse.content).xpath("//main//form[@method='post']")[0]
    assert client.post(page, dict(suite.form_values())).status_code == 302
    b12.refresh_from_db()
    assert (b12.nom, b12.wifi, b12.wifi_le) == ("B13", "bon", timezone.localdate())


def test_une_salle_pleine_demande_ou_tout_va(client, monde):
    client.force_login(monde.referent)
    b12, cdi = une_salle(monde.college), une_salle(monde.college, "CDI")
    (la,) = des_equipements(monde.college, salle=b12.pk)
    page = adresse("salle_retirer", monde, b12.pk)
    assert "1\u00a0équipement y est encore." in client.get(page).content.decode()
    assert erreurs(client.post(page)) == {"vers": ["Choisissez une réponse."]}
    assert client.post(page, {"vers": str(b12.pk)}).status_code == 422
    assert client.post(page, {"vers": str(cdi.pk)}, follow=True).status_code == 200
    la.refresh_from_db()
    b12.refresh_from_db()
    assert (la.salle, bool(b12.archivee_le)) == (cdi, True)
    client.post(adresse("salle_retablir", monde, b12.pk))
    b12.refresh_from_db()
    assert b12.archivee_le is None


def test_ce_qui_est_dans_une_salle_peut_n_aller_nulle_part(client, monde):
    client.force_login(monde.referent)
    b12 = une_salle(monde.college)
    (la,) = des_equipements(monde.college, salle=b12.pk)
    assert client.post(adresse("salle_retirer", monde, b12.pk), {"vers": "0"}).status_code == 302
    la.refresh_from_db()
    assert la.salle is None


def test_une_salle_vide_s_archive_sans_question(client, monde):
    client.force_login(monde.referent)
    b12 = une_salle(monde.college)
    assert client.post(adresse("salle_retirer", monde, b12.pk)).status_code == 302
    assert Salle.objects.get().archivee_le


@pytest.mark.parametrize("nom", ["salle_ajouter", "salle_modifier", "salle_retirer"])
def test_la_collectivite_ne_tient_pas_les_salles(client, monde, nom):
    client.force_login(monde.collectivite_agent)
    b12 = une_salle(monde.college)
    cles = () if nom == "salle_ajouter" else (b12.pk,)
    assert client.get(adresse(nom, monde, *cles)).status_code == 403
    page = client.get(adresse("salle", monde, b12.pk)).content.decode()
    assert "Modifier la salle" not in page
    assert "Ajouter ici" in page  # she adds what she owns


@pytest.mark.parametrize("nom", ["salle", "salle_modifier", "salle_retirer"])
def test_la_salle_d_un_autre_n_existe_pas(client, monde, nom):
    client.force_login(monde.chef)
    assert client.get(adresse(nom, monde, une_salle(monde.voisin_college).pk)).status_code == 404
