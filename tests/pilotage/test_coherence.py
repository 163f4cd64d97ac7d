"""Summaries stay what the facts say: whatever comes in whatever order, whoever folds, whoever looks meanwhile."""

import datetime
import json
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import closing
from io import StringIO
from itertools import cycle
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F

from budget.models import BesoinFormation, Categorie, Equipement, LigneBudget
from diagnostic.models import Campagne, CopieSignee, Diagnostic, Referentiel
from plans.models import Action
from strategie.pilotage.domain.coherence import Difference, verifier_les_syntheses
from strategie.pilotage.domain.syntheses import recompter_tout, replier, tout_replier
from strategie.pilotage.models import FaitChange, SyntheseEtablissement, SyntheseTerritoire
from strategie.socle.domain.calendrier import bornes
from strategie.socle.models import Academie, Departement, District, Etablissement
from tests.diagnostic.courses import PATIENCE, ensemble
from tests.personnages import Monde, un_etablissement

ANNEES = ("2029-2030", "2030-2031", "2031-2032")
MAINTENANT = datetime.datetime(2031, 3, 20, 10, 0, tzinfo=datetime.UTC)
CELLULES = ("niveau", "cle", "annee_scolaire", "mesure", "valeur")
LIGNES = (
    *("etablissement", "annee_scolaire", "academie", "departement", "district", "collectivite"),
    *("diagnostic", "signe_le", "paliers", "comptes"),
)


