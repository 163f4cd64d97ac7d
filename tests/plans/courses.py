"""Two people write one action at once: what each may see, and what must never be lost.

The same referee judges the pure merge and the real acts: it replays every write that was kept, in the order of the
versions, and holds each to what its author had seen.
"""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from threading import Barrier

from django.utils import timezone

from plans.domain.actions import CHAMPS, ENSEMBLES, SaisieAction, fusionner_saisies, lire_saisie, modifier_action
from plans.models import Action
from plans.rules.actions import Cadre, defauts_de_la_saisie
from strategie.socle.domain.calendrier import annee_suivante
from strategie.socle.domain.fusion import Conflit
from strategie.socle.models import Utilisateur
from tests.diagnostic.courses import ensemble

UN_ENREGISTREMENT = 0.02  # seconds


@dataclass(frozen=True)
class Fait:
    """What somebody read, at which version, what they sent, and what became of it: the version it found or made."""

    base: SaisieAction
    lue: int
    mienne: SaisieAction
    conflits: Mapping[str, Conflit]
    version: int

    @property
    def changes(self) -> frozenset[str]:
        return frozenset(c for c in CHAMPS if getattr(self.base, c) != getattr(self.mienne, c))


# --- Somebody who types --------------------------------------------------------------------------------------
def ecrire_au_hasard(base: SaisieAction, cadre: Cadre, alea: Random, qui: str) -> SaisieAction:
    """One to four fields of the form, changed as a person may; the form itself would refuse the rest."""
    while True:
        mienne = base
        for champ in alea.sample(CHAMPS, alea.randint(1, 4)):
            mienne = replace(mienne, **_change(mienne, champ, cadre, alea, qui))
        if mienne != base and not defauts_de_la_saisie(mienne, cadre):
            return mienne


def _change(saisie: SaisieAction, champ: str, cadre: Cadre, alea: Random, qui: str) -> dict[str, object]:
    """Words are signed, so that each value says who wrote it."""
    annee = saisie.annee_scolaire
    tirages = {
        "levier": lambda: alea.choice(["formation", "equipement", "infrastructure", "budget", "organisation"]),
        "axes": lambda: saisie.axes ^ {alea.choice(sorted(cadre.axes))},
        "porteur": lambda: alea.choice([None, *sorted(cadre.equipe)]),
        "fonction_porteuse": lambda: alea.choice(["", f"La fonction de {qui}"]),
        "contributeurs": lambda: saisie.contributeurs ^ {alea.choice(sorted(cadre.equipe))},
        "groupes": lambda: _basculer(saisie.groupes, alea.choice(["eleves", "agents", "familles"])),
        "annee_scolaire": lambda: annee,
        "annee_fin": lambda: alea.choice([annee, annee_suivante(annee)]),
        "trimestre": lambda: alea.choice([None, 1, 2, 3]),
        "trimestre_fin": lambda: alea.choice([None, 1, 2, 3]),
        "echeance": lambda: None,
    }
    return {champ: tirages[champ]() if champ in tirages else f"{champ} de {qui}, {alea.randrange(10**6)}"}


def _basculer(groupes: tuple[str, ...], un: str) -> tuple[str, ...]:
    return tuple(g for g in groupes if g != un) if un in groupes else (*groupes, un)


# --- The pure merge ------------------------------------------------------------------------------------------
def entrelacer(depart: SaisieAction, cadre: Cadre, alea: Random, gestes: int = 8) -> tuple[list[Fait], SaisieAction]:
    """Two people read and save in a random order; after a conflict, each chooses as the page lets them."""
    tenue, version = depart, 1
    ecrans: dict[str, tuple[SaisieAction, int, SaisieAction] | None] = {"Ana": None, "Bob": None}
    faits = []
    for _ in range(gestes):
        qui = alea.choice(list(ecrans))
        if (ecran := ecrans[qui]) is None:
            ecrans[qui] = (tenue, version, ecrire_au_hasard(tenue, cadre, alea, qui))
            continue
        base, lue, mienne = ecran
        fusionnee, conflits = fusionner_saisies(base, mienne, tenue, cadre)
        if not conflits and fusionnee != tenue:
            tenue, version = fusionnee, version + 1
        faits.append(Fait(base, lue, mienne, conflits, version))
        ecrans[qui] = choisir_au_hasard(faits[-1], cadre, alea) if conflits else None
    return faits, tenue


def choisir_au_hasard(fait: Fait, cadre: Cadre, alea: Random) -> tuple[SaisieAction, int, SaisieAction] | None:
    """Having seen both values of each field, mine or theirs; what the form would refuse is given up."""
    vus = {champ: conflit.actuel for champ, conflit in fait.conflits.items()}
    gardes = {champ: vus[champ] for champ in vus if alea.random() < 0.5}
    mienne = replace(fait.mienne, **gardes)
    return None if defauts_de_la_saisie(mienne, cadre) else (replace(fait.base, **vus), fait.version, mienne)


