import type { Page } from 'playwright-core';

/**
 * Pastes or drops a file, as a browser does it: a picture of one colour, or some text.
 * @param beside what is on the clipboard too, by its type
 */
export async function give(
  page: Page,
  how: 'paste' | 'drop',
  name: string,
  beside: Readonly<Record<string, string>> = {},
): Promise<void> {
  await page.evaluate(
    async ({ how, name, beside }) => {
      const canvas = new OffscreenCanvas(64, 48);
      const context = canvas.getContext('2d');
      if (context) Object.assign(context, { fillStyle: '#1f6f5c' }).fillRect(0, 0, 64, 48);
      const isPicture = name.endsWith('.png');
      const bytes = isPicture ? await canvas.convertToBlob() : new Blob(['a,b\n1,2\n']);
      const data = new DataTransfer();
      data.items.add(new File([bytes], name, { type: isPicture ? 'image/png' : '' }));
      for (const [type, words] of Object.entries(beside)) data.setData(type, words);
      const field = document.querySelector('.composer textarea');
      const common = { bubbles: true, cancelable: true };
      field?.dispatchEvent(
        how === 'paste'
          ? new ClipboardEvent('paste', { ...common, clipboardData: data })
          : new DragEvent('drop', { ...common, dataTransfer: data }),
      );
    },
    { how, name, beside },
  );
}
