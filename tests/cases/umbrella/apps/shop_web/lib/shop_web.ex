defmodule ShopWeb do
  @moduledoc "One of two applications."
end
