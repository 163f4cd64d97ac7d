"""The workbook of a plan come back: what it asks for, cell by cell, and everything that cannot be read. Saves nothing.

Each row is compared with what the plan was at the row's version: only cells that differ from it ask for something, so
that a workbook sent back as it came changes nothing, however old it is.
"""

from __future__ import annotations

import datetime
import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from plans.domain.actions import SaisieAction
from plans.domain.facteurs import SaisieFacteur
from plans.domain.import_du_plan import (
    ActionDemandee,
    Demande,
    FacteurDemande,
    IndicateurDemande,
    LigneRefusee,
    ReleveDemande,
    Repere,
)
from plans.domain.indicateurs import SaisieIndicateur
from plans.domain.releves import SaisieReleve
from plans.interfaces.classeur_du_plan import A_LIRE, FORMULAIRE, etablissements_dits, rangee
from plans.interfaces.feuilles_du_plan import (
    CALCULEES,
    FEUILLES,
    PLAN,
    RELEVES,
    ColonneDuPlan,
    FeuilleDuPlan,
    Mots,
    lire_repere,
    meme_texte,
    montrer,
    sans_casse,
)
from plans.models import Action, IndicateurSuivi
from plans.queries.echanges import (
    PlanTenu,
    Tenu,
    Valeurs,
    actions_passees,
    adresses_de,
    facteurs_passes,
    indicateurs_passes,
    releves_passes,
)
from strategie.socle.domain.fusion import fusionner
from strategie.socle.interfaces.classeurs import Feuille, lire_feuille
from strategie.socle.interfaces.imports import Colonne, FichierRefuse, Format, Refus, ValeurRefusee, clef, refus
from strategie.socle.models import Etablissement

ESPACE = uuid.UUID("5e0f8b1c-6a57-4d0a-9f43-5f2d9a8c7e10")  # names the actions that files bring
SANS_VERSION = "ce nombre manque\u00a0: repartez d'un export récent pour changer cette ligne."
VERSION_INCONNUE = "le nombre écrit à l'export est attendu\u00a0: cette colonne ne se remplit pas."
AXES_D_UNE_SOUS_ACTION = "une sous-action sert les axes de l'action dont elle fait partie\u00a0: videz cette case."
CHANGE_D_ACTION = "un indicateur, un facteur de réussite ne change pas d'action."
CALCULE_PAR_PALIERS = "Paliers calcule cet indicateur lui-même\u00a0: cette case ne se change pas."
DATE_D_UN_RELEVE = (
    "la date d'un relevé ne se change pas\u00a0: corrigez-le à l'écran, ou videz «\u00a0Enregistré le\u00a0» pour en "
    "ajouter un."
)


# --- What a workbook asks for --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class LigneNouvelle:
    sorte: str
    repere: Repere
    ligne: int
    feuille: str
    titre: str
    detail: str = ""


@dataclass(frozen=True)
class CaseChangee:
    feuille: str
    ligne: int
    objet: str
    colonne: str
    avant: str
    apres: str


@dataclass
class Lecture:
    """`lus`: how many rows; what the domain refuses joins `refuses` by `dire_les_refus`."""

    demande: Demande = field(default_factory=Demande)
    lus: int = 0
    nouvelles: list[LigneNouvelle] = field(default_factory=list)
    changees: list[CaseChangee] = field(default_factory=list)
    refuses: list[Refus] = field(default_factory=list)
    remarques: list[str] = field(default_factory=list)
    dire_les_refus: Callable[[Sequence[LigneRefusee]], list[Refus]] = field(default=lambda refuses: [])


def est_un_plan_paliers(feuilles: Sequence[Feuille]) -> bool:
    """Made by an export of ours, or with its headings."""
    return bool(_references(feuilles)) or any(
        {"identifiant", "intitule"} <= _forme(PLAN).places([clef(cellule) for cellule in cellules]).keys()
        for feuille in feuilles
        for _, cellules in feuille.lignes[:30]
    )


def _references(feuilles: Sequence[Feuille]) -> set[tuple[int, str]]:
    premieres = (feuille.lignes[0][1] for feuille in feuilles if feuille.lignes)
    return set(etablissements_dits(cellule for cellules in premieres for cellule in cellules))


