"""From an académie's priorities to a district's project, down to the schools' answers, and back up as counts."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from lxml import html

from plans.domain.cascade import (
    SaisieAxeDistrict,
    SaisiePriorite,
    SaisieRattachement,
    dire_rattachement,
    fixer_axe_district,
    fixer_priorite,
    lire_axe_district,
    lire_priorite,
    lire_rattachement,
    modifier_axe_district,
    modifier_priorite,
    retablir_axe_district,
    retablir_priorite,
    retirer_axe_district,
    retirer_priorite,
)
from plans.domain.corbeille import mettre_a_la_corbeille
from plans.models import AxeDistrict, PrioriteAcademique, Rattachement
from plans.queries.cascade import (
    Comptes,
    Motif,
    axes_qui_peuvent_servir,
    district_a_la_porte,
    districts_confies,
    motifs_hors_competence,
    priorites_a_servir,
    projet_du_district,
    rattachements_de,
    reponses_a_l_axe,
)
from plans.rules.cascade import (
    AXE_ABSENT,
    AXE_RETIRE,
    CHOISIR_UN_AXE,
    DIRE_POURQUOI,
    PRIORITE_ABSENTE,
    PRIORITE_RETIREE,
    empechement_annee,
)
from strategie.socle.domain.empechement import Empeche
from strategie.socle.domain.fusion import Conflit
from strategie.socle.droits import Role
from strategie.socle.models import Departement, District, Etablissement
from tests.personnages import affecter, un_compte, un_etablissement
from tests.plans.plans import cette_annee, un_axe

MIDI = datetime.datetime(2026, 11, 3, 12, tzinfo=datetime.UTC)
ANNEE = "2026-2027"


def une_priorite(monde, intitule: str = "Équiper chaque classe", **champs) -> PrioriteAcademique:
    saisie = SaisiePriorite(**{"annee_scolaire": ANNEE, "intitule": intitule} | champs)
    return fixer_priorite(academie=monde.academie, saisie=saisie, auteur=monde.rectorat, maintenant=MIDI)


def un_axe_district(monde, intitule: str = "Un réseau partout", *, district=None, **champs) -> AxeDistrict:
    saisie = SaisieAxeDistrict(
        **{"annee_scolaire": ANNEE, "priorite": None, "theme": "acces", "intitule": intitule} | champs
    )
    return fixer_axe_district(
        district=district or monde.district, saisie=saisie, auteur=monde.animatrice, maintenant=MIDI
    )


def dire(monde, axe: AxeDistrict, saisie: SaisieRattachement, *, ecole=None, base=None, le=MIDI):
    ecole = ecole or monde.college
    tenu = Rattachement.objects.filter(etablissement=ecole, axe_district=axe).first()
    return dire_rattachement(
        etablissement=ecole,
        axe_district=axe,
        base=lire_rattachement(tenu) if base is None else base,
        saisie=saisie,
        auteur=monde.chef,
        maintenant=le,
    )


def servi(axe) -> SaisieRattachement:
    return SaisieRattachement("servi", axe.pk)


def hors(motif: str) -> SaisieRattachement:
    return SaisieRattachement("hors_competence", None, motif)


# --- Priorities ---------------------------------------------------------------------------------------------
def test_une_priorite_se_fixe_une_fois(monde):
    premiere = une_priorite(monde)
    assert une_priorite(monde) == premiere
    assert (premiere.academie, premiere.annee_scolaire, premiere.version) == (monde.academie, ANNEE, 1)
    assert (premiere.fixee_par, premiere.fixee_le) == (monde.rectorat, MIDI)


def test_ce_qui_est_devenu_deux_fois_le_meme_se_fixe_encore(monde):
    """Two that were reworded alike: fixed again in these words, it is the first of them."""
    priorite, autre = une_priorite(monde), une_priorite(monde, "Autre chose")
    base, mots = lire_priorite(autre), lire_priorite(priorite)
    modifier_priorite(priorite=autre, base=base, saisie=mots, auteur=monde.rectorat, maintenant=MIDI)
    assert une_priorite(monde) == priorite
    axe, second = un_axe_district(monde), un_axe_district(monde, "Autre chose")
    base, mots = lire_axe_district(second), lire_axe_district(axe)
    modifier_axe_district(axe=second, base=base, saisie=mots, auteur=monde.animatrice, maintenant=MIDI)
    assert un_axe_district(monde) == axe


def test_deux_rectorats_changent_une_priorite_chacun_de_son_cote(monde):
    priorite = une_priorite(monde)
    base = lire_priorite(priorite)
    commun = {"priorite": priorite, "base": base, "auteur": monde.rectorat, "maintenant": MIDI}
    assert modifier_priorite(saisie=replace(base, precision="Avant Noël"), **commun) == {}
    assert modifier_priorite(saisie=replace(base, intitule="Équiper chaque salle"), **commun) == {}
    conflits = modifier_priorite(saisie=replace(base, precision="En juin"), **commun)
    assert conflits == {"precision": Conflit("", "En juin", "Avant Noël")}
    priorite.refresh_from_db()
    assert lire_priorite(priorite) == SaisiePriorite(ANNEE, "Équiper chaque salle", "Avant Noël")
    assert priorite.version == 3


def test_une_priorite_inchangee_ne_s_ecrit_pas(monde):
    priorite = une_priorite(monde)
    base = lire_priorite(priorite)
    modifier_priorite(priorite=priorite, base=base, saisie=base, auteur=monde.rectorat, maintenant=MIDI)
    assert PrioriteAcademique.objects.get().version == 1


def test_une_priorite_retiree_ne_se_modifie_plus_puis_revient(monde):
    priorite = une_priorite(monde)
    base = lire_priorite(priorite)
    for _ in range(2):
        retirer_priorite(priorite=priorite, auteur=monde.rectorat, maintenant=MIDI)
    with pytest.raises(Empeche, match=PRIORITE_RETIREE):
        modifier_priorite(priorite=priorite, base=base, saisie=base, auteur=monde.rectorat, maintenant=MIDI)
    priorite.refresh_from_db()
    assert (priorite.retiree_le, priorite.version) == (MIDI, 2)
    for _ in range(2):
        retablir_priorite(priorite=priorite, auteur=monde.rectorat)
    priorite.refresh_from_db()
    assert (priorite.retiree_le, priorite.version) == (None, 3)


@pytest.mark.parametrize(
    ("annee", "refus"),
    [
        ("2026-2027", None),
        ("2020-2021", None),
        ("2028-2029", None),
        ("2029-2030", "Cette année scolaire est trop lointaine\u00a0: choisissez-en une des deux prochaines."),
        ("2026-2028", "Écrivez l'année scolaire ainsi\u00a0: 2026-2027."),
        ("bientôt", "Écrivez l'année scolaire ainsi\u00a0: 2026-2027."),
    ],
)
def test_les_annees_d_un_projet(annee, refus):
    assert empechement_annee(annee, MIDI.date()) == refus


# --- A district's project -----------------------------------------------------------------------------------
def test_un_axe_de_district_sert_une_priorite_de_son_academie(monde):
    priorite = une_priorite(monde)
    axe = un_axe_district(monde, priorite=priorite.pk)
    assert un_axe_district(monde, priorite=priorite.pk) == axe
    assert (axe.district, axe.priorite, axe.fixe_par, axe.fixe_le) == (monde.district, priorite, monde.animatrice, MIDI)


def test_une_priorite_d_ailleurs_ou_retiree_ne_se_sert_pas(monde):
    ailleurs = PrioriteAcademique.objects.create(
        academie=monde.autre_academie,
        annee_scolaire=ANNEE,
        intitule="Ailleurs",
        fixee_par=monde.rectorat_ailleurs,
        fixee_le=MIDI,
    )
    retiree = une_priorite(monde)
    retirer_priorite(priorite=retiree, auteur=monde.rectorat, maintenant=MIDI)
    for cle in (ailleurs.pk, retiree.pk, 0):
        with pytest.raises(Empeche, match=PRIORITE_ABSENTE):
            un_axe_district(monde, priorite=cle)
    assert list(AxeDistrict.objects.all()) == []
    assert priorites_a_servir(monde.district, ANNEE) == []
    assert priorites_a_servir(monde.district, ANNEE, deja=retiree.pk) == [retiree]


def test_l_animatrice_et_le_rectorat_changent_un_axe_ensemble(monde):
    axe = un_axe_district(monde)
    base = lire_axe_district(axe)
    commun = {"axe": axe, "base": base, "maintenant": MIDI}
    modifier_axe_district(saisie=replace(base, theme="travailler"), auteur=monde.animatrice, **commun)
    priorite = une_priorite(monde)
    modifier_axe_district(saisie=replace(base, priorite=priorite.pk), auteur=monde.rectorat, **commun)
    conflits = modifier_axe_district(saisie=replace(base, theme="enseigner"), auteur=monde.rectorat, **commun)
    assert conflits == {"theme": Conflit("acces", "enseigner", "travailler")}
    axe.refresh_from_db()
    assert lire_axe_district(axe) == replace(base, theme="travailler", priorite=priorite.pk)
    assert axe.version == 3


def test_un_axe_garde_sa_priorite_retiree(monde):
    """Its words may change without the priority being chosen again."""
    priorite = une_priorite(monde)
    axe = un_axe_district(monde, priorite=priorite.pk)
    retirer_priorite(priorite=priorite, auteur=monde.rectorat, maintenant=MIDI)
    base = lire_axe_district(axe)
    saisie = replace(base, intitule="Un réseau partout et toujours")
    assert modifier_axe_district(axe=axe, base=base, saisie=saisie, auteur=monde.animatrice, maintenant=MIDI) == {}


def test_un_axe_de_district_retire_laisse_les_reponses_orphelines(monde):
    axe, le_mien = un_axe_district(monde), un_axe(monde.college)
    dire(monde, axe, servi(le_mien))
    retirer_axe_district(axe=axe, auteur=monde.animatrice, maintenant=MIDI)
    retirer_axe_district(axe=axe, auteur=monde.animatrice, maintenant=MIDI + datetime.timedelta(days=1))
    axe.refresh_from_db()
    assert (axe.retire_le, axe.version) == (MIDI, 2)
    ((rattachement,),) = rattachements_de(monde.college).values()
    assert (rattachement.axe, rattachement.orphelin) == (le_mien, True)
    base = lire_axe_district(axe)
    with pytest.raises(Empeche, match=AXE_RETIRE):
        modifier_axe_district(axe=axe, base=base, saisie=base, auteur=monde.animatrice, maintenant=MIDI)
    retablir_axe_district(axe=axe, auteur=monde.animatrice)
    assert [[un.orphelin for un in siens] for siens in rattachements_de(monde.college).values()] == [[False]]


def test_un_etablissement_qui_change_de_district_a_des_axes_orphelins(monde):
    dire(monde, un_axe_district(monde), servi(un_axe(monde.college)))
    monde.college.district = monde.autre_district
    assert [[un.orphelin for un in siens] for siens in rattachements_de(monde.college).values()] == [[True]]


# --- A school's answer --------------------------------------------------------------------------------------
def test_une_reponse_se_dit_puis_se_change(monde):
    axe, le_mien = un_axe_district(monde), un_axe(monde.college)
    assert dire(monde, axe, servi(le_mien)) == {}
    assert dire(monde, axe, servi(le_mien)) == {}
    tenu = Rattachement.objects.get()
    assert (lire_rattachement(tenu), tenu.version, tenu.dit_par) == (servi(le_mien), 1, monde.chef)
    plus_tard = MIDI + datetime.timedelta(days=1)
    assert dire(monde, axe, SaisieRattachement("non_servi", le_mien.pk, "Pas cette année"), le=plus_tard) == {}
    tenu.refresh_from_db()
    assert lire_rattachement(tenu) == SaisieRattachement("non_servi", None, "Pas cette année")  # no axe serves it
    assert (tenu.version, tenu.dit_le) == (2, plus_tard)


def test_qui_repond_sur_une_reponse_changee_voit_les_deux(monde):
    axe, le_mien = un_axe_district(monde), un_axe(monde.college)
    dire(monde, axe, servi(le_mien))
    perdant = SaisieRattachement("hors_competence", None, "C'est la commune")
    conflits = dire(monde, axe, perdant, base=SaisieRattachement())
    assert conflits == {
        "reponse": Conflit("", "hors_competence", "servi"),
        "axe": Conflit(None, None, le_mien.pk),
        "motif": Conflit("", "C'est la commune", ""),
    }
    assert lire_rattachement(Rattachement.objects.get()) == servi(le_mien)


@pytest.mark.django_db(transaction=True)
def test_deux_premieres_reponses_a_la_fois_n_en_ecrasent_aucune(monde):
    axe = un_axe_district(monde)

    def repondre(motif):
        try:
            return dire(monde, axe, hors(motif), base=SaisieRattachement())
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as a_la_fois:
        issues = list(a_la_fois.map(repondre, ["La commune", "Le département"]))
    assert sorted(map(len, issues)) == [0, 1]
    assert Rattachement.objects.count() == 1


def test_les_refus_d_une_reponse(monde):
    axe, le_mien = un_axe_district(monde), un_axe(monde.college)
    d_un_autre = un_axe(monde.voisin_college)
    jete = un_axe(monde.college, "Jeté")
    mettre_a_la_corbeille(objet=jete, auteur=monde.chef, maintenant=MIDI)
    for saisie, phrase in [
        (SaisieRattachement("servi"), CHOISIR_UN_AXE),
        (servi(d_un_autre), AXE_ABSENT),
        (servi(jete), AXE_ABSENT),
        (SaisieRattachement("non_servi", None, "  "), DIRE_POURQUOI),
        (hors(""), DIRE_POURQUOI),
    ]:
        with pytest.raises(Empeche, match=phrase):
            dire(monde, axe, saisie)
    with pytest.raises(Empeche, match="Cet axe n'est pas de votre district"):
        dire(monde, un_axe_district(monde, district=monde.autre_district), servi(le_mien))
    retirer_axe_district(axe=axe, auteur=monde.animatrice, maintenant=MIDI)
    with pytest.raises(Empeche, match="Le district a retiré cet axe"):
        dire(monde, axe, servi(le_mien))
    assert list(Rattachement.objects.all()) == []


def test_un_axe_clos_ne_s_offre_plus_sauf_s_il_sert_deja(monde):
    ouvert, clos = un_axe(monde.college), un_axe(monde.college, "Clos", clos_le=MIDI)
    assert axes_qui_peuvent_servir(monde.college) == [ouvert]
    assert axes_qui_peuvent_servir(monde.college, clos.pk) == [ouvert, clos]


# --- Back up ------------------------------------------------------------------------------------------------
def des_ecoles(monde, nombre: int, **champs) -> list[Etablissement]:
    departement = monde.college.departement
    return [
        un_etablissement(f"098001{n}D", f"Collège {n}", departement, district=monde.district, **champs)
        for n in range(nombre)
    ]


def test_le_district_voit_des_comptes_sur_tous_ses_etablissements(monde):
    axe, le_mien = un_axe_district(monde), un_axe(monde.college)
    retire = un_axe_district(monde, "Retiré")
    fermee, *ecoles = des_ecoles(monde, 4)
    dire(monde, axe, servi(le_mien))
    dire(monde, axe, hors("Le Wi-Fi est au département."), ecole=monde.voisin_college)
    dire(monde, axe, SaisieRattachement("non_servi", None, "Pas cette année"), ecole=fermee)
    dire(monde, axe, SaisieRattachement("non_servi", None, "Plus tard"), ecole=ecoles[0])
    Etablissement.objects.filter(pk=fermee.pk).update(etat=Etablissement.Etat.FERME)
    retirer_axe_district(axe=retire, auteur=monde.animatrice, maintenant=MIDI)
    un_axe_district(monde, "Ailleurs", district=monde.autre_district)
    attendus = [(axe, Comptes(1, 1, 1, 5)), (retire, Comptes(0, 0, 0, 5))]
    assert [(un.axe, un.comptes) for un in projet_du_district(monde.district, ANNEE)] == attendus
    assert attendus[0][1].sans_reponse == 2
    assert projet_du_district(monde.district, "2025-2026") == []


def test_une_reponse_dont_l_axe_est_jete_est_a_redire(monde):
    axe, le_mien = un_axe_district(monde), un_axe(monde.college)
    dire(monde, axe, servi(le_mien))
    mettre_a_la_corbeille(objet=le_mien, auteur=monde.chef, maintenant=MIDI)
    (compte,) = projet_du_district(monde.district, ANNEE)
    assert compte.comptes == Comptes(0, 0, 0, 2)
    assert reponses_a_l_axe(axe) == [(monde.college, None), (monde.voisin_college, None)]


def test_les_motifs_qui_reviennent_se_comptent_par_etablissement(monde):
    reseau, postes = un_axe_district(monde), un_axe_district(monde, "Des postes")
    troisieme, _ = des_ecoles(monde, 2)
    dire(monde, reseau, hors("Le Wi-Fi est au Département."))
    dire(monde, postes, hors("le wi-fi est au departement"))  # the same school, the same reason
    dire(monde, reseau, hors("LE WI-FI EST AU DÉPARTEMENT"), ecole=monde.voisin_college)
    dire(monde, reseau, hors("La fibre n'arrive pas"), ecole=troisieme)
    assert motifs_hors_competence(monde.district, ANNEE) == [
        Motif("Le Wi-Fi est au Département.", 2),
        Motif("La fibre n'arrive pas", 1),
    ]
    assert motifs_hors_competence(monde.autre_district, ANNEE) == []


# --- Whose districts ----------------------------------------------------------------------------------------
def test_chacun_ecrit_les_districts_de_son_perimetre(monde):
    autre = Departement.objects.create(code="099", nom="Voisin", academie=monde.academie)
    voisin = District.objects.create(academie=monde.academie, nom="District 3")
    un_etablissement("0990001N", "Collège du 99", autre, district=voisin)
    dsden = affecter(un_compte("Denis", "Dsden"), Role.RECTORAT, departement=monde.college.departement)
    confies = {
        monde.animatrice: ["District 1"],
        monde.rectorat: ["District 1", "District 2", "District 3"],
        dsden: ["District 1", "District 2"],
        monde.rectorat_ailleurs: [],
        monde.chef: [],
        monde.collectivite_agent: [],
    }
    for qui, noms in confies.items():
        assert [district.nom for district in districts_confies(qui, ANNEE)] == noms
    assert district_a_la_porte(dsden, monde.district.pk).mes_roles == ["rectorat"]
    assert district_a_la_porte(dsden, voisin.pk).mes_roles == []
    assert district_a_la_porte(monde.chef, monde.district.pk).mes_roles == ["chef"]
    assert district_a_la_porte(monde.rectorat_ailleurs, monde.district.pk).mes_roles == []
    assert district_a_la_porte(monde.rectorat, 0) is None


def test_un_district_compte_ses_axes_et_ses_etablissements_ouverts(monde):
    un_axe_district(monde)
    un_axe_district(monde, "L'an prochain", annee_scolaire="2027-2028")
    retirer_axe_district(axe=un_axe_district(monde, "Retiré"), auteur=monde.animatrice, maintenant=MIDI)
    des_ecoles(monde, 1, etat=Etablissement.Etat.FERME)
    (district,) = districts_confies(monde.animatrice, ANNEE)
    assert (district.nb_axes, district.nb_etablissements) == (1, 2)


# --- Pages --------------------------------------------------------------------------------------------------
@pytest.fixture
def annee(monde) -> str:
    return cette_annee(monde.college)


def texte(reponse) -> str:
    return " ".join(html.fromstring(reponse.content).xpath("string(//main)").split())


def envoi(page, /, **champs) -> dict[str, str]:
    """What a browser sends of the page's form, as the person has filled it."""
    (formulaire,) = html.fromstring(page.content).xpath("//main//form[.//textarea]")
    return {nom: valeur or "" for nom, valeur in formulaire.form_values()} | champs


