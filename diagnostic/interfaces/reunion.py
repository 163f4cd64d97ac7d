"""The page of a meeting: one indicator, the hands counted, the answer agreed on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.http import QueryDict

from diagnostic.domain.cotation import Valeur
from diagnostic.domain.plausibilite import RegleDePlausibilite
from diagnostic.domain.reponses import Saisie
from diagnostic.domain.reunion import MAINS_MAX, ConflitReunion, Votes, votes_de
from diagnostic.interfaces.page_champ import CHOIX
from diagnostic.interfaces.saisie import TEXTE_MAX, ReponseForm, TexteLibre
from diagnostic.models import LIBELLES_VALEURS, Diagnostic
from diagnostic.queries.etat import EtatIndicateur
from diagnostic.queries.reunion import Place

COMPTES = ("oui", "en_partie", "non", "ne_sait_pas")
TOUCHES = {"oui": "O", "en_partie": "E", "non": "N", "ne_sait_pas": "S"}
RAISON_MANQUE = "Dites pourquoi «\u00a0sans objet\u00a0»\u00a0: sans raison, la réponse ne compte pas."
INCOMPLETE = "Cette page est incomplète\u00a0: rechargez-la."


class MainsField(forms.IntegerField):
    """A number of hands; nothing typed is nobody."""

    def __init__(self, label: str, touche: str) -> None:
        super().__init__(
            label=label,
            required=False,
            min_value=0,
            max_value=MAINS_MAX,
            widget=forms.NumberInput(
                attrs={
                    "class": "form-control",
                    "inputmode": "numeric",
                    "placeholder": "0",
                    "autocomplete": "off",
                    "data-touche": touche,
                }
            ),
            error_messages={
                "invalid": "Écrivez un nombre entier de mains levées, sans virgule.",
                "min_value": "Un nombre de mains levées ne peut pas être négatif.",
                "max_value": "Ce nombre de mains levées dépasse 1\u202f000\u00a0: vérifiez-le.",
            },
        )

    def clean(self, value: Any) -> int:
        return super().clean(value) or 0


class ReunionForm(ReponseForm):
    """The answer agreed on, if one is, the votes, and the dissent to keep."""

    oui = MainsField(LIBELLES_VALEURS[Valeur.oui], TOUCHES["oui"])
    en_partie = MainsField(LIBELLES_VALEURS[Valeur.en_partie], TOUCHES["en_partie"])
    non = MainsField(LIBELLES_VALEURS[Valeur.non], TOUCHES["non"])
    ne_sait_pas = MainsField(LIBELLES_VALEURS[Valeur.ne_sait_pas], TOUCHES["ne_sait_pas"])
    desaccord = TexteLibre(
        max_length=TEXTE_MAX,
        error_messages={"max_length": "Le désaccord dépasse 10 000 caractères\u00a0: raccourcissez-le."},
    )
    version_vote = forms.IntegerField(
        min_value=0,
        widget=forms.HiddenInput,
        error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE, "min_value": INCOMPLETE},
    )

    field_order = (*COMPTES, "valeur", "motif", "desaccord", "commentaire", "version", "version_vote")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["valeur"].label = "Réponse retenue"
        self.fields["motif"].label = "Pourquoi «\u00a0sans objet\u00a0»"
        self.fields["desaccord"].label = "Désaccord à garder (facultatif)"
        self.fields["commentaire"].label = "Commentaire (facultatif)"
        self.fields["version"].widget = forms.HiddenInput()

    @property
    def plus_tard(self) -> bool:
        return "plus_tard" in self.data

    def clean(self) -> dict[str, Any]:
        """« Décider plus tard » leaves the answer alone; « sans objet » is said with its reason."""
        donnees = super().clean() or self.cleaned_data
        if self.plus_tard:
            return donnees | {"valeur": "", "motif": ""}
        if donnees.get("valeur") == Valeur.sans_objet and not donnees.get("motif", "").strip():
            self.add_error("motif", RAISON_MANQUE)
        return donnees

    def saisie(self, code: str) -> Saisie:
        return Saisie(code, *(self.cleaned_data[nom] for nom in ("valeur", "motif", "commentaire", "version")))

    @property
    def votes(self) -> Votes:
        return Votes(**{nom: self.cleaned_data[nom] for nom in COMPTES})


@dataclass(frozen=True)
class PageReunion:
    """Everything the template needs of one indicator."""

    place: Place
    formulaire: ReunionForm
    conflit: ConflitReunion | None = None
    refus: str = ""
    connues: tuple[RegleDePlausibilite, ...] = ()  # contradictions that were there before this save

    @property
    def choix(self) -> tuple[tuple[str, str], ...]:
        return CHOIX

    @property
    def compteurs(self) -> list[forms.BoundField]:
        return [self.formulaire[nom] for nom in COMPTES]

    @property
    def notes(self) -> list[forms.BoundField]:
        return [self.formulaire["desaccord"], self.formulaire["commentaire"]]

    @property
    def valeur(self) -> str:
        return self.formulaire["valeur"].value() or ""

    @property
    def code(self) -> str:
        return self.place.ligne.indicateur.code

    @property
    def diagnostic(self) -> Diagnostic:
        return self.place.deroule.etat.diagnostic

    @property
    def gardee(self) -> bool:
        return self.formulaire.is_valid() and not (self.refus or self.conflit)

    @property
    def statut(self) -> int:
        if self.conflit:
            return 409
        return 422 if self.refus or self.formulaire.errors else 200

    @property
    def contradictions_nouvelles(self) -> bool:
        return not set(self.place.contradictions) <= set(self.connues)

    @property
    def avis(self) -> str:
        """What the votes suggest, in a sentence: those typed, else those kept."""
        if self.formulaire.is_valid():
            return phrase_des_votes(self.formulaire.votes)
        vote = self.place.ligne.vote
        return phrase_des_votes(votes_de(vote)) if vote else ""

    def relue(self, place: Place, conflit: ConflitReunion | None) -> PageReunion:
        """After a save. In a conflict what was typed stays, and saving again keeps it: the other saying is shown."""
        donnees = self.formulaire.data.copy()
        if conflit and conflit.reponse:
            donnees["version"] = str(conflit.reponse.actuelle.version)
        if conflit and conflit.vote:
            donnees["version_vote"] = str(conflit.vote.version)
        formulaire = ReunionForm(donnees) if conflit else self.formulaire
        return replace(self, place=place, formulaire=formulaire, conflit=conflit, connues=self.place.contradictions)


def phrase_des_votes(votes: Votes) -> str:
    """A suggestion in words; the page's script writes the same while hands are counted."""
    if not votes.total:
        return ""
    if votes.suggestion is None:
        return f"Pas de majorité sur {votes.total} mains levées."
    libelle = LIBELLES_VALEURS[votes.suggestion]
    return f"La majorité dit «\u00a0{libelle}\u00a0» ({votes.pour(votes.suggestion)} sur {votes.total})."


def page_reunion(place: Place, donnees: QueryDict | None = None) -> PageReunion:
    """The page as kept, or as it was just sent."""
    formulaire = ReunionForm(donnees) if donnees is not None else ReunionForm(initial=_gardee(place.ligne))
    return PageReunion(place, formulaire)


def _gardee(ligne: EtatIndicateur) -> dict[str, Any]:
    """An answer still to be confirmed is shown above the form, not chosen in it: the meeting says it again."""
    reponse, vote = ligne.reponse, ligne.vote
    dite = {} if reponse is None or reponse.a_reconfirmer else {"valeur": reponse.valeur, "motif": reponse.motif}
    return dite | {
        "commentaire": reponse.commentaire if reponse else "",
        "version": reponse.version if reponse else 0,
        **{nom: getattr(vote, nom) or "" for nom in COMPTES if vote},
        "desaccord": vote.desaccord if vote else "",
        "version_vote": vote.version if vote else 0,
    }
