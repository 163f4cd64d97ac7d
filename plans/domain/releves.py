"""The values of indicators over time: one a day, corrected knowingly, never overwritten in silence."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import groupby

from plans.domain.indicateurs import donner_des_nouvelles, verrouiller_indicateur
from plans.models import IndicateurSuivi, Releve
from plans.queries.mesures import Registre, mesures_tenues
from plans.rules.indicateurs import TEXTE_MAX, empechement_relever, empechement_relever_le
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur


@dataclass(frozen=True)
class SaisieReleve:
    date: datetime.date
    valeur: Decimal
    note: str = ""


@dataclass(frozen=True)
class Enregistrement:
    """The reading, and the value that it had before when it was corrected."""

    releve: Releve
    avant: Decimal | None = None


class DejaReleve(Empeche):
    """Another value is kept for that day, that the person has not seen: `tenu` is it, None when it has gone."""

    def __init__(self, tenu: Releve | None) -> None:
        super().__init__("Ce jour a déjà une autre valeur." if tenu else "Ce relevé vient d'être supprimé.")
        self.tenu = tenu


def enregistrer_releve(
    *,
    indicateur: IndicateurSuivi,
    saisie: SaisieReleve,
    remplace: datetime.datetime | None,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
    origine: str = Releve.Origine.SAISIE,
) -> Enregistrement:
    """A new reading, or that of a day corrected: `remplace` is then the `releve_le` of the one that was seen. Sent
    twice, the same reading is kept once. Raises DejaReleve, with nothing written, when the day has another one.
    """
    with acte("relever_indicateur", auteur):
        tenu = verrouiller_indicateur(indicateur.pk)
        jour = maintenant.astimezone(tenu.action.etablissement.academie.zone).date()
        refuser(empechement_relever(tenu.mesure))
        refuser(empechement_relever_le(saisie.date, jour))
        refuser(f"La note dépasse {TEXTE_MAX}\u00a0caractères." if len(saisie.note) > TEXTE_MAX else None)
        donner_des_nouvelles(tenu.action, jour)
        dit = {"valeur": saisie.valeur, "note": saisie.note}
        ecrit = dit | {"origine": origine, "releve_par": auteur, "releve_le": maintenant}
        ancien = tenu.releves.filter(date=saisie.date).select_related("releve_par").first()
        if ancien is None:
            return Enregistrement(tenu.releves.create(date=saisie.date, **ecrit))
        if {champ: getattr(ancien, champ) for champ in dit} == dit:
            return Enregistrement(ancien)
        if remplace != ancien.releve_le:
            raise DejaReleve(ancien)
        avant = ancien.valeur
        return Enregistrement(_reecrire(ancien, ecrit), avant)


def supprimer_releve(*, releve: Releve, lu: datetime.datetime | None, auteur: Utilisateur) -> None:
    """`lu`: the `releve_le` of the reading that was shown. Its history stays. Raises DejaReleve when it has changed."""
    with acte("supprimer_releve", auteur):
        verrouiller_indicateur(releve.indicateur_id)
        actuel = Releve.objects.filter(pk=releve.pk).select_related("releve_par").first()
        if actuel is None or actuel.releve_le != lu:
            raise DejaReleve(actuel)
        actuel.delete()


def enregistrer_releve_calcule(
    *, indicateur: IndicateurSuivi, date: datetime.date, valeur: Decimal, note: str, maintenant: datetime.datetime
) -> Releve:
    """What another part of the system has computed for this indicator; the same value again writes nothing, and a
    value that somebody typed for that day stays.
    """
    with acte("calculer_releve", None):
        tenu = verrouiller_indicateur(indicateur.pk)
        dit = {"valeur": valeur, "note": note}
        ecrit = dit | {"origine": Releve.Origine.PALIERS, "releve_par": None, "releve_le": maintenant}
        releve: Releve
        releve, nouveau = tenu.releves.get_or_create(date=date, defaults=ecrit)
        change = {champ: getattr(releve, champ) for champ in dit} != dit
        if nouveau or not change or releve.origine != Releve.Origine.PALIERS:
            return releve
        return _reecrire(releve, ecrit)


def relever_les_mesures(*, maintenant: datetime.datetime) -> int:
    """One reading a month of every indicator that reads a value of the day: what was true is not lost when it changes.
    How many were written; asked again the same month, none. A closed school has no day any more.
    """
    codes = [mesure.code for mesure in mesures_tenues({}).values() if mesure.du_jour]
    suivis = IndicateurSuivi.objects.vivants().filter(mesure__in=codes, action__supprime_le__isnull=True)
    suivis = suivis.exclude(action__etablissement__etat=Etablissement.Etat.FERME)
    par_ecole = suivis.select_related("action__etablissement__academie").order_by("action__etablissement", "pk")
    ecrits = 0
    for etablissement, siens in groupby(par_ecole.iterator(), key=lambda suivi: suivi.action.etablissement):
        jour = maintenant.astimezone(etablissement.academie.zone).date()
        registre = Registre(etablissement, jour)
        ecrits += sum(_relever(suivi, registre, maintenant) for suivi in _sans_releve_du_mois(siens, jour))
    return ecrits


def _sans_releve_du_mois(indicateurs: Iterable[IndicateurSuivi], jour: datetime.date) -> list[IndicateurSuivi]:
    suivis = list(indicateurs)
    calcules = Releve.objects.filter(indicateur__in=suivis, origine=Releve.Origine.PALIERS)
    deja = set(calcules.filter(date__gte=jour.replace(day=1)).values_list("indicateur_id", flat=True))
    return [suivi for suivi in suivis if suivi.pk not in deja]


def _relever(indicateur: IndicateurSuivi, registre: Registre, maintenant: datetime.datetime) -> bool:
    """Whether something was read; an indicator thrown away meanwhile keeps none of the others from theirs."""
    points = mesures_tenues({})[indicateur.mesure].lire(registre)
    relever = partial(enregistrer_releve_calcule, indicateur=indicateur, maintenant=maintenant)
    try:
        for point in points:
            relever(date=point.date, valeur=point.valeur, note=point.source[:300])
    except Empeche:
        return False
    return bool(points)


def _reecrire(releve: Releve, valeurs: dict[str, object]) -> Releve:
    for champ, valeur in valeurs.items():
        setattr(releve, champ, valeur)
    releve.save()
    return releve
