/** Of a command line, what is looked at. */
const maxRead = 4096
/** Keys that are shown of one command. */
const maxKeys = 3

/** Where the keys of a command stand among its arguments: the first one, all, every second, or as many as an argument says. */
type Keys = 'first' | 'two' | 'all' | 'odd' | 'counted' | 'counted-second' | 'second'

const words = (text: string) => text.split(' ')
const commands = new Map<string, Keys>([
  ...words(
    `get set setex psetex setnx getset getex getdel append strlen incr decr incrby decrby incrbyfloat getrange setrange substr
    getbit setbit bitcount bitpos bitfield expire pexpire expireat pexpireat ttl pttl expiretime pexpiretime persist type dump restore sort sort_ro
    hget hset hsetnx hmget hmset hgetall hkeys hvals hlen hdel hexists hincrby hincrbyfloat hstrlen hscan hrandfield hexpire hpexpire httl hpttl hpersist
    lpush rpush lpushx rpushx lpop rpop llen lrange lindex lset lrem ltrim linsert lpos
    sadd srem smembers sismember smismember scard spop srandmember sscan
    zadd zrem zscore zmscore zrank zrevrank zrange zrevrange zrangebyscore zrevrangebyscore zrangebylex zrevrangebylex zcard zcount zlexcount zincrby zpopmin
    zpopmax zremrangebyrank zremrangebyscore zremrangebylex zscan zrandmember
    xadd xrange xrevrange xlen xtrim xdel xack xclaim xautoclaim xpending pfadd geoadd geodist geohash geopos georadius geosearch
    delete add replace prepend cas gets touch increment decrement gat`.replaceAll(/\s+/g, ' '),
  ).map((name) => [name, 'first'] as const),
  ...words('del unlink exists mget watch sinter sunion sdiff sinterstore sunionstore sdiffstore pfcount pfmerge').map(
    (name) => [name, 'all'] as const,
  ),
  ...words('mset msetnx').map((name) => [name, 'odd'] as const),
  ...words('rename renamenx copy smove lmove blmove rpoplpush brpoplpush zrangestore geosearchstore').map(
    (name) => [name, 'two'] as const,
  ),
  ...words('eval evalsha eval_ro evalsha_ro fcall fcall_ro').map((name) => [name, 'counted-second'] as const),
  ...words('zunion zinter zdiff zintercard sintercard lmpop zmpop').map((name) => [name, 'counted'] as const),
  ...words('zunionstore zinterstore zdiffstore').map((name) => [name, 'first'] as const),
  ...words('object memory xgroup xinfo bitop').map((name) => [name, 'second'] as const),
])
/** Whose first argument says which command it is. */
const containers = new Set(
  words(
    'object memory xgroup xinfo client config script acl cluster command function latency module pubsub slowlog bitop',
  ),
)
/** Scripts by their hash, which says nothing of what is in them. */
const sha1 = /^[\da-f]{40}$/i
const commandName = /^[a-z][a-z0-9_.]{0,39}$/i
const subcommand = /^[a-z][a-z-]{0,23}$/i
/** The part of a key that names what it holds. */
const keyWord = /^[a-z][a-z_-]{0,31}$/i
const separators = /[:./|]/

/**
 * A command of Redis, or of a store like it, with the patterns of its keys and none of its arguments: `SREM cart:* ?`. Of
 * commands that are not known only the name is shown.
 * @param name as the client calls it
 * @param args that follow it; numbers, buffers and texts alike
 */
export function maskCommand(name: string, args: readonly unknown[]): string {
  if (!commandName.test(name)) return '?'
  const command = name.toLowerCase()
  const shown = [name]
  let rest = args.map(text)
  if (containers.has(command) && subcommand.test(rest[0] ?? '')) {
    shown.push(rest[0]!)
    rest = rest.slice(1)
  }
  const kind = commands.get(command)
  if (kind === 'counted-second') {
    shown.push(sha1.test(rest[0] ?? '') ? rest[0]! : '?')
    rest = rest.slice(1)
  }
  const keys = keysOf(kind, rest)
  shown.push(...keys.slice(0, maxKeys).map(keyPattern))
  if (rest.length > Math.min(keys.length, maxKeys)) shown.push('?')
  return shown.join(' ')
}

/**
 * The same of a command that is one text already, in which nobody can tell where an argument ends: its name, and the pattern
 * of the first key where that is the first argument.
 */
export function maskCommandText(statement: string): string {
  const [name, ...args] = statement.slice(0, maxRead).trim().split(/\s+/)
  return maskCommand(name!, args)
}

function keysOf(kind: Keys | undefined, args: readonly string[]): readonly string[] {
  switch (kind) {
    case 'first':
    case 'second':
      return args.slice(0, 1)
    case 'two':
      return args.slice(0, 2)
    case 'all':
      return args
    case 'odd':
      return args.filter((_, index) => index % 2 === 0)
    case 'counted':
    case 'counted-second':
      return args.slice(1, 1 + count(args[0]))
    case undefined:
      return []
  }
}

function count(argument: string | undefined): number {
  return /^\d{1,4}$/.test(argument ?? '') ? Number(argument) : 0
}

/** `cart:*` of `cart:ann@example.com:items`: ids stand behind the first word, or are the key. */
function keyPattern(key: string): string {
  const [first, ...others] = key.split(separators)
  const word = keyWord.test(first!) ? first! : '*'
  return others.length === 0 ? word : `${word}${key[first!.length]}*`
}

function text(argument: unknown): string {
  if (typeof argument === 'string') return argument
  if (typeof argument === 'number') return String(argument)
  return ''
}
