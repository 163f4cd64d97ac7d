"""A survey of the teams: opened, changed, given up; its slips, and what the head answers."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac

from diagnostic.domain.bulletins import ECHELLE, LIBELLES_ECHELLE
from diagnostic.domain.codes import LONGUEUR_DU_COUPON, LONGUEUR_DU_LIEN, code_de, empreinte_du_coupon, tirer_code
from diagnostic.domain.urne import cle_perdue, nouvelles_cles, vider
from diagnostic.models import Coupon, Enquete, Expression, ReponseDirection
from diagnostic.queries.questions_equipes import questions_figees
from diagnostic.rules import (
    coupons_de_secours_possibles,
    empechement_annuler_enquete,
    empechement_changer_les_dates,
    empechement_ouvrir_enquete,
    empechement_repondre_direction,
    empechement_tirer_coupons,
)
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur

TYPES_DE_QUESTION = MappingProxyType({"echelle": LIBELLES_ECHELLE, "oui_non": ("Oui", "Non")})
QUESTIONS_PROPRES_MAX = 5


@dataclass(frozen=True)
class QuestionPropre:
    """A closed question of the school's own; `options` only for the type « choix »."""

    enonce: str
    type: str  # echelle, oui_non or choix
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReglagesEnquete:
    """`invites`: group → how many people."""

    forme: str
    acces: str
    date_ouverture: datetime.date
    date_cloture: datetime.date
    invites: Mapping[str, int]
    propres: Sequence[QuestionPropre] = field(default_factory=tuple)


