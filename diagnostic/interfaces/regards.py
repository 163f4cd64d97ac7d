"""The page of a champ's second look: what it shows of each indicator, and what it was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse

from diagnostic.domain.cotation import Valeur
from diagnostic.domain.regards import SaisieRegard
from diagnostic.interfaces.formulaires import INCOMPLETE
from diagnostic.interfaces.page_champ import DEBUT
from diagnostic.interfaces.saisie import TEXTE_MAX, TexteLibre
from diagnostic.models import LIBELLES_VALEURS, SecondRegard
from diagnostic.queries.regards import ChampRegarde, Regards, VisAVis

CHAMPS = ("valeur", "commentaire", "version")
CHOIX = (("", "Sans avis"), *((valeur.value, LIBELLES_VALEURS[valeur]) for valeur in Valeur))


class RegardForm(forms.Form):
    """One second look. The version is what the page showed: without it nothing is saved."""

    valeur = forms.ChoiceField(
        required=False,
        choices=CHOIX,
        error_messages={"invalid_choice": "Cette réponse n'est pas dans la liste proposée."},
    )
    commentaire = TexteLibre(
        max_length=TEXTE_MAX,
        error_messages={"max_length": "Le commentaire dépasse 10 000 caractères\u00a0: raccourcissez-le."},
    )
    version = forms.IntegerField(min_value=0, error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE})

    @property
    def premiere_erreur(self) -> str:
        return next(iter(self.errors.values()))[0]


class CopieForm(forms.Form):
    """Which signed version the page was about."""

    copie = forms.IntegerField(min_value=1, error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE})


@dataclass(frozen=True)
class LigneRegard:
    """One indicator on the page: what is kept, or what was just typed when that could not be kept."""

    vis_a_vis: VisAVis
    valeur: str
    commentaire: str
    version: int
    erreur: str
    conflit: SecondRegard | None

    @property
    def code(self) -> str:
        return self.vis_a_vis.code


@dataclass
class PageRegard:
    """Everything the template of a champ's second look needs."""

    regards: Regards
    champ: ChampRegarde
    copie: int = 0
    formulaires: Mapping[str, RegardForm] = field(default_factory=dict)
    conflits: Mapping[str, SecondRegard] = field(default_factory=dict)
    refus: str = ""

    def relue(self, regards: Regards, conflits: Mapping[str, SecondRegard]) -> PageRegard:
        """After a save that met conflicts: what is kept now, and what was typed where it could not be kept."""
        champ = regards.champ(self.champ.code) or self.champ
        return replace(self, regards=regards, champ=champ, conflits=conflits)

    @property
    def choix(self) -> tuple[tuple[str, str], ...]:
        return CHOIX

    @property
    def erreurs(self) -> dict[str, str]:
        return {code: f.premiere_erreur for code, f in self.formulaires.items() if not f.is_valid()}

    @property
    def valide(self) -> bool:
        return not (self.refus or self.erreurs)

    @property
    def gardee(self) -> bool:
        return self.valide and not self.conflits

    @property
    def statut(self) -> int:
        return 409 if self.conflits else 422

    @property
    def saisies(self) -> list[SaisieRegard]:
        """Only what differs from what is kept."""
        lignes = {ligne.code: ligne for ligne in self.champ.lignes}
        dites = (SaisieRegard(code=code, **f.cleaned_data) for code, f in self.formulaires.items())
        return [saisie for saisie in dites if not saisie.dit_comme(lignes[saisie.code])]

    @property
    def paliers(self) -> list[tuple[Mapping[str, Any], list[LigneRegard]]]:
        """The indicators asked, palier by palier; a palier that asks nothing is left out."""
        par_palier = [
            (palier, [self._ligne(ligne) for ligne in self.champ.lignes if ligne.signe["palier"] == palier["numero"]])
            for palier in self.regards.paliers
        ]
        return [(palier, lignes) for palier, lignes in par_palier if lignes]

    @property
    def suivant(self) -> ChampRegarde | None:
        return self.regards.suivant(self.champ.code)

    def destination(self, donnees: QueryDict) -> str:
        """Where a kept page leads: the next champ, else the whole of it; here again when that was asked."""
        diagnostic = self.regards.diagnostic
        adresse = [diagnostic.etablissement.uai, diagnostic.campagne.annee_scolaire]
        if "continuer" not in donnees:
            return reverse("regard_champ", args=[*adresse, self.champ.code], fragment=DEBUT)
        if self.suivant is None:
            return reverse("diagnostic_regard", args=adresse, fragment=DEBUT)
        return reverse("regard_champ", args=[*adresse, self.suivant.code], fragment=DEBUT)

    def _ligne(self, vis_a_vis: VisAVis) -> LigneRegard:
        code, conflit = vis_a_vis.code, self.conflits.get(vis_a_vis.code)
        formulaire = self.formulaires.get(code)
        if formulaire is not None and (conflit or not self.valide):
            typee = {nom: formulaire[nom].value() or "" for nom in CHAMPS}
            ligne = typee | {"version": conflit.version if conflit else typee["version"]}
        else:
            ligne = {nom: getattr(vis_a_vis, nom) for nom in CHAMPS}
        return LigneRegard(vis_a_vis=vis_a_vis, erreur=self.erreurs.get(code, ""), conflit=conflit, **ligne)


def lire_regard(donnees: QueryDict, regards: Regards, champ: ChampRegarde) -> PageRegard:
    """What a whole page says, from the fields `<code>-valeur`, `<code>-commentaire`, `<code>-version`."""
    codes = [ligne.code for ligne in champ.lignes if f"{ligne.code}-version" in donnees]
    page = PageRegard(regards, champ, formulaires={code: RegardForm(donnees, prefix=code) for code in codes})
    formulaire = CopieForm(donnees)
    if formulaire.is_valid():
        page.copie = formulaire.cleaned_data["copie"]
    else:
        page.refus = INCOMPLETE
    return page
