"""Two moments side by side: diagnostics, surveys, named moments; and the page that says how figures are computed.

Diagnostics, redone by hand. A year ago everything is « oui » but RES-2-2 (non, indispensable: palier 1), and at the
palier 2 of EQU: oui, en partie (indispensable), non, non, ne sait pas (palier 1). This year RES-2-2 is « oui »
(palier 3), FOR-3-1 « en partie » (indispensable: palier 2), PIL-1-2 « non » (4/5 = 80 %: still palier 3), and EQU at
palier 2: oui, oui, en partie, non, oui (3,5/5 = 70 %: still palier 1). EQU-2-5 had no known answer: of the 82
indicators, 81 are common. On the four common ones of EQU at palier 2: 1,5/4 = 37,5 → 38 %, then 2,5/4 = 62,5 → 63 %.
"""

import datetime
import re
import uuid
from fractions import Fraction
from html import unescape

import pytest
from django.urls import reverse

from diagnostic.domain.anonymat import fusionner, participation
from diagnostic.domain.bulletins import Bulletin, Groupe
from diagnostic.domain.cotation import Valeur
from diagnostic.domain.instantanes import nommer_un_moment
from diagnostic.domain.signature import rouvrir_diagnostic
from diagnostic.domain.statistiques import arrondi, interpretable, quartiles, resumer
from diagnostic.domain.urne import deposer, depouiller_enquete
from diagnostic.domain.versions import publier_version
from diagnostic.interfaces.comparaisons import decimale, lecture_diagnostics, lecture_enquetes
from diagnostic.models import CopieSignee, Diagnostic, Enquete, Instantane
from diagnostic.queries.evolution import choisir, evolution, moments_signes
from diagnostic.queries.evolution_enquetes import evolution_enquete, moments_depouilles
from diagnostic.queries.semblables import PART
from strategie.socle.domain.calendrier import annee_precedente, annee_scolaire
from strategie.socle.domain.empechement import Empeche
from tests.diagnostic.versions import brouillon_change, reformuler, version_suivante
from tests.dossier import commencer, repondre_partout, signer
from tests.enquetes import porte_de, une_enquete, une_enquete_depouillee

OUI, PARTIE, NON, INCONNU, SANS_OBJET = (
    Valeur.oui,
    Valeur.en_partie,
    Valeur.non,
    Valeur.ne_sait_pas,
    Valeur.sans_objet,
)
AVANT = {"RES-2-2": NON, "EQU-2-2": PARTIE, "EQU-2-3": NON, "EQU-2-4": NON, "EQU-2-5": INCONNU}
APRES = {"FOR-3-1": PARTIE, "PIL-1-2": NON, "EQU-2-3": PARTIE, "EQU-2-4": NON}
ENSEIGNANTS, VIE_SCOLAIRE = Groupe.ENSEIGNANTS, Groupe.VIE_SCOLAIRE


def lire(reponse) -> str:
    """The page, with its characters as one reads them."""
    return unescape(reponse.content.decode()).replace("\u00a0", " ")


def signe(etablissement, annee, referentiel, auteur, maintenant, sauf) -> CopieSignee:
    diagnostic = commencer(etablissement, annee, referentiel, auteur, maintenant)
    repondre_partout(diagnostic, OUI, auteur, maintenant, sauf)
    return signer(diagnostic, auteur, maintenant)


@pytest.fixture
def annee(monde, maintenant) -> str:
    return annee_scolaire(maintenant.astimezone(monde.academie.zone).date())


@pytest.fixture
def deux_ans(monde, referentiel, maintenant, annee) -> tuple[CopieSignee, CopieSignee]:
    avant = signe(monde.college, annee_precedente(annee), referentiel, monde.chef, maintenant, AVANT)
    return avant, signe(monde.college, annee, referentiel, monde.chef, maintenant, APRES)


def evolue(etablissement):
    apres, *_, avant = moments_signes(etablissement)
    return evolution(avant, apres)


