"""What the pages of proposals take and show."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from diagnostic.interfaces.formulaires import INCOMPLETE
from plans.domain.actions import SaisieAction
from plans.domain.propositions import Acceptation, SaisieRefus
from plans.interfaces.a_plusieurs import Texte
from plans.interfaces.besoins import Phrase, le_besoin
from plans.interfaces.mots import ORDINAUX, valeur
from plans.interfaces.selection import GroupeDeLiens, Lien
from plans.interfaces.vision import annees_a_venir
from plans.models import Action, Axe, PropositionDeclinee
from plans.queries.offre import ChampOffert, CheminDuChamp, ConditionOuverte, Etat, Offre
from plans.queries.propositions import IndicateurPropose, Proposition
from plans.rules.actions import LONGUEURS
from plans.rules.propositions import ACTEURS, COLLECTIVITE, COMMENTAIRE_MAX, ETABLISSEMENT, ETAT

PLUS_TARD = "Plus tard"
CHOISIR = "Choisissez une réponse de la liste."
ETATS = {
    Etat.PROPOSEE: "Sans réponse",
    Etat.RETENUE: "Besoin retenu",
    Etat.CREEE: "Action créée",
    Etat.DECLINEE: "Déclinée",
}
EFFORTS = {"court": "3\u00a0jours au plus", "moyen": "De 4 à 6\u00a0jours", "long": "Plus de 6\u00a0jours"}
FACETTES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "levier": ("Moyen", dict(Action.Levier.choices)),
    "acteur": ("Qui peut agir", ACTEURS),
    "effort": ("Travail", EFFORTS),
    "etat": ("Où elle en est", ETATS),
}


# --- Taking one up -------------------------------------------------------------------------------------------------
class AcceptationForm(forms.Form):
    """The need and the action, in words that may be changed. With the button « seulement » the action is left out."""

    besoin = le_besoin()
    intitule = Phrase(
        label="Action",
        max_length=LONGUEURS["intitule"],
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        error_messages={
            "required": "Dites en une phrase ce qui sera fait.",
            "max_length": "L'action dépasse 250\u00a0caractères\u00a0: raccourcissez-la.",
        },
    )
    description = Texte(
        label="Pourquoi et comment (facultatif)",
        required=False,
        max_length=LONGUEURS["description"],
        widget=forms.Textarea(attrs={"rows": 9, "dir": "auto"}),
        error_messages={"max_length": "Ce texte dépasse 4\u202f000\u00a0caractères\u00a0: raccourcissez-le."},
    )
    levier = forms.ChoiceField(
        label="Moyen", choices=Action.Levier.choices, error_messages={"required": CHOISIR, "invalid_choice": CHOISIR}
    )
    fonction_porteuse = Phrase(
        label="Qui la porte (facultatif)",
        required=False,
        max_length=LONGUEURS["fonction_porteuse"],
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text="Une fonction, en toutes lettres. Vous pourrez nommer une personne dans la page de l'action.",
        error_messages={"max_length": "Cette fonction dépasse 80\u00a0caractères\u00a0: raccourcissez-la."},
    )
    axe = forms.ChoiceField(
        label="Axe qu'elle sert",
        required=False,
        help_text="L'axe répondra aussi à ce besoin.",
        error_messages={"invalid_choice": "Cet axe n'est pas, ou n'est plus, un axe ouvert de l'établissement."},
    )
    annee_scolaire = forms.ChoiceField(
        label="Année scolaire", error_messages={"required": CHOISIR, "invalid_choice": CHOISIR}
    )
    trimestre = forms.TypedChoiceField(
        label="À partir de quand",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "Dès le début, toute l'année"), *((str(rang), ordinal) for rang, ordinal in ORDINAUX.items())],
        help_text="Jusqu'à la fin de l'année scolaire\u00a0; la page de l'action permet d'être plus précis.",
        error_messages={"invalid_choice": CHOISIR},
    )
    indicateur = forms.BooleanField(required=False)
    facteur = forms.BooleanField(required=False)
    cle = forms.UUIDField(
        widget=forms.HiddenInput, initial=uuid.uuid4, error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE}
    )

    def __init__(
        self,
        donnees: QueryDict | None,
        *,
        condition: ConditionOuverte,
        proposition: Proposition,
        offre: Offre,
        axes: Sequence[Axe],
    ) -> None:
        super().__init__(donnees, initial=_prerempli(proposition, offre.annee))
        self.condition, self.offre = condition, offre
        self.seulement_le_besoin = donnees is not None and "seulement" in donnees
        self.fields["axe"].choices = [("", PLUS_TARD), *((str(axe.pk), axe.intitule) for axe in axes)]
        self.fields["annee_scolaire"].choices = [(annee, annee) for annee in annees_a_venir(offre.annee)]
        self.fields[
            "indicateur"
        ].label = f"Suivre l'indicateur «\u00a0{indicateur_en_mots(proposition.indicateur)}\u00a0»"
        self.fields["facteur"].label = f"Noter ce facteur de réussite\u00a0: «\u00a0{proposition.facteur}\u00a0»"
        if condition.besoin:
            del self.fields["besoin"]

    def clean(self) -> None:
        """What is said of the action does not count when the need alone is kept."""
        if self.seulement_le_besoin:
            for nom in [nom for nom in self.errors if nom not in ("besoin", "cle")]:
                del self.errors[nom]
        elif self.has_error("cle"):  # nobody typed it
            del self.errors["cle"]
            self.add_error(None, INCOMPLETE)

    def saisie(self) -> Acceptation:
        lu = self.cleaned_data
        return Acceptation(
            annee=self.offre.annee,
            depuis=self.offre.source.annee,
            besoin=self.condition.besoin.intitule if self.condition.besoin else lu["besoin"],
            constat=constat_de(self.condition, self.offre),
            action=None if self.seulement_le_besoin else _action(lu),
            indicateur=lu.get("indicateur", False),
            facteur=lu.get("facteur", False),
        )

    def refuser(self, defauts: Mapping[str, str]) -> None:
        """What the act says of each field, at its place."""
        for nom, phrase in defauts.items():
            place = {"axes": "axe"}.get(nom, nom)
            self.add_error(place if place in self.fields else None, phrase)


def _prerempli(proposition: Proposition, annee: str) -> dict[str, Any]:
    return {
        "besoin": proposition.besoin,
        "intitule": proposition.titre,
        "description": description(proposition),
        "levier": proposition.levier,
        "fonction_porteuse": proposition.porteur,
        "annee_scolaire": annee,
        "indicateur": True,
        "facteur": True,
    }


def description(proposition: Proposition) -> str:
    """Why, then how, a step a line."""
    etapes = [f"{rang}. {etape}" for rang, etape in enumerate(proposition.comment, start=1)]
    return "\n".join([proposition.pourquoi, "", "Comment\u00a0:", *etapes])


def _action(lu: Mapping[str, Any]) -> SaisieAction:
    return SaisieAction(
        levier=lu["levier"],
        intitule=lu["intitule"],
        description=lu["description"],
        axes=frozenset({int(lu["axe"])} if lu["axe"] else ()),
        porteur=None,
        fonction_porteuse=lu["fonction_porteuse"],
        contributeurs=frozenset(),
        autres_contributeurs="",
        groupes=(),
        autres_concernes="",
        annee_scolaire=lu["annee_scolaire"],
        trimestre=lu["trimestre"],
        annee_fin=lu["annee_scolaire"],
        trimestre_fin=None,
        echeance=None,
    )


def constat_de(condition: ConditionOuverte, offre: Offre) -> str:
    """What shows the need, in a sentence."""
    champ = next(champ.libelle for champ in offre.champs if champ.code == condition.champ)
    return f"Condition du palier\u00a0{condition.palier}, champ «\u00a0{champ}\u00a0», au {offre.source.en_mots}."


def indicateur_en_mots(indicateur: IndicateurPropose) -> str:
    """« Réunions tenues, de 0 à 2 réunions par an »."""
    cible = valeur(indicateur.cible, indicateur.unite)
    if indicateur.depart is None:
        return f"{indicateur.intitule}, cible\u00a0: {cible}"
    return f"{indicateur.intitule}, de {valeur(indicateur.depart)} à {cible}"


# --- Declining one ----------------------------------------------------------------------------------------------
class RefusForm(forms.Form):
    raison = forms.ChoiceField(
        label="Pourquoi ne pas la retenir\u00a0?",
        choices=PropositionDeclinee.Raison.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Dites pourquoi vous ne la retenez pas.",
            "invalid_choice": "Dites pourquoi vous ne la retenez pas.",
        },
    )
    competence = forms.ChoiceField(
        label="De qui est-ce la compétence\u00a0?",
        required=False,
        choices=[("", "À préciser si c'est hors de votre compétence"), *PropositionDeclinee.Competence.choices],
        error_messages={"invalid_choice": "Dites de qui c'est la compétence\u00a0: la collectivité ou l'État."},
    )
    commentaire = Phrase(
        label="Un mot de plus (facultatif)",
        required=False,
        max_length=COMMENTAIRE_MAX,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text="Pour vous en souvenir l'an prochain.",
        error_messages={"max_length": "Le commentaire dépasse 400\u00a0caractères\u00a0: raccourcissez-le."},
    )

    def saisie(self) -> SaisieRefus:
        return SaisieRefus(**self.cleaned_data)


# --- The list, and its filters that are links -----------------------------------------------------------------------
@dataclass(frozen=True)
class ChampChoisi:
    champ: ChampOffert
    conditions: tuple[ConditionOuverte, ...]


@dataclass(frozen=True)
class Choix:
    """What is shown of an offer: `nombre` of the `total` that answers no filter. `plus_loin`: how many more the other
    paliers have (`tous`: they are shown).
    """

    champs: tuple[ChampChoisi, ...]
    total: int
    nombre: int
    groupes: tuple[GroupeDeLiens, ...]
    actifs: tuple[Lien, ...]
    adresse_nue: str
    tous: bool
    plus_loin: int
    adresse_autre: str


def choisir(offre: Offre, donnees: QueryDict, chemin: str) -> Choix:
    """Those of the next palier of each champ, unless `?paliers=tous`; what is not a filter is left aside."""
    proposees = [condition for condition in offre.conditions if condition.proposition]
    tous = donnees.get("paliers") == "tous"
    vues = [condition for condition in proposees if tous or condition.prochaine]
    choisis = {nom: donnees[nom] for nom, (_, valeurs) in FACETTES.items() if donnees.get(nom) in valeurs}
    paliers = {"paliers": "tous"} if tous else {}

    def adresse(choix: Mapping[str, str]) -> str:
        return f"{chemin}?{urlencode(choix)}" if choix else chemin

    def lien(nom: str, code: str) -> Lien:
        actif = choisis.get(nom) == code
        autres = {cle: v for cle, v in choisis.items() if cle != nom}
        nombre = len(_qui_repondent(vues, autres | {nom: code}))
        return Lien(FACETTES[nom][1][code], nombre, adresse(paliers | autres | ({} if actif else {nom: code})), actif)

    groupes = [
        GroupeDeLiens(libelle, [un for code in valeurs if (un := lien(nom, code)).nombre or un.actif])
        for nom, (libelle, valeurs) in FACETTES.items()
    ]
    retenues = _qui_repondent(vues, choisis)
    return Choix(
        champs=tuple(_par_champ(offre, retenues)),
        total=len(vues),
        nombre=len(retenues),
        groupes=tuple(groupe for groupe in groupes if groupe.liens),
        actifs=tuple(lien(nom, code) for nom, code in choisis.items()),
        adresse_nue=adresse(paliers),
        tous=tous,
        plus_loin=len(proposees) - sum(condition.prochaine for condition in proposees),
        adresse_autre=adresse(choisis | ({} if tous else {"paliers": "tous"})),
    )


def _qui_repondent(conditions: Iterable[ConditionOuverte], choisis: Mapping[str, str]) -> list[ConditionOuverte]:
    return [c for c in conditions if all(_facette(c, nom) == code for nom, code in choisis.items())]


def _facette(condition: ConditionOuverte, nom: str) -> str:
    proposition = condition.proposition
    effort = proposition.effort_max
    return {
        "levier": proposition.levier,
        "acteur": proposition.acteur,
        "effort": "court" if effort <= 3 else "moyen" if effort <= 6 else "long",
        "etat": condition.etat,
    }[nom]


def _par_champ(offre: Offre, conditions: Sequence[ConditionOuverte]) -> Iterable[ChampChoisi]:
    champs = {champ.code: champ for champ in offre.champs}
    for code, siennes in groupby(conditions, key=lambda condition: condition.champ):
        yield ChampChoisi(champs[code], tuple(siennes))


# --- The shortest way up ------------------------------------------------------------------------------------------
def phrase_du_chemin(chemin: CheminDuChamp) -> str:
    """« 3 conditions pour le palier 2, toutes entre vos mains. »; « …\u00a0: 2 entre vos mains, 1 à demander à… »."""
    palier = f"le palier\u00a0{chemin.champ.palier + 1}"
    nombres, total = chemin.nombres, chemin.nombre
    if not total:
        return f"Rien ne manque dans la liste pour {palier}."
    debut = f"{total}\u00a0condition{'s' if total > 1 else ''} pour {palier}"
    if len(nombres) > 1:
        return f"{debut}\u00a0: {', '.join(_part(acteur, nombre) for acteur, nombre in nombres.items())}."
    (acteur,) = nombres
    return f"{debut}, {'toutes ' if total > 1 else ''}{_part(acteur, None)}."


def _part(acteur: str, nombre: int | None) -> str:
    mots = {
        ETABLISSEMENT: "entre vos mains",
        COLLECTIVITE: "à demander à la collectivité",
        ETAT: "à demander à l'État",
    }[acteur]
    return mots if nombre is None else f"{nombre}\u00a0{mots}"
