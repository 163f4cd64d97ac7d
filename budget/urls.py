"""What the levers answer, under a school's address; one list a subject."""

inventaire_d_un_etablissement = []
liste_de_l_inventaire = []
imports_de_l_inventaire = []
telephone = []
chiffres_du_parc = []
durees_de_vie = []
reseau_et_incidents = []
usages_des_lots = []
