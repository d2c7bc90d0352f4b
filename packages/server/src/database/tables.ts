/** The relational tables, as Kysely sees them. */
export interface Tables {
  installation: InstallationTable
}

/** One row: which installation this is, whatever process or machine serves it. */
export interface InstallationTable {
  /** UUID, made when the database was. */
  id: string
  /** ISO 8601, UTC. */
  created_at: string
}
