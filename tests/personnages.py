"""The cast: a small world of two académies, and the people who live in it. Dull, fixed values."""

import datetime
from dataclasses import dataclass

from strategie.socle.droits import Role
from strategie.socle.models import (
    Academie,
    Affectation,
    Collectivite,
    Departement,
    District,
    Etablissement,
    Utilisateur,
)

MOT_DE_PASSE = "un mot de passe de test"


@dataclass(frozen=True)
class Monde:
    """`college` is the chef's; `voisin_college` is in the same district; `lointain` in another district
    of the same académie; `ailleurs` in another académie."""

    academie: Academie
    autre_academie: Academie
    district: District
    autre_district: District
    collectivite: Collectivite
    college: Etablissement
    voisin_college: Etablissement
    lointain: Etablissement
    ailleurs: Etablissement
    chef: Utilisateur
    referent: Utilisateur
    gestionnaire: Utilisateur
    lectrice: Utilisateur
    voisin: Utilisateur
    animatrice: Utilisateur
    animateur_lointain: Utilisateur
    rectorat: Utilisateur
    rectorat_ailleurs: Utilisateur
    collectivite_agent: Utilisateur
    sans_affectation: Utilisateur
    technique: Utilisateur


def un_etablissement(uai: str, nom: str, departement: Departement, **champs) -> Etablissement:
    valeurs = {
        "type": Etablissement.Type.COLLEGE,
        "secteur": "public",
        "commune": "Saint-Exemple",
        "source": "registre",
    }
    return Etablissement.objects.create(
        uai=uai, nom=nom, departement=departement, academie=departement.academie, **(valeurs | champs)
    )


def un_compte(prenom: str, nom: str, **champs) -> Utilisateur:
    email = f"{prenom}.{nom}@exemple.invalid".lower().replace(" ", "")
    return Utilisateur.objects.create(email=email, first_name=prenom, last_name=nom, **champs)


def affecter(utilisateur: Utilisateur, role: Role, *, fonction: str = "", **territoire) -> Utilisateur:
    debut = territoire.pop("debut", datetime.date(2020, 9, 1))
    Affectation.objects.create(utilisateur=utilisateur, role=role, fonction=fonction, debut=debut, **territoire)
    return utilisateur


def creer_monde() -> Monde:
    academie = Academie.objects.create(code="98", nom="Exemple")
    autre = Academie.objects.create(code="97", nom="Ailleurs", fuseau="Indian/Reunion")
    ici = Departement.objects.create(code="098", nom="Exemple", academie=academie)
    la = Departement.objects.create(code="097", nom="Ailleurs", academie=autre)
    district = District.objects.create(academie=academie, nom="District 1")
    autre_district = District.objects.create(academie=academie, nom="District 2")
    collectivite = Collectivite.objects.create(nom="Département d'Exemple", niveau="departement")
    college = un_etablissement("0980001U", "Collège du Test", ici, district=district, collectivite=collectivite)
    voisin_college = un_etablissement("0980002V", "Collège voisin", ici, district=district)
    lointain = un_etablissement("0980003W", "Collège lointain", ici, district=autre_district)
    ailleurs = un_etablissement("0970001Z", "Lycée d'ailleurs", la, type=Etablissement.Type.LYCEE)
    return Monde(
        academie=academie,
        autre_academie=autre,
        district=district,
        autre_district=autre_district,
        collectivite=collectivite,
        college=college,
        voisin_college=voisin_college,
        lointain=lointain,
        ailleurs=ailleurs,
        chef=affecter(un_compte("Claire", "Chef"), Role.CHEF, fonction="Principale", etablissement=college),
        referent=affecter(un_compte("Rémi", "Référent"), Role.REFERENT, etablissement=college),
        gestionnaire=affecter(un_compte("Gaëlle", "Gestion"), Role.GESTIONNAIRE, etablissement=college),
        lectrice=affecter(un_compte("Line", "Lectrice"), Role.MEMBRE, etablissement=college),
        voisin=affecter(un_compte("Victor", "Voisin"), Role.CHEF, etablissement=voisin_college),
        animatrice=affecter(un_compte("Anne", "Animatrice"), Role.ANIMATEUR, district=district),
        animateur_lointain=affecter(un_compte("Alain", "Lointain"), Role.ANIMATEUR, district=autre_district),
        rectorat=affecter(un_compte("Rose", "Rectorat"), Role.RECTORAT, academie=academie),
        rectorat_ailleurs=affecter(un_compte("Ravi", "Ailleurs"), Role.RECTORAT, academie=autre),
        collectivite_agent=affecter(un_compte("Colas", "Collectivité"), Role.COLLECTIVITE, collectivite=collectivite),
        sans_affectation=un_compte("Inès", "Inconnue"),
        technique=un_compte("Théo", "Technique", is_staff=True, is_superuser=True),
    )
