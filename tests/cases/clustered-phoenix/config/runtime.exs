import Config

config :chat, dns_cluster_query: System.get_env("DNS_CLUSTER_QUERY")
