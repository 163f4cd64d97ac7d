"""How lots serve, term after term; what opens a decision, and what takes it away."""

import datetime
import html
import itertools
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from budget.domain.etats_d_usage import ECHECS, FREQUENCES, EtatUsage, Terme, decision_due, etat_d_usage
from budget.domain.usages import DejaDeclare, SaisieUsage, decider_usage, declarer_usage, lire_usage
from budget.models import DecisionUsage, DeclarationUsage, Lot
from budget.queries.usages import terme_du_jour, termes_du_lot, usages_des_lots
from strategie.socle.domain.calendrier import bornes_du_trimestre
from strategie.socle.domain.empechement import Empeche, SaisieRefusee
from tests.budget.parc import des_equipements, un_lot
from tests.diagnostic.courses import ensemble
from tests.personnages import creer_monde

T1 = datetime.datetime(2030, 11, 5, 10, 0, tzinfo=datetime.UTC)
T2 = datetime.datetime(2031, 2, 5, 10, 0, tzinfo=datetime.UTC)
T3 = datetime.datetime(2031, 5, 5, 10, 0, tzinfo=datetime.UTC)
T4 = datetime.datetime(2031, 10, 5, 10, 0, tzinfo=datetime.UTC)
T5 = datetime.datetime(2032, 1, 5, 10, 0, tzinfo=datetime.UTC)
NON_UTILISE, SOUS_EXPLOITE, MARGINAL, CONFORME = (
    EtatUsage.NON_UTILISE,
    EtatUsage.SOUS_EXPLOITE,
    EtatUsage.MARGINAL,
    EtatUsage.CONFORME,
)


# --- The pure rule: every case ----------------------------------------------------------------------------------
def test_les_frequences_sont_celles_du_modele():
    assert list(FREQUENCES) == Lot.Frequence.values


# A row: what is declared; a column: what was planned (nothing, then from the rarest). For the use that was planned.
TABLE = {
    "jamais": (NON_UTILISE, NON_UTILISE, NON_UTILISE, NON_UTILISE, NON_UTILISE, NON_UTILISE),
    "rare": (CONFORME, CONFORME, CONFORME, SOUS_EXPLOITE, SOUS_EXPLOITE, SOUS_EXPLOITE),
    "mensuelle": (CONFORME, CONFORME, CONFORME, CONFORME, SOUS_EXPLOITE, SOUS_EXPLOITE),
    "hebdomadaire": (CONFORME, CONFORME, CONFORME, CONFORME, CONFORME, SOUS_EXPLOITE),
    "quotidienne": (CONFORME, CONFORME, CONFORME, CONFORME, CONFORME, CONFORME),
}


@pytest.mark.parametrize(("dite", "rang"), list(itertools.product(TABLE, range(6))))
def test_chaque_cas_de_la_table(dite, rang):
    prevue = ("", *FREQUENCES)[rang]
    attendu = TABLE[dite][rang]
    assert etat_d_usage(dite, True, prevue) == attendu
    assert etat_d_usage(dite, False, prevue) == (MARGINAL if attendu == CONFORME else attendu)
    assert etat_d_usage(None, True, prevue) == EtatUsage.NON_DECLARE


@pytest.mark.parametrize(
    ("jour", "terme"),
    [
        (datetime.date(2030, 8, 31), Terme("2029-2030", 3)),  # people speak of next year already
        (datetime.date(2030, 8, 14), Terme("2029-2030", 3)),
        (datetime.date(2030, 9, 1), Terme("2030-2031", 1)),
        (datetime.date(2030, 12, 31), Terme("2030-2031", 1)),
        (datetime.date(2031, 1, 1), Terme("2030-2031", 2)),
        (datetime.date(2031, 3, 31), Terme("2030-2031", 2)),
        (datetime.date(2031, 4, 1), Terme("2030-2031", 3)),
    ],
)
def test_le_trimestre_d_un_jour(jour, terme):
    assert terme_du_jour(jour) == terme


TERMES = [Terme(annee, rang) for annee in ("2029-2030", "2030-2031") for rang in (1, 2, 3)]


def test_les_trimestres_se_suivent():
    assert [terme.precedent for terme in TERMES[1:]] == TERMES[:-1]
    assert sorted(TERMES) == TERMES


@pytest.mark.parametrize(("avant", "maintenant"), list(itertools.product(EtatUsage, EtatUsage)))
def test_deux_echecs_qui_se_suivent_et_rien_d_autre(avant, maintenant):
    etats = {TERMES[2]: avant, TERMES[3]: maintenant}
    assert decision_due(etats, TERMES[3], None) is (avant in ECHECS and maintenant in ECHECS)


