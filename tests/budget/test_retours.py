"""Loans and what comes back: a stack of numbers, one at a time or pasted, never a name."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from budget.domain.equipements import Tenant, changer_etat_en_lot, preter
from budget.domain.retours import Retour, annuler_retour, recevoir
from budget.interfaces.numeros import lire_numeros
from budget.models import Equipement
from strategie.socle.domain.empechement import Empeche
from strategie.socle.models import Etablissement
from tests.budget.parc import des_equipements, une_salle

MAINTENANT = datetime.datetime(2031, 6, 30, 10, 0, tzinfo=datetime.UTC)
SEPTEMBRE = datetime.datetime(2030, 9, 10, 10, 0, tzinfo=datetime.UTC)
JOUR, RENTREE, ETE = MAINTENANT.date(), SEPTEMBRE.date(), datetime.date(2031, 6, 20)


def adresse(monde, nom="retours", *suite, **parametres) -> str:
    return reverse(nom, args=[monde.college.uai, *suite], query=parametres or None)


def texte(reponse) -> str:
    return " ".join(html.fromstring(reponse.content).find(".//main").text_content().split())


def parc(*champs: str) -> list[tuple]:
    return list(Equipement.objects.order_by("pk").values_list(*champs))


def des_prets(monde, *etiquettes: str, jusqu_au=ETE, quand=SEPTEMBRE, a="eleve", **champs) -> list[Equipement]:
    lignes = des_equipements(monde.college, etiquettes=etiquettes, **champs)
    preter(
        etablissement=monde.college,
        cles=[ligne.pk for ligne in lignes],
        a=a,
        jusqu_au=jusqu_au,
        tenant=Tenant(monde.referent),
        maintenant=quand,
    )
    return lignes


def prets_passes(monde, *etiquettes: str, jours: int = 12) -> list[Equipement]:
    """Lent long ago on the real clock, due `jours` days ago."""
    hier = timezone.now() - datetime.timedelta(days=300)
    due = timezone.localdate(timezone=monde.academie.zone) - datetime.timedelta(days=jours)
    return des_prets(monde, *etiquettes, jusqu_au=due, quand=hier)


# --- Acts ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("texte_lu", "numeros"),
    [
        ("P-0001", ["P-0001"]),
        (" a1 \r\nA1\nb2\t\n\n", ["a1", "b2"]),
        ("https://paliers.exemple/etablissements/0980001U/equipements/e/P%2F1%20b", ["P/1 b"]),
        ("https://ailleurs.exemple/autre/e/P-0001", ["https://ailleurs.exemple/autre/e/P-0001"]),
        ("SN\x1d42\x00", ["SN42"]),
        ("", []),
    ],
)
def test_ce_qu_un_lecteur_de_codes_tape(texte_lu, numeros):
    assert lire_numeros(texte_lu) == numeros


def test_recevoir_rend_ce_qui_etait_prete_et_voit_le_reste(monde):
    (pretee,) = des_prets(monde, "E1")
    (autre,) = des_equipements(monde.college, etiquettes=["E2"])
    recus = recevoir(
        etablissement=monde.college, cles=[pretee.pk, autre.pk], tenant=Tenant(monde.referent), maintenant=MAINTENANT
    )
    assert recus == [
        Retour(pretee.pk, "reutilisable", None, "eleve", RENTREE, ETE),
        Retour(autre.pk, "reutilisable", None),
    ]
    assert parc("prete_a", "prete_le", "pret_jusqu_au", "vu_le") == [("", None, None, JOUR)] * 2


def test_annuler_un_retour_le_prete_de_nouveau(monde):
    (pretee,) = des_prets(monde, "E1")
    commun = {"etablissement": monde.college, "tenant": Tenant(monde.referent)}
    (recu,) = recevoir(cles=[pretee.pk], maintenant=MAINTENANT, **commun)
    changer_etat_en_lot(cles=[pretee.pk], etat="a_reparer", maintenant=MAINTENANT, **commun)
    annuler_retour(retour=recu, **commun)
    assert parc("prete_a", "prete_le", "pret_jusqu_au", "vu_le", "etat") == [
        ("eleve", RENTREE, ETE, None, "reutilisable")
    ]
    with pytest.raises(Empeche, match="plus rien à annuler"):
        annuler_retour(retour=recu, **commun)


def test_ce_qui_est_sorti_ne_se_prete_pas_de_nouveau_en_annulant(monde):
    (pretee,) = des_prets(monde, "E1")
    commun = {"etablissement": monde.college, "tenant": Tenant(monde.referent)}
    (recu,) = recevoir(cles=[pretee.pk], maintenant=MAINTENANT, **commun)
    changer_etat_en_lot(cles=[pretee.pk], etat="sorti", destination="deee", maintenant=MAINTENANT, **commun)
    with pytest.raises(Empeche, match="plus rien à annuler"):
        annuler_retour(retour=recu, **commun)


# --- The stack ----------------------------------------------------------------------------------------------
def test_un_scan_rend_aussitot_et_pose_sur_la_pile(client, monde):
    client.force_login(monde.gestionnaire)
    prets_passes(monde, "E1", "E2")
    page = client.get(adresse(monde))
    assert "autofocus" in page.content.decode()
    assert "Encore dehors 2" in texte(page)
    assert "en retard de 12 jours" in texte(page)
    client.post(adresse(monde), {"numeros": "E1"})
    lue = texte(client.post(adresse(monde), {"numeros": "e2"}, follow=True))
    assert "1 retour enregistré." in lue
    assert lue.index("E2") < lue.index("E1") < lue.index("Rien n'est prêté")
    assert "Était prêté à un élève." in lue
    assert [prete_a for (prete_a,) in parc("prete_a")] == ["", ""]


def test_un_geste_change_l_etat_et_un_autre_annule(client, monde):
    client.force_login(monde.referent)
    (pretee,) = prets_passes(monde, "E1")
    client.post(adresse(monde), {"numeros": "E1"})
    reponse = client.post(adresse(monde, "retour_etat", pretee.pk), {"etat": "a_reparer"}, follow=True)
    assert "Tablette 10 pouces : à réparer." in texte(reponse)
    assert parc("etat", "prete_a") == [("a_reparer", "")]
    reponse = client.post(adresse(monde, "retour_annuler"), follow=True)
    assert "Le dernier retour est annulé." in texte(reponse)
    assert "Ce que vous venez de recevoir" not in texte(reponse)
    assert parc("etat", "prete_a") == [("reutilisable", "eleve")]
    assert "plus de retour à annuler" in texte(client.post(adresse(monde, "retour_annuler"), follow=True))
    assert client.post(adresse(monde, "retour_etat", pretee.pk), {"etat": "sorti"}).status_code == 404


def test_scanne_deux_fois_on_annule_encore_le_pret(client, monde):
    client.force_login(monde.referent)
    prets_passes(monde, "E1")
    client.post(adresse(monde), {"numeros": "E1"})
    reponse = client.post(adresse(monde), {"numeros": "E1"}, follow=True)
    assert "1 chose n'était pas prêtée : elle est notée vue." in texte(reponse)
    client.post(adresse(monde, "retour_annuler"))
    assert parc("prete_a") == [("eleve",)]


def test_un_numero_inconnu_est_dit_et_laisse_le_champ_libre(client, monde):
    """The scanner types the next number where this one was."""
    client.force_login(monde.referent)
    reponse = client.post(adresse(monde), {"numeros": "<INCONNU>"})
    assert reponse.status_code == 422
    assert "Aucun équipement de l'établissement ne porte « <INCONNU> »." in texte(reponse)
    (champ,) = html.fromstring(reponse.content).xpath("//input[@name='numeros']")
    assert (champ.get("value", ""), "autofocus" in champ.attrib) == ("", True)
    assert client.post(adresse(monde), {"numeros": " "}).status_code == 422


def test_une_liste_collee_garde_les_seuls_inconnus(client, monde):
    client.force_login(monde.referent)
    prets_passes(monde, "E1", "E2")
    reponse = client.post(adresse(monde), {"colle": "1", "numeros": "E1\r\nX9\r\nE2"})
    assert reponse.status_code == 422
    assert "2 retours enregistrés." in texte(reponse)
    (reste,) = html.fromstring(reponse.content).xpath("//textarea")
    assert reste.text.strip() == "X9"
    assert parc("prete_a") == [("",), ("",)]


def test_ce_qui_n_est_pas_a_soi_ne_revient_pas(client, monde):
    client.force_login(monde.collectivite_agent)
    des_prets(monde, "E1", quand=timezone.now(), jusqu_au=None, proprietaire="eple")
    reponse = client.post(adresse(monde), {"numeros": "E1"})
    assert reponse.status_code == 422
    assert "n'appartient pas à votre collectivité" in texte(reponse)
    assert parc("prete_a") == [("eleve",)]


def test_les_prets_en_retard_viennent_d_abord(client, monde):
    client.force_login(monde.referent)
    demain = timezone.now() + datetime.timedelta(days=1)
    des_prets(monde, "SANS", jusqu_au=None, quand=timezone.now(), a="autre")
    des_prets(monde, "DEMAIN", jusqu_au=demain.date() + datetime.timedelta(days=1), quand=timezone.now())
    prets_passes(monde, "TARD", jours=1)
    lue = texte(client.get(adresse(monde)))
    assert lue.index("TARD") < lue.index("en retard de 1 jour") < lue.index("DEMAIN") < lue.index("SANS")
    assert "▲ 1 en retard" in lue
    assert "prêté à un autre établissement" in lue


@pytest.mark.parametrize("combien", [1, 3])
def test_la_pile_ne_coute_pas_plus_pour_trois(client, monde, combien):
    client.force_login(monde.referent)
    salle = une_salle(monde.college)
    prets_passes(monde, *[f"D{rang}" for rang in range(combien)])
    des_prets(monde, *[f"E{rang}" for rang in range(combien)], jusqu_au=None, quand=timezone.now(), salle=salle.pk)
    client.post(adresse(monde), {"colle": "1", "numeros": "\n".join(f"E{rang}" for rang in range(combien))})
    assert len(client.get(adresse(monde)).requetes) == 8


# --- Lending and returning one line -----------------------------------------------------------------------------
def test_preter_une_partie_d_une_ligne(client, monde):
    client.force_login(monde.referent)
    (tablettes,) = des_equipements(monde.college, nombre=30)
    page = client.get(adresse(monde, "equipement_preter", tablettes.pk))
    assert "convention signée" in texte(page)
    assert "Jamais un nom" in texte(page)
    dans_un_an = timezone.localdate() + datetime.timedelta(days=200)
    envoi = {"a": "personnel", "jusqu_au": dans_un_an.isoformat(), "sur": "30", "combien": "2"}
    client.post(adresse(monde, "equipement_preter", tablettes.pk), envoi)
    assert parc("nombre", "prete_a", "pret_jusqu_au") == [(28, "", None), (2, "personnel", dans_un_an)]
    encore = client.post(adresse(monde, "equipement_preter", tablettes.pk), envoi)
    assert encore.status_code == 422
    assert "La ligne compte maintenant 28 choses" in texte(encore)
    assert Equipement.objects.count() == 2


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({}, "Choisissez une réponse."),
        ({"a": "Kevin"}, "Cette réponse n'est pas dans la liste proposée."),
        ({"a": "eleve", "jusqu_au": "2001-01-01"}, "Cette date est déjà passée."),
        ({"a": "eleve", "jusqu_au": "9999-12-31"}, "à plus de 30 ans"),
        ({"a": "eleve", "jusqu_au": "jeudi"}, "jj/mm/aaaa"),
    ],
)
def test_un_pret_se_verifie(client, monde, champs, phrase):
    client.force_login(monde.referent)
    (une,) = des_equipements(monde.college)
    reponse = client.post(adresse(monde, "equipement_preter", une.pk), champs)
    assert reponse.status_code == 422
    assert phrase in texte(reponse)
    assert parc("prete_a") == [("",)]


def test_rendre_une_ligne_dit_son_etat(client, monde):
    client.force_login(monde.referent)
    (pretee,) = prets_passes(monde, "E1")
    assert "Prêté à un élève le" in texte(client.get(adresse(monde, "equipement_rendre", pretee.pk)))
    client.post(adresse(monde, "equipement_rendre", pretee.pk), {"etat": "reformable"})
    assert parc("prete_a", "etat") == [("", "reformable")]
    assert "n'est pas prêté" in texte(client.get(adresse(monde, "equipement_rendre", pretee.pk)))
    assert client.post(adresse(monde, "equipement_rendre", pretee.pk), {"etat": "sorti"}).status_code == 422
    Etablissement.objects.filter(pk=monde.college.pk).update(etat="ferme")
    assert client.post(adresse(monde, "equipement_rendre", pretee.pk), {"etat": "reformable"}).status_code == 403


def test_une_chose_d_ailleurs_ou_sortie_n_existe_pas(client, monde):
    client.force_login(monde.referent)
    (ailleurs,) = des_equipements(monde.voisin_college, tenant=Tenant(monde.voisin))
    for nom in ("equipement_preter", "equipement_rendre"):
        assert client.get(adresse(monde, nom, ailleurs.pk)).status_code == 404
    assert client.post(adresse(monde, "retour_etat", ailleurs.pk), {"etat": "a_reparer"}).status_code == 404
