import { createHash } from 'node:crypto';
import { KEEP_MS } from './chat-names.ts';

/** Runs in the store as one step. It has one key: of a chat, the name that all its keys begin with. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

export function script(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

/**
 * Of each chat there are, under its name: `:m`, a hash of the digest of its question, the node that writes it, the
 * fence, which rises with each change of that node, its state, and whether it was cancelled; `:s<fence>`, the stream of
 * its events; `:r`, a hash of the copies that follow it: the name of a node, a slash, and a number there; `:t`, where it
 * was taken from a node, the fence since then, which is kept for longer than the chat, as that node may sleep for long.
 * An entry of the stream has the events of one pulse, and as its id the `seq` after them.
 */
const HEAD = `
local m, r, t = KEYS[1] .. ':m', KEYS[1] .. ':r', KEYS[1] .. ':t'
local function stream(fence) return KEYS[1] .. ':s' .. fence end
local function tell(node, text)
  node = string.match(node, '^[^/]*')
  redis.call('PUBLISH', ARGV[1] .. ':node:' .. node, text)
end
local function create(question, node, fence, ttl)
  redis.call('HSET', m, 'question', question, 'node', node, 'fence', fence, 'state', 'RUNS')
  redis.call('XADD', stream(fence), '0-1', 'events', '[]')
  redis.call('PEXPIRE', m, ttl)
  redis.call('PEXPIRE', stream(fence), ttl)
end
local function keep(fence, ms)
  redis.call('PEXPIRE', m, ms)
  redis.call('PEXPIRE', r, ms)
  redis.call('PEXPIRE', stream(fence), ms)
end
local function last(fence)
  local entry = redis.call('XREVRANGE', stream(fence), '+', '-', 'COUNT', 1)[1]
  return entry and string.match(entry[1], '^(%d+)') or '0'
end
`;

/** ARGV: prefix, me, question, 1 where it may be started, ttl, my copy. */
export const OPEN = script(`${HEAD}
local found = redis.call('HMGET', m, 'question', 'node', 'fence', 'state')
if not found[1] then
  if ARGV[4] ~= '1' then return {'ABSENT'} end
  local fence = tostring(tonumber(redis.call('GET', t) or '0') + 1)
  create(ARGV[3], ARGV[2], fence, ARGV[5])
  return {'NEW', fence}
end
if found[1] ~= ARGV[3] then return {'OTHER_QUESTION'} end
if found[4] == 'RUNS' and found[2] ~= ARGV[2] then
  redis.call('HSET', r, ARGV[6], 1)
  redis.call('PEXPIRE', r, ARGV[5])
  tell(found[2], 'joined\\n' .. KEYS[1] .. '\\n' .. ARGV[6])
end
return {'ELSEWHERE', found[3], found[2]}
`);

/** Whose it is. ARGV: prefix. */
export const WHERE = script(`${HEAD}
local found = redis.call('HMGET', m, 'fence', 'node', 'state')
if not found[1] then return {'ABSENT'} end
return {'ELSEWHERE', found[1], found[2], found[3]}
`);

/** The writer is back: what was said to it meanwhile is told. ARGV: prefix, me, question, fence, ttl. */
export const RESUME = script(`${HEAD}
local found = redis.call('HMGET', m, 'node', 'fence', 'state', 'cancelled')
if not found[1] then
  if tonumber(redis.call('GET', t) or '0') > tonumber(ARGV[4]) then return {'LOST'} end
  create(ARGV[3], ARGV[2], ARGV[4], ARGV[5])
  return {'MINE', '0', '0'}
end
if found[1] ~= ARGV[2] or found[2] ~= ARGV[4] then return {'LOST'} end
if redis.call('EXISTS', stream(ARGV[4])) == 0 then redis.call('XADD', stream(ARGV[4]), '0-1', 'events', '[]') end
if found[3] == 'RUNS' then keep(ARGV[4], ARGV[5]) end
return {'MINE', last(ARGV[4]), found[4] or '0', unpack(redis.call('HKEYS', r))}
`);

