"""Runs one job, which stdin describes as JSON, by a stand-in of GitHub's runner; prints how it went.

usage: job.py DIRECTORY_OF_GHARUNNER
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time

sys.path.insert(0, sys.argv[1])
import fakedocker  # noqa: E402
import gharunner  # noqa: E402

# It looks for its container a hundred times within 5 s, which a busy machine does not keep.
fakedocker.range = lambda times: range(12 * times)

# What is left running may hold our stdout open, so that is given to nobody.
answer = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def contain(job, program):
    """Puts the job's steps into a container that has busybox and nothing else."""
    work = os.path.join(job.root, "work")
    # What its two programs are linked with, and no more.
    libraries = os.path.join(job.root, "libraries")
    os.makedirs(libraries)
    linked = subprocess.run(["ldd", "/usr/bin/busybox", program], capture_output=True, text=True)
    for library in set(re.findall(r"=> (/\S+)", linked.stdout)):
        shutil.copy(library, libraries)
    binds = [(work, "/__w"), (os.path.dirname(program), "/opt/program")]
    binds += [(libraries, "/lib/x86_64-linux-gnu")]
    socket = os.path.join(job.root, "docker.sock")
    daemon = fakedocker.Daemon(socket, "busybox", binds, job.root)
    job.container = fakedocker.hook(socket, [(work, "/__w")])
    return daemon


def when_there(path):
    def wait(job):
        while not os.path.exists(path):
            time.sleep(0.02)

    return wait


job_description = json.load(sys.stdin)
job = gharunner.Job(
    root=job_description["root"],
    env=job_description["env"],
    github=job_description["github"],
    event=job_description["event"],
    secrets=job_description["secrets"],
    clean_path=job_description["path"],
)
daemon = contain(job, job_description["program"]) if job_description["container"] else None
try:
    job.run(job_description["steps"], cancel_after=when_there(job_description["cancel"]) if job_description["cancel"] else None)
finally:
    if daemon:
        daemon.remove()
steps = [step.get("id") for step in job_description["steps"]]
steps += [inner.get("id") for step in job_description["steps"] for inner in step.get("parallel", [])]
# The outputs as GitHub keeps them: by name, without regard to case.
json.dump(
    {
        "result": job.result,
        "log": job.show(),
        "annotations": [f"{level}: {text}" for level, _, text in job.annotations],
        "outputs": {step: job.outputs(step) for step in steps if step},
        "left": [command for _, command in job.left],
    },
    answer,
)
