"""What the pages of indicators, of their readings and of success factors take and show."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

from diagnostic.interfaces.formulaires import INCOMPLETE
from plans.domain.facteurs import SaisieFacteur
from plans.domain.indicateurs import CHAMPS, SaisieIndicateur, VersionDepassee
from plans.domain.releves import SaisieReleve
from plans.interfaces.a_plusieurs import FormulaireAPlusieurs
from plans.interfaces.besoins import Phrase
from plans.models import Action, Experimentation, FacteurReussite, IndicateurSuivi, Releve
from plans.queries.indicateurs import Lecteur, LectureIndicateur, porte_ou_contribue
from plans.queries.mesures import Mesure
from plans.rules.indicateurs import (
    LONGUEURS,
    TEXTE_MAX,
    empechement_un_facteur_de_plus,
    empechement_un_indicateur_de_plus,
    manques_de_l_indicateur,
)
from strategie.socle.domain.empechement import Empeche, SaisieRefusee
from strategie.socle.droits import Droit
from strategie.socle.interfaces.nombres import ChampDecimal
from strategie.socle.models import Etablissement, Utilisateur
from strategie.socle.rules import date_en_phrase, decimal_en_phrase

RETOUR_MAX = 2000
RELEVEE_PAR_NOUS = "Non\u00a0: quelqu'un de l'établissement la relève"
HORS_LISTE = {
    "invalid_choice": "Cette réponse n'est pas dans la liste proposée.",
    "required": "Choisissez une réponse.",
}
DATE_ILLISIBLE = "Écrivez une date complète\u00a0: jour, mois, année."


def champ_date(label: str, *, required: bool = False, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(attrs={"type": "date", "class": "effectif"}, format="%Y-%m-%d"),
        error_messages={"invalid": DATE_ILLISIBLE, "required": DATE_ILLISIBLE},
        **options,
    )


def champ_phrase(label: str, longueur: int, **options: Any) -> Phrase:
    return Phrase(
        label=label,
        required=False,  # what lacks is said by the rules, for the screen and for what comes by a file
        max_length=longueur,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"max_length": f"Ce texte dépasse {longueur}\u00a0caractères\u00a0: raccourcissez-le."},
        **options,
    )


# --- An indicator -------------------------------------------------------------------------------------------
class IndicateurForm(FormulaireAPlusieurs):
    """Adding an indicator, or changing it. `mesures`: the values that the system can read."""

    intitule = champ_phrase(
        "Ce qui est mesuré",
        LONGUEURS["intitule"],
        help_text="En quelques mots\u00a0: «\u00a0Enseignants formés à l'ENT\u00a0», «\u00a0Coupures du Wi-Fi\u00a0».",
    )
    mesure = forms.ChoiceField(
        label="Paliers tient-il déjà cette valeur\u00a0?",
        required=False,
        error_messages=HORS_LISTE,
        help_text=(
            "Si vous en choisissez une, Paliers la relève lui-même, et remplit l'unité, le sens, la source, la cadence "
            "et qui la relève."
        ),
    )
    unite = champ_phrase("Unité", LONGUEURS["unite"], help_text="Par exemple\u00a0: %, postes, heures par semaine.")
    sens = forms.ChoiceField(
        label="Sens",
        choices=IndicateurSuivi.Sens.choices,
        widget=forms.RadioSelect,
        error_messages=HORS_LISTE,
    )
    depart = ChampDecimal(label="Valeur de départ", required=False)
    depart_le = champ_date("Relevée le")
    cible = ChampDecimal(label="Cible", required=False)
    cible_le = champ_date("À atteindre le")
    source = champ_phrase(
        "Source de la valeur",
        LONGUEURS["source"],
        help_text="D'où vient le chiffre\u00a0: un registre, un comptage, un tableau de l'ENT.",
    )
    responsable = champ_phrase("Qui la relève", LONGUEURS["responsable"], help_text="Une fonction ou un nom.")
    cadence = forms.ChoiceField(
        label="Cadence des relevés", choices=IndicateurSuivi.Cadence.choices, error_messages=HORS_LISTE
    )
    agregation = forms.ChoiceField(
        label="Dans un territoire, les valeurs des établissements donnent",
        choices=IndicateurSuivi.Agregation.choices,
        error_messages=HORS_LISTE,
    )

    def __init__(
        self,
        donnees: QueryDict | None,
        *,
        tenu: SaisieIndicateur | None = None,
        mesures: Mapping[str, Mesure],
    ) -> None:
        super().__init__(donnees, tenu=asdict(tenu or NOUVEL_INDICATEUR), nouveau=tenu is None)
        choix = self.fields["mesure"]
        choix.choices = _choix_de_mesures(mesures, tenu.mesure if tenu else "")
        unite = donnees.get("unite", "") if donnees else ""
        for nom in ("depart", "cible"):
            self.fields[nom].unite = unite

    def saisie(self) -> SaisieIndicateur:
        return SaisieIndicateur(**{nom: self.cleaned_data[nom] for nom in CHAMPS})

    def base(self) -> SaisieIndicateur:
        """What the page showed."""
        return SaisieIndicateur(**self.lu())

    def en_mots(self, nom: str, valeur: Any) -> str:
        if isinstance(valeur, Decimal):
            return decimal_en_phrase(valeur)
        return date_en_phrase(valeur) if isinstance(valeur, datetime.date) else super().en_mots(nom, valeur)


NOUVEL_INDICATEUR = SaisieIndicateur(
    **dict.fromkeys(CHAMPS, "")
    | dict.fromkeys(("depart", "depart_le", "cible", "cible_le"))
    | {
        "sens": IndicateurSuivi.Sens.HAUSSE,
        "cadence": IndicateurSuivi.Cadence.TRIMESTRIELLE,
        "agregation": IndicateurSuivi.Agregation.AUCUNE,
    }
)


def _choix_de_mesures(mesures: Mapping[str, Mesure], tenue: str) -> list[Any]:
    """By where they come from; the one that is kept is offered even when nobody knows it any more."""
    groupes = [
        (groupe, [(mesure.code, mesure.libelle) for mesure in siennes])
        for groupe, siennes in groupby(mesures.values(), key=lambda mesure: mesure.groupe)
    ]
    autre = [(tenue, "Une autre valeur tenue par Paliers")] if tenue and tenue not in mesures else []
    return [("", RELEVEE_PAR_NOUS), *autre, *groupes]


# --- A reading ----------------------------------------------------------------------------------------------
class ReleveForm(forms.Form):
    """`remplace`: when the reading of that day that the page showed was written; empty when it showed none."""

    valeur = ChampDecimal(label="Valeur", error_messages={"required": "Écrivez la valeur relevée."})
    date = champ_date("Relevée le", required=True)
    note = Phrase(
        label="Note (facultatif)",
        required=False,
        max_length=TEXTE_MAX,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"max_length": f"La note dépasse {TEXTE_MAX}\u00a0caractères\u00a0: raccourcissez-la."},
    )
    remplace = forms.CharField(widget=forms.HiddenInput, required=False)
    retour = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, donnees: QueryDict | None = None, *, indicateur: IndicateurSuivi, **options: Any) -> None:
        super().__init__(donnees, **options)
        for nom in ("valeur", "date", "note"):
            self.fields[nom].widget.attrs["class"] = "form-control"
        self.fields["valeur"].unite = indicateur.unite
        if indicateur.unite:
            self.fields["valeur"].label = f"Valeur ({indicateur.unite})"

    def clean_remplace(self) -> datetime.datetime | None:
        return instant_lu(self.cleaned_data["remplace"])

    def clean_retour(self) -> str:
        """An address of this site; anything else is forgotten."""
        retour: str = self.cleaned_data["retour"]
        locale = retour.startswith("/") and url_has_allowed_host_and_scheme(retour, allowed_hosts=None)
        return retour if locale and len(retour) <= RETOUR_MAX else ""

    def saisie(self) -> SaisieReleve:
        return SaisieReleve(self.cleaned_data["date"], self.cleaned_data["valeur"], self.cleaned_data["note"])

    def a_remplacer(self, tenu: Releve) -> None:
        """Sent again, it corrects this one."""
        self.data = self.data.copy()
        self.data["remplace"] = tenu.releve_le.isoformat()


def instant_lu(texte: str) -> datetime.datetime | None:
    """When what the page showed was written; anything unreadable stands for nothing seen."""
    try:
        instant = datetime.datetime.fromisoformat(texte)
    except ValueError:
        return None
    return instant if instant.tzinfo else None


def releve_a_remplir(
    indicateur: IndicateurSuivi, jour: datetime.date, retour: str = "", tenu: Releve | None = None
) -> ReleveForm:
    """Empty for `jour`, or with the reading to correct."""
    valeurs = {"date": jour, "retour": retour}
    if tenu:
        valeurs |= {"date": tenu.date, "valeur": tenu.valeur, "note": tenu.note, "remplace": tenu.releve_le.isoformat()}
    return ReleveForm(indicateur=indicateur, initial=valeurs, auto_id=f"releve-{indicateur.pk}-%s")


# --- A success factor ---------------------------------------------------------------------------------------
class FacteurForm(forms.Form):
    texte = champ_phrase(
        "Facteur de réussite",
        TEXTE_MAX,
        help_text="Ce que l'on verra, en une phrase\u00a0: «\u00a0Les élèves rendent leurs travaux par l'ENT\u00a0».",
    )
    atteint = forms.ChoiceField(
        label="Est-ce là\u00a0?",
        choices=[("", "On ne sait pas encore"), *FacteurReussite.Atteint.choices],
        required=False,
        widget=forms.RadioSelect,
        error_messages=HORS_LISTE,
    )
    preuve = champ_phrase("Ce qui le montre", TEXTE_MAX, help_text="Une observation, un document, un témoignage.")

    def saisie(self) -> SaisieFacteur:
        return SaisieFacteur(**{champ.name: self.cleaned_data[champ.name] for champ in fields(SaisieFacteur)})


class AvecVersion(forms.Form):
    """`version`: the one that the page showed. `change`: what somebody else has written since, when they have."""

    version = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=1,
        error_messages=dict.fromkeys(("required", "invalid", "min_value"), INCOMPLETE),
    )
    change: FacteurReussite | Experimentation | None = None

    @property
    def statut(self) -> int:
        """Of the answer that shows the form."""
        return 409 if self.change else 422 if self.errors else 200

    def signaler(self, actuel: FacteurReussite | Experimentation) -> None:
        """Both are on the page; sent again, mine is written over what it now shows."""
        self.change = actuel
        self.data = self.data.copy()
        self.data["version"] = str(actuel.version)


class FacteurModifieForm(FacteurForm, AvecVersion):
    pass


def signaler_le_refus(formulaire: Any, refus: Empeche) -> None:
    """At the fields that it names, beside what somebody else wrote, or above the form."""
    if isinstance(refus, SaisieRefusee):
        for champ, phrase in refus.defauts.items():
            formulaire.add_error(champ, phrase)
    elif isinstance(refus, VersionDepassee) and refus.actuel:
        formulaire.signaler(refus.actuel)
    else:
        formulaire.add_error(None, str(refus))


# --- On the page of an action -------------------------------------------------------------------------------
@dataclass(frozen=True)
class LigneIndicateur:
    """`manques`: what publication would ask for; `releve`: the form of today's value, for those who may read it."""

    lecture: LectureIndicateur
    manques: Sequence[str]
    releve: ReleveForm | None


