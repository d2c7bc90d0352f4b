import { Hash64 } from '../hash.ts'
import { BlockBuilder } from '../native/block.ts'
import { GrowingWords } from '../native/growing-words.ts'
import { decodeText } from '../text.ts'
import type { AttributeSet } from './attribute-set.ts'
import type { MetricScan } from './metric-scan.ts'
import { type RequestState, SERIES } from './request-state.ts'
import type { ResourceRows } from './resource-rows.ts'
import type { ScopeRows } from './scope-rows.ts'

const NO_BOUNDS = new GrowingWords()

/** The series that the points of a request belong to, and their rows of `metric_series`. */
export class SeriesRows {
  readonly block: BlockBuilder<'metric_series'>
  /** Identity of the series of the point that `use` was called for last. */
  readonly fingerprint = new Hash64()
  readonly #state: RequestState
  readonly #resources: ResourceRows
  readonly #scopes: ScopeRows

  constructor(state: RequestState, resources: ResourceRows, scopes: ScopeRows) {
    this.#state = state
    this.#resources = resources
    this.#scopes = scopes
    this.block = new BlockBuilder('metric_series', state.keys)
  }

  /**
   * To be called for each point that is kept: works out its series, and writes the series' row where it is not stored
   * yet. `bounds` are the bucket bounds of an explicit histogram, as words of doubles.
   * @returns false when it would be one series too many; the point is not to be kept then
   */
  use(metric: MetricScan, attributes: AttributeSet, bounds: GrowingWords = NO_BOUNDS): boolean {
    const { reader } = this.#state
    const resource = this.#resources.hash
    const scope = this.#scopes.hash
    // What a space holds never shares a fingerprint with what another holds.
    const { seriesSpaceHash: spaceHash } = this.#state
    const hash = this.fingerprint.begin(SERIES)
    hash.word(spaceHash.low).word(spaceHash.high).word(metric.hash.low).word(metric.hash.high)
    hash.word(resource.low).word(resource.high).word(scope.low).word(scope.high)
    attributes.addTo(hash, reader)
    hash.words(bounds.words, bounds.length)
    hash.finish()
    if (this.#state.isRefused(hash)) return false
    if (this.#state.announce(SERIES, hash)) {
      if (!this.#admits(metric)) {
        this.#state.refuseLast(hash)
        return false
      }
      this.#write(metric, attributes, bounds)
    }
    this.#resources.use()
    this.#scopes.use()
    return true
  }

  #admits(metric: MetricScan): boolean {
    const { limits, reader, received } = this.#state
    if (limits === undefined) return true
    const { serviceSource, serviceStart, serviceEnd } = this.#resources
    return limits.admit(metric.name(reader), decodeText(serviceSource, serviceStart, serviceEnd), received)
  }

  #write(metric: MetricScan, attributes: AttributeSet, bounds: GrowingWords): void {
    const { reader, space, received } = this.#state
    const { bytes } = reader
    const { columns } = this.block
    const { serviceSource, serviceStart, serviceEnd, hash: resource } = this.#resources
    this.block.rows++
    columns.space.append(space, 0, space.length)
    columns.received.append(received)
    columns.name.append(bytes, metric.nameStart, metric.nameEnd)
    columns.fingerprint.append(this.fingerprint.low, this.fingerprint.high)
    columns.type.append(metric.type)
    columns.temporality.append(metric.temporality)
    columns.monotonic.append(metric.monotonic)
    columns.unit.append(bytes, metric.unitStart, metric.unitEnd)
    columns.description.append(bytes, metric.descriptionStart, metric.descriptionEnd)
    columns.metadata.appendText(metric.metadata)
    columns.bounds.elements.appendAll(bounds)
    columns.bounds.endRow(bounds.length / 2)
    columns.service.append(serviceSource, serviceStart, serviceEnd)
    columns.res_hash.append(resource.low, resource.high)
    columns.scope_hash.append(this.#scopes.hash.low, this.#scopes.hash.high)
    attributes.write(reader, columns, false)
  }
}
