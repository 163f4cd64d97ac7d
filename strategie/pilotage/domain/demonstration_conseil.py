"""The demonstration's boards: an act adopted last June, another that waits for a meeting to come."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping

from strategie.pilotage.domain.conseil import Voix, visas_par_defaut
from strategie.pilotage.domain.deliberations import (
    SaisieDates,
    SaisieDeliberation,
    SaisieVote,
    enregistrer_vote,
    noter_dates,
    preparer_deliberation,
)
from strategie.pilotage.domain.dossiers import RenduPdf
from strategie.pilotage.domain.seances import SaisieSeance, jour_de, noter_seance
from strategie.pilotage.models import Deliberation
from strategie.pilotage.rules.deliberations import decision_proposee, expose_propose, objet_propose
from strategie.socle.domain.calendrier import annee_precedente, annee_scolaire
from strategie.socle.models import Etablissement, Utilisateur

PREMIER, TROISIEME = "0990001", "0990003"
JEUDI = 3


def tenir_les_conseils(
    etablissements: Mapping[str, Etablissement],
    personnes: Mapping[str, Utilisateur],
    maintenant: datetime.datetime,
    rendre_dossier: RenduPdf,
) -> None:
    _adopter(etablissements[TROISIEME], personnes["Nadia"], maintenant, rendre_dossier)
    _preparer(etablissements[PREMIER], personnes["Claire"], maintenant)


def _adopter(
    college: Etablissement, cheffe: Utilisateur, maintenant: datetime.datetime, rendre_dossier: RenduPdf
) -> None:
    """On a Thursday of last June, sent four days later."""
    annee = annee_precedente(annee_scolaire(jour_de(college, maintenant)))
    date = _jeudi(datetime.date(int(annee[5:]), 6, 25))
    soir = datetime.datetime.combine(date, datetime.time(20), college.academie.zone)
    seance = SaisieSeance(date, date - datetime.timedelta(days=14), membres_en_exercice=30, presents=22)
    acte = _ecrire(college, seance, cheffe, soir)
    acte = enregistrer_vote(
        deliberation=acte,
        version=acte.version,
        saisie=SaisieVote(f"{date.year}-17", Voix(19, 1, 2)),
        auteur=cheffe,
        maintenant=soir,
        rendre_pdf=rendre_dossier,
    )
    suite = date + datetime.timedelta(days=4)
    noter_dates(
        deliberation=acte,
        base=SaisieDates(),
        saisie=SaisieDates(transmise_le=suite, publiee_le=suite),
        auteur=cheffe,
        maintenant=soir + datetime.timedelta(days=4),
    )


def _preparer(college: Etablissement, cheffe: Utilisateur, maintenant: datetime.datetime) -> None:
    """For a Thursday three weeks from now: the notice is still to be sent."""
    date = _jeudi(jour_de(college, maintenant) + datetime.timedelta(days=24))
    _ecrire(college, SaisieSeance(date, membres_en_exercice=24), cheffe, maintenant)


def _ecrire(
    college: Etablissement, seance: SaisieSeance, cheffe: Utilisateur, maintenant: datetime.datetime
) -> Deliberation:
    notee = noter_seance(etablissement=college, saisie=seance, cle=uuid.uuid4(), auteur=cheffe, maintenant=maintenant)
    ecole = college.premier_degre
    return preparer_deliberation(
        etablissement=college,
        saisie=SaisieDeliberation(
            seance=notee.pk,
            objet=objet_propose(premier_degre=ecole),
            decision=decision_proposee(premier_degre=ecole),
            visas=visas_par_defaut(premier_degre=ecole),
            expose=expose_propose(premier_degre=ecole),
        ),
        cle=uuid.uuid4(),
        auteur=cheffe,
        maintenant=maintenant,
    )


def _jeudi(jour: datetime.date) -> datetime.date:
    """The last Thursday until then."""
    return jour - datetime.timedelta(days=(jour.weekday() - JEUDI) % 7)
