"""Every address of the site. The ground floor's come first: they say what a UAI is in an address."""

from django.contrib import admin
from django.urls import include, path

from budget import urls as budget
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
    path("etablissements/<uai:uai>/vision/", include(plans.vision_d_un_etablissement)),
    path("etablissements/<uai:uai>/retex/", include(plans.retex_d_un_etablissement)),
    path("etablissements/<uai:uai>/besoins/", include(plans.besoins_d_un_etablissement)),
    path("etablissements/<uai:uai>/propositions/", include(plans.propositions_d_un_etablissement)),
    path("etablissements/<uai:uai>/axes/", include(plans.axes_d_un_etablissement)),
    path("etablissements/<uai:uai>/plan/", include(plans.vues_du_plan)),
    path("etablissements/<uai:uai>/plan/", include(plans.echanges_du_plan)),
    path("etablissements/<uai:uai>/plan/actions/", include(plans.actions_du_plan)),
    path("etablissements/<uai:uai>/plan/indicateurs/", include(plans.indicateurs_du_plan)),
    path("etablissements/<uai:uai>/plan/experimentations/", include(plans.experimentations_du_plan)),
    path("etablissements/<uai:uai>/plan/historique/", include(plans.historique_du_plan)),
    path("etablissements/<uai:uai>/projet-de-district/", include(plans.cascade_d_un_etablissement)),
    *(
        path("etablissements/<uai:uai>/equipements/", include(liste))
        for liste in (
            budget.inventaire_d_un_etablissement,
            budget.liste_de_l_inventaire,
            budget.imports_de_l_inventaire,
            budget.telephone,
            budget.chiffres_du_parc,
            budget.reseau_et_incidents,
            budget.usages_des_lots,
        )
    ),
    path("durees-de-vie/", include(budget.durees_de_vie)),
    path("etablissements/<uai:uai>/formations/", include(budget.formations_d_un_etablissement)),
    path("etablissements/<uai:uai>/budget/", include(budget.budget_d_un_etablissement)),
    path("etablissements/<uai:uai>/budget/", include(budget.echanges_du_budget)),
    path("etablissements/<uai:uai>/budget/", include(budget.equilibre_du_budget)),
    path("etablissements/<uai:uai>/achats/", include(budget.achats_d_un_etablissement)),
    path("districts/<int:cle>/formateurs/", include(budget.formateurs_d_un_district)),
    path("formations/reglages/", include(budget.reglages_de_la_formation)),
    path("propositions/", include(plans.propositions_d_une_academie)),
    path("districts/", include(plans.projets_de_district)),
    path("agenda/", include(plans.agendas)),
    path("enquetes/", include(diagnostic.enquetes_d_un_territoire)),
    path("enquete/", include(diagnostic.enquete_sans_trace)),
    path("aide/calculs/", diagnostic.calculs, name="calculs"),
    path("administration/", admin.site.urls),
]
