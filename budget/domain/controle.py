"""The yearly check of a room: what was seen, what is broken, what was found there and belongs elsewhere."""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from budget.domain.equipements import (
    Tenant,
    changer_etat_en_lot,
    constater,
    deplacer,
    detacher,
    rendre,
)
from budget.models import Equipement, Salle
from budget.rules.controle import (
    A_LA_FOIS,
    TROP_DE_LIGNES,
    debut_du_controle,
    ecart_ailleurs,
    ecart_etat,
    ecart_nombre,
    ecart_parti,
    empechement_compter,
)
from budget.rules.equipements import empechement_tenir
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.domain.empechement import refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement


@dataclass(frozen=True)
class Constat:
    """What a person says of a line; the page showed it as `sur` things in the state `etat_lu`, seen already (`deja`)
    or not. `trouves`: how many of them are there; `combien` of those are now in the state `etat`.
    """

    cle: int
    designation: str
    deja: bool
    etat_lu: str
    sur: int
    trouves: int
    etat: str
    combien: int | None = None

    @property
    def change_d_etat(self) -> bool:
        return self.etat != self.etat_lu and self.trouves > 0


@dataclass
class Bilan:
    """What was written, in things; `ecarts`: sentences about what was not, for somebody else had written first."""

    vus: int = 0
    plus_vus: int = 0
    changes: int = 0
    apportes: int = 0
    ecarts: list[str] = field(default_factory=list)


def controler_salle(
    *,
    etablissement: Etablissement,
    salle: Salle | None,
    constats: Sequence[Constat],
    cle: uuid.UUID,
    tenant: Tenant,
    maintenant: datetime.datetime,
    apportes: Collection[int] = (),
) -> Bilan:
    """What nobody ticks keeps what others said of it. Sent twice (same `cle`), a form changes nothing the second time.

    `apportes`: what was found here and belongs elsewhere. Raises Empeche.
    """
    refuser(TROP_DE_LIGNES if len(constats) > A_LA_FOIS else None)
    for constat in constats:
        refuser(empechement_compter(constat.trouves, constat.sur, constat.combien))
    with acte("controler_salle", tenant.personne):
        passage = _Passage(etablissement, salle, cle, tenant, maintenant)
        passage.apporter(apportes)
        tenues = {ligne.pk: ligne for ligne in _tenir(etablissement, [constat.cle for constat in constats])}
        for constat in constats:
            passage.constater(constat, tenues.get(constat.cle))
        passage.ecrire()
    return passage.bilan


def annuler_constats(
    *, etablissement: Etablissement, cles: Collection[int], tenant: Tenant, maintenant: datetime.datetime
) -> int:
    """Not seen this year after all: back to the last time before, as the history knows it."""
    debut = debut_du_controle(annee_scolaire(_jour(etablissement, maintenant)))
    with acte("annuler_constats", tenant.personne):
        lignes = _tenir(etablissement, cles).filter(vu_le__gte=debut)
        tenues = [ligne.pk for ligne in lignes if tenant.proprietaire in ("", ligne.proprietaire)]
        return Equipement.objects.filter(pk__in=tenues).update(vu_le=_vu_avant(debut), version=F("version") + 1)


