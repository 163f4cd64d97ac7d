"""The file that goes to the board: its content, its PDF, its numbers, the same figures in every format."""

import copy
import datetime
import io
import json
from decimal import Decimal

import pikepdf
import pypdf
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from diagnostic.domain.contenu import empreinte
from strategie.pilotage.domain.changements import Changement, Objet, Sorte, changements
from strategie.pilotage.domain.dossiers import SaisieDuDossier, choisir_sections, figer_dossier, lire_choix
from strategie.pilotage.interfaces.dossier import changement_dit, contexte_du_dossier, imprimer_dossier
from strategie.pilotage.interfaces.tableaux_du_dossier import pieces_jointes
from strategie.pilotage.models import Dossier, SectionsChoisies
from strategie.pilotage.queries.contenu_du_dossier import contenu_du_dossier
from strategie.pilotage.rules.dossiers import RAPPORT_MAX, SECTIONS
from strategie.socle.domain.empechement import SaisieRefusee
from strategie.socle.interfaces import pdf as moteur
from tests.budget.budgets import une_ligne
from tests.dossier import Dossier as Ecole
from tests.pdf import elements, feuilles, manquements_de_l_archive, texte_de
from tests.pilotage.dossiers import ANNEE, EXERCICE, JOUR, MAINTENANT, un_dossier, une_ecole_pleine
from tests.pilotage.textes import rangees_csv, serre
from tests.plans.plans import une_action_publiee
from tests.socle.test_pdf import Guet, verifier

D = Decimal
HOSTILE = "<img src=http://127.0.0.1:9/x> <img src='file:///etc/passwd'> </p></body> {{ contenu }} =1+1"


def contenu_de(etablissement, sections=SECTIONS, exercice=EXERCICE):
    return contenu_du_dossier(etablissement, sections=sections, annee=ANNEE, exercice=exercice, jour=JOUR)


@pytest.fixture
def pleine(dossier):
    une_ecole_pleine(dossier.monde.college)
    return dossier.monde.college


def lire_une_ecole_pleine(dossier: Ecole) -> dict:
    une_ecole_pleine(dossier.monde.college)
    return contenu_de(dossier.monde.college) | {"rapport": "Mesdames, Messieurs,\nvoici notre stratégie."}


@pytest.fixture(scope="module")
def ecole_pleine(lire_d_un_dossier):
    return lire_d_un_dossier(lire_une_ecole_pleine)


@pytest.fixture(scope="module")
def imprime(ecole_pleine) -> bytes:
    return imprimer_dossier(ecole_pleine, "2031-7")[0]


@pytest.fixture
def contenu(ecole_pleine):
    return copy.deepcopy(ecole_pleine)


# --- Content -------------------------------------------------------------------------------------------------------
def test_le_contenu_dit_le_plan_sans_brouillon_ni_nom(contenu):
    [axe] = contenu["plan"]["axes"][:1]
    assert [action["intitule"] for action in axe["actions"]] == ["Installer la borne 0", "Installer la borne 1"]
    premiere = axe["actions"][0]
    assert {nom: premiere[nom] for nom in ("levier", "qui", "quand", "etat", "cout", "indicateurs")} == {
        "levier": "Infrastructure",
        "qui": "Référent numérique",
        "quand": ANNEE,
        "etat": "À venir",
        "cout": "1234.50",
        "indicateurs": ["Coupures par semaine\u00a0: 10\u00a0→\u00a01\u00a0coupures"],
    }
    assert (contenu["plan"]["nombre"], contenu["plan"]["cout"]) == (2, "3703.50")
    assert "Brouillon" not in json.dumps(contenu, ensure_ascii=False)


def test_qui_porte_une_action_est_dit_par_sa_fonction(monde):
    une_action_publiee(
        monde.college, porteur=monde.referent.pk, annee_scolaire=ANNEE, annee_fin=ANNEE, maintenant=MAINTENANT
    )
    contenu = contenu_de(monde.college, ["plan"])
    [action] = contenu["plan"]["axes"][0]["actions"]
    assert action["qui"] == (monde.referent.affectations.get().fonction or "Référent numérique")
    assert str(monde.referent) not in json.dumps(contenu, ensure_ascii=False)


