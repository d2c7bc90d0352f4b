/** Writes one line to stderr, with the name of who is speaking. Line breaks in it become spaces. */
export function notice(message: string): void {
  try {
    process.stderr.write(`[burstlet] ${message.replaceAll(/\s+/g, ' ').slice(0, 1000)}\n`)
  } catch {
    // A closed stderr is no reason to disturb the service.
  }
}
