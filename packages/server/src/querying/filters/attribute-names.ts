import { copiedAttributes } from '@burstlet/otlp/semantic-conventions'

/** Attributes that the semantic conventions renamed, newest name first. A filter on one name finds both. */
export const renamedAttributes: readonly (readonly string[])[] = [
  ...Object.values(copiedAttributes),
  ['url.full', 'http.url'],
  ['url.path', 'http.target'],
  ['url.scheme', 'http.scheme'],
  ['user_agent.original', 'http.user_agent'],
  ['client.address', 'http.client_ip'],
  ['server.address', 'net.peer.name', 'http.host'],
  ['server.port', 'net.peer.port'],
  ['network.protocol.version', 'http.flavor'],
  ['db.query.text', 'db.statement'],
  ['db.namespace', 'db.name'],
  ['db.operation.name', 'db.operation'],
  ['db.collection.name', 'db.sql.table'],
  ['messaging.operation.type', 'messaging.operation'],
  ['deployment.environment.name', 'deployment.environment'],
  ['user.id', 'enduser.id'],
]

const byName = new Map(renamedAttributes.flatMap((names) => names.map((name) => [name, names] as const)))

/** All names of an attribute, old and new; the one asked for among them. */
export function namesOf(key: string): readonly string[] {
  return byName.get(key) ?? [key]
}

const resourcePrefixes = /^(?:host|os|process|container|k8s|cloud|deployment|telemetry|faas|device)\./

/** Whether the key usually describes who sent the data, so that a filter looks into the resource too. */
export function describesResource(key: string): boolean {
  return (
    resourcePrefixes.test(key) ||
    key === 'service.version' ||
    key.startsWith('service.instance.') ||
    key === 'service.namespace'
  )
}
