"""W14: a campaign opened for 60,000 schools, against a bare INSERT … SELECT; its follow-up; its deadline moved.

Run by hand: `python -m tests.bancs.banc_campagne [schools] [rounds]`. Everything happens in a database made for it.
"""

# ruff: noqa: S608 (constants of this module)

import datetime
import statistics
import sys
import threading
import time
from collections.abc import Callable

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from diagnostic.domain.campagnes import Reglages, modifier_campagne, ouvrir_campagne  # noqa: E402
from diagnostic.domain.cotation import Valeur  # noqa: E402
from diagnostic.domain.reponses import Enregistree, Saisie, enregistrer_reponse  # noqa: E402
from diagnostic.models import Campagne, Diagnostic, Referentiel  # noqa: E402
from strategie.socle.rules import lettre_uai  # noqa: E402
from tests.bancs.banc_diagnostic import ETABLISSEMENTS, dire, medianes  # noqa: E402
from tests.dossier import charger, commencer, repondre_partout  # noqa: E402
from tests.personnages import Monde, creer_monde  # noqa: E402

DATES = {"date_ouverture": datetime.date(2026, 9, 15), "date_cloture": datetime.date(2026, 12, 18)}
MAINTENANT = datetime.datetime(2026, 11, 3, 12, tzinfo=datetime.UTC)
COLONNES = "etablissement_id, campagne_id, referentiel_id, date_cloture, etat, version, motif_reouverture"
# A third of the schools has begun and given five answers; a third has signed.
AVANCER = """
SET statement_timeout = 0;
UPDATE diagnostic_diagnostic SET etat = CASE etablissement_id %% 3 WHEN 1 THEN 'brouillon' ELSE 'soumis' END,
    commence_le = now(), commence_par_id = %(auteur)s
WHERE campagne_id = %(campagne)s AND etablissement_id %% 3 > 0;
INSERT INTO diagnostic_reponse
    (diagnostic_id, indicateur_id, valeur, motif, commentaire, a_reconfirmer, version, modifiee_par_id, modifiee_le)
SELECT d.id, i.id, 'oui', '', '', false, 1, %(auteur)s, now()
FROM diagnostic_diagnostic d JOIN diagnostic_indicateur i ON i.referentiel_id = d.referentiel_id AND i.ordre <= 5
WHERE d.campagne_id = %(campagne)s AND d.etat = 'brouillon';
INSERT INTO diagnostic_copiesignee (diagnostic_id, version, signataire_id, nom_signataire, fonction_signataire,
    signee_le, contenu, sha256_contenu, pdf, sha256_pdf)
SELECT id, 1, %(auteur)s, 'Banc', 'Principale', now(), '{}', '', '', ''
FROM diagnostic_diagnostic WHERE campagne_id = %(campagne)s AND etat = 'soumis';
"""


def executer(enonce: str, **valeurs: object) -> None:
    with connection.cursor() as curseur:
        curseur.execute(enonce, valeurs or None)


def chronometrer(acte: Callable[[], object]) -> float:
    debut = time.perf_counter()
    acte()
    return time.perf_counter() - debut


def ouvrir(monde: Monde, referentiel: Referentiel, annee: str) -> Campagne:
    return ouvrir_campagne(
        academie=monde.academie, annee_scolaire=annee, referentiel=referentiel, auteur=monde.rectorat, **DATES
    )


class Repondeur:
    """Somebody who answers last year's diagnostic again and again meanwhile; `pire` is the longest wait, in ms."""

    def __init__(self, monde: Monde, diagnostic: Diagnostic) -> None:
        self.monde, self.diagnostic, self.fini = monde, diagnostic, threading.Event()
        self.durees: list[float] = []
        self.version = diagnostic.reponses.get(indicateur__code="PIL-1-1").version

    def repondre(self) -> None:
        saisie = Saisie("PIL-1-1", "oui" if self.version % 2 else "non", "", "", self.version)
        resultat = enregistrer_reponse(
            diagnostic=self.diagnostic, saisie=saisie, auteur=self.monde.chef, maintenant=timezone.now()
        )
        assert isinstance(resultat, Enregistree)
        self.version = resultat.version

    def boucle(self) -> None:
        while not self.fini.is_set():
            self.durees.append(chronometrer(self.repondre) * 1000)
            time.sleep(0.002)
        connection.close()

    def pendant(self, acte: Callable[[], object]) -> float:
        self.durees, self.fini = [], threading.Event()
        fil = threading.Thread(target=self.boucle)
        fil.start()
        acte()
        self.fini.set()
        fil.join()
        return max(self.durees, default=0.0)


