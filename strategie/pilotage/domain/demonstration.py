"""The demonstration: fictional schools of two districts; twelve of them, through the same acts as the screens."""

import datetime
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from diagnostic.domain.campagnes import ouvrir_campagne
from diagnostic.domain.contenu import empreinte, json_canonique
from diagnostic.domain.reponses import Saisie, commencer_diagnostic, enregistrer_champ
from diagnostic.domain.reprises import reprendre_l_an_dernier
from diagnostic.domain.signature import RenduPdf, signer_diagnostic
from diagnostic.models import Campagne, Diagnostic, Referentiel
from diagnostic.queries.contenu import contenu_du_diagnostic
from diagnostic.queries.etat import EtatChamp, etat_du_diagnostic
from diagnostic.queries.parcours import derniere_source
from strategie.pilotage.domain.demonstration_argent import former_et_financer
from strategie.pilotage.domain.demonstration_conseil import tenir_les_conseils
from strategie.pilotage.domain.demonstration_district import (
    a_peu_pres,
    creer_les_voisins,
    faire_vivre_les_voisins,
    valeur_au_palier,
)
from strategie.pilotage.domain.demonstration_enquetes import tenir_les_enquetes
from strategie.pilotage.domain.demonstration_parc import equiper
from strategie.pilotage.domain.demonstration_plan import ecrire_le_plan
from strategie.pilotage.domain.demonstration_pratique import (
    ecole_regardee,
    joindre_les_preuves_de_l_an_dernier,
    partager_le_diagnostic,
    preparer_la_version_suivante,
    regarder_avec_l_ecole,
)
from strategie.pilotage.domain.dossiers import RenduPdf as RenduPdfDuDossier
from strategie.socle.domain.calendrier import annee_precedente, annee_scolaire
from strategie.socle.domain.historique import acte
from strategie.socle.droits import Role
from strategie.socle.models import (
    Academie,
    Affectation,
    Collectivite,
    Departement,
    District,
    Etablissement,
    Utilisateur,
)
from strategie.socle.rules import lettre_uai

MOT_DE_PASSE = "paliers-demonstration"


@dataclass(frozen=True)
class Compte:
    """A demo account, as the start-up message prints it."""

    prenom: str
    nom: str
    role: Role
    fonction: str
    territoire: str  # a UAI's seven digits, else the name of a territory

    @property
    def email(self) -> str:
        sans_accent = str.maketrans("éèëïô", "eeeio")
        return f"{self.prenom}.{self.nom}@exemple.invalid".lower().translate(sans_accent)


COMPTES = (
    Compte("Claire", "Martin", Role.CHEF, "Principale", "0990001"),
    Compte("Rémi", "Durand", Role.REFERENT, "Référent numérique", "0990001"),
    Compte("Gaëlle", "Petit", Role.GESTIONNAIRE, "Secrétaire générale", "0990001"),
    Compte("Line", "Robert", Role.MEMBRE, "Professeure documentaliste", "0990001"),
    Compte("Paul", "Bernard", Role.CHEF, "Proviseur", "0990002"),
    Compte("Nadia", "Moreau", Role.CHEF, "Principale", "0990003"),
    Compte("Hélène", "Roux", Role.CHEF, "Directrice", "0990004"),
    Compte("Anne", "Leroy", Role.ANIMATEUR, "Animatrice de district", "Valmont"),
    Compte("Rose", "Garnier", Role.RECTORAT, "Déléguée au numérique éducatif", "Exemple"),
    Compte("Colas", "Faure", Role.COLLECTIVITE, "Chargé du numérique des collèges", "Département d'Exemple"),
)
ADMINISTRATEUR = Compte("Théo", "Simon", Role.RECTORAT, "Administrateur technique", "")

# Paliers by champ, in the order of the référentiel (PIL FOR RES PED INF EQU), and how far the answers go.
Profil = tuple[int, int, int, int, int, int]


@dataclass(frozen=True)
class Ecole:
    """A demo school. `avant` was signed last year; `cette_annee` is signed, or a draft of `champs` champs."""

    chiffres: str
    nom: str
    type: str
    commune: str
    effectif: int
    avant: Profil | None = None
    cette_annee: Profil | None = None
    champs_remplis: int = 6
    signe: bool = False
    education_prioritaire: str = ""
    internat: bool = False


