"""What the pages of an académie's proposals take and show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from django import forms
from django.http import QueryDict

from plans.interfaces.a_plusieurs import FormulaireAPlusieurs
from plans.interfaces.besoins import BLANCS, Phrase, le_besoin
from plans.models import Action
from plans.queries.adaptations import PropositionAcademique
from plans.rules.propositions import COUT_MAX, EFFORT_MAX, ETAPE_MAX, ETAPES_MAX, LONGUEURS, TexteDeProposition
from strategie.socle.domain.fusion import Conflit

OBLIGATOIRE = "Ce texte ne peut pas rester vide."
CHOISIR = "Choisissez le moyen dans la liste."


class Etapes(forms.CharField):
    """A step a line; their no-break spaces stay."""

    def to_python(self, value: object) -> str:
        lignes = (BLANCS.sub(" ", ligne).strip(" ") for ligne in (super().to_python(value) or "").splitlines())
        return "\n".join(ligne for ligne in lignes if ligne)


def _nombre(libelle: str, maximum: int) -> forms.IntegerField:
    ecrit = f"{maximum:,}".replace(",", "\u202f")
    return forms.IntegerField(
        label=libelle,
        min_value=0,
        max_value=maximum,
        widget=forms.NumberInput(attrs={"class": "effectif"}),
        error_messages={
            "required": "Donnez un nombre.",
            "invalid": "Donnez un nombre entier.",
            "min_value": "Ce nombre ne peut pas être négatif.",
            "max_value": f"{ecrit} au plus.",
        },
    )


class AdaptationForm(FormulaireAPlusieurs):
    besoin = le_besoin()
    titre = Phrase(
        label="Action",
        max_length=LONGUEURS["titre"],
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": OBLIGATOIRE,
            "max_length": "L'action dépasse 250\u00a0caractères\u00a0: raccourcissez-la.",
        },
    )
    pourquoi = Phrase(
        label="Pourquoi",
        max_length=LONGUEURS["pourquoi"],
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": OBLIGATOIRE,
            "max_length": "Ce texte dépasse 1\u202f000\u00a0caractères\u00a0: raccourcissez-le.",
        },
    )
    comment = Etapes(
        label="Comment",
        max_length=ETAPES_MAX * (ETAPE_MAX + 2),
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=f"Une étape par ligne, {ETAPES_MAX} au plus.",
        error_messages={
            "required": "Décrivez au moins une étape.",
            "max_length": f"C'est trop long\u00a0: {ETAPES_MAX}\u00a0étapes de {ETAPE_MAX}\u00a0caractères au plus.",
        },
    )
    levier = forms.ChoiceField(
        label="Moyen", choices=Action.Levier.choices, error_messages={"required": CHOISIR, "invalid_choice": CHOISIR}
    )
    effort_min = _nombre("Jours de travail, au moins", EFFORT_MAX)
    effort_max = _nombre("Jours de travail, au plus", EFFORT_MAX)
    cout_min = _nombre("Coût en euros, au moins", COUT_MAX)
    cout_max = _nombre("Coût en euros, au plus", COUT_MAX)

    def __init__(self, donnees: QueryDict | None, *, tenu: TexteDeProposition) -> None:
        super().__init__(donnees, tenu=_a_ecrire(tenu), nouveau=False)

    def saisie(self) -> TexteDeProposition:
        return _texte(self.cleaned_data)

    def base(self) -> TexteDeProposition:
        """What the page showed; a value that no page of ours wrote is in conflict with everything."""
        return _texte(self.lu())

    def refuser(self, defauts: Mapping[str, str]) -> None:
        for nom, phrase in defauts.items():
            self.add_error(nom, phrase)

    def repartir(self, conflits: Mapping[str, Conflit], tenu: TexteDeProposition) -> None:
        self.signaler(conflits, _a_ecrire(tenu))

    def en_mots(self, nom: str, valeur: Any) -> str:
        return " / ".join(valeur) if nom == "comment" else super().en_mots(nom, valeur)


def _a_ecrire(texte: TexteDeProposition) -> dict[str, Any]:
    return asdict(texte) | {"comment": "\n".join(texte.comment)}


def _texte(valeurs: Mapping[str, Any]) -> TexteDeProposition:
    return TexteDeProposition(**{**valeurs, "comment": tuple((valeurs["comment"] or "").splitlines())})


# --- The list ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class GroupeDePropositions:
    code: str
    libelle: str
    lignes: tuple[PropositionAcademique, ...]


@dataclass(frozen=True)
class Recherche:
    """What the address asks for: `q`, words or a code; `champ`; `adaptees`, those alone that the académie words."""

    q: str
    champ: str
    adaptees: bool

    def retient(self, ligne: PropositionAcademique) -> bool:
        proposition = ligne.proposition
        mots = self.q.casefold()
        return (
            (not self.champ or proposition.code.startswith(f"{self.champ}-"))
            and (not self.adaptees or ligne.adaptee is not None)
            and (
                not mots or any(mots in t.casefold() for t in (proposition.code, proposition.besoin, proposition.titre))
            )
        )


def lire_recherche(donnees: QueryDict) -> Recherche:
    return Recherche(donnees.get("q", "")[:100].strip(), donnees.get("champ", "")[:8], donnees.get("adaptees") == "1")


def groupes_de_propositions(
    lignes: Iterable[PropositionAcademique], champs: Mapping[str, str]
) -> Sequence[GroupeDePropositions]:
    par_champ = groupby(lignes, key=lambda ligne: ligne.proposition.code.partition("-")[0])
    return [GroupeDePropositions(code, champs.get(code, code), tuple(siennes)) for code, siennes in par_champ]
