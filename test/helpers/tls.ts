import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../fixtures/tls');
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const key = read('key.pem');

/** What an https server shows. All are for 127.0.0.1, and `issued` is for upstream.example too. */
export const tls = {
  selfSigned: { key, cert: read('certificate.pem') },
  issued: { key, cert: read('issued.pem') },
  expired: { key, cert: read('expired.pem') },
  /** Whoever issued all but the self-signed one. */
  authority: read('authority.pem'),
} as const;

/** The PEM file of whoever issued all but the self-signed one. */
export const AUTHORITY = join(folder, 'authority.pem');
/** The PEM file of the self-signed one. */
export const SELF_SIGNED = join(folder, 'certificate.pem');
