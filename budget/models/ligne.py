"""The budget, third lever: exercices, lines, what pays for them, and the corrections that are voted."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from budget.models.achat import Achat
from budget.models.formation import BesoinFormation
from budget.models.parties import Partie
from plans.models import Action, ModeleCorbeille
from strategie.socle.models import Etablissement, ModelePerimetre, Utilisateur, par_etablissement


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent())
class Exercice(ModelePerimetre):
    """A civil year of a school's money. Once closed it changes no more, until its head opens it again."""

    PERIMETRE = par_etablissement("etablissement")

    etablissement = models.ForeignKey(
        Etablissement, models.CASCADE, related_name="exercices", verbose_name="établissement"
    )
    annee = models.PositiveSmallIntegerField("année")
    clos_le = models.DateTimeField("clos le", null=True, blank=True)
    clos_par = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="clos par"
    )
    raison = models.CharField("raison de la réouverture", max_length=300, blank=True)

    class Meta:
        ordering = ["annee"]
        constraints = [
            models.UniqueConstraint(fields=["etablissement", "annee"], name="exercice_unique"),
            models.CheckConstraint(condition=Q(annee__range=(2000, 2100)), name="exercice_annee"),
        ]

    def __str__(self) -> str:
        return str(self.annee)


@pghistory.track(exclude=["cle"])
class LigneBudget(ModeleCorbeille):
    """Something to pay in a civil year, and the school year that it serves: planned, engaged, paid.

    `prevu` is what holds today, corrections included. An école has no budget of its own: its lines say who pays.
    """

    PERIMETRE = par_etablissement("etablissement")

    class Section(models.TextChoices):
        INVESTISSEMENT = "investissement", "Investissement"
        FONCTIONNEMENT = "fonctionnement", "Fonctionnement"

    class Service(models.TextChoices):
        AP = "AP", "AP : activités pédagogiques"
        VE = "VE", "VE : vie de l'élève"
        ALO = "ALO", "ALO : administration et logistique"
        OPC = "OPC", "OPC : opérations en capital"
        AUCUN = "", "Aucun"

    class Origine(models.TextChoices):
        SAISIE = "saisie", "Saisie"
        TABLEUR = "tableur", "Tableur"
        ACHAT = "achat", "Coût complet d'un achat"
        FORMATION = "formation", "Formation"
        DEMONSTRATION = "demonstration", "Démonstration"

    etablissement = models.ForeignKey(
        Etablissement, models.PROTECT, related_name="lignes_budget", verbose_name="établissement"
    )
    exercice = models.PositiveSmallIntegerField()
    annee_scolaire = models.CharField("année scolaire servie", max_length=9)
    intitule = models.CharField("intitulé", max_length=200)
    section = models.CharField(max_length=14, choices=Section)
    levier = models.CharField(max_length=14, choices=Action.Levier)
    action = models.ForeignKey(
        Action, models.SET_NULL, null=True, blank=True, related_name="lignes_budget", verbose_name="action du plan"
    )
    achat = models.ForeignKey(Achat, models.PROTECT, null=True, blank=True, related_name="lignes")
    formation = models.ForeignKey(BesoinFormation, models.PROTECT, null=True, blank=True, related_name="lignes")
    service = models.CharField(max_length=3, choices=Service, blank=True)
    activite = models.CharField("code d'activité", max_length=20, blank=True)
    compte = models.CharField(max_length=20, blank=True)
    payeur = models.CharField(max_length=12, choices=Partie, default=Partie.EPLE)
    prevu = models.DecimalField("prévu", max_digits=13, decimal_places=2, default=0)
    engage = models.DecimalField("engagé", max_digits=13, decimal_places=2, default=0)
    paye = models.DecimalField("payé", max_digits=13, decimal_places=2, default=0)
    note = models.CharField(max_length=300, blank=True)
    origine = models.CharField(max_length=13, choices=Origine, default=Origine.SAISIE)
    reference = models.CharField("référence dans le fichier d'origine", max_length=120, blank=True)
    cle = models.UUIDField("clé du formulaire", unique=True, editable=False)
    cree_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="créée par")
    cree_le = models.DateTimeField("créée le")

    class Meta:
        verbose_name = "ligne de budget"
        verbose_name_plural = "lignes de budget"
        ordering = ["exercice", "section", "intitule", "pk"]
        indexes = [
            models.Index(fields=["etablissement", "exercice"], name="ligne_ecole_exercice"),
            models.Index(fields=["etablissement", "annee_scolaire"], name="ligne_ecole_annee"),
        ]
        constraints = [
            models.UniqueConstraint(
                "etablissement",
                "exercice",
                Lower("reference"),
                condition=~Q(reference="") & Q(supprime_le__isnull=True),
                name="ligne_reference_unique",
                violation_error_message="Cette référence est déjà celle d'une ligne de l'exercice.",
            ),
            models.CheckConstraint(condition=~Q(intitule=""), name="ligne_intitule"),
            models.CheckConstraint(condition=Q(exercice__range=(2000, 2100)), name="ligne_exercice"),
            models.CheckConstraint(
                condition=Q(prevu__gte=0, engage__gte=0, paye__gte=0),
                name="ligne_montants",
                violation_error_message="Un montant est positif ou nul.",
            ),
        ]

    def __str__(self) -> str:
        return self.intitule


