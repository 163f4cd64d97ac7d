"""The teams' survey: who opens it, the urn in which ballots wait, and the figures that come out of it.

How the anonymity holds (attacks 61 to 68; each is mounted in `tests/diagnostic/test_attaques.py`):

- 61, over time: nothing is counted before the closing but « moins de 5 / 5 et plus » and a rate that moves by five
  people at least (`domain.anonymat.participation`); a ballot's group is sealed with its answers.
- 62, by subtraction: what is published is a partition into parts of k or more; what is held back is kept nowhere, so
  that a district is made of what schools show (`domain.anonymat`).
- 63, unanimity: a band, « 80 % et plus », in place of figures where nearly all answered alike, and nothing where even
  that would tell: a colleague who knows her own ballot still cannot work out anybody else's.
- 64, participation: no table says who was invited by name, or which slip has served; a slip that has served and one
  that has not are answered alike.
- 65, the database's administrator: `BulletinScelle` has a mark, a survey and bytes that only the server's secret opens:
  no time, no order of its own, no group, the same length for all. Giving a ballot writes no other row: `Coupon` rows
  are all written before, in one statement, and never touched again. Neither is in the history. At the counting the
  ballots are deleted, and the half of the key that is in the database is erased.
- 66, stuffing: the mark is the primary key, made from the slip (130 bits) or from the page that was sent.
- 67, free text: warned before sending, kept from ten answers on, shuffled, beside no other answer.
- 68, traffic: ballots of one length, answers of one page, results at a fixed hour.

What it does not protect from, and the page « anonymat » says so: somebody who holds both the server's secret and a
copy of the database made before the counting could open ballots, and know whose they are if she also noted who drew
which slip, or at which minute each one answered; who runs the server may change its program; who holds the link, or
slips of others, may answer several times, and subtract what she wrote herself; colleagues who pool their ballots may
deduce that of the only one who does not; a full turnout, once closed, says that all have answered.
"""

from __future__ import annotations

import datetime
import uuid
from typing import Self

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from diagnostic.domain.anonymat import SEUIL_MINIMAL, SEUIL_PAR_DEFAUT
from diagnostic.models.campagne import FORME_ANNEE
from diagnostic.models.diagnostic import CopieSignee
from strategie.socle.models import Etablissement, ModelePerimetre, QuerySetPerimetre, Utilisateur, par_etablissement

HEURE_DES_RESULTATS = datetime.time(6)


class EnqueteQuerySet(QuerySetPerimetre):
    def depouillees(self) -> Self:
        return self.filter(etat=Enquete.Etat.DEPOUILLEE)


