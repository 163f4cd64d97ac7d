"""The form on paper: where a sheet comes from, how its columns are named, and what its PDF prints."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms

from diagnostic.domain.conditions import non_concerne
from diagnostic.domain.cotation import Valeur
from diagnostic.domain.papier import BilanDesReponses
from diagnostic.models import LIBELLES_VALEURS, Diagnostic
from diagnostic.queries.etat import EtatChamp, EtatDiagnostic, EtatIndicateur
from strategie.socle.interfaces.fichiers import TAILLE_MAX, nom_sur
from strategie.socle.interfaces.imports import FichierRefuse, Refus
from strategie.socle.interfaces.pdf import insecables, rendre_pdf

FORMULAIRE = 1  # grows when an older workbook could no longer be read
REFERENCE_MAX = 1_000  # a longer cell is no reference, and could take hours to be searched for one
REFUS_MONTRES = 200
MONTRABLES = "\n\t\u00a0\u202f"
CHOIX = tuple((valeur.value, LIBELLES_VALEURS[valeur]) for valeur in Valeur)
FORME_REFERENCE = re.compile(
    r"Formulaire Paliers (?P<formulaire>[0-9]{1,9}) · (?P<etablissement>.*) · (?P<uai>[0-9]{7}[A-Z])"
    r" · (?P<annee>20[0-9]{2}-20[0-9]{2}) · référentiel (?P<referentiel>.+), version (?P<version>[0-9]{1,9})"
)


@dataclass(frozen=True)
class Origine:
    """Which school, year and version of the référentiel a form is about; it writes so on every sheet."""

    etablissement: str
    uai: str
    annee: str
    referentiel: str
    version: int

    @property
    def reference(self) -> str:
        """The line that recognises a lost sheet, and that an import reads back."""
        return (
            f"Formulaire Paliers {FORMULAIRE} · {self.etablissement} · {self.uai} · {self.annee}"
            f" · référentiel {self.referentiel}, version {self.version}"
        )

    @property
    def en_phrase(self) -> str:
        return (
            f"« {self.etablissement} » ({self.uai}), année {self.annee},"
            f" version {self.version} du référentiel « {self.referentiel} »"
        )

    def admet(self, autre: Origine) -> bool:
        """Whether a form of that origin may be read here: a school may have changed its name meanwhile."""
        return (self.uai, self.annee, self.referentiel, self.version) == (
            autre.uai,
            autre.annee,
            autre.referentiel,
            autre.version,
        )


def origine_de(diagnostic: Diagnostic) -> Origine:
    referentiel = diagnostic.referentiel
    propre = f" de l'académie {referentiel.academie.code}" if referentiel.academie_id else ""
    return Origine(
        etablissement=" ".join(diagnostic.etablissement.nom.split()),
        uai=diagnostic.etablissement.uai,
        annee=diagnostic.campagne.annee_scolaire,
        referentiel=f"{referentiel.code}{propre}",
        version=referentiel.version,
    )


def verifier_origine(textes: Iterable[str], attendue: Origine) -> None:
    """Refuses a file that says it is another school's, year's or version's; or that does not say."""
    courts = (" ".join(texte.split()) for texte in textes if len(texte) <= REFERENCE_MAX)
    trouvees = [trouve for texte in courts if (trouve := FORME_REFERENCE.search(texte))]
    if not trouvees:
        raise FichierRefuse(
            "Ce fichier ne dit pas de quel établissement il vient : sa première ligne (« Formulaire Paliers… ») et sa "
            "feuille « Fiche » manquent. Repartez du classeur à télécharger sur cette page."
        )
    for trouvee in trouvees:
        if int(trouvee["formulaire"]) != FORMULAIRE:
            raise FichierRefuse("Ce classeur vient d'un autre Paliers : repartez de celui de cette page.")
        lue = Origine(
            trouvee["etablissement"],
            trouvee["uai"],
            trouvee["annee"],
            trouvee["referentiel"],
            int(trouvee["version"]),
        )
        if not attendue.admet(lue):
            raise FichierRefuse(
                f"Ce classeur est celui de {lue.en_phrase} ; cette page attend celui de {attendue.en_phrase}."
            )


# --- The page -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FichierRecu:
    contenu: bytes
    nom: str


