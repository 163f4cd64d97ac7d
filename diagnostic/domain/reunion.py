"""A meeting answers: hands are counted, an answer is agreed on, what remains disputed is kept. Never a name."""

import datetime
from dataclasses import dataclass, replace

from django.db import transaction

from diagnostic.domain.cotation import Valeur
from diagnostic.domain.reponses import AUTRE_VERSION, Conflit, IndicateurInconnu, Saisie, enregistrer_reponse
from diagnostic.models import Diagnostic, Indicateur, Reponse, VoteReunion
from diagnostic.queries.questionnaire import ecarte, questionnaire, situation_de
from diagnostic.rules import empechement_repondre
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Utilisateur

MAINS_MAX = 1_000
COMMENTAIRE_SANS_REPONSE = (
    "Cette réponse est à reconfirmer\u00a0: choisissez la réponse retenue pour changer son commentaire."
)


@dataclass(frozen=True)
class Votes:
    """The hands counted for each answer."""

    oui: int = 0
    en_partie: int = 0
    non: int = 0
    ne_sait_pas: int = 0

    @property
    def total(self) -> int:
        return self.oui + self.en_partie + self.non + self.ne_sait_pas

    def pour(self, valeur: Valeur) -> int:
        return int(getattr(self, valeur.value, 0))

    @property
    def suggestion(self) -> Valeur | None:
        """The answer of more than half of the hands; the meeting remains free of its answer."""
        return next((valeur for valeur in Valeur if 2 * self.pour(valeur) > self.total), None)


@dataclass(frozen=True)
class ConflitReunion:
    """Somebody has answered, or noted votes, meanwhile: nothing was written, both sayings are at hand."""

    reponse: Conflit | None
    vote: VoteReunion | None


def votes_de(vote: VoteReunion) -> Votes:
    return Votes(vote.oui, vote.en_partie, vote.non, vote.ne_sait_pas)


def noter_en_reunion(
    *,
    diagnostic: Diagnostic,
    saisie: Saisie,
    votes: Votes,
    desaccord: str,
    version_vote: int,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> ConflitReunion | None:
    """Keep the votes and the answer agreed on, both or neither; the same note twice is kept once.

    An empty `saisie.valeur` leaves the answer to be decided later: whatever it was, it stays.
    Raises Empeche when the diagnostic takes no answer, IndicateurInconnu for a code it does not ask.
    """
    indicateur = _indicateur_pose(diagnostic, saisie.code)
    with acte("noter_en_reunion", auteur):
        _tenir(diagnostic)
        refuser(empechement_repondre(diagnostic, maintenant))
        conflit = ConflitReunion(
            _repondre(diagnostic, indicateur, saisie, auteur, maintenant),
            _noter(diagnostic, indicateur, votes, desaccord, version_vote, auteur, maintenant),
        )
        if conflit.reponse is None and conflit.vote is None:
            return None
        transaction.set_rollback(True)
    return conflit


def _tenir(diagnostic: Diagnostic) -> None:
    """As it is now, and held until the end: a signature or a change of version takes the same lock."""
    tenu = Diagnostic.objects.select_for_update(no_key=True).get(pk=diagnostic.pk)
    if tenu.referentiel_id != diagnostic.referentiel_id:
        raise Empeche(AUTRE_VERSION)
    diagnostic.etat, diagnostic.version, diagnostic.date_cloture = tenu.etat, tenu.version, tenu.date_cloture


def _indicateur_pose(diagnostic: Diagnostic, code: str) -> Indicateur:
    indicateur = questionnaire(diagnostic.referentiel).par_code.get(code)
    if indicateur is None or ecarte(indicateur, situation_de(diagnostic.etablissement)):
        raise IndicateurInconnu(code)
    return indicateur


def _repondre(
    diagnostic: Diagnostic,
    indicateur: Indicateur,
    saisie: Saisie,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Conflit | None:
    reponse = Reponse.objects.filter(diagnostic=diagnostic, indicateur=indicateur).first()
    dite = saisie if saisie.valeur else _sans_decision(saisie, reponse)
    if dite is None or (reponse is not None and not reponse.a_reconfirmer and dite.dit_comme(reponse)):
        return None
    resultat = enregistrer_reponse(diagnostic=diagnostic, saisie=dite, auteur=auteur, maintenant=maintenant)
    return resultat if isinstance(resultat, Conflit) else None


def _sans_decision(saisie: Saisie, reponse: Reponse | None) -> Saisie | None:
    """Nothing is agreed on: only a comment that was typed remains to be kept, beside the answer as it is."""
    if reponse is None:
        return replace(saisie, motif="") if saisie.commentaire else None
    efface = not saisie.commentaire and saisie.version == reponse.version
    if saisie.commentaire == reponse.commentaire or not (saisie.commentaire or efface):
        return None
    if reponse.a_reconfirmer:
        raise Empeche(COMMENTAIRE_SANS_REPONSE)
    return replace(saisie, valeur=reponse.valeur, motif=reponse.motif)


def _noter(
    diagnostic: Diagnostic,
    indicateur: Indicateur,
    votes: Votes,
    desaccord: str,
    version: int,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> VoteReunion | None:
    """The vote already there when somebody else changed it since `version`. Raises Empeche when it is gone: it was a
    vote on the question of another version of the référentiel.
    """
    vote = VoteReunion.objects.filter(diagnostic=diagnostic, indicateur=indicateur).select_related("note_par").first()
    deja = (votes_de(vote), vote.desaccord) if vote else (Votes(), "")
    if deja == (votes, desaccord):
        return None
    if vote and vote.version != version:
        return vote
    if vote is None and version:
        raise Empeche(AUTRE_VERSION)
    VoteReunion.objects.update_or_create(
        diagnostic=diagnostic,
        indicateur=indicateur,
        defaults={
            "oui": votes.oui,
            "en_partie": votes.en_partie,
            "non": votes.non,
            "ne_sait_pas": votes.ne_sait_pas,
            "desaccord": desaccord,
            "version": version + 1,
            "note_par": auteur,
            "note_le": maintenant,
        },
    )
    return None
