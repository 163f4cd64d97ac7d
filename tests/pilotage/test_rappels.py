"""Reminders that leave by themselves: the right people, the right day, once; and what becomes of each message."""

import datetime
import io
import smtplib
from dataclasses import replace

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import override_settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from diagnostic.domain.campagnes import Reglages, modifier_campagne, prolonger_campagne, retirer_prolongation
from strategie.pilotage.domain.rappels import (
    BAIL,
    PERDU,
    abandonner_les_prises,
    inscrire_rappels,
    noter_l_envoi,
    prendre,
    purger,
    reessayer,
)
from strategie.pilotage.domain.reglages_rappels import SaisieReglages, arreter_un_courriel, regler_les_rappels
from strategie.pilotage.interfaces import taches_des_rappels
from strategie.pilotage.interfaces.courriels_rappels import envoyer_ce_qui_attend
from strategie.pilotage.interfaces.taches_des_rappels import (
    envoyer_bientot,
    envoyer_une_tranche,
    passer,
    prochain_matin,
    programmer_les_rappels,
    rappels_du_matin,
)
from strategie.pilotage.models import Rappel, SorteDeCourriel
from strategie.pilotage.rules.rappels import (
    clotures_visees,
    defauts_des_jours,
    empechement_du_mot,
    etape_due,
    mois_a_recapituler,
)
from strategie.socle.droits import Role
from strategie.socle.models import Etablissement
from tests.dossier import campagne_ouverte, signer
from tests.personnages import affecter, un_compte
from tests.pilotage.campagnes import avant, la_campagne

HABITUELS = [30, 7, 1]


# --- Pure rules ---------------------------------------------------------------------------------------------
def test_chaque_rappel_a_son_jour_et_se_rattrape_quelques_jours():
    dus = {restants: etape_due(restants, HABITUELS) for restants in range(-1, 33)}
    trente = dict.fromkeys(range(25, 31), 30)
    attendus = trente | dict.fromkeys(range(2, 8), 7) | {1: 1, 0: 1}
    assert {restants: etape for restants, etape in dus.items() if etape} == attendus


def test_sans_jours_rien_n_est_du():
    assert [etape_due(restants, []) for restants in (0, 7)] == [None, None]
    assert clotures_visees(datetime.date(2030, 1, 1), []) == []


def test_les_clotures_visees_sont_celles_dont_un_rappel_est_du():
    jour = datetime.date(2030, 1, 1)
    assert [(c - jour).days for c in clotures_visees(jour, HABITUELS)] == [*range(8), *range(25, 31)]


def test_le_recapitulatif_se_rattrape_jusqu_au_dix():
    assert mois_a_recapituler(datetime.date(2030, 3, 10)) == datetime.date(2030, 3, 1)
    assert mois_a_recapituler(datetime.date(2030, 3, 11)) is None


def test_les_jours_ont_des_bornes():
    assert [defauts_des_jours(j) for j in ((30, 7, 1), (), (90,))] == [None, None, None]
    assert all(defauts_des_jours(j) for j in ((0,), (91,), (7, 7), (1, 2, 3, 4, 5, 6)))


@pytest.mark.parametrize(
    "mot",
    [
        "Merci de signer avant les vacances.",
        "Je passe vous voir le 12.12.2026 à 8h.30, M. Dupont compris.",
        "Voyez https://paliers.exemple/aide/ et revenez vers moi.",
        "Un doute\u00a0? Voyez https://paliers.exemple.",
        "<b>Courage</b> & merci",
    ],
)
def test_une_phrase_ordinaire_passe(mot):
    assert empechement_du_mot(mot, "https://paliers.exemple") is None


@pytest.mark.parametrize(
    "mot",
    [
        "Cliquez sur https://voleur.exemple/",
        "Voyez https://paliers.exemple.voleur.fr/connexion",
        "Voyez https://paliers.exemple@voleur.fr/",
        "Voyez xhttps://paliers.exemple/",
        "Allez sur www.voleur",
        "Allez sur voleur.fr",
        "Allez sur VOLEUR.EXEMPLE maintenant",
        "Allez sur voleur。fr",
        "javascript://alert",
        "Écrivez à moi@voleur",
        "x" * 301,
        "Une ligne\u202einversée",
        "Un\u200bblanc",
        "Un\x07 signal",
    ],
)
def test_une_phrase_qui_porte_un_lien_ou_se_deguise_est_refusee(mot):
    assert empechement_du_mot(mot, "https://paliers.exemple")


