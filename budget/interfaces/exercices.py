"""What the page that opens an exercice again takes."""

from django import forms

from budget.interfaces.champs import phrase
from budget.rules.exercices import RAISON_MAX


class ReouvertureForm(forms.Form):
    raison = phrase(
        "Pourquoi le rouvrir",
        RAISON_MAX,
        help_text="En une phrase\u00a0: elle reste dans l'historique de l'exercice.",
        error_messages={"required": "Dites pourquoi l'exercice est rouvert."},
    )
