"""What the pages of needs take and show."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import groupby

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from plans.domain.besoins import BesoinEcrit, SaisieBesoin
from plans.interfaces.a_plusieurs import ChoixDeLiens, FormulaireAPlusieurs
from plans.models import Besoin, Constat, Theme
from plans.queries.besoins import EnqueteSource
from plans.rules.besoins import CONSTAT_ABSENT, EFFECTIF_MAX, ORIGINE_INCONNUE, TEXTE_MAX, empechement_designer
from strategie.socle.models import Etablissement

RETOUR_MAX = 2000
BLANCS = re.compile(r"[ \t\r\n\f\v]+")
CACHES = ("annee", "origine", "reference")


class Phrase(forms.CharField):
    """One line of plain text; its no-break spaces stay."""

    def to_python(self, value: object) -> str:
        return BLANCS.sub(" ", super().to_python(value) or "")


def le_besoin() -> Phrase:
    return Phrase(
        label="Besoin",
        max_length=TEXTE_MAX,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={
            "required": "Dites en quelques mots quel est ce besoin.",
            "max_length": "Le besoin dépasse 400 caractères\u00a0: raccourcissez-le.",
        },
    )


def l_effectif() -> forms.IntegerField:
    return forms.IntegerField(
        label="Personnes concernées (facultatif)",
        required=False,
        min_value=0,
        max_value=EFFECTIF_MAX,
        help_text="Un nombre, jamais des noms.",
        error_messages={"invalid": "Donnez un nombre entier.", "min_value": "Ce nombre ne peut pas être négatif."},
    )


class BesoinForm(forms.Form):
    """Filled by the button of a page; a person only sees it when what the button sent is refused."""

    annee = forms.CharField(widget=forms.HiddenInput)
    origine = forms.ChoiceField(widget=forms.HiddenInput, choices=Besoin.Origine)
    reference = forms.CharField(widget=forms.HiddenInput, max_length=20)
    retour = forms.CharField(widget=forms.HiddenInput, required=False)
    intitule = le_besoin()
    constat = Phrase(
        label="Ce qui le montre (facultatif)",
        required=False,
        max_length=TEXTE_MAX,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"max_length": "Le constat dépasse 400 caractères\u00a0: raccourcissez-le."},
    )
    effectif = l_effectif()

    def clean_retour(self) -> str:
        """An address of this site; anything else is forgotten."""
        retour: str = self.cleaned_data["retour"]
        locale = retour.startswith("/") and url_has_allowed_host_and_scheme(retour, allowed_hosts=None)
        return retour if locale and len(retour) <= RETOUR_MAX else ""

    def clean(self) -> None:
        """What a person did not type is said once, above the form."""
        caches = [nom for nom in CACHES if nom in self.errors]
        for nom in caches:
            del self.errors[nom]
        if caches:
            self.add_error(None, ORIGINE_INCONNUE)
        elif refus := empechement_designer(self.cleaned_data["origine"], self.cleaned_data["reference"]):
            self.add_error(None, refus)

    def saisie(self) -> SaisieBesoin:
        champs = ("origine", "reference", "intitule", "constat", "effectif")
        return SaisieBesoin(
            annee_scolaire=self.cleaned_data["annee"], **{nom: self.cleaned_data[nom] for nom in champs}
        )


class BesoinEcritForm(FormulaireAPlusieurs):
    """Typing a need, or changing one; `constats` are those that may back it."""

    intitule = le_besoin()
    theme = forms.ChoiceField(
        label="Thème (facultatif)",
        required=False,
        choices=[("", "Pas encore choisi"), *Theme.choices],
        error_messages={"invalid_choice": "Ce thème n'est pas dans la liste proposée."},
    )
    effectif = l_effectif()
    constats = ChoixDeLiens(label="Ce qui le montre (facultatif)", absent=CONSTAT_ABSENT)

    def __init__(
        self, donnees: QueryDict | None, *, tenu: BesoinEcrit, constats: Sequence[Constat], nouveau: bool = False
    ) -> None:
        super().__init__(donnees, tenu=asdict(tenu), nouveau=nouveau)
        self.fields["constats"].proposer(
            ((constat.pk, f"{constat.get_sens_display()}\u00a0: {constat}") for constat in constats),
            vide="Aucun retour d'expérience n'est encore noté cette année-là.",
        )

    def saisie(self) -> BesoinEcrit:
        return BesoinEcrit(**self.cleaned_data)

    def base(self) -> BesoinEcrit:
        return BesoinEcrit(**self.lu())


@dataclass(frozen=True)
class LigneBesoin:
    """A need, and the page that shows why it is one (empty where the reader may not open it)."""

    besoin: Besoin
    source: str
    adresse: str

    @property
    def ancre(self) -> str:
        return ancre_du_besoin(self.besoin)


def ancre_du_besoin(besoin: Besoin) -> str:
    """Its place in the list, where links lead."""
    return f"{besoin.origine}-{besoin.reference or besoin.pk}"


@dataclass(frozen=True)
class GroupeDeBesoins:
    origine: str
    libelle: str
    lignes: tuple[LigneBesoin, ...]


LIBELLES = {
    Besoin.Origine.INDICATEUR: "Conditions qui manquent au diagnostic",
    Besoin.Origine.QUESTION: "Questions faibles de l'enquête",
    Besoin.Origine.ECART: "Écarts entre la direction et les équipes",
    Besoin.Origine.FORMATION: "Souhaits de formation",
    Besoin.Origine.CONSTAT: "Retours d'expérience",
    Besoin.Origine.SAISI: "Besoins exprimés",
}


def groupes_de_besoins(
    etablissement: Etablissement, besoins: Sequence[Besoin], enquetes: Sequence[EnqueteSource] | None
) -> list[GroupeDeBesoins]:
    """`besoins` come sorted by origin; `enquetes` is None for somebody who reads no survey."""
    return [
        GroupeDeBesoins(
            origine,
            LIBELLES[Besoin.Origine(origine)],
            tuple(_ligne(etablissement, besoin, enquetes or ()) for besoin in siens),
        )
        for origine, siens in groupby(besoins, key=lambda besoin: besoin.origine)
    ]


def _ligne(etablissement: Etablissement, besoin: Besoin, enquetes: Sequence[EnqueteSource]) -> LigneBesoin:
    if besoin.origine == Besoin.Origine.INDICATEUR:
        champ = besoin.reference.partition("-")[0]
        adresse = reverse("diagnostic_champ", args=[etablissement.uai, besoin.annee_scolaire, champ])
        return LigneBesoin(besoin, f"Indicateur {besoin.reference} du diagnostic", f"{adresse}#{besoin.reference}")
    if besoin.origine == Besoin.Origine.CONSTAT:
        adresse = reverse("retex", args=[etablissement.uai])
        return LigneBesoin(besoin, "Retour d'expérience", f"{adresse}#constat-{besoin.reference[1:]}")
    if besoin.origine == Besoin.Origine.SAISI:
        return LigneBesoin(besoin, "Besoin exprimé par l'établissement", "")
    ancres = {Besoin.Origine.QUESTION: f"equipes-{besoin.reference}", Besoin.Origine.ECART: "ecarts"}
    enquete = next((enquete for enquete in enquetes if _demande(enquete, besoin)), None)
    adresse = reverse("enquete_resultats", args=[etablissement.uai, enquete.cle]) if enquete else ""
    ancre = ancres.get(Besoin.Origine(besoin.origine), "formation")
    return LigneBesoin(besoin, "Résultats de l'enquête", f"{adresse}#{ancre}" if adresse else "")


def _demande(enquete: EnqueteSource, besoin: Besoin) -> bool:
    return besoin.origine == Besoin.Origine.FORMATION or int(besoin.reference[1:]) in enquete.numeros
