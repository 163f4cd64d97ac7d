"""What a school's dashboard shows."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from diagnostic.models import Campagne, Enquete
from diagnostic.queries.copies import ResultatsSignes, derniere_copie, resultats_signes
from diagnostic.queries.etat import EtatDiagnostic
from diagnostic.queries.parcours import campagne_en_cours, diagnostic_en_cours
from strategie.socle.models import Etablissement, Utilisateur


@dataclass(frozen=True)
class TableauDeBord:
    """`etat` is this year's diagnostic as its school sees it; `resultats` the last copy signed, of any year;
    `enquete` the last survey of the teams, those given up left out.
    """

    campagne: Campagne | None
    etat: EtatDiagnostic | None
    resultats: ResultatsSignes | None
    enquete: Enquete | None
    jour: datetime.date

    @property
    def se_prepare(self) -> bool:
        """The campaign is known, and not open yet."""
        return self.campagne is not None and self.jour < self.campagne.date_ouverture

    @property
    def a_finir(self) -> bool:
        return self.etat is not None and self.etat.diagnostic.modifiable

    @property
    def resultats_de_l_annee(self) -> bool:
        return bool(self.resultats and self.campagne and self.resultats.annee == self.campagne.annee_scolaire)


def tableau_de_bord(
    etablissement: Etablissement,
    *,
    lecteur: Utilisateur,
    brouillon: bool,
    signes: bool,
    enquetes: bool,
    maintenant: datetime.datetime,
) -> TableauDeBord:
    """`brouillon` and `signes` say which diagnostics `lecteur` may read; `enquetes`, whether they read surveys."""
    campagne = campagne_en_cours(etablissement, maintenant)
    copie = derniere_copie(etablissement) if signes else None
    if copie is not None:
        copie.diagnostic.etablissement = etablissement
    return TableauDeBord(
        campagne=campagne,
        etat=diagnostic_en_cours(etablissement, campagne, lecteur) if brouillon else None,
        resultats=resultats_signes(copie, comparer=False) if copie else None,
        enquete=_derniere_enquete(etablissement) if enquetes else None,
        jour=maintenant.astimezone(etablissement.academie.zone).date(),
    )


def _derniere_enquete(etablissement: Etablissement) -> Enquete | None:
    derniere = etablissement.enquetes.exclude(etat=Enquete.Etat.ANNULEE).first()
    if derniere is not None:
        derniere.etablissement = etablissement
    return derniere
