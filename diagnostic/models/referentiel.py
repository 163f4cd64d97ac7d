"""The référentiel of maturity: versioned data, locked once published."""

from __future__ import annotations

from decimal import Decimal

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from diagnostic.domain.cotation import Valeur
from strategie.socle.models import Academie, ModelePerimetre, commun


def fige_une_fois_publie() -> pgtrigger.Trigger:
    """The database refuses any change to a part of a published version."""
    return pgtrigger.Trigger(
        name="fige_une_fois_publie",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func="""
            IF EXISTS (
                SELECT 1 FROM diagnostic_referentiel
                WHERE id IN (OLD.referentiel_id, NEW.referentiel_id) AND publie_le IS NOT NULL
            ) THEN
                RAISE EXCEPTION 'Cette version du référentiel est publiée : elle ne change plus.';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


class Referentiel(ModelePerimetre):
    """One version; thresholds belong to it. Common to all (`academie` empty), or an académie's own."""

    PERIMETRE = commun()

    academie = models.ForeignKey(
        Academie, models.PROTECT, null=True, blank=True, related_name="referentiels", verbose_name="académie"
    )
    precedent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="suivants", verbose_name="version d'avant"
    )
    code = models.CharField(max_length=30)
    version = models.PositiveSmallIntegerField()
    titre = models.CharField(max_length=120)
    seuil = models.DecimalField("seuil d'un palier", max_digits=4, decimal_places=3, default=Decimal("0.8"))
    part_inconnue_max = models.DecimalField(
        "part d'inconnu admise", max_digits=4, decimal_places=3, default=Decimal("0.3")
    )
    publie_le = models.DateTimeField("publié le", null=True, blank=True)

    class Meta:
        verbose_name = "référentiel"
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version", "academie"],
                name="referentiel_version_unique",
                nulls_distinct=False,
                violation_error_message="Cette version existe déjà.",
            ),
            models.CheckConstraint(
                condition=Q(seuil__gt=0, seuil__lte=1, part_inconnue_max__gte=0, part_inconnue_max__lt=1),
                name="referentiel_seuils_possibles",
                violation_error_message="Le seuil est compris entre 0 et 1, la part d'inconnu aussi.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="fige_une_fois_publie",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__publie_le__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.titre}, version {self.version}"

    @property
    def publie(self) -> bool:
        return self.publie_le is not None


class Palier(ModelePerimetre):
    PERIMETRE = commun()

    referentiel = models.ForeignKey(Referentiel, models.CASCADE, related_name="paliers", verbose_name="référentiel")
    numero = models.PositiveSmallIntegerField("numéro")
    libelle = models.CharField("libellé", max_length=60)
    definition = models.CharField("définition", max_length=250)

    class Meta:
        ordering = ["numero"]
        constraints = [
            models.UniqueConstraint(fields=["referentiel", "numero"], name="palier_unique"),
            models.CheckConstraint(condition=Q(numero__range=(1, 3)), name="palier_de_1_a_3"),
        ]
        triggers = [fige_une_fois_publie()]

    def __str__(self) -> str:
        return f"Palier {self.numero} · {self.libelle}"


class Champ(ModelePerimetre):
    PERIMETRE = commun()

    referentiel = models.ForeignKey(Referentiel, models.CASCADE, related_name="champs", verbose_name="référentiel")
    code = models.CharField(max_length=8)
    libelle = models.CharField("libellé", max_length=80)
    ordre = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["ordre"]
        constraints = [models.UniqueConstraint(fields=["referentiel", "code"], name="champ_unique")]
        triggers = [fige_une_fois_publie()]

    def __str__(self) -> str:
        return self.libelle


class Indicateur(ModelePerimetre):
    """One observable condition, with the proof expected."""

    PERIMETRE = commun()

    class Levier(models.TextChoices):
        GOUVERNANCE = "gouvernance", "Gouvernance"
        FORMATION = "formation", "Formation"
        EQUIPEMENT = "equipement", "Équipement et infrastructure"
        BUDGET = "budget", "Budget"

    referentiel = models.ForeignKey(Referentiel, models.CASCADE, related_name="indicateurs", verbose_name="référentiel")
    champ = models.ForeignKey(Champ, models.CASCADE, related_name="indicateurs")
    code = models.CharField(max_length=16)
    palier = models.PositiveSmallIntegerField()
    ordre = models.PositiveSmallIntegerField(help_text="Dans le référentiel entier.")
    enonce = models.CharField("énoncé", max_length=400)
    preuve = models.CharField("preuve attendue", max_length=250)
    levier = models.CharField(max_length=12, choices=Levier)
    levier_secondaire = models.CharField(max_length=12, choices=Levier, blank=True)
    portee = ArrayField(models.CharField(max_length=8), verbose_name="portée")
    si_internat = models.BooleanField("seulement avec un internat", default=False)
    si_education_prioritaire = models.BooleanField("seulement en éducation prioritaire", default=False)
    mesure = models.CharField(max_length=120, blank=True)
    bloquant = models.BooleanField("indispensable", default=False)

    class Meta:
        ordering = ["ordre"]
        constraints = [
            models.UniqueConstraint(fields=["referentiel", "code"], name="indicateur_unique"),
            models.CheckConstraint(condition=Q(palier__range=(1, 3)), name="indicateur_palier_de_1_a_3"),
            models.CheckConstraint(
                condition=Q(portee__contained_by=["ecole", "college", "lycee"]) & Q(portee__len__gt=0),
                name="indicateur_portee_connue",
                violation_error_message="La portée nomme au moins une sorte d'établissement : école, collège, lycée.",
            ),
        ]
        triggers = [fige_une_fois_publie()]

    def __str__(self) -> str:
        return f"{self.code} {self.enonce}"


class Correspondance(ModelePerimetre):
    """What became of an indicator of the version before: one row a link between an old and a new one."""

    PERIMETRE = commun()

    class Nature(models.TextChoices):
        CONSERVE = "conserve", "Conservé"
        REFORMULE = "reformule", "Reformulé"
        SCINDE = "scinde", "Scindé"
        FUSIONNE = "fusionne", "Fusionné"
        ABANDONNE = "abandonne", "Abandonné"
        NOUVEAU = "nouveau", "Nouveau"

    referentiel = models.ForeignKey(
        Referentiel, models.CASCADE, related_name="correspondances", verbose_name="nouvelle version"
    )
    nature = models.CharField(max_length=9, choices=Nature)
    ancien = models.ForeignKey(Indicateur, models.CASCADE, null=True, blank=True, related_name="suites")
    nouveau = models.ForeignKey(Indicateur, models.CASCADE, null=True, blank=True, related_name="origines")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["referentiel", "ancien", "nouveau"], name="correspondance_unique", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(nature="abandonne", ancien__isnull=False, nouveau__isnull=True)
                | Q(nature="nouveau", ancien__isnull=True, nouveau__isnull=False)
                | Q(
                    nature__in=["conserve", "reformule", "scinde", "fusionne"],
                    ancien__isnull=False,
                    nouveau__isnull=False,
                ),
                name="correspondance_nature_dit_les_deux_bouts",
                violation_error_message="Un abandon n'a pas de suite, une nouveauté n'a pas d'origine.",
            ),
        ]
        triggers = [fige_une_fois_publie()]

    def __str__(self) -> str:
        return f"{self.ancien_id or '–'} → {self.nouveau_id or '–'} ({self.get_nature_display()})"


