"""Training, the first lever: what is needed, what is held, who was there (counted, never named), what it changed."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from plans.models import Action, Besoin, IndicateurSuivi, ModeleCorbeille
from strategie.socle.models import (
    Academie,
    District,
    Etablissement,
    ModelePerimetre,
    Utilisateur,
    par_academie,
    par_etablissement,
)


class Equipe(models.TextChoices):
    """Those who are trained, as a school counts them."""

    ENSEIGNANTS = "enseignants", "Enseignants"
    VIE_SCOLAIRE = "vie_scolaire", "Vie scolaire"
    AESH = "aesh", "AESH"
    ADMINISTRATION = "administration", "Administration et santé"
    AGENTS = "agents", "Agents"
    DIRECTION = "direction", "Direction"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent())
class ReglagesFormation(ModelePerimetre):
    """What an académie calls a training made for one school, and the smallest group it is made for."""

    PERIMETRE = par_academie("academie")

    academie = models.OneToOneField(
        Academie, models.CASCADE, related_name="reglages_formation", verbose_name="académie"
    )
    sigle = models.CharField(max_length=12, default="FIL")
    nom_local = models.CharField("nom complet", max_length=80, default="Formation d'initiative locale")
    effectif_minimum = models.PositiveSmallIntegerField("groupe minimum", default=10)
    semaines_avant = models.PositiveSmallIntegerField("semaines de préavis", default=8)
    version = models.PositiveIntegerField(default=1)
    fixes_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="fixés par")
    fixes_le = models.DateTimeField("fixés le")

    class Meta:
        verbose_name = "réglages de la formation"
        verbose_name_plural = "réglages de la formation"
        constraints = [
            models.CheckConstraint(condition=Q(effectif_minimum__range=(1, 100)), name="formation_groupe_minimum"),
            models.CheckConstraint(condition=Q(semaines_avant__lte=52), name="formation_preavis"),
        ]

    def __str__(self) -> str:
        return f"{self.sigle} · {self.academie_id}"


@pghistory.track(exclude=["cle"])
class BesoinFormation(ModeleCorbeille):
    """A training that a school needs, from the wish to what it changed. People are counted, never named."""

    PERIMETRE = par_etablissement("etablissement")

    class Modalite(models.TextChoices):
        PAF = "paf", "Programme académique (PAF)"
        LOCALE = "locale", "Formation faite pour l'établissement"
        PAIRS = "pairs", "Pair à pair"
        AUTO = "auto", "Autoformation"

    class Origine(models.TextChoices):
        SAISI = "saisi", "Saisi"
        ENQUETE = "enquete", "Enquête des équipes"
        INDICATEUR = "indicateur", "Indicateur du diagnostic"
        ACTION = "action", "Action du plan"

    class Etat(models.TextChoices):
        EXPRIME = "exprime", "Exprimé"
        DEMANDE = "demande", "Demandé"
        ACCORDE = "accorde", "Accordé"
        REALISE = "realise", "Réalisé"
        EVALUE = "evalue", "Évalué"
        REFUSE = "refuse", "Refusé"
        ANNULE = "annule", "Annulé"

    A_RAISON = (Etat.REFUSE, Etat.ANNULE)
    # Trainers' hours are held by what is granted, asked by what waits for an answer.
    ENGAGES = (Etat.ACCORDE, Etat.REALISE, Etat.EVALUE)

    etablissement = models.ForeignKey(
        Etablissement, models.PROTECT, related_name="besoins_formation", verbose_name="établissement"
    )
    annee_scolaire = models.CharField("année scolaire", max_length=9)
    trimestre = models.PositiveSmallIntegerField("trimestre souhaité", null=True, blank=True)
    intitule = models.CharField("intitulé", max_length=200)
    constat = models.CharField("constat de départ", max_length=600, blank=True)
    objectif = models.CharField("objectif professionnel", max_length=600, blank=True)
    equipes = ArrayField(models.CharField(max_length=14, choices=Equipe), default=list, verbose_name="équipes")
    effectif = models.PositiveSmallIntegerField("nombre de personnes")
    modalite = models.CharField("modalité", max_length=6, choices=Modalite)
    heures = models.DecimalField("durée par personne (heures)", max_digits=6, decimal_places=2)
    heures_formateur = models.DecimalField("heures de formateur du district", max_digits=7, decimal_places=2, default=0)
    personnes_ressources = models.CharField("appuis", max_length=300, blank=True)
    suite = models.CharField("suite prévue dans l'établissement", max_length=600, blank=True)
    effet_attendu = models.CharField("effet attendu", max_length=400, blank=True)
    indicateur = models.ForeignKey(
        IndicateurSuivi, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="indicateur d'effet"
    )
    action = models.ForeignKey(
        Action, models.SET_NULL, null=True, blank=True, related_name="formations", verbose_name="action du plan"
    )
    besoin = models.ForeignKey(
        Besoin, models.SET_NULL, null=True, blank=True, related_name="formations", verbose_name="besoin retenu"
    )
    origine = models.CharField(max_length=10, choices=Origine, default=Origine.SAISI)
    reference = models.CharField("ce dont il vient", max_length=60, blank=True)
    etat = models.CharField("état", max_length=8, choices=Etat, default=Etat.EXPRIME)
    etat_avant_arret = models.CharField(max_length=8, choices=Etat, blank=True)
    raison = models.CharField(max_length=300, blank=True)
    demande_le = models.DateField("demandé le", null=True, blank=True)
    reponse_le = models.DateField("répondu le", null=True, blank=True)
    bilan = models.TextField("ce que la formation a changé", blank=True)
    evalue_le = models.DateField("évalué le", null=True, blank=True)
    cle = models.UUIDField("clé du formulaire", unique=True, editable=False)
    cree_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="créé par")
    cree_le = models.DateTimeField("créé le")

    class Meta:
        verbose_name = "besoin de formation"
        verbose_name_plural = "besoins de formation"
        ordering = ["annee_scolaire", F("trimestre").asc(nulls_last=True), "intitule", "pk"]
        indexes = [models.Index(fields=["etablissement", "annee_scolaire"], name="formation_ecole_annee")]
        constraints = [
            models.CheckConstraint(condition=~Q(intitule=""), name="formation_intitule"),
            models.CheckConstraint(condition=Q(effectif__range=(1, 2_000)), name="formation_effectif"),
            models.CheckConstraint(condition=Q(heures__gt=0, heures__lte=400), name="formation_heures"),
            models.CheckConstraint(
                condition=Q(heures_formateur__gte=0, heures_formateur__lte=5_000), name="formation_heures_formateur"
            ),
            models.CheckConstraint(
                condition=Q(trimestre__isnull=True) | Q(trimestre__range=(1, 3)), name="formation_trimestre"
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=["refuse", "annule"]) | ~Q(raison=""),
                name="formation_raison",
                violation_error_message="Un refus ou une annulation dit pourquoi.",
            ),
            models.CheckConstraint(
                condition=~Q(etat="evalue") | (~Q(bilan="") & Q(evalue_le__isnull=False)),
                name="formation_evaluee",
                violation_error_message="Évaluer une formation, c'est dire ce qu'elle a changé.",
            ),
        ]

    def __str__(self) -> str:
        return self.intitule

    @property
    def arretee(self) -> bool:
        return self.etat in self.A_RAISON


@pghistory.track(exclude=["cle"])
class Seance(ModelePerimetre):
    """One meeting of a training: when, how long, by whom, for how much."""

    PERIMETRE = par_etablissement("formation__etablissement")

    class Intervenant(models.TextChoices):
        DISTRICT = "district", "Formateur du district"
        EAFC = "eafc", "École académique (EAFC)"
        COLLEGUE = "collegue", "Collègue de l'établissement"
        COLLECTIVITE = "collectivite", "Collectivité"
        PRESTATAIRE = "prestataire", "Prestataire"
        AUCUN = "aucun", "Sans intervenant"

    class Etat(models.TextChoices):
        PREVUE = "prevue", "Prévue"
        TENUE = "tenue", "Tenue"
        ANNULEE = "annulee", "Annulée"

    formation = models.ForeignKey(BesoinFormation, models.CASCADE, related_name="seances")
    jour = models.DateField()
    heures = models.DecimalField(max_digits=5, decimal_places=2)
    intervenant = models.CharField(max_length=12, choices=Intervenant)
    organisme = models.CharField("organisme", max_length=120, blank=True)
    cout = models.DecimalField("coût", max_digits=12, decimal_places=2, default=0)
    etat = models.CharField("état", max_length=7, choices=Etat, default=Etat.PREVUE)
    raison = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    cle = models.UUIDField("clé du formulaire", unique=True, editable=False)

    class Meta:
        verbose_name = "séance"
        ordering = ["jour", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(heures__gt=0, heures__lte=100), name="seance_heures"),
            models.CheckConstraint(condition=Q(cout__gte=0), name="seance_cout"),
            models.CheckConstraint(
                condition=~Q(etat="annulee") | ~Q(raison=""),
                name="seance_raison",
                violation_error_message="Une séance annulée dit pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.formation_id} · {self.jour:%d/%m/%Y}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Presence(ModelePerimetre):
    """How many of a team were at a meeting."""

    PERIMETRE = par_etablissement("seance__formation__etablissement")

    seance = models.ForeignKey(Seance, models.CASCADE, related_name="presences", verbose_name="séance")
    equipe = models.CharField("équipe", max_length=14, choices=Equipe)
    presents = models.PositiveSmallIntegerField("présents")

    class Meta:
        verbose_name = "présence"
        constraints = [
            models.UniqueConstraint(fields=["seance", "equipe"], name="presence_unique"),
            models.CheckConstraint(condition=Q(presents__lte=2_000), name="presence_nombre"),
        ]

    def __str__(self) -> str:
        return f"{self.seance_id} · {self.equipe} : {self.presents}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class EffectifEquipe(ModelePerimetre):
    """How many people a team of the school has in a school year: what coverage is counted on."""

    PERIMETRE = par_etablissement("etablissement")

    etablissement = models.ForeignKey(
        Etablissement, models.CASCADE, related_name="effectifs_equipes", verbose_name="établissement"
    )
    annee_scolaire = models.CharField("année scolaire", max_length=9)
    equipe = models.CharField("équipe", max_length=14, choices=Equipe)
    effectif = models.PositiveSmallIntegerField("nombre de personnes")

    class Meta:
        verbose_name = "effectif d'une équipe"
        verbose_name_plural = "effectifs des équipes"
        constraints = [
            models.UniqueConstraint(fields=["etablissement", "annee_scolaire", "equipe"], name="effectif_unique"),
            models.CheckConstraint(condition=Q(effectif__lte=2_000), name="effectif_nombre"),
        ]

    def __str__(self) -> str:
        return f"{self.etablissement_id} · {self.equipe} : {self.effectif}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent())
class CapaciteFormateurs(ModelePerimetre):
    """The hours that a district's trainers may give in a school year."""

    PERIMETRE = par_academie("district__academie")

    district = models.ForeignKey(District, models.CASCADE, related_name="capacites_formateurs")
    annee_scolaire = models.CharField("année scolaire", max_length=9)
    heures = models.DecimalField(max_digits=8, decimal_places=2)
    version = models.PositiveIntegerField(default=1)
    fixee_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="fixée par")
    fixee_le = models.DateTimeField("fixée le")

    class Meta:
        verbose_name = "heures de formateurs"
        verbose_name_plural = "heures de formateurs"
        constraints = [
            models.UniqueConstraint(fields=["district", "annee_scolaire"], name="capacite_unique"),
            models.CheckConstraint(condition=Q(heures__gte=0), name="capacite_heures"),
        ]

    def __str__(self) -> str:
        return f"{self.district_id} · {self.annee_scolaire} : {self.heures} h"
