#!/usr/bin/env python3
"""Attacks bin/zellige: signals, full disks, vanishing folders, too little memory, long runs; prints what came out as a table.

Each attack starts the program many times on tiny pictures and looks at every file that it leaves. Nothing may be half
written, no earlier result lost, every error clear (exit code 1 and one line, no traceback), every run resumable.
Needs Linux; what needs root or a missing tool is said and counted as not tried. See docs/reliability.md.
"""

import argparse
import contextlib
import hashlib
import json
import os
import pathlib
import random
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zlib

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = REPOSITORY / "bin/zellige"
PICTURES = REPOSITORY / "testdata/pictures"
CONTENT, STYLE = PICTURES / "lion.png", PICTURES / "great-wave.png"
SMALL = ["--image-size", "32", "--style-size", "32", "--preset", "lab"]
EXPERIMENT = """
pictures: {pictures}
defaults: {{preset: lab, content: lion.png, style: great-wave.png, image_size: 32, style_size: 32, iterations: {iterations}, seed: {seed}}}
runs:
  - name: plain
  - name: tv
    sweep: {{tv_weight: [0, 5]}}
  - name: inversion
    command: invert
    layer: 4
"""
PATIENCE = 300  # seconds
RUNS = ["plain", "tv/tv_weight=0", "tv/tv_weight=5", "inversion"]


class Broken(Exception):
    """What should not have happened."""


def expect(holds, text):
    if not holds:
        raise Broken(text)


# --- the program -----------------------------------------------------------------------------------------------------


def start(arguments, **settings):
    settings.setdefault("stdout", subprocess.PIPE)
    settings.setdefault("stderr", subprocess.PIPE)
    return subprocess.Popen([PROGRAM] + [str(a) for a in arguments], **settings)


def finish(process):
    """The exit code and the text on standard error. A process hangs if it computes for longer than PATIENCE, or waits
    as long and computes nothing: a slow or busy machine only takes its time."""
    computed, moved = 0, time.monotonic()
    while True:
        try:
            _, stderr = process.communicate(timeout=5)
            return process.returncode, (stderr or b"").decode()
        except subprocess.TimeoutExpired:
            if (now := processor_time(process.pid)) > computed:
                computed, moved = now, time.monotonic()
        if max(computed, time.monotonic() - moved) > PATIENCE:
            process.kill()
            process.communicate()
            raise Broken(f"it hangs after {computed:.0f} s of processor time")


