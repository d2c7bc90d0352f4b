import fc, { type Arbitrary } from 'fast-check'

/** An AnyValue as protobufjs takes it: one member at most, 64-bit integers in decimal. */
export type AnyValue = Record<string, unknown>
export interface KeyValue {
  key?: string
  keyStrindex?: number
  value?: AnyValue
}

export const maxUint64 = (1n << 64n) - 1n
export const maxInt64 = (1n << 63n) - 1n
const minInt64 = -(1n << 63n)

/** Any text that UTF-8 can say: empty, with control characters, beyond the basic plane, and now and then long. */
export const text: Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: fc.string({ maxLength: 30 }) },
  { weight: 4, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  { weight: 1, arbitrary: fc.constantFrom('', '\0', '"', '\\', '\ufeff', '{}', '\u2028', '𝔘', '\u00e9e\u0301') },
  // Around the lengths at which a varint gets longer, and well beyond.
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('a', 'é', '🚚', '"'), fc.constantFrom(63, 64, 127, 128, 129, 16_383, 16_384, 70_000))
      .map(([unit, length]) => unit.repeat(length)),
  },
)

/** Those that a writer may treat in a special way, and any other. */
export const key: Arbitrary<string> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'service.name',
      'url.full',
      'user.id',
      'session.id',
      'http.request.method',
      'http.response.status_code',
      'error.type',
      'exception.type',
      'exception.message',
      '__proto__',
      'constructor',
      'toString',
      '',
      '0',
      '10',
      'a',
      'A',
      'a.b',
    ),
  },
  { weight: 2, arbitrary: text },
)

export const bytes: Arbitrary<Uint8Array> = fc.oneof(
  { weight: 9, arbitrary: fc.uint8Array({ maxLength: 20 }) },
  { weight: 1, arbitrary: fc.constantFrom(8191, 8192, 8193).map((length) => new Uint8Array(length).fill(0xfb)) },
)

export const int64: Arbitrary<string> = fc
  .oneof(
    fc.bigInt({ min: -100n, max: 100n }),
    fc.bigInt({ min: minInt64, max: maxInt64 }),
    fc.constantFrom(minInt64, maxInt64, 2n ** 53n + 1n, -(2n ** 32n), 2n ** 31n, 2n ** 35n, -1n),
  )
  .map(String)
export const uint64: Arbitrary<string> = fc
  .oneof(fc.bigInt({ min: 0n, max: 1000n }), fc.bigInt({ min: 0n, max: maxUint64 }), fc.constant(maxUint64))
  .map(String)
export const uint32: Arbitrary<number> = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 0xffffffff }))

/** Doubles of every kind: both zeros, subnormal ones, infinities, and the one NaN that JSON can say. */
export const double: Arbitrary<number> = fc.oneof(
  fc.double(),
  fc.integer({ min: -1000, max: 1000 }),
  fc.constantFrom(-0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324, 1e21, 1e-7, 2 ** 53),
)

/** 16 or 8 bytes mostly; sometimes what is not a valid id. */
export function id(length: number, invalid: number): Arbitrary<Uint8Array> {
  const odd = fc.constantFrom(new Uint8Array(length), new Uint8Array(0), new Uint8Array(length - 1).fill(7))
  const good = fc.uint8Array({ minLength: length, maxLength: length }).map((id) => (id.some(Boolean) ? id : id.fill(1)))
  return fc.oneof({ weight: 100 - invalid, arbitrary: good }, { weight: invalid, arbitrary: odd })
}

/** Nanoseconds since 1970; `beyond` in a hundred are after 2262. */
export function time(beyond = 0): Arbitrary<string> {
  return fc
    .oneof(
      { weight: 80, arbitrary: fc.bigInt({ min: 1_795_420_000_000_000_000n, max: 1_795_430_000_000_000_000n }) },
      { weight: 20 - beyond, arbitrary: fc.constantFrom(0n, 1n, 999n, 4_102_444_800_000_000_001n, maxInt64) },
      { weight: beyond, arbitrary: fc.constantFrom(maxInt64 + 1n, maxUint64) },
    )
    .map(String)
}

const scalar: Arbitrary<AnyValue> = fc.oneof(
  { weight: 6, arbitrary: text.map((stringValue) => ({ stringValue })) },
  { weight: 3, arbitrary: int64.map((intValue) => ({ intValue })) },
  { weight: 2, arbitrary: double.map((doubleValue) => ({ doubleValue })) },
  { weight: 2, arbitrary: fc.boolean().map((boolValue) => ({ boolValue })) },
  { weight: 1, arbitrary: bytes.map((bytesValue) => ({ bytesValue })) },
  { weight: 1, arbitrary: fc.constantFrom({}, { stringValueStrindex: 3 }) },
)

const { value: nested } = fc.letrec<{ value: AnyValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    { weight: 6, arbitrary: scalar },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 4 }).map((values) => ({ arrayValue: { values } })) },
    {
      weight: 1,
      arbitrary: fc.array(keyValueOf(tie('value')), { maxLength: 4 }).map((values) => ({ kvlistValue: { values } })),
    },
  ),
}))

/** An array in an array and so on, up to a depth that is still taken. */
const deep: Arbitrary<AnyValue> = fc.tuple(scalar, fc.integer({ min: 5, max: 90 })).map(([value, depth]) => {
  let around = value
  for (let i = 0; i < depth; i++) {
    around =
      i % 2 === 0 ? { arrayValue: { values: [around] } } : { kvlistValue: { values: [{ key: 'k', value: around }] } }
  }
  return around
})

export const anyValue: Arbitrary<AnyValue> = fc.oneof({ weight: 30, arbitrary: nested }, { weight: 1, arbitrary: deep })

/** Attributes, in which keys may come again. */
export const attributes: Arbitrary<KeyValue[]> = fc.oneof(
  { weight: 30, arbitrary: fc.array(keyValueOf(anyValue), { maxLength: 8 }) },
  { weight: 1, arbitrary: fc.array(keyValueOf(scalar), { minLength: 100, maxLength: 300 }) },
)

/** A message of which any field may be left out. */
export function message<Fields extends object>(fields: { [Name in keyof Fields]: Arbitrary<Fields[Name]> }) {
  return fc.record(fields, { requiredKeys: [] })
}

function keyValueOf(value: Arbitrary<AnyValue>): Arbitrary<KeyValue> {
  return fc.oneof(
    { weight: 40, arbitrary: fc.record({ key, value }) as Arbitrary<KeyValue> },
    { weight: 1, arbitrary: message({ key, value, keyStrindex: fc.nat(5) }) as Arbitrary<KeyValue> },
  )
}