def lire_plan(feuilles: Sequence[Feuille], etablissement: Etablissement, plan: PlanTenu, annee: str) -> Lecture:
    """`annee`: the school year of a new action that says none. Raises FichierRefuse for another school's workbook."""
    for formulaire, uai in _references(feuilles):
        if uai != etablissement.uai:
            raise FichierRefuse(
                f"Ce classeur est celui de l'établissement {uai}\u00a0; cette page attend celui de {etablissement.uai}."
            )
        if formulaire != FORMULAIRE:
            raise FichierRefuse("Ce classeur vient d'un autre Paliers\u00a0: repartez d'un export de cette page.")
    return _Lecteur(feuilles, etablissement, plan, annee).lire()


def _forme(feuille: FeuilleDuPlan) -> Format:
    return Format(
        nom=feuille.nom,
        cle="identifiant" if feuille.prefixe else "",
        composer=lambda ligne: ligne,
        colonnes=tuple(
            Colonne(
                colonne.champ,
                clef(colonne.libelle),
                _majuscules if colonne.champ == "identifiant" else str,
                obligatoire=colonne.obligatoire or colonne.champ in ("identifiant", "version"),
                libelle=colonne.libelle,
            )
            for colonne in feuille.colonnes
        ),
    )


def _majuscules(valeur: str) -> str:
    return " ".join(valeur.split()).upper()


# --- Rows ------------------------------------------------------------------------------------------------------------
@dataclass
class _Ligne:
    """A row on its way: `tenu` and `base` are None for a new one; `mienne`: all of its fields as the file has them."""

    feuille: FeuilleDuPlan
    ligne: int
    textes: Mapping[str, str]
    repere: Repere
    tenu: Tenu | None = None
    base: Valeurs | None = None
    mienne: dict[str, Any] = field(default_factory=dict)
    colonnes: list[ColonneDuPlan] = field(default_factory=list)
    fautes: list[tuple[str, str]] = field(default_factory=list)

    def change(self, *champs: str) -> bool:
        return any(champ in colonne.dits for colonne in self.colonnes for champ in champs)

    def refuser(self, champ: str, raison: str) -> None:
        self.fautes.append((champ, raison))


