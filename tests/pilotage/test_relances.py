"""Chasing from the list: what is shown is what leaves, checked again at each step, in the perimeter and no further."""

import csv
import email
import email.policy
import io
import re
import uuid
from html import unescape

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from lxml import html

from diagnostic.queries.suivi import etablissements_suivis
from strategie.pilotage.domain.rappels import inscrire_rappels, noter_l_echec, prendre
from strategie.pilotage.domain.reglages_rappels import (
    SaisieReglages,
    arreter_un_courriel,
    lire_reglages,
    regler_les_rappels,
    reprendre_un_courriel,
)
from strategie.pilotage.domain.relances import FORMULAIRE_D_UN_AUTRE, PERSONNE, relancer
from strategie.pilotage.interfaces.courriels_rappels import envoyer_ce_qui_attend, jeton_d_arret
from strategie.pilotage.models import ArretDeCourriel, Rappel, ReglagesRappels, Relance, SorteDeCourriel
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit, Role, roles_ayant
from strategie.socle.models import Affectation, Etablissement
from tests.dossier import campagne_ouverte, signer
from tests.personnages import affecter, un_compte, un_etablissement
from tests.pilotage.campagnes import avant, la_campagne

RACINE = "https://paliers.exemple"


@pytest.fixture
def campagne(dossier):
    return la_campagne(dossier)


def cle_de(ecole, personne) -> str:
    return f"{ecole.pk}:{personne.pk}"


def une_relance(monde, campagne, *, choisis=None, auteur=None, mot="", cle=None, maintenant=None):
    choisis = choisis or {
        cle_de(monde.college, monde.chef),
        cle_de(monde.college, monde.referent),
        cle_de(monde.voisin_college, monde.voisin),
    }
    return relancer(
        campagne=campagne,
        choisis=choisis,
        mot=mot,
        adresse_du_site=RACINE,
        cle=cle or uuid.uuid4(),
        auteur=auteur or monde.animatrice,
        maintenant=maintenant or timezone.now(),
    )


def envoyer(maintenant=None):
    return envoyer_ce_qui_attend(limite=100, racine=RACINE, horloge=lambda: maintenant or timezone.now())


def journal() -> list[tuple[str, str, str]]:
    lus = Rappel.objects.select_related("destinataire").order_by("pk")
    return [(r.destinataire.last_name, r.etat, r.motif) for r in lus]


# --- The act --------------------------------------------------------------------------------------------------
def test_une_relance_est_une_ligne_par_personne(monde, campagne):
    maintenant = timezone.now()
    relance = une_relance(monde, campagne, mot="  Bon   courage. ", maintenant=maintenant)
    assert (relance.mot, relance.signature, relance.auteur, relance.cree_le) == (
        "Bon courage.",
        "Anne Animatrice (animateur, District 1)",
        monde.animatrice,
        maintenant,
    )
    assert journal() == [("Chef", "a_envoyer", ""), ("Référent", "a_envoyer", ""), ("Voisin", "a_envoyer", "")]
    rappel = relance.rappels.get(destinataire=monde.voisin)
    assert (rappel.sorte, rappel.etablissement, rappel.role, rappel.echeance) == (
        "relance",
        monde.voisin_college,
        "chef",
        campagne.date_cloture,
    )
    assert rappel.raison.startswith("à commencer, clôture le ")


def test_le_journal_ne_dit_pas_combien_de_reponses(monde, campagne):
    relance = une_relance(monde, campagne)
    assert relance.rappels.get(destinataire=monde.chef).raison.startswith("brouillon, clôture le ")


def test_envoyee_deux_fois_elle_part_une_fois(monde, campagne):
    cle = uuid.uuid4()
    relances = {une_relance(monde, campagne, cle=cle).pk for _ in range(2)}
    envoyer()
    envoyer()
    assert (len(relances), len(mail.outbox), Rappel.objects.count()) == (1, 3, 3)


