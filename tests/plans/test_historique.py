"""Who changed what, when and from where: read on each thing of the plan, in words."""

import ast
import datetime
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pghistory
import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

import plans.domain
from plans.domain import corbeille as domaine_corbeille
from plans.domain.actions import lire_saisie, modifier_action
from plans.domain.axes import SaisieAxe, modifier_axe, ouvrir_axe
from plans.domain.corbeille import mettre_a_la_corbeille, restaurer
from plans.interfaces.historique import MOTS, PHRASES, actes_dits, dit, instant_demande, phrase
from plans.models import Action, Axe, Besoin, Constat, IndicateurSuivi, Releve
from plans.queries import corbeille as requetes_corbeille
from plans.queries.historique import SORTES, objet_suivi
from strategie.socle.domain.historique import acte
from strategie.socle.queries import historique as moteur
from strategie.socle.queries.historique import page_d_historique
from tests.plans.plans import cette_annee, un_axe, un_besoin, un_constat, un_indicateur, une_action

SEPARES = pytest.mark.django_db(transaction=True)  # each act at its own instant, as in production


def raconte(sorte: str, objet) -> list[tuple]:
    """(who, what, from where, [(line, summary, [(field, before, after)])])"""
    return [
        (
            acte.qui,
            acte.phrase,
            acte.source,
            [
                (ligne.titre, ligne.resume, [(un.champ, un.avant, un.apres) for un in ligne.changements])
                for ligne in acte.lignes
            ],
        )
        for acte in actes_dits(page_d_historique(objet, SORTES[sorte]).actes)
    ]


def page(client, monde, sorte: str, objet, **parametres):
    return client.get(reverse("historique", args=[monde.college.uai, sorte, objet.pk]), parametres)


@SEPARES
def test_un_axe_raconte_ses_actes_du_plus_recent_au_plus_ancien(monde):
    besoin = un_besoin(monde.college)
    saisie = SaisieAxe(theme="acces", intitule="Fiabiliser le réseau", besoins=frozenset({besoin.pk}))
    annee = cette_annee(monde.college)
    with pghistory.context(source="écran"):
        axe, _ = ouvrir_axe(
            etablissement=monde.college, annee=annee, saisie=saisie, auteur=monde.chef, maintenant=timezone.now()
        )
    voulu = replace(saisie, theme="enseigner", intitule="Un réseau qui tient", besoins=frozenset())
    with pghistory.context(source="import"):
        modifier_axe(axe=axe, base=saisie, saisie=voulu, auteur=monde.referent)
    mettre_a_la_corbeille(objet=axe, auteur=monde.chef, maintenant=timezone.now())
    assert raconte("axe", axe) == [
        ("Claire Chef", "a mis l'axe à la corbeille", "", []),
        (
            "Rémi Référent",
            "a modifié l'axe",
            "par un import",
            [
                (
                    "",
                    "",
                    [
                        (
                            "Thème",
                            "Garantir un égal accès au numérique pour tous",
                            "Enseigner et apprendre avec le numérique",
                        ),
                        ("Quoi", "Fiabiliser le réseau", "Un réseau qui tient"),
                    ],
                ),
                ("Besoin retiré", "Un réseau qui tient", []),
            ],
        ),
        (
            "Claire Chef",
            "a ouvert l'axe",
            "à l'écran",
            [
                (
                    "",
                    "",
                    [
                        ("Année scolaire", None, annee),
                        ("Thème", None, "Garantir un égal accès au numérique pour tous"),
                        ("Quoi", None, "Fiabiliser le réseau"),
                    ],
                ),
                ("Besoin ajouté", "Un réseau qui tient", []),
            ],
        ),
    ]


