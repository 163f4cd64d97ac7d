"""The first demo school's training and money: what was learnt, what is asked, what it costs, and what comes back.

Everything goes through the acts of the screens, on the days when it would have.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import NAMESPACE_URL, UUID, uuid5

from budget.domain.achats import SaisieAchat, SaisiePoste, approuver_achat, creer_achat, fixer_postes, prevoir_lignes
from budget.domain.dbm import SaisieDBM, adopter_dbm, creer_dbm
from budget.domain.effectifs import fixer_effectifs
from budget.domain.exercices import clore_exercice
from budget.domain.financements import SaisieFinancement, creer_financement
from budget.domain.formateurs import fixer_capacite
from budget.domain.formations import SaisieFormation, accorder, creer_formation, demander, evaluer, realiser
from budget.domain.lignes import SaisieLigne, creer_ligne
from budget.domain.seances import SaisieSeance, ajouter_seance, tenir_seance
from budget.models import BesoinFormation, LigneBudget
from plans.models import Action
from strategie.socle.domain.calendrier import annee_precedente, annee_scolaire, bornes
from strategie.socle.models import Etablissement, Utilisateur

D = Decimal
Personnes = Mapping[str, Utilisateur]
PREMIER = "0990001"
EFFECTIFS = {"enseignants": 34, "vie_scolaire": 6, "aesh": 5, "administration": 4, "agents": 9, "direction": 3}


@dataclass(frozen=True)
class UneLigne:
    """`decalage`: exercices from this one; `action`: the action of the plan that it pays for, as it is worded."""

    intitule: str
    section: str
    levier: str
    service: str
    prevu: str
    engage: str = "0"
    paye: str = "0"
    decalage: int = 0
    action: str = ""


ABONNEMENTS = UneLigne(
    "Abonnements aux ressources numériques", "fonctionnement", "equipement", "AP", "1850", "1620.40", "1620.40"
)
ROBOTS = UneLigne("Robots programmables", "investissement", "equipement", "OPC", "1119.20", "1119.20", "1119.20")
LIGNES = (
    ABONNEMENTS,
    UneLigne("Maintenance et pièces", "fonctionnement", "equipement", "ALO", "1200", "640", "512.50"),
    UneLigne("Batteries, câbles, consommables", "fonctionnement", "equipement", "ALO", "480", "213.30", "213.30"),
    UneLigne(
        "Déplacements des formateurs",
        "fonctionnement",
        "formation",
        "AP",
        "900",
        "450",
        "450",
        action="Tenir un atelier du midi entre collègues, deux fois par mois",
    ),
    UneLigne(
        "Prises et câblage de quatre salles",
        "fonctionnement",
        "infrastructure",
        "ALO",
        "640",
        action="Couvrir les quatre salles du premier étage en Wi-Fi",
    ),
    ROBOTS,
    UneLigne("Abonnements aux ressources numériques", "fonctionnement", "equipement", "AP", "1700", "1700", "1700", -1),
    UneLigne("Vidéoprojecteur de remplacement", "investissement", "equipement", "OPC", "445", "445", "445", -1),
)
# Source, name, asked, granted, received.
AIDES = (
    ("dotation_collectivite", "Dotation du département", "3000", "3000", "2250"),
    ("etat_pedagogique", "Crédits pédagogiques", "900", "900", "900"),
    ("cooperative", "Foyer socio-éducatif, pour les robots", "1119.20", "1119.20", "1119.20"),
    ("fip", "Notre école, faisons-la ensemble\u00a0: podcast et oral", "2500", "0", "0"),
)
TABLETTES = (
    SaisiePoste("achat", D("9375.00"), 1, 1, investissement=True, intitule="Trente tablettes"),
    SaisiePoste("accessoires", D("735.00"), 1, 1, intitule="Coques"),
    SaisiePoste("licences", D("370.50"), 1, 5, intitule="Gestion de la flotte"),
    SaisiePoste("assurance", D("210.00"), 1, 4),
    SaisiePoste("maintenance", D("899.99"), 3, 3, intitule="Batteries, à mi-vie"),
    SaisiePoste("fin_de_vie", D("120.00"), 5, 5),
)
ECRANS = (
    SaisiePoste("achat", D("5980.00"), 1, 1, investissement=True, intitule="Deux écrans interactifs"),
    SaisiePoste("installation", D("640.00"), 1, 1, investissement=True),
    SaisiePoste("maintenance", D("190.00"), 2, 8),
    SaisiePoste("energie", D("85.00"), 1, 8),
)


def former_et_financer(
    etablissements: Mapping[str, Etablissement], personnes: Personnes, maintenant: datetime.datetime
) -> None:
    """`personnes`: the demo accounts by first name."""
    premier = etablissements[PREMIER]
    annee = annee_scolaire(maintenant.astimezone(premier.academie.zone).date())
    for quand in (annee_precedente(annee), annee):
        _compter(premier, quand, personnes, maintenant)
    _avoir_forme(premier, annee_precedente(annee), personnes, maintenant)
    a_venir = _former(premier, annee, personnes, maintenant)
    _tenir_le_budget(premier, personnes["Gaëlle"], maintenant)
    _acheter(premier, a_venir, personnes, maintenant)


# --- Training ---------------------------------------------------------------------------------------------------
def _compter(etablissement: Etablissement, annee: str, personnes: Personnes, maintenant: datetime.datetime) -> None:
    """How many people each team has, and how many hours the district's trainers may give."""
    fixer_effectifs(
        etablissement=etablissement,
        annee=annee,
        base=dict.fromkeys(EFFECTIFS),
        saisie=EFFECTIFS,
        auteur=personnes["Rémi"],
    )
    if etablissement.district is not None:
        fixer_capacite(
            district=etablissement.district,
            annee=annee,
            heures=D(120),
            version=0,
            auteur=personnes["Anne"],
            maintenant=maintenant,
        )