def test_le_contenu_dit_le_budget_au_centime(contenu):
    budget = contenu["budget"]
    assert budget["totaux"] == {"prevu": "3703.50", "engage": "200.00", "paye": "0.00"}
    assert budget["aides"] == {"demande": "1200.00", "accorde": "800.00", "recu": "0.00", "attendu": "0.00"}
    assert [(achat["cout"], achat["dette"]) for achat in budget["achats"]] == [("2000.00", "2000.00")] * 2
    assert budget["dette"] == "4000.00"
    assert sum(D(ligne["prevu"]) for ligne in budget["lignes"]) == D(budget["totaux"]["prevu"])


def test_une_partie_non_choisie_n_est_pas_lue(pleine):
    contenu = contenu_de(pleine, ["plan"])
    assert contenu["sections"] == ["plan"]
    lues = {code: contenu[code] for code in SECTIONS if contenu[code]}
    assert set(lues) == {"plan"}


def test_le_contenu_est_du_json(contenu):
    assert json.loads(json.dumps(contenu)) == contenu


def test_autant_de_requetes_pour_une_action_que_pour_trois(dossier):
    comptes = []
    for _ in range(2):
        une_ecole_pleine(dossier.monde.college, 1)
        with CaptureQueriesContext(
            connection,
        ) as vues:
            contenu_de(dossier.monde.college)
        comptes.append(len(vues))
    assert comptes[0] == comptes[1]
    assert comptes[0] <= 45


# --- Numbers, freezing -----------------------------------------------------------------------------------------------
def test_les_numeros_se_suivent_par_ecole_et_par_annee(dossier):
    college, voisin = dossier.monde.college, dossier.monde.voisin_college
    un_an = datetime.timedelta(days=365)
    faits = [
        un_dossier(college, sections=["rapport"]),
        un_dossier(college, sections=["plan"]),
        un_dossier(college, sections=["plan"], maintenant=MAINTENANT + un_an),
        un_dossier(voisin, sections=["plan"]),
    ]
    assert [fait.numero for fait in faits] == ["2031-1", "2031-2", "2032-1", "2031-1"]


def test_demande_deux_fois_le_meme_jour_c_est_le_meme_dossier(pleine):
    premier = un_dossier(pleine)
    assert un_dossier(pleine, maintenant=MAINTENANT + datetime.timedelta(minutes=5)) == premier
    assert Dossier.objects.count() == 1


def test_le_dossier_fige_contenu_et_pdf(pleine):
    fait = Dossier.objects.get(pk=un_dossier(pleine).pk)
    assert fait.sha256_contenu == empreinte(fait.contenu)
    assert fait.sha256_pdf == empreinte(bytes(fait.pdf))
    assert json.loads(fait.contenu) == contenu_de(pleine)
    assert (fait.exercice, fait.annee_scolaire, fait.vote, fait.pages) == (EXERCICE, ANNEE, False, 1)


def test_un_numero_pris_entre_temps_refait_le_pdf(dossier):
    """Somebody freezes another file while this one is being laid out."""
    college, imprimes = dossier.monde.college, []

    def rendre(contenu, numero):
        if not imprimes:
            un_dossier(college, sections=["plan"])
        imprimes.append(numero)
        return numero.encode(), 1

    fait = un_dossier(college, sections=["rapport"], rendre_pdf=rendre)
    assert (fait.numero, bytes(fait.pdf), imprimes) == ("2031-2", b"2031-2", ["2031-1", "2031-2"])


def test_un_dossier_vide_est_refuse(monde):
    with pytest.raises(SaisieRefusee) as refus:
        un_dossier(monde.college, sections=[])
    assert refus.value.defauts == {"sections": "Choisissez au moins une partie."}


def test_un_euro_de_plus_apres_le_vote_se_lit_dans_le_dossier_suivant(pleine):
    voix = {"pour": 12, "contre": 0, "abstentions": 1, "refus": 0}
    avant = contenu_de(pleine)
    votee = copy.deepcopy(avant)
    votee["deliberation"]["voix"] = voix
    vote = figer_dossier(
        etablissement=pleine, contenu=votee, vote=True, auteur=None, maintenant=MAINTENANT,
        rendre_pdf=lambda contenu, numero: (b"vote", 1),
    )  # fmt: skip
    assert contenu_de(pleine)["changements"] == []
    ligne = une_ligne(pleine, EXERCICE, "Un euro", prevu=D("1.00"))
    suivant = contenu_de(pleine)
    assert suivant["depuis"]["numero"] == vote.numero
    attendus = [Changement(Sorte.AJOUT, Objet.LIGNE, ligne.pk, "Un euro")]
    assert suivant["changements"] == [un.en_dict() for un in attendus]
    assert changements(votee, suivant) == attendus
    assert empreinte(bytes(Dossier.objects.get(pk=vote.pk).pdf)) == vote.sha256_pdf


