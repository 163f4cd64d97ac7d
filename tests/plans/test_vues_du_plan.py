"""The plan as its readers look at it: the seed's table, filters, states, years, one's own actions."""

import datetime
import re
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from lxml import html

from plans.interfaces import mots
from plans.interfaces.frise import ANNEE, GAUCHE, dessiner
from plans.interfaces.selection import bilan, choisir
from plans.interfaces.tableau_du_plan import corps_du_tableau
from plans.models import Action
from plans.queries.completude import FILTRES, rappels
from plans.queries.plan import lire_plan, mes_actions
from plans.rules.plan import terme
from strategie.socle.domain.calendrier import annee_precedente, annee_suivante
from strategie.socle.droits import Role
from strategie.socle.rules import date_en_phrase
from tests.personnages import affecter, un_compte
from tests.plans.plans import cette_annee, un_axe, un_axe_adosse, un_indicateur, une_action, une_action_publiee

pytestmark = pytest.mark.usefixtures("apres_la_rentree")

JOUR = datetime.date(2026, 11, 26)
ANNEE_DE_L_ESSAI = "2026-2027"


@pytest.fixture
def annee(monde) -> str:
    return cette_annee(monde.college)


@pytest.fixture
def chef(client, monde):
    client.force_login(monde.chef)
    return client


def adresse(nom: str, **parametres) -> str:
    return reverse(nom, args=["0980001U"], query=parametres or None)


def arbre(page):
    assert page.status_code == 200
    return html.fromstring(page.content.decode())


def en_mots(element) -> str:
    return re.sub(r"\s+", " ", " ".join(element.itertext()).replace("\u00a0", " ")).strip()


def lignes(page) -> list[list[str]]:
    """The cells of the table, row by row, thème and axe repeated on each of their rows."""
    lues = []
    for corps in arbre(page).xpath("//table[contains(@class, 'plan')]/tbody"):
        tete = []
        for rang in corps.xpath("tr"):
            cellules = [en_mots(cellule) for cellule in rang.xpath("th|td")]
            tete = tete or cellules[:2]
            lues.append(cellules if len(cellules) != 4 else [*tete, *cellules])
    return lues


def titres(page) -> list[str]:
    """The actions of the table, each as often as it is shown."""
    liens = arbre(page).xpath("//th[contains(@class, 'comment')]/a")
    return [en_mots(lien) for lien in liens]


def changer(action: Action, **valeurs) -> Action:
    Action.objects.filter(pk=action.pk).update(**valeurs)
    action.refresh_from_db()
    return action


def choix(monde, recherche: str = "", entier: bool = True):
    plan = lire_plan(monde.college, ANNEE_DE_L_ESSAI, JOUR, brouillons=entier)
    return choisir(plan, QueryDict(recherche), "/plan/", entier=entier)


def de_l_essai(action: Action, **valeurs) -> Action:
    return changer(action, **{"annee_scolaire": ANNEE_DE_L_ESSAI, "annee_fin": ANNEE_DE_L_ESSAI} | valeurs)


