import Config

config :chuoi,
  environment: config_env(),
  server: true,
  port: 4000

import_config "#{config_env()}.exs"
