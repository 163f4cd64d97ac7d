"""What surveys say of an académie, from the frozen figures that each school may show, and from nothing else.

What keeps a school unknown among the others:

- districts are put together until each part has five schools or more (`domain.anonymat.fusionner`), and the whole is
  the sum of its parts: whatever one subtracts is made of whole parts;
- in each part and for each champ, schools enter by lots of five, in the order of their countings: what is read today
  less what was read yesterday is five schools at least, or none (the day when a district comes to stand alone, parts
  change: what that could tell of a few schools is less than the roundings of the figures);
- a school counts once a year, by the first of its surveys that may be shown, which no later one replaces.

The teams alone, never parents nor élèves, nor a school's own questions.
"""

from __future__ import annotations

import datetime
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import starmap
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q

from diagnostic.domain.anonymat import fusionner
from diagnostic.domain.statistiques import arrondi, resumer_bande
from diagnostic.models import Enquete
from diagnostic.queries.mesures_enquete import decimal, pour_cent
from diagnostic.queries.questions_equipes import questions_des_equipes
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.models import Academie, Etablissement

SEUIL_DES_ETABLISSEMENTS = 5
ECART_A_COMMENTER = Fraction(3, 10)
SANS_DISTRICT = ""


@dataclass(frozen=True)
class Releve:
    """What one school may show of one champ; `district` is its key, as text."""

    district: str
    moyenne: Fraction
    part_accord: Fraction
    approche: bool


@dataclass(frozen=True)
class SouhaitsReleves:
    """What one school may show of one theme of training: how many wish for it, of how many who answered."""

    personnes: int
    reponses: int


@dataclass(frozen=True)
class Releves:
    """What schools may show, in the order of their countings: of each champ by school, and of each theme."""

    champs: Mapping[str, dict[int, Releve]]
    souhaits: Mapping[str, list[SouhaitsReleves]]


@dataclass(frozen=True)
class Resume:
    """Several schools as one, each for the same weight."""

    etablissements: int
    moyenne: Fraction
    part_accord: Fraction
    approche: bool


@dataclass(frozen=True)
class ChampDuTerritoire:
    """`resume` is None under five schools."""

    code: str
    libelle: str
    resume: Resume | None

    @property
    def approche(self) -> str:
        return "≈\u00a0" if self.resume and self.resume.approche else ""

    @property
    def moyenne(self) -> str:
        return self.approche + decimal(self.resume.moyenne) if self.resume else ""

    @property
    def part_accord(self) -> str:
        return self.approche + pour_cent(self.resume.part_accord) if self.resume else ""


@dataclass(frozen=True)
class Participation:
    """How many schools there are, and how many had a survey counted."""

    etablissements: int
    depouillees: int

    def __add__(self, autre: Participation) -> Participation:
        return Participation(self.etablissements + autre.etablissements, self.depouillees + autre.depouillees)


RIEN = Participation(0, 0)


@dataclass(frozen=True)
class Part:
    """A district, or several put together."""

    noms: tuple[str, ...]
    participation: Participation
    champs: tuple[ChampDuTerritoire, ...]

    @property
    def libelle(self) -> str:
        return " + ".join(self.noms)


@dataclass(frozen=True)
class Souhait:
    """A theme of training: people of the teams who wish for it, counted, never named; `etablissements` say so."""

    theme: str
    personnes: int
    reponses: int
    etablissements: int


@dataclass(frozen=True)
class Territoire:
    """`parts`: the districts, where they may be told apart; `sans_chiffre`: those where no survey may be shown."""

    academie: Academie
    annee: str
    participation: Participation
    champs: tuple[ChampDuTerritoire, ...]
    parts: tuple[Part, ...]
    sans_chiffre: tuple[str, ...]
    souhaits: tuple[Souhait, ...]

    @property
    def montres(self) -> tuple[ChampDuTerritoire, ...]:
        return tuple(champ for champ in self.champs if champ.resume)

    @property
    def phrases(self) -> tuple[str, ...]:
        """The territory in words, by rules that do not change."""
        if not self.montres:
            return ()
        classes = sorted(self.montres, key=lambda champ: -_moyenne(champ))
        fort, faible = classes[0], classes[-1]
        if arrondi(_moyenne(fort), 1) - arrondi(_moyenne(faible), 1) < ECART_A_COMMENTER:
            champs = f"Aucun champ ne se détache\u00a0: de {faible.moyenne} à {fort.moyenne} sur\u00a05 en moyenne."
            return (champs, *self._phrase_de_formation())
        return (
            f"Le champ le mieux perçu par les équipes est «\u00a0{fort.libelle}\u00a0»\u00a0: {_en_mots(fort)}.",
            f"Le moins bien perçu est «\u00a0{faible.libelle}\u00a0»\u00a0: {_en_mots(faible)}.",
            *self._phrase_de_formation(),
        )

    def _phrase_de_formation(self) -> tuple[str, ...]:
        if not self.souhaits:
            return ()
        premier = max(self.souhaits, key=lambda souhait: souhait.personnes)
        return (
            f"La formation la plus souhaitée est «\u00a0{premier.theme}\u00a0»\u00a0: {premier.personnes} personnes, "
            f"dans {premier.etablissements} établissements.",
        )