def _avoir_forme(etablissement: Etablissement, annee: str, personnes: Personnes, maintenant: datetime.datetime) -> None:
    """Last school year's training, held twice, and what it changed."""
    septembre, mars = _midi(bornes(annee)[0], 20), _midi(bornes(annee)[0], 205)
    formation = _ecrire(
        etablissement,
        SaisieFormation(
            annee,
            2,
            "Écrire à plusieurs avec la classe mobile",
            frozenset({"enseignants", "aesh"}),
            18,
            "locale",
            D(6),
            D(12),
            constat="La classe mobile ne sortait que deux fois par mois.",
            objectif="Savoir conduire une séance d'écriture à plusieurs.",
            effet_attendu="La classe mobile sert chaque semaine.",
        ),
        personnes["Rémi"],
        septembre,
    )
    demander(formation=formation, version=1, auteur=personnes["Claire"], maintenant=septembre)
    formation.refresh_from_db()
    accorder(formation=formation, version=formation.version, auteur=personnes["Anne"], maintenant=septembre)
    for rang, presents in enumerate(({"enseignants": 15, "aesh": 2}, {"enseignants": 13, "aesh": 2})):
        seance = ajouter_seance(
            formation=formation,
            saisie=SaisieSeance(mars.date() + _jours(21 * rang - 40), D(3), "district"),
            cle=_cle(f"seance/{rang}"),
            auteur=personnes["Rémi"],
        )
        tenir_seance(
            seance=seance, version=seance.version, presents=presents, auteur=personnes["Rémi"], maintenant=mars
        )
    formation.refresh_from_db()
    formation = realiser(formation=formation, version=formation.version, auteur=personnes["Rémi"])
    evaluer(
        formation=formation,
        version=formation.version,
        bilan="La classe mobile est réservée chaque semaine depuis avril. Deux équipes ont bâti des séances communes.",
        auteur=personnes["Claire"],
        maintenant=min(_midi(bornes(annee)[0], 290), maintenant),
    )


def _former(
    etablissement: Etablissement, annee: str, personnes: Personnes, maintenant: datetime.datetime
) -> BesoinFormation:
    """This year's: one granted, with a day for its session; one asked; one between colleagues."""
    referent, chef = personnes["Rémi"], personnes["Claire"]
    avant = maintenant - _jours(45)
    accordee, demandee = (
        _ecrire(etablissement, saisie, referent, avant)
        for saisie in (
            SaisieFormation(
                annee, 2, "Prendre en main les nouvelles tablettes", frozenset({"enseignants"}), 16, "locale", D(3),
                D(6), constat="Trente tablettes arrivent au printemps.",
                objectif="Savoir ouvrir, partager et rendre une classe de tablettes.",
            ),
            SaisieFormation(
                annee, 3, "Enseigner la recherche et la vérification d'information",
                frozenset({"enseignants", "vie_scolaire"}), 22, "locale", D(6), D(24),
                constat="Neuf personnes le souhaitent dans l'enquête des équipes.",
                objectif="Conduire une séance de vérification de l'information dans chaque discipline.",
            ),
        )
    )  # fmt: skip
    for formation in (accordee, demandee):
        demander(formation=formation, version=1, auteur=chef, maintenant=avant)
        formation.refresh_from_db()
    accorder(formation=accordee, version=accordee.version, auteur=personnes["Anne"], maintenant=maintenant - _jours(20))
    ajouter_seance(
        formation=accordee,
        saisie=SaisieSeance(min((maintenant + _jours(60)).date(), bornes(annee)[1] - _jours(1)), D(3), "district"),
        cle=_cle("seance/tablettes"),
        auteur=referent,
    )
    _ecrire(
        etablissement,
        SaisieFormation(
            annee, None, "Ateliers du midi entre collègues", frozenset({"enseignants", "aesh"}), 12, "pairs", D(4), D(0)
        ),
        referent,
        avant,
    )
    return accordee


