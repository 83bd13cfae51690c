import { computed, reactive, ref, shallowRef } from 'vue'
import { Intent } from '../../api/intent'
import { newKey } from '../../api/key'
import { Problem } from '../../api/problem'
import type { Accepted, FileRef, Task } from '../../api/types'
import { evidenceFor } from '../../work/originals'
import { useAsked } from '../../work/loading'
import { attachFile, attachOriginal, change, draft, ownPoints, removeOriginal, report as askReport, submit } from '../asking'
import type { Report } from '../types'
import { documentOf, emptyForm, formOf, type ReportForm } from './form'
import { judgedOf, withExemptions } from './judging'

const idOf = ({ stream }: Accepted): string => stream.replace(/^report-/, '')
const BUSY = new Problem(409, 'page.busy', '正在保存，请稍后重试。')
interface Read { points: Task[]; report: Report | null }

/** A report while it is written: what was saved of it, what is typed now, and what the rules say of that. `given`: its id, or '' of a new one. */
export function useEditing(given: string, replaces: string) {
  const form = reactive(emptyForm()) as ReportForm
  const id = ref(given)
  const version = ref(0)
  const saved = ref(textOf(form))
  const busy = ref<'' | 'save' | 'file' | 'submit'>('')
  const problem = shallowRef<Problem | null>(null)
  const conflict = computed(() => problem.value?.code === 'version.mismatch')
  const intents = { save: new Intent(), submit: new Intent() }
  const asked = useAsked<Read>(async () => {
    const [points, report] = await Promise.all([ownPoints(), id.value ? askReport(id.value) : null])
    return { points, report }
  })
  const report = computed(() => asked.value.value?.report ?? null)
  const points = computed(() => asked.value.value?.points ?? [])
  const judged = computed(() => judgedOf(withExemptions(documentOf(form, false), report.value?.exemptions ?? [])))
  const isSaved = computed(() => saved.value === textOf(form))

  function show(found: Report | null): void {
    if (found?.draft) Object.assign(form, formOf(found.draft.document))
    version.value = found?.version ?? 0
    saved.value = textOf(form)
  }
  async function load(): Promise<void> {
    problem.value = null
    await asked.load()
    show(report.value)
  }
  /** Files and their steps, without what is being typed. */
  async function look(): Promise<void> {
    await asked.load()
    version.value = report.value?.version ?? version.value
  }

  async function carryOut(what: 'save' | 'file' | 'submit', doing: () => Promise<void>): Promise<boolean> {
    if (busy.value) return false
    busy.value = what
    problem.value = null
    try {
      await doing()
      return true
    } catch (error) {
      problem.value = error as Problem
      return false
    } finally {
      busy.value = ''
    }
  }

  async function write(): Promise<void> {
    if (id.value && isSaved.value) return
    const [document, text] = [documentOf(form, true), textOf(form)]
    const key = intents.save.keyFor([id.value, version.value, document])
    const answer = id.value ? await change(id.value, document, key, version.value) : await draft({ document, ...(replaces ? { replaces } : {}) }, key)
    id.value = idOf(answer)
    version.value = answer.version
    saved.value = text
  }
  const save = () => carryOut('save', write)

  /** Beside the file that it is about the refusal is said, too. */
  async function withFile(doing: () => Promise<void>): Promise<void> {
    if (!(await carryOut('file', doing))) throw problem.value ?? BUSY
  }
  /** What is attached belongs to a draft that is saved. */
  const attach = (file: FileRef, title: string | null) => withFile(async () => {
    await write()
    const key = newKey()
    const evidence = (await evidenceFor([file], key))!
    await (title === null ? attachFile(id.value, { file, evidence }, key) : attachOriginal(id.value, { title, file, evidence }, key))
    await look()
  })
  const detach = (original: string, reason: string) => withFile(async () => {
    await removeOriginal(id.value, original, reason, newKey())
    await look()
  })
  const send = (answer: string | null) => carryOut('submit', async () => {
    await write()
    await submit(id.value, answer, intents.submit.keyFor([id.value, version.value, answer]), version.value)
  })
  return { form, id, asked, report, points, judged, isSaved, busy, problem, conflict, load, save, attach, detach, send }
}

const textOf = (form: ReportForm): string => JSON.stringify(documentOf(form, true))
