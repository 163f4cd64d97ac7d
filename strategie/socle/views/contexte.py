"""What every request carries."""

import pghistory
from django.utils import timezone


class HeureLocaleMiddleware:
    """A school's page tells the time of its académie (`timezone.activate` at its door), and the next page its own."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with timezone.override(None):
            return self.get_response(request)


class PagesPriveesMiddleware:
    """What a signed-in person reads stays in no proxy, nor in a browser that somebody else uses after her."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        reponse = self.get_response(request)
        if request.user.is_authenticated and not reponse.has_header("Cache-Control"):
            reponse["Cache-Control"] = "private, no-store"
        return reponse


class HistoriqueMiddleware:
    """Whatever a request writes is traced as coming from a screen."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return self.get_response(request)
        with pghistory.context(source="écran"):
            return self.get_response(request)
