"""Batches of files: whose, where, and how far they are."""

from __future__ import annotations

import datetime
import itertools
import statistics
from dataclasses import dataclass

from django.db.models import Count, Exists, F, Func, IntegerField, Max, OuterRef, Q, QuerySet

from diagnostic.models import CopieSignee
from strategie.pilotage.models import DossierDuLot, LotDeDossiers
from strategie.pilotage.rules.lots import SILENCE
from strategie.socle.droits import Droit, roles_ayant
from strategie.socle.models import Academie, Affectation, Departement, District, Etablissement, Utilisateur

DERNIERS = 21  # files between which the pace is measured
COMPTES = {
    "total": Count("dossiers"),
    "faits": Count("dossiers__dossier"),
    "restants": Count("dossiers", Q(dossiers__fini_le__isnull=True)),
    "avance_le": Max("dossiers__fini_le"),
}


# --- Where ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Territoire:
    """An académie, or one of its départements or districts."""

    academie: Academie
    departement: Departement | None = None
    district: District | None = None

    @property
    def code(self) -> str:
        if self.district:
            return f"district-{self.district.pk}"
        return f"departement-{self.departement.pk}" if self.departement else f"academie-{self.academie.pk}"

    def __str__(self) -> str:
        if self.district:
            return f"District\u00a0: {self.district}"
        return f"Département\u00a0: {self.departement}" if self.departement else f"Académie\u00a0: {self.academie}"


def territoires_confies(utilisateur: Utilisateur) -> list[Territoire]:
    """Those that the person's affectations cover whole, the widest first: a batch is read by whoever covers its own."""
    academies, departements, districts = _confies(utilisateur)
    dans = Q(academie__in=academies)
    return [
        *(Territoire(une) for une in Academie.objects.filter(pk__in=academies)),
        *(
            Territoire(un.academie, departement=un)
            for un in Departement.objects.filter(dans | Q(pk__in=departements)).select_related("academie")
        ),
        *(
            Territoire(un.academie, district=un)
            for un in District.objects.filter(dans | Q(pk__in=districts)).select_related("academie")
        ),
    ]


def _confies(utilisateur: Utilisateur) -> list[QuerySet]:
    """Keys of the académies, départements and districts on which the person makes files in number."""
    miennes = Affectation.objects.actives().filter(utilisateur=utilisateur, role__in=roles_ayant(Droit.LANCER_LOT))
    return [
        miennes.filter(**{f"{niveau}__isnull": False}).values(niveau)
        for niveau in ("academie", "departement", "district")
    ]


def ecoles_et_signatures(territoire: Territoire) -> list[tuple[int, bool]]:
    """The open schools, by name, each with whether a diagnostic is signed there."""
    if territoire.district:
        dedans = Q(district=territoire.district)
    elif territoire.departement:
        dedans = Q(departement=territoire.departement)
    else:
        dedans = Q(academie=territoire.academie)
    signe = Exists(CopieSignee.objects.filter(diagnostic__etablissement=OuterRef("pk")))
    ecoles = Etablissement.objects.filter(dedans).exclude(etat=Etablissement.Etat.FERME).order_by("recherche", "uai")
    return list(ecoles.values_list("pk", signe))


@dataclass(frozen=True)
class Comptes:
    """How many files a batch would make, and how many schools have none to make."""

    a_faire: int
    sans_diagnostic: int


def comptes_du_territoire(territoire: Territoire) -> Comptes:
    signes = [signe for _, signe in ecoles_et_signatures(territoire)]
    return Comptes(sum(signes), len(signes) - sum(signes))


# --- Batches -------------------------------------------------------------------------------------------------------
def lots_confies(utilisateur: Utilisateur) -> QuerySet[LotDeDossiers]:
    """Newest first, each with how many schools it has (`total`), how many files (`faits`), how many are `restants`,
    and when it last moved (`avance_le`)."""
    academies, departements, districts = _confies(utilisateur)
    lots: QuerySet[LotDeDossiers] = LotDeDossiers.objects.filter(
        Q(academie__in=academies) | Q(departement__in=departements) | Q(district__in=districts)
    )
    lus = lots.select_related("academie", "departement", "district", "demande_par").annotate(**COMPTES)
    return lus.order_by("-demande_le", "-pk")


def territoire_du_lot(lot: LotDeDossiers) -> Territoire:
    return Territoire(lot.academie, lot.departement, lot.district)


def lots_inacheves() -> QuerySet[LotDeDossiers]:
    """Those that nobody stopped and that have schools left."""
    restants = DossierDuLot.objects.filter(lot=OuterRef("pk"), fini_le__isnull=True)
    inacheves: QuerySet[LotDeDossiers] = LotDeDossiers.objects.filter(Exists(restants), arrete_le__isnull=True)
    return inacheves.order_by("demande_le")


def restants_du_lot(lot: int) -> int:
    """None is left of a batch that was stopped."""
    return DossierDuLot.objects.filter(lot=lot, lot__arrete_le__isnull=True, fini_le__isnull=True).count()


# --- One of them ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Avancement:
    """`lot` is one of `lots_confies`."""

    lot: LotDeDossiers
    maintenant: datetime.datetime
    cadence: datetime.timedelta | None = None

    @property
    def finis(self) -> int:
        return self.lot.total - self.lot.restants

    @property
    def sans_dossier(self) -> int:
        return self.finis - self.lot.faits

    @property
    def en_cours(self) -> bool:
        return bool(self.lot.restants) and self.lot.arrete_le is None

    @property
    def avance_le(self) -> datetime.datetime:
        return self.lot.avance_le or self.lot.demande_le

    @property
    def muet(self) -> bool:
        """Nothing has moved for long."""
        return self.en_cours and self.maintenant - self.avance_le > SILENCE

    @property
    def reste(self) -> datetime.timedelta | None:
        """At the pace of the last ones; None while that is not known."""
        return self.cadence * self.lot.restants if self.cadence and self.en_cours and not self.muet else None


def cadence_du_lot(lot: LotDeDossiers) -> datetime.timedelta | None:
    """From a file to the next one, as a rule, among the last ones."""
    faits = DossierDuLot.objects.filter(lot=lot, dossier__isnull=False).order_by("-fini_le")
    instants = [instant for instant in faits.values_list("fini_le", flat=True)[:DERNIERS] if instant]
    ecarts = [(apres - avant).total_seconds() for apres, avant in itertools.pairwise(instants)]
    return datetime.timedelta(seconds=statistics.median(ecarts)) if ecarts else None


def dossiers_du_lot(lot: LotDeDossiers, lecteur: Utilisateur) -> QuerySet[DossierDuLot]:
    """By name of school, without PDF or content: those that the reader follows today, were she entrusted with less
    since.
    """
    lignes: QuerySet[DossierDuLot] = DossierDuLot.objects.allowed_to(lecteur, Droit.LANCER_LOT).filter(lot=lot)
    return (
        lignes.select_related("etablissement", "dossier")
        .defer("dossier__pdf", "dossier__contenu")
        .annotate(octets=Func(F("dossier__pdf"), function="octet_length", output_field=IntegerField()))
    )
