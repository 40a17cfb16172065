/** The largest attachment: what a server takes, if it is not told otherwise. */
export const MAX_ATTACHMENT_BYTES = 20 * 2 ** 20;

/** How much one question may come with. */
export const MAX_ATTACHMENTS = 10;

const inWords = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

export function inMegabytes(bytes: number): string {
  const kibibytes = bytes / 1024;
  return kibibytes < 1000 ? `${inWords.format(Math.ceil(kibibytes))} KiB` : `${inWords.format(kibibytes / 1024)} MiB`;
}
