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

from budget.domain.etats_d_usage import EtatUsage
from budget.models import TERMINAUX, Equipement, Incident, MesureDebit, Raccordement, Salle, ServiceReseau
from budget.queries.chiffres import AFFICHAGE, Parc, Part, parc_de
from budget.queries.incidents import jours_hors_service_de_l_etablissement
from budget.queries.usages import TermeDUnLot, terme_du_jour, usages_des_lots
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
        return Incident.objects.filter(etablissement=self.etablissement).exists()

    @cached_property
    def jours_hors_service(self) -> int:
        return jours_hors_service_de_l_etablissement(self.etablissement, self.annee, self.jour)

    @cached_property
    def usages(self) -> list[TermeDUnLot]:
        """Of each lot that was spoken of, the last of the two last terms."""
        lots = usages_des_lots(self.etablissement, terme_du_jour(self.jour))
        derniers = (lu.precedent if lu.actuel.etat == EtatUsage.NON_DECLARE else lu.actuel for lu in lots)
        return [dernier for dernier in derniers if dernier.etat != EtatUsage.NON_DECLARE]