# --- Set-up -------------------------------------------------------------------------------------------------
@pytest.fixture(autouse=True)
def sans_recapitulatif(monkeypatch):
    """The first days of a month have more messages: their own tests are elsewhere."""
    monkeypatch.setattr(taches_des_rappels, "inscrire_recapitulatifs", lambda **options: [])


@pytest.fixture
def campagne(dossier):
    return la_campagne(dossier)


def envoyer(maintenant, limite=1000):
    return envoyer_ce_qui_attend(limite=limite, racine="https://paliers.exemple", horloge=lambda: maintenant)


def passer_et_envoyer(maintenant):
    passer(maintenant=maintenant)
    return envoyer(maintenant)


def recus() -> list[tuple[str, str]]:
    return sorted((message.to[0], message.subject) for message in mail.outbox)


def journal() -> list[tuple[str, int, str, str]]:
    lus = Rappel.objects.select_related("destinataire").order_by("pk")
    return [(r.destinataire.last_name, r.etape, r.etat, r.motif) for r in lus]


def reglage(monde, **champs):
    base = SaisieReglages(actifs=True, jours=(30, 7, 1), recapitulatif=True)
    return regler_les_rappels(
        academie=monde.academie,
        base=base,
        saisie=replace(base, **champs),
        auteur=monde.rectorat,
        maintenant=timezone.now(),
    )


# --- Who, and when ------------------------------------------------------------------------------------------
def test_chef_et_referent_de_ceux_qui_n_ont_pas_signe(monde, campagne):
    passer_et_envoyer(avant(campagne, 7))
    assert [(nom, etape, etat) for nom, etape, etat, _ in journal()] == [
        ("Chef", 7, "envoye"),
        ("Référent", 7, "envoye"),
        ("Voisin", 7, "envoye"),
    ]
    assert {adresse for adresse, _ in recus()} == {monde.chef.email, monde.referent.email, monde.voisin.email}


def test_refait_le_meme_jour_ou_le_lendemain_rien_ne_part_deux_fois(campagne):
    passer_et_envoyer(avant(campagne, 7))
    premiers = recus()
    for jours in (7, 6, 5):
        passer_et_envoyer(avant(campagne, jours))
    assert (len(premiers), recus()) == (3, premiers)


def test_un_jour_manque_se_rattrape_une_fois(campagne):
    passer_et_envoyer(avant(campagne, 6))
    passer_et_envoyer(avant(campagne, 5))
    assert [etape for _, etape, *_ in journal()] == [7, 7, 7]
    assert "dans 6\u00a0jours" in mail.outbox[0].body


def test_trois_rappels_en_tout(campagne):
    for jours in range(31, -2, -1):
        passer_et_envoyer(avant(campagne, jours))
    assert [etape for nom, etape, *_ in journal() if nom == "Voisin"] == [30, 7, 1]


def test_qui_a_signe_ne_recoit_rien(monde, dossier, campagne):
    signer(dossier.brouillon, monde.chef, avant(campagne, 8))
    passer_et_envoyer(avant(campagne, 7))
    assert [nom for nom, *_ in journal()] == ["Voisin"]


def test_qui_a_rouvert_a_signe_quand_meme(monde, dossier, campagne):
    dossier.brouillon.etat, dossier.brouillon.version, dossier.brouillon.motif_reouverture = "rouvert", 2, "Erreur"
    dossier.brouillon.save()
    passer_et_envoyer(avant(campagne, 7))
    assert [nom for nom, *_ in journal()] == ["Voisin"]


def test_un_etablissement_ferme_ou_sans_personne_n_a_pas_de_rappel(monde, campagne):
    Etablissement.objects.filter(pk=monde.college.pk).update(etat="ferme")
    monde.voisin.is_active = False
    monde.voisin.save()
    passer(maintenant=avant(campagne, 7))
    assert journal() == []


