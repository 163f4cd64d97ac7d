"""The journal of visits and advice: kept by the animateur, each line by the person who wrote it, read by the school."""

import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from diagnostic.domain.visites import (
    DEJA_NOTEE,
    RETIREE,
    SaisieVisite,
    VisiteChangee,
    modifier_visite,
    noter_visite,
    retirer_visite,
)
from diagnostic.models import Visite
from diagnostic.queries.visites import TAILLE_PAGE
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Role
from strategie.socle.models import Utilisateur
from tests.diagnostic.test_courses import ensemble
from tests.personnages import affecter, un_compte

CLE = uuid.UUID("00000000-0000-4000-8000-000000000001")
VISITE = SaisieVisite(datetime.date(2026, 3, 1), "sur_place", "Préparer la commission", "Réunir l'équipe.")
A_VENIR = "Le journal dit ce qui a eu lieu\u00a0: cette date est encore à venir."
TROP_TOT = "Le journal commence en 2000\u00a0: vérifiez l'année."
D_UN_AUTRE = "Seule la personne qui a écrit cette ligne du journal peut la modifier ou la retirer."


@pytest.fixture
def second_animateur(monde) -> Utilisateur:
    return affecter(un_compte("Bruno", "Binôme"), Role.ANIMATEUR, district=monde.district)


@pytest.fixture
def visite(monde) -> Visite:
    return noter(monde)


@pytest.fixture
def animatrice(client, monde):
    client.force_login(monde.animatrice)
    return client


def noter(
    monde,
    saisie: SaisieVisite = VISITE,
    *,
    cle: uuid.UUID = CLE,
    auteur: Utilisateur | None = None,
    maintenant: datetime.datetime | None = None,
    etablissement=None,
) -> Visite:
    return noter_visite(
        etablissement=etablissement or monde.college,
        saisie=saisie,
        cle=cle,
        auteur=auteur or monde.animatrice,
        maintenant=maintenant or timezone.now(),
    )


def modifier(visite: Visite, auteur: Utilisateur, version: int = 1, **champs) -> Visite | VisiteChangee:
    saisie = SaisieVisite(**{"date": VISITE.date, "forme": "sur_place", "objet": "Autre", "conseil": ""} | champs)
    return modifier_visite(visite=visite, saisie=saisie, version=version, auteur=auteur, maintenant=timezone.now())


def lignes() -> list[tuple]:
    return list(Visite.objects.order_by("pk").values_list("date", "forme", "objet", "conseil", "version"))


def texte(reponse) -> str:
    return " ".join(html.fromstring(reponse.content).text_content().split())


def le_journal(monde) -> str:
    return reverse("journal", args=[monde.college.uai])


def formulaire(**champs: str) -> dict[str, str]:
    return {
        "date": "2026-03-01",
        "forme": "sur_place",
        "objet": "Préparer la commission",
        "conseil": "Réunir l'équipe.",
    } | champs


# --- Acts ----------------------------------------------------------------------------------------------------
def test_une_visite_notee(monde, visite):
    assert lignes() == [(VISITE.date, "sur_place", "Préparer la commission", "Réunir l'équipe.", 1)]
    assert (visite.auteur, visite.etablissement) == (monde.animatrice, monde.college)


def test_un_double_envoi_fait_une_ligne(monde, visite):
    assert noter(monde) == visite
    assert Visite.objects.count() == 1


def test_une_cle_deja_servie_ne_cache_pas_un_autre_texte(monde, visite, second_animateur):
    autre = SaisieVisite(VISITE.date, "document", "Tout autre chose", "")
    cas = [
        {"saisie": autre},
        {"auteur": second_animateur},
        {"etablissement": monde.voisin_college},
    ]
    for champs in cas:
        with pytest.raises(Empeche) as refus:
            noter(monde, **champs)
        assert str(refus.value) == DEJA_NOTEE
    assert lignes() == [(VISITE.date, "sur_place", "Préparer la commission", "Réunir l'équipe.", 1)]