def test_le_rectorat_fixe_change_et_retire_une_priorite(client, monde, annee):
    client.force_login(monde.rectorat)
    ajouter = reverse("priorite_ajouter")
    page = client.get(ajouter)
    refusee = client.post(ajouter, envoi(page, annee_scolaire="2026"))
    assert refusee.status_code == 422
    assert "Dites en une phrase quelle est cette priorité." in texte(refusee)
    assert client.post(ajouter, envoi(page, annee_scolaire="2026", intitule="X")).status_code == 422
    client.post(ajouter, envoi(page, intitule="Équiper <b>chaque</b> classe"))
    priorite = PrioriteAcademique.objects.get()
    assert (priorite.academie, priorite.annee_scolaire) == (monde.academie, annee)
    modifier = reverse("priorite_modifier", args=[priorite.pk])
    avant = client.get(modifier)
    client.post(modifier, envoi(avant, intitule="Équiper chaque salle"))
    perdue = client.post(modifier, envoi(avant, intitule="Équiper tout le monde"))
    assert perdue.status_code == 409
    assert "«\u00a0Équiper chaque salle\u00a0»" in perdue.content.decode()
    assert "Équiper tout le monde" in perdue.content.decode()
    gardee = client.post(modifier, envoi(perdue))
    assert gardee.status_code == 302
    priorite.refresh_from_db()
    assert priorite.intitule == "Équiper tout le monde"
    client.post(reverse("priorite_retirer", args=[priorite.pk]))
    assert "retirée" in texte(client.get(reverse("priorites")))
    assert client.post(modifier, envoi(avant, intitule="X")).status_code == 422
    client.post(reverse("priorite_retablir", args=[priorite.pk]))
    assert "retirée" not in texte(client.get(reverse("priorites")))