def test_deux_roles_un_seul_message(monde, campagne):
    affecter(monde.chef, Role.REFERENT, etablissement=monde.college)
    passer_et_envoyer(avant(campagne, 7))
    assert [adresse for adresse, _ in recus()].count(monde.chef.email) == 1
    assert Rappel.objects.get(destinataire=monde.chef).role == "chef"


def test_une_affectation_finie_ne_compte_plus(monde, campagne):
    veille = avant(campagne, 8).date()
    monde.referent.affectations.update(fin=veille)
    passer(maintenant=avant(campagne, 7))
    assert [nom for nom, *_ in journal()] == ["Chef", "Voisin"]


def test_avant_l_ouverture_rien_ne_part(monde, campagne):
    campagne.date_ouverture = campagne.date_cloture - datetime.timedelta(days=3)
    campagne.save()
    passer(maintenant=avant(campagne, 7))
    assert journal() == []


# --- Its own deadline -----------------------------------------------------------------------------------------
def test_une_prolongation_decale_les_rappels(monde, dossier, campagne):
    """The chef and the neighbour have ten days more; the far school has none of them."""
    affecter(un_compte("Luc", "Loin"), Role.CHEF, etablissement=monde.lointain)
    passer_et_envoyer(avant(campagne, 7))
    prolonger_campagne(
        campagne=campagne,
        district=monde.district,
        date_cloture=campagne.date_cloture + datetime.timedelta(days=10),
        motif="Crue",
        auteur=monde.rectorat,
        maintenant=avant(campagne, 5),
    )
    for jours in range(5, -12, -1):
        passer_et_envoyer(avant(campagne, jours))
    etapes = {nom: [e for n, e, etat, _ in journal() if n == nom and etat == "envoye"] for nom in ("Chef", "Loin")}
    assert etapes == {"Chef": [7, 7, 1], "Loin": [7, 1]}
    decales = Rappel.objects.filter(destinataire=monde.chef, etape=7).order_by("pk")
    assert [(r.pris_le.date(), r.echeance) for r in decales] == [
        (avant(campagne, 7).date(), campagne.date_cloture),
        (avant(campagne, -3).date(), campagne.date_cloture + datetime.timedelta(days=10)),
    ]


def test_une_cloture_changee_entre_l_inscription_et_l_envoi(monde, campagne):
    passer(maintenant=avant(campagne, 7))
    plus_tard = campagne.date_cloture + datetime.timedelta(days=20)
    voulus = Reglages(campagne.date_ouverture, plus_tard, campagne.jours_de_correction)
    modifier_campagne(
        campagne=campagne, voulus=voulus, vu=str(Reglages.de(campagne)), auteur=monde.rectorat,
        maintenant=avant(campagne, 7),
    )  # fmt: skip
    envoyer(avant(campagne, 7))
    assert recus() == []
    assert {(etat, motif[:28]) for _, _, etat, motif in journal()} == {("ecarte", "la clôture est maintenant le")}


def test_une_prolongation_retiree_rend_la_cloture_de_tous(monde, campagne):
    prolonger_campagne(
        campagne=campagne, district=monde.district, date_cloture=campagne.date_cloture + datetime.timedelta(days=10),
        motif="Crue", auteur=monde.rectorat, maintenant=avant(campagne, 20),
    )  # fmt: skip
    retirer_prolongation(
        prolongation=campagne.prolongations.get(), auteur=monde.rectorat, maintenant=avant(campagne, 19)
    )
    passer(maintenant=avant(campagne, 7))
    assert {r.echeance for r in Rappel.objects.all()} == {campagne.date_cloture}


