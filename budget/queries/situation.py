"""What the inventory and the network say of a school on a day: what figures, readings and offered facts rest on."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from statistics import median

from django.db.models import Exists, OuterRef, Q

from budget.domain.etats_d_usage import EtatUsage, etat_d_usage
from budget.models import (
    TERMINAUX,
    DeclarationUsage,
    Equipement,
    Incident,
    MesureDebit,
    Raccordement,
    Salle,
    ServiceReseau,
)
from budget.queries.chiffres import AFFICHAGE, Parc, Part, parc_de
from budget.queries.incidents import jours_hors_service_de_l_etablissement
from budget.queries.usages import lots_a_declarer, terme_du_jour
from strategie.socle.domain.calendrier import annee_scolaire, bornes
from strategie.socle.models import Etablissement


@dataclass(frozen=True)
class SalleLue:
    wifi: str
    ordinateur: bool
    affichage: bool


class Situation:
    """Each source is read the first time that it is asked for, in as many queries whatever the school has."""

    def __init__(self, etablissement: Etablissement, jour: datetime.date) -> None:
        self.etablissement, self.jour = etablissement, jour
        self.annee = annee_scolaire(jour)

    @cached_property
    def parc(self) -> Parc:
        return parc_de(self.etablissement, self.jour)

    @cached_property
    def salles(self) -> list[SalleLue]:
        """Those that are not archived; a computer and a display count when they can serve."""
        la = Equipement.objects.vivants().filter(salle=OuterRef("pk"), etat=Equipement.Etat.REUTILISABLE)
        siennes = Salle.objects.filter(etablissement=self.etablissement, archivee_le__isnull=True).annotate(
            ordinateur=Exists(la.filter(categorie__in=TERMINAUX)),
            affichage=Exists(la.filter(categorie__in=AFFICHAGE)),
        )
        return [SalleLue(*lue) for lue in siennes.order_by().values_list("wifi", "ordinateur", "affichage")]

    @property
    def bon_wifi(self) -> Part:
        """Of the rooms where somebody looked: a room that nobody tried is neither good nor bad."""
        comptes = Counter(salle.wifi for salle in self.salles)
        inconnues = comptes[Salle.Wifi.INCONNU]
        return Part(comptes[Salle.Wifi.BON], len(self.salles) - inconnues, inconnues)

    @cached_property
    def services(self) -> Mapping[str, ServiceReseau]:
        return {service.sorte: service for service in ServiceReseau.objects.filter(etablissement=self.etablissement)}

    @cached_property
    def debits(self) -> Mapping[datetime.date, Decimal]:
        """By local day, oldest first: the median of what was measured that day, on every line that teaching uses."""
        mesures = MesureDebit.objects.filter(
            raccordement__etablissement=self.etablissement, raccordement__retire_le__isnull=True
        ).exclude(raccordement__usage=Raccordement.Usage.ADMINISTRATIF)
        par_jour: dict[datetime.date, list[Decimal]] = defaultdict(list)
        for mesure_le, descendant in mesures.order_by("mesure_le").values_list("mesure_le", "descendant"):
            par_jour[mesure_le.astimezone(self.etablissement.academie.zone).date()].append(descendant)
        return {jour: median(debits) for jour, debits in par_jour.items()}

    @cached_property
    def incidents(self) -> Sequence[tuple[datetime.date, datetime.date | None]]:
        """Opened or closed during the school year: when, and until when."""
        annee = bornes(self.annee)
        siens = Incident.objects.filter(etablissement=self.etablissement)
        de_l_annee = siens.filter(Q(ouvert_le__range=annee) | Q(clos_le__range=annee))
        return list(de_l_annee.order_by("ouvert_le", "pk").values_list("ouvert_le", "clos_le"))

    @property
    def incidents_ouverts(self) -> int:
        """During the school year, closed since or not."""
        debut, fin = bornes(self.annee)
        return sum(debut <= ouvert <= fin for ouvert, _ in self.incidents)

    @property
    def delais(self) -> list[int]:
        """In days, of those closed during the school year."""
        return [(clos - ouvert).days for ouvert, clos in self.incidents if clos is not None]

    @cached_property
    def note_ses_incidents(self) -> bool:
        """Without one incident ever written, nobody knows that nothing broke."""
        return bool(self.incidents) or Incident.objects.filter(etablissement=self.etablissement).exists()

    @cached_property
    def jours_hors_service(self) -> int:
        return jours_hors_service_de_l_etablissement(self.etablissement, self.annee, self.jour)

    @cached_property
    def usages(self) -> Sequence[EtatUsage]:
        """Of each lot that was spoken of this term or the one before, what was said last."""
        terme = terme_du_jour(self.jour)
        dites = DeclarationUsage.objects.filter(
            Q(annee_scolaire=terme.annee, trimestre=terme.trimestre)
            | Q(annee_scolaire=terme.precedent.annee, trimestre=terme.precedent.trimestre),
            lot__in=lots_a_declarer(self.etablissement).values("pk"),
        ).order_by("annee_scolaire", "trimestre")
        lues = dites.values_list("lot", "frequence", "comme_prevu", "lot__frequence_prevue")
        return list({lot: etat_d_usage(dite, comme_prevu, prevue) for lot, dite, comme_prevu, prevue in lues}.values())
