"""When a need of training may be written, change state, or open the way to a purchase: French sentences that say why
not, or None. States and modalities are given by their codes: this room knows no model.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from plans.rules.besoins import est_une_annee
from strategie.socle.domain.calendrier import bornes, bornes_du_trimestre, trimestre
from strategie.socle.rules import date_en_phrase, decimal_en_phrase

if TYPE_CHECKING:
    from budget.domain.formations import SaisieFormation

EXPRIME, DEMANDE, ACCORDE, REALISE, EVALUE = "exprime", "demande", "accorde", "realise", "evalue"
REFUSE, ANNULE = "refuse", "annule"
# As they are said of « la formation ».
EN_MOTS = {
    EXPRIME: "au stade du besoin",
    DEMANDE: "demandée",
    ACCORDE: "accordée",
    REALISE: "réalisée",
    EVALUE: "évaluée",
    REFUSE: "refusée",
    ANNULE: "annulée",
}
ARRETS = (REFUSE, ANNULE)
ENGAGES = (ACCORDE, REALISE, EVALUE)
PAF, LOCALE = "paf", "locale"
MODALITES = (PAF, LOCALE, "pairs", "auto")
EQUIPES = ("enseignants", "vie_scolaire", "aesh", "administration", "agents", "direction")
LONGUEURS = {
    "intitule": 200,
    "constat": 600,
    "objectif": 600,
    "personnes_ressources": 300,
    "suite": 600,
    "effet_attendu": 400,
}
RAISON_MAX, BILAN_MAX = 300, 4_000
EFFECTIF_MAX, HEURES_MAX, HEURES_FORMATEUR_MAX = 2_000, Decimal(400), Decimal(5_000)
ANNEES_D_AVANCE, ANNEES_PASSEES = 5, 5
CHANGEE = "Cette formation a changé ou n'est plus là\u00a0: rechargez la page."
# What a need may come from, by origin: « E07 », « F3 », « PIL-1-2 », « A12 ».
REFERENCES = {
    "enquete": re.compile(r"E[0-9]{2}|F[0-9]{1,2}"),
    "indicateur": re.compile(r"[A-Z]{2,4}-[1-3]-[0-9]{1,2}"),
    "action": re.compile(r"A[0-9]{1,12}"),
}


# --- Writing one -----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Cadre:
    """What a need may name: the school's own indicators, actions and needs; the school year that it is."""

    indicateurs: frozenset[int]
    actions: frozenset[int]
    besoins: frozenset[int]
    annee: str


def defauts_de_la_formation(saisie: SaisieFormation, cadre: Cadre) -> dict[str, str]:
    """What is wrong, by field; a field has one sentence."""
    return dict(
        reversed([*_defauts_des_liens(saisie, cadre), *_defauts_des_nombres(saisie), *_defauts_du_texte(saisie, cadre)])
    )


def _defauts_du_texte(saisie: SaisieFormation, cadre: Cadre) -> Iterator[tuple[str, str]]:
    for champ, longueur in LONGUEURS.items():
        if len(getattr(saisie, champ)) > longueur:
            yield champ, f"Ce texte dépasse {longueur}\u00a0caractères\u00a0: raccourcissez-le."
    if not saisie.intitule:
        yield "intitule", "Dites en quelques mots de quelle formation il s'agit."
    if saisie.modalite not in MODALITES:
        yield "modalite", "Choisissez la modalité dans la liste."
    if not est_une_annee(saisie.annee_scolaire):
        yield "annee_scolaire", "Une année scolaire s'écrit sur deux années qui se suivent, comme 2026-2027."
    elif not -ANNEES_PASSEES <= int(saisie.annee_scolaire[:4]) - int(cadre.annee[:4]) <= ANNEES_D_AVANCE:
        debut = int(cadre.annee[:4])
        yield (
            "annee_scolaire",
            f"Choisissez une année scolaire de {debut - ANNEES_PASSEES}-{debut - ANNEES_PASSEES + 1} à "
            f"{debut + ANNEES_D_AVANCE}-{debut + ANNEES_D_AVANCE + 1}.",
        )
    if saisie.trimestre not in (None, 1, 2, 3):
        yield "trimestre", "Un trimestre va de 1 à 3."


