import { readFileSync } from 'node:fs'
import { Reader, Root, type Type, util } from 'protobufjs'
import descriptor, { type IDescriptorProto, type IFileDescriptorSet } from 'protobufjs/ext/descriptor.js'
import { capturesFolder } from './captures.ts'

// By default the library refuses values nested fifty deep, which are valid and are taken.
for (const limited of [util, Reader]) Object.assign(limited, { recursionLimit: 1000 })

/** The official OTLP message definitions as a protobufjs root; fields have their lowerCamelCase names, as in OTLP/JSON. */
export function otlpDefinitions(): Root {
  const bytes = readFileSync(`${capturesFolder}definitions/opentelemetry-proto.binpb`)
  // protobufjs types what it decodes by reflection loosely; the descriptor of descriptors is its own.
  const set = descriptor.FileDescriptorSet.decode(bytes) as unknown as IFileDescriptorSet
  for (const file of set.file ?? []) for (const message of file.messageType ?? []) nameFields(message)
  const root = Root.fromDescriptor(set)
  root.resolveAll()
  return root
}

/** Fills in the JSON names, which serialized descriptors leave out. */
function nameFields(message: IDescriptorProto): void {
  for (const field of message.field ?? []) field.jsonName = util.camelCase(field.name ?? '')
  for (const nested of message.nestedType ?? []) nameFields(nested)
}

/** The Export request message of a signal. */
export function exportRequestType(root: Root, signal: 'traces' | 'logs' | 'metrics'): Type {
  return root.lookupType(`opentelemetry.proto.collector.${services[signal]}ServiceRequest`)
}

/** The Export response message of a signal. */
export function exportResponseType(root: Root, signal: 'traces' | 'logs' | 'metrics'): Type {
  return root.lookupType(`opentelemetry.proto.collector.${services[signal]}ServiceResponse`)
}

const services = {
  traces: 'trace.v1.ExportTrace',
  logs: 'logs.v1.ExportLogs',
  metrics: 'metrics.v1.ExportMetrics',
}
