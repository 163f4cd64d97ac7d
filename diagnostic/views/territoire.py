"""What surveys say of a territory, from what schools may show."""

from django.http import HttpRequest, HttpResponse


def territoire(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


def export(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


def comparaison_ouverte(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError
