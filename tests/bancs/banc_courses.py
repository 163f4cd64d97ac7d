"""A signature against an autosave, and against the deadline: 1,000 real races each, two connections at once.

Run by hand: `python -m tests.bancs.banc_courses [races]`. It stops at the first outcome that is not legal.
"""

import sys

import django

django.setup()

from django.test.utils import setup_databases, teardown_databases  # noqa: E402
from django.utils import timezone  # noqa: E402

from diagnostic.domain.cotation import Valeur  # noqa: E402
from strategie.socle.domain.calendrier import annee_scolaire  # noqa: E402
from tests.diagnostic.courses import courses_avec_la_cloture, courses_avec_une_reponse  # noqa: E402
from tests.dossier import charger, commencer, repondre_partout  # noqa: E402
from tests.personnages import creer_monde  # noqa: E402


def main() -> None:
    tours = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    bases = setup_databases(verbosity=0, interactive=False)
    try:
        monde, referentiel, maintenant = creer_monde(), charger(), timezone.now()
        annee = annee_scolaire(timezone.localdate(maintenant))
        diagnostic = commencer(monde.college, annee, referentiel, monde.chef, maintenant)
        repondre_partout(diagnostic, Valeur.oui, monde.chef, maintenant)
        for course in (courses_avec_une_reponse, courses_avec_la_cloture):
            issues = course(monde, diagnostic, tours)
            print(f"{course.__name__}: " + ", ".join(f"{nom} {combien}" for nom, combien in issues.items()))
    finally:
        teardown_databases(bases, verbosity=0)


if __name__ == "__main__":
    main()
