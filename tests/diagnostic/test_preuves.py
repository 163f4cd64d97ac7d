"""Proofs: a link or a file whose type is read in its content."""

import datetime
import io
import uuid
import zipfile
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from diagnostic.domain.cotation import Valeur
from diagnostic.domain.ouverture import VERSION_CHANGEE
from diagnostic.domain.preuves import PREUVES_MAX, Piece, ajouter_preuve, reprendre_preuves, retirer_preuve
from diagnostic.domain.reponses import commencer_diagnostic
from diagnostic.domain.reprises import passer_a_la_version
from diagnostic.domain.signature import rouvrir_diagnostic
from diagnostic.domain.versions import preparer_version, publier_version
from diagnostic.interfaces.preuves import PreuveForm, cles_choisies
from diagnostic.models import Champ, Correspondance, Diagnostic, Indicateur, Preuve, Referentiel
from diagnostic.queries.preuves import origines, preuves_anterieures
from diagnostic.rules import empechement_repondre
from strategie.socle.domain.calendrier import annee_precedente
from strategie.socle.domain.empechement import Empeche
from strategie.socle.interfaces.fichiers import nom_du_type, nom_sur, type_du_contenu
from tests.diagnostic.test_courses import ensemble
from tests.dossier import campagne_ouverte, repondre_partout, signer

PDF = Piece(b"%PDF-1.7", "charte.pdf", "application/pdf")
CODE = "PIL-1-1"


def archive(*entrees: str) -> bytes:
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as fichier:
        for entree in entrees:
            fichier.writestr(entree, "contenu")
    return tampon.getvalue()


