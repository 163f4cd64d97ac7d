"""The fold: what schools count for, carried to their territories."""

import datetime
import json
from collections import Counter
from decimal import Decimal
from random import Random

import pytest
from django.utils import timezone

from budget.domain.cycle import HORIZON, Echeance
from budget.models import BesoinFormation, Categorie, DureeDeVie, Equipement, LigneBudget
from budget.queries.chiffres import parc_de, pyramide, repartition
from diagnostic.domain.signature import rouvrir_diagnostic
from diagnostic.models import Campagne, CopieSignee
from plans.models import Action
from strategie.pilotage.domain.syntheses import replier, tout_replier
from strategie.pilotage.models import FaitChange, SyntheseEtablissement, SyntheseTerritoire, VersionDeSynthese
from strategie.socle.domain.calendrier import annee_precedente, bornes
from strategie.socle.models import Academie, District, Etablissement
from tests.budget.budgets import une_ligne
from tests.budget.formations import accordee, demandee, une_formation
from tests.dossier import signer
from tests.plans.plans import cette_annee, un_axe_adosse, une_action, une_action_publiee

pytestmark = pytest.mark.django_db
CHAMPS = ("EQU", "FOR", "INF", "PED", "PIL", "RES")


def replie() -> int:
    return tout_replier(maintenant=timezone.now())


def comptes_de(etablissement, annee: str = "") -> dict[str, int]:
    return SyntheseEtablissement.objects.get(etablissement=etablissement, annee_scolaire=annee).comptes


def totaux(niveau: str, cle: int, annee: str = "") -> dict[str, int]:
    lignes = SyntheseTerritoire.objects.filter(niveau=niveau, cle=cle, annee_scolaire=annee)
    return dict(lignes.values_list("mesure", "valeur"))


def test_une_ecole_qui_a_signe_compte_dans_chacun_de_ses_territoires(dossier):
    monde, passee = dossier.monde, annee_precedente(dossier.annee)
    assert replie() == 4
    signe = {f"champ.{champ}.3": 1 for champ in CHAMPS} | {"diagnostic.signe": 1}
    ligne = SyntheseEtablissement.objects.get(etablissement=monde.college, annee_scolaire=passee)
    assert (ligne.diagnostic, ligne.comptes) == ("signe", signe)
    assert ligne.paliers == dict.fromkeys(CHAMPS, 3)
    assert ligne.signe_le == timezone.localdate(dossier.copie.signee_le)
    assert comptes_de(monde.college, dossier.annee) == {"diagnostic.brouillon": 1}
    assert comptes_de(monde.ailleurs) == {"etablissements": 1, "etablissements.lycee": 1}
    assert totaux("district", monde.district.pk, passee) == signe | {"diagnostic.a_commencer": 1}
    assert totaux("academie", monde.academie.pk, passee) == signe | {"diagnostic.a_commencer": 2}
    assert totaux("departement", monde.college.departement_id, passee) == totaux("nation", 0, passee)
    assert totaux("collectivite", monde.collectivite.pk, passee) == signe
    assert totaux("sans_district", monde.autre_academie.pk) == {"etablissements": 1, "etablissements.lycee": 1}
    assert (replie(), FaitChange.objects.count()) == (0, 0)


def test_replier_prend_peu_a_la_fois(monde):
    """A school counted is counted once, whatever else waited of it."""
    FaitChange.objects.all().delete()
    for ecole in (monde.college, monde.lointain, monde.college):
        FaitChange.objects.create(etablissement_id=ecole.pk)
    assert [replier(maintenant=timezone.now(), maximum=1) for _ in range(3)] == [1, 1, 0]
    assert totaux("nation", 0)["etablissements"] == 2