@pytest.mark.parametrize(
    ("date", "phrase"),
    [(datetime.date(2026, 11, 3), A_VENIR), (datetime.date(1999, 12, 31), TROP_TOT)],
)
def test_une_date_impossible_dit_pourquoi(monde, visite, date, phrase):
    le_2 = datetime.datetime(2026, 11, 2, 12, tzinfo=datetime.UTC)
    with pytest.raises(Empeche) as refus:
        noter(monde, SaisieVisite(date, "sur_place", "Objet", ""), cle=uuid.uuid4(), maintenant=le_2)
    assert str(refus.value) == phrase
    saisie = SaisieVisite(date, "sur_place", "Objet", "")
    with pytest.raises(Empeche, match=phrase):
        modifier_visite(visite=visite, saisie=saisie, version=1, auteur=monde.animatrice, maintenant=le_2)
    assert lignes() == [(VISITE.date, "sur_place", "Préparer la commission", "Réunir l'équipe.", 1)]


def test_le_jour_est_celui_de_l_academie(monde):
    """21 h 30 UTC on the 2nd is already the 3rd in La Réunion."""
    soir = datetime.datetime(2026, 11, 2, 21, 30, tzinfo=datetime.UTC)
    le_3 = SaisieVisite(datetime.date(2026, 11, 3), "a_distance", "Appel", "")
    noter(monde, le_3, etablissement=monde.ailleurs, maintenant=soir)
    with pytest.raises(Empeche, match=A_VENIR):
        noter(monde, le_3, cle=uuid.uuid4(), maintenant=soir)


def test_modifier_et_retirer_sa_ligne(monde, visite):
    modifier(visite, monde.animatrice, objet="Suite", forme="document")
    assert lignes() == [(VISITE.date, "document", "Suite", "", 2)]
    retirer_visite(visite=visite, auteur=monde.animatrice)
    assert lignes() == []
    with pytest.raises(Empeche) as refus:
        retirer_visite(visite=visite, auteur=monde.animatrice)
    assert str(refus.value) == RETIREE
    with pytest.raises(Empeche, match=RETIREE):
        modifier(visite, monde.animatrice)


def test_la_ligne_d_un_autre_ne_se_touche_pas(visite, second_animateur):
    for agir in (
        lambda: modifier(visite, second_animateur),
        lambda: retirer_visite(visite=visite, auteur=second_animateur),
    ):
        with pytest.raises(Empeche) as refus:
            agir()
        assert str(refus.value) == D_UN_AUTRE
    assert lignes() == [(VISITE.date, "sur_place", "Préparer la commission", "Réunir l'équipe.", 1)]


def test_une_ligne_changee_entre_temps_se_voit(monde, visite):
    modifier(visite, monde.animatrice, objet="D'un onglet")
    resultat = modifier(visite, monde.animatrice, objet="De l'autre")
    assert resultat == VisiteChangee(Visite.objects.get())
    assert lignes()[0][2:] == ("D'un onglet", "", 2)
    modifier(visite, monde.animatrice, objet="D'un onglet")  # the same words are no conflict
    assert lignes()[0][2:] == ("D'un onglet", "", 2)


@pytest.mark.django_db(transaction=True)
def test_vingt_envois_ensemble_font_une_ligne(monde):
    visites = ensemble(*[lambda: noter(monde)] * 20)
    assert [v.pk for v in visites] == [Visite.objects.get().pk] * 20