@pghistory.track(exclude=["cle"])
class Financement(ModeleCorbeille):
    """What pays: asked of somebody, granted, received; for a line, for a purchase, or for the exercice as a whole.

    `source` is a code of `budget/donnees/financeurs-v1.json`. What is not granted yet is no resource.
    """

    PERIMETRE = par_etablissement("etablissement")

    etablissement = models.ForeignKey(
        Etablissement, models.PROTECT, related_name="financements", verbose_name="établissement"
    )
    exercice = models.PositiveSmallIntegerField()
    annee_scolaire = models.CharField("année scolaire servie", max_length=9)
    source = models.CharField("financeur", max_length=30)
    intitule = models.CharField("intitulé", max_length=200)
    section = models.CharField(max_length=14, choices=LigneBudget.Section, default=LigneBudget.Section.FONCTIONNEMENT)
    ligne = models.ForeignKey(LigneBudget, models.PROTECT, null=True, blank=True, related_name="financements")
    achat = models.ForeignKey(Achat, models.PROTECT, null=True, blank=True, related_name="financements")
    demande = models.DecimalField("demandé", max_digits=13, decimal_places=2, default=0)
    accorde = models.DecimalField("accordé", max_digits=13, decimal_places=2, default=0)
    recu = models.DecimalField("reçu", max_digits=13, decimal_places=2, default=0)
    demande_le = models.DateField("demandé le", null=True, blank=True)
    accorde_le = models.DateField("accordé le", null=True, blank=True)
    refuse = models.BooleanField("refusé", default=False)
    note = models.CharField(max_length=300, blank=True)
    cle = models.UUIDField("clé du formulaire", unique=True, editable=False)
    cree_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="créé par")
    cree_le = models.DateTimeField("créé le")

    class Meta:
        ordering = ["exercice", "intitule", "pk"]
        indexes = [models.Index(fields=["etablissement", "exercice"], name="financement_ecole_exercice")]
        constraints = [
            models.CheckConstraint(condition=~Q(intitule=""), name="financement_intitule"),
            models.CheckConstraint(condition=Q(exercice__range=(2000, 2100)), name="financement_exercice"),
            models.CheckConstraint(
                condition=Q(demande__gte=0, accorde__gte=0, recu__gte=0) & Q(recu__lte=F("accorde")),
                name="financement_montants",
                violation_error_message="On ne reçoit pas plus que ce qui est accordé.",
            ),
            models.CheckConstraint(condition=Q(refuse=False) | Q(accorde=0), name="financement_refuse"),
            models.CheckConstraint(
                condition=Q(ligne__isnull=True) | Q(achat__isnull=True), name="financement_un_objet"
            ),
        ]

    def __str__(self) -> str:
        return self.intitule


