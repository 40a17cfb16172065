import { lazily } from '../shell/lazily.tsx';
import type { AttachmentListProps } from './attachment-list.tsx';

const AttachmentList = lazily(async () => (await import('./attachment-list.tsx')).AttachmentList);

/** What a question comes with, if anything. */
export function Attachments(props: AttachmentListProps) {
  return props.attachments.length === 0 ? null : <AttachmentList {...props} />;
}
