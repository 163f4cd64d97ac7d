"""Where a school's strategy stands, in a few figures read in one query: what its dashboard says beside the paliers."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, DecimalField, Exists, F, IntegerField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, JSONObject

from budget.domain.cycle import pour_cent_eleves
from budget.models import TERMINAUX, Equipement, Incident, LigneBudget, Seance
from plans.models import Action, Axe, Besoin, Objectif, Vision
from strategie.pilotage.models import Deliberation, SeanceDuConseil
from strategie.socle.domain.calendrier import annee_scolaire, bornes, bornes_du_trimestre
from strategie.socle.models import Etablissement
from strategie.socle.queries.preparees import preparee

ECHEANCES_D_UNE_SORTE = 3
SORTES = ("conseil", "formation")
ARRETEES = {Action.Etat.BLOQUEE, Action.Etat.EN_PAUSE}


@dataclass(frozen=True)
class ActionEnBref:
    """A published action of the year."""

    cle: int
    intitule: str
    etat: str
    fin: datetime.date

    @property
    def finie(self) -> bool:
        return self.etat in Action.FINIES

    def en_retard(self, jour: datetime.date) -> bool:
        return not self.finie and self.fin < jour


@dataclass(frozen=True)
class Date:
    """Something that a day will bring: a page's name and what it is about."""

    jour: datetime.date
    sorte: str
    cle: int
    intitule: str = ""


@dataclass(frozen=True)
class EnBref:
    """Counts are of what is not in the bin; actions, of those published that the school year holds."""

    etablissement: Etablissement
    jour: datetime.date
    annee: str
    exercice: int
    vision: bool
    objectifs: int
    besoins: int
    axes: int
    actions: tuple[ActionEnBref, ...]
    prevu: Decimal
    engage: Decimal
    terminaux: int
    a_reparer: int
    incidents: int
    vote_le: datetime.date | None
    dates: tuple[Date, ...]

    @property
    def en_retard(self) -> list[ActionEnBref]:
        return [action for action in self.actions if action.en_retard(self.jour)]

    @property
    def arretees(self) -> int:
        return sum(action.etat in ARRETEES for action in self.actions)

    @property
    def realisees(self) -> int:
        return sum(action.etat == Action.Etat.REALISEE for action in self.actions)

    @property
    def terminaux_pour_cent_eleves(self) -> Decimal | None:
        return pour_cent_eleves(self.terminaux, self.etablissement.effectif)

    @property
    def seance(self) -> Date | None:
        """The next meeting of the board."""
        return next((date for date in self.dates if date.sorte == "conseil"), None)

    @property
    def echeances(self) -> list[Date]:
        """What comes, soonest first: meetings, training, the end of actions."""
        fins = sorted(
            (
                Date(action.fin, "action", action.cle, action.intitule)
                for action in self.actions
                if not action.finie and action.fin >= self.jour
            ),
            key=lambda date: (date.jour, date.cle),
        )
        return sorted([*self.dates, *fins[:ECHEANCES_D_UNE_SORTE]], key=lambda date: (date.jour, date.sorte, date.cle))


def en_bref(etablissement: Etablissement, jour: datetime.date) -> EnBref:
    """One query. `jour` is the day it is in the académie; money is that of its exercice."""
    annee = annee_scolaire(jour)
    debut, fin = bornes(annee)
    [lu] = _en_bref(etablissement=etablissement.pk, annee=annee, exercice=jour.year, jour=jour, debut=debut, fin=fin)
    vision, objectifs, besoins, axes, prevu, engage, terminaux, a_reparer, incidents, vote_le, *dates, actions = lu
    return EnBref(
        etablissement=etablissement,
        jour=jour,
        annee=annee,
        exercice=jour.year,
        vision=vision,
        objectifs=objectifs,
        besoins=besoins,
        axes=axes,
        actions=tuple(_action(**une) for une in actions),
        prevu=prevu,
        engage=engage,
        terminaux=terminaux,
        a_reparer=a_reparer,
        incidents=incidents,
        vote_le=vote_le,
        dates=tuple(_date(sorte, **une) for sorte, lues in zip(SORTES, dates, strict=True) for une in lues),
    )