def test_la_cle_d_une_autre_personne_est_refusee(monde, campagne):
    cle = uuid.uuid4()
    une_relance(monde, campagne, cle=cle)
    with pytest.raises(Empeche, match=FORMULAIRE_D_UN_AUTRE[:30]):
        une_relance(monde, campagne, cle=cle, auteur=monde.rectorat)


def test_personne_de_choisi_rien_n_est_ecrit(monde, campagne):
    with pytest.raises(Empeche, match=PERSONNE):
        une_relance(monde, campagne, choisis={cle_de(monde.college, monde.lectrice)})
    assert Relance.objects.count() == 0


def test_un_mot_qui_porte_un_lien_est_refuse(monde, campagne):
    with pytest.raises(Empeche, match="ni adresse de site"):
        une_relance(monde, campagne, mot="Voyez http://voleur.exemple")


@pytest.mark.parametrize("qui", ["animateur_lointain", "rectorat_ailleurs", "chef", "sans_affectation"])
def test_hors_de_son_perimetre_on_ne_relance_personne(monde, campagne, qui):
    with pytest.raises(Empeche, match=PERSONNE):
        une_relance(monde, campagne, auteur=getattr(monde, qui))


def test_un_rectorat_de_departement_relance_le_sien(monde, campagne):
    qui = affecter(un_compte("Denis", "Dasen"), Role.RECTORAT, departement=monde.college.departement)
    assert une_relance(monde, campagne, auteur=qui).rappels.count() == 3


def test_signer_entre_l_apercu_et_la_demande(monde, dossier, campagne):
    signer(dossier.brouillon, monde.chef, timezone.now())
    une_relance(monde, campagne)
    envoyer()
    assert [message.to for message in mail.outbox] == [[monde.voisin.email]]
    assert journal()[0] == ("Chef", "ecarte", "a déjà signé, entre l'aperçu et l'envoi")


def test_signer_entre_la_demande_et_l_envoi(monde, dossier, campagne):
    une_relance(monde, campagne)
    signer(dossier.brouillon, monde.chef, timezone.now())
    envoyer()
    assert [message.to for message in mail.outbox] == [[monde.voisin.email]]
    assert journal()[:2] == [("Chef", "ecarte", "a signé entre-temps"), ("Référent", "ecarte", "a signé entre-temps")]


def test_fermer_entre_la_demande_et_l_envoi(monde, campagne):
    une_relance(monde, campagne)
    Etablissement.objects.filter(pk=monde.college.pk).update(etat="ferme")
    envoyer()
    assert [message.to for message in mail.outbox] == [[monde.voisin.email]]
    assert journal()[0] == ("Chef", "ecarte", "la campagne n'attend plus cet établissement")


def test_arreter_entre_la_demande_et_l_envoi(monde, campagne):
    une_relance(monde, campagne)
    arreter_un_courriel(personne=monde.chef, sorte=SorteDeCourriel.RELANCE, maintenant=timezone.now())
    envoyer()
    assert journal()[0] == ("Chef", "ecarte", "ne souhaite plus recevoir de relances")


def test_deux_relances_qui_se_croisent_n_en_font_qu_une(monde, campagne):
    """Both were written before either left."""
    maintenant = avant(campagne, 20)
    une_relance(monde, campagne, maintenant=maintenant)
    Rappel.objects.update(etat="ecarte", motif="mise de côté")
    une_relance(monde, campagne, auteur=monde.rectorat, maintenant=maintenant)
    Rappel.objects.filter(motif="mise de côté").update(etat="a_envoyer", motif="")
    envoyer(maintenant)
    assert len(mail.outbox) == 3
    assert sorted(etat for _, etat, _ in journal()) == ["ecarte"] * 3 + ["envoye"] * 3


def test_sept_jours_sans_relance(monde, campagne):
    une_relance(monde, campagne, maintenant=avant(campagne, 20))
    envoyer(avant(campagne, 20))
    une_relance(monde, campagne, maintenant=avant(campagne, 14))
    assert {motif[:15] for _, etat, motif in journal() if etat == "ecarte"} == {"déjà rappelé le"}
    une_relance(monde, campagne, maintenant=avant(campagne, 13))
    assert envoyer(avant(campagne, 13)).envoyes == 3


