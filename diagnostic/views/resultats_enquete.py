"""The results of a survey, once its urn is open."""

from django.http import HttpRequest, HttpResponse


def resultats(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    raise NotImplementedError


def pdf(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    raise NotImplementedError


def export(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    raise NotImplementedError


def expressions(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    raise NotImplementedError
