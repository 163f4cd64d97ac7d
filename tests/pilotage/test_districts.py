"""Districts made, drawn and entrusted: every act with its refusals, what it carries along, and taking it back."""

import datetime
import re
from contextlib import contextmanager
from html import unescape

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostic.domain.campagnes import prolonger_campagne
from diagnostic.models import Diagnostic
from strategie.pilotage.domain.districts import ARelire, annuler_mouvement, dessiner, jour_de, supprimer_district
from strategie.pilotage.interfaces.districts import du_texte, en_texte, lire_dessin
from strategie.pilotage.queries.districts import ce_qui_retient, prevoir, retour_de
from strategie.pilotage.rules.districts import A_RELIRE, IMPORT_EN_COURS, RIEN_A_ANNULER, RIEN_A_CHANGER
from strategie.socle.domain.districts import (
    confier_a_un_compte,
    confier_par_adresse,
    creer_district,
    nommer_les_districts,
    renommer_district,
    retirer_du_district,
)
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Role
from strategie.socle.interfaces.imports import FichierRefuse
from strategie.socle.models import Academie, Affectation, District, Etablissement, MouvementDeDistricts, Utilisateur
from strategie.socle.queries.districts import nom_du_registre
from strategie.socle.rules import lettre_uai, mot_en_phrase
from tests.diagnostic.courses import ensemble
from tests.personnages import affecter, creer_monde, un_compte, un_etablissement
from tests.tableurs import en_ods, en_xlsx

TYPES = ["ecole", "college", "lycee", "erea", "autre"]


def ranger(academie, cibles, *, maniere="liste", auteur=None, maintenant=None):
    """Foreseen, and confirmed as it was foreseen."""
    maintenant = maintenant or timezone.now()
    lu = prevoir(academie, cibles, jour_de(academie, maintenant)).empreinte
    return dessiner(
        academie=academie, maniere=maniere, cibles=cibles, empreinte=lu, auteur=auteur, maintenant=maintenant
    )


def reprendre(mouvement, auteur):
    maintenant = timezone.now()
    academie = mouvement.academie
    lu = prevoir(academie, retour_de(mouvement).cibles, jour_de(academie, maintenant)).empreinte
    return annuler_mouvement(mouvement=mouvement, empreinte=lu, auteur=auteur, maintenant=maintenant)


def carte():
    """Where every school is, by its UAI."""
    return dict(Etablissement.objects.order_by("uai").values_list("uai", "district__nom"))


def des_ecoles(monde, combien, **champs):
    ici = monde.college.departement
    return [
        un_etablissement(
            f"{(n := f'098{numero:04}')}{lettre_uai(n)}", f"École {numero:03}", ici, type="ecole", **champs
        )
        for numero in range(100, 100 + combien)
    ]


# --- The word --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("mot", "pluriel", "feminin", "phrases"),
    [
        ("district", "", False, [
            "un district", "le district", "du district", "au district", "ce district", "districts",
        ]),
        ("circonscription", "", True, [
            "une circonscription", "la circonscription", "de la circonscription", "à la circonscription",
            "cette circonscription", "circonscriptions",
        ]),
        ("unité", "", True, ["une unité", "l'unité", "de l'unité", "à l'unité", "cette unité", "unités"]),
        ("espace", "", False, ["un espace", "l'espace", "de l'espace", "à l'espace", "cet espace", "espaces"]),
        ("réseau", "réseaux", False, [
            "un réseau", "le réseau", "du réseau", "au réseau", "ce réseau", "réseaux",
        ]),
    ],
)  # fmt: skip
def test_le_mot_de_l_academie_en_phrase(mot, pluriel, feminin, phrases):
    formes = ("un", "le", "du", "au", "ce", "pluriel")
    assert [mot_en_phrase(mot, pluriel, feminin, forme) for forme in formes] == phrases


def test_le_mot_change_et_s_affiche(client, monde):
    client.force_login(monde.rectorat)
    adresse = reverse("reglages_des_districts", args=["98"])
    assert client.post(adresse, {"libelle": "Circonscription", "pluriel": "", "feminin": "on"}).status_code == 302
    lue = Academie.objects.get(code="98")
    assert (lue.libelle_district, lue.libelle_districts, lue.libelle_feminin) == ("circonscription", "", True)
    page = client.get(reverse("districts_dessines")).content.decode()
    assert "Créer une circonscription" in page
    assert "Circonscriptions · Exemple" in page
    refus = client.post(adresse, {"libelle": "m" * 31})
    assert (refus.status_code, "30 caractères au plus." in refus.content.decode()) == (422, True)


