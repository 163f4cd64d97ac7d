"""Purchases, read with all that they commit to: what they cost, what the budget has of it, what they wait for."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from budget.domain.argent import euros, total
from budget.domain.cout_complet import CoutComplet, DetteDeFonctionnement, Poste, cout_complet, dette_de_fonctionnement
from budget.models import Achat, BesoinFormation, Financement, LigneBudget, PosteDeCout
from budget.queries.budget import Synthese
from budget.queries.formations import etat_de_formation_pour_achat
from budget.rules.achats import ABANDONNE, ENGAGES, SANS_COUT, annees_sans_lignes, promesses_manquantes
from strategie.socle.models import Etablissement

ZERO = Decimal("0.00")
Section = LigneBudget.Section
# What its lines plan, by section, then by exercice.
Prevus = Mapping[str, Mapping[int, Decimal]]


@dataclass(frozen=True)
class AchatLu:
    """`prevus`: by section and by exercice, what the budget's lines plan for it. `aides`: what is granted for it, or
    for its lines. Nothing here asks the database.
    """

    achat: Achat
    prevus: Prevus
    aides: Decimal

    @cached_property
    def postes(self) -> Sequence[PosteDeCout]:
        return list(self.achat.postes.all())

    @cached_property
    def cout(self) -> CoutComplet:
        postes = [Poste(p.montant, p.de_l_annee, p.a_l_annee, p.investissement) for p in self.postes]
        return cout_complet(postes, duree=self.achat.duree, exercice=self.achat.exercice, aides=self.aides)

    @cached_property
    def dette(self) -> DetteDeFonctionnement:
        """Nothing is owed for what is given up."""
        if self.achat.etat == ABANDONNE:
            return DetteDeFonctionnement(())
        return dette_de_fonctionnement(self.cout, self.prevus[Section.FONCTIONNEMENT])

    @property
    def prevu(self) -> Decimal:
        """By all its lines."""
        return total(montant for par_exercice in self.prevus.values() for montant in par_exercice.values())

    @cached_property
    def a_prevoir(self) -> Sequence[tuple[int, str, Decimal]]:
        """Exercice, section, euros: what its whole life costs and no line plans yet."""
        return [
            (annee.exercice, section, manque)
            for annee in self.cout.annees
            for section, voulu in (
                (Section.INVESTISSEMENT, annee.investissement),
                (Section.FONCTIONNEMENT, annee.fonctionnement),
            )
            if (manque := voulu - self.prevus[section].get(annee.exercice, ZERO)) > 0
        ]

    @cached_property
    def promesses(self) -> Mapping[str, str]:
        """What is wanting of its use, its public, its training and its check, in sentences."""
        return promesses_manquantes(
            usage=self.achat.usage,
            public=self.achat.public,
            accessibilite=self.achat.accessibilite,
            formation=etat_de_formation_pour_achat(self.achat.formation, self.achat.livraison),
        )

    @cached_property
    def obstacles(self) -> Mapping[str, str]:
        """All that keeps it from being approved, at once: codes of `promesses`, « cout », « lignes »."""
        dits = dict(self.promesses)
        if not self.cout.total:
            dits["cout"] = SANS_COUT
        decouvert = [annee.exercice for annee in self.dette.annees]
        if manque := annees_sans_lignes(decouvert, euros(self.dette.total)):
            dits["lignes"] = manque
        return dits

    @property
    def bloque(self) -> str | None:
        """Why it is, once approved: what it rested on has failed."""
        return " ".join(self.promesses.values()) if self.achat.etat in ENGAGES and self.promesses else None


def achats_de(etablissement: Etablissement) -> list[AchatLu]:
    """Those that are not in the bin, by exercice: five queries, whatever their number. Sums are `dette_de` them, and
    `cout.total`, `cout.aides`, `cout.reste_a_charge`, `dette.total` of each.
    """
    return _lire(etablissement, _complets(etablissement))


def achats_du_budget(etablissement: Etablissement, lu: Synthese) -> list[AchatLu]:
    """As `achats_de`, from the lines and the grants that were read already, all exercices together: two queries. What
    they promised of their training is not fetched.
    """
    prevus = _sans_ligne()
    for ligne in lu.toutes:
        if ligne.achat is not None:
            par_exercice = prevus[ligne.achat][ligne.section]
            par_exercice[ligne.exercice] = par_exercice.get(ligne.exercice, ZERO) + ligne.prevu
    achat_de_la_ligne: dict[int | None, int | None] = {ligne.cle: ligne.achat for ligne in lu.toutes}
    aides: dict[int | None, Decimal] = defaultdict(lambda: ZERO)
    for aide in lu.tous:
        aides[aide.achat or achat_de_la_ligne.get(aide.ligne)] += aide.accorde
    achats = achats_vivants(etablissement).prefetch_related("postes")
    return [AchatLu(achat, prevus[achat.pk], aides[achat.pk]) for achat in achats]


def achat_lu(etablissement: Etablissement, cle: int) -> AchatLu | None:
    return next(iter(_lire(etablissement, _complets(etablissement).filter(pk=cle), cle)), None)


def dette_de(achats: Sequence[AchatLu]) -> Decimal:
    """What the school's purchases will cost and nothing pays for yet."""
    return total(lu.dette.total for lu in achats)


