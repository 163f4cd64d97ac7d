"""What the pages of the infrastructure take and show."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict
from django.utils import timezone

from budget.domain.debits import Resume, resumer
from budget.domain.reseau import SaisieMesure, SaisieRaccordement, SaisieService
from budget.interfaces.courbe_debit import CourbeDebit, courbe_debit
from budget.models import MesureDebit, Partie, Raccordement, Salle, ServiceReseau
from budget.queries.reseau import WifiDesSalles, de_la_derniere_annee
from budget.rules.reseau import INTITULE_MAX, LIEU_MAX, PRECISION_MAX
from plans.interfaces.a_plusieurs import FormulaireAPlusieurs
from plans.interfaces.indicateurs import HORS_LISTE, champ_date, champ_phrase
from strategie.socle.interfaces.nombres import ChampDecimal
from strategie.socle.models import Etablissement
from strategie.socle.rules import date_en_phrase, decimal_en_phrase

ON_NE_SAIT_PAS = "On ne sait pas"
MESURES_MONTREES = 5
SALLES_PAR_PAGE = 100  # two values a room, and Django reads a thousand
HEURE_INEXISTANTE = "Cette heure n'a pas existé ce jour-là\u00a0: on est passé à l'heure d'été."


def la_partie(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, required=False, choices=[("", ON_NE_SAIT_PAS), *Partie.choices], error_messages=HORS_LISTE
    )


class Debit(ChampDecimal):
    """Megabits per second, typed with or without the unit."""

    unite = "Mbit/s"


class _AvecDates(FormulaireAPlusieurs):
    def en_mots(self, nom: str, valeur: Any) -> str:
        if isinstance(valeur, Decimal):
            return decimal_en_phrase(valeur)
        return date_en_phrase(valeur) if isinstance(valeur, datetime.date) else super().en_mots(nom, valeur)


# --- A line -----------------------------------------------------------------------------------------------------
class RaccordementForm(_AvecDates):
    intitule = champ_phrase(
        "Nom",
        INTITULE_MAX,
        help_text="Ce que l'on en dit\u00a0: «\u00a0Fibre du département\u00a0».",
    )
    technologie = forms.ChoiceField(
        label="Technologie", required=False, choices=Raccordement.Technologie.choices, error_messages=HORS_LISTE
    )
    usage = forms.ChoiceField(label="Pour quoi", choices=Raccordement.Usage.choices, error_messages=HORS_LISTE)
    descendant = Debit(
        label="Débit descendant prévu, en Mbit/s (facultatif)",
        required=False,
        help_text="Celui du contrat. 1\u00a0Gbit/s = 1\u202f000\u00a0Mbit/s.",
    )
    montant = Debit(label="Débit montant prévu, en Mbit/s (facultatif)", required=False)
    payeur = la_partie("Qui paie")
    exploitant = la_partie("Qui s'en occupe")
    contrat_jusqu_au = champ_date("Contrat jusqu'au (facultatif)")

    def __init__(self, donnees: QueryDict | None, *, tenu: SaisieRaccordement | None = None) -> None:
        super().__init__(donnees, tenu=asdict(tenu or SaisieRaccordement("")), nouveau=tenu is None)

    def saisie(self) -> SaisieRaccordement:
        return SaisieRaccordement(**self.cleaned_data)

    def base(self) -> SaisieRaccordement:
        return SaisieRaccordement(**self.lu())


class MesureForm(forms.Form):
    """The date and the hour are those of the school."""

    descendant = Debit(
        label="Débit descendant, en Mbit/s",
        error_messages={"required": "Écrivez le débit descendant que l'outil affiche."},
    )
    montant = Debit(label="Débit montant, en Mbit/s (facultatif)", required=False)
    jour = champ_date("Mesuré le", required=True)
    heure = forms.TimeField(
        label="À",
        widget=forms.TimeInput(attrs={"type": "time", "class": "effectif"}, format="%H:%M"),
        input_formats=["%H:%M", "%H:%M:%S"],
        error_messages=dict.fromkeys(("required", "invalid"), "Écrivez l'heure, comme 10:15."),
    )
    lieu = champ_phrase("Où (facultatif)", LIEU_MAX, help_text="La salle, et par câble ou par le Wi-Fi.")

    def clean(self) -> None:
        super().clean()
        jour, heure = self.cleaned_data.get("jour"), self.cleaned_data.get("heure")
        if jour is None or heure is None:
            return
        dit = datetime.datetime.combine(jour, heure.replace(second=0))
        local = timezone.make_aware(dit)
        if local.astimezone(datetime.UTC).astimezone(local.tzinfo).replace(tzinfo=None) != dit:
            self.add_error("heure", HEURE_INEXISTANTE)
        self.cleaned_data["mesure_le"] = local

    def saisie(self) -> SaisieMesure:
        return SaisieMesure(**{champ.name: self.cleaned_data[champ.name] for champ in fields(SaisieMesure)})


def mesure_a_remplir(maintenant: datetime.datetime) -> Mapping[str, Any]:
    local = timezone.localtime(maintenant)
    return {"jour": local.date(), "heure": local.time().replace(second=0, microsecond=0)}


@dataclass(frozen=True)
class LigneDuReseau:
    """A line, and what its measures of the last twelve months say; `anciennes`: how many are not shown here."""

    raccordement: Raccordement
    resume: Resume | None
    derniere: MesureDebit | None
    dernieres: Sequence[MesureDebit]
    courbe: CourbeDebit | None
    anciennes: int
    echu: bool


def lignes_du_reseau(
    raccordements: Sequence[Raccordement], maintenant: datetime.datetime, montrees: int = MESURES_MONTREES
) -> list[LigneDuReseau]:
    return [_ligne(raccordement, maintenant, montrees) for raccordement in raccordements]


def _ligne(raccordement: Raccordement, maintenant: datetime.datetime, montrees: int) -> LigneDuReseau:
    mesures = list(raccordement.mesures.all())
    recentes = de_la_derniere_annee(mesures, maintenant)
    fin = raccordement.contrat_jusqu_au
    return LigneDuReseau(
        raccordement=raccordement,
        resume=resumer([mesure.descendant for mesure in recentes], raccordement.descendant),
        derniere=mesures[-1] if mesures else None,
        dernieres=mesures[: -montrees - 1 : -1],
        courbe=courbe_debit(raccordement, recentes),
        anciennes=max(0, len(mesures) - montrees),
        echu=fin is not None and fin < timezone.localtime(maintenant).date(),
    )


# --- Services ---------------------------------------------------------------------------------------------------
class ServiceForm(_AvecDates):
    en_place = forms.ChoiceField(
        label="Est-il en place\u00a0?",
        required=False,  # the rule says what lacks
        choices=ServiceReseau.EnPlace.choices,
        widget=forms.RadioSelect,
        error_messages=HORS_LISTE,
    )
    precision = champ_phrase(
        "Précision (facultatif)", PRECISION_MAX, help_text="Le nom du produit, ce qu'il couvre, ce qui manque."
    )
    exploitant = la_partie("Qui s'en occupe")
    verifie_le = champ_date("Vérifié le (facultatif)")

    def __init__(self, donnees: QueryDict | None, *, tenu: SaisieService) -> None:
        super().__init__(donnees, tenu=asdict(tenu), nouveau=False)

    def saisie(self) -> SaisieService:
        return SaisieService(**self.cleaned_data)

    def base(self) -> SaisieService:
        return SaisieService(**self.lu())


COLLECTIVITES = {"ecole": "la commune", "college": "le département", "lycee": "la région"}
ACADEMIE = "la délégation académique au numérique (DRANE)"
# What each service is, in words that a head reads.
EXPLICATIONS = {
    ServiceReseau.Sorte.FILTRAGE: "Les élèves n'accèdent pas à ce qui ne leur est pas destiné.",
    ServiceReseau.Sorte.PARE_FEU: "Ce qui vient d'Internet ne s'adresse pas directement aux postes.",
    ServiceReseau.Sorte.COMPTES: "Chacun ouvre sa session avec son propre compte.",
    ServiceReseau.Sorte.PARC: "Les postes et les tablettes s'installent et se mettent à jour à distance.",
    ServiceReseau.Sorte.SERVEUR: "Les fichiers communs sont quelque part, et l'on sait où.",
    ServiceReseau.Sorte.SAUVEGARDE: "Ce qui se perd se retrouve, et quelqu'un l'a déjà essayé.",
    ServiceReseau.Sorte.WIFI: "Les bornes se règlent ensemble, et chacun n'y entre pas par le même mot de passe.",
}
# Those of which the académie knows something too.
AVEC_L_ACADEMIE = (ServiceReseau.Sorte.FILTRAGE, ServiceReseau.Sorte.COMPTES)


@dataclass(frozen=True)
class LigneDeService:
    """`service` is None when nobody has said anything; `demander`: to whom, when nobody knows."""

    sorte: str
    libelle: str
    explication: str
    service: ServiceReseau | None
    demander: str


def lignes_des_services(etablissement: Etablissement, services: Mapping[str, ServiceReseau]) -> list[LigneDeService]:
    return [ligne_de_service(etablissement, sorte, services.get(sorte)) for sorte in ServiceReseau.Sorte]


def ligne_de_service(etablissement: Etablissement, sorte: str, service: ServiceReseau | None) -> LigneDeService:
    nom = ServiceReseau.Sorte(sorte)
    return LigneDeService(sorte, nom.label, EXPLICATIONS[nom], service, a_qui_demander(etablissement, sorte, service))


def a_qui_demander(etablissement: Etablissement, sorte: str, service: ServiceReseau | None) -> str:
    """Who operates it when that is said; else the collectivité, and the académie for what it runs too."""
    if service and service.exploitant:
        return service.get_exploitant_display()
    collectivite = etablissement.collectivite.nom if etablissement.collectivite else ""
    qui = collectivite or COLLECTIVITES.get(etablissement.type, "la collectivité de rattachement")
    return f"{qui}, ou {ACADEMIE}" if sorte in AVEC_L_ACADEMIE else qui


def service_suivant(services: Mapping[str, ServiceReseau], sorte: str) -> str | None:
    """The next one, after `sorte`, of which nobody has said anything."""
    sortes = list(ServiceReseau.Sorte)
    rang = sortes.index(ServiceReseau.Sorte(sorte))
    return next((autre for autre in sortes[rang + 1 :] if autre not in services), None)


# --- The Wi-Fi of rooms -----------------------------------------------------------------------------------------
class WifiForm(forms.Form):
    """A question a room (« salle-12 »), each with what it showed (« lu-12 »)."""

    tour = forms.BooleanField(
        required=False,
        label="J'ai fait le tour de toutes ces salles\u00a0: dater chaque constat d'aujourd'hui",
    )

    def __init__(self, donnees: QueryDict | None, *, salles: Sequence[Salle], page: str | None = None) -> None:
        """A page of `salles`; sent, the rooms that it showed, were they on another page now."""
        super().__init__(donnees)
        self.page = Paginator(salles, SALLES_PAR_PAGE).get_page(page)
        montrees = self.page if donnees is None else [salle for salle in salles if f"lu-{salle.pk}" in donnees]
        self.salles = list(montrees)
        for salle in self.salles:
            self.fields[f"salle-{salle.pk}"] = forms.ChoiceField(
                label=salle.nom,
                required=False,
                initial=salle.wifi,
                choices=Salle.Wifi.choices,
                widget=forms.RadioSelect,
                error_messages=HORS_LISTE,
            )

    @property
    def questions(self) -> list[tuple[Salle, forms.BoundField, str]]:
        """The room, its question, and what the page showed first."""
        return [(salle, self[f"salle-{salle.pk}"], self._lu(salle)) for salle in self.salles]

    def _lu(self, salle: Salle) -> str:
        return str(self.data.get(f"lu-{salle.pk}", salle.wifi)) if self.is_bound else salle.wifi

    def lus(self) -> dict[int, str]:
        return {salle.pk: self._lu(salle) for salle in self.salles}

    def dits(self) -> dict[int, str]:
        """A room that the page did not show has no answer."""
        return {
            salle.pk: self.cleaned_data[f"salle-{salle.pk}"]
            for salle in self.salles
            if f"salle-{salle.pk}" in self.data
        }


@dataclass(frozen=True)
class BilanDuWifi:
    """`par_etat`: words, how many rooms, and which ones."""

    total: int
    par_etat: Sequence[tuple[str, int, Sequence[Salle]]]
    le: datetime.date | None


def bilan_du_wifi(wifi: WifiDesSalles) -> BilanDuWifi:
    par_etat = [
        (etat.label, wifi.nombre(etat), [salle for salle in wifi.salles if salle.wifi == etat]) for etat in Salle.Wifi
    ]
    return BilanDuWifi(len(wifi.salles), [dit for dit in par_etat if dit[1]], wifi.le)
