"""Views that break each promise, to show that the strict client sees it."""

from contextlib import suppress

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.template import Context, Engine
from django.urls import include, path

from strategie.socle.models import Academie, Affectation, Utilisateur
from strategie.urls import urlpatterns as adresses_du_site

PAGE = (
    '<!doctype html><html lang="fr"><head><title>Essai</title></head><body>'
    '<a href="#contenu">Aller au contenu</a><main id="contenu"><h1>Essai</h1>{}</main></body></html>'
)


def bonne(request):
    return HttpResponse(PAGE.format("<p>Rien à dire.</p>"))


def ecrit(request):
    Academie.objects.update(nom="Autre")
    return HttpResponse(PAGE.format(""))


def ecrit_en_silence(request):
    with suppress(AssertionError):
        Academie.objects.update(nom="Autre")
    return HttpResponse(PAGE.format(""))


def verrouille(request):
    with transaction.atomic():
        list(Academie.objects.select_for_update())
    return HttpResponse(PAGE.format(""))


def bavarde(request):
    for numero in range(13):
        Academie.objects.filter(pk=numero).exists()
    return HttpResponse(PAGE.format(""))


def ligne_a_ligne(request):
    noms = [affectation.utilisateur.last_name for affectation in Affectation.objects.all()]
    return HttpResponse(PAGE.format(f"<p>{len(noms)}</p>"))


def sans_entete(request):
    reponse = HttpResponse(PAGE.format(""))
    reponse["X-Content-Type-Options"] = "autre"
    return reponse


def politique_ouverte(request):
    reponse = HttpResponse(PAGE.format(""))
    reponse["Content-Security-Policy"] = "default-src 'none'; script-src 'unsafe-inline'"
    return reponse


def fautive(request):
    return HttpResponse(PAGE.format("<button>Sans type</button>"))


def variable_absente(request):
    moteur = Engine(string_if_invalid=settings.TEMPLATES[0]["OPTIONS"].get("string_if_invalid", ""))
    return HttpResponse(PAGE.format(moteur.from_string("<p>{{ rien.du.tout }}</p>").render(Context())))


def en_flux(request):
    return StreamingHttpResponse(["a;b\n"], content_type="text/csv")


def compte(request):
    return HttpResponse(PAGE.format(f"<p>{Utilisateur.objects.count()}</p>"))


VUES = [bonne, ecrit, ecrit_en_silence, verrouille, bavarde, ligne_a_ligne, sans_entete, politique_ouverte]
VUES += [fautive, variable_absente, en_flux, compte]
fautes = [path(f"{vue.__name__}/", login_not_required(vue), name=vue.__name__) for vue in VUES]
urlpatterns = [path("fautes/", include(fautes)), *adresses_du_site]
