"""The seed's table: as rows of words, on its page, and written in one form."""

import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from plans.domain.corbeille import mettre_a_la_corbeille
from plans.domain.matrice import SaisieLiens, delier, relier
from plans.models import Axe, Besoin, Constat, Fondement, Justification
from plans.queries.matrice import LigneMatrice, groupes_de_la_matrice, lignes_de_la_matrice
from plans.rules.axes import BESOIN_ABSENT
from plans.rules.besoins import CONSTAT_ABSENT
from plans.rules.matrice import AXE_ABSENT, empechement_relier
from strategie.socle.domain.calendrier import annee_precedente
from strategie.socle.domain.empechement import Empeche
from strategie.socle.models import Etablissement
from tests.plans.plans import cette_annee, un_axe, un_besoin, un_constat, une_action_publiee

pytestmark = pytest.mark.usefixtures("apres_la_rentree")

NOVEMBRE = datetime.datetime(2026, 11, 25, 10, tzinfo=datetime.UTC)
ANNEE = "2026-2027"
GOUVERNANCE = "Gouvernance et anticipation"
SANS_BESOIN = "Choisissez ou écrivez au moins un besoin\u00a0: c'est lui qui relie un irritant à un axe."
# The two rows of the seed, « Synthèse des besoins & axes d'amélioration ».
PREMIERE = LigneMatrice(
    GOUVERNANCE,
    (
        "Multiplicité des outils dont l'utilisation n'est pas cadrée dans l'établissement",
        "Temps d'appropriation nécessaire",
        "Difficulté à fédérer toute une équipe autour d'un même outil",
        "Manque de formation des parents",
        "Manque de formation des enseignants",
        "Manque de formation des élèves",
    ),
    (
        "Anticiper pour éviter de subir",
        "Se connaître entre acteurs et mieux communiquer sur les outils institutionnels à partager.",
    ),
    (
        "Installer un code déontologique : respect de la sphère personnelle",
        "Dialogue avec les parents pour définir les temps de travail",
        "Création d'une instance qui pourrait conseiller ensuite le Conseil d'administration en EPLE.",
        "Associer et informer les familles",
        "Accompagner et former",
        "Privilégier des moments forts",
        "Mutualisation des usages",
    ),
)
SECONDE = LigneMatrice(
    GOUVERNANCE,
    ("Peu d'usage parfois",),
    ("Prendre en compte les besoins réels des utilisateurs",),
    (
        "Associer les utilisateurs dans la définition des stratégies de déploiement",
        "Travailler avec la filière edtech",
    ),
)


@pytest.fixture
def college(monde) -> Etablissement:
    return monde.college


@pytest.fixture
def chef(client, monde):
    client.force_login(monde.chef)
    return client


def adresse(nom: str, *suite: object) -> str:
    return reverse(nom, args=["0980001U", *suite])


def page(reponse) -> html.HtmlElement:
    return html.fromstring(reponse.content.decode())


def mots(reponse) -> str:
    return " ".join(page(reponse).text_content().split())


def saisie(ligne: LigneMatrice, **champs) -> SaisieLiens:
    valeurs = {
        "nouveaux_irritants": ligne.irritants,
        "nouveaux_besoins": ligne.besoins,
        "nouveaux_axes": ligne.axes,
        "theme": "gouvernance",
        "source": "professeurs",
        "raison_de_plus": "L'atelier en a retenu autant.",
    }
    return SaisieLiens(**(valeurs | champs))


def relier_ici(
    monde, liens: SaisieLiens, *, cle: uuid.UUID | None = None, annee: str = ANNEE, maintenant=NOVEMBRE
) -> None:
    relier(
        etablissement=monde.college,
        annee=annee,
        saisie=liens,
        cle=cle or uuid.uuid4(),
        auteur=monde.chef,
        maintenant=maintenant,
    )


# --- Rows of words -----------------------------------------------------------------------------------------------
def test_l_atelier_du_document_source_se_relit_mot_pour_mot(monde, college):
    for ligne in (PREMIERE, SECONDE):
        relier_ici(monde, saisie(ligne))
    assert lignes_de_la_matrice(college, ANNEE) == [PREMIERE, SECONDE]
    assert (Fondement.objects.count(), Justification.objects.count()) == (6 * 2 + 1, 2 * 7 + 2)


