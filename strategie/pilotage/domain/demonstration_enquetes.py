"""The teams' surveys in the demonstration: ballots drawn at random, always the same, put in urns by the usual door.

Each school has its own voice; small ones have groups under the threshold, that the counting puts together. Nothing is
written beside the acts: what is shown has been through the urn and its rules.
"""

import datetime
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from diagnostic.domain.anonymat import SEUIL_PAR_DEFAUT
from diagnostic.domain.bulletins import ECHELLE, EQUIPES, SANS_AVIS, Bulletin, Groupe
from diagnostic.domain.enquetes import (
    QuestionPropre,
    ReglagesEnquete,
    ouvrir_enquete,
    repondre_direction,
    tirer_coupons,
)
from diagnostic.domain.instantanes import nommer_un_moment
from diagnostic.domain.urne import deposer, depouiller_enquete
from diagnostic.models import Diagnostic, Enquete
from diagnostic.queries.enquetes import Porte, porte_au_code, resultat_de
from diagnostic.queries.et_si import contenu_actuel, supposer
from diagnostic.queries.resultats_enquete import lire_resultat
from plans.domain.besoins import SaisieBesoin, mettre_a_l_ordre_du_jour, retenir_besoin
from plans.models import Besoin
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.models import Etablissement, Utilisateur

DUREE = datetime.timedelta(days=11)  # from a Monday to the Friday of the next week
CHAMPS = ("PIL", "FOR", "RES", "PED", "INF", "EQU")
# How far a question stands from the others of its champ, for the teams and for the head who answers for them.
PAR_QUESTION = {2: 0.7, 4: -0.3, 5: -0.6, 6: 0.4, 9: 0.5, 10: -0.3, 12: 0.2, 14: -0.4, 16: -0.5, 18: -0.4, 19: 0.4}
SELON_LE_GROUPE = {Groupe.VIE_SCOLAIRE: 0.2, Groupe.AESH_AGENTS: -0.4, Groupe.PARENTS: 0.1, Groupe.ELEVES: 0.3}
HUMEUR, NUANCE = 0.5, 0.8  # standard deviations: of a person's answers, of each one
PART_SANS_AVIS = 0.06
PREFERENCES = (3, 4, 3, 2, 5, 2, 7, 3)  # for each theme of training

Voix = tuple[float, float, float, float, float, float]  # what teachers think, champ by champ


@dataclass(frozen=True)
class Sondage:
    """A survey of a demo school. `reponses`: how many of the people invited answered, in the same order."""

    chiffres: str
    voix: Voix
    invites: Mapping[str, int]
    reponses: tuple[int, ...]
    direction: int = 0  # how far above its teams the head stands, in half points
    forme: str = Enquete.Forme.LONGUE
    acces: str = Enquete.Acces.LIEN
    propres: tuple[QuestionPropre, ...] = ()
    textes: tuple[str, ...] = field(default=(), repr=False)