def _ecrire(
    etablissement: Etablissement, saisie: SaisieFormation, auteur: Utilisateur, maintenant: datetime.datetime
) -> BesoinFormation:
    return creer_formation(
        etablissement=etablissement, saisie=saisie, cle=_cle(saisie.intitule), auteur=auteur, maintenant=maintenant
    )


# --- Money ------------------------------------------------------------------------------------------------------
def _tenir_le_budget(etablissement: Etablissement, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    """This exercice's lines, what pays for them, a correction that was adopted; last exercice's, closed."""
    exercice = _exercice(etablissement, maintenant)
    lignes = {une: _ligne(etablissement, une, exercice, auteur, maintenant) for une in LIGNES}
    for source, intitule, demande, accorde, recu in AIDES:
        creer_financement(
            etablissement=etablissement,
            saisie=SaisieFinancement(
                exercice,
                _annee_servie(exercice),
                source,
                intitule,
                "fonctionnement",
                ligne=lignes[ROBOTS].pk if source == "cooperative" else None,
                demande=D(demande),
                accorde=D(accorde),
                recu=D(recu),
            ),
            cle=_cle(intitule),
            auteur=auteur,
            maintenant=maintenant,
        )
    correction = creer_dbm(
        etablissement=etablissement,
        exercice=exercice,
        saisie=SaisieDBM("information", "Crédits pédagogiques notifiés en cours d'année", "21"),
        cle=_cle("dbm"),
        auteur=auteur,
        maintenant=maintenant,
        mouvements={lignes[ABONNEMENTS].pk: D("150.00")},
    )
    adopter_dbm(
        decision=correction,
        version=correction.version,
        adoptee_le=maintenant.date(),
        auteur=auteur,
        maintenant=maintenant,
    )
    clore_exercice(etablissement=etablissement, annee=exercice - 1, auteur=auteur, maintenant=maintenant)


def _ligne(
    etablissement: Etablissement, une: UneLigne, exercice: int, auteur: Utilisateur, maintenant: datetime.datetime
) -> LigneBudget:
    annee = exercice + une.decalage
    return creer_ligne(
        etablissement=etablissement,
        saisie=SaisieLigne(
            annee,
            _annee_servie(annee),
            une.intitule,
            une.section,
            une.levier,
            "eple",
            prevu=D(une.prevu),
            engage=D(une.engage),
            paye=D(une.paye),
            service=une.service,
            action=Action.objects.get(etablissement=etablissement, intitule=une.action).pk if une.action else None,
        ),
        cle=_cle(f"{une.intitule}/{une.decalage}"),
        auteur=auteur,
        maintenant=maintenant,
    )


def _acheter(
    etablissement: Etablissement, formation: BesoinFormation, personnes: Personnes, maintenant: datetime.datetime
) -> None:
    """Tablets, thought of to their last year and approved; screens that still wait for nearly everything."""
    exercice = _exercice(etablissement, maintenant) + 1
    tablettes, ecrans = (
        SaisieAchat(
            "Renouveler la classe mobile", "tablette", 30, exercice, 5, datetime.date(exercice, 3, 1),
            usage="Écrire et publier à plusieurs, chaque semaine", public="les quatrièmes et les troisièmes",
            formation=formation.pk, accessibilite="convient",
            accessibilite_note="Lecture à voix haute, grands caractères",
        ),
        SaisieAchat("Équiper deux salles d'un écran interactif", "tableau", 2, exercice, 8),
    )  # fmt: skip
    for saisie, postes in ((tablettes, TABLETTES), (ecrans, ECRANS)):
        achat = creer_achat(
            etablissement=etablissement,
            saisie=saisie,
            cle=_cle(saisie.intitule),
            auteur=personnes["Gaëlle"],
            maintenant=maintenant,
        )
        fixer_postes(achat=achat, version=achat.version, postes=postes, auteur=personnes["Gaëlle"])
        achat.refresh_from_db()
        if saisie is tablettes:
            prevoir_lignes(achat=achat, payeur="eple", auteur=personnes["Gaëlle"], maintenant=maintenant)
            achat.refresh_from_db()
            approuver_achat(achat=achat, version=achat.version, auteur=personnes["Claire"], maintenant=maintenant)


def _exercice(etablissement: Etablissement, maintenant: datetime.datetime) -> int:
    return maintenant.astimezone(etablissement.academie.zone).year


def _annee_servie(exercice: int) -> str:
    return f"{exercice}-{exercice + 1}"


def _cle(quoi: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"demonstration/argent/{quoi}")


def _jours(nombre: int) -> datetime.timedelta:
    return datetime.timedelta(days=nombre)


def _midi(jour: datetime.date, apres: int) -> datetime.datetime:
    """Noon, some days after a day."""
    return datetime.datetime.combine(jour + _jours(apres), datetime.time(12), tzinfo=datetime.UTC)
