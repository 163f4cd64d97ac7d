"""What the diagnostic answers: under a school's address, and to the rectorat."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from diagnostic.views import (
    brouillons,
    campagnes,
    comparaisons,
    delegations,
    enquetes,
    papier,
    parcours,
    preuves,
    referentiels,
    regards,
    repondre,
    resultats,
    resultats_enquete,
    reunion,
    saisie,
    signature,
    territoire,
    visites,
)


class AnneeScolaire(StringConverter):
    regex = r"20[0-9]{2}-20[0-9]{2}"


register_converter(AnneeScolaire, "annee")

diagnostic_d_un_etablissement = [
    path("", parcours.accueil, name="diagnostic"),
    path("commencer/", parcours.commencer, name="diagnostic_commencer"),
    path("<annee:annee>/reprendre/", saisie.reprendre, name="diagnostic_reprendre"),
    path("<annee:annee>/champs/<slug:code>/", saisie.champ, name="diagnostic_champ"),
    path("<annee:annee>/reponses/<slug:code>/", saisie.reponse, name="diagnostic_reponse"),
    path("<annee:annee>/preuves/<slug:code>/", preuves.preuves, name="diagnostic_preuves"),
    path("<annee:annee>/preuves/<slug:code>/reprendre/", preuves.reprendre, name="preuve_reprendre"),
    path("<annee:annee>/preuves/<uuid:cle>/retirer/", preuves.retirer, name="preuve_retirer"),
    path("<annee:annee>/preuves/<uuid:cle>/fichier/", preuves.telecharger, name="preuve_fichier"),
    path("<annee:annee>/confier/", delegations.confier, name="diagnostic_confier"),
    path("<annee:annee>/reunion/", reunion.reunion, name="diagnostic_reunion"),
    path("<annee:annee>/reunion/<slug:code>/", reunion.indicateur, name="reunion_indicateur"),
    path("<annee:annee>/bilan-de-reunion/", reunion.recapituler, name="reunion_bilan"),
    path("<annee:annee>/papier/", papier.papier, name="diagnostic_papier"),
    path("<annee:annee>/papier/formulaire.pdf", papier.papier_pdf, name="papier_pdf"),
    path("<annee:annee>/papier/reponses.xlsx", papier.papier_classeur, name="papier_classeur"),
    path("<annee:annee>/verifier/", signature.verifier, name="diagnostic_verifier"),
    path("<annee:annee>/rouvrir/", signature.rouvrir, name="diagnostic_rouvrir"),
    path("<annee:annee>/resultats/", resultats.resultats, name="diagnostic_resultats"),
    path("<annee:annee>/et-si/", comparaisons.et_si, name="diagnostic_et_si"),
    path("<annee:annee>/second-regard/", regards.regard, name="diagnostic_regard"),
    path("<annee:annee>/second-regard/<slug:code>/", regards.champ, name="regard_champ"),
    path("<annee:annee>/version-<int:version>.pdf", resultats.pdf, name="diagnostic_pdf"),
    path("<annee:annee>/version-<int:version>.json", resultats.contenu, name="diagnostic_json"),
]

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
versions_du_referentiel = [
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
journal_d_un_etablissement = [
    path("", visites.journal, name="journal"),
    path("<int:visite>/modifier/", visites.modifier, name="journal_modifier"),
    path("<int:visite>/retirer/", visites.retirer, name="journal_retirer"),
]
# Without account nor trace: `SansTraceMiddleware` holds this prefix.
enquete_sans_trace = [
    path("", repondre.entree, name="enquete_entree"),
    path("questions/", repondre.questions, name="enquete_questions"),
    path("envoyer/", repondre.envoyer, name="enquete_envoyer"),
    path("merci/", repondre.merci, name="enquete_merci"),
    path("anonymat/", repondre.anonymat, name="enquete_anonymat"),
]
enquetes_d_un_etablissement = [
    path("", enquetes.enquetes, name="enquetes"),
    path("ouvrir/", enquetes.ouvrir, name="enquete_ouvrir"),
    path("<int:cle>/", enquetes.enquete, name="enquete"),
    path("<int:cle>/modifier/", enquetes.modifier, name="enquete_modifier"),
    path("<int:cle>/annuler/", enquetes.annuler, name="enquete_annuler"),
    path("<int:cle>/affiche.pdf", enquetes.affiche, name="enquete_affiche"),
    path("<int:cle>/coupons/", enquetes.coupons, name="enquete_coupons"),
    path("<int:cle>/direction/", enquetes.direction, name="enquete_direction"),
    path("<int:cle>/qui-a-repondu/", enquetes.qui_a_repondu, name="enquete_qui_a_repondu"),
    path("<int:cle>/depouiller/", enquetes.depouiller, name="enquete_depouiller"),
    path("<int:cle>/resultats/", resultats_enquete.resultats, name="enquete_resultats"),
    path("<int:cle>/resultats.pdf", resultats_enquete.pdf, name="enquete_pdf"),
    path("<int:cle>/resultats.csv", resultats_enquete.export, name="enquete_export"),
    path("<int:cle>/paroles/", resultats_enquete.expressions, name="enquete_expressions"),
]
comparaisons_d_un_etablissement = [
    path("", comparaisons.comparer, name="comparer"),
    path("semblables/", comparaisons.semblables, name="semblables"),
    path("instantanes/", comparaisons.nommer, name="instantane_nommer"),
    path("instantanes/<int:cle>/retirer/", comparaisons.retirer_nom, name="instantane_retirer"),
]
enquetes_d_un_territoire = [
    path("", territoire.territoire, name="enquetes_territoire"),
    path("export.csv", territoire.export, name="enquetes_territoire_export"),
    path("comparaison/", territoire.comparaison_ouverte, name="comparaison_ouverte"),
]
calculs = comparaisons.calculs
