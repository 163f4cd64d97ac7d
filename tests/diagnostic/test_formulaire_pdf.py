"""The form on paper: everything that is asked, room to write, and a foot that recognises a lost sheet."""

import io
from dataclasses import replace
from unittest import TestCase

import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone

from diagnostic.domain.reponses import Saisie, enregistrer_champ
from diagnostic.interfaces.papier import contexte_formulaire, origine_de, rendre_formulaire_pdf
from diagnostic.models import Diagnostic, Reponse
from diagnostic.queries.etat import EtatDiagnostic, etat_du_diagnostic
from strategie.socle.models import Etablissement
from tests.diagnostic.test_pdf import HOSTILES, sans_blancs
from tests.dossier import Dossier, commencer
from tests.pdf import elements, feuilles, manquements

ECARTES = ["PIL-2-3", "PED-1-2", "INF-2-3"]  # they speak of collèges and lycées


def lire(brouillon: Diagnostic) -> EtatDiagnostic:
    return etat_du_diagnostic(
        Diagnostic.objects.select_related("etablissement__academie", "campagne", "referentiel").get(pk=brouillon.pk)
    )


def lire_une_ecole(dossier: Dossier) -> EtatDiagnostic:
    """An école that has answered four indicators of its first champ, one of them last year only."""
    monde, maintenant = dossier.monde, timezone.now()
    brouillon = commencer(monde.voisin_college, dossier.annee, dossier.brouillon.referentiel, monde.voisin, maintenant)
    dites = [
        Saisie("PIL-1-1", "oui", "", HOSTILES[0], 0),
        Saisie("PIL-1-2", "sans_objet", "Aucune instance.", HOSTILES[1], 0),
        Saisie("PIL-1-4", "ne_sait_pas", "", "Ligne une.\nLigne deux.", 0),
        Saisie("PIL-1-5", "non", "", "", 0),
    ]
    enregistrer_champ(diagnostic=brouillon, saisies=dites, auteur=monde.voisin, maintenant=maintenant)
    Reponse.objects.filter(diagnostic=brouillon, indicateur__code="PIL-1-5").update(a_reconfirmer=True)
    Etablissement.objects.filter(pk=brouillon.etablissement_id).update(
        type=Etablissement.Type.ECOLE, nom="École <i>A</i> & B"
    )
    return lire(brouillon)


@pytest.fixture(scope="module")
def etat(lire_d_un_dossier) -> EtatDiagnostic:
    return lire_d_un_dossier(lire_une_ecole)


@pytest.fixture(scope="module")
def vierge(etat) -> bytes:
    """The whole form, laid out without a warning."""
    with TestCase().assertNoLogs("weasyprint", "WARNING"):
        return rendre_formulaire_pdf(etat, rempli=False)


@pytest.fixture(scope="module")
def rempli(etat) -> bytes:
    """The champ that has answers."""
    return rendre_formulaire_pdf(replace(etat, champs=etat.champs[:1]), rempli=True)


def test_conforme_a_pdf_ua(vierge, rempli):
    assert manquements(vierge) == manquements(rempli) == []


def test_chaque_feuille_se_reconnait(etat, vierge):
    """A sheet found alone says which form it is of, and where it goes in it."""
    annee = etat.diagnostic.campagne.annee_scolaire
    pied = f"Formulaire Paliers 1 · École <i>A</i> & B · 0980002V · {annee} · référentiel paliers, version 1"
    suite = feuilles(vierge)
    for numero, feuille in enumerate(suite, start=1):
        assert pied in feuille
        assert f"{numero} / {len(suite)}" in feuille
    assert len(suite) <= 14
    for champ in etat.champs:
        assert sum(feuille.count(champ.champ.libelle) for feuille in suite) >= 1


def test_tout_est_demande_avec_ses_cases(etat, vierge):
    lu = sans_blancs("".join(feuilles(vierge)))
    for champ in etat.champs:
        for ligne in champ.concernes:
            indicateur = ligne.indicateur
            debut = f"{indicateur.code}{'Indispensable.' if indicateur.bloquant else ''}{indicateur.enonce}"
            assert sans_blancs(f"{debut}Raison ou commentaire :") in lu
        for ligne in champ.non_concernes:
            assert sans_blancs(f"{ligne.indicateur.code}, {ligne.indicateur.enonce} : non concerné (règle R01).") in lu
    assert [e.indicateur.code for c in etat.champs for e in c.non_concernes] == ECARTES
    assert "79conditions,champparchamp." in lu
    natures = elements(vierge)
    cellules = [entetes for nature, _, entetes in natures if nature == "/TD"]
    assert len(cellules) == 79 * 6, "a condition and five boxes for each"
    assert set(cellules) == {2}, "each box knows its answer and its indicator"
    assert sum(nature == "/Caption" for nature, *_ in natures) == 6 * 3
    assert "×" not in lu


def test_les_reponses_deja_donnees(etat, rempli):
    """A cross in its box; what is to be confirmed again is not ticked; texts are printed as they are."""
    demandees = len(etat.champs[0].concernes)
    lu = "".join(feuilles(rempli))
    assert lu.count("×") == 3
    for attendu in (
        f"Commentaire : {HOSTILES[0]}",
        f"Raison du « sans objet » : Aucune instance. Commentaire : {HOSTILES[1]}",
        "Commentaire : Ligne une. Ligne deux.",
    ):
        assert sans_blancs(attendu) in sans_blancs(lu)
    assert lu.count("Raison ou commentaire :") == demandees - 3 > 0


def test_la_case_cochee_est_la_bonne(etat):
    attendues = {"PIL-1-1": 0, "PIL-1-2": 3, "PIL-1-4": 4}
    for ligne in (ligne for champ in etat.champs for ligne in champ.concernes):
        cochees = [rang for rang, cochee in enumerate(cases(etat, ligne.indicateur.code)) if cochee]
        assert cochees == ([attendues[ligne.indicateur.code]] if ligne.indicateur.code in attendues else [])


def cases(etat: EtatDiagnostic, code: str) -> list[bool]:
    contexte = contexte_formulaire(etat, origine_de(etat.diagnostic), rempli=True)
    lignes = (ligne for champ in contexte["champs"] for _, lignes in champ["paliers"] for ligne in lignes)
    return next(ligne["cases"] for ligne in lignes if ligne["indicateur"].code == code)


def test_le_vierge_ne_dit_rien_des_reponses(vierge):
    lu = "".join(feuilles(vierge))
    assert "Commentaire :" not in lu
    assert "Aucune instance" not in lu


def test_le_fichier_porte_son_titre(etat, vierge):
    annee = etat.diagnostic.campagne.annee_scolaire
    with pikepdf.open(io.BytesIO(vierge)) as pdf:
        assert str(pdf.docinfo["/Title"]) == f"Formulaire du diagnostic {annee} · École <i>A</i> & B (0980002V)"


def test_par_la_page(client, dossier, sans_mise_en_page):
    """Blank, or with the answers: what it lays out is what is laid out here."""
    client.force_login(dossier.monde.lectrice)
    adresse = reverse("papier_pdf", args=[dossier.monde.college.uai, dossier.annee])
    reponse, rempli = client.get(adresse), client.get(f"{adresse}?rempli=1")
    assert reponse["Content-Type"] == "application/pdf"
    assert reponse["Content-Disposition"] == f'attachment; filename="formulaire-0980001U-{dossier.annee}.pdf"'
    etat = lire(dossier.brouillon)
    assert reponse.content == rendre_formulaire_pdf(etat, rempli=False) != rempli.content
    assert rempli.content == rendre_formulaire_pdf(etat, rempli=True)
