import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { ProviderError } from '../errors.ts';

/**
 * The certificates of a PEM file.
 * @throws Error with a message for people, when it cannot be read, holds none, or one that is broken
 */
export function readCertificates(file: string): readonly string[] {
  const certificates = readText(file).match(CERTIFICATE) ?? [];
  if (certificates.length === 0) throw new Error(`expected a PEM file with certificates, found none in '${file}'`);
  try {
    for (const certificate of certificates) new X509Certificate(certificate);
  } catch (cause) {
    throw new Error(`expected a PEM file with certificates, found a broken one in '${file}'`, { cause });
  }
  return certificates;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`cannot read '${file}' (${(cause as NodeJS.ErrnoException).code})`, { cause });
  }
}

/** Trusts these certificates beside those that Node trusts. */
export function trust(certificates: readonly string[]): SecureContext {
  return createSecureContext({ ca: [...getCACertificates('default'), ...certificates] });
}

/** What a certificate that is not accepted means; undefined for what is about none. It stays so until somebody acts. */
export function toCertificateError(name: string, error: unknown): ProviderError | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const advice = ADVICE.get(code) ?? (OTHERS.test(code) ? 'it has to be replaced' : undefined);
  if (advice === undefined) return toCertificateError(name, error.cause);
  const message = `${name} shows a certificate that is not accepted (${code}): ${advice}`;
  return new ProviderError('UNREACHABLE', message, { retryable: false, cause: error });
}

const UNKNOWN_ISSUER =
  'whoever issued it is not trusted here. Name the file with their certificate in `ca` of the provider, or in NODE_EXTRA_CA_CERTS when the server is started';

/** By the codes of OpenSSL and Node. */
const ADVICE: ReadonlyMap<string, string> = new Map([
  ...[
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_GET_ISSUER_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'CERT_UNTRUSTED',
    'CERT_SIGNATURE_FAILURE',
  ].map((code) => [code, UNKNOWN_ISSUER] as const),
  ['CERT_HAS_EXPIRED', 'it has expired, by the clock of this machine, and has to be renewed'],
  ['CERT_NOT_YET_VALID', 'it is not valid yet, by the clock of this machine'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'it is for another host than the one that was asked for'],
]);

/** A revoked one, one for another purpose, and the like. */
const OTHERS = /^(CERT_|CRL_|INVALID_CA$|INVALID_PURPOSE$|PATH_LENGTH_EXCEEDED$|HOSTNAME_MISMATCH$)/;
