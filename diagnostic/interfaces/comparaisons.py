"""What the pages that compare show: the form that names a moment, charts, and readings in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from diagnostic.domain.statistiques import ETENDUE, arrondi
from diagnostic.models import CopieSignee, Enquete
from diagnostic.queries.evolution import ChampEvolue, Evolution, Moment
from diagnostic.queries.evolution_enquetes import EvolutionEnquete, ItemEvolue, MomentEnquete
from diagnostic.queries.semblables import Echelle, Repere
from diagnostic.rules import NOM_D_UN_MOMENT_MAX, empechement_nommer_un_moment

INSECABLE = "\u00a0"


# --- Words ------------------------------------------------------------------------------------------------
def decimale(valeur: Fraction, decimales: int) -> str:
    """« 3,4 », rounded half up; the minus sign is that of typography."""
    ecrite = f"{float(abs(arrondi(valeur, decimales))):.{decimales}f}".replace(".", ",")
    return f"\u2212{ecrite}" if arrondi(valeur, decimales) < 0 else ecrite


def liste(mots: Sequence[str]) -> str:
    """« a, b et c »."""
    return f"{', '.join(mots[:-1])} et {mots[-1]}" if len(mots) > 1 else "".join(mots)


def compter(nombre: int, singulier: str, pluriel: str) -> str:
    return f"{nombre}{INSECABLE}{singulier if nombre < 2 else pluriel}"


def lecture_diagnostics(evolution: Evolution) -> tuple[str, str, str]:
    """Three sentences: paliers, indicators, what cannot be compared."""
    return (
        f"Entre {evolution.avant.court} et {evolution.apres.court}, {_paliers(evolution.champs)}.",
        _indicateurs(evolution),
        _reste(len(evolution.non_comparables), "indicateur ne se compare pas", "indicateurs ne se comparent pas"),
    )


def _paliers(champs: Iterable[ChampEvolue]) -> str:
    montent = [_passage(champ) for champ in champs if champ.ecart and champ.ecart > 0]
    descendent = [_passage(champ) for champ in champs if champ.ecart and champ.ecart < 0]
    if not montent and not descendent:
        return "aucun champ ne change de palier"
    hausse = f"{compter(len(montent), 'champ monte', 'champs montent')} de palier{INSECABLE}: {liste(montent)}"
    baisse = f"{compter(len(descendent), 'champ descend', 'champs descendent')} de palier"
    baisse += f"{INSECABLE}: {liste(descendent)}"
    hausse = hausse if montent else "aucun champ ne monte de palier"
    return f"{hausse}{INSECABLE}; {baisse if descendent else 'aucun ne descend'}"


def _passage(champ: ChampEvolue) -> str:
    return f"{champ.libelle} (de {champ.avant} à {champ.apres})"


def _indicateurs(evolution: Evolution) -> str:
    if not evolution.communs:
        return "Aucun indicateur n'a de réponse connue aux deux moments."
    bilan = (
        f"Sur {compter(evolution.communs, 'indicateur commun', 'indicateurs communs')}, "
        f"{_aucun(evolution.gagnes, 'a progressé', 'ont progressé')} "
        f"et {_aucun(evolution.perdus, 'a reculé', 'ont reculé')}"
    )
    if not evolution.gagnes:
        return f"{bilan}."
    meilleur = max(evolution.champs, key=lambda champ: len(champ.gagnes))
    return f"{bilan}{INSECABLE}; c'est en {meilleur.libelle} que l'on progresse le plus."


def _aucun(nombre: int, singulier: str, pluriel: str) -> str:
    return compter(nombre, singulier, pluriel) if nombre else f"aucun n'{singulier}"


def _reste(nombre: int, singulier: str, pluriel: str) -> str:
    if not nombre:
        return "Tout ce qui a été demandé aux deux moments se compare."
    return f"{compter(nombre, singulier, pluriel)}{INSECABLE}: la liste, plus bas, dit pourquoi."


def lecture_enquetes(evolution: EvolutionEnquete) -> tuple[str, str, str]:
    """Three sentences: how many differences may be read, the strongest, what to be careful of."""
    lisibles = [item for item in evolution.items if item.lisible]
    communes = compter(len(evolution.items), "question commune", "questions communes")
    if not lisibles:
        return (
            f"Sur {communes}, aucune différence n'est interprétable\u00a0: moins de trois personnes "
            "pourraient l'expliquer.",
            "Cela ne veut pas dire que rien n'a changé\u00a0: les réponses sont trop peu nombreuses pour le dire.",
            _prudence(evolution),
        )
    montent = [item for item in lisibles if item.ecart > 0]
    descendent = [item for item in lisibles if item.ecart < 0]
    return (
        f"Sur {communes}, {_ou_aucune(len(montent), 'monte', 'montent')} et "
        f"{_ou_aucune(len(descendent), 'baisse', 'baissent')} assez pour que la différence se lise.",
        _extremes(montent, descendent),
        _prudence(evolution),
    )


def _ou_aucune(nombre: int, singulier: str, pluriel: str) -> str:
    return compter(nombre, singulier, pluriel) if nombre else f"aucune ne {singulier}"


def _extremes(montent: Sequence[ItemEvolue], descendent: Sequence[ItemEvolue]) -> str:
    phrases = []
    if montent:
        phrases.append(f"la plus forte hausse est {_variation(max(montent, key=lambda item: item.ecart))}")
    if descendent:
        phrases.append(f"la plus forte baisse est {_variation(min(descendent, key=lambda item: item.ecart))}")
    phrase = f"{INSECABLE}; ".join(phrases)
    return f"{phrase[:1].upper()}{phrase[1:]}."


def _variation(item: ItemEvolue) -> str:
    citee = f"«{INSECABLE}{item.enonce.removesuffix('.')}{INSECABLE}»"
    return f"{citee}, de {decimale(item.avant.moyenne, 1)} à {decimale(item.apres.moyenne, 1)}"


def _prudence(evolution: EvolutionEnquete) -> str:
    if any(participation.prudence for participation in evolution.participations):
        return "À lire avec prudence\u00a0: l'une des deux au moins n'a pas eu la moitié des réponses attendues."
    return _reste(len(evolution.non_comparables), "question ne se compare pas", "questions ne se comparent pas")


def lecture_semblables(reperes: Sequence[Repere], quoi: str) -> tuple[str, str, str]:
    """Three sentences, from the figures shown only. `quoi`: « part des points »."""
    rappel = "Ces repères situent, ils ne classent pas\u00a0: chaque établissement a son projet et ses moyens."
    places = [repere.place for repere in reperes if repere.place is not None]
    if not places:
        return ("Vos chiffres ne figurent pas\u00a0: rien n'est encore signé pour cette année.", "", rappel)
    dedans = compter(places.count(0), "champ", "champs") if 0 in places else "aucun champ"
    return (
        f"Votre {quoi} est dans la moitié centrale des établissements semblables pour {dedans} sur {len(places)}.",
        _hors_de_la_moitie(
            [repere.libelle for repere in reperes if repere.place == 1],
            [repere.libelle for repere in reperes if repere.place == -1],
        ),
        rappel,
    )


def _hors_de_la_moitie(dessus: Sequence[str], dessous: Sequence[str]) -> str:
    phrases = [f"au-dessus{INSECABLE}: {liste(dessus)}"] if dessus else []
    phrases += [f"au-dessous{INSECABLE}: {liste(dessous)}"] if dessous else []
    phrase = f"{INSECABLE}; ".join(phrases)
    return f"{phrase[:1].upper()}{phrase[1:]}." if phrases else "Aucun champ n'est au-dessus ni au-dessous."


# --- Charts: geometry here, drawing in templates, the same figures in a table beside -----------------------
COLONNE, ECHELLE, LIGNE, BARRE = 290, 320, 48, 14


@dataclass(frozen=True)
class Paire:
    """A line of the chart: then above, now below; None draws nothing."""

    libelle: str
    y: int
    avant: str
    apres: str
    largeur_avant: int
    largeur_apres: int


@dataclass(frozen=True)
class Barres:
    lignes: tuple[Paire, ...]
    titre: str
    description: str

    @property
    def hauteur(self) -> int:
        return LIGNE * len(self.lignes)


def barres_des_paliers(evolution: Evolution) -> Barres:
    lues = [(champ.libelle, champ.avant, champ.apres) for champ in evolution.champs]
    return Barres(
        lignes=tuple(
            Paire(libelle, rang * LIGNE, _palier(avant), _palier(apres), _part(avant, 0, 3), _part(apres, 0, 3))
            for rang, (libelle, avant, apres) in enumerate(lues)
        ),
        titre=f"Palier par champ, {evolution.avant.court} et {evolution.apres.court}",
        description=" ; ".join(f"{libelle} : {_palier(avant)} puis {_palier(apres)}" for libelle, avant, apres in lues),
    )


def barres_des_moyennes(evolution: EvolutionEnquete) -> Barres:
    haut = 1 + ETENDUE
    lues = [(champ.libelle, champ.avant.moyenne, champ.apres.moyenne) for champ in evolution.champs]
    ecrites = [(libelle, decimale(avant, 1), decimale(apres, 1)) for libelle, avant, apres in lues]
    return Barres(
        lignes=tuple(
            Paire(libelle, rang * LIGNE, *ecrites[rang][1:], _part(avant, 1, haut), _part(apres, 1, haut))
            for rang, (libelle, avant, apres) in enumerate(lues)
        ),
        titre=f"Moyenne par champ, {evolution.avant.court} et {evolution.apres.court}",
        description=" ; ".join(f"{libelle} : {avant} puis {apres}" for libelle, avant, apres in ecrites),
    )


def _palier(palier: int | None) -> str:
    return "–" if palier is None else str(palier)


def _part(valeur: Fraction | int | None, bas: int, haut: int) -> int:
    """The width of a bar; the least value still shows."""
    return 0 if valeur is None else max(3, round((valeur - bas) * ECHELLE / (haut - bas)))


@dataclass(frozen=True)
class Etendue:
    """A champ among similar schools: the middle half, its median, and the school's own figure."""

    libelle: str
    y: int
    debut: int
    largeur: int
    mediane: int
    sien: int | None


