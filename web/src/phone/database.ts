import Dexie, { type EntityTable } from 'dexie'
import type { Operation } from './outbox/operation'
import type { FileKept, PhotoKept, Sheet, Task, Visit } from './types'

interface Thing { key: string; value: unknown }
interface TaskKept { point_id: string; day: string; opened: boolean; task: Task }

/** Everything one account has on this phone. Each account has its own: nobody sees or sends another's work. */
export class PhoneDatabase extends Dexie {
  things!: EntityTable<Thing, 'key'>
  tasks!: EntityTable<TaskKept, 'point_id'>
  visits!: EntityTable<Visit, 'id'>
  sheets!: EntityTable<Sheet, 'id'>
  photos!: EntityTable<PhotoKept, 'id'>
  files!: EntityTable<FileKept, 'sha256'>
  outbox!: EntityTable<Operation, 'seq'>

  constructor(readonly account: string) {
    super(`qingyuan-phone-${account}`)
    this.version(1).stores({
      things: 'key',
      tasks: 'point_id',
      visits: 'id, day, opening.point_id',
      sheets: 'id, visit',
      photos: 'id, visit, of',
      files: 'sha256',
      outbox: '++seq, &id, visit, state',
    })
  }

  async thing<T>(key: string): Promise<T | null> {
    return ((await this.things.get(key))?.value as T | undefined) ?? null
  }

  async keep(key: string, value: unknown): Promise<void> {
    await this.things.put({ key, value })
  }
}
