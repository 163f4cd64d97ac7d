"""What every page owes its readers, checked on its HTML: `defauts(html)` lists what is wrong with it.

A page is a whole document; a fragment (no `<html>`) is held to the same rules but those of a document.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator

from lxml.etree import _Element as Element
from lxml.html import document_fromstring, fragment_fromstring
from tinyhtml5.parser import HTMLParser

# Sentences of Django and allauth that show when a translation or a template of ours is missing.
ANGLAIS = re.compile(
    r"\b(Sign (?:In|Out|Up)|Log ?(?:in|out)|Password|Remember Me|Forgot|This field|Please|Submit|Email address"
    r"|Enter a|Select a|Not Found|Forbidden|Server Error|Bad Request|Currently|Clear|Next|Previous|Are you sure)\b"
)
SANS_ETIQUETTE_VISIBLE = {"hidden", "submit", "button", "reset", "image"}
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-errormessage", "form")
SANS_TRACE = "/enquete/"  # no cookie goes there, hence no token to hold against it
CHARGEURS = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src", "use": "href"}

# What is said: by attributes, but the type of a field, which tells where it may stand; by text.
DIT = re.compile(r'(?<!type=")(?<==")[^"]+(?=")'), re.compile(r"(?<=>)[^<]+(?=<)")
AUTOUR_DU_COEUR = re.compile("(?=<main[ >])|(?<=</main>)")
VALIDES: set[tuple] = set()
HORS_DES_MOTS = re.compile(r"&[\w#]*;?|[^\t\n\r -~\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd]")

Regle = Callable[["Page"], Iterator[str]]
REGLES: list[Regle] = []


def regle(fonction: Regle) -> Regle:
    REGLES.append(fonction)
    return fonction


class Page:
    def __init__(self, html: str) -> None:
        self.html = html
        self.entiere = "<html" in html[:2000].lower()
        self.racine = document_fromstring(html) if self.entiere else fragment_fromstring(html, create_parent=True)
        self.elements = [e for e in self.racine.iter() if isinstance(e.tag, str)]
        self.ids = Counter(e.get("id") for e in self.elements if e.get("id") is not None)
        self.par_id = {e.get("id"): e for e in self.elements}

    def tous(self, *noms: str) -> list[Element]:
        return [e for e in self.elements if nom(e) in noms]

    def nom_accessible(self, element: Element) -> str:
        """Enough of the « accessible name » algorithm: references, aria-label, content, title."""
        cites = [self.par_id.get(ref) for ref in (element.get("aria-labelledby") or "").split()]
        return (
            " ".join(texte(cite) for cite in cites if cite is not None).strip()
            or (element.get("aria-label") or "").strip()
            or texte(element)
            or (element.get("title") or "").strip()
        )


def nom(element: Element) -> str:
    return element.tag


def texte(element: Element) -> str:
    """What is read of an element: its text and the alternatives of its pictures."""
    if element.get("aria-hidden") == "true" or nom(element) in ("script", "style", "template"):
        return ""
    morceaux = [element.text or "", element.get("alt") or "", element.get("aria-label") or ""]
    for enfant in element:
        if isinstance(enfant.tag, str):
            morceaux.append(texte(enfant))
        morceaux.append(enfant.tail or "")
    return " ".join(" ".join(morceaux).split())


def montrer(element: Element) -> str:
    attributs = "".join(f' {cle}="{valeur}"' for cle, valeur in list(element.attrib.items())[:4])
    return f"<{nom(element)}{attributs}>"


def defauts(html: str) -> list[str]:
    page = Page(html)
    return [f"{fonction.__name__}: {defaut}" for fonction in REGLES for defaut in fonction(page)]


# --- The document -------------------------------------------------------------------------------------
@regle
def html_valide(page: Page) -> Iterator[str]:
    """As browsers read it. That parser takes ten times longer than all the rest: a page is valid when its frame and its
    main part have both been seen in valid pages, but for their words.
    """
    morceaux = AUTOUR_DU_COEUR.split(squelette(page.html), maxsplit=2)  # a fragment is one piece
    parties = {(page.entiere, *morceaux[::2]), tuple(morceaux[1::2])}
    if parties <= VALIDES:
        return
    fautes = erreurs(page.html, page.entiere)
    if not fautes:
        VALIDES.update(parties)
    for (ligne, colonne), code, details in fautes:
        yield f"line {ligne}, column {colonne}: {code} {details or ''}"


def erreurs(html: str, entiere: bool) -> list[tuple]:
    analyseur = HTMLParser(namespace_html_elements=False)
    analyseur.parse(html) if entiere else analyseur.parse_fragment(html)
    return analyseur.errors


def squelette(html: str) -> str:
    """Elements and attributes, and of what they say the references and the characters that may not stand there."""
    for dit in DIT:
        html = dit.sub(lambda mots: " " if mots[0].isspace() else "x" + "".join(HORS_DES_MOTS.findall(mots[0])), html)
    return html


@regle
def gabarit_rendu(page: Page) -> Iterator[str]:
    for trouve in re.findall(r"\{\{.{0,40}|\{%.{0,40}|\{#.{0,40}|%\}|\}\}", page.html):
        yield f"template syntax left in the page: {trouve}"


@regle
def document(page: Page) -> Iterator[str]:
    if not page.entiere:
        return
    if page.racine.get("lang") != "fr":
        yield "<html> without lang=fr"
    titres = [e for e in page.tous("title") if nom(e.getparent()) == "head"]
    if len(titres) != 1 or not texte(titres[0]):
        yield f"{len(titres)} <title>, or an empty one"
    if len(page.tous("main")) != 1:
        yield f"{len(page.tous('main'))} <main>"
    liens = page.tous("a")
    cible = page.par_id.get((liens[0].get("href") or "")[1:]) if liens else None
    if cible is None or not {nom(cible), *map(nom, cible.iterancestors())} & {"main"}:
        yield "the first link does not lead to <main>"


@regle
def titres(page: Page) -> Iterator[str]:
    niveaux = [(int(nom(e)[1]), texte(e)) for e in page.tous("h1", "h2", "h3", "h4", "h5", "h6")]
    if page.entiere and [niveau for niveau, _ in niveaux].count(1) != 1:
        yield f"{[niveau for niveau, _ in niveaux].count(1)} <h1>"
    precedent = 0 if page.entiere else 6
    for niveau, intitule in niveaux:
        if niveau > precedent + 1:
            yield f"h{niveau} « {intitule} » follows h{precedent}"
        if not intitule:
            yield f"empty h{niveau}"
        precedent = niveau


@regle
def identifiants(page: Page) -> Iterator[str]:
    for identifiant, fois in page.ids.items():
        if fois > 1 or not identifiant.strip():
            yield f"id « {identifiant} » {fois} times"


@regle
def references(page: Page) -> Iterator[str]:
    if not page.entiere:
        return
    for element in page.elements:
        for attribut in REFERENCES:
            for ref in (element.get(attribut) or "").split():
                if ref not in page.ids:
                    yield f"{montrer(element)} points to « {ref} », which does not exist"


@regle
def en_francais(page: Page) -> Iterator[str]:
    visibles = [texte(page.racine)]
    visibles += [e.get(a) or "" for e in page.elements for a in ("placeholder", "title", "value")]
    for trouve in ANGLAIS.findall(" | ".join(visibles)):
        yield f"English left: {trouve}"
    if re.search(r"\bNone\b", visibles[0]):
        yield "« None » is shown"


# --- Content security ---------------------------------------------------------------------------------
@regle
def rien_en_ligne(page: Page) -> Iterator[str]:
    for element in page.elements:
        if nom(element) == "script" and (element.text or "").strip() and element.get("type") != "application/json":
            yield "inline script"
        if nom(element) == "style":
            yield "inline style sheet"
        for attribut, valeur in element.attrib.items():
            if attribut == "style" or attribut.startswith("on") or valeur.strip().lower().startswith("javascript:"):
                yield f"{montrer(element)} carries {attribut}"


@regle
def rien_d_un_tiers(page: Page) -> Iterator[str]:
    for element in page.tous(*CHARGEURS):
        adresse = element.get(CHARGEURS[nom(element)]) or ""
        if re.match(r"(https?:)?//", adresse):
            yield f"{montrer(element)} loads from elsewhere"


@regle
def formulaires_proteges(page: Page) -> Iterator[str]:
    for formulaire in page.tous("form"):
        jetons = [e for e in formulaire.iter() if e.get("name") == "csrfmiddlewaretoken"]
        attendus = 0 if (formulaire.get("action") or "").startswith(SANS_TRACE) else 1
        if (formulaire.get("method") or "get").lower() == "post" and len(jetons) != attendus:
            yield f"{montrer(formulaire)} has {len(jetons)} CSRF tokens"


# --- Links, pictures ----------------------------------------------------------------------------------
@regle
def liens(page: Page) -> Iterator[str]:
    for lien in page.tous("a"):
        adresse = lien.get("href")
        if adresse is not None and adresse.strip() in ("", "#"):
            yield f"{montrer(lien)} leads nowhere"
        if adresse and adresse.startswith("#") and adresse != "#" and adresse[1:] not in page.ids and page.entiere:
            yield f"{montrer(lien)}: no such anchor"
        if lien.get("target") == "_blank" and "noopener" not in (lien.get("rel") or ""):
            yield f"{montrer(lien)} opens a window without rel=noopener"
        if adresse is not None and not page.nom_accessible(lien):
            yield f"{montrer(lien)} has no name"


@regle
def images(page: Page) -> Iterator[str]:
    for image in page.tous("img"):
        if image.get("alt") is None:
            yield f"{montrer(image)} without alt"
    for dessin in page.tous("svg"):
        masque = any(e.get("aria-hidden") == "true" for e in (dessin, *dessin.iterancestors()))
        titre = any(nom(enfant) == "title" and texte(enfant) for enfant in dessin if isinstance(enfant.tag, str))
        if not masque and not titre and not dessin.get("aria-label") and not dessin.get("aria-labelledby"):
            yield f"{montrer(dessin)} without title, aria-label or aria-hidden"
    for cadre in page.tous("iframe"):
        if not cadre.get("title"):
            yield f"{montrer(cadre)} without title"


# --- Forms and tables ---------------------------------------------------------------------------------
@regle
def champs_etiquetes(page: Page) -> Iterator[str]:
    etiquettes = {e.get("for"): texte(e) for e in page.tous("label")}
    for champ in page.tous("input", "select", "textarea"):
        if nom(champ) == "input" and (champ.get("type") or "text") in SANS_ETIQUETTE_VISIBLE:
            continue
        englobante = any(nom(a) == "label" and texte(a) for a in champ.iterancestors())
        nomme = champ.get("aria-label") or champ.get("title") or champ.get("aria-labelledby")
        if not (englobante or etiquettes.get(champ.get("id", "")) or nomme):
            yield f"{montrer(champ)} without a label"


@regle
def choix_groupes(page: Page) -> Iterator[str]:
    """Radio buttons that go together are announced with their question."""
    noms = Counter(e.get("name") for e in page.tous("input") if e.get("type") == "radio")
    for bouton in page.tous("input"):
        if bouton.get("type") == "radio" and noms[bouton.get("name")] > 1 and not dans_un_groupe(page, bouton):
            yield f"{montrer(bouton)} outside a fieldset with a legend or a named group"


def dans_un_groupe(page: Page, bouton: Element) -> bool:
    for ancetre in bouton.iterancestors():
        if nom(ancetre) == "fieldset" and any(nom(e) == "legend" and texte(e) for e in ancetre):
            return True
        if ancetre.get("role") in ("group", "radiogroup") and (
            ancetre.get("aria-label") or ancetre.get("aria-labelledby")
        ):
            return True
    return False


@regle
def boutons(page: Page) -> Iterator[str]:
    for bouton in page.tous("button"):
        if bouton.get("type") not in ("submit", "button", "reset"):
            yield f"{montrer(bouton)} without a type"
        if not page.nom_accessible(bouton):
            yield f"{montrer(bouton)} has no name"
    for bouton in page.tous("input"):
        if bouton.get("type") in ("submit", "button", "reset") and not (bouton.get("value") or "").strip():
            yield f"{montrer(bouton)} has no name"


@regle
def tableaux(page: Page) -> Iterator[str]:
    for tableau in page.tous("table"):
        if not any(nom(e) == "caption" and texte(e) for e in tableau):
            yield f"{montrer(tableau)} without caption"
        if not any(nom(e) == "th" for e in tableau.iter() if isinstance(e.tag, str)):
            yield f"{montrer(tableau)} without header cell"
    for entete in page.tous("th"):
        if entete.get("scope") not in ("col", "row", "colgroup", "rowgroup"):
            yield f"{montrer(entete)} « {texte(entete)} » without scope"
