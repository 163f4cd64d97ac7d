"""Tables of the dashboards."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from strategie.socle.droits import Droit, droits_de
from strategie.socle.models import Etablissement
from strategie.socle.rules import date_en_phrase

# Left out of small screens, so that the state of the diagnostic stays in view.
SECONDAIRE = {"th": {"class": "secondaire"}, "td": {"class": "secondaire"}}


def lisible(etablissement: Etablissement) -> bool:
    """Whether the reader's roles there (`mes_roles`) let her know where the diagnostic stands."""
    return Droit.LIRE_DIAGNOSTIC in droits_de(etablissement.mes_roles)


class TableEtablissements(tables.Table):
    """The schools of a perimeter, by name: never a ranking."""

    caption = "Par ordre alphabétique\u00a0; ce tableau n'est pas un classement."
    nom = tables.Column(verbose_name="Établissement", orderable=False)
    commune = tables.Column(verbose_name="Commune", orderable=False, attrs=SECONDAIRE)
    type = tables.Column(verbose_name="Type", orderable=False, attrs=SECONDAIRE)
    etat_diagnostic = tables.Column(verbose_name="Diagnostic de l'année", empty_values=(), orderable=False)

    class Meta:
        template_name = "tableaux/tableau.html"
        empty_text = "Aucun établissement ne répond à cette recherche. Essayez une partie du nom, la commune ou l'UAI."

    def __init__(self, etablissements: list[Etablissement], **options: Any) -> None:
        exclues = () if any(map(lisible, etablissements)) else ("etat_diagnostic",)
        super().__init__(etablissements, exclude=exclues, **options)

    def render_nom(self, record: Etablissement) -> SafeString:
        return format_html(
            '<a href="{}">{}</a> <span class="discret">{}</span>',
            reverse("etablissement", args=[record.uai]),
            record.nom,
            record.uai,
        )

    def render_etat_diagnostic(self, record: Etablissement) -> SafeString:
        if not lisible(record):
            return format_html('<span class="discret">{}</span>', "non communiqué")
        if record.signe_le:
            jour = timezone.localdate(record.signe_le, record.academie.zone)
            return format_html('<span class="etiquette fait">signé le {}</span>', date_en_phrase(jour))
        if record.commence:
            return format_html('<span class="etiquette attention">{}</span>', "brouillon")
        return format_html('<span class="etiquette">{}</span>', "à commencer")