# --- What is signed --------------------------------------------------------------------------------------------------
def test_la_derniere_version_signee_compte_et_se_compare_a_l_an_dernier(dossier):
    monde, passee = dossier.monde, annee_precedente(dossier.annee)
    signer(dossier.brouillon, monde.chef, timezone.now())
    replie()
    assert comptes_de(monde.college, dossier.annee)["baisse.PIL"] == 1
    manques = [mesure for mesure in comptes_de(monde.college, dossier.annee) if mesure.startswith("manque.PIL")]
    contenu = json.loads(CopieSignee.objects.get(diagnostic=dossier.brouillon).contenu)
    pilotage = next(champ for champ in contenu["champs"] if champ["code"] == "PIL")
    assert sorted(manques) == sorted(f"manque.{code}" for code in pilotage["resultat"]["manquants"]) != []

    rouvert = rouvrir_diagnostic(
        diagnostic=dossier.brouillon, motif="Une erreur", auteur=monde.chef, maintenant=timezone.now()
    )
    replie()
    avant = comptes_de(monde.college, dossier.annee)
    assert (avant["diagnostic.signe"], avant["champ.PIL.0"]) == (1, 1)  # what was signed stays so
    rouvert.reponses.update(valeur="oui")
    assert replie() == 0  # answers are no facts of dashboards
    signer(rouvert, monde.chef, timezone.now())
    replie()
    attendu = {f"{sorte}.{champ}{suite}": 1 for champ in CHAMPS for sorte, suite in (("champ", ".3"), ("stable", ""))}
    assert comptes_de(monde.college, dossier.annee) == attendu | {"diagnostic.signe": 1}
    assert "baisse.PIL" not in totaux("nation", 0, dossier.annee)
    assert "stable.PIL" not in comptes_de(monde.college, passee)


def test_une_ecole_sans_type_ne_compte_pour_rien(dossier):
    Etablissement.objects.filter(pk=dossier.monde.college.pk).update(type="autre")
    replie()
    assert not SyntheseEtablissement.objects.filter(etablissement=dossier.monde.college).exists()
    assert totaux("collectivite", dossier.monde.collectivite.pk) == {}
    assert totaux("nation", 0)["etablissements"] == 3


def test_une_ecole_fermee_garde_ce_qu_elle_a_signe_et_les_annees_finies_avant(dossier):
    """The collège has signed last year and begun this one; its neighbour has done neither."""
    monde, passee, annee = dossier.monde, annee_precedente(dossier.annee), dossier.annee
    une_formation(monde.college, annee_scolaire=annee)

    def fermees(le: datetime.date | None) -> dict[str, set[str]]:
        """By school year, what the two still count for."""
        ici = [monde.college.pk, monde.voisin_college.pk]
        Etablissement.objects.filter(pk__in=ici).update(etat="ferme", ferme_le=le)
        replie()
        lues = SyntheseEtablissement.objects.filter(etablissement__in=ici).values_list("annee_scolaire", "comptes")
        comptees: dict[str, set[str]] = {}
        for an, comptes in lues:
            dits = {cle for cle in comptes if cle.startswith("diagnostic.") or cle == "formation.besoins"}
            comptees[an] = comptees.get(an, set()) | dits
        return comptees

    assert fermees(None) == fermees(bornes(passee)[1]) == {passee: {"diagnostic.signe"}}
    assert totaux("nation", 0)["etablissements"] == 2
    pendant = {passee: {"diagnostic.signe", "diagnostic.a_commencer"}}
    assert fermees(bornes(annee)[0]) == fermees(bornes(annee)[1]) == pendant
    ensuite = {annee: {"diagnostic.brouillon", "diagnostic.a_commencer", "formation.besoins"}}
    assert fermees(bornes(annee)[1] + datetime.timedelta(days=1)) == pendant | ensuite


def test_une_ecole_qui_change_d_academie_emporte_ce_qu_elle_compte(dossier):
    monde, passee = dossier.monde, annee_precedente(dossier.annee)
    replie()
    ailleurs = monde.ailleurs
    Etablissement.objects.filter(pk=monde.college.pk).update(
        academie=ailleurs.academie_id, departement=ailleurs.departement_id, district=None
    )
    assert replie() == 1
    assert totaux("academie", monde.academie.pk, passee) == {"diagnostic.a_commencer": 2}
    assert totaux("sans_district", ailleurs.academie_id, passee)["diagnostic.signe"] == 1
    assert totaux("academie", ailleurs.academie_id, dossier.annee) == {"diagnostic.brouillon": 1}
    # An académie without campaign awaits nobody: a diagnostic that waited there waits no more.
    Etablissement.objects.filter(pk=monde.lointain.pk).update(academie=ailleurs.academie_id)
    replie()
    assert SyntheseEtablissement.objects.filter(etablissement=monde.lointain).count() == 1


