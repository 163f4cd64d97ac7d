"""What the pages of a purchase take and show."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse

from budget.domain.achats import LignesPrevues, SaisieAchat, SaisiePoste, lire_poste
from budget.domain.argent import euros, total
from budget.domain.cycle import REPERES
from budget.interfaces.barres import Barres, Valeur, barres
from budget.interfaces.champs import ChoixDeCle, choix, jour, phrase
from budget.interfaces.lignes import AnneeDExercice, Somme, champ_de_cle, payeurs_a_choisir
from budget.models import Achat, Categorie, Partie, PosteDeCout
from budget.queries.achats import AchatLu, dette_de
from budget.rules.achats import (
    LONGUEURS,
    POSTE_INTITULE_MAX,
    POSTES_MAX,
    RAISON_MAX,
    SANS_INTITULE,
    defauts_de_l_achat,
    defauts_du_poste,
)
from diagnostic.interfaces.formulaires import INCOMPLETE
from plans.interfaces.a_plusieurs import FormulaireAPlusieurs
from strategie.socle.models import Etablissement
from strategie.socle.rules import date_en_phrase

Famille = PosteDeCout.Famille


def entier(label: str, dit: str, **options: Any) -> forms.IntegerField:
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "effectif"})
    return forms.IntegerField(
        label=label, widget=widget, error_messages=dict.fromkeys(("invalid", "required"), dit), **options
    )


def habiller(formulaire: forms.Form) -> None:
    """Fields in a row are drawn by the page itself: they look like those of the other forms."""
    for champ in formulaire.fields.values():
        if not isinstance(champ, forms.BooleanField):
            sorte = "form-select" if isinstance(champ, forms.ChoiceField) else "form-control"
            champ.widget.attrs["class"] = f"{sorte} {champ.widget.attrs.get('class', '')}".strip()


# --- Writing one -----------------------------------------------------------------------------------------------
def nouvel_achat(exercice: int, action: int | None, formation: int | None) -> SaisieAchat:
    """What the form proposes."""
    return SaisieAchat("", "", 1, exercice, REPERES["tablette"], action=action, formation=formation)


class AchatForm(FormulaireAPlusieurs):
    """Writing a purchase, or changing it: `tenu` is what is kept, or proposed."""

    intitule = phrase(
        "Ce qui est acheté",
        LONGUEURS["intitule"],
        error_messages={"required": SANS_INTITULE},
        help_text="En quelques mots\u00a0: «\u00a0Classe mobile de 30 tablettes\u00a0».",
    )
    categorie = choix("Catégorie", Categorie.choices, vide="Choisissez")
    quantite = entier("Combien", "Donnez un nombre entier.")
    exercice = AnneeDExercice(help_text="L'année civile où l'on achète.")
    duree = entier(
        "Années de service prévues",
        "Donnez un nombre entier d'années.",
        help_text="Combien d'années il servira\u00a0: ses coûts sont comptés jusqu'à la dernière.",
    )
    livraison = jour(
        "Livraison prévue le (facultatif)", help_text="La formation se tient avant, ou dans le trimestre qui suit."
    )
    usage = phrase(
        "Usage pédagogique",
        LONGUEURS["usage"],
        required=False,
        help_text="Ce que les élèves et les équipes en feront. Il le faut pour approuver l'achat, comme ce qui suit.",
    )
    public = phrase(
        "Pour qui", LONGUEURS["public"], required=False, help_text="Quelles classes, quels élèves, quelles équipes."
    )
    formation = ChoixDeCle(
        label="Formation de ceux qui s'en serviront",
        required=False,
        absent="Cette formation n'est pas, ou n'est plus, à l'établissement.",
        vide="Pas encore choisie",
    )
    accessibilite = choix(
        "Convient-il aux élèves et aux personnels en situation de handicap\u00a0?",
        [(code, mots) for code, mots in Achat.Accessibilite.choices if code],
        vide="Pas encore vérifié",
        required=False,
    )
    accessibilite_note = phrase(
        "Ce qui a été vérifié, ou l'adaptation prévue",
        LONGUEURS["accessibilite_note"],
        required=False,
    )
    action = ChoixDeCle(
        label="Action du plan (facultatif)",
        required=False,
        absent="Cette action n'est pas, ou n'est plus, dans le plan.",
        vide="Aucune",
    )

    def __init__(
        self,
        donnees: QueryDict | None,
        *,
        tenu: SaisieAchat,
        nouveau: bool,
        annee_courante: int,
        formations: Iterable[tuple[int, str]],
        actions: Iterable[tuple[int, str]],
    ) -> None:
        super().__init__(donnees, tenu=asdict(tenu), nouveau=nouveau)
        self.achat, self.annee_courante = tenu, annee_courante
        self.fields["formation"].proposer(formations)
        self.fields["action"].proposer(actions)
        if nouveau:
            self.fields["cle"] = champ_de_cle()

    def clean(self) -> None:
        super().clean()
        if not self.errors:
            defauts = defauts_de_l_achat(
                self.saisie(),
                annee_courante=self.annee_courante,
                categories=Categorie.values,
                accessibilites=Achat.Accessibilite.values,
            )
            for champ, defaut in defauts.items():
                self.add_error(champ, defaut)

    def saisie(self) -> SaisieAchat:
        return self._en_saisie(self.cleaned_data)

    def base(self) -> SaisieAchat:
        """What the page showed."""
        return self._en_saisie(self.lu())

    def _en_saisie(self, lues: Mapping[str, Any]) -> SaisieAchat:
        return replace(self.achat, **{nom: lues[nom] for nom in self.fields if nom != "cle"})

    def en_mots(self, nom: str, valeur: Any) -> str:
        return date_en_phrase(valeur) if isinstance(valeur, datetime.date) else super().en_mots(nom, valeur)


# --- What it costs ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Proposition:
    """What is said of a family that has no cost yet."""

    de: int
    a: int
    investissement: bool
    aide: str


def propositions(duree: int) -> dict[str, Proposition]:
    """The nine families of DOMAIN.md 5, in their order."""
    une = Proposition(1, 1, False, "Une fois, la première année")
    chaque = Proposition(1, duree, False, "Chaque année")
    fixes = replace(une, investissement=True)
    return {
        Famille.ACHAT: fixes,
        Famille.INSTALLATION: fixes,
        Famille.ACCESSOIRES: une,
        Famille.LICENCES: chaque,
        Famille.ASSURANCE: chaque,
        Famille.MAINTENANCE: replace(chaque, aide="Chaque année, ou une fois à mi-vie"),
        Famille.ENERGIE: chaque,
        Famille.FORMATION: une,
        Famille.FIN_DE_VIE: Proposition(duree, duree, False, "La dernière année"),
    }


LIBRES = 3


class PosteForm(forms.Form):
    """One cost; without an amount it is none."""

    famille = choix("Coût", Famille.choices, required=False)
    intitule = phrase("Précision", POSTE_INTITULE_MAX, required=False)
    montant = Somme(label="Montant par an")
    de = entier("De l'année", "Donnez une année, de 1 à la dernière.")
    a = entier("À l'année", "Donnez une année, de 1 à la dernière.")
    investissement = forms.BooleanField(label="Investissement", required=False)

    def __init__(self, *args: Any, duree: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.duree = duree
        habiller(self)

    def clean(self) -> None:
        if not self.errors and self.cleaned_data["montant"]:
            defauts = defauts_du_poste(self.saisie(), duree=self.duree, familles=Famille.values)
            for champ, defaut in defauts.items():
                self.add_error(champ, defaut)

    @property
    def compte(self) -> bool:
        return bool(self.cleaned_data["montant"])

    def saisie(self) -> SaisiePoste:
        lus = self.cleaned_data
        return SaisiePoste(lus["famille"], lus["montant"], lus["de"], lus["a"], lus["investissement"], lus["intitule"])

    @property
    def libelle(self) -> str:
        """Of the row, for who does not see its column."""
        famille = str(self["famille"].value() or "")
        return str(Famille(famille).label) if famille in Famille.values else "Autre coût"


class CoutsForm:
    """All the costs of a purchase in one form: those it has, the families that have none yet, and some more rows.

    `change`: somebody has written since; sent again, what I typed takes the place of what is kept now.
    """

    def __init__(self, donnees: QueryDict | None, lu: AchatLu) -> None:
        self.duree, self.version, self.change, self.refus = lu.achat.duree, lu.achat.version, False, ""
        self.donnees = donnees
        self.version_lue = _entier(donnees, "version", 1 << 31) if donnees is not None else self.version
        if donnees is None:
            lignes = [_initial(lire_poste(poste)) for poste in lu.postes]
            vides = propositions(self.duree)
            deja = {ligne["famille"] for ligne in lignes}
            lignes += [_vide(famille, vides[famille]) for famille in vides if famille not in deja]
            lignes += [{"famille": "", "de": 1, "a": 1}] * LIBRES
            ordre = list(vides)
            lignes.sort(key=lambda ligne: ordre.index(ligne["famille"]) if ligne["famille"] else len(ordre))
            self.lignes = [
                PosteForm(initial=initial, prefix=f"cout{rang}", duree=self.duree)
                for rang, initial in enumerate(lignes)
            ]
        else:
            nombre = _entier(donnees, "nombre", POSTES_MAX + len(Famille) + LIBRES) or 0
            self.lignes = [PosteForm(donnees, prefix=f"cout{rang}", duree=self.duree) for rang in range(nombre)]
        for ligne in self.lignes:
            if not ligne["famille"].value():
                ligne.fields["famille"].choices = [("", "Choisissez"), *Famille.choices]

    def is_valid(self) -> bool:
        if self.version_lue is None or not self.lignes:
            self.refus = INCOMPLETE
        valides = [ligne.is_valid() for ligne in self.lignes]  # every row says its mistakes
        return all(valides) and not self.refus

    def saisie(self) -> list[SaisiePoste]:
        return [ligne.saisie() for ligne in self.lignes if ligne.compte]

    @property
    def statut(self) -> int:
        if self.donnees is None:
            return 200
        return 409 if self.change else 422


def _entier(donnees: QueryDict | None, nom: str, maximum: int) -> int | None:
    texte = "" if donnees is None else donnees.get(nom, "")
    return int(texte) if texte.isascii() and texte.isdigit() and len(texte) < 12 and int(texte) <= maximum else None


def _initial(poste: SaisiePoste) -> dict[str, Any]:
    return asdict(poste)


def _vide(famille: str, proposition: Proposition) -> dict[str, Any]:
    return {
        "famille": famille,
        "de": proposition.de,
        "a": proposition.a,
        "investissement": proposition.investissement,
    }


# --- Its life --------------------------------------------------------------------------------------------------
class ActeForm(forms.Form):
    """`version`: the one that the page showed."""

    version = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=1,
        max_value=1 << 31,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), INCOMPLETE),
    )

    def __init__(self, donnees: QueryDict | None, *, achat: Achat) -> None:
        super().__init__(donnees, initial={"version": achat.version})
        self.change = False

    @property
    def statut(self) -> int:
        return 409 if self.change else 422 if self.errors else 200

    def signaler(self, achat: Achat) -> None:
        """Sent again, it is of what the page now shows."""
        self.change = True
        self.data = self.data.copy()
        self.data["version"] = str(achat.version)


class LivraisonForm(ActeForm):
    jour = jour("Livré le", required=True)

    def __init__(self, donnees: QueryDict | None, *, achat: Achat, aujourd_hui: datetime.date) -> None:
        super().__init__(donnees, achat=achat)
        self.fields["jour"].initial = aujourd_hui


class AbandonForm(ActeForm):
    raison = phrase("Pourquoi", RAISON_MAX, error_messages={"required": "Dites pourquoi, en une phrase."})


class LignesForm(forms.Form):
    """Who pays for the lines to come."""

    payeur = choix("Qui paie", [], help_text="Chaque ligne se change ensuite une à une, dans le budget.")

    def __init__(self, donnees: QueryDict | None, *, etablissement: Etablissement) -> None:
        propose = Partie.COMMUNE if etablissement.premier_degre else Partie.EPLE
        super().__init__(donnees, initial={"payeur": propose})
        self.fields["payeur"].choices = payeurs_a_choisir(etablissement, propose)


# --- Its pages -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Point:
    """A line of the check-list of row 93. `manque`: the sentence, empty when it is there; `adresse`: what mends it."""

    libelle: str
    dit: str
    manque: str
    adresse: str = ""
    lien: str = ""


def points(lu: AchatLu) -> list[Point]:
    achat, manques = lu.achat, lu.obstacles
    ici = [achat.etablissement.uai, achat.pk]
    modifier = reverse("achat_modifier", args=ici)
    verifie = achat.get_accessibilite_display()
    if achat.accessibilite_note:
        verifie += f"\u00a0: {achat.accessibilite_note}"
    annees = f"{lu.cout.annees[0].exercice} à {lu.cout.annees[-1].exercice}"
    return [
        Point("Usage pédagogique", achat.usage, manques.get("usage", ""), modifier, "Dire l'usage"),
        Point("Pour qui", achat.public, manques.get("public", ""), modifier, "Dire pour qui"),
        Point("Formation", str(achat.formation or ""), manques.get("formation", ""), *_vers_la_formation(lu)),
        Point("Vérification handicap", verifie, manques.get("handicap", ""), modifier, "Répondre"),
        Point(
            "Coût", euros(lu.cout.total), manques.get("cout", ""), reverse("achat_couts", args=ici), "Écrire les coûts"
        ),
        Point(
            "Fonctionnement prévu au budget",
            f"De {annees}, tout est couvert",
            manques.get("lignes", ""),
            reverse("achat_lignes", args=ici),
            "Prévoir les lignes manquantes",
        ),
    ]


def _vers_la_formation(lu: AchatLu) -> tuple[str, str]:
    achat = lu.achat
    if achat.formation is None or achat.formation.supprime_le or achat.livraison is None:
        return reverse(
            "achat_modifier", args=[achat.etablissement.uai, achat.pk]
        ), "Choisir la formation, dater la livraison"
    return reverse("formation", args=[achat.etablissement.uai, achat.formation_id]), "Voir la formation"


@dataclass(frozen=True)
class AnneeMontree:
    rang: int
    exercice: int
    investissement: Decimal
    fonctionnement: Decimal
    total: Decimal
    prevu: Decimal
    manque: Decimal


def annees_montrees(lu: AchatLu) -> list[AnneeMontree]:
    manques = {annee.exercice: annee.manque for annee in lu.dette.annees}
    return [
        AnneeMontree(
            annee.rang,
            annee.exercice,
            annee.investissement,
            annee.fonctionnement,
            annee.total,
            total(prevus.get(annee.exercice, Decimal(0)) for prevus in lu.prevus.values()),
            manques.get(annee.exercice, Decimal("0.00")),
        )
        for annee in lu.cout.annees
    ]


def dessin_des_annees(lu: AchatLu) -> Barres:
    """Whole for the investment, hatched for the running charges."""
    valeurs = [
        Valeur(
            str(annee.exercice),
            int(annee.total * 100),
            euros(annee.total, centimes=False),
            int(annee.fonctionnement * 100),
        )
        for annee in lu.cout.annees
    ]
    return barres("Ce que l'achat coûte, année par année", valeurs, max([1, *(valeur.total for valeur in valeurs)]))


@dataclass(frozen=True)
class TotauxDesAchats:
    cout: Decimal
    aides: Decimal
    reste: Decimal
    dette: Decimal


def totaux(achats: Sequence[AchatLu]) -> TotauxDesAchats:
    """Of those that are not given up."""
    tenus = [lu for lu in achats if lu.achat.etat != Achat.Etat.ABANDONNE]
    return TotauxDesAchats(
        total(lu.cout.total for lu in tenus),
        total(lu.aides for lu in tenus),
        total(lu.cout.reste_a_charge for lu in tenus),
        dette_de(tenus),
    )


def lignes_prevues_en_mots(prevues: LignesPrevues) -> str:
    nombre = len(prevues.creees)
    dit = "Aucune ligne ne manquait." if not nombre else "Une ligne est prévue au budget."
    if nombre > 1:
        dit = f"{nombre} lignes sont prévues au budget."
    if prevues.clos:
        dit += f" Rien n'est écrit dans ce qui est clos\u00a0: {', '.join(map(str, prevues.clos))}."
    return dit
