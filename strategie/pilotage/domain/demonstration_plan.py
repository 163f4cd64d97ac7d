"""The plan of the first demo school: what it wants, what was lived, what is needed, what is done, and how one knows.

Everything goes through the acts of the screens, on the days when it would have: states, readings and comments have the
history that they should.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from plans.domain.actions import SaisieAction, changer_etat, creer_action, publier_action
from plans.domain.axes import SaisieAxe, ouvrir_axe
from plans.domain.besoins import BesoinEcrit, ajouter_besoin
from plans.domain.cascade import (
    SaisieAxeDistrict,
    SaisiePriorite,
    SaisieRattachement,
    dire_rattachement,
    fixer_axe_district,
    fixer_priorite,
)
from plans.domain.commentaires import commenter_action
from plans.domain.examens import PAS_DIT, Avis, repondre_aux_questions
from plans.domain.experimentations import SaisieExperimentation, ouvrir_experimentation
from plans.domain.facteurs import SaisieFacteur, ajouter_facteur
from plans.domain.indicateurs import SaisieIndicateur, ajouter_indicateur
from plans.domain.releves import SaisieReleve, enregistrer_releve
from plans.domain.retex import SaisieConstat, dire_utile, noter_constat
from plans.domain.vision import VIDE, SaisieVision, ecrire_vision, fixer_objectif
from plans.models import Action, Axe, Besoin, Constat, Theme
from strategie.socle.domain.calendrier import annee_precedente, annee_scolaire, annee_suivante
from strategie.socle.models import Etablissement, Utilisateur

Personnes = Mapping[str, Utilisateur]
Etat, Levier = Action.Etat, Action.Levier
PREMIER, DEUXIEME, TROISIEME = "0990001", "0990002", "0990003"

VISION = SaisieVision(
    valeurs="Un collège où chacun progresse, quel que soit ce qu'il a chez lui\u00a0: l'écran n'est jamais une "
    "condition pour réussir.",
    eleves="Que chaque élève sache chercher une information, la vérifier, produire à plusieurs et se protéger, avant "
    "la fin de la troisième.",
    equipes="Un seul endroit pour écrire aux familles, des séances que l'on prépare ensemble, et du temps pour les "
    "collègues qui arrivent.",
    limites="Pas de message professionnel après 19\u00a0heures ni le week-end. Pas d'achat sans usage écrit.",
)
OBJECTIFS = (("INF", 2, 0, "Sans réseau fiable, rien ne tient."), ("FOR", 2, 0, ""), ("PED", 2, 1, ""))
REPONSES = {
    "necessaire": "Le diagnostic et les équipes disent la même chose.",
    "realiste": "Un collège du district l'a fait l'an dernier.",
    "realisable": "Le temps est pris sur les réunions déjà prévues.",
    "coherent": "C'est ce que demande notre vision\u00a0: l'usage d'abord.",
}


@dataclass(frozen=True)
class UnConstat:
    texte: str
    theme: str
    source: str
    sens: str = Constat.Sens.IRRITANT
    partage: str = Constat.Partage.NON
    lien: str = ""


RESEAU = UnConstat(
    "Le réseau tombe dès que deux classes travaillent en même temps au premier étage.",
    Theme.ACCES,
    Constat.Source.PROFESSEURS,
    partage=Constat.Partage.ANONYME,
)
PANNES = UnConstat(
    "Personne ne sait à qui signaler une panne\u00a0: deux vidéoprojecteurs attendent depuis la rentrée.",
    Theme.GOUVERNANCE,
    Constat.Source.AGENTS,
)
OUTILS = UnConstat(
    "Les familles reçoivent des messages par quatre outils différents et n'en lisent aucun.",
    Theme.TRAVAILLER,
    Constat.Source.PARENTS,
    partage=Constat.Partage.ANONYME,
)
CONSTATS = (
    RESEAU,
    PANNES,
    OUTILS,
    UnConstat(
        "Les ateliers du midi entre collègues\u00a0: vingt minutes, un usage, une salle ouverte.",
        Theme.ENSEIGNER,
        Constat.Source.PROFESSEURS,
        Constat.Sens.POINT_FORT,
        Constat.Partage.NOMME,
    ),
    UnConstat(
        "Les élèves délégués ont écrit eux-mêmes les règles du téléphone\u00a0: elles sont suivies.",
        Theme.RESPONSABLE,
        Constat.Source.ELEVES,
        Constat.Sens.POINT_FORT,
    ),
)
AILLEURS = {
    DEUXIEME: UnConstat(
        "Une boîte aux lettres par étage pour signaler les pannes\u00a0: le délai moyen est passé de 15 à 4 jours.",
        Theme.GOUVERNANCE,
        Constat.Source.AGENTS,
        Constat.Sens.POINT_FORT,
        Constat.Partage.NOMME,
    ),
    TROISIEME: UnConstat(
        "Des tablettes livrées sans formation sont restées six mois dans leurs cartons.",
        Theme.ENSEIGNER,
        Constat.Source.ENCADREMENT,
        partage=Constat.Partage.ANONYME,
    ),
}


@dataclass(frozen=True)
class UnIndicateur:
    """Readings are (days ago, value), oldest first."""

    intitule: str
    unite: str
    depart: str
    cible: str
    source: str
    sens: str = "hausse"
    cadence: str = "trimestrielle"
    agregation: str = "aucune"
    mesure: str = ""
    releves: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class UneAction:
    """`depuis`: how many days ago it was written. `etats`: (days ago, state, why), in order."""

    intitule: str
    levier: str
    depuis: int
    quand: tuple[int, int | None, int, int | None]  # years from this one, and terms: beginning, end
    description: str = ""
    porteur: str = ""
    fonction: str = ""
    contributeurs: tuple[str, ...] = ()
    autres: str = ""
    groupes: tuple[str, ...] = ()
    indicateurs: tuple[UnIndicateur, ...] = ()
    facteurs: tuple[SaisieFacteur, ...] = ()
    etats: tuple[tuple[int, str, str], ...] = ()
    commentaires: tuple[tuple[int, str, str], ...] = ()
    sous_actions: tuple[UneAction, ...] = ()
    publiee: bool = True


@dataclass(frozen=True)
class UnBesoin:
    """Typed, and resting on what was lived."""

    intitule: str
    irritant: UnConstat


@dataclass(frozen=True)
class UnAxe:
    """`origines`: those of the needs kept already that it answers too."""

    intitule: str
    theme: str
    besoins: tuple[UnBesoin, ...] = ()
    origines: tuple[str, ...] = ()
    actions: tuple[UneAction, ...] = field(default=(), repr=False)


BORNES = UneAction(
    "Couvrir les quatre salles du premier étage en Wi-Fi",
    Levier.INFRASTRUCTURE,
    70,
    (0, 1, 0, 2),
    "Mesurer d'abord, salle par salle\u00a0; demander ensuite les bornes au département, avec les mesures.",
    porteur="Gaëlle",
    contributeurs=("Rémi",),
    autres="Service numérique du département",
    groupes=("enseignants", "eleves"),
    indicateurs=(
        UnIndicateur(
            "Salles où une classe entière peut travailler en ligne",
            "salles",
            "14",
            "22",
            "Relevé du référent, salle par salle",
            releves=((66, "14"), (35, "16"), (6, "17")),
        ),
    ),
    facteurs=(
        SaisieFacteur(
            "Les collègues du premier étage préparent à nouveau des séances en ligne", "en_partie", "Deux sur six"
        ),
    ),
    etats=((60, Etat.EN_COURS, ""), (9, Etat.BLOQUEE, "Le département attend le marché des bornes, prévu en janvier.")),
    commentaires=(
        (40, "Rémi", "Mesures faites dans les huit salles\u00a0: quatre sont sous 2 Mbit/s."),
        (8, "Claire", "J'en parle au département à la réunion du mois."),
    ),
    sous_actions=(
        UneAction(
            "Mesurer le débit de chaque salle",
            Levier.INFRASTRUCTURE,
            68,
            (0, 1, 0, 1),
            porteur="Rémi",
            etats=((60, Etat.EN_COURS, ""), (42, Etat.REALISEE, "")),
        ),
        UneAction("Demander les bornes au département", Levier.INFRASTRUCTURE, 68, (0, 1, 0, 1), porteur="Gaëlle"),
    ),
)
PANNES_SUIVIES = UneAction(
    "Ouvrir un registre unique des pannes, tenu chaque vendredi",
    Levier.ORGANISATION,
    65,
    (0, 1, 0, 1),
    porteur="Rémi",
    contributeurs=("Gaëlle",),
    groupes=("enseignants", "agents"),
    indicateurs=(
        UnIndicateur(
            "Délai moyen entre le signalement et la remise en service",
            "jours",
            "21",
            "7",
            "Registre des pannes",
            sens="baisse",
            cadence="mensuelle",
            releves=((62, "21"), (32, "15"), (4, "9")),
        ),
    ),
    facteurs=(SaisieFacteur("Chacun sait où signaler une panne", "oui", "Affiché dans chaque salle en octobre"),),
    etats=((58, Etat.EN_COURS, ""),),
)
ATELIERS = UneAction(
    "Tenir un atelier du midi entre collègues, deux fois par mois",
    Levier.FORMATION,
    75,
    (0, 1, 1, 3),
    "Vingt minutes, un usage, une salle ouverte. Chacun peut proposer.",
    fonction="Référent numérique",
    contributeurs=("Line",),
    groupes=("enseignants", "aesh", "vie_scolaire"),
    indicateurs=(
        UnIndicateur(
            "Personnels venus à trois ateliers au moins",
            "personnes",
            "6",
            "30",
            "Feuilles de présence, comptées sans les noms",
            agregation="somme",
            releves=((70, "6"), (30, "11"), (3, "16")),
        ),
        UnIndicateur(
            "Palier du champ Formation",
            "palier",
            "1",
            "2",
            "Diagnostic signé",
            cadence="annuelle",
            mesure="palier-FOR",
        ),
    ),
    facteurs=(
        SaisieFacteur(
            "Un usage essayé le midi se retrouve en classe dans le mois", "en_partie", "Échanges à l'atelier suivant"
        ),
    ),
    etats=((60, Etat.EN_COURS, ""),),
    commentaires=((25, "Line", "Je peux prendre celui sur la recherche d'information, en décembre."),),
)
RECHERCHE = UneAction(
    "Bâtir une progression commune de la sixième à la troisième sur la recherche d'information",
    Levier.ORGANISATION,
    50,
    (0, 2, 1, 3),
    porteur="Line",
    groupes=("enseignants", "eleves"),
    indicateurs=(
        UnIndicateur(
            "Disciplines qui ont écrit leur part de la progression",
            "disciplines",
            "0",
            "8",
            "Compte rendu du conseil pédagogique",
            cadence="semestrielle",
        ),
    ),
)
UN_SEUL_OUTIL = UneAction(
    "Écrire aux familles par l'espace numérique de travail seulement",
    Levier.ORGANISATION,
    150,
    (-1, 3, 0, 1),
    "Décidé au conseil de juin. Les autres outils sont fermés un par un.",
    porteur="Claire",
    groupes=("familles", "enseignants", "vie_scolaire"),
    indicateurs=(
        UnIndicateur(
            "Familles qui se sont connectées dans le mois",
            "%",
            "58",
            "80",
            "Statistiques de l'espace numérique de travail",
            cadence="mensuelle",
            agregation="moyenne",
            releves=((140, "58"), (75, "63"), (45, "71"), (12, "76")),
        ),
    ),
    etats=((130, Etat.EN_COURS, ""),),
)
CHARTE = UneAction(
    "Afficher les heures où l'on n'écrit pas, et s'y tenir",
    Levier.ORGANISATION,
    160,
    (-1, 3, 0, 1),
    porteur="Claire",
    groupes=("enseignants", "familles", "direction"),
    indicateurs=(
        UnIndicateur(
            "Messages envoyés après 19 heures",
            "messages par semaine",
            "140",
            "20",
            "Statistiques de l'espace numérique de travail",
            sens="baisse",
            cadence="mensuelle",
            releves=((150, "140"), (80, "61"), (20, "18")),
        ),
    ),
    etats=((140, Etat.EN_COURS, ""), (15, Etat.REALISEE, "La cible est tenue depuis deux mois.")),
)
BROUILLON = UneAction(
    "Former les parents délégués à l'espace numérique de travail",
    Levier.FORMATION,
    20,
    (0, 3, 0, 3),
    groupes=("familles",),
    publiee=False,
)
AXES = (
    UnAxe(
        "Un réseau et un matériel sur lesquels on peut compter",
        Theme.ACCES,
        (
            UnBesoin("Un réseau qui tient quand deux classes travaillent ensemble", RESEAU),
            UnBesoin("Un seul endroit où signaler une panne, et un délai connu", PANNES),
        ),
        (),
        (BORNES, PANNES_SUIVIES),
    ),
    UnAxe(
        "Se former ensemble, ici, à partir de nos cours",
        Theme.ENSEIGNER,
        (),
        ("indicateur", "formation", "question"),
        (ATELIERS, RECHERCHE),
    ),
    UnAxe(
        "Un cadre de communication avec les familles",
        Theme.TRAVAILLER,
        (UnBesoin("Une seule façon d'écrire aux familles", OUTILS),),
        ("ecart",),
        (UN_SEUL_OUTIL, CHARTE, BROUILLON),
    ),
)
EXPERIENCE = (
    "Prêter une tablette à chaque élève d'une classe change-t-il la façon de chercher une information\u00a0?",
    "Une classe de cinquième, quatre disciplines",
)


def ecrire_le_plan(
    etablissements: Mapping[str, Etablissement], personnes: Personnes, maintenant: datetime.datetime
) -> None:
    """`personnes`: the demo accounts by first name. The needs kept from the survey and the diagnostic are there."""
    premier = etablissements[PREMIER]
    annee = annee_scolaire(maintenant.astimezone(premier.academie.zone).date())
    _dire_pourquoi(premier, personnes["Claire"], annee, maintenant)
    constats = {
        un.texte: _noter(premier, un, personnes["Rémi"], maintenant - _jours(80 - rang))
        for rang, un in enumerate(CONSTATS)
    }
    axes = [_ouvrir(premier, un, constats, personnes, annee, maintenant) for un in AXES]
    ajouter_besoin(
        etablissement=premier,
        annee=annee,
        saisie=BesoinEcrit("Un temps banalisé pour préparer ensemble", Theme.TRAVAILLER),
        auteur=personnes["Claire"],
        maintenant=maintenant - _jours(30),
    )
    _essayer(premier, personnes["Line"], maintenant)
    _partager(etablissements, personnes, maintenant)
    _servir_le_district(premier, axes, personnes, annee, maintenant)


def _dire_pourquoi(etablissement: Etablissement, chef: Utilisateur, annee: str, maintenant: datetime.datetime) -> None:
    ecrire_vision(
        etablissement=etablissement, base=VIDE, saisie=VISION, auteur=chef, maintenant=maintenant - _jours(90)
    )
    for champ, palier, plus_tard, raison in OBJECTIFS:
        fixer_objectif(
            etablissement=etablissement,
            champ=champ,
            annee=annee_suivante(annee) if plus_tard else annee,
            palier=palier,
            raison=raison,
            auteur=chef,
            maintenant=maintenant,
        )


def _noter(etablissement: Etablissement, un: UnConstat, auteur: Utilisateur, quand: datetime.datetime) -> Constat:
    return noter_constat(
        etablissement=etablissement,
        saisie=SaisieConstat(un.sens, un.theme, un.source, un.texte, un.lien, un.partage),
        cle=uuid5(NAMESPACE_URL, f"{etablissement.uai} {un.texte}"),
        auteur=auteur,
        maintenant=quand,
    )


def _ouvrir(
    etablissement: Etablissement,
    un: UnAxe,
    constats: Mapping[str, Constat],
    personnes: Personnes,
    annee: str,
    maintenant: datetime.datetime,
) -> Axe:
    chef = personnes["Claire"]
    besoins = {
        ajouter_besoin(
            etablissement=etablissement,
            annee=annee,
            saisie=BesoinEcrit(
                besoin.intitule, besoin.irritant.theme, constats=frozenset({constats[besoin.irritant.texte].pk})
            ),
            auteur=chef,
            maintenant=maintenant - _jours(79),
        )[0].pk
        for besoin in un.besoins
    }
    deja = Besoin.objects.vivants().filter(etablissement=etablissement, origine__in=un.origines)
    saisie = SaisieAxe(un.theme, un.intitule, besoins=frozenset(besoins | set(deja.values_list("pk", flat=True))))
    axe, _ = ouvrir_axe(
        etablissement=etablissement, annee=annee, saisie=saisie, auteur=chef, maintenant=maintenant - _jours(78)
    )
    for action in un.actions:
        _mener(etablissement, action, axe, personnes, annee, maintenant)
    return axe


def _mener(
    etablissement: Etablissement,
    une: UneAction,
    axe: Axe | None,
    personnes: Personnes,
    annee: str,
    maintenant: datetime.datetime,
    parent: Action | None = None,
) -> None:
    """Written, examined, published, followed, commented."""
    chef, ecrite_le = personnes["Claire"], maintenant - _jours(une.depuis)
    action = creer_action(
        etablissement=etablissement,
        saisie=_saisie(une, axe, personnes, annee),
        auteur=chef,
        maintenant=ecrite_le,
        parent=parent,
    )
    for indicateur in une.indicateurs:
        _suivre(action, indicateur, personnes["Rémi"], maintenant, ecrite_le)
    for facteur in une.facteurs:
        ajouter_facteur(action=action, saisie=facteur, auteur=chef, maintenant=ecrite_le)
    if une.publiee:
        if parent is None:
            avis = {question: Avis(True, reponse) for question, reponse in REPONSES.items()}
            base = dict.fromkeys(avis, PAS_DIT)
            repondre_aux_questions(action=action, base=base, avis=avis, auteur=chef, maintenant=ecrite_le)
        publier_action(action=action, auteur=chef, maintenant=ecrite_le)
    for sous_action in une.sous_actions:
        _mener(etablissement, sous_action, None, personnes, annee, maintenant, parent=action)
    for jours, etat, raison in une.etats:
        changer_etat(action=action, etat=etat, raison=raison, auteur=chef, maintenant=maintenant - _jours(jours))
    for jours, prenom, texte in une.commentaires:
        commenter_action(
            action=action,
            texte=texte,
            cle=uuid5(NAMESPACE_URL, f"{etablissement.uai} {texte}"),
            auteur=personnes[prenom],
            maintenant=maintenant - _jours(jours),
        )


def _saisie(une: UneAction, axe: Axe | None, personnes: Personnes, annee: str) -> SaisieAction:
    debut, trimestre, fin, trimestre_fin = une.quand
    return SaisieAction(
        levier=une.levier,
        intitule=une.intitule,
        description=une.description,
        axes=frozenset({axe.pk} if axe else ()),
        porteur=personnes[une.porteur].pk if une.porteur else None,
        fonction_porteuse=une.fonction,
        contributeurs=frozenset(personnes[prenom].pk for prenom in une.contributeurs),
        autres_contributeurs=une.autres,
        groupes=une.groupes,
        autres_concernes="",
        annee_scolaire=_annee(annee, debut),
        trimestre=trimestre,
        annee_fin=_annee(annee, fin),
        trimestre_fin=trimestre_fin,
        echeance=None,
    )


def _annee(annee: str, decalage: int) -> str:
    """`decalage`: −1 for the year before, 1 for the next one."""
    if not decalage:
        return annee
    return annee_precedente(annee) if decalage < 0 else annee_suivante(annee)


def _suivre(
    action: Action,
    un: UnIndicateur,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
    ecrite_le: datetime.datetime,
) -> None:
    indicateur = ajouter_indicateur(
        action=action,
        saisie=SaisieIndicateur(
            intitule=un.intitule,
            unite=un.unite,
            depart=Decimal(un.depart),
            depart_le=ecrite_le.date(),
            cible=Decimal(un.cible),
            cible_le=max(action.fin_prevue, ecrite_le.date() + _jours(30)),
            sens=un.sens,
            source=un.source,
            responsable="Référent numérique",
            cadence=un.cadence,
            agregation=un.agregation,
            mesure=un.mesure,
        ),
        auteur=auteur,
        maintenant=ecrite_le,
    )
    for jours, valeur in un.releves:
        quand = maintenant - _jours(jours)
        enregistrer_releve(
            indicateur=indicateur,
            saisie=SaisieReleve(quand.date(), Decimal(valeur)),
            remplace=None,
            auteur=auteur,
            maintenant=quand,
        )


def _essayer(etablissement: Etablissement, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    """An experiment, under way, on the action that it may enlarge."""
    action = Action.objects.get(etablissement=etablissement, intitule=RECHERCHE.intitule)
    jour, (question, perimetre) = maintenant.date(), EXPERIENCE
    ouvrir_experimentation(
        action=action,
        saisie=SaisieExperimentation(question, perimetre, jour - _jours(20), jour + _jours(100), jour + _jours(120)),
        auteur=auteur,
        maintenant=maintenant - _jours(22),
    )


def _partager(etablissements: Mapping[str, Etablissement], personnes: Personnes, maintenant: datetime.datetime) -> None:
    """What two other schools have lived, and what the first one finds useful."""
    auteurs: Sequence[tuple[str, Utilisateur]] = ((DEUXIEME, personnes["Paul"]), (TROISIEME, personnes["Nadia"]))
    for chiffres, auteur in auteurs:
        constat = _noter(etablissements[chiffres], AILLEURS[chiffres], auteur, maintenant - _jours(40))
        dire_utile(
            constat=constat,
            etablissement=etablissements[PREMIER],
            utile=chiffres == DEUXIEME,
            auteur=personnes["Rémi"],
            maintenant=maintenant - _jours(12),
        )


def _servir_le_district(
    etablissement: Etablissement,
    axes: Sequence[Axe],
    personnes: Personnes,
    annee: str,
    maintenant: datetime.datetime,
) -> None:
    """A priority of the académie, two axes of the district, what the school says of them."""
    district = etablissement.district
    assert district is not None  # noqa: S101 - every demo school has one
    priorite = fixer_priorite(
        academie=etablissement.academie,
        saisie=SaisiePriorite(annee, "Former au plus près des établissements"),
        auteur=personnes["Rose"],
        maintenant=maintenant - _jours(85),
    )
    formation, achats = (
        fixer_axe_district(
            district=district,
            saisie=SaisieAxeDistrict(annee, servie, theme, intitule),
            auteur=personnes["Anne"],
            maintenant=maintenant - _jours(82),
        )
        for servie, theme, intitule in (
            (priorite.pk, Theme.ENSEIGNER, "Un atelier entre pairs dans chaque établissement du district"),
            (None, Theme.RESPONSABLE, "Acheter moins, réparer plus longtemps"),
        )
    )
    reponses = (
        (formation, SaisieRattachement("servi", axe=axes[1].pk)),
        (achats, SaisieRattachement("hors_competence", motif="Les achats et la maintenance sont au département.")),
    )
    for axe_district, saisie in reponses:
        dire_rattachement(
            etablissement=etablissement,
            axe_district=axe_district,
            base=SaisieRattachement(),
            saisie=saisie,
            auteur=personnes["Claire"],
            maintenant=maintenant - _jours(60),
        )


def _jours(nombre: int) -> datetime.timedelta:
    return datetime.timedelta(days=nombre)
