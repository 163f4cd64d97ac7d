"""What is not in the school's hands: asked of the party that can do it, and what it answers."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from plans.domain.verrou import verrouiller_le_plan
from plans.models import Demande
from plans.rules.demandes import (
    defauts_de_la_demande,
    defauts_de_la_reponse,
    empechement_modifier_demande,
    empechement_redemander,
)
from strategie.socle.domain.empechement import Empeche, SaisieRefusee, refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur


@dataclass(frozen=True)
class SaisieDemande:
    destinataire: str
    objet: str
    texte: str
    reponse_attendue_le: datetime.date


@dataclass(frozen=True)
class SaisieReponse:
    suite: str
    reponse: str
    repondue_le: datetime.date


class DemandeChangee(Empeche):
    """Somebody else has written since; `actuelle` is what is kept now."""

    def __init__(self, actuelle: Demande) -> None:
        super().__init__("Cette demande a changé pendant que vous écriviez.")
        self.actuelle = actuelle


def faire_demande(
    *,
    etablissement: Etablissement,
    code: str,
    annee: str,
    saisie: SaisieDemande,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Demande:
    """For the condition `code`; sent twice in the same words, it is made once. Raises Empeche."""
    _verifier(saisie, _jour(etablissement, maintenant))
    with acte("faire_demande", auteur):
        verrouiller_le_plan(etablissement)
        en_attente = Demande.objects.filter(etablissement=etablissement, annee_scolaire=annee, code=code, suite="")
        deja = en_attente.filter(destinataire=saisie.destinataire).first()
        if deja and lire_demande(deja) == saisie and deja.faite_par_id == auteur.pk:
            return deja
        refuser(empechement_redemander(deja))
        return Demande.objects.create(
            etablissement=etablissement,
            annee_scolaire=annee,
            code=code,
            faite_par=auteur,
            faite_le=maintenant,
            destinataire=saisie.destinataire,
            objet=saisie.objet,
            texte=saisie.texte,
            reponse_attendue_le=saisie.reponse_attendue_le,
        )


def modifier_demande(
    *, demande: Demande, version: int, saisie: SaisieDemande, auteur: Utilisateur, maintenant: datetime.datetime
) -> Demande:
    """While it waits; to the same party. `version`: the one that the page showed. Raises Empeche, DemandeChangee with
    nothing written.
    """
    with acte("modifier_demande", auteur):
        tenue = _verrouiller(demande)
        if lire_demande(tenue) == saisie:
            return tenue
        _exiger(tenue, version)
        refuser(empechement_modifier_demande(tenue))
        _verifier(saisie, _jour(demande.etablissement, maintenant), deja=tenue.reponse_attendue_le)
        tenue.objet, tenue.texte = saisie.objet, saisie.texte
        tenue.reponse_attendue_le = saisie.reponse_attendue_le
        _enregistrer(tenue)
    return tenue


def repondre_demande(
    *, demande: Demande, version: int, saisie: SaisieReponse, auteur: Utilisateur, maintenant: datetime.datetime
) -> Demande:
    """What the party has answered; typed again, it is corrected. Raises Empeche, DemandeChangee with nothing
    written.
    """
    etablissement = demande.etablissement
    faite_le, jour = _jour(etablissement, demande.faite_le), _jour(etablissement, maintenant)
    if defauts := defauts_de_la_reponse(saisie.suite, saisie.reponse, saisie.repondue_le, faite_le, jour):
        raise SaisieRefusee(defauts)
    with acte("repondre_demande", auteur):
        tenue = _verrouiller(demande)
        if (tenue.suite, tenue.reponse, tenue.repondue_le) == (saisie.suite, saisie.reponse, saisie.repondue_le):
            return tenue
        _exiger(tenue, version)
        tenue.suite, tenue.reponse, tenue.repondue_le = saisie.suite, saisie.reponse, saisie.repondue_le
        _enregistrer(tenue)
    return tenue


def lire_demande(demande: Demande) -> SaisieDemande:
    return SaisieDemande(demande.destinataire, demande.objet, demande.texte, demande.reponse_attendue_le)


def _verifier(saisie: SaisieDemande, jour: datetime.date, deja: datetime.date | None = None) -> None:
    """`deja`: the day that was said before, which may have passed."""
    defauts = defauts_de_la_demande(saisie.destinataire, saisie.objet, saisie.texte, saisie.reponse_attendue_le, jour)
    if saisie.reponse_attendue_le == deja:
        defauts.pop("reponse_attendue_le", None)
    if defauts:
        raise SaisieRefusee(defauts)


def _verrouiller(demande: Demande) -> Demande:
    """Raises Empeche."""
    verrouiller_le_plan(demande.etablissement)
    return Demande.objects.select_for_update(no_key=True).get(pk=demande.pk)


def _exiger(demande: Demande, version: int) -> None:
    if demande.version != version:
        raise DemandeChangee(demande)


def _enregistrer(demande: Demande) -> None:
    demande.version += 1
    demande.save()


def _jour(etablissement: Etablissement, instant: datetime.datetime) -> datetime.date:
    return instant.astimezone(etablissement.academie.zone).date()
