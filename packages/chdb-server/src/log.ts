/** One line of JSON on stderr; stdout carries the address and nothing else. */
export function logLine(
  level: 'info' | 'warn' | 'error',
  msg: string,
  fields: Readonly<Record<string, unknown>> = {},
): void {
  process.stderr.write(
    `${JSON.stringify({ level, time: new Date().toISOString(), name: 'chdb-server', msg, ...fields })}\n`,
  )
}
