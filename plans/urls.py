"""What the plan answers, under a school's address; one list a subject."""

from django.urls import path

from plans.views import (
    actions,
    adaptations,
    agenda,
    axes,
    besoins,
    corbeille,
    demandes,
    districts,
    dupliquer,
    echanges,
    experimentations,
    facteurs,
    historique,
    indicateurs,
    matrice,
    priorites,
    propositions,
    rattachements,
    retex,
    suivi_d_une_action,
    tour,
    vision,
)
from plans.views import vues_du_plan as vues

vision_d_un_etablissement = [
    path("", vision.vision, name="pourquoi"),
    path("modifier/", vision.modifier, name="vision_modifier"),
    path("objectifs/fixer/", vision.fixer, name="objectif_fixer"),
    path("objectifs/<int:cle>/retirer/", vision.retirer, name="objectif_retirer"),
]
retex_d_un_etablissement = [
    path("", retex.retex, name="retex"),
    path("noter/", retex.noter, name="retex_noter"),
    path("<int:cle>/modifier/", retex.modifier, name="retex_modifier"),
    path("<int:cle>/retirer/", retex.retirer, name="retex_retirer"),
    path("partages/", retex.partages, name="retex_partages"),
    path("partages/<int:cle>/utile/", retex.utile, name="retex_utile"),
]
besoins_d_un_etablissement = [
    path("", besoins.besoins, name="besoins"),
    path("retenir/", besoins.retenir, name="besoin_retenir"),
    path("ajouter/", besoins.ajouter, name="besoin_ajouter"),
    path("matrice/", matrice.matrice, name="matrice"),
    path("matrice/relier/", matrice.relier, name="matrice_relier"),
    path("matrice/delier/", matrice.delier, name="matrice_delier"),
    path("<int:cle>/modifier/", besoins.modifier, name="besoin_modifier"),
    path("<int:cle>/retirer/", besoins.retirer, name="besoin_retirer"),
    path("<int:cle>/ordre-du-jour/", besoins.ordre_du_jour, name="besoin_ordre_du_jour"),
]
propositions_d_un_etablissement = [
    path("", propositions.propositions, name="propositions"),
    path("chemin/", propositions.chemin, name="chemin"),
    path("demandes/", demandes.demandes, name="demandes"),
    path("demandes/<int:cle>/modifier/", demandes.modifier, name="demande_modifier"),
    path("demandes/<int:cle>/repondre/", demandes.repondre, name="demande_repondre"),
    path("demandes/<int:cle>/lettre/", demandes.lettre, name="demande_pdf"),
    path("<slug:code>/", propositions.proposition, name="proposition"),
    path("<slug:code>/decliner/", propositions.decliner, name="proposition_decliner"),
    path("<slug:code>/reprendre/", propositions.reprendre, name="proposition_reprendre"),
    path("<slug:code>/demander/", demandes.faire, name="demande_faire"),
]
propositions_d_une_academie = [
    path("", adaptations.propositions, name="propositions_academiques"),
    path("<slug:academie>/<slug:code>/", adaptations.adapter, name="proposition_adapter"),
    path("<slug:academie>/<slug:code>/revenir/", adaptations.revenir, name="proposition_revenir"),
    path("<slug:academie>/<slug:code>/historique/", adaptations.historique, name="proposition_historique"),
]
axes_d_un_etablissement = [
    path("", axes.axes, name="axes"),
    path("ouvrir/", axes.ouvrir, name="axe_ouvrir"),
    path("<int:cle>/", axes.axe, name="axe"),
    path("<int:cle>/modifier/", axes.modifier, name="axe_modifier"),
    path("<int:cle>/clore/", axes.clore, name="axe_clore"),
    path("<int:cle>/rouvrir/", axes.rouvrir, name="axe_rouvrir"),
    path("<int:cle>/retirer/", axes.retirer, name="axe_retirer"),
]
vues_du_plan = [
    path("", vues.tableau, name="moyens"),
    path("etats/", vues.par_etat, name="plan_par_etat"),
    path("frise/", vues.frise, name="plan_frise"),
    path("mes-actions/", vues.miennes, name="mes_actions"),
    path("agenda/", agenda.lien, name="agenda_lien"),
    path("tourner/", tour.tourner, name="plan_tourner"),
    path("dupliquer/", dupliquer.dupliquer, name="plan_dupliquer"),
]
echanges_du_plan = [
    path("exporter/", echanges.exporter, name="plan_exporter"),
    path("exporter/document/", echanges.exporter_document, name="plan_exporter_docx"),
    path("importer/", echanges.importer, name="plan_importer"),
    path("importer/<uuid:cle>/", echanges.confirmer, name="plan_import"),
    path("importer/<uuid:cle>/colonnes/", echanges.colonnes, name="plan_import_colonnes"),
    path("importer/<uuid:cle>/erreurs/", echanges.erreurs, name="plan_import_erreurs"),
]
actions_du_plan = [
    path("creer/", actions.creer, name="action_creer"),
    path("<int:cle>/", actions.action, name="action"),
    path("<int:cle>/modifier/", actions.modifier, name="action_modifier"),
    path("<int:cle>/publier/", actions.publier, name="action_publier"),
    path("<int:cle>/retirer/", actions.retirer, name="action_retirer"),
    path("<int:cle>/etat/", suivi_d_une_action.etat, name="action_etat"),
    path("<int:cle>/examen/", suivi_d_une_action.examen, name="action_examen"),
    path("<int:cle>/commenter/", suivi_d_une_action.commenter, name="action_commenter"),
    path("commentaires/<int:cle>/retirer/", suivi_d_une_action.commentaire_retirer, name="commentaire_retirer"),
]
indicateurs_du_plan = [
    path("actions/<int:cle>/ajouter/", indicateurs.ajouter, name="indicateur_ajouter"),
    path("<int:cle>/", indicateurs.indicateur, name="indicateur"),
    path("<int:cle>/modifier/", indicateurs.modifier, name="indicateur_modifier"),
    path("<int:cle>/retirer/", indicateurs.retirer, name="indicateur_retirer"),
    path("<int:cle>/relever/", indicateurs.relever, name="releve_ajouter"),
    path("releves/<int:cle>/supprimer/", indicateurs.supprimer, name="releve_supprimer"),
    path("facteurs/actions/<int:cle>/ajouter/", facteurs.ajouter, name="facteur_ajouter"),
    path("facteurs/<int:cle>/modifier/", facteurs.modifier, name="facteur_modifier"),
    path("facteurs/<int:cle>/retirer/", facteurs.retirer, name="facteur_retirer"),
]
experimentations_du_plan = [
    path("", experimentations.experimentations, name="experimentations"),
    path("ouvrir/", experimentations.ouvrir, name="experimentation_ouvrir"),
    path("<int:cle>/", experimentations.experimentation, name="experimentation"),
    path("<int:cle>/modifier/", experimentations.modifier, name="experimentation_modifier"),
    path("<int:cle>/evaluer/", experimentations.evaluer, name="experimentation_evaluer"),
    path("<int:cle>/decider/", experimentations.decider, name="experimentation_decider"),
    path("<int:cle>/retirer/", experimentations.retirer, name="experimentation_retirer"),
]
historique_du_plan = [
    path("corbeille/", corbeille.corbeille, name="corbeille"),
    path("corbeille/<str:sorte>/<int:cle>/restaurer/", corbeille.restaurer, name="corbeille_restaurer"),
    path("<str:sorte>/<int:cle>/", historique.historique, name="historique"),
]
cascade_d_un_etablissement = [
    path("", rattachements.rattachements, name="rattachements"),
    path("<int:cle>/", rattachements.dire, name="rattachement_dire"),
]
projets_de_district = [
    path("", districts.districts, name="districts"),
    path("priorites/", priorites.priorites, name="priorites"),
    path("priorites/ajouter/", priorites.ajouter, name="priorite_ajouter"),
    path("priorites/<int:cle>/modifier/", priorites.modifier, name="priorite_modifier"),
    path("priorites/<int:cle>/retirer/", priorites.retirer, name="priorite_retirer"),
    path("priorites/<int:cle>/retablir/", priorites.retablir, name="priorite_retablir"),
    path("<int:cle>/", districts.projet, name="district_projet"),
    path("<int:cle>/axes/ajouter/", districts.axe_ajouter, name="district_axe_ajouter"),
    path("<int:cle>/axes/<int:axe>/", districts.axe_reponses, name="district_axe_reponses"),
    path("<int:cle>/axes/<int:axe>/modifier/", districts.axe_modifier, name="district_axe_modifier"),
    path("<int:cle>/axes/<int:axe>/retirer/", districts.axe_retirer, name="district_axe_retirer"),
    path("<int:cle>/axes/<int:axe>/retablir/", districts.axe_retablir, name="district_axe_retablir"),
]
agendas = [
    path("<str:jeton>.ics", agenda.ics, name="agenda_ics"),
]
