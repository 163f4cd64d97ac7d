"""Changing a draft of the référentiel, so that what each indicator became is always said.

Every act locks the draft first: two people who work on it follow one another, and one whose form was read before the
other's change is told so (`ModifieEntreTemps`).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from decimal import Decimal

from django.db.models import Model, Q

from diagnostic.models import Champ, Correspondance, Indicateur, Palier, Referentiel, ReglePlausibilite
from diagnostic.queries.brouillons import lien_simple
from diagnostic.queries.referentiels import (
    NATURES_A_UNE_SUITE,
    code_deja_servi,
    codes_servis,
    defauts_des_regles,
    empreinte_de,
)
from strategie.socle.domain.empechement import Empeche
from strategie.socle.domain.historique import acte
from strategie.socle.models import Utilisateur

Nature = Correspondance.Nature
FORME_CODE = re.compile(r"[A-Z]{2,4}-[1-3]-[0-9]{1,2}")
DERNIER = 32_000  # a place after all the others, until they are numbered again


@dataclass(frozen=True)
class Redaction:
    """What is written of an indicator, but its code and its place."""

    enonce: str
    preuve: str
    palier: int
    levier: str
    levier_secondaire: str
    portee: list[str]
    si_internat: bool
    si_education_prioritaire: bool
    mesure: str
    bloquant: bool

    @classmethod
    def de(cls, indicateur: Indicateur) -> "Redaction":
        return cls(**{nom: getattr(indicateur, nom) for nom in cls.__dataclass_fields__})


@dataclass(frozen=True)
class Partie:
    """One of the indicators that an old one is split into; the rest is copied from it."""

    code: str
    enonce: str
    preuve: str


class ModifieEntreTemps(Exception):
    """Somebody has changed, since the form was read, what it would write over: nothing was written."""


class SensADire(Exception):
    """The wording has changed: whether its meaning did must be said."""


@contextmanager
def _brouillon(nom: str, referentiel: Referentiel, auteur: Utilisateur) -> Iterator[Referentiel]:
    with acte(nom, auteur):
        verrouille = (
            Referentiel.objects.select_for_update(of=("self",))
            .select_related("precedent")
            .filter(pk=referentiel.pk)
            .first()
        )
        if verrouille is None:
            raise Empeche("Ce brouillon a été supprimé.")
        if verrouille.publie:
            raise Empeche("Cette version est publiée\u00a0: elle ne change plus. Préparez-en une nouvelle.")
        yield verrouille


# --- Indicators ---------------------------------------------------------------------------------------
def ajouter_indicateur(
    *, referentiel: Referentiel, champ: str, code: str, redaction: Redaction, auteur: Utilisateur
) -> Indicateur:
    """A new one, last of its palier in the champ. Raises Empeche for a code that serves already."""
    with _brouillon("ajouter_indicateur", referentiel, auteur) as brouillon:
        indicateur = _creer(brouillon, _champ(brouillon, champ), DERNIER, code, redaction, [])
        _lier(brouillon, Nature.NOUVEAU, None, indicateur)
        _ranger(brouillon)
    return indicateur


def modifier_indicateur(
    *,
    referentiel: Referentiel,
    code: str,
    redaction: Redaction,
    sens_change: bool | None,
    lu: str,
    auteur: Utilisateur,
) -> Indicateur:
    """Rewrite an indicator. One that comes from a single old one is « reformulé » when its meaning changes, else
    « conservé »; `sens_change` may be None only while the wording is the old one's.

    Raises ModifieEntreTemps when it is no longer the one that was read, SensADire, Empeche.
    """
    with _brouillon("modifier_indicateur", referentiel, auteur) as brouillon:
        indicateur = _indicateur(brouillon, code)
        _verifier_lecture(lu, indicateur)
        if lien := lien_simple(indicateur):
            assert lien.ancien is not None  # noqa: S101 (its nature says so)
            if sens_change is None and redaction.enonce != lien.ancien.enonce:
                raise SensADire
            lien.nature = Nature.REFORMULE if sens_change else Nature.CONSERVE
            lien.save(update_fields=["nature"])
        for nom, valeur in asdict(redaction).items():
            setattr(indicateur, nom, valeur)
        indicateur.save()
        _ranger(brouillon)
    return indicateur


def deplacer_indicateur(*, referentiel: Referentiel, code: str, vers_le_haut: bool, auteur: Utilisateur) -> None:
    """Exchange an indicator with its neighbour of the same champ and palier; at the end nothing moves."""
    with _brouillon("deplacer_indicateur", referentiel, auteur) as brouillon:
        indicateur = _indicateur(brouillon, code)
        freres = list(Indicateur.objects.filter(champ=indicateur.champ_id, palier=indicateur.palier).order_by("ordre"))
        rang = freres.index(indicateur)
        voisin = rang - 1 if vers_le_haut else rang + 1
        if 0 <= voisin < len(freres):
            autre = freres[voisin]
            indicateur.ordre, autre.ordre = autre.ordre, indicateur.ordre
            Indicateur.objects.bulk_update([indicateur, autre], ["ordre"])


def retirer_indicateur(*, referentiel: Referentiel, code: str, lu: str, auteur: Utilisateur) -> None:
    """Take an indicator out; what it came from is « abandonné », or keeps what else follows it."""
    with _brouillon("retirer_indicateur", referentiel, auteur) as brouillon:
        indicateur = _indicateur(brouillon, code)
        _verifier_lecture(lu, indicateur)
        anciens = _anciens(indicateur)
        indicateur.delete()
        for ancien in anciens:
            _dire_la_suite(brouillon, ancien)
        _ranger(brouillon)


def scinder_indicateur(
    *, referentiel: Referentiel, code: str, parties: Sequence[Partie], lu: str, auteur: Utilisateur
) -> list[Indicateur]:
    """Replace an indicator of the version before by at least two, which take its place and its settings."""
    with _brouillon("scinder_indicateur", referentiel, auteur) as brouillon:
        indicateur = _indicateur(brouillon, code)
        _verifier_lecture(lu, indicateur)
        lien = lien_simple(indicateur)
        if lien is None:
            raise Empeche(f"{code} n'est pas dans la version d'avant tel quel\u00a0: ajoutez plutôt un indicateur.")
        if len(parties) < 2:
            raise Empeche("Une scission fait au moins deux indicateurs.")
        modele, ancien, place = Redaction.de(indicateur), lien.ancien, (indicateur.champ, indicateur.ordre)
        indicateur.delete()
        nouveaux = []
        for partie in parties:
            redaction = replace(modele, enonce=partie.enonce, preuve=partie.preuve)
            nouveau = _creer(brouillon, *place, partie.code, redaction, [ancien])
            _lier(brouillon, Nature.SCINDE, ancien, nouveau)
            nouveaux.append(nouveau)
        _ranger(brouillon)
    return nouveaux


def fusionner_indicateurs(
    *,
    referentiel: Referentiel,
    champ: str,
    codes: Sequence[str],
    code: str,
    redaction: Redaction,
    lu: str,
    auteur: Utilisateur,
) -> Indicateur:
    """Replace at least two indicators of the version before by one, in the first one's place."""
    with _brouillon("fusionner_indicateurs", referentiel, auteur) as brouillon:
        le_champ = _champ(brouillon, champ)
        _verifier_lecture(lu, *le_champ.indicateurs.order_by("pk"))
        choisis = _indicateurs(brouillon, codes)
        if len(choisis) < 2:
            raise Empeche("Choisissez au moins deux indicateurs à fusionner.")
        liens = {indicateur.code: lien_simple(indicateur) for indicateur in choisis}
        if neufs := [indicateur for indicateur, lien in liens.items() if lien is None]:
            raise Empeche(f"{', '.join(neufs)} n'est pas dans la version d'avant tel quel\u00a0: retirez-le plutôt.")
        anciens = [lien.ancien for lien in liens.values() if lien]
        ordre = min(indicateur.ordre for indicateur in choisis)
        Indicateur.objects.filter(pk__in=[indicateur.pk for indicateur in choisis]).delete()
        nouveau = _creer(brouillon, le_champ, ordre, code, redaction, anciens)
        for ancien in anciens:
            _lier(brouillon, Nature.FUSIONNE, ancien, nouveau)
        _ranger(brouillon)
    return nouveau


