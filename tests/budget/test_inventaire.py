"""The inventory's list and its exports: what answers to filters and words, page by page, on screen and in files."""

import csv
import datetime
import io
import re
from decimal import Decimal
from html import unescape

import pytest
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from budget.domain.equipements import Tenant, changer_etat_en_lot, constater, preter
from budget.interfaces.classeur_inventaire import TROP
from budget.interfaces.colonnes import COLONNES
from budget.interfaces.selection import SEL
from budget.models import Equipement
from budget.queries import inventaire as requetes
from budget.queries.inventaire import TAILLE_PAGE
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.droits import Role
from strategie.socle.models import Collectivite
from tests.budget.parc import des_equipements, referent_de, un_lot, une_salle
from tests.personnages import affecter, un_compte
from tests.tableurs import lire_xlsx


def adresse(monde, nom="inventaire", **parametres):
    return reverse(nom, args=[monde.college.uai], query=parametres or None)


def designations(reponse) -> list[str]:
    return re.findall(r'<th scope="row"><a href="[^"]+"><bdi class="saisi">(.*?)</bdi>', reponse.content.decode())


def texte(reponse, debut: str) -> str:
    """What a paragraph says, its spaces ordinary."""
    html = reponse.content.decode().partition(debut)[2].partition("</p>")[0]
    return " ".join(unescape(re.sub("<[^>]+>", "", html)).split())


def filtres(reponse) -> dict[str, str]:
    """The filters that may be set, with what each would show."""
    trouves = re.findall(
        r'<a class="filtre" href="[^"]+"><bdi>(.*?)</bdi> <span class="discret">(.*?)</span>', reponse.content.decode()
    )
    return dict(trouves)


@pytest.fixture
def parc(monde):
    """Two rooms, a lot, things of every state: 30 tablets on a line, the rest alone."""
    college = monde.college
    b12, cdi = une_salle(college, "B12"), une_salle(college, "CDI")
    lot = un_lot(college)
    lignes = {
        "tablettes": des_equipements(college, "Tablette 10 pouces", nombre=30, salle=b12.pk, lot=lot.pk),
        "ecran": des_equipements(college, "Écran interactif", categorie="tableau", salle=b12.pk, marque="Clévo"),
        "imprimante": des_equipements(
            college, "imprimante", categorie="imprimante", salle=cdi.pk, proprietaire="departement"
        ),
        "portables": des_equipements(
            college, "Portable élève", categorie="portable", series=("AB%12", "AB_34"), domaine="administratif"
        ),
    }
    cles = {nom: [ligne.pk for ligne in groupe] for nom, groupe in lignes.items()}
    tout = {"etablissement": college, "tenant": Tenant(referent_de(college))}
    ici = tout | {"maintenant": timezone.now()}
    changer_etat_en_lot(cles=cles["imprimante"], etat="a_reparer", **ici)
    changer_etat_en_lot(cles=cles["portables"][1:], etat="sorti", destination="don", **ici)
    preter(cles=cles["portables"][:1], a="eleve", jusqu_au=None, **ici)
    constater(cles=cles["tablettes"], **ici)
    return {"b12": b12, "cdi": cdi, "lot": lot, **cles}


# --- The list ----------------------------------------------------------------------------------------------------
def test_ce_qui_est_la_dans_l_ordre_et_resume(client, monde, parc):
    client.force_login(monde.lectrice)
    reponse = client.get(adresse(monde))
    assert designations(reponse) == ["Écran interactif", "imprimante", "Portable élève", "Tablette 10 pouces"]
    annee = annee_scolaire(timezone.localdate(timezone=monde.academie.zone))
    assert texte(reponse, '<p class="chapo">') == (
        f"33 équipements, dont 31 terminaux : 1 à réparer, 1 prêté, 3 non vus en {annee}."
    )
    assert 'name="cles"' not in reponse.content.decode()


