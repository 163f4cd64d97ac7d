"""The journal of a school: visits and advice, each line kept by the person who wrote it."""

import datetime
import uuid
from dataclasses import asdict, dataclass

from diagnostic.models import Visite
from diagnostic.rules import empechement_modifier_visite, empechement_noter_visite
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur
from strategie.socle.rules import empechement_ecrire

DEJA_NOTEE = (
    "Une ligne a déjà été notée depuis cette page, avec un autre texte. S'il s'agit d'une autre visite, enregistrez "
    "de nouveau ; sinon, modifiez la ligne du journal."
)
RETIREE = "Cette ligne du journal a été retirée entre-temps."


@dataclass(frozen=True)
class SaisieVisite:
    """What a form says of a visit."""

    date: datetime.date
    forme: str
    objet: str
    conseil: str

    def dit_comme(self, visite: Visite) -> bool:
        return asdict(self) == {nom: getattr(visite, nom) for nom in asdict(self)}


@dataclass(frozen=True)
class VisiteChangee:
    """The line has changed since the page was opened: nothing was written, both sayings are at hand."""

    actuelle: Visite


def noter_visite(
    *,
    etablissement: Etablissement,
    saisie: SaisieVisite,
    cle: uuid.UUID,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Visite:
    """Add a line; a form sent twice (same `cle`, same words) is one line. Raises Empeche."""
    refuser(empechement_ecrire(etablissement))
    refuser(empechement_noter_visite(saisie.date, _aujourd_hui(etablissement, maintenant)))
    with acte("noter_visite", auteur):
        visite, creee = Visite.objects.get_or_create(
            cle=cle,
            defaults=asdict(saisie) | {"etablissement": etablissement, "auteur": auteur, "notee_le": maintenant},
        )
        meme_envoi = (visite.etablissement_id, visite.auteur_id) == (etablissement.pk, auteur.pk)
        if not creee and not (meme_envoi and saisie.dit_comme(visite)):
            raise Empeche(DEJA_NOTEE)
    return visite


def modifier_visite(
    *, visite: Visite, saisie: SaisieVisite, version: int, auteur: Utilisateur, maintenant: datetime.datetime
) -> Visite | VisiteChangee:
    """Change a line of one's own, when it is still at `version`. Raises Empeche."""
    refuser(empechement_noter_visite(saisie.date, _aujourd_hui(visite.etablissement, maintenant)))
    with acte("modifier_visite", auteur):
        actuelle = _sienne(visite, auteur)
        if saisie.dit_comme(actuelle):
            return actuelle
        if actuelle.version != version:
            return VisiteChangee(actuelle)
        for nom, valeur in asdict(saisie).items():
            setattr(actuelle, nom, valeur)
        actuelle.version += 1
        actuelle.save()
    return actuelle


def retirer_visite(*, visite: Visite, auteur: Utilisateur) -> None:
    """Take a line of one's own away; the history keeps it. Raises Empeche."""
    with acte("retirer_visite", auteur):
        _sienne(visite, auteur).delete()


def _sienne(visite: Visite, auteur: Utilisateur) -> Visite:
    """The line as it is now, held until the end of the transaction."""
    refuser(empechement_ecrire(visite.etablissement))
    actuelle = Visite.objects.select_for_update().filter(pk=visite.pk).first()
    if actuelle is None:
        raise Empeche(RETIREE)
    refuser(empechement_modifier_visite(actuelle, auteur))
    return actuelle


def _aujourd_hui(etablissement: Etablissement, maintenant: datetime.datetime) -> datetime.date:
    return maintenant.astimezone(etablissement.academie.zone).date()
