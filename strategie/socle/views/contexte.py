"""What every request carries."""

import pghistory


class HistoriqueMiddleware:
    """Whatever a request writes is traced as coming from a screen."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return self.get_response(request)
        with pghistory.context(source="écran"):
            return self.get_response(request)
