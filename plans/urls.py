"""What the plan answers, under a school's address; one list a subject."""

from django.urls import path

from plans.views import besoins

vision_d_un_etablissement = []
retex_d_un_etablissement = []
besoins_d_un_etablissement = [
    path("", besoins.besoins, name="besoins"),
    path("retenir/", besoins.retenir, name="besoin_retenir"),
    path("<int:cle>/retirer/", besoins.retirer, name="besoin_retirer"),
    path("<int:cle>/ordre-du-jour/", besoins.ordre_du_jour, name="besoin_ordre_du_jour"),
]
propositions_d_un_etablissement = []
propositions_d_une_academie = []
axes_d_un_etablissement = []
vues_du_plan = []
echanges_du_plan = []
actions_du_plan = []
indicateurs_du_plan = []
experimentations_du_plan = []
historique_du_plan = []
cascade_d_un_etablissement = []
projets_de_district = []
agendas = []