class _Lecteur:
    def __init__(self, feuilles: Sequence[Feuille], etablissement: Etablissement, plan: PlanTenu, annee: str) -> None:
        self.etablissement, self.plan, self.annee = etablissement, plan, annee
        self.mots = Mots(plan)
        self.lecture = Lecture(dire_les_refus=self.dire_les_refus)
        self.a_lire_seulement: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        self.lignes: dict[str, list[_Ligne]] = {feuille.sorte: [] for feuille in FEUILLES}
        self._ouvrir(feuilles)

    def lire(self) -> Lecture:
        self._trouver_les_bases()
        for lignes in self.lignes.values():
            for ligne in lignes:
                self._comparer(ligne)
        demande = Demande(
            actions=self._actions(),
            indicateurs=self._indicateurs(),
            facteurs=self._facteurs(),
            releves=self._releves(),
        )
        toutes = [ligne for lignes in self.lignes.values() for ligne in lignes]
        self.lecture.demande = demande
        self.lecture.refuses += [self._refus(ligne, *faute) for ligne in toutes for faute in ligne.fautes]
        self.lecture.changees = [case for ligne in toutes for case in self._cases(ligne)]
        self.lecture.remarques += self._remarques()
        return self.lecture

    # --- Opening ---
    def _ouvrir(self, feuilles: Sequence[Feuille]) -> None:
        attendues = {clef(feuille.nom): feuille for feuille in FEUILLES}
        ignorees = {clef(nom) for nom in A_LIRE}
        trouvees = False
        for feuille in feuilles:
            attendue = PLAN if not feuille.nom and len(feuilles) == 1 else attendues.get(clef(feuille.nom))
            if attendue is None:
                if clef(feuille.nom) not in ignorees and feuille.lignes:
                    self.lecture.remarques.append(f"La feuille «\u00a0{feuille.nom}\u00a0» n'est pas lue.")
                continue
            trouvees = True
            self._ouvrir_une(feuille, attendue)
        if not trouvees:
            noms = ", ".join(f"«\u00a0{feuille.nom}\u00a0»" for feuille in FEUILLES)
            raise FichierRefuse(f"Ce classeur n'a aucune des feuilles d'un plan\u00a0: {noms}.")

    def _ouvrir_une(self, feuille: Feuille, attendue: FeuilleDuPlan) -> None:
        tableau = lire_feuille(feuille, _forme(attendue))
        self.lecture.refuses += tableau.refuses
        for brute in tableau.lignes:
            textes = {champ: valeur for champ, valeur in brute.items() if champ != "ligne"}
            self.lignes[attendue.sorte].append(_Ligne(attendue, brute["ligne"], textes, f"ligne {brute['ligne']}"))
        self.lecture.lus += len(
            {ligne.ligne for ligne in self.lignes[attendue.sorte]} | {r.ligne for r in tableau.refuses}
        )

    # --- What each row started from ---
    def _trouver_les_bases(self) -> None:
        tenus: dict[str, Mapping[Any, Tenu]] = {
            "action": self.plan.actions,
            "indicateur": self.plan.indicateurs,
            "facteur": self.plan.facteurs,
        }
        passees: dict[str, Callable[[Mapping[int, int]], Mapping[int, Valeurs]]] = {
            "action": actions_passees,
            "indicateur": indicateurs_passes,
            "facteur": facteurs_passes,
        }
        for sorte, siens in tenus.items():
            versions = {}
            for ligne in self.lignes[sorte]:
                if (version := self._identifier(ligne, siens)) is not None and ligne.tenu is not None:
                    versions[ligne.tenu.cle] = version
            anciennes = passees[sorte](versions) if versions else {}
            for ligne in self.lignes[sorte]:
                if ligne.tenu is not None and ligne.tenu.cle in versions:
                    ligne.base = anciennes.get(ligne.tenu.cle)
                    if ligne.base is None:
                        ligne.refuser("version", VERSION_INCONNUE)
                        ligne.base = ligne.tenu.valeurs
        self._nommer_les_anciens()
        self._dater_les_releves()

    def _identifier(self, ligne: _Ligne, tenus: Mapping[Any, Tenu]) -> int | None:
        """Finds what a row is about; gives its version when the plan has gone on since."""
        cle = lire_repere(ligne.feuille.prefixe, ligne.textes["identifiant"])
        if cle is None:
            return None
        ligne.repere = cle
        if not isinstance(cle, int):
            return None
        if cle not in tenus:
            ligne.refuser("identifiant", "cet identifiant n'est pas, ou n'est plus, du plan de cet établissement.")
            return None
        ligne.tenu = tenus[cle]
        ligne.base = ligne.tenu.valeurs
        dite = ligne.textes["version"].strip()
        if not dite:
            return None
        if not dite.isdecimal() or int(dite) > ligne.tenu.version:
            ligne.refuser("version", VERSION_INCONNUE)
            return None
        return int(dite) if int(dite) < ligne.tenu.version else None

    def _nommer_les_anciens(self) -> None:
        """The addresses of those whom a row named when it was exported, and whom the plan names no more."""
        bases = [ligne.base for ligne in self.lignes["action"] if ligne.base is not None]
        cles = {cle for base in bases for cle in (*base["contributeurs"], base["porteur"]) if cle}
        if inconnues := cles - self.mots.adresses.keys():
            trouvees = adresses_de(inconnues)
            self.mots.adresses |= trouvees
            self.mots.personnes |= {adresse.casefold(): cle for cle, adresse in trouvees.items()}

    def _dater_les_releves(self) -> None:
        """A reading is known by its indicator and its day."""
        anciens: dict[tuple[int, datetime.date], datetime.datetime] = {}
        vues: dict[Any, int] = {}
        for ligne in self.lignes["releve"]:
            lus = self._lire(ligne, "indicateur") | self._lire(ligne, "date")
            cle = (lus.get("indicateur"), lus.get("date"))
            if None in cle:
                continue
            ligne.repere = str(cle)
            if (autre := vues.setdefault(cle, ligne.ligne)) != ligne.ligne:
                ligne.refuser("date", f"ce jour est déjà relevé à la ligne {autre}\u00a0: gardez une seule valeur.")
                continue
            tenu = self.plan.releves.get(cle)  # type: ignore[arg-type]
            ligne.tenu, ligne.base = tenu, tenu.valeurs if tenu else None
            dite = _instant(ligne.textes["version"])
            if dite is not None and (tenu is None or tenu.version != dite):
                anciens[cle] = dite  # type: ignore[index]
        passes = releves_passes({c: d for c, d in anciens.items() if isinstance(c[0], int)}) if anciens else {}
        for ligne in self.lignes["releve"]:
            cle = next((cle for cle in anciens if str(cle) == ligne.repere), None)
            if cle is not None:
                ligne.base = passes.get(cle, ligne.base)
                if ligne.base is None:
                    ligne.refuser("date", DATE_D_UN_RELEVE)

    # --- Cells ---
    def _lire(self, ligne: _Ligne, champ: str) -> dict[str, Any]:
        """What a cell says; nothing, once it is refused."""
        colonne = ligne.feuille.entetes[champ]
        assert colonne.lire is not None  # noqa: S101 (only such columns are asked for)
        try:
            return colonne.lire(ligne.textes.get(champ, ""), self.mots)
        except ValeurRefusee as refusee:
            if (champ, str(refusee)) not in ligne.fautes:
                ligne.refuser(champ, str(refusee))
            return {}

    def _comparer(self, ligne: _Ligne) -> None:
        """`mienne`: what the row started from, with what its cells changed."""
        if any(champ == "identifiant" for champ, _ in ligne.fautes):
            return
        ligne.mienne = dict(ligne.base or {})
        for colonne in ligne.feuille.colonnes:
            if colonne.champ in ("identifiant", "version") or colonne.champ not in ligne.textes:
                if ligne.base is None and colonne.lire is not None:
                    ligne.mienne |= self._lire(ligne, colonne.champ)
                continue
            self._comparer_une(ligne, colonne)

    def _comparer_une(self, ligne: _Ligne, colonne: ColonneDuPlan) -> None:
        dit = ligne.textes[colonne.champ]
        if ligne.base is not None and meme_texte(dit, self._dite(ligne, colonne, ligne.base)):
            return
        if colonne.lire is None:
            if dit.strip():
                self.a_lire_seulement[ligne.feuille.nom, colonne.libelle].append(ligne.ligne)
            return
        lus = self._lire(ligne, colonne.champ)
        if ligne.base is not None and "axes" in lus:  # those in the bin are written nowhere
            lus["axes"] |= {axe for axe in ligne.base["axes"] if axe not in self.mots.axes}
        if lus and (ligne.base is None or any(ligne.base[champ] != lu for champ, lu in lus.items())):
            ligne.mienne |= lus
            ligne.colonnes.append(colonne)

    def _dite(self, ligne: _Ligne, colonne: ColonneDuPlan, valeurs: Valeurs) -> str:
        """What a cell says, or said."""
        complet = rangee(ligne.feuille, self.plan, ligne.tenu) if ligne.tenu else {}
        return montrer(colonne.ecrire({"version": "", **complet, **valeurs}, self.mots))

    def _complete(self, ligne: _Ligne) -> bool:
        """Whether the row can be asked for: nothing of it is refused, and its version is there."""
        if ligne.tenu is not None and ligne.colonnes and not ligne.textes["version"].strip():
            ligne.refuser("version", SANS_VERSION)
        return not ligne.fautes

    # --- Actions ---
    def _actions(self) -> list[ActionDemandee]:
        lignes = self.lignes["action"]
        nouvelles = {ligne.repere for ligne in lignes if ligne.base is None}
        bruts = {ligne.repere: dict(ligne.mienne) for ligne in lignes if ligne.base is None}
        for ligne in lignes:
            if not ligne.mienne:
                continue
            self._verifier_le_parent(ligne, nouvelles)
            if ligne.base is None:
                self._completer_l_action(ligne.mienne)
            mere, axes = ligne.mienne.get("parent"), ligne.mienne.get("axes")
            if ligne.change("parent", "axes") and mere is not None and axes and not ligne.fautes:
                ligne.refuser("axes", AXES_D_UNE_SOUS_ACTION)
        demandees = [ligne for ligne in lignes if ligne.mienne and (ligne.base is None or ligne.colonnes)]
        cles = _Cles(self.etablissement, bruts)
        completes = [ligne for ligne in demandees if self._complete(ligne)]
        self._annoncer(completes, lambda ligne: ligne.mienne["intitule"])
        return [
            ActionDemandee(
                ligne=ligne.ligne,
                repere=ligne.repere,
                saisie=_saisie(SaisieAction, ligne.mienne),
                base=_saisie(SaisieAction, ligne.base) if ligne.base is not None else None,
                parent=ligne.mienne["parent"],
                parent_lu=ligne.base["parent"] if ligne.base is not None else None,
                etat=ligne.mienne["etat"],
                etat_lu=ligne.base["etat"] if ligne.base is not None else Action.Etat.BROUILLON,
                raison=_raison(ligne),
                raison_lue=ligne.base["raison"] if ligne.base is not None else "",
                cle=cles.de(ligne.repere) if ligne.base is None else None,
            )
            for ligne in completes
        ]

    def _verifier_le_parent(self, ligne: _Ligne, nouvelles: set[Repere]) -> None:
        parent = ligne.mienne.get("parent")
        if (
            ligne.change("parent")
            and parent is not None
            and parent not in self.plan.actions
            and parent not in nouvelles
        ):
            ligne.refuser(
                "parent",
                "l'identifiant d'une action du plan est attendu, comme A12, ou celui d'une ligne nouvelle, comme N1.",
            )
        if ligne.base is not None and ligne.change("etat") and not ligne.mienne["etat"]:
            ligne.refuser("etat", f"un état est attendu\u00a0: {', '.join(map(str, Action.Etat.labels))}.")
        sans_raison = ligne.mienne.get("etat") not in Action.A_RAISON
        if ligne.change("raison") and ligne.mienne["raison"] and sans_raison:
            ligne.refuser("raison", "une raison se donne pour Bloquée, En pause ou Abandonnée seulement.")

    def _completer_l_action(self, mienne: dict[str, Any]) -> None:
        mienne["annee_scolaire"] = mienne.get("annee_scolaire") or self.annee
        mienne["annee_fin"] = mienne.get("annee_fin") or mienne["annee_scolaire"]
        mienne["etat"] = mienne.get("etat") or Action.Etat.BROUILLON

    def _annoncer(self, lignes: Sequence[_Ligne], titre: Callable[[_Ligne], str]) -> None:
        self.lecture.nouvelles += [
            LigneNouvelle(ligne.feuille.sorte, ligne.repere, ligne.ligne, ligne.feuille.nom, titre(ligne))
            for ligne in lignes
            if ligne.base is None
        ]

    # --- What hangs on them ---
    def _verifier_l_action(self, ligne: _Ligne) -> None:
        action = ligne.mienne.get("action")
        nouvelles = {une.repere for une in self.lignes["action"] if une.base is None}
        if ligne.base is not None:
            if ligne.change("action"):
                ligne.refuser("action", CHANGE_D_ACTION)
        elif "action" in ligne.mienne and action not in self.plan.actions and action not in nouvelles:
            ligne.refuser("action", "l'identifiant d'une action du plan est attendu, comme A12.")

    def _demandees(self, sorte: str) -> list[_Ligne]:
        """The rows of a sheet that ask for something and can be asked for."""
        for ligne in self.lignes[sorte]:
            self._verifier_l_action(ligne)
        voulues = [ligne for ligne in self.lignes[sorte] if ligne.mienne and (ligne.base is None or ligne.colonnes)]
        return [ligne for ligne in voulues if self._complete(ligne)]

    def _indicateurs(self) -> list[IndicateurDemande]:
        for ligne in self.lignes["indicateur"]:
            if ligne.base is None and ligne.mienne:
                ligne.mienne |= {
                    "sens": ligne.mienne.get("sens") or IndicateurSuivi.Sens.HAUSSE,
                    "cadence": ligne.mienne.get("cadence") or IndicateurSuivi.Cadence.TRIMESTRIELLE,
                    "agregation": ligne.mienne.get("agregation") or IndicateurSuivi.Agregation.AUCUNE,
                    "mesure": "",
                }
            self._verifier_l_indicateur(ligne)
        demandees = self._demandees("indicateur")
        self._annoncer(demandees, lambda ligne: ligne.mienne["intitule"])
        return [
            IndicateurDemande(
                ligne=ligne.ligne,
                repere=ligne.repere,
                action=ligne.mienne["action"],
                saisie=_saisie(SaisieIndicateur, ligne.mienne),
                base=_saisie(SaisieIndicateur, ligne.base) if ligne.base is not None else None,
            )
            for ligne in demandees
        ]

    def _verifier_l_indicateur(self, ligne: _Ligne) -> None:
        if ligne.base is None:
            return
        for champ in ("sens", "cadence", "agregation"):
            if ligne.change(champ) and not ligne.mienne[champ]:
                ligne.refuser(champ, "un mot de la liste est attendu.")
        for champ in CALCULEES:
            if ligne.base["mesure"] and ligne.change(champ):
                ligne.refuser(champ, CALCULE_PAR_PALIERS)

    def _facteurs(self) -> list[FacteurDemande]:
        demandes = []
        demandees = self._demandees("facteur")
        self._annoncer(demandees, lambda ligne: ligne.mienne["texte"])
        for ligne in demandees:
            saisie, version = _saisie(SaisieFacteur, ligne.mienne), None
            if ligne.tenu is not None and ligne.base is not None:
                champs = [champ.name for champ in fields(SaisieFacteur)]
                trois = ({champ: v[champ] for champ in champs} for v in (ligne.base, ligne.mienne, ligne.tenu.valeurs))
                fusion = fusionner(*trois)
                for champ in fusion.conflits:
                    ligne.refuser(champ, self._conflit(ligne, champ))
                saisie, version = SaisieFacteur(**fusion.valeurs), ligne.tenu.version
            demandes.append(FacteurDemande(ligne.ligne, ligne.repere, ligne.mienne["action"], saisie, version))
        return demandes

    def _releves(self) -> list[ReleveDemande]:
        nouveaux = {ligne.repere for ligne in self.lignes["indicateur"] if ligne.base is None}
        demandes = []
        for ligne in self.lignes["releve"]:
            indicateur = ligne.mienne.get("indicateur")
            if ligne.base is None and "indicateur" in ligne.mienne:
                if indicateur not in self.plan.indicateurs and indicateur not in nouveaux:
                    ligne.refuser("indicateur", "l'identifiant d'un indicateur du plan est attendu, comme I12.")
                for champ in ("date", "valeur"):
                    if champ in ligne.mienne and ligne.mienne[champ] is None:
                        ligne.refuser(champ, "cette case est à remplir.")
            elif ligne.tenu is None and ligne.colonnes:
                ligne.refuser("date", "ce relevé a été supprimé depuis que ce classeur a été fait.")
            elif ligne.change("valeur") and ligne.mienne["valeur"] is None:
                ligne.refuser("valeur", "un relevé ne s'efface qu'à l'écran.")
            if not ligne.fautes and ligne.mienne and (ligne.base is None or ligne.colonnes):
                saisie = SaisieReleve(ligne.mienne["date"], ligne.mienne["valeur"], ligne.mienne["note"])
                remplace = _instant(ligne.textes["version"])
                demandes.append(ReleveDemande(ligne.ligne, indicateur, saisie, remplace))
                if ligne.base is None:
                    titre = f"{ligne.textes['indicateur']}, le {ligne.textes['date']}\u00a0: {ligne.textes['valeur']}"
                    self.lecture.nouvelles.append(
                        LigneNouvelle("releve", ligne.repere, ligne.ligne, RELEVES.nom, titre)
                    )
        return demandes

    # --- What is said of it ---
    def _cases(self, ligne: _Ligne) -> Iterable[CaseChangee]:
        """Each cell whose new value is not the one kept already."""
        if ligne.tenu is None or ligne.fautes:
            return
        actuelle = ligne.tenu.valeurs
        for colonne in ligne.colonnes:
            if any(actuelle[champ] != ligne.mienne[champ] for champ in colonne.dits):
                yield CaseChangee(
                    feuille=ligne.feuille.nom,
                    ligne=ligne.ligne,
                    objet=self._objet(ligne),
                    colonne=colonne.libelle,
                    avant=self._dite(ligne, colonne, actuelle),
                    apres=self._dite(ligne, colonne, ligne.mienne),
                )

    def _objet(self, ligne: _Ligne) -> str:
        if ligne.feuille is RELEVES:
            return f"{self.mots.indicateurs.get(ligne.mienne['indicateur'], '')}, {ligne.textes['date']}"
        valeurs = ligne.tenu.valeurs if ligne.tenu else ligne.mienne
        return str(valeurs.get("intitule") or valeurs.get("texte") or "")

    def _refus(self, ligne: _Ligne, champ: str, raison: str) -> Refus:
        colonne = ligne.feuille.libelle(champ) or ligne.feuille.colonnes[0].libelle
        valeur = next((ligne.textes.get(c.champ, "") for c in ligne.feuille.colonnes if c.libelle == colonne), "")
        rendu = refus(ligne.ligne, colonne, valeur, raison)
        return Refus(rendu.ligne, rendu.colonne, rendu.valeur, rendu.raison, ligne.feuille.nom)

    def _conflit(self, ligne: _Ligne, champ: str) -> str:
        """Both values, by name."""
        colonne = next((c for c in ligne.feuille.colonnes if champ in (c.champ, *c.champs)), None)
        if colonne is None or ligne.tenu is None:
            return "cette ligne a changé depuis que ce classeur a été fait\u00a0: repartez d'un export récent."
        tenue, dite = self._dite(ligne, colonne, ligne.tenu.valeurs), self._dite(ligne, colonne, ligne.mienne)
        return (
            f"cette case a changé depuis que ce classeur a été fait\u00a0: Paliers garde "
            f"«\u00a0{tenue or '(vide)'}\u00a0», le classeur dit «\u00a0{dite or '(vide)'}\u00a0»."
        )

    def dire_les_refus(self, refuses: Sequence[LigneRefusee]) -> list[Refus]:
        """What the acts refused, at the cells that asked for it, once each."""
        dits: dict[tuple[str, int, str], Refus] = {}
        for refuse in refuses:
            ligne = next(ligne for ligne in self.lignes[refuse.sorte] if ligne.ligne == refuse.ligne)
            raison = self._conflit(ligne, refuse.champ) if refuse.change else refuse.raison
            rendu = self._refus(ligne, refuse.champ, raison)
            dits.setdefault((rendu.feuille, rendu.ligne, rendu.colonne), rendu)
        return list(dits.values())

    def _remarques(self) -> list[str]:
        dites = [
            f"Feuille «\u00a0{feuille}\u00a0», colonne «\u00a0{colonne}\u00a0»\u00a0: elle se lit seulement, ce qui y "
            f"a été écrit n'est pas repris ({_lignes(numeros)})."
            for (feuille, colonne), numeros in self.a_lire_seulement.items()
        ]
        titres = {sans_casse(une.valeurs["intitule"]) for une in self.plan.vivantes.values()}
        return dites + [
            f"Feuille «\u00a0Plan\u00a0», ligne {nouvelle.ligne}\u00a0: une action du même nom est déjà dans le plan."
            for nouvelle in self.lecture.nouvelles
            if nouvelle.sorte == "action" and sans_casse(nouvelle.titre) in titres
        ]


