/** 误录作废 of an instrument, a point or an outlet: what the dialog asks, and what of the work names it. */
import { command, get } from '../api'
import type { Accepted, Entry, Naming } from '../api/types'
import type { Saying } from '../work/shared/WordDialog.vue'

export type Voidable = 'instrument' | 'monitoring_point' | 'outlet'
type Send = (id: string, reason: string, key: string, version: number) => Promise<Accepted>

interface Asked { placeholder: string; notice: string; send: Send }

const AFTERWARDS = '作废后不能恢复，历史中仍能看到。'
const ASKED: Record<Voidable, Asked> = {
  instrument: {
    placeholder: '例如：登记到了别的测点，或同一台登记了两次',
    notice: `只用于登记错了、从未在这里安装的仪器；拆除的仪器请用“停用”。${AFTERWARDS}`,
    send: (id, reason, key, version) => command('/api/registry/instruments/{instrument_id}/voiding', { path: { instrument_id: id }, body: { reason } }, key, version),
  },
  monitoring_point: {
    placeholder: '例如：同一个测点登记了两次',
    notice: `只用于登记错了、从未有过的测点；拆除的测点请用“停用”。须先作废其下全部仪器。作废后，它的编号和 MN 号可以登记给别的测点。${AFTERWARDS}`,
    send: (id, reason, key, version) => command('/api/registry/points/{point_id}/voiding', { path: { point_id: id }, body: { reason } }, key, version),
  },
  outlet: {
    placeholder: '例如：把 DW001 登记成了 DW002',
    notice: `只用于登记错了、从未有过的排口；封堵的排口请用“停用”。须先作废其下全部测点。作废后，它的编号可以登记给别的排口。${AFTERWARDS}`,
    send: (id, reason, key, version) => command('/api/registry/outlets/{outlet_id}/voiding', { path: { outlet_id: id }, body: { reason } }, key, version),
  },
}

/** What names it, in one sentence; empty where nothing does. */
export function namedBy({ visits, signed, contracts, plans }: Naming): string {
  const named = [
    visits ? `${visits} 次运维${signed ? `（其中 ${signed} 次已签字）` : ''}` : '',
    contracts ? `${contracts} 份履行中的合同` : '',
    plans ? `${plans} 个执行中的计划` : '',
  ].filter((part) => part)
  if (!named.length) return ''
  const stop = plans ? '计划中它没有完成的周期改为“已停止”，不再算应完成或已错过。' : ''
  return `请注意：已有${named.join('、')}写明了它。作废后这些内容都保留，名称旁注明“误录作废”；确实用过的请用“停用”。${stop}`
}

const UNKNOWN = '暂时查不到哪些运维和合同写明了它，请先自行核对。'

async function warning(noun: Voidable, id: string): Promise<string> {
  try {
    return namedBy(await get('/api/views/naming/{stream}', { path: { stream: `${noun}-${id}` } }))
  } catch {
    return UNKNOWN
  }
}

/** What the dialog is to show. What names the entry is asked first, so that nobody voids it unawares. */
export async function voidingOf(noun: Voidable, { id, version }: Pick<Entry, 'id' | 'version'>, name: string): Promise<Saying> {
  const { placeholder, notice, send } = ASKED[noun]
  return {
    title: `误录作废 · ${name}`, label: '原因', placeholder, notice, warning: await warning(noun, id), action: '作废', grave: true,
    say: (reason, _files, key) => send(id, reason, key, version),
  }
}
