import { serviceColour } from './colour-slot.ts'

/** A service's name with the square of its colour. */
export function ServiceName({ name }: { name: string }) {
  return (
    <span className="service-name">
      <span className="swatch" style={{ background: serviceColour(name) }} aria-hidden="true" />
      <span className="ellipsis" title={name}>
        {name}
      </span>
    </span>
  )
}
