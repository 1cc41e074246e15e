-- Fifty page views per request, each with an id of its own.
local browser = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
local thread = 0
function setup(t)
  thread = thread + 1
  t:set("number", thread)
end
function init(args)
  site, count = args[1], 0
  base = os.time() * 1000
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "text/plain"
  wrk.headers["User-Agent"] = browser
  wrk.headers["Origin"] = "https://crash.example"
end
function request()
  local events = {}
  for n = 1, 50 do
    count = count + 1
    local ms = base + math.floor(count / 5000)
    events[n] = string.format('{"id":"%08x-%04x-7%03x-8%03x-%04x%08x","type":"pageview","title":"Blue shoes","url":"https://crash.example/shoes/%d","referrer":"https://www.google.com/"}',
      math.floor(ms / 65536), ms % 65536, count % 4096, number, math.random(0, 65535), count, count % 50)
  end
  return wrk.format(nil, "/v1/events", nil, '{"site_id":"' .. site .. '","events":[' .. table.concat(events, ",") .. ']}')
end
