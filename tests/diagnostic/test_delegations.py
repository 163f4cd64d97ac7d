"""Champs confided to colleagues: who may be, who is told, and what it lets them do."""

import datetime

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from lxml import html

from diagnostic.domain.delegations import Repartition, confier_champs
from diagnostic.domain.ouverture import VERSION_CHANGEE
from diagnostic.interfaces.delegations import (
    RepartitionForm,
    enumerer,
    envoyer_champs_confies,
    phrase_du_fait,
    phrase_entre_temps,
)
from diagnostic.interfaces.formulaires import INCOMPLETE
from diagnostic.models import Delegation, Diagnostic, Preuve, Referentiel, Reponse
from diagnostic.queries.repartition import Part
from diagnostic.rules import empechement_repondre
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Role
from strategie.socle.models import Affectation, Utilisateur
from strategie.socle.templatetags.paliers import date_longue
from tests.diagnostic.test_courses import ensemble, signature
from tests.personnages import affecter, un_compte

RIEN_A_SIGNER = "Vous n'avez rien à signer : le chef d'établissement relit l'ensemble et le signe."
LIBELLES = {"PIL": "Pilotage", "FOR": "Formation", "RES": "Réseaux"}


def part(champ: str, personne: Utilisateur) -> Part:
    return Part(champ, personne.pk)


@pytest.fixture
def confier(monde, brouillon, maintenant):
    """`confier(voulue, vue=…)`: as the head does it; what is shown is what is confided, unless said otherwise."""

    def confier(*voulue: Part, vue: tuple[Part, ...] | None = None, **changements):
        shown = gardees() if vue is None else set(vue)
        arguments = {
            "diagnostic": Diagnostic.objects.select_related("etablissement", "campagne__academie", "referentiel").get(
                pk=brouillon.pk
            ),
            "repartition": Repartition(vue=frozenset(shown), voulue=frozenset(voulue)),
            "auteur": monde.chef,
            "maintenant": maintenant,
        }
        return confier_champs(**(arguments | changements))

    return confier


def gardees() -> set[Part]:
    return {Part(*ligne) for ligne in Delegation.objects.values_list("champ", "utilisateur")}


def adresse(brouillon: Diagnostic, nom: str, *suite: object) -> str:
    return reverse(nom, args=[brouillon.etablissement.uai, brouillon.campagne.annee_scolaire, *suite])


def faire_les_taches() -> None:
    """What the worker does, without closing the connection that the test's transaction is in."""
    for attendue in DBTaskResult.objects.ready():
        attendue.task.call(*attendue.args_kwargs["args"])


def annonces(reponse) -> list[str]:
    """What the page says was done."""
    page = html.fromstring(reponse.content.decode())
    return [" ".join(alerte.text_content().split()) for alerte in page.findall(".//div[@role='status']")]


# --- The act --------------------------------------------------------------------------------------------
def test_confier_puis_retirer(monde, confier, maintenant):
    fait = confier(part("PIL", monde.gestionnaire), part("FOR", monde.referent))
    assert [(d.champ, d.utilisateur, d.confiee_par, d.confiee_le) for d in fait.ajouts] == [
        ("FOR", monde.referent, monde.chef, maintenant),
        ("PIL", monde.gestionnaire, monde.chef, maintenant),
    ]
    ensuite = confier(part("PIL", monde.gestionnaire))
    assert (ensuite.ajouts, [(d.champ, d.utilisateur) for d in ensuite.retraits]) == ((), [("FOR", monde.referent)])
    assert gardees() == {part("PIL", monde.gestionnaire)}
    assert evenements(Delegation) == [
        ("FOR", "insert", "confier_champs", monde.chef.pk),
        ("PIL", "insert", "confier_champs", monde.chef.pk),
        ("FOR", "delete", "confier_champs", monde.chef.pk),
    ]


def evenements(modele) -> list[tuple]:
    """The history of a model: label, act, author."""
    return list(
        modele.pgh_event_model.objects.order_by("pgh_id").values_list(
            "champ", "pgh_label", "pgh_context__acte", "pgh_context__auteur"
        )
    )


def test_la_meme_repartition_deux_fois_ne_change_rien(monde, confier):
    confier(part("PIL", monde.referent), vue=())
    rejouee = confier(part("PIL", monde.referent), vue=())
    assert (rejouee.ajouts, rejouee.retraits, rejouee.confies_entre_temps, rejouee.retires_entre_temps) == (
        (),
        (),
        (),
        (),
    )
    assert gardees() == {part("PIL", monde.referent)}


