"""What is proposed to a school: for each condition that its diagnostic does not fulfil, what answers it already."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from graphlib import TopologicalSorter
from typing import Any

from django.db.models import CharField, QuerySet, Value

from diagnostic.domain.cotation import Valeur
from diagnostic.models import LIBELLES_VALEURS, Diagnostic
from diagnostic.queries.contenu import contenu_du_diagnostic
from diagnostic.queries.copies import derniere_copie
from diagnostic.queries.etat import etat_du_diagnostic
from diagnostic.queries.evolution import valeur_signee
from plans.models import Action, Axe, Besoin, Demande, PropositionDeclinee
from plans.queries.propositions import Proposition, propositions_de
from plans.rules.propositions import ACTEURS, ETABLISSEMENT
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.models import Etablissement

LEVIERS = list(Action.Levier)


class Etat(StrEnum):
    """What has become of a proposal."""

    PROPOSEE = "proposee"
    RETENUE = "retenue"
    CREEE = "creee"
    DECLINEE = "declinee"


@dataclass(frozen=True)
class Source:
    """The diagnostic that says what is missing: the signed copy in force, else the answers of the year's draft."""

    annee: str
    signee: bool
    version: int
    signee_le: datetime.datetime | None
    repondus: int
    concernes: int

    @property
    def en_mots(self) -> str:
        """« diagnostic 2026-2027 signé (version 2) », « diagnostic 2026-2027 en cours »."""
        version = f" (version\u00a0{self.version})" if self.version > 1 else ""
        return f"diagnostic {self.annee} {f'signé{version}' if self.signee else 'en cours'}"


@dataclass(frozen=True)
class Trace:
    """A need or an action that answers a condition."""

    cle: int
    intitule: str
    annee: str


@dataclass(frozen=True)
class Prerequis:
    """What is better done before, and whether the diagnostic says that it is."""

    code: str
    titre: str
    rempli: bool


@dataclass(frozen=True)
class ConditionOuverte:
    """An indicator whose answer is not « oui ». `prochaine`: missing for the next palier of its champ.

    `proposition` is None for an indicator that an académie has added to the référentiel.
    """

    code: str
    enonce: str
    champ: str
    palier: int
    bloquant: bool
    reponse: str
    prochaine: bool
    proposition: Proposition | None
    prerequis: tuple[Prerequis, ...]
    besoin: Trace | None
    action: Trace | None
    declinee: PropositionDeclinee | None

    @property
    def etat(self) -> Etat:
        if self.action:
            return Etat.CREEE
        if self.declinee:
            return Etat.DECLINEE
        return Etat.RETENUE if self.besoin else Etat.PROPOSEE

    @property
    def acteur(self) -> str:
        """Who can lift it: without a proposal, the school is the first to look."""
        return self.proposition.acteur if self.proposition else ETABLISSEMENT

    @property
    def d_abord(self) -> tuple[Prerequis, ...]:
        return tuple(prerequis for prerequis in self.prerequis if not prerequis.rempli)


@dataclass(frozen=True)
class ChampOffert:
    """`palier`: the one that is reached; `conditions`: those that are open, by palier then as they are asked."""

    code: str
    libelle: str
    palier: int
    non_etabli: bool
    conditions: tuple[ConditionOuverte, ...]

    @property
    def prochaines(self) -> tuple[ConditionOuverte, ...]:
        return tuple(condition for condition in self.conditions if condition.prochaine)


@dataclass(frozen=True)
class Offre:
    """`source` is None for a school without a diagnostic that its reader may read: then nothing is proposed.

    `annee`: the school year that needs are kept for, and that a refusal is of.
    """

    source: Source | None
    annee: str
    champs: tuple[ChampOffert, ...]

    @property
    def conditions(self) -> list[ConditionOuverte]:
        return [condition for champ in self.champs for condition in champ.conditions]

    def condition(self, code: str) -> ConditionOuverte | None:
        return next((condition for condition in self.conditions if condition.code == code), None)


def propositions_pour(etablissement: Etablissement, jour: datetime.date, *, brouillon: bool) -> Offre:
    """`jour`: the date it is in the académie; `brouillon`: whether the reader may read answers that are not signed.
    Four queries on a signed copy, six on a draft.
    """
    cette_annee = annee_scolaire(jour)
    source, contenu = _diagnostic(etablissement, jour, brouillon=brouillon)
    if source is None:
        return Offre(None, cette_annee, ())
    offre_du_champ = _Offrir(etablissement, source, max(source.annee, cette_annee), contenu)
    champs = tuple(offre_du_champ(champ) for champ in contenu["champs"])
    return Offre(source, offre_du_champ.annee, champs)


