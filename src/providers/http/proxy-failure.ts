import { type buildConnector, Pool } from 'undici';
import type { CallConnector } from './call-connector.ts';

/** What went wrong between us and a proxy; the status with which it refused a tunnel, or the cause. */
export class ProxyFailure extends Error {
  override readonly name = 'ProxyFailure';
  readonly status: number | undefined;

  constructor({ status, cause }: { readonly status?: number; readonly cause?: unknown }) {
    super('The proxy has failed', { cause });
    this.status = status;
  }
}

/** A connector to a proxy. */
export function toProxyConnector(connect: buildConnector.connector): buildConnector.connector {
  return (target, callback) =>
    connect(target, (...[cause, socket]) => {
      if (cause) callback(new ProxyFailure({ cause }), null);
      else callback(null, socket);
    });
}

/** The connections on which a proxy is asked for tunnels; such a request is given up with the call that it is made for. */
export function createTunnelPool(proxy: URL, connector: Pick<CallConnector, 'signal'>, options: Pool.Options): Pool {
  const pool = new Pool(proxy, options);
  const connect = pool.connect.bind(pool);
  return Object.assign(pool, {
    async connect(request: Parameters<typeof connect>[0]) {
      const answer = await connect({ ...request, signal: connector.signal ?? null }).catch((cause: unknown) => {
        throw cause instanceof ProxyFailure ? cause : new ProxyFailure({ cause });
      });
      if (answer.statusCode === 200) return answer;
      answer.socket.on('error', () => {}).destroy(); // It has nothing more to say.
      throw new ProxyFailure({ status: answer.statusCode });
    },
  });
}
