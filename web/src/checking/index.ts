/** The check of comparison and verification reports on the page: the same catalogue and the same verdict, byte for byte, as the
 * server's `qingyuan_standards.rules.check`, proven by libs/standards/tests/test_reports_page_and_server.py. No Vue in here. */
import { caseOf } from './case'
import { hashOf } from './canonical'
import { CATALOGUE } from './data'
import type { Pair, Problem } from './document'
import { findingsOf, ofFullWidth } from './findings'
import { judge } from './judging'
import { read } from './reading'
import { worst, type Finding, type Verdict } from './verdict'

/** What was taken though it was typed in full-width characters is known of a refused document, too. */
export interface Read { problems: Problem[]; pairs: Pair[]; taken: Finding[] }
export interface Checked { problems: Problem[]; verdict: Verdict | null }

/** The pairs of a document with one factor, as they are calculated with. */
export function typed(document: unknown): Read {
  const { problems, report, fullWidth } = read(document)
  return { problems, pairs: report?.factors[0]?.pairs ?? [], taken: ofFullWidth(fullWidth) }
}

/** The problems for which the document is refused, or the verdict. */
export function check(document: unknown): Checked {
  const { problems, report } = read(document)
  if (!report) return { problems, verdict: null }
  const cases = report.factors.map((factor) => caseOf(report, factor))
  const judged = cases.map(judge)
  const factors = judged.map(({ verdict }) => verdict)
  const verdict: Verdict = {
    verdict: 'v1',
    catalogue: { version: CATALOGUE.version, sha256: CATALOGUE.sha256 },
    document_sha256: hashOf(document),
    result: worst(factors.map(({ result }) => result)),
    blocking: factors.some(({ blocking }) => blocking),
    convention: report.convention,
    factors,
    rules: judged.flatMap((one) => one.judged),
    findings: findingsOf(report, cases, factors),
    missing: factors.flatMap(({ basis, factor, at, missing }) => missing.map((what) => ({ standard: basis, factor, at, what }))),
  }
  return { problems, verdict }
}
