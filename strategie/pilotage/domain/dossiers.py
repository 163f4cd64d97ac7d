"""The file that goes to the board: made, numbered and frozen; what a school puts into it, kept for the next one."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from diagnostic.domain.contenu import empreinte, json_canonique
from strategie.pilotage.models import Dossier, SectionsChoisies
from strategie.pilotage.queries.contenu_du_dossier import choix_de, contenu_du_dossier, sections_choisies
from strategie.pilotage.rules.dossiers import dans_l_ordre, defauts_du_dossier
from strategie.socle.domain.empechement import SaisieRefusee, refuser
from strategie.socle.domain.fusion import Conflit, fusionner
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur
from strategie.socle.rules import empechement_ecrire

# Of a content and its number: the PDF, and how many pages it has.
RenduPdf = Callable[[dict[str, Any], str], tuple[bytes, int]]


def faire_dossier(
    *,
    etablissement: Etablissement,
    sections: Collection[str],
    annee: str,
    exercice: int,
    auteur: Utilisateur | None,
    maintenant: datetime.datetime,
    rendre_pdf: RenduPdf,
) -> Dossier:
    """What the school is today, for its board. Asked twice in a day while nothing moved, it is the same file. Raises
    Empeche; SaisieRefusee.
    """
    if defauts := defauts_du_dossier(sections=sections, rapport="", exercice=exercice):
        raise SaisieRefusee(defauts)
    jour = maintenant.astimezone(etablissement.academie.zone).date()
    contenu = contenu_du_dossier(etablissement, sections=sections, annee=annee, exercice=exercice, jour=jour)
    return figer_dossier(
        etablissement=etablissement,
        contenu=contenu,
        vote=False,
        auteur=auteur,
        maintenant=maintenant,
        rendre_pdf=rendre_pdf,
    )


def figer_dossier(
    *,
    etablissement: Etablissement,
    contenu: dict[str, Any],
    vote: bool,
    auteur: Utilisateur | None,
    maintenant: datetime.datetime,
    rendre_pdf: RenduPdf,
) -> Dossier:
    """Content and PDF, each with its SHA-256, under the school's next number of the year.

    The PDF carries its number, and takes seconds: it is made before the school is locked, and again in the rare case
    where somebody took the number meanwhile. The same content is frozen once. Raises Empeche.
    """
    refuser(empechement_ecrire(etablissement))
    texte = json_canonique(contenu)
    an = maintenant.astimezone(etablissement.academie.zone).year
    if deja := _deja(etablissement, texte, vote):
        return deja
    numero = prochain_numero(etablissement, an)
    while True:
        pdf, pages = rendre_pdf(contenu, numero)
        with acte("faire_dossier", auteur):
            Etablissement.objects.select_for_update(no_key=True).get(pk=etablissement.pk)
            if deja := _deja(etablissement, texte, vote):
                return deja
            libre = prochain_numero(etablissement, an)
            if libre == numero:
                return Dossier.objects.create(
                    etablissement=etablissement,
                    numero=numero,
                    annee_scolaire=contenu["annee_scolaire"],
                    exercice=contenu["exercice"],
                    vote=vote,
                    contenu=texte,
                    sha256_contenu=empreinte(texte),
                    pdf=pdf,
                    sha256_pdf=empreinte(pdf),
                    pages=pages,
                    fait_par=auteur,
                    fait_le=maintenant,
                )
        numero = libre


def prochain_numero(etablissement: Etablissement, an: int) -> str:
    """« 2026-3 » after « 2026-2 »."""
    siens = Dossier.objects.filter(etablissement=etablissement, numero__startswith=f"{an}-")
    rangs = [int(numero.partition("-")[2]) for numero in siens.values_list("numero", flat=True)]
    return f"{an}-{max(rangs, default=0) + 1}"


def _deja(etablissement: Etablissement, texte: str, vote: bool) -> Dossier | None:
    siens = Dossier.objects.sans_fichier().filter(etablissement=etablissement, vote=vote)
    deja: Dossier | None = siens.filter(sha256_contenu=empreinte(texte)).first()
    return deja


# --- What goes into it ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class SaisieDuDossier:
    sections: frozenset[str]
    rapport: str


def lire_choix(etablissement: Etablissement) -> SaisieDuDossier:
    """Everything and no report, until somebody chose."""
    choix = choix_de(etablissement)
    return SaisieDuDossier(frozenset(sections_choisies(choix)), choix.rapport if choix else "")


def choisir_sections(
    *,
    etablissement: Etablissement,
    base: SaisieDuDossier,
    saisie: SaisieDuDossier,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Mapping[str, Conflit]:
    """`base` is what the form showed; what two people changed alike is given back, and nothing is written. Raises
    Empeche; SaisieRefusee.
    """
    refuser(empechement_ecrire(etablissement))
    if defauts := defauts_du_dossier(sections=saisie.sections, rapport=saisie.rapport, exercice=2000):
        raise SaisieRefusee(defauts)
    with acte("choisir_sections", auteur):
        Etablissement.objects.select_for_update(no_key=True).get(pk=etablissement.pk)
        actuelle = asdict(lire_choix(etablissement))
        fusion = fusionner(asdict(base), asdict(saisie), actuelle)
        if fusion.possible and fusion.valeurs != actuelle:
            choix = choix_de(etablissement) or SectionsChoisies(etablissement=etablissement, version=0)
            choix.sections, choix.rapport = dans_l_ordre(fusion.valeurs["sections"]), fusion.valeurs["rapport"]
            choix.version += 1
            choix.modifiees_par, choix.modifiees_le = auteur, maintenant
            choix.save()
    return fusion.conflits