# --- Made, named, destroyed ------------------------------------------------------------------------------------------
def test_creer_renommer_supprimer(monde):
    cree = creer_district(academie=monde.academie, nom=" Vallée ", auteur=monde.rectorat)
    assert (cree.nom, cree.academie) == ("Vallée", monde.academie)
    for nom in ("VALLEE", "vallée", "District 1"):
        with pytest.raises(Empeche, match="Ce nom existe déjà"):
            creer_district(academie=monde.academie, nom=nom, auteur=monde.rectorat)
    assert creer_district(academie=monde.autre_academie, nom="Vallée", auteur=monde.rectorat_ailleurs).nom == "Vallée"
    renommer_district(district=cree, vu="Vallée", nom="Montagne", auteur=monde.rectorat)
    with pytest.raises(Empeche, match="vient de changer ce nom en «\u00a0Montagne\u00a0»"):
        renommer_district(district=cree, vu="Vallée", nom="Plaine", auteur=monde.rectorat)
    with pytest.raises(Empeche, match="Ce nom existe déjà"):
        renommer_district(district=cree, vu="Montagne", nom="district 1", auteur=monde.rectorat)
    renommer_district(district=cree, vu="périmé", nom="Montagne", auteur=monde.rectorat)  # it is so already
    supprimer_district(district=cree, auteur=monde.rectorat)
    assert not District.objects.filter(pk=cree.pk).exists()
    traces = District.evenements.rel.related_model.objects.filter(
        nom__in=["Vallée", "Montagne"], academie=monde.academie
    )
    assert list(traces.order_by("pgh_id").values_list("pgh_label", "pgh_context__acte")) == [
        ("insert", "creer_district"),
        ("update", "renommer_district"),
        ("delete", "supprimer_district"),
    ]


def test_ce_qui_retient_un_district(dossier):
    monde = dossier.monde
    prolonger_campagne(
        campagne=dossier.brouillon.campagne,
        district=monde.district,
        date_cloture=dossier.brouillon.campagne.date_cloture + datetime.timedelta(days=3),
        motif="Crue",
        auteur=monde.rectorat,
        maintenant=timezone.now(),
    )
    assert sorted(ce_qui_retient(monde.district)) == ["1 affectation", "1 prolongation", "2 établissements"]
    with pytest.raises(Empeche, match="Il ne peut pas être supprimé"):
        supprimer_district(district=monde.district, auteur=monde.rectorat)
    Etablissement.objects.filter(district=monde.district).update(district=None)
    assert sorted(ce_qui_retient(monde.district)) == ["1 affectation", "1 prolongation"]
    with pytest.raises(Empeche):
        supprimer_district(district=monde.district, auteur=monde.rectorat)


# --- Drawn -----------------------------------------------------------------------------------------------------------
def test_dessiner_deplace_cree_et_raconte(monde):
    cibles = {monde.college.pk: "Nouveau", monde.lointain.pk: "district 1", monde.voisin_college.pk: "District 1"}
    prevision = prevoir(monde.academie, cibles, timezone.localdate())
    assert prevision.trajets == [("District 1", "Nouveau", 1), ("District 2", "District 1", 1)]
    assert (prevision.inchanges, list(prevision.a_creer)) == (1, ["Nouveau"])
    mouvement = ranger(monde.academie, cibles, auteur=monde.rectorat)
    assert carte() == {"0970001Z": None, "0980001U": "Nouveau", "0980002V": "District 1", "0980003W": "District 1"}
    nouveau = District.objects.get(nom="Nouveau")
    assert mouvement.deplacements == {
        monde.college.pk: (monde.district.pk, nouveau.pk),
        monde.lointain.pk: (monde.autre_district.pk, monde.district.pk),
    }
    evenements = Etablissement.evenements.rel.related_model.objects.filter(pgh_context__acte="dessiner_districts")
    assert set(evenements.values_list("pgh_obj", "district")) == {
        (monde.college.pk, nouveau.pk),
        (monde.lointain.pk, monde.district.pk),
    }
    with pytest.raises(Empeche, match=re.escape(RIEN_A_CHANGER)):
        ranger(monde.academie, cibles)