def axes_ouverts(etablissement: Etablissement) -> list[Axe]:
    """Those that a new action may serve."""
    return list(Axe.objects.vivants().filter(etablissement=etablissement, clos_le=None))


# --- The diagnostic ----------------------------------------------------------------------------------------------
def _diagnostic(
    etablissement: Etablissement, jour: datetime.date, *, brouillon: bool
) -> tuple[Source | None, Mapping[str, Any]]:
    copie = derniere_copie(etablissement)
    if copie is not None:
        contenu = json.loads(copie.contenu)
        return _source(contenu, copie.version, copie.signee_le), contenu
    en_cours = _brouillon(etablissement, annee_scolaire(jour)) if brouillon else None
    if en_cours is None:
        return None, {}
    contenu = contenu_du_diagnostic(etat_du_diagnostic(en_cours, pieces=False), jour)
    return _source(contenu, en_cours.version, None), contenu


def _source(contenu: Mapping[str, Any], version: int, signee_le: datetime.datetime | None) -> Source:
    compte = contenu["compte"]
    return Source(
        annee=contenu["annee_scolaire"],
        signee=signee_le is not None,
        version=version,
        signee_le=signee_le,
        repondus=compte["repondus"],
        concernes=compte["concernes"],
    )


def _brouillon(etablissement: Etablissement, annee: str) -> Diagnostic | None:
    """Begun this year, or for the next one."""
    en_cours = Diagnostic.objects.filter(
        etablissement=etablissement, etat=Diagnostic.Etat.BROUILLON, campagne__annee_scolaire__gte=annee
    )
    return (
        en_cours.select_related("campagne__academie", "referentiel")
        .select_related("etablissement__academie", "etablissement__departement")
        .order_by("campagne__annee_scolaire")
        .first()
    )


# --- What answers it already ---------------------------------------------------------------------------------------
class _Offrir:
    """Reads once what the school has made of the proposals; then each champ, without any query."""

    def __init__(self, etablissement: Etablissement, source: Source, annee: str, contenu: Mapping[str, Any]) -> None:
        self.annee = annee
        self.propositions = propositions_de(etablissement.academie)
        self.traces = _traces(etablissement, source.annee)
        self.declinees = {declinee.code: declinee for declinee in _declinees(etablissement, annee)}
        self.demandes = {
            indicateur["code"]: indicateur
            for champ in contenu["champs"]
            for indicateur in champ["indicateurs"]
            if indicateur["concerne"]
        }

    def __call__(self, champ: Mapping[str, Any]) -> ChampOffert:
        resultat = champ["resultat"]
        ouvertes = [i for i in champ["indicateurs"] if i["code"] in self.demandes and not _remplie(i)]
        conditions = [self._condition(i, champ["code"], i["code"] in resultat["manquants"]) for i in ouvertes]
        return ChampOffert(
            code=champ["code"],
            libelle=champ["libelle"],
            palier=resultat["palier"],
            non_etabli=resultat["non_etabli"],
            conditions=tuple(sorted(conditions, key=lambda condition: condition.palier)),
        )

    def _condition(self, indicateur: Mapping[str, Any], champ: str, prochaine: bool) -> ConditionOuverte:
        code, valeur = indicateur["code"], valeur_signee(indicateur)
        proposition = self.propositions.get(code)
        return ConditionOuverte(
            code=code,
            enonce=indicateur["enonce"],
            champ=champ,
            palier=indicateur["palier"],
            bloquant=indicateur["bloquant"],
            reponse=LIBELLES_VALEURS[valeur].lower() if valeur else "sans réponse",
            prochaine=prochaine,
            proposition=proposition,
            prerequis=tuple(self._prerequis(proposition)) if proposition else (),
            besoin=self.traces.get(("besoin", code)),
            action=self.traces.get(("action", code)),
            declinee=self.declinees.get(code),
        )

    def _prerequis(self, proposition: Proposition) -> Sequence[Prerequis]:
        """Those that the school is asked about."""
        return [
            Prerequis(code, self.propositions[code].titre, _remplie(self.demandes[code]))
            for code in proposition.prerequis
            if code in self.demandes
        ]


def _remplie(indicateur: Mapping[str, Any]) -> bool:
    """« Sans objet » asks for nothing, once its reason is said."""
    return valeur_signee(indicateur) in (Valeur.oui, Valeur.sans_objet)


