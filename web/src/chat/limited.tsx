import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { type Ability, limitOf } from '../models/abilities.ts';

interface LimitedProps {
  readonly ability: Ability;
  /** What has been set already can be taken back. */
  readonly isEmpty: boolean;
  readonly children: (limits: Limits) => ComponentChildren;
}

/** For the field itself. */
export interface Limits {
  readonly disabled: boolean;
  readonly title?: string;
  readonly 'aria-describedby'?: string;
}

/** A setting with what is known of the chosen models: where none can honour it, it is grey. */
export function Limited({ ability, isEmpty, children }: LimitedProps) {
  const id = useId();
  const { isOff, reason } = limitOf(ability);
  if (reason === null) return <div>{children({ disabled: false })}</div>;
  return (
    <div class={isOff ? 'off' : ''}>
      {children({ disabled: isOff && isEmpty, title: reason, 'aria-describedby': id })}
      <p class="soft reason" id={id}>
        {reason}
      </p>
    </div>
  );
}