def test_outre_mer_le_jour_est_celui_de_l_academie(monde, referentiel):
    """At two in the morning in UTC, it is six in La Réunion: too early; at four, eight there and still night here."""
    affecter(un_compte("Rita", "Réunion"), Role.CHEF, etablissement=monde.ailleurs)
    campagne = campagne_ouverte(monde.autre_academie, "2031-2032", referentiel, timezone.now())
    jour = campagne.date_cloture - datetime.timedelta(days=7)
    for heure, attendus in ((2, []), (4, ["Réunion"])):
        passer(maintenant=datetime.datetime.combine(jour, datetime.time(heure), datetime.UTC))
        assert [nom for nom, *_ in journal()] == attendus


def test_le_soir_du_temps_universel_est_deja_demain_la_bas(monde, referentiel):
    """At 21 in UTC on the eve, it is one in the morning of the seventh day in La Réunion: it waits for seven."""
    affecter(un_compte("Rita", "Réunion"), Role.CHEF, etablissement=monde.ailleurs)
    campagne = campagne_ouverte(monde.autre_academie, "2031-2032", referentiel, timezone.now())
    veille = campagne.date_cloture - datetime.timedelta(days=8)
    passer(maintenant=datetime.datetime.combine(veille, datetime.time(21), datetime.UTC))
    assert journal() == []


def test_le_prochain_matin_est_le_premier_quelque_part(monde):
    zones = {monde.academie.zone, monde.autre_academie.zone}
    lus = [prochain_matin(datetime.datetime(2030, 1, 15, h, tzinfo=datetime.UTC), zones).hour for h in (1, 4, 7)]
    matins = [
        prochain_matin(datetime.datetime(2030, 1, 15, h, tzinfo=datetime.UTC), zones).astimezone(datetime.UTC)
        for h in (1, 4, 7)
    ]
    assert lus == [7, 7, 7]
    assert [(m.day, m.hour) for m in matins] == [(15, 3), (15, 6), (16, 3)]


# --- What is wanted -------------------------------------------------------------------------------------------
def test_une_academie_regle_ses_jours_ou_n_en_veut_pas(monde, campagne):
    assert reglage(monde, jours=(3, 10)) == {}
    passer(maintenant=avant(campagne, 10))
    assert {etape for _, etape, *_ in journal()} == {10}
    Rappel.objects.all().delete()
    base = SaisieReglages(actifs=True, jours=(10, 3), recapitulatif=True)
    saisie = replace(base, actifs=False)
    regler_les_rappels(
        academie=monde.academie, base=base, saisie=saisie, auteur=monde.rectorat, maintenant=timezone.now()
    )
    passer(maintenant=avant(campagne, 3))
    assert journal() == []


def test_un_arret_vaut_aussi_pour_ce_qui_allait_partir(monde, campagne):
    passer(maintenant=avant(campagne, 7))
    arreter_un_courriel(personne=monde.chef, sorte=SorteDeCourriel.ECHEANCE, maintenant=avant(campagne, 7))
    envoyer(avant(campagne, 7))
    assert [adresse for adresse, _ in recus()] == sorted([monde.referent.email, monde.voisin.email])
    assert journal()[0] == ("Chef", 7, "ecarte", "ne souhaite plus recevoir de rappels d'échéance")


def test_arreter_les_relances_n_arrete_pas_les_rappels(monde, campagne):
    arreter_un_courriel(personne=monde.chef, sorte=SorteDeCourriel.RELANCE, maintenant=avant(campagne, 9))
    passer_et_envoyer(avant(campagne, 7))
    assert monde.chef.email in [adresse for adresse, _ in recus()]


# --- Checked again when it leaves ---------------------------------------------------------------------------
def test_signer_entre_l_inscription_et_l_envoi(monde, dossier, campagne):
    passer(maintenant=avant(campagne, 7))
    signer(dossier.brouillon, monde.chef, avant(campagne, 7))
    envoyer(avant(campagne, 7))
    assert [adresse for adresse, _ in recus()] == [monde.voisin.email]
    assert [etat for _, _, etat, _ in journal()] == ["ecarte", "ecarte", "envoye"]
    assert journal()[0][3] == "a déjà signé"


def test_quitter_l_etablissement_ou_fermer_son_compte_avant_l_envoi(monde, campagne):
    passer(maintenant=avant(campagne, 7))
    monde.referent.affectations.all().delete()
    monde.chef.is_active = False
    monde.chef.save()
    envoyer(avant(campagne, 7))
    assert [motif for *_, motif in journal()] == [
        "ce compte est fermé",
        "n'est plus chef ni référent de cet établissement",
        "",
    ]


