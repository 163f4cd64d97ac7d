"""What the inventory and the network say beside the questions of the diagnostic (`socle.interfaces.faits`).

Exact figures beside the threshold of the question, and what is left out of them: nothing is answered, a blank is never
taken for a « no ». Where nothing was written, nothing is said.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from django.urls import reverse

from budget.domain.etats_d_usage import EtatUsage
from budget.models import Categorie, Equipement, ServiceReseau
from budget.queries.chiffres import TABLETTES, Part, compte, part_depassee, part_vue
from budget.queries.situation import Situation
from strategie.socle.droits import Droit
from strategie.socle.interfaces.faits import OFFREURS, Fait
from strategie.socle.models import Etablissement
from strategie.socle.rules import date_en_phrase, decimal_en_phrase

INVENTAIRE, RESEAU, INCIDENTS, USAGES = (
    "L'inventaire dit",
    "Le relevé du réseau dit",
    "Les incidents notés disent",
    "Les usages déclarés disent",
)
INSECABLE = "\u00a0"
Dire = Callable[[Situation], str | None]


# --- Sentences ---------------------------------------------------------------------------------------------------
def _salles_equipees(situation: Situation) -> str | None:
    salles = situation.salles
    if not any(salle.ordinateur or salle.affichage for salle in salles):
        return None
    equipees = Part(sum(salle.ordinateur and salle.affichage for salle in salles), len(salles))
    return f"avec un affichage et un ordinateur ou une tablette en état de servir, {_sur(equipees, 'salle,salles')}"


def _inventaire_a_jour(situation: Situation) -> str | None:
    parc = situation.parc
    vus = part_vue(parc.presentes)
    if not vus.sur:
        return None
    sans_date = compte(tranche for tranche in parc.presentes if tranche.age is None)
    sans_proprietaire = compte(tranche for tranche in parc.presentes if not tranche.proprietaire)
    return (
        f"vus à leur place depuis le 15{INSECABLE}août, {_sur(vus, 'équipement,équipements')}, prêts mis à part"
        f"{INSECABLE}; sans date d'achat, {_nombre(sans_date)}{INSECABLE}; sans propriétaire, "
        f"{_nombre(sans_proprietaire)}"
    )


def _terminaux(situation: Situation) -> str | None:
    parc = situation.parc
    terminaux, valeur = compte(parc.terminaux_pedagogiques), parc.terminaux_pour_cent_eleves
    if not terminaux:
        return None
    dits = f"{_pluriel(terminaux, 'terminal pédagogique,terminaux pédagogiques')} dans tout l'établissement"
    return dits if valeur is None else f"{dits}, soit {_nombre(valeur)} pour 100{INSECABLE}élèves"


def _prets(situation: Situation) -> str | None:
    if not situation.parc.nombre:
        return None
    pretes = compte(t for t in situation.parc.terminaux if t.prete_a == Equipement.Emprunteur.ELEVE)
    return _pluriel(pretes, "ordinateur ou tablette prêté à un élève,ordinateurs et tablettes prêtés à des élèves")


def _mobiles(situation: Situation) -> str | None:
    comptes: Counter[str] = Counter()
    for tranche in situation.parc.pedagogiques:
        comptes["tablette" if tranche.categorie in TABLETTES else tranche.categorie] += tranche.nombre
    dits = (
        (comptes[Categorie.MOBILE], "chariot ou valise mobile,chariots et valises mobiles"),
        (comptes["tablette"], "tablette,tablettes"),
        (comptes[Categorie.PORTABLE], "ordinateur portable,ordinateurs portables"),
    )
    phrases = [_pluriel(nombre, formes) for nombre, formes in dits if nombre]
    return f"{', '.join(phrases)}, au domaine pédagogique" if phrases else None


def _au_dela(situation: Situation) -> str | None:
    part = part_depassee(situation.parc.pedagogiques)
    if not part.sur:
        return None
    sans_date = f"{INSECABLE}; sans date, {_nombre(part.inconnus)}" if part.inconnus else ""
    return f"au-delà de la durée prévue, {_sur(part, 'équipement pédagogique,équipements pédagogiques')}{sans_date}"


def _accessibilite(situation: Situation) -> str | None:
    nombre = compte(t for t in situation.parc.presentes if t.categorie == Categorie.ACCESSIBILITE)
    return _pluriel(nombre, "matériel adapté au handicap,matériels adaptés au handicap") if nombre else None


def _usages(situation: Situation) -> str | None:
    if not situation.usages:
        return None
    etats = Counter(situation.usages)
    phrases = [f"{INSECABLE}; {mots}, {etats[etat]}" for etat, mots in USAGES_EN_MOTS.items() if etats[etat]]
    return f"usage déclaré de {_pluriel(len(situation.usages), 'lot')}{''.join(phrases)}"


def _sorties(situation: Situation) -> str | None:
    sorties = [tranche for tranche in situation.parc.tranches if tranche.etat == Equipement.Etat.SORTI]
    if not sorties:
        return None
    donnees = Part(compte(t for t in sorties if t.destination == Equipement.Destination.DON), compte(sorties))
    return f"sortis pour un don ou un réemploi, {_sur(donnees, 'équipement,équipements')}"


def _wifi(situation: Situation) -> str | None:
    bon = situation.bon_wifi
    if not bon.sur:
        return None
    reste = f"{INSECABLE}; pas constaté dans {_nombre(bon.inconnus)}" if bon.inconnus else ""
    return f"bon Wi-Fi dans {_sur(bon, 'salle,salles')} où il a été constaté{reste}"


def _service(sorte: str) -> Dire:
    def dire(situation: Situation) -> str | None:
        service = situation.services.get(sorte)
        if service is None:
            return None
        verifie = f", vérifié le {date_en_phrase(service.verifie_le)}" if service.verifie_le else ", sans vérification"
        dit = service.get_en_place_display().lower()
        return f"«{INSECABLE}{service.get_sorte_display()}{INSECABLE}», «{INSECABLE}{dit}{INSECABLE}»{verifie}"

    return dire


def _debit(situation: Situation) -> str | None:
    jours = sorted(situation.debits)[-3:]
    if not jours:
        return None
    mesures = [f"{_nombre(_au_centieme(situation.debits[j]))} Mbit/s le {date_en_phrase(j)}" for j in jours]
    return f"débit descendant mesuré, {', '.join(mesures)}"


def _demandes(situation: Situation) -> str | None:
    if not situation.note_ses_incidents:
        return None
    return f"{_pluriel(situation.incidents_ouverts, 'incident ouvert,incidents ouverts')} en {situation.annee}"


def _delai(situation: Situation) -> str | None:
    delais = situation.delais
    if not delais:
        return None
    jours = _pluriel(Decimal(str(median(delais))), "jour")
    clos = _pluriel(len(delais), "incident clos,incidents clos")
    return f"{clos} en {situation.annee}, la moitié en {jours} au plus" if len(delais) > 1 else f"{clos}, en {jours}"


USAGES_EN_MOTS = {
    EtatUsage.CONFORME: "comme prévu",
    EtatUsage.SOUS_EXPLOITE: "moins souvent que prévu",
    EtatUsage.MARGINAL: "pour autre chose",
    EtatUsage.NON_UTILISE: "pas du tout",
}


def _nombre(valeur: Decimal | int) -> str:
    return decimal_en_phrase(valeur)


def _pluriel(nombre: Decimal | int, formes: str) -> str:
    """« 12 salles », « 1,5 jour »."""
    singulier, _, pluriel = formes.partition(",")
    return f"{_nombre(nombre)}{INSECABLE}{singulier if nombre < 2 else pluriel or f'{singulier}s'}"


def _sur(part: Part, formes: str) -> str:
    """« 12 salles sur 40 (30 %) »."""
    return f"{_pluriel(part.nombre, formes)} sur {_nombre(part.sur)} ({part.pour_cent}{INSECABLE}%)"


def _au_centieme(debit: Decimal) -> Decimal:
    return debit.quantize(Decimal("0.01"), ROUND_HALF_UP)


# --- By indicator --------------------------------------------------------------------------------------------------
OFFERTS: dict[str, tuple[str, Dire, str]] = {
    "EQU-1-1": (INVENTAIRE, _salles_equipees, "salles"),
    "EQU-1-2": (INVENTAIRE, _inventaire_a_jour, "inventaire"),
    "EQU-1-3": (INVENTAIRE, _terminaux, "chiffres_du_parc"),
    "EQU-1-4": (INVENTAIRE, _prets, "inventaire"),
    "EQU-2-1": (INVENTAIRE, _mobiles, "inventaire"),
    "EQU-2-2": (INVENTAIRE, _au_dela, "chiffres_du_parc"),
    "EQU-2-4": (INVENTAIRE, _accessibilite, "inventaire"),
    "EQU-3-2": (USAGES, _usages, "usages"),
    "EQU-3-4": (INVENTAIRE, _sorties, "inventaire"),
    "INF-1-2": (RESEAU, _service(ServiceReseau.Sorte.FILTRAGE), "reseau"),
    "INF-1-3": (INCIDENTS, _demandes, "incidents"),
    "INF-1-4": (RESEAU, _service(ServiceReseau.Sorte.SAUVEGARDE), "reseau"),
    "INF-2-1": (RESEAU, _debit, "reseau"),
    "INF-2-2": (RESEAU, _wifi, "reseau"),
    "INF-2-4": (INCIDENTS, _delai, "incidents"),
}


def faits_de_l_equipement(
    etablissement: Etablissement, codes: Collection[str], jour: datetime.date
) -> Iterator[tuple[str, Fait]]:
    """To those who read the inventory; a source is read only where an indicator asks for it."""
    if Droit.LIRE_INVENTAIRE not in etablissement.droits:
        return
    situation = Situation(etablissement, jour)
    for code in codes:
        if code in OFFERTS:
            qui, dire, page = OFFERTS[code]
            if phrase := dire(situation):
                yield code, Fait(qui, f"{phrase}.", jour, reverse(page, args=[etablissement.uai]))


def offrir() -> None:
    """When the application starts."""
    OFFREURS.append(faits_de_l_equipement)