def processor_time(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def succeed(arguments, **settings):
    code, stderr = finish(start(arguments, **settings))
    expect(code == 0, f"exit code {code}: {stderr}")
    return stderr


def fail(arguments, *texts, **settings):
    """It must fail with exit code 1 and one clear error."""
    code, stderr = finish(start(arguments, **settings))
    clear(code, stderr, *texts)
    return stderr


def clear(code, stderr, *texts):
    expect(code == 1, f"exit code {code}, not 1: {stderr[:2000]}")
    expect(stderr.count("zellige: error: ") == 1, f"not one error: {stderr[:2000]}")
    expect("goroutine" not in stderr, f"a traceback: {stderr[:2000]}")
    expect(any(t in stderr for t in texts), f"none of {texts} is said: {stderr}")


class Painting:
    """transfer or invert into a folder where an earlier picture and log are."""

    def __init__(self, command, folder):
        self.command, self.folder = command, folder
        self.picture, self.log = folder / "picture.png", folder / "log.jsonl"
        folder.mkdir(exist_ok=True)
        succeed(self.arguments(7))
        self.earlier = self.picture.read_bytes(), self.log.read_bytes()
        began = time.monotonic()
        succeed(self.arguments())
        self.seconds = time.monotonic() - began
        self.whole = self.picture.read_bytes()
        self.reset()

    def arguments(self, iterations=300):
        style = ["--style", STYLE] + SMALL if self.command == "transfer" else SMALL[:2]
        return [self.command, "--content", CONTENT, *style, "--iterations", iterations,
                "--output", self.picture, "--log", self.log]

    def reset(self):
        self.picture.write_bytes(self.earlier[0])
        self.log.write_bytes(self.earlier[1])

    def check(self, code, twice=False):
        picture, log = self.picture.read_bytes(), self.log.read_bytes()
        check_png(picture, self.picture)
        check_log(log, self.log)
        if code == 0:
            expect(picture == self.whole, "another picture than of an undisturbed process")
        elif code == -signal.SIGINT and twice:
            pass  # the first one asked for the picture as it was; it is whole, or not there yet
        elif code not in (130, None):
            expect(picture in (self.earlier[0], self.whole), f"exit code {code}, but the picture is another")

    def check_end(self):
        for file in self.folder.glob(".zellige-*.tmp"):  # of a process killed as it wrote; a day later it goes
            os.utime(file, (0, 0))
        succeed(self.arguments())
        self.check(0)
        left = sorted(p.name for p in self.folder.iterdir())
        expect(left == ["log.jsonl", "picture.png"], f"left behind: {left}")
        self.reset()


class Experiment:
    """run into a folder where earlier results of other parameters are."""

    command = "run"

    def __init__(self, folder):
        self.folder, self.out = folder, folder / "out"
        folder.mkdir(exist_ok=True)
        earlier, self.file = folder / "earlier.yaml", folder / "experiment.yaml"
        earlier.write_text(EXPERIMENT.format(pictures=PICTURES, iterations=5, seed=1))
        self.file.write_text(EXPERIMENT.format(pictures=PICTURES, iterations=100, seed=2))
        succeed(["run", earlier, "--out", folder / "earlier"])
        began = time.monotonic()
        succeed(["run", self.file, "--out", folder / "whole"])
        self.seconds = time.monotonic() - began
        self.reset()

    def arguments(self):
        return ["run", self.file, "--out", self.out]

    def reset(self):
        shutil.rmtree(self.out, ignore_errors=True)
        shutil.copytree(self.folder / "earlier", self.out)

    def check(self, code, twice=False):
        for run in RUNS:
            folder = self.out / run
            picture = (folder / "picture.png").read_bytes()
            known = [(self.folder / of / run / "picture.png").read_bytes() for of in ("earlier", "whole")]
            expect(picture in known, f"{run}: the picture is neither the earlier nor the new one")
            json.loads((folder / "manifest.json").read_bytes())
            check_log((folder / "log.jsonl").read_bytes(), folder / "log.jsonl")
            with contextlib.suppress(FileNotFoundError):
                state = (folder / "state.bin").read_bytes()
                expect(hashlib.sha256(state[:-32]).digest() == state[-32:], f"{run}: the state is damaged")
            if code == 0:
                expect(picture == known[1], f"{run}: exit code 0, but the picture is the earlier one")

    def check_end(self):
        """It goes on, and ends in the same bytes with nothing left behind."""
        stderr = succeed(self.arguments())
        expect("warning" not in stderr, stderr)
        self.check(0)
        for run in RUNS:
            left = sorted(p.name for p in (self.out / run).iterdir())
            expect(left == ["log.jsonl", "manifest.json", "picture.png"], f"left behind: {left}")
        self.reset()


def check_png(data, name):
    """Every chunk with its checksum, to the last, and pixels that can be unpacked."""
    expect(data[:8] == b"\x89PNG\r\n\x1a\n", f"{name} is no PNG")
    at, pixels, kind = 8, b"", b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        expect(data[at + 8 + length : at + 12 + length] == struct.pack(">I", zlib.crc32(kind + body)), f"{name} is damaged")
        pixels += body if kind == b"IDAT" else b""
        at += 12 + length
    expect(kind == b"IEND" and zlib.decompress(pixels), f"{name} is not whole")


def check_log(data, name):
    expect(data.endswith(b"}\n"), f"{name} ends in the middle of a line")
    for i, line in enumerate(data.splitlines()):
        expect(json.loads(line)["iteration"] == i, f"{name}: line {i + 1} is out of order")


def commands(folder):
    return [Painting("transfer", folder / "transfer"), Painting("invert", folder / "invert"), Experiment(folder / "run")]


# --- signals ---------------------------------------------------------------------------------------------------------


def send(*signals):
    def disturb(process):
        for s in signals:
            process.send_signal(s)
            time.sleep(random.uniform(0, 0.02))
    return disturb


def close_stderr(process):
    process.stderr.close()
    process.stderr = None


# What is done to a process, and the exit codes that it may have: its own, or that of the signal.
DISTURBANCES = {
    "SIGKILL": (send(signal.SIGKILL), [0, -signal.SIGKILL]),
    "SIGTERM": (send(signal.SIGTERM), [0, 130, -signal.SIGTERM]),  # the signal itself, if it comes before the program's first line
    "SIGINT": (send(signal.SIGINT), [0, 130, -signal.SIGINT]),
    "SIGINT twice": (send(signal.SIGINT, signal.SIGINT), [0, 130, -signal.SIGINT]),
    "SIGHUP": (send(signal.SIGHUP), [0, 130, -signal.SIGHUP]),
    "SIGPIPE": (send(signal.SIGPIPE), [0]),
    "closed standard error": (close_stderr, [0]),
}


def signals(folder, count):
    for target in commands(folder):
        for name, (disturb, codes) in DISTURBANCES.items():
            yield f"{target.command}: {name}", count, lambda: disturbed(target, disturb, codes, name == "SIGINT twice")


def disturbed(target, disturb, codes, twice):
    process = start(target.arguments())
    time.sleep(random.uniform(0, target.seconds))
    disturb(process)
    code, stderr = finish(process)
    expect(code in codes, f"exit code {code}: {stderr}")
    target.check(code, twice)
    target.check_end()


# --- places where nothing can be written -----------------------------------------------------------------------------


def limit_file_size(most):
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def disks(folder, count):
    targets = commands(folder)
    for target in targets:
        yield f"{target.command}: files may not grow", count, lambda: small_files(target)
    with small_disk(folder / "disk") as disk:
        for target in targets:
            yield f"{target.command}: full disk", count, lambda: full_disk(target, disk)
        yield "transfer: output by a link on another file system", count, lambda: linked(disk, folder)


def small_files(target):
    code, stderr = finish(start(target.arguments(), preexec_fn=limit_file_size(random.randrange(0, 2500))))
    clear(code, stderr, "file too large")
    target.check(code)
    target.check_end()


@contextlib.contextmanager
def small_disk(path, *options):
    path.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", ",".join(("size=256k",) + options), "none", path], capture_output=True)
    try:
        yield path if mounted.returncode == 0 else None
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", path], check=True)


def full_disk(target, disk):
    """The earlier result is on a disk that has room for little more."""
    if disk is None:
        return "mounting a small disk needs root"
    home = target.out if target.command == "run" else target.folder
    copy = disk / "copy"
    shutil.copytree(home, copy)
    with open(disk / "ballast", "wb") as ballast, contextlib.suppress(OSError):
        room = random.randrange(0, 3) * 4096
        free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_bsize
        ballast.write(bytes(max(0, free - room)))
    away = home.with_name("away")
    home.rename(away)
    home.symlink_to(copy)
    try:
        code, stderr = finish(start(target.arguments(), env={**os.environ, "TMPDIR": str(disk)}))
        clear(code, stderr, "no space left on device")
        target.check(code)
        (disk / "ballast").unlink()
        succeed(target.arguments())
        target.check(0)
    finally:
        home.unlink()
        away.rename(home)
        for entry in disk.iterdir():
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


def linked(disk, folder):
    if disk is None:
        return "mounting a disk needs root"
    link = folder / "link.png"
    link.unlink(missing_ok=True)
    (disk / "there.png").write_bytes(b"earlier")
    link.symlink_to(disk / "there.png")
    succeed(["transfer", "--content", CONTENT, "--style", STYLE, *SMALL, "--iterations", 3, "--output", link])
    expect(link.is_symlink(), "the link was replaced")
    check_png((disk / "there.png").read_bytes(), link)
    expect(len(list(disk.iterdir())) == 1, "left behind")
    (disk / "there.png").unlink()


def folders(folder, count):
    for target in commands(folder):
        yield f"{target.command}: folder that vanishes", count, lambda: vanishing(target)
    yield "transfer, run: read-only folder, as another user", count, lambda: read_only(folder)
    with small_disk(folder / "mounted") as disk:
        yield "transfer, run: read-only file system", count, lambda: read_only_disk(disk)


def vanishing(target):
    """The folder is moved away in the middle. What was in it stays whole there, and a painted picture is kept."""
    home = target.out if target.command == "run" else target.folder
    gone = home.with_name("gone")
    with tempfile.TemporaryDirectory() as rescue:
        process = start(target.arguments(), env={**os.environ, "TMPDIR": rescue})
        time.sleep(random.uniform(0.3, 0.8) * target.seconds)
        home.rename(gone)
        code, stderr = finish(process)
        kept = [p.read_bytes() for p in pathlib.Path(rescue).iterdir()]
    shutil.rmtree(home, ignore_errors=True)
    gone.rename(home)
    if code != 0:
        clear(code, stderr, "no such file or directory", "does not exist")
    if target.command != "run" and code != 0 and "it is kept as" in stderr:
        expect(kept == [target.whole], "the picture that was kept is another")
    target.check(code if target.command == "run" else 1)
    target.check_end()


def read_only(folder):
    if os.getuid() != 0:
        return "becoming another user needs root"
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        locked = place / "locked"
        locked.mkdir(mode=0o755)
        place.chmod(0o755)
        public = public_copy(place)
        settings = dict(user=65534, group=65534, cwd="/")
        for arguments in unwritable(public, locked):
            code, stderr = finish(subprocess.Popen([public / "zellige"] + arguments, stderr=subprocess.PIPE, **settings))
            expect(code in (1, 2) and "permission denied" in stderr and "goroutine" not in stderr, f"exit code {code}: {stderr}")
        expect(not any(locked.iterdir()), "something was written")


def public_copy(place):
    """What another user needs to run the program: the repository may be in a folder of its owner's alone."""
    for file in [PROGRAM, CONTENT, STYLE, *(REPOSITORY / ".onnxruntime").glob("libonnxruntime*")]:
        shutil.copy(file, place)
    (place / "experiment.yaml").write_text(EXPERIMENT.format(pictures=place, iterations=3, seed=1))
    return place


def unwritable(public, locked):
    small = [str(s) for s in SMALL]
    return [
        ["transfer", "--content", public / "lion.png", "--style", public / "great-wave.png", *small, "--output", locked / "a.png"],
        ["run", public / "experiment.yaml", "--out", locked],
    ]


def read_only_disk(disk):
    if disk is None:
        return "mounting a disk needs root"
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    try:
        with tempfile.TemporaryDirectory() as place:
            for arguments in unwritable(public_copy(pathlib.Path(place)), disk):
                code, stderr = finish(start(arguments))
                expect(code in (1, 2) and "read-only file system" in stderr and "goroutine" not in stderr, f"exit code {code}: {stderr}")
    finally:
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)