# --- Diagnostics --------------------------------------------------------------------------------------------
def test_ce_qui_a_bouge_refait_a_la_main(monde, deux_ans, annee):
    trouvee = evolue(monde.college)
    par_code = {champ.code: champ for champ in trouvee.champs}
    assert {code: (champ.avant, champ.apres) for code, champ in par_code.items()} == {
        "PIL": (3, 3),
        "FOR": (3, 2),
        "RES": (1, 3),
        "PED": (3, 3),
        "INF": (3, 3),
        "EQU": (1, 1),
    }
    equ = par_code["EQU"]
    assert (equ.vise, equ.communs_vises, equ.score_avant, equ.score_apres) == (2, 4, 38, 63)
    assert [(m.code, m.avant, m.apres) for m in equ.gagnes] == [
        ("EQU-2-2", "En partie", "Oui"),
        ("EQU-2-3", "Non", "En partie"),
    ]
    assert [m.code for champ in trouvee.champs for m in champ.perdus] == ["PIL-1-2", "FOR-3-1"]
    assert (trouvee.communs, trouvee.gagnes, trouvee.perdus) == (81, 3, 2)
    precedente = annee_precedente(annee)
    assert [(n.code, n.pourquoi) for n in trouvee.non_comparables] == [
        ("EQU-2-5", f"sans réponse connue en {precedente}")
    ]
    assert lecture_diagnostics(trouvee) == (
        f"Entre {precedente} et {annee}, 1\u00a0champ monte de palier\u00a0: Ressources (de 1 à 3)\u00a0; "
        "1\u00a0champ descend de palier\u00a0: Formation (de 3 à 2).",
        "Sur 81\u00a0indicateurs communs, 3\u00a0ont progressé et 2\u00a0ont reculé\u00a0; c'est en Équipement que "
        "l'on progresse le plus.",
        "1\u00a0indicateur ne se compare pas\u00a0: la liste, plus bas, dit pourquoi.",
    )


def test_la_page_dit_ces_chiffres(monde, deux_ans, annee, connectee):
    page = connectee.get(reverse("comparer", args=[monde.college.uai]))
    html = lire(page)
    assert page.status_code == 200
    assert "38 % → 63 %" in html
    assert "Formation (de 3 à 2)" in html
    assert f"sans réponse connue en {annee_precedente(annee)}" in html
    assert reverse("calculs") + "#evolution" in html


def test_les_versions_disent_ce_qui_ne_se_compare_pas(monde, referentiel, maintenant, annee):
    """A version with one indicator of each kind, and one whose words changed without its meaning (`sens=False`)."""
    suivante = brouillon_change(referentiel, monde.academie, monde.rectorat)
    reformuler(suivante, "FOR-1-2", "Les mêmes mots, ou presque.", monde.rectorat, sens=False)
    suivante = publier_version(referentiel=suivante, auteur=monde.rectorat, maintenant=maintenant)
    signe(monde.college, annee_precedente(annee), referentiel, monde.chef, maintenant, {"FOR-1-2": NON})
    signe(monde.college, annee, suivante, monde.chef, maintenant, {})
    trouvee = evolue(monde.college)
    assert {n.code: n.pourquoi for n in trouvee.non_comparables} == {
        "PIL-1-2": "reformulé",
        "PIL-1-3": "scindé en PIL-1-6 et PIL-1-7",
        "PIL-2-6": "fusionne PIL-2-1 et PIL-2-2",
        "PIL-3-5": "abandonné",
        "INF-1-5": "nouveau",
    }
    assert trouvee.communs == 82 - 5  # of v1: one reworded, one split, two merged, one given up
    assert [m.code for champ in trouvee.champs for m in champ.gagnes] == ["FOR-1-2"]
    assert [source[1][-1] for source in trouvee.sources] == ["1", "2"]


