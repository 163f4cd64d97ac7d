"""Who may do what: the grid of roles and rights (PRODUCT.md, « Who uses it »), and nothing else.

*Where* a role holds is the affectation's perimeter; *when* an act is possible is said by each app's
`rules.py`. The help page prints this grid as it is.
"""

from collections.abc import Iterable
from enum import StrEnum

from django.db.models import TextChoices


class Role(TextChoices):
    CHEF = "chef", "Chef d'établissement"
    REFERENT = "referent", "Référent numérique"
    GESTIONNAIRE = "gestionnaire", "Gestionnaire"
    MEMBRE = "membre", "Membre de la commission numérique"
    ANIMATEUR = "animateur", "Animateur"
    RECTORAT = "rectorat", "Rectorat"
    COLLECTIVITE = "collectivite", "Collectivité"


ROLES_DE_L_ETABLISSEMENT = (Role.CHEF, Role.REFERENT, Role.GESTIONNAIRE, Role.MEMBRE)


class Droit(StrEnum):
    """A right, worded as the help page shows it."""

    VOIR_ETABLISSEMENT = "Voir la fiche de l'établissement"
    VOIR_EQUIPE = "Voir l'équipe de l'établissement"
    LIRE_BROUILLON = "Lire le diagnostic en cours"
    LIRE_DIAGNOSTIC = "Lire les diagnostics signés"
    REPONDRE = "Répondre au diagnostic"
    REPONDRE_CONFIE = "Répondre aux champs qui lui sont confiés"
    CONFIER = "Confier des champs du diagnostic à des collègues"
    SIGNER = "Signer le diagnostic, le rouvrir"
    SECOND_REGARD = "Donner un second regard, tenir le journal des visites"
    OUVRIR_ENQUETE = "Ouvrir une enquête auprès des équipes"
    REPONDRE_DIRECTION = "Répondre à l'enquête au nom de la direction"
    LIRE_ENQUETE = "Lire les résultats des enquêtes, une fois closes"
    LIRE_TERRITOIRE = "Lire les moyennes des enquêtes d'un territoire"
    LIRE_BESOINS = "Lire les besoins retenus"
    RETENIR_BESOINS = "Retenir des besoins, les retirer"
    LIRE_PLAN = "Lire la vision, les retours d'expérience et tout le plan d'action"
    LIRE_PLAN_PUBLIE = "Lire la vision, les axes et les actions publiées"
    MODIFIER_PLAN = "Écrire la vision, les axes et le plan d'action"
    SUIVRE_SES_ACTIONS = "Mettre à jour les actions que l'on porte"
    COMMENTER_PLAN = "Commenter une action, noter un retour d'expérience"
    RESTAURER = "Restaurer ce qui est à la corbeille de l'établissement"
    LIRE_PARTAGES = "Lire les retours d'expérience partagés dans le district"
    PILOTER_DISTRICT = "Écrire le projet numérique d'un district"
    LIRE_INVENTAIRE = "Lire l'inventaire et l'infrastructure de l'établissement"
    TENIR_INVENTAIRE = "Tenir l'inventaire, les salles, les incidents et les usages"
    TENIR_SES_BIENS = "Tenir l'inventaire des biens dont on est propriétaire"
    FIXER_DUREES = "Fixer la durée de vie de chaque sorte d'équipement"
    LIRE_FORMATION = "Lire les besoins de formation et les séances"
    TENIR_FORMATION = "Écrire les besoins de formation, les séances, les présences"
    PILOTER_FORMATION = "Répondre aux demandes de formation, fixer les heures de formateurs du district"
    REGLER_FORMATION = "Régler le nom et le groupe minimum des formations locales"
    LIRE_BUDGET = "Lire le budget et les achats de l'établissement"
    TENIR_BUDGET = "Écrire le budget, les financements et les achats"
    ARBITRER_BUDGET = "Approuver un achat, rouvrir un exercice"
    LIRE_BUDGET_PARTAGE = "Lire les lignes et les demandes qui concernent la collectivité"
    LIRE_DOSSIER = "Lire les dossiers et les délibérations du conseil"
    PREPARER_DOSSIER = "Préparer le dossier du conseil et la délibération"
    ENREGISTRER_VOTE = "Enregistrer le vote du conseil"
    LANCER_LOT = "Faire en nombre les dossiers d'un territoire, avec ce que l'on peut y lire"
    INVITER = "Inviter dans l'établissement, retirer un accès"
    INVITER_CHEF = "Inviter le chef d'un établissement"
    LIRE_TABLEAUX = "Lire les tableaux de bord d'un territoire"
    LIRE_BUDGETS_ADDITIONNES = "Lire les budgets additionnés d'un territoire"
    LIRE_TABLEAU_DU_PARC = "Lire le tableau de bord du parc de ses établissements"
    RELANCER = "Relancer les établissements d'un territoire"
    DESSINER_DISTRICTS = "Créer et dessiner les districts, y affecter les animateurs"
    GERER_CAMPAGNES = "Ouvrir et suivre les campagnes"
    GERER_REFERENTIEL = "Faire évoluer le référentiel"


_LECTURE = {Droit.VOIR_ETABLISSEMENT, Droit.VOIR_EQUIPE, Droit.LIRE_DIAGNOSTIC}
_INVENTAIRE = {Droit.LIRE_INVENTAIRE, Droit.TENIR_INVENTAIRE}
# What everybody in the school may do of its needs and of its plan.
_PLAN = {Droit.LIRE_BESOINS, Droit.LIRE_PLAN, Droit.SUIVRE_SES_ACTIONS, Droit.COMMENTER_PLAN, Droit.LIRE_PARTAGES}

