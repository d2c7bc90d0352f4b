import type { MappedFrame, MappedStack } from '../api/responses.ts'
import './stack.css'

interface StackProps {
  stack: MappedStack
}

/** A stack in the places of the sources, innermost frame first. What was sent stays among the attributes. */
export function Stack({ stack }: StackProps) {
  return (
    <section className="stack" aria-label="Stack by source maps">
      <h4>
        Stack <span className="dim">by source maps</span>
      </h4>
      <ol>
        {stack.frames.map((frame, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: frames have no id, and their order does not change
          <li key={i} className={frame.mapped ? '' : 'dim'}>
            <Frame frame={frame} />
          </li>
        ))}
      </ol>
    </section>
  )
}

function Frame({ frame: { function: name, file, line, column, code } }: { frame: MappedFrame }) {
  return (
    <>
      <span className="stack-place">
        <b>{name || '(anonymous)'}</b> {file}:{line}:{column}
      </span>
      {code && <code>{code}</code>}
    </>
  )
}