def test_ce_qui_ne_concerne_pas_ou_plus_l_ecole(monde, referentiel, maintenant, annee):
    """« Sans objet » both times is asked neither time; once, it is said when. Concerned only once: said too."""
    precedente = annee_precedente(annee)
    suivante = version_suivante(referentiel, monde.academie, monde.rectorat, maintenant)
    avant = commencer(monde.college, precedente, suivante, monde.chef, maintenant)
    repondre_partout(avant, OUI, monde.chef, maintenant, {"EQU-1-3": SANS_OBJET, "EQU-1-4": SANS_OBJET})
    avant.reponses.filter(valeur=SANS_OBJET).update(motif="Pas ici.")
    signer(avant, monde.chef, maintenant)
    type(monde.college).objects.filter(pk=monde.college.pk).update(internat=False)
    monde.college.refresh_from_db()
    apres = commencer(monde.college, annee, suivante, monde.chef, maintenant)
    repondre_partout(apres, OUI, monde.chef, maintenant, {"EQU-1-3": SANS_OBJET, "PIL-1-1": INCONNU})
    apres.reponses.filter(valeur=SANS_OBJET).update(motif="Pas ici.")
    signer(apres, monde.chef, maintenant)
    assert {n.code: n.pourquoi for n in evolue(monde.college).non_comparables} == {
        "EQU-1-4": f"sans objet en {precedente}",
        "INF-1-5": f"ne concernait pas l'établissement en {annee}",
        "PIL-1-1": f"sans réponse connue en {annee}",
    }


def test_deux_versions_d_une_meme_annee_se_choisissent(monde, deux_ans, annee, connectee, maintenant):
    diagnostic = Diagnostic.objects.select_related("campagne__academie", "etablissement").get(
        pk=deux_ans[1].diagnostic_id
    )
    rouvrir_diagnostic(diagnostic=diagnostic, motif="Une erreur.", auteur=monde.chef, maintenant=maintenant)
    diagnostic.refresh_from_db()
    diagnostic.reponses.filter(indicateur__code="PIL-1-2").update(valeur=OUI)
    nouvelle = signer(diagnostic, monde.chef, maintenant)
    moments = moments_signes(monde.college)
    assert [moment.court for moment in moments] == [f"{annee}, version\u00a02", annee, annee_precedente(annee)]
    defaut = choisir(moments, "", "")
    assert (defaut.avant.court, defaut.apres.court) == (annee_precedente(annee), f"{annee}, version\u00a02")
    adresse = reverse("comparer", args=[monde.college.uai])
    html = lire(connectee.get(adresse, {"avant": nouvelle.pk, "apres": deux_ans[1].pk}))
    assert f"Entre {annee} et {annee}, version 2, aucun champ ne change de palier." in html
    assert "Sur 82 indicateurs communs, 1 a progressé et aucun n'a reculé" in html


@pytest.mark.parametrize(
    ("avant", "apres", "avis"),
    [
        ("999999", "", "Ce moment n'existe pas dans cet établissement."),
        ("x' OR 1=1", "²", "Ce moment n'existe pas dans cet établissement."),
        ("meme", "meme", "Choisissez deux moments différents."),
    ],
)
def test_un_choix_impossible_est_dit_et_la_page_reste(monde, deux_ans, connectee, avant, apres, avis):
    demande = {"avant": avant, "apres": apres}
    if avant == "meme":
        demande = dict.fromkeys(demande, str(deux_ans[0].pk))
    page = connectee.get(reverse("comparer", args=[monde.college.uai]), demande)
    assert page.status_code == 200
    assert avis in lire(page)
    assert "38 % → 63 %" in lire(page)


def test_la_copie_d_une_autre_ecole_ne_se_lit_pas(monde, deux_ans, referentiel, maintenant, annee, connectee):
    ailleurs = signe(monde.voisin_college, annee, referentiel, monde.voisin, maintenant, {"PED-1-3": NON})
    demande = {"avant": ailleurs.pk, "apres": deux_ans[1].pk}
    html = lire(connectee.get(reverse("comparer", args=[monde.college.uai]), demande))
    assert "Ce moment n'existe pas dans cet établissement." in html
    assert "PED-1-3" not in html


