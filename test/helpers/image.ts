import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, matchesGlob, posix, relative } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Copy, DockerfileParser, type Env, type From, type Instruction } from 'dockerfile-ast';
import { type BoxOptions, prepareRoot, runInBox } from './box.ts';

const ROOT = join(import.meta.dirname, '../..');

/** What an image says of how it is run, and the folder that is its root. */
export interface Stage {
  readonly root: string;
  readonly image: string;
  cwd: string;
  user: number;
  readonly environment: Record<string, string>;
  readonly binds: (readonly [from: string, to: string])[];
  entrypoint: readonly string[];
  command: readonly string[];
  healthcheck: readonly string[];
}

export interface BuildOptions {
  /** An empty one, in which each stage gets one of its own. */
  readonly folder: string;
  /** Whether `npm ci` asks the registry. Otherwise what it would install is taken from this checkout. */
  readonly fromRegistry: boolean;
}

/**
 * Does what a Dockerfile says, instruction by instruction: the folder of a stage is the root of what its commands see. Stands in for an engine as far as this Dockerfile goes; what it does not know is an error.
 * @returns the last stage
 */
export async function buildImage(dockerfile: string, options: BuildOptions): Promise<Stage> {
  const stages = new Map<string, Stage>();
  let stage: Stage | undefined;
  for (const instruction of DockerfileParser.parse(dockerfile).getInstructions()) {
    if (instruction.getKeyword() === 'FROM') {
      const from = instruction as From;
      const name = from.getBuildStage() ?? 'last';
      stage = createStage(join(options.folder, name), from.getImage() ?? '');
      stages.set(name, stage);
    } else if (stage) {
      await follow(instruction, stage, stages, options);
    }
  }
  if (!stage) throw new Error('expected a FROM');
  return stage;
}

function createStage(root: string, image: string): Stage {
  prepareRoot(root);
  const run = { entrypoint: [], command: [], healthcheck: [] };
  return { root, image, cwd: '/', user: 0, environment: { HOME: '/root' }, binds: [], ...run };
}

async function follow(
  instruction: Instruction,
  stage: Stage,
  stages: ReadonlyMap<string, Stage>,
  options: BuildOptions,
) {
  const content = instruction.getArgumentsContent() ?? '';
  switch (instruction.getKeyword()) {
    case 'WORKDIR':
      stage.cwd = content;
      return mkdirSync(join(stage.root, content), { recursive: true });
    case 'COPY':
      return copy(instruction as Copy, stage, stages);
    case 'RUN':
      return run(content, stage, options);
    case 'ENV':
      for (const property of (instruction as Env).getProperties()) {
        stage.environment[property.getName()] = property.getValue() ?? '';
      }
      return;
    case 'USER':
      stage.user = Number(content.split(':')[0]);
      return;
    case 'HEALTHCHECK':
      stage.healthcheck = JSON.parse(content.slice(content.indexOf('[')));
      return;
    case 'ENTRYPOINT':
      stage.entrypoint = JSON.parse(content);
      return;
    case 'CMD':
      stage.command = JSON.parse(content);
      return;
    case 'LABEL':
    case 'EXPOSE':
      return;
    default:
      throw new Error(`${instruction.getKeyword()} is not known here`);
  }
}

/** As an engine copies: a folder's content, and a file by its name where the target ends in a slash. */
function copy(instruction: Copy, stage: Stage, stages: ReadonlyMap<string, Stage>): void {
  const from = instruction.getFromFlag()?.getValue();
  const source = from ? stages.get(from)?.root : ROOT;
  if (!source) throw new Error(`there is no stage ${from}`);
  const paths = instruction.getArguments().map((argument) => argument.getValue());
  const target = paths.pop() ?? '';
  const to = join(stage.root, isAbsolute(target) ? target : posix.join(stage.cwd, target));
  for (const path of paths) {
    const file = join(source, path);
    const isFolder = statSync(file).isDirectory();
    mkdirSync(isFolder ? to : dirname(to), { recursive: true });
    if (from) link([isFolder ? `${file}/.` : file, to], source);
    else send(path, isFolder ? to : join(to, basename(path)));
  }
}

/** Copies what is not ignored. */
function send(path: string, to: string): void {
  const isSent = readIgnored();
  if (!isSent(relative(ROOT, join(ROOT, path)))) throw new Error(`${path} is ignored, and cannot be copied`);
  const filter = (one: string) => isSent(relative(ROOT, one));
  cpSync(join(ROOT, path), to, { recursive: true, verbatimSymlinks: true, filter });
}

/** Whether a path is sent to the engine: the last line of .dockerignore that is about it, or a folder that it is in, says so. */
function readIgnored(): (path: string) => boolean {
  const rules = readFileSync(join(ROOT, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ sends: line.startsWith('!'), pattern: line.replace(/^!/, '') }));
  return (path) => {
    if (path === '') return true;
    const parts = path.split('/');
    const isAbout = (pattern: string) => parts.some((_, at) => matchesGlob(parts.slice(0, at + 1).join('/'), pattern));
    return rules.findLast(({ pattern }) => isAbout(pattern))?.sends ?? true;
  };
}

async function run(command: string, stage: Stage, { fromRegistry }: BuildOptions): Promise<void> {
  if (command.startsWith('npm ci') && !fromRegistry) return installFromCheckout(command, stage);
  const environment = { ...stage.environment, ...(fromRegistry ? wayToRegistry() : {}) };
  const child = runInBox(['sh', '-c', command], { ...stage, environment });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`RUN ${command} ended with ${code}:\n${(await output).join('\n')}`);
}

/** What leads to the registry from this machine, as a build is told by arguments. */
function wayToRegistry(): Record<string, string> {
  const names = /^((https?|no)_proxy|node_extra_ca_certs|npm_config_(registry|cafile))$/i;
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (names.test(name) && value ? [[name, value]] : [])),
  );
}

/** What `npm ci` has put into this checkout: all of it as it is, or the part that the lock file has for use. */
function installFromCheckout(command: string, { root, cwd, binds }: Stage): void {
  if (command === 'npm ci') return void binds.push([join(ROOT, 'node_modules'), posix.join(cwd, 'node_modules')]);
  if (command !== 'npm ci --omit=dev') throw new Error(`${command} is not known here`);
  link(['--parents', ...usedPackages(), join(root, cwd)], ROOT);
}

/** Copies by `cp`, without the bytes where that can be. */
function link(words: readonly string[], cwd: string): void {
  if (spawnSync('cp', ['-al', ...words], { cwd }).status === 0) return;
  const { status, stderr } = spawnSync('cp', ['-a', ...words], { cwd }); // Into another file system, say.
  if (status !== 0) throw new Error(String(stderr));
}

/** The folders of the packages that are used, and not only developed with, by the lock file. */
export function usedPackages(): readonly string[] {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, { dev?: boolean; devOptional?: boolean }>>;
  };
  return Object.entries(packages).flatMap(([path, { dev, devOptional }]) =>
    path && !dev && !devOptional ? [path] : [],
  );
}

/** Runs a command of an image as it would in a container, on a read-only file system. */
export function runInImage(command: readonly string[], stage: Stage, environment: Record<string, string> = {}) {
  const options: BoxOptions = { ...stage, environment: { ...stage.environment, ...environment }, readOnly: true };
  return runInBox(command, options);
}
