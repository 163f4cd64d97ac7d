"""The other schools of the demonstration: enough of them for a territory's dashboard to say something.

Their diagnostics are signed by the act of the screens, without laying out a PDF; their answers, equipment, budgets and
wishes for training are written at once: twenty-four signatures in the time of two.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from budget.models import BesoinFormation, Equipement, LigneBudget
from diagnostic.domain.contenu import empreinte, json_canonique
from diagnostic.domain.cotation import Valeur
from diagnostic.domain.reponses import commencer_diagnostic
from diagnostic.domain.signature import signer_diagnostic
from diagnostic.models import Campagne, Indicateur, Reponse
from diagnostic.queries.contenu import contenu_du_diagnostic
from diagnostic.queries.etat import etat_du_diagnostic
from diagnostic.queries.questionnaire import questionnaire
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.domain.historique import acte
from strategie.socle.models import Academie, Departement, District, Etablissement, Utilisateur
from strategie.socle.rules import lettre_uai

Profil = tuple[int, int, int, int, int, int]
# Around a point where no school is: communes of a fictional académie, a few kilometres apart.
COMMUNES: Mapping[str, tuple[float, float]] = {
    "Saint-Exemple": (46.604, 2.402),
    "Valmont": (46.521, 2.553),
    "Brévent": (46.683, 2.618),
    "Haut-Brévent": (46.741, 2.702),
    "Les Aulnes": (46.452, 2.381),
    "Pont-de-Brève": (46.633, 2.741),
    "Montfleury": (46.567, 2.288),
    "Clairfontaine": (46.487, 2.688),
    "Saint-Aubin-du-Val": (46.399, 2.531),
    "La Chapelle-Haute": (46.846, 2.514),
    "Rochebrune": (46.891, 2.655),
}
PLATEAU = "Plateau"


@dataclass(frozen=True)
class Voisin:
    """A school in few words. `avant` and `cette_annee`: what it signed, champ by champ; `mille`: its budget, in
    thousands of euros; `terminaux`: how many, and how old in years.
    """

    chiffres: str
    nom: str
    type: str
    commune: str
    effectif: int | None
    avant: Profil | None = None
    cette_annee: Profil | None = None
    district: str = "Valmont"
    education_prioritaire: str = ""
    terminaux: tuple[tuple[str, int, int], ...] = ()
    mille: int = 0
    heures: int = 0


VOISINS = (
    Voisin("0990013", "Collège Louise-Michel", "college", "Pont-de-Brève", 512, (1, 1, 1, 1, 2, 1), (2, 1, 1, 1, 2, 2),
           terminaux=(("portable", 48, 2), ("fixe", 36, 7)), mille=14, heures=18),
    Voisin("0990014", "Collège Jean-Moulin", "college", "Montfleury", 634, (2, 2, 1, 1, 1, 1), (2, 2, 2, 2, 1, 1),
           terminaux=(("tablette", 60, 3), ("fixe", 54, 8)), mille=21, heures=24),
    Voisin("0990015", "Lycée Rosa-Parks", "lycee", "Brévent", 1287, (2, 1, 2, 2, 3, 2), (2, 2, 2, 2, 3, 2),
           terminaux=(("portable", 180, 1), ("fixe", 120, 5)), mille=46, heures=30),
    Voisin("0990016", "École Jacques-Prévert", "ecole", "Clairfontaine", 162, (0, 0, 1, 1, 0, 0), (1, 0, 1, 1, 0, 1),
           terminaux=(("tablette", 16, 4),), heures=6),
    Voisin("0990017", "École Suzanne-Buisson", "ecole", "Valmont", 238, (1, 0, 1, 1, 1, 0), (1, 1, 1, 2, 1, 0),
           terminaux=(("portable", 12, 6),), heures=6),
    Voisin("0990018", "Collège du Moulin-Neuf", "college", "Saint-Aubin-du-Val", 398,
           (1, 0, 1, 0, 1, 1), (1, 0, 1, 1, 1, 0), education_prioritaire="REP",
           terminaux=(("fixe", 42, 9), ("tablette", 24, 6)), mille=9, heures=12),
    Voisin("0990019", "École de la Fontaine", "ecole", "Montfleury", 121, (0, 1, 0, 1, 0, 0), (0, 1, 1, 1, 0, 0)),
    Voisin("0990020", "Lycée polyvalent Sophie-Germain", "lycee", "Pont-de-Brève", 906,
           (1, 1, 2, 1, 2, 2), (2, 1, 2, 2, 2, 2),
           terminaux=(("portable", 96, 3), ("fixe", 84, 4)), mille=38, heures=20),
    Voisin("0990021", "École Robert-Doisneau", "ecole", "Les Aulnes", 205, None, (1, 0, 1, 0, 1, 0)),
    Voisin("0990022", "Collège Victor-Schœlcher", "college", "Clairfontaine", None, None, (1, 1, 0, 1, 1, 1),
           terminaux=(("fixe", 30, 11),), mille=11),
    Voisin("0990023", "Collège Gisèle-Halimi", "college", "La Chapelle-Haute", 447,
           (1, 1, 1, 1, 1, 1), (1, 2, 1, 1, 1, 1), PLATEAU, mille=12),
    Voisin("0990024", "École des Marronniers", "ecole", "Rochebrune", 88, None, (0, 0, 1, 1, 0, 0), PLATEAU),
    Voisin("0990025", "École Antoine-de-Saint-Exupéry", "ecole", "La Chapelle-Haute", 143, district=PLATEAU),
    Voisin("0990026", "Lycée agricole du Plateau", "lycee", "Rochebrune", 310, district=PLATEAU),
)  # fmt: skip
DESIGNATIONS = {"portable": "Ordinateur portable", "fixe": "Ordinateur fixe", "tablette": "Tablette"}
PRIX = {"portable": Decimal("612.40"), "fixe": Decimal("498.90"), "tablette": Decimal("379.00")}


def valeur_au_palier(indicateur: Indicateur, palier: int, rang: int) -> Valeur:
    """An answer that brings its champ to `palier`, and no further."""
    if indicateur.palier <= palier:
        return Valeur.oui
    if indicateur.bloquant:
        return Valeur.non if rang % 2 else Valeur.en_partie
    au_dela = (Valeur.en_partie, Valeur.non, Valeur.oui, Valeur.ne_sait_pas)
    return au_dela[rang % 4] if indicateur.palier == palier + 1 else au_dela[rang % 2]


def a_peu_pres(commune: str, chiffres: str) -> dict[str, float]:
    """Where a school is: near the middle of its commune, never on another one."""
    latitude, longitude = COMMUNES[commune]
    nord, est = int(chiffres) % 11 - 5, int(chiffres) % 7 - 3
    return {"latitude": round(latitude + nord * 0.003, 4), "longitude": round(longitude + est * 0.004, 4)}


def creer_les_voisins(academie: Academie, departement: Departement, valmont: District) -> dict[str, Etablissement]:
    """Before any campaign: their diagnostics wait with those of the others."""
    districts = {"Valmont": valmont, PLATEAU: District.objects.create(academie=academie, nom=PLATEAU)}
    return {
        voisin.chiffres: Etablissement.objects.create(
            uai=voisin.chiffres + lettre_uai(voisin.chiffres),
            nom=voisin.nom,
            type=voisin.type,
            secteur=Etablissement.Secteur.PUBLIC,
            academie=academie,
            departement=departement,
            district=districts[voisin.district],
            commune=voisin.commune,
            effectif=voisin.effectif,
            education_prioritaire=voisin.education_prioritaire,
            source=Etablissement.Source.DEMONSTRATION,
            **a_peu_pres(voisin.commune, voisin.chiffres),
        )
        for voisin in VOISINS
    }


def faire_vivre_les_voisins(
    etablissements: Mapping[str, Etablissement],
    campagnes: tuple[Campagne, Campagne],
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> None:
    avant, cette_annee = campagnes
    novembre = datetime.datetime(avant.date_cloture.year, 11, 14, 10, 15, tzinfo=datetime.UTC)
    for rang, voisin in enumerate(VOISINS):
        ecole = etablissements[voisin.chiffres]
        if voisin.avant:
            _signer(ecole, avant, voisin.avant, auteur, novembre + datetime.timedelta(days=rang))
        if voisin.cette_annee:
            _signer(ecole, cette_annee, voisin.cette_annee, auteur, maintenant)
    with acte("installer_demonstration", auteur):
        siens = [(voisin, etablissements[voisin.chiffres]) for voisin in VOISINS]
        Equipement.objects.bulk_create(e for voisin, ecole in siens for e in _equipements(voisin, ecole, maintenant))
        LigneBudget.objects.bulk_create(
            ligne for voisin, ecole in siens for ligne in _lignes(voisin, ecole, auteur, maintenant)
        )
        BesoinFormation.objects.bulk_create(
            _besoin(voisin, ecole, auteur, maintenant) for voisin, ecole in siens if voisin.heures
        )


def _signer(
    ecole: Etablissement, campagne: Campagne, profil: Profil, auteur: Utilisateur, maintenant: datetime.datetime
) -> None:
    diagnostic = commencer_diagnostic(etablissement=ecole, campagne=campagne, auteur=auteur, maintenant=maintenant)
    questions = questionnaire(diagnostic.referentiel)
    paliers = {champ.code: palier for (champ, _), palier in zip(questions.champs, profil, strict=True)}
    Reponse.objects.bulk_create(
        Reponse(
            diagnostic=diagnostic,
            indicateur=indicateur,
            valeur=valeur_au_palier(indicateur, paliers[indicateur.champ.code], rang).value,
            modifiee_par=auteur,
            modifiee_le=maintenant,
        )
        for rang, indicateur in enumerate(questions.concernes(ecole))
    )
    jour = campagne.jour_local(maintenant)
    signer_diagnostic(
        diagnostic=diagnostic,
        version=1,
        lu=empreinte(json_canonique(contenu_du_diagnostic(etat_du_diagnostic(diagnostic), jour))),
        nom=str(auteur),
        fonction="Direction de l'établissement",
        auteur=auteur,
        maintenant=maintenant,
        rendre_pdf=lambda contenu, empreinte: SANS_MISE_EN_PAGE,
    )


def _equipements(voisin: Voisin, ecole: Etablissement, maintenant: datetime.datetime) -> Iterator[Equipement]:
    for categorie, nombre, age in voisin.terminaux:
        yield Equipement(
            academie_id=ecole.academie_id,
            etablissement=ecole,
            designation=DESIGNATIONS[categorie],
            categorie=categorie,
            nombre=nombre,
            achete_le=(maintenant - datetime.timedelta(days=365 * age + 40)).date(),
            prix=PRIX[categorie],
            source=Equipement.Source.DEMONSTRATION,
        )


def _lignes(
    voisin: Voisin, ecole: Etablissement, auteur: Utilisateur, maintenant: datetime.datetime
) -> Iterator[LigneBudget]:
    """Three tenths come back every year."""
    parts = (("Équipement des salles", "investissement", 700), ("Abonnements et maintenance", "fonctionnement", 300))
    for intitule, section, millieme in parts if voisin.mille else ():
        prevu = Decimal(voisin.mille * millieme)
        yield LigneBudget(
            etablissement=ecole,
            exercice=maintenant.year,
            annee_scolaire=annee_scolaire(maintenant.date()),
            intitule=intitule,
            section=section,
            levier="equipement",
            prevu=prevu,
            engage=(prevu * Decimal("0.6")).quantize(Decimal("0.01")),
            paye=(prevu * Decimal("0.45")).quantize(Decimal("0.01")),
            origine=LigneBudget.Origine.DEMONSTRATION,
            cle=uuid5(NAMESPACE_URL, f"{ecole.uai}/{intitule}"),
            cree_par=auteur,
            cree_le=maintenant,
        )


def _besoin(
    voisin: Voisin, ecole: Etablissement, auteur: Utilisateur, maintenant: datetime.datetime
) -> BesoinFormation:
    """Every other one waits for an answer."""
    accorde = int(voisin.chiffres) % 2 == 0
    return BesoinFormation(
        etablissement=ecole,
        annee_scolaire=annee_scolaire(maintenant.date()),
        intitule="Concevoir une séance avec le numérique",
        equipes=["enseignants"],
        effectif=max(6, (ecole.effectif or 200) // 40),
        modalite=BesoinFormation.Modalite.LOCALE,
        heures=Decimal(6),
        heures_formateur=Decimal(voisin.heures),
        etat=BesoinFormation.Etat.ACCORDE if accorde else BesoinFormation.Etat.DEMANDE,
        demande_le=maintenant.date() - datetime.timedelta(days=20),
        reponse_le=maintenant.date() - datetime.timedelta(days=6) if accorde else None,
        cle=uuid5(NAMESPACE_URL, f"{ecole.uai}/formation"),
        cree_par=auteur,
        cree_le=maintenant,
    )


def _pdf_d_une_phrase(phrase: str) -> bytes:
    """A page with one sentence."""
    flux = f"BT /F1 14 Tf 60 760 Td ({phrase}) Tj ET".encode("cp1252")
    objets = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(flux), flux),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    )
    pdf, places = b"%PDF-1.7\n", []
    for numero, objet in enumerate(objets, start=1):
        places.append(len(pdf))
        pdf += b"%d 0 obj%s\nendobj\n" % (numero, objet)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    fin = b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return pdf + fin % (len(objets) + 1, table, len(objets) + 1, len(pdf))


SANS_MISE_EN_PAGE = _pdf_d_une_phrase("Démonstration : cette copie signée n'a pas été mise en page.")
