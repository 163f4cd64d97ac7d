"""What the levers answer, under a school's address; one list a subject."""

from django.urls import path

from budget.views import (
    achats,
    agir,
    besoins_detectes,
    budget,
    chiffres,
    controle,
    couverture,
    dbm,
    durees,
    equilibre,
    equipements,
    etiquettes,
    exercices,
    exports_du_budget,
    financements,
    formateurs,
    formations,
    importer,
    importer_budget,
    incidents,
    inventaire,
    lignes,
    lots,
    plan_formation,
    reemploi,
    reglages_formation,
    reseau,
    retours,
    salles,
    seances,
    usages,
)

inventaire_d_un_etablissement = [
    path("ajouter/", equipements.ajouter, name="equipement_ajouter"),
    path("agir/", agir.agir, name="equipements_agir"),
    path("<int:cle>/", equipements.equipement, name="equipement"),
    path("<int:cle>/modifier/", equipements.modifier, name="equipement_modifier"),
    path("<int:cle>/retirer/", equipements.retirer, name="equipement_retirer"),
    path("lots/", lots.lots, name="lots"),
    path("lots/creer/", lots.creer, name="lot_creer"),
    path("lots/<int:cle>/", lots.lot, name="lot"),
    path("lots/<int:cle>/modifier/", lots.modifier, name="lot_modifier"),
    path("lots/<int:cle>/retirer/", lots.retirer, name="lot_retirer"),
    path("salles/", salles.salles, name="salles"),
    path("salles/ajouter/", salles.ajouter, name="salle_ajouter"),
    path("salles/<int:cle>/", salles.salle, name="salle"),
    path("salles/<int:cle>/modifier/", salles.modifier, name="salle_modifier"),
    path("salles/<int:cle>/archiver/", salles.archiver, name="salle_retirer"),
    path("salles/<int:cle>/retablir/", salles.retablir, name="salle_retablir"),
]
liste_de_l_inventaire = [
    path("", inventaire.inventaire, name="inventaire"),
    path("inventaire.csv", inventaire.en_csv, name="inventaire_csv"),
    path("inventaire.xlsx", inventaire.en_xlsx, name="inventaire_xlsx"),
]
imports_de_l_inventaire = [
    path("importer/", importer.importer, name="equipements_importer"),
    path("importer/modele.<slug:forme>", importer.modele, name="equipements_modele"),
    path("importer/<uuid:cle>/", importer.confirmer, name="equipements_import"),
    path("importer/<uuid:cle>/colonnes/", importer.colonnes, name="equipements_import_colonnes"),
    path("importer/<uuid:cle>/erreurs/", importer.erreurs, name="equipements_import_erreurs"),
]
telephone = [
    path("controle/", controle.controle, name="controle"),
    path("controle/non-vus/", controle.pas_vus, name="controle_non_vus"),
    path("controle/<slug:cle>/", controle.salle, name="controle_salle"),
    path("retours/", retours.retours, name="retours"),
    path("retours/annuler/", retours.annuler, name="retour_annuler"),
    path("retours/<int:cle>/etat/", retours.etat, name="retour_etat"),
    path("<int:cle>/preter/", retours.preter, name="equipement_preter"),
    path("<int:cle>/rendre/", retours.rendu, name="equipement_rendre"),
    path("etiquettes/", etiquettes.etiquettes, name="etiquettes"),
    path("etiquettes/pdf/", etiquettes.pdf, name="etiquettes_pdf"),
    path("e/<path:etiquette>", etiquettes.scan, name="equipement_scan"),
]
chiffres_du_parc = [
    path("chiffres/", chiffres.chiffres, name="chiffres_du_parc"),
    path("chiffres/renouvellement.csv", chiffres.prevision_csv, name="chiffres_csv"),
    path("chiffres/renouvellement.xlsx", chiffres.prevision_xlsx, name="chiffres_xlsx"),
]
durees_de_vie = [
    path("", durees.durees, name="durees_de_vie"),
    path("historique/", durees.historique, name="durees_de_vie_historique"),
]
reseau_et_incidents = [
    path("incidents/", incidents.incidents, name="incidents"),
    path("incidents/ouvrir/", incidents.ouvrir, name="incident_ouvrir"),
    path("incidents/<int:cle>/", incidents.incident, name="incident"),
    path("incidents/<int:cle>/modifier/", incidents.modifier, name="incident_modifier"),
    path("incidents/<int:cle>/clore/", incidents.clore, name="incident_clore"),
    path("incidents/<int:cle>/rouvrir/", incidents.rouvrir, name="incident_rouvrir"),
    path("reseau/", reseau.reseau, name="reseau"),
    path("reseau/wifi/", reseau.wifi, name="reseau_wifi"),
    path("reseau/services/<slug:sorte>/", reseau.service, name="service_reseau"),
    path("reseau/raccordements/ajouter/", reseau.raccordement_ajouter, name="raccordement_ajouter"),
    path("reseau/raccordements/<int:cle>/", reseau.raccordement, name="raccordement"),
    path("reseau/raccordements/<int:cle>/modifier/", reseau.raccordement_modifier, name="raccordement_modifier"),
    path("reseau/raccordements/<int:cle>/retirer/", reseau.raccordement_retirer, name="raccordement_retirer"),
    path("reseau/raccordements/<int:cle>/retablir/", reseau.raccordement_retablir, name="raccordement_retablir"),
    path("reseau/raccordements/<int:cle>/mesurer/", reseau.mesure_ajouter, name="mesure_ajouter"),
    path("reseau/mesures/<int:cle>/retirer/", reseau.mesure_retirer, name="mesure_retirer"),
]
usages_des_lots = [
    path("usages/", usages.usages, name="usages"),
    path("usages/lots/<int:cle>/", usages.declarer, name="usage_declarer"),
    path("usages/decisions/<int:cle>/", usages.decision, name="decision_usage"),
    path("reemploi/", reemploi.reemploi, name="reemploi"),
]

