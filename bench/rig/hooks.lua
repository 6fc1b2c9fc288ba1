-- For wrk: posts the hooks of a file, two lines each (signature, body), over and over.
-- wrk … -s hooks.lua URL -- FILE RESULTS FIRST
local hooks, place = {}, 0

function init(args)
  local signature = nil
  for line in io.lines(args[1]) do
    if signature == nil then
      signature = line
    else
      local headers = { ["Content-Type"] = "application/x-www-form-urlencoded" }
      if signature ~= "" then headers["X-Sipgate-Signature"] = signature end
      hooks[#hooks + 1] = wrk.format("POST", nil, headers, line)
      signature = nil
    end
  end
  results = args[2]
  place = tonumber(args[3])
end

function request()
  place = place % #hooks + 1
  return hooks[place]
end

local threads = {}

function setup(thread)
  threads[#threads + 1] = thread
end

function done(summary, latency)
  local out = io.open(threads[1]:get("results"), "w")
  out:write(string.format(
    '{"requests": %d, "seconds": %f, "p50": %f, "p99": %f, "p99_9": %f, "longest": %f, "errors": %d, "not_200": %d}',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    latency:percentile(99.9) / 1e3, latency.max / 1e3,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    summary.errors.status))
  out:close()
end
