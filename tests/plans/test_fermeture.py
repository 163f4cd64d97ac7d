"""A closed school: no act writes its plan any more, whatever it starts from."""

import datetime
import uuid

import pytest
from django.utils import timezone

from plans.domain import actions, axes, besoins, commentaires, demandes, indicateurs, matrice, releves, retex, vision
from plans.domain.corbeille import mettre_a_la_corbeille, restaurer
from plans.domain.propositions import reprendre_proposition
from plans.domain.tour import tourner_la_page
from plans.models import Demande, IndicateurSuivi
from strategie.socle.domain.empechement import Empeche
from strategie.socle.rules import FERME
from tests.plans.plans import cette_annee, un_axe, un_besoin, un_constat, un_indicateur, une_action, une_saisie

MAINTENANT = timezone.now()


def test_aucun_acte_n_ecrit_plus_le_plan_d_un_etablissement_ferme(monde):
    ecole, annee = monde.college, cette_annee(monde.college)
    qui, date = {"auteur": monde.chef}, {"maintenant": MAINTENANT}
    axe, besoin, constat, action, jete = (f(ecole) for f in (un_axe, un_besoin, un_constat, une_action, un_besoin))
    suivi = un_indicateur(action)
    mettre_a_la_corbeille(objet=jete, **qui, **date)
    dit, _ = commentaires.commenter_action(action=action, texte="Oui", cle=uuid.uuid4(), **qui, **date)
    visee = vision.fixer_objectif(etablissement=ecole, champ="PIL", annee=annee, palier=2, raison="", **qui, **date)
    attendue = {"destinataire": "etat", "objet": "Un poste", "texte": "Merci", "reponse_attendue_le": datetime.date.max}
    demande = Demande.objects.create(
        etablissement=ecole, annee_scolaire=annee, code="PIL-1-1", faite_par=monde.chef, faite_le=MAINTENANT, **attendue
    )
    ecole.etat = "ferme"
    ecole.save()

    ecrit, lu = retex.lire_constat(constat), axes.lire_axe(axe)
    # What is held by one function is tried once: an action and all that hangs from it, an indicator and its readings.
    actes = [
        lambda: vision.ecrire_vision(etablissement=ecole, base=vision.VIDE, saisie=vision.VIDE, **qui, **date),
        lambda: vision.retirer_objectif(objectif=visee, **qui),
        lambda: retex.noter_constat(etablissement=ecole, saisie=ecrit, cle=uuid.uuid4(), **qui, **date),
        lambda: retex.modifier_constat(constat=constat, base=ecrit, saisie=ecrit, **qui, **date),
        lambda: retex.dire_utile(constat=constat, etablissement=ecole, utile=False, **qui, **date),
        lambda: besoins.retenir_besoin(
            etablissement=ecole,
            saisie=besoins.SaisieBesoin(annee, "indicateur", "PIL-1-1", "Une lettre", "", None),
            **qui,
            **date,
        ),
        lambda: besoins.modifier_besoin(
            besoin=besoin, base=besoins.lire_besoin(besoin), saisie=besoins.lire_besoin(besoin), **qui
        ),
        lambda: besoins.mettre_a_l_ordre_du_jour(besoin=besoin, inscrit=True, **qui),
        lambda: matrice.delier(besoin=besoin, axe=axe.pk, **qui),
        lambda: axes.ouvrir_axe(etablissement=ecole, annee=annee, saisie=lu, **qui, **date),
        lambda: axes.modifier_axe(axe=axe, base=lu, saisie=lu, **qui),
        lambda: axes.clore_axe(axe=axe, **qui, **date),
        lambda: axes.rouvrir_axe(axe=axe, **qui),
        lambda: reprendre_proposition(etablissement=ecole, annee=annee, code="PIL-1-1", **qui),
        lambda: demandes.modifier_demande(
            demande=demande, version=1, saisie=demandes.lire_demande(demande), **qui, **date
        ),
        lambda: actions.creer_action(etablissement=ecole, saisie=une_saisie(ecole), **qui, **date),
        lambda: actions.modifier_action(
            action=action, base=actions.lire_saisie(action), saisie=actions.lire_saisie(action), **qui, **date
        ),
        lambda: commentaires.retirer_commentaire(commentaire=dit, **qui, **date),
        lambda: indicateurs.ajouter_indicateur(action=action, saisie=indicateurs.lire_saisie(suivi), **qui, **date),
        lambda: releves.enregistrer_releve(
            indicateur=suivi, saisie=releves.SaisieReleve(MAINTENANT.date(), 4), remplace=None, **qui, **date
        ),
        lambda: tourner_la_page(etablissement=ecole, annee=annee, decisions=[], axes_a_clore=[], **qui, **date),
        lambda: mettre_a_la_corbeille(objet=axe, **qui, **date),
        lambda: restaurer(objet=jete, **qui, **date),
    ]
    for acte in actes:
        with pytest.raises(Empeche, match=FERME):
            acte()


def test_ses_indicateurs_ne_se_relevent_plus_seuls(monde):
    un_indicateur(une_action(monde.college), mesure="actions-en-retard")
    assert releves.relever_les_mesures(maintenant=MAINTENANT) == 1
    monde.college.etat = "ferme"
    monde.college.save()
    assert releves.relever_les_mesures(maintenant=MAINTENANT + datetime.timedelta(days=40)) == 0
    assert IndicateurSuivi.objects.get().releves.count() == 1