def test_un_rappel_reste_en_file_trop_longtemps_ne_part_pas(campagne):
    passer(maintenant=avant(campagne, 7))
    envoyer(avant(campagne, 1))
    assert {motif for *_, motif in journal()} == {"ce rappel n'est plus d'actualité"}


# --- At most once ---------------------------------------------------------------------------------------------
def test_un_message_ne_se_prend_qu_une_fois(campagne):
    passer(maintenant=avant(campagne, 7))
    cle = Rappel.objects.order_by("pk").first().pk
    prises = [prendre(cle=cle, maintenant=avant(campagne, 7)) for _ in range(2)]
    assert [prise is None for prise in prises] == [False, True]


def test_ce_qu_un_processus_mort_avait_pris_est_incertain_et_ne_repart_jamais(campagne):
    passer(maintenant=avant(campagne, 7))
    cle = Rappel.objects.order_by("pk").first().pk
    prise = prendre(cle=cle, maintenant=avant(campagne, 7))
    assert abandonner_les_prises(maintenant=avant(campagne, 7) + BAIL) == 0
    assert abandonner_les_prises(maintenant=avant(campagne, 7) + BAIL + datetime.timedelta(seconds=1)) == 1
    for jours in (7, 6):
        passer_et_envoyer(avant(campagne, jours))
    assert journal()[0] == ("Chef", 7, "incertain", PERDU)
    assert len(mail.outbox) == 2
    noter_l_envoi(rappel=prise.rappel, maintenant=avant(campagne, 7))  # it was only slow
    assert journal()[0] == ("Chef", 7, "envoye", "")


class Capricieux(EmailBackend):
    """Refuses, cuts or takes, by the address."""

    erreurs: dict[str, Exception] = {}
    ouverture: Exception | None = None

    def open(self):
        if self.ouverture:
            raise self.ouverture
        return True

    def send_messages(self, messages):
        for message in messages:
            if erreur := self.erreurs.get(message.to[0]):
                raise erreur
        return super().send_messages(messages)


@pytest.fixture
def capricieux(monkeypatch):
    monkeypatch.setattr(Capricieux, "erreurs", {})
    monkeypatch.setattr(Capricieux, "ouverture", None)
    with override_settings(MAILERS={"default": {"BACKEND": f"{__name__}.Capricieux"}}):
        yield Capricieux


REFUS_PASSAGER = smtplib.SMTPResponseException(451, b"later")
ADRESSE_REFUSEE = smtplib.SMTPRecipientsRefused({"x": (550, b"no such user")})


def test_un_refus_n_arrete_pas_les_autres_et_se_reessaie(monde, campagne, capricieux):
    capricieux.erreurs[monde.chef.email] = REFUS_PASSAGER
    envois = passer_et_envoyer(avant(campagne, 7))
    assert (envois.envoyes, envois.echecs) == (2, 1)
    assert journal()[0] == ("Chef", 7, "echec", "refusé par le serveur de courriel (code 451)")
    capricieux.erreurs.clear()
    assert envoyer(avant(campagne, 7)).vus == 0
    assert envoyer(avant(campagne, 7) + datetime.timedelta(minutes=10)).envoyes == 1
    assert journal()[0] == ("Chef", 7, "envoye", "")


def test_un_refus_qui_dure_finit(monde, campagne, capricieux):
    capricieux.erreurs[monde.chef.email] = REFUS_PASSAGER
    maintenant = avant(campagne, 7)
    passer_et_envoyer(maintenant)
    while Rappel.objects.filter(reessayer_le__isnull=False).exists():
        maintenant = Rappel.objects.get(reessayer_le__isnull=False).reessayer_le
        envoyer(maintenant)
    rappel = Rappel.objects.get(destinataire=monde.chef)
    assert (rappel.etat, rappel.tentatives) == ("echec", 4)
    assert maintenant - avant(campagne, 7) == datetime.timedelta(hours=7, minutes=10)


