"""Opening a survey of the teams and following it: what each role may do, see, and never see."""

import datetime
import uuid

import pytest
from django.core.management import CommandError, call_command
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from lxml import html

from diagnostic.domain.anonymat import Participation
from diagnostic.domain.bulletins import Groupe
from diagnostic.domain.codes import en_paquets
from diagnostic.domain.enquetes import QuestionPropre, annuler_enquete, changer_les_dates
from diagnostic.interfaces.enquetes import (
    Moment,
    enonce_pour_la_direction,
    moment_de,
    phrase_de_participation,
    quand_les_resultats,
)
from diagnostic.interfaces.taches import depouiller_a_l_heure
from diagnostic.models import BulletinScelle, Enquete, ResultatEnquete
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.domain.empechement import Empeche
from strategie.socle.models import Etablissement
from strategie.socle.rules import date_en_phrase
from tests.client import ClientStrict
from tests.diagnostic.courses import ensemble
from tests.enquetes import remplir, une_enquete, une_enquete_depouillee
from tests.personnages import Monde

JOUR = datetime.timedelta(days=1)
DEJA = "Une enquête est déjà prévue ou en cours dans cet établissement."
PEU = (
    "Invitez au moins 5 personnes des équipes\u00a0: à moins, aucun résultat ne pourrait être montré sans que l'on "
    "devine qui a répondu quoi."
)
PASSE = "Une enquête s'ouvre aujourd'hui ou un jour à venir."
AVANCE = "Une enquête se prépare un an à l'avance au plus\u00a0: vérifiez l'année."
DUREE = "Une enquête dure 60 jours au plus."
ORDRE = "Le dernier jour ne peut pas précéder le premier."
LONGUE = "L'enquête complète a déjà eu lieu cette année scolaire\u00a0: il reste le pouls, plus court."
INCOMPLETE = "Cette page est incomplète\u00a0: rechargez-la."


@pytest.fixture
def jour(monde: Monde, maintenant: datetime.datetime) -> datetime.date:
    return timezone.localdate(maintenant, monde.academie.zone)


@pytest.fixture
def enquete(monde: Monde, maintenant: datetime.datetime) -> Enquete:
    return une_enquete(monde.college, monde.chef, maintenant)


@pytest.fixture
def echue(monde: Monde, maintenant: datetime.datetime) -> Enquete:
    """Closed for days, and not counted: the worker was stopped."""
    return une_enquete(monde.college, monde.chef, maintenant - 30 * JOUR)


def adresse(nom: str, enquete: Enquete) -> str:
    return reverse(nom, args=[enquete.etablissement.uai, enquete.pk])


def ouvrir(monde: Monde) -> str:
    return reverse("enquete_ouvrir", args=[monde.college.uai])


def liste(monde: Monde) -> str:
    return reverse("enquetes", args=[monde.college.uai])


def envoi(jour: datetime.date, **champs: object) -> dict[str, object]:
    valeurs = {
        "cle": uuid.uuid4(),
        "forme": "longue",
        "acces": "lien",
        "date_ouverture": jour,
        "date_cloture": jour + 14 * JOUR,
        "enseignants": 30,
        "vie_scolaire": "",
        "aesh_agents": 10,
        "parents": "",
        "eleves": "",
    }
    return {nom: valeur for nom, valeur in (valeurs | champs).items() if valeur is not None}


def contenu(reponse) -> html.HtmlElement:
    return html.fromstring(reponse.content).find(".//main")


def texte(reponse) -> str:
    return " ".join(contenu(reponse).text_content().split())


def boutons(reponse) -> list[str]:
    return [" ".join(bouton.text_content().split()) for bouton in contenu(reponse).find_class("btn-primary")]


def erreurs(reponse) -> dict[str, str]:
    """What is said beside each field: its name → sentence."""
    dites = {}
    for boite in contenu(reponse).find_class("invalid-feedback"):
        champ = boite.get("id").removesuffix("_error").removeprefix("id_")
        dites[champ] = " ".join(boite.text_content().split())
    return dites


def sans_insecables(phrase: str) -> str:
    return " ".join(phrase.split())


# --- The list -----------------------------------------------------------------------------------------------
def test_sans_enquete_la_page_dit_a_quoi_elle_sert(client, monde):
    client.force_login(monde.chef)
    reponse = client.get(liste(monde))
    assert "Un établissement se voit souvent plus avancé que ses équipes" in texte(reponse)
    assert boutons(reponse) == ["Ouvrir une enquête"]
    client.force_login(monde.lectrice)
    reponse = client.get(liste(monde))
    assert boutons(reponse) == []
    assert "Le chef d'établissement ou le référent numérique l'ouvre." in texte(reponse)