def test_un_etablissement_d_ailleurs_ne_bouge_pas(monde):
    with pytest.raises(Empeche, match=re.escape(RIEN_A_CHANGER)):
        ranger(monde.academie, {monde.ailleurs.pk: "District 1"})
    assert carte()["0970001Z"] is None


def test_ce_qui_a_change_depuis_la_prevision_se_relit(monde):
    cibles = {monde.college.pk: "District 2"}
    maintenant = timezone.now()
    lu = prevoir(monde.academie, cibles, jour_de(monde.academie, maintenant)).empreinte
    affecter(un_compte("Autre", "Animateur"), Role.ANIMATEUR, district=monde.autre_district)
    with pytest.raises(ARelire, match=re.escape(A_RELIRE)):
        dessiner(
            academie=monde.academie, maniere="liste", cibles=cibles, empreinte=lu, auteur=None, maintenant=maintenant
        )
    assert carte()["0980001U"] == "District 1"


@pytest.mark.django_db(transaction=True)
def test_pas_pendant_un_import_de_l_annuaire():
    monde = creer_monde()

    def importer():
        with transaction.atomic(), connection.cursor() as curseur:
            curseur.execute("SELECT pg_advisory_xact_lock(hashtext('importer_annuaire'))")
            return ensemble(lambda: ranger(monde.academie, {monde.college.pk: "District 2"}))

    assert importer() == [IMPORT_EN_COURS]


@pytest.mark.django_db(transaction=True)
def test_deux_rectorats_dessinent_ensemble():
    """One of the two is told to read again: no school ends elsewhere than where somebody confirmed."""
    monde = creer_monde()
    maintenant = timezone.now()
    voulus = [{monde.college.pk: "District 2"}, {monde.college.pk: "Autre"}]
    jour = jour_de(monde.academie, maintenant)
    lus = [prevoir(monde.academie, cibles, jour).empreinte for cibles in voulus]

    def acte(cibles, lu):
        return lambda: dessiner(
            academie=monde.academie, maniere="liste", cibles=cibles, empreinte=lu, auteur=None, maintenant=maintenant
        )

    rendus = ensemble(*map(acte, voulus, lus))
    assert sorted(isinstance(rendu, MouvementDeDistricts) for rendu in rendus) == [False, True]
    assert A_RELIRE in rendus
    assert MouvementDeDistricts.objects.count() == 1


def test_l_acces_suit_le_district(monde):
    double = affecter(un_compte("Dora", "Double"), Role.ANIMATEUR, district=monde.district)
    affecter(double, Role.ANIMATEUR, district=monde.autre_district)
    cibles = {monde.college.pk: "District 2", monde.voisin_college.pk: "District 2", monde.lointain.pk: ""}
    acces = prevoir(monde.academie, cibles, timezone.localdate()).acces
    assert {(a.personne, a.perdus, a.gagnes) for a in acces} == {
        (monde.animatrice, 2, 0),
        (monde.animateur_lointain, 1, 2),
        (double, 1, 0),
    }
    ranger(monde.academie, cibles)
    assert list(Etablissement.objects.visible_to(monde.animatrice)) == []
    assert set(Etablissement.objects.visible_to(monde.animateur_lointain)) == {monde.college, monde.voisin_college}


def test_la_date_de_signature_suit_le_district(dossier):
    """More time with the new district, the campaign's own without; a date that is over is never given."""
    monde, campagne = dossier.monde, dossier.brouillon.campagne
    prevue = campagne.date_cloture
    plus_tard = prevue + datetime.timedelta(days=5)
    prolonger_campagne(
        campagne=campagne,
        district=monde.autre_district,
        date_cloture=plus_tard,
        motif="Crue",
        auteur=monde.rectorat,
        maintenant=timezone.now(),
    )
    passe = dossier.copie.diagnostic.date_cloture
    vers, retour = {monde.college.pk: "District 2"}, {monde.college.pk: ""}
    [cloture] = prevoir(monde.academie, vers, timezone.localdate()).clotures
    assert (cloture.campagne, cloture.avant, cloture.apres, cloture.combien) == (campagne, prevue, plus_tard, 1)
    ranger(monde.academie, vers)
    assert Diagnostic.objects.get(pk=dossier.brouillon.pk).date_cloture == plus_tard
    ranger(monde.academie, retour)
    assert Diagnostic.objects.get(pk=dossier.brouillon.pk).date_cloture == prevue
    assert Diagnostic.objects.get(pk=dossier.copie.diagnostic_id).date_cloture == passe
    ranger(monde.academie, vers)
    apres_la_fin = datetime.datetime.combine(plus_tard, datetime.time(12), tzinfo=monde.academie.zone)
    assert list(prevoir(monde.academie, retour, plus_tard).clotures) == []
    ranger(monde.academie, retour, maintenant=apres_la_fin)
    assert Diagnostic.objects.get(pk=dossier.brouillon.pk).date_cloture == plus_tard


