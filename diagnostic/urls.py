"""The diagnostic of a school, under its address."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from diagnostic.views import delegations, papier, parcours, preuves, regards, resultats, reunion, saisie, signature


class AnneeScolaire(StringConverter):
    regex = r"20[0-9]{2}-20[0-9]{2}"


register_converter(AnneeScolaire, "annee")

urlpatterns = [
    path("", parcours.accueil, name="diagnostic"),
    path("commencer/", parcours.commencer, name="diagnostic_commencer"),
    path("<annee:annee>/reprendre/", saisie.reprendre, name="diagnostic_reprendre"),
    path("<annee:annee>/champs/<slug:code>/", saisie.champ, name="diagnostic_champ"),
    path("<annee:annee>/reponses/<slug:code>/", saisie.reponse, name="diagnostic_reponse"),
    path("<annee:annee>/preuves/<slug:code>/", preuves.preuves, name="diagnostic_preuves"),
    path("<annee:annee>/preuves/<slug:code>/reprendre/", preuves.reprendre, name="preuve_reprendre"),
    path("<annee:annee>/preuves/<uuid:cle>/retirer/", preuves.retirer, name="preuve_retirer"),
    path("<annee:annee>/preuves/<uuid:cle>/fichier/", preuves.telecharger, name="preuve_fichier"),
    path("<annee:annee>/confier/", delegations.confier, name="diagnostic_confier"),
    path("<annee:annee>/reunion/", reunion.reunion, name="diagnostic_reunion"),
    path("<annee:annee>/reunion/<slug:code>/", reunion.indicateur, name="reunion_indicateur"),
    path("<annee:annee>/bilan-de-reunion/", reunion.recapituler, name="reunion_bilan"),
    path("<annee:annee>/papier/", papier.papier, name="diagnostic_papier"),
    path("<annee:annee>/papier/formulaire.pdf", papier.papier_pdf, name="papier_pdf"),
    path("<annee:annee>/papier/reponses.xlsx", papier.papier_classeur, name="papier_classeur"),
    path("<annee:annee>/verifier/", signature.verifier, name="diagnostic_verifier"),
    path("<annee:annee>/rouvrir/", signature.rouvrir, name="diagnostic_rouvrir"),
    path("<annee:annee>/resultats/", resultats.resultats, name="diagnostic_resultats"),
    path("<annee:annee>/second-regard/", regards.regard, name="diagnostic_regard"),
    path("<annee:annee>/second-regard/<slug:code>/", regards.champ, name="regard_champ"),
    path("<annee:annee>/version-<int:version>.pdf", resultats.pdf, name="diagnostic_pdf"),
    path("<annee:annee>/version-<int:version>.json", resultats.contenu, name="diagnostic_json"),
]
