import { send } from './api.ts'
import { readCommandLine } from './arguments.ts'
import { say, UsageError } from './say.ts'

/** `record-deployment`: a mark on the charts, now. */
export async function recordDeployment(args: string[]): Promise<void> {
  const { target, values, positionals } = readCommandLine(args, ['environment', 'commit', 'link'])
  if (positionals.length > 0) throw new UsageError(`there is no argument ${positionals[0]}`)
  const { environment, commit, link } = values
  const body = JSON.stringify({ service: target.service, version: target.release, environment, commit, url: link })
  await send(target, { method: 'POST', path: '/annotations', body })
  say(`recorded: ${target.service} ${target.release}`)
}
