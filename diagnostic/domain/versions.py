"""A new version of the référentiel: a copy that one works on, published once whole, and never changed afterwards."""

import datetime

from diagnostic.models import (
    Champ,
    Correspondance,
    Indicateur,
    Palier,
    Referentiel,
    ReglePlausibilite,
)
from diagnostic.queries.referentiels import defauts_de_publication, empreinte_de_la_suite, numero_suivant, suite_de
from strategie.socle.domain.empechement import Empeche
from strategie.socle.domain.historique import acte
from strategie.socle.models import Academie, ModelePerimetre, Utilisateur

RELIRE_LA_VERSION = (
    "Quelqu'un a modifié ce brouillon depuis que vous avez ouvert cette page. Relisez ce qui change, puis publiez."
)


def preparer_version(*, precedent: Referentiel, academie: Academie, auteur: Utilisateur) -> Referentiel:
    """The académie's draft of the version after `precedent`: a copy in which everything is « conservé ».

    Asked twice, it gives the same draft. Raises Empeche when `precedent` is not published.
    """
    if not precedent.publie:
        raise Empeche(f"« {precedent} » n'est pas publiée\u00a0: c'est elle qu'il faut modifier.")
    with acte("preparer_version", auteur):
        Academie.objects.select_for_update().get(pk=academie.pk)  # two clicks make one draft
        brouillons = Referentiel.objects.filter(academie=academie, precedent=precedent, publie_le__isnull=True)
        return brouillons.first() or _copier(precedent, academie)


def publier_version(
    *, referentiel: Referentiel, auteur: Utilisateur | None, maintenant: datetime.datetime, lu: str | None = None
) -> Referentiel:
    """Lock the version: campaigns may use it from now on. Raises Empeche, which names everything that is wrong.

    `lu`, when a person asks: the fingerprint of what they were shown; nothing else is published.
    """
    with acte("publier_version", auteur):
        verrouille = (
            Referentiel.objects.select_for_update(of=("self",)).select_related("precedent").get(pk=referentiel.pk)
        )
        if verrouille.publie:
            return verrouille
        suite = suite_de(verrouille)
        if lu is not None and lu != empreinte_de_la_suite(suite):
            raise Empeche(RELIRE_LA_VERSION)
        if defauts := defauts_de_publication(suite):
            raise Empeche("\n".join(defauts))
        verrouille.publie_le = maintenant
        verrouille.save(update_fields=["publie_le"])
    return verrouille


def supprimer_brouillon(*, referentiel: Referentiel, auteur: Utilisateur) -> None:
    """Give up a draft. Raises Empeche once it is published."""
    with acte("supprimer_brouillon", auteur):
        verrouille = Referentiel.objects.select_for_update(of=("self",)).filter(pk=referentiel.pk).first()
        if verrouille is None:
            return
        if verrouille.publie:
            raise Empeche("Cette version est publiée\u00a0: elle ne se supprime plus.")
        verrouille.delete()


def _copier(precedent: Referentiel, academie: Academie) -> Referentiel:
    brouillon = Referentiel.objects.create(
        academie=academie,
        precedent=precedent,
        code=precedent.code,
        version=numero_suivant(precedent, academie),
        titre=precedent.titre,
        seuil=precedent.seuil,
        part_inconnue_max=precedent.part_inconnue_max,
    )
    Palier.objects.bulk_create(_copie(palier, referentiel=brouillon) for palier in precedent.paliers.all())
    champs = {
        champ.code: champ
        for champ in Champ.objects.bulk_create(_copie(c, referentiel=brouillon) for c in precedent.champs.all())
    }
    anciens = list(Indicateur.objects.filter(referentiel=precedent).select_related("champ"))
    nouveaux = Indicateur.objects.bulk_create(
        _copie(ancien, referentiel=brouillon, champ=champs[ancien.champ.code]) for ancien in anciens
    )
    Correspondance.objects.bulk_create(
        Correspondance(referentiel=brouillon, nature=Correspondance.Nature.CONSERVE, ancien=ancien, nouveau=nouveau)
        for ancien, nouveau in zip(anciens, nouveaux, strict=True)
    )
    par_code = {indicateur.code: indicateur for indicateur in nouveaux}
    regles = ReglePlausibilite.objects.filter(referentiel=precedent).select_related("si", "alors")
    ReglePlausibilite.objects.bulk_create(
        _copie(regle, referentiel=brouillon, si=par_code[regle.si.code], alors=par_code[regle.alors.code])
        for regle in regles
    )
    return brouillon


def _copie[M: ModelePerimetre](modele: M, **autres: object) -> M:
    """The same row, not yet saved, but for `autres`."""
    valeurs = {
        champ.name: getattr(modele, champ.name)
        for champ in modele._meta.fields
        if not champ.primary_key and champ.name not in autres
    }
    return type(modele)(**valeurs, **autres)