ENS, VIE, AESH, PARENTS = Groupe.ENSEIGNANTS, Groupe.VIE_SCOLAIRE, Groupe.AESH_AGENTS, Groupe.PARENTS
TROIS_RIVIERES: Mapping[str, int] = {ENS: 38, VIE: 9, AESH: 14}
MOMENT = QuestionPropre(
    "Pour échanger entre collègues sur le numérique, quel moment vous convient le mieux\u00a0?",
    "choix",
    ("La pause de midi", "La fin de journée", "Le mercredi après-midi", "Aucun de ces moments"),
)
POULS_D_AUTOMNE = Sondage(
    "0990001",
    (2.6, 2.5, 3.2, 2.7, 2.2, 2.7),
    TROIS_RIVIERES,
    (27, 5, 4),
    direction=2,
    forme=Enquete.Forme.POULS,
)
PRINTEMPS = Sondage(
    "0990001",
    (3.1, 3.0, 3.6, 3.1, 2.1, 2.8),
    TROIS_RIVIERES,
    (31, 6, 4),
    direction=2,
    propres=(MOMENT,),
    textes=(
        "Le réseau tombe dès que deux classes travaillent en même temps au premier étage. Je n'ose plus bâtir une "
        "séance dessus.",
        "Merci pour les ateliers du midi entre collègues\u00a0: c'est là que j'ai le plus appris cette année.",
        "Il faudrait un seul endroit où signaler les pannes. Aujourd'hui, chacun fait à sa façon.",
        "Les tablettes sont souvent déchargées quand on vient les emprunter.",
        "La charte est claire, mais nous ne l'appliquons pas tous de la même manière pour le téléphone.",
        "J'aimerais une formation courte, ici, à partir de nos cours, plutôt qu'une journée loin du collège.",
        "L'espace numérique de travail sert surtout pour les notes. Nous pourrions mieux nous en servir avec les "
        "familles.",
        "Qu'avons-nous le droit de faire avec l'intelligence artificielle, nous et les élèves\u00a0? J'attends des "
        "règles simples.",
        "Deux vidéoprojecteurs attendent une réparation depuis la rentrée.",
    ),
)
EN_COURS = Sondage("0990001", (3.4, 3.3, 3.7, 3.3, 2.3, 3.0), TROIS_RIVIERES, (17, 5, 3))
CET_AUTOMNE = (
    Sondage(
        "0990002",
        (3.3, 2.9, 3.8, 3.2, 3.4, 3.1),
        {ENS: 88, VIE: 14, AESH: 20},
        (52, 9, 7),
        direction=1,
    ),
    Sondage(
        "0990003",
        (4.1, 3.7, 4.2, 3.9, 4.0, 3.6),
        {ENS: 42, VIE: 8, AESH: 12},
        (33, 6, 7),
        direction=1,
        textes=(
            "Le réseau tient, même pendant les évaluations nationales. Cela change tout.",
            "Nous manquons de temps pour nous former à plusieurs, pas d'idées.",
            "Les règles sur l'intelligence artificielle sont affichées dans chaque salle\u00a0: les élèves les citent.",
        ),
    ),
    Sondage(
        "0990004",
        (3.4, 2.6, 2.9, 3.2, 3.0, 2.3),
        {ENS: 9, AESH: 5, PARENTS: 140},
        (8, 3, 38),
        direction=1,
        textes=("Nous aimerions savoir à l'avance quand les tablettes viendront à l'école.",),
    ),
    Sondage("0990005", (2.7, 2.3, 3.0, 2.8, 3.6, 3.3), {ENS: 40, VIE: 8, AESH: 11}, (22, 4, 3), direction=3),
    Sondage(
        "0990006",
        (2.9, 2.8, 3.3, 3.5, 2.7, 3.4),
        {ENS: 45, VIE: 10, AESH: 12},
        (19, 6, 5),
        acces=Enquete.Acces.COUPONS,
    ),
    Sondage("0990007", (2.5, 2.7, 2.9, 3.3, 2.8, 2.6), {ENS: 36, VIE: 9, AESH: 10}, (26, 7, 5)),
    Sondage("0990008", (2.8, 2.4, 2.7, 3.0, 2.5, 2.2), {ENS: 11, AESH: 6}, (9, 5), direction=2),
    Sondage("0990010", (3.6, 2.9, 3.1, 3.4, 3.3, 2.6), {ENS: 5, AESH: 3}, (4, 2), direction=1),
)


