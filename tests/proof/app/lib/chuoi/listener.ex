defmodule Chuoi.Listener do
  @moduledoc "Accepts connections; at a stop it takes no more and waits for the requests that are being answered."

  use GenServer, shutdown: 25_000

  def start_link(port), do: GenServer.start_link(__MODULE__, port, name: __MODULE__)

  @impl true
  def init(port) do
    Process.flag(:trap_exit, true)

    options = [
      :binary,
      packet: :http_bin,
      active: false,
      reuseaddr: true,
      backlog: 1024,
      nodelay: true
    ]

    {:ok, socket} = :gen_tcp.listen(port, options)
    :persistent_term.put(:stopping, false)
    {:ok, %{socket: socket, acceptor: spawn_link(fn -> accept(socket) end)}}
  end

  @impl true
  def handle_info({:EXIT, acceptor, reason}, %{acceptor: acceptor} = state),
    do: {:stop, reason, state}

  @impl true
  def terminate(_reason, %{socket: socket}) do
    :persistent_term.put(:stopping, true)
    :gen_tcp.close(socket)
    for pid <- Task.Supervisor.children(Chuoi.Connections), do: send(pid, :stop)
    wait()
  end

  defp wait do
    if Task.Supervisor.children(Chuoi.Connections) != [] do
      Process.sleep(20)
      wait()
    end
  end

  defp accept(socket) do
    case :gen_tcp.accept(socket) do
      {:ok, connection} ->
        {:ok, pid} =
          Task.Supervisor.start_child(Chuoi.Connections, Chuoi.Connection, :begin, [connection])

        :ok = :gen_tcp.controlling_process(connection, pid)
        send(pid, :go)
        accept(socket)

      {:error, :closed} ->
        :ok
    end
  end
end
