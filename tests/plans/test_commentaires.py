"""Comments on an action: said once, taken back by their author, and sent to those concerned."""

import datetime

import pytest
from django.core import mail
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from plans.domain.actions import retirer_action
from plans.domain.commentaires import DEJA_DIT, commenter_action, retirer_commentaire
from plans.models import Action, Commentaire
from plans.queries.commentaires import concernes
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Role
from tests.personnages import affecter, un_compte
from tests.plans.plans import une_action, une_action_publiee, une_cle
from tests.plans.test_actions import adresse, champs_du_formulaire, erreurs, mots


def commenter(action, auteur, texte="Les câbles sont là.", cle=None):
    return commenter_action(action=action, texte=texte, cle=cle or une_cle(), auteur=auteur, maintenant=timezone.now())


@pytest.fixture
def action(monde):
    """Carried by the gestionnaire; the référent contributes."""
    return une_action_publiee(
        monde.college, porteur=monde.gestionnaire.pk, contributeurs=frozenset({monde.referent.pk})
    )


# --- The acts -------------------------------------------------------------------------------------------------
def test_un_double_clic_ne_dit_qu_une_fois(monde, action):
    cle = une_cle()
    premier, nouveau = commenter(action, monde.lectrice, cle=cle)
    assert nouveau
    assert commenter(action, monde.lectrice, cle=cle) == (premier, False)
    for qui, texte in ((monde.lectrice, "Autre chose"), (monde.chef, "Les câbles sont là.")):
        with pytest.raises(Empeche, match=DEJA_DIT):
            commenter(action, qui, texte, cle)
    with pytest.raises(Empeche, match=DEJA_DIT):
        commenter(une_action(monde.college, "Autre"), monde.lectrice, cle=cle)
    assert list(Commentaire.objects.values_list("action", "auteur", "texte")) == [
        (action.pk, monde.lectrice.pk, "Les câbles sont là.")
    ]


@pytest.mark.parametrize(
    ("texte", "phrase"), [("", "Écrivez votre commentaire."), ("x" * 2001, "Ce commentaire dépasse 2000")]
)
def test_un_commentaire_se_lit(monde, action, texte, phrase):
    with pytest.raises(Empeche, match=phrase):
        commenter(action, monde.chef, texte)
    assert not Commentaire.objects.exists()


def test_une_action_jetee_ne_se_commente_plus(monde, action):
    retirer_action(action=action, avec_sous_actions=False, auteur=monde.chef, maintenant=timezone.now())
    with pytest.raises(Empeche, match="n'est plus dans le plan"):
        commenter(action, monde.lectrice)


def test_chacun_retire_le_sien(monde, action):
    dit, _ = commenter(action, monde.lectrice)
    retire = {"commentaire": dit, "maintenant": timezone.now()}
    with pytest.raises(Empeche, match="ses propres commentaires"):
        retirer_commentaire(auteur=monde.chef, **retire)
    retirer_commentaire(auteur=monde.lectrice, **retire)
    retirer_commentaire(auteur=monde.lectrice, **retire | {"maintenant": timezone.now()})
    assert Commentaire.objects.get().retire_le == retire["maintenant"]


# --- Whom it is for ---------------------------------------------------------------------------------------------
def noms(commentaire, jour=None) -> list[str]:
    return sorted(un.first_name for un in concernes(commentaire, jour or timezone.localdate()))


def test_ceux_que_cela_concerne(monde, action):
    premier, _ = commenter(action, monde.lectrice)
    assert noms(premier) == ["Gaëlle", "Rémi"]
    second, _ = commenter(action, monde.gestionnaire)
    assert noms(second) == ["Line", "Rémi"]
    retirer_commentaire(commentaire=premier, auteur=monde.lectrice, maintenant=timezone.now())
    assert noms(second) == ["Rémi"]
    monde.referent.affectations.update(fin=datetime.date(2021, 1, 1))
    assert noms(second) == []
    Action.objects.update(
        porteur=affecter(un_compte("Parti", "Loin", is_active=False), Role.MEMBRE, etablissement=monde.college)
    )
    assert noms(Commentaire.objects.get(pk=second.pk)) == []


# --- The page and the e-mails -------------------------------------------------------------------------------------
def faire_les_taches() -> None:
    """What the worker does, without closing the connection that the test's transaction is in."""
    for attendue in DBTaskResult.objects.ready():
        attendue.task.call(*attendue.args_kwargs["args"])


@pytest.fixture
def commente(client, monde, action, django_capture_on_commit_callbacks):
    """Somebody comments by the page; the tasks are kept."""

    def _commente(qui, texte="Les câbles\r\nsont là."):
        client.force_login(qui)
        chemin = adresse("action_commenter", action.pk)
        envoi = champs_du_formulaire(client.get(adresse("action", action.pk)), vers=chemin) | {"texte": texte}
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(chemin, envoi, follow=True)

    return _commente


