"""Tags of the diagnostic's pages."""

import datetime
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from diagnostic.domain.conditions import REGLES, Regle, non_concerne
from diagnostic.domain.cotation import Valeur
from diagnostic.interfaces.page_champ import LigneIndicateur
from diagnostic.interfaces.pdf import VOTES, mains_levees
from diagnostic.models import LIBELLES_VALEURS, Indicateur, Preuve, VoteReunion
from diagnostic.queries.copies import ResultatsSignes
from diagnostic.queries.etat import EtatIndicateur
from strategie.socle.interfaces import charts

register = template.Library()
BLOCS_GARDES = 4096  # of some 2.5 kB each

INSECABLE = "\u00a0"


@register.inclusion_tag("composants/profil.svg.html")
def profil(resultats: ResultatsSignes) -> dict[str, Any]:
    """The profile of the champs, with last year's marks where there are some."""
    titre = f"Palier atteint par champ en {resultats.annee}"
    if resultats.annee_avant:
        titre += f" ; le trait marque {resultats.annee_avant}"
    return {
        "profil": charts.profil(charts.Barre(c.libelle, c.palier, c.palier_avant) for c in resultats.champs),
        "titre": titre,
        "description": " ; ".join(f"{champ.libelle} : {champ.palier}" for champ in resultats.champs),
    }


@register.simple_tag
def bloc_indicateur(ligne: LigneIndicateur, empechement: str | None) -> SafeString:
    """The block of one indicator; a block without a word of anybody is made once for every school.

    A version just typed is a text of any length, which is not kept.
    """
    if ligne.sans_texte and isinstance(ligne.version, int):
        return _bloc_sans_texte(ligne.etat.indicateur, ligne.valeur, ligne.version, bool(empechement))
    return _bloc(ligne, bool(empechement))


@lru_cache(maxsize=BLOCS_GARDES)
def _bloc_sans_texte(indicateur: Indicateur, valeur: str, version: int, lecture_seule: bool) -> SafeString:
    etat = EtatIndicateur(indicateur=indicateur, regle=None, reponse=None, preuves=(), vote=None)
    ligne = LigneIndicateur(
        etat=etat, valeur=valeur, motif="", commentaire="", version=version, erreur="", conflit=None, alertes=()
    )
    return _bloc(ligne, lecture_seule)


def _bloc(ligne: LigneIndicateur, lecture_seule: bool) -> SafeString:
    return render_to_string("diagnostic/_indicateur.html", {"ligne": ligne, "empechement": lecture_seule})


@register.filter
def cite(enonce: str) -> str:
    """An énoncé inside a sentence: « … », without its full stop."""
    return f"«{INSECABLE}{enonce.removesuffix('.')}{INSECABLE}»"


@register.filter
def libelle_reponse(indicateur: Mapping[str, Any]) -> str:
    """The answer of a frozen indicator, in a sentence."""
    if not indicateur["valeur"]:
        return "sans réponse"
    libelle = LIBELLES_VALEURS[Valeur(indicateur["valeur"])].lower()
    raison_manque = indicateur["valeur"] == Valeur.sans_objet and not indicateur["motif"].strip()
    return f"{libelle}, sans raison" if raison_manque else libelle


@register.filter
def pourquoi(regle: str) -> str:
    """« non concerné (règle R02) : suppose un internat »."""
    return f"{non_concerne(regle)}{INSECABLE}: {REGLES[Regle(regle)]}"


@register.filter
def decompte(vote: VoteReunion) -> str:
    """« 8 oui, 2 en partie, 1 non »."""
    return mains_levees({nom: getattr(vote, nom) for nom in VOTES})


@register.filter
def ancienne(preuve: Preuve, jour: datetime.date) -> bool:
    """Whether a proof is more than 24 months old on `jour`."""
    return preuve.de_plus_de_deux_ans(jour)


@register.filter
def ecart(paliers: int) -> str:
    """« +1 », « −2 », with the minus sign of typography."""
    return f"{paliers:+d}".replace("-", "\u2212")


@register.filter
def en_phrase(fonction: str) -> str:
    """A function inside a sentence: « principale », but « CPE »."""
    return fonction if fonction[1:2].isupper() else fonction[:1].lower() + fonction[1:]
