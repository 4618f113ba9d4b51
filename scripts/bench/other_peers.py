#!/usr/bin/env python3
"""Runs the peers that are no Python packages, the engine right after each, and writes lines like those of compare.py.

usage: other_peers.py ENGINE GRAPHS OUT.jsonl --work WORK [--rust-peers PROGRAM] [--only GRAPH,...] [--limit SECONDS]

pgRouting runs in a cluster of its own below WORK, reached by a socket alone; petgraph, fast_paths and cch in PROGRAM.
Both run a part of the long operations: the times are those of the whole operation in proportion. The folder with
`pgrouting.sh` is JANGKAU_BENCH.
"""
import argparse
import json
import os
import re
import subprocess

from compare import ours, same_sum

PLAN = {
    "synthetic-100k": ["pgrouting", "rust"],
    "synthetic-1m": ["rust"],
    "florida": ["rust"],
    "jakarta": ["pgrouting", "rust"],
}
# How a line of pgrouting.sh begins, which operation it is, and of how many sources.
PGROUTING = {
    "nearest1": ("nearest1", None),
    "one2all, 5 sources": ("one2all", (5, 100)),
    "matrix 20 x 1000": ("matrix", (20, 1000)),
    "isochrone 30 min, 10 sources": ("iso", (10, None)),
}
RUST = {"petgraph 0.8": "petgraph", "fast_paths 1.0": "fast_paths", "crate cch 0.3": "cch"}


def pgrouting(graph, given):
    """Yields (operation, row). Costs of one source, of sources that are not ours, or of facilities are not compared."""
    with open(os.path.join(graph, "meta.json"), encoding="utf-8") as file:
        n_nodes = json.load(file)["nodes"]
    command = ["bash", os.path.join(os.environ["JANGKAU_BENCH"], "pgrouting.sh"), graph,
               os.path.join(given.work, "pgrouting")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=given.limit, check=True)
    for line in done.stdout.splitlines():
        for start, (operation, sources) in PGROUTING.items():
            if not line.startswith(start):
                continue
            n_run, n_all = sources or (1, 1)
            share = n_run / (n_all or n_nodes)
            result = re.search(r"\d+\|(\d+)", line)
            yield operation, dict(
                cpu_s=float(re.search(r"cpu_s ([\d.]+)", line)[1]) / share,
                wall_s=float(re.search(r"Time: ([\d.]+) ms", line)[1]) / 1e3 / share,
                mib=int(re.search(r"VmHWM:\s*(\d+)", line)[1]) / 1024, frac=share, prep_s=0.0,
                **(dict(check=float(result[1])) if operation == "nearest1" else {}))


def rust(graph, given):
    """Yields (operation, row, program). Making an order or a hierarchy counts as preparation."""
    done = subprocess.run([given.rust_peers, "peers", graph], capture_output=True, text=True, timeout=given.limit,
                          check=True)
    prep_s = {}
    for row in map(json.loads, done.stdout.splitlines()):
        program = next((name for start, name in RUST.items() if row["cfg"].startswith(start)), None)
        wall_s, cpu_s, mib = row["wall_ms"] / 1e3, row["cpu_ms"] / 1e3, row["rss_mib"]
        if row["op"] not in ("nearest1", "one2all", "matrix"):
            builder = row["op"].split("_")[0]
            name = "fast_paths" if builder == "fast" else builder
            prep_s[name] = prep_s.get(name, 0.0) + wall_s
            continue
        # One of 100 trees, of 5 that were run; 100 of 1,000 rows.
        trees = dict(one2all=100).get(row["op"], 1)
        frac = dict(one2all=0.05, matrix=0.1 if program == "fast_paths" else 1.0).get(row["op"], 1.0)
        check = {} if row["op"] == "one2all" else dict(check=row["check"])
        yield row["op"], dict(cpu_s=cpu_s * trees, wall_s=wall_s * trees, mib=mib, frac=frac,
                              prep_s=prep_s.get(program, 0.0), **check), program


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", type=os.path.abspath)
    parser.add_argument("graphs", type=os.path.abspath)
    parser.add_argument("out")
    parser.add_argument("--work", type=os.path.abspath, required=True)
    parser.add_argument("--rust-peers", type=os.path.abspath)
    parser.add_argument("--only", default=",".join(PLAN))
    parser.add_argument("--limit", type=int, default=1500)
    given = parser.parse_args()
    for name in given.only.split(","):
        graph = os.path.join(given.graphs, name)
        references = {}
        for kind in PLAN[name]:
            if kind == "rust" and not given.rust_peers:
                continue
            runs = pgrouting(graph, given) if kind == "pgrouting" else rust(graph, given)
            for operation, row, *program in list(runs):
                lines = []
                if operation not in references:
                    references[operation] = ours(given.engine, graph, operation, 1, given.limit)
                    lines.append(("ours", references[operation]))
                same = same_sum(operation, references[operation], row)
                lines.append((program[0] if program else kind, dict(row, same=same)))
                for who, measured in lines:
                    line = dict(graph=name, operation=operation, round=0, program=who, load=os.getloadavg()[0],
                                **measured)
                    with open(given.out, "a", encoding="utf-8") as file:
                        file.write(json.dumps(line) + "\n")
                    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
