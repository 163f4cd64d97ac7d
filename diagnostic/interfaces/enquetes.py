"""Opening a survey and following it: forms, states in words, the text to send."""

from __future__ import annotations

import datetime
import unicodedata
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse

from diagnostic.domain.anonymat import Participation
from diagnostic.domain.bulletins import ECHELLE, EQUIPES, LIBELLES_ECHELLE, LIBELLES_GROUPES, Groupe
from diagnostic.domain.codes import en_paquets
from diagnostic.domain.enquetes import QUESTIONS_PROPRES_MAX, QuestionPropre, ReglagesEnquete
from diagnostic.interfaces.formulaires import INCOMPLETE
from diagnostic.interfaces.repondre import minutes
from diagnostic.models import Enquete
from diagnostic.queries.enquetes import participation_de
from diagnostic.queries.questions_equipes import questions_figees
from diagnostic.rules import (
    coupons_de_secours_possibles,
    empechement_changer_les_dates,
    empechement_durer,
    empechement_encore_une_longue,
    empechement_inviter_si_peu,
    empechement_ouvrir_enquete_le,
    empechement_sans_repos,
    empechement_une_autre_enquete,
    premier_jour_apres,
)
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.models import Etablissement
from strategie.socle.rules import date_en_phrase

ENONCE_MAX, OPTION_MAX, OPTIONS = 200, 80, range(2, 7)
# A sheet of slips is laid out while somebody waits: 1,000 of them take a minute.
INVITES_MAX, COUPONS_MAX = 5_000, 1_000
DUREE_PROPOSEE = datetime.timedelta(days=14)
JOUR = {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
DERNIER_JOUR = "Close ce jour-là à minuit, heure de l'académie. Les résultats paraissent le lendemain à 6\u00a0heures."
FORMES = (
    (
        Enquete.Forme.LONGUE,
        "Une fois par an. Les six champs du diagnostic, environ 6\u00a0minutes\u00a0: de quoi comparer ce que vivent "
        "les équipes à ce que dit la direction.",
    ),
    (
        Enquete.Forme.POULS,
        "Entre deux enquêtes complètes. Huit des mêmes questions, environ 3\u00a0minutes\u00a0: les courbes se "
        "prolongent.",
    ),
)
ACCES = (
    (
        Enquete.Acces.LIEN,
        "Une affiche et un message suffisent, et personne n'a rien à distribuer. En revanche rien n'empêche de "
        "répondre deux fois ni de faire suivre le lien\u00a0: Paliers ne suit personne, il compare seulement le "
        "nombre de réponses au nombre d'invités.",
    ),
    (
        Enquete.Acces.COUPONS,
        "Chaque coupon imprimé donne une réponse et une seule\u00a0: les chiffres sont sûrs. En revanche il faut "
        "imprimer, découper, distribuer au hasard, et un coupon perdu ne se remplace pas à l'identique.",
    ),
)
TYPES = (
    ("echelle", "D'accord ou pas, en cinq degrés"),
    ("oui_non", "Oui ou non"),
    ("choix", "Une réponse dans une liste"),
)


class Moment(StrEnum):
    """Where a survey stands, as screens tell it."""

    PREVUE = "prevue"
    EN_COURS = "en_cours"
    CLOSE = "close"  # until six in the morning
    A_DEPOUILLER = "a_depouiller"  # the worker should have done it
    DEPOUILLEE = "depouillee"
    ANNULEE = "annulee"


ETIQUETTES: Mapping[Moment, tuple[str, str]] = {
    Moment.PREVUE: ("", "prévue"),
    Moment.EN_COURS: ("attention", "en cours"),
    Moment.CLOSE: ("", "close, résultats à 6 heures"),
    Moment.A_DEPOUILLER: ("attention", "close, à dépouiller"),
    Moment.DEPOUILLEE: ("fait", "résultats parus"),
    Moment.ANNULEE: ("", "annulée"),
}


def moment_de(enquete: Enquete, maintenant: datetime.datetime) -> Moment:
    if enquete.etat != Enquete.Etat.OUVERTE:
        return Moment(enquete.etat)
    if enquete.jour_local(maintenant) < enquete.date_ouverture:
        return Moment.PREVUE
    if enquete.jour_local(maintenant) <= enquete.date_cloture:
        return Moment.EN_COURS
    return Moment.CLOSE if maintenant < enquete.resultats_a_partir_de else Moment.A_DEPOUILLER


def quand_les_resultats(enquete: Enquete, maintenant: datetime.datetime) -> str:
    """Before the counting: « demain à 6 heures »."""
    parution = enquete.resultats_a_partir_de.date()
    dans = (parution - enquete.jour_local(maintenant)).days
    quand = {0: "ce matin", 1: "demain"}.get(dans, f"le {date_en_phrase(parution)}")
    return f"Les résultats paraîtront {quand} à 6\u00a0heures."


def phrase_de_participation(participation: Participation, invites: int) -> str:
    """All that may be said before the closing."""
    seuil = participation.seuil
    if not participation.atteint:
        return f"Moins de {seuil}\u00a0personnes ont répondu."
    if participation.depasse:
        return (
            f"Il y a plus de réponses que de personnes invitées ({invites})\u00a0: certaines ont répondu deux fois, ou "
            "le lien a circulé au-delà. Les résultats seront à lire avec prudence."
        )
    taux = f"environ {participation.taux}\u00a0%" if participation.taux else "moins de 5\u00a0%"
    return f"Au moins {seuil}\u00a0personnes ont répondu, soit {taux} des {invites}\u00a0personnes invitées."


# --- The pages ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class LigneEnquete:
    """A survey in the list; `participation` only while it waits in the urn."""

    enquete: Enquete
    moment: Moment
    participation: str = ""

    @property
    def etiquette(self) -> tuple[str, str]:
        return ETIQUETTES[self.moment]


def lignes_des_enquetes(enquetes: Iterable[Enquete], maintenant: datetime.datetime) -> list[LigneEnquete]:
    """One count, for the one that is asked: a school has no more at a time."""
    moments = [(enquete, moment_de(enquete, maintenant)) for enquete in enquetes]
    return [LigneEnquete(e, moment, suivi_de_la_participation(e, moment)) for e, moment in moments]


def suivi_de_la_participation(enquete: Enquete, moment: Moment) -> str:
    """Empty where nothing is to be said yet, or any more."""
    if moment not in (Moment.EN_COURS, Moment.CLOSE, Moment.A_DEPOUILLER):
        return ""
    return phrase_de_participation(participation_de(enquete), enquete.total_invites)


def questions_annoncees() -> list[dict[str, Any]]:
    """What will be asked of the teachers, and whether the « pouls » keeps it."""
    pouls = {item["numero"] for item in questions_figees(Enquete.Forme.POULS, [])["items"]}
    return [
        {"enonce": item["enonces"][Groupe.ENSEIGNANTS], "pouls": item["numero"] in pouls}
        for item in questions_figees(Enquete.Forme.LONGUE, [])["items"]
        if Groupe.ENSEIGNANTS in item["enonces"]
    ]


# --- What is sent to the teams ------------------------------------------------------------------------------
def adresse_du_lien(racine: str, code: str) -> str:
    """The code stands after « # »: browsers send it to no server, so that no access log holds it."""
    return f"{racine.rstrip('/')}{reverse('enquete_entree')}#{en_paquets(code)}"


def message_a_envoyer(enquete: Enquete, racine: str) -> str:
    """Subject and body, to paste in an e-mail."""
    contexte = {
        "enquete": enquete,
        "etablissement": enquete.etablissement,
        "lien": adresse_du_lien(racine, enquete.code) if enquete.code else "",
        "minutes": minutes(enquete),
        "parution": enquete.resultats_a_partir_de.date(),
    }
    return render_to_string("diagnostic/enquetes/message.txt", contexte).strip()


def invites_en_mots(enquete: Enquete) -> list[tuple[str, int]]:
    return [(LIBELLES_GROUPES[groupe], enquete.invites[groupe]) for groupe in Groupe if groupe in enquete.invites]


# --- Forms --------------------------------------------------------------------------------------------------
class ChoixExplique(forms.RadioSelect):
    """Radio buttons, each described by the paragraph `<id>-aide` beside it."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        option["attrs"] |= {"class": "form-check-input", "aria-describedby": f"{option['attrs']['id']}-aide"}
        return option


def en_une_ligne(texte: str) -> str:
    return " ".join(unicodedata.normalize("NFC", texte).split())


class QuestionPropreForm(forms.Form):
    """A question of the school's own; left blank, there is none."""

    enonce = forms.CharField(label="Question", max_length=ENONCE_MAX, required=False)
    type = forms.ChoiceField(
        label="Réponses possibles",
        choices=TYPES,
        required=False,
        error_messages={"invalid_choice": "Choisissez une sorte de réponses dans la liste."},
    )
    options = forms.CharField(
        label="La liste, si vous en proposez une",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text="De deux à six réponses, une par ligne.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["enonce"].widget.attrs["dir"] = "auto"

    def clean_enonce(self) -> str:
        return en_une_ligne(self.cleaned_data["enonce"])

    def clean_options(self) -> tuple[str, ...]:
        options = tuple(filter(None, map(en_une_ligne, self.cleaned_data["options"].splitlines())))
        if any(len(option) > OPTION_MAX for option in options):
            raise ValidationError(f"Chaque réponse tient en {OPTION_MAX} caractères.")
        if len({option.casefold() for option in options}) < len(options):
            raise ValidationError("La même réponse est écrite deux fois.")
        return options

    def clean(self) -> None:
        enonce, options = self.cleaned_data.get("enonce"), self.cleaned_data.get("options")
        if options and enonce == "":
            self.add_error("enonce", "Écrivez la question qui va avec cette liste.")
        if not enonce or options is None:
            return
        if self.cleaned_data.get("type") != "choix":
            if options:
                self.add_error(
                    "options", f"Cette liste ne sert que pour «\u00a0{TYPES[-1][1]}\u00a0»\u00a0: effacez-la."
                )
        elif len(options) not in OPTIONS:
            self.add_error("options", "Écrivez de deux à six réponses, une par ligne.")

    @property
    def question(self) -> QuestionPropre | None:
        lu = self.cleaned_data
        if not lu["enonce"]:
            return None
        return QuestionPropre(lu["enonce"], lu["type"] or TYPES[0][0], lu["options"])


def _lieu(formulaire: forms.Form, nom: str) -> tuple[str, str] | None:
    champ = formulaire[nom] if nom in formulaire.fields else None
    return None if champ is None or champ.is_hidden else (champ.auto_id, champ.label)


def _effectif(groupe: Groupe) -> forms.IntegerField:
    return forms.IntegerField(
        label=LIBELLES_GROUPES[groupe],
        min_value=0,
        max_value=INVITES_MAX,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "effectif"}),
    )


