"""A file that somebody wants to import: a workbook of ours come back, or a plan made elsewhere."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from plans.interfaces.lecture_du_plan import Lecture, est_un_plan_paliers, lire_plan
from plans.interfaces.plan_d_ailleurs import Correspondance, Esquisse, esquisser, lire_plan_d_ailleurs
from plans.queries.echanges import lire_plan_tenu
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.interfaces.classeurs import lire_feuilles
from strategie.socle.models import Etablissement


def est_d_ailleurs(contenu: bytes) -> bool:
    """Raises FichierRefuse for what is no table."""
    return not est_un_plan_paliers(lire_feuilles(contenu, reperer=True))


def esquisser_fichier(contenu: bytes, demande: QueryDict) -> Esquisse:
    """The table of a plan made elsewhere, in the sheet and under the header that the address asks for, if any."""
    ligne = demande.get("ligne", "")
    numero = int(ligne) if ligne.isdecimal() and len(ligne) < 6 else 0
    return esquisser(lire_feuilles(contenu, reperer=True), demande.get("feuille", ""), numero)


def lire_fichier(
    contenu: bytes, etablissement: Etablissement, jour: datetime.date, correspondance: Mapping[str, Any] | None
) -> Lecture:
    """What the file asks for; `correspondance` for a plan made elsewhere. Raises FichierRefuse."""
    feuilles, plan = lire_feuilles(contenu, reperer=True), lire_plan_tenu(etablissement, jour)
    if correspondance is None:
        return lire_plan(feuilles, etablissement, plan, annee_scolaire(jour))
    return lire_plan_d_ailleurs(feuilles, Correspondance.from_json(correspondance), etablissement, plan, jour)


def correspondance_devinee(contenu: bytes, nom: str, jour: datetime.date) -> Mapping[str, Any] | None:
    """What a command believes of the columns of a plan made elsewhere; None for a workbook of ours."""
    feuilles = lire_feuilles(contenu, reperer=True)
    if est_un_plan_paliers(feuilles):
        return None
    raison = f"Axes repris du plan «\u00a0{nom}\u00a0»."
    return Correspondance.devinee(esquisser(feuilles), annee_scolaire(jour), raison).to_json()
