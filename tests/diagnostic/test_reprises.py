"""Answers that travel from version to version: only what changed is asked again, and what is signed never moves."""

import datetime
import hashlib
from threading import Event

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from diagnostic.domain.cotation import Valeur
from diagnostic.domain.preuves import ajouter_preuve
from diagnostic.domain.reponses import (
    AUTRE_VERSION,
    Enregistree,
    Saisie,
    commencer_diagnostic,
    enregistrer_champ,
    enregistrer_reponse,
)
from diagnostic.domain.reprises import changer_la_version, passer_a_la_version, reprendre_l_an_dernier
from diagnostic.domain.signature import rouvrir_diagnostic
from diagnostic.domain.versions import preparer_version, publier_version
from diagnostic.models import Diagnostic, Reponse
from diagnostic.queries.etat import etat_du_diagnostic
from diagnostic.queries.questionnaire import questionnaire
from strategie.socle.domain.calendrier import annee_suivante
from strategie.socle.domain.empechement import Empeche
from tests.diagnostic.test_courses import ensemble
from tests.diagnostic.versions import (
    ABANDONNE,
    CHANGES,
    DISPARUS,
    FUSION,
    FUSIONNES,
    NOUVEAU,
    PARTIES,
    REFORMULE,
    SCINDE,
    ajouter_indicateur,
    brouillon_change,
    fusionner,
    lire,
    redaction,
    retirer,
    version_suivante,
)
from tests.dossier import campagne_ouverte, signer


@pytest.fixture
def v2(monde, referentiel, maintenant):
    return version_suivante(referentiel, monde.academie, monde.rectorat, maintenant)


def relu(diagnostic: Diagnostic) -> Diagnostic:
    lus = Diagnostic.objects.select_related("etablissement", "campagne__academie", "referentiel")
    return lus.get(pk=diagnostic.pk)


def codes(diagnostic: Diagnostic) -> set[str]:
    return {indicateur.code for indicateur in questionnaire(diagnostic.referentiel)}


def dites(diagnostic: Diagnostic) -> dict[str, tuple[str, bool]]:
    """What is kept for each indicator of the diagnostic's version: its value, and whether to confirm it."""
    reponses = Reponse.objects.filter(diagnostic=diagnostic, indicateur__referentiel=diagnostic.referentiel)
    return {r.indicateur.code: (r.valeur, r.a_reconfirmer) for r in reponses.select_related("indicateur")}


def qui_comptent(diagnostic: Diagnostic) -> dict[str, str]:
    etat = etat_du_diagnostic(diagnostic)
    return {e.indicateur.code: e.valeur.value for c in etat.champs for e in c.concernes if e.valeur is not None}


def a_demander(diagnostic: Diagnostic) -> set[str]:
    """The indicators that the school is asked and has not, or no longer, answered."""
    etat = etat_du_diagnostic(diagnostic)
    return {e.indicateur.code for c in etat.champs for e in c.concernes if e.valeur is None}


def changer(monde, campagne, version) -> None:
    changer_la_version(campagne=campagne, referentiel=version, auteur=monde.rectorat, maintenant=timezone.now())


def rouvrir(monde, diagnostic: Diagnostic) -> Diagnostic:
    rouvrir_diagnostic(
        diagnostic=diagnostic, motif="Une question a changé.", auteur=monde.chef, maintenant=timezone.now()
    )
    return relu(diagnostic)


def test_seul_ce_qui_change_est_redemande_et_le_signe_ne_bouge_pas(client, monde, campagne, v2, tout_repondre):
    """The school that has signed v1, and the one that is half-way, when the campaign moves to v2."""
    maintenant = timezone.now()
    signee, a_mi_chemin = (
        commencer_diagnostic(etablissement=ecole, campagne=campagne, auteur=monde.chef, maintenant=maintenant)
        for ecole in (monde.college, monde.voisin_college)
    )
    tout_repondre(signee)
    copie = signer(signee, monde.chef, maintenant)
    moitie = [REFORMULE, SCINDE, *FUSIONNES, ABANDONNE, "PIL-1-1", "FOR-1-1"]
    enregistrer_champ(
        diagnostic=a_mi_chemin,
        saisies=[Saisie(code, "en_partie", "", "", 0) for code in moitie],
        auteur=monde.chef,
        maintenant=maintenant,
    )
    adresse = [monde.college.uai, campagne.annee_scolaire, 1]
    client.force_login(monde.chef)
    fichiers = [client.get(reverse(nom, args=adresse)).content for nom in ("diagnostic_pdf", "diagnostic_json")]
    empreintes = [hashlib.sha256(contenu).hexdigest() for contenu in fichiers]
    assert empreintes == [copie.sha256_pdf, copie.sha256_contenu]
    v1 = relu(signee).referentiel

    changer(monde, campagne, v2)

    # The one that is half-way: what is kept counts as before, what changed waits to be confirmed, nothing else moved.
    a_mi_chemin = relu(a_mi_chemin)
    assert a_mi_chemin.referentiel == v2
    assert qui_comptent(a_mi_chemin) == {"PIL-1-1": "en_partie", "FOR-1-1": "en_partie"}
    assert dites(a_mi_chemin) == {
        **dict.fromkeys(["PIL-1-1", "FOR-1-1"], ("en_partie", False)),
        **dict.fromkeys([REFORMULE, *PARTIES, FUSION], ("en_partie", True)),
    }
    # The one that has signed: nothing at all moved, down to the bytes.
    signee = relu(signee)
    assert (signee.referentiel, signee.etat) == (v1, "soumis")
    assert [client.get(reverse(nom, args=adresse)).content for nom in ("diagnostic_pdf", "diagnostic_json")] == fichiers
    copie.refresh_from_db()
    assert [copie.sha256_pdf, copie.sha256_contenu] == empreintes

    # Opened again, it follows: only what changed is asked.
    avant = qui_comptent(signee)
    rouverte = rouvrir(monde, signee)
    assert rouverte.referentiel == v2
    assert a_demander(rouverte) == CHANGES
    assert qui_comptent(rouverte) == {code: avant[code] for code in avant if code not in DISPARUS | CHANGES}
    assert [client.get(reverse(nom, args=adresse)).content for nom in ("diagnostic_pdf", "diagnostic_json")] == fichiers


def test_le_nouvel_indicateur_d_internat_n_est_demande_qu_a_l_internat(monde, campagne, v2, brouillon, tout_repondre):
    tout_repondre(brouillon)
    monde.college.internat = False
    monde.college.save()
    changer(monde, campagne, v2)
    assert a_demander(relu(brouillon)) == CHANGES - {NOUVEAU}


def test_l_annee_suivante_part_de_la_version_d_avant(monde, campagne, v2, brouillon, tout_repondre):
    maintenant = timezone.now()
    tout_repondre(brouillon, {FUSIONNES[0]: Valeur.non})
    signer(brouillon, monde.chef, maintenant)
    suivante = campagne_ouverte(monde.academie, annee_suivante(campagne.annee_scolaire), v2, maintenant)
    diagnostic = commencer_diagnostic(
        etablissement=monde.college, campagne=suivante, auteur=monde.chef, maintenant=maintenant
    )
    reprises = reprendre_l_an_dernier(diagnostic=diagnostic, auteur=monde.chef, maintenant=maintenant)
    diagnostic = relu(diagnostic)
    attendues = codes(diagnostic) - {NOUVEAU, FUSION}  # the old ones that become FUSION did not agree
    assert (reprises, dites(diagnostic)) == (len(attendues), dict.fromkeys(attendues, ("oui", True)))
    assert qui_comptent(diagnostic) == {}


def test_d_une_version_a_l_autre_puis_a_la_suivante(monde, campagne, v2, brouillon, tout_repondre):
    """v1 → v2 → v3, step by step for one school and at once for the other: both say the same."""
    maintenant = timezone.now()
    d_un_coup = commencer_diagnostic(
        etablissement=monde.voisin_college, campagne=campagne, auteur=monde.chef, maintenant=maintenant
    )
    for diagnostic in (brouillon, d_un_coup):
        tout_repondre(diagnostic)
    v3 = preparer_version(precedent=v2, academie=monde.academie, auteur=monde.rectorat)
    retirer(v3, "FOR-1-1", monde.rectorat)
    ajouter_indicateur(
        referentiel=v3,
        champ="FOR",
        code="FOR-1-9",
        redaction=redaction(v2, "FOR-1-1"),
        auteur=monde.rectorat,
    )
    fusionner(v3, PARTIES, "PIL-1-9", monde.rectorat)
    publier_version(referentiel=v3, auteur=monde.rectorat, maintenant=maintenant)
    passer_a_la_version([relu(brouillon)], v2, monde.rectorat, maintenant)
    passer_a_la_version([relu(brouillon)], v3, monde.rectorat, maintenant)
    passer_a_la_version([relu(d_un_coup)], v3, monde.rectorat, maintenant)
    assert dites(relu(brouillon)) == dites(relu(d_un_coup))
    # What v2 asked again is still to confirm in v3; what was given up, then asked again, starts from nothing.
    assert a_demander(relu(brouillon)) == (CHANGES - set(PARTIES)) | {"PIL-1-9", "FOR-1-9"}
    assert "FOR-1-9" not in dites(relu(brouillon))