# --- The seed's table ------------------------------------------------------------------------------------
def test_le_tableau_de_la_source(chef, monde, annee):
    """The five columns of the seed, and the axe that two actions share."""
    cadre = un_axe(monde.college, "Définir un cadre de communication interne", theme="gouvernance")
    besoins = un_axe(monde.college, "Prendre en compte les besoins réels", theme="acces")
    hier = timezone.localdate() - datetime.timedelta(days=1)
    comite = une_action(
        monde.college,
        "Instaurer un comité de pilotage du numérique",
        axes=[cadre],
        levier="organisation",
        porteur=monde.referent.pk,
        contributeurs=frozenset({monde.gestionnaire.pk}),
        autres_contributeurs="réseaux de formateurs",
        groupes=("enseignants", "familles"),
        autres_concernes="élus",
    )
    un_indicateur(
        comite, "Établissements avec un comité", unite="établissements", depart=3, cible=Decimal("12.50")
    ).releves.create(date=hier, valeur=Decimal("7"), releve_le=timezone.now())
    comite.facteurs.create(texte="Le comité se réunit")
    une_action(monde.college, "Écrire la lettre de mission", parent=comite, fonction_porteuse="Principal")
    une_action(monde.college, "S'appuyer sur les formations par les pairs", axes=[cadre], levier="formation")
    quand, lu_le = f"Année {annee} Court terme", date_en_phrase(hier).replace("\u00a0", " ")
    lus = lignes(chef.get(adresse("moyens")))
    assert lus[0] == [
        "Garantir un égal accès au numérique pour tous",
        f"{besoins} Ajouter une action à l'axe « {besoins} »",
        "Aucune action ne sert encore cet axe.",
    ]
    assert lus[1:] == [
        [
            "Gouvernance et anticipation",
            f"{cadre} Ajouter une action à l'axe « {cadre} »",
            "Instaurer un comité de pilotage du numérique Brouillon Organisation "
            f"Écrire la lettre de mission Brouillon Principal , année {annee}",
            "Rémi Référent Avec Gaëlle Gestion, réseaux de formateurs Pour enseignants, Familles, élus",
            quand,
            "Établissements avec un comité : de 3 à 12,5 établissements "
            f"Dernier relevé : 7 établissements, le {lu_le} Facteurs de réussite Le comité se réunit",
        ],
        [
            "Gouvernance et anticipation",
            f"{cadre} Ajouter une action à l'axe « {cadre} »",
            "S'appuyer sur les formations par les pairs Brouillon Formation et accompagnement",
            "Sans porteur",
            quand,
            "Aucun indicateur",
        ],
    ]


def test_une_action_de_deux_axes_est_sous_chacun_et_le_dit(chef, monde):
    premier, second = un_axe(monde.college, "Premier"), un_axe(monde.college, "Second")
    action = une_action(monde.college, "Partagée", axes=[premier, second])
    une_action(monde.college, "Sans attache")
    page = chef.get(adresse("moyens"))
    comments = [en_mots(c) for c in arbre(page).xpath("//tbody//th[contains(@class, 'comment')]")]
    assert comments == [
        "Partagée Brouillon Infrastructure Aussi sous « Second »",
        "Partagée Brouillon Infrastructure Aussi sous « Premier »",
        "Sans attache Brouillon Infrastructure",
    ]
    assert [ligne[1] for ligne in lignes(page)][-1] == "Sans axe"
    assert len(arbre(page).xpath(f"//tr[@id='action-{action.pk}']")) == 1
    assert "2 actions en" in en_mots(arbre(page))


def test_ce_que_l_on_tape_ne_devient_jamais_du_html(chef, monde):
    mechant = "<script>alert(1)</script>\"'&"
    axe = un_axe(monde.college, mechant)
    action = une_action(
        monde.college,
        mechant,
        axes=[axe],
        fonction_porteuse=mechant,
        autres_contributeurs=mechant,
        autres_concernes=mechant,
    )
    une_action(monde.college, mechant, parent=action)
    un_indicateur(action, mechant, unite=mechant)
    action.facteurs.create(texte=mechant)
    changer(action, etat="bloquee", raison=mechant)
    for nom in ("moyens", "plan_par_etat", "plan_frise"):
        contenu = chef.get(adresse(nom)).content.decode()
        assert "<script>alert" not in contenu
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in contenu


def test_une_sous_action_dont_l_action_n_est_pas_de_l_annee_a_sa_ligne(chef, monde, annee):
    mere = une_action(monde.college, "Mère")
    fille = une_action(monde.college, "Fille", parent=mere)
    suivante = annee_suivante(annee)
    changer(fille, annee_fin=suivante)
    page = chef.get(adresse("moyens", annee=suivante))
    assert titres(page) == ["Fille"]
    assert "Sous-action de « Mère »" in en_mots(arbre(page))


