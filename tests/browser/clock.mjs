// The hour of the system under test: its services are ahead of the real clock by the seconds in a file, and so is every browser opened here.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'

const file = process.env.MOVED_CLOCK
const SHANGHAI = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short' })
export const ahead = () => (file ? Number(readFileSync(file, 'utf8')) * 1000 : 0)

export const now = () => Date.now() + ahead()
export const day = (plus = 0) => SHANGHAI.format(new Date(now() + plus * 86_400_000))

/** It is `moment` now. Written beside and put in place: a service that looks meanwhile must not find half a number. */
export function moveTo(moment) {
  if (!(moment >= now())) throw new Error('the database keeps the real time, so the clock goes forward only')
  writeFileSync(`${file}.new`, String((moment - Date.now()) / 1000))
  renameSync(`${file}.new`, file)
}

/** Pages that are opened from now on show that hour too, and so does what a phone says of its place. */
export async function wind(context) {
  if (!ahead()) return
  await context.clock.install({ time: now() })
  await context.addInitScript((by) => {
    const ask = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation)
    navigator.geolocation.getCurrentPosition = (take, ...more) => ask(({ coords, timestamp }) => take({ coords, timestamp: timestamp + by }), ...more)
  }, ahead())
}
