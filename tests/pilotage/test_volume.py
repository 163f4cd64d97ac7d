"""The trial volume, at the scale of a district."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.urls import reverse

from diagnostic.domain.contenu import empreinte, json_canonique
from diagnostic.models import CopieSignee, Diagnostic
from diagnostic.queries.contenu import contenu_du_diagnostic
from diagnostic.queries.etat import etat_du_diagnostic
from strategie.pilotage.domain import volume
from strategie.pilotage.domain.volume import PDF
from strategie.pilotage.models import FaitChange, SyntheseTerritoire
from strategie.socle.models import Etablissement, Utilisateur
from strategie.socle.rules import lettre_uai

pytestmark = pytest.mark.django_db


def generer(graine: int = 1, **options) -> str:
    dit = StringIO()
    call_command("generer_volume", echelle="district", graine=graine, stdout=dit, **options)
    return dit.getvalue()


def sommes(graine: int) -> dict[tuple[str, str], int]:
    """Of a volume that is then undone."""
    with transaction.atomic():
        generer(graine)
        nation = SyntheseTerritoire.objects.filter(niveau="nation")
        dites = {(annee, mesure): n for annee, mesure, n in nation.values_list("annee_scolaire", "mesure", "valeur")}
        transaction.set_rollback(True)
    return dites


def test_une_graine_donne_toujours_le_meme_volume(referentiel):
    premieres = sommes(1)
    assert premieres["", "etablissements"] == 30
    assert sommes(1) == premieres
    autres = sommes(2)
    communes = premieres.keys() & autres.keys()
    assert sum(premieres[cle] != autres[cle] for cle in communes) > len(communes) / 2


def test_ce_qui_est_signe_est_ce_que_le_produit_aurait_signe(referentiel):
    generer()
    diagnostics = Diagnostic.objects.select_related(
        "etablissement__departement", "etablissement__academie", "campagne__academie", "referentiel"
    )
    vus = set()
    for diagnostic in diagnostics.filter(etat="soumis").order_by("pk"):
        situation = diagnostic.etablissement.type, diagnostic.etablissement.education_prioritaire, diagnostic.version
        if situation in vus:
            continue
        vus.add(situation)
        copie = diagnostic.copies.get(version=diagnostic.version)
        jour = copie.signee_le.date()
        contenu = contenu_du_diagnostic(etat_du_diagnostic(diagnostic), jour)
        signature = {
            "nom": "Volume",
            "fonction": "Direction",
            "date": copie.signee_le.isoformat(timespec="seconds"),
            "date_locale": jour.isoformat(),
            "fuseau": "Europe/Paris",
        }
        assert copie.contenu == json_canonique(contenu | {"signature": signature})
        assert (copie.sha256_contenu, bytes(copie.pdf)) == (empreinte(copie.contenu), PDF)
    assert {type_ for type_, *_ in vus} == {"ecole", "college", "lycee", "erea"}
    assert {version for *_, version in vus} == {1, 2}


def test_le_rectorat_lit_ce_qui_est_signe(client, referentiel):
    """The product's pages accept what no act has made; the UAI are well formed, and no register has them."""
    generer()
    client.force_login(Utilisateur.objects.get(email="rectorat.volume@exemple.invalid"))
    copie = CopieSignee.objects.filter(diagnostic__etablissement__type="college").order_by("pk").first()
    ecole = copie.diagnostic.etablissement
    page = client.get(reverse("diagnostic_resultats", args=[ecole.uai, copie.diagnostic.campagne.annee_scolaire]))
    assert page.status_code == 200
    assert "Palier" in page.content.decode()
    uais = Etablissement.objects.values_list("uai", flat=True)
    assert all(uai[0] == "2" and uai[7] == lettre_uai(uai[:7]) for uai in uais)


def test_refuse_de_se_meler_a_de_vrais_etablissements(monde, referentiel):
    with pytest.raises(CommandError, match="contient des établissements réels"):
        generer()
    assert Etablissement.objects.count() == 4
    assert "animateur.volume@exemple.invalid" in generer(forcer=True)
    with pytest.raises(CommandError, match="contient déjà un volume d'essai"):
        generer(forcer=True)
    # What was disabled meanwhile works again.
    assert FaitChange.objects.count() == 0
    Etablissement.objects.filter(uai__startswith="2").update(nom="École")
    assert FaitChange.objects.count() == 30


def test_ce_qui_est_ote_pour_aller_vite_revient(referentiel, monkeypatch):
    avant = schema()
    monkeypatch.setattr(volume, "QUELQUES_ECOLES", 0)
    generer()
    assert schema() == avant
    assert len(avant) > 500


def schema() -> list[tuple]:
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' UNION ALL"
            " SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE connamespace = 'public'::regnamespace UNION ALL"
            " SELECT tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal"
        )
        return sorted(curseur.fetchall(), key=repr)


def test_refuse_sur_un_site_ouvert_au_public(referentiel, settings):
    settings.DEPLOIEMENT = True
    with pytest.raises(CommandError, match="site ouvert au public"):
        generer()