@pytest.mark.parametrize("combien", [0, 1])
def test_avec_un_seul_moment_la_page_dit_quoi_faire(monde, referentiel, maintenant, annee, connectee, combien):
    if combien:
        signe(monde.college, annee, referentiel, monde.chef, maintenant, {})
    html = lire(connectee.get(reverse("comparer", args=[monde.college.uai])))
    attendu = "Un seul diagnostic est signé" if combien else "Aucun diagnostic n'est signé"
    assert attendu in html
    assert "Aller au diagnostic" in html
    vide = lire(connectee.get(reverse("comparer", args=[monde.college.uai]), {"quoi": "enquetes"}))
    assert "Aucune enquête n'est dépouillée" in vide


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_moments(monde, deux_ans, maintenant, connectee):
    """Session, person, school, moments, texts, and the person's function for the header."""
    adresse = reverse("comparer", args=[monde.college.uai])
    connectee.get(adresse)
    avec_deux = connectee.get(adresse).requetes
    diagnostic = Diagnostic.objects.select_related("campagne__academie", "etablissement").get(
        pk=deux_ans[1].diagnostic_id
    )
    for numero in (1, 2):
        rouvrir_diagnostic(diagnostic=diagnostic, motif="Une erreur.", auteur=monde.chef, maintenant=maintenant)
        diagnostic.refresh_from_db()
        copie = signer(diagnostic, monde.chef, maintenant)
        nommer(monde, copie, f"nom {numero}", maintenant)
    avec_quatre = connectee.get(adresse).requetes
    assert len(avec_quatre) == len(avec_deux) == 6


# --- Surveys ------------------------------------------------------------------------------------------------
# Sums of the default answers: 12 teachers 40, 6 of vie scolaire 18: 58/18 = 3,22, of which 8/18 = 44 % are 4 or 5.
# A year later 49 and 21: 70/18 = 3,89, of which 12/18 = 67 %. Difference 12/18; × 18 ÷ 4 = 3: it may be read.
# Teachers alone: 9/12 × 12 ÷ 4 = 2,25, less than three people.
PLUS_TARD = {ENSEIGNANTS: [3, 4, 5, 5, 4, 4, 5, 3, 2, 5, 4, 5], VIE_SCOLAIRE: [2, 3, 4, 5, 4, 3]}


@pytest.fixture
def deux_enquetes(monde, maintenant) -> tuple[Enquete, Enquete]:
    longue = une_enquete_depouillee(monde.college, monde.chef, maintenant, il_y_a=300)
    pouls = une_enquete_depouillee(monde.college, monde.chef, maintenant, PLUS_TARD, il_y_a=100, forme="pouls")
    return longue, pouls


def enquetes_evoluees(etablissement, population=""):
    apres, avant = moments_depouilles(etablissement)
    return evolution_enquete(avant, apres, population)