# --- The other facts, against what their own pages say ---------------------------------------------------------------
def test_le_parc_se_compte_comme_sur_la_page_de_chaque_ecole(monde):
    """Ages, planned lives and costs, over random equipment; one collectivité has lives of its own."""
    alea = Random(9)
    DureeDeVie.objects.create(
        collectivite=monde.collectivite, categorie="tablette", annees=3, fixee_par=monde.chef, fixee_le=timezone.now()
    )
    ecoles = [monde.college, monde.voisin_college, monde.lointain]
    Etablissement.objects.filter(pk=monde.college.pk).update(effectif=500)
    jour = timezone.localdate()
    Equipement.objects.bulk_create(un_equipement(alea, ecole, jour) for ecole in ecoles for _ in range(120))
    replie()
    for ecole in ecoles:
        parc, comptes = parc_de(ecole, jour), comptes_de(ecole)
        par_categorie = {f"parc.{cle}": nombre for cle, nombre in repartition(parc.presentes, "categorie").items()}
        assert {cle: comptes.get(cle, 0) for cle in par_categorie} == par_categorie
        assert sum(comptes.get(f"parc.{categorie}", 0) for categorie in Categorie) == parc.nombre
        assert comptes["parc.terminaux"] == sum(tranche.nombre for tranche in parc.terminaux)
        pour_eleves = sum(tranche.nombre for tranche in parc.terminaux_pedagogiques)
        assert comptes.get("parc.pour_eleves", 0) == (pour_eleves if ecole == monde.college else 0)
        prevues = parc.prevision
        for annee in range(jour.year + 1, jour.year + HORIZON):
            attendue = prevues.annees[annee]
            assert echeance(comptes, annee) == attendue
        assert echeance(comptes, "inconnue") == prevues.sans_date
        echues = [int(cle.split(".")[2]) for cle in comptes if cle.startswith("parc.fin.") and cle[-1].isdigit()]
        passees = sum((echeance(comptes, annee) for annee in echues if annee <= jour.year), Echeance())
        assert passees == prevues.en_retard + prevues.annees[jour.year]
        # The age pyramid, by whole years as on a first of January.
        janvier = parc_de(ecole, jour.replace(month=1, day=1))
        agees = {age.age: age.nombre for age in pyramide(t for t in janvier.terminaux) if age.age is not None}
        achats = {annee: comptes.get(f"parc.achat.{annee}", 0) for annee in range(jour.year - 9, jour.year)}
        assert {annee: agees[jour.year - annee - 1] for annee in achats} == achats
        inconnus = sum(t.nombre for t in parc.terminaux if t.age is None)
        assert comptes.get("parc.achat.inconnue", 0) == inconnus


def un_equipement(alea: Random, ecole: Etablissement, jour: datetime.date) -> Equipement:
    """Bought in the last ten years after a first of January, or nobody knows when; priced or not; one in eight gone."""
    annee = alea.randrange(jour.year - 9, jour.year)
    achete_le = alea.choice([None, datetime.date(annee, alea.randint(1, 12), alea.randint(2, 28))])
    sorti = alea.random() < 1 / 8
    return Equipement(
        academie_id=ecole.academie_id,
        etablissement=ecole,
        designation="Chose",
        categorie=alea.choice(Categorie.values),
        nombre=alea.randint(1, 30),
        achete_le=achete_le,
        prevu_jusqu_au=alea.choice([None, None, jour + datetime.timedelta(days=alea.randint(0, 4000))]),
        prix=alea.choice([None, Decimal(alea.randint(1, 99_999)) / 100]),
        domaine=alea.choice(["pedagogique", "pedagogique", "administratif"]),
        etat="sorti" if sorti else alea.choice(["reutilisable", "a_reparer"]),
        destination="don" if sorti else "",
        sorti_le=jour if sorti else None,
        supprime_le=alea.choice([None] * 9 + [timezone.now()]),
    )


def echeance(comptes: dict[str, int], annee: int | str) -> Echeance:
    nombre, centimes, sans_prix = (
        comptes.get(f"parc.{quoi}.{annee}", 0) for quoi in ("fin", "fin_cout", "fin_sans_prix")
    )
    return Echeance(nombre, Decimal(centimes) / 100, sans_prix)


