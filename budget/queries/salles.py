"""Reading rooms, and what is in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from budget.models import Equipement, Salle
from strategie.socle.models import Etablissement

LIGNES_MONTREES = 100
LA = Q(equipements__supprime_le__isnull=True) & ~Q(equipements__etat=Equipement.Etat.SORTI)


def salles_de(etablissement: Etablissement) -> QuerySet[Salle]:
    """Those in use, each with `choses`, how many things are there, and `a_reparer`, how many of them to repair."""
    casses = LA & Q(equipements__etat=Equipement.Etat.A_REPARER)
    return salles_a_choisir(etablissement).annotate(
        choses=Sum("equipements__nombre", filter=LA, default=0),
        a_reparer=Sum("equipements__nombre", filter=casses, default=0),
    )


def salles_a_choisir(etablissement: Etablissement) -> QuerySet[Salle]:
    """Where things may go."""
    return Salle.objects.filter(etablissement=etablissement, archivee_le__isnull=True).order_by("batiment", "nom")


def salles_archivees(etablissement: Etablissement) -> QuerySet[Salle]:
    return Salle.objects.filter(etablissement=etablissement, archivee_le__isnull=False).order_by("nom")


def noms_pris(etablissement: Etablissement, noms: Sequence[str], sauf: int | None = None) -> list[Salle]:
    """The school's rooms that have one of these names, whatever the case, archived ones too."""
    cherches = {nom.lower() for nom in noms}
    siennes = Salle.objects.filter(etablissement=etablissement).order_by("nom")
    return [salle for salle in siennes if salle.nom.lower() in cherches and salle.pk != sauf]


@dataclass(frozen=True)
class ContenuDUneSalle:
    """`par_categorie`: code, how many things; `lignes`: the first of `total` lines."""

    par_categorie: Sequence[tuple[str, int]]
    lignes: Sequence[Equipement]
    total: int

    @property
    def choses(self) -> int:
        return sum(nombre for _, nombre in self.par_categorie)


def contenu_de(salle: Salle) -> ContenuDUneSalle:
    """Two queries."""
    la = Equipement.objects.vivants().filter(salle=salle).exclude(etat=Equipement.Etat.SORTI)
    groupes = la.order_by().values("categorie").annotate(choses=Sum("nombre"), total=Count("pk"))
    comptes = list(groupes.order_by("-choses", "categorie").values_list("categorie", "choses", "total"))
    return ContenuDUneSalle(
        par_categorie=[(categorie, choses) for categorie, choses, _ in comptes],
        lignes=list(la.select_related("lot").order_by("classement", "pk")[:LIGNES_MONTREES]),
        total=sum(total for *_, total in comptes),
    )
