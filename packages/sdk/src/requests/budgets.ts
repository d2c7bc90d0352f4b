/** Milliseconds by route: `GET /orders/:id`, `/orders/:id`, or `*` for all others. */
export type Budgets = Readonly<Record<string, number>>

/** The budget of a route; the most exact entry counts. Undefined where none is meant. */
export function budgetOf(budgets: Budgets, method: string, route: string | undefined): number | undefined {
  if (route === undefined) return budgets['*']
  return budgets[`${method} ${route}`] ?? budgets[route] ?? budgets['*']
}
