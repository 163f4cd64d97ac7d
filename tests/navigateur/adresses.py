"""The site, with a page that breaks down."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from strategie.urls import urlpatterns as adresses_du_site


@login_not_required
def panne(request):
    raise RuntimeError("Panne voulue par un test.")


urlpatterns = [path("panne/", panne), *adresses_du_site]
