// The server's answers; a problem becomes an error that carries it.

export class Problem extends Error {
  constructor(problem) {
    super(problem.detail ?? problem.title);
    this.code = problem.code;
  }
}

export async function get(path) {
  const response = await fetch(path, { headers: { accept: "application/geo+json, application/json" } });
  const type = response.headers.get("content-type") ?? "";
  if (!type.includes("json")) throw new Problem({ title: `${response.status} ${path}` });
  const body = await response.json();
  if (!response.ok) throw new Problem(body);
  return body;
}

// The query that names an indicator.
export function asQuery({ service, mode, season, metric, tier }) {
  const query = new URLSearchParams({ service, mode, season, metric });
  if (tier.length) query.set("tier", tier.join(","));
  return query.toString();
}

// Every feature of a collection, page after page.
export async function features(path) {
  const found = [];
  for (let next = path; next; ) {
    const page = await get(next);
    found.push(...page.features);
    const link = page.links.find((each) => each.rel === "next");
    next = link && new URL(link.href, location.href).pathname + new URL(link.href, location.href).search;
  }
  return found;
}
