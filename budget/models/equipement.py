"""The inventory: lots that were bought together, and what they are made of."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Lower

from budget.models.parties import Partie
from budget.models.salle import Salle
from plans.models import Action, ModeleCorbeille, QuerySetCorbeille
from strategie.socle.models import Academie, Etablissement, ModelePerimetre, Utilisateur, commun, par_etablissement
from strategie.socle.models.territoire import Collectivite, SansAccent


class Categorie(models.TextChoices):
    """What a thing is; the first five are terminals."""

    FIXE = "fixe", "Ordinateur fixe"
    PORTABLE = "portable", "Ordinateur portable"
    TABLETTE = "tablette", "Tablette"
    CLIENT_LEGER = "client_leger", "Client léger"
    HYBRIDE = "hybride", "Tablette à clavier"
    VIDEOPROJECTEUR = "videoprojecteur", "Vidéoprojecteur"
    TABLEAU = "tableau", "Tableau ou écran interactif"
    ECRAN = "ecran", "Écran"
    VISUALISEUR = "visualiseur", "Visualiseur"
    IMPRIMANTE = "imprimante", "Imprimante ou copieur"
    SERVEUR = "serveur", "Serveur ou stockage"
    BORNE = "borne", "Borne Wi-Fi"
    RESEAU = "reseau", "Commutateur ou pare-feu"
    MOBILE = "mobile", "Chariot ou valise mobile"
    SON_IMAGE = "son_image", "Son, image, visioconférence"
    FABRICATION = "fabrication", "Robot, imprimante 3D, carte programmable"
    ACCESSIBILITE = "accessibilite", "Matériel adapté au handicap"
    AUTRE = "autre", "Autre"


TERMINAUX = (
    Categorie.FIXE,
    Categorie.PORTABLE,
    Categorie.TABLETTE,
    Categorie.CLIENT_LEGER,
    Categorie.HYBRIDE,
)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class DureeDeVie(ModelePerimetre):
    """How many years a collectivité means a category to serve; elsewhere the default of `domain.cycle` holds."""

    PERIMETRE = commun()

    collectivite = models.ForeignKey(
        Collectivite, models.CASCADE, related_name="durees_de_vie", verbose_name="collectivité"
    )
    categorie = models.CharField("catégorie", max_length=16, choices=Categorie)
    annees = models.PositiveSmallIntegerField("années")
    fixee_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="fixée par")
    fixee_le = models.DateTimeField("fixée le")

    class Meta:
        verbose_name = "durée de vie"
        verbose_name_plural = "durées de vie"
        constraints = [
            models.UniqueConstraint(fields=["collectivite", "categorie"], name="duree_de_vie_unique"),
            models.CheckConstraint(condition=Q(annees__range=(1, 30)), name="duree_de_vie_annees"),
        ]

    def __str__(self) -> str:
        return f"{self.categorie} : {self.annees} ans"


@pghistory.track()
class Lot(ModeleCorbeille):
    """What came together for one use: « 30 tablettes, 2026 ». Its use is declared each term."""

    PERIMETRE = par_etablissement("etablissement")

    class Frequence(models.TextChoices):
        JAMAIS = "jamais", "Jamais"
        RARE = "rare", "Moins d'une fois par mois"
        MENSUELLE = "mensuelle", "Chaque mois"
        HEBDOMADAIRE = "hebdomadaire", "Chaque semaine"
        QUOTIDIENNE = "quotidienne", "Chaque jour"

    etablissement = models.ForeignKey(Etablissement, models.PROTECT, related_name="lots", verbose_name="établissement")
    intitule = models.CharField("intitulé", max_length=120)
    usage_prevu = models.CharField("usage pédagogique prévu", max_length=300, blank=True)
    public = models.CharField("pour qui", max_length=200, blank=True)
    frequence_prevue = models.CharField("fréquence prévue", max_length=12, choices=Frequence, blank=True)
    action = models.ForeignKey(
        Action, models.SET_NULL, null=True, blank=True, related_name="lots", verbose_name="action du plan"
    )
    cree_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="créé par")
    cree_le = models.DateTimeField("créé le")

    class Meta:
        ordering = ["intitule", "pk"]
        constraints = [
            models.UniqueConstraint(
                "etablissement",
                Lower("intitule"),
                condition=Q(supprime_le__isnull=True),
                name="lot_unique",
                violation_error_message="L'établissement a déjà un lot de ce nom.",
            ),
            models.CheckConstraint(condition=~Q(intitule=""), name="lot_intitule"),
        ]

    def __str__(self) -> str:
        return self.intitule


# Statement-level triggers: an import brings thousands of rows at once. Creation is told by `cree_le` and `source`; an
# event keeps what the row was before, so that its first values are known with nothing written at creation.
@pghistory.track(
    pghistory.UpdateEvent(level=pgtrigger.Statement, row=pghistory.Old),
    pghistory.DeleteEvent(level=pgtrigger.Statement),
    exclude=["recherche", "classement", "cle"],
)
class Equipement(ModeleCorbeille):
    """A line of the inventory: one thing, or `nombre` alike that nothing tells apart. Each counts once.

    Rows lead to their académie, so that lists of a territory read one index, and so that an académie may move to a
    server of its own. What has left stays, with where it went.
    """

    PERIMETRE = par_etablissement("etablissement")

    class Domaine(models.TextChoices):
        PEDAGOGIQUE = "pedagogique", "Pédagogique"
        ADMINISTRATIF = "administratif", "Administratif"

    class Etat(models.TextChoices):
        REUTILISABLE = "reutilisable", "Réutilisable"
        A_REPARER = "a_reparer", "À réparer"
        REFORMABLE = "reformable", "Réformable"
        SORTI = "sorti", "Sorti"

    class Destination(models.TextChoices):
        DON = "don", "Don ou réemploi"
        DEEE = "deee", "Filière des déchets électriques (DEEE)"
        RENDU = "rendu", "Rendu à son propriétaire"
        PERDU = "perdu", "Perdu ou volé"

    class Emprunteur(models.TextChoices):
        ELEVE = "eleve", "Un élève"
        PERSONNEL = "personnel", "Un personnel"
        AUTRE = "autre", "Un autre établissement"

    class Source(models.TextChoices):
        SAISIE = "saisie", "Saisie"
        TABLEUR = "tableur", "Tableur"
        SNIPE_IT = "snipe_it", "Snipe-IT"
        GLPI = "glpi", "GLPI"
        DEMONSTRATION = "demonstration", "Démonstration"

    academie = models.ForeignKey(Academie, models.PROTECT, related_name="+", verbose_name="académie")
    etablissement = models.ForeignKey(
        Etablissement, models.PROTECT, related_name="equipements", verbose_name="établissement"
    )
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, blank=True, related_name="equipements")
    designation = models.CharField("désignation", max_length=120)
    categorie = models.CharField("catégorie", max_length=16, choices=Categorie)
    marque = models.CharField(max_length=60, blank=True)
    modele = models.CharField("modèle", max_length=80, blank=True)
    numero_serie = models.CharField("numéro de série", max_length=80, blank=True)
    etiquette = models.CharField("étiquette", max_length=60, blank=True)
    nombre = models.PositiveIntegerField(default=1)
    salle = models.ForeignKey(Salle, models.PROTECT, null=True, blank=True, related_name="equipements")
    domaine = models.CharField(max_length=14, choices=Domaine, default=Domaine.PEDAGOGIQUE)
    proprietaire = models.CharField("propriétaire", max_length=12, choices=Partie, blank=True)
    payeur = models.CharField(max_length=12, choices=Partie, blank=True)
    mainteneur = models.CharField("qui l'entretient", max_length=12, choices=Partie, blank=True)
    achete_le = models.DateField("acheté le", null=True, blank=True)
    garanti_jusqu_au = models.DateField("garanti jusqu'au", null=True, blank=True)
    suivi_jusqu_au = models.DateField("mis à jour par son fabricant jusqu'au", null=True, blank=True)
    prevu_jusqu_au = models.DateField("prévu pour servir jusqu'au", null=True, blank=True)
    prix = models.DecimalField("prix unitaire", max_digits=12, decimal_places=2, null=True, blank=True)
    etat = models.CharField("état", max_length=12, choices=Etat, default=Etat.REUTILISABLE)
    destination = models.CharField(max_length=5, choices=Destination, blank=True)
    sorti_le = models.DateField("sorti le", null=True, blank=True)
    prete_a = models.CharField("prêté à", max_length=9, choices=Emprunteur, blank=True)
    prete_le = models.DateField("prêté le", null=True, blank=True)
    pret_jusqu_au = models.DateField("à rendre le", null=True, blank=True)
    vu_le = models.DateField("vu le", null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=13, choices=Source, default=Source.SAISIE)
    cle = models.UUIDField("clé de l'envoi", null=True, blank=True, unique=True, editable=False)
    cree_le = models.DateTimeField("créé le", auto_now_add=True, db_default=models.functions.Now())
    recherche = models.GeneratedField(
        expression=SansAccent(
            Concat(
                *(F("designation"), Value(" "), F("marque"), Value(" "), F("modele"), Value(" ")),
                *(F("numero_serie"), Value(" "), F("etiquette")),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
        editable=False,
    )
    # Lists follow it: « Écran » is found between « Clavier » and « Tablette », not after « Visualiseur ».
    classement = models.GeneratedField(
        expression=SansAccent(F("designation")), output_field=models.TextField(), db_persist=True, editable=False
    )

    objects = QuerySetCorbeille.as_manager()

    class Meta:
        verbose_name = "équipement"
        ordering = ["designation", "pk"]
        indexes = [
            models.Index(fields=["etablissement", "classement", "id"], name="equip_ecole_nom"),
            models.Index(fields=["academie", "classement", "id"], name="equip_academie_nom"),
            models.Index(fields=["etablissement", "salle"], name="equip_salle"),
            models.Index(fields=["lot"], name="equip_lot"),
            GinIndex(OpClass(F("recherche"), name="gin_trgm_ops"), name="equip_recherche_trgm"),
        ]
        constraints = [
            models.UniqueConstraint(
                "etablissement",
                Lower("numero_serie"),
                condition=~Q(numero_serie="") & Q(supprime_le__isnull=True),
                name="equip_serie_unique",
                violation_error_message="Ce numéro de série est déjà dans l'inventaire de l'établissement.",
            ),
            models.UniqueConstraint(
                "etablissement",
                Lower("etiquette"),
                condition=~Q(etiquette="") & Q(supprime_le__isnull=True),
                name="equip_etiquette_unique",
                violation_error_message="Cette étiquette est déjà dans l'inventaire de l'établissement.",
            ),
            models.CheckConstraint(condition=~Q(designation=""), name="equip_designation"),
            models.CheckConstraint(condition=Q(nombre__range=(1, 10_000)), name="equip_nombre"),
            models.CheckConstraint(
                condition=Q(nombre=1) | Q(numero_serie="", etiquette=""),
                name="equip_un_numero_une_chose",
                violation_error_message="Une ligne qui a un numéro de série ou une étiquette compte une seule chose.",
            ),
            models.CheckConstraint(condition=Q(prix__isnull=True) | Q(prix__gte=0), name="equip_prix"),
            models.CheckConstraint(
                condition=(Q(etat="sorti") & ~Q(destination="") & Q(sorti_le__isnull=False))
                | (~Q(etat="sorti") & Q(destination="", sorti_le__isnull=True)),
                name="equip_sorti_quelque_part",
                violation_error_message="Ce qui sort de l'inventaire dit où il va, et quand.",
            ),
            models.CheckConstraint(
                condition=Q(prete_a="", prete_le__isnull=True, pret_jusqu_au__isnull=True)
                | (~Q(prete_a="") & Q(prete_le__isnull=False) & ~Q(etat="sorti")),
                name="equip_pret",
                violation_error_message="Un prêt dit à qui et depuis quand ; ce qui est sorti ne se prête plus.",
            ),
            models.CheckConstraint(
                condition=Q(achete_le__isnull=True)
                | (
                    (Q(garanti_jusqu_au__isnull=True) | Q(garanti_jusqu_au__gte=F("achete_le")))
                    & (Q(suivi_jusqu_au__isnull=True) | Q(suivi_jusqu_au__gte=F("achete_le")))
                    & (Q(prevu_jusqu_au__isnull=True) | Q(prevu_jusqu_au__gte=F("achete_le")))
                    & (Q(sorti_le__isnull=True) | Q(sorti_le__gte=F("achete_le")))
                ),
                name="equip_dates_dans_l_ordre",
                violation_error_message="Aucune date ne peut précéder l'achat.",
            ),
        ]

    def __str__(self) -> str:
        return self.designation


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class CorrespondanceImport(ModelePerimetre):
    """Which column of a file said what, kept for the next file with the same headings."""

    PERIMETRE = par_etablissement("etablissement")

    etablissement = models.ForeignKey(Etablissement, models.CASCADE, related_name="+", verbose_name="établissement")
    entetes = models.CharField("empreinte des intitulés", max_length=64)
    colonnes = models.JSONField()
    choisie_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="choisie par")
    choisie_le = models.DateTimeField("choisie le")

    class Meta:
        verbose_name = "correspondance d'import"
        constraints = [
            models.UniqueConstraint(fields=["etablissement", "entetes"], name="correspondance_import_unique")
        ]

    def __str__(self) -> str:
        return f"{self.etablissement_id} · {self.entetes[:8]}"
