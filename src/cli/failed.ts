import { note } from './output.ts';

/** What ends a command, in words for the person who gave it. */
export class Failed extends Error {
  override readonly name = 'Failed';
  /** Of a GraphQL error. */
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}

/** Says why, on standard error. @returns the exit code */
export function fail({ message }: Error): number {
  note(`modelql: ${message}`);
  return 1;
}
