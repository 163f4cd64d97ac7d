"""What a school has of a category, and what sleeps in its district."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from budget.domain.etats_d_usage import Terme
from budget.models import DeclarationUsage, Equipement, Lot
from strategie.socle.models import Etablissement

Etat = Equipement.Etat


@dataclass(frozen=True)
class ParcDUneCategorie:
    """How many things there are, each counted in one place. What is lent is already in somebody's hands, and what the
    administration uses is not for pupils: neither is free.
    """

    libres: int
    pretes: int
    administratifs: int
    a_reparer: int
    reformables: int

    @property
    def en_tout(self) -> int:
        return self.libres + self.pretes + self.administratifs + self.a_reparer + self.reformables


def parc_d_une_categorie(etablissement: Etablissement, categorie: str) -> ParcDUneCategorie:
    """One query."""
    siens = Equipement.objects.vivants().filter(etablissement=etablissement, categorie=categorie)
    reutilisable = Q(etat=Etat.REUTILISABLE)
    pedagogique = reutilisable & Q(domaine=Equipement.Domaine.PEDAGOGIQUE)
    return ParcDUneCategorie(
        **siens.aggregate(
            libres=_choses(pedagogique & Q(prete_a="")),
            pretes=_choses(pedagogique & ~Q(prete_a="")),
            administratifs=_choses(reutilisable & Q(domaine=Equipement.Domaine.ADMINISTRATIF)),
            a_reparer=_choses(Q(etat=Etat.A_REPARER)),
            reformables=_choses(Q(etat=Etat.REFORMABLE)),
        )
    )


@dataclass(frozen=True)
class Dormants:
    """What other schools of the district have and have not used for two terms; nothing says that they give it."""

    etablissements: int
    choses: int


def dormants_du_district(etablissement: Etablissement, categorie: str, terme: Terme) -> Dormants:
    """Free and reusable, in lots declared « jamais » the last two terms, or the two before the one that it is."""
    if etablissement.district_id is None:
        return Dormants(0, 0)
    jamais = {t: _jamais(t) for t in (terme, terme.precedent, terme.precedent.precedent)}
    maintenant, avant, plus_tot = (Exists(jamais[t]) for t in jamais)
    lots = Lot.objects.vivants().filter((maintenant & avant) | (avant & plus_tot))
    dormants = (
        Equipement.objects.vivants()
        .filter(etablissement__district=etablissement.district_id, lot__in=lots, categorie=categorie)
        .filter(etat=Etat.REUTILISABLE, domaine=Equipement.Domaine.PEDAGOGIQUE, prete_a="")
        .exclude(etablissement=etablissement)
        .aggregate(etablissements=Count("etablissement", distinct=True), choses=Sum("nombre", default=0))
    )
    return Dormants(**dormants)


def _choses(condition: Q) -> Sum:
    return Sum("nombre", filter=condition, default=0)


def _jamais(terme: Terme) -> QuerySet[DeclarationUsage]:
    return DeclarationUsage.objects.filter(
        lot=OuterRef("pk"),
        annee_scolaire=terme.annee,
        trimestre=terme.trimestre,
        frequence=Lot.Frequence.JAMAIS,
    )
