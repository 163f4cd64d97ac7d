"""A school's board, a piece at a time, for the tests of this app: each made through the acts."""

import datetime
import uuid

from django.utils import timezone

from strategie.pilotage.domain.conseil import Voix, visas_par_defaut
from strategie.pilotage.domain.deliberations import (
    SaisieDeliberation,
    SaisieVote,
    enregistrer_vote,
    preparer_deliberation,
)
from strategie.pilotage.domain.dossiers import faire_dossier
from strategie.pilotage.domain.seances import SaisieSeance, noter_seance
from strategie.pilotage.models import Deliberation, Dossier, SeanceDuConseil
from strategie.pilotage.rules.deliberations import decision_proposee, objet_propose
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.models import Etablissement
from tests.budget.budgets import chef_de

MAINTENANT = datetime.datetime(2031, 12, 17, 9, 0, tzinfo=datetime.UTC)
SEANCE = SaisieSeance(
    date=datetime.date(2031, 12, 16),
    convoquee_le=datetime.date(2031, 12, 8),
    membres_en_exercice=24,
    presents=15,
)
VOTE = SaisieVote("2031-12", Voix(12, 1, 2))


def hier() -> datetime.date:
    return timezone.localdate() - datetime.timedelta(days=1)


def d_hier(**champs) -> SaisieSeance:
    """A meeting that was held yesterday, whatever today is."""
    valeurs = {
        "date": hier(),
        "convoquee_le": hier() - datetime.timedelta(days=8),
        "membres_en_exercice": 24,
        "presents": 15,
    }
    return SaisieSeance(**valeurs | champs)


def une_seance(
    etablissement: Etablissement, saisie: SaisieSeance | None = None, maintenant: datetime.datetime | None = None
) -> SeanceDuConseil:
    return noter_seance(
        etablissement=etablissement,
        saisie=saisie or d_hier(),
        cle=uuid.uuid4(),
        auteur=chef_de(etablissement),
        maintenant=maintenant or timezone.now(),
    )


def une_saisie(seance: SeanceDuConseil, **champs) -> SaisieDeliberation:
    ecole = seance.etablissement.premier_degre
    valeurs = {
        "objet": objet_propose(premier_degre=ecole),
        "decision": decision_proposee(premier_degre=ecole),
        "visas": visas_par_defaut(premier_degre=ecole),
        "expose": "Le diagnostic signé en juin.",
    }
    return SaisieDeliberation(seance.pk, **valeurs | champs)


def une_deliberation(
    etablissement: Etablissement,
    seance: SeanceDuConseil | None = None,
    maintenant: datetime.datetime | None = None,
    **champs,
) -> Deliberation:
    return preparer_deliberation(
        etablissement=etablissement,
        saisie=une_saisie(seance or une_seance(etablissement, maintenant=maintenant), **champs),
        cle=uuid.uuid4(),
        auteur=chef_de(etablissement),
        maintenant=maintenant or timezone.now(),
    )


def un_dossier(etablissement: Etablissement, sections=("deliberation",), maintenant=None, **champs) -> Dossier:
    maintenant = maintenant or timezone.now()
    jour = timezone.localdate(maintenant)
    valeurs = {"annee": annee_scolaire(jour), "exercice": jour.year, "rendre_pdf": imprimer}
    return faire_dossier(
        etablissement=etablissement,
        sections=sections,
        auteur=chef_de(etablissement),
        maintenant=maintenant,
        **valeurs | champs,
    )


def imprimer(contenu: dict, numero: str) -> tuple[bytes, int]:
    """Without laying out a PDF: its own tests do."""
    return f"%PDF-1.7\n{numero}".encode(), 1


def voter(deliberation: Deliberation, saisie: SaisieVote = VOTE, **autres) -> Deliberation:
    valeurs = {
        "version": deliberation.version,
        "auteur": chef_de(deliberation.etablissement),
        "maintenant": timezone.now(),
        "rendre_pdf": imprimer,
    }
    return enregistrer_vote(deliberation=deliberation, saisie=saisie, **valeurs | autres)
