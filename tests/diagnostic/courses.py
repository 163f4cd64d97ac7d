"""Acts that meet: helpers to start several at once, and the two races that a signature must win or lose whole."""

import datetime
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Barrier

from django.db import connection, transaction
from django.utils import timezone

from diagnostic.domain.contenu import empreinte, json_canonique
from diagnostic.domain.cotation import Valeur
from diagnostic.domain.reponses import Conflit, Enregistree, Saisie, enregistrer_reponse
from diagnostic.domain.signature import RELIRE, RenduPdf, rouvrir_diagnostic, signer_diagnostic
from diagnostic.models import CopieSignee, Diagnostic, Reponse
from diagnostic.queries.contenu import contenu_du_diagnostic
from diagnostic.queries.etat import etat_du_diagnostic
from strategie.socle.domain.empechement import Empeche
from tests.diagnostic.test_signature import lu, pdf_court
from tests.personnages import Monde

CODE = "PIL-1-1"
DUREE_D_UNE_SIGNATURE = 0.06  # seconds
PATIENCE = 300  # seconds; a machine that does twenty other things takes its time, what never comes is a failure


def ensemble(*actes: Callable[[], object]) -> list[object]:
    """What each act gives, or the sentence that refuses it; all of them start together, each on its connection."""
    depart = Barrier(len(actes))

    def agir(acte: Callable[[], object]) -> object:
        try:
            connection.ensure_connection()
            depart.wait(timeout=PATIENCE)
            return acte()
        except Empeche as refus:
            return str(refus)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actes)) as fils:
        return list(fils.map(agir, actes))


def attendre_un_verrou() -> None:
    """Until another session waits for a lock of this one."""
    fin = time.monotonic() + PATIENCE
    while time.monotonic() < fin:
        with connection.cursor() as curseur:
            curseur.execute("SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            if curseur.rowcount:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits")


def signature(
    monde: Monde,
    diagnostic: Diagnostic,
    nom: str = "Claire Chef",
    rendre: RenduPdf = pdf_court,
    maintenant: datetime.datetime | None = None,
) -> Callable[[], CopieSignee]:
    ce_qui_est_lu, version = lu(diagnostic), diagnostic.version
    return lambda: signer_diagnostic(
        diagnostic=Diagnostic.objects.get(pk=diagnostic.pk),
        version=version,
        lu=ce_qui_est_lu,
        nom=nom,
        fonction="Principale",
        auteur=monde.chef,
        maintenant=maintenant or timezone.now(),
        rendre_pdf=rendre,
    )


def reponse(
    monde: Monde, diagnostic: Diagnostic, code: str, valeur: Valeur, version: int = 1
) -> Callable[[], Enregistree | Conflit]:
    """As a request does: the diagnostic is read before, and the answer changes the one at `version`."""

    def repondre() -> Enregistree | Conflit:
        return enregistrer_reponse(
            diagnostic=Diagnostic.objects.select_related("etablissement", "campagne__academie", "referentiel").get(
                pk=diagnostic.pk
            ),
            saisie=Saisie(code, valeur.value, "", "", version),
            auteur=monde.referent,
            maintenant=timezone.now(),
        )

    return repondre


def relire(diagnostic: Diagnostic) -> Diagnostic:
    return Diagnostic.objects.select_related(
        "etablissement__departement", "etablissement__academie", "campagne__academie", "referentiel"
    ).get(pk=diagnostic.pk)


def ce_qui_est_signe_n_a_pas_bouge(diagnostic: Diagnostic) -> None:
    """What is kept now is what the copy froze, and the copy's own fingerprints hold."""
    copie = diagnostic.copies.get(version=diagnostic.version)
    signe = json.loads(copie.contenu)
    jour = datetime.date.fromisoformat(signe.pop("signature")["date_locale"])
    assert json_canonique(contenu_du_diagnostic(etat_du_diagnostic(diagnostic), jour)) == json_canonique(signe)
    assert (empreinte(copie.contenu), empreinte(bytes(copie.pdf))) == (copie.sha256_contenu, copie.sha256_pdf)