def test_deux_enquetes_refaites_a_la_main(monde, deux_enquetes):
    trouvee = enquetes_evoluees(monde.college)
    assert [item.numero for item in trouvee.items] == [3, 4, 6, 8, 11, 15, 17, 20]
    item = trouvee.items[0]
    assert (item.avant.moyenne, item.avant.n, item.apres.moyenne, item.apres.n) == (
        Fraction(58, 18),
        18,
        Fraction(70, 18),
        18,
    )
    assert (item.avant.part_accord, item.apres.part_accord) == (Fraction(8, 18), Fraction(12, 18))
    assert (item.ecart, item.lisible, decimale(item.montre, 1)) == (Fraction(12, 18), True, "0,7")
    assert [champ.code for champ in trouvee.champs] == ["PIL", "FOR", "RES", "PED", "INF", "EQU"]
    assert {n.numero for n in trouvee.non_comparables} == set(range(1, 21)) - {3, 4, 6, 8, 11, 15, 17, 20}
    assert {n.pourquoi[:25] for n in trouvee.non_comparables} == {"pas posée\u00a0: pouls clos le"}
    assert [(p.reponses, p.invites, p.prudence) for p in trouvee.participations] == [(18, 48, True)] * 2
    phrases = lecture_enquetes(trouvee)
    assert phrases[0].startswith("Sur 8\u00a0questions communes, 8\u00a0montent et aucune ne baisse assez")
    assert phrases[1].startswith("La plus forte hausse est «\u00a0")
    assert phrases[1].endswith("», de 3,2 à 3,9.")
    assert phrases[2].startswith("À lire avec prudence")


def test_une_petite_difference_n_est_pas_interpretee(monde, deux_enquetes, connectee):
    trouvee = enquetes_evoluees(monde.college, "equipes:enseignants")
    assert trouvee.population.libelle == "Enseignants"
    assert {(item.ecart, item.apres.n, item.lisible) for item in trouvee.items} == {(Fraction(9, 12), 12, False)}
    page = connectee.get(
        reverse("comparer", args=[monde.college.uai]), {"quoi": "enquetes", "groupe": "equipes:enseignants"}
    )
    html = lire(page)
    assert html.count("différence non interprétable") == 8 + 6  # questions and champs
    assert "+0,8" not in html
    assert "%, 12 réponses" in html
    assert "aucune différence n'est interprétable" in html


def test_ce_qui_ne_se_compare_pas_d_une_enquete_a_l_autre(monde, maintenant):
    """Item 3 reworded for one group, 4 answered alike by all, 6 put to other groups, 8 by too few, 9 as it was."""
    une_enquete_depouillee(monde.college, monde.chef, maintenant, il_y_a=300)
    enquete = une_enquete(monde.college, monde.chef, maintenant - datetime.timedelta(days=100), forme="pouls")
    items = {item["numero"]: item for item in enquete.questions["items"]}
    items[3]["enonces"]["vie_scolaire"] = "D'autres mots."
    del items[6]["enonces"]["aesh_agents"]
    enquete.save(update_fields=["questions"])
    porte = porte_de(enquete)
    for rang, groupe in enumerate([ENSEIGNANTS] * 12 + [VIE_SCOLAIRE] * 6):
        valeur = 1 + rang % 5
        reponses = dict.fromkeys(items, valeur) | {4: 5, 8: valeur if rang < 3 else 0}
        deposer(porte=porte, secret=uuid.uuid4().hex, bulletin=Bulletin(groupe, reponses))
    depouiller_enquete(enquete=enquete, maintenant=maintenant)
    trouvee = enquetes_evoluees(monde.college)
    pourquoi = {n.numero: n.pourquoi.split("\u00a0: ")[0] for n in trouvee.non_comparables}
    assert {numero: pourquoi[numero] for numero in (1, 3, 4, 6, 8)} == {
        1: "pas posée",
        3: "reformulée",
        4: "réponses presque toutes du même côté",
        6: pourquoi[6],
        8: "réponses trop peu nombreuses ou trop semblables pour être montrées",
    }
    assert pourquoi[6] in ("posée à d'autres groupes", "pas posée")
    assert [item.numero for item in trouvee.items] == [11, 15, 17, 20]


def test_qui_ne_lit_pas_les_enquetes_ne_les_compare_pas(monde, deux_enquetes, deux_ans, client):
    adresse = reverse("comparer", args=[monde.college.uai])
    for personne, statuts in (
        (monde.animatrice, (200, 403)),
        (monde.gestionnaire, (200, 403)),
        (monde.rectorat, (200, 403)),
        (monde.lectrice, (200, 200)),
        (monde.collectivite_agent, (403, 403)),
        (monde.voisin, (404, 404)),
    ):
        client.force_login(personne)
        reponses = client.get(adresse), client.get(adresse, {"quoi": "enquetes"})
        assert tuple(reponse.status_code for reponse in reponses) == statuts, personne
        if statuts[0] == 200:
            assert ("quoi=enquetes" in lire(reponses[0])) == (statuts[1] == 200)


