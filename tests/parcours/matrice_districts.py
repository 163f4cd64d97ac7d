"""Districts made, drawn and entrusted by the rectorat, address by address."""

from django.utils import timezone

from strategie.pilotage.domain.districts import dessiner, jour_de
from strategie.pilotage.queries.districts import prevoir
from strategie.socle.models import District
from tests.dossier import Dossier
from tests.parcours.lignes import Ligne, du_rectorat, rectorats


def _academie(dossier: Dossier) -> tuple:
    return (dossier.monde.academie.code,)


def _district(dossier: Dossier) -> tuple:
    return (dossier.monde.district.pk,)


def _district_vide(dossier: Dossier) -> tuple:
    return (District.objects.get_or_create(academie=dossier.monde.academie, nom="Vide")[0].pk,)


def _role(dossier: Dossier) -> tuple:
    return (*_district(dossier), dossier.monde.animatrice.affectations.get().pk)


def _mouvement(dossier: Dossier) -> tuple:
    academie, maintenant = dossier.monde.academie, timezone.now()
    cibles = {dossier.monde.lointain.pk: dossier.monde.district.nom}
    mouvement = academie.mouvements.first() or dessiner(
        academie=academie,
        maniere="liste",
        cibles=cibles,
        empreinte=prevoir(academie, cibles, jour_de(academie, maintenant)).empreinte,
        auteur=dossier.monde.rectorat,
        maintenant=maintenant,
    )
    return (*_academie(dossier), mouvement.pk)


LIGNES_DISTRICTS: list[Ligne] = [
    Ligne("districts_dessines", rectorats(200)),
    Ligne("district_creer", du_rectorat(200), arguments=_academie),
    Ligne("district_creer", du_rectorat(422), "POST", _academie),
    Ligne("reglages_des_districts", du_rectorat(200), arguments=_academie),
    Ligne("reglages_des_districts", du_rectorat(422), "POST", _academie),
    Ligne("districts_par_fichier", du_rectorat(200), arguments=_academie),
    Ligne("districts_par_fichier", du_rectorat(422), "POST", _academie),
    Ligne("districts_du_registre", du_rectorat(200), arguments=_academie),
    Ligne("districts_du_registre", du_rectorat(422), "POST", _academie),
    Ligne("dessin_confirmer", du_rectorat(422), "POST", _academie),
    Ligne("mouvement_annuler", du_rectorat(200), arguments=_mouvement),
    Ligne("mouvement_annuler", du_rectorat(422), "POST", _mouvement),
    Ligne("district_dessine", du_rectorat(200), arguments=_district),
    Ligne("district_historique", du_rectorat(200), arguments=_district),
    Ligne("district_modifier", du_rectorat(200), arguments=_district),
    Ligne("district_modifier", du_rectorat(422), "POST", _district),
    Ligne("district_supprimer", du_rectorat(200), arguments=_district),
    Ligne("district_supprimer", du_rectorat(302), "POST", _district_vide),
    Ligne("district_dessiner", du_rectorat(200), arguments=_district),
    Ligne("district_dessiner", du_rectorat(422), "POST", _district),
    Ligne("district_par_commune", du_rectorat(200), arguments=_district),
    Ligne("district_par_commune", du_rectorat(422), "POST", _district),
    Ligne("district_confier", du_rectorat(200), arguments=_district),
    Ligne("district_confier", du_rectorat(422), "POST", _district),
    Ligne("district_retirer", du_rectorat(200), arguments=_role),
    Ligne("district_retirer", du_rectorat(302), "POST", _role),
]