def test_un_rappel_de_lui_meme_compte_comme_une_relance(monde, campagne):
    inscrire_rappels(academie=monde.academie, maintenant=avant(campagne, 7))
    envoyer(avant(campagne, 7))
    relance = une_relance(monde, campagne, maintenant=avant(campagne, 3))
    assert set(relance.rappels.values_list("etat", flat=True)) == {"ecarte"}


def test_le_mot_est_lu_tel_qu_il_est_ecrit(monde, campagne):
    une_relance(monde, campagne, mot="<b>Courage</b> & merci")
    envoyer()
    texte, riche = mail.outbox[0].body, mail.outbox[0].alternatives[0].content
    assert "« <b>Courage</b> & merci »" in texte
    assert "&lt;b&gt;Courage&lt;/b&gt; &amp; merci" in riche and "<b>" not in riche
    assert "Un mot de Anne Animatrice (animateur, District 1)" in texte


# --- The page -------------------------------------------------------------------------------------------------
def page(client, campagne, qui, **filtres):
    client.force_login(qui)
    return client.get(reverse("relancer", args=[campagne.pk]), filtres)


def dit_par(reponse) -> str:
    return unescape(reponse.text)


def cases(reponse) -> list[tuple[str, str, bool]]:
    """Who, why, ticked."""
    lignes = html.fromstring(reponse.content).xpath("//table[.//input[@name='garde']]/tbody/tr")
    return [
        (
            ligne.xpath("string(.//label)"),
            ligne.xpath("string(td[2])").replace("\u00a0", " "),
            bool(ligne.xpath(".//input[@checked]")),
        )
        for ligne in lignes
    ]


def envoi(reponse, **corps) -> dict[str, object]:
    """The form of the page, as a browser sends it."""
    [formulaire] = [f for f in html.fromstring(reponse.content).forms if "vus" in f.fields]
    champs = {nom: valeur for nom, valeur in formulaire.form_values() if nom != "garde"}
    return champs | {"garde": [v for nom, v in formulaire.form_values() if nom == "garde"]} | corps


def test_l_apercu_dit_a_qui_et_pourquoi(client, monde, campagne):
    reponse = page(client, campagne, monde.rectorat)
    nombre = campagne.diagnostics.get(etablissement=monde.college).reponses.count()
    lus = cases(reponse)
    assert [(nom, coche) for nom, _, coche in lus] == [
        ("Claire Chef", True),
        ("Rémi Référent", True),
        ("Victor Voisin", True),
    ]
    assert lus[0][1].startswith(f"brouillon, {nombre} réponses sur {nombre}, clôture le ")
    assert lus[2][1].startswith("à commencer, clôture le ")
    assert "inviter le chef" in reponse.text and reverse("equipe", args=[monde.lointain.uai]) in reponse.text


def test_une_animatrice_ne_lit_pas_combien_de_reponses(client, monde, campagne):
    reponse = page(client, campagne, monde.animatrice)
    assert cases(reponse)[0][1].startswith("brouillon, clôture le ")
    assert " sur 8" not in reponse.text.replace("\u00a0", " ")


def test_les_filtres_de_la_liste_restent(client, monde, campagne):
    def noms(**filtres):
        return [nom for nom, *_ in cases(page(client, campagne, monde.rectorat, **filtres))]

    assert noms(etat="a_commencer") == ["Victor Voisin"]
    assert noms(q="0980001U") == ["Claire Chef", "Rémi Référent"]
    assert noms(district=str(monde.autre_district.pk)) == []
    assert noms(etat="n'importe", district="zz") == ["Claire Chef", "Rémi Référent", "Victor Voisin"]


