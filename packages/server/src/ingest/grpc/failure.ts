import { retryDetails } from '@burstlet/otlp/export-response'
import { Metadata, type ServiceError } from '@grpc/grpc-js'
import type { IngestError } from '../status.ts'

/** An error as gRPC tells it: code and message, and for one that passes also when to come again. */
export function failureOf({ grpcStatus, message, retryAfter }: IngestError): Partial<ServiceError> {
  const metadata = new Metadata()
  if (retryAfter !== undefined) {
    metadata.set('grpc-status-details-bin', Buffer.from(retryDetails(grpcStatus, message, retryAfter)))
  }
  return { code: grpcStatus, details: message, metadata }
}