def test_l_enquete_d_une_autre_ecole_ne_se_lit_pas(monde, deux_enquetes, maintenant, connectee):
    autre = une_enquete_depouillee(monde.voisin_college, monde.voisin, maintenant, il_y_a=50)
    demande = {"quoi": "enquetes", "avant": autre.pk, "apres": deux_enquetes[1].pk}
    html = lire(connectee.get(reverse("comparer", args=[monde.college.uai]), demande))
    assert "Ce moment n'existe pas dans cet établissement." in html


# --- Names --------------------------------------------------------------------------------------------------
def nommer(monde, moment, nom, maintenant) -> Instantane:
    return nommer_un_moment(
        etablissement=monde.college, nom=nom, moment=moment, auteur=monde.chef, maintenant=maintenant
    )


def test_nommer_retrouver_puis_retirer(monde, deux_ans, deux_enquetes, client):
    client.force_login(monde.referent)
    adresse = reverse("instantane_nommer", args=[monde.college.uai])
    reponse = client.post(adresse, {"moment": f"copie-{deux_ans[1].pk}", "nom": "  avant   le conseil "}, follow=True)
    assert "Le moment est nommé." in lire(reponse)
    client.post(adresse, {"moment": f"enquete-{deux_enquetes[0].pk}", "nom": "rentrée"})
    client.post(adresse, {"moment": f"enquete-{deux_enquetes[0].pk}", "nom": "rentrée"})  # sent twice: one name
    assert list(Instantane.objects.order_by("nom").values_list("nom", "copie", "enquete", "cree_par")) == [
        ("avant le conseil", deux_ans[1].pk, None, monde.referent.pk),
        ("rentrée", None, deux_enquetes[0].pk, monde.referent.pk),
    ]
    client.force_login(monde.animatrice)
    html = lire(client.get(reverse("comparer", args=[monde.college.uai])))
    assert "« avant le conseil »</option>" in html
    assert "rentrée" not in html  # of a survey, which she does not read
    client.force_login(monde.chef)
    instantane = Instantane.objects.get(nom="avant le conseil")
    retirer = reverse("instantane_retirer", args=[monde.college.uai, instantane.pk])
    assert "Retirer ce nom" in lire(client.get(retirer))
    assert Instantane.objects.count() == 2
    assert client.post(retirer).headers["Location"] == adresse
    assert list(Instantane.objects.values_list("nom", flat=True)) == ["rentrée"]
    assert client.post(retirer).status_code == 404
    assert CopieSignee.objects.filter(pk=deux_ans[1].pk).exists()


@pytest.mark.parametrize(
    ("nom", "erreur"),
    [
        ("", "Donnez un nom à ce moment."),
        ("   ", "Donnez un nom à ce moment."),
        ("x" * 61, "60"),
        ("RENTRÉE", "Un moment porte déjà ce nom"),
        ("Rentrée", "Un moment porte déjà ce nom"),
    ],
)
def test_un_nom_refuse_est_dit_a_son_champ_et_garde(monde, deux_ans, maintenant, connectee, nom, erreur):
    nommer(monde, deux_ans[0], "rentrée", maintenant)
    adresse = reverse("instantane_nommer", args=[monde.college.uai])
    reponse = connectee.post(adresse, {"moment": f"copie-{deux_ans[1].pk}", "nom": nom})
    html = lire(reponse)
    assert reponse.status_code == 422
    assert erreur in html[html.index('id="id_nom"') :]
    assert f'value="{nom}"' in html or not nom
    assert re.search(rf'value="copie-{deux_ans[1].pk}"\s+selected', html)
    assert Instantane.objects.count() == 1