def test_un_lien_par_un_tiers_fait_une_seule_ligne(college):
    """A and C share nothing, but each shares something with B."""
    commun, lie = un_constat(college, "commun"), un_axe(college, "lié")
    a, b = un_besoin(college, "A", constats=[commun]), un_besoin(college, "B", constats=[commun])
    lie.besoins.add(b)
    c, d = un_besoin(college, "C"), un_besoin(college, "D", constats=[un_constat(college, "à part")])
    lie.besoins.add(c)
    assert [groupe.besoins for groupe in groupes_de_la_matrice(college, cette_annee(college))] == [(a, b, c), (d,)]


def test_un_axe_de_deux_themes_est_sur_deux_lignes(college):
    axe = un_axe(college, "Former", theme="enseigner")
    for theme in ("gouvernance", "enseigner"):
        axe.besoins.add(un_besoin(college, f"Besoin {theme}", theme=theme))
    assert lignes_de_la_matrice(college, cette_annee(college)) == [
        LigneMatrice("Enseigner et apprendre avec le numérique", (), ("Besoin enseigner",), ("Former",)),
        LigneMatrice(GOUVERNANCE, (), ("Besoin gouvernance",), ("Former",)),
    ]


def test_ce_qui_n_est_pas_relie_se_voit_aussi(monde, college):
    annee = cette_annee(college)
    un_constat(college, "Irritant seul", theme="travailler")
    un_constat(college, "Point fort seul", theme="travailler", sens="point_fort")
    un_constat(college, "De l'an dernier", theme="travailler", annee_scolaire=annee_precedente(annee))
    un_axe(college, "Axe seul", theme="responsable")
    un_besoin(college, "Besoin seul")
    parti = un_besoin(college, "À la corbeille", constats=[un_constat(college, "Le sien", theme="travailler")])
    mettre_a_la_corbeille(objet=parti, auteur=monde.chef, maintenant=timezone.now())
    un_besoin(monde.voisin_college, "D'ailleurs")
    assert lignes_de_la_matrice(college, annee) == [
        LigneMatrice("Travailler ensemble autrement", ("Irritant seul", "Le sien"), (), ()),
        LigneMatrice("Favoriser un numérique responsable et souverain", (), (), ("Axe seul",)),
        LigneMatrice("", (), ("Besoin seul",), ()),
    ]


def test_ce_qui_montre_un_besoin_est_dans_la_colonne_des_irritants(college):
    fort = un_constat(college, "Les ateliers du midi", sens="point_fort", theme="enseigner")
    un_besoin(college, "Les étendre", constats=[fort])
    un_besoin(college, "Une commission", origine="indicateur", reference="PIL-1-2", theme="gouvernance")
    un_besoin(
        college, "Du temps", origine="question", reference="E07", theme="gouvernance", constat="Moyenne 2,4 sur 5."
    )
    assert [(ligne.theme, ligne.irritants) for ligne in lignes_de_la_matrice(college, cette_annee(college))] == [
        ("Enseigner et apprendre avec le numérique", ("Point fort\u00a0: Les ateliers du midi",)),
        (GOUVERNANCE, ("Condition qui manque (PIL-1-2)",)),
        (GOUVERNANCE, ("Moyenne 2,4 sur 5.",)),
    ]


# --- Linking -------------------------------------------------------------------------------------------------------
def test_relier_demande_un_besoin(monde):
    assert [empechement_relier(nombre) for nombre in (0, 1, 4)] == [SANS_BESOIN, None, None]
    with pytest.raises(Empeche) as refus:
        relier_ici(monde, SaisieLiens(nouveaux_axes=("Un axe",), theme="acces"))
    assert str(refus.value) == SANS_BESOIN


def test_relier_ce_qui_existe_et_ce_qui_s_ecrit(monde, college):
    constat = un_constat(college)
    besoin = un_besoin(college, "Là", constats=[un_constat(college, "Ancien")])
    axe = un_axe(college, "Là aussi")
    relier_ici(
        monde,
        SaisieLiens(
            constats=frozenset({constat.pk}),
            besoins=frozenset({besoin.pk}),
            axes=frozenset({axe.pk}),
            nouveaux_besoins=("Neuf",),
            theme="acces",
        ),
    )
    neuf = Besoin.objects.get(intitule="Neuf")
    assert (neuf.origine, neuf.theme, neuf.retenu_par, neuf.annee_scolaire) == ("saisi", "acces", monde.chef, ANNEE)
    assert set(axe.besoins.all()) == {besoin, neuf}
    assert [set(b.retours.values_list("texte", flat=True)) for b in (besoin, neuf)] == [
        {"Ancien", constat.texte},
        {constat.texte},
    ]
    assert Fondement.objects.filter(besoin=neuf).get().evenements.get().pgh_context["acte"] == "relier_la_matrice"


