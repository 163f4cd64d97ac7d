"""Giving a second look: beside the school's signed answers, never in their place."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from diagnostic.domain.reponses import IndicateurInconnu
from diagnostic.models import Diagnostic, SecondRegard
from diagnostic.queries.regards import VisAVis, copie_a_regarder, regards_sur
from diagnostic.rules import empechement_second_regard
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Utilisateur
from strategie.socle.rules import empechement_ecrire

RELIRE = (
    "L'établissement a signé une nouvelle version de son diagnostic depuis que vous avez ouvert cette page. "
    "Relisez ses réponses, puis enregistrez de nouveau."
)


@dataclass(frozen=True)
class SaisieRegard:
    """What a form says of one indicator; `version` is the second look's version it started from (0: none yet)."""

    code: str
    valeur: str
    commentaire: str
    version: int

    def dit_comme(self, ligne: VisAVis) -> bool:
        return (self.valeur, self.commentaire) == (ligne.valeur, ligne.commentaire)


def enregistrer_regards(
    *,
    diagnostic: Diagnostic,
    copie: int,
    saisies: Iterable[SaisieRegard],
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> dict[str, SecondRegard]:
    """Keep a page of the second look, given on version `copie` of what the school signed.

    Returns what somebody else has said meanwhile, by code: there nothing was written. The same saying twice is kept
    once. Raises Empeche when the school has signed nothing yet, or something newer; IndicateurInconnu for a code that
    the copy does not ask.
    """
    refuser(empechement_ecrire(diagnostic.etablissement))
    with acte("donner_un_second_regard", auteur):
        # Signatures and other second looks wait: what is compared below cannot change before it is written.
        verrouille = Diagnostic.objects.select_for_update(no_key=True).get(pk=diagnostic.pk)
        derniere = copie_a_regarder(verrouille)
        refuser(empechement_second_regard(derniere))
        assert derniere is not None  # noqa: S101 (said by the rule above)
        if derniere.version != copie:
            raise Empeche(RELIRE)
        lignes = regards_sur(verrouille, derniere).par_code
        nouvelles = [(saisie, _ligne(lignes, saisie)) for saisie in saisies]
        nouvelles = [(saisie, ligne) for saisie, ligne in nouvelles if not saisie.dit_comme(ligne)]
        SecondRegard.objects.bulk_create(
            [_regard(verrouille, s, ligne, auteur, maintenant) for s, ligne in nouvelles if s.version == ligne.version],
            update_conflicts=True,
            unique_fields=["diagnostic", "indicateur"],
            update_fields=["valeur", "commentaire", "version", "modifie_par", "modifie_le"],
        )
    return {s.code: ligne.regard for s, ligne in nouvelles if ligne.regard and s.version != ligne.version}


def _ligne(lignes: dict[str, VisAVis], saisie: SaisieRegard) -> VisAVis:
    if saisie.code not in lignes:
        raise IndicateurInconnu(saisie.code)
    return lignes[saisie.code]


def _regard(
    diagnostic: Diagnostic, saisie: SaisieRegard, ligne: VisAVis, auteur: Utilisateur, maintenant: datetime.datetime
) -> SecondRegard:
    return SecondRegard(
        diagnostic=diagnostic,
        indicateur=ligne.indicateur,
        valeur=saisie.valeur,
        commentaire=saisie.commentaire,
        version=ligne.version + 1,
        modifie_par=auteur,
        modifie_le=maintenant,
    )
