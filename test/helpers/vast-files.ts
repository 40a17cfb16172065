/** Files of some 20 MB that are made to be hard to read. */
export const vastFiles: readonly (readonly [string, Buffer])[] = [
  ['a JPEG of empty segments', Buffer.concat([Buffer.from('ffd8', 'hex'), Buffer.alloc(20_000_000)])],
  ['a drawing that begins again and again', Buffer.from('<svg '.repeat(4_000_000))],
  ['a drawing of open quotes', Buffer.from('<svg "'.repeat(3_000_000))],
  ['comments without an end', Buffer.from('<!--'.repeat(5_000_000))],
  ['many comments', Buffer.from('<!---->'.repeat(3_000_000))],
];
