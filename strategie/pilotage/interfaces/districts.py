"""Forms and files by which districts are made and drawn. Saves nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db.models import QuerySet

from plans.interfaces.besoins import Phrase
from strategie.socle.interfaces.annuaire import lire_uai
from strategie.socle.interfaces.classeurs import lire_feuilles, lire_tableau
from strategie.socle.interfaces.fichiers import CONTROLES
from strategie.socle.interfaces.imports import Colonne, FichierRefuse, Format, Refus, ValeurRefusee, clef, refus
from strategie.socle.models import Academie, Departement, District, Etablissement, MouvementDeDistricts, Utilisateur
from strategie.socle.queries.districts import NOM_MAX, Choix, connus_du_registre, districts_par_nom, ecoles_par_uai
from strategie.socle.rules import decimal_en_phrase, nom_lu

JOUR = {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
UAIS_MAX = 10_000
REFUS_MONTRES = 50
INCONNU = "aucun établissement de votre académie n'a cet UAI."
TYPES = Etablissement.Type.choices


def _nom(libelle: str) -> Phrase:
    return Phrase(
        label=libelle,
        max_length=NOM_MAX,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        error_messages={"required": "Donnez un nom.", "max_length": f"Ce nom dépasse {NOM_MAX} caractères."},
    )


class NomForm(forms.Form):
    nom = _nom("Nom")


class LibelleForm(forms.Form):
    """How an académie calls its districts."""

    libelle = Phrase(
        label="Au singulier",
        max_length=30,
        help_text="District, bassin, circonscription, réseau…",
        error_messages={"required": "Écrivez le mot de votre académie.", "max_length": "30 caractères au plus."},
    )
    pluriel = Phrase(
        label="Au pluriel (facultatif)",
        max_length=30,
        required=False,
        help_text="S'il ne prend pas seulement un «\u00a0s\u00a0»\u00a0: réseaux.",
        error_messages={"max_length": "30 caractères au plus."},
    )
    feminin = forms.BooleanField(
        label="Ce mot est féminin", required=False, help_text="On dira alors «\u00a0une circonscription\u00a0»."
    )


class AnimateurForm(forms.Form):
    """Somebody whom the rectorat knows already, or an exact address."""

    personne = forms.ModelChoiceField(
        label="Une personne qui a déjà un rôle dans l'académie",
        queryset=Utilisateur.objects.none(),
        required=False,
        empty_label="Choisissez, ou donnez une adresse plus bas",
    )
    email = forms.EmailField(
        label="Ou son adresse électronique professionnelle",
        max_length=254,
        required=False,
        help_text="Exactement celle de son compte, si elle en a un. Elle reçoit un message.",
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    prenom = Phrase(label="Prénom", max_length=80, required=False, help_text="Si elle n'a pas encore de compte.")
    nom = Phrase(label="Nom", max_length=80, required=False, help_text="Si elle n'a pas encore de compte.")
    debut = forms.DateField(label="Premier jour", **JOUR)

    def __init__(self, *args: Any, personnes: QuerySet[Utilisateur], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["personne"].queryset = personnes

    def clean(self) -> dict[str, Any]:
        lu = super().clean() or {}
        if bool(lu.get("personne")) == bool(lu.get("email")) and "email" not in self.errors:
            self.add_error(
                "email" if lu.get("email") else "personne",
                "Choisissez une personne ou donnez une adresse, pas les deux."
                if lu.get("email")
                else "Choisissez une personne, ou donnez une adresse.",
            )
        return lu


class FinForm(forms.Form):
    dernier = forms.DateField(
        label="Dernier jour (facultatif)",
        required=False,
        help_text="Sans date, l'accès se retire tout de suite.",
        **JOUR,
    )


class ChoixForm(forms.Form):
    """What to keep of the schools; what cannot be understood keeps everything, and it is said."""

    q = forms.CharField(label="Nom, commune ou UAI", max_length=100, required=False)
    type = forms.ChoiceField(label="Type", required=False, choices=[("", "Tous"), *TYPES])
    departement = forms.ChoiceField(label="Département", required=False)
    ou = forms.ChoiceField(label="Aujourd'hui", required=False)

    def __init__(
        self, donnees: Any, *, academie: Academie, departements: Iterable[Departement], districts: Iterable[District]
    ) -> None:
        super().__init__(donnees)
        self.fields["departement"].choices = [("", "Tous"), *((un.code, str(un)) for un in departements)]
        self.fields["ou"].choices = [
            ("", "Partout"),
            ("sans", f"Sans {academie.nommer_un_district()}"),
            *((str(un.pk), un.nom) for un in districts),
        ]
        for champ in self.fields.values():
            liste = isinstance(champ, forms.ChoiceField)
            champ.widget.attrs["class"] = "form-select" if liste else "form-control recherche"
        self.fields["q"].widget.input_type = "search"
        self.ignores = [self.fields[champ].label for champ in self.errors]
        if self.errors:
            self.data = self.cleaned_data
            self.full_clean()

    @property
    def choix(self) -> Choix:
        lu = self.cleaned_data
        return Choix(**lu | {"q": lu["q"].replace("\x00", "")})


class UaisForm(forms.Form):
    """UAIs pasted from anywhere."""

    uais = forms.CharField(
        label="UAI des établissements",
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
        help_text="Séparés par des espaces, des virgules ou des retours à la ligne.",
        error_messages={"required": "Collez au moins un UAI."},
    )

    def __init__(self, *args: Any, academie: Academie, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.academie = academie

    def clean_uais(self) -> list[int]:
        """Keys of the schools; every wrong UAI is said at once."""
        lus: dict[str, str] = {}
        fautes = []
        for mot in re.split(r"[\s,;|]+", self.cleaned_data["uais"].strip()):
            try:
                lus[lire_uai(mot)] = mot
            except ValeurRefusee as refusee:
                fautes.append(f"«\u00a0{mot[:20]}\u00a0»\u00a0: {refusee}")
        if len(lus) > UAIS_MAX:
            raise forms.ValidationError(f"{UAIS_MAX} établissements au plus se rangent à la fois.")
        trouvees = ecoles_par_uai(self.academie, list(lus))
        fautes += [f"«\u00a0{uai}\u00a0»\u00a0: {INCONNU}" for uai in lus if uai not in trouvees]
        if fautes:
            suite = [f"… et {len(fautes) - REFUS_MONTRES} autres."] if len(fautes) > REFUS_MONTRES else []
            raise forms.ValidationError([*fautes[:REFUS_MONTRES], *suite])
        return list(trouvees.values())


class ChoixDeCommunes(forms.MultipleChoiceField):
    """Each as « code|name »; one that the académie does not have brings no school."""

    def valid_value(self, value: str) -> bool:
        return "|" in value and "\x00" not in value

    def clean(self, value: Any) -> list[tuple[str, str]]:
        return [(code, nom) for code, _, nom in (commune.partition("|") for commune in super().clean(value))]


class CommunesForm(forms.Form):
    """Communes, and which of their schools."""

    commune = ChoixDeCommunes(
        label="Communes",
        error_messages={"required": "Cochez au moins une commune.", "invalid_choice": "Choisissez dans la liste."},
    )
    types = forms.MultipleChoiceField(
        label="Types d'établissement",
        choices=TYPES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Gardez au moins un type."},
    )
    libres = forms.BooleanField(required=False)

    def __init__(self, *args: Any, academie: Academie, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["libres"].label = f"Seulement ceux qui n'ont pas encore {academie.nommer_un_district('de')}"


class FichierForm(forms.Form):
    fichier = forms.FileField(
        label="Tableau des établissements (CSV, XLSX ou ODS)",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )
    creer = forms.BooleanField(required=False)

    def __init__(self, *args: Any, academie: Academie, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["creer"].label = f"Créer les {academie.nommer_un_district('pluriel')} qui n'existent pas encore"


class RegistreForm(forms.Form):
    maniere = forms.ChoiceField(label="D'après", widget=forms.RadioSelect)
    types = forms.MultipleChoiceField(
        label="Types d'établissement",
        choices=TYPES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Gardez au moins un type."},
    )
    libres = forms.BooleanField(required=False)

    def __init__(self, *args: Any, academie: Academie, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connus = connus_du_registre(academie)
        noms = {"circonscriptions": "Les circonscriptions du premier degré", "bassins": "Les bassins de formation"}
        self.fields["maniere"].choices = [
            (cle, f"{nom} ({decimal_en_phrase(self.connus[cle])} établissements en ont)")
            for cle, nom in noms.items()
            if self.connus[cle]
        ]
        self.fields["libres"].label = f"Seulement ceux qui n'ont pas encore {academie.nommer_un_district('de')}"


# --- A file -----------------------------------------------------------------------------------------------------------
@dataclass
class LectureDuDessin:
    """The name of the district of each school (by its key), all that is wrong, and how many lines said nothing new."""

    cibles: dict[int, str] = field(default_factory=dict)
    refuses: list[Refus] = field(default_factory=list)
    doubles: int = 0

    @property
    def refus_montres(self) -> Sequence[Refus]:
        return self.refuses[:REFUS_MONTRES]

    @property
    def autres_refus(self) -> int:
        return max(0, len(self.refuses) - REFUS_MONTRES)


def lire_nom(valeur: str) -> str:
    nom = " ".join(valeur.split())
    if not nom:
        raise ValeurRefusee("un nom est attendu.")
    if len(nom) > NOM_MAX:
        raise ValeurRefusee(f"{NOM_MAX} caractères au plus sont attendus.")
    if CONTROLES.search(nom):
        raise ValeurRefusee("ce nom contient un caractère de contrôle.")
    return nom


def format_du_dessin(academie: Academie) -> Format:
    """A UAI and the name of a district, under the académie's own word for it too."""
    mots = ["district", "bassin", "circonscription", clef(academie.libelle_district)]
    noms = dict.fromkeys(mot for mot in mots if mot)
    intitules = " ".join([*noms, *(f"nom_{mot}" for mot in noms), *(f"nom_du_{mot}" for mot in noms)])
    return Format(
        nom="districts",
        cle="ligne",  # two lines of a school are ours to judge
        composer=lambda valeurs: valeurs,
        colonnes=(
            Colonne("uai", "uai numero_uai code_uai identifiant_de_l_etablissement", _uai, True, "UAI"),
            Colonne("district", intitules, lire_nom, True, academie.libelle_district.capitalize()),
        ),
    )


