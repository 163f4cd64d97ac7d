"""The files of inventory that are known by their headings, and the words that they use.

Headings are compared by `clef`: case, accents and punctuation apart. Those of Snipe-IT are the ones of its custom asset
report, of its list's export and of the file that it imports; those of GLPI are the ones of its lists' CSV export, in
French and in English, where financial fields bear the name of their tab first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from budget.interfaces.colonnes import COLONNES
from budget.models import Categorie, Equipement, Partie
from strategie.socle.interfaces.imports import clef

# What a column may say, in the order of the page that asks. `garantie_mois`, `pret_type` and `pret_salle` are read, not
# kept: they give the end of the warranty, a loan, a room.
CIBLES: dict[str, str] = {
    "": "Ne pas reprendre",
    **{colonne.code: colonne.entete for colonne in COLONNES if colonne.importable},
    "garantie_mois": "Durée de la garantie, en mois",
    "pret_type": "Remis à (une personne, un lieu)",
    "prete_le": "Remis le",
    "pret_salle": "Lieu où c'est remis",
}
CHAMPS_DE_DATES = (
    "achete_le", "garanti_jusqu_au", "suivi_jusqu_au", "prevu_jusqu_au", "sorti_le", "prete_le",
)  # fmt: skip


@dataclass(frozen=True)
class Modele:
    """A kind of file: `cibles` are its headings, `marques` those that no other has, `mois_d_abord` how its dates are
    written when nothing proves it.
    """

    nom: str
    source: str
    cibles: Mapping[str, str]
    marques: frozenset[str]
    combien: int = 3
    exige: frozenset[str] = frozenset()
    mois_d_abord: bool = False

    def reconnait(self, cles: list[str]) -> bool:
        return self.exige <= set(cles) and len(self.marques & set(cles)) >= self.combien


def cibles_par_titre(**intitules: str) -> dict[str, str]:
    """By heading: each target with the headings that it goes by, a line each."""
    return {
        clef(intitule): cible for cible, dits in intitules.items() for intitule in dits.split("|") if intitule.strip()
    }


def _cles(intitules: str) -> frozenset[str]:
    return frozenset(clef(intitule) for intitule in intitules.split("|"))


PALIERS = Modele(
    "Inventaire de Paliers",
    Equipement.Source.TABLEUR,
    {clef(colonne.entete): colonne.code for colonne in COLONNES if colonne.importable},
    frozenset(clef(colonne.entete) for colonne in COLONNES),
    exige=frozenset({"designation"}),
)
SNIPE_IT = Modele(
    "Snipe-IT",
    Equipement.Source.SNIPE_IT,
    cibles_par_titre(
        designation="Name|Asset Name|Item Name|Nom|Nom de l'actif",
        etiquette="Asset Tag|Tag|Étiquette de l'actif|Numéro d'inventaire",
        numero_serie="Serial|Serial Number|Asset Serial|Série|Numéro de série",
        categorie="Category|Asset Category|Catégorie",
        marque="Manufacturer|Fabricant",
        modele="Model|Model Name|Asset Model|Modèle",
        salle="Location|Default Location|Lieu|Emplacement",
        pret_type="Checkout Type|Checked Out To Type",
        pret_salle="Checked Out To: Location|Checkout Location",
        prete_le="Checkout Date|Last Checkout|Date d'attribution",
        achete_le="Purchase Date|Purchased|Date d'achat",
        prix="Purchase Cost|Cost|Coût d'achat|Prix d'achat",
        garantie_mois="Warranty|Warranty Months|Garantie",
        garanti_jusqu_au="Warranty Expires|Warranty Expiration|Fin de garantie",
        prevu_jusqu_au="Asset EOL Date|EOL Date|EOL|Date de fin de vie",
        etat="Status|Status Label|Statut",
        note="Asset Notes|Item Notes|Notes",
    ),
    _cles(
        "Asset Tag|Item Name|Checkout Type|Purchase Cost|Asset EOL Date|Model Number|Status Label|"
        "Asset Notes|Warranty Expires|Étiquette de l'actif|Checked Out To: Username"
    ),
    combien=2,
    mois_d_abord=True,
)
_TEL = "Informations financières et administratives - "
_TEL_EN = "Financial and administrative information - "
GLPI = Modele(
    "GLPI",
    Equipement.Source.GLPI,
    cibles_par_titre(
        designation="Nom|Name",
        numero_serie="Numéro de série|Serial number|Serial Number",
        etiquette="Numéro d'inventaire|Inventory number|Inventory/Asset number|Asset number",
        categorie="Type|Type d'ordinateur|Computer type|Type d'élément|Item type",
        marque="Fabricant|Manufacturer",
        modele="Modèle|Model",
        salle="Lieu|Location|Lieux",
        etat="Statut|Status|État",
        note="Commentaires|Comments|Commentaire",
        achete_le=f"Date d'achat|{_TEL}Date d'achat|Date of purchase|{_TEL_EN}Date of purchase",
        prix=f"Valeur|{_TEL}Valeur|Value|{_TEL_EN}Value",
        garantie_mois=f"Durée de garantie|{_TEL}Durée de garantie|Warranty duration|{_TEL_EN}Warranty duration",
        garanti_jusqu_au=(
            f"Date d'expiration de la garantie|{_TEL}Date d'expiration de la garantie|{_TEL}Expiration de la garantie"
            f"|Warranty expiration date|{_TEL_EN}Warranty expiration date"
        ),
    ),
    _cles(
        "Entité|Entity|Statut|Status|Lieu|Fabricant|Manufacturer|Dernière modification|Last update|"
        "Système d'exploitation - Nom|Operating System - Name|Usager|Technicien|Alternate username|"
        "Composants - Processeur|Components - Processor|Numéro d'inventaire|Inventory number|"
        "Date du dernier inventaire|Last inventory date"
    ),
)
# The most telling first: a file of Paliers has columns that GLPI's may have too.
MODELES = (PALIERS, SNIPE_IT, GLPI)
# What other people's tables call things, when they are of no kind.
AILLEURS = {
    **cibles_par_titre(
        designation="Désignation|Nom|Libellé|Matériel|Équipement|Article|Name|Item|Description|Intitulé|Objet",
        numero_serie="N° de série|No de série|Num série|Série|S/N|SN|Serial no|N série|Numéro série",
        etiquette="Étiquette|Code-barres|Code barre|N° inventaire|N° d'inventaire|Numéro inventaire|Barcode",
        categorie="Catégorie|Type|Type de matériel|Famille|Nature|Category|Kind",
        nombre="Nombre|Quantité|Qté|Nb|Quantity|Qty",
        salle="Salle|Lieu|Emplacement|Localisation|Local|Room|Location",
        lot="Lot|Marché|Dotation",
        etat="État|Etat du matériel|Statut|Status|Condition",
        achete_le="Date d'achat|Achat|Acquis le|Date d'acquisition|Date de livraison|Mise en service|Purchase date",
        prix="Prix|Prix unitaire|Montant|Coût|Valeur|Prix TTC|Prix unitaire TTC|Price|Cost",
        garanti_jusqu_au="Fin de garantie|Garantie|Garantie jusqu'au|Warranty end",
        note="Note|Notes|Remarque|Remarques|Observation|Observations|Commentaire|Commentaires|Comments",
        proprietaire="Propriétaire|Origine|Financement|Owner",
        marque="Marque|Fabricant|Constructeur|Brand|Manufacturer",
        modele="Modèle|Référence|Model",
    ),
    **PALIERS.cibles,
}  # fmt: skip
# Columns that name people: never read, never shown, never offered.
PERSONNES = re.compile(
    r"(?:^|_)(?:user|username|users|utilisateurs?|usagers?|eleves?|pupil|student|enseignants?|professeurs?|prof"
    r"|first_name|last_name|prenoms?|nom_de_famille|e?mail|courriel|email|login|identifiant|employee|manager"
    r"|responsable|techniciens?|technician|contact|emprunteur|beneficiaire|attribue_a|affecte_a|assigned_to|detenteur"
    r"|checked_out_to|checked_out|telephone_portable|phone)(?:_|$)"
)


def nomment_des_gens(entetes: list[str]) -> list[bool]:
    """For each heading; beside a first name, « Nom » is one's."""
    cles = [clef(entete) for entete in entetes]
    nom = {"nom"} if {"prenom", "prenoms"} & set(cles) else set()
    return [cle in nom or (cle not in LIEUX_DE_REMISE and bool(PERSONNES.search(cle))) for cle in cles]


