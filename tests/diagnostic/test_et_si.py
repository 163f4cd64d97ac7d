"""What if: the rule redone with ticked conditions. Nothing is written, and it says what answering would say.

PIL at palier 2 has five conditions for a collège: 2-1, 2-2 (indispensable), 2-3, 2-4 (indispensable), 2-5. Everything
else is « oui ». With 2-1 « oui », 2-2 « en partie », 2-3 « non », 2-4 « oui », 2-5 « sans réponse »: one of five is
unknown (20 %), the score is (1 + 1/2 + 0 + 1)/4 = 62,5 → 63 %, and palier 2 is not reached: three conditions are
missing, 2-2 first. With 2-2: 3/4 = 75 %, not yet. With 2-2 and 2-3: 4/4, and palier 3 being all « oui », palier 3.
"""

from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from diagnostic.domain.cotation import Valeur
from diagnostic.models import Diagnostic, Reponse
from diagnostic.queries.et_si import contenu_actuel, supposer
from diagnostic.queries.etat import etat_du_diagnostic
from tests.dossier import signer

SAUF = {"PIL-2-2": Valeur.en_partie, "PIL-2-3": Valeur.non, "PIL-2-5": Valeur.ne_sait_pas}


@pytest.fixture
def commence(brouillon, tout_repondre) -> Diagnostic:
    tout_repondre(brouillon, SAUF)
    return brouillon


def pil(diagnostic: Diagnostic, *oui: str):
    return supposer(contenu_actuel(diagnostic, timezone.now()), oui).champs[0]


def lire(reponse) -> str:
    return unescape(reponse.content.decode()).replace("\u00a0", " ")


def test_les_conditions_qui_manquent_refaites_a_la_main(commence):
    champ = pil(commence)
    assert [(c.code, c.bloquant, c.reponse) for c in champ.conditions] == [
        ("PIL-2-2", True, "En partie"),
        ("PIL-2-3", False, "Non"),
        ("PIL-2-5", False, "Ne sait pas"),
    ]
    assert (champ.palier, champ.vise, champ.score, champ.monte) == (1, 2, 63, False)
    assert (pil(commence, "PIL-2-2").palier_suppose, pil(commence, "PIL-2-2").score_suppose) == (1, 75)
    complet = pil(commence, "PIL-2-3", "PIL-2-2")
    assert (complet.palier_suppose, complet.score_suppose, complet.monte) == (3, 100, True)


@pytest.mark.parametrize("oui", [(), ("PIL-2-2",), ("PIL-2-2", "PIL-2-3"), ("PIL-2-3", "PIL-2-5"), tuple(SAUF)])
def test_le_palier_suppose_est_celui_qu_on_aurait_en_repondant(commence, oui):
    suppose = pil(commence, *oui)
    commence.reponses.filter(indicateur__code__in=oui).update(valeur=Valeur.oui)
    resultat = etat_du_diagnostic(commence).champ("PIL").resultat
    assert (suppose.palier_suppose, suppose.non_etabli_suppose) == (resultat.palier, resultat.non_etabli)


def test_la_page_refait_le_calcul_et_n_ecrit_rien(commence, adresse, connectee):
    """The client refuses any write on reading; answers and their versions stay, too."""
    avant = list(Reponse.objects.order_by("pk").values())
    html = lire(connectee.get(adresse("diagnostic_et_si")))
    assert "3 conditions pour le palier 2" in html
    assert "Rien n'est enregistré" in html
    assert "Ce serait" not in html
    reponse = connectee.get(adresse("diagnostic_et_si"), {"oui": ["PIL-2-2", "PIL-2-3"]})
    html = lire(reponse)
    assert "Avec 2 conditions remplies en plus" in html
    assert "1 champ monterait de palier." in html
    ligne = html[html.index('<th scope="row">Pilotage') :]
    assert ligne.index("Palier 1") < ligne.index("Palier 3") < ligne.index("</tr>")
    assert html.count(" checked>") == 2
    assert list(Reponse.objects.order_by("pk").values()) == avant


def test_des_codes_inconnus_sont_ignores_et_dits(commence, adresse, connectee):
    codes = ["PIL-1-1", "XXX", "<b>gras</b>", "PIL-2-3", "x" * 500]
    brut = connectee.get(adresse("diagnostic_et_si"), {"oui": codes}).content.decode()
    html = lire(connectee.get(adresse("diagnostic_et_si"), {"oui": codes}))
    assert "4 codes ne correspondent à aucune condition qui manque ici, et sont ignorés : " in html
    assert "Avec 1 condition remplie en plus" in html
    assert "<b>gras</b>" not in brut
    assert "x" * 21 not in html[: html.index("<h2")]


def test_un_diagnostic_signe_se_lit_dans_sa_copie(commence, monde, adresse, connectee, maintenant):
    signer(commence, monde.chef, maintenant)
    commence.reponses.filter(indicateur__code="PIL-2-2").update(valeur=Valeur.oui)  # not what was signed
    commence.refresh_from_db()
    assert pil(commence).conditions[0].code == "PIL-2-2"
    html = lire(connectee.get(adresse("diagnostic_et_si")))
    assert "tel qu'il a été signé" in html
    assert "3 conditions pour le palier 2" in html


def test_qui_essaie(commence, monde, adresse, client):
    for personne, statut in (
        (monde.lectrice, 200),
        (monde.gestionnaire, 200),
        (monde.animatrice, 403),
        (monde.voisin, 404),
    ):
        client.force_login(personne)
        assert client.get(adresse("diagnostic_et_si")).status_code == statut, personne
    client.force_login(monde.chef)
    html = lire(client.get(adresse("diagnostic_et_si")))
    assert html.count("Retenir comme besoin") == 3
    client.force_login(monde.gestionnaire)
    assert "Retenir comme besoin" not in lire(client.get(adresse("diagnostic_et_si")))


def test_une_condition_se_retient_d_ici_et_l_on_y_revient(commence, monde, adresse, connectee):
    page = adresse("diagnostic_et_si") + "?oui=PIL-2-2"
    html = lire(connectee.get(page))
    assert f'name="retour" value="{page}"' in html
    assert "Condition du palier 2, champ « Pilotage" in html
    envoi = {
        "annee": commence.campagne.annee_scolaire,
        "origine": "indicateur",
        "reference": "PIL-2-2",
        "intitule": "Écrire le plan.",
        "constat": "Condition du palier 2.",
        "effectif": "",
        "retour": page,
    }
    reponse = connectee.post(reverse("besoin_retenir", args=[monde.college.uai]), envoi)
    assert reponse.headers["Location"].startswith(adresse("diagnostic_et_si"))
    html = lire(connectee.get(page))
    assert (html.count("Besoin retenu"), html.count("Retenir comme besoin")) == (1, 2)


def test_le_nombre_de_requetes_ne_depend_pas_de_ce_qui_manque(brouillon, adresse, connectee, tout_repondre):
    tout_repondre(brouillon, {"PIL-2-2": Valeur.non})
    connectee.get(adresse("diagnostic_et_si"))
    avec_une = connectee.get(adresse("diagnostic_et_si")).requetes
    brouillon.reponses.filter(indicateur__code__in=["PIL-2-3", "EQU-1-1", "INF-3-1"]).update(valeur=Valeur.non)
    avec_quatre = connectee.get(adresse("diagnostic_et_si")).requetes
    assert len(avec_quatre) == len(avec_une)