def test_un_courriel_a_chacun_apres_coup(monde, action, commente):
    reponse = commente(monde.lectrice)
    assert reponse.redirect_chain == [(f"{adresse('action', action.pk)}#commentaires", 302)]
    assert "Le commentaire est publié. 2 personnes sont prévenues par courriel." in mots(reponse)
    assert "Les câbles sont là." in mots(reponse)
    assert mail.outbox == []
    faire_les_taches()
    assert {courriel.to[0]: courriel.subject for courriel in mail.outbox} == dict.fromkeys(
        (monde.gestionnaire.email, monde.referent.email),
        "Line Lectrice commente l'action : Installer deux bornes Wi-Fi",
    )
    [porteuse] = [courriel for courriel in mail.outbox if courriel.to == [monde.gestionnaire.email]]
    assert porteuse.body == (
        "Bonjour Gaëlle Gestion,\n\n"
        "Line Lectrice a écrit à propos de l'action « Installer deux bornes Wi-Fi », Collège du Test (0980001U) :\n\n"
        "Les câbles\nsont là.\n\n"
        "Répondre dans Paliers :\n\n"
        f"http://testserver{adresse('action', action.pk)}#commentaires\n\n"
        "Vous recevez ce message parce que vous portez cette action.\n\n"
        "--\nPaliers, la stratégie numérique de votre établissement\n"
        "Ce message est envoyé automatiquement ; personne ne lit les réponses.\n"
    )
    raisons = {courriel.to[0]: courriel.body.split("\n\n")[-2] for courriel in mail.outbox}
    assert raisons[monde.referent.email] == "Vous recevez ce message parce que vous contribuez à cette action."


def test_qui_a_commente_sait_comment_s_arreter(monde, commente):
    commente(monde.lectrice)
    commente(monde.chef)
    faire_les_taches()
    [courriel] = [courriel for courriel in mail.outbox if courriel.to == [monde.lectrice.email]]
    assert "Pour ne plus en recevoir, retirez-y vos commentaires." in courriel.body
    assert "<script>" not in courriel.alternatives[0].content


def test_rien_ne_part_de_ce_qui_est_repris(monde, commente):
    commente(monde.lectrice, "<script>alert(1)</script>")
    taches = DBTaskResult.objects.count()
    retirer_commentaire(commentaire=Commentaire.objects.get(), auteur=monde.lectrice, maintenant=timezone.now())
    faire_les_taches()
    assert (taches, mail.outbox) == (2, [])
    Commentaire.objects.update(retire_le=None)
    monde.referent.affectations.update(fin=datetime.date(2021, 1, 1))
    faire_les_taches()
    [courriel] = mail.outbox
    assert courriel.to == [monde.gestionnaire.email]
    assert "&lt;script&gt;" in courriel.alternatives[0].content


def test_un_commentaire_vide_ne_part_pas_et_un_double_envoi_ne_previent_qu_une_fois(
    client, monde, action, commente, django_capture_on_commit_callbacks
):
    reponse = commente(monde.lectrice, "  ")
    assert (reponse.status_code, erreurs(reponse)) == (422, {"texte": "Écrivez votre commentaire."})
    envoi = champs_du_formulaire(reponse) | {"texte": "Bonjour"}
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(adresse("action_commenter", action.pk), envoi).status_code == 302
    assert (Commentaire.objects.count(), DBTaskResult.objects.count()) == (1, 2)
    reponse = client.post(adresse("action_commenter", action.pk), envoi | {"texte": "Autre"})
    assert (reponse.status_code, "Un commentaire est déjà parti" in mots(reponse)) == (422, True)
    assert client.post(adresse("action_commenter", action.pk), champs_du_formulaire(reponse)).status_code == 302
    assert Commentaire.objects.count() == 2


def test_retirer_son_commentaire_par_la_page(client, monde, action):
    dit, _ = commenter(action, monde.lectrice, "À reprendre")
    chemin = adresse("commentaire_retirer", dit.pk)
    client.force_login(monde.chef)
    assert client.get(chemin).status_code == client.post(chemin).status_code == 403
    assert chemin not in client.get(adresse("action", action.pk)).content.decode()
    client.force_login(monde.lectrice)
    assert chemin in client.get(adresse("action", action.pk)).content.decode()
    assert "À reprendre" in mots(client.get(chemin))
    assert client.post(chemin).status_code == 302
    assert "À reprendre" not in mots(client.get(adresse("action", action.pk)))
    assert client.get(chemin).status_code == 404
