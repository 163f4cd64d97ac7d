"""Lines of the matrix: proposals, the shortest way up, requests; the académie's words."""

import datetime

from django.utils import timezone

from diagnostic.domain.signature import rouvrir_diagnostic
from diagnostic.models import Diagnostic
from plans.domain.adaptations import adapter_proposition
from plans.domain.demandes import SaisieDemande, faire_demande
from plans.queries.propositions import propositions_nationales
from plans.rules.propositions import TexteDeProposition
from tests.dossier import Dossier, signer
from tests.parcours.lignes import CONNEXION, ECOLE, PERSONNAGES, Ligne, ecole, uai

TEXTE = TexteDeProposition("Un besoin", "Une action", "Une raison", ("Une étape",), 1, 2, 0, 500, "organisation")


def proposition(dossier: Dossier) -> tuple:
    """Of a condition that last year's diagnostic, signed again, says to be missing."""
    passe = Diagnostic.objects.get(pk=dossier.copie.diagnostic_id)
    if passe.version == 1:
        maintenant = timezone.now()
        rouvrir_diagnostic(
            diagnostic=passe, motif="Une erreur de lecture.", auteur=dossier.monde.chef, maintenant=maintenant
        )
        passe.refresh_from_db()
        passe.reponses.filter(indicateur__code__in=("PIL-1-1", "PIL-1-2")).update(valeur="non")
        signer(passe, dossier.monde.chef, maintenant)
    return (*uai(dossier), "PIL-1-2")


def demande(dossier: Dossier) -> tuple:
    faite = faire_demande(
        etablissement=dossier.monde.college,
        code="INF-1-1",
        annee=dossier.annee,
        saisie=SaisieDemande("collectivite", "Raccorder", "Merci.", timezone.localdate() + datetime.timedelta(days=30)),
        auteur=dossier.monde.chef,
        maintenant=timezone.now(),
    )
    return (*uai(dossier), faite.pk)


def adaptee(dossier: Dossier) -> tuple:
    nationale = propositions_nationales()["PIL-1-2"]
    adapter_proposition(
        academie=dossier.monde.academie,
        nationale=nationale,
        base=nationale.texte,
        saisie=TEXTE,
        auteur=dossier.monde.rectorat,
        maintenant=timezone.now(),
    )
    return (dossier.monde.academie.code, "PIL-1-2")


def du_rectorat(statut: int, ailleurs: int = 404) -> dict[str, int | str]:
    """Whoever words the proposals of an académie; not those of another."""
    autres = dict.fromkeys(PERSONNAGES, 403)
    return autres | {"rectorat": statut, "rectorat_ailleurs": ailleurs, "anonyme": CONNEXION}


ECRIVENT = ("chef", "referent")
LIGNES_PROPOSITIONS: list[Ligne] = [
    Ligne("propositions", ecole(200, *ECOLE), arguments=uai),
    Ligne("chemin", ecole(200, *ECOLE), arguments=uai),
    Ligne("proposition", ecole(200, *ECOLE), arguments=proposition),
    Ligne("proposition", ecole(422, *ECRIVENT), "POST", proposition),
    Ligne("proposition_decliner", ecole(200, *ECRIVENT), arguments=proposition),
    Ligne("proposition_decliner", ecole(422, *ECRIVENT), "POST", proposition),
    Ligne("proposition_reprendre", ecole(302, *ECRIVENT), "POST", proposition),
    Ligne("demandes", ecole(200, *ECOLE), arguments=uai),
    Ligne("demande_faire", ecole(200, *ECRIVENT), arguments=proposition),
    Ligne("demande_faire", ecole(422, *ECRIVENT), "POST", proposition),
    Ligne("demande_modifier", ecole(200, *ECRIVENT), arguments=demande),
    Ligne("demande_modifier", ecole(422, *ECRIVENT), "POST", demande),
    Ligne("demande_repondre", ecole(200, *ECRIVENT), arguments=demande),
    Ligne("demande_repondre", ecole(422, *ECRIVENT), "POST", demande),
    Ligne("demande_pdf", ecole(200, *ECOLE), "HEAD", demande),
    Ligne("propositions_academiques", du_rectorat(200, ailleurs=200)),
    Ligne("proposition_adapter", du_rectorat(200), arguments=adaptee),
    Ligne("proposition_adapter", du_rectorat(422), "POST", adaptee),
    Ligne("proposition_revenir", du_rectorat(200), arguments=adaptee),
    Ligne("proposition_revenir", du_rectorat(302), "POST", adaptee),
    Ligne("proposition_historique", du_rectorat(200), arguments=adaptee),
]
