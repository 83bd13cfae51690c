import { moment } from '../days'
import type { Import, ImportSummary } from '../api/types'

/** What an import came to, in one sentence. */
export function headline(found: Import): string {
  const { new: fresh = 0, read = found.rows } = found.summary
  switch (found.state) {
    case 'done':
      return found.written ? `已导入 ${found.written} 台仪器` : '没有新的仪器，登记没有变化'
    case 'ready':
      return fresh ? `${read} 行全部通过检查，其中 ${fresh} 台是新仪器，确认后写入。` : `${read} 行全部通过检查，没有新的仪器，无需写入。`
    case 'failed':
      return found.problems[0]?.sentence ?? '没有写入任何内容。'
    default:
      return `共 ${found.rows} 行，发现 ${found.summary.problems ?? found.problems.length} 处问题，没有写入任何内容。`
  }
}

const BECAME: Record<Import['state'], string> = { checking: '正在检查', refused: '检查未通过，没有写入', ready: '没有确认', importing: '正在写入', done: '已经写入', failed: '没有写入' }

/** That the same workbook was uploaded before for this enterprise; null where it was not. */
export const repeated = ({ earlier }: Import): string | null => (earlier ? `同一个文件已于 ${moment(earlier.at)} 上传过，那一次${BECAME[earlier.state]}。` : null)

/** What a person would otherwise have to count: rows that bring nothing new, were changed, or were not read at all. */
export function counted(summary: ImportSummary): string[] {
  const notRead = (summary.left_out ?? 0) - (summary.ended ?? 0)
  const parts = [
    summary.unchanged ? `${summary.unchanged} 行与登记一致` : '',
    summary.ended ? `${summary.ended} 行已停用` : '',
    summary.changed ? `${summary.changed} 行的内容在读取时有改动` : '',
    notRead ? `${notRead} 行没有导入` : '',
  ].filter(Boolean)
  const sheets = summary.sheets_not_read ?? []
  return [
    parts.length ? `文件中有 ${(summary.read ?? 0) + notRead} 行：${parts.join('，')}。` : '',
    sheets.length ? `没有读取的工作表：${sheets.join('、')}。` : '',
  ].filter(Boolean)
}