def test_deux_chefs_chacun_garde_ses_changements(monde, confier):
    """The second form was opened before the first was saved: it changes what its author changed, and says the rest."""
    adjoint = affecter(un_compte("Adam", "Adjoint"), Role.CHEF, etablissement=monde.college)
    confier(part("PIL", monde.referent), part("RES", monde.gestionnaire))
    avant = tuple(gardees())
    confier(part("PIL", monde.referent), part("FOR", monde.gestionnaire), vue=avant)  # RES taken back, FOR confided
    fait = confier(*avant, part("PED", monde.referent), vue=avant, auteur=adjoint)
    assert gardees() == {
        part("PIL", monde.referent),
        part("FOR", monde.gestionnaire),
        part("PED", monde.referent),
    }
    assert phrase_entre_temps(fait, LIBELLES) == (
        "Pendant ce temps, Claire Chef a confié Formation à Gaëlle Gestion\u00a0; "
        "Réseaux n'est plus confié à Gaëlle Gestion. Ces changements restent."
    )
    assert (
        phrase_du_fait(fait, adjoint, LIBELLES) == "La répartition est enregistrée. Rémi Référent reçoit un courriel."
    )


@pytest.mark.parametrize(
    ("qui", "phrase"),
    [
        (
            "voisin",
            "Une personne choisie n'a pas accès à cet établissement\u00a0: aucun champ ne peut lui être confié.",
        ),
        (
            "animatrice",
            "Une personne choisie n'a pas accès à cet établissement\u00a0: aucun champ ne peut lui être confié.",
        ),
        (
            "lectrice",
            "Line Lectrice lit le diagnostic sans y répondre\u00a0: donnez-lui d'abord un autre rôle dans l'équipe.",
        ),
    ],
)
def test_personne_hors_de_l_etablissement_ou_sans_reponse(monde, confier, qui, phrase):
    """Names of other schools' people are not said: the form would be a directory of every account."""
    with pytest.raises(Empeche) as refus:
        confier(part("PIL", monde.referent), part("FOR", getattr(monde, qui)))
    assert str(refus.value) == phrase
    assert gardees() == set(), "nothing of a refused form is kept"


def test_un_compte_qui_n_existe_pas(monde, confier):
    with pytest.raises(Empeche, match="Une personne choisie n'a pas accès"):
        confier(Part("PIL", 10**17))


def test_la_personne_partie_est_nommee(monde, confier, maintenant):
    hier = timezone.localdate(maintenant, monde.academie.zone) - datetime.timedelta(days=1)
    Affectation.objects.filter(utilisateur=monde.gestionnaire).update(fin=hier)
    with pytest.raises(Empeche, match="Gaëlle Gestion n'a pas accès à cet établissement"):
        confier(part("PIL", monde.gestionnaire))


def test_un_compte_ferme_est_refuse(monde, confier):
    Utilisateur.objects.filter(pk=monde.gestionnaire.pk).update(is_active=False)
    with pytest.raises(Empeche, match="Gaëlle Gestion n'a pas accès à cet établissement"):
        confier(part("PIL", monde.gestionnaire))


def test_un_champ_inconnu_est_refuse(monde, confier):
    with pytest.raises(Empeche) as refus:
        confier(part("XYZ", monde.referent))
    assert str(refus.value) == "Le champ «\u00a0XYZ\u00a0» n'est pas dans le référentiel de ce diagnostic."


@pytest.mark.parametrize("etat", ["soumis", "a_commencer"])
def test_un_diagnostic_qui_ne_s_ouvre_pas_ne_se_confie_pas(monde, brouillon, confier, etat, maintenant):
    vide = {"commence_par": None, "commence_le": None} if etat == "a_commencer" else {}
    Diagnostic.objects.filter(pk=brouillon.pk).update(etat=etat, **vide)
    brouillon.refresh_from_db()
    with pytest.raises(Empeche) as refus:
        confier(part("PIL", monde.referent))
    assert str(refus.value) == empechement_repondre(brouillon, maintenant)


def test_apres_la_cloture_rien_ne_se_confie(monde, brouillon, confier, maintenant):
    with pytest.raises(Empeche, match="La campagne s'est terminée le"):
        confier(part("PIL", monde.referent), maintenant=maintenant + datetime.timedelta(days=60))


