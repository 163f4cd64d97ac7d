"""What the first demo school has: rooms, equipment of three ages, what serves and what does not, its network.

Everything goes through the acts of the screens, on the days when it would have.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from budget.domain.durees import fixer_durees, lire_durees
from budget.domain.equipements import (
    SaisieEquipement,
    Tenant,
    ajouter_equipements,
    changer_etat_en_lot,
    constater,
    detacher,
    preter,
)
from budget.domain.incidents import Cloture, SaisieIncident, clore_incident, ouvrir_incident
from budget.domain.lots import SaisieLot, creer_lot
from budget.domain.reseau import (
    SaisieMesure,
    SaisieRaccordement,
    SaisieService,
    ajouter_raccordement,
    constater_wifi,
    dire_service,
    noter_mesure,
)
from budget.domain.salles import ajouter_salles
from budget.domain.usages import SaisieUsage, declarer_usage
from budget.models import Equipement, Lot, Salle
from strategie.socle.domain.calendrier import annee_precedente, annee_scolaire, bornes_du_trimestre
from strategie.socle.models import Etablissement, Utilisateur

Personnes = Mapping[str, Utilisateur]
PREMIER, ECOLE = "0990001", "0990004"
ETAGES = {"A": ("A11", "A12", "A13", "A14"), "B": ("B21", "B22", "B23", "CDI", "Salle des professeurs")}
# What reaches each room; the others were not looked at.
WIFI = {"A11": "bon", "A12": "bon", "A13": "partiel", "A14": "absent", "B21": "bon", "B22": "partiel", "CDI": "bon"}
A_DIX_HEURES = datetime.time(10, 15)


@dataclass(frozen=True)
class UnLot:
    """`age`: years since it was bought; `salle`: None when it has no place of its own."""

    intitule: str
    usage: str
    public: str
    frequence: str
    designation: str
    categorie: str
    nombre: int
    age: int
    prix: str
    salle: str | None
    prefixe: str = ""
    marque: str = ""
    domaine: str = "pedagogique"
    payeur: str = "departement"
    mainteneur: str = "departement"


CLASSE_MOBILE = UnLot(
    "Classe mobile", "Écrire et publier à plusieurs en français et en histoire", "les quatrièmes et les troisièmes",
    "hebdomadaire", "Tablette 10 pouces", "tablette", 30, 2, "312.50", "A11", "TAB", "Exemplaire",
)  # fmt: skip
ANCIENS_PORTABLES = UnLot(
    "Anciens portables", "Recherches au CDI", "les sixièmes", "hebdomadaire", "Ordinateur portable 14 pouces",
    "portable", 16, 8, "489.00", "CDI", "PORT", "Modèle",
)  # fmt: skip
SALLE_INFORMATIQUE = UnLot(
    "Salle informatique", "Technologie, évaluations nationales", "tous les niveaux", "quotidienne",
    "Ordinateur fixe", "fixe", 24, 5, "620.00", "B21", "FIX", "Modèle",
)  # fmt: skip
ADMINISTRATION = UnLot(
    "Postes de l'administration", "", "", "", "Ordinateur fixe", "fixe", 7, 3, "590.00", None, "ADM", "Modèle",
    domaine="administratif",
)  # fmt: skip
PROJECTION = UnLot(
    "Vidéoprojecteurs", "Montrer, corriger ensemble", "tous les niveaux", "quotidienne", "Vidéoprojecteur",
    "videoprojecteur", 9, 6, "445.00", None,
)  # fmt: skip
ROBOTS = UnLot(
    "Robots programmables", "Programmer un parcours", "les cinquièmes", "mensuelle", "Robot programmable",
    "fabrication", 8, 1, "139.90", "A13", payeur="cooperative", mainteneur="eple",
)  # fmt: skip
LOTS = (CLASSE_MOBILE, ANCIENS_PORTABLES, SALLE_INFORMATIQUE, ADMINISTRATION, PROJECTION, ROBOTS)
# By lot, what was declared two terms ago and last term.
USAGES: Mapping[UnLot, Sequence[SaisieUsage]] = {
    CLASSE_MOBILE: (SaisieUsage("mensuelle", frein="formation"), SaisieUsage("hebdomadaire")),
    ANCIENS_PORTABLES: (
        SaisieUsage("rare", frein="pannes", note="Batteries à plat après vingt minutes."),
        SaisieUsage("rare", frein="pannes"),
    ),
    SALLE_INFORMATIQUE: (SaisieUsage("quotidienne"), SaisieUsage("quotidienne")),
    ROBOTS: (SaisieUsage("mensuelle"),),
}
SERVICES = {
    "filtrage": SaisieService("oui", "Filtrage académique", "etat"),
    "pare_feu": SaisieService("oui", "", "departement"),
    "comptes": SaisieService("oui", "Un compte par élève, par l'espace numérique de travail", "departement"),
    "parc": SaisieService("non", "Les tablettes se mettent à jour une par une"),
    "serveur": SaisieService("oui", "", "departement"),
    "sauvegarde": SaisieService("ne_sait_pas"),
    "wifi": SaisieService("non", "Bornes posées une par une, sans gestion commune"),
}


def equiper(etablissements: Mapping[str, Etablissement], personnes: Personnes, maintenant: datetime.datetime) -> None:
    """The first school's equipment and network, some things of an école, the lives that the collectivité wants."""
    premier, referent = etablissements[PREMIER], personnes["Rémi"]
    salles = _salles(premier, referent, maintenant)
    for un in LOTS:
        _recevoir(premier, un, salles, personnes, maintenant)
    _vivre(premier, salles, personnes, maintenant)
    _mettre_en_reseau(premier, referent, maintenant)
    _equiper_l_ecole(etablissements[ECOLE], personnes["Hélène"], maintenant)
    collectivite = premier.collectivite
    if collectivite is not None:
        tenues = lire_durees(collectivite)
        fixer_durees(
            collectivite=collectivite,
            base=tenues,
            saisie=tenues | {"tablette": 4, "portable": 6},
            auteur=personnes["Colas"],
            maintenant=maintenant - _jours(200),
        )


