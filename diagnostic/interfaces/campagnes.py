"""Forms, table and export of campaigns."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from diagnostic.domain.campagnes import Reglages
from diagnostic.models import Campagne, Diagnostic
from diagnostic.models.campagne import FORME_ANNEE
from diagnostic.queries.campagnes import referentiels_proposes
from diagnostic.queries.suivi import SANS_DISTRICT, LigneSuivie
from strategie.socle.interfaces.exports import Colonne
from strategie.socle.models import Academie, District
from strategie.socle.rules import date_en_phrase

JOUR = {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
CORRECTION_MAX = 120
SECONDAIRE = {"th": {"class": "secondaire"}, "td": {"class": "secondaire"}}


def jours_de_correction(**options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label="Jours de correction",
        min_value=0,
        max_value=CORRECTION_MAX,
        help_text="Après la clôture, le temps de rouvrir et de corriger un diagnostic déjà signé.",
        **options,
    )


class CampagneForm(forms.Form):
    """Opening the campaign of an académie."""

    academie = forms.ModelChoiceField(label="Académie", queryset=Academie.objects.none(), empty_label=None)
    annee_scolaire = forms.RegexField(
        label="Année scolaire",
        regex=FORME_ANNEE,
        help_text="Par exemple\u00a0: 2026-2027.",
        error_messages={"invalid": "Écrivez l'année scolaire ainsi\u00a0: 2026-2027."},
    )
    referentiel = forms.ModelChoiceField(
        label="Référentiel",
        queryset=None,
        empty_label=None,
        help_text="La version à laquelle les établissements répondront.",
        error_messages={"required": "Choisissez la version du référentiel."},
    )
    date_ouverture = forms.DateField(
        label="Premier jour pour signer",
        help_text="Les établissements peuvent préparer leurs réponses avant cette ouverture.",
        **JOUR,
    )
    date_cloture = forms.DateField(
        label="Dernier jour pour signer", help_text="Clôture ce jour-là à minuit, heure de l'académie.", **JOUR
    )
    jours_de_correction = jours_de_correction(initial=15)

    def __init__(self, *args: Any, academies: QuerySet[Academie], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["academie"].queryset = academies
        self.fields["referentiel"].queryset = referentiels_proposes(academies)


class ReglagesForm(forms.Form):
    """Changing the dates of a campaign; the opening leaves the form once it has come (`ouverte`)."""

    date_ouverture = forms.DateField(
        label="Premier jour pour signer",
        help_text="Les établissements peuvent préparer leurs réponses avant cette ouverture.",
        **JOUR,
    )
    date_cloture = forms.DateField(
        label="Dernier jour pour signer", help_text="Clôture ce jour-là à minuit, heure de l'académie.", **JOUR
    )
    jours_de_correction = jours_de_correction()

    def __init__(self, *args: Any, campagne: Campagne, ouverte: bool, **kwargs: Any) -> None:
        self.campagne = campagne
        actuels = {champ: getattr(campagne, champ) for champ in self.base_fields}
        super().__init__(*args, initial=actuels, **kwargs)
        if ouverte:
            del self.fields["date_ouverture"]

    @property
    def reglages(self) -> Reglages:
        return Reglages(**{"date_ouverture": self.campagne.date_ouverture} | self.cleaned_data)


class ChoixDistrict(forms.ModelChoiceField):
    def label_from_instance(self, district: District) -> str:
        return f"{district.nom} ({district.concernes} établissement{'s' if district.concernes > 1 else ''})"


class ProlongationForm(forms.Form):
    """Giving a district more time."""

    district = ChoixDistrict(label="District", queryset=District.objects.none(), empty_label="Choisissez")
    date_cloture = forms.DateField(
        label="Nouveau dernier jour pour signer", help_text="Clôture ce jour-là à minuit, heure de l'académie.", **JOUR
    )
    motif = forms.CharField(
        label="Pourquoi\u00a0?",
        max_length=300,
        help_text="Par exemple\u00a0: passage d'un cyclone. Gardé dans l'historique de la campagne.",
    )

    def __init__(self, *args: Any, districts: QuerySet[District], libelle: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["district"].queryset = districts
        self.fields["district"].label = libelle.capitalize()


class FiltreSuiviForm(forms.Form):
    """What to keep of the list; what cannot be understood keeps everything."""

    q = forms.CharField(label="Nom, commune ou UAI", max_length=100, required=False)
    etat = forms.ChoiceField(label="État", required=False)
    district = forms.ChoiceField(label="District", required=False)

    def __init__(self, donnees: Any, *, districts: Iterable[District], libelle: str) -> None:
        super().__init__(donnees)
        self.fields["etat"].choices = [("", "Tous"), *Diagnostic.Etat.choices]
        self.fields["district"].label = libelle.capitalize()
        self.fields["district"].choices = [
            ("", "Tous"),
            *((str(district.pk), district.nom) for district in districts),
            (SANS_DISTRICT, f"Sans {libelle}"),
        ]
        for champ in self.fields.values():
            sorte = "form-select" if isinstance(champ, forms.ChoiceField) else "form-control recherche"
            champ.widget.attrs["class"] = sorte
        self.fields["q"].widget.input_type = "search"
        if self.errors:
            self.data = self.cleaned_data
            self.full_clean()

    @property
    def filtres(self) -> dict[str, str]:
        lus = self.cleaned_data
        return {"texte": lus.get("q", ""), "etat": lus.get("etat", ""), "district": lus.get("district", "")}


class TableSuivi(tables.Table):
    """The schools of a campaign, by name: never a ranking."""

    caption = "Par ordre alphabétique\u00a0; les brouillons ne se lisent que dans leur établissement."
    nom = tables.Column("Établissement", accessor="etablissement__nom", orderable=False)
    commune = tables.Column("Commune", accessor="etablissement__commune", orderable=False, attrs=SECONDAIRE, default="")
    district = tables.Column(
        "District", accessor="etablissement__district__nom", orderable=False, attrs=SECONDAIRE, default=""
    )
    etat = tables.Column("Diagnostic", orderable=False)

    class Meta:
        template_name = "tableaux/tableau.html"
        empty_text = "Aucun établissement ne répond à ces choix. Élargissez-les pour en voir davantage."

    def __init__(self, lignes: Sequence[LigneSuivie], *, campagne: Campagne) -> None:
        self.campagne = campagne
        super().__init__(lignes)
        self.columns["district"].column.verbose_name = campagne.academie.libelle_district.capitalize()

    def render_nom(self, record: LigneSuivie) -> SafeString:
        return format_html(
            '<a href="{}">{}</a> <span class="discret">{}</span>',
            reverse("etablissement", args=[record.etablissement.uai]),
            record.etablissement.nom,
            record.etablissement.uai,
        )

    def render_etat(self, record: LigneSuivie) -> SafeString:
        classe, dit, precision = self._dire(record)
        if record.prolongee_au:
            prolongee = f"prolongé jusqu'au {date_en_phrase(record.prolongee_au)}"
            precision = f"{precision}, {prolongee}" if precision else prolongee
        return format_html(
            '<span class="etiquette {}">{}</span> <span class="discret">{}</span>', classe, dit, precision
        )

    def _dire(self, ligne: LigneSuivie) -> tuple[str, str, str]:
        """The label's colour, its words, and what is said beside it."""
        reponses = f"{ligne.repondus} réponse{'s' if (ligne.repondus or 0) > 1 else ''} sur {ligne.concernes}"
        version, jour = f"version {ligne.version_signee}", jour_de_la_signature(ligne, self.campagne)
        match ligne.etat:
            case Diagnostic.Etat.BROUILLON:
                return "attention", "brouillon", reponses
            case Diagnostic.Etat.SOUMIS:
                return "fait", f"signé le {date_en_phrase(jour)}", version
            case Diagnostic.Etat.ROUVERT:
                return "attention", "rouvert", f"{reponses}, {version} signée le {date_en_phrase(jour)}"
        return "", "à commencer", ""