def _defauts_des_nombres(saisie: SaisieFormation) -> Iterator[tuple[str, str]]:
    if not saisie.equipes or not saisie.equipes <= set(EQUIPES):
        yield "equipes", "Dites à qui elle s'adresse\u00a0: cochez au moins une équipe."
    if not 1 <= saisie.effectif <= EFFECTIF_MAX:
        yield "effectif", f"Une formation compte de 1 à {decimal_en_phrase(EFFECTIF_MAX)} personnes."
    if not 0 < saisie.heures <= HEURES_MAX:
        yield "heures", f"La durée pour une personne va d'un peu plus de 0 à {HEURES_MAX}\u00a0heures."
    if not 0 <= saisie.heures_formateur <= HEURES_FORMATEUR_MAX:
        yield (
            "heures_formateur",
            "Les heures de formateurs du district vont de 0, quand aucun n'intervient, à "
            f"{decimal_en_phrase(HEURES_FORMATEUR_MAX)}.",
        )


def _defauts_des_liens(saisie: SaisieFormation, cadre: Cadre) -> Iterator[tuple[str, str]]:
    if saisie.indicateur is not None and saisie.indicateur not in cadre.indicateurs:
        yield "indicateur", "Cet indicateur n'est pas, ou n'est plus, un de ceux que suit l'établissement."
    if saisie.action is not None and saisie.action not in cadre.actions:
        yield "action", "Cette action n'est pas, ou n'est plus, dans le plan de l'établissement."
    if saisie.besoin is not None and saisie.besoin not in cadre.besoins:
        yield "besoin", "Ce besoin n'est pas, ou n'est plus, un de ceux que retient l'établissement."


def empechement_designer(origine: str, reference: str) -> str | None:
    """Where a need comes from is said by our own pages."""
    if origine == "saisi" and not reference:
        return None
    forme = REFERENCES.get(origine)
    if forme is None or not forme.fullmatch(reference):
        return "Ce besoin ne vient ni d'une enquête, ni du diagnostic, ni d'une action\u00a0: écrivez-le vous-même."
    return None


def defauts_apres_l_accord(avant: SaisieFormation, apres: SaisieFormation) -> dict[str, str]:
    """What was granted is not changed behind the back of whoever granted it."""
    dit = "La formation est accordée ainsi\u00a0: pour le changer, annulez-la, puis demandez-la de nouveau."
    champs = ("annee_scolaire", "modalite", "heures_formateur")
    return {champ: dit for champ in champs if getattr(avant, champ) != getattr(apres, champ)}


def empechement_modifier(etat: str) -> str | None:
    return f"Cette formation est {EN_MOTS[etat]}\u00a0: reprenez-la d'abord." if etat in ARRETS else None


@dataclass(frozen=True)
class SeanceConnue:
    """What a training's sessions hold it to: a day, how many were there (0 as long as it is not held)."""

    jour: datetime.date
    presents: int


def defauts_envers_les_seances(saisie: SaisieFormation, seances: Collection[SeanceConnue]) -> dict[str, str]:
    """Sessions that are not cancelled stay within the year and the headcount of their training."""
    if not seances:
        return {}
    defauts = {}
    hors = [seance.jour for seance in seances if refus_du_jour(seance.jour, saisie.annee_scolaire)]
    if hors:
        defauts["annee_scolaire"] = (
            f"Une séance est datée du {date_en_phrase(min(hors))}, hors de {saisie.annee_scolaire}\u00a0: "
            "déplacez-la ou annulez-la d'abord."
        )
    comble = max(seances, key=lambda seance: seance.presents)
    if comble.presents > saisie.effectif:
        defauts["effectif"] = (
            f"{comble.presents} personnes étaient présentes le {date_en_phrase(comble.jour)}\u00a0: la formation en "
            "compte au moins autant."
        )
    return defauts


def refus_du_jour(jour: datetime.date, annee: str) -> str | None:
    """A session is held in the school year of its training, so that hours and people are counted in one year."""
    debut, fin = bornes(annee)
    if debut <= jour <= fin:
        return None
    return (
        f"Ce jour est hors de l'année scolaire {annee} de la formation\u00a0: choisissez une date du "
        f"{date_en_phrase(debut)} au {date_en_phrase(fin)}."
    )


# --- What becomes of it ----------------------------------------------------------------------------------------
# Those that go forward, then those that stop.
ACTES = ("demander", "accorder", "realiser", "evaluer", "reprendre", "refuser", "annuler")
# From which states each act is possible; « accorder » is also made from « exprimé » by a school that decides alone.
DEPUIS = {
    "demander": (EXPRIME,),
    "accorder": (DEMANDE,),
    "refuser": (DEMANDE, ACCORDE),
    "annuler": (EXPRIME, DEMANDE, ACCORDE),
    "reprendre": ARRETS,
    "realiser": (ACCORDE,),
    "evaluer": (REALISE, EVALUE),
}


