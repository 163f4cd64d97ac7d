"""Error pages that say what happened and what to do."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render


@login_not_required
def jeton_refuse(request, reason=""):
    """A form sent with an expired or foreign token (403)."""
    return render(request, "erreurs/jeton.html", status=403)
