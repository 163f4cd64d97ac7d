"""Preparing, changing, comparing and publishing a version: acts of a rectorat, in the browser."""

from functools import partial
from threading import Event

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from diagnostic.domain.brouillons import (
    ModifieEntreTemps,
    Partie,
    SensADire,
    corriger_la_suite,
    deplacer_indicateur,
    modifier_indicateur,
    scinder_indicateur,
)
from diagnostic.domain.reponses import commencer_diagnostic
from diagnostic.domain.reprises import changer_la_version
from diagnostic.domain.signature import RELIRE, rouvrir_diagnostic
from diagnostic.domain.versions import preparer_version, publier_version
from diagnostic.models import Correspondance, Indicateur, Referentiel
from diagnostic.queries.comparaison import comparer, mots_changes
from diagnostic.queries.effets import effets_de_la_version
from diagnostic.queries.referentiels import defauts_de_publication, empreinte_de, suite_de
from strategie.socle.domain.empechement import Empeche
from tests.diagnostic.courses import PATIENCE, attendre_un_verrou, ensemble, signature
from tests.diagnostic.versions import (
    ABANDONNE,
    CHANGES,
    FUSION,
    FUSIONNES,
    NOUVEAU,
    PARTIES,
    REFORMULE,
    SCINDE,
    brouillon_change,
    fusionner,
    lire,
    redaction,
    reformuler,
    retirer,
    version_suivante,
)
from tests.dossier import signer


@pytest.fixture
def version(monde, referentiel) -> Referentiel:
    return preparer_version(precedent=referentiel, academie=monde.academie, auteur=monde.rectorat)


def liens(version: Referentiel, *codes: str) -> set[tuple[str, str | None, str | None]]:
    """The links of the version that are not plain copies, or those of these codes."""
    tous = set(version.correspondances.values_list("nature", "ancien__code", "nouveau__code"))
    if codes:
        return {lien for lien in tous if {lien[1], lien[2]} & set(codes)}
    return {lien for lien in tous if lien[0] != "conserve"}


def scinder(version, code, codes, auteur):
    return scinder_indicateur(
        referentiel=version,
        code=code,
        parties=[Partie(un, f"Énoncé de {un}.", "Preuve") for un in codes],
        lu=empreinte_de(lire(version, code)),
        auteur=auteur,
    )


# --- Preparing ----------------------------------------------------------------------------------------
def test_une_copie_ou_tout_est_conserve(referentiel, version, monde):
    contenu = ["code", "palier", "ordre", "enonce", "preuve", "levier", "portee", "mesure", "bloquant", "si_internat"]
    assert (version.version, version.academie, version.precedent, version.publie) == (
        2,
        monde.academie,
        referentiel,
        False,
    )
    for partie in ("paliers", "champs"):
        noms = ["libelle"]
        assert list(getattr(version, partie).values_list(*noms)) == list(
            getattr(referentiel, partie).values_list(*noms)
        )
    assert list(version.indicateurs.values_list(*contenu)) == list(referentiel.indicateurs.values_list(*contenu))
    regle = ["code", "gravite", "phrase", "si__code", "si_valeurs", "alors__code", "alors_valeurs"]
    assert list(version.regles.values_list(*regle)) == list(referentiel.regles.values_list(*regle))
    assert liens(version) == set()
    assert version.correspondances.count() == 82
    assert defauts_de_publication(suite_de(version)) == []


@pytest.mark.django_db(transaction=True)
def test_deux_clics_font_un_brouillon(monde, referentiel):
    def preparer() -> int:
        return preparer_version(precedent=referentiel, academie=monde.academie, auteur=monde.rectorat).pk

    assert len(set(ensemble(*[preparer] * 4))) == 1
    assert Referentiel.objects.count() == 2


def test_chaque_academie_a_le_sien(client, monde, referentiel, version):
    autre = preparer_version(precedent=referentiel, academie=monde.autre_academie, auteur=monde.rectorat_ailleurs)
    assert (autre.version, autre != version) == (2, True)
    client.force_login(monde.rectorat)
    page = client.get(reverse("referentiels")).content.decode()
    assert reverse("referentiel", args=[version.pk]) in page
    assert reverse("referentiel", args=[autre.pk]) not in page


# --- Changing -----------------------------------------------------------------------------------------
def test_chaque_acte_tient_les_correspondances(monde, referentiel):
    version = brouillon_change(referentiel, monde.academie, monde.rectorat)
    assert liens(version) == {
        ("reformule", REFORMULE, REFORMULE),
        *(("scinde", SCINDE, partie) for partie in PARTIES),
        *(("fusionne", ancien, FUSION) for ancien in FUSIONNES),
        ("abandonne", ABANDONNE, None),
        ("nouveau", None, NOUVEAU),
    }
    assert defauts_de_publication(suite_de(version)) == []
    codes = list(version.indicateurs.values_list("code", flat=True))
    assert codes[:7] == ["PIL-1-1", REFORMULE, *PARTIES, "PIL-1-4", "PIL-1-5", FUSION]
    assert list(version.indicateurs.values_list("ordre", flat=True)) == list(range(1, 83))


def test_une_faute_de_frappe_est_conservee_un_autre_sens_est_reformule(monde, version):
    reformuler(version, "PIL-1-1", "Un référent numérique est désigné, et tous savent qui.", monde.rectorat, sens=False)
    assert liens(version, "PIL-1-1") == {("conserve", "PIL-1-1", "PIL-1-1")}
    reformuler(version, "PIL-1-1", "Un référent est nommé.", monde.rectorat, sens=True)
    assert liens(version, "PIL-1-1") == {("reformule", "PIL-1-1", "PIL-1-1")}


def test_le_sens_se_dit_quand_l_enonce_change(monde, version):
    with pytest.raises(SensADire):
        modifier_indicateur(
            referentiel=version,
            code="PIL-1-1",
            redaction=redaction(version, "PIL-1-1", enonce="Autre chose."),
            sens_change=None,
            lu=empreinte_de(lire(version, "PIL-1-1")),
            auteur=monde.rectorat,
        )


def test_retirer_une_partie_garde_l_autre(monde, version):
    scinder(version, SCINDE, PARTIES, monde.rectorat)
    retirer(version, PARTIES[0], monde.rectorat)
    assert liens(version) == {("reformule", SCINDE, PARTIES[1])}
    retirer(version, PARTIES[1], monde.rectorat)
    assert liens(version) == {("abandonne", SCINDE, None)}


def test_retirer_une_fusion_abandonne_ses_sources(monde, version):
    fusionner(version, FUSIONNES, FUSION, monde.rectorat)
    retirer(version, FUSION, monde.rectorat)
    assert liens(version) == {("abandonne", ancien, None) for ancien in FUSIONNES}


def test_monter_et_descendre_dans_le_palier(monde, version):
    deplacer_indicateur(referentiel=version, code="PIL-1-2", vers_le_haut=True, auteur=monde.rectorat)
    deplacer_indicateur(referentiel=version, code="PIL-1-2", vers_le_haut=True, auteur=monde.rectorat)
    assert list(version.indicateurs.values_list("code", flat=True))[:3] == ["PIL-1-2", "PIL-1-1", "PIL-1-3"]


def test_deux_personnes_rien_ne_se_perd_en_silence(monde, version):
    lu = empreinte_de(lire(version, "PIL-1-1"))
    reformuler(version, "PIL-1-1", "Ce que dit la première.", monde.rectorat)
    with pytest.raises(ModifieEntreTemps):
        modifier_indicateur(
            referentiel=version,
            code="PIL-1-1",
            redaction=redaction(version, "PIL-1-1", enonce="Ce que dit la seconde."),
            sens_change=True,
            lu=lu,
            auteur=monde.rectorat,
        )
    assert lire(version, "PIL-1-1").enonce == "Ce que dit la première."


@pytest.mark.parametrize(
    ("code", "phrase"),
    [
        ("PIL-1-1", "Le code PIL-1-1 sert déjà à un autre indicateur de cette version."),
        ("PIL-2-1", "Le code PIL-2-1 servait déjà à un autre indicateur, dans la version 1"),
        ("pil 1", "n'a pas la bonne forme"),
    ],
)
def test_un_code_qui_ne_convient_pas_est_refuse_par_son_nom(monde, version, code, phrase):
    retirer(version, "PIL-2-1", monde.rectorat)
    with pytest.raises(Empeche, match=phrase):
        scinder(version, SCINDE, (code, "PIL-1-7"), monde.rectorat)
    assert liens(version, SCINDE) == {("conserve", SCINDE, SCINDE)}


def test_corriger_ce_que_devient_un_ancien(monde, version):
    retirer(version, ABANDONNE, monde.rectorat)
    corriger_la_suite(
        referentiel=version,
        ancien=ABANDONNE,
        nature="fusionne",
        nouveaux=["PIL-3-4"],
        lu=empreinte_de(*version.correspondances.filter(ancien__code=ABANDONNE)),
        auteur=monde.rectorat,
    )
    assert [defaut.replace("\u00a0", " ") for defaut in defauts_de_publication(suite_de(version))] == [
        "L'ancien indicateur PIL-3-4 est dit conservé : il a une seule suite, qui n'a pas d'autre origine."
    ]


# --- Publishing ---------------------------------------------------------------------------------------
def test_une_version_publiee_est_figee(monde, version):
    publiee = publier_version(referentiel=version, auteur=monde.rectorat, maintenant=timezone.now())
    assert publier_version(referentiel=version, auteur=monde.rectorat, maintenant=timezone.now()) == publiee
    with pytest.raises(Empeche, match="Cette version est publiée"):
        reformuler(version, "PIL-1-1", "Trop tard.", monde.rectorat)
    for lignes in (Indicateur.objects, Correspondance.objects):
        with pytest.raises(DatabaseError, match="elle ne change plus"), transaction.atomic():
            lignes.filter(referentiel=version).delete()


def test_une_suite_en_rond_est_refusee_par_son_nom(monde, referentiel, version):
    """Two drafts that follow one another: the database alone could hold it."""
    Referentiel.objects.filter(pk=version.pk).update(precedent=version)
    version = Referentiel.objects.get(pk=version.pk)
    assert any("c'est un cycle" in defaut for defaut in defauts_de_publication(suite_de(version)))


def test_l_apercu_compte_les_ecoles_que_chaque_changement_interroge(monde, campagne, referentiel, tout_repondre):
    maintenant = timezone.now()
    signee, ouverte = (
        commencer_diagnostic(etablissement=ecole, campagne=campagne, auteur=monde.chef, maintenant=maintenant)
        for ecole in (monde.college, monde.voisin_college)
    )
    for diagnostic in (signee, ouverte):
        tout_repondre(diagnostic)
    signer(signee, monde.chef, maintenant)
    ouverte.reponses.filter(indicateur__code=REFORMULE).delete()
    monde.lointain.internat = False
    monde.lointain.save()
    version = brouillon_change(referentiel, monde.academie, monde.rectorat)
    jour = campagne.jour_local(maintenant)
    effets = effets_de_la_version(suite_de(version), monde.academie, jour)
    assert {e.indicateur.code: (e.nature, e.etablissements, e.en_cours, e.signes) for e in effets} == {
        REFORMULE: ("reformule", 3, 0, 1),
        PARTIES[0]: ("scinde", 3, 1, 1),
        PARTIES[1]: ("scinde", 3, 1, 1),
        FUSION: ("fusionne", 3, 1, 1),
        NOUVEAU: ("nouveau", 2, 0, 0),
    }


# --- Comparing ----------------------------------------------------------------------------------------
def test_comparer_dit_la_nature_et_les_mots(monde, referentiel):
    version = brouillon_change(referentiel, monde.academie, monde.rectorat)
    comparaison = comparer(version, referentiel)
    assert dict(comparaison.comptes) == {
        "Conservé": 77,
        "Reformulé": 1,
        "Scindé": 2,
        "Fusionné": 1,
        "Abandonné": 1,
        "Nouveau": 1,
    }
    montres = {c.nouveau.code for champ in comparaison.champs for c in champ.a_montrer if c.nouveau}
    assert montres == CHANGES
    assert [ecart.quoi for ecart in comparaison.ecarts] == ["Règle P01"]  # it cited PIL-2-2


def test_les_mots_retires_et_ajoutes():
    morceaux = mots_changes("Le plan est écrit et voté.", "Le plan est voté.")
    assert [(m.sorte, m.texte) for m in morceaux] == [
        ("egal", "Le plan est "),
        ("retire", "écrit et "),
        ("egal", "voté."),
    ]


# --- Screens ------------------------------------------------------------------------------------------
def formulaire(page) -> dict[str, object]:
    """What the form of the page would send as it stands."""
    fields = page.context["formulaire"]
    return {nom: fields[nom].value() if fields[nom].value() not in (None, False) else "" for nom in fields.fields}


def test_l_ecran_demande_si_le_sens_change_et_garde_la_saisie(client, monde, version):
    client.force_login(monde.rectorat)
    adresse = reverse("referentiel_indicateur", args=[version.pk, "PIL-1-1"])
    saisie = formulaire(client.get(adresse)) | {"enonce": "Personne n'a encore été nommé cette année."}
    page = client.post(adresse, saisie)
    assert page.status_code == 422
    assert "dites si le sens change aussi" in page.content.decode()
    assert page.context["formulaire"]["sens"].value() == "oui"
    assert page.context["formulaire"]["enonce"].value() == saisie["enonce"]
    assert client.post(adresse, saisie | {"sens": "oui"}).status_code == 302
    assert liens(version) == {("reformule", "PIL-1-1", "PIL-1-1")}


