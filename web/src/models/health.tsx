import type { Provider } from './models.ts';
import './models.css';

const WORDS = {
  UNKNOWN: 'not called yet',
  HEALTHY: 'healthy',
  DEGRADED: 'has trouble',
  DOWN: 'down',
} as const;

/** In words: how a provider fares. */
export function healthOf({ working, health }: Provider): string {
  const claim = working ? '' : ', said not to work';
  const speed = health.firstPartP50Ms === null ? '' : `, first part in ${health.firstPartP50Ms} ms`;
  const trouble = health.status === 'DOWN' || health.status === 'DEGRADED' ? `: ${health.lastFailure}` : '';
  return `${WORDS[health.status]}${trouble}${speed}${claim}`;
}

export function HealthDot({ provider }: { readonly provider: Provider | undefined }) {
  if (!provider) return null;
  const look = provider.working || provider.health.status !== 'UNKNOWN' ? provider.health.status : 'OFF';
  return (
    <span class={`dot ${look.toLowerCase()}`} role="img" aria-label={healthOf(provider)} title={healthOf(provider)} />
  );
}
