"""One summary for every view: whatever is selected, the parts add up to the whole, to the cent."""

import uuid
from decimal import Decimal as D

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from budget.models import Financement, LigneBudget
from budget.queries.budget import (
    SANS_SERVICE,
    Aides,
    FinancementLu,
    LigneLue,
    Montants,
    Selection,
    Synthese,
    financements_de,
    lignes_de,
    synthese,
    synthese_partagee,
)
from tests.budget.budgets import un_financement, une_ligne

SECTIONS, LEVIERS = ("investissement", "fonctionnement"), ("formation", "equipement", "budget")
SERVICES, PAYEURS = ("", "AP", "ALO"), ("eple", "departement", "etat")
SOURCES = ("dotation_collectivite", "tne", "autre")
montants = st.decimals(0, 10**9, places=2)


@st.composite
def des_lignes(draw) -> list[LigneLue]:
    return [
        LigneLue(
            cle=cle,
            exercice=draw(st.sampled_from([2030, 2031])),
            annee_scolaire=draw(st.sampled_from(["2030-2031", "2031-2032"])),
            intitule=f"Ligne {cle}",
            section=draw(st.sampled_from(SECTIONS)),
            levier=draw(st.sampled_from(LEVIERS)),
            service=draw(st.sampled_from(SERVICES)),
            activite="",
            compte="",
            payeur=draw(st.sampled_from(PAYEURS)),
            prevu=draw(montants),
            engage=draw(montants),
            paye=draw(montants),
            note="",
            origine="saisie",
            reference="",
            action=draw(st.sampled_from([None, 7, 8])),
            action_intitule="",
            achat=None,
            achat_intitule=None,
            formation=None,
            formation_intitule=None,
        )
        for cle in range(draw(st.integers(0, 12)))
    ]


@st.composite
def une_periode(draw) -> Synthese:
    """A budget read whole, then narrowed at random."""
    lignes = draw(des_lignes())
    financements = []
    for cle in range(draw(st.integers(0, 8))):
        ligne = draw(st.sampled_from([None, *lignes]))
        refuse = draw(st.booleans())
        financements.append(
            FinancementLu(
                cle=cle,
                exercice=ligne.exercice if ligne else 2031,
                annee_scolaire=ligne.annee_scolaire if ligne else "2031-2032",
                source=draw(st.sampled_from(SOURCES)),
                intitule=f"Aide {cle}",
                section=ligne.section if ligne else "fonctionnement",
                ligne=ligne.cle if ligne else None,
                ligne_intitule=ligne.intitule if ligne else None,
                achat=None,
                achat_intitule=None,
                demande=draw(montants),
                accorde=D(0) if refuse else draw(st.one_of(st.just(D(0)), montants)),
                recu=draw(montants),
                demande_le=None,
                accorde_le=None,
                refuse=refuse,
                note="",
            )
        )
    choix = Selection(
        section=draw(st.sampled_from(["", *SECTIONS])),
        levier=draw(st.sampled_from(["", "", *LEVIERS])),
        service=draw(st.sampled_from(["", "", SANS_SERVICE, "AP"])),
        payeur=draw(st.sampled_from(["", "", *PAYEURS])),
        financeur=draw(st.sampled_from(["", "", *SOURCES])),
        action=draw(st.sampled_from([None, None, 7])),
    )
    return Synthese(choix, lignes, financements, {})


def sommes(lignes: list[LigneLue]) -> Montants:
    """Plainly: in cents, as whole numbers."""
    return Montants(
        *(D(sum(int(getattr(ligne, champ) * 100) for ligne in lignes)) / 100 for champ in ("prevu", "engage", "paye"))
    )


@given(une_periode())
def test_toutes_les_vues_font_le_meme_total(lu):
    choix = lu.selection
    attendues = [
        ligne
        for ligne in lu.toutes
        if choix.section in ("", ligne.section)
        and choix.levier in ("", ligne.levier)
        and (not choix.service or ligne.service == ("" if choix.service == SANS_SERVICE else choix.service))
        and choix.payeur in ("", ligne.payeur)
        and choix.action in (None, ligne.action)
        and (not choix.financeur or any(a.ligne == ligne.cle and a.source == choix.financeur for a in lu.tous))
    ]
    assert list(lu.lignes) == attendues
    assert lu.montants == sommes(attendues)
    for vue in ("section", "levier", "service", "payeur", "exercice", "annee_scolaire", "action"):
        parties = list(lu.par(vue).values())
        assert sum(p.prevu for p in parties) == lu.montants.prevu
        assert sum(p.engage for p in parties) == lu.montants.engage
        assert sum(p.paye for p in parties) == lu.montants.paye
        assert sum(len(siennes) for siennes in lu.lignes_par(vue).values()) == len(attendues)


@given(une_periode())
def test_toutes_les_vues_des_aides_font_le_meme_total(lu):
    for vue in ("source", "section", "exercice", "annee_scolaire", "ligne"):
        parties = list(lu.aides_par(vue).values())
        for champ in ("demande", "accorde", "recu", "attendu"):
            assert sum(getattr(p, champ) for p in parties) == getattr(lu.aides, champ)
    assert lu.aides.attendu == sum(a.demande for a in lu.financements if not a.refuse and a.accorde == 0)


