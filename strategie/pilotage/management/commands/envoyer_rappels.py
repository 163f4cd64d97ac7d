"""`manage.py envoyer_rappels`: the day's reminders and digests, written once and sent at most once."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from strategie.pilotage.interfaces.courriels_rappels import Envois, envoyer_ce_qui_attend, racine_du_site
from strategie.pilotage.interfaces.taches_des_rappels import TRANCHE, Passage, passer, programmer_les_rappels
from strategie.pilotage.models import Rappel


class Command(BaseCommand):
    help = "Envoie les rappels d'échéance et les récapitulatifs du jour ; relancée, elle n'envoie rien deux fois."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--simulation", action="store_true", help="dire ce qui partirait, sans rien envoyer")
        parser.add_argument("--jour", default="", help="faire comme au matin de ce jour (AAAA-MM-JJ)")

    def handle(self, *args: Any, simulation: bool, jour: str, **options: Any) -> None:
        date = _lire_le_jour(jour)
        horloge = _horloge(date)
        passage = passer(maintenant=horloge(), jour=date, simulation=simulation)
        if simulation:
            self._dire_la_simulation(passage)
            return
        self._dire(passage, self._envoyer(horloge))
        programmer_les_rappels()

    def _envoyer(self, horloge: Callable[[], datetime.datetime]) -> Envois:
        """Until nothing that may leave now waits."""
        total = Envois()
        while (envois := envoyer_ce_qui_attend(limite=TRANCHE, racine=racine_du_site(), horloge=horloge)).vus:
            for nom, nombre in vars(envois).items():
                setattr(total, nom, getattr(total, nom) + nombre)
        return total

    def _dire(self, passage: Passage, envois: Envois) -> None:
        self.stdout.write(f"Rappels d'échéance inscrits : {len(passage.rappels)}")
        self.stdout.write(f"Récapitulatifs inscrits : {len(passage.recapitulatifs)}")
        self.stdout.write(
            f"Messages : {envois.envoyes} envoyés, {envois.ecartes} écartés, {envois.echecs} en échec, "
            f"{envois.incertains + passage.incertains} incertains"
        )
        if passage.purges:
            self.stdout.write(f"Lignes effacées du journal, après treize mois : {passage.purges}")

    def _dire_la_simulation(self, passage: Passage) -> None:
        """Counts, and schools: no name, no address in a terminal or its log."""
        self.stdout.write("Simulation : rien n'est écrit, rien n'est envoyé.")
        par_ecole = Counter((r.etablissement.uai, r.etape, r.echeance) for r in passage.rappels if r.etablissement)
        for (uai, etape, echeance), nombre in sorted(par_ecole.items()):
            self.stdout.write(f"{uai} : rappel de {etape} j, clôture le {echeance:%d/%m/%Y}, {nombre} personne(s)")
        self.stdout.write(f"Récapitulatifs : {_nombre(passage.recapitulatifs)}")


def _nombre(messages: list[Rappel]) -> str:
    return str(len(messages))


def _lire_le_jour(texte: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(texte) if texte else None
    except ValueError as illisible:
        raise CommandError(f"--jour attend une date comme 2026-11-26, pas « {texte} ».") from illisible


def _horloge(jour: datetime.date | None) -> Callable[[], datetime.datetime]:
    """Now; or eleven in UTC of `jour`, which is that day from Papeete to Wallis."""
    if jour is None:
        return timezone.now
    onze_heures = datetime.datetime.combine(jour, datetime.time(11), datetime.UTC)
    return lambda: onze_heures
