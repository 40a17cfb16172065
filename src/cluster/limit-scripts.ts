import { BEAT_MS, LEASE_MS } from './nodes.ts';
import { script } from './scripts.ts';

const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/** How long a node's places are kept, from the last time that it said so. */
const KEEP_MS = 60_000;

/**
 * A node says how many places it holds, asks for more, and learns how many it gets. The key is a hash: of each node, how
 * many places it holds, since when it waits for one (0: it does not), and when it last said so. What a node says it
 * holds is what counts, whatever stood there: what is said twice, or was lost, does no harm. Of a dead node nothing
 * counts; one that has said something only now may not be known to live yet.
 *
 * Nodes that wait take turns: a place that is free is kept for those who have waited longer, who are told of it. ARGV:
 * prefix, me, the places' name, held, wanted, limit, 1 where I wait, and who lives, or `*` where that is not known.
 */
export const SHARE = script(`${NOW}
local living = {}
for i = 8, #ARGV do living[ARGV[i]] = true end
local held, wanted = tonumber(ARGV[4]), tonumber(ARGV[5])
local elsewhere, since, waiting = 0, 0, {}
local entries = redis.call('HGETALL', KEYS[1])
for i = 1, #entries, 2 do
  local node = entries[i]
  local places, waits, said = string.match(entries[i + 1], '^(%d+) (%d+) (%d+)$')
  if node == ARGV[2] then since = tonumber(waits)
  elseif living['*'] or living[node] or now - said < ${LEASE_MS + BEAT_MS} then
    elsewhere = elsewhere + places
    if waits ~= '0' then table.insert(waiting, { node = node, since = tonumber(waits) }) end
  else redis.call('HDEL', KEYS[1], node) end
end
table.sort(waiting, function (a, b) return a.since < b.since end)
local before = 0
for _, other in ipairs(waiting) do
  if since == 0 or other.since < since then before = before + 1 end
end
local free = math.max(0, ARGV[6] - elsewhere - held)
local granted = math.min(wanted, math.max(0, free - before))
if ARGV[7] ~= '1' or granted == wanted then since = 0
elseif granted > 0 or since == 0 then since = now end
if held + granted == 0 and since == 0 then redis.call('HDEL', KEYS[1], ARGV[2])
else
  redis.call('HSET', KEYS[1], ARGV[2], string.format('%d %d %d', held + granted, since, now))
  redis.call('PEXPIRE', KEYS[1], ${KEEP_MS})
end
for i = 1, math.min(free - granted, #waiting) do
  redis.call('PUBLISH', ARGV[1] .. ':node:' .. waiting[i].node, 'free\\n' .. ARGV[3])
end
return granted
`);

/**
 * A circuit has opened, or closed: everyone is told, and who comes later finds it. The key is a hash: of each circuit,
 * until when it is open, and its pause. ARGV: the channel of everyone, me, the circuit's name, in how many ms the next
 * try is due (0: it has closed), its pause.
 */
export const TELL_CIRCUIT = script(`${NOW}
if ARGV[4] == '0' then redis.call('HDEL', KEYS[1], ARGV[3])
else
  redis.call('HSET', KEYS[1], ARGV[3], string.format('%d %d', now + ARGV[4], ARGV[5]))
  redis.call('PEXPIRE', KEYS[1], 3600000)
end
return redis.call('PUBLISH', ARGV[1], table.concat({'circuit', ARGV[2], ARGV[3], ARGV[4], ARGV[5]}, '\\n'))
`);

/** The circuits that are open: of each, its name, in how many ms the next try is due, its pause. */
export const OPEN_CIRCUITS = script(`${NOW}
local open = {}
local entries = redis.call('HGETALL', KEYS[1])
for i = 1, #entries, 2 do
  local due, pause = string.match(entries[i + 1], '^(%d+) (%d+)$')
  if due - now > 0 then
    for _, value in ipairs({ entries[i], string.format('%d', due - now), pause }) do table.insert(open, value) end
  else redis.call('HDEL', KEYS[1], entries[i]) end
end
return open
`);
