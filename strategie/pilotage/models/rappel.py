"""Reminders: what an académie wants of them, who does not want them, and the log of each message.

A message is a row before it is an e-mail, and its key is unique: whatever runs twice writes it once. A worker takes
a row by a committed transaction (« en cours ») before it speaks to the mail server, so that a message leaves at most
once: killed in between, nobody knows, the row says « incertain » and nothing sends it again by itself.
"""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from diagnostic.models import Campagne
from strategie.socle.droits import Role
from strategie.socle.models import (
    Academie,
    Etablissement,
    ModelePerimetre,
    Utilisateur,
    commun,
    par_academie,
    par_etablissement,
)


class SorteDeCourriel(models.TextChoices):
    """What a person may stop; e-mails on which an account depends (password, invitation) are none of these."""

    ECHEANCE = "echeance", "Rappel d'échéance"
    RECAPITULATIF = "recapitulatif", "Récapitulatif mensuel"
    RELANCE = "relance", "Relance"


def jours_par_defaut() -> list[int]:
    return [30, 7, 1]


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent())
class ReglagesRappels(ModelePerimetre):
    """What an académie wants of the reminders that leave by themselves, where it is not what is usual."""

    PERIMETRE = par_academie("academie")

    academie = models.OneToOneField(Academie, models.CASCADE, related_name="reglages_rappels", verbose_name="académie")
    actifs = models.BooleanField("rappels avant la clôture", default=True)
    jours = ArrayField(models.PositiveSmallIntegerField(), default=jours_par_defaut, verbose_name="jours avant")
    recapitulatif = models.BooleanField("récapitulatif mensuel", default=True)
    version = models.PositiveIntegerField(default=1)
    fixes_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="fixés par")
    fixes_le = models.DateTimeField("fixés le")

    class Meta:
        verbose_name = "réglages des rappels"
        verbose_name_plural = "réglages des rappels"

    def __str__(self) -> str:
        return f"Rappels · {self.academie_id}"


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class ArretDeCourriel(ModelePerimetre):
    """A kind of e-mail that a person does not want."""

    PERIMETRE = commun()

    utilisateur = models.ForeignKey(
        Utilisateur, models.CASCADE, related_name="arrets_de_courriel", verbose_name="compte"
    )
    sorte = models.CharField(max_length=13, choices=SorteDeCourriel)
    arrete_le = models.DateTimeField("arrêté le")

    class Meta:
        verbose_name = "arrêt d'un courriel"
        verbose_name_plural = "arrêts de courriels"
        constraints = [models.UniqueConstraint(fields=["utilisateur", "sorte"], name="arret_de_courriel_unique")]

    def __str__(self) -> str:
        return f"{self.utilisateur_id} · {self.sorte}"


class Relance(ModelePerimetre):
    """One sending from the list: who asked, and the sentence that was added."""

    PERIMETRE = par_academie("academie")

    academie = models.ForeignKey(Academie, models.PROTECT, related_name="+", verbose_name="académie")
    campagne = models.ForeignKey(Campagne, models.PROTECT, related_name="relances")
    mot = models.CharField("mot de l'expéditeur", max_length=300, blank=True)
    signature = models.CharField(max_length=300)
    auteur = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+")
    cree_le = models.DateTimeField("créée le")
    cle = models.UUIDField("clé du formulaire", unique=True, editable=False)

    class Meta:
        verbose_name = "relance"
        ordering = ["-cree_le"]

    def __str__(self) -> str:
        return f"{self.campagne_id} · {self.cree_le:%d/%m/%Y}"


class Rappel(ModelePerimetre):
    """One message to one person. `echeance` is the deadline it speaks of, for a monthly digest the first of the month;
    `etape` the number of days before it.
    """

    PERIMETRE = par_etablissement("etablissement")

    class Etat(models.TextChoices):
        A_ENVOYER = "a_envoyer", "À envoyer"
        EN_COURS = "en_cours", "En cours"
        ENVOYE = "envoye", "Envoyé"
        ECARTE = "ecarte", "Écarté"
        ECHEC = "echec", "Échec"
        INCERTAIN = "incertain", "Incertain"

    # Somebody may have received it.
    PARTIS = (Etat.EN_COURS, Etat.ENVOYE, Etat.INCERTAIN)

    sorte = models.CharField(max_length=13, choices=SorteDeCourriel)
    etablissement = models.ForeignKey(
        Etablissement, models.PROTECT, null=True, related_name="rappels", verbose_name="établissement"
    )
    campagne = models.ForeignKey(Campagne, models.PROTECT, null=True, related_name="rappels")
    relance = models.ForeignKey(Relance, models.PROTECT, null=True, related_name="rappels")
    destinataire = models.ForeignKey(Utilisateur, models.CASCADE, related_name="rappels")
    role = models.CharField("rôle", max_length=12, choices=Role, blank=True)
    echeance = models.DateField("échéance")
    etape = models.PositiveSmallIntegerField("jours avant l'échéance", default=0)
    raison = models.CharField(max_length=200, blank=True)
    adresse = models.CharField("adresse électronique", max_length=254, blank=True)
    etat = models.CharField("état", max_length=9, choices=Etat, default=Etat.A_ENVOYER)
    motif = models.CharField("pourquoi", max_length=200, blank=True)
    tentatives = models.PositiveSmallIntegerField(default=0)
    cree_le = models.DateTimeField("créé le")
    pris_le = models.DateTimeField("pris le", null=True)
    envoye_le = models.DateTimeField("envoyé le", null=True)
    reessayer_le = models.DateTimeField("à réessayer le", null=True)

    class Meta:
        verbose_name = "rappel"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["sorte", "etablissement", "destinataire", "echeance", "etape", "relance"],
                nulls_distinct=False,
                name="rappel_une_seule_fois",
            ),
            models.CheckConstraint(
                condition=Q(sorte="recapitulatif", etablissement__isnull=True, campagne__isnull=True)
                | (
                    Q(sorte__in=["echeance", "relance"])
                    & Q(etablissement__isnull=False, campagne__isnull=False)
                    & ~Q(role="")
                ),
                name="rappel_d_un_etablissement",
            ),
            models.CheckConstraint(
                condition=Q(sorte="relance", relance__isnull=False) | (~Q(sorte="relance") & Q(relance__isnull=True)),
                name="rappel_d_une_relance",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=["ecarte", "echec"]) | ~Q(motif=""), name="rappel_dit_pourquoi"
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(etat__in=["a_envoyer", "en_cours", "echec"]), name="rappel_en_attente"
            ),
            models.Index(fields=["etablissement", "-id"], name="rappel_par_etablissement"),
            models.Index(fields=["relance", "etat"], name="rappel_par_relance"),
            models.Index(fields=["cree_le"], name="rappel_par_date"),
        ]

    def __str__(self) -> str:
        return f"{self.sorte} · {self.etablissement_id} · {self.destinataire_id} · {self.echeance}"


class MoisRecapitule(ModelePerimetre):
    """The digests of a month are written for everybody in an académie: later that month, nothing more is."""

    PERIMETRE = par_academie("academie")

    academie = models.ForeignKey(Academie, models.CASCADE, related_name="+", verbose_name="académie")
    mois = models.DateField("premier jour du mois")
    fait_le = models.DateTimeField("fait le")

    class Meta:
        verbose_name = "mois récapitulé"
        verbose_name_plural = "mois récapitulés"
        constraints = [models.UniqueConstraint(fields=["academie", "mois"], name="mois_recapitule_unique")]

    def __str__(self) -> str:
        return f"{self.academie_id} · {self.mois:%m/%Y}"
