"""Compares `jangkau access` with an implementation that shares nothing with it, node by node, on Jakarta's roads.

usage: node_by_node.py PROGRAM ROADS.shp WORK_FOLDER

The other implementation: GDAL reads the lines (pyogrio), PROJ measures them (pyproj), scipy searches. Every vertex is a
node here, nothing is contracted, nothing is indexed. Speeds are written down below by hand from data/profiles.toml.
Ends with 1 where more than 0.1 % of the nodes differ, or one differs that no known reason explains.
"""
import collections
import csv
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from pyproj import Geod
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

# Metres in an hour by class, dry season, surface and condition unknown; walked classes are free of one-way signs.
WALK = 5_000
RIDDEN = {
    "foot": {},
    "motorcycle": {
        "trunk": 45_000, "primary": 45_000, "secondary": 40_000, "tertiary": 40_000, "residential": 28_000,
        "unclassified": 22_000, "road": 22_000, "living_street": 20_000, "service": 18_000, "track": 15_000,
        "path": 12_000,
    },
}
WALKED = {
    "foot": {
        "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street", "service", "track",
        "path", "footway", "pedestrian", "steps", "cycleway", "bridleway", "road",
    },
    "motorcycle": {"footway", "pedestrian", "steps", "cycleway", "bridleway"},
}
N_FACILITIES = 200
LARGEST_SHARE = 0.001


def pieces_of(roads):
    """Every straight piece as (start, end) on the grid of 1e-7 degrees, with its class and one-way sign."""
    _, _, shapes, (kinds, one_ways) = pyogrio.raw.read(roads, columns=["TYPE", "ONEWAY"])
    starts, ends, classes, signs = [], [], [], []
    for shape, kind, one_way in zip(shapes, kinds, one_ways):
        line = np.rint(shapely.get_coordinates(shapely.from_wkb(shape)) * 1e7).astype(np.int64)
        line = line[np.r_[True, np.any(line[1:] != line[:-1], axis=1)]]
        n_pieces = len(line) - 1
        starts.append(line[:-1])
        ends.append(line[1:])
        classes += [kind.removesuffix("_link")] * n_pieces
        signs += [one_way or "no"] * n_pieces
    return np.concatenate(starts), np.concatenate(ends), np.array(classes), np.array(signs)


def rounded(numerator, denominator):
    """Whole numbers, halves upwards."""
    return (numerator + denominator // 2) // denominator


def least_arcs(tail, head, cost, n_nodes):
    """A matrix of arcs; of parallel ones the cheapest, which scipy would add up."""
    order = np.lexsort((cost, head, tail))
    tail, head, cost = tail[order], head[order], cost[order]
    is_first = np.r_[True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])]
    return csr_matrix((cost[is_first].astype(float), (tail[is_first], head[is_first])), (n_nodes, n_nodes))


def main(program, roads, work):
    work.mkdir(parents=True, exist_ok=True)
    start, end, classes, signs = pieces_of(roads)
    places, numbers = np.unique(np.concatenate([start, end]), axis=0, return_inverse=True)
    numbers = numbers.reshape(-1)
    tail, head = numbers[: len(start)], numbers[len(start) :]
    degrees = places / 1e7
    from_place, to_place = degrees[tail], degrees[head]
    metres = Geod(ellps="WGS84").inv(from_place[:, 0], from_place[:, 1], to_place[:, 0], to_place[:, 1])[2]
    length_mm = np.maximum(np.floor(metres * 1000 + 0.5).astype(np.int64), 1)
    lines = shapely.linestrings(np.stack([degrees[tail], degrees[head]], axis=1))

    n_bad = 0
    for mode in ("foot", "motorcycle"):
        walked = np.isin(classes, list(WALKED[mode]))
        speed = np.array([RIDDEN[mode].get(each, 0) for each in classes])
        speed[walked] = WALK
        permitted = speed > 0
        forward = permitted & (walked | (signs != "-1"))
        backward = permitted & (walked | (signs != "yes"))
        for metric in ("time", "distance"):
            cost = length_mm if metric == "distance" else rounded(length_mm * 3600, np.maximum(speed, 1))
            n_bad += compare(program, roads, work, mode, metric, places, lines, tail, head, cost, forward, backward)
    return 1 if n_bad else 0


def compare(program, roads, work, mode, metric, places, lines, tail, head, cost, forward, backward):
    permitted = forward | backward
    nodes = np.unique(np.concatenate([tail[permitted], head[permitted]]))
    facilities = nodes[:: max(1, len(nodes) // N_FACILITIES)]
    # Against the way people travel: from the facilities to every node.
    against = least_arcs(
        np.concatenate([head[forward], tail[backward]]),
        np.concatenate([tail[forward], head[backward]]),
        np.concatenate([cost[forward], cost[backward]]),
        len(places),
    )
    expected = dijkstra(against, indices=facilities, min_only=True)

    for name, chosen in (("origins", nodes), ("facilities", facilities)):
        with open(work / f"{name}.csv", "w", newline="") as out:
            rows = csv.writer(out)
            rows.writerow(["id", "lon", "lat"])
            rows.writerows([node, *(f"{each / 1e7:.7f}" for each in places[node])] for node in chosen)
    found_in = work / f"{mode}-{metric}.csv"
    subprocess.run(
        [program, "access", "--roads", roads, "--map", "class=TYPE", "--map", "one_way=ONEWAY", "--mode", mode,
         "--metric", metric, "--snap", "nearest", "--origins", work / "origins.csv", "--facilities",
         work / "facilities.csv", "--out", found_in],
        check=True,
    )
    column, unit = ("time_s", 1000) if metric == "time" else ("length_m", 1000)
    with open(found_in, newline="") as rows:
        found = {int(row["origin_id"]): (row["state"], row[column]) for row in csv.DictReader(rows)}

    different = []
    for node in nodes:
        state, value = found.pop(int(node))
        ours = round(float(value) * unit) if value else None
        theirs = int(expected[node]) if np.isfinite(expected[node]) else None
        if ours != theirs:
            different.append((int(node), state, ours, theirs))
    assert not found, f"rows for nodes that nobody asked for: {list(found)[:5]}"
    unexplained = explain(different, places, lines, permitted, tail, head, facilities)
    n_reached = int(np.isfinite(expected[nodes]).sum())
    share = len(different) / len(nodes)
    print(f"{mode} {metric}: {len(nodes)} nodes, {n_reached} reached, {len(different)} differ ({share:.4%}), "
          f"{len(unexplained)} of them for no known reason")
    for row in unexplained[:10]:
        print("   node {}, state {}, ours {}, theirs {}".format(*row), "at", places[row[0]] / 1e7)
    return len(unexplained) + (share > LARGEST_SHARE)


def explain(different, places, lines, permitted, tail, head, facilities):
    """What is left after the known reason: another road passes within a millimetre of the node without sharing it,
    so the nearest road is another one."""
    tree = shapely.STRtree(lines)
    reasons = collections.Counter()
    unexplained = []
    for row in different:
        point = shapely.Point(places[row[0]] / 1e7)
        touching = tree.query(point.buffer(1e-8), predicate="intersects")
        strangers = [piece for piece in touching if permitted[piece] and row[0] not in (tail[piece], head[piece])]
        if strangers:
            reasons["another road passes through the node without sharing it"] += 1
        else:
            unexplained.append(row)
    for reason, count in reasons.items():
        print(f"   {count}: {reason}")
    return unexplained


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
