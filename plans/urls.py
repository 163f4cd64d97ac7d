"""What the plan answers, under a school's address."""

from django.urls import path

from plans.views import besoins

besoins_d_un_etablissement = [
    path("", besoins.besoins, name="besoins"),
    path("retenir/", besoins.retenir, name="besoin_retenir"),
    path("<int:cle>/retirer/", besoins.retirer, name="besoin_retirer"),
    path("<int:cle>/ordre-du-jour/", besoins.ordre_du_jour, name="besoin_ordre_du_jour"),
]
