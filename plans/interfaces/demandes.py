"""What the pages of requests take and show; the letter."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django import forms
from django.http import QueryDict
from django.utils import timezone

from diagnostic.interfaces.formulaires import INCOMPLETE
from plans.domain.demandes import SaisieDemande, SaisieReponse, lire_demande
from plans.interfaces.a_plusieurs import Texte
from plans.interfaces.besoins import Phrase
from plans.models import Demande, PropositionDeclinee
from plans.queries.offre import ConditionOuverte, Offre
from plans.queries.propositions import Proposition
from plans.rules.demandes import DELAI_PROPOSE, OBJET_MAX, REPONSE_MAX, TEXTE_MAX, retard_en_mots
from plans.rules.propositions import COLLECTIVITE, ETABLISSEMENT
from strategie.socle.interfaces.pdf import rendre_pdf
from strategie.socle.models import Etablissement
from strategie.socle.rules import date_en_phrase

JOUR = {
    "widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    "error_messages": {
        "required": "Indiquez une date.",
        "invalid": "Écrivez cette date sous la forme jj/mm/aaaa.",
    },
}


class FormulaireDeDemande(forms.Form):
    reparti = False

    def refuser(self, defauts: Mapping[str, str]) -> None:
        """What the act says of each field, at its place."""
        for nom, phrase in defauts.items():
            self.add_error(nom if nom in self.fields else None, phrase)

    def repartir(self, actuelle: Demande) -> None:
        """Somebody else has written: what is kept now is shown beside each field, mine stays in it."""
        self.reparti = True
        self.data = self.data.copy()
        self.data["version"] = str(actuelle.version)
        for nom in self.fields:
            tenu = getattr(actuelle, nom)
            if nom != "version" and tenu != self.cleaned_data[nom]:
                self.add_error(
                    nom,
                    f"Quelqu'un d'autre l'a changé pendant que vous écriviez\u00a0: «\u00a0{_en_mots(actuelle, nom)}"
                    "\u00a0». Votre réponse est encore là\u00a0: gardez-la ou reprenez l'autre, puis enregistrez.",
                )


def _en_mots(demande: Demande, nom: str) -> str:
    tenu = getattr(demande, nom)
    if nom == "suite":
        return demande.get_suite_display() or "en attente"
    return date_en_phrase(tenu) if isinstance(tenu, datetime.date) else str(tenu or "(vide)")


class DemandeForm(FormulaireDeDemande):
    destinataire = forms.ChoiceField(
        label="À qui",
        choices=PropositionDeclinee.Competence.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez à qui la demande s'adresse.",
            "invalid_choice": "Choisissez à qui la demande s'adresse.",
        },
    )
    objet = Phrase(
        label="Objet",
        max_length=OBJET_MAX,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        error_messages={
            "required": "Dites en une phrase ce que vous demandez.",
            "max_length": "L'objet dépasse 250\u00a0caractères\u00a0: raccourcissez-le.",
        },
    )
    texte = Texte(
        label="Demande",
        max_length=TEXTE_MAX,
        widget=forms.Textarea(attrs={"rows": 14, "dir": "auto"}),
        help_text="Relisez et adaptez\u00a0: ce texte est celui de la lettre. Ne nommez pas d'élève.",
        error_messages={
            "required": "Écrivez la demande.",
            "max_length": "La demande dépasse 3\u202f000\u00a0caractères\u00a0: raccourcissez-la.",
        },
    )
    reponse_attendue_le = forms.DateField(label="Réponse attendue le", help_text="Dans un an au plus.", **JOUR)

    def saisie(self) -> SaisieDemande:
        return SaisieDemande(**self.cleaned_data)


class DemandeModifieeForm(DemandeForm):
    """To the same party; `version` is the one that the page showed."""

    destinataire = None
    version = forms.IntegerField(
        widget=forms.HiddenInput, min_value=1, error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE}
    )

    def __init__(self, donnees: QueryDict | None, *, demande: Demande) -> None:
        self.demande = demande
        super().__init__(donnees, initial=asdict(lire_demande(demande)) | {"version": demande.version})

    def saisie(self) -> SaisieDemande:
        lu = {nom: self.cleaned_data[nom] for nom in ("objet", "texte", "reponse_attendue_le")}
        return SaisieDemande(destinataire=self.demande.destinataire, **lu)


class ReponseForm(FormulaireDeDemande):
    suite = forms.ChoiceField(
        label="Quelle suite est donnée\u00a0?",
        choices=Demande.Suite.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Dites quelle suite est donnée.",
            "invalid_choice": "Dites quelle suite est donnée.",
        },
    )
    reponse = Texte(
        label="Ce qui a été répondu (facultatif)",
        required=False,
        max_length=REPONSE_MAX,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        error_messages={"max_length": "La réponse dépasse 2\u202f000\u00a0caractères\u00a0: raccourcissez-la."},
    )
    repondue_le = forms.DateField(label="Reçue le", **JOUR)
    version = forms.IntegerField(
        widget=forms.HiddenInput, min_value=1, error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE}
    )

    def __init__(self, donnees: QueryDict | None, *, demande: Demande, jour: datetime.date) -> None:
        initial = {"suite": demande.suite, "reponse": demande.reponse, "version": demande.version}
        super().__init__(donnees, initial=initial | {"repondue_le": demande.repondue_le or jour})

    def saisie(self) -> SaisieReponse:
        return SaisieReponse(**{nom: self.cleaned_data[nom] for nom in ("suite", "reponse", "repondue_le")})


# --- A request made from a proposal ---------------------------------------------------------------------------------
def demande_preremplie(
    condition: ConditionOuverte, proposition: Proposition, offre: Offre, jour: datetime.date
) -> dict[str, object]:
    """To whom the proposal names, else to whom the school has said that it belongs."""
    declinee = condition.declinee.competence if condition.declinee else ""
    nomme = proposition.acteur if proposition.acteur != ETABLISSEMENT else ""
    return {
        "destinataire": declinee or nomme or COLLECTIVITE,
        "objet": proposition.titre,
        "texte": _lettre(condition, proposition, offre),
        "reponse_attendue_le": jour + DELAI_PROPOSE,
    }


def _lettre(condition: ConditionOuverte, proposition: Proposition, offre: Offre) -> str:
    source = offre.source
    signe = f", signé le {date_en_phrase(timezone.localdate(source.signee_le))}," if source.signee_le else ", en cours,"
    etapes = [f"– {etape}" for etape in proposition.comment]
    return "\n".join(
        [
            "Madame, Monsieur,",
            "",
            f"Le diagnostic numérique {source.annee} de notre établissement{signe} montre qu'une condition du "
            f"palier\u00a0{condition.palier} manque\u00a0: «\u00a0{condition.enonce.removesuffix('.')}\u00a0» "
            f"({condition.code}).",
            "",
            f"Notre besoin\u00a0: {_en_phrase(proposition.besoin)}. {proposition.pourquoi}",
            "",
            "Nous ne pouvons pas y répondre seuls. Voici ce que nous vous proposons de faire ensemble\u00a0:",
            *etapes,
            "",
            "Pouvez-vous nous dire ce qu'il est possible d'engager, et selon quel calendrier\u00a0?",
            "",
            "Nous vous remercions de l'attention que vous porterez à cette demande.",
        ]
    )


def _en_phrase(texte: str) -> str:
    """Within a sentence: « disposer de… »."""
    return texte[:1].lower() + texte[1:].removesuffix(".")


# --- The list, the letter --------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class LigneDemande:
    """`retard`: « en retard de 12 jours », or nothing."""

    demande: Demande
    retard: str


@dataclass(frozen=True)
class ListeDeDemandes:
    en_attente: tuple[LigneDemande, ...]
    repondues: tuple[LigneDemande, ...]

    @property
    def en_retard(self) -> int:
        return sum(bool(ligne.retard) for ligne in self.en_attente)


def liste_de_demandes(demandes: list[Demande], jour: datetime.date) -> ListeDeDemandes:
    lignes = [LigneDemande(d, "" if d.suite else retard_en_mots(d.reponse_attendue_le, jour)) for d in demandes]
    return ListeDeDemandes(
        tuple(ligne for ligne in lignes if not ligne.demande.suite),
        tuple(ligne for ligne in lignes if ligne.demande.suite),
    )


def nom_du_destinataire(demande: Demande, etablissement: Etablissement) -> str:
    """« Département d'Exemple », « Rectorat, académie : Rennes »."""
    if demande.destinataire == COLLECTIVITE:
        return str(etablissement.collectivite or "La collectivité de rattachement")
    return f"Rectorat · académie\u00a0: {etablissement.academie}"


def rendre_lettre_pdf(demande: Demande, etablissement: Etablissement, fonction: str) -> bytes:
    """A letter to print, in PDF/UA. `fonction`: that of the person who made the request."""
    contexte = {
        "demande": demande,
        "etablissement": etablissement,
        "destinataire": nom_du_destinataire(demande, etablissement),
        "paragraphes": [lignes.split("\n") for lignes in demande.texte.split("\n\n") if lignes.strip()],
        "fonction": fonction,
    }
    return rendre_pdf(
        "plans/pdf/demande.html",
        contexte,
        titre=f"{demande.objet} · {etablissement.nom}",
        auteur=etablissement.nom,
        date=demande.faite_le,
    )
