"""Signing: what the head signs is frozen, and the same signature twice is one."""

import datetime
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from diagnostic.domain.contenu import empreinte, json_canonique
from diagnostic.domain.reprises import passer_a_la_version
from diagnostic.models import CopieSignee, Diagnostic, Referentiel
from diagnostic.queries.contenu import contenu_du_diagnostic, signature
from diagnostic.queries.etat import etat_du_diagnostic
from diagnostic.rules import empechement_rouvrir, empechement_signer
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Utilisateur

RenduPdf = Callable[[dict[str, Any], str], bytes]
RELIRE = (
    "Des réponses ont changé depuis que vous avez ouvert cette page, sans doute par un collègue. "
    "Relisez-les ci-dessous, puis signez."
)


def signer_diagnostic(
    *,
    diagnostic: Diagnostic,
    version: int,
    lu: str,
    nom: str,
    fonction: str,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
    rendre_pdf: RenduPdf,
) -> CopieSignee:
    """Freeze version `version` of the diagnostic: canonical JSON and PDF, each with its SHA-256.

    `lu` is the fingerprint of what the signatory was shown: other answers than those are not signed.
    `rendre_pdf(contenu, empreinte)` makes the PDF, before the diagnostic is locked: colleagues whose answers
    are being saved never wait for it. A second submission of a version gets the first copy again. Raises Empeche.
    """
    a_signer = _entiers().get(pk=diagnostic.pk)
    if deja := _copie(a_signer, version):
        return deja
    contenu = _verifier(a_signer, version, lu, maintenant)
    signe = contenu | {"signature": signature(a_signer, nom, fonction, maintenant)}
    texte = json_canonique(signe)
    pdf = rendre_pdf(signe, empreinte(texte))
    with acte("signer_diagnostic", auteur):
        verrouille = _verrouiller(diagnostic)
        if deja := _copie(verrouille, version):
            return deja
        _verifier(verrouille, version, lu, maintenant)
        copie = CopieSignee.objects.create(
            diagnostic=verrouille,
            version=version,
            signataire=auteur,
            nom_signataire=nom,
            fonction_signataire=fonction,
            signee_le=maintenant,
            contenu=texte,
            sha256_contenu=empreinte(texte),
            pdf=pdf,
            sha256_pdf=empreinte(pdf),
        )
        verrouille.etat = Diagnostic.Etat.SOUMIS
        verrouille.save(update_fields=["etat"])
    return copie


def rouvrir_diagnostic(
    *, diagnostic: Diagnostic, motif: str, auteur: Utilisateur, maintenant: datetime.datetime
) -> Diagnostic:
    """Open a signed diagnostic again, as its next version and with a reason; the signed copy stays.

    Where the campaign has moved to another version of the référentiel meanwhile, the answers follow it.
    """
    with acte("rouvrir_diagnostic", auteur):
        verrouille = _verrouiller(diagnostic)
        refuser(empechement_rouvrir(verrouille, maintenant))
        if not motif.strip():
            raise Empeche("Dites pourquoi le diagnostic est rouvert\u00a0: ce motif figurera sur la prochaine version.")
        verrouille.etat = Diagnostic.Etat.ROUVERT
        verrouille.version += 1
        verrouille.motif_reouverture = motif.strip()
        verrouille.save(update_fields=["etat", "version", "motif_reouverture"])
        # Read once the diagnostic is ours: the campaign may have moved while this waited for it.
        passer_a_la_version([verrouille], Referentiel.objects.get(campagnes=verrouille.campagne_id), auteur, maintenant)
    return verrouille


def _entiers() -> QuerySet[Diagnostic]:
    """With all that a signature reads of them."""
    return Diagnostic.objects.select_related(
        "etablissement__departement",
        "etablissement__academie",
        "campagne__academie",
        "campagne__referentiel",
        "referentiel",
    )


def _verrouiller(diagnostic: Diagnostic) -> Diagnostic:
    """As it is now, and held until the end of the transaction: saves of answers wait for it.

    Locked first, read afterwards: joined to its version, a row that moves to another while one waits would be missing.
    """
    Diagnostic.objects.select_for_update().get(pk=diagnostic.pk)
    return _entiers().get(pk=diagnostic.pk)


def _copie(diagnostic: Diagnostic, version: int) -> CopieSignee | None:
    return diagnostic.copies.sans_pdf().filter(version=version).first()


def _verifier(diagnostic: Diagnostic, version: int, lu: str, maintenant: datetime.datetime) -> dict[str, Any]:
    """What is to be signed, when it may be and is what the signatory has read."""
    etat = etat_du_diagnostic(diagnostic)
    bloquantes = len(etat.contradictions_bloquantes)
    refuser(empechement_signer(diagnostic, etat.repondus, maintenant, contradictions=bloquantes))
    contenu = contenu_du_diagnostic(etat, diagnostic.campagne.jour_local(maintenant))
    if version != diagnostic.version or lu != empreinte(json_canonique(contenu)):
        raise Empeche(RELIRE)
    return contenu
