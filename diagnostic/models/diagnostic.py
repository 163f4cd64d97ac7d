"""A school's self-diagnosis of a year: its answers, its proofs, its signed copies."""

from __future__ import annotations

import datetime
import uuid
from typing import Self

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q

from diagnostic.domain.cotation import Valeur
from diagnostic.models.campagne import Campagne
from diagnostic.models.referentiel import Indicateur, Referentiel
from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement, ModelePerimetre, QuerySetPerimetre, Utilisateur, par_etablissement

LIBELLES_VALEURS = {
    Valeur.oui: "Oui",
    Valeur.en_partie: "En partie",
    Valeur.non: "Non",
    Valeur.sans_objet: "Sans objet",
    Valeur.ne_sait_pas: "Ne sait pas",
}


class DiagnosticQuerySet(QuerySetPerimetre):
    def commences(self) -> Self:
        """Those that their school has begun; the others only wait for it."""
        return self.exclude(etat=Diagnostic.Etat.A_COMMENCER)

    def visible_to(self, user: Utilisateur) -> Self:
        """Drafts exist for the school alone; animateur and rectorat see what was signed at least once."""
        signes = Exists(CopieSignee.objects.filter(diagnostic=OuterRef("pk")))
        return self.allowed_to(user, Droit.LIRE_BROUILLON) | self.allowed_to(user, Droit.LIRE_DIAGNOSTIC).filter(signes)


# No event at creation: opening a campaign makes one row for each school of an académie, and says so itself.
@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Diagnostic(ModelePerimetre):
    """One per school and campaign, there from the day the campaign is opened:
    à commencer → brouillon → soumis → rouvert (version 2, with a reason) → soumis…

    `referentiel` is the version that its answers speak of; `date_cloture` the last day its school may sign.
    """

    PERIMETRE = par_etablissement("etablissement")

    class Etat(models.TextChoices):
        A_COMMENCER = "a_commencer", "À commencer"
        BROUILLON = "brouillon", "Brouillon"
        SOUMIS = "soumis", "Signé"
        ROUVERT = "rouvert", "Rouvert"

    etablissement = models.ForeignKey(
        Etablissement, models.PROTECT, related_name="diagnostics", verbose_name="établissement"
    )
    campagne = models.ForeignKey(Campagne, models.PROTECT, related_name="diagnostics")
    referentiel = models.ForeignKey(Referentiel, models.PROTECT, related_name="diagnostics", verbose_name="référentiel")
    date_cloture = models.DateField("clôture pour l'établissement")
    etat = models.CharField("état", max_length=11, choices=Etat, default=Etat.A_COMMENCER)
    version = models.PositiveSmallIntegerField(default=1)
    motif_reouverture = models.TextField("motif de la réouverture", blank=True)
    commence_par = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="commencé par"
    )
    commence_le = models.DateTimeField("commencé le", null=True, blank=True)

    objects = DiagnosticQuerySet.as_manager()

    class Meta:
        verbose_name = "diagnostic"
        ordering = ["-campagne__annee_scolaire", "etablissement"]
        constraints = [
            models.UniqueConstraint(
                fields=["etablissement", "campagne"],
                name="diagnostic_unique_dans_la_campagne",
                violation_error_message="Cet établissement a déjà un diagnostic pour cette campagne.",
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(motif_reouverture=""),
                name="diagnostic_reouverture_motivee",
                violation_error_message="Rouvrir un diagnostic signé demande un motif.",
            ),
            models.CheckConstraint(
                condition=Q(etat="a_commencer", commence_le__isnull=True)
                | (~Q(etat="a_commencer") & Q(commence_le__isnull=False, commence_par__isnull=False)),
                name="diagnostic_commence_par_quelqu_un",
            ),
        ]
        indexes = [models.Index(fields=["campagne", "etat"], name="diagnostic_campagne_etat")]

    def __str__(self) -> str:
        return f"Diagnostic {self.campagne.annee_scolaire} · {self.etablissement}"

    @property
    def commence(self) -> bool:
        return self.etat != self.Etat.A_COMMENCER

    @property
    def modifiable(self) -> bool:
        return self.etat in (self.Etat.BROUILLON, self.Etat.ROUVERT)

    @property
    def dernier_jour(self) -> datetime.date:
        """The last day to change and sign: what was signed in time may be corrected for a while after the deadline."""
        if self.etat in (self.Etat.SOUMIS, self.Etat.ROUVERT):
            return self.date_cloture + datetime.timedelta(days=self.campagne.jours_de_correction)
        return self.date_cloture


