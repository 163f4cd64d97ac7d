"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from diagnostic.views.campagnes import campagnes

urlpatterns = [
    path("", include("strategie.socle.urls")),
    path("", include("strategie.pilotage.urls")),
    path("campagnes/", campagnes, name="campagnes"),
    path("etablissements/<str:uai>/diagnostic/", include("diagnostic.urls")),
    path("administration/", admin.site.urls),
]
