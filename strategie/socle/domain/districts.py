"""Districts: made, named, given to animateurs. Which schools they hold is drawn by `pilotage.domain.districts`."""

from __future__ import annotations

import datetime

from strategie.socle.domain.comptes import jour
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.historique import acte
from strategie.socle.droits import Role
from strategie.socle.models import Academie, Affectation, District, Utilisateur
from strategie.socle.queries import districts as lecture
from strategie.socle.queries.equipe import compte_de
from strategie.socle.rules import (
    empechement_confier_un_district,
    empechement_finir_un_role,
    empechement_nommer_un_district,
    nom_lu,
)

CHANGE_ENTRE_TEMPS = "Un collègue vient de changer ce nom en «\u00a0{nom}\u00a0». Relisez, puis enregistrez."


def verrouiller_l_academie(academie: Academie) -> Academie:
    """Its districts are made and drawn one act at a time."""
    return Academie.objects.select_for_update(no_key=True).get(pk=academie.pk)


def creer_district(*, academie: Academie, nom: str, auteur: Utilisateur) -> District:
    with acte("creer_district", auteur):
        verrouiller_l_academie(academie)
        nom = nom.strip()
        refuser(empechement_nommer_un_district(nom, _homonyme(academie, nom)))
        return District.objects.create(academie=academie, nom=nom)


def renommer_district(*, district: District, vu: str, nom: str, auteur: Utilisateur) -> None:
    """`vu`: the name that the person was shown. Giving it the name that it has changes nothing."""
    with acte("renommer_district", auteur):
        verrouiller_l_academie(district.academie)
        tenu, nom = District.objects.get(pk=district.pk), nom.strip()
        if tenu.nom == nom:
            return
        refuser(None if tenu.nom == vu else CHANGE_ENTRE_TEMPS.format(nom=tenu.nom))
        refuser(empechement_nommer_un_district(nom, _homonyme(tenu.academie, nom, sauf=tenu)))
        tenu.nom = nom
        tenu.save(update_fields=["nom"])


def _homonyme(academie: Academie, nom: str, sauf: District | None = None) -> str | None:
    autres = District.objects.filter(academie=academie)
    return next((autre.nom for autre in autres if autre != sauf and nom_lu(autre.nom) == nom_lu(nom)), None)


def nommer_les_districts(*, academie: Academie, libelle: str, pluriel: str, feminin: bool, auteur: Utilisateur) -> None:
    """The word that the académie's people read. Kept in lower case: sentences give it its capital."""
    with acte("nommer_les_districts", auteur):
        tenue = verrouiller_l_academie(academie)
        tenue.libelle_district, tenue.libelle_districts = _minuscule(libelle), _minuscule(pluriel)
        tenue.libelle_feminin = feminin
        tenue.save(update_fields=["libelle_district", "libelle_districts", "libelle_feminin"])


def _minuscule(mot: str) -> str:
    """« Bassin » → « bassin », « REP » as it is."""
    mot = mot.strip()
    return mot if mot[1:2].isupper() else mot[:1].lower() + mot[1:]


# --- Animateurs -----------------------------------------------------------------------------------------------------
def confier_a_un_compte(
    *,
    district: District,
    personne: Utilisateur,
    debut: datetime.date,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Affectation:
    """The role of animateur there, from a day on."""
    with acte("confier_district", auteur):
        tenu = District.objects.select_for_update(no_key=True).get(pk=district.pk)
        aujourd_hui = jour(maintenant)
        deja = lecture.role_a_venir_ou_tenu(tenu, personne, min(debut, aujourd_hui)).exists()
        refuser(
            empechement_confier_un_district(deja=deja, debut=debut, aujourd_hui=aujourd_hui, actif=personne.is_active)
        )
        return Affectation.objects.create(utilisateur=personne, role=Role.ANIMATEUR, district=tenu, debut=debut)


def confier_par_adresse(
    *,
    district: District,
    email: str,
    prenom: str,
    nom: str,
    debut: datetime.date,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> tuple[Affectation, bool]:
    """The same, for an exact address; whether an account was made for it.

    A new account has no password: its person chooses one by the link that she alone receives.
    """
    with acte("confier_district", auteur):
        personne = compte_de(email)
        nouveau = personne is None
        if personne is None:
            if not (prenom.strip() and nom.strip()):
                raise Empeche("Cette adresse n'a pas encore de compte\u00a0: donnez aussi le prénom et le nom.")
            personne = Utilisateur.objects.create_user(email, None, first_name=prenom.strip(), last_name=nom.strip())
        affectation = confier_a_un_compte(
            district=district, personne=personne, debut=debut, auteur=auteur, maintenant=maintenant
        )
    return affectation, nouveau


def retirer_du_district(
    *,
    affectation: Affectation,
    dernier: datetime.date | None,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> None:
    """Ends an animateur's role on `dernier`, or at once. What had not begun is taken back whole; history keeps it."""
    aujourd_hui = jour(maintenant)
    with acte("retirer_district", auteur):
        tenue = Affectation.objects.select_for_update(no_key=True, of=("self",)).filter(pk=affectation.pk).first()
        if tenue is None or (tenue.fin is not None and tenue.fin < aujourd_hui):
            return
        refuser(empechement_finir_un_role(debut=tenue.debut, dernier=dernier, jour=aujourd_hui))
        if dernier is None and tenue.debut >= aujourd_hui:
            tenue.delete()
            return
        tenue.fin = dernier or aujourd_hui - datetime.timedelta(days=1)
        tenue.save(update_fields=["fin"])