def tenir_les_enquetes(
    etablissements: Mapping[str, Etablissement], auteurs: Mapping[str, Utilisateur], maintenant: datetime.datetime
) -> None:
    """Counted ones, last year and this autumn; one that is being asked now, in the first school. Then what came of
    them: a name, needs.
    """
    jour = maintenant.date()
    rentree = int(annee_scolaire(jour)[:4])

    def demander(sondage: Sondage, debut: datetime.date, duree: datetime.timedelta = DUREE) -> Enquete:
        return _demander(sondage, etablissements[sondage.chiffres], auteurs[sondage.chiffres], _lundi(debut), duree)

    _depouiller(demander(POULS_D_AUTOMNE, datetime.date(rentree - 1, 11, 12)))
    printemps = demander(PRINTEMPS, datetime.date(rentree, 3, 18))
    _depouiller(printemps)
    for sondage in CET_AUTOMNE:
        _depouiller(demander(sondage, jour - datetime.timedelta(days=40)))
    demander(EN_COURS, jour - datetime.timedelta(days=7), DUREE + datetime.timedelta(days=7))
    _donner_suite(printemps, auteurs[PRINTEMPS.chiffres], maintenant)


def _depouiller(enquete: Enquete) -> None:
    """At its hour, the day after the last one."""
    depouiller_enquete(enquete=enquete, maintenant=enquete.resultats_a_partir_de)


def _demander(
    sondage: Sondage,
    etablissement: Etablissement,
    auteur: Utilisateur,
    ouverture: datetime.date,
    duree: datetime.timedelta,
) -> Enquete:
    """Opened, answered by the head, then by the people."""
    matin = datetime.datetime.combine(ouverture, datetime.time(9), etablissement.academie.zone)
    enquete = ouvrir_enquete(
        etablissement=etablissement,
        reglages=ReglagesEnquete(
            forme=sondage.forme,
            acces=sondage.acces,
            date_ouverture=ouverture,
            date_cloture=ouverture + duree,
            invites=sondage.invites,
            propres=sondage.propres,
        ),
        seuil=SEUIL_PAR_DEFAUT,
        cle=uuid.uuid4(),
        auteur=auteur,
        maintenant=matin,
    )
    if sondage.direction:
        repondre_direction(
            enquete=enquete, reponses=_reponses_de_la_direction(sondage, enquete), auteur=auteur, maintenant=matin
        )
    _voter(enquete, _bulletins(sondage, enquete), auteur, matin)
    return enquete


