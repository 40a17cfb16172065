import { type DestinationStream, type Logger, pino } from 'pino';
import { ConfigError } from './config/load.ts';
import type { Config } from './config/schema.ts';

export interface Log {
  readonly log: Logger;
  /** Goes on in a new file of the same name; where there is no file, nothing happens. */
  reopen(): void;
}

type LogOptions = Config['log'] & { readonly level: string };

/**
 * The log as the configuration wants it. A line is written before the call that logs it returns: one that waits could be
 * lost when the process ends.
 * @throws ConfigError for a file that cannot be opened
 */
export async function createLog({ level, format, file }: LogOptions): Promise<Log> {
  const { destination, reopen } = file === undefined ? openStandardOutput() : openFile(file);
  const stream = format === 'pretty' ? await prettify(destination, file === undefined) : destination;
  return { log: pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, stream), reopen };
}

function openStandardOutput() {
  return { destination: pino.destination({ fd: process.stdout.fd, sync: true }), reopen() {} };
}

/** Whoever reads the log is of the group; the owner alone writes it. */
const MODE = 0o640;
/** What waits while the file cannot be written, as on a disk that is full; what comes after it is lost. */
const MAX_WAITING_BYTES = 4_194_304;

function openFile(file: string) {
  try {
    const destination = pino.destination({
      dest: file,
      append: true,
      mode: MODE,
      sync: true,
      maxLength: MAX_WAITING_BYTES,
    });
    let told: string | undefined;
    destination.on('error', ({ message }: Error) => {
      if (message !== told) process.stderr.write(`modelql: log.file: ${message}\n`);
      told = message;
    });
    return {
      destination,
      reopen() {
        told = undefined;
        try {
          destination.reopen();
        } catch {
          // The error was told, and the old file goes on. Nothing of this try may close it, once another one succeeds.
          destination.removeAllListeners('ready');
        }
      },
    };
  } catch (error) {
    throw new ConfigError([`log.file: ${error instanceof Error ? error.message : error}`]);
  }
}

async function prettify(destination: DestinationStream, isStandardOutput: boolean): Promise<DestinationStream> {
  const { prettyFactory } = await import('pino-pretty');
  const colorize = isStandardOutput && process.stdout.isTTY && process.stdout.hasColors();
  const toText = prettyFactory({ colorize, singleLine: true, translateTime: 'SYS:yyyy-mm-dd HH:MM:ss.l' });
  return { write: (line) => void destination.write(toText(line)) };
}