def _moyenne(champ: ChampDuTerritoire) -> Fraction:
    return champ.resume.moyenne if champ.resume else Fraction(0)


def _en_mots(champ: ChampDuTerritoire) -> str:
    nombre = champ.resume.etablissements if champ.resume else 0
    return f"{champ.moyenne} sur\u00a05 en moyenne, {champ.part_accord} d'accord, {nombre} établissements"


# --- Reading ------------------------------------------------------------------------------------------------
def annees_du_territoire(academie: Academie, jour: datetime.date) -> list[str]:
    """The school years with a survey counted, and the present one; newest first."""
    comptees = Enquete.objects.depouillees().filter(etablissement__academie=academie)
    annees = set(comptees.order_by().values_list("annee_scolaire", flat=True).distinct())
    return sorted(annees | {annee_scolaire(jour)}, reverse=True)


def territoire_de(academie: Academie, annee: str) -> Territoire:
    """The figures of a school year, in three queries however many schools there are."""
    districts = {str(cle): nom for cle, nom in academie.districts.values_list("pk", "nom")}
    return composer(
        academie,
        annee,
        noms=districts | {SANS_DISTRICT: "Sans district"},
        participations=_participations(academie, annee),
        releves=_releves(academie, annee),
    )


def composer(
    academie: Academie,
    annee: str,
    *,
    noms: Mapping[str, str],
    participations: Mapping[str, Participation],
    releves: Releves,
) -> Territoire:
    """Pure. `noms`: of the districts, by key, in the order in which they are read."""
    par_ecole = {ecole: releve.district for siens in releves.champs.values() for ecole, releve in siens.items()}
    comptes = Counter(par_ecole.values())
    effectifs = {district: comptes[district] for district in noms if comptes[district]}
    groupes = fusionner(effectifs, SEUIL_DES_ETABLISSEMENTS)
    libelles = questions_des_equipes()["champs"]
    lots = {champ: [_lot(releves.champs.get(champ, {}).values(), groupe) for groupe in groupes] for champ in libelles}
    parts = tuple(
        Part(
            noms=tuple(noms[district] for district in groupe),
            participation=sum((participations.get(district, RIEN) for district in groupe), RIEN),
            champs=tuple(ChampDuTerritoire(c, libelles[c], _resume(lots[c][rang])) for c in libelles),
        )
        for rang, groupe in enumerate(groupes)
    )
    return Territoire(
        academie=academie,
        annee=annee,
        participation=sum(participations.values(), RIEN),
        champs=tuple(ChampDuTerritoire(c, libelles[c], _resume([r for lot in lots[c] for r in lot])) for c in libelles),
        parts=parts if len(parts) > 1 else (),
        sans_chiffre=tuple(nom for cle, nom in noms.items() if cle in participations and not comptes[cle]),
        souhaits=tuple(sorted(filter(None, starmap(_souhait, releves.souhaits.items())), key=lambda s: -s.personnes)),
    )


def par_lots[Valeur](valeurs: Sequence[Valeur]) -> Sequence[Valeur]:
    """The first ones, by whole lots of five: the next ones wait for others to join them."""
    return valeurs[: len(valeurs) - len(valeurs) % SEUIL_DES_ETABLISSEMENTS]


def _lot(releves: Iterable[Releve], groupe: Sequence[str]) -> Sequence[Releve]:
    return par_lots([releve for releve in releves if releve.district in groupe])


def _resume(releves: Sequence[Releve]) -> Resume | None:
    nombre = len(releves)
    if not nombre:
        return None
    return Resume(
        etablissements=nombre,
        moyenne=sum((releve.moyenne for releve in releves), Fraction(0)) / nombre,
        part_accord=sum((releve.part_accord for releve in releves), Fraction(0)) / nombre,
        approche=any(releve.approche for releve in releves),
    )


def _souhait(theme: str, releves: Sequence[SouhaitsReleves]) -> Souhait | None:
    lot = par_lots(releves)
    if not lot:
        return None
    return Souhait(theme, sum(r.personnes for r in lot), sum(r.reponses for r in lot), len(lot))


