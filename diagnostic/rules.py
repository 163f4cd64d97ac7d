"""When an act on the diagnostic is possible: a French sentence that says why not, or None."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from diagnostic.domain.bulletins import EQUIPES
from strategie.socle.domain.calendrier import annee_scolaire, bornes
from strategie.socle.droits import Droit, droits_de
from strategie.socle.rules import date_en_phrase, empechement_ecrire

if TYPE_CHECKING:
    from diagnostic.models import Campagne, CopieSignee, Diagnostic, Enquete, Referentiel, Visite
    from diagnostic.queries.enquetes import Porte
    from strategie.socle.models import Academie, District, Etablissement, Utilisateur

PREMIERE_VISITE = datetime.date(2000, 1, 1)
NOM_D_UN_MOMENT_MAX = 60


def empechement_commencer(
    etablissement: Etablissement, campagne: Campagne | None, fin: datetime.date | None, maintenant: datetime.datetime
) -> str | None:
    """`fin`: the last day on which this school may sign in the campaign."""
    if not etablissement.portees:
        return "Le diagnostic s'adresse aux écoles, aux collèges, aux lycées et aux EREA."
    if refus := empechement_ecrire(etablissement):
        return refus
    if campagne is None:
        return "L'académie n'a pas encore ouvert de campagne pour cette année scolaire."
    if fin is not None and campagne.jour_local(maintenant) > fin:
        return f"La campagne s'est terminée le {date_en_phrase(fin)}\u00a0: un diagnostic ne s'y commence plus."
    return None


def empechement_repondre(diagnostic: Diagnostic, maintenant: datetime.datetime) -> str | None:
    if not diagnostic.commence:
        return "Ce diagnostic n'est pas commencé."
    if not diagnostic.modifiable:
        return "Ce diagnostic est signé\u00a0: ses réponses ne changent plus. Le chef d'établissement peut le rouvrir."
    return _empechement_cloture(diagnostic, maintenant)


def empechement_signer(
    diagnostic: Diagnostic, repondus: int, maintenant: datetime.datetime, *, contradictions: int = 0
) -> str | None:
    """`repondus`: answers that count; `contradictions`: how many rules that prevent the signature are broken."""
    campagne = diagnostic.campagne
    if campagne.jour_local(maintenant) < campagne.date_ouverture:
        ouverture = date_en_phrase(campagne.date_ouverture)
        return f"La campagne ouvre le {ouverture}. Vous pouvez préparer vos réponses, et signer à partir de ce jour."
    if repondus == 0:
        return "Aucune réponse n'est enregistrée\u00a0: il n'y a encore rien à signer."
    if contradictions:
        return "Des réponses se contredisent\u00a0: corrigez celles qui sont signalées, puis signez."
    return _empechement_cloture(diagnostic, maintenant)


def empechement_rouvrir(diagnostic: Diagnostic, maintenant: datetime.datetime) -> str | None:
    if diagnostic.etat != diagnostic.Etat.SOUMIS:
        return "Ce diagnostic n'est pas signé\u00a0: il est déjà ouvert."
    return _empechement_cloture(diagnostic, maintenant)


def empechement_confier(qui: str, roles: Collection[str]) -> str | None:
    """`qui`: how the person is named; `roles`: those that they hold today in the school itself."""
    if not roles:
        return f"{qui} n'a pas accès à cet établissement\u00a0: aucun champ ne peut lui être confié."
    if not {Droit.REPONDRE, Droit.REPONDRE_CONFIE} & droits_de(roles):
        return f"{qui} lit le diagnostic sans y répondre\u00a0: donnez-lui d'abord un autre rôle dans l'équipe."
    return None


def empechement_reprendre(diagnostic: Diagnostic, source: Diagnostic | None, deja: int) -> str | None:
    """`source`: the diagnostic to start from; `deja`: answers already there."""
    if source is None:
        return "Aucun diagnostic signé d'une autre année ne peut être repris."
    if deja:
        return "Des réponses sont déjà données\u00a0: celles de l'an dernier ne se reprennent qu'au départ."
    if not diagnostic.modifiable:
        return "Ce diagnostic ne se modifie pas en ce moment."
    return None


def empechement_second_regard(copie: CopieSignee | None) -> str | None:
    """`copie`: the last that was signed. The end of the campaign prevents nothing: that is when one looks."""
    if copie is None:
        return "Ce diagnostic n'est pas encore signé\u00a0: un second regard se donne sur des réponses signées."
    return None


def empechement_noter_visite(date: datetime.date, aujourd_hui: datetime.date) -> str | None:
    """`aujourd_hui`: the date it is in the académie."""
    if date > aujourd_hui:
        return "Le journal dit ce qui a eu lieu\u00a0: cette date est encore à venir."
    if date < PREMIERE_VISITE:
        return "Le journal commence en 2000\u00a0: vérifiez l'année."
    return None


def empechement_modifier_visite(visite: Visite, auteur: Utilisateur) -> str | None:
    if visite.auteur_id != auteur.pk:
        return "Seule la personne qui a écrit cette ligne du journal peut la modifier ou la retirer."
    return None


# --- Campaigns --------------------------------------------------------------------------------------------
def empechement_employer(referentiel: Referentiel, academie: Academie) -> str | None:
    """Whether an académie's campaign may ask this version."""
    if not referentiel.publie:
        return "Cette version du référentiel n'est pas publiée."
    if referentiel.academie_id not in (None, academie.pk):
        return "Cette version du référentiel est celle d'une autre académie."
    return None


