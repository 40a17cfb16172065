/** The bytes as a data: URI in base64. */
export function toDataUri(bytes: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(bytes);
  });
}

/** @throws Error for what is no data: URI in base64 */
export function fromDataUri(uri: string): Blob {
  const [, type = '', base64] = /^data:([^,]*);base64,(.*)$/s.exec(uri) ?? [];
  if (base64 === undefined) throw new Error('Expected a data: URI in base64.');
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new Blob([bytes], { type });
}
