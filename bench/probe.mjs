// Loaded into a server beside its own code (node --import): tells its longest event-loop delay, of which only it knows.
import { monitorEventLoopDelay } from 'node:perf_hooks';

const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
process.on('message', (message) => {
  if (message !== 'loop delay') return;
  process.send({ loopDelayMs: delay.max / 1_000_000 });
  delay.reset();
});
process.channel?.unref();
