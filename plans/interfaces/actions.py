"""The form of an action, and the page on which the last of two people chooses between two values."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from diagnostic.interfaces.formulaires import INCOMPLETE
from plans.domain.actions import SaisieAction
from plans.interfaces.a_plusieurs import Texte
from plans.interfaces.besoins import Phrase
from plans.models import Action
from plans.queries.page_action import Changement, Choix
from plans.rules.actions import ANNEES_D_AVANCE, LONGUEURS
from strategie.socle.domain.calendrier import annee_scolaire, annee_suivante
from strategie.socle.domain.fusion import Conflit
from strategie.socle.rules import date_en_phrase

TRIMESTRES = (
    ("", "toute l'année"),
    ("1", "1er\u00a0trimestre"),
    ("2", "2e\u00a0trimestre"),
    ("3", "3e\u00a0trimestre"),
)
AXE_ABSENT = "Cet axe n'est pas, ou n'est plus, un axe ouvert de l'établissement."
PERSONNE_ABSENTE = "Cette personne n'est pas dans l'équipe de l'établissement."
VIDE = "(rien)"


def _phrase(champ: str, label: str, **options: Any) -> Phrase:
    longueur = LONGUEURS[champ]
    messages = {"max_length": f"Ce texte dépasse {longueur}\u00a0caractères\u00a0: raccourcissez-le."}
    widget = options.pop("widget", forms.TextInput(attrs={"dir": "auto"}))
    erreurs = messages | options.pop("error_messages", {})
    return Phrase(label=label, max_length=longueur, widget=widget, error_messages=erreurs, **options)


def _choix(label: str, absent: str, **options: Any) -> forms.TypedMultipleChoiceField:
    erreurs = {"invalid_choice": absent, "invalid_list": absent}
    return forms.TypedMultipleChoiceField(
        label=label,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages=erreurs,
        **options,
    )


def _trimestre(label: str, sans: str) -> forms.TypedChoiceField:
    erreurs = {"invalid_choice": "Choisissez le trimestre dans la liste."}
    return forms.TypedChoiceField(
        label=label,
        required=False,
        choices=[("", sans), *TRIMESTRES],
        coerce=int,
        empty_value=None,
        error_messages=erreurs,
    )


def _annee(label: str) -> forms.ChoiceField:
    erreurs = {"invalid_choice": "Choisissez l'année scolaire dans la liste.", "required": "Choisissez l'année."}
    return forms.ChoiceField(label=label, error_messages=erreurs)


class ActionForm(forms.Form):
    """Quoi, comment, qui, quand. Each field of an existing action goes with what the page showed (« lu-… »)."""

    cle = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE})
    axes = _choix("Axes que cette action sert", AXE_ABSENT, coerce=int)
    levier = forms.ChoiceField(
        label="Moyen",
        choices=[("", "Choisissez"), *Action.Levier.choices],
        error_messages={
            "required": "Dites de quel moyen il s'agit.",
            "invalid_choice": "Choisissez le moyen dans la liste.",
        },
    )
    intitule = _phrase(
        "intitule",
        "Ce qui sera fait",
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text="Une phrase qui commence par un verbe\u00a0: «\u00a0Installer…\u00a0», «\u00a0Former…\u00a0».",
        error_messages={"required": "Dites en une phrase ce qui sera fait."},
    )
    description = Texte(
        label="Comment s'y prendre (facultatif)",
        required=False,
        max_length=LONGUEURS["description"],
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"max_length": "Ce texte dépasse 4\u202f000\u00a0caractères\u00a0: raccourcissez-le."},
    )
    porteur = forms.TypedChoiceField(
        label="Porteur\u00a0: une personne de l'équipe",
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": PERSONNE_ABSENTE},
    )
    fonction_porteuse = _phrase(
        "fonction_porteuse",
        "ou une fonction",
        required=False,
        help_text="Par exemple «\u00a0le gestionnaire\u00a0»\u00a0: l'action reste portée quand la personne change.",
    )
    contributeurs = _choix("Avec qui, dans l'équipe", PERSONNE_ABSENTE, coerce=int)
    autres_contributeurs = _phrase("autres_contributeurs", "Avec d'autres (en toutes lettres)", required=False)
    groupes = _choix("Pour qui", "Choisissez les groupes dans la liste.", choices=Action.Groupe.choices)
    autres_concernes = _phrase("autres_concernes", "Pour d'autres (en toutes lettres)", required=False)
    annee_scolaire = _annee("De l'année scolaire")
    trimestre = _trimestre("à partir de", "la rentrée")
    annee_fin = _annee("À l'année scolaire")
    trimestre_fin = _trimestre("jusqu'à la fin de", "l'année")
    echeance = forms.DateField(
        label="Échéance précise (facultatif)",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Un jour, quand il compte\u00a0: il entre dans votre agenda.",
        error_messages={"invalid": "Écrivez cette date sous la forme jj/mm/aaaa."},
    )

    def __init__(
        self, donnees: QueryDict | None, *, choix: Choix, tenue: SaisieAction, jour: datetime.date, sous_action: bool
    ) -> None:
        """`tenue`: what is kept now, or proposed for a new one; `jour`: the date it is in the académie."""
        initial = {nom: list(valeur) if nom in ENSEMBLES else valeur for nom, valeur in vars(tenue).items()}
        super().__init__(donnees, initial=initial | {"cle": uuid.uuid4()})
        self.tenue = tenue
        self.fields["axes"].choices = [
            (axe.cle, f"{axe.intitule} (à la corbeille)" if axe.supprime_le else axe.intitule) for axe in choix.axes
        ]
        self.fields["contributeurs"].choices = choix.equipe
        self.fields["porteur"].choices = [("", "Personne pour l'instant"), *choix.equipe]
        annees = [(annee, annee) for annee in _annees(jour, (tenue.annee_scolaire, tenue.annee_fin))]
        self.fields["annee_scolaire"].choices = self.fields["annee_fin"].choices = annees
        if sous_action:
            del self.fields["axes"]

    @property
    def copies(self) -> list[tuple[str, str]]:
        """Hidden inputs: what is kept now; sent back with a mistake, what the page said first."""
        if not self.is_bound:
            return [(f"lu-{nom}", texte) for nom in CHAMPS for texte in _en_textes(getattr(self.tenue, nom))]
        return [(nom, texte) for nom in self.data if nom.startswith("lu-") for texte in self.data.getlist(nom)]

    def saisie(self) -> SaisieAction:
        return SaisieAction(
            **{nom: self.cleaned_data[nom] for nom in CHAMPS if nom not in ENSEMBLES},
            axes=frozenset(self.cleaned_data.get("axes", ())),
            contributeurs=frozenset(self.cleaned_data["contributeurs"]),
            groupes=tuple(self.cleaned_data["groupes"]),
        )

    def base(self) -> SaisieAction | None:
        """What the page showed; None when it does not come from a page of ours."""
        try:
            return SaisieAction(**{nom: self._lu(nom) for nom in CHAMPS})
        except (LookupError, ValueError, forms.ValidationError):
            return None

    def _lu(self, nom: str) -> Any:
        textes = self.data.getlist(f"lu-{nom}")
        if nom in ENSEMBLES:
            return tuple(textes) if nom == "groupes" else frozenset(map(int, textes))
        if nom in ("porteur", "trimestre", "trimestre_fin"):
            return int(textes[0]) if textes[0] else None
        return self.fields[nom].to_python(self.data[f"lu-{nom}"])

    def placer(self, defauts: Mapping[str, str]) -> None:
        """Each sentence at its field."""
        for nom, phrase in defauts.items():
            self.add_error(nom if nom in self.fields else None, phrase)

    def changer_de_cle(self) -> None:
        """The last key has served: sent again, this is another action."""
        self.data = self.data.copy()
        self.data["cle"] = str(uuid.uuid4())

    def en_mots(self, nom: str, valeur: Any) -> str:
        """A value as people say it."""
        if valeur in (None, "", (), frozenset()) and not nom.startswith("trimestre"):
            return VIDE
        if isinstance(valeur, datetime.date):
            return date_en_phrase(valeur)
        if nom not in self.fields or not isinstance(self.fields[nom], forms.ChoiceField):
            return str(valeur)
        libelles = {str(cle): str(libelle) for cle, libelle in self.fields[nom].choices}
        uns = sorted(valeur) if isinstance(valeur, frozenset | tuple) else [valeur]
        return ", ".join(libelles.get("" if un is None else str(un), PERSONNE_PARTIE) for un in uns)


CHAMPS = tuple(nom for nom in ActionForm.base_fields if nom != "cle")
ENSEMBLES = ("axes", "contributeurs", "groupes")
PERSONNE_PARTIE = "une personne qui n'est plus dans l'équipe"


def saisie_proposee(
    jour: datetime.date, axes: frozenset[int], parent: Action | None, demande: Mapping[str, str]
) -> SaisieAction:
    """What a new action is filled with: this school year, or the moyen and the time of the one above it. `demande`:
    the `levier` and the `intitule` that a page's link proposes; anything else is forgotten.
    """
    annee = annee_scolaire(jour)
    levier = demande.get("levier", "")
    return SaisieAction(
        levier=levier if levier in Action.Levier else parent.levier if parent else "",
        intitule=" ".join(demande.get("intitule", "").split())[: LONGUEURS["intitule"]],
        description="",
        axes=axes,
        porteur=None,
        fonction_porteuse="",
        contributeurs=frozenset(),
        autres_contributeurs="",
        groupes=(),
        autres_concernes="",
        annee_scolaire=parent.annee_scolaire if parent else annee,
        trimestre=parent.trimestre if parent else None,
        annee_fin=parent.annee_fin if parent else annee,
        trimestre_fin=parent.trimestre_fin if parent else None,
        echeance=None,
    )


def _annees(jour: datetime.date, deja: Iterable[str]) -> list[str]:
    annees = [annee_scolaire(jour)]
    while len(annees) <= ANNEES_D_AVANCE:
        annees.append(annee_suivante(annees[-1]))
    return sorted({*annees, *deja})


def _en_textes(valeur: Any) -> list[str]:
    if isinstance(valeur, frozenset | tuple):
        return [str(un) for un in valeur]
    return ["" if valeur is None else str(valeur)]


# --- Two people at once ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ConflitDit:
    """`tenus`: what is kept now, as the form would send it."""

    champ: str
    libelle: str
    mien: str
    actuel: str
    changement: Changement | None
    tenus: Sequence[str]


def conflits_dits(
    formulaire: ActionForm, conflits: Mapping[str, Conflit], changements: Mapping[str, Changement]
) -> list[ConflitDit]:
    return [
        ConflitDit(
            champ=nom,
            libelle=LIBELLES.get(nom) or str(formulaire.fields[nom].label),
            mien=formulaire.en_mots(nom, conflit.mien),
            actuel=formulaire.en_mots(nom, conflit.actuel),
            changement=changements.get(nom),
            tenus=_en_textes(conflit.actuel),
        )
        for nom, conflit in conflits.items()
    ]


# Where the label of the form says nothing alone.
LIBELLES = {
    "description": "Comment s'y prendre",
    "porteur": "Porteur",
    "fonction_porteuse": "Fonction qui porte l'action",
    "annee_scolaire": "Année scolaire de début",
    "trimestre": "Début, à partir de",
    "annee_fin": "Année scolaire de fin",
    "trimestre_fin": "Fin, jusqu'à la fin de",
    "echeance": "Échéance précise",
}


def a_renvoyer(donnees: QueryDict) -> list[tuple[str, str]]:
    """Everything that was sent, so that the page of conflicts loses none of it."""
    siennes = [nom for nom in donnees if nom != "csrfmiddlewaretoken" and not nom.startswith(("choix-", "tenu-"))]
    return [(nom, valeur) for nom in siennes for valeur in donnees.getlist(nom)]


def choisies(donnees: QueryDict) -> QueryDict:
    """What the page of conflicts sends: its reader has seen what is kept of each field, and chosen it or their own.
    A field without a choice stays as it was sent first: it conflicts again.
    """
    choisies = donnees.copy()
    for nom in donnees:
        prefixe, _, champ = nom.partition("-")
        if prefixe == "choix" and donnees[nom] in ("mien", "tenu"):
            tenus = donnees.getlist(f"tenu-{champ}")
            choisies.setlist(f"lu-{champ}", tenus)
            if donnees[nom] == "tenu":
                choisies.setlist(champ, tenus)
    return choisies
