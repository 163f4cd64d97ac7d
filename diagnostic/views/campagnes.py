"""The campaigns of an académie."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from diagnostic.domain.campagnes import ouvrir_campagne
from diagnostic.interfaces.formulaires import CampagneForm
from diagnostic.queries.campagnes import annee_a_ouvrir, campagnes_suivies, referentiel_en_vigueur
from strategie.socle.droits import Droit
from strategie.socle.queries.academies import academies_confiees


@require_http_methods(["GET", "HEAD", "POST"])
def campagnes(request: HttpRequest) -> HttpResponse:
    """Those of the person's académies, and the form that opens the next one."""
    academies = academies_confiees(request.user, Droit.GERER_CAMPAGNES)
    if not academies:
        raise PermissionDenied("Le rectorat ouvre les campagnes de son académie.")
    initial = {"annee_scolaire": annee_a_ouvrir(academies, timezone.localdate())}
    formulaire = CampagneForm(request.POST or None, academies=academies, initial=initial)
    if request.method == "POST" and formulaire.is_valid() and _ouvrir(request, formulaire):
        messages.success(request, f"La campagne {formulaire.cleaned_data['annee_scolaire']} est ouverte.")
        return redirect("campagnes")
    contexte = {"campagnes": campagnes_suivies(academies), "formulaire": formulaire}
    return render(request, "diagnostic/campagnes.html", contexte, status=422 if formulaire.errors else 200)


def _ouvrir(request: HttpRequest, formulaire: CampagneForm) -> bool:
    referentiel = referentiel_en_vigueur()
    if referentiel is None:
        formulaire.add_error(None, "Aucun référentiel n'est publié\u00a0: demandez-le à l'administrateur technique.")
        return False
    try:
        ouvrir_campagne(**formulaire.cleaned_data, referentiel=referentiel, auteur=request.user)
    except ValidationError as refus:
        for champ, phrases in refus.message_dict.items():
            formulaire.add_error(champ if champ in formulaire.fields else None, phrases)
        return False
    return True
