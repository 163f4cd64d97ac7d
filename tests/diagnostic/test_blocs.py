"""The blocks of a champ's page that are made once: the same as if they were not, and nobody's words in them."""

from dataclasses import replace
from urllib.parse import urljoin, urlsplit

import pytest
from django.template.loader import render_to_string
from django.urls import resolve, reverse
from lxml import html

from diagnostic.domain.cotation import Valeur
from diagnostic.domain.reponses import Saisie, commencer_diagnostic, enregistrer_reponse
from diagnostic.interfaces.page_champ import PageChamp
from diagnostic.queries.etat import etat_du_diagnostic
from diagnostic.templatetags.diagnostic import _bloc_sans_texte, bloc_indicateur


def lignes(diagnostic):
    etat = etat_du_diagnostic(diagnostic)
    page = PageChamp(etat, etat.champ("PIL"))
    return {ligne.code: ligne for _, siennes in page.paliers for ligne in siennes}


@pytest.mark.parametrize("empechement", [None, "Ce diagnostic est signé."])
def test_un_bloc_garde_est_celui_que_le_gabarit_ferait(brouillon, tout_repondre, empechement):
    tout_repondre(brouillon, sauf={"PIL-1-2": Valeur.non})
    for ligne in lignes(brouillon).values():
        fait = render_to_string("diagnostic/_indicateur.html", {"ligne": ligne, "empechement": empechement})
        assert [bloc_indicateur(ligne, empechement) for _ in range(2)] == [fait, fait]


def test_les_mots_d_une_ecole_ne_vont_pas_chez_une_autre(monde, campagne, brouillon, maintenant):
    voisin = commencer_diagnostic(
        etablissement=monde.voisin_college, campagne=campagne, auteur=monde.voisin, maintenant=maintenant
    )
    for diagnostic, commentaire in ((brouillon, "Notre secret"), (voisin, "")):
        enregistrer_reponse(
            diagnostic=diagnostic,
            saisie=Saisie("PIL-1-1", "oui", "", commentaire, 0),
            auteur=monde.chef,
            maintenant=maintenant,
        )
    blocs = [bloc_indicateur(lignes(diagnostic)["PIL-1-1"], None) for diagnostic in (brouillon, voisin)]
    assert ["Notre secret" in bloc for bloc in blocs] == [True, False]
    assert [lignes(diagnostic)["PIL-1-1"].sans_texte for diagnostic in (brouillon, voisin)] == [False, True]


def test_un_texte_a_la_place_de_la_version_n_est_pas_garde(brouillon):
    ligne = replace(lignes(brouillon)["PIL-1-1"], version="1" + " " * 1_000_000)
    avant = _bloc_sans_texte.cache_info().currsize
    assert 'name="PIL-1-1-version" value="1   ' in bloc_indicateur(ligne, None)
    assert _bloc_sans_texte.cache_info().currsize == avant


def test_ses_adresses_menent_a_l_ecole_de_la_page(monde, brouillon):
    """They are relative: written once for every school, they must resolve under the page's own address."""
    annee = brouillon.campagne.annee_scolaire
    page = reverse("diagnostic_champ", args=[monde.college.uai, annee, "PIL"])
    bloc = html.fromstring(bloc_indicateur(lignes(brouillon)["PIL-1-1"], None))
    (adresse,) = bloc.xpath("//@data-adresse")
    (preuves,) = bloc.xpath("//p[@class='preuves']/a/@href")
    trouvees = [resolve(urlsplit(urljoin(page, chemin)).path) for chemin in (adresse, preuves)]
    assert [(t.url_name, t.kwargs) for t in trouvees] == [
        ("diagnostic_reponse", {"uai": monde.college.uai, "annee": annee, "code": "PIL-1-1"}),
        ("diagnostic_preuves", {"uai": monde.college.uai, "annee": annee, "code": "PIL-1-1"}),
    ]
