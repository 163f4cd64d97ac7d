"""Reading axes: those of a school, what each answers and what serves it."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce

from plans.models import Action, Axe, Besoin, Contribution, Justification
from strategie.socle.models import Etablissement

PUBLIEES = Q(actions__supprime_le__isnull=True) & ~Q(actions__etat=Action.Etat.BROUILLON)


def axes_de(etablissement: Etablissement, *, brouillons: bool) -> QuerySet[Axe]:
    """By year, newest first, the open ones before the closed ones; with `nb_besoins`, and `nb_actions` that the reader
    may see.
    """
    vues = Q(actions__supprime_le__isnull=True) if brouillons else PUBLIEES
    return (
        Axe.objects.vivants()
        .filter(etablissement=etablissement)
        .annotate(
            clos=Q(clos_le__isnull=False),
            nb_besoins=Count("besoins", Q(besoins__supprime_le__isnull=True), distinct=True),
            nb_actions=Count("actions", vues, distinct=True),
        )
        .order_by("-annee_scolaire", "clos", "cree_le", "pk")
    )


def nombre_d_axes(etablissement: Etablissement, annee: str) -> int:
    """Those of the year, open or closed: what the cap counts."""
    return Axe.objects.vivants().filter(etablissement=etablissement, annee_scolaire=annee).count()


def besoins_de_l_axe(axe: Axe) -> list[Besoin]:
    """Those in the bin come last: the link is still there, and they may be restored."""
    lies = Besoin.objects.filter(justifications__axe=axe).annotate(adosse=_adosse())
    return list(lies.order_by(F("supprime_le").asc(nulls_first=True), "retenu_le", "pk"))


def actions_de_l_axe(axe: Axe, *, brouillons: bool) -> list[Action]:
    """Those that serve it, with their living sub-actions and `justifiee`."""
    siennes = axe.actions.vivants().avec_justification().select_related("porteur")
    dessous = Action.objects.vivants().select_related("porteur")
    if not brouillons:
        siennes, dessous = siennes.publiees(), dessous.publiees()
    return list(siennes.prefetch_related(Prefetch("sous_actions", dessous)))


def besoins_a_choisir(etablissement: Etablissement, annee: str, deja: Collection[int] = ()) -> list[Besoin]:
    """The living needs of the year, and those that are linked already, of any year."""
    siens = Besoin.objects.vivants().filter(etablissement=etablissement)
    return list(siens.filter(Q(annee_scolaire=annee) | Q(pk__in=deja)))


def actions_sans_autre_axe(axe: Axe) -> list[Action]:
    """The published actions that would serve no axe without this one."""
    autres = Contribution.objects.filter(action=OuterRef("pk"), axe__supprime_le__isnull=True).exclude(axe=axe)
    return list(axe.actions.vivants().publiees().filter(~Exists(autres)))


def actions_justifiees(etablissement: Etablissement) -> list[Action]:
    """The published ones that a backed need justifies."""
    publiees = Action.objects.vivants().publiees().filter(etablissement=etablissement)
    return list(publiees.avec_justification().filter(Q(justifiee=True)))


def actions_a_justifier_sans(besoin: Besoin) -> list[Action]:
    """The published actions that this need alone justifies."""
    autres = Besoin.objects.vivants().adosses().exclude(pk=besoin.pk).values("pk")
    chemins = Contribution.objects.filter(
        action=Coalesce(OuterRef("parent_id"), OuterRef("pk")),
        axe__supprime_le__isnull=True,
        axe__in=Justification.objects.filter(besoin__in=autres).values("axe"),
    )
    publiees = Action.objects.vivants().publiees().filter(etablissement=besoin.etablissement_id).avec_justification()
    return list(publiees.filter(Q(justifiee=True), ~Exists(chemins)))


def _adosse() -> Exists:
    return Exists(Besoin.objects.adosses().filter(pk=OuterRef("pk")))
