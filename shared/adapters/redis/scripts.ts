import { createHash } from 'node:crypto';
import { POOL_PAGE_MAX } from '../../ports/pool';

/** A program that Redis runs as one step. Its keys lie in one slot of a cluster. */
export interface Script {
  readonly lua: string;
  /** Under which Redis keeps it. */
  readonly sha: string;
}

// All of them run on Redis 5 to 7, and work on as many entries as their caller limits them to. A full Redis refuses a script
// at its first write or not at all, so that none is left half done.

/**
 * ARGV: SKU, time, SKU, time … `later` is kept only under a lease, and tells what came in during it. An entry is in `free`
 * or in `leased`, never in both, so that a lease looks at nothing that others hold.
 */
export const TOUCH = script(`
  local free, leased, since, counters, leases, later = unpack(KEYS)
  for i = 1, #ARGV, 2 do
    local sku, at = ARGV[i], ARGV[i + 1]
    redis.call('HINCRBY', counters, sku, 1)
    local known = redis.call('ZSCORE', since, sku)
    if not known or tonumber(at) < tonumber(known) then
      redis.call('ZADD', since, at, sku)
      if not redis.call('ZSCORE', leased, sku) then redis.call('ZADD', free, at, sku) end
    end
    if redis.call('HEXISTS', leases, sku) == 1 then
      local before = redis.call('HGET', later, sku)
      if not before or tonumber(at) < tonumber(before) then redis.call('HSET', later, sku, at) end
    end
  end
  return 1
`);

/**
 * ARGV: most entries, now, end of the lease, its token. Returns SKU, counter, time, SKU … First frees what has run out, not
 * more than a page of it a call. Its token stays, so that a slow holder may end the lease as long as nobody takes it over.
 */
export const LEASE = script(`
  local free, leased, since, counters, leases, later = unpack(KEYS)
  local max, now, till, token = tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4]
  for _, sku in ipairs(redis.call('ZRANGEBYSCORE', leased, '-inf', now, 'LIMIT', 0, ${POOL_PAGE_MAX})) do
    redis.call('ZADD', free, redis.call('ZSCORE', since, sku), sku)
    redis.call('ZREM', leased, sku)
  end
  local taken = redis.call('ZRANGE', free, 0, max - 1, 'WITHSCORES')
  local entries = {}
  for i = 1, #taken, 2 do
    local sku = taken[i]
    redis.call('ZADD', leased, till, sku)
    redis.call('ZREM', free, sku)
    redis.call('HSET', leases, sku, token)
    redis.call('HDEL', later, sku)
    entries[#entries + 1] = sku
    entries[#entries + 1] = redis.call('HGET', counters, sku)
    entries[#entries + 1] = taken[i + 1]
  end
  return entries
`);

/** ARGV: SKU, token, counter, SKU … */
export const CLEAR = script(`
  local free, leased, since, counters, leases, later = unpack(KEYS)
  for i = 1, #ARGV, 3 do
    local sku, token, counter = ARGV[i], ARGV[i + 1], ARGV[i + 2]
    if redis.call('HGET', leases, sku) == token then
      if redis.call('HGET', counters, sku) == counter then
        redis.call('ZREM', free, sku)
        redis.call('ZREM', since, sku)
        redis.call('HDEL', counters, sku)
      else
        local at = redis.call('HGET', later, sku) or redis.call('ZSCORE', since, sku)
        redis.call('ZADD', free, at, sku)
        redis.call('ZADD', since, at, sku)
      end
      redis.call('ZREM', leased, sku)
      redis.call('HDEL', leases, sku)
      redis.call('HDEL', later, sku)
    end
  end
  return 1
`);

/** ARGV: SKU, token, SKU … */
export const GIVE_BACK = script(`
  local free, leased, since, counters, leases, later = unpack(KEYS)
  for i = 1, #ARGV, 2 do
    local sku, token = ARGV[i], ARGV[i + 1]
    if redis.call('HGET', leases, sku) == token then
      redis.call('ZADD', free, redis.call('ZSCORE', since, sku), sku)
      redis.call('ZREM', leased, sku)
      redis.call('HDEL', leases, sku)
      redis.call('HDEL', later, sku)
    end
  end
  return 1
`);

/** ARGV: most entries. Returns SKU, counter, time, SKU … */
export const LIST = script(`
  local since, counters = unpack(KEYS)
  local found = redis.call('ZRANGE', since, 0, tonumber(ARGV[1]) - 1, 'WITHSCORES')
  local entries = {}
  for i = 1, #found, 2 do
    entries[#entries + 1] = found[i]
    entries[#entries + 1] = redis.call('HGET', counters, found[i])
    entries[#entries + 1] = found[i + 1]
  end
  return entries
`);

/** ARGV: token of the pool, should it be new. Returns the one that it has. */
export const BEGIN_FILL = script(`
  redis.call('HSETNX', KEYS[1], 'token', ARGV[1])
  return redis.call('HGET', KEYS[1], 'token')
`);

/** ARGV: token, time. */
export const END_FILL = script(`
  if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
  local before = redis.call('HGET', KEYS[1], 'upToMs')
  if not before or tonumber(before) < tonumber(ARGV[2]) then redis.call('HSET', KEYS[1], 'upToMs', ARGV[2]) end
  return 1
`);

/** Returns the time of the fill and the oldest, each empty where there is none. */
export const PROGRESS = script(`
  local fill, since = unpack(KEYS)
  local oldest = redis.call('ZRANGE', since, 0, 0, 'WITHSCORES')
  return { redis.call('HGET', fill, 'upToMs') or '', oldest[2] or '' }
`);

/**
 * ARGV: now, wanted, per second, burst, how long the bucket is kept beyond being full again. Returns granted, ms to the next.
 * The same arithmetic as in process, in doubles: 17 digits keep them whole. A bucket is written only where tokens are
 * granted, so that one whose time a wrong clock has set far ahead is gone soon after it has run dry.
 */
export const TAKE_TOKENS = script(`
  local bucket = KEYS[1]
  local now, want, perSecond, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
  local held = redis.call('HMGET', bucket, 'tokens', 'atMs')
  local left, heldAt = tonumber(held[1] or burst), tonumber(held[2] or now)
  local at = math.max(heldAt, now)
  local tokens = math.min(burst, left + ((at - heldAt) * perSecond) / 1000)
  local granted = math.min(want, math.floor(tokens))
  tokens = tokens - granted
  if granted > 0 then
    redis.call('HSET', bucket, 'tokens', string.format('%.17g', tokens), 'atMs', string.format('%.17g', at))
    local fullInMs = math.ceil(((burst - tokens) * 1000) / perSecond)
    redis.call('PEXPIRE', bucket, string.format('%.0f', fullInMs + tonumber(ARGV[5])))
  end
  local nextInMs = 0
  if tokens < 1 then nextInMs = math.ceil(((1 - tokens) * 1000) / perSecond) end
  return { granted, nextInMs }
`);

function script(lua: string): Script {
  return { lua, sha: createHash('sha1').update(lua).digest('hex') };
}
