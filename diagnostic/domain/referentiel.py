"""Loading a version of the référentiel from its file."""

import datetime
from decimal import Decimal
from typing import Any

from diagnostic.models import Champ, Indicateur, Palier, Referentiel
from strategie.socle.domain.empechement import Empeche
from strategie.socle.domain.historique import acte


def charger_referentiel(*, donnees: dict[str, Any], maintenant: datetime.datetime) -> tuple[Referentiel, bool]:
    """Publish the version held in `donnees` (shape of `diagnostic/donnees/referentiel-paliers-v1.json`).

    Returns it and whether it was created. A version already there is left as it is: published versions
    are locked, and a file that says otherwise for the same version is refused.
    """
    present = Referentiel.objects.filter(code=donnees["code"], version=donnees["version"]).first()
    if present is not None:
        if _enonces(donnees) != dict(present.indicateurs.values_list("code", "enonce")):
            raise Empeche(
                f"La version {present.version} du référentiel « {present.code} » est publiée : "
                "un contenu différent demande un nouveau numéro de version."
            )
        return present, False
    with acte("charger_referentiel", None):
        return _creer(donnees, maintenant), True


def _enonces(donnees: dict[str, Any]) -> dict[str, str]:
    return {ligne["code"]: ligne["enonce"] for champ in donnees["champs"] for ligne in champ["indicateurs"]}


def _creer(donnees: dict[str, Any], maintenant: datetime.datetime) -> Referentiel:
    referentiel = Referentiel.objects.create(
        code=donnees["code"],
        version=donnees["version"],
        titre=donnees["titre"],
        seuil=Decimal(donnees["seuil"]),
        part_inconnue_max=Decimal(donnees["part_inconnue_max"]),
        publie_le=maintenant,
    )
    Palier.objects.bulk_create(Palier(referentiel=referentiel, **ligne) for ligne in donnees["paliers"])
    champs = Champ.objects.bulk_create(
        Champ(referentiel=referentiel, code=ligne["code"], libelle=ligne["libelle"], ordre=ordre)
        for ordre, ligne in enumerate(donnees["champs"], start=1)
    )
    lignes = [
        (champ, ligne)
        for champ, donnees_champ in zip(champs, donnees["champs"], strict=True)
        for ligne in donnees_champ["indicateurs"]
    ]
    Indicateur.objects.bulk_create(
        Indicateur(
            referentiel=referentiel,
            champ=champ,
            ordre=ordre,
            code=ligne["code"],
            palier=ligne["palier"],
            enonce=ligne["enonce"],
            preuve=ligne["preuve"],
            levier=ligne["levier"],
            levier_secondaire=ligne["levier_secondaire"] or "",
            portee=ligne["portee"],
            mesure=ligne["mesure"] or "",
            bloquant=ligne["bloquant"],
        )
        for ordre, (champ, ligne) in enumerate(lignes, start=1)
    )
    return referentiel
