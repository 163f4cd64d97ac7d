"""The printed diagnostic, made from the signed copy alone: what was frozen is all it needs, and all it says."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.dates import MONTHS

from diagnostic.domain.conditions import REGLES, Regle
from diagnostic.domain.contenu import FORMAT
from diagnostic.domain.cotation import Valeur, pour_cent
from diagnostic.models.diagnostic import LIBELLES_VALEURS
from strategie.socle.interfaces.charts import marches
from strategie.socle.interfaces.pdf import insecables, rendre_pdf

EN_LETTRES = ("aucun", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")
VOTES = {"oui": "oui", "en_partie": "en partie", "non": "non", "ne_sait_pas": "ne sait pas"}
REPONSES = {"": "Sans réponse"} | {valeur.value: libelle for valeur, libelle in LIBELLES_VALEURS.items()}


def rendre_pdf_diagnostic(contenu: dict[str, Any], empreinte: str = "") -> bytes:
    """PDF/UA-1 of a signed copy. `contenu` is its frozen JSON, `empreinte` the SHA-256 of that JSON.

    No database and no clock: the same copy always gives the same bytes. Raises ValueError for another format.
    """
    if contenu["format"] != FORMAT:
        raise ValueError(f"Format de diagnostic inconnu : {contenu['format']}")
    etablissement = contenu["etablissement"]
    with translation.override("fr"):
        contexte = contexte_pdf(contenu, empreinte)
    return rendre_pdf(
        "diagnostic/pdf/diagnostic.html",
        contexte,
        titre=f"Diagnostic numérique {contenu['annee_scolaire']} · {etablissement['nom']} ({etablissement['uai']})",
        auteur=etablissement["nom"],
        date=datetime.fromisoformat(contenu["signature"]["date"]),
    )


def contexte_pdf(contenu: dict[str, Any], empreinte: str = "") -> dict[str, Any]:
    """What the template prints: the frozen content, with its figures and dates put into words."""
    referentiel = contenu["referentiel"]
    paliers = {palier["numero"]: palier for palier in referentiel["paliers"]}
    champs = [_champ(champ, paliers) for champ in contenu["champs"]]
    return {
        "etablissement": contenu["etablissement"],
        "annee_scolaire": contenu["annee_scolaire"],
        "version": contenu["version"],
        "motif_reouverture": contenu["motif_reouverture"],
        "signature": _signature(contenu["signature"]),
        "referentiel": referentiel,
        "seuil": pour_cent(Fraction(referentiel["seuil"])),
        "part_inconnue_max": pour_cent(Fraction(referentiel["part_inconnue_max"])),
        "bilan": phrase_de_bilan([champ["palier"] for champ in champs]),
        "champs": champs,
        "un_non_etabli": any(champ["non_etabli"] for champ in champs),
        "compte": contenu["compte"],
        "non_demandes": sum(len(champ["non_demandes"]) for champ in champs),
        "sans_reponse": contenu["compte"]["concernes"] - contenu["compte"]["repondus"],
        "contradictions": contenu["contradictions"],
        "regles": {
            regle: REGLES[Regle(regle)] for regle in sorted({i["regle"] for c in champs for i in c["non_demandes"]})
        },
        "sans_score": any("" in champ["scores"] for champ in champs),
        "empreinte": empreinte,
    }


def _signature(signature: dict[str, Any]) -> dict[str, Any]:
    instant = datetime.fromisoformat(signature["date"]).astimezone(ZoneInfo(signature["fuseau"]))
    return signature | {
        "fonction": en_cours_de_phrase(signature["fonction"]),
        "le": date_en_toutes_lettres(signature["date_locale"]),
        "heure": f"{instant.hour}\u00a0h\u00a0{instant.minute:02}",
    }


def phrase_de_bilan(atteints: list[int]) -> str:
    """One sentence to be read aloud: how many champs reach which palier, the highest first."""
    groupes = sorted(Counter(atteints).items(), reverse=True)
    if len(groupes) == 1:
        return f"Les {_en_lettres(len(atteints))} champs du diagnostic {_ou_en_sont(len(atteints), groupes[0][0])}."
    morceaux = [f"{_en_lettres(nombre)} {_ou_en_sont(nombre, palier)}" for palier, nombre in groupes]
    return f"Sur les {_en_lettres(len(atteints))} champs du diagnostic, {_enumeration(morceaux)}."


def _en_lettres(nombre: int) -> str:
    return EN_LETTRES[nombre] if nombre < len(EN_LETTRES) else str(nombre)


def _ou_en_sont(nombre: int, palier: int) -> str:
    if palier == 0:
        return f"n'{'a' if nombre == 1 else 'ont'} pas encore atteint le palier\u00a01"
    return f"{'est' if nombre == 1 else 'sont'} au palier\u00a0{palier}"


def _enumeration(morceaux: list[str]) -> str:
    return " et ".join(filter(None, [", ".join(morceaux[:-1]), morceaux[-1]]))


def date_en_toutes_lettres(jour: str) -> str:
    """« 2026-11-01 » as « 1er novembre 2026 », held together by non-breaking spaces."""
    lu = date.fromisoformat(jour)
    return f"{lu.day}{'er' if lu.day == 1 else ''}\u00a0{MONTHS[lu.month]}\u00a0{lu.year}"


def en_cours_de_phrase(fonction: str) -> str:
    """« Principale » as « principale », but « IEN » as it is."""
    return fonction if fonction[1:2].isupper() else fonction[:1].lower() + fonction[1:]


def adresse_web(lien: str) -> str:
    """The link itself when a reader may follow it, else nothing: it is then printed as mere text."""
    try:
        adresse = urlsplit(lien)
    except ValueError:
        return ""
    return lien if adresse.scheme in ("http", "https") and adresse.netloc else ""


def _champ(champ: dict[str, Any], paliers: dict[int, dict[str, Any]]) -> dict[str, Any]:
    resultat = champ["resultat"]
    indicateurs = {indicateur["code"]: _indicateur(indicateur) for indicateur in champ["indicateurs"]}
    return {
        "code": champ["code"],
        "libelle": champ["libelle"],
        "palier": resultat["palier"],
        "atteint": paliers.get(resultat["palier"]),
        "suivant": paliers.get(resultat["palier"] + 1),
        "non_etabli": resultat["non_etabli"],
        "marches": marches(resultat["palier"]),
        "manquants": [indicateurs[code] for code in resultat["manquants"]],
        "scores": [_score(resultat["scores"][str(numero)]) for numero in paliers],
        "non_demandes": [indicateur for indicateur in champ["indicateurs"] if not indicateur["concerne"]],
        "paliers": [
            palier | {"indicateurs": _du_palier(indicateurs.values(), numero)} for numero, palier in paliers.items()
        ],
    }


def _score(score: str | None) -> str:
    return "" if score is None else f"{pour_cent(Fraction(score))}\u00a0%"


def _du_palier(indicateurs: Iterable[dict[str, Any]], numero: int) -> list[dict[str, Any]]:
    return [i for i in indicateurs if i["concerne"] and i["palier"] == numero]


def _indicateur(indicateur: dict[str, Any]) -> dict[str, Any]:
    return indicateur | {
        "enonce": insecables(indicateur["enonce"]),
        "reponse": REPONSES[indicateur["valeur"]],
        "acquis": indicateur["valeur"] in (Valeur.oui, Valeur.sans_objet),
        "reunion": _reunion(indicateur["reunion"]),
        "preuves": [_preuve(preuve) for preuve in indicateur["preuves"]],
    }


def _reunion(vote: dict[str, Any] | None) -> dict[str, str] | None:
    """When a meeting voted, what it said, and with what reserve."""
    if vote is None:
        return None
    return {
        "le": date_en_toutes_lettres(vote["le"]),
        "votes": mains_levees({nom: vote[nom] for nom in VOTES}),
        "desaccord": vote["desaccord"],
    }


def mains_levees(votes: Mapping[str, int]) -> str:
    """« 8 oui, 2 en partie, 1 non »: what got no hand is left out."""
    dits = [f"{nombre}\u00a0{VOTES[nom]}" for nom, nombre in votes.items() if nombre]
    return ", ".join(dits) or "aucune main levée"


def _preuve(preuve: dict[str, Any]) -> dict[str, Any]:
    return preuve | {
        "adresse": adresse_web(preuve["lien"]),
        "le": date_en_toutes_lettres(preuve["date"]) if preuve["date"] else "",
    }
