import type { Page } from 'playwright-core';

/** Pastes or drops a file, as a browser does it: a picture of one colour, or some text. */
export async function give(page: Page, how: 'paste' | 'drop', name: string): Promise<void> {
  await page.evaluate(
    async ([how, name]) => {
      const canvas = new OffscreenCanvas(64, 48);
      const context = canvas.getContext('2d');
      if (context) Object.assign(context, { fillStyle: '#1f6f5c' }).fillRect(0, 0, 64, 48);
      const isPicture = name?.endsWith('.png');
      const bytes = isPicture ? await canvas.convertToBlob() : new Blob(['a,b\n1,2\n']);
      const data = new DataTransfer();
      data.items.add(new File([bytes], name ?? '', { type: isPicture ? 'image/png' : '' }));
      const field = document.querySelector('.composer textarea');
      const common = { bubbles: true, cancelable: true };
      field?.dispatchEvent(
        how === 'paste'
          ? new ClipboardEvent('paste', { ...common, clipboardData: data })
          : new DragEvent('drop', { ...common, dataTransfer: data }),
      );
    },
    [how, name],
  );
}
