"""What an académie decides about the figures of its schools."""

from strategie.socle.domain.historique import acte
from strategie.socle.models import Academie, Utilisateur


def ouvrir_la_comparaison(*, academie: Academie, ouverte: bool, auteur: Utilisateur) -> None:
    """Whether each school sees where similar ones stand; asked twice, it is done once."""
    with acte("ouvrir_la_comparaison" if ouverte else "fermer_la_comparaison", auteur):
        changee = Academie.objects.filter(pk=academie.pk).exclude(compare_les_semblables=ouverte)
        changee.update(compare_les_semblables=ouverte)
