"""Every address of the site. The ground floor's come first: they say what a UAI is in an address."""

from django.contrib import admin
from django.urls import include, path

from diagnostic.views import brouillons, campagnes, referentiels, visites

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
    path("<int:pk>/version/", referentiels.campagne_version, name="campagne_version"),
]
versions = [
    path("", referentiels.referentiels, name="referentiels"),
    path("<int:pk>/", referentiels.referentiel, name="referentiel"),
    path("<int:pk>/preparer/", referentiels.preparer, name="referentiel_preparer"),
    path("<int:pk>/comparer/", referentiels.comparer, name="referentiel_comparer"),
    path("<int:pk>/publier/", referentiels.publier, name="referentiel_publier"),
    path("<int:pk>/supprimer/", referentiels.supprimer, name="referentiel_supprimer"),
    path("<int:pk>/reglages/", brouillons.reglages, name="referentiel_reglages"),
    path("<int:pk>/regles/", brouillons.regles, name="referentiel_regles"),
    path("<int:pk>/regles/<slug:code>/retirer/", brouillons.retirer_regle, name="referentiel_regle_retirer"),
    path("<int:pk>/champs/<slug:champ>/ajouter/", brouillons.ajouter, name="referentiel_ajouter"),
    path("<int:pk>/champs/<slug:champ>/fusionner/", brouillons.fusionner, name="referentiel_fusionner"),
    path("<int:pk>/indicateurs/<slug:code>/", brouillons.modifier, name="referentiel_indicateur"),
    path("<int:pk>/indicateurs/<slug:code>/deplacer/", brouillons.deplacer, name="referentiel_deplacer"),
    path("<int:pk>/indicateurs/<slug:code>/retirer/", brouillons.retirer, name="referentiel_retirer"),
    path("<int:pk>/indicateurs/<slug:code>/scinder/", brouillons.scinder, name="referentiel_scinder"),
    path("<int:pk>/correspondances/", brouillons.correspondances, name="referentiel_correspondances"),
    path("<int:pk>/correspondances/<slug:code>/", brouillons.correspondance, name="referentiel_correspondance"),
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
    path("referentiels/", include(versions)),
    path("etablissements/<uai:uai>/diagnostic/", include("diagnostic.urls")),
    path("etablissements/<uai:uai>/journal/", include(journal)),
    path("administration/", admin.site.urls),
]
