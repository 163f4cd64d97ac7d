"""The files of budget that are known by their headings, and the words that they use.

Headings are compared by `clef`: case, accents and punctuation apart. No two schools have Op@le write the same columns:
those here are the ones that its budget tables share, and what other tables call the same things.
"""

from __future__ import annotations

from budget.interfaces.colonnes_du_budget import IMPORTABLES
from budget.interfaces.fichiers_d_inventaire import PARTIES, Modele, cibles_par_titre, deviner_la_categorie
from budget.models import Categorie, LigneBudget
from plans.models import Action
from strategie.socle.interfaces.imports import clef

# What a column may say, in the order of the page that asks. The last three are read, not kept.
CIBLES: dict[str, str] = {
    "": "Ne pas reprendre",
    **{colonne.code: colonne.entete for colonne in IMPORTABLES},
    "domaine": "Domaine, fonction ou autre code",
    "vote": "Date du vote",
    "sens": "Dépense ou recette",
}
PALIERS = Modele(
    "Budget de Paliers",
    LigneBudget.Origine.TABLEUR,
    {clef(colonne.entete): colonne.code for colonne in IMPORTABLES},
    frozenset(clef(colonne.entete) for colonne in IMPORTABLES),
    combien=6,
    exige=frozenset({"reference", "exercice", "intitule", "prevu"}),
)
AILLEURS = {
    **cibles_par_titre(
        reference="Référence|Réf|Référence de la ligne|N° de ligne|Numéro de ligne|Identifiant",
        exercice="Exercice|Exercice budgétaire|Année|Année civile|Exer",
        annee_scolaire="Année scolaire|Année scolaire servie",
        intitule="Intitulé|Libellé|Libellé de la ligne|Libellé activité|Libellé de l'activité|Libellé du compte|LibCpte"
                 "|Désignation|Objet|Dépense|Nature de la dépense|Quoi",
        section="Section|Investissement/Fonctionnement|I/F",
        levier="Moyen|Levier",
        service="Service|Code service|Service général|Serv",
        activite="Activité|Code activité|Code d'activité|Domaine/Activité|Code domaine/activité",
        compte="Compte|N° de compte|Numéro de compte|Compte budgétaire|Code compte|Article|Nature|Imputation",
        payeur="Qui paie|Payeur|Financeur|Financé par",
        prevu="Prévu|Montant prévu|Prévision|Prévisions|Crédits ouverts|Crédit ouvert|Crédits|Ouvert|CredOuv|Budget"
              "|Budget voté|Budget initial|Montant|Coût|Total",
        engage="Engagé|Montant engagé|Engagements|Engagement",
        paye="Payé|Montant payé|Mandaté|Ordonnancé|Liquidé|Réalisé|MtReal|Demandes de paiement|DP",
        note="Note|Notes|Remarque|Remarques|Observation|Observations|Commentaire|Commentaires",
        domaine="Domaine|Code domaine|Fonction|Rubrique fonctionnelle|Opération",
        vote="Date vote|Date du vote|Date de vote|Voté le",
        sens="Sens|Dépense/Recette|Dépense ou recette|D/R|CodRD",
    ),
    **PALIERS.cibles,
}  # fmt: skip
OPALE = Modele(
    "Op@le",
    LigneBudget.Origine.TABLEUR,
    AILLEURS,
    frozenset(clef(un) for un in ("Service", "Domaine", "Activité", "Code activité", "Domaine/Activité", "Compte")),
    combien=3,
)
MODELES = (PALIERS, OPALE)


def modele_de(entetes: list[str]) -> Modele | None:
    cles = [clef(entete) for entete in entetes]
    return next((modele for modele in MODELES if modele.reconnait(cles)), None)


def connus(entetes: list[str]) -> int:
    """How many of these headings say something to us."""
    return sum(clef(entete) in AILLEURS for entete in entetes)


# --- Words --------------------------------------------------------------------------------------------
SECTIONS = {
    **{clef(mot): code for code, mot in LigneBudget.Section.choices},
    **dict.fromkeys(["i", "opc", "operations_en_capital", "section_d_investissement"], "investissement"),
    **dict.fromkeys(["f", "section_de_fonctionnement"], "fonctionnement"),
}
LEVIERS = {
    **{clef(mot): code for code, mot in Action.Levier.choices},
    **{code: code for code in Action.Levier.values},
    **dict.fromkeys(["materiel", "equipements"], "equipement"),
    **dict.fromkeys(["formations", "accompagnement"], "formation"),
    **dict.fromkeys(["reseau"], "infrastructure"),
}
SERVICES = {
    **{clef(code): code for code in LigneBudget.Service.values if code},
    **{clef(mot): code for code, mot in LigneBudget.Service.choices if code},
    **{clef(mot.partition(":")[2]): code for code, mot in LigneBudget.Service.choices if code},
    **dict.fromkeys(["aucun", "sans_service"], ""),
}
PAYEURS = PARTIES
SENS = {
    **dict.fromkeys(["d", "depense", "depenses", "charge", "charges"], "depense"),
    **dict.fromkeys(["r", "recette", "recettes", "produit", "produits"], "recette"),
}
DU_RESEAU = {Categorie.RESEAU, Categorie.BORNE, Categorie.SERVEUR}


def deviner_le_levier(intitule: str) -> str:
    """What the money allows, by the words of its line."""
    mots = clef(intitule)
    if "format" in mots:
        return Action.Levier.FORMATION
    categorie = deviner_la_categorie("", "", intitule)
    if categorie in DU_RESEAU:
        return Action.Levier.INFRASTRUCTURE
    return Action.Levier.EQUIPEMENT if categorie else Action.Levier.BUDGET


def deviner_la_section(service: str, compte: str) -> str:
    """Accounts of class 2 are things that last."""
    dure = service == LigneBudget.Service.OPC or compte.startswith("2")
    return LigneBudget.Section.INVESTISSEMENT if dure else LigneBudget.Section.FONCTIONNEMENT
