import { useRanged } from '../api/use-api.ts'
import { count } from '../format/number.ts'
import { assignSlots } from '../services/colour-slot.ts'
import { ServiceName } from '../services/service-name.tsx'
import { Facet } from './facet-column.tsx'

interface ServiceFacetProps {
  chosen: string | undefined
  onChoose: (service: string | undefined) => void
}

/** The services of the range with their requests; choosing the chosen one again takes the choice back. */
export function ServiceFacet({ chosen, onChoose }: ServiceFacetProps) {
  const { data } = useRanged('listServices', { limit: 100 }, { refetchInterval: 30_000 })
  const services = data?.items ?? []
  assignSlots(services.map((service) => service.name))
  const names = services.map((service) => service.name)
  const missing = chosen && !names.includes(chosen) ? [{ name: chosen, requests: 0 }] : []
  return (
    <Facet name="service.name">
      {[...missing, ...services].map((service) => (
        <label key={service.name} className="check">
          <input
            type="checkbox"
            checked={service.name === chosen}
            onChange={() => onChoose(service.name === chosen ? undefined : service.name)}
          />
          <ServiceName name={service.name} />
          <span className="facet-count">{count(Math.round(service.requests))}</span>
        </label>
      ))}
      {data && services.length === 0 && !chosen && <p className="dim">No services in this range</p>}
    </Facet>
  )
}
