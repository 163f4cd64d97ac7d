"""Who answers what: the form that says it, and the e-mail to those who are confided a champ."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.tasks import task
from django.urls import reverse
from django.utils import timezone

from diagnostic.domain.delegations import Changements, Repartition
from diagnostic.interfaces.formulaires import INCOMPLETE
from diagnostic.models import Delegation
from diagnostic.queries.repartition import Part, part_encore_confiee
from strategie.socle.interfaces.courriels import composer
from strategie.socle.models import Utilisateur

FORME_PART = re.compile(r"([A-Za-z0-9_-]{1,8}):([0-9]{1,18})")


class PartsField(forms.Field):
    """Several « code of the champ:key of the account »; who they are is for the act to check."""

    widget = forms.SelectMultiple

    def clean(self, value: list[str] | None) -> frozenset[Part]:
        formes = [FORME_PART.fullmatch(texte) for texte in value or ()]
        if None in formes:
            raise ValidationError(INCOMPLETE)
        return frozenset(Part(forme[1], int(forme[2])) for forme in formes if forme)


class RepartitionForm(forms.Form):
    """The boxes that are ticked, and those that were when the page was shown."""

    confie = PartsField(required=False)
    vue = PartsField(required=False)

    @property
    def repartition(self) -> Repartition:
        return Repartition(vue=self.cleaned_data["vue"], voulue=self.cleaned_data["confie"])


def phrase_du_fait(changements: Changements, auteur: Utilisateur, libelles: Mapping[str, str]) -> str:
    """What the person has just changed; `libelles`: the champs' names by code."""
    if not changements.ajouts and not changements.retraits:
        return "La répartition n'a pas changé."
    phrases = ["La répartition est enregistrée."]
    prevenus = {d.utilisateur_id: str(d.utilisateur) for d in changements.ajouts if d.utilisateur_id != auteur.pk}
    if prevenus:
        phrases.append(f"{enumerer(prevenus.values())} {'reçoivent' if len(prevenus) > 1 else 'reçoit'} un courriel.")
    for retrait in changements.retraits:
        phrases.append(f"{libelles.get(retrait.champ, retrait.champ)} n'est plus confié à {retrait.utilisateur}.")
    if changements.retraits:
        phrases.append("Paliers n'écrit pas pour un retrait\u00a0: dites-le de vive voix.")
    return " ".join(phrases)


def phrase_entre_temps(changements: Changements, libelles: Mapping[str, str]) -> str:
    """What a colleague had changed since the page was shown, if anything."""
    dits = [
        f"{d.confiee_par} a confié {libelles.get(d.champ, d.champ)} à {d.utilisateur}"
        for d in changements.confies_entre_temps
    ]
    dits += [f"{libelles.get(code, code)} n'est plus confié à {nom}" for code, nom in changements.retires_entre_temps]
    return f"Pendant ce temps, {'\u00a0; '.join(dits)}. Ces changements restent." if dits else ""


def enumerer(mots: Iterable[str]) -> str:
    """« A, B et C »."""
    *debut, dernier = mots
    return f"{', '.join(debut)} et {dernier}" if debut else dernier


def prevenir(ajouts: Iterable[Delegation], auteur: Utilisateur, racine: str) -> None:
    """One e-mail a person, by the background worker; nobody writes to themselves. `racine` is the site's address."""
    par_personne: dict[int, list[int]] = defaultdict(list)
    for delegation in ajouts:
        if delegation.utilisateur_id != auteur.pk:
            par_personne[delegation.utilisateur_id].append(delegation.pk)
    for cles in par_personne.values():
        transaction.on_commit(partial(envoyer_champs_confies.enqueue, cles, racine))


@task()
def envoyer_champs_confies(delegations: list[int], racine: str) -> None:
    """Nothing is sent to somebody who has lost the champs, or their access, meanwhile."""
    part = part_encore_confiee(delegations, timezone.now())
    if part is None:
        return
    lien = f"{racine.rstrip('/')}{reverse('diagnostic', args=[part.diagnostic.etablissement.uai])}"
    contexte: dict[str, Any] = {"part": part, "diagnostic": part.diagnostic, "lien": lien}
    composer("courriels/champs_confies", part.personne.email, **contexte).send()
