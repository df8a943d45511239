defmodule Chuoi.Log do
  @moduledoc "Writes one line for each event into the file that fluentd tails."

  use GenServer

  def start_link(_), do: GenServer.start_link(__MODULE__, nil, name: __MODULE__)

  def write(line), do: GenServer.call(__MODULE__, {:write, line})

  @impl true
  def init(nil) do
    Process.flag(:trap_exit, true)
    file = File.open!(Path.join(System.get_env("LOG_DIR", "/tmp"), "app.log"), [:append])
    IO.binwrite(file, "started\n")
    {:ok, file}
  end

  @impl true
  def handle_call({:write, line}, _from, file),
    do: {:reply, IO.binwrite(file, [line, "\n"]), file}

  # Children stop in reverse order: what a request wrote at the end stands before this line.
  @impl true
  def terminate(_reason, file), do: IO.binwrite(file, "stopped\n")
end
