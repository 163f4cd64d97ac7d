"""The workbook to fill in, with any spreadsheet: answers kept so far, a list of choices, everything else locked."""

import datetime
import io

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from diagnostic.domain.conditions import non_concerne
from diagnostic.domain.cotation import Valeur
from diagnostic.interfaces.papier import CHOIX, Origine, origine_de
from diagnostic.models import LIBELLES_VALEURS
from diagnostic.queries.etat import EtatDiagnostic, EtatIndicateur

FEUILLE, MODE_D_EMPLOI, FICHE = "Réponses", "Mode d'emploi", "Fiche"
COLONNES = (
    ("Code", 10),
    ("Champ", 20),
    ("Palier", 7),
    ("Indicateur", 58),
    ("Réponse", 16),
    ("Raison (si « Sans objet »)", 28),
    ("Commentaire", 38),
    ("Version", 8),
)
REPONSE, VERSION = 4, 7
ENTETE = 1  # the first row says where the workbook comes from
HAUTEUR_MAX = 400.0  # a spreadsheet's own limit is 409
AIDE_VERSION = "À laisser telle quelle : elle évite d'écraser la réponse d'un collègue donnée depuis ce téléchargement."
CONSIGNES = (
    "Remplissez la feuille « Réponses », puis renvoyez ce classeur sur la page de Paliers qui vous l'a donné.",
    "Réponse : Oui, En partie, Non, Sans objet ou Ne sait pas. Choisissez dans la liste, ou tapez le mot.",
    "VRAI vaut Oui et FAUX vaut Non ; NSP vaut Ne sait pas et S.O. vaut Sans objet.",
    "« Sans objet » demande une raison, dans la colonne d'à côté. Le commentaire est facultatif.",
    "Une case vide ne change rien à ce qui est enregistré : une réponse ou un commentaire s'efface à l'écran.",
    "Les lignes grisées ne concernent pas l'établissement : n'y répondez pas.",
    "Laissez la colonne « Version » telle quelle : elle évite d'écraser la réponse donnée depuis par un collègue.",
    "La protection s'enlève sans mot de passe : colonnes et lignes se déplacent. Enregistrez en .xlsx, .ods ou .csv.",
    "À l'envoi, tout est vérifié d'abord : à la moindre erreur, rien n'est enregistré, et chaque erreur est montrée.",
    "Ne notez ni nom d'élève, ni donnée de santé.",
)
# A fixed date, so that the same answers always give the same bytes.
CREE_LE = datetime.datetime(2000, 1, 1)  # noqa: DTZ001 (the format knows no time zone)


