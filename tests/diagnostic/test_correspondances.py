"""Any well-formed mapping of old indicators to new ones: what is carried is what a plain reading of it says."""

from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostic.domain.reprises import passer_a_la_version
from diagnostic.domain.versions import publier_version
from diagnostic.models import Champ, Correspondance, Diagnostic, Indicateur, Palier, Referentiel, Reponse
from diagnostic.queries.referentiels import defauts_de_publication, suite_de
from tests.diagnostic.versions import redaction

ANCIENS = [f"PIL-1-{rang}" for rang in range(1, 6)]
DESTINS = st.lists(
    st.sampled_from(["conserve", "reformule", "scinde", "fusionne", "abandonne"]), min_size=5, max_size=5
)
VALEURS = st.lists(st.sampled_from(["", "oui", "non", "ne_sait_pas"]), min_size=5, max_size=5)


def liens_de(destins: list[str]) -> list[tuple[str, str | None, str | None]]:
    """The mapping that these fates make: nature, old, new. A merge alone is a rewording."""
    if destins.count("fusionne") == 1:
        destins = ["reformule" if destin == "fusionne" else destin for destin in destins]
    liens: list[tuple[str, str | None, str | None]] = [("nouveau", None, "PIL-3-90")]
    for rang, (ancien, destin) in enumerate(zip(ANCIENS, destins, strict=True)):
        suites = {
            "conserve": [ancien],
            "reformule": [ancien],
            "scinde": [f"PIL-2-{10 + rang}", f"PIL-2-{20 + rang}"],
            "fusionne": ["PIL-2-90"],
            "abandonne": [None],
        }[destin]
        liens += [(destin, ancien, suite) for suite in suites]
    return liens


def oracle(liens: list[tuple[str, str | None, str | None]], dites: dict[str, str]) -> dict[str, tuple[str, bool]]:
    """What each new indicator holds after the move: its value, and whether it is to be confirmed."""
    portees: dict[str, tuple[str, bool]] = {}
    for nature, ancien, nouveau in liens:
        if nature in ("conserve", "reformule", "scinde") and dites[ancien]:
            portees[nouveau] = (dites[ancien], nature != "conserve")
    fusionnees = {dites[ancien] for nature, ancien, _ in liens if nature == "fusionne"} - {""}
    if len(fusionnees) == 1:
        portees["PIL-2-90"] = (fusionnees.pop(), True)
    return portees


def construire(academie, precedent: Referentiel | None, liens, version: int) -> Referentiel:
    """The version that follows along these links; a first one where `precedent` is None."""
    nouvelle = Referentiel.objects.create(
        code="essai", version=version, titre="Essai", academie=academie, precedent=precedent
    )
    Palier.objects.bulk_create(Palier(referentiel=nouvelle, numero=n, libelle="L", definition="D") for n in (1, 2, 3))
    champ = Champ.objects.create(referentiel=nouvelle, code="PIL", libelle="Pilotage", ordre=1)
    modele = redaction(Referentiel.objects.get(code="paliers"), "PIL-1-1").__dict__
    codes = dict.fromkeys(nouveau for _, _, nouveau in liens if nouveau)
    nouveaux = {
        code: Indicateur.objects.create(referentiel=nouvelle, champ=champ, code=code, ordre=ordre, **modele)
        for ordre, code in enumerate(codes)
    }
    anciens = {indicateur.code: indicateur for indicateur in precedent.indicateurs.all()} if precedent else {}
    if precedent:
        Correspondance.objects.bulk_create(
            Correspondance(
                referentiel=nouvelle, nature=nature, ancien=anciens.get(ancien), nouveau=nouveaux.get(nouveau)
            )
            for nature, ancien, nouveau in liens
        )
    return nouvelle


@settings(max_examples=20)
@given(destins=DESTINS, valeurs=VALEURS)
def test_ce_qui_est_porte_est_ce_que_dit_la_correspondance(monde, brouillon, maintenant, destins, valeurs):
    liens, dites = liens_de(destins), dict(zip(ANCIENS, valeurs, strict=True))
    Reponse.objects.all().delete()
    numero = Referentiel.objects.count() + 1
    depart = construire(monde.academie, None, [("", None, code) for code in ANCIENS], numero)
    depart = publier_version(referentiel=depart, auteur=None, maintenant=maintenant)
    arrivee = construire(monde.academie, depart, liens, numero + 1)
    assert defauts_de_publication(suite_de(arrivee)) == []
    publier_version(referentiel=arrivee, auteur=None, maintenant=maintenant)
    Diagnostic.objects.filter(pk=brouillon.pk).update(referentiel=depart)
    Reponse.objects.bulk_create(
        Reponse(
            diagnostic=brouillon, indicateur=i, valeur=dites[i.code], modifiee_par=monde.chef, modifiee_le=maintenant
        )
        for i in depart.indicateurs.all()
    )
    for _ in range(2):  # carrying twice changes nothing
        passer_a_la_version([Diagnostic.objects.get(pk=brouillon.pk)], arrivee, monde.rectorat, maintenant)
        Diagnostic.objects.filter(pk=brouillon.pk).update(referentiel=depart)
        gardees = Reponse.objects.filter(indicateur__referentiel=arrivee)
        assert {
            code: (valeur, a_reconfirmer)
            for code, valeur, a_reconfirmer in gardees.values_list("indicateur__code", "valeur", "a_reconfirmer")
        } == oracle(liens, dites)
