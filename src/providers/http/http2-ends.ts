// undici takes every end of an HTTP/2 body for a whole one, also that of a stream which was reset with NO_ERROR or CANCEL
// before END_STREAM came. Once this is imported, a stream that ends so breaks: an error comes in front of its end.
import { subscribe } from 'node:diagnostics_channel';
import type { ClientHttp2Stream } from 'node:http2';

class ResetStreamError extends Error {
  readonly code = 'ERR_HTTP2_STREAM_ERROR';
}

/** There is no public word for whether END_STREAM has come: `readableEnded` waits until all has been read. */
interface Stream extends ClientHttp2Stream {
  readonly _readableState: { readonly ended: boolean };
}

subscribe('http2.client.stream.close', (message) => {
  const { stream } = message as { readonly stream: Stream };
  if (stream._readableState.ended) return;
  stream.prependOnceListener('end', () => {
    if (stream.listenerCount('error') === 0) return; // Nobody is left who reads it.
    stream.emit('error', new ResetStreamError('The stream was reset before its end'));
  });
});