class OuvertureForm(forms.Form):
    """What a survey will be. `tenues`: those that the school has had (`enquetes_tenues`)."""

    cle = forms.UUIDField(
        widget=forms.HiddenInput, initial=uuid.uuid4, error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE}
    )
    forme = forms.ChoiceField(
        label="Quelle enquête\u00a0?",
        choices=Enquete.Forme.choices,
        widget=ChoixExplique,
        error_messages={"required": "Choisissez l'enquête complète ou le pouls."},
    )
    acces = forms.ChoiceField(
        label="Comment y répond-on\u00a0?",
        choices=Enquete.Acces.choices,
        widget=ChoixExplique,
        error_messages={"required": "Choisissez le lien ou les coupons."},
    )
    date_ouverture = forms.DateField(label="Premier jour", **JOUR)
    date_cloture = forms.DateField(label="Dernier jour", help_text=DERNIER_JOUR, **JOUR)
    enseignants = _effectif(Groupe.ENSEIGNANTS)
    vie_scolaire = _effectif(Groupe.VIE_SCOLAIRE)
    aesh_agents = _effectif(Groupe.AESH_AGENTS)
    parents = _effectif(Groupe.PARENTS)
    eleves = _effectif(Groupe.ELEVES)

    def __init__(
        self,
        donnees: Any,
        *,
        etablissement: Etablissement,
        tenues: Collection[Enquete],
        jour: datetime.date,
        seuil: int,
    ) -> None:
        """`jour`: the date it is in the académie."""
        self.etablissement, self.tenues, self.jour, self.seuil = etablissement, tenues, jour, seuil
        premier = max(jour, premier_jour_apres(tenues) or jour)
        longue = Enquete.Forme.LONGUE
        longue_possible = empechement_encore_une_longue(longue, annee_scolaire(premier), tenues) is None
        initial = {
            "forme": longue if longue_possible else Enquete.Forme.POULS,
            "acces": Enquete.Acces.LIEN,
            "date_ouverture": premier,
            "date_cloture": premier + DUREE_PROPOSEE,
        }
        super().__init__(donnees, initial=initial)
        if premier > jour:
            self.fields["date_ouverture"].help_text = (
                f"Au plus tôt le {date_en_phrase(premier)}\u00a0: deux enquêtes trop proches se compareraient au point "
                "de trahir quelqu'un."
            )
        self.propres = [
            QuestionPropreForm(donnees, prefix=f"q{numero}") for numero in range(1, QUESTIONS_PROPRES_MAX + 1)
        ]

    def is_valid(self) -> bool:
        propres = [propre.is_valid() for propre in self.propres]
        return super().is_valid() and all(propres)

    @property
    def erreurs_partout(self) -> list[tuple[tuple[str, str] | None, str]]:
        """For the top of the page: where each error is (anchor and name; None: nowhere in particular)."""
        erreurs = [(_lieu(self, nom), phrase) for nom, phrases in self.errors.items() for phrase in phrases]
        for rang, propre in enumerate(self.propres, start=1):
            for nom, phrases in propre.errors.items():
                ancre, libelle = _lieu(propre, nom)
                erreurs += [((ancre, f"Question {rang}, {libelle.lower()}"), phrase) for phrase in phrases]
        return erreurs

    @property
    def equipes(self) -> list[forms.BoundField]:
        return [self[groupe] for groupe in EQUIPES]

    @property
    def autour(self) -> list[forms.BoundField]:
        """Those around the teams: parents and pupils."""
        return [self[groupe] for groupe in Groupe if groupe not in EQUIPES]

    @property
    def autour_ouvert(self) -> bool:
        return any(champ.errors or champ.value() for champ in self.autour)

    @property
    def propres_ouvertes(self) -> bool:
        return any(propre.errors or propre["enonce"].value() for propre in self.propres)

    def choix(self, nom: str, aides: Sequence[tuple[str, str]]) -> Iterator[tuple[Any, str]]:
        return zip(self[nom], (aide for _, aide in aides), strict=True)

    @property
    def formes(self) -> Iterator[tuple[Any, str]]:
        return self.choix("forme", FORMES)

    @property
    def manieres(self) -> Iterator[tuple[Any, str]]:
        return self.choix("acces", ACCES)

    @property
    def invites(self) -> dict[str, int]:
        return {groupe: self.cleaned_data.get(groupe) or 0 for groupe in Groupe}

    @property
    def questions_posees(self) -> list[QuestionPropre]:
        return [propre.question for propre in self.propres if propre.is_valid() and propre.question]

    def clean(self) -> None:
        if refus := empechement_une_autre_enquete(self.etablissement, self.tenues):
            raise ValidationError(refus)
        if not any(self.has_error(groupe) for groupe in EQUIPES):
            self._dire(Groupe.ENSEIGNANTS, empechement_inviter_si_peu(self.invites, self.seuil))
        self._verifier_les_coupons()
        ouverture, cloture = self.cleaned_data.get("date_ouverture"), self.cleaned_data.get("date_cloture")
        if ouverture is None:
            return
        trop_tot = empechement_ouvrir_enquete_le(ouverture, self.jour) or empechement_sans_repos(ouverture, self.tenues)
        self._dire("date_ouverture", trop_tot)
        if cloture is None or trop_tot:
            return
        self._dire("date_cloture", empechement_durer(ouverture, cloture))
        forme = self.cleaned_data.get("forme", "")
        self._dire("forme", empechement_encore_une_longue(forme, annee_scolaire(cloture), self.tenues))

    def _verifier_les_coupons(self) -> None:
        if self.cleaned_data.get("acces") == Enquete.Acces.COUPONS and sum(self.invites.values()) > COUPONS_MAX:
            self.add_error(
                "acces",
                "Au-delà de 1\u202f000\u00a0personnes, choisissez le lien\u00a0: la planche serait trop longue.",
            )

    def _dire(self, champ: str, refus: str | None) -> None:
        if refus:
            self.add_error(champ, refus)

    def reglages(self) -> ReglagesEnquete:
        lu = self.cleaned_data
        return ReglagesEnquete(
            forme=lu["forme"],
            acces=lu["acces"],
            date_ouverture=lu["date_ouverture"],
            date_cloture=lu["date_cloture"],
            invites=self.invites,
            propres=self.questions_posees,
        )

    def cle_envoyee(self) -> uuid.UUID | None:
        try:
            return self.fields["cle"].clean(self["cle"].value())
        except ValidationError:
            return None


