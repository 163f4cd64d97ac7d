"""The page of a champ: what it shows of each indicator, and what it was sent."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.http import QueryDict
from django.urls import reverse

from diagnostic.domain.cotation import Valeur
from diagnostic.domain.plausibilite import RegleDePlausibilite
from diagnostic.domain.reponses import Conflit, Saisie
from diagnostic.interfaces.saisie import ReponseForm, a_change, formulaires_du_champ
from diagnostic.models import LIBELLES_VALEURS, Palier
from diagnostic.queries.etat import EtatChamp, EtatDiagnostic, EtatIndicateur, etat_du_diagnostic
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.interfaces.faits import Fait, faits_offerts

DEBUT = "haut"  # said in each redirect: a browser would otherwise carry the last question's anchor along
CHAMPS = ("valeur", "motif", "commentaire", "version")
ALERTE_VIERGE = RegleDePlausibilite("", False, "", "", frozenset(), "", frozenset())  # for the script to fill
CHOIX = tuple((valeur.value, LIBELLES_VALEURS[valeur]) for valeur in Valeur)


@dataclass(frozen=True)
class LigneIndicateur:
    """One indicator on the page: what is kept, or what was just typed when that could not be kept."""

    etat: EtatIndicateur
    valeur: str
    motif: str
    commentaire: str
    version: int
    erreur: str
    conflit: Conflit | None
    alertes: tuple[RegleDePlausibilite, ...]
    faits: tuple[Fait, ...] = ()

    @property
    def code(self) -> str:
        return self.etat.indicateur.code

    @property
    def choix(self) -> tuple[tuple[str, str], ...]:
        return CHOIX

    @property
    def sans_texte(self) -> bool:
        """Whether the block holds nothing but the référentiel's words, a tick and a version."""
        dits = (self.motif, self.commentaire, self.erreur, self.conflit, self.alertes, self.etat.preuves, self.faits)
        return not any(dits) and not self.etat.a_reconfirmer


