"""Proofs: a link or a file that backs an answer."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction

from diagnostic.domain.contenu import empreinte
from diagnostic.domain.ouverture import garder_ouvert
from diagnostic.models import Diagnostic, Indicateur, Preuve
from diagnostic.queries.preuves import fichier_cite, lignes_de_la_preuve, meme_preuve, preuves_anterieures
from diagnostic.rules import empechement_repondre
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Utilisateur

PREUVES_MAX = 10


@dataclass(frozen=True)
class Piece:
    """A file already checked: its bytes, its shown name, its type read in the content."""

    contenu: bytes
    nom: str
    type_contenu: str


def ajouter_preuve(
    *,
    diagnostic: Diagnostic,
    indicateur: Indicateur,
    intitule: str,
    date_piece: datetime.date | None,
    lien: str,
    piece: Piece | None,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Preuve:
    """Attach a proof: a link or a file, one of the two. The same proof sent twice is one. Raises Empeche."""
    refuser(empechement_repondre(diagnostic, maintenant))
    preuve = Preuve(
        diagnostic=diagnostic,
        indicateur=indicateur,
        intitule=intitule,
        date_piece=date_piece,
        lien=lien,
        deposee_par=auteur,
        deposee_le=maintenant,
    )
    with acte("ajouter_preuve", auteur):
        garder_ouvert(diagnostic, maintenant)
        donnees = Preuve.objects.filter(diagnostic=diagnostic, indicateur=indicateur)
        sha256 = empreinte(piece.contenu) if piece else ""
        if deja := donnees.filter(intitule=intitule, lien=lien, sha256=sha256).first():
            return deja
        if donnees.count() >= PREUVES_MAX:
            raise Empeche(f"Un indicateur porte au plus {PREUVES_MAX} preuves\u00a0: retirez-en une d'abord.")
        if piece is not None:
            preuve.nom_fichier, preuve.type_contenu = piece.nom, piece.type_contenu
            preuve.taille, preuve.sha256 = len(piece.contenu), sha256
            preuve.fichier.save(piece.nom, ContentFile(piece.contenu), save=False)
        preuve.save()
    return preuve


def reprendre_preuves(
    *,
    diagnostic: Diagnostic,
    indicateur: Indicateur,
    cles: Collection[UUID],
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> list[Preuve]:
    """Attach again proofs that the school's earlier diagnostics hold for this indicator: their date, who deposited
    them and when, their link or their stored file, whose bytes are not copied. Returns those that are new here: a
    proof is taken over once, and keys of anything else are passed over. Raises Empeche.
    """
    refuser(empechement_repondre(diagnostic, maintenant))
    with acte("reprendre_preuves", auteur):
        garder_ouvert(diagnostic, maintenant)
        choisies = [p.pk for p in preuves_anterieures(diagnostic, indicateur) if p.cle in cles]
        # Held until the end, so that nobody takes one away and its file with it meanwhile.
        sources = Preuve.objects.select_for_update(no_key=True).filter(pk__in=choisies)
        donnees = [
            meme_preuve(preuve) for preuve in Preuve.objects.filter(diagnostic=diagnostic, indicateur=indicateur)
        ]
        nouvelles = [
            _reprise(source, diagnostic, indicateur) for source in sources if meme_preuve(source) not in donnees
        ]
        if nouvelles and len(donnees) + len(nouvelles) > PREUVES_MAX:
            raise Empeche(
                f"Un indicateur porte au plus {PREUVES_MAX} preuves\u00a0: retirez-en d'abord, "
                "ou ne reprenez que les plus utiles."
            )
        return Preuve.objects.bulk_create(nouvelles)


def _reprise(source: Preuve, diagnostic: Diagnostic, indicateur: Indicateur) -> Preuve:
    return Preuve(
        diagnostic=diagnostic,
        indicateur=indicateur,
        intitule=source.intitule,
        date_piece=source.date_piece,
        lien=source.lien,
        fichier=source.fichier.name,
        nom_fichier=source.nom_fichier,
        type_contenu=source.type_contenu,
        taille=source.taille,
        sha256=source.sha256,
        deposee_par_id=source.deposee_par_id,
        deposee_le=source.deposee_le,
    )


def retirer_preuve(*, preuve: Preuve, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    """Take a proof away, with what earlier versions of the référentiel kept of it in this diagnostic. Raises Empeche.

    Its file goes once no other proof names it, and if no signed copy does.
    """
    with acte("retirer_preuve", auteur):
        garder_ouvert(preuve.diagnostic, maintenant)
        lignes = lignes_de_la_preuve(preuve)
        fichiers = set(lignes.exclude(fichier="").values_list("fichier", flat=True))
        lignes.delete()
        for fichier in fichiers:
            transaction.on_commit(
                partial(_effacer_si_plus_cite, preuve.diagnostic.etablissement_id, fichier, preuve.sha256)
            )


def _effacer_si_plus_cite(etablissement: int, fichier: str, sha256: str) -> None:
    """Once the removal is kept: of two proofs taken away together, the last one sees that the file serves no more."""
    if not fichier_cite(etablissement, fichier, sha256):
        Preuve._meta.get_field("fichier").storage.delete(fichier)
