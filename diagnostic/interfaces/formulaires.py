"""Ordinary forms of the diagnostic."""

from django import forms

INCOMPLETE = "Cette page est incomplète\u00a0: rechargez-la."


class SignatureForm(forms.Form):
    """Signing by name, of the version and the content that were shown."""

    nom = forms.CharField(label="Votre prénom et votre nom", max_length=160)
    fonction = forms.CharField(label="Votre fonction", max_length=60)
    confirme = forms.BooleanField(
        label="J'ai relu ces réponses. Elles décrivent l'établissement tel qu'il est aujourd'hui.",
        error_messages={"required": "Cochez cette case pour signer."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, error_messages={"required": INCOMPLETE})
    lu = forms.CharField(widget=forms.HiddenInput, max_length=64, error_messages={"required": INCOMPLETE})


class ReouvertureForm(forms.Form):
    """Opening a signed diagnostic again."""

    motif = forms.CharField(
        label="Pourquoi le rouvrir\u00a0?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Ce motif figurera sur la prochaine version signée. La version signée aujourd'hui reste en archive.",
        error_messages={"required": "Dites pourquoi vous rouvrez ce diagnostic."},
    )
