"""What everything rests on: lines and their measured throughput, filtering, fleet, servers, backups."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q

from budget.models.parties import Partie
from strategie.socle.models import Etablissement, ModelePerimetre, Utilisateur, par_etablissement


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Raccordement(ModelePerimetre):
    """A line to the Internet; throughputs are in megabits per second."""

    PERIMETRE = par_etablissement("etablissement")

    class Technologie(models.TextChoices):
        FIBRE = "fibre", "Fibre"
        CABLE = "cable", "Câble"
        DSL = "dsl", "ADSL, VDSL"
        MOBILE = "mobile", "4G, 5G"
        SATELLITE = "satellite", "Satellite"
        AUTRE = "autre", "Autre"
        INCONNUE = "", "On ne sait pas"

    class Usage(models.TextChoices):
        COMMUN = "commun", "Pédagogique et administratif"
        PEDAGOGIQUE = "pedagogique", "Pédagogique"
        ADMINISTRATIF = "administratif", "Administratif"

    etablissement = models.ForeignKey(
        Etablissement, models.CASCADE, related_name="raccordements", verbose_name="établissement"
    )
    intitule = models.CharField("intitulé", max_length=80)
    technologie = models.CharField(max_length=9, choices=Technologie, blank=True)
    usage = models.CharField(max_length=13, choices=Usage, default=Usage.COMMUN)
    descendant = models.DecimalField(
        "débit descendant prévu (Mbit/s)", max_digits=8, decimal_places=2, null=True, blank=True
    )
    montant = models.DecimalField("débit montant prévu (Mbit/s)", max_digits=8, decimal_places=2, null=True, blank=True)
    payeur = models.CharField(max_length=12, choices=Partie, blank=True)
    exploitant = models.CharField("qui s'en occupe", max_length=12, choices=Partie, blank=True)
    contrat_jusqu_au = models.DateField("contrat jusqu'au", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    retire_le = models.DateTimeField("retiré le", null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(intitule=""), name="raccordement_intitule"),
            models.CheckConstraint(
                condition=(Q(descendant__isnull=True) | Q(descendant__gt=0))
                & (Q(montant__isnull=True) | Q(montant__gt=0)),
                name="raccordement_debits",
            ),
        ]

    def __str__(self) -> str:
        return self.intitule


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class MesureDebit(ModelePerimetre):
    """What a line really gave, on a day, at an hour, somewhere in the school."""

    PERIMETRE = par_etablissement("raccordement__etablissement")

    raccordement = models.ForeignKey(Raccordement, models.CASCADE, related_name="mesures")
    mesure_le = models.DateTimeField("mesuré le")
    descendant = models.DecimalField("débit descendant (Mbit/s)", max_digits=8, decimal_places=2)
    montant = models.DecimalField("débit montant (Mbit/s)", max_digits=8, decimal_places=2, null=True, blank=True)
    lieu = models.CharField(max_length=80, blank=True)
    mesure_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="mesuré par")

    class Meta:
        verbose_name = "mesure de débit"
        verbose_name_plural = "mesures de débit"
        ordering = ["mesure_le"]
        constraints = [
            models.UniqueConstraint(fields=["raccordement", "mesure_le"], name="mesure_unique"),
            models.CheckConstraint(
                condition=Q(descendant__gte=0) & (Q(montant__isnull=True) | Q(montant__gte=0)), name="mesure_debits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.raccordement_id} · {self.descendant} Mbit/s"


@pghistory.track()
class ServiceReseau(ModelePerimetre):
    """One of the services that every school should have: is it there, and who operates it?"""

    PERIMETRE = par_etablissement("etablissement")

    class Sorte(models.TextChoices):
        FILTRAGE = "filtrage", "Filtrage des contenus"
        PARE_FEU = "pare_feu", "Pare-feu"
        COMPTES = "comptes", "Comptes et authentification"
        PARC = "parc", "Gestion du parc (MDM)"
        SERVEUR = "serveur", "Serveur ou stockage partagé"
        SAUVEGARDE = "sauvegarde", "Sauvegardes"
        WIFI = "wifi", "Wi-Fi géré"

    class EnPlace(models.TextChoices):
        OUI = "oui", "Oui"
        NON = "non", "Non"
        NE_SAIT_PAS = "ne_sait_pas", "On ne sait pas"

    etablissement = models.ForeignKey(
        Etablissement, models.CASCADE, related_name="services_reseau", verbose_name="établissement"
    )
    sorte = models.CharField(max_length=10, choices=Sorte)
    en_place = models.CharField(max_length=11, choices=EnPlace)
    precision = models.CharField("précision", max_length=300, blank=True)
    exploitant = models.CharField("qui s'en occupe", max_length=12, choices=Partie, blank=True)
    verifie_le = models.DateField("vérifié le", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    dit_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="dit par")
    dit_le = models.DateTimeField("dit le")

    class Meta:
        verbose_name = "service du réseau"
        verbose_name_plural = "services du réseau"
        constraints = [models.UniqueConstraint(fields=["etablissement", "sorte"], name="service_reseau_unique")]

    def __str__(self) -> str:
        return f"{self.get_sorte_display()} : {self.get_en_place_display()}"
