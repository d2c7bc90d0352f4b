/** The relational tables, as Kysely sees them. */
export interface Tables {
  installation: InstallationTable
  leases: LeasesTable
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
