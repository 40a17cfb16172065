import { useEffect, useState } from 'preact/hooks';

interface UntilProps {
  /** When, as the time of this browser; null where nothing is to be waited for. */
  readonly until: number | null | undefined;
}

/** What a button says that asks anew: how long the provider wants that to wait, while it does. */
export function RetryLabel({ until }: UntilProps) {
  const seconds = useSecondsUntil(until);
  return <>{seconds > 0 ? `Retry in ${inWords(seconds)}` : 'Retry'}</>;
}

/** The same as a sentence, which does not change under whoever reads it. */
export function AskedWait({ until }: UntilProps) {
  const seconds = useSecondsUntil(until);
  const [asked] = useState(seconds);
  return seconds > 0 ? <>It asks to wait {inWords(asked)}.</> : null;
}

function useSecondsUntil(until: number | null | undefined): number {
  const [, count] = useState(0);
  const seconds = Math.max(0, Math.ceil(((until ?? 0) - Date.now()) / 1000));
  useEffect(() => {
    if (seconds === 0) return;
    const timer = setTimeout(() => count((before) => before + 1), 1000);
    return () => clearTimeout(timer);
  });
  return seconds;
}

function inWords(seconds: number): string {
  if (seconds < 100) return `${seconds} s`;
  return seconds < 6000 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3600)} h`;
}