ECOLES = (
    Ecole("0990001", "Collège des Trois Rivières", "college", "Saint-Exemple", 486, (1,) * 6, (2, 1, 2, 1, 1, 1), 4),
    Ecole("0990002", "Lycée Germaine-Tillion", "lycee", "Valmont", 1124, None, (2,) * 6, signe=True, internat=True),
    Ecole("0990003", "Collège Olympe-de-Gouges", "college", "Brévent", 602, (3, 2, 3, 2, 3, 2), (3,) * 6, signe=True),
    Ecole("0990004", "École du Parc", "ecole", "Les Aulnes", 187, None, (1, 1, 0, 1, 1, 0), signe=True),
    Ecole("0990005", "Collège Jean-Zay", "college", "Valmont", 538, None, (1, 0, 1, 2, 2, 1)),
    Ecole("0990006", "Lycée professionnel du Val", "lycee", "Valmont", 412, None, (1, 1, 1, 0, 1, 1), 2, internat=True),
    Ecole("0990007", "Collège Marie-Curie", "college", "Haut-Brévent", 455, education_prioritaire="REP"),
    Ecole("0990008", "École Jules-Verne", "ecole", "Saint-Exemple", 214, None, (0, 1, 1, 1, 0, 0), 1),
    Ecole("0990009", "Collège Simone-Veil", "college", "Les Aulnes", 671, education_prioritaire="REP+"),
    Ecole("0990010", "École des Tilleuls", "ecole", "Brévent", 96),
    Ecole("0990011", "EREA Henri-Wallon", "erea", "Valmont", 128, internat=True),
    Ecole("0990012", "École maternelle des Sources", "ecole", "Haut-Brévent", 74),
)
COMMENTAIRES = {
    "PIL-1-1": "Lettre de mission signée en septembre, connue de toute l'équipe.",
    "PIL-1-4": "Charte votée au conseil de juin, avec le règlement intérieur.",
    "FOR-1-1": "Questionnaire du printemps, 31 réponses sur 38.",
    "RES-1-1": "L'espace numérique de travail est ouvert à toutes les familles depuis la rentrée.",
    "PED-1-1": "À consolider\u00a0: deux équipes sur cinq n'y viennent pas encore.",
}


def installer_demonstration(
    *,
    referentiel: Referentiel,
    maintenant: datetime.datetime,
    rendre_pdf: RenduPdf,
    rendre_dossier: RenduPdfDuDossier,
) -> bool:
    """Make the demo schools, people and diagnostics; False when they are already there, left as they are."""
    if Etablissement.objects.filter(source=Etablissement.Source.DEMONSTRATION).exists():
        return False
    with transaction.atomic():
        etablissements = _territoire()
        _personnes(etablissements, maintenant.date())
        comptes, auteurs = _comptes(), _auteurs(etablissements)
        campagnes = _campagnes(referentiel, maintenant)
        for ecole in ECOLES:
            etablissement, auteur = etablissements[ecole.chiffres], auteurs[ecole.chiffres]
            _diagnostics(ecole, etablissement, campagnes, auteur, maintenant, rendre_pdf)
        _pratique(etablissements, referentiel, comptes, maintenant)
        faire_vivre_les_voisins(etablissements, campagnes, comptes[ADMINISTRATEUR.prenom], maintenant)
        tenir_les_enquetes(etablissements, auteurs, maintenant)
        ecrire_le_plan(etablissements, comptes, maintenant)
        equiper(etablissements, comptes, maintenant)
        former_et_financer(etablissements, comptes, maintenant)
        tenir_les_conseils(etablissements, comptes, maintenant, rendre_dossier)
    return True