def test_la_version_du_referentiel_change_pendant_l_acte(monde, brouillon, confier):
    autre = Referentiel.objects.create(code="paliers", version=9, titre="Autre", seuil="0.75", part_inconnue_max="0.3")
    lu = Diagnostic.objects.select_related("etablissement", "campagne__academie", "referentiel").get(pk=brouillon.pk)
    Diagnostic.objects.filter(pk=brouillon.pk).update(referentiel=autre)
    with pytest.raises(Empeche) as refus:
        confier(part("PIL", monde.referent), diagnostic=lu)
    assert str(refus.value) == VERSION_CHANGEE


def test_la_base_refuse_deux_fois_la_meme_delegation(monde, brouillon, confier, maintenant):
    confier(part("PIL", monde.referent))
    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.create(
            diagnostic=brouillon, champ="PIL", utilisateur=monde.referent, confiee_par=monde.chef, confiee_le=maintenant
        )


@pytest.mark.django_db(transaction=True)
def test_dix_envois_ensemble_confient_une_fois(monde, confier):
    faits = ensemble(*[lambda: confier(part("PIL", monde.referent), vue=())] * 10)
    assert sorted(len(fait.ajouts) for fait in faits) == [0] * 9 + [1]
    assert gardees() == {part("PIL", monde.referent)}


@pytest.mark.django_db(transaction=True)
def test_confier_et_signer_ensemble(monde, brouillon, tout_repondre, confier):
    """Either the delegation came first, or the signature did and it is refused: never one on a signed diagnostic."""
    tout_repondre(brouillon)
    fait, _ = ensemble(lambda: confier(part("PIL", monde.referent), vue=()), signature(monde, brouillon))
    brouillon.refresh_from_db()
    assert brouillon.etat == "soumis"
    if isinstance(fait, str):
        assert (fait, gardees()) == (empechement_repondre(brouillon, timezone.now()), set())
    else:
        assert gardees() == {part("PIL", monde.referent)}


# --- The form and the sentences ----------------------------------------------------------------------------
@pytest.mark.parametrize("valeur", ["PIL", "PIL:", ":1", "PIL:1:2", "PIL:-1", "PIL:١", "PIL:1 OR 1", "P" * 9 + ":1"])
def test_une_case_qui_n_en_est_pas_une(valeur):
    formulaire = RepartitionForm({"confie": [valeur]})
    assert dict(formulaire.errors) == {"confie": [INCOMPLETE]}


def test_les_phrases_disent_les_retraits_et_ne_disent_pas_un_courriel_a_soi(monde, confier):
    confier(part("PIL", monde.referent), part("FOR", monde.gestionnaire))
    fait = confier(part("FOR", monde.gestionnaire), part("RES", monde.chef))
    assert phrase_du_fait(fait, monde.chef, LIBELLES) == (
        "La répartition est enregistrée. Pilotage n'est plus confié à Rémi Référent. "
        "Paliers n'écrit pas pour un retrait\u00a0: dites-le de vive voix."
    )
    rien = confier(*gardees())
    assert phrase_du_fait(rien, monde.chef, LIBELLES) == "La répartition n'a pas changé."


def test_enumerer():
    assert [enumerer(mots) for mots in (["A"], ["A", "B"], ["A", "B", "C"])] == ["A", "A et B", "A, B et C"]


# --- The page ---------------------------------------------------------------------------------------------
def soumettre(client, brouillon, voulue, vue=()):
    return client.post(
        adresse(brouillon, "diagnostic_confier"),
        {"confie": [f"{p.champ}:{p.personne}" for p in voulue], "vue": [f"{p.champ}:{p.personne}" for p in vue]},
    )


def cases(reponse) -> dict[str, list[str]]:
    """Champ → « name, title », ticked first with a star."""
    page = html.fromstring(reponse.content.decode())
    return {
        ligne.findtext(".//th/a"): [
            ("*" if case.find("input").get("checked") is not None else "")
            + " ".join(case.find("label").text_content().split())
            for case in ligne.findall(".//td//div[@class='form-check']")
        ]
        for ligne in page.findall(".//tbody/tr")
    }


def test_la_page_montre_les_collegues_et_coche_ce_qui_est_confie(client, monde, brouillon, confier):
    confier(part("PIL", monde.referent))
    client.force_login(monde.chef)
    page = client.get(adresse(brouillon, "diagnostic_confier"))
    tous = ["Claire Chef (vous) · Principale", "Rémi Référent · Référent numérique", "Gaëlle Gestion · Gestionnaire"]
    vues = cases(page)
    assert len(vues) == 6
    assert next(iter(vues.values())) == [tous[0], f"*{tous[1]}", tous[2]]
    assert list(vues.values())[1:] == [tous] * 5


