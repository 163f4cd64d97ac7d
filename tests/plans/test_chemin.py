"""The shortest way up: what is missing for the next palier, by who can lift it, what comes first first."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from diagnostic.domain.cotation import Valeur
from plans.domain.demandes import SaisieDemande, faire_demande
from plans.interfaces.propositions import phrase_du_chemin
from plans.queries.offre import chemins
from tests.dossier import commencer, repondre_partout
from tests.plans.offres import l_offre, un_diagnostic_signe
from tests.plans.plans import cette_annee

NON = Valeur.non


def les_chemins(monde):
    return {chemin.champ.code: chemin for chemin in chemins(monde.college, l_offre(monde.college))}


def codes(chemin):
    return [(groupe.acteur, [etape.condition.code for etape in groupe.etapes]) for groupe in chemin.groupes]


def adresse(nom, *suite):
    return reverse(nom, args=["0980001U", *suite])


def mots(reponse):
    return " ".join(html.fromstring(reponse.content.decode()).text_content().split())


@pytest.fixture
def chef(client, monde):
    client.force_login(monde.chef)
    return client


def test_seules_comptent_les_conditions_du_palier_suivant(monde, referentiel):
    un_diagnostic_signe(monde, referentiel, {"PIL-2-1": NON, "PIL-2-2": NON, "PIL-3-1": NON, "PIL-3-2": NON})
    chemin = les_chemins(monde)["PIL"]
    assert (chemin.champ.palier, codes(chemin)) == (1, [("etablissement", ["PIL-2-1", "PIL-2-2"])])
    assert phrase_du_chemin(chemin) == "2\u00a0conditions pour le palier\u00a02, toutes entre vos mains."


def test_les_prerequis_d_abord_puis_par_moyen(monde, referentiel):
    """FOR-1-4 is in the State's hands; of the other three, two are of training, which the référentiel's order mixes."""
    sauf = dict.fromkeys(("PIL-1-1", "PIL-1-2", "PIL-1-3", "PIL-1-4"), NON)
    un_diagnostic_signe(monde, referentiel, sauf)
    chemin = les_chemins(monde)["PIL"]
    [(acteur, ordre)] = codes(chemin)
    assert acteur == "etablissement"
    assert ordre.index("PIL-1-1") < ordre.index("PIL-1-4")  # PIL-1-1 is better done before
    etapes = chemin.groupes[0].etapes
    rangs = [(bool(e.condition.d_abord), e.condition.proposition.levier) for e in etapes]
    leviers = ["formation", "equipement", "infrastructure", "budget", "organisation"]
    assert rangs == sorted(rangs, key=lambda rang: (rang[0], leviers.index(rang[1])))


def test_ce_qui_depend_d_autres_vient_apres_et_se_dit(monde, referentiel):
    sauf = dict.fromkeys(("INF-1-1", "INF-1-2", "INF-1-3", "FOR-1-1", "FOR-1-4"), NON)
    un_diagnostic_signe(monde, referentiel, sauf)
    les_siens = les_chemins(monde)
    assert codes(les_siens["INF"]) == [("etablissement", ["INF-1-3"]), ("collectivite", ["INF-1-1", "INF-1-2"])]
    assert phrase_du_chemin(les_siens["INF"]) == (
        "3\u00a0conditions pour le palier\u00a01\u00a0: 1\u00a0entre vos mains, 2\u00a0à demander à la collectivité."
    )
    assert phrase_du_chemin(les_siens["FOR"]) == (
        "2\u00a0conditions pour le palier\u00a01\u00a0: 1\u00a0entre vos mains, 1\u00a0à demander à l'État."
    )


def test_toutes_dans_les_memes_mains_se_dit_en_une_fois(monde, referentiel):
    un_diagnostic_signe(monde, referentiel, dict.fromkeys(("INF-1-1", "INF-1-2", "PIL-1-1", "PIL-1-2"), NON))
    les_siens = les_chemins(monde)
    assert phrase_du_chemin(les_siens["PIL"]) == "2\u00a0conditions pour le palier\u00a01, toutes entre vos mains."
    assert phrase_du_chemin(les_siens["INF"]) == (
        "2\u00a0conditions pour le palier\u00a01, toutes à demander à la collectivité."
    )


def test_la_page_mene_a_la_proposition_et_a_la_demande(chef, monde, referentiel):
    un_diagnostic_signe(monde, referentiel, {"INF-1-1": NON, "PIL-1-1": NON, "PIL-1-2": Valeur.en_partie})
    reponse = chef.get(adresse("chemin"))
    page, dits = html.fromstring(reponse.content.decode()), mots(reponse)
    liens = {a.get("href") for a in page.iter("a")}
    assert {adresse("proposition", "INF-1-1"), adresse("demande_faire", "INF-1-1")} <= liens
    assert adresse("demande_faire", "PIL-1-2") not in liens
    assert "1 condition pour le palier 1, à demander à la collectivité." in dits
    assert dits.count(": les trois paliers sont atteints") == 4
    assert "Faire la demande" in dits


def test_une_demande_en_attente_se_lit_sur_le_chemin(chef, monde, referentiel):
    un_diagnostic_signe(monde, referentiel, {"INF-1-1": NON})
    il_y_a_longtemps = timezone.now() - datetime.timedelta(days=60)
    saisie = SaisieDemande("collectivite", "Raccorder", "Merci.", il_y_a_longtemps.date() + datetime.timedelta(days=30))
    faire_demande(
        etablissement=monde.college,
        code="INF-1-1",
        annee=cette_annee(monde.college),
        saisie=saisie,
        auteur=monde.chef,
        maintenant=il_y_a_longtemps,
    )
    dits = mots(chef.get(adresse("chemin")))
    assert "en retard" in dits
    assert "Voir la demande" in dits
    assert "Faire la demande" not in dits


def test_le_chemin_coute_autant_pour_un_que_pour_tous_et_tient_sur_un_brouillon(chef, monde, referentiel):
    maintenant = timezone.now()
    brouillon = commencer(monde.college, cette_annee(monde.college), referentiel, monde.chef, maintenant)
    repondre_partout(brouillon, NON, monde.chef, maintenant)
    sur_un_brouillon = chef.get(adresse("chemin"))
    brouillon.reponses.exclude(indicateur__code="INF-1-1").update(valeur="oui")
    un = chef.get(adresse("chemin"))
    assert (len(sur_un_brouillon.requetes), len(un.requetes)) == (11, 11)


def test_une_condition_sans_proposition_reste_sur_le_chemin(chef, monde, referentiel, monkeypatch):
    """An académie's own indicator."""
    from plans.queries import propositions

    un_diagnostic_signe(monde, referentiel, {"PIL-1-1": NON, "PIL-1-2": NON})
    autres = {code: une for code, une in propositions.propositions_nationales().items() if code != "PIL-1-2"}
    autres = {code: une for code, une in autres.items() if "PIL-1-2" not in une.prerequis}
    monkeypatch.setattr(propositions, "propositions_nationales", lambda: autres)
    assert "Paliers n'a pas de proposition pour cette condition." in mots(chef.get(adresse("chemin")))
    assert "1 proposition, née des conditions" in mots(chef.get(adresse("propositions")))
