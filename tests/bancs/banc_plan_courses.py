"""Two people edit one action at once: 1,000 real rounds, two connections, and the referee of the tests.

Run by hand: `python -m tests.bancs.banc_plan_courses [rounds]`. It stops at the first outcome that is not legal.
"""

import sys
import time

import django

django.setup()

from django.test.utils import setup_databases, teardown_databases  # noqa: E402
from django.utils import timezone  # noqa: E402

from plans.queries.actions import cadre_de_l_action  # noqa: E402
from tests.personnages import creer_monde  # noqa: E402
from tests.plans.courses import courses_a_deux  # noqa: E402
from tests.plans.plans import un_axe, une_action  # noqa: E402


def main() -> None:
    tours = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    bases = setup_databases(verbosity=0, interactive=False)
    try:
        monde = creer_monde()
        action = une_action(monde.college, axes=[un_axe(monde.college, f"Axe {rang}") for rang in (1, 2, 3)])
        cadre = cadre_de_l_action(monde.college, timezone.localdate(), action)
        debut = time.perf_counter()
        issues = courses_a_deux(action, cadre, (monde.chef, monde.referent), tours)
        duree = time.perf_counter() - debut
        print(f"{tours} rounds in {duree:.0f} s: " + ", ".join(f"{nom} {n}" for nom, n in issues.most_common()))
    finally:
        teardown_databases(bases, verbosity=0)


if __name__ == "__main__":
    main()
