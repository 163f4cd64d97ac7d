"""allauth's forms, worded our way: a label above each field, and no placeholder that repeats it."""

from allauth.account import forms as allauth

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
