"""People, what they are in charge of, and how they are invited."""

from __future__ import annotations

import datetime
from typing import Self

import pghistory
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from strategie.socle.droits import ROLES_DE_L_ETABLISSEMENT, Role
from strategie.socle.models.perimetre import ModelePerimetre, QuerySetPerimetre, commun, par_etablissement
from strategie.socle.models.territoire import Academie, Collectivite, Departement, District, Etablissement

NIVEAUX_PAR_ROLE: dict[str, tuple[str, ...]] = {
    **{role.value: ("etablissement",) for role in ROLES_DE_L_ETABLISSEMENT},
    Role.ANIMATEUR.value: ("district",),
    Role.RECTORAT.value: ("departement", "academie"),
    Role.COLLECTIVITE.value: ("collectivite",),
}
NIVEAUX = ("etablissement", "district", "departement", "academie", "collectivite")


def un_seul_territoire() -> Q:
    """An affectation fills one territory column, the one its role calls for."""
    formes = Q()
    for role, niveaux in NIVEAUX_PAR_ROLE.items():
        for niveau in niveaux:
            autres = {f"{autre}__isnull": True for autre in NIVEAUX if autre != niveau}
            formes |= Q(role=role, **{f"{niveau}__isnull": False}, **autres)
    return formes


class UtilisateurManager(BaseUserManager):
    """People are known by their e-mail address, whatever its case."""

    def get_by_natural_key(self, email: str) -> Utilisateur:
        return self.get(email__iexact=email)

    def create_user(self, email: str, password: str | None = None, **champs: object) -> Utilisateur:
        utilisateur = self.model(email=email.strip().lower(), **champs)
        utilisateur.set_password(password)
        utilisateur.save(using=self._db)
        return utilisateur

    def create_superuser(self, email: str, password: str | None = None, **champs: object) -> Utilisateur:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **champs)


@pghistory.track(exclude=["password", "last_login"])
class Utilisateur(AbstractUser, ModelePerimetre):
    """A person with an account. What they may do comes from their affectations only."""

    PERIMETRE = commun()

    username = None
    email = models.EmailField("adresse électronique", unique=True)
    first_name = models.CharField("prénom", max_length=80)
    last_name = models.CharField("nom", max_length=80)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]
    objects = UtilisateurManager()

    class Meta:
        verbose_name = "compte"
        ordering = ["last_name", "first_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="compte_email_unique", violation_error_message="Cette adresse a déjà un compte."
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email


class AffectationQuerySet(QuerySetPerimetre):
    def actives(self, jour: datetime.date | None = None) -> Self:
        """Those in force on `jour` (today by default), both bounds included."""
        jour = jour or timezone.localdate()
        return self.filter(Q(fin__isnull=True) | Q(fin__gte=jour), debut__lte=jour)


@pghistory.track()
class Affectation(ModelePerimetre):
    """A role held by a person on one territory, for a period."""

    PERIMETRE = par_etablissement("etablissement")

    utilisateur = models.ForeignKey(Utilisateur, models.CASCADE, related_name="affectations", verbose_name="compte")
    role = models.CharField("rôle", max_length=12, choices=Role)
    fonction = models.CharField(max_length=60, blank=True, help_text="Telle qu'elle s'affiche : principale, proviseur…")
    etablissement = models.ForeignKey(
        Etablissement, models.PROTECT, null=True, blank=True, related_name="affectations", verbose_name="établissement"
    )
    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, related_name="affectations")
    departement = models.ForeignKey(
        Departement, models.PROTECT, null=True, blank=True, related_name="affectations", verbose_name="département"
    )
    academie = models.ForeignKey(
        Academie, models.PROTECT, null=True, blank=True, related_name="affectations", verbose_name="académie"
    )
    collectivite = models.ForeignKey(
        Collectivite, models.PROTECT, null=True, blank=True, related_name="affectations", verbose_name="collectivité"
    )
    debut = models.DateField("début", default=timezone.localdate)
    fin = models.DateField(null=True, blank=True)

    objects = AffectationQuerySet.as_manager()

    class Meta:
        verbose_name = "affectation"
        ordering = ["role", "utilisateur"]
        constraints = [
            models.CheckConstraint(
                condition=un_seul_territoire(),
                name="affectation_un_seul_territoire",
                violation_error_message="Ce rôle demande un territoire, et un seul, de son niveau.",
            ),
            models.CheckConstraint(
                condition=Q(fin__isnull=True) | Q(fin__gte=F("debut")),
                name="affectation_dates_dans_l_ordre",
                violation_error_message="La fin d'une affectation ne peut pas précéder son début.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.intitule} · {self.territoire}"

    @property
    def intitule(self) -> str:
        """The function as the person says it, else the role's name."""
        return self.fonction or self.get_role_display()

    @property
    def territoire(self) -> models.Model:
        return next(valeur for niveau in NIVEAUX if (valeur := getattr(self, niveau)) is not None)


@pghistory.track(exclude=["empreinte"])
class Invitation(ModelePerimetre):
    """A link, good once and for a while, that gives its reader a role in a school."""

    PERIMETRE = par_etablissement("etablissement")

    etablissement = models.ForeignKey(
        Etablissement, models.CASCADE, related_name="invitations", verbose_name="établissement"
    )
    email = models.EmailField("adresse électronique")
    role = models.CharField(
        "rôle", max_length=12, choices=[(role.value, role.label) for role in ROLES_DE_L_ETABLISSEMENT]
    )
    fonction = models.CharField(max_length=60, blank=True)
    empreinte = models.CharField("empreinte du jeton", max_length=64, unique=True, editable=False)
    invite_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="invité par")
    cree_le = models.DateTimeField("créée le")
    expire_le = models.DateTimeField("expire le")
    acceptee_le = models.DateTimeField("acceptée le", null=True, blank=True)
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True)

    class Meta:
        verbose_name = "invitation"
        ordering = ["-cree_le"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "etablissement",
                "role",
                condition=Q(acceptee_le__isnull=True, annulee_le__isnull=True),
                name="invitation_en_attente_unique",
                violation_error_message="Cette personne est déjà invitée pour ce rôle.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.get_role_display()}"