def test_l_ecran_montre_ce_qu_un_autre_a_change_puis_garde_le_sien(client, monde, version):
    client.force_login(monde.rectorat)
    adresse = reverse("referentiel_indicateur", args=[version.pk, "PIL-1-1"])
    saisie = formulaire(client.get(adresse)) | {"preuve": "Ma preuve"}
    reformuler(version, "PIL-1-1", "Un collègue a récrit.", monde.rectorat)
    page = client.post(adresse, saisie | {"sens": "non"})
    assert page.status_code == 422
    assert "Un collègue a récrit." in page.content.decode()
    assert lire(version, "PIL-1-1").preuve != "Ma preuve"
    assert client.post(adresse, formulaire(page)).status_code == 302
    assert lire(version, "PIL-1-1").preuve == "Ma preuve"


def test_l_ecran_de_publication_nomme_les_defauts_et_ne_publie_pas(client, monde, version):
    version.correspondances.filter(ancien__code="PIL-1-1").delete()
    client.force_login(monde.rectorat)
    page = client.post(reverse("referentiel_publier", args=[version.pk]))
    assert page.status_code == 422
    assert "L&#x27;ancien indicateur PIL-1-1 n&#x27;a pas de correspondance" in page.content.decode()
    version.refresh_from_db()
    assert not version.publie


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("nom", "arguments"),
    [
        ("referentiel_deplacer", ["PIL-1-1"]),
        ("referentiel_regle_retirer", ["P01"]),
        ("referentiel_supprimer", []),
    ],
)
def test_publiee_pendant_l_acte_la_version_ne_change_plus_et_la_page_le_dit(client, monde, version, nom, arguments):
    client.force_login(monde.rectorat)
    tenue = Event()

    def publier() -> None:
        with transaction.atomic():
            publier_version(referentiel=version, auteur=monde.rectorat, maintenant=timezone.now())
            tenue.set()
            attendre_un_verrou()

    def agir() -> str:
        assert tenue.wait(PATIENCE)
        page = client.post(reverse(nom, args=[version.pk, *arguments]), follow=True)
        return page.content.decode()

    _, page = ensemble(publier, agir)
    assert "Cette version est publiée\u00a0: elle ne" in page
    assert (version.indicateurs.count(), version.regles.filter(code="P01").count()) == (82, 1)


@pytest.mark.django_db(transaction=True)
def test_deux_rectorats_deplacent_la_campagne_ensemble(client, monde, campagne, version):
    """One to the newest version, the other to the one before: the second reads why, and not an error page."""
    suivante = publier_version(referentiel=version, auteur=monde.rectorat, maintenant=timezone.now())
    derniere = preparer_version(precedent=suivante, academie=monde.academie, auteur=monde.rectorat)
    derniere = publier_version(referentiel=derniere, auteur=monde.rectorat, maintenant=timezone.now())
    client.force_login(monde.rectorat)
    tenue = Event()

    def deplacer() -> None:
        with transaction.atomic():
            changer_la_version(
                campagne=campagne, referentiel=derniere, auteur=monde.rectorat, maintenant=timezone.now()
            )
            tenue.set()
            attendre_un_verrou()

    def deplacer_aussi() -> tuple[int, bool]:
        assert tenue.wait(PATIENCE)
        page = client.post(reverse("campagne_version", args=[campagne.pk]), {"version": suivante.pk})
        return page.status_code, "pas une suite de" in page.content.decode()

    assert ensemble(deplacer, deplacer_aussi) == [None, (422, True)]
    campagne.refresh_from_db()
    assert campagne.referentiel == derniere


@pytest.mark.django_db(transaction=True)
def test_signer_pendant_que_la_campagne_change_de_version_fait_relire(
    monde, campagne, referentiel, brouillon, tout_repondre
):
    tout_repondre(brouillon)
    suivante = version_suivante(referentiel, monde.academie, monde.rectorat, timezone.now())
    signer_ce_qui_est_lu = signature(monde, brouillon)
    tenue = Event()

    def deplacer() -> None:
        with transaction.atomic():
            changer_la_version(
                campagne=campagne, referentiel=suivante, auteur=monde.rectorat, maintenant=timezone.now()
            )
            tenue.set()
            attendre_un_verrou()

    def signer_aussi() -> object:
        assert tenue.wait(PATIENCE)
        return signer_ce_qui_est_lu()

    assert ensemble(deplacer, signer_aussi) == [None, RELIRE]


