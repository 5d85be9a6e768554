"""Whether anything else uses the processor."""

import pathlib
import time

STAT = pathlib.Path("/proc/stat")
SECONDS = 3
MOST = 0.1  # share of all processors that others may use


class BusyError(Exception):
    """Says how busy the machine is and what to do."""


def check():
    """PyTorch's threads wait for each other, so a busy machine slows it down many times more than zellige.

    Where the system does not tell, the check passes.
    """
    if not STAT.exists():
        return
    before = ticks()
    time.sleep(SECONDS)
    busy, idle = (after - earlier for after, earlier in zip(ticks(), before))
    share = busy / (busy + idle)
    if share > MOST:
        raise BusyError(f"other programs use {share:.0%} of the processors, and PyTorch would lose most from that, so no ratio "
                        "would be fair; stop them, or look at the figures all the same with --busy")


def ticks():
    """(busy, idle) of all processors since the machine started."""
    user, nice, system, idle, iowait, irq, softirq, steal = map(int, STAT.read_text().split("\n")[0].split()[1:9])
    return user + nice + system + irq + softirq + steal, idle + iowait
