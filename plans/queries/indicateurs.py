"""Reading the indicators of actions: the values typed, those that the system holds, and where they stand."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import QuerySet

from plans.domain.fraicheur import ValeurLocale, atteint, avancement_en_mots, perimee, prochain_releve
from plans.models import Action, FacteurReussite, IndicateurSuivi, Releve
from plans.models.action import ActionQuerySet
from plans.queries.mesures import Mesure, Registre, mesures_tenues
from plans.queries.vision import champs_en_vigueur
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement, Utilisateur
from strategie.socle.rules import date_en_phrase, decimal_en_phrase

Origine = Releve.Origine
INSECABLE = "\u00a0"


def avec_unite(valeur: Decimal, unite: str) -> str:
    """« 1 234,5 postes », « 62 % »."""
    return f"{decimal_en_phrase(valeur)}{INSECABLE}{unite}" if unite else decimal_en_phrase(valeur)


@dataclass(frozen=True)
class ValeurLue:
    """`releve` is None for a value that is computed as it is read."""

    date: datetime.date
    valeur: Decimal
    note: str
    origine: str
    releve: Releve | None = None


@dataclass(frozen=True)
class LectureIndicateur:
    """An indicator on a day, with its values, oldest first; `masquee`: they are not for this reader."""

    indicateur: IndicateurSuivi
    jour: datetime.date
    valeurs: Sequence[ValeurLue]
    mesure: Mesure | None = None
    masquee: bool = False

    @property
    def derniere(self) -> ValeurLue | None:
        return self.valeurs[-1] if self.valeurs else None

    @property
    def calculee(self) -> bool:
        """Read by the system, never typed."""
        return bool(self.indicateur.mesure)

    @property
    def ancienne(self) -> bool:
        return self.derniere is not None and perimee(self.derniere.date, self.indicateur.cadence, self.jour)

    @property
    def attendue_le(self) -> datetime.date | None:
        """When the next reading is due; nobody is waited for where the system reads."""
        if self.calculee or self.derniere is None:
            return None
        return prochain_releve(self.derniere.date, self.indicateur.cadence)

    @property
    def atteinte(self) -> bool | None:
        if self.derniere is None or self.indicateur.cible is None:
            return None
        return atteint(self.indicateur.sens, self.indicateur.cible, self.derniere.valeur)

    @property
    def valeur_en_mots(self) -> str:
        """« 12 postes », or nothing."""
        return avec_unite(self.derniere.valeur, self.indicateur.unite) if self.derniere else ""

    @property
    def avancement(self) -> str:
        """« plus de la moitié du chemin »; nothing without a value or a target."""
        indicateur, derniere = self.indicateur, self.derniere
        if derniere is None or indicateur.cible is None:
            return ""
        return avancement_en_mots(indicateur.sens, indicateur.depart, indicateur.cible, derniere.valeur)

    @property
    def phrase(self) -> str:
        """Where it stands, in one or two sentences."""
        if self.masquee:
            return "Ces valeurs viennent des enquêtes, que votre rôle ne lit pas."
        if self.derniere is None:
            return "Rien n'est encore à lire." if self.calculee else "Aucun relevé pour l'instant."
        debut = f"{self.valeur_en_mots} le {date_en_phrase(self.derniere.date)}"
        if self.indicateur.cible is None:
            return f"{debut}. Sans cible, rien ne dit si c'est assez."
        visee = avec_unite(self.indicateur.cible, self.indicateur.unite)
        return f"{debut}, pour une cible de {visee}{INSECABLE}: {self.avancement}.{self._reserve}"

    @property
    def _reserve(self) -> str:
        """What keeps the figure from saying too much."""
        if self.ancienne:
            return " Depuis, rien ne dit où l'on en est."
        le = self.indicateur.cible_le
        if self.atteinte or le is None or le >= self.jour:
            return ""
        return f" La cible était visée pour le {date_en_phrase(le)}."

    @property
    def locale(self) -> ValeurLocale:
        """What a territory takes of it (`agreger`); nothing of what its own reader may not see."""
        valeur = self.derniere.valeur if self.derniere else None
        return ValeurLocale(valeur, self.indicateur.action.etablissement.effectif, self.atteinte, self.ancienne)


@dataclass
class Lecteur:
    """Reads indicators of one school, on a day, for somebody with `droits`: each table once, whatever their number."""

    etablissement: Etablissement
    jour: datetime.date
    droits: Collection[Droit]
    mesures: Mapping[str, Mesure] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._registre = Registre(self.etablissement, self.jour)

    def un(self, indicateur: IndicateurSuivi) -> LectureIndicateur:
        """With every value."""
        releves = Releve.objects.filter(indicateur=indicateur).select_related("releve_par").order_by("date")
        return self._lire([indicateur], releves)[0]

    def des_actions(self, actions: Collection[int]) -> dict[int, list[LectureIndicateur]]:
        """By action, those that are not in the bin; of typed values, the last one only."""
        indicateurs = list(IndicateurSuivi.objects.vivants().filter(action__in=actions).select_related("action"))
        derniers = Releve.objects.filter(indicateur__in=indicateurs).order_by("indicateur_id", "-date")
        lectures = self._lire(indicateurs, derniers.distinct("indicateur_id"))
        par_action: dict[int, list[LectureIndicateur]] = defaultdict(list)
        for lecture in lectures:
            par_action[lecture.indicateur.action_id].append(lecture)
        return par_action

    def _lire(self, indicateurs: Sequence[IndicateurSuivi], releves: Iterable[Releve]) -> list[LectureIndicateur]:
        if any(indicateur.mesure for indicateur in indicateurs) and not self.mesures:
            self.mesures = mesures_de(self.etablissement)
        saisies: dict[int, list[ValeurLue]] = defaultdict(list)
        for releve in releves:
            lue = ValeurLue(releve.date, releve.valeur, releve.note, releve.origine, releve)
            saisies[releve.indicateur_id].append(lue)
        return [self._lecture(indicateur, saisies[indicateur.pk]) for indicateur in indicateurs]

    def _lecture(self, indicateur: IndicateurSuivi, saisies: Sequence[ValeurLue]) -> LectureIndicateur:
        mesure = self.mesures.get(indicateur.mesure)
        if mesure is None:
            return LectureIndicateur(indicateur, self.jour, saisies)
        if mesure.droit is not None and mesure.droit not in self.droits:
            return LectureIndicateur(indicateur, self.jour, (), mesure, masquee=True)
        lues = [ValeurLue(p.date, p.valeur, p.source, Origine.PALIERS) for p in mesure.lire(self._registre)]
        if mesure.du_jour:
            lues = [*(s for s in saisies if s.origine == Origine.PALIERS and s.date < self.jour), *lues]
        return LectureIndicateur(indicateur, self.jour, lues, mesure)


# --- What a person may open -----------------------------------------------------------------------------------
def actions_lisibles(etablissement: Etablissement) -> ActionQuerySet:
    """The school's actions that are not in the bin; published ones for those who read no more (`droits`)."""
    actions = Action.objects.vivants().filter(etablissement=etablissement)
    return actions if Droit.LIRE_PLAN in etablissement.droits else actions.publiees()


def indicateurs_lisibles(etablissement: Etablissement) -> QuerySet[IndicateurSuivi]:
    return IndicateurSuivi.objects.vivants().filter(action__in=actions_lisibles(etablissement)).select_related("action")


def releves_lisibles(etablissement: Etablissement) -> QuerySet[Releve]:
    siens = Releve.objects.filter(indicateur__in=indicateurs_lisibles(etablissement))
    return siens.select_related("indicateur__action", "releve_par")


def facteurs_lisibles(etablissement: Etablissement) -> QuerySet[FacteurReussite]:
    return FacteurReussite.objects.filter(action__in=actions_lisibles(etablissement)).select_related("action")


def porte_ou_contribue(action: Action, utilisateur: Utilisateur) -> bool:
    """Whether the person carries the action or is one of its contributors: they may say where it stands."""
    return action.porteur_id == utilisateur.pk or action.participations.filter(utilisateur=utilisateur).exists()


def mesures_de(etablissement: Etablissement) -> dict[str, Mesure]:
    """The values that the system can read for this school, by code."""
    return mesures_tenues(champs_en_vigueur(etablissement))
