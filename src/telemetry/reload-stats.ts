/** How often the configuration was read again. The first time, at the start, is none of them. */
export interface ReloadStats {
  succeeded: number;
  failed: number;
  /** Whether the last of them was taken; true while there was none. */
  isLastTaken: boolean;
  /** When what is in force was read, at the start or later. */
  lastSuccessAt: Date;
}

export function createReloadStats(): ReloadStats {
  return { succeeded: 0, failed: 0, isLastTaken: true, lastSuccessAt: new Date() };
}

/** To be called after each reload. */
export function countReload(stats: ReloadStats, isTaken: boolean): void {
  stats.isLastTaken = isTaken;
  if (isTaken) {
    stats.succeeded++;
    stats.lastSuccessAt = new Date();
  } else stats.failed++;
}
