"""Year on year, with similar schools, and « what if »."""

from django.http import HttpRequest, HttpResponse


def comparer(request: HttpRequest, uai: str) -> HttpResponse:
    raise NotImplementedError


def nommer(request: HttpRequest, uai: str) -> HttpResponse:
    raise NotImplementedError


def retirer_nom(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    raise NotImplementedError


def semblables(request: HttpRequest, uai: str) -> HttpResponse:
    raise NotImplementedError


def et_si(request: HttpRequest, uai: str, annee: str) -> HttpResponse:
    raise NotImplementedError


def calculs(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError
