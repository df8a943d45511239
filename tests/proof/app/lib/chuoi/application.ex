defmodule Chuoi.Application do
  @moduledoc "A service small enough to be built without the network: no dependencies, but a release like Phoenix's."

  use Application

  @impl true
  def start(_type, _args) do
    if Application.get_env(:chuoi, :secret_key_base) in [nil, ""] do
      raise "SECRET_KEY_BASE is missing"
    end

    children =
      if Application.fetch_env!(:chuoi, :server) do
        [
          Chuoi.Log,
          {Task.Supervisor, name: Chuoi.Connections},
          {Chuoi.Listener, Application.fetch_env!(:chuoi, :port)}
        ]
      else
        []
      end

    Supervisor.start_link(children, strategy: :rest_for_one, name: Chuoi.Supervisor)
  end
end