class Faits:
    """Facts that come one after the other, drawn at random."""

    def __init__(self, monde: Monde, referentiel: Referentiel, graine: int) -> None:
        self.monde, self.referentiel, self.alea = monde, referentiel, Random(graine)
        self.actes: tuple[Callable[[], object], ...] = (
            *(
                self.signer,
                self.signer,
                self.commencer,
                self.demenager,
                self.demenager,
                self.fermer,
                self.ouvrir,
                self.ouvrir,
            ),
            *(self.agir, self.jeter_une_action, self.equiper, self.sortir_du_materiel, self.budgeter, self.former),
            self.campagne,
        )

    def suivant(self) -> None:
        self.alea.choice(self.actes)()

    def ecole(self) -> Etablissement:
        return self.alea.choice(list(Etablissement.objects.order_by("pk")))

    def campagne(self) -> Campagne:
        """Of an académie and a year, opened if it is not."""
        annee = self.alea.choice(ANNEES)
        academie = self.alea.choice([self.monde.academie, self.monde.autre_academie])
        dates = {"date_ouverture": datetime.date(2030, 1, 1), "date_cloture": datetime.date(2030, 12, 31)}
        return Campagne.objects.get_or_create(
            academie=academie, annee_scolaire=annee, defaults={"referentiel": self.referentiel, **dates}
        )[0]

    def commencer(self) -> Diagnostic:
        campagne = self.campagne()
        ecole = self.ecole()
        diagnostic, _ = Diagnostic.objects.get_or_create(
            etablissement=ecole,
            campagne=campagne,
            defaults={"referentiel": self.referentiel, "date_cloture": campagne.date_cloture},
        )
        if self.alea.random() < 0.7:
            diagnostic.etat, diagnostic.commence_par, diagnostic.commence_le = "brouillon", self.monde.chef, MAINTENANT
            diagnostic.save()
        return diagnostic

    def signer(self) -> None:
        """Once, or again."""
        diagnostic = self.commencer()
        diagnostic.etat, diagnostic.commence_par, diagnostic.commence_le = "soumis", self.monde.chef, MAINTENANT
        diagnostic.save()
        champs = [{"code": code, "resultat": self.resultat(code)} for code in ("PIL", "FOR")]
        contenu = json.dumps({"champs": champs, "signature": {"date_locale": "2031-03-20"}})
        CopieSignee.objects.create(
            diagnostic=diagnostic,
            version=diagnostic.copies.count() + 1,
            signataire=self.monde.chef,
            signee_le=MAINTENANT,
            contenu=contenu,
            pdf=b"%PDF",
        )

    def resultat(self, code: str) -> dict[str, object]:
        manquants = self.alea.sample([f"{code}-1-{rang}" for rang in range(1, 6)], self.alea.randint(0, 4))
        return {"palier": self.alea.randint(0, 3), "manquants": manquants, "non_etabli": self.alea.random() < 0.2}

    def demenager(self) -> None:
        """To another district, département, académie, collectivité, or to none."""
        departement = self.alea.choice(list(Departement.objects.order_by("pk")))
        district = self.alea.choice([None, *District.objects.filter(academie=departement.academie_id).order_by("pk")])
        Etablissement.objects.filter(pk=self.ecole().pk).update(
            academie=departement.academie_id,
            departement=departement,
            district=district,
            collectivite=self.alea.choice([None, self.monde.collectivite]),
        )

    def fermer(self) -> None:
        le = self.alea.choice([None, *(bornes(annee)[1] + datetime.timedelta(days=1) for annee in ANNEES)])
        Etablissement.objects.filter(pk=self.ecole().pk).update(etat="ferme", ferme_le=le)

    def ouvrir(self) -> None:
        Etablissement.objects.filter(etat="ferme").update(
            etat="ouvert", ferme_le=None, effectif=self.alea.randint(0, 900)
        )

    def agir(self) -> None:
        annee = self.alea.choice(ANNEES)
        Action.objects.create(
            etablissement=self.ecole(),
            levier="budget",
            intitule="Action",
            annee_scolaire=annee,
            annee_fin=annee,
            trimestre_fin=self.alea.choice([None, 1, 2, 3]),
            etat=self.alea.choice(["brouillon", "a_venir", "en_cours", "realisee"]),
            derniere_nouvelle=MAINTENANT.date(),
            cree_par=self.monde.chef,
            cree_le=MAINTENANT,
            modifiee_le=MAINTENANT,
        )

    def jeter_une_action(self) -> None:
        Action.objects.filter(pk=self.un(Action)).update(supprime_le=MAINTENANT)

    def equiper(self) -> None:
        ecole = self.ecole()
        Equipement.objects.bulk_create(
            Equipement(
                academie_id=ecole.academie_id,
                etablissement=ecole,
                designation="Chose",
                categorie=self.alea.choice(Categorie.values),
                nombre=self.alea.randint(1, 30),
                achete_le=self.alea.choice([None, datetime.date(self.alea.randint(2020, 2030), 2, 28)]),
                prix=self.alea.choice([None, 199]),
            )
            for _ in range(3)
        )

    def sortir_du_materiel(self) -> None:
        sortie = {"etat": "sorti", "destination": "don", "sorti_le": MAINTENANT.date()}
        Equipement.objects.filter(pk=self.un(Equipement)).update(**sortie)

    def budgeter(self) -> None:
        LigneBudget.objects.create(
            etablissement=self.ecole(),
            exercice=2031,
            annee_scolaire=self.alea.choice(ANNEES),
            intitule="Ligne",
            section=self.alea.choice(LigneBudget.Section.values),
            levier="budget",
            prevu=self.alea.randint(0, 9_999),
            cle=uuid.uuid4(),
            cree_par=self.monde.chef,
            cree_le=MAINTENANT,
        )
        LigneBudget.objects.filter(pk=self.un(LigneBudget)).update(engage=F("engage") + 7)

    def former(self) -> None:
        BesoinFormation.objects.create(
            etablissement=self.ecole(),
            annee_scolaire=self.alea.choice(ANNEES),
            intitule="Formation",
            effectif=self.alea.randint(1, 30),
            modalite="pairs",
            heures=self.alea.randint(1, 12),
            etat=self.alea.choice(["exprime", "demande", "accorde"]),
            heures_formateur=self.alea.randint(0, 12),
            cle=uuid.uuid4(),
            cree_par=self.monde.chef,
            cree_le=MAINTENANT,
        )

    def un(self, modele: type) -> int | None:
        return self.alea.choice([None, *modele.objects.order_by("pk").values_list("pk", flat=True)])


def cellules() -> set[tuple]:
    return set(SyntheseTerritoire.objects.values_list(*CELLULES))


def lignes() -> list[str]:
    return sorted(map(repr, SyntheseEtablissement.objects.values_list(*LIGNES)))


