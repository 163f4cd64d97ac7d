"""Set-up of dashboards: schools, figures folded from facts, or written by hand where a test wants them exact."""

from django.utils import timezone

from diagnostic.domain.cotation import Valeur
from strategie.pilotage.domain.syntheses import recompter_tout, tout_replier
from strategie.pilotage.models import SyntheseEtablissement, SyntheseTerritoire, VersionDeSynthese
from strategie.socle.models import Departement, District, Etablissement
from strategie.socle.rules import lettre_uai
from tests.dossier import Dossier, commencer, repondre_partout, signer
from tests.personnages import Monde, un_etablissement


def replier() -> None:
    tout_replier(maintenant=timezone.now())


def recompter() -> None:
    recompter_tout(maintenant=timezone.now())


def des_ecoles(monde: Monde, nombre: int, *, a_partir_de: int = 100, **champs) -> list[Etablissement]:
    """In the first district, unless told otherwise."""
    valeurs = {"district": monde.district} | champs
    faites = []
    for rang in range(a_partir_de, a_partir_de + nombre):
        chiffres = f"098{rang:04d}"
        nom = f"Collège {rang}"
        faites.append(un_etablissement(chiffres + lettre_uai(chiffres), nom, monde.college.departement, **valeurs))
    return faites


def signer_pour(
    ecole: Etablissement, dossier: Dossier, valeur: Valeur = Valeur.oui, sauf=None, annee: str = ""
) -> None:
    maintenant = timezone.now()
    diagnostic = commencer(ecole, annee or dossier.annee, dossier.brouillon.referentiel, dossier.monde.chef, maintenant)
    repondre_partout(diagnostic, valeur, dossier.monde.chef, maintenant, sauf or {})
    signer(diagnostic, dossier.monde.chef, maintenant)


def ecrire(niveau: str, cle: int, annee: str = "", **mesures: int) -> None:
    """Rows of a territory, by hand; a dot is written « __ »."""
    SyntheseTerritoire.objects.filter(niveau=niveau, cle=cle, annee_scolaire=annee).delete()
    SyntheseTerritoire.objects.bulk_create(
        SyntheseTerritoire(niveau=niveau, cle=cle, annee_scolaire=annee, mesure=nom.replace("__", "."), valeur=valeur)
        for nom, valeur in mesures.items()
    )
    VersionDeSynthese.objects.get_or_create(niveau=niveau, cle=cle)


def des_budgets(district: District, departement: Departement, nombre: int) -> None:
    """So many schools with lines in 2026, counted and nothing else."""
    SyntheseEtablissement.objects.bulk_create(
        SyntheseEtablissement(
            etablissement_id=10**6 * district.pk + rang,
            academie=district.academie,
            departement=departement,
            district=district,
            comptes={"budget.2026.etablissements": 1},
        )
        for rang in range(nombre)
    )


def compte_de(ecole: Etablissement, annee: str = "") -> SyntheseEtablissement:
    return SyntheseEtablissement.objects.get(etablissement=ecole, annee_scolaire=annee)
