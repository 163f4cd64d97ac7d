"""The urn: what goes in comes out once, whole, at its hour; what may go wrong in between."""

import datetime
import json
import time
import uuid
from threading import Event

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import override_settings
from django.utils import timezone
from nacl.exceptions import CryptoError

from diagnostic.domain import urne
from diagnostic.domain.bulletins import Bulletin, BulletinTropLong, Groupe, lire
from diagnostic.domain.contenu import empreinte, json_canonique
from diagnostic.domain.depouillement import depouiller
from diagnostic.domain.enquetes import annuler_enquete, repondre_direction, tirer_coupons
from diagnostic.domain.urne import ClePerdue, Depot, deposer, depouiller_enquete
from diagnostic.models import BulletinScelle, Enquete, Expression, ResultatEnquete
from diagnostic.queries.enquetes import porte_au_code
from strategie.socle.domain.empechement import Empeche
from tests.diagnostic.courses import ensemble
from tests.enquetes import INVITES, porte_de, un_bulletin, une_enquete

UN_JOUR = datetime.timedelta(days=1)


def varies(nombre: int) -> list[Bulletin]:
    groupes = (Groupe.ENSEIGNANTS, Groupe.ENSEIGNANTS, Groupe.VIE_SCOLAIRE)
    return [
        Bulletin(groupes[rang % 3], {n: 1 + (rang + n) % 5 for n in range(1, 21)}, texte=f"Texte {rang}")
        for rang in range(nombre)
    ]


def poser(enquete: Enquete, bulletins: list[Bulletin]) -> list[str]:
    """Their secrets."""
    porte, secrets = porte_de(enquete), [uuid.uuid4().hex for _ in bulletins]
    for secret, bulletin in zip(secrets, bulletins, strict=True):
        assert deposer(porte=porte, secret=secret, bulletin=bulletin) is Depot.RECU
    return secrets


@pytest.fixture
def enquete(monde, maintenant) -> Enquete:
    return une_enquete(monde.college, monde.chef, maintenant, jours=2)


@pytest.fixture
def apres(enquete) -> datetime.datetime:
    return enquete.resultats_a_partir_de


def test_ce_qui_entre_sort_une_fois_a_son_heure(monde, enquete, apres, maintenant):
    bulletins = varies(20)
    poser(enquete, bulletins)
    repondre_direction(enquete=enquete, reponses={1: 5, 2: 1}, auteur=monde.chef, maintenant=maintenant)
    resultat = depouiller_enquete(enquete=enquete, maintenant=apres)
    contenu = json.loads(resultat.contenu)
    attendu, textes = depouiller(bulletins, enquete.questions, enquete.invites, 5)
    assert {cle: contenu[cle] for cle in attendu} == json.loads(json.dumps(attendu))
    assert (resultat.contenu, resultat.sha256) == (json_canonique(contenu), empreinte(resultat.contenu))
    assert (contenu["direction"], contenu["format"]) == ({"1": 5, "2": 1}, "paliers-enquete/1")
    assert sorted(expression.texte for expression in Expression.objects.all()) == sorted(textes)
    enquete.refresh_from_db()
    assert (enquete.etat, bytes(enquete.sel), BulletinScelle.objects.count()) == ("depouillee", b"", 0)

    encore = depouiller_enquete(enquete=enquete, maintenant=apres + UN_JOUR)
    assert (encore.pk, encore.contenu, encore.publie_le) == (resultat.pk, resultat.contenu, apres)
    assert Expression.objects.count() == 20
    assert deposer(porte=porte_de(enquete), secret="x", bulletin=bulletins[0]) is Depot.FERMEE


def test_rien_ne_change_ni_n_efface_ce_qui_est_publie(enquete, apres):
    poser(enquete, varies(6))
    resultat = depouiller_enquete(enquete=enquete, maintenant=apres)
    for agir in (
        lambda: ResultatEnquete.objects.filter(pk=resultat.pk).update(contenu="{}"),
        lambda: ResultatEnquete.objects.all().delete(),
        lambda: Enquete.objects.filter(pk=enquete.pk).update(sel=b"retrouve"),
    ):
        refus = r"resultat_fige|Cannot (update|delete)|enquete_sel_efface"
        with pytest.raises(DatabaseError, match=refus), transaction.atomic():
            agir()
    resultat.refresh_from_db()
    assert json.loads(resultat.contenu)["familles"][0]["reponses"] == 6


