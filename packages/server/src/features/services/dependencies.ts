import type { ServiceMapResponse } from '@burstlet/contract/service-map'
import type { ServiceResponse } from '@burstlet/contract/services'

/** @param map the edges of the service, and what they lead to */
export function dependenciesOf({ nodes, edges }: ServiceMapResponse, service: string): ServiceResponse['dependencies'] {
  const own = nodes.find(({ kind, name }) => kind === 'service' && name === service)?.id
  const byId = new Map(nodes.map((node) => [node.id, node]))
  return edges.flatMap(({ source, target, ...figures }) => {
    const direction = source === own ? ('out' as const) : ('in' as const)
    const other = byId.get(direction === 'out' ? target : source)
    return other ? [{ id: other.id, name: other.name, kind: other.kind, direction, ...figures }] : []
  })
}