def ecrire_classeur(etat: EtatDiagnostic) -> bytes:
    """The XLSX. Texts are written as texts: nothing typed by anyone is ever a formula."""
    origine = origine_de(etat.diagnostic)
    sortie = io.BytesIO()
    with xlsxwriter.Workbook(
        sortie, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as classeur:
        classeur.set_properties(
            {
                "title": f"Réponses au diagnostic {origine.annee}",
                "subject": origine.reference,
                "author": "Paliers",
                "created": CREE_LE,
            }
        )
        _ecrire_reponses(classeur, etat, origine)
        _ecrire_mode_d_emploi(classeur)
        _ecrire_fiche(classeur, etat, origine)
    return sortie.getvalue()


class _Styles:
    """The few looks of a cell; a cell is locked unless it says otherwise."""

    def __init__(self, classeur: Workbook) -> None:
        trait = {"valign": "top", "text_wrap": True, "border": 1, "border_color": "#c9c5ba"}
        self.titre = classeur.add_format({"bold": True})
        self.entete = classeur.add_format(trait | {"bold": True, "bg_color": "#e4efed", "valign": "vcenter"})
        self.fixe = classeur.add_format(trait)
        self.discret = classeur.add_format(trait | {"font_color": "#6b7680"})
        # « @ »: what is typed stays a text, be it « =… » or « 1/2 ».
        self.a_remplir = classeur.add_format(trait | {"locked": False, "num_format": "@", "bg_color": "#fffdf5"})
        self.ecarte = classeur.add_format(trait | {"font_color": "#4a5968", "bg_color": "#e6e6e6", "italic": True})
        self.texte = classeur.add_format({"text_wrap": True, "valign": "top"})


def _ecrire_reponses(classeur: Workbook, etat: EtatDiagnostic, origine: Origine) -> None:
    feuille, styles = classeur.add_worksheet(FEUILLE), _Styles(classeur)
    feuille.write_string(0, 0, origine.reference, styles.titre)
    for colonne, (intitule, largeur) in enumerate(COLONNES):
        feuille.set_column(colonne, colonne, largeur)
        feuille.write_string(ENTETE, colonne, intitule, styles.entete)
    feuille.write_comment(ENTETE, VERSION, AIDE_VERSION, {"author": "Paliers", "x_scale": 2})
    feuille.set_row(ENTETE, 32)
    lignes = [(champ.champ.libelle, indicateur) for champ in etat.champs for indicateur in champ.indicateurs]
    for rang, (champ, indicateur) in enumerate(lignes, start=ENTETE + 1):
        _ecrire_ligne(feuille, rang, champ, indicateur, styles)
    _mettre_en_page(feuille, origine, derniere=ENTETE + len(lignes))


def _ecrire_ligne(feuille: Worksheet, rang: int, champ: str, etat: EtatIndicateur, styles: _Styles) -> None:
    indicateur = etat.indicateur
    fixe = styles.fixe if etat.concerne else styles.ecarte
    feuille.write_string(rang, 0, indicateur.code, fixe)
    feuille.write_string(rang, 1, champ, fixe)
    feuille.write_number(rang, 2, indicateur.palier, fixe)
    feuille.write_string(rang, 3, _enonce(etat), fixe)
    for colonne, texte in enumerate(cellules_a_remplir(etat), start=REPONSE):
        _ecrire_texte(feuille, rang, colonne, texte, styles.a_remplir if etat.concerne else styles.ecarte)
    feuille.write_number(rang, VERSION, etat.reponse.version if etat.reponse else 0, styles.discret)
    feuille.set_row(rang, _hauteur(("", champ, "", _enonce(etat), *cellules_a_remplir(etat))))


def _hauteur(textes: tuple[str, ...]) -> float:
    """Room for the longest text of a row, in points: spreadsheets do not all fit a row to what it holds."""
    lignes = max(
        sum(1 + len(ligne) // (largeur - 2) for ligne in texte.split("\n"))
        for texte, (_, largeur) in zip(textes, COLONNES, strict=False)
    )
    return min(HAUTEUR_MAX, 15.0 * max(2, lignes))


def _ecrire_texte(feuille: Worksheet, rang: int, colonne: int, texte: str, style: Format) -> None:
    if texte:
        feuille.write_string(rang, colonne, texte, style)
    else:
        feuille.write_blank(rang, colonne, None, style)


def _enonce(etat: EtatIndicateur) -> str:
    enonce = f"{'Indispensable. ' if etat.indicateur.bloquant else ''}{etat.indicateur.enonce}"
    if etat.concerne and etat.reponse and etat.a_reconfirmer:
        enonce += f"\nRéponse reprise, à reconfirmer : {LIBELLES_VALEURS.get(etat.reponse.valeur, 'aucune')}."
    return enonce


def cellules_a_remplir(etat: EtatIndicateur) -> tuple[str, str, str]:
    """Answer, reason and comment as the workbook shows them; an answer to confirm again is to be given again."""
    reponse = etat.reponse
    if etat.regle:
        return (non_concerne(etat.regle), "", "")
    if reponse is None:
        return ("", "", "")
    valeur = Valeur(reponse.valeur) if reponse.valeur and not reponse.a_reconfirmer else None
    return (LIBELLES_VALEURS[valeur] if valeur else "", reponse.motif, reponse.commentaire)


def _mettre_en_page(feuille: Worksheet, origine: Origine, *, derniere: int) -> None:
    libelles = [libelle for _, libelle in CHOIX]
    feuille.data_validation(
        ENTETE + 1,
        REPONSE,
        derniere,
        REPONSE,
        {
            "validate": "list",
            "source": libelles,
            "error_title": "Réponse inconnue",
            "error_message": f"Choisissez dans la liste : {', '.join(libelles)}.",
        },
    )
    feuille.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})
    feuille.freeze_panes(ENTETE + 1, 1)
    feuille.set_landscape()
    feuille.set_paper(9)  # A4
    feuille.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    feuille.fit_to_pages(1, 0)
    feuille.repeat_rows(0, ENTETE)
    feuille.print_area(0, 0, derniere, VERSION)
    feuille.set_footer(f"&LPaliers · {origine.uai} · {origine.annee} · version {origine.version}&RPage &P / &N")


def _ecrire_mode_d_emploi(classeur: Workbook) -> None:
    feuille = classeur.add_worksheet(MODE_D_EMPLOI)
    titre, texte = classeur.add_format({"bold": True, "font_size": 14}), classeur.add_format({"text_wrap": True})
    feuille.set_column(0, 0, 100)
    feuille.write_string(0, 0, "Répondre au diagnostic dans ce classeur", titre)
    for rang, consigne in enumerate(CONSIGNES, start=2):
        feuille.write_string(rang, 0, consigne, texte)
    _une_page(feuille)


def _ecrire_fiche(classeur: Workbook, etat: EtatDiagnostic, origine: Origine) -> None:
    """What the workbook is about; the reference is what the import reads."""
    diagnostic = etat.diagnostic
    feuille = classeur.add_worksheet(FICHE)
    cle, texte = classeur.add_format({"bold": True, "valign": "top"}), classeur.add_format({"text_wrap": True})
    feuille.set_column(0, 0, 22)
    feuille.set_column(1, 1, 90)
    paires = (
        ("Référence", origine.reference),
        ("Établissement", origine.etablissement),
        ("UAI", origine.uai),
        ("Académie", diagnostic.etablissement.academie.nom),
        ("Campagne", f"{diagnostic.campagne.academie.nom}, {origine.annee}"),
        ("Année scolaire", origine.annee),
        ("Référentiel", f"{diagnostic.referentiel.titre} ({origine.referentiel})"),
        ("Version du référentiel", str(origine.version)),
    )
    for rang, (intitule, valeur) in enumerate(paires):
        feuille.write_string(rang, 0, intitule, cle)
        feuille.write_string(rang, 1, valeur, texte)
    _une_page(feuille)


def _une_page(feuille: Worksheet) -> None:
    """To be read, and printed whole on one A4 sheet."""
    feuille.protect()
    feuille.set_paper(9)
    feuille.set_landscape()
    feuille.fit_to_pages(1, 1)