@pghistory.track(exclude=["modifiee_le"])
class Reponse(ModelePerimetre):
    """The school's answer to one indicator; `version` grows by one at each change."""

    PERIMETRE = par_etablissement("diagnostic__etablissement")

    diagnostic = models.ForeignKey(Diagnostic, models.CASCADE, related_name="reponses")
    indicateur = models.ForeignKey(Indicateur, models.PROTECT, related_name="reponses")
    valeur = models.CharField(
        "réponse", max_length=11, blank=True, choices=[(v.value, libelle) for v, libelle in LIBELLES_VALEURS.items()]
    )
    motif = models.TextField("raison du « sans objet »", blank=True)
    commentaire = models.TextField(blank=True)
    a_reconfirmer = models.BooleanField(
        "à reconfirmer", default=False, help_text="Reprise d'une autre année ou version : ne compte pas encore."
    )
    annee_reprise = models.CharField(
        "année d'où elle est reprise",
        max_length=9,
        blank=True,
        default="",
        db_default="",
        help_text="Vide pour une réponse à reconfirmer parce que sa question a changé.",
    )
    version = models.PositiveIntegerField(default=1)
    modifiee_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="modifiée par")
    modifiee_le = models.DateTimeField("modifiée le")

    class Meta:
        verbose_name = "réponse"
        constraints = [
            models.UniqueConstraint(fields=["diagnostic", "indicateur"], name="reponse_unique"),
            models.CheckConstraint(
                condition=Q(valeur__in=["", *Valeur]),
                name="reponse_valeur_connue",
                violation_error_message="Cette réponse n'est pas dans la liste.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicateur_id} : {self.valeur or 'sans réponse'}"


def chemin_preuve(preuve: Preuve, nom: str) -> str:
    """Where a proof is kept: never under the name it came with."""
    return f"preuves/{preuve.cle.hex[:2]}/{preuve.cle.hex}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Preuve(ModelePerimetre):
    """A link or a file that backs an answer."""

    PERIMETRE = par_etablissement("diagnostic__etablissement")

    cle = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    diagnostic = models.ForeignKey(Diagnostic, models.CASCADE, related_name="preuves")
    indicateur = models.ForeignKey(Indicateur, models.PROTECT, related_name="preuves")
    intitule = models.CharField("intitulé", max_length=150)
    date_piece = models.DateField("date de la pièce", null=True, blank=True)
    lien = models.URLField(max_length=500, blank=True)
    fichier = models.FileField(upload_to=chemin_preuve, blank=True)
    nom_fichier = models.CharField("nom du fichier", max_length=255, blank=True)
    type_contenu = models.CharField("type", max_length=100, blank=True)
    taille = models.PositiveIntegerField("taille en octets", default=0)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    deposee_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="déposée par")
    deposee_le = models.DateTimeField("déposée le")

    class Meta:
        verbose_name = "preuve"
        ordering = ["deposee_le", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(lien="") & ~Q(fichier="")) | (~Q(lien="") & Q(fichier="")),
                name="preuve_lien_ou_fichier",
                violation_error_message="Une preuve est un lien ou un fichier, l'un des deux.",
            )
        ]

    def __str__(self) -> str:
        return self.intitule

    def de_plus_de_deux_ans(self, jour: datetime.date) -> bool:
        """Whether the piece is older than 24 months on `jour`; without a date, it is as old as its deposit."""
        date = self.date_piece or self.deposee_le.date()
        return (jour.year - 2, jour.month, jour.day) > (date.year, date.month, date.day)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Delegation(ModelePerimetre):
    """A champ that the head has confided to a colleague; by its code, which stays from version to version."""

    PERIMETRE = par_etablissement("diagnostic__etablissement")

    diagnostic = models.ForeignKey(Diagnostic, models.CASCADE, related_name="delegations")
    champ = models.CharField("code du champ", max_length=8)
    utilisateur = models.ForeignKey(Utilisateur, models.CASCADE, related_name="+", verbose_name="collègue")
    confiee_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="confiée par")
    confiee_le = models.DateTimeField("confiée le")

    class Meta:
        verbose_name = "délégation"
        ordering = ["champ", "utilisateur"]
        constraints = [
            models.UniqueConstraint(
                fields=["diagnostic", "champ", "utilisateur"],
                name="delegation_unique",
                violation_error_message="Ce champ est déjà confié à cette personne.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.champ} · {self.utilisateur_id}"


@pghistory.track()
class VoteReunion(ModelePerimetre):
    """What a meeting said of one indicator: counted hands, never names; the answer agreed on is a Reponse."""

    PERIMETRE = par_etablissement("diagnostic__etablissement")

    diagnostic = models.ForeignKey(Diagnostic, models.CASCADE, related_name="votes")
    indicateur = models.ForeignKey(Indicateur, models.PROTECT, related_name="+")
    oui = models.PositiveSmallIntegerField(default=0)
    en_partie = models.PositiveSmallIntegerField(default=0)
    non = models.PositiveSmallIntegerField(default=0)
    ne_sait_pas = models.PositiveSmallIntegerField(default=0)
    desaccord = models.TextField("désaccord", blank=True)
    version = models.PositiveIntegerField(default=1)
    note_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="noté par")
    note_le = models.DateTimeField("noté le")

    class Meta:
        verbose_name = "vote de réunion"
        verbose_name_plural = "votes de réunion"
        constraints = [models.UniqueConstraint(fields=["diagnostic", "indicateur"], name="vote_unique")]

    def __str__(self) -> str:
        return f"{self.indicateur_id} : {self.oui}/{self.en_partie}/{self.non}/{self.ne_sait_pas}"


class CopieSigneeQuerySet(QuerySetPerimetre):
    def sans_pdf(self) -> Self:
        """Everything but the PDF's bytes, which only its download needs."""
        return self.defer("pdf")


@pghistory.track(exclude=["pdf", "contenu"])
class CopieSignee(ModelePerimetre):
    """What was signed, frozen: the canonical JSON and the PDF, each with its SHA-256."""

    PERIMETRE = par_etablissement("diagnostic__etablissement")

    diagnostic = models.ForeignKey(Diagnostic, models.PROTECT, related_name="copies")
    version = models.PositiveSmallIntegerField()
    signataire = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+")
    nom_signataire = models.CharField(max_length=160)
    fonction_signataire = models.CharField(max_length=60)
    signee_le = models.DateTimeField("signée le")
    contenu = models.TextField("JSON canonique")
    sha256_contenu = models.CharField("SHA-256 du JSON", max_length=64)
    pdf = models.BinaryField("PDF")
    sha256_pdf = models.CharField("SHA-256 du PDF", max_length=64)

    objects = CopieSigneeQuerySet.as_manager()

    class Meta:
        verbose_name = "copie signée"
        verbose_name_plural = "copies signées"
        ordering = ["-diagnostic__campagne__annee_scolaire", "-version"]
        constraints = [models.UniqueConstraint(fields=["diagnostic", "version"], name="copie_signee_unique")]
        triggers = [pgtrigger.Protect(name="copie_figee", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.diagnostic_id} version {self.version}"
