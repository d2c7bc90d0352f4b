import { jwtVerify, SignJWT } from 'jose'

/** What a token is for; one of a kind is never taken for another. */
export type TokenUse = 'sign-in' | 'session'

const lifetimes: Record<TokenUse, number> = { 'sign-in': 24 * 3600, session: 30 * 24 * 3600 }

/** Signed, stateless tokens (JWT, HS256): the sign-in link's and the session cookie's. */
export class Tokens {
  readonly #key: Uint8Array

  /** @param key 32 bytes, derived for this purpose alone */
  constructor(key: Uint8Array) {
    this.#key = key
  }

  static lifetimeSeconds(use: TokenUse): number {
    return lifetimes[use]
  }

  issue(use: TokenUse, now = Date.now()): Promise<string> {
    const seconds = Math.floor(now / 1000)
    return new SignJWT()
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(use)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + lifetimes[use])
      .sign(this.#key)
  }

  /** Whether the token is ours, for this use, and has not expired. */
  async isValid(use: TokenUse, token: string | undefined): Promise<boolean> {
    if (!token) return false
    try {
      await jwtVerify(token, this.#key, { algorithms: ['HS256'], audience: use, requiredClaims: ['exp'] })
      return true
    } catch {
      return false
    }
  }
}
