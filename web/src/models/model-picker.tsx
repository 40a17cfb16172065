import { lazily } from '../shell/lazily.tsx';

export const ModelPicker = lazily(async () => (await import('./picker-dialog.tsx')).PickerDialog);
