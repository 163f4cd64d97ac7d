"""Two moments of a school side by side: what moved between two signed diagnostics, on what both of them asked.

Everything is read from the frozen copies. Versions of the référentiel only say which questions are the same.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from diagnostic.domain.cotation import PALIERS, POINTS, Valeur, pour_cent
from diagnostic.models import LIBELLES_VALEURS, CopieSignee, Correspondance, Instantane, Referentiel
from diagnostic.queries.comparaison import changements_entre
from diagnostic.queries.copies import copies_de
from diagnostic.queries.referentiels import ascendance, versions_de
from strategie.socle.models import Etablissement

Nature = Correspondance.Nature
INSECABLE = "\u00a0"
MEME_MOMENT = "Choisissez deux moments différents. Voici les deux derniers."
MOMENT_INCONNU = "Ce moment n'existe pas dans cet établissement. Voici les deux derniers."


# --- Moments ----------------------------------------------------------------------------------------------
class AUneCle(Protocol):
    @property
    def cle(self) -> int: ...

    @property
    def annee(self) -> str: ...


@dataclass(frozen=True)
class Moment:
    """A signed copy, and the names that the school gave to it."""

    copie: CopieSignee
    noms: tuple[str, ...]

    @property
    def cle(self) -> int:
        return self.copie.pk

    @property
    def annee(self) -> str:
        return self.copie.diagnostic.campagne.annee_scolaire

    @property
    def court(self) -> str:
        """« 2026-2027 », « 2026-2027, version 2 »."""
        version = self.copie.version
        return f"{self.annee}, version{INSECABLE}{version}" if version > 1 else self.annee

    @property
    def libelle(self) -> str:
        return avec_noms(self.court, self.noms)


@dataclass(frozen=True)
class Choix[M: AUneCle]:
    """The moments that may be chosen, newest first, and the two that are compared; `avis` says what was corrected."""

    moments: tuple[M, ...]
    avant: M | None
    apres: M | None
    avis: str = ""


def avec_noms(court: str, noms: Iterable[str]) -> str:
    """« 2026-2027 · « avant le conseil » »."""
    return " · ".join([court, *(f"«{INSECABLE}{nom}{INSECABLE}»" for nom in noms)])


def moments_signes(etablissement: Etablissement) -> tuple[Moment, ...]:
    """One query, without the texts."""
    noms = Instantane.objects.filter(copie=OuterRef("pk")).order_by("nom").values("nom")
    copies = copies_de(etablissement).defer("pdf", "contenu").select_related("diagnostic__referentiel")
    return tuple(Moment(copie, tuple(copie.noms)) for copie in copies.annotate(noms=ArraySubquery(noms)))


def choisir[M: AUneCle](moments: tuple[M, ...], avant: str, apres: str) -> Choix[M]:
    """The two that an address names, the older one first; else the last, and the last of an earlier year if any."""
    if len(moments) < 2:
        return Choix(moments, None, None)
    par_cle = {str(moment.cle): moment for moment in moments}
    demandes = [par_cle.get(cle) for cle in (avant, apres) if cle]
    if len(demandes) == 2 and None not in demandes and demandes[0] is not demandes[1]:
        plus_recent, plus_ancien = (moment for moment in moments if moment in demandes)
        return Choix(moments, plus_ancien, plus_recent)
    dernier = moments[0]
    precedent = next((moment for moment in moments if moment.annee < dernier.annee), moments[1])
    avis = "" if not demandes else MOMENT_INCONNU if None in demandes else MEME_MOMENT if len(demandes) == 2 else ""
    return Choix(moments, precedent, dernier, avis)


# --- What moved -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Mouvement:
    """An indicator whose answer is worth more, or less, than it was."""

    code: str
    enonce: str
    avant: str
    apres: str


@dataclass(frozen=True)
class NonComparable:
    code: str
    enonce: str
    pourquoi: str


@dataclass(frozen=True)
class ChampEvolue:
    """A champ then and now. Paliers are those that were signed (None: the champ did not exist); scores are those of
    the palier that was next then, on the indicators of it that are common (`communs_vises`).
    """

    code: str
    libelle: str
    avant: int | None
    apres: int | None
    vise: int | None
    score_avant: int | None
    score_apres: int | None
    communs_vises: int
    communs: int
    gagnes: tuple[Mouvement, ...]
    perdus: tuple[Mouvement, ...]

    @property
    def ecart(self) -> int | None:
        return None if self.avant is None or self.apres is None else self.apres - self.avant


@dataclass(frozen=True)
class Evolution:
    """`sources`: each moment, and the version of the référentiel that it was signed with."""

    avant: Moment
    apres: Moment
    sources: tuple[tuple[Moment, str], ...]
    champs: tuple[ChampEvolue, ...]
    non_comparables: tuple[NonComparable, ...]

    @property
    def communs(self) -> int:
        return sum(champ.communs for champ in self.champs)

    @property
    def gagnes(self) -> int:
        return sum(len(champ.gagnes) for champ in self.champs)

    @property
    def perdus(self) -> int:
        return sum(len(champ.perdus) for champ in self.champs)


@dataclass(frozen=True)
class _Paire:
    """What became of a question, by codes: one of each when it is the same question (`pourquoi` is then empty)."""

    anciens: tuple[str, ...]
    nouveau: str | None
    pourquoi: str = ""


def evolution(avant: Moment, apres: Moment) -> Evolution:
    """One query for the texts, and up to three where the version of the référentiel is no longer the same."""
    lus = CopieSignee.objects.filter(pk__in=[avant.cle, apres.cle]).values_list("pk", "contenu")
    contenus = {cle: json.loads(contenu) for cle, contenu in lus}
    return evolution_entre(avant, apres, contenus[avant.cle], contenus[apres.cle])


def evolution_entre(avant: Moment, apres: Moment, ancien: Mapping[str, Any], nouveau: Mapping[str, Any]) -> Evolution:
    """The same, of texts already read."""
    paires = _paires(avant.copie, apres.copie, ancien, nouveau)
    comparees, non_comparables = _trier(paires, _Cote(avant.court, ancien), _Cote(apres.court, nouveau))
    return Evolution(
        avant=avant,
        apres=apres,
        sources=((avant, _nom_de_la_version(ancien)), (apres, _nom_de_la_version(nouveau))),
        champs=tuple(_champs(ancien, nouveau, comparees)),
        non_comparables=tuple(non_comparables),
    )


def valeur_signee(indicateur: Mapping[str, Any]) -> Valeur | None:
    """The answer that counts in a frozen content: « sans objet » only with its reason."""
    if indicateur["valeur"] == Valeur.sans_objet and not indicateur["motif"].strip():
        return None
    return Valeur(indicateur["valeur"]) if indicateur["valeur"] else None


class _Cote:
    """One of the two contents, by code."""

    def __init__(self, moment: str, contenu: Mapping[str, Any]) -> None:
        self.moment = moment
        self.indicateurs = {i["code"]: i for champ in contenu["champs"] for i in champ["indicateurs"]}


@dataclass(frozen=True)
class _Comparee:
    """The same question, answered both times."""

    code: str
    enonce: str
    palier: int
    avant: Valeur
    apres: Valeur

    @property
    def gain(self) -> Fraction:
        return POINTS[self.apres] - POINTS[self.avant]

    def mouvement(self) -> Mouvement:
        return Mouvement(self.code, self.enonce, LIBELLES_VALEURS[self.avant], LIBELLES_VALEURS[self.apres])


def _trier(paires: Iterable[_Paire], avant: _Cote, apres: _Cote) -> tuple[list[_Comparee], list[NonComparable]]:
    comparees, non_comparables = [], []
    for paire in paires:
        anciens = [avant.indicateurs[code] for code in paire.anciens]
        nouveau = apres.indicateurs[paire.nouveau] if paire.nouveau else None
        montre = nouveau or anciens[0]
        cotes = [(avant, ancien) for ancien in anciens] + ([(apres, nouveau)] if nouveau else [])
        if not any(_attendue(indicateur) for _, indicateur in cotes):
            continue  # asked neither then nor now
        if pourquoi := paire.pourquoi or _sans_reponse(cotes):
            non_comparables.append(NonComparable(montre["code"], montre["enonce"], pourquoi))
        else:
            a, b = (valeur_signee(indicateur) for _, indicateur in cotes)
            comparees.append(_Comparee(montre["code"], montre["enonce"], montre["palier"], a, b))  # type: ignore[arg-type]
    return comparees, non_comparables


def _attendue(indicateur: Mapping[str, Any]) -> bool:
    return bool(indicateur["concerne"]) and valeur_signee(indicateur) != Valeur.sans_objet


def _sans_reponse(cotes: Sequence[tuple[_Cote, Mapping[str, Any]]]) -> str:
    """Why the two answers to one question cannot be compared; empty when they can."""
    raisons: dict[str, list[str]] = defaultdict(list)
    for cote, indicateur in cotes:
        if not indicateur["concerne"]:
            raisons["ne concernait pas l'établissement"].append(cote.moment)
        elif (valeur := valeur_signee(indicateur)) == Valeur.sans_objet:
            raisons["sans objet"].append(cote.moment)
        elif valeur not in POINTS:
            raisons["sans réponse connue"].append(cote.moment)
    return f"{INSECABLE}; ".join(f"{raison} en {' ni en '.join(moments)}" for raison, moments in raisons.items())


def _champs(
    ancien: Mapping[str, Any], nouveau: Mapping[str, Any], comparees: Sequence[_Comparee]
) -> Iterable[ChampEvolue]:
    paliers_avant = {champ["code"]: champ["resultat"]["palier"] for champ in ancien["champs"]}
    siens = {i["code"]: champ["code"] for c in (ancien, nouveau) for champ in c["champs"] for i in champ["indicateurs"]}
    actuels = {champ["code"] for champ in nouveau["champs"]}
    disparus = [champ for champ in ancien["champs"] if champ["code"] not in actuels]
    for champ in [*nouveau["champs"], *disparus]:
        avant = paliers_avant.get(champ["code"])
        communs = [comparee for comparee in comparees if siens[comparee.code] == champ["code"]]
        vise = None if avant is None else min(avant + 1, max(PALIERS))
        vises = [comparee for comparee in communs if comparee.palier == vise]
        yield ChampEvolue(
            code=champ["code"],
            libelle=champ["libelle"],
            avant=avant,
            apres=champ["resultat"]["palier"] if champ["code"] in actuels else None,
            vise=vise,
            score_avant=_score([comparee.avant for comparee in vises]),
            score_apres=_score([comparee.apres for comparee in vises]),
            communs_vises=len(vises),
            communs=len(communs),
            gagnes=tuple(comparee.mouvement() for comparee in communs if comparee.gain > 0),
            perdus=tuple(comparee.mouvement() for comparee in communs if comparee.gain < 0),
        )


def _score(valeurs: Sequence[Valeur]) -> int | None:
    points = sum((POINTS[valeur] for valeur in valeurs), Fraction(0))
    return pour_cent(points / len(valeurs)) if valeurs else None


# --- Which questions are the same -------------------------------------------------------------------------
def _paires(
    avant: CopieSignee, apres: CopieSignee, ancien: Mapping[str, Any], nouveau: Mapping[str, Any]
) -> list[_Paire]:
    """From what the versions say became of each question, where one comes from the other; else from the words."""
    if _version(ancien) != _version(nouveau) and (versions := _lignee(avant, apres, ancien, nouveau)):
        return _par_la_lignee(*versions)
    return _par_les_mots(_Cote("", ancien).indicateurs, _Cote("", nouveau).indicateurs)


def _par_les_mots(anciens: Mapping[str, Mapping[str, Any]], nouveaux: Mapping[str, Mapping[str, Any]]) -> list[_Paire]:
    paires = []
    for code, indicateur in nouveaux.items():
        if code not in anciens:
            paires.append(_Paire((), code, "nouveau"))
        elif anciens[code]["enonce"] == indicateur["enonce"]:
            paires.append(_Paire((code,), code))
        else:
            paires.append(_Paire((code,), code, "reformulé"))
    return paires + [_Paire((code,), None, "abandonné") for code in anciens if code not in nouveaux]


def _par_la_lignee(avant: Referentiel, apres: Referentiel, entre: list[Referentiel]) -> list[_Paire]:
    paires = []
    scindes: dict[str, list[str]] = defaultdict(list)
    for changement in changements_entre(avant, apres, entre):
        anciens = tuple(indicateur.code for indicateur in changement.anciens)
        nouveau, ancien = changement.nouveau, changement.ancien
        meme = changement.nature == Nature.CONSERVE or bool(nouveau and ancien and nouveau.enonce == ancien.enonce)
        if changement.nature == Nature.SCINDE and nouveau:
            scindes[anciens[0]].append(nouveau.code)
        elif meme:
            paires.append(_Paire(anciens, nouveau.code if nouveau else None))
        elif changement.nature == Nature.FUSIONNE:
            paires.append(_Paire(anciens, nouveau.code if nouveau else None, f"fusionne {' et '.join(anciens)}"))
        else:
            libelle = str(Nature(changement.nature).label).lower()
            paires.append(_Paire(anciens, nouveau.code if nouveau else None, libelle))
    return paires + [_Paire((code,), None, f"scindé en {' et '.join(parties)}") for code, parties in scindes.items()]


def _lignee(
    avant: CopieSignee, apres: CopieSignee, ancien: Mapping[str, Any], nouveau: Mapping[str, Any]
) -> tuple[Referentiel, Referentiel, list[Referentiel]] | None:
    """The two versions and those between; None when the later one does not come from the earlier one.

    A diagnostic only ever moves to a version that follows its own: the one that a copy was signed with is the
    diagnostic's, or one it comes from.
    """
    siennes = versions_de(apres.diagnostic.referentiel.code)
    communes = siennes if avant.diagnostic.referentiel.code == apres.diagnostic.referentiel.code else None
    suite = _depuis(ascendance(apres.diagnostic.referentiel, siennes), _version(nouveau))
    origine = _depuis(ascendance(avant.diagnostic.referentiel, communes), _version(ancien))[:1]
    rang = next((rang for rang, version in enumerate(suite) if version in origine), None)
    return None if rang is None else (suite[rang], suite[0], suite[:rang])


def _depuis(suite: list[Referentiel], lue: tuple[str, int]) -> list[Referentiel]:
    rang = next((rang for rang, version in enumerate(suite) if (version.code, version.version) == lue), len(suite))
    return suite[rang:]


def _version(contenu: Mapping[str, Any]) -> tuple[str, int]:
    return contenu["referentiel"]["code"], contenu["referentiel"]["version"]


def _nom_de_la_version(contenu: Mapping[str, Any]) -> str:
    titre, version = contenu["referentiel"]["titre"], contenu["referentiel"]["version"]
    return f"«{INSECABLE}{titre}{INSECABLE}», version{INSECABLE}{version}"
