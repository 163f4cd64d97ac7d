"""Loading a version of the référentiel from its file."""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from diagnostic.domain.versions import publier_version
from diagnostic.models import Champ, Correspondance, Indicateur, Palier, Referentiel, ReglePlausibilite
from diagnostic.queries.questionnaire import oublier_les_questionnaires
from diagnostic.queries.referentiels import (
    Lien,
    codes_de,
    codes_servis,
    defauts_des_correspondances,
    defauts_des_regles,
)
from strategie.socle.domain.empechement import Empeche
from strategie.socle.domain.historique import acte

INDICATEUR = ("code", "palier", "enonce", "preuve", "levier", "levier_secondaire", "portee", "mesure", "bloquant")
CONDITIONS = ("si_internat", "si_education_prioritaire")
NATURES_POSSIBLES = "elle se dit conserve, reformule, scinde, fusionne, abandonne ou nouveau"


def charger_referentiel(*, donnees: dict[str, Any], maintenant: datetime.datetime) -> tuple[Referentiel, bool]:
    """Publish the version held in `donnees` (shape of `diagnostic/donnees/referentiel-paliers-v1.json`; a later
    version adds « precedent », the number of the one before, and « correspondances »: for each old or new indicator
    `{"nature": "scinde", "ancien": "PIL-1-1", "nouveaux": ["PIL-1-6", "PIL-1-7"]}`).

    Returns it and whether it was created. A version already there is left as it is: published versions
    are locked, and a file that says otherwise for the same version is refused. Its rules of plausibility, which
    are not signed, become those of the file. Raises Empeche, which names everything that is wrong.
    """
    precedent = _precedent(donnees)
    _refuser(donnees, precedent)
    with acte("charger_referentiel", None):
        commun = Referentiel.objects.filter(code=donnees["code"], academie__isnull=True)
        present = commun.filter(version=donnees["version"]).first()
        if present is not None and _dit(donnees) != _publie(present):
            raise Empeche(
                f"La version {present.version} du référentiel « {present.code} » est publiée : "
                "un contenu différent demande un nouveau numéro de version."
            )
        referentiel = present or _creer(donnees, precedent)
        _remplacer_les_regles(referentiel, donnees.get("regles", ()))
        if present is None:
            referentiel = publier_version(referentiel=referentiel, auteur=None, maintenant=maintenant)
    oublier_les_questionnaires()
    return referentiel, present is None


def _refuser(donnees: dict[str, Any], precedent: Referentiel | None) -> None:
    if defauts := [*_doubles(donnees), *_defauts_de_la_suite(donnees, precedent), *_defauts_des_regles(donnees)]:
        raise Empeche("\n".join(defauts))


def _codes(donnees: dict[str, Any]) -> list[str]:
    return [ligne["code"] for champ in donnees["champs"] for ligne in champ["indicateurs"]]


def _doubles(donnees: dict[str, Any]) -> Iterator[str]:
    codes = Counter([*_codes(donnees), *(champ["code"] for champ in donnees["champs"])])
    if doubles := [code for code, nombre in codes.items() if nombre > 1]:
        yield f"Un code ne sert qu'une fois. En double\u00a0: {', '.join(doubles)}."


def _defauts_de_la_suite(donnees: dict[str, Any], precedent: Referentiel | None) -> Iterator[str]:
    numero, avant = donnees["version"], donnees.get("precedent")
    lignes = donnees.get("correspondances", ())
    natures = {ligne["nature"] for ligne in lignes}
    if inconnues := sorted(natures - set(Correspondance.Nature)):
        yield f"Une correspondance est dite « {' », « '.join(inconnues)} »\u00a0: {NATURES_POSSIBLES}."
    if avant is None:
        if lignes:
            yield "Des correspondances supposent une version d'avant\u00a0: donnez son numéro dans « precedent »."
    elif avant >= numero:
        yield (
            f"La version {numero} dit suivre la version {avant}\u00a0: ce serait un cycle. "
            "Une version suit une version d'un numéro plus petit."
        )
    elif precedent is None:
        yield f"La version {avant}, que celle-ci dit suivre, n'est pas là\u00a0: chargez-la d'abord."
    elif not inconnues:
        yield from _liens_qui_manquent_un_bout(lignes)
        yield from defauts_des_correspondances(
            [lien for ligne in lignes for lien in _liens(ligne)],
            codes_de(precedent),
            list(dict.fromkeys(_codes(donnees))),
            codes_servis(precedent),
        )