formations_d_un_etablissement = [
    path("", formations.formations, name="formations"),
    path("ajouter/", formations.ajouter, name="formation_ajouter"),
    path("besoins-detectes/", besoins_detectes.detectes, name="besoins_detectes"),
    path("plan/", plan_formation.plan, name="plan_formation"),
    path("plan/pdf/", plan_formation.pdf, name="plan_formation_pdf"),
    path("plan/xlsx/", plan_formation.xlsx, name="plan_formation_xlsx"),
    path("couverture/", couverture.couverture, name="couverture"),
    path("effectifs/", couverture.effectifs, name="effectifs_equipes"),
    path("<int:cle>/", formations.formation, name="formation"),
    path("<int:cle>/modifier/", formations.modifier, name="formation_modifier"),
    path("<int:cle>/etat/", formations.etat, name="formation_etat"),
    path("<int:cle>/retirer/", formations.retirer, name="formation_retirer"),
    path("<int:cle>/demande/", formations.demande_pdf, name="formation_demande_pdf"),
    path("<int:cle>/seances/ajouter/", seances.ajouter, name="seance_ajouter"),
    path("seances/<int:cle>/modifier/", seances.modifier, name="seance_modifier"),
    path("seances/<int:cle>/presents/", seances.presents, name="seance_presents"),
    path("seances/<int:cle>/annuler/", seances.annuler, name="seance_annuler"),
]
formateurs_d_un_district = [path("", formateurs.heures, name="heures_formateurs")]
reglages_de_la_formation = [path("", reglages_formation.reglages, name="reglages_formation")]
budget_d_un_etablissement = [
    path("", budget.budget, name="budget"),
    path("partage/", budget.partage, name="budget_partage"),
    path("lignes/ajouter/", lignes.ajouter, name="ligne_ajouter"),
    path("lignes/<int:cle>/", lignes.ligne, name="ligne"),
    path("lignes/<int:cle>/modifier/", lignes.modifier, name="ligne_modifier"),
    path("lignes/<int:cle>/retirer/", lignes.retirer, name="ligne_retirer"),
    path("financements/ajouter/", financements.ajouter, name="financement_ajouter"),
    path("financements/<int:cle>/modifier/", financements.modifier, name="financement_modifier"),
    path("financements/<int:cle>/retirer/", financements.retirer, name="financement_retirer"),
    path("exercices/<int:annee>/clore/", exercices.clore, name="exercice_clore"),
    path("exercices/<int:annee>/rouvrir/", exercices.rouvrir, name="exercice_rouvrir"),
    path("decisions/", dbm.liste, name="dbm"),
    path("decisions/ajouter/", dbm.ajouter, name="dbm_ajouter"),
    path("decisions/<int:cle>/", dbm.voir, name="dbm_voir"),
    path("decisions/<int:cle>/modifier/", dbm.modifier, name="dbm_modifier"),
    path("decisions/<int:cle>/mouvement/", dbm.mouvement, name="dbm_mouvement"),
    path("decisions/<int:cle>/adopter/", dbm.adopter, name="dbm_adopter"),
    path("decisions/<int:cle>/rejeter/", dbm.rejeter, name="dbm_rejeter"),
]
echanges_du_budget = [
    path("budget.xlsx", exports_du_budget.en_xlsx, name="budget_xlsx"),
    path("budget.csv", exports_du_budget.en_csv, name="budget_csv"),
    path("budget.pdf", exports_du_budget.en_pdf, name="budget_pdf"),
    path("importer/", importer_budget.importer, name="budget_importer"),
    path("importer/<uuid:cle>/", importer_budget.confirmer, name="budget_import"),
    path("importer/<uuid:cle>/colonnes/", importer_budget.colonnes, name="budget_import_colonnes"),
    path("importer/<uuid:cle>/erreurs/", importer_budget.erreurs, name="budget_import_erreurs"),
]
achats_d_un_etablissement = [
    path("", achats.achats, name="achats"),
    path("ajouter/", achats.ajouter, name="achat_ajouter"),
    path("<int:cle>/", achats.achat, name="achat"),
    path("<int:cle>/modifier/", achats.modifier, name="achat_modifier"),
    path("<int:cle>/couts/", achats.couts, name="achat_couts"),
    path("<int:cle>/approuver/", achats.approuver, name="achat_approuver"),
    path("<int:cle>/livrer/", achats.livrer, name="achat_livrer"),
    path("<int:cle>/abandonner/", achats.abandonner, name="achat_abandonner"),
    path("<int:cle>/reprendre/", achats.reprendre, name="achat_reprendre"),
    path("<int:cle>/lignes/", achats.lignes, name="achat_lignes"),
    path("<int:cle>/retirer/", achats.retirer, name="achat_retirer"),
]
equilibre_du_budget = [
    path("equilibre/", equilibre.equilibre, name="equilibre"),
    path("scenarios/<slug:scenario>/", equilibre.scenario, name="scenario_modifier"),
    path("falaise/", equilibre.falaise, name="falaise"),
]
