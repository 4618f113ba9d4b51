#!/usr/bin/env python3
"""Runs the engine and its peers in turn on the same graphs and writes one JSON line for each measurement.

usage: compare.py ENGINE GRAPHS OUT.jsonl [--rounds 3] [--only GRAPH,...] [--operations OP,...] [--peers PEER,...]
                  [--limit SECONDS]

Within a round the engine runs first, then each peer of the operation, each in a fresh process, so a ratio is taken
within minutes on the same machine. Peers that need minutes to prepare, and operations that take minutes, run in the
first round only. The folder with `peers.py` is JANGKAU_BENCH.
"""
import argparse
import json
import os
import subprocess
import sys

sys.path.insert(0, os.environ["JANGKAU_BENCH"])
import peers  # noqa: E402

# Which peers can do what, on which graph, in an hour. rustworkx runs at 0.1 M only: its graph is built arc by arc.
PLAN = {
    "synthetic-1m": {
        "nearest1": ["scipy", "pandana", "networkit", "igraph", "routingkit"],
        "knn3": ["pandana"],
        "one2all": ["scipy", "networkit", "igraph"],
        "matrix": ["scipy", "pandana", "networkit"],
    },
    "synthetic-100k": {
        "nearest1": ["scipy", "pandana", "networkit", "igraph", "rustworkx", "routingkit"],
        "knn3": ["pandana"],
        "one2all": ["scipy", "networkit", "igraph", "rustworkx", "routingkit"],
        "matrix": ["scipy", "pandana", "networkit", "igraph", "routingkit"],
        "iso": ["scipy", "pandana"],
    },
    "florida": {
        "nearest1": ["scipy", "networkit", "igraph"],
        "one2all": ["scipy", "networkit", "igraph"],
    },
    "jakarta": {
        "nearest1": ["scipy", "pandana", "networkit", "igraph", "routingkit"],
        "knn3": ["pandana"],
        "one2all": ["scipy", "networkit", "igraph"],
        "matrix": ["scipy", "pandana", "routingkit"],
        "iso": ["scipy", "pandana"],
    },
}
ONCE = {("iso", "pandana"), ("matrix", "networkit"), ("matrix", "igraph"), ("one2all", "rustworkx")}
ONCE_ON_1M = {"pandana", "routingkit", "igraph", "networkit"}
RELATIVE_TOLERANCE = 1e-6


def ours(engine, graph, operation, threads, limit):
    command = [engine, "one", graph, operation, "--threads", str(threads)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=True)
    row = json.loads(done.stdout.strip().splitlines()[-1])
    return dict(cpu_s=row["cpu_ms"] / 1e3, wall_s=row["wall_ms"] / 1e3, mib=row["rss_mib"], frac=row["frac"],
                check=row["check"], prep_s=0.0)


def theirs(graph, peer, operation, limit):
    row = peers.one(graph, peer, operation, limit)
    if "error" in row:
        return dict(error=row["error"])
    return dict(cpu_s=row["cpu_s"], wall_s=row["wall_s"], mib=row["rss_mib"], frac=row["frac"],
                check=row["check"], prep_s=row["prep_s"])


def runs_in(round_number, graph, operation, peer):
    once = (operation, peer) in ONCE or (graph == "synthetic-1m" and peer in ONCE_ON_1M)
    once = once or (graph == "synthetic-1m" and operation == "matrix")
    return round_number == 0 or not once


def same_sum(operation, reference, row):
    """Whether the sum is ours; none where samples differ in size. That of iso is a mean over the same nodes always."""
    if "check" not in row or (operation != "iso" and row["frac"] != reference["frac"]):
        return None
    return abs(row["check"] - reference["check"]) <= RELATIVE_TOLERANCE * abs(reference["check"])


def one_round(given, round_number, name, operation):
    """Yields the engine's measurement, then each peer's."""
    graph = os.path.join(given.graphs, name)
    reference = ours(given.engine, graph, operation, 1, given.limit)
    yield "ours", reference
    if operation in ("nearest1", "knn3", "iso"):
        row = ours(given.engine, graph, operation, 2, given.limit)
        yield "ours, 2 threads", dict(row, same=same_sum(operation, reference, row))
    for peer in PLAN[name][operation]:
        if peer not in given.peers.split(",") or not runs_in(round_number, name, operation, peer):
            continue
        try:
            row = theirs(graph, peer, operation, given.limit)
        except subprocess.TimeoutExpired:
            row = dict(error=f"stopped after {given.limit} s")
        yield peer, dict(row, same=same_sum(operation, reference, row))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", type=os.path.abspath)
    parser.add_argument("graphs")
    parser.add_argument("out")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default=",".join(PLAN))
    parser.add_argument("--operations", default="nearest1,knn3,one2all,matrix,iso")
    parser.add_argument("--peers", default=",".join(peers.PEERS))
    parser.add_argument("--limit", type=int, default=1500)
    given = parser.parse_args()
    for name in given.only.split(","):
        for operation in PLAN[name]:
            if operation not in given.operations.split(","):
                continue
            for round_number in range(given.rounds):
                for program, row in one_round(given, round_number, name, operation):
                    row = dict(graph=name, operation=operation, round=round_number, program=program,
                               load=os.getloadavg()[0], **row)
                    with open(given.out, "a", encoding="utf-8") as file:
                        file.write(json.dumps(row) + "\n")
                    print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