def test_l_apercu_s_arrete_a_son_district(client, monde, campagne):
    affecter(un_compte("Luc", "Loin"), Role.CHEF, etablissement=monde.lointain)
    assert [nom for nom, *_ in cases(page(client, campagne, monde.animateur_lointain))] == ["Luc Loin"]
    assert "Luc Loin" not in page(client, campagne, monde.animatrice).text
    assert "District 1" not in page(client, campagne, monde.animateur_lointain).text


def test_l_apercu_dit_qui_est_ecarte(client, monde, dossier, campagne):
    signer(dossier.brouillon, monde.chef, timezone.now())
    arreter_un_courriel(personne=monde.voisin, sorte=SorteDeCourriel.RELANCE, maintenant=timezone.now())
    reponse = page(client, campagne, monde.rectorat)
    lignes = html.fromstring(reponse.content).xpath("//section[@aria-labelledby='ecartes']//tbody/tr")
    assert [(ligne.xpath("string(th)"), ligne.xpath("string(td[2])")) for ligne in lignes] == [
        ("Claire Chef", "a déjà signé"),
        ("Rémi Référent", "a déjà signé"),
        ("Victor Voisin", "ne souhaite plus recevoir de relances"),
    ]
    assert "Personne à relancer" in reponse.text and "Envoyer aux personnes" not in reponse.text


def test_ce_qui_est_decoche_ne_part_pas(client, monde, campagne, django_capture_on_commit_callbacks):
    lue = page(client, campagne, monde.animatrice)
    corps = envoi(lue, garde=[cle_de(monde.voisin_college, monde.voisin)], mot="Bon courage.")
    with django_capture_on_commit_callbacks(execute=True):
        reponse = client.post(reverse("relancer", args=[campagne.pk]), corps)
    relance = Relance.objects.get()
    assert (reponse.status_code, reponse["Location"]) == (302, f"{reverse('rappels')}?relance={relance.pk}")
    assert journal() == [("Voisin", "a_envoyer", "")]
    suivi = client.get(reponse["Location"])
    assert "1\u00a0message part. Suivez-les" in suivi.text and "0 sur 1" in suivi.text


def test_le_formulaire_envoye_deux_fois(client, monde, campagne):
    corps = envoi(page(client, campagne, monde.animatrice))
    lieux = {client.post(reverse("relancer", args=[campagne.pk]), corps)["Location"] for _ in range(2)}
    assert (len(lieux), Rappel.objects.count()) == (1, 3)


def test_ce_qui_est_decoche_sur_une_page_le_reste_sur_les_autres(client, monde, campagne, monkeypatch):
    """Page by page, and through an error; a box is ticked again from another page."""
    monkeypatch.setattr("strategie.pilotage.interfaces.apercu_relance.PAR_PAGE", 1)

    def poster(lue, garde, **corps):
        return client.post(reverse("relancer", args=[campagne.pk]), envoi(lue, garde=garde, **corps))

    lue = page(client, campagne, monde.animatrice)
    chef, referent = cle_de(monde.college, monde.chef), cle_de(monde.college, monde.referent)
    assert cases(lue) == [("Claire Chef", cases(lue)[0][1], True)] and "Page 1 sur 3" in lue.text
    lue = poster(lue, [], aller="2")
    assert [(nom, coche) for nom, _, coche in cases(lue)] == [("Rémi Référent", True)]
    assert "1\u00a0personne décochée" in lue.text and "Claire Chef</bdi>, Collège du Test" in lue.text
    lue = poster(lue, [], mot="Voyez voleur.fr", aller="3")
    assert (lue.status_code, [nom for nom, *_ in cases(lue)]) == (422, ["Victor Voisin"])
    lue = poster(lue, [referent], mot="Bon courage.", cherche="", aller="1")
    assert [(nom, coche) for nom, _, coche in cases(lue)] == [("Claire Chef", False)]
    assert "Rémi Référent</bdi>, Collège du Test" not in lue.text
    # On the page of the first, the third's box is among those unticked elsewhere.
    assert "Victor Voisin</bdi>, Collège voisin" in lue.text
    assert poster(lue, [cle_de(monde.voisin_college, monde.voisin)]).status_code == 302
    assert [nom for nom, *_ in journal()] == ["Référent", "Voisin"]
    assert chef in envoi(lue)["exclus"]


