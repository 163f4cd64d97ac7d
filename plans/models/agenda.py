"""Calendar feeds: a secret link, read by a calendar without an account, that its owner may revoke."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q

from strategie.socle.models import Etablissement, ModelePerimetre, Utilisateur, par_etablissement


@pghistory.track(exclude=["empreinte"])
class LienAgenda(ModelePerimetre):
    """Gives what its owner may still read of a school's plan; the token itself is kept nowhere."""

    PERIMETRE = par_etablissement("etablissement")

    etablissement = models.ForeignKey(
        Etablissement, models.CASCADE, related_name="liens_agenda", verbose_name="établissement"
    )
    utilisateur = models.ForeignKey(Utilisateur, models.CASCADE, related_name="liens_agenda", verbose_name="compte")
    les_miennes = models.BooleanField("seulement les actions de cette personne", default=True)
    empreinte = models.CharField("empreinte du jeton", max_length=64, unique=True, editable=False)
    cree_le = models.DateTimeField("créé le")
    revoque_le = models.DateTimeField("révoqué le", null=True, blank=True)

    class Meta:
        verbose_name = "lien d'agenda"
        verbose_name_plural = "liens d'agenda"
        constraints = [
            models.UniqueConstraint(
                fields=["etablissement", "utilisateur"],
                condition=Q(revoque_le__isnull=True),
                name="lien_agenda_un_seul",
            )
        ]

    def __str__(self) -> str:
        return f"{self.utilisateur_id} · {self.etablissement_id}"