def _action(
    cle: int, intitule: str, etat: str, annee_fin: str, trimestre_fin: int | None, echeance: str | None
) -> ActionEnBref:
    fin = datetime.date.fromisoformat(echeance) if echeance else bornes_du_trimestre(annee_fin, trimestre_fin)[1]
    return ActionEnBref(cle, intitule, etat, fin)


def _date(sorte: str, cle: int, jour: str, intitule: str) -> Date:
    return Date(datetime.date.fromisoformat(jour), sorte, cle, intitule)


@preparee
def _en_bref(
    etablissement: int, annee: str, exercice: int, jour: datetime.date, debut: datetime.date, fin: datetime.date
) -> QuerySet[Etablissement, Any]:
    siennes = {"etablissement": OuterRef("pk")}
    # As an integer: the mark of a prepared value is no small one.
    lignes = (
        LigneBudget.objects.vivants().alias(annee=Cast("exercice", IntegerField())).filter(**siennes, annee=exercice)
    )
    choses = Equipement.objects.vivants().filter(**siennes).exclude(etat=Equipement.Etat.SORTI)
    terminaux = choses.filter(categorie__in=TERMINAUX, domaine=Equipement.Domaine.PEDAGOGIQUE)
    actions = Action.objects.vivants().publiees().filter(**siennes).de_l_annee(annee)
    champs_d_une_action = ("intitule", "etat", "annee_fin", "trimestre_fin", "echeance")
    votes = Deliberation.objects.filter(
        **siennes, resultat=Deliberation.Resultat.ADOPTEE, dossier_vote__isnull=False, seance__date__range=(debut, fin)
    )
    seances = SeanceDuConseil.objects.filter(**siennes, date__gte=jour)
    formations = Seance.objects.filter(
        formation__etablissement=OuterRef("pk"),
        formation__supprime_le__isnull=True,
        etat=Seance.Etat.PREVUE,
        jour__gte=jour,
    )
    return (
        Etablissement.objects.filter(pk=etablissement)
        .order_by()
        .values_list(
            Exists(Vision.objects.filter(**siennes)),
            _compte(Objectif.objects.filter(**siennes, annee_scolaire__gte=annee)),
            _compte(Besoin.objects.vivants().filter(**siennes, annee_scolaire=annee)),
            _compte(Axe.objects.vivants().filter(**siennes, clos_le__isnull=True)),
            _somme(lignes, "prevu"),
            _somme(lignes, "engage"),
            _compte(terminaux, Sum("nombre")),
            _compte(choses.filter(etat=Equipement.Etat.A_REPARER), Sum("nombre")),
            _compte(Incident.objects.filter(**siennes, clos_le__isnull=True)),
            Subquery(votes.order_by("-seance__date").values("seance__date")[:1]),
            ArraySubquery(_dates(seances, "date", Value(""))),
            ArraySubquery(_dates(formations, "jour", F("formation__intitule"))),
            ArraySubquery(
                actions.order_by("pk").values(dit=JSONObject(cle="pk", **{un: un for un in champs_d_une_action}))
            ),
        )
    )


def _compte(lus: Any, agregat: Any = None) -> Coalesce:
    """How many rows, or their `agregat`."""
    return Coalesce(Subquery(_groupe(lus, agregat or Count("pk"))), 0)


def _somme(lus: Any, champ: str) -> Coalesce:
    return Coalesce(Subquery(_groupe(lus, Sum(champ))), Decimal("0.00"), output_field=DecimalField())


def _groupe(lus: Any, agregat: Any) -> Any:
    return lus.order_by().values(groupe=Value(1)).annotate(lu=agregat).values("lu")


def _dates(lus: Any, champ: str, intitule: Any) -> Any:
    dite = JSONObject(cle="pk", jour=champ, intitule=intitule)
    return lus.order_by(champ, "pk").values(dit=dite)[:ECHEANCES_D_UNE_SORTE]