def _territoire() -> dict[str, Etablissement]:
    with acte("installer_demonstration", None):
        academie = Academie.objects.create(code="99", nom="Exemple", compare_les_semblables=True)
        departement = Departement.objects.create(code="099", nom="Exemple", academie=academie)
        district = District.objects.create(academie=academie, nom="Valmont")
        collectivite = Collectivite.objects.create(nom="Département d'Exemple", niveau="departement")
        voisins = creer_les_voisins(academie, departement, district)
        return voisins | {
            ecole.chiffres: Etablissement.objects.create(
                uai=ecole.chiffres + lettre_uai(ecole.chiffres),
                nom=ecole.nom,
                type=ecole.type,
                secteur=Etablissement.Secteur.PUBLIC,
                academie=academie,
                departement=departement,
                district=district,
                collectivite=collectivite if ecole.type == "college" else None,
                commune=ecole.commune,
                effectif=ecole.effectif,
                education_prioritaire=ecole.education_prioritaire,
                internat=ecole.internat,
                source=Etablissement.Source.DEMONSTRATION,
                **a_peu_pres(ecole.commune, ecole.chiffres),
            )
            for ecole in ECOLES
        }


def _personnes(etablissements: dict[str, Etablissement], jour: datetime.date) -> None:
    territoires: dict[str, dict[str, Any]] = {
        "Valmont": {"district": District.objects.get(nom="Valmont", academie__code="99")},
        "Exemple": {"academie": Academie.objects.get(code="99")},
        "Département d'Exemple": {"collectivite": Collectivite.objects.get(nom="Département d'Exemple")},
        **{chiffres: {"etablissement": etablissement} for chiffres, etablissement in etablissements.items()},
    }
    empreinte_du_mot_de_passe = make_password(MOT_DE_PASSE)  # one for all, as the password: slow by design
    with acte("installer_demonstration", None):
        for compte in COMPTES:
            Affectation.objects.create(
                utilisateur=_creer(compte, empreinte_du_mot_de_passe),
                role=compte.role,
                fonction=compte.fonction,
                debut=jour - datetime.timedelta(days=800),
                **territoires[compte.territoire],
            )
        _creer(ADMINISTRATEUR, empreinte_du_mot_de_passe, is_staff=True, is_superuser=True)


def _creer(compte: Compte, empreinte_du_mot_de_passe: str, **drapeaux: bool) -> Utilisateur:
    return Utilisateur.objects.create(
        email=compte.email,
        password=empreinte_du_mot_de_passe,
        first_name=compte.prenom,
        last_name=compte.nom,
        **drapeaux,
    )


def _campagnes(referentiel: Referentiel, maintenant: datetime.datetime) -> tuple[Campagne, Campagne]:
    """Last year's, closed, and this year's, open for at least a month where the school year allows it."""
    academie = Academie.objects.get(code="99")
    jour = maintenant.astimezone(academie.zone).date()
    annee = annee_scolaire(jour)
    debut = int(annee[:4])
    cloture = max(datetime.date(debut, 12, 18), jour + datetime.timedelta(days=30))
    ouvrir = partial(ouvrir_campagne, academie=academie, referentiel=referentiel, auteur=None)
    avant = ouvrir(
        annee_scolaire=annee_precedente(annee),
        date_ouverture=datetime.date(debut - 1, 9, 1),
        date_cloture=datetime.date(debut - 1, 12, 18),
    )
    cette_annee = ouvrir(
        annee_scolaire=annee,
        date_ouverture=min(datetime.date(debut, 9, 1), jour),
        date_cloture=min(cloture, max(datetime.date(debut + 1, 8, 31), jour)),
    )
    return avant, cette_annee


def _diagnostics(
    ecole: Ecole,
    etablissement: Etablissement,
    campagnes: tuple[Campagne, Campagne],
    auteur: Utilisateur,
    maintenant: datetime.datetime,
    rendre_pdf: RenduPdf,
) -> None:
    avant, cette_annee = campagnes
    if ecole.avant:
        novembre = datetime.datetime(avant.date_cloture.year, 11, 12, 9, 30, tzinfo=datetime.UTC)
        diagnostic = _repondre(etablissement, avant, ecole.avant, 6, auteur, novembre)
        if not ecole.signe:
            joindre_les_preuves_de_l_an_dernier(diagnostic, auteur, novembre)
        _signer(diagnostic, auteur, novembre, rendre_pdf)
    if ecole.cette_annee:
        avant_hier = maintenant - datetime.timedelta(days=2)  # the day of the meeting is another one
        diagnostic = _repondre(etablissement, cette_annee, ecole.cette_annee, ecole.champs_remplis, auteur, avant_hier)
        if ecole.signe:
            _signer(diagnostic, auteur, maintenant, rendre_pdf)


