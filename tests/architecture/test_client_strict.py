"""The harness itself: each rule fails on a page that breaks it. A check that cannot fail is a defect."""

import _pytest.outcomes
import pytest
from zeal import NPlusOneError

from tests.architecture.vues_fautives import PAGE
from tests.pages import REGLES, defauts

BONS_CONTENUS = [
    '<h2>Deux</h2><h3>Trois</h3><h2>Deux bis</h2><img src="/static/a.png" alt="">',
    '<label for="nom">Nom</label><input id="nom" name="nom">',
    "<label>Nom <input name='nom'></label><input type='hidden' name='x' value='y'>",
    '<input name="q" aria-label="Chercher"><button type="submit">Chercher</button>',
    "<table><caption>Paliers</caption><tr><th scope='col'>Champ</th></tr><tr><td>Pilotage</td></tr></table>",
    '<svg aria-hidden="true"><path d="M0"/></svg><svg role="img"><title>Profil</title></svg>',
    "<form method='post' action='/'><input type='hidden' name='csrfmiddlewaretoken' value='x'></form>",
    "<fieldset><legend>Réponse</legend><label><input type='radio' name='r'> Oui</label>"
    "<label><input type='radio' name='r'> Non</label></fieldset>",
    '<script type="application/json" id="donnees">{"a": 1}</script><script src="/static/a.js"></script>',
    '<a href="https://exemple.invalid" target="_blank" rel="noopener">Ailleurs</a>',
]
# rule → contents that break it, inside <main> of a page that is otherwise right
FAUTES = {
    "html_valide": ["<p><div>bloc</div></p>", "<b>jamais <i>refermés</b></i>", '<p class="a" class="b">x</p>'],
    "gabarit_rendu": ["<p>{{ nom }}</p>", "<p>{% if x %}</p>", "<p>{# note #}</p>"],
    "titres": ["<h1>Un autre</h1>", "<h3>Trop bas</h3>", "<h2></h2>"],
    "identifiants": ["<p id='a'>1</p><p id='a'>2</p>", "<p id='contenu'>2</p>", "<p id=''>2</p>"],
    "references": ["<p aria-describedby='absent'>1</p>", "<label for='absent'>1</label>"],
    "en_francais": ["<p>Sign In</p>", "<p>Password:</p>", "<p>This field is required.</p>", "<p>None</p>"],
    "rien_en_ligne": [
        "<script>alert(1)</script>",
        "<style>p { color: red }</style>",
        "<p style='color: red'>x</p>",
        "<p onclick='x()'>x</p>",
        "<a href='javascript:x()'>x</a>",
        "<svg aria-hidden='true'><style>path { fill: red }</style></svg>",
    ],
    "rien_d_un_tiers": [
        "<img src='https://exemple.invalid/a.png' alt=''>",
        "<script src='//exemple.invalid/a.js'></script>",
    ],
    "formulaires_proteges": [
        "<form method='post'></form>",
        "<form method='post' action='/enquete/'><input type='hidden' name='csrfmiddlewaretoken' value='x'></form>",
    ],
    "liens": [
        "<a href='#'>Haut</a>",
        "<a href=''>Ici</a>",
        "<a href='#absent'>Plus bas</a>",
        "<a href='/a' target='_blank'>Ailleurs</a>",
        "<a href='/a'></a>",
        "<a href='/a'><svg aria-hidden='true'></svg></a>",
    ],
    "images": ["<img src='/static/a.png'>", "<svg><path d='M0'/></svg>", "<iframe src='/a'></iframe>"],
    "champs_etiquetes": [
        "<input name='a'>",
        "<label for='a'></label><input id='a' name='a'>",
        "<select name='a'></select>",
        "<textarea name='a'></textarea>",
        "<label><input name='a'></label>",
    ],
    "choix_groupes": [
        "<label><input type='radio' name='r'> Oui</label><label><input type='radio' name='r'> Non</label>"
    ],
    "boutons": ["<button>Aller</button>", "<button type='button'></button>", "<input type='submit' value=''>"],
    "tableaux": [
        "<table><tr><th scope='col'>Champ</th></tr></table>",
        "<table><caption>Paliers</caption><tr><th>Champ</th></tr></table>",
        "<table><caption>Paliers</caption><tr><td>Champ</td></tr></table>",
    ],
}
DOCUMENTS_FAUTIFS = [
    PAGE.replace(' lang="fr"', ""),
    PAGE.replace('lang="fr"', 'lang="en"'),
    PAGE.replace("<title>Essai</title>", ""),
    PAGE.replace("<title>Essai</title>", "<title></title>"),
    PAGE.replace("<title>", "<title>Un</title><title>"),
    PAGE.replace("main", "div"),
    PAGE.replace('<a href="#contenu">Aller au contenu</a>', '<a href="/">Accueil</a>'),
]


@pytest.mark.parametrize("contenu", BONS_CONTENUS)
def test_une_page_juste_n_a_aucun_defaut(contenu):
    assert defauts(PAGE.replace("{}", contenu)) == []


@pytest.mark.parametrize(
    ("regle", "contenu"), [(regle, contenu) for regle, contenus in FAUTES.items() for contenu in contenus]
)
def test_chaque_faute_est_vue_par_sa_regle(regle, contenu):
    assert {defaut.partition(":")[0] for defaut in defauts(PAGE.replace("{}", contenu))} >= {regle}


@pytest.mark.parametrize("html", DOCUMENTS_FAUTIFS)
def test_un_document_fautif_est_refuse(html):
    assert {defaut.partition(":")[0] for defaut in defauts(html.replace("{}", ""))} >= {"document"}


def test_chaque_regle_a_sa_faute():
    assert {fonction.__name__ for fonction in REGLES} == {*FAUTES, "document"}


def test_un_fragment_n_a_pas_a_etre_un_document_mais_suit_les_autres_regles():
    assert defauts('<p id="etat">Enregistré</p>') == []
    assert defauts("<button>Aller</button>") == ["boutons: <button> without a type"]


@pytest.mark.urls("tests.architecture.vues_fautives")
@pytest.mark.parametrize(
    ("vue", "message"),
    [
        ("ecrit", "A reading request writes"),
        ("ecrit_en_silence", "GET /fautes/ecrit_en_silence/ writes"),
        ("verrouille", "A reading request writes"),
        ("bavarde", "13 queries"),
        ("sans_entete", "X-Content-Type-Options"),
        ("politique_ouverte", "Content-Security-Policy"),
        ("fautive", "<button> without a type"),
    ],
)
def test_le_client_refuse(client, monde, vue, message):
    with pytest.raises(AssertionError, match=message):
        client.get(f"/fautes/{vue}/")


@pytest.mark.urls("tests.architecture.vues_fautives")
def test_le_client_refuse_une_requete_par_ligne(client, monde):
    with pytest.raises(NPlusOneError, match=r"Affectation\.utilisateur"):
        client.get("/fautes/ligne_a_ligne/")


@pytest.mark.urls("tests.architecture.vues_fautives")
def test_le_client_refuse_une_variable_de_gabarit_absente(client):
    with pytest.raises(_pytest.outcomes.Failed, match=r"Undefined template variable 'rien\.du\.tout'"):
        client.get("/fautes/variable_absente/")


@pytest.mark.urls("tests.architecture.vues_fautives")
def test_le_client_laisse_passer_ce_qui_est_juste(client, monde):
    assert client.get("/fautes/bonne/").requetes == []
    assert len(client.get("/fautes/compte/").requetes) == 1
    assert client.get("/fautes/en_flux/").getvalue() == b"a;b\n"
