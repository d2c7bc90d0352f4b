import { attributeText } from '../format/attribute.ts'
import './attribute-list.css'

/** Attributes by name, values as they are: long ones wrap, structured ones as JSON. */
export function AttributeList({ attributes }: { attributes: Record<string, unknown> }) {
  const entries = Object.entries(attributes).sort(([a], [b]) => a.localeCompare(b))
  if (entries.length === 0) return <p className="dim">None</p>
  return (
    <dl className="attributes">
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className={name === 'error.type' || name.startsWith('exception.') ? 'is-error' : ''}>
            {attributeText(value)}
          </dd>
        </div>
      ))}
    </dl>
  )
}
