import { Link } from '@tanstack/react-router'
import type { SpanLink } from '../api/responses.ts'
import { withRange } from '../app/search.ts'
import { AttributeList } from './attribute-list.tsx'

/** The spans that this one names as related, each a link to its trace. */
export function SpanLinks({ links }: { links: readonly SpanLink[] }) {
  if (links.length === 0) return <p className="dim">No links</p>
  return (
    <ul className="span-events">
      {links.map((link) => (
        <li key={`${link.traceId} ${link.spanId}`}>
          <h3 className="mono">
            <Link to="/traces/$traceId" params={{ traceId: link.traceId }} search={withRange({ span: link.spanId })}>
              {link.traceId.slice(0, 16)}… {link.spanId}
            </Link>
          </h3>
          {Object.keys(link.attributes).length > 0 && <AttributeList attributes={link.attributes} />}
        </li>
      ))}
    </ul>
  )
}