def test_envoye_deux_fois_c_est_relie_une_fois(monde, college):
    cle = uuid.uuid4()
    for _ in range(2):
        relier_ici(monde, saisie(SECONDE), cle=cle)
    assert lignes_de_la_matrice(college, ANNEE) == [SECONDE]
    assert (Constat.objects.count(), Besoin.objects.count(), Axe.objects.count()) == (1, 1, 2)


def test_le_plafond_des_axes_vaut_aussi_ici_et_tout_ou_rien(monde):
    with pytest.raises(Empeche, match="Au-delà de trois axes nouveaux"):
        relier_ici(monde, saisie(PREMIERE, raison_de_plus=""))
    assert not (Constat.objects.exists() or Besoin.objects.exists() or Axe.objects.exists())


@pytest.mark.parametrize(
    ("nom", "fabrique", "phrase"),
    [
        ("constats", un_constat, CONSTAT_ABSENT),
        ("besoins", un_besoin, BESOIN_ABSENT),
        ("axes", un_axe, AXE_ABSENT),
    ],
)
def test_ce_qui_est_a_un_autre_ou_a_la_corbeille_ne_se_relie_pas(monde, college, nom, fabrique, phrase):
    parti = fabrique(college, "Parti")
    mettre_a_la_corbeille(objet=parti, auteur=monde.chef, maintenant=NOVEMBRE)
    ici = un_besoin(college)
    for objet in (parti, fabrique(monde.voisin_college, "D'ailleurs")):
        champs = {"besoins": frozenset({ici.pk})} | {nom: frozenset({objet.pk})}
        with pytest.raises(Empeche) as refus:
            relier_ici(monde, SaisieLiens(**champs))
        assert str(refus.value) == phrase
    assert not (Fondement.objects.exists() or Justification.objects.exists())


def test_delier(monde, college):
    constat, besoin = un_constat(college), un_besoin(college)
    axe = un_axe(college, besoins=[besoin])
    besoin.retours.add(constat)
    for _ in range(2):
        delier(besoin=besoin, constat=constat.pk, auteur=monde.chef)
    besoin.refresh_from_db()
    assert (besoin.retours.count(), besoin.axes.count(), besoin.version) == (0, 1, 2)
    delier(besoin=besoin, axe=axe.pk, auteur=monde.chef)
    assert besoin.axes.count() == 0


# --- The page --------------------------------------------------------------------------------------------------------
def cellules(reponse) -> list[tuple[str, ...]]:
    """Each row of the table: its theme, then what its cells list."""
    return [
        (ligne.find("th").text, *(" | ".join(li.text_content() for li in td.iter("li")) for td in ligne.iter("td")))
        for ligne in page(reponse).xpath("//table/tbody/tr")
    ]


def test_la_page_montre_la_table_du_document_source(chef, client, monde, college):
    annee = cette_annee(college)
    assert f"La matrice {annee} est encore vide" in mots(chef.get(adresse("matrice")))
    relier_ici(monde, saisie(SECONDE), annee=annee, maintenant=timezone.now())
    un_besoin(college, "Besoin seul")
    un_besoin(college, "De l'an dernier", annee_scolaire=annee_precedente(annee))
    lue = chef.get(adresse("matrice"))
    assert [th.text for th in page(lue).xpath("//thead//th")] == [
        "Thématique",
        "Irritants principaux",
        "Besoins",
        "Axes d'amélioration",
    ]
    assert cellules(lue) == [
        (GOUVERNANCE, *(" | ".join(cellule) for cellule in (SECONDE.irritants, SECONDE.besoins, SECONDE.axes))),
        ("Thème à choisir", "", "Besoin seul", ""),
    ]
    assert "Aucun fait relié Besoin seul Aucun axe n'y répond encore" in mots(lue)
    besoin = Besoin.objects.get(intitule=SECONDE.besoins[0])
    [lien, _] = page(lue).xpath("//a[@class='relier d-print-none']/@href")
    assert lien == f"{adresse('matrice_relier')}?annee={annee}&besoin={besoin.pk}"
    avant = f"{adresse('matrice')}?annee={annee_precedente(annee)}"
    assert avant in page(lue).xpath("//nav[@aria-label='Années scolaires']//a/@href")
    assert cellules(chef.get(avant)) == [("Thème à choisir", "", "De l'an dernier", "")]
    client.force_login(monde.lectrice)
    vue = chef.get(adresse("matrice"))
    assert (len(cellules(vue)), "Relier" in mots(vue), "Ajouter une ligne" in mots(vue)) == (2, False, False)