@pghistory.track(exclude=["cle"])
class DecisionModificative(ModelePerimetre):
    """A correction of the budget in the course of its exercice (DBM): for information, or for the board's vote.

    Its movements change the lines when it is adopted, once.
    """

    PERIMETRE = par_etablissement("etablissement")

    class Genre(models.TextChoices):
        INFORMATION = "information", "Pour information"
        VOTE = "vote", "Pour vote"

    class Etat(models.TextChoices):
        PROJET = "projet", "En projet"
        ADOPTEE = "adoptee", "Adoptée"
        REJETEE = "rejetee", "Rejetée"

    etablissement = models.ForeignKey(
        Etablissement, models.PROTECT, related_name="decisions_modificatives", verbose_name="établissement"
    )
    exercice = models.PositiveSmallIntegerField()
    numero = models.PositiveSmallIntegerField("numéro")
    genre = models.CharField(max_length=11, choices=Genre)
    code = models.CharField(max_length=4, blank=True)
    objet = models.CharField(max_length=300)
    etat = models.CharField("état", max_length=7, choices=Etat, default=Etat.PROJET)
    adoptee_le = models.DateField("adoptée le", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    cle = models.UUIDField("clé du formulaire", unique=True, editable=False)
    cree_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="créée par")
    cree_le = models.DateTimeField("créée le")

    class Meta:
        verbose_name = "décision modificative"
        verbose_name_plural = "décisions modificatives"
        ordering = ["exercice", "numero"]
        constraints = [
            models.UniqueConstraint(fields=["etablissement", "exercice", "numero"], name="dbm_unique"),
            models.CheckConstraint(condition=~Q(objet=""), name="dbm_objet"),
            models.CheckConstraint(
                condition=(Q(etat="adoptee") & Q(adoptee_le__isnull=False))
                | (~Q(etat="adoptee") & Q(adoptee_le__isnull=True)),
                name="dbm_adoptee",
            ),
        ]

    def __str__(self) -> str:
        return f"DBM {self.numero} de {self.exercice}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class MouvementBudget(ModelePerimetre):
    """What a correction adds to a line, or takes from it."""

    PERIMETRE = par_etablissement("decision__etablissement")

    decision = models.ForeignKey(DecisionModificative, models.CASCADE, related_name="mouvements")
    ligne = models.ForeignKey(LigneBudget, models.PROTECT, related_name="mouvements")
    montant = models.DecimalField(max_digits=13, decimal_places=2)

    class Meta:
        verbose_name = "mouvement"
        constraints = [
            models.UniqueConstraint(fields=["decision", "ligne"], name="mouvement_unique"),
            models.CheckConstraint(condition=~Q(montant=0), name="mouvement_non_nul"),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} · {self.ligne_id} : {self.montant}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class LigneDeScenario(ModelePerimetre):
    """What a scenario would change of an exercice: another amount for a line, or a line that only it has.

    The plan and the budget are never touched by it.
    """

    PERIMETRE = par_etablissement("etablissement")

    class Scenario(models.TextChoices):
        SOBRE = "sobre", "Sobre"
        AMBITIEUX = "ambitieux", "Ambitieux"

    etablissement = models.ForeignKey(
        Etablissement, models.CASCADE, related_name="lignes_de_scenario", verbose_name="établissement"
    )
    exercice = models.PositiveSmallIntegerField()
    scenario = models.CharField("scénario", max_length=9, choices=Scenario)
    ligne = models.ForeignKey(LigneBudget, models.CASCADE, null=True, blank=True, related_name="scenarios")
    intitule = models.CharField("intitulé", max_length=200, blank=True)
    section = models.CharField(max_length=14, choices=LigneBudget.Section, default=LigneBudget.Section.FONCTIONNEMENT)
    montant = models.DecimalField(max_digits=13, decimal_places=2)

    class Meta:
        verbose_name = "ligne de scénario"
        verbose_name_plural = "lignes de scénario"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scenario", "ligne"], condition=Q(ligne__isnull=False), name="scenario_une_fois_par_ligne"
            ),
            models.CheckConstraint(condition=Q(montant__gte=0), name="scenario_montant"),
            models.CheckConstraint(
                condition=(Q(ligne__isnull=True) & ~Q(intitule="")) | (Q(ligne__isnull=False) & Q(intitule="")),
                name="scenario_ligne_ou_intitule",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scenario} · {self.intitule or self.ligne_id} : {self.montant}"
