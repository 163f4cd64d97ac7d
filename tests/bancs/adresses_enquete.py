"""The addresses that the survey's bench serves beside the real ones: the floor it is compared with."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import ensure_csrf_cookie


@ensure_csrf_cookie
def plancher(request: HttpRequest) -> HttpResponse:
    """An empty view: a POST commits one row, and says so. Signs nobody in, as the survey does."""
    if request.method == "POST":
        with connection.cursor() as curseur:
            curseur.execute("INSERT INTO banc_plancher (texte) VALUES (%s)", [request.POST["texte"]])
    return HttpResponse("ok")


plancher.login_required = False
urlpatterns = [path("plancher/", plancher, name="plancher"), path("", include("strategie.urls"))]