def test_passer_deux_fois_ne_change_rien(monde, campagne, v2, brouillon, tout_repondre):
    tout_repondre(brouillon)
    changer(monde, campagne, v2)
    avant = list(Reponse.objects.order_by("pk").values())
    changer(monde, campagne, v2)
    passer_a_la_version([relu(brouillon)], v2, monde.rectorat, timezone.now())
    assert list(Reponse.objects.order_by("pk").values()) == avant


def test_les_diagnostics_en_attente_partent_de_la_nouvelle_version(monde, campagne, v2, brouillon):
    changer(monde, campagne, v2)
    versions = dict(campagne.diagnostics.values_list("etablissement__uai", "referentiel"))
    assert versions == dict.fromkeys([e.uai for e in (monde.college, monde.voisin_college, monde.lointain)], v2.pk)


def test_les_textes_se_joignent_dans_l_ordre_du_referentiel(monde, campagne, v2, brouillon, maintenant):
    saisies = [
        Saisie(FUSIONNES[0], "sans_objet", "Pas de projet", "Zoé : vu en conseil", 0),
        Saisie(FUSIONNES[1], "sans_objet", "Pas d'équipe", "Alice : à revoir", 0),
    ]
    enregistrer_champ(diagnostic=brouillon, saisies=saisies, auteur=monde.chef, maintenant=maintenant)
    changer(monde, campagne, v2)
    reponse = Reponse.objects.get(diagnostic=brouillon, indicateur__code=FUSION)
    assert (reponse.valeur, reponse.motif, reponse.commentaire, reponse.a_reconfirmer) == (
        "sans_objet",
        "Pas de projet\nPas d'équipe",
        "Zoé : vu en conseil\nAlice : à revoir",
        True,
    )


def test_des_reponses_qui_different_ne_font_pas_une_reponse(monde, campagne, v2, brouillon, maintenant):
    saisies = [
        Saisie(FUSIONNES[0], "oui", "", "Le même mot", 0),
        Saisie(FUSIONNES[1], "non", "", "Le même mot", 0),
    ]
    enregistrer_champ(diagnostic=brouillon, saisies=saisies, auteur=monde.chef, maintenant=maintenant)
    changer(monde, campagne, v2)
    reponse = Reponse.objects.get(diagnostic=brouillon, indicateur__code=FUSION)
    assert (reponse.valeur, reponse.commentaire, reponse.a_reconfirmer) == ("", "Le même mot", False)


def test_les_preuves_suivent_une_fois(monde, campagne, referentiel, v2, brouillon, maintenant):
    for code in (*FUSIONNES, SCINDE, "PIL-1-1", ABANDONNE):
        ajouter_preuve(
            diagnostic=brouillon,
            indicateur=lire(referentiel, code),
            intitule="Charte",
            date_piece=None,
            lien="https://exemple.invalid/charte",
            piece=None,
            auteur=monde.chef,
            maintenant=maintenant,
        )
    changer(monde, campagne, v2)
    venues = brouillon.preuves.filter(indicateur__referentiel=v2).values_list("indicateur__code", flat=True)
    assert sorted(venues) == sorted([FUSION, *PARTIES, "PIL-1-1"])


# --- Refusals -----------------------------------------------------------------------------------------
def test_une_campagne_terminee_garde_sa_version(monde, campagne, v2):
    campagne.date_ouverture = campagne.date_cloture = timezone.localdate() - timezone.timedelta(days=60)
    campagne.save()
    with pytest.raises(Empeche, match="Cette campagne est terminée"):
        changer(monde, campagne, v2)


def test_une_version_qui_ne_suit_pas_est_refusee(monde, campagne, referentiel, v2):
    changer(monde, campagne, v2)
    with pytest.raises(Empeche, match="n'est pas une suite de"):
        changer(monde, campagne, referentiel)


def test_un_brouillon_de_version_est_refuse(monde, campagne, referentiel):
    version = brouillon_change(referentiel, monde.academie, monde.rectorat)
    with pytest.raises(Empeche, match="n'est pas encore publiée"):
        changer(monde, campagne, version)


def test_une_page_ouverte_avant_ne_confirme_pas_des_mots_qu_elle_n_a_pas_montres(monde, campagne, v2, brouillon):
    """The carried answer is one version further: the old page meets a conflict."""
    ouverte = Saisie(REFORMULE, "oui", "", "", 0)
    enregistrer_reponse(diagnostic=relu(brouillon), saisie=ouverte, auteur=monde.chef, maintenant=timezone.now())
    changer(monde, campagne, v2)
    resultat = enregistrer_reponse(
        diagnostic=relu(brouillon),
        saisie=Saisie(REFORMULE, "non", "", "", 1),
        auteur=monde.referent,
        maintenant=timezone.now(),
    )
    assert resultat.actuelle.valeur == "oui"
    assert dites(relu(brouillon)) == {REFORMULE: ("oui", True)}