def test_le_dernier_releve_est_dit_et_ancien_s_il_l_est(monde):
    indicateur = un_indicateur(de_l_essai(une_action(monde.college)), cadence="mensuelle")
    for mois, valeur in ((9, 8), (8, 9)):
        indicateur.releves.create(date=datetime.date(2026, mois, 1), valeur=valeur, releve_le=timezone.now())
    selection = choix(monde)
    dits = {
        jour: en_mots(html.fromstring(f"<table>{corps_du_tableau(selection, '0980001U', jour, peut_ajouter=False)}"))
        for jour in (datetime.date(2026, 10, 16), datetime.date(2026, 10, 17))
    }
    assert ["Dernier relevé : 8 coupures, le 1er septembre 2026" in texte for texte in dits.values()] == [True, True]
    assert ["(valeur ancienne)" in texte for texte in dits.values()] == [False, True]


def test_qui_ne_lit_que_le_publie_ne_voit_aucun_brouillon(client, monde):
    publiee = une_action_publiee(monde.college, "Publiée")
    une_action(monde.college, "Sous-action en brouillon", parent=publiee)
    une_action(monde.college, "Brouillon", axes=[publiee.axes.get()])
    client.force_login(monde.animatrice)
    for nom in ("moyens", "plan_par_etat", "plan_frise"):
        page = client.get(adresse(nom))
        texte = en_mots(arbre(page))
        assert ("Publiée" in texte, "brouillon" in texte.lower()) == (True, False)
        assert not arbre(page).xpath("//main//form[@method='post']")
        assert not arbre(page).xpath("//main//a[contains(@class, 'btn-primary')]")
    assert "sans_porteur" not in client.get(adresse("moyens")).content.decode()


def test_les_annees_du_plan_et_rien_d_autre(chef, monde, annee):
    passee = une_action(monde.college, "L'an dernier")
    avant = annee_precedente(annee)
    changer(passee, annee_scolaire=avant, annee_fin=avant)
    page = chef.get(adresse("moyens"))
    assert "L'an dernier" not in en_mots(arbre(page))
    annees = arbre(page).xpath("//nav[@aria-label='Années scolaires']//a/text()")
    assert annees == [annee, avant]
    assert titres(chef.get(adresse("moyens", annee=avant))) == ["L'an dernier"]
    for fausse in ("2026-2028", "x", "\x00", "2026"):
        assert chef.get(adresse("moyens", annee=fausse)).status_code == 404


def test_d_une_vue_a_l_autre_l_annee_choisie_reste(client, chef, monde, annee):
    avant = annee_precedente(annee)
    liens = {
        en_mots(lien): lien.get("href")
        for lien in arbre(chef.get(adresse("plan_par_etat", annee=avant))).xpath(
            '//nav[@aria-label="Le plan d\'action"]//a'
        )
    }
    assert liens == {
        "Tableau": adresse("moyens", annee=avant),
        "Par état": adresse("plan_par_etat", annee=avant),
        "Frise": adresse("plan_frise", annee=avant),
        "Mes actions": adresse("mes_actions"),
        "Expérimentations": adresse("experimentations"),
        "Exporter, importer": adresse("plan_importer"),
        "Corbeille": adresse("corbeille"),
    }
    client.force_login(monde.animatrice)
    publics = arbre(client.get(adresse("moyens"))).xpath('//nav[@aria-label="Le plan d\'action"]//a')
    assert [en_mots(lien) for lien in publics][:3] == ["Tableau", "Par état", "Frise"]
    assert {client.get(lien.get("href")).status_code for lien in publics} == {200}


def test_un_plan_vide_dit_par_ou_commencer(chef, client, monde):
    assert "Partez d'un besoin" in en_mots(arbre(chef.get(adresse("moyens"))))
    assert "Aucune action en" in en_mots(arbre(chef.get(adresse("plan_par_etat"))))
    client.force_login(monde.animatrice)
    assert "n'a encore publié ni axe ni action" in en_mots(arbre(client.get(adresse("moyens"))))


