"""Every address of the site. The ground floor's come first: they say what a UAI is in an address."""

from django.contrib import admin
from django.urls import include, path

from diagnostic import urls as diagnostic
from plans import urls as plans

handler400 = "strategie.socle.views.erreurs.demande_refusee"
urlpatterns = [
    path("", include("strategie.socle.urls")),
    path("", include("strategie.pilotage.urls")),
    path("campagnes/", include(diagnostic.campagnes_du_rectorat)),
    path("referentiels/", include(diagnostic.versions_du_referentiel)),
    path("etablissements/<uai:uai>/diagnostic/", include(diagnostic.diagnostic_d_un_etablissement)),
    path("etablissements/<uai:uai>/journal/", include(diagnostic.journal_d_un_etablissement)),
    path("etablissements/<uai:uai>/enquetes/", include(diagnostic.enquetes_d_un_etablissement)),
    path("etablissements/<uai:uai>/comparer/", include(diagnostic.comparaisons_d_un_etablissement)),
    path("etablissements/<uai:uai>/besoins/", include(plans.besoins_d_un_etablissement)),
    path("enquetes/", include(diagnostic.enquetes_d_un_territoire)),
    path("enquete/", include(diagnostic.enquete_sans_trace)),
    path("aide/calculs/", diagnostic.calculs, name="calculs"),
    path("administration/", admin.site.urls),
]
