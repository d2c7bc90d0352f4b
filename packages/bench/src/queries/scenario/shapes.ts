import { repeatable, services } from './services.ts'

/** One span of a kind of request. */
export interface ShapeSpan {
  readonly shape: number
  /** 0 is the root; parents come before their children. */
  readonly position: number
  /** Position; -1 for the root. */
  readonly parent: number
  readonly service: string
  /** As OTLP numbers them: internal 1, server 2, client 3, producer 4, consumer 5. */
  readonly kind: number
  readonly name: string
  readonly method: string
  readonly route: string
  /** Database system, or messaging system, or '': what it talks to. */
  readonly database: string
  readonly queue: string
  /** Whom a client asks. */
  readonly peer: string
  /** Where it begins and how long it is, as shares of the whole trace. */
  readonly begins: number
  readonly length: number
  /** Out of a thousand. */
  readonly failures: number
}

const shapeCount = 120
const maxSpans = 40
const databases = ['postgresql', 'postgresql', 'redis', 'mysql', 'mongodb', 'elasticsearch']
const nouns = ['items', 'orders', 'users', 'carts', 'prices', 'images', 'labels', 'rules', 'quotes', 'batches']

/** Kinds of requests, each a tree of 3 to 40 spans over some services; the first shapes are the most frequent. */
export function traceShapes(): ShapeSpan[][] {
  const random = repeatable(7)
  return Array.from({ length: shapeCount }, (_, shape) => shapeOf(shape, random))
}

/** Shape numbers, each as often as its share of the traffic asks for. */
export function shapeTickets(): number[] {
  return Array.from({ length: shapeCount }, (_, shape) =>
    Array<number>(Math.max(1, Math.round(300 / (shape + 2)))).fill(shape),
  ).flat()
}

function shapeOf(shape: number, random: () => number): ShapeSpan[] {
  const spans: ShapeSpan[] = []
  const below = (most: number) => Math.floor(random() * most)
  /** Busy services are asked more. */
  const someService = () => services[3 + Math.floor((services.length - 3) * random() ** 1.7)]!
  interface Place {
    parent: number
    begins: number
    length: number
  }
  const inside = ({ begins, length }: Place, parent: number, share: number): Place => {
    const at = random() * (1 - share)
    return { parent, begins: begins + length * at, length: length * share }
  }
  const add = (place: Place, span: Partial<ShapeSpan> & Pick<ShapeSpan, 'service' | 'kind' | 'name'>): number => {
    const none = { method: '', route: '', database: '', queue: '', peer: '', failures: span.kind === 1 ? 1 : 4 }
    spans.push({ shape, position: spans.length, ...none, ...span, ...place })
    return spans.length - 1
  }
  const serve = (service: string, place: Place, depth: number, queue = '') => {
    const noun = nouns[(services.indexOf(service) + below(3)) % nouns.length]!
    const method = ['GET', 'GET', 'GET', 'POST', 'PUT'][below(5)]!
    const route = `/${service}/${noun}${below(2) === 0 ? '/:id' : ''}`
    const own =
      queue === ''
        ? add(place, { service, kind: 2, name: `${method} ${route}`, method, route, failures: 3 + below(20) })
        : add(place, { service, kind: 5, name: `process ${queue}`, queue, failures: 8 })
    for (let steps = 1 + below(3); steps > 0 && spans.length < maxSpans; steps--) {
      const at = inside(place, own, 0.2 + 0.6 * random())
      switch (below(depth > 3 ? 3 : 6)) {
        case 0:
          add(at, { service, kind: 1, name: `${noun}.${['validate', 'render', 'merge', 'rank'][below(4)]}` })
          break
        case 1:
        case 2: {
          const database = databases[below(databases.length)]!
          add(at, { service, kind: 3, name: `SELECT ${noun}`, database, peer: `${database}-${service}` })
          break
        }
        case 3: {
          if (depth > 2) break
          const topic = `${service}.${noun}`
          const sent = add(at, { service, kind: 4, name: `send ${topic}`, queue: topic })
          serve(someService(), inside(at, sent, 0.9), depth + 2, topic)
          break
        }
        default: {
          const peer = someService()
          const client = add(at, { service, kind: 3, name: 'GET', method: 'GET', peer })
          serve(peer, inside(at, client, 0.9), depth + 1)
        }
      }
    }
  }
  serve(services[below(3)]!, { parent: -1, begins: 0, length: 1 }, 0)
  return spans
}
