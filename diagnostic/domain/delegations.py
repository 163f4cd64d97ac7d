"""Confiding champs to colleagues: they answer these, the head signs the whole."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from diagnostic.domain.ouverture import garder_ouvert
from diagnostic.models import Delegation, Diagnostic
from diagnostic.queries.questionnaire import questionnaire
from diagnostic.queries.repartition import Collegue, Part, delegations_de, equipe_du_jour
from diagnostic.rules import empechement_confier, empechement_repondre
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Utilisateur


@dataclass(frozen=True)
class Repartition:
    """Who is to answer what; `vue` is what the person was shown, `voulue` what they want instead."""

    vue: frozenset[Part]
    voulue: frozenset[Part]

    @property
    def ajouts(self) -> frozenset[Part]:
        return self.voulue - self.vue

    @property
    def retraits(self) -> frozenset[Part]:
        return self.vue - self.voulue


@dataclass(frozen=True)
class Changements:
    """What the act changed, then what somebody else had changed since the person was shown the state."""

    ajouts: tuple[Delegation, ...]
    retraits: tuple[Delegation, ...]
    confies_entre_temps: tuple[Delegation, ...]
    retires_entre_temps: tuple[tuple[str, str], ...]  # the champ's code, the person's name


def confier_champs(
    *, diagnostic: Diagnostic, repartition: Repartition, auteur: Utilisateur, maintenant: datetime.datetime
) -> Changements:
    """Confide and take back what the person changed, and nothing else: what another head changed meanwhile stays, and
    is said. The same distribution twice changes nothing. Raises Empeche.
    """
    refuser(empechement_repondre(diagnostic, maintenant))
    with acte("confier_champs", auteur):
        garder_ouvert(diagnostic, maintenant)
        actuelles = {Part(d.champ, d.utilisateur_id): d for d in delegations_de(diagnostic)}
        nouvelles = sorted(repartition.ajouts - actuelles.keys())
        equipe = equipe_du_jour(diagnostic.etablissement, diagnostic.campagne.jour_local(maintenant))
        _verifier(diagnostic, nouvelles, equipe)
        retraits = tuple(d for part, d in actuelles.items() if part in repartition.retraits)
        Delegation.objects.filter(pk__in=[retrait.pk for retrait in retraits]).delete()
        ajouts = Delegation.objects.bulk_create(
            Delegation(
                diagnostic=diagnostic,
                champ=part.champ,
                utilisateur=equipe[part.personne].personne,
                confiee_par=auteur,
                confiee_le=maintenant,
            )
            for part in nouvelles
        )
    gardees = sorted((repartition.vue & repartition.voulue) - actuelles.keys())
    return Changements(
        ajouts=tuple(ajouts),
        retraits=retraits,
        confies_entre_temps=tuple(
            delegation for part, delegation in actuelles.items() if part not in repartition.vue | repartition.voulue
        ),
        retires_entre_temps=tuple((part.champ, _nom(diagnostic, equipe, part.personne)) for part in gardees),
    )


def _verifier(diagnostic: Diagnostic, nouvelles: Iterable[Part], equipe: Mapping[int, Collegue]) -> None:
    """Each of these parts names a champ of this diagnostic, and somebody who may answer it."""
    champs = {champ.code for champ, _ in questionnaire(diagnostic.referentiel).champs}
    for part in nouvelles:
        if part.champ not in champs:
            raise Empeche(f"Le champ «\u00a0{part.champ}\u00a0» n'est pas dans le référentiel de ce diagnostic.")
        roles = equipe[part.personne].roles if part.personne in equipe else ()
        refuser(empechement_confier(_nom(diagnostic, equipe, part.personne), roles))


def _nom(diagnostic: Diagnostic, equipe: Mapping[int, Collegue], personne: int) -> str:
    """The school knows the names of those who had a role there; other accounts' names are not for it to learn."""
    if personne in equipe:
        return str(equipe[personne].personne)
    partie = Utilisateur.objects.filter(pk=personne, affectations__etablissement=diagnostic.etablissement_id).first()
    return str(partie) if partie else "Une personne choisie"
