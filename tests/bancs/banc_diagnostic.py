"""W1, W2, W3, W13: the diagnostic's page, one answer saved, a signature, a school found among 60,000.

Run by hand: `python -m tests.bancs.banc_diagnostic [rounds] [schools]`. In one process and one run, in turn, through
Django's whole request (middleware, session, rights); everything happens in a database made for it.
"""

import itertools
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext

import django

django.setup()

from crispy_forms.helper import FormHelper  # noqa: E402
from crispy_forms.utils import render_crispy_form  # noqa: E402
from django import forms  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import (  # noqa: E402
    CaptureQueriesContext,
    override_settings,
    setup_databases,
    teardown_databases,
)
from django.urls import include, path, reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from diagnostic.domain.cotation import Valeur  # noqa: E402
from diagnostic.models import LIBELLES_VALEURS, Diagnostic, Indicateur, Reponse  # noqa: E402
from strategie.socle.domain.calendrier import annee_scolaire  # noqa: E402
from strategie.socle.rules import lettre_uai  # noqa: E402
from tests.dossier import charger, commencer, repondre_partout, signer  # noqa: E402
from tests.personnages import Monde, creer_monde  # noqa: E402

ETABLISSEMENTS = """
INSERT INTO socle_etablissement (uai, nom, type, nature, secteur, etat, academie_id, departement_id, adresse,
    code_postal, commune, code_commune, telephone, courriel, site, education_prioritaire, source)
SELECT uai, 'École ' || md5(uai), 'ecole', '', 'public', 'ouvert', %s, %s, '', '', 'Commune ' || left(md5(uai), 3), '',
    '', '', '', '', 'registre' FROM unnest(%s::text[]) AS uai
"""


def medianes(mesures: dict[str, Callable[[], object]], tours: int) -> dict[str, float]:
    """Milliseconds, each measure in turn: A B C A B C… after one round that does not count."""
    durees: dict[str, list[float]] = {nom: [] for nom in mesures}
    for tour, (nom, mesure) in itertools.product(range(tours + 1), mesures.items()):
        debut = time.perf_counter()
        mesure()
        if tour:
            durees[nom].append((time.perf_counter() - debut) * 1000)
    return {nom: statistics.median(valeurs) for nom, valeurs in durees.items()}


def dire(titre: str, resultats: dict[str, float], repere: str) -> None:
    print(f"\n{titre}")
    for nom, duree in resultats.items():
        print(f"  {nom:<44} {duree:8.2f} ms   {duree / resultats[repere]:6.2f} × {repere}")


def formulaire_crispy(indicateurs: list[Indicateur]) -> str:
    """The same questions as an ordinary form: five answers, two texts and a version each."""
    champs: dict[str, forms.Field] = {}
    for indicateur in indicateurs:
        code = indicateur.code
        choix = [(valeur.value, LIBELLES_VALEURS[valeur]) for valeur in Valeur]
        champs[f"{code}-valeur"] = forms.ChoiceField(
            label=indicateur.enonce, help_text=indicateur.preuve, choices=choix, widget=forms.RadioSelect
        )
        champs[f"{code}-motif"] = forms.CharField(label="Pourquoi ?", widget=forms.Textarea, required=False)
        champs[f"{code}-commentaire"] = forms.CharField(label="Commentaire", widget=forms.Textarea, required=False)
        champs[f"{code}-version"] = forms.IntegerField(widget=forms.HiddenInput)
    return render_crispy_form(type("Questions", (forms.Form,), champs)(), FormHelper())


# --- The floor: an empty view that sends the same SQL ---------------------------------------------------


def requetes_de(demande: Callable[[], object]) -> list[tuple[str, object]]:
    """The SQL, with its values, that one request sends once the person is signed in, savepoints left out."""
    envoyees: list[tuple[str, object]] = []

    def noter(execute: Callable, enonce: str, params: object, many: bool, contexte: object) -> object:
        envoyees.append((str(enonce), params))
        return execute(enonce, params, many, contexte)

    with connection.execute_wrapper(noter):
        demande()
    siennes = [requete for requete in envoyees if not requete[0].startswith(("SAVEPOINT", "RELEASE"))]
    for connexion in ('SELECT "django_session"', 'SELECT "socle_utilisateur"'):  # the first: a page may read people too
        siennes.remove(next(requete for requete in siennes if requete[0].startswith(connexion)))
    return siennes


REJEUES: list[tuple[str, object]] = []
OCTETS = 0


def plancher(request: HttpRequest) -> HttpResponse:
    """Signs the person in as every view does, sends the SQL in one transaction, answers as many bytes."""
    assert request.user.is_authenticated
    with transaction.atomic() if request.method == "POST" else nullcontext(), connection.cursor() as curseur:
        for enonce, params in REJEUES:
            curseur.execute(enonce, params)
            if curseur.description:
                curseur.fetchall()
    return HttpResponse(b"x" * OCTETS)


def rejouer(requetes: list[tuple[str, object]], octets: int) -> None:
    global OCTETS
    REJEUES[:], OCTETS = requetes, octets


# Served beside the real addresses: this module is the URLconf of the bench.
urlpatterns = [path("plancher/", plancher, name="plancher"), path("", include("strategie.urls"))]