@pytest.mark.parametrize(
    ("choix", "trouves"),
    [
        ({"etat": "sorti"}, ["Portable élève"]),
        ({"etat": "a_reparer"}, ["imprimante"]),
        ({"categorie": "tablette"}, ["Tablette 10 pouces"]),
        ({"salle": "sans"}, ["Portable élève"]),
        ({"salle": "b12"}, ["Écran interactif", "Tablette 10 pouces"]),
        ({"lot": "lot"}, ["Tablette 10 pouces"]),
        ({"lot": "sans"}, ["Écran interactif", "imprimante", "Portable élève"]),
        ({"proprietaire": "departement"}, ["imprimante"]),
        ({"proprietaire": "sans"}, ["Écran interactif", "Portable élève", "Tablette 10 pouces"]),
        ({"domaine": "administratif"}, ["Portable élève"]),
        ({"non_vu": "1"}, ["Écran interactif", "imprimante", "Portable élève"]),
        ({"prete": "1"}, ["Portable élève"]),
        ({"salle": "b12", "non_vu": "1"}, ["Écran interactif"]),
        ({"q": "ECRAN clevo"}, ["Écran interactif"]),
        ({"q": "ab%"}, ["Portable élève"]),
        ({"q": "ab_"}, []),
        ({"q": "a%1"}, []),
        ({"q": "Pouces table"}, ["Tablette 10 pouces"]),
        ({"q": "pouces clevo"}, []),
        ({"q": "élè\x00por"}, ["Portable élève"]),
    ],
)
def test_les_filtres_et_les_mots(client, monde, parc, choix, trouves):
    client.force_login(monde.chef)
    choix = {nom: getattr(parc.get(valeur), "pk", valeur) for nom, valeur in choix.items()}
    reponse = client.get(adresse(monde, **choix))
    assert designations(reponse) == trouves
    lignes, total = len(trouves), len(trouves) + 29 * ("Tablette 10 pouces" in trouves)
    dit = f"{lignes} ligne{'s' if lignes > 1 else ''}{f' ({total} équipements)' if total != lignes else ''} :"
    assert texte(reponse, '<p class="filtres-actifs">').startswith(dit)
    lignes_csv = client.get(adresse(monde, "inventaire_csv", **choix)).getvalue().decode().splitlines()
    assert [ligne.split(";")[0] for ligne in lignes_csv[1:]] == trouves


def test_chaque_filtre_dit_ce_qu_il_montrerait(client, monde, parc):
    client.force_login(monde.chef)
    assert filtres(client.get(adresse(monde))) == {
        "Réutilisable": "32", "À réparer": "1", "Sorti": "1", "Ordinateur portable": "1", "Tablette": "30",
        "Tableau ou écran interactif": "1", "Imprimante ou copieur": "1", "B12": "31", "CDI": "1", "Sans salle": "1",
        "Classe mobile": "30", "Hors lot": "3", "Département": "1", "Non précisé": "32", "Pédagogique": "32",
        "Administratif": "1", "Prêtés": "1",
        f"Non vus en {annee_scolaire(timezone.localdate(timezone=monde.academie.zone))}": "3",
    }  # fmt: skip
    choisi = client.get(adresse(monde, salle=parc["b12"].pk, q="ecran"))
    assert {nom: n for nom, n in filtres(choisi).items() if not nom.startswith("Non vus")} == {
        "Réutilisable": "1", "Tableau ou écran interactif": "1", "Hors lot": "1", "Non précisé": "1",
        "Pédagogique": "1",
    }  # fmt: skip


def test_un_filtre_se_retire_seul(client, monde, parc):
    client.force_login(monde.chef)
    contenu = client.get(adresse(monde, q="tablette", salle=parc["b12"].pk, colonne="prix")).content.decode()
    retraits = re.findall(r'<a class="filtre actif" href="([^"]+)"><span class="visually-hidden">', contenu)
    assert retraits == [
        f"{adresse(monde)}?salle={parc['b12'].pk}&amp;colonne=designation&amp;colonne=prix",
        f"{adresse(monde)}?q=tablette&amp;colonne=designation&amp;colonne=prix",
    ]


