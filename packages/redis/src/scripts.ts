import { createHash } from 'node:crypto';

/** A Lua script together with the hash that Redis knows it by. All keys of a script lie in one slot of a cluster. */
export interface Script {
  lua: string;
  sha: string;
}

const script = (lua: string): Script => ({ lua, sha: createHash('sha1').update(lua).digest('hex') });

// Lua compares strings by the server's locale; versions must compare byte by byte, as they do in JavaScript.
const helpers = `
local function isLess(a, b)
  for i = 1, math.min(#a, #b) do
    local x, y = string.byte(a, i), string.byte(b, i)
    if x ~= y then return x < y end
  end
  return #a < #b
end
local function serverTime()
  local time = redis.call('TIME')
  return string.format('%012d%06d', time[1], time[2])
end
`;

/**
 * Writes parts of one entry, each only when it is newer than what is stored, and gives Redis's time back. ARGV: ttl in
 * seconds (negative: none), milliseconds that parts without a snapshot are kept, 1 when the parts were fetched after an
 * instant and 0 when that is now, that instant, then (name, version, payload) per part.
 * A part that arrives before its snapshot, such as word of a change while the snapshot is being fetched, waits a while
 * for it: otherwise the snapshot would land later with the older state and nobody would know.
 */
export const writeParts = script(`${helpers}
local now = serverTime()
local fetchedAt = ARGV[3] == '1' and ARGV[4] or now
for i = 5, #ARGV, 3 do
  local name, version, payload = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local stored = redis.call('HGET', KEYS[1], 'version:' .. name)
  if not stored or isLess(stored, version) then
    redis.call('HSET', KEYS[1], 'version:' .. name, version, 'part:' .. name, payload)
  end
  if name == 'grants' and not (stored and isLess(version, stored)) then
    local known = redis.call('HGET', KEYS[1], 'fetchedAt')
    if not known or isLess(known, fetchedAt) then redis.call('HSET', KEYS[1], 'fetchedAt', fetchedAt) end
  end
end
if redis.call('HEXISTS', KEYS[1], 'part:grants') == 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
elseif tonumber(ARGV[1]) > 0 then
  redis.call('EXPIRE', KEYS[1], ARGV[1])
else
  redis.call('PERSIST', KEYS[1])
end
return now
`);

/** All fields and values of a hash, in turns: a script, because clients differ in the shape that they give HGETALL. */
export const readHash = script(`return redis.call('HGETALL', KEYS[1])`);

/** The same, after Redis's time. */
export const readTimedHash = script(`${helpers}
return {serverTime(), redis.call('HGETALL', KEYS[1])}
`);

/**
 * Renews the freshness of an environment. ARGV: state, its order (epoch and catalog), milliseconds it lasts, Redis's
 * time since when the feed has missed nothing (empty: since now). Gives that time back. A feed that lags behind another
 * one does not take the environment back to a lower catalog.
 */
export const renewFreshness = script(`${helpers}
local order = redis.call('HGET', KEYS[1], 'order')
local stored = redis.call('HGET', KEYS[1], 'since')
local since = ARGV[4] == '' and serverTime() or ARGV[4]
if order and isLess(ARGV[2], order) then return since end
if stored and isLess(since, stored) then since = stored end
redis.call('HSET', KEYS[1], 'state', ARGV[1], 'order', ARGV[2], 'since', since)
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return since
`);

/**
 * Takes the lease of a cold entry. KEYS: lease, entry. ARGV: the holder's token, milliseconds it lasts at most.
 * 1 when it was free, 0 when somebody has it, -1 when the entry is not cold: somebody fetched it since it was read.
 */
export const takeLease = script(`
if redis.call('HEXISTS', KEYS[2], 'part:grants') == 1 then return -1 end
return redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2], 'NX') and 1 or 0
`);

/** Gives a lease back, if it is still the holder's. ARGV: the holder's token. */
export const releaseLease = script(`
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
`);

export const isLeased = script(`return redis.call('EXISTS', KEYS[1])`);
