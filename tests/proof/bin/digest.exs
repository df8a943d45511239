# Stands in for the task phx.digest: copies with the digest of their content in their names, and a .gz beside each text.
[folder] = System.argv()
compressed = ~w(.css .html .js .json .svg .txt)

for path <- Path.wildcard("#{folder}/**/*"), File.regular?(path) do
  content = File.read!(path)
  digest = Base.encode16(:erlang.md5(content), case: :lower)
  extension = Path.extname(path)
  digested = "#{Path.rootname(path)}-#{digest}#{extension}"

  for name <- [path, digested] do
    File.write!(name, content)
    if extension in compressed, do: File.write!(name <> ".gz", :zlib.gzip(content))
  end
end

File.write!("#{folder}/cache_manifest.json", "{}\n")
