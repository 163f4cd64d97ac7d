"""W11: ballots per second, durable, and none lost or counted twice. Open loop: late answers do not slow the demand.

Run by hand: `python -m tests.bancs.banc_enquete [minutes] [surveys]`. It starts PostgreSQL (fsync on) and gunicorn in a
folder made for it, on this machine's loopback, and stops them. The client shares the two cores with both.

1. Capacity, in turn (A B A B…): ballots, and an empty Django POST, behind the same middleware and its CSRF token,
   that commits one row; demand above what the server can do, what comes out is counted.
2. 292 ballots a second for `minutes` (the nation's worst minute, doubled). The twenty answers of a ballot are its
   serial number in base 5; one in five has a text, one in a hundred is sent twice. Afterwards the urns are opened:
   every ballot acknowledged must be there, once.
3. The same for a minute, while a server process is killed (SIGKILL) every two seconds.
"""

import asyncio
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlencode
from urllib.request import Request, urlopen

DOSSIER = tempfile.mkdtemp(prefix="paliers-banc-")
os.environ |= {"PALIERS_DONNEES": DOSSIER, "DJANGO_SETTINGS_MODULE": "tests.bancs.reglages_enquete"}

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402
from lxml import html  # noqa: E402

from diagnostic.domain import urne  # noqa: E402
from diagnostic.models import BulletinScelle, Enquete  # noqa: E402
from strategie.socle.rules import lettre_uai  # noqa: E402
from tests.enquetes import une_enquete  # noqa: E402
from tests.personnages import creer_monde, un_etablissement  # noqa: E402

PORT = 8199
DEBIT = 292
CHIFFRES = 20
# In the order in which the form's names sort: « q-1 », « q-10 », « q-11 »…
ORDRE = sorted(range(1, CHIFFRES + 1), key=str)
TOURS, SECONDES_PAR_TOUR, DEBIT_DE_CAPACITE = 3, 15, 1500
EN_COURS_MAX = 400  # connections waiting at once: beyond, the demand is refused here and counted as such


@dataclass
class Bilan:
    """What a run gave: latencies in milliseconds from the moment each request was due."""

    duree: float = 0
    acquittes: list[str] = field(default_factory=list)
    attentes: list[float] = field(default_factory=list)
    refus: Counter[str] = field(default_factory=Counter)

    @property
    def debit(self) -> float:
        return len(self.attentes) / self.duree

    def centile(self, part: float) -> float:
        return sorted(self.attentes)[int(part * (len(self.attentes) - 1))]


Demande = tuple[str, bytes]  # its serial number, and the whole HTTP request


async def envoyer(demande: bytes) -> bytes:
    """The status line of the answer."""
    lecture, ecriture = await asyncio.open_connection("127.0.0.1", PORT)
    try:
        ecriture.write(demande)
        return (await lecture.read(4096)).partition(b"\r\n")[0]
    finally:
        ecriture.close()


async def a_debit_constant(demandes: Iterator[Demande], debit: float, secondes: float, attendu: bytes) -> Bilan:
    """Sends on time, whatever comes back; then waits for the last answers."""
    bilan, en_cours, debut = Bilan(), set(), time.perf_counter()

    async def une(numero: str, demande: bytes, due: float) -> None:
        try:
            statut = await asyncio.wait_for(envoyer(demande), 30)
        except (OSError, TimeoutError) as erreur:
            bilan.refus[type(erreur).__name__] += 1
            return
        if attendu in statut:
            bilan.attentes.append((time.perf_counter() - debut - due) * 1000)
            bilan.acquittes.append(numero)
        else:
            bilan.refus[statut.decode()] += 1

    for rang in range(int(debit * secondes)):
        due = rang / debit
        if (attente := due - (time.perf_counter() - debut)) > 0:
            await asyncio.sleep(attente)
        if len(en_cours) >= EN_COURS_MAX:
            bilan.refus["not sent"] += 1
            continue
        tache = asyncio.create_task(une(*next(demandes), due))
        en_cours.add(tache)
        tache.add_done_callback(en_cours.discard)
    bilan.duree = time.perf_counter() - debut
    await asyncio.gather(*en_cours)
    return bilan


