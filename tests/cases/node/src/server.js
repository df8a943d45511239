const http = require("node:http");
const greet = require("greeting");

const server = http.createServer((request, response) => {
  const url = new URL(request.url, "http://shop.example");
  if (url.pathname === "/system/healthcheck") return response.end("ok");
  if (url.pathname === "/facts") return response.end(JSON.stringify(facts()));
  if (url.pathname === "/slow") return setTimeout(() => response.end("slow, and whole"), 1000 * url.searchParams.get("s"));
  response.statusCode = 404;
  response.end(greet("nobody"));
});

const facts = () => ({
  pid: process.pid,
  uid: process.getuid(),
  folder: process.cwd(),
  address: server.address().address,
  heap: require("node:v8").getHeapStatistics().heap_size_limit,
  environment: { NODE_ENV: process.env.NODE_ENV, NODE_OPTIONS: process.env.NODE_OPTIONS, TZ: process.env.TZ },
});

// As Next.js's standalone server does.
server.listen(Number(process.env.PORT), process.env.HOSTNAME, () => console.log("started"));
process.on("SIGTERM", () => server.close(() => console.log("stopped")));