def test_l_etablissement_qui_n_ouvre_pas_d_enquete(client, monde):
    Etablissement.objects.filter(pk=monde.college.pk).update(type="autre")
    client.force_login(monde.chef)
    for page in (liste(monde), ouvrir(monde)):
        reponse = client.get(page)
        assert "L'enquête s'adresse aux écoles, aux collèges, aux lycées et aux EREA." in texte(reponse)
        assert boutons(reponse) == []


def test_une_ou_trois_enquetes_coutent_autant(client, monde, maintenant):
    client.force_login(monde.chef)
    enquete = une_enquete(monde.college, monde.chef, maintenant, forme="pouls")
    une = client.get(liste(monde))
    assert DEJA in texte(une)
    assert boutons(une) == []
    assert ou_elles_en_sont(une) == ["en cours Moins de 5 personnes ont répondu."]
    annuler_enquete(enquete=enquete, auteur=monde.chef, maintenant=maintenant)
    for il_y_a in (400, 200):
        une_enquete_depouillee(monde.college, monde.chef, maintenant, il_y_a=il_y_a, forme="pouls")
    une_enquete(monde.college, monde.chef, maintenant, forme="pouls")
    trois = client.get(liste(monde))
    assert [dit[:35] for dit in ou_elles_en_sont(trois)] == [
        "en cours Moins de 5 personnes ont r",
        *["résultats parus Voir les résultats "] * 2,
    ]
    assert texte(trois).count("Voir les résultats : Pouls (8 questions), ") == 2
    assert len(trois.requetes) == len(une.requetes) == 6


def ou_elles_en_sont(reponse) -> list[str]:
    return [" ".join(case.text_content().split()) for case in contenu(reponse).xpath(".//tbody/tr/td[last()]")]


# --- Opening ------------------------------------------------------------------------------------------------
def test_la_page_propose_deux_semaines_a_partir_d_aujourd_hui(client, monde, jour):
    client.force_login(monde.referent)
    formulaire = contenu(client.get(ouvrir(monde))).forms[0]
    assert {nom: formulaire.fields[nom] for nom in ("forme", "acces", "date_ouverture", "date_cloture")} == {
        "forme": "longue",
        "acces": "lien",
        "date_ouverture": f"{jour}",
        "date_cloture": f"{jour + 14 * JOUR}",
    }
    assert uuid.UUID(formulaire.fields["cle"])
    assert len(formulaire.xpath(".//details[1]//ol/li")) == 20
    assert len(formulaire.xpath(".//details[1]//ol/li/span")) == 8
    assert len(formulaire.xpath(".//details[3]//fieldset | .//section[4]//fieldset")) == 5


def test_ouvrir(client, monde, jour, django_capture_on_commit_callbacks):
    client.force_login(monde.referent)
    demande = envoi(
        jour,
        **{
            "q1-enonce": "  Le chariot  de tablettes est-il utile\u00a0? ",
            "q1-type": "oui_non",
            "q3-enonce": "Où travaillez-vous le mieux ?",
            "q3-type": "choix",
            "q3-options": "CDI\r\n\r\n Salle des personnels \r\nChez moi",
            "q5-enonce": "Je trouve de l'aide.",
            "q5-type": "echelle",
        },
    )
    with django_capture_on_commit_callbacks(execute=True):
        reponse = client.post(ouvrir(monde), demande)
    enquete = Enquete.objects.get()
    assert reponse["Location"] == adresse("enquete", enquete)
    assert (enquete.forme, enquete.acces, enquete.seuil) == ("longue", "lien", 5)
    assert (enquete.date_ouverture, enquete.date_cloture) == (jour, jour + 14 * JOUR)
    assert enquete.invites == {"enseignants": 30, "aesh_agents": 10}
    assert (enquete.ouverte_par, enquete.cle) == (monde.referent, demande["cle"])
    assert [(q["numero"], q["enonce"], q["options"][:3]) for q in enquete.questions["propres"]] == [
        (1, "Le chariot de tablettes est-il utile ?", ["Oui", "Non"]),
        (2, "Où travaillez-vous le mieux ?", ["CDI", "Salle des personnels", "Chez moi"]),
        (3, "Je trouve de l'aide.", ["Pas du tout d'accord", "Plutôt pas d'accord", "Ni d'accord ni pas d'accord"]),
    ]
    assert "L'enquête est ouverte. Il reste à prévenir les équipes." in texte(client.get(reponse["Location"]))
    tache = DBTaskResult.objects.get()
    assert (tache.args_kwargs, tache.run_after) == ({"args": [enquete.pk], "kwargs": {}}, enquete.resultats_a_partir_de)