def test_un_trimestre_sans_declaration_ne_compte_pas():
    assert not decision_due({TERMES[1]: NON_UTILISE, TERMES[3]: NON_UTILISE}, TERMES[3], None)


@pytest.mark.parametrize(("derniere", "due"), [(0, True), (1, True), (2, False), (3, False)])
def test_une_decision_laisse_du_temps(derniere, due):
    etats = dict.fromkeys(TERMES, MARGINAL)
    assert decision_due(etats, TERMES[3], TERMES[derniere]) is due


@given(st.lists(st.sampled_from(EtatUsage), min_size=6, max_size=6))
def test_deux_decisions_sont_a_deux_trimestres_au_moins(etats):
    """Each due one is taken at once: no failing term is ever counted in two of them."""
    connus, prises = {}, []
    for rang, (terme, etat) in enumerate(zip(TERMES, etats, strict=True)):
        connus[terme] = etat
        if decision_due(connus, terme, TERMES[prises[-1]] if prises else None):
            prises.append(rang)
    assert all(apres - avant >= 2 for avant, apres in itertools.pairwise(prises))


# --- Declaring ----------------------------------------------------------------------------------------------------
@pytest.fixture
def lot(monde):
    return classe_mobile(monde)


def classe_mobile(monde, intitule="Classe mobile", **champs):
    valeurs = {"usage_prevu": "Écrire à plusieurs", "frequence_prevue": "hebdomadaire"}
    lot = un_lot(monde.college, intitule, **(valeurs | champs))
    des_equipements(monde.college, nombre=30, lot=lot.pk, maintenant=T1)
    return lot


def declarer(monde, lot, quand, frequence="jamais", *, version=0, **champs):
    return declarer_usage(
        lot=lot, saisie=SaisieUsage(frequence, **champs), version=version, auteur=monde.referent, maintenant=quand
    )


def test_une_declaration_par_trimestre_corrigeable(monde, lot):
    faite = declarer(monde, lot, T1, "mensuelle", frein="formation", note="Deux collègues seulement")
    assert lire_usage(faite.declaration) == SaisieUsage("mensuelle", True, "formation", "Deux collègues seulement")
    assert declarer(monde, lot, T1, "hebdomadaire", version=1).declaration.version == 2
    declarer(monde, lot, T2, "hebdomadaire", comme_prevu=False)
    assert list(DeclarationUsage.objects.values_list("annee_scolaire", "trimestre", "frequence", "comme_prevu")) == [
        ("2030-2031", 1, "hebdomadaire", True),
        ("2030-2031", 2, "hebdomadaire", False),
    ]


def test_ce_qui_n_a_jamais_servi_n_a_pas_servi_comme_prevu(monde, lot):
    assert declarer(monde, lot, T1, "jamais", comme_prevu=True).declaration.comme_prevu is False


def test_envoyee_deux_fois_elle_est_la_une_fois(monde, lot):
    premiere = declarer(monde, lot, T1, "rare")
    assert declarer(monde, lot, T1, "rare").declaration == premiere.declaration
    with pytest.raises(DejaDeclare) as refus:
        declarer(monde, lot, T1, "quotidienne")
    assert refus.value.actuel == premiere.declaration
    assert DeclarationUsage.objects.values_list("frequence", "version").get() == ("rare", 1)


@pytest.mark.parametrize(("champs", "faute"), [({"frequence": ""}, "frequence"), ({"note": "x" * 301}, "note")])
def test_une_declaration_mal_dite_est_refusee_a_son_champ(monde, lot, champs, faute):
    with pytest.raises(SaisieRefusee) as refus:
        declarer(monde, lot, T1, **champs)
    assert list(refus.value.defauts) == [faute]
    assert not DeclarationUsage.objects.exists()


def test_un_lot_retire_ne_se_declare_plus(monde, lot):
    Lot.objects.update(supprime_le=T1, supprime_par=monde.chef)
    with pytest.raises(Empeche, match="corbeille"):
        declarer(monde, lot, T1)


# --- Decisions ----------------------------------------------------------------------------------------------------
def ouvertes() -> list[tuple[str, int]]:
    return list(DecisionUsage.objects.filter(choix="").values_list("annee_scolaire", "trimestre"))


def decider(monde, choix="former", motif="Personne ne sait s'en servir", quand=T2):
    return decider_usage(
        decision=DecisionUsage.objects.latest("pk"), choix=choix, motif=motif, auteur=monde.chef, maintenant=quand
    )


