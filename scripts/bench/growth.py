#!/usr/bin/env python3
"""Measures how the engine's time grows with the network, from 10 thousand to 10 million nodes, scipy beside it.

usage: growth.py ENGINE WORK OUT.jsonl [--rounds 3] [--sizes NODES,...]

Each graph is made, measured and deleted in turn. The folder with `gen_graph.py` and `peers.py` is JANGKAU_BENCH.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys

from compare import ours, theirs

SIZES = [10_000, 31_623, 100_000, 316_228, 1_000_000, 3_162_278, 10_000_000]
OPERATIONS = ["nearest1", "knn3", "one2all"]
LIMIT_S = 1500


def measure(given, graph, size):
    for operation in OPERATIONS:
        for round_number in range(given.rounds):
            programs = {"ours": lambda: ours(given.engine, graph, operation, 1, LIMIT_S)}
            if operation != "knn3":
                programs["scipy"] = lambda: theirs(graph, "scipy", operation, LIMIT_S)
            for program, run in programs.items():
                row = dict(size=size, operation=operation, round=round_number, program=program,
                           load=os.getloadavg()[0], **run())
                with open(given.out, "a", encoding="utf-8") as file:
                    file.write(json.dumps(row) + "\n")
                print(json.dumps(row), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", type=os.path.abspath)
    parser.add_argument("work")
    parser.add_argument("out")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", type=lambda text: [int(size) for size in text.split(",")], default=SIZES)
    given = parser.parse_args()
    for size in given.sizes:
        graph = os.path.join(given.work, f"growth-{size}")
        maker = os.path.join(os.environ["JANGKAU_BENCH"], "gen_graph.py")
        subprocess.run([sys.executable, maker, graph, str(size)], check=True)
        try:
            measure(given, graph, size)
        finally:
            shutil.rmtree(graph)


if __name__ == "__main__":
    main()
