"""Each model's path to a territory, and the one door through which rows are read."""

from __future__ import annotations

import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, ClassVar, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models import OuterRef, Q

from strategie.socle.droits import Droit, roles_ayant

if TYPE_CHECKING:
    from strategie.socle.models.comptes import Utilisateur

COMMUN = "commun"


def par_etablissement(chemin: str) -> tuple[str, str]:
    """The rows belong to a school, reached by this lookup path."""
    return ("etablissement", chemin)


def par_academie(chemin: str) -> tuple[str, str]:
    """The rows belong to an académie, reached by this lookup path."""
    return ("academie", chemin)


def commun() -> tuple[str, str]:
    """The rows are the same for everybody who is signed in."""
    return (COMMUN, "")


class QuerySetPerimetre(models.QuerySet):
    """Reading and writing doors, by subquery: no join, no duplicate, no further query."""

    def allowed_to(self, user: Utilisateur, droit: Droit) -> Self:
        """Rows on which an active affectation gives `droit` to `user`."""
        sorte, chemin = self.model.PERIMETRE
        if sorte == COMMUN:
            return self if user.is_authenticated else self.none()
        from strategie.socle.models.comptes import Affectation

        actives = Affectation.objects.actives().filter(utilisateur=user, role__in=roles_ayant(droit))
        if sorte == "academie":
            return self.filter(**{f"{chemin}__in": actives.filter(academie__isnull=False).values("academie")})
        return self.filter(dans_le_perimetre(chemin, actives))

    def visible_to(self, user: Utilisateur) -> Self:
        """Rows that `user` may know of; the others do not exist for them (404)."""
        return self.allowed_to(user, Droit.VOIR_ETABLISSEMENT)

    def avec_roles(self, user: Utilisateur | int, jour: datetime.date | None = None) -> Self:
        """Adds `mes_roles`: the roles `user` holds on `jour` (today by default) on each row's school, in the same
        query.
        """
        from strategie.socle.models.comptes import Affectation

        sorte, chemin = self.model.PERIMETRE
        if sorte != "etablissement":
            raise ImproperlyConfigured(f"{self.model.__name__} n'appartient pas à un établissement.")
        roles = Affectation.objects.actives(jour).filter(couvre(chemin), utilisateur=user)
        return self.annotate(mes_roles=ArraySubquery(roles.order_by("role").values("role")))


def dans_le_perimetre(chemin: str, affectations: models.QuerySet) -> Q:
    """The rows whose school, reached by `chemin` ("" for itself), one of the affectations covers.

    One small set a level, read once: a list of 60,000 schools costs no more than its page.
    """
    base = f"{chemin}__" if chemin else ""
    colonnes = {niveau: f"{base}{niveau}" for niveau in ("district", "departement", "academie", "collectivite")}
    return reduce(
        or_,
        (
            Q(**{f"{colonne}__in": affectations.filter(**{f"{niveau}__isnull": False}).values(niveau)})
            for niveau, colonne in {"etablissement": chemin or "pk", **colonnes}.items()
        ),
    )


def couvre(chemin: str) -> Q:
    """The affectations whose perimeter holds the outer row's school, reached by `chemin` ("" for itself)."""
    base = f"{chemin}__" if chemin else ""
    return (
        Q(etablissement=OuterRef(f"{chemin}_id" if chemin else "pk"))
        | Q(district=OuterRef(f"{base}district_id"))
        | Q(departement=OuterRef(f"{base}departement_id"))
        | Q(academie=OuterRef(f"{base}academie_id"))
        | Q(collectivite=OuterRef(f"{base}collectivite_id"))
    )


class ModelePerimetre(models.Model):
    """Base of every model of ours: a class without `PERIMETRE` does not load."""

    PERIMETRE: ClassVar[tuple[str, str]]
    objects = QuerySetPerimetre.as_manager()

    class Meta:
        abstract = True