# --- What is kept for the next one -----------------------------------------------------------------------------------
def choisir(monde, base, saisie, auteur=None):
    return choisir_sections(
        etablissement=monde.college, base=base, saisie=saisie, auteur=auteur or monde.chef, maintenant=MAINTENANT
    )


def test_les_choix_sont_gardes_et_ce_que_deux_changent_a_part_est_reuni(monde):
    base = lire_choix(monde.college)
    assert base == SaisieDuDossier(frozenset(SECTIONS), "")
    assert choisir(monde, base, SaisieDuDossier(frozenset({"plan"}), "")) == {}
    assert choisir(monde, base, SaisieDuDossier(frozenset(SECTIONS), "Un rapport."), monde.referent) == {}
    assert lire_choix(monde.college) == SaisieDuDossier(frozenset({"plan"}), "Un rapport.")
    assert SectionsChoisies.objects.get().version == 2


def test_ce_que_deux_changent_autrement_n_est_pas_ecrase(monde):
    base = lire_choix(monde.college)
    choisir(monde, base, SaisieDuDossier(base.sections, "Le mien."))
    conflits = choisir(monde, base, SaisieDuDossier(base.sections, "Le tien."), monde.referent)
    assert (conflits["rapport"].mien, conflits["rapport"].actuel) == ("Le tien.", "Le mien.")
    assert lire_choix(monde.college).rapport == "Le mien."


@pytest.mark.parametrize(
    ("saisie", "champ"),
    [
        (SaisieDuDossier(frozenset(), ""), "sections"),
        (SaisieDuDossier(frozenset({"autre"}), ""), "sections"),
        (SaisieDuDossier(frozenset({"plan"}), "x" * (RAPPORT_MAX + 1)), "rapport"),
        (SaisieDuDossier(frozenset({"plan"}), "a\x07b"), "rapport"),
    ],
)
def test_un_choix_impossible_est_refuse(monde, saisie, champ):
    with pytest.raises(SaisieRefusee) as refus:
        choisir(monde, lire_choix(monde.college), saisie)
    assert list(refus.value.defauts) == [champ]


# --- PDF -----------------------------------------------------------------------------------------------------------
def test_le_pdf_est_archivable_et_accessible(imprime):
    assert manquements_de_l_archive(imprime) == []
    assert {"/Figure", "/TH"} <= {sorte for sorte, *_ in elements(imprime)}
    with pikepdf.open(io.BytesIO(imprime)) as lu, lu.open_metadata() as xmp:
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"], xmp["pdfuaid:part"]) == ("3", "A", "1")
        assert str(lu.Root.Lang) == "fr"


def test_chaque_page_dit_l_ecole_la_partie_et_son_rang(contenu, imprime):
    pages = feuilles(imprime)
    assert 4 <= len(pages) <= 12
    for rang, texte in enumerate(pages[1:], start=2):
        assert serre(contenu["etablissement"]["nom"]) in serre(texte)
        assert f"{rang} / {len(pages)}" in texte
        assert "dossier n° 2031-7 · projet" in texte


def test_le_filigrane_tombe_avec_le_vote(contenu, imprime):
    contenu["deliberation"]["voix"] = {"pour": 12, "contre": 0, "abstentions": 1, "refus": 0}
    assert "Projet\n" in texte_de(imprime) + "\n"
    autre = imprimer_dossier(contenu, "2031-8")[0]
    assert "· projet" not in texte_de(autre)
    assert serre("Version votée") in serre(texte_de(autre))
    assert manquements_de_l_archive(autre) == []


def test_meme_contenu_memes_octets(contenu, imprime):
    assert imprimer_dossier(contenu, "2031-7")[0] == imprime