def test_enregistrer_dit_qui_est_prevenu(client, monde, brouillon):
    client.force_login(monde.chef)
    reponse = soumettre(client, brouillon, [part("PIL", monde.referent), part("PIL", monde.gestionnaire)])
    assert (reponse.status_code, reponse["Location"]) == (302, adresse(brouillon, "diagnostic_confier"))
    assert annonces(client.get(reponse["Location"])) == [
        "La répartition est enregistrée. Rémi Référent et Gaëlle Gestion reçoivent un courriel."
    ]


def test_un_envoi_force_est_refuse_et_garde_les_cases(client, monde, brouillon, confier):
    confier(part("PIL", monde.gestionnaire))
    client.force_login(monde.chef)
    voulue = [part("FOR", monde.referent), part("FOR", monde.voisin)]
    page = soumettre(client, brouillon, voulue, vue=[part("PIL", monde.gestionnaire)])
    assert page.status_code == 422
    assert "Une personne choisie n&#x27;a pas accès à cet établissement" in page.content.decode()
    assert [noms for noms in cases(page).values() if any(nom.startswith("*") for nom in noms)] == [
        ["Claire Chef (vous) · Principale", "*Rémi Référent · Référent numérique", "Gaëlle Gestion · Gestionnaire"]
    ]
    assert f'name="vue" value="PIL:{monde.gestionnaire.pk}"' in page.content.decode()
    assert gardees() == {part("PIL", monde.gestionnaire)}


def test_signe_entre_temps_la_page_dit_ce_qui_est_et_ne_propose_plus_rien(client, monde, brouillon, confier):
    confier(part("PIL", monde.gestionnaire))
    Diagnostic.objects.filter(pk=brouillon.pk).update(etat="soumis")
    client.force_login(monde.chef)
    page = soumettre(client, brouillon, [part("FOR", monde.referent)])
    lue = html.fromstring(page.content.decode())
    assert (page.status_code, gardees()) == (422, {part("PIL", monde.gestionnaire)})
    assert [bdi.text for bdi in lue.findall(".//td/bdi")] == ["Gaëlle Gestion"]
    assert lue.findall(".//main//form") == []
    assert "Ce diagnostic est signé" in lue.find(".//div[@id='erreurs']").text_content()


def test_une_page_abimee_est_refusee(client, monde, brouillon):
    client.force_login(monde.chef)
    page = client.post(adresse(brouillon, "diagnostic_confier"), {"confie": ["PIL:abc"]})
    assert page.status_code == 422
    assert INCOMPLETE in page.content.decode()


def test_les_autres_lisent_sans_cocher(client, monde, brouillon, confier):
    confier(part("PIL", monde.gestionnaire))
    client.force_login(monde.lectrice)
    page = client.get(adresse(brouillon, "diagnostic_confier")).content.decode()
    assert "<bdi>Gaëlle Gestion</bdi>" in page
    assert html.fromstring(page).findall(".//main//form") == []


def test_une_personne_partie_se_voit_et_se_retire(client, monde, brouillon, confier, maintenant):
    confier(part("PIL", monde.gestionnaire))
    hier = timezone.localdate(maintenant, monde.academie.zone) - datetime.timedelta(days=1)
    Affectation.objects.filter(utilisateur=monde.gestionnaire).update(fin=hier)
    client.force_login(monde.chef)
    vues = list(cases(client.get(adresse(brouillon, "diagnostic_confier"))).values())
    reste = ["Claire Chef (vous) · Principale", "Rémi Référent · Référent numérique"]
    assert vues == [[*reste, "*Gaëlle Gestion n'a plus accès"], *[reste] * 5]
    garde = [part("PIL", monde.gestionnaire)]
    soumettre(client, brouillon, [*garde, part("FOR", monde.referent)], vue=garde)
    assert gardees() == {*garde, part("FOR", monde.referent)}, "what was there is no refusal"
    soumettre(client, brouillon, [part("FOR", monde.referent)], vue=[*garde, part("FOR", monde.referent)])
    assert gardees() == {part("FOR", monde.referent)}


