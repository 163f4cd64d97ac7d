"""What the levers answer, under a school's address; one list a subject."""

from django.urls import path

from budget.views import durees, incidents

inventaire_d_un_etablissement = []
liste_de_l_inventaire = []
imports_de_l_inventaire = []
telephone = []
chiffres_du_parc = []
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
]
usages_des_lots = []

formations_d_un_etablissement = []
formateurs_d_un_district = []
reglages_de_la_formation = []
budget_d_un_etablissement = []
echanges_du_budget = []
achats_d_un_etablissement = []
equilibre_du_budget = []
