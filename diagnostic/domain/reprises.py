"""Answers that travel: to another version of the référentiel, or from last year's diagnostic to this one's.

One set-based statement carries every answer of every diagnostic concerned, along the correspondances from version
to version. What an indicator became says how its answer arrives:

| Became | The answer |
|---|---|
| conservé | as it was |
| reformulé, scindé | at each new indicator, « à reconfirmer » |
| fusionné | the common answer « à reconfirmer »; none when the old ones differ |
| abandonné | stays with the old version, and is asked no more |
"""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import connection

from diagnostic.models import Diagnostic, Referentiel
from diagnostic.queries.parcours import derniere_source
from diagnostic.queries.referentiels import lignee
from diagnostic.rules import empechement_reprendre
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Utilisateur

# « origine » is an indicator of the version that the answers come from, « indicateur » what it became.
_CHEMIN = """
WITH RECURSIVE chemin AS (
    SELECT indicateur.id AS origine, indicateur.id AS indicateur, false AS change
    FROM diagnostic_indicateur AS indicateur WHERE indicateur.referentiel_id = %(depart)s
  UNION
    SELECT chemin.origine, lien.nouveau_id, chemin.change OR lien.nature <> 'conserve'
    FROM chemin JOIN diagnostic_correspondance AS lien ON lien.ancien_id = chemin.indicateur
    WHERE lien.nouveau_id IS NOT NULL AND lien.referentiel_id = ANY(%(lignee)s)
), arrivee AS (
    SELECT origine, indicateur, bool_or(change) AS change
    FROM chemin JOIN diagnostic_indicateur ON diagnostic_indicateur.id = chemin.indicateur
    WHERE diagnostic_indicateur.referentiel_id = %(arrivee)s
    GROUP BY origine, indicateur
), paire AS (
    SELECT * FROM unnest(%(sources)s::bigint[], %(cibles)s::bigint[]) AS paire(source, cible)
)
"""
_REPONSES = f"""
{_CHEMIN}, reprise AS (
    SELECT paire.cible, arrivee.indicateur,
        count(DISTINCT reponse.valeur) FILTER (WHERE reponse.valeur <> '') AS valeurs,
        min(reponse.valeur) FILTER (WHERE reponse.valeur <> '') AS valeur,
        coalesce(string_agg(DISTINCT reponse.motif, E'\\n') FILTER (WHERE reponse.motif <> ''), '') AS motif,
        coalesce(string_agg(DISTINCT reponse.commentaire, E'\\n') FILTER (WHERE reponse.commentaire <> ''), '')
            AS commentaire,
        bool_or(arrivee.change) AS change, bool_or(reponse.a_reconfirmer) AS a_reconfirmer,
        max(reponse.annee_reprise) AS annee_reprise
    FROM paire
    JOIN diagnostic_reponse AS reponse ON reponse.diagnostic_id = paire.source
    JOIN arrivee ON arrivee.origine = reponse.indicateur_id
    GROUP BY paire.cible, arrivee.indicateur
)
INSERT INTO diagnostic_reponse
    (diagnostic_id, indicateur_id, valeur, motif, commentaire, a_reconfirmer, annee_reprise, version,
     modifiee_par_id, modifiee_le)
SELECT cible, indicateur, CASE WHEN valeurs = 1 THEN valeur ELSE '' END, CASE WHEN valeurs = 1 THEN motif ELSE '' END,
    commentaire, valeurs = 1 AND (change OR a_reconfirmer OR %(annee_reprise)s <> ''),
    CASE WHEN change THEN '' WHEN %(annee_reprise)s <> '' THEN %(annee_reprise)s ELSE annee_reprise END, 1,
    %(auteur)s, %(maintenant)s
FROM reprise WHERE valeurs > 0 OR commentaire <> ''
ON CONFLICT (diagnostic_id, indicateur_id) DO NOTHING
"""  # noqa: S608 (two constants of this module)
_PREUVES = f"""
{_CHEMIN}
INSERT INTO diagnostic_preuve
    (cle, diagnostic_id, indicateur_id, intitule, date_piece, lien, fichier, nom_fichier, type_contenu, taille, sha256,
     deposee_par_id, deposee_le)
SELECT gen_random_uuid(), paire.cible, arrivee.indicateur, intitule, date_piece, lien, fichier, nom_fichier,
    type_contenu, taille, sha256, deposee_par_id, deposee_le
FROM paire
JOIN diagnostic_preuve AS preuve ON preuve.diagnostic_id = paire.source
JOIN arrivee ON arrivee.origine = preuve.indicateur_id
"""  # noqa: S608
_VOTES = f"""
{_CHEMIN}
INSERT INTO diagnostic_votereunion
    (diagnostic_id, indicateur_id, oui, en_partie, non, ne_sait_pas, desaccord, version, note_par_id, note_le)
SELECT paire.cible, arrivee.indicateur, oui, en_partie, non, ne_sait_pas, desaccord, 1, note_par_id, note_le
FROM paire
JOIN diagnostic_votereunion AS vote ON vote.diagnostic_id = paire.source
JOIN arrivee ON arrivee.origine = vote.indicateur_id AND NOT arrivee.change
ON CONFLICT (diagnostic_id, indicateur_id) DO NOTHING
"""  # noqa: S608