def _liens(ligne: dict[str, Any]) -> list[Lien]:
    """One line of the file as links; « nouveaux » names none, one or several."""
    return [Lien(ligne["nature"], ligne.get("ancien"), nouveau) for nouveau in ligne.get("nouveaux") or (None,)]


def _liens_qui_manquent_un_bout(lignes: Iterable[dict[str, Any]]) -> Iterator[str]:
    for ligne in lignes:
        nature, ancien, nouveaux = Correspondance.Nature(ligne["nature"]), ligne.get("ancien"), ligne.get("nouveaux")
        qui = ancien or ", ".join(nouveaux or ()) or "sans code"
        if (ancien is None) != (nature == Correspondance.Nature.NOUVEAU):
            yield f"Correspondance {qui}, « {nature.label.lower()} »\u00a0: seule une nouveauté n'a pas d'« ancien »."
        if bool(nouveaux) == (nature == Correspondance.Nature.ABANDONNE):
            yield f"Correspondance {qui}, « {nature.label.lower()} »\u00a0: seul un abandon n'a pas de « nouveaux »."


def _defauts_des_regles(donnees: dict[str, Any]) -> Iterator[str]:
    regles, codes = donnees.get("regles", ()), set(_codes(donnees))
    for regle in regles:
        for bout in ("si", "alors"):
            if (cite := regle[bout]["indicateur"]) not in codes:
                yield f"Règle {regle['code']}\u00a0: l'indicateur {cite} n'est pas dans cette version."
    if doubles := [code for code, nombre in Counter(regle["code"] for regle in regles).items() if nombre > 1]:
        yield f"Un code de règle ne sert qu'une fois. En double\u00a0: {', '.join(doubles)}."
    yield from defauts_des_regles((regle["si"]["indicateur"], regle["alors"]["indicateur"]) for regle in regles)


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


def _creer(donnees: dict[str, Any], precedent: Referentiel | None) -> Referentiel:
    """The version as a draft, with its correspondances."""
    referentiel = Referentiel.objects.create(
        code=donnees["code"],
        version=donnees["version"],
        titre=donnees["titre"],
        seuil=Decimal(donnees["seuil"]),
        part_inconnue_max=Decimal(donnees["part_inconnue_max"]),
        precedent=precedent,
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
    """The version that the file says it follows, where it is one of the common référentiel that comes before."""
    numero, avant = donnees["version"], donnees.get("precedent")
    if avant is None or avant >= numero:
        return None
    return Referentiel.objects.filter(code=donnees["code"], academie__isnull=True, version=avant).first()


def _lier(referentiel: Referentiel, correspondances: Iterable[dict[str, Any]]) -> None:
    anciens = _par_code(referentiel.precedent) if referentiel.precedent else {}
    nouveaux = _par_code(referentiel)
    Correspondance.objects.bulk_create(
        Correspondance(
            referentiel=referentiel,
            nature=lien.nature,
            ancien=anciens[lien.ancien] if lien.ancien else None,
            nouveau=nouveaux[lien.nouveau] if lien.nouveau else None,
        )
        for ligne in correspondances
        for lien in dict.fromkeys(_liens(ligne))
    )


def _remplacer_les_regles(referentiel: Referentiel, regles: Iterable[dict[str, Any]]) -> None:
    indicateurs = _par_code(referentiel)
    referentiel.regles.all().delete()
    ReglePlausibilite.objects.bulk_create(
        ReglePlausibilite(
            referentiel=referentiel,
            code=ligne["code"],
            gravite=ligne["gravite"],
            phrase=ligne["phrase"],
            si=indicateurs[ligne["si"]["indicateur"]],
            si_valeurs=ligne["si"]["valeurs"],
            alors=indicateurs[ligne["alors"]["indicateur"]],
            alors_valeurs=ligne["alors"]["valeurs"],
        )
        for ligne in regles
    )


def _par_code(referentiel: Referentiel) -> dict[str, Indicateur]:
    return {indicateur.code: indicateur for indicateur in referentiel.indicateurs.all()}
