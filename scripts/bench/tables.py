#!/usr/bin/env python3
"""Prints the measurements of compare.py as Markdown: a table for each graph, medians over rounds.

usage: tables.py OUT.jsonl

A ratio is the peer's time over ours in the same round, and its median over rounds; above 1 ours is faster.
"""
import collections
import json
import statistics
import sys


def figure(value, digits=3):
    """Three significant digits, without an exponent."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.{digits}g}"


def main():
    rows = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
    grouped = collections.defaultdict(list)
    for row in rows:
        grouped[row["graph"], row["operation"], row["program"]].append(row)
    for graph in dict.fromkeys(row["graph"] for row in rows):
        print(f"\n| {graph} | program | CPU s | wall s | run | prep wall s | MiB | same sum | ratio CPU | ratio wall |")
        print("|---|---|--:|--:|--:|--:|--:|---|--:|--:|")
        for (each, operation, program), runs in grouped.items():
            if each != graph:
                continue
            good = [run for run in runs if "error" not in run]
            if not good:
                print(f"| {operation} | {program} | {runs[0]['error']} | | | | | | | |")
                continue
            base = {run["round"]: run for run in grouped[graph, operation, "ours"]}
            median = lambda of: statistics.median(of(run) for run in good)  # noqa: E731
            ratio = lambda key: median(lambda run: run[key] / base[run["round"]][key])  # noqa: E731
            same = {True: "yes", False: "**no**"}.get(good[0].get("same"), "")
            is_ours = program.startswith("ours")
            print(f"| {operation} | {program} | {figure(median(lambda run: run['cpu_s']))} "
                  f"| {figure(median(lambda run: run['wall_s']))} "
                  f"| {'all' if good[0]['frac'] == 1 else format(good[0]['frac'], '.2%')}, {len(good)}× "
                  f"| {'' if is_ours else figure(median(lambda run: run['prep_s']))} "
                  f"| {median(lambda run: run['mib']):.0f} | {same} "
                  f"| {'' if is_ours else figure(ratio('cpu_s'))} | {'' if is_ours else figure(ratio('wall_s'))} |")


if __name__ == "__main__":
    main()