def _lignes(numeros: Sequence[int]) -> str:
    montres = ", ".join(map(str, numeros[:10]))
    suite = f" et {len(numeros) - 10} autres" if len(numeros) > 10 else ""
    return f"ligne{'s' if len(numeros) > 1 else ''} {montres}{suite}"


def _raison(ligne: _Ligne) -> str:
    """Kept in the file of a state that has none any more, it is no reason."""
    return ligne.mienne["raison"] if ligne.mienne["etat"] in Action.A_RAISON else ""


def _instant(valeur: str) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromisoformat(valeur.strip())
    except ValueError:
        return None


def _saisie[Saisie](classe: type[Saisie], valeurs: Valeurs) -> Saisie:
    return classe(**{champ.name: valeurs[champ.name] for champ in fields(classe)})  # type: ignore[arg-type]


class _Cles:
    """The key of each new action, made of its own words and of its place among those that say the same."""

    def __init__(self, etablissement: Etablissement, bruts: Mapping[Repere, Mapping[str, Any]]) -> None:
        self.etablissement, self.bruts = etablissement, bruts
        self.rangs: defaultdict[str, int] = defaultdict(int)
        self.faites: dict[Repere, uuid.UUID] = {}

    def de(self, repere: Repere, vus: tuple[Repere, ...] = ()) -> uuid.UUID:
        if repere not in self.faites:
            brut = dict(self.bruts[repere])
            parent = brut.get("parent")
            if parent in self.bruts and parent not in vus:
                brut["parent"] = str(self.de(parent, (*vus, repere)))
            mots = json.dumps([self.etablissement.pk, brut], default=_en_ordre, sort_keys=True, ensure_ascii=True)
            self.faites[repere] = uuid.uuid5(ESPACE, f"{mots}{self.rangs[mots]}")
            self.rangs[mots] += 1
        return self.faites[repere]


def _en_ordre(valeur: Any) -> Any:
    return sorted(valeur) if isinstance(valeur, frozenset) else str(valeur)