GRILLE_DES_DROITS: dict[Role, frozenset[Droit]] = {
    Role.CHEF: frozenset(
        _LECTURE
        | {Droit.LIRE_BROUILLON, Droit.REPONDRE, Droit.CONFIER, Droit.SIGNER, Droit.INVITER}
        | {Droit.OUVRIR_ENQUETE, Droit.REPONDRE_DIRECTION, Droit.LIRE_ENQUETE}
        | _PLAN
        | {Droit.RETENIR_BESOINS, Droit.MODIFIER_PLAN, Droit.RESTAURER}
        | _INVENTAIRE
        | {Droit.LIRE_FORMATION, Droit.TENIR_FORMATION}
        | {Droit.LIRE_BUDGET, Droit.TENIR_BUDGET, Droit.ARBITRER_BUDGET}
        | {Droit.LIRE_DOSSIER, Droit.PREPARER_DOSSIER, Droit.ENREGISTRER_VOTE}
    ),
    Role.REFERENT: frozenset(
        _LECTURE
        | {Droit.LIRE_BROUILLON, Droit.REPONDRE, Droit.OUVRIR_ENQUETE, Droit.LIRE_ENQUETE}
        | _PLAN
        | {Droit.RETENIR_BESOINS, Droit.MODIFIER_PLAN}
        | _INVENTAIRE
        | {Droit.LIRE_FORMATION, Droit.TENIR_FORMATION, Droit.LIRE_BUDGET}
        | {Droit.LIRE_DOSSIER, Droit.PREPARER_DOSSIER}
    ),
    Role.GESTIONNAIRE: frozenset(
        _LECTURE
        | {Droit.LIRE_BROUILLON, Droit.REPONDRE_CONFIE}
        | _PLAN
        | _INVENTAIRE
        | {Droit.LIRE_FORMATION, Droit.LIRE_BUDGET, Droit.TENIR_BUDGET, Droit.LIRE_DOSSIER}
    ),
    Role.MEMBRE: frozenset(
        _LECTURE
        | {Droit.LIRE_BROUILLON, Droit.LIRE_ENQUETE}
        | _PLAN
        | {Droit.LIRE_INVENTAIRE, Droit.LIRE_FORMATION, Droit.LIRE_DOSSIER}
    ),
    Role.ANIMATEUR: frozenset(
        _LECTURE
        | {Droit.SECOND_REGARD, Droit.INVITER_CHEF, Droit.LIRE_PLAN_PUBLIE, Droit.LIRE_PARTAGES, Droit.PILOTER_DISTRICT}
        | {Droit.LIRE_INVENTAIRE, Droit.LIRE_FORMATION, Droit.PILOTER_FORMATION, Droit.LIRE_TABLEAUX, Droit.RELANCER}
        | {Droit.LANCER_LOT}
    ),
    Role.RECTORAT: frozenset(
        _LECTURE
        | {Droit.LIRE_PLAN_PUBLIE, Droit.LIRE_PARTAGES, Droit.PILOTER_DISTRICT, Droit.LIRE_INVENTAIRE}
        | {Droit.LIRE_FORMATION, Droit.PILOTER_FORMATION, Droit.REGLER_FORMATION}
        | {Droit.LIRE_TABLEAUX, Droit.LIRE_BUDGETS_ADDITIONNES, Droit.RELANCER, Droit.DESSINER_DISTRICTS}
        | {Droit.LANCER_LOT}
        | {Droit.INVITER, Droit.INVITER_CHEF, Droit.GERER_CAMPAGNES, Droit.GERER_REFERENTIEL, Droit.LIRE_TERRITOIRE}
    ),
    Role.COLLECTIVITE: frozenset(
        {Droit.VOIR_ETABLISSEMENT, Droit.LIRE_INVENTAIRE, Droit.TENIR_SES_BIENS, Droit.FIXER_DUREES}
        | {Droit.LIRE_BUDGET_PARTAGE, Droit.LIRE_TABLEAU_DU_PARC}
    ),
}

# What a closed school is no longer open to: whoever could read it reads it still, and nobody writes there. Its team may
# still change (to read what it leaves, somebody must be let in), and its district still answers its trainings: refused,
# their hours come back.
DROITS_D_ECRIRE = frozenset(
    {Droit.REPONDRE, Droit.REPONDRE_CONFIE, Droit.CONFIER, Droit.SIGNER, Droit.SECOND_REGARD}
    | {Droit.OUVRIR_ENQUETE, Droit.REPONDRE_DIRECTION}
    | {Droit.RETENIR_BESOINS, Droit.MODIFIER_PLAN, Droit.SUIVRE_SES_ACTIONS, Droit.COMMENTER_PLAN, Droit.RESTAURER}
    | {Droit.TENIR_INVENTAIRE, Droit.TENIR_SES_BIENS, Droit.TENIR_FORMATION}
    | {Droit.TENIR_BUDGET, Droit.ARBITRER_BUDGET, Droit.PREPARER_DOSSIER, Droit.ENREGISTRER_VOTE}
)


def roles_ayant(droit: Droit) -> list[Role]:
    return [role for role, droits in GRILLE_DES_DROITS.items() if droit in droits]


def droits_de(roles: Iterable[str]) -> frozenset[Droit]:
    """The union of what these roles may do."""
    return frozenset().union(*(GRILLE_DES_DROITS[Role(role)] for role in roles))


def roles_a_inviter(droits: frozenset[Droit]) -> tuple[Role, ...]:
    """The roles that a person with these rights on a school may give there, by invitation."""
    if Droit.INVITER in droits:
        return ROLES_DE_L_ETABLISSEMENT
    return (Role.CHEF,) if Droit.INVITER_CHEF in droits else ()