@pytest.mark.parametrize(
    ("texte", "trouves"),
    [
        ("remi", ["Rémi Référent"]),
        ("COLLEGE test", ["Claire Chef", "Rémi Référent"]),
        ("0980002v", ["Victor Voisin"]),
        ("personne", []),
        ("\x00", ["Claire Chef", "Rémi Référent", "Victor Voisin"]),
    ],
)
def test_trouver_quelqu_un_ne_change_pas_a_qui_l_on_ecrit(client, monde, campagne, texte, trouves):
    corps = envoi(page(client, campagne, monde.animatrice), cherche=texte, aller="99999")
    reponse = client.post(reverse("relancer", args=[campagne.pk]), corps)
    assert [nom for nom, *_ in cases(reponse)] == trouves
    client.post(reverse("relancer", args=[campagne.pk]), envoi(reponse) | {"cherche": texte.strip("\x00")})
    assert len(journal()) == 3


def test_voir_le_message_ne_l_envoie_pas_et_garde_les_cases(client, monde, campagne):
    lue = page(client, campagne, monde.animatrice)
    garde = [cle_de(monde.voisin_college, monde.voisin)]
    reponse = client.post(
        reverse("relancer", args=[campagne.pk]), envoi(lue, garde=garde, mot="Bon courage.", aller="1")
    )
    assert (reponse.status_code, Rappel.objects.count()) == (200, 0)
    assert [coche for *_, coche in cases(reponse)] == [False, False, True]
    assert "«\u00a0<bdi>Bon courage.</bdi>\u00a0»" in dit_par(reponse)


@pytest.mark.parametrize(
    ("champ", "valeur", "dit"),
    [
        ("mot", "Voyez voleur.fr", "ni adresse de site"),
        ("mot", "x" * 301, "dépasse 300"),
        ("garde", [], "Choisissez au moins une personne"),
        ("vus", "1:2;drop", "plus à jour"),
        ("exclus", "1:2\n", "plus à jour"),
        ("cle", "x", "plus à jour"),
    ],
)
def test_un_envoi_refuse_dit_pourquoi_et_ne_perd_rien(client, monde, campagne, champ, valeur, dit):
    lue = page(client, campagne, monde.animatrice)
    reponse = client.post(reverse("relancer", args=[campagne.pk]), envoi(lue, mot="Mon mot à moi.") | {champ: valeur})
    assert (reponse.status_code, Rappel.objects.count()) == (422, 0)
    assert dit in reponse.text
    assert champ == "mot" or "Mon mot à moi." in reponse.text


def test_une_personne_inventee_n_est_pas_ecrite(client, monde, campagne):
    """The hidden list is somebody's to forge: what it names outside the perimeter is nobody."""
    lue = page(client, campagne, monde.animateur_lointain)
    assert "Envoyer aux personnes" not in lue.text
    forgee = cle_de(monde.college, monde.chef)
    reponse = client.post(
        reverse("relancer", args=[campagne.pk]), {"cle": uuid.uuid4(), "vus": forgee, "garde": forgee, "mot": ""}
    )
    assert (reponse.status_code, Rappel.objects.count()) == (422, 0)


def test_l_apercu_coute_autant_pour_trois_etablissements(client, monde, campagne):
    ici = monde.college.departement
    affecter(un_compte("Luc", "Loin"), Role.CHEF, etablissement=monde.lointain)
    une = len(page(client, campagne, monde.rectorat, q="0980003W").requetes)
    for numero, uai in enumerate(("0980020P", "0980021R")):
        ecole = un_etablissement(uai, f"École {numero}", ici, type="ecole", district=monde.autre_district)
        affecter(un_compte("Directeur", f"Numéro{numero}"), Role.CHEF, etablissement=ecole)
    trois = page(client, campagne, monde.rectorat, district=str(monde.autre_district.pk))
    assert (len(cases(trois)), len(trois.requetes)) == (3, une)


