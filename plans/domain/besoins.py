"""Keeping needs: in one click from what shows them, or typed; changed, put on the commission's agenda, taken away."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass

from django.db.models import F

from plans.domain.corbeille import mettre_a_la_corbeille
from plans.domain.liens import fusionner_avec_choix
from plans.domain.verrou import verrouiller_le_plan
from plans.models import Besoin, Constat, Fondement
from plans.rules.besoins import (
    CONSTAT_ABSENT,
    ORIGINE_INCONNUE,
    empechement_designer,
    empechement_modifier_besoin,
    empechement_retenir,
)
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.fusion import Conflit
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur


@dataclass(frozen=True)
class SaisieBesoin:
    """What the button of a page says of a need; `effectif` is a number of people, never names."""

    annee_scolaire: str
    origine: str
    reference: str
    intitule: str
    constat: str
    effectif: int | None
    theme: str = ""


@dataclass(frozen=True)
class BesoinEcrit:
    """What a person types of a need; `constats` are the keys of what backs it, none when nothing does yet."""

    intitule: str
    theme: str = ""
    effectif: int | None = None
    constats: frozenset[int] = frozenset()


def retenir_besoin(
    *, etablissement: Etablissement, saisie: SaisieBesoin, auteur: Utilisateur, maintenant: datetime.datetime
) -> tuple[Besoin, bool]:
    """The need, and whether it was not there yet: kept twice, even at once, it stays as it was first. One that comes
    from a constat rests on it. Raises Empeche.
    """
    refuser(empechement_retenir(saisie.annee_scolaire, _jour(etablissement, maintenant)))
    refuser(empechement_designer(saisie.origine, saisie.reference))
    with acte("retenir_besoin", auteur):
        verrouiller_le_plan(etablissement)
        constat = _constat(etablissement, saisie)
        besoin, nouveau = Besoin.objects.vivants().get_or_create(
            etablissement=etablissement,
            annee_scolaire=saisie.annee_scolaire,
            origine=saisie.origine,
            reference=saisie.reference,
            defaults=asdict(saisie)
            | {"theme": constat.theme if constat else saisie.theme, "retenu_par": auteur, "retenu_le": maintenant},
        )
        if nouveau and constat:
            fonder([besoin], {constat.pk})
        return besoin, nouveau


def ajouter_besoin(
    *,
    etablissement: Etablissement,
    annee: str,
    saisie: BesoinEcrit,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> tuple[Besoin, bool]:
    """The need, and whether it was not there yet: typed twice in the same words, it is there once. Raises Empeche."""
    [ajoute] = ajouter_besoins(
        etablissement=etablissement, annee=annee, saisies=[saisie], auteur=auteur, maintenant=maintenant
    )
    return ajoute


def ajouter_besoins(
    *,
    etablissement: Etablissement,
    annee: str,
    saisies: Sequence[BesoinEcrit],
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> list[tuple[Besoin, bool]]:
    """Each as `ajouter_besoin` does; all or none."""
    refuser(empechement_retenir(annee, _jour(etablissement, maintenant)))
    with acte("ajouter_besoin", auteur):
        verrouiller_le_plan(etablissement)
        exprimes = Besoin.objects.vivants().filter(
            etablissement=etablissement, annee_scolaire=annee, origine=Besoin.Origine.SAISI
        )
        deja = {besoin.intitule: besoin for besoin in exprimes}
        ajoutes = []
        for saisie in saisies:
            nouveau = saisie.intitule not in deja
            if nouveau:
                deja[saisie.intitule] = _ajouter(etablissement, annee, saisie, auteur, maintenant)
            ajoutes.append((deja[saisie.intitule], nouveau))
        return ajoutes


def _ajouter(
    etablissement: Etablissement, annee: str, saisie: BesoinEcrit, auteur: Utilisateur, maintenant: datetime.datetime
) -> Besoin:
    besoin = Besoin.objects.create(
        etablissement=etablissement,
        annee_scolaire=annee,
        origine=Besoin.Origine.SAISI,
        intitule=saisie.intitule,
        theme=saisie.theme,
        effectif=saisie.effectif,
        retenu_par=auteur,
        retenu_le=maintenant,
    )
    fonder([besoin], saisie.constats)
    return besoin


def lire_besoin(besoin: Besoin) -> BesoinEcrit:
    """The need as it is kept; a constat in the bin is linked still."""
    return BesoinEcrit(
        intitule=besoin.intitule,
        theme=besoin.theme,
        effectif=besoin.effectif,
        constats=frozenset(besoin.fondements.values_list("constat", flat=True)),
    )


def modifier_besoin(
    *, besoin: Besoin, base: BesoinEcrit, saisie: BesoinEcrit, auteur: Utilisateur
) -> Mapping[str, Conflit]:
    """Write what changed between `base`, that the form showed, and `saisie`; what others changed meanwhile stays.
    Gives what somebody else has changed in another way: then nothing is written. Raises Empeche.
    """
    with acte("modifier_besoin", auteur):
        verrouiller_le_plan(besoin.etablissement)
        tenu = Besoin.objects.select_for_update(no_key=True).get(pk=besoin.pk)
        refuser(empechement_modifier_besoin(tenu))
        actuel = lire_besoin(tenu)
        fusion = fusionner_avec_choix(base, saisie, actuel, choix="constats")
        if not fusion.conflits and fusion.valeurs != actuel:
            voulu = fusion.valeurs
            fonder([tenu], voulu.constats - actuel.constats)
            tenu.fondements.filter(constat__in=actuel.constats - voulu.constats).delete()
            _ecrire(tenu, intitule=voulu.intitule, theme=voulu.theme, effectif=voulu.effectif)
        return fusion.conflits


def retirer_besoin(*, besoin: Besoin, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    """To the bin, with its links: it may be restored, or kept again from where it came."""
    mettre_a_la_corbeille(objet=besoin, auteur=auteur, maintenant=maintenant)


def mettre_a_l_ordre_du_jour(*, besoin: Besoin, inscrit: bool, auteur: Utilisateur) -> None:
    """On the next agenda of the commission numérique, or off it; asked twice, it is done once. Raises Empeche."""
    with acte("mettre_a_l_ordre_du_jour", auteur):
        verrouiller_le_plan(besoin.etablissement)
        Besoin.objects.vivants().filter(pk=besoin.pk).exclude(a_l_ordre_du_jour=inscrit).update(
            a_l_ordre_du_jour=inscrit, version=F("version") + 1
        )


def fonder(besoins: Sequence[Besoin], constats: Collection[int]) -> None:
    """Rest each need on each of these constats, which must be living ones of its school. Inside an act; raises
    Empeche.
    """
    if not besoins or not constats:
        return
    siens = Constat.objects.vivants().filter(etablissement=besoins[0].etablissement_id, pk__in=constats)
    if siens.count() != len(set(constats)):
        raise Empeche(CONSTAT_ABSENT)
    Fondement.objects.bulk_create(
        (Fondement(besoin=besoin, constat_id=constat) for besoin in besoins for constat in sorted(constats)),
        ignore_conflicts=True,
    )


def _constat(etablissement: Etablissement, saisie: SaisieBesoin) -> Constat | None:
    """The constat that the need comes from, if it comes from one; another school's does not exist."""
    if saisie.origine != Besoin.Origine.CONSTAT:
        return None
    cle = int(saisie.reference[1:])
    constat = Constat.objects.vivants().filter(etablissement=etablissement, pk=cle).first()
    refuser(None if constat else ORIGINE_INCONNUE)
    return constat


def _ecrire(besoin: Besoin, **valeurs: object) -> None:
    Besoin.objects.filter(pk=besoin.pk).update(version=F("version") + 1, **valeurs)


def _jour(etablissement: Etablissement, maintenant: datetime.datetime) -> datetime.date:
    return maintenant.astimezone(etablissement.academie.zone).date()
