defmodule Shop do
  @moduledoc "One of two applications."
end
