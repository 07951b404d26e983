-- For wrk: asks for the paths that follow the address, in turn, and says in one line how it went.
local paths, number = {}, 0

init = function(arguments)
  for place, path in ipairs(arguments) do
    paths[place] = path
  end
  wrk.headers["Accept-Encoding"] = os.getenv("CODING") or "br"
  if os.getenv("CLOSE") == "1" then
    wrk.headers["Connection"] = "close"
  end
  if os.getenv("HOST_HEADER") then
    wrk.headers["Host"] = os.getenv("HOST_HEADER")
  end
end

request = function()
  number = number % #paths + 1
  return wrk.format("GET", paths[number])
end

done = function(summary, latency, requests)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format(
    "RESULT %.1f %.2f %.2f %.2f %d %d\n",
    summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000,
    latency:percentile(95) / 1000,
    latency:percentile(99) / 1000,
    summary.requests,
    failed
  ))
end