class DatesForm(forms.Form):
    """Changing when a survey is asked; the first day leaves the form once it has come."""

    date_ouverture = forms.DateField(label="Premier jour", **JOUR)
    date_cloture = forms.DateField(label="Dernier jour", help_text=DERNIER_JOUR, **JOUR)

    def __init__(
        self, donnees: Any, *, enquete: Enquete, siennes: Collection[Enquete], maintenant: datetime.datetime
    ) -> None:
        self.enquete, self.siennes, self.maintenant = enquete, siennes, maintenant
        super().__init__(donnees, initial={champ: getattr(enquete, champ) for champ in self.base_fields})
        if enquete.date_ouverture <= enquete.jour_local(maintenant):
            del self.fields["date_ouverture"]

    @property
    def dates(self) -> dict[str, datetime.date]:
        return {"date_ouverture": self.enquete.date_ouverture} | self.cleaned_data

    def clean(self) -> None:
        if len(self.cleaned_data) < len(self.fields):
            return
        ouverture, cloture = self.dates["date_ouverture"], self.dates["date_cloture"]
        jour = self.enquete.jour_local(self.maintenant)
        autres = [enquete for enquete in self.siennes if enquete != self.enquete]
        if "date_ouverture" in self.fields and (
            refus := empechement_ouvrir_enquete_le(ouverture, jour) or empechement_sans_repos(ouverture, autres)
        ):
            self.add_error("date_ouverture", refus)
        elif refus := empechement_changer_les_dates(self.enquete, ouverture, cloture, self.siennes, self.maintenant):
            self.add_error("date_cloture", refus)


