/** What was wrong with the configuration, a line for each fault. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}
