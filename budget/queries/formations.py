"""Reading what a school needs and holds of training."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from budget.models import Achat, BesoinFormation, LigneBudget, Seance
from budget.rules.formations import Cadre, SeanceConnue, empechement_acheter, empechement_retirer_formation
from plans.models import Action, Axe, Besoin, IndicateurSuivi, Releve
from strategie.socle.models import Etablissement

ZERO = Decimal("0.00")
Etat = BesoinFormation.Etat


# --- What a purchase waits for (row 93) ------------------------------------------------------------------------
def etat_de_formation_pour_achat(formation: BesoinFormation | None, livraison: datetime.date | None) -> str | None:
    """Why a purchase that rests on this training is blocked, in a sentence; None when nothing is wanting. One query,
    none when `seances` was prefetched.
    """
    if formation is None:
        return empechement_acheter(intitule=None, etat="", retiree=False, seances=(), livraison=livraison)
    return empechement_acheter(
        intitule=formation.intitule,
        etat=formation.etat,
        retiree=formation.supprime_le is not None,
        seances=[seance.jour for seance in formation.seances.all() if seance.etat != Seance.Etat.ANNULEE],
        livraison=livraison,
    )


# --- What an act rests on --------------------------------------------------------------------------------------
def cadre_de_la_formation(etablissement: Etablissement, annee: str, formation: BesoinFormation | None = None) -> Cadre:
    """What a need may name: what is there, and what it names already. Three queries."""
    deja = formation or BesoinFormation()
    indicateurs = IndicateurSuivi.objects.filter(action__etablissement=etablissement)
    actions = Action.objects.filter(etablissement=etablissement)
    besoins = Besoin.objects.filter(etablissement=etablissement)
    vivants = Q(supprime_le__isnull=True)
    return Cadre(
        frozenset(
            indicateurs.filter(vivants & Q(action__supprime_le__isnull=True) | Q(pk=deja.indicateur_id)).values_list(
                "pk", flat=True
            )
        ),
        frozenset(actions.filter(vivants | Q(pk=deja.action_id)).values_list("pk", flat=True)),
        frozenset(besoins.filter(vivants | Q(pk=deja.besoin_id)).values_list("pk", flat=True)),
        annee,
    )


def seances_connues(formation: BesoinFormation) -> list[SeanceConnue]:
    """Those that are not cancelled."""
    siennes = formation.seances.exclude(etat=Seance.Etat.ANNULEE)
    comptees = siennes.annotate(total=Sum("presences__presents", default=0))
    return [SeanceConnue(jour, presents) for jour, presents in comptees.values_list("jour", "total")]


@dataclass(frozen=True)
class TenuesEtPrevues:
    tenues: int
    prevues: tuple[datetime.date, ...]


def tenues_et_prevues(formation: BesoinFormation) -> TenuesEtPrevues:
    siennes = list(formation.seances.values_list("etat", "jour"))
    return TenuesEtPrevues(
        sum(etat == Seance.Etat.TENUE for etat, _ in siennes),
        tuple(jour for etat, jour in siennes if etat == Seance.Etat.PREVUE),
    )


def empechement_de_retirer(formation: BesoinFormation) -> str | None:
    """What keeps it out of the bin: three queries."""
    achats = Achat.objects.vivants().filter(formation=formation).exclude(etat=Achat.Etat.ABANDONNE)
    lignes = LigneBudget.objects.vivants().filter(formation=formation).count()
    tenues = tenues_et_prevues(formation).tenues
    return empechement_retirer_formation(
        formation.etat, tenues, list(achats.values_list("intitule", flat=True)), lignes
    )


# --- The list ----------------------------------------------------------------------------------------------------
def formations_de(etablissement: Etablissement) -> QuerySet[BesoinFormation]:
    """Each with `tenues`, how many of its sessions were held, and `cout`, what those that are not cancelled cost."""
    siennes: QuerySet[BesoinFormation] = BesoinFormation.objects.vivants().filter(etablissement=etablissement)
    pas_annulees = ~Q(seances__etat=Seance.Etat.ANNULEE)
    return siennes.annotate(
        nb_tenues=Count("seances", filter=Q(seances__etat=Seance.Etat.TENUE)),
        nb_prevues=Count("seances", filter=Q(seances__etat=Seance.Etat.PREVUE)),
        cout=Sum("seances__cout", filter=pas_annulees, default=ZERO),
    )


def annees_et_etats(etablissement: Etablissement) -> list[tuple[str, str]]:
    """Of each training: what filters count."""
    siennes = BesoinFormation.objects.vivants().filter(etablissement=etablissement).order_by()
    return list(siennes.values_list("annee_scolaire", "etat"))


# --- One of them ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class LectureFormation:
    """A training with its sessions, what it serves and what rests on it. `achats`: None for who reads no budget."""

    formation: BesoinFormation
    seances: Sequence[Seance]
    axes: Sequence[Axe]
    achats: Sequence[Achat] | None
    releves: Sequence[Releve]

    @property
    def cout(self) -> Decimal:
        return sum((s.cout for s in self.seances if s.etat != Seance.Etat.ANNULEE), ZERO)

    @property
    def tenues(self) -> list[Seance]:
        return [seance for seance in self.seances if seance.etat == Seance.Etat.TENUE]

    @property
    def premiere_tenue(self) -> datetime.date | None:
        return min((seance.jour for seance in self.tenues), default=None)

    @property
    def derniere_tenue(self) -> datetime.date | None:
        return max((seance.jour for seance in self.tenues), default=None)

    @property
    def dernier_avant(self) -> Releve | None:
        """The indicator's last reading before the first session was held."""
        debut = self.premiere_tenue
        return next((r for r in reversed(self.releves) if debut and r.date < debut), None)

    @property
    def dernier_apres(self) -> Releve | None:
        """Its last reading since the last session."""
        fin = self.derniere_tenue
        return next((r for r in reversed(self.releves) if fin and r.date > fin), None)