/** The last events. ARGV: prefix, fence, id, events, how long it is kept. */
export const END = script(`${HEAD}
if redis.call('HGET', m, 'fence') ~= ARGV[2] then return false end
redis.call('XADD', stream(ARGV[2]), ARGV[3], 'events', ARGV[4])
redis.call('HSET', m, 'state', 'ENDED')
keep(ARGV[2], ARGV[5])
return ARGV[3]
`);

/** Nobody wants it any more. ARGV: prefix, fence. */
export const DROP = script(`${HEAD}
if redis.call('HGET', m, 'fence') ~= ARGV[2] then return 0 end
for _, node in ipairs(redis.call('HKEYS', r)) do tell(node, 'moved\\n' .. KEYS[1]) end
return redis.call('DEL', m, r, stream(ARGV[2]))
`);

/** Its writer does not have it any more, and could not say so. ARGV: prefix, me. */
export const DISOWN = script(`${HEAD}
local found = redis.call('HMGET', m, 'node', 'fence', 'state')
if found[1] ~= ARGV[2] or found[3] ~= 'RUNS' then return 0 end
for _, copy in ipairs(redis.call('HKEYS', r)) do tell(copy, 'moved\\n' .. KEYS[1]) end
return redis.call('DEL', m, r, stream(found[2]))
`);

/** A copy goes. ARGV: prefix, copy, how. */
export const LEAVE = script(`${HEAD}
redis.call('HDEL', r, ARGV[2])
local node = redis.call('HGET', m, 'node')
if node then tell(node, 'left\\n' .. KEYS[1] .. '\\n' .. ARGV[2] .. '\\n' .. ARGV[3]) end
return 1
`);

/** Ends it for everyone; a writer that cannot hear it now finds it when it is back. ARGV: prefix. */
export const CANCEL = script(`${HEAD}
local found = redis.call('HMGET', m, 'state', 'node', 'fence')
if found[1] ~= 'RUNS' then return {'ABSENT'} end
redis.pcall('HSET', m, 'cancelled', '1') -- A store that is full refuses it.
tell(found[2], 'cancel\\n' .. KEYS[1])
return {'ELSEWHERE', found[3], found[2]}
`);

/**
 * Takes a chat from a writer that is gone: it finds no stream to append to any more. ARGV: prefix, me, fence, places
 * that are left out, ttl, my copy, and, to end it, the last event from behind its seq on.
 */
export const TAKE = script(`${HEAD}
local found = redis.call('HMGET', m, 'fence', 'node', 'state')
if not found[1] then return {'ABSENT'} end
if found[1] ~= ARGV[3] or found[3] ~= 'RUNS' then return {'ELSEWHERE', found[1], found[2]} end
local fence = tostring(tonumber(found[1]) + 1)
local from = string.format('%d', tonumber(last(found[1])) + tonumber(ARGV[4]))
if redis.call('EXISTS', stream(found[1])) == 1 then redis.call('RENAME', stream(found[1]), stream(fence))
else redis.call('XADD', stream(fence), '0-1', 'events', '[]') end
redis.call('HSET', m, 'fence', fence, 'node', ARGV[2])
redis.call('SET', t, fence, 'PX', ${KEEP_MS})
redis.call('HDEL', r, ARGV[6])
if ARGV[7] then
  local id = string.format('%d-0', tonumber(from) + 1)
  redis.call('XADD', stream(fence), id, 'events', '[{"seq":' .. from .. ',' .. ARGV[7] .. ']')
  redis.call('HSET', m, 'state', 'ENDED')
end
keep(fence, ARGV[5])
local followers = redis.call('HKEYS', r)
for _, node in ipairs(followers) do tell(node, 'moved\\n' .. KEYS[1]) end
return {'TAKEN', fence, from, unpack(followers)}
`);

/**
 * This node lives on, and is told so as it is told of all else: 1 where it was not known to, and who lives. The key is
 * of all nodes. ARGV: prefix, me, how long.
 */
export const BEAT = script(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local added = redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - 60000)
redis.call('PUBLISH', ARGV[1] .. ':node:' .. ARGV[2], 'beat')
return {tostring(added), unpack(redis.call('ZRANGEBYSCORE', KEYS[1], now, '+inf'))}
`);