@pytest.mark.parametrize("nom", ["etat", "categorie", "salle", "lot", "proprietaire", "domaine", "non_vu", "prete"])
def test_un_choix_qui_n_existe_pas_est_laisse_de_cote(client, monde, parc, nom):
    client.force_login(monde.chef)
    reponse = client.get(adresse(monde, **{nom: "999999999999999999999\x00"}))
    assert len(designations(reponse)) == 4
    assert "Cette adresse demande un choix qui n'existe pas ici" in reponse.context["avis"][0]


def test_la_salle_d_une_autre_ecole_n_est_pas_un_choix(client, monde, parc):
    ailleurs = une_salle(monde.lointain, "Ailleurs")
    client.force_login(monde.chef)
    reponse = client.get(adresse(monde, salle=ailleurs.pk))
    assert len(designations(reponse)) == 4
    assert "Ailleurs" not in reponse.content.decode()


def test_les_colonnes_choisies_restent_dans_l_adresse(client, monde, parc):
    client.force_login(monde.chef)
    reponse = client.get(adresse(monde, categorie="tablette") + "&colonne=lot&colonne=marque&colonne=inconnue")
    entetes = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', reponse.content.decode())
    assert entetes == ["Désignation", "Marque", "Lot"]
    assert reponse.context["avis"] == ["Cette adresse demande une colonne qui n'existe pas\u00a0: elle est ignorée."]
    assert "colonne=lot" in reponse.context["csv"]
    fichier = client.get(reponse.context["csv"]).getvalue().decode("utf-8-sig")
    assert fichier == "Désignation;Marque;Lot\r\nTablette 10 pouces;;Classe mobile\r\n"


def test_ce_qui_est_saisi_ne_s_execute_pas(client, monde):
    des_equipements(monde.college, "<script>alert(1)</script>", series=('"><b onclick="x">',), marque="</td>")
    client.force_login(monde.chef)
    contenu = client.get(adresse(monde, colonne="marque", coches="1")).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in contenu
    assert "<b onclick" not in contenu
    assert '<td data-titre="Marque"><bdi class="saisi">&lt;/td&gt;</bdi></td>' in contenu


def test_un_inventaire_vide_dit_quoi_faire(client, monde):
    client.force_login(monde.chef)
    reponse = client.get(adresse(monde))
    assert "L'inventaire est encore vide" in reponse.content.decode()
    assert reverse("equipements_importer", args=[monde.college.uai]) in reponse.content.decode()
    client.force_login(monde.lectrice)
    contenu = client.get(adresse(monde)).content.decode()
    assert reverse("equipement_ajouter", args=[monde.college.uai]) not in contenu
    assert "L'inventaire est encore vide" in contenu


# --- Ticking -----------------------------------------------------------------------------------------------------
def test_la_page_se_coche_d_un_lien(client, monde, parc):
    client.force_login(monde.gestionnaire)
    contenu = client.get(adresse(monde, coches="1")).content.decode()
    assert contenu.count('name="cles"') == contenu.count(" checked></label>") == 4
    assert f'name="retour" value="{adresse(monde)}"' in contenu
    assert client.get(adresse(monde)).content.decode().count(" checked></label>") == 0


def test_une_collectivite_ne_coche_que_ce_qui_est_a_elle(client, monde, parc):
    collectivite = Collectivite.objects.create(nom="Département de l'Essai", niveau="departement")
    monde.college.collectivite = collectivite
    monde.college.save()
    agent = affecter(un_compte("Agathe", "Agent"), Role.COLLECTIVITE, collectivite=collectivite)
    client.force_login(agent)
    contenu = client.get(adresse(monde)).content.decode()
    assert re.findall(r'name="cles" value="(\d+)"', contenu) == [str(parc["imprimante"][0])]


# --- Pages -------------------------------------------------------------------------------------------------------
@pytest.fixture
def trois_pages(monde):
    """More alike than a page holds, between two others."""
    des_equipements(monde.college, "Borne", categorie="borne")
    des_equipements(monde.college, "Écran", series=[f"S{rang:03}" for rang in range(2 * TAILLE_PAGE)])
    des_equipements(monde.college, "Zoom")
    return [ligne.pk for ligne in Equipement.objects.order_by("classement", "pk")]


def cles(reponse) -> list[int]:
    return [int(cle) for cle in re.findall(r'<tr id="equipement-(\d+)"', reponse.content.decode())]


