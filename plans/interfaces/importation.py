"""What the pages of an import take and show: a file, what it would do, everything refused at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django import forms

from plans.domain.import_du_plan import Resultat
from plans.interfaces.feuilles_du_plan import FEUILLES
from plans.interfaces.lecture_du_plan import CaseChangee, Lecture, LigneNouvelle
from strategie.socle.interfaces.exports import Colonne
from strategie.socle.interfaces.fichiers import TAILLE_MAX, nom_sur
from strategie.socle.interfaces.imports import Bilan, FichierRefuse, Refus
from strategie.socle.interfaces.pdf import insecables

MONTRES = 300
MONTRABLES = "\n\t\u00a0\u202f"
SORTES = {
    "axe": "axe,axes",
    "action": "action,actions",
    "indicateur": "indicateur,indicateurs",
    "facteur": "facteur de réussite,facteurs de réussite",
    "releve": "relevé,relevés",
}
NOMS = {sorte: mots.split(",")[0] for sorte, mots in SORTES.items()}
COLONNES_DES_ERREURS = (
    Colonne[Refus]("Feuille", lambda refus: refus.feuille),
    Colonne[Refus]("Ligne", lambda refus: refus.ligne or ""),
    Colonne[Refus]("Colonne", lambda refus: refus.colonne),
    Colonne[Refus]("Ce qui est écrit", lambda refus: refus.valeur),
    Colonne[Refus]("Ce qui ne va pas", lambda refus: refus.raison),
)


@dataclass(frozen=True)
class FichierRecu:
    contenu: bytes
    nom: str


class EnvoiForm(forms.Form):
    """A workbook; what it is will be read in its content."""

    fichier = forms.FileField(
        label="Classeur à importer",
        help_text="Formats .xlsx, .ods ou .csv, 10 Mo au plus.",
        error_messages={
            "required": "Choisissez le classeur à importer.",
            "invalid": "Choisissez le classeur à importer.",
            "empty": "Ce fichier est vide.",
        },
    )

    def clean_fichier(self) -> FichierRecu:
        fichier = self.cleaned_data["fichier"]
        if fichier.size > TAILLE_MAX:
            raise forms.ValidationError("Ce fichier dépasse 10 Mo.")
        return FichierRecu(contenu=fichier.read(), nom=nom_sur(fichier.name))


@dataclass(frozen=True)
class Repetition:
    """What an import would do, or did: kept as JSON beside the file."""

    lus: int = 0
    nouvelles: Sequence[LigneNouvelle] = ()
    changees: Sequence[CaseChangee] = ()
    refuses: Sequence[Refus] = ()
    remarques: Sequence[str] = field(default=())

    @classmethod
    def de(cls, lecture: Lecture, resultat: Resultat) -> Repetition:
        """Rows that an earlier import of the same file had made are not new."""
        return cls(
            lus=lecture.lus,
            nouvelles=[une for une in lecture.nouvelles if (une.sorte, une.repere) not in resultat.deja],
            changees=lecture.changees,
            refuses=sorted([*lecture.refuses, *lecture.dire_les_refus(resultat.refuses)], key=_a_sa_place),
            remarques=lecture.remarques,
        )

    @classmethod
    def du_fichier_refuse(cls, refuse: FichierRefuse) -> Repetition:
        return cls(refuses=[refuse.refus])

    @classmethod
    def from_json(cls, objet: dict[str, Any]) -> Repetition:
        return cls(
            lus=objet["lus"],
            nouvelles=[LigneNouvelle(**une) for une in objet["nouvelles"]],
            changees=[CaseChangee(**une) for une in objet["changees"]],
            refuses=[Refus(**un) for un in objet["refuses"]],
            remarques=objet["remarques"],
        )

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    # --- Counts ---
    @property
    def lignes_changees(self) -> int:
        return len({(case.feuille, case.ligne) for case in self.changees})

    @property
    def lignes_refusees(self) -> int:
        return len({(refus.feuille, refus.ligne) for refus in self.refuses if refus.ligne})

    @property
    def lignes_nouvelles(self) -> int:
        """Rows that bring something; an axe alone is none."""
        return len({(une.feuille, une.ligne) for une in self.nouvelles if une.sorte != "axe"})

    @property
    def inchangees(self) -> int:
        """Rows that already say what the plan says."""
        return max(0, self.lus - self.lignes_nouvelles - self.lignes_changees)

    @property
    def change_quelque_chose(self) -> bool:
        return bool(self.nouvelles or self.changees)

    def bilan(self) -> Bilan:
        """As the commands say it; with a refusal, nothing is written."""
        if self.refuses:
            reste = max(0, self.lus - self.lignes_refusees)
            return Bilan(lus=self.lus, inchanges=reste, refuses=list(self.refuses), remarques=list(self.remarques))
        return Bilan(
            lus=self.lus,
            crees=self.lignes_nouvelles,
            modifies=self.lignes_changees,
            inchanges=self.inchangees,
            remarques=list(self.remarques),
        )

    # --- What a page shows ---
    @property
    def en_phrase(self) -> str:
        """Once it is done."""
        if not self.change_quelque_chose:
            return "Le classeur dit ce que le plan disait déjà\u00a0: rien n'a changé."
        dits = [compte(nombre, mots) for nombre, mots in self.comptes]
        dits += [compte(len(self.changees), "case changée,cases changées")] if self.changees else []
        return f"L'import est fait\u00a0: {', '.join(dits)}."

    @property
    def du_fichier(self) -> str:
        """Why the file as a whole is refused."""
        seul = self.refuses[0] if len(self.refuses) == 1 else None
        return insecables(seul.raison) if seul and not (seul.ligne or seul.colonne) else ""

    @property
    def refus_montres(self) -> list[Refus]:
        """The first ones, made harmless for a page: what came from the file may hold anything."""
        return [
            Refus(
                refus.ligne,
                insecables(refus.colonne),
                montrable(refus.valeur),
                insecables(montrable(refus.raison)),
                refus.feuille,
            )
            for refus in self.refuses[:MONTRES]
        ]

    @property
    def changees_montrees(self) -> Sequence[CaseChangee]:
        return self.changees[:MONTRES]

    @property
    def autres_changees(self) -> int:
        return max(0, len(self.changees) - MONTRES)

    @property
    def nouvelles_montrees(self) -> list[dict[str, Any]]:
        return [
            {"feuille": une.feuille, "ligne": une.ligne, "nom": une.detail or NOMS[une.sorte], "titre": une.titre}
            for une in self.nouvelles[:MONTRES]
        ]

    @property
    def autres_nouvelles(self) -> int:
        return max(0, len(self.nouvelles) - MONTRES)

    @property
    def remarques_montrees(self) -> list[str]:
        dites = [insecables(montrable(remarque)) for remarque in self.remarques[:MONTRES]]
        autres = len(self.remarques) - MONTRES
        return [*dites, *([f"… et {autres} autres."] if autres > 0 else [])]

    @property
    def autres_refus(self) -> int:
        return max(0, len(self.refuses) - MONTRES)

    @property
    def comptes(self) -> list[tuple[int, str]]:
        """How many new things of each kind, with their words."""
        return [
            (nombre, mots)
            for sorte, mots in SORTES.items()
            if (nombre := sum(une.sorte == sorte for une in self.nouvelles))
        ]


def _a_sa_place(refus: Refus) -> tuple[int, int]:
    """Sheet by sheet, then from top to bottom."""
    noms = [feuille.nom for feuille in FEUILLES]
    return noms.index(refus.feuille) if refus.feuille in noms else len(noms), refus.ligne


def compte(nombre: int, mots: str) -> str:
    un, plusieurs = mots.split(",")
    return f"{nombre}\u00a0{plusieurs if nombre > 1 else un}"


def montrable(texte: str) -> str:
    return "".join(lettre if lettre.isprintable() or lettre in MONTRABLES else "·" for lettre in texte)