# --- Pages ---------------------------------------------------------------------------------------------------
def test_noter_depuis_la_page(animatrice, monde):
    page = html.fromstring(animatrice.get(le_journal(monde)).content)
    cle = page.get_element_by_id("id_cle").get("value")
    reponse = animatrice.post(le_journal(monde), formulaire(cle=cle, conseil="Deux\r\nlignes"))
    assert (reponse.status_code, reponse.url) == (302, le_journal(monde))
    animatrice.post(le_journal(monde), formulaire(cle=cle, conseil="Deux\r\nlignes"))
    assert lignes() == [(VISITE.date, "sur_place", "Préparer la commission", "Deux\nlignes", 1)]
    assert "Dimanche 1er mars 2026 · Visite sur place · Anne Animatrice" in texte(
        animatrice.get(le_journal(monde))
    ).replace("\xa0", " ")


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"date": "2099-01-01"}, A_VENIR),
        ({"date": "1999-12-31"}, TROP_TOT),
        ({"date": "hier"}, "Saisissez une date valide."),
        ({"forme": "pigeon"}, "Sélectionnez un choix valide."),
        ({"objet": " "}, "Ce champ est obligatoire."),
        ({"objet": "é" * 151}, "151"),
        ({"conseil": "é" * 10_001}, "Le conseil dépasse 10 000 caractères\u00a0: raccourcissez-le."),
        ({"cle": "x"}, "Cette page est incomplète\u00a0: rechargez-la."),
        ({"cle": ""}, "Cette page est incomplète\u00a0: rechargez-la."),
    ],
)
def test_une_saisie_impossible_dit_pourquoi_et_ne_perd_rien(animatrice, monde, champs, phrase):
    donnees = formulaire(cle=str(CLE)) | champs
    reponse = animatrice.post(le_journal(monde), donnees)
    assert (reponse.status_code, lignes()) == (422, [])
    assert " ".join(phrase.split()) in texte(reponse)
    page = html.fromstring(reponse.content)
    assert page.get_element_by_id("id_conseil").text.lstrip("\n") == donnees["conseil"]
    assert page.get_element_by_id("id_objet").get("value", "") == donnees["objet"]


def test_une_cle_deja_servie_laisse_enregistrer_de_nouveau(animatrice, monde, visite):
    reponse = animatrice.post(le_journal(monde), formulaire(cle=str(CLE), objet="Une autre visite"))
    assert (reponse.status_code, len(lignes())) == (422, 1)
    assert "Une ligne a déjà été notée depuis cette page" in texte(reponse)
    page = html.fromstring(reponse.content)
    nouvelle = page.get_element_by_id("id_cle").get("value")
    assert nouvelle != str(CLE)
    assert page.get_element_by_id("id_objet").get("value") == "Une autre visite"
    reponse = animatrice.post(le_journal(monde), formulaire(cle=nouvelle, objet="Une autre visite"))
    assert [ligne[2] for ligne in lignes()] == ["Préparer la commission", "Une autre visite"]


def test_l_ecole_lit_et_n_ecrit_pas(client, monde, visite):
    client.force_login(monde.lectrice)
    page = client.get(le_journal(monde))
    assert "Réunir l'équipe." in texte(page)
    assert "Noter une visite" not in texte(page)
    assert [a.get("href") for a in html.fromstring(page.content).xpath("//article//a")] == []
    assert client.post(le_journal(monde), formulaire(cle=str(uuid.uuid4()))).status_code == 403
    assert len(lignes()) == 1


def test_un_collegue_du_district_lit_sans_toucher(client, monde, visite, second_animateur):
    client.force_login(second_animateur)
    page = client.get(le_journal(monde))
    assert [a.get("href") for a in html.fromstring(page.content).xpath("//article//a")] == []
    for nom in ("journal_modifier", "journal_retirer"):
        adresse = reverse(nom, args=[monde.college.uai, visite.pk])
        assert (client.get(adresse).status_code, client.post(adresse, formulaire(version="1")).status_code) == (
            403,
            403,
        )
    assert lignes()[0][2:] == ("Préparer la commission", "Réunir l'équipe.", 1)


def test_une_ligne_ne_se_prend_pas_par_une_autre_ecole(animatrice, monde, visite):
    for nom in ("journal_modifier", "journal_retirer"):
        for numero in (visite.pk, 10**30):
            adresse = reverse(nom, args=[monde.voisin_college.uai, numero])
            assert (animatrice.get(adresse).status_code, animatrice.post(adresse, {"version": "1"}).status_code) == (
                404,
                404,
            )


