"""Lines of the matrix: the figures of a school's equipment, and how long a collectivité means things to serve."""

from tests.parcours.lignes import CONNEXION, Ligne, Statuts, ecole, tous, uai

LECTEURS = ("chef", "referent", "gestionnaire", "lectrice", "animatrice", "rectorat", "collectivite_agent")


def de_la_collectivite(statut: int) -> Statuts:
    return tous(403, collectivite_agent=statut, anonyme=CONNEXION)


LIGNES_EQUIPEMENT_CHIFFRES: list[Ligne] = [
    Ligne("chiffres_du_parc", ecole(200, *LECTEURS), arguments=uai),
    Ligne("chiffres_csv", ecole(200, *LECTEURS), arguments=uai),
    Ligne("chiffres_xlsx", ecole(200, *LECTEURS), arguments=uai),
    Ligne("durees_de_vie", de_la_collectivite(200)),
    Ligne("durees_de_vie", de_la_collectivite(422), "POST"),
    Ligne("durees_de_vie_historique", de_la_collectivite(200)),
]