@pghistory.track(exclude=["cle_publique", "sel", "code", "questions"])
class Enquete(ModelePerimetre):
    """A survey of a school's teams. Dates are local to its académie; `questions` are frozen as they were asked.

    ouverte (asked from `date_ouverture` to `date_cloture`) → dépouillée, or annulée (its ballots destroyed unread).
    """

    PERIMETRE = par_etablissement("etablissement")

    class Etat(models.TextChoices):
        OUVERTE = "ouverte", "Ouverte"
        DEPOUILLEE = "depouillee", "Dépouillée"
        ANNULEE = "annulee", "Annulée"

    class Forme(models.TextChoices):
        LONGUE = "longue", "Enquête complète (20 questions)"
        POULS = "pouls", "Pouls (8 questions)"

    class Acces(models.TextChoices):
        LIEN = "lien", "Un lien partagé"
        COUPONS = "coupons", "Des coupons à usage unique"

    etablissement = models.ForeignKey(
        Etablissement, models.PROTECT, related_name="enquetes", verbose_name="établissement"
    )
    annee_scolaire = models.CharField("année scolaire", max_length=9)
    forme = models.CharField(max_length=6, choices=Forme, default=Forme.LONGUE)
    acces = models.CharField("accès", max_length=7, choices=Acces, default=Acces.LIEN)
    date_ouverture = models.DateField("premier jour")
    date_cloture = models.DateField("dernier jour")
    seuil = models.PositiveSmallIntegerField("plus petit groupe montré", default=SEUIL_PAR_DEFAUT)
    invites = models.JSONField("personnes invitées", help_text="Par groupe : combien de personnes.")
    questions = models.JSONField(help_text="Figées à l'ouverture.")
    code = models.CharField("code du lien", max_length=12, unique=True, null=True, editable=False)  # noqa: DJ001
    cle_publique = models.BinaryField("clef qui scelle", editable=False)
    sel = models.BinaryField("moitié de la clef qui ouvre", editable=False)
    coupons_de_secours = models.PositiveSmallIntegerField("coupons de secours", default=0)
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.OUVERTE)
    cle = models.UUIDField("clef de l'envoi", unique=True, editable=False)
    ouverte_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="ouverte par")
    ouverte_le = models.DateTimeField("ouverte le")

    objects = EnqueteQuerySet.as_manager()

    class Meta:
        verbose_name = "enquête"
        ordering = ["-date_cloture", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(annee_scolaire__regex=FORME_ANNEE), name="enquete_annee"),
            models.CheckConstraint(
                condition=Q(date_cloture__gte=F("date_ouverture")),
                name="enquete_dates_dans_l_ordre",
                violation_error_message="Le dernier jour ne peut pas précéder le premier.",
            ),
            models.CheckConstraint(
                condition=Q(seuil__gte=SEUIL_MINIMAL),
                name="enquete_seuil_minimal",
                violation_error_message="Aucun groupe de moins de trois personnes n'est jamais montré.",
            ),
            models.CheckConstraint(
                condition=Q(acces="lien", code__isnull=False) | Q(acces="coupons", code__isnull=True),
                name="enquete_code_du_lien",
            ),
            models.CheckConstraint(condition=Q(etat="ouverte") | Q(sel=b""), name="enquete_sel_efface"),
            models.UniqueConstraint(
                fields=["etablissement"],
                condition=Q(etat="ouverte"),
                name="enquete_ouverte_unique",
                violation_error_message="Une enquête est déjà ouverte dans cet établissement.",
            ),
            models.UniqueConstraint(
                fields=["etablissement", "annee_scolaire"],
                condition=Q(forme="longue") & ~Q(etat="annulee"),
                name="enquete_longue_unique_dans_l_annee",
                violation_error_message="L'enquête complète a déjà eu lieu cette année : il reste le pouls.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_forme_display()} · {self.annee_scolaire}"

    @property
    def total_invites(self) -> int:
        return sum(self.invites.values())

    @property
    def resultats_a_partir_de(self) -> datetime.datetime:
        """Six in the morning, the day after the last one, in the académie."""
        lendemain = self.date_cloture + datetime.timedelta(days=1)
        return datetime.datetime.combine(lendemain, HEURE_DES_RESULTATS, self.etablissement.academie.zone)

    def jour_local(self, maintenant: datetime.datetime) -> datetime.date:
        """The date it is in the académie at `maintenant` (aware)."""
        return maintenant.astimezone(self.etablissement.academie.zone).date()


class BulletinScelle(ModelePerimetre):
    """A ballot in the urn, until the counting. Nothing else may ever be added to it; it is not in the history."""

    PERIMETRE = par_etablissement("enquete__etablissement")

    marque = models.BinaryField(primary_key=True)
    enquete = models.ForeignKey(Enquete, models.PROTECT, related_name="bulletins", verbose_name="enquête")
    scelle = models.BinaryField("bulletin scellé")

    class Meta:
        verbose_name = "bulletin scellé"
        verbose_name_plural = "bulletins scellés"

    def __str__(self) -> str:
        return "Bulletin scellé"


class Coupon(ModelePerimetre):
    """A printed slip, by the fingerprint of its code. Whether it has served is written nowhere."""

    PERIMETRE = par_etablissement("enquete__etablissement")

    empreinte = models.CharField(max_length=64, primary_key=True)
    enquete = models.ForeignKey(Enquete, models.CASCADE, related_name="coupons", verbose_name="enquête")

    def __str__(self) -> str:
        return "Coupon"


class ReponseDirection(ModelePerimetre):
    """What the head answers to an item, openly: it stands beside the teams' answers, and is not counted with them."""

    PERIMETRE = par_etablissement("enquete__etablissement")

    enquete = models.ForeignKey(Enquete, models.CASCADE, related_name="reponses_direction", verbose_name="enquête")
    numero = models.PositiveSmallIntegerField("numéro")
    valeur = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = "réponse de la direction"
        verbose_name_plural = "réponses de la direction"
        ordering = ["numero"]
        constraints = [
            models.UniqueConstraint(fields=["enquete", "numero"], name="reponse_direction_unique"),
            models.CheckConstraint(condition=Q(valeur__range=(1, 5)), name="reponse_direction_de_1_a_5"),
        ]

    def __str__(self) -> str:
        return f"{self.numero} : {self.valeur}"


class ResultatEnquete(ModelePerimetre):
    """The figures of a survey, computed once and frozen: canonical JSON with its SHA-256."""

    PERIMETRE = par_etablissement("enquete__etablissement")

    enquete = models.OneToOneField(Enquete, models.PROTECT, primary_key=True, related_name="resultat")
    contenu = models.TextField("JSON canonique")
    sha256 = models.CharField("SHA-256", max_length=64)
    publie_le = models.DateTimeField("publié le")

    class Meta:
        verbose_name = "résultat d'enquête"
        verbose_name_plural = "résultats d'enquête"
        triggers = [pgtrigger.Protect(name="resultat_fige", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Résultat de l'enquête {self.enquete_id}"


class Expression(ModelePerimetre):
    """A free text, alone: its key is drawn at random, and nothing says who wrote it or what they answered."""

    PERIMETRE = par_etablissement("enquete__etablissement")

    cle = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enquete = models.ForeignKey(Enquete, models.CASCADE, related_name="expressions", verbose_name="enquête")
    texte = models.TextField()
    masquee = models.BooleanField("masquée", default=False)

    class Meta:
        ordering = ["cle"]

    def __str__(self) -> str:
        return self.texte


@pghistory.track()
class Instantane(ModelePerimetre):
    """A name that the school gives to a signed diagnostic or to a survey, to find it again: « avant le conseil »."""

    PERIMETRE = par_etablissement("etablissement")

    etablissement = models.ForeignKey(
        Etablissement, models.CASCADE, related_name="instantanes", verbose_name="établissement"
    )
    nom = models.CharField(max_length=60)
    copie = models.ForeignKey(CopieSignee, models.PROTECT, null=True, blank=True, related_name="instantanes")
    enquete = models.ForeignKey(
        Enquete, models.PROTECT, null=True, blank=True, related_name="instantanes", verbose_name="enquête"
    )
    cree_par = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="créé par")
    cree_le = models.DateTimeField("créé le")

    class Meta:
        verbose_name = "instantané"
        ordering = ["-cree_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["etablissement", "nom"],
                name="instantane_nom_unique",
                violation_error_message="Un instantané porte déjà ce nom.",
            ),
            models.CheckConstraint(
                condition=Q(copie__isnull=False, enquete__isnull=True) | Q(copie__isnull=True, enquete__isnull=False),
                name="instantane_d_une_seule_chose",
            ),
        ]

    def __str__(self) -> str:
        return self.nom
