"""Loading a version of the référentiel from its file."""

import datetime
from collections import Counter
from decimal import Decimal
from typing import Any

from diagnostic.domain.versions import publier_version
from diagnostic.models import Champ, Correspondance, Indicateur, Palier, Referentiel, ReglePlausibilite
from diagnostic.queries.questionnaire import oublier_les_questionnaires
from strategie.socle.domain.empechement import Empeche
from strategie.socle.domain.historique import acte

INDICATEUR = ("code", "palier", "enonce", "preuve", "levier", "levier_secondaire", "portee", "mesure", "bloquant")
CONDITIONS = ("si_internat", "si_education_prioritaire")


def charger_referentiel(*, donnees: dict[str, Any], maintenant: datetime.datetime) -> tuple[Referentiel, bool]:
    """Publish the version held in `donnees` (shape of `diagnostic/donnees/referentiel-paliers-v1.json`; a later
    version adds « precedent », the number of the one before, and « correspondances »: for each old or new indicator
    `{"nature": "scinde", "ancien": "PIL-1-1", "nouveaux": ["PIL-1-6", "PIL-1-7"]}`).

    Returns it and whether it was created. A version already there is left as it is: published versions
    are locked, and a file that says otherwise for the same version is refused. Its rules of plausibility, which
    are not signed, become those of the file.
    """
    _refuser_les_doubles(donnees)
    with acte("charger_referentiel", None):
        commun = Referentiel.objects.filter(code=donnees["code"], academie__isnull=True)
        present = commun.filter(version=donnees["version"]).first()
        if present is not None and _dit(donnees) != _publie(present):
            raise Empeche(
                f"La version {present.version} du référentiel « {present.code} » est publiée : "
                "un contenu différent demande un nouveau numéro de version."
            )
        referentiel = present or _creer(donnees)
        _remplacer_les_regles(referentiel, donnees.get("regles", ()))
        if present is None:
            referentiel = publier_version(referentiel=referentiel, auteur=None, maintenant=maintenant)
    oublier_les_questionnaires()
    return referentiel, present is None


def _refuser_les_doubles(donnees: dict[str, Any]) -> None:
    codes = Counter(ligne["code"] for champ in donnees["champs"] for ligne in champ["indicateurs"])
    codes.update(champ["code"] for champ in donnees["champs"])
    if doubles := [code for code, nombre in codes.items() if nombre > 1]:
        raise Empeche(f"Un code ne sert qu'une fois. En double : {', '.join(doubles)}.")


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
        "indicateurs": list(referentiel.indicateurs.values(*INDICATEUR, *CONDITIONS)),
    }


def _champs_d_indicateur(ligne: dict[str, Any]) -> dict[str, Any]:
    """The fields of an indicator, from its line of the file; what a line leaves out is an empty text."""
    textes = {champ: "" if ligne[champ] is None else ligne[champ] for champ in INDICATEUR}
    return textes | {condition: ligne.get(condition, False) for condition in CONDITIONS}


def _creer(donnees: dict[str, Any]) -> Referentiel:
    """The version as a draft, with its correspondances."""
    referentiel = Referentiel.objects.create(
        code=donnees["code"],
        version=donnees["version"],
        titre=donnees["titre"],
        seuil=Decimal(donnees["seuil"]),
        part_inconnue_max=Decimal(donnees["part_inconnue_max"]),
        precedent=_precedent(donnees),
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
    _lier(referentiel, donnees.get("correspondances", ()))
    return referentiel


def _precedent(donnees: dict[str, Any]) -> Referentiel | None:
    if donnees.get("precedent") is None:
        return None
    if donnees["precedent"] >= donnees["version"]:
        raise Empeche(
            f"La version {donnees['version']} dit suivre la version {donnees['precedent']} : ce serait un cycle. "
            "Une version suit une version d'un numéro plus petit."
        )
    precedent = Referentiel.objects.filter(
        code=donnees["code"], version=donnees["precedent"], academie__isnull=True
    ).first()
    if precedent is None:
        raise Empeche(f"La version {donnees['precedent']}, que celle-ci dit suivre, n'est pas là : chargez-la d'abord.")
    return precedent


def _lier(referentiel: Referentiel, correspondances: Any) -> None:
    anciens = _par_code(referentiel.precedent) if referentiel.precedent else {}
    nouveaux = _par_code(referentiel)
    liens = []
    for ligne in correspondances:
        ancien = _trouver(anciens, ligne["ancien"], "la version d'avant") if ligne.get("ancien") else None
        suites = [_trouver(nouveaux, code, "cette version") for code in ligne.get("nouveaux", ())]
        liens += [
            Correspondance(referentiel=referentiel, nature=ligne["nature"], ancien=ancien, nouveau=suite)
            for suite in suites or (None,)
        ]
    Correspondance.objects.bulk_create(liens)


def _remplacer_les_regles(referentiel: Referentiel, regles: Any) -> None:
    indicateurs = _par_code(referentiel)
    referentiel.regles.all().delete()
    ReglePlausibilite.objects.bulk_create(
        ReglePlausibilite(
            referentiel=referentiel,
            code=ligne["code"],
            gravite=ligne["gravite"],
            phrase=ligne["phrase"],
            si=_trouver(indicateurs, ligne["si"]["indicateur"], "cette version"),
            si_valeurs=ligne["si"]["valeurs"],
            alors=_trouver(indicateurs, ligne["alors"]["indicateur"], "cette version"),
            alors_valeurs=ligne["alors"]["valeurs"],
        )
        for ligne in regles
    )


def _par_code(referentiel: Referentiel) -> dict[str, Indicateur]:
    return {indicateur.code: indicateur for indicateur in referentiel.indicateurs.all()}


def _trouver(indicateurs: dict[str, Indicateur], code: str, ou: str) -> Indicateur:
    if code not in indicateurs:
        raise Empeche(f"L'indicateur {code} n'est pas dans {ou}.")
    return indicateurs[code]
