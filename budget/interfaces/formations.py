"""What the pages of trainings take and show."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from budget.domain.formations import CHAMPS, SaisieFormation
from budget.interfaces.champs import ChoixDeCle, choix, phrase
from budget.interfaces.filtres import Filtres, filtres
from budget.models import BesoinFormation, Equipe, ReglagesFormation
from budget.queries.besoins_detectes import BesoinDetecte
from budget.queries.formations import ChoixDeFormation
from budget.rules.formations import BILAN_MAX, LONGUEURS, RAISON_MAX
from diagnostic.interfaces.formulaires import INCOMPLETE
from plans.interfaces.a_plusieurs import ChoixDeLiens, FormulaireAPlusieurs, Texte
from strategie.socle.domain.calendrier import annee_precedente, annee_suivante
from strategie.socle.interfaces.nombres import ChampDecimal
from strategie.socle.rules import decimal_en_phrase

Etat, Modalite = BesoinFormation.Etat, BesoinFormation.Modalite
TRIMESTRES = [("1", "1er\u00a0trimestre"), ("2", "2e\u00a0trimestre"), ("3", "3e\u00a0trimestre")]
ENTIER = "Donnez un nombre entier."
CLASSES = {
    Etat.EXPRIME: "",
    Etat.DEMANDE: "attention",
    Etat.ACCORDE: "fait",
    Etat.REALISE: "fait",
    Etat.EVALUE: "fait",
    Etat.REFUSE: "retard",
    Etat.ANNULE: "retard",
}


# --- Writing one -----------------------------------------------------------------------------------------------
class ChoixDEquipes(ChoixDeLiens):
    """Its value is the set of their codes."""

    def to_python(self, value: object) -> frozenset[str]:  # type: ignore[override]
        return frozenset(forms.MultipleChoiceField.to_python(self, value))


def _paragraphe(nom: str, label: str, **options: Any) -> Any:
    """Said in a sentence or two; what may be left out says so in its label."""
    champ = phrase(label, LONGUEURS[nom], required=False, **options)
    champ.widget = forms.Textarea(attrs={"rows": 2, "dir": "auto"})
    return champ


class Nombre(forms.IntegerField):
    def __init__(self, **options: Any) -> None:
        widget = forms.NumberInput(attrs={"class": "effectif", "inputmode": "numeric"})
        super().__init__(widget=widget, error_messages={"invalid": ENTIER, "required": ENTIER}, **options)


class FormationForm(FormulaireAPlusieurs):
    """Writing a need of training, or changing it. `tenue`: what is kept, or proposed for what is `nouveau`."""

    cle = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE})
    intitule = phrase(
        "De quelle formation s'agit-il\u00a0?",
        LONGUEURS["intitule"],
        required=False,  # the rule says what lacks
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    constat = _paragraphe(
        "constat",
        "Le constat de départ",
        help_text="Ce qui montre qu'elle manque\u00a0: un résultat d'enquête, un indicateur. Sans nommer personne.",
    )
    objectif = _paragraphe(
        "objectif",
        "L'objectif professionnel",
        help_text="Ce que les personnes sauront faire après\u00a0: «\u00a0Tenir le cahier de textes en ligne\u00a0».",
    )
    equipes = ChoixDEquipes(label="Pour qui", absent="Choisissez les équipes dans la liste.", choices=Equipe.choices)
    effectif = Nombre(label="Nombre de personnes", help_text="Un nombre, jamais des noms.")
    modalite = choix("Modalité", [], widget=forms.RadioSelect)
    annee_scolaire = choix("Année scolaire", [])
    trimestre = forms.TypedChoiceField(
        label="Période souhaitée",
        required=False,
        choices=[("", "Dans l'année"), *TRIMESTRES],
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": "Choisissez le trimestre dans la liste."},
    )
    heures = ChampDecimal(
        label="Durée pour une personne, en heures",
        help_text="Toutes les séances ensemble.",
        error_messages={"required": "Donnez une durée en heures, comme 6 ou 1,5."},
    )
    heures_formateur = ChampDecimal(
        label="Heures de formateurs du district (facultatif)",
        required=False,
        help_text="Deux formateurs pendant six heures font douze heures. Rien si aucun n'intervient.",
    )
    personnes_ressources = _paragraphe(
        "personnes_ressources",
        "Appuis (facultatif)",
        help_text="Qui peut aider\u00a0: une fonction, un service, un établissement voisin.",
    )
    suite = _paragraphe(
        "suite", "La suite dans l'établissement (facultatif)", help_text="Ce qui se passera après la formation."
    )
    effet_attendu = _paragraphe(
        "effet_attendu", "L'effet attendu (facultatif)", help_text="Ce qui dira, quelques mois après, qu'elle a servi."
    )
    indicateur = ChoixDeCle(
        label="Indicateur d'effet (facultatif)",
        required=False,
        absent="Cet indicateur n'est pas, ou n'est plus, un de ceux que suit l'établissement.",
        vide="Aucun",
    )
    action = ChoixDeCle(
        label="Action du plan qu'elle sert (facultatif)",
        required=False,
        absent="Cette action n'est pas, ou n'est plus, dans le plan de l'établissement.",
        vide="Aucune",
    )
    besoin = ChoixDeCle(
        label="Besoin retenu auquel elle répond (facultatif)",
        required=False,
        absent="Ce besoin n'est pas, ou n'est plus, un de ceux que retient l'établissement.",
        vide="Aucun",
    )

    def __init__(
        self,
        donnees: QueryDict | None,
        *,
        tenue: Mapping[str, Any],
        choix_proposes: ChoixDeFormation,
        reglages: ReglagesFormation,
        annee: str,
        nouveau: bool,
    ) -> None:
        """`tenue`: a value for each field of a `SaisieFormation`; `annee`: the school year it is."""
        super().__init__(donnees, tenu=dict(tenue) | ({"cle": uuid.uuid4()} if nouveau else {}), nouveau=nouveau)
        if not nouveau:
            del self.fields["cle"]
        annees = annees_a_choisir(annee, tenue["annee_scolaire"])
        self.fields["annee_scolaire"].choices = [(une, une) for une in annees]
        self.fields["modalite"].choices = modalites_dites(reglages)
        for nom, proposes in (
            ("indicateur", choix_proposes.indicateurs),
            ("action", choix_proposes.actions),
            ("besoin", choix_proposes.besoins),
        ):
            self.fields[nom].proposer(proposes)

    def clean_heures_formateur(self) -> Decimal:
        return self.cleaned_data["heures_formateur"] or Decimal("0.00")

    def saisie(self) -> SaisieFormation:
        return SaisieFormation(**{nom: self.cleaned_data[nom] for nom in CHAMPS})

    def base(self) -> SaisieFormation:
        """What the page showed."""
        return SaisieFormation(**self.lu())

    def _lu(self, nom: str, champ: forms.Field) -> Any:
        textes = self.data.getlist(f"lu-{nom}")
        if nom == "equipes":
            return frozenset(textes) & set(Equipe.values)
        if nom == "trimestre":
            return int(textes[0]) if textes and textes[0] in ("1", "2", "3") else None
        return super()._lu(nom, champ)

    def en_mots(self, nom: str, valeur: Any) -> str:
        if isinstance(valeur, frozenset):
            return equipes_en_mots(valeur)
        if isinstance(valeur, Decimal):
            return decimal_en_phrase(valeur)
        if nom == "trimestre":
            return dict(TRIMESTRES).get(str(valeur), "Dans l'année")
        return super().en_mots(nom, valeur)


def annees_a_choisir(annee: str, tenue: str) -> list[str]:
    """The last one, this one and the three that follow; and the one that is kept."""
    annees = [annee_precedente(annee), annee]
    for _ in range(3):
        annees.append(annee_suivante(annees[-1]))
    return sorted({*annees, tenue} - {""})


def modalites_dites(reglages: ReglagesFormation) -> list[tuple[str, str]]:
    """In the académie's own words."""
    personnes = "personne" if reglages.effectif_minimum == 1 else "personnes"
    locale = f"{nom_de_la_locale(reglages)}, à partir de {reglages.effectif_minimum} {personnes}"
    return [(code, locale if code == Modalite.LOCALE else str(libelle)) for code, libelle in Modalite.choices]


