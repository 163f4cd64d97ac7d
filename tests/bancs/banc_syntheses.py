"""Dashboards at the size of a nation: pages against an empty view and their bare rows, and against the raw GROUP BY.

Run by hand: `python -m tests.bancs.banc_syntheses [echelle] [rounds] [--garder]`, some 25 GB of free disk for the
nation. Whole requests in one process and one run, in turn; everything happens in a database made for it, and goes with
it, unless `--garder`: the next run then finds its volume.
"""

# ruff: noqa: S608 (constants of this module)

import itertools
import sys
import time
from collections.abc import Callable

import django

django.setup()

from django.core.cache import caches  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import override_settings, setup_databases, teardown_databases  # noqa: E402
from django.urls import include, path, reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from strategie.pilotage.domain.syntheses import replier  # noqa: E402
from strategie.socle.models import Academie, District, Etablissement, Utilisateur  # noqa: E402
from tests.bancs.banc_diagnostic import dire, plancher, rejouer, requetes_de  # noqa: E402
from tests.bancs.banc_plan import minimum_et_mediane  # noqa: E402

TABLES = (
    *("diagnostic_reponse", "diagnostic_copiesignee", "budget_equipement", "plans_action", "budget_lignebudget"),
    *("pilotage_syntheseetablissement", "pilotage_syntheseterritoire"),
)
# The raw figures of a year: answers by champ, palier and value.
BRUT = """
SELECT i.champ_id, i.palier, r.valeur, count(*)
FROM diagnostic_reponse r
JOIN diagnostic_indicateur i ON i.id = r.indicateur_id
JOIN diagnostic_diagnostic d ON d.id = r.diagnostic_id
JOIN diagnostic_campagne c ON c.id = d.campagne_id
JOIN socle_etablissement e ON e.id = d.etablissement_id
WHERE c.annee_scolaire = %s {ou}
GROUP BY 1, 2, 3
"""
LIGNES = """
SELECT annee_scolaire, mesure, valeur FROM pilotage_syntheseterritoire
WHERE niveau = %s AND cle = %s AND annee_scolaire IN ('', %s)
"""


def vide(request: HttpRequest) -> HttpResponse:
    assert request.user.is_authenticated
    return HttpResponse(b"")


# Served beside the real addresses: this module is the URLconf of the bench.
urlpatterns = [
    path("plancher/", plancher, name="plancher"),
    path("vide/", vide, name="vide"),
    path("", include("strategie.urls")),
]


def lire(enonce: str, *valeurs: object) -> list[tuple]:
    with connection.cursor() as curseur:
        curseur.execute(enonce, valeurs or None)
        return curseur.fetchall() if curseur.description else []


def chronometrer(acte: Callable[[], object]) -> float:
    debut = time.perf_counter()
    acte()
    return (time.perf_counter() - debut) * 1000


def remplir(echelle: str) -> None:
    if not Etablissement.objects.exists():
        call_command("charger_referentiel")
        call_command("generer_volume", echelle=echelle)
        lire("VACUUM ANALYZE")
    lire("SET statement_timeout = 0")
    [(ecoles, choses)] = lire(
        "SELECT (SELECT count(*) FROM socle_etablissement), (SELECT sum(nombre) FROM budget_equipement)"
    )
    print(f"\n{ecoles} schools, {choses} things")
    for table in TABLES:
        [(lignes, taille)] = lire(f"SELECT count(*), pg_size_pretty(pg_total_relation_size('{table}')) FROM {table}")
        print(f"  {table:<34} {lignes:>10} rows  {taille}")


# --- Pages -----------------------------------------------------------------------------------------------------------
def banc_pages(client: Client, adresses: dict[str, str], tours: int, *, premier: bool = False) -> None:
    """Each beside its floor: the same sign-in, its own SQL sent again, as many bytes. With `premier`, as its first
    reader finds it: what the process keeps of pages is thrown away before each.
    """

    def visiter(adresse: str) -> HttpResponse:
        if premier:
            caches["memoire"].clear()
        return client.get(adresse)

    mesures: dict[str, Callable[[], object]] = {"an empty view": lambda: client.get("/vide/")}
    for nom, adresse in adresses.items():
        visiter(adresse)  # a first page brings its cookies
        reponse = visiter(adresse)
        assert reponse.status_code == 200, (adresse, reponse.status_code)
        octets, requetes = len(reponse.content), requetes_de(lambda a=adresse: visiter(a))
        print(f"{nom}: {len(requetes)} queries, {octets / 1000:.0f} kB")
        mesures[f"{nom}: empty view + its queries"] = lambda r=requetes, o=octets: (
            rejouer(r, o),
            client.get("/plancher/"),
        )
        mesures[f"{nom}: page"] = lambda a=adresse: visiter(a)
        if (etag := reponse.get("ETag")) and not premier:
            mesures[f"{nom}: 304"] = lambda a=adresse, e=etag: client.get(a, headers={"if-none-match": e})
            assert mesures[f"{nom}: 304"]().status_code == 304
    rapides, medianes = minimum_et_mediane(mesures, tours)
    dire("First readers, medians" if premier else "Pages, medians", medianes, "an empty view")
    dire(f"The quickest of {tours}", rapides, "an empty view")
    for nom in adresses:
        page, seuil = f"{nom}: page", f"{nom}: empty view + its queries"
        rapport, meilleur = medianes[page] / medianes[seuil], rapides[page] / rapides[seuil]
        print(f"  {nom}: page ÷ floor {rapport:.2f} (quickest {meilleur:.2f})")