def test_on_ne_nomme_que_ce_qui_est_a_l_ecole(monde, deux_ans, referentiel, maintenant, annee, client):
    ailleurs = signe(monde.voisin_college, annee, referentiel, monde.voisin, maintenant, {})
    ouverte = une_enquete(monde.college, monde.chef, maintenant)
    client.force_login(monde.chef)
    adresse = reverse("instantane_nommer", args=[monde.college.uai])
    for moment in (f"copie-{ailleurs.pk}", f"enquete-{ouverte.pk}", "copie-0", "autre", ""):
        assert client.post(adresse, {"moment": moment, "nom": "ici"}).status_code == 422
    for moment in (ailleurs, ouverte):
        with pytest.raises(Empeche, match="Ce moment n'est pas de cet établissement"):
            nommer(monde, moment, "ici", maintenant)
    sien = nommer_un_moment(
        etablissement=monde.voisin_college, nom="là", moment=ailleurs, auteur=monde.voisin, maintenant=maintenant
    )
    assert client.post(reverse("instantane_retirer", args=[monde.college.uai, sien.pk])).status_code == 404
    for personne in (monde.lectrice, monde.gestionnaire, monde.animatrice):
        client.force_login(personne)
        assert client.post(adresse, {"moment": f"copie-{deux_ans[0].pk}", "nom": "ici"}).status_code == 403
    assert list(Instantane.objects.values_list("nom", flat=True)) == ["là"]


# --- How it is computed ---------------------------------------------------------------------------------------
def test_la_page_des_calculs_dit_ce_que_le_code_calcule(client, db):
    page = client.get(reverse("calculs"))
    html = lire(page)
    for ancre in (
        *("palier", "score", "non-etabli", "moyenne", "part-d-accord", "dispersion", "taux", "seuil", "unanimite"),
        *("ecart", "prudence", "quartiles", "semblables", "evolution"),
    ):
        assert f'<h2 id="{ancre}">' in html
    resume = resumer([1, 1, 3, 4, 3])
    assert (decimale(resume.moyenne, 1), decimale(resume.part_accord * 100, 0)) == ("3,6", "58")
    assert decimale(Fraction(resume.ecart_type), 1) == "1,2"
    assert "43 ÷ 12 = 3,6" in html
    assert "(4 + 3) ÷ 12 = 58 %" in html
    assert "racine carrée est 1,2" in html
    assert (participation(18, 48, 5).taux, arrondi(Fraction(1800, 48))) == (30, 38)
    assert "affiché 30 %" in html
    assert "18 ÷ 48 = 38 %" in html
    assert fusionner({"e": 12, "v": 3, "a": 4}, 5) == [("e",), ("v", "a")]
    assert fusionner({"e": 12, "v": 3}, 5) == [("e", "v")]
    assert not interpretable(Fraction(6, 10), 12)
    assert interpretable(Fraction(12, 10), 12)
    trois = quartiles([Fraction(part) for part in (38, 45, 52, 57, 60, 66, 71, 80)])
    assert [float(quartile) for quartile in trois] == [50.25, 58.5, 67.25]
    assert [int(PART.dire(quartile).valeur) for quartile in trois] == [50, 60, 65]
    assert "Arrondis à 5 % près : 50 %, 60 % et 65 %" in html


def test_les_resultats_menent_aux_calculs_et_a_la_comparaison(monde, deux_ans, annee, connectee):
    html = lire(connectee.get(reverse("diagnostic_resultats", args=[monde.college.uai, annee])))
    for adresse in (
        reverse("calculs") + "#palier",
        reverse("comparer", args=[monde.college.uai]),
        reverse("semblables", args=[monde.college.uai]),
        reverse("diagnostic_et_si", args=[monde.college.uai, annee]),
    ):
        assert f'href="{adresse}"' in html
