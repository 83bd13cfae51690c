import { everyPage, get } from '../api'
import { db } from './account'
import { serverDay } from './clock'
import type { PhoneDatabase } from './database'
import { withFormer, type Forms } from './forms'
import type { Colleague, Task, TaskPart, VisitRow } from './types'

const FORMS = 'forms'
const COLLEAGUES = 'colleagues'
const DAY = 'day'
export const CERTIFICATE = 'certificate'
const PARTS = 'parts'

/** Today's work from the server, kept whole: from here on no network is needed. */
export async function fetchTasks(): Promise<void> {
  const [found, forms, colleagues] = await Promise.all([
    get('/api/views/tasks/today'),
    get('/api/tasks/forms'),
    get('/api/colleagues'),
  ])
  await db().keep(CERTIFICATE, found.certificate ?? null)
  await db().keep(PARTS, found.parts)
  await keepTasks(db(), found.day, found.points, forms as unknown as Forms, colleagues.items)
}

export async function keepTasks(kept: PhoneDatabase, day: string, points: Task[], forms: Forms, colleagues: Colleague[]): Promise<void> {
  await kept.transaction('rw', kept.tasks, kept.things, kept.sheets, async () => {
    const opened = new Set((await kept.tasks.filter((one) => one.opened).primaryKeys()) as string[])
    const current = new Set(points.map((one) => one.point.id))
    await kept.tasks.filter((one) => !current.has(one.point_id)).delete()
    await kept.tasks.bulkPut(points.map((task) => ({ point_id: task.point.id, day, opened: opened.has(task.point.id), task })))
    await kept.keep(FORMS, withFormer(forms, await kept.thing<Forms>(FORMS), await kept.sheets.toArray()))
    await kept.keep(COLLEAGUES, colleagues)
    await kept.keep(DAY, day)
  })
}

export const keptForms = (): Promise<Forms | null> => db().thing<Forms>(FORMS)
export const keptColleagues = async (): Promise<Colleague[]> => (await db().thing<Colleague[]>(COLLEAGUES)) ?? []
/** The filed spare parts; none before they were first taken along. */
export const keptParts = async (): Promise<TaskPart[]> => (await db().thing<TaskPart[]>(PARTS)) ?? []
export const keptDay = (): Promise<string | null> => db().thing<string>(DAY)

const WEEK_DAYS = 7
const PAGE = 200

/** My visits of the last seven days, as the server knows them. */
export function fetchMine(): Promise<VisitRow[]> {
  return everyPage('/api/views/visits', { query: { from: serverDay(WEEK_DAYS - 1), to: serverDay(), limit: PAGE } })
}
