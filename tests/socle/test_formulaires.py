"""What every form shows."""

from crispy_forms.utils import render_crispy_form
from django import forms


class Nom(forms.Form):
    nom = forms.CharField(widget=forms.Textarea)


def test_un_caractere_nul_est_refuse_et_ne_revient_pas_dans_son_champ():
    formulaire = Nom({"nom": "Sal\x00le"})
    page = render_crispy_form(formulaire)
    assert formulaire.errors["nom"]
    assert "Salle" in page
    assert "\x00" not in page
