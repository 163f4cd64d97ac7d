"""Dashboards, the files of the board, its acts."""

from django.urls import include, path

from strategie.pilotage.views import tableaux

dossiers_d_un_etablissement = []
conseil_d_un_etablissement = []
verification_des_dossiers = []
regles_du_conseil = []

urlpatterns = [
    path("etablissements/<uai:uai>/dossiers/", include(dossiers_d_un_etablissement)),
    path("etablissements/<uai:uai>/conseil/", include(conseil_d_un_etablissement)),
    path("verifier/", include(verification_des_dossiers)),
    path("conseil/regles/", include(regles_du_conseil)),
    path("etablissements/", tableaux.etablissements, name="etablissements"),
    path("etablissements/<uai:uai>/", tableaux.etablissement, name="etablissement"),
]
