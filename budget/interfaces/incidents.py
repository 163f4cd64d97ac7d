"""What the pages of incidents take and show."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from budget.domain.incidents import Cloture, IncidentChange, SaisieIncident
from budget.models import Equipement, Incident, Lot, Partie
from budget.queries.incidents import Effectif
from budget.rules.incidents import TEXTE_MAX
from diagnostic.interfaces.formulaires import INCOMPLETE
from plans.interfaces.a_plusieurs import FormulaireAPlusieurs
from plans.interfaces.indicateurs import HORS_LISTE, AvecVersion, champ_date, champ_phrase
from strategie.socle.rules import date_en_phrase

PAS_ENVOYE = "Pas encore envoyé"
OUVERTS, CLOS = "ouverts", "clos"


# --- Opening, changing, closing ------------------------------------------------------------------------------
def le_constat() -> forms.Field:
    return champ_phrase(
        "Ce qui ne va pas",
        TEXTE_MAX,
        help_text="Ce que l'on voit\u00a0: «\u00a0ne charge plus\u00a0». Sans nommer personne.",
    )


def le_nombre() -> forms.IntegerField:
    entier = "Donnez un nombre entier."
    return forms.IntegerField(
        label="Combien ne servent plus",
        widget=forms.NumberInput(attrs={"class": "effectif", "min": 1, "inputmode": "numeric"}),
        error_messages={"invalid": entier, "required": entier},
    )


class _Envoi(forms.Form):
    """What is shared by opening and changing: a date without anybody means that nothing was sent."""

    def clean(self) -> Any:
        super().clean()
        if not self.cleaned_data.get("envoye_a") and "envoye_a" not in self.errors:
            self.cleaned_data["envoye_le"] = None
        return None


def le_destinataire() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Envoyé à",
        required=False,
        choices=[("", PAS_ENVOYE), *Partie.choices],
        error_messages=HORS_LISTE,
    )


class IncidentForm(_Envoi):
    """Opening one: on a thing, on a lot, or on one of `lots` that may be chosen here."""

    cle = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE})
    constat = le_constat()
    lot = forms.TypedChoiceField(
        label="Lot (facultatif)", required=False, coerce=int, empty_value=None, error_messages=HORS_LISTE
    )
    hors_service = le_nombre()
    ouvert_le = champ_date("Depuis le", required=True)
    envoye_a = le_destinataire()
    envoye_le = champ_date("Envoyé le")

    def __init__(
        self,
        donnees: QueryDict | None,
        *,
        jour: datetime.date,
        equipement: Equipement | None,
        lot: Lot | None,
        lots: Sequence[Lot],
        mainteneur: str,
    ) -> None:
        """`mainteneur`: to whom it goes by convention."""
        initial = {"cle": uuid.uuid4(), "hors_service": 1, "ouvert_le": jour, "envoye_a": mainteneur, "envoye_le": jour}
        super().__init__(donnees, initial=initial)
        if mainteneur:
            self.fields["envoye_a"].help_text = (
                f"L'inventaire dit que c'est «\u00a0{Partie(mainteneur).label}\u00a0» qui entretient. Si la demande "
                f"n'est pas partie, choisissez «\u00a0{PAS_ENVOYE}\u00a0»."
            )
        if equipement or lot or not lots:
            del self.fields["lot"]
        else:
            self.fields["lot"].choices = [("", "Aucun"), *((siens.pk, siens.intitule) for siens in lots)]
        if equipement and equipement.nombre == 1:
            self.fields["hors_service"].widget = forms.HiddenInput()
        elif equipement:
            self.fields["hors_service"].help_text = (
                f"Cette ligne en compte {equipement.nombre}. S'ils ne sont pas tous en panne, ceux qui le sont "
                "deviennent une ligne à part, à réparer."
            )

    def saisie(self) -> SaisieIncident:
        return SaisieIncident(
            **{nom: self.cleaned_data[nom] for nom in ("constat", "hors_service", "ouvert_le", "envoye_a", "envoye_le")}
        )


class IncidentModifieForm(FormulaireAPlusieurs, _Envoi):
    """Changing one; how many things of a line of the inventory are broken is what that line counts."""

    constat = le_constat()
    hors_service = le_nombre()
    ouvert_le = champ_date("Depuis le", required=True)
    envoye_a = le_destinataire()
    envoye_le = champ_date("Envoyé le")

    def __init__(self, donnees: QueryDict | None, *, tenu: SaisieIncident, sur_une_ligne: bool) -> None:
        super().__init__(donnees, tenu=asdict(tenu), nouveau=False)
        self.incident = tenu
        if sur_une_ligne:
            del self.fields["hors_service"]

    def saisie(self) -> SaisieIncident:
        return SaisieIncident(**(asdict(self.incident) | self.cleaned_data))

    def base(self) -> SaisieIncident:
        return SaisieIncident(**(asdict(self.incident) | self.lu()))

    def en_mots(self, nom: str, valeur: Any) -> str:
        return date_en_phrase(valeur) if isinstance(valeur, datetime.date) else super().en_mots(nom, valeur)


SUITES = {
    Incident.Issue.REPARE: "Réparé\u00a0: il sert de nouveau",
    Incident.Issue.REMPLACE: "Remplacé\u00a0: un autre sert à sa place",
    Incident.Issue.REFORME: "Réformé\u00a0: il ne servira plus",
    Incident.Issue.SANS_SUITE: "Sans suite",
}


class ClotureForm(AvecVersion):
    issue = forms.ChoiceField(
        label="Comment finit-il\u00a0?",
        required=False,  # the rule says what lacks
        choices=list(SUITES.items()),
        widget=forms.RadioSelect,
        error_messages=HORS_LISTE,
    )
    conclusion = champ_phrase("Ce qui a été fait (facultatif, sauf sans suite)", TEXTE_MAX)
    clos_le = champ_date("Le", required=True, help_text="Le jour où il sert de nouveau, ou celui de la décision.")

    def cloture(self) -> Cloture:
        return Cloture(**{nom: self.cleaned_data[nom] for nom in ("issue", "clos_le", "conclusion")})


def apres_la_cloture(incident: Incident) -> str:
    """What the page says once it is closed."""
    if incident.equipement is None:
        return "L'incident est clos."
    etat = Equipement.Etat(incident.equipement.etat).label.lower()
    suite = {
        Incident.Issue.REMPLACE: " Si le numéro de série a changé, corrigez-le sur sa fiche.",
        Incident.Issue.REFORME: " Dites où il va quand il sortira de l'inventaire.",
    }
    return f"L'incident est clos\u00a0; l'équipement est dit «\u00a0{etat}\u00a0».{suite.get(incident.issue, '')}"


def signaler_le_changement(formulaire: ClotureForm, refus: IncidentChange) -> None:
    formulaire.signaler(refus.actuel)


# --- The list ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class LigneIncident:
    """`jours`: how long it has lasted; `a_moi`: this reader may write it."""

    incident: Incident
    jours: int
    a_moi: bool


def lignes_d_incidents(
    incidents: Iterable[Incident], jour: datetime.date, *, tient: bool, proprietaire: str
) -> list[LigneIncident]:
    return [
        LigneIncident(
            incident,
            ((incident.clos_le or jour) - incident.ouvert_le).days,
            tient and (not proprietaire or incident.bien_de == proprietaire),
        )
        for incident in incidents
    ]


@dataclass(frozen=True)
class Filtre:
    """A filter to set, or (`actif`) to take away; `nombre`: the incidents that it would show."""

    libelle: str
    nombre: int
    adresse: str
    actif: bool


@dataclass(frozen=True)
class Filtres:
    """`choisis`: what the address asks for, and that exists."""

    choisis: Mapping[str, str]
    groupes: Sequence[tuple[str, Sequence[Filtre]]]
    nombre: int

    @property
    def actifs(self) -> list[Filtre]:
        return [filtre for _, filtres in self.groupes for filtre in filtres if filtre.actif]


GROUPES = {"etat": "État", "a": "Envoyé à", "lot": "Lot"}


def filtres(effectifs: Sequence[Effectif], donnees: QueryDict, chemin: str) -> Filtres:
    """What is not a filter of these incidents is left aside; each choice counts what the others leave."""
    libelles = {
        "etat": {OUVERTS: "Ouverts", CLOS: "Clos cette année"},
        "a": {"personne": PAS_ENVOYE, **dict(Partie.choices)},
        "lot": {str(e.lot or 0): e.lot_intitule or "Hors d'un lot" for e in effectifs},
    }
    valeurs = [
        ({"etat": CLOS if e.clos else OUVERTS, "a": e.envoye_a or "personne", "lot": str(e.lot or 0)}, e.nombre)
        for e in effectifs
    ]
    choisis = {nom: donnees[nom] for nom in GROUPES if donnees.get(nom) in libelles[nom]}

    def compter(choix: Mapping[str, str]) -> int:
        return sum(n for valeur, n in valeurs if all(valeur[nom] == voulu for nom, voulu in choix.items()))

    def filtre(nom: str, valeur: str) -> Filtre:
        actif, autres = choisis.get(nom) == valeur, {n: v for n, v in choisis.items() if n != nom}
        vers = autres if actif else autres | {nom: valeur}
        adresse = f"{chemin}?{urlencode(vers)}" if vers else chemin
        return Filtre(libelles[nom][valeur], compter(autres | {nom: valeur}), adresse, actif)

    groupes = [(titre, [filtre(nom, valeur) for valeur in libelles[nom]]) for nom, titre in GROUPES.items()]
    utiles = [(titre, [f for f in siens if f.nombre or f.actif]) for titre, siens in groupes]
    return Filtres(
        choisis, [(t, siens) for t, siens in utiles if len(siens) > 1 or any(f.actif for f in siens)], compter(choisis)
    )