@given(une_periode())
def test_choisir_chaque_part_tour_a_tour_redonne_le_tout(lu):
    """What the filters show, one after the other, is the whole, no line twice."""
    for champ, valeurs in (("levier", LEVIERS), ("service", (SANS_SERVICE, "AP", "ALO")), ("payeur", PAYEURS)):
        vues = [Synthese(Selection(**{champ: valeur}), lu.toutes, lu.tous, {}) for valeur in valeurs]
        tout = Synthese(Selection(), lu.toutes, lu.tous, {})
        assert sum(vue.montants.prevu for vue in vues) == tout.montants.prevu
        liees = [aide for aide in lu.tous if aide.ligne is not None]
        assert sum(vue.aides.accorde for vue in vues) == Aides.de(liees).accorde
    par_financeur = [Synthese(Selection(financeur=s), lu.toutes, lu.tous, {}).aides.recu for s in SOURCES]
    assert sum(par_financeur) == Synthese(Selection(), lu.toutes, lu.tous, {}).aides.recu


# --- With the database --------------------------------------------------------------------------------------------
def des_lignes_en_base(monde, exercice: int, nombre: int) -> None:
    """By one insert; their cents do not add up by chance."""
    LigneBudget.objects.bulk_create(
        LigneBudget(
            etablissement=monde.college,
            exercice=exercice,
            annee_scolaire=f"{exercice - rang % 2}-{exercice - rang % 2 + 1}",
            intitule=f"Ligne {rang}",
            section=SECTIONS[rang % 2],
            levier=LEVIERS[rang % 3],
            service=SERVICES[rang % 3],
            payeur=PAYEURS[rang % 3],
            prevu=D(rang * 7919 % 100_003) / 100,
            engage=D(rang * 104_729 % 99_991) / 100,
            paye=D(0),
            cle=uuid.uuid4(),
            cree_par=monde.chef,
            cree_le=timezone.now(),
        )
        for rang in range(nombre)
    )


@pytest.mark.parametrize("nombre", [0, 3, 1000])
def test_trois_requetes_et_les_memes_sommes_qu_en_sql(monde, nombre):
    annee = timezone.localdate().year
    des_lignes_en_base(monde, annee, nombre)
    un_financement(monde.college, annee, accorde=D("10.10"), recu=D("0.01"))
    with CaptureQueriesContext(
        connection,
    ) as requetes:
        lu = synthese(monde.college, Selection(exercice=annee))
        assert len(lu.lignes) == nombre
    assert len(requetes) == 3
    for champ in ("section", "levier", "service", "payeur", "annee_scolaire"):
        en_sql = {
            cle: Montants(*(somme or D("0.00") for somme in siennes))
            for cle, *siennes in lignes_de(monde.college)
            .order_by()
            .values_list(champ)
            .annotate(Sum("prevu"), Sum("engage"), Sum("paye"))
        }
        assert lu.par(champ) == en_sql
    aides = financements_de(monde.college).aggregate(accorde=Sum("accorde"), recu=Sum("recu"))
    assert (lu.aides.accorde, lu.aides.recu) == (aides["accorde"], aides["recu"])


def test_une_annee_scolaire_prend_dans_deux_exercices(monde):
    annee = timezone.localdate().year
    scolaire = f"{annee}-{annee + 1}"
    une_ligne(monde.college, annee, "À l'automne", prevu=D("10.01"))
    une_ligne(monde.college, annee + 1, "Au printemps", annee_scolaire=scolaire, prevu=D("20.02"))
    une_ligne(monde.college, annee, "L'année d'avant", annee_scolaire=f"{annee - 1}-{annee}", prevu=D(5))
    une_ligne(monde.voisin_college, annee, "D'un autre", prevu=D(1000))
    lu = synthese(monde.college, Selection(annee_scolaire=scolaire))
    assert {ligne.intitule for ligne in lu.lignes} == {"À l'automne", "Au printemps"}
    assert lu.montants.prevu == D("30.03")
    assert {an: m.prevu for an, m in lu.par("exercice").items()} == {annee: D("10.01"), annee + 1: D("20.02")}
    assert synthese(monde.college, Selection(exercice=annee)).montants.prevu == D("15.01")
    assert synthese(monde.college, Selection()).montants.prevu == D("35.03")


def test_ce_qui_est_demande_n_est_pas_accorde(monde):
    annee = timezone.localdate().year
    un_financement(monde.college, annee, demande=D(100))
    un_financement(monde.college, annee, demande=D(100), accorde=D(60), recu=D(10))
    un_financement(monde.college, annee, demande=D(100), refuse=True)
    assert synthese(monde.college, Selection(exercice=annee)).aides == Aides(D(300), D(60), D(10), D(100))


def test_une_ligne_engagee_au_dela_du_prevu_est_dite(monde):
    annee = timezone.localdate().year
    une_ligne(monde.college, annee, "Juste", prevu=D(10), engage=D(10))
    une_ligne(monde.college, annee, "Au-delà", prevu=D(10), engage=D("10.01"))
    (ligne,) = synthese(monde.college, Selection(exercice=annee)).depassements
    assert (ligne.intitule, ligne.depassement) == ("Au-delà", D("0.01"))


def test_la_collectivite_ne_lit_que_sa_part(monde):
    annee = timezone.localdate().year
    une_ligne(monde.college, annee, "Bornes", payeur="departement", prevu=D(80))
    une_ligne(monde.college, annee, "Licences", prevu=D(7))
    un_financement(monde.college, annee, "Dotation", accorde=D(50))
    un_financement(monde.college, annee, "De l'État", source="tne", accorde=D(3))
    lu = synthese_partagee(monde.college, Selection(exercice=annee), "departement")
    assert [ligne.intitule for ligne in lu.toutes] == ["Bornes"]
    assert [aide.intitule for aide in lu.tous] == ["Dotation"]
    assert (lu.montants.prevu, lu.aides.accorde) == (80, 50)
    assert Financement.objects.count() == 2
