"""Proofs: a link or a file whose type is read in its content."""

import io
import zipfile
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from diagnostic.domain.preuves import PREUVES_MAX, Piece, ajouter_preuve, retirer_preuve
from diagnostic.interfaces.formulaires import PreuveForm
from diagnostic.models import Diagnostic, Indicateur, Preuve
from strategie.socle.domain.empechement import Empeche
from strategie.socle.interfaces.fichiers import nom_du_type, nom_sur, type_du_contenu


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
    ],
)
def test_le_formulaire_dit_ce_qui_ne_va_pas(donnees, fichier, erreurs):
    formulaire = PreuveForm(donnees, {"fichier": fichier} if fichier else {})
    assert {champ: list(liste) for champ, liste in formulaire.errors.items()} == erreurs