def test_annuler_le_dernier_mouvement(monde):
    avant = carte()
    premier = ranger(monde.academie, {monde.college.pk: "Neuf", monde.lointain.pk: ""}, auteur=monde.rectorat)
    annulation = reprendre(premier, monde.rectorat)
    assert (carte(), annulation.maniere) == (avant, "annulation")
    assert District.objects.filter(nom="Neuf").exists()
    for mouvement in (premier, annulation):
        with pytest.raises(Empeche, match=re.escape(RIEN_A_ANNULER)):
            reprendre(mouvement, monde.rectorat)
    second = ranger(monde.academie, {monde.college.pk: "District 2"})
    Etablissement.objects.filter(pk=monde.college.pk).update(district=None)
    with pytest.raises(Empeche, match="un établissement a encore changé de place"):
        reprendre(second, monde.rectorat)


def test_pas_de_retour_vers_un_district_detruit(monde):
    ranger(monde.academie, {monde.college.pk: "Bref"})
    mouvement = ranger(monde.academie, {monde.college.pk: ""})
    supprimer_district(district=District.objects.get(nom="Bref"), auteur=monde.rectorat)
    with pytest.raises(Empeche, match="n'existe plus"):
        reprendre(mouvement, monde.rectorat)


@contextmanager
def rien_ne_reste():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


NOMS = st.sampled_from(["", "District 1", "DISTRICT 1", "Nord", "nord", "Sud"])


@settings(max_examples=25)
@given(st.lists(st.dictionaries(st.integers(0, 4), NOMS, min_size=1), min_size=1, max_size=5), st.booleans())
def test_une_suite_de_dessins_laisse_chacun_chez_soi(monde, dessins, annuler):
    """At most one district, of its own académie; no two districts that read alike; a school of elsewhere stays."""
    ecoles = [monde.college, monde.voisin_college, monde.lointain, monde.ailleurs]
    with rien_ne_reste():
        attendu = carte()
        for dessin in dessins:
            cibles = {ecoles[n].pk if n < 4 else 10**9: nom for n, nom in dessin.items()}
            avant = carte()
            try:
                mouvement = ranger(monde.academie, cibles)
            except Empeche as refus:
                assert str(refus) == RIEN_A_CHANGER
                continue
            if annuler:
                reprendre(mouvement, None)
                assert carte() == avant
        for ecole in Etablissement.objects.select_related("district"):
            assert ecole.district is None or ecole.district.academie_id == ecole.academie_id
        lus = [nom.lower() for nom in District.objects.filter(academie=monde.academie).values_list("nom", flat=True)]
        assert len(lus) == len(set(lus))
        assert carte()["0970001Z"] is None
        if annuler:
            assert carte() == attendu


# --- By file ---------------------------------------------------------------------------------------------------------
def fichier(*lignes):
    return "\n".join(["UAI;District", *lignes]).encode()


def test_un_fichier_se_lit_quel_que_soit_son_format(monde):
    attendu = {monde.college.pk: "Nord", monde.lointain.pk: "District 1"}
    table = [["UAI", "District"], ["0980001U", "Nord"], ["980003w", " District 1 "]]
    for contenu in (
        fichier("0980001U;Nord", "980003w; District 1 "),
        en_xlsx({"Districts": table}),
        en_ods({"Districts": table}),
    ):
        lecture = lire_dessin(contenu, monde.academie, creer=True)
        assert (lecture.cibles, lecture.refuses, lecture.doubles) == (attendu, [], 0)


