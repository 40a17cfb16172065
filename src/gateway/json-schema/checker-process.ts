import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';

export interface Check {
  /** As JSON. */
  readonly schema: string;
  /** As JSON. None: the schema is only compiled. */
  readonly value?: string | undefined;
  /** Of the check itself, in the process. */
  readonly deadlineMs: number;
}

/** One process that checks, one check at a time. It is started when it is first needed, and keeps no other alive. */
export interface CheckerProcess {
  /**
   * What is wrong; or that this could not be told within the bounds of time and memory.
   * @throws an error when the process ends for another reason
   */
  run(check: Check): Promise<readonly string[]>;
  close(): void;
}

interface Checker {
  readonly child: ChildProcess;
  readonly ready: Promise<unknown>;
  /** Kills it. The reason is what becomes of its check. */
  readonly end: AbortController;
}

/** A thread would not do: where memory runs out at the wrong moment, Node ends the whole process. */
const PROGRAM = new URL(`./checker${extname(import.meta.url)}`, import.meta.url);
/** Enough for a value of `limits.maxAnswerBytes`. */
const MAX_HEAP_MB = 512;
/** After its own deadline, which only few things get past. */
const KILL_AFTER_MS = 1000;
/** Those who wait for longer behind slow ones are told so: many slow ones hold nobody up for long. */
const MAX_WAIT_MS = 10_000;

/** The one problem of what its deadline has ended. */
export const TOO_SLOW = 'it could not be checked in time';
const TOO_LARGE = ['it could not be checked: that takes too much memory'];

/** @param program what runs in the process */
export function createCheckerProcess(program = PROGRAM): CheckerProcess {
  let checker: Checker | undefined;
  let isClosed = false;
  let last: Promise<unknown> = Promise.resolve();

  async function runNow(check: Check, since: number): Promise<readonly string[]> {
    if (isClosed || performance.now() - since > MAX_WAIT_MS) return [TOO_SLOW];
    if (!checker || checker.end.signal.aborted) checker = start(program);
    const { child, end, ready } = checker;
    let timer: NodeJS.Timeout | undefined;
    try {
      await ready;
      // An answer that came while this process itself was busy counts.
      timer = setTimeout(() => setImmediate(() => end.abort([TOO_SLOW])), check.deadlineMs + KILL_AFTER_MS).unref();
      child.send(check);
      const [problems] = await once(child, 'message', { signal: end.signal });
      return problems;
    } catch (error) {
      const reason = end.signal.reason ?? error;
      if (reason instanceof Error) throw reason;
      return reason;
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    run(check) {
      const since = performance.now();
      const result = last.then(() => runNow(check, since));
      last = result.catch(() => {});
      return result;
    },
    close() {
      isClosed = true;
      checker?.end.abort([TOO_SLOW]);
    },
  };
}

function start(program: URL): Checker {
  const end = new AbortController();
  const child = fork(program, {
    env: {}, // There are keys in ours.
    execArgv: [`--max-old-space-size=${MAX_HEAP_MB}`],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
    signal: end.signal,
    killSignal: 'SIGKILL',
  });
  child.on('error', (error) => end.abort(error));
  child.on('exit', (code, signal) => {
    end.abort(signal ? TOO_LARGE : new Error(`${program.pathname} ended with code ${code}`));
  });
  child.unref();
  child.channel?.unref();
  return { child, ready: once(child, 'message', { signal: end.signal }), end };
}