def test_les_actions_publiees_comptent_par_etat_et_par_echeance(monde):
    college, annee = monde.college, cette_annee(monde.college)
    axe = un_axe_adosse(college)
    une_action(college, "En brouillon", axes=[axe])
    publiees = [une_action_publiee(college, f"Trimestre {t}", axes=[axe], trimestre_fin=t) for t in (None, 1, 2, 3)]
    publiees.append(une_action_publiee(college, "Datée", axes=[axe], echeance=bornes(annee)[0]))
    finie = une_action_publiee(college, "Finie", axes=[axe])
    Action.objects.filter(pk=finie.pk).update(etat="realisee")
    jetee = une_action_publiee(college, "Jetée", axes=[axe])
    Action.objects.filter(pk=jetee.pk).update(supprime_le=timezone.now())
    replie()
    siennes = {cle: valeur for cle, valeur in comptes_de(college).items() if cle.startswith("actions")}
    echeances = Counter(f"actions.echeance.{action.fin_prevue}" for action in publiees)
    assert siennes == {"actions.a_venir": 5, "actions.realisee": 1} | echeances
    assert len(echeances) == 4


def test_le_budget_et_la_formation_comptent_en_centimes_et_en_minutes(monde):
    college = monde.college
    une_ligne(college, 2031, prevu=Decimal("1200.05"), engage=Decimal("0.10"))
    une_ligne(college, 2031, "Bornes", section="investissement", prevu=Decimal("99.99"))
    jetee = une_ligne(college, 2031, "Jetée", prevu=Decimal("5.00"))
    LigneBudget.objects.filter(pk=jetee.pk).update(supprime_le=timezone.now())
    une_formation(college, effectif=7, heures=Decimal("1.50"), annee_scolaire="2030-2031")
    demandee(college, "Demandée", effectif=20, heures=Decimal("6.00"), heures_formateur=Decimal("12.50"))
    accordee(college, "Accordée", effectif=10, heures=Decimal("3.00"))
    refusee = demandee(college, "Refusée", heures_formateur=Decimal("40.00"))
    BesoinFormation.objects.filter(pk=refusee.pk).update(etat="refuse", raison="Faute d'heures")
    replie()
    assert {cle: valeur for cle, valeur in comptes_de(college).items() if cle.startswith("budget")} == {
        "budget.2031.fonctionnement.prevu": 120005,
        "budget.2031.fonctionnement.engage": 10,
        "budget.2031.investissement.prevu": 9999,
        "budget.2031.etablissements": 1,
    }
    assert totaux("district", monde.district.pk, "2030-2031") == {
        "formation.besoins": 3,
        "formation.effectif": 37,
        "formation.minutes": 7 * 90 + 20 * 360 + 10 * 180,
        "formation.formateurs_demandes": 750,
    }


# --- What notes a change ---------------------------------------------------------------------------------------------
def test_chaque_table_note_les_ecoles_qu_elle_touche(dossier):
    monde = dossier.monde
    ici = {monde.college.pk, monde.voisin_college.pk, monde.lointain.pk}
    duree = {"categorie": "fixe", "annees": 4, "fixee_par": monde.chef, "fixee_le": timezone.now()}
    actes = {
        "campagne": (lambda: Campagne.objects.filter(academie=monde.academie).update(jours_de_correction=3), ici),
        "académie": (lambda: Academie.objects.filter(pk=monde.academie.pk).update(nom="Autre nom"), ici),
        "district": (
            lambda: District.objects.filter(pk=monde.district.pk).update(nom="Autre nom"),
            {monde.college.pk, monde.voisin_college.pk},
        ),
        "durée": (lambda: DureeDeVie.objects.create(collectivite=monde.collectivite, **duree), {monde.college.pk}),
        "durée ôtée": (lambda: DureeDeVie.objects.all().delete(), {monde.college.pk}),
        "copie": (lambda: copier(dossier.copie), {monde.college.pk}),
        "école": (lambda: Etablissement.objects.filter(pk=monde.ailleurs.pk).update(nom="X"), {monde.ailleurs.pk}),
        "réponse": (lambda: dossier.brouillon.reponses.update(valeur="non"), set()),
    }
    for nom, (acte, attendues) in actes.items():
        FaitChange.objects.all().delete()
        acte()
        notees = list(FaitChange.objects.values_list("etablissement_id", flat=True))
        assert (nom, set(notees), len(notees)) == (nom, attendues, len(attendues))


def copier(copie: CopieSignee) -> None:
    copie.pk, copie.version = None, copie.version + 1
    copie.save(force_insert=True)


def test_une_page_change_de_version_quand_un_nom_change(monde):
    replie()
    Etablissement.objects.filter(pk=monde.college.pk).update(nom="Collège Rosa-Parks")
    replie()
    versions = {(v.niveau, v.cle): v.version for v in VersionDeSynthese.objects.all()}
    assert versions["district", monde.district.pk] == versions["nation", 0] == 2
    assert versions["district", monde.autre_district.pk] == 1
