"""What drawing districts would do, before it is done; what holds a district; whether a move can be taken back."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.deletion import DO_NOTHING
from django.db.models.functions import Coalesce, JSONObject

from diagnostic.models import Campagne, Diagnostic, Prolongation
from strategie.socle.droits import Role
from strategie.socle.models import Academie, Affectation, District, Etablissement, MouvementDeDistricts, Utilisateur
from strategie.socle.queries.districts import districts_par_nom
from strategie.socle.rules import nom_lu


@dataclass(frozen=True)
class Deplacement:
    """A school, the district that it leaves and the name of the one it joins (None, empty: no district)."""

    etablissement: Etablissement
    avant: District | None
    apres: str


@dataclass(frozen=True)
class Acces:
    """An animateur whose districts are drawn, and of how many schools he then loses or gains the follow-up."""

    personne: Utilisateur
    perdus: int
    gagnes: int


@dataclass(frozen=True)
class NouvelleCloture:
    campagne: Campagne
    avant: datetime.date
    apres: datetime.date
    combien: int


@dataclass(frozen=True)
class Prevision:
    """Everything that a drawing would change. `inchanges`: schools that are already there; `a_creer`: districts."""

    academie: Academie
    deplacements: Sequence[Deplacement]
    inchanges: int
    a_creer: Sequence[str]
    acces: Sequence[Acces]
    clotures: Sequence[NouvelleCloture]

    @property
    def trajets(self) -> list[tuple[str, str, int]]:
        """From where to where, how many schools, by names."""
        trajets = Counter((d.avant.nom if d.avant else "", d.apres) for d in self.deplacements)
        return [(avant, apres, combien) for (avant, apres), combien in sorted(trajets.items())]

    @property
    def empreinte(self) -> str:
        """Of all that a person reads before confirming: what she confirms is what she read."""
        lu = (
            [(d.etablissement.pk, d.avant and d.avant.pk, d.apres) for d in self.deplacements],
            list(self.a_creer),
            [(a.personne.pk, a.perdus, a.gagnes) for a in self.acces],
            [(c.campagne.pk, str(c.avant), str(c.apres), c.combien) for c in self.clotures],
        )
        return hashlib.sha256(repr(lu).encode()).hexdigest()


def prevoir(academie: Academie, cibles: Mapping[int, str], jour: datetime.date) -> Prevision:
    """`cibles`: for each school (its key) the name of the district it should be in, empty for none. Schools of other
    académies are left out.
    """
    connus = districts_par_nom(academie)
    vises: dict[str, str] = {}  # by the way it reads: the name as it is, or will be
    for nom in sorted({nom for nom in cibles.values() if nom}):
        existant = connus.get(nom) or connus.get(nom_lu(nom))
        vises[nom] = existant.nom if existant else vises.get(nom_lu(nom), nom)
        vises.setdefault(nom_lu(nom), vises[nom])
    ecoles = (
        Etablissement.objects.filter(academie=academie, pk__in=list(cibles))
        .select_related("district")
        .order_by("recherche", "uai")
    )
    deplacements, inchanges = [], 0
    for ecole in ecoles:
        apres = vises[cibles[ecole.pk]] if cibles[ecole.pk] else ""
        if (ecole.district.nom if ecole.district else "") == apres:
            inchanges += 1
        else:
            deplacements.append(Deplacement(ecole, ecole.district, apres))
    rejoints = {d.apres for d in deplacements if d.apres}
    return Prevision(
        academie=academie,
        deplacements=deplacements,
        inchanges=inchanges,
        a_creer=sorted(rejoints - connus.keys()),
        acces=_acces(deplacements, connus, jour),
        clotures=_clotures(academie, deplacements, connus, jour),
    )


def _cle(connus: Mapping[str, District], nom: str) -> int | None:
    return connus[nom].pk if nom in connus else None


def _acces(deplacements: Sequence[Deplacement], connus: Mapping[str, District], jour: datetime.date) -> list[Acces]:
    """Who follows schools that move: a person of both districts loses and gains nothing."""
    trajets: Counter[tuple[int | None, int | None]] = Counter(
        (d.avant.pk if d.avant else None, _cle(connus, d.apres)) for d in deplacements
    )
    touches = {cle for trajet in trajets for cle in trajet if cle is not None}
    tenus: dict[Utilisateur, set[int | None]] = defaultdict(set)
    affectations = (
        Affectation.objects.actives(jour)
        .filter(district__in=touches, role=Role.ANIMATEUR, utilisateur__is_active=True)
        .select_related("utilisateur")
        .order_by("utilisateur__last_name", "utilisateur__first_name", "utilisateur")
    )
    for affectation in affectations:
        tenus[affectation.utilisateur].add(affectation.district_id)
    comptes = [
        Acces(
            personne,
            perdus=sum(n for (avant, apres), n in trajets.items() if avant in siens and apres not in siens),
            gagnes=sum(n for (avant, apres), n in trajets.items() if apres in siens and avant not in siens),
        )
        for personne, siens in tenus.items()
    ]
    return [acces for acces in comptes if acces.perdus or acces.gagnes]


def _clotures(
    academie: Academie, deplacements: Sequence[Deplacement], connus: Mapping[str, District], jour: datetime.date
) -> list[NouvelleCloture]:
    """The deadlines that follow the districts, as `diagnostic.domain.campagnes.suivre_le_district` moves them."""
    campagnes = {
        campagne.pk: campagne
        for campagne in Campagne.objects.filter(
            Q(date_cloture__gte=jour) | Q(prolongations__date_cloture__gte=jour), academie=academie
        )
        .distinct()
        .annotate(
            prolongees=ArraySubquery(
                Prolongation.objects.filter(campagne=OuterRef("pk")).values(
                    dite=JSONObject(district="district_id", jusqu_au="date_cloture")
                )
            )
        )
    }
    rejoints = {d.etablissement.pk: _cle(connus, d.apres) for d in deplacements}
    prolongees: dict[tuple[int, int | None], datetime.date] = {
        (campagne.pk, dite["district"]): datetime.date.fromisoformat(dite["jusqu_au"])
        for campagne in campagnes.values()
        for dite in campagne.prolongees
    }
    comptes: Counter[tuple[int, datetime.date, datetime.date]] = Counter()
    diagnostics = Diagnostic.objects.filter(campagne__in=campagnes, etablissement__in=rejoints)
    for ecole, cle, avant in diagnostics.values_list("etablissement", "campagne", "date_cloture"):
        prevue = campagnes[cle].date_cloture
        apres = max(prevue, prolongees.get((cle, rejoints[ecole]), prevue))
        if apres != avant and apres >= jour:
            comptes[cle, avant, apres] += 1
    return [
        NouvelleCloture(campagnes[cle], avant, apres, combien)
        for (cle, avant, apres), combien in sorted(comptes.items())
    ]


# --- Taking a move back ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Retour:
    """Where each school of a move should go back, and what stands in the way."""

    cibles: Mapping[int, str]
    bouges: int
    disparus: Sequence[str]


def retour_de(mouvement: MouvementDeDistricts) -> Retour:
    deplacements = {int(cle): trajet for cle, trajet in mouvement.deplacements.items()}
    quittes = {avant for avant, _ in deplacements.values() if avant is not None}
    noms = dict(District.objects.filter(academie=mouvement.academie_id, pk__in=quittes).values_list("pk", "nom"))
    ici = dict(
        Etablissement.objects.filter(academie=mouvement.academie_id, pk__in=deplacements).values_list("pk", "district")
    )
    return Retour(
        cibles={cle: noms.get(avant, "") if avant else "" for cle, (avant, _) in deplacements.items()},
        bouges=sum(ici.get(cle, -1) != apres for cle, (_, apres) in deplacements.items()),
        disparus=["Un district quitté"] if quittes - noms.keys() else [],
    )


# --- What holds a district ------------------------------------------------------------------------------------------
def ce_qui_retient(district: District) -> list[str]:
    """Every sort of row that hangs from it, each with its number, in one query."""
    relations: list[Any] = list(District._meta.get_fields(include_hidden=True))
    liens = {
        f"n_{rang}": relation
        for rang, relation in enumerate(relations)
        if relation.one_to_many and relation.on_delete is not DO_NOTHING
    }
    nombres: dict[str, Any] = {nom: _combien(relation) for nom, relation in liens.items()}
    comptes: Mapping[str, Any] = District.objects.filter(pk=district.pk).values(**nombres).get()
    return [_retenue(liens[nom].related_model, combien) for nom, combien in comptes.items() if combien]


def _combien(relation: Any) -> Coalesce:
    siennes: QuerySet = relation.related_model._default_manager.filter(**{relation.field.name: OuterRef("pk")})
    nombre = siennes.order_by().values(relation.field.name).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(nombre), 0)


def _retenue(modele: Any, combien: int) -> str:
    nom = modele._meta.verbose_name if combien == 1 else modele._meta.verbose_name_plural
    return f"{combien} {nom}"