def test_un_formulaire_sans_ses_copies_est_refuse(client, monde):
    client.force_login(monde.rectorat)
    priorite = une_priorite(monde)
    reponse = client.post(
        reverse("priorite_modifier", args=[priorite.pk]), {"annee_scolaire": ANNEE, "intitule": "X", "precision": ""}
    )
    assert reponse.status_code == 422
    assert PrioriteAcademique.objects.get().version == 1


def test_l_animatrice_ecrit_le_projet_et_lit_les_reponses(client, monde, annee):
    client.force_login(monde.animatrice)
    priorite = une_priorite(monde, annee_scolaire=annee)
    ajouter = reverse("district_axe_ajouter", args=[monde.district.pk])
    page = client.get(ajouter, {"annee": annee})
    assert client.post(ajouter, envoi(page)).status_code == 422
    champs = {"intitule": "Un réseau partout", "theme": "acces", "priorite": str(priorite.pk)}
    reponse = client.post(ajouter, envoi(page, **champs), follow=True)
    dit = texte(reponse)
    assert "sert la priorité « Équiper chaque classe »" in dit
    assert "0 le sert 0 ne le sert pas 0 hors de sa compétence 2 sans réponse sur 2 établissements" in dit
    axe = AxeDistrict.objects.get()
    dire(monde, axe, hors("Le Wi-Fi est au département"))
    dit = texte(client.get(reverse("district_projet", args=[monde.district.pk])))
    assert "1 hors de sa compétence 1 sans réponse sur 2 établissements" in dit
    assert "Collège" not in dit  # the counts name no school
    lignes = html.fromstring(
        client.get(reverse("district_axe_reponses", args=[monde.district.pk, axe.pk])).content
    ).xpath("//tbody/tr")
    assert [" ".join(ligne.text_content().split()) for ligne in lignes] == [
        "Collège du Test Hors de notre compétencele 3 novembre 2026 Le Wi-Fi est au département",
        "Collège voisin sans réponse",
    ]


