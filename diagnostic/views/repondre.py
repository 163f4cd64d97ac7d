"""Answering a survey: no account, no cookie, nothing kept of who asks."""

from django.http import HttpRequest, HttpResponse


def entree(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


def questions(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


def envoyer(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


def merci(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


def anonymat(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError
