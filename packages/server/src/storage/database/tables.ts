/** The relational tables, as Kysely sees them. */
export interface Tables {
  installation: InstallationTable
  leases: LeasesTable
  deployments: DeploymentsTable
  versions: VersionsTable
  source_maps: SourceMapsTable
  sign_in_links: SignInLinksTable
  sessions: SessionsTable
  ingest_reports: IngestReportsTable
  dead_letter_orders: DeadLetterOrdersTable
}

/** One row: which installation this is, whatever process or machine serves it. */
export interface InstallationTable {
  /** UUID, made when the database was. */
  id: string
  /** ISO 8601, UTC. */
  created_at: string
}

/** Who does a piece of work that only one process may do. */
export interface LeasesTable {
  name: string
  /** Empty when nobody does. */
  holder: string
  /** Counts changes of hands. PostgreSQL answers a bigint as text. */
  token: number
  /** Counted up by the holder while it lives. */
  beat: number
}

/** Deployments that were recorded. Times are epoch ms; PostgreSQL answers a bigint as text. */
export interface DeploymentsTable {
  /** UUIDv7. */
  id: string
  space: string
  service: string
  version: string
  /** Empty when there is only one. */
  environment: string
  at: number | string
  commit_id: string | null
  url: string | null
}

/** Versions of services that telemetry came from. */
export interface VersionsTable {
  space: string
  service: string
  version: string
  environment: string
  first_seen: number | string
  /** 1 for the first of a service in an environment: nothing was deployed over it. */
  initial: number
}

/** Source maps of built scripts, by release. */
export interface SourceMapsTable {
  space: string
  service: string
  version: string
  /** Path of the script without a leading slash. */
  file: string
  uploaded_at: number | string
  /** Of `content`. */
  bytes: number | string
  /** JSON, gzip. */
  content: Uint8Array
}

/** Links that nobody has used yet. Times are epoch ms; PostgreSQL answers a bigint as text. */
export interface SignInLinksTable {
  token_hash: string
  expires_at: number | string
}

/** Browsers that are signed in. */
export interface SessionsTable {
  /** UUIDv7. */
  id: string
  token_hash: string
  created_at: number | string
  expires_at: number | string
  user_agent: string
}

/** What each process says of its spool, written anew every few seconds. */
export interface IngestReportsTable {
  /** Of the spool, whatever process has it. */
  id: string
  /** Epoch ms by the clock of the database. PostgreSQL answers a bigint as text. */
  reported_at: number | string
  /** JSON. */
  report: string
}

/** What a process is to do to refused rows in its spool, on behalf of the process that was asked. */
export interface DeadLetterOrdersTable {
  /** Id of the spool. */
  process: string
  segment: string
  action: 'retry' | 'drop'
  /** JSON; null until it is done. */
  outcome: string | null
}
