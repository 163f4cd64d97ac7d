"""The file that goes to the board, what the board says of it, and files made in number."""

from __future__ import annotations

import datetime
from typing import Self

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from strategie.pilotage.models.conseil import SeanceDuConseil
from strategie.socle.models import (
    Academie,
    Departement,
    District,
    Etablissement,
    ModelePerimetre,
    QuerySetPerimetre,
    Utilisateur,
    par_academie,
    par_etablissement,
)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent())
class SectionsChoisies(ModelePerimetre):
    """What a school puts into its file, kept for the next one."""

    PERIMETRE = par_etablissement("etablissement")

    etablissement = models.OneToOneField(
        Etablissement, models.CASCADE, related_name="sections_du_dossier", verbose_name="établissement"
    )
    sections = ArrayField(models.CharField(max_length=24), default=list)
    rapport = models.TextField("rapport du chef d'établissement", blank=True)
    version = models.PositiveIntegerField(default=1)
    modifiees_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="modifiées par")
    modifiees_le = models.DateTimeField("modifiées le")

    class Meta:
        verbose_name = "sections du dossier"
        verbose_name_plural = "sections du dossier"

    def __str__(self) -> str:
        return f"Sections · {self.etablissement_id}"


class DossierQuerySet(QuerySetPerimetre):
    def sans_fichier(self) -> Self:
        """Everything but the PDF and its content, which are read one at a time."""
        return self.defer("pdf", "contenu")


@pghistory.track(exclude=["pdf", "contenu"])
class Dossier(ModelePerimetre):
    """A file as it was made: its content (canonical JSON), its PDF, and the SHA-256 of each. It never changes.

    `contenu` is the one source of the PDF, of its attached tables, of the workbook and of the documents.
    """

    PERIMETRE = par_etablissement("etablissement")

    etablissement = models.ForeignKey(
        Etablissement, models.PROTECT, related_name="dossiers", verbose_name="établissement"
    )
    numero = models.CharField("numéro", max_length=20)
    annee_scolaire = models.CharField("année scolaire", max_length=9)
    exercice = models.PositiveSmallIntegerField()
    vote = models.BooleanField("version votée", default=False)
    contenu = models.TextField()
    sha256_contenu = models.CharField("empreinte du contenu", max_length=64)
    pdf = models.BinaryField()
    sha256_pdf = models.CharField("empreinte du PDF", max_length=64)
    pages = models.PositiveSmallIntegerField()
    fait_par = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="fait par"
    )
    fait_le = models.DateTimeField("fait le")

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = "dossier du conseil"
        verbose_name_plural = "dossiers du conseil"
        ordering = ["-fait_le", "-pk"]
        indexes = [models.Index(fields=["sha256_pdf"], name="dossier_empreinte")]
        constraints = [models.UniqueConstraint(fields=["etablissement", "numero"], name="dossier_numero_unique")]
        triggers = [pgtrigger.Protect(name="dossier_fige", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return self.numero


def vote_fige() -> pgtrigger.Trigger:
    """A recorded vote is neither changed nor taken away: its file is tied to it once, the dates of after may come."""
    return pgtrigger.Trigger(
        name="vote_fige",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=~pgtrigger.Q(old__resultat=""),
        declare=[("apres", "text[] = '{transmise_le,publiee_le,version,dossier_vote_id}'")],
        func="""
            IF TG_OP = 'DELETE' OR to_jsonb(OLD) - apres <> to_jsonb(NEW) - apres
                OR OLD.dossier_vote_id <> COALESCE(NEW.dossier_vote_id, 0) THEN
                RAISE EXCEPTION 'Le vote est enregistré : cet acte ne change plus.';
            END IF;
            RETURN NEW;
        """,
    )


@pghistory.track(exclude=["cle"])
class Deliberation(ModelePerimetre):
    """The act that the board is asked for, then what it decided; the avis of its conseil for an école.

    `dossier` is what was on the table; `dossier_vote` the same, frozen with the vote. Once the vote is recorded,
    nothing changes but the dates of what comes after.
    """

    PERIMETRE = par_etablissement("etablissement")

    class Famille(models.TextChoices):
        ACTION_EDUCATRICE = "action_educatrice", "Contenu et organisation de l'action éducatrice"
        BUDGET = "budget", "Actes budgétaires et financiers"
        FONCTIONNEMENT = "fonctionnement", "Fonctionnement : contrats, conventions, marchés"

    class Resultat(models.TextChoices):
        PROJET = "", "En projet"
        ADOPTEE = "adoptee", "Adoptée"
        REJETEE = "rejetee", "Rejetée"
        MODIFICATIONS = "modifications", "Modifications demandées"

    etablissement = models.ForeignKey(
        Etablissement, models.PROTECT, related_name="deliberations", verbose_name="établissement"
    )
    seance = models.ForeignKey(SeanceDuConseil, models.PROTECT, related_name="deliberations", verbose_name="séance")
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, null=True, blank=True, related_name="deliberations", verbose_name="dossier présenté"
    )
    dossier_vote = models.OneToOneField(
        Dossier, models.PROTECT, null=True, blank=True, related_name="vote_de", verbose_name="dossier voté"
    )
    numero = models.CharField("numéro d'acte", max_length=20, blank=True)
    famille = models.CharField(max_length=17, choices=Famille, default=Famille.ACTION_EDUCATRICE)
    objet = models.CharField(max_length=250)
    visas = ArrayField(models.CharField(max_length=400), default=list)
    expose = models.TextField("exposé des motifs", blank=True)
    decision = models.TextField("décision")
    pour = models.PositiveSmallIntegerField(null=True, blank=True)
    contre = models.PositiveSmallIntegerField(null=True, blank=True)
    abstentions = models.PositiveSmallIntegerField(null=True, blank=True)
    refus_de_vote = models.PositiveSmallIntegerField("ne prennent pas part au vote", null=True, blank=True)
    resultat = models.CharField("résultat", max_length=13, choices=Resultat, blank=True)
    voix_du_president = models.BooleanField("voix prépondérante du président", default=False)
    transmise_le = models.DateField("transmise le", null=True, blank=True)
    publiee_le = models.DateField("publiée le", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    cle = models.UUIDField("clé du formulaire", unique=True, editable=False)
    creee_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="créée par")
    creee_le = models.DateTimeField("créée le")
    votee_par = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="vote enregistré par"
    )
    votee_le = models.DateTimeField("vote enregistré le", null=True, blank=True)

    class Meta:
        verbose_name = "délibération"
        ordering = ["-seance__date", "-pk"]
        triggers = [vote_fige()]
        constraints = [
            models.UniqueConstraint(
                fields=["etablissement", "numero"],
                condition=~Q(numero=""),
                name="deliberation_numero_unique",
                violation_error_message="L'établissement a déjà un acte de ce numéro.",
            ),
            models.CheckConstraint(condition=~Q(objet="") & ~Q(decision=""), name="deliberation_ecrite"),
            models.CheckConstraint(
                condition=Q(resultat="", votee_le__isnull=True, dossier_vote__isnull=True)
                | (~Q(resultat="") & Q(votee_le__isnull=False, pour__isnull=False, contre__isnull=False)),
                name="deliberation_votee",
            ),
        ]

    def __str__(self) -> str:
        return self.objet

    @property
    def votee(self) -> bool:
        return self.resultat != self.Resultat.PROJET


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent())
class LotDeDossiers(ModelePerimetre):
    """Files made in number, in the background, for the schools of a district, of a département or of an académie."""

    PERIMETRE = par_academie("academie")

    academie = models.ForeignKey(Academie, models.PROTECT, related_name="+", verbose_name="académie")
    departement = models.ForeignKey(
        Departement, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="département"
    )
    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, related_name="+")
    exercice = models.PositiveSmallIntegerField()
    demande_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="demandé par")
    demande_le = models.DateTimeField("demandé le")
    arrete_le = models.DateTimeField("arrêté le", null=True, blank=True)
    cle = models.UUIDField("clé du formulaire", unique=True, editable=False)

    total: int  # these four are set by `lots_confies`
    faits: int
    restants: int
    avance_le: datetime.datetime | None

    class Meta:
        verbose_name = "lot de dossiers"
        verbose_name_plural = "lots de dossiers"
        ordering = ["-demande_le"]
        constraints = [
            models.CheckConstraint(
                condition=Q(departement__isnull=True) | Q(district__isnull=True), name="lot_un_seul_territoire"
            )
        ]

    def __str__(self) -> str:
        return f"{self.academie_id} · {self.demande_le:%d/%m/%Y}"