@SEPARES
def test_une_action_dit_ses_axes_ses_personnes_et_ses_choix_par_leur_nom(monde):
    axe = un_axe(monde.college)
    action = une_action(monde.college, groupes=("eleves", "familles"), fonction_porteuse="Documentaliste")
    base = lire_saisie(action)
    modifier_action(
        action=action,
        base=base,
        saisie=replace(
            base,
            axes=frozenset({axe.pk}),
            porteur=monde.referent.pk,
            fonction_porteuse="",
            contributeurs=frozenset({monde.lectrice.pk}),
            groupes=("eleves",),
            trimestre=2,
            echeance=datetime.date(int(base.annee_fin[:4]) + 1, 3, 1),
        ),
        auteur=monde.referent,
        maintenant=timezone.now(),
    )
    modifiee, creee = raconte("action", action)
    assert creee[:3] == ("Claire Chef", "a créé l'action", "")
    assert ("Groupes concernés", None, "Élèves, Familles") in creee[3][0][2]
    assert modifiee == (
        "Rémi Référent",
        "a modifié l'action",
        "",
        [
            (
                "",
                "",
                [
                    ("Porteur", "vide", "Rémi Référent"),
                    ("Fonction qui porte l'action", "Documentaliste", "vide"),
                    ("Groupes concernés", "Élèves, Familles", "Élèves"),
                    ("Trimestre", "vide", "2"),
                    ("Échéance précise", "vide", f"1er\u00a0mars {int(base.annee_fin[:4]) + 1}"),
                ],
            ),
            ("Axe ajouté", "Fiabiliser le réseau", []),
            ("Contributeur ajouté", "Line Lectrice", []),
        ],
    )


@SEPARES
def test_un_indicateur_raconte_ses_releves(monde):
    indicateur = un_indicateur(une_action(monde.college))
    releve = indicateur.releves.create(date=datetime.date(2026, 11, 3), valeur=7, releve_le=timezone.now())
    Releve.objects.filter(pk=releve.pk).update(valeur=Decimal("6.50"), note="Recompté")
    releve.delete()
    efface, corrige, ajoute, _ = (lignes for *_, lignes in raconte("indicateur", indicateur))
    assert efface == [("Relevé retiré", "3\u00a0novembre 2026", [])]
    assert corrige == [
        ("Relevé modifié", "3\u00a0novembre 2026", [("Valeur", "7", "6,5"), ("Note", "vide", "Recompté")])
    ]
    assert ajoute == [("Relevé ajouté", "3\u00a0novembre 2026", [("Valeur", None, "7")])]


@SEPARES
def test_un_commentaire_ne_se_relit_pas_dans_l_historique(monde):
    action = une_action(monde.college)
    action.commentaires.create(texte="Ne pas garder ceci", auteur=monde.lectrice, ecrit_le=timezone.now(), cle="0" * 32)
    assert raconte("action", action)[0][3] == [("Commentaire ajouté", "", [])]


@SEPARES
def test_un_changement_ecrit_deux_fois_dans_un_acte_se_dit_une_fois(monde):
    axe = un_axe(monde.college)
    with acte("modifier_axe", monde.chef):
        Axe.objects.filter(pk=axe.pk).update(intitule="Premier jet")
        Axe.objects.filter(pk=axe.pk).update(intitule="Second jet")
    assert raconte("axe", axe)[0] == (
        "Claire Chef",
        "a modifié l'axe",
        "",
        [("", "", [("Quoi", "Fiabiliser le réseau", "Second jet")])],
    )


@SEPARES
def test_ce_qui_est_detruit_n_a_plus_que_son_nom_perdu(monde):
    besoin = un_besoin(monde.college)
    axe = un_axe(monde.college, besoins=[besoin])
    besoin.delete()
    *_, lignes = raconte("axe", axe)[0]
    assert lignes == [("Besoin retiré", "(définitivement supprimé)", [])]


@SEPARES
def test_sans_auteur_c_est_paliers_qui_ecrit(monde):
    constat = un_constat(monde.college)
    Constat.objects.filter(pk=constat.pk).update(partage="nomme")
    assert raconte("constat", constat)[0][:3] == ("Paliers", "a modifié", "")


