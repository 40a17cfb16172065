import { signal } from '@preact/signals';
import { type Attachment, type Kind, kindOf } from '../conversations/attachment.ts';
import { keepBytes } from './bytes.ts';
import { inMegabytes, MAX_ATTACHMENT_BYTES, MAX_ATTACHMENTS } from './sizes.ts';

/** An attachment of a question that has not been asked yet. */
export interface ChosenFile extends Attachment {
  readonly blob: Blob;
}

/** What the next question comes with. */
export const chosenFiles = signal<readonly ChosenFile[]>([]);

/** Why some of the last files were not taken. */
export const filesProblem = signal<string | null>(null);

/** @param refusalOf why the chosen models take none of a kind; null where they do, or may */
export async function chooseFiles(files: readonly File[], refusalOf: (kind: Kind) => string | null): Promise<void> {
  const problems: string[] = [];
  for (const file of files) {
    const mediaType = await mediaTypeOf(file);
    const problem =
      chosenFiles.value.length >= MAX_ATTACHMENTS
        ? `A question comes with ${MAX_ATTACHMENTS} attachments at most.`
        : (problemOf(file) ?? refusalOf(kindOf({ mediaType })));
    if (problem === null) {
      const blob = new Blob([file], { type: mediaType });
      const chosen = { id: crypto.randomUUID(), name: file.name, mediaType, bytes: file.size, blob };
      chosenFiles.value = [...chosenFiles.value, chosen];
    } else problems.push(problem);
  }
  filesProblem.value = problems.length === 0 ? null : [...new Set(problems)].join(' ');
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
async function mediaTypeOf(file: File): Promise<string> {
  if (file.type !== '') return file.type;
  const start = await file.slice(0, 1000).text();
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