# --- time, memory, numbers of things ---------------------------------------------------------------------------------


def clocks(folder, count):
    """File times from another clock decide nothing: hashes do."""
    target = Experiment(folder / "run")

    def jump():
        process = start(target.arguments())
        time.sleep(random.uniform(0.2, 0.9) * target.seconds)
        process.kill()
        finish(process)
        when = random.choice([0, 2**31, time.time() + 86400 * 365])
        for path in target.out.rglob("*"):
            os.utime(path, (when, when))
        target.check_end()
    yield "run: file times of 1970, 2038 or next year", count, jump


def limit_addresses(most):
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (most, most))


def memory(folder, count):
    """The address space is limited."""
    target = Painting("transfer", folder / "transfer")
    ended = []

    def starve(low, high, codes):
        code, stderr = finish(start(target.arguments(20), preexec_fn=limit_addresses(random.randrange(low, high) << 20)))
        ended.append("a clear error" if code else "done")
        target.check(1 if code else None)
        target.reset()
        expect(code in codes, f"exit code {code}: {stderr[:300]}")
        if code == 1:
            clear(code, stderr, "address space", "memory", "bad_alloc")
    for low, high, codes in [(100, 1900, [1]), (1900, 3000, [0, 1])]:
        ended.clear()
        yield f"transfer: address space of {low} to {high} MiB", count, lambda: starve(low, high, codes)
        print("  " + ", ".join(f"{ended.count(e)} times {e}" for e in sorted(set(ended))))