def test_deux_trimestres_d_echec_ouvrent_une_decision(monde, lot):
    assert declarer(monde, lot, T1, "rare").ouverte is None
    ouverte = declarer(monde, lot, T2, "hebdomadaire", comme_prevu=False).ouverte
    assert (ouverte.lot, ouverte.annee_scolaire, ouverte.trimestre, ouverte.ouverte_le) == (lot, "2030-2031", 2, T2)
    assert declarer(monde, lot, T2, "mensuelle", version=1).ouverte is None
    assert declarer(monde, lot, T3, "jamais").ouverte is None
    assert ouvertes() == [("2030-2031", 2)]


def test_d_une_annee_a_l_autre_aussi(monde, lot):
    declarer(monde, lot, T3)
    declarer(monde, lot, T4)
    assert ouvertes() == [("2031-2032", 1)]


def test_un_trimestre_muet_ne_fait_pas_une_suite(monde, lot):
    declarer(monde, lot, T1)
    declarer(monde, lot, T3)
    assert ouvertes() == []
    declarer(monde, lot, T4)
    assert ouvertes() == [("2031-2032", 1)]


def test_corriger_l_echec_retire_la_decision(monde, lot):
    declarer(monde, lot, T1)
    declarer(monde, lot, T2)
    assert declarer(monde, lot, T2, "hebdomadaire", version=1).retiree
    assert ouvertes() == []
    assert declarer(monde, lot, T2, "rare", version=2).ouverte
    assert ouvertes() == [("2030-2031", 2)]


def test_un_lot_qui_sert_de_nouveau_n_attend_plus_de_decision(monde, lot):
    declarer(monde, lot, T1)
    declarer(monde, lot, T2)
    assert declarer(monde, lot, T3, "quotidienne").retiree
    assert ouvertes() == []


def test_une_decision_prise_reste_et_laisse_deux_trimestres(monde, lot):
    declarer(monde, lot, T1)
    declarer(monde, lot, T2)
    prise = decider(monde)
    assert (prise.choix, prise.motif, prise.prise_par, prise.prise_le) == (
        "former",
        "Personne ne sait s'en servir",
        monde.chef,
        T2,
    )
    declarer(monde, lot, T2, "quotidienne", version=1)
    assert DecisionUsage.objects.get().choix == "former"
    declarer(monde, lot, T2, "jamais", version=2)
    declarer(monde, lot, T3)
    assert ouvertes() == []
    declarer(monde, lot, T4)
    assert ouvertes() == [("2031-2032", 1)]


def test_une_decision_prise_tard_laisse_le_meme_temps(monde, lot):
    for quand in (T1, T2, T3):
        declarer(monde, lot, quand)
    decider(monde, quand=T3)
    declarer(monde, lot, T4)
    assert ouvertes() == []
    declarer(monde, lot, T5)
    assert ouvertes() == [("2031-2032", 2)]


def test_une_decision_dit_pourquoi_et_ne_se_reprend_pas(monde, lot):
    declarer(monde, lot, T1)
    declarer(monde, lot, T2)
    with pytest.raises(SaisieRefusee) as refus:
        decider(monde, choix="", motif="")
    assert list(refus.value.defauts) == ["choix", "motif"]
    with pytest.raises(SaisieRefusee, match=r"2.000"):
        decider(monde, motif="x" * 2001)
    decider(monde)
    assert decider(monde, quand=T3).prise_le == T2
    with pytest.raises(Empeche, match="déjà décidé"):
        decider(monde, choix="reformer")


def test_une_decision_retiree_ne_se_prend_plus(monde, lot):
    declarer(monde, lot, T1)
    declarer(monde, lot, T2)
    decision = DecisionUsage.objects.get()
    declarer(monde, lot, T2, "hebdomadaire", version=1)
    with pytest.raises(Empeche, match="n'est plus à prendre"):
        decider_usage(decision=decision, choix="former", motif="Oui", auteur=monde.chef, maintenant=T2)


@pytest.mark.django_db(transaction=True)
def test_deux_declarations_en_meme_temps_n_ouvrent_qu_une_decision():
    monde = creer_monde()
    for rang in range(5):
        lot = classe_mobile(monde, f"Classe mobile {rang}")
        declarer(monde, lot, T1)
        faits = ensemble(
            lambda lot=lot: declarer(monde, lot, T2, "jamais").declaration.pk,
            lambda lot=lot: declarer(monde, lot, T2, "jamais").declaration.pk,
            lambda lot=lot: declarer(monde, lot, T2, "rare").declaration.pk,
        )
        assert len({fait for fait in faits if isinstance(fait, int)}) == 1
        assert lot.declarations.filter(trimestre=2).count() == 1
        assert lot.decisions.count() == 1