def test_un_flux_dont_la_longueur_se_devinerait_mal_est_ecrit_autrement(contenu, imprime, monkeypatch):
    """One file in sixty ends its packed objects with a byte that reads as an end of line."""

    vraie = moteur.FIN_AMBIGUE

    class Toujours:
        @staticmethod
        def search(octets):
            return len(octets) > 12 or vraie.search(octets)

    monkeypatch.setattr(moteur, "FIN_AMBIGUE", Toujours)
    autre, _ = imprimer_dossier(contenu, "2031-7")
    assert autre != imprime
    assert manquements_de_l_archive(autre) == []
    assert serre(texte_de(autre)) == serre(texte_de(imprime))
    assert set(pypdf.PdfReader(io.BytesIO(autre)).attachments) == set(pypdf.PdfReader(io.BytesIO(imprime)).attachments)


def test_un_format_inconnu_est_refuse(contenu):
    with pytest.raises(ValueError, match="Format"):
        imprimer_dossier(contenu | {"format": 99}, "2031-7")


def test_un_etablissement_sans_rien_a_un_dossier_qui_le_dit(monde):
    contenu = contenu_de(monde.college)
    pdf, pages = imprimer_dossier(contenu, "2031-1")
    assert manquements_de_l_archive(pdf) == []
    lu = serre(texte_de(pdf))
    for phrase in ("Aucune action n'est publiée", "Aucun diagnostic n'est encore signé", "L'inventaire est vide"):
        assert serre(phrase) in lu
    assert pages <= 6


@pytest.fixture(scope="module")
def demesure(ecole_pleine) -> tuple[bytes, Guet]:
    """All that is hard to print, laid out once, and what was read meanwhile."""
    contenu = copy.deepcopy(ecole_pleine)
    contenu["rapport"] = f"{HOSTILE}\nNeige ☃, 漢字, 👩\u200d👩\u200d👧, e\u0301te\u0301, \ue000\ufffe fin"
    axe = contenu["plan"]["axes"][0]
    une = axe["actions"][0]
    axe["actions"] = [une | {"cle": 1000 + rang, "intitule": f"Action numéro {rang}"} for rang in range(300)]
    axe["actions"][5]["intitule"] = "x" * 2000
    axe["actions"][6]["intitule"] = "mot " * 500
    axe["actions"][7] |= {"intitule": HOSTILE, "comment": HOSTILE, "qui": HOSTILE}
    axe["actions"][8]["comment"] = "Un long chemin. " * 30
    contenu["budget"]["lignes"][0]["intitule"] = HOSTILE
    contenu["budget"]["lignes"] *= 30
    guet = Guet()
    with guet:
        pdf, _ = imprimer_dossier(contenu, "2031-1")
    return pdf, guet


def test_un_plan_de_trois_cents_actions_et_un_titre_de_deux_mille_caracteres(demesure):
    pdf, _ = demesure
    assert manquements_de_l_archive(pdf) == []
    lu = serre(texte_de(pdf))
    assert all(f"Actionnuméro{rang}" in lu for rang in range(300) if rang not in (5, 6, 7))
    assert lu.count("x") >= 2000
    assert lu.count("mot") >= 500
    assert len(feuilles(pdf)) > 12


def test_un_texte_hostile_est_imprime_tel_quel_sans_lire_ni_appeler(demesure):
    pdf, guet = demesure
    verifier(guet)
    assert serre(texte_de(pdf)).count(serre(HOSTILE)) >= 4 + 30


def test_un_caractere_sans_dessin_est_un_point_d_interrogation(demesure):
    assert serre("Neige ?, ??, ???, été, ") in serre(texte_de(demesure[0]))


def test_ce_qui_est_long_va_en_annexe(contenu, demesure):
    assert not contexte_du_dossier(contenu)["a_des_annexes"]
    lu = texte_de(demesure[0])
    assert "Comment les actions seront menées" in lu
    assert "Le budget, ligne par ligne" in lu


@pytest.mark.parametrize(
    ("avant", "apres", "dits"),
    [
        ("Court.", "Autre.", ("Court.", "Autre.")),
        ("mot " * 100 + "Ici. " + "fin " * 60, "mot " * 100 + "Là. " + "fin " * 60, ("Ici. fin", "Là. fin")),
        ("", "x" * 500, ("", "x" * 160 + "…")),
    ],
)
def test_un_long_changement_se_lit_autour_de_ce_qui_differe(avant, apres, dits):
    un = {"objet": "action", "sorte": "modification", "champ": "comment", "intitule": "A", "avant": avant}
    dit = changement_dit(un | {"apres": apres})
    assert max(len(dit["avant"]), len(dit["apres"])) <= 162
    assert all(attendu in dit[nom] for nom, attendu in zip(("avant", "apres"), dits, strict=True))