def test_toutes_les_erreurs_d_un_fichier_a_la_fois(monde):
    """An unknown school, and one of another académie, are refused in the same words."""
    lecture = lire_dessin(
        fichier(
            "0980001U;District 1",
            "0980001X;District 1",
            "0970001Z;District 1",
            "0980099D;District 1",
            "0980001U;District 2",
            "0980001U;district 1",
            "0980002V;Inconnu",
            "0980003W;",
            ";District 1",
        ),
        monde.academie,
        creer=False,
    )
    ailleurs = "aucun établissement de votre académie n'a cet UAI."
    assert [(un.ligne, un.colonne, un.valeur, un.raison) for un in lecture.refuses] == [
        (3, "UAI", "0980001X", "la lettre de contrôle n'est pas X : 0980001U est attendu."),
        (4, "UAI", "0970001Z", ailleurs),
        (5, "UAI", "0980099D", "la lettre de contrôle n'est pas D : 0980099A est attendu.")
        if lettre_uai("0980099") != "D"
        else (5, "UAI", "0980099D", ailleurs),
        (6, "UAI", "0980001U, District 2", "déjà à la ligne 2, avec «\u00a0District 1\u00a0»\u00a0: choisissez."),
        (8, "District", "Inconnu",
         "ce nom n'existe pas dans votre académie\u00a0: corrigez-le, ou cochez la case qui le crée."),
        (9, "District", "", "un nom est attendu."),
        (10, "UAI", "", "un UAI est attendu : sept chiffres et une lettre."),
    ]  # fmt: skip
    assert lecture.doubles == 1


@pytest.mark.parametrize(
    "contenu",
    [b"", b"UAI;District\n", b"\x00\x01\x02", b"PK\x03\x04abime", b"%PDF-1.7", b"nom;ville\na;b\n", b"<html>"],
)
def test_un_fichier_qui_n_en_est_pas_un(client, monde, contenu):
    client.force_login(monde.rectorat)
    envoi = {"fichier": SimpleUploadedFile("districts.csv", contenu)}
    reponse = client.post(reverse("districts_par_fichier", args=["98"]), envoi)
    assert reponse.status_code == 422
    if contenu:
        with pytest.raises(FichierRefuse):
            lire_dessin(contenu, monde.academie, creer=True)


def test_un_fichier_hostile_reste_du_texte(client, monde):
    client.force_login(monde.rectorat)
    nom = "<script>alert(1)</script>=HYPERLINK(1)"
    envoi = {"fichier": SimpleUploadedFile("d.csv", fichier(f"0980001U;{nom}")), "creer": "on"}
    page = client.post(reverse("districts_par_fichier", args=["98"]), envoi)
    assert page.status_code == 200
    assert b"<script>alert" not in page.content
    assert confirmer(client, page).status_code == 302
    assert carte()["0980001U"] == nom
    assert b"<script>alert" not in client.get(reverse("districts_dessines")).content
    refuse = lire_dessin(fichier("0980001U;a\x07b", f"0980002V;{'n' * 81}"), monde.academie, creer=True)
    assert [un.raison for un in refuse.refuses] == [
        "ce nom contient un caractère de contrôle.",
        "80 caractères au plus sont attendus.",
    ]


@settings(max_examples=15)
@given(
    st.dictionaries(
        st.sampled_from(["0980001U", "0980002V", "0980003W"]), st.sampled_from(["Nord", "Sud", "District 1"])
    )
)
def test_le_meme_fichier_deux_fois_ne_change_rien(monde, voulus):
    contenu = fichier(*(f"{uai};{nom}" for uai, nom in voulus.items()), "0980001U;" + voulus.get("0980001U", "Nord"))
    with rien_ne_reste():
        cibles = lire_dessin(contenu, monde.academie, creer=True).cibles
        if prevoir(monde.academie, cibles, timezone.localdate()).deplacements:
            ranger(monde.academie, cibles, maniere="fichier")
        apres = carte()
        encore = lire_dessin(contenu, monde.academie, creer=False)
        assert encore.refuses == []
        assert list(prevoir(monde.academie, encore.cibles, timezone.localdate()).deplacements) == []
        assert carte() == apres


def test_ce_que_la_page_porte_se_relit():
    cibles = {"0980001U": "Nord", "0980002V": ""}
    assert du_texte(en_texte(cibles).replace("\n", "\r\n")) == cibles
    assert du_texte("n'importe quoi\n0980001X\tNord\n0980001U\ta\x07") == {}


# --- Pages -----------------------------------------------------------------------------------------------------------
def confirmer(client, page):
    """As the button of the forecast does."""
    caches = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode()))
    caches = {nom: unescape(valeur) for nom, valeur in caches.items() if nom != "csrfmiddlewaretoken"}
    adresse = re.search(r'action="([^"]+/confirmer/)"', page.content.decode())
    return client.post(adresse[1], caches)


