"""Acts that meet: what is signed, begun or opened again at the same moment by several people."""

from collections.abc import Callable
from threading import Event

import pytest
from django.utils import timezone

from diagnostic.domain.cotation import Valeur
from diagnostic.domain.preuves import ajouter_preuve
from diagnostic.domain.reponses import Conflit, Enregistree, commencer_diagnostic
from diagnostic.domain.signature import RELIRE, rouvrir_diagnostic
from diagnostic.models import Campagne, CopieSignee, Diagnostic, Indicateur, Preuve
from diagnostic.rules import empechement_rouvrir
from strategie.socle.domain.empechement import Empeche
from tests.diagnostic.courses import (
    courses_avec_la_cloture,
    courses_avec_une_reponse,
    ensemble,
    reponse,
    signature,
)
from tests.diagnostic.test_signature import pdf_court

pytestmark = pytest.mark.django_db(transaction=True)


def test_vingt_signatures_ensemble_font_une_copie(monde, brouillon, tout_repondre):
    tout_repondre(brouillon)
    copies = ensemble(*(signature(monde, brouillon, f"Nom {rang}") for rang in range(20)))
    copie = CopieSignee.objects.get()
    assert [(c.pk, c.nom_signataire, c.sha256_contenu) for c in copies] == [
        (copie.pk, copie.nom_signataire, copie.sha256_contenu)
    ] * 20
    brouillon.refresh_from_db()
    assert (brouillon.etat, brouillon.version) == ("soumis", 1)


def test_une_reponse_donnee_pendant_la_mise_en_page_est_gardee_et_fait_relire(monde, brouillon, tout_repondre):
    """Laying out the PDF takes seconds: nobody waits for it, and what was not read is not signed."""
    tout_repondre(brouillon)
    codes = list(Indicateur.objects.order_by("ordre").values_list("code", flat=True)[:50])
    saisies = [reponse(monde, brouillon, code, Valeur.non) for code in codes]
    commencee, repondu = Event(), Event()

    def pdf_lent(contenu, sha256) -> bytes:
        commencee.set()
        assert repondu.wait(timeout=30)
        return pdf_court(contenu, sha256)

    def repondre() -> list[object]:
        assert commencee.wait(timeout=30)
        dits = [_dit(saisie) for saisie in saisies]
        repondu.set()
        return dits

    dits, signe = ensemble(repondre, signature(monde, brouillon, rendre=pdf_lent))
    assert dits == [Enregistree(code, 2) for code in codes]
    assert signe == RELIRE
    brouillon.refresh_from_db()
    assert (brouillon.etat, CopieSignee.objects.count()) == ("brouillon", 0)


def test_une_reponse_et_la_signature_ensemble(monde, brouillon, tout_repondre):
    """Either the answer came first and what was read is not signed, or the signature did and the answer is refused."""
    tout_repondre(brouillon)
    assert sum(courses_avec_une_reponse(monde, brouillon, 15).values()) == 15


def test_la_signature_et_la_cloture_ensemble(monde, brouillon, tout_repondre):
    """Either it is signed in time, or the campaign is over and nothing is signed."""
    tout_repondre(brouillon)
    assert sum(courses_avec_la_cloture(monde, brouillon, 15).values()) == 15


def _dit(saisie: Callable[[], object]) -> object:
    try:
        return saisie()
    except Empeche as refus:
        return str(refus)


def test_deux_reouvertures_ensemble_n_en_font_qu_une(monde, brouillon, tout_repondre):
    tout_repondre(brouillon)
    signature(monde, brouillon)()

    def rouvrir(motif: str) -> Callable[[], object]:
        return lambda: (
            rouvrir_diagnostic(
                diagnostic=brouillon, motif=motif, auteur=monde.chef, maintenant=timezone.now()
            ).motif_reouverture
        )

    resultats = ensemble(rouvrir("Une erreur"), rouvrir("Un oubli"))
    brouillon.refresh_from_db()
    assert sorted(map(str, resultats)) == sorted(
        [empechement_rouvrir(brouillon, timezone.now()), brouillon.motif_reouverture]
    )
    assert (brouillon.etat, brouillon.version) == ("rouvert", 2)


def test_commencer_ensemble_donne_le_meme_diagnostic(monde, campagne: Campagne):
    def commencer() -> int:
        return commencer_diagnostic(
            etablissement=monde.college, campagne=campagne, auteur=monde.chef, maintenant=timezone.now()
        ).pk

    assert ensemble(*[commencer] * 8) == [Diagnostic.objects.commences().get().pk] * 8


def test_la_meme_reponse_envoyee_ensemble_est_gardee_une_fois(monde, brouillon, tout_repondre):
    tout_repondre(brouillon)
    resultats = ensemble(*[reponse(monde, brouillon, "PIL-1-1", Valeur.non)] * 8)
    assert [r for r in resultats if isinstance(r, Conflit)] == []
    assert [r.version for r in resultats] == [2] * 8


def test_une_preuve_ne_passe_pas_apres_la_signature(monde, brouillon, tout_repondre):
    tout_repondre(brouillon)
    indicateur = Indicateur.objects.get(code="PIL-1-1")

    def ajouter() -> object:
        return ajouter_preuve(
            diagnostic=Diagnostic.objects.select_related("campagne__academie").get(pk=brouillon.pk),
            indicateur=indicateur,
            intitule="Lettre de mission",
            date_piece=None,
            lien="https://exemple.invalid/lettre",
            piece=None,
            auteur=monde.referent,
            maintenant=timezone.now(),
        )

    signe, ajoutee = ensemble(signature(monde, brouillon), ajouter)
    signee = isinstance(signe, CopieSignee)
    assert signee != isinstance(ajoutee, Preuve)
    assert (CopieSignee.objects.count(), Preuve.objects.count()) == ((1, 0) if signee else (0, 1))
