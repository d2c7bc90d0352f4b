/** The name and version that this SDK gives itself in resources and scopes. A test holds them against package.json. */
export const sdkName = '@burstlet/monitoring'
export const sdkVersion = '0.5.0'
