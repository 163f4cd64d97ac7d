"""Error pages that say what happened and what to do."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


@login_not_required
def jeton_refuse(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form sent with an expired or foreign token; or so big that its token was not read."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return render(request, "erreurs/trop_gros.html", status=413)
    return render(request, "erreurs/jeton.html", status=403)


def demande_refusee(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own looks for the token in what was sent, and falls when that is just what cannot be read."""
    return HttpResponse(render_to_string("400.html"), status=400)
