"""Forms of the versions of the référentiel."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from diagnostic.domain.brouillons import FORME_CODE, Partie, Redaction, Reglages
from diagnostic.models import (
    LIBELLES_VALEURS,
    Champ,
    Indicateur,
    Palier,
    Referentiel,
    ReglePlausibilite,
)
from diagnostic.queries.comparaison import PORTEES, Ecart
from strategie.socle.models import Academie

PARTIES = 4
PALIERS = [(1, "Palier 1"), (2, "Palier 2"), (3, "Palier 3")]
VALEURS = [(valeur.value, libelle) for valeur, libelle in LIBELLES_VALEURS.items()]
FORME = "Des majuscules, le palier, un numéro\u00a0: PIL-1-6, par exemple."


def texte(label: str, max_length: int, **options: Any) -> forms.CharField:
    """A text of one paragraph that may be long."""
    return forms.CharField(
        label=label, max_length=max_length, widget=forms.Textarea(attrs={"rows": 3, "maxlength": max_length}), **options
    )


class CodeField(forms.RegexField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            rf"^{FORME_CODE.pattern}$", max_length=10, error_messages={"invalid": f"Écrivez le code ainsi. {FORME}"},
            **({"label": "Code", "help_text": FORME} | options),
        )  # fmt: skip

    def to_python(self, value: Any) -> str:
        return super().to_python(value).upper()


class PreparerForm(forms.Form):
    """For which académie a version is prepared."""

    academie = forms.ModelChoiceField(label="Pour l'académie", queryset=Academie.objects.none(), empty_label=None)

    def __init__(self, *args: Any, academies: QuerySet[Academie], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["academie"].queryset = academies
        if len(academies) == 1:
            self.fields["academie"].widget = forms.HiddenInput()
            self.initial["academie"] = academies[0].pk


class LuForm(forms.Form):
    """Carries the fingerprint of what was read."""

    lu = forms.CharField(widget=forms.HiddenInput, max_length=64)


class IndicateurForm(LuForm):
    """Everything that is written of an indicator; the code only where it is not yet anyone's."""

    code = CodeField()
    enonce = texte("Énoncé", 400, help_text="Une seule condition, que l'on peut observer.")
    sens = forms.ChoiceField(
        label="Par rapport à la version d'avant, le sens change-t-il\u00a0?",
        choices=[
            ("oui", "Oui, l'indicateur est reformulé\u00a0: il sera demandé de nouveau"),
            ("non", "Non, c'est une correction de forme\u00a0: les réponses sont gardées"),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    preuve = texte("Preuve attendue", 250)
    palier = forms.TypedChoiceField(label="Palier", choices=PALIERS, coerce=int)
    levier = forms.ChoiceField(label="Levier", choices=Indicateur.Levier.choices)
    levier_secondaire = forms.ChoiceField(
        label="Second levier (facultatif)", choices=[("", "Aucun"), *Indicateur.Levier.choices], required=False
    )
    portee = forms.MultipleChoiceField(
        label="À qui il s'adresse",
        choices=list(PORTEES.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une sorte d'établissement."},
    )
    si_internat = forms.BooleanField(label="Seulement s'il y a un internat", required=False)
    si_education_prioritaire = forms.BooleanField(label="Seulement en éducation prioritaire", required=False)
    mesure = forms.CharField(label="Mesure (facultatif)", max_length=120, required=False)
    bloquant = forms.BooleanField(
        label="Indispensable",
        required=False,
        help_text="Le palier n'est atteint que si la réponse est oui.",
    )

    @property
    def redaction(self) -> Redaction:
        return Redaction(**{nom: self.cleaned_data[nom] for nom in Redaction.__dataclass_fields__})

    @property
    def sens_change(self) -> bool | None:
        return {"oui": True, "non": False}.get(self.cleaned_data.get("sens", ""))

    def ecarts(self, gardes: dict[str, Any]) -> list[Ecart]:
        """What is kept now beside what was typed, where they differ."""
        visibles = [nom for nom in self.fields if not self[nom].is_hidden and nom != "sens"]
        dits = {nom: (self._dit(nom, gardes[nom]), self._dit(nom, self[nom].value())) for nom in visibles}
        return [Ecart(str(self[nom].label), *dits[nom]) for nom in visibles if dits[nom][0] != dits[nom][1]]

    def _dit(self, nom: str, valeur: Any) -> str:
        """A value as it is read on the page."""
        choix = {str(cle): str(libelle) for cle, libelle in getattr(self.fields[nom], "choices", [])}
        if isinstance(valeur, list):
            return ", ".join(choix.get(str(une), str(une)) for une in valeur)
        if isinstance(self.fields[nom], forms.BooleanField):
            return "oui" if valeur else "non"
        return choix.get(str(valeur), str(valeur or "")) or "rien"

    def sans(self, *noms: str) -> IndicateurForm:
        """The same form, without these questions."""
        for nom in noms:
            del self.fields[nom]
        return self


class FusionForm(IndicateurForm):
    """Which indicators become one, and what it says."""

    codes = forms.MultipleChoiceField(
        label="Indicateurs à fusionner",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins deux indicateurs à fusionner."},
    )
    field_order = ("codes",)

    def __init__(self, *args: Any, choix: Iterable[Indicateur], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["sens"]
        self.fields["codes"].choices = [(i.code, f"{i.code} · {i.enonce}") for i in choix]

    def clean_codes(self) -> list[str]:
        codes: list[str] = self.cleaned_data["codes"]
        if len(codes) < 2:
            raise ValidationError("Choisissez au moins deux indicateurs à fusionner.")
        return codes


class ScissionForm(LuForm):
    """Two to four indicators in the place of one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for rang in range(1, PARTIES + 1):
            requis, suite = rang <= 2, "" if rang <= 2 else " (facultatif)"
            self.fields[f"code_{rang}"] = CodeField(label=f"Code {rang}{suite}", required=requis)
            self.fields[f"enonce_{rang}"] = texte(f"Énoncé {rang}{suite}", 400, required=requis)
            self.fields[f"preuve_{rang}"] = texte(f"Preuve attendue {rang}{suite}", 250, required=requis)

    def clean(self) -> dict[str, Any]:
        donnees = super().clean()
        for rang in range(3, PARTIES + 1):
            self._tout_ou_rien(rang)
        codes = [partie.code for partie in self.parties if partie.code]
        if len(set(codes)) < len(codes):
            raise ValidationError("Chaque indicateur a son propre code.")
        return donnees

    def _tout_ou_rien(self, rang: int) -> None:
        noms = [f"{nom}_{rang}" for nom in ("code", "enonce", "preuve")]
        if any(self.cleaned_data.get(nom) for nom in noms):
            for nom in noms:
                if nom not in self.errors and not self.cleaned_data.get(nom):
                    self.add_error(nom, "À remplir aussi, ou videz les trois champs.")

    @property
    def parties(self) -> list[Partie]:
        lues = [
            Partie(*(self.cleaned_data.get(f"{nom}_{rang}") or "" for nom in ("code", "enonce", "preuve")))
            for rang in range(1, PARTIES + 1)
        ]
        return [partie for partie in lues if partie.code]


class SuiteForm(LuForm):
    """What an old indicator became."""

    nature = forms.ChoiceField(
        label="Ce qu'il devient",
        choices=[
            ("conserve", "Conservé\u00a0: la réponse est gardée telle quelle"),
            ("reformule", "Reformulé\u00a0: une seule suite, demandée de nouveau"),
            ("scinde", "Scindé\u00a0: deux suites ou plus, demandées de nouveau"),
            ("fusionne", "Fusionné avec d'autres en un seul, demandé de nouveau"),
            ("abandonne", "Abandonné\u00a0: il n'est plus demandé"),
        ],
        widget=forms.RadioSelect,
    )
    nouveaux = forms.CharField(
        label="Codes des indicateurs qui le suivent (facultatif s'il est abandonné)",
        required=False,
        help_text="Dans la nouvelle version, séparés par des virgules\u00a0: PIL-1-6, PIL-1-7.",
    )

    def clean_nouveaux(self) -> list[str]:
        return [code.upper() for code in re.split(r"[\s,;]+", self.cleaned_data["nouveaux"]) if code]


def pour_cent(label: str, minimum: int, maximum: int, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=minimum,
        max_value=maximum,
        error_messages={
            "invalid": "Écrivez un nombre entier de pour cent.",
            "min_value": f"Ce pourcentage est de {minimum} au moins.",
            "max_value": f"Ce pourcentage est de {maximum} au plus.",
        },
        **options,
    )


class ReglagesForm(LuForm):
    """Title, thresholds, and the words of paliers and champs."""

    titre = forms.CharField(label="Titre du référentiel", max_length=120)
    seuil = pour_cent("Seuil d'un palier, en pour cent", 1, 100, help_text="Le score qu'il faut pour l'atteindre.")
    part_inconnue_max = pour_cent(
        "Part d'inconnu admise, en pour cent", 0, 99, help_text="Au-delà, le palier n'est pas établi."
    )

    def __init__(self, *args: Any, paliers: list[Palier], champs: list[Champ], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.paliers, self.champs = paliers, champs
        for palier in paliers:
            nom = f"palier_{palier.numero}"
            self.fields[f"{nom}_libelle"] = forms.CharField(label=f"Nom du palier {palier.numero}", max_length=60)
            self.fields[f"{nom}_definition"] = texte(f"Définition du palier {palier.numero}", 250)
            self.initial |= {f"{nom}_libelle": palier.libelle, f"{nom}_definition": palier.definition}
        for champ in champs:
            self.fields[f"champ_{champ.code}"] = forms.CharField(label=f"Nom du champ {champ.code}", max_length=80)
            self.initial[f"champ_{champ.code}"] = champ.libelle

    @staticmethod
    def initial_de(version: Referentiel) -> dict[str, Any]:
        return {
            "titre": version.titre,
            "seuil": round(version.seuil * 100),
            "part_inconnue_max": round(version.part_inconnue_max * 100),
        }

    @property
    def reglages(self) -> Reglages:
        dit = self.cleaned_data
        return Reglages(
            titre=dit["titre"],
            seuil=Decimal(dit["seuil"]) / 100,
            part_inconnue_max=Decimal(dit["part_inconnue_max"]) / 100,
            paliers={
                p.numero: (dit[f"palier_{p.numero}_libelle"], dit[f"palier_{p.numero}_definition"])
                for p in self.paliers
            },
            champs={champ.code: dit[f"champ_{champ.code}"] for champ in self.champs},
        )


class RegleForm(forms.Form):
    """« If this is answered here, that is expected there. »"""

    code = forms.RegexField(
        r"^[A-Z][0-9]{2}$",
        label="Code de la règle",
        max_length=8,
        help_text="Une lettre et deux chiffres\u00a0: P11.",
        error_messages={"invalid": "Écrivez une majuscule et deux chiffres, comme P11."},
    )
    si = forms.ChoiceField(label="Si cet indicateur")
    si_valeurs = forms.MultipleChoiceField(
        label="a l'une de ces réponses", choices=VALEURS, widget=forms.CheckboxSelectMultiple
    )
    alors = forms.ChoiceField(label="on attend de celui-ci")
    alors_valeurs = forms.MultipleChoiceField(
        label="l'une de ces réponses", choices=VALEURS, widget=forms.CheckboxSelectMultiple
    )
    gravite = forms.ChoiceField(label="Sinon", choices=ReglePlausibilite.Gravite.choices)
    phrase = texte("Phrase à lire", 300, help_text="Ce que lira la personne dont les réponses se contredisent.")

    def __init__(self, *args: Any, indicateurs: Iterable[Indicateur], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choix = [(i.code, f"{i.code} · {i.enonce}") for i in indicateurs]
        self.fields["si"].choices = self.fields["alors"].choices = choix


class VersionDeCampagneForm(forms.Form):
    """To which version a campaign moves."""

    version = forms.TypedChoiceField(label="Nouvelle version", coerce=int)

    def __init__(self, *args: Any, versions: list[Referentiel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.par_cle = {version.pk: version for version in versions}
        self.fields["version"].choices = [(version.pk, str(version)) for version in versions]

    @property
    def choisie(self) -> Referentiel | None:
        return self.par_cle[self.cleaned_data["version"]] if self.is_valid() else None


def initial_de_l_indicateur(indicateur: Indicateur, nature: str | None) -> dict[str, Any]:
    """What its form starts from; `nature`: that of its single origin."""
    sens = {"reformule": "oui"}.get(nature or "", "")
    return {nom: getattr(indicateur, nom) for nom in Redaction.__dataclass_fields__} | {
        "code": indicateur.code,
        "sens": sens,
    }