@pytest.mark.django_db(transaction=True)
def test_rouvrir_pendant_que_la_campagne_change_encore_de_version_la_suit(
    monde, campagne, referentiel, brouillon, tout_repondre
):
    """Signed on v1, opened again on v2 while the campaign moves to v3: it is not left behind."""
    tout_repondre(brouillon)
    signer(brouillon, monde.chef, timezone.now())
    versions = [version_suivante(referentiel, monde.academie, monde.rectorat, timezone.now())]
    suite = preparer_version(precedent=versions[0], academie=monde.academie, auteur=monde.rectorat)
    versions.append(publier_version(referentiel=suite, auteur=monde.rectorat, maintenant=timezone.now()))
    deplacer = partial(changer_la_version, campagne=campagne, auteur=monde.rectorat, maintenant=timezone.now())
    deplacer(referentiel=versions[0])
    tenue = Event()

    def rouvrir() -> None:
        with transaction.atomic():
            rouvrir_diagnostic(diagnostic=brouillon, motif="Erreur", auteur=monde.chef, maintenant=timezone.now())
            tenue.set()
            attendre_un_verrou()

    def deplacer_encore() -> None:
        assert tenue.wait(PATIENCE)
        deplacer(referentiel=versions[1])

    assert ensemble(rouvrir, deplacer_encore) == [None, None]
    brouillon.refresh_from_db()
    assert (brouillon.etat, brouillon.referentiel) == ("rouvert", versions[1])
    assert set(brouillon.reponses.filter(indicateur__referentiel=versions[1]).values_list("valeur", flat=True)) == {
        "oui"
    }


def test_un_champ_dont_tous_les_codes_ont_servi_se_change_encore(client, monde, version):
    modele = lire(version, "PIL-1-1")
    pris = set(version.indicateurs.values_list("code", flat=True))
    for code in {f"PIL-1-{rang}" for rang in range(1, 100)} - pris:
        modele.pk, modele.code = None, code
        modele.save()
    client.force_login(monde.rectorat)
    for nom, argument in (
        ("referentiel_ajouter", "PIL"),
        ("referentiel_fusionner", "PIL"),
        ("referentiel_scinder", "PIL-1-1"),
    ):
        page = client.get(reverse(nom, args=[version.pk, argument]))
        assert (page.status_code, "Premier code libre" in page.content.decode()) == (200, False)


def test_on_ne_publie_que_ce_qu_on_a_lu(client, monde, version):
    client.force_login(monde.rectorat)
    adresse = reverse("referentiel_publier", args=[version.pk])
    lu = client.get(adresse).context["lu"]
    reformuler(version, "PIL-1-1", "Un collègue a récrit.", monde.rectorat)
    page = client.post(adresse, {"lu": lu})
    version.refresh_from_db()
    assert (page.status_code, version.publie) == (422, False)
    assert "modifié ce brouillon depuis que vous avez ouvert cette page" in page.content.decode()
    assert "Un collègue a récrit." in page.content.decode()
    assert client.post(adresse, {"lu": page.context["lu"]}).status_code == 302
    version.refresh_from_db()
    assert version.publie


def test_la_campagne_change_de_version_a_l_ecran(client, monde, campagne, referentiel, brouillon, tout_repondre):
    tout_repondre(brouillon)
    version = brouillon_change(referentiel, monde.academie, monde.rectorat)
    client.force_login(monde.rectorat)
    adresse = reverse("campagne_version", args=[campagne.pk])
    client.post(reverse("referentiel_publier", args=[version.pk]))
    apercu = client.get(adresse, {"version": version.pk}).context["deplacement"]
    assert (apercu.ouverts, apercu.en_attente, apercu.signes) == (1, 2, 0)
    assert {e.quoi: (e.minimum, e.mediane, e.maximum) for e in apercu.etendues} == {
        "Réponses gardées telles quelles": (77, 77, 77),
        "Réponses à reconfirmer": (4, 4, 4),
        "Questions fusionnées dont les réponses différaient": (0, 0, 0),
        "Réponses à des questions abandonnées": (1, 1, 1),
        "Questions nouvelles": (1, 1, 1),
    }
    assert client.post(adresse, {"version": version.pk}).status_code == 302
    campagne.refresh_from_db()
    assert campagne.referentiel == version
