"""What every request carries."""

import pghistory
from django.utils import timezone

SANS_TRACE = "/enquete/"
# What tells one visitor from another: gone before any other line of ours runs.
TRACES = (
    *("REMOTE_ADDR", "REMOTE_HOST", "REMOTE_PORT", "REMOTE_USER", "HTTP_COOKIE", "HTTP_USER_AGENT", "HTTP_REFERER"),
    *("HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_ACCEPT_LANGUAGE", "HTTP_AUTHORIZATION"),
)


class SansTraceMiddleware:
    """The pages where teams answer know nothing of who asks: neither address nor browser, session nor cookie."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.sans_trace = request.path_info.startswith(SANS_TRACE) or request.path_info == SANS_TRACE.rstrip("/")
        if not request.sans_trace:
            return self.get_response(request)
        for trace in TRACES:
            request.META.pop(trace, None)
        reponse = self.get_response(request)
        reponse.cookies.clear()
        reponse["Cache-Control"] = "no-store"  # nor does going back show what somebody has ticked
        return reponse


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
        if not request.sans_trace and request.user.is_authenticated and not reponse.has_header("Cache-Control"):
            reponse["Cache-Control"] = "private, no-store"
        return reponse


class HistoriqueMiddleware:
    """Whatever a request writes is traced as coming from a screen; a ballot is not traced."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.sans_trace or request.method in ("GET", "HEAD", "OPTIONS"):
            return self.get_response(request)
        with pghistory.context(source="écran"):
            return self.get_response(request)