def empechement_ouvrir_le(annee: str, ouverture: datetime.date) -> str | None:
    rentree, fin = bornes(annee)
    au_plus_tot = rentree.replace(month=6)
    if ouverture < au_plus_tot:
        return f"Une campagne {annee} ouvre au plus tôt le {date_en_phrase(au_plus_tot)}, trois mois avant la rentrée."
    if ouverture > fin:
        return f"L'année scolaire {annee} finit le {date_en_phrase(fin)}\u00a0: sa campagne ouvre avant."
    return None


def empechement_cloturer_le(annee: str, cloture: datetime.date, jour: datetime.date) -> str | None:
    """`jour`: the day it is in the académie."""
    if cloture < jour:
        return "Cette date est passée\u00a0: choisissez aujourd'hui ou un jour à venir."
    rentree, fin = bornes(annee)
    if not rentree <= cloture <= fin:
        annee_entiere = f"du {date_en_phrase(rentree)} au {date_en_phrase(fin)}"
        return f"La clôture se place dans l'année scolaire {annee}, {annee_entiere}."
    return None


def empechement_changer_l_ouverture(campagne: Campagne, jour: datetime.date) -> str | None:
    if jour < campagne.date_ouverture:
        return None
    return f"La campagne est ouverte depuis le {date_en_phrase(campagne.date_ouverture)}\u00a0: ce jour ne change plus."


def empechement_ecourter_les_corrections(
    clotures: Iterable[datetime.date], *, avant: int, apres: int, jour: datetime.date
) -> str | None:
    """`avant`, `apres`: days of correction; nobody who is correcting is stopped before tomorrow."""
    en_cours = [ecoules for cloture in clotures if apres < (ecoules := (jour - cloture).days) <= avant]
    if en_cours:
        return f"Des établissements corrigent encore\u00a0: gardez au moins {max(en_cours)}\u00a0jours."
    return None


def empechement_prolonger(
    campagne: Campagne,
    district: District,
    cloture: datetime.date,
    *,
    deja: datetime.date | None,
    maintenant: datetime.datetime,
) -> str | None:
    """`deja`: until when this district already has."""
    if district.academie_id != campagne.academie_id:
        return "Ces établissements sont d'une autre académie que la campagne."
    if empeche := empechement_cloturer_le(campagne.annee_scolaire, cloture, campagne.jour_local(maintenant)):
        return empeche
    if cloture <= campagne.date_cloture:
        prevue = date_en_phrase(campagne.date_cloture)
        return f"La campagne se termine le {prevue}\u00a0: une prolongation va au-delà."
    if deja and cloture < deja:
        return (
            f"{district} a déjà jusqu'au {date_en_phrase(deja)}\u00a0: une prolongation s'allonge, "
            "elle ne se raccourcit pas. Vous pouvez la retirer."
        )
    return None


