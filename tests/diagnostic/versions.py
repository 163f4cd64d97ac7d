"""A version after the one shipped, with one change of each kind; made by the acts of the screens."""

import datetime

from diagnostic.domain.brouillons import (
    Partie,
    Redaction,
    ajouter_indicateur,
    fusionner_indicateurs,
    modifier_indicateur,
    retirer_indicateur,
    scinder_indicateur,
)
from diagnostic.domain.versions import preparer_version, publier_version
from diagnostic.models import Indicateur, Referentiel
from diagnostic.queries.referentiels import empreinte_de
from strategie.socle.models import Academie, Utilisateur

# Of PIL in v1: what each became in v2. Everything else is « conservé ».
REFORMULE = "PIL-1-2"
SCINDE, PARTIES = "PIL-1-3", ("PIL-1-6", "PIL-1-7")
FUSIONNES, FUSION = ("PIL-2-1", "PIL-2-2"), "PIL-2-6"
ABANDONNE = "PIL-3-5"
NOUVEAU = "INF-1-5"
DISPARUS = {SCINDE, *FUSIONNES, ABANDONNE}
CHANGES = {REFORMULE, *PARTIES, FUSION, NOUVEAU}


def lire(version: Referentiel, code: str) -> Indicateur:
    return Indicateur.objects.get(referentiel=version, code=code)


def redaction(version: Referentiel, code: str, **autres: object) -> Redaction:
    lue = Redaction.de(lire(version, code))
    return Redaction(**{nom: getattr(lue, nom) for nom in Redaction.__dataclass_fields__} | autres)


def brouillon_change(precedent: Referentiel, academie: Academie, auteur: Utilisateur) -> Referentiel:
    """The draft of v2, with one indicator of each kind."""
    version = preparer_version(precedent=precedent, academie=academie, auteur=auteur)
    reformuler(version, REFORMULE, "Le volet numérique du projet est écrit, voté et affiché.", auteur)
    scinder_indicateur(
        referentiel=version,
        code=SCINDE,
        parties=[Partie(code, f"Énoncé de {code}.", f"Preuve de {code}") for code in PARTIES],
        lu=empreinte_de(lire(version, SCINDE)),
        auteur=auteur,
    )
    fusionner(version, FUSIONNES, FUSION, auteur)
    retirer(version, ABANDONNE, auteur)
    ajouter_indicateur(
        referentiel=version,
        champ="INF",
        code=NOUVEAU,
        redaction=redaction(version, "INF-1-1", enonce="L'internat a le Wi-Fi le soir.", si_internat=True),
        auteur=auteur,
    )
    return version


def reformuler(version: Referentiel, code: str, enonce: str, auteur: Utilisateur, *, sens: bool = True) -> None:
    modifier_indicateur(
        referentiel=version,
        code=code,
        redaction=redaction(version, code, enonce=enonce),
        sens_change=sens,
        lu=empreinte_de(lire(version, code)),
        auteur=auteur,
    )


def fusionner(version: Referentiel, codes: tuple[str, ...], code: str, auteur: Utilisateur) -> None:
    champ = lire(version, codes[0]).champ
    fusionner_indicateurs(
        referentiel=version,
        champ=champ.code,
        codes=codes,
        code=code,
        redaction=redaction(version, codes[0], enonce=f"Énoncé de {code}."),
        lu=empreinte_de(*champ.indicateurs.order_by("pk")),
        auteur=auteur,
    )


def retirer(version: Referentiel, code: str, auteur: Utilisateur) -> None:
    retirer_indicateur(referentiel=version, code=code, lu=empreinte_de(lire(version, code)), auteur=auteur)


def version_suivante(
    precedent: Referentiel, academie: Academie, auteur: Utilisateur, maintenant: datetime.datetime
) -> Referentiel:
    """The same, published."""
    version = brouillon_change(precedent, academie, auteur)
    return publier_version(referentiel=version, auteur=auteur, maintenant=maintenant)