def test_par_liste_par_uai_et_vers_dehors(client, monde):
    client.force_login(monde.rectorat)
    adresse = reverse("district_dessiner", args=[monde.district.pk])
    assert "Collège lointain" in client.get(adresse, {"q": "lointain"}).content.decode()
    ignore = client.get(adresse, {"type": "xyz", "ou": "99999999999999999999"})
    assert "il est ignoré" in ignore.content.decode()
    page = client.post(adresse, {"ecole": ["0980003W", "0970001Z"], "vers": "ici"})
    assert "1\u00a0établissement change de place" in page.content.decode()
    assert carte()["0980003W"] == "District 2"
    assert confirmer(client, page).status_code == 302
    assert carte()["0980003W"] == "District 1"
    assert confirmer(client, page).status_code == 422  # sent twice
    dehors = client.post(adresse, {"ecole": ["0980003W"], "vers": "dehors"})
    assert confirmer(client, dehors).status_code == 302
    assert carte()["0980003W"] is None
    colles = client.post(adresse, {"uais": "0980003W, 980001u\n"})
    assert "1\u00a0autre y est déjà" in colles.content.decode()
    faux = client.post(adresse, {"uais": "0980003W 0970001Z toto"})
    assert faux.status_code == 422
    dit = unescape(faux.content.decode())
    assert "«\u00a00970001Z\u00a0»\u00a0: aucun établissement de votre académie n'a cet UAI." in dit
    assert "«\u00a0toto\u00a0»\u00a0: un UAI est attendu" in dit


def test_par_commune_et_par_type(client, monde):
    Etablissement.objects.filter(uai="0980003W").update(commune="L'Île-Verte", code_commune="98003")
    des_ecoles(monde, 2, commune="L'Île-Verte", code_commune="98003")
    client.force_login(monde.rectorat)
    adresse = reverse("district_par_commune", args=[monde.district.pk])
    page = client.get(adresse, {"q": "ile"}).content.decode()
    assert "3\u00a0établissements, 2 sans district" in page
    assert "Saint-Exemple" not in page
    choix = {"commune": "98003|L'Île-Verte", "types": ["ecole"]}
    assert "2\u00a0établissements changent de place" in client.post(adresse, choix).content.decode()
    tous = client.post(adresse, choix | {"types": TYPES})
    assert "3\u00a0établissements changent de place" in tous.content.decode()
    libres = client.post(adresse, choix | {"types": TYPES, "libres": "on"})
    assert "2\u00a0établissements changent de place" in libres.content.decode()
    assert client.post(adresse, {"types": TYPES}).status_code == 422
    assert confirmer(client, tous).status_code == 302
    assert Etablissement.objects.filter(district=monde.district).count() == 5


def test_d_apres_l_annuaire(client, monde):
    client.force_login(monde.rectorat)
    adresse = reverse("districts_du_registre", args=["98"])
    assert "ne dit ni circonscription ni bassin" in client.get(adresse).content.decode()
    nord = "Circonscription d'inspection du 1er degré de Rennes Nord"
    des_ecoles(monde, 3, circonscription=nord)
    Etablissement.objects.filter(uai="0980003W").update(bassin="RENNES")
    page = client.get(adresse).content.decode()
    assert "Les circonscriptions du premier degré (3 établissements en ont)" in page
    prevu = client.post(adresse, {"maniere": "circonscriptions", "types": TYPES, "libres": "on"})
    assert "à créer" in prevu.content.decode()
    assert confirmer(client, prevu).status_code == 302
    assert Etablissement.objects.filter(district__nom="Rennes Nord").count() == 3
    encore = client.post(adresse, {"maniere": "circonscriptions", "types": TYPES})
    assert RIEN_A_CHANGER in encore.content.decode()
    occupe = client.post(adresse, {"maniere": "bassins", "types": TYPES, "libres": "on"})
    assert RIEN_A_CHANGER in occupe.content.decode()


@pytest.mark.parametrize(
    ("lu", "nom"),
    [
        ("Circonscription d'inspection du 1er degré de Saint-Affrique - Rodez", "Saint-Affrique - Rodez"),
        ("Circonscription d'inspection du 1er degré d'Auch", "Auch"),
        ("RODEZ", "RODEZ"),
        ("Circonscription d'inspection du 1er degré de ", "Circonscription d'inspection du 1er degré de"),
        ("x" * 150, "x" * 80),
    ],
)
def test_le_nom_que_donne_l_annuaire(lu, nom):
    assert nom_du_registre(lu) == nom


