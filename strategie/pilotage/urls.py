"""Dashboards, the files of the board, its acts."""

from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from strategie.pilotage.models import Niveau
from strategie.pilotage.views import (
    bilans,
    carte,
    conseil,
    deliberations,
    dessin,
    districts,
    dossiers,
    lots,
    rappels,
    reglages_rappels,
    regles_du_conseil,
    tableaux,
    territoires,
)


class NiveauDeTerritoire(StringConverter):
    """What is no level of territory is no address of ours."""

    regex = "|".join(Niveau.values)


register_converter(NiveauDeTerritoire, "niveau")

dossiers_d_un_etablissement = [
    path("", dossiers.evaluation, name="evaluation"),
    path("preparer/", dossiers.preparer, name="dossier_preparer"),
    path("faire/", dossiers.faire, name="dossier_faire"),
    path("<slug:numero>/", dossiers.voir, name="dossier"),
    path("<slug:numero>/dossier.pdf", dossiers.pdf, name="dossier_pdf"),
    path("<slug:numero>/dossier.xlsx", dossiers.xlsx, name="dossier_xlsx"),
    path("<slug:numero>/dossier.docx", dossiers.docx, name="dossier_docx"),
]
conseil_d_un_etablissement = [
    path("seances/ajouter/", conseil.ajouter, name="conseil_seance_ajouter"),
    path("seances/<int:cle>/modifier/", conseil.modifier, name="conseil_seance_modifier"),
    path("seances/<int:cle>/retirer/", conseil.retirer, name="conseil_seance_retirer"),
    path("deliberations/ajouter/", deliberations.ajouter, name="deliberation_ajouter"),
    path("deliberations/<int:cle>/", deliberations.deliberation, name="deliberation"),
    path("deliberations/<int:cle>/modifier/", deliberations.modifier, name="deliberation_modifier"),
    path("deliberations/<int:cle>/retirer/", deliberations.retirer, name="deliberation_retirer"),
    path("deliberations/<int:cle>/voter/", deliberations.voter, name="deliberation_voter"),
    path("deliberations/<int:cle>/dates/", deliberations.dates, name="deliberation_dates"),
    path("deliberations/<int:cle>/acte.docx", deliberations.docx, name="deliberation_docx"),
]
bilans_d_un_etablissement = [
    path("", bilans.voir, name="bilan"),
    path("bilan.pdf", bilans.pdf, name="bilan_pdf"),
    path("bilan.pptx", bilans.pptx, name="bilan_pptx"),
    path("mot/", bilans.mot, name="bilan_mot"),
]
modeles_des_bilans = [
    path("", bilans.modele, name="modele_de_bilan"),
    path("modele.pptx", bilans.modele_fichier, name="modele_de_bilan_fichier"),
]
verification_des_dossiers = [path("", dossiers.verifier, name="verifier_dossier")]
dossiers_en_nombre = [
    path("", lots.lots, name="lots_de_dossiers"),
    path("ouvrir/", lots.ouvrir, name="lot_de_dossiers_ouvrir"),
    path("<int:cle>/", lots.lot, name="lot_de_dossiers"),
    path("<int:cle>/arreter/", lots.arreter, name="lot_de_dossiers_arreter"),
    path("<int:cle>/reprendre/", lots.reprendre, name="lot_de_dossiers_reprendre"),
    path("<int:cle>/dossiers.zip", lots.zip, name="lot_de_dossiers_zip"),
]
regles_des_conseils = [path("", regles_du_conseil.regles, name="regles_du_conseil")]
tableaux_des_territoires = [
    path("", territoires.territoires, name="territoires"),
    path("calculs/", territoires.calculs, name="calculs_des_territoires"),
    path("<niveau:niveau>/<int:cle>/", territoires.tableau, name="tableau_territoire"),
    path("<niveau:niveau>/<int:cle>/tableau.csv", territoires.tableau_csv, name="tableau_territoire_csv"),
    path("<niveau:niveau>/<int:cle>/tableau.xlsx", territoires.tableau_xlsx, name="tableau_territoire_xlsx"),
    path("<niveau:niveau>/<int:cle>/tableau.pdf", territoires.tableau_pdf, name="tableau_territoire_pdf"),
    *(
        path(f"<niveau:niveau>/<int:cle>/{fin}", vue, name=nom)
        for fin, vue, nom in (
            ("etablissements/", territoires.etablissements, "etablissements_du_territoire"),
            ("etablissements.csv", territoires.etablissements_csv, "etablissements_du_territoire_csv"),
            ("etablissements.xlsx", territoires.etablissements_xlsx, "etablissements_du_territoire_xlsx"),
            ("etablissements.pdf", territoires.etablissements_pdf, "etablissements_du_territoire_pdf"),
            ("carte-de-chaleur/", territoires.carte_de_chaleur, "carte_de_chaleur"),
            ("carte-de-chaleur.pdf", territoires.carte_de_chaleur_pdf, "carte_de_chaleur_pdf"),
        )
    ),
]
carte_des_territoires = [
    path("<niveau:niveau>/<int:cle>/carte/", carte.carte, name="carte_du_territoire"),
    path("<niveau:niveau>/<int:cle>/carte.svg", carte.svg, name="carte_du_territoire_svg"),
    path("<niveau:niveau>/<int:cle>/carte.pdf", carte.pdf, name="carte_du_territoire_pdf"),
]
districts_dessines = [
    path("", districts.districts, name="districts_dessines"),
    path("academies/<slug:code>/creer/", districts.creer, name="district_creer"),
    path("academies/<slug:code>/reglages/", districts.reglages, name="reglages_des_districts"),
    path("academies/<slug:code>/fichier/", dessin.par_fichier, name="districts_par_fichier"),
    path("academies/<slug:code>/registre/", dessin.par_registre, name="districts_du_registre"),
    path("academies/<slug:code>/confirmer/", dessin.confirmer, name="dessin_confirmer"),
    path("academies/<slug:code>/mouvements/<int:cle>/annuler/", dessin.annuler, name="mouvement_annuler"),
    path("dessin/<int:cle>/", districts.district, name="district_dessine"),
    path("dessin/<int:cle>/modifier/", districts.modifier, name="district_modifier"),
    path("dessin/<int:cle>/historique/", districts.historique, name="district_historique"),
    path("dessin/<int:cle>/supprimer/", districts.supprimer, name="district_supprimer"),
    path("dessin/<int:cle>/etablissements/", dessin.dessiner, name="district_dessiner"),
    path("dessin/<int:cle>/communes/", dessin.par_commune, name="district_par_commune"),
    path("dessin/<int:cle>/animateurs/confier/", districts.confier, name="district_confier"),
    path("dessin/<int:cle>/animateurs/<int:affectation>/retirer/", districts.retirer, name="district_retirer"),
]
rappels_aux_etablissements = [
    path("", rappels.journal, name="rappels"),
    path("journal.csv", rappels.export, name="rappels_export"),
    path("relancer/<int:cle>/", rappels.relancer, name="relancer"),
    path("<int:cle>/reessayer/", rappels.reessayer, name="rappel_reessayer"),
    path("reglages/", reglages_rappels.reglages, name="rappels_reglages"),
    path("mes-courriels/", reglages_rappels.mes_courriels, name="mes_courriels"),
    path("arreter/<str:jeton>/", reglages_rappels.arreter, name="arreter_rappels"),
]

urlpatterns = [
    path("territoires/", include(tableaux_des_territoires)),
    path("territoires/", include(carte_des_territoires)),
    path("territoires/districts/", include(districts_dessines)),
    path("rappels/", include(rappels_aux_etablissements)),
    path("etablissements/<uai:uai>/dossiers/", include(dossiers_d_un_etablissement)),
    path("etablissements/<uai:uai>/conseil/", include(conseil_d_un_etablissement)),
    path("etablissements/<uai:uai>/bilan/", include(bilans_d_un_etablissement)),
    path("bilans/modele/", include(modeles_des_bilans)),
    path("dossiers-en-nombre/", include(dossiers_en_nombre)),
    path("verifier/", include(verification_des_dossiers)),
    path("conseil/regles/", include(regles_des_conseils)),
    path("etablissements/", tableaux.etablissements, name="etablissements"),
    path("etablissements/<uai:uai>/", tableaux.etablissement, name="etablissement"),
]
