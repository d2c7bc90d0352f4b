import { writeFile } from 'node:fs/promises'

export interface EngineLimits {
  /** Bytes. */
  maxMemory: number
  /** `database.table`, what the role `guest` may read. */
  guestTables: readonly string[]
  /** Bytes of the disk that are kept free. */
  minFreeDisk: number
}

/** `reader` is for the SQL of a program, `guest` for SQL that a person wrote. */
export const roleNames = ['writer', 'reader', 'guest'] as const
export type Role = (typeof roleNames)[number]

const mib = 1024 * 1024

/**
 * Writes ClickHouse's configuration for an engine that shares a laptop: small caches and pools, nothing that works at
 * rest, and every insert on disk before it is answered.
 */
export async function writeConfigFile(path: string, limits: EngineLimits): Promise<void> {
  await writeFile(path, configXml(path, limits), { mode: 0o600 })
}

function configXml(path: string, { maxMemory, minFreeDisk, guestTables }: EngineLimits): string {
  return `<clickhouse>
${element(serverSettings(path, maxMemory))}
${element(storage(minFreeDisk))}
${element(access(maxMemory, guestTables))}
</clickhouse>
`
}

function serverSettings(path: string, maxMemory: number): Element {
  return {
    // Profiles and grants are read from here only when this names a file; it may be the same one.
    users_config: path,
    max_server_memory_usage: maxMemory,
    max_server_memory_usage_to_ram_ratio: 0.9,
    // Caches: marks and primary keys of a few thousand parts; pages are the kernel's to cache.
    mark_cache_size: 64 * mib,
    index_mark_cache_size: 16 * mib,
    primary_index_cache_size: 64 * mib,
    uncompressed_cache_size: 0,
    index_uncompressed_cache_size: 0,
    mmap_cache_size: 100,
    query_condition_cache_size: 16 * mib,
    compiled_expression_cache_size: 16 * mib,
    // Threads: two merges at once; the rest has next to nothing to do in an embedded engine.
    background_pool_size: 2,
    background_merges_mutations_concurrency_ratio: 2,
    background_schedule_pool_size: 4,
    background_common_pool_size: 2,
    background_move_pool_size: 1,
    background_fetches_pool_size: 1,
    background_buffer_flush_schedule_pool_size: 1,
    background_message_broker_schedule_pool_size: 1,
    background_distributed_schedule_pool_size: 1,
    max_thread_pool_free_size: 16,
    max_io_thread_pool_free_size: 0,
    tables_loader_foreground_pool_size: 2,
    tables_loader_background_pool_size: 2,
    // Metrics about the host, read every second by default.
    asynchronous_metrics_update_period_s: 60,
    asynchronous_heavy_metrics_update_period_s: 600,
    merge_tree: {
      // What was answered survives a power cut: the files of a part, then the folder that names it.
      fsync_after_insert: 1,
      fsync_part_directory: 1,
      // Also of a merge, whose sources are deleted minutes later: some file systems tell only then that there was no room.
      min_compressed_bytes_to_fsync_after_merge: 1,
      // A table with damaged parts is opened without them, and health tells; by default it is not opened at all.
      max_suspicious_broken_parts: 1_000_000,
      max_suspicious_broken_parts_bytes: 1_000_000 * mib,
      // The default waits for 20 free slots, which a pool of this size never has.
      number_of_free_entries_in_pool_to_execute_mutation: 1,
      number_of_free_entries_in_pool_to_lower_max_size_of_merge: 2,
      number_of_free_entries_in_pool_to_execute_optimize_entire_partition: 1,
    },
  }
}

/** Inserts, merges and temporary files that would leave less free space fail before they begin, with code 243. */
function storage(minFreeDisk: number): Element {
  return { storage_configuration: { disks: { default: { keep_free_space_bytes: minFreeDisk } } } }
}

/**
 * The library has one user, so what a statement may do is that of a role, which its connection takes first. None has the group
 * SOURCES, so that no statement reaches files or other hosts through table functions and engines; CREATE TABLE of an engine of our
 * own still works.
 */
const writerGrants = [
  'GRANT SHOW, SELECT, INSERT, ALTER, CREATE, DROP, UNDROP TABLE, TRUNCATE, OPTIMIZE, CHECK, BACKUP, KILL QUERY, MOVE PARTITION BETWEEN SHARDS, SYSTEM, dictGet, INTROSPECTION ON *.*',
  'GRANT TABLE ENGINE ON *',
]
const readerGrants = ['GRANT SHOW, SELECT ON *.*']

function roles(guestTables: readonly string[]): Element {
  const grants: Record<Role, string[]> = {
    writer: writerGrants,
    reader: readerGrants,
    guest: guestTables.map((name) => `GRANT SELECT ON ${name}`),
  }
  return Object.fromEntries(Object.entries(grants).map(([name, query]) => [name, { grants: { query } }]))
}

function access(maxMemory: number, guestTables: readonly string[]): Element {
  return {
    roles: roles(guestTables),
    users: {
      default: {
        password: '',
        networks: { ip: '::/0' },
        profile: 'default',
        quota: 'default',
        grants: { query: [`GRANT ${roleNames.join(', ')}`] },
      },
    },
    quotas: { default: '' },
    profiles: {
      default: {
        // One query never takes all of the engine's memory.
        max_memory_usage: Math.floor(maxMemory * 0.6),
        // Or one thread for each free GiB, which with a limit as low as here is one. The line above is what bounds memory.
        max_threads_min_free_memory_per_thread: 0,
        // Without it, a typo such as "selec 1" is an expression and not an error.
        implicit_select: 0,
        // The compiler costs 20 to 100 ms for the first query of a shape, and memory.
        compile_expressions: 0,
        compile_aggregate_expressions: 0,
        compile_sort_description: 0,
        // It reads the column of ORDER BY … LIMIT before all others, even where an index leaves twenty rows to be read.
        use_top_k_dynamic_filtering: 0,
        log_queries: 0,
        // Threads of its own for every statement, whose answers are small.
        output_format_parallel_formatting: 0,
      },
    },
  }
}

interface Element {
  [name: string]: number | string | string[] | Element
}

function element(content: Element, indent = '  '): string {
  return Object.entries(content)
    .flatMap(([name, value]) =>
      Array.isArray(value) ? value.map((one): [string, string] => [name, one]) : [[name, value] as const],
    )
    .map(([name, value]) =>
      typeof value === 'object'
        ? `${indent}<${name}>\n${element(value, `${indent}  `)}\n${indent}</${name}>`
        : `${indent}<${name}>${escapeXml(String(value))}</${name}>`,
    )
    .join('\n')
}

function escapeXml(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`)
}