def corriger_la_suite(
    *, referentiel: Referentiel, ancien: str, nature: str, nouveaux: Sequence[str], lu: str, auteur: Utilisateur
) -> None:
    """Say otherwise what an old indicator became. Raises Empeche for codes that do not go with that nature."""
    with _brouillon("corriger_la_suite", referentiel, auteur) as brouillon:
        origine = Indicateur.objects.filter(referentiel=brouillon.precedent_id, code=ancien).first()
        if origine is None:
            raise Empeche(f"L'indicateur {ancien} n'est pas dans la version d'avant.")
        liens = Correspondance.objects.filter(referentiel=brouillon, ancien=origine).order_by("pk")
        _verifier_lecture(lu, *liens)
        _verifier_suite(nature, nouveaux)
        suites = _indicateurs(brouillon, nouveaux)
        touches = {lien.nouveau_id for lien in liens} | {suite.pk for suite in suites}
        liens.delete()
        if not suites:
            _lier(brouillon, Nature.ABANDONNE, origine, None)
        for suite in suites:
            _lier(brouillon, Nature(nature), origine, suite)
        _dire_les_origines(brouillon, touches)


def _verifier_suite(nature: str, nouveaux: Sequence[str]) -> None:
    if nature == Nature.ABANDONNE and nouveaux:
        raise Empeche("Un indicateur abandonné n'a pas de suite\u00a0: effacez les codes.")
    if nature == Nature.SCINDE and len(set(nouveaux)) < 2:
        raise Empeche("Un indicateur scindé a au moins deux suites\u00a0: donnez leurs codes.")
    if nature in (*NATURES_A_UNE_SUITE, Nature.FUSIONNE) and len(set(nouveaux)) != 1:
        raise Empeche(f"Un indicateur {Nature(nature).label.lower()} a une seule suite\u00a0: donnez son code.")