def test_l_animatrice_change_retire_et_retablit_un_axe(client, monde, annee):
    client.force_login(monde.animatrice)
    axe = un_axe_district(monde, annee_scolaire=annee)
    dire(monde, axe, servi(un_axe(monde.college)))
    arguments = [monde.district.pk, axe.pk]
    modifier = reverse("district_axe_modifier", args=arguments)
    page = client.get(modifier)
    assert client.post(modifier, envoi(page, theme="travailler")).status_code == 302
    assert client.post(modifier, envoi(page, theme="enseigner")).status_code == 409
    assert client.post(modifier, envoi(page, annee_scolaire="2099-2100")).status_code == 422
    retirer = reverse("district_axe_retirer", args=arguments)
    assert "1 établissement le sert" in texte(client.get(retirer))
    dit = texte(client.post(retirer, follow=True))
    assert "1 axe retiré" in dit
    dit = texte(client.post(reverse("district_axe_retablir", args=arguments), follow=True))
    assert "1 axe retiré" not in dit


def test_un_axe_d_un_autre_district_n_est_pas_sous_celui_ci(client, monde):
    client.force_login(monde.rectorat)
    ailleurs = un_axe_district(monde, district=monde.autre_district)
    for page in ("district_axe_reponses", "district_axe_modifier", "district_axe_retirer"):
        assert client.get(reverse(page, args=[monde.district.pk, ailleurs.pk])).status_code == 404