def test_un_double_clic_ouvre_une_enquete(client, monde, jour):
    client.force_login(monde.chef)
    demande = envoi(jour)
    premiere, seconde = client.post(ouvrir(monde), demande), client.post(ouvrir(monde), demande)
    assert premiere["Location"] == seconde["Location"] == adresse("enquete", Enquete.objects.get())


def test_deux_tetes_ouvrent_en_meme_temps(client, monde, jour):
    """Each on their own page: the second is told, and keeps what was typed."""
    client.force_login(monde.chef)
    assert client.post(ouvrir(monde), envoi(jour)).status_code == 302
    client.force_login(monde.referent)
    reponse = client.post(ouvrir(monde), envoi(jour, enseignants=31))
    assert reponse.status_code == 422
    assert DEJA in texte(reponse)
    assert contenu(reponse).forms[0].fields["enseignants"] == "31"
    assert Enquete.objects.get().ouverte_par == monde.chef


@pytest.mark.django_db(transaction=True)
def test_huit_ouvertures_a_la_fois_font_une_enquete(monde, maintenant):
    resultats = ensemble(*[lambda: une_enquete(monde.college, monde.chef, maintenant)] * 8)
    assert sorted(map(str, resultats)) == sorted([str(Enquete.objects.get())] + [DEJA] * 7)


@pytest.mark.parametrize(
    ("champs", "attendu"),
    [
        ({"enseignants": "2", "aesh_agents": "2"}, {"enseignants": PEU}),
        ({"enseignants": "", "aesh_agents": "", "parents": "40"}, {"enseignants": PEU}),
        ({"eleves": "5001"}, {"eleves": "inférieure ou égale à 5000"}),
        ({"date_ouverture": -1}, {"date_ouverture": PASSE}),
        ({"date_ouverture": 400, "date_cloture": 410}, {"date_ouverture": AVANCE}),
        ({"date_ouverture": 10, "date_cloture": 9}, {"date_cloture": ORDRE}),
        ({"date_cloture": 61}, {"date_cloture": DUREE}),
        ({"acces": "coupons", "enseignants": "1001"}, {"acces": "Au-delà de 1\u202f000 personnes, choisissez le lien"}),
        ({"enseignants": "-3"}, {"enseignants": "supérieure ou égale à 0"}),
        ({"enseignants": "beaucoup"}, {"enseignants": "nombre entier"}),
        ({"date_cloture": "demain"}, {"date_cloture": "date valide"}),
        ({"forme": "autre"}, {"forme": "Sélectionnez un choix valide"}),
        ({"acces": None}, {"acces": "Choisissez le lien ou les coupons."}),
        ({"q1-enonce": "x" * 201}, {"q1-enonce": "200 caractères"}),
        ({"q1-options": "Oui\nNon"}, {"q1-enonce": "Écrivez la question qui va avec cette liste."}),
        (
            {"q2-enonce": "Où ?", "q2-type": "choix", "q2-options": "Ici"},
            {"q2-options": "Écrivez de deux à six réponses, une par ligne."},
        ),
        (
            {"q2-enonce": "Où ?", "q2-type": "choix", "q2-options": "\n".join("abcdefg")},
            {"q2-options": "Écrivez de deux à six réponses, une par ligne."},
        ),
        (
            {"q2-enonce": "Où ?", "q2-type": "choix", "q2-options": "Ici\nici"},
            {"q2-options": "La même réponse est écrite deux fois."},
        ),
        (
            {"q2-enonce": "Où ?", "q2-type": "choix", "q2-options": f"Ici\n{'x' * 81}"},
            {"q2-options": "Chaque réponse tient en 80 caractères."},
        ),
        (
            {"q5-enonce": "Bien ?", "q5-type": "oui_non", "q5-options": "Oui\nNon"},
            {"q5-options": "Cette liste ne sert que pour « Une réponse dans une liste » : effacez-la."},
        ),
        ({"q1-enonce": "Bien ?", "q1-type": "libre"}, {"q1-type": "Choisissez une sorte de réponses dans la liste."}),
    ],
)
def test_chaque_refus_est_a_sa_place(client, monde, jour, champs, attendu):
    client.force_login(monde.chef)
    demande = envoi(
        jour,
        **{nom: jour + valeur * JOUR if isinstance(valeur, int) else valeur for nom, valeur in champs.items()},
    )
    reponse = client.post(ouvrir(monde), demande)
    assert reponse.status_code == 422
    dites = erreurs(reponse)
    assert set(dites) == set(attendu)
    assert all(sans_insecables(phrase) in dites[nom] for nom, phrase in attendu.items())
    en_tete = " ".join(contenu(reponse).get_element_by_id("erreurs").text_content().split())
    assert all(phrase in en_tete for phrase in dites.values())
    assert Enquete.objects.count() == 0
    garde = contenu(reponse).forms[0].fields
    for nom, valeur in demande.items():
        if valeur != "autre" and valeur != "libre":
            assert (garde[nom] or "").replace("\r\n", "\n").strip() == str(valeur)