def test_qui_relance_voit_l_equipe():
    """The preview names people to whoever may chase: no role may do one without the other."""
    assert set(roles_ayant(Droit.RELANCER)) <= set(roles_ayant(Droit.VOIR_EQUIPE))


def test_le_journal_tait_les_noms_a_qui_ne_voit_pas_l_equipe(client, monde, campagne, monkeypatch):
    une_relance(monde, campagne)
    monkeypatch.setattr("strategie.pilotage.interfaces.rappels.droits_de", lambda roles: frozenset({Droit.RELANCER}))
    client.force_login(monde.animatrice)
    lue = client.get(reverse("rappels")).text
    assert "Claire Chef" not in lue and monde.chef.email not in lue and "Chef d&#x27;établissement" in lue
    assert {(ligne["Nom"], ligne["Adresse"]) for ligne in lire_csv(client)} == {("", "")}


# --- The log --------------------------------------------------------------------------------------------------
def lire_csv(client, **filtres) -> list[dict[str, str]]:
    texte = client.get(reverse("rappels_export"), filtres).getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(texte), delimiter=";"))


def ailleurs(monde, referentiel) -> Rappel:
    """A message of another académie."""
    affecter(un_compte("Rita", "Réunion"), Role.CHEF, etablissement=monde.ailleurs)
    campagne = campagne_ouverte(monde.autre_academie, "2031-2032", referentiel, timezone.now())
    choisis = {cle_de(monde.ailleurs, Affectation.objects.get(etablissement=monde.ailleurs).utilisateur)}
    return une_relance(monde, campagne, choisis=choisis, auteur=monde.rectorat_ailleurs).rappels.get()


def test_le_journal_s_arrete_au_perimetre(client, monde, campagne, referentiel):
    """By no filter, no page, no export, no key."""
    une_relance(monde, campagne)
    autre = ailleurs(monde, referentiel)
    client.force_login(monde.rectorat)
    for filtres in ({}, {"relance": autre.relance_id}, {"q": "0970001Z"}, {"district": "1"}, {"apres": autre.pk + 1}):
        assert "ailleurs" not in client.get(reverse("rappels"), filtres).text.lower().split("<main")[1]
        assert "0970001Z" not in {ligne["UAI"] for ligne in lire_csv(client, **filtres)}
    Rappel.objects.filter(pk=autre.pk).update(etat="echec", motif="refusé")
    assert client.post(reverse("rappel_reessayer", args=[autre.pk])).status_code == 404
    client.force_login(monde.animateur_lointain)
    assert lire_csv(client) == []
    client.force_login(monde.rectorat_ailleurs)
    assert [ligne["Nom"] for ligne in lire_csv(client)] == ["Rita Réunion"]


def test_le_journal_se_filtre_et_s_exporte(client, monde, campagne):
    une_relance(monde, campagne, maintenant=avant(campagne, 20))
    envoyer(avant(campagne, 20))
    Rappel.objects.filter(destinataire=monde.voisin).update(etat="echec", motif="adresse refusée")
    client.force_login(monde.animatrice)
    assert [ligne["Nom"] for ligne in lire_csv(client, etat="echec")] == ["Victor Voisin"]
    assert [ligne["Nom"] for ligne in lire_csv(client, q="collège du test")] == ["Rémi Référent", "Claire Chef"]
    assert lire_csv(client, sorte="echeance") == []
    premiere = lire_csv(client)[-1]
    assert premiere == {
        "Date": f"{avant(campagne, 20):%d/%m/%Y} 09:00",
        "Établissement": "Collège du Test",
        "UAI": "0980001U",
        "Sorte": "Relance",
        "Rôle": "Chef d'établissement",
        "Nom": "Claire Chef",
        "Adresse": monde.chef.email,
        "Pourquoi": Rappel.objects.get(destinataire=monde.chef).raison,
        "Clôture": f"{campagne.date_cloture:%d/%m/%Y}",
        "État": "Envoyé",
        "Précision": "",
    }


