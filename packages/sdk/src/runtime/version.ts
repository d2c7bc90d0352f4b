/** The name and version that this SDK gives itself in resources and scopes. A test holds them against package.json. */
export const SDK_NAME = '@burstlet/monitoring'
export const SDK_VERSION = '0.5.0'