# --- The real acts -------------------------------------------------------------------------------------------
def courses_a_deux(
    action: Action, cadre: Cadre, auteurs: Sequence[Utilisateur], tours: int, graine: int = 2026
) -> Counter[str]:
    """Each round, two connections read the action, type, and save it somewhere within the time of one saving."""
    alea, issues = Random(graine), Counter[str]()
    for tour in range(tours):
        depart, version = lire_saisie(Action.objects.get(pk=action.pk)), Action.objects.get(pk=action.pk).version
        lues = Barrier(2) if alea.random() < 0.75 else None
        faits = ensemble(*(_quelqu_un(action, cadre, auteur, Random(alea.random()), lues) for auteur in auteurs))
        tenue = Action.objects.get(pk=action.pk)
        issues.update(arbitrer(faits, {version: depart}, cadre))
        etats, _ = rejouer(faits, {version: depart}, cadre)
        assert (lire_saisie(tenue), tenue.version) == (etats[tenue.version], max(etats)), f"round {tour}"
    return issues


def _quelqu_un(action: Action, cadre: Cadre, auteur: Utilisateur, alea: Random, lues: Barrier | None):
    """With `lues`, both have read before either saves."""

    def agir() -> Fait:
        time.sleep(0 if lues else alea.uniform(0, UN_ENREGISTREMENT))
        ouverte = Action.objects.get(pk=action.pk)
        base = lire_saisie(ouverte)
        mienne = ecrire_au_hasard(base, cadre, alea, auteur.first_name)
        if lues:
            lues.wait(timeout=30)
        time.sleep(alea.uniform(0, UN_ENREGISTREMENT))
        faite = modifier_action(action=ouverte, base=base, saisie=mienne, auteur=auteur, maintenant=timezone.now())
        return Fait(base, ouverte.version, mienne, faite.conflits, faite.action.version)

    return agir


# --- The referee -----------------------------------------------------------------------------------------------
def rejouer(
    faits: Sequence[Fait], depart: Mapping[int, SaisieAction], cadre: Cadre
) -> tuple[dict[int, SaisieAction], dict[int, Fait]]:
    """The action at each version, from the first one; and who made each."""
    etats, ecrits = dict(depart), {}
    for version in sorted({f.version for f in faits} - depart.keys()):
        sans_conflit = [f for f in faits if f.version == version and not f.conflits]
        for fait in sans_conflit:
            etat = enregistre(fait, etats[version - 1], cadre)
            if etat != etats[version - 1] and all(enregistre(f, etat, cadre) == etat for f in sans_conflit):
                etats[version], ecrits[version] = etat, fait
        assert version in etats, f"nothing that was sent explains version {version}"
    return etats, ecrits


def enregistre(fait: Fait, tenue: SaisieAction, cadre: Cadre) -> SaisieAction:
    return fusionner_saisies(fait.base, fait.mienne, tenue, cadre)[0]


def arbitrer(faits: Sequence[Fait], depart: Mapping[int, SaisieAction], cadre: Cadre) -> Counter[str]:
    """How often each legal outcome came; an illegal one stops here."""
    (etats, ecrits), issues = rejouer(faits, depart, cadre), Counter[str]()
    for fait in faits:
        if fait.conflits:
            _conflit_fonde(fait, etats[fait.version], cadre)
            issues["conflit montré"] += 1
        elif ecrits.get(fait.version) is not fait:
            issues["rien à écrire"] += 1
        else:
            avant = etats[fait.version - 1]
            rien_d_ecrase(fait, avant, etats[fait.version], cadre)
            issues["écrit seul" if avant == fait.base else "fusionné avec l'autre"] += 1
    return issues


def rien_d_ecrase(fait: Fait, avant: SaisieAction, apres: SaisieAction, cadre: Cadre) -> None:
    """What disappears had been seen by whoever replaces it; what they changed is there; the rest has not moved."""
    assert defauts_de_la_saisie(apres, cadre) == {}
    for champ in CHAMPS:
        base, mien, vieux, neuf = (getattr(s, champ) for s in (fait.base, fait.mienne, avant, apres))
        if champ in ENSEMBLES:
            assert set(vieux) - set(neuf) <= set(base) - set(mien), f"{champ}: a choice is lost"
            assert set(neuf) - set(vieux) <= set(mien) - set(base), f"{champ}: a choice comes from nowhere"
            assert set(mien) - set(base) <= set(neuf), f"{champ}: my choice is lost"
        elif neuf != vieux:
            assert (vieux, neuf) == (base, mien), f"{champ}: overwritten unseen"
        elif mien != base:
            assert neuf == mien, f"{champ}: my change is lost"


def _conflit_fonde(fait: Fait, tenue: SaisieAction, cadre: Cadre) -> None:
    """Both changed the field, to different values; or both are right apart and wrong together."""
    for champ, conflit in fait.conflits.items():
        assert conflit == Conflit(*(getattr(s, champ) for s in (fait.base, fait.mienne, tenue)))
    alike = [c for c, conflit in fait.conflits.items() if conflit.base not in (conflit.mien, conflit.actuel)]
    if alike and not set(alike) & set(ENSEMBLES):
        return
    somme = replace(tenue, **{c: getattr(fait.mienne, c) for c in fait.changes if c not in ENSEMBLES})
    contributeurs = tenue.contributeurs - (fait.base.contributeurs - fait.mienne.contributeurs)
    somme = replace(somme, contributeurs=contributeurs | (fait.mienne.contributeurs - fait.base.contributeurs))
    assert defauts_de_la_saisie(somme, cadre) != {}, "a conflict between changes that could be merged"
