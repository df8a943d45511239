defmodule Chuoi.Connection do
  @moduledoc "Answers the requests of one connection, which stays open until the client or a stop ends it."

  @large 8 * 1024 * 1024

  def begin(socket) do
    receive do
      :go -> serve(socket)
    end
  end

  defp serve(socket) do
    :inet.setopts(socket, packet: :http_bin, active: :once)

    receive do
      {:http, ^socket, {:http_request, method, {:abs_path, path}, _version}} ->
        headers = headers(socket, [])
        body(socket, headers)
        {status, type, content} = answer(to_string(method), URI.parse(path), headers)
        Chuoi.Log.write("#{method} #{path} #{status}")
        stopping = :persistent_term.get(:stopping)
        :gen_tcp.send(socket, response(status, type, content, stopping))
        if stopping, do: :gen_tcp.close(socket), else: serve(socket)

      {:tcp_closed, ^socket} ->
        :ok

      # Only between two requests: who waits for an answer gets it first.
      :stop ->
        :gen_tcp.close(socket)

      _other ->
        :gen_tcp.close(socket)
    end
  end

  defp headers(socket, read) do
    case :gen_tcp.recv(socket, 0, 5_000) do
      {:ok, {:http_header, _, name, _, value}} ->
        headers(socket, [{to_string(name), value} | read])

      {:ok, :http_eoh} ->
        Enum.reverse(read)
    end
  end

  defp body(socket, headers) do
    length =
      for {"Content-Length", value} <- headers, reduce: 0, do: (_ -> String.to_integer(value))

    :inet.setopts(socket, packet: :raw)
    if length > 0, do: {:ok, _} = :gen_tcp.recv(socket, length, 5_000)
  end

  defp answer(_, %URI{path: "/system/healthcheck"}, _), do: {200, "text/plain", "ok"}

  defp answer(_, %URI{path: "/headers"}, headers) do
    {200, "text/plain", for({name, value} <- headers, do: [name, ": ", value, "\n"])}
  end

  defp answer(_, %URI{path: "/slow", query: "s=" <> seconds}, _) do
    Process.sleep(String.to_integer(seconds) * 1000)
    {200, "text/plain", "slow, and whole"}
  end

  defp answer(_, %URI{path: "/large"}, _),
    do: {200, "application/octet-stream", :binary.copy("0123456789abcdef", div(@large, 16))}

  defp answer(_, %URI{path: "/configuration"}, _),
    do: {200, "text/plain", inspect(Application.get_all_env(:chuoi))}

  defp answer(_, _, _), do: {404, "text/plain", "there is no such page"}

  defp response(status, type, content, stopping) do
    [
      "HTTP/1.1 #{status} #{if status == 200, do: "OK", else: "Not Found"}\r\n",
      "content-type: #{type}\r\n",
      "content-length: #{IO.iodata_length(content)}\r\n",
      "x-answered-by: app\r\n",
      if(stopping, do: "connection: close\r\n", else: []),
      "\r\n",
      content
    ]
  end
end
