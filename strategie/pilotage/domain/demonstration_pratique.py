"""The yearly practice in the demonstration: work shared out, a meeting, a second look, a référentiel that changes."""

import datetime
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from diagnostic.domain.brouillons import (
    Partie,
    Redaction,
    ajouter_indicateur,
    fusionner_indicateurs,
    modifier_indicateur,
    retirer_indicateur,
    scinder_indicateur,
)
from diagnostic.domain.cotation import Valeur
from diagnostic.domain.delegations import Repartition, confier_champs
from diagnostic.domain.preuves import Piece, ajouter_preuve, reprendre_preuves
from diagnostic.domain.regards import SaisieRegard, enregistrer_regards
from diagnostic.domain.reponses import Saisie
from diagnostic.domain.reunion import Votes, noter_en_reunion
from diagnostic.domain.versions import preparer_version
from diagnostic.domain.visites import SaisieVisite, noter_visite
from diagnostic.models import Diagnostic, Indicateur, Referentiel, Reponse, Visite
from diagnostic.queries.referentiels import empreinte_de
from diagnostic.queries.repartition import Part
from strategie.socle.models import Academie, Etablissement, Utilisateur

LETTRE = Piece(
    "Collège des Trois Rivières\nLettre de mission du référent numérique (document de démonstration)\n".encode(),
    "lettre-de-mission.txt",
    "text/plain",
)
CONSEIL = (
    "L'inventaire est bien tenu\u00a0: s'en servir pour chiffrer le renouvellement des vidéoprojecteurs avec le "
    "département. Revenir en mars sur la sauvegarde, dont la restauration n'a pas encore été essayée."
)


def joindre_les_preuves_de_l_an_dernier(
    diagnostic: Diagnostic, auteur: Utilisateur, maintenant: datetime.datetime
) -> None:
    """Two pieces on the same indicator, one of them old enough to be renewed a year later."""
    indicateur = Indicateur.objects.get(referentiel=diagnostic.referentiel, code="PIL-1-1")
    ajouter = partial(
        ajouter_preuve, diagnostic=diagnostic, indicateur=indicateur, auteur=auteur, maintenant=maintenant
    )
    jour = maintenant.date()
    ajouter(intitule="Lettre de mission", date_piece=jour - datetime.timedelta(days=60), lien="", piece=LETTRE)
    ajouter(
        intitule="Fiche de poste du référent",
        date_piece=jour - datetime.timedelta(days=520),
        lien="https://exemple.invalid/fiche-de-poste",
        piece=None,
    )


def partager_le_diagnostic(diagnostic: Diagnostic, chef: Utilisateur, maintenant: datetime.datetime) -> None:
    """The head keeps four champs, confides two, takes last year's pieces over, and has held one meeting."""
    referent, gestionnaire = (
        Utilisateur.objects.get(affectations__etablissement=diagnostic.etablissement, affectations__role=role)
        for role in ("referent", "gestionnaire")
    )
    voulue = frozenset({Part("INF", referent.pk), Part("EQU", gestionnaire.pk)})
    confier_champs(
        diagnostic=diagnostic, repartition=Repartition(frozenset(), voulue), auteur=chef, maintenant=maintenant
    )
    mission = Indicateur.objects.get(referentiel=diagnostic.referentiel, code="PIL-1-1")
    anciennes = mission.preuves.exclude(diagnostic=diagnostic).values_list("cle", flat=True)
    reprendre_preuves(
        diagnostic=diagnostic, indicateur=mission, cles=list(anciennes), auteur=chef, maintenant=maintenant
    )
    reponse = Reponse.objects.get(diagnostic=diagnostic, indicateur__code="PED-1-1")
    noter_en_reunion(
        diagnostic=diagnostic,
        saisie=Saisie("PED-1-1", Valeur.oui.value, "", reponse.commentaire, reponse.version),
        votes=Votes(oui=9, en_partie=4, non=1, ne_sait_pas=2),
        desaccord="En langues, les collègues disent manquer de postes pour y venir plusieurs fois par trimestre.",
        version_vote=0,
        auteur=chef,
        maintenant=maintenant,
    )


