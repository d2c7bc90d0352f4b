/** The oldest Node that lets modules be patched as they are loaded, by `import` and `require` alike. */
const oldest = [22, 15] as const

/** Why this SDK cannot work on a version of Node, for a person; undefined where it can. */
export function unsupportedNode(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return undefined
  return `Node ${oldest.join('.')} or newer is needed, and this is ${version}; nothing is monitored`
}