def retarde(acte: Callable[[], object], alea: Random) -> Callable[[], object]:
    """Starts somewhere within the time that a signature takes, so that either may come first."""
    delai = alea.uniform(0, DUREE_D_UNE_SIGNATURE)

    def agir() -> object:
        time.sleep(delai)
        return acte()

    return agir


def courses_avec_une_reponse(monde: Monde, diagnostic: Diagnostic, tours: int) -> dict[str, int]:
    """Signature against autosave, `tours` times; how often each of the two legal outcomes came."""
    alea = Random(2026)
    issues = {"signé, réponse refusée": 0, "réponse gardée, à relire": 0}
    for _ in range(tours):
        actuel = relire(diagnostic)
        avant = Reponse.objects.get(diagnostic=actuel, indicateur__code=CODE)
        valeur = Valeur.non if avant.valeur == Valeur.oui else Valeur.oui
        dit, signe = ensemble(
            retarde(reponse(monde, actuel, CODE, valeur, avant.version), alea), signature(monde, actuel)
        )
        issues[_issue_avec_une_reponse(relire(diagnostic), avant, dit, signe, valeur)] += 1
        _rouvrir_si_signe(monde, diagnostic)
    return issues


def _issue_avec_une_reponse(diagnostic: Diagnostic, avant: Reponse, dit: object, signe: object, valeur: Valeur) -> str:
    gardee = Reponse.objects.get(pk=avant.pk)
    if isinstance(signe, CopieSignee):
        assert isinstance(dit, str), "an answer was accepted into what was being signed"
        assert (gardee.version, gardee.valeur, diagnostic.etat) == (avant.version, avant.valeur, "soumis")
        ce_qui_est_signe_n_a_pas_bouge(diagnostic)
        return "signé, réponse refusée"
    assert signe == RELIRE
    assert (dit, gardee.valeur) == (Enregistree(CODE, avant.version + 1), valeur)
    assert diagnostic.modifiable
    assert not diagnostic.copies.filter(version=diagnostic.version).exists()
    return "réponse gardée, à relire"


def courses_avec_la_cloture(monde: Monde, diagnostic: Diagnostic, tours: int) -> dict[str, int]:
    """Signature against the deadline brought forward at the same moment, `tours` times."""
    alea = Random(2026)
    issues = {"signé avant la clôture": 0, "clos avant la signature": 0}
    ouverte = relire(diagnostic).date_cloture
    for _ in range(tours):
        actuel = relire(diagnostic)
        signe, _ = ensemble(signature(monde, actuel), retarde(lambda: _clore(diagnostic), alea))
        apres = relire(diagnostic)
        if isinstance(signe, CopieSignee):
            assert apres.etat == "soumis"
            ce_qui_est_signe_n_a_pas_bouge(apres)
            issues["signé avant la clôture"] += 1
        else:
            assert "s'est terminée le" in str(signe)
            assert (apres.modifiable, apres.copies.filter(version=apres.version).exists()) == (True, False)
            issues["clos avant la signature"] += 1
        Diagnostic.objects.filter(pk=diagnostic.pk).update(date_cloture=ouverte)
        _rouvrir_si_signe(monde, diagnostic)
    return issues


def _clore(diagnostic: Diagnostic) -> None:
    """As the rectorat's act does: one UPDATE of the schools' own deadlines, far enough to end corrections too."""
    with transaction.atomic():
        Diagnostic.objects.filter(pk=diagnostic.pk).update(date_cloture=datetime.date(2001, 10, 1))


def _rouvrir_si_signe(monde: Monde, diagnostic: Diagnostic) -> None:
    actuel = relire(diagnostic)
    if not actuel.modifiable:
        rouvrir_diagnostic(diagnostic=actuel, motif="Une autre course", auteur=monde.chef, maintenant=timezone.now())
