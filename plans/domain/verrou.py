"""One act at a time on what a school's plan counts."""

from strategie.socle.domain.empechement import refuser
from strategie.socle.models import Etablissement
from strategie.socle.rules import empechement_ecrire


def verrouiller_le_plan(etablissement: Etablissement) -> None:
    """Until the end of the transaction; asked again inside it, it is held already. What writes a plan passes here, or
    holds an action of it: Empeche is raised in a school that is closed.
    """
    [tenu] = Etablissement.objects.select_for_update(no_key=True).filter(pk=etablissement.pk)
    refuser(empechement_ecrire(tenu))