# --- The sentence, the hints, the filters ----------------------------------------------------------------
def un_plan_varie(monde) -> dict[str, Action]:
    """Eight actions of 2026-2027, no two alike, as seen on 26 November 2026."""
    adosse, nu = un_axe_adosse(monde.college, "Adossé"), un_axe(monde.college, "Nu", theme="responsable")
    frais, ancien = JOUR - datetime.timedelta(days=10), JOUR - datetime.timedelta(days=91)
    plan = {}
    for nom, valeurs, porteur, axe in (
        ("tardive", {"etat": "en_cours", "echeance": datetime.date(2026, 11, 25)}, monde.referent.pk, adosse),
        ("pile", {"etat": "en_cours", "echeance": JOUR}, monde.referent.pk, adosse),
        ("silencieuse", {"etat": "en_cours", "derniere_nouvelle": ancien}, monde.chef.pk, adosse),
        ("orpheline", {"etat": "a_venir"}, None, adosse),
        ("injustifiee", {"etat": "a_venir", "trimestre": 3, "derniere_nouvelle": ancien}, monde.chef.pk, nu),
        ("faite", {"etat": "realisee", "derniere_nouvelle": ancien}, None, nu),
        ("laissee", {"etat": "abandonnee", "raison": "Sans moyens"}, None, nu),
        ("brouillon", {"annee_fin": "2028-2029"}, None, nu),
    ):
        action = une_action(monde.college, nom, axes=[axe], porteur=porteur)
        plan[nom] = de_l_essai(action, **{"derniere_nouvelle": frais} | valeurs)
    un_indicateur(plan["tardive"])
    sous = une_action(monde.college, "sous-tardive", parent=plan["pile"])
    plan["sous-tardive"] = de_l_essai(
        sous, etat="bloquee", raison="x", echeance=datetime.date(2026, 11, 1), derniere_nouvelle=frais
    )
    return plan


@pytest.mark.parametrize(
    ("recherche", "attendues"),
    [
        ("en_retard=1", {"tardive", "sous-tardive"}),
        ("silencieuses=1", {"silencieuse"}),
        ("sans_porteur=1", {"orpheline", "brouillon", "sous-tardive"}),
        ("sans_indicateur=1", {"pile", "silencieuse", "orpheline", "injustifiee", "brouillon"}),
        ("a_justifier=1", {"injustifiee"}),
        ("etat=en_cours", {"tardive", "pile", "silencieuse"}),
        ("etat=en_cours&en_retard=1", {"tardive"}),
        ("theme=responsable", {"injustifiee", "faite", "laissee", "brouillon"}),
        ("terme=long", {"brouillon"}),
        ("terme=moyen", set()),
        ("trimestre=1&theme=responsable", {"faite", "laissee", "brouillon"}),
        ("levier=infrastructure&etat=abandonnee", {"laissee"}),
        ("levier=budget", set()),
        ("porteur=CHEF", {"silencieuse", "injustifiee"}),
    ],
)
def test_les_filtres_se_composent(monde, recherche, attendues):
    un_plan_varie(monde)
    selection = choix(monde, recherche.replace("CHEF", str(monde.chef.pk)))
    assert {ligne.action.intitule for ligne in selection.lignes} == attendues


def test_les_rappels_comptent_comme_la_base(monde):
    """What the page counts in Python and what the database counts are one."""
    un_plan_varie(monde)
    plan = lire_plan(monde.college, ANNEE_DE_L_ESSAI, JOUR, brouillons=True)
    de_la_base = {rappel.filtre: rappel.nombre for rappel in rappels(Action.objects.vivants(), JOUR)}
    de_la_page = {filtre: len(choisir(plan, QueryDict(f"{filtre}=1"), "/", entier=True).lignes) for filtre in FILTRES}
    assert de_la_page == de_la_base
    assert [texte for texte, _ in bilan(plan, "/", entier=True).rappels] == [
        "3\u00a0sans porteur",
        "5\u00a0sans indicateur",
        "1\u00a0sans nouvelle depuis 90\u00a0jours",
        "1\u00a0à justifier",
    ]
    assert bilan(plan, "/", entier=False).rappels == []


