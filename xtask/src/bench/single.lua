-- One page view per request, each with an id of its own, as the browser SDK sends them.
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
  count = count + 1
  local ms = base + math.floor(count / 100)
  local id = string.format("%08x-%04x-7%03x-8%03x-%04x%08x",
    math.floor(ms / 65536), ms % 65536, count % 4096, number, math.random(0, 65535), count)
  return wrk.format(nil, "/v1/events", nil, '{"site_id":"' .. site ..
    '","events":[{"id":"' .. id .. '","type":"pageview","title":"Blue shoes","url":"https://crash.example/shoes/'
    .. count % 50 .. '?utm_source=news&utm_medium=email","referrer":"https://www.google.com/"}]}')
end