def test_un_texte_hostile_reste_du_texte(chef, college):
    mechant = "<script>alert(1)</script>\u202e\"'><img src=x onerror=alert(2)>"
    axe = un_axe(college, mechant, besoins=[un_besoin(college, mechant, constats=[un_constat(college, mechant)])])
    besoin = axe.besoins.get()
    for ou in (
        adresse("matrice"),
        f"{adresse('matrice_relier')}?besoin={besoin.pk}",
        adresse("axe", axe.pk),
        adresse("axe_modifier", axe.pk),
        adresse("besoin_modifier", besoin.pk),
        adresse("besoins"),
    ):
        arbre = page(chef.get(ou))
        assert arbre.xpath("//script[contains(., 'alert')] | //img[@onerror]") == []
        assert mechant in arbre.text_content()


def envoi(reponse, **champs) -> dict[str, object]:
    """What the form of the page sends, with these fields typed."""
    [formulaire] = [f for f in page(reponse).forms if "nouveaux_besoins" in f.fields]
    valeurs: dict[str, list] = {}
    for nom, valeur in formulaire.form_values():
        valeurs.setdefault(nom, []).append(valeur.strip())
    return valeurs | champs


def test_ajouter_une_ligne_par_la_page(chef, college):
    annee = cette_annee(college)
    formulaire = chef.get(adresse("matrice_relier"), {"annee": annee})
    assert "raison_de_plus" not in formulaire.content.decode()
    valeurs = envoi(
        formulaire,
        nouveaux_irritants="Peu d'usage parfois\r\n\r\n Peu  d'usage parfois ",
        source="eleves",
        nouveaux_besoins="Écouter les utilisateurs",
        nouveaux_axes="Les associer\nTravailler avec la filière edtech",
        theme="gouvernance",
    )
    reponse = chef.post(adresse("matrice_relier") + f"?annee={annee}", valeurs)
    assert reponse["Location"] == f"{adresse('matrice')}?annee={annee}"
    assert lignes_de_la_matrice(college, annee) == [
        LigneMatrice(
            GOUVERNANCE,
            ("Peu d'usage parfois",),
            ("Écouter les utilisateurs",),
            ("Les associer", "Travailler avec la filière edtech"),
        )
    ]
    constat = Constat.objects.get()
    assert (constat.sens, constat.source, constat.partage, constat.theme) == (
        "irritant",
        "eleves",
        "non",
        "gouvernance",
    )


@pytest.mark.parametrize(
    ("champs", "phrases"),
    [
        ({}, [SANS_BESOIN]),
        ({"nouveaux_irritants": "Un irritant"}, [SANS_BESOIN, "Choisissez un des cinq thèmes.", "Dites qui a remonté"]),
        ({"nouveaux_besoins": "Un besoin"}, ["Choisissez un des cinq thèmes."]),
        ({"nouveaux_besoins": "x" * 401}, ["La ligne 1 dépasse 400 caractères\u00a0: raccourcissez-la."]),
        ({"nouveaux_besoins": "ici\n" + "x" * 401}, ["La ligne 2 dépasse 400 caractères"]),
        ({"nouveaux_axes": "x" * 251}, ["La ligne 1 dépasse 250 caractères"]),
        ({"nouveaux_irritants": "x" * 601}, ["La ligne 1 dépasse 600 caractères"]),
        (
            {"nouveaux_besoins": "\n".join(map(str, range(21)))},
            ["21 lignes à la fois, c'est trop\u00a0: 20 au plus."],
        ),
        ({"besoins": ["999999"]}, ["Un des besoins choisis n'est plus dans la liste"]),
        (
            {"nouveaux_besoins": "B", "theme": "acces", "nouveaux_axes": "1\n2\n3\n4"},
            ["Au-delà de trois axes nouveaux"],
        ),
        ({"nouveaux_besoins": "B", "theme": "acces", "cle": "x"}, ["Cette page est incomplète"]),
    ],
)
def test_ce_que_la_page_refuse_se_dit_et_rien_ne_se_perd(chef, college, champs, phrases):
    envoye = envoi(chef.get(adresse("matrice_relier")), **champs)
    reponse = chef.post(adresse("matrice_relier"), envoye)
    assert reponse.status_code == 422
    for phrase in phrases:
        assert " ".join(phrase.split()) in mots(reponse)
    rendus = envoi(reponse)
    for nom in champs.keys() - {"besoins", "cle"}:
        assert rendus[nom][0].splitlines() == champs[nom].splitlines()
    assert not (Besoin.objects.exists() or Axe.objects.exists() or Constat.objects.exists())