def test_un_filtre_inconnu_est_dit_et_laisse_de_cote(client, monde, campagne):
    une_relance(monde, campagne)
    client.force_login(monde.animatrice)
    reponse = client.get(reverse("rappels"), {"etat": "perdu", "relance": "zz", "apres": "9" * 30})
    assert "a été laissé de côté" in reponse.text and "Victor Voisin" in reponse.text


def test_reessayer_depuis_le_journal(client, monde, campagne):
    une_relance(monde, campagne)
    rappel = Rappel.objects.get(destinataire=monde.voisin)
    prise = prendre(cle=rappel.pk, maintenant=timezone.now())
    noter_l_echec(rappel=prise.rappel, motif="adresse refusée", definitif=True, maintenant=timezone.now())
    client.force_login(monde.animatrice)
    assert "Réessayer" in client.get(reverse("rappels")).text
    for dit in ("Le message va repartir.", "n'est plus en échec"):
        assert dit in dit_par(client.post(reverse("rappel_reessayer", args=[rappel.pk]), follow=True))
    assert Rappel.objects.get(pk=rappel.pk).etat == "a_envoyer"


def test_le_journal_coute_autant_pour_trois_messages(client, monde, campagne):
    une_relance(monde, campagne, choisis={cle_de(monde.college, monde.chef)})
    client.force_login(monde.animatrice)
    une = len(client.get(reverse("rappels")).requetes)
    une_relance(monde, campagne)
    reponse = client.get(reverse("rappels"))
    assert (len(reponse.context["lignes"]), len(reponse.requetes)) == (4, une)


def test_qui_ne_relance_pas_n_a_pas_de_lien(client, monde, campagne):
    client.force_login(monde.chef)
    assert reverse("rappels") not in client.get(reverse("etablissements")).text


# --- One click ------------------------------------------------------------------------------------------------
def test_chaque_message_porte_son_arret_en_entier(monde, campagne):
    """As the mail server gets it: the address is on one line, and not encoded, however long it is."""
    une_relance(monde, campagne)
    envoyer()
    [lu] = [m for m in mail.outbox if m.to == [monde.chef.email]]
    octets = lu.message(policy=email.policy.SMTP).as_bytes()
    [adresse] = re.findall(rb"\r\nList-Unsubscribe: <(https://paliers\.exemple/rappels/arreter/[\w:-]+/)>\r\n", octets)
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in octets
    assert (adresse.decode() in lu.body, adresse.decode() in lu.alternatives[0].content) == (True, True)
    relu = email.message_from_bytes(octets, policy=email.policy.default)
    assert relu["List-Unsubscribe"] == f"<{adresse.decode()}>"
    assert relu["Subject"] == lu.subject


def test_un_logiciel_de_courrier_arrete_sans_cookie_ni_jeton(client_csrf, monde):
    adresse = reverse("arreter_rappels", args=[jeton_d_arret(monde.chef.pk, "relance")])
    assert "Ne plus les recevoir" in client_csrf.get(adresse).text
    assert ArretDeCourriel.objects.count() == 0  # a link that a scanner follows stops nothing
    for _ in range(2):
        reponse = client_csrf.post(
            adresse, {"List-Unsubscribe": "One-Click"}, headers={"Origin": "https://mail.exemple"}
        )
        assert reponse.status_code == 200
    assert [(a.utilisateur, a.sorte) for a in ArretDeCourriel.objects.all()] == [(monde.chef, "relance")]


def test_un_lien_change_ne_vaut_rien(client, monde):
    jeton = jeton_d_arret(monde.chef.pk, "relance")
    for faux in (jeton[:-1], "x", jeton_d_arret(999_999, "relance"), jeton_d_arret(monde.chef.pk, "autre")):
        adresse = reverse("arreter_rappels", args=[faux])
        assert [client.get(adresse).status_code, client.post(adresse).status_code] == [404, 404]
    monde.chef.is_active = False
    monde.chef.save()
    assert client.post(reverse("arreter_rappels", args=[jeton])).status_code == 404
    assert ArretDeCourriel.objects.count() == 0


