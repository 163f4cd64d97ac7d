"""The form on paper: everything that is asked, room to write, and a foot that recognises a lost sheet."""

import io
import logging

import page
import pikepdf
import pytest
from django.urls import reverse

from diagnostic.domain.reponses import Saisie, enregistrer_champ
from diagnostic.interfaces.papier import contexte_formulaire, origine_de, rendre_formulaire_pdf
from diagnostic.models import Diagnostic, Reponse
from diagnostic.queries.etat import EtatDiagnostic, etat_du_diagnostic
from strategie.socle.models import Etablissement
from tests.diagnostic.test_pdf import HOSTILES, elements, feuilles, sans_blancs

ECARTES = ["PIL-2-3", "PED-1-2", "INF-2-3"]  # they speak of collèges and lycées


def lire(brouillon: Diagnostic) -> EtatDiagnostic:
    return etat_du_diagnostic(
        Diagnostic.objects.select_related("etablissement__academie", "campagne", "referentiel").get(pk=brouillon.pk)
    )


@pytest.fixture
def etat(monde, brouillon, maintenant) -> EtatDiagnostic:
    """An école that has answered four indicators, one of them last year only."""
    dites = [
        Saisie("PIL-1-1", "oui", "", HOSTILES[0], 0),
        Saisie("PIL-1-2", "sans_objet", "Aucune instance.", HOSTILES[1], 0),
        Saisie("FOR-1-1", "ne_sait_pas", "", "Ligne une.\nLigne deux.", 0),
        Saisie("RES-1-1", "non", "", "", 0),
    ]
    enregistrer_champ(diagnostic=brouillon, saisies=dites, auteur=monde.chef, maintenant=maintenant)
    Reponse.objects.filter(indicateur__code="RES-1-1").update(a_reconfirmer=True)
    Etablissement.objects.filter(pk=monde.college.pk).update(type=Etablissement.Type.ECOLE, nom="École <i>A</i> & B")
    return lire(brouillon)


@pytest.fixture(scope="module")
def deja_rendus() -> dict[bool, bytes]:
    """Laying out takes seconds, and the same answers give the same bytes: once for all these tests."""
    return {}


@pytest.fixture
def vierge(etat, deja_rendus) -> bytes:
    return rendre(etat, deja_rendus, rempli=False)


@pytest.fixture
def rempli(etat, deja_rendus) -> bytes:
    return rendre(etat, deja_rendus, rempli=True)


def rendre(etat: EtatDiagnostic, deja_rendus: dict[bool, bytes], *, rempli: bool) -> bytes:
    if rempli not in deja_rendus:
        deja_rendus[rempli] = rendre_formulaire_pdf(etat, rempli=rempli)
    return deja_rendus[rempli]


def test_conforme_a_pdf_ua(vierge, rempli):
    for pdf in (vierge, rempli):
        rapport = page.validate_pdf_bytes(pdf, profile="ua1")
        assert [(constat.rule_id, constat.message) for constat in rapport.failures] == []
        assert rapport.rules.total > 100


def test_chaque_feuille_se_reconnait(etat, vierge):
    """A sheet found alone says which form it is of, and where it goes in it."""
    annee = etat.diagnostic.campagne.annee_scolaire
    pied = f"Formulaire Paliers 1 · École <i>A</i> & B · 0980001U · {annee} · référentiel paliers, version 1"
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
    lu = "".join(feuilles(rempli))
    assert lu.count("×") == 3
    for attendu in (
        f"Commentaire : {HOSTILES[0]}",
        f"Raison du « sans objet » : Aucune instance. Commentaire : {HOSTILES[1]}",
        "Commentaire : Ligne une. Ligne deux.",
    ):
        assert sans_blancs(attendu) in sans_blancs(lu)
    assert lu.count("Raison ou commentaire :") == 79 - 3


def test_la_case_cochee_est_la_bonne(etat, rempli):
    """In the structure, the cross stands in the cell of its answer."""
    attendues = {"PIL-1-1": 0, "PIL-1-2": 3, "FOR-1-1": 4}
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


def test_par_la_page(client, monde, brouillon, vierge, rempli, caplog):
    """The same bytes as those of the other tests, and not a warning on the way."""
    client.force_login(monde.lectrice)
    annee = brouillon.campagne.annee_scolaire
    adresse = reverse("papier_pdf", args=[monde.college.uai, annee])
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        reponse = client.get(adresse)
    assert [trace.getMessage() for trace in caplog.records] == []
    assert reponse["Content-Type"] == "application/pdf"
    assert reponse["Content-Disposition"] == f'attachment; filename="formulaire-0980001U-{annee}.pdf"'
    assert (reponse.content, client.get(f"{adresse}?rempli=1").content) == (vierge, rempli)
    with pikepdf.open(io.BytesIO(vierge)) as pdf:
        assert str(pdf.docinfo["/Title"]) == f"Formulaire du diagnostic {annee} · École <i>A</i> & B (0980001U)"
