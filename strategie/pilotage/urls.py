"""Dashboards."""

from django.urls import path

from strategie.pilotage.views import tableaux

urlpatterns = [
    path("etablissements/", tableaux.etablissements, name="etablissements"),
    path("etablissements/<uai:uai>/", tableaux.etablissement, name="etablissement"),
]