def nom_de_la_locale(reglages: ReglagesFormation) -> str:
    """« Formation d'initiative locale (FIL) »."""
    return f"{reglages.nom_local} ({reglages.sigle})"


def modalite_dite(formation: BesoinFormation, reglages: ReglagesFormation) -> str:
    if formation.modalite == Modalite.LOCALE:
        return nom_de_la_locale(reglages)
    return str(formation.get_modalite_display())


def equipes_en_mots(equipes: Iterable[str]) -> str:
    """In the order of the list: « Enseignants, vie scolaire »; sigles stay as they are."""
    dites = [str(equipe.label) for equipe in Equipe if equipe.value in set(equipes)]
    return ", ".join([*dites[:1], *(dite if dite.isupper() else dite[:1].lower() + dite[1:] for dite in dites[1:])])


def moment_en_mots(formation: BesoinFormation) -> str:
    """« 2e trimestre 2026-2027 », « 2026-2027 »."""
    rang = dict(TRIMESTRES).get(str(formation.trimestre), "")
    return f"{rang} {formation.annee_scolaire}".strip()


def formation_proposee(annee: str, detecte: BesoinDetecte | None) -> dict[str, Any]:
    """What the form of a new one shows: what a survey, the diagnostic or an action says of it."""
    vide = {nom: None if nom in ("trimestre", "indicateur", "action", "besoin") else "" for nom in CHAMPS}
    vide |= {"annee_scolaire": annee, "equipes": frozenset(), "effectif": None, "heures": None}
    vide |= {"heures_formateur": None, "modalite": Modalite.LOCALE}
    if detecte is None:
        return vide
    return vide | {
        "intitule": detecte.intitule[: LONGUEURS["intitule"]],
        "constat": detecte.constat[: LONGUEURS["constat"]],
        "objectif": detecte.objectif[: LONGUEURS["objectif"]],
        "effet_attendu": detecte.effet_attendu[: LONGUEURS["effet_attendu"]],
        "equipes": detecte.equipes,
        "effectif": detecte.effectif,
        "action": detecte.action,
    }


