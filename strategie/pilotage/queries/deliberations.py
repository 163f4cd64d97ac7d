"""A school's meetings and acts, and an act as it is read: one dictionary for the page, the file and the document."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from strategie.pilotage.domain.conseil import Regles, Tenue, executoire_le, quorum, visas_par_defaut
from strategie.pilotage.models import Deliberation, Dossier, SeanceDuConseil
from strategie.pilotage.queries.regles_du_conseil import regles_de
from strategie.pilotage.rules.deliberations import (
    ADOPTEE,
    MODIFICATIONS,
    REJETEE,
    decision_proposee,
    expose_propose,
    objet_propose,
)
from strategie.socle.models import Etablissement

RESULTATS = {"": "En projet", ADOPTEE: "Adoptée", REJETEE: "Rejetée", MODIFICATIONS: "Modifications demandées"}
RESULTATS_ECOLE = RESULTATS | {ADOPTEE: "Avis favorable", REJETEE: "Avis défavorable"}


def seances_de(etablissement: Etablissement) -> QuerySet[SeanceDuConseil]:
    """Newest first, with how many votes of each are recorded."""
    votes = Count("deliberations", filter=~Q(deliberations__resultat=""))
    siennes = SeanceDuConseil.objects.filter(etablissement=etablissement).annotate(votes=votes)
    return siennes.order_by("-date", "-pk")  # an annotated count forgets the model's order


def deliberations_de(etablissement: Etablissement) -> QuerySet[Deliberation]:
    """Newest first; what is frozen stays in its table."""
    return (
        Deliberation.objects.filter(etablissement=etablissement)
        .select_related("seance", "dossier", "dossier_vote", "votee_par", "creee_par")
        .defer("dossier__pdf", "dossier__contenu", "dossier_vote__pdf", "dossier_vote__contenu")
    )


def dossiers_presentables(etablissement: Etablissement) -> QuerySet[Dossier]:
    """Newest first; what a vote froze is not put before the board again, nor what was made for the territory."""
    siens: QuerySet[Dossier] = Dossier.objects.sans_fichier()
    return siens.filter(etablissement=etablissement, vote=False, vote_de__isnull=True, lots__isnull=True)[:50]


def seances_et_actes(etablissement: Etablissement) -> QuerySet[SeanceDuConseil]:
    """Newest first, each with `actes`: the key, the object and the result of each of its acts; in one query."""
    actes = Deliberation.objects.filter(seance=OuterRef("pk")).order_by("pk")
    dits = actes.values(dit=JSONObject(cle="pk", objet="objet", resultat="resultat"))
    return seances_de(etablissement).annotate(actes=ArraySubquery(dits))


def resultats_de(etablissement: Etablissement) -> dict[str, str]:
    return RESULTATS_ECOLE if etablissement.premier_degre else RESULTATS


def tenue_de(seance: SeanceDuConseil) -> Tenue:
    return Tenue(
        date=seance.date,
        convoquee_le=seance.convoquee_le,
        urgente=seance.urgente,
        seconde=seance.seconde,
        membres=seance.membres_en_exercice or 0,
        presents=seance.presents or 0,
    )


# --- An act as it is read --------------------------------------------------------------------------------------
def projet_d_acte(etablissement: Etablissement) -> dict[str, Any]:
    """The last act that waits for its vote, else the one that is proposed to every school."""
    en_projet = deliberations_de(etablissement).filter(resultat="").order_by("-pk").first()
    deliberation = en_projet or Deliberation(
        objet=objet_propose(premier_degre=etablissement.premier_degre),
        visas=list(visas_par_defaut(premier_degre=etablissement.premier_degre)),
        expose=expose_propose(premier_degre=etablissement.premier_degre),
        decision=decision_proposee(premier_degre=etablissement.premier_degre),
    )
    return acte_en_clair(deliberation, etablissement, regles_de(etablissement))


def acte_en_clair(deliberation: Deliberation, etablissement: Etablissement, regles: Regles) -> dict[str, Any]:
    """Text, numbers, ISO dates and None only. An avis has neither family, quorum nor date when it takes effect."""
    ecole = etablissement.premier_degre
    seance = deliberation.seance if deliberation.seance_id else None
    membres = seance.membres_en_exercice if seance else None
    votee = deliberation.votee
    return {
        "sorte": "avis" if ecole else "délibération",
        "instance": regles.nom,
        "objet": deliberation.objet,
        "famille": "" if ecole else deliberation.get_famille_display(),
        "numero": deliberation.numero,
        "visas": list(deliberation.visas),
        "expose": deliberation.expose,
        "decision": deliberation.decision,
        "seance": _seance(seance),
        "membres": membres,
        "presents": seance.presents if seance else None,
        "quorum": quorum(membres) if regles.quorum and membres else None,
        "voix": _voix(deliberation) if votee else None,
        "resultat": deliberation.resultat,
        "resultat_libelle": resultats_de(etablissement)[deliberation.resultat],
        "voix_du_president": deliberation.voix_du_president,
        "dates": _dates(deliberation, None if ecole else regles),
        "source": regles.source,
    }


def _seance(seance: SeanceDuConseil | None) -> dict[str, Any] | None:
    if seance is None:
        return None
    convoquee = seance.convoquee_le.isoformat() if seance.convoquee_le else None
    return {
        "date": seance.date.isoformat(),
        "convoquee_le": convoquee,
        "urgente": seance.urgente,
        "seconde": seance.seconde,
    }


def _voix(deliberation: Deliberation) -> dict[str, int]:
    return {
        "pour": deliberation.pour or 0,
        "contre": deliberation.contre or 0,
        "abstentions": deliberation.abstentions or 0,
        "refus": deliberation.refus_de_vote or 0,
    }


def _dates(deliberation: Deliberation, regles: Regles | None) -> dict[str, str | None]:
    """`regles`: of a body whose acts take effect; an avis has none."""
    jours = {"transmise_le": deliberation.transmise_le, "publiee_le": deliberation.publiee_le}
    effet = None
    if regles and deliberation.resultat == ADOPTEE:
        effet = executoire_le(regles, budget=deliberation.famille == Deliberation.Famille.BUDGET, **jours)
    return {nom: jour.isoformat() if jour else None for nom, jour in (jours | {"executoire_le": effet}).items()}
