/** Writes one line to stderr, with the name of who is speaking. Line breaks in it become spaces. */
export function notice(message: string): void {
  try {
    const line = `[burstlet] ${message.replaceAll(/\s+/g, ' ').slice(0, 1000)}`
    // Edge runtimes have neither a process nor its streams.
    const { process } = globalThis as { process?: Partial<NodeJS.Process> }
    // biome-ignore lint/suspicious/noConsole: there is nothing else
    if (process?.stderr === undefined) console.warn(line)
    else process.stderr.write(`${line}\n`)
  } catch {
    // A closed stderr is no reason to disturb the service.
  }
}