def passer_a_la_version(
    diagnostics: Sequence[Diagnostic],
    referentiel: Referentiel,
    auteur: Utilisateur | None,
    maintenant: datetime.datetime,
) -> None:
    """Move open diagnostics, all of one version and locked by the caller, to `referentiel`: answers, proofs and votes
    of what is unchanged follow; what changed is asked again. Raises Empeche when that version does not follow theirs.
    """
    if not diagnostics:
        return
    depart = diagnostics[0].referentiel
    cles = [diagnostic.pk for diagnostic in diagnostics]
    trajet = _trajet(depart, referentiel, cles, cles) | _signe(auteur, maintenant)
    with acte("changer_de_version", auteur), connection.cursor() as curseur:
        for enonce in (_REPONSES, _PREUVES, _VOTES):
            curseur.execute(enonce, trajet)
        Diagnostic.objects.filter(pk__in=cles).update(referentiel=referentiel)
    for diagnostic in diagnostics:
        diagnostic.referentiel = referentiel


def reprendre_l_an_dernier(*, diagnostic: Diagnostic, auteur: Utilisateur, maintenant: datetime.datetime) -> int:
    """Bring the answers of the last diagnostic signed, each « à reconfirmer »; returns how many. Raises Empeche.

    Only into a diagnostic without an answer, so that nothing typed this year is mixed with it.
    """
    with acte("reprendre_l_an_dernier", auteur):
        verrouille = (
            Diagnostic.objects.select_for_update(of=("self",))
            .select_related("campagne__academie", "referentiel")
            .get(pk=diagnostic.pk)
        )
        source = derniere_source(verrouille)
        refuser(empechement_reprendre(verrouille, source, verrouille.reponses.exclude(valeur="").count()))
        assert source is not None  # noqa: S101 (said by the rule above)
        trajet = _trajet(source.referentiel, verrouille.referentiel, [source.pk], [verrouille.pk])
        with connection.cursor() as curseur:
            annee = source.campagne.annee_scolaire
            curseur.execute(_REPONSES, trajet | _signe(auteur, maintenant, annee_reprise=annee))
            reprises: int = curseur.rowcount
    return reprises


def _trajet(depart: Referentiel, arrivee: Referentiel, sources: Sequence[int], cibles: Sequence[int]) -> dict[str, Any]:
    versions = lignee(arrivee, depart)
    if versions is None:
        raise Empeche(f"« {arrivee} » n'est pas une suite de « {depart} »\u00a0: les réponses ne peuvent pas y passer.")
    return {
        "depart": depart.pk,
        "arrivee": arrivee.pk,
        "lignee": [version.pk for version in versions],
        "sources": list(sources),
        "cibles": list(cibles),
    }


def _signe(auteur: Utilisateur | None, maintenant: datetime.datetime, *, annee_reprise: str = "") -> dict[str, Any]:
    """`annee_reprise`: the school year that the answers come from, all to be confirmed; else only what changed is."""
    return {
        "auteur": auteur.pk if auteur else None,
        "maintenant": maintenant,
        "annee_reprise": annee_reprise,
    }