@dataclass(frozen=True)
class SuiviDeLAction:
    """The indicators and the success factors of an action, for one reader. `empechement`: why no indicator more."""

    action: Action
    lignes: Sequence[LigneIndicateur]
    facteurs: Sequence[FacteurReussite]
    peut_modifier: bool
    peut_relever: bool
    empechement: str | None
    empechement_facteur: str | None


def suivi_de_l_action(
    etablissement: Etablissement, action: Action, lecteur: Utilisateur, jour: datetime.date, retour: str
) -> SuiviDeLAction:
    """Three queries, four for a contributor, and what measured values ask for. `retour`: the page that shows it."""
    lectures = Lecteur(etablissement, jour, etablissement.droits).des_actions([action.pk])[action.pk]
    facteurs = list(FacteurReussite.objects.filter(action=action))
    peut_relever = suit_l_action(etablissement, action, lecteur)
    return SuiviDeLAction(
        action=action,
        lignes=[_ligne(lecture, jour, retour, peut_relever=peut_relever) for lecture in lectures],
        facteurs=facteurs,
        peut_modifier=Droit.MODIFIER_PLAN in etablissement.droits,
        peut_relever=peut_relever,
        empechement=empechement_un_indicateur_de_plus(len(lectures)),
        empechement_facteur=empechement_un_facteur_de_plus(len(facteurs)),
    )


def _ligne(lecture: LectureIndicateur, jour: datetime.date, retour: str, *, peut_relever: bool) -> LigneIndicateur:
    saisit = peut_relever and not lecture.calculee
    return LigneIndicateur(
        lecture=lecture,
        manques=manques_de_l_indicateur(lecture.indicateur),
        releve=releve_a_remplir(lecture.indicateur, jour, retour) if saisit else None,
    )


def suit_l_action(etablissement: Etablissement, action: Action, personne: Utilisateur) -> bool:
    """Whether the person may say where the action stands: any of the plan, or one that she carries."""
    if Droit.MODIFIER_PLAN in etablissement.droits:
        return True
    return Droit.SUIVRE_SES_ACTIONS in etablissement.droits and porte_ou_contribue(action, personne)
