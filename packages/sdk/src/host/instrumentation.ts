import { loadavg } from 'node:os'
import type { BatchObservableCallback, BatchObservableResult, Observable } from '@opentelemetry/api'
import { InstrumentationBase } from '@opentelemetry/instrumentation'
import { SDK_VERSION } from '../runtime/version.ts'
import { type DiskSnapshot, readDisks } from './disk.ts'

/** Space changes slowly and asking is dear: at most one question in this time. */
const DISK_INTERVAL_MS = 30_000

/**
 * The host metrics that @opentelemetry/instrumentation-host-metrics lacks: file systems, load average, uptime.
 * Names and attributes are those of the semantic conventions; the load averages have none and keep the Collector's names.
 */
export class HostInstrumentation extends InstrumentationBase {
  // `declare`: the base constructor calls the methods below before this class's fields would be initialised.
  declare private registered: { callback: BatchObservableCallback; observables: Observable[] } | undefined
  declare private disks: { at: number; reading: Promise<DiskSnapshot[]> } | undefined

  constructor() {
    super('@burstlet/monitoring/host', SDK_VERSION, {})
  }

  protected override init() {
    return []
  }

  /** OpenTelemetry calls this again whenever a meter provider is set. */
  protected override _updateMetricInstruments(): void {
    if (this.registered !== undefined) {
      this.meter.removeBatchObservableCallback(this.registered.callback, this.registered.observables)
    }
    const { meter } = this
    const usage = meter.createObservableUpDownCounter('system.filesystem.usage', { unit: 'By' })
    const utilization = meter.createObservableGauge('system.filesystem.utilization', { unit: '1' })
    const uptime = meter.createObservableGauge('process.uptime', { unit: 's' })
    const loads = (['1m', '5m', '15m'] as const).map((span) =>
      meter.createObservableGauge(`system.cpu.load_average.${span}`, { unit: '{thread}' }),
    )
    const observables: Observable[] = [usage, utilization, uptime, ...loads]
    const callback = async (result: BatchObservableResult) => {
      result.observe(uptime, process.uptime())
      for (const [index, value] of loadavg().entries()) {
        const gauge = loads[index]
        if (gauge !== undefined) result.observe(gauge, value)
      }
      for (const disk of await this.readDisksRarely()) {
        const attributes = {
          'system.device': disk.device,
          'system.filesystem.mountpoint': disk.mountPoint,
          'system.filesystem.type': disk.type,
        }
        const reserved = Math.max(0, disk.free - disk.available)
        result.observe(usage, disk.used, { ...attributes, 'system.filesystem.state': 'used' })
        result.observe(usage, disk.available, { ...attributes, 'system.filesystem.state': 'free' })
        result.observe(usage, reserved, { ...attributes, 'system.filesystem.state': 'reserved' })
        result.observe(utilization, disk.usage, attributes)
      }
    }
    meter.addBatchObservableCallback(callback, observables)
    this.registered = { callback, observables }
  }

  private readDisksRarely(): Promise<DiskSnapshot[]> {
    const now = Date.now()
    if (this.disks === undefined || now - this.disks.at > DISK_INTERVAL_MS) {
      this.disks = { at: now, reading: readDisks() }
    }
    return this.disks.reading
  }
}
