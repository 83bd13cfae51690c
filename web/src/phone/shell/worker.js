// The shell of the phone pages, kept so that a reload works with no network. It holds built files and the entry alone:
// what a person wrote lives in IndexedDB, and nothing of /api ever passes through here. The page works without it.
const CACHE = 'qingyuan-shell-' + '__VERSION__'
const FILES = [/* __FILES__ */]

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()))
})

self.addEventListener('activate', (event) => {
  event.waitUntil(dropOthers().then(() => self.clients.claim()))
})

async function dropOthers() {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name.startsWith('qingyuan-shell-') && name !== CACHE).map((name) => caches.delete(name)))
}

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin) return
  const name = request.mode === 'navigate' && url.pathname.startsWith('/m/') ? '/m/' : url.pathname
  if (FILES.includes(name)) event.respondWith(kept(name, request))
})

async function kept(name, request) {
  const cache = await caches.open(CACHE)
  return (await cache.match(name)) ?? self.fetch(request)
}