def test_une_page_incomplete(client, monde, jour):
    client.force_login(monde.chef)
    for cle in (None, "pas-une-clef"):
        reponse = client.post(ouvrir(monde), envoi(jour, cle=cle))
        assert reponse.status_code == 422
        assert sans_insecables(INCOMPLETE) in texte(reponse)


def test_des_eleves_sont_invites_a_part(client, monde, jour):
    client.force_login(monde.chef)
    assert client.post(ouvrir(monde), envoi(jour, eleves="400")).status_code == 302
    assert Enquete.objects.get().invites == {"enseignants": 30, "aesh_agents": 10, "eleves": 400}


def test_deux_mois_entre_deux_enquetes(client, monde, maintenant, jour):
    """The page starts at the first day that is possible, and proposes the « pouls » once the long one is done."""
    passee = une_enquete_depouillee(monde.college, monde.chef, maintenant, il_y_a=20)
    premier = passee.date_cloture + 61 * JOUR
    client.force_login(monde.chef)
    page = client.get(ouvrir(monde))
    champs = contenu(page).forms[0].fields
    assert champs["date_ouverture"] == f"{premier}"
    assert sans_insecables(f"Au plus tôt le {date_en_phrase(premier)}") in texte(page)
    tot = client.post(ouvrir(monde), envoi(jour, forme="pouls", date_ouverture=premier - JOUR, date_cloture=premier))
    assert erreurs(tot) == {
        "date_ouverture": sans_insecables(
            f"La dernière enquête s'est close le {date_en_phrase(passee.date_cloture)}. Laissez 60 jours entre deux : "
            "plus proches, on pourrait deviner ce qu'a répondu une personne arrivée entre-temps. La prochaine peut "
            f"s'ouvrir le {date_en_phrase(premier)}."
        )
    }
    bien = client.post(ouvrir(monde), envoi(jour, forme="pouls", date_ouverture=premier, date_cloture=premier + JOUR))
    assert bien.status_code == 302
    future = Enquete.objects.latest("pk")
    assert moment_de(future, maintenant) == Moment.PREVUE
    with pytest.raises(Empeche, match="Laissez 60 jours"):  # nor by changing its dates afterwards
        changer_les_dates(
            enquete=future,
            date_ouverture=jour,
            date_cloture=jour + JOUR,
            auteur=monde.chef,
            maintenant=maintenant,
        )


def test_une_seule_longue_par_annee(client, monde, maintenant, jour):
    passee = une_enquete_depouillee(monde.college, monde.chef, maintenant, il_y_a=100)
    Enquete.objects.update(annee_scolaire=annee_scolaire(jour + 5 * JOUR))
    client.force_login(monde.chef)
    assert contenu(client.get(ouvrir(monde))).forms[0].fields["date_ouverture"] == f"{jour}"
    reponse = client.post(ouvrir(monde), envoi(jour, date_cloture=jour + 5 * JOUR))
    assert erreurs(reponse) == {"forme": sans_insecables(LONGUE)}
    assert Enquete.objects.get() == passee
    assert client.post(ouvrir(monde), envoi(jour, forme="pouls", date_cloture=jour + 5 * JOUR)).status_code == 302


# --- Following ----------------------------------------------------------------------------------------------
def test_qui_conduit_l_enquete_a_de_quoi_inviter(client, monde, enquete):
    client.force_login(monde.referent)
    reponse = client.get(adresse("enquete", enquete))
    lien = f"http://testserver/enquete/#{en_paquets(enquete.code)}"
    assert contenu(reponse).get_element_by_id("lien").get("value") == lien
    message = contenu(reponse).get_element_by_id("message").text
    assert f"Pour répondre : {lien}\n" in message
    assert "- Durée : environ 6 minutes" in message
    assert "Anonyme : ni nom, ni adresse, ni heure ne sont enregistrés." in message
    assert boutons(reponse) == ["Télécharger l'affiche (PDF)"]
    assert len(reponse.requetes) <= 7


def test_qui_lit_seulement_ne_voit_aucun_code(client, monde, enquete):
    client.force_login(monde.lectrice)
    reponse = client.get(adresse("enquete", enquete))
    vu = reponse.content.decode()
    assert enquete.code not in vu
    assert en_paquets(enquete.code) not in vu
    assert "Moins de 5 personnes ont répondu." in texte(reponse)
    assert not contenu(reponse).xpath(".//form | .//textarea | .//a[contains(@href, 'annuler')]")