def tenue_de(saisie: SaisieFormation) -> dict[str, Any]:
    return asdict(saisie)


# --- What becomes of it ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ActeDit:
    """How a change of state is asked and told. `texte`: the field that it needs, « raison », « bilan » or none."""

    lien: str
    titre: str
    suite: str
    bouton: str
    fait: str
    texte: str = ""
    danger: bool = False


ACTES_DITS: Mapping[str, ActeDit] = {
    "demander": ActeDit(
        "Demander la formation",
        "Demander cette formation\u00a0?",
        "Elle attendra la réponse du district et de l'académie. La demande écrite s'imprime ensuite de sa fiche.",
        "Demander",
        "La formation est demandée.",
    ),
    "accorder": ActeDit(
        "Accorder",
        "Accorder cette formation\u00a0?",
        "Ses séances pourront se tenir, et ses heures de formateurs sont engagées.",
        "Accorder",
        "La formation est accordée.",
    ),
    "refuser": ActeDit(
        "Refuser",
        "Refuser cette formation\u00a0?",
        "L'établissement lira pourquoi, et pourra la demander de nouveau.",
        "Refuser",
        "La formation est refusée.",
        texte="raison",
        danger=True,
    ),
    "annuler": ActeDit(
        "Annuler",
        "Annuler cette formation\u00a0?",
        "Elle pourra être reprise où elle en était. Les achats qui reposent sur elle seront bloqués.",
        "Annuler la formation",
        "La formation est annulée.",
        texte="raison",
        danger=True,
    ),
    "reprendre": ActeDit(
        "Reprendre",
        "Reprendre cette formation\u00a0?",
        "Elle revient où elle en était\u00a0; refusée, elle est demandée de nouveau.",
        "Reprendre",
        "La formation est reprise.",
    ),
    "realiser": ActeDit(
        "Dire la formation réalisée",
        "La formation est-elle réalisée\u00a0?",
        "Ses séances se sont tenues, les présents sont comptés. Il restera, dans quelques mois, à dire ce qu'elle a "
        "changé.",
        "Dire la formation réalisée",
        "La formation est réalisée. Revenez dans quelques mois dire ce qu'elle a changé.",
    ),
    "evaluer": ActeDit(
        "Évaluer la formation",
        "Qu'a-t-elle changé\u00a0?",
        "",
        "Enregistrer l'évaluation",
        "L'évaluation est enregistrée.",
        texte="bilan",
    ),
}


