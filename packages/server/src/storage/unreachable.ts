/** Of Node's sockets and name service, and of PostgreSQL while it starts or stops. */
const codes = new Set(
  'ECONNREFUSED ECONNRESET EPIPE ENOTFOUND EAI_AGAIN ETIMEDOUT EHOSTUNREACH ENETUNREACH 57P01 57P02 57P03'.split(' '),
)

/** Whether a store did not answer at all, which passes; what it answered, a wrong password for one, does not. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && codes.has(String(error.code))
}
