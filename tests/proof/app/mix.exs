defmodule Chuoi.MixProject do
  use Mix.Project

  def project do
    [
      app: :chuoi,
      version: "0.1.0",
      elixir: "~> 1.14",
      start_permanent: Mix.env() != :dev,
      deps: [],
      releases: [chuoi: [include_executables_for: [:unix]]]
    ]
  end

  def application do
    [extra_applications: [:logger, :crypto], mod: {Chuoi.Application, []}]
  end
end