def test_le_rectorat_d_une_autre_academie_ne_trouve_rien(client, monde):
    client.force_login(monde.rectorat_ailleurs)
    priorite, axe = une_priorite(monde), un_axe_district(monde)
    assert "Équiper" not in texte(client.get(reverse("priorites")))
    assert "District 1" not in texte(client.get(reverse("districts")))
    assert client.get(reverse("priorite_modifier", args=[priorite.pk])).status_code == 404
    assert client.get(reverse("district_projet", args=[monde.district.pk])).status_code == 404
    assert client.post(reverse("district_axe_retirer", args=[monde.district.pk, axe.pk])).status_code == 404
    assert client.get(reverse("rattachements", args=[monde.college.uai])).status_code == 404
    assert AxeDistrict.objects.get().retire_le is None


def test_l_ecole_repond_a_un_axe_de_son_district(client, monde, annee):
    client.force_login(monde.referent)
    axe, le_mien = un_axe_district(monde, annee_scolaire=annee), un_axe(monde.college, "Fiabiliser <i>le</i> réseau")
    liste, adresse = (
        reverse("rattachements", args=[monde.college.uai]),
        reverse("rattachement_dire", args=[monde.college.uai, axe.pk]),
    )
    assert "Un réseau partout" in texte(client.get(liste))
    page = client.get(adresse)
    for champs, phrase in [
        ({}, "Choisissez une des trois réponses."),
        ({"reponse": "servi"}, CHOISIR_UN_AXE),
        ({"reponse": "servi", "axe": str(un_axe(monde.voisin_college).pk)}, AXE_ABSENT),
        ({"reponse": "hors_competence"}, DIRE_POURQUOI),
        ({"reponse": "non_servi", "motif": "x" * 401}, "Ce texte dépasse 400 caractères"),
    ]:
        refusee = client.post(adresse, envoi(page, **champs))
        assert (refusee.status_code, phrase in texte(refusee)) == (422, True)
    client.post(adresse, envoi(page, reponse="servi", axe=str(le_mien.pk)))
    assert "Nous le servons : Fiabiliser <i>le</i> réseau" in texte(client.get(liste))
    perdue = client.post(adresse, envoi(page, reponse="non_servi", motif="Pas cette année"))
    assert perdue.status_code == 409
    assert "«\u00a0Nous le servons\u00a0»" in perdue.content.decode()
    assert Rattachement.objects.get().reponse == "servi"
    assert client.post(adresse, envoi(perdue)).status_code == 302  # having read both
    assert Rattachement.objects.get().motif == "Pas cette année"