class ActeForm(forms.Form):
    """A change of state. `version`: the one that the page showed."""

    version = forms.IntegerField(
        widget=forms.HiddenInput, min_value=1, error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE}
    )
    raison = phrase("Pourquoi\u00a0?", RAISON_MAX, required=False, widget=forms.TextInput(attrs={"dir": "auto"}))
    bilan = Texte(
        label="Ce que la formation a changé",
        required=False,
        max_length=BILAN_MAX,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        help_text="Dans les classes, dans l'établissement\u00a0: ce que l'on voit, sans nommer personne.",
        error_messages={"max_length": "Le bilan dépasse 4\u202f000\u00a0caractères\u00a0: raccourcissez-le."},
    )

    def __init__(self, donnees: QueryDict | None, *, formation: BesoinFormation, texte: str) -> None:
        super().__init__(donnees, initial={"version": formation.version, "bilan": formation.bilan})
        for nom in {"raison", "bilan"} - {texte}:
            del self.fields[nom]

    def a_relire(self, formation: BesoinFormation) -> None:
        """Shown again after a refusal: what was typed stays, and the next sending starts from what is kept now."""
        self.data = self.data.copy()
        self.data["version"] = str(formation.version)


# --- The list ----------------------------------------------------------------------------------------------------
TITRES = {
    Etat.EXPRIME: "À demander",
    Etat.DEMANDE: "Demandées, en attente d'une réponse",
    Etat.ACCORDE: "Accordées",
    Etat.REALISE: "Réalisées, à évaluer",
    Etat.EVALUE: "Évaluées",
    Etat.REFUSE: "Refusées",
    Etat.ANNULE: "Annulées",
}


@dataclass(frozen=True)
class LigneFormation:
    formation: BesoinFormation
    quand: str
    pour: str
    modalite: str


@dataclass(frozen=True)
class GroupeDeFormations:
    etat: str
    titre: str
    lignes: tuple[LigneFormation, ...]


def groupes_de_formations(
    formations: Sequence[BesoinFormation], reglages: ReglagesFormation
) -> list[GroupeDeFormations]:
    """By state, in the order of a training's life; the newest year first."""
    return [
        GroupeDeFormations(etat.value, titre, siennes)
        for etat, titre in TITRES.items()
        if (siennes := tuple(ligne_de(une, reglages) for une in formations if une.etat == etat))
    ]


def ligne_de(formation: BesoinFormation, reglages: ReglagesFormation) -> LigneFormation:
    return LigneFormation(
        formation,
        moment_en_mots(formation),
        equipes_en_mots(formation.equipes),
        modalite_dite(formation, reglages),
    )


def filtres_des_formations(
    rangees: Iterable[tuple[str, str]], donnees: QueryDict, chemin: str
) -> tuple[Filtres, dict[str, str]]:
    """`rangees`: the year and the state of each; what is not a filter of these trainings is left aside."""
    facettes = [{"annee": [annee], "etat": [etat]} for annee, etat in rangees]
    annees = sorted({annee for facette in facettes for annee in facette["annee"]}, reverse=True)
    groupes = {
        "annee": ("Année scolaire", {annee: annee for annee in annees}),
        "etat": ("Où elle en est", {str(etat.value): str(etat.label) for etat in Etat}),
    }
    choisis = {nom: donnees[nom] for nom, (_, mots) in groupes.items() if donnees.get(nom) in mots}
    return filtres(facettes, groupes, choisis, chemin, {}), choisis
