"""A diagnostic as its screens, its PDF and its rule see it: champs, indicators, answers, paliers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from django.db.models import QuerySet

from diagnostic.domain.conditions import Regle
from diagnostic.domain.cotation import IndicateurCote, ResultatChamp, Valeur, coter_champ
from diagnostic.domain.plausibilite import RegleDePlausibilite, contradictions
from diagnostic.models import Champ, Diagnostic, Indicateur, Palier, Preuve, Referentiel, Reponse, VoteReunion
from diagnostic.queries.questionnaire import ecarte, questionnaire, situation_de
from strategie.socle.queries.preparees import preparee


def valeur_qui_compte(reponse: Reponse | None) -> Valeur | None:
    """Of an answer confirmed this year, and of « sans objet » only with its reason; else None."""
    if reponse is None or not reponse.valeur or reponse.a_reconfirmer:
        return None
    if reponse.valeur == Valeur.sans_objet and not reponse.motif.strip():
        return None
    return Valeur(reponse.valeur)


@dataclass(frozen=True)
class EtatIndicateur:
    """One indicator, and what the school says of it; `regle` is the rule that sets it aside, if one does."""

    indicateur: Indicateur
    regle: Regle | None
    reponse: Reponse | None
    preuves: tuple[Preuve, ...]
    vote: VoteReunion | None

    @property
    def concerne(self) -> bool:
        return self.regle is None

    @property
    def valeur(self) -> Valeur | None:
        return valeur_qui_compte(self.reponse)

    @property
    def a_reconfirmer(self) -> bool:
        """An answer brought from another year or version, that nobody has confirmed yet."""
        return self.reponse is not None and self.reponse.a_reconfirmer

    @property
    def raison_manque(self) -> bool:
        """« Sans objet » is ticked, but not yet why."""
        if self.reponse is None or self.a_reconfirmer:
            return False
        return self.reponse.valeur == Valeur.sans_objet and not self.reponse.motif.strip()


@dataclass(frozen=True)
class EtatChamp:
    """One champ: its indicators of the three paliers, and its result as things stand."""

    champ: Champ
    indicateurs: tuple[EtatIndicateur, ...]
    resultat: ResultatChamp

    @cached_property
    def concernes(self) -> tuple[EtatIndicateur, ...]:
        return tuple(etat for etat in self.indicateurs if etat.concerne)

    @property
    def non_concernes(self) -> tuple[EtatIndicateur, ...]:
        return tuple(etat for etat in self.indicateurs if not etat.concerne)

    @property
    def a_reconfirmer(self) -> tuple[EtatIndicateur, ...]:
        return tuple(etat for etat in self.concernes if etat.a_reconfirmer)

    @property
    def repondus(self) -> int:
        return sum(etat.valeur is not None for etat in self.concernes)

    @property
    def inconnus(self) -> int:
        return sum(etat.valeur == Valeur.ne_sait_pas for etat in self.concernes)

    @property
    def complet(self) -> bool:
        return self.repondus == len(self.concernes)

    @property
    def bloquants_sans_reponse(self) -> tuple[EtatIndicateur, ...]:
        return tuple(etat for etat in self.concernes if etat.indicateur.bloquant and etat.valeur is None)

    @property
    def manquants(self) -> tuple[EtatIndicateur, ...]:
        par_code = {etat.indicateur.code: etat for etat in self.concernes}
        return tuple(par_code[code] for code in self.resultat.manquants)

    @property
    def premier_manquant(self) -> str:
        """The énoncé to name first; empty when nothing is missing."""
        return self.manquants[0].indicateur.enonce if self.manquants else ""

    @property
    def premier_a_repondre(self) -> EtatIndicateur | None:
        """The first indicator without an answer, or with one to confirm."""
        return next((etat for etat in self.concernes if etat.valeur is None), None)

    def du_palier(self, numero: int) -> tuple[EtatIndicateur, ...]:
        return tuple(etat for etat in self.concernes if etat.indicateur.palier == numero)


@dataclass(frozen=True)
class EtatDiagnostic:
    """The whole diagnostic, read in three queries once its version of the référentiel is known."""

    diagnostic: Diagnostic
    paliers: tuple[Palier, ...]
    regles: tuple[RegleDePlausibilite, ...]
    champs: tuple[EtatChamp, ...]

    @cached_property
    def contradictions(self) -> tuple[RegleDePlausibilite, ...]:
        """The rules of plausibility that the answers break, as things stand."""
        reponses = {e.indicateur.code: e.valeur for c in self.champs for e in c.concernes if e.valeur is not None}
        return contradictions(self.regles, reponses)

    @property
    def contradictions_bloquantes(self) -> tuple[RegleDePlausibilite, ...]:
        return tuple(regle for regle in self.contradictions if regle.bloquante)

    @property
    def a_reconfirmer(self) -> tuple[EtatIndicateur, ...]:
        return tuple(etat for champ in self.champs for etat in champ.a_reconfirmer)

    @property
    def questions_changees(self) -> tuple[EtatIndicateur, ...]:
        """Those to confirm because a new version changed the question, and not because a year has passed."""
        return tuple(etat for etat in self.a_reconfirmer if etat.reponse and not etat.reponse.annee_reprise)

    @property
    def donnees(self) -> int:
        """Answers given, whether they count yet or not."""
        return sum(bool(e.reponse and e.reponse.valeur) for champ in self.champs for e in champ.indicateurs)

    @property
    def concernes(self) -> int:
        return sum(len(champ.concernes) for champ in self.champs)

    @property
    def repondus(self) -> int:
        return sum(champ.repondus for champ in self.champs)

    @property
    def inconnus(self) -> int:
        return sum(champ.inconnus for champ in self.champs)

    @property
    def bloquants_sans_reponse(self) -> tuple[EtatIndicateur, ...]:
        return tuple(etat for champ in self.champs for etat in champ.bloquants_sans_reponse)

    @property
    def raisons_manquantes(self) -> tuple[EtatIndicateur, ...]:
        return tuple(etat for champ in self.champs for etat in champ.concernes if etat.raison_manque)

    @property
    def champs_a_finir(self) -> tuple[EtatChamp, ...]:
        return tuple(champ for champ in self.champs if not champ.complet)

    def champ(self, code: str) -> EtatChamp | None:
        return next((champ for champ in self.champs if champ.champ.code == code), None)

    def voisins(self, code: str) -> tuple[EtatChamp | None, EtatChamp | None]:
        """The champs before and after this one."""
        codes = [champ.champ.code for champ in self.champs]
        rang = codes.index(code)
        suivant = self.champs[rang + 1] if rang + 1 < len(codes) else None
        return (self.champs[rang - 1] if rang else None), suivant


def contradictions_de(diagnostic: Diagnostic, code: str) -> list[RegleDePlausibilite]:
    """The rules naming this indicator that the answers break: one query, and none where no rule names it."""
    questions = questionnaire(diagnostic.referentiel)
    regles = [regle for regle in questions.regles if code in regle.indicateurs]
    if not regles:
        return []
    situation = situation_de(diagnostic.etablissement)
    nommes = {questions.par_code[nomme] for regle in regles for nomme in regle.indicateurs}
    codes = {indicateur.pk: indicateur.code for indicateur in nommes if ecarte(indicateur, situation) is None}
    reponses = Reponse.objects.filter(diagnostic=diagnostic, indicateur__in=codes)
    valeurs = {codes[reponse.indicateur_id]: valeur_qui_compte(reponse) for reponse in reponses}
    return list(contradictions(regles, {code: valeur for code, valeur in valeurs.items() if valeur is not None}))


def etat_du_diagnostic(diagnostic: Diagnostic, *, pieces: bool = True) -> EtatDiagnostic:
    """Reads everything at once: answers, proofs and votes; `diagnostic` comes with its établissement, campagne
    and référentiel loaded. Without `pieces`, the answers alone: one query instead of three.
    """
    reponses = {reponse.indicateur_id: reponse for reponse in _reponses(diagnostic=diagnostic.pk)}
    votes = {vote.indicateur_id: vote for vote in (_votes(diagnostic=diagnostic.pk) if pieces else ())}
    preuves: dict[int, list[Preuve]] = defaultdict(list)
    for preuve in _preuves(diagnostic=diagnostic.pk) if pieces else ():
        preuves[preuve.indicateur_id].append(preuve)
    return etat_avec(diagnostic, reponses, votes, preuves)


def etat_avec(
    diagnostic: Diagnostic,
    reponses: Mapping[int, Reponse],
    votes: Mapping[int, VoteReunion],
    preuves: Mapping[int, Sequence[Preuve]],
) -> EtatDiagnostic:
    """What the diagnostic would say with these, by the key of their indicator; only its version is read."""
    questions = questionnaire(diagnostic.referentiel)
    situation = situation_de(diagnostic.etablissement)

    def etat(indicateur: Indicateur) -> EtatIndicateur:
        return EtatIndicateur(
            indicateur=indicateur,
            regle=ecarte(indicateur, situation),
            reponse=reponses.get(indicateur.pk),
            preuves=tuple(preuves.get(indicateur.pk, ())),
            vote=votes.get(indicateur.pk),
        )

    return EtatDiagnostic(
        diagnostic=diagnostic,
        paliers=questions.paliers,
        regles=questions.regles,
        champs=tuple(
            _etat_du_champ(champ, tuple(map(etat, indicateurs)), diagnostic.referentiel)
            for champ, indicateurs in questions.champs
        ),
    )


@preparee
def _reponses(diagnostic: int) -> QuerySet[Reponse]:
    return Reponse.objects.filter(diagnostic=diagnostic)


@preparee
def _votes(diagnostic: int) -> QuerySet[VoteReunion]:
    return VoteReunion.objects.filter(diagnostic=diagnostic)


@preparee
def _preuves(diagnostic: int) -> QuerySet[Preuve]:
    return Preuve.objects.filter(diagnostic=diagnostic)


def _etat_du_champ(champ: Champ, etats: tuple[EtatIndicateur, ...], referentiel: Referentiel) -> EtatChamp:
    """The champ with what the rule of cotation says of the indicators that concern the school."""
    concernes = [etat for etat in etats if etat.concerne]
    resultat = coter_champ(
        [IndicateurCote(e.indicateur.code, e.indicateur.palier, e.indicateur.bloquant) for e in concernes],
        {e.indicateur.code: e.valeur for e in concernes if e.valeur is not None},
        seuil=Fraction(referentiel.seuil),
        part_inconnue_max=Fraction(referentiel.part_inconnue_max),
    )
    return EtatChamp(champ=champ, indicateurs=etats, resultat=resultat)
