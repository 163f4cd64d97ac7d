"""Chasing schools from the list: who was chosen becomes one message each, written together."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection

from diagnostic.models import Campagne
from strategie.pilotage.models import Rappel, Relance, SorteDeCourriel
from strategie.pilotage.queries.rappels import (
    Candidat,
    candidats,
    etablissements_a_relancer,
    raisons_de,
    signature_de,
)
from strategie.pilotage.rules.rappels import empechement_du_mot, empechement_relancer
from strategie.socle.domain.empechement import refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Utilisateur

FORMULAIRE_D_UN_AUTRE = "Ce formulaire a déjà servi à quelqu'un d'autre\u00a0: rouvrez la page, puis recommencez."
PERSONNE = "Choisissez au moins une personne à qui écrire."


def relancer(
    *,
    campagne: Campagne,
    choisis: Collection[str],
    mot: str,
    adresse_du_site: str,
    cle: uuid.UUID,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Relance:
    """One message for each of `choisis` (`Candidat.cle`) that the author may chase and that is still in charge; the
    same form sent twice is one sending. Those who have signed since are in the log, left out.
    """
    mot = " ".join(mot.split())
    refuser(empechement_du_mot(mot, adresse_du_site))
    ecoles = {int(choisi.partition(":")[0]) for choisi in choisis}
    with acte("relancer_etablissements", auteur):
        relance, nouvelle = Relance.objects.get_or_create(
            cle=cle,
            defaults={
                "auteur": auteur,
                "academie": campagne.academie,
                "campagne": campagne,
                "mot": mot,
                "signature": signature_de(auteur, campagne.academie)[:300],
                "cree_le": maintenant,
            },
        )
        refuser(None if relance.auteur_id == auteur.pk else FORMULAIRE_D_UN_AUTRE)
        if nouvelle:
            lus = list(etablissements_a_relancer(campagne, auteur).filter(pk__in=ecoles))
            retenus = [c for c in candidats(campagne, lus, SorteDeCourriel.RELANCE, maintenant) if c.cle in choisis]
            refuser(None if retenus else PERSONNE)
            Rappel.objects.bulk_create(_messages(relance, retenus, maintenant), batch_size=1000)
    return relance


def _messages(relance: Relance, retenus: list[Candidat], maintenant: datetime.datetime) -> list[Rappel]:
    campagne = relance.campagne
    raisons = raisons_de(campagne, [candidat.etablissement for candidat in retenus])
    messages = []
    for candidat in retenus:
        empechement = empechement_relancer(candidat.situation, campagne.jour_local(maintenant))
        messages.append(
            Rappel(
                sorte=SorteDeCourriel.RELANCE,
                etablissement=candidat.etablissement,
                campagne=campagne,
                relance=relance,
                destinataire=candidat.personne,
                role=candidat.role,
                echeance=candidat.situation.cloture,
                raison=raisons[candidat.etablissement.pk],
                etat=Rappel.Etat.ECARTE if empechement else Rappel.Etat.A_ENVOYER,
                motif=f"{empechement}, entre l'aperçu et l'envoi" if empechement else "",
                cree_le=maintenant,
            )
        )
    return messages
