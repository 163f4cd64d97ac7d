"""Actions: written, merged, tied to one another."""

from plans.domain.actions import lire_saisie
from plans.models import Action
from tests.plans.plans import un_axe_adosse, une_action, une_action_publiee, une_saisie


def test_une_action_publiee_l_est(monde):
    axe = un_axe_adosse(monde.college)
    action = une_action_publiee(monde.college, axes=[axe])
    assert (action.etat, action.version) == ("a_venir", 2)
    assert lire_saisie(action) == une_saisie(
        monde.college, axes=frozenset({axe.pk}), fonction_porteuse="Référent numérique"
    )
    sous = une_action_publiee(monde.college, "Poser les câbles", parent=action)
    assert Action.objects.avec_justification().get(pk=sous.pk).justifiee
    assert not Action.objects.avec_justification().get(pk=une_action(monde.college).pk).justifiee