# --- Settings and rules -------------------------------------------------------------------------------
@dataclass(frozen=True)
class Reglages:
    """Title, thresholds, and the words of paliers (by number) and champs (by code)."""

    titre: str
    seuil: Decimal
    part_inconnue_max: Decimal
    paliers: dict[int, tuple[str, str]]
    champs: dict[str, str]


def regler_version(*, referentiel: Referentiel, reglages: Reglages, lu: str, auteur: Utilisateur) -> None:
    """Raises ModifieEntreTemps, Empeche."""
    with _brouillon("regler_version", referentiel, auteur) as brouillon:
        paliers, champs = list(brouillon.paliers.all()), list(brouillon.champs.all())
        _verifier_lecture(lu, brouillon, *paliers, *champs)
        brouillon.titre, brouillon.seuil = reglages.titre, reglages.seuil
        brouillon.part_inconnue_max = reglages.part_inconnue_max
        brouillon.save(update_fields=["titre", "seuil", "part_inconnue_max"])
        for palier in paliers:
            palier.libelle, palier.definition = reglages.paliers[palier.numero]
        for champ in champs:
            champ.libelle = reglages.champs[champ.code]
        Palier.objects.bulk_update(paliers, ["libelle", "definition"])
        Champ.objects.bulk_update(champs, ["libelle"])


def ajouter_regle(
    *,
    referentiel: Referentiel,
    code: str,
    gravite: str,
    phrase: str,
    si: str,
    si_valeurs: list[str],
    alors: str,
    alors_valeurs: list[str],
    auteur: Utilisateur,
) -> ReglePlausibilite:
    """Raises Empeche for a code that serves already, an unknown indicator, or rules that would turn in a ring."""
    with _brouillon("ajouter_regle", referentiel, auteur) as brouillon:
        if brouillon.regles.filter(code=code).exists():
            raise Empeche(f"Le code {code} sert déjà à une autre règle.")
        regle = ReglePlausibilite.objects.create(
            referentiel=brouillon,
            code=code,
            gravite=gravite,
            phrase=phrase,
            si=_indicateur(brouillon, si),
            si_valeurs=si_valeurs,
            alors=_indicateur(brouillon, alors),
            alors_valeurs=alors_valeurs,
        )
        for defaut in defauts_des_regles(brouillon.regles.values_list("si__code", "alors__code")):
            raise Empeche(defaut)
    return regle


def retirer_regle(*, referentiel: Referentiel, code: str, auteur: Utilisateur) -> None:
    with _brouillon("retirer_regle", referentiel, auteur) as brouillon:
        brouillon.regles.filter(code=code).delete()


