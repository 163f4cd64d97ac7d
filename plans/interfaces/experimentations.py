"""What the pages of experiments take and show."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from django import forms

from plans.domain.experimentations import SaisieDecision, SaisieExperimentation
from plans.interfaces.a_plusieurs import Texte
from plans.interfaces.indicateurs import HORS_LISTE, AvecVersion, champ_date, champ_phrase
from plans.models import Action, Experimentation
from plans.rules.experimentations import LIGNE_MAX, TEXTE_MAX
from strategie.socle.rules import date_en_phrase

CHOISIR_UNE_ACTION = "Choisissez l'action qui expérimente, dans la liste."


class ExperimentationForm(forms.Form):
    question = champ_phrase(
        "La question posée",
        LIGNE_MAX,
        help_text="Une vraie question\u00a0: «\u00a0Les tablettes font-elles écrire davantage les élèves\u00a0?\u00a0»",
    )
    perimetre = champ_phrase(
        "Périmètre", LIGNE_MAX, help_text="Deux classes, une salle, une équipe\u00a0: petit, et dit."
    )
    debut = champ_date("Début", required=True)
    fin = champ_date("Fin", required=True)
    decision_le = champ_date(
        "Date de la décision", required=True, help_text="Le jour où l'on généralise, adapte ou arrête."
    )

    def saisie(self) -> SaisieExperimentation:
        return SaisieExperimentation(
            **{champ.name: self.cleaned_data[champ.name] for champ in fields(SaisieExperimentation)}
        )


class NouvelleExperimentationForm(ExperimentationForm):
    """`actions`: those that have none yet."""

    action = forms.TypedChoiceField(
        label="L'action qui expérimente",
        coerce=int,
        error_messages={"required": CHOISIR_UNE_ACTION, "invalid_choice": CHOISIR_UNE_ACTION},
    )
    field_order = ("action",)

    def __init__(self, *args: Any, actions: Sequence[Action], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action"].choices = [("", "Choisir une action"), *((action.pk, str(action)) for action in actions)]


class ExperimentationModifieeForm(ExperimentationForm, AvecVersion):
    pass


class EvaluationForm(AvecVersion):
    evaluation = Texte(
        label="Évaluation",
        required=False,  # the rule says what lacks
        max_length=TEXTE_MAX,
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
        help_text=(
            "Ce qui a été observé, ce que disent les indicateurs, ce que cela a demandé, et la réponse à la question. "
            "Sans nommer personne."
        ),
        error_messages={"max_length": "L'évaluation dépasse 5\u202f000 caractères\u00a0: résumez-la."},
    )


class DecisionForm(AvecVersion):
    decision = forms.ChoiceField(
        label="Décision",
        required=False,
        choices=[
            (Experimentation.Decision.GENERALISER, "Généraliser\u00a0: aller plus loin, avec des enseignants formés"),
            (Experimentation.Decision.ADAPTER, "Adapter\u00a0: changer quelque chose et essayer de nouveau"),
            (Experimentation.Decision.ARRETER, "Arrêter\u00a0: ce n'est pas la bonne réponse"),
        ],
        widget=forms.RadioSelect,
        error_messages=HORS_LISTE,
    )
    motif = Texte(
        label="Pourquoi (facultatif pour généraliser)",
        required=False,
        max_length=TEXTE_MAX,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"max_length": "Ce texte dépasse 5\u202f000 caractères\u00a0: résumez-le."},
    )
    perimetre_suivant = champ_phrase("Périmètre suivant, pour généraliser", LIGNE_MAX)
    formation_le = champ_date("Formation des enseignants de ce périmètre, pour généraliser")

    def saisie(self) -> SaisieDecision:
        return SaisieDecision(**{champ.name: self.cleaned_data[champ.name] for champ in fields(SaisieDecision)})


# --- Where it stands ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class EtatExperimentation:
    """In words, and the class of its label."""

    classe: str
    mots: str


def etat_de(experimentation: Experimentation, jour: datetime.date) -> EtatExperimentation:
    if experimentation.decision:
        return EtatExperimentation("fait", f"Décidée\u00a0: {experimentation.get_decision_display().lower()}")
    if experimentation.decision_le < jour:
        attendue = date_en_phrase(experimentation.decision_le)
        return EtatExperimentation("retard", f"Décision attendue depuis le {attendue}")
    if experimentation.evaluation:
        return EtatExperimentation("attention", "Évaluée, à décider")
    if jour < experimentation.debut:
        return EtatExperimentation("", "À venir")
    return (
        EtatExperimentation("", "En cours")
        if jour <= experimentation.fin
        else EtatExperimentation("attention", "À évaluer")
    )
