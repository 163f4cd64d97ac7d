"""A school's self-diagnosis of a year: its answers, its proofs, its signed copies."""

from __future__ import annotations

import uuid
from typing import Self

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q

from diagnostic.domain.cotation import Valeur
from diagnostic.models.campagne import Campagne
from diagnostic.models.referentiel import Indicateur
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
    def visible_to(self, user: Utilisateur) -> Self:
        """Drafts exist for the school alone; animateur and rectorat see what was signed at least once."""
        signes = Exists(CopieSignee.objects.filter(diagnostic=OuterRef("pk")))
        return self.allowed_to(user, Droit.LIRE_BROUILLON) | self.allowed_to(user, Droit.LIRE_DIAGNOSTIC).filter(signes)


@pghistory.track()
class Diagnostic(ModelePerimetre):
    """One per school and campaign: brouillon → soumis → rouvert (version 2, with a reason) → soumis…"""

    PERIMETRE = par_etablissement("etablissement")

    class Etat(models.TextChoices):
        BROUILLON = "brouillon", "Brouillon"
        SOUMIS = "soumis", "Signé"
        ROUVERT = "rouvert", "Rouvert"

    etablissement = models.ForeignKey(
        Etablissement, models.PROTECT, related_name="diagnostics", verbose_name="établissement"
    )
    campagne = models.ForeignKey(Campagne, models.PROTECT, related_name="diagnostics")
    etat = models.CharField("état", max_length=9, choices=Etat, default=Etat.BROUILLON)
    version = models.PositiveSmallIntegerField(default=1)
    motif_reouverture = models.TextField("motif de la réouverture", blank=True)
    commence_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="commencé par")
    commence_le = models.DateTimeField("commencé le")

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
        ]

    def __str__(self) -> str:
        return f"Diagnostic {self.campagne.annee_scolaire} · {self.etablissement}"

    @property
    def modifiable(self) -> bool:
        return self.etat != self.Etat.SOUMIS


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


@pghistory.track()
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
