"""The door of the diagnostic's pages."""

from django.http import Http404, HttpRequest, QueryDict
from django.utils import timezone

from diagnostic.models import Diagnostic
from diagnostic.queries.acces import diagnostics_a_la_porte
from strategie.socle.droits import Droit
from strategie.socle.views.acces import admettre, refuser_l_acces


def diagnostic_ou_404(request: HttpRequest, uai: str, annee: str, droit: Droit) -> Diagnostic:
    """The school's diagnostic of the year, once begun, with the rights of the person asking and the champs that are
    confided to them (`mes_champs`), in one query.
    """
    trouves = diagnostics_a_la_porte(utilisateur=request.user.pk, jour=timezone.localdate(), uai=uai, annee=annee)
    diagnostic = next(iter(trouves), None)
    if diagnostic is None or not diagnostic.mes_roles:
        raise Http404("Ce diagnostic n'est pas dans votre périmètre.")
    etablissement = diagnostic.etablissement
    etablissement.mes_roles = diagnostic.mes_roles
    admettre(etablissement, droit)
    return diagnostic


def autre_version(donnees: QueryDict, diagnostic: Diagnostic) -> bool:
    """Whether the page was opened before its campaign moved to another version: its questions were not these."""
    return donnees.get("referentiel", str(diagnostic.referentiel_id)) != str(diagnostic.referentiel_id)


def peut_repondre(diagnostic: Diagnostic, champ: str) -> bool:
    """Whether the person for whom the diagnostic was fetched may answer this champ (its code)."""
    droits = diagnostic.etablissement.droits
    return Droit.REPONDRE in droits or (Droit.REPONDRE_CONFIE in droits and champ in diagnostic.mes_champs)


def sa_part(diagnostic: Diagnostic) -> list[str]:
    """The codes of the champs that are confided to the person, and that they may answer."""
    return [code for code in diagnostic.mes_champs if peut_repondre(diagnostic, code)]


def exiger_de_repondre(diagnostic: Diagnostic, champ: str) -> None:
    """403 unless the person may answer this champ."""
    if not peut_repondre(diagnostic, champ):
        raison = "Ce champ ne vous est pas confié : le chef d'établissement peut vous le confier."
        refuser_l_acces(diagnostic.etablissement, Droit.REPONDRE_CONFIE, raison)