def test_une_version_votee_dit_la_deliberation_et_son_resultat(contenu):
    voix = {"pour": 12, "contre": 0, "abstentions": 1, "refus": 0}
    contenu["deliberation"] |= {"voix": voix, "resultat": "adoptee", "resultat_libelle": "Adoptée"}
    contexte = contexte_du_dossier(contenu, "2031-8")
    assert dict(contexte["sections"])["deliberation"] == "La délibération"
    lu = html.fromstring(render_to_string("pilotage/dossier/corps.html", contexte)).text_content()
    assert "Résultat" in lu
    assert "Décision proposée" not in lu


# --- An école --------------------------------------------------------------------------------------------------------
def test_une_ecole_demande_un_avis_a_son_conseil(monde):
    monde.college.type = "ecole"
    monde.college.save(update_fields=["type"])
    contenu = contenu_de(monde.college)
    assert contenu["instance"] == "conseil d'école"
    pdf, _ = imprimer_dossier(contenu, "2031-1")
    assert manquements_de_l_archive(pdf) == []
    lu = serre(texte_de(pdf))
    assert serre("L'avis demandé au conseil d'école") in lu
    assert serre("Une école n'a pas de budget propre") in lu
    assert serre("conseil d'administration") not in lu


# --- Attached tables -------------------------------------------------------------------------------------------------
def test_une_formule_saisie_n_est_pas_une_formule(contenu):
    contenu["plan"]["axes"][0]["actions"][0]["intitule"] = "=1+1"
    [plan] = [piece for piece in pieces_jointes(contenu) if piece.nom == "plan-d-action.csv"]
    assert rangees_csv(plan.contenu)[0]["Action"] == "'=1+1"


def test_une_piece_jointe_ne_finit_pas_par_un_retour_a_la_ligne(contenu):
    """Left as it is where its packed form would end so, it must not end so either (PDF/A)."""
    pieces = pieces_jointes(contenu)
    assert len(pieces) == 10
    assert not any(piece.contenu.endswith((b"\r", b"\n")) for piece in pieces)


def test_sans_budget_ni_plan_rien_n_est_joint(monde):
    assert pieces_jointes(contenu_de(monde.college, ["rapport"])) == []
    pdf, _ = imprimer_dossier(contenu_de(monde.college, ["rapport"]), "2031-1")
    assert manquements_de_l_archive(pdf) == []


# --- Pages -----------------------------------------------------------------------------------------------------------
def corps(**champs):
    tout = {"sections": list(SECTIONS), "lu-sections": list(SECTIONS), "rapport": "", "lu-rapport": ""}
    return tout | {"exercice": str(EXERCICE)} | champs


def main(reponse) -> str:
    return " ".join(html.fromstring(reponse.content).find(".//main").text_content().split())


def test_l_apercu_montre_ce_qui_est_tape_et_ne_garde_rien(client, dossier):
    client.force_login(dossier.monde.chef)
    adresse = reverse("dossier_preparer", args=[dossier.monde.college.uai])
    reponse = client.post(adresse, corps(rapport="Un rapport d'essai.", apercu="1"))
    assert reponse.status_code == 200
    assert "Un rapport d'essai." in main(reponse)
    assert not SectionsChoisies.objects.exists()
    assert not Dossier.objects.exists()