def test_une_adresse_refusee_ne_se_reessaie_que_si_on_le_demande(monde, campagne, capricieux):
    capricieux.erreurs[monde.chef.email] = ADRESSE_REFUSEE
    passer_et_envoyer(avant(campagne, 7))
    rappel = Rappel.objects.get(destinataire=monde.chef)
    assert (rappel.etat, rappel.reessayer_le) == ("echec", None)
    capricieux.erreurs.clear()
    passer_et_envoyer(avant(campagne, 6))
    assert len(mail.outbox) == 2
    assert reessayer(rappel=rappel, auteur=monde.rectorat)
    envoyer(avant(campagne, 6))
    assert (len(mail.outbox), reessayer(rappel=rappel, auteur=monde.rectorat)) == (3, False)


def test_une_coupure_pendant_l_envoi_laisse_incertain(monde, campagne, capricieux):
    capricieux.erreurs[monde.chef.email] = smtplib.SMTPServerDisconnected("gone")
    envois = passer_et_envoyer(avant(campagne, 7))
    assert (envois.envoyes, envois.incertains) == (2, 1)
    capricieux.erreurs.clear()
    passer_et_envoyer(avant(campagne, 6))
    assert journal()[0][2] == "incertain"
    assert not reessayer(rappel=Rappel.objects.get(destinataire=monde.chef), auteur=monde.rectorat)


def test_un_serveur_qui_ne_repond_pas_n_a_rien_pris(campagne, capricieux):
    capricieux.ouverture = ConnectionRefusedError()
    envois = passer_et_envoyer(avant(campagne, 7))
    assert (envois.echecs, {motif for *_, motif in journal()}) == (3, {"le serveur de courriel ne répond pas"})
    capricieux.ouverture = None
    assert envoyer(avant(campagne, 7) + datetime.timedelta(minutes=10)).envoyes == 3


# --- What is written --------------------------------------------------------------------------------------------
def test_le_rappel_dit_ou_en_est_l_etablissement(monde, campagne):
    passer_et_envoyer(avant(campagne, 7))
    [lu] = [m for m in mail.outbox if m.to == [monde.chef.email]]
    texte = lu.body.replace("\u00a0", " ").replace("\u202f", " ")
    nombre = campagne.diagnostics.get(etablissement=monde.college).reponses.count()
    assert f"Où il en est : brouillon, {nombre} réponses sur {nombre}" in texte
    assert "(dans 7 jours)" in texte and "c'est vous qui signez" in texte
    assert "https://paliers.exemple/etablissements/0980001U/diagnostic/" in texte
    assert lu.subject.startswith(f"Diagnostic {campagne.annee_scolaire} à signer au plus tard le ")
    assert "Collège du Test" in lu.subject


def test_un_nom_hostile_reste_du_texte(monde, campagne):
    monde.chef.first_name, monde.chef.last_name = "Claire\r\nBcc: voleur@exemple.invalid", "<script>alert(1)</script>"
    monde.chef.save()
    Etablissement.objects.filter(pk=monde.college.pk).update(nom="Collège\r\nBcc: voleur@exemple.invalid")
    passer_et_envoyer(avant(campagne, 7))
    [lu] = [m for m in mail.outbox if m.to == [monde.chef.email]]
    entetes = dict(lu.message().items())
    assert (entetes["To"], "Bcc" in entetes, "\n" in lu.subject) == (monde.chef.email, False, False)
    html = lu.alternatives[0].content
    assert "<script>" not in html and "&lt;script&gt;" in html


# --- The day's job ---------------------------------------------------------------------------------------------
def commande(**options) -> str:
    sortie = io.StringIO()
    call_command("envoyer_rappels", stdout=sortie, **options)
    return sortie.getvalue()


def test_la_commande_deux_fois_n_envoie_rien_deux_fois(campagne):
    jour = avant(campagne, 7).date().isoformat()
    premiere, envoyes = commande(jour=jour), recus()
    seconde = commande(jour=jour)
    assert (len(envoyes), recus()) == (3, envoyes)
    assert "Rappels d'échéance inscrits : 3" in premiere and "Messages : 3 envoyés, 0 écartés" in premiere
    assert "Rappels d'échéance inscrits : 0" in seconde and "Messages : 0 envoyés" in seconde


