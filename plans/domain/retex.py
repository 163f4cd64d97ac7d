"""Returns of experience: noted, changed, shared with the district, found useful elsewhere."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from plans.domain.verrou import verrouiller_le_plan
from plans.models import Constat, UtileChezNous
from plans.rules.retex import empechement_dire_utile
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.fusion import Conflit, fusionner
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur

DISPARU = "Ce constat a été mis à la corbeille entre-temps\u00a0: restaurez-le pour le modifier."


@dataclass(frozen=True)
class SaisieConstat:
    """What a sheet says."""

    sens: str
    theme: str
    source: str
    texte: str
    lien: str
    partage: str


def lire_constat(constat: Constat) -> SaisieConstat:
    return SaisieConstat(**{champ.name: getattr(constat, champ.name) for champ in fields(SaisieConstat)})


def noter_constat(
    *,
    etablissement: Etablissement,
    saisie: SaisieConstat,
    cle: uuid.UUID,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Constat:
    """A form sent twice (same `cle`) is one constat. Raises Empeche."""
    jour = maintenant.astimezone(etablissement.academie.zone).date()
    with acte("noter_constat", auteur):
        verrouiller_le_plan(etablissement)
        constat, _ = Constat.objects.get_or_create(
            cle=cle,
            etablissement=etablissement,
            defaults=asdict(saisie)
            | {
                "annee_scolaire": annee_scolaire(jour),
                "cree_par": auteur,
                "cree_le": maintenant,
                "modifie_le": maintenant,
            },
        )
    return constat


def modifier_constat(
    *,
    constat: Constat,
    base: SaisieConstat,
    saisie: SaisieConstat,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Mapping[str, Conflit]:
    """`base` is what the form showed; what two people changed alike is given back, and nothing is written. Raises
    Empeche.
    """
    with acte("modifier_constat", auteur):
        verrouiller_le_plan(constat.etablissement)
        tenu = Constat.objects.vivants().select_for_update().filter(pk=constat.pk).first()
        if tenu is None:
            raise Empeche(DISPARU)
        actuel = asdict(lire_constat(tenu))
        fusion = fusionner(asdict(base), asdict(saisie), actuel)
        if fusion.possible and fusion.valeurs != actuel:
            for champ, valeur in fusion.valeurs.items():
                setattr(tenu, champ, valeur)
            tenu.version += 1
            tenu.modifie_le = maintenant
            tenu.save()
    return fusion.conflits


def dire_utile(
    *,
    constat: Constat,
    etablissement: Etablissement,
    utile: bool,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> None:
    """« Utile chez nous », or no more; said twice, it counts once. Raises Empeche."""
    with acte("dire_utile", auteur):
        verrouiller_le_plan(etablissement)
        if utile:
            refuser(empechement_dire_utile(constat, etablissement))
            UtileChezNous.objects.get_or_create(
                constat=constat, etablissement=etablissement, defaults={"dit_par": auteur, "dit_le": maintenant}
            )
        else:
            UtileChezNous.objects.filter(constat=constat, etablissement=etablissement).delete()
