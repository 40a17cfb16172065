import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

/** Whether a program of Prometheus is installed here. */
export function isInstalled(program: 'prometheus' | 'promtool'): boolean {
  return spawnSync(program, ['--version']).error === undefined;
}

export function promtool(...args: readonly string[]): { readonly status: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

export interface Prometheus {
  /** What an expression is at this moment, series by series. @throws what Prometheus says of one that it cannot evaluate */
  query(expression: string): Promise<readonly { readonly metric: object; readonly value: readonly [number, string] }[]>;
}

/** A real Prometheus that asks the server with this address for its metrics five times a second, until the test has finished. */
export async function startPrometheus(host: string): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'modelql-'));
  const scrape = { job_name: 'modelql', scrape_interval: '200ms', scrape_timeout: '200ms' };
  const config = { scrape_configs: [{ ...scrape, static_configs: [{ targets: [host] }] }] };
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config)); // JSON is YAML.
  const child = spawn('prometheus', [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    '--web.listen-address=127.0.0.1:0',
  ]);
  onTestFinished(async () => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    rmSync(folder, { recursive: true });
  });
  const address = await addressOf(child);
  return {
    async query(expression) {
      const url = `http://${address}/api/v1/query?query=${encodeURIComponent(expression)}`;
      const { status, data, error } = await (await fetch(url)).json();
      if (status !== 'success') throw new Error(`${expression}: ${error}`);
      return data.result;
    },
  };
}

/** It takes a free port, and tells which. */
function addressOf({ stderr }: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (!stderr) return reject(new Error('expected a process with pipes'));
    const lines: string[] = [];
    createInterface({ input: stderr })
      .on('line', (line) => {
        lines.push(line);
        const [, address] = /msg="Listening on" address=(\S+)/.exec(line) ?? [];
        if (address) resolve(address);
      })
      .once('close', () => reject(new Error(`Prometheus did not start:\n${lines.join('\n')}`)));
  });
}