# --- Reading -------------------------------------------------------------------------------------------------------
def test_l_usage_de_chaque_lot(monde, lot):
    autre = classe_mobile(monde, "Vidéoprojecteurs")
    vide = un_lot(monde.college, "Sans rien")
    bureau = un_lot(monde.college, "Bureaux")
    des_equipements(monde.college, lot=bureau.pk, domaine="administratif", maintenant=T1)
    classe_mobile_d_ailleurs = un_lot(monde.voisin_college, cree_par=monde.voisin)
    declarer(monde, lot, T1)
    declarer(monde, lot, T2, "mensuelle")
    lus = usages_des_lots(monde.college, terme_du_jour(T2.date()))
    assert [(u.lot, u.choses, u.precedent.etat, u.actuel.etat, u.en_echec) for u in lus] == [
        (lot, 30, NON_UTILISE, SOUS_EXPLOITE, True),
        (autre, 30, EtatUsage.NON_DECLARE, EtatUsage.NON_DECLARE, False),
    ]
    assert lus[0].decision_ouverte == DecisionUsage.objects.get()
    assert [(lu.terme, lu.etat) for lu in termes_du_lot(lot)] == [
        (Terme("2030-2031", 2), SOUS_EXPLOITE),
        (Terme("2030-2031", 1), NON_UTILISE),
    ]
    assert vide not in [u.lot for u in lus]
    assert classe_mobile_d_ailleurs not in [u.lot for u in lus]


# --- Pages ---------------------------------------------------------------------------------------------------------
def page(client, monde, nom, *args, qui=None, **donnees):
    client.force_login(qui or monde.referent)
    return client.get(reverse(nom, args=[monde.college.uai, *args]), donnees)


def envoyer(client, monde, nom, *args, suivre=True, **champs):
    client.force_login(monde.referent)
    return client.post(reverse(nom, args=[monde.college.uai, *args]), champs, follow=suivre)


def texte(reponse) -> str:
    dit = html.unescape(reponse.content.decode()).replace("\u00a0", " ")
    return " ".join(dit.split())


def il_y_a_un_trimestre() -> datetime.datetime:
    """An instant of the term before the one that it is."""
    terme = terme_du_jour(timezone.localdate()).precedent
    jour = bornes_du_trimestre(terme.annee, terme.trimestre)[0]
    return datetime.datetime(jour.year, jour.month, jour.day, 12, tzinfo=datetime.UTC)


def test_la_page_dit_ce_qui_reste_et_mene_d_un_lot_a_l_autre(client, monde, lot):
    autre = classe_mobile(monde, "Vidéoprojecteurs", usage_prevu="", frequence_prevue="")
    dit = texte(page(client, monde, "usages"))
    assert "Il reste 2 lots à déclarer" in dit
    assert 'Prévu : <bdi class="saisi">Écrire à plusieurs</bdi>, chaque semaine.' in dit
    assert "Aucun usage prévu n'est écrit." in dit
    champs = {"frequence": "hebdomadaire", "comme_prevu": "oui", "version": "0"}
    reponse = envoyer(client, monde, "usage_declarer", lot.pk, suivre=False, **champs)
    assert reponse.url == reverse("usage_declarer", args=[monde.college.uai, autre.pk])
    assert "Pour l'usage prévu" not in texte(client.get(reponse.url))
    reponse = envoyer(client, monde, "usage_declarer", autre.pk, suivre=False, frequence="rare", version="0")
    assert reponse.url == reverse("usages", args=[monde.college.uai])
    dit = texte(client.get(reponse.url))
    assert "Tous les lots sont déclarés" in dit
    assert dit.count('<span class="etiquette fait">Conforme</span>') == 2


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"version": "0"}, "Dites combien de fois"),
        ({"frequence": "rare", "version": "0"}, "Dites si c'était pour l'usage prévu"),
        ({"frequence": "toujours", "comme_prevu": "oui", "version": "0"}, "n'est pas dans la liste"),
        ({"frequence": "rare", "comme_prevu": "oui"}, "Cette page est incomplète"),
        ({"frequence": "rare", "comme_prevu": "oui", "version": "0", "note": "x" * 301}, "dépasse 300"),
    ],
)
def test_une_declaration_refusee_ne_perd_rien(client, monde, lot, champs, phrase):
    reponse = envoyer(client, monde, "usage_declarer", lot.pk, **champs)
    assert (reponse.status_code, phrase in texte(reponse)) == (422, True)
    assert not DeclarationUsage.objects.exists()
    if champs.get("frequence") == "rare":
        assert re.search(r'value="rare"[^>]*checked', texte(reponse))


