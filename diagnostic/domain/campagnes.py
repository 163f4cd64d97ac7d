"""A campaign from its opening on: its dates, and the districts that have more time.

Each diagnostic carries its own deadline, which every act here brings up to date in one statement.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection

from diagnostic.models import Campagne, Prolongation, Referentiel
from diagnostic.rules import (
    empechement_changer_l_ouverture,
    empechement_cloturer_le,
    empechement_ecourter_les_corrections,
    empechement_employer,
    empechement_ouvrir_le,
    empechement_prolonger,
    empechement_retirer_prolongation,
)
from strategie.socle.domain.empechement import refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Academie, District, Utilisateur
from strategie.socle.rules import date_en_phrase

CHANGEE_ENTRE_TEMPS = "changee_entre_temps"


@dataclass(frozen=True)
class Reglages:
    """What a rectorat may change of a campaign. Its text is what a page keeps of the settings it was made from."""

    date_ouverture: datetime.date
    date_cloture: datetime.date
    jours_de_correction: int

    @classmethod
    def de(cls, campagne: Campagne) -> Reglages:
        return cls(campagne.date_ouverture, campagne.date_cloture, campagne.jours_de_correction)

    def __str__(self) -> str:
        return f"{self.date_ouverture}/{self.date_cloture}/{self.jours_de_correction}"

    @property
    def en_phrase(self) -> str:
        jours = "sans correction" if not self.jours_de_correction else f"{self.jours_de_correction} jours de correction"
        return f"du {date_en_phrase(self.date_ouverture)} au {date_en_phrase(self.date_cloture)}, {jours}"


def ouvrir_campagne(
    *,
    academie: Academie,
    annee_scolaire: str,
    referentiel: Referentiel,
    date_ouverture: datetime.date,
    date_cloture: datetime.date,
    auteur: Utilisateur | None,
    jours_de_correction: int = 15,
    maintenant: datetime.datetime | None = None,
) -> Campagne:
    """Open the campaign for every school of the académie that the référentiel speaks to, in one set-based act.

    Dates are local to the académie. `maintenant`, when a person asks: the dates must then suit the school year and
    the day. The same campaign asked twice is opened once. Raises ValidationError with French sentences.
    """
    campagne = Campagne(
        academie=academie,
        annee_scolaire=annee_scolaire,
        referentiel=referentiel,
        date_ouverture=date_ouverture,
        date_cloture=date_cloture,
        jours_de_correction=jours_de_correction,
    )
    if deja := _la_meme(campagne):
        return deja
    try:
        _verifier_l_ouverture(campagne, maintenant)
        with acte("ouvrir_campagne", auteur):
            campagne.save()
            _attendre_un_diagnostic_de_chacun(campagne)
    except (IntegrityError, ValidationError):  # somebody may have opened it meanwhile
        if deja := _la_meme(campagne):
            return deja
        campagne.full_clean()
        raise
    return campagne


def modifier_campagne(
    *, campagne: Campagne, voulus: Reglages, vu: str, auteur: Utilisateur, maintenant: datetime.datetime
) -> int:
    """Change the campaign's dates; returns how many schools get another deadline.

    `vu`: the settings (as text) that the person was shown. Raises ValidationError: by field for dates that cannot
    be, of code CHANGEE_ENTRE_TEMPS when a colleague has changed the settings since.
    """
    with acte("modifier_campagne", auteur):
        verrouillee = _verrouiller(campagne)
        actuels = Reglages.de(verrouillee)
        if voulus == actuels:
            return 0
        if vu != str(actuels):
            phrase = (
                f"Une autre personne vient de changer cette campagne\u00a0: {actuels.en_phrase}. Relisez vos dates."
            )
            raise ValidationError(phrase, code=CHANGEE_ENTRE_TEMPS)
        _verifier_la_modification(verrouillee, voulus, verrouillee.jour_local(maintenant))
        verrouillee.date_ouverture = voulus.date_ouverture
        verrouillee.date_cloture = voulus.date_cloture
        verrouillee.jours_de_correction = voulus.jours_de_correction
        verrouillee.full_clean()
        verrouillee.save(update_fields=["date_ouverture", "date_cloture", "jours_de_correction"])
        return _recaler_les_clotures(verrouillee, verrouillee.jour_local(maintenant))


def prolonger_campagne(
    *,
    campagne: Campagne,
    district: District,
    date_cloture: datetime.date,
    motif: str,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> int:
    """Give a district until `date_cloture`, or lengthen what it has; returns how many schools get another deadline.

    Raises ValidationError at `date_cloture`.
    """
    with acte("prolonger_campagne", auteur):
        verrouillee = _verrouiller(campagne)
        deja = verrouillee.prolongations.filter(district=district).first()
        if deja and (deja.date_cloture, deja.motif) == (date_cloture, motif):
            return 0
        accordee = deja.date_cloture if deja else None
        _refuser_par_champ(
            date_cloture=empechement_prolonger(
                verrouillee, district, date_cloture, deja=accordee, maintenant=maintenant
            )
        )
        prolongation = deja or Prolongation(campagne=verrouillee, district=district)
        prolongation.date_cloture, prolongation.motif = date_cloture, motif
        prolongation.accordee_par, prolongation.accordee_le = auteur, maintenant
        prolongation.save()
        return _recaler_les_clotures(verrouillee, verrouillee.jour_local(maintenant))


def retirer_prolongation(*, prolongation: Prolongation, auteur: Utilisateur, maintenant: datetime.datetime) -> int:
    """Bring a district back to the campaign's deadline; returns how many schools get another one. Raises Empeche."""
    with acte("retirer_prolongation", auteur):
        verrouillee = _verrouiller(prolongation.campagne)
        refuser(empechement_retirer_prolongation(verrouillee, maintenant))
        verrouillee.prolongations.filter(pk=prolongation.pk).delete()
        return _recaler_les_clotures(verrouillee, verrouillee.jour_local(maintenant))


