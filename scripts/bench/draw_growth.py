#!/usr/bin/env python3
"""Draws the measurements of growth.py: processor time by number of nodes, both on logarithmic axes.

usage: draw_growth.py OUT.jsonl CHART.svg

The colours are legible on white and on black, and every line is named at the right, in the order of their ends.
"""
import collections
import json
import math
import statistics
import sys

WIDTH, HEIGHT = 760, 470
LEFT, RIGHT, TOP, BOTTOM = 74, 170, 46, 58
FIRST_DECADE_OF_NODES = 4
# Decades of milliseconds.
MILLISECONDS = (-1, 4)
SERIES = {
    ("nearest1", "ours"): ("nearest of 1,000", "#2b8cbe", ""),
    ("nearest1", "scipy"): ("nearest, by scipy", "#2b8cbe", "5 4"),
    ("knn3", "ours"): ("three nearest", "#e6550d", ""),
    ("one2all", "ours"): ("one tree", "#31a354", ""),
    ("one2all", "scipy"): ("one tree, by scipy", "#31a354", "5 4"),
}
TREES = 100


def x_of(nodes, last_decade):
    share = (math.log10(nodes) - FIRST_DECADE_OF_NODES) / (last_decade - FIRST_DECADE_OF_NODES)
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def y_of(milliseconds):
    share = (math.log10(milliseconds) - MILLISECONDS[0]) / (MILLISECONDS[1] - MILLISECONDS[0])
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def time_name(decade):
    return {-1: "0.1 ms", 0: "1 ms", 1: "10 ms", 2: "0.1 s", 3: "1 s", 4: "10 s"}[decade]


def spread(ends):
    """Moves names of line ends apart so that none covers another."""
    placed = []
    for y, *rest in sorted(ends):
        y = max(y, placed[-1][0] + 15) if placed else y
        placed.append((y, *rest))
    return placed


def main():
    values = collections.defaultdict(list)
    for line in open(sys.argv[1], encoding="utf-8"):
        row = json.loads(line)
        per_search = TREES if row["operation"] == "one2all" else 1
        values[row["operation"], row["program"], row["size"]].append(row["cpu_s"] * 1e3 / per_search)

    last_decade = math.ceil(math.log10(max(size for _, _, size in values)))
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        'font-family="system-ui, sans-serif" font-size="12" role="img" aria-labelledby="title">',
        '<title id="title">Processor time of the searches by number of nodes</title>',
        "<style>text{fill:#333}.paper{fill:#fff}.grid{stroke:#8886}"
        "@media(prefers-color-scheme:dark){text{fill:#ddd}.paper{fill:#161b22}}</style>",
        f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}"/>',
        f'<text x="{LEFT}" y="24" font-size="15">Processor time of one search, one thread, no index</text>',
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{HEIGHT - 14}" text-anchor="middle">nodes of the network</text>',
    ]
    for decade in range(MILLISECONDS[0], MILLISECONDS[1] + 1):
        y = y_of(10**decade)
        out.append(f'<line class="grid" x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}"/>')
        out.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{time_name(decade)}</text>')
    for decade in range(FIRST_DECADE_OF_NODES, last_decade + 1):
        x = x_of(10**decade, last_decade)
        name = {4: "10,000", 5: "100,000", 6: "1 million", 7: "10 million"}[decade]
        out.append(f'<line class="grid" x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{HEIGHT - BOTTOM}"/>')
        out.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{name}</text>')

    ends = []
    for (operation, program), (name, colour, dashes) in SERIES.items():
        sizes = sorted(size for each, by, size in values if (each, by) == (operation, program))
        if not sizes:
            continue
        medians = [statistics.median(values[operation, program, size]) for size in sizes]
        points = [(x_of(size, last_decade), y_of(median)) for size, median in zip(sizes, medians, strict=True)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dash = f' stroke-dasharray="{dashes}"' if dashes else ""
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        out.extend(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points)
        ends.append((points[-1][1], name, colour, dash))
    for y, name, colour, dash in spread(ends):
        x = WIDTH - RIGHT + 10
        out.append(f'<line x1="{x}" y1="{y:.1f}" x2="{x + 20}" y2="{y:.1f}" stroke="{colour}" stroke-width="2"{dash}/>')
        out.append(f'<text x="{x + 26}" y="{y + 4:.1f}">{name}</text>')
    out.append("</svg>")
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
