"""W6, W8: the list over twelve million rows, page 1 and page 10,000, against Django's own; a million rows exported.

Run by hand: `python -m tests.bancs.banc_inventaire [millions] [rounds]`, with some 20 GB of free disk for 12. Whole
requests in one process and one run, in turn; everything happens in a database made for it, and goes with it.
"""

# ruff: noqa: S608 (constants of this module)

import itertools
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import django

django.setup()

from django.contrib import admin  # noqa: E402
from django.core import signing  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import override_settings, setup_databases, teardown_databases  # noqa: E402
from django.urls import include, path, reverse  # noqa: E402

from budget.interfaces.colonnes import COLONNES, PAR_CODE  # noqa: E402
from budget.interfaces.selection import PAR_DEFAUT, SEL  # noqa: E402
from budget.interfaces.tableau_inventaire import champs  # noqa: E402
from budget.models import Equipement  # noqa: E402
from budget.queries.inventaire import TAILLE_PAGE, dans_l_ordre, page  # noqa: E402
from strategie.socle.models import Etablissement  # noqa: E402
from strategie.socle.rules import lettre_uai  # noqa: E402
from tests.bancs.banc_diagnostic import ETABLISSEMENTS, REJEUES, dire, plancher, rejouer, requetes_de  # noqa: E402
from tests.bancs.banc_plan import minimum_et_mediane  # noqa: E402
from tests.personnages import Monde, creer_monde  # noqa: E402

GRANDE, ORDINAIRE = 1_000_000, 2_000  # lines of the one big school, of each of the others
PROFONDE = 10_000
SALLES = 40
AVANT = "SET statement_timeout = 0; SET maintenance_work_mem = '1GB'"
# A scratch table is filled without what would check or index each row; its indexes are made again afterwards.
ALLEGER = """
ALTER TABLE budget_equipement DISABLE TRIGGER USER;
DO $$ DECLARE c record; BEGIN
    FOR c IN SELECT conname FROM pg_constraint WHERE conrelid = 'budget_equipement'::regclass AND contype = 'f' LOOP
        EXECUTE format('ALTER TABLE budget_equipement DROP CONSTRAINT %I', c.conname);
    END LOOP;
END $$;
"""
INDEX = """
SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'budget_equipement'
    AND indexname NOT IN (SELECT conname FROM pg_constraint WHERE conrelid = 'budget_equipement'::regclass)
"""
SALLES_DE_TOUS = f"""
INSERT INTO budget_salle (etablissement_id, nom, batiment, wifi)
SELECT e.id, 'Salle ' || n, '', '' FROM socle_etablissement e, generate_series(1, {SALLES}) n
ORDER BY e.id, n
"""
LIGNES = """
INSERT INTO budget_equipement (academie_id, etablissement_id, designation, categorie, marque, modele, numero_serie,
    etiquette, nombre, salle_id, domaine, proprietaire, payeur, mainteneur, achete_le, garanti_jusqu_au, prix, etat,
    destination, prete_a, vu_le, note, source, cree_le, version)
SELECT e.academie_id, e.id,
    (ARRAY['Tablette', 'Portable élève', 'Vidéoprojecteur', 'Écran interactif', 'Ordinateur fixe'])[1 + n %% 5]
        || ' ' || (n %% 97),
    (ARRAY['tablette', 'portable', 'videoprojecteur', 'tableau', 'fixe'])[1 + n %% 5],
    'Marque ' || (n %% 30), 'Modèle ' || (n %% 300), 'SN' || e.id || '-' || n, 'CD-' || n, 1,
    s.premiere + n %% %(salles)s, 'pedagogique',
    (ARRAY['departement', 'region', 'etat', 'eple'])[1 + n %% 4], 'departement', 'eple',
    date '2018-01-01' + (n %% 2500), date '2021-01-01' + (n %% 2500), 100 + (n %% 90000) / 100.0,
    (ARRAY['reutilisable', 'reutilisable', 'reutilisable', 'a_reparer'])[1 + n %% 4], '', '', date '2026-09-10',
    CASE WHEN n %% 10 = 0 THEN 'Prise ; voir « note »' ELSE '' END, 'tableur', now(), 1
FROM socle_etablissement e
JOIN (SELECT etablissement_id, min(id) AS premiere FROM budget_salle GROUP BY 1) s ON s.etablissement_id = e.id,
    generate_series(1, %(combien)s) n
WHERE e.id = ANY (%(ecoles)s)
"""