def test_une_page_ouverte_avant_est_refusee_sans_rien_perdre(client, monde, campagne, v2, brouillon):
    """A question never answered has no version to compare: the page says which questions it showed."""
    avant = relu(brouillon).referentiel_id
    changer(monde, campagne, v2)
    client.force_login(monde.chef)
    ecole = [monde.college.uai, campagne.annee_scolaire]
    saisie = {"valeur": "oui", "motif": "", "commentaire": "Vu ensemble", "version": "0"}
    adresse = reverse("diagnostic_reponse", args=[*ecole, REFORMULE])
    reponse = client.post(f"{adresse}?referentiel={avant}", saisie)
    assert (reponse.status_code, reponse.json()) == (422, {"message": AUTRE_VERSION})
    adresse = reverse("diagnostic_champ", args=[*ecole, "PIL"])
    entiere = {f"{REFORMULE}-{nom}": valeur for nom, valeur in saisie.items()}
    page = client.post(f"{adresse}?referentiel={avant}", entiere)
    assert (page.status_code, "Vu ensemble" in page.content.decode()) == (422, True)
    assert dites(relu(brouillon)) == {}
    assert client.post(f"{adresse}?referentiel={v2.pk}", entiere).status_code == 302
    assert dites(relu(brouillon)) == {REFORMULE: ("oui", False)}


# --- Races --------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("code", ["PIL-1-1", REFORMULE, SCINDE, ABANDONNE])
def test_une_reponse_pendant_le_changement_est_portee_ou_refusee(monde, campagne, v2, brouillon, code):
    """The answer is sent while the move is being committed: it waits, then is refused in words."""
    change, envoyee = Event(), Event()

    def deplacer() -> None:
        with transaction.atomic():
            changer(monde, campagne, v2)
            change.set()
            envoyee.wait(timeout=2)

    def repondre() -> object:
        lu = relu(brouillon)
        assert change.wait(timeout=30)
        envoyee.set()
        return enregistrer_reponse(
            diagnostic=lu, saisie=Saisie(code, "oui", "", "", 0), auteur=monde.chef, maintenant=timezone.now()
        )

    _, dit = ensemble(deplacer, repondre)
    assert (dit, Reponse.objects.count()) == (AUTRE_VERSION, 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("tour", range(5))
def test_une_reponse_et_le_changement_ensemble(monde, campagne, v2, brouillon, tour):
    lu = relu(brouillon)

    def repondre() -> object:
        saisie = Saisie("PIL-1-1", "oui", "", "", 0)
        return enregistrer_reponse(diagnostic=lu, saisie=saisie, auteur=monde.chef, maintenant=timezone.now())

    _, dit = ensemble(lambda: changer(monde, campagne, v2), repondre)
    attendues = {Enregistree("PIL-1-1", 1): {"PIL-1-1": ("oui", False)}, AUTRE_VERSION: {}}
    assert dites(relu(brouillon)) == attendues[dit]
    assert relu(brouillon).referentiel == v2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("tour", range(5))
def test_commencer_rouvrir_et_changer_ensemble(monde, campagne, v2, brouillon, tout_repondre, tour):
    """Whoever comes first, nobody is left behind on the old version."""
    tout_repondre(brouillon)
    signer(brouillon, monde.chef, timezone.now())
    Diagnostic.objects.filter(etablissement=monde.lointain).delete()  # a school that the register brings later

    def commencer(ecole):
        return lambda: commencer_diagnostic(
            etablissement=ecole, campagne=campagne, auteur=monde.chef, maintenant=timezone.now()
        )

    ensemble(
        lambda: changer(monde, campagne, v2),
        commencer(monde.voisin_college),
        commencer(monde.lointain),
        lambda: rouvrir(monde, brouillon),
    )
    assert set(Diagnostic.objects.values_list("etat", "referentiel")) == {("brouillon", v2.pk), ("rouvert", v2.pk)}


def test_qui_a_repondu_le_reste_quand_la_version_change(monde, brouillon, tout_repondre, v2, maintenant):
    """The rectorat moves a campaign: it has answered nothing."""
    tout_repondre(brouillon)
    apres = maintenant + datetime.timedelta(hours=1)
    changer_la_version(campagne=brouillon.campagne, referentiel=v2, auteur=monde.rectorat, maintenant=apres)
    venues = Reponse.objects.filter(diagnostic=brouillon, indicateur__referentiel=v2)
    assert venues.count() > len(CHANGES)
    assert set(venues.values_list("modifiee_par", "modifiee_le")) == {(monde.chef.pk, maintenant)}
