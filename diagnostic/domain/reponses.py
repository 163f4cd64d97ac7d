"""Answering: one save an answer, and never a silent overwrite."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from diagnostic.models import Campagne, Diagnostic, Indicateur, Reponse
from diagnostic.queries.campagnes import cloture_pour
from diagnostic.queries.questionnaire import situation_de
from diagnostic.rules import empechement_commencer, empechement_repondre
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur

AUTRE_VERSION = (
    "Le questionnaire vient de changer de version\u00a0: cette réponse n'est pas enregistrée. "
    "Rechargez la page, relisez la question, puis répondez."
)


@dataclass(frozen=True)
class Saisie:
    """What a form says of one indicator; `version` is the answer's version it started from (0: none yet)."""

    code: str
    valeur: str
    motif: str
    commentaire: str
    version: int

    def dit_comme(self, reponse: Reponse) -> bool:
        """Whether the answer kept says this, confirmed or not."""
        return (self.valeur, self.motif, self.commentaire) == (reponse.valeur, reponse.motif, reponse.commentaire)


@dataclass(frozen=True)
class Enregistree:
    """The answer is kept, and is now at `version`."""

    code: str
    version: int


@dataclass(frozen=True)
class Conflit:
    """Somebody else has changed the answer meanwhile: nothing was written, both sayings are at hand."""

    code: str
    saisie: Saisie
    actuelle: Reponse


class IndicateurInconnu(LookupError):
    """The code is not one of this diagnostic's référentiel."""


def commencer_diagnostic(
    *, etablissement: Etablissement, campagne: Campagne | None, auteur: Utilisateur, maintenant: datetime.datetime
) -> Diagnostic:
    """The school's diagnostic of the campaign, as a draft from the first call on.

    It is there since the campaign was opened; a school that the register brought since then gets its own now.
    """
    refuser(empechement_commencer(etablissement, campagne, None, maintenant))
    assert campagne is not None  # noqa: S101 (said by the rule above)
    with acte("commencer_diagnostic", auteur):
        _tenir(campagne)
        fin = cloture_pour(campagne, etablissement)
        refuser(empechement_commencer(etablissement, campagne, fin, maintenant))
        Diagnostic.objects.get_or_create(
            etablissement=etablissement,
            campagne=campagne,
            defaults={"referentiel_id": campagne.referentiel_id, "date_cloture": fin},
        )
        diagnostic = Diagnostic.objects.select_for_update().get(etablissement=etablissement, campagne=campagne)
        diagnostic.etablissement, diagnostic.campagne = etablissement, campagne
        if not diagnostic.commence:
            diagnostic.etat = Diagnostic.Etat.BROUILLON
            diagnostic.commence_par, diagnostic.commence_le = auteur, maintenant
            diagnostic.save(update_fields=["etat", "commence_par", "commence_le"])
    return diagnostic


def _tenir(campagne: Campagne) -> None:
    """Its version and its dates as they are, and will be until the end of the transaction: they may be moving."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT 1 FROM diagnostic_campagne WHERE id = %s FOR SHARE", [campagne.pk])
    campagne.refresh_from_db(fields=["referentiel", "date_ouverture", "date_cloture", "jours_de_correction"])


def enregistrer_reponse(
    *, diagnostic: Diagnostic, saisie: Saisie, auteur: Utilisateur, maintenant: datetime.datetime
) -> Enregistree | Conflit:
    """Keep one answer if nobody changed it since `saisie.version`; the same saying twice is kept once. An answer that
    was to be confirmed is confirmed by it, whether it says the same or not.

    Raises Empeche when the diagnostic takes no answer, IndicateurInconnu for a code it does not ask.
    """
    with acte("repondre", auteur):
        return _garder(diagnostic, saisie, auteur, maintenant)


def enregistrer_champ(
    *, diagnostic: Diagnostic, saisies: Iterable[Saisie], auteur: Utilisateur, maintenant: datetime.datetime
) -> list[Conflit]:
    """Keep all the answers of a page that were changed; returns those that met a conflict."""
    with acte("repondre", auteur):
        resultats = [_garder(diagnostic, saisie, auteur, maintenant) for saisie in saisies]
    return [resultat for resultat in resultats if isinstance(resultat, Conflit)]


def _garder(
    diagnostic: Diagnostic, saisie: Saisie, auteur: Utilisateur, maintenant: datetime.datetime
) -> Enregistree | Conflit:
    refuser(empechement_repondre(diagnostic, maintenant))
    version = _ecrire(diagnostic, saisie, auteur, maintenant)
    if version is not None:
        return Enregistree(saisie.code, version)
    return _expliquer(diagnostic, saisie, maintenant)


# One statement: the version check, the write and, through FOR SHARE, the guard against a signature that
# commits meanwhile (the row is looked at again once the lock is free, and is then no longer open).
_ECRIRE = """
INSERT INTO diagnostic_reponse AS reponse
    (diagnostic_id, indicateur_id, valeur, motif, commentaire, a_reconfirmer, version, modifiee_par_id, modifiee_le)
