-- The script of one client, as a browser asks for it that has nothing in its cache.
function init(args)
  wrk.path = "/script/" .. args[1] .. ".js"
  wrk.headers["Accept-Encoding"] = "gzip, br"
  wrk.headers["Referer"] = "https://crash.example/shoes/7"
end