def empechement_retirer_prolongation(campagne: Campagne, maintenant: datetime.datetime) -> str | None:
    if campagne.jour_local(maintenant) > campagne.date_cloture:
        cloture = date_en_phrase(campagne.date_cloture)
        return (
            f"La campagne s'est terminée le {cloture}\u00a0: sans prolongation, ces établissements seraient arrêtés "
            "sur-le-champ. Elle reste."
        )
    return None


def empechement_changer_la_version(
    campagne: Campagne, referentiel: Referentiel, *, suit: bool, fin: datetime.date, maintenant: datetime.datetime
) -> str | None:
    """`suit`: the version descends from the campaign's own; `fin`: the last day on which something may change in it."""
    if not referentiel.publie:
        return f"« {referentiel} » n'est pas encore publiée\u00a0: publiez-la d'abord."
    if referentiel.academie_id not in (None, campagne.academie_id):
        return f"« {referentiel} » appartient à une autre académie."
    if not suit:
        return (
            f"« {referentiel} » n'est pas une suite de « {campagne.referentiel} »\u00a0: "
            "rien ne dit où iraient les réponses."
        )
    if campagne.jour_local(maintenant) > fin:
        return "Cette campagne est terminée\u00a0: elle garde sa version."
    return None


def _empechement_cloture(diagnostic: Diagnostic, maintenant: datetime.datetime) -> str | None:
    jour, cloture = diagnostic.campagne.jour_local(maintenant), diagnostic.date_cloture
    if jour <= diagnostic.dernier_jour:
        return empechement_ecrire(diagnostic.etablissement)
    fin = f"La campagne s'est terminée le {date_en_phrase(cloture)}"
    if diagnostic.dernier_jour > cloture:
        fin += f", et les corrections le {date_en_phrase(diagnostic.dernier_jour)}"
    return f"{fin}\u00a0: le diagnostic ne se modifie plus."


# --- Surveys of the teams -----------------------------------------------------------------------------------
DUREE_MAX = datetime.timedelta(days=60)
REPOS = datetime.timedelta(days=60)
AVANCE_MAX = datetime.timedelta(days=365)
PORTE_FUTURE = "Cette enquête n'est pas encore ouverte."
PORTE_CLOSE = "Cette enquête est close."
PORTE_INCONNUE = "Ce code n'ouvre aucune enquête."
URNE_PLEINE = "Cette enquête a reçu plus de réponses que prévu\u00a0: prévenez la direction."


def empechement_entrer(porte: Porte, maintenant: datetime.datetime) -> str | None:
    """All that a link says when it does not open."""
    jour = porte.jour_local(maintenant)
    if porte.etat != "ouverte" or jour > porte.date_cloture:
        return PORTE_CLOSE
    return PORTE_FUTURE if jour < porte.date_ouverture else None


def empechement_ouvrir_enquete(
    enquete: Enquete, siennes: Collection[Enquete], maintenant: datetime.datetime
) -> str | None:
    """`enquete`: as it would be opened; `siennes`: those that the school has already had."""
    tenues = enquetes_tenues(siennes)
    return (
        empechement_une_autre_enquete(enquete.etablissement, tenues)
        or empechement_inviter_si_peu(enquete.invites, enquete.seuil)
        or empechement_ouvrir_enquete_le(enquete.date_ouverture, enquete.jour_local(maintenant))
        or empechement_durer(enquete.date_ouverture, enquete.date_cloture)
        or empechement_encore_une_longue(enquete.forme, enquete.annee_scolaire, tenues)
        or empechement_sans_repos(enquete.date_ouverture, tenues)
    )