class DossierDuLot(ModelePerimetre):
    """A school of a batch: its file, or why there is none. `tentatives` counts how often a worker took it.

    Two batches of a day may share a file: the same content is frozen once.
    """

    PERIMETRE = par_etablissement("etablissement")

    lot = models.ForeignKey(LotDeDossiers, models.CASCADE, related_name="dossiers")
    etablissement = models.ForeignKey(Etablissement, models.PROTECT, related_name="+", verbose_name="établissement")
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, blank=True, related_name="lots")
    erreur = models.CharField(max_length=300, blank=True)
    tentatives = models.PositiveSmallIntegerField(default=0, db_default=0)
    fini_le = models.DateTimeField("fini le", null=True, blank=True)

    class Meta:
        verbose_name = "dossier d'un lot"
        verbose_name_plural = "dossiers d'un lot"
        ordering = ["etablissement__nom", "pk"]
        indexes = [
            models.Index(
                fields=["lot", "tentatives", "id"], condition=Q(fini_le__isnull=True), name="dossier_du_lot_a_faire"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["lot", "etablissement"], name="dossier_du_lot_unique"),
            models.CheckConstraint(
                condition=Q(fini_le__isnull=True, dossier__isnull=True, erreur="")
                | Q(fini_le__isnull=False, dossier__isnull=False, erreur="")
                | (Q(fini_le__isnull=False, dossier__isnull=True) & ~Q(erreur="")),
                name="dossier_du_lot_fini",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id} · {self.etablissement_id}"