SELECT diagnostic.id, indicateur.id, %(valeur)s, %(motif)s, %(commentaire)s, false, 1, %(auteur)s, %(maintenant)s
FROM diagnostic_diagnostic AS diagnostic
JOIN diagnostic_indicateur AS indicateur ON indicateur.referentiel_id = diagnostic.referentiel_id
WHERE diagnostic.id = %(diagnostic)s AND diagnostic.etat IN ('brouillon', 'rouvert') AND indicateur.code = %(code)s
  AND diagnostic.referentiel_id = %(referentiel)s
  AND indicateur.portee && %(portees)s::varchar[]
  AND (NOT indicateur.si_internat OR %(internat)s)
  AND (NOT indicateur.si_education_prioritaire OR %(education_prioritaire)s)
  AND (%(version)s = 0 OR EXISTS (
    SELECT FROM diagnostic_reponse WHERE diagnostic_id = diagnostic.id AND indicateur_id = indicateur.id
  ))
FOR SHARE OF diagnostic
ON CONFLICT (diagnostic_id, indicateur_id) DO UPDATE
SET valeur = EXCLUDED.valeur, motif = EXCLUDED.motif, commentaire = EXCLUDED.commentaire,
    a_reconfirmer = false, version = reponse.version + 1,
    modifiee_par_id = EXCLUDED.modifiee_par_id, modifiee_le = EXCLUDED.modifiee_le
WHERE reponse.version = %(version)s
RETURNING version
"""


def _ecrire(diagnostic: Diagnostic, saisie: Saisie, auteur: Utilisateur, maintenant: datetime.datetime) -> int | None:
    """The new version, or None when nothing was written."""
    situation = situation_de(diagnostic.etablissement)
    with connection.cursor() as curseur:
        curseur.execute(
            _ECRIRE,
            {
                "valeur": saisie.valeur,
                "motif": saisie.motif,
                "commentaire": saisie.commentaire,
                "version": saisie.version,
                "code": saisie.code,
                "auteur": auteur.pk,
                "maintenant": maintenant,
                "diagnostic": diagnostic.pk,
                "referentiel": diagnostic.referentiel_id,
                "portees": sorted(situation.portees),
                "internat": situation.internat is not False,
                "education_prioritaire": situation.education_prioritaire,
            },
        )
        ligne = curseur.fetchone()
    return ligne[0] if ligne else None


def _expliquer(diagnostic: Diagnostic, saisie: Saisie, maintenant: datetime.datetime) -> Enregistree | Conflit:
    """Why nothing was written: signed meanwhile, another version of the référentiel, unknown code, replay, or
    somebody else's change.
    """
    lu = diagnostic.referentiel_id
    diagnostic.refresh_from_db(fields=["etat", "version", "referentiel", "date_cloture"])
    refuser(empechement_repondre(diagnostic, maintenant))
    if diagnostic.referentiel_id != lu:
        raise Empeche(AUTRE_VERSION)
    indicateur = Indicateur.objects.filter(referentiel=diagnostic.referentiel_id, code=saisie.code).first()
    reponse = (
        Reponse.objects.filter(diagnostic=diagnostic, indicateur=indicateur).select_related("modifiee_par").first()
    )
    if reponse is None and saisie.version:
        raise Empeche(AUTRE_VERSION)  # what the page started from was an answer to another question of that code
    if reponse is None:
        raise IndicateurInconnu(saisie.code)
    if saisie.dit_comme(reponse) and not reponse.a_reconfirmer:
        return Enregistree(saisie.code, reponse.version)
    return Conflit(saisie.code, saisie, reponse)
