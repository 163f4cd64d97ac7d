"""What the page of the matrix takes and shows."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, fields

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from diagnostic.interfaces.formulaires import INCOMPLETE
from plans.domain.matrice import SaisieLiens
from plans.interfaces.a_plusieurs import ChoixDeLiens, FormulaireDeLiens, Texte
from plans.interfaces.axes import CHOISIR_LE_THEME, PRECISION_MAX
from plans.interfaces.besoins import BLANCS
from plans.models import Axe, Besoin, Constat, Theme
from plans.queries.matrice import GroupeMatrice, constat_en_mots
from plans.rules.axes import BESOIN_ABSENT, QUOI_MAX, empechement_axe_de_plus
from plans.rules.besoins import CONSTAT_ABSENT, TEXTE_MAX
from plans.rules.matrice import AXE_ABSENT, LIGNES_MAX, empechement_relier
from plans.rules.retex import TEXTE_MAX as CONSTAT_MAX
from strategie.socle.models import Etablissement


class Lignes(forms.CharField):
    """One thing a line, each in its own words; said twice, it is there once."""

    def __init__(self, *, longueur: int, **options: object) -> None:
        widget = forms.Textarea(attrs={"rows": 3, "dir": "auto"})
        super().__init__(required=False, widget=widget, help_text="Un par ligne.", **options)
        self.longueur = longueur

    def clean(self, value: object) -> tuple[str, ...]:
        lues = (BLANCS.sub(" ", ligne).strip() for ligne in super().clean(value).splitlines())
        lignes = tuple(dict.fromkeys(ligne for ligne in lues if ligne))
        if len(lignes) > LIGNES_MAX:
            raise ValidationError(f"{len(lignes)}\u00a0lignes à la fois, c'est trop\u00a0: {LIGNES_MAX} au plus.")
        for rang, ligne in enumerate(lignes, 1):
            if len(ligne) > self.longueur:
                raise ValidationError(
                    f"La ligne {rang} dépasse {self.longueur}\u00a0caractères\u00a0: raccourcissez-la."
                )
        return lignes


class RelierForm(FormulaireDeLiens):
    """Irritants, needs and axes, ticked or typed."""

    cle = forms.UUIDField(
        widget=forms.HiddenInput, initial=uuid.uuid4, error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE}
    )
    constats = ChoixDeLiens(label="Déjà notés", absent=CONSTAT_ABSENT)
    nouveaux_irritants = Lignes(label="Nouveaux irritants", longueur=CONSTAT_MAX)
    source = forms.ChoiceField(
        label="Qui le dit\u00a0?",
        required=False,
        choices=[("", "Choisir"), *Constat.Source.choices],
        help_text="Pour les nouveaux irritants.",
        error_messages={"invalid_choice": "Cette réponse n'est pas dans la liste proposée."},
    )
    besoins = ChoixDeLiens(label="Déjà retenus", absent=BESOIN_ABSENT)
    nouveaux_besoins = Lignes(label="Nouveaux besoins", longueur=TEXTE_MAX)
    axes = ChoixDeLiens(label="Déjà ouverts", absent=AXE_ABSENT)
    nouveaux_axes = Lignes(label="Nouveaux axes", longueur=QUOI_MAX)
    raison_de_plus = Texte(
        label="Pourquoi un axe de plus, si vous en écrivez un",
        required=False,
        max_length=PRECISION_MAX,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"max_length": "La raison dépasse 2\u202f000 caractères\u00a0: raccourcissez-la."},
    )
    theme = forms.ChoiceField(
        label="Thème",
        required=False,
        choices=[("", "Choisir un thème"), *Theme.choices],
        help_text="Celui de ce que vous écrivez ici\u00a0; ce qui est déjà là garde le sien.",
        error_messages={"invalid_choice": CHOISIR_LE_THEME},
    )

    def __init__(
        self,
        donnees: QueryDict | None,
        *,
        etablissement: Etablissement,
        annee: str,
        axes_de_l_annee: int,
        offerts: Offre,
        initial: dict[str, object],
    ) -> None:
        """`axes_de_l_annee`: how many the year has already, for the cap."""
        super().__init__(donnees, initial=initial)
        self.etablissement, self.annee, self.axes_de_l_annee = etablissement, annee, axes_de_l_annee
        constats, besoins, axes = (self.fields[nom] for nom in ("constats", "besoins", "axes"))
        constats.proposer(
            ((constat.pk, constat_en_mots(constat)) for constat in offerts.constats),
            vide="Aucun n'est encore noté\u00a0: écrivez-les ci-dessous.",
        )
        besoins.proposer(
            ((besoin.pk, str(besoin)) for besoin in offerts.besoins),
            vide="Aucun n'est encore retenu\u00a0: écrivez-les ci-dessous.",
        )
        axes.proposer(
            ((axe.pk, str(axe)) for axe in offerts.axes),
            vide="Aucun n'est encore ouvert\u00a0: écrivez-les ci-dessous.",
        )
        if raison := self._raison_attendue():
            self.fields["raison_de_plus"].help_text = raison
        else:
            del self.fields["raison_de_plus"]

    def _raison_attendue(self) -> str | None:
        """Before anything is typed, whether one more would ask for it."""
        ecrits = len([ligne for ligne in self.data.get("nouveaux_axes", "").splitlines() if ligne.strip()])
        return empechement_axe_de_plus(self.etablissement, self.annee, self.axes_de_l_annee + max(0, ecrits - 1), "")

    def clean(self) -> None:
        super().clean()
        lu = self.cleaned_data
        irritants, besoins, axes = (lu.get(f"nouveaux_{quoi}") for quoi in ("irritants", "besoins", "axes"))
        if (irritants or besoins or axes) and not lu.get("theme"):
            self.add_error("theme", CHOISIR_LE_THEME)
        if irritants and not lu.get("source"):
            self.add_error("source", "Dites qui a remonté ces irritants.")
        if axes and "raison_de_plus" in self.fields and not lu.get("raison_de_plus"):
            self.add_error("raison_de_plus", self._raison_attendue())
        if refus := empechement_relier(len(lu.get("besoins") or ()) + len(besoins or ())):
            self.add_error(None, refus)

    def saisie(self) -> SaisieLiens:
        connus = {champ.name for champ in fields(SaisieLiens)}
        return SaisieLiens(**{nom: valeur for nom, valeur in self.cleaned_data.items() if nom in connus})


@dataclass(frozen=True)
class Offre:
    """What may be ticked."""

    constats: Sequence[Constat]
    besoins: Sequence[Besoin]
    axes: Sequence[Axe]


@dataclass(frozen=True)
class LigneAffichee:
    """A row of the table; `suite`: what its link asks the page « relier » to tick."""

    groupe: GroupeMatrice
    suite: dict[str, list[str] | str]


def lignes_affichees(groupes: Sequence[GroupeMatrice], annee: str) -> list[LigneAffichee]:
    return [
        LigneAffichee(
            groupe,
            {
                "annee": annee,
                "constat": [str(constat.pk) for constat in groupe.constats if not groupe.besoins],
                "besoin": [str(besoin.pk) for besoin in groupe.besoins],
                "axe": [str(axe.pk) for axe in groupe.axes if not groupe.besoins],
            },
        )
        for groupe in groupes
    ]
