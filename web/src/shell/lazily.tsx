import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect, useLayoutEffect } from 'preact/hooks';

/** How many such components have been shown so far: each takes room that was not there before. */
export const partsShown = signal(0);

/** A component whose code is loaded when it is first shown. */
export function lazily<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const state = signal<{ readonly component?: ComponentType<Props>; readonly isOutOfReach?: boolean }>({});
  return (props) => {
    useEffect(() => {
      if (state.value.component) return;
      load().then(
        (component) => {
          state.value = { component };
        },
        () => {
          state.value = { isOutOfReach: true };
        },
      );
    }, []);
    const { component: Component, isOutOfReach } = state.value;
    useLayoutEffect(() => {
      if (Component) partsShown.value++;
    }, [Component]);
    if (Component) return <Component {...props} />;
    return isOutOfReach ? (
      <p class="soft">This cannot be shown, as the server is out of reach. Reload the page.</p>
    ) : null;
  };
}