admin_du_banc = admin.AdminSite(name="admin_du_banc")


@admin.register(Equipement, site=admin_du_banc)
class ListeDeDjango(admin.ModelAdmin):
    """The same columns, order and page size as ours."""

    list_display = ("designation", "categorie", "numero_serie", "nombre", "salle", "etat", "proprietaire", "vu_le")
    list_select_related = ("salle",)
    list_per_page = TAILLE_PAGE
    list_max_show_all = 0
    ordering = ("classement", "pk")
    show_facets = admin.ShowFacets.NEVER

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return True


def vide(request: HttpRequest) -> HttpResponse:
    assert request.user.is_authenticated
    return HttpResponse(b"")


# Served beside the real addresses: this module is the URLconf of the bench.
urlpatterns = [
    path("plancher/", plancher, name="plancher"),
    path("vide/", vide, name="vide"),
    path("admin-du-banc/", admin_du_banc.urls),
    path("", include("strategie.urls")),
]


# --- The rows --------------------------------------------------------------------------------------------------------
def executer(enonce: str, **valeurs: object) -> None:
    with connection.cursor() as curseur:
        curseur.execute(enonce, valeurs or None)


def lire(enonce: str, *valeurs: object) -> list[tuple]:
    with connection.cursor() as curseur:
        curseur.execute(enonce, valeurs or None)
        return curseur.fetchall()


def chronometrer(acte: Callable[[], object]) -> float:
    debut = time.perf_counter()
    acte()
    return time.perf_counter() - debut


def remplir(monde: Monde, millions: float) -> None:
    """One school of a million, thousands of two thousand."""
    executer(AVANT)
    autres = max(0, round((millions * 1_000_000 - GRANDE) / ORDINAIRE))
    codes = [f"{97_00000 + rang:07}" for rang in range(autres)]
    with connection.cursor() as curseur:
        uais = [code + lettre_uai(code) for code in codes]
        curseur.execute(ETABLISSEMENTS, [monde.academie.pk, monde.college.departement_id, uais])
    executer(SALLES_DE_TOUS)
    index = lire(INDEX)
    executer(ALLEGER + "".join(f"DROP INDEX {nom};" for nom, _ in index))
    ecoles = list(Etablissement.objects.filter(uai__startswith="97").order_by("pk").values_list("pk", flat=True))
    duree = chronometrer(lambda: executer(LIGNES, salles=SALLES, combien=GRANDE, ecoles=[monde.college.pk]))
    for part in itertools.batched(ecoles, 250, strict=False):
        duree += chronometrer(lambda part=part: executer(LIGNES, salles=SALLES, combien=ORDINAIRE, ecoles=list(part)))
    print(f"{millions} million rows in {duree:.0f} s", flush=True)
    for nom, definition in index:
        print(f"  {nom}: {chronometrer(lambda d=definition: executer(d)):.0f} s", flush=True)
    executer("VACUUM ANALYZE budget_equipement; ")
    executer("ANALYZE")
    [(table, tout)] = lire("SELECT pg_size_pretty(pg_table_size('budget_equipement')),"
                           " pg_size_pretty(pg_total_relation_size('budget_equipement'))")  # fmt: skip
    print(f"  table {table}, with its indexes {tout}", flush=True)


# --- The list --------------------------------------------------------------------------------------------------------
def mesurer(titre: str, mesures: dict[str, Callable[[], object]], tours: int, repere: str) -> None:
    rapides, medianes = minimum_et_mediane(mesures, tours)
    dire(f"{titre}: medians", medianes, repere)
    dire(f"{titre}: the quickest of {tours}", rapides, repere)


def cle_de_la_page(lignes, numero: int) -> str:
    """The address of the page: what the one before ends with."""
    rang = (numero - 1) * TAILLE_PAGE - 1
    return signing.dumps(dans_l_ordre(lignes).values_list("classement", "pk")[rang], salt=SEL)


def rejeu(client: Client, adresse: str, *, lignes_seules: bool = False) -> tuple[list, int]:
    octets = len(client.get(adresse).content)
    requetes = requetes_de(lambda: client.get(adresse))
    return [r for r in requetes if not lignes_seules or "LIMIT 51" in r[0]], octets


