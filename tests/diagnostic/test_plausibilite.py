"""Answers that look contradictory: found by one function, said on every page, and in what is signed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from diagnostic.domain.cotation import Valeur
from diagnostic.domain.plausibilite import RegleDePlausibilite, contradictions, cycle
from diagnostic.models import CopieSignee, Reponse
from diagnostic.queries.etat import contradictions_de, etat_du_diagnostic
from strategie.socle.domain.empechement import Empeche
from strategie.socle.models import Etablissement
from tests.diagnostic.test_ecrans import bloc, texte
from tests.dossier import signer

P01 = "Un bilan chiffré du plan suppose un plan d'action : PIL-3-1 dit oui, PIL-2-2 dit qu'il n'y en a pas."
P02 = "Un plan de formation découle de besoins recueillis : relisez FOR-1-1."
BLOQUE = "Des réponses se contredisent\u00a0: corrigez celles qui sont signalées, puis signez."


def regle(code: str = "P1", si: str = "A", alors: str = "B") -> RegleDePlausibilite:
    return RegleDePlausibilite(code, False, "Relisez.", si, frozenset({"oui"}), alors, frozenset({"oui", "en_partie"}))


# --- The rule -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("reponses", "contredit"),
    [
        ({"A": "oui", "B": "non"}, True),
        ({"A": "oui", "B": "sans_objet"}, True),
        ({"A": "oui", "B": "en_partie"}, False),
        ({"A": "en_partie", "B": "non"}, False),
        ({"A": "oui", "B": "ne_sait_pas"}, False),
        ({"A": "oui"}, False),
        ({"B": "non"}, False),
    ],
)
def test_ce_qui_contredit(reponses, contredit):
    dites = {code: Valeur(valeur) for code, valeur in reponses.items()}
    assert contradictions([regle()], dites) == ((regle(),) if contredit else ())


codes = st.sampled_from("ABCD")
valeurs = st.frozensets(st.sampled_from([*Valeur]))
regles = st.lists(
    st.builds(RegleDePlausibilite, st.just("P"), st.booleans(), st.just("."), codes, valeurs, codes, valeurs)
)
reponses = st.dictionaries(codes, st.sampled_from([*Valeur]))


@given(regles, reponses)
def test_ce_qui_est_inconnu_ne_contredit_rien(regles, reponses):
    """Neither no answer nor « ne sait pas » is ever what contradicts the answer given."""
    for trouvee in contradictions(regles, reponses):
        assert trouvee.si in reponses
        assert reponses.get(trouvee.alors, Valeur.ne_sait_pas) != Valeur.ne_sait_pas


@given(regles, reponses, codes)
def test_oublier_une_reponse_n_ajoute_aucune_contradiction(regles, reponses, code):
    reste = {autre: valeur for autre, valeur in reponses.items() if autre != code}
    gardees = [r for r in contradictions(regles, reponses) if code not in r.indicateurs]
    assert list(contradictions(regles, reste)) == gardees


@pytest.mark.parametrize(
    ("suites", "tour"),
    [({"A": ["B"], "B": ["C"]}, []), ({"A": ["B"], "B": ["A"]}, ["A", "B", "A"]), ({"A": ["A"]}, ["A", "A"])],
)
def test_un_tour_en_rond_se_nomme(suites, tour):
    assert cycle(suites) == tour


# --- A diagnostic ---------------------------------------------------------------------------------------------
@pytest.fixture
def contredit(brouillon, tout_repondre):
    """P01 prevents the signature, P02 only warns."""
    tout_repondre(brouillon, sauf={"PIL-2-2": Valeur.non, "FOR-1-1": Valeur.non})
    return brouillon


def phrases(diagnostic) -> list[tuple[str, bool]]:
    return [(r.code, r.bloquante) for r in etat_du_diagnostic(diagnostic).contradictions]


def test_le_diagnostic_dit_ses_contradictions(contredit):
    assert phrases(contredit) == [("P01", True), ("P02", False)]


@pytest.mark.parametrize(
    "changement", [{"valeur": ""}, {"valeur": "ne_sait_pas"}, {"a_reconfirmer": True}, {"valeur": "sans_objet"}]
)
def test_une_reponse_qui_ne_compte_pas_ne_contredit_rien(contredit, changement):
    Reponse.objects.filter(indicateur__code="PIL-2-2").update(**changement)
    assert phrases(contredit) == [("P02", False)]


def test_les_contradictions_d_un_indicateur_sont_celles_du_diagnostic(contredit, django_assert_num_queries):
    toutes = etat_du_diagnostic(contredit).contradictions
    for code in ("PIL-3-1", "PIL-2-2", "FOR-1-1", "FOR-3-1"):
        with django_assert_num_queries(1):
            assert contradictions_de(contredit, code) == [r for r in toutes if code in r.indicateurs]
    with django_assert_num_queries(0):
        assert contradictions_de(contredit, "PIL-1-1") == []


def test_un_indicateur_non_demande_ne_contredit_rien(monde, contredit):
    Etablissement.objects.filter(pk=monde.college.pk).update(type="autre")
    contredit.etablissement.refresh_from_db()
    assert (phrases(contredit), contradictions_de(contredit, "PIL-3-1")) == ([], [])


def test_une_contradiction_bloquante_empeche_de_signer(monde, contredit, maintenant):
    with pytest.raises(Empeche, match="Des réponses se contredisent"):
        signer(contredit, monde.chef, maintenant)
    Reponse.objects.filter(indicateur__code="PIL-2-2").update(valeur="oui")
    copie = json.loads(signer(contredit, monde.chef, maintenant).contenu)
    assert copie["contradictions"] == [
        {"regle": "P02", "bloquante": False, "phrase": P02, "indicateurs": ["FOR-3-1", "FOR-1-1"]}
    ]


# --- Screens ----------------------------------------------------------------------------------------------------
def alertes(page, code: str) -> list[str]:
    return [" ".join(alerte.text_content().split()) for alerte in bloc(page, code).find_class("alerte")]


def test_la_page_les_dit_a_cote_des_reponses_qu_elles_nomment(connectee, contredit, adresse):
    page = connectee.get(adresse("diagnostic_champ", "PIL"))
    attendue = f"à vérifier · P01 {P01} Tant que ces réponses se contredisent, le diagnostic ne peut pas être signé."
    assert (alertes(page, "PIL-3-1"), alertes(page, "PIL-2-2"), alertes(page, "PIL-1-1")) == (
        [attendue],
        [attendue],
        [],
    )
    page = connectee.get(adresse("diagnostic_champ", "FOR"))
    assert bloc(page, "FOR-1-1").xpath(".//strong[@data-bloquante]/@hidden") == [""]


def test_l_enregistrement_dit_celles_de_l_indicateur(connectee, contredit, adresse):
    def enregistrer(code: str, valeur: str, version: int):
        reponse = connectee.post(adresse("diagnostic_reponse", code), {"valeur": valeur, "version": str(version)})
        return reponse.json()["alertes"], len(reponse.requetes)

    p01 = {"regle": "P01", "bloquante": True, "phrase": P01, "indicateurs": ["PIL-3-1", "PIL-2-2"]}
    assert enregistrer("PIL-2-2", "sans_objet", 1) == ([], 5)
    assert enregistrer("PIL-2-2", "non", 2) == ([p01], 5)
    assert enregistrer("PIL-3-1", "non", 1) == ([], 5)
    assert enregistrer("PIL-1-1", "non", 1) == ([], 4)


def test_la_verification_les_liste_et_empeche_de_signer(connectee, contredit, adresse):
    page = connectee.get(adresse("diagnostic_verifier"))
    liste = html.fromstring(page.content).xpath("//section[@aria-labelledby='a-relire']//li")
    assert [" ".join(ligne.text_content().split()) for ligne in liste] == [
        f"P01 {P01} Voir PIL-3-1 et PIL-2-2. À corriger avant de signer.",
        f"P02 {P02} Voir FOR-3-1 et FOR-1-1.",
    ]
    signature = " ".join(bloc(page, "signer").text_content().split())
    assert signature == f"Signer {BLOQUE} {P01}".replace("\u00a0", " ")
    envoi = {"nom": "C", "fonction": "P", "confirme": "on", "version": "1", "lu": "0" * 64}
    refus = connectee.post(adresse("diagnostic_verifier"), envoi)
    assert (refus.status_code, CopieSignee.objects.count()) == (422, 0)
    assert BLOQUE.replace("\u00a0", " ") in texte(refus).replace("\u00a0", " ")


def test_les_resultats_gardent_ce_qui_a_ete_signe(connectee, monde, contredit, adresse, maintenant):
    Reponse.objects.filter(indicateur__code="PIL-2-2").update(valeur="oui")
    signer(contredit, monde.chef, maintenant)
    assert f"Réponses à relire Signées ainsi, elles semblent se contredire. Comment c'est vérifié P02 {P02}" in texte(
        connectee.get(adresse("diagnostic_resultats"))
    )
