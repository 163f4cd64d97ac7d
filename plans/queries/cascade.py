"""Reading the cascade: priorities, districts' projects, and what schools make of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Trim

from plans.models import Axe, AxeDistrict, PrioriteAcademique, Rattachement
from strategie.socle.droits import Droit, roles_ayant
from strategie.socle.models import Academie, Affectation, District, Etablissement, Utilisateur
from strategie.socle.models.territoire import SansAccent

REPONSES = Rattachement.Reponse
# An answer that names an axe of the school stands as long as that axe is not in the bin.
VALABLE = ~Q(reponse=REPONSES.SERVI) | Q(axe__supprime_le__isnull=True)


# --- Whose districts --------------------------------------------------------------------------------------------
def _couvre_le_district() -> Q:
    """The affectations whose perimeter holds the outer district, or some of its schools."""
    cle = OuterRef("pk")
    return (
        Q(district=cle)
        | Q(academie=OuterRef("academie_id"))
        | Q(departement__etablissements__district=cle)
        | Q(etablissement__district=cle)
        | Q(collectivite__etablissements__district=cle)
    )


def district_a_la_porte(utilisateur: Utilisateur, cle: int) -> District | None:
    """With its académie and `mes_roles`: what the person is there, if anything."""
    roles = Affectation.objects.actives().filter(_couvre_le_district(), utilisateur=utilisateur).order_by("role")
    return (
        District.objects.filter(pk=cle)
        .select_related("academie")
        .annotate(mes_roles=ArraySubquery(roles.values("role").distinct()))
        .first()
    )


def districts_confies(utilisateur: Utilisateur, annee: str) -> QuerySet[District]:
    """Those whose project the person writes, with `nb_axes` of the year and `nb_etablissements`."""
    miennes = Affectation.objects.actives().filter(
        utilisateur=utilisateur, role__in=roles_ayant(Droit.PILOTER_DISTRICT)
    )
    confies = (
        Q(pk__in=miennes.values("district"))
        | Q(academie__in=miennes.values("academie"))
        | Q(etablissements__departement__in=miennes.values("departement"))
    )
    districts: QuerySet[District] = (
        District.objects.filter(pk__in=District.objects.filter(confies).values("pk"))
        .select_related("academie")
        .annotate(
            nb_axes=Count("axes", Q(axes__annee_scolaire=annee, axes__retire_le__isnull=True), distinct=True),
            nb_etablissements=Count("etablissements", ~Q(etablissements__etat=Etablissement.Etat.FERME), distinct=True),
        )
        .order_by("academie__nom", "nom")
    )
    return districts


# --- Priorities -------------------------------------------------------------------------------------------------
def priorites_de(academies: QuerySet[Academie]) -> list[PrioriteAcademique]:
    """By year, newest first, those in force first; with `nb_districts`: how many serve it."""
    serves = Q(axes__retire_le__isnull=True)
    siennes = PrioriteAcademique.objects.filter(academie__in=academies).select_related("academie")
    nombre = Count("axes__district", serves, distinct=True)
    retiree = Q(retiree_le__isnull=False)
    return list(siennes.annotate(nb_districts=nombre, retiree=retiree).order_by("-annee_scolaire", "retiree", "pk"))


def priorites_a_servir(district: District, annee: str, deja: int | None = None) -> list[PrioriteAcademique]:
    """The académie's, in force that year; and the one that is served already."""
    siennes = PrioriteAcademique.objects.filter(academie=district.academie_id)
    return list(siennes.filter(Q(annee_scolaire=annee, retiree_le__isnull=True) | Q(pk=deja)))


# --- A district's project ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Comptes:
    """What the schools of a district say of an axe; `sur` is how many they are."""

    servi: int
    non_servi: int
    hors_competence: int
    sur: int

    @property
    def sans_reponse(self) -> int:
        return self.sur - self.servi - self.non_servi - self.hors_competence


@dataclass(frozen=True)
class AxeCompte:
    axe: AxeDistrict
    comptes: Comptes


def ecoles_du_district(district: District) -> QuerySet[Etablissement]:
    ecoles: QuerySet[Etablissement] = Etablissement.objects.filter(district=district).exclude(
        etat=Etablissement.Etat.FERME
    )
    return ecoles


def projet_du_district(district: District, annee: str) -> list[AxeCompte]:
    """The axes of the year, those in force first, with what the open schools of the district say of them."""
    dites = Rattachement.objects.filter(VALABLE, etablissement__in=ecoles_du_district(district))
    axes = (
        AxeDistrict.objects.filter(district=district, annee_scolaire=annee)
        .select_related("priorite")
        .annotate(
            retire=Q(retire_le__isnull=False),
            nb_servi=_compter(dites, REPONSES.SERVI),
            nb_non_servi=_compter(dites, REPONSES.NON_SERVI),
            nb_hors_competence=_compter(dites, REPONSES.HORS_COMPETENCE),
        )
        .order_by("retire", "pk")
    )
    sur = ecoles_du_district(district).count()
    return [AxeCompte(axe, Comptes(axe.nb_servi, axe.nb_non_servi, axe.nb_hors_competence, sur)) for axe in axes]