class ReglePlausibilite(ModelePerimetre):
    """« If this is answered here, that is expected there »: says what looks contradictory, changes no result.

    Not locked with its version: what is signed does not rest on it.
    """

    PERIMETRE = commun()

    class Gravite(models.TextChoices):
        BLOQUANTE = "bloquante", "Empêche de signer"
        AVERTISSEMENT = "avertissement", "Avertissement"

    referentiel = models.ForeignKey(Referentiel, models.CASCADE, related_name="regles", verbose_name="référentiel")
    code = models.CharField(max_length=8)
    gravite = models.CharField("gravité", max_length=13, choices=Gravite)
    phrase = models.CharField(max_length=300)
    si = models.ForeignKey(Indicateur, models.CASCADE, related_name="+")
    si_valeurs = ArrayField(models.CharField(max_length=11))
    alors = models.ForeignKey(Indicateur, models.CASCADE, related_name="+")
    alors_valeurs = ArrayField(models.CharField(max_length=11))

    class Meta:
        verbose_name = "règle de plausibilité"
        verbose_name_plural = "règles de plausibilité"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["referentiel", "code"], name="regle_unique"),
            models.CheckConstraint(
                condition=Q(si_valeurs__contained_by=list(Valeur)) & Q(alors_valeurs__contained_by=list(Valeur)),
                name="regle_valeurs_connues",
                violation_error_message="Une valeur de cette règle n'est pas une réponse possible.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.phrase}"