class RetourForm(forms.Form):
    """A filled workbook; what it is will be read in its content."""

    fichier = forms.FileField(
        label="Classeur rempli",
        help_text="Formats .xlsx, .ods ou .csv, 10 Mo au plus.",
        error_messages={
            "required": "Choisissez le classeur à renvoyer.",
            "invalid": "Choisissez le classeur à renvoyer.",
            "empty": "Ce fichier est vide.",
        },
    )
    simulation = forms.BooleanField(label="Vérifier seulement, sans rien enregistrer", required=False)

    def clean_fichier(self) -> FichierRecu:
        fichier = self.cleaned_data["fichier"]
        if fichier.size > TAILLE_MAX:
            raise forms.ValidationError("Ce fichier dépasse 10 Mo.")
        return FichierRecu(contenu=fichier.read(), nom=nom_sur(fichier.name))


@dataclass(frozen=True)
class PagePapier:
    """What the page says of a file that was sent: what prevents it, everything refused, or what it changed."""

    fichier: str = ""
    simulation: bool = False
    empechement: str | None = None
    refuses: list[Refus] = field(default_factory=list)
    bilan: BilanDesReponses | None = None
    inchangees: int = 0

    def refusee(self, refuses: list[Refus]) -> PagePapier:
        return replace(self, refuses=refuses)

    def acceptee(self, bilan: BilanDesReponses, inchangees: int) -> PagePapier:
        return replace(self, bilan=bilan, inchangees=inchangees)

    @property
    def du_fichier(self) -> str:
        """Why the file as a whole is refused."""
        seul = self.refuses[0] if len(self.refuses) == 1 else None
        return insecables(seul.raison) if seul and not (seul.ligne or seul.colonne) else ""

    @property
    def montres(self) -> list[Refus]:
        """The first ones, made harmless for a page: what came from the file may hold anything."""
        return [
            Refus(refus.ligne, insecables(refus.colonne), _montrable(refus.valeur), insecables(refus.raison))
            for refus in self.refuses[:REFUS_MONTRES]
        ]

    @property
    def autres(self) -> int:
        return max(0, len(self.refuses) - REFUS_MONTRES)

    @property
    def changements(self) -> int:
        return self.bilan.creees + self.bilan.modifiees if self.bilan else 0


def _montrable(texte: str) -> str:
    return "".join(lettre if lettre.isprintable() or lettre in MONTRABLES else "·" for lettre in texte)


# --- The form as a PDF --------------------------------------------------------------------------------


def rendre_formulaire_pdf(etat: EtatDiagnostic, *, rempli: bool) -> bytes:
    """PDF/UA-1 of the form, blank or with the answers kept so far."""
    origine = origine_de(etat.diagnostic)
    return rendre_pdf(
        "diagnostic/pdf/formulaire.html",
        contexte_formulaire(etat, origine, rempli=rempli),
        titre=f"Formulaire du diagnostic {origine.annee} · {origine.etablissement} ({origine.uai})",
        auteur=origine.etablissement,
    )


def contexte_formulaire(etat: EtatDiagnostic, origine: Origine, *, rempli: bool) -> dict[str, Any]:
    return {
        "origine": origine,
        "etablissement": etat.diagnostic.etablissement,
        "referentiel": etat.diagnostic.referentiel,
        "rempli": rempli,
        "compte": etat.concernes,
        "choix": [insecables(libelle) for _, libelle in CHOIX],
        "champs": [_champ(champ, etat, rempli=rempli) for champ in etat.champs],
    }


def _champ(champ: EtatChamp, etat: EtatDiagnostic, *, rempli: bool) -> dict[str, Any]:
    return {
        "libelle": champ.champ.libelle,
        "paliers": [
            (palier, [_ligne(indicateur, rempli=rempli) for indicateur in champ.du_palier(palier.numero)])
            for palier in etat.paliers
            if champ.du_palier(palier.numero)
        ],
        "non_concernes": [
            (indicateur.indicateur, non_concerne(indicateur.regle)) for indicateur in champ.non_concernes
        ],
    }


def _ligne(etat: EtatIndicateur, *, rempli: bool) -> dict[str, Any]:
    """An answer to confirm again is no answer yet: its box stays empty."""
    reponse = etat.reponse if rempli else None
    dite = reponse.valeur if reponse and not reponse.a_reconfirmer else ""
    return {
        "indicateur": etat.indicateur,
        "cases": [valeur == dite for valeur, _ in CHOIX],
        "motif": reponse.motif if reponse and dite == Valeur.sans_objet else "",
        "commentaire": reponse.commentaire if reponse else "",
    }
