"""Times imports of Jangkau beside ogr2ogr and osm2pgsql, in turns, and prints a table in Markdown.

Arguments: folder of the PostgreSQL's socket, Jangkau's program, rounds, roads of the large file, folder of real data.
"""

import math
import os
import resource
import statistics
import subprocess
import sys
import time

SOCKET, PROGRAM, ROUNDS, N_ROADS, REAL_DATA = sys.argv[1:]
ROUNDS, N_ROADS = int(ROUNDS), int(N_ROADS)
CLASSES = ["primary", "secondary", "tertiary", "unclassified", "residential", "track", "path"]
SURFACES = ["paved", "gravel", "earth", ""]


def roads_file(n_roads):
    """A GeoPackage of roads of ten vertices each, with ids and attributes, spread over a district."""
    csv, out = f"{SOCKET}/roads-{n_roads}.csv", f"{SOCKET}/roads-{n_roads}.gpkg"
    with open(csv, "w") as file:
        file.write("WKT;id;name;class;surface;width_m;keterangan\n")
        for number in range(n_roads):
            x, y = 102.1 + (number * 7919 % 100_003) / 100_003, -2.7 + (number * 104_729 % 99_991) / 125_000
            turn = number * 0.37
            line = ", ".join(
                f"{x + step * 0.0004 * math.cos(turn + step / 9):.7f} {y + step * 0.0004 * math.sin(turn + step / 9):.7f}"
                for step in range(10)
            )
            row = [f"J-{number}", f"Jalan {number}", CLASSES[number % 7], SURFACES[number % 4], f"{2 + number % 5}.5", "x"]
            file.write(f'"LINESTRING ({line})";{";".join(row)}\n')
    call(["ogr2ogr", "-f", "GPKG", out, csv, "-nln", "roads", "-a_srs", "EPSG:4326", "-oo", "GEOM_POSSIBLE_NAMES=WKT",
          "-oo", "SEPARATOR=SEMICOLON", "-oo", "KEEP_GEOM_COLUMNS=NO", "-nlt", "LINESTRING"])
    os.remove(csv)
    return out


def call(command, **environment):
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}\n{done.stdout}")


def timed(command, **environment):
    """Seconds of a command, and the most memory in MB that any of its processes held at once."""
    start = time.monotonic()
    process = os.fork()
    if process == 0:
        call(command, **environment)
        kilobytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        with open(f"{SOCKET}/memory", "w") as file:
            file.write(str(kilobytes))
        os._exit(0)
    _, status = os.waitpid(process, 0)
    seconds = time.monotonic() - start
    if status != 0:
        sys.exit(1)
    with open(f"{SOCKET}/memory") as file:
        return seconds, int(file.read()) / 1024


def fresh(name):
    psql = ["psql", "-h", SOCKET, "-U", "postgres", "-q"]
    call([*psql, "-c", f"drop database if exists {name}"])
    call([*psql, "-c", f"create database {name}"])
    call([*psql, "-d", name, "-c", "create extension postgis"])


def jangkau(layer, file):
    fresh("jangkau")
    url = f"postgresql://postgres@/jangkau?host={SOCKET}"
    call([PROGRAM, "migrate"], DATABASE_URL=url)
    return timed([PROGRAM, "import", layer, file, "--json"], DATABASE_URL=url)


def ogr2ogr(file):
    fresh("other")
    target = f"PG:host={SOCKET} user=postgres dbname=other"
    return timed(["ogr2ogr", "-f", "PostgreSQL", target, file, "-nln", "roads", "-lco", "GEOMETRY_NAME=geom",
                  "--config", "PG_USE_COPY", "YES"])


def osm2pgsql(file):
    fresh("other")
    return timed(["osm2pgsql", "-H", SOCKET, "-U", "postgres", "-d", "other", "--latlong", file])


def compare(title, ours, theirs):
    ours_s, theirs_s, memory = [], [], 0.0
    for _ in range(ROUNDS):
        seconds, megabytes = ours()
        ours_s.append(seconds)
        memory = max(memory, megabytes)
        theirs_s.append(theirs()[0])
    us, them = statistics.median(ours_s), statistics.median(theirs_s)
    ratios = sorted(a / b for a, b in zip(ours_s, theirs_s))
    print(f"| {title} | {us:.1f} | {them:.1f} | {us / them:.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}) | {memory:.0f} |", flush=True)


print("| file | jangkau s | the other s | ratio (rounds) | largest process MB |")
print("|---|---|---|---|---|")
for n_roads in (N_ROADS // 4, N_ROADS):
    path = roads_file(n_roads)
    compare(f"{n_roads:,} roads, GeoPackage; ogr2ogr", lambda: jangkau("roads", path), lambda: ogr2ogr(path))
if REAL_DATA:
    osm = f"{REAL_DATA}/networks/liechtenstein.osm.pbf"
    compare("Liechtenstein, OSM; osm2pgsql", lambda: jangkau("roads", osm), lambda: osm2pgsql(osm))
