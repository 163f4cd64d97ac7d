"""Proofs: a link or a file that backs an answer."""

import datetime
from dataclasses import dataclass
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction

from diagnostic.domain.contenu import empreinte
from diagnostic.models import Diagnostic, Indicateur, Preuve
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
        _garder_ouvert(diagnostic, maintenant)
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


def retirer_preuve(*, preuve: Preuve, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    """Take a proof away; a file that a signed copy names stays in the archive. Raises Empeche."""
    with acte("retirer_preuve", auteur):
        _garder_ouvert(preuve.diagnostic, maintenant)
        fichier = preuve.fichier
        jamais_signe = not preuve.diagnostic.copies.sans_pdf().filter(signee_le__gte=preuve.deposee_le).exists()
        preuve.delete()
        if fichier and jamais_signe:
            transaction.on_commit(partial(fichier.delete, save=False))


def _garder_ouvert(diagnostic: Diagnostic, maintenant: datetime.datetime) -> None:
    """Hold the diagnostic open until the end of the transaction, so that no signature slips in between."""
    verrouille = Diagnostic.objects.select_for_update(no_key=True).get(pk=diagnostic.pk)
    diagnostic.etat = verrouille.etat
    refuser(empechement_repondre(diagnostic, maintenant))
