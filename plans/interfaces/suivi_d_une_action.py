"""What the pages that follow an action take: its state, the four questions, comments."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from django import forms
from django.http import QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

from diagnostic.interfaces.formulaires import INCOMPLETE
from plans.domain.examens import Avis, Irrealisable
from plans.interfaces.a_plusieurs import Texte
from plans.interfaces.besoins import RETOUR_MAX, Phrase
from plans.models import Action, Examen
from plans.queries.page_action import AvisLu
from plans.rules.actions import COMMENTAIRE_MAX, NOTE_MAX, REPONSE_MAX, empechement_repondre
from strategie.socle.domain.fusion import Conflit

INCOMPLET = {"required": INCOMPLETE, "invalid": INCOMPLETE}


# --- Its state -------------------------------------------------------------------------------------------------
class EtatForm(forms.Form):
    """A new state, or a note on the one it has. `note_seule`: for those who contribute without carrying it."""

    etat = forms.ChoiceField(
        label="Où en est cette action\u00a0?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez un état dans la liste.",
            "invalid_choice": "Choisissez un état dans la liste.",
        },
    )
    raison = Texte(
        label="Raison ou note",
        required=False,
        max_length=NOTE_MAX,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text="Obligatoire pour bloquer, mettre en pause ou abandonner. Elle reste dans le suivi de l'action.",
        error_messages={"max_length": "Ce texte dépasse 1\u202f000\u00a0caractères\u00a0: raccourcissez-le."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, error_messages=INCOMPLET)
    retour = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, donnees: QueryDict | None, *, action: Action, note_seule: bool) -> None:
        super().__init__(donnees, initial={"etat": action.etat, "version": action.version})
        fixe = note_seule or not action.publiee
        etats = [Action.Etat(action.etat)] if fixe else [e for e in Action.Etat if e != Action.Etat.BROUILLON]
        self.fields["etat"].choices = [(etat.value, etat.label) for etat in etats]
        if fixe:
            self.fields["raison"].label = "Note"
            self.fields["raison"].help_text = "Ce qui a avancé, ce qui gêne. Elle reste dans le suivi de l'action."

    @property
    def sans_changement(self) -> bool:
        """A note only."""
        return bool(self.cleaned_data["etat"] == self.initial["etat"])

    def clean_retour(self) -> str:
        return retour_admis(self.cleaned_data["retour"])

    def a_relire(self, action: Action) -> None:
        """Shown again after a refusal: what was typed stays, and the next sending starts from the action as it is."""
        self.data = self.data.copy()
        self.data["version"] = str(action.version)


def retour_admis(retour: str) -> str:
    """An address of this site; anything else is forgotten."""
    locale = retour.startswith("/") and url_has_allowed_host_and_scheme(retour, allowed_hosts=None)
    return retour if locale and len(retour) <= RETOUR_MAX else ""


# --- The four questions ------------------------------------------------------------------------------------------
AIDES = {
    Examen.Question.NECESSAIRE: "Que se passerait-il si on ne la menait pas\u00a0?",
    Examen.Question.REALISTE: "A-t-on vu ailleurs que cela marche\u00a0? L'objectif est-il à notre portée\u00a0?",
    Examen.Question.REALISABLE: "Avons-nous le temps, les personnes, les heures de formation, l'argent\u00a0?",
    Examen.Question.COHERENT: "À quoi, dans notre vision, répond-elle\u00a0?",
}
FAVORABLE = {"oui": True, "non": False, "": None}


class QuestionForm(forms.Form):
    """One question; `lu-…` say what the page showed."""

    favorable = forms.ChoiceField(
        label="Votre réponse",
        required=False,
        choices=[("oui", "Oui"), ("non", "Non"), ("", "Pas encore dit")],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Dites oui ou non."},
    )
    reponse = Phrase(
        label="En une phrase",
        required=False,
        max_length=REPONSE_MAX,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        error_messages={"max_length": "Cette phrase dépasse 400\u00a0caractères\u00a0: raccourcissez-la."},
    )

    def __init__(self, donnees: QueryDict | None, *, question: str, donne: AvisLu | None) -> None:
        self.question, self.donne = Examen.Question(question), donne
        self.avis = Avis(donne.favorable, donne.reponse) if donne else Avis()
        initial = {"favorable": _code(self.avis.favorable), "reponse": self.avis.reponse}
        super().__init__(donnees, prefix=question, initial=initial)
        self.conflit: Conflit | None = None

    @property
    def aide(self) -> str:
        return AIDES[self.question]

    @property
    def copies(self) -> list[tuple[str, str]]:
        """Hidden inputs; after a conflict, what is kept now: sent again, mine is kept."""
        noms = [f"{self.prefix}-lu-favorable", f"{self.prefix}-lu-reponse"]
        if self.is_bound and self.conflit is None:
            return [(nom, self.data.get(nom, "")) for nom in noms]
        tenu = self.conflit.actuel if self.conflit else self.avis
        return list(zip(noms, (_code(tenu.favorable), tenu.reponse), strict=True))

    def clean(self) -> None:
        lu = self.cleaned_data
        if not self.errors and (
            refus := empechement_repondre(self.question, FAVORABLE[lu["favorable"]], lu["reponse"])
        ):
            self.add_error("reponse" if lu["favorable"] else "favorable", refus)

    def dit(self) -> Avis:
        return Avis(FAVORABLE[self.cleaned_data["favorable"]], self.cleaned_data["reponse"])

    def base(self) -> Avis:
        favorable = FAVORABLE.get(self.data.get(f"{self.prefix}-lu-favorable", ""))
        return Avis(favorable, self.fields["reponse"].to_python(self.data.get(f"{self.prefix}-lu-reponse", "")))


def _code(favorable: bool | None) -> str:
    return {True: "oui", False: "non", None: ""}[favorable]


def formulaires_des_questions(donnees: QueryDict | None, avis: Sequence[AvisLu]) -> list[QuestionForm]:
    donnes = {un.question: un for un in avis}
    return [QuestionForm(donnees, question=un, donne=donnes.get(un)) for un in Examen.Question.values]


def signaler(formulaires: Sequence[QuestionForm], conflits: Mapping[str, Conflit]) -> None:
    """What a colleague answered meanwhile is beside what I typed."""
    for formulaire in formulaires:
        formulaire.conflit = conflits.get(formulaire.question)


def signaler_l_irrealisable(formulaires: Sequence[QuestionForm], refus: Irrealisable) -> None:
    """At its own question; what was typed stays."""
    for formulaire in formulaires:
        if formulaire.question == Examen.Question.REALISABLE:
            formulaire.add_error("favorable", str(refus))


def erreurs_des_questions(formulaires: Sequence[QuestionForm]) -> list[tuple[str, str, str]]:
    """The question, the place to go to, what is wrong."""
    return [
        (str(un.question.label), _ancre(un, champ), erreur)
        for un in formulaires
        for champ, siennes in un.errors.items()
        for erreur in siennes
    ]


def _ancre(formulaire: QuestionForm, champ: str) -> str:
    """Radio buttons have no id of their own: the question's title has one."""
    return (formulaire[champ].id_for_label if champ in formulaire.fields else "") or formulaire.question.value


# --- Comments ----------------------------------------------------------------------------------------------------
class CommentaireForm(forms.Form):
    cle = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, error_messages=INCOMPLET)
    texte = Texte(
        label="Votre commentaire",
        max_length=COMMENTAIRE_MAX,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={
            "required": "Écrivez votre commentaire.",
            "max_length": "Ce commentaire dépasse 2\u202f000\u00a0caractères\u00a0: raccourcissez-le.",
        },
    )

    def changer_de_cle(self) -> None:
        """The last key has served: sent again, this is another comment."""
        self.data = self.data.copy()
        self.data["cle"] = str(uuid.uuid4())