def requete(chemin: str, champs: dict[str, str], entetes: dict[str, str] | None = None) -> bytes:
    corps = urlencode(champs).encode()
    lignes = [f"POST {chemin} HTTP/1.1", f"Host: localhost:{PORT}", f"Content-Length: {len(corps)}"]
    lignes += ["Content-Type: application/x-www-form-urlencoded", "Connection: close"]
    lignes += [f"{nom}: {valeur}" for nom, valeur in (entetes or {}).items()]
    return "\r\n".join([*lignes, "", ""]).encode() + corps


def preparer(combien: int) -> list[str]:
    """`combien` schools, each with an open survey; returns their codes."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    with connection.cursor() as curseur:
        curseur.execute("CREATE TABLE banc_plancher (id bigserial PRIMARY KEY, texte text NOT NULL)")
    monde, maintenant = creer_monde(), timezone.now()
    codes = []
    for numero in range(1_000_000, 1_000_000 + combien):
        uai = f"{numero:07}{lettre_uai(str(numero))}"
        etablissement = un_etablissement(uai, f"Collège {numero}", monde.college.departement)
        codes.append(une_enquete(etablissement, monde.chef, maintenant, invites={"enseignants": 400}).code or "")
    with connection.cursor() as curseur:
        curseur.execute("ANALYZE")
    return codes


def formulaire(code: str) -> dict[str, str]:
    """The fields of the questionnaire as a browser would send it, every question answered."""
    corps = urlencode({"code": code, "groupe": "enseignants"}).encode()
    page = urlopen(Request(f"http://127.0.0.1:{PORT}/enquete/questions/", corps)).read()
    trouve = next(f for f in html.fromstring(page).forms if f.action and f.action.endswith("/envoyer/"))
    champs: dict[str, str] = {}
    for entree in trouve.inputs:
        genre = entree.get("type")
        if genre == "radio":
            if entree.get("value") == "4":
                champs[entree.name] = "4"
        elif genre not in ("checkbox", "submit") and entree.name:
            champs[entree.name] = entree.value or ""
    return champs


def bulletins(codes: list[str], deux_fois: int = 0) -> Iterator[Demande]:
    """Ballots for each survey in turn; one in `deux_fois` is sent twice in a row."""
    modele = formulaire(codes[0])
    questions = sorted(nom for nom, valeur in modele.items() if valeur == "4")
    assert len(questions) == CHIFFRES
    for numero in count():
        serie = en_base_5(numero)
        texte = {"texte": "Le réseau du bâtiment B est lent le matin."} if numero % 5 == 0 else {}
        reponses = dict(zip(questions, serie, strict=True))
        champs = modele | reponses | texte | {"code": codes[numero % len(codes)], "cle": uuid.uuid4().hex}
        demande = serie, requete("/enquete/envoyer/", champs)
        yield demande
        if deux_fois and numero % deux_fois == 0:
            yield demande


def en_base_5(numero: int) -> str:
    """Twenty figures from 1 to 5."""
    chiffres = ""
    for _ in range(CHIFFRES):
        numero, reste = divmod(numero, 5)
        chiffres += str(reste + 1)
    return chiffres


def au_plancher() -> Iterator[Demande]:
    with urlopen(f"http://127.0.0.1:{PORT}/plancher/") as reponse:
        jeton = reponse.headers["Set-Cookie"].partition(";")[0].partition("=")[2]
    for numero in count():
        champs = {"csrfmiddlewaretoken": jeton, "texte": f"ligne {numero}"}
        yield str(numero), requete("/plancher/", champs, {"Cookie": f"csrftoken={jeton}"})


def capacite(codes: list[str]) -> None:
    """What comes out when more is asked than can be done, in turn."""
    mesures: dict[str, tuple[Iterator[Demande], bytes]] = {
        "a ballot": (bulletins(codes), b"303"),
        "an empty POST that commits a row": (au_plancher(), b"200"),
    }
    debits: dict[str, list[float]] = {nom: [] for nom in mesures}
    for tour in range(TOURS + 1):
        for nom, (demandes, attendu) in mesures.items():
            bilan = asyncio.run(a_debit_constant(demandes, DEBIT_DE_CAPACITE, SECONDES_PAR_TOUR, attendu))
            assert not set(bilan.refus) - {"not sent"}, bilan.refus
            if tour:
                debits[nom].append(bilan.debit)
    medianes = {nom: statistics.median(valeurs) for nom, valeurs in debits.items()}
    print(f"\nCapacity, {TOURS} rounds of {SECONDES_PAR_TOUR} s, medians")
    for nom, debit in medianes.items():
        print(f"  {nom:<36} {debit:7.0f} /s")
    ballot, plancher = medianes.values()
    print(f"  a ballot ÷ the floor: {ballot / plancher:.2f}")


def tenue(codes: list[str], minutes: float, circonstance: str = "") -> None:
    BulletinScelle.objects.all().delete()
    bilan = asyncio.run(a_debit_constant(bulletins(codes, deux_fois=100), DEBIT, minutes * 60, b"303"))
    print(f"\n{DEBIT} ballots a second asked for {minutes:g} min{circonstance}: {bilan.debit:.1f} /s acknowledged")
    print(f"  p50 {bilan.centile(0.5):.1f} ms, p99 {bilan.centile(0.99):.1f} ms, max {max(bilan.attentes):.0f} ms")
    print(f"  refused: {dict(bilan.refus) or 'none'}")
    verifier(bilan.acquittes)


def verifier(acquittes: list[str]) -> None:
    """Open every urn, and compare with what was acknowledged."""
    presents: Counter[str] = Counter()
    for enquete in Enquete.objects.all():
        for bulletin in urne._ouvrir(enquete):
            presents["".join(str(bulletin.reponses[numero]) for numero in ORDRE)] += 1
    perdus = set(acquittes) - set(presents)
    doubles = {cle for cle, nombre in presents.items() if nombre > 1}
    print(f"  acknowledged {len(set(acquittes))} different, in the urns {len(presents)}")
    print(f"  acknowledged and lost: {len(perdus)}; counted twice: {len(doubles)}")
    assert not perdus
    assert not doubles


def tuer_sans_cesse(serveur: subprocess.Popen[bytes], fini: Event) -> None:
    """Kill one of the server's own processes every two seconds; gunicorn starts another."""
    enfants = Path(f"/proc/{serveur.pid}/task/{serveur.pid}/children")
    while not fini.wait(2):
        os.kill(int(random.choice(enfants.read_text().split())), signal.SIGKILL)