class _Passage:
    """One person's round of one room: what each line asks for is gathered, then written at once."""

    def __init__(
        self,
        etablissement: Etablissement,
        salle: Salle | None,
        cle: uuid.UUID,
        tenant: Tenant,
        maintenant: datetime.datetime,
    ) -> None:
        self.etablissement, self.salle, self.cle = etablissement, salle, cle
        self.tenant, self.maintenant = tenant, maintenant
        self.bilan = Bilan()
        self.vus: dict[int, int] = {}
        self.plus_vus: dict[int, int] = {}
        self.etats: dict[str, dict[int, int]] = defaultdict(dict)

    def apporter(self, cles: Collection[int]) -> None:
        """Found here: back from its loan if it was lent, then moved and seen."""
        if not cles:
            return
        commun: dict[str, Any] = {"etablissement": self.etablissement, "tenant": self.tenant}
        rendre(cles=cles, maintenant=self.maintenant, **commun)
        deplacer(cles=cles, salle=self.salle, **commun)
        constater(cles=cles, maintenant=self.maintenant, **commun)
        self.bilan.apportes = len(set(cles))

    def constater(self, constat: Constat, ligne: Equipement | None) -> None:
        if not (constat.trouves or constat.deja):
            return
        ecart = self._ecart(constat, ligne)
        if ecart is not None or ligne is None:
            self.bilan.ecarts += [ecart] if ecart else []
            return
        if constat.deja and not constat.trouves:
            self.plus_vus[ligne.pk] = ligne.nombre
            return
        if constat.trouves < ligne.nombre:
            self._detacher_les_absents(constat, ligne)
        if not constat.deja:
            self.vus[ligne.pk] = constat.trouves
        if constat.change_d_etat:
            self._changer_d_etat(constat, ligne)

    def _ecart(self, constat: Constat, ligne: Equipement | None) -> str | None:
        """Why nothing is written of this line; an empty sentence when it was written already."""
        if ligne is None or ligne.etat == Equipement.Etat.SORTI:
            return ecart_parti(constat.designation)
        if ligne.salle_id != (self.salle.pk if self.salle else None):
            return ecart_ailleurs(constat.designation, ligne.salle.nom if ligne.salle else "")
        if ligne.nombre not in (constat.sur, constat.trouves):
            return "" if self._deja_detache(ligne) else ecart_nombre(constat.designation, ligne.nombre, constat.trouves)
        if constat.change_d_etat and ligne.etat not in (constat.etat_lu, constat.etat):
            voulu = Equipement.Etat(constat.etat).label
            return ecart_etat(constat.designation, ligne.get_etat_display(), voulu)
        return None

    def _detacher_les_absents(self, constat: Constat, ligne: Equipement) -> None:
        absents = self._detacher(ligne, ligne.nombre - constat.trouves, "absents")
        if constat.deja:
            self.plus_vus[absents.pk] = absents.nombre

    def _changer_d_etat(self, constat: Constat, ligne: Equipement) -> None:
        combien = constat.combien or constat.trouves
        if ligne.etat == constat.etat:
            return
        if combien < constat.trouves:
            ligne = self._detacher(ligne, combien, constat.etat)
            if not constat.deja:
                self.vus[ligne.pk] = 0  # counted with the line that they leave
        self.etats[constat.etat][ligne.pk] = combien

    def _detacher(self, ligne: Equipement, nombre: int, pourquoi: str) -> Equipement:
        """With a key of its own, which tells a form that is sent again."""
        detachee = detacher(equipement=ligne, nombre=nombre, tenant=self.tenant)
        Equipement.objects.filter(pk=detachee.pk).update(cle=self._cle_de(ligne, pourquoi))
        return detachee

    def _deja_detache(self, ligne: Equipement) -> bool:
        cles = [self._cle_de(ligne, pourquoi) for pourquoi in ("absents", *Equipement.Etat.values)]
        return Equipement.objects.filter(cle__in=cles).exists()

    def _cle_de(self, ligne: Equipement, pourquoi: str) -> uuid.UUID:
        return uuid.uuid5(self.cle, f"{ligne.pk}-{pourquoi}")

    def ecrire(self) -> None:
        commun: dict[str, Any] = {"etablissement": self.etablissement, "tenant": self.tenant}
        if self.vus:
            constater(cles=self.vus, maintenant=self.maintenant, **commun)
        if self.plus_vus:
            annuler_constats(cles=self.plus_vus, maintenant=self.maintenant, **commun)
        for etat, lignes in self.etats.items():
            changer_etat_en_lot(cles=lignes, etat=etat, maintenant=self.maintenant, **commun)
            self.bilan.changes += sum(lignes.values())
        self.bilan.vus, self.bilan.plus_vus = sum(self.vus.values()), sum(self.plus_vus.values())


def _tenir(etablissement: Etablissement, cles: Collection[int]) -> QuerySet[Equipement]:
    """The lines as they are now, held until the end of the act; those that are gone are left out."""
    refuser(empechement_tenir(etablissement, "", ""))
    lignes = Equipement.objects.vivants().filter(etablissement=etablissement, pk__in=cles)
    return lignes.select_related("salle").select_for_update(no_key=True, of=("self",)).order_by("pk")


def _vu_avant(debut: datetime.date) -> Subquery:
    equipement: Any = Equipement
    evenements = equipement.evenements.rel.related_model.objects
    avant = evenements.filter(pgh_obj_id=OuterRef("pk"), vu_le__lt=debut).order_by("-vu_le")
    return Subquery(avant.values("vu_le")[:1])


def _jour(etablissement: Etablissement, maintenant: datetime.datetime) -> datetime.date:
    return maintenant.astimezone(etablissement.academie.zone).date()