def decidee_ici(modalite: str, heures_formateur: Decimal) -> bool:
    """Whether the school notes the answer itself: no hour of the district's trainers, not made for it alone."""
    return modalite != LOCALE and not heures_formateur


def sans_demande(modalite: str, heures_formateur: Decimal) -> bool:
    """Among colleagues or alone, there is nobody to ask: the school decides at once."""
    return modalite != PAF and decidee_ici(modalite, heures_formateur)


def actes_possibles(
    etat: str, modalite: str, heures_formateur: Decimal, *, ecole: bool, pilote: bool
) -> tuple[str, ...]:
    """`ecole`: the person writes the school's needs, `pilote`: she answers for the district."""
    repond = pilote or (ecole and decidee_ici(modalite, heures_formateur))
    permis = {"accorder": repond, "refuser": repond, "reprendre": ecole or (pilote and etat == REFUSE)}
    permis["demander"] = ecole and not sans_demande(modalite, heures_formateur)
    return tuple(
        acte
        for acte in ACTES
        if empechement_passer(acte, etat, modalite, heures_formateur) is None and permis.get(acte, ecole)
    )


def empechement_passer(acte: str, etat: str, modalite: str, heures_formateur: Decimal) -> str | None:
    """Whoever asks."""
    seule = acte == "accorder" and etat == EXPRIME and sans_demande(modalite, heures_formateur)
    if etat in DEPUIS[acte] or seule:
        return None
    return f"La formation est maintenant {EN_MOTS[etat]}\u00a0: cela n'est plus possible. Rechargez la page."


def empechement_demander(saisie: SaisieFormation, *, sigle: str, effectif_minimum: int) -> str | None:
    """A request goes with its reasons, and a local training with a group large enough."""
    if not saisie.constat or not saisie.objectif:
        return (
            "Une demande dit le constat de départ et l'objectif professionnel\u00a0: complétez la formation, puis "
            "demandez-la."
        )
    if saisie.modalite == LOCALE and saisie.effectif < effectif_minimum:
        return (
            f"L'académie n'ouvre une {sigle} qu'à partir de {effectif_minimum} personnes, et celle-ci en compte "
            f"{saisie.effectif}. Joignez-vous à un autre établissement et comptez ses participants, ou choisissez une "
            "autre modalité\u00a0: le programme académique, le pair à pair, l'autoformation."
        )
    return None


def avertissement_preavis(jour: datetime.date, annee: str, trimestre_voulu: int | None, semaines: int) -> str | None:
    """Said, never refused: a late request may still be heard."""
    if trimestre_voulu is None or not est_une_annee(annee):
        return None  # some time in the year: there is still time
    debut = bornes_du_trimestre(annee, trimestre_voulu)[0]
    limite = debut - datetime.timedelta(weeks=semaines)
    if jour <= limite:
        return None
    return (
        f"L'académie demande {semaines} semaines de préavis\u00a0: pour une formation dès le {date_en_phrase(debut)}, "
        f"la demande se fait avant le {date_en_phrase(limite)}. Elle part quand même\u00a0; prévoyez une date plus "
        "tardive."
    )


def empechement_engager(
    heures: Decimal, *, capacite: Decimal | None, engagees: Decimal, district: str, annee: str
) -> str | None:
    """Trainers' hours are granted once; when nobody has said how many there are, nothing is refused."""
    if capacite is None or not heures or engagees + heures <= capacite:
        return None
    return (
        f"Cette formation prend {heures_en_mots(heures)} de formateurs, il en reste "
        f"{heures_restantes(capacite - engagees)} en {annee} dans «\u00a0{district}\u00a0». Augmentez les heures du "
        "district, ou refusez en disant pourquoi."
    )


def heures_restantes(restantes: Decimal) -> str:
    """None rather than less than none, when a capacity was lowered after what it engages."""
    return decimal_en_phrase(max(restantes, Decimal(0)))


def heures_en_mots(heures: Decimal) -> str:
    """« 1,5 heure », « 120 heures »."""
    return f"{decimal_en_phrase(heures)}\u00a0heure{'s' if heures >= 2 else ''}"


