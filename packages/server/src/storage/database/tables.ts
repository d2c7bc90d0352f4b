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
  scheduler_processes: SchedulerProcessesTable
  scheduler_shards: SchedulerShardsTable
  scheduler_tasks: SchedulerTasksTable
  scheduler_history: SchedulerHistoryTable
}

/** One row: which installation this is, whatever process or machine serves it. */
export interface InstallationTable {
  /** UUID, made when the database was. */
  id: string
  /** ISO 8601, UTC. */
  created_at: string
}

/** What the scheduler of versions before 0.5.0 uses; nobody writes it now. */
export interface LeasesTable {
  name: string
  holder: string
  token: number
  beat: number
}

/** Processes that run what recurs. */
export interface SchedulerProcessesTable {
  /** UUID, another one whenever it joins anew. */
  id: string
  /** Counted up while it lives. */
  beat: number
  /** Epoch ms, of the database's clock. */
  joined_at: number
}

/** Shards, and who runs what is due in them. */
export interface SchedulerShardsTable {
  shard: number
  /** Null while nobody does. */
  holder: string | null
  /** Counts changes of hands: the fencing token. */
  token: number
}

/** What recurs. Times are epoch ms of the database's clock. */
export interface SchedulerTasksTable {
  /** Who knows how to run it. */
  kind: string
  /** Unique within its kind. */
  id: string
  shard: number
  interval_ms: number
  next_due: number
  /** Number of the present streak, from 0: runs in a row with one outcome. */
  streak: number
  /** Of the last run. */
  outcome: '' | 'succeeded' | 'failed'
  /** When the first run of the streak was started. */
  since: number
  /** Of the streak. */
  runs: number
  last_started: number
  /** How long the last run took. */
  last_ms: number
  /** Of the last run; empty when it succeeded. */
  error: string
}

/** Streaks that are over: a ring of the latest ones of each task. */
export interface SchedulerHistoryTable {
  kind: string
  id: string
  /** Number of the streak modulo the size of the ring. */
  slot: number
  outcome: 'succeeded' | 'failed'
  since: number
  /** When its last run was started. */
  until: number
  runs: number
  error: string
}

/** Deployments that were recorded. Times are epoch ms. */
export interface DeploymentsTable {
  /** UUIDv7. */
  id: string
  space: string
  service: string
  version: string
  /** Empty when there is only one. */
  environment: string
  at: number
  commit_id: string | null
  url: string | null
}

/** Versions of services that telemetry came from. */
export interface VersionsTable {
  space: string
  service: string
  version: string
  environment: string
  first_seen: number
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
  uploaded_at: number
  /** Of `content`. */
  bytes: number
  /** JSON, gzip. */
  content: Uint8Array
}

/** Links that nobody has used yet. Times are epoch ms. */
export interface SignInLinksTable {
  token_hash: string
  expires_at: number
}

/** Browsers that are signed in. */
export interface SessionsTable {
  /** UUIDv7. */
  id: string
  token_hash: string
  created_at: number
  expires_at: number
  user_agent: string
}

/** What each process says of its spool, written anew every few seconds. */
export interface IngestReportsTable {
  /** Of the spool, whatever process has it. */
  id: string
  /** Epoch ms by the clock of the database. */
  reported_at: number
  /** JSON. */
  report: string
}

/** What a process is to do to refused rows in its spool, on behalf of the process that was asked. */
export interface DeadLetterOrdersTable {
  /** Id of the spool. */
  process: string
  segment: string
  /** Of whoever ordered it. */
  space: string
  action: 'retry' | 'drop'
  /** JSON; null until it is done. */
  outcome: string | null
}
