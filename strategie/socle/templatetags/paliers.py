"""Template tags and filters available on every page."""

import datetime
from decimal import Decimal

from django import template
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.droits import Droit
from strategie.socle.interfaces.charts import marches
from strategie.socle.models import Academie, Etablissement
from strategie.socle.queries.personnes import fonction_affichee
from strategie.socle.rules import date_en_phrase, decimal_en_phrase, quantieme

register = template.Library()

INSECABLE = "\u00a0"
FINE = "\u202f"


# --- Where one stands -----------------------------------------------------------------------------------
_LECTEURS = {Droit.LIRE_BROUILLON, Droit.LIRE_DIAGNOSTIC}
_LECTEURS_DU_PLAN = {Droit.LIRE_PLAN, Droit.LIRE_PLAN_PUBLIE}
# The name of a step's page, and the rights that open it. A step with two pages leads to the first that the reader may
# open.
ETAPES = (
    ("pourquoi", "Pourquoi", "pourquoi", _LECTEURS_DU_PLAN),
    ("diagnostic", "Diagnostic", "diagnostic", _LECTEURS),
    ("cap", "Cap", "besoins", {Droit.LIRE_BESOINS}),
    ("cap", "Cap", "axes", {Droit.LIRE_PLAN_PUBLIE}),
    ("moyens", "Moyens", "moyens", _LECTEURS_DU_PLAN),
    ("moyens", "Moyens", "inventaire", {Droit.LIRE_INVENTAIRE}),
    ("evaluation", "Évaluation", "evaluation", {Droit.LIRE_DOSSIER}),
)
# The plan and its levers, in the step « Moyens ».
LEVIERS = (
    ("plan", "Plan d'action", "moyens", _LECTEURS_DU_PLAN),
    ("formation", "Formation", "formations", {Droit.LIRE_FORMATION}),
    ("equipement", "Équipement", "inventaire", {Droit.LIRE_INVENTAIRE}),
    ("budget", "Budget", "budget", {Droit.LIRE_BUDGET}),
    ("budget", "Budget", "budget_partage", {Droit.LIRE_BUDGET_PARTAGE}),
)


@register.inclusion_tag("composants/boucle.html", takes_context=True)
def boucle(context: Context) -> dict:
    """The five steps; `etape` of the page's context is the current one."""
    return {"etapes": etapes_de(context["etablissement"]), "etape": context.get("etape")}


def etapes_de(etablissement: Etablissement) -> list[dict]:
    """The five steps, each with its page for who may open it (`etablissement.droits`), else None."""
    etapes: dict[str, dict] = {}
    for code, nom, page, droits in ETAPES:
        etape = etapes.setdefault(code, {"code": code, "nom": nom, "adresse": None})
        if droits & etablissement.droits:
            etape["adresse"] = etape["adresse"] or reverse(page, args=[etablissement.uai])
    return list(etapes.values())


@register.inclusion_tag("composants/leviers.html", takes_context=True)
def leviers(context: Context, levier: str) -> dict:
    """From the plan to its levers; `levier` is the code of the current one."""
    etablissement = context["etablissement"]
    liens = [
        {"nom": nom, "adresse": reverse(page, args=[etablissement.uai]), "ici": code == levier}
        for code, nom, page, droits in LEVIERS
        if droits & etablissement.droits
    ]
    return {"leviers": liens}


@register.simple_tag(takes_context=True)
def fonction(context: Context) -> str:
    """How the person signed in is presented in the header."""
    return fonction_affichee(context["user"], context.get("etablissement"))


@register.simple_tag(takes_context=True)
def apparence_choisie(context: Context) -> str:
    """« clair », « sombre », or nothing: then the device decides."""
    request = context.get("request")
    choix = request.COOKIES.get("apparence") if request else None
    return choix if choix in ("clair", "sombre") else ""


@register.simple_tag
def annee_en_cours(etablissement: Etablissement) -> str:
    """The school year on this day, where the school is."""
    return annee_scolaire(timezone.localdate(timezone=etablissement.academie.zone))


