/** What stands where a secret stood. */
export const redacted = '[redacted]'

/** Names of parts of a key, or of a query parameter, whose value nobody should read. */
const secretWords = new Set([
  ...['password', 'passwd', 'pwd', 'passphrase', 'secret', 'token', 'jwt', 'credential', 'credentials', 'apikey'],
  ...['authorization', 'cookie', 'signature', 'sig', 'otp', 'pin', 'cvv', 'iban', 'ssn'],
])
const secretPairs = new Set(['api key', 'access key', 'private key', 'secret key', 'session key', 'card number'])
/** Query parameters only: as a key of a log line these words are ordinary. */
const secretParameters = new Set([
  'key',
  'awsaccesskeyid',
  'code',
  'auth',
  'sid',
  'sessionid',
  'session',
  'state',
  'nonce',
])

/** Whether a key (`user.password`, `x-api-key`, `accessToken`) announces a secret. */
export function isSecretKey(key: string): boolean {
  const words = wordsOf(key)
  return words.some((word, index) => secretWords.has(word) || secretPairs.has(`${word} ${words[index + 1]}`))
}

/** Whether a parameter of a query string holds a secret. */
export function isSecretParameter(name: string): boolean {
  return secretParameters.has(name.toLowerCase()) || isSecretKey(name)
}

function wordsOf(key: string): string[] {
  return key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
}

/** A URL or query string without its user, its password, and the values of secret parameters. */
export function scrubUrl(url: string): string {
  const withoutUser = url.includes('@') ? url.replace(/^([a-z][\w+.-]*:\/\/)[^/?#@]*@/i, `$1${redacted}@`) : url
  const query = withoutUser.indexOf('?')
  if (query < 0 && !withoutUser.includes('=')) return withoutUser
  // A bare query string has no question mark.
  const head = withoutUser.slice(0, query + 1)
  return head + scrubQuery(withoutUser.slice(query + 1))
}

function scrubQuery(query: string): string {
  return query.replaceAll(/(^|[&;])([^=&;#]+)=([^&;#]*)/g, (whole, before: string, name: string) =>
    isSecretParameter(decoded(name)) ? `${before}${name}=${redacted}` : whole,
  )
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Free text without bearer tokens, basic credentials, JSON web tokens, and passwords inside URLs. */
export function scrubText(text: string): string {
  let result = text
  if (/bearer |basic /i.test(result))
    result = result.replaceAll(/\b(bearer|basic)\s+[\w.~+/-]{8,}=*/gi, `$1 ${redacted}`)
  if (result.includes('eyJ')) result = result.replaceAll(/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, redacted)
  if (result.includes('://')) {
    result = result.replaceAll(/([a-z][\w+.-]*:\/\/)[^\s/?#@:]*:[^\s/?#@]*@/gi, `$1${redacted}@`)
  }
  return result
}
