// A page of somebody else: `localhost` is another site than `127.0.0.1`, where our server is.

import { once } from "node:events";
import { createServer } from "node:http";

export const HOSTS = "http://localhost:";

export async function startHost(body) {
  const server = createServer((request, response) => {
    const isPage = request.url === "/";
    // No icon, which is no error either.
    response.writeHead(isPage ? 200 : 204, { "content-type": "text/html; charset=utf-8" });
    response.end(isPage ? `<!doctype html><html lang="id"><title>Koran</title><body>${body}</body></html>` : "");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { origin: `${HOSTS}${server.address().port}`, stop: () => server.close() };
}
