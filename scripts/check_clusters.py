"""Runs the recipes of docs/clusters.md as they stand there, on twelve tiny runs, and two workers on a file system that lies.

Each must leave the bytes that one process leaves. GNU parallel and Snakemake run for real; the Kubernetes file is checked
against its schema and its pods are run one after the other; of the HTCondor file, which Debian has nothing to run with,
only the arguments of each job are. The file system is bindfs, mounted twice over one folder: each mount remembers for seconds
what it has seen, and knows nothing of the locks of the other. Needs Debian's parallel and bindfs, and root to install them.
"""

import argparse
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

import kubernetes_validate
import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
KUBERNETES = "1.31"
STALE = 3  # seconds that a mount remembers names, attributes and what is not there

EXPERIMENT = f"""
pictures: {ROOT}/testdata/pictures
defaults: {{preset: lab, content: red-panda.jpg, style: starry-night.jpg, image_size: 32, style_size: 32, iterations: 40}}
runs: [{{name: seeds, sweep: {{seed: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]}}}}]
"""


def recipe(heading):
    """The block of code below a heading of the page."""
    page = (ROOT / "docs/clusters.md").read_text()
    return re.search(rf"^## {heading}\n(?:.*\n)*?```\w*\n((?:.*\n)*?)```$", page, re.M).group(1)


def run(command, folder, **variables):
    path = f"{ROOT}/bin{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(command, cwd=folder, env={**os.environ, "PATH": path, **variables}, text=True, capture_output=True)
    if done.returncode:
        raise SystemExit(f"test-clusters: {command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")


def pictures(folder):
    return {p.parent.name: p.read_bytes() for p in pathlib.Path(folder).glob("seeds/*/picture.png")}


def gnu_parallel(folder):
    run(["sh", "-ec", recipe("GNU parallel")], folder)


def snakemake(folder):
    (folder / "Snakefile").write_text(recipe("Snakemake"))
    run(["snakemake", "--cores", "2", "--quiet", "all"], folder)


def kubernetes(folder):
    job = yaml.safe_load(recipe("Kubernetes"))
    kubernetes_validate.validate(job, KUBERNETES, strict=True)
    container = job["spec"]["template"]["spec"]["containers"][0]
    arguments = [a.replace("/data", str(folder)) for a in container["args"]]
    variables = {v["name"]: v["value"] for v in container["env"]}
    for index in range(job["spec"]["completions"]):
        run(["zellige", *arguments], folder, JOB_COMPLETION_INDEX=str(index), **variables)


def htcondor(folder):
    text = recipe("HTCondor").replace("100", "4")
    keys = dict(re.findall(r"^(\w+)\s*=\s*(.*)$", text, re.M))
    variable, command = re.search(r"^queue (\w+) from (.*) \|$", text, re.M).groups()
    for item in subprocess.check_output(shlex.split(command), text=True).split():
        run(["zellige", *shlex.split(keys["arguments"].replace(f"$({variable})", item))], folder)


def lying_file_system(folder):
    """Two workers paint the same runs through two mounts, and each sees late what the other does."""
    mounts = [folder / "one", folder / "two"]
    (folder / "results").mkdir()
    lies = f"attr_timeout={STALE},entry_timeout={STALE},negative_timeout={STALE},kernel_cache"
    try:
        for mount in mounts:
            mount.mkdir()
            run(["bindfs", "-o", lies, folder / "results", mount], folder)
        command = [ROOT / "bin/zellige", "run", folder / "experiment.yaml", "--threads", "1", "--out"]
        workers = [subprocess.Popen([*command, mount], stderr=subprocess.PIPE, text=True) for mount in mounts]
        said = [w.communicate()[1] for w in workers]
    finally:
        for mount in mounts:
            subprocess.run(["umount", mount], stderr=subprocess.DEVNULL)
    if any(w.returncode for w in workers):
        raise SystemExit("test-clusters: a worker failed:\n" + "\n".join(said))
    painted = "".join(said).count(" iterations in ")
    print(f"test-clusters: the two workers painted {painted} times what are 12 runs")
    run(["zellige", "run", "experiment.yaml", "--out", "results", "--quiet"], folder)
    for log in (folder / "results").glob("seeds/*/log.jsonl"):
        if log.read_text().count("\n") != 40:
            raise SystemExit(f"test-clusters: {log} is spoiled")


RECIPES = [gnu_parallel, snakemake, kubernetes, htcondor, lying_file_system]


def install():
    missing = [p for p in ("parallel", "bindfs") if not shutil.which(p)]
    if missing:
        subprocess.run(["apt-get", "-q", "update"], check=True)
        subprocess.run(["apt-get", "-qy", "install", "--no-install-recommends", *missing], check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("only", nargs="*", choices=[[], *(r.__name__ for r in RECIPES)], help="which recipes; all if none is named")
    only = parser.parse_args().only
    install()
    os.environ["PATH"] = f"{pathlib.Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with tempfile.TemporaryDirectory(prefix="zellige-clusters-") as temporary:
        folders = {r: pathlib.Path(temporary) / r.__name__ for r in RECIPES if not only or r.__name__ in only}
        whole = pathlib.Path(temporary) / "whole"
        for folder in [whole, *folders.values()]:
            folder.mkdir()
            (folder / "experiment.yaml").write_text(EXPERIMENT)
        run(["zellige", "run", "experiment.yaml", "--out", "results", "--threads", "1", "--quiet"], whole)
        want = pictures(whole / "results")
        for paint, folder in folders.items():
            paint(folder)
            if len(want) != 12 or pictures(folder / "results") != want:
                raise SystemExit(f"test-clusters: {paint.__name__} left other pictures than one process")
            print(f"test-clusters: {paint.__name__} ok")


if __name__ == "__main__":
    main()
