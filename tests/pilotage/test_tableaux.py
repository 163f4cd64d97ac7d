"""Dashboard of a school and list of schools: what each reader finds there."""

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from diagnostic.models import Reponse
from strategie.socle.droits import Role
from strategie.socle.models import Etablissement
from strategie.socle.queries import etablissements
from tests.dossier import signer
from tests.personnages import affecter, un_etablissement


def texte(reponse) -> str:
    return " ".join(html.fromstring(reponse.content).find(".//main").text_content().split())


def actions(reponse) -> list[str]:
    boutons = html.fromstring(reponse.content).find(".//main").find_class("btn-primary")
    return [" ".join(bouton.text_content().split()) for bouton in boutons]


def page(client, qui, etablissement):
    client.force_login(qui)
    return client.get(reverse("etablissement", args=[etablissement.uai]))


def test_la_cheffe_reprend_son_brouillon(client, dossier):
    Reponse.objects.filter(indicateur__champ__code="EQU", diagnostic=dossier.brouillon).update(valeur="")
    reponse = page(client, dossier.monde.chef, dossier.monde.college)
    assert "69 réponses sur 82. Il reste Équipement." in texte(reponse)
    assert actions(reponse) == ["Reprendre le diagnostic"]


def test_quand_tout_est_rempli_il_reste_a_signer(client, dossier):
    assert actions(page(client, dossier.monde.chef, dossier.monde.college)) == ["Vérifier et signer"]


def test_qui_ne_repond_pas_lit(client, dossier):
    assert actions(page(client, dossier.monde.lectrice, dossier.monde.college)) == ["Lire les réponses"]


def test_sans_diagnostic_la_page_dit_par_ou_commencer(client, dossier):
    reponse = page(client, dossier.monde.voisin, dossier.monde.voisin_college)
    assert "n'est pas commencé" in texte(reponse)
    assert actions(reponse) == ["Aller au diagnostic"]


@pytest.mark.parametrize(("type_", "conseil"), [("college", "conseil d'administration"), ("ecole", "conseil d'école")])
def test_une_fois_signe_la_suite_est_de_le_faire_connaitre(client, dossier, type_, conseil):
    signer(dossier.brouillon, dossier.monde.chef, timezone.now())
    Etablissement.objects.filter(pk=dossier.monde.college.pk).update(type=type_)
    reponse = page(client, dossier.monde.chef, dossier.monde.college)
    assert f"La suite : faire connaître le diagnostic Le PDF est prêt pour le {conseil}." in texte(reponse)
    assert actions(reponse) == ["Voir les résultats et le PDF"]


def test_l_animatrice_ne_voit_rien_du_brouillon(client, dossier):
    vu = texte(page(client, dossier.monde.animatrice, dossier.monde.college))
    assert "réponses sur 82" not in vu
    assert f"Paliers {dossier.copie.diagnostic.campagne.annee_scolaire}" in vu


def test_la_collectivite_ne_voit_ni_paliers_ni_equipe(client, dossier):
    vu = texte(page(client, dossier.monde.collectivite_agent, dossier.monde.college))
    assert "Palier" not in vu
    assert "Voir l'équipe" not in vu
    assert "Voir l'inventaire" in vu


# --- The list ---------------------------------------------------------------------------------------------------
def noms(reponse) -> list[str]:
    return [lien.text for lien in html.fromstring(reponse.content).xpath("//tbody/tr/th/a")]


@pytest.mark.parametrize(
    ("recherche", "attendu"),
    [
        ("", ["Collège du Test", "Collège lointain", "Collège voisin"]),
        ("COLLEGE test", ["Collège du Test"]),
        ("saint-exemple lointain", ["Collège lointain"]),
        ("0980002V", ["Collège voisin"]),
        ("0980002", ["Collège voisin"]),
        ("lycée d'ailleurs", []),
        ("100 %_", []),
    ],
)
def test_chercher_dans_son_perimetre(client, dossier, recherche, attendu):
    client.force_login(dossier.monde.rectorat)
    assert noms(client.get(reverse("etablissements"), {"q": recherche})) == attendu


def test_l_etat_du_diagnostic_de_l_annee(client, dossier):
    client.force_login(dossier.monde.animatrice)
    lignes = html.fromstring(client.get(reverse("etablissements")).content).xpath("//tbody/tr")
    assert [" ".join(ligne[-1].text_content().split()) for ligne in lignes] == ["brouillon", "à commencer"]


def test_la_collectivite_ne_sait_pas_ou_en_est_le_diagnostic(client, dossier):
    client.force_login(dossier.monde.collectivite_agent)
    reponse = client.get(reverse("etablissements"))
    entetes = html.fromstring(reponse.content).xpath("//thead/tr/th/text()")
    assert (noms(reponse), entetes) == (["Collège du Test"], ["Établissement", "Commune", "Type"])


def test_un_role_de_plus_ne_montre_que_ce_qu_il_permet_de_lire(client, dossier):
    affecter(dossier.monde.collectivite_agent, Role.CHEF, etablissement=dossier.monde.voisin_college)
    client.force_login(dossier.monde.collectivite_agent)
    lignes = html.fromstring(client.get(reverse("etablissements")).content).xpath("//tbody/tr")
    assert [" ".join(ligne[-1].text_content().split()) for ligne in lignes] == ["non communiqué", "à commencer"]


def test_un_etablissement_ferme_n_est_plus_dans_la_liste(client, monde):
    Etablissement.objects.filter(pk=monde.voisin_college.pk).update(etat="ferme")
    client.force_login(monde.animatrice)
    assert noms(client.get(reverse("etablissements"))) == ["Collège du Test"]


def test_les_pages_se_suivent_sans_trou_ni_doublon(client, monde, monkeypatch):
    monkeypatch.setattr(etablissements, "TAILLE_PAGE", 2)
    for rang in range(5):  # the same name, so that the key needs the UAI too
        un_etablissement(f"098001{rang}A", "Collège du Test", monde.college.departement, district=monde.district)
    client.force_login(monde.animatrice)
    vus, adresse = [], reverse("etablissements")
    while adresse:
        reponse = client.get(adresse)
        vus += html.fromstring(reponse.content).xpath("//tbody/tr/th/span/text()")
        suite = html.fromstring(reponse.content).xpath("//a[@rel='next']/@href")
        adresse = reverse("etablissements") + suite[0] if suite else None
    attendus = Etablissement.objects.filter(district=monde.district).order_by("recherche", "uai")
    assert vus == list(attendus.values_list("uai", flat=True))
    assert len(vus) == 7
