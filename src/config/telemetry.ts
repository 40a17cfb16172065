import * as z from 'zod';
import { headerValue, httpUrl } from '../providers/options.ts';

const MetricsPort = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('The address to listen on for whoever reads the metrics.'),
  port: z.int().min(0).max(65_535).describe('A port of their own. 0 takes a free one.'),
});

const Otlp = z.strictObject({
  endpoint: httpUrl.describe(
    'Where spans are sent, as OTLP over HTTP: the whole URL, such as http://127.0.0.1:4318/v1/traces.',
  ),
  headers: z
    .record(z.string().min(1), headerValue)
    .default({})
    .describe('Sent along, for a collector that wants a key.'),
});

export const Telemetry = z.strictObject({
  metrics: z
    .union([z.boolean(), MetricsPort])
    .default(false)
    .describe(
      'Whether /metrics is there, in the text format of Prometheus. True: on the port of the server, for callers on loopback and for keys with `metrics`. With a port: there, for everyone who reaches it.',
    ),
  otlp: Otlp.optional().describe('Traces by OpenTelemetry. The usual OTEL_* variables ask for them too.'),
  captureContent: z
    .boolean()
    .default(false)
    .describe('True puts what is asked and answered into spans, in full: whoever reads the traces reads the chats.'),
});

export const Log = z.strictObject({
  format: z.enum(['json', 'pretty']).default('json').describe('A line of JSON for each event, or text for people.'),
  file: z
    .string()
    .min(1)
    .optional()
    .describe('A file to append to, in place of standard output. SIGUSR2 opens it anew, for logrotate.'),
});