def test_la_participation_et_rien_de_plus(client, monde, enquete):
    """Five ballots and nine, or none and four, are one page to the letter."""
    client.force_login(monde.chef)
    vus = {}
    for recus, de_plus in ((0, 0), (4, 4), (5, 1), (9, 4)):
        remplir(enquete, {Groupe.VIE_SCOLAIRE: [4] * de_plus})
        vus[recus] = [texte(client.get(page)) for page in (adresse("enquete", enquete), liste(monde))]
    assert (vus[0], vus[5]) == (vus[4], vus[9])
    assert all("Moins de 5 personnes ont répondu." in vu for vu in vus[4])
    taux = "Au moins 5 personnes ont répondu, soit environ 10 % des 48 personnes invitées."
    assert all(taux in vu for vu in vus[9])


@pytest.mark.parametrize(
    ("participation", "invites", "phrase"),
    [
        (Participation(5, atteint=False, taux=None, depasse=False), 40, "Moins de 5 personnes ont répondu."),
        (
            Participation(5, atteint=True, taux=0, depasse=False),
            400,
            "Au moins 5 personnes ont répondu, soit moins de 5 % des 400 personnes invitées.",
        ),
        (
            Participation(5, atteint=True, taux=100, depasse=True),
            12,
            "Il y a plus de réponses que de personnes invitées (12) : certaines ont répondu deux fois, ou le lien a "
            "circulé au-delà. Les résultats seront à lire avec prudence.",
        ),
    ],
)
def test_la_participation_en_une_phrase(participation, invites, phrase):
    assert sans_insecables(phrase_de_participation(participation, invites)) == phrase


def test_de_la_preparation_aux_resultats(monde, enquete, maintenant):
    """Hours are those of the académie: the results of a survey appear at six where its school is."""
    six_heures = enquete.resultats_a_partir_de
    minuit = six_heures - datetime.timedelta(hours=6)
    instants = {
        Moment.PREVUE: maintenant - JOUR,
        Moment.EN_COURS: minuit - datetime.timedelta(seconds=1),
        Moment.CLOSE: six_heures - datetime.timedelta(seconds=1),
        Moment.A_DEPOUILLER: six_heures,
    }
    assert {attendu: moment_de(enquete, instant) for attendu, instant in instants.items()} == {m: m for m in instants}
    assert quand_les_resultats(enquete, instants[Moment.EN_COURS]) == "Les résultats paraîtront demain à 6\u00a0heures."
    assert quand_les_resultats(enquete, minuit) == "Les résultats paraîtront ce matin à 6\u00a0heures."
    lendemain = date_en_phrase(enquete.date_cloture + JOUR)
    assert quand_les_resultats(enquete, maintenant) == f"Les résultats paraîtront le {lendemain} à 6\u00a0heures."


def test_les_resultats_viennent_a_six_heures_la_ou_est_l_ecole(monde, enquete):
    """In La Réunion it is then four in the morning in Paris, or three."""
    enquete.etablissement.academie = monde.autre_academie
    parution = enquete.resultats_a_partir_de
    assert (parution.date(), parution.hour) == (enquete.date_cloture + JOUR, 6)
    assert parution.utcoffset() == datetime.timedelta(hours=4)


def test_pourquoi_personne_ne_sait_qui_a_repondu(client, monde, enquete):
    client.force_login(monde.chef)
    assert adresse("enquete_qui_a_repondu", enquete) in client.get(adresse("enquete", enquete)).content.decode()
    dit = texte(client.get(adresse("enquete_qui_a_repondu", enquete)))
    assert "Qui a répondu ? Personne ne peut le savoir" in dit
    assert "l'information n'est écrite nulle part" in dit
    assert "Relancer tout le monde" in dit
    client.force_login(monde.lectrice)
    assert "Reprendre le message" not in texte(client.get(adresse("enquete_qui_a_repondu", enquete)))


# --- Dates, giving up ---------------------------------------------------------------------------------------
def test_changer_le_dernier_jour(client, monde, enquete, jour, django_capture_on_commit_callbacks):
    client.force_login(monde.chef)
    assert "date_ouverture" not in contenu(client.get(adresse("enquete_modifier", enquete))).forms[0].fields
    with django_capture_on_commit_callbacks(execute=True):
        reponse = client.post(adresse("enquete_modifier", enquete), {"date_cloture": jour})
    assert reponse["Location"] == adresse("enquete", enquete)
    changee = Enquete.objects.get()
    assert (changee.date_ouverture, changee.date_cloture) == (jour, jour)
    assert DBTaskResult.objects.get().run_after == changee.resultats_a_partir_de < enquete.resultats_a_partir_de
    assert "Les résultats paraîtront demain à 6 heures." in texte(client.get(reponse["Location"]))


