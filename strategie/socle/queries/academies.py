"""The académies on which a person holds a right."""

from django.db.models import Exists, OuterRef, QuerySet

from strategie.socle.droits import Droit, droits_de, roles_ayant
from strategie.socle.models import Academie, Affectation, Utilisateur


def academies_confiees(utilisateur: Utilisateur, droit: Droit) -> QuerySet[Academie]:
    """By name; empty for somebody whose roles give `droit` on no whole académie."""
    actives = Affectation.objects.actives().filter(utilisateur=utilisateur, role__in=roles_ayant(droit))
    return Academie.objects.filter(Exists(actives.filter(academie=OuterRef("pk"))))


def droits_academiques(utilisateur: Utilisateur) -> frozenset[Droit]:
    """What the person may do on whole académies, whichever they are."""
    actives = Affectation.objects.actives().filter(utilisateur=utilisateur, academie__isnull=False)
    return droits_de(actives.values_list("role", flat=True).distinct())