def test_jamais_ne_demande_pas_pour_quel_usage(client, monde, lot):
    assert envoyer(client, monde, "usage_declarer", lot.pk, frequence="jamais", version="0").status_code == 200
    assert DeclarationUsage.objects.values_list("frequence", "comme_prevu").get() == ("jamais", False)


def test_un_collegue_a_declare_entre_temps(client, monde, lot):
    declarer(monde, lot, timezone.now(), "rare", frein="pannes", note="Batteries")
    champs = {"frequence": "quotidienne", "comme_prevu": "oui", "version": "0"}
    reponse = envoyer(client, monde, "usage_declarer", lot.pk, **champs)
    dit = texte(reponse)
    assert reponse.status_code == 409
    assert "a dit : moins d'une fois par mois, pour l'usage prévu ; Pannes, batteries, lenteur" in dit
    assert 'name="version" value="1"' in dit
    envoyer(client, monde, "usage_declarer", lot.pk, **(champs | {"version": "1"}))
    assert DeclarationUsage.objects.values_list("frequence", "version").get() == ("quotidienne", 2)


def test_de_la_seconde_declaration_a_l_action_de_formation(client, monde, lot):
    declarer(monde, lot, il_y_a_un_trimestre(), "jamais")
    dit = texte(envoyer(client, monde, "usage_declarer", lot.pk, frequence="jamais", version="0"))
    assert "une décision est à prendre" in dit
    assert "À décider" in dit
    cle = DecisionUsage.objects.get().pk
    assert envoyer(client, monde, "decision_usage", cle, choix="former").status_code == 422
    dit = texte(envoyer(client, monde, "decision_usage", cle, choix="former", motif="Personne n'y est formé"))
    assert "Former les équipes" in dit
    assert "Personne n'y est formé" in dit
    suite = reverse("action_creer", args=[monde.college.uai])
    adresse = next(lien for lien in re.findall(r'href="([^"]+)"', dit) if lien.startswith(suite))
    assert "Former les équipes à l'usage du lot « Classe mobile »" in texte(client.get(adresse))
    # the gestionnaire does not write the plan: no link for her
    assert suite not in texte(page(client, monde, "decision_usage", cle, qui=monde.gestionnaire))


def test_la_fiche_du_lot_dit_son_usage_et_sa_decision(client, monde, lot):
    declarer(monde, lot, il_y_a_un_trimestre(), "rare", note="Batteries")
    declarer(monde, lot, timezone.now(), "jamais")
    dit = texte(page(client, monde, "lot", lot.pk))
    assert "Une décision est à prendre" in dit
    assert reverse("decision_usage", args=[monde.college.uai, DecisionUsage.objects.get().pk]) in dit
    assert dit.index("Non utilisé") < dit.index("Sous-exploité") < dit.index("Batteries")
    decider(monde, quand=timezone.now())
    assert "Décidé : former les équipes" in texte(page(client, monde, "lot", lot.pk))


def test_qui_lit_ne_declare_ni_ne_decide(client, monde, lot):
    declarer(monde, lot, il_y_a_un_trimestre())
    declarer(monde, lot, timezone.now())
    dit = texte(page(client, monde, "usages", qui=monde.lectrice))
    assert "Corriger" not in dit
    dit = texte(page(client, monde, "decision_usage", DecisionUsage.objects.get().pk, qui=monde.lectrice))
    assert "en décident" in dit
    assert "Enregistrer la décision" not in dit


@pytest.mark.parametrize("nombre", [1, 3])
def test_la_page_coute_le_meme_nombre_de_requetes(client, monde, nombre):
    for rang in range(nombre):
        lot = classe_mobile(monde, f"Lot {rang}")
        declarer(monde, lot, il_y_a_un_trimestre())
        declarer(monde, lot, timezone.now())
        autre = classe_mobile(monde, f"Autre lot {rang}")
        declarer(monde, autre, il_y_a_un_trimestre())
        declarer(monde, autre, timezone.now())
        decider(monde, quand=timezone.now())
    assert len(page(client, monde, "usages").requetes) == 7
