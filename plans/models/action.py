"""Actions (comment, qui, quand): the moyens of the strategy, what was answered of them, and what became of them."""

from __future__ import annotations

import datetime
from typing import Self

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from plans.models.axe import Axe, Justification
from plans.models.besoin import Besoin
from plans.models.corbeille import ModeleCorbeille, QuerySetCorbeille
from strategie.socle.domain.calendrier import bornes_du_trimestre
from strategie.socle.models import Etablissement, ModelePerimetre, Utilisateur, par_etablissement


class ActionQuerySet(QuerySetCorbeille):
    def publiees(self) -> Self:
        return self.exclude(etat=Action.Etat.BROUILLON)

    def de_l_annee(self, annee: str) -> Self:
        """Those that a school year holds, from the one they begin in to the one they end in."""
        return self.filter(annee_scolaire__lte=annee, annee_fin__gte=annee)

    def avec_justification(self) -> Self:
        """Adds `justifiee`: the action, or the one above it, reaches a backed need by one of its axes."""
        besoins = Besoin.objects.vivants().adosses().values("pk")
        chemins = Contribution.objects.filter(
            action=Coalesce(OuterRef("parent_id"), OuterRef("pk")),
            axe__supprime_le__isnull=True,
            axe__in=Justification.objects.filter(besoin__in=besoins).values("axe"),
        )
        return self.annotate(justifiee=Exists(chemins))


@pghistory.track(exclude=["cle", "modifiee_le"])
class Action(ModeleCorbeille):
    """A moyen. A sub-action has one parent and serves its axes; there are no more than these two levels."""

    PERIMETRE = par_etablissement("etablissement")

    class Levier(models.TextChoices):
        FORMATION = "formation", "Formation et accompagnement"
        EQUIPEMENT = "equipement", "Équipement"
        INFRASTRUCTURE = "infrastructure", "Infrastructure"
        BUDGET = "budget", "Budget"
        ORGANISATION = "organisation", "Organisation"

    class Etat(models.TextChoices):
        BROUILLON = "brouillon", "Brouillon"
        A_VENIR = "a_venir", "À venir"
        EN_COURS = "en_cours", "En cours"
        BLOQUEE = "bloquee", "Bloquée"
        EN_PAUSE = "en_pause", "En pause"
        REALISEE = "realisee", "Réalisée"
        ABANDONNEE = "abandonnee", "Abandonnée"

    class Groupe(models.TextChoices):
        ELEVES = "eleves", "Élèves"
        ENSEIGNANTS = "enseignants", "Enseignants"
        VIE_SCOLAIRE = "vie_scolaire", "Vie scolaire"
        AESH = "aesh", "AESH"
        AGENTS = "agents", "Agents"
        DIRECTION = "direction", "Direction"
        FAMILLES = "familles", "Familles"
        COLLECTIVITE = "collectivite", "Collectivité"
        PARTENAIRES = "partenaires", "Partenaires"

    A_RAISON = (Etat.BLOQUEE, Etat.EN_PAUSE, Etat.ABANDONNEE)
    FINIES = (Etat.REALISEE, Etat.ABANDONNEE)

    etablissement = models.ForeignKey(
        Etablissement, models.PROTECT, related_name="actions", verbose_name="établissement"
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="sous_actions", verbose_name="sous-action de"
    )
    axes = models.ManyToManyField(Axe, through="Contribution", related_name="actions", verbose_name="axes servis")
    levier = models.CharField("moyen", max_length=14, choices=Levier)
    intitule = models.CharField("comment", max_length=250)
    description = models.TextField(blank=True)
    # qui
    porteur = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, blank=True, related_name="actions_portees", verbose_name="porteur"
    )
    fonction_porteuse = models.CharField("fonction qui porte l'action", max_length=80, blank=True)
    contributeurs = models.ManyToManyField(
        Utilisateur, through="Participation", related_name="+", verbose_name="contributeurs"
    )
    autres_contributeurs = models.CharField("autres contributeurs", max_length=400, blank=True)
    groupes = ArrayField(
        models.CharField(max_length=12, choices=Groupe), default=list, blank=True, verbose_name="groupes concernés"
    )
    autres_concernes = models.CharField("autres personnes concernées", max_length=400, blank=True)
    # quand
    annee_scolaire = models.CharField("année scolaire", max_length=9)
    trimestre = models.PositiveSmallIntegerField("trimestre", null=True, blank=True)
    annee_fin = models.CharField("année scolaire de fin", max_length=9)
    trimestre_fin = models.PositiveSmallIntegerField("trimestre de fin", null=True, blank=True)
    echeance = models.DateField("échéance précise", null=True, blank=True)
    # où elle en est
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.BROUILLON)
    raison = models.TextField("raison de l'état", blank=True)
    derniere_nouvelle = models.DateField("dernière nouvelle")
    modele = models.CharField("action proposée pour l'indicateur", max_length=20, blank=True)
    cle = models.UUIDField("clé du formulaire", unique=True, null=True, blank=True, editable=False)
    cree_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="créée par")
    cree_le = models.DateTimeField("créée le")
    modifiee_le = models.DateTimeField("modifiée le")

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["annee_fin", "trimestre_fin", "intitule", "pk"]
        indexes = [models.Index(fields=["etablissement", "annee_fin"]), models.Index(fields=["porteur"])]
        constraints = [
            models.CheckConstraint(condition=~Q(intitule=""), name="action_intitule"),
            models.CheckConstraint(
                condition=Q(porteur__isnull=True) | Q(fonction_porteuse=""),
                name="action_un_porteur",
                violation_error_message="Une action a un porteur : une personne, ou une fonction.",
            ),
            models.CheckConstraint(
                condition=Q(annee_scolaire__lt=F("annee_fin"))
                | Q(annee_scolaire=F("annee_fin"), trimestre__isnull=True)
                | Q(annee_scolaire=F("annee_fin"), trimestre_fin__isnull=True)
                | Q(annee_scolaire=F("annee_fin"), trimestre__lte=F("trimestre_fin")),
                name="action_dates_dans_l_ordre",
                violation_error_message="La fin d'une action ne peut pas précéder son début.",
            ),
            models.CheckConstraint(
                condition=(Q(trimestre__isnull=True) | Q(trimestre__range=(1, 3)))
                & (Q(trimestre_fin__isnull=True) | Q(trimestre_fin__range=(1, 3))),
                name="action_trimestres",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=["bloquee", "en_pause", "abandonnee"]) | ~Q(raison=""),
                name="action_raison",
                violation_error_message="Bloquer, mettre en pause ou abandonner une action demande une raison.",
            ),
            models.CheckConstraint(condition=~Q(parent=F("pk")), name="action_pas_sa_propre_sous_action"),
        ]

    def __str__(self) -> str:
        return self.intitule

    @property
    def debut_prevu(self) -> datetime.date:
        """The first day of its term, or of its school year."""
        return bornes_du_trimestre(self.annee_scolaire, self.trimestre)[0]

    @property
    def fin_prevue(self) -> datetime.date:
        """Its own last day, else that of its term or of its school year."""
        return self.echeance or bornes_du_trimestre(self.annee_fin, self.trimestre_fin)[1]

    @property
    def publiee(self) -> bool:
        return self.etat != self.Etat.BROUILLON

    @property
    def finie(self) -> bool:
        return self.etat in self.FINIES

    def en_retard(self, jour: datetime.date) -> bool:
        """Computed, never chosen: its end has passed and it is neither done nor given up."""
        return self.publiee and not self.finie and self.fin_prevue < jour


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class Contribution(ModelePerimetre):
    """An axe that an action serves."""

    PERIMETRE = par_etablissement("action__etablissement")

    action = models.ForeignKey(Action, models.CASCADE, related_name="contributions")
    axe = models.ForeignKey(Axe, models.CASCADE, related_name="contributions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["action", "axe"], name="contribution_unique")]

    def __str__(self) -> str:
        return f"{self.action_id} · {self.axe_id}"


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class Participation(ModelePerimetre):
    """A colleague who contributes to an action without carrying it."""

    PERIMETRE = par_etablissement("action__etablissement")

    action = models.ForeignKey(Action, models.CASCADE, related_name="participations")
    utilisateur = models.ForeignKey(Utilisateur, models.PROTECT, related_name="participations")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["action", "utilisateur"], name="participation_unique")]

    def __str__(self) -> str:
        return f"{self.action_id} · {self.utilisateur_id}"


