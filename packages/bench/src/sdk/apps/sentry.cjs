// As Sentry's own instructions say, with every trace kept, like the others.
const Sentry = require('@sentry/node')

Sentry.init({ dsn: process.env.SENTRY_DSN, tracesSampleRate: 1 })
