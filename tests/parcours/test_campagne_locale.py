"""A year of campaign on the académie's own clock: preparing, signing to the last minute, correcting, reading only."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from diagnostic.domain.campagnes import Reglages, modifier_campagne, ouvrir_campagne, prolonger_campagne
from diagnostic.domain.cotation import Valeur
from diagnostic.domain.reponses import Saisie, commencer_diagnostic, enregistrer_reponse
from diagnostic.domain.signature import rouvrir_diagnostic
from diagnostic.models import Campagne, CopieSignee, Diagnostic
from diagnostic.queries.parcours import campagne_en_cours
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Role
from strategie.socle.models import Academie, Utilisateur
from tests.dossier import repondre_partout, signer
from tests.personnages import affecter, un_compte

OUVERTURE, CLOTURE = datetime.date(2026, 9, 15), datetime.date(2026, 12, 18)
FUSEAUX = ["Indian/Reunion", "Pacific/Tahiti", "Europe/Paris"]
FIN_DE_LA_CAMPAGNE = "La campagne s'est terminée le 18\u00a0décembre 2026"
PLUS_RIEN = f"{FIN_DE_LA_CAMPAGNE}\u00a0: le diagnostic ne se modifie plus."
PLUS_DE_CORRECTION = (
    f"{FIN_DE_LA_CAMPAGNE}, et les corrections le 2\u00a0janvier 2027\u00a0: le diagnostic ne se modifie plus."
)


@pytest.fixture(params=FUSEAUX)
def fuseau(request, monde) -> ZoneInfo:
    """Each test runs where the day begins before Paris, long after it, and in Paris."""
    Academie.objects.filter(pk=monde.autre_academie.pk).update(fuseau=request.param)
    monde.ailleurs.academie.fuseau = request.param
    return ZoneInfo(request.param)


@pytest.fixture
def proviseure(monde) -> Utilisateur:
    return affecter(un_compte("Prune", "Proviseure"), Role.CHEF, etablissement=monde.ailleurs)


@pytest.fixture
def campagne(monde, referentiel, fuseau) -> Campagne:
    return ouvrir(monde, referentiel, "2026-2027", OUVERTURE, CLOTURE)


@pytest.fixture
def prepare(monde, campagne, proviseure, fuseau) -> Diagnostic:
    """Answered in August, before the campaign opens."""
    aout = a("2026-08-20 10:00", fuseau)
    diagnostic = commencer_diagnostic(
        etablissement=monde.ailleurs, campagne=campagne, auteur=proviseure, maintenant=aout
    )
    repondre_partout(diagnostic, Valeur.oui, proviseure, aout)
    return diagnostic


def ouvrir(monde, referentiel, annee: str, ouverture: datetime.date, cloture: datetime.date) -> Campagne:
    return ouvrir_campagne(
        academie=Academie.objects.get(pk=monde.autre_academie.pk),
        annee_scolaire=annee,
        referentiel=referentiel,
        date_ouverture=ouverture,
        date_cloture=cloture,
        auteur=None,
    )


def a(instant: str, fuseau: ZoneInfo) -> datetime.datetime:
    """« 2026-12-18 23:59 » on the clocks of the académie."""
    return datetime.datetime.fromisoformat(instant).replace(tzinfo=fuseau).astimezone(datetime.UTC)


def relu(diagnostic: Diagnostic) -> Diagnostic:
    return Diagnostic.objects.select_related("etablissement", "campagne__academie", "referentiel").get(pk=diagnostic.pk)


def repondre(diagnostic: Diagnostic, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    code = "PIL-1-1"
    version = diagnostic.reponses.get(indicateur__code=code).version
    saisie = Saisie(code, "oui", "", f"Dit à {maintenant}", version)
    enregistrer_reponse(diagnostic=relu(diagnostic), saisie=saisie, auteur=auteur, maintenant=maintenant)


def rouvrir(diagnostic: Diagnostic, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    rouvrir_diagnostic(diagnostic=diagnostic, motif="Une erreur", auteur=auteur, maintenant=maintenant)


def refus(acte, *arguments) -> str:
    with pytest.raises(Empeche) as empeche:
        acte(*arguments)
    return str(empeche.value)


def test_on_prepare_avant_l_ouverture_et_l_on_signe_a_sa_premiere_minute(prepare, proviseure, fuseau):
    assert refus(signer, relu(prepare), proviseure, a("2026-09-14 23:59", fuseau)) == (
        "La campagne ouvre le 15\u00a0septembre 2026. Vous pouvez préparer vos réponses, et signer à partir de ce jour."
    )
    assert signer(relu(prepare), proviseure, a("2026-09-15 00:00", fuseau)).version == 1


def test_le_dernier_jour_compte_jusqu_a_minuit_la_bas(prepare, proviseure, fuseau):
    assert refus(signer, relu(prepare), proviseure, a("2026-12-19 00:00", fuseau)) == PLUS_RIEN
    assert refus(repondre, prepare, proviseure, a("2026-12-19 00:00", fuseau)) == PLUS_RIEN
    repondre(prepare, proviseure, a("2026-12-18 23:59", fuseau))
    assert signer(relu(prepare), proviseure, a("2026-12-18 23:59", fuseau)).version == 1


def test_ce_qui_est_signe_se_corrige_quinze_jours_puis_se_lit(prepare, proviseure, fuseau):
    signer(relu(prepare), proviseure, a("2026-12-18 12:00", fuseau))
    rouvrir(prepare, proviseure, a("2026-12-30 09:00", fuseau))
    repondre(prepare, proviseure, a("2027-01-02 23:58", fuseau))
    assert refus(signer, relu(prepare), proviseure, a("2027-01-03 00:00", fuseau)) == PLUS_DE_CORRECTION
    assert signer(relu(prepare), proviseure, a("2027-01-02 23:59", fuseau)).version == 2
    janvier = a("2027-01-03 00:00", fuseau)
    assert refus(rouvrir, prepare, proviseure, janvier) == PLUS_DE_CORRECTION
    assert [copie.version for copie in CopieSignee.objects.order_by("version")] == [1, 2]


def test_la_prolongation_donne_a_son_district_et_a_lui_seul(monde, prepare, proviseure, campagne, fuseau):
    nord, sud = (monde.autre_academie.districts.create(nom=nom) for nom in ("Nord", "Sud"))
    monde.ailleurs.district = nord
    monde.ailleurs.save(update_fields=["district"])

    def prolonger(district) -> int:
        return prolonger_campagne(
            campagne=campagne,
            district=district,
            date_cloture=datetime.date(2027, 1, 15),
            motif="Cyclone",
            auteur=monde.rectorat_ailleurs,
            maintenant=a("2026-12-19 08:00", fuseau),
        )

    assert prolonger(sud) == 0
    assert refus(signer, relu(prepare), proviseure, a("2027-01-15 23:59", fuseau)) == PLUS_RIEN
    assert prolonger(nord) == 1
    assert "terminée le 15\u00a0janvier 2027" in refus(signer, relu(prepare), proviseure, a("2027-01-16 00:00", fuseau))
    signer(relu(prepare), proviseure, a("2027-01-15 23:59", fuseau))
    rouvrir(prepare, proviseure, a("2027-01-30 23:59", fuseau))  # fifteen days after its own deadline


def test_aujourd_hui_est_le_jour_de_l_academie(monde, campagne, fuseau):
    """At 23 h of Universal Time it is already the next day in La Réunion and in Paris, not in Tahiti."""
    soir = datetime.datetime(2026, 11, 3, 23, 0, tzinfo=datetime.UTC)
    voulus = Reglages(OUVERTURE, datetime.date(2026, 11, 3), 15)

    def modifier() -> int:
        return modifier_campagne(
            campagne=campagne,
            voulus=voulus,
            vu=str(Reglages.de(campagne)),
            auteur=monde.rectorat_ailleurs,
            maintenant=soir,
        )

    if fuseau.key == "Pacific/Tahiti":
        assert modifier() == 1
    else:
        with pytest.raises(ValidationError, match="Cette date est passée"):
            modifier()


def test_l_annee_suivante_se_prepare_des_l_ete(monde, prepare, campagne, referentiel, proviseure, fuseau):
    """Signed, then over; in June the next campaign is there, and its diagnostic can be begun."""
    signer(relu(prepare), proviseure, a("2026-12-18 12:00", fuseau))
    juin = a("2027-06-20 10:00", fuseau)
    assert campagne_en_cours(monde.ailleurs, juin) == campagne
    suivante = ouvrir(monde, referentiel, "2027-2028", datetime.date(2027, 9, 15), datetime.date(2027, 12, 17))
    assert campagne_en_cours(monde.ailleurs, juin) == suivante
    diagnostic = commencer_diagnostic(
        etablissement=monde.ailleurs, campagne=suivante, auteur=proviseure, maintenant=juin
    )
    repondre_partout(diagnostic, Valeur.oui, proviseure, juin)
    assert "La campagne ouvre le 15\u00a0septembre 2027." in refus(signer, relu(diagnostic), proviseure, juin)
