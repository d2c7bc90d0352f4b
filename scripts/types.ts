import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { attempt, root } from './run-step.ts'

/**
 * Checks the types of every package and of the scripts, a program each. What did not change since the last time is not checked again.
 * @param atOnce programs beside each other; each takes about half a gigabyte
 * @param isQuiet says nothing but what is wrong, since somebody else writes
 * @returns the programs that have errors, which are on stderr already
 */
export async function checkTypes({
  atOnce,
  isQuiet = false,
}: {
  atOnce: number
  isQuiet?: boolean
}): Promise<string[]> {
  const packages = readdirSync(join(root, 'packages')).sort()
  const waiting = ['.', ...packages.map((name) => `packages/${name}`), 'packages/otlp/assembly']
  const wrong: string[] = []
  const checkNext = async () => {
    for (let project = waiting.shift(); project !== undefined; project = waiting.shift()) {
      const file = `node_modules/.cache/types/${project.replaceAll('/', '-')}.tsbuildinfo`
      const args = ['-p', project, '--incremental', '--tsBuildInfoFile', join(root, file)]
      if (!(await attempt(`Types: ${project}`, 'tsc', args, { isQuiet }))) wrong.push(project)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, checkNext))
  return wrong
}