def banc_page(monde: Monde, diagnostic: Diagnostic, client: Client, tours: int) -> None:
    adresse = reverse("diagnostic_champ", args=[monde.college.uai, diagnostic.campagne.annee_scolaire, "PIL"])
    indicateurs = list(Indicateur.objects.filter(champ__code="PIL"))
    client.get(adresse)
    with CaptureQueriesContext(connection) as requetes:
        page = client.get(adresse)
        combien = len(requetes)
    assert page.status_code == 200
    rejeu = requetes_de(lambda: client.get(adresse))
    print(
        f"W1: {combien} queries ({len(rejeu)} sent again by the floor), "
        f"{len(page.content) / 1000:.0f} kB before compression, {len(indicateurs)} indicators"
    )
    rejouer(rejeu, len(page.content))
    mesures = {
        "the page of a champ, whole request": lambda: client.get(adresse),
        "an empty view + its SQL": lambda: client.get("/plancher/"),
        "an almost empty page, whole request": lambda: client.get(reverse("donnees_personnelles")),
        "the same indicators by {% crispy %}, form alone": lambda: formulaire_crispy(indicateurs),
    }
    dire("W1, the page of a champ", medianes(mesures, tours), "an empty view + its SQL")


def banc_reponse(monde: Monde, diagnostic: Diagnostic, client: Client, tours: int) -> None:
    adresse = reverse("diagnostic_reponse", args=[monde.college.uai, diagnostic.campagne.annee_scolaire, "PIL-1-1"])
    reponse = Reponse.objects.get(diagnostic=diagnostic, indicateur__code="PIL-1-1")
    versions = itertools.count(reponse.version)

    def dit(version: int) -> str:
        return "oui" if version % 2 else "non"

    def enregistrer() -> None:
        version = next(versions)
        envoi = {"valeur": dit(version), "motif": "", "commentaire": "", "version": version}
        assert client.post(adresse, envoi).json()["version"] == version + 1

    enregistrer()
    with CaptureQueriesContext(connection) as requetes:  # it counts BEGIN and COMMIT too
        enregistrer()
    print(f"\nW2: {len(requetes) - 2} queries besides BEGIN and COMMIT")
    rejeu = requetes_de(enregistrer)
    assert sum("INSERT INTO diagnostic_reponse" in enonce for enonce, _ in rejeu) == 1

    def au_plancher() -> None:
        """The same write goes through, and its history with it: the version and the value change each time."""
        version = next(versions)
        suivants = {"version": version, "valeur": dit(version)}
        rejouer([(e, p | suivants if isinstance(p, dict) else p) for e, p in rejeu], 60)
        assert client.post("/plancher/").status_code == 200

    mesures = {"one answer saved, whole request": enregistrer, "an empty view + its SQL": au_plancher}
    dire("W2, one answer saved", medianes(mesures, tours), "an empty view + its SQL")
    reponse.refresh_from_db()
    assert reponse.version == next(versions), "a write of the floor was refused: the comparison is void"


def banc_signature(monde: Monde, diagnostic: Diagnostic, tours: int) -> None:
    """Validate, cote, freeze; the PDF has its own bench."""
    durees = []
    for _ in range(tours):
        debut = time.perf_counter()
        signer(diagnostic, monde.chef, timezone.now())
        durees.append((time.perf_counter() - debut) * 1000)
        Diagnostic.objects.filter(pk=diagnostic.pk).update(
            etat="rouvert", version=diagnostic.version + 1, motif_reouverture="Banc"
        )
        diagnostic.refresh_from_db()
    print(f"\nW3, a signature without its PDF: {statistics.median(durees):.1f} ms")


def banc_recherche(monde: Monde, client: Client, combien: int, tours: int) -> None:
    uais = [f"{numero:07}{lettre_uai(str(numero))}" for numero in range(1_000_000, 1_000_000 + combien)]
    with connection.cursor() as curseur:
        curseur.execute(ETABLISSEMENTS, [monde.academie.pk, monde.college.departement_id, uais])
        curseur.execute("ANALYZE")
    client.force_login(monde.rectorat)
    liste = reverse("etablissements")
    milieu = f"ecole {'8' * 32}|1000000A"
    mesures = {
        "first page": lambda: client.get(liste),
        "a page in the middle": lambda: client.get(liste, {"apres": milieu}),
        "search by name": lambda: client.get(liste, {"q": "collège voisin"}),
        "search by commune, many answers": lambda: client.get(liste, {"q": "commune abc"}),
        "search by UAI": lambda: client.get(liste, {"q": uais[combien // 2]}),
        "an almost empty page, whole request": lambda: client.get(reverse("donnees_personnelles")),
    }
    titre = f"W13 and lists, {combien} schools in one perimeter"
    dire(titre, medianes(mesures, tours), "an almost empty page, whole request")


def main() -> None:
    tours = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    combien = int(sys.argv[2]) if len(sys.argv) > 2 else 60_000
    bases = setup_databases(verbosity=0, interactive=False)
    try:
        monde, referentiel, maintenant = creer_monde(), charger(), timezone.now()
        diagnostic = commencer(
            monde.college, annee_scolaire(timezone.localdate(maintenant)), referentiel, monde.chef, maintenant
        )
        repondre_partout(diagnostic, Valeur.oui, monde.chef, maintenant)
        Reponse.objects.filter(indicateur__ordre__gt=41).update(valeur="")
        client = Client(SERVER_NAME="localhost")
        client.force_login(monde.chef)
        with override_settings(ROOT_URLCONF=__name__):
            banc_page(monde, diagnostic, client, tours)
            banc_reponse(monde, diagnostic, client, tours)
        banc_signature(monde, diagnostic, max(5, tours // 4))
        banc_recherche(monde, client, combien, tours)
    finally:
        teardown_databases(bases, verbosity=0)


if __name__ == "__main__":
    main()