# By académie, what its figures and those of its districts (or of the académies, for the nation) do not share.
ECARTS = """
WITH part AS (
    SELECT 'academie' AS niveau, COALESCE(d.academie_id, t.cle) AS cle, annee_scolaire, mesure, sum(valeur) AS valeur
    FROM pilotage_syntheseterritoire t
    LEFT JOIN socle_district d ON t.niveau = 'district' AND d.id = t.cle
    WHERE t.niveau IN ('district', 'sans_district')
    GROUP BY 2, 3, 4
    UNION ALL
    SELECT 'nation', 0, annee_scolaire, mesure, sum(valeur)
    FROM pilotage_syntheseterritoire WHERE niveau = 'academie' GROUP BY 3, 4
    UNION ALL
    SELECT 'academie', d.academie_id, annee_scolaire, mesure, sum(valeur)
    FROM pilotage_syntheseterritoire t JOIN socle_departement d ON t.niveau = 'departement' AND d.id = t.cle
    GROUP BY 2, 3, 4
),
tout AS (SELECT niveau, cle, annee_scolaire, mesure, valeur FROM pilotage_syntheseterritoire)
SELECT p.* FROM part p LEFT JOIN tout t USING (niveau, cle, annee_scolaire, mesure)
WHERE p.valeur IS DISTINCT FROM t.valeur
"""


def ecarts_entre_niveaux() -> list[tuple]:
    with connection.cursor() as curseur:
        curseur.execute(ECARTS)
        return curseur.fetchall()


@pytest.mark.django_db
@pytest.mark.parametrize("graine", range(5))
def test_plier_egale_recompter(monde, referentiel, graine):
    faits = Faits(monde, referentiel, graine)
    for _ in range(120):
        faits.suivant()
        if faits.alea.random() < 0.3:
            replier(maintenant=MAINTENANT, maximum=faits.alea.randint(1, 8))
            assert ecarts_entre_niveaux() == []
    tout_replier(maintenant=MAINTENANT)
    pliees = cellules(), lignes()
    assert len(pliees[0]) > 200
    assert 0 not in {valeur for *_, valeur in pliees[0]}
    SyntheseEtablissement.objects.all().delete()
    SyntheseTerritoire.objects.all().delete()
    recompter_tout(maintenant=MAINTENANT)
    assert (cellules(), lignes()) == pliees


@pytest.mark.django_db
def test_autant_de_requetes_pour_une_ecole_que_pour_dix(monde, django_assert_num_queries):
    tout_replier(maintenant=MAINTENANT)
    for combien in (1, 10):
        for rang in range(combien):
            un_etablissement(f"098{combien:03}{rang}A", "École", monde.college.departement)
        with django_assert_num_queries(13):
            assert replier(maintenant=MAINTENANT) == combien


@pytest.mark.django_db(transaction=True)
def test_deux_ouvriers_comptent_une_fois(monde, referentiel):
    faits = Faits(monde, referentiel, graine=11)
    for _ in range(80):
        faits.suivant()

    chacun_a_commence = threading.Barrier(2)

    def ouvrier() -> None:
        assert replier(maintenant=MAINTENANT, maximum=1) == 1
        chacun_a_commence.wait(PATIENCE)
        while replier(maintenant=MAINTENANT, maximum=3):
            pass

    ensemble(ouvrier, ouvrier)
    assert FaitChange.objects.count() == 0
    assert verifier_les_syntheses().differences == 0


@pytest.mark.django_db(transaction=True)
def test_qui_regarde_pendant_un_demenagement_voit_des_totaux_justes(monde):
    """A school goes back and forth between districts and académies; another connection adds up, a statement a look."""
    ici = {"academie": monde.academie.pk, "departement": monde.college.departement_id, "district": monde.district.pk}
    la = {"academie": monde.autre_academie.pk, "departement": monde.ailleurs.departement_id, "district": None}
    tout_replier(maintenant=MAINTENANT)
    fini = threading.Event()
    vus: set[frozenset] = set()

    def demenager() -> None:
        """Sixty times, and until the other has seen the school in two places."""
        limite = time.monotonic() + PATIENCE
        try:
            for rang, lieu in enumerate(cycle([la, {**ici, "district": monde.autre_district.pk}, ici])):
                if rang >= 60 and (len(vus) > 1 or time.monotonic() > limite):
                    break
                champs = {f"{niveau}_id": cle for niveau, cle in lieu.items()}
                Etablissement.objects.filter(pk=monde.college.pk).update(**champs)
                tout_replier(maintenant=MAINTENANT)
        finally:
            fini.set()

    def regarder() -> None:
        while not fini.is_set():
            assert ecarts_entre_niveaux() == []
            vus.add(frozenset(SyntheseTerritoire.objects.filter(mesure="etablissements").values_list(*CELLULES)))

    ensemble(demenager, regarder)
    assert len(vus) > 1


