"""Lines of the matrix: priorities, districts' projects, and what schools make of them."""

from django.utils import timezone

from plans.models import AxeDistrict, PrioriteAcademique
from tests.dossier import Dossier
from tests.parcours.lignes import CONNEXION, ECOLE, Ligne, Statuts, ecole, tous, uai


def _priorite(dossier: Dossier) -> tuple:
    monde = dossier.monde
    fixee = PrioriteAcademique.objects.create(
        academie=monde.academie,
        annee_scolaire=dossier.annee,
        intitule="Équiper chaque classe",
        fixee_par=monde.rectorat,
        fixee_le=timezone.now(),
    )
    return (fixee.pk,)


def _district(dossier: Dossier) -> tuple:
    return (dossier.monde.district.pk,)


def _axe(dossier: Dossier) -> tuple:
    monde = dossier.monde
    fixe = AxeDistrict.objects.create(
        district=monde.district,
        annee_scolaire=dossier.annee,
        theme="acces",
        intitule="Un réseau partout",
        fixe_par=monde.animatrice,
        fixe_le=timezone.now(),
    )
    return (*_district(dossier), fixe.pk)


def _axe_vu_de_l_ecole(dossier: Dossier) -> tuple:
    return (*uai(dossier), _axe(dossier)[1])


def du_rectorat(statut: int) -> Statuts:
    """An académie's priorities: to another rectorat they do not exist."""
    return tous(403, rectorat=statut, rectorat_ailleurs=404, anonyme=CONNEXION)


def du_district(statut: int) -> Statuts:
    """A district exists for the people of its schools, and its project is written by those who steer it."""
    dehors = dict.fromkeys(("animateur_lointain", "rectorat_ailleurs", "sans_affectation", "technique"), 404)
    return tous(403, animatrice=statut, rectorat=statut, anonyme=CONNEXION, **dehors)


PILOTES = {"animatrice": 200, "animateur_lointain": 200, "rectorat": 200, "rectorat_ailleurs": 200}
LIGNES_CASCADE = [
    Ligne("districts", tous(403, **PILOTES, anonyme=CONNEXION)),
    Ligne("priorites", du_rectorat(200) | {"rectorat_ailleurs": 200}),
    Ligne("priorite_ajouter", du_rectorat(200) | {"rectorat_ailleurs": 200}),
    Ligne("priorite_ajouter", du_rectorat(422) | {"rectorat_ailleurs": 422}, "POST"),
    Ligne("priorite_modifier", du_rectorat(200), arguments=_priorite),
    Ligne("priorite_modifier", du_rectorat(422), "POST", _priorite),
    Ligne("priorite_retirer", du_rectorat(200), arguments=_priorite),
    Ligne("priorite_retirer", du_rectorat(302), "POST", _priorite),
    Ligne("priorite_retablir", du_rectorat(302), "POST", _priorite),
    Ligne("district_projet", du_district(200), arguments=_district),
    Ligne("district_axe_ajouter", du_district(200), arguments=_district),
    Ligne("district_axe_ajouter", du_district(422), "POST", _district),
    Ligne("district_axe_reponses", du_district(200), arguments=_axe),
    Ligne("district_axe_modifier", du_district(200), arguments=_axe),
    Ligne("district_axe_modifier", du_district(422), "POST", _axe),
    Ligne("district_axe_retirer", du_district(200), arguments=_axe),
    Ligne("district_axe_retirer", du_district(302), "POST", _axe),
    Ligne("district_axe_retablir", du_district(302), "POST", _axe),
    Ligne("rattachements", ecole(200, *ECOLE, "animatrice", "rectorat"), arguments=uai),
    Ligne("rattachement_dire", ecole(200, "chef", "referent"), arguments=_axe_vu_de_l_ecole),
    Ligne("rattachement_dire", ecole(422, "chef", "referent"), "POST", _axe_vu_de_l_ecole),
]
