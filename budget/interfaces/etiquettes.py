"""Labels to stick: which things, from where on a sheet that was begun, and the sheets themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import batched
from typing import Any, ClassVar

from django import forms

from budget.interfaces.champs import choix
from budget.models import Equipement
from budget.rules.etiquettes import PAR_FICHIER, PLANCHES, Planche
from diagnostic.interfaces.pdf_enquete import carre_a_viser
from strategie.socle.interfaces.pdf import rendre_pdf
from strategie.socle.models import Etablissement

CASES_MAX = max(planche.etiquettes for planche in PLANCHES.values())


class FeuillesForm(forms.Form):
    """How they are printed."""

    planche = choix(
        "Planches d'étiquettes",
        [(planche.code, planche.libelle) for planche in PLANCHES.values()],
        widget=forms.RadioSelect,
        initial="24",
    )
    premiere = forms.IntegerField(
        label="Première étiquette libre de la feuille",
        min_value=1,
        max_value=CASES_MAX,
        initial=1,
        help_text="1 pour une feuille neuve. On compte de gauche à droite, puis ligne par ligne.",
        widget=forms.NumberInput(attrs={"class": "effectif", "inputmode": "numeric"}),
        error_messages={
            "required": "Dites à partir de quelle étiquette.",
            "invalid": "Donnez un nombre entier.",
            "min_value": "Les étiquettes se comptent à partir de 1.",
            "max_value": f"Une feuille n'a pas plus de {CASES_MAX} étiquettes.",
        },
    )
    partie = forms.ChoiceField(
        label="Lesquelles", error_messages={"invalid_choice": "Ces étiquettes ne sont plus dans la liste."}
    )

    D_OFFICE: ClassVar[Mapping[str, str]] = {"planche": "24", "premiere": "1", "partie": "0"}

    def __init__(self, donnees: Mapping[str, str] | None, *, nombre: int) -> None:
        super().__init__(donnees)
        debuts = range(0, nombre, PAR_FICHIER)
        if len(debuts) > 1:
            self.fields["partie"].choices = [
                (str(rang), f"De la {debut + 1}e à la {min(debut + PAR_FICHIER, nombre)}e".replace("la 1e ", "la 1re "))
                for rang, debut in enumerate(debuts)
            ]
        else:
            del self.fields["partie"]

    def clean(self) -> dict[str, Any]:
        planche, premiere = self.cleaned_data.get("planche"), self.cleaned_data.get("premiere")
        if planche and premiere and premiere > PLANCHES[planche].etiquettes:
            self.add_error("premiere", f"Cette feuille a {PLANCHES[planche].etiquettes} étiquettes.")
        return self.cleaned_data

    @property
    def tranche(self) -> slice:
        debut = int(self.cleaned_data.get("partie") or 0) * PAR_FICHIER
        return slice(debut, debut + PAR_FICHIER)


def rendre_etiquettes_pdf(
    etablissement: Etablissement,
    choses: Sequence[Equipement],
    planche: Planche,
    premiere: int,
    adresse: Callable[[str], str],
) -> bytes:
    """`adresse`: the absolute address that a tag's square opens; `premiere`: the first free label, from 1."""
    etiquettes: list[Mapping[str, Any] | None] = [None] * (premiere - 1)
    etiquettes += [{"chose": chose, "carre": carre_a_viser(adresse(chose.etiquette))} for chose in choses]
    contexte = {
        "etablissement": etablissement,
        "planche": planche,
        "feuilles": list(batched(etiquettes, planche.etiquettes, strict=False)),
    }
    titre = f"Étiquettes · {etablissement.nom}"
    return rendre_pdf("budget/pdf/etiquettes.html", contexte, titre=titre, auteur=etablissement.nom)