def sous_les_coups(codes: list[str], serveur: subprocess.Popen[bytes]) -> None:
    fini = Event()
    fil = Thread(target=tuer_sans_cesse, args=(serveur, fini))
    fil.start()
    try:
        tenue(codes, 1, ", a process killed every 2 s")
    finally:
        fini.set()
        fil.join()


def servir() -> subprocess.Popen[bytes]:
    commande = [sys.executable, "-m", "gunicorn", "-c", "strategie/gunicorn.py", "-b", f"127.0.0.1:{PORT}"]
    serveur = subprocess.Popen(commande, cwd=Path(__file__).resolve().parent.parent.parent)
    attendre(lambda: urlopen(f"http://127.0.0.1:{PORT}/enquete/").status == 200)
    time.sleep(25)  # each worker imports WeasyPrint once, in turn
    return serveur


def attendre(pret: Callable[[], bool], secondes: float = 30) -> None:
    fin = time.monotonic() + secondes
    while time.monotonic() < fin:
        try:
            if pret():
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("The server did not start.")


def main() -> None:
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 10
    combien = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    codes = preparer(combien)
    serveur = servir()
    try:
        capacite(codes)
        tenue(codes, minutes)
        sous_les_coups(codes, serveur)
    finally:
        serveur.terminate()
        serveur.wait()


if __name__ == "__main__":
    main()