@pytest.mark.parametrize(
    ("champs", "attendu"),
    [
        ({"date_cloture": 61}, {"date_cloture": DUREE}),
        ({"date_cloture": -1}, {"date_cloture": "Le dernier jour est aujourd'hui ou un jour à venir."}),
        ({"date_cloture": None}, {"date_cloture": "Ce champ est obligatoire."}),
    ],
)
def test_un_dernier_jour_refuse(client, monde, enquete, jour, champs, attendu):
    client.force_login(monde.chef)
    demande = {nom: "" if jours is None else jour + jours * JOUR for nom, jours in champs.items()}
    reponse = client.post(adresse("enquete_modifier", enquete), demande)
    assert (reponse.status_code, erreurs(reponse)) == (422, attendu)
    assert Enquete.objects.get().date_cloture == enquete.date_cloture


def test_avant_l_ouverture_les_deux_dates_changent(client, monde, maintenant, jour):
    enquete = une_enquete(monde.college, monde.chef, maintenant + 10 * JOUR)
    client.force_login(monde.chef)
    page = adresse("enquete_modifier", enquete)
    passe = client.post(page, {"date_ouverture": jour - JOUR, "date_cloture": jour + JOUR})
    assert erreurs(passe) == {"date_ouverture": PASSE}
    desordre = client.post(page, {"date_ouverture": jour + 9 * JOUR, "date_cloture": jour + 8 * JOUR})
    assert erreurs(desordre) == {"date_cloture": ORDRE}
    assert client.post(page, {"date_ouverture": jour, "date_cloture": jour + JOUR}).status_code == 302
    assert moment_de(Enquete.objects.get(), maintenant) == Moment.EN_COURS


def test_une_fois_close_elle_ne_change_plus(client, monde, echue, jour):
    phrase = sans_insecables(f"L'enquête s'est close le {date_en_phrase(echue.date_cloture)} : elle ne change plus.")
    client.force_login(monde.chef)
    for nom in ("enquete_modifier", "enquete_annuler"):
        for reponse in (client.get(adresse(nom, echue)), client.post(adresse(nom, echue), {"date_cloture": jour})):
            assert phrase in texte(reponse)
            assert boutons(reponse) == []
        assert reponse.status_code == 422
    assert Enquete.objects.get().etat == Enquete.Etat.OUVERTE


def test_annuler_detruit_les_bulletins_sans_les_lire(client, monde, enquete):
    remplir(enquete, {Groupe.ENSEIGNANTS: [4] * 6})
    client.force_login(monde.chef)
    question = client.get(adresse("enquete_annuler", enquete))
    assert "détruits sans être lus" in texte(question)
    assert BulletinScelle.objects.count() == 6
    assert client.post(adresse("enquete_annuler", enquete))["Location"] == liste(monde)
    assert (BulletinScelle.objects.count(), ResultatEnquete.objects.count()) == (0, 0)
    assert bytes(Enquete.objects.get().sel) == b""
    assert "Aucune enquête pour l'instant" in texte(client.get(liste(monde)))
    assert "L'enquête est annulée : ses bulletins ont été détruits" in sans_insecables(
        texte(client.get(adresse("enquete", enquete)))
    )


# --- The head's answers -------------------------------------------------------------------------------------
def test_la_direction_repond_a_visage_decouvert(client, monde, enquete):
    client.force_login(monde.chef)
    page = adresse("enquete_direction", enquete)
    assert "ne sont pas anonymes" in texte(client.get(page))
    assert client.post(page, {"item-1": "5", "item-2": "", "item-20": "2"})["Location"] == adresse("enquete", enquete)
    assert dict(enquete.reponses_direction.values_list("numero", "valeur")) == {1: 5, 20: 2}
    champs = contenu(client.get(page)).forms[0].fields
    assert {nom: champs[nom] for nom in ("item-1", "item-2", "item-20")} == {
        "item-1": "5",
        "item-2": "",
        "item-20": "2",
    }
    assert "La direction a répondu à 2 questions sur 20" in sans_insecables(
        texte(client.get(adresse("enquete", enquete)))
    )
    client.post(page, {"item-3": "1"})
    assert dict(enquete.reponses_direction.values_list("numero", "valeur")) == {3: 1}


