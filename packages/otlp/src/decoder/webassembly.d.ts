// The part of WebAssembly that is used here; neither the library of ES2024 nor @types/node declares it.
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array)
  }
  class Instance {
    constructor(module: Module, imports: Readonly<Record<string, object>>)
    readonly exports: object
  }
  interface Memory {
    readonly buffer: ArrayBuffer
  }
}
