"""Every address of the site. The ground floor's come first: they say what a UAI is in an address."""

from django.contrib import admin
from django.urls import include, path

from diagnostic.views import visites
from diagnostic.views.campagnes import campagnes

handler400 = "strategie.socle.views.erreurs.demande_refusee"
journal = [
    path("", visites.journal, name="journal"),
    path("<int:visite>/modifier/", visites.modifier, name="journal_modifier"),
    path("<int:visite>/retirer/", visites.retirer, name="journal_retirer"),
]
urlpatterns = [
    path("", include("strategie.socle.urls")),
    path("", include("strategie.pilotage.urls")),
    path("campagnes/", campagnes, name="campagnes"),
    path("etablissements/<uai:uai>/diagnostic/", include("diagnostic.urls")),
    path("etablissements/<uai:uai>/journal/", include(journal)),
    path("administration/", admin.site.urls),
]