def _comptes() -> dict[str, Utilisateur]:
    """The demo accounts by first name."""
    par_email = Utilisateur.objects.in_bulk((c.email for c in (*COMPTES, ADMINISTRATEUR)), field_name="email")
    return {compte.prenom: par_email[compte.email] for compte in (*COMPTES, ADMINISTRATEUR)}


def _auteurs(etablissements: dict[str, Etablissement]) -> dict[str, Utilisateur]:
    """Of each school: its head, where there is one; else the technical administrator."""
    chefs = Affectation.objects.filter(etablissement__in=etablissements.values(), role=Role.CHEF)
    par_ecole = {chef.etablissement_id: chef.utilisateur for chef in chefs.select_related("utilisateur")}
    administrateur = Utilisateur.objects.get(email=ADMINISTRATEUR.email)
    return {chiffres: par_ecole.get(ecole.pk, administrateur) for chiffres, ecole in etablissements.items()}


def _pratique(
    etablissements: dict[str, Etablissement],
    referentiel: Referentiel,
    comptes: dict[str, Utilisateur],
    maintenant: datetime.datetime,
) -> None:
    """What the year adds to the answers: see `demonstration_pratique`."""
    brouillon = Diagnostic.objects.select_related("etablissement__academie", "campagne__academie", "referentiel").get(
        etablissement=etablissements["0990001"], etat=Diagnostic.Etat.BROUILLON
    )
    partager_le_diagnostic(brouillon, comptes["Claire"], maintenant)
    regarder_avec_l_ecole(ecole_regardee(etablissements["0990003"]), comptes["Anne"], maintenant)
    preparer_la_version_suivante(referentiel, Academie.objects.get(code="99"), comptes["Rose"])


def _repondre(
    etablissement: Etablissement,
    campagne: Campagne,
    profil: Profil,
    champs_remplis: int,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Diagnostic:
    """Last year's answers, where there are some, are confirmed or changed champ by champ."""
    diagnostic = commencer_diagnostic(
        etablissement=etablissement, campagne=campagne, auteur=auteur, maintenant=maintenant
    )
    if derniere_source(diagnostic):
        reprendre_l_an_dernier(diagnostic=diagnostic, auteur=auteur, maintenant=maintenant)
    champs = etat_du_diagnostic(diagnostic).champs[:champs_remplis]
    for champ, palier in zip(champs, profil, strict=False):
        enregistrer_champ(diagnostic=diagnostic, saisies=_saisies(champ, palier), auteur=auteur, maintenant=maintenant)
    return diagnostic


def _saisies(champ: EtatChamp, palier: int) -> list[Saisie]:
    """Answers that bring a champ to `palier`, and no further."""
    return [
        Saisie(
            code=etat.indicateur.code,
            valeur=valeur_au_palier(etat.indicateur, palier, rang).value,
            motif="",
            commentaire=COMMENTAIRES.get(etat.indicateur.code, ""),
            version=etat.reponse.version if etat.reponse else 0,
        )
        for rang, etat in enumerate(champ.concernes)
    ]


def _signer(diagnostic: Diagnostic, auteur: Utilisateur, maintenant: datetime.datetime, rendre_pdf: RenduPdf) -> None:
    affectation = Affectation.objects.filter(utilisateur=auteur).first()
    jour = diagnostic.campagne.jour_local(maintenant)
    signer_diagnostic(
        diagnostic=diagnostic,
        version=1,
        lu=empreinte(json_canonique(contenu_du_diagnostic(etat_du_diagnostic(diagnostic), jour))),
        nom=str(auteur),
        fonction=affectation.intitule if affectation else "Chef d'établissement",
        auteur=auteur,
        maintenant=maintenant,
        rendre_pdf=rendre_pdf,
    )