def test_on_avance_et_on_recule_sans_rien_perdre(client, monde, trois_pages):
    client.force_login(monde.chef)
    premiere = client.get(adresse(monde, non_vu="1"))
    deuxieme = client.get(premiere.context["suivante"])
    troisieme = client.get(deuxieme.context["suivante"])
    assert [cles(page) for page in (premiere, deuxieme, troisieme)] == [
        trois_pages[:TAILLE_PAGE],
        trois_pages[TAILLE_PAGE : 2 * TAILLE_PAGE],
        trois_pages[2 * TAILLE_PAGE :],
    ]
    assert (premiere.context["precedente"], troisieme.context["suivante"]) == ("", "")
    retour = client.get(troisieme.context["precedente"])
    assert cles(retour) == cles(deuxieme)
    debut = client.get(retour.context["precedente"])
    assert (cles(debut), debut.context["precedente"]) == (cles(premiere), "")
    assert "non_vu=1" in retour.context["suivante"]


def test_une_cle_alteree_est_dite_et_laissee_de_cote(client, monde, trois_pages):
    client.force_login(monde.chef)
    bonne = signing.dumps(("ecran", trois_pages[60]), salt=SEL)
    for sens in ("apres", "avant"):
        for cle in (bonne[:-1] + ("a" if bonne[-1] != "a" else "b"), "", "x", "\x00", signing.dumps(("a", 1))):
            reponse = client.get(adresse(monde, **{sens: cle}))
            assert cles(reponse) == trois_pages[:TAILLE_PAGE]
            assert reponse.context["avis"] == [
                "L'adresse de cette page n'a pas pu être lue\u00a0: voici le début de la liste."
            ]
    assert cles(client.get(adresse(monde, apres=bonne)))[0] == trois_pages[61]


def test_une_page_que_plus_rien_ne_suit_est_la_premiere(client, monde, trois_pages):
    client.force_login(monde.chef)
    for sens, cle in (("apres", ("zoom", trois_pages[-1])), ("avant", ("borne", trois_pages[0]))):
        assert cles(client.get(adresse(monde, **{sens: signing.dumps(cle, salt=SEL)}))) == trois_pages[:TAILLE_PAGE]


def test_au_dela_d_un_nombre_rien_n_est_compte(client, monde, parc, monkeypatch):
    monkeypatch.setattr(requetes, "LIGNES_COMPTEES", 4)
    client.force_login(monde.chef)
    reponse = client.get(adresse(monde, etat="a_reparer"))
    contenu = reponse.content.decode()
    assert "Cet inventaire est trop grand pour être compté" in contenu
    assert designations(reponse) == ["imprimante"]
    assert "<bdi>Vidéoprojecteur</bdi></a>" in contenu
    assert filtres(reponse) == {}


def test_la_meme_chose_pour_trois_lignes_que_pour_une(client, monde):
    def peupler(rang):
        salle, lot = une_salle(monde.college, f"S{rang}"), un_lot(monde.college, f"L{rang}")
        des_equipements(monde.college, f"Tablette {rang}", salle=salle.pk, lot=lot.pk)

    client.force_login(monde.chef)
    peupler(1)
    avant = client.get(adresse(monde) + "?" + "&".join(f"colonne={c.code}" for c in COLONNES))
    peupler(2)
    peupler(3)
    apres = client.get(adresse(monde) + "?" + "&".join(f"colonne={c.code}" for c in COLONNES))
    assert (len(avant.requetes), len(apres.requetes)) == (8, 8)
    assert len(designations(apres)) == 3


