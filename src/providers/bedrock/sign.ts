// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html

import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface Signable {
  readonly method: string;
  readonly url: URL;
  /** Those that are signed, beside the host; in lower case. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | Uint8Array | undefined;
}

/** @returns the headers that prove who asks; they hold for a few minutes around the date */
export type Sign = (request: Signable, date?: Date) => Promise<Readonly<Record<string, string>>>;

interface SignerOptions {
  /** As signatures name it: `bedrock`, whichever host it has. */
  readonly service: string;
  readonly region: string;
  readonly credentials: Credentials;
}

export function createSigner({ service, region, credentials }: SignerOptions): Sign {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const signer = new SignatureV4({
    service,
    region,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    sha256: Sha256,
    applyChecksum: false, // S3 alone wants it in a header, too.
  });

  return async ({ method, url, headers = {}, body }, signingDate = new Date()) => {
    const signed = await signer.sign(
      {
        method,
        protocol: url.protocol,
        hostname: url.hostname,
        path: url.pathname,
        query: toQuery(url.searchParams),
        headers: { host: url.host, ...headers },
        body,
      },
      { signingDate },
    );
    return Object.fromEntries(OWN.flatMap((name) => (signed.headers[name] ? [[name, signed.headers[name]]] : [])));
  };
}

const OWN = ['authorization', 'x-amz-date', 'x-amz-security-token'];

/** The values of each name. */
function toQuery(parameters: URLSearchParams): Record<string, string[]> {
  return Object.fromEntries([...parameters.keys()].map((name) => [name, parameters.getAll(name)]));
}
