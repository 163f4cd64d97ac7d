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
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from diagnostic.domain.reponses import commencer_diagnostic
from diagnostic.models import Campagne, Diagnostic, Referentiel
from diagnostic.queries.chemins import CHEMIN
from diagnostic.queries.effets import dernier_jour
from diagnostic.queries.parcours import derniere_source
from diagnostic.queries.referentiels import lignee
from diagnostic.rules import empechement_changer_la_version, empechement_repondre, empechement_reprendre
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur

_PAIRES = f"""
{CHEMIN}, paire AS (
    SELECT * FROM unnest(%(sources)s::bigint[], %(cibles)s::bigint[]) AS paire(source, cible)
)
"""  # noqa: S608 (a constant)
# Of several answers that meet in one, each text is said once, in the order of the référentiel. When the version
# changes, an answer keeps its author and its time; last year's takes those of who asks for it. An answer that is
# asked again takes the next version: a page opened before cannot confirm words that it did not show.
_REPONSES = f"""
{_PAIRES}, venue AS (
    SELECT paire.cible, arrivee.indicateur, reponse.*, origine.ordre, arrivee.change,
        row_number() OVER (
            PARTITION BY paire.cible, arrivee.indicateur, reponse.motif ORDER BY origine.ordre
        ) AS fois_motif,
        row_number() OVER (
            PARTITION BY paire.cible, arrivee.indicateur, reponse.commentaire ORDER BY origine.ordre
        ) AS fois_commentaire
    FROM paire
    JOIN diagnostic_reponse AS reponse ON reponse.diagnostic_id = paire.source
    JOIN arrivee ON arrivee.origine = reponse.indicateur_id
    JOIN diagnostic_indicateur AS origine ON origine.id = arrivee.origine
), reprise AS (
    SELECT cible, indicateur, max(version) AS version, bool_or(change) AS change,
        count(DISTINCT valeur) FILTER (WHERE valeur <> '') AS valeurs,
        min(valeur) FILTER (WHERE valeur <> '') AS valeur,
        coalesce(string_agg(motif, E'\\n' ORDER BY ordre) FILTER (WHERE motif <> '' AND fois_motif = 1), '') AS motif,
        coalesce(
            string_agg(commentaire, E'\\n' ORDER BY ordre) FILTER (WHERE commentaire <> '' AND fois_commentaire = 1), ''
        ) AS commentaire,
        bool_or(change OR a_reconfirmer) AS a_reconfirmer, max(annee_reprise) AS annee_reprise,
        (array_agg(modifiee_par_id ORDER BY modifiee_le DESC))[1] AS modifiee_par_id, max(modifiee_le) AS modifiee_le
    FROM venue
    GROUP BY cible, indicateur
)
INSERT INTO diagnostic_reponse
    (diagnostic_id, indicateur_id, valeur, motif, commentaire, a_reconfirmer, annee_reprise, version,
     modifiee_par_id, modifiee_le)
SELECT cible, indicateur, CASE WHEN valeurs = 1 THEN valeur ELSE '' END, CASE WHEN valeurs = 1 THEN motif ELSE '' END,
    commentaire, valeurs = 1 AND (change OR a_reconfirmer OR %(annee_reprise)s <> ''),
    CASE WHEN change THEN '' WHEN %(annee_reprise)s <> '' THEN %(annee_reprise)s ELSE annee_reprise END,
    version + change::int,
    CASE WHEN %(annee_reprise)s <> '' THEN %(auteur)s ELSE modifiee_par_id END,
    CASE WHEN %(annee_reprise)s <> '' THEN %(maintenant)s ELSE modifiee_le END
FROM reprise WHERE valeurs = 1 OR commentaire <> ''
ON CONFLICT (diagnostic_id, indicateur_id) DO NOTHING
"""  # noqa: S608 (two constants of this module)
# The same proof of two indicators that become one is one proof.
_PREUVES = f"""
{_PAIRES}
INSERT INTO diagnostic_preuve
    (cle, diagnostic_id, indicateur_id, intitule, date_piece, lien, fichier, nom_fichier, type_contenu, taille, sha256,
     deposee_par_id, deposee_le)
SELECT gen_random_uuid(), venue.* FROM (
    SELECT DISTINCT ON (paire.cible, arrivee.indicateur, intitule, lien, sha256)
        paire.cible, arrivee.indicateur, intitule, date_piece, lien, fichier, nom_fichier, type_contenu, taille, sha256,
        deposee_par_id, deposee_le
    FROM paire
    JOIN diagnostic_preuve AS preuve ON preuve.diagnostic_id = paire.source
    JOIN arrivee ON arrivee.origine = preuve.indicateur_id
    ORDER BY paire.cible, arrivee.indicateur, intitule, lien, sha256, deposee_le DESC, preuve.id DESC
) AS venue
ORDER BY venue.deposee_le, venue.intitule
"""  # noqa: S608
_VOTES = f"""
{_PAIRES}
INSERT INTO diagnostic_votereunion
    (diagnostic_id, indicateur_id, oui, en_partie, non, ne_sait_pas, desaccord, version, note_par_id, note_le)
SELECT paire.cible, arrivee.indicateur, oui, en_partie, non, ne_sait_pas, desaccord, version, note_par_id, note_le
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
    if not diagnostics or diagnostics[0].referentiel_id == referentiel.pk:
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


def commencer_depuis_l_an_dernier(
    *, etablissement: Etablissement, campagne: Campagne | None, auteur: Utilisateur, maintenant: datetime.datetime
) -> Diagnostic:
    """Begin this year's diagnostic with the answers of the last one: both, or neither. Raises Empeche."""
    with acte("reprendre_l_an_dernier", auteur):
        diagnostic = commencer_diagnostic(
            etablissement=etablissement, campagne=campagne, auteur=auteur, maintenant=maintenant
        )
        reprendre_l_an_dernier(diagnostic=diagnostic, auteur=auteur, maintenant=maintenant)
    return diagnostic