# --- Rows ------------------------------------------------------------------------------------------------------------
def banc_lignes(territoires: dict[str, tuple[str, int, str]], annee: str, tours: int) -> None:
    """What a page reads, against the same year counted from answers; the raw counts once warm, then once."""
    for nom, (niveau, cle, ou) in territoires.items():
        lignes, _ = minimum_et_mediane({"lignes": lambda n=niveau, c=cle: lire(LIGNES, n, c, annee)}, tours)
        brut = BRUT.format(ou=ou)
        lire(brut, annee)
        brute = chronometrer(lambda b=brut: lire(b, annee))
        combien = len(lire(LIGNES, niveau, cle, annee))
        print(
            f"  {nom}: {combien} rows in {lignes['lignes']:.2f} ms; GROUP BY {brute:.0f} ms,"
            f" {brute / lignes['lignes']:.0f} ×"
        )


def banc_chaleur(academie: Academie, annee: str, tours: int) -> None:
    enonce = (
        "SELECT s.etablissement_id, e.nom, s.diagnostic, s.paliers FROM pilotage_syntheseetablissement s"
        " JOIN socle_etablissement e ON e.id = s.etablissement_id WHERE s.academie_id = %s AND s.annee_scolaire = %s"
    )
    combien = len(lire(enonce, academie.pk, annee))
    rapide, mediane = minimum_et_mediane({"chaleur": lambda: lire(enonce, academie.pk, annee)}, tours)
    print(
        f"  heat rows of the académie: {combien} rows in {mediane['chaleur']:.1f} ms (quickest {rapide['chaleur']:.1f})"
    )


def banc_repli(maximum: int, tours: int) -> None:
    """Schools a second, each counted again from all its facts; they have not changed, then one figure of each has."""
    for titre, fait in (
        ("nothing has changed", "INSERT INTO pilotage_faitchange (etablissement_id) SELECT id FROM ({ecoles}) e"),
        ("a figure of each has changed", "UPDATE socle_etablissement SET effectif = 1 WHERE id IN ({ecoles})"),
    ):
        durees = []
        for tour in range(tours):
            ecoles = f"SELECT id FROM socle_etablissement ORDER BY id OFFSET {tour * maximum} LIMIT {maximum}"
            lire(fait.format(ecoles=ecoles))
            durees.append(chronometrer(lambda: replier(maintenant=timezone.now(), maximum=maximum)))
        durees.sort()
        mediane = durees[len(durees) // 2]
        print(
            f"  fold of {maximum} schools, {titre}: {mediane:.0f} ms, {maximum / mediane * 1000:.0f} schools a second"
        )


def main() -> None:
    arguments = [argument for argument in sys.argv[1:] if argument != "--garder"]
    echelle, tours, *_ = itertools.chain(arguments, ["nation", "40"][len(arguments) :])
    garder = "--garder" in sys.argv
    bases = setup_databases(verbosity=0, interactive=False, keepdb=garder, serialized_aliases=set())
    try:
        with override_settings(ROOT_URLCONF=__name__):
            mesurer(echelle, int(tours))
    finally:
        if not garder:
            teardown_databases(bases, verbosity=0)


def mesurer(echelle: str, tours: int) -> None:
    remplir(echelle)
    academie = Academie.objects.order_by("pk")[0]
    district = District.objects.filter(academie=academie).order_by("nom")[0]
    [(annee,)] = lire("SELECT max(annee_scolaire) FROM diagnostic_campagne")
    client = Client(SERVER_NAME="localhost")
    client.force_login(Utilisateur.objects.get(email="rectorat.volume@exemple.invalid"))
    territoires = {
        "district": ("district", district.pk, f"AND e.district_id = {district.pk}"),
        "académie": ("academie", academie.pk, f"AND e.academie_id = {academie.pk}"),
        "nation": ("nation", 0, ""),
    }
    adresses = {nom: reverse("tableau_territoire", args=[n, c]) for nom, (n, c, _) in territoires.items()}
    adresses["heat table of the académie"] = reverse("carte_de_chaleur", args=["academie", academie.pk])
    adresses["schools of the académie"] = reverse("etablissements_du_territoire", args=["academie", academie.pk])
    banc_pages(client, adresses, tours, premier=True)
    banc_pages(client, adresses, tours)
    print("\nRows")
    banc_lignes(territoires, annee, tours)
    banc_chaleur(academie, annee, tours)
    print("\nFold")
    banc_repli(1_000, 5)


if __name__ == "__main__":
    main()
