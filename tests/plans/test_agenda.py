"""Calendar links: secret, one a person and a school, and never more than what their owner may still read."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from plans.domain.agenda import creer_lien_agenda, revoquer_lien_agenda
from plans.models import Action, LienAgenda
from strategie.socle.droits import Role
from strategie.socle.queries.equipe import empreinte_jeton
from tests.personnages import affecter, un_compte
from tests.plans.plans import un_axe, une_action, une_action_publiee

MIDI = datetime.datetime(2026, 11, 26, 12, tzinfo=datetime.UTC)


def un_lien(monde, qui=None, *, les_miennes=True, maintenant=None) -> str:
    return creer_lien_agenda(
        etablissement=monde.college,
        les_miennes=les_miennes,
        auteur=qui or monde.referent,
        maintenant=maintenant or timezone.now(),
    )[1]


def adresse(jeton: str) -> str:
    return reverse("agenda_ics", args=[jeton])


def evenements(reponse) -> list:
    assert (reponse.status_code, reponse["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return Calendar.from_ical(reponse.content).walk("VEVENT")


def titres(reponse) -> list[str]:
    return sorted(str(evenement["summary"]).removeprefix("Échéance\u00a0: ") for evenement in evenements(reponse))


# --- The link ---------------------------------------------------------------------------------------------
def test_un_lien_garde_son_empreinte_seule(monde):
    lien, jeton = creer_lien_agenda(
        etablissement=monde.college, les_miennes=True, auteur=monde.referent, maintenant=MIDI
    )
    assert (lien.empreinte, lien.cree_le, lien.revoque_le, lien.les_miennes) == (
        empreinte_jeton(jeton),
        MIDI,
        None,
        True,
    )
    assert len(jeton) >= 43  # 32 bytes


def test_un_autre_lien_revoque_le_premier(monde):
    premier, second = un_lien(monde, maintenant=MIDI), un_lien(monde, maintenant=MIDI)
    tenus = dict(LienAgenda.objects.values_list("empreinte", "revoque_le"))
    assert tenus == {empreinte_jeton(premier): MIDI, empreinte_jeton(second): None}


def test_revoquer_ne_touche_que_le_sien(monde):
    un_lien(monde, monde.referent)
    un_lien(monde, monde.chef)
    plus_tard = MIDI + datetime.timedelta(days=1)
    for _ in range(2):
        revoquer_lien_agenda(etablissement=monde.college, auteur=monde.referent, maintenant=MIDI)
    revoquer_lien_agenda(etablissement=monde.college, auteur=monde.referent, maintenant=plus_tard)
    assert dict(LienAgenda.objects.values_list("utilisateur", "revoque_le")) == {
        monde.referent.pk: MIDI,
        monde.chef.pk: None,
    }


# --- The page that makes it ---------------------------------------------------------------------------------
def test_le_lien_se_montre_une_fois(client, monde):
    client.force_login(monde.referent)
    page = reverse("agenda_lien", args=[monde.college.uai])
    faite = client.post(page, {"portee": "miennes"})
    montre = faite.context["adresse"]
    assert montre.startswith("http://testserver/agenda/") and montre in faite.content.decode()
    assert montre not in client.get(page).content.decode()
    assert client.get(montre).status_code == 200
    revoque = client.post(page, {"revoquer": "oui"})
    assert (revoque.status_code, revoque["Location"]) == (302, page)
    assert client.get(montre).status_code == 404


def test_qui_ne_porte_pas_d_action_suit_le_plan_publie(client, monde):
    client.force_login(monde.animatrice)
    client.post(reverse("agenda_lien", args=[monde.college.uai]), {"portee": "miennes"})
    assert LienAgenda.objects.get().les_miennes is False


# --- What a calendar reads ------------------------------------------------------------------------------------
def test_un_evenement_dit_l_echeance(client, monde):
    axe = un_axe(monde.college, "Fiabiliser; le réseau, enfin")
    action = une_action(monde.college, "Poser deux bornes", axes=[axe], porteur=monde.referent.pk)
    Action.objects.filter(pk=action.pk).update(
        annee_scolaire="2099-2100", annee_fin="2099-2100", trimestre_fin=2, etat="en_cours", version=7, modifiee_le=MIDI
    )
    [evenement] = evenements(client.get(adresse(un_lien(monde))))
    assert {nom: evenement.decoded(nom) for nom in ("dtstart", "dtend", "last-modified", "dtstamp", "sequence")} == {
        "dtstart": datetime.date(2100, 3, 31),
        "dtend": datetime.date(2100, 4, 1),
        "last-modified": MIDI,
        "dtstamp": MIDI,
        "sequence": 7,
    }
    assert {nom: str(evenement[nom]) for nom in ("uid", "summary", "status", "url", "description")} == {
        "uid": f"action-{action.pk}@0980001u.paliers",
        "summary": "Échéance\u00a0: Poser deux bornes",
        "status": "CONFIRMED",
        "url": f"http://testserver{reverse('action', args=['0980001U', action.pk])}",
        "description": "État\u00a0: en cours\nQui\u00a0: Rémi Référent\nQuoi\u00a0: Fiabiliser; le réseau, enfin\n"
        "Quand\u00a0: jusqu'au 2e\u00a0trimestre 2099-2100",
    }


def test_l_echeance_precise_l_emporte_et_l_identite_reste(client, monde):
    action = une_action(monde.college, porteur=monde.referent.pk)
    jeton = un_lien(monde)
    [avant] = evenements(client.get(adresse(jeton)))
    Action.objects.filter(pk=action.pk).update(echeance=datetime.date(2026, 12, 18), version=2)
    [apres] = evenements(client.get(adresse(jeton)))
    assert (apres["uid"], apres.decoded("dtstart"), apres["sequence"]) == (
        avant["uid"],
        datetime.date(2026, 12, 18),
        2,
    )


def test_les_miennes_ou_tout_le_plan(client, monde):
    axe = un_axe(monde.college)
    une_action(monde.college, "Je la porte", axes=[axe], porteur=monde.referent.pk)
    une_action(monde.college, "J'y contribue", axes=[axe], contributeurs=frozenset({monde.referent.pk}))
    une_action(monde.college, "À une autre", axes=[axe], porteur=monde.gestionnaire.pk)
    binee = une_action(monde.college, "À la corbeille", porteur=monde.referent.pk)
    Action.objects.filter(pk=binee.pk).update(supprime_le=MIDI, supprime_par=monde.chef)
    ancienne = une_action(monde.college, "Finie il y a longtemps", porteur=monde.referent.pk)
    Action.objects.filter(pk=ancienne.pk).update(annee_scolaire="2001-2002", annee_fin="2001-2002", etat="realisee")
    assert titres(client.get(adresse(un_lien(monde)))) == ["J'y contribue", "Je la porte"]
    assert titres(client.get(adresse(un_lien(monde, les_miennes=False)))) == [
        "J'y contribue",
        "Je la porte",
        "À une autre",
    ]


def test_une_animatrice_n_y_lit_que_le_publie(client, monde):
    une_action(monde.college, "Un brouillon")
    une_action_publiee(monde.college, "Une action publiée")
    assert titres(client.get(adresse(un_lien(monde, monde.animatrice, les_miennes=False)))) == ["Une action publiée"]


def test_une_action_abandonnee_est_annulee_et_un_brouillon_incertain(client, monde):
    abandonnee = une_action(monde.college, "Abandonnée", porteur=monde.referent.pk)
    Action.objects.filter(pk=abandonnee.pk).update(etat="abandonnee", raison="Sans objet")
    une_action(monde.college, "Brouillon", porteur=monde.referent.pk)
    lus = {
        str(e["summary"]).split("\u00a0: ")[1]: str(e["status"])
        for e in evenements(client.get(adresse(un_lien(monde))))
    }
    assert lus == {"Abandonnée": "CANCELLED", "Brouillon": "TENTATIVE"}


def test_le_meme_plan_donne_les_memes_octets_et_rien_ne_reste_en_route(client, monde):
    une_action(monde.college, "Longue " * 30, porteur=monde.referent.pk)
    jeton = un_lien(monde)
    premiere, seconde = client.get(adresse(jeton)), client.get(adresse(jeton))
    assert premiere.content == seconde.content
    assert max(len(ligne) for ligne in premiere.content.split(b"\r\n")) <= 75
    assert premiere["Cache-Control"] == "private, no-store"
    assert premiere["X-Robots-Tag"] == "noindex, nofollow"
    assert not premiere.cookies


def fin_de_l_affectation(monde) -> None:
    hier = timezone.localdate(timezone=monde.academie.zone) - datetime.timedelta(days=1)
    monde.referent.affectations.update(fin=hier)


def compte_ferme(monde) -> None:
    monde.referent.is_active = False
    monde.referent.save()


def revocation(monde) -> None:
    revoquer_lien_agenda(etablissement=monde.college, auteur=monde.referent, maintenant=timezone.now())


def role_qui_ne_lit_pas(monde) -> None:
    monde.referent.affectations.all().delete()
    affecter(monde.referent, Role.COLLECTIVITE, collectivite=monde.collectivite)


@pytest.mark.parametrize("perdre", [fin_de_l_affectation, compte_ferme, revocation, role_qui_ne_lit_pas])
def test_ce_que_l_on_ne_lit_plus_n_existe_pas(client, monde, perdre):
    """The body is the one of a link that never was."""
    une_action(monde.college, porteur=monde.referent.pk)
    jeton = un_lien(monde)
    assert len(evenements(client.get(adresse(jeton)))) == 1
    perdre(monde)
    refuse, inconnu = client.get(adresse(jeton)), client.get(adresse("x" * 43))
    assert (refuse.status_code, inconnu.status_code) == (404, 404)
    assert refuse.content == inconnu.content
    assert refuse.headers == inconnu.headers


def test_le_lien_d_une_ecole_ne_dit_rien_d_une_autre(client, monde):
    affecter(monde.referent, Role.REFERENT, etablissement=monde.voisin_college)
    une_action(monde.voisin_college, "Chez le voisin", porteur=monde.referent.pk)
    une_action(monde.college, "Chez nous", porteur=monde.referent.pk)
    assert titres(client.get(adresse(un_lien(monde)))) == ["Chez nous"]


def test_un_agenda_coute_autant_pour_trois_actions(client, monde):
    axe = un_axe(monde.college)
    jeton = un_lien(monde, les_miennes=False)
    une_action(monde.college, "Une", axes=[axe], porteur=monde.referent.pk)
    assert len(client.get(adresse(jeton)).requetes) == 7
    for numero in (2, 3):
        personne = affecter(un_compte("Paule", f"Porteuse{numero}"), Role.MEMBRE, etablissement=monde.college)
        une_action(monde.college, f"Action {numero}", axes=[axe], porteur=personne.pk)
    reponse = client.get(adresse(jeton))
    assert (len(evenements(reponse)), len(reponse.requetes)) == (3, 7)
