"""Files in number: what is asked, and the zip of what was made."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator, Mapping, Sequence

from django import forms
from django.http import QueryDict, StreamingHttpResponse
from django.utils import timezone
from django.utils.text import slugify
from zipstream import ZipStream

from strategie.pilotage.models import Dossier, DossierDuLot, LotDeDossiers
from strategie.pilotage.queries.lots import Territoire, territoire_du_lot
from strategie.pilotage.rules.dossiers import EXERCICES
from strategie.socle.interfaces.exports import Colonne, lignes_csv

SOMMAIRE = "sommaire.csv"


class LotForm(forms.Form):
    """Asked by an address (which schools, how many), then confirmed with a key that opens one batch only."""

    territoire = forms.ChoiceField(
        label="Territoire",
        error_messages={
            "required": "Choisissez un territoire.",
            "invalid_choice": "Choisissez un des territoires proposés.",
        },
    )
    exercice = forms.IntegerField(
        label="Exercice budgétaire",
        min_value=EXERCICES[0],
        max_value=EXERCICES[1],
        widget=forms.NumberInput({"inputmode": "numeric"}),
        error_messages={
            "required": "Donnez une année.",
            "invalid": "Donnez une année, en quatre chiffres.",
            "min_value": f"Donnez une année, de {EXERCICES[0]} à {EXERCICES[1]}.",
            "max_value": f"Donnez une année, de {EXERCICES[0]} à {EXERCICES[1]}.",
        },
    )
    cle = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, donnees: QueryDict | None, *, territoires: Sequence[Territoire], exercice: int) -> None:
        super().__init__(donnees, initial={"exercice": exercice})
        self.territoires: Mapping[str, Territoire] = {un.code: un for un in territoires}
        self.fields["territoire"].choices = [(code, str(un)) for code, un in self.territoires.items()]

    def clean_territoire(self) -> Territoire:
        return self.territoires[self.cleaned_data["territoire"]]

    def clean_cle(self) -> uuid.UUID:
        return self.cleaned_data["cle"] or uuid.uuid4()


def reste_en_mots(duree: datetime.timedelta | None) -> str:
    """« environ 4 minutes »; empty when nobody knows."""
    if duree is None:
        return ""
    minutes = round(duree.total_seconds() / 60)
    if minutes < 1:
        return "moins d'une minute"
    if minutes < 90:
        return f"environ {minutes}\u00a0minute{'s' if minutes > 1 else ''}"
    return f"environ {round(minutes / 60)}\u00a0heures"


# --- The zip -------------------------------------------------------------------------------------------------------
def nom_du_fichier(ligne: DossierDuLot) -> str:
    return f"dossier-{ligne.etablissement.uai}-{ligne.dossier.numero}.pdf"


COLONNES: Sequence[Colonne[DossierDuLot]] = (
    Colonne("UAI", lambda ligne: ligne.etablissement.uai),
    Colonne("Établissement", lambda ligne: ligne.etablissement.nom),
    Colonne("Commune", lambda ligne: ligne.etablissement.commune),
    Colonne("Fichier", lambda ligne: ligne.dossier and nom_du_fichier(ligne)),
    Colonne("Pages", lambda ligne: ligne.dossier and ligne.dossier.pages),
    Colonne("Fait le", lambda ligne: ligne.dossier and timezone.localtime(ligne.dossier.fait_le).strftime("%d/%m/%Y")),
    Colonne("Empreinte du PDF (SHA-256)", lambda ligne: ligne.dossier and ligne.dossier.sha256_pdf),
    Colonne(
        "Pourquoi il n'y a pas de dossier", lambda ligne: ligne.erreur or (not ligne.dossier and "À faire") or None
    ),
)


def zip_du_lot(lot: LotDeDossiers, lignes: Sequence[DossierDuLot]) -> StreamingHttpResponse:
    """The summary, then each PDF, read from the database when its turn comes: one in memory at a time."""
    archive = ZipStream(sized=True)  # PDFs are packed already
    sommaire = "".join(lignes_csv(COLONNES, lignes)).encode()
    archive.add(sommaire, SOMMAIRE)
    for ligne in lignes:
        if ligne.dossier:
            archive.add(_octets(ligne.dossier_id), nom_du_fichier(ligne), size=ligne.octets)
    jour = timezone.localtime(lot.demande_le).date().isoformat()
    nom = f"dossiers-{slugify(str(territoire_du_lot(lot)))}-{jour}.zip"
    entetes = {
        "Content-Disposition": f'attachment; filename="{nom}"',
        "Content-Length": str(len(archive)),
        "Content-Encoding": "identity",  # nothing is gained by packing it again
    }
    return StreamingHttpResponse(archive, content_type="application/zip", headers=entetes)


def _octets(dossier: int) -> Iterator[bytes]:
    yield bytes(Dossier.objects.only("pdf").get(pk=dossier).pdf)
