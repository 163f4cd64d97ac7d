"""The act as a text document, ready to be signed; a word processor may finish it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from strategie.pilotage.interfaces.actes import A_REMPLIR, ActeEnMots, Ligne
from strategie.pilotage.interfaces.documents import dire_entete, nouveau_document, propre, tableau
from strategie.socle.models import Etablissement

if TYPE_CHECKING:
    from docx.document import Document

SIGNATURE = "Nom, fonction, date et signature"


def ecrire_acte(etablissement: Etablissement, acte: ActeEnMots, numero: str) -> bytes:
    """What people typed is text, never markup of the document."""
    document = nouveau_document(f"{acte.titre} · {etablissement.nom}", etablissement.nom)
    document.add_paragraph(propre(f"{etablissement.nom} ({etablissement.uai})"))
    document.add_paragraph(propre(f"Académie\u00a0: {etablissement.academie.nom}"))
    document.add_heading(f"{acte.titre} du {acte.instance}", level=1)
    document.add_paragraph(f"Acte n°\u00a0{propre(numero) or A_REMPLIR}")
    document.add_paragraph(propre(f"Objet\u00a0: {acte.objet}"))
    _tableau(document, "Séance et quorum", ("Séance", "Date ou nombre"), acte.seance)
    _texte(document, acte)
    _tableau(document, "Vote", ("Vote", "Voix"), acte.vote)
    document.add_paragraph(f"Résultat\u00a0: {acte.resultat}")
    _tableau(document, "Suites", ("Suites", "Date"), acte.dates)
    if acte.effet:
        document.add_paragraph(propre(acte.effet))
    _signature(document, acte)
    document.save(sortie := io.BytesIO())
    return sortie.getvalue()


def _texte(document: Document, acte: ActeEnMots) -> None:
    document.add_heading("Acte", level=2)
    for visa in acte.visas:
        document.add_paragraph(propre(visa))
    if acte.expose:
        document.add_paragraph(propre(f"Considérant\u00a0: {acte.expose}"))
    document.add_paragraph(acte.verbe).runs[0].bold = True
    document.add_paragraph(propre(acte.decision))


def _tableau(document: Document, titre: str, entetes: Sequence[str], lignes: Sequence[Ligne]) -> None:
    document.add_heading(titre, level=2)
    fait = tableau(document, len(entetes), titre)
    dire_entete(fait.rows[0])
    for cellule, texte in zip(fait.rows[0].cells, entetes, strict=True):
        cellule.paragraphs[0].add_run(texte).bold = True
    for ligne in lignes:
        cellules = fait.add_row().cells
        cellules[0].text, cellules[1].text = ligne.libelle, propre(ligne.valeur)
    document.add_paragraph()


def _signature(document: Document, acte: ActeEnMots) -> None:
    document.add_heading("Signature", level=2)
    qui = "La présidence du conseil d'école" if acte.avis else "La présidence du conseil d'administration"
    document.add_paragraph(f"{qui}\n{SIGNATURE}\u00a0:\n\n{A_REMPLIR}")
