"""Districts drawn: schools change district together, with the deadlines and the follow-up that go with it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.db import connection

from diagnostic.domain.campagnes import suivre_le_district
from strategie.pilotage.queries.districts import Prevision, ce_qui_retient, prevoir, retour_de
from strategie.pilotage.rules.districts import (
    A_RELIRE,
    IMPORT_EN_COURS,
    RIEN_A_ANNULER,
    RIEN_A_CHANGER,
    empechement_annuler,
    empechement_supprimer,
)
from strategie.socle.domain.annuaire import oublier_les_plans
from strategie.socle.domain.districts import verrouiller_l_academie
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Academie, District, Etablissement, MouvementDeDistricts, Utilisateur
from strategie.socle.queries.districts import districts_par_nom, mouvement_a_annuler


class ARelire(Empeche):
    """What would be done is no longer what the person read."""


def jour_de(academie: Academie, maintenant: datetime.datetime) -> datetime.date:
    return maintenant.astimezone(academie.zone).date()


def dessiner(
    *,
    academie: Academie,
    maniere: str,
    cibles: Mapping[int, str],
    empreinte: str,
    auteur: Utilisateur | None,
    maintenant: datetime.datetime,
) -> MouvementDeDistricts:
    """Put each school (its key) in the district of this name, made if need be; an empty name takes it out of any.

    `empreinte`: of the forecast that the person confirms. Raises ARelire when it would do something else by now.
    """
    with acte("dessiner_districts", auteur):
        tenue = _verrouiller(academie)
        prevision = prevoir(tenue, cibles, jour_de(tenue, maintenant))
        refuser(None if prevision.deplacements else RIEN_A_CHANGER)
        if prevision.empreinte != empreinte:
            raise ARelire(A_RELIRE)
        return _deplacer(prevision, maniere, auteur, maintenant)


def annuler_mouvement(
    *, mouvement: MouvementDeDistricts, empreinte: str, auteur: Utilisateur, maintenant: datetime.datetime
) -> MouvementDeDistricts:
    """Bring the schools of the last move back to where they were, while none has moved since. Districts that it made
    stay, empty.
    """
    with acte("annuler_mouvement", auteur):
        tenue = _verrouiller(mouvement.academie)
        refuser(None if mouvement_a_annuler(tenue) == mouvement else RIEN_A_ANNULER)
        retour = retour_de(mouvement)
        refuser(empechement_annuler(bouges=retour.bouges, disparus=retour.disparus))
        prevision = prevoir(tenue, retour.cibles, jour_de(tenue, maintenant))
        if prevision.empreinte != empreinte:
            raise ARelire(A_RELIRE)
        return _deplacer(prevision, MouvementDeDistricts.Maniere.ANNULATION, auteur, maintenant)


def supprimer_district(*, district: District, auteur: Utilisateur) -> None:
    """Only one that nothing holds."""
    with acte("supprimer_district", auteur):
        verrouiller_l_academie(district.academie)
        if District.objects.filter(pk=district.pk).exists():
            refuser(empechement_supprimer(ce_qui_retient(district)))
            district.delete()


def _verrouiller(academie: Academie) -> Academie:
    """Alone on the académie's districts, and no import of the register meanwhile."""
    tenue = verrouiller_l_academie(academie)
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_try_advisory_xact_lock_shared(hashtext('importer_annuaire'))")
        refuser(None if curseur.fetchone()[0] else IMPORT_EN_COURS)
    return tenue


def _deplacer(
    prevision: Prevision, maniere: str, auteur: Utilisateur | None, maintenant: datetime.datetime
) -> MouvementDeDistricts:
    academie = prevision.academie
    District.objects.bulk_create(District(academie=academie, nom=nom) for nom in prevision.a_creer)
    connus = districts_par_nom(academie)
    trajets = {
        d.etablissement.pk: (d.avant.pk if d.avant else None, connus[d.apres].pk if d.apres else None)
        for d in prevision.deplacements
    }
    list(Etablissement.objects.select_for_update(no_key=True).filter(pk__in=trajets).order_by("pk").values_list("pk"))
    _ranger({cle: apres for cle, (_, apres) in trajets.items()}, academie)
    suivre_le_district(academie=academie, etablissements=list(trajets), jour=jour_de(academie, maintenant))
    return MouvementDeDistricts.objects.create(
        academie=academie, maniere=maniere, deplacements=trajets, fait_par=auteur, fait_le=maintenant
    )


def _ranger(cibles: Mapping[int, int | None], academie: Academie) -> None:
    """All at once: one statement, of which the history takes its lines."""
    with connection.cursor() as curseur:
        oublier_les_plans(curseur)
        curseur.execute(
            """
            UPDATE socle_etablissement AS ecole SET district_id = cible.district
            FROM unnest(%(ecoles)s::bigint[], %(districts)s::bigint[]) AS cible (ecole, district)
            WHERE ecole.id = cible.ecole AND ecole.academie_id = %(academie)s""",
            {"ecoles": list(cibles), "districts": list(cibles.values()), "academie": academie.pk},
        )