@dataclass(frozen=True)
class Etendues:
    lignes: tuple[Etendue, ...]
    titre: str
    description: str

    @property
    def hauteur(self) -> int:
        return LIGNE * len(self.lignes)


def etendues(reperes: Sequence[Repere], titre: str, decimales: int) -> Etendues:
    return Etendues(
        lignes=tuple(
            Etendue(
                libelle=repere.libelle,
                y=rang * LIGNE,
                debut=_x(repere.debut, repere.echelle),
                largeur=max(4, _x(repere.fin, repere.echelle) - _x(repere.debut, repere.echelle)),
                mediane=_x(repere.mediane.valeur, repere.echelle),
                sien=None if repere.sien is None else _x(repere.sien, repere.echelle),
            )
            for rang, repere in enumerate(reperes)
        ),
        titre=titre,
        description=" ; ".join(
            f"{repere.libelle} : de {decimale(repere.q1.valeur, decimales)} à {decimale(repere.q3.valeur, decimales)}"
            for repere in reperes
        ),
    )


def _x(valeur: Fraction, echelle: Echelle) -> int:
    return COLONNE + round((valeur - echelle.bas) * ECHELLE / (echelle.haut - echelle.bas))


# --- Naming a moment --------------------------------------------------------------------------------------
class NomForm(forms.Form):
    """A name for a signed copy or for a survey of this school."""

    moment = forms.ChoiceField(
        label="Ce qui est nommé", error_messages={"invalid_choice": "Choisissez un moment de la liste."}
    )
    nom = forms.CharField(
        label="Nom",
        max_length=NOM_D_UN_MOMENT_MAX,
        help_text="Par exemple\u00a0: «\u00a0rentrée\u00a0», «\u00a0avant le conseil\u00a0».",
        error_messages={"required": empechement_nommer_un_moment("", ())},
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )

    def __init__(
        self, *args: Any, signes: Sequence[Moment], depouilles: Sequence[MomentEnquete], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.moments: dict[str, CopieSignee | Enquete] = {f"copie-{moment.cle}": moment.copie for moment in signes}
        self.moments |= {f"enquete-{moment.cle}": moment.enquete for moment in depouilles}
        groupes = [
            ("Diagnostics signés", [(f"copie-{moment.cle}", moment.libelle) for moment in signes]),
            ("Enquêtes", [(f"enquete-{moment.cle}", moment.libelle) for moment in depouilles]),
        ]
        self.fields["moment"].choices = [(nom, choix) for nom, choix in groupes if choix]

    def clean_nom(self) -> str:
        nom = " ".join(self.cleaned_data["nom"].split())
        if refus := empechement_nommer_un_moment(nom, ()):
            raise ValidationError(refus)
        return nom

    @property
    def choisi(self) -> CopieSignee | Enquete:
        return self.moments[self.cleaned_data["moment"]]