def achats_vivants(etablissement: Etablissement) -> QuerySet[Achat]:
    siens: QuerySet[Achat] = Achat.objects.vivants().filter(etablissement=etablissement)
    return siens


def lignes_de_l_achat(achat: Achat) -> QuerySet[LigneBudget]:
    siennes: QuerySet[LigneBudget] = LigneBudget.objects.vivants().filter(achat=achat)
    return siennes.order_by("exercice", "section", "pk")


def financements_de_l_achat(achat: Achat) -> QuerySet[Financement]:
    """Those for it, and those for its lines."""
    siens: QuerySet[Financement] = Financement.objects.vivants().filter(Q(achat=achat) | _de_ses_lignes(achat=achat))
    return siens.select_related("ligne").order_by("exercice", "pk")


def formations_a_choisir(etablissement: Etablissement, tenue: int | None) -> list[tuple[int, str]]:
    """The school's, with their state; the one that is held, were it in the bin."""
    siennes = BesoinFormation.objects.filter(Q(supprime_le__isnull=True) | Q(pk=tenue), etablissement=etablissement)
    return [
        (formation.pk, f"{formation} · {formation.annee_scolaire}, {formation.get_etat_display().lower()}")
        for formation in siennes.order_by("-annee_scolaire", "intitule", "pk")
    ]


def _complets(etablissement: Etablissement) -> QuerySet[Achat]:
    postes = Prefetch("postes", PosteDeCout.objects.order_by("de_l_annee", "pk"))
    complets = achats_vivants(etablissement).select_related("action", "formation", "approuve_par", "cree_par")
    return complets.prefetch_related(postes, "formation__seances")


def _lire(etablissement: Etablissement, achats: QuerySet[Achat], cle: int | None = None) -> list[AchatLu]:
    un = {} if cle is None else {"achat": cle}
    prevus = _prevus(etablissement, **un)
    aides = _aides(etablissement, **un)
    lus = []
    for achat in achats:
        achat.etablissement = etablissement
        lus.append(AchatLu(achat, prevus[achat.pk], aides.get(achat.pk, ZERO)))
    return lus


def _prevus(etablissement: Etablissement, **un: int) -> Mapping[int, Prevus]:
    prevus = _sans_ligne()
    lignes = LigneBudget.objects.vivants().filter(etablissement=etablissement, achat__isnull=False, **un)
    sommes = lignes.order_by().values_list("achat", "section", "exercice").annotate(Sum("prevu"))
    for achat, section, exercice, prevu in sommes:
        prevus[achat][section][exercice] = prevu
    return prevus


def _sans_ligne() -> dict[int, dict[str, dict[int, Decimal]]]:
    return defaultdict(lambda: {section: {} for section in Section.values})


def _de_ses_lignes(**un: int | Achat) -> Q:
    return Q(ligne__supprime_le__isnull=True, **{f"ligne__{nom}": valeur for nom, valeur in un.items()})


def _aides(etablissement: Etablissement, **un: int) -> Mapping[int, Decimal]:
    les_siennes = (Q(**un) | _de_ses_lignes(**un)) if un else Q(achat__isnull=False) | Q(ligne__achat__isnull=False)
    financements = Financement.objects.vivants().filter(les_siennes, etablissement=etablissement)
    sommes = financements.order_by().values_list(Coalesce("achat", "ligne__achat")).annotate(Sum("accorde"))
    return dict(sommes)


# --- What falls due again ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Renouvellement:
    """A purchase to make again in `annee`, the one after its last of service, for what its investment cost."""

    annee: int
    achat: Achat
    montant: Decimal


def renouvellements_de(achats: QuerySet[Achat]) -> list[Renouvellement]:
    """Those that are not delivered: what is delivered is in the inventory, and counted there."""
    return [
        Renouvellement(achat.exercice + achat.duree, achat, _investissement(achat))
        for achat in achats.filter(etat__in=(Achat.Etat.PROJET, Achat.Etat.APPROUVE))
    ]


def _investissement(achat: Achat) -> Decimal:
    return total(p.montant * (p.a_l_annee - p.de_l_annee + 1) for p in achat.postes.all() if p.investissement)


def jour_de(etablissement: Etablissement, maintenant: datetime.datetime) -> datetime.date:
    return maintenant.astimezone(etablissement.academie.zone).date()