def manque_en_mots(voulues: Decimal, restantes: Decimal, annee: str) -> str:
    """« 120 heures de formateurs sont demandées, il en reste 80 en 2026-2027 »."""
    sont = "sont demandées" if voulues >= 2 else "est demandée"
    return f"{heures_en_mots(voulues)} de formateurs {sont}, il en reste {heures_restantes(restantes)} en {annee}"


def empechement_raison(raison: str) -> str | None:
    if not raison:
        return "Dites pourquoi, en une phrase."
    return (
        f"Ce texte dépasse {RAISON_MAX}\u00a0caractères\u00a0: raccourcissez-le." if len(raison) > RAISON_MAX else None
    )


def empechement_refuser(tenues: int) -> str | None:
    return "Une séance s'est déjà tenue\u00a0: il est trop tard pour refuser." if tenues else None


def empechement_annuler(tenues: int) -> str | None:
    if tenues:
        return "Une séance s'est déjà tenue\u00a0: dites plutôt la formation réalisée."
    return None


def empechement_realiser(tenues: int, prevues: Collection[datetime.date]) -> str | None:
    if prevues:
        return (
            f"Une séance est encore prévue le {date_en_phrase(min(prevues))}\u00a0: notez les présents, ou annulez-la."
        )
    return None if tenues else "Aucune séance ne s'est tenue\u00a0: ajoutez-en une et notez combien étaient là."


def empechement_evaluer(bilan: str) -> str | None:
    if not bilan:
        return "Dites ce que la formation a changé\u00a0: c'est ce qui l'évalue."
    return (
        f"Le bilan dépasse {decimal_en_phrase(BILAN_MAX)}\u00a0caractères\u00a0: raccourcissez-le."
        if len(bilan) > BILAN_MAX
        else None
    )


# --- The bin ---------------------------------------------------------------------------------------------------
def empechement_retirer_formation(etat: str, tenues: int, achats: Collection[str], lignes: int) -> str | None:
    if etat in ENGAGES or tenues:
        return "Cette formation est accordée ou commencée\u00a0: annulez-la plutôt, en disant pourquoi."
    if achats:
        return f"L'achat «\u00a0{min(achats)}\u00a0» repose sur elle\u00a0: donnez-lui d'abord une autre formation."
    if lignes:
        return "Une ligne du budget la paie\u00a0: retirez d'abord cette ligne."
    return None


# --- What a purchase waits for (row 93) ------------------------------------------------------------------------
def fin_du_trimestre_suivant(jour: datetime.date) -> datetime.date:
    """The last day by which those who will use a thing delivered on that day are to be trained: the end of the term
    that follows its own.
    """
    debut = jour.year if jour.month >= 9 else jour.year - 1
    rang = trimestre(jour)
    annee = f"{debut}-{debut + 1}" if rang < 3 else f"{debut + 1}-{debut + 2}"
    return bornes_du_trimestre(annee, rang % 3 + 1)[1]


def empechement_acheter(
    *,
    intitule: str | None,
    etat: str,
    retiree: bool,
    seances: Collection[datetime.date],
    livraison: datetime.date | None,
) -> str | None:
    """`intitule` is None when the purchase names no training; `seances`: the days of those that are not cancelled."""
    if intitule is None:
        return "Aucune formation n'est prévue pour ceux qui s'en serviront\u00a0: choisissez-en une, ou écrivez-la."
    nommee = f"La formation «\u00a0{intitule}\u00a0»"
    if retiree:
        return f"{nommee} est à la corbeille\u00a0: restaurez-la, ou choisissez-en une autre."
    if etat in ARRETS:
        return f"{nommee} est {EN_MOTS[etat]}\u00a0: reprenez-la, ou choisissez-en une autre."
    if not seances:
        return f"{nommee} n'a pas de séance datée\u00a0: prévoyez-en une."
    if livraison is None:
        return f"La livraison n'est pas datée\u00a0: on ne sait pas si «\u00a0{intitule}\u00a0» viendra à temps."
    limite = fin_du_trimestre_suivant(livraison)
    if min(seances) > limite:
        return (
            f"{nommee} vient trop tard\u00a0: sa première séance est le {date_en_phrase(min(seances))}. Pour une "
            f"livraison le {date_en_phrase(livraison)}, il en faut une avant, ou au plus tard le "
            f"{date_en_phrase(limite)}, à la fin du trimestre suivant."
        )
    return None
