import type { IngestReport, SpaceReport } from '../../ingest/reports/report.ts'
import type { ReportedProcess } from '../../ingest/reports/reports.ts'

/** What a process reports, as far as one space is told of it. */
export interface SeenProcess extends Omit<ReportedProcess, 'report'> {
  readonly report: SeenReport
}
export type SeenReport = Omit<IngestReport, 'spaces' | 'elsewhere'> & SpaceReport

/** A process as a space sees it: what came in for that space, and how the process itself is. */
export function seenBy(space: string, process: ReportedProcess): SeenProcess {
  const { spaces, elsewhere, ...ofProcess } = process.report
  const own = spaces.find(({ name }) => name === space)
  return { ...process, report: { ...ofProcess, ...(own?.report ?? elsewhere) } }
}
