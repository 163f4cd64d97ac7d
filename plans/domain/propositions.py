"""What a school makes of a proposal: taken up in its own words, declined with a reason, taken back."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

from plans.domain.actions import SaisieAction, creer_action
from plans.domain.axes import justifier
from plans.domain.besoins import SaisieBesoin, retenir_besoin
from plans.domain.verrou import verrouiller_le_plan
from plans.models import Action, Axe, Besoin, PropositionDeclinee
from plans.queries.offre import action_nee_de, besoin_ne_de
from plans.queries.propositions import Proposition
from plans.rules.propositions import (
    defauts_du_refus,
    empechement_accepter,
    empechement_decliner,
    refus_en_mots,
)
from strategie.socle.domain.empechement import SaisieRefusee, refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur


@dataclass(frozen=True)
class Acceptation:
    """What a form says of a proposal: the words of the need and what shows it; the action, unless the need alone is
    kept; whether the indicator and the success factor that come with it are followed.

    `annee`: the school year the need is kept for; `depuis`: that of the diagnostic that shows it.
    """

    annee: str
    depuis: str
    besoin: str
    constat: str
    action: SaisieAction | None = None
    indicateur: bool = False
    facteur: bool = False


@dataclass(frozen=True)
class SaisieRefus:
    raison: str
    competence: str = ""
    commentaire: str = ""


def accepter_proposition(
    *,
    etablissement: Etablissement,
    proposition: Proposition,
    saisie: Acceptation,
    cle: uuid.UUID,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> tuple[Besoin, Action | None]:
    """The need, and the action in draft that answers it, all at once. A need that is kept already stays as it is; a
    form sent twice (same `cle`, same words) does it once. Raises Empeche.
    """
    with acte("accepter_proposition", auteur):
        verrouiller_le_plan(etablissement)  # two people who take up the same proposal wait for each other
        deja = action_nee_de(etablissement, proposition.code, saisie.depuis)
        encore = deja is not None and saisie.action is not None and deja.cle != cle
        refusee = _declinee_en_mots(etablissement, saisie.annee, proposition.code)
        refuser(empechement_accepter(deja.intitule if deja and encore else None, refusee))
        besoin = besoin_ne_de(etablissement, proposition.code, saisie.depuis) or _retenir(
            etablissement, proposition, saisie, auteur, maintenant
        )
        if saisie.action is None:
            return besoin, None
        nouvelle = not Action.objects.filter(cle=cle).exists()
        action = creer_action(
            etablissement=etablissement,
            saisie=saisie.action,
            auteur=auteur,
            maintenant=maintenant,
            modele=proposition.code,
            cle=cle,
        )
        if nouvelle:
            with acte("accepter_proposition", auteur):  # the acts above have told their own names
                _accompagner(action, besoin, proposition, saisie)
        return besoin, action


def _retenir(
    etablissement: Etablissement,
    proposition: Proposition,
    saisie: Acceptation,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Besoin:
    besoin, _ = retenir_besoin(
        etablissement=etablissement,
        saisie=SaisieBesoin(
            annee_scolaire=saisie.annee,
            origine=Besoin.Origine.INDICATEUR,
            reference=proposition.code,
            intitule=saisie.besoin,
            constat=saisie.constat,
            effectif=None,
            theme=proposition.theme,
        ),
        auteur=auteur,
        maintenant=maintenant,
    )
    return besoin


def _accompagner(action: Action, besoin: Besoin, proposition: Proposition, saisie: Acceptation) -> None:
    """What is followed of it, and its axe answers the need. What only the school knows stays to be filled before the
    action is published.
    """
    mesure = proposition.indicateur
    if saisie.indicateur:
        action.indicateurs.create(
            intitule=mesure.intitule, unite=mesure.unite, depart=mesure.depart, cible=mesure.cible, sens=mesure.sens
        )
    if saisie.facteur:
        action.facteurs.create(texte=proposition.facteur)
    for axe in Axe.objects.filter(contributions__action=action):
        justifier(axe, {besoin.pk})


def decliner_proposition(
    *,
    etablissement: Etablissement,
    proposition: Proposition,
    annee: str,
    depuis: str,
    saisie: SaisieRefus,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> PropositionDeclinee:
    """For the school year `annee`, the diagnostic being that of `depuis`; sent twice, it is declined once. Raises
    Empeche; SaisieRefusee says which fields are wrong.
    """
    if defauts := defauts_du_refus(saisie.raison, saisie.competence, saisie.commentaire):
        raise SaisieRefusee(defauts)
    with acte("decliner_proposition", auteur):
        verrouiller_le_plan(etablissement)
        deja = _declinee(etablissement, annee, proposition.code)
        if deja and _lire(deja) == saisie and deja.declinee_par_id == auteur.pk:
            return deja
        action = action_nee_de(etablissement, proposition.code, depuis)
        en_mots = _declinee_en_mots(etablissement, annee, proposition.code)
        refuser(empechement_decliner(action.intitule if action else None, en_mots))
        return PropositionDeclinee.objects.create(
            etablissement=etablissement,
            annee_scolaire=annee,
            code=proposition.code,
            raison=saisie.raison,
            competence=saisie.competence,
            commentaire=saisie.commentaire,
            declinee_par=auteur,
            declinee_le=maintenant,
        )


def reprendre_proposition(*, etablissement: Etablissement, annee: str, code: str, auteur: Utilisateur) -> None:
    """Offered again; asked twice, it is done once. The history keeps who declined it and why. Raises Empeche."""
    with acte("reprendre_proposition", auteur):
        verrouiller_le_plan(etablissement)
        PropositionDeclinee.objects.filter(etablissement=etablissement, annee_scolaire=annee, code=code).delete()


def _lire(declinee: PropositionDeclinee) -> SaisieRefus:
    return SaisieRefus(declinee.raison, declinee.competence, declinee.commentaire)


def _declinee(etablissement: Etablissement, annee: str, code: str) -> PropositionDeclinee | None:
    siennes = PropositionDeclinee.objects.filter(etablissement=etablissement, annee_scolaire=annee, code=code)
    return siennes.select_related("declinee_par").first()


def _declinee_en_mots(etablissement: Etablissement, annee: str, code: str) -> str | None:
    declinee = _declinee(etablissement, annee, code)
    if declinee is None:
        return None
    jour = declinee.declinee_le.astimezone(etablissement.academie.zone).date()
    return refus_en_mots(str(declinee.declinee_par), jour)