def _voter(enquete: Enquete, bulletins: Sequence[Bulletin], auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    """Each with its slip, or all through the link."""
    if enquete.acces == Enquete.Acces.COUPONS:
        nombre = enquete.total_invites
        codes = tirer_coupons(enquete=enquete, nombre=nombre, secours=False, auteur=auteur, maintenant=maintenant)
        for bulletin, code in zip(bulletins, codes, strict=False):  # not everybody answers
            deposer(porte=_porte(code), secret=code, bulletin=bulletin)
        return
    porte = _porte(enquete.code or "")
    for bulletin in bulletins:
        deposer(porte=porte, secret=uuid.uuid4().hex, bulletin=bulletin)


def _porte(code: str) -> Porte:
    porte = porte_au_code(code)
    assert porte is not None  # noqa: S101 - it has just been drawn
    return porte


def _bulletins(sondage: Sondage, enquete: Enquete) -> list[Bulletin]:
    """The same for each installation."""
    hasard = Random(repr((sondage.chiffres, sondage.forme, sondage.reponses)))  # noqa: S311 - nothing to guess
    qui = [
        Groupe(groupe) for groupe, nombre in zip(sondage.invites, sondage.reponses, strict=True) for _ in range(nombre)
    ]
    textes = dict(zip(hasard.sample(range(len(qui)), len(sondage.textes)), sondage.textes, strict=True))
    return [_bulletin(sondage, enquete, groupe, textes.get(rang, ""), hasard) for rang, groupe in enumerate(qui)]


def _bulletin(sondage: Sondage, enquete: Enquete, groupe: Groupe, texte: str, hasard: Random) -> Bulletin:
    humeur = SELON_LE_GROUPE.get(groupe, 0) + hasard.gauss(0, HUMEUR)
    reponses = {
        item["numero"]: SANS_AVIS
        if hasard.random() < PART_SANS_AVIS
        else _sur_l_echelle(_avis(sondage, item) + humeur + hasard.gauss(0, NUANCE))
        for item in enquete.questions["items"]
        if groupe in item["enonces"]
    }
    propres = {
        question["numero"]: hasard.randrange(len(question["options"])) for question in enquete.questions["propres"]
    }
    themes = hasard.sample(range(len(PREFERENCES)), k=hasard.randint(1, 4), counts=PREFERENCES)
    formation = frozenset(themes) if groupe in EQUIPES else frozenset()
    return Bulletin(groupe, reponses, propres, formation, texte)


def _reponses_de_la_direction(sondage: Sondage, enquete: Enquete) -> dict[int, int]:
    return {
        item["numero"]: _sur_l_echelle(_avis(sondage, item) + sondage.direction / 2)
        for item in enquete.questions["items"]
    }


def _avis(sondage: Sondage, item: Mapping[str, Any]) -> float:
    return sondage.voix[CHAMPS.index(item["champ"])] + PAR_QUESTION.get(item["numero"], 0)


def _sur_l_echelle(avis: float) -> int:
    return min(max(round(avis), ECHELLE[0]), ECHELLE[-1])


def _lundi(jour: datetime.date) -> datetime.date:
    """That of its week."""
    return jour - datetime.timedelta(days=jour.weekday())


# --- What comes of it -----------------------------------------------------------------------------------------
def _donner_suite(enquete: Enquete, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    """The survey has a name to be found by; what it shows of the weakest is kept, and one écart is on the agenda."""
    nommer_un_moment(
        etablissement=enquete.etablissement,
        nom="Avant le conseil pédagogique de juin",
        moment=enquete,
        auteur=auteur,
        maintenant=maintenant,
    )
    brouillon = Diagnostic.objects.select_related("etablissement", "campagne__academie", "referentiel").get(
        etablissement=enquete.etablissement, etat=Diagnostic.Etat.BROUILLON
    )
    for saisie in (*_besoins_de_l_enquete(enquete), *_besoins_du_diagnostic(brouillon, maintenant)):
        besoin, _ = retenir_besoin(
            etablissement=enquete.etablissement, saisie=saisie, auteur=auteur, maintenant=maintenant
        )
        if besoin.origine == Besoin.Origine.ECART:
            mettre_a_l_ordre_du_jour(besoin=besoin, inscrit=True, auteur=auteur)


def _besoins_de_l_enquete(enquete: Enquete) -> Iterator[SaisieBesoin]:
    """As the buttons of its results say them."""
    resultat = resultat_de(enquete)
    assert resultat is not None  # noqa: S101 - its urn is open
    lecture, annee = lire_resultat(resultat.contenu), enquete.annee_scolaire
    for item in lecture.faibles[:1]:
        yield SaisieBesoin(annee, Besoin.Origine.QUESTION, item.reference, item.besoin, item.constat, None)
    for ecart in lecture.ecarts_nets[:1]:
        yield SaisieBesoin(annee, Besoin.Origine.ECART, ecart.item.reference, ecart.besoin, ecart.phrase, None)
    souhaits = [s for s in lecture.formation.souhaits if s.effectif] if lecture.formation else []
    for souhait in sorted(souhaits, key=lambda s: -(s.effectif or 0))[:1]:
        yield SaisieBesoin(
            annee, Besoin.Origine.FORMATION, souhait.reference, souhait.theme, souhait.constat, souhait.effectif
        )


def _besoins_du_diagnostic(diagnostic: Diagnostic, maintenant: datetime.datetime) -> Iterator[SaisieBesoin]:
    """The first condition that is missing for the next palier of « Formation »."""
    annee = diagnostic.campagne.annee_scolaire
    for champ in supposer(contenu_actuel(diagnostic, maintenant), ()).champs:
        for condition in champ.conditions[:1] if champ.code == "FOR" else ():
            yield SaisieBesoin(annee, Besoin.Origine.INDICATEUR, condition.code, condition.enonce, champ.constat, None)