def changer_la_version(
    *, campagne: Campagne, referentiel: Referentiel, auteur: Utilisateur, maintenant: datetime.datetime
) -> Campagne:
    """Move a campaign to a later version of its référentiel: whatever is not signed follows at once, what is signed
    will when it is opened again. The same move twice changes nothing. Raises Empeche.
    """
    with acte("changer_la_version", auteur):
        # Its key is left free: who holds a diagnostic that this will wait for may still have to look at it.
        verrouillee = Campagne.objects.select_for_update(no_key=True).get(pk=campagne.pk)
        if verrouillee.referentiel_id == referentiel.pk:
            return verrouillee
        refuser(_pourquoi_pas(verrouillee, referentiel, maintenant))
        # All of them, whatever their state: one begun or opened again meanwhile waits, then sees the new version.
        # Without their versions: joined to it, a row that somebody moves while this waits would be missing.
        diagnostics = list(
            Diagnostic.objects.select_for_update()
            .filter(campagne=campagne)
            .exclude(referentiel=referentiel)
            .order_by("pk")
        )
        en_attente = [diagnostic.pk for diagnostic in diagnostics if not diagnostic.commence]
        Diagnostic.objects.filter(pk__in=en_attente).update(referentiel=referentiel)
        for ouverts in _par_version(diagnostic for diagnostic in diagnostics if diagnostic.modifiable):
            passer_a_la_version(ouverts, referentiel, auteur, maintenant)
        verrouillee.referentiel = referentiel
        verrouillee.save(update_fields=["referentiel"])
    return verrouillee


def _pourquoi_pas(campagne: Campagne, referentiel: Referentiel, maintenant: datetime.datetime) -> str | None:
    """What prevents the campaign from moving to this version."""
    return empechement_changer_la_version(
        campagne,
        referentiel,
        suit=lignee(referentiel, campagne.referentiel) is not None,
        fin=dernier_jour(campagne),
        maintenant=maintenant,
    )


def _par_version(diagnostics: Iterable[Diagnostic]) -> Iterable[list[Diagnostic]]:
    groupes: dict[int, list[Diagnostic]] = defaultdict(list)
    for diagnostic in diagnostics:
        groupes[diagnostic.referentiel_id].append(diagnostic)
    for cle, version in Referentiel.objects.in_bulk(groupes).items():
        groupes[cle][0].referentiel = version
    return groupes.values()


def reprendre_l_an_dernier(*, diagnostic: Diagnostic, auteur: Utilisateur, maintenant: datetime.datetime) -> int:
    """Bring the answers of the last diagnostic signed, each « à reconfirmer »; returns how many. Raises Empeche.

    Only into a diagnostic without an answer, so that nothing typed this year is mixed with it. Asked twice, it brings
    them once.
    """
    with acte("reprendre_l_an_dernier", auteur):
        verrouille = Diagnostic.objects.select_for_update().get(pk=diagnostic.pk)
        source = derniere_source(verrouille)
        deja = list(verrouille.reponses.exclude(valeur="").values_list("a_reconfirmer", flat=True))
        if deja and all(deja):
            return 0
        refuser(empechement_repondre(verrouille, maintenant) or empechement_reprendre(verrouille, source, len(deja)))
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
        "departs": [depart.pk],
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