def besoin_ne_de(etablissement: Etablissement, code: str, depuis: str) -> Besoin | None:
    """The need kept from this condition since the diagnostic of the school year `depuis`."""
    return _besoins(etablissement, depuis).filter(reference=code).first()


def action_nee_de(etablissement: Etablissement, code: str, depuis: str) -> Action | None:
    """The one made from this proposal: given up, binned, or ended before that diagnostic, it answers nothing."""
    return _actions(etablissement, depuis).filter(modele=code).first()


def _besoins(etablissement: Etablissement, depuis: str) -> QuerySet[Besoin]:
    siens = Besoin.objects.vivants().filter(etablissement=etablissement, annee_scolaire__gte=depuis)
    return siens.filter(origine=Besoin.Origine.INDICATEUR)


def _actions(etablissement: Etablissement, depuis: str) -> QuerySet[Action]:
    siennes = Action.objects.vivants().filter(etablissement=etablissement, annee_fin__gte=depuis)
    return siennes.exclude(modele="").exclude(etat=Action.Etat.ABANDONNEE)


def _traces(etablissement: Etablissement, depuis: str) -> dict[tuple[str, str], Trace]:
    """What was made of each condition, in one query."""
    besoins, actions = _besoins(etablissement, depuis), _actions(etablissement, depuis)
    bras = _bras(besoins, "besoin", "reference").union(_bras(actions, "action", "modele"), all=True)
    return {(sorte, code): Trace(*trace) for sorte, code, *trace in bras.order_by("-pk")}


def _bras(quoi: QuerySet[Any], sorte: str, code: str) -> QuerySet[Any, Any]:
    bras: QuerySet[Any, Any] = quoi.order_by().annotate(sorte=Value(sorte, CharField()))
    return bras.values_list("sorte", code, "pk", "intitule", "annee_scolaire")


def _declinees(etablissement: Etablissement, annee: str) -> QuerySet[PropositionDeclinee]:
    siennes = PropositionDeclinee.objects.filter(etablissement=etablissement, annee_scolaire=annee)
    return siennes.select_related("declinee_par")


# --- The shortest way up ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Etape:
    """A condition of the way up, and the last request made for it."""

    condition: ConditionOuverte
    demande: Demande | None


@dataclass(frozen=True)
class ParActeur:
    acteur: str
    etapes: tuple[Etape, ...]

    @property
    def a_demander(self) -> bool:
        return self.acteur != ETABLISSEMENT


@dataclass(frozen=True)
class CheminDuChamp:
    """Towards the next palier: those whom it depends on, the school first."""

    champ: ChampOffert
    groupes: tuple[ParActeur, ...]

    @property
    def nombre(self) -> int:
        return len(self.champ.prochaines)

    @property
    def nombres(self) -> dict[str, int]:
        return {groupe.acteur: len(groupe.etapes) for groupe in self.groupes}


def chemins(etablissement: Etablissement, offre: Offre) -> list[CheminDuChamp]:
    """One query more."""
    demandes = dernieres_demandes(etablissement, offre.source.annee) if offre.source else {}
    return [_chemin(champ, demandes) for champ in offre.champs]


def dernieres_demandes(etablissement: Etablissement, depuis: str) -> dict[str, Demande]:
    """By code, the newest."""
    siennes = Demande.objects.filter(etablissement=etablissement, annee_scolaire__gte=depuis)
    return {demande.code: demande for demande in siennes.order_by("faite_le", "pk")}


def _chemin(champ: ChampOffert, demandes: Mapping[str, Demande]) -> CheminDuChamp:
    rangs = _rangs(champ.prochaines)
    ordonnees = sorted(champ.prochaines, key=lambda condition: (rangs[condition.code], _levier(condition)))
    groupes = (
        ParActeur(acteur, tuple(Etape(c, demandes.get(c.code)) for c in ordonnees if c.acteur == acteur))
        for acteur in ACTEURS
    )
    return CheminDuChamp(champ, tuple(groupe for groupe in groupes if groupe.etapes))


def _levier(condition: ConditionOuverte) -> int:
    return LEVIERS.index(Action.Levier(condition.proposition.levier)) if condition.proposition else len(LEVIERS)


def _rangs(conditions: Sequence[ConditionOuverte]) -> dict[str, int]:
    """How many of the others come before each, one after the other."""
    ici = {condition.code for condition in conditions}
    avant = {c.code: [p.code for p in c.d_abord if p.code in ici] for c in conditions}
    rangs: dict[str, int] = {}
    for code in TopologicalSorter(avant).static_order():
        rangs[code] = 1 + max((rangs[autre] for autre in avant[code]), default=-1)
    return rangs
