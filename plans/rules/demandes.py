"""When something may be asked of the collectivité or of the State, and answered: a French sentence, or None."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from plans.rules.propositions import COLLECTIVITE, ETAT
from strategie.socle.rules import date_en_phrase

if TYPE_CHECKING:
    from plans.models import Demande

OBJET_MAX, TEXTE_MAX, REPONSE_MAX = 250, 3000, 2000
DELAI_PROPOSE, DELAI_MAX = datetime.timedelta(days=30), datetime.timedelta(days=365)
SUITES = ("accordee", "en_partie", "refusee")
TROP_LONG = "Ce texte dépasse {}\u00a0caractères\u00a0: raccourcissez-le."


def empechement_redemander(deja: Demande | None) -> str | None:
    """`deja`: the one that waits for an answer from the same party, for the same condition."""
    if deja is None:
        return None
    return (
        f"Cette demande attend déjà une réponse\u00a0: «\u00a0{deja.objet}\u00a0», pour le "
        f"{date_en_phrase(deja.reponse_attendue_le)}. Modifiez-la, ou notez sa réponse."
    )


def empechement_modifier_demande(demande: Demande) -> str | None:
    if demande.suite:
        return "Cette demande a sa réponse\u00a0: elle ne se modifie plus. Vous pouvez en faire une autre."
    return None


def defauts_de_la_demande(
    destinataire: str, objet: str, texte: str, attendue_le: datetime.date, jour: datetime.date
) -> dict[str, str]:
    """What is wrong, by field; `jour`: the date it is in the académie."""
    defauts = {}
    if destinataire not in (COLLECTIVITE, ETAT):
        defauts["destinataire"] = "Choisissez à qui la demande s'adresse."
    if not objet:
        defauts["objet"] = "Dites en une phrase ce que vous demandez."
    elif len(objet) > OBJET_MAX:
        defauts["objet"] = TROP_LONG.format(OBJET_MAX)
    if not texte:
        defauts["texte"] = "Écrivez la demande."
    elif len(texte) > TEXTE_MAX:
        defauts["texte"] = TROP_LONG.format("3\u202f000")
    if attendue_le <= jour:
        defauts["reponse_attendue_le"] = "La réponse s'attend à une date à venir."
    elif attendue_le > jour + DELAI_MAX:
        defauts["reponse_attendue_le"] = f"Un an au plus\u00a0: au {date_en_phrase(jour + DELAI_MAX)} au plus tard."
    return defauts


def defauts_de_la_reponse(
    suite: str, reponse: str, repondue_le: datetime.date, faite_le: datetime.date, jour: datetime.date
) -> dict[str, str]:
    """The two days, and that of the answer, are dates in the académie."""
    defauts = {}
    if suite not in SUITES:
        defauts["suite"] = "Dites quelle suite est donnée."
    if len(reponse) > REPONSE_MAX:
        defauts["reponse"] = TROP_LONG.format("2\u202f000")
    if repondue_le > jour:
        defauts["repondue_le"] = "Cette date n'est pas encore passée."
    elif repondue_le < faite_le:
        defauts["repondue_le"] = f"La demande est du {date_en_phrase(faite_le)}\u00a0: la réponse vient après."
    return defauts


def retard_en_mots(attendue_le: datetime.date, jour: datetime.date) -> str:
    """« en retard d'un jour », « en retard de 12 jours »; nothing while there is time."""
    jours = (jour - attendue_le).days
    if jours <= 0:
        return ""
    return "en retard d'un jour" if jours == 1 else f"en retard de {jours}\u00a0jours"
