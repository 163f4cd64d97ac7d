"""Values of the equipment and of the network that an indicator of the plan may read by itself.

Added to those of the plan when the application starts (`plans.queries.mesures.ajouter_mesures`). Where nothing says a
value, there is none: what has no date, no answer, no measure is left out, and its source says how much.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from budget.domain.etats_d_usage import ECHECS
from budget.queries.chiffres import (
    Part,
    compte,
    part_a_reprendre,
    part_agee,
    part_depassee,
    part_vue,
)
from budget.queries.situation import Situation
from plans.models import IndicateurSuivi
from plans.queries.mesures import Mesure, Point, Registre
from strategie.socle.droits import Droit
from strategie.socle.rules import date_en_phrase, decimal_en_phrase

HAUSSE, BAISSE = IndicateurSuivi.Sens.HAUSSE, IndicateurSuivi.Sens.BAISSE
MENSUELLE, SEMESTRIELLE = IndicateurSuivi.Cadence.MENSUELLE, IndicateurSuivi.Cadence.SEMESTRIELLE
GROUPE = "Équipement et réseau"
INVENTAIRE, RESEAU = "Inventaire de l'établissement", "Relevés du réseau"


def situation_de(registre: Registre) -> Situation:
    return registre.tenir(Situation)


# --- What each reads -------------------------------------------------------------------------------------------
def _terminaux(registre: Registre) -> list[Point]:
    parc = situation_de(registre).parc
    valeur = parc.terminaux_pour_cent_eleves
    if valeur is None:
        return []
    nombre, eleves = compte(parc.terminaux_pedagogiques), registre.etablissement.effectif
    source = f"Inventaire\u00a0: {nombre} terminaux pédagogiques pour {eleves} élèves, à ce jour."
    return [Point(registre.jour, valeur, source)]


def _d_une_part(lire: Callable[[Situation], Part], dite: str, inconnus: str = "") -> Callable[[Registre], list[Point]]:
    """`dite`: what is counted, after « 12 sur 40 »; `inconnus`: what is left out, after their number."""

    def lue(registre: Registre) -> list[Point]:
        part = lire(situation_de(registre))
        if part.pour_cent is None:
            return []
        reste = f"\u00a0; {part.inconnus} {inconnus}" if part.inconnus else ""
        source = f"{part.nombre} sur {part.sur} {dite}{reste}, à ce jour."
        return [Point(registre.jour, part.pour_cent, source)]

    return lue


def _hors_service(registre: Registre) -> list[Point]:
    situation = situation_de(registre)
    if not situation.note_ses_incidents:
        return []
    source = f"Incidents\u00a0: depuis le début de {situation.annee}, une journée par équipement qui ne sert plus."
    return [Point(registre.jour, Decimal(situation.jours_hors_service), source)]


def _debit(registre: Registre) -> list[Point]:
    return [
        Point(jour, debit.quantize(Decimal("0.01"), ROUND_HALF_UP), f"Mesures du {date_en_phrase(jour)}.")
        for jour, debit in situation_de(registre).debits.items()
    ]


def _debit_par_eleves(registre: Registre) -> list[Point]:
    eleves = registre.etablissement.effectif
    if not eleves:
        return []
    return [
        Point(
            jour,
            (100 * debit / eleves).quantize(Decimal("0.1"), ROUND_HALF_UP),
            f"Mesures du {date_en_phrase(jour)}\u00a0: {decimal_en_phrase(debit)} Mbit/s pour {eleves} élèves.",
        )
        for jour, debit in situation_de(registre).debits.items()
    ]


def _part_en_echec(situation: Situation) -> Part:
    return Part(sum(etat in ECHECS for etat in situation.usages), len(situation.usages))


# --- The list ---------------------------------------------------------------------------------------------------
def _mesure(
    code: str,
    libelle: str,
    unite: str,
    sens: str,
    lire: Callable[[Registre], list[Point]],
    calcul: str,
    *,
    source: str = INVENTAIRE,
    du_jour: bool = True,
) -> Mesure:
    cadence = MENSUELLE if du_jour else SEMESTRIELLE
    return Mesure(
        code, GROUPE, libelle, unite, sens, cadence, source, calcul, Droit.LIRE_INVENTAIRE, lire, du_jour=du_jour
    )


SANS_DATE = "Ce qui n'a pas de date n'est pas compté."
MESURES = (
    _mesure(
        "terminaux-pour-100-eleves",
        "Ordinateurs et tablettes pour 100 élèves",
        "pour 100 élèves",
        HAUSSE,
        _terminaux,
        "Les ordinateurs et tablettes du domaine pédagogique présents dans l'inventaire, quel que soit leur état, "
        "divisés par le nombre d'élèves de l'annuaire, fois 100.",
    ),
    _mesure(
        "terminaux-cinq-ans",
        "Part des ordinateurs et tablettes de cinq ans et plus",
        "%",
        BAISSE,
        _d_une_part(lambda s: part_agee(s.parc.terminaux), "ordinateurs et tablettes datés", "sans date d'achat"),
        f"Ceux dont l'achat a cinq ans ou plus, divisés par ceux dont la date d'achat est connue. {SANS_DATE}",
    ),
    _mesure(
        "parc-au-dela",
        "Part de l'équipement pédagogique au-delà de sa durée prévue",
        "%",
        BAISSE,
        _d_une_part(lambda s: part_depassee(s.parc.pedagogiques), "équipements pédagogiques datés", "sans date"),
        "Ce qui a passé la date jusqu'à laquelle il était prévu qu'il serve, écrite à sa ligne ou tirée de la durée de "
        f"vie de sa catégorie, divisé par ce qui est daté. {SANS_DATE}",
    ),
    _mesure(
        "parc-a-reprendre",
        "Part de l'équipement à réparer ou à réformer",
        "%",
        BAISSE,
        _d_une_part(lambda s: part_a_reprendre(s.parc.presentes), "équipements présents"),
        "Ce que l'inventaire dit à réparer ou réformable, divisé par tout ce qui y est présent.",
    ),
    _mesure(
        "parc-vu",
        "Part de l'équipement vue au contrôle de l'année",
        "%",
        HAUSSE,
        _d_une_part(lambda s: part_vue(s.parc.presentes), "équipements attendus, les prêts mis à part"),
        "Ce qui a été vu à sa place depuis le 15 août, divisé par ce qui est attendu\u00a0: tout ce qui est présent, "
        "sauf ce qui est prêté.",
    ),
    _mesure(
        "lots-en-echec",
        "Part des lots qui ne servent pas comme prévu",
        "%",
        BAISSE,
        _d_une_part(_part_en_echec, "lots dont l'usage est déclaré"),
        "Les lots non utilisés, sous-exploités ou d'usage marginal, divisés par ceux dont l'usage a été déclaré ce "
        "trimestre ou le précédent\u00a0; de chacun, la dernière déclaration.",
        source="Usages déclarés des lots",
    ),
    _mesure(
        "jours-hors-service",
        "Journées hors service depuis le début de l'année scolaire",
        "journées",
        BAISSE,
        _hors_service,
        "De l'ouverture d'un incident à sa clôture, une journée par équipement qui ne sert plus. Les incidents d'une "
        "même ligne ne s'ajoutent pas, et un lot ne compte jamais plus d'équipements qu'il n'en a.",
        source="Incidents de l'établissement",
    ),
    _mesure(
        "salles-bon-wifi",
        "Part des salles où le Wi-Fi est bon",
        "%",
        HAUSSE,
        _d_une_part(lambda s: s.bon_wifi, "salles où il a été constaté", "où personne ne l'a essayé"),
        "Les salles où le Wi-Fi est dit bon, divisées par celles où quelqu'un l'a constaté\u00a0: une salle où "
        "personne ne l'a essayé n'est ni bonne ni mauvaise.",
        source=RESEAU,
    ),
    _mesure(
        "debit-median",
        "Débit descendant mesuré",
        "Mbit/s",
        HAUSSE,
        _debit,
        "Pour chaque jour de mesure, la médiane des mesures, sur les raccordements qui servent à la pédagogie.",
        source=RESEAU,
        du_jour=False,
    ),
    _mesure(
        "debit-pour-100-eleves",
        "Débit descendant mesuré pour 100 élèves",
        "Mbit/s pour 100 élèves",
        HAUSSE,
        _debit_par_eleves,
        "Pour chaque jour de mesure, la médiane des mesures, sur les raccordements qui servent à la pédagogie, divisée "
        "par le nombre d'élèves de l'annuaire, fois 100.",
        source=RESEAU,
        du_jour=False,
    ),
)