# --- The e-mail ------------------------------------------------------------------------------------------
@pytest.fixture
def annonce(client, monde, brouillon, django_capture_on_commit_callbacks):
    def annonce(*voulue: Part) -> None:
        client.force_login(monde.chef)
        with django_capture_on_commit_callbacks(execute=True):
            soumettre(client, brouillon, voulue, vue=tuple(gardees()))

    return annonce


def test_un_courriel_par_personne_dit_tout(monde, brouillon, annonce):
    annonce(part("FOR", monde.referent), part("PIL", monde.referent), part("RES", monde.chef))
    cles = list(Delegation.objects.filter(utilisateur=monde.referent).order_by("champ").values_list("pk", flat=True))
    assert [tache.args_kwargs for tache in DBTaskResult.objects.all()] == [
        {"args": [cles, "http://testserver/"], "kwargs": {}}
    ]
    assert mail.outbox == []
    faire_les_taches()
    (courriel,) = mail.outbox
    libelles = dict(brouillon.referentiel.champs.values_list("code", "libelle"))
    annee = brouillon.campagne.annee_scolaire
    assert (courriel.to, courriel.subject) == (
        ["rémi.référent@exemple.invalid"],
        "Claire Chef vous confie une part du diagnostic : Collège du Test",
    )
    assert (
        courriel.body
        == f"""Bonjour Rémi Référent,

Claire Chef vous confie une part du diagnostic {annee} : Collège du Test (0980001U).

Vos champs :
- {libelles["PIL"]}
- {libelles["FOR"]}

Répondez-y dans Paliers, au plus tard le {date_longue(brouillon.date_cloture)} :

http://testserver/etablissements/0980001U/diagnostic/

Chaque réponse s'enregistre au fur et à mesure. {RIEN_A_SIGNER}

--
Paliers, la stratégie numérique de votre établissement
Ce message est envoyé automatiquement ; personne ne lit les réponses.
"""
    )
    page = html.fromstring(courriel.alternatives[0].content)
    assert [" ".join(p.text_content().split()) for p in page.findall(".//body/*")] == [
        "Bonjour Rémi Référent,",
        f"Claire Chef vous confie une part du diagnostic {annee} : Collège du Test (0980001U).",
        "Vos champs :",
        libelles["PIL"] + libelles["FOR"],
        f"Répondez-y dans Paliers, au plus tard le {' '.join(date_longue(brouillon.date_cloture).split())}.",
        "Ouvrir le diagnostic",
        "Si le lien ne s'ouvre pas, copiez cette adresse dans votre navigateur :"
        "http://testserver/etablissements/0980001U/diagnostic/",
        "Chaque réponse s'enregistre au fur et à mesure. Vous n'avez rien à signer : le chef d'établissement relit "
        "l'ensemble et le signe.",
        "",
        "Paliers, la stratégie numérique de votre établissement.Ce message est envoyé automatiquement ; "
        "personne ne lit les réponses.",
    ]
    assert page.find(".//body//a").get("href") == "http://testserver/etablissements/0980001U/diagnostic/"


def test_le_double_envoi_ecrit_une_fois(monde, brouillon, client, django_capture_on_commit_callbacks):
    client.force_login(monde.chef)
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            soumettre(client, brouillon, [part("PIL", monde.referent)])
    faire_les_taches()
    assert [courriel.to for courriel in mail.outbox] == [["rémi.référent@exemple.invalid"]]


def test_un_retrait_n_ecrit_pas(monde, brouillon, annonce):
    annonce(part("PIL", monde.referent))
    annonce()
    assert (DBTaskResult.objects.count(), gardees()) == (1, set())
    faire_les_taches()
    assert mail.outbox == [], "confided and taken back before the worker came: nothing to say"


@pytest.mark.parametrize("perte", ["acces", "role", "compte", "signature"])
def test_rien_ne_part_vers_qui_ne_peut_plus_repondre(monde, brouillon, annonce, maintenant, perte):
    annonce(part("PIL", monde.gestionnaire))
    siennes = Affectation.objects.filter(utilisateur=monde.gestionnaire)
    match perte:
        case "acces":
            siennes.update(fin=timezone.localdate(maintenant, monde.academie.zone) - datetime.timedelta(days=1))
        case "role":
            siennes.update(role=Role.MEMBRE)
        case "compte":
            Utilisateur.objects.filter(pk=monde.gestionnaire.pk).update(is_active=False)
        case "signature":
            Diagnostic.objects.filter(pk=brouillon.pk).update(etat="soumis")
    faire_les_taches()
    assert (mail.outbox, DBTaskResult.objects.count()) == ([], 1)