def _compter(dites: QuerySet[Rattachement], reponse: str) -> Count:
    return Count("rattachements", Q(rattachements__in=dites, rattachements__reponse=reponse))


def annees_du_projet(district: District) -> list[str]:
    annees = AxeDistrict.objects.filter(district=district).order_by("-annee_scolaire")
    return list(annees.values_list("annee_scolaire", flat=True).distinct())


@dataclass(frozen=True)
class Motif:
    """A reason why an axe is not in the schools' hands, in the words of the first who gave it."""

    texte: str
    ecoles: int


def motifs_hors_competence(district: District, annee: str) -> list[Motif]:
    """The most frequent first; two that differ by case or accents are one. `ecoles` counts each school once."""
    dits = (
        Rattachement.objects.filter(
            etablissement__in=ecoles_du_district(district),
            axe_district__district=district,
            axe_district__annee_scolaire=annee,
            axe_district__retire_le__isnull=True,
            reponse=REPONSES.HORS_COMPETENCE,
        )
        .annotate(cle=SansAccent(Trim("motif")))
        .order_by("dit_le", "pk")
    )
    textes: dict[str, str] = {}
    ecoles: dict[str, set[int]] = defaultdict(set)
    for cle, texte, ecole in dits.values_list("cle", "motif", "etablissement"):
        textes.setdefault(cle.rstrip(" ."), texte)
        ecoles[cle.rstrip(" .")].add(ecole)
    motifs = [Motif(texte, len(ecoles[cle])) for cle, texte in textes.items()]
    return sorted(motifs, key=lambda motif: (-motif.ecoles, motif.texte))


def reponses_a_l_axe(axe: AxeDistrict) -> list[tuple[Etablissement, Rattachement | None]]:
    """Each open school of the district with its answer, by name."""
    siennes = Rattachement.objects.filter(VALABLE, axe_district=axe).select_related("axe")
    ecoles = ecoles_du_district(axe.district).prefetch_related(Prefetch("rattachements", siennes, "sa_reponse"))
    return [(ecole, next(iter(ecole.sa_reponse), None)) for ecole in ecoles.order_by("nom", "pk")]


# --- A school's answers -----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class AxeARattacher:
    """An axe of the district, and what the school says of it; `a_redire`: the axe that served it is in the bin."""

    axe: AxeDistrict
    rattachement: Rattachement | None

    @property
    def a_redire(self) -> bool:
        return bool(self.rattachement and self.rattachement.axe and self.rattachement.axe.supprime_le)

    @property
    def orphelin(self) -> bool:
        return self.axe.retire_le is not None


def projet_vu_de_l_ecole(etablissement: Etablissement, annee: str) -> list[AxeARattacher]:
    """The axes that its district asks of it that year, then those dropped since that it had answered."""
    siens = Rattachement.objects.filter(etablissement=etablissement).select_related("axe", "dit_par")
    axes = (
        AxeDistrict.objects.filter(district=etablissement.district_id, annee_scolaire=annee)
        .filter(Q(retire_le__isnull=True) | Q(rattachements__etablissement=etablissement))
        .select_related("priorite")
        .prefetch_related(Prefetch("rattachements", siens, "les_siens"))
        .annotate(retire=Q(retire_le__isnull=False))
        .order_by("retire", "pk")
    )
    return [AxeARattacher(axe, next(iter(axe.les_siens), None)) for axe in axes.distinct()]


def axe_de_son_district(etablissement: Etablissement, cle: int) -> AxeARattacher | None:
    siens = Rattachement.objects.filter(etablissement=etablissement).select_related("axe", "dit_par")
    axes = AxeDistrict.objects.filter(pk=cle, district=etablissement.district_id, district__isnull=False)
    trouve = axes.select_related("priorite").prefetch_related(Prefetch("rattachements", siens, "les_siens")).first()
    return AxeARattacher(trouve, next(iter(trouve.les_siens), None)) if trouve else None


def axes_qui_peuvent_servir(etablissement: Etablissement, deja: int | None = None) -> list[Axe]:
    """The school's, newest year first: those still open, and the one that serves already."""
    siens = Axe.objects.vivants().filter(etablissement=etablissement)
    return list(siens.filter(Q(clos_le__isnull=True) | Q(pk=deja)).order_by("-annee_scolaire", "cree_le", "pk"))


def rattachements_de(etablissement: Etablissement) -> Mapping[int, Sequence[Rattachement]]:
    """By axe of the school, the axes of a district that it serves, with `orphelin`: dropped there, or asked by a
    district that is no longer the school's.
    """
    servis = (
        Rattachement.objects.filter(etablissement=etablissement, reponse=REPONSES.SERVI)
        .select_related("axe_district")
        .annotate(
            orphelin=Q(axe_district__retire_le__isnull=False) | ~Q(axe_district__district=etablissement.district_id)
        )
        .order_by("pk")
    )
    par_axe: dict[int, list[Rattachement]] = defaultdict(list)
    for rattachement in servis:
        if rattachement.axe_id is not None:
            par_axe[rattachement.axe_id].append(rattachement)
    return par_axe