def banc_liste(monde: Monde, tours: int) -> None:
    client, django_admin = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    client.force_login(monde.chef)
    monde.technique.is_staff = monde.technique.is_superuser = True
    monde.technique.save()
    django_admin.force_login(monde.technique)
    siennes = Equipement.objects.vivants().filter(etablissement=monde.college).exclude(etat="sorti")
    ordinaire = Etablissement.objects.filter(uai__startswith="97").first()
    premiere = reverse("inventaire", args=[monde.college.uai])
    profonde = f"{premiere}?apres={cle_de_la_page(siennes, PROFONDE)}"
    changelist = reverse("admin_du_banc:budget_equipement_changelist")
    de_l_ecole = f"{changelist}?etablissement={monde.college.pk}"
    pages = {"page 1": premiere, "page 10,000": profonde}
    if ordinaire:
        monde.chef.affectations.create(
            role="chef", etablissement=ordinaire, debut=monde.chef.affectations.first().debut
        )
        pages["page 1, a school of 2,000 lines"] = reverse("inventaire", args=[ordinaire.uai])
    mesures: dict[str, Callable[[], object]] = {"an empty view": lambda: client.get("/vide/")}
    for nom, adresse in pages.items():
        seules, toutes = rejeu(client, adresse, lignes_seules=True), rejeu(client, adresse)
        assert len(seules[0]) == 1
        mesures[f"{nom}: empty view + its rows' query"] = lambda r=seules: (rejouer(*r), client.get("/plancher/"))
        mesures[f"{nom}: empty view + all its {len(toutes[0])} queries"] = lambda r=toutes: (
            rejouer(*r),
            client.get("/plancher/"),
        )
        mesures[nom] = lambda a=adresse: client.get(a)
        print(f"{nom}: {toutes[1] / 1000:.0f} kB")
    mesurer("The list, whole requests", mesures, tours, "an empty view")
    REJEUES.clear()
    assert django_admin.get(de_l_ecole).status_code == 200
    autres: dict[str, Callable[[], object]] = {
        "ours, page 1": lambda: client.get(premiere),
        "ours, page 10,000": lambda: client.get(profonde),
        "changelist of that school, page 1": lambda: django_admin.get(de_l_ecole),
        "changelist of that school, page 10,000": lambda: django_admin.get(f"{de_l_ecole}&p={PROFONDE}"),
        "changelist of all, page 1": lambda: django_admin.get(changelist),
        "changelist of all, page 10,000": lambda: django_admin.get(f"{changelist}?p={PROFONDE}"),
    }
    mesurer("Against Django's changelist", autres, 5, "ours, page 1")


def banc_academie(monde: Monde, tours: int) -> None:
    """Every row of the académie: what a page of it asks of the database, its rows read."""
    lignes = Equipement.objects.vivants().filter(academie=monde.academie).exclude(etat="sorti")
    noms = champs([PAR_CODE[code] for code in PAR_DEFAUT])
    milieu = dans_l_ordre(lignes).values_list("classement", "pk")[PROFONDE * TAILLE_PAGE]
    mesures: dict[str, Callable[[], object]] = {
        "page 1": lambda: page(lignes, noms),
        "page 10,000": lambda: page(lignes, noms, apres=milieu),
        "the page before": lambda: page(lignes, noms, avant=milieu),
    }
    mesurer("The rows of a page among all those of the académie", mesures, tours, "page 1")


def banc_recherche(monde: Monde, tours: int) -> None:
    client = Client(SERVER_NAME="localhost")
    client.force_login(monde.chef)
    ordinaire = Etablissement.objects.filter(uai__startswith="97").first() or monde.college
    adresse = reverse("inventaire", args=[ordinaire.uai])
    mesures: dict[str, Callable[[], object]] = {
        nom: lambda a=f"{adresse}?{choix}": client.get(a)
        for nom, choix in {
            "nothing chosen": "",
            "a state": "etat=a_reparer",
            "a category and a state": "categorie=tablette&etat=a_reparer",
            "two words": "q=ecran+marque+12",
            "a number": f"q=SN{ordinaire.pk}-77",
            "a word that nothing holds": "q=introuvable",
        }.items()
    }
    mesurer("Filters and words in a school of 2,000 lines", mesures, tours, "nothing chosen")


# --- The export ------------------------------------------------------------------------------------------------------
class Compteur:
    """A file that only counts what it is given."""

    def __init__(self) -> None:
        self.octets = 0

    def write(self, morceau: bytes) -> None:
        self.octets += len(morceau)


