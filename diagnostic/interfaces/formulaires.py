"""Ordinary forms of the diagnostic."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from diagnostic.domain.preuves import Piece
from diagnostic.models.campagne import FORME_ANNEE
from strategie.socle.interfaces.fichiers import TAILLE_MAX, nom_du_type, type_du_contenu
from strategie.socle.models import Academie

INCOMPLETE = "Cette page est incomplète\u00a0: rechargez-la."


class PreuveForm(forms.Form):
    """A proof: a link or a file."""

    intitule = forms.CharField(
        label="Intitulé", max_length=150, help_text="Par exemple\u00a0: charte votée le 12 juin."
    )
    lien = forms.URLField(
        label="Lien",
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text="L'adresse d'un document en ligne, accessible à l'établissement.",
        error_messages={"invalid": "Écrivez une adresse complète, comme https://exemple.fr/charte."},
    )
    fichier = forms.FileField(
        label="Ou un fichier",
        required=False,
        help_text="PDF, image, document bureautique ou texte, 10 Mo au plus. Jamais de données d'élèves.",
    )
    date_piece = forms.DateField(
        label="Date de la pièce", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean_lien(self) -> str:
        lien = self.cleaned_data["lien"]
        if lien and not lien.lower().startswith(("http://", "https://")):
            raise ValidationError("Un lien commence par http:// ou https://.")
        return lien

    def clean_fichier(self) -> Piece | None:
        fichier = self.cleaned_data["fichier"]
        if not fichier:
            return None
        if fichier.size > TAILLE_MAX:
            raise ValidationError("Ce fichier dépasse 10 Mo.")
        contenu = fichier.read()
        type_contenu = type_du_contenu(contenu)
        return Piece(contenu=contenu, nom=nom_du_type(fichier.name, type_contenu), type_contenu=type_contenu)

    def clean(self) -> dict[str, Any]:
        donnees = super().clean()
        if self.errors:
            return donnees
        if bool(donnees["lien"]) == bool(donnees["fichier"]):
            raise ValidationError("Donnez un lien ou un fichier, l'un des deux.")
        return donnees


class SignatureForm(forms.Form):
    """Signing by name, of the version and the content that were shown."""

    nom = forms.CharField(label="Votre prénom et votre nom", max_length=160)
    fonction = forms.CharField(label="Votre fonction", max_length=60)
    confirme = forms.BooleanField(
        label="J'ai relu ces réponses. Elles décrivent l'établissement tel qu'il est aujourd'hui.",
        error_messages={"required": "Cochez cette case pour signer."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, error_messages={"required": INCOMPLETE})
    lu = forms.CharField(widget=forms.HiddenInput, max_length=64, error_messages={"required": INCOMPLETE})


class ReouvertureForm(forms.Form):
    """Opening a signed diagnostic again."""

    motif = forms.CharField(
        label="Pourquoi le rouvrir\u00a0?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Ce motif figurera sur la prochaine version signée. La version signée aujourd'hui reste en archive.",
        error_messages={"required": "Dites pourquoi vous rouvrez ce diagnostic."},
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
    date_ouverture = forms.DateField(
        label="Premier jour pour signer",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Les établissements peuvent préparer leurs réponses avant.",
    )
    date_cloture = forms.DateField(
        label="Dernier jour pour signer",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Jusqu'à minuit, heure de l'académie.",
    )

    def __init__(self, *args: Any, academies: QuerySet[Academie], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["academie"].queryset = academies
