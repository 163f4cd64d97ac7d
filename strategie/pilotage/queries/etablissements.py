"""The schools of a perimeter, with the state of this year's diagnostic."""

from __future__ import annotations

import datetime

from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

from diagnostic.models import CopieSignee, Diagnostic
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.models import Etablissement, Utilisateur
from strategie.socle.queries.etablissements import PageEtablissements, chercher, page_apres


def page_d_etablissements(
    *, lecteur: Utilisateur, texte: str, apres: str, maintenant: datetime.datetime
) -> PageEtablissements:
    """The page after the key `apres` (« recherche|UAI »; empty: the first), with the state of each
    diagnostic and the reader's roles: the table says that state where she may read it.
    """
    visibles = Etablissement.objects.visible_to(lecteur).avec_roles(lecteur).exclude(etat=Etablissement.Etat.FERME)
    etat = _etat_du_diagnostic(annee_scolaire(timezone.localdate(maintenant)))
    return page_apres(chercher(visibles, texte).select_related("academie").annotate(**etat), apres)


def _etat_du_diagnostic(annee: str) -> dict[str, Subquery | Exists]:
    """When this year's diagnostic was signed, or whether it has begun."""
    cette_annee = Diagnostic.objects.commences().filter(etablissement=OuterRef("pk"), campagne__annee_scolaire=annee)
    copies = CopieSignee.objects.filter(
        diagnostic__etablissement=OuterRef("pk"), diagnostic__campagne__annee_scolaire=annee
    )
    return {
        "signe_le": Subquery(copies.order_by("-version").values("signee_le")[:1]),
        "commence": Exists(cette_annee),
    }
