import { signal } from '@preact/signals';
import { type Attachment, type Kind, kindOf } from '../conversations/attachment.ts';
import { keepBytes } from './bytes.ts';
import { inMegabytes, MAX_ATTACHMENT_BYTES, MAX_ATTACHMENTS } from './sizes.ts';

/** An attachment of a question that has not been asked yet. */
export interface ChosenFile extends Attachment {
  readonly blob: File;
}

/** What the next question comes with. */
export const chosenFiles = signal<readonly ChosenFile[]>([]);

/** Why some of the last files were not taken. */
export const filesProblem = signal<string | null>(null);

/** @param refusalOf why the chosen models take none of a kind; null where they do, or may */
export async function chooseFiles(files: readonly File[], refusalOf: (kind: Kind) => string | null): Promise<void> {
  const problems: string[] = [];
  for (const file of files) {
    const problem = await choose(file, refusalOf).catch(() => `${file.name} cannot be read.`);
    if (problem !== null) problems.push(problem);
  }
  filesProblem.value = problems.length === 0 ? null : [...new Set(problems)].join(' ');
}

/**
 * @returns why it is not taken
 * @throws for what cannot be read, such as a folder
 */
async function choose(file: File, refusalOf: (kind: Kind) => string | null): Promise<string | null> {
  if (chosenFiles.value.length >= MAX_ATTACHMENTS)
    return `A question comes with ${MAX_ATTACHMENTS} attachments at most.`;
  const problem = problemOf(file);
  if (problem !== null) return problem;
  // A copy: a file leads to the disk, and cannot be read once it has changed there.
  const copy = await file.arrayBuffer();
  const mediaType = file.type || mediaTypeOf(copy);
  const refusal = refusalOf(kindOf({ mediaType }));
  if (refusal !== null) return refusal;
  const blob = new File([copy], file.name, { type: mediaType });
  const chosen = { id: crypto.randomUUID(), name: file.name, mediaType, bytes: file.size, blob };
  chosenFiles.value = [...chosenFiles.value, chosen];
  return null;
}

export function unchooseFile(id: string): void {
  chosenFiles.value = chosenFiles.value.filter((file) => file.id !== id);
  filesProblem.value = null;
}

function problemOf({ name, size }: File): string | null {
  if (size === 0) return `${name} is empty.`;
  if (size <= MAX_ATTACHMENT_BYTES) return null;
  return `${name} has ${inMegabytes(size)}: at most ${inMegabytes(MAX_ATTACHMENT_BYTES)} can be attached.`;
}

/** Of the many kinds of text, browsers know few. */
function mediaTypeOf(bytes: ArrayBuffer): string {
  const start = new TextDecoder().decode(bytes.slice(0, 1000));
  return /[\0\uFFFD]/.test(start.slice(0, -1)) ? 'application/octet-stream' : 'text/plain';
}

/** Takes them for a question, and keeps their bytes. */
export function takeFiles(): readonly Attachment[] {
  const taken = chosenFiles.value;
  chosenFiles.value = [];
  filesProblem.value = null;
  return taken.map(({ blob, ...attachment }) => {
    keepBytes(attachment.id, blob).catch(() => {
      filesProblem.value = `The browser has no room for ${attachment.name}: it is there until this page is closed.`;
    });
    return attachment;
  });
}
