"""Accounts: what allauth must do our way, and the forms about people."""

from collections.abc import Iterable

from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse

from strategie.socle.droits import Role
from strategie.socle.interfaces.courriels import demander_lien_mot_de_passe
from strategie.socle.models import Utilisateur


class AdaptateurComptes(DefaultAccountAdapter):
    """Nobody signs up alone: accounts come from invitations."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "L'adresse électronique ou le mot de passe est inexact.",
        "enter_current_password": "Ce n'est pas votre mot de passe actuel.",
        "incorrect_password": "Ce mot de passe est inexact.",
    }

    def is_open_for_signup(self, request):
        return False

    def authenticate(self, request, **credentials):
        """A disabled account is refused in the words of an unknown one."""
        compte = super().authenticate(request, **credentials)
        return compte if compte and compte.is_active else None

    def send_password_reset_mail(self, user, email, context):
        demander_lien_mot_de_passe(user, context["request"].build_absolute_uri("/"))

    def get_password_change_redirect_url(self, request):
        return reverse("compte")


def champ_nom(libelle: str, completion: str) -> forms.CharField:
    return forms.CharField(
        label=libelle, max_length=80, widget=forms.TextInput(attrs={"autocomplete": completion, "spellcheck": "false"})
    )


class FormulaireIdentite(forms.Form):
    prenom = champ_nom("Prénom", "given-name")
    nom = champ_nom("Nom", "family-name")


class FormulaireNouveauCompte(FormulaireIdentite):
    """The address is the invitation's: it is not asked."""

    mot_de_passe = forms.CharField(
        label="Mot de passe",
        help_text="Au moins 12 caractères. Quelques mots sans lien entre eux font un bon mot de passe.",
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, email: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self):
        valeurs = super().clean()
        if mot_de_passe := valeurs.get("mot_de_passe"):
            personne = Utilisateur(
                email=self.email, first_name=valeurs.get("prenom", ""), last_name=valeurs.get("nom", "")
            )
            try:
                validate_password(mot_de_passe, personne)
            except ValidationError as refus:
                self.add_error("mot_de_passe", refus)
        return valeurs


class FormulaireInvitation(forms.Form):
    email = forms.EmailField(
        label="Adresse électronique professionnelle", max_length=254, widget=forms.EmailInput({"autocomplete": "off"})
    )
    role = forms.ChoiceField(label="Rôle")
    fonction = forms.CharField(
        label="Fonction (facultatif)",
        max_length=60,
        required=False,
        help_text="Telle qu'elle s'affichera\u00a0: principale adjointe, CPE, enseignant de physique…",
    )

    def __init__(self, *args, roles: Iterable[Role], **kwargs):
        super().__init__(*args, **kwargs)
        choix = [(role.value, role.label) for role in roles]
        self.fields["role"].choices = choix if len(choix) == 1 else [("", "Choisissez un rôle"), *choix]
