import type { Problem } from '../../checking/document'
import type { Content } from '../types'
import type { ReportForm } from './form'

/** What keeps a draft from being handed in, in the order of the page. The service has the last word. */
export function lackingOf(form: ReportForm, problems: readonly Problem[], files: Pick<Content, 'file' | 'originals'> | null): string[] {
  const factors = form.points.flatMap((point) => point.factors)
  return [
    form.points.length ? '' : '还没有选择测点',
    form.points.some((point) => !point.factors.length) ? '有测点还没有因子' : '',
    form.number.trim() ? '' : '还没有填写报告编号',
    form.performed ? '' : '还没有填写实施时间',
    factors.some((factor) => !('tests' in factor.kept) && !factor.rows.some(({ measured }) => measured.trim())) ? '有因子还没有数据对' : '',
    problems.length && form.performed && form.points.length ? `填写的内容有 ${problems.length} 处需要更正` : '',
    files?.file ? '' : '还没有上传报告 PDF',
    files?.originals.length ? '' : '还没有附上原始记录',
  ].filter(Boolean)
}