def ouvrir_enquete(
    *,
    etablissement: Etablissement,
    reglages: ReglagesEnquete,
    seuil: int,
    cle: uuid.UUID,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Enquete:
    """Open a survey; `cle`, made by the page, opens one only once. Raises Empeche, or ValidationError by field."""
    if deja := etablissement.enquetes.filter(cle=cle).first():
        return deja
    cle_publique, sel = nouvelles_cles()
    lien = reglages.acces == Enquete.Acces.LIEN
    enquete = Enquete(
        etablissement=etablissement,
        annee_scolaire=annee_scolaire(reglages.date_cloture),
        forme=reglages.forme,
        acces=reglages.acces,
        date_ouverture=reglages.date_ouverture,
        date_cloture=reglages.date_cloture,
        seuil=seuil,
        invites={str(groupe): nombre for groupe, nombre in reglages.invites.items() if nombre},
        questions=questions_figees(reglages.forme, [_figee(n, q) for n, q in enumerate(reglages.propres, start=1)]),
        code=tirer_code(LONGUEUR_DU_LIEN) if lien else None,
        cle_publique=cle_publique,
        sel=sel,
        cle=cle,
        ouverte_par=auteur,
        ouverte_le=maintenant,
    )
    with acte("ouvrir_enquete", auteur):
        Etablissement.objects.select_for_update(no_key=True).get(pk=etablissement.pk)  # two clicks open one
        if deja := etablissement.enquetes.filter(cle=cle).first():
            return deja
        refuser(empechement_ouvrir_enquete(enquete, list(etablissement.enquetes.all()), maintenant))
        enquete.full_clean(exclude=["cle_publique", "sel"])
        enquete.save()
    return enquete


def changer_les_dates(
    *,
    enquete: Enquete,
    date_ouverture: datetime.date,
    date_cloture: datetime.date,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Enquete:
    """Change when the survey is asked; what has passed does not change. Raises Empeche."""
    with acte("changer_les_dates_de_l_enquete", auteur):
        verrouillee = _verrouiller(enquete)
        siennes = list(Enquete.objects.filter(etablissement=verrouillee.etablissement_id))
        refuser(empechement_changer_les_dates(verrouillee, date_ouverture, date_cloture, siennes, maintenant))
        verrouillee.date_ouverture, verrouillee.date_cloture = date_ouverture, date_cloture
        verrouillee.annee_scolaire = annee_scolaire(date_cloture)
        verrouillee.save(update_fields=["date_ouverture", "date_cloture", "annee_scolaire"])
    return verrouillee


def annuler_enquete(*, enquete: Enquete, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    """Give the survey up: its ballots are destroyed without being read. Raises Empeche."""
    with acte("annuler_enquete", auteur):
        verrouillee = _verrouiller(enquete)
        if verrouillee.etat == Enquete.Etat.ANNULEE:
            return
        refuser(empechement_annuler_enquete(verrouillee, maintenant, cle_perdue=cle_perdue(verrouillee)))
        vider(verrouillee, Enquete.Etat.ANNULEE)


def tirer_coupons(
    *,
    enquete: Enquete,
    nombre: int,
    secours: bool,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
    cle: uuid.UUID | None = None,
) -> list[str]:
    """Draw the slips' codes, for the sheet to print; they are kept only as fingerprints.

    The whole sheet (`secours` false) replaces the one before, as long as nobody can have answered; afterwards only a
    few spare slips may be added, whose number is shown with the results. `cle`, made by the page and kept nowhere,
    gives the same codes again: a sheet whose download failed is not lost. Raises Empeche.
    """
    with acte("tirer_coupons", auteur):
        verrouillee = _verrouiller(enquete)
        au_plus = max(verrouillee.total_invites, coupons_de_secours_possibles(verrouillee))
        codes = _codes(verrouillee, cle or uuid.uuid4(), min(nombre, au_plus))  # what is refused costs nothing
        deja_tires = verrouillee.coupons.in_bulk([empreinte_du_coupon(code) for code in codes])
        if deja_tires:
            return [code for code in codes if empreinte_du_coupon(code) in deja_tires]
        deja = verrouillee.coupons.exists()
        refuser(empechement_tirer_coupons(verrouillee, nombre, secours=secours, deja=deja, maintenant=maintenant))
        if secours:
            verrouillee.coupons_de_secours += nombre
            verrouillee.save(update_fields=["coupons_de_secours"])
        else:
            verrouillee.coupons.all().delete()
        Coupon.objects.bulk_create(Coupon(empreinte=empreinte_du_coupon(code), enquete=verrouillee) for code in codes)
    return codes


def _codes(enquete: Enquete, cle: uuid.UUID, nombre: int) -> list[str]:
    """From the page's key, the server's secret and the survey's random part, which dies with the ballots."""
    secret = settings.SECRET_KEY + bytes(enquete.sel).hex()
    graines = (
        salted_hmac("paliers.coupons", f"{cle}/{rang}", secret=secret, algorithm="sha256") for rang in range(nombre)
    )
    return [code_de(graine.digest(), LONGUEUR_DU_COUPON) for graine in graines]


def repondre_direction(
    *, enquete: Enquete, reponses: Mapping[int, int], auteur: Utilisateur, maintenant: datetime.datetime
) -> None:
    """What the head answers, openly: number of the item → 1 to 5; an item left out has no answer. Raises Empeche."""
    numeros = {item["numero"] for item in enquete.questions["items"]}
    if not set(reponses) <= numeros or not set(reponses.values()) <= set(ECHELLE):
        raise Empeche("Une de ces réponses n'est pas dans la liste\u00a0: rechargez la page.")
    with acte("repondre_direction", auteur):
        verrouillee = _verrouiller(enquete)
        refuser(empechement_repondre_direction(verrouillee, maintenant))
        verrouillee.reponses_direction.all().delete()
        ReponseDirection.objects.bulk_create(
            ReponseDirection(enquete=verrouillee, numero=numero, valeur=valeur) for numero, valeur in reponses.items()
        )


def masquer_expression(*, expression: Expression, masquee: bool, auteur: Utilisateur) -> None:
    """Hide a text that names somebody or insults, or show it again."""
    with acte("masquer_expression", auteur):
        Expression.objects.filter(pk=expression.pk).update(masquee=masquee)


def _figee(numero: int, question: QuestionPropre) -> dict[str, Any]:
    options = TYPES_DE_QUESTION.get(question.type, question.options)
    connue = question.type in TYPES_DE_QUESTION or question.type == "choix"
    if not (connue and question.enonce and len(options) >= 2 and numero <= QUESTIONS_PROPRES_MAX):
        raise Empeche("Une question de l'établissement n'est pas une question fermée, ou n'a pas ses réponses.")
    return {"numero": numero, "enonce": question.enonce, "type": question.type, "options": list(options)}


def _verrouiller(enquete: Enquete) -> Enquete:
    Enquete.objects.select_for_update().get(pk=enquete.pk)
    return Enquete.objects.select_related("etablissement__academie").get(pk=enquete.pk)