def test_la_phrase_du_bilan(monde):
    un_plan_varie(monde)
    lu = bilan(lire_plan(monde.college, ANNEE_DE_L_ESSAI, JOUR, brouillons=True), "/plan/", entier=True)
    assert (lu.actions, lu.sous_actions, lu.parts[1]) == (
        9,
        1,
        ("2\u00a0en\u00a0retard", "/plan/?annee=2026-2027&en_retard=1"),
    )
    assert [texte for texte, _ in lu.parts] == [
        "3\u00a0en\u00a0cours",
        "2\u00a0en\u00a0retard",
        "1\u00a0bloquée",
        "2\u00a0à\u00a0venir",
        "1\u00a0réalisée",
        "1\u00a0abandonnée",
        "1\u00a0en\u00a0brouillon",
    ]


def test_chaque_lien_dit_combien_il_montrera(monde):
    """For every link offered from several places: following it shows as many actions as it says."""
    un_plan_varie(monde)
    for depart in ("", "etat=en_cours", "theme=responsable&sans_porteur=1", "etat=bloquee&en_retard=1"):
        selection = choix(monde, depart)
        liens = [lien for groupe in selection.groupes for lien in groupe.liens]
        assert len(liens) > 5
        for lien in liens:
            suite = choix(monde, lien.adresse.partition("?")[2])
            attendu = len(choix(monde, depart).lignes) if lien.actif else lien.nombre
            assert lien.actif or len(suite.lignes) == attendu, (depart, lien)


def test_un_filtre_s_enleve_et_les_autres_restent(monde):
    un_plan_varie(monde)
    selection = choix(monde, "annee=2026-2027&etat=en_cours&en_retard=1&etrange=1")
    assert [(lien.libelle, lien.adresse) for lien in selection.actifs] == [
        ("En cours", "/plan/?annee=2026-2027&en_retard=1"),
        ("En retard", "/plan/?annee=2026-2027&etat=en_cours"),
    ]
    assert selection.adresse_nue == "/plan/?annee=2026-2027"


@pytest.mark.parametrize(
    "recherche",
    [
        "etat=' OR 1=1",
        "etat=",
        "porteur=999999999999999999999",
        "porteur=%00",
        "theme[]=acces",
        "terme=\u0663",
        "en_retard=2",
    ],
)
def test_une_valeur_hostile_est_laissee_de_cote(chef, monde, recherche):
    une_action(monde.college, "Toujours là")
    page = chef.get(f"{adresse('moyens')}?{recherche}")
    assert (page.context["selection"].choisis, titres(page)) == ({}, ["Toujours là"])


def test_une_sous_action_retenue_montre_son_action(monde):
    un_plan_varie(monde)
    racines = choix(monde, "etat=bloquee").racines
    assert [(r.action.intitule, [s.action.intitule for s in r.sous_actions]) for r in racines] == [
        ("pile", ["sous-tardive"])
    ]


def test_le_porteur_d_une_fonction_est_un_filtre(monde):
    de_l_essai(une_action(monde.college, "À elle", fonction_porteuse="Référente & co"))
    de_l_essai(une_action(monde.college, "À personne"))
    selection = choix(monde)
    [lien] = next(groupe.liens for groupe in selection.groupes if groupe.libelle == "Porteur")
    assert (lien.libelle, lien.nombre) == ("Référente & co", 1)
    suite = choix(monde, lien.adresse.partition("?")[2])
    assert [ligne.action.intitule for ligne in suite.lignes] == ["À elle"]