@pytest.mark.parametrize(
    ("contenu", "attendu"),
    [
        (b"%PDF-1.7\n" + b"x" * 300, "application/pdf"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\x00" * 40, "image/png"),
        ("Compte rendu, déjà lu".encode(), "text/plain"),
        ("Compte rendu, déjà lu".encode("cp1252"), "text/plain"),
        (b"a;b\r\n1;2\r\n", "text/plain"),
        (
            archive("[Content_Types].xml", "word/document.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
    ],
)
def test_types_admis(contenu, attendu):
    assert type_du_contenu(contenu) == attendu


@pytest.mark.parametrize(
    "contenu",
    [
        b"",
        b"MZ\x90\x00" + b"\x00" * 100,
        b"\x7fELF" + b"\x00" * 100,
        b"<!doctype html><script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
        b"#!/bin/sh\nrm -rf /\n",
        archive("virus.exe"),
        archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
        archive("[Content_Types].xml", "word/document.xml")[:60],
        bytes(range(256)),
        b"%PDF-1.7\n" + b"x" * (10 * 1024 * 1024),
    ],
    ids=["vide", "exe", "elf", "html", "svg", "script", "zip", "macro", "zip-coupe", "binaire", "trop-gros"],
)
def test_types_refuses(contenu):
    with pytest.raises(ValidationError):
        type_du_contenu(contenu)


@pytest.mark.parametrize(
    ("nom", "attendu"),
    [
        ("charte.pdf", "charte.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\charte.pdf", "charte.pdf"),
        ("fiche\u202efdp.exe", "fichefdp.exe"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie: x=1.pdf"),
        ("é" * 300 + ".pdf", "é" * 130 + ".pdf"),
        ("..", "fichier"),
        ("", "fichier"),
        ("nul\x00octet.pdf", "nuloctet.pdf"),
    ],
)
def test_noms_de_fichiers(nom, attendu):
    assert nom_sur(nom) == attendu


@pytest.mark.parametrize(
    ("nom", "type_mime", "attendu"),
    [
        ("Charte.PDF", "application/pdf", "Charte.PDF"),
        ("photo.jpeg", "image/jpeg", "photo.jpeg"),
        ("releve.csv", "text/plain", "releve.csv"),
        ("note.bat", "text/plain", "note.bat.txt"),
        ("page.html", "text/plain", "page.html.txt"),
        ("fiche\u202efdp.exe", "application/pdf", "fichefdp.exe.pdf"),
        ("charte", "application/pdf", "charte.pdf"),
    ],
)
def test_le_nom_finit_comme_le_contenu(nom, type_mime, attendu):
    assert nom_du_type(nom, type_mime) == attendu


def zip_abime(nom: str, donnees: bytes, methode: int, avant: bytes, apres: bytes) -> bytes:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", methode) as archive:
        archive.writestr(nom, donnees)
    assert avant in sortie.getvalue()
    return sortie.getvalue().replace(avant, apres)


ODT = b"application/vnd.oasis.opendocument.text"


@pytest.mark.parametrize(
    "contenu",
    [
        zip_abime("mimetype", ODT, zipfile.ZIP_DEFLATED, zlib.compress(ODT, wbits=-15)[:12], b"\xff" * 12),
        zip_abime("mimetype", ODT, zipfile.ZIP_STORED, ODT, ODT.upper()),  # its checksum is wrong
        zip_abime("é", b"x", zipfile.ZIP_STORED, "é".encode(), b"\xff\xfe"),
        zip_abime("a", b"x", zipfile.ZIP_STORED, b"PK\x01\x02", b"PK\xff\xff"),
    ],
)
def test_une_archive_abimee_se_refuse_avec_sa_phrase(contenu):
    with pytest.raises(ValidationError, match="pas d'un type admis"):
        type_du_contenu(contenu)


@pytest.fixture
def ajouter(monde, brouillon, maintenant):
    def ajouter(**changements):
        arguments = {
            "diagnostic": brouillon,
            "indicateur": Indicateur.objects.get(code="PIL-1-1"),
            "intitule": "Lettre de mission",
            "date_piece": None,
            "lien": "https://exemple.invalid/lettre",
            "piece": None,
            "auteur": monde.chef,
            "maintenant": maintenant,
        }
        return ajouter_preuve(**(arguments | changements))

    return ajouter


def test_un_fichier_est_garde_sous_un_nom_a_nous(ajouter, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    preuve = ajouter(lien="", piece=Piece(b"%PDF-1.7", "../charte.pdf", "application/pdf"))
    assert preuve.fichier.name == f"preuves/{preuve.cle.hex[:2]}/{preuve.cle.hex}"
    assert (preuve.nom_fichier, preuve.taille, len(preuve.sha256)) == ("../charte.pdf", 8, 64)
    assert (tmp_path / preuve.fichier.name).read_bytes() == b"%PDF-1.7"


def test_retirer_efface_le_fichier_qu_aucune_copie_ne_cite(
    ajouter, monde, maintenant, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    preuve = ajouter(lien="", piece=Piece(b"%PDF-1.7", "charte.pdf", "application/pdf"))
    chemin = tmp_path / preuve.fichier.name
    with django_capture_on_commit_callbacks(execute=True):
        retirer_preuve(preuve=preuve, auteur=monde.chef, maintenant=maintenant)
    assert (Preuve.objects.count(), chemin.exists()) == (0, False)


def test_un_diagnostic_signe_garde_ses_preuves(ajouter, monde, brouillon, maintenant):
    preuve = ajouter()
    Diagnostic.objects.filter(pk=brouillon.pk).update(etat="soumis")
    with pytest.raises(Empeche, match="est signé"):
        retirer_preuve(preuve=preuve, auteur=monde.chef, maintenant=maintenant)
    with pytest.raises(Empeche, match="est signé"):
        ajouter()
    assert Preuve.objects.count() == 1


def test_dix_preuves_au_plus(ajouter):
    for rang in range(PREUVES_MAX):
        ajouter(intitule=f"Lettre {rang}")
    with pytest.raises(Empeche, match="au plus 10"):
        ajouter()
    assert Preuve.objects.count() == PREUVES_MAX


def test_la_meme_preuve_envoyee_deux_fois_n_en_fait_qu_une(ajouter):
    piece = {"lien": "", "piece": Piece(b"%PDF-1.7", "charte.pdf", "application/pdf")}
    assert [ajouter().pk, ajouter(**piece).pk] == [ajouter().pk, ajouter(**piece).pk]
    assert Preuve.objects.count() == 2


def test_la_base_refuse_un_lien_et_un_fichier(ajouter):
    with pytest.raises(IntegrityError), transaction.atomic():
        ajouter(piece=Piece(b"%PDF-1.7", "charte.pdf", "application/pdf"))


@pytest.mark.parametrize(
    ("donnees", "fichier", "erreurs"),
    [
        ({"intitule": "Charte"}, None, {"__all__": ["Donnez un lien ou un fichier, l'un des deux."]}),
        (
            {"intitule": "Charte", "lien": "javascript:alert(1)"},
            None,
            {"lien": ["Écrivez une adresse complète, comme https://exemple.fr/charte."]},
        ),
        (
            {"intitule": "Charte", "lien": "ftp://exemple.fr/a"},
            None,
            {"lien": ["Un lien commence par http:// ou https://."]},
        ),
        (
            {"intitule": "Charte"},
            SimpleUploadedFile("charte.pdf", b"MZ\x90\x00" + b"\x00" * 50, content_type="application/pdf"),
            {
                "fichier": [
                    "Ce fichier n'est pas d'un type admis\u00a0: PDF, image, document bureautique sans macro ou texte."
                ]
            },
        ),
        ({"lien": "https://exemple.fr"}, None, {"intitule": ["Ce champ est obligatoire."]}),
        (
            {"intitule": "Charte", "lien": "https://exemple.fr", "date_piece": "2026-11-04"},
            None,
            {"date_piece": ["Cette date est dans l'avenir\u00a0: écrivez celle de la pièce."]},
        ),
        (
            {"intitule": "Charte", "lien": "https://exemple.fr", "date_piece": "1989-12-31"},
            None,
            {"date_piece": ["Écrivez une date à partir de 1990."]},
        ),
        ({"intitule": "Charte", "lien": "https://exemple.fr", "date_piece": "2026-11-03"}, None, {}),
        ({"intitule": "Charte", "lien": "https://exemple.fr", "date_piece": "1990-01-01"}, None, {}),
    ],
)
def test_le_formulaire_dit_ce_qui_ne_va_pas(donnees, fichier, erreurs):
    formulaire = PreuveForm(donnees, {"fichier": fichier} if fichier else {}, jour=datetime.date(2026, 11, 3))
    assert {champ: list(liste) for champ, liste in formulaire.errors.items()} == erreurs


# --- Older than 24 months --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("date", "jour", "attendu"),
    [
        (datetime.date(2024, 11, 3), datetime.date(2026, 11, 3), False),
        (datetime.date(2024, 11, 2), datetime.date(2026, 11, 3), True),
        (datetime.date(2024, 2, 29), datetime.date(2026, 2, 28), False),
        (datetime.date(2024, 2, 29), datetime.date(2026, 3, 1), True),
    ],
)
def test_plus_de_24_mois(date, jour, attendu):
    assert Preuve(date_piece=date).de_plus_de_deux_ans(jour) is attendu


@given(st.dates(datetime.date(1990, 1, 1), datetime.date(2100, 1, 1)), st.integers(0, 3000))
def test_une_piece_vieillit_et_ne_rajeunit_pas(date, jours):
    """Recent for two years whatever the calendar, old once three years are past, and old for good."""
    ages = [
        Preuve(date_piece=date).de_plus_de_deux_ans(date + datetime.timedelta(days=jour))
        for jour in (0, 729, jours, jours + 1, 1096)
    ]
    assert (ages[0], ages[1], ages[4]) == (False, False, True)
    assert ages[2] <= ages[3]


def test_la_page_dit_les_pieces_de_plus_de_24_mois(client, ajouter, monde, brouillon, maintenant):
    jour = timezone.localdate(maintenant, monde.academie.zone)
    ajouter(intitule="Ancienne", date_piece=jour.replace(day=1) - datetime.timedelta(days=800))
    ajouter(intitule="Récente", date_piece=jour)
    ajouter(intitule="Sans date")
    client.force_login(monde.chef)
    page = html.fromstring(client.get(adresse(brouillon, "diagnostic_preuves", CODE)).content.decode())
    dits = {ligne.findtext("th/a"): ligne.xpath("string(td[1]/span)") for ligne in page.findall(".//tbody/tr")}
    assert dits == {"Ancienne": "plus de 24\u00a0mois", "Récente": "", "Sans date": ""}


def test_une_date_future_est_refusee_au_champ_et_rien_n_est_perdu(client, monde, brouillon, maintenant):
    demain = timezone.localdate(maintenant, monde.academie.zone) + datetime.timedelta(days=1)
    client.force_login(monde.chef)
    envoi = {"intitule": "Charte", "lien": "https://exemple.invalid/a", "date_piece": demain.isoformat()}
    reponse = client.post(adresse(brouillon, "diagnostic_preuves", CODE), envoi)
    assert (reponse.status_code, Preuve.objects.count()) == (422, 0)
    page = html.fromstring(reponse.content.decode())
    assert {champ: page.xpath(f"string(//input[@name='{champ}']/@value)") for champ in envoi} == envoi
    assert "Cette date est dans l'avenir\u00a0: écrivez celle de la pièce." in page.text_content()


def test_ce_qui_se_tapait_quand_la_campagne_s_est_terminee_reste_sous_les_yeux(client, monde, brouillon):
    Diagnostic.objects.filter(pk=brouillon.pk).update(date_cloture="2020-01-01")
    client.force_login(monde.chef)
    envoi = {"intitule": "Charte", "lien": "https://exemple.invalid/a", "date_piece": "2020-01-01"}
    reponse = client.post(adresse(brouillon, "diagnostic_preuves", CODE), envoi)
    assert (reponse.status_code, Preuve.objects.count()) == (422, 0)
    page = html.fromstring(reponse.content.decode())
    assert {champ: page.xpath(f"string(//input[@name='{champ}']/@value)") for champ in envoi} == envoi
    assert "La campagne s'est terminée le" in page.text_content()


# --- Last year's -----------------------------------------------------------------------------------------
def adresse(diagnostic, nom, *suite):
    return reverse(nom, args=[diagnostic.etablissement.uai, diagnostic.campagne.annee_scolaire, *suite])


@pytest.fixture
def passe(monde, brouillon, referentiel, maintenant) -> Diagnostic:
    """Last year's diagnostic of the same school, open still."""
    annee = annee_precedente(brouillon.campagne.annee_scolaire)
    campagne = campagne_ouverte(monde.academie, annee, referentiel, maintenant)
    return commencer_diagnostic(
        etablissement=monde.college, campagne=campagne, auteur=monde.chef, maintenant=maintenant
    )


@pytest.fixture
def reprendre(monde, brouillon, maintenant):
    def reprendre(*sources: Preuve, **changements):
        arguments = {
            "diagnostic": Diagnostic.objects.select_related("campagne__academie", "referentiel").get(pk=brouillon.pk),
            "indicateur": Indicateur.objects.get(code=CODE),
            "cles": {source.cle for source in sources},
            "auteur": monde.referent,
            "maintenant": maintenant,
        }
        return reprendre_preuves(**(arguments | changements))

    return reprendre


COLONNES = ("intitule", "date_piece", "lien", "fichier", "nom_fichier", "type_contenu", "taille", "sha256")
COLONNES += ("deposee_par", "deposee_le")


def test_reprendre_garde_tout_et_ne_copie_pas_le_fichier(
    ajouter, reprendre, monde, brouillon, passe, maintenant, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    avant = maintenant - datetime.timedelta(days=300)
    source = ajouter(diagnostic=passe, lien="", piece=PDF, date_piece=datetime.date(2025, 6, 12), maintenant=avant)
    (reprise,) = reprendre(source)
    assert Preuve.objects.values(*COLONNES).get(pk=reprise.pk) == Preuve.objects.values(*COLONNES).get(pk=source.pk)
    assert (reprise.diagnostic, reprise.cle == source.cle) == (brouillon, False)
    assert [chemin.name for chemin in tmp_path.rglob("*") if chemin.is_file()] == [source.cle.hex]
    assert (tmp_path / reprise.fichier.name).read_bytes() == b"%PDF-1.7"
    assert reprendre(source) == [], "taken over once"
    assert Preuve.objects.count() == 2
    evenement = Preuve.pgh_event_model.objects.get(pgh_obj_id=reprise.pk)
    assert (evenement.pgh_context["acte"], evenement.pgh_context["auteur"]) == (
        "reprendre_preuves",
        monde.referent.pk,
    )


def test_seules_les_preuves_du_meme_indicateur_et_de_l_ecole_se_reprennent(
    ajouter, reprendre, monde, brouillon, passe, referentiel, maintenant
):
    d_ailleurs = commencer_diagnostic(
        etablissement=monde.voisin_college, campagne=passe.campagne, auteur=monde.voisin, maintenant=maintenant
    )
    autres = [
        ajouter(diagnostic=passe, indicateur=Indicateur.objects.get(code="PIL-1-2")),
        ajouter(diagnostic=d_ailleurs),
        ajouter(intitule="De cette année"),
    ]
    assert reprendre(*autres, cles={*(preuve.cle for preuve in autres), uuid.uuid4()}) == []
    assert Preuve.objects.count() == 3


def test_l_annee_suivante_ne_se_reprend_pas(ajouter, reprendre, passe):
    assert reprendre(ajouter(), diagnostic=passe) == []


def test_une_preuve_de_plusieurs_annees_est_proposee_une_fois(
    ajouter, reprendre, monde, brouillon, passe, referentiel, maintenant
):
    annee = annee_precedente(passe.campagne.annee_scolaire)
    campagne = campagne_ouverte(monde.academie, annee, referentiel, maintenant)
    ancien = commencer_diagnostic(
        etablissement=monde.college, campagne=campagne, auteur=monde.chef, maintenant=maintenant
    )
    ajouter(diagnostic=ancien, intitule="Les deux")
    deux = ajouter(diagnostic=passe, intitule="Les deux")
    une = ajouter(diagnostic=passe, intitule="La dernière")
    vieille = ajouter(diagnostic=ancien, intitule="La première")
    indicateur = Indicateur.objects.get(code=CODE)
    assert preuves_anterieures(brouillon, indicateur) == [deux, une, vieille]


def test_dix_preuves_au_plus_reprises_comprises(ajouter, reprendre, passe):
    sources = [ajouter(diagnostic=passe, intitule=f"Passée {rang}") for rang in range(2)]
    for rang in range(PREUVES_MAX - 1):
        ajouter(intitule=f"Lettre {rang}")
    with pytest.raises(Empeche) as refus:
        reprendre(*sources)
    assert str(refus.value) == (
        "Un indicateur porte au plus 10 preuves\u00a0: retirez-en d'abord, ou ne reprenez que les plus utiles."
    )
    assert Preuve.objects.filter(intitule__startswith="Passée").count() == 2, "all or none"
    assert len(reprendre(sources[0])) == 1


def test_un_diagnostic_signe_ne_reprend_rien(ajouter, reprendre, brouillon, passe, maintenant):
    source = ajouter(diagnostic=passe)
    Diagnostic.objects.filter(pk=brouillon.pk).update(etat="soumis")
    brouillon.refresh_from_db()
    with pytest.raises(Empeche) as refus:
        reprendre(source)
    assert str(refus.value) == empechement_repondre(brouillon, maintenant)


@pytest.mark.django_db(transaction=True)
def test_dix_reprises_ensemble_en_font_une(ajouter, reprendre, passe):
    source = ajouter(diagnostic=passe)
    assert sorted(len(fait) for fait in ensemble(*[lambda: reprendre(source)] * 10)) == [0] * 9 + [1]


def test_la_page_propose_reprend_et_dit_d_ou(client, ajouter, monde, brouillon, passe, maintenant):
    annee = passe.campagne.annee_scolaire
    sources = [ajouter(diagnostic=passe, intitule=f"Passée {rang}", auteur=monde.referent) for rang in range(2)]
    client.force_login(monde.chef)
    page = adresse(brouillon, "diagnostic_preuves", CODE)
    lue = html.fromstring(client.get(page).content.decode())
    assert [titre.text for titre in lue.findall(".//h2")] == [
        "Preuves données",
        f"Preuves de {annee}",
        "Ajouter une preuve",
    ]
    boutons = [(b.get("form"), b.get("name"), b.get("value")) for b in lue.findall(".//td/button")]
    assert boutons == [("reprendre", "preuve", str(source.cle)) for source in sources]
    toutes = next(f for f in lue.forms if "Toutes les reprendre" in f.text_content())
    assert [valeur for nom, valeur in toutes.form_values() if nom == "preuve"] == [str(s.cle) for s in sources]
    cible = toutes.action
    assert cible == adresse(brouillon, "preuve_reprendre", CODE)
    assert client.post(cible, {"preuve": str(sources[0].cle)})["Location"] == page
    reponse = client.get(page).content.decode()
    assert "La preuve « Passée 0 » est reprise.".replace(" »", "\u00a0»").replace("« ", "«\u00a0") in reponse
    assert f"reprise de {annee}" in reponse
    assert "Toutes les reprendre" not in reponse, "one is left"
    client.post(cible, {"preuve": [str(source.cle) for source in sources]})
    derniere = client.get(page).content.decode()
    assert (f"Preuves de {annee}" in derniere, brouillon.preuves.count()) == (False, 2)


def test_qui_ne_repond_pas_voit_sans_reprendre(client, ajouter, monde, brouillon, passe):
    source = ajouter(diagnostic=passe)
    client.force_login(monde.lectrice)
    page = client.get(adresse(brouillon, "diagnostic_preuves", CODE)).content.decode()
    assert (f"Preuves de {passe.campagne.annee_scolaire}" in page, 'name="preuve"' in page) == (True, False)
    assert client.post(adresse(brouillon, "preuve_reprendre", CODE), {"preuve": source.cle}).status_code == 403
    assert brouillon.preuves.count() == 0


def test_les_clefs_d_un_formulaire():
    cle = uuid.uuid4()
    assert cles_choisies(QueryDict(f"preuve={cle}&preuve=abc&preuve=&preuve={cle}&autre={uuid.uuid4()}")) == {cle}


# --- When the version of the référentiel changes ------------------------------------------------------------
@pytest.fixture
def suivante(monde, brouillon, maintenant) -> Referentiel:
    """A version in which PIL-1-1 has become PIL-1-9."""
    version = preparer_version(precedent=brouillon.referentiel, academie=monde.academie, auteur=monde.rectorat)
    Correspondance.objects.filter(referentiel=version, nouveau__code=CODE).update(nature="reformule")
    Indicateur.objects.filter(referentiel=version, code=CODE).update(code="PIL-1-9")
    return publier_version(referentiel=version, auteur=monde.rectorat, maintenant=maintenant)


def test_les_preuves_suivent_ce_que_l_indicateur_est_devenu(
    ajouter, reprendre, monde, brouillon, passe, suivante, maintenant
):
    source = ajouter(diagnostic=passe)
    passer_a_la_version([brouillon], suivante, monde.rectorat, maintenant)
    devenu = Indicateur.objects.get(referentiel=suivante, code="PIL-1-9")
    (reprise,) = reprendre(source, indicateur=devenu)
    assert (reprise.diagnostic, reprise.indicateur, reprise.lien) == (brouillon, devenu, source.lien)
    ailleurs = Indicateur.objects.get(referentiel=suivante, code="PIL-1-2")
    assert reprendre(source, indicateur=ailleurs) == []


def test_trente_versions_se_remontent_en_une_requete(monde, referentiel, django_assert_num_queries):
    lignee = [Indicateur.objects.get(referentiel=referentiel, code=CODE)]
    for numero in range(2, 32):
        version = Referentiel.objects.create(code="paliers", version=numero, titre="Suite", academie=monde.academie)
        champ = Champ.objects.create(referentiel=version, code="PIL", libelle="Pilotage", ordre=1)
        venu = Indicateur.objects.create(
            referentiel=version, champ=champ, code=CODE, palier=1, ordre=1, enonce="Un énoncé.", preuve="Une pièce",
            levier="budget", portee=["college"],
        )  # fmt: skip
        Correspondance.objects.create(referentiel=version, nature="conserve", ancien=lignee[-1], nouveau=venu)
        lignee.append(venu)
    with django_assert_num_queries(1):
        assert origines(lignee[-2]) == {indicateur.pk for indicateur in lignee[:-1]}


def test_une_page_de_l_ancienne_version_est_refusee(ajouter, reprendre, monde, brouillon, passe, suivante, maintenant):
    source = ajouter(diagnostic=passe)
    lu = Diagnostic.objects.select_related("campagne__academie", "referentiel").get(pk=brouillon.pk)
    passer_a_la_version([Diagnostic.objects.get(pk=brouillon.pk)], suivante, monde.rectorat, maintenant)
    for acte in (lambda: reprendre(source, diagnostic=lu), lambda: ajouter(diagnostic=lu)):
        with pytest.raises(Empeche) as refus:
            acte()
        assert str(refus.value) == VERSION_CHANGEE
    assert Preuve.objects.count() == 1


# --- Files that several proofs share -------------------------------------------------------------------------
@pytest.fixture
def retirer(monde, maintenant, django_capture_on_commit_callbacks):
    def retirer(preuve: Preuve) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            retirer_preuve(
                preuve=Preuve.objects.select_related("diagnostic__campagne__academie", "indicateur").get(pk=preuve.pk),
                auteur=monde.chef,
                maintenant=maintenant,
            )

    return retirer


def test_un_fichier_partage_part_avec_sa_derniere_preuve(
    ajouter, reprendre, retirer, brouillon, passe, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    source = ajouter(diagnostic=passe, lien="", piece=PDF)
    (reprise,) = reprendre(source)
    chemin = tmp_path / source.fichier.name
    retirer(source)
    assert (chemin.read_bytes(), Preuve.objects.get()) == (b"%PDF-1.7", reprise)
    retirer(reprise)
    assert (chemin.exists(), Preuve.objects.count()) == (False, 0)


def test_une_copie_signee_garde_le_fichier_que_l_annee_suivante_retire(
    ajouter, reprendre, retirer, monde, passe, maintenant, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    source = ajouter(diagnostic=passe, lien="", piece=PDF)
    chemin = tmp_path / source.fichier.name
    repondre_partout(passe, Valeur.oui, monde.chef, maintenant)
    signer(passe, monde.chef, maintenant)
    (reprise,) = reprendre(source)
    rouvrir_diagnostic(diagnostic=passe, motif="Erreur", auteur=monde.chef, maintenant=maintenant)
    retirer(source)
    retirer(reprise)
    assert (Preuve.objects.count(), chemin.read_bytes()) == (0, b"%PDF-1.7")


def test_retirer_une_preuve_retire_ce_que_la_version_d_avant_en_gardait(
    ajouter, retirer, monde, brouillon, suivante, maintenant, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    source = ajouter(lien="", piece=PDF)
    gardee = ajouter(intitule="Gardée")
    passer_a_la_version([brouillon], suivante, monde.rectorat, maintenant)
    copie = Preuve.objects.get(indicateur__referentiel=suivante, sha256=source.sha256)
    assert copie.fichier.name == source.fichier.name
    retirer(copie)
    assert set(Preuve.objects.values_list("intitule", "indicateur__code")) == {
        (gardee.intitule, CODE),
        (gardee.intitule, "PIL-1-9"),
    }
    assert not (tmp_path / source.fichier.name).exists()


def test_un_retrait_laisse_sa_trace(ajouter, retirer, monde):
    preuve = ajouter()
    retirer(preuve)
    assert list(
        Preuve.pgh_event_model.objects.order_by("pgh_id").values_list(
            "intitule", "pgh_label", "pgh_context__acte", "pgh_context__auteur"
        )
    ) == [
        (preuve.intitule, "insert", "ajouter_preuve", monde.chef.pk),
        (preuve.intitule, "delete", "retirer_preuve", monde.chef.pk),
    ]


@pytest.mark.django_db(transaction=True)
def test_reprendre_pendant_qu_on_retire_la_source(ajouter, reprendre, monde, passe, maintenant, settings, tmp_path):
    """Either the proof is taken over and its file stays, or it was gone before: never a proof without its file."""
    settings.MEDIA_ROOT = tmp_path
    source = ajouter(diagnostic=passe, lien="", piece=PDF)
    retrait = Preuve.objects.select_related("diagnostic__campagne__academie", "indicateur").get(pk=source.pk)
    reprises, _ = ensemble(
        lambda: reprendre(source),
        lambda: retirer_preuve(preuve=retrait, auteur=monde.chef, maintenant=maintenant),
    )
    restantes = list(Preuve.objects.all())
    assert (restantes, (tmp_path / source.fichier.name).exists()) == (reprises, bool(reprises))
