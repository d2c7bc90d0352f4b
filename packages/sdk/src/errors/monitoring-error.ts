/** The codes of the specification, and what each means. */
export const monitoringErrorCodes = {
  HEALTH_CHECK_ERROR: 'A health check failed',
  COLLECTION_ERROR: 'Collecting a metric failed',
  ALERT_ERROR: 'Processing an alert failed',
  VALIDATION_ERROR: 'A configuration or an argument is invalid',
} as const

/** One of the specification's error codes. */
export type MonitoringErrorCode = keyof typeof monitoringErrorCodes

/** An error of the monitoring module. `code` tells which kind, `cause` what was thrown first, if anything was. */
export class MonitoringError extends Error {
  override readonly name = 'MonitoringError'
  readonly code: MonitoringErrorCode

  constructor(code: MonitoringErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