# --- Words -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("debut", "fin", "attendu"),
    [
        (("2026-2027", None), ("2026-2027", None), "Année 2026-2027"),
        (("2026-2027", 1), ("2026-2027", 1), "1er trimestre 2026-2027"),
        (("2026-2027", 1), ("2026-2027", 3), "Du 1er au 3e trimestre 2026-2027"),
        (("2026-2027", 2), ("2026-2027", None), "À partir du 2e trimestre 2026-2027"),
        (("2026-2027", None), ("2026-2027", 2), "Jusqu'au 2e trimestre 2026-2027"),
        (("2026-2027", 2), ("2027-2028", 1), "Du 2e trimestre 2026-2027 au 1er trimestre 2027-2028"),
        (("2026-2027", None), ("2027-2028", None), "De 2026-2027 à la fin de 2027-2028"),
        (("2026-2027", None), ("2027-2028", 1), "De 2026-2027 au 1er trimestre 2027-2028"),
        (("2026-2027", 3), ("2027-2028", None), "Du 3e trimestre 2026-2027 à la fin de 2027-2028"),
    ],
)
def test_une_periode_en_mots(debut, fin, attendu):
    action = Action(annee_scolaire=debut[0], trimestre=debut[1], annee_fin=fin[0], trimestre_fin=fin[1])
    assert mots.periode(action).replace("\u00a0", " ") == attendu


def test_les_termes():
    assert [terme("2026-2027", fin) for fin in ("2026-2027", "2027-2028", "2028-2029", "2030-2031")] == [
        "court",
        "moyen",
        "long",
        "long",
    ]


# --- By state --------------------------------------------------------------------------------------------
def test_ce_qui_est_en_retard_est_devant_et_une_seule_fois(chef, monde, annee):
    axe = un_axe(monde.college)
    hier = timezone.localdate(timezone=monde.academie.zone) - datetime.timedelta(days=1)
    for nom, valeurs in (
        ("Tardive", {"etat": "en_cours", "echeance": hier}),
        ("En cours", {"etat": "en_cours"}),
        ("Bloquée", {"etat": "bloquee", "raison": "Pas de crédit"}),
        ("Faite", {"etat": "realisee"}),
    ):
        changer(une_action(monde.college, nom, axes=[axe]), **valeurs)
    page = chef.get(adresse("plan_par_etat"))
    sections = {
        en_mots(section.xpath("h2")[0]): [en_mots(lien) for lien in section.xpath(".//h3/a")]
        for section in arbre(page).xpath("//div[@class='par-etat']/section")
    }
    assert sections == {
        "En retard 1": ["Tardive"],
        "Bloquée 1": ["Bloquée"],
        "En cours 1": ["En cours"],
        "Réalisée 1": ["Faite"],
    }
    assert "Pas de crédit" in en_mots(arbre(page))


def formulaire_de(page, fin: str):
    return next((f for f in arbre(page).forms if (f.action or "").endswith(fin)), None)


def test_un_etat_se_change_et_l_on_revient(chef, monde):
    action = une_action_publiee(monde.college)
    page = chef.get(adresse("plan_par_etat", etat="a_venir"))
    formulaire = formulaire_de(page, f"/{action.pk}/etat/")
    assert formulaire.inputs["etat"].value_options[0] == "a_venir"
    fait = chef.post(formulaire.action, dict(formulaire.form_values()) | {"etat": "en_cours"})
    assert (fait.status_code, fait["Location"]) == (302, adresse("plan_par_etat", etat="a_venir"))
    action.refresh_from_db()
    assert action.etat == "en_cours"
    bloquee = chef.post(
        formulaire.action, dict(formulaire.form_values()) | {"etat": "bloquee", "version": action.version}
    )
    assert bloquee.status_code == 422  # a reason is asked