def _uai(valeur: str) -> str:
    return lire_uai(valeur.strip())


def lire_dessin(contenu: bytes, academie: Academie, *, creer: bool) -> LectureDuDessin:
    """All or nothing: with a single refusal, `cibles` is not to be used. Raises FichierRefuse."""
    tableau = lire_tableau(lire_feuilles(contenu), format_du_dessin(academie))
    lecture = LectureDuDessin(refuses=list(tableau.refuses))
    ecoles = ecoles_par_uai(academie, [ligne["uai"] for ligne in tableau.lignes])
    connus = districts_par_nom(academie)
    vues: dict[str, dict[str, Any]] = {}
    for ligne in tableau.lignes:
        uai, nom = ligne["uai"], ligne["district"]
        premiere = vues.setdefault(uai, ligne)
        if uai not in ecoles:
            lecture.refuses.append(refus(ligne["ligne"], "UAI", uai, INCONNU))
        elif nom_lu(premiere["district"]) != nom_lu(nom):
            raison = (
                f"déjà à la ligne {premiere['ligne']}, avec «\u00a0{premiere['district']}\u00a0»\u00a0: choisissez."
            )
            lecture.refuses.append(refus(ligne["ligne"], "UAI", f"{uai}, {nom}", raison))
        elif not creer and nom not in connus and nom_lu(nom) not in connus:
            raison = "ce nom n'existe pas dans votre académie\u00a0: corrigez-le, ou cochez la case qui le crée."
            lecture.refuses.append(refus(ligne["ligne"], academie.libelle_district.capitalize(), nom, raison))
        elif premiere is not ligne:
            lecture.doubles += 1
        lecture.cibles.setdefault(ecoles.get(uai, 0), nom)
    lecture.refuses.sort(key=lambda un: un.ligne)
    if not lecture.cibles and not lecture.refuses:
        raise FichierRefuse("Ce fichier n'a aucune ligne sous ses titres.")
    return lecture


# --- From a forecast to its confirmation ----------------------------------------------------------------------------
def en_texte(cibles: Mapping[str, str]) -> str:
    """What a page carries from the forecast to the confirmation: « UAI, tab, name », a line a school."""
    return "\n".join(f"{uai}\t{nom}" for uai, nom in sorted(cibles.items()))


def du_texte(texte: str) -> dict[str, str]:
    """The same, read again as if a stranger had written it: what is no line of ours is left out."""
    cibles = {}
    for ligne in texte.splitlines()[:UAIS_MAX]:
        uai, _, nom = ligne.partition("\t")
        try:
            cibles[lire_uai(uai)] = lire_nom(nom) if nom.strip() else ""
        except ValeurRefusee:
            continue
    return cibles


def maniere_lue(texte: str) -> str:
    admises = set(MouvementDeDistricts.Maniere.values) - {MouvementDeDistricts.Maniere.ANNULATION}
    return texte if texte in admises else MouvementDeDistricts.Maniere.LISTE