LIEUX_DE_REMISE = {clef("Checked Out To: Location"), clef("Checked Out To Type")}


def modele_de(entetes: list[str]) -> Modele | None:
    cles = [clef(entete) for entete in entetes]
    return next((modele for modele in MODELES if modele.reconnait(cles)), None)


def connus(entetes: list[str]) -> int:
    """How many of these headings say something to us."""
    return sum(
        any(clef(entete) in dits for dits in (*(modele.cibles for modele in MODELES), AILLEURS)) for entete in entetes
    )


# --- Words --------------------------------------------------------------------------------------------
# Read in this order, in the category first, then in the model, then in the name.
MOTS_DES_CATEGORIES: tuple[tuple[Categorie, str], ...] = (
    (Categorie.AUTRE, "telephone|smartphone|phone|iphone|mobile phone|cell phone"),
    (Categorie.ACCESSIBILITE, "braille|handicap|malvoyant|compensation|ulis|telethese|loupe electronique"),
    (Categorie.FABRICATION, "imprimante 3d|3d printer|robot|thymio|drone|microbit|micro bit|arduino|raspberry|lego"
                            "|decoupe laser|laser cutter|programmable"),
    (Categorie.MOBILE, "chariot|valise|classe mobile|mobile cart|charging cart|armoire de charge"),
    (Categorie.VISUALISEUR, "visualiseur|document camera|visualizer|visualiser|flexcam"),
    (Categorie.TABLEAU, "tni|tbi|vpi|eni|tableau|ecran interactif|ecran tactile interactif|interactive|whiteboard"
                        "|smartboard|smart board"),
    (Categorie.VIDEOPROJECTEUR, "videoprojecteur|video projecteur|videoprojector|projector|projecteur|beamer"),
    (Categorie.IMPRIMANTE, "imprimante|printer|copieur|copier|photocopieur|multifonction|scanner|mfp|laserjet|officejet"
                           "|deskjet|ecotank"),
    (Categorie.SERVEUR, "serveur|server|nas|synology|qnap|proliant|poweredge|storage|stockage"),
    (Categorie.BORNE, "borne|access point|point d acces|ap wifi|wifi|wi fi|wireless|hotspot"),
    (Categorie.RESEAU, "switch|commutateur|routeur|router|pare feu|firewall|network|reseau|networkequipment"),
    (Categorie.CLIENT_LEGER, "client leger|thin client|thinclient|terminal leger|chromebox"),
    (Categorie.HYBRIDE, "hybride|convertible|detachable|2 in 1|2 en 1|tablette a clavier|surface pro|surface go"),
    (Categorie.TABLETTE, "tablette|tablet|ipad|galaxy tab|lenovo tab|mediapad"),
    (Categorie.PORTABLE, "portable|laptop|notebook|sub notebook|chromebook|macbook|ultrabook|netbook|thinkpad|ideapad"
                         "|latitude|elitebook|probook|zbook|travelmate|xps"),
    (Categorie.FIXE, "ordinateur|computer|desktop|pc|tour|tower|mini tower|unite centrale|imac|mac mini|optiplex"
                     "|prodesk|elitedesk|thinkcentre|workstation|station de travail|poste|all in one|tout en un|fixe"),
    (Categorie.ECRAN, "ecran|monitor|moniteur|display|television|televiseur|tv"),
    (Categorie.SON_IMAGE, "casque|enceinte|micro|microphone|camera|webcam|visio|visioconference|audio|speaker|headset"
                          "|appareil photo|camescope|amplificateur|sonorisation"),
)  # fmt: skip
_MOTIFS = [(categorie, re.compile(rf"\b(?:{mots.replace('|', 's?|')}s?)\b")) for categorie, mots in MOTS_DES_CATEGORIES]
CATEGORIES = {clef(mot): code for code, mot in Categorie.choices} | {code: code for code in Categorie.values}
PARTIES = {
    **{clef(mot): code for code, mot in Partie.choices},
    **{code: code for code in Partie.values},
    **dict.fromkeys(["education_nationale", "rectorat", "ministere", "academie"], Partie.ETAT),
    **dict.fromkeys(["mairie", "ville", "intercommunalite", "communaute_de_communes"], Partie.COMMUNE),
    **dict.fromkeys(["conseil_departemental", "conseil_general", "cd"], Partie.DEPARTEMENT),
    **dict.fromkeys(["conseil_regional"], Partie.REGION),
    **dict.fromkeys(["college", "lycee", "ecole", "etablissement"], Partie.EPLE),
    **dict.fromkeys(["cooperative", "association", "occe", "fse", "mdl"], Partie.COOPERATIVE),
}
DOMAINES = {
    **{clef(mot): code for code, mot in Equipement.Domaine.choices},
    **{code: code for code in Equipement.Domaine.values},
    **dict.fromkeys(["peda", "enseignement"], Equipement.Domaine.PEDAGOGIQUE),
    **dict.fromkeys(["admin", "administration", "vie_scolaire"], Equipement.Domaine.ADMINISTRATIF),
}
DESTINATIONS = {
    **{clef(mot): code for code, mot in Equipement.Destination.choices},
    **{code: code for code in Equipement.Destination.values},
    **dict.fromkeys(["reemploi"], Equipement.Destination.DON),
    **dict.fromkeys(["dechet", "recyclage", "filiere_des_dechets_electriques"], Equipement.Destination.DEEE),
    **dict.fromkeys(["vole", "perdu_ou_vole"], Equipement.Destination.PERDU),
}
ETATS = {
    **{clef(mot): code for code, mot in Equipement.Etat.choices},
    **{code: code for code in Equipement.Etat.values},
    **dict.fromkeys(["bon", "bon_etat", "en_service", "ok", "neuf", "fonctionnel"], Equipement.Etat.REUTILISABLE),
    **dict.fromkeys(["en_panne", "panne", "casse", "hs"], Equipement.Etat.A_REPARER),
    **dict.fromkeys(["a_reformer", "reforme", "obsolete", "rebut"], Equipement.Etat.REFORMABLE),
}
# What a fleet manager says of a thing, when it says something of its state; « in use » says nothing of it.
STATUTS_DE_PARC: tuple[tuple[str, str], ...] = (
    (r"\b(?:lost|stolen|perdu|vole|disparu)", "perdu"),
    (r"\b(?:repair|broken|defecti|panne|repar|maintenance|sav|hors service|hs)", "a_reparer"),
    (
        r"\b(?:archived|undeployable|retired|rebut|reform|obsol|decommission|end of life|fin de vie|dispos)",
        "reformable",
    ),
)
# What machines answer when nobody has given them a number.
SANS_NUMERO = {
    "none", "null", "n_a", "na", "unknown", "inconnu", "0", "00000000", "000000000",
    "to_be_filled_by_o_e_m", "default_string", "system_serial_number", "not_specified", "not_available",
    "no_asset_tag", "asset_tag", "no_asset_information", "chassis_serial_number", "chassis_asset_tag", "invalid",
    "release_keys", "test_keys", "dev_keys", "oem", "xxxxxxxx", "empty", "aucun", "neant", "sans", "sans_numero",
}  # fmt: skip


@lru_cache(maxsize=4096)
def deviner_la_categorie(categorie: str, modele: str, designation: str) -> str:
    """From its own word, else from the model, else from the name; empty when none says it."""
    for texte in (categorie, modele, designation):
        mots = clef(texte).replace("_", " ")
        for code, motif in _MOTIFS:
            if motif.search(mots):
                return code
    return ""


@lru_cache(maxsize=1024)
def etat_du_parc(statut: str) -> str:
    mots = clef(statut).replace("_", " ")
    return next((code for motif, code in STATUTS_DE_PARC if re.search(motif, mots)), "")
