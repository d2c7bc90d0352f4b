const kept = [
  ...['PATH', 'LD_LIBRARY_PATH', 'TZ', 'LANG', 'LC_ALL', 'TMPDIR', 'UV_THREADPOOL_SIZE'],
  // Half of the time to being ready goes into compiling.
  'NODE_COMPILE_CACHE',
  // `npm run test:clock` moves the clock of a process and of all that it starts.
  ...['LD_PRELOAD', 'CLOCK_SHIFT'],
]

/**
 * The variables that the process runs by. The others stay behind, since SQL may find a way to a process's environment, and a
 * server's holds secrets.
 */
export function neededEnvironment(): Record<string, string> {
  return Object.fromEntries(
    kept.flatMap((name) => {
      const value = process.env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}
