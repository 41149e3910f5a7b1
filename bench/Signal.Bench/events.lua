-- Events as the SDK sends them: 600 bytes, each with a messageId of its own, a hundred thousand visitors.
local n = 0
local run = tostring(os.time()) .. "-"
local format = string.format

local event = [[{"type":"track","event":"Product Added","messageId":"%s","anonymousId":"3f2504e0-4f89-41d3-9a0c-%012d","properties":{"product_id":"SKU-1042","name":"Window fern, small","category":"Plants","brand":"Greenhouse","price":24.90,"quantity":1,"currency":"EUR","position":3},"context":{"page":{"url":"https://shop.example.com/products/window-fern","path":"/products/window-fern","title":"Window fern","referrer":"https://www.example.com/"},"locale":"de-DE","timezone":"Europe/Berlin","screen":{"width":1920,"height":1080},"library":{"name":"datafly.js","version":"0.1.0"}},"timestamp":"2026-01-31T12:00:00.000Z"}]]

function init(args)
  key, events = args[1], tonumber(args[2])
  path = events > 1 and "/v1/batch" or "/v1/t"
  headers = {
    ["Authorization"] = "Bearer " .. key,
    ["Content-Type"] = "application/json",
    ["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36",
    ["Accept-Language"] = "de-DE,de;q=0.9",
  }
end

local function one()
  n = n + 1
  return format(event, run .. n, n % 100000)
end

function request()
  if events == 1 then return wrk.format("POST", path, headers, one()) end
  local list = {}
  for i = 1, events do list[i] = one() end
  return wrk.format("POST", path, headers, '{"batch":[' .. table.concat(list, ",") .. "]}")
end
