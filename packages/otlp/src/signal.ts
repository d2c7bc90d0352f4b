/** What a request exports. */
export type Signal = 'traces' | 'logs' | 'metrics'

/** What its body is written in. */
export type Encoding = 'protobuf' | 'json'
