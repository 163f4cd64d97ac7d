import shutil
import tempfile
from pathlib import Path

import pytest


@pytest.fixture
def dossier_ouvert():
    """A folder that `nobody` can reach, unlike tmp_path: PostgreSQL may run as nobody when the tests run as root."""
    dossier = Path(tempfile.mkdtemp(prefix="paliers-test-", dir="/var/tmp"))
    dossier.chmod(0o755)
    yield dossier
    shutil.rmtree(dossier)
