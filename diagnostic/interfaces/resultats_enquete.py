"""The results of a survey on paper and in a file; how each figure is made; the button that hides a text."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import translation

from diagnostic.queries.mesures_enquete import Mesure, decimal
from diagnostic.queries.resultats_enquete import Champ, Item, Lecture
from strategie.socle.interfaces.exports import Colonne
from strategie.socle.interfaces.pdf import insecables, rendre_pdf
from strategie.socle.rules import date_en_phrase

ENSEMBLE = "Ensemble"


# --- « Comment c'est calculé » --------------------------------------------------------------------------
@dataclass(frozen=True)
class Calcul:
    """The formula of a kind of figure, what it counts and leaves out; `ancres`: parts of the page that explains it."""

    formule: str
    compris: str
    exclus: str
    ancres: tuple[tuple[str, str], ...]


TAUX = ("taux", "Le taux de réponse")
SEUIL = ("seuil", "Le plus petit groupe montré")
MOYENNE = ("moyenne", "La moyenne")
ACCORD = ("part-d-accord", "La part d'accord")
DISPERSION = ("dispersion", "Avis proches, avis partagés")
UNANIMITE = ("unanimite", "« 80 % et plus »")
ECART = ("ecart", "L'écart")
PRUDENCE = ("prudence", "Les petites différences")
PALIER = ("palier", "Le palier")


def calculs(lecture: Lecture) -> dict[str, Calcul]:
    """By kind of figure, with the counts of this survey."""
    items = lecture.equipes.items if lecture.equipes else ()
    montres = [item for item in items if item.mesure]
    bandes = sum(1 for item in montres if item.mesure.bande)
    montrees = f"Questions montrées : {len(montres)}, dont {bandes} sans chiffre exact."
    tus = (
        f"Questions non montrées (moins de {lecture.seuil} réponses, ou trop semblables) : {len(items) - len(montres)}."
    )
    faites = {
        "participation": Calcul(
            "Réponses ÷ personnes invitées, arrondi à l'unité la plus proche.",
            "Toutes les réponses reçues avant la clôture.",
            f"Un groupe de moins de {lecture.seuil} réponses n'est pas montré seul : il est réuni à d'autres.",
            (TAUX, SEUIL),
        ),
        "champs": Calcul(
            "Moyenne des moyennes de ses questions, qui comptent chacune autant ; de même pour la part d'accord. "
            "« ≈ » : une question au moins n'est connue que par « 80 % et plus ».",
            montrees,
            tus,
            (MOYENNE, ACCORD, PALIER),
        ),
        "questions": Calcul(
            "Moyenne : somme des réponses, de 1 à 5 ÷ nombre de réponses. Accord : part des réponses 4 et 5. Avis "
            "partagés : écart-type de 1 ou plus ; avis proches : moins de 1. Les parts sont arrondies chacune : leur "
            "somme peut faire 99 ou 101 %.",
            montrees,
            f"« Sans avis » et réponses laissées vides, où les chiffres sont exacts : {_sans_avis(montres)}. {tus}",
            (MOYENNE, ACCORD, DISPERSION, UNANIMITE),
        ),
        "ecarts": Calcul(
            "Réponse de la direction − moyenne des équipes. Interprétable si trois personnes, en changeant du tout au "
            "tout, n'auraient pas suffi à le faire : écart × nombre de réponses ÷ 4, au moins égal à 3.",
            f"Écarts : {len(lecture.ecarts)}, dont {len(lecture.ecarts_nets)} interprétables.",
            "Les questions auxquelles la direction n'a pas répondu. " + tus,
            (ECART, PRUDENCE),
        ),
        "groupes": Calcul(
            "Moyenne de chaque groupe. Une différence est interprétable si : différence × nombre de réponses du plus "
            "petit groupe ÷ 4, au moins égal à 3.",
            f"Questions où chaque groupe peut être montré : {len(lecture.groupes)}.",
            f"Questions où un groupe a moins de {lecture.seuil} réponses, ou répond presque d'une seule voix : "
            f"{lecture.non_distingues}.",
            (SEUIL, UNANIMITE, PRUDENCE),
        ),
        "formation": Calcul(
            "Nombre de personnes qui ont coché le thème, et leur part de toutes les réponses des équipes.",
            f"Réponses des équipes : {lecture.formation.reponses if lecture.formation else 0}.",
            f"Un thème souhaité par moins de {lecture.seuil} personnes n'a pas de nombre. « Ou plus » : tous le "
            "souhaitent, ou presque.",
            (SEUIL,),
        ),
        "propres": Calcul(
            "Nombre de réponses à chaque choix, et leur part des réponses à la question.",
            "Toutes les réponses à la question, sans distinguer les groupes.",
            f"Les questions laissées vides ; celles de moins de {lecture.seuil} réponses, ou trop semblables.",
            (SEUIL, UNANIMITE),
        ),
    }
    return {
        nom: Calcul(insecables(c.formule), insecables(c.compris), insecables(c.exclus), c.ancres)
        for nom, c in faites.items()
    }


def _sans_avis(montres: list[Item]) -> int:
    return sum(item.mesure.sans_avis for item in montres)


# --- The file for a spreadsheet -------------------------------------------------------------------------
@dataclass(frozen=True)
class LigneExportee:
    """One question in one part; `mesure` is None where nothing may be said."""

    famille: str
    part: str
    champ: Champ
    item: Item
    mesure: Mesure | None
    direction: int | None


def lignes_a_exporter(lecture: Lecture) -> Iterator[LigneExportee]:
    """For each question the whole family, then the parts that may be told apart."""
    for section in lecture.sections:
        for champ in section.champs:
            for item in champ.items:
                yield LigneExportee(section.famille.libelle, ENSEMBLE, champ, item, item.mesure, item.direction)
                for part in section.famille.parts:
                    if part.code in item.parts:
                        yield LigneExportee(
                            section.famille.libelle, part.libelle, champ, item, item.parts[part.code], None
                        )


def colonnes_de_l_export(lecture: Lecture) -> list[Colonne[LigneExportee]]:
    """Only published figures: a band leaves theirs empty."""

    def de(lire) -> Any:
        return lambda ligne: "" if ligne.mesure is None or ligne.mesure.bande else lire(ligne.mesure)

    return [
        Colonne("Établissement", lambda ligne: lecture.uai),
        Colonne("Année scolaire", lambda ligne: lecture.annee),
        Colonne("Clôture", lambda ligne: lecture.cloture.isoformat()),
        Colonne("Question", lambda ligne: ligne.item.reference),
        Colonne("Énoncé", lambda ligne: ligne.item.enonce),
        Colonne("Champ", lambda ligne: ligne.champ.libelle),
        Colonne("Famille", lambda ligne: ligne.famille),
        Colonne("Groupe", lambda ligne: ligne.part),
        Colonne("Réponses", lambda ligne: ligne.mesure.n if ligne.mesure else "non montré"),
        *(
            Colonne(f"Réponses {valeur}", de(lambda mesure, rang=valeur - 1: mesure.effectifs[rang]))
            for valeur in range(1, 6)
        ),
        Colonne("Sans avis", de(lambda mesure: mesure.sans_avis)),
        Colonne("Moyenne", de(lambda mesure: decimal(mesure.resume.moyenne))),
        Colonne("Part d'accord (%)", de(lambda mesure: mesure.part_accord.removesuffix("\u00a0%"))),
        Colonne("Écart-type", de(lambda mesure: mesure.ecart_type)),
        Colonne("En une phrase", lambda ligne: ligne.mesure.bande_en_mots if ligne.mesure else ""),
        Colonne("Réponse de la direction", lambda ligne: "" if ligne.direction is None else ligne.direction),
    ]


# --- The PDF for the conseil pédagogique ----------------------------------------------------------------
def rendre_pdf_enquete(lecture: Lecture, *, sha256: str, publie_le: datetime.datetime, secours: int) -> bytes:
    """PDF/UA-1: the same survey beside the same paliers gives the same bytes. No free text is in it.

    `publie_le` is aware, in the school's time zone; `secours`: how many spare slips were drawn.
    """
    with translation.override("fr"):
        contexte = contexte_pdf_enquete(lecture, sha256, publie_le, secours)
    return rendre_pdf(
        "diagnostic/pdf/enquete.html",
        contexte,
        titre=f"Enquête auprès des équipes {lecture.annee} · {lecture.etablissement} ({lecture.uai})",
        auteur=lecture.etablissement,
        date=publie_le,
    )


def contexte_pdf_enquete(lecture: Lecture, sha256: str, publie_le: datetime.datetime, secours: int) -> dict[str, Any]:
    return {
        "lecture": lecture,
        "calculs": calculs(lecture),
        "sha256": sha256,
        "publie_le": date_en_phrase(publie_le.date()),
        "secours": secours,
    }


# --- Free texts -----------------------------------------------------------------------------------------
class MasquageForm(forms.Form):
    """Which text, and whether it is hidden from now on."""

    cle = forms.UUIDField()
    masquee = forms.TypedChoiceField(choices=[("oui", "Masquer"), ("non", "Montrer")], coerce=lambda dit: dit == "oui")