@pytest.mark.parametrize("college", ["college", "ailleurs"])
def test_pas_avant_six_heures_le_lendemain_dans_l_academie(monde, maintenant, college):
    enquete = une_enquete(getattr(monde, college), monde.chef, maintenant, jours=0)
    poser(enquete, varies(5))
    zone = enquete.etablissement.academie.zone
    lendemain = enquete.date_cloture + UN_JOUR
    six_heures = datetime.datetime.combine(lendemain, datetime.time(6), zone)
    for tot in (maintenant, six_heures - datetime.timedelta(hours=6), six_heures - datetime.timedelta(seconds=1)):
        with pytest.raises(Empeche, match=r"L'urne s'ouvre le lendemain du dernier jour, à 6 heures\."):
            depouiller_enquete(enquete=enquete, maintenant=tot)
    assert (BulletinScelle.objects.count(), ResultatEnquete.objects.count()) == (5, 0)
    assert (
        json.loads(depouiller_enquete(enquete=enquete, maintenant=six_heures).contenu)["familles"][0]["reponses"] == 5
    )


def test_annulee_ses_bulletins_sont_detruits_sans_etre_lus(monde, enquete, apres, maintenant):
    poser(enquete, varies(7))
    porte = porte_de(enquete)
    annuler_enquete(enquete=enquete, auteur=monde.chef, maintenant=maintenant)
    enquete.refresh_from_db()
    assert (enquete.etat, bytes(enquete.sel), BulletinScelle.objects.count()) == ("annulee", b"", 0)
    assert deposer(porte=porte, secret="x", bulletin=un_bulletin()) is Depot.FERMEE
    with pytest.raises(Empeche, match="ses bulletins ont été détruits sans être lus"):
        depouiller_enquete(enquete=enquete, maintenant=apres)
    assert ResultatEnquete.objects.count() == 0


def test_le_meme_secret_ne_compte_qu_une_fois_et_le_premier_bulletin_reste(enquete, apres):
    porte = porte_de(enquete)
    poser(enquete, varies(9))
    for bulletin in (Bulletin(Groupe.ENSEIGNANTS, {1: 1}, texte="premier"), un_bulletin(texte="second")):
        assert deposer(porte=porte, secret="le même", bulletin=bulletin) is Depot.RECU
    depouiller_enquete(enquete=enquete, maintenant=apres)
    textes = set(Expression.objects.values_list("texte", flat=True))
    assert ("premier" in textes, "second" in textes, len(textes)) == (True, False, 10)


def test_un_texte_trop_long_n_entre_pas(enquete):
    with pytest.raises(BulletinTropLong):
        deposer(porte=porte_de(enquete), secret="x", bulletin=un_bulletin(texte="a" * 100_000))
    assert BulletinScelle.objects.count() == 0


def test_le_lien_partage_a_un_plafond_et_qui_est_entre_le_reste(monde, maintenant):
    """Ten people invited: fifty ballots at most, whoever sends them."""
    enquete = une_enquete(monde.college, monde.chef, maintenant, invites={Groupe.ENSEIGNANTS: 10})
    secrets = poser(enquete, [un_bulletin()] * 50)
    porte = porte_de(enquete)
    assert deposer(porte=porte, secret="un de trop", bulletin=un_bulletin()) is Depot.PLEINE
    assert deposer(porte=porte, secret=secrets[0], bulletin=un_bulletin()) is Depot.RECU
    assert BulletinScelle.objects.count() == 50