# --- From the database --------------------------------------------------------------------------------------
def _participations(academie: Academie, annee: str) -> dict[str, Participation]:
    """By district: the schools that a survey may concern, and those where one was counted."""
    comptees = Enquete.objects.depouillees().filter(annee_scolaire=annee, etablissement=OuterRef("pk"))
    concernees = (
        Etablissement.objects.filter(academie=academie)
        .exclude(type=Etablissement.Type.AUTRE)
        .annotate(comptee=Exists(comptees))
        .filter(~Q(etat=Etablissement.Etat.FERME) | Q(comptee=True))
    )
    par_district = concernees.order_by().values("district")
    return {
        _cle(ligne["district"]): Participation(ligne["toutes"], ligne["comptees"])
        for ligne in par_district.annotate(toutes=Count("pk"), comptees=Count("pk", filter=Q(comptee=True)))
    }


def _releves(academie: Academie, annee: str) -> Releves:
    """From the first survey of each school that shows something; likewise for the wishes."""
    montrees: dict[int, int] = {}
    avec_souhaits: dict[int, int] = {}
    releves = Releves(champs=defaultdict(dict), souhaits=defaultdict(list))
    with connection.cursor() as curseur:
        curseur.execute(_FIGES, {"academie": academie.pk, "annee": annee})
        for enquete, ecole, district, questions, themes, formation in curseur.fetchall():
            par_champ = _par_champ(json.loads(questions or "[]"))
            if par_champ and montrees.setdefault(ecole, enquete) == enquete:
                for champ, totaux in par_champ.items():
                    releves.champs[champ][ecole] = _releve(_cle(district), totaux)
            souhaits = json.loads(formation or "null")
            if souhaits and avec_souhaits.setdefault(ecole, enquete) == enquete:
                for theme, personnes in zip(json.loads(themes), souhaits["effectifs"], strict=True):
                    if personnes is not None:
                        releves.souhaits[theme].append(SouhaitsReleves(personnes, souhaits["reponses"]))
    return releves


def _cle(district: int | None) -> str:
    return SANS_DISTRICT if district is None else str(district)


def _par_champ(questions: Iterable[tuple[str, dict[str, Any] | None]]) -> dict[str, list[dict[str, Any]]]:
    """The figures that are shown, by champ."""
    par_champ: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for champ, total in questions:
        if total is not None:
            par_champ[champ].append(total)
    return par_champ


def _releve(district: str, totaux: Sequence[Mapping[str, Any]]) -> Releve:
    """A champ: each of its questions counts the same, as on the school's own page."""
    resumes = [_moyenne_et_part(total) for total in totaux]
    return Releve(
        district=district,
        moyenne=sum((moyenne for moyenne, _ in resumes), Fraction(0)) / len(resumes),
        part_accord=sum((part for _, part in resumes), Fraction(0)) / len(resumes),
        approche=any(total["bande"] for total in totaux),
    )


def _moyenne_et_part(total: Mapping[str, Any]) -> tuple[Fraction, Fraction]:
    """Of a question; without its spread, which would cost more than all the rest."""
    n, effectifs, bande = total["n"], total["effectifs"], total["bande"]
    if bande is not None:
        resume = resumer_bande(bande, n)
        return resume.moyenne, resume.part_accord
    points = sum(valeur * nombre for valeur, nombre in enumerate(effectifs, start=1))
    return Fraction(points, n), Fraction(effectifs[3] + effectifs[4], n)


# The frozen texts never leave the database: a tenth of each comes out of it. « OFFSET 0 »: each is read as JSON once,
# and not again for each question. Items are frozen in the order of the questions.
_FIGES = """
SELECT enquete.id, ecole.id, ecole.district_id, (
        SELECT jsonb_agg(jsonb_build_array(question->'champ', item->'familles'->'equipes'->'total'))
        FROM ROWS FROM (
            jsonb_array_elements(lu.contenu->'items'), jsonb_array_elements(lu.contenu->'questions'->'items')
        ) AS posee(item, question)
    ),
    lu.contenu->'questions'->'formation', lu.contenu->'formation'
FROM diagnostic_enquete AS enquete
JOIN socle_etablissement AS ecole ON ecole.id = enquete.etablissement_id AND ecole.academie_id = %(academie)s
JOIN diagnostic_resultatenquete AS resultat ON resultat.enquete_id = enquete.id
CROSS JOIN LATERAL (SELECT resultat.contenu::jsonb AS contenu OFFSET 0) AS lu
WHERE enquete.annee_scolaire = %(annee)s AND enquete.etat = 'depouillee'
ORDER BY resultat.publie_le, enquete.id
"""
