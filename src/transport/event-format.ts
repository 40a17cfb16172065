/** Some browsers show nothing of a response before its first byte. */
export const COMMENT = ':\n\n';
export const END = 'event: complete\ndata:\n\n';

export function toEvent(json: string): string {
  return `event: next\ndata: ${json}\n\n`;
}