def formation_de(etablissement: Etablissement, cle: int) -> BesoinFormation | None:
    siennes = BesoinFormation.objects.vivants().filter(etablissement=etablissement, pk=cle)
    formation = siennes.select_related("action", "besoin", "indicateur__action", "cree_par").first()
    if formation is not None:
        formation.etablissement = etablissement
    return formation


def lire_formation_entiere(formation: BesoinFormation, *, budget: bool) -> LectureFormation:
    """Five queries at most. `budget`: the reader may see purchases."""
    seances = list(formation.seances.prefetch_related("presences"))
    axes = list(Axe.objects.vivants().filter(contributions__action=formation.action)) if formation.action_id else []
    achats = list(formation.achats.filter(supprime_le__isnull=True)) if budget else None
    releves = list(formation.indicateur.releves.all()) if formation.indicateur else []
    return LectureFormation(formation, seances, axes, achats, releves)


def seance_de(etablissement: Etablissement, cle: int) -> Seance | None:
    """Of one of the school's trainings that are not in the bin."""
    siennes = Seance.objects.filter(formation__etablissement=etablissement, formation__supprime_le__isnull=True, pk=cle)
    seance: Seance | None = siennes.select_related("formation").prefetch_related("presences").first()
    if seance is not None:
        seance.formation.etablissement = etablissement
    return seance


# --- What a form offers --------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ChoixDeFormation:
    """Keys and words: the plan's actions, its indicators, the needs kept."""

    actions: Sequence[tuple[int, str]]
    indicateurs: Sequence[tuple[int, str]]
    besoins: Sequence[tuple[int, str]]


def choix_de_la_formation(
    etablissement: Etablissement, annee: str, deja: BesoinFormation | None = None
) -> ChoixDeFormation:
    """Those of the year and later, that are not over, and what is named already. Three queries."""
    tenue = deja or BesoinFormation()
    actions = Action.objects.filter(etablissement=etablissement).filter(
        Q(supprime_le__isnull=True, annee_fin__gte=annee) & ~Q(etat__in=Action.FINIES) | Q(pk=tenue.action_id)
    )
    indicateurs = IndicateurSuivi.objects.filter(action__etablissement=etablissement).filter(
        Q(supprime_le__isnull=True, action__supprime_le__isnull=True, action__annee_fin__gte=annee)
        | Q(pk=tenue.indicateur_id)
    )
    besoins = Besoin.objects.filter(etablissement=etablissement).filter(
        Q(supprime_le__isnull=True, annee_scolaire__gte=annee) | Q(pk=tenue.besoin_id)
    )
    return ChoixDeFormation(
        list(actions.values_list("pk", "intitule")),
        [
            (cle, f"{dit} ({action})")
            for cle, dit, action in indicateurs.values_list("pk", "intitule", "action__intitule")
        ],
        list(besoins.values_list("pk", "intitule")),
    )
