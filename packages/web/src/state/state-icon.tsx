import {
  IconAlertCircle,
  IconAlertOctagonFilled,
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconInfoCircle,
  type TablerIcon,
} from '@tabler/icons-react'

/** What a thing is in. The icon's shape says it as well as its colour, and its label says it in words. */
export type State = 'critical' | 'error' | 'warning' | 'info' | 'healthy' | 'degraded' | 'unhealthy' | 'unknown'

const icons: Record<State, { icon: TablerIcon; tone: string; label: string }> = {
  critical: { icon: IconAlertOctagonFilled, tone: 'is-critical', label: 'Critical' },
  error: { icon: IconAlertCircle, tone: 'is-error', label: 'Error' },
  warning: { icon: IconAlertTriangle, tone: 'is-warning', label: 'Warning' },
  info: { icon: IconInfoCircle, tone: 'is-info', label: 'Info' },
  healthy: { icon: IconCircleCheck, tone: 'is-healthy', label: 'Healthy' },
  degraded: { icon: IconAlertTriangle, tone: 'is-warning', label: 'Degraded' },
  unhealthy: { icon: IconCircleX, tone: 'is-error', label: 'Unhealthy' },
  unknown: { icon: IconCircleDashed, tone: 'is-unknown', label: 'Unknown' },
}

/** The class that gives text the colour of a state. */
export function toneOf(state: State): string {
  return icons[state].tone
}

export function StateIcon({ state, size = 16, label }: { state: State; size?: number; label?: string }) {
  const { icon: Icon, tone, label: name } = icons[state]
  return <Icon size={size} stroke={1.75} className={`state-icon ${tone}`} role="img" aria-label={label ?? name} />
}
