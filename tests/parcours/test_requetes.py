"""A page costs the same number of queries with 3 rows as with 1: a literal number, the session and the person in it."""

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.urls import reverse
from django.utils import timezone

from diagnostic.domain.cotation import Valeur
from diagnostic.domain.preuves import ajouter_preuve
from diagnostic.domain.regards import SaisieRegard, enregistrer_regards
from diagnostic.domain.reponses import Saisie
from diagnostic.domain.reunion import Votes, noter_en_reunion
from diagnostic.domain.signature import rouvrir_diagnostic
from diagnostic.domain.versions import preparer_version, publier_version
from diagnostic.domain.visites import SaisieVisite, noter_visite
from diagnostic.models import Diagnostic, Reponse
from strategie.socle.domain.comptes import inviter
from strategie.socle.droits import Role
from tests.dossier import Dossier, campagne_ouverte, commencer, repondre_partout, signer
from tests.personnages import affecter, un_compte, un_etablissement


def des_etablissements(dossier: Dossier) -> None:
    for numero in (1, 2):
        district, departement = dossier.monde.district, dossier.monde.college.departement
        ecole = un_etablissement(f"098001{numero}D", f"Collège {numero}", departement, district=district)
        signer_un_diagnostic(ecole, dossier)


def signer_un_diagnostic(ecole, dossier: Dossier) -> None:
    maintenant = timezone.now()
    referentiel = dossier.brouillon.referentiel
    diagnostic = commencer(ecole, dossier.annee, referentiel, dossier.monde.chef, maintenant)
    repondre_partout(diagnostic, Valeur.oui, dossier.monde.chef, maintenant)
    signer(diagnostic, dossier.monde.chef, maintenant)


def des_collegues(dossier: Dossier) -> None:
    for numero in (1, 2):
        affecter(un_compte("Paule", f"Collègue{numero}"), Role.MEMBRE, etablissement=dossier.monde.college)
        inviter(
            etablissement=dossier.monde.college,
            email=f"invite{numero}@exemple.invalid",
            role=Role.MEMBRE,
            auteur=dossier.monde.chef,
            maintenant=timezone.now(),
        )


def des_roles(dossier: Dossier) -> None:
    affecter(dossier.monde.chef, Role.REFERENT, etablissement=dossier.monde.lointain)
    affecter(dossier.monde.chef, Role.ANIMATEUR, district=dossier.monde.district)


def des_preuves(dossier: Dossier) -> None:
    indicateurs = [reponse.indicateur for reponse in dossier.brouillon.reponses.select_related("indicateur")]
    for indicateur in [dossier.preuve.indicateur, *indicateurs]:
        ajouter_preuve(
            diagnostic=dossier.brouillon,
            indicateur=indicateur,
            intitule="Lien",
            date_piece=None,
            lien="https://exemple.invalid/piece",
            piece=None,
            auteur=dossier.monde.chef,
            maintenant=timezone.now(),
        )


def des_versions(dossier: Dossier) -> None:
    for _ in range(2):
        maintenant = timezone.now()
        diagnostic = Diagnostic.objects.get(pk=dossier.copie.diagnostic_id)
        rouvrir_diagnostic(
            diagnostic=diagnostic, motif="Une erreur de lecture.", auteur=dossier.monde.chef, maintenant=maintenant
        )
        signer(Diagnostic.objects.get(pk=diagnostic.pk), dossier.monde.chef, maintenant)


def des_champs_a_finir(dossier: Dossier) -> None:
    Reponse.objects.filter(diagnostic=dossier.brouillon, indicateur__champ__ordre__lte=3).update(valeur="")


def des_votes(dossier: Dossier) -> None:
    for reponse in dossier.brouillon.reponses.select_related("indicateur")[:3]:
        noter_en_reunion(
            diagnostic=dossier.brouillon,
            saisie=Saisie(reponse.indicateur.code, "", "", "", 0),
            votes=Votes(oui=3, non=2),
            desaccord="Deux voix contre",
            version_vote=0,
            auteur=dossier.monde.chef,
            maintenant=timezone.now(),
        )


def des_regards(dossier: Dossier) -> None:
    saisies = [SaisieRegard(f"PIL-1-{rang}", "non", "À voir ensemble", 0) for rang in (1, 2, 3)]
    enregistrer_regards(
        diagnostic=dossier.copie.diagnostic,
        copie=dossier.copie.version,
        saisies=saisies,
        auteur=dossier.monde.animatrice,
        maintenant=timezone.now(),
    )


def des_visites(dossier: Dossier) -> None:
    for rang in range(3):
        noter_visite(
            etablissement=dossier.monde.college,
            saisie=SaisieVisite(datetime.date(2020, 9, 1), "document", f"Rentrée {rang}", ""),
            cle=uuid.uuid4(),
            auteur=affecter(un_compte("Abel", f"Animateur{rang}"), Role.ANIMATEUR, district=dossier.monde.district),
            maintenant=timezone.now(),
        )


def des_campagnes(dossier: Dossier) -> None:
    for annee in ("2098-2099", "2097-2098"):
        campagne_ouverte(dossier.monde.academie, annee, dossier.brouillon.referentiel, timezone.now())


def des_brouillons(dossier: Dossier) -> None:
    """Schools that answer, in several situations, and extensions."""
    for numero, sorte in enumerate(("ecole", "lycee"), start=1):
        ecole = un_etablissement(f"098002{numero}D", f"École {numero}", dossier.monde.college.departement, type=sorte)
        commencer(ecole, dossier.annee, dossier.brouillon.referentiel, dossier.monde.chef, timezone.now())
    for district in (dossier.monde.district, dossier.monde.autre_district):
        dossier.brouillon.campagne.prolongations.create(
            district=district,
            date_cloture=dossier.brouillon.date_cloture,
            motif="Crue",
            accordee_par=dossier.monde.rectorat,
            accordee_le=timezone.now(),
        )


