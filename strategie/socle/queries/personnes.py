"""What the pages say of the person who is signed in."""

from dataclasses import dataclass

from strategie.socle.models import Affectation, Etablissement, Utilisateur


def fonction_affichee(utilisateur: Utilisateur, etablissement: Etablissement | None = None) -> str:
    """Their function in this school when they have one there, else their only function, else their name."""
    actives = list(Affectation.objects.actives().filter(utilisateur=utilisateur))
    ici = [a.intitule for a in actives if etablissement and a.etablissement_id == etablissement.pk]
    intitules = ici or list(dict.fromkeys(a.intitule for a in actives))
    return intitules[0] if len(intitules) == 1 or ici else str(utilisateur)


@dataclass(frozen=True)
class EtablissementsConfies:
    """What a person finds on signing in: one school (its UAI), several or a territory, or nothing."""

    un_seul: str | None
    plusieurs: bool


def etablissements_confies(utilisateur: Utilisateur) -> EtablissementsConfies:
    actives = list(Affectation.objects.actives().filter(utilisateur=utilisateur).select_related("etablissement"))
    uais = {a.etablissement.uai if a.etablissement else None for a in actives}
    return EtablissementsConfies(un_seul=uais.pop() if len(uais) == 1 else None, plusieurs=bool(actives))
