"""What a line of the matrix says: an address, a verb, and what each character gets."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.dossier import Dossier

CONNEXION = "connexion"  # sent to sign in, and back afterwards
ECOLE = ("chef", "referent", "gestionnaire", "lectrice")
ENCADREMENT = ("animatrice", "rectorat", "collectivite_agent")
DEHORS = ("voisin", "animateur_lointain", "rectorat_ailleurs", "sans_affectation", "technique")
PERSONNAGES = (*ECOLE, *ENCADREMENT, *DEHORS, "anonyme")

Statuts = dict[str, int | str]


def tous(statut: int, **exceptions: int | str) -> Statuts:
    """The same answer for everybody, signed in or not."""
    return dict.fromkeys(PERSONNAGES, statut) | exceptions


def connectes(statut: int) -> Statuts:
    return tous(statut, anonyme=CONNEXION)


def ecole(statut: int, *autorises: str) -> Statuts:
    """`statut` for those who have the right on the chef's collège."""
    dedans = {qui: statut if qui in autorises else 403 for qui in (*ECOLE, *ENCADREMENT)}
    return dedans | dict.fromkeys(DEHORS, 404) | {"anonyme": CONNEXION}


def rectorats(statut: int) -> Statuts:
    """What an académie does is no school's perimeter: 403, not 404, for everybody else."""
    return tous(403, rectorat=statut, rectorat_ailleurs=statut, anonyme=CONNEXION)


def du_rectorat(statut: int) -> Statuts:
    """What one rectorat keeps to itself: the other one does not know of it."""
    return rectorats(statut) | {"rectorat_ailleurs": 404}


@dataclass(frozen=True)
class Ligne:
    nom: str
    statuts: Statuts
    methode: str = "GET"
    arguments: Callable[[Dossier], tuple] = lambda dossier: ()
    corps: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.methode}-{self.nom}"


def uai(dossier: Dossier) -> tuple:
    return (dossier.monde.college.uai,)
