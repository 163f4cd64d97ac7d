"""What the plan answers, under a school's address; one list a subject."""

from django.urls import path

from plans.views import besoins, corbeille, historique, retex, vision
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
    path("<int:cle>/retirer/", besoins.retirer, name="besoin_retirer"),
    path("<int:cle>/ordre-du-jour/", besoins.ordre_du_jour, name="besoin_ordre_du_jour"),
]
propositions_d_un_etablissement = []
propositions_d_une_academie = []
axes_d_un_etablissement = []
vues_du_plan = [
    path("", vues.tableau, name="moyens"),
]
echanges_du_plan = []
actions_du_plan = []
indicateurs_du_plan = []
experimentations_du_plan = []
historique_du_plan = [
    path("corbeille/", corbeille.corbeille, name="corbeille"),
    path("corbeille/<str:sorte>/<int:cle>/restaurer/", corbeille.restaurer, name="corbeille_restaurer"),
    path("<str:sorte>/<int:cle>/", historique.historique, name="historique"),
]
cascade_d_un_etablissement = []
projets_de_district = []
agendas = []
