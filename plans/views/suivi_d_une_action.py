"""What is said of an action: its state, the four questions, comments."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from plans.domain.actions import changer_etat
from plans.domain.commentaires import commenter_action, retirer_commentaire
from plans.domain.examens import Irrealisable, repondre_aux_questions
from plans.interfaces.courriels_des_commentaires import prevenir
from plans.interfaces.suivi_d_une_action import (
    CommentaireForm,
    EtatForm,
    QuestionForm,
    erreurs_des_questions,
    formulaires_des_questions,
    signaler,
    signaler_l_irrealisable,
)
from plans.models import Action, Commentaire
from plans.queries.indicateurs import porte_ou_contribue
from plans.queries.page_action import avis_de
from plans.queries.realisable import notes_sur_le_realisable, obstacles_au_realisable
from plans.queries.vision import vision_de
from plans.views.actions import action_ou_404
from plans.views.demande import envoye
from strategie.socle.domain.empechement import Empeche
from strategie.socle.droits import Droit
from strategie.socle.models import Utilisateur
from strategie.socle.views.acces import etablissement_ou_404


@require_http_methods(["GET", "HEAD", "POST"])
def etat(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """By those who write the plan, and by whoever carries it; a contributor adds a note."""
    etablissement = etablissement_ou_404(request, uai, Droit.SUIVRE_SES_ACTIONS)
    suivie = action_ou_404(etablissement, cle)
    note_seule = not _change_l_etat(suivie, request.user)
    formulaire = EtatForm(envoye(request), action=suivie, note_seule=note_seule)
    if request.method == "POST" and formulaire.is_valid() and _changer(request, suivie, formulaire):
        fait = "La note est ajoutée au suivi." if formulaire.sans_changement else "L'état de l'action est enregistré."
        messages.success(request, fait)
        return redirect(formulaire.cleaned_data["retour"] or reverse("action", args=[uai, cle]))
    contexte = {"etablissement": etablissement, "etape": "moyens", "action": suivie, "formulaire": formulaire}
    statut = 422 if request.method == "POST" else 200
    return render(request, "plans/action_etat.html", contexte | {"note_seule": note_seule}, status=statut)


def _change_l_etat(action: Action, personne: Utilisateur) -> bool:
    """Whether the person may change its state, or only add a note; 403 when neither."""
    if Droit.MODIFIER_PLAN in action.etablissement.droits or action.porteur_id == personne.pk:
        return True
    if porte_ou_contribue(action, personne):
        return False
    raise PermissionDenied("Vous ne portez pas cette action et n'y contribuez pas : vous pouvez la lire.")


def _changer(request: HttpRequest, action: Action, formulaire: EtatForm) -> bool:
    lu = formulaire.cleaned_data
    try:
        changer_etat(
            action=action,
            etat=lu["etat"],
            raison=lu["raison"],
            auteur=request.user,
            maintenant=timezone.now(),
            version=lu["version"],
        )
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
        formulaire.a_relire(action)
        return False
    return True


@never_cache  # going back shows what is kept now, not what the page once said
@require_http_methods(["GET", "HEAD", "POST"])
def examen(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """The four questions, beside the school's vision."""
    etablissement = etablissement_ou_404(request, uai, Droit.MODIFIER_PLAN)
    examinee = action_ou_404(etablissement, cle)
    formulaires = formulaires_des_questions(envoye(request), avis_de(examinee))
    conflits = _repondre(request, examinee, formulaires) if request.method == "POST" else False
    if conflits is None:
        messages.success(request, "Les réponses sont enregistrées.")
        return redirect("action", uai, cle)
    contexte = {
        "etablissement": etablissement,
        "etape": "moyens",
        "action": examinee,
        "formulaires": formulaires,
        "vision": vision_de(etablissement),
        "obstacles": obstacles_au_realisable(examinee),
        "notes": notes_sur_le_realisable(examinee),
        "conflits": conflits,
        "erreurs": erreurs_des_questions(formulaires),
    }
    statut = (409 if conflits else 422) if request.method == "POST" else 200
    return render(request, "plans/action_examen.html", contexte, status=statut)


def _repondre(request: HttpRequest, action: Action, formulaires: list[QuestionForm]) -> bool | None:
    """None once it is written; else whether a colleague answered otherwise meanwhile."""
    if any(formulaire.errors for formulaire in formulaires):
        return False
    try:
        conflits = repondre_aux_questions(
            action=action,
            base={formulaire.question: formulaire.base() for formulaire in formulaires},
            avis={formulaire.question: formulaire.dit() for formulaire in formulaires},
            auteur=request.user,
            maintenant=timezone.now(),
        )
    except Irrealisable as refus:
        signaler_l_irrealisable(formulaires, refus)
        return False
    except Empeche as refus:
        formulaires[0].add_error(None, str(refus))
        return False
    signaler(formulaires, conflits)
    return True if conflits else None


@require_POST
def commenter(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """Those concerned get an e-mail."""
    etablissement = etablissement_ou_404(request, uai, Droit.COMMENTER_PLAN)
    commentee = action_ou_404(etablissement, cle)
    formulaire = CommentaireForm(request.POST)
    if formulaire.is_valid() and _commenter(request, commentee, formulaire):
        return redirect(f"{reverse('action', args=[uai, cle])}#commentaires")
    contexte = {"etablissement": etablissement, "etape": "moyens", "action": commentee, "formulaire": formulaire}
    return render(request, "plans/action_commenter.html", contexte, status=422)


def _commenter(request: HttpRequest, action: Action, formulaire: CommentaireForm) -> bool:
    lu = formulaire.cleaned_data
    try:
        commentaire, nouveau = commenter_action(
            action=action, texte=lu["texte"], cle=lu["cle"], auteur=request.user, maintenant=timezone.now()
        )
    except Empeche as refus:
        formulaire.add_error(None, str(refus))
        formulaire.changer_de_cle()
        return False
    prevenus = prevenir(commentaire, request.build_absolute_uri("/")) if nouveau else 0
    suite = {0: "", 1: " Une personne est prévenue par courriel."}.get(
        prevenus, f" {prevenus}\u00a0personnes sont prévenues par courriel."
    )
    messages.success(request, f"Le commentaire est publié.{suite}")
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def commentaire_retirer(request: HttpRequest, uai: str, cle: int) -> HttpResponse:
    """One's own; asks first."""
    etablissement = etablissement_ou_404(request, uai, Droit.COMMENTER_PLAN)
    dits = Commentaire.objects.visible_to(request.user).filter(action__in=etablissement.actions.vivants())
    commentaire = get_object_or_404(dits.select_related("action").filter(retire_le=None), pk=cle)
    if commentaire.auteur_id != request.user.pk:
        raise PermissionDenied("Chacun retire ses propres commentaires, pas ceux des autres.")
    if request.method == "POST":
        retirer_commentaire(commentaire=commentaire, auteur=request.user, maintenant=timezone.now())
        messages.success(request, "Votre commentaire est retiré.")
        return redirect(f"{reverse('action', args=[uai, commentaire.action_id])}#commentaires")
    contexte = {"etablissement": etablissement, "etape": "moyens", "commentaire": commentaire}
    return render(request, "plans/commentaire_retirer.html", contexte)