def test_annuler_par_la_page(client, monde):
    client.force_login(monde.rectorat)
    avant = carte()
    mouvement = ranger(monde.academie, {monde.lointain.pk: "District 1"}, auteur=monde.rectorat)
    assert "Annuler le dernier mouvement" in client.get(reverse("districts_dessines")).content.decode()
    adresse = reverse("mouvement_annuler", args=["98", mouvement.pk])
    [empreinte] = re.findall(r'name="empreinte" value="(\w+)"', client.get(adresse).content.decode())
    assert client.post(adresse, {"empreinte": "périmée"}).status_code == 422
    assert client.post(adresse, {"empreinte": empreinte}).status_code == 302
    assert carte() == avant
    assert RIEN_A_ANNULER in unescape(client.get(adresse).content.decode())


def test_autant_de_requetes_pour_trois_que_pour_un(client, monde):
    client.force_login(monde.rectorat)
    cle = monde.district.pk
    adresses = [
        (reverse("districts_dessines"), 7),
        (reverse("district_dessine", args=[cle]), 7),
        (reverse("district_dessiner", args=[cle]), 7),
        (reverse("district_par_commune", args=[cle]), 7),
        (reverse("district_confier", args=[cle]), 5),
    ]
    comptes = [(adresse, len(client.get(adresse).requetes)) for adresse, _ in adresses]
    for numero in (1, 2):
        autre = District.objects.create(academie=monde.academie, nom=f"Autre {numero}")
        affecter(un_compte("Paul", f"Autre{numero}"), Role.ANIMATEUR, district=autre)
        affecter(un_compte("Paule", f"Ici{numero}"), Role.ANIMATEUR, district=monde.district)
    des_ecoles(monde, 3, district=monde.district, commune="Ailleurs")
    assert [(adresse, len(client.get(adresse).requetes)) for adresse, _ in adresses] == comptes
    assert comptes == adresses


# --- Animateurs ------------------------------------------------------------------------------------------------------
def courriels():
    """What the background worker sends."""
    for attendue in DBTaskResult.objects.ready():
        attendue.task.call(*attendue.args_kwargs["args"])
        DBTaskResult.objects.filter(pk=attendue.pk).delete()
    return mail.outbox


def confier(monde, personne, **options):
    return confier_a_un_compte(
        district=monde.autre_district,
        personne=personne,
        debut=options.get("debut", timezone.localdate()),
        auteur=monde.rectorat,
        maintenant=timezone.now(),
    )


def test_confier_et_retirer(monde):
    """Several animateurs a district, several districts an animateur; what is over stays written."""
    aujourd_hui = timezone.localdate()
    affectation = confier(monde, monde.animatrice)
    assert set(Etablissement.objects.visible_to(monde.animatrice)) == {
        monde.college, monde.voisin_college, monde.lointain,
    }  # fmt: skip
    with pytest.raises(Empeche, match="a déjà ce rôle"):
        confier(monde, monde.animatrice)
    fin = {"auteur": monde.rectorat, "maintenant": timezone.now()}
    with pytest.raises(Empeche, match="ne peut pas précéder"):
        retirer_du_district(affectation=affectation, dernier=aujourd_hui - datetime.timedelta(days=1), **fin)
    demain = aujourd_hui + datetime.timedelta(days=1)
    retirer_du_district(affectation=affectation, dernier=demain, **fin)
    assert Affectation.objects.get(pk=affectation.pk).fin == demain
    retirer_du_district(affectation=affectation, dernier=None, **fin)  # began today: taken back whole
    assert not Affectation.objects.filter(pk=affectation.pk).exists()
    ancienne = monde.animateur_lointain.affectations.get()
    retirer_du_district(affectation=ancienne, dernier=None, **fin)
    assert Affectation.objects.get(pk=ancienne.pk).fin == aujourd_hui - datetime.timedelta(days=1)
    assert list(Etablissement.objects.visible_to(monde.animateur_lointain)) == []
    assert confier(monde, monde.animateur_lointain).pk != ancienne.pk