@dataclass
class PageChamp:
    """Everything the template of a champ needs."""

    etat: EtatDiagnostic
    champ: EtatChamp
    formulaires: dict[str, ReponseForm] = field(default_factory=dict)
    saisies: list[Saisie] = field(default_factory=list)
    conflits: dict[str, Conflit] = field(default_factory=dict)
    refus: str = ""
    confirmees: int = 0
    faits: Mapping[str, list[Fait]] = field(default_factory=dict)

    def relue(self, conflits: Iterable[Conflit]) -> PageChamp:
        """After a save that met conflicts: what is kept now, and what was typed where it could not be kept."""
        etat = etat_du_diagnostic(self.etat.diagnostic)
        champ = next(champ for champ in etat.champs if champ.champ.code == self.champ.champ.code)
        return replace(self, etat=etat, champ=champ, conflits={conflit.code: conflit for conflit in conflits})

    @property
    def alerte_vierge(self) -> RegleDePlausibilite:
        return ALERTE_VIERGE

    @property
    def erreurs(self) -> dict[str, str]:
        return {code: f.premiere_erreur for code, f in self.formulaires.items() if not f.is_valid()}

    @property
    def valide(self) -> bool:
        return not self.erreurs

    @property
    def gardee(self) -> bool:
        return not (self.erreurs or self.conflits or self.refus)

    @property
    def statut(self) -> int:
        return 409 if self.conflits else 422

    @property
    def paliers(self) -> list[tuple[Palier, list[LigneIndicateur]]]:
        """The indicators asked, palier by palier; a palier that asks nothing is left out."""
        par_palier = {palier: self.champ.du_palier(palier.numero) for palier in self.etat.paliers}
        return [(palier, [self._ligne(etat) for etat in etats]) for palier, etats in par_palier.items() if etats]

    def avec_faits(self, jour: datetime.date) -> PageChamp:
        """With what other parts of Paliers know of the school on that day: beside the questions of its year only."""
        diagnostic = self.etat.diagnostic
        if diagnostic.campagne.annee_scolaire != annee_scolaire(jour):
            return self
        codes = [etat.indicateur.code for etat in self.champ.concernes]
        return replace(self, faits=faits_offerts(diagnostic.etablissement, codes, jour))

    @property
    def autres_reponses(self) -> int:
        """Answers given outside this page, so that its script can keep the total."""
        return self.etat.repondus - self.champ.repondus

    @property
    def autres_a_reconfirmer(self) -> int:
        return len(self.etat.a_reconfirmer) - len(self.champ.a_reconfirmer)

    @property
    def message(self) -> str:
        """What was kept, once it is."""
        if self.confirmees > 1:
            return f"{self.confirmees} réponses sont confirmées."
        return "Votre réponse est confirmée." if self.confirmees else "Vos réponses sont enregistrées."

    @property
    def precedent(self) -> EtatChamp | None:
        return self.etat.voisins(self.champ.champ.code)[0]

    @property
    def suivant(self) -> EtatChamp | None:
        return self.etat.voisins(self.champ.champ.code)[1]

    def destination(self, donnees: QueryDict) -> str:
        """Where a kept page leads: the next champ or the check, as asked; else here again."""
        diagnostic = self.etat.diagnostic
        adresse = [diagnostic.etablissement.uai, diagnostic.campagne.annee_scolaire]
        if "continuer" in donnees:
            if self.suivant is None:
                return reverse("diagnostic_verifier", args=adresse, fragment=DEBUT)
            return reverse("diagnostic_champ", args=[*adresse, self.suivant.champ.code], fragment=DEBUT)
        touche = donnees.get("effacer") or donnees.get("confirmer")
        ancre = touche if touche in self.formulaires else DEBUT
        return reverse("diagnostic_champ", args=[*adresse, self.champ.champ.code], fragment=ancre)

    def _ligne(self, etat: EtatIndicateur) -> LigneIndicateur:
        code, reponse = etat.indicateur.code, etat.reponse
        conflit = self.conflits.get(code)
        if code in self.formulaires and (self.erreurs or self.refus or conflit):
            typee = {nom: self.formulaires[code][nom].value() or "" for nom in CHAMPS}
            # The version stays the one the page started from: what changed since must still be seen.
            ligne = typee | {"version": conflit.actuelle.version if conflit else typee["version"]}
        elif reponse:
            ligne = {nom: getattr(reponse, nom) for nom in CHAMPS}
        else:
            ligne = dict.fromkeys(CHAMPS, "") | {"version": 0}
        alertes = tuple(regle for regle in self.etat.contradictions if code in regle.indicateurs)
        return LigneIndicateur(
            etat=etat,
            erreur=self.erreurs.get(code, ""),
            conflit=conflit,
            alertes=alertes,
            faits=tuple(self.faits.get(code, ())),
            **ligne,
        )


def lire_page(donnees: QueryDict, etat: EtatDiagnostic, champ: EtatChamp) -> PageChamp:
    """What a whole page says: only the answers that differ from what is kept are to be saved, or are confirmed."""
    page = PageChamp(etat=etat, champ=champ, formulaires=formulaires_du_champ(donnees, champ.concernes))
    if page.valide:
        par_code = {ligne.indicateur.code: ligne for ligne in champ.concernes}
        saisies = [formulaire.saisie(code) for code, formulaire in page.formulaires.items()]
        if efface := donnees.get("effacer"):
            saisies = [Saisie(s.code, "", "", s.commentaire, s.version) if s.code == efface else s for s in saisies]
        confirmees = _confirmees(donnees, champ)
        page.confirmees = sum(saisie.code in confirmees for saisie in saisies)
        page.saisies = [s for s in saisies if s.code in confirmees or a_change(s, par_code[s.code])]
    return page


def _confirmees(donnees: QueryDict, champ: EtatChamp) -> set[str]:
    """The indicators whose answer is said to be still true: one of them, or all those of the champ."""
    a_reconfirmer = {etat.indicateur.code for etat in champ.a_reconfirmer}
    return a_reconfirmer if "confirmer_tout" in donnees else a_reconfirmer.intersection(donnees.getlist("confirmer"))
