"""The plan's table of 3 and of 300 actions, and its other views, against the same SQL and an empty view.

Run by hand: `python -m tests.bancs.banc_plan [rounds]`. In one process and one run, in turn, through Django's whole
request (middleware, session, rights); everything happens in a database made for it.
"""

import datetime
import itertools
import statistics
import sys
import time
from collections.abc import Callable

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import override_settings, setup_databases, teardown_databases  # noqa: E402
from django.urls import include, path, reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from plans.models import Action, Axe, Theme  # noqa: E402
from strategie.socle.models import Etablissement, Utilisateur  # noqa: E402
from tests.bancs.banc_diagnostic import dire, plancher, rejouer, requetes_de  # noqa: E402
from tests.personnages import creer_monde  # noqa: E402
from tests.plans.plans import cette_annee, un_axe_adosse, un_indicateur, une_action  # noqa: E402

PETIT, GRAND = 3, 300
AXES = 6
PLANCHER = "an empty view + its SQL"

# Served beside the real addresses: this module is the URLconf of the bench.
urlpatterns = [path("plancher/", plancher, name="plancher"), path("", include("strategie.urls"))]


def un_plan(etablissement: Etablissement, combien: int, equipe: list[Utilisateur]) -> None:
    """Of every state; two indicators with three readings each and a factor an action, a sub-action for one in ten."""
    themes = itertools.cycle(Theme.values)
    axes = [un_axe_adosse(etablissement, f"Améliorer ce qui compte {n}", theme=next(themes)) for n in range(AXES)]
    etats = itertools.cycle([etat for etat in Action.Etat if etat != Action.Etat.BROUILLON])
    for numero in range(combien):
        action = une_action(
            etablissement,
            f"Mener l'action {numero} avec les équipes de l'établissement",
            axes=[axes[numero % AXES], *([axes[(numero + 1) % AXES]] if numero % 7 == 0 else [])],
            porteur=equipe[numero % len(equipe)].pk,
            contributeurs=frozenset({equipe[(numero + 1) % len(equipe)].pk}),
            groupes=("eleves", "enseignants"),
            trimestre=1,
            trimestre_fin=1 + numero % 3,
        )
        Action.objects.filter(pk=action.pk).update(etat=next(etats), raison="Dite une fois pour toutes")
        for rang in range(2):
            indicateur = un_indicateur(action, f"Ce que l'on mesure {rang}")
            for jours in (10, 40, 70):
                jour = timezone.localdate() - datetime.timedelta(days=jours)
                indicateur.releves.create(date=jour, valeur=jours, releve_le=timezone.now())
        action.facteurs.create(texte="Les équipes s'en emparent")
        if numero % 10 == 0:
            une_action(etablissement, f"Préparer l'action {numero}", parent=action, porteur=equipe[0].pk)


def minimum_et_mediane(
    mesures: dict[str, Callable[[], object]], tours: int
) -> tuple[dict[str, float], dict[str, float]]:
    """Milliseconds, each measure in turn, after two rounds that do not count; the quickest, then the median."""
    durees: dict[str, list[float]] = {nom: [] for nom in mesures}
    for tour, (nom, mesure) in itertools.product(range(tours + 2), mesures.items()):
        debut = time.perf_counter()
        mesure()
        if tour > 1:
            durees[nom].append((time.perf_counter() - debut) * 1000)
    return ({n: min(d) for n, d in durees.items()}, {n: statistics.median(d) for n, d in durees.items()})


def banc_page(client: Client, adresse: str, titre: str, tours: int) -> None:
    page = client.get(adresse)
    assert page.status_code == 200
    rejeu = requetes_de(lambda: client.get(adresse))
    rejouer(rejeu, len(page.content))
    mesures = {
        "the page, whole request": lambda: client.get(adresse),
        PLANCHER: lambda: client.get("/plancher/"),
        "an almost empty page, whole request": lambda: client.get(reverse("donnees_personnelles")),
    }
    rapides, medianes = minimum_et_mediane(mesures, tours)
    octets = f"{len(page.content) / 1000:.0f} kB"
    dire(f"{titre}: {len(rejeu)} queries sent again by the floor, {octets}, medians", medianes, PLANCHER)
    dire(f"{titre}: the quickest of {tours}", rapides, PLANCHER)


def main() -> None:
    tours = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    bases = setup_databases(verbosity=0, interactive=False)
    try:
        monde = creer_monde()
        equipe = [monde.chef, monde.referent, monde.gestionnaire, monde.lectrice]
        assert Axe.objects.count() == 0
        client = Client(SERVER_NAME="localhost")
        client.force_login(monde.chef)
        fait = 0
        for combien in (PETIT, GRAND):
            un_plan(monde.college, combien - fait, equipe)
            fait = combien
            with connection.cursor() as curseur:
                curseur.execute("ANALYZE")
            with override_settings(ROOT_URLCONF=__name__):
                for nom in ("moyens", "plan_par_etat", "plan_frise"):
                    adresse = reverse(nom, args=[monde.college.uai], query={"annee": cette_annee(monde.college)})
                    banc_page(client, adresse, f"{nom}, {combien} actions", tours)
    finally:
        teardown_databases(bases, verbosity=0)


if __name__ == "__main__":
    main()
