defmodule Chat.MixProject do
  use Mix.Project

  def project do
    [app: :chat, version: "0.1.0", releases: [chat: []], deps: [{:phoenix, "~> 1.8"}, {:dns_cluster, "~> 0.2"}]]
  end
end