def enquetes_tenues(siennes: Iterable[Enquete]) -> list[Enquete]:
    """Those that were not given up."""
    return [enquete for enquete in siennes if enquete.etat != enquete.Etat.ANNULEE]


def empechement_une_autre_enquete(etablissement: Etablissement, tenues: Collection[Enquete]) -> str | None:
    """What prevents any survey of this school now, whatever it asks; `tenues`: see `enquetes_tenues`."""
    if not etablissement.portees:
        return "L'enquête s'adresse aux écoles, aux collèges, aux lycées et aux EREA."
    if refus := empechement_ecrire(etablissement):
        return refus
    if any(autre.etat == autre.Etat.OUVERTE for autre in tenues):
        return "Une enquête est déjà prévue ou en cours dans cet établissement."
    return None


def empechement_inviter_si_peu(invites: Mapping[str, int], seuil: int) -> str | None:
    if sum(invites.get(groupe, 0) for groupe in EQUIPES) >= seuil:
        return None
    return (
        f"Invitez au moins {seuil} personnes des équipes\u00a0: à moins, aucun résultat ne pourrait être montré "
        "sans que l'on devine qui a répondu quoi."
    )


def empechement_ouvrir_enquete_le(ouverture: datetime.date, jour: datetime.date) -> str | None:
    """`jour`: the date it is in the académie."""
    if ouverture < jour:
        return "Une enquête s'ouvre aujourd'hui ou un jour à venir."
    if ouverture - jour > AVANCE_MAX:
        return "Une enquête se prépare un an à l'avance au plus\u00a0: vérifiez l'année."
    return None


def empechement_durer(ouverture: datetime.date, cloture: datetime.date) -> str | None:
    if cloture < ouverture:
        return "Le dernier jour ne peut pas précéder le premier."
    if cloture - ouverture > DUREE_MAX:
        return f"Une enquête dure {DUREE_MAX.days} jours au plus."
    return None


def empechement_encore_une_longue(forme: str, annee: str, tenues: Collection[Enquete]) -> str | None:
    """`annee`: the school year of the new one; `tenues`: see `enquetes_tenues`."""
    if any(forme == autre.forme == autre.Forme.LONGUE and annee == autre.annee_scolaire for autre in tenues):
        return "L'enquête complète a déjà eu lieu cette année scolaire\u00a0: il reste le pouls, plus court."
    return None


def premier_jour_apres(tenues: Collection[Enquete]) -> datetime.date | None:
    """The first day on which another may open; None when any will do."""
    derniere = max((autre.date_cloture for autre in tenues), default=None)
    return derniere + REPOS + datetime.timedelta(days=1) if derniere else None


def empechement_sans_repos(ouverture: datetime.date, tenues: Collection[Enquete]) -> str | None:
    """Two surveys too close would let somebody subtract one from the other."""
    premier = premier_jour_apres(tenues)
    if premier is None or ouverture >= premier:
        return None
    derniere = max(autre.date_cloture for autre in tenues)
    return (
        f"La dernière enquête s'est close le {date_en_phrase(derniere)}. Laissez {REPOS.days} jours entre "
        "deux\u00a0: plus proches, on pourrait deviner ce qu'a répondu une personne arrivée entre-temps. La "
        f"prochaine peut s'ouvrir le {date_en_phrase(premier)}."
    )


def empechement_changer_les_dates(
    enquete: Enquete,
    ouverture: datetime.date,
    cloture: datetime.date,
    siennes: Collection[Enquete],
    maintenant: datetime.datetime,
) -> str | None:
    """`siennes`: those that the school has already had, this one among them."""
    jour = enquete.jour_local(maintenant)
    if empeche := _empechement_finie(enquete, jour):
        return empeche
    if ouverture != enquete.date_ouverture and enquete.date_ouverture <= jour:
        return "L'enquête est déjà ouverte\u00a0: son premier jour ne change plus."
    if cloture < jour:
        return "Le dernier jour est aujourd'hui ou un jour à venir."
    tenues = [autre for autre in enquetes_tenues(siennes) if autre != enquete]
    return (
        empechement_durer(ouverture, cloture)
        or (empechement_ouvrir_enquete_le(ouverture, jour) if ouverture != enquete.date_ouverture else None)
        or empechement_encore_une_longue(enquete.forme, annee_scolaire(cloture), tenues)
        or empechement_sans_repos(ouverture, tenues)
    )