# --- Pages --------------------------------------------------------------------------------------------------
@SEPARES
def test_la_page_montre_avant_et_apres(client, monde):
    client.force_login(monde.lectrice)
    constat = un_constat(monde.college, texte="<b>Le Wi-Fi</b> coupe")
    Constat.objects.filter(pk=constat.pk).update(texte="Le Wi-Fi coupe souvent")
    arbre = html.fromstring(page(client, monde, "constat", constat).content)
    assert arbre.xpath("string(//h1)") == "Historique du constat"
    premier = arbre.xpath("//ol[@class='historique']/li")[0]
    assert " ".join(premier.xpath(".//dd")[0].text_content().split()) == (
        "avant : <b>Le Wi-Fi</b> coupe →, après : Le Wi-Fi coupe souvent"
    )
    assert arbre.xpath('//nav[@aria-label="Pages de l\'historique"]') == []


@SEPARES
def test_cinquante_actes_par_page_puis_les_plus_anciens(client, monde, monkeypatch):
    monkeypatch.setattr(moteur, "ACTES_PAR_PAGE", 2)
    client.force_login(monde.chef)
    constat = un_constat(monde.college, texte="Un")
    for texte in ("Deux", "Trois"):
        Constat.objects.filter(pk=constat.pk).update(texte=texte)
    premiere = html.fromstring(page(client, monde, "constat", constat).content)
    assert len(premiere.xpath("//ol[@class='historique']/li")) == 2
    (suite,) = premiere.xpath("//a[@rel='next']/@href")
    seconde = html.fromstring(
        client.get(reverse("historique", args=[monde.college.uai, "constat", constat.pk]) + suite).content
    )
    assert "Un" in [dd.text_content().strip() for dd in seconde.xpath("//dd")]
    assert len(seconde.xpath("//ol[@class='historique']/li")) == 1
    assert seconde.xpath("//a[@rel='next']") == []


def test_ce_qui_est_a_la_corbeille_garde_son_historique(client, monde):
    client.force_login(monde.chef)
    constat = un_constat(monde.college)
    mettre_a_la_corbeille(objet=constat, auteur=monde.chef, maintenant=timezone.now())
    arbre = html.fromstring(page(client, monde, "constat", constat).content)
    assert arbre.xpath("//p[@class='retour']/a/@href") == [reverse("corbeille", args=[monde.college.uai])]
    assert "à la corbeille" in arbre.xpath("string(//p[@class='chapo'])")


@pytest.mark.parametrize("sorte", ["constats", "utilisateur", "commentaire", ""])
def test_une_sorte_inconnue_n_a_pas_d_historique(monde, sorte):
    assert objet_suivi(monde.college, sorte, 1) is None


def test_l_historique_d_un_autre_etablissement_n_existe_pas(client, monde):
    client.force_login(monde.chef)
    assert page(client, monde, "constat", un_constat(monde.voisin_college)).status_code == 404


@pytest.mark.parametrize("qui", ["animatrice", "rectorat"])
def test_l_historique_se_lit_dans_l_etablissement(client, monde, qui):
    """What was a draft, or has been thrown away, is nobody else's."""
    client.force_login(getattr(monde, qui))
    assert page(client, monde, "constat", un_constat(monde.college)).status_code == 403


@pytest.mark.parametrize("avant", ["hier", "2026-11-03", "2026-11-03T10:00:00", "2026-99-99T00:00:00Z", "\x00"])
def test_une_adresse_abimee_montre_le_plus_recent(avant):
    assert instant_demande(avant) is None


def test_une_page_se_demande_par_un_instant():
    midi = datetime.datetime(2026, 11, 3, 12, tzinfo=datetime.UTC)
    assert instant_demande("2026-11-03T12:00:00+00:00") == midi