# --- What the acts share ------------------------------------------------------------------------------
def _verifier_lecture(lu: str, *actuels: Model) -> None:
    if lu != empreinte_de(*actuels):
        raise ModifieEntreTemps


def _indicateur(brouillon: Referentiel, code: str) -> Indicateur:
    indicateur = Indicateur.objects.filter(referentiel=brouillon, code=code).select_related("champ").first()
    if indicateur is None:
        raise Empeche(f"L'indicateur {code} n'est pas dans cette version.")
    return indicateur


def _champ(brouillon: Referentiel, code: str) -> Champ:
    champ = Champ.objects.filter(referentiel=brouillon, code=code).first()
    if champ is None:
        raise Empeche(f"Le champ {code} n'est pas dans cette version.")
    return champ


def _indicateurs(brouillon: Referentiel, codes: Sequence[str]) -> list[Indicateur]:
    """In the order of the version, each once."""
    trouves = list(Indicateur.objects.filter(referentiel=brouillon, code__in=codes).order_by("ordre"))
    if inconnus := sorted(set(codes) - {indicateur.code for indicateur in trouves}):
        raise Empeche(f"Pas d'indicateur {', '.join(inconnus)} dans cette version.")
    return trouves


def _creer(
    brouillon: Referentiel,
    champ: Champ,
    ordre: int,
    code: str,
    redaction: Redaction,
    anciens: Sequence[Indicateur | None],
) -> Indicateur:
    """Without its correspondances; `anciens`: where it comes from, whose codes it may take. Raises Empeche."""
    if not FORME_CODE.fullmatch(code):
        raise Empeche(
            f"Le code « {code} » n'a pas la bonne forme\u00a0: des majuscules, le palier, un numéro, comme PIL-1-6."
        )
    if Indicateur.objects.filter(referentiel=brouillon, code=code).exists():
        raise Empeche(f"Le code {code} sert déjà à un autre indicateur de cette version.")
    servis = codes_servis(brouillon.precedent) if brouillon.precedent else {}
    if code in servis and code not in {ancien.code for ancien in anciens if ancien}:
        raise Empeche(code_deja_servi(code, servis[code]))
    return Indicateur.objects.create(referentiel=brouillon, champ=champ, code=code, ordre=ordre, **asdict(redaction))


def _lier(brouillon: Referentiel, nature: Nature, ancien: Indicateur | None, nouveau: Indicateur | None) -> None:
    Correspondance.objects.create(referentiel=brouillon, nature=nature, ancien=ancien, nouveau=nouveau)


def _anciens(indicateur: Indicateur) -> list[Indicateur]:
    return list(Indicateur.objects.filter(suites__nouveau=indicateur))


def _dire_la_suite(brouillon: Referentiel, ancien: Indicateur) -> None:
    """Once a follower is gone: none left is « abandonné », a single one left is « reformulé »."""
    liens = Correspondance.objects.filter(referentiel=brouillon, ancien=ancien)
    if not liens:
        _lier(brouillon, Nature.ABANDONNE, ancien, None)
    elif len(liens) == 1:
        liens.filter(nature=Nature.SCINDE).update(nature=Nature.REFORMULE)


def _dire_les_origines(brouillon: Referentiel, indicateurs: Iterable[int | None]) -> None:
    """New is what comes from nothing, and nothing else."""
    for indicateur in Indicateur.objects.filter(pk__in=[pk for pk in indicateurs if pk]):
        liens = Correspondance.objects.filter(referentiel=brouillon, nouveau=indicateur)
        if not liens:
            _lier(brouillon, Nature.NOUVEAU, None, indicateur)
        elif liens.filter(~Q(nature=Nature.NOUVEAU)).exists():
            liens.filter(nature=Nature.NOUVEAU).delete()


def _ranger(brouillon: Referentiel) -> None:
    """Champ by champ, palier by palier, and inside as they stood."""
    indicateurs = Indicateur.objects.filter(referentiel=brouillon).order_by("champ__ordre", "palier", "ordre", "pk")
    deplaces = []
    for ordre, indicateur in enumerate(indicateurs, start=1):
        if indicateur.ordre != ordre:
            indicateur.ordre = ordre
            deplaces.append(indicateur)
    Indicateur.objects.bulk_update(deplaces, ["ordre"])
