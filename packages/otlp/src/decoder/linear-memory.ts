/// <reference path="./webassembly.d.ts" />
/** Views of a module's memory, which are made anew whenever it has grown. */
export class LinearMemory {
  #memory: WebAssembly.Memory | undefined
  #bytes = new Uint8Array()
  #buffer = Buffer.alloc(0)
  #words = new Uint32Array()

  attach(memory: WebAssembly.Memory): void {
    this.#memory = memory
  }

  get bytes(): Uint8Array {
    this.#renew()
    return this.#bytes
  }

  get buffer(): Buffer {
    this.#renew()
    return this.#buffer
  }

  get words(): Uint32Array {
    this.#renew()
    return this.#words
  }

  #renew(): void {
    if (this.#memory === undefined || this.#memory.buffer === this.#bytes.buffer) return
    this.#bytes = new Uint8Array(this.#memory.buffer)
    this.#buffer = Buffer.from(this.#memory.buffer)
    this.#words = new Uint32Array(this.#memory.buffer)
  }
}
