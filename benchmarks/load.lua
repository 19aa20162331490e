-- For wrk: asks what the lines of a file say, one after the other, and prints figures as JSON.
-- A line is a path to GET, or a path, a tab and a body to POST.
local lines = {}
for line in io.lines(os.getenv("REQUESTS")) do lines[#lines + 1] = line end
local at, failed = tonumber(os.getenv("FIRST") or "0"), 0

function request()
  at = at % #lines + 1
  local path, body = lines[at]:match("^([^\t]*)\t(.*)$")
  if path == nil then return wrk.format("GET", lines[at], { ["Accept-Encoding"] = os.getenv("CODING") }) end
  return wrk.format("POST", path, { ["Content-Type"] = "application/json" }, body)
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "seconds": %f, "p50": %f, "p99": %f, "errors": %d, "bytes": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout, summary.bytes))
end