def test_la_simulation_n_ecrit_ni_n_envoie_et_ne_nomme_personne(campagne):
    dite = commande(jour=avant(campagne, 7).date().isoformat(), simulation=True)
    assert (Rappel.objects.count(), recus(), DBTaskResult.objects.count()) == (0, [], 0)
    assert f"0980001U : rappel de 7 j, clôture le {campagne.date_cloture:%d/%m/%Y}, 2 personne(s)" in dite
    assert "Chef" not in dite and "@" not in dite


@pytest.mark.parametrize("jour", ["demain", "2026-13-01", "26/11/2026"])
def test_un_jour_illisible_est_refuse(db, jour):
    with pytest.raises(CommandError, match="--jour attend une date"):
        commande(jour=jour)


def test_l_ouvrier_se_donne_rendez_vous_une_seule_fois(monde):
    for _ in range(3):
        programmer_les_rappels()
    attendue = DBTaskResult.objects.get(task_path=rappels_du_matin.module_path)
    assert timezone.now() < attendue.run_after <= timezone.now() + datetime.timedelta(days=1)


def test_la_tache_du_matin_inscrit_envoie_et_revient(campagne, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: avant(campagne, 7))
    rappels_du_matin.call("")
    assert Rappel.objects.filter(etat="a_envoyer").count() == 3
    [tranche] = DBTaskResult.objects.filter(task_path=envoyer_une_tranche.module_path)
    assert tranche.priority < 0
    DBTaskResult.objects.all().delete()
    envoyer_une_tranche.call("")
    assert len(mail.outbox) == 3
    assert not DBTaskResult.objects.filter(task_path=envoyer_une_tranche.module_path).exists()


def test_ce_qui_echoue_a_sa_tache_a_l_heure_du_nouvel_essai(monde, campagne, capricieux):
    capricieux.erreurs[monde.chef.email] = REFUS_PASSAGER
    maintenant = timezone.now()
    passer(maintenant=avant(campagne, 7))
    Rappel.objects.exclude(destinataire=monde.chef).delete()
    rappel = Rappel.objects.get()
    prise = prendre(cle=rappel.pk, maintenant=avant(campagne, 7))
    Rappel.objects.filter(pk=prise.rappel.pk).update(
        etat="echec", motif="refusé", reessayer_le=maintenant + datetime.timedelta(hours=1)
    )
    for _ in range(2):
        envoyer_bientot("")
    [tache] = DBTaskResult.objects.filter(task_path=envoyer_une_tranche.module_path)
    assert tache.run_after == maintenant + datetime.timedelta(hours=1)


def test_le_journal_se_vide_au_bout_de_treize_mois(campagne):
    passer_et_envoyer(avant(campagne, 7))
    ecrit = Rappel.objects.first().cree_le
    assert purger(maintenant=ecrit + datetime.timedelta(days=390)) == 0
    assert purger(maintenant=ecrit + datetime.timedelta(days=400)) == 3


# --- How many queries -------------------------------------------------------------------------------------------
def requetes_d_une_inscription(academie, maintenant, django_assert_num_queries):
    with django_assert_num_queries(7):
        inscrire_rappels(academie=academie, maintenant=maintenant)


def test_inscrire_coute_autant_pour_trois_etablissements(monde, campagne, django_assert_num_queries):
    Etablissement.objects.filter(pk=monde.voisin_college.pk).update(etat="ferme")
    requetes_d_une_inscription(monde.academie, avant(campagne, 7), django_assert_num_queries)
    Etablissement.objects.filter(pk=monde.voisin_college.pk).update(etat="ouvert")
    affecter(un_compte("Luc", "Loin"), Role.CHEF, etablissement=monde.lointain)
    requetes_d_une_inscription(monde.academie, avant(campagne, 1), django_assert_num_queries)
    assert Rappel.objects.filter(etape=1).count() == 4