def resident(pid):
    """MiB in memory and open files of a process."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    kib = next(line.split()[1] for line in text.splitlines() if line.startswith("VmRSS"))
    return int(kib) / 1024, len(os.listdir(f"/proc/{pid}/fd"))


def long_runs(folder, count):
    def night():
        file = folder / "night.yaml"
        file.write_text(f"pictures: {PICTURES}\ndefaults: {{preset: lab, content: lion.png, style: great-wave.png, image_size: 32, style_size: 32, "
                        f"iterations: 20}}\nruns:\n  - name: night\n    sweep: {{seed: {list(range(300))}}}\n")
        process = start(["run", file, "--out", folder / "night"], stdout=subprocess.DEVNULL)
        figures, finished = {}, 0
        while line := process.stderr.readline().decode():
            if " iterations in " in line:
                finished += 1
                with contextlib.suppress(OSError, StopIteration):
                    figures[finished] = resident(process.pid)
        expect(process.wait() == 0, "it failed")
        for at in (10, 100, 200, max(figures)):
            print(f"  after {at} runs: {figures[at][0]:.0f} MiB, {figures[at][1]} open files")
        expect(finished == 300, f"{finished} runs finished")
        tenth, last = figures[10], figures[max(figures)]
        expect(last[0] < tenth[0] + 20 and last[1] <= tenth[1] + 2, "memory or files grow")
        left = [p for p in (folder / "night").rglob("*") if p.is_file() and p.name not in ("experiment.json", "log.jsonl", "manifest.json", "picture.png")]
        expect(not left, f"left behind: {left[:5]}")
    yield "run: 300 runs in one process", 1, night


def processes(folder, count):
    target = Experiment(folder / "run")

    def share():
        others = [start(target.arguments()) for _ in range(10)]
        painted = 0
        for process in others:
            code, stderr = finish(process)
            expect(code == 0, f"exit code {code}: {stderr}")
            painted += stderr.count(" iterations in ")
        expect(painted == len(RUNS), f"{painted} runs were painted, not {len(RUNS)}")
        target.check(0)
        target.check_end()
    yield "run: ten processes on one folder", count, share


# --- what leaves the machine -----------------------------------------------------------------------------------------


def transfers(folder, count):
    """The public API: 300 transfers in one process, as many cancelled beside them; the test prints the figures."""

    def test():
        go = ["go", "test", "-count=1", "-v", "-timeout", "0", "-run", "TestLong|TestTransfersAtOnce", "."]
        tested = subprocess.run(go, cwd=REPOSITORY, env={**os.environ, "ZELLIGE_LONG": "300"}, capture_output=True, text=True)
        print("".join("  " + line.strip() + "\n" for line in tested.stdout.splitlines() if "MiB" in line), end="")
        expect(tested.returncode == 0, tested.stdout + tested.stderr)
    yield "Transfer: 300 in one process", 1, test


def network(folder, count):
    arguments = ["transfer", "--content", CONTENT, "--style", STYLE, *SMALL, "--iterations", 3, "--output", folder / "a.png"]

    def traced():
        if not shutil.which("strace"):
            return "strace is not installed"
        trace = folder / "trace"
        subprocess.run(["strace", "-f", "-e", "trace=%network", "-o", trace, PROGRAM, *map(str, arguments)], check=True, capture_output=True)
        calls = [line for line in trace.read_text().splitlines() if "(" in line and "+++" not in line and "---" not in line]
        expect(not calls, f"network calls: {calls[:5]}")
    yield "transfer: system calls of the network, by strace", 1, traced


def names(folder, count):
    def odd():
        place = folder / "Bilder für's Atelier 絵 é"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        content = place / "der Löwe, 1514.png"
        shutil.copy(CONTENT, content)
        shutil.copy(STYLE, place / "波 wave.png")
        succeed(["transfer", "--content", content, "--style", place / "波 wave.png", *SMALL, "--iterations", 2, "--output", place / "out é.png",
                 "--log", place / "log é.jsonl"])
        check_png((place / "out é.png").read_bytes(), place)
        file = place / "Versuch ü.yaml"
        file.write_bytes('defaults: {preset: lab, content: "der Löwe, 1514.png", style: "波 wave.png", image_size: 32, style_size: 32, iterations: 2}\n'
                         'runs:\n  - name: erster\n'.replace("\n", "\r\n").encode())
        succeed(["run", file, "--out", place / "Ergebnis ß"])
        check_png((place / "Ergebnis ß/erster/picture.png").read_bytes(), place)
        succeed(["rerun", place / "Ergebnis ß/erster/picture.png"])
    yield "transfer, run, rerun: names with spaces, quotes, non-ASCII letters, CRLF", 1, odd


ATTACKS = [signals, disks, folders, clocks, memory, long_runs, transfers, processes, network, names]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="attacks whose name contains this: " + ", ".join(a.__name__ for a in ATTACKS))
    parser.add_argument("--count", type=int, default=5, help="how often each is tried (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of the random moments (default: %(default)s)")
    options = parser.parse_args()
    random.seed(options.seed)
    failures = 0
    for attack in ATTACKS:
        if options.only in attack.__name__:
            with tempfile.TemporaryDirectory(prefix="zellige-attack-") as folder:
                for name, count, attempt in attack(pathlib.Path(folder), options.count):
                    failures += report(name, count, attempt)
    sys.exit(1 if failures else 0)


def report(name, count, attempt):
    """Makes the attempts and prints a row of the table. Returns how many failed."""
    failed = 0
    for _ in range(count):
        try:
            skipped = attempt()
        except Broken as broken:
            failed += 1
            print(f"  {name}: {broken}", flush=True)
            continue
        if skipped:
            print(f"| {name} | not tried: {skipped} |", flush=True)
            return 0
    print(f"| {name} | {count} | {failed} |", flush=True)
    return failed


if __name__ == "__main__":
    main()
