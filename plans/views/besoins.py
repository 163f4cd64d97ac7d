"""The needs that a school keeps."""

from django.http import HttpRequest, HttpResponse


def besoins(request: HttpRequest, uai: str) -> HttpResponse:
    raise NotImplementedError


def retenir(request: HttpRequest, uai: str) -> HttpResponse:
    raise NotImplementedError


def retirer(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    raise NotImplementedError


def ordre_du_jour(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    raise NotImplementedError