def _salles(etablissement: Etablissement, auteur: Utilisateur, maintenant: datetime.datetime) -> dict[str, Salle]:
    salles = {
        salle.nom: salle
        for batiment, noms in ETAGES.items()
        for salle in ajouter_salles(
            etablissement=etablissement, noms=noms, batiment=f"Bâtiment {batiment}", auteur=auteur
        )
    }
    constater_wifi(
        etablissement=etablissement,
        lus={},
        dits={salles[nom].pk: wifi for nom, wifi in WIFI.items()},
        tour=False,
        auteur=auteur,
        maintenant=maintenant - _jours(42),
    )
    return salles


def _recevoir(
    etablissement: Etablissement,
    un: UnLot,
    salles: Mapping[str, Salle],
    personnes: Personnes,
    maintenant: datetime.datetime,
) -> None:
    arrive = maintenant - _jours(365 * un.age + 20)
    lot = creer_lot(
        etablissement=etablissement,
        saisie=SaisieLot(un.intitule, un.usage, un.public, un.frequence),
        auteur=personnes["Rémi"],
        maintenant=arrive,
    )
    achete_le = arrive.date()
    ajouter_equipements(
        etablissement=etablissement,
        saisie=SaisieEquipement(
            un.designation,
            un.categorie,
            marque=un.marque,
            salle=salles[un.salle].pk if un.salle else None,
            lot=lot.pk,
            domaine=un.domaine,
            proprietaire=un.payeur,
            payeur=un.payeur,
            mainteneur=un.mainteneur,
            achete_le=achete_le,
            garanti_jusqu_au=_dans(achete_le, 3),
            prix=Decimal(un.prix),
        ),
        nombre=un.nombre,
        series=[f"{un.prefixe}{5100 + rang}" for rang in range(un.nombre)] if un.prefixe else [],
        etiquettes=[f"{un.prefixe}-{rang:02}" for rang in range(1, un.nombre + 1)] if un.prefixe else [],
        cle=uuid5(NAMESPACE_URL, f"demonstration/{un.intitule}"),
        tenant=Tenant(personnes["Gaëlle"]),
        maintenant=arrive,
    )


def _vivre(
    etablissement: Etablissement, salles: Mapping[str, Salle], personnes: Personnes, maintenant: datetime.datetime
) -> None:
    """Seen since the start of the school year but for a few; lent, broken, repaired, gone; used or not."""
    tenant = Tenant(personnes["Rémi"])
    lignes = list(Equipement.objects.filter(etablissement=etablissement).select_related("lot").order_by("pk"))
    par_lot: dict[str, list[Equipement]] = {}
    for ligne in lignes:
        par_lot.setdefault(ligne.lot.intitule if ligne.lot else "", []).append(ligne)
    tablettes, portables = par_lot[CLASSE_MOBILE.intitule], par_lot[ANCIENS_PORTABLES.intitule]
    vues = [ligne.pk for ligne in lignes if ligne not in (*tablettes[26:], *portables)]
    constater(etablissement=etablissement, cles=vues, tenant=tenant, maintenant=maintenant - _jours(9))
    changer_etat_en_lot(
        etablissement=etablissement,
        cles=[ligne.pk for ligne in portables[:3]],
        etat="sorti",
        destination="deee",
        sorti_le=(maintenant - _jours(120)).date(),
        tenant=tenant,
        maintenant=maintenant - _jours(120),
    )
    changer_etat_en_lot(
        etablissement=etablissement,
        cles=[ligne.pk for ligne in portables[3:9]],
        etat="reformable",
        tenant=tenant,
        maintenant=maintenant - _jours(60),
    )
    preter(
        etablissement=etablissement,
        cles=[tablettes[0].pk, tablettes[1].pk],
        a="eleve",
        jusqu_au=(maintenant + _jours(25)).date(),
        tenant=tenant,
        maintenant=maintenant - _jours(33),
    )
    preter(
        etablissement=etablissement,
        cles=[tablettes[2].pk],
        a="personnel",
        jusqu_au=(maintenant - _jours(6)).date(),
        tenant=tenant,
        maintenant=maintenant - _jours(40),
    )
    _tomber_en_panne(etablissement, tablettes[10], par_lot[PROJECTION.intitule][0], tenant, maintenant)
    for un, usages in USAGES.items():
        lot = Lot.objects.select_related("etablissement__academie").get(
            etablissement=etablissement, intitule=un.intitule
        )
        for quand, usage in zip(_deux_trimestres_passes(etablissement, maintenant), usages, strict=False):
            declarer_usage(lot=lot, saisie=usage, version=0, auteur=personnes["Rémi"], maintenant=quand)


def _tomber_en_panne(
    etablissement: Etablissement,
    tablette: Equipement,
    projecteurs: Equipement,
    tenant: Tenant,
    maintenant: datetime.datetime,
) -> None:
    """One thing waits for its repair; another came back."""
    ouverts = (
        (tablette, SaisieIncident("Écran fendu", 1, _le(maintenant, 21), "departement", _le(maintenant, 19)), 19),
        (
            projecteurs,
            SaisieIncident("Lampe grillée en A13", 1, _le(maintenant, 70), "departement", _le(maintenant, 69)),
            69,
        ),
    )
    incidents = [
        ouvrir_incident(
            etablissement=etablissement,
            saisie=saisie,
            cle=uuid5(NAMESPACE_URL, f"demonstration/{saisie.constat}"),
            tenant=tenant,
            equipement=chose,
            maintenant=maintenant - _jours(depuis),
        )
        for chose, saisie, depuis in ouverts
    ]
    clore_incident(
        incident=incidents[1],
        version=incidents[1].version,
        cloture=Cloture("repare", _le(maintenant, 51), "Lampe remplacée par le service du département."),
        tenant=tenant,
        maintenant=maintenant - _jours(51),
    )


def _mettre_en_reseau(etablissement: Etablissement, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    raccordement = ajouter_raccordement(
        etablissement=etablissement,
        saisie=SaisieRaccordement(
            "Fibre du bâtiment A",
            "fibre",
            descendant=Decimal(300),
            montant=Decimal(100),
            payeur="departement",
            exploitant="departement",
            contrat_jusqu_au=_dans(maintenant.date(), 2),
        ),
        auteur=auteur,
        maintenant=maintenant - _jours(50),
    )
    for jours, descendant, montant, lieu in (
        (46, "212.40", "88.10", "Salle des professeurs"),
        (45, "41.70", "19.30", "A13, pendant un cours"),
        (42, "38.20", "17.00", "A14, pendant un cours"),
        (10, "187.90", "81.50", "CDI"),
    ):
        jour = (maintenant - _jours(jours)).date()
        pendant_les_cours = datetime.datetime.combine(jour, A_DIX_HEURES, etablissement.academie.zone)
        noter_mesure(
            raccordement=raccordement,
            saisie=SaisieMesure(pendant_les_cours, Decimal(descendant), Decimal(montant), lieu),
            auteur=auteur,
            maintenant=maintenant,
        )
    for sorte, saisie in SERVICES.items():
        dire_service(
            etablissement=etablissement,
            sorte=sorte,
            base=SaisieService(),
            saisie=saisie,
            auteur=auteur,
            maintenant=maintenant - _jours(38),
        )


def _equiper_l_ecole(ecole: Etablissement, directrice: Utilisateur, maintenant: datetime.datetime) -> None:
    """What an école has is lines that count several, in two rooms."""
    [cm2, _] = ajouter_salles(etablissement=ecole, noms=["CM2", "Salle des maîtres"], batiment="", auteur=directrice)
    for designation, categorie, nombre, age in (
        ("Ordinateur portable", "portable", 8, 7),
        ("Vidéoprojecteur", "videoprojecteur", 4, 4),
    ):
        achete = maintenant - _jours(365 * age)
        lignes = ajouter_equipements(
            etablissement=ecole,
            saisie=SaisieEquipement(
                designation,
                categorie,
                salle=cm2.pk,
                proprietaire="commune",
                payeur="commune",
                mainteneur="commune",
                achete_le=achete.date(),
            ),
            nombre=nombre,
            cle=uuid5(NAMESPACE_URL, f"demonstration/ecole/{designation}"),
            tenant=Tenant(directrice),
            maintenant=achete,
        )
        if categorie == "portable":
            uses = detacher(equipement=lignes[0], nombre=3, tenant=Tenant(directrice))
            changer_etat_en_lot(
                etablissement=ecole, cles=[uses.pk], etat="reformable", tenant=Tenant(directrice), maintenant=maintenant
            )


def _deux_trimestres_passes(etablissement: Etablissement, maintenant: datetime.datetime) -> Sequence[datetime.datetime]:
    """A day of each of the last two terms of the former school year."""
    avant = annee_precedente(annee_scolaire(maintenant.astimezone(etablissement.academie.zone).date()))
    return [
        datetime.datetime.combine(
            bornes_du_trimestre(avant, trimestre)[0] + _jours(40), datetime.time(10), tzinfo=datetime.UTC
        )
        for trimestre in (2, 3)
    ]


def _jours(nombre: int) -> datetime.timedelta:
    return datetime.timedelta(days=nombre)


def _le(maintenant: datetime.datetime, jours: int) -> datetime.date:
    return (maintenant - _jours(jours)).date()


def _dans(jour: datetime.date, annees: int) -> datetime.date:
    return datetime.date(jour.year + annees, jour.month, min(jour.day, 28))
