# A small application in the shape of Rails': /up for health checks, and what a test asks for.
run(lambda do |env|
  sleep(3) if env["PATH_INFO"] == "/slow"
  body = case env["PATH_INFO"]
         when "/up", "/system/healthcheck", "/slow" then "up"
         when "/environment" then ENV.slice("RAILS_ENV", "RAILS_SERVE_STATIC_FILES", "SECRET_KEY_BASE").sort.join("\n")
         when "/headers" then env.select { |name, _| name.start_with?("HTTP_") }.sort.map { |pair| pair.join("=") }.join("\n")
         end
  [body ? 200 : 404, { "content-type" => "text/plain", "x-answered-by" => "app" }, [body || "nothing"]]
end)