@register.filter
def libelle_district(academie: Academie, forme: str = "") -> str:
    """What this académie calls its districts: `{{ academie|libelle_district:"du" }}` → « de la circonscription ».

    Forms: « un », « ce », « aucun », « autre », « nouveau », « le », « du », « au », « de », « pluriel », or none.
    """
    return academie.nommer_un_district(forme)


# --- The stairs and the gauge -----------------------------------------------------------------------------
@register.filter
def nom_palier(palier: int) -> str:
    """« Palier 2 », « Avant le palier 1 »."""
    return f"Palier{INSECABLE}{palier}" if palier else f"Avant le palier{INSECABLE}1"


def texte_escalier(palier: int, non_etabli: bool) -> str:
    texte = f"{nom_palier(palier)} sur{INSECABLE}3" if palier else nom_palier(0)
    return f"{texte}, palier{INSECABLE}{palier + 1} non établi" if non_etabli else texte


@register.inclusion_tag("composants/escalier.html")
def escalier(palier: int, non_etabli: bool = False, legende: bool = False, large: bool = False) -> dict:
    """The stairs on screen: reached steps are full, the next one hatched (dotted when not established).

    `legende` writes the words under the drawing, for places where the page does not say them already.
    """
    return {
        "marches": marches(palier, non_etabli),
        "texte": texte_escalier(palier, non_etabli),
        "legende": legende,
        "large": large,
    }


@register.inclusion_tag("composants/jauge.html")
def jauge(valeur: int, maximum: int, libelle: str) -> dict:
    """A gauge; `libelle` says the figures, to a reader as to a screen reader."""
    return {"pour_cent": min(100, round(100 * valeur / maximum)) if maximum else 0, "libelle": libelle}


# --- French typography --------------------------------------------------------------------------------------
def _ici(jour: datetime.date) -> datetime.date:
    return timezone.localtime(jour) if isinstance(jour, datetime.datetime) and timezone.is_aware(jour) else jour


@register.filter
def date_longue(jour: datetime.date | datetime.datetime | None) -> str:
    """« mardi 3 novembre 2026 », « 1er » as it is said; an instant is read in the current time zone."""
    if not jour:
        return ""
    jour = _ici(jour)
    return f"{date_format(jour, 'l')} {quantieme(jour)} {date_format(jour, 'F Y')}".replace(" ", INSECABLE, 2)


@register.filter
def date_simple(jour: datetime.date | datetime.datetime | None) -> str:
    """« 3 novembre 2026 », « 1er novembre 2026 »; an instant is read in the current time zone."""
    return date_en_phrase(_ici(jour)) if jour else ""


@register.filter
def jour_et_mois(jour: datetime.date) -> str:
    """« 3 novembre », « 1er novembre »: where the year goes without saying."""
    return f"{quantieme(jour)}{INSECABLE}{date_format(jour, 'F')}"


@register.filter
def date_et_heure(instant: datetime.datetime | None) -> str:
    """« 3 novembre 2026 à 14 h 02 », in the current time zone."""
    if not instant:
        return ""
    local = _ici(instant)
    return f"{quantieme(local)} {date_format(local, 'F Y')} à {local.hour}{INSECABLE}h{INSECABLE}{local.minute:02d}"


@register.filter
def nombre(valeur: int | None) -> str:
    """1 234 567, with the narrow no-break space of French typography."""
    return "" if valeur is None else f"{valeur:,}".replace(",", FINE)


@register.filter
def decimal_fr(valeur: Decimal | int | None) -> str:
    """« 1 234,5 »: a decimal number, exact."""
    return "" if valeur is None else decimal_en_phrase(valeur)


@register.filter
def compte(valeur: int, formes: str) -> str:
    """`{{ 2|compte:"réponse,réponses" }}` → « 2 réponses »; zero is singular, as French has it."""
    singulier, pluriel = formes.split(",")
    return f"{nombre(valeur)}{INSECABLE}{singulier if abs(valeur) < 2 else pluriel}"