class PlancheForm(forms.Form):
    """The whole sheet; `cle` draws it, and draws it again when its download failed."""

    cle = forms.UUIDField(
        widget=forms.HiddenInput, initial=uuid.uuid4, error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE}
    )


class SecoursForm(forms.Form):
    """How many spare slips; `cle` as for the whole sheet."""

    cle = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)
    nombre = forms.IntegerField(
        label="Nombre de coupons", min_value=1, widget=forms.NumberInput(attrs={"class": "effectif"})
    )

    def __init__(self, donnees: Any, *, enquete: Enquete) -> None:
        super().__init__(donnees, initial={"nombre": 1})
        self.reste = max(0, coupons_de_secours_possibles(enquete) - enquete.coupons_de_secours)
        self.fields["nombre"].widget.attrs["max"] = self.reste


class DirectionForm(forms.Form):
    """The head's own answers: one field an item, « item-3 »; "" is no answer."""

    CHOIX = (
        *((str(valeur), libelle) for valeur, libelle in zip(ECHELLE, LIBELLES_ECHELLE, strict=True)),
        ("", "Sans réponse"),
    )

    def __init__(self, donnees: Any, *, enquete: Enquete, avant: Mapping[int, int]) -> None:
        """`avant`: number of the item → what is kept so far."""
        super().__init__(donnees)
        self.items = enquete.questions["items"]
        for item in self.items:
            self.fields[f"item-{item['numero']}"] = forms.ChoiceField(
                label=enonce_pour_la_direction(item),
                choices=self.CHOIX,
                required=False,
                initial=str(avant.get(item["numero"], "")),
                error_messages={"invalid_choice": "Choisissez une des réponses proposées."},
            )

    @property
    def questions(self) -> list[dict[str, Any]]:
        champs = [(item["domaine"], self[f"item-{item['numero']}"]) for item in self.items]
        return [
            {"domaine": domaine, "champ": champ, "valeur": str(champ.value() or ""), "choix": self.CHOIX}
            for domaine, champ in champs
        ]

    @property
    def reponses(self) -> dict[int, int]:
        lues = ((item["numero"], self.cleaned_data[f"item-{item['numero']}"]) for item in self.items)
        return {numero: int(valeur) for numero, valeur in lues if valeur}


def enonce_pour_la_direction(item: Mapping[str, Any]) -> str:
    return item["enonces"].get("direction") or item["enonces"][Groupe.ENSEIGNANTS]
