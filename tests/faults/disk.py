"""A disk whose power can be cut: ext4 in a file, shut down at once without writing its journal."""
import fcntl, os, sqlite3, subprocess, threading, time
from pathlib import Path

SIZE = 2 << 30
# EXT4_IOC_SHUTDOWN and EXT4_GOING_FLAGS_NOLOGFLUSH: from now on nothing reaches the disk, not even the journal.
SHUT_DOWN, WITHOUT_A_FLUSH = 0x8004587D, (2).to_bytes(4, "little")


def run(*words):
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(map(str, words))}: {done.stderr}"
    return done.stdout.strip()


class Careless(threading.Thread):
    """Commits rows without waiting for the disk, and remembers what it was told."""

    def __init__(self, file, number):
        super().__init__(daemon=True)
        self.file, self.number, self.frozen = file, number, False

    def run(self):
        try:
            db = sqlite3.connect(self.file, isolation_level=None)
            db.executescript("pragma journal_mode = wal; pragma synchronous = off; create table if not exists n (n)")
            while not self.frozen:
                db.execute("insert into n values (?)", (self.number + 1,))
                self.number += not self.frozen
                time.sleep(0.002)
        except sqlite3.Error:
            # The disk is gone.
            pass


class Disk:
    """Mounted at `root` between `begin` and `cut`, and again after `again`."""

    def __init__(self, folder):
        self.image, self.root = Path(folder) / "disk.img", Path(folder) / "disk"
        self.careless, self.written, self.lost = None, 0, 0

    def __enter__(self):
        self.root.mkdir()
        with self.image.open("wb") as image:
            image.truncate(SIZE)
        run("mkfs.ext4", "-q", "-E", "lazy_itable_init=0,lazy_journal_init=0", self.image)
        self.device = run("losetup", "--find", "--show", self.image)
        self.mount()
        return self

    def __exit__(self, *_):
        run("umount", self.root)
        run("losetup", "--detach", self.device)

    def mount(self):
        run("mount", "-t", "ext4", self.device, self.root)

    def begin(self):
        self.careless = Careless(self.root / "careless.db", self.written)
        self.careless.start()

    def cut(self):
        """Power goes. Whoever has files open here gets errors from now on."""
        self.careless.frozen = True
        at = os.open(self.root, os.O_RDONLY)
        try:
            fcntl.ioctl(at, SHUT_DOWN, WITHOUT_A_FLUSH)
        finally:
            os.close(at)

    def again(self):
        """Power comes back: the file system is what the device holds."""
        self.careless.join(30)
        told = self.careless.number
        run("umount", self.root)
        self.mount()
        self.written = self.kept()
        self.lost += max(0, told - self.written)

    def kept(self):
        """The newest row that the careless database still has; a damaged one has none."""
        file = self.root / "careless.db"
        try:
            db = sqlite3.connect(file)
            newest = db.execute("select coalesce(max(n), 0) from n").fetchone()[0]
            db.close()
            return newest
        except sqlite3.Error:
            for path in self.root.glob("careless.db*"):
                path.unlink()
            return 0

    def proof(self):
        if self.lost:
            return []
        return ["a database that does not wait for the disk lost nothing: the power was never cut"]
