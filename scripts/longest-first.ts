import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take a quarter of a minute and more, which at the end of a run would leave the other cores idle. */
const longest = [
  'server/test/faults.test.ts',
  'server/test/fields-everywhere.test.ts',
  'server/test/upgrade.test.ts',
  'server/test/metric-rates.test.ts',
  'bench/src/queries/make-data.test.ts',
  'sdk/test/endings.test.ts',
  'web/test/own-telemetry.test.ts',
  'server/test/hostile-numbers.test.ts',
  'server/test/filters.test.ts',
  'chdb-server/test/process.test.ts',
  'otlp/test/costly-bodies.test.ts',
  'bench/src/endings/endings.test.ts',
  'server/test/round-trip.test.ts',
  'server/test/grpc.test.ts',
  'server/test/late-rollups.test.ts',
  'chdb-server/test/sql-fuzz.test.ts',
  'chdb-server/test/errors.test.ts',
]

/** Starts what takes longest first, whatever a fresh clone remembers of earlier runs. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const rank = ({ moduleId }: TestSpecification) => {
      const index = longest.findIndex((path) => moduleId.endsWith(path))
      return index === -1 ? longest.length : index
    }
    return sorted.toSorted((a, b) => rank(a) - rank(b))
  }
}
