"""The site of Django's admin: for the technical administrator only, by the same door as everybody."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

import pghistory
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator

from strategie.socle.models import ModelePerimetre


class SiteTechnique(AdminSite):
    site_header = "Administration technique de Paliers"
    site_title = "Paliers"
    index_title = "Tables"
    site_url = None  # the administrator has no school to go back to

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Our own tables only: the libraries' are not in French, and e-mail addresses have one place."""
        modeles = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        super().register([m for m in modeles if issubclass(m, ModelePerimetre)], admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_superuser

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponseBase:
        """Sign-in is at `/connexion/`, where attempts are counted."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied("Cette partie est réservée à l'administration technique de Paliers.")
        suite = request.GET.get("next", "")
        return redirect_to_login(suite if suite.startswith("/administration/") else request.path)

    def password_change(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponseBase:
        return redirect("account_change_password")

    def admin_view(self, view: Callable, cacheable: bool = False) -> Callable:
        """History says that it was done here, and by whom."""

        def tracee(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            with pghistory.context(acte="administrer", auteur=request.user.pk):
                return view(request, *args, **kwargs)

        return super().admin_view(update_wrapper(tracee, view), cacheable)