def test_preparer_garde_les_choix(client, dossier):
    client.force_login(dossier.monde.referent)
    adresse = reverse("dossier_preparer", args=[dossier.monde.college.uai])
    assert client.post(adresse, corps(sections=["plan", "budget"], rapport="Bonjour.")).status_code == 302
    choix = SectionsChoisies.objects.get()
    assert (choix.sections, choix.rapport, choix.version) == (["plan", "budget"], "Bonjour.", 1)
    lue = html.fromstring(client.get(adresse).content)
    assert [case.get("value") for case in lue.xpath("//input[@type='checkbox'][@checked]")] == ["plan", "budget"]


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"sections": []}, "Choisissez au moins une partie."),
        ({"sections": ["autre"]}, "Choisissez parmi les parties proposées."),
        ({"rapport": "x" * (RAPPORT_MAX + 1)}, f"compte {RAPPORT_MAX + 1} caractères"),
        ({"exercice": "mille"}, "Donnez une année, en quatre chiffres."),
        ({"exercice": "1999"}, "Donnez une année, de 2000 à 2100."),
    ],
)
@pytest.mark.parametrize("nom", ["dossier_preparer", "dossier_faire"])
def test_une_demande_fausse_est_rendue_entiere(client, dossier, nom, champs, phrase):
    client.force_login(dossier.monde.chef)
    envoi = corps(**({"rapport": "Mon rapport."} | champs))
    reponse = client.post(reverse(nom, args=[dossier.monde.college.uai]), envoi)
    assert reponse.status_code == 422
    assert phrase in main(reponse)
    [rapport] = html.fromstring(reponse.content).xpath("//textarea[@name='rapport']")
    assert rapport.text_content().strip() == envoi["rapport"]
    assert not SectionsChoisies.objects.exists()


def test_deux_rapports_ecrits_a_la_fois_sont_montres_tous_les_deux(client, dossier):
    client.force_login(dossier.monde.chef)
    adresse = reverse("dossier_preparer", args=[dossier.monde.college.uai])
    client.post(adresse, corps(rapport="Le premier."))
    reponse = client.post(adresse, corps(rapport="Le second."))
    assert reponse.status_code == 409
    assert "«\u00a0Le premier.\u00a0»" in html.fromstring(reponse.content).find(".//main").text_content()
    copies = html.fromstring(reponse.content).xpath("//input[@name='lu-rapport']/@value")
    assert copies == ["Le premier."]
    assert client.post(adresse, corps(rapport="Le second.", **{"lu-rapport": "Le premier."})).status_code == 302
    assert SectionsChoisies.objects.get().rapport == "Le second."


def test_faire_puis_lire_et_telecharger(client, monde):
    client.force_login(monde.chef)
    uai = monde.college.uai
    for _ in range(2):  # a double click makes one file
        reponse = client.post(reverse("dossier_faire", args=[uai]), corps(sections=["rapport"], rapport="Lisez-moi."))
        fait = Dossier.objects.get()
        assert reponse["Location"] == reverse("dossier", args=[uai, fait.numero])
    assert fait.fait_par == monde.chef
    pdf = client.get(reverse("dossier_pdf", args=[uai, fait.numero]))
    assert empreinte(pdf.content) == fait.sha256_pdf
    assert "Lisez-moi." in texte_de(pdf.content)
    assert "Lisez-moi." in main(client.get(reverse("dossier", args=[uai, fait.numero])))
    assert f"Dossier n° {fait.numero}" in main(client.get(reverse("evaluation", args=[uai])))


def test_un_numero_inconnu_n_existe_pas(client, dossier):
    client.force_login(dossier.monde.chef)
    assert client.get(reverse("dossier", args=[dossier.monde.college.uai, "2031-9"])).status_code == 404


def test_autant_de_requetes_pour_un_dossier_que_pour_trois(client, dossier):
    college = dossier.monde.college
    client.force_login(dossier.monde.lectrice)
    comptes = []
    for sections in (["plan"], ["budget"], ["rapport"]):
        un_dossier(college, sections=sections)
        comptes.append(len(client.get(reverse("evaluation", args=[college.uai])).requetes))
    assert comptes[0] == comptes[2]


# --- Command -------------------------------------------------------------------------------------------------------
def test_la_commande_ecrit_le_pdf(monde, tmp_path, capsys):
    sortie = tmp_path / "dossier.pdf"
    call_command("dossier_ca", uai=monde.college.uai, sortie=sortie, exercice=EXERCICE)
    fait = Dossier.objects.get()
    assert sortie.read_bytes() == bytes(fait.pdf)
    assert (fait.exercice, fait.fait_par) == (EXERCICE, None)
    assert f"Dossier n° {fait.numero}, {fait.pages} pages" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "phrase"),
    [({"uai": "0990009Z"}, "Aucun établissement"), ({"exercice": 12}, "Donnez une année")],
)
def test_la_commande_dit_ce_qui_ne_va_pas(monde, tmp_path, options, phrase):
    with pytest.raises(CommandError, match=phrase):
        call_command("dossier_ca", **({"uai": monde.college.uai, "sortie": tmp_path / "x.pdf"} | options))