def test_l_enonce_de_la_direction():
    """Its own words; in a survey opened before it had some, those of the teachers."""
    assert (
        enonce_pour_la_direction({"enonces": {"direction": "Ils savent.", "enseignants": "Je sais."}}) == "Ils savent."
    )
    assert enonce_pour_la_direction({"enonces": {"enseignants": "Je sais."}}) == "Je sais."


def test_une_reponse_hors_de_l_echelle_est_refusee(client, monde, enquete):
    client.force_login(monde.chef)
    reponse = client.post(adresse("enquete_direction", enquete), {"item-1": "6", "item-2": "4"})
    assert reponse.status_code == 422
    assert "Choisissez une des réponses proposées." in texte(reponse)
    assert contenu(reponse).forms[0].fields["item-2"] == "4"
    assert enquete.reponses_direction.count() == 0


def test_la_direction_ne_repond_plus_apres_la_cloture(client, monde, echue):
    client.force_login(monde.chef)
    page = adresse("enquete_direction", echue)
    for reponse in (client.get(page), client.post(page, {"item-1": "4"})):
        assert "L'enquête est close : la direction répond avant" in texte(reponse)
        assert not contenu(reponse).xpath(".//fieldset[not(@disabled)]")
    assert (reponse.status_code, echue.reponses_direction.count()) == (422, 0)


# --- The counting -------------------------------------------------------------------------------------------
def test_le_bouton_quand_le_travail_de_nuit_ne_s_est_pas_fait(client, monde, echue):
    client.force_login(monde.lectrice)
    assert not contenu(client.get(adresse("enquete", echue))).forms
    client.force_login(monde.chef)
    assert boutons(client.get(adresse("enquete", echue))) == ["Dépouiller maintenant"]
    reponse = client.post(adresse("enquete_depouiller", echue))
    assert reponse["Location"] == adresse("enquete_resultats", echue)
    assert Enquete.objects.get().etat == Enquete.Etat.DEPOUILLEE
    assert boutons(client.get(adresse("enquete", echue))) == ["Voir les résultats"]


def test_on_ne_depouille_pas_avant_l_heure(client, monde, enquete):
    client.force_login(monde.chef)
    reponse = client.post(adresse("enquete_depouiller", enquete), follow=True)
    assert "L'urne s'ouvre le lendemain du dernier jour, à 6 heures." in texte(reponse)
    assert ResultatEnquete.objects.count() == 0


def test_une_clef_perdue_se_dit_et_ne_perd_rien(client, monde, echue, settings, capsys):
    settings.SECRET_KEY = "une autre clef secrète, assez longue pour être crédible, mais qui n'ouvre rien"
    client.force_login(monde.chef)
    reponse = client.post(adresse("enquete_depouiller", echue), follow=True)
    assert "la clef secrète du serveur a changé. Les bulletins sont intacts." in texte(reponse)
    with pytest.raises(CommandError, match="leurs bulletins sont intacts"):
        call_command("depouiller_enquetes")
    sortie = capsys.readouterr()
    assert sortie.out == "0 dépouillées, 1 en échec.\n"
    assert f"{monde.college.uai}, enquête {echue.pk} : Aucune clef de ce serveur" in sortie.err
    assert Enquete.objects.get().etat == Enquete.Etat.OUVERTE


def test_la_commande_depouille_ce_qui_est_echu(monde, maintenant, echue, settings, capsys):
    """One urn that does not open leaves the others alone; asked again, nothing more is done."""
    perdue = une_enquete(monde.lointain, monde.chef, maintenant - 30 * JOUR)
    Enquete.objects.filter(pk=perdue.pk).update(cle_publique=b"x" * 32)
    en_cours = une_enquete(monde.voisin_college, monde.voisin, maintenant)
    autre_fuseau = une_enquete(monde.ailleurs, monde.chef, maintenant - 30 * JOUR)
    for attendu in ("2 dépouillées, 1 en échec.\n", "0 dépouillées, 1 en échec.\n"):
        with pytest.raises(CommandError):
            call_command("depouiller_enquetes")
        assert capsys.readouterr().out == attendu
    etats = dict(Enquete.objects.values_list("pk", "etat"))
    assert etats == {
        echue.pk: "depouillee",
        perdue.pk: "ouverte",
        en_cours.pk: "ouverte",
        autre_fuseau.pk: "depouillee",
    }


def taches() -> QuerySet[DBTaskResult]:
    """Of the counting alone: a worker has tasks of its own."""
    return DBTaskResult.objects.filter(task_path=depouiller_a_l_heure.module_path)


