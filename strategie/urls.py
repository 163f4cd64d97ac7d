"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("strategie.socle.urls")),
    path("", include("strategie.pilotage.urls")),
    path("etablissements/<str:uai>/diagnostic/", include("diagnostic.urls")),
    path("administration/", admin.site.urls),
]
