import { keepBytes, loadBytes } from '../attachments/bytes.ts';
import { fromDataUri, toDataUri } from '../attachments/data-uri.ts';
import { inMegabytes } from '../attachments/sizes.ts';
import { type Answer, isRunning } from './answer.ts';
import { attachmentsOf, type Conversation } from './conversation.ts';
import { isConversation } from './exported-shape.ts';
import { upToDate } from './older.ts';

const KIND = 'modelql-conversations';

/** The first had no attachments. */
const VERSIONS: readonly unknown[] = [1, 2];

/** Browsers have no longer texts. */
const MAX_FILE_BYTES = 400_000_000;

/** In base64 they are a third more. */
const MAX_EXPORTED_BYTES = 250_000_000;

interface Brought {
  readonly conversations: readonly Conversation[];
  /** Keeps the bytes of what is attached to some of them. @throws Error in words for people */
  keepAttachments(of: readonly Conversation[]): Promise<void>;
}

/**
 * All there is, with the bytes of what is attached: links to them would die within minutes.
 * @throws Error in words for people, when that is too much for one file
 */
export async function exportConversations(conversations: readonly Conversation[]): Promise<Blob> {
  const attached = conversations.flatMap(attachmentsOf);
  const size = attached.reduce((sum, { bytes }) => sum + bytes, 0);
  if (size > MAX_EXPORTED_BYTES) {
    const [all, most] = [inMegabytes(size), inMegabytes(MAX_EXPORTED_BYTES)];
    throw new Error(`${all} are attached to the conversations, and an export holds ${most}: delete some first.`);
  }
  const head = { kind: KIND, version: 2, exportedAt: new Date().toISOString() };
  const pieces = [JSON.stringify(head).slice(0, -1), ',\n"attachments": {'];
  for (const { id } of attached) {
    const bytes = await loadBytes(id);
    if (bytes) pieces.push(pieces.length > 2 ? ',\n' : '\n', `${JSON.stringify(id)}: "${await toDataUri(bytes)}"`);
  }
  pieces.push('},\n"conversations": ', JSON.stringify(conversations, null, 2), '}\n');
  return new Blob(pieces, { type: 'application/json' });
}

/** @throws Error in words for people, for a file that is no export */
export async function parseConversations(file: Blob): Promise<Brought> {
  if (file.size > MAX_FILE_BYTES) throw new Error(`This file has more than ${inMegabytes(MAX_FILE_BYTES)}.`);
  const content = parse(await file.text());
  const isExport = content?.kind === KIND && VERSIONS.includes(content.version) && Array.isArray(content.conversations);
  if (!isExport) throw new Error('This file holds no conversations exported here.');
  const conversations = content.conversations as unknown[];
  if (!conversations.every(isConversation)) throw new Error('The conversations in this file are damaged.');
  const attachments = (content.attachments ?? {}) as Readonly<Record<string, unknown>>;
  return {
    conversations: conversations.map(upToDate).map(withoutRunning),
    async keepAttachments(of) {
      for (const { id, name } of of.flatMap(attachmentsOf)) await keep(id, name, attachments[id]);
    },
  };
}

async function keep(id: string, name: string, uri: unknown): Promise<void> {
  if (typeof uri !== 'string') return; // It was not there any more when this was exported.
  await keepBytes(id, decode(name, uri)).catch(() => {
    throw new Error(`The browser has no room for the attachment ${name}.`);
  });
}

function decode(name: string, uri: string): File {
  try {
    const bytes = fromDataUri(uri);
    return new File([bytes], name, { type: bytes.type });
  } catch {
    throw new Error(`The attachment ${name} is damaged.`);
  }
}

function parse(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown> | null;
  } catch {
    return null; // The caller says what was expected.
  }
}

/** What was on its way when it was exported does not go on here. */
function withoutRunning(conversation: Conversation): Conversation {
  const stop = (answer: Answer): Answer => (isRunning(answer) ? { ...answer, state: 'stopped' } : answer);
  const turns = conversation.turns.map((turn) => ({ ...turn, answers: turn.answers.map(stop) }));
  return { ...conversation, turns };
}
