import { IconCopy, IconFilter, IconFilterOff } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { keepRange } from '../app/search.ts'
import { condition, narrowed } from '../filter/condition.ts'
import { attributeText } from '../format/attribute.ts'
import './attribute-list.css'

interface AttributeListProps {
  attributes: Record<string, unknown>
  /** The list that a value's filter leads to; without it values can only be copied. */
  filters?: '/traces' | '/logs'
}

/** Attributes by name, values as they are: long ones wrap, structured ones as JSON. Each can filter, exclude, be copied. */
export function AttributeList({ attributes, filters }: AttributeListProps) {
  // What has several lines, such as a stack, gets the whole width below the others.
  const entries = Object.entries(attributes)
    .map(([name, value]) => ({ name, value, isLong: typeof value === 'string' && value.includes('\n') }))
    .sort((a, b) => Number(a.isLong) - Number(b.isLong) || a.name.localeCompare(b.name))
  if (entries.length === 0) return <p className="dim">None</p>
  return (
    <dl className="attributes">
      {entries.map(({ name, value, isLong }) => (
        <div key={name} className={isLong ? 'is-long' : ''}>
          <dt>{breakable(name)}</dt>
          <dd className={name === 'error.type' || name.startsWith('exception.') ? 'is-error' : ''}>
            {attributeText(value)}
            <span className="attribute-actions">
              {filters && (
                <>
                  <FilterLink to={filters} label={`Filter by ${name}`} condition={condition(name, '=', value)}>
                    <IconFilter size={14} aria-hidden />
                  </FilterLink>
                  <FilterLink to={filters} label={`Exclude this ${name}`} condition={condition(name, '!=', value)}>
                    <IconFilterOff size={14} aria-hidden />
                  </FilterLink>
                </>
              )}
              <button
                type="button"
                aria-label={`Copy ${name}`}
                title={`Copy ${name}`}
                onClick={() => navigator.clipboard?.writeText(attributeText(value)).catch(() => undefined)}
              >
                <IconCopy size={14} aria-hidden />
              </button>
            </span>
          </dd>
        </div>
      ))}
    </dl>
  )
}

interface FilterLinkProps {
  to: '/traces' | '/logs'
  label: string
  condition: string | null
  children: React.ReactNode
}

/** On the list itself the condition joins the filters that are there; from elsewhere it starts anew. */
function FilterLink({ to, label, condition, children }: FilterLinkProps) {
  if (condition === null) return null
  const search = (previous: Record<string, string>) =>
    location.pathname === to
      ? { ...previous, line: undefined, filter: narrowed(previous['filter'], condition) }
      : { ...keepRange(previous), filter: condition }
  return (
    <Link to={to} search={search as never} aria-label={label} title={label}>
      {children}
    </Link>
  )
}

/** A name that may break after its dots; what is copied of it stays the same. */
function breakable(name: string): React.ReactNode[] {
  const parts = name.split(/(?<=\.)/)
  return parts.flatMap((part, i) => (i === 0 ? [part] : [<wbr key={parts.slice(0, i).join('')} />, part]))
}