def des_districts(dossier: Dossier) -> None:
    for numero in (3, 4):
        dossier.monde.academie.districts.create(nom=f"District {numero}")


def des_champs_confies(dossier: Dossier) -> None:
    brouillon, chef = dossier.brouillon, dossier.monde.chef
    for numero, champ in enumerate(("PIL", "FOR", "RES")):
        personne = un_compte("Gilles", f"Gestion{numero}")
        affecter(personne, Role.GESTIONNAIRE, etablissement=dossier.monde.college)
        brouillon.delegations.create(champ=champ, utilisateur=personne, confiee_par=chef, confiee_le=timezone.now())


def des_preuves_passees(dossier: Dossier) -> None:
    """As many in last year's diagnostic, for the same indicator."""
    for numero in range(3):
        dossier.copie.diagnostic.preuves.create(
            indicateur=dossier.preuve.indicateur,
            intitule=f"Passée {numero}",
            lien="https://exemple.invalid/piece",
            deposee_par=dossier.monde.chef,
            deposee_le=timezone.now(),
        )


def des_versions_du_referentiel(dossier: Dossier) -> None:
    monde, precedent = dossier.monde, dossier.brouillon.referentiel
    for _ in range(2):
        brouillon = preparer_version(precedent=precedent, academie=monde.academie, auteur=monde.rectorat)
        precedent = publier_version(referentiel=brouillon, auteur=monde.rectorat, maintenant=timezone.now())


@dataclass(frozen=True)
class Cas:
    nom: str
    qui: str
    requetes: int
    agrandir: Callable[[Dossier], None]
    arguments: Callable[[Dossier], tuple] = lambda dossier: (dossier.monde.college.uai,)

    def __str__(self) -> str:
        return f"{self.nom}-{self.agrandir.__name__}"


def de_l_annee(dossier: Dossier) -> tuple:
    return (dossier.monde.college.uai, dossier.annee)


def signee(dossier: Dossier) -> tuple:
    return (dossier.monde.college.uai, dossier.copie.diagnostic.campagne.annee_scolaire)


def campagne(dossier: Dossier) -> tuple:
    return (dossier.brouillon.campagne_id,)


CAS = [
    Cas("referentiels", "rectorat", 5, des_versions_du_referentiel, lambda dossier: ()),
    Cas("campagne_version", "rectorat", 6, des_versions_du_referentiel, lambda d: (d.brouillon.campagne_id,)),
    Cas("etablissements", "animatrice", 5, des_etablissements, lambda dossier: ()),
    Cas("campagnes", "rectorat", 11, des_campagnes, lambda dossier: ()),
    Cas("campagne", "rectorat", 9, des_brouillons, campagne),
    Cas("campagne_modifier", "rectorat", 6, des_brouillons, campagne),
    Cas("campagne_prolonger", "rectorat", 6, des_districts, campagne),
    Cas("etablissement", "chef", 12, des_champs_a_finir),
    Cas("equipe", "chef", 6, des_collegues),
    Cas("compte", "chef", 4, des_roles, lambda dossier: ()),
    Cas("diagnostic", "chef", 10, des_versions),
    Cas("diagnostic_champ", "chef", 7, des_preuves, lambda d: (*de_l_annee(d), d.preuve.indicateur.champ.code)),
    Cas("diagnostic_preuves", "chef", 7, des_preuves, lambda d: (*de_l_annee(d), d.preuve.indicateur.code)),
    Cas("diagnostic_preuves", "chef", 7, des_preuves_passees, lambda d: (*de_l_annee(d), d.preuve.indicateur.code)),
    Cas("diagnostic_confier", "chef", 9, des_champs_confies, de_l_annee),
    Cas("reunion_indicateur", "chef", 6, des_preuves, lambda d: (*de_l_annee(d), d.preuve.indicateur.code)),
    Cas("reunion_bilan", "chef", 7, des_votes, de_l_annee),
    Cas("diagnostic_verifier", "chef", 8, des_preuves, de_l_annee),
    Cas("diagnostic_regard", "chef", 6, des_regards, signee),
    Cas("regard_champ", "animatrice", 6, des_regards, lambda dossier: (*signee(dossier), "PIL")),
    Cas("journal", "animatrice", 5, des_visites),
    Cas("diagnostic_resultats", "chef", 7, des_versions, signee),
]


@pytest.mark.parametrize("cas", CAS, ids=str)
def test_autant_de_requetes_pour_trois_lignes_que_pour_une(client, dossier, cas):
    client.force_login(getattr(dossier.monde, cas.qui))
    chemin = reverse(cas.nom, args=cas.arguments(dossier))
    avant = client.get(chemin)
    cas.agrandir(dossier)
    apres = client.get(chemin)
    assert (len(avant.requetes), len(apres.requetes)) == (cas.requetes, cas.requetes)
    assert len(apres.content) > len(avant.content), "nothing more is shown: the case proves nothing"


def test_une_seule_ecole_mene_droit_chez_elle(client, dossier):
    client.force_login(dossier.monde.chef)
    reponse = client.get("/")
    assert (reponse["Location"], len(reponse.requetes)) == (
        reverse("etablissement", args=[dossier.monde.college.uai]),
        3,
    )
