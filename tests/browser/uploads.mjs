// How a file travels from the phone, piece by piece, and what it asks when the connection is lost on the way.
import assert from 'node:assert/strict'

export const CHUNK_BYTES = 512 * 1024

/** What the phone asks of the file service from now on; the connection is lost once, at the nth piece of a file. */
export async function breakingOff(page, nth) {
  const asked = []
  let pieces = 0
  await page.route('**/api/files/uploads**', (route) => {
    const request = route.request()
    asked.push({ method: request.method(), path: new URL(request.url()).pathname, offset: Number(request.headers()['upload-offset']) })
    return request.method() === 'PATCH' && ++pieces === nth ? route.abort('connectionreset') : route.continue()
  })
  return asked
}

export function resumed(asked, files) {
  const [taken, ...others] = asked.filter((one) => one.method === 'HEAD')
  assert.ok(taken && !others.length, 'one upload was taken up again')
  const offsets = asked.filter((one) => one.method === 'PATCH' && one.path === taken.path).map((one) => one.offset)
  assert.deepEqual(offsets.slice(0, 3), [0, CHUNK_BYTES, CHUNK_BYTES], 'what had arrived was not sent again')
  assert.equal(asked.filter((one) => one.method === 'POST').length, files, 'photographs in two sizes each: none was begun twice')
}