def suivre_le_district(*, academie: Academie, etablissements: Collection[int], jour: datetime.date) -> int:
    """Give schools that have changed district the deadlines of the new one; returns how many get another deadline.

    Inside the act that moves them. A deadline that would already be over is not given: a school that works keeps its
    own, and past campaigns stay as they were.
    """
    campagnes = Campagne.objects.select_for_update(no_key=True).filter(academie=academie).order_by("pk")
    with connection.cursor() as curseur:
        curseur.execute(
            f"{_RECALER} AND voulue.campagne = ANY (%(campagnes)s) AND voulue.ecole = ANY (%(ecoles)s)",
            {"campagnes": [campagne.pk for campagne in campagnes], "ecoles": list(etablissements), "jour": jour},
        )
        return int(curseur.rowcount)


def _la_meme(campagne: Campagne) -> Campagne | None:
    """The campaign that is already open and says all the same."""
    return Campagne.objects.filter(
        academie=campagne.academie_id,
        annee_scolaire=campagne.annee_scolaire,
        referentiel=campagne.referentiel_id,
        date_ouverture=campagne.date_ouverture,
        date_cloture=campagne.date_cloture,
        jours_de_correction=campagne.jours_de_correction,
    ).first()


def _verifier_l_ouverture(campagne: Campagne, maintenant: datetime.datetime | None) -> None:
    campagne.full_clean()
    _refuser_par_champ(referentiel=empechement_employer(campagne.referentiel, campagne.academie))
    if maintenant is not None:
        annee, jour = campagne.annee_scolaire, campagne.jour_local(maintenant)
        _refuser_par_champ(
            date_ouverture=empechement_ouvrir_le(annee, campagne.date_ouverture),
            date_cloture=empechement_cloturer_le(annee, campagne.date_cloture, jour),
        )


def _verifier_la_modification(campagne: Campagne, voulus: Reglages, jour: datetime.date) -> None:
    """What does not change is not judged: an old campaign may have its corrections lengthened."""
    annee = campagne.annee_scolaire
    refus: dict[str, str | None] = {}
    if voulus.date_ouverture != campagne.date_ouverture:
        refus["date_ouverture"] = empechement_changer_l_ouverture(campagne, jour) or empechement_ouvrir_le(
            annee, voulus.date_ouverture
        )
    if voulus.date_cloture != campagne.date_cloture:
        refus["date_cloture"] = empechement_cloturer_le(annee, voulus.date_cloture, jour)
    prolongees = campagne.prolongations.values_list("date_cloture", flat=True)
    refus["jours_de_correction"] = empechement_ecourter_les_corrections(
        {max(voulus.date_cloture, prolongee) for prolongee in prolongees} | {voulus.date_cloture},
        avant=campagne.jours_de_correction,
        apres=voulus.jours_de_correction,
        jour=jour,
    )
    _refuser_par_champ(**refus)


def _refuser_par_champ(**empechements: str | None) -> None:
    """Every refusal at once, each under its field's name."""
    refus = {champ: phrase for champ, phrase in empechements.items() if phrase}
    if refus:
        raise ValidationError(refus)


def _verrouiller(campagne: Campagne) -> Campagne:
    """As it is now, and held: its dates change one act at a time."""
    return Campagne.objects.select_for_update(of=("self",), no_key=True).select_related("academie").get(pk=campagne.pk)


# One statement for the whole académie: a campaign is opened while schools work.
_ATTENDRE = """
INSERT INTO diagnostic_diagnostic
    (etablissement_id, campagne_id, referentiel_id, date_cloture, etat, version, motif_reouverture)
SELECT id, %(campagne)s, %(referentiel)s, %(cloture)s, 'a_commencer', 1, ''
FROM socle_etablissement
WHERE academie_id = %(academie)s AND etat <> 'ferme' AND type IN ('ecole', 'college', 'lycee', 'erea')
ON CONFLICT DO NOTHING
"""
# Only the diagnostics whose deadline really moves: each one changed is a line of the history. None is moved into the
# past: nobody is stopped overnight, because of another district or of a campaign that is over.
_RECALER = """
UPDATE diagnostic_diagnostic AS diagnostic SET date_cloture = voulue.date_cloture
FROM (
    SELECT sien.id, campagne.id AS campagne, etablissement.id AS ecole,
        GREATEST(campagne.date_cloture, prolongation.date_cloture) AS date_cloture
    FROM diagnostic_campagne AS campagne
    JOIN diagnostic_diagnostic AS sien ON sien.campagne_id = campagne.id
    JOIN socle_etablissement AS etablissement ON etablissement.id = sien.etablissement_id
    LEFT JOIN diagnostic_prolongation AS prolongation
        ON prolongation.campagne_id = campagne.id AND prolongation.district_id = etablissement.district_id
) AS voulue
WHERE diagnostic.id = voulue.id AND diagnostic.date_cloture <> voulue.date_cloture
    AND voulue.date_cloture >= %(jour)s
"""


def _attendre_un_diagnostic_de_chacun(campagne: Campagne) -> None:
    with connection.cursor() as curseur:
        curseur.execute(
            _ATTENDRE,
            {
                "campagne": campagne.pk,
                "referentiel": campagne.referentiel_id,
                "cloture": campagne.date_cloture,
                "academie": campagne.academie_id,
            },
        )


def _recaler_les_clotures(campagne: Campagne, jour: datetime.date) -> int:
    with connection.cursor() as curseur:
        curseur.execute(f"{_RECALER} AND voulue.campagne = %(campagne)s", {"campagne": campagne.pk, "jour": jour})
        return int(curseur.rowcount)