def une_ouverture(monde: Monde, referentiel: Referentiel, repondeur: Repondeur, an: int) -> dict[str, float]:
    """Three campaigns: opened; given the same rows by one bare statement; opened while somebody answers."""
    durees = {"ouvrir_campagne": chronometrer(lambda: ouvrir(monde, referentiel, f"{an}-{an + 1}")) * 1000}
    ouverte = Campagne.objects.get(annee_scolaire=f"{an}-{an + 1}")
    nue = Campagne.objects.create(
        academie=monde.academie, annee_scolaire=f"{an + 1}-{an + 2}", referentiel=referentiel, **DATES
    )
    copie = COLONNES.replace("campagne_id", "%(nue)s")
    executer(
        f"CREATE TEMP TABLE rangees AS SELECT {copie} FROM diagnostic_diagnostic WHERE campagne_id = %(ouverte)s",
        nue=nue.pk,
        ouverte=ouverte.pk,
    )
    bare = f"INSERT INTO diagnostic_diagnostic ({COLONNES}) SELECT * FROM rangees"
    durees["bare INSERT … SELECT"] = chronometrer(lambda: executer(bare)) * 1000
    executer("DROP TABLE rangees")
    durees["longest answer, nothing else"] = repondeur.pendant(lambda: time.sleep(1))
    durees["longest answer, while a campaign opens"] = repondeur.pendant(
        lambda: ouvrir(monde, referentiel, f"{an + 2}-{an + 3}")
    )
    return durees


def banc_ouverture(monde: Monde, referentiel: Referentiel, temoin: Diagnostic, tours: int) -> None:
    repondeur = Repondeur(monde, temoin)
    series = [une_ouverture(monde, referentiel, repondeur, 2030 + 3 * tour) for tour in range(tours + 1)][1:]
    resultats = {nom: statistics.median(serie[nom] for serie in series) for nom in series[0]}
    dire("W14, opening", resultats, "bare INSERT … SELECT")


def banc_cloture(campagne: Campagne, monde: Monde, tours: int) -> None:
    """Every deadline moved, history included; against the bare UPDATE of the same rows with the same history."""
    jours = [datetime.date(2027, 1, 1) + datetime.timedelta(days=jour) for jour in range(2 * tours + 2)]

    def modifier() -> None:
        campagne.refresh_from_db()
        actuels = Reglages.de(campagne)
        voulus = Reglages(actuels.date_ouverture, jours.pop(0), actuels.jours_de_correction)
        changes = modifier_campagne(
            campagne=campagne, voulus=voulus, vu=str(actuels), auteur=monde.rectorat, maintenant=MAINTENANT
        )
        assert changes == Diagnostic.objects.filter(campagne=campagne).count()

    def nue() -> None:
        for pas in (1, -1):
            executer(
                "UPDATE diagnostic_diagnostic SET date_cloture = date_cloture + %(pas)s WHERE campagne_id = %(c)s",
                pas=pas,
                c=campagne.pk,
            )

    resultats = medianes({"every deadline moved": modifier, "two bare UPDATEs, with history": nue}, tours)
    resultats["one bare UPDATE, with history"] = resultats.pop("two bare UPDATEs, with history") / 2
    dire("The deadline moved for all", resultats, "one bare UPDATE, with history")


def banc_suivi(campagne: Campagne, client: Client, combien: int, tours: int) -> None:
    adresse, export = reverse("campagne", args=[campagne.pk]), reverse("campagne_export", args=[campagne.pk])
    mesures = {
        "first page": lambda: client.get(adresse),
        "a page in the middle": lambda: client.get(adresse, {"apres": f"ecole {'8' * 32}|1000000A"}),
        "drafts alone": lambda: client.get(adresse, {"etat": "brouillon"}),
        "search by commune": lambda: client.get(adresse, {"q": "commune abc"}),
        "an almost empty page, whole request": lambda: client.get(reverse("donnees_personnelles")),
    }
    dire(f"Follow-up, {combien} schools", medianes(mesures, tours), "an almost empty page, whole request")
    lignes = []
    duree = chronometrer(lambda: lignes.append(client.get(export).getvalue().count(b"\r\n")))
    print(f"  the whole list as CSV: {duree:.2f} s, {lignes[0]} lines")


def peupler(monde: Monde, depuis: int, combien: int) -> None:
    uais = [f"{numero:07}{lettre_uai(str(numero))}" for numero in range(depuis, depuis + combien)]
    with connection.cursor() as curseur:
        curseur.execute(ETABLISSEMENTS, [monde.academie.pk, monde.college.departement_id, uais])
    executer("VACUUM ANALYZE")


def main(combien: int = 60_000, tours: int = 3) -> None:
    bases = setup_databases(verbosity=0, interactive=False)
    try:
        monde, referentiel = creer_monde(), charger()
        client = Client(SERVER_NAME="localhost")
        client.force_login(monde.rectorat)
        presents = 0
        for cible in (combien // 10, combien):
            peupler(monde, 1_000_000 + presents, cible - presents)
            presents = cible
            campagne = ouvrir(monde, referentiel, "2026-2027")
            executer("VACUUM ANALYZE")  # or foreign keys would be checked as in an empty table
            executer(AVANCER, campagne=campagne.pk, auteur=monde.chef.pk)
            executer("VACUUM ANALYZE")
            banc_suivi(campagne, client, cible, tours * 4)
            banc_cloture(campagne, monde, tours)
            executer("TRUNCATE diagnostic_campagne CASCADE")
        temoin = commencer(monde.college, "2025-2026", referentiel, monde.chef, timezone.now())
        repondre_partout(temoin, Valeur.oui, monde.chef, timezone.now())
        banc_ouverture(monde, referentiel, temoin, tours)
    finally:
        teardown_databases(bases, verbosity=0)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