def test_l_ecole_ne_repond_pas_a_un_autre_district(client, monde, annee):
    client.force_login(monde.chef)
    axe = un_axe_district(monde, district=monde.autre_district, annee_scolaire=annee)
    assert client.get(reverse("rattachement_dire", args=[monde.college.uai, axe.pk])).status_code == 404


def test_un_axe_retire_ne_se_repond_plus(client, monde, annee):
    client.force_login(monde.chef)
    axe = un_axe_district(monde, annee_scolaire=annee)
    adresse = reverse("rattachement_dire", args=[monde.college.uai, axe.pk])
    page = client.get(adresse)
    retirer_axe_district(axe=axe, auteur=monde.animatrice, maintenant=MIDI)
    assert client.post(adresse, envoi(page, reponse="non_servi", motif="Non")).status_code == 422
    assert "Le district a retiré cet axe" in texte(client.get(adresse))


def test_l_ecole_voit_ses_orphelins_et_ce_qui_est_a_redire(client, monde, annee):
    client.force_login(monde.chef)
    retire, garde = (
        un_axe_district(monde, annee_scolaire=annee),
        un_axe_district(monde, "Des postes", annee_scolaire=annee),
    )
    jamais_repondu = un_axe_district(monde, "Jamais répondu", annee_scolaire=annee)
    le_mien, jete = un_axe(monde.college), un_axe(monde.college, "Jeté")
    dire(monde, retire, servi(le_mien))
    dire(monde, garde, servi(jete))
    for axe in (retire, jamais_repondu):
        retirer_axe_district(axe=axe, auteur=monde.animatrice, maintenant=MIDI)
    mettre_a_la_corbeille(objet=jete, auteur=monde.chef, maintenant=timezone.now())
    dit = texte(client.get(reverse("rattachements", args=[monde.college.uai])))
    assert "Le district ne les demande plus" in dit
    assert "Un réseau partout orphelin" in dit
    assert "Jeté axe à la corbeille, à redire" in dit
    assert "Jamais répondu" not in dit
    assert "à la corbeille" in texte(client.get(reverse("rattachement_dire", args=[monde.college.uai, garde.pk])))