@SEPARES
@pytest.mark.parametrize("lignes", [1, 3])
def test_autant_de_requetes_pour_une_ligne_que_pour_trois(client, monde, lignes):
    client.force_login(monde.chef)
    action = une_action(monde.college)
    for numero in range(lignes):
        base = lire_saisie(action)
        axe = un_axe(monde.college, f"Axe {numero}")
        saisie = replace(base, axes=base.axes | {axe.pk}, porteur=[monde.referent, monde.chef][numero % 2].pk)
        modifier_action(action=action, base=base, saisie=saisie, auteur=monde.chef, maintenant=timezone.now())
    assert len(page(client, monde, "action", action).requetes) == 9


# --- Words --------------------------------------------------------------------------------------------------
def actes_ecrits(domaine: ModuleType = plans.domain) -> set[str]:
    """Every name given to `acte(…)` in a room that writes; those of the bin are made from the kinds."""
    noms = set()
    for fichier in Path(domaine.__file__).parent.glob("*.py"):
        for noeud in ast.walk(ast.parse(fichier.read_text())):
            if isinstance(noeud, ast.Call) and ast.unparse(noeud.func) == "acte":
                noms |= {un.value for un in ast.walk(noeud.args[0]) if isinstance(un, ast.Constant)}
    sortes = domaine_corbeille.SORTES.values()
    return (noms - {"retirer_", "restaurer_"}) | {
        f"{fait}_{sorte}" for fait in ("retirer", "restaurer") for sorte in sortes
    }


def test_chaque_acte_du_plan_se_dit_en_francais():
    sans_phrase = actes_ecrits() - PHRASES.keys()
    assert not sans_phrase, f"add to PHRASES of plans/interfaces/historique.py: {sorted(sans_phrase)}"


def test_les_actes_se_lisent_bien_dans_le_code():
    assert {"ouvrir_axe", "publier_action", "retirer_constat", "purger_corbeille"} <= actes_ecrits()


def test_un_acte_sans_phrase_se_lit_quand_meme():
    assert phrase("repeindre_le_plan") == "a fait\u00a0: repeindre le plan"


def test_chaque_sorte_a_ses_mots():
    assert MOTS.keys() == SORTES.keys()
    assert {sorte for sorte, (modele, _) in requetes_corbeille.SORTES.items()} == set(domaine_corbeille.SORTES.values())


@pytest.mark.parametrize(
    ("champ", "valeur", "attendu"),
    [
        (Action._meta.get_field("etat"), "en_pause", "En pause"),
        (Action._meta.get_field("etat"), "inconnu", "inconnu"),
        (Action._meta.get_field("groupes"), ["eleves", "aesh"], "Élèves, AESH"),
        (Action._meta.get_field("groupes"), [], "vide"),
        (Action._meta.get_field("echeance"), datetime.date(2026, 12, 1), "1er\u00a0décembre 2026"),
        (Besoin._meta.get_field("a_l_ordre_du_jour"), True, "oui"),
        (Besoin._meta.get_field("a_l_ordre_du_jour"), False, "non"),
        (Besoin._meta.get_field("effectif"), 0, "0"),
        (IndicateurSuivi._meta.get_field("cible"), Decimal("1200.50"), "1200,5"),
        (IndicateurSuivi._meta.get_field("cible"), Decimal("1200"), "1200"),
        (IndicateurSuivi._meta.get_field("cible"), None, "vide"),
    ],
)
def test_une_valeur_se_dit_en_mots(champ, valeur, attendu):
    assert dit(champ, valeur) == attendu


@SEPARES
def test_ce_qui_revient_de_la_corbeille_le_dit(monde):
    besoin = un_besoin(monde.college)
    mettre_a_la_corbeille(objet=besoin, auteur=monde.referent, maintenant=timezone.now())
    restaurer(objet=besoin, auteur=monde.chef, maintenant=timezone.now())
    assert [(qui, quoi) for qui, quoi, *_ in raconte("besoin", besoin)[:2]] == [
        ("Claire Chef", "a restauré le besoin"),
        ("Rémi Référent", "a mis le besoin à la corbeille"),
    ]
