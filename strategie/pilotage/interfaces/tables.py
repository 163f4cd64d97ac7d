"""Tables of the dashboards."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from strategie.socle.models import Etablissement

# Left out of small screens, so that the state of the diagnostic stays in view.
SECONDAIRE = {"th": {"class": "secondaire"}, "td": {"class": "secondaire"}}


class TableEtablissements(tables.Table):
    """The schools of a perimeter, by name: never a ranking."""

    caption = "Par ordre alphabétique ; ce tableau n'est pas un classement."
    nom = tables.Column(verbose_name="Établissement", orderable=False)
    commune = tables.Column(verbose_name="Commune", orderable=False, attrs=SECONDAIRE)
    type = tables.Column(verbose_name="Type", orderable=False, attrs=SECONDAIRE)
    etat_diagnostic = tables.Column(verbose_name="Diagnostic de l'année", empty_values=(), orderable=False)

    class Meta:
        template_name = "tableaux/tableau.html"
        empty_text = "Aucun établissement ne répond à cette recherche."

    def render_nom(self, record: Etablissement) -> SafeString:
        return format_html(
            '<a href="{}">{}</a> <span class="discret">{}</span>',
            reverse("etablissement", args=[record.uai]),
            record.nom,
            record.uai,
        )

    def render_etat_diagnostic(self, record: Etablissement) -> SafeString:
        if record.signe_le:
            return format_html('<span class="etiquette fait">signé le {}</span>', date_format(record.signe_le))
        if record.commence:
            return format_html('<span class="etiquette attention">{}</span>', "en cours")
        return format_html('<span class="etiquette">{}</span>', "pas commencé")
