"""The workbook come back: what it says of each indicator, compared with what is kept. Saves nothing.

An empty cell leaves what is kept; a row that says what is kept, or what it said when it was downloaded, changes
nothing; any other must start from the answer kept now, or it is a conflict.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils import timezone

from diagnostic.domain.conditions import non_concerne
from diagnostic.domain.cotation import Valeur
from diagnostic.domain.reponses import Conflit, Saisie
from diagnostic.interfaces.papier import origine_de, verifier_origine
from diagnostic.interfaces.saisie import TEXTE_MAX, TexteLibre
from diagnostic.models import LIBELLES_VALEURS, Reponse
from diagnostic.queries.etat import EtatDiagnostic, EtatIndicateur
from diagnostic.queries.papier import Passee, auteurs, reponses_passees
from strategie.socle.interfaces.classeurs import lire_feuilles, lire_tableau
from strategie.socle.interfaces.fichiers import CONTROLES
from strategie.socle.interfaces.imports import Colonne, Format, Refus, ValeurRefusee, clef, texte
from strategie.socle.rules import date_en_phrase

REPONSES = {
    **{clef(libelle): valeur.value for valeur, libelle in LIBELLES_VALEURS.items()},
    **dict.fromkeys(["vrai", "true"], Valeur.oui.value),
    **dict.fromkeys(["faux", "false"], Valeur.non.value),
    **dict.fromkeys(["s_o", "so"], Valeur.sans_objet.value),
    **dict.fromkeys(["n_s_p", "nsp"], Valeur.ne_sait_pas.value),
}
ATTENDUES = "Oui, En partie, Non, Sans objet ou Ne sait pas est attendu."


@dataclass(frozen=True)
class Depouillement:
    """What a file asks for; nothing of it is to be kept when `refuses` is not empty."""

    saisies: list[Saisie]
    inchangees: int
    refuses: list[Refus]


def depouiller(contenu: bytes, etat: EtatDiagnostic, peut_repondre: Callable[[str], bool]) -> Depouillement:
    """Reads a filled workbook; `peut_repondre` says which champs (by code) the person may answer.

    Raises FichierRefuse for a file that is no workbook of this school, year and version.
    """
    feuilles = lire_feuilles(contenu)
    cellules = (cellule for feuille in feuilles for _, ligne in feuille.lignes for cellule in ligne)
    verifier_origine(cellules, origine_de(etat.diagnostic))
    lecteur = _Lecteur(etat, peut_repondre)
    tableau = lire_tableau(feuilles, lecteur.forme)
    return Depouillement(tableau.lignes, lecteur.inchangees, tableau.refuses)


def refus_du_conflit(conflit: Conflit) -> Refus:
    """An answer that changed while the file was being read."""
    reponse = conflit.actuelle
    return Refus(0, "Code", conflit.code, f"{_reponse_donnee(reponse, str(reponse.modifiee_par))}.")


class _Lecteur:
    """The columns of a filled workbook, and what each row changes."""

    def __init__(self, etat: EtatDiagnostic, peut_repondre: Callable[[str], bool]) -> None:
        self.etat, self.peut_repondre = etat, peut_repondre
        self.inchangees = 0
        self.indicateurs = {clef(e.indicateur.code): e for champ in etat.champs for e in champ.indicateurs}
        self.forme = Format(
            nom="réponses",
            cle="code",
            composer=self.composer,
            colonnes=(
                Colonne("code", "code", self.lire_code, obligatoire=True),
                Colonne("valeur", "reponse", lire_reponse, obligatoire=True),
                Colonne("motif", "raison_si_sans_objet raison", lire_texte),
                Colonne("commentaire", "commentaire", lire_texte),
                Colonne("version", "version", lire_version),
            ),
        )

    def lire_code(self, valeur: str) -> str:
        """The code as the référentiel writes it, whatever its case, blanks and dashes; empty for no code."""
        if not valeur.strip():
            return ""
        if etat := self.indicateurs.get(clef(valeur)):
            return etat.indicateur.code
        raise ValeurRefusee("ce code n'est pas dans cette version du référentiel.")

    def composer(self, ligne: dict[str, Any]) -> Saisie | None:
        """The answer to keep, None when the row changes nothing."""
        dite = (ligne["valeur"], ligne.get("motif", ""), ligne.get("commentaire", ""))
        if not ligne["code"]:
            if any(dite):
                raise ValeurRefusee("le code de l'indicateur est attendu.", "code")
            return None
        etat = self.indicateurs[clef(ligne["code"])]
        version = ligne.get("version")
        if self._inchangee(etat, dite, version):
            self.inchangees += 1
            return None
        self._refuser_hors_de_portee(etat)
        saisie = _completee(etat, dite)
        _refuser_mal_dite(etat, dite, saisie)
        self._refuser_conflit(etat, version)
        return saisie

    def _inchangee(self, etat: EtatIndicateur, dite: Passee, version: int | None) -> bool:
        if not any(dite):
            return True
        if etat.reponse is None:
            return False
        confirme = etat.a_reconfirmer and dite[0]
        if _completee(etat, dite).dit_comme(etat.reponse) and not confirme:
            return True
        if version is None or version == etat.reponse.version:
            return False
        passee = self._passees.get((etat.indicateur.pk, version), ("?", "", ""))
        return all(map(_memes_mots, dite, passee))

    def _refuser_hors_de_portee(self, etat: EtatIndicateur) -> None:
        if etat.regle:
            raise ValeurRefusee(f"{non_concerne(etat.regle)} : cet indicateur ne se remplit pas.", "valeur")
        champ = etat.indicateur.champ
        if not self.peut_repondre(champ.code):
            raise ValeurRefusee(
                f"le champ « {champ.libelle} » ne vous est pas confié : laissez ses réponses telles quelles.", "code"
            )

    def _refuser_conflit(self, etat: EtatIndicateur, version: int | None) -> None:
        """What is kept must be what the file started from; where nothing is kept, nothing can be lost."""
        reponse = etat.reponse
        if reponse is None or version == reponse.version or not any(_gardee(etat)):
            return
        qui = _reponse_donnee(reponse, self._auteurs[reponse.modifiee_par_id])
        if version is None:
            raise ValeurRefusee(f"{qui} ; sans la colonne « Version », elle ne se remplace qu'à l'écran.", "valeur")
        raise ValeurRefusee(f"{qui}, depuis que ce classeur a été fait.", "valeur")

    @cached_property
    def _passees(self) -> dict[tuple[int, int], Passee]:
        return reponses_passees(self.etat.diagnostic)

    @cached_property
    def _auteurs(self) -> dict[int, str]:
        return auteurs(self.etat.diagnostic)


# --- Cells --------------------------------------------------------------------------------------------


def lire_reponse(valeur: str) -> str:
    """« OUI », « en  partie », « S.O. », « NSP », VRAI and FAUX; « non concerné » says nothing."""
    if not valeur.strip() or clef(valeur).startswith("non_concerne"):
        return ""
    try:
        return REPONSES[clef(valeur)]
    except KeyError:
        raise ValeurRefusee(ATTENDUES) from None


def lire_texte(valeur: str) -> str:
    """A text as a screen would keep it; blanks alone are nothing."""
    return TexteLibre().to_python(valeur) if valeur.strip() else ""


def lire_version(valeur: str) -> int | None:
    """« 2 », and « 2.0 » as some spreadsheets write it in a CSV."""
    nombre = re.fullmatch(r"\s*([0-9]{1,9})(?:[.,]0+)?\s*", valeur)
    if valeur.strip() and not nombre:
        raise ValeurRefusee("le nombre écrit au téléchargement est attendu : cette colonne ne se remplit pas.")
    return int(nombre[1]) if nombre else None


# --- A row --------------------------------------------------------------------------------------------


def _completee(etat: EtatIndicateur, dite: Passee) -> Saisie:
    """What the row says, and what is kept where it is blank; from the version kept, which `_refuser_conflit` guards."""
    valeur, motif, commentaire = (
        dit if dit and not _memes_mots(dit, garde) else garde for dit, garde in zip(dite, _gardee(etat), strict=True)
    )
    return Saisie(etat.indicateur.code, valeur, motif, commentaire, etat.reponse.version if etat.reponse else 0)


def _gardee(etat: EtatIndicateur) -> Passee:
    return (etat.reponse.valeur, etat.reponse.motif, etat.reponse.commentaire) if etat.reponse else ("", "", "")


def _memes_mots(un: str, autre: str) -> bool:
    """Blanks apart: LibreOffice forgets tabs, and others end lines in their own way."""
    return "".join(un.split()) == "".join(autre.split())


def _refuser_mal_dite(etat: EtatIndicateur, dite: Passee, saisie: Saisie) -> None:
    if etat.a_reconfirmer and not dite[0]:
        raise ValeurRefusee("cette réponse reprise est à reconfirmer : donnez-la avec le commentaire.", "valeur")
    for champ, valeur in (("motif", dite[1]), ("commentaire", dite[2])):
        try:
            texte(TEXTE_MAX)(valeur)
        except ValeurRefusee as refusee:
            raise ValeurRefusee(str(refusee), champ) from None
        if CONTROLES.search(valeur):
            raise ValeurRefusee("le texte contient un caractère de contrôle invisible : tapez-le de nouveau.", champ)
    if saisie.valeur == Valeur.sans_objet and not saisie.motif.strip():
        raise ValeurRefusee("« Sans objet » demande sa raison, dans cette colonne.", "motif")


def _reponse_donnee(reponse: Reponse, auteur: str) -> str:
    dite = LIBELLES_VALEURS[Valeur(reponse.valeur)] if reponse.valeur else "Sans réponse"
    return f"répondu « {dite} » par {auteur} {_quand(reponse.modifiee_le)}"


def _quand(instant: datetime.datetime) -> str:
    """In the time zone of the school's académie, which its pages have made the current one."""
    local = timezone.localtime(instant)
    return f"le {date_en_phrase(local.date())} à {local.hour}\u00a0h\u00a0{local.minute:02}"