def test_on_ne_change_que_ce_que_l_on_porte(client, monde):
    portee = une_action_publiee(monde.college, "Portée", porteur=monde.gestionnaire.pk)
    aidee = une_action_publiee(monde.college, "Aidée", contributeurs=frozenset({monde.gestionnaire.pk}))
    autre = une_action_publiee(monde.college, "Autre")
    client.force_login(monde.gestionnaire)
    page = client.get(adresse("plan_par_etat"))
    assert formulaire_de(page, f"/{portee.pk}/etat/").inputs["etat"].tag == "select"
    assert formulaire_de(page, f"/{aidee.pk}/etat/").inputs["etat"].get("type") == "hidden"
    assert formulaire_de(page, f"/{autre.pk}/etat/") is None
    note = formulaire_de(page, f"/{aidee.pk}/etat/")
    assert client.post(note.action, dict(note.form_values()) | {"raison": "Vu avec la mairie"}).status_code == 302
    assert aidee.suivis.last().note == "Vu avec la mairie"


# --- Along the years -------------------------------------------------------------------------------------
def test_la_frise_place_chaque_action(monde):
    axe, autre = un_axe(monde.college, "Un axe"), un_axe(monde.college, "Un autre", theme="responsable")
    une = de_l_essai(une_action(monde.college, "Une", axes=[axe, autre]), trimestre=1, trimestre_fin=1, etat="en_cours")
    de_l_essai(une_action(monde.college, "Sous-une", parent=une))
    longue = une_action(monde.college, "L" * 80, axes=[autre])
    changer(longue, annee_scolaire="2020-2021", annee_fin="2035-2036", etat="abandonnee", raison="x")
    frise = dessiner(choix(monde), "0980001U", JOUR)
    assert [repere.libelle for repere in frise.annees] == [f"{a}-{a + 1}" for a in range(2025, 2031)]
    assert [(bande.titre, [barre.libelle for barre in bande.barres]) for bande in frise.bandes] == [
        ("Un axe", ["Une", "Sous-une"]),
        ("Un autre", ["L" * 47 + "…"]),
    ]
    premiere, sous, derniere = frise.barres
    assert (premiere.x, premiere.largeur) == (GAUCHE + round(365 * ANNEE / 366), round(122 * ANNEE / 366))
    assert (premiere.debut, premiere.mots, bool(premiere.hachures)) == (
        "1er\u00a0trimestre 2026-2027",
        "En cours",
        True,
    )
    assert (sous.sous_action, derniere.x, derniere.bout) == (True, GAUCHE, GAUCHE + 6 * ANNEE)
    assert GAUCHE + ANNEE < frise.aujourd_hui < GAUCHE + 2 * ANNEE
    assert dessiner(choix(monde, "etat=bloquee"), "0980001U", JOUR) is None


def test_la_frise_et_son_tableau_disent_la_meme_chose(chef, monde, annee):
    une_action(monde.college, "Sans axe, courte")
    page = arbre(chef.get(adresse("plan_frise")))
    [dessin] = page.xpath("//*[local-name()='svg'][contains(@class, 'frise')]")
    assert en_mots(dessin.xpath("*[local-name()='title']")[0]) == f"Frise du plan d'action, de {annee} à {annee}"
    ligne = page.xpath("//table//tr[td]")[0]
    assert [en_mots(cellule) for cellule in ligne.xpath("th|td")] == [
        "Sans axe, courte",
        f"année {annee}",
        f"année {annee}",
        "Brouillon",
    ]
    assert "Sans axe, courte" in dessin.text_content() and "aujourd'hui" in dessin.text_content()


# --- One's own -------------------------------------------------------------------------------------------
def test_mes_actions_de_toutes_les_annees(monde, annee):
    moi = monde.referent
    sort = {
        "Portée": une_action(monde.college, "Portée", porteur=moi.pk),
        "Aidée": une_action(monde.college, "Aidée", contributeurs=frozenset({moi.pk})),
        "D'avant": une_action(monde.college, "D'avant", porteur=moi.pk),
        "Finie avant": une_action(monde.college, "Finie avant", porteur=moi.pk),
        "Finie cette année": une_action(monde.college, "Finie cette année", porteur=moi.pk),
        "Jetée": une_action(monde.college, "Jetée", porteur=moi.pk),
        "À une autre": une_action(monde.college, "À une autre", porteur=monde.chef.pk),
    }
    avant = annee_precedente(annee)
    changer(sort["D'avant"], annee_scolaire=avant, annee_fin=avant, etat="en_cours")
    changer(sort["Finie avant"], annee_scolaire=avant, annee_fin=avant, etat="realisee")
    changer(sort["Finie cette année"], etat="realisee")
    changer(sort["Jetée"], supprime_le=timezone.now(), supprime_par=monde.chef)
    lues = mes_actions(monde.college, moi, timezone.localdate(timezone=monde.academie.zone))
    assert {ligne.action.intitule for ligne in lues} == {"Portée", "Aidée", "D'avant", "Finie cette année"}


