"""Opening a survey and following it."""

from django.http import HttpRequest, HttpResponse


def enquetes(request: HttpRequest, uai: str) -> HttpResponse:
    raise NotImplementedError


def ouvrir(request: HttpRequest, uai: str) -> HttpResponse:
    raise NotImplementedError


def enquete(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    raise NotImplementedError


def modifier(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    raise NotImplementedError


def annuler(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    raise NotImplementedError


def affiche(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    raise NotImplementedError


def coupons(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    raise NotImplementedError


def direction(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    raise NotImplementedError


def qui_a_repondu(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    raise NotImplementedError


def depouiller(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    raise NotImplementedError