# --- Keys ---------------------------------------------------------------------------------------------------
def test_un_changement_de_secret_garde_les_urnes_ouvertes(monde, maintenant, settings):
    """The fallback opens them, and a slip that served before the change still serves once."""
    enquete = une_enquete(monde.college, monde.chef, maintenant, acces="coupons", jours=2)
    code = tirer_coupons(enquete=enquete, nombre=1, secours=False, auteur=monde.chef, maintenant=maintenant)[0]
    porte = porte_au_code(code)
    assert deposer(porte=porte, secret=code, bulletin=un_bulletin()) is Depot.RECU
    with override_settings(SECRET_KEY="un autre secret", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        urne._cles.cache_clear()  # as another process
        assert deposer(porte=porte, secret=code, bulletin=un_bulletin()) is Depot.RECU
        assert BulletinScelle.objects.count() == 1
        depouiller_enquete(enquete=enquete, maintenant=enquete.resultats_a_partir_de)
    urne._cles.cache_clear()
    assert ResultatEnquete.objects.count() == 1


def test_sans_le_secret_rien_ne_s_ouvre_et_rien_n_est_perdu(enquete, apres):
    poser(enquete, varies(8))
    with override_settings(SECRET_KEY="perdu", SECRET_KEY_FALLBACKS=["pas celui-ci non plus"]):
        urne._cles.cache_clear()
        with pytest.raises(ClePerdue, match="SECRET_KEY a-t-elle changé"):
            depouiller_enquete(enquete=enquete, maintenant=apres)
        with pytest.raises(ClePerdue):
            deposer(porte=porte_de(enquete), secret="x", bulletin=un_bulletin())
    urne._cles.cache_clear()
    assert BulletinScelle.objects.count() == 8
    contenu = json.loads(depouiller_enquete(enquete=enquete, maintenant=apres).contenu)
    assert contenu["familles"][0]["reponses"] == 8


def test_chaque_enquete_a_ses_clefs(monde, enquete, maintenant):
    autre = une_enquete(monde.voisin_college, monde.voisin, maintenant)
    assert bytes(autre.cle_publique) != bytes(enquete.cle_publique)
    poser(enquete, varies(1))
    scelle = bytes(BulletinScelle.objects.get().scelle)
    siennes, autres = (
        urne.SealedBox(urne._cles(e.pk, bytes(e.cle_publique), bytes(e.sel)).privee) for e in (enquete, autre)
    )
    assert lire(siennes.decrypt(scelle)).texte == "Texte 0"
    with pytest.raises(CryptoError, match="error occurred trying to decrypt"):
        autres.decrypt(scelle)


def test_l_enquete_refuse_un_seuil_de_deux(monde, maintenant):
    with pytest.raises(ValidationError, match="Aucun groupe de moins de trois personnes n'est jamais montré"):
        une_enquete(monde.college, monde.chef, maintenant, seuil=2)
    enquete = une_enquete(monde.college, monde.chef, maintenant, seuil=3)
    with pytest.raises(IntegrityError, match="enquete_seuil_minimal"), transaction.atomic():
        Enquete.objects.filter(pk=enquete.pk).update(seuil=2)


# --- Acts that meet ---------------------------------------------------------------------------------------
class CoupeAuMilieu(Exception):
    pass


@pytest.mark.parametrize("etape", ['INSERT INTO "diagnostic_expression"', 'DELETE FROM "diagnostic_bulletinscelle"'])
def test_un_depouillement_coupe_au_milieu_ne_perd_rien(enquete, apres, etape):
    poser(enquete, varies(12))

    def couper(execute, sql, params, many, context):
        if str(sql).startswith(etape):
            raise CoupeAuMilieu
        return execute(sql, params, many, context)

    with pytest.raises(CoupeAuMilieu), connection.execute_wrapper(couper), transaction.atomic():
        depouiller_enquete(enquete=enquete, maintenant=apres)
    enquete.refresh_from_db()
    assert (enquete.etat, len(bytes(enquete.sel)), BulletinScelle.objects.count()) == ("ouverte", 32, 12)
    assert (ResultatEnquete.objects.count(), Expression.objects.count()) == (0, 0)
    contenu = json.loads(depouiller_enquete(enquete=enquete, maintenant=apres).contenu)
    assert (contenu["familles"][0]["reponses"], Expression.objects.count()) == (12, 12)


@pytest.mark.django_db(transaction=True)
def test_un_bulletin_et_le_depouillement_ensemble(monde):
    """Whatever is acknowledged is counted, and nothing else; whoever comes after is told so. Two counts make one."""
    issues = []
    for tour in range(3):
        enquete = une_enquete(
            (monde.college, monde.voisin_college, monde.lointain)[tour],
            monde.chef,
            timezone.now(),
            jours=0,
            invites=INVITES | {Groupe.ENSEIGNANTS: 1000},
        )
        porte, apres = porte_de(enquete), enquete.resultats_a_partir_de
        poser(enquete, varies(5))
        commence = Event()

        def repondre(porte=porte, commence=commence) -> list[Depot]:
            """Until the urn is closed."""
            dits: list[Depot] = []
            while len(dits) < 500 and Depot.FERMEE not in dits[-3:-2]:
                dits.append(deposer(porte=porte, secret=uuid.uuid4().hex, bulletin=un_bulletin()))
                commence.set()
                time.sleep(0.002)
            return dits

        def compter(enquete=enquete, apres=apres, commence=commence) -> str:
            assert commence.wait(timeout=30)
            return depouiller_enquete(enquete=enquete, maintenant=apres).sha256

        *donnes, premier, second = ensemble(*[repondre] * 4, compter, compter)
        recus = sum(dit is Depot.RECU for fil in donnes for dit in fil)
        contenu = json.loads(enquete.resultat.contenu)
        assert (contenu["familles"][0]["reponses"], premier) == (5 + recus, second)
        assert BulletinScelle.objects.filter(enquete=enquete).count() == 0
        for fil in donnes:
            assert set(fil) <= {Depot.RECU, Depot.FERMEE}
            assert fil == sorted(fil, key=lambda dit: dit is Depot.FERMEE), "once closed, it stays closed"
        issues.append((recus, sum(dit is Depot.FERMEE for fil in donnes for dit in fil)))
    assert all(map(sum, zip(*issues, strict=True))), "some came before the counting, some after"
