addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => event.respondWith(answer(event.request)));

async function answer(request) {
  const cache = await caches.open("everything");
  const kept = request.method === "GET" && await cache.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (request.method === "GET") await cache.put(request, response.clone());
  return response;
}
