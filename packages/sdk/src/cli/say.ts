/** The arguments are wrong; the usage is shown with it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** A line for whoever reads the pipeline's log. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
