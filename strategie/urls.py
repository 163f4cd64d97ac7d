"""Every address of the site. The ground floor's come first: they say what a UAI is in an address."""

from django.contrib import admin
from django.urls import include, path

from diagnostic.views.campagnes import campagnes

handler400 = "strategie.socle.views.erreurs.demande_refusee"
urlpatterns = [
    path("", include("strategie.socle.urls")),
    path("", include("strategie.pilotage.urls")),
    path("campagnes/", campagnes, name="campagnes"),
    path("etablissements/<uai:uai>/diagnostic/", include("diagnostic.urls")),
    path("administration/", admin.site.urls),
]