@pytest.mark.django_db(transaction=True)
def test_qui_ecrit_n_attend_personne(monde):
    """Two who write facts of the same school, and a fold, while the first has not finished."""
    tout_replier(maintenant=MAINTENANT)

    def ecrire() -> None:
        with connection.cursor() as curseur:
            curseur.execute("SET lock_timeout = '2s'")
        LigneBudget.objects.create(
            etablissement=monde.college,
            exercice=2031,
            annee_scolaire=ANNEES[0],
            intitule="Ligne",
            section="fonctionnement",
            levier="budget",
            prevu=1,
            cle=uuid.uuid4(),
            cree_par=monde.chef,
            cree_le=MAINTENANT,
        )

    with transaction.atomic():
        ecrire()
        ensemble(ecrire)
        assert ensemble(lambda: replier(maintenant=MAINTENANT)) == [1]  # the second one's line only
    assert replier(maintenant=MAINTENANT) == 1
    total = SyntheseTerritoire.objects.get(niveau="nation", mesure="budget.2031.fonctionnement.prevu")
    assert total.valeur == 200


def test_ce_qui_est_interrompu_attend_toujours(monde):
    lignes_en_attente = FaitChange.objects.count()
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        assert replier(maintenant=MAINTENANT) == 4
        raise KeyboardInterrupt
    assert (FaitChange.objects.count(), SyntheseTerritoire.objects.count()) == (lignes_en_attente, 0)


# --- The command ------------------------------------------------------------------------------------------------------
def verifier(**options) -> str:
    with closing(StringIO()) as dit:
        call_command("verifier_coherence", stdout=dit, **options)
        return dit.getvalue()


@pytest.mark.django_db(transaction=True)
def test_une_cellule_fausse_se_voit_et_se_repare(monde):
    assert verifier() == "Établissements comptés : 4 ; territoires : 9.\nAucune différence.\n"
    etat = cellules(), lignes()
    SyntheseTerritoire.objects.filter(niveau="nation", mesure="etablissements").update(valeur=5)
    SyntheseTerritoire.objects.create(niveau="district", cle=monde.district.pk, mesure="eleves", valeur=1)
    SyntheseEtablissement.objects.filter(etablissement=monde.ailleurs).update(comptes={"etablissements": 1})
    dit = StringIO()
    with pytest.raises(CommandError, match=r"Chiffres qui diffèrent : 3\. Pour les réparer : --reparer\.") as erreur:
        call_command("verifier_coherence", stdout=dit)
    assert erreur.value.returncode == 1
    assert dit.getvalue().splitlines()[1:] == [
        "  0970001Z · etablissements.lycee : écrit rien, compté 1",
        f"  district {monde.district.pk} · eleves : écrit 1, compté rien",
        "  nation 0 · etablissements : écrit 5, compté 4",
    ]
    assert verifier(reparer=True).endswith("Chiffres réparés : 3.\n")
    assert (cellules(), lignes()) == etat
    assert verifier().endswith("Aucune différence.\n")


@pytest.mark.django_db(transaction=True)
def test_ce_qui_attend_n_est_pas_une_difference(monde):
    tout_replier(maintenant=MAINTENANT)
    Etablissement.objects.filter(pk=monde.college.pk).update(district=monde.autre_district)
    vu = verifier_les_syntheses()
    assert (vu.etablissements, vu.en_attente, vu.differences) == (4, 1, 0)
    SyntheseTerritoire.objects.filter(niveau="nation", mesure="etablissements").delete()
    assert verifier_les_syntheses().premieres == (Difference("nation 0", "", "etablissements", None, "4"),)
    Academie.objects.all().update(nom=F("code"))
    assert verifier_les_syntheses().en_attente == 4


def test_la_commande_qui_suit_dit_ce_qu_elle_a_compte(monde):
    dit = StringIO()
    call_command("tenir_les_syntheses", une_fois=True, stdout=dit)
    assert dit.getvalue() == "Établissements comptés à nouveau : 4\n"
