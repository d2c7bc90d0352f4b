import { createCipheriv, createSecretKey, type KeyObject } from 'node:crypto'

const nonce = Buffer.alloc(12)

/**
 * Tells bodies apart: 128 bits over the space, the kind of body and every byte as it was sent. GMAC under a secret key of the
 * spool, a sixth of the cost of SHA-256; the nonce may stay the same since no tag is ever shown to anybody.
 */
export class Fingerprints {
  /** Made once: a third of the cost would go into making it anew for each body. */
  readonly #key: KeyObject

  /** @param keyHex sixteen bytes, secret */
  constructor(keyHex: string) {
    this.#key = createSecretKey(keyHex, 'hex')
  }

  /** @param kind what the bytes are: signal, encoding and compression */
  of(space: string, kind: string, body: Uint8Array): string {
    const mac = createCipheriv('aes-128-gcm', this.#key, nonce)
    mac.setAAD(body)
    mac.update(`${space}\0${kind}`)
    mac.final()
    return mac.getAuthTag().toString('base64')
  }
}
