"""Counts that dashboards read: of each school, and of each territory it belongs to. Integers only, kept exact.

Nobody writes here but `domain.syntheses`. A trigger on each table of facts notes the schools whose facts have
changed (`FaitChange`, append-only); a fold counts those schools again and carries the differences to their
territories, in one transaction: at any instant, the districts of an académie sum to the académie.

Measures, all of them additive (`mesure` of a territory, key of `comptes` of a school):

Whatever the year (`annee_scolaire` empty):
- `etablissements`, `etablissements.<type>`: schools that count (open, of a known type); `eleves`, `eleves.connus`;
- `parc.<categorie>`: things in service; `parc.terminaux`; `parc.achat.<year>` and `parc.achat.inconnue`: terminals by
  year of purchase; `parc.fin.<year>`: things whose planned life ends that year, `parc.fin_cout.<year>`: what those that
  have a price cost together, in cents, `parc.fin_sans_prix.<year>`: how many have none; `inconnue` for a year where no
  date says it;
- `parc.pour_eleves`: terminals for pupils, in schools whose headcount is known;
- `actions.<etat>`: published actions; `actions.echeance.<date>`: those still to be done, by due date, so that « late »
  is a sum up to today;
- `budget.<exercice>.<section>.prevu|engage|paye`: cents; `budget.<exercice>.etablissements`: schools with lines.

Of a school year:
- `diagnostic.a_commencer|brouillon|signe`: one of the three for each school awaited (« signe »: at least once);
  awaited: its académie has a campaign that year, or it has begun a diagnostic, wherever it was then; a closed school,
  in the years that ended before and in those it has signed;
- `champ.<code>.<0–3>`: palier of the last copy signed; `manque.<indicateur>`: conditions missing for the next palier;
  `non_etabli.<champ>`: too little is known to say whether the next palier is reached;
- `hausse.<champ>`, `stable.<champ>`, `baisse.<champ>`: against the copy signed the year before, where both exist;
- trainings neither refused nor given up, in a year without campaign too: `formation.besoins`, `.effectif`, `.minutes`
  (of a person, times people), `.formateurs_demandes`, `.formateurs_accordes` (minutes of the district's trainers).
"""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from strategie.socle.models import (
    Academie,
    Collectivite,
    Departement,
    District,
    Etablissement,
    ModelePerimetre,
    commun,
    par_etablissement,
)


def compte_a(modele: type[models.Model], nom: str, related_name: str = "+", null: bool = False) -> models.ForeignKey:
    """Where a count was carried: it stays written until it is taken back, whatever becomes of the thing itself."""
    return models.ForeignKey(
        modele, models.DO_NOTHING, null=null, db_constraint=False, db_index=False, related_name=related_name,
        verbose_name=nom,
    )  # fmt: skip


class SyntheseEtablissement(ModelePerimetre):
    """What a school counts for in a year, and the territories to which that was carried."""

    PERIMETRE = par_etablissement("etablissement")

    class Diagnostic(models.TextChoices):
        AUCUN = "", "Pas attendu"
        A_COMMENCER = "a_commencer", "À commencer"
        BROUILLON = "brouillon", "Brouillon"
        SIGNE = "signe", "Signé"

    etablissement = compte_a(Etablissement, "établissement", related_name="syntheses")
    annee_scolaire = models.CharField("année scolaire", max_length=9, blank=True)
    academie = compte_a(Academie, "académie")
    departement = compte_a(Departement, "département")
    district = compte_a(District, "district", null=True)
    collectivite = compte_a(Collectivite, "collectivité", null=True)
    diagnostic = models.CharField(max_length=11, choices=Diagnostic, blank=True)
    signe_le = models.DateField("signé le", null=True)
    paliers = models.JSONField("palier de chaque champ", default=dict)
    comptes = models.JSONField("comptes", default=dict)

    class Meta:
        verbose_name = "synthèse d'un établissement"
        verbose_name_plural = "synthèses des établissements"
        constraints = [
            models.UniqueConstraint(fields=["etablissement", "annee_scolaire"], name="synthese_etablissement_unique")
        ]
        indexes = [
            models.Index(fields=["academie", "annee_scolaire"], name="synthese_academie"),
            models.Index(fields=["departement", "annee_scolaire"], name="synthese_departement"),
            models.Index(fields=["district", "annee_scolaire"], name="synthese_district"),
            models.Index(fields=["collectivite", "annee_scolaire"], name="synthese_collectivite"),
        ]

    def __str__(self) -> str:
        return f"{self.etablissement_id} · {self.annee_scolaire}"


class Niveau(models.TextChoices):
    NATION = "nation", "Nation"
    ACADEMIE = "academie", "Académie"
    DEPARTEMENT = "departement", "Département"
    DISTRICT = "district", "District"
    SANS_DISTRICT = "sans_district", "Sans district"
    COLLECTIVITE = "collectivite", "Collectivité"


class SyntheseTerritoire(ModelePerimetre):
    """One figure of a territory. `cle`: its key; 0 for the nation; for schools without a district, their académie's."""

    PERIMETRE = commun()

    niveau = models.CharField(max_length=13, choices=Niveau)
    cle = models.BigIntegerField("clé")
    annee_scolaire = models.CharField("année scolaire", max_length=9, blank=True)
    mesure = models.CharField(max_length=60)
    valeur = models.BigIntegerField()

    class Meta:
        verbose_name = "synthèse d'un territoire"
        verbose_name_plural = "synthèses des territoires"
        constraints = [
            models.UniqueConstraint(
                fields=["niveau", "cle", "annee_scolaire", "mesure"],
                include=["valeur"],
                name="synthese_territoire_unique",
            )
        ]

    def __str__(self) -> str:
        return f"{self.niveau} {self.cle} · {self.annee_scolaire} · {self.mesure} : {self.valeur}"


class VersionDeSynthese(ModelePerimetre):
    """How often a territory's figures have changed: what a browser's copy of its page is compared with."""

    PERIMETRE = commun()

    niveau = models.CharField(max_length=13, choices=Niveau)
    cle = models.BigIntegerField("clé")
    version = models.BigIntegerField(default=0)
    change_le = models.DateTimeField("changé le", db_default=Now())

    class Meta:
        verbose_name = "version de synthèse"
        verbose_name_plural = "versions de synthèse"
        constraints = [models.UniqueConstraint(fields=["niveau", "cle"], name="version_de_synthese_unique")]

    def __str__(self) -> str:
        return f"{self.niveau} {self.cle} : {self.version}"


class FaitChange(ModelePerimetre):
    """A school whose facts have changed since it was last counted. Lines are only added, then folded and taken away:
    two who write never wait for each other.
    """

    PERIMETRE = commun()

    etablissement_id = models.BigIntegerField("établissement")
    change_le = models.DateTimeField("changé le", db_default=Now())

    class Meta:
        verbose_name = "fait changé"
        verbose_name_plural = "faits changés"

    def __str__(self) -> str:
        return str(self.etablissement_id)