def test_on_arrete_et_on_reprend_depuis_son_compte(client, monde):
    client.force_login(monde.chef)
    assert reverse("mes_courriels") in client.get(reverse("compte")).text
    ici = reverse("mes_courriels")
    assert "ne recevrez plus" in client.post(ici, {"faire": "arreter-recapitulatif"}, follow=True).text
    assert [a.sorte for a in ArretDeCourriel.objects.filter(utilisateur=monde.chef)] == ["recapitulatif"]
    assert "de nouveau" in client.post(ici, {"faire": "reprendre-recapitulatif"}, follow=True).text
    assert "n'a changé" in dit_par(client.post(ici, {"faire": "arreter-tout"}, follow=True))
    assert ArretDeCourriel.objects.count() == 0


def test_reprendre_ce_qui_n_est_pas_arrete_ne_change_rien(monde):
    reprendre_un_courriel(personne=monde.chef, sorte=SorteDeCourriel.RELANCE)
    assert ArretDeCourriel.objects.count() == 0


# --- Settings -------------------------------------------------------------------------------------------------
HABITUELS = SaisieReglages(actifs=True, jours=(30, 7, 1), recapitulatif=True)


def regler(monde, base, saisie, auteur=None):
    return regler_les_rappels(
        academie=monde.academie, base=base, saisie=saisie, auteur=auteur or monde.rectorat, maintenant=timezone.now()
    )


def test_sans_reglage_ce_sont_les_habituels(monde):
    assert lire_reglages(monde.academie) == HABITUELS
    assert regler(monde, HABITUELS, HABITUELS) == {}
    assert ReglagesRappels.objects.count() == 0


def test_deux_personnes_reglent_a_la_fois(monde):
    jours = SaisieReglages(actifs=True, jours=(10,), recapitulatif=True)
    sans = SaisieReglages(actifs=False, jours=(30, 7, 1), recapitulatif=True)
    assert (regler(monde, HABITUELS, jours), regler(monde, HABITUELS, sans)) == ({}, {})
    assert lire_reglages(monde.academie) == SaisieReglages(actifs=False, jours=(10,), recapitulatif=True)
    autre = SaisieReglages(actifs=True, jours=(5,), recapitulatif=True)
    assert set(regler(monde, HABITUELS, autre)) == {"jours"}
    assert lire_reglages(monde.academie).jours == (10,)


def corps_des_reglages(reponse, **changes) -> dict[str, str]:
    [formulaire] = [f for f in html.fromstring(reponse.content).forms if "lu-jours" in f.fields]
    champs = dict(formulaire.form_values()) | changes
    return {nom: valeur for nom, valeur in champs.items() if valeur is not None}


def test_la_page_des_reglages(client, monde):
    ici = reverse("rappels_reglages")
    client.force_login(monde.rectorat)
    lue = client.get(ici)
    assert client.post(ici, corps_des_reglages(lue, jours="7, 14", actifs=None)).status_code == 302
    assert lire_reglages(monde.academie) == SaisieReglages(actifs=False, jours=(14, 7), recapitulatif=True)
    perdue = client.post(ici, corps_des_reglages(lue, jours="21"))
    assert perdue.status_code == 409 and "14, 7" in perdue.text and 'value="21"' in perdue.text
    for jours, dit in (("demain", "séparés par des virgules"), ("0", "de 1 à 90"), ("1 2 3 4 5 6", "5 rappels")):
        refusee = client.post(ici, corps_des_reglages(client.get(ici), jours=jours))
        assert refusee.status_code == 422 and dit in refusee.text
    assert client.get(ici, {"academie": monde.autre_academie.pk}).status_code == 404


def test_les_etablissements_suivis_portent_ce_dont_la_relance_a_besoin(campagne):
    assert {"etat_suivi", "cloture_suivie"} <= vars(etablissements_suivis(campagne).first()).keys()