def memoire() -> float:
    """What this process holds, in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


def copier(monde: Monde, suite: str) -> int:
    """The bare columns of the same rows by `COPY TO STDOUT`."""
    chemins = {"salle__nom": "s.nom", "lot__intitule": "l.intitule"}
    colonnes = ", ".join(chemins.get(colonne.valeur, f"e.{colonne.valeur}") for colonne in COLONNES)
    compteur = Compteur()
    with connection.cursor() as curseur:
        curseur.copy_expert(
            f"COPY (SELECT {colonnes} FROM budget_equipement e LEFT JOIN budget_salle s ON s.id = e.salle_id"
            f" LEFT JOIN budget_lot l ON l.id = e.lot_id WHERE e.etablissement_id = {monde.college.pk}"
            f" AND e.supprime_le IS NULL AND e.etat <> 'sorti' {suite}) TO STDOUT WITH (FORMAT csv, DELIMITER ';')",
            compteur,
        )
    return compteur.octets


def exporter(client: Client, adresse: str) -> dict[str, float]:
    debut, avant = time.perf_counter(), memoire()
    reponse = client.get(adresse)
    octets, premiers, crete = 0, [], avant
    for rang, morceau in enumerate(reponse.streaming_content):
        octets += len(morceau)
        if rang < 2:
            premiers.append((time.perf_counter() - debut) * 1000)
        if rang % 50 == 0:
            crete = max(crete, memoire())
    return {"s": time.perf_counter() - debut, "Mo": octets / 1e6, "octet": premiers[0], "ligne": premiers[1],
            "memoire": crete - avant}  # fmt: skip


def banc_export(monde: Monde, tours: int) -> None:
    client = Client(SERVER_NAME="localhost")
    client.force_login(monde.chef)
    adresse = reverse("inventaire_csv", args=[monde.college.uai])
    ordre = "ORDER BY e.classement, e.id"
    releves: dict[str, list[tuple[float, float]]] = {"COPY, same order": [], "COPY, any order": [], "export": []}
    for tour in range(tours + 1):
        for nom, suite in (("COPY, same order", ordre), ("COPY, any order", "")):
            debut = time.perf_counter()
            octets = copier(monde, suite)
            releves[nom].append((time.perf_counter() - debut, octets / 1e6))
        fait = exporter(client, adresse)
        releves["export"].append((fait["s"], fait["Mo"]))
        print(f"  export {tour}: first byte {fait['octet']:.0f} ms, first rows {fait['ligne']:.0f} ms,"
              f" memory {fait['memoire']:+.1f} MB", flush=True)  # fmt: skip
    print("\nA million lines, medians")
    for nom, valeurs in releves.items():
        secondes, mo = (statistics.median(v[i] for v in valeurs[1:]) for i in (0, 1))
        print(
            f"  {nom:<20} {secondes:6.2f} s  {mo:6.1f} MB  {mo / secondes:6.1f} MB/s  {GRANDE / secondes:9.0f} rows/s"
        )


def banc_classeur(monde: Monde) -> None:
    """A fifth of a school's lines, under what a workbook takes."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(monde.chef)
    salle = Equipement.objects.filter(etablissement=monde.college).order_by("salle").first().salle_id
    adresse = reverse("inventaire_xlsx", args=[monde.college.uai], query={"salle": salle})
    for _ in range(3):
        avant, debut = memoire(), time.perf_counter()
        octets = sum(map(len, client.get(adresse).streaming_content))
        print(f"  workbook of {GRANDE // SALLES} lines: {time.perf_counter() - debut:.1f} s, {octets / 1e6:.1f} MB,"
              f" memory {memoire() - avant:+.1f} MB", flush=True)  # fmt: skip


def main() -> None:
    millions = float(sys.argv[1]) if len(sys.argv) > 1 else 12
    tours = int(sys.argv[2]) if len(sys.argv) > 2 else 40
    bases = setup_databases(verbosity=0, interactive=False)
    try:
        monde = creer_monde()
        remplir(monde, millions)
        with override_settings(ROOT_URLCONF=__name__):
            banc_liste(monde, tours)
            banc_academie(monde, tours)
            banc_recherche(monde, tours)
            banc_export(monde, 3)
            banc_classeur(monde)
    finally:
        teardown_databases(bases, verbosity=0)


if __name__ == "__main__":
    main()