def regarder_avec_l_ecole(diagnostic: Diagnostic, animatrice: Utilisateur, maintenant: datetime.datetime) -> None:
    """The animatrice has visited a school that has signed: most of what she sees agrees, two things do not."""
    regards = {
        "PIL-1-1": (Valeur.oui, ""),
        "PIL-3-1": (Valeur.en_partie, "Le bilan existe, mais il n'a pas encore été présenté au conseil."),
        "INF-1-4": (Valeur.en_partie, "Sauvegarde en place\u00a0; la restauration reste à essayer."),
        "EQU-1-2": (Valeur.oui, "Inventaire à jour, montré lors de la visite."),
    }
    enregistrer_regards(
        diagnostic=diagnostic,
        copie=diagnostic.version,
        saisies=[SaisieRegard(code, valeur.value, dit, 0) for code, (valeur, dit) in regards.items()],
        auteur=animatrice,
        maintenant=maintenant,
    )
    noter_visite(
        etablissement=diagnostic.etablissement,
        saisie=SaisieVisite(
            date=maintenant.date() - datetime.timedelta(days=3),
            forme=Visite.Forme.SUR_PLACE.value,
            objet="Lecture du diagnostic avec la principale et le référent",
            conseil=CONSEIL,
        ),
        cle=UUID(int=1),
        auteur=animatrice,
        maintenant=maintenant,
    )


def preparer_la_version_suivante(referentiel: Referentiel, academie: Academie, auteur: Utilisateur) -> Referentiel:
    """A draft of the next version, with a change of each kind for the rectorat to read, compare and publish."""
    brouillon = preparer_version(precedent=referentiel, academie=academie, auteur=auteur)
    agir: dict[str, Any] = {"referentiel": brouillon, "auteur": auteur}

    def lire(code: str) -> Indicateur:
        return Indicateur.objects.get(referentiel=brouillon, code=code)

    def lu(code: str) -> str:
        return empreinte_de(lire(code))

    modifier_indicateur(
        code="PED-2-4",
        redaction=replace(
            Redaction.de(lire("PED-2-4")),
            enonce="Une charte de l'intelligence artificielle, discutée avec les élèves et votée, dit ce qui est "
            "permis par niveau, ce qui doit être signalé et ce qui est interdit.",
        ),
        sens_change=True,
        lu=lu("PED-2-4"),
        **agir,
    )
    scinder_indicateur(
        code="INF-1-4",
        parties=[
            Partie("INF-1-5", "Les données de l'établissement sont sauvegardées chaque jour, hors du site.", "Contrat"),
            Partie("INF-1-6", "Une restauration des sauvegardes a été essayée dans l'année.", "Compte rendu d'essai"),
        ],
        lu=lu("INF-1-4"),
        **agir,
    )
    fusionner_indicateurs(
        champ="EQU",
        codes=["EQU-1-3", "EQU-1-4"],
        code="EQU-1-5",
        redaction=replace(
            Redaction.de(lire("EQU-1-3")),
            enonce="Hors des cours, chaque élève trouve un poste dans l'établissement ou se voit prêter un équipement.",
        ),
        lu=empreinte_de(*lire("EQU-1-3").champ.indicateurs.order_by("pk")),
        **agir,
    )
    retirer_indicateur(code="INF-3-4", lu=lu("INF-3-4"), **agir)
    ajouter_indicateur(
        champ="EQU",
        code="EQU-2-6",
        redaction=replace(
            Redaction.de(lire("EQU-2-1")),
            enonce="À l'internat, une règle écrite fixe l'accès aux équipements et au réseau le soir.",
            preuve="Règlement de l'internat",
            si_internat=True,
        ),
        **agir,
    )
    return brouillon


def ecole_regardee(etablissement: Etablissement) -> Diagnostic:
    """The school's last signed diagnostic, with all that a second look reads."""
    return (
        Diagnostic.objects.filter(etablissement=etablissement, etat=Diagnostic.Etat.SOUMIS)
        .select_related("etablissement__academie", "campagne__academie", "referentiel")
        .latest("campagne__annee_scolaire")
    )
