"""What a test that commits leaves to the next one."""

import pytest
from django.db import connection

from strategie.socle.models import Etablissement
from tests.bases import vider
from tests.moules import empreintes

RESTENT = {"django_migrations", "django_content_type", "auth_permission"}


@pytest.mark.django_db(transaction=True)
def test_un_dossier_entier_part_et_les_declencheurs_veillent_encore(dossier):
    avant = declencheurs()
    assert Etablissement.objects.exists() and avant
    vider()
    assert {table for table, empreinte in empreintes().items() if empreinte} == RESTENT
    assert declencheurs() == avant


def declencheurs() -> list[tuple[str, str]]:
    with connection.cursor() as curseur:
        curseur.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgenabled = 'O' ORDER BY 1, 2")
        return curseur.fetchall()