# --- Exports -----------------------------------------------------------------------------------------------------
def un_de_chaque(monde) -> None:
    salle, lot = une_salle(monde.college, "=B12"), un_lot(monde.college, "Lot ; 2026")
    [ligne] = des_equipements(
        monde.college,
        '=cmd|" /C calc"!A0',
        categorie="portable",
        series=("0012",),
        etiquettes=("+33",),
        marque="Marque",
        modele="M;1",
        salle=salle.pk,
        lot=lot.pk,
        proprietaire="region",
        payeur="etat",
        mainteneur="eple",
        achete_le=datetime.date(2021, 9, 1),
        garanti_jusqu_au=datetime.date(2024, 9, 1),
        suivi_jusqu_au=datetime.date(2026, 9, 1),
        prevu_jusqu_au=datetime.date(2027, 9, 1),
        prix=Decimal("1234.50"),
        note='Ligne 1, dite "bleue"',
    )
    Equipement.objects.filter(pk=ligne.pk).update(
        prete_a="eleve",
        prete_le=datetime.date(2026, 9, 10),
        pret_jusqu_au=datetime.date(2027, 6, 30),
        vu_le=datetime.date(2026, 9, 9),
    )


def test_le_csv_dit_tout_et_n_execute_rien(client, monde):
    un_de_chaque(monde)
    client.force_login(monde.lectrice)
    reponse = client.get(adresse(monde, "inventaire_csv"))
    assert reponse["Content-Disposition"] == f'attachment; filename="inventaire-{monde.college.uai}.csv"'
    entetes, ligne = csv.reader(io.StringIO(reponse.getvalue().decode("utf-8-sig")), delimiter=";")
    assert dict(zip(entetes, ligne, strict=True)) == {
        "Désignation": '\'=cmd|" /C calc"!A0',
        "Catégorie": "Ordinateur portable",
        "Marque": "Marque",
        "Modèle": "M;1",
        "Numéro de série": "0012",
        "Étiquette": "'+33",
        "Nombre": "1",
        "Salle": "'=B12",
        "Lot": "Lot ; 2026",
        "État": "Réutilisable",
        "Domaine": "Pédagogique",
        "Propriétaire": "Région",
        "Payeur": "État",
        "Qui l'entretient": "Établissement",
        "Acheté le": "2021-09-01",
        "Prix unitaire": "1234,50",
        "Garanti jusqu'au": "2024-09-01",
        "Mis à jour par son fabricant jusqu'au": "2026-09-01",
        "Prévu pour servir jusqu'au": "2027-09-01",
        "Destination": "",
        "Sorti le": "",
        "Prêté à": "Un élève",
        "Prêté le": "2026-09-10",
        "À rendre le": "2027-06-30",
        "Vu le": "2026-09-09",
        "Note": 'Ligne 1, dite "bleue"',
        "Origine": "Saisie",
    }
    assert len(reponse.requetes) == 6


def test_le_classeur_dit_la_meme_chose(client, monde):
    un_de_chaque(monde)
    client.force_login(monde.chef)
    reponse = client.get(adresse(monde, "inventaire_xlsx"))
    assert reponse["Content-Disposition"] == f'attachment; filename="inventaire-{monde.college.uai}.xlsx"'
    [(nom, [entetes, ligne])] = lire_xlsx(reponse.getvalue()).items()
    assert (nom, entetes) == ("Inventaire", [colonne.entete for colonne in COLONNES])
    lues = dict(zip(entetes, ligne, strict=True))
    assert lues["Désignation"] == '=cmd|" /C calc"!A0'
    assert (lues["Numéro de série"], lues["Étiquette"], lues["Salle"]) == ("0012", "+33", "=B12")
    assert (lues["Catégorie"], lues["Prêté à"]) == ("Ordinateur portable", "Un élève")


def test_un_classeur_trop_grand_est_refuse_en_le_disant(client, monde, parc, monkeypatch):
    monkeypatch.setattr("budget.views.inventaire.LIGNES_MAX", 3)
    client.force_login(monde.chef)
    reponse = client.get(adresse(monde, "inventaire_xlsx", domaine="pedagogique") + "&colonne=prix", follow=True)
    assert lire_xlsx(reponse.getvalue())["Inventaire"] == [
        ["Désignation", "Prix unitaire"],
        ["Écran interactif", None],
        ["imprimante", None],
        ["Tablette 10 pouces", None],
    ]
    trop = client.get(adresse(monde, "inventaire_xlsx") + "?colonne=prix", follow=True)
    assert trop.redirect_chain == [(adresse(monde) + "?colonne=prix", 302)]
    assert TROP in unescape(trop.content.decode())
