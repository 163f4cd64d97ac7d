"""Public pages, accounts and people."""

from allauth.account import views as compte
from django.urls import path, re_path, register_converter
from django.urls.converters import StringConverter

from strategie.socle.views import comptes as vues_comptes
from strategie.socle.views import equipe, publiques


class Uai(StringConverter):
    """What cannot be a UAI is no address of ours, and never reaches the database."""

    regex = r"[0-9]{7}[A-HJ-NPR-Z]"


register_converter(Uai, "uai")

pages_publiques = [
    path("", publiques.accueil, name="accueil"),
    path("favicon.ico", publiques.favicon),
    path("apparence/", publiques.apparence, name="apparence"),
    path("accessibilite/", publiques.accessibilite, name="accessibilite"),
    path("mentions-legales/", publiques.mentions_legales, name="mentions_legales"),
    path("donnees-personnelles/", publiques.donnees_personnelles, name="donnees_personnelles"),
    path("aide/", publiques.aide, name="aide"),
]

# allauth's own views at French addresses; those left out (sign-up, e-mail management) do not exist here.
comptes = [
    path("connexion/", compte.login, name="account_login"),
    path("deconnexion/", compte.logout, name="account_logout"),
    path("compte/inactif/", compte.account_inactive, name="account_inactive"),
    path("compte/confirmer/", compte.reauthenticate, name="account_reauthenticate"),
    path("compte/mot-de-passe/", compte.password_change, name="account_change_password"),
    path("mot-de-passe/oublie/", compte.password_reset, name="account_reset_password"),
    path("mot-de-passe/oublie/envoye/", compte.password_reset_done, name="account_reset_password_done"),
    path(
        "mot-de-passe/nouveau/fait/",
        compte.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        compte.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
]

personnes = [
    path("compte/", vues_comptes.compte, name="compte"),
    path("invitation/<str:jeton>/", vues_comptes.invitation, name="invitation"),
    path("etablissements/<uai:uai>/equipe/", equipe.equipe, name="equipe"),
    path("etablissements/<uai:uai>/equipe/<int:affectation>/retirer/", equipe.retirer_acces, name="retirer_acces"),
    path(
        "etablissements/<uai:uai>/equipe/invitations/<int:invitation>/annuler/",
        equipe.annuler_invitation,
        name="annuler_invitation",
    ),
]

urlpatterns = [*pages_publiques, *comptes, *personnes]
