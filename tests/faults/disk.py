"""A disk of our own, ext4 in a file, whose power can be cut, or which turns read-only in the middle of work."""
import errno, fcntl, itertools, os, sqlite3, subprocess, sys, time
from pathlib import Path

SIZE = 2 << 30
# EXT4_IOC_SHUTDOWN and EXT4_GOING_FLAGS_NOLOGFLUSH: from now on nothing reaches the disk, not even the journal.
SHUT_DOWN, WITHOUT_A_FLUSH = 0x8004587D, (2).to_bytes(4, "little")


def run(*words):
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(map(str, words))}: {done.stderr}"
    return done.stdout.strip()


def careless(file, told):
    """Commits rows without waiting for the disk, and notes elsewhere what it was told. Goes on until it is killed."""
    db = sqlite3.connect(file, isolation_level=None)
    db.executescript("pragma journal_mode = wal; pragma synchronous = off; create table if not exists n (n)")
    with open(told, "r+b", buffering=0) as note:
        for number in itertools.count(newest(file) + 1):
            db.execute("insert into n values (?)", (number,))
            os.pwrite(note.fileno(), f"{number:20}".encode(), 0)
            time.sleep(0.002)


def newest(file):
    """The newest row there is; a file that is damaged is begun anew."""
    try:
        db = sqlite3.connect(file)
        found = db.execute("select coalesce(max(n), 0) from n").fetchone()[0]
        db.close()
        return found
    except sqlite3.OperationalError:
        return 0
    except sqlite3.DatabaseError:
        for path in Path(file).parent.glob("careless.db*"):
            path.unlink()
        return 0


class Disk:
    """Mounted at `root` between `begin` and `cut`, and again after `again`."""
    what = "the power"

    def __init__(self, folder):
        self.image, self.root = Path(folder) / "disk.img", Path(folder) / "disk"
        self.file, self.told = self.root / "careless.db", Path(folder) / "told"
        self.careless, self.promised, self.lost = None, 0, 0

    def __enter__(self):
        self.root.mkdir()
        with self.image.open("wb") as image:
            image.truncate(SIZE)
        run("mkfs.ext4", "-q", "-E", "lazy_itable_init=0,lazy_journal_init=0", self.image)
        self.device = run("losetup", "--find", "--show", self.image)
        self.mount()
        return self

    def __exit__(self, *_):
        if self.careless:
            self.careless.kill()
            self.careless.wait()
        self.unmount()
        run("losetup", "--detach", self.device)

    def mount(self):
        run("mount", "-t", "ext4", "-o", "errors=remount-ro", self.device, self.root)

    def unmount(self):
        """The files of a process that is gone are let go a moment later."""
        for _ in range(200):
            if subprocess.run(["umount", self.root], capture_output=True).returncode == 0:
                return
            time.sleep(0.05)
        run("umount", self.root)

    def begin(self):
        self.told.write_text("0")
        # A process of its own: what it has open is let go when it is killed.
        self.careless = subprocess.Popen([sys.executable, __file__, "write", self.file, self.told], stderr=subprocess.DEVNULL)

    def cut(self):
        """Power goes. Whoever has files open here gets errors from now on."""
        self.promised = int(self.told.read_text())
        at = os.open(self.root, os.O_RDONLY)
        try:
            fcntl.ioctl(at, SHUT_DOWN, WITHOUT_A_FLUSH)
        finally:
            os.close(at)

    def again(self):
        """Power comes back: the file system is what the device holds."""
        self.careless.kill()
        self.careless.wait()
        self.unmount()
        self.mount()
        self.lost += max(0, self.promised - int(run(sys.executable, __file__, "newest", self.file)))

    def proof(self):
        """What shows that the cuts were none, and figures."""
        figures = {"commits a database that does not wait lost": self.lost}
        if self.lost:
            return [], figures
        return ["a database that does not wait for the disk lost nothing: the power was never cut"], figures


class Failing(Disk):
    """Turns read-only, as the kernel does with a file system in which it found an error."""
    what = "a disk one may write to"

    def __init__(self, folder):
        super().__init__(folder)
        self.stopped = 0

    def begin(self):
        pass

    def cut(self):
        Path(f"/sys/fs/ext4/{Path(self.device).name}/trigger_fs_error").write_text("1")
        for _ in range(100):
            try:
                (self.root / "anybody").touch()
                time.sleep(0.01)
            except OSError as error:
                assert error.errno == errno.EROFS, error
                return
        raise AssertionError("the disk can still be written to")

    def met(self, server):
        """The server has to find out, say so and stop by itself: what the disk holds is not known any more."""
        try:
            status = server.process.wait(20)
        except subprocess.TimeoutExpired:
            raise AssertionError("it goes on although nothing can be written") from None
        said = server.log.read_text(errors="replace").splitlines()[-5:]
        assert status == 74 and any("the disk failed while writing" in line for line in said), (status, said)
        _, _, wrong = server.run("user", "link", "demo@example.org")
        assert str(server.data) in wrong and "ead-only" in wrong, f"on a disk that is only read a command says: {wrong}"
        self.stopped += 1

    def again(self):
        """Somebody has the file system repaired, as a start of the machine does."""
        self.unmount()
        done = subprocess.run(["e2fsck", "-p", self.device], capture_output=True, text=True)
        assert done.returncode in (0, 1), f"e2fsck: {done.stdout}{done.stderr}"
        self.mount()

    def proof(self):
        return [], {"stops of the server because its disk was only read": self.stopped}


if __name__ == "__main__":
    if sys.argv[1] == "write":
        careless(*sys.argv[2:])
    print(newest(sys.argv[2]))