@pghistory.track()
class Examen(ModelePerimetre):
    """One of the four questions put to every moyen before it leaves draft, answered in a sentence by somebody."""

    PERIMETRE = par_etablissement("action__etablissement")

    class Question(models.TextChoices):
        NECESSAIRE = "necessaire", "Nécessaire"
        REALISTE = "realiste", "Réaliste"
        REALISABLE = "realisable", "Réalisable"
        COHERENT = "coherent", "Cohérent avec la vision"

    action = models.ForeignKey(Action, models.CASCADE, related_name="examens")
    question = models.CharField(max_length=10, choices=Question)
    favorable = models.BooleanField("oui")
    reponse = models.CharField("réponse en une phrase", max_length=400)
    repondu_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="répondu par")
    repondu_le = models.DateTimeField("répondu le")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["action", "question"], name="examen_unique"),
            models.CheckConstraint(condition=~Q(reponse=""), name="examen_reponse"),
        ]

    def __str__(self) -> str:
        return f"{self.action_id} · {self.question}"


class Suivi(ModelePerimetre):
    """The trail of an action: a line for each change of state, and for what its carriers say; it only grows."""

    PERIMETRE = par_etablissement("action__etablissement")

    action = models.ForeignKey(Action, models.CASCADE, related_name="suivis")
    etat_avant = models.CharField("état avant", max_length=10, choices=Action.Etat)
    etat = models.CharField("état", max_length=10, choices=Action.Etat)
    note = models.TextField(blank=True)
    note_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="noté par")
    note_le = models.DateTimeField("noté le")

    class Meta:
        ordering = ["note_le", "pk"]
        triggers = [pgtrigger.Protect(name="suivi_fige", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.action_id} : {self.etat_avant} → {self.etat}"


@pghistory.track()
class Commentaire(ModelePerimetre):
    """What a colleague says of an action."""

    PERIMETRE = par_etablissement("action__etablissement")

    action = models.ForeignKey(Action, models.CASCADE, related_name="commentaires")
    texte = models.TextField()
    cle = models.UUIDField("clé du formulaire", unique=True)
    auteur = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+")
    ecrit_le = models.DateTimeField("écrit le")
    retire_le = models.DateTimeField("retiré le", null=True, blank=True)

    class Meta:
        ordering = ["ecrit_le", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(texte=""), name="commentaire_texte")]

    def __str__(self) -> str:
        return f"{self.action_id} · {self.auteur_id}"