def colonnes_du_suivi(campagne: Campagne) -> list[Colonne[LigneSuivie]]:
    """The same follow-up for a spreadsheet, with what a reminder needs."""

    def date(jour: datetime.date | None) -> str:
        return f"{jour:%d/%m/%Y}" if jour else ""

    return [
        Colonne("Établissement", lambda ligne: ligne.etablissement.nom),
        Colonne("UAI", lambda ligne: ligne.etablissement.uai),
        Colonne("Type", lambda ligne: ligne.etablissement.get_type_display()),
        Colonne("Commune", lambda ligne: ligne.etablissement.commune),
        Colonne(campagne.academie.libelle_district.capitalize(), lambda ligne: str(ligne.etablissement.district or "")),
        Colonne("Courriel", lambda ligne: ligne.etablissement.courriel),
        Colonne("Diagnostic", lambda ligne: Diagnostic.Etat(ligne.etat).label),
        Colonne("Réponses", lambda ligne: ligne.repondus),
        Colonne("Questions", lambda ligne: ligne.concernes),
        Colonne("Version signée", lambda ligne: ligne.version_signee),
        Colonne("Signé le", lambda ligne: date(jour_de_la_signature(ligne, campagne))),
        Colonne("Dernier jour pour signer", lambda ligne: date(ligne.prolongee_au or campagne.date_cloture)),
    ]


def jour_de_la_signature(ligne: LigneSuivie, campagne: Campagne) -> datetime.date | None:
    """Where the school is."""
    return timezone.localdate(ligne.signee_le, campagne.academie.zone) if ligne.signee_le else None