def test_la_liste_des_axes_dit_ceux_du_district_et_les_orphelins(client, monde, annee):
    client.force_login(monde.lectrice)
    demande, le_mien = un_axe_district(monde, annee_scolaire=annee), un_axe(monde.college)
    un_axe(monde.college, "Sans lien")
    dire(monde, demande, servi(le_mien))
    liste, page = reverse("axes", args=[monde.college.uai]), reverse("axe", args=[monde.college.uai, le_mien.pk])
    for adresse in (liste, page):
        assert texte(client.get(adresse)).count("Sert l'axe de district « Un réseau partout »") == 1
        assert "orphelin" not in texte(client.get(adresse))
    retirer_axe_district(axe=demande, auteur=monde.animatrice, maintenant=MIDI)
    for adresse in (liste, page):
        assert "« Un réseau partout » orphelin : le district ne le demande plus" in texte(client.get(adresse))


def test_sans_district_la_page_le_dit(client, monde):
    client.force_login(monde.chef)
    Etablissement.objects.filter(pk=monde.college.pk).update(district=None)
    assert "L'établissement n'est dans aucun district" in texte(
        client.get(reverse("rattachements", args=[monde.college.uai]))
    )


def test_l_animatrice_va_de_ses_etablissements_aux_projets(client, monde):
    client.force_login(monde.animatrice)
    assert "Projets numériques de district" in texte(client.get(reverse("etablissements")))
    client.force_login(monde.collectivite_agent)
    assert "Projets numériques" not in texte(client.get(reverse("etablissements")))


