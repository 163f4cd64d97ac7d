"""Loading a version of the référentiel from its file."""

import datetime
from decimal import Decimal
from typing import Any

from diagnostic.models import Champ, Indicateur, Palier, Referentiel
from strategie.socle.domain.empechement import Empeche
from strategie.socle.domain.historique import acte

INDICATEUR = ("code", "palier", "enonce", "preuve", "levier", "levier_secondaire", "portee", "mesure", "bloquant")


def charger_referentiel(*, donnees: dict[str, Any], maintenant: datetime.datetime) -> tuple[Referentiel, bool]:
    """Publish the version held in `donnees` (shape of `diagnostic/donnees/referentiel-paliers-v1.json`).

    Returns it and whether it was created. A version already there is left as it is: published versions
    are locked, and a file that says otherwise for the same version is refused.
    """
    present = Referentiel.objects.filter(code=donnees["code"], version=donnees["version"]).first()
    if present is not None:
        if _dit(donnees) != _publie(present):
            raise Empeche(
                f"La version {present.version} du référentiel « {present.code} » est publiée : "
                "un contenu différent demande un nouveau numéro de version."
            )
        return present, False
    with acte("charger_referentiel", None):
        return _creer(donnees, maintenant), True


def _dit(donnees: dict[str, Any]) -> dict[str, Any]:
    """What a file says, in a shape to compare."""
    return {
        "seuils": (Decimal(donnees["seuil"]), Decimal(donnees["part_inconnue_max"])),
        "paliers": [(ligne["numero"], ligne["libelle"], ligne["definition"]) for ligne in donnees["paliers"]],
        "champs": [(ligne["code"], ligne["libelle"]) for ligne in donnees["champs"]],
        "indicateurs": [_champs_d_indicateur(ligne) for champ in donnees["champs"] for ligne in champ["indicateurs"]],
    }


def _publie(referentiel: Referentiel) -> dict[str, Any]:
    """What is published, in the same shape."""
    return {
        "seuils": (referentiel.seuil, referentiel.part_inconnue_max),
        "paliers": list(referentiel.paliers.values_list("numero", "libelle", "definition")),
        "champs": list(referentiel.champs.values_list("code", "libelle")),
        "indicateurs": list(referentiel.indicateurs.values(*INDICATEUR)),
    }


def _champs_d_indicateur(ligne: dict[str, Any]) -> dict[str, Any]:
    """The fields of an indicator, from its line of the file; what a line leaves out is an empty text."""
    return {champ: "" if ligne[champ] is None else ligne[champ] for champ in INDICATEUR}


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
            **_champs_d_indicateur(ligne),
        )
        for ordre, (champ, ligne) in enumerate(lignes, start=1)
    )
    return referentiel