def test_modifier_depuis_la_page(animatrice, monde, visite):
    adresse = reverse("journal_modifier", args=[monde.college.uai, visite.pk])
    page = html.fromstring(animatrice.get(adresse).content)
    assert page.get_element_by_id("id_date").get("value") == "2026-03-01"
    reponse = animatrice.post(adresse, formulaire(version="1", objet="Suite"))
    assert (reponse.status_code, reponse.url) == (302, le_journal(monde))
    assert lignes()[0][2:] == ("Suite", "Réunir l'équipe.", 2)
    assert animatrice.post(adresse, formulaire(version="2", date="2099-01-01")).status_code == 422
    changee = animatrice.post(adresse, formulaire(version="1", objet="D'un autre onglet"))
    assert changee.status_code == 409
    assert "« Suite »" in texte(changee).replace("\xa0", " ")
    page = html.fromstring(changee.content)
    assert [page.get_element_by_id(f"id_{nom}").get("value") for nom in ("objet", "version")] == [
        "D'un autre onglet",
        "2",
    ]
    assert animatrice.post(adresse, formulaire(version="2", objet="D'un autre onglet")).status_code == 302
    assert lignes()[0][2:] == ("D'un autre onglet", "Réunir l'équipe.", 3)


def test_retirer_demande_d_abord(animatrice, monde, visite):
    adresse = reverse("journal_retirer", args=[monde.college.uai, visite.pk])
    assert "« Préparer la commission »" in texte(animatrice.get(adresse)).replace("\xa0", " ")
    assert len(lignes()) == 1
    assert "La ligne est retirée du journal." in texte(animatrice.post(adresse, follow=True))
    assert lignes() == []


def test_la_plus_recente_d_abord_cinquante_a_la_fois(animatrice, monde):
    jour = datetime.date(2025, 1, 1)
    Visite.objects.bulk_create(
        Visite(
            etablissement=monde.college,
            date=jour + datetime.timedelta(days=rang // 2),  # two a day: the key is more than the date
            forme="document",
            objet=f"Visite {rang}",
            cle=uuid.uuid4(),
            auteur=monde.animatrice,
            notee_le=timezone.now(),
        )
        for rang in range(TAILLE_PAGE + 3)
    )

    def objets(page) -> list[str]:
        return [h.text_content() for h in html.fromstring(page.content).xpath("//article/h3")]

    attendus = [f"Visite {rang}" for rang in reversed(range(TAILLE_PAGE + 3))]
    premiere = animatrice.get(le_journal(monde))
    assert objets(premiere) == attendus[:TAILLE_PAGE]
    (suivante,) = html.fromstring(premiere.content).xpath("//a[@rel='next']/@href")
    seconde = animatrice.get(le_journal(monde) + suivante)
    assert objets(seconde) == attendus[TAILLE_PAGE:]
    assert "Page suivante" not in texte(seconde)


@pytest.mark.parametrize("cle", ["x", "2026-01-01", "2026-13-01|1", "2026-01-01|x", "2026-01-01|\x00", "|", "é|é"])
def test_une_cle_de_page_etrange_montre_le_debut(animatrice, monde, visite, cle):
    assert "Préparer la commission" in texte(animatrice.get(le_journal(monde), {"apres": cle}))


def test_une_cle_demesuree_ne_tombe_pas(animatrice, monde, visite):
    assert animatrice.get(le_journal(monde), {"apres": "2026-03-01|" + "9" * 29}).status_code == 200


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", '"><svg/onload=alert(1)>', "\u202eDCBA\u202c", "a\n\n b"]
)
def test_un_texte_hostile_est_montre_tel_quel(client, animatrice, monde, hostile):
    objet = hostile.replace("\n", "")
    reponse = animatrice.post(le_journal(monde), formulaire(cle=str(CLE), objet=objet, conseil=hostile))
    assert reponse.status_code == 302
    client.force_login(monde.chef)
    page = html.fromstring(client.get(le_journal(monde)).content)
    assert [e.text_content() for e in page.xpath("//article")[0].find_class("saisi")] == [objet, hostile]
    assert not page.xpath("//script[not(@src)] | //svg[@onload]")
