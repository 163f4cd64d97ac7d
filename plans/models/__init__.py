from plans.models.action import Action, Commentaire, Contribution, Examen, Participation, Suivi
from plans.models.agenda import LienAgenda
from plans.models.axe import Axe, Justification
from plans.models.besoin import Besoin, Fondement
from plans.models.cascade import AxeDistrict, PrioriteAcademique, Rattachement
from plans.models.constat import Constat, UtileChezNous
from plans.models.corbeille import ModeleCorbeille, QuerySetCorbeille
from plans.models.depot import Depot
from plans.models.experimentation import Experimentation
from plans.models.indicateur import FacteurReussite, IndicateurSuivi, Releve
from plans.models.proposition import Demande, PropositionAdaptee, PropositionDeclinee
from plans.models.themes import Theme
from plans.models.vision import Objectif, Vision

__all__ = [
    "Action",
    "Axe",
    "AxeDistrict",
    "Besoin",
    "Commentaire",
    "Constat",
    "Contribution",
    "Demande",
    "Depot",
    "Examen",
    "Experimentation",
    "FacteurReussite",
    "Fondement",
    "IndicateurSuivi",
    "Justification",
    "LienAgenda",
    "ModeleCorbeille",
    "Objectif",
    "Participation",
    "PrioriteAcademique",
    "PropositionAdaptee",
    "PropositionDeclinee",
    "QuerySetCorbeille",
    "Rattachement",
    "Releve",
    "Suivi",
    "Theme",
    "UtileChezNous",
    "Vision",
]
