#!/usr/bin/env node
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { VERSION } from '../version.ts';
import type { ChatFlags } from './chat.ts';
import type { CheckFlags } from './check.ts';
import { toEndpoint } from './endpoint.ts';
import { Failed, fail } from './failed.ts';
import { addAttachment, readSchema } from './files.ts';
import type { ServerFlags } from './server.ts';

/** 0 an answer, 1 a failure, 2 wrong usage, 130 interrupted. */
const WRONG_USAGE = 2;

/** The options that a picture has no use for. */
const OF_TEXT = ['system', 'attach', 'schema', 'effort'];

const program = new Command('modelql')
  .description('One GraphQL API for every chat and image model: ask it, or serve it.')
  .version(VERSION)
  .exitOverride()
  .showHelpAfterError('(--help tells what there is)')
  .addHelpText(
    'after',
    `
Examples:
  $ modelql chat "Why is the sky blue?"          an answer, from a server of its own
  $ modelql chat                                 a session: question after question
  $ modelql chat --image "a harbour at dawn"     a picture, written to a file
  $ modelql models --url https://ai.example.com  what a running server offers
  $ modelql check                                whether the configured providers answer
  $ modelql serve --port 4000                    the server; so does modelql alone`,
  );

function addServerOptions(command: Command): Command {
  return addOwnServerOptions(
    command
      .addOption(
        new Option('--url <url>', 'a running server; without one, a server of its own')
          .env('MODELQL_URL')
          .argParser(toEndpoint),
      )
      .addOption(new Option('--key <key>', 'the key that the running server wants').env('MODELQL_KEY')),
  );
}

function addOwnServerOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--config <file>', 'the configuration of its own server (otherwise modelql.config.json here)').env(
        'MODELQL_CONFIG',
      ),
    )
    .option('--no-detect', 'without a configuration, look for no keys in the environment and for no Ollama');
}

addServerOptions(program.command('chat'))
  .description('Ask a model, and read its answer as it is written.')
  .addArgument(new Argument('[question...]', 'what is asked; "-" stands for standard input'))
  .option('-m, --model <name>', 'an id, a name or an alias, as `modelql models` lists them')
  .option('-s, --system <text>', 'instructions that stand above the conversation')
  .addOption(
    new Option('-a, --attach <file>', 'a picture, sound, PDF or text that goes along; again for each').argParser(
      addAttachment,
    ),
  )
  .addOption(
    new Option(
      '--schema <file>',
      'a JSON Schema: the answer is an object that holds to it, and nothing beside',
    ).argParser(readSchema),
  )
  .addOption(
    new Option('--effort <level>', 'how much the model thinks before it answers').choices([
      'none',
      'minimal',
      'low',
      'medium',
      'high',
      'max',
    ]),
  )
  .addOption(new Option('--image', 'make a picture of the question, and write it to a file').conflicts(OF_TEXT))
  .addOption(
    new Option('-o, --output <file>', 'where the picture goes (otherwise a new file here, named after what it shows)')
      .implies({ image: true })
      .conflicts(OF_TEXT),
  )
  .option('--json', 'the events of the chat as the API sends them, one a line')
  .addHelpText(
    'after',
    `
Without a question it reads standard input, or, in a terminal, opens a session that
remembers what was said; what is attached belongs to its first question. Ctrl-C stops an
answer; Ctrl-C or Ctrl-D at the prompt leaves.
The answer goes to standard output, everything else to standard error.
It ends with 0 after an answer, 1 after a failure, an answer that does not hold to the schema
or one that wants to call tools (the terminal has none), 2 for wrong usage, 130 when it is
interrupted.

Examples:
  $ modelql chat --model gemini-1.5-pro "Why is the sky blue?"
  $ modelql chat --system "Answer in one line." < question.txt
  $ modelql chat --attach cat.png --attach dog.png "Which is which?"
  $ modelql chat --schema invoice.schema.json --attach invoice.pdf "Read this" | jq .total
  $ git diff | modelql chat "Explain this change:" -
  $ modelql chat --image "a harbour at dawn" --output harbour.svg
  $ modelql chat --json "hello" | jq -j 'select(.__typename == "ChatDelta").text'`,
  )
  .action(async (question: string[], flags: ChatFlags) => {
    const { chat } = await import('./chat.ts');
    process.exitCode = await chat(question, flags, process.env);
  });

addServerOptions(program.command('models'))
  .description('List the models that can be asked, the defaults first.')
  .option('--json', 'as the API sends them, one a line')
  .action(async (flags: ServerFlags & { json?: true }) => {
    const { listModels } = await import('./models.ts');
    await listModels(flags, process.env);
  });

addOwnServerOptions(program.command('check'))
  .description('Check a configuration, and whether its providers answer: what is wrong, and what to do.')
  .option('--chat', 'ask each for a short answer too, from its default model or its first')
  .addOption(
    new Option('--timeout <seconds>', 'how long each may take, once for its models and once for an answer')
      .default(10)
      .argParser(toSeconds),
  )
  .option('--json', 'as JSON, a provider a line')
  .addHelpText(
    'after',
    `
All providers are asked at once. It ends with 0 where all is well, 1 where something is wrong with
the configuration or a provider, 2 for wrong usage. No key is ever shown. --chat costs a few tokens
of each; providers that are said not to work are not asked.`,
  )
  .action(async (flags: CheckFlags) => {
    const { check } = await import('./check.ts');
    process.exitCode = await check(flags, process.env);
  });

program
  .command('serve')
  .description('Serve the API until it is told to stop (`modelql serve --help` for its options).')
  .helpOption(false)
  .allowUnknownOption()
  .argument('[options...]')
  .action(async (_options, _flags, { args }: Command) => {
    const { serve } = await import('./server.ts');
    await serve(args);
  });

const MOST_SECONDS = 3_600;

function toSeconds(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && seconds <= MOST_SECONDS) return seconds;
  throw new InvalidArgumentError(`Expected seconds, more than 0 and at most ${MOST_SECONDS}.`);
}

/** The server's flags may stand alone, as its command may be left out. */
function withCommand(args: readonly string[]): readonly string[] {
  const [first = '--port'] = args;
  const isServerFlag = first.startsWith('-') && !['-h', '--help', '-V', '--version'].includes(first);
  return isServerFlag ? ['serve', ...args] : args;
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0); // Whoever was reading has read enough.
  throw error;
});

try {
  await program.parseAsync(withCommand(process.argv.slice(2)), { from: 'user' });
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : WRONG_USAGE;
  else if (error instanceof Failed) process.exitCode = fail(error);
  else throw error;
}
