"""The deadlines of a plan as a calendar (RFC 5545), that any calendar reads."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from icalendar import Calendar, Event

from plans.interfaces import mots
from plans.interfaces.morceaux import ETATS
from plans.models import Action
from plans.queries.agenda import Agenda
from plans.queries.plan import LigneDuPlan

UN_JOUR = datetime.timedelta(days=1)
# How often a calendar asks again: deadlines change by the day at most.
RAFRAICHIR = datetime.timedelta(hours=12)
STATUTS = {Action.Etat.ABANDONNEE: "CANCELLED", Action.Etat.BROUILLON: "TENTATIVE"}


def calendrier(agenda: Agenda, adresse: Callable[[int], str]) -> bytes:
    """`adresse`: the whole address of an action's page. The same plan gives the same bytes."""
    calendrier = Calendar()
    calendrier.add("prodid", "-//Paliers//Plan d'action//FR")
    calendrier.add("version", "2.0")
    calendrier.add("method", "PUBLISH")
    quoi = "Mes actions" if agenda.les_miennes else "Plan d'action"
    calendrier.add("x-wr-calname", f"{quoi}, {agenda.etablissement.nom}")
    calendrier.add("refresh-interval", RAFRAICHIR, parameters={"VALUE": "DURATION"})
    for ligne in agenda.lignes:
        calendrier.add_component(_evenement(ligne, agenda.etablissement.uai, adresse))
    return bytes(calendrier.to_ical())


def _evenement(ligne: LigneDuPlan, uai: str, adresse: Callable[[int], str]) -> Event:
    """The whole day of the deadline; the one that an action had before moves with it, its UID staying."""
    action, jour = ligne.action, ligne.action.fin_prevue
    evenement = Event()
    evenement.add("uid", f"action-{action.pk}@{uai.lower()}.paliers")
    evenement.add("dtstamp", action.modifiee_le)
    evenement.add("last-modified", action.modifiee_le)
    evenement.add("sequence", action.version)
    evenement.add("dtstart", jour)
    evenement.add("dtend", jour + UN_JOUR)
    evenement.add("summary", f"Échéance\u00a0: {action.intitule}")
    evenement.add("description", "\n".join(_description(ligne)))
    evenement.add("url", adresse(action.pk))
    evenement.add("status", STATUTS.get(Action.Etat(action.etat), "CONFIRMED"))
    evenement.add("transp", "TRANSPARENT")  # a deadline takes no time of the day
    return evenement


def _description(ligne: LigneDuPlan) -> list[str]:
    qui = ligne.qui or "sans porteur"
    lignes = [f"État\u00a0: {ETATS[ligne.action.etat].lower()}", f"Qui\u00a0: {qui}"]
    if ligne.axes:
        lignes.append(f"Quoi\u00a0: {', '.join(axe.intitule for axe in ligne.axes)}")
    return [*lignes, f"Quand\u00a0: {mots.periode(ligne.action).lower()}"]
