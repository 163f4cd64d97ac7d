"""Every address of the site. The ground floor's come first: they say what a UAI is in an address."""

from django.contrib import admin
from django.urls import include, path

from diagnostic.views import campagnes, visites

handler400 = "strategie.socle.views.erreurs.demande_refusee"
campagnes_du_rectorat = [
    path("", campagnes.campagnes, name="campagnes"),
    path("<int:cle>/", campagnes.campagne, name="campagne"),
    path("<int:cle>/suivi.csv", campagnes.campagne_export, name="campagne_export"),
    path("<int:cle>/modifier/", campagnes.campagne_modifier, name="campagne_modifier"),
    path("<int:cle>/prolonger/", campagnes.campagne_prolonger, name="campagne_prolonger"),
    path(
        "<int:cle>/prolongations/<int:prolongation>/retirer/",
        campagnes.prolongation_retirer,
        name="prolongation_retirer",
    ),
]
journal = [
    path("", visites.journal, name="journal"),
    path("<int:visite>/modifier/", visites.modifier, name="journal_modifier"),
    path("<int:visite>/retirer/", visites.retirer, name="journal_retirer"),
]
urlpatterns = [
    path("", include("strategie.socle.urls")),
    path("", include("strategie.pilotage.urls")),
    path("campagnes/", include(campagnes_du_rectorat)),
    path("etablissements/<uai:uai>/diagnostic/", include("diagnostic.urls")),
    path("etablissements/<uai:uai>/journal/", include(journal)),
    path("administration/", admin.site.urls),
]