@pytest.mark.parametrize("nombre", [1, 3])
def test_autant_de_requetes_pour_une_ligne_que_pour_trois(client, monde, annee, nombre):
    for numero, ecole in enumerate([monde.college, monde.voisin_college, *des_ecoles(monde, 1)][:nombre]):
        priorite = une_priorite(monde, f"Priorité {numero}", annee_scolaire=annee)
        axe = un_axe_district(monde, f"Axe {numero}", annee_scolaire=annee, priorite=priorite.pk)
        dire(monde, axe, servi(un_axe(monde.college, f"Le mien {numero}")))
        dire(monde, axe, hors(f"Motif {numero}"), ecole=ecole)
    premier = AxeDistrict.objects.earliest("pk")
    comptes = {}
    for qui, page, arguments in [
        (monde.rectorat, "priorites", []),
        (monde.rectorat, "districts", []),
        (monde.animatrice, "district_projet", [monde.district.pk]),
        (monde.animatrice, "district_axe_reponses", [monde.district.pk, premier.pk]),
        (monde.chef, "rattachements", [monde.college.uai]),
    ]:
        client.force_login(qui)
        comptes[page] = len(client.get(reverse(page, args=arguments)).requetes)
    assert comptes == {
        "priorites": 5,
        "districts": 5,
        "district_projet": 8,
        "district_axe_reponses": 7,
        "rattachements": 6,
    }
