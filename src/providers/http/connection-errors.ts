import { ProviderError } from '../errors.ts';
import { toCertificateError } from './certificates.ts';
import { toTransportError } from './http-errors.ts';
import { ProxyFailure } from './proxy-failure.ts';

/** What broke between us and the upstream, or between us and its proxy, whose failure is told as such. */
export function toConnectionError(name: string, error: unknown): ProviderError {
  const failure = toProxyFailure(error);
  if (!failure) return explain(name, error);
  const proxy = `The proxy of ${name}`;
  if (failure.status === undefined) return explain(proxy, failure.cause);
  const message = `${proxy} answered ${failure.status} when it was asked for a connection`;
  return new ProviderError('UNREACHABLE', message, { cause: error });
}

function explain(name: string, error: unknown): ProviderError {
  return toCertificateError(name, error) ?? toTransportError(name, error);
}

/** Some of them undici tells in its own words. */
function toProxyFailure(error: unknown): ProxyFailure | undefined {
  if (error instanceof ProxyFailure) return error;
  if (!(error instanceof Error)) return undefined;
  if (error.message.startsWith('Proxy Authentication Required')) return new ProxyFailure({ status: 407, cause: error });
  return /^UND_ERR_(SOCKS5|PRX)/.test((error as NodeJS.ErrnoException).code ?? '')
    ? new ProxyFailure({ cause: error })
    : undefined;
}
