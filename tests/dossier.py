"""One school's papers: last year's diagnostic signed, this year's begun, a proof, an invitation."""

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from django.core.files.base import ContentFile
from django.utils import timezone

import diagnostic
from diagnostic.domain.campagnes import ouvrir_campagne
from diagnostic.domain.contenu import empreinte, json_canonique
from diagnostic.domain.cotation import Valeur
from diagnostic.domain.preuves import Piece, ajouter_preuve
from diagnostic.domain.referentiel import charger_referentiel
from diagnostic.domain.reponses import commencer_diagnostic
from diagnostic.domain.signature import signer_diagnostic
from diagnostic.models import Campagne, CopieSignee, Diagnostic, Preuve, Referentiel, Reponse
from diagnostic.queries.contenu import contenu_du_diagnostic
from diagnostic.queries.etat import etat_du_diagnostic
from diagnostic.queries.questionnaire import oublier_les_questionnaires, questionnaire
from strategie.socle.domain.calendrier import annee_precedente, annee_scolaire
from strategie.socle.models import Academie, Etablissement, Utilisateur
from tests.moules import Moule, mouler
from tests.personnages import Monde, creer_monde

REFERENTIEL = Path(diagnostic.__file__).parent / "donnees" / "referentiel-paliers-v1.json"
PIECE = b"%PDF-1.7\n"


@dataclass(frozen=True)
class Dossier:
    monde: Monde
    annee: str
    brouillon: Diagnostic
    copie: CopieSignee
    preuve: Preuve


@dataclass(frozen=True)
class Moules:
    """Of the world, of the référentiel, and of the dossier that is made from them."""

    monde: Moule
    referentiel: Moule
    dossier: Moule


def mouler_le_dossier() -> Moules:
    un_monde, monde = mouler(creer_monde)
    un_referentiel, referentiel = mouler(charger)
    un_dossier, _ = mouler(creer_dossier, monde=monde, referentiel=referentiel)
    return Moules(un_monde, un_referentiel, un_dossier)


def charger() -> Referentiel:
    """The version shipped."""
    return deja_lu(charger_referentiel(donnees=json.loads(REFERENTIEL.read_text()), maintenant=timezone.now())[0])


def deja_lu(referentiel: Referentiel) -> Referentiel:
    """Once by this process, as a server's processes have: here and now, not in a test before."""
    oublier_les_questionnaires()
    questionnaire(referentiel)
    return referentiel


def creer_dossier(monde: Monde, referentiel: Referentiel) -> Dossier:
    maintenant = timezone.now()
    annee = annee_scolaire(timezone.localdate(maintenant))
    passe = commencer(monde.college, annee_precedente(annee), referentiel, monde.chef, maintenant)
    repondre_partout(passe, Valeur.oui, monde.chef, maintenant)
    copie = signer(passe, monde.chef, maintenant)
    brouillon = commencer(monde.college, annee, referentiel, monde.chef, maintenant)
    repondre_partout(brouillon, Valeur.en_partie, monde.referent, maintenant)
    preuve = ajouter_preuve(
        diagnostic=brouillon,
        indicateur=brouillon.reponses.order_by("indicateur__ordre").first().indicateur,
        intitule="Compte rendu de la commission",
        date_piece=None,
        lien="",
        piece=Piece(PIECE, "compte-rendu.pdf", "application/pdf"),
        auteur=monde.referent,
        maintenant=maintenant,
    )
    return Dossier(monde=monde, annee=annee, brouillon=brouillon, copie=copie, preuve=preuve)


def avec_sa_piece(dossier: Dossier) -> Dossier:
    """On the disk too, where a test before may have thrown it away."""
    fichier = dossier.preuve.fichier
    if not fichier.storage.exists(fichier.name):
        fichier.storage.save(fichier.name, ContentFile(PIECE))
    return dossier


def commencer(
    etablissement: Etablissement,
    annee: str,
    referentiel: Referentiel,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Diagnostic:
    campagne = campagne_ouverte(etablissement.academie, annee, referentiel, maintenant)
    return commencer_diagnostic(etablissement=etablissement, campagne=campagne, auteur=auteur, maintenant=maintenant)


def campagne_ouverte(
    academie: Academie, annee: str, referentiel: Referentiel, maintenant: datetime.datetime
) -> Campagne:
    """A campaign that is open for a month before and after, whatever the year it is about."""
    jour = maintenant.astimezone(academie.zone).date()
    return academie.campagnes.filter(annee_scolaire=annee).first() or ouvrir_campagne(
        academie=academie,
        annee_scolaire=annee,
        referentiel=referentiel,
        date_ouverture=jour - datetime.timedelta(days=30),
        date_cloture=jour + datetime.timedelta(days=30),
        auteur=None,
    )


def repondre_partout(
    diagnostic: Diagnostic,
    valeur: Valeur,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
    sauf: Mapping[str, Valeur] = MappingProxyType({}),
) -> None:
    """The same first answer to every indicator, but those named in `sauf`; by one insert, for hundreds of tests."""
    indicateurs = questionnaire(diagnostic.referentiel).concernes(diagnostic.etablissement)
    Reponse.objects.bulk_create(
        Reponse(
            diagnostic=diagnostic,
            indicateur=indicateur,
            valeur=sauf.get(indicateur.code, valeur).value,
            modifiee_par=auteur,
            modifiee_le=maintenant,
        )
        for indicateur in indicateurs
    )


def signer(diagnostic: Diagnostic, auteur: Utilisateur, maintenant: datetime.datetime) -> CopieSignee:
    """Without laying out a PDF: its own tests do."""
    jour = diagnostic.campagne.jour_local(maintenant)
    return signer_diagnostic(
        diagnostic=diagnostic,
        version=diagnostic.version,
        lu=empreinte(json_canonique(contenu_du_diagnostic(etat_du_diagnostic(diagnostic), jour))),
        nom=str(auteur),
        fonction="Principale",
        auteur=auteur,
        maintenant=maintenant,
        rendre_pdf=lambda contenu, empreinte: b"%PDF-1.7\n",
    )
