"""What the import commands of this app share: whose file it is, and who brings it."""

from __future__ import annotations

import datetime

from django.core.management.base import CommandParser

from strategie.socle.domain.comptes import droits_sur
from strategie.socle.droits import Droit
from strategie.socle.interfaces.imports import CommandeImport, FichierRefuse
from strategie.socle.models import Etablissement, Utilisateur
from strategie.socle.queries.equipe import chefs, compte_de


class CommandeImportDEcole(CommandeImport):
    """`droit`: what its author may do; `de_quoi`: what it brings, in words."""

    droit: Droit
    de_quoi: str

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--uai", required=True, help=f"établissement dont c'est {self.de_quoi}")
        parser.add_argument("--compte", default="", help="adresse de qui importe ; sinon, le chef d'établissement")

    def etablissement(self, uai: str) -> Etablissement:
        trouve: Etablissement | None = Etablissement.objects.select_related("academie").filter(uai=uai.upper()).first()
        if trouve is None:
            raise FichierRefuse(f"Aucun établissement n'a l'UAI « {uai} ».")
        return trouve

    def auteur(self, etablissement: Etablissement, compte: str, jour: datetime.date) -> Utilisateur:
        """Every act has an author."""
        if compte:
            auteur: Utilisateur | None = compte_de(compte)
            if auteur is None or self.droit not in droits_sur(etablissement, auteur):
                raise FichierRefuse(
                    f"« {compte} » n'est pas l'adresse de qui tient {self.de_quoi} de cet établissement."
                )
            return auteur
        en_charge = chefs(etablissement, jour).first()
        if en_charge is None:
            raise FichierRefuse("Cet établissement n'a pas de chef : dites qui importe, avec --compte.")
        return en_charge.utilisateur