def test_la_raison_donnee_les_axes_s_ouvrent(chef):
    valeurs = {"nouveaux_besoins": "B", "theme": "acces", "nouveaux_axes": "1\n2\n3\n4"}
    refus = chef.post(adresse("matrice_relier"), envoi(chef.get(adresse("matrice_relier")), **valeurs))
    encore = envoi(refus, raison_de_plus="Quatre ateliers.")
    assert chef.post(adresse("matrice_relier"), encore).status_code == 302
    assert list(Axe.objects.values_list("intitule", "raison_de_plus")) == [
        ("1", ""),
        ("2", ""),
        ("3", ""),
        ("4", "Quatre ateliers."),
    ]


def test_delier_par_la_page_dit_ce_qui_n_est_plus_justifie(chef, college):
    constat, besoin = un_constat(college), un_besoin(college, constats=())
    besoin.retours.add(constat)
    axe = un_axe(college, besoins=[besoin])
    une_action_publiee(college, "Poser des bornes", axes=[axe])
    ligne = f"?besoin={besoin.pk}"
    vue = page(chef.get(adresse("matrice_relier") + ligne))
    delier_constat, delier_axe = [dict(f.form_values()) for f in vue.forms if "delier" in (f.action or "")]
    reponse = chef.post(adresse("matrice_delier") + ligne, delier_constat, follow=True)
    assert reponse.redirect_chain == [(adresse("matrice_relier") + ligne, 302)]
    assert "Le lien est défait. Plus aucun besoin adossé à un fait ne justifie : « Poser des bornes »." in mots(reponse)
    reponse = chef.post(adresse("matrice_delier") + ligne, delier_axe, follow=True)
    assert "Le lien est défait." in mots(reponse)
    assert "Plus aucun besoin" not in mots(reponse)
    assert not (Fondement.objects.exists() or Justification.objects.exists())


def test_le_besoin_d_un_autre_ne_se_delie_pas(chef, monde):
    besoin = un_besoin(monde.voisin_college, constats=[un_constat(monde.voisin_college)])
    envoye = {"besoin": besoin.pk, "constat": besoin.retours.get().pk}
    assert chef.post(adresse("matrice_delier"), envoye).status_code == 404
    assert besoin.retours.count() == 1
    vue = mots(chef.get(adresse("matrice_relier"), {"besoin": [besoin.pk, "x", "9" * 30]}))
    assert "Liens de cette ligne" not in vue


def test_trois_lignes_coutent_autant_de_requetes_qu_une(chef, college):
    def peupler(rang: int) -> Besoin:
        besoin = un_besoin(college, f"Besoin {rang}", constats=[un_constat(college, f"Constat {rang}")])
        un_axe(college, f"Axe {rang}", besoins=[besoin])
        un_constat(college, f"Seul {rang}")
        return besoin

    lignes = [peupler(1).pk]
    avant = [
        len(chef.get(adresse("matrice")).requetes),
        len(chef.get(adresse("matrice_relier"), {"besoin": lignes}).requetes),
    ]
    lignes += [peupler(rang).pk for rang in (2, 3)]
    apres = [
        len(chef.get(adresse("matrice")).requetes),
        len(chef.get(adresse("matrice_relier"), {"besoin": lignes}).requetes),
    ]
    assert apres == avant == [10, 11]
