"""What the pages of an import of inventory take and show: files, what they would do, everything refused at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from django import forms

from budget.domain.argent import euros
from budget.domain.import_equipements import MONTRES, CaseChangee, LigneCreee, Resultat
from budget.interfaces.colonnes import COLONNES
from budget.interfaces.lecture_d_inventaire import AGENT_NOM, LectureInventaire
from budget.interfaces.sources_d_inventaire import AU_DELA, rassembler
from budget.models import Categorie
from plans.interfaces.importation import FichierRecu, compte, montrable
from strategie.socle.interfaces.exports import Colonne
from strategie.socle.interfaces.fichiers import TAILLE_MAX, nom_sur
from strategie.socle.interfaces.imports import Bilan, FichierRefuse, Refus
from strategie.socle.interfaces.pdf import insecables

FICHIERS_MAX, NOMS_MONTRES = 200, 30
ENTETES = {colonne.code: colonne.entete for colonne in COLONNES}
CHOIX: Mapping[str, Mapping[str, str]] = {colonne.code: colonne.choix for colonne in COLONNES}
COLONNES_DES_ERREURS = (
    Colonne[Refus]("Ligne", lambda refus: refus.ligne or ""),
    Colonne[Refus]("Colonne", lambda refus: refus.colonne),
    Colonne[Refus]("Ce qui est écrit", lambda refus: refus.valeur),
    Colonne[Refus]("Ce qui ne va pas", lambda refus: refus.raison),
)


class PlusieursFichiers(forms.ClearableFileInput):
    allow_multiple_selected = True


class ChampFichiers(forms.FileField):
    """One file or several; what they are will be read in their content."""

    widget = PlusieursFichiers

    def clean(self, data: Any, initial: Any = None) -> FichierRecu:
        fichiers = data if isinstance(data, list | tuple) else [data]
        if not fichiers or fichiers == [None]:
            raise forms.ValidationError(self.error_messages["required"])
        if len(fichiers) > FICHIERS_MAX or sum(getattr(fichier, "size", 0) for fichier in fichiers) > TAILLE_MAX:
            raise forms.ValidationError(f"Envoyez {FICHIERS_MAX} fichiers au plus à la fois, 10 Mo en tout.")
        recus = [(nom_sur(recu.name), recu.read()) for recu in (forms.FileField.clean(self, un) for un in fichiers)]
        try:
            contenu = rassembler(recus)
        except FichierRefuse as refuse:
            raise forms.ValidationError(str(refuse)) from refuse
        return FichierRecu(contenu, recus[0][0] if len(recus) == 1 else f"{len(recus)} fichiers")


class EnvoiForm(forms.Form):
    fichier = ChampFichiers(
        label="Fichier à importer",
        help_text=(
            "Formats .csv, .xlsx, .ods, ou .json de l'agent de GLPI (plusieurs à la fois, ou une archive .zip), 10 Mo "
            f"au plus. {AU_DELA}"
        ),
        error_messages={
            "required": "Choisissez le fichier à importer.",
            "invalid": "Choisissez le fichier à importer.",
            "empty": "Ce fichier est vide.",
        },
    )


@dataclass(frozen=True)
class Repetition:
    """What an import would do, or did: kept as JSON beside the file."""

    modele: str = ""
    lus: int = 0
    crees: int = 0
    modifies: int = 0
    inchanges: int = 0
    cases: int = 0
    creees: Sequence[LigneCreee] = ()
    changees: Sequence[CaseChangee] = ()
    refuses: Sequence[Refus] = ()
    remarques: Sequence[str] = field(default=())
    empreinte: str = ""

    @classmethod
    def de(cls, lecture: LectureInventaire, resultat: Resultat) -> Repetition:
        return cls(
            modele=lecture.modele,
            lus=lecture.lus,
            crees=resultat.crees,
            modifies=resultat.modifies,
            inchanges=resultat.inchanges,
            cases=resultat.cases,
            creees=resultat.creees,
            changees=resultat.changees,
            refuses=lecture.dire(resultat.refuses),
            remarques=[*_ce_qui_s_ouvre(resultat), *lecture.remarques],
            empreinte=resultat.empreinte,
        )

    @classmethod
    def du_fichier_refuse(cls, refuse: FichierRefuse) -> Repetition:
        return cls(refuses=[refuse.refus])

    @classmethod
    def from_json(cls, objet: Mapping[str, Any]) -> Repetition:
        listes = {
            "creees": [LigneCreee(**une) for une in objet["creees"]],
            "changees": [CaseChangee(**une) for une in objet["changees"]],
            "refuses": [Refus(**un) for un in objet["refuses"]],
        }
        return cls(**{**objet, **listes})

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    # --- Counts ---
    @property
    def lignes_refusees(self) -> int:
        return len({refus.ligne for refus in self.refuses if refus.ligne})

    @property
    def par_agent(self) -> bool:
        """Machines have no columns to name."""
        return self.modele == AGENT_NOM

    @property
    def change_quelque_chose(self) -> bool:
        return bool(self.crees or self.modifies)

    def bilan(self) -> Bilan:
        """As the command says it."""
        return Bilan(
            lus=self.lus,
            crees=self.crees,
            modifies=self.modifies,
            inchanges=self.inchanges,
            refuses=list(self.refuses),
            remarques=list(self.remarques),
        )

    # --- What a page shows ---
    @property
    def comptes(self) -> str:
        dits = [
            (self.crees, "ligne ajoutée,lignes ajoutées"),
            (self.modifies, "ligne changée,lignes changées"),
            (self.inchanges, "inchangée,inchangées"),
            (self.lignes_refusees, "refusée,refusées"),
        ]
        return ", ".join(compte(nombre, mots) for nombre, mots in dits if nombre)

    @property
    def en_phrase(self) -> str:
        """Once it is done."""
        return f"L'import est fait\u00a0: {self.comptes or 'rien à changer'}."

    @property
    def du_fichier(self) -> str:
        """Why the file as a whole is refused."""
        seul = self.refuses[0] if len(self.refuses) == 1 and not self.lus else None
        return insecables(montrable(seul.raison)) if seul else ""

    @property
    def refus_montres(self) -> list[Refus]:
        """The first ones, made harmless for a page: what came from the file may hold anything."""
        return [
            Refus(refus.ligne, montrable(refus.colonne), montrable(refus.valeur), _phrase(montrable(refus.raison)))
            for refus in self.refuses[:MONTRES]
        ]

    @property
    def autres_refus(self) -> int:
        return max(0, len(self.refuses) - MONTRES)

    @property
    def creees_montrees(self) -> list[dict[str, Any]]:
        categories = dict(Categorie.choices)
        return [vars(une) | {"categorie": categories[une.categorie]} for une in self.creees]

    @property
    def autres_creees(self) -> int:
        return max(0, self.crees - len(self.creees))

    @property
    def changees_montrees(self) -> list[dict[str, Any]]:
        return [
            {
                "ligne": une.ligne,
                "designation": une.designation,
                "colonne": ENTETES[une.champ],
                "avant": en_mots(une.champ, une.avant),
                "apres": en_mots(une.champ, une.apres),
            }
            for une in self.changees
        ]

    @property
    def autres_changees(self) -> int:
        return max(0, self.cases - len(self.changees))

    @property
    def remarques_montrees(self) -> list[str]:
        return [insecables(montrable(remarque)) for remarque in self.remarques]


def _phrase(raison: str) -> str:
    return insecables(raison[:1].upper() + raison[1:])


def en_mots(champ: str, valeur: str) -> str:
    """A value of the database as a person reads it."""
    if not valeur:
        return ""
    if champ == "prix":
        return euros(Decimal(valeur))
    if champ.endswith(("_le", "_au")):
        annee, mois, jour = valeur.split("-")
        return f"{jour}/{mois}/{annee}"
    return CHOIX[champ].get(valeur, valeur)


def _ce_qui_s_ouvre(resultat: Resultat) -> list[str]:
    """Rooms and lots that come with the file."""
    return [
        f"{mots} : {_noms(noms)}."
        for noms, mots in (
            (resultat.salles, "À créer parmi les salles"),
            (resultat.salles_rouvertes, "À rouvrir parmi les salles archivées"),
            (resultat.lots, "À créer parmi les lots"),
            (
                resultat.laisses,
                "Inconnus de l'établissement, qui nomme seul ses salles et ses lots, et laissés de côté",
            ),
        )
        if noms
    ]


def _noms(noms: Sequence[str]) -> str:
    autres = len(noms) - NOMS_MONTRES
    montres = ", ".join(f"« {nom} »" for nom in noms[:NOMS_MONTRES])
    return f"{montres} et {autres} autre{'s' if autres > 1 else ''}" if autres > 0 else montres