@pytest.mark.django_db(transaction=True)
def test_la_tache_trop_tot_ne_compte_rien_et_revient(monde, enquete):
    remplir(enquete, {Groupe.ENSEIGNANTS: [4] * 6})
    depouiller_a_l_heure.call(enquete.pk)
    assert (BulletinScelle.objects.count(), ResultatEnquete.objects.count()) == (6, 0)
    tache = taches().get()
    assert (tache.args_kwargs["args"], tache.run_after) == ([enquete.pk], enquete.resultats_a_partir_de)
    call_command("db_worker", batch=True, interval=0, verbosity=0)
    assert taches().get().status == "READY", "its hour has not come"


@pytest.mark.django_db(transaction=True)
def test_la_tache_a_son_heure(monde, echue):
    remplir(echue, {Groupe.ENSEIGNANTS: [1, 2, 3, 4, 5, 4]})  # the door looks at the date, not the urn
    depouiller_a_l_heure.using(run_after=echue.resultats_a_partir_de).enqueue(echue.pk)
    call_command("db_worker", batch=True, interval=0, verbosity=0)
    assert taches().get().status == "SUCCESSFUL"
    assert (BulletinScelle.objects.count(), Enquete.objects.get().etat) == (0, "depouillee")
    gele = ResultatEnquete.objects.get()
    depouiller_a_l_heure.call(echue.pk)
    depouiller_a_l_heure.call(0)
    assert (taches().count(), ResultatEnquete.objects.get().sha256) == (1, gele.sha256)


# --- Who may do what ----------------------------------------------------------------------------------------
LECTURES = ("enquete", "enquete_qui_a_repondu")
CONDUITES = ("enquete_modifier", "enquete_annuler", "enquete_affiche", "enquete_coupons")


@pytest.mark.parametrize(
    ("qui", "lit", "conduit", "repond"),
    [
        ("referent", 200, 200, 403),
        ("lectrice", 200, 403, 403),
        ("gestionnaire", 403, 403, 403),
        ("animatrice", 403, 403, 403),
        ("rectorat", 403, 403, 403),
        ("collectivite_agent", 403, 403, 403),
        ("voisin", 404, 404, 404),
    ],
)
def test_qui_peut_quoi(client: ClientStrict, monde: Monde, maintenant, qui: str, lit: int, conduit: int, repond: int):
    enquete = une_enquete(monde.college, monde.chef, maintenant, acces="coupons")
    client.force_login(getattr(monde, qui))
    assert [client.get(adresse(nom, enquete)).status_code for nom in LECTURES] == [lit] * 2
    # An enquête by slips has no poster: the page of the survey says so.
    attendus = [302 if nom == "enquete_affiche" and conduit == 200 else conduit for nom in CONDUITES]
    assert [client.get(adresse(nom, enquete)).status_code for nom in CONDUITES] == attendus
    assert client.get(ouvrir(monde)).status_code == conduit
    assert client.get(liste(monde)).status_code == lit
    assert client.get(adresse("enquete_direction", enquete)).status_code == repond
    assert client.post(adresse("enquete_depouiller", enquete)).status_code == (302 if conduit == 200 else conduit)
    assert client.get(adresse("enquete_depouiller", enquete)).status_code == 405


def test_l_enquete_d_un_autre_etablissement_n_existe_pas_ici(client, monde, maintenant):
    autre = une_enquete(monde.voisin_college, monde.voisin, maintenant)
    client.force_login(monde.chef)
    for nom in (*LECTURES, *CONDUITES, "enquete_direction"):
        assert client.get(reverse(nom, args=[monde.college.uai, autre.pk])).status_code == 404
    assert client.post(reverse("enquete_annuler", args=[monde.college.uai, autre.pk])).status_code == 404


# --- The school's dashboard ---------------------------------------------------------------------------------
def test_le_tableau_de_bord_dit_ou_en_est_l_enquete(client, dossier, maintenant):
    monde = dossier.monde
    page = reverse("etablissement", args=[monde.college.uai])
    client.force_login(monde.lectrice)
    sans = client.get(page)
    assert "auprès des équipes : aucune n'a encore eu lieu." in texte(sans)
    enquete = une_enquete(monde.college, monde.chef, maintenant, propres=[QuestionPropre("Bien ?", "oui_non")])
    avec = client.get(page)
    assert "en cours Suivre l'enquête" in texte(avec)
    assert len(avec.requetes) == len(sans.requetes) <= 12
    accueil = client.get(reverse("diagnostic", args=[monde.college.uai]))
    assert liste(monde) in accueil.content.decode()
    annuler_enquete(enquete=enquete, auteur=monde.chef, maintenant=maintenant)
    assert "aucune n'a encore eu lieu" in texte(client.get(page))
    client.force_login(monde.animatrice)
    vue = (
        client.get(page).content.decode() + client.get(reverse("diagnostic", args=[monde.college.uai])).content.decode()
    )
    assert liste(monde) not in vue
