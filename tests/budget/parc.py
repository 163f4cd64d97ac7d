"""A school's equipment, a piece at a time, for the tests of this app: each made through the acts."""

import uuid
from collections.abc import Sequence

from django.utils import timezone

from budget.domain.equipements import SaisieEquipement, Tenant, ajouter_equipements
from budget.models import Equipement, Lot, Salle
from strategie.socle.models import Etablissement, Utilisateur


def referent_de(etablissement: Etablissement) -> Utilisateur:
    return etablissement.affectations.filter(role="referent").select_related("utilisateur").first().utilisateur


def une_salle(etablissement: Etablissement, nom: str = "B12", **champs) -> Salle:
    return Salle.objects.create(etablissement=etablissement, nom=nom, **champs)


def un_lot(etablissement: Etablissement, intitule: str = "Classe mobile", **champs) -> Lot:
    champs["cree_par"] = champs.get("cree_par") or referent_de(etablissement)
    return Lot.objects.create(etablissement=etablissement, intitule=intitule, **({"cree_le": timezone.now()} | champs))


def des_equipements(
    etablissement: Etablissement,
    designation: str = "Tablette 10 pouces",
    *,
    nombre: int = 1,
    series: Sequence[str] = (),
    etiquettes: Sequence[str] = (),
    tenant: Tenant | None = None,
    maintenant=None,
    **champs,
) -> list[Equipement]:
    """One line of `nombre` things, or one a serial number or tag; `champs` are those of SaisieEquipement."""
    return ajouter_equipements(
        etablissement=etablissement,
        saisie=SaisieEquipement(**({"designation": designation, "categorie": "tablette"} | champs)),
        nombre=nombre,
        series=series,
        etiquettes=etiquettes,
        cle=uuid.uuid4(),
        tenant=tenant or Tenant(referent_de(etablissement)),
        maintenant=maintenant or timezone.now(),
    )
