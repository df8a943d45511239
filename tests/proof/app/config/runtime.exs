import Config

config :chuoi,
  server: System.get_env("PHX_SERVER") in ["1", "true"],
  secret_key_base: System.get_env("SECRET_KEY_BASE"),
  redis: {System.get_env("REDIS_HOST"), System.get_env("REDIS_PORT")}

if port = System.get_env("PORT"), do: config(:chuoi, port: String.to_integer(port))
