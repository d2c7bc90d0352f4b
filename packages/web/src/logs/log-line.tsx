import { IconCopy, IconTimeline } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { Fragment } from 'react'
import type { LogRecord } from '../api/responses.ts'
import { withRange } from '../app/search.ts'
import { attributeText } from '../format/attribute.ts'
import { clockMillis, fullClock } from '../format/clock.ts'
import { plural } from '../format/number.ts'
import { ServiceName } from '../services/service-name.tsx'
import { Stack } from '../stack/stack.tsx'
import { AttributeList } from '../trace/attribute-list.tsx'
import { levelStyle } from './level.ts'
import { LevelWord } from './level-word.tsx'

interface LogLineProps {
  line: LogRecord
  isOpen: boolean
  isSelected: boolean
  onToggle: () => void
}

/** One line of 24 px; open, its fields below it and the way to its trace. */
export function LogLine({ line, isOpen, isSelected, onToggle }: LogLineProps) {
  const time = Date.parse(line.timestamp)
  const marked = line.level === 'fatal' || line.level === 'error' || line.level === 'warn'
  return (
    <article
      className={isOpen ? 'log-line is-open' : 'log-line'}
      style={marked ? { boxShadow: `inset 3px 0 var(--${levelStyle[line.level].bar})` } : undefined}
    >
      <button
        type="button"
        className={isSelected || isOpen ? 'log-row is-selected' : 'log-row'}
        aria-expanded={isOpen}
        onClick={onToggle}
      >
        <span className="dim" title={fullClock(time)}>
          {clockMillis(time)}
        </span>
        <LevelWord level={line.level} />
        <span className="log-service">
          <ServiceName name={line.service} />
        </span>
        <span className="ellipsis log-message">
          {firstLine(line.message)}
          {glance(line.metadata).map(([name, value]) => (
            <Fragment key={name}>
              {' '}
              <span className="dim">{name}=</span>
              <span className="secondary">{value}</span>
            </Fragment>
          ))}
        </span>
      </button>
      {isOpen && <LineDetails line={line} />}
    </article>
  )
}

function LineDetails({ line }: { line: LogRecord }) {
  return (
    <div className="log-details">
      <p className="log-actions">
        {line.trace && (
          <Link
            to="/traces/$traceId"
            params={{ traceId: line.trace.traceId }}
            search={withRange(line.trace.spanId ? { span: line.trace.spanId } : {})}
            className="button"
          >
            <IconTimeline size={14} aria-hidden /> Trace {line.trace.traceId.slice(0, 8)}…
          </Link>
        )}
        <button
          type="button"
          className="button"
          onClick={() => navigator.clipboard?.writeText(JSON.stringify(line, null, 2)).catch(() => undefined)}
        >
          <IconCopy size={14} aria-hidden /> Copy
        </button>
        {line.severityText && <span className="dim">severity {line.severityText}</span>}
        {line.scope.name && <span className="dim">scope {line.scope.name}</span>}
      </p>
      <pre className="mono log-body">{line.message}</pre>
      {line.mappedStack && <Stack stack={line.mappedStack} />}
      <div className="log-fields">
        <AttributeList attributes={line.metadata} filters="/logs" />
      </div>
      <details>
        <summary>Resource, {plural(Object.keys(line.resource).length, 'field')}</summary>
        <div className="log-fields">
          <AttributeList attributes={line.resource} filters="/logs" />
        </div>
      </details>
    </div>
  )
}

function firstLine(message: string): string {
  const end = message.indexOf('\n')
  return end === -1 ? message : `${message.slice(0, end)} …`
}

const glanceLength = 6
const long = 60

/** The attributes that a line shows beside its message: few and short ones, so that the line stays one. */
function glance(metadata: Record<string, unknown>): [string, string][] {
  return Object.entries(metadata)
    .map(([name, value]): [string, string] => [name, attributeText(value)])
    .filter(([, value]) => value.length <= long && !value.includes('\n'))
    .slice(0, glanceLength)
}