def test_ma_page_dit_ce_qui_presse_et_releve_une_valeur(client, monde, annee):
    action = une_action_publiee(monde.college, "À moi", porteur=monde.gestionnaire.pk)
    avant = annee_precedente(annee)
    changer(action, annee_scolaire=avant, annee_fin=avant, etat="en_cours")
    indicateur = action.indicateurs.get()
    calcule = un_indicateur(action, "Calculé", mesure="quelque chose")
    client.force_login(monde.gestionnaire)
    page = client.get(adresse("mes_actions"))
    assert "1 action que vous portez ou à laquelle vous contribuez, dont 1 en retard" in en_mots(arbre(page))
    assert formulaire_de(page, f"/{calcule.pk}/relever/") is None
    formulaire = formulaire_de(page, f"/{indicateur.pk}/relever/")
    fait = client.post(formulaire.action, dict(formulaire.form_values()) | {"valeur": "7,5"})
    assert (fait.status_code, fait["Location"]) == (302, adresse("mes_actions"))
    releve = indicateur.releves.get()
    assert (releve.valeur, releve.date) == (Decimal("7.5"), timezone.localdate(timezone=monde.academie.zone))


def test_sans_action_ma_page_dit_quoi_faire(client, monde):
    client.force_login(monde.lectrice)
    assert "Aucune action ne vous est confiée" in en_mots(arbre(client.get(adresse("mes_actions"))))


# --- The year's turn, seen from the plan -----------------------------------------------------------------
def test_la_suite_est_de_tourner_la_page(chef, client, monde, annee):
    """Shown from June on, to those who may."""
    jour = timezone.localdate(timezone=monde.academie.zone)
    passee = une_action(monde.college)
    finie = f"{jour.year - 1}-{jour.year}"
    changer(passee, annee_scolaire=finie, annee_fin=finie, etat="en_cours")
    montre = "La suite : tourner la page" in en_mots(arbre(chef.get(adresse("moyens"))))
    assert montre is (jour.month >= 6)
    client.force_login(monde.lectrice)
    assert "tourner la page" not in en_mots(arbre(client.get(adresse("moyens"))))


# --- Queries ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("nom", "requetes"), [("moyens", 11), ("plan_par_etat", 11), ("plan_frise", 11), ("mes_actions", 9)]
)
def test_trois_actions_coutent_autant_qu_une(chef, monde, nom, requetes):
    def ajouter(numero: int) -> None:
        personne = affecter(un_compte("Paule", f"Porteuse{numero}"), Role.MEMBRE, etablissement=monde.college)
        action = une_action(
            monde.college,
            f"Action {numero}",
            axes=[un_axe(monde.college, f"Axe {numero}")],
            porteur=personne.pk,
            contributeurs=frozenset({monde.chef.pk}),
        )
        un_indicateur(action).releves.create(date=JOUR, valeur=3, releve_le=timezone.now())
        action.facteurs.create(texte="Un facteur")
        une_action(monde.college, f"Sous-action {numero}", parent=action, porteur=monde.chef.pk)

    ajouter(1)
    assert len(chef.get(adresse(nom)).requetes) == requetes
    ajouter(2)
    ajouter(3)
    assert len(chef.get(adresse(nom)).requetes) == requetes