def test_l_histoire_d_un_district_se_lit(client, monde):
    """Its name and its animateurs; as many queries whatever happened."""
    cree = creer_district(academie=monde.academie, nom="Vallée", auteur=monde.rectorat)
    client.force_login(monde.rectorat)
    adresse = reverse("district_historique", args=[cree.pk])
    client.get(adresse)
    maintenant = {"debut": timezone.localdate(), "auteur": monde.rectorat, "maintenant": timezone.now()}
    confier_a_un_compte(district=cree, personne=monde.animatrice, **maintenant)
    peu = len(client.get(adresse).requetes)
    for personne in (monde.chef, monde.referent):
        confier_a_un_compte(district=cree, personne=personne, **maintenant)
    renommer_district(district=cree, vu="Vallée", nom="Montagne", auteur=monde.rectorat)
    page = client.get(adresse)
    assert len(page.requetes) == peu == 7
    phrases = re.findall(r"<h2><bdi>Rose Rectorat</bdi> ([^<]+)</h2>", unescape(page.content.decode()))
    # In one transaction, all at the same instant.
    assert sorted(phrases) == ["a changé le nom du district", *["a confié le district"] * 3, "a créé le district"]
    assert "Anne Animatrice" in page.content.decode()


def test_confier_a_qui_ne_peut_pas(monde):
    Utilisateur.objects.filter(pk=monde.sans_affectation.pk).update(is_active=False)
    monde.sans_affectation.refresh_from_db()
    with pytest.raises(Empeche, match="désactivé"):
        confier(monde, monde.sans_affectation)
    with pytest.raises(Empeche, match="plus d'un an"):
        confier(monde, monde.chef, debut=timezone.localdate() + datetime.timedelta(days=400))


def test_par_adresse_un_compte_se_cree_sans_mot_de_passe(monde):
    commun = {"district": monde.district, "auteur": monde.rectorat}
    commun |= {"debut": timezone.localdate(), "maintenant": timezone.now()}
    with pytest.raises(Empeche, match="donnez aussi le prénom et le nom"):
        confier_par_adresse(email="neuve@exemple.invalid", prenom="", nom="Neuve", **commun)
    assert not Utilisateur.objects.filter(email="neuve@exemple.invalid").exists()
    affectation, nouveau = confier_par_adresse(email="Neuve@exemple.invalid", prenom="Nina", nom="Neuve", **commun)
    assert (nouveau, affectation.utilisateur.has_usable_password()) == (True, False)
    assert (affectation.utilisateur.email, affectation.role) == ("neuve@exemple.invalid", Role.ANIMATEUR)
    ailleurs, nouveau = confier_par_adresse(email=monde.rectorat_ailleurs.email.upper(), prenom="", nom="", **commun)
    assert (ailleurs.utilisateur, nouveau) == (monde.rectorat_ailleurs, False)


@pytest.mark.django_db(transaction=True)
def test_la_page_qui_confie(client):
    """Nobody of another académie is listed; a new person chooses her password by the link of the message."""
    monde = creer_monde()
    client.force_login(monde.rectorat)
    adresse = reverse("district_confier", args=[monde.district.pk])
    page = client.get(adresse).content.decode()
    assert ("Alain Lointain" in page, "Ravi Ailleurs" in page) == (True, False)
    jour = timezone.localdate().isoformat()
    assert client.post(adresse, {"personne": monde.rectorat_ailleurs.pk, "debut": jour}).status_code == 422
    assert client.post(adresse, {"debut": jour}).status_code == 422
    deux = {"personne": monde.animateur_lointain.pk, "email": "x@exemple.invalid", "debut": jour}
    assert client.post(adresse, deux).status_code == 422
    nouvelle = {"email": "nina@exemple.invalid", "prenom": "Nina", "nom": "Neuve", "debut": jour}
    assert client.post(adresse, nouvelle).status_code == 302
    [message] = courriels()
    assert message.to == ["nina@exemple.invalid"]
    assert "District 1" in message.subject
    [lien] = re.findall(r"http://testserver(/\S+)", message.body)
    client.logout()
    choisir = client.get(lien, follow=True)
    assert choisir.status_code == 200
    assert "mot de passe" in choisir.content.decode()
    client.force_login(monde.rectorat)
    monde.animateur_lointain.set_password("un mot de passe de test")
    monde.animateur_lointain.save()
    assert client.post(adresse, {"personne": monde.animateur_lointain.pk, "debut": jour}).status_code == 302
    [_, second] = courriels()
    assert (second.to, "choisir" in second.body.lower()) == ([monde.animateur_lointain.email], False)


def test_nommer_les_districts_garde_les_sigles(monde):
    nommer_les_districts(academie=monde.academie, libelle="REP", pluriel="REP", feminin=False, auteur=monde.rectorat)
    assert Academie.objects.get(code="98").nommer_un_district("un") == "un REP"