def empechement_annuler_enquete(
    enquete: Enquete, maintenant: datetime.datetime, *, cle_perdue: bool = False
) -> str | None:
    """`cle_perdue`: nothing opens its urn any more; left open for ever, it would prevent any other survey."""
    if cle_perdue and enquete.etat == enquete.Etat.OUVERTE:
        return None
    return _empechement_finie(enquete, enquete.jour_local(maintenant))


def empechement_repondre_direction(enquete: Enquete, maintenant: datetime.datetime) -> str | None:
    if _empechement_finie(enquete, enquete.jour_local(maintenant)):
        return "L'enquête est close\u00a0: la direction répond avant de connaître les résultats."
    return None


def empechement_tirer_coupons(
    enquete: Enquete, nombre: int, *, secours: bool, deja: bool, maintenant: datetime.datetime
) -> str | None:
    """`deja`: whether a sheet has already been drawn."""
    jour = enquete.jour_local(maintenant)
    if enquete.acces != enquete.Acces.COUPONS:
        return "Cette enquête s'ouvre par un lien partagé\u00a0: elle n'a pas de coupons."
    if empeche := _empechement_finie(enquete, jour):
        return empeche
    if secours and (not deja or jour < enquete.date_ouverture):
        return "Les coupons de secours se tirent une fois la planche tirée et l'enquête ouverte."
    if secours:
        reste = coupons_de_secours_possibles(enquete) - enquete.coupons_de_secours
        if not 1 <= nombre <= reste:
            return f"Il reste {reste} coupon{'s' if reste > 1 else ''} de secours à tirer."
    elif deja and jour >= enquete.date_ouverture:
        return (
            "L'enquête est ouverte\u00a0: des coupons de la première planche ont pu servir, elle ne se refait plus. "
            "Vous pouvez tirer quelques coupons de secours."
        )
    return None


def coupons_de_secours_possibles(enquete: Enquete) -> int:
    """One for ten people invited, two at least: who holds a slip is not known, so that none can be exchanged."""
    return max(2, enquete.total_invites // 10)


def empechement_depouiller(enquete: Enquete, maintenant: datetime.datetime) -> str | None:
    if enquete.etat == enquete.Etat.ANNULEE:
        return "Cette enquête est annulée\u00a0: ses bulletins ont été détruits sans être lus."
    if maintenant < enquete.resultats_a_partir_de:
        return f"L'urne s'ouvre le lendemain du dernier jour, à {enquete.resultats_a_partir_de:%-H} heures."
    return None


def _empechement_finie(enquete: Enquete, jour: datetime.date) -> str | None:
    if enquete.etat == enquete.Etat.ANNULEE:
        return "Cette enquête est annulée."
    if enquete.etat == enquete.Etat.DEPOUILLEE or jour > enquete.date_cloture:
        return f"L'enquête s'est close le {date_en_phrase(enquete.date_cloture)}\u00a0: elle ne change plus."
    return None


# --- Named moments ----------------------------------------------------------------------------------------
def empechement_nommer_un_moment(nom: str, deja: Iterable[str]) -> str | None:
    """`deja`: the names that the school has given already; capitals do not make another name."""
    if not nom:
        return "Donnez un nom à ce moment."
    if len(nom) > NOM_D_UN_MOMENT_MAX:
        return f"Ce nom dépasse {NOM_D_UN_MOMENT_MAX}\u00a0caractères\u00a0: raccourcissez-le."
    if nom.casefold() in {autre.casefold() for autre in deja}:
        return "Un moment porte déjà ce nom\u00a0: choisissez-en un autre."
    return None
