"""allauth's forms, worded our way: a label above each field, and no placeholder that repeats it."""

from allauth.account import forms as allauth

from strategie.socle.interfaces.comptes import FormulaireNouveauCompte

LIBELLES = {
    "login": "Adresse électronique",
    "email": "Adresse électronique",
    "password": "Mot de passe",
    "oldpassword": "Mot de passe actuel",
    "password1": "Nouveau mot de passe",
    "password2": "Nouveau mot de passe, une seconde fois",
}


class Libelles:
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for nom, champ in self.fields.items():
            champ.label = LIBELLES[nom]
            champ.widget.attrs.pop("placeholder", None)
        if "password1" in self.fields:
            self.fields["password1"].help_text = FormulaireNouveauCompte.base_fields["mot_de_passe"].help_text


class Connexion(Libelles, allauth.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class MotDePasseOublie(Libelles, allauth.ResetPasswordForm):
    pass


class NouveauMotDePasse(Libelles, allauth.ResetPasswordKeyForm):
    pass


class ChangementDeMotDePasse(Libelles, allauth.ChangePasswordForm):
    pass


class Confirmation(Libelles, allauth.ReauthenticateForm):
    pass