@pytest.mark.django_db(transaction=True)
def test_l_ouvrier_du_site_envoie(client, monde, brouillon):
    client.force_login(monde.chef)
    soumettre(client, brouillon, [part("PIL", monde.referent), part("PIL", monde.gestionnaire)])
    call_command("db_worker", batch=True, interval=0, verbosity=0)
    envois = DBTaskResult.objects.filter(task_path=envoyer_champs_confies.module_path)  # a worker has tasks of its own
    assert list(envois.values_list("status", flat=True)) == ["SUCCESSFUL"] * 2
    assert sorted(courriel.body.split("\n")[0] for courriel in mail.outbox) == [
        "Bonjour Gaëlle Gestion,",
        "Bonjour Rémi Référent,",
    ]


def test_une_tache_sans_delegation_n_ecrit_pas(db):
    envoyer_champs_confies.func([10**9], "http://testserver/")
    assert mail.outbox == []


# --- What a confided champ lets one do ----------------------------------------------------------------------
@pytest.fixture
def gestes(client, monde, brouillon):
    """Every way to write in a champ, as the gestionnaire: the status of each."""

    def gestes(champ: str) -> dict[str, int]:
        client.force_login(monde.gestionnaire)
        code = f"{champ}-1-1"
        version = Reponse.objects.filter(indicateur__code=code).values_list("version", flat=True).first() or 0
        reponse = {"valeur": "oui", "motif": "", "commentaire": "", "version": version}
        statuts = {
            "reponse": client.post(adresse(brouillon, "diagnostic_reponse", code), reponse).status_code,
            "champ": client.post(adresse(brouillon, "diagnostic_champ", champ), {"continuer": "1"}).status_code,
            "preuve": client.post(
                adresse(brouillon, "diagnostic_preuves", code),
                {"intitule": f"Lien {champ}", "lien": "https://exemple.invalid/"},
            ).status_code,
            "reprendre": client.post(adresse(brouillon, "preuve_reprendre", code), {}).status_code,
        }
        preuve = Preuve.objects.filter(indicateur__code=code).first()
        if preuve:
            statuts["retirer"] = client.post(adresse(brouillon, "preuve_retirer", preuve.cle)).status_code
        return statuts

    return gestes


def test_le_gestionnaire_repond_a_sa_part_et_a_rien_d_autre(monde, confier, gestes):
    confier(part("PIL", monde.gestionnaire), part("FOR", monde.referent))
    assert gestes("PIL") == {"reponse": 200, "champ": 302, "preuve": 302, "reprendre": 302, "retirer": 302}
    assert gestes("FOR") == {"reponse": 403, "champ": 403, "preuve": 403, "reprendre": 403}
    assert [
        (r.indicateur.code, r.modifiee_par) for r in Reponse.objects.select_related("indicateur", "modifiee_par")
    ] == [("PIL-1-1", monde.gestionnaire)]


def test_une_preuve_d_un_autre_champ_ne_se_retire_pas(client, monde, brouillon, confier, maintenant):
    confier(part("PIL", monde.gestionnaire))
    indicateur = brouillon.referentiel.indicateurs.get(code="FOR-1-1")
    preuve = Preuve.objects.create(
        diagnostic=brouillon,
        indicateur=indicateur,
        intitule="Lien",
        lien="https://exemple.invalid/",
        deposee_par=monde.chef,
        deposee_le=maintenant,
    )
    client.force_login(monde.gestionnaire)
    for methode in (client.get, client.post):
        assert methode(adresse(brouillon, "preuve_retirer", preuve.cle)).status_code == 403
    assert Preuve.objects.get() == preuve


@pytest.mark.parametrize("perte", ["champ", "role", "acces"])
def test_perdre_le_champ_ou_le_role_arrete_tout_aussitot(monde, confier, gestes, maintenant, perte):
    confier(part("PIL", monde.gestionnaire))
    assert gestes("PIL")["reponse"] == 200
    siennes = Affectation.objects.filter(utilisateur=monde.gestionnaire)
    match perte:
        case "champ":
            confier()
        case "role":
            siennes.update(role=Role.MEMBRE)
        case "acces":
            siennes.update(fin=timezone.localdate(maintenant, monde.academie.zone) - datetime.timedelta(days=1))
    refus = 404 if perte == "acces" else 403
    assert gestes("PIL") == {"reponse": refus, "champ": refus, "preuve": refus, "reprendre": refus}
