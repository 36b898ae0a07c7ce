-- wrk's requests. Arguments: `completion` API-KEY PREFIX, `verify` FILE [PAUSE], or nothing for a plain GET.
-- PAUSE: milliseconds that each connection waits before a request, for less than all the load there can be.
-- wrk is run with one thread, so that one counter numbers the completions.

local prefix
local sent = 0
local completion = [[{"learner":{"name":"Learner %s","identifiers":[{"type":"email","value":"%s@example.org"}]},]]
  .. [["achievement":"introduction-digital-data-technology","completedAt":"2026-05-01T15:30:00Z",]]
  .. [["startedOn":"2026-04-20","deliveryMode":"blended",]]
  .. [["results":[{"name":"Final quiz","value":"92.5","resultType":"Percent"}],]]
  .. [["credit":{"amount":"6.5","unit":"hours"},"reference":"%s"}]]

-- Each completion is another learner's, under a reference and key of its own.
local function next_completion()
  sent = sent + 1
  local reference = prefix .. "-" .. sent
  wrk.headers["Idempotency-Key"] = reference
  return wrk.format(nil, nil, nil, completion:format(reference, reference, reference))
end

local function complete(api_key, given_prefix)
  prefix = given_prefix
  wrk.method = "POST"
  wrk.headers["Authorization"] = "Bearer " .. api_key
  wrk.headers["Content-Type"] = "application/json"
  request = next_completion
end

local function verify(path, pause)
  local file = assert(io.open(path, "rb"))
  wrk.method = "POST"
  wrk.body = file:read("*a")
  wrk.headers["Content-Type"] = "application/vc+ld+json"
  wrk.headers["Accept"] = "application/json"
  file:close()
  if pause then
    local milliseconds = tonumber(pause)
    -- wrk waits for whole ones: more or less, so that the mean is right.
    delay = function() return math.floor(milliseconds + math.random()) end
  end
end

function init(arguments)
  local kinds = { completion = complete, verify = verify }
  if arguments[1] then kinds[arguments[1]](unpack(arguments, 2)) end
  if not prefix then
    local same = wrk.format()
    request = function() return same end
  end
end

-- One line of JSON for service.py.
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "seconds": %.6f, "p50_ms": %.3f, "p99_ms": %.3f, "refused": %d, "failed": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
