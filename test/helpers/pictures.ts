/** The smallest picture of each format, 3 by 2 pixels: as much of it as tells format and size. */
export const PICTURES: Readonly<Record<string, Buffer>> = {
  'image/png': png(),
  'image/jpeg': Buffer.from('ffd8ffe000104a46494600010100000100010000ffc0000b080002000301011100ffd9', 'hex'),
  'image/gif': Buffer.concat([Buffer.from('GIF89a'), Buffer.from('03000200000000', 'hex'), Buffer.from(';')]),
  'image/webp': Buffer.concat([
    Buffer.from('RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0', 'latin1'),
    Buffer.from('00000000020000010000', 'hex'),
  ]),
  'image/avif': heif('avif'),
  'image/heic': heif('heic'),
  'image/bmp': bmp(),
  'image/svg+xml': Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"/>'),
};

export const PNG = png();

/** A whole one, transparent. */
function png(): Buffer {
  const base64 = 'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAYAAACddGYaAAAAC0lEQVR4nGNgwAUAABoAAbw84EEAAAAASUVORK5CYII=';
  return Buffer.from(base64, 'base64');
}

function heif(brand: string): Buffer {
  const size = Buffer.alloc(12);
  size.writeUInt32BE(3, 4);
  size.writeUInt32BE(2, 8);
  const properties = box('iprp', box('ipco', box('ispe', size)));
  return Buffer.concat([box('ftyp', Buffer.from(`${brand}\0\0\0\0mif1`)), box('meta', Buffer.alloc(4), properties)]);
}

function box(type: string, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat([Buffer.from(type), ...contents]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(4 + content.length);
  return Buffer.concat([length, content]);
}

function bmp(): Buffer {
  const header = Buffer.alloc(54);
  header.write('BM');
  header.writeUInt32LE(54, 2);
  header.writeUInt32LE(54, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(3, 18);
  header.writeInt32LE(-2, 22); // Stored from the top.
  return header;
}
